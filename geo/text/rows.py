"""Digests in tables: one a row of a ``.csv``, one a line of a ``.jsonl``, with its place in the file.

Rows are found by their bytes and read one at a time, so a table of any size needs no more memory than its longest row.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from geo.errors import UnreadableInput
from geo.text.encodings import AUTO, LARGEST_BYTES, encoding_of
from geo.text.extraction import clean, titled

SUFFIXES = (".csv", ".jsonl", ".ndjson")
MOST_COLUMNS = 1_000
# What the columns are called that are read, by what they hold; the first that is there counts, whatever its case.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "full_text", "fulltext", "article_text", "message"),
    "title": ("title", "headline"),
    "published": ("published", "date", "published_at", "publish_date", "pubdate", "datetime"),
    "outlet": ("outlet", "source", "publisher", "domain", "site"),
    "url": ("url", "link", "href"),
    "language": ("language", "lang"),
    "id": ("id", "uid", "guid"),
}
_DELIMITERS = ",;\t"
_HEAD = 1_000_000  # bytes by which the encoding of a table is told


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a table are read: which field holds what, by number in a CSV and by name in JSON lines."""

    encoding: str
    delimiter: str | None  # None: JSON lines
    fields: tuple[tuple[str, int | str], ...]  # (what, where)
    width: int = 0  # columns of a CSV


@dataclass(frozen=True, slots=True)
class Row:
    """Where one row of a table stands."""

    number: int  # from 1, the header not counted
    line: int
    start: int  # bytes of the file
    stop: int
    layout: Layout


class Cells(NamedTuple):
    """What a row says."""

    text: str
    says: Mapping[str, str]  # published, outlet, url, language, id; what is empty is not there


class NoTable(UnreadableInput):
    """A table without a column of texts."""


def find_rows(
    path: Path, encoding: str, columns: Mapping[str, str], failures: list[str]
) -> Iterator[tuple[Row, Cells]]:
    """Yield the rows of a table in order; one that cannot be read is named in ``failures``.

    ``columns`` names columns by what they hold, where they are called otherwise. Raises ``UnreadableInput`` for a file
    that cannot be read at all and ``NoTable`` for one that has no column of texts.
    """
    try:
        with path.open("rb") as file:
            known = _encoding(file.read(_HEAD), path, encoding)
            file.seek(0)
            found = _json_lines if path.suffix.lower() != ".csv" else _csv_rows
            yield from found(file, path, known, columns, failures)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; check the path and its permissions") from error


def row_bytes(path: Path, row: Row) -> bytes:
    """Return the bytes of a row."""
    with path.open("rb") as file:
        file.seek(row.start)
        return file.read(row.stop - row.start)


def cells_of(content: bytes, layout: Layout, where: str) -> Cells:
    """Read the bytes of one row; raises ``UnreadableInput``."""
    values = _values(content, layout, where)
    says = {what: clean(value).strip() for what, value in values.items() if value.strip()}
    if "text" not in says:
        raise UnreadableInput(f"{where}: the text is empty; fill it or remove the row")
    return Cells(titled(says.get("title"), clean(values["text"])), {k: v for k, v in says.items() if k != "text"})


# --- CSV -------------------------------------------------------------------------------------------------------------


class _Lines:
    """The lines of a file for ``csv.reader``, which asks for one after the other; knows how far it has come."""

    def __init__(self, file: BinaryIO, path: Path, encoding: str) -> None:
        self.file, self.path, self.encoding = file, path, encoding
        self.line = self.stop = self.row_start = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self.file.readline(LARGEST_BYTES + 1)
        if not raw:
            raise StopIteration
        self.line += 1
        self.stop += len(raw)
        if self.stop - self.row_start > LARGEST_BYTES:
            raise _Overlong(f"longer than {LARGEST_BYTES / 1e6:.0f} MB")
        return raw.decode(self.encoding)

    def begin_row(self) -> tuple[int, int]:
        """Return line and byte of the row that begins here."""
        self.row_start = self.stop
        return self.line + 1, self.stop


class _Overlong(Exception):
    """A row longer than a digest may be."""


def _csv_rows(
    file: BinaryIO, path: Path, encoding: str, columns: Mapping[str, str], failures: list[str]
) -> Iterator[tuple[Row, Cells]]:
    csv.field_size_limit(LARGEST_BYTES)
    lines = _Lines(file, path, encoding)
    layout = _header(lines, path, columns)
    reader = csv.reader(lines, delimiter=layout.delimiter or ",", strict=True)
    number = 0
    while True:
        line, start = lines.begin_row()
        where = f"{path}:{line}"
        try:
            cells = next(reader)
            if not cells:
                continue  # an empty line
            number += 1
            yield (
                Row(number, line, start, lines.stop, layout),
                cells_of(row_bytes_of(file, start, lines.stop), layout, where),
            )
        except StopIteration:
            return
        except UnreadableInput as error:
            failures.append(str(error))
        except UnicodeDecodeError as error:
            number += 1
            at = lines.stop - len(error.object) + error.start
            failures.append(f"{where}: byte {at} is not {encoding}; save the table as UTF-8 or name its --encoding")
            reader = csv.reader(lines, delimiter=layout.delimiter or ",", strict=True)
        except csv.Error as error:
            number += 1
            end = f" to {lines.line}" if lines.line > line else ""
            failures.append(f"{path}:{line}{end}: the row cannot be read ({error}); check its quotation marks")
        except _Overlong:
            limit = f"{LARGEST_BYTES / 1e6:.0f} MB"
            failures.append(
                f"{where}: the row is longer than {limit}, or a quotation mark in it is not closed; "
                "correct it: nothing behind it was read"
            )
            return


