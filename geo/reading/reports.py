"""From findings to reports: one report for each place, kind and time, in the fields of the contract."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from geo.kinds import kinds
from geo.model import Candidate, Digest, Evidence, Mention, Place, Quote, Report, Resolution
from geo.reading.actors import ENEMY
from geo.reading.attribution import CLAIMANTS, Claim, office_called
from geo.reading.confidence import confidence
from geo.reading.happenings import Happening
from geo.reading.people import People
from geo.reference.gazetteer import LINES, SETTLEMENTS, Gazetteer
from geo.reference.names import fold
from geo.text.mentions import Scene

NEAR_KM = 10.0  # "near X", "in the area of X"
TOWARD_KM = 15.0
UNKNOWN_NAME_KM = 20.0  # near the only place that the text names, as the village itself is not known
_WHY_BYTES = 400
# What one sentence of a digest calls so is part of what another calls so: a heading counts the dead of a strike.
_STRIKES = frozenset({"air_strike", "shelling", "casualties"})  # those hit tell of them
_GAINS = frozenset({"capture", "withdrawal"})  # those who made them
_ARMIES = frozenset({"defence_ministry", "defence_minister", "general_staff", "armed_forces"})
_PARTS = {
    "casualties": ("air_strike", "shelling", "explosion"),
    "shelling": ("air_strike",),
    "other": ("air_strike", "shelling", "explosion"),
}


_Facts = tuple[str | None, int | None, int | None]  # means, killed, injured; None: not said


@dataclass(frozen=True)
class When:
    """The time of an event: both ends included, how exact, and how it is known."""

    first: date
    last: date
    precision: str  # day, range, by
    basis: str  # stated, weekday, relative, briefing, day_number, digest


@dataclass(frozen=True)
class Finding:
    """One sentence's word of an event at a place, before findings of the same event are merged."""

    scene: Scene
    mention: Mention
    place: Place
    resolution: Resolution
    precision: str
    happening: Happening
    when: When
    claim: Claim | None
    via: tuple[str, ...] = ()
    axis: str | None = None
    fallback: str | None = None  # why the report stands at a wider place than the text names


def precision_of(place: Place, mention: Mention) -> str:
    """Return how exactly the text places the event, in the terms of the contract."""
    if place.kind in ("country", "region"):
        return place.kind
    if place.kind in ("raion", "hromada"):
        return "district"
    if place.kind in LINES:
        return "line"
    if mention.relation in ("near", "toward", "bearing"):
        return "near"
    return "settlement" if place.kind in SETTLEMENTS else "site"


def reports_of(digest: Digest, findings: Sequence[Finding], gazetteer: Gazetteer) -> list[tuple[Report, list[Finding]]]:
    """Merge findings of the same event and write the reports, in reading order.  Each comes with its findings."""
    groups = _merged(findings)
    written: list[tuple[Report, list[Finding]]] = []
    seen: dict[str, int] = {}
    for group in sorted(groups, key=lambda g: min(f.mention.start for f in g)):
        report = _report(digest, group, gazetteer)
        seen[report.id] = seen.get(report.id, 0) + 1
        number = seen[report.id]
        written.append((replace(report, id=f"{report.id}-{number}") if number > 1 else report, group))
    return written


def _merged(findings: Sequence[Finding]) -> list[list[Finding]]:
    groups: list[_Incident] = []
    of_place: dict[tuple[str, str], list[_Incident]] = {}
    for finding in findings:
        known = of_place.setdefault((finding.place.id, finding.happening.kind), [])
        facts = _facts(finding.happening)
        same = next((i for i in known if _one_event(i.findings[0], finding) and i.admits(facts)), None)
        if same is None:
            same = _Incident([], set())
            known.append(same)
            groups.append(same)
        same.findings.append(finding)
        same.facts.add(facts)
    for part in groups:
        wholes = (i for kind in _part_of(part) for i in of_place.get((part.findings[0].place.id, kind), ()))
        whole = next((w for w in wholes if _tells_of(w, part)), None)
        if whole is not None:
            kind = whole.findings[0].happening.kind
            whole.findings.extend(replace(f, happening=replace(f.happening, kind=kind)) for f in part.findings)
            part.findings.clear()
    return [incident.findings for incident in groups if incident.findings]


class _Incident(NamedTuple):
    """Findings of one event, and the different facts that they give: means, killed, injured."""

    findings: list[Finding]
    facts: set[_Facts]

    def admits(self, facts: _Facts) -> bool:
        """Other victims or other means make another incident."""
        return all(_compatible(known, facts) for known in self.facts)


