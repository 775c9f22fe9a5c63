"""Stories: the reports of one event in several digests, told as one.

Reports are taken in the order of their day and id. Each joins the story that it is most like among those whose every
report it agrees with, or begins one of its own; so a story cannot drift from place to place or from day to day. Two
reports agree unless a rule of ``DIFFERENCES`` holds. No rule knows a side: a story holds claim and denial of both, and
swapping the sides changes no story. What people ruled about pairs of reports goes before all rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

import pyarrow as pa
import shapely

from geo.dataset.same_event import NEWS_DAYS, Told, agree, likeness, told

_TEXT, _WHOLE, _DAY, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.bool_()
FIRST = pa.struct([("side", _TEXT), ("stance", _TEXT), ("said", _DAY), ("claimant", _TEXT), ("report", _TEXT)])
STORIES = pa.schema(
    [
        *((name, _TEXT) for name in ("story", "kind", "action", "place_id", "place")),
        *((name, _DAY) for name in ("date", "date_end")),
        ("reports", pa.list_(_TEXT)),
        ("digests", _WHOLE),
        ("origins", pa.list_(_TEXT)),
        ("firsts", pa.list_(FIRST)),
        ("contested", _FLAG),
    ]
)
STANCES = ("reported", "claimed", "acknowledged", "denied")

_SITE_REACH_DEGREES = 0.35  # a site farther than this from a settlement's middle is not in the settlement
_NO_PARTY = (None, "none", "third")
_STORY_COLUMNS = (
    *("story", "id", "digest", "outlet", "published", "kind", "action", "place_id", "place", "date", "date_end"),
    *("date_precision", "actor_side", "claimant", "claimant_id", "claimant_side", "via", "status", "quote"),
    "more_quotes",
)


# --- from reports to stories -----------------------------------------------------------------------------------------


class Ruled(NamedTuple):
    """What people ruled about reports of different digests."""

    unit: Mapping[str, str] = {}  # by report: the one that stands for all that tell of its event
    apart: Mapping[str, Set[str]] = {}  # by what stands for reports: what tells of other events

    def of(self, report: Told) -> str:
        """Return what stands for a report: itself, if nothing was ruled."""
        return self.unit.get(report.id, report.id)


NOTHING_RULED = Ruled()


def story_ids(events: pa.Table, ruled: Ruled = NOTHING_RULED) -> pa.Array:
    """Return for each report of a table (columns of `geo.dataset.tables.EVENTS`, any order) the id of its story.

    The id is that of the story's earliest report (by date, then id); most reports are a story of their own.
    """
    reports = [*told(events)]
    ids: list[str] = [""] * len(reports)
    for story in _stories(reports, ruled):
        for report in story:
            ids[report.row] = story[0].id
    return pa.array(ids, _TEXT)


def with_stories(events: pa.Table, ruled: Ruled = NOTHING_RULED) -> pa.Table:
    """Return a table of reports with its column ``story`` filled."""
    return events.set_column(events.column_names.index("story"), "story", story_ids(events, ruled))


def with_stories_left(events: pa.Table) -> pa.Table:
    """Return some reports of a table with its stories as they are, each under the id of its earliest one left."""
    stories, ids = (events[name].to_pylist() for name in ("story", "id"))
    days = events["date"].cast(pa.int32()).to_pylist()
    first: dict[str, tuple[int, str]] = {}
    for story, known in zip(stories, zip(days, ids, strict=True), strict=True):
        first[story] = min(known, first.get(story, known))
    named = pa.array([first[story][1] for story in stories], _TEXT)
    return events.set_column(events.column_names.index("story"), "story", named)


def _stories(reports: Iterable[Told], ruled: Ruled) -> Iterable[list[Told]]:
    """Return the reports of each story, earliest first."""
    ordered = sorted(reports, key=lambda report: (report.days[0], report.id))
    together = _neighbours(ordered)
    stories: list[list[Told]] = []
    recent: dict[str, list[list[Told]]] = defaultdict(list)  # by place: stories that may still go on
    begun: dict[str, list[Told]] = {}  # by what stands for reports of one event, as people ruled: their story
    for report in ordered:
        unit = ruled.unit.get(report.id)
        places = () if report.running_total else (report.place_id, *together.get(report.place_id, ()))
        for place in places:
            recent[place] = [s for s in recent[place] if max(r.days[1] for r in s) >= report.days[0] - NEWS_DAYS]
        story = begun.get(unit) if unit else None
        if story is None:
            story = _joined(report, [story for place in places for story in recent[place]], ruled)
        if story is None:
            story = []
            stories.append(story)
        if places and all(story is not other for place in places for other in recent[place]):
            recent[report.place_id].append(story)
        story.append(report)
        if unit:
            begun[unit] = story
    return stories


def _joined(report: Told, stories: Sequence[list[Told]], ruled: Ruled) -> list[Told] | None:
    """Return the story that a report is most like, the earliest of several; no digest tells a story twice."""
    fitting = [story for story in stories if _fits(report, story, ruled)]
    return max(fitting, key=lambda story: max(likeness(report, other) for other in story), default=None)


def _fits(report: Told, story: Sequence[Told], ruled: Ruled) -> bool:
    """Whether a report agrees with all of a story, and with one at least of those that people ruled to be one event."""
    if not ruled.unit and not ruled.apart:
        return all(agree(report, other) for other in story)
    apart = ruled.apart.get(ruled.of(report), ())
    agreed: dict[str, bool] = defaultdict(bool)
    for other in story:
        agreed[ruled.of(other)] |= agree(report, other)
    return all(agreed.values()) and not any(unit in apart for unit in agreed)


def _neighbours(reports: Iterable[Told]) -> dict[str, list[str]]:
    """Return for each site the settlements close by, and for each settlement its sites."""
    spots = {r.place_id: (r.lon, r.lat, r.precision) for r in reports if r.lat is not None and r.precision != "near"}
    sites = sorted(place for place, spot in spots.items() if spot[2] == "site")
    others = sorted(place for place, spot in spots.items() if spot[2] == "settlement")
    if not sites or not others:
        return {}
    tree = shapely.STRtree(shapely.points([spots[place][:2] for place in others]))
    found = tree.query(shapely.points([spots[place][:2] for place in sites]), "dwithin", _SITE_REACH_DEGREES)
    together: dict[str, list[str]] = defaultdict(list)
    for site, other in found.T.tolist():
        together[sites[site]].append(others[other])
        together[others[other]].append(sites[site])
    return together


# --- what a story tells ----------------------------------------------------------------------------------------------


def stories_table(events: pa.Table) -> pa.Table:
    """Return the stories (``STORIES``) of a table of reports whose column ``story`` is filled, by place, day and id.

    ``origins`` are the independent sources, not the outlets that repeat them. ``firsts`` says for each side when it
    first claimed, acknowledged or denied it, and in which report; ``reported`` names no source. ``contested``: somebody
    denies it.
    """
    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for report in events.select(_STORY_COLUMNS).to_pylist():
        members[report["story"]].append(report)
    rows = [_story_row(sorted(reports, key=lambda r: (r["date"], r["id"]))) for reports in members.values()]
    rows.sort(key=lambda row: (row["place_id"], row["date"], row["story"]))  # those of a place are read together
    return pa.Table.from_pylist(rows, STORIES)


def _story_row(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one story; its days are those that all its reports allow which give any."""
    dated = [r for r in reports if r["date_precision"] != "by"] or [reports[0]]
    since, until = max(r["date"] for r in dated), min(r["date_end"] for r in dated)
    firsts = _firsts(reports)
    return {
        **{name: reports[0][name] for name in ("story", "kind", "place_id", "place")},
        "action": next((r["action"] for r in reports if r["action"]), None),
        "date": min(since, until),
        "date_end": max(since, until),
        "reports": [r["id"] for r in reports],
        "digests": len({r["digest"] for r in reports}),
        "origins": _origins(reports),
        "firsts": firsts,
        "contested": any(first["stance"] == "denied" for first in firsts),
    }


