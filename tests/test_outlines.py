"""Outlines of raions and oblasts: computed from settlements, few corners, shared borders, everybody at home."""

import json
import re

import pytest
import shapely
from shapely.geometry import box, shape

from geo import Gazetteer, kinds
from geo.curation import outlining
from geo.curation.curated import Curated
from geo.curation.thinning import shared, thinned
from geo.errors import BrokenCuratedData
from geo.paths import bundled
from geo.reference.outlines import MOST_VERTICES, outline
from geo.view import base_map

FOLDER = bundled("gazetteer")


@pytest.fixture(scope="module")
def rows():
    return outlining.settlements(Curated(FOLDER, kinds.FILE))


@pytest.fixture(scope="module")
def written():
    return outlining.written(FOLDER)


def shapes_in(name):
    features = json.loads((FOLDER / "outlines" / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["properties"].get("id"): shape(feature["geometry"]) for feature in features}


@pytest.fixture(scope="module")
def raions():
    return shapes_in("raions")


@pytest.fixture(scope="module")
def oblasts(rows):
    """Ukraine's regions, as reports carry them and as they are checked against."""
    own = {row["parent"] for row in rows} | {"kyivcity", "sevastopol"}
    return {
        name: {i: area for i, area in shapes_in(name).items() if i in own} for name in ("regions", "basemap_regions")
    }


# --- the files -------------------------------------------------------------------------------------------------------


def test_the_files_are_what_is_computed(written):
    """The same settlements give the same bytes; whoever corrects a position runs `make outlines`."""
    stale = [path.name for path, text in written.items() if path.read_text(encoding="utf-8") != text]

    assert not stale, "run: python -m geo.curation.outlining"


def test_every_computed_outline_names_its_source(written):
    """Natural Earth, or our own computation from CC BY positions; nothing of OpenStreetMap goes into it."""
    sources = {"computed", "naturalearth"}

    for text in written.values():
        collection = json.loads(text)
        assert {
            collection["source"],
            *(f["properties"].get("source", "computed") for f in collection["features"]),
        } <= sources
        assert not re.search(r"\d\.\d{5}", text)


def test_positions_of_openstreetmap_are_left_out(rows):
    """So that the outlines stay CC BY; estimated positions say nothing about borders either."""
    assert {row["source"] for row in rows} == {"wof", "geonames"} | {row["source"] for row in rows} - {"osm"}
    assert not any("places_osm" in row.file for row in rows)
    assert {row["position"] for row in rows} == {"checked", "unchecked"}


# --- raions and oblasts ----------------------------------------------------------------------------------------------


def test_settlements_lie_in_their_own_raion_and_oblast(rows, raions, oblasts):
    """99.5 % of those whose position is checked; 99 % where a whole oblast is drawn with 60 vertices."""
    checked = [row for row in rows if row["position"] == "checked"]
    spots = shapely.points([(float(row["lon"]), float(row["lat"])) for row in checked])
    wanted = (
        ("raion", raions, 0.995),
        ("parent", oblasts["basemap_regions"], 0.995),
        ("parent", oblasts["regions"], 0.99),
    )

    for unit, areas, share in wanted:
        assert shapely.intersects([areas[row[unit]] for row in checked], spots).mean() >= share


def test_every_raion_and_oblast_has_an_outline(rows, raions, oblasts):
    gazetteer = Gazetteer.load()

    assert raions.keys() == {row["raion"] for row in rows}
    assert len(raions) == 136
    assert {len(areas) for areas in oblasts.values()} == {27}
    assert outline("donetsk.volnovakha-raion", "district", 47.7, 37.2, gazetteer).sources == ("computed",)
    assert outline("donetsk", "region", 48.0, 37.7, gazetteer).sources == ("computed",)
    assert outline("kursk", "region", 51.7, 36.2, gazetteer).sources == ("naturalearth",)
    assert outline("donetsk.vuhledar-hromada", "district", 47.8, 37.2, gazetteer) is None


def test_reports_carry_few_vertices(raions, oblasts):
    counts = shapely.get_num_coordinates([*raions.values(), *oblasts["regions"].values()])

    assert counts.max() <= MOST_VERTICES


def test_neighbours_share_their_border(raions, oblasts):
    """No gap, no overlap: each segment inside the country belongs to exactly two areas."""
    for areas in (raions, *oblasts.values()):
        assert all(shapely.is_valid(list(areas.values())))
        assert shapely.coverage_is_valid(list(areas.values()))
    finest = [*raions.values(), oblasts["basemap_regions"]["kyivcity"], oblasts["basemap_regions"]["sevastopol"]]
    assert shapely.coverage_is_valid(finest)
    assert {len(beside) for _, beside in shared(finest)} == {1, 2}


def test_cities_with_a_region_of_their_own_are_cut_out(oblasts):
    """Kyiv and Sevastopol keep Natural Earth's outline; nothing of it belongs to a neighbour."""
    natural = outlining._natural(FOLDER, "regions")
    fine = oblasts["basemap_regions"]

    for city, neighbour in (("kyivcity", "kyiv"), ("sevastopol", "crimea")):
        overlap = fine[city].intersection(natural[city]).area / fine[city].union(natural[city]).area
        assert overlap > 0.95
        assert fine[city].intersection(fine[neighbour]).area == pytest.approx(0, abs=1e-9)


def test_the_country_is_widened_for_settlements_outside_it_and_says_so(rows, raions):
    """Natural Earth's border leaves some 150 villages abroad."""
    features = json.loads((FOLDER / "outlines" / "countries.geojson").read_text(encoding="utf-8"))["features"]
    told = next(f["properties"]["widened_for"] for f in features if f["properties"]["id"] == "ukraine")
    spots = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in rows}
    own = {row["parent"] for row in rows} | {"kyivcity", "sevastopol"}
    natural = outlining._whole(area for unit, area in outlining._natural(FOLDER, "regions").items() if unit in own)
    outside = [one.split() for one in told]

    assert 100 < len(told) < 250
    assert not any(shapely.intersects_xy(natural, *spots[place_id]) for place_id, km in outside if float(km) > 0.1)
    assert max(float(km) for _, km in outside) < 5
    at_home = [
        shapely.intersects_xy(raions[row["raion"]], *spots[row["id"]]) for row in rows if row["id"] in dict(outside)
    ]
    assert sum(at_home) / len(at_home) > 0.95


