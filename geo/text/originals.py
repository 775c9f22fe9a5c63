"""Back to the text as published: offsets of the plain text become those of the original, quotes are cut out of it."""

from dataclasses import replace

from geo.model import Candidate, Evidence, Reading, Report, Sentence, Verdict
from geo.reference.names import Plain


def in_original(reading: Reading, text: Plain) -> Reading:
    """Move every offset from the plain text to the text as published, and cut every quote out of that."""
    published = reading.digest.text
    if text.text == published:
        return reading

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
        return e._replace(start=start, stop=stop)

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
