"""GeoPackage 1.4, written by GDAL: a layer for each sort of shape, each with its style and its time for QGIS.

The styles stand in the table ``layer_styles``, which QGIS reads when a layer is added. GDAL would write the moment of
writing into the file; the newest publication date stands there instead, so that the bytes are the same each time.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from geo.dataset.formats.cells import json_text
from geo.dataset.formats.qml import style
from geo.dataset.outgoing import Export
from geo.dataset.provenance import decoded, notice_lines
from geo.dataset.tables import EVENTS

_AT_ONCE = 1 << 20  # bytes
_GEOMETRY = "geom"
_EPOCH = "1970-01-01"  # where no date of publication is known


@dataclass(frozen=True)
class Layer:
    """A table of the file: the reports of some sorts of shape."""

    name: str
    holds: frozenset[str]  # sorts of shape
    kind: str  # what GDAL calls the sort that they are written as


LAYERS = (  # areas below lines below points, as QGIS lists them
    Layer("reports_at_points", frozenset({"Point"}), "Point"),
    Layer("reports_along_lines", frozenset({"LineString", "MultiLineString"}), "MultiLineString"),
    Layer("reports_in_areas", frozenset({"Polygon", "MultiPolygon"}), "MultiPolygon"),
)
WITHOUT_SHAPE = "reports_without_a_shape"


def pieces(export: Export) -> Iterator[bytes]:
    """Yield the file, which is made beside others for the moment, and takes their room on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.gpkg"
        _write(path, export)
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                yield piece


def _write(path: Path, export: Export) -> None:
    day = export.says["generated_from"] or _EPOCH
    layers = [layer for layer in LAYERS if layer.holds & export.tally.geometry_types]
    for layer in layers:
        _write_layer(path, export, layer)
    if export.tally.without_geometry or not layers:
        _write_layer(path, export, None)
    _finish(path, export, [layer.name for layer in layers], day)


def _write_layer(path: Path, export: Export, layer: Layer | None) -> None:
    names = [name for name in EVENTS.names if layer or name != "geometry"]
    schema = pa.schema([_field(EVENTS.field(name)) for name in names])
    batches = (batch for table in export.batches() for batch in _rows(table, layer, schema).to_batches())
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(schema, batches),
        path,
        layer=layer.name if layer else WITHOUT_SHAPE,
        driver="GPKG",
        append=path.exists(),
        geometry_type=layer.kind if layer else None,
        geometry_name="geometry" if layer else None,
        crs="EPSG:4326" if layer else None,
        layer_options={"DESCRIPTION": export.says["notice"]} | ({"GEOMETRY_NAME": _GEOMETRY} if layer else {}),
    )


def _field(field: pa.Field) -> pa.Field:
    """Return what a column is in a GeoPackage, which knows no lists."""
    return pa.field(field.name, pa.string()) if pa.types.is_list(field.type) else field


def _rows(table: pa.Table, layer: Layer | None, schema: pa.Schema) -> pa.Table:
    """Return the reports of a layer."""
    shapes = decoded(table["geometry"]).dictionary_encode()  # only those that occur here
    drawn = shapely.from_wkb(np.asarray(shapes.dictionary.to_numpy(zero_copy_only=False), dtype=object))
    fits = [layer is not None and shape.geom_type in layer.holds for shape in drawn]
    belongs = pa.array([*fits, layer is None]).take(shapes.indices.fill_null(len(drawn)).cast(pa.int32()))
    kept = table.filter(belongs)
    columns = {name: kept[name] for name in schema.names}
    for name in ("via", "more_quotes"):
        columns[name] = pa.array(map(json_text, kept[name].to_pylist()), pa.string())
    if layer:
        whole = [_as_layer(shape, layer) if fit else None for shape, fit in zip(drawn, fits, strict=True)]
        columns["geometry"] = pa.array(whole, pa.binary()).take(shapes.indices.filter(belongs))
    return pa.table(columns).cast(schema)


def _as_layer(shape: Any, layer: Layer) -> bytes:
    """Return a shape as the layer has them: one area is a collection of one."""
    many = {"MultiPolygon": shapely.multipolygons, "MultiLineString": shapely.multilinestrings}
    whole: bytes = (shape if shape.geom_type == layer.kind else many[layer.kind]([shape])).wkb
    return whole


# --- styles and what the file says of itself -------------------------------------------------------------------------

_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_METADATA = """
CREATE TABLE IF NOT EXISTS gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))
"""
_METADATA_EXTENSION = ("gpkg_metadata", "http://www.geopackage.org/spec/#extension_metadata", "read-write")


def _finish(path: Path, export: Export, layers: list[str], day: str) -> None:
    """Add the styles and the notice, then lay the file out anew, so that nothing shows how it was written."""
    moment = f"{day}T00:00:00.000Z"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        file.execute(_STYLES)
        for name in layers:
            kind = next(layer.kind for layer in LAYERS if layer.name == name)
            row = (
                "",
                "",
                name,
                _GEOMETRY,
                "by kind",
                style(kind),
                "",
                True,
                "Colour by family, symbol by kind",
                "",
                None,
            )
            file.execute(f"INSERT INTO layer_styles VALUES (NULL,{','.join('?' * len(row))},?)", (*row, moment))  # noqa: S608
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, 'attributes', ?, ?)",
            ("layer_styles", "layer_styles", moment),
        )
        for statement in filter(str.strip, _METADATA.split(";")):
            file.execute(statement)
        for number, (kind, told) in enumerate(_notices(export), 1):
            file.execute("INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, ?, ?)", (number, _URI, kind, told))
            reference = ("geopackage", None, None, None, moment, number, None)
            file.execute("INSERT INTO gpkg_metadata_reference VALUES (?,?,?,?,?,?,?)", reference)
        for table in ("gpkg_metadata", "gpkg_metadata_reference"):
            file.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)", (table, *_METADATA_EXTENSION))
        file.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        file.execute("COMMIT")
        file.execute("VACUUM")


_URI = "http://www.opengis.net/doc/IS/geopackage/1.4"


def _notices(export: Export) -> Iterator[tuple[str, str]]:
    """Yield what the file says of itself, for people and for programs."""
    yield "text/plain", "\n".join(notice_lines(export.says))
    yield "application/json", json.dumps(dict(export.says), ensure_ascii=False, indent=1)
