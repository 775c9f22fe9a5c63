"""Where the facts of reports come from, and what every export says of itself.

An export says what it holds: the notice, the filter, who must be credited for exactly these positions and outlines, the
hashes of the inputs, and whether digests were written for this project.  No clock shows: the only time stamp is the
newest publication date among the reports.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from geopandas import GeoDataFrame

from geo.model import COARSE
from geo.paths import files_hash
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import DECIMALS, outline

NOTICE = "Reports as published. Not verified."
SAMPLE_NOTICE = "Sample digests written for this project: no source"
QUOTES_LICENCE = "Quotes: copyright of their publishers, one sentence each, cited with a link"
ODBL_NOTICE = (
    "Positions from OpenStreetMap are available under the Open Database License (ODbL) 1.0, "
    "https://opendatacommons.org/licenses/odbl/1-0/: a public database made from them must be offered under it too"
)


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
    publication: Mapping[str, Any] | None = None  # rules of publication that were applied, in words and numbers


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
    return Provenance(_sources(keys, gazetteer), outlines, {"gazetteer": _hash(gazetteer.folder), **(inputs or {})})


def with_sources(provenance: Provenance, places: Mapping[str, tuple[str, ...]], gazetteer: Gazetteer) -> Provenance:
    """Return the provenance with what further areas rest on: the sources of the outline of each, by place id."""
    keys = {*chain.from_iterable(places.values()), *(place.source for i in places if (place := gazetteer.get(i)))}
    sources = {**provenance.sources, **_sources(keys - set(provenance.sources), gazetteer)}
    return replace(provenance, sources=sources, outlines={**provenance.outlines, **places})


def _sources(keys: Iterable[str], gazetteer: Gazetteer) -> dict[str, Source]:
    rows = {key: gazetteer.sources[key] for key in sorted(keys) if key in gazetteer.sources}
    return {key: Source(str(row.get("licence", "")), str(row.get("attribution", ""))) for key, row in rows.items()}


def _hash(folder: Path) -> str:
    """Return a hash of the curated files: unlike ``Gazetteer.hash`` it knows the outlines, and not our code."""
    patterns = ("*.csv", "*/*.csv", "*.toml", "outlines/*.geojson")
    return files_hash([path for pattern in patterns for path in folder.glob(pattern)], folder)


# --- what there is to say --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """What an export has to know of its reports before it writes the first; batches add up."""

    reports: int = 0
    sample: bool = False
    newest: date | None = None  # publication
    sources: frozenset[str] = frozenset()  # keys of the positions
    areas: frozenset[str] = frozenset()  # ids of the places that are drawn as areas
    digests: Mapping[str, str] = field(default_factory=dict)  # SHA-256 by id
    geometry_types: frozenset[str] = frozenset()
    without_geometry: int = 0
    bounds: tuple[float, float, float, float] | None = None  # west, south, east, north

    def __add__(self, other: "Tally") -> "Tally":
        days, boxes = [d for d in (self.newest, other.newest) if d], [b for b in (self.bounds, other.bounds) if b]
        return Tally(
            self.reports + other.reports,
            self.sample or other.sample,
            max(days, default=None),
            self.sources | other.sources,
            self.areas | other.areas,
            {**self.digests, **other.digests},
            self.geometry_types | other.geometry_types,
            self.without_geometry + other.without_geometry,
            _around(boxes),
        )


def _around(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return (min(west), min(south), max(east), max(north))


TALLIED = ("sample", "published", "place_source", "place_id", "precision", "digest", "digest_sha256", "geometry")


def tally(rows: pa.Table) -> Tally:
    """Count a table of reports (Arrow; the columns ``TALLIED`` are enough)."""
    shapes = pc.unique(decoded(rows["geometry"])).drop_null()
    drawn = shapely.from_wkb(np.asarray(shapes.to_numpy(zero_copy_only=False), dtype=object))
    coarse = pc.is_in(decoded(rows["precision"]), pa.array(sorted(COARSE)))
    area = pc.and_(coarse, pc.is_valid(rows["geometry"]))
    bounds = [round(float(bound), DECIMALS) for bound in shapely.total_bounds(drawn)] if len(drawn) else None
    each = rows.select(["digest", "digest_sha256"]).take(_firsts(rows["digest"]))
    return Tally(
        reports=rows.num_rows,
        sample=bool(pc.any(rows["sample"]).as_py()),
        newest=pc.max(rows["published"]).as_py(),
        sources=frozenset(pc.unique(rows["place_source"]).drop_null().to_pylist()),
        areas=frozenset(pc.unique(rows["place_id"].filter(area)).to_pylist()),
        digests=dict(zip(each["digest"].to_pylist(), each["digest_sha256"].to_pylist(), strict=True)),
        geometry_types=frozenset(shape.geom_type for shape in drawn),
        without_geometry=rows["geometry"].null_count,
        bounds=tuple(bounds) if bounds and np.isfinite(bounds).all() else None,  # type: ignore[arg-type]  # four
    )


def decoded(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, its values as they are."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.dictionary_decode() if isinstance(whole, pa.DictionaryArray) else whole


def _firsts(column: pa.ChunkedArray) -> pa.Array:
    """Return the row in which each value stands first."""
    codes = decoded(column).dictionary_encode().indices.to_numpy()
    return pa.array(np.unique(codes, return_index=True)[1])


def credits_of(found: Tally, provenance: Provenance, coarse: str = "outline") -> dict[str, Source]:
    """Return exactly the sources that the rows shown rest on, by key; a key that nobody described is kept as such."""
    keys = set(found.sources)
    if coarse == "outline":
        keys.update(key for place_id in found.areas for key in provenance.outlines.get(place_id, ()))
    return {key: provenance.sources.get(key, Source("licence not recorded", f"source {key}")) for key in sorted(keys)}


def about(
    found: Tally,
    provenance: Provenance,
    *,
    selection: Mapping[str, object] | None = None,
    coarse: str = "outline",
    left_out: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return what an export of these rows says of itself: the foreign members of the GeoJSON, the notice of the CSV.

    ``selection`` is ``Filter.as_dict()``; None: nothing was filtered out. ``left_out`` counts the reports that the
    format has no counterpart for.
    """
    used = credits_of(found, provenance, coarse)
    return {
        "notice": NOTICE,
        "sample": found.sample,
        "sample_notice": SAMPLE_NOTICE if found.sample else None,
        "reports": found.reports,
        "filter": dict(selection) if selection else {"words": "all reports"},
        **({"publication": dict(provenance.publication)} if provenance.publication else {}),
        **({"left_out": dict(sorted(left_out.items()))} if left_out else {}),
        "coarse": coarse,
        "generated_from": found.newest.isoformat() if found.newest else None,
        "attribution": sorted({source.attribution for source in used.values() if source.attribution}),
        "licence": _licences(used),
        "inputs": {**dict(sorted(provenance.inputs.items())), "digests": dict(sorted(found.digests.items()))},
    }


