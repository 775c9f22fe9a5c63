"""How QGIS draws a layer of reports, and how its time controller plays it: a style in QGIS's own words (QML).

One rule a kind, as on the map: the colour is the family's, the symbol the kind's. An area is hatched and has no
strong edge, which nobody can read as a front line. A report is shown on every day from ``date`` to ``date_end``.
"""

from html import escape

from geo.kinds import Kind, kinds

_SYMBOLS = {  # shape in kinds.toml: QGIS's name for it, and whether it is filled
    "square": ("square", True),
    "square-open": ("square", False),
    "cross": ("cross_fill", True),
    "triangle": ("triangle", True),
    "circle": ("circle", True),
    "circle-open": ("circle", False),
    "star": ("star", True),
    "diamond": ("diamond", True),
    "diamond-open": ("diamond", False),
    "arrow": ("arrowhead", False),
    "dot": ("circle", True),
}
_SIZES_MM = {"dot": 1.6}
_SIZE_MM = 2.8
_SYMBOL_TYPES = {"Point": "marker", "MultiLineString": "line", "MultiPolygon": "fill"}

# mode 2: from one field to another; limitMode 1: the last day is included.
_TEMPORAL = (
    '<temporal enabled="1" mode="2" startField="date" endField="date_end" limitMode="1" accumulate="0" durationUnit="d"'
    ' durationField="" fixedDuration="0" startExpression="" endExpression="">'
    "<fixedRange><start></start><end></end></fixedRange></temporal>"
)


def style(geometry: str) -> str:
    """Return the style of a layer of Point, MultiLineString or MultiPolygon."""
    each = list(kinds().values())
    categories = "".join(
        f'<category render="true" type="string" symbol="{number}" value="{kind.key}" label="{escape(kind.label)}"/>'
        for number, kind in enumerate(each)
    )
    symbols = "".join(_symbol(number, kind, geometry) for number, kind in enumerate(each))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Temporal|MapTips" hasScaleBasedVisibilityFlag="0">\n'
        f"{_TEMPORAL}\n"
        '<renderer-v2 type="categorizedSymbol" attr="kind" symbollevels="0" enableorderby="0" forceraster="0">\n'
        f"<categories>{categories}</categories>\n<symbols>{symbols}</symbols>\n</renderer-v2>\n"
        f"<previewExpression>summary</previewExpression>\n<mapTip>{_MAP_TIP}</mapTip>\n"
        f"<layerGeometryType>{list(_SYMBOL_TYPES).index(geometry)}</layerGeometryType>\n</qgis>\n"
    )


# Text from digests is escaped by QGIS's own function before it shows it as HTML.
_MAP_TIP = escape(
    "<b>[% replace(replace(\"summary\", '&', '&amp;'), '<', '&lt;') %]</b><br>"
    "“[% replace(replace(\"quote\", '&', '&amp;'), '<', '&lt;') %]”<br>"
    "[% replace(replace(coalesce(\"outlet\", ''), '&', '&amp;'), '<', '&lt;') %], [% \"published\" %]"
)


def _symbol(number: int, kind: Kind, geometry: str) -> str:
    options = {"Point": _marker, "MultiLineString": _line, "MultiPolygon": _fill}[geometry](kind)
    layer, values = options
    told = "".join(f'<Option name="{name}" type="QString" value="{value}"/>' for name, value in values.items())
    return (
        f'<symbol type="{_SYMBOL_TYPES[geometry]}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{told}</Option></layer></symbol>'
    )


def _marker(kind: Kind) -> tuple[str, dict[str, str]]:
    name, filled = _SYMBOLS.get(kind.shape, ("circle", True))
    return "SimpleMarker", {
        "name": name,
        "color": _colour(kind, 255 if filled else 0),
        "outline_color": "253,252,250,255" if filled else _colour(kind, 255),
        "outline_style": "solid",
        "outline_width": "0.2" if filled else "0.6",
        "outline_width_unit": "MM",
        "size": str(_SIZES_MM.get(kind.shape, _SIZE_MM)),
        "size_unit": "MM",
    }


def _line(kind: Kind) -> tuple[str, dict[str, str]]:
    return "SimpleLine", {
        "line_color": _colour(kind, 60),
        "line_width": "4",
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }


def _fill(kind: Kind) -> tuple[str, dict[str, str]]:
    return "SimpleFill", {
        "color": _colour(kind, 70),
        "style": "b_diagonal",  # many reports of an area lie on each other: a fill would hide what is below
        "outline_color": _colour(kind, 50),
        "outline_style": "dot",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }


def _colour(kind: Kind, opacity: int) -> str:
    red, green, blue = (int(kind.colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"
