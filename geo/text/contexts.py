"""What the words right before and behind a name say of it: near it, west of it, a village, in an oblast."""

import re
from collections.abc import Sequence
from dataclasses import replace

from geo.languages import Pack
from geo.languages.cues import Cue
from geo.model import Mention
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer
from geo.reference.names import Word

# Sorts of place by the words that packs list under [types].
KINDS_OF_TYPE = {
    "country": frozenset({"country"}),
    "region": frozenset({"region"}),
    "raion": frozenset({"raion", "city_district"}),
    "hromada": frozenset({"hromada"}),
    "settlement": frozenset({"village", "settlement", "town"}),
    "town": frozenset({"city", "town", "settlement"}),
    "locality": frozenset({"village", "settlement", "town", "city"}),
    "axis": frozenset({"axis"}),
    "airport": frozenset({"airport", "airbase"}),
    "river": frozenset({"river", "sea", "strait", "canal", "reservoir", "landform"}),
    "site": frozenset(
        {"nuclear_plant", "power_plant", "dam", "bridge", "port", "industrial", "arsenal", "island", "platform"}
    ),
}
_SOFT_GAP = re.compile(r"[\s\"“”«»„'‘’(\-–]*$")


def with_context(
    mention: Mention,
    text: str,
    found: Sequence[Word],
    cues: Sequence[Cue],
    clauses: Sequence[int],
    pack: Pack | None,
    gazetteer: Gazetteer,
) -> Mention:
    """Add relation, bearing, distance, kind words and clause: what the words right before and behind it say."""
    types = [c for c in cues if c.tag in ("type_before", "type_after")]
    own = _longest(
        [c for c in types if mention.first <= c.first and c.last <= mention.last]
    )  # "Kupiansk axis" is a name that says itself what it is
    kinds = set(KINDS_OF_TYPE[own.value]) if own else set()
    kind_words = text[own.start : own.stop] if own else ""
    kinds_before = False
    around = False
    relation, relation_words, bearing, distance = "none", "", None, None
    index = mention.first
    while index > 0 and _is_soft(text, found, index, cues):
        before = [c for c in cues if c.last == index]
        typed = _longest([c for c in before if c.tag == "type_before"])
        leading = _longest([c for c in before if c.tag in ("bearing", "relation")])
        if typed and (leading is None or typed.first <= leading.first):
            around = around or _is_countryside(typed, mention, gazetteer)
            if own is None and not kinds and not around:
                of_region = typed.value in ("settlement", "locality") and _is_genitive_of_region(mention)
                kinds |= KINDS_OF_TYPE["region" if of_region else typed.value]
                kind_words = text[typed.start : typed.stop]
                kinds_before = True
            index = typed.first
            continue
        if leading:
            relation = "bearing" if leading.tag == "bearing" else leading.value
            bearing = leading.value if leading.tag == "bearing" else None
            relation_words = text[leading.start : leading.stop]
            distance = _kilometres_before(text, found, cues, leading.first)
            villages = any(
                c.tag == "type_before" and c.value in ("settlement", "locality", "town") and c.last == leading.first
                for c in cues
            )
            if villages and not kinds and relation == "in" and names_a_region(mention):
                kinds = {"region"}  # "two villages in Donetsk", "a town in Donetsk": the oblast
                kind_words = text[found[leading.first - 1].start : leading.stop]
            break
        if pack is None or found[index - 1].folded not in pack.fillers:
            break
        index -= 1
    for cue in cues:
        right_behind = cue.tag == "type_after" and cue.first == mention.last
        if right_behind and _SOFT_GAP.match(text[mention.stop : cue.start].removeprefix("'s")):
            kinds = set(KINDS_OF_TYPE[cue.value])
            kind_words = text[cue.start : cue.stop]
            kinds_before = False
    if around and relation in ("in", "none", "of"):
        relation = "near"
    if relation == "distance_from":
        relation = "bearing" if distance is not None else "from"
    clause = clauses[mention.first] if clauses else 0
    return replace(
        mention,
        relation=relation,
        relation_words=relation_words,
        bearing=bearing,
        distance_km=distance,
        kinds=frozenset(kinds),
        kind_words=kind_words,
        kinds_before=kinds_before,
        clause=clause,
    )


def _is_countryside(typed: Cue, mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether "the region of [Pokrovsk]" is the land around a town, as no oblast has that name."""
    kinds = {gazetteer.place(n.place_id).kind for n in mention.names} if typed.value == "region" else set()
    return bool(kinds & SETTLEMENTS) and not kinds & {"region", "country"}


def _is_soft(text: str, found: Sequence[Word], index: int, cues: Sequence[Cue]) -> bool:
    """Whether a word goes with the one before it: only blanks, quotation marks, or the stop of "s. Yampil" between."""
    gap = text[found[index - 1].stop : found[index].start]
    abbreviated = gap.startswith(".") and any(c.tag == "type_before" and c.last == index for c in cues)
    return _SOFT_GAP.match(gap.removeprefix(".") if abbreviated else gap) is not None


def _longest(cues: list[Cue]) -> Cue | None:
    return max(cues, key=lambda c: c.last - c.first, default=None)


def _kilometres_before(text: str, found: Sequence[Word], cues: Sequence[Cue], index: int) -> float | None:
    """Return the figure of "20 km" right before the word ``index``."""
    if index and (joined := re.fullmatch(r"(\d+)km", found[index - 1].folded)):
        return float(joined.group(1))
    if any(c.tag == "kilometres" and index in (c.first, c.last) for c in cues) and index >= 1:
        index += any(c.tag == "kilometres" and c.first == index for c in cues)  # "à 20 km de Pokrovsk": one phrase
        figure = re.search(r"(\d+(?:[.,]\d+)?)\s*$", text[max(0, found[index - 1].start - 12) : found[index - 1].start])
        return float(figure.group(1).replace(",", ".")) if figure else None
    return None


def _is_genitive_of_region(mention: Mention) -> bool:
    """Whether a name may be the oblast whose villages are spoken of: "12 naselenykh punktiv [Kharkivshchyny]"."""
    return any("." not in n.place_id and n.how.startswith("genitive ") for n in mention.names)


def names_a_region(mention: Mention) -> bool:
    """Whether a name is one of a region or a country."""
    return any("." not in n.place_id for n in mention.names)  # ids of regions and countries have one word


def names_only_regions(mention: Mention) -> bool:
    """Whether a name means no place within a region or a country."""
    return all("." not in n.place_id for n in mention.names)
