"""Places and their names: what the compiled index of ``gazetteer/`` answers."""

import json
import re
import sqlite3
import sys
import tomllib
import weakref
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import BrokenCuratedData, UnreadableInput
from geo.model import Name, Place
from geo.paths import bundled
from geo.reference import index, romanisation
from geo.reference.names import fold, key
from geo.reference.tables import AXIS_COLUMNS, NAME_COLUMNS, PLACE_COLUMNS

__all__ = [
    "AXIS_COLUMNS",
    "LINES",
    "NAME_COLUMNS",
    "PLACE_COLUMNS",
    "SETTLEMENTS",
    "UNITS",
    "Found",
    "Gazetteer",
    "Match",
    "distance_km",
]

# Kinds by how wide they are. Sites are everything else with a position of its own.
SETTLEMENTS = frozenset({"city", "town", "settlement", "village"})
UNITS = frozenset({"country", "region", "raion", "hromada"})
LINES = frozenset({"axis", "river", "sea", "strait", "canal", "reservoir", "area", "forest", "landform", "border"})
# Land that texts name as a whole and that is no unit above its parts: Sevastopol is a region beside Crimea.
_HELD = {"crimea": frozenset({"sevastopol"}), "theatre.donbas": frozenset({"donetsk", "luhansk"})}

RAION_SLACK_KM = 15  # around a raion of which only the middle is known
_EARTH_RADIUS_KM = 6371.0088


class Match(NamedTuple):
    """What the index knows of some folded words."""

    names: tuple[Name, ...]  # every name that is spelled so
    longer: bool  # whether some longer name begins with these words


class Found(NamedTuple):
    """A name in a text: where it stands, and every name that is spelled so."""

    start: int
    stop: int
    names: tuple[Name, ...]


