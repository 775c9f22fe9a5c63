"""The gazetteer as one file that opens at once: an SQLite database in the cache folder.

It is named by a hash of the curated files and of the rules and the code that compile them, so it is never stale.
It is written beside its place and renamed, so two processes may compile at once.
"""

import json
import os
import re
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from geo.languages import inflection
from geo.model import Name, Place
from geo.paths import cache_folder, files_hash
from geo.reference import names, respelling, romanisation, spellings, tables
from geo.reference.names import fold, key
from geo.reference.spellings import Rules, Spelling

# Language of a name and the pack with its declension; names of Belarus are declined as they are in Russian.
INFLECTED = {"uk": "uk", "ru": "ru", "be": "ru", "pl": "pl", "de": "de"}
_BITS = 24  # of the filter of first words: 2 MiB, in which one word in forty passes though no name begins so
_KEPT = 12  # compiled indexes that stay in the cache folder

_CODE = [
    Path(__file__),
    *(Path(str(m.__file__)) for m in (inflection, names, respelling, romanisation, spellings, tables)),
    Path(__file__).with_name("respelling.toml"),
    Path(__file__).with_name("romanisation.toml"),
]
_SIMPLE = re.compile("[А-Яа-яЁёІіЇїЄєҐґ]+(?:[ ’-][А-Яа-яЁёІіЇїЄєҐґ]+)*|[A-Za-z]+(?:[ -][A-Za-z]+)*")
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE places (id TEXT PRIMARY KEY, kind TEXT, row TEXT) WITHOUT ROWID;
CREATE TABLE spellings (number INTEGER PRIMARY KEY, row TEXT);
CREATE TABLE names (key TEXT PRIMARY KEY, longer INTEGER, forms TEXT) WITHOUT ROWID;
"""


def opened(folder: Path) -> tuple[sqlite3.Connection, str]:
    """Open the index of the gazetteer in ``folder``, compiled if there is none, with a warning or "".

    Raises ``UnreadableInput`` and ``BrokenCuratedData``; then no file is left behind.
    """
    version = _version(folder)
    path = cache_folder() / f"gazetteer-{version}.sqlite"
    index = _ready(path, version)
    return (index, "") if index else _compiled(folder, path, version)


def begins(beginnings: bytes, folded: str) -> bool:
    """Whether the filter lets a first word pass: never wrong about a name, wrong about one other word in forty."""
    bit = zlib.crc32(folded.encode()) & ((1 << _BITS) - 1)
    return beginnings[bit >> 3] >> (bit & 7) & 1 == 1


def _version(folder: Path) -> str:
    sources = files_hash(tables.source_files(folder), folder)[:12]
    code = files_hash(_CODE, Path(__file__).parent.parent)
    rules = "".join(inflection.section(language) for language in sorted(set(INFLECTED.values())))
    return f"{sources}{zlib.crc32((code + rules).encode()):08x}"


def _ready(path: Path, version: str) -> sqlite3.Connection | None:
    """Open a compiled index; a missing, half-written or foreign file counts as none.

    SQLite refuses a file that is shorter than its header says at the first question.
    """
    if not path.is_file():
        return None
    index = _connected(path)
    try:
        if index.execute("SELECT value FROM meta WHERE key = 'hash'").fetchone() == (version,):
            return index
    except sqlite3.DatabaseError:
        pass
    index.close()
    return None


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _compiled(folder: Path, path: Path, version: str) -> tuple[sqlite3.Connection, str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
    except OSError as error:
        problem = f"the cache folder cannot be written ({error.strerror})"
        in_memory = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            return _filled(in_memory, folder, version), f"{path.parent}: {problem}; the index is made anew each time"
        except BaseException:
            in_memory.close()
            raise
    try:
        with closing(sqlite3.connect(draft)) as index:
            _filled(index, folder, version)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    _drop_old(path.parent)
    return _connected(path), ""


def _drop_old(cache: Path) -> None:
    """Keep the latest indexes only: each edit of the gazetteer makes one."""
    found = [(path.stat().st_mtime, path) for path in cache.glob("gazetteer-*.sqlite")]
    for _, path in sorted(found, reverse=True)[_KEPT:]:
        path.unlink(missing_ok=True)


# --- compiling -------------------------------------------------------------------------------------------------------


def _filled(index: sqlite3.Connection, folder: Path, version: str) -> sqlite3.Connection:
    index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
    places = tables.all_places(folder)
    index.executemany(
        "INSERT INTO places VALUES (?, ?, ?)",
        ((i, places[i].kind, _json([getattr(places[i], f.name) for f in fields(Place)])) for i in sorted(places)),
    )
    declensions = {language: known for language, code in INFLECTED.items() if (known := inflection.inflection(code))}
    rules = Rules(declensions)
    gathered = spellings.spellings(tables.curated_names(folder, places), places, rules)
    index.executemany("INSERT INTO spellings VALUES (?, ?)", ((n, _spelling_row(s)) for n, s in enumerate(gathered)))
    ways: dict[tuple[str, str], int] = {("", ""): 0}
    table = _by_key(gathered, rules, ways)
    beginnings = {" ".join(k.split(" ")[:n]) for k in table for n in range(1, k.count(" ") + 1)}
    index.executemany(
        "INSERT INTO names VALUES (?, ?, ?)",
        ((k, k in beginnings, table.get(k, "")) for k in sorted(table.keys() | beginnings)),
    )
    index.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        (("hash", version), ("ways", _json(list(ways))), ("beginnings", _filter(table))),
    )
    index.commit()
    return index


def _by_key(gathered: Sequence[Spelling], rules: Rules, ways: dict[tuple[str, str], int]) -> dict[str, str]:
    """Return what each key is a form of, line by line; spellings that somebody wrote down come first."""
    table: dict[str, str] = {}

    def add(k: str, line: str) -> None:
        table[k] = f"{table[k]}\n{line}" if k in table else line

    by_rule = [all(b.standing == "generated" for b in spelling.bearers.values()) for spelling in gathered]
    for number, spelling in enumerate(gathered):
        if not by_rule[number]:
            add(_key(spelling.text), f"{number},0,,{spelling.text}")
    for number, spelling in enumerate(gathered):
        k = _key(spelling.text)
        if by_rule[number]:
            add(k, f"{number},0,,{spelling.text}")
        seen: set[str | tuple[str, str]] = {k}
        for form in rules.forms(spelling):
            k = _key(form.text)
            abroad = form.language != spelling.language
            if k not in seen and (k, form.language) not in seen:
                seen.add((k, form.language) if abroad else k)
                way = ways.setdefault((form.way, form.language), len(ways))
                add(k, f"{number},{way},{form.warning},{form.text}")
    table.pop("", None)
    return table


def _key(text: str) -> str:
    """Return ``key``, fast for the many names that are nothing but letters, blanks and hyphens."""
    return fold(text.replace("-", " ")) if _SIMPLE.fullmatch(text) else key(text)


def _filter(keys: Iterable[str]) -> bytes:
    bits = bytearray(1 << _BITS - 3)
    for first in {k.partition(" ")[0] for k in keys}:
        bit = zlib.crc32(first.encode()) & ((1 << _BITS) - 1)
        bits[bit >> 3] |= 1 << (bit & 7)
    return bytes(bits)


# --- rows of the index -----------------------------------------------------------------------------------------------


def place_of(row: str) -> Place:
    """Read a place: its fields in their order."""
    *values, through = json.loads(row)
    return Place(*[*values, tuple(through)])


def names_of(forms: str, ways: list[list[str]], spelling: Mapping[int, list[Any]]) -> Iterator[Name]:
    """Yield the names of a key: each line has the number of a spelling, its way, a warning, and the form."""
    for line in forms.split("\n") if forms else ():
        number, way, warning, text = line.split(",", 3)
        base, language, bearers = spelling[int(number)]
        label, reader = ways[int(way)]
        for place_id, standing, how, source, flags in bearers:
            known = frozenset((*flags, warning) if warning else flags)
            if label:
                yield Name(place_id, text, reader, "generated", f"{label} of {base}", source, known)
            else:
                yield Name(place_id, text, language, standing, how, source, known)


def _spelling_row(spelling: Spelling) -> str:
    bearers = [[b.place_id, b.standing, b.how, b.source, sorted(b.flags)] for b in spelling.bearers.values()]
    return _json([spelling.text, spelling.language, bearers])


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
