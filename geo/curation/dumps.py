"""Newer public dumps, compared with our rows: what could be added, and what no longer agrees.

Nothing is overwritten: rows to add are a diff that a person reviews and applies, everything else is a list to read.
"""

import csv
import difflib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from geo.curation.candidates import SAME_PLACE_KM, Candidates, csv_line, degrees
from geo.curation.checks import LETTERS
from geo.curation.curated import DEGREES, Curated, Row
from geo.curation.positions import spots_apart_km
from geo.errors import UnreadableInput
from geo.reference.gazetteer import PLACE_COLUMNS, SETTLEMENTS
from geo.reference.names import key

_COLUMNS = 19  # of a GeoNames dump (download.geonames.org/export/dump/readme.txt)
_SETTLED = frozenset({"PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLA5", "PPLC", "PPLF", "PPLG", "PPLL", "PPLS"})
_ABANDONED = {"PPLH": "historical", "PPLQ": "abandoned", "PPLW": "destroyed"}
_TOWN, _CITY = 5_000, 50_000  # inhabitants, where no register tells the kind
_REGISTERED_KM = 25  # the register has every settlement of Ukraine: a namesake this near is hardly a new one
_MOST_GONE = 0.5  # a dump that lacks more of our ids than this is of another part of the world

# Letters of the register, Cyrillic or Latin, and the kinds that they may be here.
_OF_LETTER = {
    **dict.fromkeys("МM", frozenset({"city", "town"})),
    **dict.fromkeys("КK", frozenset({"city", "town"})),
    **dict.fromkeys("ТTХX", frozenset({"settlement"})),
    **dict.fromkeys("СC", frozenset({"village"})),
}
_UNIT_LETTERS = {**dict.fromkeys("РP", "raion"), **dict.fromkeys("НH", "hromada")}
_NEW_KIND = {"town": "town", "city": "town", "settlement": "settlement", "village": "village"}


@dataclass
class Comparison:
    """What a dump would add, by file, and what a person must decide."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    conflicts: list[str] = field(default_factory=list)

    def counts(self) -> str:
        """Say how much there is to review."""
        rows = sum(map(len, self.rows.values()))
        return f"{rows:,} rows to add in {len(self.rows)} files, {len(self.conflicts):,} conflicts"


# --- GeoNames --------------------------------------------------------------------------------------------------------


class Settled(NamedTuple):
    """One populated place of a GeoNames dump."""

    number: str
    name: str
    names: frozenset[str]  # all spellings
    lat: float
    lon: float
    code: str
    population: int


def compare_geonames(path: Path, curated: Curated, region: str | None = None) -> Comparison:
    """Compare a dump such as ``UA.txt`` (19 columns, tabs) with our settlements, of one region if it is given.

    Raises ``UnreadableInput`` if the file is no such dump.
    """
    dump = {place.number: place for place in _settled(path)}
    candidates, found = Candidates(curated), Comparison()
    ours: dict[str, Row] = {}
    for row in curated.rows("places", "places_osm"):
        if row["kind"] in SETTLEMENTS and region in (None, row["parent"]):
            ours |= {same[3:]: row for same in row["same_as"].split() if same.startswith("gn:")}
    for number, row in ours.items():
        if number in dump:
            found.conflicts += _disagreements(row, dump[number])
    gone = [(number, row) for number, row in ours.items() if number not in dump]
    if len(gone) <= _MOST_GONE * len(ours):
        found.conflicts += [_conflict(row, f"gn:{number} is no longer in the dump") for number, row in gone]
    for number in sorted(dump.keys() - ours.keys(), key=int):
        _add_settled(dump[number], candidates, found, region)
    return found


def _settled(path: Path) -> Iterator[Settled]:
    for line, text in enumerate(_text(path).split("\n"), 1):
        cells = text.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) != _COLUMNS:
            what = f"{path}:{line}: {len(cells)} cells where a GeoNames dump has {_COLUMNS}, with tabs between"
            raise UnreadableInput(f"{what}; take a country's file such as UA.zip, unpacked")
        if cells[6] != "P":
            continue
        try:
            spot, people = (float(cells[4]), float(cells[5])), int(cells[14] or 0)
        except ValueError:
            what = f"{path}:{line}: latitude, longitude or population is no number"
            raise UnreadableInput(f"{what}; take the file as GeoNames gives it") from None
        names = frozenset(filter(None, (cells[1], cells[2], *cells[3].split(","))))
        yield Settled(cells[0], cells[1], names, *spot, cells[7], people)


def _disagreements(row: Row, place: Settled) -> Iterator[str]:
    if place.code in _ABANDONED:
        yield _conflict(row, f"gn:{place.number} is called {_ABANDONED[place.code]} there")
    spellings = {key(name) for name in place.names}
    if not {key(row["name"]), key(row["name_local"])} & spellings:
        yield _conflict(row, f"gn:{place.number} is called {place.name} there, and never {row['name']}")
    if row["position"] != "estimated" and DEGREES.fullmatch(row["lat"]) and DEGREES.fullmatch(row["lon"]):
        apart_km = spots_apart_km((float(row["lat"]), float(row["lon"])), (place.lat, place.lon))
        if apart_km > SAME_PLACE_KM:
            where = f"{degrees(place.lat)} {degrees(place.lon)}"
            yield _conflict(row, f"gn:{place.number} lies {apart_km:.1f} km away there, at {where}")


def _add_settled(place: Settled, candidates: Candidates, found: Comparison, region: str | None) -> None:
    at = candidates.region_at(place.lat, place.lon) if place.code in _SETTLED else ""
    if not at or region not in (None, at):
        return
    ukrainian = candidates.country(at) == "ukraine"
    within_km = _REGISTERED_KM if ukrainian else SAME_PLACE_KM
    known = next(candidates.namesakes(place.names, place.lat, place.lon, within_km), None)
    if known:
        apart_km, row = known
        if row["position"] == "estimated":
            where = f"{degrees(place.lat)} {degrees(place.lon)}"
            found.conflicts.append(_conflict(row, f"gn:{place.number} could give its position: {where}"))
        elif apart_km > SAME_PLACE_KM or ("gn:" not in row["same_as"] and row["source"] != "wof"):
            found.conflicts.append(_conflict(row, f"gn:{place.number} may be the same, {apart_km:.1f} km away"))
        return
    local = _local_name(place, candidates, at, "uk" if ukrainian else "ru")
    latin = candidates.latin(at, local) if local else place.name
    kind = "city" if place.population >= _CITY else "town" if place.population >= _TOWN else "village"
    cells = {"lat": degrees(place.lat), "lon": degrees(place.lon), "raion": candidates.raion_at(place.lat, place.lon)}
    cells |= {"same_as": f"gn:{place.number}", "source": "geonames"}
    cells |= {"note": "not in the register"} if ukrainian else {}
    found.rows[f"places/{at}.csv"].append(candidates.propose(at, latin, local, kind, **cells))


def _local_name(place: Settled, candidates: Candidates, region: str, language: str) -> str:
    """Return the spelling in the country's letters, of several the one that is romanised as GeoNames calls it."""
    letters = LETTERS[language]
    fitting = sorted(n for n in place.names if n and all(c in letters for c in n.lower() if c.isalpha()))
    called = key(place.name)
    best = [n for n in fitting if key(candidates.latin(region, n)) == called]
    return next(iter(best or fitting), "").replace("'", "’")