def test_crimea_is_part_of_ukraine():
    """On the country's outline and on the base map, where no border runs across Perekop or through the strait."""
    country = shapes_in("countries")["ukraine"]
    borders = shapely.union_all(list(shapes_in("basemap_borders").values()))

    for lat, lon in ((44.95, 34.1), (44.6, 33.5), (45.35, 36.47)):
        assert shapely.intersects_xy(country, lon, lat)
    assert not borders.intersects(box(33.0, 45.9, 34.6, 46.3))  # Perekop
    assert not borders.intersects(box(36.3, 44.8, 36.8, 45.7))  # the Kerch strait


# --- the base map ----------------------------------------------------------------------------------------------------


def test_lines_of_oblasts_are_drawn_once(oblasts):
    """What the base map draws is the very border that two oblasts share, without the coast and the country's border."""
    lines = json.loads((FOLDER / "outlines" / "basemap_region_lines.geojson").read_text(encoding="utf-8"))["features"]
    own = shape(lines[0]["geometry"])
    borders = [area.boundary for area in oblasts["basemap_regions"].values()]

    assert own.length == pytest.approx(
        sum(b.length for b in borders)
        - own.length
        - shapely.union_all(list(oblasts["basemap_regions"].values())).boundary.length,
        rel=1e-6,
    )


@pytest.mark.parametrize("name", ["Siverskyi Donets", "Oskil", "Inhulets", "Pivdennyi Buh", "Desna", "Seym", "Psel"])
def test_rivers_that_reports_name_are_there_and_marked_nominal(name):
    features = json.loads((FOLDER / "outlines" / "basemap_rivers.geojson").read_text(encoding="utf-8"))["features"]
    river = next(f for f in features if f["properties"].get("name") == name)

    assert river["properties"]["nominal"] is True
    assert shape(river["geometry"]).length > 1


