"""Reports, mentions and digests as tables: their columns, their order, and how records become rows.

A table of reports has the columns of ``Report`` in that order, ``story`` and ``geometry`` (EPSG:4326). In pandas, text
is ``str``, days are ``datetime64[s]``, ``event_ts`` is ``datetime64[s, UTC]``, counts of people are ``Int64``, other
numbers are floats with NaN for unknown, ``via`` is a list of text and ``more_quotes`` a list of dictionaries.
In Arrow and Parquet the geometry is WKB.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from geopandas import GeoDataFrame

from geo.dataset.stories import STORIES, with_stories
from geo.model import Quote, Reading, Report, Verdict
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import DECIMALS, outline

SCHEMA_VERSION = 2

# --- columns ---------------------------------------------------------------------------------------------------------

_TEXT, _WHOLE, _FLOAT, _FLAG, _DAY = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32()


def _each(names: str, kind: pa.DataType) -> list[tuple[str, pa.DataType]]:
    return [(name, kind) for name in names.split()]


_OF_REPORT = tuple(f.name for f in fields(Report))
COLUMNS = (*_OF_REPORT, "story")  # the order of the contract
FLOAT_DECIMALS = {"lat": DECIMALS, "lon": DECIMALS, "radius_km": 2, "distance_km": 2, "confidence": 3}

_COUNTS = "killed_min killed_max injured_min injured_max"
_QUOTE = pa.struct([(f.name, _WHOLE if f.name in ("start", "end") else _TEXT) for f in fields(Quote)])
_KINDS = dict(  # of the columns of a report that are not text
    _each("published date date_end", _DAY)
    + _each("sample nominal running_total", _FLAG)
    + _each(f"quote_start quote_end mention_start mention_end {_COUNTS}", _WHOLE)
    + _each(" ".join(FLOAT_DECIMALS), _FLOAT)
    + [("event_ts", pa.timestamp("s", "UTC")), ("via", pa.list_(_TEXT)), ("more_quotes", pa.list_(_QUOTE))]
)
EVENTS = pa.schema([*((name, _KINDS.get(name, _TEXT)) for name in COLUMNS), ("geometry", pa.binary())])

_EVIDENCE = pa.struct([("rule", _TEXT), ("weight", _FLOAT), ("words", _TEXT), ("start", _WHOLE), ("end", _WHOLE)])
_CANDIDATE = pa.struct(
    [
        *_each("place_id name spelling how language", _TEXT),
        ("score", _FLOAT),
        ("vetoed", _FLAG),
        ("evidence", pa.list_(_EVIDENCE)),
    ]
)
MENTIONS = pa.schema(
    [
        ("digest", _TEXT),
        *_each("start end", _WHOLE),
        ("mention", _TEXT),
        *_each("sentence_start sentence_end", _WHOLE),
        *_each("verdict why place_id place decision", _TEXT),
        ("margin", _FLOAT),
        ("report_id", _TEXT),
        ("candidates", pa.list_(_CANDIDATE)),
    ]
)
DIGESTS = pa.schema(
    [
        *_each("digest outlet url language", _TEXT),
        ("published", _DAY),
        ("sample", _FLAG),
        ("day", _DAY),
        *_each("day_basis digest_sha256 text_sha256", _TEXT),
        *_each("characters sentences mentions reports", _WHOLE),
        ("warnings", pa.list_(_TEXT)),
        ("path", _TEXT),  # name of the file, with ":" and the line of a row in a table
        ("encoding", _TEXT),
        ("also", pa.list_(_TEXT)),  # ids of other inputs with the same text, which are no digests of their own
        ("key", _TEXT),  # hash of all that decided the rows of this digest, but for the packs
        ("packs", pa.list_(_TEXT)),  # languages whose packs its reading asked
    ]
)
TEXTS = pa.schema([("digest", _TEXT), ("text", _TEXT)])  # of digests that are no plain text: what was read out of them
OF_DIGESTS = {"events": EVENTS, "mentions": MENTIONS, "digests": DIGESTS, "texts": TEXTS}
SCHEMAS = {**OF_DIGESTS, "stories": STORIES}  # stories are told of all digests together

Tables = Mapping[str, pa.Table]  # by the names in SCHEMAS


# --- reports ---------------------------------------------------------------------------------------------------------


def events_table(reports: Iterable[Report], gazetteer: Gazetteer | None = None) -> GeoDataFrame:
    """Return reports as the table that ``load_dataset`` gives, sorted by date, digest, quote_start and id.

    Without a gazetteer, reports at areas have no geometry.
    """
    return events_frame(with_stories(events_arrow(reports, gazetteer)))


def events_arrow(reports: Iterable[Report], gazetteer: Gazetteer | None) -> pa.Table:
    """Return the sorted table of reports with the metadata of GeoParquet; which story they tell is not known yet."""
    rows = sorted(reports, key=attrgetter("date", "digest", "quote_start", "id"))
    columns: list[list[Any]] = [[getattr(row, name) for row in rows] for name in _OF_REPORT]
    spots = [(row.place_id, row.precision, row.lat, row.lon) for row in rows]
    shapes = {spot: outline(*spot, gazetteer) for spot in set(spots)}  # places repeat: each is drawn once
    wkb = {spot: shape.geometry.wkb if shape else None for spot, shape in shapes.items()}
    return as_geoparquet(arrow([*columns, [None] * len(rows), [wkb[spot] for spot in spots]], EVENTS))


def arrow(columns: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Return a table of ``schema`` from its columns in order; no columns at all stand for no rows.

    Days and times may be ISO text; NaN and infinity are unknown; floats are rounded as the contract says.
    """
    filled = columns or [[]] * len(schema)
    return pa.Table.from_arrays([_array(c, f) for c, f in zip(filled, schema, strict=True)], schema=schema)


