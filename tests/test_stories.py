"""Reports of one event in several digests become one story, whoever tells it and in whatever order."""

import csv
from dataclasses import replace
from random import Random

import pytest
from reports import make_gazetteer, make_readings, make_reports

from geo.dataset.stories import NOTHING_RULED, Ruled, stories_table, story_ids, with_stories
from geo.dataset.tables import events_arrow
from geo.kinds import kinds
from geo.model import Quote

SWAPPED = {"russia": "ukraine", "ukraine": "russia"}
BASE = replace(
    make_reports(1)[0],
    precision="settlement",
    radius_km=5.0,
    bearing=None,
    distance_km=None,
    running_total=False,
    place_id="donetsk.vuhledar",
    place="Vuhledar",
    lat=47.78,
    lon=37.25,
    kind="air_strike",
    action=None,
    means=None,
    outcome=None,
    actor=None,
    actor_side=None,
    claimant=None,
    claimant_id=None,
    claimant_side="none",
    via=(),
    status="reported",
    killed_min=None,
    killed_max=None,
    injured_min=None,
    injured_max=None,
    more_quotes=(),
    date="2024-11-05",
    date_end="2024-11-05",
    date_precision="day",
)


def told(digest, **said):
    """One report of a digest; what is not said is as in ``BASE``."""
    if "date" in said:
        said.setdefault("date_end", said["date"])
    report = replace(BASE, digest=digest, outlet=f"Outlet {digest}", quote=f"Said in {digest}.", **said)
    return replace(report, id=f"{digest}.{report.place_id}.{report.kind}.{report.date}{said.get('outcome') or ''}")


def stories(*reports, ruled=NOTHING_RULED):
    """The digests of each story."""
    events = events_arrow(reports, None)
    found = {}
    for digest, story in zip(events["digest"].to_pylist(), story_ids(events, ruled).to_pylist(), strict=True):
        found.setdefault(story, []).append(digest)
    return sorted(map(sorted, found.values()))


def rows(*reports):
    """The table of stories, as dictionaries."""
    return stories_table(with_stories(events_arrow(reports, None))).to_pylist()


