"""Reports on a map: Folium defines it, one canvas layer of ours draws it, in the page and in a saved HTML file.

What the browser needs travels as two packed files: the reports as columns (numbers only, no text of a digest) and the
base map with its place names.  The layout of the columns is read by ``assets/columns.js``.
"""

import csv
import gzip
import json
import tomllib
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import copy_context
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
import shapely
from branca.element import Element, MacroElement
from geopandas import GeoDataFrame
from jinja2 import Template

from geo.dataset.queries import Reports, Selection, spots_of
from geo.dataset.timeline import BY
from geo.kinds import kinds
from geo.model import COARSE
from geo.paths import bundled
from geo.view import offers, page, phrases
from geo.view.card import popup, records
from geo.view.messages import LANGUAGES, say

Array = np.ndarray[Any, Any]

MAP_ID = "frontline"
SCRIPTS = (
    "messages.js",
    "columns.js",
    "glyphs.js",
    "reports.js",
    "sprites.js",
    "canvas_layer.js",
    "base_map.js",
    "event_layer.js",
    "overlay.js",
    "picture.js",
    "timeline.js",
    "map.js",
)
TILES = {  # asked only if the reader checks their box
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "credit": "© OpenStreetMap contributors",
}
PAGE_REPORTS = 20_000  # at most in a saved page, which holds every quote
LABEL_REACH_KM = 25  # villages are named only around reports; towns everywhere in the theatre
BASE_SOURCES = frozenset({"naturalearth", "computed"})  # of outlines/basemap_*
NEVER = 65_535  # stands for a day that is not known
SHORT_MASK = 16_384  # reports; a longer one is no part of what each run of the page sends

_SPOT_COLUMNS = (  # what the words for a spot are made of
    *(
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
    ),
)

_TEXTURES = {"district": "area", "region": "area", "line": "band"}
_KM_PER_DEGREE = 111.195


# --- the map's definition --------------------------------------------------------------------------------------------


class EventLayer(MacroElement):
    """The layer that draws reports, as an element of a Folium map.

    ``data`` embeds the packed files, for a map that has no page around it; without it the page brings them.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "frontline.show({{ this._parent.get_name() }}, {{ this.options }});\n"
        "{% endmacro %}"
    )

    def __init__(self, sample: bool, credit: Iterable[str], data: Mapping[str, object] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "EventLayer"
        self.options = json_in_script({"sample": sample, "credits": list(credit), **(data or {})})


def definition(sample: bool, credit: Iterable[str]) -> dict[str, str]:
    """Return the id of the map's element and the script that Folium writes for it, without any data."""
    leaflet_map = empty_map()
    EventLayer(sample, credit).add_to(leaflet_map)
    figure: Any = leaflet_map.get_root()
    figure.render()
    return {"id": leaflet_map.get_name(), "script": figure.script.render()}


def draw(
    events: GeoDataFrame, digests: pd.DataFrame | None = None, gazetteer: Path | None = None, language: str = "en"
) -> folium.Map:
    """Return a Folium map of a table of reports, with its timeline; ``draw(events).save("map.html")`` needs no network.

    ``digests`` (of the same dataset) gives the coverage strip; without it the days are those with a report. Base map
    and words for regions come from ``gazetteer``, or else from the one that comes with the package.
    """
    return copy_context().run(_drawn, events, digests, gazetteer, language)  # the words are for this map alone


def _drawn(events: GeoDataFrame, digests: pd.DataFrame | None, gazetteer: Path | None, language: str) -> folium.Map:
    phrases.speak_by(gazetteer, language)
    leaflet_map = empty_map()
    named = labels(events, gazetteer)
    embedded = {
        "columns": {"base64": _base64(columns(events, digests))},
        "base": {"base64": _base64(base(named, gazetteer))},
        "texts": _base64(_packed([popup(report) for report in records(events)])),
        "words": phrases.for_browser(language),
        "alone": True,
    }
    EventLayer(bool(events["sample"].any()), credit_lines(events, named, gazetteer), embedded).add_to(leaflet_map)
    figure: Any = leaflet_map.get_root()
    figure.title = say("page.title")
    figure.header.add_child(
        Element(f"<style>{leaflet('leaflet.css')}\n{asset('map.css')}</style>"), name="frontline_style"
    )
    for name, code in [("leaflet", leaflet("leaflet.js")), *((n, asset(n)) for n in SCRIPTS)]:
        figure.header.add_child(Element(f"<script>{code}</script>"), name=f"frontline_{name}")
    return leaflet_map


