"""Charts beside the map: reports per day in strips, by kind, oblast or side.  Days without a digest are hatched.

Nothing is joined across days: each bar stands for itself, so that a gap in the digests does not look like a lull.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from geo.kinds import kinds
from geo.view import phrases
from geo.view.messages import say

Array = np.ndarray[Any, Any]

GROUPINGS = ("family", "region", "actor", "claimant")
COLUMN = {"family": "kind", "region": "place_id", "actor": "actor_side", "claimant": "claimant_side"}
STRIPS = 8  # the largest groups; the others share one strip
BARS = 92  # with more days, a bar stands for several


def charts(
    shown: Any,
    grouping: str,
    first: date,
    last: date,
    digests: Sequence[int],
    by: str = "event",
    *,
    stories: bool = False,
) -> str:
    """Return the reports of each day from first to last in strips, as HTML.

    ``shown`` gives the columns ``date``, ``date_end``, ``published`` and that of the grouping; ``digests`` tells how
    many digests each of the days has. A report of several days counts on each of them. What is shown may be stories.
    """
    column = COLUMN[grouping]
    table = shown[["published" if by == "published" else "date", *(["date_end"] if by == "event" else []), column]]
    starts, ends = _days(table.iloc[:, 0], first), _days(table.iloc[:, -2], first)
    days = (last - first).days + 1
    codes, labels, colours = _groups(table[column], grouping)
    known = (ends >= 0) & (starts < days)
    per_day = _counted(codes[known], starts[known].clip(0), ends[known].clip(None, days - 1), len(labels), days)
    totals = np.bincount(codes[known], minlength=len(labels))
    order = [int(group) for group in np.argsort(-totals, kind="stable") if totals[group]]
    strips = [(labels[group], colours[group], int(totals[group]), per_day[group]) for group in order[:STRIPS]]
    rest = order[STRIPS:]
    if rest:
        strips.append((say("chart.others"), _PLAIN, int(totals[rest].sum()), per_day[rest].sum(axis=0)))
    return _html(strips, first, days, digests, partial(phrases.counted, stories=stories))


_PLAIN = "#6b6f76"


def _days(dates: pd.Series, first: date) -> Array:
    days = dates.to_numpy().astype("datetime64[D]") - np.datetime64(first, "D")
    return np.where(np.isnat(days), -1, days.astype("int64", copy=False))


def _groups(values: pd.Series, grouping: str) -> tuple[Array, list[str], list[str]]:
    """Return the group of each row, and label and colour of each group; values repeat, so each is looked at once."""
    codes, found = pd.factorize(values)
    told = [_group(str(value), grouping) for value in found] + [_group("none", grouping)]  # code -1: not said
    labels = sorted(set(told))
    of_value = np.array([labels.index(each) for each in told])
    return of_value[codes], [label for label, _ in labels], [colour for _, colour in labels]


def _group(value: str, grouping: str) -> tuple[str, str]:
    if grouping == "family":
        kind = kinds().get(value, kinds()["other"])
        return say(f"family.{kind.family}"), kind.colour
    if grouping == "region":
        return phrases.regions().get(value.partition(".")[0], say("chart.nowhere")), _PLAIN
    sides = phrases.sides()
    label = phrases.actor_side(value) if grouping == "actor" else sides.get(value, sides["none"])
    return label, phrases.SIDE_COLOURS[min(list(sides).index(value) if value in sides else 3, 3)]


def _counted(codes: Array, starts: Array, ends: Array, groups: int, days: int) -> Array:
    steps = np.zeros((groups, days + 1), dtype=np.int64)
    np.add.at(steps, (codes, starts), 1)  # one more from its first day on,
    np.add.at(steps, (codes, ends + 1), -1)  # one less from the day after its last
    counted: Array = steps.cumsum(axis=1)[:, :days]
    return counted


def _html(
    strips: Sequence[tuple[str, str, int, Array]],
    first: date,
    days: int,
    digests: Sequence[int],
    counted: Callable[[int], str],
) -> str:
    width = -(-days // BARS)
    edges = range(0, days, width)
    bars = [np.add.reduceat(counts, list(edges)) for *_, counts in strips]
    most = max((int(each.max()) for each in bars), default=0)
    spans = [(first + timedelta(start), first + timedelta(min(start + width, days) - 1)) for start in edges]
    read = [any(digests[start : start + width]) for start in edges]
    rows = "".join(
        f'<div class="fl-strip-row"><div class="fl-strip-head"><span>{escape(label)}</span>'
        f"<span>{escape(counted(total))}</span></div>"
        f'<div class="fl-bars" role="img" aria-label="{escape(label)}: {escape(counted(total))}">'
        f"{_bars(each, most, colour, spans, read, counted)}</div></div>"
        for (label, colour, total, _), each in zip(strips, bars, strict=True)
    )
    ends = f"<span>{phrases.day_words(spans[0][0])}</span><span>{phrases.day_words(spans[-1][1])}</span>"
    note = f"{say('chart.scale', n=most)} <span class='fl-bar-gap fl-key'></span> {say('time.gap')}"
    return f'<div class="fl-charts">{rows}<div class="fl-ends">{ends}</div><p class="fl-note">{note}</p></div>'


def _bars(
    counts: Array,
    most: int,
    colour: str,
    spans: Sequence[tuple[date, date]],
    read: Sequence[bool],
    counted: Callable[[int], str],
) -> str:
    said = [
        counted(int(count)) if covered or count else say("time.gap")
        for count, covered in zip(counts, read, strict=True)
    ]
    told = zip(counts, spans, read, said, strict=True)
    return "".join(_bar(int(count), most, colour, covered, _said(span, words)) for count, span, covered, words in told)


def _bar(count: int, most: int, colour: str, covered: bool, said: str) -> str:
    gap = "" if covered else ' class="fl-bar-gap"'
    bar = f'<b style="height:{100 * count / most:.1f}%;background:{colour}"></b>' if count else ""
    return f'<i{gap} title="{said}">{bar}</i>'


def _said(span: tuple[date, date], words: str) -> str:
    return escape(say("chart.bar", days=phrases.span_words(*span), reports=words))
