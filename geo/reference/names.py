"""One form for every spelling of a name: what is compared, never what is shown.

Offsets are never lost: ``plain`` says where each of its characters stood in the text as published, and the words
that ``words`` finds carry their own place in the plain text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Marks that change nothing about a name: stress marks, soft hyphens, zero-width and direction marks, a BOM.
_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = "'’‘ʼ`´′ʹ＇"
# "d'Odessa", "l'oblast", "jusqu'à": before a vowel these are words of their own.  "L'viv" and "Kup'iansk" are one.
_SHORT = "[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|all|dall|sull|un|quell"
_ELIDED = rf"(?<![^\W_])(?:{_SHORT})(?=[{_APOSTROPHES}][aeiouyhàâäéèêëîïôöûüœæ])"
_WORD = re.compile(rf"(?i:{_ELIDED})|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*")
_LETTERS = re.compile(r"[^\W_]+")  # the same where no apostrophe is: most sentences, and twice as fast


class Plain(NamedTuple):
    """A text without invisible marks; ``offsets[i]`` is where character ``i`` stood before (None: the same place)."""

    text: str
    offsets: tuple[int, ...] | None

    def original(self, start: int, stop: int) -> tuple[int, int]:
        """Return where ``text[start:stop]`` stands in the original; marks inside the words belong to them."""
        if self.offsets is None:
            return start, stop
        first = self.offsets[start]
        if start == stop:
            return first, first
        return first, self.offsets[bisect_right(self.offsets, self.offsets[stop - 1])]


class Word(NamedTuple):
    """One word: its place in the plain text, its folded form, and whether it opens with a capital."""

    start: int
    stop: int
    folded: str
    capital: bool


def plain(text: str) -> Plain:
    """Compose letters (NFC) and drop invisible marks; texts that have none come back as they are."""
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text)):
        return Plain(text, None)
    letters: list[str] = []
    offsets: list[int] = []
    for start, cluster in _clusters(text):
        composed = _INVISIBLE.sub("", unicodedata.normalize("NFC", cluster))
        letters.append(composed)
        offsets.extend([start] * len(composed))
    return Plain("".join(letters), (*offsets, len(text)))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for stop in range(1, len(text) + 1):
        if stop == len(text) or not unicodedata.combining(text[stop]):
            yield start, text[start:stop]
            start = stop


class _Folding(dict[int, int]):
    """One character to one character, so that folded text keeps its length."""

    def __missing__(self, code: int) -> int:
        folded = _fold_character(chr(code))
        self[code] = ord(folded)
        return self[code]


def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    lower = character.lower()
    if len(lower) != 1:  # İ lowers to two characters
        return character
    if lower == "ё":
        return "е"
    if lower in "łøđ":
        return "lod"["łøđ".index(lower)]
    if lower in "йїў":  # letters, not и or і with an accent: stripping their marks would merge different villages
        return lower
    base = unicodedata.normalize("NFD", lower)[0]
    return base if base.isalpha() else lower


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the form in which spellings are compared: lower case, no accents, one apostrophe, ё as е.

    The result is as long as ``text`` if that is in NFC, as ``plain`` makes it.

    >>> fold("Куп’янськ"), fold("Щорс"), fold("Орёл"), fold("Odésa")
    ("куп'янськ", 'щорс', 'орел', 'odesa')
    """
    return text.translate(_FOLDING)


def words(text: str, start: int = 0, stop: int | None = None) -> list[Word]:
    """Return the words of plain ``text`` between two offsets; a hyphen ends a word, an apostrophe does not."""
    stop = len(text) if stop is None else stop
    folded = text[start:stop].translate(_FOLDING)  # at once: a call for each word costs more than the folding
    pattern = _WORD if "'" in folded else _LETTERS
    spans = [match.span() for match in pattern.finditer(text, start, stop)]
    return [Word(first, last, folded[first - start : last - start], text[first].isupper()) for first, last in spans]


@lru_cache(maxsize=1 << 14)
def key(name: str) -> str:
    """Return the folded words of ``name``, one space between them: two spellings are the same if their keys are."""
    return " ".join(word.folded for word in words(plain(name).text))
