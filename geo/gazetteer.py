"""Places and their names: ``gazetteer/`` compiled into an index that opens at once.

The index is an SQLite file in the cache folder, named by a hash of the curated files and of the code that compiles
them, so it is never stale.  It is written beside its place and renamed, so two processes may compile at once.
"""

import csv
import json
import os
import sqlite3
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from functools import cached_property
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from geo import names as _names
from geo import romanisation
from geo.errors import BrokenCuratedData, UnreadableInput
from geo.model import Name, Place
from geo.names import key, plain
from geo.paths import bundled, cache_folder, files_hash

PLACE_COLUMNS = [
    "id",
    "name",
    "name_local",
    "kind",
    "parent",
    "raion",
    "hromada",
    "lat",
    "lon",
    "extent_km",
    "position",
    "accuracy_km",
    "katottg",
    "same_as",
    "source",
    "checked",
    "note",
]
NAME_COLUMNS = ["place", "name", "standing", "flags", "since", "until", "source", "checked"]
AXIS_COLUMNS = ["id", "name", "name_local", "lat", "lon", "radius_km", "through", "source", "note"]

# Kinds by how wide they are. Sites are everything else with a position of its own.
SETTLEMENTS = frozenset({"city", "town", "settlement", "village"})
UNITS = frozenset({"country", "region", "raion", "hromada"})
LINES = frozenset({"axis", "river", "sea", "strait", "canal", "reservoir", "area", "forest", "landform", "border"})

_LOCAL_LANGUAGE = {"ukraine": "uk", "russia": "ru", "belarus": "be", "moldova": "ro"}
_EARTH_RADIUS_KM = 6371.0088


class Match(NamedTuple):
    """What the index knows of some folded words."""

    names: tuple[Name, ...]  # every name that is spelled so
    longer: bool  # whether some longer name begins with these words


