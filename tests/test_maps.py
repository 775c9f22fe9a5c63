"""The map: what the browser gets, the base map with its names, and the map that is saved as one file."""

import gzip
import json
import re
from base64 import b64decode
from html import escape

import folium
import numpy as np
import pytest

from geo.dataset.store import load_dataset
from geo.dataset.tables import events_table
from geo.model import COARSE
from geo.paths import bundled
from geo.reference.gazetteer import Gazetteer
from geo.view import base_map, columns, maps, page
from tests.reports import make_reports


@pytest.fixture(scope="module")
def events(gazetteer):
    return events_table(make_reports(600), gazetteer)


@pytest.fixture(scope="module")
def packed(events):
    return columns.pack(events)


@pytest.fixture(scope="module")
def saved(events):
    return maps.draw(events).get_root().render()


def unpacked(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Read a column file as ``assets/columns.js`` does."""
    raw = gzip.decompress(data)
    length = int.from_bytes(raw[:4], "little")
    header, at = json.loads(raw[4 : 4 + length]), 4 + length
    arrays = {}
    for name, kind, base in header["columns"]:
        size = int(kind[1]) * header["rows"]
        planes = np.frombuffer(raw, dtype="u1", count=size, offset=at).reshape(int(kind[1]), -1)
        array = np.ascontiguousarray(planes.T).view(f"<{kind}").ravel()
        arrays[name] = array if not base else array.cumsum(dtype=kind) if base == "before" else array + arrays[base]
        at += size
    assert at == len(raw)
    for name, digits in header["digits"].items():
        sizes = [size for _, size in digits]
        arrays |= zip([digit for digit, _ in digits], np.unravel_index(arrays.pop(name), sizes), strict=True)
    return header, arrays


# --- the columns -----------------------------------------------------------------------------------------------------


def test_the_columns_hold_every_report_in_the_order_of_the_table(events, packed):
    """Row numbers are positions in the table; days count from the first day of the data."""
    header, arrays = unpacked(packed)
    first = np.datetime64(header["first_day"])

    assert header["rows"] == len(events)
    assert (first + arrays["day"] == events["date"].to_numpy().astype("datetime64[D]")).all()
    assert (first + arrays["day_end"] == events["date_end"].to_numpy().astype("datetime64[D]")).all()
    assert [header["kinds"][code]["id"] for code in arrays["kind"]] == events["kind"].tolist()
    for who in ("actor", "claimant"):
        sides = events[f"{who}_side"].fillna("none").tolist()
        assert [header["sides"][code]["id"] for code in arrays[who]] == sides
    assert [header["statuses"][code]["id"] for code in arrays["status"]] == events["status"].tolist()
    assert [header["spots"]["precision"][code] for code in arrays["spot"]] == events["precision"].tolist()


def test_like_rows_take_no_room():
    """A report more of the same day, place and kind costs next to nothing: a million fit into two megabytes."""
    events = events_table(make_reports(20))
    one, many = (len(columns.pack(events.iloc[[0] * number].reset_index(drop=True))) for number in (1, 10_000))

    assert many - one < 500


def test_a_report_without_a_day_of_publication_is_never_in_a_window_of_publication(events, packed):
    """It stands beyond every window, and is not taken for the first day."""
    _, arrays = unpacked(packed)
    unknown = events["published"].isna().to_numpy()

    assert unknown.any()
    assert (arrays["published"][unknown] == columns.NEVER).all()


def test_no_words_of_a_digest_are_sent_with_the_columns(events, packed):
    """Quotes are read from the store when they are asked for; hostile text has no way in."""
    text = gzip.decompress(packed).decode("utf-8", "ignore")

    assert not [quote for quote in events["quote"] if json.dumps(quote, ensure_ascii=False)[1:-1] in text]


def test_the_same_table_gives_the_same_bytes(events, packed):
    """The name of the file is a hash of it."""
    assert columns.pack(events) == packed


def test_coarse_places_are_areas_and_never_spots(packed):
    """A region, a district and a line have an area; a settlement has none; a country is nowhere on the map."""
    spots = unpacked(packed)[0]["spots"]

    for precision, area, lat in zip(spots["precision"], spots["area"], spots["lat"], strict=True):
        assert (area >= 0) == (precision in COARSE - {"country"})
        assert (lat is None) == (precision == "country")


def test_an_area_has_its_outline_and_its_words_inside(packed):
    """A direction is soft; without an outline a round area of its radius stands for it."""
    areas = {area["id"]: area for area in unpacked(packed)[0]["areas"]}

    assert areas["donetsk"]["name"] == "Donetsk oblast"
    assert areas["donetsk"]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert areas["donetsk"]["soft"] is False
    soft = [area for area in areas.values() if area["soft"]]
    assert soft
    assert all(area["geometry"] or area["radius_km"] > 0 for area in soft)


def test_no_position_is_moved(events, packed):
    """Every spot stands exactly where the table has it: no jitter."""
    spots = unpacked(packed)[0]["spots"]
    known = set(zip(events["lat"], events["lon"], strict=True))

    assert {at for at in zip(spots["lat"], spots["lon"], strict=True) if at[0] is not None} <= known


def test_reports_of_one_place_share_a_spot_unless_their_precision_differs(packed):
    """In Pokrovsk and near Pokrovsk are two spots: one is a symbol, one a ring."""
    spots = unpacked(packed)[0]["spots"]
    at = {p for p, name in zip(spots["precision"], spots["name"], strict=True) if name == "Pokrovsk"}

    assert at == {"settlement", "near"}


def test_the_mask_is_one_bit_a_row():
    """Most significant first, as the browser reads it; None lets everything through."""
    assert maps.mask([True, True, True]) is None
    assert b64decode(maps.mask([True, False, False, False, False, False, False, True, True])) == bytes([0x81, 0x80])


def test_coverage_counts_the_digests_of_each_day(packed):
    """One number a day from the first to the last, by either date."""
    header, _ = unpacked(packed)

    assert set(header["coverage"]) == {"event", "published"}
    assert len(header["coverage"]["event"]) == header["days"]
    assert sum(header["coverage"]["event"]) > 0


def test_an_empty_table_can_be_shown(events):
    """A dataset without a report is a decent page too."""
    header, arrays = unpacked(columns.pack(events.iloc[:0]))

    assert header["rows"] == 0
    assert all(len(array) == 0 for array in arrays.values())
    assert page.span(events.iloc[:0])


# --- the base map ----------------------------------------------------------------------------------------------------


def test_villages_are_named_around_reports_only(events):
    """Cities and towns of the whole theatre, villages within 25 km of a report."""
    named = base_map.labels(events)
    kyiv = [row for row in named if row["rank"] == 5 and abs(row["lat"] - 50.45) < 0.3 and abs(row["lon"] - 30.5) < 0.3]

    assert {row["rank"] for row in named} == {0, 1, 2, 3, 4, 5}
    assert not kyiv  # nothing is reported there
    assert [row["rank"] for row in named] == sorted(row["rank"] for row in named)


def test_around_each_report_there_are_names_enough(events):
    """At least eight places can be named within the reach of a map at zoom 10 (some 25 km)."""
    named = np.array([[row["lat"], row["lon"]] for row in base_map.labels(events)])
    spots = events[~events["precision"].isin(COARSE)][["lat", "lon"]].drop_duplicates()

    for lat, lon in spots.itertuples(index=False):
        squeeze = np.cos(np.radians(lat))
        near = np.hypot(named[:, 0] - lat, (named[:, 1] - lon) * squeeze) * 111.2 <= 25
        assert near.sum() >= 8, (lat, lon)


def test_a_place_whose_position_is_a_guess_is_not_named(events):
    """Its name would stand where the place is not, unless OpenStreetMap knows better."""
    guessed = {p.name for p in [Gazetteer.load().get("kharkiv.kharkiv")] if p and p.position == "estimated"}
    named = {row["name"] for row in base_map.labels(events)}

    assert not guessed & named
    assert "Kharkiv" in named


def test_places_are_named_in_the_language_that_is_spoken(events):
    """By position, as far as they are called otherwise: a Ukrainian place by its own name, a foreign one as is usual."""
    named = base_map.labels(events)
    packed = json.loads(gzip.decompress(base_map.pack(named)))
    called = {packed["labels"][int(index)][0]: name for index, name in packed["names"]["uk"].items()}

    assert [row["name"] for row in named] == [label[0] for label in packed["labels"]]
    assert (called["Kharkiv"], called["Belgorod"]) == ("Харків", "Бєлгород")
    assert not {"Харків", "Бєлгород"} & set(packed["names"]["id"].values())


def test_the_base_map_is_vectors_of_our_own():
    """Land, coast, water, regions and borders, without any address of a tile server."""
    text = gzip.decompress(base_map.pack([])).decode()

    layers = {"far", "coast", "land", "lakes", "rivers", "courses", "raions", "regions", "borders", "labels", "names"}
    assert set(json.loads(text)) == layers
    assert "http" not in text


def test_sources_are_credited_as_far_as_they_are_used(events):
    """The notice and the attribution of every source that the map rests on."""
    lines = base_map.credit_lines(events, [])
    wider = base_map.credit_lines(events, base_map.labels(events))

    assert "Made with Natural Earth" in lines
    assert any("GeoNames" in line for line in lines)
    assert set(lines) <= set(wider)
    assert not any("SpellingUkraine" in line for line in wider)


# --- the map of Folium -----------------------------------------------------------------------------------------------


def test_folium_defines_the_map_and_no_data_is_in_its_script():
    """The page runs this script once; what it shows comes by other ways."""
    made = maps.definition(["Not verified."], ["© <b>Somebody</b>"])

    assert made["id"] == "map_frontline"
    assert "L.map(" in made["script"].replace("\n", "").replace(" ", "")
    assert "<b>" not in made["script"]
    assert len(made["script"]) < 4000


def test_a_saved_map_asks_nobody_for_anything(saved):
    """Leaflet, our layer and the data are in the file: no script, style sheet, image or tile of another host."""
    ours = saved.replace(maps.leaflet("leaflet.js"), "")  # names its own home page, in an attribution that we take off

    assert not re.findall(r"""(?:src|href)\s*=\s*["']?https?:""", ours)
    assert not re.findall(r"url\(\s*[\"']?https?:", saved)
    assert "tileLayer(" not in saved.split("</script>")[-2]


def test_a_saved_map_says_what_it_is(saved):
    """The notice, the sample strip and the sources stand in the file."""
    assert "Reports as published. Not verified." in saved
    assert "Sample digests: no source" in saved
    assert "Made with Natural Earth" in saved


def test_a_saved_map_holds_the_words_of_its_reports_but_never_as_markup(events, saved):
    """Texts are packed; nothing of a digest stands in the HTML itself."""
    packed = re.search(r'"texts": "([A-Za-z0-9+/=]+)"', saved)
    texts = json.loads(gzip.decompress(b64decode(packed[1])))

    assert [text["quote"] for text in texts] == events["quote"].tolist()
    assert not [q for q in events["quote"] if len(q) > 20 and (q in saved or escape(q) in saved)]


def test_a_saved_map_is_the_same_each_time(events, saved):
    """Folium's random ids are not in it."""
    assert maps.draw(events).get_root().render() == saved


def test_draw_returns_a_folium_map(events):
    """So that whoever uses Python can add layers of their own."""
    drawn = maps.draw(events.iloc[:5])
    folium.Marker((48, 37)).add_to(drawn)

    assert isinstance(drawn, folium.Map)
    assert "L.marker" in drawn.get_root().render()


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "a & b", "\u2028", "{{ x }}"])
def test_json_cannot_leave_its_script(text):
    """Whatever is in it, the element ends where we end it."""
    written = maps.json_in_script({"x": text})

    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == {"x": text}


def test_every_script_that_the_page_needs_is_in_the_package():
    """And Leaflet's own files come from the installed package, with no reference that could not be served."""
    for name in (*maps.SCRIPTS, "component.js", "list.js", "map.css", "page.css", "icon.svg"):
        assert maps.asset(name)
    assert "L.version" in maps.leaflet("leaflet.js") or "1.9.4" in maps.leaflet("leaflet.js")
    assert "url(images/" not in maps.leaflet("leaflet.css")
    assert not [name for name in maps.SCRIPTS if re.search(r"https?://(?!www\.w3\.org)", maps.asset(name))]


def test_the_sample_data_can_be_drawn():
    """The dataset that the page opens with, through the whole way."""
    from geo.build import sample_dataset

    dataset = load_dataset(sample_dataset())
    header, arrays = unpacked(columns.pack(dataset.events, dataset.digests))

    assert header["rows"] == len(dataset.events) == len(arrays["day"])
    assert bundled("gazetteer").is_dir()