def _origins(reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return who is behind the reports: the sources that they name, or else the outlets that name none.

    What is copied word for word has the source of what it was copied from.
    """
    named: dict[str, str] = {}
    unnamed: set[str] = set()
    for report in reports:
        words = " ".join(report["quote"].split()).casefold()
        if source := report["claimant_id"] or next(iter(report["via"] or ()), None):
            named.setdefault(words, source)
        else:
            unnamed.add(report["outlet"] or report["digest"])
    return sorted(set(named.values()) or unnamed)


def _firsts(reports: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return for each side and stance the first that was published, in the order of ``STANCES`` and sides."""
    said = [first for report in reports for first in _stances(report)]
    said.sort(key=lambda first: (first["said"], first["report"]))
    earliest: dict[tuple[int, str], dict[str, Any]] = {}
    for first in said:
        earliest.setdefault((STANCES.index(first["stance"]), first["side"]), first)
    return [earliest[key] for key in sorted(earliest)]


def _stances(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield who says what of the event in one report; a side that tells of its own loss acknowledges it."""
    quotes = report["more_quotes"] or ()
    seen = {"said": report["published"] or report["date_end"], "report": report["id"]}
    others_acknowledge = any(quote["stance"] == "acknowledges" for quote in quotes)
    acknowledged = _tells_own_loss(report) or (report["status"] == "acknowledged" and not others_acknowledge)
    stance = "acknowledged" if acknowledged else "claimed" if report["claimant"] else "reported"
    yield {"side": report["claimant_side"], "stance": stance, "claimant": report["claimant"], **seen}
    for quote in quotes:
        stance = {"acknowledges": "acknowledged", "denies": "denied"}.get(quote["stance"], "claimed")
        yield {"side": quote["claimant_side"], "stance": stance, "claimant": quote["claimant"], **seen}


def _tells_own_loss(report: Mapping[str, Any]) -> bool:
    actor, claimant = report["actor_side"], report["claimant_side"]
    if actor in _NO_PARTY or claimant in _NO_PARTY:
        return False
    own: dict[str, bool] = {"withdrawal": actor == claimant, "capture": actor != claimant}
    return own.get(report["kind"], False)
