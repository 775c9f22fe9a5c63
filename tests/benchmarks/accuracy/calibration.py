"""Measure how often a place was right, by the ground that it was chosen on: what `confidence` says.

    python tests/benchmarks/accuracy/calibration.py [EVALUATION]

Judged places: the annotated digests of ``EVALUATION/dev``, and places of ``EVALUATION/raw`` that were judged by hand
(``places_checked.csv``: text, start of the mention, the place that is meant, "-" if the words name none).  The texts
belong to their outlets and are no part of this project; without them the script says so and ends with 0.
"""

import csv
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from math import log, sqrt
from pathlib import Path
from typing import NamedTuple

from geopy.distance import great_circle

from geo.events import read
from geo.model import Digest, Reading, Report
from geo.reading.confidence import GROUNDS, WIDER_AREA, ground_of, smoothed
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import Metadata, digest_of, read_digest
from geo.text.inputs import find_inputs

HERE = Path(__file__).resolve().parent
NAMES = (WIDER_AREA, *(g.__name__ for g in GROUNDS))
NEAR_KM = {"settlement": 10.0, "raion": 60.0, "oblast": 120.0, "region": 150.0, "country": 800.0}  # by the annotation


class Judged(NamedTuple):
    """One place of a report, and whether it is the right one."""

    document: str
    ground: str
    right: bool


def main() -> int:
    """Judge, count, print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[3] / "shared" / "evaluation"
    if not (folder / "dev" / "gold.jsonl").is_file():
        print(f"{folder}: no annotated digests there; tests/benchmarks/README.md says what was measured last")
        return 0
    gazetteer = Gazetteer.load()
    judged = [*annotated(folder / "dev", gazetteer), *checked(folder / "raw" / "posts_ru.jsonl", gazetteer)]
    counts = counted(judged)
    print(f"{len(judged)} places judged in {len({j.document for j in judged})} texts\n")
    print(f"{'ground':16}{'judged':>8}{'right':>7}{'share':>8}   95 % interval   confidence")
    for name in NAMES:
        n, right = counts[name]
        low, high = wilson(right, n)
        share = right / n if n else 0.0
        print(f"{name:16}{n:8}{right:7}{share:8.3f}   {low:.3f} - {high:.3f}   {smoothed(right, n):.3f}")
    print("\nheld out, each text in turn        log loss   Brier")
    for label, held in (("by ground", held_out(judged)), ("one share for all", held_out(judged, one=True))):
        print(f"{label:34}{log_loss(held):9.3f}{brier(held):8.3f}")
    print("\nheld-out confidence    judged   said   right")
    for line in reliability(held_out(judged)):
        print(line)
    print("\nfor geo/reading/confidence.toml:")
    for name in NAMES:
        print(f"{name} = {{ judged = {counts[name][0]}, right = {counts[name][1]} }}")
    return 0


# --- what was judged -------------------------------------------------------------------------------------------------


def annotated(folder: Path, gazetteer: Gazetteer) -> Iterator[Judged]:
    """Reports on the very words of an annotated event, right if they lie within its gate."""
    sources = {Path(s.path).name: s for s in find_inputs([folder / "corpus"]).sources}
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        source = sources[Path(gold["doc"]).name]
        reading = read(read_digest(source.path, metadata=source.metadata, digest_id=source.id), gazetteer)
        for report, ground in grounds(reading):
            on_words = [
                e
                for e in gold["events"]
                if report.mention_start < e["char_end"]
                and e["char_start"] < report.mention_end
                and e["lat"] is not None
            ]
            if on_words and report.lat is not None:
                yield Judged(gold["doc"], ground, any(is_near(e, report) for e in on_words))


def is_near(event: dict[str, float], report: Report) -> bool:
    """Whether a report lies within the gate of an annotated event, or its own radius holds it."""
    gate = NEAR_KM[str(event["precision"])] + (report.radius_km or 0.0) * report.nominal
    return bool(great_circle((event["lat"], event["lon"]), (report.lat, report.lon)).km <= gate)


def checked(posts: Path, gazetteer: Gazetteer) -> Iterator[Judged]:
    """Reports on words that were judged by hand."""
    with (HERE / "places_checked.csv").open(encoding="utf-8", newline="") as file:
        meant = {(row["text_sha256"], int(row["mention_start"])): row["place_id"] for row in csv.DictReader(file)}
    known = {text for text, _ in meant}
    for line in posts.read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        text = hashlib.sha256(post["text"].encode()).hexdigest()[:16]
        if text in known:
            reading = read(_digest(post, text), gazetteer)
            for report, ground in grounds(reading):
                place = meant.get((text, report.mention_start))
                if place is not None:
                    yield Judged(text, ground, _holds(report, place, ground, gazetteer))


def _digest(post: dict[str, str], name: str) -> Digest:
    published = date.fromisoformat(post["published"])
    return digest_of(post["text"], metadata=Metadata(language=post["language"], published=published), digest_id=name)


def _holds(report: Report, place: str, ground: str, gazetteer: Gazetteer) -> bool:
    """Whether a report is at the place, or at a wider area that holds it."""
    if report.place_id == place or place == "-":
        return report.place_id == place
    wider, meant = gazetteer.get(report.place_id), gazetteer.get(place)
    return ground == WIDER_AREA and bool(wider and meant and gazetteer.lies_in(meant, wider))


def grounds(reading: Reading) -> Iterator[tuple[Report, str]]:
    """Yield each report with the ground that its place was chosen on."""
    gazetteer = Gazetteer.load()
    resolutions = {v.mention.start: v.resolution for v in reading.verdicts}
    for report in reading.reports:
        resolution = resolutions[report.mention_start]
        place = gazetteer.place(report.place_id)
        yield report, ground_of(place, resolution, "" if resolution.place else "wider")


# --- what follows ----------------------------------------------------------------------------------------------------


def counted(judged: list[Judged]) -> dict[str, tuple[int, int]]:
    """Return (judged, right) by ground."""
    n, right = Counter(j.ground for j in judged), Counter(j.ground for j in judged if j.right)
    return {name: (n[name], right[name]) for name in NAMES}


def held_out(judged: list[Judged], *, one: bool = False) -> list[tuple[float, bool]]:
    """Return (confidence from all other texts, whether it was right) for each judged place."""
    by_text: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        by_text[j.document].append(j)
    pairs = []
    for own in by_text.values():
        rest = [j for j in judged if j.document != own[0].document]
        for j in own:
            alike = [r.right for r in rest if one or r.ground == j.ground]
            pairs.append((smoothed(sum(alike), len(alike)), j.right))
    return pairs


def log_loss(pairs: list[tuple[float, bool]]) -> float:
    """Mean of -log of the probability that was given to what came true."""
    return -sum(log(p if right else 1 - p) for p, right in pairs) / len(pairs)


def brier(pairs: list[tuple[float, bool]]) -> float:
    """Mean squared distance of the probability from what came true."""
    return sum((p - right) ** 2 for p, right in pairs) / len(pairs)


def reliability(pairs: list[tuple[float, bool]]) -> Iterator[str]:
    """Lines that set what was said beside what was right, by held-out confidence."""
    for low, high in ((0.0, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.975), (0.975, 1.0)):
        inside = [(p, right) for p, right in pairs if low <= p < high]
        if inside:
            said, right = sum(p for p, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)
            yield f"{low:5.3f} to {high:5.3f}       {len(inside):6}{said:8.3f}{right:8.3f}"


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if not n:
        return 0.0, 1.0
    z, share = 1.96, right / n
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


if __name__ == "__main__":
    raise SystemExit(main())
