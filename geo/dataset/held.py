"""What is held of the reports of a dataset while it is open: days, places and codes, some 150 bytes a report.

Text is held as codes, and columns are read one after another, so that few copies exist at a time.
"""

import ctypes
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame

from geo.dataset.tables import EVENTS, frame
from geo.errors import UnreadableInput

Array = np.ndarray[Any, Any]

# Not held: quotes and all that only the card shows. Of the others, text is held as codes.
_READ_ON_DEMAND = frozenset(
    (
        *("quote", "quote_start", "quote_end", "mention_start", "mention_end", "more_quotes", "why", "summary", "url"),
        *("digest_sha256", "text_sha256", "event_ts", "confidence"),
        *("killed_min", "killed_max", "injured_min", "injured_max"),
    )
)
RELAYS = "\x1f"  # between the outlets of `via`, which are held as one text
_HELD = [field for field in EVENTS if field.name not in _READ_ON_DEMAND]
_CODED = [field.name for field in _HELD if pa.types.is_string(field.type) and field.name not in ("id", "story")]

# What makes one spot of the map: a place at one precision, and what else decides how it is drawn.
_SPOT = ("place_id", "precision", "radius_km", "position", "lat", "lon", "bearing", "distance_km")
_DAYS = ("date", "date_end", "published")


def held(file: Path) -> tuple[GeoDataFrame, Array, Array]:
    """Return the columns that are held, sorted, with the spot and the row in the file of each row.

    Columns are read one after another, and text becomes codes while it is read, so that few copies exist at a time.
    """
    names = [field.name for field in _HELD if field.name != "geometry"]
    try:
        keys = pd.DataFrame({name: _column(file, name) for name in {*_SPOT, *_DAYS, "kind"}})
        spot = spots_of(keys)
        order = alike_together(keys, spot).astype(np.int32)
        columns = {
            name: (keys.pop(name) if name in keys else pd.Series(_column(file, name))).take(order) for name in names
        }
        shapes = pq.read_table(file, columns=["geometry"], read_dictionary=["geometry"]).unify_dictionaries()[
            "geometry"
        ]
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise foreign(file, error) from error
    table = pd.DataFrame({name: column.array for name, column in columns.items()}, copy=False)
    coded = shapes.unify_dictionaries().combine_chunks()
    drawn = np.array([*shapely.from_wkb(coded.dictionary.to_numpy(zero_copy_only=False)), None], dtype=object)
    geometry = drawn[coded.indices.fill_null(len(drawn) - 1).to_numpy()[order]]
    return GeoDataFrame(table, geometry=geometry, crs="EPSG:4326", copy=False), spot[order].astype(np.int32), order


def _column(file: Path, name: str) -> Any:
    if name == "story":
        return _told_by_several(file)
    read = pq.read_table(file, columns=[name], read_dictionary=[name] if name in _CODED else None)
    if name == "via":
        return _categories(pc.binary_join(read[name], RELAYS).dictionary_encode().unify_dictionaries())
    return _categories(read.unify_dictionaries()[name]) if name in _CODED else frame(read.cast(_only(name)))[name].array


def _told_by_several(file: Path) -> pd.Categorical:
    """Return the stories that more than one report tells as codes: most reports are the only one of theirs.

    A row group at a time, as a million ids take more room than all that is held of them.
    """
    with pq.ParquetFile(file) as opened:
        groups = range(opened.num_row_groups)
        both = (opened.read_row_group(group, columns=["story", "id"]) for group in groups)
        told = [pc.unique(rows["story"].filter(pc.not_equal(rows["story"], rows["id"]))) for rows in both]
        several = pc.unique(pa.chunked_array(told, pa.string()))
        stories = (opened.read_row_group(group, columns=["story"])["story"] for group in groups)
        codes = [pc.index_in(column, several).fill_null(-1).to_numpy() for column in stories]
    categories = pd.Index(several.to_pylist(), dtype="str")
    return pd.Categorical.from_codes(np.concatenate([np.zeros(0, np.int32), *codes]), categories=categories)


def _only(name: str) -> pa.Schema:
    return pa.schema([EVENTS.field(name)])


def _categories(column: pa.ChunkedArray) -> pd.Categorical:
    """Return text as codes of its sorted values."""
    coded = column.combine_chunks()
    values = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(values)
    place = np.empty(len(values) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(values)), -1
    codes = place[coded.indices.fill_null(len(values)).to_numpy()]
    return pd.Categorical.from_codes(codes, categories=pd.Index(values[order], dtype="str"))


def spots_of(events: pd.DataFrame) -> Array:
    """Return for each row the number of its spot, a place at one precision; spots are sorted by both."""
    number = np.zeros(len(events), dtype=np.int64)
    for name in _SPOT:
        codes, values = pd.factorize(events[name], sort=True, use_na_sentinel=False)
        number = np.unique(number * (len(values) + 1) + codes, return_inverse=True)[1]
    return number


def alike_together(events: pd.DataFrame, spot: Array) -> Array:
    """Return the order in which the columns of the map take the least room: 1.9 bytes a report, not 3.4."""
    day, last, published = (events[name].to_numpy().astype("datetime64[D]").astype(np.int64) for name in _DAYS)
    kind = pd.factorize(events["kind"], sort=True)[0]
    return np.lexsort((kind, spot, last - day, published - day, day))


def foreign(file: Path, error: Exception) -> UnreadableInput:
    """Return what to tell of a data file that this program did not write, or not like this."""
    reason = str(error).splitlines()[0] if str(error) else repr(error)
    return UnreadableInput(f"{file}: not a table of this program ({reason}); build the dataset again")


def give_back() -> None:
    """Return freed memory to the system: reading takes three times what is held, and allocators keep it."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):  # only some C libraries have this
        ctypes.CDLL(None).malloc_trim(0)
