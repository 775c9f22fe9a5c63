"""The formats that reports go out in, one module each; all of them give bytes piece by piece."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from geo.dataset.formats import acled, crosswalk, csv_rows, geojson, geojsonseq, geoparquet, gpkg, kml, ucdp, viina
from geo.dataset.outgoing import Export


class Format(NamedTuple):
    """How a format is written."""

    pieces: Callable[[Export], Iterator[bytes]]
    remarks: Callable[[Export], tuple[str, ...]] | None = None  # for the notice that stands beside it; None: it has room inside


_SCHEMES = (acled.SCHEME, ucdp.SCHEME, viina.SCHEME)

FORMATS = {
    "geojson": Format(geojson.pieces),
    "geojsonseq": Format(geojsonseq.pieces, lambda _: ()),
    "csv": Format(csv_rows.pieces, lambda _: (csv_rows.REMARK,)),
    "kml": Format(kml.pieces),
    "gpkg": Format(gpkg.pieces),
    "parquet": Format(geoparquet.pieces),
    **{s.key: Format(partial(crosswalk.pieces, s), partial(crosswalk.remarks, s)) for s in _SCHEMES},
}
