"""The differences between two datasets on a map: one HTML file that opens without a network."""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import pandas as pd
import shapely
from branca.element import Element, MacroElement
from jinja2 import Template

from geo.dataset.differences import SORTS, Difference, Differences, Version
from geo.dataset.provenance import NOTICE, SAMPLE_NOTICE
from geo.model import COARSE
from geo.view import base_map, changes, maps, phrases
from geo.view.card import safe_link

MOST = 1_000  # reports in one file; the weightiest sorts come first
_COLOURS = {  # none is a party's; each sort has its letter besides
    "added": ("+", "#1b8a8f"),
    "removed": ("−", "#6b6f76"),
    "moved": ("→", "#b35900"),
    "redated": ("D", "#7a5195"),
    "rekinded": ("K", "#c2417c"),
    "status_changed": ("S", "#5b6f00"),
    "changed": ("~", "#8a6d3b"),
}


class _Layer(MacroElement):
    """What draws the differences on a Folium map."""

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "frontline.showDifferences({{ this._parent.get_name() }}, {{ this.options }});\n"
        "{% endmacro %}"
    )

    def __init__(self, options: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Differences"
        self.options = maps.json_in_script(options)


def page_of(found: Differences) -> bytes:
    """Return a map of the differences as one HTML file, the same bytes each time; it holds at most ``MOST`` reports."""
    return phrases.in_language("en", lambda: _page(found))


def _page(found: Differences) -> bytes:
    ranks = list(SORTS)
    shown = sorted(found.reports, key=lambda each: ranks.index(each.sorts[0]))[:MOST]
    leaflet_map = maps.empty_map()
    options = {
        "base": b64encode(base_map.pack([])).decode("ascii"),
        "told": _packed(_told(found, shown)),
        "words": phrases.for_browser("en"),
    }
    _Layer(options).add_to(leaflet_map)
    figure: Any = leaflet_map.get_root()
    figure.title = "Differences between two datasets"
    style = maps.leaflet("leaflet.css") + maps.asset("map.css") + maps.asset("differences.css")
    figure.header.add_child(Element(f"<style>{style}</style>"), name="frontline_style")
    for name in ("leaflet.js", *maps.SCRIPTS, "differences.js"):
        code = maps.leaflet(name) if name == "leaflet.js" else maps.asset(name)
        figure.header.add_child(Element(f"<script>{code}</script>"), name=f"frontline_{name}")
    return str(figure.render()).encode("utf-8", "backslashreplace")


def _told(found: Differences, shown: list[Difference]) -> dict[str, Any]:
    sample = any(version.manifest.sample for version in (found.before, found.after))
    sources = {report["place_source"] for each in shown for report in (each.before, each.after) if report}
    spots, areas = _Numbered(), _Numbered()
    reports = [_report(each, spots, areas) for each in shown]
    stories = (found.stories or ())[:MOST]
    return {
        "summary": list(changes.summary_lines(found)),
        "notice": [NOTICE, *([SAMPLE_NOTICE] if sample else [])],
        "credits": base_map.credit_lines(pd.DataFrame({"place_source": sorted(sources)}), []),
        "sorts": [
            {"id": sort, "words": changes.WORDS[sort], "letter": letter, "colour": colour, "n": found.counts[sort]}
            for sort, (letter, colour) in _COLOURS.items()
        ],
        "spots": spots.values,
        "areas": _outlines(found, shown, areas),
        "reports": reports,
        "stories": [changes.story_words(story) for story in stories],
        "left_out": len(found.reports) - len(shown),
        "stories_left_out": len(found.stories or ()) - len(stories),
    }


class _Numbered:
    """Values in the order in which they first came, each once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def _report(each: Difference, spots: _Numbered, areas: _Numbered) -> dict[str, Any]:
    told = each.told
    source = (told["outlet"], told["url"] if safe_link(told["url"]) else None, told["digest"])
    return {
        "sorts": each.sorts,
        "title": changes.title(each),
        "lines": list(changes.details(each)),
        "quote": told["quote"],
        "source": " · ".join(filter(None, source)),
        "at": [_where(report, spots, areas) for report in (each.before, each.after)],
    }


def _where(report: Any, spots: _Numbered, areas: _Numbered) -> dict[str, int] | None:
    """Return the number of the spot or the area that a report is at; a country is nowhere on the map."""
    if report is None or report["lat"] is None or report["precision"] == "country":
        return None
    if report["precision"] in COARSE:
        return {"area": areas.number(report["place_id"])}
    return {"spot": spots.number((report["lat"], report["lon"]))}


def _outlines(found: Differences, shown: Iterable[Difference], areas: _Numbered) -> list[dict[str, Any]]:
    """Return the outline of each area, as the newer dataset that has it draws it; None where none is known."""
    rows: dict[str, tuple[Version, int, str]] = {}
    for each in shown:
        for version, report, row in zip((found.before, found.after), (each.before, each.after), each.rows, strict=True):
            if report is not None and row is not None and report["place_id"] in areas.values:
                rows[report["place_id"]] = (version, row, phrases.place_words(report))
    drawn: dict[int, Any] = {}
    for version in (found.before, found.after):
        wanted = [(place_id, row) for place_id, (at, row, _) in rows.items() if at is version]
        taken = version.rows([row for _, row in wanted], ["geometry"]) if wanted else []
        for (place_id, _), told in zip(wanted, taken, strict=True):
            shape = shapely.from_wkb(told["geometry"]) if told["geometry"] else None
            drawn[areas.number(place_id)] = shape and shapely.geometry.mapping(shape)
    return [{"name": rows[i][2], "geometry": drawn.get(number)} for number, i in enumerate(areas.values)]


def _packed(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return b64encode(gzip.compress(text.encode("utf-8", "backslashreplace"), mtime=0)).decode("ascii")