# --- the register ----------------------------------------------------------------------------------------------------


class Registered(NamedTuple):
    """One row of the register KATOTTG."""

    codes: tuple[str, ...]  # of the levels, from the oblast down
    letter: str
    name: str


def compare_katottg(path: Path, curated: Curated, region: str | None = None) -> Comparison:
    """Compare the register as CSV (codes of five levels, letter, name) with ours, of one region if it is given.

    Only oblasts that the file holds are compared. Raises ``UnreadableInput`` if the file is no such table.
    """
    dump = {entry.codes[-1]: entry for entry in _registered(path)}
    ours = {row["katottg"]: row for row in curated.rows("regions", "places") if row["katottg"]}
    oblasts = {code for code in {e.codes[0] for e in dump.values()} if code in ours and ours[code]["kind"] == "region"}
    wanted = {ours[code]["id"] for code in oblasts} & ({region} if region else {ours[code]["id"] for code in oblasts})
    candidates, found = Candidates(curated), Comparison()
    new, gone = _new_and_gone(dump, ours, wanted)
    for code in sorted(dump.keys() & ours.keys()):
        if ours[code]["parent"] in wanted:
            found.conflicts += _changes(ours[code], dump[code], ours)
    for entry in new:
        old = next((row for row in gone if _is_recoded(row, entry, ours)), None)
        if old:
            gone.remove(old)
            found.conflicts.append(_conflict(old, f"the code {old['katottg']} is now {entry.codes[-1]}"))
        else:
            _add_registered(entry, ours, candidates, found)
    for row in gone:
        retired = f"{row['id']},,no longer in the register,"
        found.conflicts.append(_conflict(row, f"{row['katottg']} is no longer in the register; retired.csv: {retired}"))
    return found