def _array(column: Sequence[Any], field: pa.Field) -> pa.Array:
    if field.name == "more_quotes":
        column = [[q if isinstance(q, dict) else _quote_row(q) for q in quotes] for quotes in column]
    iso = pa.types.is_temporal(field.type) and any(isinstance(value, str) for value in column)
    array = pa.array(column, _TEXT if iso else field.type, from_pandas=True)
    if iso:
        array = array.cast(field.type)
    if field.name in FLOAT_DECIMALS:
        rounded = pc.add(pc.round(array, FLOAT_DECIMALS[field.name]), 0.0)  # + 0.0: no "-0.0"
        array = pc.if_else(pc.is_finite(rounded), rounded, None)
    return array


def _quote_row(quote: Quote) -> dict[str, Any]:
    return {field.name: getattr(quote, field.name) for field in _QUOTE}  # asdict copies deeply: fifty times slower


def as_geoparquet(table: pa.Table) -> pa.Table:
    """Return a table of reports with the metadata of GeoParquet for exactly its rows."""
    shapes = shapely.from_wkb(pc.drop_null(pc.unique(table["geometry"])).to_pylist())
    bounds = [float(bound) for bound in shapely.total_bounds(shapes)] if len(shapes) else None
    return table.replace_schema_metadata(geoparquet({shape.geom_type for shape in shapes}, bounds, {}))


