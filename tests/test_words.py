"""A search among words finds what a search of the whole texts finds."""

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.dataset.words import Words

TEXTS = ["Drones over Sumy", "", "sumy:\tquiet, so far", "Ўсё ціха", None, "Сумы. ДРОНЫ"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("sumy", [0, 2]), ("дрон", [5]), ("d|q", [0, 2]), ("so", [2]), ("none", []), (r"\.", [5])],
)
@pytest.mark.parametrize("size", [1, 2, 6])
def test_a_text_is_found_by_any_part_of_a_word(pattern, found, size):
    """Whatever the case, and however the texts are parted."""
    words = Words(pa.array(TEXTS[start : start + size], pa.string()) for start in range(0, len(TEXTS), size))

    assert [*words.say(pattern).nonzero()[0]] == found


def test_no_text_holds_no_word():
    """Neither if there is no part nor if it is empty."""
    assert len(Words([]).say("a")) == len(Words([pa.array([], pa.string())]).say("a")) == 0


@given(some.lists(some.text(alphabet="abк \n\u00a0\u2003'", max_size=12), max_size=20), some.text("abк'", min_size=1))
def test_nothing_is_missed_and_nothing_is_added(texts, word):
    """Blanks of any sort: a word of a search has none of them."""
    said = Words([pa.array(texts, pa.string())]).say(re.escape(word))

    assert [*said] == [word in text for text in texts]
