"""The reports as columns for the browser: numbers and words for places, no text of a digest.

The layout is read by ``assets/columns.js``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.dataset.held import spots_of
from geo.dataset.timeline import BY
from geo.kinds import kinds
from geo.model import COARSE
from geo.view import page, phrases
from geo.view.card import records
from geo.view.messages import LANGUAGES
from geo.view.packing import Array, gzip_numbers, planes, rounded_geometry

NEVER = 65_535  # stands for a day that is not known

# What the words for a spot are made of.
_SPOT_COLUMNS = {
    "place_id",
    "place",
    "place_local",
    "region",
    "precision",
    "position",
    "radius_km",
    "bearing",
    "distance_km",
    "lat",
    "lon",
}


def pack(events: GeoDataFrame, digests: pd.DataFrame | None = None, spot_of_row: Array | None = None) -> bytes:
    """Pack reports for the browser: gzip of the header's length (uint32, little-endian), the header, the arrays.

    The header is JSON. Each array is as long as the table: unsigned numbers, the lowest byte of each row first, then
    the next byte of each; what they are told from, as the header says, is still to be added: the row before, or
    another column. Small codes are the digits of one number, as no code alone takes less than a bit. Row numbers are
    positions in ``events``, ``spot_of_row`` is ``spots_of(events)``. The same table gives the same bytes, the fewest
    if like rows stand together.
    """
    first, last = page.span(events, digests)
    families = {kind.family: {"id": kind.family, "colour": kind.colour} for kind in kinds().values()}
    sides = phrases.sides()
    spot_of_row = spots_of(events) if spot_of_row is None else spot_of_row
    spots, areas = _spots(events, spot_of_row)
    day = _days(events["date"], first)
    digits = {  # name: base, numbers
        "actor": (len(sides), _codes(events["actor_side"], list(sides), "none")),
        "claimant": (len(sides), _codes(events["claimant_side"], list(sides), "none")),
        "status": (len(page.STATUSES), _codes(events["status"], list(page.STATUSES))),
    }
    arrays = {  # name: what it is told from, type, numbers
        "day": ("before", "u2", np.diff(day, prepend=0)),
        "day_end": ("day", "u2", _days(events["date_end"], first) - day),
        "published": ("day", "u2", _days(events["published"], first) - day),
        "spot": ("before", "u2" if len(spots["name"]) <= NEVER else "u4", np.diff(spot_of_row, prepend=0)),
        "kind": ("", "u1", _codes(events["kind"], list(kinds()))),
        "told": ("", "u2" if len(sides) > 8 else "u1", _number(digits.values())),
    }
    present, told = set(events["kind"].unique()), set(events["status"].unique())
    sides_of = {who: events[f"{who}_side"].unique() for who in ("actor", "claimant")}
    shown_sides = {who: {"none" if pd.isna(side) else side for side in found} for who, found in sides_of.items()}
    header = {
        "rows": len(events),
        "first_day": first.isoformat(),
        "days": (last - first).days + 1,
        "coverage": {by: page.digests_a_day(events if digests is None else digests, first, last, by) for by in BY},
        "columns": [[name, kind, base] for name, (base, kind, _) in arrays.items()],
        "digits": {"told": [[name, size] for name, (size, _) in digits.items()]},
        "kinds": [
            {"id": k.key, "family": k.family, "shape": k.shape, "present": k.key in present} for k in kinds().values()
        ],
        "families": list(families.values()),
        "sides": [
            {"id": i, "colour": c, "present": {who: i in seen for who, seen in shown_sides.items()}}
            for i, c in zip(sides, phrases.SIDE_COLOURS, strict=False)
        ],
        "statuses": [{"id": status, "present": status in told} for status in page.STATUSES],
        "marks": page.marks(events),
        "spots": spots,
        "areas": areas,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    body = b"".join(planes(numbers, kind) for _, kind, numbers in arrays.values())
    return gzip_numbers(len(text).to_bytes(4, "little") + text + body)


def _number(digits: Iterable[tuple[int, Array]]) -> Array:
    """Return one number a row for its digits, the last of them the lowest; each comes behind its base."""
    return reduce(lambda number, digit: number * digit[0] + digit[1], digits, np.zeros((), dtype=np.int64))


def _spots(events: GeoDataFrame, of_row: Array) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the spots (a place at one precision) and the areas that some of them are."""
    chosen = events.iloc[np.unique(of_row, return_index=True)[1]]
    rows, geometry = records(chosen[[name for name in chosen if name in _SPOT_COLUMNS]]), chosen.geometry.to_numpy()
    areas: list[dict[str, Any]] = []
    area_of = [_add_area(areas, row, shape) for row, shape in zip(rows, geometry, strict=True)]
    name = [phrases.place_words(row) for row in rows]
    spots: dict[str, Any] = {
        "name": name,
        "names": {code: _called(code, rows, name) for code in LANGUAGES[1:]},
        "lat": [row["lat"] if row["precision"] != "country" else None for row in rows],
        "lon": [row["lon"] if row["precision"] != "country" else None for row in rows],
        "radius_km": [row["radius_km"] for row in rows],
        "precision": [row["precision"] for row in rows],
        "position": [row["position"] for row in rows],
        "bearing": [row.get("bearing") for row in rows],
        "distance_km": [row.get("distance_km") for row in rows],
        "area": area_of,
    }
    return spots, areas


def _called(language: str, rows: Sequence[Mapping[str, Any]], name: Sequence[str]) -> dict[int, str]:
    """Return what spots are called in a language, of those that are not called ``name`` in it."""
    called = phrases.in_language(language, lambda: [phrases.place_words(row) for row in rows])
    return {spot: word for spot, (word, plain) in enumerate(zip(called, name, strict=True)) if word != plain}


def _add_area(areas: list[dict[str, Any]], row: Mapping[str, Any], shape: Any) -> int:
    """Note the area that a coarse place is and return its number; -1 for a spot."""
    if row["precision"] not in COARSE or row["lat"] is None or row["precision"] == "country":
        return -1
    area = {
        "id": row["place_id"],
        "name": phrases.place_words(row),
        "soft": row["precision"] == "line",
        "lat": row["lat"],
        "lon": row["lon"],
        "radius_km": row["radius_km"] or 10.0,
        "geometry": None,
    }
    if shape is not None and not shape.is_empty:
        area["geometry"] = rounded_geometry(shape)
        if not shape.intersects(shapely.Point(row["lon"], row["lat"])):  # its words stand inside it
            inside = shapely.point_on_surface(shape)
            area |= {"lat": round(inside.y, 4), "lon": round(inside.x, 4)}
    known = next((number for number, other in enumerate(areas) if other["id"] == area["id"]), None)
    if known is not None:
        return known
    areas.append(area)
    return len(areas) - 1


def _days(dates: pd.Series, first: date) -> Array:
    days = (pd.to_datetime(dates) - pd.Timestamp(first)).dt.days
    return np.asarray(days.fillna(NEVER).clip(0, NEVER), dtype=np.int64)


def _codes(values: pd.Series, known: list[str], blank: str | None = None) -> Array:
    """Return the position of each value among those known; one that nobody knows counts as the last, "other".

    What is missing counts as ``blank``.
    """
    codes, found = pd.factorize(values)
    place, other = {value: code for code, value in enumerate(known)}, len(known) - 1
    code_of = [*(place.get(value, other) for value in found), place.get(str(blank), other)]
    return np.asarray(np.array(code_of)[codes], dtype=np.int64)  # -1, what is missing, is the last