def geoparquet(types: Iterable[str], bounds: Sequence[float] | None, says: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of GeoParquet 1.1 (https://geoparquet.org/releases/v1.1.0/) and what a file says of itself.

    ``types`` are the sorts of shape; no crs means longitude and latitude, WGS 84.
    """
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(types), "orientation": "counterclockwise"}
    column |= {"bbox": list(bounds)} if bounds else {}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    ours = {"schema": SCHEMA_VERSION, **says}
    return {"geo": json.dumps(geo), "frontline": json.dumps(ours, ensure_ascii=False)}


# --- mentions and digests --------------------------------------------------------------------------------------------


def mentions_arrow(verdicts: Iterable[tuple[str, Verdict]]) -> pa.Table:
    """Return each mention (digest id, verdict) with its whole trace, by digest and offset."""
    rows = sorted(verdicts, key=lambda row: (row[0], row[1].mention.start, row[1].mention.stop))
    columns = [*zip(*(_mention_row(*row) for row in rows), strict=True)] or [()] * (len(MENTIONS) - 1)
    arrays = [_array(column, field) for column, field in zip(columns, MENTIONS, strict=False)]
    return pa.Table.from_arrays([*arrays, _candidates([verdict for _, verdict in rows])], schema=MENTIONS)


def _mention_row(digest: str, verdict: Verdict) -> tuple[Any, ...]:
    m, s, r = verdict.mention, verdict.sentence, verdict.resolution
    place = (r.place.id, r.place.name) if r.place else (None, None)
    told = (verdict.role, verdict.why, *place, r.decision, r.margin, verdict.report_id)
    return (digest, m.start, m.stop, m.text, s.start, s.stop, *told)


def _candidates(verdicts: list[Verdict]) -> pa.Array:
    """Return the traces, built column by column: a dictionary for each would take minutes on a large build."""
    found = [verdict.resolution.candidates for verdict in verdicts]
    flat = list(chain.from_iterable(found))
    evidence = _lists([c.evidence for c in flat], _EVIDENCE, "rule weight words start stop")
    return _lists(found, _CANDIDATE, "place.id place.name name.text name.how name.language score vetoed", evidence)


def _lists(lists: Sequence[Sequence[Any]], item: pa.StructType, attributes: str, *more: pa.Array) -> pa.Array:
    """Return lists of records as an Arrow column; ``attributes`` fill the fields of ``item``, then ``more`` does."""
    flat = list(chain.from_iterable(lists))
    each = zip(map(attrgetter, attributes.split()), item, strict=False)
    filled = [pa.array(list(map(value, flat)), field.type) for value, field in each]
    offsets = pa.array(list(accumulate(map(len, lists), initial=0)), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays([*filled, *more], fields=list(item)))


def digest_row(
    reading: Reading, path: str | None = None, key: str | None = None, packs: Iterable[str] = ()
) -> tuple[Any, ...]:
    """Return the values of one digest in the order of ``DIGESTS``."""
    d = reading.digest
    told = (d.id, d.outlet, d.url, d.language, d.published, d.sample, d.day, d.day_basis)
    sizes = (len(d.text), len(reading.sentences), len(reading.verdicts), len(reading.reports))
    return (*told, d.digest_sha256, d.text_sha256, *sizes, list(d.warnings), path, d.encoding, [], key, sorted(packs))


def digests_arrow(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Return the digests (each a ``digest_row``) by id."""
    return arrow(list(zip(*sorted(rows, key=lambda row: str(row[0])), strict=True)), DIGESTS)


# --- parts of a dataset ----------------------------------------------------------------------------------------------


def tables_of(
    readings: Iterable[Reading], digests: Iterable[tuple[Any, ...]], gazetteer: Gazetteer | None
) -> dict[str, pa.Table]:
    """Return the tables of some readings; ``digests`` are their rows (``digest_row``)."""
    reports: list[Report] = []
    verdicts: list[tuple[str, Verdict]] = []
    texts: list[tuple[str, str]] = []
    for reading in readings:
        digest = reading.digest
        reports += reading.reports
        verdicts += ((digest.id, verdict) for verdict in reading.verdicts)
        texts += [(digest.id, digest.text)] if digest.extracted else []
    return {
        "events": events_arrow(reports, gazetteer),
        "mentions": mentions_arrow(verdicts),
        "digests": digests_arrow(digests),
        "texts": arrow(list(zip(*texts, strict=True)), TEXTS),
    }


def joined(parts: Iterable[Tables]) -> dict[str, pa.Table]:
    """Lay the tables of several parts together: the same rows in the same order, however the digests were parted.

    A digest stands in one part only.
    """
    parts = list(parts)
    together = {name: [part[name] for part in parts] or [schema.empty_table()] for name, schema in OF_DIGESTS.items()}
    return {
        "events": as_geoparquet(_in_order(pa.concat_tables(map(_bare, together["events"])))),
        **{name: _by_digest(each) for name, each in together.items() if name != "events"},
    }


def of_digests(tables: Tables, wanted: Collection[str]) -> dict[str, pa.Table]:
    """Return the rows of the digests with these ids."""
    ids = pa.array(sorted(wanted), _TEXT)
    return {name: table.filter(pc.is_in(table["digest"], ids)) for name, table in tables.items()}


def _bare(table: pa.Table) -> pa.Table:
    return table.replace_schema_metadata()  # bounds of a part are not those of the whole


def _in_order(events: pa.Table) -> pa.Table:
    order = [(name, "ascending") for name in ("date", "digest", "quote_start", "id")]
    return events.take(pc.sort_indices(events, order))


def _by_digest(parts: Sequence[pa.Table]) -> pa.Table:
    """Lay the rows of each digest end to end in the order of ids, without copying: traces are most of a dataset."""
    runs = sorted(run for number, part in enumerate(parts) for run in _runs(number, part))
    return pa.concat_tables(parts[number].slice(start, rows) for _, number, start, rows in runs) if runs else parts[0]


def _runs(number: int, part: pa.Table) -> Iterator[tuple[str, int, int, int]]:
    """Yield (digest, number of the part, first row, rows) for the rows of each digest."""
    if part.num_rows:
        runs = pc.run_end_encode(part["digest"].combine_chunks())
        ends = runs.run_ends.to_pylist()
        starts = [0, *ends[:-1]]
        for digest, start, end in zip(runs.values.to_pylist(), starts, ends, strict=True):
            yield digest, number, start, end - start


# --- pandas ----------------------------------------------------------------------------------------------------------


def events_frame(table: pa.Table) -> GeoDataFrame:
    """Return an Arrow table of reports as documented above."""
    codes, shapes = pd.factorize(table["geometry"].to_numpy())  # places repeat: one shape object for each
    geometry = np.array([*shapely.from_wkb(shapes), None], dtype=object)[codes]
    return GeoDataFrame(frame(table.drop_columns("geometry")), geometry=geometry, crs="EPSG:4326")


def frame(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table with the types documented above; traces stay in Arrow, since few are ever looked at."""
    return pd.DataFrame({name: _series(table[name], name) for name in table.column_names})


def _series(column: pa.ChunkedArray, name: str) -> Any:
    kind = column.type
    if pa.types.is_string(kind):
        return pd.array(column, dtype=pd.StringDtype(na_value=np.nan))
    if pa.types.is_date(kind):
        return column.to_numpy().astype("datetime64[s]")
    if pa.types.is_timestamp(kind):
        return pd.DatetimeIndex(column.to_numpy().astype("datetime64[s]")).tz_localize("UTC")
    if name in _COUNTS.split():
        return column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get)
    if name == "candidates":
        return pd.array(column, dtype=pd.ArrowDtype(kind))
    return _python_lists(column) if pa.types.is_list(kind) else column.to_numpy()


def _python_lists(column: pa.ChunkedArray) -> "np.ndarray[Any, Any]":
    """Return lists as Python lists; most are empty, and only the others are converted."""
    lists = np.empty(len(column), dtype=object)
    lists[:] = [[] for _ in range(len(column))]
    filled = np.flatnonzero(pc.greater(pc.list_value_length(column), 0).fill_null(False).to_numpy())
    for row, value in zip(filled.tolist(), column.take(pa.array(filled)).to_pylist(), strict=True):
        lists[row] = value
    return lists