def row_bytes_of(file: BinaryIO, start: int, stop: int) -> bytes:
    """Return some bytes of an open file, which stays where it was."""
    at = file.tell()
    file.seek(start)
    content = file.read(stop - start)
    file.seek(at)
    return content


def _header(lines: _Lines, path: Path, columns: Mapping[str, str]) -> Layout:
    try:
        first = next(lines, "").removeprefix("\ufeff")
        names = {mark: next(csv.reader([first], delimiter=mark), []) for mark in _DELIMITERS}
    except (_Overlong, csv.Error, UnicodeDecodeError) as error:
        raise NoTable(f"{path}:1: the header cannot be read ({error}); it names the columns") from None
    if (most := max(map(len, names.values()))) > MOST_COLUMNS:
        raise NoTable(f"{path}:1: {most:,} columns; a table of digests has {MOST_COLUMNS:,} at most")
    for mark, header in names.items():
        if fields := _recognised(header, columns):
            places = tuple((what, header.index(name)) for what, name in fields)
            return Layout(lines.encoding, mark, places, len(header))
    raise NoTable(_no_text(path, max(names.values(), key=len)))


def _recognised(header: list[str], columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (what, column) for the columns that are read, or nothing if none holds texts."""
    by_name = {name.strip().casefold(): name for name in reversed(header)}
    fields = []
    for what, usual in COLUMNS.items():
        wanted = (columns[what],) if what in columns else usual
        found = next((by_name[name.casefold()] for name in wanted if name.casefold() in by_name), None)
        if found is not None:
            fields.append((what, found))
    return fields if any(what == "text" for what, _ in fields) else []


def _no_text(path: Path, names: list[str]) -> str:
    there = ", ".join(name[:40] for name in names[:8]) + (" …" if len(names) > 8 else "")
    usual = ", ".join(COLUMNS["text"][:3])
    return f"{path}: no column of texts ({usual} …) among {there or 'none'}; name it with --column text=NAME"


# --- JSON lines ------------------------------------------------------------------------------------------------------


def _json_lines(
    file: BinaryIO, path: Path, encoding: str, columns: Mapping[str, str], failures: list[str]
) -> Iterator[tuple[Row, Cells]]:
    number = line = stop = 0
    without: list[str] = []
    while raw := file.readline(LARGEST_BYTES + 1):
        line += 1
        start, stop = stop, stop + len(raw)
        where = f"{path}:{line}"
        if len(raw) > LARGEST_BYTES:
            failures.append(f"{where}: the line is longer than {LARGEST_BYTES / 1e6:.0f} MB; split it")
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(LARGEST_BYTES)
                stop += len(raw)
            continue
        if not raw.removeprefix(b"\xef\xbb\xbf").strip():
            continue
        number += 1
        try:
            fields = _recognised(list(_object(raw, encoding, where)), columns)
            if not fields:
                without.append(where)
                continue
            layout = Layout(encoding, None, tuple(fields))
            yield Row(number, line, start, stop, layout), cells_of(raw, layout, where)
        except UnreadableInput as error:
            failures.append(str(error))
    if number and len(without) == number:
        raise NoTable(_no_text(path, []))
    usual = ", ".join(COLUMNS["text"][:3])
    failures += (f"{where}: no field of text ({usual} …); name it with --column text=NAME" for where in without)


def _object(raw: bytes, encoding: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode(encoding).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{where}: byte {error.start} of the line is not {encoding}; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{where}: the line is no JSON ({str(error)[:80]}); correct it") from None
    if not isinstance(value, dict):
        raise UnreadableInput(f'{where}: the line holds no object; write it as {{"text": …}}')
    return value


# --- both ------------------------------------------------------------------------------------------------------------


def _values(content: bytes, layout: Layout, where: str) -> dict[str, str]:
    if layout.delimiter is None:
        told = _object(content, layout.encoding, where)
        if not isinstance(told.get(dict(layout.fields)["text"]), str):  # type: ignore[arg-type]
            raise UnreadableInput(f"{where}: the text is no string; write it in quotation marks")
        return {what: _plain(told.get(str(name))) for what, name in layout.fields}
    csv.field_size_limit(LARGEST_BYTES)
    text = content.decode(layout.encoding)
    cells = next(csv.reader(StringIO(text, newline=""), delimiter=layout.delimiter, strict=True), [])
    if len(cells) != layout.width:
        remedy = "complete it, or put the text into quotation marks if there are commas in it"
        raise UnreadableInput(f"{where}: the row has {len(cells):,} cells, the header {layout.width:,}; {remedy}")
    return {what: cells[int(place)] for what, place in layout.fields}


def _plain(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _encoding(head: bytes, path: Path, encoding: str) -> str:
    if encoding.lower() != AUTO:
        return _of_lines(encoding, path)
    if len(head) == _HEAD:
        head = head[: head.rfind(b"\n") + 1] or head  # no character is cut in two
    return _of_lines(encoding_of(head, path), path)


def _of_lines(encoding: str, path: Path) -> str:
    try:
        in_lines = "\n".encode(encoding) == b"\n"
    except LookupError:
        raise UnreadableInput(f"{path}: there is no encoding {encoding!r}; try utf-8 or cp1251") from None
    if not in_lines:
        raise UnreadableInput(f"{path}: a table in {encoding} cannot be read row by row; save it as UTF-8")
    return encoding
