"""From a digest to its reports: the whole program on one page.

    digest → sentences → mentions → resolution → verdicts → reports

Every mention of a place ends in a verdict: a report, or the reason why there is none.
"""

from collections.abc import Iterator

from geo.languages import Pack, codes, pack
from geo.model import Digest, Reading, Report, Sentence, Verdict
from geo.reading.reports import Finding, reports_of
from geo.reading.roles import roles_of
from geo.reading.settling import resolve_all
from geo.reading.sources import sources_of
from geo.reading.stances import with_further_quotes
from geo.reading.verdicts import Around, judged
from geo.reading.victims import with_victims_behind
from geo.reading.wider import only_wider
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import Plain, plain
from geo.text.markup import without_tags
from geo.text.mentions import scene
from geo.text.originals import in_original
from geo.text.scenes import scenes_of, skipped_spans


def events_in(digest: Digest, gazetteer: Gazetteer) -> Iterator[Report]:
    """Yield what ``digest`` says happened, where and when, in reading order."""
    yield from read(digest, gazetteer).reports


def read(digest: Digest, gazetteer: Gazetteer) -> Reading:
    """Read a digest whole: its sentences, a verdict for each mention of a place, and its reports."""
    text = without_tags(plain(digest.text))
    language = pack(digest.language) if digest.language in codes() else None
    scenes = list(scenes_of(text, digest, gazetteer, language))
    roles = roles_of(scenes, gazetteer)
    settled = resolve_all(scenes, roles, gazetteer, digest)
    claims, via = sources_of(scenes, settled, gazetteer)
    around = Around(digest, scenes, roles, settled, claims, via, gazetteer)

    outcomes = {m.start: judged(m, n, around) for n, s in enumerate(scenes) for m in s.mentions}
    findings = [o for o in outcomes.values() if isinstance(o, Finding)]
    for coarse, reason in only_wider(findings, gazetteer):
        outcomes[coarse.mention.start] = reason
    findings = [o for o in outcomes.values() if isinstance(o, Finding)]
    written = with_further_quotes(reports_of(digest, findings, gazetteer), around)
    written = with_victims_behind(written, around)

    report_ids = {f.mention.start: report.id for report, group in written for f in group}
    verdicts = list(_skipped(text, digest, gazetteer, language))
    for current in scenes:
        for mention in current.mentions:
            outcome = outcomes[mention.start]
            role, words = ("report", "") if isinstance(outcome, Finding) else outcome
            report_id = report_ids.get(mention.start)
            verdicts.append(Verdict(mention, role, words, current.sentence, settled[mention.start], report_id))
    verdicts.sort(key=lambda v: v.mention.start)
    reports = tuple(report for report, _ in written)
    return in_original(Reading(digest, tuple(s.sentence for s in scenes), tuple(verdicts), reports), text)


def _skipped(text: Plain, digest: Digest, gazetteer: Gazetteer, language: Pack | None) -> Iterator[Verdict]:
    """Yield a verdict for each name in what is skipped: dateline, boilerplate."""
    for start, stop, why in skipped_spans(text, digest):
        if why == "front_matter":
            continue
        current = scene(text.text, Sentence(start, stop, -1, True), gazetteer, language)
        resolutions = resolve_all([current], {}, gazetteer, digest)
        for mention in current.mentions:
            yield Verdict(mention, why, text.text[start:stop][:80], current.sentence, resolutions[mention.start])
