"""What the analyst chose: in the address of the page, as days of the data, and as a filter of the table.

What an address says is checked, since anyone can type anything there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from geo.dataset.timeline import Filter
from geo.view.messages import LANGUAGES

MODES = ("window", "cumulative", "day")
COLOURS = ("family", "actor", "claimant")
FARTHEST_KM = 500  # around a place

View = tuple[float, float, float]  # zoom, lat, lon
Span = tuple[date, date]  # the first and the last day of the data


@dataclass(frozen=True)
class State:
    """Everything that the analyst chose: what the address of the page holds."""

    places: tuple[str, ...] = ()  # ids of places and regions
    within_km: int = 0  # and what lies so near to one of the places
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
    stories: bool = False
    by: str = "event"
    mode: str = "cumulative"
    first: date | None = None  # None: the first day of the data
    last: date | None = None
    colour: str = "family"
    selected: str | None = None  # id of a report
    view: View | None = None
    language: str | None = None  # of the page; None: the reader's own


LISTS = {  # field: its name in the address
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
        for field, name in LISTS.items()
    }

    def one(name: str, known: Iterable[str] | None = None, default: str = "") -> str:
        value = next(iter(query.get(name, ())), default)
        return value if known is None or value in known else default

    first, last = _days(one("w"))
    return State(
        **lists,
        within_km=_whole(one("within"), FARTHEST_KM),
        text=one("q")[:200],
        running_totals=one("totals") == "1",
        stories=one("stories") == "1",
        by=one("by", ("event", "published"), "event"),
        mode=one("mode", MODES, "cumulative"),
        first=first,
        last=last,
        colour=one("colour", COLOURS, "family"),
        selected=one("e", options.get("selected", ())) or None,
        view=_view(one("v")),
        language=one("lang", LANGUAGES) or None,
    )


def to_query(state: State) -> dict[str, str | list[str]]:
    """Return the state as parameters of an address; what is as it opens is left out."""
    query: dict[str, str | list[str]] = {name: list(v) for f, name in LISTS.items() if (v := getattr(state, f))}
    told = {
        "within": str(state.within_km or ""),
        "q": state.text.strip(),
        "totals": "1" if state.running_totals else "",
        "stories": "1" if state.stories else "",
        "by": "" if state.by == "event" else state.by,
        "mode": "" if state.mode == "cumulative" else state.mode,
        "w": f"{state.first or ''}~{state.last or ''}" if state.first or state.last else "",
        "colour": "" if state.colour == "family" else state.colour,
        "e": state.selected or "",
        "lang": state.language or "",
        "v": "/".join(f"{number:g}" for number in state.view) if state.view else "",
    }
    return query | {name: value for name, value in told.items() if value}


def permalink(state: State) -> str:
    """Return the address of a state, relative to the page."""
    return "?" + urlencode(to_query(state), doseq=True)


def _days(words: str) -> tuple[date | None, date | None]:
    first, _, last = words.partition("~")
    days = [day_of(first), day_of(last)]
    return (days[1], days[0]) if None not in days and days[0] > days[1] else (days[0], days[1])  # type: ignore[operator]


def _whole(words: str, most: int) -> int:
    return min(int(words), most) if words.isascii() and words.isdigit() and len(words) < 9 else 0


def day_of(words: str) -> date | None:
    """Return the day that is written as 2024-11-01; None if it is none."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _view(words: str) -> View | None:
    try:
        zoom, lat, lon = (float(number) for number in words.split("/"))
    except ValueError:
        return None
    return (zoom, lat, lon) if 0 <= zoom <= 20 and -85 <= lat <= 85 and -180 <= lon <= 180 else None


# --- what it means for the data --------------------------------------------------------------------------------------


def window(state: State, span: Span) -> Span:
    """Return the first and the last day that are shown, both included and days of the data."""
    first, last = sorted(
        min(max(day or end, span[0]), span[1]) for day, end in zip((state.first, state.last), span, strict=True)
    )
    return first, last


def with_window(state: State, first: date | None, last: date | None, span: Span) -> State:
    """Return a state that shows other days; an end of the data stays open, and moves along when the data grow."""
    first, last = window(replace(state, first=first, last=last), span)
    return replace(state, first=None if first == span[0] else first, last=None if last == span[1] else last)


def wanted(state: State, days: tuple[date, date] | None = None) -> Filter:
    """Return what the analyst chose as a filter of the table, with the window of days if they are given."""
    return Filter(
        since=days[0] if days else None,
        until=days[1] if days else None,
        by=state.by,
        within_km=state.within_km,
        text=state.text.strip(),
        running_totals=state.running_totals,
        stories=state.stories,
        **{field: getattr(state, field) for field in LISTS},
    )


def view_of(view: View | None) -> dict[str, float] | None:
    """Return a view as the map is asked for it; None: what all that passes needs."""
    return dict(zip(("zoom", "lat", "lon"), view, strict=True)) if view else None
