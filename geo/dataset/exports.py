"""Reports as files for other programs: GeoJSON (RFC 7946) and CSV, the same bytes each time.

Both say of themselves what they hold: the notice, the filter, who must be credited for exactly these positions and
outlines, the hashes of the inputs, and whether digests were written for this project. No clock shows: the only time
stamp is the newest publication date among the reports.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat
from json.encoder import encode_basestring  # what json.dumps uses for text, without its overhead of 2 µs
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame

from geo.dataset.tables import COLUMNS, FLOAT_DECIMALS
from geo.errors import WrongUse
from geo.model import COARSE
from geo.paths import files_hash
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import DECIMALS, outline, tidy

NOTICE = "Reports as published. Not verified."
SAMPLE_NOTICE = "Sample digests written for this project: no source"
QUOTES_LICENCE = "Quotes: copyright of their publishers, one sentence each, cited with a link"
ODBL_NOTICE = (
    "Positions from OpenStreetMap are available under the Open Database License (ODbL) 1.0, "
    "https://opendatacommons.org/licenses/odbl/1-0/: a public database made from them must be offered under it too"
)

COARSE_AS = ("outline", "point", "drop")  # what becomes of a report whose place is an area

_BATCH = 5_000  # rows in memory as text at a time; faster than more or fewer


@dataclass(frozen=True, slots=True)
class Source:
    """Where positions or outlines come from, as ``gazetteer/sources.toml`` has it."""

    licence: str
    attribution: str  # the line to show; empty: no credit is asked for


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every export must be able to say of where its facts come from; the manifest keeps it."""

    sources: Mapping[str, Source] = field(default_factory=dict)  # by key, as in the column place_source
    outlines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id of a coarse place: sources of its shape
    inputs: Mapping[str, str] = field(default_factory=dict)  # hashes by what they are of: gazetteer, languages, rulings


# --- what an export says of itself -----------------------------------------------------------------------------------


def provenance_of(events: GeoDataFrame, gazetteer: Gazetteer, inputs: Mapping[str, str] | None = None) -> Provenance:
    """Return where the positions and outlines of a table come from; ``inputs`` are further hashes to state."""
    areas = (
        events.loc[events["precision"].isin(COARSE), ["place_id", "precision"]]
        .drop_duplicates()
        .sort_values("place_id")
    )
    shapes = {i: outline(i, precision, None, None, gazetteer) for i, precision in areas.itertuples(index=False)}
    outlines = {place_id: shape.sources for place_id, shape in shapes.items() if shape}
    keys = {*events["place_source"].dropna().unique(), *chain.from_iterable(outlines.values())}
    rows = {key: gazetteer.sources[key] for key in sorted(keys) if key in gazetteer.sources}
    sources = {key: Source(str(row.get("licence", "")), str(row.get("attribution", ""))) for key, row in rows.items()}
    return Provenance(sources, outlines, {"gazetteer": _gazetteer_hash(gazetteer.folder), **(inputs or {})})


def _gazetteer_hash(folder: Path) -> str:
    """Return a hash of the curated files: unlike ``Gazetteer.hash`` it knows the outlines, and not our code."""
    patterns = ("*.csv", "*/*.csv", "*.toml", "outlines/*.geojson")
    return files_hash([path for pattern in patterns for path in folder.glob(pattern)], folder)


def credits_of(events: GeoDataFrame, provenance: Provenance, coarse: str = "outline") -> dict[str, Source]:
    """Return exactly the sources that the rows shown rest on, by key; a key that nobody described is kept as such."""
    keys = set(events["place_source"].dropna().unique())
    if coarse == "outline":
        areas = events.loc[events["precision"].isin(COARSE) & events.geometry.notna(), "place_id"].unique()
        keys.update(key for place_id in areas for key in provenance.outlines.get(place_id, ()))
    return {key: provenance.sources.get(key, Source("licence not recorded", f"source {key}")) for key in sorted(keys)}


