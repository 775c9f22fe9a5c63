"""Outlines of raions and oblasts, computed from where the settlements of the register stand.

    python -m geo.curation.outlining [GAZETTEER]

Nobody publishes today's borders of raions under a licence that fits, and Natural Earth's oblasts are too coarse: some 150
settlements lie outside the country itself.  So each settlement gets the land that is nearer to it than to any other, and
a raion is the land of its settlements.  That is a good guess, not an official border.

Read: ``places/*.csv`` (positions that are checked or unchecked; those of ``places_osm/`` are left out, so that nothing
computed falls under the ODbL), ``outlines/naturalearth/*.geojson`` and ``outlines/rivers.csv``.  Written: ``outlines/*.geojson``.
The same input gives the same bytes.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo import kinds
from geo.curation.curated import Curated, Row, features
from geo.curation.thinning import shared, thinned
from geo.paths import bundled
from geo.reference.gazetteer import SETTLEMENTS
from geo.reference.outlines import DECIMALS, MOST_VERTICES, tidy

Areas = dict[str, BaseGeometry]  # by id of the unit
Array = np.ndarray[Any, Any]

COMPUTED, NATURAL = "computed", "naturalearth"  # keys of sources.toml
GRID = 10.0**-DECIMALS
# Kilometres; conformal, so that nearer stays nearer, and true to 0.3 % between 44 and 53° N.
PLANE = "+proj=lcc +lat_1=46 +lat_2=51 +lat_0=48.5 +lon_0=31.5 +datum=WGS84 +units=km"
AROUND_KM = 1.5  # how far a border reaches beyond a settlement outside Natural Earth's: half a village and its error
LEAST_AREA = 4.5  # square kilometres: a zigzag between two villages that says nothing
SLIVER = 0.5  # square kilometres: a face this small lies between two drawings of one line
LEAST_DETAIL = 0.25  # square kilometres, of the country's own border on the base map


class Outlines(NamedTuple):
    """What is computed: areas in WGS 84, and what had to be done for them."""

    raions: Areas
    oblasts: Areas
    reported: Areas  # oblasts with few enough vertices for a report
    country: BaseGeometry
    widened_for: list[tuple[str, float]]  # settlements outside Natural Earth's country, kilometres


def settlements(curated: Curated) -> list[Row]:
    """Return the register's settlements that lie in a raion and whose position is more than an estimate."""
    rows = (row for row in curated.rows("places") if row["kind"] in SETTLEMENTS and row["katottg"])
    return [row for row in rows if row["raion"] and row["position"] != "estimated"]


def computed(rows: Sequence[Row], natural: Mapping[str, BaseGeometry]) -> Outlines:
    """Return the outlines of the raions of ``rows`` and of their oblasts.

    ``natural`` holds Natural Earth's first-level units of the country, by id.  Those without a raion (Kyiv, Sevastopol)
    keep their outline, which is cut out of their neighbours.
    """
    spots = on_plane(_spots(rows))
    oblast_of = {row["raion"]: row["parent"] for row in rows}
    cities = {unit: area for unit, area in natural.items() if unit not in set(oblast_of.values())}
    whole = _whole(natural.values())
    country, away = _widened(whole, spots)
    fine = _units(rows, spots, country, cities)
    checked = spots[[row["position"] == "checked" for row in rows]]
    raions = _thin(fine, checked, LEAST_AREA)
    oblasts = dissolved(raions, oblast_of)
    outside = [(row["id"], round(float(km), 1)) for row, km in zip(rows, away, strict=True) if km > 0]
    return Outlines(
        {unit: area for unit, area in raions.items() if unit in oblast_of},
        oblasts,
        _thin(oblasts, checked, LEAST_AREA),
        _thin({"": dissolved(fine, dict.fromkeys(fine, ""))[""]}, [], LEAST_DETAIL, most_vertices=sys.maxsize)[""],
        sorted(outside),
    )


def dissolved(areas: Areas, unit_of: Mapping[str, str]) -> Areas:
    """Join areas by the unit above them; one without a unit stays as it is."""
    above = {area: unit_of.get(area, area) for area in areas}
    joined = {unit: [areas[area] for area in areas if above[area] == unit] for unit in sorted(set(above.values()))}
    return {unit: shapely.coverage_union_all(parts) for unit, parts in joined.items()}


def _spots(rows: Iterable[Row]) -> Array:
    return shapely.points([(float(row["lon"]), float(row["lat"])) for row in rows])


