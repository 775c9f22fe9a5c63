"""Windows of time and filters: vectorised, and the same as asking each report in turn."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from geopandas import GeoDataFrame
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st
from reports import FIRST_DAY, make_readings, make_reports

from geo.dataset.store import events_table
from geo.dataset.tables import digest_row, digests_arrow, frame
from geo.dataset.timeline import Filter, between, coverage, daily_counts, matches, select, window
from geo.errors import WrongUse
from geo.model import COARSE, Quote, Report
from geo.reference.names import key

REPORTS = sorted(make_reports(500, seed=4), key=lambda r: (r.date, r.digest, r.quote_start, r.id))
DAYS = st.dates(FIRST_DAY - timedelta(days=5), FIRST_DAY + timedelta(days=45))
ENDS = st.one_of(st.none(), DAYS)


@pytest.fixture(scope="module")
def events() -> GeoDataFrame:
    """The reports as a table."""
    return events_table(REPORTS)


def ids(events: GeoDataFrame) -> list[str]:
    """Return the ids of the rows in their order."""
    return events["id"].tolist()


# --- time ------------------------------------------------------------------------------------------------------------


@given(DAYS, st.integers(1, 40))
def test_a_window_holds_the_days_that_end_on_its_day(events: GeoDataFrame, day: date, days: int) -> None:
    """A report is in if one of its days is; both ends belong to the window; the oldest comes first."""
    first = (day - timedelta(days=days - 1)).isoformat()

    shown = window(events, day, days)

    assert ids(shown) == [r.id for r in REPORTS if r.date <= day.isoformat() and r.date_end >= first]
    assert shown["date"].is_monotonic_increasing


def test_a_window_of_an_unsorted_table_is_sorted_by_date(events: GeoDataFrame) -> None:
    """Oldest first, whatever the order of the table; reports of one day stay in their order."""
    turned = events.iloc[::-1]

    shown = window(turned, date(2024, 11, 20), 7)

    expected = window(events, date(2024, 11, 20), 7).iloc[::-1].sort_values("date", kind="stable")
    assert ids(shown) == ids(expected)


def test_a_window_of_one_day_is_that_day(events: GeoDataFrame) -> None:
    """days=1 is the day alone, with the ranges that reach into it; less than a day is refused."""
    day = date(2024, 11, 7)

    shown = window(events, day, days=1)

    assert set(shown["date"].dt.date) <= {day, day - timedelta(days=1)}
    assert "2024-11-06" in set(shown["date"].dt.date.map(date.isoformat))
    for days in (0, -1):
        with pytest.raises(ValueError, match="at least one day"):
            window(events, day, days)


@given(ENDS, ENDS, st.sampled_from(["event", "published"]))
def test_between_is_what_each_report_says(
    events: GeoDataFrame, since: date | None, until: date | None, by: str
) -> None:
    """Open ends hold everything on their side; by publication, a report without that date is only in the whole."""
    if since and until and since > until:
        with pytest.raises(WrongUse, match="first day is after the last"):
            between(events, since, until, by)
        return

    def inside(report: Report) -> bool:
        first, last = (report.date, report.date_end) if by == "event" else (report.published, report.published)
        if since is None and until is None:
            return True
        if first is None or last is None:
            return False
        return (since is None or last >= since.isoformat()) and (until is None or first <= until.isoformat())

    assert ids(between(events, since, until, by)) == [r.id for r in REPORTS if inside(r)]


def test_only_two_dates_can_count(events: GeoDataFrame) -> None:
    """Anything but event or published is refused, here and in a filter."""
    with pytest.raises(WrongUse, match="event or published"):
        between(events, None, None, by="arrival")
    with pytest.raises(WrongUse, match="event or published"):
        select(events, Filter(by="arrival"))


@pytest.mark.parametrize("by", ["event", "published"])
def test_the_histogram_is_as_high_as_the_day_is_full(events: GeoDataFrame, by: str) -> None:
    """Each bar is the number of reports that the view of that day shows; no day between first and last is missing."""
    counts = daily_counts(events, by)

    assert counts.index.dtype == "datetime64[s]"
    assert (counts.index == pd.date_range(counts.index[0], counts.index[-1])).all()
    for day, count in counts.items():
        assert count == len(between(events, day.date(), day.date(), by))
    assert counts.iloc[0] > 0
    assert counts.iloc[-1] > 0


def test_no_reports_give_no_histogram(events: GeoDataFrame) -> None:
    """An empty table, or one without any publication date, has no days."""
    assert daily_counts(events.iloc[:0]).empty
    assert daily_counts(events[events["published"].isna()], by="published").empty
    assert len(window(events.iloc[:0], date(2024, 11, 1))) == 0


def digests_of(*days: tuple[date | None, date | None]) -> pd.DataFrame:
    """Return a table of digests with these days covered and these days of publication."""
    reading = make_readings(3)[0]
    made = [replace(reading.digest, id=str(n), day=day, published=out) for n, (day, out) in enumerate(days)]
    return frame(digests_arrow(digest_row(replace(reading, digest=digest), None) for digest in made))


def test_coverage_counts_digests_and_shows_the_gaps() -> None:
    """A digest counts for the day that it covers, or else for its publication; a day without one is zero, not gone."""
    first, second, fourth = date(2024, 11, 1), date(2024, 11, 2), date(2024, 11, 4)
    digests = digests_of((first, second), (first, None), (None, fourth), (None, None))

    assert coverage(digests).tolist() == [2, 0, 0, 1]
    assert coverage(digests, by="published").tolist() == [1, 0, 1]
    wide = coverage(digests, first - timedelta(days=1), fourth + timedelta(days=1))
    assert wide.tolist() == [0, 2, 0, 0, 1, 0]
    assert wide.index[0] == pd.Timestamp("2024-10-31")
    assert coverage(digests, second, second).tolist() == [0]
    assert coverage(digests, until=second).tolist() == [2, 0]
    assert coverage(digests, since=fourth + timedelta(days=3)).empty
    assert coverage(digests_of()).empty
    assert coverage(digests_of(), first, second).tolist() == [0, 0]
    with pytest.raises(WrongUse):
        coverage(digests, second, first)


def test_coverage_of_many_digests() -> None:
    """The counts are those of the digests, one by one."""
    readings = make_readings(300)
    digests = frame(digests_arrow(digest_row(reading, None) for reading in readings))

    counts = coverage(digests)

    assert {day.date(): n for day, n in counts.items() if n} == Counter(r.digest.day for r in readings)


# --- filters ---------------------------------------------------------------------------------------------------------


CHOICES = {
    "kinds": st.sampled_from(["capture", "shelling", "air_strike", "deployment"]),
    "actor_sides": st.sampled_from(["russia", "ukraine", "unknown"]),
    "claimant_sides": st.sampled_from(["russia", "ukraine", "third", "none"]),
    "statuses": st.sampled_from(["claimed", "reported", "disputed"]),
    "precisions": st.sampled_from(["settlement", "near", "region"]),
    "outlets": st.sampled_from(["Koran Uji", "Test Daily", "Frontline map sample", "Nobody"]),
    "languages": st.sampled_from(["id", "en", "uk", "ru"]),
}
COLUMN_OF = {
    "kinds": "kind",
    "actor_sides": "actor_side",
    "claimant_sides": "claimant_side",
    "statuses": "status",
    "precisions": "precision",
    "outlets": "outlet",
    "languages": "language",
}
FILTERS = st.fixed_dictionaries(
    {"since": ENDS, "running_totals": st.booleans()},
    optional={name: st.lists(values, max_size=2).map(tuple) for name, values in CHOICES.items()},
)


@given(FILTERS)
def test_a_filter_is_what_each_report_says(events: GeoDataFrame, choices: dict[str, Any]) -> None:
    """Any value of a choice will do, every choice must hold, an empty one does not restrict."""

    def shown(report: Report) -> bool:
        if report.running_total and not choices["running_totals"]:
            return False
        if choices["since"] and report.date_end < choices["since"].isoformat():
            return False
        values = {name: getattr(report, COLUMN_OF[name]) or "unknown" for name in choices if name in COLUMN_OF}
        return all(not choices[name] or value in choices[name] for name, value in values.items())

    assert ids(select(events, Filter(**choices))) == [r.id for r in REPORTS if shown(r)]


def test_running_totals_are_off_unless_asked_for(events: GeoDataFrame) -> None:
    """Totals and standing states are not on the timeline by default; the words say so."""
    assert not select(events, Filter())["running_total"].any()
    assert len(select(events, Filter(running_totals=True))) == len(events)
    assert Filter().words() == "running totals left out"
    assert Filter(running_totals=True).words() == "all reports"


@pytest.mark.parametrize(
    "spelling", ["Kupiansk", "kupiansk", "КУП'ЯНСЬК", "Куп’янськ", "Купʼянськ", "kharkiv.kupiansk", " Kupiansk "]
)
def test_a_place_is_found_by_any_spelling_of_its_name(events: GeoDataFrame, spelling: str) -> None:
    """Case, apostrophes and blanks do not matter; its local name and its id will do."""
    shown = select(events, Filter(places=(spelling,), running_totals=True))

    assert set(shown["place_id"]) == {"kharkiv.kupiansk"}
    assert len(shown) == sum(r.place_id == "kharkiv.kupiansk" for r in REPORTS)


@pytest.mark.parametrize("km", [1, 30, 120])
def test_around_a_place_is_all_that_lies_so_near(events: GeoDataFrame, km: int) -> None:
    """By distance on the ground, as geopy tells it; of what is only known by its area, nothing is."""
    places = ("kharkiv.kupiansk",)
    shown = select(events, Filter(places=places, within_km=km, running_totals=True))

    exact = events[~events["precision"].isin(COARSE) & events["lat"].notna()]
    spots = exact[exact["place_id"] == places[0]][["lat", "lon"]].drop_duplicates().to_numpy()
    near = [min(great_circle(at, spot).km for spot in spots) <= km for at in exact[["lat", "lon"]].to_numpy()]
    assert set(shown["id"]) == set(exact["id"][near]) | set(events["id"][events["place_id"] == places[0]])
    assert f"within {km} km" in Filter(places=places, within_km=km).words()
    assert Filter(places=places, within_km=km).as_dict()["within_km"] == km


@pytest.mark.parametrize("name", ["Kharkiv oblast", "kharkiv OBLAST", "kharkiv"])
def test_a_region_stands_for_all_in_it(events: GeoDataFrame, name: str) -> None:
    """An oblast, by name or id, gives its settlements and its own reports, as a region and as a place."""
    expected = [r.id for r in REPORTS if r.place_id.split(".")[0] == "kharkiv"]

    assert ids(select(events, Filter(regions=(name,), running_totals=True))) == expected
    assert ids(select(events, Filter(places=(name,), running_totals=True))) == expected


def in_regions(*rows: tuple[str, str, str]) -> GeoDataFrame:
    """Return a table with one report for each (place id, place, region)."""
    return events_table([replace(REPORTS[0], id=i, place_id=i, place=place, region=r) for i, place, r in rows])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kyiv", {"kyiv", "kyiv.bucha"}),
        ("kyivcity", {"kyivcity.kyiv"}),
        ("Kyiv oblast", {"kyiv", "kyiv.bucha"}),
        ("Kyiv city", {"kyivcity.kyiv"}),
        ("Kyiv", {"kyiv", "kyiv.bucha", "kyivcity.kyiv"}),
        ("moscowoblast", {"moscowoblast.kolomna"}),
        ("moscow oblast", {"moscowoblast.kolomna"}),
        ("moscowcity", {"moscowcity.moscow"}),
        ("Leningrad oblast", {"leningrad.gatchina"}),
        ("Saint Petersburg", {"saintpetersburg.saint-petersburg"}),
    ],
)
def test_an_oblast_is_not_the_city_of_its_name(asked: str, found: set[str]) -> None:
    """By id or with the word oblast it is the oblast alone; the bare name means all that are called so."""
    events = in_regions(
        ("kyiv", "Kyiv", "Kyiv"),
        ("kyiv.bucha", "Bucha", "Kyiv"),
        ("kyivcity.kyiv", "Kyiv", "Kyiv"),
        ("moscowoblast.kolomna", "Kolomna", "Moscow"),
        ("moscowcity.moscow", "Moscow", "Moscow"),
        ("leningrad.gatchina", "Gatchina", "Leningrad"),
        ("saintpetersburg.saint-petersburg", "Saint Petersburg", "Saint Petersburg"),
    )

    assert set(ids(select(events, Filter(regions=(asked,), running_totals=True)))) == found
    assert set(ids(select(events, Filter(places=(asked,), running_totals=True)))) == found


def test_the_id_of_an_oblast_without_a_report_of_its_own_is_still_the_oblast() -> None:
    """The page asks by id: a village alone makes the oblast known, and the city stays out."""
    events = in_regions(("kyiv.bucha", "Bucha", "Kyiv"), ("kyivcity.kyiv", "Kyiv", "Kyiv"))

    assert ids(select(events, Filter(places=("kyiv",), running_totals=True))) == ["kyiv.bucha"]


def test_unknown_names_find_nothing(events: GeoDataFrame) -> None:
    """A name that no report has, or no letters at all, is no error and shows nothing."""
    for name in ("Atlantis", "", "...", "(?i)"):
        assert select(events, Filter(places=(name,))).empty


def test_reports_are_found_by_the_axis_they_are_listed_under(events: GeoDataFrame) -> None:
    """The direction that the text names, in any case."""
    shown = select(events, Filter(axes=("pokrovsk AXIS",), running_totals=True))

    assert ids(shown) == [r.id for r in REPORTS if r.axis and key(r.axis) == "pokrovsk axis"]
    assert len(shown)


def found(text: str, **changes: Any) -> bool:
    """Whether a search finds a report that says what it is told here."""
    report = replace(REPORTS[0], running_total=False, **changes)
    return bool(matches(events_table([report]), Filter(text=text))[0])


def test_a_search_goes_through_all_that_a_report_says() -> None:
    """Quotes, further quotes, summary and names; every word must stand somewhere, in any case and place."""
    said = {"quote": "Вибухи в Артёмовске", "summary": "Strike near Bakhmut", "claimant": "Генштаб", "actor": None}
    further = (Quote("Kam’ianka was denied", 0, 5),)
    for text in (
        "вибухи",
        "АРТЕМ",
        "артём",
        "bakhmut strike",
        "генштаб strike",
        "kam'ianka",
        "denied  вибухи",
        "",
        "  ",
    ):
        assert found(text, **said, more_quotes=further), text
    for text in ("вибухи nowhere", "Bakhmutt", ".*", "a|b"):
        assert not found(text, **said, more_quotes=further), text


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8))
def test_any_text_can_be_searched(text: str) -> None:
    """No text is taken for a pattern: what a quote holds is found in it, and the same text backwards is no error."""
    quote = f"a {text} b"

    assert found(text, quote=quote)
    matches(events_table(REPORTS[:3]), Filter(text=text[::-1]))


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (
            Filter(since=date(2024, 11, 1), until=date(2024, 11, 7), running_totals=True),
            "from 1 November 2024 to 7 November 2024 by event date",
        ),
        (
            Filter(since=date(2024, 11, 1), until=date(2024, 11, 1), by="published", running_totals=True),
            "1 November 2024 by publication date",
        ),
        (Filter(until=date(2024, 12, 3)), "to 3 December 2024 by event date; running totals left out"),
        (
            Filter(kinds=("air_strike", "shelling"), places=("Vuhledar",)),
            "kind: air strike, shelling; place: Vuhledar; running totals left out",
        ),
        (Filter(actor_sides=("unknown",), text="drone", running_totals=True), "actor side: unknown; text: drone"),
    ],
)
def test_a_filter_in_words(chosen: Filter, words: str) -> None:
    """What an export says of its selection can be read by anybody."""
    assert chosen.words() == words
    assert chosen.as_dict()["words"] == words


def test_a_filter_as_stated_in_an_export() -> None:
    """Words first, then the choices made and only these, as JSON has them."""
    chosen = Filter(since=date(2024, 11, 1), kinds=("capture",), running_totals=True)

    assert chosen.as_dict() == {
        "words": "from 1 November 2024 by event date; kind: capture",
        "since": "2024-11-01",
        "by": "event",
        "kinds": ["capture"],
        "running_totals": True,
    }


def test_every_choice_of_a_filter_is_said_and_applied(events: GeoDataFrame) -> None:
    """No field of the filter is forgotten in the words, in what exports state, or in the selection."""
    for field in fields(Filter):
        if field.name in ("since", "until", "by", "running_totals", "stories", "within_km"):
            continue
        value: Any = "nobody says this" if field.name == "text" else ("nobody",)
        chosen = Filter(**{field.name: value}, running_totals=True)
        assert chosen.words() != "all reports", field.name
        assert field.name in chosen.as_dict()
        assert select(events, chosen).empty