def _part_of(incident: _Incident) -> tuple[str, ...]:
    """The kinds that an incident may be a part of, as its sentences do not say what did it."""
    happenings = [f.happening for f in incident.findings]
    vague = all(h.means is None and (h.kind == "casualties" or h.cue.value.get("weak")) for h in happenings)
    return _PARTS.get(happenings[0].kind, ()) if vague else ()


def _tells_of(whole: _Incident, part: _Incident) -> bool:
    """Whether a strike that is told elsewhere is what the sentences of ``part`` tell of: same time, same facts."""
    one, other = whole.findings[0], part.findings[0]
    if other.happening.kind == "shelling" and not (_share_a_fact(whole, part) or _on_one_line(one, other)):
        return False  # a town is struck and shelled on one day
    if one.precision != other.precision:  # shot near a town that was struck
        return False
    return _one_event(one, other) and all(whole.admits(facts) for facts in part.facts)


def _share_a_fact(some: _Incident, others: _Incident) -> bool:
    def said(incident: _Incident) -> set[tuple[int, object]]:
        return {(i, fact) for facts in incident.facts for i, fact in enumerate(facts) if fact is not None}

    return bool(said(some) & said(others))


def _on_one_line(one: Finding, other: Finding) -> bool:
    first, second = sorted((one.scene.sentence, other.scene.sentence), key=lambda s: s.start)
    return "\n" not in one.scene.text[first.stop : second.start]


def _facts(happening: Happening) -> _Facts:
    return happening.means, happening.people.killed_min, happening.people.injured_min


def _one_event(one: Finding, other: Finding) -> bool:
    """Same time, of one place and kind; a sentence that gives no day tells of the day that another gives."""
    if "by" in (one.when.precision, other.when.precision):
        return abs((one.when.last - other.when.last).days) <= 1
    return (one.when.first, one.when.last) == (other.when.first, other.when.last)


def _compatible(some: _Facts, others: _Facts) -> bool:
    return all(None in pair or pair[0] == pair[1] for pair in zip(some, others, strict=True))


def _report(digest: Digest, group: Sequence[Finding], gazetteer: Gazetteer) -> Report:
    telling = [f for f in group if f.happening.kind == group[0].happening.kind]  # not those that only count victims
    main = max(telling, key=lambda f: (_fullness(f), -f.mention.start))
    place, mention, happening = main.place, main.mention, main.happening
    when = next((f.when for f in (main, *group) if f.when.precision != "by"), main.when)
    claim = main.claim or next((f.claim for f in group if f.claim), None)
    acting = next((f.happening for f in (main, *group) if f.happening.actor), None)
    side, claimant, claimant_id = _voice(digest, claim and _by_what_was_done(claim, acting, gazetteer))
    region = gazetteer.region_of(place)
    district = gazetteer.get(place.raion) if place.raion else None
    people = _all_people(group)
    on_map = place.kind != "country"
    sentence = main.scene.sentence
    report = Report(
        id=f"{digest.id}.{place.id}.{happening.kind}.{when.first.isoformat()}",
        digest=digest.id,
        outlet=digest.outlet,
        url=digest.url,
        language=digest.language,
        published=digest.published.isoformat() if digest.published else None,
        sample=digest.sample,
        digest_sha256=digest.digest_sha256,
        text_sha256=digest.text_sha256,
        summary="",
        place=place.name,
        place_local=place.name_local or None,
        place_id=place.id,
        place_source=place.source,
        precision=main.precision,
        radius_km=_radius_km(main),
        nominal=_nominal(main),
        position=place.position,
        region=region.name if region else None,
        district=district.name if district else None,
        axis=main.axis,
        bearing=mention.bearing,
        distance_km=mention.distance_km,
        lat=place.lat if on_map else None,
        lon=place.lon if on_map else None,
        date=when.first.isoformat(),
        date_end=when.last.isoformat(),
        date_precision=when.precision,
        date_basis=when.basis,
        event_ts=f"{when.first.isoformat()}T12:00:00Z",
        kind=happening.kind,
        action=_first_said(group, "action"),
        means=_first_said(group, "means"),
        actor=acting.actor if acting else None,
        actor_side=_side_of(acting.actor_side, side, gazetteer) if acting else None,
        claimant=claimant,
        claimant_id=claimant_id,
        claimant_side=side,
        via=tuple(dict.fromkeys(v for f in group for v in f.via)),
        status="claimed" if claimant_id or claimant else "reported",
        outcome=_first_said(group, "outcome"),
        killed_min=people.killed_min,
        killed_max=people.killed_max,
        injured_min=people.injured_min,
        injured_max=people.injured_max,
        running_total=happening.running_total,
        quote=main.scene.text[sentence.start : sentence.stop],
        quote_start=sentence.start,
        quote_end=sentence.stop,
        mention=mention.text,
        mention_start=mention.start,
        mention_end=mention.stop,
        more_quotes=_further(group, main),
        confidence=confidence(place, main.resolution, main.fallback),
        why=why(main),
    )
    return replace(report, summary=summary_of(report, region, gazetteer.parties))


