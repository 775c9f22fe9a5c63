"""Print what other open programs that find places in texts make of the annotated digests, and this program in the same run.

    python tests/benchmarks/peers/measure.py [EVALUATION]

``EVALUATION`` is the folder that ``tests/benchmarks/accuracy/measure.py`` describes.  Each program runs in a process of its own,
so that its memory is its own.  ``make peers`` installs the peers apart from the program and runs this.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "accuracy"))
from annotations import annotated, evaluation_folder, module
from finders import FINDERS, Spot

NEAR_KM = 10.0
TIMED_SECONDS = 3.0  # as many whole rounds over the documents as begin within this time
Document = tuple[str, str, date]  # text, language, day of publication


@dataclass(frozen=True)
class Run:
    """What one program made of the documents."""

    spots: list[set[Spot]]  # of each document; a place named twice counts once
    load_seconds: float
    documents_per_second: float
    memory_mb: float


@dataclass(frozen=True)
class Truth:
    """What is annotated in one document."""

    language: str
    settlements: list[Spot]  # of events that count
    places: list[Spot]  # of all events


Found = Sequence[tuple[set[Spot], Truth]]  # what a program found in each document, beside what is annotated there


def main() -> int:
    """Run each program on the same documents and print one table."""
    folder = evaluation_folder(sys.argv[1:])
    if folder is None:
        return 0
    distance_km = module(folder / "score.py").km
    documents, truths = [], []
    for gold, text in annotated(folder):
        documents.append((text, gold["lang"], date.fromisoformat(gold["pub_date"])))
        truths.append(_truth(gold))
    os.environ |= {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }  # one core for each; threads that wait are not work
    runs = {name: _in_a_process(name, documents) for name in FINDERS}
    print(f"{len(documents)} digests, {sum(len(t.settlements) for t in truths)} annotated events at settlements\n")
    print(f"{'':24}{'recall':>8}{'precision':>11}{'places':>8}{'documents/s':>13}{'load, s':>9}{'MB':>6}")
    for name, run in runs.items():
        found = list(zip(run.spots, truths, strict=True))
        shares = f"{_recall(found, distance_km):8.3f}{_precision(found, distance_km):11.3f}{sum(map(len, run.spots)):8}"
        print(f"{name:24}{shares}{run.documents_per_second:13.1f}{run.load_seconds:9.1f}{run.memory_mb:6.0f}")
    languages = sorted({t.language for t in truths})
    print("\nrecall, precision by language")
    print(f"{'':24}" + "".join(f"{language:>14}" for language in languages))
    for name, run in runs.items():
        cells = ""
        for language in languages:
            found = [(s, t) for s, t in zip(run.spots, truths, strict=True) if t.language == language]
            cells += f"{_recall(found, distance_km):9.2f}{_precision(found, distance_km):5.2f}"
        print(f"{name:24}{cells}")
    return 0


def _in_a_process(name: str, documents: Sequence[Document]) -> Run:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measured, name, documents).result()


def measured(name: str, documents: Sequence[Document]) -> Run:
    """Load one program, read the documents once for what it finds, then again for how fast it is.

    Seconds are of the processor, so that a busy machine does not show.
    """
    began = time.process_time()
    find = FINDERS[name]()
    load_seconds = time.process_time() - began
    spots = [set(find(*document)) for document in documents]
    began, rounds = time.process_time(), 0
    while time.process_time() - began < TIMED_SECONDS:
        for document in documents:
            find(*document)
        rounds += 1
    speed = rounds * len(documents) / (time.process_time() - began)
    return Run(spots, load_seconds, speed, _peak_memory_mb())


def _peak_memory_mb() -> float:
    """Most memory that this process has held; Linux tells it of the process alone, without what its parent held."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _truth(gold: dict[str, Any]) -> Truth:
    events = [e for e in gold["events"] if e["lat"] is not None]
    counts = [e for e in events if e["precision"] == "settlement" and not e.get("optional") and not e.get("axis")]
    return Truth(gold["lang"], [(e["lat"], e["lon"]) for e in counts], [(e["lat"], e["lon"]) for e in events])


def _recall(found: Found, distance_km: Callable[[Spot, Spot], float]) -> float:
    """Share of the annotated settlements that some place of the same document lies near."""
    pairs = [(gold, spots) for spots, truth in found for gold in truth.settlements]
    return _share(any(distance_km(gold, spot) <= NEAR_KM for spot in spots) for gold, spots in pairs)


def _precision(found: Found, distance_km: Callable[[Spot, Spot], float]) -> float:
    """Share of the places found that lie near the place of some annotated event of the same document."""
    pairs = [(spot, truth.places) for spots, truth in found for spot in spots]
    return _share(any(distance_km(spot, gold) <= NEAR_KM for gold in golds) for spot, golds in pairs)


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else float("nan")


if __name__ == "__main__":
    raise SystemExit(main())
