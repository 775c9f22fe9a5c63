"""Widgets that show what is chosen in the session, and stay true to it however slow the line is.

Streamlit can give a widget another value, but tells the browser so only once. If the next run begins before that is
sent, the browser goes on showing the old value, and sends it along with whatever the analyst does next, as if it were
wished again. So a widget of ours is never given another value: it is made anew under another key, with the new value as
its default, and what the browser still tells of the one before is not heard.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

Session = MutableMapping[Any, Any]  # of Streamlit
Act = Callable[[Session, Any], object]  # given the session and what was entered in a widget


def shows(session: Session, name: str, value: object, act: Act) -> dict[str, Any]:
    """Return key and callback of the widget of a name that shows a value; its default has to be given beside them."""
    made = session.setdefault("made", {})
    key = _key(name, made.setdefault(name, 0))
    if key in session and session[key] != value:
        renew(session, [name])
        key = _key(name, made[name])
    return {"key": key, "on_change": _entered, "args": (session, name, key, act)}


def renew(session: Session, names: Iterable[str]) -> None:
    """Let the widgets of these names be made anew."""
    for name in names:
        session["made"][name] = session["made"].get(name, 0) + 1


def _entered(session: Session, name: str, key: str, act: Act) -> None:
    if key == _key(name, session["made"][name]):
        act(session, session[key])


def _key(name: str, made: int) -> str:
    return f"{name} {made}" if made else name
