"""Every promise about curated data, checked at once: ``frontline check``.

Each check is one small function in ``CHECKS`` that yields problems; none stops at the first. A problem says where, what
is wrong, and what to do. Files are read leniently, so that one spreadsheet's save does not hide everything else.
"""

import csv
import difflib
import io
import json
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.gazetteer import AXIS_COLUMNS, NAME_COLUMNS, PLACE_COLUMNS, SETTLEMENTS, UNITS

ACTIVITY_COLUMNS = ["place", "week", "weight", "source"]
RETIRED_COLUMNS = ["id", "successor", "reason", "date"]

_SITES = """
    airbase airport area arsenal bridge canal city_district dam forest industrial island landform nuclear_plant
    platform port power_plant range reservoir river sea strait
"""
SITES = frozenset(_SITES.split())
KINDS = SETTLEMENTS | UNITS | SITES
POSITIONS = frozenset({"checked", "unchecked", "estimated"})
STANDINGS = frozenset({"standard", "variant", "former", "exonym", "seen"})
FLAGS = frozenset({"lower", "common", "person", "weapon"})
USES = frozenset({"places", "places_osm", "regions", "sites", "axes", "names", "outlines", "activity"})
MOST_VERTICES = 60  # of an outline that reports carry (the report contract)
FAR_KM = 300  # beyond its region's own extent, where no outline tells more
SAME_SPOT_KM = 0.3  # two namesakes closer than this are one place entered twice

# Scripts by the language of a names file; a language that is not here is not known.
_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
LETTERS = {"uk": _UKRAINIAN, "ru": _RUSSIAN} | dict.fromkeys(("de", "en", "es", "fr", "id", "pl", "und"), _LATIN)
_LOOKS_LATIN = frozenset("łøđðþßæœıəŋħ")  # Latin letters that do not come apart into a letter and a mark

# Words that open half the sentences of a language. A name spelled so needs a flag, or every sentence names the place.
STOP_WORDS = {
    "en": """a all an and are as at be but by for he her his i if in is it many never no not of on or our over she so
        some that the their then they this to up us was we with you""",
    "id": """ada ah akan atau bagi bila dan dari di hai hari ini itu jika ke kini lalu mana oleh pada para saat serta
        tak telah tetapi untuk ya yang""",
    "ru": """а без был в вот все вы где да до его ее если и из или их к как когда мы на не ни но о об он она они от по
        при с со так там то у уже что это я""",
    "uk": """а але без був в від все ви вона вони де для до з за й його її і із їх коли ми на не ні нема о ой он по при
        про с та так там те то у хай це що як я""",
}

