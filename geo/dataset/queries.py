"""A dataset opened for many readers: what filters and the map need is held once, quotes are read when asked for.

A million reports with their quotes would take gigabytes.  Held are days, places and codes (some 150 bytes a report);
whole rows are read from the data file one row group at a time. Quotes are searched there by DuckDB, until the words of
all of them, which the first search begins to gather, are held as codes too.
"""

import gzip
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from geopandas import GeoDataFrame

from geo.dataset.held import RELAYS, Array, alike_together, foreign, give_back, held, spots_of
from geo.dataset.manifest import Manifest, read_manifest
from geo.dataset.store import whole_file
from geo.dataset.tables import DIGESTS, EVENTS, events_frame, frame
from geo.dataset.timeline import Filter, in_time, matches, names_say, pattern_of
from geo.dataset.words import Words
from geo.errors import UnreadableInput

REMEMBERED = 12  # selections, of one byte a report

_SEARCH = """
    SELECT file_row_number FROM read_parquet($1, file_row_number = true)
    WHERE regexp_matches(quote, $2, 'i') OR regexp_matches(summary, $2, 'i')
       OR (len(more_quotes) > 0
           AND regexp_matches(array_to_string(list_transform(more_quotes, lambda q: q.quote), chr(10)), $2, 'i'))
"""


