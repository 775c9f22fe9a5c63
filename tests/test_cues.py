"""Phrases of a language pack are found word by word, whatever their case and accents."""

import pytest

from geo.languages.cues import Lexicon, phrase_words, spread
from geo.reference.names import words


def found(phrases: list[str], text: str) -> list[str]:
    """The words of the text that the phrases match."""
    lexicon = Lexicon(("event", phrase, None) for phrase in phrases)
    return [text[cue.start : cue.stop] for cue in lexicon.cues(words(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("took control", "They took control, they TOOK Control.", ["took control", "TOOK Control"]),
        ("captur*", "captured, captures, recaptured", ["captured", "captures"]),
        ("clash*", "a clash", ["clash"]),
        ("shell*", "shel", []),
        ("took .. under control", "took the whole village under control", ["took the whole village under control"]),
        ("took .. under control", "took under control", ["took under control"]),
        ("took .. under control", "took it, as they say, wholly and fully under control", []),
        ("missile .. hit*", "missile debris hitting", ["missile debris hitting"]),
        ("took", "mistook", []),
        ("desa-desa", "di desa-desa itu", ["desa-desa"]),
        ("enemy's", "the enemy’s drones", ["enemy’s"]),
    ],
)
def test_a_phrase_matches_whole_words_stems_and_gaps(phrase, text, expected):
    """`word*` stands for every ending, `..` for up to four words in between."""
    assert found([phrase], text) == expected


def test_of_two_phrases_that_overlap_the_longer_one_stays():
    """ "repelled a drone attack" is not also a drone attack."""
    assert found(["repelled .. drone attack", "drone attack"], "repelled a drone attack") == ["repelled a drone attack"]


def test_phrases_of_different_sorts_may_share_words():
    """Only phrases of one sort push each other aside."""
    lexicon = Lexicon([("event", "drone attack", "air_strike"), ("means", "drone", "drone")])

    assert [(c.tag, c.value) for c in lexicon.cues(words("a drone attack"))] == [
        ("event", "air_strike"),
        ("means", "drone"),
    ]


def test_a_phrase_with_a_capital_needs_one_in_the_text():
    """ "Grad" may be a rocket launcher; "grad" is not."""
    assert found(["Grad"], "grad student, Grad rockets") == ["Grad"]


def test_cues_come_in_reading_order_with_their_words_counted():
    """``first`` and ``last`` count words, the latter excluded."""
    lexicon = Lexicon([("b", "near", None), ("a", "shell*", None)])

    cues = lexicon.cues(words("They shelled a house near Vuhledar"))

    assert [(c.tag, c.first, c.last) for c in cues] == [("a", 1, 2), ("b", 4, 5)]


def test_a_phrase_keeps_its_stars_and_gaps_when_it_is_folded():
    """A hyphen makes two words, and the star belongs to the last."""
    assert phrase_words("Counter-Attack* .. the Village") == ["counter", "attack*", "..", "the", "village"]


def test_tables_and_lists_of_a_pack_become_rows():
    """A table gives its keys as values; a list has none."""
    assert spread("outcome", {"failed": ["in vain", "failed"]}) == [
        ("outcome", "in vain", "failed"),
        ("outcome", "failed", "failed"),
    ]
    assert spread("agent", ["by"]) == [("agent", "by", None)]
