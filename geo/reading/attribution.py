"""Who says so: the source of a sentence, as far as the text tells, and on which side it stands."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.languages import codes, pack
from geo.languages.cues import Cue
from geo.model import Mention, Place
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import fold, words
from geo.text.mentions import Scene

_REACH = 14  # words between a reporting verb and its source
_HEAD = 3  # the word at which a source opens a line at the latest
_LONGEST_SOURCE = 6  # words behind a dash
_LONGEST_NAME = 3  # words of a person's name
_TELLING = 5  # letters of a word that tells one office from another: "ministry", not "the"
_COLON = re.compile(r":\s")
CLAIMANTS = Path(__file__).with_name("claimants.toml")
_SOURCE_TAGS = ("named", "office", "party")
_LOCAL_OFFICES = frozenset({"governor", "installed_authorities", "mayor", "military_administration"})
_BRIEFING_OFFICES = frozenset(
    {"general_staff", "defence_ministry", "air_force", "armed_forces", "military_administration"}
)


@dataclass(frozen=True)
class Claim:
    """Who says what a sentence says, in its own words."""

    claimant: str
    claimant_id: str | None  # "russia.defence_ministry"; None: a source that no pack knows
    side: str  # russia, ukraine, third, none
    start: int = 0
    office: str | None = None  # "governor", also where nothing tells of which side
    by_place: bool = False  # nothing but the place of the event tells of which side

    @property
    def office_kind(self) -> str:
        """What sort of source it is, whatever its side: "governor"."""
        return self.office or (self.claimant_id or "").partition(".")[2]


def claim_of(scene: Scene, places: dict[int, Place], gazetteer: Gazetteer, earlier: Claim | None) -> Claim | None:
    """Return the claim of a sentence: its own source, or for "he added" the one before.

    ``places`` are the resolved places by the start of their mention: "the governor of Belgorod" speaks for Russia
    because of where Belgorod lies.
    """
    own = _own_account(scene)
    if own:
        return own
    verbs = [c for c in scene.cues if c.tag in ("says", "according")]
    for verb in verbs:
        source = _source_of(verb, scene, places, gazetteer)
        if source:
            return source
    if earlier and any(_of_a_pronoun(verb, scene) for verb in verbs):
        return earlier
    if verbs:
        return None
    return _heading_source(scene, places, gazetteer) or _closing_source(scene, places, gazetteer)


def _own_account(scene: Scene) -> Claim | None:
    """Find the party that tells of its own doings: "Russian air defence, by its own account, downed 50 drones"."""
    for account in scene.tagged("own_account"):
        teller = next((c for c in scene.tagged("party") if _same_clause(scene, c, account)), None)
        if teller and teller.value != "third":
            words_of_it = scene.text[teller.start : teller.stop]
            return Claim(words_of_it, f"{teller.value}.government", teller.value, teller.start)
    return None


def _heading_source(scene: Scene, places: dict[int, Place], gazetteer: Gazetteer) -> Claim | None:
    """Find a source at the head of a line: "General Staff: nine attacks repelled"."""
    colon = _COLON.search(scene.text, scene.sentence.start, scene.sentence.stop)
    sources = [
        c for c in scene.cues if colon and c.tag in _SOURCE_TAGS and c.first <= _HEAD and c.stop <= colon.start()
    ]
    speaking = [c for c in sources if c.tag != "party" and not c.value.startswith("via.")]
    if not speaking:
        return None
    sources = [c for c in sources if not str(c.value).startswith("via.")]
    phrase = [c for c in sources if c in speaking or any(_hang_together(c, s, scene) for s in speaking)]
    behind = scene.text[phrase[-1].stop : scene.sentence.stop]
    return _claim(phrase, scene, places, gazetteer) if re.match(r"[)»”\"]?\s?:\s", behind) else None


def _closing_source(scene: Scene, places: dict[int, Place], gazetteer: Gazetteer) -> Claim | None:
    """Find a source alone behind a dash or in brackets at the end: "Drones downed over Smolensk oblast — governor"."""
    marks = (" — ", " – ", " - ", " (") if _ends_in_brackets(scene) else (" — ", " – ", " - ")
    dash = max(scene.text.rfind(mark, scene.sentence.start, scene.sentence.stop) for mark in marks)
    behind = [c for c in scene.cues if c.tag in _SOURCE_TAGS and c.start > dash > 0]
    speaking = [c for c in behind if c.tag != "party"]
    words_behind = [w for w in scene.words if w.start > dash]
    if not speaking or len(words_behind) > _LONGEST_SOURCE or speaking[0].first - behind[0].first > 1:
        return None
    return _claim(behind, scene, places, gazetteer) if words_behind[0].start == behind[0].start else None


def _ends_in_brackets(scene: Scene) -> bool:
    return scene.text[scene.sentence.start : scene.sentence.stop].rstrip(" .;*_").endswith(")")


def closes(scene: Scene) -> bool:
    """Whether a sentence tells the source of those before it: "This was reported by the governor."."""
    return any(c.first <= 1 for c in scene.tagged("closing"))


def office_called(outlet: str, language: str | None) -> str | None:
    """Return the id of the office that an outlet is ("General Staff of Ukraine"), or None for a newsroom.

    Its name is in the language of its digests, or in English, as lists of sources have it.
    """
    in_each = (_office_in(outlet, code) for code in (language, "en") if code in codes())
    return next((office for office in in_each if office), None)


def _office_in(outlet: str, language: str) -> str | None:
    cues = pack(language).lexicon.cues(words(outlet))
    named = [c for c in cues if c.tag == "named" and not c.value.endswith(".media")]
    parties = [c for c in cues if c.tag == "party"]
    offices = [c.value for c in cues if c.tag == "office"]
    if not named:
        return f"{parties[0].value}.{offices[0]}" if parties and offices else None
    side, _, office = named[0].value.partition(".")
    return f"{next((c.value for c in parties if c.last == named[0].first), side)}.{office}"  # "Ukrainian bloggers"


def outlets(scene: Scene) -> tuple[str, ...]:
    """Outlets that only relay: named behind a relaying word, or as such in the pack."""
    media = [c for c in scene.tagged("named") if c.value.endswith(".media") and _only_relays(c, scene)]
    return tuple(dict.fromkeys(scene.text[c.start : c.stop] for c in media))


def _only_relays(outlet: Cue, scene: Scene) -> bool:
    as_such = outlet.value.startswith("via.")
    return as_such or any(0 <= outlet.first - relaying.last <= 2 for relaying in scene.tagged("via"))


def _source_of(verb: Cue, scene: Scene, places: dict[int, Place], gazetteer: Gazetteer) -> Claim | None:
    """Find the source phrase that belongs to a reporting word: behind "according to", else before, else behind."""
    reach = 4 if verb.tag == "says" else 6
    sources = [c for c in scene.cues if c.tag in _SOURCE_TAGS]
    relayed = [c for c in sources if c.tag == "named" and c.value.startswith("via.")]  # "told RIA: the governor"
    passed = _name_behind(verb, scene)
    behind = [c for c in sources if 0 <= c.first - verb.last - _words_of(relayed, verb, c) - passed <= reach]
    # "… in the defence ministry of Russia": the phrase may end beyond the reach.
    behind += [c for c in sources if c not in behind and behind and _hang_together(behind[-1], c, scene)]
    inside = [c for c in sources if _inside(c, verb)]  # "nach Militärangaben"
    behind = inside or behind
    before = [c for c in sources if 0 <= verb.first - c.last <= _REACH and _same_clause(scene, c, verb)]
    before += [c for c in sources if before and c.last <= before[0].first and _hang_together(c, before[0], scene)]
    inverted = verb.tag == "according" or _inverted(verb, behind, passed, scene)
    order = (behind, before) if inverted else (before, behind)
    earlier = [c for c in sources if c.last <= verb.first]  # "Russia's ministry … ; it reported"
    for cues in (*order, earlier if any(c.tag != "party" for c in earlier) else []):
        phrase = _phrase(cues, verb, scene)
        if phrase and (claim := _claim(phrase, scene, places, gazetteer)):
            return claim
    return None


def _words_of(cues: Iterable[Cue], left: Cue, right: Cue) -> int:
    return sum(c.last - c.first for c in cues if left.last <= c.first and c.last <= right.first)


def _name_behind(verb: Cue, scene: Scene) -> int:
    """Count the words of a name between a verb and its office: "said Ivan Petrenko, head of the administration"."""
    if verb.tag != "says":
        return 0
    for count, word in enumerate(scene.words[verb.last : verb.last + _LONGEST_NAME], start=1):
        if not scene.text[word.start].isupper():
            return 0
        if scene.text[word.stop : word.stop + 1] == ",":
            return count
    return 0


def _inverted(verb: Cue, behind: Sequence[Cue], passed: int, scene: Scene) -> bool:
    """Whether the source stands right behind its verb: "…, said the regional governor"."""
    before = scene.text[: verb.start].rstrip(" \t\u00a0*_")
    cut_off = before[-1:] in (",", '"', "”", "»", "—", "–") or before.endswith(" -")
    return cut_off and any(c.tag in ("office", "named") and c.first - verb.last - passed <= 3 for c in behind)


def _same_clause(scene: Scene, cue: Cue, verb: Cue) -> bool:
    return scene.clauses[cue.first] == scene.clauses[verb.first]


def _phrase(cues: Sequence[Cue], verb: Cue, scene: Scene) -> list[Cue]:
    """The cues of one noun phrase: those closest to the verb, and what hangs together with them."""
    relaying = {c.first for c in cues if c.tag == "named" and c.value.startswith("via.")}
    countries = {c.first for c in scene.tagged("country_word")}
    cues = [c for c in cues if c.first not in relaying]
    # "Russian" alone is nobody who speaks; "Russia" is, right beside the verb.
    beside = {c.first for c in cues if (c.first in countries and _beside(c, verb, scene)) or _inside(c, verb)}
    cues = [c for c in cues if c.tag != "party" or c.first in beside or _in_phrase(c, cues, scene)]
    if not cues:
        return []
    nearest = min(cues, key=lambda c: (c.tag == "party", min(abs(verb.first - c.last), abs(c.first - verb.last))))
    phrase = [nearest]
    for cue in sorted(cues, key=lambda c: abs(c.first - nearest.first)):
        if cue not in phrase and any(_hang_together(cue, other, scene) for other in phrase):
            phrase.append(cue)
    return sorted(phrase, key=lambda c: c.first)


def _inside(cue: Cue, verb: Cue) -> bool:
    """Whether a reporting phrase holds its source: "nach russischer Darstellung"."""
    return verb.first <= cue.first and cue.last <= verb.last


def _in_phrase(party: Cue, cues: Sequence[Cue], scene: Scene) -> bool:
    return any(c.tag in ("office", "named") and _hang_together(party, c, scene) for c in cues)


def _beside(cue: Cue, verb: Cue, scene: Scene) -> bool:
    close = 0 <= verb.first - cue.last <= 2 or 0 <= cue.first - verb.last <= 1
    return close and "," not in scene.text[min(cue.stop, verb.stop) : max(cue.start, verb.start)]


def _hang_together(one: Cue, other: Cue, scene: Scene) -> bool:
    left, right = sorted((one, other), key=lambda c: c.first)
    gap = scene.text[left.stop : right.start]
    return right.first - left.last <= 3 and not any(mark in gap for mark in (*',;:."“”()—–', " - "))


def _claim(phrase: Sequence[Cue], scene: Scene, places: dict[int, Place], gazetteer: Gazetteer) -> Claim | None:
    start, stop = phrase[0].start, phrase[-1].stop
    parties = [c.value for c in phrase if c.tag == "party"]
    named = [c for c in phrase if c.tag == "named"]
    offices = [c for c in phrase if c.tag == "office"]
    # "General Staff" and "Telegram channels", which both parties have; "the British ministry" has its side
    general = any(_overlap(c, o) if _side(c) != "third" else _same_words(c, o) for c in named for o in offices)
    if named and not (general and parties and parties[0] != named[0].value.split(".")[0]):
        own = [c for c in named if general or _side(c) == _side(named[0])]  # "the ministry in London: Wagner's men …"
        speaker = own[-1]  # a person's name behind the word for an office: "chief of staff Gerasimov"
        side, _, office = speaker.value.partition(".")
        told_of = next((c for c in phrase if c.first >= speaker.last and _side(c) not in (side, "")), None)
        stop = max(speaker.stop, *(c.stop for c in phrase if told_of is None or c.first < told_of.first))
        whole = _with_its_place(start, stop, scene) if office in _LOCAL_OFFICES else (start, stop)
        return Claim(scene.text[slice(*whole)], speaker.value, side, whole[0])
    if offices:
        return _of_office(offices, parties, start, stop, scene, places, gazetteer)
    return Claim(scene.text[start:stop], f"{parties[0]}.government", parties[0], start) if parties else None


def _side(cue: Cue) -> str:
    """The side that a source's words tell by themselves; an office has none."""
    return "" if cue.tag == "office" else str(cue.value).partition(".")[0]


