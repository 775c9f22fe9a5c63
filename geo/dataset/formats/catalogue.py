"""Every format in one list; all of them give bytes piece by piece."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from geo.dataset.formats import acled, crosswalk, csv_rows, geojson, geojsonseq, geoparquet, gpkg, kml, ucdp, viina
from geo.dataset.outgoing import Export


class Format(NamedTuple):
    """How a format is written."""

    pieces: Callable[[Export], Iterator[bytes]]
    remarks: tuple[str, ...] | None = None  # for the notice beside it; None: what has to be said stands inside
    shapes: bool = True  # it holds the outlines of areas
    why_not: Callable[[str, str], str | None] = lambda _kind, _precision: None  # why such a report is left out


_LIKE = (acled.SCHEME, ucdp.SCHEME, viina.SCHEME)

FORMATS = {
    "geojson": Format(geojson.pieces),
    "geojsonseq": Format(geojsonseq.pieces, ()),
    "csv": Format(csv_rows.pieces, (csv_rows.REMARK,), shapes=False),
    "kml": Format(kml.pieces),
    "gpkg": Format(gpkg.pieces),
    "parquet": Format(geoparquet.pieces),
    **{
        s.key: Format(partial(crosswalk.pieces, s), crosswalk.remarks(s), why_not=partial(crosswalk.why_not, s))
        for s in _LIKE
    },
}
