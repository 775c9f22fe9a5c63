"""Tables put in a folder as one commit: the manifest is renamed into place when every file that it names is whole.

Readers open the manifest first, so a build that dies at any moment leaves the last good dataset; the next one takes
away what it left behind. One build at a time holds the folder. A single file is written whole or not at all.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from geo.dataset.exports import geojson_pieces
from geo.dataset.manifest import (
    DATA_FILE,
    MANIFEST,
    DataFile,
    Manifest,
    OlderDataset,
    manifest_bytes,
    read_manifest,
    said_by,
)
from geo.dataset.tables import SCHEMAS, Tables
from geo.errors import UnreadableInput, UnwritableOutput

if sys.platform != "win32":
    import fcntl

ROW_GROUP = 32_768
COPIES = ("events.geojson", "events.parquet")

_DRAFTS = ".frontline-build"  # folder for what is being written; gone between builds
_JOURNAL = "journal.json"


def commit(folder: Path | str, tables: Tables, manifest: Manifest, *, copies: bool = True) -> Manifest:
    """Write a finished dataset to a folder that the caller holds (``alone_in``); raises ``UnwritableOutput``."""
    folder = Path(folder)
    with _said_where(folder, "the dataset cannot be written"):
        _refuse_foreign(folder)
        manifest = _put_in_place(folder, tables, manifest)
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


def _put_in_place(folder: Path, tables: Tables, manifest: Manifest) -> Manifest:
    """Write everything in the folder for drafts, move the data files, then the manifest; whatever happens, tidy up."""
    _sweep(folder)  # what a killed build left
    drafts = folder / _DRAFTS
    drafts.mkdir(exist_ok=True)
    try:
        files = {name: _draft_file(drafts, name, table) for name, table in tables.items()}
        manifest = replace(manifest, files=files)
        _write(drafts / MANIFEST, [manifest_bytes(manifest)])
        _write_journal(folder, {file.name for file in files.values()})
        for name, file in files.items():
            (drafts / name).replace(folder / file.name)
        (drafts / MANIFEST).replace(folder / MANIFEST)
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
        noted = {name for name in json.loads((drafts / _JOURNAL).read_bytes()) if DATA_FILE.fullmatch(name)}
        for name in sorted(noted - _named_by(folder)):
            (folder / name).unlink(missing_ok=True)
    for name in (*SCHEMAS, *COPIES, MANIFEST, _JOURNAL):
        (drafts / name).unlink(missing_ok=True)
    with suppress(OSError):  # not there, or something in it is not ours
        drafts.rmdir()


def _named_by(folder: Path) -> set[str]:
    """Return the data files that the committed manifest names, also one of an older version."""
    if not (folder / MANIFEST).exists():
        return set()
    files = said_by(folder / MANIFEST)["files"].values()
    return {file["name"] for file in files if DATA_FILE.fullmatch(file["name"])}


def _refuse_foreign(folder: Path) -> None:
    """Raise unless the files that a build replaces are those of an earlier build."""
    if (folder / MANIFEST).exists():
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
