"""Columns of reports as columns of text, and those as lines: most of an export, so nothing here goes row by row.

Values repeat: each that a column has is written once, then looked up. Where few values repeat, as in quotes, only those
are touched that need more than what stands around them.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from json.encoder import encode_basestring  # what json.dumps uses for text, without its overhead of 2 µs
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.provenance import UNSEEN, unseen_escaped

BATCH = 8_192  # rows in memory as text at a time

_AHEAD = 2  # batches

_TEXT = pa.large_string()


class Writing(NamedTuple):
    """How a format writes values."""

    text: Callable[[str], str]  # text from digests, made harmless
    risky: str  # a regular expression (RE2): what finds it must go through ``text``;
    others: Callable[[pa.Array], pa.Array]  # the rest may be made harmless by this, all at once
    value: Callable[[Any], str]  # numbers, flags, and lists as they are
    unknown: str


def written(column: pa.Array, how: Writing, before: str = "", after: str = "") -> pa.Array:
    """Return a column as text of this writing, each cell between ``before`` and ``after``."""
    kind = column.type
    if column.null_count == len(column):
        return pa.array([before + how.unknown + after], _TEXT).take(pa.array(np.zeros(len(column), np.int8)))
    if pa.types.is_dictionary(kind) and len(column.dictionary) > len(column):
        return written(column.dictionary_decode(), how, before, after)  # most of its values stand in other rows
    if pa.types.is_list(kind):
        return _lists(column, how, before, after)
    if pa.types.is_integer(kind):
        return _between(column.cast(_TEXT).fill_null(how.unknown), before, after)
    if pa.types.is_string(kind) and not _repeats(column):
        return _between(_texts(column, how).fill_null(how.unknown), before, after)
    return _looked_up(coded(column), how, before, after)


def coded(column: pa.Array) -> pa.DictionaryArray:
    """Return a column as its values, each once, and which of them each row has."""
    if not pa.types.is_dictionary(column.type):
        return column.dictionary_encode()
    return column if len(column.dictionary) <= len(column) else column.dictionary_decode().dictionary_encode()


def _repeats(column: pa.Array) -> bool:
    """Whether it pays to write each value once: told from the first thousand."""
    first = column[:1000]
    return len(first.unique()) * 2 < len(first)


def _looked_up(column: pa.DictionaryArray, how: Writing, before: str, after: str) -> pa.Array:
    values, unknown = column.dictionary, len(column.dictionary)
    texts = _texts(values, how) if pa.types.is_string(values.type) else _values(values, how)
    known = _between(pa.concat_arrays([texts, pa.array([how.unknown], _TEXT)]), before, after)
    return known.take(column.indices.fill_null(unknown).cast(pa.int32()))


def _values(column: pa.Array, how: Writing) -> pa.Array:
    return pa.array([how.value(plain(value)) for value in column.to_pylist()], _TEXT)


def _texts(column: pa.Array, how: Writing) -> pa.Array:
    """Return texts from digests made harmless; unknown stays unknown."""
    whole = how.others(column.cast(_TEXT))
    risky = pc.match_substring_regex(column, how.risky).fill_null(False)
    if not pc.any(risky).as_py():
        return whole
    return pc.replace_with_mask(whole, risky, pa.array(map(how.text, column.filter(risky).to_pylist()), _TEXT))


def _between(column: pa.Array, before: str, after: str) -> pa.Array:
    return lines([before, column, after], "") if before or after else column


def _lists(column: pa.Array, how: Writing, before: str, after: str) -> pa.Array:
    """Write lists, of which most are empty."""
    none = before + how.value([]) + after
    texts = pa.array([none], _TEXT).take(pa.array(np.zeros(len(column), np.int8)))
    filled = pc.greater(pc.list_value_length(column), 0).fill_null(False)
    made = [before + how.value(value) + after for value in column.filter(filled).to_pylist()]
    return pc.replace_with_mask(texts, filled, pa.array(made, _TEXT)) if made else texts


def lines(columns: Iterable[pa.Array | str], end: str) -> pa.Array:
    """Return each row of several columns of text as one text; what is no column stands in every row."""
    parts = [pa.scalar(part, _TEXT) if isinstance(part, str) else part for part in columns]
    return pc.binary_join_element_wise(*parts, pa.scalar(end, _TEXT), pa.scalar("", _TEXT))


def made(rows_of: Callable[[pa.RecordBatch], pa.Array], batches: Iterable[pa.Table]) -> Iterator[bytes]:
    """Yield the text of batch after batch; the next ones are made while one is written, as Arrow can use both cores."""
    with ThreadPoolExecutor(_AHEAD) as pool:
        waiting: deque[Future[bytes]] = deque()
        for rows in slices(batches):
            waiting.append(pool.submit(lambda rows=rows: joined(rows_of(rows))))  # type: ignore[misc]
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def joined(rows: pa.Array) -> bytes:
    """Return texts one after another: they stand so in memory."""
    if not len(rows):
        return b""
    offsets = np.frombuffer(rows.buffers()[1], np.int64, len(rows) + 1, rows.offset * 8)
    text: bytes = rows.buffers()[2][int(offsets[0]) : int(offsets[-1])].to_pybytes()
    return text


def slices(batches: Iterable[pa.Table]) -> Iterator[pa.RecordBatch]:
    """Cut tables into batches that are small as text, too."""
    for table in batches:
        for start in range(0, table.num_rows, BATCH):
            yield table.slice(start, BATCH).combine_chunks().to_batches()[0]


def plain(value: Any) -> Any:
    """Return days and times as ISO text, and no negative zero."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return value + 0.0 if isinstance(value, float) else value


def json_text(value: Any) -> str:
    """Return a value as JSON; characters that nobody sees (direction marks, controls) are written as escapes."""
    if isinstance(value, str):
        return unseen_escaped(encode_basestring(value))
    if isinstance(value, float):
        return repr(value)  # as json.dumps does, but for NaN and infinity, which no table of reports holds
    return unseen_escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def replaced(column: pa.Array, sign: str, other: str) -> pa.Array:
    """Return texts with one sign written in another way; where there is none, the column as it is."""
    found = pc.any(pc.match_substring(column, sign)).as_py()
    return pc.replace_substring(column, sign, other) if found else column


def _json_texts(column: pa.Array) -> pa.Array:
    for sign in ("\\", '"'):
        column = replaced(column, sign, f"\\{sign}")
    return lines(['"', column, '"'], "")


JSON = Writing(json_text, f"[\x00-\x1f{UNSEEN}]", _json_texts, json_text, "null")


def utf8(text: str) -> bytes:
    """Encode as UTF-8; a lone surrogate, which only a command line can bring, is written as its escape."""
    return text.encode("utf-8", "backslashreplace")
