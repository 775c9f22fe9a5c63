"""Which place a mention means, and why: what the text says of it, as evidence for and against each candidate.

A unique name is no proof: evidence may refuse a lone candidate, and "not known" is a good answer.  Each rule is a
small function in ``EVIDENCE``, named after the reason that it gives.  Weights are log-odds; None is a veto.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, exp, radians

from geo.gazetteer import LINES, SETTLEMENTS, UNITS, Gazetteer, distance_km
from geo.mentions import Scene
from geo.model import Candidate, Evidence, Mention, Name, Place, Resolution
from geo.roles import role_of

NEAR_VETO_KM = 60  # the wrong Yasna Poliana lies 109 km from Vuhledar, the right one about 20 km
NEAR_CITY_VETO_KM = 150  # "near Kharkiv" is said of the whole oblast
MARGIN = 0.4  # below it the program does not guess
_STANDING = {"standard": 0.3, "variant": 0.1, "seen": 0.1, "exonym": 0.1, "former": -0.2, "generated": 0.0}
_PROMINENCE = {"country": 2.0, "city": 1.6, "town": 1.0, "region": 1.0, "settlement": 0.3, "raion": 0.2}
_BEARINGS = {
    "north": 0,
    "northeast": 45,
    "east": 90,
    "southeast": 135,
    "south": 180,
    "southwest": 225,
    "west": 270,
    "northwest": 315,
}


@dataclass(frozen=True)
class Link:
    """Another mention that says something of where this one lies."""

    mention: Mention
    place: Place
    attached: bool  # right behind it ("X in Donetsk"), not only in the same sentence or paragraph


@dataclass(frozen=True)
class Clues:
    """What is known around one mention when its place is chosen."""

    containers: tuple[Link, ...] = ()
    anchors: tuple[Link, ...] = ()
    axes: tuple[Link, ...] = ()
    neighbours: tuple[Place, ...] = ()  # places of its own list or sentence, settled already
    document: tuple[Place, ...] = ()  # places settled elsewhere in the digest
    namesakes: frozenset[str] = frozenset()  # ids of places that the same words mean elsewhere in the digest
    language: str | None = None


Settled = dict[int, Resolution]  # by the start of the mention
Rule = Callable[[Place, Name, Mention, Clues, Gazetteer], Evidence | None]


def of_stated_kind(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """ "The village of X" is no oblast and no big city; a raion or an axis is one only if the text says so."""
    del name, clues, gazetteer
    if not mention.kinds:
        needs_word = place.kind in ("raion", "hromada", "axis")
        return Evidence("of_stated_kind", None, f"no word beside it says {place.kind}") if needs_word else None
    words = mention.kind_words
    if place.kind in mention.kinds:
        return Evidence("of_stated_kind", 1.5, words)
    both_settlements = place.kind in SETTLEMENTS and bool(mention.kinds & SETTLEMENTS)
    if both_settlements and not (place.kind == "city" and "village" in mention.kinds):
        return Evidence("of_stated_kind", -1.0, words)
    if mention.kinds & LINES and place.kind in LINES:
        return Evidence("of_stated_kind", -0.5, words)
    return Evidence("of_stated_kind", None, words)


def in_stated_container(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """Containment by recognised units, not by distance: in an oblast that the text names, or not."""
    del name, mention
    links = [link for link in clues.containers if link.place.id != place.id]
    if not links or place.kind in ("country", "region", "axis"):
        return None
    inside = next((link for link in links if gazetteer.lies_in(place, link.place)), None)
    if inside:
        weight = 4.0 if inside.attached else 2.0
        return Evidence("in_stated_container", weight, inside.mention.text, inside.mention.start, inside.mention.stop)
    binding = next((link for link in links if link.attached), None)
    if binding is None:
        return Evidence(
            "in_stated_container", -0.5, links[0].mention.text, links[0].mention.start, links[0].mention.stop
        )
    return Evidence("in_stated_container", None, binding.mention.text, binding.mention.start, binding.mention.stop)


def near_stated_place(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """ "X near Vuhledar": candidates far from Vuhledar are refused, whatever their fame."""
    del name, mention, gazetteer
    for link in clues.anchors:
        if link.place.id == place.id or place.kind in UNITS:
            continue
        distance = distance_km(place, link.place)
        limit = NEAR_CITY_VETO_KM if link.place.kind == "city" else NEAR_VETO_KM
        words = f"{link.mention.relation_words} {link.mention.text} ({distance:.0f} km)"
        if distance > limit:
            return Evidence("near_stated_place", None, words, link.mention.start, link.mention.stop)
        if link.mention.bearing and link.place.kind == "city":  # "northeast of Kharkiv" says a direction, not how far
            weight = 3.0 if distance <= 90 else 0.5
        else:
            weight = 5.0 if distance <= 25 else 3.0 if distance <= 50 else 0.5
        if link.mention.bearing and _off_bearing(link.place, place, link.mention.bearing) <= 60:
            weight += 1.0
        return Evidence("near_stated_place", weight, words, link.mention.start, link.mention.stop)
    return None


def on_stated_axis(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Listed under a direction: close to one of the settlements that it runs through."""
    del name, mention
    for link in clues.axes:
        if place.kind in UNITS or link.place.id == place.id:
            continue
        through = [p for p in map(gazetteer.get, link.place.through) if p] or [link.place]
        distance = min(distance_km(place, p) for p in through)
        if distance <= 60:
            weight = 3.0 if distance <= 25 else 1.5
            return Evidence(
                "on_stated_axis",
                weight,
                f"{link.mention.text} ({distance:.0f} km)",
                link.mention.start,
                link.mention.stop,
            )
    return None