def _new_and_gone(
    dump: Mapping[str, Registered], ours: Mapping[str, Row], wanted: Iterable[str]
) -> tuple[list[Registered], list[Row]]:
    kinds = SETTLEMENTS | {"raion", "hromada"}
    regions = set(wanted)
    gone = [r for code, r in ours.items() if code not in dump and r["parent"] in regions and r["kind"] in kinds]
    new = []
    for code in sorted(dump.keys() - ours.keys()):
        oblast = ours.get(dump[code].codes[0])
        if oblast and oblast["id"] in regions and dump[code].letter in _OF_LETTER | _UNIT_LETTERS:
            new.append(dump[code])
    return new, gone


def _registered(path: Path) -> Iterator[Registered]:
    text = _text(path)
    mark = max(",;\t", key=text[:2000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    any_row = False
    for cells in reader:
        levels = [cell.strip() for cell in cells[:5]]
        if not levels[:1] or not levels[0].startswith("UA") or len(cells) < 7:
            if any_row and any(cell.strip() for cell in cells):
                what = f"{path}:{reader.line_num}: this is no row of the register (codes of five levels, letter, name)"
                raise UnreadableInput(f"{what}; save the register as CSV once more")
            continue  # titles above the table
        any_row = True
        yield Registered(tuple(filter(None, levels)), cells[5].strip()[:1].upper(), cells[6].strip().replace("'", "’"))
    if not any_row:
        raise UnreadableInput(f"{path}: no row begins with a code UA…; save the register KATOTTG as CSV, as it stands")


def _changes(row: Row, entry: Registered, ours: Mapping[str, Row]) -> Iterator[str]:
    if row["kind"] in SETTLEMENTS:
        if key(entry.name) != key(row["name_local"]):
            yield _conflict(row, f"{row['name_local']} is called {entry.name} now")
        kinds = _OF_LETTER.get(entry.letter)
        if kinds and row["kind"] not in kinds:
            yield _conflict(row, f"the register's letter is {entry.letter} now: {' or '.join(sorted(kinds))}")
        for column, code in zip(("raion", "hromada"), entry.codes[1:3], strict=False):
            unit = ours.get(code)
            if unit and row[column] and row[column] != unit["id"]:
                yield _conflict(row, f"{column} is {unit['id']} now")


def _is_recoded(row: Row, entry: Registered, ours: Mapping[str, Row]) -> bool:
    """Whether a code that is gone and one that is new are of one settlement: the same name in the same raion."""
    raion = ours.get(entry.codes[1]) if len(entry.codes) > 1 else None
    return key(row["name_local"]) == key(entry.name) and raion is not None and row["raion"] == raion["id"]


def _add_registered(entry: Registered, ours: Mapping[str, Row], candidates: Candidates, found: Comparison) -> None:
    oblast = ours[entry.codes[0]]
    units = [ours[code] for code in entry.codes[1:-1] if code in ours]
    if entry.letter in _UNIT_LETTERS:
        kind = _UNIT_LETTERS[entry.letter]
        found.conflicts.append(f"{oblast['id']}: the {kind} {entry.name} is new ({entry.codes[-1]}): add it by hand")
        return
    around = next((u for u in reversed(units) if DEGREES.fullmatch(u["lat"])), oblast)
    kind = _NEW_KIND[min(_OF_LETTER[entry.letter])]
    cells = {unit["kind"]: unit["id"] for unit in units if unit["kind"] in ("raion", "hromada")}
    cells |= {"lat": around["lat"], "lon": around["lon"], "position": "estimated", "source": "register"}
    cells |= {"accuracy_km": around["extent_km"], "katottg": entry.codes[-1], "note": f"middle of {around['id']}"}
    row = candidates.propose(oblast["id"], candidates.latin(oblast["id"], entry.name), entry.name, kind, **cells)
    found.rows[f"places/{oblast['id']}.csv"].append(row)


# --- what a person reviews -------------------------------------------------------------------------------------------


def review(found: Comparison, folder: Path) -> Iterator[str]:
    """Yield the lines to review: conflicts, which ``patch -p1`` and ``git apply`` skip, then a diff of the rows to add.

    The diff is against the files in ``folder`` and applies in the folder above it.
    """
    for conflict in found.conflicts:
        yield f"# {conflict}\n"
    for file, rows in sorted(found.rows.items()):
        path = folder / file
        name = f"{folder.resolve().name}/{file}"
        before = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
        header = before[:1] or [",".join(PLACE_COLUMNS) + "\n"]
        after = header + sorted([*before[1:], *map(csv_line, rows)], key=lambda line: line.partition(",")[0])
        old = f"a/{name}" if before else "/dev/null"
        yield from difflib.unified_diff(before, after, old, f"b/{name}", n=2)


def _conflict(row: Row, what: str) -> str:
    return f"{row.file}:{row.line}: {row['id']}: {what}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; check the path") from error
