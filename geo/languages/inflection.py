"""Case forms of place names by the rules of a pack: ``[inflection]`` of ``uk.toml`` and ``ru.toml``.

A rule is one line, ``ends | cut | forms``: a word with one of these endings loses the letters of ``cut`` and takes one
ending a case.  The longest ending that fits decides.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import BrokenCuratedData

FOLDER = Path(__file__).parent
_MOST_FORMS = 6  # of one case: "Кривому Рогу" and "Кривому Розі", and no explosion where each word has two
_PARTS = re.compile(r"([\s\-–‑]+)")


class Rule(NamedTuple):
    """What words with one ending become; ``singular`` has the further cases, ``plural`` (of adjectives) every case."""

    cut: int  # letters that the word loses
    singular: tuple[tuple[str, ...], ...]  # the endings of each case, the usual one first
    plural: tuple[tuple[str, ...], ...] = ()


class Inflection:
    """The declension of one language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the table ``[inflection]`` of a pack."""
        self.cases: tuple[str, ...] = tuple(data["cases"])
        self.common = frozenset(data["common"])  # words that stand in any text: a form like them needs a cue
        self.surname_ends: tuple[str, ...] = tuple(data["surname_ends"])
        self._frozen = frozenset(data["frozen"])
        self._from_here = frozenset(data["frozen_from_here"])
        self._behind = frozenset(data["frozen_behind"])
        self._types = frozenset(data["types"])
        self._adjective_ends = tuple(data["adjective_ends"])
        self._nouns = _rules(data["nouns"], self.cases)
        self._adjectives = _rules(data["adjectives"], self.cases)

    def forms(self, name: str) -> dict[str, str]:
        """Return each form of a name that differs from it, with the names of its cases.

        Names of several words are declined word by word: "Кривого Рогу", "Куп’янська-Вузлового".
        """
        parts = _PARTS.split(name)  # words at even places, what joins them between
        words = parts[::2]
        declined = self._declined(words)
        found: dict[str, list[str]] = {}
        for number, case in enumerate(self.cases):
            for choice in islice(product(*(word[number] for word in declined)), _MOST_FORMS):
                parts[::2] = choice
                form = "".join(parts)
                if form != name and case not in found.setdefault(form, []):
                    found[form].append(case)
        return {form: ", ".join(cases) for form, cases in found.items()}

    def attribute(self, name: str) -> str:
        """Return "Донецька" of "Донецька область" or of itself, and "" for a name that is no attribute."""
        words = name.split(" ")
        if len(words) > 1 and words[-1].lower() in self._types:
            words.pop()
        return words[0] if len(words) == 1 and self._is_adjective(words[0]) else ""

    def attribute_forms(self, adjective: str) -> dict[str, str]:
        """Return the further cases of an adjective in its own gender, and its plural: "Донецькій", "Донецьких"."""
        head, hyphen, word = adjective.rpartition("-")
        rule = _rule_for(word, self._adjectives)
        if rule is None:
            return {}
        found: dict[str, list[str]] = {}
        labels = [*self.cases, "plural", *(f"plural {case}" for case in self.cases)]
        for label, endings in zip(labels, (*rule.singular, *rule.plural), strict=False):
            for ending in endings:
                form = head + hyphen + _with_ending(word, rule.cut, ending)
                if form != adjective and label not in found.setdefault(form, []):
                    found[form].append(label)
        return {form: ", ".join(cases) for form, cases in found.items()}

    def _declined(self, words: Sequence[str]) -> list[list[tuple[str, ...]]]:
        """Return the forms of each word, case by case."""
        frozen = self._frozen_words(words)
        head = max((n for n, stays in enumerate(frozen) if not stays), default=-1)
        noun_comes_last = head > 0 and not self._is_adjective(words[head])
        paradigms = []
        for number, word in enumerate(words):
            attributive = number < head and noun_comes_last
            agrees = attributive or (len(words) > 1 and self._is_adjective(word))
            adjective = _rule_for(word, self._adjectives) if agrees else None
            rule = None if frozen[number] else adjective or _rule_for(word, self._nouns)
            # "Комиш-Зоря": of two nouns the first is declined, or not.
            paradigms.append(self._paradigm(word, rule, may_stay=attributive and adjective is None))
        return paradigms

    def _frozen_words(self, words: Sequence[str]) -> list[bool]:
        """Say which words never change: acronyms, the first half of "Івано-Франківськ", all behind "на" or "село"."""
        frozen: list[bool] = []
        from_here = False
        for number, word in enumerate(words):
            lower = word.lower()
            from_here = from_here or (number > 0 and lower in self._from_here)
            half = lower[-1:] == "о" and number + 1 < len(words)
            acronym = word.isupper() or not lower[-1:].isalpha()
            named_behind = from_here and not self._is_adjective(word)  # "острів Хортиця", but "острова Зміїного"
            frozen.append(named_behind or half or acronym or lower in self._frozen)
            from_here = from_here or lower in self._behind
        return frozen

    def _paradigm(self, word: str, rule: Rule | None, *, may_stay: bool) -> list[tuple[str, ...]]:
        if rule is None:
            return [(word,)] * len(self.cases)
        forms = [tuple(_with_ending(word, rule.cut, e) for e in endings) for endings in rule.singular]
        return [(*f, word) for f in forms] if may_stay else forms

    def _is_adjective(self, word: str) -> bool:
        return _ready(word).endswith(self._adjective_ends)


def inflection(code: str, folder: Path = FOLDER) -> Inflection | None:
    """Read the rules of a language, or None if its pack has none; raises ``BrokenCuratedData`` with the file."""
    path = folder / f"{code}.toml"
    text = section(code, folder)
    return _inflection(text, path) if text else None


@cache
def _inflection(text: str, path: Path) -> Inflection:
    try:
        return Inflection(tomllib.loads(text)["inflection"])
    except tomllib.TOMLDecodeError as error:
        raise BrokenCuratedData(f"{path}: [inflection]: {error}; correct the section") from error
    except KeyError as error:
        raise BrokenCuratedData(f"{path}: [inflection]: the part {error} is missing; copy its shape") from error
    except (ValueError, TypeError) as error:
        raise BrokenCuratedData(f"{path}: [inflection]: {error}; write `ends | cut | forms`") from error


def section(code: str, folder: Path = FOLDER) -> str:
    """Return the lines of ``[inflection]`` in a pack as they stand, "" if there are none.

    The index depends on these lines alone: who edits another part of the pack need not wait for a new index.
    """
    path = folder / f"{code}.toml"
    if not path.is_file():
        return ""
    kept: list[str] = []
    inside = False
    try:
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.startswith("["):
                inside = line.startswith("[inflection")
            if inside:
                kept.append(line)
    except UnicodeDecodeError as error:
        raise BrokenCuratedData(f"{path}: {error}; correct the file") from error
    return "".join(kept)


def _rules(lines: Iterable[str], cases: Sequence[str]) -> dict[str, Rule]:
    return {end: rule for line in lines for end, rule in _parsed(line, len(cases))}


def _parsed(line: str, cases: int) -> Iterator[tuple[str, Rule]]:
    """Yield each ending of a rule line with its rule."""
    ends, cut, *columns = (column.strip() for column in line.split("|"))
    if not columns:
        raise ValueError(f"the rule {line!r} has no forms")
    singular, *plural = (tuple(tuple(cell.split("/")) for cell in column.split()) for column in columns)
    for forms, wanted in ((singular, cases), *((p, cases + 1) for p in plural)):
        if forms and len(forms) != wanted:
            raise ValueError(f"the rule {line!r} has {len(forms)} forms for {wanted} case{'s' * (wanted > 1)}")
    for end in ends.split():
        yield end, Rule(len(cut), singular, *plural)


def _rule_for(word: str, rules: Mapping[str, Rule]) -> Rule | None:
    """Return the rule with the longest ending that fits; one without forms says that none fits."""
    marked = "^" + _ready(word)  # "^яр" is the whole word
    for start in range(len(marked)):
        if rule := rules.get(marked[start:]):
            return rule if rule.singular else None
    return None


def _ready(word: str) -> str:
    return word.lower().replace("’", "'").replace("ё", "е")


def _with_ending(word: str, cut: int, ending: str) -> str:
    """Put an ending; "=" is the word itself, "-" no ending."""
    if ending == "=":
        return word
    return word[: len(word) - cut] + ending.replace("-", "")
