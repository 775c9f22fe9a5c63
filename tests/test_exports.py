"""GeoJSON and CSV as other programs read them, and the shapes that they carry."""

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from reports import HOSTILE, make_gazetteer, make_readings, make_reports

from geo.dataset.exports import csv_zip, notice_text, to_csv, to_geojson
from geo.dataset.formats import cells
from geo.dataset.outgoing import export_of
from geo.dataset.provenance import Provenance, Source, provenance_of
from geo.dataset.store import events_table, load_events
from geo.dataset.tables import COLUMNS
from geo.dataset.timeline import Filter
from geo.errors import BrokenCuratedData, WrongUse
from geo.model import COARSE, Quote, Report
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import MOST_VERTICES, band, outline

TESTS = Path(__file__).parent


def about(events: GeoDataFrame, provenance: Provenance, coarse: str = "outline") -> Any:
    """What an export of these rows says of itself."""
    return export_of(events, provenance, coarse=coarse).says


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The gazetteer that the made-up reports are of."""
    return make_gazetteer(tmp_path_factory.mktemp("small") / "gazetteer")


@pytest.fixture(scope="session")
def reports() -> list[Report]:
    """Made-up reports of every precision, in the order of the table."""
    return sorted(make_reports(600), key=lambda r: (r.date, r.digest, r.quote_start, r.id))


@pytest.fixture(scope="session")
def events(reports: list[Report], small: Gazetteer) -> GeoDataFrame:
    """The same reports as a table."""
    return events_table(reports, small)


@pytest.fixture(scope="session")
def provenance(events: GeoDataFrame, small: Gazetteer) -> Provenance:
    """Where their positions and outlines come from."""
    return provenance_of(events, small, {"languages": "0123"})


PLAIN = Report(
    id="kompas.donetsk.yasna-poliana.capture.2024-11-01",
    digest="kompas",
    outlet="Koran Uji",
    url="https://news.example/1",
    language="id",
    published="2024-11-01",
    sample=False,
    digest_sha256="aa" * 32,
    text_sha256="bb" * 32,
    summary="Capture of Yasna Poliana, claimed by the Russian defence ministry; by 1 Nov 2024",
    place="Yasna Poliana",
    place_local="Ясна Поляна",
    place_id="donetsk.yasna-poliana",
    place_source="wof",
    precision="settlement",
    radius_km=1.5,
    nominal=False,
    position="checked",
    region="Donetsk",
    district=None,
    axis=None,
    bearing=None,
    distance_km=None,
    lat=47.88,
    lon=37.0303,
    date="2024-11-01",
    date_end="2024-11-01",
    date_precision="by",
    date_basis="digest",
    event_ts="2024-11-01T12:00:00Z",
    kind="capture",
    action="seized",
    means=None,
    actor=None,
    actor_side="russia",
    claimant="Kementerian Pertahanan Rusia",
    claimant_id="russia.mod",
    claimant_side="russia",
    via=("The Guardian",),
    status="claimed",
    outcome=None,
    killed_min=None,
    killed_max=None,
    injured_min=0,
    injured_max=12,
    running_total=False,
    quote="Rusia merebut desa Yasnaya Polyana.",
    quote_start=10,
    quote_end=45,
    mention="Yasnaya Polyana",
    mention_start=29,
    mention_end=44,
    more_quotes=(Quote('Desa itu "dibebaskan".', 46, 68),),
    confidence=None,
    why="in stated region: Donetsk",
)

GOLDEN = """\
{
 "type": "FeatureCollection",
 "notice": "Reports as published. Not verified.",
 "sample": false,
 "sample_notice": null,
 "reports": 1,
 "filter": {
  "words": "1 November 2024 by event date",
  "since": "2024-11-01",
  "until": "2024-11-01",
  "by": "event",
  "running_totals": true
 },
 "coarse": "outline",
 "generated_from": "2024-11-01",
 "attribution": [
  "Who's On First (CC BY 4.0)"
 ],
 "licence": [
  "Quotes: copyright of their publishers, one sentence each, cited with a link",
  "wof: CC-BY-4.0"
 ],
 "inputs": {
  "gazetteer": "0123",
  "digests": {
   "kompas": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
 },
 "bbox": [
  37.0303,
  47.88,
  37.0303,
  47.88
 ],
 "features": [
{"type":"Feature","id":"kompas.donetsk.yasna-poliana.capture.2024-11-01",\
"geometry":{"type":"Point","coordinates":[37.0303,47.88]},\
"properties":{"id":"kompas.donetsk.yasna-poliana.capture.2024-11-01","digest":"kompas","outlet":"Koran Uji",\
"url":"https://news.example/1","language":"id","published":"2024-11-01","sample":false,\
"digest_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",\
"text_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",\
"summary":"Capture of Yasna Poliana, claimed by the Russian defence ministry; by 1 Nov 2024",\
"place":"Yasna Poliana","place_local":"Ясна Поляна","place_id":"donetsk.yasna-poliana","place_source":"wof",\
"precision":"settlement","radius_km":1.5,"nominal":false,"position":"checked","region":"Donetsk","district":null,\
"axis":null,"bearing":null,"distance_km":null,"lat":47.88,"lon":37.0303,"date":"2024-11-01","date_end":"2024-11-01",\
"date_precision":"by","date_basis":"digest","event_ts":"2024-11-01T12:00:00Z","kind":"capture","action":"seized",\
"means":null,"actor":null,"actor_side":"russia","claimant":"Kementerian Pertahanan Rusia","claimant_id":"russia.mod",\
"claimant_side":"russia","via":["The Guardian"],"status":"claimed","outcome":null,"killed_min":null,"killed_max":null,\
"injured_min":0,"injured_max":12,"running_total":false,"quote":"Rusia merebut desa Yasnaya Polyana.","quote_start":10,\
"quote_end":45,"mention":"Yasnaya Polyana","mention_start":29,"mention_end":44,\
"more_quotes":[{"quote":"Desa itu \\"dibebaskan\\".","start":46,"end":68,"claimant":null,"claimant_side":"none",\
"stance":"same"}],"confidence":null,"why":"in stated region: Donetsk",\
"story":"kompas.donetsk.yasna-poliana.capture.2024-11-01"}}
]}
"""


# --- GeoJSON ---------------------------------------------------------------------------------------------------------


def test_one_report_as_geojson() -> None:
    """A whole export, character by character: what it says of itself, then one feature a line, every key present."""
    day = datetime(2024, 11, 1, tzinfo=UTC).date()
    chosen = Filter(since=day, until=day, running_totals=True)
    provenance = Provenance({"wof": Source("CC-BY-4.0", "Who's On First (CC BY 4.0)")}, {}, {"gazetteer": "0123"})

    written = to_geojson(events_table([PLAIN]), provenance, selection=chosen.as_dict())

    assert written.decode() == GOLDEN


def as_feature(report: Report) -> dict[str, Any]:
    """Return the properties of a report as the contract says, by the plainest way."""
    return json.loads(json.dumps(asdict(report)))


def test_features_are_the_reports(events: GeoDataFrame, reports: list[Report], provenance: Provenance) -> None:
    """Each feature has exactly the properties of its report, in the order of the contract, and its id."""
    features = json.loads(to_geojson(events, provenance))["features"]

    assert [list(f["properties"]) for f in features] == [list(COLUMNS)] * len(reports)
    stories = [f["properties"].pop("story") for f in features]
    assert [f["properties"] for f in features] == [as_feature(report) for report in reports]
    assert stories == events["story"].tolist()
    assert [f["id"] for f in features] == [report.id for report in reports]


def test_batches_leave_no_seam(events: GeoDataFrame, provenance: Provenance, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are written at a time, the bytes are the same; also for none and for one."""
    for table in (events, events.iloc[:0], events.iloc[:1], events.iloc[:14], events.sample(frac=1, random_state=1)):
        monkeypatch.setattr(cells, "BATCH", 10_000)
        whole = to_geojson(table, provenance), to_csv(table)
        monkeypatch.setattr(cells, "BATCH", 7)
        assert (to_geojson(table, provenance), to_csv(table)) == whole
        assert len(json.loads(whole[0])["features"]) == len(table)


def rings(geometry: dict[str, Any]) -> Iterator[tuple[bool, list[list[float]]]]:
    """Yield each ring of an area: whether it is an outer one, and its positions."""
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    for polygon in polygons.get(geometry["type"], []):
        for number, ring in enumerate(polygon):
            yield number == 0, ring


def test_geometry_is_by_the_standard(events: GeoDataFrame, provenance: Provenance, gazetteer: Gazetteer) -> None:
    """RFC 7946: closed rings, outer ones counter-clockwise, longitude first, no crs, a bounding box that holds all."""
    real = events.assign(geometry=[_real_shape(row, gazetteer) for row in events.to_dict("records")])
    for table in (events, real):
        collection = json.loads(to_geojson(table, provenance))
        assert "crs" not in collection
        west, south, east, north = collection["bbox"]
        for feature in collection["features"]:
            geometry, kind = feature["geometry"], feature["properties"]["precision"]
            if geometry is None:
                assert kind in COARSE
                continue
            assert (geometry["type"] == "Point") == (kind not in COARSE)
            if geometry["type"] == "Point":
                lon, lat = geometry["coordinates"]
                assert (lat, lon) == (feature["properties"]["lat"], feature["properties"]["lon"])
                assert west <= lon <= east
                assert south <= lat <= north
            for outer, ring in rings(geometry):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert shapely.LinearRing(ring).is_ccw == outer
                assert all(round(number, 4) == number for position in ring for number in position)
                assert all(20 < lon < 190 and 40 < lat < 82 for lon, lat in ring)
    assert (real.geometry.geom_type == "MultiPolygon").any() or (real.geometry.geom_type == "Polygon").any()


def _real_shape(row: dict[str, Any], gazetteer: Gazetteer) -> Any:
    lat, lon = (None if math.isnan(row[name]) else row[name] for name in ("lat", "lon"))
    shape = outline(row["place_id"], row["precision"], lat, lon, gazetteer)
    return shape.geometry if shape else None


@pytest.mark.parametrize("coarse", ["outline", "point", "drop"])
def test_areas_as_outlines_as_points_or_not_at_all(events: GeoDataFrame, provenance: Provenance, coarse: str) -> None:
    """An area is its outline, or its nominal point marked as such, or left out; spots are the same in all three."""
    collection = json.loads(to_geojson(events, provenance, coarse=coarse))

    areas = [f for f in collection["features"] if f["properties"]["precision"] in COARSE]
    assert collection["coarse"] == coarse
    assert collection["reports"] == len(collection["features"])
    assert len(collection["features"]) - len(areas) == (~events["precision"].isin(COARSE)).sum()
    if coarse == "drop":
        assert not areas
    elif coarse == "point":
        assert {f["geometry"] and f["geometry"]["type"] for f in areas} == {"Point", None}
        assert all(f["properties"]["nominal"] for f in areas)
        for feature in areas:
            lon, lat = feature["geometry"]["coordinates"] if feature["geometry"] else (None, None)
            assert (lat, lon) == (feature["properties"]["lat"], feature["properties"]["lon"])
    else:
        assert {f["geometry"] and f["geometry"]["type"] for f in areas} == {"Polygon", None}
    with pytest.raises(WrongUse, match="outline, point, drop"):
        to_geojson(events, provenance, coarse="jitter")


def test_hostile_text_is_text(events: GeoDataFrame, provenance: Provenance) -> None:
    """Whatever a digest holds, a feature is one line to any program, and nothing in it is invisible."""
    written = to_geojson(events, provenance).decode()

    features = written.partition('"features": [\n')[2].removesuffix("\n]}\n").splitlines()
    assert len(features) == len(events)
    assert all(json.loads(line.removesuffix(","))["type"] == "Feature" for line in features)
    assert not re.search("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", written)
    quotes = [f["properties"]["quote"] for f in json.loads(written)["features"]]
    assert sum(any(hostile in quote for hostile in HOSTILE) for quote in quotes) > 30
    assert quotes == events["quote"].tolist()


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=1, max_size=5))
def test_any_text_comes_back_from_geojson(texts: list[str]) -> None:
    """Every quote, name and further quote can be read back as it was."""
    made = [replace(PLAIN, id=str(n), quote=t, place=t, more_quotes=(Quote(t, 0, 1),)) for n, t in enumerate(texts)]

    features = json.loads(to_geojson(events_table(made), Provenance()))["features"]

    for name in ("quote", "place"):
        assert [f["properties"][name] for f in features] == texts
    assert [f["properties"]["more_quotes"][0]["quote"] for f in features] == texts