def _licences(used: Mapping[str, Source]) -> list[str]:
    lines = [f"{key}: {source.licence}" for key, source in used.items()]
    open_database = any(source.licence.startswith("ODbL") for source in used.values())
    return [QUOTES_LICENCE, *lines, *([ODBL_NOTICE] if open_database else [])]


def notice_lines(says: Mapping[str, Any], *remarks: str) -> list[str]:
    """Return what ``about`` says as lines of text, for what has no room for it inside; ``remarks`` are of the format.

    Text that comes from digests or the command line stays on its line: control characters are blanks there.
    """
    hashes = {**{k: v for k, v in says["inputs"].items() if k != "digests"}, **says["inputs"]["digests"]}
    publication, missing = says.get("publication"), says.get("left_out", {})
    lines = [
        says["notice"],
        *([says["sample_notice"]] if says["sample"] else []),
        *([publication["words"]] if publication else []),
        "",
        f"Reports: {says['reports']}",
        f"Shown: {says['filter']['words']}",
        *(["Reports whose place is an area are left out"] if says["coarse"] == "drop" else []),
        *([f"Left out, as the format has no counterpart: {listed(missing)}"] if missing else []),
        f"Newest publication: {says['generated_from'] or 'not known'}",
        *remarks,
        "",
        "Attribution:",
        *(f"  {line}" for line in says["attribution"]),
        "Licences:",
        *(f"  {line}" for line in says["licence"]),
        "Hashes of the inputs (SHA-256; of curated data its first 16 digits):",
        *(f"  {sha256}  {name}" for name, sha256 in hashes.items()),
    ]
    return [one_line(line) for line in lines]


def listed(counts: Mapping[str, int]) -> str:
    """Return counts as words."""
    return ", ".join(f"{what.replace('_', ' ')} ({number})" for what, number in sorted(counts.items()))


# Deleted, C1 controls, zero-width and direction marks, line separators, a BOM: they can make a line read as something
# else than it is, in an editor or a diff.
UNSEEN = "\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_UNSEEN = re.compile(f"[{UNSEEN}]")


def unseen_escaped(text: str) -> str:
    """Return text with the characters that nobody sees written as escapes."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def one_line(text: object) -> str:
    """Return text without line breaks, what nobody sees as escapes."""
    return unseen_escaped(re.sub(r"[\x00-\x1f]+", " ", str(text)))
