"""What the exports in the manner of other data sets share: which reports have a counterpart there, codes, and the file.

Reports without a counterpart must be left out beforehand (``why_not``). The codes come from ``geo/kinds.toml``; nothing
of those projects' data is used, and every row says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import shapely

from geo.dataset.formats.cells import coded, joined, json_text, slices
from geo.dataset.formats.csv_rows import head, row
from geo.dataset.outgoing import Export
from geo.dataset.provenance import decoded
from geo.kinds import crosswalk, kinds
from geo.reference.gazetteer import Gazetteer

Row = Mapping[str, Any]  # a report: the columns that a scheme asks for
Cells = Callable[[Row, "Around"], Mapping[str, Any]]

# Columns of ours behind those of the scheme: what it has no room for.
OWN = {
    "report_url": "url",
    "report_quote": "quote",
    "report_kind": "kind",
    "report_status": "status",
    "report_precision": "precision",
    "report_radius_km": "radius_km",
    "report_date": "date",
    "report_date_end": "date_end",
    "report_date_precision": "date_precision",
}
GEOMETRY = "report_geometry"
_DECIDING = ("kind", "precision", "place_id", "actor_side", "action", "means")  # what the crosswalk goes by


class Scheme(NamedTuple):
    """Columns in the manner of another data set."""

    key: str  # as in kinds.toml
    name: str
    columns: tuple[str, ...]
    same: Mapping[str, str]  # columns that are one of a report's
    asked: tuple[str, ...]  # columns of a report that ``cells`` looks at
    cells: Cells  # the other columns of a report there, without what is empty
    remarks: tuple[str, ...] = ()


class Around(NamedTuple):
    """What a row needs besides the report."""

    like: Mapping[str, Any]  # the row of the crosswalk
    code: str  # of the precision
    country: str  # id
    country_name: str
    labels: Mapping[str, str]  # of the parties, by side
    actor_is: str | None


def pieces(scheme: Scheme, export: Export) -> Iterator[bytes]:
    """Yield the file: the columns of the scheme, some of ours, and in every row that it is not that project's data."""
    names = [*scheme.columns, *OWN, GEOMETRY, f"{scheme.key}_like"]
    places = _Places(export.gazetteer)
    yield head(names)
    for rows in slices(export.batches()):
        columns = _columns(scheme, rows, places)
        empty = pa.nulls(len(rows), pa.string())
        yield joined(row([columns.get(name, empty) for name in names]))


def _columns(scheme: Scheme, rows: pa.RecordBatch, places: "_Places") -> dict[str, pa.Array]:
    """Return the columns that are not empty."""
    made = list(_cells(scheme, rows, places))
    told = {name: [_cell(cells.get(name)) for cells in made] for name in scheme.columns if name not in scheme.same}
    said = f"{scheme.name}-like columns. Not {scheme.name} data."
    return {
        **{name: pa.array(column, pa.string()) for name, column in told.items()},
        **{name: rows[source] for name, source in {**scheme.same, **OWN}.items()},
        GEOMETRY: _shapes(rows["geometry"]),
        f"{scheme.key}_like": pa.array([said], pa.string()).take(pa.array([0] * len(rows))),
    }


def remarks(scheme: Scheme) -> tuple[str, ...]:
    """Return what the notice beside such a file says of the format."""
    return (
        f"{scheme.name}-like columns. Not {scheme.name} data: the codes are of its codebook, nothing else is",
        "Coordinates are those of the named place; of an area they are nominal, and report_geometry is its shape",
        *scheme.remarks,
    )


def why_not(scheme: Scheme, kind: str, precision: str) -> str | None:
    """Return why a report has no counterpart in the scheme, its kind or its precision; None: it has one."""
    if not getattr(kinds()[kind], scheme.key):
        return kind
    return None if precision in crosswalk()["precision"][scheme.key] else f"precision {precision}"


