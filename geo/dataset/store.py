"""Readings as a dataset folder, and back: tables and the manifest that names them.

The manifest is the only commit point: it is renamed into place when every file that it names is whole, and readers open
it first.  A build that dies at any moment leaves the last good dataset; the next one takes away what it left behind.
The same readings give the same bytes: rows are sorted, floats rounded, row groups fixed, and no clock shows.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame

from geo.dataset.exports import geojson_pieces
from geo.dataset.provenance import NOTICE, Provenance, Source, provenance_of
from geo.dataset.stories import stories_table, with_stories
from geo.dataset.tables import (
    COLUMNS,
    EVENTS,
    SCHEMA_VERSION,
    SCHEMAS,
    Tables,
    arrow,
    digest_row,
    events_frame,
    frame,
    joined,
    tables_of,
)
from geo.dataset.tables import events_table as events_table
from geo.errors import UnreadableInput, UnwritableOutput, WrongUse
from geo.model import Reading
from geo.reference.gazetteer import Gazetteer

if sys.platform != "win32":
    import fcntl

ROW_GROUP = 32_768

_FORMAT = "frontline map dataset"
_MANIFEST = "manifest.json"
COPIES = ("events.geojson", "events.parquet")
_DRAFTS = ".frontline-build"  # folder for what is being written; gone between builds
_JOURNAL = "journal.json"
_DATA_FILE = re.compile(rf"({'|'.join(SCHEMAS)})-[0-9a-f]{{16}}\.parquet")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dataset, as its manifest names it."""

    name: str
    sha256: str
    size: int  # bytes
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a dataset folder holds and what it was made from."""

    files: Mapping[str, DataFile]  # by table: events, mentions, digests, texts
    sample: bool  # some digests were written for this project
    published: str | None  # newest publication date among the digests
    counts: Mapping[str, int]  # digests, sentences, mentions, reports, warnings
    verdicts: Mapping[str, int]  # mentions by what became of them: report, or the reason why not
    attribution: tuple[str, ...]  # lines to show: exactly the sources that the reports rest on
    provenance: Provenance
    digests: Mapping[str, str]  # SHA-256 of the bytes of each digest, by id
    basis: Mapping[str, Any]  # hashes of what the digests were read with (``geo.dataset.keeping.Basis``); may be empty


@dataclass(frozen=True)
class Dataset:
    """A dataset folder as loaded; ``mentions`` and ``digests`` are read when first asked for."""

    folder: Path
    manifest: Manifest
    events: GeoDataFrame

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Every mention with its verdict and trace, by digest and offset; ``candidates`` give lists of dictionaries."""
        return frame(self.table("mentions"))

    @cached_property
    def digests(self) -> pd.DataFrame:
        """Every digest that was read, by id, also those without a report."""
        return frame(self.table("digests"))

    def table(self, name: str) -> pa.Table:
        """Return a table as it is kept; raises ``UnreadableInput`` if its file is missing or damaged."""
        return _table(self.folder, self.manifest.files[name], SCHEMAS[name])

    @cached_property
    def stories(self) -> pd.DataFrame:
        """Every story by place and day: which reports tell it, who was first to claim, acknowledge or deny it."""
        return self.table("stories").to_pandas()


# --- saving ----------------------------------------------------------------------------------------------------------


def save_dataset(
    folder: Path | str,
    readings: Iterable[Reading],
    *,
    gazetteer: Gazetteer,
    paths: Mapping[str, str] | None = None,
    inputs: Mapping[str, str] | None = None,
) -> Manifest:
    """Write the readings, in any order, as the dataset in ``folder``, and return its manifest.

    ``paths`` gives the file of each digest by id, below the input root; ``inputs`` gives further hashes to record, by
    what they are of (languages, rulings). A dataset that is in the folder is replaced at once when the new one is
    whole; other files there are left alone. If another build of this folder runs, waits for it.

    Raises ``UnwritableOutput`` if something cannot be written (the old dataset is still there) and ``WrongUse`` if two
    digests have one id.
    """
    readings, paths = list(readings), paths or {}
    rows = [digest_row(reading, paths.get(reading.digest.id)) for reading in readings]
    tables, manifest = finished([tables_of(readings, rows, gazetteer)], gazetteer, inputs or {})
    with alone_in(folder):
        return save_finished(folder, tables, manifest)


def save_tables(folder: Path | str, tables: Tables, provenance: Provenance, *, copies: bool = True) -> Manifest:
    """Write ready tables (sorted, as `geo.dataset.tables` has them; those not given are empty) like ``save_dataset``.

    Without ``copies`` there are no ``events.geojson`` and ``events.parquet`` beside the data files.
    """
    tables = {name: tables.get(name, schema.empty_table()) for name, schema in SCHEMAS.items()}
    with alone_in(folder):
        return save_finished(folder, tables, _draft_manifest(tables, provenance, {}), copies=copies)


