"""What became of the reports of a dataset in another build of it: which came, went or are told otherwise, and why.

``compare`` reads both folders column by column, so that two datasets of a million reports fit into memory.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.dataset.causes import PLACE_COLUMNS, Cause, Causes, Changed, inputs_of
from geo.dataset.manifest import Manifest, read_manifest
from geo.dataset.matching import Array, pairs
from geo.dataset.store import whole_file
from geo.dataset.tables import EVENTS
from geo.errors import UnreadableInput
from geo.model import COARSE
from geo.reference.gazetteer import great_circle_km

# Sorts of difference, the weightiest first, and the columns that make a report of both datasets one of them.
SORTS: dict[str, tuple[str, ...]] = {
    "added": (),
    "removed": (),
    "moved": ("place_id", "lat", "lon"),
    "redated": ("date", "date_end", "date_precision"),
    "rekinded": ("kind",),
    "status_changed": ("status",),
    "changed": (),  # anything else
}
# Not compared: what follows from other columns, and where in the text a quote stands.
_FOLLOWS = frozenset(
    (
        *("id", "digest", "digest_sha256", "text_sha256", "summary", "why", "event_ts", "story"),
        *("quote_start", "quote_end", "mention_start", "mention_end"),
    )
)
SHOWN = (
    *("id", "digest", "outlet", "url", "published", "sample", "place", "place_local", "place_id", "place_source"),
    *("precision", "region", "lat", "lon", "date", "date_end", "date_precision", "kind", "status", "claimant"),
    *("mention", "mention_start", "mention_end", "quote", "quote_start"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A report that one of two datasets tells otherwise than the other, or that only one of them has."""

    sorts: tuple[str, ...]  # of SORTS
    before: Mapping[str, Any] | None  # the columns SHOWN, as plain values; None: it was added
    after: Mapping[str, Any] | None
    changes: Mapping[str, tuple[Any, Any]]  # columns that differ; an outline, which is long, as None and None
    km: float | None  # how far it moved, if both places are spots
    causes: tuple[Cause, ...]
    rows: tuple[int | None, int | None]  # in the tables of reports

    @property
    def told(self) -> Mapping[str, Any]:
        """The report as it is now, or as it was last."""
        return self.after or self.before or {}