def beside_neighbours(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """Places of one list or sentence lie together."""
    del name, mention, gazetteer
    if place.kind in UNITS:
        return None
    others = [p for p in clues.neighbours if p.id != place.id and p.kind not in UNITS]
    if not others:
        return None
    closest = min(others, key=lambda p: distance_km(place, p))
    distance = distance_km(place, closest)
    return Evidence("beside_neighbours", round(2.5 * exp(-distance / 40), 2), f"{closest.name} ({distance:.0f} km)")


def in_document(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """The digest speaks of places around here elsewhere."""
    del name, mention, gazetteer
    others = [p for p in clues.document if p.id != place.id and p.kind not in UNITS]
    if not others or place.kind in UNITS:
        return None
    closest = min(others, key=lambda p: distance_km(place, p))
    distance = distance_km(place, closest)
    return Evidence("in_document", round(1.0 * exp(-distance / 60), 2), f"{closest.name} ({distance:.0f} km)")


def same_name_elsewhere(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """A name means the same place throughout a digest, unless the text says otherwise."""
    del name, gazetteer
    return Evidence("same_name_elsewhere", 1.5, mention.text) if place.id in clues.namesakes else None


def in_theatre(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """A digest of this war speaks of the countries where it is fought."""
    del name, mention, clues
    return Evidence("in_theatre", 1.0, "") if gazetteer.country(place) in gazetteer.home else None


def by_spelling(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """A current name counts for a little more than a former or a generated one."""
    del place, mention, gazetteer
    weight = _STANDING.get(name.standing, 0.0) + (0.2 if name.language == clues.language else 0.0)
    return Evidence("by_spelling", round(weight, 2), name.how)


def by_prominence(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Last: a city is meant more often than a hamlet."""
    del name, mention, clues, gazetteer
    extent = min(place.extent_km, 12) / 20 if place.kind in SETTLEMENTS else 0.0
    return Evidence("by_prominence", round(_PROMINENCE.get(place.kind, 0.0) + extent, 2), place.kind)


EVIDENCE: tuple[Rule, ...] = (
    of_stated_kind, in_stated_container, near_stated_place, on_stated_axis, beside_neighbours, in_document,
    same_name_elsewhere, in_theatre,
    by_spelling, by_prominence,
)  # fmt: skip


def resolve(mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Resolution:
    """Choose the place that fits everything the text says about the mention, or none.

    Decisions: ``resolved``, ``low_margin`` (two fit about as well), ``all_vetoed`` (the text contradicts every place
    of this name) and ``unknown_name``.
    """
    if not mention.names:
        return Resolution(None, "unknown_name")
    candidates = sorted((_judged(n, mention, clues, gazetteer) for n in mention.names), key=_rank)
    left = [c for c in candidates if not c.vetoed]
    if not left:
        return Resolution(None, "all_vetoed", tuple(candidates))
    margin = round(left[0].score - left[1].score, 2) if len(left) > 1 else None
    if margin is not None and margin < MARGIN:
        return Resolution(None, "low_margin", tuple(candidates), margin)
    return Resolution(left[0].place, "resolved", tuple(candidates), margin)


def _judged(name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Candidate:
    place = gazetteer.place(name.place_id)
    evidence = tuple(e for rule in EVIDENCE if (e := rule(place, name, mention, clues, gazetteer)))
    return Candidate(place, name, round(sum(e.weight or 0.0 for e in evidence), 2), evidence)


def _rank(candidate: Candidate) -> tuple[bool, float, str]:
    return candidate.vetoed, -candidate.score, candidate.place.id


def _off_bearing(start: Place, end: Place, bearing: str) -> float:
    """Angle in degrees between the stated bearing and the direction from ``start`` to ``end``."""
    if start.lat is None or start.lon is None or end.lat is None or end.lon is None:
        return 180.0
    east = radians(end.lon - start.lon) * cos(radians(start.lat))
    heading = degrees(atan2(east, radians(end.lat - start.lat)))
    return abs((heading - _BEARINGS[bearing] + 180) % 360 - 180)


# --- a whole digest --------------------------------------------------------------------------------------------------


def resolve_all(scenes: Sequence[Scene], gazetteer: Gazetteer, language: str | None) -> Settled:
    """Resolve the mentions of a digest, the least ambiguous first, then once more with what was settled."""
    settled: Settled = {}
    namesakes: dict[str, list[tuple[Scene, Mention]]] = {}
    for scene in scenes:
        for mention in scene.mentions:
            namesakes.setdefault(mention.text.casefold(), []).append((scene, mention))
    no_places = {
        m.start for s in scenes for m in s.mentions if role_of(s, m, [gazetteer.place(n.place_id) for n in m.names])
    }
    for _ in range(2):
        for scene_number, scene in enumerate(scenes):
            block = [
                s for s in scenes[max(0, scene_number - 6) : scene_number] if s.sentence.block == scene.sentence.block
            ]
            for mention in sorted(scene.mentions, key=lambda m: (_ambiguity(m, gazetteer), m.start)):
                clues = _clues(
                    mention, scene, block, namesakes[mention.text.casefold()], settled, no_places, gazetteer, language
                )
                settled[mention.start] = resolve(mention, clues, gazetteer)
    return settled


def _ambiguity(mention: Mention, gazetteer: Gazetteer) -> tuple[int, int]:
    """Units and cities first: they say where the villages are."""
    kinds = {gazetteer.place(n.place_id).kind for n in mention.names}
    widest = 0 if mention.kinds & {"region", "country", "axis"} else 1 if kinds & {"country", "region", "city"} else 2
    return widest, len(mention.names)


def _clues(
    mention: Mention, scene: Scene, block: Sequence[Scene], namesakes: Sequence[tuple[Scene, Mention]], settled: Settled,
    no_places: set[int], gazetteer: Gazetteer, language: str | None,
) -> Clues:  # fmt: skip
    containers: list[Link] = []
    anchors: list[Link] = []
    helping = attachments(scene, mention) or [a for s, m in namesakes if s is not scene for a in attachments(s, m)]
    for other in helping:
        for place in _readings(other, settled, gazetteer):
            link = Link(other, place, attached=True)
            if place.kind in UNITS and (other.relation not in ("near", "bearing") or place.kind != "region"):
                containers.append(link)
            elif other.relation in ("near", "bearing", "from") and place.kind not in UNITS:
                anchors.append(link)
    if not containers:
        containers = list(_leading_containers(mention, scene, block, settled, gazetteer))
    axes = [
        Link(m, r.place, False)
        for m in scene.mentions
        if (r := settled.get(m.start)) and r.place and r.place.kind == "axis"
    ]
    near = [
        m
        for m in scene.mentions
        if m.start != mention.start
        and m.start not in no_places
        and (m.group == mention.group or abs(m.group - mention.group) <= 1)
    ]
    return Clues(
        tuple(containers), tuple(anchors), tuple(axes),
        _places(near, settled), _document(scene, settled, no_places),
        frozenset(p.id for p in _places([m for s, m in namesakes if s is not scene and m.start not in no_places], settled)), language,
    )  # fmt: skip


def _readings(mention: Mention, settled: Settled, gazetteer: Gazetteer) -> list[Place]:
    """Places that a mention may stand for beside a finer one: "di Donetsk" behind a village is the oblast."""
    resolution = settled.get(mention.start)
    regions = _region_readings(mention, gazetteer)
    if mention.relation in ("in", "of", "none") and regions and not mention.kinds & SETTLEMENTS:
        return regions
    return [resolution.place] if resolution and resolution.place else []


def _region_readings(mention: Mention, gazetteer: Gazetteer) -> list[Place]:
    return [p for n in mention.names if (p := gazetteer.place(n.place_id)).kind == "region"]


def _leading_containers(
    mention: Mention, scene: Scene, block: Sequence[Scene], settled: Settled, gazetteer: Gazetteer
) -> Iterable[Link]:
    """Units named before, in the same sentence or else the same paragraph: "In Kherson oblast, … in the village of X"."""
    attached_elsewhere = {a.start for m in scene.mentions if m.group != mention.group for a in attachments(scene, m)}
    for other in scene.mentions:
        resolution = settled.get(other.start)
        if (
            other.group != mention.group
            and resolution
            and resolution.place
            and resolution.place.kind in ("region", "raion")
        ):
            before = other.start < mention.start
            if other.start not in attached_elsewhere and (before or other.clause == mention.clause):
                yield Link(other, resolution.place, attached=False)
    for earlier in (scene, *reversed(block)):
        for other in earlier.mentions:
            resolution = settled.get(other.start)
            if other.heading and other.group != mention.group:
                yield from (Link(other, place, attached=False) for place in _region_readings(other, gazetteer))
            if (
                earlier is not scene
                and resolution
                and resolution.place
                and resolution.place.kind == "region"
                and other.kinds
            ):
                yield Link(other, resolution.place, attached=False)


def attachments(scene: Scene, mention: Mention) -> list[Mention]:
    """Return the mentions right behind (or before) a mention's list that only help to find it.

    "[A, B] near [C] in [D]": C and D; "north of [C] near [A]": C.
    """
    groups = _groups(scene)
    index = next(i for i, g in enumerate(groups) if g[0].group == mention.group)
    found: list[Mention] = []
    last = groups[index]
    for group in groups[index + 1 :]:
        if not _attached(scene, last, group) or not _places_finer(mention, group[0]):
            break
        found += group
        last = group
    if (
        index
        and groups[index - 1][0].relation == "bearing"
        and mention.relation == "near"
        and _adjacent(scene, groups[index - 1], groups[index])
    ):
        found += groups[index - 1]
    return found


def _groups(scene: Scene) -> list[list[Mention]]:
    groups: dict[int, list[Mention]] = {}
    for mention in scene.mentions:
        groups.setdefault(mention.group, []).append(mention)
    return list(groups.values())


def _places_finer(mention: Mention, other: Mention) -> bool:
    """Whether the other mention can help to find this one: "captured X in Donetsk", "Y (north of Sumy)"."""
    if mention.relation == "bearing" and other.relation == "near":
        return False  # "north of Sumy near X": X is the place
    return not mention.kinds & {"region", "country", "axis"} or bool(other.kinds & {"country"})


def _attached(scene: Scene, left: Sequence[Mention], right: Sequence[Mention]) -> bool:
    head = right[0]
    helping = head.relation in ("near", "bearing", "in", "of") or (head.relation == "none" and "region" in head.kinds)
    return helping and _adjacent(scene, left, right)


def _adjacent(scene: Scene, left: Sequence[Mention], right: Sequence[Mention]) -> bool:
    """Whether nothing but the right one's own cue words stands between two lists (a bracket or a comma may)."""
    first, last = left[-1].last, right[0].first
    typed = {
        i
        for c in scene.cues
        if c.tag in ("type_after", "type_before", "relation", "bearing", "kilometres")
        for i in range(c.first, c.last)
    }
    fillers = scene.pack.fillers if scene.pack else frozenset()
    if any(
        i not in typed and scene.words[i].folded not in fillers and not scene.words[i].folded.isdigit()
        for i in range(first, last)
    ):
        return False
    gap = scene.text[left[-1].stop : right[0].start]
    return not any(mark in gap for mark in ";:") and gap.count(",") <= 1


def _places(mentions: Iterable[Mention], settled: Settled) -> tuple[Place, ...]:
    return tuple({r.place.id: r.place for m in mentions if (r := settled.get(m.start)) and r.place}.values())


def _document(scene: Scene, settled: Settled, no_places: set[int]) -> tuple[Place, ...]:
    start, stop = scene.sentence.start, scene.sentence.stop
    elsewhere = (r.place for at, r in settled.items() if r.place and not start <= at < stop and at not in no_places)
    return tuple({place.id: place for place in elsewhere}.values())