TOGETHER = {
    "the same in other words": ({}, {"means": "drone"}),
    "an explosion is heard where another text tells of a drone": ({"means": "drone"}, {"kind": "explosion"}),
    "the dead of a strike": ({"kind": "casualties", "killed_min": 2, "killed_max": 2}, {"kind": "shelling"}),
    "a toll that rises": ({"killed_min": 2, "killed_max": 2}, {"killed_min": 4, "killed_max": 4}),
    "news of the day before": ({}, {"date": "2024-11-06", "date_precision": "by"}),
    "an evening and its night": ({}, {"date_end": "2024-11-06", "date_precision": "range"}),
    "near it": ({}, {"precision": "near", "radius_km": 10.0}),
    "bombs are dropped from aircraft": ({"means": "aircraft"}, {"means": "glide_bomb"}),
    "claim and denial": (
        {"kind": "capture", "claimant_side": "russia", "claimant": "A"},
        {"kind": "capture", "claimant_side": "ukraine", "claimant": "B", "status": "disputed"},
    ),
}
APART = {
    "another place": ({}, {"place_id": "donetsk.pavlivka", "lat": 47.79, "lon": 37.26}),
    "another kind": ({}, {"kind": "ground_fighting"}),
    "another day": ({}, {"date": "2024-11-06"}),
    "the next night": (
        {"date_end": "2024-11-06", "date_precision": "range"},
        {"date": "2024-11-06", "date_end": "2024-11-07", "date_precision": "range"},
    ),
    "two digests of two days that give none": (
        {"date_precision": "by"},
        {"date": "2024-11-06", "date_precision": "by"},
    ),
    "another weapon": ({"means": "drone"}, {"means": "missile"}),
    "the other party": ({"actor_side": "russia"}, {"actor_side": "ukraine"}),
    "taken and entered": ({"kind": "capture", "action": "seized"}, {"kind": "capture", "action": "entered"}),
    "another toll": ({"killed_min": 1, "killed_max": 1}, {"killed_min": 30, "killed_max": 30}),
    "other sides of a place": ({"bearing": "N", "precision": "near"}, {"bearing": "S", "precision": "near"}),
    "an oblast on the day before": (
        {"precision": "region", "place_id": "donetsk"},
        {"precision": "region", "place_id": "donetsk", "date": "2024-11-06", "date_precision": "by"},
    ),
    "a total that stands": ({"running_total": True}, {}),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_one_event(case):
    """Two digests that may tell one event are one story."""
    one, other = TOGETHER[case]
    assert stories(told("a", **one), told("b", **other)) == [["a", "b"]]


@pytest.mark.parametrize("case", APART)
def test_two_events(case):
    """What cannot be one event is two stories."""
    one, other = APART[case]
    assert stories(told("a", **one), told("b", **other)) == [["a"], ["b"]]


def test_a_site_belongs_to_the_settlement_around_it():
    """A strike on a plant is the strike on its town, but not on a town whose radius does not reach it."""
    plant = {"place_id": "donetsk.plant", "precision": "site", "lat": 47.80, "lon": 37.27, "radius_km": 0.5}

    assert stories(told("a"), told("b", **plant)) == [["a", "b"]]
    assert stories(told("a", radius_km=1.0), told("b", **plant)) == [["a"], ["b"]]


def test_one_digest_tells_an_event_once():
    """Two reports of one digest are two events; the other digest's goes to the one that it is like."""
    first = told("a", killed_min=2, killed_max=2, means="drone")
    second = replace(told("a", killed_min=4, killed_max=4), id="a.second")
    like = told("b", killed_min=4, killed_max=4)

    events = events_arrow([first, second, like], None)
    ids = dict(zip(events["id"].to_pylist(), story_ids(events).to_pylist(), strict=True))
    assert ids == {first.id: first.id, second.id: second.id, like.id: second.id}


def test_stories_do_not_drift():
    """Each day is told with the next one's night; the story does not walk through the week."""
    walk = [
        told(f"d{day}", date=f"2024-11-{day:02}", date_end=f"2024-11-{day + 1:02}", date_precision="range")
        for day in range(1, 9)
    ]
    plain_days = [told(f"e{day}", date=f"2024-11-{day:02}") for day in range(1, 9)]

    for story in rows(*walk, *plain_days):
        members = [report for report in (*walk, *plain_days) if report.id in story["reports"]]
        days = {day for report in members for day in (report.date, report.date_end)}
        assert len(days) <= 2


def test_the_order_of_the_reports_does_not_count_and_neither_do_the_sides():
    """Any order, and both sides exchanged, give the same stories."""
    reports = make_reports(600)
    expected = rows(*reports)
    shuffled = Random(5).sample(reports, len(reports))
    assert rows(*shuffled) == expected

    def swap(value):
        side, dot, rest = (value or "").partition(".")
        return value and SWAPPED.get(side, side) + dot + rest

    mirrored = [
        replace(
            report,
            actor_side=swap(report.actor_side),
            claimant_side=swap(report.claimant_side),
            claimant_id=swap(report.claimant_id),
            more_quotes=tuple(replace(q, claimant_side=swap(q.claimant_side)) for q in report.more_quotes),
        )
        for report in reports
    ]
    keys = ("story", "reports", "date", "date_end", "digests", "contested")
    assert [[row[k] for k in keys] for row in rows(*mirrored)] == [[row[k] for k in keys] for row in expected]
    swapped = [
        {(SWAPPED.get(f["side"], f["side"]), f["stance"], f["report"]) for f in row["firsts"]} for row in expected
    ]
    assert [{(f["side"], f["stance"], f["report"]) for f in row["firsts"]} for row in rows(*mirrored)] == swapped


def test_origins_are_sources_and_not_outlets():
    """Three outlets that name the ministry have one source; one that names none adds none, unless nobody names any."""
    ministry = {"claimant": "the ministry", "claimant_id": "russia.defence_ministry", "claimant_side": "russia"}
    named = [told(digest, **ministry) for digest in "abc"]

    assert [story["origins"] for story in rows(*named, told("d"))] == [["russia.defence_ministry"]]
    assert [story["origins"] for story in rows(*named, told("e", via=("Reuters",)))] == [
        ["Reuters", "russia.defence_ministry"]
    ]
    assert [story["origins"] for story in rows(told("d"), told("e"))] == [["Outlet d", "Outlet e"]]
    copied = replace(told("f", claimant="an official", claimant_id="russia.officials"), quote="said  in A.")
    assert [story["origins"] for story in rows(*named, copied)] == [["russia.defence_ministry"]]


def test_firsts_say_when_each_side_claimed_acknowledged_and_denied():
    """The first of each, with the report that holds it; whoever tells of their own loss acknowledges it."""
    kind = {"kind": "capture", "action": "seized", "actor_side": "russia"}
    denial = Quote("No.", 0, 3, "the General Staff", "ukraine", "denies")
    claim = told("a", published="2024-11-05", claimant="X", claimant_side="russia", more_quotes=(denial,), **kind)
    again = told("b", published="2024-11-06", claimant="Y", claimant_side="russia", **kind)
    admits = told("c", published="2024-11-07", claimant="Z", claimant_side="ukraine", **kind)

    (story,) = rows(again, admits, claim)
    assert story["story"] == claim.id
    assert [(f["side"], f["stance"], f["claimant"], f["said"].isoformat()) for f in story["firsts"]] == [
        ("russia", "claimed", "X", "2024-11-05"),
        ("ukraine", "acknowledged", "Z", "2024-11-07"),
        ("ukraine", "denied", "the General Staff", "2024-11-05"),
    ]
    assert story["contested"]


def test_the_days_of_a_story_are_those_that_its_reports_share():
    """What gives no day does not move a day that another report gives."""
    (story,) = rows(told("a"), told("b", date="2024-11-06", date_precision="by"))

    assert (story["date"].isoformat(), story["date_end"].isoformat()) == ("2024-11-05", "2024-11-05")


def test_kinds_are_told_as_each_other_both_ways():
    """What may be told as another kind, may be told the other way round."""
    assert all(key in kinds()[other].told_as for key, kind in kinds().items() for other in kind.told_as)


def test_an_export_of_stories_holds_each_once_however_the_rows_are_grouped(frontline, tmp_path, monkeypatch):
    """`export --stories` gives the first report of each story, also where the others stand in later row groups."""
    from geo.dataset import store

    monkeypatch.setattr("geo.dataset.commit.ROW_GROUP", 50)
    data = tmp_path / "data"
    store.save_dataset(data, make_readings(900), gazetteer=make_gazetteer(tmp_path / "g"))
    events = store.load_dataset(data).events
    told_again = events["story"].duplicated()
    assert told_again.any()

    frontline("export", "--to", "csv", "--data", str(data), "--out", str(tmp_path / "x.csv"), "--stories")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sorted(row["id"] for row in csv.DictReader(file)) == sorted(events["id"][~told_again])


# --- what people ruled about pairs -----------------------------------------------------------------------------------

FAR = {"place_id": "sumy.sumy", "place": "Sumy", "lat": 50.9, "lon": 34.8, "date": "2024-12-20"}


def one_event(*reports):
    return dict.fromkeys((report.id for report in reports), reports[0].id)


@pytest.mark.parametrize("far", [FAR, {**FAR, "running_total": True}, {**FAR, "date": "2024-10-01"}])
def test_reports_that_are_ruled_one_event_are_one_story(far):
    """However far apart they are; a report that agrees with one of them still joins, one that agrees with none does not."""
    a, b, c, d = told("a"), told("b", **far), told("c"), told("d", means="drone", place_id="kherson.kherson")

    assert stories(a, b, c, d) == [["a", "c"], ["b"], ["d"]]
    assert stories(a, b, c, d, ruled=Ruled(one_event(a, b))) == [["a", "b", "c"], ["d"]]


def test_reports_that_are_ruled_apart_are_two_stories():
    """Whatever they have in common; a third one joins the earlier of the two."""
    a, b, c = told("a"), told("b"), told("c")
    apart = Ruled(apart={a.id: {b.id}, b.id: {a.id}})

    assert stories(a, b, c) == [["a", "b", "c"]]
    assert stories(a, b, c, ruled=apart) == [["a", "c"], ["b"]]


def test_what_is_apart_from_one_is_apart_from_all_that_are_ruled_one_with_it():
    """Also from those that come later: else two rulings would contradict each other."""
    a, b, c = told("a"), told("b"), told("c", **FAR)
    ruled = Ruled(one_event(a, c), {a.id: {b.id}, b.id: {a.id}})

    assert stories(a, b, c, ruled=ruled) == [["a", "c"], ["b"]]


def test_rulings_on_pairs_do_not_go_by_the_order_of_the_reports():
    """Ten reports of one day and place, of which people ruled about some pairs."""
    reports = [told(f"d{n}", means=("drone", "missile", None)[n % 3]) for n in range(10)]
    ruled = Ruled(
        one_event(reports[0], reports[1], reports[7]), {reports[0].id: {reports[3].id}, reports[3].id: {reports[0].id}}
    )
    random, expected = Random(7), stories(*reports, ruled=ruled)
    for _ in range(20):
        random.shuffle(reports)
        assert stories(*reports, ruled=ruled) == expected
