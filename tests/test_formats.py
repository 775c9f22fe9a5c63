"""Every format as its own readers see it: GDAL, GeoParquet's rules, parsers of XML, CSV and JSON."""

import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from reports import HOSTILE, make_dataset

from geo.commands.exporting import To
from geo.dataset.formats import cells
from geo.dataset.formats.catalogue import FORMATS, Format
from geo.dataset.formats.csv_rows import notice
from geo.dataset.outgoing import Export, export_of
from geo.dataset.provenance import NOTICE
from geo.dataset.store import Dataset
from geo.dataset.streaming import export_from
from geo.dataset.timeline import Filter, select
from geo.errors import UnreadableInput, WrongUse
from geo.kinds import SCHEMES, crosswalk, kinds
from geo.reference.gazetteer import Gazetteer
from geo.view import maps, webpage

EVERYTHING = Filter(running_totals=True)
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A saved dataset of made-up reports with hostile quotes, of every precision, in several row groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.dataset.commit.ROW_GROUP", 100)
        return make_dataset(tmp_path_factory.mktemp("formats") / "d", 500, seed=5)


def exported(dataset: Dataset, to: str, chosen: Filter = EVERYTHING, **more: Any) -> Export:
    return export_from(dataset.folder, chosen, FORMATS[to], **{"gazetteer": Gazetteer.load(), **more})


def written(dataset: Dataset, to: str, chosen: Filter = EVERYTHING, **more: Any) -> bytes:
    return b"".join(FORMATS[to].pieces(exported(dataset, to, chosen, **more)))


def saved(dataset: Dataset, to: str, folder: Path, chosen: Filter = EVERYTHING, **more: Any) -> Path:
    path = folder / f"reports.{to}"
    path.write_bytes(written(dataset, to, chosen, **more))
    return path


# --- all of them -----------------------------------------------------------------------------------------------------


