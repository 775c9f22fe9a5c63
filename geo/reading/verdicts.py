"""What becomes of a mention: a finding, or the reason why nothing is reported there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.languages.cues import Cue
from geo.model import Digest, Mention, Place, Resolution
from geo.reading import roles
from geo.reading.attachments import attachments
from geo.reading.attribution import Claim, leaves_places_open, speaks
from geo.reading.happenings import happening_at
from geo.reading.reports import Finding, When, precision_of, refusals
from geo.reading.settling import Settled, place_of, places_named, readings
from geo.reference.gazetteer import LINES, SETTLEMENTS, UNITS, Gazetteer
from geo.text.dates import WAR_DAY_1, Dated, dates_in, day_numbers
from geo.text.mentions import Scene

_QUESTION = re.compile(r"\?[\"»”’)*_\s]*$")
_RIVALS = 24  # mentions on each side that may be the place instead
_OPENING_REACH = 24  # sentences of a briefing behind its opening
_LINE_REACH = 12  # sentences behind a heading
_TOWNS = ("city", "town")
_WORDS_OF_LAND = 1  # between "over" and "the region": "the territory of"
_HEADS_OF_LANDS = frozenset({"governor", "military_administration"})
_LONG_DAYS = 60  # a digest tells of the days before it
Reason = tuple[str, str]  # the reason's name, and the words that decided


@dataclass(frozen=True)
class Around:
    """What a mention is judged by besides its own sentence."""

    digest: Digest
    scenes: Sequence[Scene]
    roles: Mapping[int, Reason]  # mentions whose words alone show that nothing happened there, by their start
    settled: Settled
    claims: Sequence[Claim | None]
    via: Sequence[tuple[str, ...]]
    gazetteer: Gazetteer


def judged(mention: Mention, number: int, around: Around) -> Finding | Reason:
    """Return what the scene ``number`` reports at a mention, or the reason why it reports nothing there."""
    scene, claim, gazetteer = around.scenes[number], around.claims[number], around.gazetteer
    if scene.pack is None:
        return "no_language_pack", ""
    land, again = _land_of_who_speaks(mention, number, around)
    if again is not None:
        mention = again
    elif early := around.roles.get(mention.start):
        return early
    elif claim is not None and speaks(mention, claim):
        return "part_of_name", claim.claimant
    elif helping := _only_helps(mention, number, around):
        return helping
    if other_time := roles.background(scene, mention) or _another_digest(scene, around.digest):
        return "background", other_time
    if _asks(scene):
        return "not_reported_as_happened", "?"
    happening = happening_at(scene, mention)
    if happening is None:
        return "no_event", "no word of an event in this clause"
    if isinstance(happening, str):
        return "not_reported_as_happened", happening
    if other_day := _another_month(scene, mention, around.digest) or _long_before(scene, around.digest):
        return "background", other_day
    resolution = around.settled[mention.start]
    place, precision, fallback = (land, "region", "") if land else _placed(mention, resolution, scene, around)
    if place is not None and happening.action == "advanced" and (oblast := _ground_of(place, mention, around)):
        place, precision = oblast, "region"
    if place is None:
        return "unresolved", fallback
    if place.kind == "country":
        return "country_only", mention.text
    if gazetteer.country(place) not in gazetteer.home | {""}:
        return "outside_theatre", place.name
    when = _when(mention, number, around)
    if when is None:
        return "no_date", "neither the text nor the metadata names a day"
    return Finding(
        scene=scene,
        mention=mention,
        place=place,
        resolution=resolution,
        precision=precision,
        happening=happening,
        when=when,
        claim=claim,
        via=around.via[number],
        axis=_axis(scene, mention, around.settled),
        fallback=fallback or None,
    )


def _land_of_who_speaks(mention: Mention, number: int, around: Around) -> tuple[Place | None, Mention | None]:
    """Return the oblast whose governor tells of "the region", and the mention as it stands there; else nothing.

    "The governor of [Bryansk] said 30 drones had been shot down over the region": nothing else names the place.
    """
    scene, claim = around.scenes[number], around.claims[number]
    if claim is None or not speaks(mention, claim) or claim.office_kind not in _HEADS_OF_LANDS:
        return None, None
    land = next((p for p in places_named(mention, around.gazetteer) if p.kind == "region"), None)
    others = (m for m in scene.mentions if m.start not in around.roles and not speaks(m, claim))
    named_again = next((c for c in scene.tagged("anaphora") if c.value == "region" and _is_where(c, scene)), None)
    if land is None or named_again is None or any(others):
        return None, None
    there = scene.clauses[named_again.first]
    return land, replace(mention, first=named_again.first, last=named_again.last, clause=there, relation="in")


def _is_where(land: Cue, scene: Scene) -> bool:
    """Whether "the region" stands for itself behind "in" or "over", and does not belong to a name."""
    if any(m.first <= land.first <= m.last for m in scene.mentions):
        return False
    places = (c for c in scene.tagged("relation") if c.value in ("in", "over"))
    return any(c.last <= land.last and land.first - c.last <= _WORDS_OF_LAND for c in places)


def _asks(scene: Scene) -> bool:
    """Whether a sentence is a question: "Have the Russians entered Kupiansk?"."""
    return _QUESTION.search(scene.text[scene.sentence.start : scene.sentence.stop]) is not None


# --- anchors and containers ------------------------------------------------------------------------------------------


def _only_helps(mention: Mention, number: int, around: Around) -> Reason | None:
    """A place that only helps to find another: "near Vuhledar", "in Donetsk", "on the Pokrovsk axis"."""
    scene = around.scenes[number]
    place = place_of(mention, around.settled)
    if mention.heading and (finer_words := _heads_a_finer_place(mention, number, around)):
        return "container", finer_words
    rivals = _rivals(mention, number, around)
    for other in rivals:
        wider = place_of(other, around.settled)
        if place and wider and wider.kind in UNITS and _lies_finer(place, wider, around.gazetteer):
            continue  # "[Pavlohrad] raion. In [Pavlohrad] …": a city does not help to find its raion
        if any(a.start == mention.start for a in attachments(scene, other)):
            beside = mention.relation in ("near", "bearing", "toward") and (place is None or place.kind not in UNITS)
            words = f"{other.text} … {mention.relation_words} {mention.text}".replace("  ", " ")
            return "anchor" if beside else "container", words
    if place is None:
        return None
    if unit := _unit_beside_it(mention, place, rivals, around):
        return "anchor", f"{unit.text} … {mention.relation_words} {mention.text}"
    for other in rivals:
        finer = place_of(other, around.settled)
        if other.heading and any(n.place_id == place.id for n in other.names):
            continue  # "Kherson: … in Kherson region"
        if _contains(place, finer, other, around.gazetteer) and not _told_apart(mention, other, place, scene):
            return "container", f"{other.text} lies there"
        if _in_apposition(other, mention, scene) and _named_land_holds(mention, other, around):
            return "container", f"{other.text} lies there"
        same_clause = other.clause == mention.clause and other.relation != "bearing"
        helps = mention.relation == "bearing" and same_clause and finer and finer.kind in SETTLEMENTS
        if helps and not (_told_apart_by_events(mention, other, scene) or _coordinated(mention, other, scene)):
            return "anchor", f"{mention.relation_words} {mention.text}"
    return None


def _unit_beside_it(mention: Mention, place: Place, rivals: Sequence[Mention], around: Around) -> Mention | None:
    """Return the unit that a city right behind it helps to find: "in Zhytomyr oblast, west of Kyiv"."""
    if mention.relation != "bearing":
        return None
    leading = len(mention.relation_words.split())
    for other in rivals:
        unit = place_of(other, around.settled)
        close = 0 <= mention.first - leading - other.last <= 1 and unit is not None and unit.kind in ("region", "raion")
        if unit is not None and close and not around.gazetteer.lies_in(place, unit):
            return other
    return None


def _heads_a_finer_place(mention: Mention, number: int, around: Around) -> str | None:
    """Return the words that show that the line behind a heading ("Belgorod: …") names a place in that oblast."""
    gazetteer, block = around.gazetteer, around.scenes[number].sentence.block
    line = (s for s in around.scenes[number : number + _LINE_REACH] if s.sentence.block == block)
    units = [p for p in places_named(mention, gazetteer) if p.kind in UNITS]
    for other in (m for s in line for m in s.mentions):
        finer = place_of(other, around.settled)
        if other.group == mention.group or finer is None:
            continue
        if finer in units or any(_lies_finer(finer, u, gazetteer) for u in units):  # "Kherson: … in Kherson region"
            return f"{mention.text}: … {other.text}"
    return None


def _rivals(mention: Mention, number: int, around: Around) -> list[Mention]:
    """Mentions of the sentence that may themselves be where it happened."""
    scene = around.scenes[number]
    index = next(i for i, m in enumerate(scene.mentions) if m.start == mention.start)
    close = scene.mentions[max(0, index - _RIVALS) : index + 1 + _RIVALS]
    claim = around.claims[number]
    named_by_source = {m.start for m in close if claim is not None and speaks(m, claim)}
    apart = (m for m in close if m.group != mention.group or _in_apposition(m, mention, scene))
    return [m for m in apart if m.start not in around.roles.keys() | named_by_source]


def _in_apposition(finer: Mention, mention: Mention, scene: Scene) -> bool:
    """Whether nothing but a comma parts a place from the land it may lie in: "in [Sevastopol], in [Crimea]"."""
    gap = scene.text[finer.stop : mention.start].strip(" ")
    return mention.relation == "in" and gap.lower() == f", {mention.relation_words}".lower()


def _named_land_holds(mention: Mention, other: Mention, around: Around) -> bool:
    """Whether an oblast has the name of a city and holds the finer place: "in [Dachne], in [Donetsk]".

    Or one of the villages that are called so, if nothing tells which of them is meant.
    """
    place = place_of(other, around.settled)
    finer = [place] if place else [p for p in places_named(other, around.gazetteer) if p.kind in SETTLEMENTS]
    units = (p for p in places_named(mention, around.gazetteer) if p.kind in UNITS)
    return any(_lies_finer(p, unit, around.gazetteer) for unit in units for p in finer)


def _told_apart(mention: Mention, other: Mention, place: Place, scene: Scene) -> bool:
    """Whether a city has an event word of its own behind the site: "struck the plant and shelled Enerhodar"."""
    own = (c for c in scene.tagged("event") if other.last <= c.first and c.last <= mention.first)
    return place.kind == "city" and any(own)


def _told_apart_by_events(mention: Mention, other: Mention, scene: Scene) -> bool:
    """Whether each of two places has its own event word: "advanced east of A and entered B"."""
    events = [c for c in scene.tagged("event") if c.value["kind"]]
    before = any(c.last <= mention.first for c in events)
    between = any(mention.last <= c.first and c.last <= other.first for c in events)
    return before and between


def _coordinated(mention: Mention, other: Mention, scene: Scene) -> bool:
    """Whether an "and" sets both side by side, each with a relation of its own: "east of [A] and near [B]"."""
    left, right = sorted((mention, other), key=lambda m: m.first)
    own = (left.group, right.group)
    if right.relation == "none" or any(
        left.first < m.first < right.first and m.group not in own for m in scene.mentions
    ):
        return False
    leading = len(right.relation_words.split())
    ands = (c for c in scene.tagged("join") if c.value == "list" and left.last <= c.first)
    return any(c.last + leading == right.first for c in ands)


def _contains(place: Place, finer: Place | None, other: Mention, gazetteer: Gazetteer) -> bool:
    if finer is None:
        return place.kind == "region" and not other.names  # an unknown village beside its oblast
    if place.kind in UNITS:
        return _lies_finer(finer, place, gazetteer)
    if place.kind in LINES:  # "a village on the Vovcha river", listed under an axis
        return finer.kind in SETTLEMENTS
    site = finer.kind not in SETTLEMENTS | UNITS | LINES
    return place.kind == "city" and site and finer.parent == place.parent


def _lies_finer(place: Place, unit: Place, gazetteer: Gazetteer) -> bool:
    return place.kind not in UNITS | LINES and gazetteer.lies_in(place, unit)


def _axis(scene: Scene, mention: Mention, settled: Settled) -> str | None:
    others = (place_of(m, settled) for m in scene.mentions if m.start != mention.start)
    return next((place.name for place in others if place and place.kind == "axis"), None)


# --- the place of a finding ------------------------------------------------------------------------------------------


def _placed(mention: Mention, resolution: Resolution, scene: Scene, around: Around) -> tuple[Place | None, str, str]:
    """Return (place, precision, why not finer).  Where the place itself is not known, what the text names around it."""
    if resolution.place is not None:
        return resolution.place, precision_of(resolution.place, mention), ""
    missing = {
        "unknown_name": f"the name {mention.text} is not in the gazetteer",
        "all_vetoed": f"no {mention.text} that fits the text is known ({refusals(resolution.candidates)})",
        "unsupported": f"nothing in the text puts {mention.text} where a place of that name is known",
        "low_margin": f"several places are called {mention.text} and the text does not decide",
    }[resolution.decision]
    attached = attachments(scene, mention)
    helpers = [(m, p) for m in attached for p in readings(m, around.settled, around.gazetteer)[:1]]
    if city := _city_of_district(mention, scene, around):
        return city, "near", f"{missing}, so the report stands at {city.name}"
    for other, place in helpers:
        somewhere_around = other.relation == "bearing" and other.distance_km is None and place.kind == "city"
        beside = other.relation in ("near", "bearing", "toward") or (other.relation == "in" and place.kind in _TOWNS)
        if place.kind not in UNITS | LINES and beside and not somewhere_around:
            return place, "near", f"{missing}, so the report stands near {place.name}"
    regions = [p for _, p in helpers if p.kind in ("region", "raion")] or _units_beside(mention, scene, around.settled)
    regions = regions or [r for _, p in helpers if (r := around.gazetteer.region_of(p))]
    regions = regions or _lands_in_apposition(mention, scene, around)
    regions = [r for r in regions if _may_lie_in(r, resolution, around.gazetteer)] or regions
    if regions:
        place = next((p for p in regions if p.kind == "raion"), regions[0])
        precision = "district" if place.kind == "raion" else "region"
        return place, precision, f"{missing}, so the report covers {place.name} as a whole"
    return None, "", missing


def _lands_in_apposition(mention: Mention, scene: Scene, around: Around) -> list[Place]:
    """Return the oblast behind a comma, also where it has the name of a city: "in [Yelyzavetivka], in [Donetsk]"."""
    lands = (m for m in scene.mentions if m.group != mention.group and _in_apposition(mention, m, scene))
    return [p for m in lands for p in places_named(m, around.gazetteer) if p.kind == "region"]


def _city_of_district(mention: Mention, scene: Scene, around: Around) -> Place | None:
    """Return the city that stands right behind one of its districts: "in the Krasnoarmeysky district of Volgograd"."""
    if "city_district" not in mention.kinds:
        return None
    behind = (m for m in scene.mentions if 0 <= m.first - mention.last <= 2 and m.relation in ("none", "of", "in"))
    places = (place_of(m, around.settled) for m in behind if "," not in scene.text[mention.stop : m.start])
    return next((p for p in places if p and p.kind in _TOWNS), None)


def _may_lie_in(unit: Place, resolution: Resolution, gazetteer: Gazetteer) -> bool:
    """Whether one of the places that the name may mean lies in a unit."""
    return any(gazetteer.lies_in(c.place, unit) for c in resolution.candidates if not c.vetoed)


def _ground_of(place: Place, mention: Mention, around: Around) -> Place | None:
    """Ground is gained in an oblast, not in the city of its name: "advanced 400 metres in Zaporizhzhia"."""
    if place.kind != "city" or mention.relation != "in" or mention.kinds:
        return None
    region = around.gazetteer.region_of(place)
    return region if region is not None and any(n.place_id == region.id for n in mention.names) else None


def _units_beside(mention: Mention, scene: Scene, settled: Settled) -> list[Place]:
    """Regions and raions that the sentence names elsewhere: "In Sumy oblast, … in the village of X"."""
    others = [m for m in scene.mentions if m.group != mention.group and m.relation in ("in", "none")]
    return [p for m in others if (p := place_of(m, settled)) and p.kind in ("region", "raion")]


# --- the time of a finding -------------------------------------------------------------------------------------------


def _when(mention: Mention, number: int, around: Around) -> When | None:
    """A day named in the sentence, else earlier in its paragraph, else the day that the digest covers.

    "That same night" goes back further than the paragraph, and to "yesterday" too.
    """
    digest, scene = around.digest, around.scenes[number]
    named = [d for d in _own_dates(scene, digest) if not (d.past_day and digest.day_basis == "briefing")]
    if named:
        return _when_of(min(named, key=lambda d: _farness(d, mention, scene)))
    same = any(c.value == "same" for c in scene.tagged("day"))
    bases = {"stated", "weekday", "relative"} if same else {"stated", "weekday"}
    for earlier in reversed(around.scenes[max(0, number - 5) : number]):
        if earlier.sentence.block != scene.sentence.block and not same:
            break
        stated = [d for d in _own_dates(earlier, digest) if d.basis in bases]
        if stated:
            return _when_of(stated[-1])
    if digest.day_basis != "briefing" and (opened := _day_of_opening(number, around)):
        return _when_of(opened)
    if digest.day is None:
        return None
    basis = digest.day_basis if digest.day_basis in ("day_number", "briefing") else "digest"
    return When(digest.day, digest.day, "by", basis or "digest")


def _day_of_opening(number: int, around: Around) -> Dated | None:
    """The day that a source's opening sentence names, if not the digest's: "This morning 57 attacks were counted"."""
    own = around.claims[number]
    for index in range(number - 1, max(-1, number - 1 - _OPENING_REACH), -1):
        scene, claim = around.scenes[index], around.claims[index]
        if own is None or claim is None or claim.claimant_id != own.claimant_id or not leaves_places_open(scene, claim):
            continue
        dates = [d for d in _own_dates(scene, around.digest) if not d.past_day and d.basis != "weekday"]
        if dates:
            other_day = dates[0].first == dates[0].last != around.digest.day
            return dates[0] if other_day else None
    return None


def _another_digest(scene: Scene, digest: Digest) -> str | None:
    """Return the words of a sentence that quotes another day's digest: "Day 1,099: …" in that of day 1,100."""
    if digest.day_basis != "day_number" or digest.day is None:
        return None
    own = (digest.day - WAR_DAY_1).days + 1
    others = (n for n in day_numbers(scene.text, scene.tagged("day")) if 0 < abs(n - own) <= _LONG_DAYS)
    return next((f"day {n}" for n in others), None)


