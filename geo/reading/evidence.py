"""What the text says of where a mention lies: evidence for and against each place of its name.

A unique name is no proof: evidence may refuse a lone candidate, and "not known" is a good answer.  Each rule is a
small function in ``EVIDENCE``, named after the reason that it gives.  Weights are log-odds; None is a veto.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import atan2, cos, degrees, exp, log1p, radians

from geo.model import Evidence, Mention, Name, Place
from geo.reference.activity import activity
from geo.reference.gazetteer import LINES, SETTLEMENTS, UNITS, Gazetteer, distance_km

NEAR_VETO_KM = 60  # the wrong Yasna Poliana lies 109 km from Vuhledar, the right one about 20 km
NEAR_CITY_VETO_KM = 150  # "near Kharkiv" is said of the whole oblast
CITY_REGION_KM = 30  # Moscow and Kyiv are regions too, but "Moscow region" is the oblast around the city
LIST_KM = 150  # a list of villages along one direction is shorter
WIDE_KM = 40  # wider than Moscow
APART_KM = 500  # no list of villages is that long
AFAR_KM = 150  # beyond the stated oblast: no village there is meant without a word
MOST_ACTIVE = 1.2  # what the text says outweighs what was reported lately
LONG_AGO = 1991  # names that were given up before are history, not another side's usage
HROMADA_CENTRE = 0.3  # a settlement that its hromada is named after is spoken of more often than its namesakes
_UNTIL = re.compile(r"-(\d{4})\)$")  # of "former name (1939-1962)"
_STANDING = {"standard": 0.3, "variant": 0.1, "seen": 0.1, "exonym": 0.1, "former": -0.2, "generated": 0.0}
_PROMINENCE = {"country": 2.0, "city": 2.0, "town": 1.1, "region": 1.0, "settlement": 0.3, "raion": 0.2}
_WIDER = {"raion": frozenset({"region", "country"}), "region": frozenset({"country"})}
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
    leads: bool = False  # it opens the sentence: "Over Rostov oblast, …"


@dataclass(frozen=True)
class Clues:
    """What is known around one mention when its place is chosen."""

    containers: tuple[Link, ...] = ()
    anchors: tuple[Link, ...] = ()
    axes: tuple[Link, ...] = ()
    neighbours: tuple[Place, ...] = ()  # places of its own list or sentence, settled already
    possible: tuple[Place, ...] = ()  # what the names in its list or sentence may mean that are not settled yet
    companions: tuple[Place, ...] = ()  # of its own list
    document: tuple[Place, ...] = ()  # places settled elsewhere in the digest
    cities: tuple[Place, ...] = ()  # cities and oblasts that the digest names anywhere, in whatever role
    namesakes: frozenset[str] = frozenset()  # ids of places that the same words mean elsewhere in the digest
    topics: tuple[Link, ...] = ()  # oblasts that the digest's first line names
    lately: Link | None = None  # the oblast that the line before names last
    helps: str = ""  # the finer mention that this one only helps to find
    skies: bool = False  # it is one of several oblasts, "over" which or in which things are counted
    language: str | None = None
    day: date | None = None  # that the digest covers


Rule = Callable[[Place, Name, Mention, Clues, Gazetteer], Evidence | None]


def of_stated_kind(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """ "The village of X" is no oblast and no big city; a raion or an axis is one only if the text says so."""
    del clues, gazetteer
    if not mention.kinds:
        # "Nikopolshchyna" is the raion around Nikopol and nothing else; an adjective says so by its flag.
        nickname = place.kind == "raion" and name.language in ("uk", "ru") and not name.flags
        needs_word = place.kind in ("raion", "hromada", "axis") and not nickname
        return Evidence("of_stated_kind", None, f"no word beside it says {place.kind}") if needs_word else None
    words = mention.kind_words
    if place.kind in mention.kinds:
        a_city = place.kind == "region" and place.extent_km <= CITY_REGION_KM
        return Evidence("of_stated_kind", 0.5 if a_city else 1.5, words)
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
    if not links or place.kind in ("country", "region") or place.kind in LINES:
        return None
    links = _narrowest(links, place)
    inside = next((link for link in links if gazetteer.lies_in(place, link.place)), None)
    if inside:
        return _evidence_of(inside, "in_stated_container", 4.0 if inside.attached else 2.0, inside.mention.text)
    links = [link for link in links if link.place.parent != place.parent or not _has_no_list(place, link.place)]
    if not links:
        return None
    binding = next((link for link in links if link.attached), None)
    if binding:
        return _evidence_of(binding, "in_stated_container", None, binding.mention.text)
    afar = next((link for link in links if link.leads and _is_afar(place, link.place)), None)
    if afar:
        return _evidence_of(afar, "in_stated_container", None, afar.mention.text)
    return _evidence_of(links[0], "in_stated_container", -0.5, links[0].mention.text)


def _narrowest(links: list[Link], place: Place) -> list[Link]:
    """Leave out wider units around those that stand right behind a name: "X in Kupiansk district, Ukraine"."""
    attached = {link.place.kind for link in links if link.attached}
    narrowest = next(
        (kind for kind in ("raion", "region") if kind in attached and (kind != "raion" or place.raion)), None
    )
    wider = _WIDER.get(narrowest or "", frozenset())
    return [link for link in links if not (link.attached and link.place.kind in wider)]


def _has_no_list(place: Place, unit: Place) -> bool:
    """Whether no source tells the settlements of a unit: the raions of Russia are known by their middle alone."""
    return unit.kind == "raion" and not place.raion


def _is_afar(place: Place, unit: Place) -> bool:
    """Whether a village lies far outside a unit, or a town in another part of the world; a city may always be meant."""
    beyond_km = distance_km(place, unit) - unit.extent_km
    return place.kind != "city" and beyond_km > (1000 if place.kind == "town" else AFAR_KM)


def in_oblast_of_title(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """A digest headed "11 villages of Zaporizhzhia oblast shelled" speaks of that oblast."""
    del name, mention
    within = (
        next((t for t in clues.topics if gazetteer.lies_in(place, t.place)), None) if place.kind not in UNITS else None
    )
    return _evidence_of(within, "in_oblast_of_title", 1.0, within.mention.text) if within else None


def in_oblast_just_named(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """The line before speaks of that oblast, and this one names none: a list goes oblast by oblast."""
    del name, mention
    if clues.lately is None or clues.containers or place.kind in UNITS | LINES:
        return None
    within = gazetteer.lies_in(place, clues.lately.place)
    return _evidence_of(clues.lately, "in_oblast_just_named", 1.2, clues.lately.mention.text) if within else None


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
            return _evidence_of(link, "near_stated_place", None, words)
        if link.mention.bearing and link.place.kind == "city":  # "northeast of Kharkiv" says a direction, not how far
            weight = 3.0 if distance <= 90 else 0.5
        else:
            weight = 5.0 if distance <= 25 else 3.0 if distance <= 50 else 0.5
        if link.mention.bearing and _off_bearing(link.place, place, link.mention.bearing) <= 60:
            weight += 1.0
        return _evidence_of(link, "near_stated_place", weight, words)
    return None


def on_stated_axis(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Listed under a direction: close to one of the settlements that it runs through."""
    del name, mention
    closest: tuple[float, Link] | None = None
    for link in clues.axes:
        if place.kind in UNITS or link.place.id == place.id:
            continue
        through = [p for p in map(gazetteer.get, link.place.through) if p] or [link.place]
        distance = min(distance_km(place, p) for p in through)
        if distance <= 60 and (closest is None or distance < closest[0]):
            closest = distance, link
    if closest is None:
        return None
    distance, link = closest
    words = f"{link.mention.text} ({distance:.0f} km)"
    return _evidence_of(link, "on_stated_axis", 3.0 if distance <= 25 else 1.5, words)


