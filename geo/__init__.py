"""From a news digest to an honest map: dated, attributed, quoted reports of a war, placed by a curated gazetteer.

    digests → sentences → mentions → resolution → events → store → timeline → map, list, exports

Start reading at ``geo.events``.  Names below are imported when first used, so that reading text needs no pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.dataset.exports import to_csv, to_geojson
    from geo.dataset.store import events_table, load_dataset, load_events, save_dataset
    from geo.dataset.timeline import Filter, between, select, window
    from geo.errors import GeoError
    from geo.events import events_in, read
    from geo.model import Digest, Place, Report, Resolution
    from geo.reference.gazetteer import Gazetteer
    from geo.text.digests import digest_of, read_digest
    from geo.view.maps import draw

__all__ = [
    "Digest",
    "Filter",
    "Gazetteer",
    "GeoError",
    "Place",
    "Report",
    "Resolution",
    "between",
    "digest_of",
    "draw",
    "events_in",
    "events_table",
    "load_dataset",
    "load_events",
    "read",
    "read_digest",
    "save_dataset",
    "select",
    "to_csv",
    "to_geojson",
    "window",
]

_HOMES = {
    "geo.text.digests": ("digest_of", "read_digest"),
    "geo.errors": ("GeoError",),
    "geo.events": ("events_in", "read"),
    "geo.dataset.exports": ("to_csv", "to_geojson"),
    "geo.reference.gazetteer": ("Gazetteer",),
    "geo.view.maps": ("draw",),
    "geo.model": ("Digest", "Place", "Report", "Resolution"),
    "geo.dataset.store": ("events_table", "load_dataset", "load_events", "save_dataset"),
    "geo.dataset.timeline": ("Filter", "between", "select", "window"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'geo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
