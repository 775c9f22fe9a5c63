"""What the page says, in the language of its reader: one file of messages a language.

A message is found by its key (``count.reports``) and filled with values: ``{name}``.  A message that counts has one
form for each plural of its language (CLDR), chosen by ``n``.  The JavaScript parts get the same messages.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "id", "uk")  # the first is spoken where none was chosen

# https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html, for whole numbers
_PLURALS: dict[str, Callable[[int], str]] = {
    "en": lambda n: "one" if n == 1 else "other",
    "id": lambda _: "other",
    "uk": lambda n: "one" if _ends(n, 1, 1) else "few" if _ends(n, 2, 4) else "many",
}


def _ends(n: int, first: int, last: int) -> bool:
    return first <= n % 10 <= last and not 10 + first <= n % 100 <= 10 + last


_NAME = re.compile(r"\{(\w+)\}")
_SPOKEN: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def speak(language: str) -> None:
    """Say everything in this language, in this run of the page."""
    _SPOKEN.set(language if language in LANGUAGES else LANGUAGES[0])


def spoken() -> str:
    """Return the code of the language that is spoken in this run of the page."""
    return _SPOKEN.get()


def preferred(wishes: Iterable[str]) -> str:
    """Return the first of the reader's languages (``uk-UA``, ``id``) that the page has, or else English."""
    codes = (wish.partition("-")[0].partition(";")[0].strip().lower() for wish in wishes)
    return next((code for code in codes if code in LANGUAGES), LANGUAGES[0])


def say(key: str, **values: object) -> str:
    """Return a message with its values; ``n`` chooses the plural, and numbers are written as the language does.

    Raises ``KeyError`` if there is no such message.
    """
    found = catalogue(spoken())[key]
    template = found if isinstance(found, str) else found[_form(values["n"])]
    return _NAME.sub(lambda name: _written(values[name[1]]), template)


def _form(number: object) -> str:
    return _PLURALS[spoken()](int(str(number)))


def said(key: str) -> bool:
    """Return whether there is such a message."""
    return key in catalogue(LANGUAGES[0])


def _written(value: object) -> str:
    return number(value) if isinstance(value, int) else str(value)


def number(value: int) -> str:
    """Return a whole number with the language's mark between thousands: ``12,345``."""
    return f"{value:,}".replace(",", str(catalogue(spoken())["number.thousands"]))


@cache
def catalogue(language: str) -> MappingProxyType[str, Any]:
    """Return every message of a language by its key: text, or its plural forms."""
    sections = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({f"{name}.{key}": text for name, each in sections.items() for key, text in each.items()})
