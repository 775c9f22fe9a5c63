"""Readings as a dataset folder, and back.

The same readings give the same bytes: rows are sorted, floats rounded, row groups fixed, and no clock shows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame

from geo.dataset.commit import alone_in, commit, file_sha256
from geo.dataset.manifest import DataFile, Manifest, read_manifest
from geo.dataset.provenance import Provenance, provenance_of
from geo.dataset.stories import NOTHING_RULED, Ruled, stories_table, with_stories
from geo.dataset.tables import (
    COLUMNS,
    EVENTS,
    SCHEMAS,
    Tables,
    arrow,
    digest_row,
    events_frame,
    frame,
    joined,
    tables_of,
)
from geo.dataset.tables import events_table as events_table
from geo.errors import UnreadableInput, WrongUse
from geo.model import Reading
from geo.reference.gazetteer import Gazetteer


@dataclass(frozen=True)
class Dataset:
    """A dataset folder as loaded; ``mentions`` and ``digests`` are read when first asked for."""

    folder: Path
    manifest: Manifest
    events: GeoDataFrame

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Every mention with its verdict and trace, by digest and offset; ``candidates`` give lists of dictionaries."""
        return frame(self.table("mentions"))

    @cached_property
    def digests(self) -> pd.DataFrame:
        """Every digest that was read, by id, also those without a report."""
        return frame(self.table("digests"))

    def table(self, name: str) -> pa.Table:
        """Return a table as it is kept; raises ``UnreadableInput`` if its file is missing or damaged."""
        return _table(self.folder, self.manifest.files[name], SCHEMAS[name])

    @cached_property
    def stories(self) -> pd.DataFrame:
        """Every story by place and day: which reports tell it, who was first to claim, acknowledge or deny it."""
        return self.table("stories").to_pandas()


# --- saving ----------------------------------------------------------------------------------------------------------


def save_dataset(
    folder: Path | str,
    readings: Iterable[Reading],
    *,
    gazetteer: Gazetteer,
    paths: Mapping[str, str] | None = None,
    inputs: Mapping[str, str] | None = None,
) -> Manifest:
    """Write the readings, in any order, as the dataset in ``folder``, and return its manifest.

    ``paths`` gives the file of each digest by id, below the input root; ``inputs`` gives further hashes to record, by
    what they are of (languages, rulings). A dataset that is in the folder is replaced at once when the new one is
    whole; other files there are left alone. If another build of this folder runs, waits for it.

    Raises ``UnwritableOutput`` if something cannot be written (the old dataset is still there) and ``WrongUse`` if two
    digests have one id.
    """
    readings, paths = list(readings), paths or {}
    rows = [digest_row(reading, paths.get(reading.digest.id)) for reading in readings]
    tables, manifest = finished([tables_of(readings, rows, gazetteer)], gazetteer, inputs or {})
    with alone_in(folder):
        return commit(folder, tables, manifest)


def save_tables(folder: Path | str, tables: Tables, provenance: Provenance, *, copies: bool = True) -> Manifest:
    """Write ready tables (sorted, as `geo.dataset.tables` has them; those not given are empty) like ``save_dataset``.

    Without ``copies`` there are no ``events.geojson`` and ``events.parquet`` beside the data files.
    """
    tables = {name: tables.get(name, schema.empty_table()) for name, schema in SCHEMAS.items()}
    with alone_in(folder):
        return commit(folder, tables, _draft_manifest(tables, provenance, {}), copies=copies)


def finished(
    parts: Iterable[Tables],
    gazetteer: Gazetteer,
    inputs: Mapping[str, str],
    basis: Mapping[str, Any] | None = None,
    ruled: Ruled = NOTHING_RULED,
) -> tuple[Tables, Manifest]:
    """Make the tables of a dataset out of those of its digests, in any parts, and a manifest without its files.

    What looks at all reports at once is done here; ``ruled`` is what people ruled about pairs of them. Raises
    ``WrongUse`` if two digests have one id.
    """
    parts = list(parts)
    _refuse_repeated(digest for part in parts for digest in part["digests"]["digest"].to_pylist())
    tables = joined(parts)
    tables["events"] = with_stories(tables["events"], ruled)
    tables["stories"] = stories_table(tables["events"])
    provenance = provenance_of(events_frame(tables["events"]), gazetteer, inputs)
    return tables, _draft_manifest(tables, provenance, basis or {})