def test_numbers_are_json_numbers(provenance: Provenance) -> None:
    """No NaN, no infinity, no negative zero; kilometres to 10 m, degrees to four decimals."""
    made = [
        replace(
            PLAIN, lat=-0.00001, lon=37.123456, radius_km=float("nan"), distance_km=float("inf"), confidence=0.87654
        )
    ]

    feature = json.loads(to_geojson(events_table(made), provenance))["features"][0]

    numbers = {name: feature["properties"][name] for name in ("lat", "lon", "radius_km", "distance_km", "confidence")}
    assert numbers == {"lat": 0.0, "lon": 37.1235, "radius_km": None, "distance_km": None, "confidence": 0.877}
    assert math.copysign(1, numbers["lat"]) == 1
    assert feature["geometry"]["coordinates"] == [37.1235, 0.0]


# --- what an export says of itself -----------------------------------------------------------------------------------


def test_credit_is_given_for_exactly_what_is_shown(events: GeoDataFrame, provenance: Provenance) -> None:
    """The sources of the rows shown, and of outlines only where outlines are shown; OpenStreetMap brings its note."""

    def lines(table: GeoDataFrame, coarse: str = "outline") -> list[str]:
        return about(table, provenance, coarse=coarse)["attribution"]

    def licences(table: GeoDataFrame) -> str:
        return " ".join(about(table, provenance)["licence"])

    vuhledar = events[events["place_id"] == "donetsk.vuhledar"]
    loknya = events[events["place_id"] == "kursk.malaya-loknya"]
    axis = events[events["place_id"] == "axis.pokrovsk"]
    assert lines(vuhledar) == ["GeoNames (CC BY 4.0)"]
    assert "Open Database" not in licences(vuhledar)
    assert lines(loknya) == ["© OpenStreetMap contributors (ODbL 1.0)"]
    assert "Open Database License" in licences(loknya)
    assert lines(axis) == ["GeoNames (CC BY 4.0)"]  # of the settlements that its band is drawn around
    assert lines(axis, "point") == []
    assert lines(events.iloc[:0]) == []
    assert "licence not recorded" in " ".join(about(vuhledar, Provenance())["licence"])


