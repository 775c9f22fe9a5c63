"""How right the program is about who did it, with what and to whom, by reports that were judged by hand from the text.

``who_did_what.csv`` (annotated digests) and ``who_did_what_posts.csv`` (unannotated posts) have one row a report: its key (digest, place_id, kind, date) and what the text says.  Words between
bars are each right, an empty one among them means that null is right too; an empty field means that the text says nothing.
The judgements were written from the texts before any answer of the program was looked at.
"""

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo import Gazetteer, digest_of, events_in
from geo.text.digests import Metadata

TABLE = Path(__file__).with_name("who_did_what.csv")
POSTS = Path(__file__).with_name("who_did_what_posts.csv")  # a post is named by the SHA-256 of its text, 16 digits
KEY = ("digest", "place_id", "kind", "date")
# A field of the table, and the properties of a report that must all be as the text says.
FIELDS = {
    "actor_side": ("actor_side",),
    "actor (words)": ("actor",),
    "means": ("means",),
    "action": ("action",),
    "killed": ("killed_min", "killed_max"),
    "injured": ("injured_min", "injured_max"),
}
DRAWS = 2000  # of the bootstrap
Report = Mapping[str, Any]


def lines(reports: Iterable[Report], table: Path = TABLE) -> list[str]:
    """Lines of the table: for each field, how many reports are filled and right, filled and wrong, missed, rightly null."""
    said = {_key(report): report for report in reports}
    judged = [row for row in judgements(table) if _key(row) in said]
    head = f"{'':16}{'filled, right':>15}{'filled, wrong':>15}{'missed':>9}{'rightly null':>15}{'accuracy':>10}   95 % interval"
    rows = [head]
    for field, names in FIELDS.items():
        by_digest: dict[str, list[str]] = defaultdict(list)
        for row in judged:
            by_digest[row["digest"]].append(verdict(said[_key(row)], row, names))
        groups = list(by_digest.values())
        low, high = interval(groups)
        counted = Counter(v for group in groups for v in group)
        numbers = f"{counted['right']:15}{counted['wrong']:15}{counted['missed']:9}{counted['rightly null']:15}"
        rows.append(f"{field:16}{numbers}{accuracy(groups):10.3f}   {low:.3f} - {high:.3f}")
    rows.append(f"{len(judged)} of {len(judgements(table))} judged reports are there")
    return rows


def accuracy(groups: Sequence[Sequence[str]]) -> float:
    """Share of verdicts that are right or rightly null."""
    verdicts = [v for group in groups for v in group]
    return sum(v in ("right", "rightly null") for v in verdicts) / len(verdicts) if verdicts else float("nan")


def interval(groups: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Bootstrap by digest: 95 % of redrawn sets of digests lie between the two."""
    draw = random.Random(982)
    values = sorted(accuracy(draw.choices(groups, k=len(groups))) for _ in range(DRAWS if groups else 0))
    return (values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS) - 1]) if values else (float("nan"), float("nan"))


def faults(reports: Iterable[Report], table: Path = TABLE) -> list[str]:
    """Lines that name each field that is wrong or missed, with what is said and what the text says."""
    said = {_key(report): report for report in reports}
    found = []
    for row in judgements(table):
        report = said.get(_key(row))
        if report is None:
            found.append(f"not there: {' '.join(_key(row))}")
            continue
        for field, names in FIELDS.items():
            if (what := verdict(report, row, names)) in ("wrong", "missed"):
                answers = [report[name] for name in names]
                found.append(
                    f"{what}: {field} of {' '.join(_key(row))}: {answers}, not {[row[name] for name in names]}"
                )
    return found


def of_posts(posts: Path) -> Iterator[Report]:
    """Yield the reports of those posts (a file of JSON lines) that were judged."""
    judged = {row["digest"] for row in judgements(POSTS)}
    gazetteer = Gazetteer.load()
    for line in posts.read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        name = sha256(post["text"].encode()).hexdigest()[:16]
        if name in judged:
            known = Metadata(language=post["language"], published=date.fromisoformat(post["published"]))
            for report in events_in(digest_of(post["text"], metadata=known, digest_id=name), gazetteer):
                yield asdict(report)


def judgements(table: Path = TABLE) -> list[dict[str, str]]:
    """Rows of a table of judgements."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdict(report: Report, row: Mapping[str, str], names: Iterable[str]) -> str:
    """How a report's field, of one or two properties, stands to the text: right, wrong, missed, rightly null."""
    names = tuple(names)
    filled = any(report[name] is not None for name in names)
    right = all(_as_judged(report[name], row[name], in_part=name == "actor") for name in names)
    if right:
        return "right" if filled else "rightly null"
    return "wrong" if filled else "missed"


def _as_judged(said: Any, judged: str, *, in_part: bool) -> bool:
    """An actor is right in part of the words or with more of them: "forces of Russia", "Russia"."""
    answers = judged.split("|")
    if said is None:
        return "" in answers
    words = str(said).casefold()
    if in_part:
        return any(a and (a.casefold() in words or words in a.casefold()) for a in answers)
    return words in answers


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)
