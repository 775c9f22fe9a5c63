"""What the page says: every language has every message, with the same values, and nothing that is never said."""

import re
from contextvars import copy_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.view import messages, phrases
from geo.view.messages import LANGUAGES, catalogue

ROOT = Path(__file__).parents[1]
# Languages that the page is read in, and the plural forms that each has (CLDR).
FORMS = {"en": {"one", "other"}, "id": {"other"}, "uk": {"one", "few", "many", "other"}}
_NAMES = re.compile(r"\{(\w+)\}")
# Keys that a value completes: say(f"kind.{kind}").
_COMPLETED = re.compile(r"""(?:say|said)\(\s*[f`]?["'`]([a-z_]+)\.[a-z_]*[{$]|["']([a-z_]+)\.["'] \+|reason\.\{""")
_SAID = re.compile(r"""["'`]([a-z_]+\.[a-z_0-9]+)["'`]""")
TRANSLATIONS = [code for code in LANGUAGES if code != "en"]


def in_language(language, told):
    return copy_context().run(lambda: (messages.speak(language), told())[1])


def forms(message):
    return {"": message} if isinstance(message, str) else message


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_message_is_translated(language):
    """The keys are those of the English file; no text is left as it is there, but for names and bare patterns."""
    english, other = catalogue("en"), catalogue(language)
    alike = {
        key for key in english if forms(english[key]) == forms(other[key]) and re.search("[a-z]{4}", str(english[key]))
    }

    assert set(other) == set(english)
    assert {key for key in alike if _NAMES.sub("", str(english[key])).strip(" :;,–·()%")} <= ALIKE


# Words that are the same in another language.
ALIKE = {
    "chart.region",
    "size.region",
    "size.raion",
    "side.party_word",
    "means.drone",
    "card.status",
    "card.total",
    "upload.command",
}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_message_takes_the_same_values_in_every_language(language):
    """A name in braces that is missing or misspelled would lose a value, or end the page."""
    for key, message in catalogue("en").items():
        wanted = {name for form in forms(message).values() for name in _NAMES.findall(form)}

        for form, text in forms(catalogue(language)[key]).items():
            assert set(_NAMES.findall(text)) == wanted, f"{language}: {key} {form}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_counts_has_all_plurals_of_its_language(language):
    """Ukrainian has three forms for whole numbers, and one for the others."""
    for key, message in catalogue(language).items():
        assert isinstance(message, str) or set(message) == FORMS[language], key


def test_nothing_is_kept_that_is_never_said():
    """And nothing is said that no file has."""
    sources = [
        ROOT / "app.py",
        *(ROOT / "geo" / "view").rglob("*.py"),
        *(ROOT / "geo" / "view" / "assets").glob("*.js"),
    ]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    families = {name for found in _COMPLETED.findall(text) for name in found if name} | {"reason", "means", "outcome"}
    keys, exact = set(catalogue("en")), set(_SAID.findall(text))

    assert sorted(key for key in keys - exact if key.partition(".")[0] not in families) == []
    sections = {key.partition(".")[0] for key in keys}
    asked = set(re.findall(r"""\bsay\(\s*["']([a-z_.0-9]+[a-z])["']""", text))
    assert sorted(asked - keys) == []
    assert families <= sections


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 1, "1 report"),
        ("en", 12345, "12,345 reports"),
        ("id", 12345, "12.345 laporan"),
        ("uk", 1, "1 повідомлення"),
        ("uk", 5, "5 повідомлень"),
        ("uk", 11, "11 повідомлень"),
        ("uk", 21, "21 повідомлення"),
        ("uk", 112, "112 повідомлень"),
        ("uk", 12345, "12 345 повідомлень"),
    ],
)
def test_numbers_and_plurals_are_those_of_the_language(language, number, words):
    """One, few and many where the language tells them apart; its own mark between thousands."""
    assert in_language(language, lambda: messages.say("count.reports", n=number)) == words


@given(some.integers(0, 10_000))
def test_ukrainian_has_three_forms(number):
    """By the last two digits (CLDR): 1, 21, 101 · 2–4, 22–24 · all else, 11–14 among it."""
    last, two = number % 10, number % 100
    form = "one" if last == 1 and two != 11 else "few" if last in (2, 3, 4) and two not in (12, 13, 14) else "many"

    assert messages._PLURALS["uk"](number) == form


@pytest.mark.parametrize(
    ("wishes", "language"),
    [(["uk-UA"], "uk"), (["ru", "id-ID"], "id"), (["fr"], "en"), ([""], "en"), ([], "en")],
)
def test_the_page_opens_in_the_first_language_of_the_reader_that_it_has(wishes, language):
    """English where it has none of them."""
    assert messages.preferred(wishes) == language


@pytest.mark.parametrize(("language", "words"), [("en", "5 Nov 2024"), ("id", "5 Nov 2024"), ("uk", "5 лист. 2024")])
def test_days_are_written_in_the_language(language, words):
    """Day, month, year; twelve months and seven weekdays in each file."""
    from datetime import date

    assert in_language(language, lambda: phrases.day_words(date(2024, 11, 5))) == words
    assert len(catalogue(language)["date.months"].split()) == 12
    assert len(catalogue(language)["date.weekdays"].split()) == 7


@pytest.mark.parametrize(
    ("language", "region", "side"),
    [
        ("en", "Donetsk oblast", "Russian side"),
        ("id", "Oblast Donetsk", "Pihak Rusia"),
        ("uk", "Донецька область", "Сторона: Росія"),
    ],
)
def test_regions_and_sides_have_their_names_in_the_language(language, region, side):
    """From the gazetteer: its names files and its theatre."""
    assert in_language(language, lambda: phrases.regions()["donetsk"]) == region
    assert in_language(language, lambda: phrases.sides()["russia"]) == side