def beside_neighbours(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """Places of one list or sentence lie together, or at least in one part of the country; only cities may be far."""
    del name, mention, gazetteer
    if place.kind == "raion":
        beside = next((p for p in clues.neighbours if p.kind == "raion" and p.parent == place.parent), None)
        return Evidence("beside_neighbours", 1.5, beside.name) if beside and beside.id != place.id else None
    found = _closeness(place, clues.neighbours, "beside_neighbours", most=2.5, fading_km=40)
    if found is None:  # two names of many places each: where both lie together
        return _closeness(place, clues.possible, "beside_neighbours", most=2.0, fading_km=15)
    apart = found is not None and all(distance_km(place, p) > APART_KM for p in clues.neighbours if p.kind not in UNITS)
    return found._replace(weight=-1.0) if found and apart and place.kind != "city" else found


def of_named_city(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Every other city has a Central district: one is meant where the digest names its city or its oblast."""
    del name, mention, gazetteer
    if place.kind != "city_district":
        return None
    close = (p for p in clues.cities if p.id == place.parent or distance_km(place, p) <= CITY_REGION_KM)
    city = next(close, None)
    return Evidence("of_named_city", None if city is None else 0.0, city.name if city else "its city is not named")


def far_from_its_list(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """A village is not in a list of villages that lie together somewhere else."""
    del name, mention, gazetteer
    others = [p for p in clues.companions if p.id != place.id and p.kind in SETTLEMENTS]
    if place.kind not in ("village", "settlement") or len(others) < 2:
        return None
    together = all(distance_km(p, q) <= LIST_KM for p, q in pairwise(others))
    far = all(distance_km(place, p) > LIST_KM for p in others)
    words = ", ".join(p.name for p in others[:3])
    return Evidence("far_from_its_list", None, words) if together and far else None


def in_document(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """The digest speaks of places around here elsewhere."""
    del name, mention, gazetteer
    return _closeness(place, clues.document, "in_document", most=1.0, fading_km=60)


def same_name_elsewhere(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """A name means the same place throughout a digest, unless the text says otherwise."""
    del name, gazetteer
    return Evidence("same_name_elsewhere", 1.5, mention.text) if place.id in clues.namesakes else None


def around_finer_place(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """Behind a village, a name of both a city and an oblast is the oblast: "the village of X in Donetsk"."""
    del name, mention, gazetteer
    helps = clues.helps and place.kind == "region"
    return Evidence("around_finer_place", 4.0, clues.helps) if helps else None


def one_of_many_skies(
    place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer
) -> Evidence | None:
    """Drones met "over Bryansk, over Kursk and over Belgorod", or "in 3 regions: 2 in Bryansk", are over oblasts."""
    del name, gazetteer
    many = clues.skies and place.kind == "region"
    return Evidence("one_of_many_skies", 5.5, mention.relation_words) if many else None


def in_theatre(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """A digest of this war speaks of the countries where it is fought, and most of all of the land around the front."""
    del name, mention, clues
    if gazetteer.country(place) not in gazetteer.home:
        return None
    return Evidence("in_theatre", 1.0 if place.kind in UNITS or gazetteer.in_box(place) else 0.4, "")


def in_active_area(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Much was reported around there in those weeks, by the reviewed counts of ``activity.csv``."""
    del name, mention
    if clues.day is None or place.kind in UNITS | LINES:
        return None
    weight = round(min(MOST_ACTIVE, log1p(activity(gazetteer.folder, place, clues.day)) / 3), 2)
    return Evidence("in_active_area", weight, place.raion or place.parent) if weight else None


def by_spelling(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """A current name counts for a little more than a former or a generated one."""
    del place, mention, gazetteer
    weight = _STANDING.get(name.standing, 0.0) + (0.2 if name.language == clues.language else 0.0)
    until = _UNTIL.search(name.how)
    if until and int(until[1]) < LONG_AGO:
        weight -= 2.5  # nobody calls Ivano-Frankivsk "Stanislav" today
    return Evidence("by_spelling", round(weight, 2), name.how)


def by_prominence(place: Place, name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Evidence | None:
    """Last: a city is meant more often than a hamlet, and the centre of an oblast more often than another city."""
    del name, mention, clues
    extent = min(place.extent_km, 12) / 20 if place.kind in SETTLEMENTS else min(place.extent_km, 100) / 150
    if place.is_hromada_centre and place.kind not in ("city", "town"):
        extent += HROMADA_CENTRE
    region = gazetteer.get(place.parent) if place.kind == "city" else None
    if region is not None and region.name == place.name:
        extent += 0.8
    return Evidence("by_prominence", round(_PROMINENCE.get(place.kind, 0.0) + extent, 2), place.kind)


EVIDENCE: tuple[Rule, ...] = (
    of_stated_kind,
    in_stated_container,
    in_oblast_of_title,
    in_oblast_just_named,
    near_stated_place,
    on_stated_axis,
    beside_neighbours,
    of_named_city,
    far_from_its_list,
    in_document,
    same_name_elsewhere,
    around_finer_place,
    one_of_many_skies,
    in_theatre,
    in_active_area,
    by_spelling,
    by_prominence,
)


def _evidence_of(link: Link, rule: str, weight: float | None, words: str) -> Evidence:
    return Evidence(rule, weight, words, link.mention.start, link.mention.stop)


def _closeness(place: Place, others: Iterable[Place], rule: str, *, most: float, fading_km: float) -> Evidence | None:
    """How close the closest of the other places lies; units and the Donbas have no spot of their own to be close to."""
    settled = [p for p in others if p.id != place.id and p.kind not in UNITS and p.extent_km <= WIDE_KM]
    if not settled or place.kind in UNITS:
        return None
    closest = min(settled, key=lambda p: distance_km(place, p))
    distance = distance_km(place, closest)
    return Evidence(rule, round(most * exp(-distance / fading_km), 2), f"{closest.name} ({distance:.0f} km)")


def _off_bearing(start: Place, end: Place, bearing: str) -> float:
    """Angle in degrees between the stated bearing and the direction from ``start`` to ``end``."""
    if start.lat is None or start.lon is None or end.lat is None or end.lon is None:
        return 180.0
    east = radians(end.lon - start.lon) * cos(radians(start.lat))
    heading = degrees(atan2(east, radians(end.lat - start.lat)))
    return abs((heading - _BEARINGS[bearing] + 180) % 360 - 180)