def _overlap(one: Cue, other: Cue) -> bool:
    return one.first < other.last and other.first < one.last


def _same_words(one: Cue, other: Cue) -> bool:
    return (one.first, one.last) == (other.first, other.last)


def _of_office(
    offices: Sequence[Cue],
    parties: Sequence[str],
    start: int,
    stop: int,
    scene: Scene,
    places: dict[int, Place],
    gazetteer: Gazetteer,
) -> Claim:
    """Make the claim of an office, whose side a party beside it tells, or its own place, its outlet, the event."""
    office = offices[0].value
    if parties:
        return Claim(scene.text[start:stop], f"{parties[0]}.{office}", parties[0], start, office)
    whole = _with_its_place(start, stop, scene)
    side = None if whole != (start, stop) else _side_of_outlet(scene)
    by_place = side is None
    side = side or _side_of_place(offices, scene, places, gazetteer)
    claimant_id = f"{side}.{office}" if side else None
    words_of_place = by_place and whole != (start, stop)
    return Claim(
        scene.text[slice(*whole)], claimant_id, side or "none", whole[0], office, by_place and not words_of_place
    )


def _side_of_outlet(scene: Scene) -> str | None:
    """The side of the outlet that a sentence quotes, if it is a party's: "TASS reported, citing the ministry"."""
    relaying = (scene.text[c.start : c.stop] for c in scene.tagged("named") if c.value.startswith("via."))
    return next((side for outlet in relaying if (side := _sides_of_outlets().get(fold(outlet)))), None)


