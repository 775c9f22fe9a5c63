"""Print how right the program is on annotated digests: the table of targets, intervals, outlets, misses, who did what.

    python tests/benchmarks/accuracy/measure.py [EVALUATION] [--faults]

``EVALUATION`` is a folder with ``score.py``, ``dev/gold.jsonl`` and ``dev/corpus/``; the texts belong to their outlets
and are no part of this project.  Without the argument the folder ``../shared/evaluation`` is tried, and where there is
none the script says so and ends with 0.  ``--faults`` names each field of "who did what" that is not as the text says.
"""

import csv
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import mean, median
from types import ModuleType
from typing import Any

import who_did_what
from annotations import annotated, evaluation_folder, module

from geo.build import build

DRAWS = 2000  # of the bootstrap
# What is measured, the target, and whether more or less is better.
TARGETS = (
    ("event F1, macro over documents", "event", 0.88, "least"),
    ("place F1, macro over documents", "place", 0.93, "least"),
    ("median distance of settlements, km", "km", 0.5, "most"),
    ("date within a day, of found places", "date_ok", 0.95, "least"),
    ("date exact, of found places", "date_exact", 0.90, "least"),
    ("claimant's side right", "side_ok", 0.92, "least"),
    ("annotated non-events rejected", "reject", 0.98, "least"),
    ("quotes and mentions exact", "quote", 1.0, "least"),
    ("quote covers the gold sentence", "cover_ok", 0.95, "least"),
    ("wrong place on a gold settlement's words", "wrong", 0.01, "most"),
)
SHARES = {  # figure: (what is counted, of what)
    "date_ok": ("date_ok", "place_hit"),
    "date_exact": ("date_exact", "place_hit"),
    "side_ok": ("side_ok", "place_hit"),
    "cover_ok": ("cover_ok", "place_hit"),
    "reject": ("rejected", "non"),
    "quote": ("quote_ok", "quotes"),
    "wrong": ("off_place", "on_span"),
}
Document = tuple[str, str, dict[str, Any]]  # language, outlet, what was counted


def main() -> int:
    """Build the corpus, score it, print the tables."""
    folder = evaluation_folder([a for a in sys.argv[1:] if a != "--faults"])
    if folder is None:
        return 0
    score = module(folder / "score.py")
    with tempfile.TemporaryDirectory() as out:
        build([folder / "dev" / "corpus"], Path(out))
        predictions = score.load_predictions(Path(out) / "events.geojson")
    documents, misses = scored(folder, score, predictions)
    print(f"{len(documents)} digests, {sum(int(d['gold']) for _, _, d in documents)} annotated events\n")
    for line in table(documents):
        print(line)
    print("\nby language and outlet      digests  event F1 (95 % interval)   place F1")
    for group in groups(documents):
        print(group)
    print("\nmisses by cause")
    for (cause, kind), count in sorted(misses.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:3}  {cause}: {kind}")
    reports = [report for group in predictions.values() for report in group]
    print("\nwho did what")
    print(*who_did_what.lines(reports), sep="\n")
    if "--faults" in sys.argv:
        print(*who_did_what.faults(reports), sep="\n")
    posts = folder / "raw" / "posts_ru.jsonl"
    if posts.is_file():
        print("\nwho did what, in posts by which no rule was mended")
        print(*who_did_what.lines(who_did_what.of_posts(posts), who_did_what.POSTS), sep="\n")
    return 0


def scored(
    folder: Path, score: ModuleType, predictions: Mapping[str, list[Any]]
) -> tuple[list[Document], Counter[tuple[str, str]]]:
    """Count hits and misses, by digest."""
    corpus = folder / "dev" / "corpus"
    with (corpus / "index.csv").open(encoding="utf-8", newline="") as file:
        outlets = {Path(row["file"]).stem: row["outlet"] for row in csv.DictReader(file)}
    documents: list[Document] = []
    misses: Counter[tuple[str, str]] = Counter()
    for gold, text in annotated(folder):
        name = Path(gold["doc"]).stem
        counted, missed = score.score_doc(gold, predictions.get(name, []), text)
        documents.append((gold["lang"], outlets.get(name, "?"), counted))
        misses.update((miss[0], str(miss[2])) for miss in missed)
    return documents, misses


def table(documents: list[Document]) -> list[str]:
    """Lines of the table of targets."""
    lines = [f"{'':42}{'target':>8}{'measured':>10}   95 % interval"]
    for label, figure, target, better in TARGETS:
        value = measured(documents, figure)
        low, high = interval(documents, figure)
        kept = value >= target if better == "least" else value <= target
        lines.append(f"{label:42}{target:8.2f}{value:10.3f}   {low:.3f} - {high:.3f}{'' if kept else '   missed'}")
    return lines


def groups(documents: list[Document]) -> list[str]:
    """Lines of figures by language, and by outlet below it: what another outlet of that language might expect."""
    by_group: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        by_group[document[0], ""].append(document)
        by_group[document[0], document[1]].append(document)
    lines = []
    for (language, outlet), group in sorted(by_group.items()):
        low, high = interval(group, "event")
        name = f"  {outlet}" if outlet else language
        event, place = measured(group, "event"), measured(group, "place")
        lines.append(f"{name:28}{len(group):7}  {event:8.3f} ({low:.3f} - {high:.3f})     {place:8.3f}")
    return lines


def measured(documents: list[Document], figure: str) -> float:
    """One figure of some documents: macro F1, a share of all counted, or a median."""
    counted = [d for _, _, d in documents]
    if figure in ("event", "place"):
        return mean(_f1(d[f"{figure}_hit"], d["pred"], d["gold"]) for d in counted)
    if figure == "km":
        distances = [km for d in counted for km in d.get("_km", [])]
        return median(distances) if distances else 0.0
    part, whole = SHARES[figure]
    total = sum(d.get(whole, 0) for d in counted)
    return sum(d.get(part, 0) for d in counted) / total if total else float(figure != "wrong")


def interval(documents: list[Document], figure: str) -> tuple[float, float]:
    """Bootstrap by document: 95 % of redrawn sets of documents lie between the two."""
    draw = random.Random(982)
    values = sorted(measured(draw.choices(documents, k=len(documents)), figure) for _ in range(DRAWS))
    return values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS) - 1]


def _f1(hits: float, predicted: float, gold: float) -> float:
    if not gold:
        return 0.0 if predicted else 1.0
    return 2 * hits / (predicted + gold)


if __name__ == "__main__":
    raise SystemExit(main())