def _cells(scheme: Scheme, rows: pa.RecordBatch, places: "_Places") -> Iterator[Mapping[str, Any]]:
    """Yield what is told of each report besides the columns that are its own."""
    names = sorted({*_DECIDING, *scheme.asked})
    known: dict[tuple[Any, ...], Around] = {}
    for values in zip(*(decoded(rows[name]).to_pylist() for name in names), strict=True):
        report = dict(zip(names, values, strict=True))
        deciding = tuple(report[name] for name in _DECIDING)
        if deciding not in known:
            known[deciding] = _around(scheme, report, places)
        yield scheme.cells(report, known[deciding])


def _around(scheme: Scheme, report: Row, places: "_Places") -> Around:
    codes = crosswalk()["precision"][scheme.key]
    precision = "sea" if report["precision"] == "line" and places.is_sea(report["place_id"]) else report["precision"]
    country = places.country(report["place_id"])
    acting = _actor_is(places.party(report["actor_side"]), country)
    like = next(row for row in getattr(kinds()[report["kind"]], scheme.key) if _holds(row, report, acting))
    code = codes.get(precision) or codes[report["precision"]]
    return Around(like, code, country, places.name(country), places.labels, acting)


def _holds(like: Mapping[str, Any], report: Row, actor_is: str | None) -> bool:
    told = {**report, "actor_is": actor_is}
    return all(told[name] in values for name, values in like.get("when", {}).items())


def _actor_is(own: str | None, country: str) -> str | None:
    """Return whether a party acts in its own country, by recognised territory; None if it is not known."""
    if own is None or not country:
        return None
    return "at_home" if own == country else "abroad"


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date) else json_text(value)


def _shapes(column: pa.Array) -> pa.Array:
    shapes = coded(column)
    texts = [*map(_wkt, shapes.dictionary.to_pylist()), None]
    return pa.array(texts, pa.string()).take(shapes.indices.fill_null(len(texts) - 1).cast(pa.int32()))


@lru_cache(20_000)
def _wkt(wkb: bytes) -> str:
    return str(shapely.to_wkt(shapely.from_wkb(wkb), rounding_precision=4))


class _Places:
    """What the gazetteer knows of the places of reports; nothing without one."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer
        parties = gazetteer.theatre.get("parties", {}) if gazetteer else {}
        self.labels = {side: party["label"] for side, party in parties.items()}
        self._countries = {side: party.get("country") for side, party in parties.items()}
        self._known: dict[str, tuple[str, bool]] = {}

    def country(self, place_id: str) -> str:
        return self._of(place_id)[0]

    def is_sea(self, place_id: str) -> bool:
        return self._of(place_id)[1]

    def name(self, country: str) -> str:
        place = self._gazetteer.get(country) if self._gazetteer and country else None
        return place.name if place else ""

    def party(self, side: str | None) -> str | None:
        return self._countries.get(side or "")

    def _of(self, place_id: str) -> tuple[str, bool]:
        """Return the country of a place, and whether it is a sea; an axis lies where its first settlement does."""
        if place_id not in self._known:
            place = self._gazetteer.get(place_id) if self._gazetteer else None
            at = self._gazetteer.get(place.through[0]) if self._gazetteer and place and place.through else place
            country = self._gazetteer.country(at) if self._gazetteer and at else ""
            self._known[place_id] = (country, bool(place and place.kind in ("sea", "strait")))
        return self._known[place_id]


# --- codes -----------------------------------------------------------------------------------------------------------


def date_code(scheme: str, report: Row) -> str:
    """Return the code of a report's date precision."""
    codes = crosswalk()["dates"][scheme]
    days = (report["date_end"] - report["date"]).days + 1
    if report["date_precision"] != "range":
        return str(codes[report["date_precision"]])
    return str(next((code for most, code in codes["range"] if days <= most), codes["range"][-1][1]))


def country_code(country: str, system: str) -> str:
    """Return the code of a country in a system (iso, gw); empty if the crosswalk has none."""
    return str(crosswalk()["countries"].get(country, {}).get(system, ""))


def joined_names(names: Sequence[str | None]) -> str:
    """Return names as these data sets list sources."""
    return "; ".join(dict.fromkeys(filter(None, names)))
