"""Tables of reports as files for other programs, in memory: what the page offers and what Python code asks for.

The formats themselves are in ``geo/dataset/formats``; a dataset too large for memory goes out by
``geo.dataset.streaming``.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping

import pyarrow as pa
from geopandas import GeoDataFrame

from geo.dataset.formats import csv_rows, geojson
from geo.dataset.outgoing import export_of
from geo.dataset.provenance import Provenance


def to_geojson(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> bytes:
    """Return the reports as a GeoJSON FeatureCollection, one feature a line, in the order of the rows.

    ``coarse`` says what becomes of reports whose place is an area: its ``outline``, its nominal ``point``, or ``drop``.
    Every feature has all properties of the contract; null is unknown. Characters that nobody sees (direction marks,
    controls) are written as escapes. Raises ``WrongUse`` if ``coarse`` is none of the three.
    """
    return b"".join(geojson_pieces(events, provenance, selection=selection, coarse=coarse))


def geojson_pieces(
    events: GeoDataFrame | pa.Table,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> Iterator[bytes]:
    """Yield what ``to_geojson`` returns piece by piece, so that a large export needs little memory."""
    return geojson.pieces(export_of(events, provenance, selection=selection, coarse=coarse))


def to_csv(events: GeoDataFrame, *, coarse: str = "outline") -> bytes:
    """Return the reports as CSV (``geo.dataset.formats.csv_rows``); what goes with it is ``notice_text``."""
    return b"".join(csv_rows.pieces(export_of(events, Provenance(), coarse=coarse)))


def notice_text(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> str:
    """Return the text that goes beside a CSV file, as ``FILE.notice.txt``: what GeoJSON says in its members."""
    drawn = "drop" if coarse == "drop" else "point"  # no shape is in it, so none is credited
    return csv_rows.notice(
        export_of(events, provenance, selection=selection, coarse=drawn).says, csv_rows.REMARK
    ).decode()


def csv_zip(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
    name: str = "reports",
) -> bytes:
    """Return a zip of ``<name>.csv`` and ``<name>.csv.notice.txt``, dated 1980-01-01: the same bytes each time."""
    files = {
        f"{name}.csv": to_csv(events, coarse=coarse),
        f"{name}.csv.notice.txt": notice_text(events, provenance, selection=selection, coarse=coarse).encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file, data in files.items():
            entry = zipfile.ZipInfo(file, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else it tells on which system it was made
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()
