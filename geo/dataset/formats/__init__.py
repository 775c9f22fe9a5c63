"""The formats that reports go out in, one module each; all of them give bytes piece by piece."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from geo.dataset.formats import (
    csv_rows,
    geojson,
    geojsonseq,
    geoparquet,
    gpkg,
    kml,
)
from geo.dataset.outgoing import Export


class Format(NamedTuple):
    """How a format is written."""

    pieces: Callable[[Export], Iterator[bytes]]
    remarks: Callable[[Export], tuple[str, ...]] | None = None  # for the notice that stands beside it; None: it has room inside


FORMATS = {
    "geojson": Format(geojson.pieces),
    "geojsonseq": Format(geojsonseq.pieces, lambda _: ()),
    "csv": Format(csv_rows.pieces, lambda _: (csv_rows.REMARK,)),
    "kml": Format(kml.pieces),
    "gpkg": Format(gpkg.pieces),
    "parquet": Format(geoparquet.pieces),
}