_REGION_ID = re.compile(r"[a-z]+(-[a-z]+)*")
_PLACE_ID = re.compile(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*")
_DEGREES = re.compile(r"-?\d{1,3}\.\d{4}")
_KM = re.compile(r"\d+(\.\d{1,4})?")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_KATOTTG = re.compile(r"UA\d{17}")
_SAME_AS = re.compile(r"(gn|wof|wd):Q?\d+|iso:[A-Z0-9-]+|osm:(node|way|relation)/\d+")
_YEAR = re.compile(r"\d{3,4}")
_WEEK = re.compile(r"\d{4}-W\d\d")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_KM_PER_DEGREE = 111.195


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
        return _toml(self.folder / "sources.toml")

    @cached_property
    def theatre(self) -> dict[str, Any]:
        """``theatre.toml``; empty if it cannot be read."""
        return _toml(self.folder / "theatre.toml")

    @cached_property
    def fine_outlines(self) -> dict[str, BaseGeometry]:
        """The finest outline that there is of each region, for containment."""
        found: dict[str, BaseGeometry] = {}
        for name in ("regions.geojson", "basemap_regions.geojson"):
            for feature in _features(self.folder / "outlines" / name):
                try:
                    found[feature["properties"]["id"]] = shapely.from_geojson(json.dumps(feature["geometry"]))
                except (KeyError, TypeError, shapely.errors.ShapelyError):
                    continue  # `outlines_hold` says so
        return {i: outline for i, outline in found.items() if outline is not None}

    def nearest(self, place_id: str) -> str:
        """Return advice for an id that does not exist."""
        return _did_you_mean(place_id, self.places) or "correct it, or add that place"


def check(folder: Path, kinds: Path | None = None) -> list[Problem]:
    """Return every problem of the gazetteer in ``folder`` and of the kinds of events, sorted by file and line.

    An empty list means that every promise holds. Files are shown relative to the current folder where they lie in it.
    """
    curated = Curated(folder, kinds or Path(__file__).with_name("kinds.toml"))
    return sorted({problem for one in CHECKS for problem in one(curated)})


# --- files -----------------------------------------------------------------------------------------------------------


def files_are_plain(curated: Curated) -> Iterator[Problem]:
    """Require UTF-8, line feeds, commas, the exact header, sorted rows: what a spreadsheet's save breaks."""
    for table in curated.tables:
        yield from table.problems


def files_are_there(curated: Curated) -> Iterator[Problem]:
    """Require the files that the program cannot do without, and none that it would not read."""
    for name in ("regions.csv", "sites.csv", "axes.csv", "retired.csv", "activity.csv", "sources.toml", "theatre.toml"):
        if not (curated.folder / name).is_file():
            yield _of_file(curated.folder / name, "the file is missing", "restore it, or write one with its header")
    for name in ("sources.toml", "theatre.toml"):
        yield from _toml_problems(curated.folder / name)
    for path in sorted(curated.folder.glob("names/*.csv")):
        if path.stem not in LETTERS:
            known = ", ".join(sorted(LETTERS))
            yield _of_file(path, f"the language {path.stem!r} is not known", f"name the file after one of {known}")
    for path in [*sorted(curated.folder.glob("places/*.csv")), *sorted(curated.folder.glob("places_osm/*.csv"))]:
        if path.stem != "world" and path.stem not in curated.places:
            todo = _did_you_mean(path.stem, curated.places) or "add the region to regions.csv first"
            yield _of_file(path, f"no region has the id {path.stem!r}", todo)


def _table(path: Path, use: str, columns: Sequence[str]) -> Table:
    """Read a table leniently; what had to be forgiven becomes its problems."""
    shown = _shown(path)
    raw = path.read_bytes()
    problems = list(_text_problems(shown, raw))
    text = _decoded(raw)
    header = text.split("\n", 1)[0].rstrip("\r").lstrip("\ufeff")
    mark = max(",;\t", key=header.count)
    if mark != ",":
        name = "semicolons" if mark == ";" else "tabs"
        problems.append(Problem(shown, 1, f"cells are separated by {name}", "save the file with commas between cells"))
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)
    found, lines = _records(reader)
    rows: list[Row] = []
    if found:
        problems += _header_problems(shown, found[0], columns)
        for line, cells in zip(lines[1:], found[1:], strict=True):
            rows.append(Row(shown, line, dict.fromkeys(columns, "") | dict(zip(found[0], cells, strict=False))))
            if len(cells) != len(found[0]):
                what = f"{len(cells)} cells stand where {len(found[0])} belong"
                problems.append(
                    Problem(shown, line, what, "look for a stray or missing comma; quote text that holds one")
                )
    else:
        problems.append(Problem(shown, 1, "the file is empty", f"write the header {','.join(columns)}"))
    if not problems:
        problems += _order_problems(shown, rows, columns)
        problems += _round_trip_problems(shown, text, found)
    return Table(path, use, columns, rows, problems)


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
        yield Problem(shown, 1, "a byte order mark stands before the header", todo)
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
        yield Problem(shown, text[: text.index("\r")].count("\n") + 1, "lines end with a carriage return (CRLF)", todo)
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
            yield Problem(shown, after.line, what, f"sort the rows by {' and '.join(keys)}")
            return


