"""Who did it, in the words of the text: never the place where it happened, nor who says so."""

import re
from collections.abc import Iterable, Sequence

from geo.languages.cues import Cue
from geo.reading.roles import is_country_word
from geo.text.mentions import Scene

ENEMY = "enemy"  # of whoever speaks; only the claim tells which side that is
_ACTING = ("party", "enemy")
_SUBJECT_REACH = 5  # words between "Russian forces" and "captured"
_DASH_AT_END = re.compile(r"[–—-]\s*\Z")


def actor_of(scene: Scene, event: Cue) -> tuple[str | None, str | None]:
    """Who did it, in the text's words: the agent of a passive, the party of "Russian attack", or the subject."""
    for finder in (_agent, _party_of_noun, _subject, _subject_behind, _subject_of_count):
        if found := finder(scene, event):
            cues = sorted(found, key=lambda c: c.first)
            if event.value["kind"] == "air_defence" and _is_of_means(cues, scene):
                continue  # "Russian drones were shot down": the party of what was shot down
            side = next(ENEMY if c.tag == "enemy" else c.value for c in cues if c.tag in _ACTING)
            return (scene.text[cues[0].start : cues[-1].stop], side) if side != "third" else (None, None)
    return None, None


def _is_of_means(phrase: Sequence[Cue], scene: Scene) -> bool:
    first, last = phrase[0].first, phrase[-1].last
    return any(first - 1 <= c.first <= last for c in scene.tagged("means"))


