"""What may be given out to everybody: reports old enough, and of some kinds no finer place than a district or oblast.

The rules stand in ``gazetteer/theatre.toml`` under ``[publication]`` and are the same for every party. They are applied
when somebody asks for it (``--public``); local work is not affected.

A report whose place is made wider keeps what says nothing of the finer one: the digest, its day and outlet, kind, sides,
status, numbers. Its words go, and with them all that was read from them or leads to them: quotes and offsets, mention,
names of claimants and actors, direction and axis, link, the trace in ``why``. Its id and summary are made anew.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.provenance import decoded
from geo.dataset.tables import COLUMNS, EVENTS, arrow
from geo.errors import BrokenCuratedData
from geo.kinds import kinds
from geo.model import PRECISIONS, Place, Report
from geo.reading.reports import summary_of
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import outline

FINEST = ("district", "region")  # what a kind may be limited to
WIDER = {"district": ("raion", "region"), "region": ("region",)}  # units to take instead, the first that is known

_KEPT = (  # of a report whose place is made wider
    *("digest", "outlet", "language", "published", "sample", "digest_sha256", "text_sha256"),
    *("date", "date_end", "date_precision", "date_basis", "event_ts"),
    *("kind", "action", "means", "actor_side", "claimant_id", "claimant_side", "status", "outcome"),
    *("killed_min", "killed_max", "injured_min", "injured_max", "running_total", "region"),
)
_BLANK: dict[str, Any] = {"quote": "", "quote_start": 0, "quote_end": 0, "mention": "", "mention_start": 0}
_BLANK |= {"mention_end": 0, "more_quotes": (), "via": (), "why": "made wider for publication"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What ``[publication]`` says."""

    minimum_age_days: int
    finest: Mapping[str, str]  # kind: the finest precision given out


def rules_of(gazetteer: Gazetteer) -> Rules:
    """Return the rules of a gazetteer; raises ``BrokenCuratedData`` if there are none, or none that make sense."""
    told = gazetteer.theatre.get("publication")
    path = gazetteer.folder / "theatre.toml"
    if told is None:
        problem = "there is no [publication], so nothing says what may be given out"
        raise BrokenCuratedData(f"{path}: {problem}; write minimum_age_days = 3 and [publication.finest] (README)")
    for what, todo in problems(told):
        raise BrokenCuratedData(f"{path}: {what}; {todo}")
    return Rules(told["minimum_age_days"], dict(told.get("finest", {})))


