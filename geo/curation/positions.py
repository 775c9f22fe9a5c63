"""Whether places stand where they belong: points in their regions, namesakes apart, outlines that hold."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.curation.curated import DEGREES, Curated, Problem, Row, line_of, of_file, shown
from geo.reference.gazetteer import SETTLEMENTS

MOST_VERTICES = 60  # of an outline that reports carry (the report contract)
FAR_KM = 300  # beyond its region's own extent, where no outline tells more
SAME_SPOT_KM = 0.3  # two namesakes closer than this are one place entered twice
_KM_PER_DEGREE = 111.195


def points_lie_in_their_region(curated: Curated) -> Iterator[Problem]:
    """Find points outside their region's outline: swapped, mistyped, or a namesake's.

    ``theatre.toml`` states how far outside is no fault (the outlines are coarse), and gives each exception's reason.
    """
    if not curated.theatre:
        return  # missing or unreadable, which is said already
    tolerance = curated.theatre.get("tolerance", {})
    most_km = float(tolerance.get("outside_outline_km", 0))
    exceptions = tolerance.get("exceptions", {})
    needless = set(exceptions)
    for parent, rows in _placed_by_parent(curated).items():
        outline = curated.fine_outlines.get(parent)
        if outline is None:
            yield from _far_from_region(curated.places.get(parent), rows, exceptions)
            needless -= {row["id"] for row in rows}
            continue
        spots = [(float(row["lon"]), float(row["lat"])) for row in rows]
        inside = shapely.intersects_xy(outline, [x for x, _ in spots], [y for _, y in spots])
        for row, spot in ((r, s) for r, s, held in zip(rows, spots, inside, strict=True) if not held):
            if (outside_km := _distance_km(outline, *spot)) <= most_km:
                continue
            needless.discard(row["id"])
            if row["id"] not in exceptions:
                yield _outside(row, parent, outside_km, outline, most_km)
    path = curated.folder / "theatre.toml"
    for place_id in sorted(needless):
        what = f"the exception {place_id!r} is {'not needed' if place_id in curated.places else 'no place id'}"
        yield Problem(shown(path), line_of(path, place_id), what, "remove it from [tolerance.exceptions]")


def points_lie_in_their_raion(curated: Curated) -> Iterator[Problem]:
    """Find points in another raion than their own: mostly that of a namesake in the same oblast.

    The outlines of raions are computed and nominal, so the tolerance is that of regions; an estimated point is none.
    """
    if not curated.theatre:
        return
    tolerance = curated.theatre.get("tolerance", {})
    most_km = float(tolerance.get("outside_outline_km", 0))
    for row in curated.rows("places", "places_osm", "sites"):
        outline = curated.raion_outlines.get(row["raion"])
        region = curated.fine_outlines.get(row["parent"])
        if outline is None or region is None or row["position"] == "estimated" or not _is_placed(row):
            continue
        lat, lon = _spot(row)
        outside_km = _distance_km(outline, lon, lat)
        if outside_km <= most_km or row["id"] in tolerance.get("exceptions", {}):
            continue
        if _distance_km(region, lon, lat) <= most_km:  # else that is said already
            what = f"the point lies {outside_km:.0f} km outside {row['raion']} (up to {most_km:.0f} is no fault)"
            yield row.problem(what, "look for a namesake's position, or correct the raion")


def _placed_by_parent(curated: Curated) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in curated.rows("places", "places_osm", "sites", "regions"):
        if _is_placed(row):
            found[row["id"] if row["kind"] == "region" else row["parent"]].append(row)
    return found


def _is_placed(row: Row) -> bool:
    return bool(DEGREES.fullmatch(row["lat"]) and DEGREES.fullmatch(row["lon"]))


def _outside(row: Row, parent: str, outside_km: float, outline: BaseGeometry, most_km: float) -> Problem:
    if shapely.intersects_xy(outline, float(row["lat"]), float(row["lon"])):
        todo = f"they are swapped: write lat {row['lon']} and lon {row['lat']}"
        return row.problem(f"lat {row['lat']}, lon {row['lon']} lies outside {parent}", todo)
    what = f"the point lies {outside_km:.0f} km outside {parent} (up to {most_km:.0f} is no fault)"
    return row.problem(what, "look for a namesake's position or a typing error")


def _far_from_region(region: Row | None, rows: Sequence[Row], exceptions: Iterable[str]) -> Iterator[Problem]:
    """Find points far beyond the extent of a region without an outline, above all if swapping brings them home."""
    if region is None or not _is_placed(region):
        return
    middle = (float(region["lat"]), float(region["lon"]))
    most_km = FAR_KM + 3 * float(region["extent_km"] or 0)
    for row in rows:
        lat, lon = float(row["lat"]), float(row["lon"])
        away_km = spots_apart_km(middle, (lat, lon))
        if away_km <= most_km or row["id"] in exceptions:
            continue
        swapped = spots_apart_km(middle, (lon, lat)) <= most_km
        todo = f"they are swapped: write lat {row['lon']} and lon {row['lat']}" if swapped else "correct lat and lon"
        what = f"lat {row['lat']}, lon {row['lon']} lies {away_km:.0f} km from the middle of {region['id']}"
        yield row.problem(what, todo)


def _distance_km(area: BaseGeometry, lon: float, lat: float) -> float:
    """Distance to an area on a local plane; good to a percent over tens of kilometres."""
    near = shapely.shortest_line(area, shapely.Point(lon, lat)).coords
    (x, y), (u, v) = near[0], near[-1]
    return hypot((x - u) * cos(radians(lat)), y - v) * _KM_PER_DEGREE


def namesakes_stand_apart(curated: Curated) -> Iterator[Problem]:
    """Find two settlements at one point, and namesakes so close that one place was entered twice."""
    known: dict[tuple[str, str], list[Row]] = defaultdict(list)
    points: dict[tuple[str, str], Row] = {}
    for row in curated.rows("places", "places_osm"):
        if row["kind"] not in SETTLEMENTS or row["position"] == "estimated" or not _is_placed(row):
            continue
        other = points.setdefault((row["lat"], row["lon"]), row)
        if other is not row:
            what = f"{row['id']!r} has the point of {other['id']!r} ({other.file}:{other.line})"
            yield row.problem(what, "find its own position, or mark it estimated")
            continue
        for other in known[row["parent"], row["name"]]:
            if (apart_km := spots_apart_km(_spot(row), _spot(other))) < SAME_SPOT_KM:
                what = f"{row['name']} stands already {apart_km:.1f} km away in {other.file}:{other.line}"
                yield row.problem(what, "remove one of the two rows")
        known[row["parent"], row["name"]].append(row)


def _spot(row: Row) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


def spots_apart_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two spots (lat, lon) on a local plane, the short way round the globe."""
    east = (a[1] - b[1] + 180) % 360 - 180
    return hypot(a[0] - b[0], east * cos(radians(a[0]))) * _KM_PER_DEGREE


