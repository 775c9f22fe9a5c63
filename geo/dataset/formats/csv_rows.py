"""CSV (RFC 4180): the columns of the contract without geometry, UTF-8, CRLF, one row a report.

It begins with a byte order mark, without which spreadsheets read Cyrillic as gibberish. Text that a spreadsheet would
run as a formula has an apostrophe before it, also after a ``;``, tab or line break inside a cell, since spreadsheets in
many countries take those for the next cell. The exact words are in the GeoJSON. ``via`` and ``more_quotes`` are JSON.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.formats.cells import Writing, json_text, lines, made, replaced, utf8, written
from geo.dataset.outgoing import WRITTEN, Export
from geo.dataset.provenance import notice_lines

REMARK = "Text that a spreadsheet would run as a formula has an apostrophe before it; GeoJSON has the exact words"


def pieces(export: Export) -> Iterator[bytes]:
    """Yield the header, then the rows."""
    yield head(WRITTEN)
    yield from made(lambda rows: row([rows[name] for name in WRITTEN]), export.batches())


def head(names: Sequence[str]) -> bytes:
    """Return the header of a CSV file, with its byte order mark."""
    return utf8("\ufeff" + ",".join(names) + "\r\n")


def row(columns: Sequence[pa.Array]) -> pa.Array:
    """Return each row of columns as a line of a CSV file."""
    cells = [written(column, CSV, "," if number else "") for number, column in enumerate(columns)]
    return lines(cells, "\r\n")


def notice(says: Mapping[str, Any], *remarks: str) -> bytes:
    """Return the text that goes beside a file, as ``FILE.notice.txt``: what GeoJSON says in its members."""
    return utf8("\n".join(notice_lines(says, *remarks)) + "\n")


# What opens a formula (also in full-width forms), at the start of a cell or after what some spreadsheets take for a new
# cell or row; blanks, quotes and marks that nobody sees do not keep it from running.
_BLANKS = "\\s\0-\x1f\x85\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000"  # RE2 knows fewer as \s than Python
_BEFORE = f"(?:^|[;|\t\r\n\v\f\x85\u2028\u2029])[{_BLANKS}\"'\ufeff]*"
_OPENERS = "[=+\\-@＝＋－＠]"
_FORMULA = re.compile(f"({_BEFORE})(?={_OPENERS})")
_QUOTED = '[",;\t\r\n]'


def csv_text(text: str) -> str:
    """Return text as a cell."""
    safe = _FORMULA.sub(r"\1'", text)
    safe = f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe
    return '"' + safe.replace('"', '""') + '"' if re.search(_QUOTED, safe) else safe


def _csv_texts(column: pa.Array) -> pa.Array:
    quoted = lines(['"', replaced(column, '"', '""'), '"'], "")
    return pc.if_else(pc.match_substring_regex(column, _QUOTED), quoted, column)


def _csv_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return csv_text(value if isinstance(value, str) else json_text(value))


CSV = Writing(csv_text, f"^[\t\r\n]|{_BEFORE}{_OPENERS}", _csv_texts, _csv_value, "")
