"""Killed and injured of whom a sentence behind the report tells: "… struck the station. At least 25 were killed."."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.model import Report
from geo.reading.people import People, people_in
from geo.reading.reports import Finding, quote_of
from geo.reading.roles import unreal
from geo.reading.verdicts import Around
from geo.text.mentions import Scene

_REACH = 2  # sentences behind a report, in its paragraph
_HURTS = frozenset({"air_strike", "shelling", "explosion", "air_defence", "ground_fighting", "casualties"})
Written = tuple[Report, list[Finding]]


def with_victims_behind(written: Sequence[Written], around: Around) -> list[Written]:
    """Add the figures, and the sentence that gives them, to each report that is the only one of its sentence."""
    numbers = {s.sentence.start: n for n, s in enumerate(around.scenes)}
    reported: dict[int, set[str]] = {}  # reports of each sentence
    for report, group in written:
        for finding in group:
            reported.setdefault(finding.scene.sentence.start, set()).add(report.id)
    result = []
    for report, group in written:
        last = max(f.scene.sentence.start for f in group)
        if report.kind in _HURTS and reported[last] == {report.id}:
            report = _with_victims(report, numbers[last], reported, around)
        result.append((report, group))
    return result


def _with_victims(report: Report, number: int, reported: Mapping[int, set[str]], around: Around) -> Report:
    block = around.scenes[number].sentence.block
    for behind in range(number + 1, min(len(around.scenes), number + 1 + _REACH)):
        scene = around.scenes[behind]
        if scene.sentence.block != block or scene.sentence.start in reported or not _tells_of_victims_alone(scene):
            break
        found = people_in(scene)
        if _adds_to(report, found):
            quotes = {q.start: q for q in (*report.more_quotes, quote_of(scene, around.claims[behind], "same"))}
            report = replace(_filled(report, found), more_quotes=tuple(quotes[start] for start in sorted(quotes)))
    return report


def _tells_of_victims_alone(scene: Scene) -> bool:
    """Whether a sentence speaks of people hurt, at no place of its own, by nothing else than what was told before."""
    events = [c for c in scene.tagged("event") if c.value["kind"]]
    real = all(unreal(scene, c) is None for c in events)
    same = all(c.value["kind"] == "casualties" or c.value.get("weak") for c in events)
    return bool(scene.tagged("hurt")) and real and same and not scene.mentions and not scene.tagged("running")


def _adds_to(report: Report, found: People) -> bool:
    """Whether a sentence gives a figure that the report does not have, and contradicts none that it has."""
    killed = found.killed_min if found.killed_min is not None else found.killed_max
    injured = found.injured_min if found.injured_min is not None else found.injured_max
    known_killed = report.killed_min if report.killed_min is not None else report.killed_max
    known_injured = report.injured_min if report.injured_min is not None else report.injured_max
    pairs = ((killed, known_killed), (injured, known_injured))
    agrees = all(new is None or known is None or new == known for new, known in pairs)
    return agrees and any(new is not None and known is None for new, known in pairs)


def _filled(report: Report, found: People) -> Report:
    if report.killed_min is None and report.killed_max is None:
        report = replace(report, killed_min=found.killed_min, killed_max=found.killed_max)
    if report.injured_min is None and report.injured_max is None:
        report = replace(report, injured_min=found.injured_min, injured_max=found.injured_max)
    return report
