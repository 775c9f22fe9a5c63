"""The shape that a report has on the map, by how precisely its place is known.

A spot is a point; a district or region is its outline; an axis is a wide soft band around the settlements that it runs
through, which nobody can read as a front line, and so is a river; a country, or an area without an outline (a hromada,
a sea), has no shape at all.  The outlines are computed by ``geo/curation/outlining.py``.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry

from geo.errors import BrokenCuratedData
from geo.reference.gazetteer import Gazetteer

POINTS = frozenset({"site", "settlement", "near"})
DECIMALS = 4  # about 11 m: we map settlements, not houses
MOST_VERTICES = 60  # of one band; the outlines of the gazetteer keep to the same

_NOT_OURS = ("basemap_", "countries")
BAND_KM = 8.0  # on each side of the settlements of an axis: wider than any day's advance, so no edge looks exact
_KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6371.0088 km


class Outline(NamedTuple):
    """A shape with the keys of the sources that it was drawn from, besides the source of the place itself."""

    geometry: BaseGeometry
    sources: tuple[str, ...]


def outline(
    place_id: str, precision: str, lat: float | None, lon: float | None, gazetteer: Gazetteer | None
) -> Outline | None:
    """Return the shape of a report at a place, or None if there is none to draw.

    The shape is in WGS 84 with longitude first, rounded to four decimals, its rings by the right-hand rule of RFC 7946.
    A point needs no further source than the place's own. Without a gazetteer only points have a shape.

    Raises ``BrokenCuratedData`` if an outline of the gazetteer cannot be read.
    """
    if precision in POINTS:
        return None if lat is None or lon is None else Outline(Point(round(lon, DECIMALS), round(lat, DECIMALS)), ())
    if precision == "country" or gazetteer is None:
        return None
    return drawn(gazetteer.folder).get(place_id) or (_axis(place_id, gazetteer) if precision == "line" else None)


def drawn(folder: Path) -> dict[str, Outline]:
    """Return every outline of the gazetteer in ``folder`` by place id, countries left out.

    They are the features of ``outlines/*.geojson`` (not of ``basemap_*``, which is only drawn below): property ``id``
    names the place, property ``source``, or else the collection's, the source; without either it is the place's own.
    """
    files = [p for p in sorted((folder / "outlines").glob("*.geojson")) if not p.name.startswith(_NOT_OURS)]
    return {place_id: shape for path in files for place_id, shape in _read(path, path.stat().st_mtime_ns).items()}


def band(spots: Sequence[tuple[float, float]], width_km: float = BAND_KM) -> BaseGeometry:
    """Return the soft shape that holds every spot (lat, lon) with about ``width_km`` around it.

    It is their convex hull, widened: the order of the spots does not matter, and it has at most 60 vertices.
    """
    spots = sorted(spots)
    lat, lon = (sum(axis) / len(spots) for axis in zip(*spots, strict=True))
    east = _KM_PER_DEGREE * cos(radians(lat))  # a plane is good enough: an axis spans less than a degree
    plane = MultiPoint([((o - lon) * east, (a - lat) * _KM_PER_DEGREE) for a, o in spots])
    wide = _thinned(plane.convex_hull.buffer(width_km, quad_segs=6))
    return tidy(shapely.transform(wide, lambda xy: xy / [east, _KM_PER_DEGREE] + [lon, lat]))


def tidy(area: BaseGeometry) -> BaseGeometry:
    """Round the coordinates and turn outer rings counter-clockwise, holes clockwise (RFC 7946, section 3.1.6)."""
    rounded = shapely.transform(area, lambda xy: xy.round(DECIMALS) + 0.0)  # + 0.0: no "-0.0"
    return shapely.orient_polygons(rounded)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> dict[str, Outline]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        everywhere = collection.get("source")
        return {str(f["properties"]["id"]): _outline_of(f, everywhere) for f in collection["features"] if f["geometry"]}
    except OSError as error:
        raise BrokenCuratedData(f"{path}: {error.strerror}; restore the file") from error
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        remedy = "each feature needs a geometry and the property `id` of its place"
        raise BrokenCuratedData(f"{path}: not a readable set of outlines ({error!r}); {remedy}") from error


def _outline_of(feature: dict[str, Any], everywhere: str | None) -> Outline:
    source = feature["properties"].get("source") or everywhere
    return Outline(tidy(shape(feature["geometry"])), (source,) if source else ())


def _axis(place_id: str, gazetteer: Gazetteer) -> Outline | None:
    axis = gazetteer.get(place_id)
    settlements = [place for i in axis.through if (place := gazetteer.get(i))] if axis else []
    spots = [(p.lat, p.lon) for p in settlements if p.lat is not None and p.lon is not None]
    if axis is None or not spots:
        return None
    return Outline(band(spots), tuple(sorted({axis.source, *(p.source for p in settlements)} - {""})))


def _thinned(area: BaseGeometry) -> BaseGeometry:
    """Simplify until few enough vertices are left, starting from 50 m."""
    tolerance_km = 0.05
    thin = area
    while shapely.get_num_coordinates(thin) > MOST_VERTICES:
        thin = area.simplify(tolerance_km)
        tolerance_km *= 2
    return thin
