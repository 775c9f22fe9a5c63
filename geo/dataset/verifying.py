"""Whether a dataset is still what was built: its files against the manifest, its words against the texts they are from.

The tables are held against each other, too: whoever changed one of them by hand, with its hash, is found out.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from geo.dataset.commit import COPIES, alone_in, file_sha256, refresh_copies
from geo.dataset.exports import geojson_pieces
from geo.dataset.manifest import read_manifest
from geo.dataset.store import Dataset, counted, load_dataset, whole_file
from geo.dataset.tables import SCHEMAS
from geo.errors import UnreadableInput
from geo.model import Digest
from geo.text.encodings import AUTO
from geo.text.inputs import Inputs, Source, find_inputs, read_source

_BUILD = "build the dataset again with --all"
_REPAIR = "run `frontline verify --repair`"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was built."""

    where: str  # a file of the dataset, or a row of it
    what: str
    todo: str


@dataclass
class Verification:
    """What was looked at, and what was found."""

    files: int = 0
    digests: int = 0  # whose text was there
    quotes: int = 0  # held against their text
    mentions: int = 0
    faults: list[Fault] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)  # digests whose text was not found
    warnings: list[str] = field(default_factory=list)  # of the inputs named
    repaired: list[str] = field(default_factory=list)  # copies that were written anew

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return asdict(self)


def verify(
    folder: Path | str, digests: Collection[Path] = (), *, encoding: str = AUTO, repair: bool = False
) -> Verification:
    """Hold a dataset against its manifest, and each quote and mention against the text that it is from.

    ``digests`` are files and folders to look for the texts in (by id, else by content); texts that the dataset archives
    need none. With ``repair`` copies that are not of this dataset are written anew. Raises ``UnreadableInput`` if there
    is no manifest to go by and ``UnwritableOutput`` if a copy cannot be written.
    """
    folder, found = Path(folder), Verification()
    manifest = read_manifest(folder)
    for name, file in manifest.files.items():
        found.files += 1
        try:
            whole_file(folder, file)
        except UnreadableInput as error:
            found.faults.append(Fault(file.name, _without(folder / file.name, error), f"{_BUILD} ({name})"))
    if found.faults:
        return found
    dataset = load_dataset(folder)
    tables = {name: dataset.table(name) for name in SCHEMAS}
    found.faults += _of_the_manifest(dataset, tables)
    found.faults += _among_tables(tables)
    _check_copies(dataset, found, repair)
    _check_words(tables, _Texts(tables["texts"], find_inputs(list(digests), encoding=encoding), encoding), found)
    return found


# --- files -----------------------------------------------------------------------------------------------------------


def _without(path: Path, error: Exception) -> str:
    return str(error).removeprefix(f"{path}: ").split(";")[0]


def _of_the_manifest(dataset: Dataset, tables: Mapping[str, pa.Table]) -> Iterator[Fault]:
    """Yield where the manifest does not say what is in the tables."""
    says = dataset.manifest
    digests = tables["digests"]
    told = dict(zip(digests["digest"].to_pylist(), digests["digest_sha256"].to_pylist(), strict=True))
    held = {
        "the number of rows": ({n: f.rows for n, f in says.files.items()}, {n: t.num_rows for n, t in tables.items()}),
        "the digests and their hashes": (dict(says.digests), told),
        "the verdicts": (dict(says.verdicts), counted(tables["mentions"]["verdict"])),
        "the number of reports": (says.counts["reports"], tables["events"].num_rows),
        "the number of mentions": (says.counts["mentions"], tables["mentions"].num_rows),
    }
    for what, (said, there) in held.items():
        if said != there:
            yield Fault("manifest.json", f"{what} of the manifest and of the tables do not agree", _BUILD)


def _check_copies(dataset: Dataset, found: Verification, repair: bool) -> None:
    stale = [name for name in COPIES if not _is_copy(dataset, name)]
    found.files += len(COPIES)
    if stale and repair:
        with alone_in(dataset.folder):
            current = load_dataset(dataset.folder)  # another build may have been at work
            refresh_copies(dataset.folder, current.manifest, current.table("events"))
        found.repaired += stale
    else:
        found.faults += [Fault(name, "missing, or no copy of the dataset beside it", _REPAIR) for name in stale]


def _is_copy(dataset: Dataset, name: str) -> bool:
    path = dataset.folder / name
    try:
        there = file_sha256(path)
    except OSError:
        return False
    if name.endswith(".parquet"):
        return there == dataset.manifest.files["events"].sha256
    wanted = hashlib.sha256()
    for piece in geojson_pieces(dataset.table("events"), dataset.manifest.provenance):
        wanted.update(piece)
    return there == wanted.hexdigest()


# --- tables ----------------------------------------------------------------------------------------------------------


