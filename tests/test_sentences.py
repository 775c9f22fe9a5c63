"""Texts are cut into sentences, and nothing of them is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.languages import pack
from geo.text.sentences import body_start, sentences

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(".!?…;:”»)([]1aAЖї-–•* \r\n\t\x0b\x1c\x85\u2028\u00a0\ufeff\ufe0f"),
        st.sampled_from(" \n.A"),
    ),
    max_size=80,
)


def cut(text: str, language: str = "en") -> list[str]:
    return [text[s.start : s.stop] for s in sentences(text, pack(language).abbreviations)]


def check_cover(text: str) -> None:
    """Sentences follow one another, do not overlap, and leave out only white space."""
    found = list(sentences(text, pack("en").abbreviations))
    end = 0
    for sentence in found:
        assert end <= sentence.start < sentence.stop <= len(text)
        assert not text[end : sentence.start].strip()
        assert text[sentence.start : sentence.stop].strip() == text[sentence.start : sentence.stop]
        end = sentence.stop
    assert not text[end:].strip()


@given(TEXTS)
def test_sentences_hold_every_character_that_is_not_blank(text):
    """For any text, also with odd line ends, bullets and marks."""
    check_cover(text)


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=20_000)
def test_sentences_hold_every_character_that_is_not_blank_at_length(text):
    """The same, for many more texts."""
    check_cover(text)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Shells fell on Orikhiv. Nobody was hurt.", "en", ["Shells fell on Orikhiv.", "Nobody was hurt."]),
        ("Gen. Petrenko spoke. He left.", "en", ["Gen. Petrenko spoke.", "He left."]),
        ("It was hit at 5 p.m. Kyiv time.", "en", ["It was hit at 5 p.m. Kyiv time."]),
        ("A U.S. official and J. Smith agreed.", "en", ["A U.S. official and J. Smith agreed."]),
        ("It was the No. 4 reactor.", "en", ["It was the No. 4 reactor."]),
        ("About 3.5 km were lost.", "en", ["About 3.5 km were lost."]),
        ("Is it true? Yes! It is…  Really.", "en", ["Is it true?", "Yes!", "It is…", "Really."]),
        ("“We hold.” He smiled.", "en", ["“We hold.”", "He smiled."]),
        ("They advanced.[12][3] The line moved.", "en", ["They advanced.[12][3]", "The line moved."]),
        ("It fell (see map). Then it rained.", "en", ["It fell (see map).", "Then it rained."]),
        ("Shelling hit Sumy; drones hit Odesa.", "en", ["Shelling hit Sumy; drones hit Odesa."]),
        ("Two hit: Sumy and Odesa.", "en", ["Two hit: Sumy and Odesa."]),
        ("Brigjen. Sutopo hadir. Ia pulang.", "id", ["Brigjen. Sutopo hadir.", "Ia pulang."]),
        ("Pukul 08.00 waktu setempat. Tiga tewas.", "id", ["Pukul 08.00 waktu setempat.", "Tiga tewas."]),
        ("Rumah, toko, dll. rusak.", "id", ["Rumah, toko, dll. rusak."]),
    ],
)
def test_a_full_stop_ends_a_sentence_unless_it_belongs_to_a_word(text, language, expected):
    """Abbreviations, initials, figures, closing quotes and note marks are known."""
    assert cut(text, language) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n", "\u2028", "\x85"])
def test_a_line_break_always_ends_a_sentence(line_end):
    """Headlines and bullets have no full stop."""
    assert cut(f"Strike on Odesa{line_end}three hurt") == ["Strike on Odesa", "three hurt"]


@pytest.mark.parametrize("bullet", ["• ", "- ", "* ", "– ", "▪️ ", "🔻", "🔹 ", "> ", "## "])
def test_a_bullet_belongs_to_its_sentence_but_not_to_its_words(bullet):
    """``body_start`` is where the words begin."""
    text = f"Briefing\n{bullet}Fighting went on."
    last = list(sentences(text))[-1]

    assert text[last.start : last.stop] == f"{bullet}Fighting went on."
    assert text[body_start(text, last) :] == "Fighting went on."


def test_a_sentence_knows_its_paragraph_and_whether_it_opens_it():
    """What the first sentence of a bullet says holds for the rest of it."""
    found = list(sentences("One. Two.\n\n• Three. Four."))

    assert [(s.block, s.first) for s in found] == [(0, True), (0, False), (1, True), (1, False)]
