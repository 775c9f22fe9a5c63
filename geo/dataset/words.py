"""The words of many texts, each different one held once: a search compares the words, not the texts.

The quotes of a million reports have thirty million words, but only some ten thousands that differ; two bytes tell which
one of its part's a word is.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]


class _Part(NamedTuple):
    """Some of the texts."""

    codes: Array  # of each word, in order: which of the different words of this part it is
    ends: Array  # of each text: how many words stand before its end
    different: Array  # of each different word of this part: which of all different words it is


class Words:
    """Words of texts, which are what stands between blanks, to be searched."""

    def __init__(self, texts: Iterable[pa.Array]) -> None:
        """Take the texts in order, in parts of any size."""
        coded = [_coded(part) for part in texts]
        self._different = pc.unique(pa.chunked_array([words for _, _, words in coded], pa.string()))
        self._parts = [
            _Part(codes, ends, pc.index_in(words, self._different).to_numpy()) for codes, ends, words in coded
        ]

    def say(self, pattern: str) -> Array:
        """Return for each text whether the pattern (RE2, whatever the case; without blanks) is found in it."""
        found = pc.match_substring_regex(self._different, pattern, ignore_case=True).to_numpy(zero_copy_only=False)
        return np.concatenate([np.zeros(0, dtype=bool), *(_texts_with(found, part) for part in self._parts)])


def _coded(texts: pa.Array) -> tuple[Array, Array, pa.Array]:
    """Return codes and ends as a part has them, and its different words."""
    split = pc.ascii_split_whitespace(texts)
    words = split.values.dictionary_encode()
    smallest = np.min_scalar_type(len(words.dictionary))
    return words.indices.to_numpy().astype(smallest), split.offsets.to_numpy()[1:], words.dictionary


def _texts_with(found: Array, part: _Part) -> Array:
    """Return for each text of a part whether a word of it was found."""
    texts = np.zeros(len(part.ends), dtype=bool)
    texts[np.searchsorted(part.ends, np.flatnonzero(found[part.different][part.codes]), side="right")] = True
    return texts