def _round_trip_problems(shown: str, text: str, found: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """Require that loading and saving gives the same bytes, so that a diff shows only what a person changed."""
    saved = io.StringIO()
    csv.writer(saved, lineterminator="\n").writerows(found)
    if saved.getvalue() != text:
        pairs = zip(saved.getvalue().split("\n"), text.split("\n"), strict=False)
        line = next((n for n, (ours, theirs) in enumerate(pairs, 1) if ours != theirs), text.count("\n"))
        todo = "quote a cell only if it holds a comma or a quote"
        yield Problem(shown, line, "saving the row again would change it", todo)


# --- ids and units ---------------------------------------------------------------------------------------------------


def ids_are_well_formed(curated: Curated) -> Iterator[Problem]:
    """Require ``region.name`` in the region's own file; raions and hromadas say so, regions are one word."""
    for table in curated.tables:
        if table.use in ("places", "places_osm"):
            for row in table.rows:
                yield from _place_id_problems(row, table.path.stem)
        elif table.use in ("sites", "axes"):
            for row in table.rows:
                if not _PLACE_ID.fullmatch(row["id"]):
                    todo = "write it as donetsk.donetsk-airport"
                    yield row.problem(f"the id {row['id']!r} is not of the form region.name", todo)
    for row in curated.rows("regions"):
        if not _REGION_ID.fullmatch(row["id"]):
            todo = "write lower-case letters, with hyphens in countries"
            yield row.problem(f"the id {row['id']!r} is no plain word", todo)


def _place_id_problems(row: Row, stem: str) -> Iterator[Problem]:
    if not _PLACE_ID.fullmatch(row["id"]):
        todo = f"write it as {stem}.name, with a-z, 0-9 and -"
        yield row.problem(f"the id {row['id']!r} is not of the form region.name", todo)
    elif row["id"].split(".")[0] != stem:
        todo = "move the row to its region's file, or correct the id"
        yield row.problem(f"the id {row['id']!r} does not begin with {stem}.", todo)
    for kind in ("raion", "hromada"):
        if (row["kind"] == kind) != row["id"].endswith(f"-{kind}"):
            todo = f"the id of a {kind}, and no other, ends in -{kind}"
            yield row.problem(f"a {row['kind']} has the id {row['id']!r}", todo)


def ids_are_unique(curated: Curated) -> Iterator[Problem]:
    """Require one row for each id; only ``places_osm/`` may repeat an estimated place of the register."""
    first: dict[str, Row] = {}
    ours: dict[str, Row] = {}
    for seen, uses in ((first, ("regions", "places", "sites", "axes")), (ours, ("places_osm",))):
        for row in curated.rows(*uses):
            if (known := seen.setdefault(row["id"], row)) is not row:
                what = f"the id {row['id']!r} stands already in {known.file}:{known.line}"
                yield row.problem(what, "give the second place an id of its own, with -2")
    for row in ours.values():
        if row["id"] in first:
            yield from _repetition_problems(row, first[row["id"]])


def _repetition_problems(row: Row, known: Row) -> Iterator[Problem]:
    where = f"{known.file}:{known.line}"
    if known.cells.get("position") != "estimated":
        todo = "remove this row; only an estimated position may be repeated from OpenStreetMap"
        yield row.problem(f"the id {row['id']!r} has a position of its own in {where}", todo)
    elif not row["katottg"] or row["katottg"] != known["katottg"]:
        what = f"katottg is {row['katottg']!r} here and {known['katottg']!r} in {where}"
        yield row.problem(what, "repeat an id only for the same settlement of the register, or choose a new id")


def retired_ids_stay_retired(curated: Curated) -> Iterator[Problem]:
    """Require that a retired id is never used again, and says what to use in its place."""
    retired = {row["id"]: row for row in curated.rows("retired")}
    for row in retired.values():
        if (used := curated.places.get(row["id"])) is not None:
            yield used.problem(f"the id {row['id']!r} is retired ({row.file}:{row.line})", "give the place a new id")
        if row["successor"] and row["successor"] not in curated.places and row["successor"] not in retired:
            yield row.problem(f"the successor {row['successor']!r} is no place id", curated.nearest(row["successor"]))
        if not row["reason"]:
            yield row.problem("a retired id needs a reason", "say why, and name a successor if there is one")
        yield from _date_problems(row, "date", "")


def parents_exist(curated: Curated) -> Iterator[Problem]:
    """Require that every place lies in known units of the right kind."""
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        for column, kinds in (("parent", ("country", "region")), ("raion", ("raion",)), ("hromada", ("hromada",))):
            if not row[column]:
                continue
            unit = curated.places.get(row[column])
            if unit is None:
                yield row.problem(f"{column} is {row[column]!r}, which is no place id", curated.nearest(row[column]))
            elif unit["kind"] not in kinds:
                what = f"{column} is {row[column]!r}, which is a {unit['kind']}"
                yield row.problem(what, f"name a {' or a '.join(kinds)}")
            elif column != "parent" and unit["parent"] != row["parent"]:
                what = f"{column} {row[column]!r} lies in {unit['parent']!r}, the place in {row['parent']!r}"
                yield row.problem(what, f"choose the {column} of the same region")
        if not row["parent"] and row["kind"] not in {"country", *SITES}:
            yield row.problem("parent is empty", "name the region (or, for a region, the country) that it belongs to")


def parents_end_in_a_country(curated: Curated) -> Iterator[Problem]:
    """Require that no unit is its own ancestor."""
    for row in curated.rows("regions"):
        seen = [row["id"]]
        above = row
        while above["parent"] and above["parent"] in curated.places:
            above = curated.places[above["parent"]]
            if above["id"] in seen:
                circle = " → ".join([*seen, above["id"]])
                yield row.problem(f"the parents go round in a circle: {circle}", "correct one parent")
                break
            seen.append(above["id"])


# --- cells -----------------------------------------------------------------------------------------------------------


def words_are_known(curated: Curated) -> Iterator[Problem]:
    """Require kinds, positions, standings and flags from fixed lists."""
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        yield from _word_problems(row, "kind", row["kind"], KINDS)
        if row["position"] or row["lat"]:
            yield from _word_problems(row, "position", row["position"], POSITIONS)
    for row in curated.rows("names"):
        yield from _word_problems(row, "standing", row["standing"], STANDINGS)
        for flag in row["flags"].split():
            yield from _word_problems(row, "the flag", flag, FLAGS)


def _word_problems(row: Row, column: str, word: str, known: Iterable[str]) -> Iterator[Problem]:
    if word not in known:
        todo = _did_you_mean(word, known) or f"use one of {', '.join(sorted(known))}"
        yield row.problem(f"{column} is {word!r}, which is not known", todo)


def numbers_are_plain(curated: Curated) -> Iterator[Problem]:
    """Require degrees with four decimals and a point, radii in kilometres; only countries have no position."""
    for row in curated.rows("regions", "places", "places_osm", "sites", "axes"):
        yield from _degree_problems(row)
        for column in ("extent_km", "accuracy_km", "radius_km"):
            if (text := row.cells.get(column, "")) and not _KM.fullmatch(text):
                yield row.problem(f"{column} is {text!r}", _number_advice(text, "kilometres as in 1.5"))
        if row["lat"] and row.cells.get("extent_km", row.cells.get("radius_km")) == "":
            yield row.problem("extent_km is empty", "say how many kilometres the place reaches from its middle")
    for row in curated.rows("activity"):
        if not _KM.fullmatch(row["weight"]):
            yield row.problem(f"weight is {row['weight']!r}", _number_advice(row["weight"], "a number as in 0.5"))
        if not _WEEK.fullmatch(row["week"]):
            yield row.problem(f"week is {row['week']!r}", "write the ISO week as in 2024-W44")


def _degree_problems(row: Row) -> Iterator[Problem]:
    if not row["lat"] and not row["lon"]:
        if row.cells.get("kind") != "country":
            yield row.problem("lat and lon are empty", "give a position, or an estimated one with its accuracy_km")
        return
    for column, most in (("lat", 90), ("lon", 180)):
        text = row[column]
        if not _DEGREES.fullmatch(text):
            yield row.problem(f"{column} is {text!r}", _number_advice(text, "degrees with four decimals as in 47.7797"))
        elif abs(float(text)) > most:
            yield row.problem(f"{column} is {text}, beyond {most} degrees", "look whether lat and lon are swapped")


def _number_advice(text: str, form: str) -> str:
    if _DECIMAL_COMMA.fullmatch(text):
        return f"write the decimal comma as a point: {text.replace(',', '.')}"
    return f"write {form}"


def codes_are_well_formed(curated: Curated) -> Iterator[Problem]:
    """Require unique register codes, ids of other sources that say whose they are, dates that are dates."""
    first: dict[str, Row] = {}
    for row in curated.rows("regions", "places", "sites"):
        if code := row["katottg"]:
            if not _KATOTTG.fullmatch(code):
                yield row.problem(f"katottg is {code!r}", "write UA and 17 digits, or leave it empty")
            elif (known := first.setdefault(code, row)) is not row:
                what = f"katottg {code} stands already in {known.file}:{known.line}"
                yield row.problem(what, "look up the code of this place")
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        for same in row["same_as"].split():
            if not _SAME_AS.fullmatch(same):
                todo = "write gn:123, wof:123, wd:Q123, iso:UA-14 or osm:relation/123"
                yield row.problem(f"same_as holds {same!r}", todo)
        yield from _date_problems(row, "checked", " on which somebody looked, or leave it empty")
    for row in curated.rows("names"):
        yield from _date_problems(row, "checked", " on which somebody looked, or leave it empty")


def _date_problems(row: Row, column: str, which: str) -> Iterator[Problem]:
    if text := row[column]:
        try:
            fine = date.fromisoformat(text).isoformat() == text
        except ValueError:
            fine = False
        if not fine:
            yield row.problem(f"{column} is {text!r}", f"write the day as in 2024-11-22{which}")


# --- positions -------------------------------------------------------------------------------------------------------


def points_lie_in_their_region(curated: Curated) -> Iterator[Problem]:
    """Find points outside their region's outline: swapped, mistyped, or a namesake's.

    ``theatre.toml`` states how far outside is no fault (the outlines are coarse), and gives each exception's reason.
    """
    tolerance = curated.theatre.get("tolerance", {})
    most_km = float(tolerance.get("outside_outline_km", 0))
    exceptions = tolerance.get("exceptions", {})
    needless = set(exceptions)
    for parent, rows in _placed_by_parent(curated).items():
        outline = curated.fine_outlines.get(parent)
        if outline is None:
            yield from _far_from_region(curated.places.get(parent), rows, exceptions)
            needless -= {row["id"] for row in rows}
            continue
        spots = [(float(row["lon"]), float(row["lat"])) for row in rows]
        inside = shapely.intersects_xy(outline, [x for x, _ in spots], [y for _, y in spots])
        for row, spot in ((r, s) for r, s, held in zip(rows, spots, inside, strict=True) if not held):
            if (outside_km := _distance_km(outline, *spot)) <= most_km:
                continue
            needless.discard(row["id"])
            if row["id"] not in exceptions:
                yield _outside(row, parent, outside_km, outline, most_km)
    path = curated.folder / "theatre.toml"
    for place_id in sorted(needless):
        what = f"the exception {place_id!r} is {'not needed' if place_id in curated.places else 'no place id'}"
        yield Problem(_shown(path), _line_of(path, place_id), what, "remove it from [tolerance.exceptions]")


def _placed_by_parent(curated: Curated) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in curated.rows("places", "places_osm", "sites", "regions"):
        if _is_placed(row):
            found[row["id"] if row["kind"] == "region" else row["parent"]].append(row)
    return found


def _is_placed(row: Row) -> bool:
    return bool(_DEGREES.fullmatch(row["lat"]) and _DEGREES.fullmatch(row["lon"]))


def _outside(row: Row, parent: str, outside_km: float, outline: BaseGeometry, most_km: float) -> Problem:
    if shapely.intersects_xy(outline, float(row["lat"]), float(row["lon"])):
        todo = f"they are swapped: write lat {row['lon']} and lon {row['lat']}"
        return row.problem(f"lat {row['lat']}, lon {row['lon']} lies outside {parent}", todo)
    what = f"the point lies {outside_km:.0f} km outside {parent} (up to {most_km:.0f} is no fault)"
    return row.problem(what, "look for a namesake's position or a typing error")


def _far_from_region(region: Row | None, rows: Sequence[Row], exceptions: Iterable[str]) -> Iterator[Problem]:
    """Find points far beyond the extent of a region without an outline, above all if swapping brings them home."""
    if region is None or not _is_placed(region):
        return
    middle = (float(region["lat"]), float(region["lon"]))
    most_km = FAR_KM + 3 * float(region["extent_km"] or 0)
    for row in rows:
        lat, lon = float(row["lat"]), float(row["lon"])
        away_km = _apart_km(middle, (lat, lon))
        if away_km <= most_km or row["id"] in exceptions:
            continue
        swapped = _apart_km(middle, (lon, lat)) <= most_km
        todo = f"they are swapped: write lat {row['lon']} and lon {row['lat']}" if swapped else "correct lat and lon"
        what = f"lat {row['lat']}, lon {row['lon']} lies {away_km:.0f} km from the middle of {region['id']}"
        yield row.problem(what, todo)


def _distance_km(area: BaseGeometry, lon: float, lat: float) -> float:
    """Distance to an area on a local plane; good to a percent over tens of kilometres."""
    near = shapely.shortest_line(area, shapely.Point(lon, lat)).coords
    (x, y), (u, v) = near[0], near[-1]
    return hypot((x - u) * cos(radians(lat)), y - v) * _KM_PER_DEGREE


def namesakes_stand_apart(curated: Curated) -> Iterator[Problem]:
    """Find two settlements at one point, and namesakes so close that one place was entered twice."""
    known: dict[tuple[str, str], list[Row]] = defaultdict(list)
    points: dict[tuple[str, str], Row] = {}
    for row in curated.rows("places", "places_osm"):
        if row["kind"] not in SETTLEMENTS or row["position"] == "estimated" or not _is_placed(row):
            continue
        other = points.setdefault((row["lat"], row["lon"]), row)
        if other is not row:
            what = f"{row['id']!r} has the point of {other['id']!r} ({other.file}:{other.line})"
            yield row.problem(what, "find its own position, or mark it estimated")
            continue
        for other in known[row["parent"], row["name"]]:
            if (apart_km := _apart_km(_spot(row), _spot(other))) < SAME_SPOT_KM:
                what = f"{row['name']} stands already {apart_km:.1f} km away in {other.file}:{other.line}"
                yield row.problem(what, "remove one of the two rows")
        known[row["parent"], row["name"]].append(row)


def _spot(row: Row) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


def _apart_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two spots (lat, lon) on a local plane, the short way round the globe."""
    east = (a[1] - b[1] + 180) % 360 - 180
    return hypot(a[0] - b[0], east * cos(radians(a[0]))) * _KM_PER_DEGREE


# --- sources ---------------------------------------------------------------------------------------------------------


def sources_are_allowed(curated: Curated) -> Iterator[Problem]:
    """Require a source that may stand in its file: nothing of OpenStreetMap outside ``places_osm/``."""
    for table in curated.tables:
        for row in table.rows if table.use != "retired" else ():
            source = curated.sources.get(row["source"])
            if not row["source"]:
                yield row.problem("source is empty", "name a source of sources.toml")
            elif source is None:
                todo = _did_you_mean(row["source"], curated.sources) or "describe it in sources.toml, with its licence"
                yield row.problem(f"source is {row['source']!r}, which sources.toml does not know", todo)
            elif table.use not in source.get("allowed_in", ()):
                allowed = ", ".join(source.get("allowed_in", ())) or "no file"
                yield row.problem(
                    f"source {row['source']!r} is not allowed in {table.use}", f"move the row to {allowed}"
                )


def sources_have_a_licence(curated: Curated) -> Iterator[Problem]:
    """Require of each source a licence, an attribution line, a title, an address, and its permitted files."""
    path = curated.folder / "sources.toml"
    for key, source in curated.sources.items():
        line = _line_of(path, f"[{key}]")
        for field in ("title", "licence", "attribution", "url"):
            if not (isinstance(source, dict) and isinstance(source.get(field), str) and source[field].strip()):
                yield Problem(_shown(path), line, f"source {key!r} has no {field}", f'add {field} = "…"')
        allowed = source.get("allowed_in", []) if isinstance(source, dict) else []
        for use in allowed or [""]:
            if use not in USES:
                todo = f"list some of {', '.join(sorted(USES))}"
                yield Problem(_shown(path), line, f"source {key!r} is allowed in {use!r}, which is no file", todo)


# --- names -----------------------------------------------------------------------------------------------------------


def names_belong_to_places(curated: Curated) -> Iterator[Problem]:
    """Require that a name is not empty, stands once, and is a spelling of a place that exists."""
    retired = {row["id"]: row["successor"] for row in curated.rows("retired")}
    for row in curated.rows("activity"):
        if row["place"] not in curated.places:
            yield row.problem(f"place is {row['place']!r}, which is no place id", curated.nearest(row["place"]))
    for table in curated.tables:
        if table.use != "names":
            continue
        seen: dict[tuple[str, str], Row] = {}
        for row in table.rows:
            place = curated.places.get(row["place"])
            if place is None:
                successor = retired.get(row["place"])
                todo = f"the id is retired: write {successor!r}" if successor else curated.nearest(row["place"])
                yield row.problem(f"place is {row['place']!r}, which is no place id", todo)
            elif row["name"] in (place["name"], place["name_local"]) and not row["flags"]:
                what = f"{row['name']!r} is what {place.file}:{place.line} calls the place already"
                yield row.problem(what, "remove the row; a repeated name only serves to give it a flag")
            if not row["name"].strip() or row["name"] != " ".join(row["name"].split()):
                todo = "write the spelling, without spaces around it or doubled ones"
                yield row.problem(f"the name is {row['name']!r}", todo)
            if (other := seen.setdefault((row["place"], row["name"]), row)) is not row:
                yield row.problem(f"{row['name']!r} stands already in line {other.line}", "remove one of the two rows")
            yield from _year_problems(row)


def _year_problems(row: Row) -> Iterator[Problem]:
    for column in ("since", "until"):
        if row[column] and not _YEAR.fullmatch(row[column]):
            yield row.problem(f"{column} is {row[column]!r}", "write a year as in 1924, or leave it empty")
            return
    if row["since"] and row["until"] and int(row["since"]) > int(row["until"]):
        yield row.problem(f"since {row['since']} is later than until {row['until']}", "swap or correct the years")


def names_are_in_script(curated: Curated) -> Iterator[Problem]:
    """Require letters of the language: no Latin i in a Cyrillic word."""
    for row in curated.rows("regions", "places", "places_osm", "sites", "axes"):
        yield from _script_problems(row, "name", row["name"], _LATIN, "Latin letters")
        if not row["name"]:
            yield row.problem("name is empty", "write the name in Latin letters")
        if row.cells.get("katottg") and row["kind"] in SETTLEMENTS:
            yield from _script_problems(row, "name_local", row["name_local"], _UKRAINIAN, "Ukrainian letters")
        if mixed := next((w for w in row["name_local"].split() if _is_mixed(w)), None):
            what = f"name_local mixes Latin and Cyrillic letters in {mixed!r}"
            yield row.problem(what, "type the word again in one alphabet")
    for table in curated.tables:
        if table.use == "names" and (letters := LETTERS.get(table.path.stem)):
            for row in table.rows:
                yield from _script_problems(row, "the name", row["name"], letters, f"letters of {table.path.stem!r}")


def _script_problems(row: Row, column: str, text: str, letters: frozenset[str], called: str) -> Iterator[Problem]:
    if "\ufffd" in text:
        return  # the file is not UTF-8, which is said already
    for letter in text.lower():
        if letter.isalpha() and letter not in letters and not (letters is _LATIN and _is_latin(letter)):
            what = f"{column} {text!r} holds {letter!r} (U+{ord(letter):04X}), which is not one of the {called}"
            yield row.problem(what, "type it again in that alphabet, or move it to the file of its language")
            return


def _is_latin(letter: str) -> bool:
    return letter in _LOOKS_LATIN or unicodedata.normalize("NFD", letter)[0] in _LATIN


def _is_mixed(word: str) -> bool:
    scripts = {"latin" if _is_latin(c) else "cyrillic" for c in word.lower() if _is_latin(c) or "а" <= c <= "ӿ"}
    return len(scripts) > 1


def stop_words_carry_a_flag(curated: Curated) -> Iterator[Problem]:
    """Require a flag on names that are also among the commonest words."""
    stop = {language: frozenset(words.split()) for language, words in STOP_WORDS.items()}
    latin, cyrillic = stop["en"] | stop["id"], stop["ru"] | stop["uk"]
    for table in curated.tables:
        if table.use == "names":
            words = stop.get(table.path.stem, latin if table.path.stem not in ("uk", "ru") else cyrillic)
            for row in table.rows:
                if row["name"].lower() in words and not _is_flagged(curated, row["place"], row["name"]):
                    todo = "write common into flags, so that it needs a cue"
                    yield row.problem(f"{row['name']!r} is also a common word", todo)
        elif table.use in ("regions", "places", "places_osm", "sites"):
            for row in table.rows:
                for text, words in ((row["name"], latin), (row["name_local"], cyrillic)):
                    if text.lower() in words and not _is_flagged(curated, row["id"], text):
                        yield row.problem(f"{text!r} is also a common word", "add it to names/ with the flag common")


def _is_flagged(curated: Curated, place_id: str, name: str) -> bool:
    return any(row["name"].lower() == name.lower() and row["flags"] for row in curated.names_of.get(place_id, ()))


# --- axes, outlines, the theatre, kinds ------------------------------------------------------------------------------


def axes_run_through_places(curated: Curated) -> Iterator[Problem]:
    """Require that an axis runs through at least two settlements that exist."""
    for row in curated.rows("axes"):
        through = row["through"].split()
        if len(set(through)) < 2:
            what = f"the axis runs through {len(set(through))} settlement(s)"
            yield row.problem(what, "list at least two place ids, a space between them")
        for place_id in through:
            if place_id not in curated.places:
                yield row.problem(f"through names {place_id!r}, which is no place id", curated.nearest(place_id))


def outlines_hold(curated: Curated) -> Iterator[Problem]:
    """Require valid shapes of known places, longitude first, and few vertices where reports carry them."""
    for path in sorted((curated.folder / "outlines").glob("*.geojson")):
        try:
            collection = json.loads(path.read_text(encoding="utf-8"))
            features = collection["features"]
        except (ValueError, KeyError, TypeError) as error:
            yield _of_file(path, f"it is no GeoJSON collection ({error})", "restore the file, or export it again")
            continue
        if (source := collection.get("source")) not in curated.sources:
            yield _of_file(path, f"the source of the collection is {source!r}", "name a source of sources.toml")
        elif "outlines" not in curated.sources[source].get("allowed_in", ()):
            yield _of_file(path, f"source {source!r} is not allowed in outlines", "allow it there, or use another")
        for number, feature in enumerate(features, 1):
            yield from _outline_problems(curated, path, number, feature)


def _outline_problems(curated: Curated, path: Path, number: int, feature: dict[str, Any]) -> Iterator[Problem]:
    place_id = (feature.get("properties") or {}).get("id")
    line = _line_of(path, f'"id":"{place_id}"') if place_id else 1
    named = f"outline {number} ({place_id})" if place_id else f"outline {number}"
    if place_id is not None and place_id not in curated.places:
        yield Problem(_shown(path), line, f"{named} belongs to no place", curated.nearest(str(place_id)))
    if place_id is None and not path.name.startswith("basemap_"):
        yield Problem(_shown(path), line, f"{named} has no id", "add the property id of its place")
    if feature.get("geometry") is None:
        return
    try:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    except shapely.errors.ShapelyError as error:
        yield Problem(_shown(path), line, f"{named} is no geometry ({error})", "export it again as GeoJSON")
        return
    if not shapely.is_valid(shape):
        todo = "draw it again so that its border does not cross itself"
        yield Problem(_shown(path), line, f"{named} is no simple shape: {shapely.is_valid_reason(shape)}", todo)
    count = int(shapely.get_num_coordinates(shape))
    if count > MOST_VERTICES and not path.name.startswith(("basemap_", "countries")):
        yield Problem(_shown(path), line, f"{named} has {count} vertices", f"simplify it to {MOST_VERTICES} or fewer")
    west, south, east, north = shapely.bounds(shape)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        yield Problem(_shown(path), line, f"{named} leaves the globe", "write longitude before latitude, in degrees")


def theatre_is_complete(curated: Curated) -> Iterator[Problem]:
    """Require the war's first day, the box, the countries, and two parties with their country and label."""
    path, theatre = curated.folder / "theatre.toml", curated.theatre
    if not theatre:
        return  # missing or unreadable, which is said already
    if not isinstance(theatre.get("day_one"), date):
        yield _of_file(path, "day_one is no date", "write day_one = 2022-02-24, without quotes")
    box = theatre.get("box", {})
    if not all(isinstance(box.get(side), int | float) for side in ("south", "west", "north", "east")):
        yield _of_file(path, "the box is not complete", "write south, west, north and east in degrees below [box]")
    elif box["south"] >= box["north"] or box["west"] >= box["east"]:
        yield _of_file(path, "the box is empty", "look whether south and north, or west and east, are swapped")
    if not theatre.get("time_zones"):
        yield _of_file(path, "there are no time_zones", 'list them as in ["Europe/Kyiv"]')
    parties = theatre.get("parties", {})
    if len([p for p in parties.values() if p.get("country")]) != 2:
        yield _of_file(path, "there must be two parties with a country", "write one block [parties.NAME] for each")
    for key, party in parties.items():
        if not party.get("label"):
            line = _line_of(path, f"[parties.{key}]")
            yield Problem(_shown(path), line, f"party {key!r} has no label", 'add label = "…"')
    for country in [*theatre.get("countries", []), *(p["country"] for p in parties.values() if p.get("country"))]:
        if curated.places.get(country, {"kind": ""})["kind"] != "country":
            yield _of_file(path, f"{country!r} is no country of regions.csv", curated.nearest(country))


def kinds_are_complete(curated: Curated) -> Iterator[Problem]:
    """Require of every kind of event a label, a noun, a meaning, a known family and a shape."""
    path = curated.kinds_file
    yield from _toml_problems(path)
    kinds = _toml(path)
    families = kinds.get("families", {})
    for key, family in families.items():
        if not family.get("label") or not _COLOUR.fullmatch(str(family.get("colour"))):
            what = f"family {key!r} lacks a label or a colour"
            yield Problem(_shown(path), _line_of(path, f"{key} ="), what, 'write label = "…" and colour = "#rrggbb"')
    for key, kind in kinds.get("kinds", {}).items():
        line = _line_of(path, f"[kinds.{key}]")
        for field in ("label", "noun", "meaning", "family", "shape"):
            if not kind.get(field):
                yield Problem(_shown(path), line, f"kind {key!r} has no {field}", f'add {field} = "…"')
        if kind.get("family") and kind["family"] not in families:
            todo = _did_you_mean(kind["family"], families) or "describe it in [families]"
            what = f"kind {key!r} is of the family {kind['family']!r}, which is not known"
            yield Problem(_shown(path), line, what, todo)


CHECKS: list[Callable[[Curated], Iterator[Problem]]] = [
    files_are_there, files_are_plain,
    ids_are_well_formed, ids_are_unique, retired_ids_stay_retired, parents_exist, parents_end_in_a_country,
    words_are_known, numbers_are_plain, codes_are_well_formed,
    points_lie_in_their_region, namesakes_stand_apart,
    sources_are_allowed, sources_have_a_licence,
    names_belong_to_places, names_are_in_script, stop_words_carry_a_flag,
    axes_run_through_places, outlines_hold, theatre_is_complete, kinds_are_complete,
]  # fmt: skip


# --- small helpers ---------------------------------------------------------------------------------------------------


def _shown(path: Path) -> str:
    """Path as a person would type it: relative to the current folder where it lies in it."""
    path = path.resolve()
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _of_file(path: Path, what: str, todo: str) -> Problem:
    return Problem(_shown(path), 1, what, todo)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"did you mean {close[0]!r}?" if close else ""


def _line_of(path: Path, text: str) -> int:
    """Line of the first occurrence of ``text`` in a file, or 1."""
    before, found, _ = path.read_text(encoding="utf-8", errors="replace").partition(text)
    return before.count("\n") + 1 if found else 1


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}  # `_toml_problems` says so


def _toml_problems(path: Path) -> Iterator[Problem]:
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return  # `files_are_there` says so
    except UnicodeDecodeError as error:
        yield _of_file(path, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        yield Problem(_shown(path), int(line[1]) if line else 1, f"it is no TOML: {error}", "correct the line")


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # `outlines_hold` says so
    return [feature for feature in features if isinstance(feature, dict) and feature.get("geometry")]