class Reports:
    """The reports of a dataset, for all sessions of the page; read only.

    ``table`` has the columns of a table of reports without those that are read on demand; text other than ``id`` is
    categorical, and ``story`` is missing where no other report tells it. Its rows are sorted for the map: by day, then
    by what makes the columns of a day alike.
    """

    def __init__(
        self,
        table: GeoDataFrame,
        spot: Array,
        in_file: Array,
        manifest: Manifest | None = None,
        file: Path | None = None,
    ) -> None:
        self.table, self.spot = table, spot  # the number of each row's spot on the map
        self.manifest = manifest
        self._in_file, self.file = in_file, file  # the row in the file, of each row of the table
        self._full: GeoDataFrame | None = None
        self._words: Future[Words] | None = None  # of the quotes, once somebody has searched
        self.ids = Ids(table["id"])
        self._select = lru_cache(REMEMBERED)(self._selected)
        self._timeless = lru_cache(REMEMBERED)(self._matching)
        self._search = lru_cache(REMEMBERED)(self._said)
        self.report = lru_cache(REMEMBERED)(self._read)

    @classmethod
    def of(cls, events: GeoDataFrame) -> "Reports":
        """Return a table that is in memory with all its columns as if it had been opened."""
        spot = spots_of(events)
        order = alike_together(events, spot)
        table = events.iloc[order].reset_index(drop=True)
        table[["place_id", "story"]] = table[["place_id", "story"]].astype("category")
        reports = cls(table, spot[order], order)
        reports._full = events
        return reports

    def __len__(self) -> int:
        return len(self.table)

    @property
    def everything(self) -> "Selection":
        """All of them."""
        return Selection(self, np.ones(len(self), dtype=bool), None)

    def select(self, chosen: Filter) -> "Selection":
        """Return the reports that a filter shows; raises as ``timeline.select`` does."""
        return self._select(chosen)

    def whole(self, rows: Array) -> GeoDataFrame:
        """Return rows of the table with all columns, in the order of the data file.

        Raises ``UnreadableInput`` if the file is gone: the dataset was built anew meanwhile.
        """
        wanted = np.sort(self._in_file[rows])
        if self._full is not None:
            return self._full.iloc[wanted].reset_index(drop=True)
        return events_frame(_rows_of(self._opened_file, wanted))

    # --- spots: what the map draws and the list looks for ---

    @cached_property
    def first(self) -> Array:
        """A row of each spot."""
        return np.unique(self.spot, return_index=True)[1]

    @cached_property
    def edges(self) -> tuple[Array, Array, Array, Array]:
        """South, west, north and east of each spot; NaN for what the map cannot show."""
        rows = self.table.iloc[self.first]
        west, south, east, north = rows.geometry.bounds.to_numpy().T
        lat, lon = rows["lat"].to_numpy(), rows["lon"].to_numpy()  # an area without an outline is where its words are
        blank = np.isnan(west)
        return (
            np.where(blank, lat, south),
            np.where(blank, lon, west),
            np.where(blank, lat, north),
            np.where(blank, lon, east),
        )

    @cached_property
    def countries(self) -> Array:
        """Whether each spot is a whole country."""
        found: Array = (self.table["precision"].iloc[self.first] == "country").to_numpy(dtype=bool)
        return found

    @cached_property
    def newest_first(self) -> Array:
        """The rows, newest first: by last day, then first day."""
        first, last = self.table["date"].to_numpy(), self.table["date_end"].to_numpy()
        return np.lexsort((first, last))[::-1].astype(np.int32)

    # --- behind the caches ---

    def _selected(self, chosen: Filter) -> "Selection":
        timeless = self._timeless(replace(chosen, since=None, until=None, by="event"))
        if chosen.since is None and chosen.until is None:
            return Selection(self, timeless, chosen)
        return Selection(self, timeless & in_time(self.table, chosen.since, chosen.until, chosen.by), chosen)

    def _matching(self, chosen: Filter) -> Array:
        says = None if self._full is not None else self._search
        return matches(self.table, chosen, says, order=self._in_file)

    def _said(self, word: str) -> Array:
        """Return for each row whether a word stands in its quotes, its summary or its names."""
        words = self._words
        if words and words.done() and not words.exception():
            found = words.result().say(pattern_of(word))
        else:
            found = self._said_in_file(word)
            self._words = words or self._gathered()
        return names_say(self.table, word) | found[self._in_file]

    def _gathered(self) -> Future[Words]:
        """Gather the words of quotes and summaries behind the reader's back, by row of the file."""
        gathering = ThreadPoolExecutor(1, thread_name_prefix="words")
        words = gathering.submit(lambda: Words(_texts(self.file)))
        words.add_done_callback(lambda _: give_back())
        gathering.shutdown(wait=False)
        return words

    def _said_in_file(self, word: str) -> Array:
        """Return for each row of the file whether a word stands in its quotes or its summary."""
        found = np.zeros(len(self), dtype=bool)
        with duckdb.connect(":memory:", config=_DUCKDB) as searching:
            try:
                rows = searching.execute(_SEARCH, [str(self.file), pattern_of(word)]).fetchnumpy()["file_row_number"]
            except duckdb.IOException as error:
                raise _gone(self.file, error) from error
        found[np.asarray(rows, dtype=np.int64)] = True
        return found

    def _read(self, row: int) -> GeoDataFrame:
        return self.whole(np.array([row]))

    @cached_property
    def _opened_file(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.file)
        except OSError as error:
            raise _gone(self.file, error) from error


