"""Which reports to show: selections of the table by time and by everything else.  Nothing here reads or writes files.

Days are inclusive at both ends.  A report lies in a window if any day of ``date`` to ``date_end`` does.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from geopandas import GeoDataFrame

from geo.errors import WrongUse
from geo.model import COARSE
from geo.reference.names import key, plain

BY = ("event", "published")  # which date counts: that of the event, or that of publication
UNKNOWN = "unknown"  # in a filter: the reports that say nothing there

_ALIKE = ("еёЕЁ", "'’‘ʼ`´′")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_UNIT = re.compile(r"(?is)(.*?)(?:\s+(oblast|krai|republic|city))?")

_NAMES_OF_PLACE = ("place", "place_local", "place_id", "mention", "district")
PLACING = (*_NAMES_OF_PLACE, "precision", "lat", "lon")  # the columns that ``middles`` looks at

_EARTH_KM = 6371.0088  # mean radius (IUGG)
_LEAST_KM_PER_DEGREE = 110.5  # of latitude, so that nothing near is passed over

_Array = np.ndarray[Any, Any]


# --- time ------------------------------------------------------------------------------------------------------------


def window(events: GeoDataFrame, day: date, days: int = 7) -> GeoDataFrame:
    """Select the reports of the ``days`` days that end on ``day``, oldest first.

    ``events`` has one row per report, in EPSG:4326, with ``date`` and ``date_end`` as ``datetime64``; so has the
    result. Both ends are included: ``days=1`` is ``day`` alone.

    Raises ``ValueError`` if ``days`` is less than 1.
    """
    if days < 1:
        raise ValueError(f"days is {days}; a window holds at least one day")
    chosen = between(events, day - timedelta(days=days - 1), day)
    return chosen if chosen["date"].is_monotonic_increasing else chosen.sort_values("date", kind="stable")


def between(events: GeoDataFrame, since: date | None, until: date | None, by: str = "event") -> GeoDataFrame:
    """Select the reports of the days from ``since`` to ``until``, both included; None leaves that end open.

    ``by="published"`` goes by the day of publication instead; reports without one are then left out, unless both ends
    are open. The order of the rows stays. Raises ``WrongUse`` if ``by`` is neither, or if ``since`` is after ``until``.
    """
    return events[in_time(events, since, until, by)]


def daily_counts(events: GeoDataFrame, by: str = "event") -> pd.Series:
    """Count the reports of each day from the first to the last, zeros included: as many as the day's view shows.

    A report of several days counts on each of them. The index is of days, ``datetime64[s]``.
    """
    first, last = _days(events, by)
    known = ~(np.isnat(first) | np.isnat(last))
    first, last = first[known], last[known]
    if not len(first):
        return _per_day(np.empty(0, dtype=np.int64), None, "reports")
    start = first.min()
    steps = np.zeros((last.max() - start).astype(int) + 2, dtype=np.int64)
    np.add.at(steps, (first - start).astype(int), 1)  # one more from its first day on,
    np.add.at(steps, (last - start).astype(int) + 1, -1)  # one less from the day after its last
    return _per_day(steps.cumsum()[:-1], start, "reports")


def coverage(
    digests: pd.DataFrame, since: date | None = None, until: date | None = None, by: str = "event"
) -> pd.Series:
    """Count the digests that were read for each day from ``since`` to ``until``; 0: there is no digest for this day.

    A digest belongs to the day that it covers, or else to that of its publication (``by="published"``: always to
    that). Open ends are those of the digests. Raises ``WrongUse`` as ``between`` does.
    """
    _check_time(since, until, by)
    published, covered = _as_days(digests["published"]), _as_days(digests["day"])
    days = published if by == "published" else np.where(np.isnat(covered), published, covered)
    days = days[~np.isnat(days)]
    if not len(days) and (since is None or until is None):
        return _per_day(np.empty(0, dtype=np.int64), None, "digests")
    start = np.datetime64(since, "D") if since else days.min()
    stop = np.datetime64(until, "D") if until else days.max()
    inside = days[(days >= start) & (days <= stop)]
    length = max(0, (stop - start).astype(int) + 1)
    return _per_day(np.bincount((inside - start).astype(int), minlength=length), start, "digests")


def _per_day(counts: _Array, start: Any, name: str) -> pd.Series:
    days = np.datetime64("1970-01-01" if start is None else start, "D") + np.arange(len(counts))
    return pd.Series(counts, index=pd.DatetimeIndex(days.astype("datetime64[s]")), dtype="int64", name=name)


def in_time(events: GeoDataFrame, since: date | None, until: date | None, by: str = "event") -> _Array:
    """Return for each row whether ``between`` selects it."""
    _check_time(since, until, by)
    mask = np.ones(len(events), dtype=bool)
    first, last = _days(events, by)
    if since is not None:
        mask &= last >= np.datetime64(since, "D")
    if until is not None:
        mask &= first <= np.datetime64(until, "D")
    return mask  # a comparison with an unknown day is false


def _days(events: GeoDataFrame, by: str) -> tuple[_Array, _Array]:
    """Return the first and the last day of each report; equal for publication."""
    if by == "published":
        published = _as_days(events["published"])
        return published, published
    return _as_days(events["date"]), _as_days(events["date_end"])


def _as_days(column: pd.Series) -> _Array:
    days: _Array = column.to_numpy().astype("datetime64[D]")
    return days


def _check_time(since: date | None, until: date | None, by: str) -> None:
    if by not in BY:
        raise WrongUse(f"by is {by!r}; choose event or published")
    if since is not None and until is not None and since > until:
        raise WrongUse(f"from {since} until {until}: the first day is after the last; swap them")


# --- everything else -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show. An empty choice does not restrict; of several values in one choice, any will do.

    ``unknown`` as a value finds reports that say nothing there.
    """

    since: date | None = None  # both ends included
    until: date | None = None
    by: str = "event"  # or published
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # names in any spelling that a report has, or ids; a region stands for all in it
    within_km: float = 0  # of the places: what lies so near to one of them too, if more than an area is known of it
    regions: tuple[str, ...] = ()  # names or ids of oblasts
    actor_sides: tuple[str, ...] = ()
    claimant_sides: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()  # directions under which the text lists the place
    text: str = ""  # each of these words stands in the quotes, the summary, or a name
    running_totals: bool = False  # totals and standing states too
    stories: bool = False  # of each story only the first report that the filter shows, whatever its kind and day

    def words(self) -> str:
        """Return the filter in plain words, as exports carry it."""
        said = [self._time(), *(f"{label}: {_listed(values)}" for label, values in self._choices() if values)]
        said += [f"and within {self.within_km:g} km"] if self.places and self.within_km else []
        said += [f"text: {self.text}"] if self.text.strip() else []
        said += [] if self.running_totals else ["running totals left out"]
        said += ["one report of each story"] if self.stories else []
        return "; ".join(filter(None, said)) or "all reports"

    def as_dict(self) -> dict[str, object]:
        """Return what exports say of the filter: its ``words``, then every choice made, days as ISO text."""
        chosen = {f.name: getattr(self, f.name) for f in fields(self)}
        made = {name: _plain(value) for name, value in chosen.items() if value or name in ("by", "running_totals")}
        return {"words": self.words(), **made}

    def _time(self) -> str:
        dated = "publication date" if self.by == "published" else "event date"
        if self.since is None and self.until is None:
            return ""
        if self.since == self.until:
            return f"{_day(self.since)} by {dated}"
        since = f"from {_day(self.since)}" if self.since else ""
        until = f"to {_day(self.until)}" if self.until else ""
        return f"{' '.join(filter(None, (since, until)))} by {dated}"

    def _choices(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            ("kind", self.kinds),
            ("place", self.places),
            ("region", self.regions),
            ("actor side", self.actor_sides),
            ("claimant side", self.claimant_sides),
            ("status", self.statuses),
            ("precision", self.precisions),
            ("outlet", self.outlets),
            ("language", self.languages),
            ("axis", self.axes),
        ]