def about(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> dict[str, Any]:
    """Return what an export of these rows says of itself: the foreign members of the GeoJSON, the notice of the CSV.

    ``selection`` is ``Filter.as_dict()``; None: nothing was filtered out.
    """
    used = credits_of(events, provenance, coarse)
    sample = bool(events["sample"].any())
    newest = events["published"].max()
    return {
        "notice": NOTICE,
        "sample": sample,
        "sample_notice": SAMPLE_NOTICE if sample else None,
        "reports": len(events),
        "filter": dict(selection) if selection else {"words": "all reports"},
        "coarse": coarse,
        "generated_from": None if pd.isna(newest) else newest.date().isoformat(),
        "attribution": sorted({source.attribution for source in used.values() if source.attribution}),
        "licence": _licences(used),
        "inputs": {**dict(sorted(provenance.inputs.items())), "digests": _digest_hashes(events)},
    }


def _licences(used: Mapping[str, Source]) -> list[str]:
    lines = [f"{key}: {source.licence}" for key, source in used.items()]
    open_database = any(source.licence.startswith("ODbL") for source in used.values())
    return [QUOTES_LICENCE, *lines, *([ODBL_NOTICE] if open_database else [])]


def _digest_hashes(events: GeoDataFrame) -> dict[str, str]:
    each = events[["digest", "digest_sha256"]].drop_duplicates("digest").sort_values("digest")
    return dict(zip(each["digest"].tolist(), each["digest_sha256"].tolist(), strict=True))


# --- GeoJSON ---------------------------------------------------------------------------------------------------------


def to_geojson(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> bytes:
    """Return the reports as a GeoJSON FeatureCollection, one feature a line, in the order of the rows.

    ``coarse`` says what becomes of reports whose place is an area: its ``outline``, its nominal ``point``, or ``drop``.
    Every feature has all properties of the contract; null is unknown. Characters that nobody sees (direction marks,
    controls) are written as escapes. Raises ``WrongUse`` if ``coarse`` is none of the three.
    """
    return b"".join(geojson_pieces(events, provenance, selection=selection, coarse=coarse))


def geojson_pieces(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> Iterator[bytes]:
    """Yield what ``to_geojson`` returns piece by piece, so that a large export needs little memory."""
    shown = drawn_as(events, coarse)
    members = about(shown, provenance, selection=selection, coarse=coarse)
    head = json.dumps({"type": "FeatureCollection", **members, **_bbox(shown)}, ensure_ascii=False, indent=1)
    yield _bytes(_unseen_escaped(head.removesuffix("\n}")) + ',\n "features": [\n')
    for start in range(0, len(shown), _BATCH):
        lines = _features(shown.iloc[start : start + _BATCH])
        yield _bytes((",\n" if start else "") + ",\n".join(lines))
    yield b"\n]}\n"


def drawn_as(events: GeoDataFrame, coarse: str) -> GeoDataFrame:
    """Return the rows with areas as outlines, as nominal points (``nominal`` is true for them), or without them."""
    if coarse not in COARSE_AS:
        raise WrongUse(f"coarse is {coarse!r}; choose one of {', '.join(COARSE_AS)}")
    if coarse == "outline":
        return events
    areas = events["precision"].isin(COARSE).to_numpy()
    if coarse == "drop":
        return events[~areas]
    shapes = events.geometry.to_numpy().copy()
    spots = shapely.points(events["lon"].to_numpy()[areas], events["lat"].to_numpy()[areas])
    shapes[areas] = np.where(events["lat"].isna().to_numpy()[areas], None, spots)
    return events.assign(nominal=events["nominal"] | areas).set_geometry(shapes, crs=events.crs)


def _features(events: GeoDataFrame) -> Iterator[str]:
    """Yield each feature as one line, put together from what each column adds to it."""
    ids = _cells(events, "id", _json_text, "null")
    heads = (f'{{"type":"Feature","id":{i},"geometry":' for i in ids)
    columns = [_cells(events, name, _json_text, "null", f',"{name}":') for name in COLUMNS[1:]]
    first = (f',"properties":{{"id":{i}' for i in ids)
    return map("".join, zip(heads, _geometries(events), first, *columns, repeat("}}")))


def _geometries(events: GeoDataFrame) -> list[str]:
    """Return each geometry as JSON text; places repeat, so each shape is written out once."""
    codes, shapes = pd.factorize(shapely.to_wkb(events.geometry.to_numpy()))
    return _looked_up([*map(_geometry, shapely.from_wkb(shapes)), "null"], codes)


def _geometry(shape: Any) -> str:
    return json.dumps(shapely.geometry.mapping(tidy(shape)), separators=(",", ":"))


def _bbox(events: GeoDataFrame) -> dict[str, list[float]]:
    bounds = [round(float(bound), DECIMALS) for bound in events.geometry.total_bounds]
    return {"bbox": bounds} if np.isfinite(bounds).all() else {}


# --- CSV -------------------------------------------------------------------------------------------------------------


def to_csv(events: GeoDataFrame, *, coarse: str = "outline") -> bytes:
    """Return the reports as CSV: the columns of the contract without geometry, UTF-8, CRLF, one row a report.

    It begins with a byte order mark, without which spreadsheets read Cyrillic as gibberish. Text that a spreadsheet
    would run as a formula has an apostrophe before it, also after a ``;``, tab or line break inside a cell, since
    spreadsheets in many countries take those for the next cell. The exact words are in the GeoJSON.
    ``via`` and ``more_quotes`` are JSON. What goes with it is ``notice_text``.
    """
    return b"".join(csv_pieces(events, coarse=coarse))


def csv_pieces(events: GeoDataFrame, *, coarse: str = "outline") -> Iterator[bytes]:
    """Yield what ``to_csv`` returns piece by piece."""
    shown = drawn_as(events, coarse)
    yield _bytes("\ufeff" + ",".join(COLUMNS) + "\r\n")
    for start in range(0, len(shown), _BATCH):
        batch = shown.iloc[start : start + _BATCH]
        rows = zip(*(_cells(batch, name, _csv_text, "") for name in COLUMNS), strict=True)
        yield _bytes("\r\n".join(map(",".join, rows)) + "\r\n")


def notice_text(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
) -> str:
    """Return the text that goes beside a CSV file, as ``FILE.notice.txt``: what GeoJSON says in its members."""
    shown = drawn_as(events, coarse)
    says = about(shown, provenance, selection=selection, coarse="drop" if coarse == "drop" else "point")
    hashes = {**{k: v for k, v in says["inputs"].items() if k != "digests"}, **says["inputs"]["digests"]}
    lines = [
        says["notice"],
        *([says["sample_notice"]] if says["sample"] else []),
        "",
        f"Reports: {says['reports']}",
        f"Shown: {_one_line(says['filter']['words'])}",
        *(["Reports whose place is an area are left out"] if coarse == "drop" else []),
        f"Newest publication: {says['generated_from'] or 'not known'}",
        "Text that a spreadsheet would run as a formula has an apostrophe before it; GeoJSON has the exact words",
        "",
        "Attribution:",
        *(f"  {line}" for line in says["attribution"]),
        "Licences:",
        *(f"  {line}" for line in says["licence"]),
        "Hashes of the inputs (SHA-256; of curated data its first 16 digits):",
        *(f"  {sha256}  {_one_line(name)}" for name, sha256 in hashes.items()),
    ]
    return "\n".join(lines) + "\n"


def csv_zip(
    events: GeoDataFrame,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
    name: str = "reports",
) -> bytes:
    """Return a zip of ``<name>.csv`` and ``<name>.csv.notice.txt``, dated 1980-01-01: the same bytes each time."""
    notice = notice_text(events, provenance, selection=selection, coarse=coarse)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _add(archive, f"{name}.csv", csv_pieces(events, coarse=coarse))
        _add(archive, f"{name}.csv.notice.txt", [_bytes(notice)])
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, pieces: Any) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # else it tells on which system it was made
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w") as file:
        for piece in pieces:
            file.write(piece)


# --- cells -----------------------------------------------------------------------------------------------------------


def _cells(events: GeoDataFrame, name: str, written: Callable[[Any], str], unknown: str, before: str = "") -> list[str]:
    """Return one column as text, each cell after ``before``. Values repeat: each is written once, then looked up."""
    column = events[name]
    if name in ("via", "more_quotes"):
        none = f"{before}[]"
        return [before + written(list(value)) if len(value) else none for value in column]
    rounded = column.round(FLOAT_DECIMALS[name]) if name in FLOAT_DECIMALS else column
    repeated = pa.chunked_array([pa.array(rounded, from_pandas=True)]).combine_chunks().dictionary_encode()
    values = repeated.dictionary.to_pylist()
    codes = repeated.indices.fill_null(len(values)).to_numpy()
    return _looked_up([*(before + written(_plain(value)) for value in values), before + unknown], codes)


def _looked_up(texts: list[str], codes: Any) -> list[str]:
    """Return the text of each code; the last text stands for what is missing (code -1 or the last)."""
    found: list[str] = np.array(texts, dtype=object)[codes].tolist()
    return found


def _plain(value: Any) -> Any:
    """Return days and times as ISO text, and no negative zero."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value.tzinfo else value.strftime("%Y-%m-%d")
    return value + 0.0 if isinstance(value, float) else value


# Deleted, C1 controls, zero-width and direction marks, line separators, a BOM: they can make a line of JSON read as
# something else than it is, in an editor or a diff.
_UNSEEN = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def _json_text(value: Any) -> str:
    if isinstance(value, str):
        return _unseen_escaped(encode_basestring(value))
    return _unseen_escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _unseen_escaped(text: str) -> str:
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


# What opens a formula (also in full-width forms), at the start of a cell or after what some spreadsheets take for a new
# cell or row; blanks, quotes and marks that nobody sees do not keep it from running.
_FORMULA = re.compile("((?:^|[;|\t\r\n\v\f\x85\u2028\u2029])[\\s\0-\x1f\"'\ufeff\u200b-\u200f]*)(?=[=+\\-@＝＋－＠])")
_OPENER = re.compile("[=+\\-@＝＋－＠]")
_QUOTED = re.compile('[",;\t\r\n]')


def _csv_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else _json_text(value)
    safe = _FORMULA.sub(r"\1'", text) if _OPENER.search(text) else text
    safe = f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def _one_line(text: object) -> str:
    return _unseen_escaped(re.sub(r"[\x00-\x1f]+", " ", str(text)))


def _bytes(text: str) -> bytes:
    """Encode as UTF-8; a lone surrogate, which only a command line can bring, is written as its escape."""
    return text.encode("utf-8", "backslashreplace")