class Selection:
    """Some of the reports: the columns of only these rows, made when asked for."""

    def __init__(self, reports: Reports, mask: Array, key: Hashable) -> None:
        self.reports = reports
        self.mask = mask  # one flag a row of the table
        self.key = key  # what is computed from these reports may be kept under it as long as the dataset is the same
        self._number = int(np.count_nonzero(mask))

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, column: Any) -> Any:
        """Return a column, or a table of several, of these reports."""
        return self.reports.table.loc[self.mask, column] if len(self) < len(self.mask) else self.reports.table[column]

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        return self._number == 0

    @property
    def rows(self) -> Array:
        """Their rows in the table."""
        return np.flatnonzero(self.mask)

    @property
    def frame(self) -> GeoDataFrame:
        """All columns that are held, of these reports; made anew each time."""
        return self[list(self.reports.table.columns)]

    @cached_property
    def packed(self) -> bytes:
        """One bit a row of the table, most significant first, gzipped."""
        return gzip.compress(np.packbits(self.mask).tobytes(), compresslevel=6, mtime=0)

    @cached_property
    def places(self) -> int:
        """How many places they are at."""
        codes = self.reports.table["place_id"].cat.codes.to_numpy()
        return int(np.count_nonzero(np.bincount(codes[self.mask])))

    @cached_property
    def countrywide(self) -> int:
        """How many are of a whole country, which the map cannot show."""
        return int(np.count_nonzero(self.mask & self.reports.countries[self.reports.spot]))

    def whole(self) -> GeoDataFrame:
        """Return them with all columns, as ``Reports.whole`` does."""
        return self.reports.whole(self.rows)

    @cached_property
    def newest_first(self) -> Array:
        """Their rows, newest first; those of the same days in no order of their own."""
        order = self.reports.newest_first
        rows: Array = order[self.mask[order]]
        return rows

    def newest(self, most: int, after: int = 0) -> GeoDataFrame:
        """Return the newest of them but for the first ``after``, with the columns that are held and ``via``."""
        table, found = self.reports.table, self.newest_first
        age = -table["date_end"].to_numpy()[found[: after + most]].astype("datetime64[D]").astype(np.int64)
        if not len(age[after:]):
            return table.iloc[:0]
        begin = int(np.searchsorted(age, age[after]))  # whole days are sorted, so that no report is on two pages
        ends = table["date_end"].to_numpy()
        stop = after + most
        while stop < len(found) and ends[found[stop]] == ends[found[stop - 1]]:
            stop += 1
        days = ["date_end", "date", "id"]
        sorted_days = table.iloc[found[begin:stop]][days].sort_values(days, ascending=[False, False, True])
        told = table.loc[sorted_days.index[after - begin :][:most]]
        if isinstance(told["via"].dtype, pd.CategoricalDtype):
            told["via"] = pd.Series([via.split(RELAYS) if via else [] for via in told["via"]], told.index, dtype=object)
        return told

    def at(self, ids: tuple[str, ...]) -> "Selection":
        """Return those with one of these ids."""
        mask = np.zeros(len(self.mask), dtype=bool)
        mask[[row for row in map(self.reports.ids.row, ids) if row >= 0]] = True
        return Selection(self.reports, mask & self.mask, (self.key, "at", ids))

    def in_view(self, bounds: tuple[float, float, float, float]) -> "Selection":
        """Return those that a map of these bounds (south, west, north, east) shows, and those of whole countries."""
        south, west, north, east = self.reports.edges
        inside = (north >= bounds[0]) & (east >= bounds[1]) & (south <= bounds[2]) & (west <= bounds[3])
        mask = self.mask & (inside | self.reports.countries)[self.reports.spot]
        return Selection(self.reports, mask, (self.key, "in view", bounds))


class Ids(Sequence[str]):
    """The ids of the reports by row, and back."""

    def __init__(self, ids: pd.Series) -> None:
        self._ids = pa.array(ids.array, pa.string())
        self.row: Callable[[str], int] = lru_cache(4096)(self._row)

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row: Any) -> Any:
        return self._ids[row].as_py()

    def __contains__(self, report: object) -> bool:
        return isinstance(report, str) and self.row(report) >= 0

    def _row(self, report: str) -> int:
        """Return the row of a report, or -1."""
        return int(pc.index(self._ids, report).as_py())


def mentions_of(reports: Reports, digest: str) -> list[dict[str, Any]]:
    """Return every mention of one digest with its verdict and trace, in the order of its text, read from the file.

    None are known of reports that were not opened from a dataset. Raises ``UnreadableInput`` if the file is gone.
    """
    if reports.manifest is None or reports.file is None:
        return []
    path = reports.file.with_name(reports.manifest.files["mentions"].name)
    try:
        return list(_mentions(path, digest))
    except OSError as error:
        raise _gone(path, error) from error


@lru_cache(maxsize=16)  # the page asks again at every run; another build has another path
def _mentions(path: Path, digest: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path, filters=[("digest", "==", digest)]).to_pylist()
    return rows


