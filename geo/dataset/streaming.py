"""A dataset on its way out, a row group at a time, so that a million reports need little memory.

It is gone through twice: once to count what the head of a file has to say, once to write.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pandas import DataFrame

from geo.dataset.formats.catalogue import Format
from geo.dataset.manifest import Manifest, read_manifest
from geo.dataset.outgoing import Export, drawn_as, total
from geo.dataset.provenance import TALLIED, about, decoded, tally, with_sources
from geo.dataset.publication import SPOKEN, Effect, Telling, as_dict, publisher, telling
from geo.dataset.store import save_tables, whole_file
from geo.dataset.stories import stories_table, with_stories_left
from geo.dataset.tables import DIGESTS, EVENTS, frame
from geo.dataset.timeline import PLACING, Filter, Whole, matches, middles
from geo.errors import UnreadableInput
from geo.reference.gazetteer import Gazetteer
from geo.reference.publication import Rules

Progress = Callable[[Iterable[pa.Table], int], Iterable[pa.Table]]
Publish = Callable[[pa.Table], tuple[pa.Table, Effect]]  # what is given out of some rows, and what was changed for that

# What no filter but the search for words looks at, and no head of a file tells of.
_LONG = frozenset(
    (
        *("id", "url", "text_sha256", "summary", "quote", "more_quotes", "why", "via"),
        *("quote_start", "quote_end", "mention_start", "mention_end", "confidence", "event_ts"),
    )
)
_CODED = [field.name for field in EVENTS if pa.types.is_string(field.type) and field.name not in ("id", "quote")]


@dataclass(frozen=True)
class Publishing:
    """Rules of publication, and the day that they are applied on."""

    rules: Rules
    on: date
    gazetteer: Gazetteer


def export_from(
    folder: Path,
    chosen: Filter,
    written: Format,
    *,
    coarse: str = "outline",
    publishing: Publishing | None = None,
    gazetteer: Gazetteer | None = None,
    progress: Progress | None = None,
) -> Export:
    """Return the reports of a dataset folder that a filter shows and a format can hold, to be written.

    The filter sees what is given out: by the rules of ``publishing``, if there are any. ``progress`` wraps the batches
    when they are written, and is told how many reports will come.

    Raises ``UnreadableInput`` if there is no dataset, or a file of it is damaged, and ``WrongUse`` for a filter or
    ``coarse`` that makes no sense.
    """
    manifest = read_manifest(folder)
    file = whole_file(folder, manifest.files["events"])
    wanted = EVENTS.names if chosen.text.strip() or publishing else [n for n in EVENTS.names if n not in _LONG]
    masks: list[pa.Array] = []
    tallies, effects, left_out = [], [Effect()], Counter[str]()
    told = _told(file, publishing)
    publish = _publisher(publishing, told)
    whole = _whole(file, chosen, _publisher(publishing, told), EVENTS.names if publishing else [*PLACING])
    for rows in _row_groups(file, wanted):
        given, effect = publish(rows)
        shown = pa.array(matches(_searched(given), chosen, whole=whole))
        fits, missing = _fitting(given, shown, written)
        masks.append(pc.and_(shown, fits))
        effects.append(effect)
        left_out.update(missing)
        tallies.append(tally(drawn_as(given.filter(masks[-1]).select(_drawn(given)), coarse)))
    found, effect = total(tallies), sum(effects[1:], effects[0])
    provenance = _provenance(manifest, publishing, effect)
    credited = coarse if written.shapes or coarse != "outline" else "point"  # no outline in it, none to credit
    says = about(found, provenance, selection=chosen.as_dict(), coarse=credited, left_out=left_out)

    def batches() -> Iterator[pa.Table]:
        again = _publisher(publishing, told)
        for rows, mask in zip(_row_groups(file, EVENTS.names), masks, strict=True):
            given, _ = again(rows)
            kept = drawn_as(given.filter(mask), coarse)
            if kept.num_rows:
                yield kept

    gone_through = (lambda: iter(progress(batches(), found.reports))) if progress else batches
    return Export(gone_through, found, says, gazetteer, left_out)


def publish(folder: Path, target: Path, publishing: Publishing) -> Manifest:
    """Write what may be given out of a dataset as a dataset of its own, and return its manifest.

    It has no mentions: the trace of each place says what the rules keep back. Raises as ``export_from`` does, and
    ``UnwritableOutput``.
    """
    manifest = read_manifest(folder)
    file = whole_file(folder, manifest.files["events"])
    given = _publisher(publishing, _told(file, publishing))
    parts, effects = zip(*map(given, _row_groups(file, EVENTS.names)), strict=True)
    events = with_stories_left(pa.concat_tables([part.cast(EVENTS) for part in parts]))
    digests = pq.read_table(whole_file(folder, manifest.files["digests"])).select(DIGESTS.names).cast(DIGESTS)
    tables = {
        "events": events,
        "stories": stories_table(events),
        "digests": digests.replace_schema_metadata(),
    }
    provenance = _provenance(manifest, publishing, sum(effects, Effect()))
    return save_tables(target, tables, provenance, copies=False)


def _fitting(events: pa.Table, shown: pa.Array, written: Format) -> tuple[pa.Array, Counter[str]]:
    """Return which rows the format can hold, and why the others that are shown are left out."""
    sorts = pa.table({name: decoded(events[name]) for name in ("kind", "precision")})
    pairs = sorts.group_by(["kind", "precision"]).aggregate([])
    why = {pair: reason for pair in zip(*pairs.to_pydict().values(), strict=True) if (reason := written.why_not(*pair))}
    fits, missing = pa.array(np.ones(len(events), dtype=bool)), Counter[str]()
    for (kind, precision), reason in why.items():
        such = pc.and_(pc.equal(sorts["kind"], kind), pc.equal(sorts["precision"], precision))
        missing[reason] += pc.sum(pc.and_(such, shown)).as_py() or 0
        fits = pc.and_(fits, pc.invert(such))
    return fits, missing


def _told(file: Path, publishing: Publishing | None) -> Telling:
    return telling(_row_groups(file, list(SPOKEN)), publishing.rules) if publishing else Telling()


def _publisher(publishing: Publishing | None, told: Telling) -> Publish:
    if publishing is None:
        return lambda events: (events, Effect())
    return publisher(publishing.rules, publishing.gazetteer, publishing.on, told)


def _provenance(manifest: Manifest, publishing: Publishing | None, effect: Effect) -> Any:
    if publishing is None:
        return manifest.provenance
    known = with_sources(manifest.provenance, dict(effect.outlines), publishing.gazetteer)
    return replace(known, publication=as_dict(publishing.rules, publishing.on, effect))


def _drawn(events: pa.Table) -> list[str]:
    return [name for name in events.column_names if name in {*TALLIED, "nominal", "lat", "lon"}]


def _searched(events: pa.Table) -> DataFrame:
    """Return what a filter looks at."""
    names = [name for name in events.column_names if name != "geometry"]
    plain = {name: decoded(events[name]) for name in names}
    return frame(pa.table({name: pa.chunked_array([column]) for name, column in plain.items()}))


def _row_groups(path: Path, columns: list[str]) -> Iterator[pa.Table]:
    try:
        with pq.ParquetFile(path, read_dictionary=[*_CODED, "geometry"]) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=columns).select(columns).replace_schema_metadata()
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise UnreadableInput(f"{path}: not a table of this program ({reason}); build the dataset again") from error


def _whole(file: Path, chosen: Filter, publish: Publish, wanted: list[str]) -> Whole:
    """Return what a filter has to know of all reports before it sees the first."""
    ids = _ids(file)
    if not chosen.within_km:
        return Whole(ids)
    spots = [middles(_searched(publish(rows)[0]), chosen, ids) for rows in _row_groups(file, wanted)]
    return Whole(ids, np.unique(np.concatenate(spots), axis=0))


def _ids(path: Path) -> frozenset[str]:
    """Return the ids of all places, and of the regions that open them: a filter has to know them beforehand."""
    places = {i for rows in _row_groups(path, ["place_id"]) for i in pc.unique(rows["place_id"]).to_pylist()}
    return frozenset(places | {place_id.partition(".")[0] for place_id in places})