def _refuse_repeated(ids: Iterable[str]) -> None:
    for first, second in pairwise(sorted(ids)):
        if first == second:
            raise WrongUse(f"two digests have the id {first!r}; rename one of the files")


def _draft_manifest(tables: Tables, provenance: Provenance, basis: Mapping[str, Any]) -> Manifest:
    digests, mentions = tables["digests"], tables["mentions"]
    newest = pc.max(digests["published"]).as_py()
    counts = {name: pc.sum(digests[name]).as_py() or 0 for name in ("sentences", "mentions", "reports")}
    warnings = pc.sum(pc.list_value_length(digests["warnings"])).as_py() or 0
    return Manifest(
        files={},
        sample=bool(pc.any(digests["sample"]).as_py()),
        published=newest.isoformat() if newest else None,
        counts={"digests": digests.num_rows, **counts, "warnings": warnings},
        verdicts=counted(mentions["verdict"]),
        attribution=tuple(sorted({source.attribution for source in provenance.sources.values()} - {""})),
        provenance=provenance,
        digests=dict(zip(digests["digest"].to_pylist(), digests["digest_sha256"].to_pylist(), strict=True)),
        basis=basis,
    )


def counted(column: pa.ChunkedArray) -> dict[str, int]:
    """Return how often each value of a column of text stands there, by value."""
    return dict(sorted((each["values"], each["counts"]) for each in pc.value_counts(column).to_pylist()))


# --- loading ---------------------------------------------------------------------------------------------------------


def load_dataset(folder: Path | str) -> Dataset:
    """Open the dataset in a folder; a build that replaces it meanwhile does no harm.

    Raises ``UnreadableInput`` if there is no dataset, or if a file of it is missing or damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    while True:
        try:
            return Dataset(folder, manifest, events_frame(_table(folder, manifest.files["events"], EVENTS)))
        except UnreadableInput:
            newer = read_manifest(folder)
            if newer == manifest:
                raise
            manifest = newer


def load_digests(folder: Path | str) -> pd.DataFrame:
    """Return the digests of a dataset folder; raises as ``load_dataset`` does."""
    folder = Path(folder)
    return frame(_table(folder, read_manifest(folder).files["digests"], SCHEMAS["digests"]))


def load_events(path: Path | str) -> GeoDataFrame:
    """Return the table of reports of a dataset folder, an ``events.parquet`` or an exported ``events.geojson``.

    Raises ``UnreadableInput`` if it is none of these, or damaged.
    """
    path = Path(path)
    if path.is_dir():
        return load_dataset(path).events
    if path.suffix.lower() in (".geojson", ".json"):
        return events_frame(_from_geojson(path))
    return events_frame(_from_parquet(path, EVENTS))


def _table(folder: Path, file: DataFile, schema: pa.Schema) -> pa.Table:
    return _from_parquet(whole_file(folder, file), schema)


def whole_file(folder: Path, file: DataFile) -> Path:
    """Return the path of a data file; raises ``UnreadableInput`` if it is not what the manifest says."""
    path = folder / file.name
    try:
        whole = path.stat().st_size == file.size and file_sha256(path) == file.sha256
    except OSError as error:
        reason = f"the manifest names it, but it cannot be read ({error.strerror})"
        raise UnreadableInput(f"{path}: {reason}; load the dataset again, or build it again") from error
    if not whole:
        raise UnreadableInput(f"{path}: damaged, its content is not what the manifest says; build the dataset again")
    return path


def _from_parquet(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        table = pq.read_table(path, columns=schema.names)
        return table.select(schema.names).replace_schema_metadata().cast(schema)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise UnreadableInput(f"{path}: not a table of this program ({reason}); build the dataset again") from error


def _from_geojson(path: Path) -> pa.Table:
    remedy = "name a file that `frontline export --to geojson` has written"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        rows = [feature["properties"] for feature in features]
        columns: list[list[Any]] = [[row[name] for row in rows] for name in COLUMNS]
        shapes = [shapely.geometry.shape(f["geometry"]).wkb if f["geometry"] else None for f in features]
        return arrow([*columns, shapes], EVENTS)
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    except (ValueError, KeyError, TypeError, AttributeError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        raise UnreadableInput(f"{path}: not an export of this program ({error!r}); {remedy}") from error
