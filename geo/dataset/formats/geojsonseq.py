"""GeoJSON text sequences (RFC 8142): one feature a record, for programs that read line by line.

A sequence has no room for what the whole says of itself: the notice stands beside it.
"""

from collections.abc import Iterator

from geo.dataset.formats.cells import lines, made
from geo.dataset.formats.geojson import feature
from geo.dataset.outgoing import Export

_RECORD = "\x1e"  # the separator stands before each record, a line feed after it


def pieces(export: Export) -> Iterator[bytes]:
    """Yield every report as a feature; those of the GeoJSON, in the same order."""
    yield from made(lambda rows: lines([_RECORD, *feature(rows)], "\n"), export.batches())