def test_sample_digests_are_said_to_be_such(events: GeoDataFrame, provenance: Provenance) -> None:
    """The strip is there as soon as one report shown is of a digest written for this project, and only then."""
    for table, sample in (
        (events, True),
        (events[~events["sample"]], False),
        (events[events["sample"]].iloc[:1], True),
    ):
        collection = json.loads(to_geojson(table, provenance))
        strip = "Sample digests written for this project: no source"
        assert (collection["sample"], collection["sample_notice"]) == (sample, strip if sample else None)
        assert (strip in notice_text(table, provenance)) == sample


def test_an_export_states_its_inputs_and_no_clock(events: GeoDataFrame, provenance: Provenance) -> None:
    """Hashes of the digests shown and of the curated data; the only date is the newest publication among them."""
    some = events[events["language"] == "uk"]
    says = about(some, provenance)

    assert says["generated_from"] == some["published"].max().date().isoformat()
    assert says["inputs"]["languages"] == "0123"
    assert says["inputs"]["gazetteer"] == provenance.inputs["gazetteer"]
    assert says["inputs"]["digests"] == dict(sorted(zip(some["digest"], some["digest_sha256"], strict=True)))


def test_the_hash_of_the_gazetteer_knows_every_curated_file(tmp_path: Path, events: GeoDataFrame) -> None:
    """A changed row, source or outline shows in the inputs; a readme does not."""
    gazetteer = make_gazetteer(tmp_path / "g")
    seen = {provenance_of(events, gazetteer).inputs["gazetteer"]}
    (tmp_path / "g" / "README.md").write_text("words")
    assert provenance_of(events, gazetteer).inputs["gazetteer"] in seen
    for name in ("regions.csv", "places/donetsk.csv", "sources.toml", "outlines/regions.geojson"):
        path = tmp_path / "g" / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        seen.add(provenance_of(events, gazetteer).inputs["gazetteer"])
    assert len(seen) == 5


