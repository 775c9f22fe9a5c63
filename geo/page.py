"""What the page shows, decided without Streamlit: rows of the list, the card, the header, the state in the address.

Text from digests is escaped here, once, wherever it becomes HTML.
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pandas as pd
from geopandas import GeoDataFrame

from geo import phrases
from geo.exports import NOTICE, SAMPLE_NOTICE
from geo.kinds import kinds
from geo.model import COARSE
from geo.phrases import Record
from geo.timeline import UNKNOWN, Filter, coverage

LISTED = 50  # rows of the list
FILTERS = {  # what the sidebar offers; the first ones at once, the rest on demand
    "places": "Place or region",
    "kinds": "Kind of event",
    "claimant_sides": "Who claims it",
    "actor_sides": "Who did it",
    "statuses": "Status of the claim",
    "precisions": "How precise the place is",
    "outlets": "Outlet",
    "languages": "Language",
    "axes": "Direction",
}
FIRST_FILTERS = 4
MODES = ("window", "cumulative", "day")
COLOURS = ("family", "actor", "claimant")


# --- state -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """Everything that the analyst chose: what the address of the page holds."""

    places: tuple[str, ...] = ()  # ids of places and regions
    kinds: tuple[str, ...] = ()
    actor_sides: tuple[str, ...] = ()
    claimant_sides: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    text: str = ""
    running_totals: bool = False
    by: str = "event"
    mode: str = "cumulative"
    first: date | None = None  # None: the first day of the data
    last: date | None = None
    colour: str = "family"
    selected: str | None = None  # id of a report
    view: tuple[float, float, float] | None = None  # zoom, lat, lon


_LISTS = {  # field: its name in the address
    "places": "place",
    "kinds": "kind",
    "actor_sides": "actor",
    "claimant_sides": "claimant",
    "statuses": "status",
    "precisions": "precision",
    "outlets": "outlet",
    "languages": "language",
    "axes": "axis",
}


def from_query(query: Mapping[str, Sequence[str]], options: Mapping[str, Iterable[str]]) -> State:
    """Return the state that an address holds; what it says wrongly or about other data is left out."""
    lists = {
        field: tuple(value for value in query.get(name, ()) if value in set(options.get(field, ())))
        for field, name in _LISTS.items()
    }

    def one(name: str, known: Iterable[str] | None = None, default: str = "") -> str:
        value = next(iter(query.get(name, ())), default)
        return value if known is None or value in known else default

    first, last = _window(one("w"))
    return State(
        **lists,
        text=one("q")[:200],
        running_totals=one("totals") == "1",
        by=one("by", ("event", "published"), "event"),
        mode=one("mode", MODES, "cumulative"),
        first=first,
        last=last,
        colour=one("colour", COLOURS, "family"),
        selected=one("e", options.get("selected", ())) or None,
        view=_view(one("v")),
    )


def to_query(state: State) -> dict[str, str | list[str]]:
    """Return the state as parameters of an address; what is as it opens is left out."""
    query: dict[str, str | list[str]] = {name: list(v) for f, name in _LISTS.items() if (v := getattr(state, f))}
    told = {
        "q": state.text,
        "totals": "1" if state.running_totals else "",
        "by": "" if state.by == "event" else state.by,
        "mode": "" if state.mode == "cumulative" else state.mode,
        "w": f"{state.first or ''}~{state.last or ''}" if state.first or state.last else "",
        "colour": "" if state.colour == "family" else state.colour,
        "e": state.selected or "",
        "v": "/".join(f"{number:g}" for number in state.view) if state.view else "",
    }
    return query | {name: value for name, value in told.items() if value}


def permalink(state: State) -> str:
    """Return the address of a state, relative to the page."""
    return "?" + urlencode(to_query(state), doseq=True)


def _window(words: str) -> tuple[date | None, date | None]:
    first, _, last = words.partition("~")
    days = [_day(first), _day(last)]
    return (days[1], days[0]) if None not in days and days[0] > days[1] else (days[0], days[1])  # type: ignore[operator]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _view(words: str) -> tuple[float, float, float] | None:
    try:
        zoom, lat, lon = (float(number) for number in words.split("/"))
    except ValueError:
        return None
    return (zoom, lat, lon) if 0 <= zoom <= 20 and -85 <= lat <= 85 and -180 <= lon <= 180 else None


# --- the sidebar -------------------------------------------------------------------------------------------------------


def options(events: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return what each filter offers, as value and words: only what occurs, in a fixed order."""
    places = events.drop_duplicates(["place_id", "precision"])
    named = {row["place_id"]: _place_option(row) for row in records(places)}
    regions = {row["place_id"].partition(".")[0]: phrases.region_words(row) for row in records(places) if row["region"]}
    wider = {region: words for region, words in sorted(regions.items(), key=lambda item: str(item[1])) if words}
    finer = {place: words for place, words in sorted(named.items(), key=lambda item: item[1]) if place not in wider}
    seen = {name: set(events[name].dropna()) for name in ("kind", "actor_side", "claimant_side", "status", "precision")}
    return {
        "places": {**wider, **finer},
        "kinds": {key: kind.label for key, kind in kinds().items() if key in seen["kind"]},
        "actor_sides": {
            **{side: words for side, words in phrases.sides().items() if side in seen["actor_side"]},
            **({UNKNOWN: phrases.actor_side(None)} if events["actor_side"].isna().any() else {}),
        },
        "claimant_sides": {side: words for side, words in phrases.sides().items() if side in seen["claimant_side"]},
        "statuses": {key: words.partition(":")[0] for key, words in phrases.STATUS.items() if key in seen["status"]},
        "precisions": {key: words.capitalize() for key, words in phrases.PRECISION.items() if key in seen["precision"]},
        "outlets": {outlet: outlet for outlet in sorted(set(events["outlet"].dropna()))},
        "languages": {key: phrases.LANGUAGE.get(key, key) for key in sorted(set(events["language"].dropna()))},
        "axes": {axis: axis for axis in sorted(set(events["axis"].dropna()))},
    }