def _whole(units: Iterable[BaseGeometry]) -> BaseGeometry:
    """Join units whose borders were drawn apart: the gaps between them are nobody's."""
    joined = shapely.union_all(list(units), grid_size=GRID)
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(joined)])


def _widened(country: BaseGeometry, spots: Array) -> tuple[BaseGeometry, Array]:
    """Return the country with every spot in it, and how far outside (km) each of them was."""
    plane = on_plane([country])[0]
    away = shapely.distance(plane, spots)
    ways = shapely.shortest_line(plane, spots[away > 0])
    return _whole(on_globe([plane, *shapely.buffer(ways, AROUND_KM, quad_segs=4)])), away


def _units(rows: Sequence[Row], spots: Array, country: BaseGeometry, cities: Areas) -> Areas:
    """Return raions and cities as a coverage of the country in WGS 84, every corner on the grid of four decimals.

    All borders become one net, whose faces are then given to the unit that they lie in: so neighbours share corners.
    """
    raion_of = np.array([row["raion"] for row in rows])
    around = shapely.box(*shapely.bounds(on_plane([country])[0])).buffer(100)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=around, ordered=True))
    raions = [shapely.coverage_union_all(cells[raion_of == raion]) for raion in sorted(set(raion_of))]
    drawn = [area.boundary for area in (*on_globe(raions), country, *cities.values())]
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(drawn, grid_size=GRID))))
    middles = shapely.point_on_surface(faces)
    owners = raion_of[shapely.STRtree(spots).nearest(on_plane(middles))].astype(object)
    for city, area in cities.items():
        owners[shapely.contains(area, middles)] = city
    owners[~shapely.contains(country, middles)] = ""
    _give_slivers_away(faces, owners)
    return {unit: shapely.coverage_union_all(faces[owners == unit]) for unit in sorted(set(owners) - {""})}


def _give_slivers_away(faces: Array, owners: Array) -> None:
    """Give each sliver to the owner of the face with which it shares most of its border."""
    sizes = shapely.area(on_plane(faces))
    tree = shapely.STRtree(faces)
    for number in np.flatnonzero((sizes < SLIVER) & (owners != "")):
        beside = [other for other in tree.query(faces[number], "touches") if sizes[other] >= SLIVER and owners[other]]
        along = [shapely.intersection(faces[number].boundary, faces[other].boundary).length for other in beside]
        if any(along):
            owners[number] = owners[beside[int(np.argmax(along))]]


def _thin(areas: Areas, spots: Iterable[BaseGeometry], least_area: float, most_vertices: int = MOST_VERTICES) -> Areas:
    plane = on_plane(list(areas.values()))
    thin = thinned(plane, list(spots), most_vertices=most_vertices, least_area=least_area)
    return dict(zip(areas, map(tidy, on_globe(thin)), strict=True))


def on_plane(shapes: Iterable[BaseGeometry]) -> Array:
    """Project from WGS 84 to kilometres."""
    return np.array(GeoSeries(list(shapes), crs=4326).to_crs(PLANE), dtype=object)


def on_globe(shapes: Iterable[BaseGeometry]) -> Array:
    """Project from kilometres to WGS 84."""
    return np.array(GeoSeries(list(shapes), crs=PLANE).to_crs(4326), dtype=object)


# --- the base map ----------------------------------------------------------------------------------------------------


def inner_lines(areas: Areas, unit_of: Mapping[str, str]) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the borders between units, and those between areas of one unit, each segment once."""
    ids = list(areas)
    between: list[Any] = []
    within: list[Any] = []
    for segment, numbers in shared(areas.values()):
        if len(numbers) == 2:
            one, other = (unit_of.get(ids[number], ids[number]) for number in numbers)
            (within if one == other else between).append(segment)
    return _lines(between), _lines(within)


def _lines(segments: Sequence[Any]) -> BaseGeometry:
    merged = shapely.line_merge(shapely.multilinestrings([list(segment) for segment in segments]))
    return shapely.multilinestrings(sorted(shapely.get_parts(merged), key=lambda line: line.coords[:]))


def main(folder: Path) -> None:
    """Compute the outlines of a gazetteer and write them into it."""
    for path, text in written(folder).items():
        path.write_text(text, encoding="utf-8")
        print(f"{path}  {len(text.encode()):,} bytes")


def written(folder: Path) -> dict[Path, str]:
    """Return what the files of outlines must hold."""
    raise NotImplementedError


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("gazetteer"))
