"""Curated data as found: tables read leniently, so that one spreadsheet's save does not hide everything else."""

import csv
import difflib
import io
import json
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.reference.gazetteer import AXIS_COLUMNS, NAME_COLUMNS, PLACE_COLUMNS

ACTIVITY_COLUMNS = ["place", "week", "weight", "source"]
RETIRED_COLUMNS = ["id", "successor", "reason", "date"]
_TIDY = " (`frontline check --tidy` does it)"
DEGREES = re.compile(r"-?\d{1,3}\.\d{4}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One broken promise: where it stands, what is wrong, and what to do about it."""

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.todo}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a curated table, with the place where a person finds it."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(self, what: str, todo: str) -> Problem:
        """Return a problem of this row."""
        return Problem(self.file, self.line, what, todo)


@dataclass(frozen=True, slots=True)
class Table:
    """A curated table as found; ``problems`` are those of the file itself."""

    path: Path
    use: str  # what a source must be allowed in
    columns: Sequence[str]
    rows: Sequence[Row]
    problems: Sequence[Problem]
    whole: bool  # every cell was understood: nothing is lost if the table is written anew


@dataclass(frozen=True)
class Curated:
    """Everything that the checks look at, read once."""

    folder: Path
    kinds_file: Path

    @cached_property
    def tables(self) -> list[Table]:
        """Every table of the folder, in the order of its layout."""
        known = [("regions.csv", "regions", PLACE_COLUMNS), ("places/*.csv", "places", PLACE_COLUMNS)]
        known += [("places_osm/*.csv", "places_osm", PLACE_COLUMNS), ("sites.csv", "sites", PLACE_COLUMNS)]
        known += [("axes.csv", "axes", AXIS_COLUMNS), ("names/*.csv", "names", NAME_COLUMNS)]
        known += [("activity.csv", "activity", ACTIVITY_COLUMNS), ("retired.csv", "retired", RETIRED_COLUMNS)]
        return [_table(p, use, columns) for glob, use, columns in known for p in sorted(self.folder.glob(glob))]

    def rows(self, *uses: str) -> Iterator[Row]:
        """Yield the rows of the tables for these uses."""
        for table in self.tables:
            if table.use in uses:
                yield from table.rows

    @cached_property
    def places(self) -> dict[str, Row]:
        """The first row of every id, those of ``places_osm/`` last."""
        found: dict[str, Row] = {}
        for use in ("regions", "places", "sites", "axes", "places_osm"):
            for row in self.rows(use):
                found.setdefault(row["id"], row)
        return found

    @cached_property
    def names_of(self) -> dict[str, list[Row]]:
        """Rows of ``names/`` by place."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("names"):
            found[row["place"]].append(row)
        return found

    @cached_property
    def sources(self) -> dict[str, Any]:
        """``sources.toml``; empty if it cannot be read."""
        return toml(self.folder / "sources.toml")

    @cached_property
    def theatre(self) -> dict[str, Any]:
        """``theatre.toml``; empty if it cannot be read."""
        return toml(self.folder / "theatre.toml")

    @cached_property
    def fine_outlines(self) -> dict[str, BaseGeometry]:
        """The finest outline that there is of each region, for containment."""
        return self._outlines("regions.geojson", "basemap_regions.geojson")

    @cached_property
    def raion_outlines(self) -> dict[str, BaseGeometry]:
        """The outline of each raion that has one."""
        return self._outlines("raions.geojson")

    def _outlines(self, *names: str) -> dict[str, BaseGeometry]:
        found: dict[str, BaseGeometry] = {}
        for name in names:
            for feature in features(self.folder / "outlines" / name):
                try:
                    found[feature["properties"]["id"]] = shapely.from_geojson(json.dumps(feature["geometry"]))
                except (KeyError, TypeError, shapely.errors.ShapelyError):
                    continue  # `outlines_hold` says so
        return {i: outline for i, outline in found.items() if outline is not None}

    def nearest(self, place_id: str) -> str:
        """Return advice for an id that does not exist."""
        return did_you_mean(place_id, self.places) or "correct it, or add that place"


def _table(path: Path, use: str, columns: Sequence[str]) -> Table:
    """Read a table leniently; what had to be forgiven becomes its problems."""
    file = shown(path)
    raw = path.read_bytes()
    problems = list(_text_problems(file, raw))
    text = _decoded(raw)
    header = text.split("\n", 1)[0].rstrip("\r").lstrip("\ufeff")
    mark = max(",;\t", key=header.count)
    if mark != ",":
        name = "semicolons" if mark == ";" else "tabs"
        problems.append(
            Problem(file, 1, f"cells are separated by {name}", f"save the file with commas between cells{_TIDY}")
        )
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)
    found, lines = _records(reader)
    rows: list[Row] = []
    if found:
        problems += _header_problems(file, found[0], columns)
        for line, cells in zip(lines[1:], found[1:], strict=True):
            rows.append(Row(file, line, dict.fromkeys(columns, "") | dict(zip(found[0], cells, strict=False))))
            if len(cells) != len(found[0]):
                what = f"{len(cells)} cells stand where {len(found[0])} belong"
                problems.append(
                    Problem(file, line, what, "look for a stray or missing comma; quote text that holds one")
                )
    else:
        problems.append(Problem(file, 1, "the file is empty", f"write the header {','.join(columns)}"))
    if not problems:
        problems += _order_problems(file, rows, columns)
        problems += _round_trip_problems(file, text, found)
    return Table(path, use, columns, rows, problems, _is_whole(raw, found, columns))


def _is_whole(raw: bytes, found: Sequence[Sequence[str]], columns: Sequence[str]) -> bool:
    """Whether a table is UTF-8, has each column once and in each row a cell for it; what is too much is empty."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not found or sorted(filter(None, found[0])) != sorted(columns):
        return False
    needless = [number for number, column in enumerate(found[0]) if not column]
    return all(len(cells) == len(found[0]) and not any(cells[n] for n in needless) for cells in found)