@dataclass(frozen=True, slots=True)
class Superseded:
    """A story whose reports belong to other stories now: its id is no more."""

    story: str
    by: tuple[str, ...]  # one: it is part of that story; several: it fell apart
    reports: int  # that it had
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Differences:
    """All that differs between two datasets."""

    before: "Version"
    after: "Version"
    inputs: Mapping[str, tuple[str | None, str | None]]  # names of inputs whose hash differs, with both
    digests: Mapping[str, tuple[str, ...]]  # added, removed, changed, described_otherwise, renamed: ids
    reports: tuple[Difference, ...]
    stories: tuple[Superseded, ...] | None  # None: a dataset does not know stories

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many reports differ in each way; one may differ in several."""
        found = Counter(chain.from_iterable(each.sorts for each in self.reports))
        return {sort: found[sort] for sort in SORTS} | {"superseded_stories": len(self.stories or ())}

    @cached_property
    def causes(self) -> dict[str, int]:
        """How many differences have each cause, the most frequent first."""
        every = chain((each.causes for each in self.reports), (each.causes for each in self.stories or ()))
        found = Counter(cause.words for causes in every for cause in causes)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def json_pieces(found: Differences) -> Iterator[str]:
    """Yield differences as JSON text, piece by piece (``data/README.md`` has the schema); days are ISO text."""
    head = {
        "before": _about(found.before),
        "after": _about(found.after),
        "inputs": {name: {"before": was, "after": now} for name, (was, now) in found.inputs.items()},
        "digests": found.digests,
        "counts": found.counts,
        "causes": found.causes,
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield ',\n "reports": ['
    yield from _listed(_report_row(each) for each in found.reports)
    yield '],\n "stories": '
    if found.stories is None:
        yield "null\n}\n"
        return
    yield "["
    yield from _listed({**asdict(each), "causes": [*map(_cause_row, each.causes)]} for each in found.stories)
    yield "]\n}\n"


def _about(version: "Version") -> dict[str, Any]:
    manifest = version.manifest
    told = {"counts": dict(manifest.counts), "published": manifest.published, "sample": manifest.sample}
    return {**told, "inputs": inputs_of(manifest)}


def _listed(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "\n  "
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False, default=date.isoformat)
        separator = ",\n  "


def _report_row(each: Difference) -> dict[str, Any]:
    changes = {column: {"before": was, "after": now} for column, (was, now) in each.changes.items()}
    return {
        "differs": each.sorts,
        "moved_km": each.km,
        "causes": [*map(_cause_row, each.causes)],
        "changes": changes,
        "before": each.before,
        "after": each.after,
    }


def _cause_row(cause: Cause) -> dict[str, Any]:
    return cause._asdict()


class Version:
    """One of the two datasets; columns are read when they are asked for."""

    def __init__(self, folder: Path | str) -> None:
        """Open a dataset folder; raises ``UnreadableInput`` if there is none, or if a file is damaged."""
        self.folder = Path(folder)
        self.manifest: Manifest = read_manifest(folder)
        self._events = whole_file(self.folder, self.manifest.files["events"])
        self._mentions: Path | None = None
        self._has = frozenset(pq.read_schema(self._events).names)

    def __len__(self) -> int:
        return self.manifest.files["events"].rows

    def has(self, name: str) -> bool:
        """Whether the table of reports has a column."""
        return name in self._has

    def column(self, name: str) -> pa.ChunkedArray:
        """Return one column of the table of reports."""
        try:
            return pq.read_table(self._events, columns=[name])[name]
        except (OSError, pa.ArrowException, KeyError) as error:
            remedy = "was it built anew meanwhile? Then run this again, else build it again"
            raise UnreadableInput(f"{self._events}: cannot be read ({error}); {remedy}") from error

    def rows(self, rows: Sequence[int] | Array, names: Sequence[str]) -> list[dict[str, Any]]:
        """Return rows of the table of reports as plain values."""
        taken = pa.array(rows, pa.int64())
        return list(pa.table({name: self.column(name).take(taken) for name in names}).to_pylist())

    @cached_property
    def digests(self) -> dict[str, dict[str, Any]]:
        """The rows of the table of digests by id."""
        path = whole_file(self.folder, self.manifest.files["digests"])
        return {row["digest"]: row for row in pq.read_table(path).to_pylist()}

    def traces(self, digests: set[str]) -> list[dict[str, Any]]:
        """Return the mentions of some digests: ``digest, start, end, verdict`` and ``candidates``, ids of places."""
        if not digests:
            return []
        if self._mentions is None:
            self._mentions = whole_file(self.folder, self.manifest.files["mentions"])
        names = ["digest", "start", "end", "verdict", "candidates.list.element.place_id"]
        wanted, found = pa.array(sorted(digests), pa.string()), []
        with pq.ParquetFile(self._mentions) as file:
            for batch in file.iter_batches(columns=names):
                found += batch.filter(pc.is_in(batch["digest"], wanted)).to_pylist()
        return [{**row, "candidates": [place["place_id"] for place in row["candidates"] or ()]} for row in found]


def compare(before: Path | str, after: Path | str) -> Differences:
    """Return what differs between the datasets in two folders, by day, digest and id: the same each time.

    Raises ``UnreadableInput`` if one of them is no dataset, or damaged.
    """
    old, new = Version(before), Version(after)
    causes = Causes(old, new)
    paired = pairs(old.column, new.column, causes.renamed)
    found = [*_drafts(old, new, paired)]
    causes.look_up(found)
    reports = tuple(sorted((_difference(each, causes) for each in found), key=_order))
    both_know = old.has("story") and new.has("story")
    stories = tuple(_superseded(old, new, paired, reports, causes)) if both_know else None
    return Differences(old, new, causes.inputs, causes.digests, reports, stories)


def _order(each: Difference) -> tuple[Any, ...]:
    told = each.told
    return (told["date"], told["digest"], told["quote_start"], told["id"], each.after is None)


# --- reports ---------------------------------------------------------------------------------------------------------


def _drafts(old: Version, new: Version, paired: tuple[Array, Array]) -> Iterator[Changed]:
    """Yield what differs, without its cause."""
    here, there = paired
    changes = _changes(old, new, here, there)
    rows = np.array(sorted(changes), dtype=np.int64)  # among the pairs
    both = zip(rows.tolist(), old.rows(here[rows], SHOWN), new.rows(there[rows], SHOWN), strict=True)
    for row, before, after in both:
        yield Changed(before, after, changes[row], (int(here[row]), int(there[row])))
    gone = np.setdiff1d(np.arange(len(old)), here, assume_unique=True)
    for row, told in zip(gone.tolist(), old.rows(gone, SHOWN), strict=True):
        yield Changed(told, None, {}, (row, None))
    come = np.setdiff1d(np.arange(len(new)), there, assume_unique=True)
    for row, told in zip(come.tolist(), new.rows(come, SHOWN), strict=True):
        yield Changed(None, told, {}, (None, row))


def _changes(old: Version, new: Version, here: Array, there: Array) -> dict[int, dict[str, tuple[Any, Any]]]:
    """Return what differs in each pair, by its number and column, column after column."""
    changes: dict[int, dict[str, tuple[Any, Any]]] = {}
    one, other = pa.array(here), pa.array(there)
    names = [name for name in EVENTS.names if name not in _FOLLOWS and old.has(name) and new.has(name)]
    for name in names:
        before, after = old.column(name).take(one), new.column(name).take(other)
        for row, values in _unequal(name, before, after):
            changes.setdefault(row, {})[name] = values
    for found in changes.values():
        if "geometry" in found and {"place_id", "precision", "lat", "lon"}.isdisjoint(found):
            found["outline"] = (None, None)
        found.pop("geometry", None)
    return {row: found for row, found in changes.items() if found}


def _unequal(name: str, before: pa.ChunkedArray, after: pa.ChunkedArray) -> Iterator[tuple[int, tuple[Any, Any]]]:
    if pa.types.is_list(before.type):
        filled = pc.or_(*(pc.fill_null(pc.greater(pc.list_value_length(c), 0), False) for c in (before, after)))
        rows = np.flatnonzero(filled.to_numpy())
    else:
        unequal = pc.fill_null(pc.not_equal(before, after), False)
        rows = np.flatnonzero(pc.or_(unequal, pc.xor(before.is_null(), after.is_null())).to_numpy())
    if name == "geometry":
        yield from ((row, (None, None)) for row in rows.tolist())
        return
    wanted = pa.array(rows)
    for row, *values in zip(
        rows.tolist(), before.take(wanted).to_pylist(), after.take(wanted).to_pylist(), strict=True
    ):
        was, now = (_without_offsets(value) for value in values)
        if was != now:
            yield row, (was, now)


def _without_offsets(value: Any) -> Any:
    """Return further quotes without where they stand, which an edit of the text before them shifts."""
    if not isinstance(value, list):
        return value
    return [{k: v for k, v in q.items() if k not in ("start", "end")} if isinstance(q, dict) else q for q in value]


def _difference(each: Changed, causes: Causes) -> Difference:
    if each.before is None or each.after is None:
        sorts: tuple[str, ...] = ("removed",) if each.after is None else ("added",)
    else:
        named = {column: sort for sort, columns in SORTS.items() for column in columns}
        found = {named.get(column, "changed") for column in each.changes}
        if "moved" in found:  # what a place brings along is no further difference
            found -= set() if each.changes.keys() - named.keys() - PLACE_COLUMNS else {"changed"}
        sorts = tuple(sort for sort in SORTS if sort in found)
    km = _moved_km(each.before, each.after) if "moved" in sorts else None
    return Difference(sorts, each.before, each.after, each.changes, km, causes.of(each), each.rows)


def _moved_km(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> float | None:
    """Return how far a spot moved; areas have no spot to measure from."""
    spots = [
        told[axis] for told in (before, after) if told and told["precision"] not in COARSE for axis in ("lat", "lon")
    ]
    return None if len(spots) < 4 or None in spots else round(great_circle_km(*spots), 2)


# --- stories ---------------------------------------------------------------------------------------------------------


def _superseded(
    old: Version, new: Version, paired: tuple[Array, Array], reports: Sequence[Difference], causes: Causes
) -> Iterator[Superseded]:
    """Yield the stories of the old dataset that are not those of the same first report in the new one."""
    was, now = (version.column("story").to_numpy() for version in (old, new))
    here, there = paired
    heads = pd.Series(new.column("id").to_numpy()[there], old.column("id").to_numpy()[here])  # new id of each old one
    heads = heads[~heads.index.duplicated()]
    moves = pd.DataFrame({"story": was[here], "by": now[there]}).drop_duplicates()
    own = heads.reindex(moves["story"]).to_numpy()  # the id that the story has now if it begins as it did
    ended = moves.loc[(moves["by"].to_numpy() != own) | moves["story"].duplicated(keep=False), "story"].unique()
    ended = np.sort(ended.astype(object))
    if not len(ended):
        return
    after = moves[moves["story"].isin(ended)].groupby("story")["by"].agg(lambda ids: tuple(sorted(ids)))
    sizes = pd.Series(was).value_counts()
    by_story: dict[str, list[Cause]] = {}
    for each in reports:
        for row, stories in zip(each.rows, (was, now), strict=True):
            if row is not None:
                by_story.setdefault(stories[row], []).extend(each.causes)
    for story in ended.tolist():
        told = [cause for name in (story, *after[story]) for cause in by_story.get(name, ())]
        yield Superseded(story, after[story], int(sizes[story]), tuple(dict.fromkeys(told)) or causes.of_stories())