@dataclass(frozen=True, slots=True)
class Whole:
    """What a filter has to know of all reports where a table is only a part of them."""

    ids: frozenset[str] = frozenset()  # of all places, and of the regions that open them
    middles: _Array = field(default_factory=lambda: np.empty((0, 2)))  # as ``middles`` returns them
    told: set[str] = field(default_factory=set)  # the stories that earlier parts told; those of a part are added


def select(events: GeoDataFrame, chosen: Filter) -> GeoDataFrame:
    """Return the reports that the filter shows, in the order of the rows.

    Raises ``WrongUse`` if its days or ``by`` make no sense.
    """
    return events[matches(events, chosen)]


def matches(
    events: GeoDataFrame,
    chosen: Filter,
    says: Callable[[str], _Array] | None = None,
    whole: Whole | None = None,
    order: _Array | None = None,
) -> _Array:
    """Return for each row whether the filter shows it; raises as ``select`` does.

    ``says`` tells for each row whether a word stands in it, where the table itself does not hold the quotes. Of a table
    that is only a part of the reports, ``whole`` tells what has to be known of all. ``order`` numbers the rows as a
    dataset has them, where the table has them otherwise: the first report of a story is the first of these.
    """
    ids = whole.ids if whole else _ids(events) if chosen.places or chosen.regions else frozenset()
    timely = in_time(events, chosen.since, chosen.until, chosen.by)
    mask = np.ones(len(events), dtype=bool)
    if not chosen.running_totals:
        mask &= ~events["running_total"].to_numpy()
    for column, wanted in (
        ("actor_side", chosen.actor_sides),
        ("claimant_side", chosen.claimant_sides),
        ("status", chosen.statuses),
        ("precision", chosen.precisions),
        ("outlet", chosen.outlets),
        ("language", chosen.languages),
    ):
        if wanted:
            mask &= _is_one_of(events[column], wanted)
    if chosen.axes:
        mask &= _named(events, chosen.axes, ("axis",))
    if chosen.regions:
        mask &= _in_region(events, chosen.regions, ids)
    if chosen.places:
        mask &= _at_place(events, chosen, ids, whole)
    for word in chosen.text.split():
        mask &= says(word) if says else _says(events, word)
    if chosen.stories:
        mask = _first_of_stories(events, mask, order, whole.told if whole else None)
    return mask & timely & (_is_one_of(events["kind"], chosen.kinds) if chosen.kinds else True)


