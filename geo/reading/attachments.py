"""Which mentions only help to find another: "[A, B] near [C] in [D]", "north of [C] near [A]"."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from geo.model import Mention
from geo.text.mentions import Scene

_PLACING = ("type_after", "type_before", "relation", "bearing", "kilometres")
_LONGEST_CHAIN = 4  # "X near A in B raion in C oblast"


def attachments(scene: Scene, mention: Mention) -> Sequence[Mention]:
    """Return the mentions right behind (or before) a mention's list that only help to find it.

    "[A, B] near [C] in [D]": C and D; "north of [C] near [A]": C.
    """
    return _attachments(scene).get(mention.start, ())


@lru_cache(maxsize=64)
def attached_to(scene: Scene) -> Mapping[int, frozenset[int]]:
    """Return, by the start of a helping mention, the numbers of the lists that it helps to find."""
    helped: dict[int, set[int]] = {}
    for mention in scene.mentions:
        for helper in attachments(scene, mention):
            helped.setdefault(helper.start, set()).add(mention.group)
    return {start: frozenset(groups) for start, groups in helped.items()}


@lru_cache(maxsize=64)
def _attachments(scene: Scene) -> Mapping[int, tuple[Mention, ...]]:
    groups = _groups(scene)
    placing = {i for c in scene.cues if c.tag in _PLACING for i in range(c.first, c.last)}
    placing -= {i for c in scene.tagged("number") for i in range(c.first, c.last)}
    adjacent = [_adjacent(scene, left, right, placing) for left, right in pairwise(groups)]
    found: dict[int, tuple[Mention, ...]] = {}
    for number, group in enumerate(groups):
        for mention in group:
            found[mention.start] = (
                *_behind(mention, number, groups, adjacent, scene),
                *_before(mention, number, groups, adjacent),
            )
    return found


def _behind(
    mention: Mention, number: int, groups: Sequence[Sequence[Mention]], adjacent: Sequence[bool], scene: Scene
) -> list[Mention]:
    found: list[Mention] = []
    for index in range(number, min(number + _LONGEST_CHAIN, len(adjacent))):
        head = groups[index + 1][0]
        # "near [A] in [B] oblast, [C] in [D] oblast": C goes on with the list of A
        goes_on = index > number and head.relation == "near" and head.relation_words == mention.relation_words
        if goes_on or not adjacent[index] or not _may_help(head) or not _places_finer(mention, head, scene):
            break
        found += groups[index + 1]
    return found


def _before(
    mention: Mention, number: int, groups: Sequence[Sequence[Mention]], adjacent: Sequence[bool]
) -> Sequence[Mention]:
    """ "Northeast of [Kharkiv] near [A]": the bearing stands before."""
    bearing = number > 0 and groups[number - 1][0].relation == "bearing"
    return groups[number - 1] if bearing and mention.relation == "near" and adjacent[number - 1] else ()


def _groups(scene: Scene) -> list[list[Mention]]:
    groups: dict[int, list[Mention]] = {}
    for mention in scene.mentions:
        groups.setdefault(mention.group, []).append(mention)
    return list(groups.values())


def _may_help(head: Mention) -> bool:
    a_region = _names_regions(head)
    return head.relation in ("near", "bearing", "in", "of") or (head.relation == "none" and a_region)


def _names_regions(mention: Mention) -> bool:
    """Whether a mention can mean nothing but a region or a country."""
    by_name = bool(mention.names) and all("." not in n.place_id for n in mention.names)  # their ids are one word
    return by_name or "region" in mention.kinds


def _places_finer(mention: Mention, other: Mention, scene: Scene) -> bool:
    """Whether the other mention can help to find this one: "captured X in Donetsk", "Y (north of Sumy)"."""
    in_brackets = "(" in scene.text[mention.stop : other.start]  # "south of Varachyne (north of Sumy)"
    if mention.relation == "bearing" and other.relation in ("near", "bearing") and not in_brackets:
        return False  # "north of Sumy near X": X is the place; "east of A, south of B" are two
    if mention.kinds & {"raion", "hromada"} and other.relation == "in" and not _names_regions(other):
        return False  # "In Belgorod district, in the village of Murom": the village is the finer one
    return not mention.kinds & {"region", "country", "axis"} or bool(other.kinds & {"country"})


def _adjacent(scene: Scene, left: Sequence[Mention], right: Sequence[Mention], placing: set[int]) -> bool:
    """Whether nothing but the right one's own cue words stands between two lists (a bracket or a comma may)."""
    span = range(left[-1].last, right[0].first)
    if _opens_an_item(scene, span):
        return False
    fillers = scene.pack.fillers if scene.pack else frozenset()
    if any(scene.words[i].folded not in fillers and not _is_figure(scene, i) for i in span if i not in placing):
        return False
    gap = scene.text[left[-1].stop : right[0].start]
    if "," in gap and left[0].relation == "in" and right[0].relation == "near" and len(right) > 1:
        return False  # "advanced in A, near B and C": items of one list
    comma_is_apposition = right[0].relation != "in" or "region" in right[0].kinds
    return not any(mark in gap for mark in ";:") and gap.count(",") <= comma_is_apposition


def _is_figure(scene: Scene, index: int) -> bool:
    return scene.words[index].folded.removesuffix("km").isdigit()  # "(7km southwest of Bakhmut)"


def _opens_an_item(scene: Scene, span: range) -> bool:
    """Whether a figure that counts no kilometres stands between: "12 over Bryansk, 8 over Kursk"."""
    if any(c.first in span for c in scene.tagged("kilometres")):
        return False
    numbers = {c.first for c in scene.tagged("number")}
    return any(i in numbers or scene.words[i].folded.isdigit() for i in span)
