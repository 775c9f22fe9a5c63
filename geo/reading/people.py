"""Killed and injured, as the text counts them: each figure belongs to the place nearest to it."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass

from geo.languages.cues import Cue
from geo.model import Mention
from geo.reading.attachments import attachments
from geo.reference.names import Word
from geo.text.mentions import Scene

_LOCATED = ("in", "near", "toward", "bearing", "of")
_FIGURE_REACH = 6  # words between "killed" and its number, but for those that say where
_FARTHEST = 16  # with those


@dataclass(frozen=True)
class People:
    """Figures of killed and injured, as the text gives them; None is "not said"."""

    killed_min: int | None = None
    killed_max: int | None = None
    injured_min: int | None = None
    injured_max: int | None = None


def people_at(scene: Scene, mention: Mention) -> People:
    """Return the figures that a sentence gives for one mention.

    Where a clause names several places, words and numbers belong to the place nearest to them, never to its neighbour.
    """
    if sum(m.group == mention.group for m in scene.mentions) > 1:
        return People()  # one figure for a list of places belongs to none of them
    return _people(scene, lambda index: scene.clauses[index] == mention.clause and _is_nearest(mention, index, scene))


def people_in(scene: Scene) -> People:
    """Return the figures of a sentence that names no place of its own."""
    return _people(scene, lambda _: True)


def _people(scene: Scene, belongs: Callable[[int], bool]) -> People:
    """Figures made of those words that belong to what is asked for, told by their index."""
    counted = _counted_people(scene, belongs)
    return People(*_bounds(scene, counted.get("killed")), *_bounds(scene, counted.get("injured")))


def _bounds(scene: Scene, found: tuple[int, int] | None) -> tuple[int | None, int | None]:
    """Lowest and highest number of the killed or the injured: "at least two" is (2, None)."""
    if found is None:
        return None, None
    index, number = found
    bound = _bound_before(scene, index)
    return (number if bound != "most" else None), (number if bound != "least" else None)


def _counted_people(scene: Scene, belongs: Callable[[int], bool]) -> dict[str, tuple[int, int]]:
    """Give each of killed and injured the number that stands closest to it; each number counts once."""
    hurt = [c for c in scene.tagged("hurt") if c.value in ("killed", "injured") and not _negated(scene, c)]
    if not hurt:
        return {}
    placing, numbers = _placing_words(scene), _numbers(scene)
    pairs = [
        (_words_between(scene, cue.first, cue.last, index), index, number, cue.value)
        for cue in hurt
        if belongs(cue.first)
        for index, number in numbers
        if _within_reach(cue, index, placing) and scene.clauses[index] == scene.clauses[cue.first] and belongs(index)
    ]
    given: dict[str, tuple[int, int]] = {}
    taken: set[int] = set()
    for _, index, number, what in sorted(pairs):
        if what not in given and index not in taken:
            given[what] = index, number
            taken.add(index)
    return given


def _placing_words(scene: Scene) -> set[int]:
    """Words that say where: "in the city of Beryslav"."""
    named = {i for m in scene.mentions for i in range(m.first, m.last)}
    return named | {i for c in scene.cues if c.tag in ("relation", "type_before") for i in range(c.first, c.last)}


def _within_reach(cue: Cue, index: int, placing: Set[int]) -> bool:
    """Whether few words stand between; those that say where do not count: "one man in the city of X was killed"."""
    low, high = sorted((index, cue.first))
    return high - low <= _FARTHEST and sum(i not in placing for i in range(low, high)) <= _FIGURE_REACH


def _is_nearest(mention: Mention, index: int, scene: Scene) -> bool:
    """Whether no other place of the clause stands nearer to a word, but for those that help to find this one."""
    own = {a.start for a in attachments(scene, mention)} | {mention.start}
    others = [
        m
        for m in scene.mentions
        if m.clause == mention.clause and m.group != mention.group and m.start not in own and not _is_wide(m)
    ]
    mine = _words_between(scene, mention.first, mention.last, index)
    return all(mine <= _words_between(scene, m.first, m.last, index) for m in others if m.relation in _LOCATED)


def _is_wide(mention: Mention) -> bool:
    """Whether a mention may hold the others: "In Kherson oblast, a man was killed in Beryslav"."""
    return "region" in mention.kinds or "country" in mention.kinds


def _words_between(scene: Scene, first: int, last: int, index: int) -> int:
    """Words between a phrase and the word ``index``; an "and" or a comma between them counts for several."""
    low, high = (last, index) if last <= index else (index + 1, first)
    if high < low:
        return 0
    joints = sum(low <= c.first < high for c in scene.tagged("join") if c.value == "list")
    commas = scene.text[scene.words[low - 1].stop : scene.words[high].start].count(",")
    return high - low + 4 * (joints + commas)


def _bound_before(scene: Scene, index: int) -> str | None:
    """Whether "at least" or "up to" stands before the number at ``index``: least, most."""
    bounds = (c for c in scene.tagged("join") if c.value in ("least", "most"))
    return next((c.value for c in bounds if 0 <= index - c.last <= 1), None)


def _negated(scene: Scene, cue: Cue) -> bool:
    nots = (c for c in scene.tagged("polarity") if c.value in ("not", "not_behind"))
    return any(0 <= cue.first - c.last <= 3 for c in nots)


def _numbers(scene: Scene) -> list[tuple[int, int]]:
    """Numbers that may count people: not kilometres, dates, years, drones or shares."""
    counted = {i for c in scene.cues if c.tag in ("kilometres", "month", "means") for i in (c.first - 1, c.first - 2)}
    counted |= {c.last for c in scene.cues if c.tag in ("month", "day", "age_before")}
    counted |= {i for c in scene.tagged("age_before") for i in range(c.last, _end_of_figures(scene, c.last))}
    counted |= {c.first - 1 for c in scene.tagged("age_behind")}
    counted |= {c.first - 1 for c in scene.tagged("relation") if c.value == "of" and _is_one(scene, c.first - 1)}
    found = [(c.first, c.value) for c in scene.cues if c.tag == "number" and c.first not in counted]
    of_persons = {i for c in scene.tagged("hurt") if c.value == "person" for i in range(c.first, c.last)}
    found = [(i, n) for i, n in found if i not in of_persons] + _persons(scene)
    figures = [(i, w) for i, w in enumerate(scene.words) if i not in counted and re.fullmatch(r"\d{1,4}", w.folded)]
    return found + [(i, int(w.folded)) for i, w in figures if _stands_alone(scene.text, w)]


def _end_of_figures(scene: Scene, index: int) -> int:
    """Index behind a list of figures: "(aged) eight, twelve and 17"."""
    figures = {i for c in scene.cues if c.tag == "number" or c.value == "list" for i in range(c.first, c.last)}
    while index < len(scene.words) and (index in figures or scene.words[index].folded.isdigit()):
        index += 1
    return index


def _is_one(scene: Scene, index: int) -> bool:
    """Whether a word is "one": "one of the two missiles" counts nobody."""
    return any(c.first == index and c.value == 1 for c in scene.tagged("number"))


def _persons(scene: Scene) -> list[tuple[int, int]]:
    """ "A man" is one, "a man and a woman" are two."""
    joints = {c.last for c in scene.tagged("join") if c.value == "list"}
    found: list[tuple[int, int]] = []
    last = -1
    inclusions = [c for c in scene.tagged("join") if c.value == "including"]
    for cue in (c for c in scene.tagged("hurt") if c.value == "person"):
        if any(0 <= cue.first - c.last <= 3 for c in inclusions):
            continue  # "six people, among them a child"
        if found and cue.first - last == 1 and cue.first in joints:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((cue.last - 1, 1))
        last = cue.last
    return found


def _stands_alone(text: str, figure: Word) -> bool:
    around = text[max(0, figure.start - 1) : figure.start] + text[figure.stop : figure.stop + 2]
    return not re.search(r"[/:%-]|[.,]\d", around)