def tidied(table: Table) -> str:
    """Return a table as it should be saved: its columns in order, sorted, NFC, plain commas and line feeds.

    Cells stay what they are. Only for a table that is ``whole``.
    """
    keys = list(table.columns[:1]) if table.columns[0] == "id" else list(table.columns[:2])
    saved = io.StringIO()
    writer = csv.writer(saved, lineterminator="\n")
    writer.writerow(table.columns)
    normal = [{c: unicodedata.normalize("NFC", row[c]) for c in table.columns} for row in table.rows]
    writer.writerows([row[c] for c in table.columns] for row in sorted(normal, key=lambda row: [row[k] for k in keys]))
    return saved.getvalue()


def _records(reader: Any) -> tuple[list[list[str]], list[int]]:
    """Return the records and the line on which each begins."""
    found: list[list[str]] = []
    lines: list[int] = []
    before = 0
    for record in reader:
        found.append(record)
        lines.append(before + 1)
        before = reader.line_num
    return found, lines


def _decoded(raw: bytes) -> str:
    """Decode what a table should never be, so that its rows can still be checked (ids are plain ASCII)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8", errors="replace")


def _text_problems(shown: str, raw: bytes) -> Iterator[Problem]:
    todo = "save the file as plain CSV in UTF-8 with Unix line ends"
    if raw.startswith(b"\xef\xbb\xbf"):
        yield Problem(shown, 1, "a byte order mark stands before the header", todo + _TIDY)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Problem(shown, 1, "the file is UTF-16", todo)
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield Problem(shown, line, f"byte {error.start} is not UTF-8", todo)
        return
    if "\r" in text:
        yield Problem(
            shown, text[: text.index("\r")].count("\n") + 1, "lines end with a carriage return (CRLF)", todo + _TIDY
        )
    if text and not text.endswith("\n"):
        yield Problem(shown, text.count("\n") + 1, "the last line has no line end", "end the file with a line feed")
    if not unicodedata.is_normalized("NFC", text):
        for line, part in enumerate(text.split("\n"), 1):
            if not unicodedata.is_normalized("NFC", part):
                yield Problem(shown, line, "letters and accents stand apart (not NFC)", "normalise the line to NFC")
    for line, part in enumerate(text.split("\n"), 1):
        if "ʼ" in part or "`" in part or "'" in part:
            yield Problem(shown, line, "an apostrophe is not U+2019", "write ’ as the register does")


def _header_problems(shown: str, header: Sequence[str], columns: Sequence[str]) -> Iterator[Problem]:
    if list(header) == list(columns):
        return
    missing = [c for c in columns if c not in header]
    extra = [c or "(an empty one)" for c in header if c not in columns]
    differs = [f"{word} {', '.join(cells)}" for word, cells in (("no", missing), ("also", extra)) if cells]
    what = f"the header has {' and '.join(differs) or 'another order'}"
    yield Problem(shown, 1, what, f"it must be exactly {','.join(columns)}")


def _order_problems(shown: str, rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Problem]:
    """Report the first row that stands too late; after sorting, the next run shows whether there is more."""
    keys = list(columns[:1]) if columns[0] == "id" else list(columns[:2])
    for before, after in pairwise(rows):
        if [after[k] for k in keys] < [before[k] for k in keys]:
            what = f"{after[keys[0]]!r} stands after {before[keys[0]]!r}"
            yield Problem(shown, after.line, what, f"sort the rows by {' and '.join(keys)}{_TIDY}")
            return


def _round_trip_problems(shown: str, text: str, found: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """Require that loading and saving gives the same bytes, so that a diff shows only what a person changed."""
    saved = io.StringIO()
    csv.writer(saved, lineterminator="\n").writerows(found)
    if saved.getvalue() != text:
        pairs = zip(saved.getvalue().split("\n"), text.split("\n"), strict=False)
        line = next((n for n, (ours, theirs) in enumerate(pairs, 1) if ours != theirs), text.count("\n"))
        todo = f"quote a cell only if it holds a comma or a quote{_TIDY}"
        yield Problem(shown, line, "saving the row again would change it", todo)


def shown(path: Path) -> str:
    """Path as a person would type it: relative to the current folder where it lies in it."""
    path = path.resolve()
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def of_file(path: Path, what: str, todo: str) -> Problem:
    """Return a problem of a file as a whole."""
    return Problem(shown(path), 1, what, todo)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return advice that names the known word nearest in spelling, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"did you mean {close[0]!r}?" if close else ""


def line_of(path: Path, text: str) -> int:
    """Line of the first occurrence of ``text`` in a file, or 1."""
    before, found, _ = path.read_text(encoding="utf-8", errors="replace").partition(text)
    return before.count("\n") + 1 if found else 1


def toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; one that cannot be read counts as empty."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}  # `toml_problems` says so


def toml_problems(path: Path) -> Iterator[Problem]:
    """Say why a TOML file cannot be read."""
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return  # `files_are_there` says so
    except UnicodeDecodeError as error:
        yield of_file(path, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        yield Problem(shown(path), int(line[1]) if line else 1, f"it is no TOML: {error}", "correct the line")


def features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file that have a geometry; of a file that cannot be read, none."""
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # `outlines_hold` says so
    return [feature for feature in found if isinstance(feature, dict) and feature.get("geometry")]
