"""What stands around the map: filters to choose from, the header, the list.  Decided here, laid out by ``app.py``."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from geo.dataset.queries import Reports, Selection, mentions_of
from geo.dataset.timeline import UNKNOWN, coverage
from geo.errors import GeoError, UnreadableInput
from geo.kinds import kinds
from geo.model import COARSE, PRECISIONS
from geo.view import phrases
from geo.view.card import records
from geo.view.messages import say
from geo.view.phrases import Record

LISTED = 50  # rows of the list
FILTERS = (  # what the sidebar offers; the first ones at once, the rest on demand
    *("places", "kinds", "claimant_sides", "actor_sides"),
    *("statuses", "precisions", "outlets", "languages", "axes"),
)
FIRST_FILTERS = 4
STATUSES = ("claimed", "reported", "acknowledged", "disputed")


# --- the data --------------------------------------------------------------------------------------------------------


@cache
def dataset_folder(named: str | None = None) -> Path:
    """Return the folder that the command line names, or else the sample dataset, built if need be."""
    if named:
        return Path(named)
    from geo.build import sample_dataset  # brings the whole reading of text along, which a built dataset does not need

    return sample_dataset()


def gazetteer_folder(named: str | Path | None = None) -> Path | None:
    """Return the gazetteer that the command line names for base map and words, or None: the bundled one.

    Raises ``UnreadableInput`` if it is none.
    """
    if not named:
        return None
    missing = next((name for name in ("regions.csv", "theatre.toml") if not (Path(named) / name).is_file()), None)
    if missing:
        raise UnreadableInput(f"{named}: this is no gazetteer (it has no {missing}); name a folder that holds one")
    return Path(named)


def version(folder: Path) -> str:
    """Return what changes when the dataset in a folder is built anew; raises ``UnreadableInput`` if there is none."""
    try:
        return str((folder / "manifest.json").stat().st_mtime_ns)
    except OSError as error:
        remedy = "name a folder that `frontline build` has written"
        raise UnreadableInput(f"{folder}: no dataset can be read here ({error.strerror}); {remedy}") from error


def problem(error: GeoError) -> str:
    """Return what went wrong as HTML."""
    return f'<div class="fl-empty"><strong>{say("page.problem")}</strong> {escape(str(error))}</div>'


def span(events: pd.DataFrame, digests: pd.DataFrame | None = None) -> tuple[date, date]:
    """Return the first and the last day that a report or a digest is about."""
    days = [
        events["date"],
        events["date_end"],
        *([digests["day"], digests["published"]] if digests is not None else []),
    ]
    known = pd.concat([pd.to_datetime(d) for d in days]).dropna()
    if known.empty:
        return date(2022, 2, 24), date(2022, 2, 24)
    return known.min().date(), known.max().date()


def digests_a_day(digests: pd.DataFrame, first: date, last: date, by: str) -> list[int]:
    """Return how many digests there are for each day, from first to last; reports may stand in for their digests."""
    if "day" not in digests:
        digests = digests.drop_duplicates("digest").assign(day=digests["date"])
    return [int(number) for number in coverage(digests, first, last, by)]


# --- the filters -----------------------------------------------------------------------------------------------------


def options(events: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return what each filter offers, as value and words: only what occurs, in a fixed order."""
    named_by = ["place_id", "precision", "place", "place_local", "region"]
    places = records(events[named_by].drop_duplicates(["place_id", "precision"]))
    named = {row["place_id"]: _place_option(row) for row in places}
    regions = {row["place_id"].partition(".")[0]: phrases.region_words(row) for row in places if row["region"]}
    wider = {region: words for region, words in sorted(regions.items(), key=lambda item: str(item[1])) if words}
    finer = {place: words for place, words in sorted(named.items(), key=lambda item: item[1]) if place not in wider}
    values = ("kind", "actor_side", "claimant_side", "status", "precision", "outlet", "language", "axis")
    seen = {name: set(events[name].dropna().unique()) for name in values}
    return {
        "places": {**wider, **finer},
        "kinds": {key: say(f"kind.{key}") for key in kinds() if key in seen["kind"]},
        "actor_sides": {
            **{side: words for side, words in phrases.sides().items() if side in seen["actor_side"]},
            **({UNKNOWN: phrases.actor_side(None)} if events["actor_side"].isna().any() else {}),
        },
        "claimant_sides": {side: words for side, words in phrases.sides().items() if side in seen["claimant_side"]},
        "statuses": {key: say(f"status.{key}") for key in STATUSES if key in seen["status"]},
        "precisions": {key: say(f"precision.{key}") for key in PRECISIONS if key in seen["precision"]},
        "outlets": {outlet: outlet for outlet in sorted(seen["outlet"])},
        "languages": {key: phrases.language_words(key) or key for key in sorted(seen["language"])},
        "axes": {axis: axis for axis in sorted(seen["axis"])},
    }


def _place_option(report: Record) -> str:
    place, region = phrases.place_words(report), phrases.region_words(report)
    return f"{place} ({region})" if region and region != place else place


# --- what is shown ---------------------------------------------------------------------------------------------------


def opening_selection(shown: pd.DataFrame | Selection) -> str | None:
    """Return the id of the newest capture, or of the newest report if none is told."""
    events = shown[["id", "kind", "date", "published"]]
    captures = events[events["kind"] == "capture"]
    candidates = captures if len(captures) else events
    if candidates.empty:
        return None
    candidates = candidates[candidates["date"] == candidates["date"].max()]
    newest = candidates.sort_values(["date", "published", "id"], ascending=[False, False, True], na_position="last")
    return str(newest["id"].iloc[0])


