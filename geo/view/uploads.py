"""Files that are dropped on the page: a digest to read, a line to draw.  They stay in memory; nothing is stored."""

import json
import math
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from geo.errors import GeoError
from geo.model import Digest, Reading
from geo.view import card, phrases
from geo.view.messages import say
from geo.view.passages import as_mentions, marked_text, rejected

_LOADING = Lock()

DIGEST_BYTES = 1_000_000
LINE_BYTES = 5_000_000


class BadFile(GeoError):
    """A dropped file that is of no use; the message says why and what to do, in the reader's language."""


def size_words(size: int) -> str:
    """Return ``5 MB``."""
    return f"{size // 1_000_000} MB"


# --- a digest --------------------------------------------------------------------------------------------------------


def prepare(gazetteer: Path | None) -> None:
    """Load what reading needs, beside the run of the page: no reader waits for it with a file dropped."""
    Thread(target=_reader, args=(gazetteer,), daemon=True).start()


def read(name: str, content: bytes, published: date | None, gazetteer: Path | None) -> Reading:
    """Read a dropped digest; raises ``BadFile``."""
    from geo.text.digests import Metadata
    from geo.text.inputs import Source, read_source

    if len(content) > DIGEST_BYTES:
        raise BadFile(say("upload.failed", file=name, reason=f"> {size_words(DIGEST_BYTES)}"))
    try:
        source = Source(Path(name), Path(name).stem, Metadata(published=published), given=content)
        return _reader(gazetteer)(read_source(source))
    except GeoError as error:
        raise BadFile(say("upload.failed", file=name, reason=str(error))) from error


def _reader(gazetteer: Path | None) -> Callable[[Digest], Reading]:
    with _LOADING:  # who comes while it is loaded waits, and does not load it again
        return _loaded(gazetteer)


@cache
def _loaded(gazetteer: Path | None) -> Callable[[Digest], Reading]:
    from geo.events import read as read_whole
    from geo.reference.gazetteer import Gazetteer

    loaded = Gazetteer.load(gazetteer)
    return lambda digest: read_whole(digest, loaded)


def told(reading: Reading) -> str:
    """Return what was read as HTML: the reports, the text with its mentions marked, and what became no report."""
    mentions = as_mentions(reading)
    reports = "".join(f"<li>{_line(asdict(report))}</li>" for report in reading.reports)
    listed = f'<ul class="fl-found">{reports}</ul>' if reports else f'<p class="fl-note">{say("upload.none")}</p>'
    head = f"<h4>{escape(say('count.reports', n=len(reading.reports)))}</h4>"
    return f'<div class="fl-read">{head}{listed}{marked_text(reading.digest, mentions)}{rejected(mentions)}</div>'


def _line(report: Mapping[str, Any]) -> str:
    days = {name: date.fromisoformat(report[name]) for name in ("date", "date_end")}
    words = phrases.summary_words({**report, **days})
    return f"<bdi>{escape(words)}</bdi>{card.quote_html(report)}"


def command(name: str, folder: Path | None) -> str:
    """Return the commands that add a digest to a dataset: a build reads all digests of a folder, so it goes there."""
    dataset = shlex.quote(str(folder or "build/digests"))
    return f"cp -- {shlex.quote(name)} digests/\nfrontline build digests/ --out {dataset}"


# --- a line ----------------------------------------------------------------------------------------------------------

_LINES = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")


def line(name: str, content: bytes) -> list[dict[str, Any]]:
    """Return the lines and areas of a dropped GeoJSON as bare geometries; raises ``BadFile``."""
    if len(content) > LINE_BYTES:
        raise BadFile(say("line.too_large", file=name, size=size_words(LINE_BYTES)))
    try:
        found = list(_geometries(json.loads(content.decode("utf-8-sig"))))
        lines = [{"type": g["type"], "coordinates": g["coordinates"]} for g in found if g["type"] in _LINES]
        inside = all(abs(lon) <= 180 and abs(lat) <= 90 for g in lines for lon, lat in _positions(g["coordinates"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadFile(say("line.no_json", file=name, reason=type(error).__name__)) from error
    if not lines:
        raise BadFile(say("line.no_line", file=name))
    if not inside:
        raise BadFile(say("line.no_degrees", file=name))
    return lines


def _geometries(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if value["type"] == "FeatureCollection":
        for feature in value["features"]:
            yield from _geometries(feature)
    elif value["type"] == "Feature":
        yield from _geometries(value["geometry"]) if value["geometry"] else ()
    elif value["type"] == "GeometryCollection":
        for each in value["geometries"]:
            yield from _geometries(each)
    else:
        yield value


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Yield each longitude and latitude; raises ``ValueError`` where there is no pair of numbers."""
    if coordinates and isinstance(coordinates[0], list):
        for each in coordinates:
            yield from _positions(each)
    elif len(coordinates) >= 2 and all(isinstance(x, int | float) and math.isfinite(x) for x in coordinates[:2]):
        yield coordinates[0], coordinates[1]
    else:
        raise ValueError("a position is a pair of numbers")
