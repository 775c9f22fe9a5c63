"""Names in the neighbour's language by the rules of ``respelling.toml``: "Каменка" of "Кам’янка"."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

_PARTS = re.compile(r"([\s\-–‑]+)")
_MOST = 4  # spellings of one name


class Respelling:
    """The rules from one language to another."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take one table of ``respelling.toml``."""
        self.source: str = data["from"]
        self.target: str = data["to"]
        self.label: str = data["label"]
        self._ends = _ends(data["ends"])
        self._attributes = _ends(data["attributes"])
        self._roots = _Replacements(data["roots"])
        self._pairs = _Replacements(data["pairs"])
        letters, others = data["letters"], data.get("other_letters", {})  # the second way to write some letters
        self._letters = [str.maketrans(letters), *([str.maketrans(letters | others)] if others else [])]

    def spellings(self, name: str) -> list[str]:
        """Return how a name is likely written in the other language, the likeliest first."""
        parts = _PARTS.split(name)  # words at even places, what joins them between
        words = [self._word(word, at < len(parts) - 1) for at, word in enumerate(parts) if at % 2 == 0]
        found = []
        for choice in islice(product(*words), _MOST):
            parts[::2] = choice
            found.append("".join(parts))
        return found

    def _word(self, word: str, attributive: bool) -> list[str]:
        """Respell one word; what is done with is in capitals, so that nothing is respelled twice."""
        lower = word.lower().replace("’", "'")
        if whole := self._endings("^" + lower, attributive):
            return [_as_written(ending, word) for ending in whole]
        rooted = self._roots.put(lower)
        cut, endings = next(
            ((len(rooted) - n, found) for n in range(len(rooted)) if (found := self._endings(rooted[n:], attributive))),
            (0, [""]),
        )
        stem = self._pairs.put(rooted[: len(rooted) - cut])
        stems = dict.fromkeys(stem.translate(letters).lower() for letters in self._letters)
        return [_as_written(stem + ending, word) for stem in stems for ending in endings]

    def _endings(self, end: str, attributive: bool) -> list[str] | None:
        return (self._attributes.get(end) if attributive else None) or self._ends.get(end)


class _Replacements:
    """Strings that are put for others in one pass, the longest first; "^" stands for the beginning of the word."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._new: dict[str, str] = dict(row.split(" ", 1) for row in rows)
        longest_first = sorted(self._new, key=len, reverse=True)
        self._old = re.compile("|".join(map(re.escape, longest_first)))

    def put(self, word: str) -> str:
        """Return the word with its replacements in capitals."""
        return self._old.sub(lambda match: self._new[match.group()].upper(), "^" + word).removeprefix("^")


@cache
def _all() -> tuple[Respelling, ...]:
    with Path(__file__).with_name("respelling.toml").open("rb") as file:
        return tuple(Respelling(table) for table in tomllib.load(file).values())


def respellings(name: str, language: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (language, label of the rules, spellings) of a name in ``language`` in each language with rules for it."""
    for rules in _all():
        if rules.source == language:
            yield rules.target, rules.label, rules.spellings(name)


def _ends(rows: Iterable[str]) -> dict[str, list[str]]:
    return {end: new.split("/") for end, new in (row.split(" ", 1) for row in rows)}


def _as_written(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