def counts_line(shown: pd.DataFrame | Selection, total: int, digests: Sequence[int], *, stories: bool = False) -> str:
    """Return ``312 of 840 reports · 97 places · 41 of 61 days have a digest``; what is shown may be stories."""
    shown = _selected(shown)
    covered = sum(1 for number in digests if number)
    of_stories = say("story.of_reports", stories=phrases.counted(len(shown), stories=True), n=total)
    told = (
        of_stories if stories else say("count.of_reports", shown=len(shown), n=total),
        say("count.places", n=shown.places),
        say("count.days_covered", covered=covered, n=len(digests)),
    )
    return " · ".join(told)


def download_words(shown: pd.DataFrame | Selection, first: date, last: date, *, stories: bool = False) -> str:
    """Return what a download holds: ``64 reports, 1–7 Nov``; what is shown may be stories."""
    days = phrases.span_words(first, last, year=first.year != last.year)
    return say("page.reports_of", reports=phrases.counted(len(shown), stories=stories), days=days)


def listed(
    shown: GeoDataFrame | Selection,
    *,
    spot: Sequence[str] = (),
    bounds: tuple[float, float, float, float] | None = None,
    leaf: int = 0,
    stories: bool = False,
) -> dict[str, Any]:
    """Return a leaf of the list beside the map, newest first: the reports at the picked spot, or else those in view.

    ``bounds`` are south, west, north, east of the map. What the map cannot show, as only a country is named, is listed
    always. What is shown may be stories.
    """
    shown = _selected(shown)
    here = shown.at(tuple(spot)) if spot else shown
    if len(here) and spot:
        places = here.places
        close = f", {say('count.close', n=int(places))}" if places > 1 else ""
        title, back = phrases.counted(len(here), "here", stories=stories) + close, say("page.show_all")
    else:
        here = shown.in_view(bounds) if bounds else shown
        title, back = phrases.counted(len(here), "in_view" if bounds else "", stories=stories), ""
    leaf = min(max(leaf, 0), max(len(here) - 1, 0) // LISTED)
    newest = here.newest(LISTED, leaf * LISTED)
    years = newest["date"].dt.year.nunique() > 1
    placeless = here.countrywide
    return {
        "title": title,
        "back": back,
        "note": say("count.placeless", n=placeless) if placeless else "",
        "leaf": leaf,
        "leaves": -(-len(here) // LISTED),
        "range": say("page.range", first=leaf * LISTED + 1, last=leaf * LISTED + len(newest), n=len(here)),
        "turns": {"newer": say("page.newer"), "older": say("page.older")},
        "rows": [_row(r, years) for r in records(newest)],
    }


def _selected(shown: GeoDataFrame | Selection) -> Selection:
    return shown if isinstance(shown, Selection) else Reports.of(shown).everything


def _row(report: Record, year: bool) -> dict[str, str]:
    kind = kinds()[report["kind"]]
    return {
        "id": report["id"],
        "shape": kind.shape,
        "colour": kind.colour,
        "status": report["status"],
        "place": phrases.place_words(report),
        "badge": phrases.badge(report),
        "when": phrases.when_short(report, year),
        "what": phrases.kind_words(report),
        "who": phrases.claim_words(report),
    }


def mentions_of_selected(reports: Reports, report: str | None) -> list[dict[str, Any]] | None:
    """Return every mention of the digest that the selected report is from; None if none is selected."""
    row = reports.ids.row(report or "")
    return mentions_of(reports, str(reports.table["digest"].iloc[row])) if row >= 0 else None


def other_names(digests: pd.DataFrame, digest: str) -> list[str]:
    """Return under which further names the text of a digest came."""
    return [str(name) for names in digests.loc[digests["digest"] == digest, "also"].dropna() for name in names]


def header(counts: str, sample: bool, publication: Mapping[str, Any] | None = None) -> str:
    """Return the head of the page: the name, the counts, and what every reader must know of the data.

    ``publication`` is what the provenance says of rules of publication, if these reports went by any.
    """
    about = f"<strong>{escape(say('page.sample'))}.</strong> " if sample else ""
    about += f"<strong>{escape(_publication(publication))}.</strong> " if publication else ""
    return (
        f'<div class="fl-strip-page">{about}{escape(say("page.notice"))}</div>'
        f'<div class="fl-head"><h1>{escape(say("page.title"))}</h1>'
        f'<p class="fl-counts" role="status">{escape(counts)}</p></div>'
    )


def _publication(told: Mapping[str, Any]) -> str:
    last = date.fromisoformat(told["on"]) - timedelta(days=told["minimum_age_days"])
    withheld = told["too_young"] + told["without_wider_place"]
    return say("page.public", last=phrases.day_words(last), withheld=withheld, wider=told["made_wider"])


def empty() -> str:
    """Return what stands where a card would, when nothing is left over."""
    return f'<div class="fl-empty"><strong>{say("page.empty")}</strong> {say("page.empty_remedy")}</div>'


def away() -> str:
    """Return what stands above the card of a report that is not shown now."""
    return f'<p class="fl-away">{say("page.away")}</p>'


def marks(events: pd.DataFrame) -> list[str]:
    """Return the marks of the map that these reports need, besides the symbols of the kinds."""
    has, position = set(events["precision"]), set(events["position"][~events["precision"].isin(COARSE)])
    needed = {
        "several": True,
        "near": "near" in has,
        "estimated": "estimated" in position,
        "unchecked": "unchecked" in position,
        "area": bool(has & {"region", "district"}),
        "band": "line" in has,
    }
    return [mark for mark, shown in needed.items() if shown]