# --- other programs --------------------------------------------------------------------------------------------------


def test_gdal_reads_typed_dates(tmp_path: Path, events: GeoDataFrame, provenance: Provenance) -> None:
    """What QGIS uses reads every feature, the days as dates and the moment as a time with its zone."""
    (tmp_path / "x.geojson").write_bytes(to_geojson(events, provenance))

    opened = geopandas.read_file(tmp_path / "x.geojson")

    assert len(opened) == len(events)
    assert opened.crs == "EPSG:4326"
    assert isinstance(opened["event_ts"].dtype, pd.DatetimeTZDtype)
    assert (opened["event_ts"].dt.tz_convert("UTC") == events["event_ts"]).all()
    assert pd.api.types.is_datetime64_dtype(opened["date"])
    assert (opened["date"] == events["date"]).all()
    assert opened["quote"].tolist() == events["quote"].tolist()
    assert (
        shapely.equals_exact(opened.geometry.to_numpy(), events.geometry.to_numpy()).sum()
        == events.geometry.notna().sum()
    )


def test_the_moment_is_the_same_day_in_most_time_zones(events: GeoDataFrame, provenance: Provenance) -> None:
    """Tools that need a time play a report on its own day from UTC-12 to UTC+11; the form is what kepler.gl knows."""
    for feature in json.loads(to_geojson(events.iloc[:20], provenance))["features"]:
        moment = feature["properties"]["event_ts"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
        for hours in (-12, -8, 0, 9, 11):
            local = datetime.fromisoformat(moment) + timedelta(hours=hours)
            assert local.date().isoformat() == feature["properties"]["date"]


def test_an_export_can_be_loaded_again(tmp_path: Path, events: GeoDataFrame, provenance: Provenance) -> None:
    """A filtered export is a table like the one that it came from."""
    some = events[events["kind"] == "shelling"].reset_index(drop=True)
    (tmp_path / "x.geojson").write_bytes(to_geojson(some, provenance, coarse="drop"))

    loaded = load_events(tmp_path / "x.geojson")

    expected = some[~some["precision"].isin(COARSE)].reset_index(drop=True)
    pd.testing.assert_frame_equal(loaded.drop(columns="geometry"), expected.drop(columns="geometry"))


# --- CSV -------------------------------------------------------------------------------------------------------------


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Read CSV as a program does that follows RFC 4180."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_holds_every_column(events: GeoDataFrame, reports: list[Report]) -> None:
    """One row a report, the columns of the contract; numbers, days, flags and lists as in GeoJSON, empty is unknown."""
    rows = rows_of(to_csv(events))

    assert [list(row) for row in rows] == [list(COLUMNS)] * len(reports)
    for row, report in zip(rows, reports, strict=True):
        wanted = as_feature(report)
        for name in ("killed_min", "quote_start", "radius_km", "lat", "lon", "confidence"):
            assert row[name] == ("" if wanted[name] is None else repr(wanted[name]))
        assert (row["date"], row["published"]) == (report.date, report.published or "")
        assert row["event_ts"] == report.event_ts
        assert row["sample"] == ("true" if report.sample else "false")
        assert json.loads(row["via"]) == list(report.via)
        assert json.loads(row["more_quotes"]) == wanted["more_quotes"]
        assert row["quote"].replace("'", "") == report.quote.replace("'", "")


def test_csv_opens_in_spreadsheets_and_programs(events: GeoDataFrame) -> None:
    """It begins with the mark without which Cyrillic is shown as gibberish; pandas reads it without being told."""
    data = to_csv(events)

    assert data.startswith(b"\xef\xbb\xbfid,digest,")
    assert data.endswith(b"\r\n")
    assert pd.read_csv(io.BytesIO(data))["id"].tolist() == events["id"].tolist()


OPENERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
RUN = st.sampled_from(
    [
        "=1+1",
        '"=1"',
        "-1",
        "+1",
        "@A1",
        "\t=1",
        ";",
        ",",
        "\n",
        "\r\n",
        "\t",
        " ",
        '"',
        "'",
        "|",
        "x",
        "é",
        "\ufeff",
        "\0",
    ]
)


@given(st.lists(RUN, max_size=8).map("".join))
def test_no_cell_runs_as_a_formula(text: str) -> None:
    """No text starts like a formula, whichever separator a spreadsheet goes by; numbers below zero stay numbers."""
    made = replace(PLAIN, quote=text, place=text, actor=text, via=(text,), more_quotes=(Quote(text, 0, 1),), lat=-47.5)
    data = to_csv(events_table([made]))

    (row,) = rows_of(data)
    assert row["lat"] == "-47.5"
    assert float(row["lat"]) == -47.5
    assert row["quote"].replace("'", "") == text.replace("'", "")
    assert json.loads(row["via"])[0].replace("'", "") == text.replace("'", "")
    assert not row["quote"].startswith(("\t", "\r", "\n"))
    for separator in (",", ";", "\t"):
        for row_cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator):
            texts = [cell for cell in row_cells if cell != "-47.5"]
            assert not any(text.lstrip('\ufeff\0 \t\r\n"').startswith(OPENERS) for text in texts), (
                separator,
                row_cells,
            )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-5 drones", "'-5 drones"),
        ("@handle", "'@handle"),
        ("\tx", "'\tx"),
        ("a;=1", "a;'=1"),
        ("- one\n- two", "'- one\n'- two"),
        ("Kamianets-Podilskyi", "Kamianets-Podilskyi"),
        ("1 + 1 = 2; e-mail", "1 + 1 = 2; e-mail"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_the_apostrophe_stands_where_it_is_needed(text: str, written: str) -> None:
    """Before what would open a formula, and nowhere else."""
    assert rows_of(to_csv(events_table([replace(PLAIN, place=text)])))[0]["place"] == written


def test_the_notice_says_what_geojson_says(events: GeoDataFrame, provenance: Provenance) -> None:
    """The text beside a CSV file has the notice, the filter, the credits and the hashes, each line of ours one line."""
    chosen = Filter(places=("Vuhledar\n=1+1\u202e",)).as_dict()
    text = notice_text(events.iloc[:50], provenance, selection=chosen)

    says = about(events.iloc[:50], provenance, coarse="point")
    lines = text.splitlines()
    assert lines[0] == "Reports as published. Not verified."
    assert "Shown: place: Vuhledar =1+1\\u202e; running totals left out" in lines
    assert all(f"  {line}" in lines for line in (*says["attribution"], *says["licence"]))
    assert all(f"  {sha256}  {digest}" in lines for digest, sha256 in says["inputs"]["digests"].items())
    assert "Reports: 50" in lines


def test_the_zip_holds_both_and_is_the_same_each_time(events: GeoDataFrame, provenance: Provenance) -> None:
    """What the page offers: the CSV and its notice, dated 1980, no trace of the machine."""
    packed = csv_zip(events, provenance, coarse="drop", name="reports-2024-11")

    assert packed == csv_zip(events, provenance, coarse="drop", name="reports-2024-11")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["reports-2024-11.csv", "reports-2024-11.csv.notice.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("reports-2024-11.csv") == to_csv(events, coarse="drop")
        assert archive.read("reports-2024-11.csv.notice.txt").decode() == notice_text(events, provenance, coarse="drop")


# --- shapes ----------------------------------------------------------------------------------------------------------


SPOTS = st.tuples(st.floats(44, 53), st.floats(30, 41))
NEAR = st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))


