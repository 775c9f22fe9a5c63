"""Stories: the reports of one event in several digests, told as one.

Reports are taken in the order of their day and id. Each joins the story that it is most like among those whose every
report it agrees with, or begins one of its own; so a story cannot drift from place to place or from day to day. Two
reports agree unless a rule of ``DIFFERENCES`` holds. No rule knows a side: a story holds claim and denial of both, and
swapping the sides changes no story.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

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


def story_ids(events: pa.Table) -> pa.Array:
    """Return for each report of a table (columns of `geo.dataset.tables.EVENTS`, any order) the id of its story.

    The id is that of the story's earliest report (by date, then id); most reports are a story of their own.
    """
    reports = [*told(events)]
    ids: list[str] = [""] * len(reports)
    for story in _stories(reports):
        for report in story:
            ids[report.row] = story[0].id
    return pa.array(ids, _TEXT)


def with_stories(events: pa.Table) -> pa.Table:
    """Return a table of reports with its column ``story`` filled."""
    return events.set_column(events.column_names.index("story"), "story", story_ids(events))


def _stories(reports: Iterable[Told]) -> Iterator[list[Told]]:
    """Yield the reports of each story, earliest first."""
    ordered = sorted(reports, key=lambda report: (report.days[0], report.id))
    together = _neighbours(ordered)
    recent: dict[str, list[list[Told]]] = defaultdict(list)  # by place: stories that may still go on
    for report in ordered:
        if report.running_total:
            yield [report]
            continue
        places = (report.place_id, *together.get(report.place_id, ()))
        for place in places:
            over = [story for story in recent[place] if max(r.days[1] for r in story) < report.days[0] - NEWS_DAYS]
            if over:
                yield from over
                recent[place] = [story for story in recent[place] if story not in over]
        story = _joined(report, [story for place in places for story in recent[place]])
        if story:
            story.append(report)
        else:
            recent[report.place_id].append([report])
    for stories in recent.values():
        yield from stories


def _joined(report: Told, stories: Sequence[list[Told]]) -> list[Told] | None:
    """Return the story that a report is most like, the earliest of several; no digest tells a story twice."""
    fitting = [story for story in stories if all(agree(report, other) for other in story)]
    return max(fitting, key=lambda story: max(likeness(report, other) for other in story), default=None)


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
