"""From files to a dataset: read every digest that is new or changed, save, and say what came of it."""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import languages
from geo.errors import GeoError, UnreadableInput
from geo.events import read
from geo.paths import bundled, cache_folder, files_hash
from geo.reference.gazetteer import Gazetteer
from geo.review.ruled import ruled
from geo.review.rulings import NO_RULINGS, Rulings, hash_of, read_rulings
from geo.text.encodings import AUTO
from geo.text.inputs import Source, find_inputs, read_source
from geo.workers import in_processes

if TYPE_CHECKING:
    from geo.dataset.keeping import Basis
    from geo.dataset.repeats import Name
    from geo.dataset.tables import Tables
    from geo.review.ruled import Unmet

FILES_FOR_A_POOL = 64  # below this the workers cost more than they save
_IN_A_PART = 8  # digests that a worker reads before it hands their rows over


@dataclass(frozen=True)
class Summary:
    """What a build read, took over from the last one, and wrote."""

    digests: int
    read: int  # digests that were read now; the rows of the others are those of the last build
    kept: int
    sentences: int
    mentions: int
    reports: int
    rejected: dict[str, int]  # mentions without a report, by reason
    warnings: tuple[str, ...]
    failures: tuple[str, ...]  # inputs that could not be read

    def as_dict(self) -> dict[str, Any]:
        """Return the summary for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Part:
    """What came of some digests: their rows, and the words about those that could not be read."""

    tables: "Tables"
    size: int  # digests
    failures: tuple[str, ...] = ()
    repeats: tuple["Name", ...] = ()  # digests that were not read, as a kept one has their text


@dataclass(frozen=True)
class Recipe:
    """How the digests of a build are read; workers are given it, and open the gazetteer themselves."""

    basis: "Basis"
    encoding: str
    rulings: Rulings = NO_RULINGS
    kept: Mapping[str, "Name"] = field(default_factory=dict)  # by text: the digests that are taken over

    def key(self, source: Source, digest_sha256: str) -> str:
        """Return the key of a digest (``geo.dataset.keeping``)."""
        from geo.dataset.keeping import key_of

        facts = {"id": source.id, "path": source.name, "metadata": source.metadata, "encoding": self.encoding}
        facts["reader"] = source.reader
        return key_of(self.basis, digest_sha256, **facts)

    def ruled(self, key: str, text_sha256: str) -> str:
        """Return the key of a digest together with the rulings on its text, if there are any."""
        return "-".join(filter(None, (key, hash_of(self.rulings.on(text_sha256)))))


def build(
    paths: Sequence[Path],
    out: Path,
    *,
    gazetteer: Gazetteer | None = None,
    encoding: str = AUTO,
    columns: Mapping[str, str] | None = None,
    rulings: Path | None = None,
    jobs: int = 1,
    read_all: bool = False,
    progress: Callable[[Iterable[Part], int], Iterable[Part]] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Summary:
    """Read the digests in ``paths`` (``-`` is standard input) and write the dataset to ``out``.

    ``encoding`` is found for each file if it is not given, and so are the ``columns`` of tables (``find_inputs``).
    Inputs with the same text are one digest, which keeps the names of all. ``rulings`` are decisions of people about
    reports (``geo.review.rulings``; none if it is not given); those that do not hold any more are warned of.

    If ``out`` holds a dataset already, only digests are read that are new or that anything has changed for; the result
    is the same, byte for byte, as with ``read_all``. Files that cannot be read are named in the summary's ``failures``;
    the others are still built. If none can be read, nothing is written and the last dataset stays.

    With ``jobs`` above 1 and many files, that many processes read; a script that asks for it keeps its own work under
    ``if __name__ == "__main__":``. ``progress`` wraps the parts as they are read and is told how many digests will come
    (each part has a ``size``); ``waiting`` is called if another build is at work in ``out``, which is then waited for.

    Raises ``UnwritableOutput`` if ``out`` cannot be written, ``BrokenCuratedData`` for a broken gazetteer or pack and
    ``LostWorker`` if a process that reads digests dies.
    """
    from geo.dataset.commit import alone_in, commit, make_ready  # pandas, which reading does without
    from geo.dataset.keeping import basis_of
    from geo.dataset.repeats import names_of, without_repeats
    from geo.dataset.store import finished
    from geo.review.pairs import reports_at, ruled_pairs

    gazetteer = gazetteer or Gazetteer.load()
    told = read_rulings(rulings) if rulings else NO_RULINGS
    recipe = Recipe(basis_of(gazetteer), encoding, told)
    inputs = find_inputs(paths, encoding=encoding, columns=columns)
    was_there = out.exists()
    with alone_in(out, waiting):
        make_ready(out)
        kept, doubts = ({}, ()) if read_all else _kept(out, inputs.sources, recipe)
        ids = set(kept["digests"]["digest"].to_pylist()) if kept else set()
        new = [source for source in inputs.sources if source.id not in ids]
        originals = {name.text_sha256: name for name in names_of(kept)} if kept else {}
        coming = parts_of(new, replace(recipe, kept=originals), gazetteer, jobs)
        parts = list(progress(coming, len(new)) if progress else coming)
        failures = (*inputs.failures, *(words for part in parts for words in part.failures))
        repeats = [name for part in parts for name in part.repeats]
        tables = without_repeats([part.tables for part in parts] + [kept] * bool(kept), repeats)
        hashes = {"languages": languages_hash()}
        texts = {text for part in tables for text in part["digests"]["text_sha256"].to_pylist()}
        pairs, unmet = ruled_pairs(told.pairs(), reports_at((s for r in told.pairs() for s in r.pair), tables))
        here = [*(r for text in told.texts() for r in told.on(text)), *told.pairs()]
        if counting := hash_of(r for r in here if all(text in texts for text, _, _ in r.pair)):
            hashes["rulings"] = counting  # of those that shaped these reports; of the whole file below
        basis = recipe.basis.as_dict()
        if told.path:
            basis["rulings"] = {"path": told.path.as_posix(), "sha256": told.sha256}
        whole, manifest = finished(tables, gazetteer, hashes, basis, pairs)
        if manifest.counts["digests"] or not failures:
            commit(out, whole, manifest)
        elif not was_there:
            with suppress(OSError):  # somebody else has put something there
                out.rmdir()
    return Summary(
        read=sum(part.tables["digests"].num_rows for part in parts),
        kept=len(ids),
        **{name: manifest.counts[name] for name in ("digests", "sentences", "mentions", "reports")},
        rejected={role: count for role, count in manifest.verdicts.items() if role != "report"},
        warnings=(*gazetteer.warnings, *inputs.warnings, *doubts, *_of_rulings(told, texts, unmet), *_warnings(whole)),
        failures=failures,
    )


def _kept(out: Path, sources: Sequence[Source], recipe: Recipe) -> tuple["Tables", tuple[str, ...]]:
    """Return the rows of the last build that still hold, and what is wrong with the last build."""
    from geo.dataset.keeping import last_build, rows_of, still_holding

    last, doubts = last_build(out)
    if last is None:
        return {}, doubts
    keys = {source.id: recipe.key(source, content) for source in sources if (content := _hash(source))}
    try:
        return rows_of(last, still_holding(last, keys, recipe.basis, recipe.ruled)), doubts
    except UnreadableInput as error:
        return {}, (f"{error}; every digest was read again",)


def _of_rulings(told: Rulings, texts: Collection[str], unmet: Iterable["Unmet"]) -> Iterator[str]:
    """Yield what is wrong with the rulings: a cut line, pairs that do not hold, texts that are not there any more."""
    yield from told.warnings
    yield from (f"{told.path}: {each.words}" for each in unmet)
    for text in told.texts():
        if text not in texts:
            lost = told.on(text)
            words = ", ".join(f"“{ruling.words}” by {ruling.who}" for ruling in lost)
            yield f"{told.path}: no digest has the text {text[:12]}… any more that these rulings are about: {words}"


def _hash(source: Source) -> str | None:
    try:
        return sha256(source.content()).hexdigest()
    except UnreadableInput:
        return None  # reading it will say why


def _warnings(tables: "Tables") -> Iterator[str]:
    tomorrow = date.today() + timedelta(days=1)  # there it may be tomorrow already; said here alone, never stored
    for row in tables["digests"].select(["digest", "published", "mentions", "warnings", "also"]).to_pylist():
        said = list(row["warnings"])
        if not row["mentions"]:
            said.append("no place is named in it")
        if row["published"] and row["published"] > tomorrow:
            said.append(f"published on {row['published']}, which is still to come; correct the date")
        if row["also"]:
            said.append(f"the same text is in {', '.join(row['also'])}; it is one digest under its first name")
        yield from (f"{row['digest']}: {words}" for words in said)


# --- reading ---------------------------------------------------------------------------------------------------------


def parts_of(sources: Sequence[Source], recipe: Recipe, gazetteer: Gazetteer, jobs: int) -> Iterator[Part]:
    """Yield the rows of the sources, some at a time and in order."""
    shares = [sources[n : n + _IN_A_PART] for n in range(0, len(sources), _IN_A_PART)]
    if jobs == 1 or len(sources) < FILES_FOR_A_POOL:
        yield from (read_part(share, recipe, gazetteer) for share in shares)
    else:
        yield from in_processes(_read_in_worker, shares, jobs, _open_gazetteer, (gazetteer.folder, recipe))


def read_part(sources: Sequence[Source], recipe: Recipe, gazetteer: Gazetteer) -> Part:
    """Read some sources; what cannot be read is said in words, and what repeats a kept digest is only named."""
    from geo.dataset.repeats import name_of
    from geo.dataset.tables import digest_row, tables_of

    readings, rows, failures, repeats = [], [], [], []
    for source in sources:
        try:
            with languages.asked() as packs:
                digest = read_source(source, recipe.encoding)
                name = name_of(digest)
                if (original := recipe.kept.get(digest.text_sha256)) and original < name:
                    repeats.append(name)
                    continue
                reading = ruled(read(digest, gazetteer), recipe.rulings.on(digest.text_sha256), gazetteer)
        except UnreadableInput as error:
            failures.append(str(error))
            continue
        readings.append(reading)
        key = recipe.ruled(recipe.key(source, reading.digest.digest_sha256), reading.digest.text_sha256)
        rows.append(digest_row(reading, source.name, key, packs))
    return Part(tables_of(readings, rows, gazetteer), len(sources), tuple(failures), tuple(repeats))


_worker: dict[str, Any] = {}


def _open_gazetteer(folder: Path, recipe: Recipe) -> None:
    _worker.update(gazetteer=Gazetteer.load(folder), recipe=recipe)


def _read_in_worker(sources: Sequence[Source]) -> Part:
    return read_part(sources, _worker["recipe"], _worker["gazetteer"])


def languages_hash() -> str:
    """Return a hash of the language packs."""
    return files_hash(sorted(languages.FOLDER.glob("*.toml")), languages.FOLDER)


def sample_dataset(gazetteer: Gazetteer | None = None) -> Path:
    """Return the dataset of the sample digests, built into the cache folder if it is not there yet.

    Where the cache cannot be written, a temporary folder takes its place.
    """
    digests = bundled("data/digests")
    gazetteer = gazetteer or Gazetteer.load()
    code = Path(__file__).parent
    version = (
        files_hash(sorted(digests.glob("*.md")), digests)
        + gazetteer.hash
        + files_hash([*code.rglob("*.py"), *code.rglob("*.toml")], code)
    )
    folder = cache_folder() / f"sample-{sha256(version.encode()).hexdigest()[:16]}"
    if (folder / "manifest.json").is_file():
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="frontline-sample-"))
    summary = build([digests], folder, gazetteer=gazetteer)
    if summary.failures:
        raise GeoError("; ".join(summary.failures))
    return folder
