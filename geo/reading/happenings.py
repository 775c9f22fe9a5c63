"""What a sentence says to have happened at a mention: its event word, who did it, with what, and to whom."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.languages.cues import Cue
from geo.model import Mention
from geo.reading.attachments import attachments
from geo.reading.roles import unreal, unreal_between
from geo.reference.names import Word, key
from geo.text.mentions import Scene

# How readily an event word yields to another in the same clause: people killed *by* a strike are part of the strike.
_YIELDS = {"casualties": 18, "other": 22, "explosion": 3, "air_strike": 2, "ground_fighting": 3, "deployment": 3}
ENEMY = "enemy"  # of whoever speaks; only the claim tells which side that is
_ACTING = ("party", "enemy")
_LOCATED = ("in", "near", "toward", "bearing", "of")
_WEAK = 4  # "attack" says less than "drone attack"
_BEHIND = 3  # an event word behind the name ("X was shelled") is a little less sure than one before it
_COMMA = 2  # "shelling of Kyiv, an advance in the east"
_FIGURE_REACH = 6  # words between "killed" and its number
_BY_MEANS = {
    "drone": "air_strike",
    "missile": "air_strike",
    "glide_bomb": "air_strike",
    "aircraft": "air_strike",
    "artillery": "shelling",
    "mortar": "shelling",
}


@dataclass(frozen=True)
class People:
    """Figures of killed and injured, as the text gives them; None is "not said"."""

    killed_min: int | None = None
    killed_max: int | None = None
    injured_min: int | None = None
    injured_max: int | None = None


@dataclass(frozen=True)
class Happening:
    """What happened, in the terms of the report."""

    kind: str
    cue: Cue
    action: str | None
    means: str | None
    outcome: str | None
    actor: str | None
    actor_side: str | None
    people: People
    running_total: bool


def happening_at(scene: Scene, mention: Mention) -> Happening | str | None:
    """Return what is said to have happened at a mention; the words that deny it; or None if there is no event word."""
    cues = _events_around(scene, mention)
    if not cues:
        return None
    denials = [unreal(scene, c) or unreal_between(scene, c, mention) for c in cues]
    real = [c for c, denial in zip(cues, denials, strict=True) if denial is None]
    if not real:
        return next(d for d in denials if d)
    cue = min(real, key=lambda c: (_cost(c, mention, scene.text), c.first))
    means = cue.value.get("means") or _means(scene, cue, mention)
    kind = cue.value["kind"]
    if cue.value.get("weak") or kind in ("explosion", "capture", "other"):
        kind = _told_by_means(scene, cue, mention, kind, means)
    actor, side = _actor(scene, cue)
    return Happening(
        kind=kind,
        cue=cue,
        action=cue.value.get("action"),
        means=means if kind in ("air_strike", "shelling", "explosion", "air_defence", "casualties") else None,
        outcome=cue.value.get("outcome") or _outcome(scene, cue, mention),
        actor=actor,
        actor_side=side,
        people=People(*_figure(scene, mention, "killed"), *_figure(scene, mention, "injured")),
        running_total=bool(scene.clause_cues(mention.clause, "running")),
    )


def _told_by_means(scene: Scene, cue: Cue, mention: Mention, kind: str, means: str | None) -> str:
    """People hurt by a drone are part of an air strike; "39 attacks near X" or on an axis are attacks on the ground."""
    if kind == "capture":  # a drone that "reached the outskirts" captures nothing
        return _BY_MEANS.get(means or "", kind) if cue.value.get("action") == "entered" else kind
    if kind == "other" and means in ("drone", "missile") and _is_over(mention, scene):
        return "air_defence"  # "destroyed 11 drones over Rostov oblast"
    if kind == "other" and not cue.value.get("weak"):
        return kind
    if means is None and kind == "air_strike":
        counted_near = _counted(scene, cue) and mention.relation in ("near", "toward")
        fought_off = any(c.value in ("repelled", "failed") for c in scene.clause_cues(mention.clause, "outcome"))
        return (
            "ground_fighting" if counted_near or fought_off or any("axis" in m.kinds for m in scene.mentions) else kind
        )
    return _BY_MEANS.get(means or "", kind)


def _is_over(mention: Mention, scene: Scene) -> bool:
    return scene.pack is not None and key(mention.relation_words) in scene.pack.over


def _counted(scene: Scene, cue: Cue) -> bool:
    """Whether a number stands right before the words: "39 attacks", "13 serangan"."""
    in_figures = cue.first > 0 and scene.words[cue.first - 1].folded.isdigit()
    return in_figures or any(c.last == cue.first for c in scene.tagged("number"))


def _events_around(scene: Scene, mention: Mention) -> list[Cue]:
    """Event words of the mention's clause, else of the clause before it (a list goes on behind semicolons)."""
    clause = mention.clause
    while not (events := scene.events(clause)) and clause > 0 and _opens_with_a_name(scene, clause):
        clause -= 1
    return events


