"""Reports on a map: Folium defines it, one canvas layer of ours draws it, in the page and in a saved HTML file.

What the browser needs travels as two packed files: the reports as columns (numbers only, no text of a digest) and the
base map with its place names.  The layout of the columns is read by ``assets/columns.js``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextvars import copy_context
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
from branca.element import Element, MacroElement
from geopandas import GeoDataFrame
from jinja2 import Template

from geo.dataset.queries import Reports, Selection
from geo.view import base_map, columns, offers, phrases
from geo.view.card import popup, records
from geo.view.messages import LANGUAGES, say
from geo.view.packing import Array, base64, json_bytes

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
SHORT_MASK = 16_384  # reports; a longer one is no part of what each run of the page sends


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
    named = base_map.labels(events, gazetteer)
    embedded = {
        "columns": {"base64": base64(columns.pack(events, digests))},
        "base": {"base64": base64(base_map.pack(named, gazetteer))},
        "texts": base64(json_bytes([popup(report) for report in records(events)])),
        "words": phrases.for_browser(language),
        "alone": True,
    }
    EventLayer(bool(events["sample"].any()), base_map.credit_lines(events, named, gazetteer), embedded).add_to(
        leaflet_map
    )
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
    named = base_map.labels(events, gazetteer)
    packed = {"columns": columns.pack(events, digests, reports.spot), "base": base_map.pack(named, gazetteer)}
    code = ";\n".join([leaflet("leaflet.js"), *map(asset, SCRIPTS)])
    style = leaflet("leaflet.css") + asset("map.css")
    addresses = {name: offers.offer(f"{name}.bin", data, "application/octet-stream") for name, data in packed.items()}
    script, sheet = (
        offers.offer_text("map.js", code, "text/javascript"),
        offers.offer_text("map.css", style, "text/css"),
    )
    served = script is not None
    return {
        "credits": base_map.credit_lines(events, named, gazetteer),
        "map": definition(bool(events["sample"].any()), base_map.credit_lines(events, named, gazetteer)),
        "messages": _messages(gazetteer) if served else None,
        "assets": {"scripts": [script], "styles": [sheet]} if served else {},
        "columns": {"url": addresses["columns"]} if served else None,
        "base": {"url": addresses["base"]} if served else None,
        "inline": None
        if served
        else {
            **{name: {"base64": base64(data)} for name, data in packed.items()},
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
    packed = json_bytes(line["geometries"])
    url = offers.offer("line.bin", packed, "application/octet-stream", lasting=False)
    return {"words": words, "source": {"url": url} if url else {"base64": base64(packed)}}


def page_of(events: GeoDataFrame, digests: pd.DataFrame, gazetteer: Path | None, language: str) -> bytes:
    """Return a map of these reports as one HTML file that opens without a network."""
    figure: Any = draw(events, digests, gazetteer, language).get_root()
    return str(figure.render()).encode("utf-8", "backslashreplace")


def mask(passes: Sequence[bool] | Array) -> str | None:
    """Return which rows a filter lets through, as packed bits in base64; None: all of them."""
    flags = np.asarray(passes, dtype=bool)
    return None if flags.all() else base64(np.packbits(flags).tobytes())


def mask_source(chosen: Selection) -> str | dict[str, str] | None:
    """Return the mask of a selection: itself if it is short, else where the browser finds it, gzipped."""
    if len(chosen.mask) <= SHORT_MASK or len(chosen) == len(chosen.mask):
        return mask(chosen.mask)
    url = offers.offer("mask.bin", chosen.packed, "application/octet-stream", lasting=False)
    return {"url": url} if url else {"base64": base64(chosen.packed)}