def test_a_river_is_reported_as_a_wide_band():
    gazetteer = Gazetteer.load()

    for place_id in ("theatre.oskil-river", "theatre.siverskyi-donets-river", "theatre.dnipro-river"):
        found = outline(place_id, "line", None, None, gazetteer)
        assert found.geometry.geom_type == "Polygon"
        assert shapely.get_num_coordinates(found.geometry) <= MOST_VERTICES
    assert shapely.intersects_xy(outline("theatre.oskil-river", "line", None, None, gazetteer).geometry, 37.62, 49.71)


def test_the_base_map_is_small():
    """All layers together, gzipped, with the names of places; the limit is 400 kB."""
    with_a_name_everywhere = [
        {
            "id": "donetsk.yasna-poliana",
            "name": "Yasna Poliana",
            "local": "Ясна Поляна",
            "lat": 47.88,
            "lon": 37.0303,
            "rank": 5,
        }
    ] * 2000

    assert len(base_map.pack(with_a_name_everywhere)) < 200_000


# --- computing them --------------------------------------------------------------------------------------------------


def test_thinning_keeps_borders_shared_and_settlements_at_home():
    """Two areas with a wavy border between them, and a village in one of its bays."""
    wave = [(5.0, 0.0), (5.5, 1.0), (4.5, 2.0), (6.5, 3.0), (4.5, 4.0), (5.5, 5.0), (5.0, 6.0)]
    west = shapely.Polygon([(0.0, 0.0), *wave, (0.0, 6.0)])
    east = shapely.Polygon([(10.0, 0.0), *wave, (10.0, 6.0)])
    village = shapely.Point(6.3, 3.0)

    thin_west, thin_east = thinned([west, east], [village], most_vertices=99, least_area=3.0)

    assert shapely.coverage_is_valid([thin_west, thin_east])
    assert shapely.get_num_coordinates(thin_west) < shapely.get_num_coordinates(west)
    assert thin_west.intersects(village)
    assert not thin_east.intersects(village)


def test_thinning_goes_on_until_there_are_few_enough_vertices():
    """Also where every corner is worth keeping."""
    ring = shapely.Point(0, 0).buffer(100, quad_segs=64)

    assert shapely.get_num_coordinates(thinned([ring], [], most_vertices=12, least_area=0.0)[0]) == 12


def test_two_drawings_of_one_border_become_one():
    """A gap goes to the neighbour with more of its border, an overlap to the first."""
    one = shapely.Polygon([(30, 50), (31, 50), (31.01, 50.5), (31, 51), (30, 51)])
    other = shapely.Polygon([(32, 50), (31.02, 50), (31.005, 50.5), (31.02, 51), (32, 51)])

    closed = outlining.closed({"one": one, "other": other})

    assert shapely.coverage_is_valid(list(closed.values()))
    assert closed["one"].union(closed["other"]).geom_type == "Polygon"
    assert not shapely.get_num_interior_rings(closed["one"].union(closed["other"]))


def test_a_river_through_an_unknown_place_is_told(tmp_path):
    """With file, line and the id that was probably meant."""
    for name in ("places", "outlines"):
        (tmp_path / name).mkdir()
    place = (FOLDER / "places" / "kharkiv.csv").read_text(encoding="utf-8")
    (tmp_path / "places" / "kharkiv.csv").write_text(place, encoding="utf-8")
    river = "id,name,through,drawn_by,source\n,Oskil,kharkiv.kupiansk kharkiv.oskill,,curated\n"
    (tmp_path / "outlines" / "rivers.csv").write_text(river, encoding="utf-8")

    with pytest.raises(
        BrokenCuratedData, match=r"rivers\.csv:2: Oskil runs through 'kharkiv\.oskill'.*'kharkiv\.oskil'"
    ):
        list(outlining.courses(tmp_path, Curated(tmp_path, kinds.FILE)))
