"""Places for a person to choose among: whatever is called so in any language, what lies nearest first."""

from typing import NamedTuple

from geo.model import Place
from geo.reference.gazetteer import Gazetteer, distance_km
from geo.reference.names import key

FEWEST_LETTERS = 3  # of a beginning; with fewer only whole names are found
_MOST_KEYS = 400  # spellings that begin so and are looked at


class Found(NamedTuple):
    """A place that is called as somebody typed."""

    place: Place
    km: float | None  # from where the report is now; None: one of the two has no position


def places_called(typed: str, gazetteer: Gazetteer, near: Place | None, most: int = 20) -> list[Found]:
    """Return the places whose name is, or begins, as typed: whole names first, then by distance, then by id."""
    wanted = key(typed)
    if not wanted:
        return []
    keys = gazetteer.keys_from(wanted)[:_MOST_KEYS] if len(wanted) >= FEWEST_LETTERS else []
    whole = {name.place_id for name in gazetteer.named(typed)}
    begun = {name.place_id for each in keys for name in gazetteer.match(each).names}
    found = (Found(place, _km(place, near)) for place in map(gazetteer.place, whole | begun))
    return sorted(found, key=lambda f: (f.place.id not in whole, f.km is None, f.km or 0.0, f.place.id))[:most]


def _km(place: Place, near: Place | None) -> float | None:
    away = distance_km(place, near) if near else float("inf")
    return None if away == float("inf") else away
