"""Did you mean …: the names of our own that are spelled most alike.  For people; nothing is ever resolved by it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.errors import WrongUse
from geo.model import Name, Place
from geo.reference import index
from geo.reference.alike import LEAST_ALIKE
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer, distance_km
from geo.reference.names import key

_MOST_KEYS = 500
_UNITS = (" oblast", " krai", " republic", " raion")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may be meant."""

    place: Place
    name: Name
    alike: float  # 1: spelled the same
    near_km: float | None  # from the place that was given


def suggest(
    name: str, gazetteer: Gazetteer, *, near: Place | None = None, region: Place | None = None, most: int = 8
) -> list[Suggestion]:
    """Return the places whose names are spelled most like ``name``: those of the region first, then by likeness.

    The region is that of ``near`` if none is given.
    """
    wanted = region or (gazetteer.region_of(near) if near else None)

    def order(found: Suggestion) -> tuple[bool, float, bool, float, str]:
        elsewhere = wanted is not None and gazetteer.region_of(found.place) != wanted
        return elsewhere, -found.alike, found.place.kind not in SETTLEMENTS, found.near_km or 0.0, found.place.id

    return sorted(_alike(name, gazetteer, near), key=order)[:most]


def _alike(name: str, gazetteer: Gazetteer, near: Place | None) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for spelled, alike, _ in process.extract(
        key(name), _keys(gazetteer), scorer=OSA.normalized_similarity, score_cutoff=LEAST_ALIKE, limit=_MOST_KEYS
    ):
        for found in gazetteer.match(spelled).names:
            if found.place_id not in seen:
                seen.add(found.place_id)
                place = gazetteer.place(found.place_id)
                yield Suggestion(place, found, round(alike, 3), round(distance_km(place, near), 1) if near else None)


def _keys(gazetteer: Gazetteer) -> list[str]:
    """Return every folded spelling that is a whole name, case forms too."""
    compiled, _ = index.opened(gazetteer.folder)
    with closing(compiled):
        return [k for (k,) in compiled.execute("SELECT key FROM names WHERE forms != ''")]


def place_called(text: str, gazetteer: Gazetteer, option: str) -> Place:
    """Return the place with this id or name, of several the largest settlement; raises ``WrongUse`` if none has it."""
    if place := gazetteer.get(text):
        return place
    places = [gazetteer.place(n.place_id) for n in gazetteer.named(text)]
    if not places:
        raise WrongUse(f"{option} {text}: no place has this id or name; `frontline where NAME` shows ids")
    return min(places, key=lambda p: (not p.parent, p.kind not in SETTLEMENTS, -p.extent_km, p.id))


def region_called(text: str, gazetteer: Gazetteer, option: str) -> Place:
    """Return the region with this id or name ("Sumy oblast" too); raises ``WrongUse`` if there is none."""
    bare = next((text[: -len(unit)] for unit in _UNITS if text.lower().endswith(unit)), text)
    known = [gazetteer.get(bare), *(gazetteer.place(n.place_id) for t in (text, bare) for n in gazetteer.named(t))]
    region = next((place for place in known if place and place.kind == "region"), None)
    if region is None:
        raise WrongUse(f"{option} {text}: no region has this id or name; ids stand in gazetteer/regions.csv")
    return region