def empty_map() -> folium.Map:
    """Return an empty map of the theatre: no tiles, nothing from a CDN, the same id each time."""
    leaflet_map = folium.Map(
        location=(49.0, 34.5), zoom_start=6, tiles=None, control_scale=True, min_zoom=4, zoom_snap=0.5, zoom_delta=0.5
    )
    leaflet_map.options.update({"maxZoom": 13, "wheelPxPerZoomLevel": 120})  # finer than that nothing here is known
    leaflet_map.default_js = []
    leaflet_map.default_css = []
    leaflet_map._id = MAP_ID  # Folium's own is random
    return leaflet_map


def json_in_script(value: object) -> str:
    """Return JSON that can stand inside a ``<script>``, whatever text is in it."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def asset(name: str) -> str:
    """Return one of our own scripts or style sheets."""
    return (files("geo.view") / "assets" / name).read_text(encoding="utf-8")


@cache
def leaflet(name: str) -> str:
    """Return a file of Leaflet from the installed package, without what asks for further files."""
    text = (files("js_lib_leaflet") / "static" / "js_lib_leaflet" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")]
    # No marker and no layer switch is used: their images would be asked for at addresses that are not there.
    return "\n".join(line for line in lines if "url(images/" not in line)


# --- in the page -----------------------------------------------------------------------------------------------------


def sources(reports: Reports, digests: pd.DataFrame, gazetteer: Path | None = None) -> dict[str, Any]:
    """Return what the map's component loads once: scripts, base map and reports, as addresses of our server.

    Without our server (``streamlit run app.py``) the addresses are None and ``inline`` holds the files themselves.
    """
    events = reports.table
    named = labels(events, gazetteer)
    packed = {"columns": columns(events, digests, reports.spot), "base": base(named, gazetteer)}
    code = ";\n".join([leaflet("leaflet.js"), *map(asset, SCRIPTS)])
    style = leaflet("leaflet.css") + asset("map.css")
    addresses = {name: offers.offer(f"{name}.bin", data, "application/octet-stream") for name, data in packed.items()}
    script, sheet = (
        offers.offer_text("map.js", code, "text/javascript"),
        offers.offer_text("map.css", style, "text/css"),
    )
    served = script is not None
    return {
        "credits": credit_lines(events, named, gazetteer),
        "map": definition(bool(events["sample"].any()), credit_lines(events, named, gazetteer)),
        "messages": _messages(gazetteer) if served else None,
        "assets": {"scripts": [script], "styles": [sheet]} if served else {},
        "columns": {"url": addresses["columns"]} if served else None,
        "base": {"url": addresses["base"]} if served else None,
        "inline": None
        if served
        else {
            **{name: {"base64": _base64(data)} for name, data in packed.items()},
            "messages": {code: spoken_in(code, gazetteer) for code in LANGUAGES},
        },
    }


@cache
def components() -> dict[str, Any]:
    """Register our Streamlit components, by name: the map, the list, and the scripts where nobody serves them."""
    from streamlit.components.v2 import component

    code = ";\n".join([leaflet("leaflet.js"), *map(asset, SCRIPTS)])
    inline = code + ";\nexport default ({ data }) => { window.frontline.inlined = data; };"
    return {
        "map": component("frontline_map", html=_MAP_HTML, js=asset("component.js"), isolate_styles=False),
        "list": component("frontline_list", html=_LIST_HTML, js=asset("list.js"), isolate_styles=False),
        "inline": component(
            "frontline_inline", js=inline, css=leaflet("leaflet.css") + asset("map.css"), isolate_styles=False
        ),
    }


_LIST_HTML = '<div class="fl fl-panel"></div><div class="fl-unseen" role="status"></div>'
_MAP_HTML = '<div class="fl fl-root"><div class="fl-map">…</div></div>'


# --- the reports as columns ------------------------------------------------------------------------------------------


def columns(events: GeoDataFrame, digests: pd.DataFrame | None = None, spot_of_row: Array | None = None) -> bytes:
    """Pack reports for the browser: gzip of the header's length (uint32, little-endian), the header, the arrays.

    The header is JSON. Each array is as long as the table: unsigned numbers, the lowest byte of each row first, then
    the next byte of each; what they are told from, as the header says, is still to be added: the row before, or
    another column. Row numbers are positions in ``events``, ``spot_of_row`` is ``spots_of(events)``. The same table
    gives the same bytes, the fewest if like rows stand together.
    """
    first, last = page.span(events, digests)
    families = {kind.family: {"id": kind.family, "colour": kind.colour} for kind in kinds().values()}
    sides = phrases.sides()
    spot_of_row = spots_of(events) if spot_of_row is None else spot_of_row
    spots, areas = _spots(events, spot_of_row)
    day = _days(events["date"], first)
    arrays = {  # name: what it is told from, type, numbers
        "day": ("before", "u2", np.diff(day, prepend=0)),
        "day_end": ("day", "u2", _days(events["date_end"], first) - day),
        "published": ("day", "u2", _days(events["published"], first) - day),
        "spot": ("before", "u2" if len(spots["name"]) <= NEVER else "u4", np.diff(spot_of_row, prepend=0)),
        "kind": ("", "u1", _codes(events["kind"], list(kinds()))),
        "actor": ("", "u1", _codes(events["actor_side"], list(sides), "none")),
        "claimant": ("", "u1", _codes(events["claimant_side"], list(sides), "none")),
        "status": ("", "u1", _codes(events["status"], list(page.STATUSES))),
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
    body = b"".join(_planes(numbers, kind) for _, kind, numbers in arrays.values())
    return _gzip_numbers(len(text).to_bytes(4, "little") + text + body)


def _messages(gazetteer: Path | None) -> dict[str, str | None]:
    """Offer what the map says, a file a language."""
    told = {code: json.dumps(spoken_in(code, gazetteer), ensure_ascii=False) for code in LANGUAGES}
    return {code: offers.offer_text(f"messages-{code}.json", t, "application/json") for code, t in told.items()}


def spoken_in(language: str, gazetteer: Path | None) -> dict[str, Any]:
    """Return what the map says in a language, sides as this gazetteer calls them."""
    return phrases.in_language(language, lambda: phrases.for_browser(language), gazetteer)


def line_source(line: Mapping[str, Any] | None, day: date | None, is_shown: bool) -> dict[str, Any] | None:
    """Return where the browser finds the user's own line, and its words for the legend; None: there is none."""
    if line is None or not is_shown:
        return None
    words = say("line.legend", file=line["name"], day=phrases.day_words(day) if day else say("line.undated"))
    packed = _packed(line["geometries"])
    url = offers.offer("line.bin", packed, "application/octet-stream", lasting=False)
    return {"words": words, "source": {"url": url} if url else {"base64": _base64(packed)}}


