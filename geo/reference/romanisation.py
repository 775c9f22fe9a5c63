"""Latin spellings of Cyrillic names by rule, one for each scheme of ``romanisation.toml``."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_VOWELS = "аеєиіїоуюяёыэ"
_SIGNS = "ьъ'"
_CYRILLIC_WORD = re.compile(r"[Ѐ-ӿ'’]+")


@cache
def _tables() -> dict[str, dict[str, Any]]:
    with Path(__file__).with_name("romanisation.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {name: tables[table["like"]] | table if "like" in table else table for name, table in tables.items()}


def schemes() -> dict[str, dict[str, Any]]:
    """Return the schemes by name, as in ``romanisation.toml``."""
    return {name: table for name, table in _tables().items() if "letters" in table}


@cache
def readers() -> frozenset[str]:
    """Return the languages that have schemes of their own."""
    return frozenset(scheme["reader"] for scheme in schemes().values() if "reader" in scheme)


def common_words() -> frozenset[str]:
    """Return the spellings that are words of other languages."""
    return frozenset(_tables()["common"]["words"])


def romanised(name: str, scheme: str) -> str:
    """Write a Cyrillic name in Latin letters.

    >>> romanised("Згурівка", "national"), romanised("Угледар", "russian_bgn")
    ('Zghurivka', 'Ugledar')
    """
    table = _table(scheme)
    return _CYRILLIC_WORD.sub(lambda match: table.word(match.group()), name)


class Latin(NamedTuple):
    """A Latin spelling by rule: the label of its scheme, and the one language that reads it so, or ""."""

    text: str
    label: str
    reader: str


def spellings(name: str, language: str, *, abroad: bool = True) -> Iterator[Latin]:
    """Yield each further Latin spelling of a name in ``language`` (uk or ru), each once for each reader.

    Without ``abroad`` the usage of French, German, Polish and Spanish is left out.
    """
    seen: set[str | tuple[str, str]] = set()
    for key, scheme in _of_language(language):
        reader = scheme.get("reader", "")
        if key == "national" or (reader and not abroad):
            continue
        text = romanised(name, key)
        if not seen & {text, (text, reader)} and text.isascii():
            seen.add((text, reader) if reader else text)
            yield Latin(text, scheme["label"], reader)


@cache
def _of_language(language: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((key, scheme) for key, scheme in schemes().items() if scheme["language"] == language)


class _Table:
    """One scheme, ready for many names: what depends on the place in the word first, then letter by letter."""

    def __init__(self, scheme: dict[str, Any]) -> None:
        self._endings = tuple(scheme.get("endings", {}).items())
        self._pairs = tuple(scheme.get("pairs", {}).items())
        self._initial: dict[str, str] = scheme.get("initial", {})
        self._after_vowel: dict[str, str] = scheme.get("after_vowel", {})
        self._between: dict[str, str] = scheme.get("between_vowels", {})
        behind = f"(?<=[{_VOWELS}{_SIGNS}aeiouy])[{''.join(self._after_vowel)}]"
        between = f"(?<=[{_VOWELS}])[{''.join(self._between)}](?=[{_VOWELS}])"
        self._behind_vowel = re.compile(behind) if self._after_vowel else None
        self._between_vowels = re.compile(between) if self._between else None
        self._letters = str.maketrans(scheme["letters"])

    def word(self, word: str) -> str:
        lower = word.lower().replace("’", "'")
        stem, tail = lower, ""
        for ending, latin in self._endings:
            if lower.endswith(ending) and lower != ending:
                stem, tail = lower.removesuffix(ending), latin
                break
        for pair, latin in self._pairs:
            stem = stem.replace(pair, latin)
        if self._between_vowels:
            stem = self._between_vowels.sub(lambda match: self._between[match.group()], stem)
        if self._behind_vowel:
            stem = self._behind_vowel.sub(lambda match: self._after_vowel[match.group()], stem)
        if stem[:1] in self._initial:
            stem = self._initial[stem[0]] + stem[1:]
        latin = stem.translate(self._letters) + tail
        if word.isupper() and len(word) > 1:
            return latin.upper()
        return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


@cache
def _table(scheme: str) -> _Table:
    return _Table(schemes()[scheme])
