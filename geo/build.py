"""From files to a dataset: read every digest, save what was read, and say what came of it."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo import languages
from geo.errors import GeoError, UnreadableInput
from geo.events import read
from geo.model import Reading
from geo.paths import bundled, cache_folder, files_hash
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import read_digest
from geo.text.inputs import Source, find_inputs

_FILES_FOR_A_POOL = 64  # below this the workers cost more than they save


@dataclass(frozen=True)
class Summary:
    """What a build read and wrote."""

    digests: int
    sentences: int
    mentions: int
    reports: int
    rejected: dict[str, int]  # mentions without a report, by reason
    warnings: tuple[str, ...]
    failures: tuple[str, ...]  # inputs that could not be read

    def as_dict(self) -> dict[str, Any]:
        """Return the summary for JSON."""
        return asdict(self)


def build(
    paths: Sequence[Path],
    out: Path,
    *,
    gazetteer: Gazetteer | None = None,
    encoding: str = "utf-8",
    jobs: int = 1,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> Summary:
    """Read the digests in ``paths`` and write the dataset to ``out``.

    Files that cannot be read are named in the summary's ``failures``; the others are still built. If none can be read,
    nothing is written and the last dataset stays. ``progress`` wraps the readings and is told how many will come.
    Raises ``UnwritableOutput`` if ``out`` cannot be written and ``BrokenCuratedData`` for a broken gazetteer or pack.
    """
    from geo.dataset.store import save_dataset  # pandas and pyarrow, which reading text does without

    gazetteer = gazetteer or Gazetteer.load()
    inputs = find_inputs(paths)
    failures = list(inputs.failures)
    outcomes = read_all(inputs.sources, gazetteer, encoding, jobs)
    readings: list[Reading] = []
    for outcome in progress(outcomes, len(inputs.sources)) if progress else outcomes:
        if isinstance(outcome, str):
            failures.append(outcome)
        else:
            readings.append(outcome)
    if readings or not failures:
        save_dataset(
            out,
            readings,
            gazetteer=gazetteer,
            paths={s.id: s.path.name for s in inputs.sources},
            inputs={"languages": languages_hash()},
        )
    rejected = Counter(v.role for r in readings for v in r.verdicts if v.role != "report")
    warnings = [*gazetteer.warnings, *inputs.warnings, *(f"{r.digest.id}: {w}" for r in readings for w in _warnings(r))]
    return Summary(
        digests=len(readings),
        sentences=sum(len(r.sentences) for r in readings),
        mentions=sum(len(r.verdicts) for r in readings),
        reports=sum(len(r.reports) for r in readings),
        rejected=dict(sorted(rejected.items())),
        warnings=tuple(warnings),
        failures=tuple(failures),
    )


def read_all(sources: Sequence[Source], gazetteer: Gazetteer, encoding: str, jobs: int) -> Iterator[Reading | str]:
    """Yield the reading of each source in order, or the words that say why it could not be read."""
    if jobs == 1 or len(sources) < _FILES_FOR_A_POOL:
        yield from (_read_one(source, gazetteer, encoding) for source in sources)
        return
    with ProcessPoolExecutor(jobs, initializer=_open_gazetteer, initargs=(gazetteer.folder,)) as pool:
        yield from pool.map(partial(_read_in_worker, encoding=encoding), sources, chunksize=8)


def _read_one(source: Source, gazetteer: Gazetteer, encoding: str) -> Reading | str:
    try:
        digest = read_digest(source.path, metadata=source.metadata, digest_id=source.id, encoding=encoding)
        return read(digest, gazetteer)
    except UnreadableInput as error:
        return str(error)


_worker: dict[str, Gazetteer] = {}


def _open_gazetteer(folder: Path) -> None:
    _worker["gazetteer"] = Gazetteer.load(folder)


def _read_in_worker(source: Source, encoding: str) -> Reading | str:
    return _read_one(source, _worker["gazetteer"], encoding)


def _warnings(reading: Reading) -> Iterator[str]:
    yield from reading.digest.warnings
    if not reading.verdicts:
        yield "no place is named in it"


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