@given(SPOTS, st.lists(NEAR, min_size=1, max_size=12))
def test_a_band_is_wide_and_has_few_corners(middle: tuple[float, float], around: list[tuple[float, float]]) -> None:
    """A band holds its settlements with kilometres around them, whatever their order, in at most 60 vertices."""
    spots = [(middle[0] + lat, middle[1] + lon) for lat, lon in around]
    shape = band(spots)

    assert shape.equals_exact(band(spots[::-1]), 0)
    assert shape.is_valid
    assert shapely.get_num_coordinates(shape) <= MOST_VERTICES
    for lat, lon in spots:
        point = shapely.Point(lon, lat)
        assert shape.contains(point)
        assert shape.exterior.distance(point) * 111.2 > 4.5  # a degree of longitude is shorter: at least 7 km


def test_shapes_by_precision(small: Gazetteer) -> None:
    """A spot is a point, a region its outline, an axis a band; a country and what has no outline have no shape."""
    shape = outline("donetsk.vuhledar", "near", 47.77971, 37.25, small)
    assert shape is not None
    assert shape.geometry.equals(shapely.Point(37.25, 47.7797))
    region = outline("donetsk", "region", 48.0, 37.7, small)
    assert region is not None
    assert region.geometry.geom_type == "Polygon"
    assert region.sources == ("naturalearth",)
    axis = outline("axis.pokrovsk", "line", 48.2, 37.2, small)
    assert axis is not None
    assert axis.sources == ("curated", "geonames")
    assert outline("ukraine", "country", None, None, small) is None
    assert outline("kharkiv.kupiansk-raion", "district", 49.8, 37.5, small) is None
    assert outline("theatre.black-sea", "line", 43.4, 34.3, small) is None
    assert outline("donetsk", "region", 48.0, 37.7, None) is None
    assert outline("donetsk.vuhledar", "settlement", None, None, small) is None


