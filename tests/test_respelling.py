"""A village that has no row in the neighbour's language gets a name there by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reference.respelling import respellings


def respelled(name: str, source: str) -> list[str]:
    """The spellings of a name in the other language."""
    [(_, _, spellings)] = respellings(name, source)
    return spellings


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("Кам’янське", "uk", "Каменское"),
        ("Малі Щербаки", "uk", "Малые Щербаки"),
        ("Ямпіль", "uk", "Ямполь"),
        ("Клішіївка", "uk", "Клишеевка"),
        ("Новоолександрівка", "uk", "Новоалександровка"),
        ("Вільне", "uk", "Вольное"),
        ("Зелений Гай", "uk", "Зелёный Гай"),
        ("Русин Яр", "uk", "Русин Яр"),
        ("Володимирівка", "uk", "Владимировка"),
        ("Малая Локня", "ru", "Мала Локня"),
        ("Плёхово", "ru", "Пльохово"),
        ("Казачья Локня", "ru", "Козача Локня"),
        ("Ольговка", "ru", "Ольгівка"),
        ("Новоивановка", "ru", "Новоіванівка"),
        ("Москва", "ru", "Москва"),
    ],
)
def test_a_name_is_written_as_the_neighbour_writes_it(name, source, expected):
    """Endings, first names and common roots by rule, the rest letter by letter."""
    assert expected in respelled(name, source)


@pytest.mark.parametrize(
    ("name", "both"), [("Сватове", {"Сватово", "Сватовое"}), ("Велика Гута", {"Большая Гута", "Великая Гута"})]
)
def test_where_two_ways_are_likely_both_are_made(name, both):
    """No rule tells which one a village took."""
    assert set(respelled(name, "uk")) == both


def test_other_languages_have_no_such_rules():
    """Nothing is guessed of Belarusian or Polish names."""
    assert list(respellings("Брэст", "be")) == []


@given(
    st.sampled_from(["uk", "ru"]),
    st.text(alphabet="абвгдеиіїйклмнорсьяАКЛ’ -{}", max_size=20),
)
def test_whatever_the_name_there_are_a_few_spellings_with_as_many_words(source, name):
    """Words, blanks, hyphens and capitals stay where they are."""
    spellings = respelled(name, source)

    assert len(spellings) <= 4
    for spelling in spellings:
        assert len(spelling.split(" ")) == len(name.split(" "))
        assert spelling[:1].isupper() == name[:1].isupper()