def _opens_with_a_name(scene: Scene, clause: int) -> bool:
    first = next(i for i, c in enumerate(scene.clauses) if c == clause)
    return any(m.clause == clause and m.first - first <= 4 for m in scene.mentions)


def _distance(cue: Cue, mention: Mention) -> int:
    return mention.first - cue.last if cue.last <= mention.first else cue.first - mention.last + _BEHIND


def _cost(cue: Cue, mention: Mention, text: str) -> int:
    weak = _WEAK if cue.value.get("weak") else 0
    apart = _COMMA if "," in text[min(cue.stop, mention.stop) : max(cue.start, mention.start)] else 0
    return _distance(cue, mention) + _YIELDS.get(cue.value["kind"], 0) + weak + apart


def _means(scene: Scene, event: Cue, mention: Mention) -> str | None:
    others = [c for c in scene.events(mention.clause) if c.first != event.first]
    cues = [
        c
        for c in scene.clause_cues(mention.clause, "means")
        if all(_between(c, event) <= _between(c, other) for other in others)
    ]
    return min(cues, key=lambda c: _between(c, event)).value if cues else None


def _between(one: Cue, other: Cue) -> int:
    """Words between two cues; none if they overlap."""
    return max(0, other.first - one.last, one.first - other.last)


def _outcome(scene: Scene, event: Cue, mention: Mention) -> str | None:
    cues = scene.clause_cues(mention.clause, "outcome")
    return cues[0].value if cues and event.value["kind"] == "ground_fighting" else None


# --- who did it ------------------------------------------------------------------------------------------------------


def _actor(scene: Scene, event: Cue) -> tuple[str | None, str | None]:
    """Who did it, in the text's words: the agent of a passive, the party of "Russian attack", or the subject."""
    for finder in (_agent, _party_of_noun, _subject, _subject_behind):
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
    return phrase if phrase and event.first - phrase[-1].last <= 5 else None


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
    fillers = scene.pack.fillers if scene.pack else frozenset()
    first = party.first
    while first and scene.words[first - 1].folded in fillers:
        first -= 1
    return any(c.last == first for c in scene.tagged("object"))


def _is_where(party: Cue, scene: Scene) -> bool:
    """Whether a party word says where it happened, not who did it: a capital, "in Russia", "on the Russian side"."""
    fillers = scene.pack.fillers if scene.pack else frozenset()
    first = party.first
    while first and scene.words[first - 1].folded in fillers:
        first -= 1
    if any(c.tag == "relation" and c.last == first for c in scene.cues):
        return True
    mention = next((m for m in scene.mentions if m.first <= party.first < m.last), None)
    if mention is None:
        return False
    capital = any("." in n.place_id for n in mention.names)
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
    party = next((p for p in reversed(parties) if not _is_where(p, scene) and not _suffers(p, scene)), None)
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


# --- people ----------------------------------------------------------------------------------------------------------


def _figure(scene: Scene, mention: Mention, what: str) -> tuple[int | None, int | None]:
    """Lowest and highest number of the killed or the injured: "at least two" is (2, None)."""
    if sum(m.group == mention.group for m in scene.mentions) > 1:
        return None, None  # one figure for a list of places belongs to none of them
    found = _counted_people(scene, mention).get(what)
    if found is None:
        return None, None
    index, number = found
    bound = _bound_before(scene, index)
    return (number if bound != "most" else None), (number if bound != "least" else None)


