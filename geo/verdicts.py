"""What becomes of a mention: a finding, or the reason why nothing is reported there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo import roles
from geo.attribution import Claim, speaks
from geo.cues import Cue
from geo.dates import Dated, dates_in
from geo.gazetteer import LINES, SETTLEMENTS, UNITS, Gazetteer, distance_km
from geo.happenings import Happening, People, happening_at
from geo.mentions import Scene
from geo.model import Digest, Mention, Place, Resolution
from geo.reports import Finding, When, precision_of, refusals
from geo.resolution import Settled, attachments

Reason = tuple[str, str]  # the reason's name, and the words that decided


@dataclass(frozen=True)
class Around:
    """What a mention is judged by besides its own sentence."""

    digest: Digest
    scenes: Sequence[Scene]
    settled: Settled
    claims: Sequence[Claim | None]
    via: Sequence[tuple[str, ...]]
    gazetteer: Gazetteer


def judged(mention: Mention, number: int, around: Around) -> Finding | Reason:
    """Return what the scene ``number`` reports at a mention, or the reason why it reports nothing there."""
    scene, gazetteer, settled = around.scenes[number], around.gazetteer, around.settled
    if scene.pack is None:
        return "no_language_pack", ""
    if early := roles.role_of(scene, mention, _places(mention, gazetteer)):
        return early
    if speaks(mention, around.claims[number]):
        return "part_of_name", around.claims[number].claimant  # type: ignore[union-attr]
    if helping := _only_helps(mention, scene, around):
        return helping
    if other_time := roles.background(scene, mention):
        return "background", other_time
    happening = happening_at(scene, mention)
    if happening is None:
        return "no_event", "no word of an event in this clause"
    if isinstance(happening, str):
        return "not_reported_as_happened", happening
    resolution = settled[mention.start]
    place, precision, fallback = _placed(mention, resolution, scene, around)
    if place is None:
        return "unresolved", fallback
    if place.kind == "country":
        return "country_only", mention.text
    if gazetteer.country(place) not in gazetteer.home | {""}:
        return "outside_theatre", place.name
    when = _when(mention, happening, number, around)
    if when is None:
        return "no_date", "neither the text nor the metadata names a day"
    return Finding(
        scene, mention, place, resolution, precision, happening, when, around.claims[number], around.via[number],
        _axis(scene, mention, around), fallback or None,
    )  # fmt: skip


def _places(mention: Mention, gazetteer: Gazetteer) -> list[Place]:
    return [gazetteer.place(n.place_id) for n in mention.names]


# --- anchors and containers ------------------------------------------------------------------------------------------


def _only_helps(mention: Mention, scene: Scene, around: Around) -> Reason | None:
    """A place that only helps to find another: "near Vuhledar", "in Donetsk", "on the Pokrovsk axis"."""
    place = _place_of(mention, around)
    if mention.heading and (finer_words := _heads_a_finer_place(mention, scene, around)):
        return "container", finer_words
    for other in _rivals(mention, scene, around):
        if any(a.start == mention.start for a in attachments(scene, other)):
            wide = mention.relation not in ("near", "bearing", "toward") or (place is not None and place.kind in UNITS)
            return (
                "container" if wide else "anchor"
            ), f"{other.text} … {mention.relation_words} {mention.text}".replace("  ", " ")
    if place is None:
        return None
    for other in _rivals(mention, scene, around):
        finer = _place_of(other, around)
        if _contains(place, finer, other, around.gazetteer):
            return "container", f"{other.text} lies there"
        if (
            mention.relation == "bearing"
            and other.clause == mention.clause
            and finer
            and finer.kind in SETTLEMENTS
            and other.relation != "bearing"
        ):
            return "anchor", f"{mention.relation_words} {mention.text}"
    return None


def _heads_a_finer_place(mention: Mention, scene: Scene, around: Around) -> str | None:
    """Whether the line behind a heading ("Belgorod: …") names a place in that oblast."""
    readings = [p for p in _places(mention, around.gazetteer) if p.kind in UNITS]
    for other_scene in around.scenes:
        if other_scene.sentence.block == scene.sentence.block:
            for other in other_scene.mentions:
                finer = _place_of(other, around)
                inside = (
                    finer
                    and finer.kind not in UNITS | LINES
                    and any(around.gazetteer.lies_in(finer, r) for r in readings)
                )
                if inside and other.group != mention.group:
                    return f"{mention.text}: … {other.text}"
    return None


def _rivals(mention: Mention, scene: Scene, around: Around) -> Iterator[Mention]:
    """Mentions of the sentence that may themselves be where it happened."""
    for other in scene.mentions:
        if other.group != mention.group and not roles.role_of(scene, other, _places(other, around.gazetteer)):
            yield other


def _contains(place: Place, finer: Place | None, other: Mention, gazetteer: Gazetteer) -> bool:
    if place.kind in UNITS:
        if finer is None:
            return not other.names and place.kind == "region"  # an unknown village beside its oblast
        return finer.kind not in UNITS | LINES and gazetteer.lies_in(finer, place)
    if place.kind == "axis":
        return finer is not None and finer.kind in SETTLEMENTS
    return (
        place.kind == "city"
        and finer is not None
        and finer.kind not in SETTLEMENTS | UNITS | LINES
        and finer.parent == place.parent
    )


def _place_of(mention: Mention, around: Around) -> Place | None:
    resolution = around.settled.get(mention.start)
    return resolution.place if resolution else None


def _axis(scene: Scene, mention: Mention, around: Around) -> str | None:
    axes = [p for m in scene.mentions if m.start != mention.start and (p := _place_of(m, around)) and p.kind == "axis"]
    return axes[0].name if axes else None


# --- the place of a finding ------------------------------------------------------------------------------------------


def _placed(mention: Mention, resolution: Resolution, scene: Scene, around: Around) -> tuple[Place | None, str, str]:
    """Return (place, precision, why not finer).  Where the place itself is not known, what the text names around it."""
    if resolution.place is not None:
        return resolution.place, precision_of(resolution.place, mention), ""
    missing = {
        "unknown_name": f"the name {mention.text} is not in the gazetteer",
        "all_vetoed": f"no {mention.text} that fits the text is known ({refusals(resolution.candidates)})",
        "low_margin": f"several places are called {mention.text} and the text does not decide",
    }[resolution.decision]
    helpers = [(m, p) for m in attachments(scene, mention) if (p := _wider_place(m, around))]
    for other, place in helpers:
        somewhere_around = other.relation == "bearing" and other.distance_km is None and place.kind == "city"
        if place.kind not in UNITS | LINES and other.relation in ("near", "bearing", "toward") and not somewhere_around:
            return place, "near", f"{missing}, so the report stands near {place.name}"
    regions = [p for _, p in helpers if p.kind in ("region", "raion")] or _regions_before(mention, scene, around)
    regions = regions or [r for _, p in helpers if (r := around.gazetteer.region_of(p))]
    if regions:
        place = next((p for p in regions if p.kind == "raion"), regions[0])
        return (
            place,
            "district" if place.kind == "raion" else "region",
            f"{missing}, so the report covers {place.name} as a whole",
        )
    return None, "", missing


def _wider_place(mention: Mention, around: Around) -> Place | None:
    """The reading of a helping mention: behind a village, a name of both a city and an oblast is the oblast."""
    if mention.relation in ("in", "of", "none") and not mention.kinds & SETTLEMENTS:
        regions = [p for p in _places(mention, around.gazetteer) if p.kind == "region"]
        if regions:
            return regions[0]
    return _place_of(mention, around)


def _regions_before(mention: Mention, scene: Scene, around: Around) -> list[Place]:
    return [
        p
        for m in scene.mentions
        if m.group != mention.group
        and (p := _place_of(m, around))
        and p.kind in ("region", "raion")
        and m.relation in ("in", "none")
    ]


# --- the time of a finding -------------------------------------------------------------------------------------------


def _when(mention: Mention, happening: Happening, number: int, around: Around) -> When | None:
    """A day named in the sentence, else earlier in its paragraph, else the day that the digest covers."""
    digest, scene = around.digest, around.scenes[number]
    named = _own_dates(scene, digest)
    if named:
        day = min(named, key=lambda d: _farness(d, mention, happening, scene))
        return When(day.first, day.last, "day" if day.first == day.last else "range", day.basis)
    for earlier in reversed(around.scenes[max(0, number - 5) : number]):
        if earlier.sentence.block != scene.sentence.block:
            break
        stated = [d for d in _own_dates(earlier, digest) if d.basis in ("stated", "weekday")]
        if stated:
            return When(
                stated[-1].first,
                stated[-1].last,
                "day" if stated[-1].first == stated[-1].last else "range",
                stated[-1].basis,
            )
    if digest.day is None:
        return None
    basis = digest.day_basis if digest.day_basis in ("day_number", "briefing") else "digest"
    return When(digest.day, digest.day, "by", basis or "digest")


def _own_dates(scene: Scene, digest: Digest) -> list[Dated]:
    """Days that the sentence names, less those that are only bounds ("since", "until")."""
    found = dates_in(scene.text, scene.words, scene.cues, digest.published or digest.day)
    bounds = scene.tagged("date_bound")
    return [d for d in found if not any(_right_before(b, d, scene) for b in bounds) and not _too_far(d, digest)]


def _right_before(bound: Cue, dated: Dated, scene: Scene) -> bool:
    return bound.stop <= dated.start and len(scene.text[bound.stop : dated.start].split()) <= 2


def _too_far(dated: Dated, digest: Digest) -> bool:
    """A day after publication is a plan, not an event (time stamps may be UTC, so one day of grace)."""
    return digest.published is not None and (dated.first - digest.published).days > 1


def _farness(dated: Dated, mention: Mention, happening: Happening, scene: Scene) -> tuple[bool, int]:
    clause = next((scene.clauses[i] for i, w in enumerate(scene.words) if w.start >= dated.start), mention.clause)
    return clause != mention.clause, abs(dated.start - happening.cue.start)


# --- coarse findings that a finer one tells better -------------------------------------------------------------------


def only_wider(findings: Sequence[Finding], gazetteer: Gazetteer) -> Iterator[tuple[Finding, Reason]]:
    """Yield the findings that a finer one close by tells of too: "in Sumy oblast …" before the villages there."""
    for coarse in findings:
        city = coarse.place.kind == "city" and coarse.precision in ("settlement", "near")
        if (coarse.precision in ("region", "district") or city) and not coarse.fallback:
            finer = next((f for f in findings if _tells_finer(f, coarse, gazetteer)), None)
            if finer is not None:
                yield coarse, ("container", f"{finer.mention.text} lies there and tells the same")


def _tells_finer(finer: Finding, coarse: Finding, gazetteer: Gazetteer) -> bool:
    if coarse.place.kind == "city":
        inside = finer.place.kind == "city_district" and distance_km(finer.place, coarse.place) < 25
        days = abs((finer.when.first - coarse.when.first).days) <= 1 or "by" in (
            finer.when.precision,
            coarse.when.precision,
        )
        return inside and days and finer.happening.kind == coarse.happening.kind
    near = abs(finer.scene.sentence.block - coarse.scene.sentence.block) <= 2
    same_time = finer.when.first <= coarse.when.last and coarse.when.first <= finer.when.last
    no_figures = coarse.happening.people in (People(), finer.happening.people)
    return (
        finer.place.id != coarse.place.id and near and same_time and no_figures
        and finer.precision in ("site", "settlement", "near") and finer.happening.kind == coarse.happening.kind
        and gazetteer.lies_in(finer.place, coarse.place)
    )  # fmt: skip
