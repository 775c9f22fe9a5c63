"""GeoJSON (RFC 7946): one FeatureCollection, a feature a line."""

import json
from collections.abc import Iterator
from functools import lru_cache

import pyarrow as pa
import shapely

from geo.dataset.formats.cells import JSON, coded, lines, made, utf8, written
from geo.dataset.outgoing import WRITTEN, Export
from geo.dataset.provenance import unseen_escaped
from geo.reference.outlines import tidy


def pieces(export: Export) -> Iterator[bytes]:
    """Yield the collection: what it says of itself, its bounding box, then every report.

    Every feature has all properties of the contract; null is unknown. Characters that nobody sees (direction marks,
    controls) are written as escapes.
    """
    box = {"bbox": list(export.tally.bounds)} if export.tally.bounds else {}
    head = json.dumps({"type": "FeatureCollection", **export.says, **box}, ensure_ascii=False, indent=1)
    yield utf8(unseen_escaped(head.removesuffix("\n}")) + ',\n "features": [\n')
    between = len(",\n")  # stands before each but the first
    for features in made(lambda rows: lines([",\n", *feature(rows)], ""), export.batches()):
        yield features[between:]
        between = 0
    yield b"\n]}\n"


def feature(rows: pa.RecordBatch) -> list[pa.Array | str]:
    """Return what each report's feature is put together from, column by column."""
    ids = written(rows["id"], JSON)
    columns = [written(rows[name], JSON, f',"{name}":') for name in WRITTEN[1:]]
    head = ['{"type":"Feature","id":', ids, ',"geometry":', _shapes(rows["geometry"]), ',"properties":{"id":', ids]
    return [*head, *columns, "}}"]


def _shapes(column: pa.Array) -> pa.Array:
    shapes = coded(column)
    texts = [*map(shape_text, shapes.dictionary.to_pylist()), "null"]
    return pa.array(texts, pa.large_string()).take(shapes.indices.fill_null(len(texts) - 1).cast(pa.int32()))


@lru_cache(20_000)
def shape_text(wkb: bytes) -> str:
    """Return a shape as a geometry of GeoJSON: few decimals, rings by the right-hand rule."""
    return json.dumps(shapely.geometry.mapping(tidy(shapely.from_wkb(wkb))), separators=(",", ":"))
