"""GeoParquet 1.1 (https://geoparquet.org/releases/v1.1.0/): the table as it is stored, with what it says of itself.

One writer, fixed row groups: the same reports give the same bytes. ``frontline`` in the metadata of the file holds the
notice, the filter and the credits as JSON.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo.dataset.outgoing import Export
from geo.dataset.tables import EVENTS, geoparquet

ROW_GROUP = 32_768


def pieces(export: Export) -> Iterator[bytes]:
    """Yield the file."""
    kept = _Kept()
    schema = EVENTS.with_metadata(geoparquet(export.tally.geometry_types, export.tally.bounds, export.says))
    writer = pq.ParquetWriter(kept, schema, compression="zstd", version="2.6")
    for table in _groups(export.batches()):
        writer.write_table(table, row_group_size=ROW_GROUP)
        yield kept.taken()
    writer.close()
    yield kept.taken()


def _groups(batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield tables of whole row groups, whatever the sizes of the batches; the last one is what is left."""
    waiting = EVENTS.empty_table()
    for table in batches:
        waiting = pa.concat_tables([waiting, table.cast(EVENTS)])
        whole = waiting.num_rows // ROW_GROUP * ROW_GROUP
        if whole:
            yield waiting.slice(0, whole)
            waiting = waiting.slice(whole).combine_chunks()
    if waiting.num_rows:
        yield waiting


class _Kept:
    """A file that is taken away in pieces."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
