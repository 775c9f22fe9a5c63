"""Widgets that show what is chosen elsewhere, and stay true to it however slow or broken off an answer is.

Streamlit can give a widget another value, but tells the browser so only once: if the next run begins before that is
sent, the browser keeps the old value, and sends it with whatever the reader does next as if it were wished again.
And a callback that asks for the session while the next run is due is given up halfway, its news with it.
So a widget of ours is never given another value: it is made anew under another key, with the new value as its default,
and what the browser still tells of the one before is not heard. And what is entered is heard by comparing, in a run.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Act = Callable[[Any], object]  # given what was entered


@dataclass
class _Widget:
    key: str
    value: Any  # as last heard
    act: Act


@dataclass
class Widgets:
    """The widgets of one reader's page, by their names."""

    shown: dict[str, _Widget] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)

    def show(self, name: str, value: object, act: Act) -> str:
        """Return the key of the widget that shows a value, its default; ``act`` is called with what is entered."""
        known = self.shown.get(name)
        if known is None or known.value != value:
            times = self.made[name]
            self.made[name] += 1
            known = self.shown[name] = _Widget(f"{name} {times}" if times else name, value, act)
        known.act = act
        return known.key

    def hear(self, session: Mapping[Any, Any]) -> None:
        """Let everything act that was entered since this was last asked; ``session`` is Streamlit's."""
        for widget in list(self.shown.values()):
            entered = session.get(widget.key, widget.value)
            if entered != widget.value:
                widget.value = entered
                widget.act(entered)

    def renew(self, names: Iterable[str]) -> None:
        """Let the widgets of these names be made anew."""
        for name in names:
            self.shown.pop(name, None)
