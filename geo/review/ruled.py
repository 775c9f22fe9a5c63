"""Rulings applied to a reading: a pure function, so that a build does it digest by digest.

A ruled report keeps its quote. Its ``why`` begins with what was ruled, by whom and why. Where a person settled the
place, ``confidence`` is unknown: it is a measured share of the program's own choices, and nobody measured people's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from geo.model import Mention, Place, Quote, Reading, Report, Verdict
from geo.reading.reports import precision_of, reach_km, summary_of
from geo.reference.gazetteer import Gazetteer
from geo.review.rulings import REJECTED, RULED, Ruling

Span = tuple[int, int]

_WHY_BYTES = 400


class Unmet(NamedTuple):
    """A ruling that could not be applied, and why."""

    ruling: Ruling
    because: str

    @property
    def words(self) -> str:
        """Return it for a person to read."""
        r = self.ruling
        what = f"the ruling “{r.words}” on {r.start}-{r.end} by {r.who} ({r.when[:10]}) does not hold"
        return f"{what}: {self.because}; rule again, or withdraw it"


@dataclass
class _Draft:
    """The reports of a digest while rulings are applied."""

    digest_text: str
    gazetteer: Gazetteer
    reports: dict[str, Report]  # by a name that stays, in reading order
    owners: dict[Span, str]  # of each mention: the report that it is told in
    verdicts: dict[Span, Verdict]
    rulings: dict[str, list[Ruling]]  # what was applied, by report


def ruled(reading: Reading, rulings: Sequence[Ruling], gazetteer: Gazetteer) -> Reading:
    """Return the reading as people ruled; without rulings it is the very same.

    ``rulings`` are those on this text that count, in order (``Rulings.on``). What cannot be applied is said in the
    warnings of the digest.
    """
    if not rulings:
        return reading
    draft = _draft(reading, gazetteer)
    unmet = [Unmet(ruling, because) for ruling in rulings if (because := _apply(ruling, draft))]
    reports, ids = _numbered(draft)
    digest = replace(reading.digest, warnings=(*reading.digest.warnings, *(each.words for each in unmet)))
    verdicts = tuple(_verdict(v, draft, ids) for v in reading.verdicts)
    return replace(reading, digest=digest, verdicts=verdicts, reports=reports)


def _draft(reading: Reading, gazetteer: Gazetteer) -> _Draft:
    verdicts = {(v.mention.start, v.mention.stop): v for v in reading.verdicts}
    owners = {span: v.report_id for span, v in verdicts.items() if v.report_id is not None}
    return _Draft(reading.digest.text, gazetteer, {r.id: r for r in reading.reports}, owners, verdicts, {})


def _apply(ruling: Ruling, draft: _Draft) -> str:
    """Apply one ruling; return why it cannot be applied, or nothing."""
    if ruling.span not in draft.verdicts:
        return "no place is named there any more"
    if ruling.span not in draft.owners:
        return f"no report is told there ({draft.verdicts[ruling.span].role.replace('_', ' ')})"
    name = draft.owners[ruling.span]
    because = _STEPS[ruling.decision](ruling, name, draft)
    if not because:
        draft.rulings.setdefault(draft.owners.get(ruling.span, name), []).append(ruling)
    return because


# --- decisions -------------------------------------------------------------------------------------------------------


def _accepted(ruling: Ruling, name: str, draft: _Draft) -> str:
    del ruling
    draft.reports[name] = replace(draft.reports[name], confidence=None)
    return ""


def _rejected(ruling: Ruling, name: str, draft: _Draft) -> str:
    told = _said(ruling)
    for span, owner in list(draft.owners.items()):
        if owner == name:
            draft.verdicts[span] = replace(draft.verdicts[span], role=REJECTED, why=told, report_id=None)
            del draft.owners[span]
    del draft.reports[name]
    return ""


def _moved(ruling: Ruling, name: str, draft: _Draft) -> str:
    place = draft.gazetteer.get(ruling.value)
    if place is None:
        return f"{ruling.value} is not in the gazetteer"
    draft.reports[name] = at_place(draft.reports[name], place, draft.verdicts[ruling.span].mention, draft.gazetteer)
    for span in [span for span, owner in draft.owners.items() if owner == name]:
        verdict = draft.verdicts[span]
        resolution = replace(verdict.resolution, place=place, decision=RULED, margin=None, twins_km=0.0)
        draft.verdicts[span] = replace(verdict, resolution=resolution)
    return ""


def at_place(report: Report, place: Place, mention: Mention, gazetteer: Gazetteer) -> Report:
    """Return a report at another place: as exact as the words around the mention and the place itself allow."""
    region = gazetteer.region_of(place)
    district = gazetteer.get(place.raion) if place.raion else None
    precision = precision_of(place, mention)
    on_map = place.kind != "country"
    return replace(
        report,
        place=place.name,
        place_local=place.name_local or None,
        place_id=place.id,
        place_source=place.source,
        precision=precision,
        radius_km=reach_km(place, mention, precision),
        nominal=precision not in ("site", "settlement") or place.position == "estimated",
        position=place.position,
        region=region.name if region else None,
        district=district.name if district else None,
        lat=place.lat if on_map else None,
        lon=place.lon if on_map else None,
        confidence=None,
    )


def _dated(ruling: Ruling, name: str, draft: _Draft) -> str:
    first, last = (day.isoformat() for day in ruling.days)
    draft.reports[name] = replace(
        draft.reports[name],
        date=first,
        date_end=last,
        date_precision="day" if first == last else "range",
        date_basis=RULED,
        event_ts=f"{first}T12:00:00Z",
    )
    return ""


def _of_kind(ruling: Ruling, name: str, draft: _Draft) -> str:
    report = draft.reports[name]
    if report.kind != ruling.value:  # action and outcome were said of the other kind
        draft.reports[name] = replace(report, kind=ruling.value, action=None, outcome=None)
    return ""


def _merged(ruling: Ruling, name: str, draft: _Draft) -> str:
    other = draft.owners.get(ruling.other)
    if other is None:
        return f"no report is told at {ruling.value}"
    if other == name:
        return ""  # they are one already
    kept, gone = draft.reports[name], draft.reports.pop(other)
    theirs = Quote(gone.quote, gone.quote_start, gone.quote_end, gone.claimant, gone.claimant_side)
    known = {(kept.quote_start, kept.quote_end)}
    quotes = []
    for quote in sorted((*kept.more_quotes, theirs, *gone.more_quotes), key=lambda q: q.start):
        if (quote.start, quote.end) not in known:
            known.add((quote.start, quote.end))
            quotes.append(quote)
    draft.reports[name] = replace(kept, more_quotes=tuple(quotes))
    draft.rulings.setdefault(name, []).extend(draft.rulings.pop(other, ()))
    draft.owners.update({span: name for span, owner in draft.owners.items() if owner == other})
    return ""


def _split(ruling: Ruling, name: str, draft: _Draft) -> str:
    """Give further sentences reports of their own: all of them, or the one whose mention was named."""
    report = draft.reports[name]
    further = [span for span, owner in draft.owners.items() if owner == name and not _in_quote(span, report)]
    if not _in_quote(ruling.span, report):
        further = [span for span in further if _sentence(span, draft) == _sentence(ruling.span, draft)]
    if not further:
        return "its report stands on one sentence"
    for sentence in dict.fromkeys(_sentence(span, draft) for span in further):
        spans = [span for span in further if _sentence(span, draft) == sentence]
        own = _own_report(report, spans[0], sentence, draft)
        named = f"{name}/{sentence[0]}"
        _put_behind(draft, name, named, own)
        draft.owners.update(dict.fromkeys(spans, named))
        draft.rulings[named] = [ruling]
    gone = {_sentence(span, draft) for span in further}
    kept = tuple(quote for quote in report.more_quotes if (quote.start, quote.end) not in gone)
    draft.reports[name] = replace(report, more_quotes=kept)
    return ""


def _own_report(report: Report, span: Span, sentence: Span, draft: _Draft) -> Report:
    """Return a report of one further sentence; what another sentence may have said is unknown."""
    quote = next((q for q in report.more_quotes if (q.start, q.end) == sentence), None)
    claimant, side = (quote.claimant, quote.claimant_side) if quote else (None, "none")
    return replace(
        report,
        quote=draft.digest_text[slice(*sentence)],
        quote_start=sentence[0],
        quote_end=sentence[1],
        mention=draft.digest_text[slice(*span)],
        mention_start=span[0],
        mention_end=span[1],
        more_quotes=(),
        claimant=claimant,
        claimant_id=report.claimant_id if claimant == report.claimant else None,
        claimant_side=side,
        via=(),
        status="claimed" if claimant else "reported",
        action=None,
        means=None,
        outcome=None,
        actor=None,
        actor_side=None,
        killed_min=None,
        killed_max=None,
        injured_min=None,
        injured_max=None,
    )


def _in_quote(span: Span, report: Report) -> bool:
    return report.quote_start <= span[0] < report.quote_end


def _sentence(span: Span, draft: _Draft) -> Span:
    sentence = draft.verdicts[span].sentence
    return sentence.start, sentence.stop


def _put_behind(draft: _Draft, name: str, named: str, report: Report) -> None:
    items = list(draft.reports.items())
    place = 1 + max(n for n, (known, _) in enumerate(items) if known == name or known.startswith(f"{name}/"))
    draft.reports = dict([*items[:place], (named, report), *items[place:]])


_STEPS: Mapping[str, Callable[[Ruling, str, _Draft], str]] = {
    "split": _split,
    "merge": _merged,
    "kind": _of_kind,
    "date": _dated,
    "place": _moved,
    "accept": _accepted,
    "reject": _rejected,
}


# --- what comes of it ------------------------------------------------------------------------------------------------


def _numbered(draft: _Draft) -> tuple[tuple[Report, ...], dict[str, str]]:
    """Return the reports with the ids of the contract, and these ids by the names of the draft."""
    seen: dict[str, int] = {}
    written, ids = [], {}
    for name, report in draft.reports.items():
        plain = f"{report.digest}.{report.place_id}.{report.kind}.{report.date}"
        seen[plain] = seen.get(plain, 0) + 1
        ids[name] = f"{plain}-{seen[plain]}" if seen[plain] > 1 else plain
        written.append(replace(_worded(report, draft.rulings.get(name, ()), draft.gazetteer), id=ids[name]))
    return tuple(written), ids


def _worded(report: Report, rulings: Sequence[Ruling], gazetteer: Gazetteer) -> Report:
    if not rulings:
        return report
    place = gazetteer.get(report.place_id)
    region = gazetteer.region_of(place) if place else None
    said = "; ".join([*map(_said, rulings), report.why])
    why = said.encode()[:_WHY_BYTES].decode(errors="ignore")
    return replace(report, summary=summary_of(report, region, gazetteer.parties), why=why)


def _said(ruling: Ruling) -> str:
    """Return a ruling as a reason; ``;`` parts reasons."""
    return f"{RULED}: {ruling.words}, {ruling.who}, {ruling.when[:10]}: {ruling.why}".replace(";", ",")


def _verdict(verdict: Verdict, draft: _Draft, ids: Mapping[str, str]) -> Verdict:
    span = (verdict.mention.start, verdict.mention.stop)
    owner = draft.owners.get(span)
    return replace(draft.verdicts[span], report_id=ids[owner] if owner is not None else None)
