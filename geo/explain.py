"""Every decision about a digest in words: sentences, mentions, verdicts, candidates, and the evidence that decided."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from geo.model import Candidate, Evidence, Name, Place, Reading, Report, Verdict
from geo.reference.alike import alike
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer, distance_km

_PLACED = ("report", "unresolved", "anchor", "container")  # roles of words that stand for a place
_BASIS = {
    "stated": "stated date",
    "day_number": "day number",
    "digest": "publication",
    "briefing": "being a morning briefing",
}


def as_dict(reading: Reading, gazetteer: Gazetteer | None = None) -> dict[str, Any]:
    """Return everything that was read out of a digest, ready for JSON (``data/README.md`` has the schema).

    With a gazetteer, names that it does not know have suggestions.
    """
    digest = reading.digest
    return {
        "digest": digest.id,
        "language": digest.language,
        "published": digest.published.isoformat() if digest.published else None,
        "day": digest.day.isoformat() if digest.day else None,
        "day_basis": digest.day_basis,
        "text_sha256": digest.text_sha256,
        "warnings": list(digest.warnings),
        "skipped": [asdict(s) for s in digest.skipped],
        "sentences": [
            {"start": s.start, "end": s.stop, "text": digest.text[s.start : s.stop]} for s in reading.sentences
        ],
        "mentions": [_mention(v, gazetteer) for v in reading.verdicts],
        "reports": [asdict(r) for r in reading.reports],
    }


def _mention(verdict: Verdict, gazetteer: Gazetteer | None) -> dict[str, Any]:
    mention, resolution = verdict.mention, verdict.resolution
    return {
        "mention": mention.text,
        "start": mention.start,
        "end": mention.stop,
        "relation": mention.relation,
        "verdict": verdict.role,
        "why": verdict.why,
        "report": verdict.report_id,
        "decision": resolution.decision,
        "place_id": resolution.place.id if resolution.place else None,
        "margin": resolution.margin,
        "suggestions": [{"place_id": n.place_id, "spelling": n.text} for n in _suggested(verdict, gazetteer)],
        "candidates": [
            {
                "place_id": c.place.id,
                "name": c.place.name,
                "spelling": c.name.text,
                "how": c.name.how,
                "score": c.score,
                "refused": c.vetoed,
                "evidence": [e._asdict() for e in c.evidence],
            }
            for c in resolution.candidates
        ],
    }


def _suggested(verdict: Verdict, gazetteer: Gazetteer | None) -> Sequence[Name]:
    """Names that may have been meant by one that is not known: for people, nothing is resolved by them."""
    unknown = verdict.resolution.decision == "unknown_name" and verdict.role in _PLACED
    return alike(verdict.mention.text, gazetteer) if unknown and gazetteer else ()


def lines(reading: Reading, gazetteer: Gazetteer | None = None, *, most_candidates: int = 4) -> Iterator[str]:
    """Yield the explanation of a digest for a person to read, line by line.

    With a gazetteer, names that it does not know have suggestions.
    """
    digest = reading.digest
    yield f"{digest.id}: {digest.language or 'unknown language'}, {_day_words(reading)}"
    yield from (f"  warning: {w}" for w in digest.warnings)
    by_sentence: dict[int, list[Verdict]] = {}
    for verdict in reading.verdicts:
        by_sentence.setdefault(verdict.sentence.start, []).append(verdict)
    reports = {r.id: r for r in reading.reports}
    spans = sorted(
        {(s.start, s.stop) for s in reading.sentences} | {(v.sentence.start, v.sentence.stop) for v in reading.verdicts}
    )
    for start, stop in spans:
        yield ""
        yield f"[{start}-{stop}] {visible(digest.text[start:stop])}"
        for verdict in by_sentence.get(start, []):
            yield from _verdict_lines(verdict, gazetteer, most_candidates)
            if verdict.report_id in reports:
                report = reports[verdict.report_id]
                yield f"      = {report.summary}"
                yield f"        {report.id} ({report.precision}, {report.status}{_sure_words(report)})"


def _sure_words(report: Report) -> str:
    return "" if report.confidence is None else f"; on such grounds {report.confidence:.0%} of places were right"


def _day_words(reading: Reading) -> str:
    digest = reading.digest
    return f"covers {digest.day} (by its {_BASIS[digest.day_basis or 'digest']})" if digest.day else "day unknown"


def _verdict_lines(verdict: Verdict, gazetteer: Gazetteer | None, most: int) -> Iterator[str]:
    mention, resolution = verdict.mention, verdict.resolution
    why = f" ({visible(verdict.why)})" if verdict.why else ""
    what = "REPORT" if verdict.role == "report" else f"no report: {_spaced(verdict.role)}{why}"
    yield f"  • {visible(mention.text)} [{mention.start}-{mention.stop}] {what}"
    if verdict.role not in _PLACED:
        return
    for candidate in resolution.candidates[:most]:
        yield from candidate_lines(candidate, chosen=candidate.place == resolution.place)
    if len(resolution.candidates) > most:
        yield f"      … and {len(resolution.candidates) - most} more of this name"
    if resolution.place is None:
        yield f"      decision: {_spaced(resolution.decision)}"
    for name in _suggested(verdict, gazetteer):
        yield f"      did you mean {name.text}? ({name.place_id})"


def candidate_lines(candidate: Candidate, *, chosen: bool) -> Iterator[str]:
    """Yield one candidate and what speaks for and against it."""
    mark = "✓" if chosen else "✗" if candidate.vetoed else " "
    score = "refused" if candidate.vetoed else f"{candidate.score:+.2f}"
    yield f"      {mark} {candidate.place.id} {score}: {'; '.join(_evidence(e) for e in candidate.evidence)}"


def _evidence(evidence: Evidence) -> str:
    weight = "refuses" if evidence.weight is None else f"{evidence.weight:+.2f}"
    words = f" “{visible(evidence.words)}”" if evidence.words else ""
    return f"{_spaced(evidence.rule)} {weight}{words}"


def _spaced(key: str) -> str:
    return key.replace("_", " ")


def visible(text: str) -> str:
    """Return text with everything that a terminal would act on (controls, direction marks) written out."""
    return "".join(c if c.isprintable() or c in "\u00a0\u00ad" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if character in "\r\n\t" or unicodedata.category(character) in ("Zs", "Zl", "Zp"):
        return " "
    return f"\\u{ord(character):04x}"


# --- where -----------------------------------------------------------------------------------------------------------


def where(name: str, gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Return every place of this name: where it lies, in which language it is called so, and how that came about."""
    towns = list(gazetteer.towns())
    return [
        place_row(n, gazetteer.place(n.place_id), towns, gazetteer)
        for n in sorted(gazetteer.named(name), key=lambda n: n.place_id)
    ]


