"""Reviewed counts of where much was reported lately, and how much they weigh."""

from datetime import date

import pandas as pd
import pytest

from geo.curation.activity import activity_rows
from geo.reference.activity import HALF_LIFE_WEEKS, activity, week_name, week_number


@pytest.fixture
def folder(tmp_path):
    rows = "place,week,weight,source\ndonetsk.pokrovsk-raion,2024-W44,4,curated\n"
    (tmp_path / "activity.csv").write_text(rows, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("day", [date(2022, 1, 3), date(2024, 11, 1), date(2024, 12, 30), date(2026, 1, 1)])
def test_a_week_is_numbered_and_named_as_iso_does(day):
    """Also where the week belongs to another year than the day."""
    year, week, _ = day.isocalendar()

    assert week_name(week_number(day)) == f"{year}-W{week:02}"


def test_the_weight_of_a_raion_counts_for_its_places_and_fades(folder, gazetteer):
    """Half of it is left after a season, before and behind alike; other raions have none."""
    place = gazetteer.place("donetsk.kurakhove")
    elsewhere = gazetteer.place("sumy.bilopillia")
    season = pd.Timedelta(weeks=HALF_LIFE_WEEKS)
    day = pd.Timestamp("2024-11-01")

    assert activity(folder, place, day.date()) == pytest.approx(4)
    assert activity(folder, place, (day + season).date()) == pytest.approx(2)
    assert activity(folder, place, (day - season).date()) == pytest.approx(2)
    assert activity(folder, elsewhere, day.date()) == 0


def test_a_digest_counts_once_for_each_place_and_week(gazetteer):
    """Running totals and whole regions do not count; a place without a raion counts for its region."""
    reports = [
        ("a", "donetsk.kurakhove", "2024-11-01", "settlement", False),
        ("a", "donetsk.kurakhove", "2024-11-02", "near", False),
        ("b", "donetsk.kurakhove", "2024-11-02", "settlement", False),
        ("b", "kursk.sudzha", "2024-11-02", "settlement", False),
        ("b", "donetsk", "2024-11-02", "region", False),
        ("b", "donetsk.pokrovsk", "2024-11-02", "settlement", True),
    ]
    events = pd.DataFrame(reports, columns=["digest", "place_id", "date", "precision", "running_total"])

    assert activity_rows(events, gazetteer).splitlines() == [
        "place,week,weight,source",
        "donetsk.pokrovsk-raion,2024-W44,2,curated",
        "kursk,2024-W44,1,curated",
    ]
