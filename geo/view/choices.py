"""What the analyst chose: in the address of the page, in Streamlit's session, and as a filter of the table.

What comes from the browser is checked, since anyone can send anything.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from geo.dataset.timeline import Filter
from geo.view.messages import LANGUAGES

MODES = ("window", "cumulative", "day")
COLOURS = ("family", "actor", "claimant")
FARTHEST_KM = 500  # around a place

Session = MutableMapping[Any, Any]  # of Streamlit
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
    view: tuple[float, float, float] | None = None  # zoom, lat, lon
    language: str | None = None  # of the page; None: the reader's own


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
    query: dict[str, str | list[str]] = {name: list(v) for f, name in _LISTS.items() if (v := getattr(state, f))}
    told = {
        "within": str(state.within_km or ""),
        "q": state.text,
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


def _window(words: str) -> tuple[date | None, date | None]:
    first, _, last = words.partition("~")
    days = [_day(first), _day(last)]
    return (days[1], days[0]) if None not in days and days[0] > days[1] else (days[0], days[1])  # type: ignore[operator]


def _whole(words: str, most: int) -> int:
    return min(int(words), most) if words.isascii() and words.isdigit() and len(words) < 9 else 0


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


def wanted(state: State, days: tuple[date, date] | None = None) -> Filter:
    """Return what the analyst chose as a filter of the table, with the window of days if they are given."""
    return Filter(
        since=days[0] if days else None,
        until=days[1] if days else None,
        by=state.by,
        within_km=state.within_km,
        text=state.text,
        running_totals=state.running_totals,
        stories=state.stories,
        **{field: getattr(state, field) for field in _LISTS},
    )


# --- what happens in a session ---------------------------------------------------------------------------------------
# Streamlit calls these before it runs the page again.


def begin(session: Session, state: State, span: Span, own: str = LANGUAGES[0]) -> None:
    """Fill a new session from the state that the address holds; ``own`` is the reader's language."""
    session.update(language=state.language or own, own=own)
    session.setdefault("panel", "reports")
    for name in ("line", "line_day"):
        session.setdefault(name, None)
    session.setdefault("line_shown", False)
    for name in (*_LISTS, "within_km", "text", "running_totals", "stories", "by", "mode", "colour", "selected"):
        value = getattr(state, name)
        session[name] = list(value) if isinstance(value, tuple) else value
    _set_window(session, state.first or span[0], state.last or span[1], span)
    view = state.view
    session.update(view=view, asked_view=view, bounds=None, spot=[], turn=0, look=0, begun=True)


def fitted(session: Session, version: str, offered: Mapping[str, Collection[str]], span: Span) -> bool:
    """After a new build of the dataset: leave out what it does not offer, and move ends that were the data's along.

    Returns whether the data are others than before.
    """
    is_newer = session.get("version") not in (None, version)
    if is_newer:
        for field in _LISTS:
            session[field] = [value for value in session[field] if value in offered[field]]
        (first, last), (old_first, old_last) = window(session), session["span"]
        _set_window(session, span[0] if first == old_first else first, span[1] if last == old_last else last, span)
        session.update(spot=[], turn=session["turn"] + 1)
    session.update(version=version, span=span)
    return is_newer


def current(session: Session, span: Span) -> State:
    """Return the state of a session; what is as the page opens is None."""
    first, last = window(session)
    return State(
        **{field: tuple(session[field]) for field in _LISTS},
        within_km=int(session["within_km"] or 0),
        text=session["text"].strip(),
        running_totals=session["running_totals"],
        stories=session["stories"],
        by=session["by"],
        mode=session["mode"],
        first=None if first == span[0] else first,
        last=None if last == span[1] else last,
        colour=session["colour"],
        selected=session["selected"],
        view=session["view"],
        language=None if session["language"] == session["own"] else session["language"],
    )


def window(session: Session) -> tuple[date, date]:
    """Return the first and the last day of the window, both included."""
    first, last = sorted((session["first"], session["last"]))
    return first, last


def asked_view(session: Session) -> dict[str, float] | None:
    """Return where the map is asked to go; None: to all that the filter lets through."""
    view = session["asked_view"]
    return dict(zip(("zoom", "lat", "lon"), view, strict=True)) if view else None


def _set_window(session: Session, first: date, last: date, span: Span) -> None:
    session["first"] = min(max(first, span[0]), span[1])
    session["last"] = min(max(last, span[0]), span[1])


def window_moved(session: Session, span: Span) -> None:
    """The timeline was dragged, stepped or played."""
    moved = session["map"].get("window") or {}
    first, last = _day(str(moved.get("from"))), _day(str(moved.get("until")))
    if first and last and moved.get("mode") in MODES:
        session["mode"] = moved["mode"]
        _set_window(session, first, last, span)


def dates_typed(session: Session, span: Span) -> None:
    """A date field was changed: the timeline follows."""
    first, last = window(session)
    session["mode"] = "cumulative" if first == span[0] else "window"
    _set_window(session, first, last, span)
    session["turn"] += 1


def view_moved(session: Session) -> None:
    """The map was moved: what is in view changes, and what is in the address."""
    moved = session["map"].get("view") or {}
    told = (moved.get(name) for name in ("zoom", "lat", "lon", "south", "west", "north", "east"))
    numbers = [float(number) for number in told if isinstance(number, int | float)]
    if len(numbers) == 7:
        session["view"], session["bounds"] = tuple(numbers[:3]), tuple(numbers[3:])


def kinds_switched(session: Session, offered: Collection[str]) -> None:
    """Kinds were switched in the legend: the filter follows; none stands for all."""
    kinds = session["map"].get("kinds")
    if isinstance(kinds, list | tuple):
        session["kinds"] = [kind for kind in offered if kind in kinds]


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


def leaf(session: Session, listed: Hashable) -> int:
    """Return which leaf of the list is open, 0 the newest: another list (``listed`` says which) opens at its first."""
    listed = (listed, tuple(session["spot"]), session["bounds"])
    if session.get("leaf_of") != listed:
        session.update(leaf=0, leaf_of=listed)
    return int(session["leaf"])


def leaf_turned(session: Session) -> None:
    """The list was turned to another leaf."""
    turned = session["list"].get("leaf")
    if isinstance(turned, int | float) and turned >= 0:
        session["leaf"] = int(turned)


def place_chosen(session: Session) -> None:
    """Another place is wanted: the map goes there."""
    session.update(asked_view=None, look=session["look"] + 1, spot=[])


def line_dropped(session: Session, name: str, geometries: list[dict[str, Any]]) -> None:
    """A line of the user's own was dropped: it is kept for this session, and shown."""
    session.update(line={"name": name, "geometries": geometries}, line_shown=True)


def language_chosen(session: Session) -> None:
    """Another language was chosen: what was chosen in the filters stays, though the words for it change."""
    for field in _LISTS:
        session[field] = list(session[field])


def reset(session: Session, span: Span) -> None:
    """Choose nothing, show everything; the selection stays."""
    turn, look, bounds, own = session["turn"], session["look"], session["bounds"], session["own"]
    kept = State(selected=session["selected"], colour=session["colour"], language=session["language"])
    begin(session, kept, span, own)
    session.update(turn=turn + 1, look=look + 1, bounds=bounds)
