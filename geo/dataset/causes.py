"""Why a report differs between two datasets: its digest, a row of the gazetteer, a pack, a ruling, or the code.

What is known for certain comes first (the digest is another one; the position of a place comes from its row and from
nowhere else); for the rest, the manifests name the inputs that differ, and one of them it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from geo.dataset.manifest import Manifest

# Inputs of a manifest by how their names begin, with the sort of cause that they are.
INPUT_SORTS = {
    "gazetteer": "gazetteer",
    "languages": "pack",
    "packs": "pack",
    "recognition": "pack",  # what tells languages apart
    "rulings": "ruling",
    "code": "code",
}
_SORTS = ("ruling", "gazetteer", "pack", "code")
DIGEST_COLUMNS = frozenset({"outlet", "url", "published", "sample"})  # said about a digest, not in its text
ROW_COLUMNS = frozenset(  # of a place's row or its parents', whatever a text says
    {"place", "place_local", "place_source", "position", "region", "district", "lat", "lon", "outline"}
)
PLACE_COLUMNS = ROW_COLUMNS | {"place_id", "precision", "radius_km", "nominal", "confidence", "mention"}


class Cause(NamedTuple):
    """Why something differs."""

    sorts: tuple[str, ...]  # digest, gazetteer, pack, ruling, code; several: one of them, which cannot be told
    words: str
    place_id: str | None = None  # of the row of the gazetteer
    verdict: str | None = None  # of a report that one dataset lacks: what became of its mention there


class Changed(NamedTuple):
    """A report that differs, before its cause is known."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    changes: Mapping[str, tuple[Any, Any]]
    rows: tuple[int | None, int | None]


class Version(Protocol):
    """What must be known of a dataset."""

    manifest: Manifest

    @property
    def digests(self) -> Mapping[str, Mapping[str, Any]]:
        """Rows of the table of digests by id."""

    def traces(self, digests: set[str]) -> Iterable[Mapping[str, Any]]:
        """Mentions of some digests."""