def test_the_command_offers_what_there_is() -> None:
    """The list of the command is that of the formats, and the web page."""
    assert {to.value for to in To} == {*FORMATS, "html"}


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_reports_are_the_same_bytes(to: str, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever they are written, and however many rows at a time."""
    first = written(dataset, to)
    time.sleep(1.1)  # clocks of files count seconds
    monkeypatch.setattr(cells, "BATCH", 7)

    assert written(dataset, to) == first


@pytest.mark.parametrize("to", FORMATS)
def test_every_file_says_what_it_is(to: str, dataset: Dataset) -> None:
    """The notice, the filter, the credits of exactly the sources used and the hashes stand inside, or beside it."""
    chosen = Filter(kinds=("shelling", "capture"), running_totals=True)
    export = exported(dataset, to, chosen)
    data, remarks = b"".join(FORMATS[to].pieces(export)), FORMATS[to].remarks
    if to == "gpkg":
        text = data.decode("utf-8", "ignore")
    elif to == "parquet":
        text = pq.read_metadata(io.BytesIO(data)).metadata[b"frontline"].decode()
    else:
        text = (data if remarks is None else notice(export.says, *remarks)).decode()

    assert NOTICE in text
    assert "kind: shelling, capture" in text
    assert all(line.split("(")[0] in text for line in export.says["attribution"])
    assert all(sha256 in text for sha256 in export.says["inputs"]["digests"].values())


@pytest.mark.parametrize("to", FORMATS)
def test_nothing_to_write_is_a_file_that_can_be_read(to: str, dataset: Dataset, tmp_path: Path) -> None:
    """No report: the file holds none, says so, and is of its format."""
    path = saved(dataset, to, tmp_path, Filter(places=("nowhere at all",)))

    if to == "parquet":
        assert len(geopandas.read_parquet(path)) == 0
    elif to in ("geojson", "gpkg", "kml"):
        assert sum(len(pyogrio.read_dataframe(path, layer=name)) for name, _ in pyogrio.list_layers(path)) == 0
    elif to == "geojsonseq":
        assert path.read_bytes() == b""
    else:
        assert len(list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))) == 1


@pytest.mark.parametrize(
    "chosen",
    [
        EVERYTHING,
        Filter(),
        Filter(places=("donetsk",), running_totals=True),
        Filter(places=("Kharkiv",), actor_sides=("russia",)),
        Filter(places=("Kupiansk",), within_km=120, running_totals=True),
        Filter(text="script", running_totals=True),
        Filter(stories=True),
    ],
    ids=Filter.words,
)
@pytest.mark.parametrize("coarse", ["outline", "point", "drop"])
def test_what_streams_out_is_what_is_in_memory(chosen: Filter, coarse: str, dataset: Dataset) -> None:
    """A dataset read a row group at a time gives the bytes that its whole table gives."""
    whole = export_of(
        select(dataset.events, chosen), dataset.manifest.provenance, selection=chosen.as_dict(), coarse=coarse
    )

    assert written(dataset, "geojson", chosen, coarse=coarse) == b"".join(FORMATS["geojson"].pieces(whole))


def test_progress_is_told_of_every_report(dataset: Dataset) -> None:
    """And how many will come."""
    seen: list[int] = []

    def progress(batches: Any, total: int) -> Iterator[Any]:
        for batch in batches:
            seen.append(len(batch))
            yield batch
        assert sum(seen) == total

    written(dataset, "geojson", progress=progress)
    assert sum(seen) == len(dataset.events)


def test_a_damaged_dataset_is_said_in_words(dataset: Dataset, tmp_path: Path) -> None:
    """Before anything is written."""
    broken = make_dataset(tmp_path / "d", 20)
    next(broken.folder.glob("events-*.parquet")).write_bytes(b"PAR1")

    with pytest.raises(UnreadableInput, match="damaged"):
        exported(broken, "geojson")


# --- GeoJSON text sequences ------------------------------------------------------------------------------------------


def test_a_sequence_has_a_separator_before_each_record(dataset: Dataset, tmp_path: Path) -> None:
    """RFC 8142: RS, a text of JSON, LF; the features are those of the collection, and GDAL reads them."""
    path = saved(dataset, "geojsonseq", tmp_path)
    records = path.read_bytes().split(b"\x1e")

    assert records[0] == b""
    assert all(record.endswith(b"\n") and record.count(b"\n") == 1 for record in records[1:])
    assert [json.loads(record) for record in records[1:]] == json.loads(written(dataset, "geojson"))["features"]
    (tmp_path / "x.geojsonl").write_bytes(path.read_bytes())
    assert pyogrio.read_dataframe(tmp_path / "x.geojsonl")["quote"].tolist() == dataset.events["quote"].tolist()


# --- KML -------------------------------------------------------------------------------------------------------------

# The order of elements that the schema asks for (OGC 07-147r2, ogckml22.xsd), of those that are used here.
ORDER = {
    "Document": ["name", "description", "Style", "ExtendedData", "Schema", "Placemark"],
    "Placemark": ["name", "description", "TimeSpan", "styleUrl", "ExtendedData", "GEOMETRY"],
    "Style": ["IconStyle", "LabelStyle", "LineStyle", "PolyStyle", "BalloonStyle"],
    "IconStyle": ["color", "scale"],
    "TimeSpan": ["begin", "end"],
    "Polygon": ["outerBoundaryIs", "innerBoundaryIs"],
}
GEOMETRIES = ("Point", "LineString", "Polygon", "MultiGeometry")


@pytest.fixture(scope="module")
def document(dataset: Dataset) -> ElementTree.Element:
    (found,) = ElementTree.fromstring(written(dataset, "kml"))  # noqa: S314
    return found


def test_kml_is_in_the_order_of_its_schema(document: ElementTree.Element) -> None:
    """Elements stand where the schema has them; every style that is pointed to is there."""
    for element in document.iter():
        order = ORDER.get(element.tag.removeprefix(KML))
        names = [child.tag.removeprefix(KML) for child in element]
        if order:
            places = [order.index("GEOMETRY" if name in GEOMETRIES else name) for name in names]
            assert places == sorted(places), names
    styles = {f"#{style.get('id')}" for style in document.iter(f"{KML}Style")}
    assert styles == {f"#{kind.family}" for kind in kinds().values()}
    assert {url.text for url in document.iter(f"{KML}styleUrl")} <= styles
    fields = {field.get("name") for field in document.iter(f"{KML}SimpleField")}
    assert {datum.get("name") for datum in document.iter(f"{KML}SimpleData")} <= fields


# XML allows no such characters, not even as references.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def test_placemarks_are_the_reports(document: ElementTree.Element, dataset: Dataset) -> None:
    """Days, text and places come back as they went in, but for what XML cannot hold, which is shown as an escape."""
    placemarks = document.findall(f"{KML}Placemark")
    rows = dataset.events.to_dict("records")
    assert len(placemarks) == len(rows)
    for placemark, row in zip(placemarks, rows, strict=True):
        told = {datum.get("name"): datum.text or "" for datum in placemark.iter(f"{KML}SimpleData")}
        assert told["quote"] == ILLEGAL.sub(lambda found: f"\\u{ord(found.group()):04x}", row["quote"])
        assert told["place_id"] == row["place_id"]
        assert placemark.findtext(f"{KML}TimeSpan/{KML}begin") == f"{row['date']:%Y-%m-%d}" == told["date"]
        assert placemark.findtext(f"{KML}TimeSpan/{KML}end") == f"{row['date_end']:%Y-%m-%d}" == told["date_end"]
        assert ("axis" in told) == isinstance(row["axis"], str)
        point = placemark.findtext(f"{KML}Point/{KML}coordinates")
        assert (point is not None) == (row["geometry"] is not None and row["geometry"].geom_type == "Point")
        if point:
            assert [float(number) for number in point.split(",")] == [row["lon"], row["lat"]]


class Tags(HTMLParser):
    """The tags and the text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_quote_becomes_markup_in_a_viewer(document: ElementTree.Element, dataset: Dataset) -> None:
    """A description is shown as HTML: it has our line breaks and nothing else, also with `]]>` and `<script>`."""
    for placemark, quote in zip(document.findall(f"{KML}Placemark"), dataset.events["quote"], strict=True):
        shown = Tags(placemark.findtext(f"{KML}description") or "")
        assert set(shown.tags) == {"br"}
        assert "“" + ILLEGAL.sub(lambda found: f"\\u{ord(found.group()):04x}", quote) + "”" in shown.text
    assert any("<script>" in quote for quote in dataset.events["quote"])


def test_hostile_text_is_exact_in_kml(dataset: Dataset) -> None:
    """What ends a CDATA section, turns the reading direction, or is not seen."""
    hostile = [
        *HOSTILE,
        "a ]]> b",
        "<![CDATA[x]]>",
        "&lt;b&gt; &#38; &amp;",
        "\u202eevil\u2069",
        "tab\tand\rcr\nlf",
        "</kml>",
    ]
    events = dataset.events.iloc[: len(hostile)].assign(quote=hostile)
    data = b"".join(FORMATS["kml"].pieces(export_of(events, dataset.manifest.provenance)))

    quotes = [d.text for d in ElementTree.fromstring(data).iter(f"{KML}SimpleData") if d.get("name") == "quote"]  # noqa: S314
    assert quotes == [ILLEGAL.sub(lambda found: f"\\u{ord(found.group()):04x}", text) for text in hostile]
    assert b"\xe2\x80\xae" not in data  # as a reference, nobody reads the file the wrong way round


def test_gdal_reads_kml_with_time_and_place(dataset: Dataset, tmp_path: Path) -> None:
    """QGIS gets begin and end as times, and the shapes."""
    opened = pyogrio.read_dataframe(saved(dataset, "kml", tmp_path))

    assert (opened["begin"].dt.date == dataset.events["date"].dt.date).all()
    assert (opened["end"].dt.date == dataset.events["date_end"].dt.date).all()
    assert opened["running_total"].dtype == bool
    assert opened["lat"].dtype == float
    for shape, expected in zip(shapely.force_2d(opened.geometry.to_numpy()), dataset.events.geometry, strict=True):
        assert shape is expected if expected is None else shapely.equals(shape, expected)


# --- GeoPackage ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(dataset, "gpkg", tmp_path_factory.mktemp("gpkg"))


def rows(package: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(package)) as file:
        return file.execute(query).fetchall()


def test_gdal_reads_every_report_of_a_package(package: Path, dataset: Dataset) -> None:
    """A layer a sort of shape; days are days, the moment is one with its zone, text and shapes are exact."""
    layers = [str(name) for name, _ in pyogrio.list_layers(package) if name != "layer_styles"]
    assert layers == ["reports_at_points", "reports_in_areas", "reports_without_a_shape"]
    opened = pd.concat(pyogrio.read_dataframe(package, layer=name) for name in layers).set_index("id")
    expected = dataset.events.set_index("id").loc[opened.index]

    assert len(opened) == len(dataset.events)
    for name in ("date", "date_end", "published"):
        assert pd.api.types.is_datetime64_dtype(opened[name])
        assert opened[name].astype("datetime64[s]").equals(expected[name].astype("datetime64[s]"))
    assert (opened["event_ts"].dt.tz_convert("UTC") == expected["event_ts"]).all()
    assert opened["quote"].tolist() == expected["quote"].tolist()
    assert [json.loads(text) for text in opened["more_quotes"]] == expected["more_quotes"].tolist()
    for shape, other in zip(opened["geometry"], expected.geometry, strict=True):
        assert shape is None if other is None else shapely.equals(shape, other)


def test_a_package_is_sound(package: Path) -> None:
    """SQLite finds no damage, every table is registered, the extensions are declared, and no clock shows."""
    assert rows(package, "PRAGMA integrity_check") == [("ok",)]
    assert rows(package, "PRAGMA foreign_key_check") == []
    assert rows(package, "PRAGMA application_id") == [(0x47504B47,)]
    registered = {name for (name,) in rows(package, "SELECT table_name FROM gpkg_contents")}
    tables = {name for (name,) in rows(package, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    ours = {name for name in tables if not name.startswith(("gpkg_", "rtree_", "sqlite_"))}
    assert registered == ours
    assert {"gpkg_metadata", "gpkg_rtree_index"} == {
        n for (n,) in rows(package, "SELECT extension_name FROM gpkg_extensions")
    }
    assert len(rows(package, "SELECT DISTINCT last_change FROM gpkg_contents")) == 1
    assert rows(
        package, "SELECT count(*) FROM reports_at_points p JOIN rtree_reports_at_points_geom t ON p.fid = t.id"
    ) == rows(package, "SELECT count(*) FROM reports_at_points")


def test_layers_come_with_a_style_and_their_time(package: Path) -> None:
    """What QGIS reads when a layer is added: a symbol for each kind in the colour of its family, and date to date_end."""
    styles = rows(package, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles")
    columns = rows(package, "SELECT table_name, column_name FROM gpkg_geometry_columns")
    assert [(table, column) for table, column, _, _ in styles] == columns
    for _, _, default, qml in styles:
        style = ElementTree.fromstring(qml)  # noqa: S314
        time_of = style.find("temporal")
        assert default
        assert (time_of.get("enabled"), time_of.get("mode")) == ("1", "2")
        assert (time_of.get("startField"), time_of.get("endField"), time_of.get("limitMode")) == (
            "date",
            "date_end",
            "1",
        )
        categories = style.findall("renderer-v2/categories/category")
        assert [(c.get("value"), c.get("label")) for c in categories] == [(k.key, k.label) for k in kinds().values()]
        symbols = {symbol.get("name"): symbol for symbol in style.findall("renderer-v2/symbols/symbol")}
        for category, kind in zip(categories, kinds().values(), strict=True):
            colour = ",".join(str(int(kind.colour[at : at + 2], 16)) for at in (1, 3, 5))
            options = {o.get("name"): o.get("value") for o in symbols[category.get("symbol")].iter("Option")}
            assert any(str(value).startswith(colour) for value in options.values())


# --- GeoParquet ------------------------------------------------------------------------------------------------------


def test_parquet_is_the_table_again(dataset: Dataset, tmp_path: Path) -> None:
    """GeoPandas reads what was filtered, shapes and all."""
    chosen = Filter(kinds=("shelling",))
    opened = geopandas.read_parquet(saved(dataset, "parquet", tmp_path, chosen))
    expected = select(dataset.events, chosen)

    assert opened.crs == "OGC:CRS84"
    assert opened["id"].tolist() == expected["id"].tolist()
    assert opened["quote"].tolist() == expected["quote"].tolist()
    assert opened["date"].tolist() == [day.date() for day in expected["date"]]
    assert [s.wkb if s else None for s in opened.geometry] == [s.wkb if s else None for s in expected.geometry]


def test_parquet_keeps_the_rules_of_geoparquet(dataset: Dataset, tmp_path: Path) -> None:
    """Version 1.1: the primary column, WKB, exactly the sorts of shape that occur, a box around them, rings' order."""
    path = saved(dataset, "parquet", tmp_path)
    file = pq.ParquetFile(path)
    says = json.loads(file.schema_arrow.metadata[b"geo"])
    shapes = dataset.events.geometry.dropna()

    assert says["version"] == "1.1.0"
    assert set(says["columns"]) == {says["primary_column"]} == {"geometry"}
    column = says["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == sorted(shapes.geom_type.unique())
    assert column["bbox"] == pytest.approx(shapes.total_bounds.tolist())
    assert column["orientation"] == "counterclockwise"
    assert all(shape.exterior.is_ccw for shape in shapes if shape.geom_type == "Polygon")
    assert file.schema_arrow.field("geometry").type == "binary"
    assert str(file.schema_arrow.field("date").type) == "date32[day]"


# --- the web page ----------------------------------------------------------------------------------------------------


def test_the_page_says_what_every_export_says(dataset: Dataset) -> None:
    """In a foot that opens, and as data; no quote becomes markup, and there is nothing to fetch."""
    export = export_from(dataset.folder, EVERYTHING, Format(webpage.pieces))  # type: ignore[arg-type]
    text = b"".join(webpage.pieces(export, dataset.digests)).decode()

    about = json.loads(re.search('id="frontline_about">(.*?)</script>', text).group(1))
    assert about == json.loads(json.dumps(export.says))
    assert f"<summary>About this file: {len(dataset.events)} reports</summary>" in text
    assert "<script>alert(" not in text
    assert text == b"".join(webpage.pieces(export, dataset.digests)).decode()


def test_a_page_of_too_many_reports_is_refused_in_words(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do instead."""
    monkeypatch.setattr(maps, "PAGE_REPORTS", 10)
    export = export_from(dataset.folder, EVERYTHING, Format(webpage.pieces))  # type: ignore[arg-type]

    with pytest.raises(WrongUse, match="a page holds 10 at most; choose fewer"):
        list(webpage.pieces(export, dataset.digests))


# --- columns like those of others ------------------------------------------------------------------------------------


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# Of `geo/kinds.toml`, as the codebooks have them: ACLED geo_precision, UCDP where_prec, VIINA GEO_PRECISION.
PRECISIONS = {
    "site": ("1", "1", "STREET"),
    "settlement": ("1", "1", "CITY"),
    "near": ("2", "2", "CITY"),
    "district": ("2", "3", "ADM2"),
    "region": ("3", "4", "ADM1"),
    "line": ("3", "5", None),
    "country": (None, "6", None),
}
COLUMN = {"acled": "geo_precision", "ucdp": "where_prec", "viina": "GEO_PRECISION"}
ID = {"acled": "event_id_cnty", "ucdp": "relid", "viina": "event_id"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_report_with_a_counterpart_is_there(scheme: str, dataset: Dataset) -> None:
    """With the code of its precision; the others are left out, and counted by their kind or else their precision."""
    export = exported(dataset, scheme)
    found = {row[ID[scheme]]: row for row in table(b"".join(FORMATS[scheme].pieces(export)))}
    left_out: dict[str, int] = {}
    for report in dataset.events.to_dict("records"):
        code = PRECISIONS[report["precision"]][SCHEMES.index(scheme)]
        if report["precision"] == "line" and report["place_id"] == "theatre.black-sea" and scheme == "ucdp":
            code = "7"
        if not getattr(kinds()[report["kind"]], scheme) or code is None:
            why = f"precision {report['precision']}" if getattr(kinds()[report["kind"]], scheme) else report["kind"]
            left_out[why] = left_out.get(why, 0) + 1
            assert report["id"] not in found
        else:
            assert found[report["id"]][COLUMN[scheme]] == code

    assert export.left_out == left_out
    assert len(found) + sum(left_out.values()) == len(dataset.events)
    told = notice(export.says, *FORMATS[scheme].remarks).decode()
    assert f"{scheme.upper()}-like columns. Not {scheme.upper()} data" in told
    assert all(f"{why.replace('_', ' ')} ({number})" in told for why, number in left_out.items())


def test_the_command_says_what_it_left_out(dataset: Dataset, frontline: Any, tmp_path: Path) -> None:
    """With the reason and the number."""
    left_out = exported(dataset, "ucdp").left_out
    code, said, _ = frontline("export", "--to", "ucdp", "--data", dataset.folder, "--out", tmp_path / "x.csv")

    assert code == 0
    assert f"left out, as ucdp has no counterpart: air defence ({left_out['air_defence']}), deployment" in said


@pytest.mark.parametrize("scheme", SCHEMES)
def test_header_and_rows_say_that_they_are_only_like_it(scheme: str, dataset: Dataset) -> None:
    """A row that is cut out still says so; no cell runs as a formula, and what is not said stays empty."""
    found = table(written(dataset, scheme))

    assert list(found[0])[-1] == f"{scheme}_like"
    assert {row[f"{scheme}_like"] for row in found} == {f"{scheme.upper()}-like columns. Not {scheme.upper()} data."}
    assert not any(cell.lstrip().startswith(("=", "+", "@")) for row in found for cell in row.values())
    by_id = dataset.events.set_index("id")
    for row in found:
        killed = by_id.loc[row[ID[scheme]], "killed_min"]
        for column in {"acled": ["fatalities"], "ucdp": ["low"]}.get(scheme, []):
            assert row[column] == ("" if pd.isna(killed) else str(killed))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_columns_of_the_scheme_are_there(scheme: str, dataset: Dataset) -> None:
    """31 of ACLED, 49 of UCDP GED, and VIINA's table of events with its 26 labels; ours stand behind."""
    header = list(table(written(dataset, scheme))[0])
    ours = [name for name in header if name.startswith("report_") and name != "report_id"]

    assert len(set(header)) == len(header)
    assert len(header) - len(ours) - 1 == {"acled": 31, "ucdp": 49, "viina": 23 + 26}[scheme]


@pytest.mark.parametrize(
    ("days", "precision", "acled", "ucdp"),
    [
        (1, "day", "1", "1"),
        (1, "by", "2", "2"),
        (2, "range", "2", "2"),
        (7, "range", "2", "3"),
        (30, "range", "3", "4"),
        (90, "range", "3", "5"),
    ],
)
def test_dates_have_the_codes_of_the_codebooks(
    days: int, precision: str, acled: str, ucdp: str, dataset: Dataset
) -> None:
    """A stated day is 1; what the text tells no day of, and a week, is less exact; ACLED's date is the middle."""
    row = dataset.events[dataset.events["kind"] == "shelling"].iloc[:1]
    start = pd.Timestamp("2024-11-01")
    row = row.assign(
        date=start, date_end=start + pd.Timedelta(days=days - 1), date_precision=precision, precision="near"
    )
    export = replace(export_of(row, dataset.manifest.provenance), gazetteer=Gazetteer.load())
    like = {scheme: table(b"".join(FORMATS[scheme].pieces(export)))[0] for scheme in ("acled", "ucdp")}

    assert (like["acled"]["time_precision"], like["ucdp"]["date_prec"]) == (acled, ucdp)
    assert like["acled"]["event_date"] == f"{start + pd.Timedelta(days=(days - 1) // 2):%Y-%m-%d}"


MIRRORED = {"russia": "ukraine", "ukraine": "russia"}


@pytest.mark.parametrize(
    ("side", "place_id", "action", "called"),
    [
        ("russia", "donetsk.kurakhove", "seized", "Non-state actor overtakes territory"),
        ("ukraine", "donetsk.kurakhove", "retaken", "Government regains territory"),
        ("ukraine", "kursk.sudzha", "seized", "Non-state actor overtakes territory"),
        ("russia", "kursk.sudzha", "retaken", "Government regains territory"),
        ("russia", "donetsk.kurakhove", "advanced", "Armed clash"),
        ("ukraine", "kursk.sudzha", "advanced", "Armed clash"),
        (None, "donetsk.kurakhove", "seized", ""),
    ],
)
def test_captures_go_by_whose_recognised_territory_it_is(
    side: str | None, place_id: str, action: str, called: str, dataset: Dataset
) -> None:
    """The same rule for both parties; where nobody is said to have acted, the sort of change is not guessed."""
    row = dataset.events[dataset.events["kind"] == "capture"].iloc[:1]
    row = row.assign(actor_side=side, place_id=place_id, action=action, precision="settlement")
    export = replace(export_of(row, dataset.manifest.provenance), gazetteer=Gazetteer.load())
    (like,) = table(b"".join(FORMATS["acled"].pieces(export)))

    assert (like["event_type"], like["sub_event_type"]) == ("Battles", called)
    assert like["inter1"] == {"G": "State forces", "N": "External/Other forces"}.get(called[:1], like["inter1"])


def test_the_crosswalk_knows_the_words_of_the_codebooks() -> None:
    """Each row of a kind gives exactly what its scheme asks for, in terms that the scheme has."""
    from geo.dataset.formats.viina import LABELS

    for kind in kinds().values():
        assert all({*row} - {"when"} == {"event_type", "sub_event_type"} for row in kind.acled)
        assert all(row["event_type"] in crosswalk()["disorder"] for row in kind.acled)
        assert all(row["type_of_violence"] in "123" for row in kind.ucdp)
        assert all(set(row["labels"]) <= set(LABELS) for row in kind.viina)
    assert all(set(labels) <= set(LABELS) for labels in crosswalk()["sides"].values())
