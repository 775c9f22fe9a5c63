"""Outlines of raions and oblasts, computed from where the settlements of the register stand.

    python -m geo.curation.outlining [GAZETTEER]

Nobody publishes today's borders of raions under a licence that fits, and Natural Earth's oblasts are too coarse: some
150 settlements lie outside the country itself.  So each settlement gets the land that is nearer to it than to any
other, and a raion is the land of its settlements.  That is a good guess, not an official border.

Read: ``places/*.csv`` (positions that are checked or unchecked; those of ``places_osm/`` are left out, so that nothing
computed falls under the ODbL), ``outlines/naturalearth/*.geojson``, ``outlines/rivers.csv``, and the land of the base
map.  Written: the other files of ``outlines/``.  The same input gives the same bytes.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo import kinds
from geo.curation.curated import Curated, Row, features
from geo.curation.thinning import shared, thinned
from geo.errors import BrokenCuratedData
from geo.paths import bundled
from geo.reference.gazetteer import SETTLEMENTS
from geo.reference.outlines import DECIMALS, MOST_VERTICES, tidy

Areas = dict[str, BaseGeometry]  # by id of the unit
Array = np.ndarray[Any, Any]
Feature = tuple[dict[str, Any], BaseGeometry]  # properties and shape

COMPUTED, NATURAL = "computed", "naturalearth"  # keys of sources.toml
GRID = 10.0**-DECIMALS
# Kilometres; conformal, so that nearer stays nearer, and true to 0.3 % between 44 and 53° N.
PLANE = "+proj=lcc +lat_1=46 +lat_2=51 +lat_0=48.5 +lon_0=31.5 +datum=WGS84 +units=km"
AROUND_KM = 1.5  # how far a border reaches beyond a settlement outside Natural Earth's: half a village and its error
LEAST_AREA = 4.5  # square kilometres: a zigzag between two villages that says nothing
SLIVER = 0.5  # square kilometres: a face this small lies between two drawings of one line
GAP_KM = 3.0  # as wide as the gaps between Natural Earth's units are, which were thinned one by one
LEAST_DETAIL = 0.25  # square kilometres, of lines that only the base map draws
ASHORE = 0.1  # of a border; the line through the Kerch strait lies in the sea, where no other border is drawn
BESIDE_DEGREES = 0.08  # Natural Earth's border is this near to the widened one
MEET_DEGREES = 0.015  # so far from it end the borders of others, whose corners were thinned apart
RIVER_KM = 5.0  # on each side of a nominal river: it bends that much between two settlements


class Outlines(NamedTuple):
    """What is computed: areas in WGS 84, and what had to be done for them."""

    fine: Areas  # raions and cities before any corner is left out
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
        fine,
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
    return np.asarray(shapely.points([(float(row["lon"]), float(row["lat"])) for row in rows]))


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
    """Return raions and cities as a coverage of the country in WGS 84, every corner on the grid of four decimals."""
    raion_of = np.array([row["raion"] for row in rows])
    around = shapely.box(*shapely.bounds(on_plane([country])[0])).buffer(100)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=around, ordered=True))
    raions = [shapely.coverage_union_all(cells[raion_of == raion]) for raion in sorted(set(raion_of))]
    faces = _faces([*on_globe(raions), country, *cities.values()])
    middles = shapely.point_on_surface(faces)
    owners = raion_of[shapely.STRtree(spots).nearest(on_plane(middles))].astype(object)
    for city, area in cities.items():
        owners[shapely.contains(area, middles)] = city
    owners[~shapely.contains(country, middles)] = ""
    _give_away(faces, owners, (shapely.area(on_plane(faces)) < SLIVER) & (owners != ""))
    return _by_owner(faces, owners)


def closed(areas: Areas) -> Areas:
    """Return areas whose common borders were drawn apart as a coverage: gaps and overlaps have one owner."""
    faces = _faces(areas.values())
    middles = shapely.point_on_surface(faces)
    owners = np.full(len(faces), "", dtype=object)
    for unit, area in areas.items():
        owners[(owners == "") & shapely.contains(area, middles)] = unit
    narrow = shapely.is_empty(shapely.buffer(on_plane(faces), -GAP_KM / 2))
    _give_away(faces, owners, narrow)
    return _by_owner(faces, owners)


def _faces(areas: Iterable[BaseGeometry]) -> Array:
    """Cut all that areas cover into faces along every border: as one net, so that neighbours share each corner."""
    net = shapely.union_all([area.boundary for area in areas], grid_size=GRID)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(net))))


def _give_away(faces: Array, owners: Array, slivers: Array) -> None:
    """Give each sliver to the owner of the face with which it shares most of its border."""
    tree = shapely.STRtree(faces)
    given = owners.copy()
    for number in np.flatnonzero(slivers):
        beside = [k for k in tree.query(faces[number], "touches") if not slivers[k] and owners[k]]
        along = [shapely.intersection(faces[number].boundary, faces[k].boundary).length for k in beside]
        if any(along):
            given[number] = owners[beside[int(np.argmax(along))]]
    owners[:] = given


def _by_owner(faces: Array, owners: Array) -> Areas:
    return {unit: shapely.coverage_union_all(faces[owners == unit]) for unit in sorted(set(owners) - {""})}


def _thin(areas: Areas, spots: Iterable[BaseGeometry], least_area: float, most_vertices: int = MOST_VERTICES) -> Areas:
    plane = on_plane(areas.values())
    thin = thinned(list(plane), list(spots), most_vertices=most_vertices, least_area=least_area)
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


def _lines(segments: Iterable[Any]) -> BaseGeometry:
    merged = shapely.line_merge(shapely.union_all([shapely.LineString(segment) for segment in segments]))
    return shapely.MultiLineString(sorted(shapely.get_parts(merged), key=lambda line: line.coords[:]))


def borders(natural: Iterable[BaseGeometry], country: BaseGeometry, land: BaseGeometry) -> BaseGeometry:
    """Return the borders of countries: those of the computed one are its own, and none is drawn in the open sea."""
    drawn = [line for shape in natural for line in shapely.get_parts(shape)]
    ashore = [line for line in drawn if line.intersection(land).length > line.length * ASHORE]
    known = shapely.union_all(ashore)
    own = country.boundary.intersection(known.buffer(BESIDE_DEGREES))
    others = known.difference(country.buffer(MEET_DEGREES))
    return _lines(part.coords for each in (own, others) for part in shapely.get_parts(each))


# --- rivers ----------------------------------------------------------------------------------------------------------


class River(NamedTuple):
    """A river as a line through settlements on its banks: nominal, not surveyed."""

    id: str  # of its row in sites.csv, if it has one
    name: str
    drawn_by: str  # the source of a better line on the base map, if there is one
    line: BaseGeometry

    def on_base_map(self) -> Feature:
        """Return the line that is drawn where there is no better one."""
        named = {"id": self.id} if self.id else {}
        return {**named, "name": self.name, "nominal": True, "source": COMPUTED}, self.line

    def reported(self) -> Feature:
        """Return the wide soft band that a report of the river carries."""
        plane = on_plane([self.line])[0]
        wide, tolerance_km = plane.buffer(RIVER_KM, quad_segs=2), 0.5
        while shapely.get_num_coordinates(wide) > MOST_VERTICES:
            wide = plane.simplify(tolerance_km).buffer(RIVER_KM, quad_segs=2).simplify(tolerance_km)
            tolerance_km *= 1.5
        return {"id": self.id, "name": self.name, "nominal": True}, tidy(on_globe([wide])[0])


def courses(folder: Path, curated: Curated) -> Iterator[River]:
    """Yield the rivers of ``rivers.csv``.

    Raises ``BrokenCuratedData`` if a river runs through an unknown place, or one of ``places_osm/``.
    """
    path = folder / "outlines" / "rivers.csv"
    banks = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in curated.rows("places") if row["lat"]}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for river in reader:
            through = river["through"].split()
            if unknown := next((place_id for place_id in through if place_id not in banks), None):
                where = f"{path}:{reader.line_num}: {river['name']} runs through {unknown!r}"
                raise BrokenCuratedData(f"{where}, which is no row of places/; {curated.nearest(unknown)}")
            line = shapely.LineString([banks[place_id] for place_id in through])
            yield River(river["id"], river["name"], river["drawn_by"], line)


# --- the files -------------------------------------------------------------------------------------------------------


def written(folder: Path) -> dict[Path, str]:
    """Return what each computed file of ``outlines/`` must hold.

    Raises ``BrokenCuratedData`` if there is nothing to compute from.
    """
    curated = Curated(folder, kinds.FILE)
    rows = settlements(curated)
    country_of = {row["id"]: row["parent"] for row in curated.rows("regions")}
    natural = _natural(folder, "regions")
    if not rows or not natural:
        raise BrokenCuratedData(f"{folder}: no settlements in places/, or no outlines/naturalearth/regions.geojson")
    home = country_of[rows[0]["parent"]]
    found = computed(rows, {unit: area for unit, area in natural.items() if country_of[unit] == home})
    abroad = {unit: tidy(area.difference(found.country)) for unit, area in natural.items() if unit not in found.oblasts}
    lines, raion_lines = inner_lines(found.raions | _cities(found), {row["raion"]: row["parent"] for row in rows})
    lines_abroad, _ = inner_lines(_thin(closed(abroad), [], LEAST_DETAIL, sys.maxsize), {})
    rivers = list(courses(folder, curated))
    land = shapely.union_all([_shape(feature) for feature in features(folder / "outlines" / "basemap_land.geojson")])
    own_source = {unit: COMPUTED for unit in found.oblasts if unit not in _cities(found)}
    countries = _natural(folder, "countries") | {home: _thin({"": found.country}, [], LEAST_AREA, sys.maxsize)[""]}
    widened_for = [f"{place_id} {km}" for place_id, km in found.widened_for]
    texts = {
        "raions": _collection(COMPUTED, _by_id(found.raions, {})),
        "regions": _collection(NATURAL, _by_id(_natural(folder, "regions_coarse") | found.reported, own_source)),
        "rivers": _collection(COMPUTED, (river.reported() for river in rivers if river.id)),
        "countries": _collection(NATURAL, _by_id(countries, {home: COMPUTED}, {home: {"widened_for": widened_for}})),
        "basemap_regions": _collection(NATURAL, _by_id(abroad | found.oblasts, own_source)),
        "basemap_region_lines": _collection(COMPUTED, [({}, lines), ({"source": NATURAL}, lines_abroad)]),
        "basemap_raion_lines": _collection(COMPUTED, [({}, raion_lines)]),
        "basemap_borders": _collection(NATURAL, [({}, borders(_shapes(folder, "borders"), found.country, land))]),
        "basemap_rivers": _collection(
            NATURAL,
            [
                *(({}, line) for line in _shapes(folder, "rivers")),
                *(river.on_base_map() for river in rivers if not river.drawn_by),
            ],
        ),
    }
    return {folder / "outlines" / f"{name}.geojson": text for name, text in texts.items()}


def _cities(found: Outlines) -> Areas:
    """Return the regions that have no raions."""
    with_raions = {raion.split(".")[0] for raion in found.raions}
    return {unit: area for unit, area in found.oblasts.items() if unit not in with_raions}


def _natural(folder: Path, name: str) -> Areas:
    """Return Natural Earth's areas by the id of their unit."""
    path = folder / "outlines" / "naturalearth" / f"{name}.geojson"
    return {str(feature["properties"]["id"]): _shape(feature) for feature in features(path)}


