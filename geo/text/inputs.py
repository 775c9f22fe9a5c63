"""Which files are digests, and what is known about them: folders, ``index.csv``, ids."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import UnreadableInput
from geo.text.digests import Metadata, metadata_of

SUFFIXES = (".txt", ".md")
INDEX = "index.csv"
_COLUMNS = ("file", "language", "outlet", "url", "published")


@dataclass(frozen=True)
class Source:
    """One file to read as a digest."""

    path: Path
    id: str  # path below the input root without suffix, "/" as "~"
    metadata: Metadata


@dataclass(frozen=True)
class Inputs:
    """The files to read, and what is wrong with what was named."""

    sources: tuple[Source, ...]
    failures: tuple[str, ...]
    warnings: tuple[str, ...]


def find_inputs(paths: Sequence[Path]) -> Inputs:
    """List the digests in files and folders, sorted by id, with what the ``index.csv`` files say of them.

    A path that is missing, an index that cannot be read and a second file with the same id are failures: they are
    named, and the other files are still listed.
    """
    failures: list[str] = []
    warnings: list[str] = []
    found: dict[str, Source] = {}
    for root in paths:
        if not _exists(root):
            failures.append(f"{root}: there is no such file or folder; check the path")
            continue
        # Of a single file only its own folder is asked: what lies below is about other files.
        indexes = list(root.rglob(INDEX)) if root.is_dir() else [root.parent / INDEX]
        known = _index([i for i in indexes if i.is_file()], failures, warnings)
        for path in _digest_files(root):
            digest_id = _id(path, root)
            if (other := found.get(digest_id)) is not None:
                if other.path.resolve() != path.resolve():
                    failures.append(f"{path}: its id {digest_id!r} is that of {other.path}; rename one of the two")
                continue
            found[digest_id] = Source(path, digest_id, known.get(path.resolve(), Metadata()))
        if root.is_dir() and not any(True for _ in _digest_files(root)):
            warnings.append(f"{root}: no digest in this folder; digests are files that end in {' or '.join(SUFFIXES)}")
    return Inputs(tuple(found[i] for i in sorted(found)), tuple(failures), tuple(warnings))


def _digest_files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if path.suffix.lower() in SUFFIXES and path.is_file() and not hidden and not path.name.startswith("README"):
            yield path


def _id(path: Path, root: Path) -> str:
    relative = path.relative_to(root) if root.is_dir() else Path(path.name)
    return relative.with_suffix("").as_posix().replace("/", "~")


def _index(indexes: Sequence[Path], failures: list[str], warnings: list[str]) -> dict[Path, Metadata]:
    """Read each ``index.csv``; the one closest to a file wins."""
    known: dict[Path, Metadata] = {}
    for index in sorted(indexes, key=lambda p: (len(p.parts), p)):
        try:
            for line, row in _rows(index):
                where = f"{index}:{line}"
                path = _named_file(index.parent, row.get("file", ""))
                if path is None:
                    name = row.get("file", "")[:80]
                    warnings.append(f"{where}: there is no file {name!r}; correct the row or remove it")
                else:
                    known[path] = metadata_of(row, Metadata(), where)
        except UnreadableInput as error:
            failures.append(str(error))
    return known


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file can have
        return False


def _named_file(folder: Path, name: str) -> Path | None:
    """Return the file of a row of an index, or None if there is none (or no such name can be)."""
    try:
        path = (folder / name).resolve()
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def _rows(index: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = index.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{index}: {_reason(error)}; save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    missing = ", ".join(sorted(set(_COLUMNS) - set(reader.fieldnames or ())))
    if missing:
        raise UnreadableInput(f"{index}:1: the columns {missing} are missing; the header is {','.join(_COLUMNS)}")
    try:
        for row in reader:
            yield reader.line_num, {k: v for k, v in row.items() if k and isinstance(v, str)}
    except csv.Error as error:
        raise UnreadableInput(f"{index}:{reader.line_num}: {error}; correct the row") from error


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return error.strerror or str(error)
