"""What may be given out to everybody: reports old enough, and of some kinds no finer place than a district or oblast.

The rules stand in ``gazetteer/theatre.toml`` under ``[publication]`` and are the same for every party. They are applied
when somebody asks for it (``--public``); local work is not affected.

A report whose place is made wider keeps what says nothing of the finer one: the digest, its day and outlet, kind,
sides, status, numbers. Its words go, and with them all that was read from them or leads to them: quotes and offsets,
mention, names of claimants and actors, direction and axis, link, the trace in ``why``. Id and summary are made anew.
Other reports of the same sentence lose that sentence, and those of its story stand alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.provenance import decoded
from geo.dataset.tables import EVENTS
from geo.kinds import kinds
from geo.model import PRECISIONS, Place, Report
from geo.reading.reports import summary_of
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import Outline, outline
from geo.reference.publication import Rules

KEPT = (  # of a report whose place is made wider
    *("digest", "outlet", "language", "published", "sample", "digest_sha256", "text_sha256"),
    *("date", "date_end", "date_precision", "date_basis", "event_ts"),
    *("kind", "action", "means", "actor_side", "claimant_id", "claimant_side", "status", "outcome"),
    *("killed_min", "killed_max", "injured_min", "injured_max", "running_total", "region"),
)
BLANK: dict[str, Any] = {  # what no report may lack
    "quote": "",
    "quote_start": 0,
    "quote_end": 0,
    "mention": "",
    "mention_start": 0,
    "mention_end": 0,
    "more_quotes": [],
    "via": [],
    "why": "withheld for publication",
}

_SILENT = {name: value for name, value in BLANK.items() if name not in ("via", "more_quotes")}  # if its sentence goes
SPOKEN = ("digest", "kind", "precision", "quote_start", "more_quotes", "story")  # what ``telling`` looks at

Array = np.ndarray[Any, Any]


class Telling(NamedTuple):
    """What tells of places that are finer than may be given out."""

    sentences: frozenset[tuple[str, int]] = frozenset()  # digest and offset
    stories: frozenset[str] = frozenset()  # ids, which name a place


@dataclass(frozen=True, slots=True)
class Effect:
    """What the rules did; batches add up."""

    too_young: int = 0
    wider: int = 0
    unplaced: int = 0  # withheld, since no wider place is known
    silenced: int = 0  # reports of other kinds whose sentence tells of such a place, too
    outlines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # sources of wider places' shapes, by id

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            self.too_young + other.too_young,
            self.wider + other.wider,
            self.unplaced + other.unplaced,
            self.silenced + other.silenced,
            {**self.outlines, **other.outlines},
        )


def as_dict(rules: Rules, on: date, effect: Effect) -> dict[str, Any]:
    """Return what a file or page says of the rules: their ``words``, then each number."""
    return {
        "words": _words(rules, on, effect),
        "on": on.isoformat(),
        "minimum_age_days": rules.minimum_age_days,
        "finest": dict(rules.finest),
        "too_young": effect.too_young,
        "made_wider": effect.wider,
        "without_wider_place": effect.unplaced,
        "quotes_withheld": effect.silenced,
    }


def _words(rules: Rules, on: date, effect: Effect) -> str:
    age = f"events of {rules.minimum_age_days} days ago or earlier, up to {last_day(rules, on).isoformat()}"
    said = [f"{age} ({effect.too_young} later ones withheld)"]
    limits = [f"{kinds()[kind].label.lower()} no finer than {precision}" for kind, precision in rules.finest.items()]
    said += [f"{', '.join(limits)} ({effect.wider} made wider)"] if limits else []
    said += [f"{effect.unplaced} withheld, since no wider place of theirs is known"] if effect.unplaced else []
    said += [f"quotes withheld that tell of such a place, too: {effect.silenced}"] if effect.silenced else []
    return f"By the rules of publication: {'; '.join(said)}"


def last_day(rules: Rules, on: date) -> date:
    """Return the last day of which events are given out on a day."""
    return on - timedelta(days=rules.minimum_age_days)


def publisher(
    rules: Rules, gazetteer: Gazetteer, on: date, told: Telling
) -> Callable[[pa.Table], tuple[pa.Table, Effect]]:
    """Return the function that makes a table of reports (in order, or batches of one) what may be given out on a day.

    An event counts by its last day: one of which the text tells no day, by that of the digest. ``told`` is
    ``telling`` of all reports.
    """
    ids: Counter[str] = Counter()  # that were given in one pass through the reports
    units: dict[tuple[str, str], Place | None] = {}
    last = pa.scalar(last_day(rules, on), pa.date32())
    digests = pa.array(sorted({digest for digest, _ in told.sentences}), pa.string())

    stories = pa.array(sorted(told.stories), pa.string())

    def unit_of(row: Mapping[str, Any]) -> Place | None:
        where = (row["place_id"], rules.finest[row["kind"]])
        if where not in units:
            units[where] = wider_place(*where, gazetteer)
        return units[where]

    def published(events: pa.Table) -> tuple[pa.Table, Effect]:
        kept = events.filter(pc.less_equal(events["date_end"], last))
        effect = Effect(too_young=events.num_rows - kept.num_rows)
        fine = too_fine(kept, rules)
        kept = _alone(kept, stories)
        touched = fine | pc.is_in(decoded(kept["digest"]), digests).to_numpy(zero_copy_only=False)
        if not touched.any():
            return kept, effect
        made: list[dict[str, Any] | None] = []
        for row, is_fine in zip(kept.filter(pa.array(touched)).to_pylist(), fine[touched], strict=True):
            if not is_fine:
                made.append(_silenced(row, told.sentences))
                effect += Effect(silenced=int(made[-1] is not row))
            elif unit := unit_of(row):
                shape = outline(unit.id, _precision(unit), None, None, gazetteer)
                made.append(_widened(row, unit, shape, gazetteer, ids))
                effect += Effect(wider=1, outlines={unit.id: shape.sources} if shape else {})
            else:
                made.append(None)
                effect += Effect(unplaced=1)
        return _merged(kept.cast(EVENTS), touched, made), effect

    return published


def telling(batches: Iterable[pa.Table], rules: Rules) -> Telling:
    """Return what tells of places that are finer than may be given out, of all reports (the columns ``SPOKEN``)."""
    spoken: set[tuple[str, int]] = set()
    stories: set[str] = set()
    for events in batches:
        for row in events.filter(pa.array(too_fine(events, rules))).select(SPOKEN).to_pylist():
            starts = [row["quote_start"], *(quote["start"] for quote in row["more_quotes"])]
            spoken.update((row["digest"], start) for start in starts)
            stories.add(row["story"])
    return Telling(frozenset(spoken), frozenset(stories - {None}))


def too_fine(events: pa.Table, rules: Rules) -> Array:
    """Return for each row whether its place is finer than its kind may have."""
    found = np.zeros(events.num_rows, dtype=bool)
    kind, precision = decoded(events["kind"]), decoded(events["precision"])
    for limited, finest in rules.finest.items():
        finer = pc.is_in(precision, pa.array(PRECISIONS[: PRECISIONS.index(finest)]))
        found |= pc.and_(pc.equal(kind, limited), finer).to_numpy(zero_copy_only=False)
    return found


def wider_place(place_id: str, precision: str, gazetteer: Gazetteer) -> Place | None:
    """Return the unit that stands for a place: its raion or else its oblast, as the precision asks; None: not known."""
    place = gazetteer.get(place_id)
    if place is None:
        return None
    raion = gazetteer.get(place.raion) if place.raion and precision == "district" else None
    return raion or gazetteer.region_of(place)


def _precision(unit: Place) -> str:
    return "region" if unit.kind == "region" else "district"


def _widened(
    row: Mapping[str, Any], unit: Place, shape: Outline | None, gazetteer: Gazetteer, ids: Counter[str]
) -> dict[str, Any]:
    """Return a report at a wider place; what is not named here does not go out."""
    new = (
        f"{row['digest']}.{unit.id}.{row['kind']}.{row['date'].isoformat()}-public"  # unlike any id that a build gives
    )
    ids[new] += 1
    new_id = new if ids[new] == 1 else f"{new}-{ids[new]}"
    made = {
        **dict.fromkeys(EVENTS.names),
        **{name: row[name] for name in KEPT},
        **BLANK,
        "id": new_id,
        "story": new_id,
        "place": unit.name,
        "place_local": unit.name_local or None,
        "place_id": unit.id,
        "place_source": unit.source,
        "precision": _precision(unit),
        "radius_km": max(unit.extent_km, unit.accuracy_km),
        "nominal": True,
        "position": unit.position,
        "district": None if unit.kind == "region" else unit.name,
        "lat": unit.lat,
        "lon": unit.lon,
        "geometry": shape.geometry.wkb if shape else None,
    }
    days = {name: made[name].isoformat() for name in ("date", "date_end")}
    report: Any = Report(**{f.name: made[f.name] for f in fields(Report)} | days)
    return {**made, "summary": summary_of(report, gazetteer.region_of(unit), gazetteer.parties)}


def _alone(events: pa.Table, stories: pa.Array) -> pa.Table:
    """Return the reports with those of some stories each a story of its own."""
    story = decoded(events["story"])
    own = pc.if_else(pc.is_in(story, stories), decoded(events["id"]), story)
    return events.set_column(events.column_names.index("story"), "story", own)


def _silenced(row: dict[str, Any], telling: frozenset[tuple[str, int]]) -> dict[str, Any]:
    """Return a report without the sentences that tell of a place which is not given out."""
    left = [quote for quote in row["more_quotes"] if (row["digest"], quote["start"]) not in telling]
    silent = _SILENT if (row["digest"], row["quote_start"]) in telling else {}
    return {**row, **silent, "more_quotes": left} if silent or len(left) < len(row["more_quotes"]) else row


def _merged(events: pa.Table, fine: Array, made: list[dict[str, Any] | None]) -> pa.Table:
    """Return the table with the reports made wider in the place of their rows; of some none is left."""
    wider = pa.Table.from_pylist([row for row in made if row], schema=EVENTS)
    row_of = np.arange(events.num_rows)
    row_of[fine] = np.where([row is None for row in made], -1, 0)
    row_of[fine & (row_of == 0)] = events.num_rows + np.arange(wider.num_rows)
    return pa.concat_tables([events, wider]).take(pa.array(row_of[row_of >= 0]))