def problems(told: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a table ``[publication]`` and what to do, for ``rules_of`` and ``frontline check``."""
    if not isinstance(told, dict):
        return [("[publication] is no table", "write it as [publication]")]
    found = []
    for unknown in sorted(set(told) - {"minimum_age_days", "finest"}):
        found.append((f"[publication] knows no {unknown!r}", "write minimum_age_days and [publication.finest]"))
    age = told.get("minimum_age_days")
    if not isinstance(age, int) or isinstance(age, bool) or age < 0:
        found.append((f"minimum_age_days is {age!r}", "write a whole number of days, 0 or more"))
    finest = told.get("finest", {})
    if not isinstance(finest, dict):
        return [*found, ("publication.finest is no table", 'write it as [publication.finest], then kind = "district"')]
    for kind, precision in finest.items():
        if kind not in kinds():
            found.append((f"publication.finest names the kind {kind!r}", f"kinds: {', '.join(kinds())}"))
        if precision not in FINEST:
            found.append((f"the finest precision of {kind!r} is {precision!r}", f"choose one of {', '.join(FINEST)}"))
    return found


@dataclass(frozen=True, slots=True)
class Effect:
    """What the rules did; batches add up."""

    too_young: int = 0
    wider: int = 0
    unplaced: int = 0  # withheld, since no wider place is known
    outlines: Mapping[str, tuple[str, ...]] = ()  # type: ignore[assignment]  # by id of a wider place: sources

    def __add__(self, other: "Effect") -> "Effect":
        counted = (getattr(self, f.name) + getattr(other, f.name) for f in fields(self)[:3])
        return Effect(*counted, {**dict(self.outlines), **dict(other.outlines)})


def as_dict(rules: Rules, on: date, effect: Effect) -> dict[str, Any]:
    """Return what a file or page says of the rules: their ``words``, then each number."""
    last = last_day(rules, on)
    said = [f"events of up to {last.isoformat()}, {rules.minimum_age_days} days old or older ({effect.too_young} withheld)"]
    each = [f"{kinds()[kind].label.lower()} no finer than {precision}" for kind, precision in rules.finest.items()]
    said += [f"{', '.join(each)} ({effect.wider} made wider)"] if each else []
    said += [f"{effect.unplaced} withheld, since no wider place of theirs is known"] if effect.unplaced else []
    return {
        "words": f"By the rules of publication: {'; '.join(said)}",
        "on": on.isoformat(),
        "minimum_age_days": rules.minimum_age_days,
        "finest": dict(rules.finest),
        "too_young": effect.too_young,
        "made_wider": effect.wider,
        "without_wider_place": effect.unplaced,
    }


def last_day(rules: Rules, on: date) -> date:
    """Return the last day of which events are given out on a day."""
    return on - timedelta(days=rules.minimum_age_days)


def publisher(rules: Rules, gazetteer: Gazetteer, on: date) -> Callable[[pa.Table], tuple[pa.Table, Effect]]:
    """Return the function that makes a table of reports (in order, or batches of one) what may be given out on a day.

    An event counts by its last day: one of which the text tells no day, by that of the digest.
    """
    numbers: Counter[str] = Counter()  # ids given: those of one pass through the table
    units: dict[tuple[str, str], Place | None] = {}
    last = pa.scalar(last_day(rules, on), pa.date32())

    def published(events: pa.Table) -> tuple[pa.Table, Effect]:
        old = pc.less_equal(events["date_end"], last)
        kept = events.filter(old)
        fine = _too_fine(kept, rules)
        if not pc.any(fine).as_py():
            return kept, Effect(events.num_rows - kept.num_rows)
        made: list[Report | None] = []
        shapes: list[bytes | None] = []
        outlines: dict[str, tuple[str, ...]] = {}
        for row in kept.filter(fine).select(COLUMNS).to_pylist():
            target = rules.finest[row["kind"]]
            where = (row["place_id"], target)
            if where not in units:
                units[where] = wider_place(*where, gazetteer)
            unit = units[where]
            made.append(_widened(row, unit, gazetteer, numbers) if unit else None)
            shape = outline(unit.id, _precision(unit), None, None, gazetteer) if unit else None
            shapes.append(shape.geometry.wkb if shape else None)
            if unit and shape:
                outlines[unit.id] = shape.sources
        known = [number for number, report in enumerate(made) if report]
        effect = Effect(events.num_rows - kept.num_rows, len(known), len(made) - len(known), outlines)
        return _merged(kept, fine, [made[n] for n in known], [shapes[n] for n in known], known), effect  # type: ignore[misc]

    return published


def _too_fine(events: pa.Table, rules: Rules) -> pa.Array:
    """Return for each row whether its place is finer than its kind may have."""
    kind, precision = decoded(events["kind"]), decoded(events["precision"])
    masks = [
        pc.and_(pc.equal(kind, limited), pc.is_in(precision, pa.array(PRECISIONS[: PRECISIONS.index(finest)])))
        for limited, finest in rules.finest.items()
    ]
    return masks[0] if len(masks) == 1 else _any(masks, events.num_rows)


def _any(masks: list[pa.Array], rows: int) -> pa.Array:
    found = pa.array([False] * rows, pa.bool_())
    for mask in masks:
        found = pc.or_(found, mask)
    return found


def wider_place(place_id: str, precision: str, gazetteer: Gazetteer) -> Place | None:
    """Return the unit that stands for a place at a precision: its raion, or else its oblast; None if neither is known."""
    place = gazetteer.get(place_id)
    if place is None:
        return None
    region = gazetteer.region_of(place)
    units = {"raion": gazetteer.get(place.raion) if place.raion else None, "region": region}
    return next((unit for kind in WIDER[precision] if (unit := units[kind])), None)


def _precision(unit: Place) -> str:
    return "region" if unit.kind == "region" else "district"


def _widened(row: Mapping[str, Any], unit: Place, gazetteer: Gazetteer, numbers: Counter[str]) -> Report:
    """Return a report at a wider place; what is not named here does not go out."""
    told = {name: _iso(row[name]) for name in _KEPT}
    new = f"{row['digest']}.{unit.id}.{row['kind']}.{told['date']}-public"  # unlike any id that a build gives
    numbers[new] += 1
    report = Report(
        **dict.fromkeys(COLUMNS) | told | _BLANK,
    )
    report = replace(
        report,
        id=new if numbers[new] == 1 else f"{new}-{numbers[new]}",
        place=unit.name,
        place_local=unit.name_local or None,
        place_id=unit.id,
        place_source=unit.source,
        precision=_precision(unit),
        radius_km=max(unit.extent_km, unit.accuracy_km),
        nominal=True,
        position=unit.position,
        district=None if unit.kind == "region" else unit.name,
        lat=unit.lat,
        lon=unit.lon,
    )
    return replace(report, summary=summary_of(report, gazetteer.region_of(unit), gazetteer.parties))


def _iso(value: Any) -> Any:
    if hasattr(value, "hour"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def _merged(
    events: pa.Table, fine: pa.Array, made: list[Report], shapes: list[bytes | None], known: list[int]
) -> pa.Table:
    """Return the table with the reports made wider in the place of their rows, without the rows that none is left of."""
    columns = [[getattr(report, name) for report in made] for name in COLUMNS]
    untouched = events.filter(pc.invert(fine)).cast(EVENTS)
    rows = pa.concat_tables([untouched, arrow([*columns, shapes], EVENTS) if made else EVENTS.empty_table()])
    flags = fine.to_pylist()
    found, plain, wide = [], 0, 0
    place_of = {number: untouched.num_rows + at for at, number in enumerate(known)}
    for flag in flags:
        if not flag:
            found.append(plain)
            plain += 1
        else:
            if wide in place_of:
                found.append(place_of[wide])
            wide += 1
    return rows.take(pa.array(found, pa.int64()))
