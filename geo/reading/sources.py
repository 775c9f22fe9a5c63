"""The source of each sentence: carried down a paragraph, given by a title, a briefing's head or a closing sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from geo.model import Place
from geo.reading.attribution import (
    Claim,
    claim_of,
    closes,
    heads,
    is_header,
    leaves_places_open,
    meant,
    names_no_source,
    outlets,
    speaks,
    speaks_for_all,
)
from geo.reading.settling import Settled
from geo.reference.gazetteer import Gazetteer
from geo.text.mentions import Scene

_MEANT = 8  # sentences back to the one that "the ministry" means
_ON_THE_SPOT = frozenset({"governor", "mayor", "military_administration", "emergency_service", "police", "prosecutors"})
_OUTCOMES = frozenset({"casualties", "air_defence", "evacuation", "other"})
_CLOSED = 6  # sentences before "This was reported by …" that it may speak of


def sources_of(
    scenes: Sequence[Scene], settled: Settled, gazetteer: Gazetteer
) -> tuple[list[Claim | None], list[tuple[str, ...]]]:
    """Return the claim and the relaying outlets of each sentence.

    A source carries down its paragraph; one that opens the digest as its source of everything ("According to the
    General Staff …") stands for every later sentence that names none.
    """
    places = {at: r.place for at, r in settled.items() if r.place}
    claims: list[Claim | None] = []
    owns: list[Claim | None] = []
    for number, current in enumerate(scenes):
        before = claims[-1] if claims else None
        own = claim_of(current, places, gazetteer, meant(current, claims[-_MEANT:]) or before)
        owns.append(own)
        goes_on = number > 0 and (_same_block(scenes, number) or _details_lead(scenes, number, before))
        claims.append(own or (before if goes_on and names_no_source(current) else None))
    _close(scenes, claims, places, gazetteer)
    _give_to_lead(scenes, owns, claims, places, gazetteer)
    titled = (c for s, c in zip(scenes[:1], claims, strict=False) if c and heads(s, c))
    briefing = (c for s, c in zip(scenes[:6], claims, strict=False) if c and speaks_for_all(s, c))
    head = next(chain(titled, briefing), None)
    header_outlets = next((o for s in scenes[:6] if not s.mentions and (o := outlets(s))), ())
    since = claims.index(head) if head else len(scenes)
    until = _until(since, scenes, claims)
    silent = (since < n < until and names_no_source(s) for n, s in enumerate(scenes))
    filled = [c or (head if is_silent else None) for c, is_silent in zip(claims, silent, strict=True)]
    return filled, [outlets(s) or header_outlets for s in scenes]


def _same_block(scenes: Sequence[Scene], number: int) -> bool:
    return scenes[number - 1].sentence.block == scenes[number].sentence.block


def _details_lead(scenes: Sequence[Scene], number: int, said: Claim | None) -> bool:
    """Whether a paragraph gives the places that a briefing office's lead leaves open: "15 drones were downed, …"."""
    lead, current = scenes[number - 1], scenes[number]
    alike = _kinds(lead) & _kinds(current) and lead.sentence.block == scenes[0].sentence.block
    return bool(alike) and said is not None and leaves_places_open(lead, said)


def _kinds(scene: Scene) -> set[str]:
    """What a sentence tells of: the kinds of its event words."""
    return {c.value["kind"] for c in scene.tagged("event") if c.value["kind"]}


def _until(since: int, scenes: Sequence[Scene], claims: Sequence[Claim | None]) -> int:
    """Return the sentence at which a head's word ends: never for a header, else where somebody else is named."""
    if since >= len(scenes) or since == 0 or is_header(scenes[since]):
        return len(scenes)
    said = claims[since]
    others = (n for n, c in enumerate(claims) if n > since and c and said and c.claimant_id != said.claimant_id)
    return next(others, len(scenes))


def _close(
    scenes: Sequence[Scene], claims: list[Claim | None], places: Mapping[int, Place], gazetteer: Gazetteer
) -> None:
    """Give the source of "This was reported by …" to the sentences before it that name none, back to one that does."""
    for number, current in enumerate(scenes):
        before = number - 1
        claim = claims[number]
        if claim is None or not closes(current):
            continue
        own_block = before >= 0 and scenes[before].sentence.block == current.sentence.block
        while before >= 0 and number - before <= _CLOSED and claims[before] is None and names_no_source(scenes[before]):
            if own_block and scenes[before].sentence.block != current.sentence.block:
                break
            claims[before] = claims[number] = _with_side(claim, scenes[before], places, gazetteer)
            before -= 1


def _give_to_lead(
    scenes: Sequence[Scene],
    owns: Sequence[Claim | None],
    claims: list[Claim | None],
    places: Mapping[int, Place],
    gazetteer: Gazetteer,
) -> None:
    """Give the source of the details to the sentence that they detail: "A clinic burned in Odesa. Two were hurt, …"."""
    for number in range(1, len(scenes)):
        lead, detail, said = scenes[number - 1], scenes[number], owns[number]
        opens = number == 1 or not _same_block(scenes, number - 1)
        if said is None or claims[number - 1] or not opens or not _same_block(scenes, number):
            continue
        if names_no_source(lead) and _details(detail, lead, said):
            claims[number - 1] = claims[number] = _with_side(said, lead, places, gazetteer)


def _details(detail: Scene, lead: Scene, said: Claim) -> bool:
    """Whether a sentence tells what came of the lead before it, to whose place it adds none.

    One that speaks of the strike itself ("the ministry called it a reply to the attack") only comments on it.
    """
    own_places = any(not speaks(m, said) for m in detail.mentions)
    told = _kinds(detail) if said.claimant_id and said.claimant_id.partition(".")[2] in _ON_THE_SPOT else set()
    outcome = bool(told) or bool(detail.tagged("hurt")) or bool(_kinds(detail) & _OUTCOMES)
    return bool(lead.mentions) and outcome and not own_places


def _with_side(claim: Claim, scene: Scene, places: Mapping[int, Place], gazetteer: Gazetteer) -> Claim:
    """Let "the governor" of a closing sentence speak for the country of the place that he speaks of."""
    if claim.side != "none" or claim.office is None:
        return claim
    told = (gazetteer.side_of(place) for m in scene.mentions if (place := places.get(m.start)))
    side = next((s for s in told if s), None)
    return replace(claim, claimant_id=f"{side}.{claim.office}", side=side) if side else claim
