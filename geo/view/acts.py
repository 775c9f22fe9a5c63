"""What happens on the page, and what then is chosen.

What is chosen is one `State` in the session, apart from the widgets and the map that show it. Streamlit calls these
before it runs the page again. What comes from the browser is checked, since anyone can send anything.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geo.view import widgets
from geo.view.choices import COLOURS, LISTS, MODES, Span, State, day_of, with_window
from geo.view.messages import LANGUAGES
from geo.view.widgets import Session


def begin(session: Session, state: State, span: Span, own: str = LANGUAGES[0]) -> None:
    """Fill a new session from the state that the address holds; ``own`` is the reader's language."""
    session["chosen"] = with_window(state, state.first, state.last, span)
    session.update(own=own, span=span, bounds=None, spot=[], turn=0, look=0)
    session.update(asked_view=state.view, line=None, line_day=None, line_shown=False)


def fitted(session: Session, version: str, offered: Mapping[str, Collection[str]], span: Span) -> bool:
    """After a new build of the dataset: leave out what it does not offer, and days that it does not have.

    Returns whether the data are others than before.
    """
    is_newer = session.get("version") not in (None, version)
    if is_newer:
        state = session["chosen"]
        still = {name: tuple(each for each in getattr(state, name) if each in offered[name]) for name in LISTS}
        session["chosen"] = with_window(replace(state, **still), state.first, state.last, span)
        session.update(spot=[], turn=session["turn"] + 1)
    session.update(version=version, span=span)
    return is_newer


def language(session: Session) -> str | None:
    """Return the language that the page speaks in a session; None before it has begun."""
    return session["chosen"].language or session["own"] if "chosen" in session else None


def choose(session: Session, **changes: Any) -> State:
    """Choose something else under some names of `State`, and return all that is chosen then."""
    state: State = replace(session["chosen"], **changes)
    session["chosen"] = state
    return state


def reset(session: Session) -> None:
    """Choose nothing, show everything; the selection stays, and so does what is not a filter."""
    before = session["chosen"]
    session["chosen"] = State(selected=before.selected, colour=before.colour, language=before.language)
    session.update(asked_view=None, spot=[], turn=session["turn"] + 1, look=session["look"] + 1)


# --- in the sidebar --------------------------------------------------------------------------------------------------


def filtered(session: Session, value: Any, name: str) -> None:
    """Something was chosen under a name of `State`."""
    choose(session, **{name: tuple(value) if isinstance(value, list) else value})


def place_chosen(session: Session, value: Any, name: str) -> None:
    """Other places are wanted, or what lies around them: the map goes there."""
    filtered(session, value, name)
    session.update(asked_view=None, look=session["look"] + 1, spot=[])


def date_typed(session: Session, day: date, name: str) -> None:
    """A date field was changed: the timeline follows."""
    state = replace(session["chosen"], **{name: day})
    state = with_window(state, state.first, state.last, session["span"])
    session["chosen"] = replace(state, mode="window" if state.first else "cumulative")
    session["turn"] += 1


def language_chosen(session: Session, language: str) -> None:
    """Another language was chosen: the words for what is offered change, and what was chosen stays."""
    choose(session, language=None if language == session["own"] else language)
    widgets.renew(session, LISTS)


# --- on the map and in the list --------------------------------------------------------------------------------------


def asked_view(session: Session) -> dict[str, float] | None:
    """Return where the map is asked to go; None: to all that the filter lets through."""
    view = session["asked_view"]
    return dict(zip(("zoom", "lat", "lon"), view, strict=True)) if view else None


def window_moved(session: Session) -> None:
    """The timeline was dragged, stepped or played."""
    moved = session["map"].get("window") or {}
    first, last = day_of(str(moved.get("from"))), day_of(str(moved.get("until")))
    if first and last and moved.get("mode") in MODES:
        state = with_window(session["chosen"], first, last, session["span"])
        session["chosen"] = replace(state, mode=moved["mode"])


def view_moved(session: Session) -> None:
    """The map was moved: what is in view changes, and what is in the address."""
    moved = session["map"].get("view") or {}
    told = (moved.get(name) for name in ("zoom", "lat", "lon", "south", "west", "north", "east"))
    numbers = [float(number) for number in told if isinstance(number, int | float)]
    if len(numbers) == 7:
        choose(session, view=tuple(numbers[:3]))
        session["bounds"] = tuple(numbers[3:])


def kinds_switched(session: Session, offered: Collection[str]) -> None:
    """Kinds were switched in the legend: the filter follows; none stands for all."""
    kinds = session["map"].get("kinds")
    if isinstance(kinds, list | tuple):
        choose(session, kinds=tuple(kind for kind in offered if kind in kinds))


def coloured(session: Session) -> None:
    """Another meaning of the colours was chosen in the legend."""
    if session["map"].get("colour") in COLOURS:
        choose(session, colour=session["map"]["colour"])


def picked_on_map(session: Session, ids: Sequence[str]) -> None:
    """A symbol was clicked: its newest report is selected, all of them are listed."""
    rows = [row for row in session["map"].get("picked") or () if isinstance(row, int) and 0 <= row < len(ids)]
    if rows:
        choose(session, selected=ids[rows[0]])
        session["spot"] = [ids[row] for row in rows] if len(rows) > 1 else []


def picked_in_list(session: Session, ids: Collection[str]) -> None:
    """A row of the list was chosen; the empty id leaves the spot and lists all in view again."""
    picked = session["list"].get("picked")
    if picked == "":
        session["spot"] = []
    elif picked in ids:
        choose(session, selected=picked)


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


# --- a line of the user's own ----------------------------------------------------------------------------------------


def line_dropped(session: Session, name: str, geometries: list[dict[str, Any]]) -> None:
    """A line of the user's own was dropped: it is kept for this session, and shown."""
    session.update(line={"name": name, "geometries": geometries}, line_shown=True)


def line_told(session: Session, value: Any, name: str) -> None:
    """Something was said about the line: its day, or whether it is shown."""
    session[name] = value
