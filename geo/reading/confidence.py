"""How sure the place of a report is: how often places on such grounds were right, as measured."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from geo.model import Place, Resolution
from geo.reference.gazetteer import SETTLEMENTS

# What the text itself says of where a place lies or what sort it is; fame and spelling are no such word.
_TOLD = ("of_stated_kind", "in_stated_container", "near_stated_place", "on_stated_axis", "beside_neighbours")
_TOLD_LEAST = 1.0  # log-odds
_CLEAR_MARGIN, _NARROW_MARGIN = 2.0, 1.0  # log-odds

Ground = Callable[[Place, Resolution], bool]


def wide_unit(place: Place, resolution: Resolution) -> bool:
    """An oblast, a raion, a river, an axis, a site: named as such."""
    del resolution
    return place.kind not in SETTLEMENTS


def others_refused(place: Place, resolution: Resolution) -> bool:
    """The text contradicts every other place of the name."""
    del place
    return resolution.margin is None and len(resolution.candidates) > 1


def alone_and_told(place: Place, resolution: Resolution) -> bool:
    """The only place of its name, and the text says something that fits it."""
    return resolution.margin is None and _is_told(place, resolution)


def alone_city(place: Place, resolution: Resolution) -> bool:
    """The only place of its name, a city or a town."""
    return resolution.margin is None and place.kind in ("city", "town")


def alone_village(place: Place, resolution: Resolution) -> bool:
    """The only place of its name, and nothing in the text that speaks for it."""
    del place
    return resolution.margin is None


def clear_margin(place: Place, resolution: Resolution) -> bool:
    """Other places of the name fit far worse."""
    del place
    return (resolution.margin or 0.0) >= _CLEAR_MARGIN


def fair_margin(place: Place, resolution: Resolution) -> bool:
    """Other places of the name fit worse."""
    del place
    return (resolution.margin or 0.0) >= _NARROW_MARGIN


def narrow_margin(place: Place, resolution: Resolution) -> bool:
    """Another place of the name fits nearly as well."""
    del place, resolution
    return True


GROUNDS: tuple[Ground, ...] = (
    wide_unit,
    others_refused,
    alone_and_told,
    alone_city,
    alone_village,
    clear_margin,
    fair_margin,
    narrow_margin,
)
WIDER_AREA = "wider_area"  # the place itself is not known: the report stands at what the text names around it


def ground_of(place: Place, resolution: Resolution, fallback: str | None) -> str:
    """Return the name of the first ground that holds; a report at a wider area stands on that alone."""
    return WIDER_AREA if fallback else next(g.__name__ for g in GROUNDS if g(place, resolution))


def confidence(place: Place, resolution: Resolution, fallback: str | None) -> float:
    """Return the measured probability that a report's place is right, within its radius."""
    measured = _measured()[ground_of(place, resolution, fallback)]
    return smoothed(measured["right"], measured["judged"])


def smoothed(right: int, judged: int) -> float:
    """Return a share that a small sample does not drive to certainty: one more right, one more wrong (Laplace)."""
    return round((right + 1) / (judged + 2), 3)


def _is_told(place: Place, resolution: Resolution) -> bool:
    chosen = next(c for c in resolution.candidates if c.place.id == place.id)
    return sum(e.weight or 0.0 for e in chosen.evidence if e.rule in _TOLD) >= _TOLD_LEAST


@cache
def _measured() -> dict[str, dict[str, int]]:
    return tomllib.loads(Path(__file__).with_name("confidence.toml").read_text(encoding="utf-8"))