def finished(
    parts: Iterable[Tables], gazetteer: Gazetteer, inputs: Mapping[str, str], basis: Mapping[str, Any] | None = None
) -> tuple[Tables, Manifest]:
    """Make the tables of a dataset out of those of its digests, in any parts, and a manifest without its files.

    What looks at all reports at once is done here. Raises ``WrongUse`` if two digests have one id.
    """
    parts = list(parts)
    _refuse_repeated(digest for part in parts for digest in part["digests"]["digest"].to_pylist())
    tables = joined(parts)
    tables["events"] = with_stories(tables["events"])
    tables["stories"] = stories_table(tables["events"])
    provenance = provenance_of(events_frame(tables["events"]), gazetteer, inputs)
    return tables, _draft_manifest(tables, provenance, basis or {})


def save_finished(folder: Path | str, tables: Tables, manifest: Manifest, *, copies: bool = True) -> Manifest:
    """Write a finished dataset to a folder that the caller holds (``alone_in``); raises ``UnwritableOutput``."""
    folder = Path(folder)
    with _said_where(folder, "the dataset cannot be written"):
        _refuse_foreign(folder)
        manifest = _commit(folder, tables, manifest)
    if copies:
        with _said_where(folder, "the dataset is written, but not its copies events.geojson and events.parquet"):
            refresh_copies(folder, manifest, tables["events"])
    return manifest


def make_ready(folder: Path) -> None:
    """Tidy up after a killed build; raises ``UnwritableOutput`` now rather than when everything is read.

    The caller holds the folder (``alone_in``).
    """
    with _said_where(folder, "the dataset cannot be written"):
        _refuse_foreign(folder)
        _sweep(folder)
        (folder / _DRAFTS).mkdir(exist_ok=True)
        _sweep(folder)


