"""Findings that a finer one close by tells of too: the oblast before its villages, the headline before its text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from geo.reading.people import People
from geo.reading.reports import Finding
from geo.reading.verdicts import Reason
from geo.reference.gazetteer import Gazetteer, distance_km

_BLASTS = frozenset({"air_strike", "explosion"})  # "a drone attack sparked an explosion": headline and lead differ
_FAMILIES = (
    frozenset({"air_strike", "shelling", "explosion", "casualties", "other"}),
    frozenset({"capture", "ground_fighting"}),
)
_VAGUE = frozenset({"casualties", "other"})
_HEADING_WORDS = 22
_HEADING_REACH = 3  # lines under a heading
_TITLE_REACH = 60  # lines of a digest under its title
_SITE_KM = 25  # a plant of a city


def only_wider(findings: Sequence[Finding], gazetteer: Gazetteer) -> Iterator[tuple[Finding, Reason]]:
    """Yield the findings that a finer one close by tells of too: "in Sumy oblast …" before the villages there."""
    headings = dict(_told_below(findings, gazetteer))
    yield from ((f, headings[f.mention.start]) for f in findings if f.mention.start in headings)
    findings = [f for f in findings if f.mention.start not in headings]
    by_block: dict[int, list[Finding]] = {}
    for finding in findings:
        by_block.setdefault(finding.scene.sentence.block, []).append(finding)
    districts = list({(f.place.id, f.happening.kind): f for f in findings if f.place.kind == "city_district"}.values())
    for coarse in findings:
        city = coarse.place.kind == "city" and coarse.precision in ("settlement", "near")
        wide = coarse.precision in ("region", "district") or coarse.place.kind == "area"
        if (wide or city) and not coarse.fallback:
            block = coarse.scene.sentence.block
            close: Iterable[Finding] = (f for b in range(block - 2, block + 3) for f in by_block.get(b, ()))
            finer = next((f for f in (districts if city else close) if _tells_finer(f, coarse, gazetteer)), None)
            if finer is not None:
                yield coarse, ("container", f"{finer.mention.text} lies there and tells the same")


def _told_below(findings: Sequence[Finding], gazetteer: Gazetteer) -> Iterator[tuple[int, Reason]]:
    """Yield what a heading names loosely and the lines under it exactly: "Dead in Odesa", and then a village there."""
    for index, heading in enumerate(findings):
        if not _is_in_heading(heading):
            continue
        block = heading.scene.sentence.block
        last = block + (_TITLE_REACH if block == 0 else _HEADING_REACH)
        below = (f for f in findings[index + 1 :] if block < f.scene.sentence.block <= last)
        told = next((f for f in below if _fills_heading(f, heading, gazetteer)), None)
        if told is not None:
            yield heading.mention.start, ("container", f"{told.mention.text} is told of below this heading")


def _is_in_heading(finding: Finding) -> bool:
    """Whether a finding stands in a short line without a full stop."""
    scene = finding.scene
    line = scene.text[scene.sentence.start : scene.sentence.stop].rstrip('*_ »”"')
    return scene.sentence.first and len(scene.words) <= _HEADING_WORDS and not line.endswith((".", ";", ","))


def _fills_heading(told: Finding, heading: Finding, gazetteer: Gazetteer) -> bool:
    kinds = {told.happening.kind, heading.happening.kind}
    if not (len(kinds) == 1 or any(kinds <= family for family in _FAMILIES)) or _is_in_heading(told):
        return False
    if told.happening.kind in _VAGUE and heading.happening.kind not in _VAGUE:
        return False  # the heading says more: "Missiles hit Kharkiv", and then how many were hurt
    if told.place.id == heading.place.id:
        return len(kinds) > 1 and heading.happening.kind != "casualties"  # its dead join the report of what killed them
    named = [gazetteer.place(n.place_id) for n in heading.mention.names]
    units = [
        p for p in named if p.kind in ("region", "area") and not (heading.mention.kinds and p.id != heading.place.id)
    ]
    if any(told.place.id == u.id or gazetteer.lies_in(told.place, u) for u in units):
        return True
    site = told.precision == "site" and heading.place.kind == "city" and told.place.parent == heading.place.parent
    return site and distance_km(told.place, heading.place) < _SITE_KM


def _tells_finer(finer: Finding, coarse: Finding, gazetteer: Gazetteer) -> bool:
    one_list = finer.scene is coarse.scene and finer.mention.group == coarse.mention.group
    kinds = {finer.happening.kind, coarse.happening.kind}
    if one_list or not (len(kinds) == 1 or kinds <= _BLASTS):
        return False  # "over Belgorod and Belgorod raion": two places
    if coarse.place.kind == "city":
        return _in_district_of(finer, coarse)
    if coarse.place.kind == "region" and finer.scene is not coarse.scene:
        region = gazetteer.region_of(finer.place)
        if region is not None and region.id != coarse.place.id:
            return False  # Sevastopol, a region of its own, and "over Crimea" elsewhere: two
    slack = timedelta(days=coarse.when.precision == "by")  # a day is not told there: the one before may be meant
    same_time = finer.when.first <= coarse.when.last + slack and coarse.when.first - slack <= finer.when.last
    no_figures = coarse.happening.people in (People(), finer.happening.people)
    exact = finer.precision in ("site", "settlement", "near") and finer.place.id != coarse.place.id
    return same_time and no_figures and exact and gazetteer.lies_in(finer.place, coarse.place)


def _in_district_of(finer: Finding, coarse: Finding) -> bool:
    inside = finer.place.kind == "city_district" and distance_km(finer.place, coarse.place) < 25
    days_apart = abs((finer.when.first - coarse.when.first).days)
    return inside and (days_apart <= 1 or "by" in (finer.when.precision, coarse.when.precision))