def _shapes(folder: Path, name: str) -> list[BaseGeometry]:
    return [_shape(feature) for feature in features(folder / "outlines" / "naturalearth" / f"{name}.geojson")]


def _shape(feature: Mapping[str, Any]) -> BaseGeometry:
    return shape(feature["geometry"])


def _by_id(
    areas: Areas, source: Mapping[str, str], more: Mapping[str, dict[str, Any]] | None = None
) -> Iterator[Feature]:
    for unit, area in sorted(areas.items()):
        own = {"source": source[unit]} if unit in source else {}
        yield {"id": unit, **own, **(more or {}).get(unit, {})}, area


def _collection(source: str, features: Iterable[Feature]) -> str:
    """Write a collection of GeoJSON, one feature a line."""
    opened = json.dumps({"type": "FeatureCollection", "source": source, "features": []}, separators=(",", ":"))
    lines = (
        {"type": "Feature", "properties": dict(properties), "geometry": mapping(_rounded(geometry))}
        for properties, geometry in features
    )
    told = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return opened.removesuffix("]}") + "\n" + ",\n".join(told) + "\n]}\n"


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: xy.round(DECIMALS) + 0.0)  # + 0.0: no "-0.0"


def main(folder: Path) -> None:
    """Compute the outlines of a gazetteer and write them into it."""
    for path, text in written(folder).items():
        path.write_text(text, encoding="utf-8")
        print(f"{len(text.encode()):>9,} bytes  {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("gazetteer"))