class Gazetteer:
    """Every place and every spelling of it.  Open one with ``Gazetteer.load``."""

    def __init__(self, folder: Path, compiled: sqlite3.Connection, warnings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.warnings = warnings
        self._index = compiled
        weakref.finalize(self, compiled.close)  # Python 3.13 warns of a connection that nobody closed
        self._places: dict[str, Place | None] = {}
        self._matches: dict[str, Match] = {}
        self._spellings = _Spellings(compiled)
        self._countries: dict[str, str] = {}
        self._first_words: dict[str, str] = {}
        meta = dict(compiled.execute("SELECT key, value FROM meta"))
        self.hash: str = meta["hash"]
        self._ways: list[list[str]] = json.loads(meta["ways"])
        self._beginnings: bytes = meta["beginnings"]

    @classmethod
    def load(cls, path: Path | str | None = None) -> "Gazetteer":
        """Open the gazetteer in ``path`` (default: the one that comes with the package).

        Compiles the index if there is none for these very files. Raises ``UnreadableInput`` if the folder is not a
        gazetteer and ``BrokenCuratedData`` at the first row that cannot be read; ``frontline check`` lists them all.
        """
        folder = Path(path) if path else bundled("gazetteer")
        compiled, warning = index.opened(folder)
        return cls(folder, compiled, (warning,) if warning else ())

    def get(self, place_id: str) -> Place | None:
        """Return the place with this id, or None."""
        if place_id not in self._places:
            row = self._index.execute("SELECT row FROM places WHERE id = ?", (place_id,)).fetchone()
            self._places[place_id] = index.place_of(row[0]) if row else None
        return self._places[place_id]

    def place(self, place_id: str) -> Place:
        """Return the place with this id; raises ``BrokenCuratedData`` if there is none."""
        place = self.get(place_id)
        if place is None:
            raise BrokenCuratedData(f"{self.folder}: no place has the id {place_id!r}; run `frontline check`")
        return place

    def begins(self, folded: str) -> bool:
        """Whether some name may begin with this folded word: cheap, and never no where one does."""
        return index.begins(self._beginnings, folded)

    def match(self, folded: str) -> Match:
        """Return what is spelled ``folded`` (a ``key``), and whether longer names begin so."""
        known = self._matches.get(folded)
        if known is None:
            known = self._looked_up(folded) if self.begins(folded.partition(" ")[0]) else _NO_MATCH
            if len(self._matches) > _REMEMBERED:  # a batch of a million digests must not grow without end
                self._matches.clear()
            self._matches[folded] = known
        return known

    def _looked_up(self, folded: str) -> Match:
        row = self._index.execute("SELECT longer, forms FROM names WHERE key = ?", (folded,)).fetchone()
        if row is None:
            return _NO_MATCH
        names: dict[str, Name] = {}
        abroad: dict[tuple[str, str], Name] = {}
        for name in index.names_of(row[1], self._ways, self._spellings):
            if name.standing == "generated" and name.language in romanisation.readers():
                abroad.setdefault((name.place_id, name.language), name)
                continue
            first = names.setdefault(name.place_id, name)
            # The first way in which a spelling came about is enough, but a warning from any curated row counts.
            if not name.flags <= first.flags and name.standing != "generated":
                names[name.place_id] = replace(first, flags=first.flags | name.flags)
        usage = (name for name in abroad.values() if name.place_id not in names)
        return Match((*names.values(), *usage), bool(row[0]))

    def names_in(self, text: str) -> Iterator[Found]:
        """Yield the longest name at each word with a capital, with its offsets in ``text`` (in NFC, as ``plain`` is).

        A possessive 's is no part of a name. Nothing is judged: "Надія" is found where it is a woman, too.
        """
        behind = 0
        known = self._first_words
        for match in _CAPITAL.finditer(text):
            start = match.start()
            if start < behind:
                continue
            word = match.group()
            folded = known.get(word)
            if folded is None:
                folded = known[word] = self._first_word(word)
            if folded and (found := self._longest(text, start, word, folded)):
                behind = found.stop
                yield found

    def _first_word(self, word: str) -> str:
        """Return the folded word if a name may begin so, else "" ."""
        if len(self._first_words) > _REMEMBERED:
            self._first_words.clear()
        folded = fold(word)
        return folded if self.begins(folded.removesuffix("'s")) or self.begins(folded) else ""

    def _longest(self, text: str, start: int, word: str, folded: str) -> Found | None:
        found = None
        stop = start + len(word)
        spelled = folded
        for _ in range(_LONGEST_NAME):
            match = self.match(spelled)
            if match.names:
                found = Found(start, stop, match.names)
            elif spelled.endswith("'s") and (names := self.match(spelled[:-2]).names):
                found = Found(start, stop - 2, names)
            if not match.longer or not (following := _FOLLOWING.match(text, stop)):
                break
            stop = following.end()
            spelled = f"{spelled} {fold(following.group(1))}"
        return found

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
        if unit.id in _HELD:
            return bool(_HELD[unit.id] & {place.id, place.parent})
        if unit.kind == "raion" and not place.raion and place.parent == unit.parent:
            # No source tells the settlements of Russia's raions; of the raion itself only the middle is known.
            return distance_km(place, unit) <= unit.extent_km + RAION_SLACK_KM
        return unit.kind == "country" and self.country(place) == unit.id

    def region_of(self, place: Place) -> Place | None:
        """Return the oblast, krai or republic of a place, or the place itself if it is one."""
        above: Place | None = place
        while above is not None and above.kind != "region":
            above = self.get(above.parent) if above.parent else None
        return above

    def keys_from(self, beginning: str) -> list[str]:
        """Return every folded spelling that begins so and is a whole name, case forms too, in the order of letters."""
        query = "SELECT key FROM names WHERE key >= ? AND key < ? AND forms != '' ORDER BY key"
        return [k for (k,) in self._index.execute(query, (beginning, beginning + chr(sys.maxunicode)))]

    def towns(self) -> Iterator[Place]:
        """Yield every city and town."""
        for (row,) in self._index.execute("SELECT row FROM places WHERE kind IN ('city', 'town') ORDER BY id"):
            yield index.place_of(row)

    @cached_property
    def raions_of_axes(self) -> frozenset[str]:
        """Ids of the raions that the named directions run through, of whatever year."""
        rows = self._index.execute("SELECT row FROM places WHERE kind = 'axis'")
        through = (self.get(place_id) for (row,) in rows for place_id in index.place_of(row).through)
        return frozenset(place.raion for place in through if place and place.raion)

    def counts(self) -> dict[str, int]:
        """Return how many places and names the index holds."""
        query = "SELECT (SELECT count(*) FROM places), (SELECT count(*) FROM names WHERE forms != '')"
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

    def in_box(self, place: Place) -> bool:
        """Whether a place lies in the box that the theatre covers; Siberia and the capitals of the world do not."""
        box = self.theatre.get("box")
        if box is None or place.lat is None or place.lon is None:
            return False
        return bool(box["south"] <= place.lat <= box["north"] and box["west"] <= place.lon <= box["east"])

    def side_of(self, place: Place) -> str | None:
        """Return the side of the party on whose recognised territory a place lies."""
        country = self.country(place)
        return next((side for side, party in self.parties.items() if party["country"] == country), None)

    @cached_property
    def home(self) -> frozenset[str]:
        """Ids of the countries on whose territory the war is fought."""
        return frozenset(party["country"] for party in self.parties.values())


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance between two places (within 0.5 % of the ellipsoid), infinite if one has no position."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return float("inf")
    return great_circle_km(a.lat, a.lon, b.lat, b.lon)


@lru_cache(maxsize=100_000)  # a digest measures the same pairs again and again
def great_circle_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Haversine formula on a sphere of the Earth's mean radius."""
    phi, psi = radians(a_lat), radians(b_lat)
    half = hypot(sin((psi - phi) / 2), sqrt(cos(phi) * cos(psi)) * sin(radians(b_lon - a_lon) / 2))
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, half))


_NO_MATCH = Match((), False)
_REMEMBERED = 100_000  # answers of each sort
_LONGEST_NAME = 6  # words
_UPPER = "".join(filter(str.isupper, map(chr, range(0x2000))))  # Latin, Greek, Cyrillic and their neighbours
_ELIDED = "(?:[CDJLMNST]|Qu)['’][AEIOUYHÀÂÄÉÈÊËÎÏÔÖÛÜŒÆ]"  # "L'Ukraine" is two words (names.words)
_CAPITAL = re.compile(rf"(?<![^\W_])(?!{_ELIDED})[{_UPPER}][^\W_]*(?:['’ʼ][^\W_]+)*")
_FOLLOWING = re.compile(r"(?:[^\S\n]*\n?[^\S\n]*|\s?[-–‑]\s?)(?<![^\W_])([^\W_]+(?:['’ʼ][^\W_]+)*)")


class _Spellings(dict[int, list[Any]]):
    """Rows of the index as they are first asked for."""

    def __init__(self, compiled: sqlite3.Connection) -> None:
        super().__init__()
        self._index = compiled

    def __missing__(self, number: int) -> list[Any]:
        (row,) = self._index.execute("SELECT row FROM spellings WHERE number = ?", (number,)).fetchone()
        if len(self) > _REMEMBERED:
            self.clear()
        spelling: list[Any] = json.loads(row)
        self[number] = spelling
        return spelling


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; the gazetteer needs this file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCuratedData(f"{path}: {error}; correct the file") from error
