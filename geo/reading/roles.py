"""What a mention is besides a place where something happened: a rule for each reason, tried in order.

A rule is a function named after the reason that it gives; it returns the words that decided, or None.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from geo.languages.cues import Cue
from geo.model import Mention, Place
from geo.reading.attachments import attachments
from geo.reference.gazetteer import UNITS, Gazetteer
from geo.text.mentions import Scene

_TO_CARE = 4  # words between a hospital and its place: "hospital no. 2 of the city of"
_LEAVING = 3  # words between those of a place and their evacuation
_FLAGS_THAT_NEED_A_CUE = frozenset({"common", "person", "weapon"})
_LOCATIVE = frozenset({"in", "near", "toward", "bearing", "to"})
_FORENAMES = 3  # the words back from a surname to its title, and one
_LONGEST_SUBJECT = 5  # words of "a spokesman of the aid workers", before the place where they are
_LONGEST_FORENAMES = 2  # words of a name between that place and its verb
_NOT_BEFORE = 8  # words within which "may", "plans to", "denied" bear on an event word
_REACH = {
    "not": 4,
    "purpose": 0,
    "aim": 40,
    "not_behind": 5,
}  # a plain "not" bears on what stands close, an aim on its whole clause

Rule = Callable[[Scene, Mention, Sequence[Place]], str | None]


def common_word(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """A name that is also an ordinary word, a person or a weapon needs a word beside it that makes it a place."""
    del places
    if mention.relation != "none" or mention.kinds or not _is_flagged(mention) or _is_object(scene, mention):
        return None
    if _is_common_alone(mention) and _capital_tells(scene, mention):
        return None
    among_places = any(m.group == mention.group and not _is_flagged(m) for m in scene.mentions)
    return None if among_places or _is_placed(scene, mention) else mention.text


def _is_placed(scene: Scene, mention: Mention) -> bool:
    """Whether an oblast or a raion stands right behind the name: "Kozatske Khersonskoi oblasti"."""
    units = (m for m in attachments(scene, mention) if m.kinds & {"region", "raion"})
    return any(m.first == mention.last and not scene.text[mention.stop : m.start].strip() for m in units)


def _is_common_alone(mention: Mention) -> bool:
    return all(not n.flags & {"person", "weapon"} for n in mention.names)


def _capital_tells(scene: Scene, mention: Mention) -> bool:
    """Whether an ordinary word would be written small there: behind an event word, inside a sentence."""
    if scene.pack is None or scene.pack.nouns_have_capitals or not any(c.last <= mention.first for c in scene.cues):
        return False
    lower_before = mention.first > 0 and not scene.words[mention.first - 1].capital
    opens = re.search(r"[\"“«„:.!?(]\s*$", scene.text[scene.sentence.start : mention.start])
    event_before = any(0 <= mention.first - c.last <= 1 for c in scene.tagged("event"))
    return event_before and lower_before and not opens


def _is_flagged(mention: Mention) -> bool:
    return bool(mention.names) and all(n.flags & _FLAGS_THAT_NEED_A_CUE for n in mention.names)


def part_of_name(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """An office, a unit, a treaty, a weapon, a person: the place only belongs to its name."""
    if longer := _compound(scene, mention):
        return longer
    if other := _other_name(scene, mention):
        return other
    last = _behind_types(scene, mention)
    for cue in scene.cues:
        if cue.tag == "part_after" and cue.first == last and _close(scene, last - 1, cue.first):
            return scene.text[mention.start : cue.stop]
        belongs = cue.tag == "part_before" and mention.relation in ("none", "of")
        if belongs and cue.last in _openings(scene, mention) and not _had_to_leave(scene, cue, mention):
            return scene.text[cue.start : mention.stop]
    other = _line_between(scene, mention) or _person(scene, mention, places)
    return other or _of_a_speaker(scene, mention) or _home_of_the_hurt(scene, mention)


def _of_a_speaker(scene: Scene, mention: Mention) -> str | None:
    """Return the words of "a coordinator in [Pavlohrad] said 42 had been brought out of Pokrovsk" that name who speaks.

    Only where something happened at another place of the sentence: who speaks is mostly where it happened.
    """
    if mention.relation not in ("in", "of", "none"):
        return None
    verb = next((c for c in scene.tagged("says") if 0 <= c.first - mention.last <= _LONGEST_FORENAMES), None)
    start = mention.first - len(mention.relation_words.split())
    if verb is None or "," in scene.text[mention.stop : verb.start]:
        return None
    opening = next((i for i in range(start, 0, -1) if _parted(scene, i)), 0)
    if not 1 <= start - opening <= _LONGEST_SUBJECT or not _names_a_person(scene, opening, start, verb):
        return None
    elsewhere = (m for m in scene.mentions if m.group != mention.group and m.first >= verb.last)
    told = any(_told_of(scene, verb, m) for m in elsewhere)
    return scene.text[scene.words[opening].start : verb.stop] if told else None


def _home_of_the_hurt(scene: Scene, mention: Mention) -> str | None:
    """Return the words of "a woman from … [Kharkiv] died: she was hurt by the shelling of Chuhuiv" that name her home.

    Only where the sentence says that something struck another place: most people are hurt at home.
    """
    leading = len(mention.relation_words.split()) if mention.relation == "of" else 0
    openings = {i - leading for i in _openings(scene, mention)}
    person = next((c for c in scene.tagged("hurt") if c.value == "person" and c.last in openings), None)
    struck = [c for c in scene.tagged("event") if c.value["kind"] in ("air_strike", "shelling", "explosion")]
    behind = (m for m in scene.mentions if m.group != mention.group and m.first >= mention.last)
    elsewhere = any(-1 <= m.first - c.last <= _TO_CARE for m in behind if not m.kinds & UNITS for c in struck)
    return scene.text[person.start : mention.stop] if person and elsewhere else None


def _parted(scene: Scene, index: int) -> bool:
    """Whether a mark stands before a word that parts it from the one before."""
    gap = scene.text[scene.words[index - 1].stop : scene.words[index].start]
    return any(mark in gap for mark in ',;:.—–()"«»“”')


def _names_a_person(scene: Scene, opening: int, stop: int, verb: Cue) -> bool:
    """Whether the words before "in [Pavlohrad] said" are a subject: nothing of an event, a day or another place."""
    other = {"event", "day", "relation", "says", "according", "means", "polarity"}
    inside = (c for c in scene.cues if opening <= c.first and c.last <= stop and c is not verb)
    return not any(c.tag in other for c in inside) and not any(opening <= m.first < stop for m in scene.mentions)


def _told_of(scene: Scene, verb: Cue, place: Mention) -> bool:
    """Whether an event of its own is told of a place behind a verb of saying, and not what the verb itself reports."""
    events = [c for c in scene.tagged("event") if c.value["kind"] and c.first >= verb.last]
    small = scene.pack.stopwords if scene.pack else frozenset()
    opens_a_clause = any(w.folded in small for w in scene.words[verb.last : verb.last + 1])  # "said that"
    object_of_verb = not opens_a_clause and any(c.first - verb.last <= 1 for c in events)  # "reported explosions"
    beside = (scene.text[min(c.stop, place.stop) : max(c.start, place.start)] for c in events)
    return not object_of_verb and any("," not in gap for gap in beside)


def _had_to_leave(scene: Scene, people: Cue, mention: Mention) -> bool:
    """Whether those of a place are brought out of it: "Residents of [A] were evacuated"."""
    acting = {c.first for c in scene.tagged("troops")}  # troops are no source
    speaking = (c for c in scene.cues if c.tag in ("office", "named") and c.first not in acting)
    if any(c.first < people.last and people.first < c.last for c in speaking):
        return False
    if any(mention.last <= c.first <= mention.last + 1 for c in scene.tagged("says")):
        return False
    brought_out = (c for c in scene.events(mention.clause) if c.value["kind"] in ("evacuation", "withdrawal"))
    return any(0 <= c.first - mention.last <= _LEAVING or -1 <= people.first - c.last <= _LEAVING for c in brought_out)


def _line_between(scene: Scene, mention: Mention) -> str | None:
    """Return the words of "the pipeline [A] – [B]" at B, where they bear on A."""
    before = next((m for m in reversed(scene.mentions) if m.last == mention.first), None)
    if before is None or not re.fullmatch(r"[\s»”\"]*[–—-][\s«“\"]*", scene.text[before.stop : mention.start]):
        return None
    lines = (c for c in scene.cues if c.tag == "part_before" and c.last in _openings(scene, before))
    cue = next(lines, None)
    return scene.text[cue.start : mention.stop] if cue else None


def _other_name(scene: Scene, mention: Mention) -> str | None:
    """Return the weapon that bears the name of a place, or the longer name of a source: "the White House"."""
    for cue in scene.cues:
        if cue.first <= mention.first and mention.last <= cue.last:
            longer = cue.tag in ("named", "office") and cue.last - cue.first > mention.last - mention.first
            bare = not mention.kinds and mention.relation in ("none", "of")
            weapon = cue.tag == "means" and bare
            party = cue.tag == "party" and bare and not is_country_word(scene, cue)  # Polish "Ukraińska" is a village
            if longer or weapon or party:
                return scene.text[cue.start : cue.stop]
    return None


def is_country_word(scene: Scene, party: Cue) -> bool:
    """Whether a party is called by its country or capital, which may be where something happened."""
    return any(c.first < party.last and party.first < c.last for c in scene.tagged("country_word"))


@lru_cache(maxsize=64)
def _named_words(scene: Scene) -> frozenset[int]:
    """Indexes of the words that belong to a name."""
    return frozenset(i for m in scene.mentions for i in range(m.first, m.last))


def _compound(scene: Scene, mention: Mention) -> str | None:
    """Return the longer word that a hyphen makes of a name, if its other part is no name: "Moscow-backed"."""
    words, named = scene.words, {i for m in scene.mentions if m.names for i in range(m.first, m.last)}
    before, behind = mention.first - 1, mention.last
    numbered = behind < len(words) and words[behind].folded[0].isdigit()  # "the airfield Klin-5" is at Klin
    if numbered:
        return None
    if behind < len(words) and behind not in named and scene.text[mention.stop : words[behind].start] == "-":
        return scene.text[mention.start : words[behind].stop]
    if before >= 0 and before not in named and scene.text[words[before].stop : mention.start] == "-":
        return scene.text[words[before].start : mention.stop]
    return None


def _person(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    if mention.relation != "none" or mention.kinds or all(p.kind == "country" for p in places):
        return None
    words, cues = scene.words, scene.cues
    known = {i for c in cues if c.tag != "named" for i in range(c.first, c.last)}
    known |= _named_words(scene)
    capitals = {i for i, word in enumerate(words) if word.capital and i not in known}
    follower, leader = mention.last, mention.first - 1
    if scene.pack is not None and scene.pack.nouns_have_capitals:
        capitals = set()
    if follower in capitals and _close(scene, follower - 1, follower):
        return scene.text[mention.start : words[follower].stop]
    if leader > 0 and leader in capitals and _close(scene, leader, leader + 1):
        return scene.text[words[leader].start : mention.stop]
    return _titled(scene, mention)


def _titled(scene: Scene, mention: Mention) -> str | None:
    """Return the name of a person behind a title, whose first name may be a place's too: "Mayor Artem Kobzar"."""
    words, opening = scene.words, mention.first
    titles = {c.last for c in scene.tagged("title")}
    offices = {c.last for c in scene.tagged("office")} if scene.pack and not scene.pack.nouns_have_capitals else set()
    for forenames in range(_FORENAMES):
        if opening in titles or (forenames and opening in offices):
            return scene.text[words[mention.first - 1].start : mention.stop]
        if opening == 0 or not words[opening - 1].capital or not _close(scene, opening - 1, opening):
            return None
        opening -= 1
    return None