def page_of(events: GeoDataFrame, digests: pd.DataFrame, gazetteer: Path | None, language: str) -> bytes:
    """Return a map of these reports as one HTML file that opens without a network."""
    figure: Any = draw(events, digests, gazetteer, language).get_root()
    return str(figure.render()).encode("utf-8", "backslashreplace")


def mask(passes: Sequence[bool] | Array) -> str | None:
    """Return which rows a filter lets through, as packed bits in base64; None: all of them."""
    flags = np.asarray(passes, dtype=bool)
    return None if flags.all() else _base64(np.packbits(flags).tobytes())


def mask_source(chosen: Selection) -> str | dict[str, str] | None:
    """Return the mask of a selection: itself if it is short, else where the browser finds it, gzipped."""
    if len(chosen.mask) <= SHORT_MASK or len(chosen) == len(chosen.mask):
        return mask(chosen.mask)
    url = offers.offer("mask.bin", chosen.packed, "application/octet-stream", lasting=False)
    return {"url": url} if url else {"base64": _base64(chosen.packed)}


def _spots(events: GeoDataFrame, of_row: Array) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the spots (a place at one precision) and the areas that some of them are."""
    chosen = events.iloc[np.unique(of_row, return_index=True)[1]]
    rows, geometry = records(chosen[[name for name in _SPOT_COLUMNS if name in chosen]]), chosen.geometry.to_numpy()
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
        "soft": _TEXTURES[row["precision"]] == "band",
        "lat": row["lat"],
        "lon": row["lon"],
        "radius_km": row["radius_km"] or 10.0,
        "geometry": None,
    }
    if shape is not None and not shape.is_empty:
        area["geometry"] = _geometry(shape)
        if not shape.intersects(shapely.Point(row["lon"], row["lat"])):  # its words stand inside it
            inside = shapely.point_on_surface(shape)
            area |= {"lat": round(inside.y, 4), "lon": round(inside.x, 4)}
    known = next((number for number, other in enumerate(areas) if other["id"] == area["id"]), None)
    if known is not None:
        return known
    areas.append(area)
    return len(areas) - 1


def _geometry(shape: Any) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda xy: xy.round(3))
    return {"type": rounded.geom_type, "coordinates": shapely.geometry.mapping(rounded)["coordinates"]}


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


# --- the base map ----------------------------------------------------------------------------------------------------


def base(named: Sequence[Mapping[str, Any]], gazetteer: Path | None = None) -> bytes:
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
    }
    return _packed(layers)


def labels(events: GeoDataFrame, gazetteer: Path | None = None) -> list[dict[str, Any]]:
    """Return the places whose names the map may show, most important first: ``name, lat, lon, rank, source``.

    Cities and towns of the theatre, and every village within 25 km of a report. A place whose position is only
    estimated is left out: its name would stand where it is not.
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
        {**_only(p, "name", "rank", "source"), "lat": round(p["lat"], 4), "lon": round(p["lon"], 4)} for p in ranked
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
    return [_geometry(area)["coordinates"] for area in areas]