@cache
def _sides_of_outlets() -> dict[str, str]:
    """Return the side of each outlet that belongs to a party, by its folded name in any language."""
    sides: dict[str, dict[str, list[str]]] = tomllib.loads(CLAIMANTS.read_text(encoding="utf-8"))
    return {fold(outlet): side for side, outlets_ in sides["outlets"].items() for outlet in outlets_}


def _with_its_place(start: int, stop: int, scene: Scene) -> tuple[int, int]:
    """Widen the words of an office by the place that it is of: "the governor of Belgorod oblast"."""
    for mention in scene.mentions:
        types = [c.stop for c in scene.tagged("type_after") if c.first == mention.last]
        before, behind = scene.text[stop : mention.start], scene.text[mention.stop : start]
        if mention.start >= stop and _only_small_words(before, scene):
            return start, types[0] if types else mention.stop
        stands_apart = mention.relation not in ("none", "of")  # "In Kharkiv the mayor …"
        if mention.stop <= start and not stands_apart and _only_small_words(behind, scene):
            return mention.start, stop
    return start, stop


def _only_small_words(gap: str, scene: Scene) -> bool:
    """Whether a gap holds nothing but words such as "of the" and "region's"."""
    fillers = scene.pack.fillers if scene.pack else frozenset()
    types = {" ".join(w.folded for w in scene.words[c.first : c.last]) for c in scene.cues if c.tag.startswith("type_")}
    small = all(w.folded in fillers or w.folded in types or w.folded == "s" for w in words(gap))
    return small and not set(gap) & set(",;.:()—–\n")


