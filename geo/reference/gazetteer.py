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
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cached_property
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import BrokenCuratedData, UnreadableInput
from geo.model import Name, Place
from geo.paths import bundled, cache_folder, files_hash
from geo.reference import names as _names
from geo.reference import romanisation
from geo.reference.names import key, plain

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
        weakref.finalize(self, index.close)  # Python 3.13 warns of a connection that nobody closed
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
    index = _connected(path)
    try:
        whole = index.execute("SELECT value FROM meta WHERE key = 'hash'").fetchone() == (version,)
    except sqlite3.DatabaseError:
        whole = False
    if whole:
        return index, ""
    index.close()
    return None


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _compiled(folder: Path, path: Path, version: str) -> tuple[sqlite3.Connection, str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
    except OSError as error:
        problem = f"the cache folder cannot be written ({error.strerror})"
        in_memory = sqlite3.connect(":memory:", check_same_thread=False)
        return _fill(in_memory, folder, version), f"{path.parent}: {problem}; the index is made anew each time"
    try:
        _fill(sqlite3.connect(draft), folder, version).close()
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return _connected(path), ""


def _fill(index: sqlite3.Connection, folder: Path, version: str) -> sqlite3.Connection:
    index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
    places = _all_places(folder)
    index.executemany(
        "INSERT INTO places VALUES (?, ?, ?)",
        ((i, places[i].kind, json.dumps(_place_row(places[i]), ensure_ascii=False)) for i in sorted(places)),
    )
    index.executemany("INSERT INTO names VALUES (?, ?, ?)", _name_table(folder, places))
    index.execute("INSERT INTO meta VALUES ('hash', ?)", (version,))
    index.commit()
    return index


def _all_places(folder: Path) -> dict[str, Place]:
    """Read every place by its id; a row of ``places_osm/`` gives a position to an estimated one."""
    places: dict[str, Place] = {}
    files = [folder / "regions.csv", *sorted((folder / "places").glob("*.csv")), folder / "sites.csv"]
    for path in [*files, *sorted((folder / "places_osm").glob("*.csv"))]:
        for line, row in _csv_rows(path, PLACE_COLUMNS):
            place = _curated_place(path, line, row)
            known = places.get(place.id)
            if known is None:
                places[place.id] = place
            elif known.position == "estimated":
                places[place.id] = _with_position_of(known, place)
            else:
                raise BrokenCuratedData(
                    f"{path}:{line}: id {place.id!r} stands twice; give the second place its own id"
                )
    path = folder / "axes.csv"
    for line, row in _csv_rows(path, AXIS_COLUMNS):
        places[row["id"]] = _axis(path, line, row)
    return places


def _curated_place(path: Path, line: int, row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        name_local=row["name_local"],
        kind=row["kind"],
        parent=row["parent"],
        raion=row["raion"],
        hromada=row["hromada"],
        lat=_number(path, line, row, "lat"),
        lon=_number(path, line, row, "lon"),
        extent_km=_number(path, line, row, "extent_km") or 0.0,
        position=row["position"],
        accuracy_km=_number(path, line, row, "accuracy_km") or 0.0,
        source=row["source"],
    )


def _with_position_of(place: Place, other: Place) -> Place:
    return replace(
        place,
        lat=other.lat,
        lon=other.lon,
        position=other.position,
        accuracy_km=other.accuracy_km,
        source=other.source,
    )


def _axis(path: Path, line: int, row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        name_local=row["name_local"],
        kind="axis",
        parent="",
        lat=_number(path, line, row, "lat"),
        lon=_number(path, line, row, "lon"),
        extent_km=_number(path, line, row, "radius_km") or 0.0,
        position="estimated",
        source=row["source"],
        through=tuple(row["through"].split()),
    )


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
                    counts = f"{len(row)} cells where {len(columns)} belong"
                    raise BrokenCuratedData(f"{path}:{reader.line_num}: {counts}; look for a stray comma")
                yield reader.line_num, dict(zip(columns, row, strict=True))
    except UnicodeDecodeError as error:
        raise BrokenCuratedData(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except csv.Error as error:
        raise BrokenCuratedData(f"{path}: {error}; save the file as plain CSV") from None


def _name_table(folder: Path, places: Mapping[str, Place]) -> Iterator[tuple[str, int, str]]:
    """Yield (key, whether longer names begin so, names), sorted by key."""
    table: dict[str, dict[str, Name]] = {}
    for name in _all_names(folder, places):
        same = table.setdefault(key(name.text), {})
        # The first way in which a spelling came about is enough, but a warning from any row counts.
        first = same.get(name.place_id, name)
        same[name.place_id] = replace(first, flags=first.flags | name.flags)
    beginnings = {" ".join(k.split(" ")[:n]) for k in table for n in range(1, k.count(" ") + 1)}
    for k in sorted(table.keys() | beginnings):
        if k:
            yield k, k in beginnings, json.dumps([_name_row(n) for n in table.get(k, {}).values()], ensure_ascii=False)


def _all_names(folder: Path, places: Mapping[str, Place]) -> Iterator[Name]:
    """Yield every spelling: curated ones first, then those made by rule."""
    named = list(_curated_names(folder, places))
    yield from named
    for name in named:
        if name.language in ("uk", "ru"):
            yield from _romanised(name)
    yield from _short_names(places, named)
    yield from _names_of_the_centre(places, named)


def _curated_names(folder: Path, places: Mapping[str, Place]) -> Iterator[Name]:
    for place in places.values():
        yield Name(place.id, place.name, "und", "standard", "name of the place row", place.source)
        if place.name_local:
            language = _local_language(place, places)
            yield Name(place.id, place.name_local, language, "standard", "local name", place.source)
    for path in sorted((folder / "names").glob("*.csv")):
        for line, row in _csv_rows(path, NAME_COLUMNS):
            if row["place"] not in places:
                raise BrokenCuratedData(f"{path}:{line}: {row['place']!r} is no place id; correct it or remove the row")
            yield _curated_name(row, path.stem)


def _curated_name(row: dict[str, str], language: str) -> Name:
    years = f" ({row['since'] or '…'}-{row['until'] or '…'})" if row["since"] or row["until"] else ""
    return Name(
        place_id=row["place"],
        text=plain(row["name"]).text,
        language=language,
        standing=row["standing"],
        how=f"{row['standing']} name{years}",
        source=row["source"],
        flags=frozenset(row["flags"].split()),
    )


def _romanised(name: Name) -> Iterator[Name]:
    for spelling, scheme in romanisation.spellings(name.text, name.language):
        yield replace(name, text=spelling, standing="generated", how=f"{scheme} of {name.text}")


def _short_names(places: Mapping[str, Place], named: Iterable[Name]) -> Iterator[Name]:
    """Yield "Pokrovsk" for "Pokrovsk direction" and "Vasylivka" for "Vasylivka district": the word may stand apart."""
    for name in named:
        short, _, last_word = name.text.rpartition(" ")
        has_type = places[name.place_id].kind in ("axis", "raion") and last_word in _TYPE_WORDS
        if has_type and name.language in ("en", "und"):
            yield replace(name, text=short, standing="generated", how=f"short for {name.text}")


def _names_of_the_centre(places: Mapping[str, Place], named: Iterable[Name]) -> Iterator[Name]:
    """Yield the spellings of a city for the oblast that bears its name: "Odessa region"."""
    for name in named:
        city = places[name.place_id]
        oblast = places.get(city.parent)
        bears_its_name = oblast is not None and oblast.kind == "region" and oblast.name == city.name
        if city.kind == "city" and bears_its_name and name.standing != "former":
            yield replace(name, place_id=city.parent, standing="generated", how=f"as its centre {city.name}")


def _local_language(place: Place, places: Mapping[str, Place]) -> str:
    while place.parent in places:
        place = places[place.parent]
    return _LOCAL_LANGUAGE.get(place.id, "uk" if place.kind == "axis" else "und")


# --- rows of the index: the fields of a place or name in their order -------------------------------------------------


def _place_row(place: Place) -> list[Any]:
    return [getattr(place, field.name) for field in fields(Place)]


def _place_of(row: list[Any]) -> Place:
    *values, through = row
    return Place(*[*values, tuple(through)])


def _name_row(name: Name) -> list[Any]:
    return [name.place_id, name.text, name.language, name.standing, name.how, name.source, sorted(name.flags)]


def _name_of(row: list[Any]) -> Name:
    *values, flags = row
    return Name(*[*values, frozenset(flags)])


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; the gazetteer needs this file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCuratedData(f"{path}: {error}; correct the file") from error
