"""Differences between two datasets in words, for the terminal and for their map."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from geo.dataset.causes import PLACE_COLUMNS, Cause
from geo.dataset.differences import SORTS, Difference, Differences, Superseded
from geo.kinds import kinds
from geo.view import phrases
from geo.view.phrases import Record

WORDS = {
    "added": "added",
    "removed": "removed",
    "moved": "moved",
    "redated": "dated otherwise",
    "rekinded": "of another kind",
    "status_changed": "of another status",
    "changed": "told otherwise",
    "superseded_stories": "stories superseded",
}
_MOST_LINES = 20  # of one sort on the terminal; JSON has all
_SHORT = 60  # letters; what is longer is named, not told
_IN_TITLE = frozenset({"date", "date_end", "date_precision", "kind", "status", "place_id"}) | PLACE_COLUMNS


def title(each: Difference) -> str:
    """Return what a difference is about: "Shelling: Promin → Myrne, 3.2 km · 5 Nov 2024"."""
    told = each.told
    kind = _was_and_is(
        each, lambda report: kinds()[report["kind"]].label if report["kind"] in kinds() else report["kind"]
    )
    place = _was_and_is(each, phrases.place_words)
    days = _was_and_is(each, lambda report: phrases.when_short(report, year=True))
    km = "" if each.km is None else f", {each.km:g} km"
    status = f" · {told['status'] if each.before is None or each.after is None else _was_and_is(each, _status)}"
    return f"{kind}: {place}{km} · {days}{status}"


def _status(report: Record) -> str:
    return str(report["status"])


def _was_and_is(each: Difference, words: Any) -> str:
    told = [words(report) for report in (each.before, each.after) if report is not None]
    return " → ".join(dict.fromkeys(told))


def details(each: Difference) -> Iterator[str]:
    """Yield the rest of what differs, column by column, and why."""
    for column, values in each.changes.items():
        if column not in _IN_TITLE:
            name = column.replace("_", " ")
            told = [_value(value) for value in values]
            yield f"{name}: {' → '.join(told)}" if max(map(len, told)) <= _SHORT and any(values) else name
    yield f"because: {', '.join(map(cause_words, each.causes))}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part.get("quote")) if isinstance(part, dict) else str(part) for part in value) or "–"
    return "–" if value is None else str(value)


def cause_words(cause: Cause) -> str:
    """Return a cause, with what became of the words of a report that one dataset lacks."""
    return f"{cause.words}; there its words are: {cause.verdict.replace('_', ' ')}" if cause.verdict else cause.words


def story_words(each: Superseded) -> str:
    """Return what became of a story: "is part of …" or "fell apart into …"."""
    became = "is part of" if len(each.by) == 1 else "fell apart into"
    return f"{each.story} {became} {', '.join(each.by)}"


def summary_lines(found: Differences) -> Iterator[str]:
    """Yield what differs in numbers."""
    for name, version in (("before", found.before), ("after", found.after)):
        counts = version.manifest.counts
        yield f"{name}: {counts['digests']:,} digests, {counts['reports']:,} reports"
    yield f"inputs that differ: {', '.join(found.inputs) or 'none'}"
    digests = [f"{len(ids):,} {name.replace('_', ' ')}" for name, ids in found.digests.items() if ids]
    yield f"digests: {', '.join(digests) or 'the same'}"
    reports = [f"{number:,} {WORDS[sort]}" for sort, number in found.counts.items() if number]
    yield f"reports: {', '.join(reports) or 'the same'}"
    if found.causes:
        yield "because: " + ", ".join(f"{cause} {number:,}" for cause, number in found.causes.items())


def lines(found: Differences) -> Iterator[str]:
    """Yield differences for a person to read; each report stands under the weightiest sort that it has."""
    yield from summary_lines(found)
    ranks = list(SORTS)
    ordered = sorted(found.reports, key=lambda each: ranks.index(each.sorts[0]))
    for sort, group in groupby(ordered, key=lambda each: each.sorts[0]):
        every = list(group)
        yield ""
        yield f"{WORDS[sort]} ({len(every):,})"
        for each in every[:_MOST_LINES]:
            yield f"  {title(each)}  [{each.told['digest']}]"
            yield from (f"      {line}" for line in details(each))
        yield from _left_out(len(every))
    if found.stories:
        yield ""
        yield f"{WORDS['superseded_stories']} ({len(found.stories):,})"
        for story in found.stories[:_MOST_LINES]:
            yield f"  {story_words(story)}"
            yield f"      because: {', '.join(map(cause_words, story.causes))}"
        yield from _left_out(len(found.stories))


def _left_out(number: int) -> Iterator[str]:
    if number > _MOST_LINES:
        yield f"  … and {number - _MOST_LINES:,} more; --json has all"