def _side_of_place(offices: Iterable[Cue], scene: Scene, places: dict[int, Place], gazetteer: Gazetteer) -> str | None:
    """The governor of a region speaks for the country that the region belongs to."""
    for office in offices:
        near = sorted(scene.mentions, key=lambda m: _from_office(m, office))
        for mention in near:
            place = None if _is_his_name(mention, office, scene) else places.get(mention.start)
            if place and place.kind == "country" and len(near) > 1:
                continue  # "in Belgorod oblast, which borders on Ukraine"
            if place and (side := gazetteer.side_of(place)):
                return side
    return None


def _is_his_name(mention: Mention, office: Cue, scene: Scene) -> bool:
    """Whether a mention is the first name of the one who holds an office: "the city's mayor, Artem Petrenko"."""
    beside = 0 <= mention.start - office.stop <= 2 and not scene.text[office.stop : mention.start].strip(" ,")
    surname = scene.text[mention.stop : mention.stop + 2]
    return beside and surname[:1] == " " and surname[1:].isupper()


def _from_office(mention: Mention, office: Cue) -> tuple[bool, int]:
    """Regions first: a governor has one, and his own name may be a village's."""
    a_region = any("." not in n.place_id for n in mention.names) and "country" not in mention.kinds
    return not a_region, min(abs(mention.first - office.last), abs(office.first - mention.last))


