"""Lists of names: one relation, one kind word for all of them, and lists that head a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo.languages import Pack
from geo.languages.cues import Cue
from geo.model import Mention
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer
from geo.reference.names import Word, key
from geo.text.contexts import names_a_region, names_only_regions

_UNITS = frozenset({"region", "raion", "hromada"})
_LIST_GAP = re.compile(r"[\s,;/–—\-&\"“”«»„'‘’]*$")
_WORDS_BETWEEN = 1  # between a name and the region behind it: its preposition


def grouped(
    mentions: Sequence[Mention],
    text: str,
    found: Sequence[Word],
    cues: Sequence[Cue],
    pack: Pack | None,
    gazetteer: Gazetteer,
) -> list[Mention]:
    """Number the lists; their members share the relation and the kind word of the first, or a plural one at the end."""
    joins = {i for c in cues if c.tag == "join" and c.value == "list" for i in range(c.first, c.last)}
    typed = {i for c in cues if c.tag in ("type_before", "type_after") for i in range(c.first, c.last)}
    # "les régions de Koursk, de Briansk et de Belgorod"
    repeated = {i for c in cues if c.tag == "join" and c.value == "repeat" for i in range(c.first, c.last)}
    groups: list[list[Mention]] = []
    for mention in mentions:
        if not groups or not _same_list(groups[-1][-1], mention, text, found, joins, typed | repeated):
            groups.append([mention])
        elif not mention.kinds and _ends_with_a_region(groups, mention):
            groups.append([_going_on(mention, groups)])  # "X in Donetsk region and Y …": Y goes with X
        elif _in_apposition(groups[-1][-1], mention, text, gazetteer, joins):
            groups.append([replace(mention, relation="of")])
        else:
            groups[-1].append(mention)
    return [
        m
        for number, group in enumerate(groups)
        for m in _shared(group, number, pack, heading=_is_heading(group, text, found, cues))
    ]


def _ends_with_a_region(groups: Sequence[Sequence[Mention]], mention: Mention) -> bool:
    """Whether a name stands behind the region of another, not in a list with it: "[X] in [Y region] and [Z]"."""
    region, before = groups[-1][-1], groups[-2][-1] if len(groups) > 1 else None
    if "region" in region.kinds:
        return not names_a_region(mention)
    behind = before is not None and before.clause == region.clause and region.first - before.last <= _WORDS_BETWEEN
    alone = len(groups[-1]) == 1 and region.relation == "in" and names_only_regions(region)
    return behind and alone and not names_only_regions(mention)  # "[X] на [Донеччині] та [Z]"


def _going_on(mention: Mention, groups: Sequence[Sequence[Mention]]) -> Mention:
    """Give a name behind "[the villages of A and B] [in C oblast] and …" what the words before A say."""
    head = groups[-2][0] if len(groups) > 1 else None
    if head is None or not head.kinds_before or mention.relation != "none":
        return mention
    return replace(
        mention,
        relation=head.relation,
        relation_words=head.relation_words,
        kinds=head.kinds,
        kind_words=head.kind_words,
        kinds_before=True,
    )


def _same_list(
    left: Mention, right: Mention, text: str, found: Sequence[Word], joins: set[int], between_too: set[int]
) -> bool:
    if right.relation not in ("none", left.relation) or (right.relation == "bearing" and right.relation_words):
        return False
    between = range(left.last, right.first)
    relation_words = set(key(right.relation_words).split())
    counts = {i for i in between if found[i].folded.isdigit() and text[found[i].start - 1] == "("}  # "Kursk (9), …"
    if any(i not in joins | between_too | counts and found[i].folded not in relation_words for i in between):
        return False
    gaps = [text[found[i].stop : found[i + 1].start] for i in range(left.last - 1, right.first)]
    if counts:
        gaps = [gap.replace("(", "").replace(")", "") for gap in gaps]
    joined = any(i in joins for i in between) or any(mark in gap for gap in gaps for mark in ",/–-")
    return joined and all(_LIST_GAP.match(gap.removeprefix("'s")) for gap in gaps)


def _in_apposition(left: Mention, right: Mention, text: str, gazetteer: Gazetteer, joins: set[int]) -> bool:
    """ "Sukhi Yaly, Donetsk", "desa Hroza, distrik Kupiansk": the second only says where the first lies."""
    if any(i in joins for i in range(left.last, right.first)):
        return False
    if right.kinds & _UNITS and left.kinds & SETTLEMENTS and not left.kinds & _UNITS:
        return True  # their own words say so
    districts = {p.parent for n in left.names if (p := gazetteer.place(n.place_id)).kind == "city_district"}
    beside = "," in text[left.stop : right.start]
    if beside and any(
        p.kind == "city" and p.parent in districts for n in right.names if (p := gazetteer.place(n.place_id))
    ):
        return True  # "Shevchenkivskyi district, Kyiv"
    if right.kinds - {"region"}:
        return False
    regions = {n.place_id for n in right.names if gazetteer.place(n.place_id).kind == "region"}
    finer = [p for n in left.names if (p := gazetteer.place(n.place_id)).kind in SETTLEMENTS | {"raion", "hromada"}]
    return any(p.parent in regions for p in finer) and not any(
        gazetteer.place(n.place_id).kind == "region" for n in left.names
    )


def _shared(group: list[Mention], number: int, pack: Pack | None, *, heading: bool) -> Iterator[Mention]:
    head, tail = group[0], group[-1]
    plural = pack is not None and key(tail.kind_words) in pack.plural_types
    for mention in group:
        giver = tail if plural else head if head.kinds_before else mention
        if plural and mention is not tail and _is_adjective(tail) and not _is_adjective(mention):
            giver = mention  # "in [Kyiv] and in [Kyivska] and [Dniprovska] oblasts": the plural word is the adjectives'
        # "settlements of [Chernihiv] and [Sumy] oblasts": what stands behind the list outranks what stands before it
        before_all = plural and mention.kinds_before and _is_adjective(mention)
        own = mention.kinds and not before_all
        kinds, kind_words = (mention.kinds, mention.kind_words) if own else (giver.kinds, giver.kind_words)
        led = head if mention.relation == "none" and head.relation != "none" else mention
        measured = led if led.relation == "bearing" else mention
        yield replace(
            mention,
            relation=led.relation,
            relation_words=led.relation_words,
            bearing=measured.bearing,
            distance_km=measured.distance_km,
            kinds=kinds,
            kind_words=kind_words,
            heading=heading,
            group=number,
        )


def named_by_kind(mentions: Sequence[Mention], small: set[int], gazetteer: Gazetteer) -> list[Mention]:
    """Drop the adjectives ("Kurskaya") that no kind word makes the name of an oblast, raion or axis.

    One kind word serves a list with figures: "eight over [Kurskaya], six over [Bryanskaya] oblasts".
    """
    backwards = _with_kind_of_the_one_before(mentions[::-1], small, gazetteer)[::-1]
    kept = []
    for mention in _with_kind_of_the_one_before(backwards, small, gazetteer):
        names = tuple(
            n for n in mention.names if "adjective" not in n.flags or gazetteer.place(n.place_id).kind in mention.kinds
        )
        if names or not mention.names:
            kept.append(mention if names == mention.names else replace(mention, names=names))
    return kept


def _with_kind_of_the_one_before(mentions: Sequence[Mention], small: set[int], gazetteer: Gazetteer) -> list[Mention]:
    given: list[Mention] = []
    for mention in mentions:
        giver = given[-1] if given else None
        adjectives = {gazetteer.place(n.place_id).kind for n in mention.names if "adjective" in n.flags}
        if giver and not mention.kinds and adjectives & giver.kinds and not giver.kinds_before:
            low, high = sorted((giver, mention), key=lambda m: m.first)
            alike = mention.relation_words and key(mention.relation_words) == key(giver.relation_words)
            if low.last == high.first and not alike:  # "[Prymorske] [Zaporizka] oblast": two names, no list of two
                given.append(mention)
                continue
            if alike or small.issuperset(range(low.last, high.first)):
                mention = replace(mention, kinds=giver.kinds, kind_words=giver.kind_words)
        given.append(mention)
    return given


def _is_adjective(mention: Mention) -> bool:
    return any("adjective" in n.flags for n in mention.names)


def _is_heading(group: Sequence[Mention], text: str, found: Sequence[Word], cues: Sequence[Cue]) -> bool:
    """Whether a list at the head of a line is its heading: "Belgorod region: …", "**Sevastopol.** …"."""
    if group[0].first != 0:
        return False
    last = next((c.last for c in cues if c.tag == "type_after" and c.first == group[-1].last), group[-1].last)
    if last == len(found):
        return all(map(names_a_region, group))  # "Kharkiv oblast" alone, as a line or before a full stop
    return re.match(r"[\s)*_]*(?:\([^)\n]*\)\s*)?(?::|\.\*\*|\*\*)", text[found[last - 1].stop :]) is not None


def small_words(found: Sequence[Word], cues: Sequence[Cue]) -> set[int]:
    """Indexes of the words that may stand between the members of a list: "and", "over", figures, kind words."""
    small = {i for c in cues if c.tag in ("join", "number", "relation", "type_after") for i in range(c.first, c.last)}
    return small | {i for i, word in enumerate(found) if word.folded.isdigit()}
