"""Which report of one dataset is which of another: by the digest and the words that they rest on, not by id alone.

An id holds place, kind and day, which are just what may have changed; so reports are paired by what they quote, from
the narrowest likeness to the widest.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

Array = np.ndarray[Any, Any]
Column = Callable[[str], pa.ChunkedArray]  # a column of a table of reports, by name

_SPAN = ("mention_start", "mention_end", "mention")


class Likeness(NamedTuple):
    """Columns that two reports of one digest must share to be one report."""

    columns: tuple[str, ...]
    alone: bool = False  # only if there is no second such report on either side: else it would be a guess


LIKENESSES = (
    Likeness((*_SPAN, "quote", "place_id", "kind", "date")),
    Likeness(("quote", "mention", "place_id", "kind", "date")),  # the text before it grew or shrank
    Likeness((*_SPAN, "kind", "date")),
    Likeness((*_SPAN, "kind")),
    Likeness(_SPAN),
    Likeness(("quote", "mention")),
    Likeness(("place_id", "kind", "date")),  # told by another sentence
    Likeness(("quote", "place_id"), alone=True),
    Likeness(("quote", "kind"), alone=True),  # another name in the same sentence
    Likeness(("mention", "kind"), alone=True),  # the sentence was edited
)


def pairs(before: Column, after: Column, renamed: Mapping[str, str]) -> tuple[Array, Array]:
    """Return the rows of the reports that both datasets have: the n-th of the one is the n-th of the other.

    ``renamed`` gives the former id of each digest of the second that was called otherwise in the first.
    """
    codes = _Codes(before, after, renamed)
    left, right = np.arange(codes.rows[0]), np.arange(codes.rows[1])
    found: list[tuple[Array, Array]] = []
    for likeness in LIKENESSES:
        if not len(left) or not len(right):
            break
        here, there = _alike(codes, likeness, left, right)
        found.append((left[here], right[there]))
        left, right = np.delete(left, here), np.delete(right, there)
    if not found:
        return left[:0], right[:0]
    rows, others = (np.concatenate(side) for side in zip(*found, strict=True))
    order = np.argsort(rows)
    return rows[order], others[order]


class _Codes:
    """Columns of both tables as numbers: equal values have equal numbers in both."""

    def __init__(self, before: Column, after: Column, renamed: Mapping[str, str]) -> None:
        self._columns, self._renamed = (before, after), renamed
        self._known: dict[str, tuple[Array, Array]] = {}
        self.rows = tuple(len(codes) for codes in self.of("digest"))

    def of(self, name: str) -> tuple[Array, Array]:
        if name not in self._known:
            before, after = (column(name) for column in self._columns)
            if name == "digest" and self._renamed:
                after = _called(after, self._renamed)
            numbers = _numbers(pa.chunked_array([*before.chunks, *after.chunks], before.type))
            self._known[name] = (numbers[: len(before)], numbers[len(before) :])
        return self._known[name]


def _called(digests: pa.ChunkedArray, renamed: Mapping[str, str]) -> pa.ChunkedArray:
    codes, names = pd.factorize(digests.to_numpy())
    former = np.array([renamed.get(name, name) for name in names], dtype=object)
    return pa.chunked_array([pa.array(former[codes], digests.type)])


def _numbers(column: pa.ChunkedArray) -> Array:
    if pa.types.is_string(column.type):
        encoded = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
        numbers: Array = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return numbers.astype(np.int64)
    numbers = column.cast(pa.int32() if pa.types.is_date(column.type) else pa.int64()).fill_null(-1).to_numpy()
    return numbers.astype(np.int64)


def _alike(codes: _Codes, likeness: Likeness, left: Array, right: Array) -> tuple[Array, Array]:
    """Return positions in ``left`` and ``right`` that belong together; of several alike, the first with the first."""
    shared = [codes.of(name) for name in ("digest", *likeness.columns)]
    keys = _keys([np.concatenate([before[left], after[right]]) for before, after in shared])
    here, there = keys[: len(left)], keys[len(left) :]
    if likeness.alone:
        single = _single(here, keys.max() + 1) & _single(there, keys.max() + 1)
        kept = np.flatnonzero(single[here]), np.flatnonzero(single[there])
    else:
        kept = np.arange(len(here)), np.arange(len(there))
    ranks = [
        pd.Series(side[rows]).groupby(side[rows]).cumcount().to_numpy()
        for side, rows in ((here, kept[0]), (there, kept[1]))
    ]
    most = max((int(rank.max()) for rank in ranks if len(rank)), default=0) + 1
    numbered = (here[kept[0]] * most + ranks[0], there[kept[1]] * most + ranks[1])
    _, one, other = np.intersect1d(*numbered, assume_unique=True, return_indices=True)
    return kept[0][one], kept[1][other]


def _keys(columns: Sequence[Array]) -> Array:
    """Return one number for each different row of some columns."""
    keys = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, values = pd.factorize(column)
        keys = pd.factorize(keys * (len(values) + 1) + codes)[0]
    return keys


def _single(keys: Array, number: int) -> Array:
    found: Array = np.bincount(keys, minlength=number) == 1
    return found