def government(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """A country or a capital that speaks, decides, owns or fights stands for its government or its troops."""
    if not any(p.kind == "country" or _is_seat(p) for p in places):
        return None
    if mention.relation in _LOCATIVE or _is_prepositional(mention):
        return _said_there(scene, mention)
    if any(p.kind == "country" for p in places):
        return mention.text
    speaking = (c for c in scene.cues if c.tag in ("says", "polarity", "stance"))
    follower = next((c for c in speaking if 0 <= c.first - mention.last <= 2), None)
    genitive = scene.words[mention.last - 1].folded.endswith("'s")
    party = any(c.tag == "party" and c.first <= mention.first < c.last for c in scene.cues)
    if _suffers(scene, mention) or _holds_a_district(scene, mention):
        return None
    if genitive or follower or (party and not scene.events(mention.clause)):
        return scene.text[mention.start : follower.stop if follower else mention.stop]
    return mention.text if party and mention.relation in ("none", "of") and not _is_object(scene, mention) else None


def _holds_a_district(scene: Scene, mention: Mention) -> bool:
    """Whether a district stands right before its city: "in the Obolon district of Kyiv"."""
    return any(0 <= mention.first - m.last <= 1 and m.kinds & {"raion", "city_district"} for m in scene.mentions)


def _is_prepositional(mention: Mention) -> bool:
    """Whether the case form alone says "in": the last of a list that a word unknown to us interrupts."""
    return bool(mention.names) and all(n.how.startswith(("prepositional ", "locative ")) for n in mention.names)


def _said_there(scene: Scene, mention: Mention) -> str | None:
    """Return the words of "they said in Kyiv": right behind a verb of saying, a capital is where they said it."""
    if mention.relation != "in":
        return None
    before = mention.first - len(mention.relation_words.split())
    speakers = {c.last: c.first for c in scene.tagged("anaphora") if c.value == "person"}
    before = speakers.get(before, before)  # "sagte er in Kiew"
    verb = next((c for c in scene.tagged("says") if c.last == before), None)
    return scene.text[verb.start : mention.stop] if verb else None


def _suffers(scene: Scene, mention: Mention) -> bool:
    """Whether a passive event word follows: "Kyiv was attacked"."""
    if scene.pack is None:
        return False
    if any(c.first < mention.first and mention.last <= c.last for c in scene.tagged("event")):
        return True  # inside "atakovala .. dronami"
    last = max(m.last for m in scene.mentions if m.group == mention.group)  # "Kyiv and Odesa were attacked"
    helping = scene.pack.passive_before | scene.pack.stopwords  # "Kiev è stata colpita"
    events = [
        c
        for c in scene.tagged("event")
        if 0 <= c.first - last <= 2 and all(w.folded in helping for w in scene.words[last : c.first][1:])
    ]
    return any(
        c.value.get("suffered") or scene.pack.is_passive(scene.words, c.first) or _done_by(scene, c) for c in events
    )


def _done_by(scene: Scene, event: Cue) -> bool:
    """Whether the subject stands behind the verb: "Kyiv atakovaly drony", in languages where it may."""
    strikes = event.value["kind"] in ("air_strike", "shelling")
    behind = (c for c in scene.cues if c.tag in ("means", "troops") and 0 <= c.first - event.last <= 2)
    return scene.pack is not None and scene.pack.verb_first and strikes and any(behind)


def country_only(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """A whole country is no place of an event on a map."""
    del scene
    return mention.text if places and all(p.kind == "country" for p in places) else None


def origin(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """Where a missile or drone was launched from is not where it struck."""
    del places
    kinds = {c.value.get("kind") for c in scene.events(mention.clause)}
    leaves = bool(kinds & {"withdrawal", "evacuation"}) or _drives_out(scene, mention)
    if mention.relation == "origin" or (mention.relation == "from" and not leaves):
        return f"{mention.relation_words} {mention.text}"
    return None


def _drives_out(scene: Scene, mention: Mention) -> bool:
    """ "Drove the enemy out of X" is the taking of X."""
    captures = (c for c in scene.events(mention.clause) if c.value["kind"] == "capture")
    return any(0 <= mention.first - c.last <= 6 for c in captures)


def destination(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """Where people were taken, or troops fell back to, is not the place that they left or were hurt at."""
    del places
    if care := _care_before(scene, mention):
        return scene.text[care.start : mention.stop]
    kinds = {c.value.get("kind") for c in scene.events(mention.clause)}
    left = any(m.relation == "from" and m.clause == mention.clause for m in scene.mentions)
    if mention.relation in ("to", "toward") and left and kinds and kinds <= {"withdrawal", "evacuation"}:
        return f"{mention.relation_words} {mention.text}"
    return None


def _care_before(scene: Scene, mention: Mention) -> Cue | None:
    """Return the words of "taken to hospital in [A]" before the hospital's place, if nothing happened in between."""
    for cue in scene.tagged("care"):
        gap = scene.text[cue.stop : mention.start]
        beside = 0 <= mention.first - cue.last <= _TO_CARE and not any(mark in gap for mark in ",;:.(")
        if beside and not any(cue.last <= c.first < mention.first for c in scene.tagged("event")):
            return cue
    return None


def venue(scene: Scene, mention: Mention, places: Sequence[Place]) -> str | None:
    """Talks, speeches and visits are no events of the war."""
    del places
    cue = next(iter(scene.clause_cues(mention.clause, "venue")), None)
    return scene.text[cue.start : cue.stop] if cue and not _strong_events(scene, mention.clause) else None


BEFORE_RESOLUTION: tuple[Rule, ...] = (common_word, part_of_name, government, country_only, origin, destination, venue)


def role_of(scene: Scene, mention: Mention, places: Sequence[Place]) -> tuple[str, str] | None:
    """Return (reason, words) if the words alone show that nothing is reported to have happened there."""
    for rule in BEFORE_RESOLUTION:
        if words := rule(scene, mention, places):
            return rule.__name__, words
    return None


def roles_of(scenes: Sequence[Scene], gazetteer: Gazetteer) -> dict[int, tuple[str, str]]:
    """Return (reason, words) by the start of each mention whose words alone show that nothing happened there."""
    roles = {}
    for scene in scenes:
        for mention in scene.mentions:
            if role := role_of(scene, mention, [gazetteer.place(n.place_id) for n in mention.names]):
                roles[mention.start] = role
    return roles


def _polarities(scene: Scene) -> list[Cue]:
    """Words that deny, plan or doubt; the month in "May 11" is none of them."""
    months = {c.first for c in scene.tagged("month")}
    return [c for c in scene.tagged("polarity") if c.first not in months]


def unreal(scene: Scene, event: Cue) -> str | None:
    """Return the words that take an event word out of the real: denied, planned, possible, not."""
    nearest = None
    for cue in _polarities(scene):
        if scene.clauses[cue.first] != scene.clauses[event.first] or cue.value == "real":  # "not only"
            continue
        if cue.value == "not_behind" and _denies_what_is_before(scene, cue, event):  # "attacks were not recorded"
            return scene.text[event.start : cue.stop]
        if cue.last > event.first or _has_denied_before(scene, cue, event):
            continue
        value = "not" if cue.value == "not_behind" else cue.value
        reach = _REACH.get(value, _NOT_BEFORE)
        weak_stops = value == "not"  # "nobody was hurt when a drone hit …": the nearest word is the one denied
        between = (
            c
            for c in scene.tagged("event")
            if cue.last <= c.first < event.first
            and (weak_stops or not c.value.get("weak") or "," in scene.text[c.stop : event.start])
        )
        if event.first - cue.last <= reach and not any(between):
            nearest = cue
    return scene.text[nearest.start : event.stop] if nearest else None


def _has_denied_before(scene: Scene, cue: Cue, event: Cue) -> bool:
    """Whether the words deny what is before them, and the event stands behind a comma: "no attacks seen, X was hit"."""
    if cue.value != "not_behind" or "," not in scene.text[cue.stop : event.start]:
        return False
    return any(_denies_what_is_before(scene, cue, c) for c in scene.tagged("event") if c.last <= cue.first)


def _denies_what_is_before(scene: Scene, cue: Cue, event: Cue) -> bool:
    between = (c for c in scene.tagged("event") if event.last <= c.first < cue.first)
    return 0 <= cue.first - event.last <= _REACH["not_behind"] and not any(between)


def unreal_between(scene: Scene, event: Cue, mention: Mention) -> str | None:
    """Return the words between an event word and a name behind it that make the name an aim: "advanced … to take X"."""
    for cue in _polarities(scene):
        if cue.value in ("aim", "planned", "possible") and event.last <= cue.first and cue.last <= mention.first:
            return scene.text[cue.start : mention.stop]
    return None


def background(scene: Scene, mention: Mention) -> str | None:
    """Return the words that put a clause into another time: last month, since 2014, on trial."""
    days = scene.tagged("day")
    for cue in scene.cues:
        history = cue.tag == "background" or (cue.tag == "polarity" and cue.value == "history")
        if any(cue.first < day.last and day.first < cue.last for day in days if _as_long(day, cue)):
            continue  # "hours before", "the day before": a day that can be told
        if history and scene.clauses[cue.first] == mention.clause:
            return scene.text[cue.start : cue.stop]
    return None


def _as_long(day: Cue, background_words: Cue) -> bool:
    """ "Yesterday's briefing" holds a day word, and is longer."""
    return day.last - day.first >= background_words.last - background_words.first


def _strong_events(scene: Scene, clause: int) -> list[Cue]:
    return [c for c in scene.events(clause) if not c.value.get("weak") and not unreal(scene, c)]


def _is_seat(place: Place) -> bool:
    """Whether governments sit in a city: one that is a region of its own, or one abroad ("Washington", "Geneva")."""
    region, _, name = place.id.partition(".")
    return place.kind == "city" and (region == "world" or region == f"{name}city")


def _is_object(scene: Scene, mention: Mention) -> bool:
    """Whether a verb of an event stands right before the name: "struck Kyiv", not "serangan Kyiv"."""
    verbs = (c for c in scene.tagged("event") if scene.pack and scene.pack.is_verb(scene.words[c.last - 1].folded))
    return any(0 <= mention.first - c.last <= 1 for c in verbs)


def _behind_types(scene: Scene, mention: Mention) -> int:
    for cue in scene.cues:
        if cue.tag == "type_after" and cue.first == mention.last:
            return cue.last
    return mention.last


def _openings(scene: Scene, mention: Mention) -> set[int]:
    """Indexes at which the phrase of a mention may open: before its kind word, before small words."""
    index = mention.first
    openings = {index}
    fillers = scene.pack.fillers if scene.pack else frozenset()
    for _ in range(4):
        typed = next((c for c in scene.tagged("type_before") if c.last == index), None)
        if typed is None and not (index and scene.words[index - 1].folded in fillers):
            break
        index = typed.first if typed else index - 1
        openings.add(index)
    return openings


def _close(scene: Scene, left: int, right: int) -> bool:
    """Whether only blanks, hyphens or quotation marks stand between two neighbouring words."""
    gap = scene.text[scene.words[left].stop : scene.words[right].start]
    return not gap.strip(" \t\u00a0-“”\"«»„'’") and "\n" not in gap