def _among_tables(tables: Mapping[str, pa.Table]) -> Iterator[Fault]:
    """Yield the rows of one table that those of another do not bear out."""
    columns = "digest digest_sha256 text_sha256 reports mentions"
    digests = {row["digest"]: row for row in _rows(tables["digests"], columns)}
    ids = set(tables["events"]["id"].to_pylist())
    if len(ids) < tables["events"].num_rows:
        yield Fault("events", "two reports have one id", _BUILD)
    for row in _rows(tables["events"], "id digest digest_sha256 text_sha256 quote quote_start mention mention_start"):
        known, inside = digests.get(row["digest"], {}), row["mention_start"] - row["quote_start"]
        if any(row[name] != known.get(name) for name in ("digest_sha256", "text_sha256")):
            yield Fault(f"report {row['id']}", "no digest of this name and content is in the table of digests", _BUILD)
        if inside < 0 or row["quote"][inside : inside + len(row["mention"])] != row["mention"]:
            yield Fault(f"report {row['id']}", "the quote does not hold its mention", _BUILD)
    for row in _rows(tables["mentions"], "digest start report_id"):
        if row["digest"] not in digests or (row["report_id"] is not None and row["report_id"] not in ids):
            yield Fault(f"mention {row['digest']}:{row['start']}", "its digest or its report is not there", _BUILD)
    for what, table in (("reports", "events"), ("mentions", "mentions")):
        there = counted(tables[table]["digest"])
        for name in (name for name, row in digests.items() if row[what] != there.get(name, 0)):
            yield Fault(f"digest {name}", f"it has {there.get(name, 0)} {what}, not {digests[name][what]}", _BUILD)


def _rows(table: pa.Table, columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.select(columns.split()).to_pylist()
    return rows


# --- words -----------------------------------------------------------------------------------------------------------


class _Texts:
    """The texts of digests: archived ones, and those of the files that were named."""

    def __init__(self, archived: pa.Table, inputs: Inputs, encoding: str) -> None:
        self._archived: dict[str, str] = dict(
            zip(archived["digest"].to_pylist(), archived["text"].to_pylist(), strict=True)
        )
        self._by_id = {source.id: source for source in inputs.sources}
        self._by_content: dict[str, Source] | None = None
        self._encoding = encoding
        self.warnings = [*inputs.failures, *inputs.warnings]

    def of(self, digest_id: str, digest_sha256: str) -> str | None:
        """Return the text of a digest, or None if there is none of this content."""
        if digest_id in self._archived:
            return self._archived[digest_id]
        read = self._read(self._by_id.get(digest_id))
        if read is None or read.digest_sha256 != digest_sha256:
            read = self._read(self._elsewhere().get(digest_sha256))
        return read.text if read else None

    def knows(self, digest_id: str) -> bool:
        """Whether a file has the id of this digest, whatever its content."""
        return digest_id in self._by_id

    def _read(self, source: Source | None) -> Digest | None:
        if source is None:
            return None
        try:
            return read_source(source, self._encoding)
        except UnreadableInput:
            return None

    def _elsewhere(self) -> dict[str, Source]:
        """Return the files by the hash of their bytes: a digest may have got another name since."""
        if self._by_content is None:
            self._by_content = {}
            for source in self._by_id.values():
                with suppress(UnreadableInput):
                    self._by_content[hashlib.sha256(source.content()).hexdigest()] = source
        return self._by_content


class _Words(NamedTuple):
    """What a row says to stand in a text."""

    where: str  # the row
    said: str
    start: int
    end: int


def _check_words(tables: Mapping[str, pa.Table], texts: _Texts, found: Verification) -> None:
    found.warnings += texts.warnings
    quotes, mentions = _by_digest(_quoted(tables["events"])), _by_digest(_mentioned(tables["mentions"]))
    for row in _rows(tables["digests"], "digest digest_sha256 text_sha256"):
        name = row["digest"]
        text = texts.of(name, row["digest_sha256"])
        if text is None:
            found.unchecked.append(name)
            if texts.knows(name):
                todo = "bring back the file that was read, or build the dataset again"
                found.faults.append(Fault(f"digest {name}", "its file is not the one that was read", todo))
            continue
        if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != row["text_sha256"]:
            found.faults.append(Fault(f"digest {name}", "its text is not the one that was read", _BUILD))
        found.digests += 1
        found.quotes += len(quotes[name])
        found.mentions += len(mentions[name])
        found.faults += _not_there(text, [*quotes[name], *mentions[name]])


def _not_there(text: str, words: Iterable[_Words]) -> Iterator[Fault]:
    for where, said, start, end in words:
        if text[start:end] != said:
            yield Fault(where, f"the text does not say {said[:60]!r} at {start} to {end}", _BUILD)


def _quoted(events: pa.Table) -> Iterator[tuple[str, _Words]]:
    """Yield each quote of the reports, and each mention in one, by its digest."""
    columns = "id digest quote quote_start quote_end mention mention_start mention_end more_quotes"
    for row in _rows(events, columns):
        where = f"report {row['id']}"
        yield row["digest"], _Words(where, row["quote"], row["quote_start"], row["quote_end"])
        yield row["digest"], _Words(where, row["mention"], row["mention_start"], row["mention_end"])
        yield from ((row["digest"], _Words(where, q["quote"], q["start"], q["end"])) for q in row["more_quotes"])


def _mentioned(mentions: pa.Table) -> Iterator[tuple[str, _Words]]:
    for row in _rows(mentions, "digest mention start end"):
        yield row["digest"], _Words(f"mention {row['digest']}:{row['start']}", row["mention"], row["start"], row["end"])


def _by_digest(rows: Iterable[tuple[str, _Words]]) -> dict[str, list[_Words]]:
    grouped: dict[str, list[_Words]] = defaultdict(list)
    for digest, words in rows:
        grouped[digest].append(words)
    return grouped