def _first_of_stories(events: GeoDataFrame, mask: _Array, order: _Array | None, told: set[str] | None) -> _Array:
    """Leave of each story the first report; what is missing is a story of one report.

    Neither day nor kind is asked before, so that a story keeps its place and day while the window moves.
    """
    rows = np.flatnonzero(mask & events["story"].notna().to_numpy())
    rows = rows if order is None else rows[np.argsort(order[rows])]
    stories = events["story"].iloc[rows]
    again = stories.duplicated().to_numpy()
    if told is not None:
        again = again | np.fromiter((story in told for story in stories), bool, len(rows))
        told.update(stories[~again])
    left: _Array = mask.copy()
    left[rows[again]] = False
    return left


def _is_one_of(column: pd.Series, wanted: Iterable[str]) -> _Array:
    values = set(wanted)
    mask: _Array = column.isin(values - {UNKNOWN}).to_numpy(dtype=bool)
    return mask | column.isna().to_numpy() if UNKNOWN in values else mask


def _at_place(events: GeoDataFrame, chosen: Filter, ids: frozenset[str], whole: Whole | None) -> _Array:
    """Whether a report is at one of the places, or in one of them that is a region, or near to one."""
    called = _is_called(events, chosen.places, ids)
    found = called | _in_region(events, chosen.places, ids)
    if not chosen.within_km:
        return found
    return found | _around(events, whole.middles if whole else _spots(events, called), chosen.within_km)


def _is_called(events: GeoDataFrame, places: tuple[str, ...], known: frozenset[str]) -> _Array:
    """Whether a report's place is one of these: an id means that one alone, a name all that are called so."""
    ids = known.intersection(places)
    names = tuple(place for place in places if place not in ids)
    called = _named(events, names, _NAMES_OF_PLACE)
    return called | _each_value(events["place_id"], ids.__contains__)


def middles(events: GeoDataFrame, chosen: Filter, ids: frozenset[str]) -> _Array:
    """Return latitude and longitude of each spot that ``within_km`` counts from, a row a spot.

    Those are the spots of reports at the places of the filter; nothing is near to a region or a district.
    """
    return _spots(events, _is_called(events, chosen.places, ids))


def _spots(events: GeoDataFrame, here: _Array) -> _Array:
    rows = events.loc[here, ["precision", "lat", "lon"]]
    spots: _Array = np.unique(rows.loc[~_is_area(rows), ["lat", "lon"]].to_numpy(dtype=float), axis=0)
    return spots


def _is_area(events: GeoDataFrame) -> _Array:
    mask: _Array = events["precision"].isin(COARSE).to_numpy(dtype=bool)
    return mask


def _around(events: GeoDataFrame, middles: _Array, km: float) -> _Array:
    """Whether a report is known to be no farther than so many kilometres from one of the spots."""
    found = np.zeros(len(events), dtype=bool)
    lat, lon = (events[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    exact = ~_is_area(events)
    for middle in middles:
        close = np.flatnonzero(exact & (np.abs(lat - middle[0]) <= km / _LEAST_KM_PER_DEGREE))
        found[close[_km_between(lat[close], lon[close], *middle) <= km]] = True
    return found


def _km_between(lat: _Array, lon: _Array, other_lat: float, other_lon: float) -> _Array:
    """Return the distances on a sphere (haversine formula)."""
    half_lat, half_lon = np.radians(lat - other_lat) / 2, np.radians(lon - other_lon) / 2
    squeeze = np.cos(np.radians(lat)) * np.cos(np.radians(other_lat))
    km: _Array = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.sin(half_lat) ** 2 + squeeze * np.sin(half_lon) ** 2))
    return km