def outlines_hold(curated: Curated) -> Iterator[Problem]:
    """Require valid shapes of known places, longitude first, and few vertices where reports carry them."""
    for path in sorted((curated.folder / "outlines").glob("*.geojson")):
        try:
            collection = json.loads(path.read_text(encoding="utf-8"))
            features = collection["features"]
        except (ValueError, KeyError, TypeError) as error:
            yield of_file(path, f"it is no GeoJSON collection ({error})", "restore the file, or export it again")
            continue
        if (source := collection.get("source")) not in curated.sources and curated.sources:
            yield of_file(path, f"the source of the collection is {source!r}", "name a source of sources.toml")
        elif curated.sources and "outlines" not in curated.sources[source].get("allowed_in", ()):
            yield of_file(path, f"source {source!r} is not allowed in outlines", "allow it there, or use another")
        for number, feature in enumerate(features, 1):
            yield from _outline_problems(curated, path, number, feature)


def _outline_problems(curated: Curated, path: Path, number: int, feature: dict[str, Any]) -> Iterator[Problem]:
    place_id = (feature.get("properties") or {}).get("id")
    line = line_of(path, f'"id":"{place_id}"') if place_id else 1
    named = f"outline {number} ({place_id})" if place_id else f"outline {number}"
    if place_id is not None and place_id not in curated.places:
        yield Problem(shown(path), line, f"{named} belongs to no place", curated.nearest(str(place_id)))
    if place_id is None and not path.name.startswith("basemap_"):
        yield Problem(shown(path), line, f"{named} has no id", "add the property id of its place")
    if feature.get("geometry") is None:
        return
    try:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    except shapely.errors.ShapelyError as error:
        yield Problem(shown(path), line, f"{named} is no geometry ({error})", "export it again as GeoJSON")
        return
    if not shapely.is_valid(shape):
        todo = "draw it again so that its border does not cross itself"
        yield Problem(shown(path), line, f"{named} is no simple shape: {shapely.is_valid_reason(shape)}", todo)
    count = int(shapely.get_num_coordinates(shape))
    if count > MOST_VERTICES and not path.name.startswith(("basemap_", "countries")):
        yield Problem(shown(path), line, f"{named} has {count} vertices", f"simplify it to {MOST_VERTICES} or fewer")
    west, south, east, north = shapely.bounds(shape)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        yield Problem(shown(path), line, f"{named} leaves the globe", "write longitude before latitude, in degrees")
