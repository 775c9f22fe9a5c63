"""Spellings are compared in one form, and no step on the way loses where a character stood."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference.names import fold, key, plain, words

# Everything that a digest's bytes can decode to, with what is rare there made frequent.
MARKS = "\u0301\u0306\u0308\u00ad\u200b\u200e\u200f\u202e\u2066\u2069\ufeff"
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from(MARKS + "иіїйeИІеЕё'’\r\n\t -")), max_size=60
)


def check_offsets(text: str) -> None:
    """Each character of the plain text comes from where it is said to come from, and all of the original is covered."""
    made = plain(text)
    if made.offsets is None:
        assert made.text == text
        return
    assert len(made.offsets) == len(made.text) + 1
    assert list(made.offsets) == sorted(made.offsets)
    assert made.original(0, len(made.text))[1] == len(text) or not made.text
    for index in range(len(made.text)):
        start, stop = made.original(index, index + 1)
        assert 0 <= start < stop <= len(text)
        assert made.text[index] in plain(text[start:stop]).text


@given(TEXTS)
def test_every_plain_character_knows_where_it_stood(text):
    """Whatever marks are composed or dropped, offsets lead back into the text as published."""
    check_offsets(text)


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=20_000)
def test_every_plain_character_knows_where_it_stood_at_length(text):
    """The same, for many more texts."""
    check_offsets(text)


@given(TEXTS, TEXTS)
def test_a_word_between_two_texts_is_found_where_it_stands(before, after):
    """The words right before and behind do not shift it."""
    text = f"{before}\nVuhledar\n{after}"
    made = plain(text)

    spans = [made.original(w.start, w.stop) for w in words(made.text) if w.folded == "vuhledar"]

    assert (len(before) + 1, len(before) + 9) in [(start, start + 8) for start, _ in spans]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_folding_keeps_the_length(text):
    """One character of composed text becomes one character, so offsets hold for folded text too."""
    composed = unicodedata.normalize("NFC", text)

    assert len(fold(composed)) == len(composed)


@given(st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяѝ", min_size=1, max_size=12))
def test_short_i_and_yi_never_become_plain_letters(word):
    """й and ї are letters of their own: folding keeps their number, whether composed or not."""
    for form in ("NFC", "NFD"):
        folded = key(unicodedata.normalize(form, word.upper()))
        assert [folded.count(letter) for letter in "йї"] == [word.count(letter) for letter in "йї"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Троїцьке", "Троіцьке"),
        ("Крайнє", "Краинє"),
        ("Зелений", "Зелении"),
        ("Новоселівка", "Новоселовка"),
        ("Мирне", "Мірне"),
    ],
)
def test_names_that_differ_in_a_letter_stay_different(one, other):
    """Villages whose names differ only in й/и, ї/і or и/і are different villages."""
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Куп’янськ", "Куп'янськ"),
        ("Куп’янськ", "Купʼянськ"),
        ("Слов`янськ", "Слов‘янськ"),
        ("Вугледа\u0301р", "Вугледар"),
        ("Покро\u00adвськ", "Покровськ"),
        ("\u200fVuhledar\u200f", "Vuhledar"),
        ("\ufeffVuhledar", "Vuhledar"),
        ("VUHLEDAR", "vuhledar"),
        ("Орёл", "Орел"),
        ("Mariúpol", "Mariupol"),
        ("Mariu\u0301pol", "Mariupol"),
        ("Chasiv\u00a0Yar", "Chasiv Yar"),
        ("Chasiv-Yar", "Chasiv Yar"),
        ("Chasiv\r\nYar", "Chasiv Yar"),
        ("Стри\u0306", "Стрй"),  # combining breve: й as two code points
        ("Украи\u0308на".replace("и\u0308", "і\u0308"), "Україна"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    """Apostrophes, stress marks, soft hyphens, direction marks, case, accents and kinds of blanks do not matter."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\ufeffЗахопили Вугледа\u0301р.", "Вугледа\u0301р"),
        ("Рядок\r\nКра\u0438\u0306нє.", "Кра\u0438\u0306нє"),
        ("у По\u00adкро\u00adвську", "По\u00adкро\u00adвську"),
        ("\u200fin \u202bVuhledar\u202c now", "Vuhledar"),
    ],
)
def test_a_name_with_marks_is_cut_out_of_the_text_with_them(text, name):
    """The original words come back whole, although the comparison ignored the marks inside."""
    made = plain(text)
    found = next(w for w in words(made.text) if w.folded == key(name))
    start, stop = made.original(found.start, found.stop)

    assert text[start:stop].rstrip("\u202c") == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pokrovsk's centre", ["pokrovsk's", "centre"]),
        ("Kamianka-Dniprovska", ["kamianka", "dniprovska"]),
        ("n'est-ce “Куп’янськ”", ["n", "est", "ce", "куп'янськ"]),
        ("a_b [12] 20 km", ["a", "b", "12", "20", "km"]),
        ("", []),
    ],
)
def test_a_hyphen_ends_a_word_and_an_apostrophe_does_not(text, expected):
    """Words are runs of letters and digits."""
    assert [w.folded for w in words(text)] == expected
