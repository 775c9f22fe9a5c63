"""Expected answers written in the text itself.

    merebut desa [Yasnaya Polyana|donetsk.yasna-poliana] …      these words mean this place
    … captured [Vuhledar|donetsk.vuhledar|capture]              and a capture is reported there
    … near [Vuhledar|donetsk.vuhledar|-anchor]                  they mean this place, and the verdict is "anchor"
    [KYIV|-dateline], KOMPAS.com - Presiden Ukraina             the verdict on these words is "dateline"

A bar belongs to every mark, so brackets without one ("[12]") stay what they are.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from geo.model import Digest, Reading, Report, Verdict

_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)(?:\|([^\[\]|]+))?\]")


class Mark(NamedTuple):
    """What is expected of the words from ``start`` to ``stop``; None: nothing is said of it."""

    start: int
    stop: int
    place_id: str | None
    kind: str | None = None
    reason: str | None = None


def read_marks(marked: str) -> tuple[str, list[Mark]]:
    """Return the text without its marks, and the marks, in reading order."""
    text, end = "", 0
    marks = []
    for match in _MARK.finditer(marked):
        text += marked[end : match.start()]
        words, *fields = match.groups()
        reason = next((f[1:] for f in fields if f and f.startswith("-")), None)
        place_id, kind = (None if f is None or f.startswith("-") else f for f in fields)
        marks.append(Mark(len(text), len(text) + len(words), place_id, kind, reason))
        text += words
        end = match.end()
    return text + marked[end:], marks


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the text without its marks, and (start, stop, place id) of each mark that names a place."""
    text, marks = read_marks(marked)
    return text, [(m.start, m.stop, m.place_id) for m in marks if m.place_id]


def disagreements(marks: Iterable[Mark], reading: Reading) -> list[str]:
    """Say in words where a reading differs from its marks; also what it reports that no mark expects."""
    marks = list(marks)
    verdicts = {(v.mention.start, v.mention.stop): v for v in reading.verdicts}
    reports = {r.id: r for r in reading.reports}
    found = [line for mark in marks for line in _differences(mark, verdicts.get(mark[:2]), reports, reading)]
    expected = {mark[:2] for mark in marks if mark.reason is None}
    for span, verdict in verdicts.items():
        if verdict.role == "report" and span not in expected:
            found.append(f"{verdict.mention.text!r} {span}: {_said(verdict, reports)}, which no mark expects")
    return found


def _differences(mark: Mark, verdict: Verdict | None, reports: dict[str, Report], reading: Reading) -> Iterator[str]:
    words = reading.digest.text[mark.start : mark.stop]
    if verdict is None:
        yield f"{words!r} is no mention"
        return
    report = reports.get(verdict.report_id or "")
    place = report.place_id if report else verdict.resolution.place.id if verdict.resolution.place else None
    if mark.place_id and place != mark.place_id:
        yield f"{words!r} means {place}, not {mark.place_id} ({verdict.role}: {verdict.why})"
    if mark.kind and (report is None or report.kind != mark.kind):
        yield f"{words!r}: {_said(verdict, reports)}, not a report of {mark.kind}"
    if mark.reason and verdict.role != mark.reason:
        yield f"{words!r}: {_said(verdict, reports)}, not {mark.reason}"


def _said(verdict: Verdict, reports: dict[str, Report]) -> str:
    report = reports.get(verdict.report_id or "")
    return f"{report.kind} at {report.place_id}" if report else f"{verdict.role} ({verdict.why})"


def promises_broken(reading: Reading) -> list[str]:
    """Say in words which promise about offsets, verdicts and ids a reading breaks."""
    return [*_wrong_spans(reading), *_wrong_links(reading)]


def _wrong_spans(reading: Reading) -> Iterator[str]:
    digest: Digest = reading.digest
    for verdict in reading.verdicts:
        mention, sentence = verdict.mention, verdict.sentence
        if digest.text[mention.start : mention.stop] != mention.text or not mention.text:
            yield f"the mention {mention.text!r} does not stand at {mention.start}"
        if not sentence.start <= mention.start < mention.stop <= sentence.stop:
            yield f"the mention {mention.text!r} lies outside its sentence"
    for report in reading.reports:
        quotes = [(report.quote, report.quote_start, report.quote_end)]
        quotes.append((report.mention, report.mention_start, report.mention_end))
        quotes += [(q.quote, q.start, q.end) for q in report.more_quotes]
        for words, start, stop in quotes:
            if digest.text[start:stop] != words or not words:
                yield f"{report.id}: {words!r} does not stand at {start}-{stop}"
        if not report.quote_start <= report.mention_start < report.mention_end <= report.quote_end:
            yield f"{report.id}: its quote does not hold its mention"


def _wrong_links(reading: Reading) -> Iterator[str]:
    starts = [v.mention.start for v in reading.verdicts]
    if len(set(starts)) != len(starts) or starts != sorted(starts):
        yield "mentions have not exactly one verdict each, in reading order"
    ids = [r.id for r in reading.reports]
    if len(set(ids)) != len(ids):
        yield f"report ids are not unique: {ids}"
    linked = {v.report_id for v in reading.verdicts if v.role == "report"}
    if linked != set(ids):
        yield f"verdicts and reports do not link: {linked ^ set(ids)}"
    if any(v.report_id for v in reading.verdicts if v.role != "report"):
        yield "a mention without a report names one"
