"""Whether two reports may tell one event: what differs, rule by rule, and what they have in common.

No rule knows a side: swapping the two parties in every report changes nothing.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa

from geo.kinds import kinds
from geo.model import COARSE
from geo.reference.gazetteer import great_circle_km

# "By 14 November" may be an event of the day before: so long a digest's news are news.
NEWS_DAYS = 1
_TOLL_RATIO = 2.5  # tolls rise from one digest to the next, but not from one to thirty
_SAME_MEANS = (frozenset({"aircraft", "glide_bomb"}), frozenset({"artillery", "mortar"}))
_NUMBER = re.compile(r"(?<![\d.,])\d{2,4}(?![\d.,])")  # one digit is too common, five are no count
_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


class Told(NamedTuple):
    """What of a report tells its event from another; days count from 1970."""

    row: int
    id: str
    digest: str
    kind: str
    place_id: str
    precision: str
    lat: float | None
    lon: float | None
    radius_km: float
    bearing: str | None
    days: tuple[int, int]  # first and last
    is_by: bool  # the text gives no day: the digest's, or the one before
    action: str | None
    means: str | None
    actor_side: str | None
    claimant_id: str | None
    killed: int | None
    injured: int | None
    running_total: bool
    quote: str

    @property
    def eve(self) -> tuple[int, int]:
        """The days together with the one before them."""
        return self.days[0] - NEWS_DAYS, self.days[1]


def told(events: pa.Table) -> Iterator[Told]:
    """Yield each report of a table (columns of `geo.dataset.tables.EVENTS`), in its order."""

    def column(name: str) -> list[Any]:
        values: list[Any] = events[name].to_pylist()
        return values

    def days(name: str) -> list[int]:
        return events[name].cast(pa.int32()).to_pylist()  # type: ignore[no-any-return]

    names = ("id", "digest", "kind", "place_id", "precision", "lat", "lon")
    more = ("action", "means", "actor_side", "claimant_id", "killed_max", "injured_max", "running_total", "quote")
    return map(
        Told,
        range(events.num_rows),
        *map(column, names),
        [radius or 0.0 for radius in column("radius_km")],
        column("bearing"),
        zip(days("date"), days("date_end"), strict=True),
        [precision == "by" for precision in column("date_precision")],
        *map(column, more),
    )


def agree(a: Told, b: Told) -> bool:
    """Whether nothing tells the events of two reports apart; no digest tells an event twice."""
    return a.digest != b.digest and not any(differs(a, b) for differs in DIFFERENCES)


def _other_kind(a: Told, b: Told) -> bool:
    return a.kind != b.kind and (b.kind not in kinds()[a.kind].told_as or a.precision in COARSE)


def _other_days(a: Told, b: Told) -> bool:
    """Whether the days have less than half in common: two nights in a row share a day, and are two nights."""
    if a.precision in COARSE or (a.is_by and b.is_by):  # an oblast has such news every day, and what has no day as well
        return a.days != b.days
    days, others = ({report.days, report.eve} if report.is_by else {report.days} for report in (a, b))
    return not any(_half_common(one, other) for one in days for other in others)


def _half_common(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return 2 * (min(a[1], b[1]) - max(a[0], b[0]) + 1) >= max(a[1], b[1]) - min(a[0], b[0]) + 1


def _other_place(a: Told, b: Told) -> bool:
    """Whether the places differ; a site is in a settlement if it lies within that one's radius."""
    if a.place_id == b.place_id:
        return (a.precision in COARSE) != (b.precision in COARSE)
    if {a.precision, b.precision} != {"site", "settlement"} or a.days != b.days:
        return True  # a strike somewhere in a city is soon taken for another one
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return True
    return great_circle_km(a.lat, a.lon, b.lat, b.lon) > max(a.radius_km, b.radius_km)


def _other_direction(a: Told, b: Told) -> bool:
    if a.bearing is None or b.bearing is None or a.bearing not in _COMPASS or b.bearing not in _COMPASS:
        return False
    turn = abs(_COMPASS.index(a.bearing) - _COMPASS.index(b.bearing))
    return min(turn, 8 - turn) > 1


def _other_action(a: Told, b: Told) -> bool:
    return None not in (a.action, b.action) and a.action != b.action


def _other_means(a: Told, b: Told) -> bool:
    return (
        None not in (a.means, b.means)
        and a.means != b.means
        and not any({a.means, b.means} <= alike for alike in _SAME_MEANS)
    )


def _other_doer(a: Told, b: Told) -> bool:
    return None not in (a.actor_side, b.actor_side) and a.actor_side != b.actor_side


def _other_toll(a: Told, b: Told) -> bool:
    """Whether the figures of dead, or of injured, are too far apart for one event."""
    pairs = ((a.killed, b.killed), (a.injured, b.injured))
    both = ((one, other) for one, other in pairs if one is not None and other is not None)
    return any(max(pair) > _TOLL_RATIO * max(1, min(pair)) for pair in both)


DIFFERENCES: tuple[Callable[[Told, Told], bool], ...] = (
    _other_kind,
    _other_days,
    _other_place,
    _other_direction,
    _other_action,
    _other_means,
    _other_doer,
    _other_toll,
)


def likeness(a: Told, b: Told) -> int:
    """Count what two reports that agree have in common beyond it: this decides between several stories of one day."""
    shared = (
        a.kind == b.kind,
        a.place_id == b.place_id,
        a.days == b.days,
        a.means == b.means is not None,
        a.killed == b.killed is not None,
        a.injured == b.injured is not None,
        a.claimant_id == b.claimant_id is not None,
        bool(set(_NUMBER.findall(a.quote)) & set(_NUMBER.findall(b.quote))),
    )
    return sum(shared)
