"""The same text under several names is one digest; the other names are kept with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

import pyarrow as pa

from geo.dataset.tables import Tables, of_digests
from geo.model import Digest


class Name(NamedTuple):
    """A name of a text; the least of its names is that of its digest, the others repeat it."""

    text_sha256: str
    published: date  # the last of all days if it is not known
    digest: str


def name_of(digest: Digest) -> Name:
    """Return the name of a text that an input gives it."""
    return Name(digest.text_sha256, digest.published or date.max, digest.id)


def names_of(part: Tables) -> Iterator[Name]:
    """Yield the names of the digests in the tables of a part."""
    for row in part["digests"].select(["digest", "published", "text_sha256"]).to_pylist():
        yield Name(row["text_sha256"], row["published"] or date.max, row["digest"])


def without_repeats(parts: Sequence[Tables], repeats: Iterable[Name] = ()) -> list[Tables]:
    """Keep one digest of each text, and name the others in its column ``also``.

    That is the one that was published first, as far as that is known, then the first by id: the others repeat it.
    ``repeats`` are names of texts in ``parts`` that are known to repeat one there, and so were not read.
    """
    by_text: dict[str, list[Name]] = defaultdict(list)
    for name in chain(repeats, *map(names_of, parts)):
        by_text[name.text_sha256].append(name)
    ordered = ([name.digest for name in sorted(names)] for names in by_text.values())
    also = {first: others for first, *others in ordered}
    return [_with_names(_kept(part, also), also) for part in parts]


def _kept(part: Tables, also: dict[str, list[str]]) -> Tables:
    ids = part["digests"]["digest"].to_pylist()
    kept = [name for name in ids if name in also]
    return part if len(kept) == len(ids) else of_digests(part, kept)


def _with_names(part: Tables, also: dict[str, list[str]]) -> Tables:
    digests = part["digests"]
    place = digests.schema.get_field_index("also")
    names = pa.array([also[name] for name in digests["digest"].to_pylist()], digests.schema.field(place).type)
    return {**part, "digests": digests.set_column(place, digests.schema.field(place), names)}