def write_file(path: Path | str, pieces: Iterable[bytes]) -> None:
    """Write a file whole or not at all: beside its place first, then renamed.

    Raises ``UnwritableOutput`` if that fails; a file that was there before is still there.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.part")
    with _said_where(path, "the file cannot be written"):
        try:
            _write(draft, pieces)
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _refuse_repeated(ids: Iterable[str]) -> None:
    for first, second in pairwise(sorted(ids)):
        if first == second:
            raise WrongUse(f"two digests have the id {first!r}; rename one of the files")


def _draft_manifest(tables: Tables, provenance: Provenance, basis: Mapping[str, Any]) -> Manifest:
    digests, mentions = tables["digests"], tables["mentions"]
    newest = pc.max(digests["published"]).as_py()
    counts = {name: pc.sum(digests[name]).as_py() or 0 for name in ("sentences", "mentions", "reports")}
    warnings = pc.sum(pc.list_value_length(digests["warnings"])).as_py() or 0
    return Manifest(
        files={},
        sample=bool(pc.any(digests["sample"]).as_py()),
        published=newest.isoformat() if newest else None,
        counts={"digests": digests.num_rows, **counts, "warnings": warnings},
        verdicts=counted(mentions["verdict"]),
        attribution=tuple(sorted({source.attribution for source in provenance.sources.values()} - {""})),
        provenance=provenance,
        digests=dict(zip(digests["digest"].to_pylist(), digests["digest_sha256"].to_pylist(), strict=True)),
        basis=basis,
    )


def counted(column: pa.ChunkedArray) -> dict[str, int]:
    """Return how often each value of a column of text stands there, by value."""
    return dict(sorted((each["values"], each["counts"]) for each in pc.value_counts(column).to_pylist()))


# --- the commit ------------------------------------------------------------------------------------------------------


def _commit(folder: Path, tables: Tables, manifest: Manifest) -> Manifest:
    """Write everything in the folder for drafts, move the data files, then the manifest; whatever happens, tidy up."""
    _sweep(folder)  # what a killed build left
    drafts = folder / _DRAFTS
    drafts.mkdir(exist_ok=True)
    try:
        files = {name: _draft_file(drafts, name, table) for name, table in tables.items()}
        manifest = replace(manifest, files=files)
        _write(drafts / _MANIFEST, [_manifest_bytes(manifest)])
        _write_journal(folder, {file.name for file in files.values()})
        for name, file in files.items():
            (drafts / name).replace(folder / file.name)
        (drafts / _MANIFEST).replace(folder / _MANIFEST)
        _sync_folder(folder)
    finally:
        with suppress(OSError):  # not being able to tidy up harms nobody: the next build does it
            _sweep(folder)
    return manifest


def _draft_file(drafts: Path, name: str, table: pa.Table) -> DataFile:
    path = drafts / name
    with path.open("wb") as file:
        with pq.ParquetWriter(file, table.schema, compression="zstd", version="2.6") as writer:
            for start in range(0, max(1, table.num_rows), ROW_GROUP):  # in one piece: no trace of its parts
                writer.write_table(table.slice(start, ROW_GROUP).combine_chunks(), row_group_size=ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())
    sha256 = file_sha256(path)
    return DataFile(f"{name}-{sha256[:16]}.parquet", sha256, path.stat().st_size, table.num_rows)


def _write_journal(folder: Path, new: set[str]) -> None:
    """Note which data files may have to go: those of the old manifest, and those that are about to come."""
    names = sorted(_named_by(folder) | new)
    _write(folder / _DRAFTS / _JOURNAL, [json.dumps(names).encode()])


def _sweep(folder: Path) -> None:
    """Remove the data files that the journal names and the manifest does not, then every draft."""
    drafts = folder / _DRAFTS
    with suppress(ValueError, FileNotFoundError):  # no journal, or half of one: nothing was moved yet
        noted = {name for name in json.loads((drafts / _JOURNAL).read_bytes()) if _DATA_FILE.fullmatch(name)}
        for name in sorted(noted - _named_by(folder)):
            (folder / name).unlink(missing_ok=True)
    for name in (*SCHEMAS, *COPIES, _MANIFEST, _JOURNAL):
        (drafts / name).unlink(missing_ok=True)
    with suppress(OSError):  # not there, or something in it is not ours
        drafts.rmdir()


def _named_by(folder: Path) -> set[str]:
    """Return the data files that the committed manifest names, also one of an older version."""
    if not (folder / _MANIFEST).exists():
        return set()
    files = _said_by(folder / _MANIFEST)["files"].values()
    return {file["name"] for file in files if _DATA_FILE.fullmatch(file["name"])}


def _refuse_foreign(folder: Path) -> None:
    """Raise unless the files that a build replaces are those of an earlier build."""
    if (folder / _MANIFEST).exists():
        try:
            read_manifest(folder)
        except OlderDataset:
            return
        except UnreadableInput as error:
            raise UnwritableOutput(f"{error}, or choose another folder; nothing was changed") from error
        return
    for name in COPIES:
        if (folder / name).exists():
            problem = "this file is there, but no manifest beside it says that it is ours"
            raise UnwritableOutput(f"{folder / name}: {problem}; move it away or choose another folder")


def refresh_copies(folder: Path, manifest: Manifest, events: pa.Table) -> None:
    """Write the copies at fixed names anew; the caller holds the folder (``alone_in``)."""
    drafts = folder / _DRAFTS
    drafts.mkdir(exist_ok=True)
    try:
        _write(drafts / COPIES[0], geojson_pieces(events, manifest.provenance))
        (drafts / COPIES[0]).replace(folder / COPIES[0])
        shutil.copyfile(folder / manifest.files["events"].name, drafts / COPIES[1])
        (drafts / COPIES[1]).replace(folder / COPIES[1])
    finally:
        with suppress(OSError):
            _sweep(folder)


@contextmanager
def alone_in(folder: Path | str, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Make the folder, and keep other builds out of it where the system can lock; a dead build holds no lock.

    If another build is at work there, ``waiting`` is called once, and then waited for. Raises ``UnwritableOutput``.
    """
    folder = Path(folder)
    with _said_where(folder, "the folder cannot be made or opened"):
        folder.mkdir(parents=True, exist_ok=True)
        handle = None if sys.platform == "win32" else os.open(folder, os.O_RDONLY)
    if sys.platform == "win32" or handle is None:
        yield
        return
    try:
        with suppress(OSError):  # some network file systems cannot lock
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting:
                    waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _said_where(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "free some space, or choose a place that you may write to"
        raise UnwritableOutput(f"{path}: {what} ({reason}); {remedy}. What was there before is still there") from error


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the renames outlast a power cut, where folders can be opened."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest_bytes(manifest: Manifest) -> bytes:
    says = {"format": _FORMAT, "schema": SCHEMA_VERSION, "notice": NOTICE, **asdict(manifest)}
    return (json.dumps(says, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


# --- loading ---------------------------------------------------------------------------------------------------------


class OlderDataset(UnreadableInput):
    """A dataset of an older version of this program: a build into its folder replaces it."""


def read_manifest(folder: Path | str) -> Manifest:
    """Return the manifest of a dataset folder; raises ``UnreadableInput`` if there is none that can be read."""
    path = Path(folder) / _MANIFEST
    says = _said_by(path)
    if says["schema"] < SCHEMA_VERSION:
        problem = f"a dataset of version {says['schema']}, this program reads version {SCHEMA_VERSION}"
        raise OlderDataset(f"{path}: {problem}; build the digests again into this folder (`frontline build … --out`)")
    if says["schema"] > SCHEMA_VERSION:
        problem = f"a dataset of version {says['schema']}, this program knows versions up to {SCHEMA_VERSION}"
        raise UnreadableInput(f"{path}: {problem}; update the program, or remove the file and build the dataset again")
    with _damage_said(path):
        return _manifest_of(says)


def _said_by(path: Path) -> dict[str, Any]:
    """Return what a manifest of any version says: that it is ours, its version and the names of its files are right."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "name a folder that `frontline build` has written"
        raise UnreadableInput(f"{path}: no dataset can be read here ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise UnreadableInput(f"{path}: damaged ({error!r}); {_REMOVE}") from error
    with _damage_said(path):
        says: dict[str, Any] = json.loads(text)
        if says["format"] != _FORMAT:
            raise UnreadableInput(f"{path}: not the manifest of a dataset; move it away")
        if type(says["schema"]) is not int or any(not _DATA_FILE.fullmatch(f["name"]) for f in says["files"].values()):
            raise ValueError("a file has a name that no build gives, or the version is no number")
        return says


_REMOVE = "remove it and build the dataset again"


@contextmanager
def _damage_said(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableInput(f"{path}: damaged ({error!r}); {_REMOVE}") from error


def _manifest_of(says: dict[str, Any]) -> Manifest:
    told = says["provenance"]
    sources = {key: Source(**row) for key, row in told["sources"].items()}
    outlines = {place_id: tuple(keys) for place_id, keys in told["outlines"].items()}
    files = {name: DataFile(**says["files"][name]) for name in SCHEMAS}
    known = {f.name: says[f.name] for f in fields(Manifest)}
    known |= {"files": files, "attribution": tuple(says["attribution"])}
    return Manifest(**known | {"provenance": Provenance(sources, outlines, told["inputs"], told.get("publication"))})


def load_dataset(folder: Path | str) -> Dataset:
    """Open the dataset in a folder; a build that replaces it meanwhile does no harm.

    Raises ``UnreadableInput`` if there is no dataset, or if a file of it is missing or damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    while True:
        try:
            return Dataset(folder, manifest, events_frame(_table(folder, manifest.files["events"], EVENTS)))
        except UnreadableInput:
            newer = read_manifest(folder)
            if newer == manifest:
                raise
            manifest = newer


def load_digests(folder: Path | str) -> pd.DataFrame:
    """Return the digests of a dataset folder; raises as ``load_dataset`` does."""
    folder = Path(folder)
    return frame(_table(folder, read_manifest(folder).files["digests"], SCHEMAS["digests"]))


def load_events(path: Path | str) -> GeoDataFrame:
    """Return the table of reports of a dataset folder, an ``events.parquet`` or an exported ``events.geojson``.

    Raises ``UnreadableInput`` if it is none of these, or damaged.
    """
    path = Path(path)
    if path.is_dir():
        return load_dataset(path).events
    if path.suffix.lower() in (".geojson", ".json"):
        return events_frame(_from_geojson(path))
    return events_frame(_from_parquet(path, EVENTS))


def _table(folder: Path, file: DataFile, schema: pa.Schema) -> pa.Table:
    return _from_parquet(whole_file(folder, file), schema)


def whole_file(folder: Path, file: DataFile) -> Path:
    """Return the path of a data file; raises ``UnreadableInput`` if it is not what the manifest says."""
    path = folder / file.name
    try:
        whole = path.stat().st_size == file.size and file_sha256(path) == file.sha256
    except OSError as error:
        reason = f"the manifest names it, but it cannot be read ({error.strerror})"
        raise UnreadableInput(f"{path}: {reason}; load the dataset again, or build it again") from error
    if not whole:
        raise UnreadableInput(f"{path}: damaged, its content is not what the manifest says; build the dataset again")
    return path


def _from_parquet(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        table = pq.read_table(path, columns=schema.names)
        return table.select(schema.names).replace_schema_metadata().cast(schema)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise UnreadableInput(f"{path}: not a table of this program ({reason}); build the dataset again") from error


def _from_geojson(path: Path) -> pa.Table:
    remedy = "name a file that `frontline export --to geojson` has written"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        rows = [feature["properties"] for feature in features]
        columns: list[list[Any]] = [[row[name] for row in rows] for name in COLUMNS]
        shapes = [shapely.geometry.shape(f["geometry"]).wkb if f["geometry"] else None for f in features]
        return arrow([*columns, shapes], EVENTS)
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    except (ValueError, KeyError, TypeError, AttributeError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        raise UnreadableInput(f"{path}: not an export of this program ({error!r}); {remedy}") from error
