"""A visit: what one reader chooses on the page, kept in Streamlit's session.

What comes from the browser is checked, since anyone can send anything.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from math import isfinite
from typing import Any

from geo.view.choices import COLOURS, LISTS, MODES, Span, State, View, day_of, with_window
from geo.view.widgets import Act, Widgets


@dataclass
class Visit:
    """What a reader chose, and what else the page has to remember until the next run."""

    chosen: State
    own: str  # the reader's own language
    span: Span  # of the data
    version: str  # of the data
    asked_view: View | None = None  # where the map is asked to go; None: to all that passes
    look: int = 0  # how often it was asked
    turn: int = 0  # how often the timeline was asked for another window
    bounds: tuple[float, ...] | None = None  # south, west, north, east of what is in view; None: not told yet
    spot: list[str] = field(default_factory=list)  # ids of the reports of the symbol that was clicked
    leaf: int = 0  # of the list, 0 the newest
    leaf_of: Hashable = None  # which list it is a leaf of
    line: dict[str, Any] | None = None  # the reader's own: name and geometries
    line_id: str | None = None  # of the file that it was dropped as
    line_day: date | None = None
    line_shown: bool = False
    widgets: Widgets = field(default_factory=Widgets)
    heard: dict[tuple[str, str], Any] = field(default_factory=dict)  # by component and name

    @classmethod
    def begun(cls, state: State, own: str, span: Span, version: str) -> "Visit":
        """Return a new visit that begins with what an address holds."""
        return cls(with_window(state, state.first, state.last, span), own, span, version, state.view)

    @property
    def language(self) -> str:
        """The language that the page speaks."""
        return self.chosen.language or self.own

    def fitted(self, version: str, offered: Mapping[str, Collection[str]], span: Span) -> bool:
        """After a new build of the dataset: leave out what it does not offer, and days that it does not have.

        Returns whether the data are others than before.
        """
        if version == self.version:
            return False
        self.choose(**{name: tuple(v for v in getattr(self.chosen, name) if v in offered[name]) for name in LISTS})
        self.chosen = with_window(self.chosen, self.chosen.first, self.chosen.last, span)
        self.version, self.span, self.spot, self.turn = version, span, [], self.turn + 1
        return True

    def choose(self, **changes: Any) -> State:
        """Choose something else under some names of `State`; return all that is chosen then."""
        self.chosen = replace(self.chosen, **changes)
        return self.chosen

    def reset(self) -> None:
        """Choose nothing, show everything; the selection stays, and so does what is no filter."""
        self.chosen = State(selected=self.chosen.selected, colour=self.chosen.colour, language=self.chosen.language)
        self.widgets.renew([*self.widgets.shown])  # what was typed there just before is not wanted either
        self.turn += 1
        self._go_to_all()

    def _go_to_all(self) -> None:
        self.asked_view, self.spot, self.look = None, [], self.look + 1

    # --- in the sidebar ----------------------------------------------------------------------------------------------

    def filtered(self, value: Any, name: str) -> None:
        """Something was chosen under a name of `State`."""
        self.choose(**{name: tuple(value) if isinstance(value, list) else value})

    def place_chosen(self, value: Any, name: str) -> None:
        """Other places are wanted, or what lies around them: the map goes there."""
        self.filtered(value, name)
        self._go_to_all()

    def date_typed(self, day: date, name: str) -> None:
        """A date field was changed: the timeline follows."""
        state = self.choose(**{name: day})
        state = with_window(state, state.first, state.last, self.span)
        self.chosen = replace(state, mode="window" if state.first else "cumulative")
        self.turn += 1

    def language_chosen(self, language: str) -> None:
        """Another language was chosen: the words for what is offered change, and what was chosen stays."""
        self.choose(language=None if language == self.own else language)
        self.widgets.renew(LISTS)

    # --- on the map and in the list ----------------------------------------------------------------------------------

    def hear(self, session: Mapping[Any, Any], ids: Sequence[str], kinds: Collection[str]) -> None:
        """Let everything act that map and list tell since this was last asked; ``session`` is Streamlit's.

        ``ids`` are those of the reports by the numbers of their rows, ``kinds`` what can be chosen of them.
        """
        acts: dict[tuple[str, str], Act] = {
            ("map", "window"): self.window_moved,
            ("map", "view"): self.view_moved,
            ("map", "kinds"): partial(self.kinds_switched, offered=kinds),
            ("map", "colour"): self.coloured,
            ("map", "picked"): partial(self.picked_on_map, ids=ids),
            ("list", "picked"): partial(self.picked_in_list, ids=ids),
            ("list", "leaf"): self.leaf_turned,
        }
        for (component, name), act in acts.items():
            told = (session.get(component) or {}).get(name)
            if told is not None and told != self.heard.get((component, name)):
                self.heard[component, name] = told
                act(told)

    def window_moved(self, told: Any) -> None:
        """The timeline was dragged, stepped or played."""
        if not isinstance(told, Mapping):
            return
        first, last = day_of(str(told.get("from"))), day_of(str(told.get("until")))
        if first and last and told.get("mode") in MODES:
            self.chosen = replace(with_window(self.chosen, first, last, self.span), mode=told["mode"])

    def view_moved(self, told: Any) -> None:
        """The map was moved: what is in view changes, and what is in the address."""
        if not isinstance(told, Mapping):
            return
        edges = (told.get(name) for name in ("zoom", "lat", "lon", "south", "west", "north", "east"))
        numbers = [float(number) for number in edges if isinstance(number, int | float) and isfinite(number)]
        if len(numbers) == 7:
            zoom, lat, lon, *bounds = numbers
            self.choose(view=(zoom, lat, lon))
            self.bounds = tuple(bounds)

    def kinds_switched(self, told: Any, offered: Collection[str]) -> None:
        """Kinds were switched in the legend: the filter follows; none stands for all."""
        if isinstance(told, Sequence):
            self.choose(kinds=tuple(kind for kind in offered if kind in told))

    def coloured(self, told: Any) -> None:
        """Another meaning of the colours was chosen in the legend."""
        if told in COLOURS:
            self.choose(colour=told)

    def picked_on_map(self, told: Any, ids: Sequence[str]) -> None:
        """A symbol was clicked: its newest report is selected, all of them are listed."""
        picked = _what(told)
        picked = picked if isinstance(picked, Sequence) else ()
        rows = [row for row in picked if isinstance(row, int) and 0 <= row < len(ids)]
        if rows:
            self.choose(selected=ids[rows[0]])
            self.spot = [ids[row] for row in rows] if len(rows) > 1 else []

    def picked_in_list(self, told: Any, ids: Collection[str]) -> None:
        """A row of the list was chosen; the empty id leaves the spot and lists all in view again."""
        picked = _what(told)
        if picked == "":
            self.spot = []
        elif isinstance(picked, str) and picked in ids:
            self.choose(selected=picked)

    def leaf_turned(self, told: Any) -> None:
        """The list was turned to another leaf."""
        turned = _what(told)
        if isinstance(turned, int) and turned >= 0:
            self.leaf = turned

    def leaf_for(self, listed: Hashable) -> int:
        """Return which leaf of the list is open: another list (``listed`` says which) opens at its first."""
        listed = (listed, tuple(self.spot), self.bounds)
        if listed != self.leaf_of:
            self.leaf, self.leaf_of = 0, listed
        return self.leaf

    # --- a line of the reader's own ----------------------------------------------------------------------------------

    def line_dropped(self, name: str, geometries: list[dict[str, Any]]) -> None:
        """A line of the reader's own was dropped: it is kept for this visit, and shown."""
        self.line, self.line_shown = {"name": name, "geometries": geometries}, True

    def line_dated(self, day: date | None) -> None:
        """The reader says of which day the line is."""
        self.line_day = day

    def line_switched(self, shown: bool) -> None:
        """The line is to be shown, or not."""
        self.line_shown = shown


def _what(told: Any) -> Any:
    """Return what was done, without when: the same thing may be done again."""
    return told.get("what") if isinstance(told, Mapping) else None