def _counted_people(scene: Scene, mention: Mention) -> dict[str, tuple[int, int]]:
    """Give each of killed and injured the number that stands closest to it; each number counts once.

    Where a clause names several places, words and numbers belong to the place nearest to them, never to its neighbour.
    """
    clause = mention.clause
    hurt = [c for c in scene.clause_cues(clause, "hurt") if c.value in ("killed", "injured") and not _negated(scene, c)]
    hurt = [c for c in hurt if _is_nearest(mention, c.first, scene)]
    pairs = [
        (_figure_cost(scene, cue, index), index, number, cue.value)
        for cue in hurt
        for index, number in _numbers(scene)
        if abs(index - cue.first) <= _FIGURE_REACH
        and scene.clauses[index] == clause
        and _is_nearest(mention, index, scene)
    ]
    given: dict[str, tuple[int, int]] = {}
    taken: set[int] = set()
    for _, index, number, what in sorted(pairs):
        if what not in given and index not in taken:
            given[what] = index, number
            taken.add(index)
    return given


def _is_nearest(mention: Mention, index: int, scene: Scene) -> bool:
    """Whether no other place of the clause stands nearer to a word, but for those that help to find this one."""
    own = {a.start for a in attachments(scene, mention)} | {mention.start}
    others = [
        m
        for m in scene.mentions
        if m.clause == mention.clause and m.group != mention.group and m.start not in own and not _is_wide(m)
    ]
    mine = _words_between(scene, mention.first, mention.last, index)
    return all(mine <= _words_between(scene, m.first, m.last, index) for m in others if m.relation in _LOCATED)


def _is_wide(mention: Mention) -> bool:
    """Whether a mention may hold the others: "In Kherson oblast, a man was killed in Beryslav"."""
    return "region" in mention.kinds or "country" in mention.kinds


def _figure_cost(scene: Scene, cue: Cue, index: int) -> int:
    return _words_between(scene, cue.first, cue.last, index)


def _words_between(scene: Scene, first: int, last: int, index: int) -> int:
    """Words between a phrase and the word ``index``; an "and" or a comma between them counts for several."""
    low, high = (last, index) if last <= index else (index + 1, first)
    if high < low:
        return 0
    joints = sum(low <= c.first < high for c in scene.tagged("join") if c.value == "list")
    commas = scene.text[scene.words[low - 1].stop : scene.words[high].start].count(",")
    return high - low + 4 * (joints + commas)


def _bound_before(scene: Scene, index: int) -> str | None:
    """Whether "at least" or "up to" stands before the number at ``index``: least, most."""
    bounds = (c for c in scene.tagged("join") if c.value in ("least", "most"))
    return next((c.value for c in bounds if 0 <= index - c.last <= 1), None)


def _negated(scene: Scene, cue: Cue) -> bool:
    nots = (c for c in scene.tagged("polarity") if c.value in ("not", "not_behind"))
    return any(0 <= cue.first - c.last <= 3 for c in nots)


def _numbers(scene: Scene) -> list[tuple[int, int]]:
    """Numbers that may count people: not kilometres, dates, years, drones or shares."""
    counted = {i for c in scene.cues if c.tag in ("kilometres", "month", "means") for i in (c.first - 1, c.first - 2)}
    counted |= {c.last for c in scene.cues if c.tag in ("month", "day", "age_before")}
    counted |= {c.first - 1 for c in scene.tagged("age_behind")}
    found = [(c.first, c.value) for c in scene.cues if c.tag == "number" and c.first not in counted]
    of_persons = {i for c in scene.tagged("hurt") if c.value == "person" for i in range(c.first, c.last)}
    found = [(i, n) for i, n in found if i not in of_persons] + _persons(scene)
    figures = [(i, w) for i, w in enumerate(scene.words) if i not in counted and re.fullmatch(r"\d{1,4}", w.folded)]
    return found + [(i, int(w.folded)) for i, w in figures if _stands_alone(scene.text, w)]


def _persons(scene: Scene) -> list[tuple[int, int]]:
    """ "A man" is one, "a man and a woman" are two."""
    joints = {c.last for c in scene.tagged("join") if c.value == "list"}
    found: list[tuple[int, int]] = []
    last = -1
    inclusions = [c for c in scene.tagged("join") if c.value == "including"]
    for cue in (c for c in scene.tagged("hurt") if c.value == "person"):
        if any(0 <= cue.first - c.last <= 3 for c in inclusions):
            continue  # "six people, among them a child"
        if found and cue.first - last == 1 and cue.first in joints:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((cue.last - 1, 1))
        last = cue.last
    return found


def _stands_alone(text: str, figure: Word) -> bool:
    around = text[max(0, figure.start - 1) : figure.start] + text[figure.stop : figure.stop + 2]
    return not re.search(r"[/:%-]|[.,]\d", around)
