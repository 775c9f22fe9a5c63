"""The words of many texts, each different one held once: a search compares the words, not the texts.

The quotes of a million reports have thirty million words, but only some ten thousands that differ; four bytes tell
which one a word is.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]

_CODES = pa.dictionary(pa.int32(), pa.string())


class Words:
    """Words of texts, which are what stands between blanks, to be searched."""

    def __init__(self, parts: Iterable[pa.Array]) -> None:
        """Take the texts in order, in parts of any size."""
        coded, self._ends = [], []
        for part in parts:
            words = pc.ascii_split_whitespace(part)
            coded.append(words.values.dictionary_encode())
            self._ends.append(words.offsets.to_numpy()[1:])
        alike = pa.chunked_array(coded, _CODES).unify_dictionaries()
        self._different = alike.chunk(0).dictionary if coded else pa.array([], pa.string())
        self._codes = [chunk.indices.to_numpy() for chunk in alike.chunks]

    def say(self, pattern: str) -> Array:
        """Return for each text whether the pattern (RE2, whatever the case; without blanks) is found in it."""
        found = pc.match_substring_regex(self._different, pattern, ignore_case=True).to_numpy(zero_copy_only=False)
        parts = zip(self._codes, self._ends, strict=True)
        return np.concatenate([np.zeros(0, dtype=bool), *(_texts_with(found[codes], ends) for codes, ends in parts)])


def _texts_with(found: Array, ends: Array) -> Array:
    """Return for each text whether a word was found between the end of the text before it and its own."""
    texts = np.zeros(len(ends), dtype=bool)
    texts[np.searchsorted(ends, np.flatnonzero(found), side="right")] = True
    return texts