class Gazetteer:
    """Every place and every spelling of it.  Open one with ``Gazetteer.load``."""

    def __init__(self, folder: Path, index: sqlite3.Connection, warnings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.warnings = warnings
        self._index = index
        self._places: dict[str, Place | None] = {}
        self._matches: dict[str, Match] = {}
        self._countries: dict[str, str] = {}
        self.hash: str = index.execute("SELECT value FROM meta WHERE key = 'hash'").fetchone()[0]

    @classmethod
    def load(cls, path: Path | str | None = None) -> "Gazetteer":
        """Open the gazetteer in ``path`` (default: the one that comes with the package).

        Compiles the index if there is none for these very files. Raises ``UnreadableInput`` if the folder is not a
        gazetteer and ``BrokenCuratedData`` at the first row that cannot be read; ``frontline check`` lists them all.
        """
        folder = Path(path) if path else bundled("gazetteer")
        sources = _source_files(folder)
        version = files_hash(sources, folder)[:12] + files_hash(_CODE, _CODE[0].parent)[:4]
        cached = cache_folder() / f"gazetteer-{version}.sqlite"
        index, warning = _opened(cached, version) or _compiled(folder, cached, version)
        return cls(folder, index, (warning,) if warning else ())

    def get(self, place_id: str) -> Place | None:
        """Return the place with this id, or None."""
        if place_id not in self._places:
            row = self._index.execute("SELECT row FROM places WHERE id = ?", (place_id,)).fetchone()
            self._places[place_id] = _place_of(json.loads(row[0])) if row else None
        return self._places[place_id]

    def place(self, place_id: str) -> Place:
        """Return the place with this id; raises ``BrokenCuratedData`` if there is none."""
        place = self.get(place_id)
        if place is None:
            raise BrokenCuratedData(f"{self.folder}: no place has the id {place_id!r}; run `frontline check`")
        return place

    def match(self, folded: str) -> Match:
        """Return what is spelled ``folded`` (a ``key``), and whether longer names begin so."""
        known = self._matches.get(folded)
        if known is None:
            row = self._index.execute("SELECT longer, names FROM names WHERE key = ?", (folded,)).fetchone()
            known = Match(tuple(_name_of(n) for n in json.loads(row[1])), bool(row[0])) if row else _NO_MATCH
            if len(self._matches) > 200_000:  # a batch of a million digests must not grow without end
                self._matches.clear()
            self._matches[folded] = known
        return known

    def named(self, name: str) -> tuple[Name, ...]:
        """Return every name with this spelling, whatever its case, accents and apostrophes."""
        return self.match(key(name)).names

    def country(self, place: Place) -> str:
        """Return the id of the country that a place lies in ("" for a sea)."""
        if place.id not in self._countries:
            above = place
            while above.parent and (parent := self.get(above.parent)):
                above = parent
            self._countries[place.id] = above.id if above.kind == "country" else ""
        return self._countries[place.id]

    def lies_in(self, place: Place, unit: Place) -> bool:
        """Whether the recognised units put ``place`` inside ``unit`` (a country, region, raion, hromada or city)."""
        if unit.id in (place.parent, place.raion, place.hromada) or place.id == unit.id:
            return True
        return unit.kind == "country" and self.country(place) == unit.id

    def region_of(self, place: Place) -> Place | None:
        """Return the oblast, krai or republic of a place, or the place itself if it is one."""
        above: Place | None = place
        while above is not None and above.kind != "region":
            above = self.get(above.parent) if above.parent else None
        return above

    def towns(self) -> Iterator[Place]:
        """Yield every city and town."""
        for (row,) in self._index.execute("SELECT row FROM places WHERE kind IN ('city', 'town') ORDER BY id"):
            yield _place_of(json.loads(row))

    def counts(self) -> dict[str, int]:
        """Return how many places and names the index holds."""
        query = "SELECT (SELECT count(*) FROM places), (SELECT count(*) FROM names)"
        places, keys = self._index.execute(query).fetchone()
        return {"places": places, "names": keys}

    @cached_property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Sources of facts by key: licence and attribution."""
        sources: dict[str, dict[str, Any]] = _toml(self.folder / "sources.toml")
        return sources

    @cached_property
    def theatre(self) -> dict[str, Any]:
        """The war that this gazetteer covers: its first day, parties, bounds."""
        return _toml(self.folder / "theatre.toml")

    @cached_property
    def parties(self) -> dict[str, dict[str, Any]]:
        """The parties of the war by side, with their country."""
        return {side: party for side, party in self.theatre["parties"].items() if "country" in party}

    @cached_property
    def home(self) -> frozenset[str]:
        """Ids of the countries on whose territory the war is fought."""
        return frozenset(party["country"] for party in self.parties.values())


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance between two places (within 0.5 % of the ellipsoid), infinite if one has no position."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return float("inf")
    phi, psi = radians(a.lat), radians(b.lat)
    half = hypot(sin((psi - phi) / 2), sqrt(cos(phi) * cos(psi)) * sin(radians(b.lon - a.lon) / 2))
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, half))


# --- compiling -------------------------------------------------------------------------------------------------------

_NO_MATCH = Match((), False)
_CODE = [
    Path(__file__),
    Path(_names.__file__),
    Path(romanisation.__file__),
    Path(__file__).with_name("romanisation.toml"),
]
_TYPE_WORDS = frozenset({"axis", "direction", "sector", "front", "district", "raion"})
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE places (id TEXT PRIMARY KEY, kind TEXT, row TEXT) WITHOUT ROWID;
CREATE TABLE names (key TEXT PRIMARY KEY, longer INTEGER, names TEXT) WITHOUT ROWID;
"""


def _source_files(folder: Path) -> list[Path]:
    if not (folder / "regions.csv").is_file():
        raise UnreadableInput(f"{folder}: this is no gazetteer (it has no regions.csv); name a folder that holds one")
    return [p for pattern in ("*.csv", "*.toml", "*/*.csv") for p in sorted(folder.glob(pattern))]


def _opened(path: Path, version: str) -> tuple[sqlite3.Connection, str] | None:
    """Open a compiled index; a missing, half-written or foreign file counts as none."""
    if not path.is_file():
        return None
    index = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        whole = index.execute("SELECT value FROM meta WHERE key = 'hash'").fetchone() == (version,)
    except sqlite3.DatabaseError:
        whole = False
    if whole:
        return index, ""
    index.close()
    return None


def _compiled(folder: Path, path: Path, version: str) -> tuple[sqlite3.Connection, str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
    except OSError as error:
        warning = (
            f"{path.parent}: the cache folder cannot be written ({error.strerror}); the index is made anew each time"
        )
        return _fill(sqlite3.connect(":memory:", check_same_thread=False), folder, version), warning
    try:
        _fill(sqlite3.connect(draft), folder, version).close()
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    opened = _opened(path, version)
    assert opened is not None
    return opened


def _fill(index: sqlite3.Connection, folder: Path, version: str) -> sqlite3.Connection:
    index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
    rows = dict(_place_rows(folder))
    index.executemany(
        "INSERT INTO places VALUES (?, ?, ?)",
        ((i, r[3], json.dumps(r, ensure_ascii=False)) for i, r in sorted(rows.items())),
    )
    index.executemany("INSERT INTO names VALUES (?, ?, ?)", _name_table(folder, rows))
    index.execute("INSERT INTO meta VALUES ('hash', ?)", (version,))
    index.commit()
    return index


def _place_rows(folder: Path) -> Iterator[tuple[str, list[Any]]]:
    """Yield each place as the values of ``Place``; a row of ``places_osm/`` gives a position to an estimated one."""
    rows: dict[str, list[Any]] = {}
    files = [folder / "regions.csv", *sorted((folder / "places").glob("*.csv")), folder / "sites.csv"]
    for path in [*files, *sorted((folder / "places_osm").glob("*.csv"))]:
        for line, row in _csv_rows(path, PLACE_COLUMNS):
            values = _place_values(path, line, row)
            known = rows.get(values[0])
            if known is not None and known[10] != "estimated":
                raise BrokenCuratedData(
                    f"{path}:{line}: id {values[0]!r} stands twice; give the second place its own id"
                )
            rows[values[0]] = (
                values if known is None else [*known[:7], *values[7:9], known[9], *values[10:13], *known[13:]]
            )
    for line, row in _csv_rows(folder / "axes.csv", AXIS_COLUMNS):
        lat, lon, radius = (_number(folder / "axes.csv", line, row, c) for c in ("lat", "lon", "radius_km"))
        through = row["through"].split()
        rows[row["id"]] = [
            row["id"],
            row["name"],
            row["name_local"],
            "axis",
            "",
            "",
            "",
            lat,
            lon,
            radius or 0.0,
            "estimated",
            0.0,
            row["source"],
            through,
        ]
    yield from rows.items()


def _place_values(path: Path, line: int, row: dict[str, str]) -> list[Any]:
    numbers = {column: _number(path, line, row, column) for column in ("lat", "lon", "extent_km", "accuracy_km")}
    texts = [row[c] for c in ("id", "name", "name_local", "kind", "parent", "raion", "hromada")]
    return [
        *texts,
        numbers["lat"],
        numbers["lon"],
        numbers["extent_km"] or 0.0,
        row["position"],
        numbers["accuracy_km"] or 0.0,
        row["source"],
        [],
    ]


def _number(path: Path, line: int, row: dict[str, str], column: str) -> float | None:
    try:
        return float(row[column]) if row[column] else None
    except ValueError:
        raise BrokenCuratedData(
            f"{path}:{line}: {column} is {row[column]!r}; write a number with a decimal point"
        ) from None


def _csv_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a curated table with its line; a missing table is empty."""
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            if header != columns:
                raise BrokenCuratedData(
                    f"{path}:1: the header is {','.join(header)!r}; it must be {','.join(columns)!r}"
                )
            for row in reader:
                if len(row) != len(columns):
                    raise BrokenCuratedData(
                        f"{path}:{reader.line_num}: {len(row)} cells where {len(columns)} belong; look for a stray comma"
                    )
                yield reader.line_num, dict(zip(columns, row, strict=True))
    except UnicodeDecodeError as error:
        raise BrokenCuratedData(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except csv.Error as error:
        raise BrokenCuratedData(f"{path}: {error}; save the file as plain CSV") from None


def _name_table(folder: Path, rows: dict[str, list[Any]]) -> Iterator[tuple[str, int, str]]:
    """Yield (key, whether longer names begin so, names), sorted by key."""
    table: dict[str, list[list[Any]]] = {}
    for name in _all_names(folder, rows):
        known = table.setdefault(key(name[1]), [])
        if not any(n[0] == name[0] for n in known):  # the first way in which a spelling came about is enough
            known.append(name)
    beginnings = {" ".join(k.split(" ")[:n]) for k in table for n in range(1, k.count(" ") + 1)}
    for k in sorted(table.keys() | beginnings):
        if k:
            yield k, k in beginnings, json.dumps(table.get(k, []), ensure_ascii=False)


def _all_names(folder: Path, rows: dict[str, list[Any]]) -> Iterator[list[Any]]:
    """Yield every spelling as the values of ``Name``: curated ones first, then those made by rule."""
    named = list(_curated_names(folder, rows))
    yield from named
    for place_id, name, language, _, _, source, flags in named:
        if language in ("uk", "ru"):
            yield from _romanised(place_id, name, language, source, flags)
    yield from _short_names(rows, named)
    yield from _names_of_the_centre(rows, named)


def _curated_names(folder: Path, rows: dict[str, list[Any]]) -> Iterator[list[Any]]:
    for place_id, row in rows.items():
        local = _local_language(row, rows)
        yield [place_id, row[1], "und", "standard", "name of the place row", row[12], []]
        if row[2]:
            yield [place_id, row[2], local, "standard", "local name", row[12], []]
    for path in sorted((folder / "names").glob("*.csv")):
        for line, row in _csv_rows(path, NAME_COLUMNS):
            if row["place"] not in rows:
                raise BrokenCuratedData(f"{path}:{line}: {row['place']!r} is no place id; correct it or remove the row")
            years = f" ({row['since'] or '…'}-{row['until'] or '…'})" if row["since"] or row["until"] else ""
            name = plain(row["name"]).text
            yield [
                row["place"],
                name,
                path.stem,
                row["standing"],
                f"{row['standing']} name{years}",
                row["source"],
                row["flags"].split(),
            ]


def _short_names(rows: dict[str, list[Any]], named: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Yield "Pokrovsk" for "Pokrovsk direction" and "Vasylivka" for "Vasylivka district": the word may stand apart."""
    for place_id, name, language, _, _, source, flags in named:
        if rows[place_id][3] in ("axis", "raion") and language in ("en", "und"):
            short = name.rpartition(" ")
            if short[2] in _TYPE_WORDS:
                yield [place_id, short[0], language, "generated", f"short for {name}", source, flags]


def _names_of_the_centre(rows: dict[str, list[Any]], named: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Yield the spellings of a city for the oblast that bears its name: "Odessa region"."""
    centres = {
        place_id: row[4] for place_id, row in rows.items()
        if row[3] == "city" and row[4] in rows and rows[row[4]][3] == "region" and rows[row[4]][1] == row[1]
    }  # fmt: skip
    for place_id, name, language, standing, _, source, flags in named:
        if place_id in centres and standing != "former":
            yield [centres[place_id], name, language, "generated", f"as its centre {rows[place_id][1]}", source, flags]


def _local_language(row: list[Any], rows: dict[str, list[Any]]) -> str:
    while row[4] in rows:
        row = rows[row[4]]
    return _LOCAL_LANGUAGE.get(row[0], "uk" if row[3] == "axis" else "und")


def _romanised(place_id: str, name: str, language: str, source: str, flags: list[str]) -> Iterable[list[Any]]:
    for spelling, scheme in romanisation.spellings(name, language):
        yield [place_id, spelling, language, "generated", f"{scheme} of {name}", source, flags]


def _place_of(row: list[Any]) -> Place:
    return Place(*row[:13], tuple(row[13]))


def _name_of(row: list[Any]) -> Name:
    return Name(*row[:6], frozenset(row[6]))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; the gazetteer needs this file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCuratedData(f"{path}: {error}; correct the file") from error