def _of_a_pronoun(verb: Cue, scene: Scene) -> bool:
    """Whether "he said" carries on the source of the sentence before."""
    persons = (c for c in scene.tagged("anaphora") if c.value == "person")
    beside = any(0 <= verb.first - c.last <= 2 or 0 <= c.first - verb.last <= 1 for c in persons)
    return beside or _opens_without_subject(verb, scene)


def _opens_without_subject(verb: Cue, scene: Scene) -> bool:
    """Whether a sentence opens with its verb of saying: "Además, aseguró que …", "Dodał, że …"."""
    if verb.tag != "says" or verb.first > 1 or scene.pack is None:
        return False
    apart = "," in scene.text[scene.words[0].stop : verb.start]
    return verb.first == 0 or apart or (scene.pack.verb_first and scene.words[0].folded in scene.pack.stopwords)


def meant(scene: Scene, before: Sequence[Claim | None]) -> Claim | None:
    """Return the last source ``before`` that "the ministry said" names again by a word of its own."""
    persons = (c for c in scene.tagged("anaphora") if c.value == "person")
    again = {w.folded for c in persons for w in scene.words[c.first : c.last] if len(w.folded) >= _TELLING}
    known = (c for c in reversed(before) if c is not None)
    return next((c for c in known if again & {w.folded for w in words(c.claimant)}), None)


def names_no_source(scene: Scene) -> bool:
    """Whether a sentence leaves open who says it; one whose source no pack knows ("Mash wrote") does not."""
    speaks_up = any(c.tag in ("says", "according") for c in scene.cues)
    acting = scene.tagged("troops")  # "Russian troops took …": they do not say it; but "Russian military bloggers" may
    own_subject = any(
        c.tag in ("office", "named") and c.first <= 2 and not any(_overlap(c, t) and t.last >= c.last for t in acting)
        for c in scene.cues
    )
    return not speaks_up and not own_subject


def speaks(mention: Mention, claim: Claim) -> bool:
    """Whether the mention only stands in the name of the source ("the governor of Belgorod")."""
    return claim.start <= mention.start < claim.start + len(claim.claimant)


def heads(scene: Scene, claim: Claim) -> bool:
    """Whether a title names its source: "ISW: …"."""
    at_once = all(w.start >= claim.start for w in scene.words[1:])
    behind = scene.text[claim.start + len(claim.claimant) : scene.sentence.stop]
    return at_once and re.match(r"\s?:\s", behind) is not None


def speaks_for_all(scene: Scene, claim: Claim) -> bool:
    """Whether an opening sentence names the source of what follows: a briefing office, and no place of an event."""
    opens = any((c.tag == "according" and c.first <= 1) or c.tag == "closing" for c in scene.cues)
    return leaves_places_open(scene, claim) and (opens or is_header(scene))


def leaves_places_open(scene: Scene, claim: Claim) -> bool:
    """Whether a briefing office says what happened, and no place of it."""
    office = (claim.claimant_id or "").partition(".")[2]
    names_a_place = any("." in n.place_id for m in scene.mentions for n in m.names if not speaks(m, claim))
    return office in _BRIEFING_OFFICES and not names_a_place


def is_header(scene: Scene) -> bool:
    """Whether a sentence only introduces what follows: "The General Staff reports:"."""
    return scene.text[scene.sentence.start : scene.sentence.stop].rstrip("*_ ").endswith(":")