def _fullness(finding: Finding) -> int:
    """The most complete sentence becomes the main quote."""
    happening = finding.happening
    parts = (
        finding.claim,
        happening.actor,
        happening.means,
        happening.people.killed_min,
        happening.people.injured_min,
        finding.when.precision != "by",
    )
    return sum(bool(p) for p in parts)


def _voice(digest: Digest, claim: Claim | None) -> tuple[str, str | None, str | None]:
    if claim is not None:
        return claim.side, claim.claimant, claim.claimant_id
    own = _claimants()["own_voice"].get(digest.outlet or "")
    if own:
        return own, digest.outlet, f"{own}.institute"
    office = office_called(digest.outlet or "", digest.language)
    return (office.partition(".")[0], digest.outlet, office) if office else ("none", None, None)


def _by_what_was_done(claim: Claim, acting: Happening | None, gazetteer: Gazetteer) -> Claim:
    """Let "the mayor" who says that a city was struck speak for those hit, and "the army" that advanced for itself.

    So where nothing but the place of the event tells for whom an office speaks.
    """
    if not claim.by_place or acting is None or acting.actor_side not in gazetteer.parties:
        return claim
    side = _side_of(ENEMY, acting.actor_side, gazetteer) if acting.kind in _STRIKES else None
    side = acting.actor_side if acting.kind in _GAINS and claim.office in _ARMIES else side
    return replace(claim, side=side, claimant_id=f"{side}.{claim.office}") if side else claim


def _side_of(actor_side: str | None, speaker: str, gazetteer: Gazetteer) -> str | None:
    """The side of an actor; "the enemy" is the other side than the one that speaks, if it is a party at all."""
    if actor_side != ENEMY:
        return actor_side
    others = [side for side in gazetteer.parties if side != speaker]
    return others[0] if speaker in gazetteer.parties and len(others) == 1 else None


def _first_said(group: Sequence[Finding], field: str) -> str | None:
    """Return the first action, means or outcome that a sentence of the group gives."""
    return next((said for f in group if (said := getattr(f.happening, field))), None)


def _all_people(group: Sequence[Finding]) -> People:
    def first(field: str) -> int | None:
        return next((n for f in group if (n := getattr(f.happening.people, field)) is not None), None)

    return People(first("killed_min"), first("killed_max"), first("injured_min"), first("injured_max"))


def _radius_km(finding: Finding) -> float | None:
    """Radius of what the point stands for: the widest of extent, position error and the relation's own."""
    least = finding.resolution.twins_km
    if finding.fallback and finding.precision == "near":
        return _widest_km(finding.place, UNKNOWN_NAME_KM, least)
    return reach_km(finding.place, finding.mention, finding.precision, least)


def reach_km(place: Place, mention: Mention, precision: str, least_km: float = 0.0) -> float | None:
    """Return the radius of what a report's point stands for, ``least_km`` at least; None for a country."""
    relation = 0.0
    if precision == "near":
        relation = TOWARD_KM if mention.relation == "toward" else NEAR_KM
        if mention.distance_km is not None:
            relation = mention.distance_km + max(2.0, mention.distance_km / 4)
    return _widest_km(place, relation, least_km)


def _widest_km(place: Place, relation_km: float, least_km: float) -> float | None:
    return None if place.kind == "country" else round(max(place.extent_km, place.accuracy_km, relation_km, least_km), 1)


def _nominal(finding: Finding) -> bool:
    return finding.precision not in ("site", "settlement") or finding.place.position == "estimated"


def _further(group: Sequence[Finding], main: Finding) -> tuple[Quote, ...]:
    spans = {(main.scene.sentence.start, main.scene.sentence.stop)}
    quotes = []
    for finding in sorted(group, key=lambda f: f.scene.sentence.start):
        sentence = finding.scene.sentence
        if (sentence.start, sentence.stop) not in spans:
            spans.add((sentence.start, sentence.stop))
            quotes.append(quote_of(finding.scene, finding.claim, "same"))
    return tuple(quotes)


