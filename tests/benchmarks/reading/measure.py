"""Measure how fast digests are read: megabytes a second, by stage, what bounds it, and the two commands that only read.

    python tests/benchmarks/reading/measure.py [EVALUATION]

``EVALUATION`` holds ``raw/posts_ru.jsonl`` and ``dev/corpus/``; without it (and without ``../shared/evaluation``) the
sample digests of the project are read alone.
"""

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from geo import events
from geo.languages import codes, pack
from geo.model import Digest
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import plain, words
from geo.text.digests import Metadata, digest_of, read_digest
from geo.text.inputs import find_inputs

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 3  # the best of them counts: a shared machine only ever makes it slower
# The steps of `geo.events.read`, as it calls them.
STAGES = {
    "plain": "text without invisible marks",
    "scenes_of": "sentences, words, cue words, names",
    "roles_of": "what a name is besides a place",
    "resolve_all": "resolution",
    "sources_of": "who says so",
    "judged": "verdicts",
    "reports_of": "reports",
    "with_further_quotes": "denials and further quotes",
    "in_original": "offsets",
}


def main() -> int:
    """Read everything, print the tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "evaluation"
    sample = str(min((ROOT / "data" / "digests").glob("sample-*.md")))
    # First: the peak memory of a child counts that of the process which starts it.
    commands = {a[0]: whole_process(a) for a in (["where", "Vuhledar"], ["explain", sample])}
    gazetteer = Gazetteer.load()
    print(f"{'':34}{'texts':>7}{'MB':>7}{'MB/s first':>12}{'MB/s warm':>11}{'texts/s':>9}")
    everything: list[Digest] = []
    for label, digests in corpora(folder):
        everything += digests
        megabytes = sum(size(d) for d in digests)
        first = seconds(lambda: [events.read(d, gazetteer) for d in digests], 1)  # noqa: B023
        warm = seconds(lambda: [events.read(d, gazetteer) for d in digests])  # noqa: B023
        print(
            f"{label:34}{len(digests):7}{megabytes:7.2f}{megabytes / first:12.2f}"
            f"{megabytes / warm:11.2f}{len(digests) / warm:9.0f}"
        )
    megabytes = sum(map(size, everything))
    print(
        f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n\nstage, warm, share of time"
    )
    spent = by_stage(everything, gazetteer)
    for name, share in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {STAGES.get(name, name):38}{share:6.1%}")
    print("\nthe first steps alone, MB/s")
    for label, step in floors().items():
        print(f"  {label:38}{megabytes / seconds(lambda: [step(d) for d in everything]):6.1f}")  # noqa: B023
    print("\nwhole process                       seconds  memory  third-party modules")
    for name, (elapsed, memory, modules) in commands.items():
        print(f"  frontline {name:23}{elapsed:9.2f}{memory:5.0f} MB  {', '.join(modules)}")
    return 0


def corpora(folder: Path) -> Iterator[tuple[str, list[Digest]]]:
    """Yield (label, digests)."""
    yield "sample digests of the project", in_folder(ROOT / "data" / "digests")
    if (folder / "dev" / "corpus").is_dir():
        yield "annotated digests", in_folder(folder / "dev" / "corpus")
    posts = folder / "raw" / "posts_ru.jsonl"
    if posts.is_file():
        rows = [json.loads(line) for line in posts.read_text(encoding="utf-8").splitlines()]
        yield "posts (most without an event)", [post(row) for row in rows]


def in_folder(folder: Path) -> list[Digest]:
    """Read the digests of a folder."""
    return [read_digest(s.path, metadata=s.metadata, digest_id=s.id) for s in find_inputs([folder]).sources]


def post(row: dict[str, str]) -> Digest:
    """Make a digest of a row of posts."""
    known = Metadata(language=row["language"], published=date.fromisoformat(row["published"]))
    return digest_of(row["text"], metadata=known, digest_id=row["id"])


def size(digest: Digest) -> float:
    """Megabytes of UTF-8."""
    return len(digest.text.encode()) / 1e6


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU time of the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def by_stage(digests: list[Digest], gazetteer: Gazetteer) -> dict[str, float]:
    """Share of the time of `read` that each of its steps takes."""
    spent: dict[str, float] = defaultdict(float)
    originals = {name: getattr(events, name) for name in STAGES}
    try:
        for name, step in originals.items():
            setattr(events, name, _timed(name, step, spent))
        start = time.process_time()
        for digest in digests:
            events.read(digest, gazetteer)
        whole = time.process_time() - start
    finally:
        for name, step in originals.items():
            setattr(events, name, step)
    spent["the rest"] = whole - sum(spent.values())
    return {name: t / whole for name, t in spent.items()}


def _timed(name: str, step: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        result = step(*arguments)
        if name == "scenes_of":
            result = list(result)  # it is a generator
        spent[name] += time.process_time() - start
        return result

    return timed


def floors() -> dict[str, Callable[[Digest], object]]:
    """Return what every reader of text has to do before any rule of ours is asked."""

    def cues(digest: Digest) -> object:
        found = words(digest.text)
        return pack(digest.language).lexicon.cues(found) if digest.language in codes() else None

    return {
        "plain text": lambda d: plain(d.text),
        "and words": lambda d: words(d.text),
        "and cue words": cues,
    }


def whole_process(arguments: list[str]) -> tuple[float, float, list[str]]:
    """Return seconds, peak megabytes and the third-party modules that a command imports."""
    code = (
        "import sys, resource\nfrom geo.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "own = sys.stdlib_module_names | {'geo', '__main__'}\n"
        "found = sorted({m.split('.')[0] for m in sys.modules} - own)\n"
        "memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(memory, *(m for m in found if not m.startswith('_')), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    elapsed = time.perf_counter() - start
    memory, *modules = done.stderr.splitlines()[-1].split()
    return elapsed, float(memory), modules


if __name__ == "__main__":
    raise SystemExit(main())
