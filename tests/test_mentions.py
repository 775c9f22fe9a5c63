"""Names of places are found where they stand, with what the words around them say; also the marks of these tests."""

import pytest
from marked import Mark, read_marks, unmark

from geo.languages import pack
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import plain
from geo.text.mentions import scene
from geo.text.sentences import sentences


def mentions(text: str, language: str | None, gazetteer: Gazetteer):
    """The mentions of a text of one sentence."""
    [sentence] = sentences(plain(text).text)
    return scene(plain(text).text, sentence, gazetteer, pack(language) if language else None).mentions


def spelled(text: str, language: str | None, gazetteer: Gazetteer) -> list[str]:
    return [m.text for m in mentions(text, language, gazetteer)]


# --- the marks themselves --------------------------------------------------------------------------------------------


def test_unmark_takes_the_marks_out_and_tells_where_their_words_stand():
    """Offsets count the text without the marks."""
    text, expected = unmark("merebut desa [Yasnaya Polyana|donetsk.yasna-poliana] dekat [Vugledar|donetsk.vuhledar]")

    assert text == "merebut desa Yasnaya Polyana dekat Vugledar"
    assert expected == [(13, 28, "donetsk.yasna-poliana"), (35, 43, "donetsk.vuhledar")]
    assert [text[start:stop] for start, stop, _ in expected] == ["Yasnaya Polyana", "Vugledar"]


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("[X|a.x]", Mark(0, 1, "a.x", None, None)),
        ("[X|a.x|capture]", Mark(0, 1, "a.x", "capture", None)),
        ("[X|a.x|-anchor]", Mark(0, 1, "a.x", None, "anchor")),
        ("[X|-dateline]", Mark(0, 1, None, None, "dateline")),
    ],
)
def test_a_mark_has_a_place_a_kind_or_a_reason(mark, expected):
    """A field that begins with a hyphen is the reason why nothing is reported."""
    assert read_marks(mark) == ("X", [expected])


def test_brackets_without_a_bar_are_text():
    """Note marks and asides stay in the text."""
    assert read_marks("shelled it.[12] [sic]") == ("shelled it.[12] [sic]", [])


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Shells fell on Velyka Novosilka and Vuhledar.", ["Velyka Novosilka", "Vuhledar"]),
        ("en", "shells fell on vuhledar", []),  # a name has a capital
        ("en", "Pokrovsk’s station, Kupiansk's bridge", ["Pokrovsk", "Kupiansk"]),
        ("en", "in “Toretsk”, (Kurakhove), Orikhiv—Robotyne", ["Toretsk", "Kurakhove", "Orikhiv", "Robotyne"]),
        ("en", "KUPIANSK under fire", ["KUPIANSK"]),
        ("en", "give us time, and may they march on", []),  # "US" is a name, "us" is none
        ("en", "In May, Most of them were in Kurakhove", ["Kurakhove"]),
        ("en", "Shells fell on Chasiv\u00a0Yar", ["Chasiv\u00a0Yar"]),
        ("id", "Kota itu, Selatan dan Utara, Minggu (3/11) di Kurakhove", ["Kurakhove"]),
        ("id", "di Pangkalan Laut dekat Kurakhove", ["Kurakhove"]),
        (None, "Harcok Vuhledar és Pokrovsk közelében", ["Vuhledar", "Pokrovsk"]),
    ],
)
def test_the_longest_name_with_a_capital_is_found(language, text, expected, gazetteer):
    """Words of the language that are place names somewhere else in the world are left alone."""
    assert spelled(text, language, gazetteer) == expected


def test_a_mention_is_cut_out_of_the_text_as_published(read_text):
    """With the stress mark, the soft hyphen and the apostrophe that it has there."""
    text = "\ufeffFighting went on in Po\u00adkrovsk and in Kurakho\u0301ve."
    found = [v.mention for v in read_text(text, "en").verdicts]

    assert [m.text for m in found] == ["Po\u00adkrovsk", "Kurakho\u0301ve"]
    assert all(text[m.start : m.stop] == m.text for m in found)


