"""The same text under several names is one digest; the other names are kept with it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from geo.dataset.tables import Tables, of_digests


def without_repeats(parts: Sequence[Tables]) -> list[Tables]:
    """Keep one digest of each text, and name the others in its column ``also``.

    That is the one that was published first, as far as that is known, then the first by id: the others repeat it.
    """
    names = _names_by_text(parts)
    also = {first: others for first, *others in names.values()}
    return [_with_names(_kept(part, also), also) for part in parts]


def _names_by_text(parts: Sequence[Tables]) -> dict[str, list[str]]:
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for part in parts:
        for row in part["digests"].select(["digest", "published", "text_sha256"]).to_pylist():
            found[row["text_sha256"]].append((row["published"] or date.max, row["digest"]))
    return {text: [name for _, name in sorted(group)] for text, group in found.items()}


def _kept(part: Tables, also: dict[str, list[str]]) -> Tables:
    ids = part["digests"]["digest"].to_pylist()
    kept = [name for name in ids if name in also]
    return part if len(kept) == len(ids) else of_digests(part, kept)


def _with_names(part: Tables, also: dict[str, list[str]]) -> Tables:
    digests = part["digests"]
    place = digests.schema.get_field_index("also")
    names = pa.array([also[name] for name in digests["digest"].to_pylist()], digests.schema.field(place).type)
    return {**part, "digests": digests.set_column(place, digests.schema.field(place), names)}
