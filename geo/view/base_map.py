"""The base map: land, water, borders and the names of places, from the gazetteer; and whom it is owed to."""

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from geo.model import COARSE
from geo.paths import bundled
from geo.view import phrases
from geo.view.messages import LANGUAGES
from geo.view.packing import json_bytes, rounded_geometry

LABEL_REACH_KM = 25  # villages are named only around reports; towns everywhere in the theatre
SOURCES = frozenset({"naturalearth", "computed"})  # of outlines/basemap_*

_KM_PER_DEGREE = 111.195


def pack(named: Sequence[Mapping[str, Any]], gazetteer: Path | None = None) -> bytes:
    """Pack land, water, borders and the names of places (``labels``) for the browser, as gzip of JSON."""
    folder = gazetteer or bundled("gazetteer")
    layers: dict[str, Any] = {
        "far": _far_land(folder),
        "coast": _coast(folder),
        "land": _polygons(folder / "outlines" / "basemap_land.geojson"),
        "lakes": _polygons(folder / "outlines" / "basemap_lakes.geojson"),
        "rivers": _lines(folder / "outlines" / "basemap_rivers.geojson", nominal=False),
        "courses": _lines(folder / "outlines" / "basemap_rivers.geojson", nominal=True),
        "raions": _lines(folder / "outlines" / "basemap_raion_lines.geojson"),
        "regions": _lines(folder / "outlines" / "basemap_region_lines.geojson"),
        "borders": _lines(folder / "outlines" / "basemap_borders.geojson"),
        "labels": [[row["name"], row["lat"], row["lon"], row["rank"]] for row in named],
        "names": {language: _called(language, named, folder) for language in LANGUAGES[1:]},
    }
    return json_bytes(layers)


def _called(language: str, named: Sequence[Mapping[str, Any]], folder: Path) -> dict[int, str]:
    """Return what places are called in a language, by position, of those that are not called their ``name`` in it."""

    def told() -> dict[int, str]:
        words = (phrases.name_words(row["id"], row["name"], row["local"]) for row in named)
        return {i: word for i, (word, row) in enumerate(zip(words, named, strict=True)) if word != row["name"]}

    return phrases.in_language(language, told, folder)


def labels(events: GeoDataFrame, gazetteer: Path | None = None) -> list[dict[str, Any]]:
    """Return the places whose names the map may show, most important first.

    Rows have ``id, name, local, lat, lon, rank, source``. Cities and towns of the theatre, and every village within 25
    km of a report. A place whose position is only estimated is left out: its name would stand where it is not.
    """
    folder = gazetteer or bundled("gazetteer")
    places: dict[str, dict[str, Any]] = {}
    for path in [*sorted((folder / "places").glob("*.csv")), *sorted((folder / "places_osm").glob("*.csv"))]:
        for row in _rows(path):  # a row of places_osm replaces the one whose position is estimated
            rank = _rank(row["kind"], row["extent_km"])
            if rank is not None and row["lat"] and row["position"] != "estimated":
                places[row["id"]] = {**row, "lat": float(row["lat"]), "lon": float(row["lon"]), "rank": rank}
    box = _theatre_box(folder)
    near = _near_reports(events)
    kept = (p for p in places.values() if box[0] <= p["lat"] <= box[2] and box[1] <= p["lon"] <= box[3])
    ranked = [p for p in kept if p["rank"] < 4 or near(p["lat"], p["lon"])]
    ranked.sort(key=lambda p: (p["rank"], -float(p["extent_km"] or 0), p["id"]))
    return [
        {
            "id": p["id"],
            "name": p["name"],
            "local": p["name_local"],
            "rank": p["rank"],
            "source": p["source"],
            "lat": round(p["lat"], 4),
            "lon": round(p["lon"], 4),
        }
        for p in ranked
    ]


def _rank(kind: str, extent_km: str) -> int | None:
    """Return how early a place is named, 0 first: the gazetteer has no population, so by kind and extent."""
    if kind == "city":
        return 0 if float(extent_km or 0) >= 9 else 1 if float(extent_km or 0) >= 7 else 2
    return {"town": 3, "settlement": 4, "village": 5}.get(kind)