def _in_region(events: GeoDataFrame, regions: tuple[str, ...], known: frozenset[str]) -> _Array:
    """Whether a report lies in a region, by name (with or without "oblast") or by the id that opens its place id."""
    ids = known.intersection(regions)
    by_id = _each_value(events["place_id"], lambda place_id: place_id.partition(".")[0] in ids)
    return _any([by_id, *(_in_region_called(events, region) for region in regions if region not in ids)])


def _in_region_called(events: GeoDataFrame, region: str) -> _Array:
    bare, unit = _UNIT.fullmatch(region.strip()).groups()  # type: ignore[union-attr]  # it matches any text
    found = _named(events, (region, bare), ("region",))
    if not unit:
        return found
    # The cities of Kyiv and Moscow are regions beside the oblasts of the same name; their ids end so.
    is_city = _each_value(events["place_id"], lambda place_id: place_id.partition(".")[0].endswith("city"))
    return found & is_city if unit.lower() == "city" else found & ~is_city


def _ids(events: GeoDataFrame) -> frozenset[str]:
    """Return the ids of the places of all reports, and of the regions that open them."""
    column = events["place_id"]
    known = isinstance(column.dtype, pd.CategoricalDtype)
    places = frozenset(column.cat.categories if known else column.dropna().unique())
    return places | {place_id.partition(".")[0] for place_id in places}


def _named(events: GeoDataFrame, names: tuple[str, ...], columns: tuple[str, ...]) -> _Array:
    """Whether one of the columns has one of the names, compared as the gazetteer compares spellings."""
    wanted = {key(name) for name in names} - {""}
    if not wanted:
        return np.zeros(len(events), dtype=bool)
    return _any(_each_value(events[column], lambda value: key(value) in wanted) for column in columns)


def _each_value(column: pd.Series, test: Callable[[str], bool]) -> _Array:
    """Return what the test says of each row; few values, many reports, and none for what is missing."""
    known = isinstance(column.dtype, pd.CategoricalDtype)
    codes, values = (column.cat.codes.to_numpy(), column.cat.categories) if known else pd.factorize(column)
    answers: _Array = np.array([*map(test, values.tolist()), False], dtype=bool)
    mask: _Array = answers[codes]  # -1, what is missing, is the last
    return mask


def _says(events: GeoDataFrame, word: str) -> _Array:
    """Whether a word, or the beginning or end of one, stands in anything that the report says."""
    pattern = pattern_of(word)
    found = names_say(events, word) | _any(_contains(events[column], pattern) for column in ("quote", "summary"))
    further = np.array([len(quotes) > 0 for quotes in events["more_quotes"]], dtype=bool)
    texts = ["\n".join(quote["quote"] for quote in quotes) for quotes in events["more_quotes"][further]]
    found[further] |= _contains(texts, pattern)
    return found


def names_say(events: GeoDataFrame, word: str) -> _Array:
    """Return for each row whether a word stands in a name: of the place, the claimant, the actor, the outlet."""
    pattern = pattern_of(word)
    columns = ("place", "place_local", "mention", "claimant", "actor", "region", "outlet")
    return _any(_contains(events[column], pattern) for column in columns)


def pattern_of(word: str) -> str:
    """Return a regular expression (RE2, to be used without regard to case) for a word in any of its spellings."""
    return "|".join("".join(map(_spellings, spelling)) for spelling in sorted({word, plain(word).text}))


def _spellings(letter: str) -> str:
    """Return a pattern for a letter and for what digests mix it up with: е and ё, one apostrophe and another."""
    return next((f"[{alike}]" for alike in _ALIKE if letter in alike), re.escape(letter))


def _contains(column: Iterable[str], pattern: str) -> _Array:
    if isinstance(column, pd.Series) and isinstance(column.dtype, pd.CategoricalDtype):
        answers = np.append(_contains(column.cat.categories, pattern), False)
        return answers[column.cat.codes.to_numpy()]  # type: ignore[no-any-return]  # -1, what is missing, is the last
    found = pc.match_substring_regex(pa.array(column, pa.string(), from_pandas=True), pattern, ignore_case=True)
    mask: _Array = found.fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def _any(masks: Iterable[_Array]) -> _Array:
    return reduce(np.logical_or, masks)


# --- words -----------------------------------------------------------------------------------------------------------


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(value.replace("_", " ") for value in values)


def _day(day: date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""  # strftime would go by the locale


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