class Causes:
    """Tells causes, by what two datasets say of their inputs."""

    def __init__(self, before: Version, after: Version) -> None:
        self._versions = (before, after)
        self._digests = (before.digests, after.digests)
        self.renamed = _renamed(*self._digests)  # former id of a digest that is called otherwise now
        self._now_called = {former: name for name, former in self.renamed.items()}
        was, now = (inputs_of(version.manifest) for version in self._versions)
        self.inputs = {n: (was.get(n), now.get(n)) for n in sorted({*was, *now}) if was.get(n) != now.get(n)}
        self._code_is_known = all(any(_sort_of(name) == "code" for name in inputs) for inputs in (was, now))
        self._traces: tuple[dict[tuple[str, int, int], Mapping[str, Any]], ...] = ({}, {})

    @property
    def digests(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the digests that are not the same in both, by what became of them."""
        old, new = self._digests
        both = sorted(old.keys() & new.keys())
        changed = tuple(i for i in both if old[i]["digest_sha256"] != new[i]["digest_sha256"])
        told = tuple(i for i in both if i not in changed and _described_otherwise(old[i], new[i]))
        return {
            "added": tuple(sorted(new.keys() - old.keys() - self.renamed.keys())),
            "removed": tuple(sorted(old.keys() - new.keys() - self._now_called.keys())),
            "changed": changed,
            "described_otherwise": told,
            "renamed": tuple(sorted(self.renamed)),
        }

    def look_up(self, found: Sequence[Changed]) -> None:
        """Read the traces that the causes of these differences rest on, once for all."""
        asked = [each for each in found if "place_id" in each.changes or not (each.before and each.after)]
        for side in (0, 1):
            ids = {self._id_in(side, (each.after or each.before or {})["digest"]) for each in asked}
            read = self._versions[side].traces({i for i in ids if i in self._digests[side]})
            self._traces[side].update({(row["digest"], row["start"], row["end"]): row for row in read})

    def _id_in(self, side: int, digest: str) -> str:
        """Return what a digest, by either of its ids, is called on one side."""
        return (self.renamed if side == 0 else self._now_called).get(digest, digest)

    # --- of one report ---

    def of(self, each: Changed) -> tuple[Cause, ...]:
        """Return why a report differs: for what its place brings along, what is said of its digest, and all else."""
        causes: list[Cause | None] = []
        left = set(each.changes)
        if "place_id" in left and "quote" not in left and (row := self._of_place(each)):
            causes.append(row)
            left -= PLACE_COLUMNS
        elif "place_id" not in left and left & ROW_COLUMNS and each.after and "gazetteer" in self._differing_sorts():
            causes.append(self._row(each.after["place_id"], certain=True))
            left -= PLACE_COLUMNS
        said = self._of_digest(each)
        if said and left & DIGEST_COLUMNS:
            causes.append(said)
            left -= DIGEST_COLUMNS
        if left or not each.changes:
            decides = said and (
                said.words in ("digest added", "digest removed", "digest changed") or "published" in said.words
            )
            causes.append((said if decides else None) or self._of_place(each) or self._suspects(each))
        return tuple(dict.fromkeys(cause for cause in causes if cause))

    def _of_digest(self, each: Changed) -> Cause | None:
        told = each.after or each.before or {}
        old, new = (self._digests[side].get(self._id_in(side, told["digest"])) for side in (0, 1))
        if old is None:
            return Cause(("digest",), "digest added")
        if new is None:
            return Cause(("digest",), "digest removed")
        if old["digest_sha256"] != new["digest_sha256"]:
            return Cause(("digest",), "digest changed")
        said = _described_otherwise(old, new)
        return Cause(("digest",), f"digest described otherwise ({', '.join(said)})") if said else None

    def _of_place(self, each: Changed) -> Cause | None:
        """A row of the gazetteer that is no candidate any more for the words of the report, or was none before."""
        if "gazetteer" not in self._differing_sorts() or (
            each.before and each.after and "place_id" not in each.changes
        ):
            return None
        for side, told in ((1, each.before), (0, each.after)):
            if told is not None:
                there = self._trace(side, told)
                if told["place_id"] not in (there["candidates"] if there else ()):
                    one_sided = each.before is None or each.after is None
                    return self._row(told["place_id"], verdict=there["verdict"] if there and one_sided else None)
        return None

    def _trace(self, side: int, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what one dataset makes of the words that a report of the other rests on."""
        digest = self._id_in(side, told["digest"])
        return self._traces[side].get((digest, told["mention_start"], told["mention_end"]))

    def _row(self, place_id: str, *, certain: bool = False, verdict: str | None = None) -> Cause:
        sorts = ("gazetteer",) if certain else self._differing_sorts() or ("gazetteer",)
        others = [sort for sort in sorts if sort not in ("gazetteer", "ruling")]
        perhaps = f" (or the {' or the '.join(others)}, which differs too)" if others else ""
        return Cause(sorts, f"gazetteer row {place_id}{perhaps}", place_id, verdict)

    # --- by elimination ---

    def _suspects(self, each: Changed) -> Cause:
        told = each.after or each.before or {}
        trace = None if each.before and each.after else self._trace(1 if each.before else 0, told)
        verdict = trace["verdict"] if trace and trace["verdict"] != "report" else None
        return Cause(self._sorts_for(told["digest"]), self._words_for(told["digest"]), None, verdict)

    def of_stories(self) -> tuple[Cause, ...]:
        """Return why stories differ whose reports are all the same: only the code or a ruling makes that."""
        sorts = tuple(sort for sort in self._differing_sorts() if sort in ("ruling", "code")) or ("code",)
        return (Cause(sorts, " or ".join(sorts)),)

    def _differing_sorts(self) -> tuple[str, ...]:
        found = {_sort_of(name) for name in self.inputs}
        return tuple(sort for sort in _SORTS if sort in found)

    def _packs_for(self, digest: str) -> list[str]:
        """Return the languages of the packs that differ and that the reading of a digest asked."""
        row = self._digests[1].get(digest) or self._digests[0].get(digest) or {}
        asked = row.get("packs") or [row.get("language")]
        named = sorted({name.partition(".")[2] for name in self.inputs if _sort_of(name) == "pack"} - {""})
        if not named:
            return sorted(filter(None, asked))
        return [language for language in named if language in asked or "recognition" in self.inputs]

    def _sorts_for(self, digest: str) -> tuple[str, ...]:
        """Return what may have made a difference in a digest that is the same in both."""
        found = tuple(s for s in self._differing_sorts() if s != "pack" or self._packs_for(digest))
        return found or (() if self._code_is_known else ("code",))

    def _words_for(self, digest: str) -> str:
        packs = " and ".join(self._packs_for(digest))
        words = [f"pack {packs}" if sort == "pack" else sort for sort in self._sorts_for(digest)]
        return " or ".join(words) or "not told by the manifests"


def inputs_of(manifest: Manifest) -> dict[str, str]:
    """Return the hashes of all that a dataset was made from, besides its digests, by what they are of."""
    basis: Mapping[str, Any] = getattr(manifest, "basis", {})
    packs = {f"packs.{language}": known for language, known in basis.get("packs", {}).items()}
    rest = {name: known for name, known in basis.items() if isinstance(known, str)}
    return {**rest, **packs, **manifest.provenance.inputs}


def _sort_of(name: str) -> str:
    """Return the sort of cause that an input is; what nobody knows counts as the code."""
    return next((sort for start, sort in INPUT_SORTS.items() if name.startswith(start)), "code")


def _renamed(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the former id of each digest whose very bytes stood under another name before."""
    gone = {old[i]["digest_sha256"]: i for i in sorted(old.keys() - new.keys(), reverse=True)}
    come = {new[i]["digest_sha256"]: i for i in sorted(new.keys() - old.keys(), reverse=True)}
    return {name: gone[sha256] for sha256, name in sorted(come.items()) if sha256 and sha256 in gone}


def _described_otherwise(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted(DIGEST_COLUMNS) if old[name] != new[name]]