def quote_of(scene: Scene, claim: Claim | None, stance: str) -> Quote:
    """Make a further quote of a sentence."""
    start, stop = scene.sentence.start, scene.sentence.stop
    claimant, side = (claim.claimant, claim.side) if claim else (None, "none")
    return Quote(scene.text[start:stop], start, stop, claimant, side, stance)


# --- words for people ------------------------------------------------------------------------------------------------


@cache
def _claimants() -> dict[str, dict[str, str]]:
    return tomllib.loads(CLAIMANTS.read_text(encoding="utf-8"))


def why(finding: Finding) -> str:
    """Return the rules and words that decided, 400 bytes at most."""
    parts = [finding.fallback] if finding.fallback else []
    chosen = next((c for c in finding.resolution.candidates if c.place.id == finding.place.id), None)
    if chosen is not None:
        strongest = sorted(chosen.evidence, key=lambda e: -(e.weight or 0))
        parts += [_said(e) for e in strongest[:4] if (e.weight or 0) >= 0.5]
        refused = sum(c.vetoed for c in finding.resolution.candidates)
        parts += [f"refused: {refused} of the same name"] if refused else []
    parts.append(f"event word: {finding.scene.text[finding.happening.cue.start : finding.happening.cue.stop]}")
    text = "; ".join(p for p in parts if p)
    return text.encode()[:_WHY_BYTES].decode(errors="ignore")


def _said(evidence: Evidence) -> str:
    rule = evidence.rule.replace("_", " ")
    return f"{rule}: {evidence.words}" if evidence.words else rule


def refusals(candidates: Iterable[Candidate]) -> str:
    """Return the words that spoke against the candidates, for a fallback's reason."""
    vetoes = [e for c in candidates for e in c.evidence if e.weight is None]
    return "; ".join(dict.fromkeys(_said(e) for e in vetoes[:2]))


def summary_of(report: Report, region: Place | None, parties: Mapping[str, Any]) -> str:
    """Write one neutral sentence in English about a report."""
    noun = kinds()[report.kind].noun
    where = _where(report, region)
    who = claimant_words(report.claimant_id, report.claimant, parties)
    claimed = f", claimed by {who}" if who else ""
    return f"{noun} {where}{claimed}; {date_words(report)}"


def _where(report: Report, region: Place | None) -> str:
    place = report.place
    unit = unit_words(region) if region else ""
    if report.precision == "region" and region:
        return f"in {unit}" if report.kind != "capture" else f"of ground in {unit}"
    if report.precision == "district":
        return f"in {place} district ({unit})"
    if report.precision == "line":
        return f"on the {place}" if "axis" in place else f"at {place}"
    inside = f" ({unit})" if unit and fold(unit) != fold(place) else ""
    return f"{_preposition(report)} {place}{inside}"


def _preposition(report: Report) -> str:
    if report.precision == "near":
        return "near"
    taken = report.kind == "capture" and report.action in (None, "seized", "retaken")
    return "of" if taken else "at"


def unit_words(region: Place) -> str:
    """Return "Donetsk oblast", "Krasnodar krai", "Crimea"."""
    says_its_kind = region.name.endswith(("krai", "Republic", "okrug", "oblast", "city"))
    bare = says_its_kind or region.id in ("crimea", "sevastopol", "kyivcity", "moscowcity")
    return region.name if bare or not region.name_local.endswith(("ка", "кая", "ька")) else f"{region.name} oblast"


def claimant_words(claimant_id: str | None, claimant: str | None, parties: Mapping[str, Any]) -> str | None:
    """Return "the Russian defence ministry" for a known source, else the source's own words."""
    if claimant_id is None:
        return claimant
    words = _claimants()
    if claimant_id in words["others"]:
        return words["others"][claimant_id]
    side, _, office = claimant_id.partition(".")
    label = words["offices"].get(office)
    return f"the {parties[side]['demonym']} {label}" if label and side in parties else claimant


def date_words(report: Report) -> str:
    """Return "1 Nov 2024", "1-2 Nov 2024", "by 1 Nov 2024"."""
    first, last = date.fromisoformat(report.date), date.fromisoformat(report.date_end)
    if first == last:
        words = f"{first.day} {first:%b %Y}"
    elif (first.year, first.month) == (last.year, last.month):
        words = f"{first.day}–{last.day} {first:%b %Y}"
    else:
        words = f"{first.day} {first:%b} – {last.day} {last:%b %Y}"
    return f"by {words}" if report.date_precision == "by" else words
