"""The mentions of one digest in words: those that became no report, and why; and the places that were not chosen."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from geo.model import Digest, Reading
from geo.paths import bundled
from geo.view.messages import said, say

Mention = Mapping[str, Any]  # a row of the dataset's table of mentions

MOST_PLACES = 3  # that a mention may mean, in its line


def verdict_words(verdict: str) -> str:
    """Return what became of a mention; a verdict of another version of the program keeps its own words."""
    return say(f"verdict.{verdict}") if said(f"verdict.{verdict}") else verdict.replace("_", " ")


def rejected(mentions: Sequence[Mention]) -> str:
    """Return the mentions of a digest that became no report, in the order of the text, as HTML."""
    left = [mention for mention in mentions if mention["verdict"] != "report"]
    if not left:
        return f'<p class="fl-note">{escape(say("mention.none"))}</p>'
    rows = "".join(
        f"<li><bdi><strong>{escape(m['mention'])}</strong></bdi> {escape(verdict_words(m['verdict']))}{_may_be(m)}"
        f"{_decided_by(m)}</li>"
        for m in left
    )
    title = escape(say("mention.title", n=len(left)))
    return f'<div class="fl-rejected"><h4>{title}</h4><ul>{rows}</ul></div>'


def _decided_by(mention: Mention) -> str:
    words = mention["why"] or ""
    plain = not words or words == mention["mention"] or mention["verdict"] in ("no_event", "no_date", "unresolved")
    return "" if plain else f' <bdi class="fl-why">“{escape(words)}”</bdi>'


def _may_be(mention: Mention) -> str:
    if mention["verdict"] != "unresolved":
        return ""
    names = list(dict.fromkeys(c["name"] for c in mention["candidates"] or ()))[:MOST_PLACES]
    return f" ({escape(say('mention.may_be', places=', '.join(names)))})" if names else ""


def losers(mentions: Iterable[Mention], report: str, gazetteer: Path | None = None) -> list[dict[str, Any]]:
    """Return the places that a report's words could also have meant: ``name, lat, lon``, as far as they have a spot."""
    chosen = [m for m in mentions if m["report_id"] == report]
    others = {c["place_id"]: c["name"] for m in chosen for c in m["candidates"] or () if c["place_id"] != m["place_id"]}
    spots = _positions(set(others), gazetteer or bundled("gazetteer"))
    return [{"name": others[place], "lat": lat, "lon": lon} for place, (lat, lon) in sorted(spots.items())]


def _positions(ids: set[str], folder: Path) -> dict[str, tuple[float, float]]:
    """Return where places are; only the files of their regions are read, those of ``places_osm`` last."""
    regions = sorted({place.partition(".")[0] for place in ids})
    paths = [folder / kind / f"{region}.csv" for kind in ("places", "places_osm") for region in regions]
    found = {}
    for path in filter(Path.is_file, paths):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["id"] in ids and row["lat"]:
                    found[row["id"]] = (float(row["lat"]), float(row["lon"]))
    return found


# --- a digest that was dropped on the page ---------------------------------------------------------------------------


def as_mentions(reading: Reading) -> list[dict[str, Any]]:
    """Return the verdicts of a reading as rows of the table of mentions, as far as this module looks at them."""
    return [
        {
            "mention": v.mention.text,
            "start": v.mention.start,
            "end": v.mention.stop,
            "verdict": v.role,
            "why": v.why,
            "report_id": v.report_id,
            "place_id": v.resolution.place.id if v.resolution.place else None,
            "candidates": [{"place_id": c.place.id, "name": c.place.name} for c in v.resolution.candidates],
        }
        for v in reading.verdicts
    ]


def marked_text(digest: Digest, mentions: Sequence[Mention]) -> str:
    """Return a digest's text as HTML, its reports and its rejected mentions marked, each with its reason."""
    pieces, at = [], 0
    for mention in sorted(mentions, key=lambda m: m["start"]):
        if mention["start"] < at:
            continue  # inside one that is marked already
        is_report = mention["verdict"] == "report"
        title = escape(verdict_words(mention["verdict"]))
        words = escape(digest.text[mention["start"] : mention["end"]])
        pieces += [escape(digest.text[at : mention["start"]])]
        pieces += [f'<mark class="{"fl-is-report" if is_report else "fl-is-none"}" title="{title}">{words}</mark>']
        at = mention["end"]
    pieces.append(escape(digest.text[at:]))
    key = (
        f'<p class="fl-note"><mark class="fl-is-report">{escape(say("upload.reported"))}</mark> '
        f'<mark class="fl-is-none">{escape(say("upload.rejected"))}</mark></p>'
    )
    body = "".join(pieces)
    return f'{key}<div class="fl-text" dir="auto" lang="{escape(digest.language or "")}" tabindex="0">{body}</div>'