def _coast(folder: Path) -> list[Any]:
    """Return the outline of the land without the straight cuts at the edge of the theatre."""
    south, west, north, east = _theatre_box(folder)
    cuts = shapely.box(west, south, east, north).boundary.buffer(0.02)
    lines = (shape.boundary.difference(cuts) for shape in _shapes(folder / "outlines" / "basemap_land.geojson"))
    return [
        _geometry(part)["coordinates"] for line in lines for part in getattr(line, "geoms", [line]) if not part.is_empty
    ]


def _polygons(path: Path) -> list[Any]:
    """Return the coordinates of one MultiPolygon."""
    parts = (part for shape in _shapes(path) for part in getattr(shape, "geoms", [shape]))
    return [_geometry(part)["coordinates"] for part in parts]


def _lines(path: Path, *, nominal: bool | None = None) -> list[Any]:
    """Return the coordinates of one MultiLineString."""
    parts = (part for shape in _shapes(path, nominal=nominal) for part in getattr(shape, "geoms", [shape]))
    return [_geometry(part)["coordinates"] for part in parts]


def credit_lines(events: GeoDataFrame, named: Iterable[Mapping[str, Any]], gazetteer: Path | None = None) -> list[str]:
    """Return the attribution of every source that the reports, the names on the map and the base map rest on."""
    path = (gazetteer or bundled("gazetteer")) / "sources.toml"
    sources = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    used = {*events["place_source"].dropna(), *(row["source"] for row in named), *BASE_SOURCES}
    return sorted({str(row.get("attribution", "")) for key, row in sources.items() if key in used} - {""})


# --- packing ---------------------------------------------------------------------------------------------------------


def _packed(value: object) -> bytes:
    return _gzip(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace"))


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)  # no clock in it


def _gzip_numbers(data: bytes) -> bytes:
    packing = zlib.compressobj(level=6, wbits=31, strategy=zlib.Z_FILTERED)  # small differences; 31: as gzip, no clock
    return packing.compress(data) + packing.flush()


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _planes(numbers: Array, kind: str) -> bytes:
    """Return the lowest byte of every number, then the next of every number: so that like bytes stand together."""
    return (
        np.ascontiguousarray(numbers.astype(f"<{kind}")).view(np.uint8).reshape(len(numbers), int(kind[1])).T.tobytes()
    )


def _only(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