@pytest.mark.parametrize(
    ("language", "text", "unknown"),
    [
        ("en", "They took the village of Quxavivka.", "Quxavivka"),
        ("en", "They took Quxavivka village.", "Quxavivka"),
        ("en", "They took the village of Nova Quxavivka today.", "Nova Quxavivka"),
        ("id", "Mereka merebut desa Antahberantah Lama kemarin.", "Antahberantah Lama"),
        ("id", "Mereka merebut kota Quxavivka.", "Quxavivka"),
    ],
)
def test_a_name_that_no_row_explains_is_still_a_mention(language, text, unknown, gazetteer):
    """A word like "village" calls it a place, so it is not dropped silently."""
    assert [(m.text, m.names) for m in mentions(text, language, gazetteer)] == [(unknown, ())]


# --- what the words around it say ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "relation"),
    [
        ("en", "Shells fell in Kurakhove", "in"),
        ("en", "Shells fell near Kurakhove", "near"),
        ("en", "Shells fell in the area of Kurakhove", "near"),
        ("en", "They attacked towards Kurakhove", "toward"),
        ("en", "They attacked in the direction of Kurakhove", "toward"),
        ("en", "missiles launched from Kurakhove", "origin"),
        ("en", "They shelled Kurakhove", "none"),
        ("en", "They fought west of Kurakhove", "bearing"),
        ("en", "They fought 5 km from Kurakhove", "bearing"),
        ("id", "Ledakan di Kurakhove", "in"),
        ("id", "Ledakan di dekat Kurakhove", "near"),
        ("id", "Mereka menyerang ke arah Kurakhove", "toward"),
        ("id", "rudal yang diluncurkan dari Kurakhove", "origin"),
        ("id", "Mereka merebut Kurakhove", "none"),
        ("id", "pertempuran di sebelah barat Kurakhove", "bearing"),
    ],
)
def test_the_words_before_a_name_say_how_it_is_meant(language, text, relation, gazetteer):
    """In it, near it, towards it, from it, on one side of it."""
    assert [m.relation for m in mentions(text, language, gazetteer)] == [relation]


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "the village of Yasna Poliana", "village"),
        ("en", "Yasna Poliana village", "village"),
        ("en", "the city of Donetsk", "city"),
        ("en", "the town of Kurakhove", "town"),
        ("id", "desa Yasna Poliana", "village"),
        ("id", "kota Donetsk", "city"),
        ("id", "wilayah Donetsk", "region"),
        ("id", "distrik Kupiansk", "raion"),
    ],
)
def test_a_word_beside_a_name_says_what_sort_of_place_it_is(language, text, kind, gazetteer):
    """Before it or behind it."""
    assert [kind in m.kinds for m in mentions(text, language, gazetteer)] == [True]


@pytest.mark.parametrize(
    ("language", "text", "groups"),
    [
        ("en", "They fought near Toretsk, Kurakhove and Pokrovsk", 1),
        ("en", "They fought near Toretsk, in Kurakhove", 2),
        ("en", "They fought near Toretsk while shells hit Kurakhove", 2),
        ("id", "Mereka bertempur di dekat Toretsk, Kurakhove, dan Pokrovsk", 1),
        ("id", "Mereka bertempur di Toretsk/Kurakhove", 1),
    ],
)
def test_names_in_a_row_are_one_list(language, text, groups, gazetteer):
    """Its members share the relation of the first."""
    found = mentions(text, language, gazetteer)

    assert len({m.group for m in found}) == groups
    if groups == 1:
        assert len({m.relation for m in found}) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the villages of Yasna Poliana and Bohoiavlenka"),
        ("en", "Yasna Poliana and Bohoiavlenka villages"),
        ("id", "desa Yasna Poliana dan Bohoiavlenka"),
    ],
)
def test_one_word_may_stand_for_a_whole_list(language, text, gazetteer):
    """ "The villages of A and B", "A and B villages"."""
    assert ["village" in m.kinds for m in mentions(text, language, gazetteer)] == [True, True]