class Story(NamedTuple):
    """One event that several reports tell."""

    says: dict[str, Any]  # its row of the table of stories
    reports: GeoDataFrame  # whole, in the order of the data file


def story_of(reports: Reports, row: int) -> Story | None:
    """Return the story that a report tells, if others tell it too; raises as ``mentions_of`` does."""
    story = reports.table["story"].iloc[row]
    if pd.isna(story):
        return None
    codes = reports.table["story"].array.codes
    members = np.flatnonzero(codes == codes[row])
    first = reports.table["place_id"].iloc[reports.ids.row(story)]  # stories lie sorted by place
    says = _stories(reports, [("place_id", "==", first), ("story", "==", story)])
    return Story(says[0], reports.whole(members)) if len(members) > 1 and says else None


def stories_at(reports: Reports, place_id: str, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return the stories of these kinds at a place (rows of the table of stories) by day; raises as ``story_of``."""
    return _stories(reports, [("place_id", "==", place_id), ("kind", "in", list(kinds))])


def _stories(reports: Reports, wanted: list[tuple[str, str, Any]]) -> list[dict[str, Any]]:
    if reports.manifest is None or reports.file is None:
        return []
    path = reports.file.with_name(reports.manifest.files["stories"].name)
    try:
        return list(pq.read_table(path, filters=wanted).to_pylist())
    except OSError as error:
        raise _gone(path, error) from error


# --- opening ---------------------------------------------------------------------------------------------------------

_DUCKDB: dict[str, Any] = {  # nothing is downloaded, nothing is written
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "memory_limit": "512MB",
}


def open_reports(folder: Path | str) -> tuple[Reports, pd.DataFrame]:
    """Open the dataset in a folder; a build that replaces it meanwhile does no harm.  Returns reports and digests.

    Raises ``UnreadableInput`` if there is no dataset, or if a file of it is missing or damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    while True:
        try:
            file = whole_file(folder, manifest.files["events"])
            digests = _digests(whole_file(folder, manifest.files["digests"]))
            reports = Reports(*held(file), manifest, file)
            give_back()
            return reports, digests
        except UnreadableInput:
            newer = read_manifest(folder)
            if newer == manifest:
                raise
            manifest = newer


def _digests(file: Path) -> pd.DataFrame:
    try:
        return frame(pq.read_table(file, columns=DIGESTS.names).cast(DIGESTS))
    except (OSError, pa.ArrowException) as error:
        raise foreign(file, error) from error


def _texts(path: Path | None) -> Iterator[pa.Array]:
    """Yield what a search looks through, a text a row, in the order of the file."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group, columns=["quote", "summary", "more_quotes"])
            more = rows["more_quotes"].combine_chunks()
            quotes = pa.ListArray.from_arrays(more.offsets, more.values.field("quote"))
            texts = rows["quote"].cast(pa.string()), rows["summary"].cast(pa.string()), pc.binary_join(quotes, "\n")
            yield pc.binary_join_element_wise(*texts, "\n", null_handling="skip").combine_chunks()


def _rows_of(file: pq.ParquetFile, wanted: Array) -> pa.Table:
    """Read rows (sorted) from a file, one row group at a time."""
    parts, start = [EVENTS.empty_table()], 0
    for group in range(file.num_row_groups):
        stop = start + file.metadata.row_group(group).num_rows
        inside = wanted[np.searchsorted(wanted, start) : np.searchsorted(wanted, stop)] - start
        if len(inside):
            rows = file.read_row_group(group, columns=EVENTS.names).take(pa.array(inside))
            parts.append(rows.select(EVENTS.names).replace_schema_metadata().cast(EVENTS))
        start = stop
    return pa.concat_tables(parts)


def _gone(file: Path | None, error: Exception) -> UnreadableInput:
    return UnreadableInput(f"{file}: cannot be read any more ({error}); reload the page, as the dataset was built anew")
