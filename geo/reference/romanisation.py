"""Latin spellings of Cyrillic names by rule, one for each scheme of ``romanisation.toml``."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_VOWELS = "аеєиіїоуюяёыэ"
_SIGNS = "ьъ'"
_CYRILLIC_WORD = re.compile(r"[Ѐ-ӿ'’]+")


@cache
def schemes() -> dict[str, dict[str, Any]]:
    """Return the schemes by name, as in ``romanisation.toml``."""
    with Path(__file__).with_name("romanisation.toml").open("rb") as file:
        return tomllib.load(file)


def romanised(name: str, scheme: str) -> str:
    """Write a Cyrillic name in Latin letters.

    >>> romanised("Згурівка", "national"), romanised("Угледар", "russian_bgn")
    ('Zghurivka', 'Ugledar')
    """
    return _CYRILLIC_WORD.sub(lambda match: _word(match.group().replace("’", "'"), schemes()[scheme]), name)


def spellings(name: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each further Latin spelling of a name in ``language`` (uk or ru), with the label of its scheme."""
    seen = set()
    for key, scheme in schemes().items():
        if scheme["language"] == language and key != "national":
            spelling = romanised(name, key)
            if spelling not in seen and spelling.isascii():
                seen.add(spelling)
                yield spelling, scheme["label"]


def _word(word: str, scheme: dict[str, Any]) -> str:
    lower = word.lower()
    latin = ""
    index = 0
    while index < len(lower):
        step, piece = _piece(lower, index, scheme)
        latin += piece
        index += step
    if word.isupper() and len(word) > 1:
        return latin.upper()
    return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


def _piece(word: str, index: int, scheme: dict[str, Any]) -> tuple[int, str]:
    for ending, latin in scheme.get("endings", {}).items():
        if word[index:] == ending and index > 0:
            return len(ending), latin
    for pair, latin in scheme.get("pairs", {}).items():
        if word.startswith(pair, index):
            return len(pair), latin
    letter = word[index]
    if index == 0 and letter in scheme.get("initial", {}):
        return 1, scheme["initial"][letter]
    if index and word[index - 1] in _VOWELS + _SIGNS and letter in scheme.get("after_vowel", {}):
        return 1, scheme["after_vowel"][letter]
    return 1, scheme["letters"].get(letter, letter)
