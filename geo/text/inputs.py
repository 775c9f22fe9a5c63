"""Which inputs are digests, and what is known about them: files, pages, rows of tables, folders, ``index.csv``, ids."""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.errors import UnreadableInput
from geo.model import Digest
from geo.text import extraction, rows
from geo.text.digests import Metadata, content_of, digest_of, metadata_of
from geo.text.encodings import AUTO, LARGEST_BYTES, decoded, too_large

TEXTS = (".txt", ".md")
SUFFIXES = (*TEXTS, *extraction.SUFFIXES, *rows.SUFFIXES)
INDEX = "index.csv"
STDIN = Path("-")
_ABOUT = (INDEX, "sources.csv")  # tables about digests
# What people keep digests in and what is not read: said, so that nobody believes it was.
_NOT_READ = frozenset(".zip .gz .7z .rar .tar .bz2 .xz .pdf .doc .docx .odt .rtf .eml .xlsx .warc .mht".split())  # noqa: SIM905
_MOST_FAILURES = 20  # of one table that are named one by one
_LONGEST_CELL = 100_000  # characters of an index
_COLUMNS = ("file", "language", "outlet", "url", "published")
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")  # in the id of a row


@dataclass(frozen=True)
class Source:
    """One input to read as a digest: a file, a row of a table, or what came in through standard input."""

    path: Path
    id: str  # path below the input root without suffix, "/" as "~"; of a row with "~" and its own id or number
    metadata: Metadata
    row: rows.Row | None = None
    given: bytes | None = None  # standard input

    @property
    def name(self) -> str:
        """Return the name of the file, and the line for a row."""
        name = _printable(self.path.name)
        return f"{name}:{self.row.line}" if self.row else name

    @property
    def reader(self) -> str | None:
        """Return what, besides the bytes and this program, decides the text."""
        if self.row is not None:
            return repr(self.row.layout)
        return extraction.version() if self.path.suffix.lower() in extraction.SUFFIXES or self.given else None

    def content(self) -> bytes:
        """Return the bytes that ``Digest.digest_sha256`` is of; raises ``UnreadableInput``."""
        if self.given is not None:
            return self.given
        if self.row is None:
            return content_of(self.path)
        try:
            return rows.row_bytes(self.path, self.row)
        except OSError as error:
            raise UnreadableInput(f"{self.path}: {error.strerror}; check the path and its permissions") from error


@dataclass(frozen=True)
class Inputs:
    """The digests to read, and what is wrong with what was named."""

    sources: tuple[Source, ...]
    failures: tuple[str, ...]
    warnings: tuple[str, ...]


def read_source(source: Source, encoding: str = AUTO) -> Digest:
    """Read one input as a digest.

    The text of a page, a row and of standard input is what was read out of it (``Digest.extracted``); that of a text
    file is its bytes, decoded. Raises ``UnreadableInput``.
    """
    content = source.content()
    where = f"{source.path}:{source.row.line}" if source.row else str(source.path)
    warnings: tuple[str, ...] = ()
    known = source.metadata
    if source.row is not None:
        text, says = rows.cells_of(content, source.row.layout, where)
        known, found = metadata_of(says, known, where), source.row.layout.encoding
    elif _is_page(source, content):
        page = decoded(content, where, encoding, extraction.declared_charset(content))
        article = extraction.article_of(page.text, where)
        text, found, warnings = article.text, page.encoding, page.warnings
        known = replace(
            known,
            outlet=known.outlet or article.outlet,
            url=known.url or article.url,
            published=known.published or article.published,
        )
    else:
        text, found, warnings = decoded(content, where, encoding)
    digest = digest_of(text, metadata=known, digest_id=source.id, content=content)
    extracted = source.row is not None or source.given is not None or _is_page(source, content)
    return replace(digest, encoding=found, extracted=extracted, warnings=(*warnings, *digest.warnings))


def _is_page(source: Source, content: bytes) -> bool:
    if source.given is not None:
        return extraction.is_page(content)
    return source.path.suffix.lower() in extraction.SUFFIXES