def _near_reports(events: GeoDataFrame) -> Any:
    """Return a test whether a point lies within the reach of labels of some report, on a grid of that size."""
    step = LABEL_REACH_KM / _KM_PER_DEGREE
    spots = events.loc[~events["precision"].isin(COARSE), ["lat", "lon"]].dropna().drop_duplicates()
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for lat, lon in spots.itertuples(index=False):
        for row in range(-1, 2):
            for column in range(-2, 3):  # a degree of longitude is shorter
                cells.setdefault((int(lat // step) + row, int(lon // step) + column), []).append((lat, lon))

    def near(lat: float, lon: float) -> bool:
        squeeze = float(np.cos(np.radians(lat)))
        for other_lat, other_lon in cells.get((int(lat // step), int(lon // step)), ()):
            if (lat - other_lat) ** 2 + ((lon - other_lon) * squeeze) ** 2 <= step**2:
                return True
        return False

    return near


def _theatre_box(folder: Path) -> tuple[float, float, float, float]:
    """Return south, west, north, east of the theatre; the whole world if the gazetteer does not say."""
    path = folder / "theatre.toml"
    box = tomllib.loads(path.read_text(encoding="utf-8")).get("box") if path.exists() else None
    return (box["south"], box["west"], box["north"], box["east"]) if box else (-90.0, -180.0, 90.0, 180.0)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _shapes(path: Path, *, nominal: bool | None = None) -> list[Any]:
    """Return the shapes of a file: all of them, or those that are nominal, or those that are not."""
    if not path.exists():
        return []
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    kept = (f for f in features if nominal is None or bool(f["properties"].get("nominal")) == nominal)
    return [shapely.geometry.shape(f["geometry"]) for f in kept if f["geometry"]]


def _far_land(folder: Path) -> list[Any]:
    """Return coarse land around the theatre, so that the detailed land does not end in the sea."""
    south, west, north, east = _theatre_box(folder)
    box, around = (
        shapely.box(west, south, east, north),
        shapely.box(west - 40, max(south - 25, -85), east + 60, min(north + 20, 85)),
    )
    parts = [shape.intersection(around).difference(box) for shape in _shapes(folder / "outlines" / "countries.geojson")]
    areas = (part for shape in parts for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon")
    return [rounded_geometry(area)["coordinates"] for area in areas]


def _coast(folder: Path) -> list[Any]:
    """Return the outline of the land without the straight cuts at the edge of the theatre."""
    south, west, north, east = _theatre_box(folder)
    cuts = shapely.box(west, south, east, north).boundary.buffer(0.02)
    lines = (shape.boundary.difference(cuts) for shape in _shapes(folder / "outlines" / "basemap_land.geojson"))
    return [
        rounded_geometry(part)["coordinates"]
        for line in lines
        for part in getattr(line, "geoms", [line])
        if not part.is_empty
    ]


def _polygons(path: Path) -> list[Any]:
    """Return the coordinates of one MultiPolygon."""
    parts = (part for shape in _shapes(path) for part in getattr(shape, "geoms", [shape]))
    return [rounded_geometry(part)["coordinates"] for part in parts]


def _lines(path: Path, *, nominal: bool | None = None) -> list[Any]:
    """Return the coordinates of one MultiLineString."""
    parts = (part for shape in _shapes(path, nominal=nominal) for part in getattr(shape, "geoms", [shape]))
    return [rounded_geometry(part)["coordinates"] for part in parts]


def credit_lines(events: GeoDataFrame, named: Iterable[Mapping[str, Any]], gazetteer: Path | None = None) -> list[str]:
    """Return the attribution of every source that the reports, the names on the map and the base map rest on."""
    path = (gazetteer or bundled("gazetteer")) / "sources.toml"
    sources = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    used = {*events["place_source"].dropna(), *(row["source"] for row in named), *SOURCES}
    return sorted({str(row.get("attribution", "")) for key, row in sources.items() if key in used} - {""})