def test_an_outline_that_is_no_outline_is_said_in_words(tmp_path: Path) -> None:
    """The error names the file and what belongs there; a repaired file is read anew."""
    gazetteer = make_gazetteer(tmp_path / "g")
    path = tmp_path / "g" / "outlines" / "rivers.geojson"
    for content in (
        "{",
        '{"features": [{"properties": {}}]}',
        '{"features": 3}',
        '{"features": [{"properties": {"id": "x"}, "geometry": {"type": "Star"}}]}',
    ):
        path.write_text(content)
        with pytest.raises(BrokenCuratedData, match=r"rivers\.geojson"):
            outline("donetsk", "region", 48.0, 37.7, gazetteer)
    line = {"type": "LineString", "coordinates": [[33, 47], [34, 48]]}
    path.write_text(
        json.dumps({"features": [{"properties": {"id": "theatre.river", "source": "osm"}, "geometry": line}]})
    )
    river = outline("theatre.river", "line", 47.5, 33.5, gazetteer)
    assert river is not None
    assert (river.geometry.geom_type, river.sources) == ("LineString", ("osm",))


def test_every_axis_and_region_of_the_gazetteer_has_a_shape(gazetteer: Gazetteer) -> None:
    """With the real gazetteer: each axis is a band, each oblast of the war an outline, and none has many vertices."""
    with (gazetteer.folder / "axes.csv").open(encoding="utf-8", newline="") as file:
        axes = [row["id"] for row in csv.DictReader(file)]
    regions = [("donetsk", "region"), ("kharkiv", "region"), ("kursk", "region"), ("crimea", "region")]
    for place_id, precision in [*((axis, "line") for axis in axes), *regions]:
        shape = outline(place_id, precision, None, None, gazetteer)
        assert shape is not None, place_id
        assert shape.geometry.is_valid, place_id
        assert shapely.get_num_coordinates(shape.geometry) <= MOST_VERTICES + 5 * shapely.get_num_geometries(
            shape.geometry
        )


def test_made_up_reports_keep_the_promises() -> None:
    """The synthetic reports are valid ones: exact words, a quote that holds its mention, ids that differ."""
    for reading in make_readings(400, seed=11):
        text = reading.digest.text
        assert len({report.id for report in reading.reports}) == len(reading.reports)
        for r in reading.reports:
            assert text[r.quote_start : r.quote_end] == r.quote
            assert text[r.mention_start : r.mention_end] == r.mention
            assert r.quote_start <= r.mention_start <= r.mention_end <= r.quote_end
            assert all(text[q.start : q.end] == q.quote for q in r.more_quotes)
            assert r.date <= r.date_end
            assert (r.lat is None) == (r.precision == "country")
