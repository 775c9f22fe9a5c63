"""From a digest to its reports: the whole program on one page.

    digest → sentences → mentions → resolution → verdicts → reports

Every mention of a place ends in a verdict: a report, or the reason why there is none.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from geo.languages import Pack, codes, pack
from geo.model import Candidate, Digest, Evidence, Reading, Report, Sentence, Verdict
from geo.reading.attribution import Claim, claim_of, closes, heads, names_no_source, outlets, speaks_for_all
from geo.reading.reports import Finding, reports_of
from geo.reading.resolution import Settled, resolve_all
from geo.reading.roles import roles_of
from geo.reading.stances import with_further_quotes
from geo.reading.verdicts import Around, judged, only_wider
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import Plain, plain
from geo.text.mentions import Scene, scene
from geo.text.sentences import sentences

_CLOSED = 6  # sentences before "This was reported by …" that it may speak of


def events_in(digest: Digest, gazetteer: Gazetteer) -> Iterator[Report]:
    """Yield what ``digest`` says happened, where and when, in reading order."""
    yield from read(digest, gazetteer).reports


def read(digest: Digest, gazetteer: Gazetteer) -> Reading:
    """Read a digest whole: its sentences, a verdict for each mention of a place, and its reports."""
    text = plain(digest.text)
    language = pack(digest.language) if digest.language in codes() else None
    scenes = list(_scenes(text, digest, gazetteer, language))
    roles = roles_of(scenes, gazetteer)
    settled = resolve_all(scenes, roles, gazetteer, digest)
    claims, via = _sources(scenes, settled, gazetteer)
    around = Around(digest, scenes, roles, settled, claims, via, gazetteer)

    outcomes = {m.start: judged(m, n, around) for n, s in enumerate(scenes) for m in s.mentions}
    findings = [o for o in outcomes.values() if isinstance(o, Finding)]
    for coarse, reason in only_wider(findings, gazetteer):
        outcomes[coarse.mention.start] = reason
    findings = [o for o in outcomes.values() if isinstance(o, Finding)]
    written = with_further_quotes(reports_of(digest, findings, gazetteer), around)

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
    return _in_original(Reading(digest, tuple(s.sentence for s in scenes), tuple(verdicts), reports), text)


def _scenes(text: Plain, digest: Digest, gazetteer: Gazetteer, language: Pack | None) -> Iterator[Scene]:
    """Yield the sentences of the text, ready for the rules; what is to be skipped is blanked in place."""
    pieces, end = [], 0
    for start, stop, _ in sorted(_skipped_spans(text, digest)):
        if start >= end:
            pieces += [text.text[end:start], " " * (stop - start)]
            end = stop
    blanked = "".join((*pieces, text.text[end:]))
    for sentence in sentences(blanked, language.abbreviations if language else frozenset()):
        yield scene(blanked, sentence, gazetteer, language)


def _skipped_spans(text: Plain, digest: Digest) -> Iterator[tuple[int, int, str]]:
    for span in digest.skipped:
        if text.offsets is None:
            yield span.start, span.stop, span.why
        else:
            yield (
                bisect_left(text.offsets, span.start),
                min(bisect_left(text.offsets, span.stop), len(text.text)),
                span.why,
            )


def _skipped(text: Plain, digest: Digest, gazetteer: Gazetteer, language: Pack | None) -> Iterator[Verdict]:
    """Yield a verdict for each name in what is skipped: dateline, boilerplate."""
    for start, stop, why in _skipped_spans(text, digest):
        if why == "front_matter":
            continue
        current = scene(text.text, Sentence(start, stop, -1, True), gazetteer, language)
        resolutions = resolve_all([current], {}, gazetteer, digest)
        for mention in current.mentions:
            yield Verdict(mention, why, text.text[start:stop][:80], current.sentence, resolutions[mention.start])


def _sources(
    scenes: Sequence[Scene], settled: Settled, gazetteer: Gazetteer
) -> tuple[list[Claim | None], list[tuple[str, ...]]]:
    """Return the claim and the relaying outlets of each sentence.

    A source carries down its paragraph; one that opens the digest as its source of everything ("According to the
    General Staff …") stands for every later sentence that names none.
    """
    places = {at: r.place for at, r in settled.items() if r.place}
    claims: list[Claim | None] = []
    for number, current in enumerate(scenes):
        same_block = number > 0 and scenes[number - 1].sentence.block == current.sentence.block
        before = claims[-1] if claims else None
        own = claim_of(current, places, gazetteer, before)
        claims.append(own or (before if same_block and names_no_source(current) else None))
    _close(scenes, claims)
    titled = (c for s, c in zip(scenes[:1], claims, strict=False) if c and heads(s, c))
    briefing = (c for s, c in zip(scenes[:6], claims, strict=False) if c and speaks_for_all(s, c, claims))
    head = next(chain(titled, briefing), None)
    header_outlets = next((o for s in scenes[:6] if not s.mentions and (o := outlets(s))), ())
    since = claims.index(head) if head else len(scenes)
    silent = (n > since and names_no_source(s) for n, s in enumerate(scenes))
    filled = [c or (head if is_silent else None) for c, is_silent in zip(claims, silent, strict=True)]
    return filled, [outlets(s) or header_outlets for s in scenes]


def _close(scenes: Sequence[Scene], claims: list[Claim | None]) -> None:
    """Give the source of "This was reported by …" to the sentences before it that name none, back to one that does."""
    for number, current in enumerate(scenes):
        before = number - 1
        if claims[number] is None or not closes(current):
            continue
        own_block = before >= 0 and scenes[before].sentence.block == current.sentence.block
        while before >= 0 and number - before <= _CLOSED and claims[before] is None and names_no_source(scenes[before]):
            if own_block and scenes[before].sentence.block != current.sentence.block:
                break
            claims[before] = claims[number]
            before -= 1


def _in_original(reading: Reading, text: Plain) -> Reading:
    """Move every offset from the plain text to the text as published, and cut every quote out of that."""
    published = reading.digest.text

    def sentence(s: Sentence) -> Sentence:
        start, stop = text.original(s.start, s.stop)
        return replace(s, start=start, stop=stop)

    def verdict(v: Verdict) -> Verdict:
        start, stop = text.original(v.mention.start, v.mention.stop)
        mention = replace(v.mention, start=start, stop=stop, text=published[start:stop])
        resolution = v.resolution
        if text.offsets is not None:
            resolution = replace(resolution, candidates=tuple(map(candidate, resolution.candidates)))
        return replace(v, mention=mention, sentence=sentence(v.sentence), resolution=resolution)

    def candidate(c: Candidate) -> Candidate:
        return replace(c, evidence=tuple(map(evidence, c.evidence)))

    def evidence(e: Evidence) -> Evidence:
        if e.start is None or e.stop is None:
            return e
        start, stop = text.original(e.start, e.stop)
        return replace(e, start=start, stop=stop)

    def report(r: Report) -> Report:
        start, stop = text.original(r.quote_start, r.quote_end)
        first, last = text.original(r.mention_start, r.mention_end)
        further = [(q, text.original(q.start, q.end)) for q in r.more_quotes]
        return replace(
            r,
            quote=published[start:stop],
            quote_start=start,
            quote_end=stop,
            mention=published[first:last],
            mention_start=first,
            mention_end=last,
            more_quotes=tuple(replace(q, quote=published[a:b], start=a, end=b) for q, (a, b) in further),
        )

    return replace(
        reading,
        sentences=tuple(map(sentence, reading.sentences)),
        verdicts=tuple(map(verdict, reading.verdicts)),
        reports=tuple(map(report, reading.reports)),
    )
