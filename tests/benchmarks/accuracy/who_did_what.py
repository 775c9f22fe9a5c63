"""How right the program is about who did it, with what and to whom, by reports that a person judged from the text.

``who_did_what.csv`` has one row a report: its key (digest, place_id, kind, date) and what the text says.  Words between
bars are each right, an empty one among them means that null is right too; an empty field means that the text says nothing.
The judgements were written from the texts before any answer of the program was looked at.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("who_did_what.csv")
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
VERDICTS = ("right", "wrong", "missed", "rightly null")
Report = Mapping[str, Any]


def lines(reports: Iterable[Report]) -> list[str]:
    """Lines of the table: for each field, how many reports are filled and right, filled and wrong, missed, rightly null."""
    said = {_key(report): report for report in reports}
    judged = [row for row in judgements() if _key(row) in said]
    counted = {
        field: Counter(verdict(said[_key(row)], row, names) for row in judged) for field, names in FIELDS.items()
    }
    head = f"{'':16}{'filled, right':>15}{'filled, wrong':>15}{'missed':>9}{'rightly null':>15}{'accuracy':>10}"
    rows = [head]
    for field, verdicts in counted.items():
        right = verdicts["right"] + verdicts["rightly null"]
        share = f"{right / len(judged):.3f}" if judged else "-"
        numbers = [verdicts[v] for v in VERDICTS]
        rows.append(f"{field:16}{numbers[0]:15}{numbers[1]:15}{numbers[2]:9}{numbers[3]:15}{share:>10}")
    rows.append(f"{len(judged)} of {len(judgements())} judged reports are there")
    return rows


def faults(reports: Iterable[Report]) -> list[str]:
    """Lines that name each field that is wrong or missed, with what is said and what the text says."""
    said = {_key(report): report for report in reports}
    found = []
    for row in judgements():
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


def judgements() -> list[dict[str, str]]:
    """Rows of the table of judgements."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdict(report: Report, row: Mapping[str, str], names: Iterable[str]) -> str:
    """Whether a report's field, of one or two properties, is as the text says: one of ``VERDICTS``."""
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
