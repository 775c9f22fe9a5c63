"""KML 2.2 (OGC 07-147r2) for Google Earth and QGIS: a placemark a report, with the days that it covers.

The colours are those of the families. A viewer reads a description as HTML, so text from digests is escaped twice
there. Characters that XML does not allow are shown as escapes; the exact words are in the GeoJSON.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.dataset.formats.cells import Writing, coded, json_text, lines, made, replaced, utf8, written
from geo.dataset.outgoing import WRITTEN, Export
from geo.dataset.provenance import NOTICE, UNSEEN, notice_lines
from geo.dataset.tables import EVENTS
from geo.kinds import kinds
from geo.reference.outlines import tidy

_TYPES = {pa.int64(): "int", pa.float64(): "double", pa.bool_(): "bool"}  # of SimpleField; KML has no days
_FOOT = "</Document>\n</kml>\n"


def pieces(export: Export) -> Iterator[bytes]:
    """Yield the document: what it says of itself, its styles, its fields, then every report."""
    yield utf8(_head(export))
    yield from made(_placemark, export.batches())
    yield utf8(_FOOT)


def _head(export: Export) -> str:
    about = "<br>".join(escape(line) for line in notice_lines(export.says))
    told = _xml(json_text(dict(export.says)))
    styles = {kind.family: kind.colour for kind in kinds().values()}
    fields = "".join(f'<SimpleField type="{_TYPES.get(EVENTS.field(n).type, "string")}" name="{n}"/>' for n in WRITTEN)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        f"<name>{_xml(NOTICE)}</name>\n<description>{_xml(about)}</description>\n"
        + "".join(_style(*style) for style in styles.items())
        + f'<ExtendedData><Data name="about"><value>{told}</value></Data></ExtendedData>\n'
        f'<Schema name="report" id="report">{fields}</Schema>\n'
    )


def _style(family: str, colour: str) -> str:
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    solid, soft = f"ff{blue}{green}{red}", f"40{blue}{green}{red}"  # opacity first, then from blue to red
    return (
        f'<Style id="{family}"><IconStyle><color>{solid}</color><scale>0.7</scale></IconStyle>'
        f"<LabelStyle><scale>0</scale></LabelStyle><LineStyle><color>{solid}</color><width>1</width></LineStyle>"
        f"<PolyStyle><color>{soft}</color></PolyStyle><BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n"
    )


def _placemark(rows: pa.RecordBatch) -> pa.Array:
    """Return each report as a placemark, its parts in the order that the schema asks for."""
    told = {name: written(rows[name], _HTML) for name in ("summary", "quote", "outlet", "published")}
    said = [
        told["summary"],
        "&lt;br&gt;&lt;br&gt;“",
        told["quote"],
        "”&lt;br&gt;",
        told["outlet"],
        ", ",
        told["published"],
    ]
    parts = [
        *("<Placemark><name>", written(rows["place"], _XML), "</name><description>", *said, "</description>"),
        *("<TimeSpan><begin>", written(rows["date"], _XML), "</begin><end>", written(rows["date_end"], _XML)),
        *(
            "</end></TimeSpan><styleUrl>#",
            _family(rows["kind"]),
            '</styleUrl><ExtendedData><SchemaData schemaUrl="#report">',
        ),
        *(_datum(name, rows[name]) for name in WRITTEN),
        *("</SchemaData></ExtendedData>", _shapes(rows["geometry"]), "</Placemark>"),
    ]
    return lines(parts, "\n")


def _datum(name: str, column: pa.Array) -> pa.Array:
    """Return a field of each report; what is unknown is left out."""
    told = written(column, _XML, f'<SimpleData name="{name}">', "</SimpleData>")
    return pc.if_else(pc.is_valid(column), told, "") if column.null_count else told


def _family(column: pa.Array) -> pa.Array:
    known = kinds()
    return written(column, _XML._replace(others=lambda keys: _each(keys, lambda key: known[key].family)))


def _shapes(column: pa.Array) -> pa.Array:
    shapes = coded(column)
    texts = [*map(shape_text, shapes.dictionary.to_pylist()), ""]
    return pa.array(texts, pa.large_string()).take(shapes.indices.fill_null(len(texts) - 1).cast(pa.int32()))


def _each(column: pa.Array, made_of: Any) -> pa.Array:
    return pa.array(map(made_of, column.to_pylist()), pa.large_string())


# --- shapes ----------------------------------------------------------------------------------------------------------


@lru_cache(20_000)
def shape_text(wkb: bytes) -> str:
    """Return a shape as KML: longitude first, outer rings counter-clockwise."""
    return _shape(tidy(shapely.from_wkb(wkb)))


def _shape(shape: Any) -> str:
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(map(_shape, shape.geoms))}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        holes = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
    return f"<{shape.geom_type}>{_positions(shape)}</{shape.geom_type}>"  # Point, LineString


def _ring(ring: Any) -> str:
    return f"<LinearRing>{_positions(ring)}</LinearRing>"


def _positions(shape: Any) -> str:
    return f"<coordinates>{' '.join(f'{lon!r},{lat!r}' for lon, lat in shape.coords)}</coordinates>"


# --- text ------------------------------------------------------------------------------------------------------------

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not even as a reference
_REFERENCED = re.compile(f"[\r{UNSEEN}]")  # a parser would read CR as a line feed; nobody sees the others
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def _xml(value: Any) -> str:
    """Return a value as the text of an element or attribute."""
    text = value if isinstance(value, str) else _xml_value(value)
    for sign, reference in _SIGNS.items():
        text = text.replace(sign, reference)
    text = _ILLEGAL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return _REFERENCED.sub(lambda found: f"&#{ord(found.group())};", text)


def _xml_value(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)


def _xml_texts(column: pa.Array) -> pa.Array:
    for sign, reference in _SIGNS.items():
        column = replaced(column, sign, reference)
    return column


_RISKY = f"[\x00-\x08\x0b-\x1f{UNSEEN}\ufffe\uffff]"
_XML = Writing(_xml, _RISKY, _xml_texts, _xml, "")
_HTML = Writing(lambda text: _xml(escape(text)), _RISKY, lambda column: _xml_texts(_xml_texts(column)), _xml, "")
