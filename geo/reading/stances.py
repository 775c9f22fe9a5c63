"""Further sentences about a reported event: the same again, an admission, a denial by the other side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from geo.languages.cues import Cue
from geo.model import Report
from geo.reading.attribution import Claim
from geo.reading.reports import Finding, quote_of
from geo.reading.roles import unreal
from geo.reading.verdicts import Around
from geo.text.mentions import Scene

_REACH = 3  # sentences behind a report within which "the village", "Kyiv denied this" still speak of it
Written = tuple[Report, list[Finding]]


def with_further_quotes(written: Sequence[Written], around: Around) -> list[Written]:
    """Add to each report the sentences behind it that repeat, admit or deny it, and set its status."""
    numbers = {s.sentence.start: n for n, s in enumerate(around.scenes)}
    told: dict[int, set[str]] = {}  # places that each sentence reports
    for report, group in written:
        for finding in group:
            told.setdefault(finding.scene.sentence.start, set()).add(report.place_id)
    result = []
    for report, group in written:
        own = sorted({numbers[f.scene.sentence.start] for f in group})
        result.append((_with_quotes(report, own, told, around), group))
    return result


def _with_quotes(report: Report, own: Sequence[int], told: Mapping[int, set[str]], around: Around) -> Report:
    """``own`` are the numbers of the scenes that report the event."""
    quotes = list(report.more_quotes)
    for number in own:
        stance = _stance(around.scenes[number], around.claims[number], report, around.gazetteer.parties)
        if stance != "same":
            report = _with_status(report, stance)
    for number in range(own[-1] + 1, min(len(around.scenes), own[-1] + 1 + _REACH)):
        scene, claim = around.scenes[number], around.claims[number]
        if report.place_id not in told.get(scene.sentence.start, {report.place_id}):
            break  # the text has gone on to another place
        stance = _stance(scene, claim, report, around.gazetteer.parties)
        if stance != "same" or _speaks_of_it(scene, report, number - own[-1]):
            quotes.append(quote_of(scene, claim, stance))
            report = _with_status(report, stance)
    return replace(report, more_quotes=tuple(sorted(quotes, key=lambda q: q.start)))


def _with_status(report: Report, stance: str) -> Report:
    """A denial outweighs an admission: both stand in the quotes."""
    if stance == "denies":
        return replace(report, status="disputed")
    if stance == "acknowledges" and report.status != "disputed":
        return replace(report, status="acknowledged")
    return report


def _stance(scene: Scene, claim: Claim | None, report: Report, parties: Collection[str]) -> str:
    """What the other side says of the report in this sentence: denies, acknowledges, or nothing ("same")."""
    if report.claimant_side not in parties:
        return "same"
    for cue in scene.tagged("stance"):
        if _negated(cue, scene):
            continue  # "has not confirmed", "did not deny"
        side = _side_before(scene, cue, claim)
        if side in parties and side != report.claimant_side and _about(scene, report):
            return str(cue.value)
    return "same"


def _negated(stance: Cue, scene: Scene) -> bool:
    nots = [c for c in scene.tagged("polarity") if c.value in ("not", "not_behind")]
    return any(0 <= stance.first - c.last <= 2 or 0 <= c.first - stance.last <= 1 for c in nots)


def _side_before(scene: Scene, cue: Cue, claim: Claim | None) -> str | None:
    """The party that stands before a word like "denied", in its clause."""
    clause = scene.clauses[cue.first]
    parties = [c for c in scene.clause_cues(clause, "party") if c.last <= cue.first]
    if parties:
        return str(parties[-1].value)
    named = [c for c in scene.clause_cues(clause, "named") if c.last <= cue.first]
    if named:
        return str(named[-1].value.split(".")[0])
    return claim.side if claim else None


def _about(scene: Scene, report: Report) -> bool:
    """Whether the sentence names no other place than the report's."""
    located = [m for m in scene.mentions if m.relation in ("in", "near", "toward", "bearing", "to")]
    others = [m for m in located if all(n.place_id != report.place_id for n in m.names)]
    return not others or any(n.place_id == report.place_id for m in scene.mentions for n in m.names)


def _speaks_of_it(scene: Scene, report: Report, distance: int) -> bool:
    """ "The village", with the same sort of event, in the next sentence."""
    place = any(c.value == "place" for c in scene.tagged("anaphora"))
    same_kind = any(c.value["kind"] == report.kind and unreal(scene, c) is None for c in scene.tagged("event"))
    return place and same_kind and distance == 1 and not any(m.relation in ("in", "near") for m in scene.mentions)