def find_inputs(paths: Sequence[Path], *, encoding: str = AUTO, columns: Mapping[str, str] | None = None) -> Inputs:
    """List the digests in files and folders, sorted by id, with what the ``index.csv`` files say of them.

    ``-`` is standard input. ``columns`` names the columns of tables by what they hold (the keys of ``rows.COLUMNS``)
    where they are called otherwise. A path that is missing, an index or a row that cannot be read and a second digest
    with the same id are failures: they are named, and the others are still listed.
    """
    failures: list[str] = []
    warnings: list[str] = []
    found: dict[str, Source] = {}
    for root in paths:
        if root == STDIN:
            sources = _standard_input(failures)
        elif not _exists(root):
            failures.append(f"{root}: there is no such file or folder; check the path")
            continue
        else:
            sources = _sources(root, encoding, columns or {}, failures, warnings)
        failures += _clashes(sources, found)
    return Inputs(tuple(found[i] for i in sorted(found)), tuple(failures), tuple(warnings))


def _clashes(sources: Iterable[Source], found: dict[str, Source]) -> Iterator[str]:
    """Add the sources to ``found``, and say which id another one has already."""
    for source in sources:
        other = found.setdefault(source.id, source)
        if other is not source and not _same(source, other):
            yield f"{_where(source)}: its id {source.id!r} is that of {_where(other)}; {_remedy(source)}"


def _same(one: Source, other: Source) -> bool:
    """Tell whether an input was named twice."""
    return one.path.resolve() == other.path.resolve() and (one.row is None or one.row == other.row)


def _where(source: Source) -> str:
    return f"{source.path}:{source.row.line}" if source.row else str(source.path)


def _remedy(source: Source) -> str:
    return "give the row another id" if source.row else "rename one of the two"


def _standard_input(failures: list[str]) -> Iterator[Source]:
    content = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        failures.append(str(too_large("standard input", len(content))))
        return
    yield Source(STDIN, "stdin", Metadata(), given=content)


def _sources(
    root: Path, encoding: str, columns: Mapping[str, str], failures: list[str], warnings: list[str]
) -> Iterator[Source]:
    # Of a single file only its own folder is asked: what lies below is about other files.
    indexes = list(root.rglob(INDEX)) if root.is_dir() else [root.parent / INDEX]
    known = _index([i for i in indexes if i.is_file()], failures, warnings)
    none = True
    for path in _digest_files(root, warnings):
        none = False
        whole = Source(path, _id(path, root), known.get(path.resolve(), Metadata()))
        if path.suffix.lower() not in rows.SUFFIXES:
            yield whole
            continue
        broken: list[str] = []
        try:
            yield from _of_rows(whole, encoding, columns, broken)
        except rows.NoTable as error:  # who names a file wants it; in a folder it may be about something else
            (warnings if root.is_dir() else failures).append(str(error))
        except UnreadableInput as error:
            broken.append(str(error))
        failures += broken[:_MOST_FAILURES]
        if len(broken) > _MOST_FAILURES:
            failures.append(f"{path}: {len(broken) - _MOST_FAILURES:,} more rows cannot be read")
    if root.is_dir() and none:
        ends = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        warnings.append(f"{root}: no digest in this folder; digests are files that end in {ends}")


def _of_rows(whole: Source, encoding: str, columns: Mapping[str, str], failures: list[str]) -> Iterator[Source]:
    """Yield a source for each row; two rows with one id are told apart nowhere, so the second is a failure."""
    seen: dict[str, int] = {}
    for row, cells in rows.find_rows(whole.path, encoding, columns, failures):
        own = _ODD.sub("-", cells.says.get("id", "")).replace("/", "~").strip("-")[:120] or str(row.number)
        if (other := seen.setdefault(own, row.line)) != row.line:
            failures.append(f"{whole.path}:{row.line}: its id {own!r} is that of line {other}; give it another")
            continue
        yield replace(whole, id=f"{whole.id}~{own}", row=row)


def _digest_files(root: Path, warnings: list[str]) -> Iterator[Path]:
    if root.is_file() or not root.is_dir():
        yield root
        return
    others: Counter[str] = Counter()
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        suffix = path.suffix.lower()
        if hidden or path.name.startswith("README") or path.name in _ABOUT or not path.is_file():
            continue
        if suffix in SUFFIXES:
            yield path
        elif suffix in _NOT_READ:
            others[suffix] += 1
    if others:
        counted = ", ".join(f"{number} {suffix}" for suffix, number in sorted(others.items()))
        warnings.append(f"{root}: not read: {counted}; unpack archives, and save documents as .txt")


def _printable(name: str) -> str:
    """Write the bytes of a name that are no UTF-8 as escapes: no table can hold them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _id(path: Path, root: Path) -> str:
    relative = path.relative_to(root) if root.is_dir() else Path(path.name)
    return _printable(relative.with_suffix("").as_posix().replace("/", "~"))


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
    csv.field_size_limit(_LONGEST_CELL)
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
