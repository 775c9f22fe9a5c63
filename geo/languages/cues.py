"""Cue words: which phrases of a language pack stand in a sentence, and where.

One pass over the words finds all cues of all sorts.  A phrase is a list of words; ``captur*`` stands for every word
that begins so, and ``..`` for up to four words of any kind ("took .. under control").
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from geo.reference.names import Word, words

_GAP = ".."
_LONGEST_GAP = 4
_REMEMBERED = 50_000  # words


class Cue(NamedTuple):
    """A phrase of the pack in a sentence: ``first`` and ``last`` (excluded) count words, ``start, stop`` characters."""

    tag: str  # event, near, in, says, …: the part of the pack that it comes from
    first: int
    last: int
    start: int
    stop: int
    value: Any  # what the pack says of the phrase


class _Opening(NamedTuple):
    """The phrases that begin with one word: those of one word, those whose second word is known, the others."""

    single: tuple["_Phrase", ...]
    by_second: Mapping[str, tuple["_Phrase", ...]]
    others: tuple["_Phrase", ...]  # their second word is a stem or a gap


class _Phrase(NamedTuple):
    tag: str
    rest: tuple[str, ...]
    value: Any
    capital: bool  # written with a capital in the pack: only a capital in the text will do


class Lexicon:
    """Every phrase of a language pack, by its first word."""

    def __init__(self, phrases: Iterable[tuple[str, str, Any]]) -> None:
        """Take (tag, phrase, value) of every phrase."""
        self._exact: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        for tag, phrase, value in phrases:
            first, *rest = phrase_words(phrase)
            entry = _Phrase(tag, tuple(rest), value, phrase[0].isupper())
            (self._stems if first.endswith("*") else self._exact).setdefault(first.rstrip("*"), []).append(entry)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._openings: dict[str, _Opening | None] = {}  # of words met so far

    def cues(self, text_words: Sequence[Word]) -> list[Cue]:
        """Return the cues among ``text_words`` in reading order; of two of one sort that overlap, the longer."""
        found: list[Cue] = []
        for index, word in enumerate(text_words):
            opening = self._opening(word.folded)
            if opening is None:
                continue
            second = text_words[index + 1].folded if index + 1 < len(text_words) else ""
            for phrase in (*opening.single, *opening.by_second.get(second, ()), *opening.others):
                if phrase.capital and not word.capital:
                    continue
                last = _end(phrase.rest, text_words, index + 1) if phrase.rest else index + 1
                if last:
                    found.append(Cue(phrase.tag, index, last, word.start, text_words[last - 1].stop, phrase.value))
        return _longest(found)

    def _opening(self, word: str) -> _Opening | None:
        """Return the phrases that may begin with a word, remembered: texts repeat their words."""
        try:
            return self._openings[word]
        except KeyError:
            if len(self._openings) > _REMEMBERED:
                self._openings.clear()
            known = self._openings[word] = _sorted_by_second(self._beginning(word))
            return known

    def _beginning(self, word: str) -> list[_Phrase]:
        phrases = self._exact.get(word, _NONE)
        for length in self._stem_lengths:
            if length > len(word):
                break
            if stems := self._stems.get(word[:length]):
                phrases = phrases + stems
        return phrases


_NONE: list[_Phrase] = []


def _sorted_by_second(phrases: Sequence[_Phrase]) -> _Opening | None:
    if not phrases:
        return None
    by_second: dict[str, tuple[_Phrase, ...]] = {}
    others = []
    for phrase in (p for p in phrases if p.rest):
        if phrase.rest[0] == _GAP or phrase.rest[0].endswith("*"):
            others.append(phrase)
        else:
            by_second[phrase.rest[0]] = (*by_second.get(phrase.rest[0], ()), phrase)
    return _Opening(tuple(p for p in phrases if not p.rest), by_second, tuple(others))


def phrase_words(phrase: str) -> list[str]:
    """Fold a phrase of a pack into its words, stars and gaps kept."""
    parts = []
    for part in phrase.split():
        if part == _GAP:
            parts.append(_GAP)
            continue
        folded = [word.folded for word in words(part)]
        if part.endswith("*"):
            folded[-1] += "*"
        parts += folded
    return parts


def _end(rest: tuple[str, ...], text_words: Sequence[Word], index: int) -> int:
    """Index behind the last word of the phrase, or 0 if it does not go on like this."""
    for position, wanted in enumerate(rest):
        if wanted == _GAP:
            behind = rest[position + 1 :]
            for start in range(index, min(index + _LONGEST_GAP + 1, len(text_words))):
                if _fits(text_words[start].folded, behind[0]) and (end := _end(behind, text_words, start)):
                    return end
            return 0
        if index >= len(text_words) or not _fits(text_words[index].folded, wanted):
            return 0
        index += 1
    return index


def _fits(word: str, wanted: str) -> bool:
    """Whether a phrase may go on with a word: the very one, one of its stem, any one in a gap."""
    return word == wanted or wanted == _GAP or (wanted[-1] == "*" and word.startswith(wanted[:-1]))


def _longest(cues: list[Cue]) -> list[Cue]:
    kept: dict[str, list[Cue]] = {}
    for cue in sorted(cues, key=lambda c: (c.first - c.last, c.first)):
        same = kept.setdefault(cue.tag, [])
        if all(cue.last <= other.first or other.last <= cue.first for other in same):
            same.append(cue)
    return sorted((cue for same in kept.values() for cue in same), key=lambda c: (c.first, -c.last, c.tag))


def spread(tag: str, table: Mapping[str, Any] | Iterable[str]) -> list[tuple[str, str, Any]]:
    """Turn a list of phrases, or a table of value → phrases, into (tag, phrase, value) rows."""
    if isinstance(table, Mapping):
        return [(tag, phrase, value) for value, phrases in table.items() for phrase in phrases]
    return [(tag, phrase, None) for phrase in table]