def place_row(name: Name, place: Place, towns: list[Place], gazetteer: Gazetteer) -> dict[str, Any]:
    """Return what there is to know of a place and of one of its names, with the nearest of ``towns``."""
    region = gazetteer.region_of(place)
    raion = gazetteer.get(place.raion) if place.raion else None
    town = min((t for t in towns if t.id != place.id), key=lambda t: distance_km(place, t), default=None)
    local = place.kind in SETTLEMENTS and town is not None and place.lat is not None
    return {
        "place_id": place.id,
        "name": place.name,
        "name_local": place.name_local,
        "kind": place.kind,
        "region": region.name if region else None,
        "raion": raion.name if raion else None,
        "country": gazetteer.country(place) or None,
        "lat": place.lat,
        "lon": place.lon,
        "position": place.position,
        "accuracy_km": place.accuracy_km,
        "place_source": place.source,
        "spelling": name.text,
        "language": name.language,
        "how": name.how,
        "standing": name.standing,
        "name_source": name.source,
        "nearest_town": town.name if local and town else None,
        "nearest_town_km": round(geodesic_km(place, town), 1) if local and town else None,
    }


def geodesic_km(a: Place, b: Place) -> float:
    """Distance on the WGS 84 ellipsoid, for a person to read."""
    from geopy.distance import geodesic  # 80 ms to import, and only this line needs it

    return float(geodesic((a.lat, a.lon), (b.lat, b.lon)).km)


# --- from a dataset --------------------------------------------------------------------------------------------------


def stored_lines(record: dict[str, Any]) -> Iterator[str]:
    """Yield the explanation of one stored report: what it says, and the trace of each mention behind it."""
    report = record["report"]
    yield f"{report['id']}: {report['summary']}"
    yield f"  quote [{report['quote_start']}-{report['quote_end']}]: {report['quote']}"
    yield from (f"  also [{q['start']}-{q['end']}] ({q['stance']}): {q['quote']}" for q in report["more_quotes"] or ())
    yield f"  why: {report['why']}"
    for mention in record["mentions"]:
        decided = f"{_spaced(mention['verdict'])}, {_spaced(mention['decision'])}"
        yield f"  • {mention['mention']} [{mention['start']}-{mention['end']}] {decided}"
        for candidate in mention["candidates"] or ():
            mark = "✓" if candidate["place_id"] == mention["place_id"] else "✗" if candidate["vetoed"] else " "
            evidence = (Evidence(e["rule"], e["weight"], e["words"] or "") for e in candidate["evidence"] or ())
            yield f"      {mark} {candidate['place_id']}: {'; '.join(_evidence(e) for e in evidence)}"