def _agent(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "by Russian forces", "oleh pasukan Rusia"."""
    if found := _instrumental_agent(scene, event):
        return found
    for cue in scene.clause_cues(scene.clauses[event.first], "agent"):
        before = 8 if scene.pack and scene.pack.verb_last else 0
        if event.first - before <= cue.first <= event.last + 8:
            return _party_phrase([c for c in scene.cues if cue.last <= c.first <= cue.last + 3], scene)
    return None


def _instrumental_agent(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "Zakhvacheno rossiiskimi voiskami": languages that tell the agent of a passive by its case."""
    if not _is_passive(scene, event):
        return None
    cases = {c.first for c in scene.tagged("agent_case") if 0 <= c.first - event.last <= 4}
    behind = [c for c in scene.clause_cues(scene.clauses[event.first], "party") if c.first in cases]
    troops = [c for c in scene.tagged("troops") if any(c.first - b.last in (0, 1) for b in behind)]
    return _party_phrase([*behind, *troops], scene) if behind else None


def _party_of_noun(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "a Russian drone attack", "serangan drone Rusia"."""
    if _is_verb(scene, event) or _is_passive(scene, event):
        return None
    parties = [c for c in scene.tagged("party") if not _is_where(c, scene)]
    says = {i for c in scene.tagged("says") for i in range(c.first, c.last)}
    before = [c for c in parties if 0 <= event.first - c.last <= 1 and event.first - 1 not in says]
    inside = [c for c in parties if event.first <= c.first and c.last <= event.last]
    follows = scene.pack is not None and scene.pack.party_follows
    behind = [c for c in parties if follows and 0 <= c.first - event.last <= 1]
    found = (inside or before or behind)[:1]
    return found or None


def _subject(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "Russian forces have captured": the last party phrase before the event word, unless the verb is passive."""
    if _is_passive(scene, event):
        return None
    clause = scene.clauses[event.first]
    says = max((c.last for c in scene.cues if c.tag in ("says", "according") and c.first < event.first), default=0)
    before = [c for c in scene.cues if says <= c.first and c.last <= event.first and scene.clauses[c.first] == clause]
    before = [c for c in before if ": " not in scene.text[c.stop : event.start]]  # "Russia's ministry: the strike …"
    last = max((c.first for c in before if c.tag in _ACTING and not _suffers(c, scene)), default=0)
    phrase = _party_phrase([c for c in before if c.first >= last - 2], scene)
    end = max((c.last for c in phrase or ()), default=0)
    return phrase if phrase and _words_between(scene, end, event.first) <= _SUBJECT_REACH else None


def _words_between(scene: Scene, first: int, stop: int) -> int:
    """Words from ``first`` to before ``stop`` without numbers and times: "over the last three days"."""
    times = {i for c in scene.cues if c.tag in ("number", "day", "month", "weekday") for i in range(c.first, c.last)}
    return sum(i not in times for i in range(first, stop))


def _subject_of_count(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "The enemy pressed hardest on this axis – 18 attacks": a count behind a dash says what the enemy did."""
    number = scene.words[event.first - 1] if event.first else None
    if number is None or not number.folded.isdigit() or not _DASH_AT_END.search(scene.text[: number.start]):
        return None
    enemy = next((c for c in reversed(scene.tagged("enemy")) if c.last < event.first), None)
    if enemy is None:
        return None
    told = (c for c in scene.cues if enemy.last <= c.first < event.first and c.tag in ("outcome", "party", "says"))
    return None if any(told) else [enemy]  # "the enemy's attacks were repelled – 18 attacks" is told otherwise


def _subject_behind(scene: Scene, event: Cue) -> list[Cue] | None:
    """ "The village was taken by" in languages where the verb may stand first: "selo zakhopyly rosiiski viiska"."""
    if scene.pack is None or not scene.pack.verb_first or not _is_verb(scene, event) or _is_passive(scene, event):
        return None
    clause = scene.clauses[event.first]
    behind = [c for c in scene.cues if event.last <= c.first <= event.last + 2 and scene.clauses[c.first] == clause]
    forms = {c.first for c in scene.tagged("subject_form")}
    counted = {c.first for c in scene.tagged("number")} | {i for i, w in enumerate(scene.words) if w.folded.isdigit()}
    behind = [c for c in behind if c.tag != "party" or not forms or c.first in forms]
    if any(event.last <= i <= event.last + 2 for i in counted):
        return None  # "shot down 22 Ukrainian drones": the object
    phrase = _party_phrase(behind, scene)
    named = phrase and (len(phrase) > 1 or phrase[0].tag == "enemy")  # a bare "Russian" may open "Russian positions"
    return phrase if named else None


def _suffers(party: Cue, scene: Scene) -> bool:
    """Whether a party is the one that it is done to: "the defences of Ukrainian forces"."""
    first = scene.before_fillers(party.first)
    return any(c.last == first for c in scene.tagged("object"))


def _bears_a_title(party: Cue, scene: Scene) -> bool:
    """Whether a party word only says whose official it is: "Ukrainian Air Force Commander", "Russian president"."""
    troops = max((c.last for c in scene.tagged("troops") if c.first == party.last), default=party.last)
    return any(0 <= c.first - troops <= 1 and c.last > troops for c in scene.tagged("title"))


def _is_where(party: Cue, scene: Scene) -> bool:
    """Whether a party word says where it happened, not who did it: a capital, "in Russia", "on the Russian side"."""
    first = scene.before_fillers(party.first)
    if any(c.tag == "relation" and c.last == first for c in scene.cues):
        return True
    mention = next((m for m in scene.mentions if m.first <= party.first < m.last), None)
    if mention is None:
        return False
    capital = any("." in n.place_id for n in mention.names) and is_country_word(scene, party)
    in_brackets = scene.text[: mention.start].rstrip().endswith("(")
    return capital or in_brackets or mention.relation != "none"


def _party_phrase(cues: Iterable[Cue], scene: Scene) -> list[Cue] | None:
    """A party with the troops beside it; a bare country name counts too."""
    cues = list(cues)
    parties = [c for c in cues if c.tag in _ACTING]
    if not parties:
        return None
    # The agent of "by Ukrainian forces, the Russian-installed administration said" stands before the comma.
    parties = [p for p in parties if "," not in scene.text[cues[0].start : p.start]] or parties
    able = (p for p in reversed(parties) if not _is_where(p, scene) and not _suffers(p, scene))
    party = next((p for p in able if not _bears_a_title(p, scene)), None)
    if party is None:
        return None
    troops = [c for c in cues if c.tag == "troops"]
    beside = [c for c in troops if 0 <= c.first - party.last <= 1 or 0 <= party.first - c.last <= 1]
    beside = [c for c in beside if "," not in scene.text[min(c.stop, party.stop) : max(c.start, party.start)]]
    return [party, *beside[:1]]


def _is_passive(scene: Scene, event: Cue) -> bool:
    words = range(event.first, event.last)  # "drones … destroyed" is passive by its last word
    return scene.pack is not None and any(scene.pack.is_passive(scene.words, index) for index in words)


def _is_verb(scene: Scene, event: Cue) -> bool:
    return scene.pack is not None and scene.pack.is_verb(scene.words[event.first].folded)
