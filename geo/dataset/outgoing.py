"""Reports on their way out: what every format is given to write.

A format goes through the batches, which are Arrow tables with the columns of the dataset, as often as it needs to;
what it has to say before the first report is counted beforehand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely
from geopandas import GeoDataFrame

from geo.dataset.provenance import Provenance, Tally, about, decoded, tally
from geo.dataset.tables import EVENTS, arrow
from geo.errors import WrongUse
from geo.model import COARSE
from geo.reference.gazetteer import Gazetteer

WRITTEN = tuple(name for name in EVENTS.names if name != "geometry")  # the properties of a report
COARSE_AS = ("outline", "point", "drop")  # what becomes of a report whose place is an area


@dataclass(frozen=True)
class Export:
    """Reports to write, and what the file says of itself."""

    batches: Callable[[], Iterator[pa.Table]]  # in their order; text columns may be coded
    tally: Tally
    says: Mapping[str, Any]  # ``about``
    gazetteer: Gazetteer | None = None  # for what a report does not say itself: the country of its place
    left_out: Mapping[str, int] = field(default_factory=dict)  # reports without a counterpart in the format, by reason


def export_of(
    events: GeoDataFrame | pa.Table,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
    gazetteer: Gazetteer | None = None,
) -> Export:
    """Return a table of reports in memory as an export; ``coarse`` as ``drawn_as`` has it."""
    table = drawn_as(events if isinstance(events, pa.Table) else in_arrow(events), coarse)
    found = tally(table)
    return Export(lambda: iter([table]), found, about(found, provenance, selection=selection, coarse=coarse), gazetteer)


def total(tallies: Iterable[Tally]) -> Tally:
    """Add up what batches hold."""
    return reduce(add, tallies, Tally())


def in_arrow(events: GeoDataFrame) -> pa.Table:
    """Return a table of reports as it is stored."""
    columns = [events[name] for name in WRITTEN]
    return arrow([*columns, shapely.to_wkb(events.geometry.to_numpy())], EVENTS)


def drawn_as(events: pa.Table, coarse: str) -> pa.Table:
    """Return the rows with areas as outlines, as nominal points (``nominal`` is true for them), or without them.

    Raises ``WrongUse`` if ``coarse`` is none of the three.
    """
    if coarse not in COARSE_AS:
        raise WrongUse(f"coarse is {coarse!r}; choose one of {', '.join(COARSE_AS)}")
    if coarse == "outline":
        return events
    areas = pc.is_in(decoded(events["precision"]), pa.array(sorted(COARSE)))
    if coarse == "drop":
        return events.filter(pc.invert(areas))
    return replaced(events, nominal=pc.or_(events["nominal"], areas), geometry=_spots(events, areas))


def _spots(events: pa.Table, areas: pa.Array) -> pa.Array:
    """Return the shapes with points in place of areas; none for a country."""
    place = pc.and_(areas, pc.is_valid(events["lat"]))
    lat, lon = (events[name].filter(place).to_numpy() for name in ("lat", "lon"))
    points = pa.array(shapely.to_wkb(shapely.points(lon, lat)), pa.binary())
    emptied = pc.if_else(areas, pa.scalar(None, pa.binary()), decoded(events["geometry"]))
    return pc.replace_with_mask(emptied, decoded(place), points)


def replaced(table: pa.Table, **columns: Any) -> pa.Table:
    """Return a table with other columns in the place of those of the same name."""
    for name, column in columns.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table