def _another_month(scene: Scene, mention: Mention, digest: Digest) -> str | None:
    """Return the words that name only a month that is not the digest's own: "captured Avdiivka in February"."""
    if digest.day is None:
        return None
    dated = dates_in(scene.text, scene.words, scene.cues, digest.published or digest.day)
    for cue in scene.clause_cues(mention.clause, "month"):
        alone = not any(d.start <= cue.start < d.stop for d in dated)
        bound = any(0 <= cue.first - b.last <= 3 for b in scene.tagged("date_bound"))
        nearest = min(scene.mentions, key=lambda m: abs(m.first - cue.first))
        if alone and not bound and nearest.start == mention.start and cue.value != digest.day.month:
            return scene.text[cue.start : cue.stop]
    return None


def _long_before(scene: Scene, digest: Digest) -> str | None:
    """Return the words of the only day that a sentence names, if it lies long before the digest."""
    if digest.day is None:
        return None
    stated = [d for d in dates_in(scene.text, scene.words, scene.cues, digest.published or digest.day) if d.year_stated]
    long_before = [d for d in stated if (digest.day - d.last).days > _LONG_DAYS]
    return scene.text[stated[0].start : stated[0].stop] if stated and len(long_before) == len(stated) else None


def _when_of(dated: Dated) -> When:
    return When(dated.first, dated.last, "day" if dated.first == dated.last else "range", dated.basis)


def _own_dates(scene: Scene, digest: Digest) -> list[Dated]:
    """Days that the sentence names, less bounds ("since 28 October"); "from 28 to 30" is a range."""
    found = dates_in(scene.text, scene.words, scene.cues, digest.published or digest.day)
    bounds = scene.tagged("date_bound")
    bounded = {d for d in found for b in bounds if d.first == d.last and _right_before(b, d, scene)}
    return [d for d in found if d not in bounded and not _too_far(d, digest)]


def _right_before(bound: Cue, dated: Dated, scene: Scene) -> bool:
    return bound.stop <= dated.start and len(scene.text[bound.stop : dated.start].split()) <= 2


def _too_far(dated: Dated, digest: Digest) -> bool:
    """A day after publication is a plan, not an event (time stamps may be UTC, so one day of grace)."""
    return digest.published is not None and (dated.first - digest.published).days > 1


def _farness(dated: Dated, mention: Mention, scene: Scene) -> tuple[bool, int]:
    clause = next((scene.clauses[i] for i, w in enumerate(scene.words) if w.start >= dated.start), mention.clause)
    return clause != mention.clause, abs(dated.start - mention.start)