def _place_option(report: Record) -> str:
    place, region = phrases.place_words(report), phrases.region_words(report)
    return f"{place} ({region})" if region and region != place else place


def records(events: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values: None for unknown, days as ``date``, whole numbers as ``int``."""
    table = {str(name): [_plain(value) for value in events[name]] for name in events.columns if name != "geometry"}
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple) or (hasattr(value, "tolist") and getattr(value, "ndim", 0)):
        return list(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date() if value.tzinfo is None else value.isoformat()
    return value.item() if hasattr(value, "item") else value


# --- what is shown -----------------------------------------------------------------------------------------------------


def dataset_folder(arguments: Sequence[str]) -> Path:
    """Return the folder that the command line names, or else the sample dataset, built if need be."""
    if len(arguments) > 1:
        return Path(arguments[1])
    from geo.build import sample_dataset  # reading text takes a second to load, and is not needed for a built dataset

    return sample_dataset()


def wanted(state: State, days: tuple[date, date] | None = None) -> Filter:
    """Return what the analyst chose as a filter of the table, with the window of days if they are given."""
    return Filter(
        since=days[0] if days else None,
        until=days[1] if days else None,
        by=state.by,
        text=state.text,
        running_totals=state.running_totals,
        **{field: getattr(state, field) for field in _LISTS},
    )


def opening_selection(events: pd.DataFrame) -> str | None:
    """Return the id of the newest capture, or of the newest report if none is told."""
    captures = events[events["kind"] == "capture"]
    candidates = captures if len(captures) else events
    if candidates.empty:
        return None
    newest = candidates.sort_values(["date", "published", "id"], ascending=[False, False, True], na_position="last")
    return str(newest["id"].iloc[0])


def counts_line(shown: pd.DataFrame, total: int, digests: Sequence[int]) -> str:
    """Return ``312 of 840 reports · 97 places · 41 of 61 days have a digest``."""
    covered = sum(1 for number in digests if number)
    return (
        f"{len(shown):,} of {_plural(total, 'report')} · {_plural(shown['place_id'].nunique(), 'place')} · "
        f"{covered:,} of {_plural(len(digests), 'day')} {'has' if covered == 1 else 'have'} a digest"
    )


def download_words(shown: pd.DataFrame, first: date, last: date) -> str:
    """Return what a download holds: ``64 reports, 1–7 Nov``."""
    return f"{_plural(len(shown), 'report')}, {phrases.span_words(first, last, year=first.year != last.year)}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(
    shown: GeoDataFrame, *, spot: Sequence[str] = (), bounds: tuple[float, float, float, float] | None = None
) -> dict[str, Any]:
    """Return the list beside the map, newest first: the reports at the spot that was picked, or else those in view.

    ``bounds`` are south, west, north, east of the map. What the map cannot show, as only a country is named, is listed
    always.
    """
    here = shown[shown["id"].isin(list(spot))] if spot else shown
    if len(here) and spot:
        title, back = f"{_plural(len(here), 'report')} at this spot", "Show all in view"
    else:
        here = shown[_in_view(shown, bounds)] if bounds else shown
        title, back = f"{_plural(len(here), 'report')} in view", ""
    newest = here.sort_values(["date_end", "date", "id"], ascending=[False, False, True]).head(LISTED)
    placeless = int((here["precision"] == "country").sum())
    notes = [
        f"The newest {LISTED} are listed." if len(here) > LISTED else "",
        f"{placeless} of them {'names' if placeless == 1 else 'name'} only a country and {'is' if placeless == 1 else 'are'} not on the map."
        if placeless
        else "",
    ]
    return {
        "title": title,
        "back": back,
        "note": " ".join(filter(None, notes)),
        "rows": [_row(r) for r in records(newest)],
    }


def _in_view(shown: GeoDataFrame, bounds: tuple[float, float, float, float]) -> pd.Series:
    south, west, north, east = bounds
    box = shown.geometry.bounds
    spot = {"minx": shown["lon"], "maxx": shown["lon"], "miny": shown["lat"], "maxy": shown["lat"]}
    box = box.fillna(pd.DataFrame(spot, index=shown.index))
    inside = (box["maxx"] >= west) & (box["minx"] <= east) & (box["maxy"] >= south) & (box["miny"] <= north)
    return inside | (shown["precision"] == "country")


def _row(report: Record) -> dict[str, str]:
    kind = kinds()[report["kind"]]
    return {
        "id": report["id"],
        "shape": kind.shape,
        "colour": kind.colour,
        "place": phrases.place_words(report),
        "badge": phrases.badge(report),
        "when": phrases.when_short(report),
        "what": phrases.kind_words(report),
        "who": phrases.claim_words(report),
    }


def header(counts: str, sample: bool) -> str:
    """Return the head of the page: the name, the counts, and what every reader must know of the data."""
    about = f"<strong>{escape(SAMPLE_NOTICE)}.</strong> " if sample else ""
    return (
        f'<div class="fl-strip-page">{about}{escape(NOTICE)}</div>'
        f'<div class="fl-head"><h1>Frontline map</h1><p class="fl-counts" role="status">{escape(counts)}</p></div>'
    )


EMPTY = (
    '<div class="fl-empty"><strong>No report matches.</strong> The window of days and the filters leave nothing over. '
    "Widen the window below the map, or reset the filters.</div>"
)
AWAY = '<p class="fl-away">This report is outside the window or the filters now.</p>'


# --- what the analyst does ---------------------------------------------------------------------------------------------
# Streamlit calls these before it runs the page again. ``session`` is its session state; what comes from the browser is
# checked, since anyone can send anything.

Session = MutableMapping[Any, Any]


def begin(session: Session, state: State, span: tuple[date, date]) -> None:
    """Fill a new session from the state that the address holds."""
    for name in (*_LISTS, "text", "running_totals", "by", "mode", "colour", "selected"):
        value = getattr(state, name)
        session[name] = list(value) if isinstance(value, tuple) else value
    _set_window(session, state.first or span[0], state.last or span[1], span)
    view = state.view
    session.update(view=view, asked_view=view, bounds=None, spot=[], turn=0, look=0, begun=True)


def current(session: Session, span: tuple[date, date]) -> State:
    """Return the state of a session; what is as the page opens is None."""
    first, last = window(session)
    return State(
        **{field: tuple(session[field]) for field in _LISTS},
        text=session["text"].strip(),
        running_totals=session["running_totals"],
        by=session["by"],
        mode=session["mode"],
        first=None if first == span[0] else first,
        last=None if last == span[1] else last,
        colour=session["colour"],
        selected=session["selected"],
        view=session["view"],
    )


def window(session: Session) -> tuple[date, date]:
    """Return the first and the last day of the window, both included."""
    first, last = sorted((session["first"], session["last"]))
    return first, last


def asked_view(session: Session) -> dict[str, float] | None:
    """Return where the map is asked to go; None: to all that the filter lets through."""
    view = session["asked_view"]
    return dict(zip(("zoom", "lat", "lon"), view, strict=True)) if view else None


def _set_window(session: Session, first: date, last: date, span: tuple[date, date]) -> None:
    session["first"] = min(max(first, span[0]), span[1])
    session["last"] = min(max(last, span[0]), span[1])


def window_moved(session: Session, span: tuple[date, date]) -> None:
    """The timeline was dragged, stepped or played."""
    moved = session["map"].get("window") or {}
    first, last = _day(str(moved.get("from"))), _day(str(moved.get("until")))
    if first and last and moved.get("mode") in MODES:
        session["mode"] = moved["mode"]
        _set_window(session, first, last, span)


def dates_typed(session: Session, span: tuple[date, date]) -> None:
    """A date field was changed: the timeline follows."""
    first, last = window(session)
    session["mode"] = "cumulative" if first == span[0] else "window"
    _set_window(session, first, last, span)
    session["turn"] += 1


def view_moved(session: Session) -> None:
    """The map was moved: what is in view changes, and what is in the address."""
    moved = session["map"].get("view") or {}
    numbers = [moved.get(name) for name in ("zoom", "lat", "lon", "south", "west", "north", "east")]
    if all(isinstance(number, int | float) for number in numbers):
        session["view"] = tuple(float(number) for number in numbers[:3])
        session["bounds"] = tuple(float(number) for number in numbers[3:])


def coloured(session: Session) -> None:
    """Another meaning of the colours was chosen in the legend."""
    if session["map"].get("colour") in COLOURS:
        session["colour"] = session["map"]["colour"]


def picked_on_map(session: Session, ids: Sequence[str]) -> None:
    """A symbol was clicked: its newest report is selected, all of them are listed."""
    rows = [row for row in session["map"].get("picked") or () if isinstance(row, int) and 0 <= row < len(ids)]
    if rows:
        session["selected"] = ids[rows[0]]
        session["spot"] = [ids[row] for row in rows] if len(rows) > 1 else []


def picked_in_list(session: Session, ids: Collection[str]) -> None:
    """A row of the list was chosen; the empty id leaves the spot and lists all in view again."""
    picked = session["list"].get("picked")
    if picked == "":
        session["spot"] = []
    elif picked in ids:
        session["selected"] = picked


def place_chosen(session: Session) -> None:
    """Another place is wanted: the map goes there."""
    session.update(asked_view=None, look=session["look"] + 1, spot=[])


def reset(session: Session, span: tuple[date, date]) -> None:
    """Choose nothing, show everything; the selection stays."""
    turn, look, selected, bounds = session["turn"], session["look"], session["selected"], session["bounds"]
    begin(session, State(selected=selected, colour=session["colour"]), span)
    session.update(turn=turn + 1, look=look + 1, bounds=bounds)


# --- the card ----------------------------------------------------------------------------------------------------------


def card(report: Record, permalink: str) -> str:
    """Return one report as HTML: what, where, when, who says so, in which words, and why it stands here."""
    kind = kinds()[report["kind"]]
    local = (
        f' <span class="fl-local"><bdi>{escape(report["place_local"])}</bdi></span>' if report["place_local"] else ""
    )
    region = phrases.region_words(report) if report["precision"] != "region" else None
    where = " · ".join(escape(words) for words in (region, phrases.when_short(report)) if words)
    facts = [
        ("Claimed by", f"<bdi>{escape(phrases.claim_words(report))}</bdi>"),
        ("Done by", _actor(report)),
        ("Status", escape(phrases.STATUS[report["status"]])),
        ("People", escape(", ".join(phrases.people_words(report)))),
        ("Total", "A running total or a standing state, not one event" if report["running_total"] else ""),
        ("Date", escape(phrases.when_words(report))),
        ("Place", escape(phrases.where_words(report))),
        ("Direction", escape(report["axis"] or "")),
        ("Why here", "<br>".join(f"<bdi>{escape(reason)}</bdi>" for reason in phrases.why_words(report))),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    return (
        f'<article class="fl-card" style="--fl-family:{escape(kind.colour)}">'
        f'<p class="fl-kind">{escape(phrases.kind_words(report))}</p>'
        f"<h3><bdi>{escape(phrases.place_words(report))}</bdi>{local}</h3>"
        f'<p class="fl-where">{where}</p>'
        f"{quote_html(report)}{_source(report)}{_further(report)}<dl>{rows}</dl>"
        f'<p class="fl-links"><a href="{escape(permalink)}">Link to this report</a></p></article>'
    )


def quote_html(report: Record) -> str:
    """Return the quote with the words that name the place marked; direction marks in it cannot leave it."""
    quote, start = report["quote"], report["quote_start"]
    first, last = report["mention_start"] - start, report["mention_end"] - start
    marked = f"{escape(quote[:first])}<mark>{escape(quote[first:last])}</mark>{escape(quote[last:])}"
    return f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{marked}</blockquote>'


def _source(report: Record) -> str:
    language = phrases.LANGUAGE.get(report["language"], report["language"])
    published = f"published {phrases.day_words(report['published'])}" if report["published"] else None
    told = [escape(str(words)) for words in (report["outlet"] or "Outlet not known", language, published) if words]
    link = safe_link(report["url"])
    if link:
        told.append(f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">Read the digest</a>')
    sample = "<br><strong>Written for this project: no source</strong>" if report["sample"] else ""
    return f'<p class="fl-source"><bdi>{" · ".join(told)}</bdi>{sample}</p>'


def _further(report: Record) -> str:
    quotes = "".join(
        f'<p class="fl-stance">{escape(phrases.STANCE[q["stance"]])}{_by(q)}</p>'
        f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{escape(q["quote"])}</blockquote>'
        for q in report["more_quotes"]
    )
    number = len(report["more_quotes"])
    return f"<details><summary>{number} more quote{'s' * (number > 1)}</summary>{quotes}</details>" if quotes else ""


def _by(quote: Mapping[str, Any]) -> str:
    return f": <bdi>{escape(quote['claimant'])}</bdi>" if quote["claimant"] else ""


def _actor(report: Record) -> str:
    if not report["actor"] and not report["actor_side"]:
        return ""
    words = filter(None, (report["actor"], report["actor_side"] and phrases.actor_side(report["actor_side"])))
    return " · ".join(f"<bdi>{escape(w)}</bdi>" for w in words)


def safe_link(url: str | None) -> str | None:
    """Return an address that a browser may follow: http or https with a host, else None."""
    if not url or any(ord(char) <= 32 for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def popup(report: Record) -> dict[str, Any]:
    """Return a report as plain text for a saved HTML map, which sets it as text, never as markup."""
    lines = [
        f"{phrases.kind_words(report)} · {phrases.when_short(report)} {report['date'].year}",
        f"Claimed by {phrases.claim_words(report)}" if report["claimant"] else phrases.claim_words(report),
        phrases.where_words(report),
    ]
    told = (report["outlet"] or "Outlet not known", report["url"] if safe_link(report["url"]) else None)
    return {
        "title": phrases.place_words(report),
        "lines": lines,
        "quote": report["quote"],
        "source": " · ".join(filter(None, told)),
    }


# --- days --------------------------------------------------------------------------------------------------------------


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
    """Return how many digests there are for each day, from first to last; a table of reports stands in for one of digests."""
    if "day" not in digests:
        digests = digests.drop_duplicates("digest").assign(day=digests["date"])
    return coverage(digests, first, last, by).tolist()


def precision_legend(events: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what the marks of the map mean, of those that these reports need: name of the mark, words."""
    has, position = set(events["precision"]), set(events["position"][~events["precision"].isin(COARSE)])
    lines = [
        ("several", "several reports", True),
        ("near", "near: somewhere in the ring", "near" in has),
        ("estimated", "position estimated", "estimated" in position),
        ("unchecked", "position not checked", "unchecked" in position),
        ("area", "only region or district", bool(has & {"region", "district"})),
        ("band", "direction, approximate", "line" in has),
    ]
    return [(mark, words) for mark, words, shown in lines if shown]
