"""A dataset opened for the page shows what the whole table shows, though it holds neither quotes nor shapes of it."""

import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo.dataset.queries import Reports, open_reports
from geo.dataset.timeline import Filter, pattern_of, select
from geo.errors import UnreadableInput
from tests.reports import make_dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return make_dataset(tmp_path_factory.mktemp("data") / "reports", 400)


@pytest.fixture(scope="module")
def reports(dataset):
    return open_reports(dataset.folder)[0]


FILTERS = [
    Filter(running_totals=True),
    Filter(since=date(2024, 11, 3), until=date(2024, 11, 9)),
    Filter(since=date(2024, 11, 3), until=date(2024, 11, 9), by="published", running_totals=True),
    Filter(kinds=("capture", "shelling"), claimant_sides=("russia",)),
    Filter(actor_sides=("unknown",), statuses=("claimed",)),
    Filter(places=("donetsk", "kharkiv.kupiansk")),
    Filter(places=("Pokrovsk",)),
    Filter(places=("Купянск",)),
    Filter(regions=("Donetsk oblast",)),
    Filter(precisions=("near", "region"), languages=("id",)),
    Filter(axes=("Pokrovsk axis",)),
    Filter(text="Pokrovsk"),
    Filter(text="pokrovsk [(.*"),
    Filter(text="a e"),
    Filter(text="no such words anywhere"),
]


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda chosen: chosen.words())
def test_a_selection_is_what_the_table_would_show(dataset, reports, chosen):
    """The same reports, with every column, in the order of the data file."""
    expected = select(dataset.events, chosen).reset_index(drop=True)
    found = reports.select(chosen)

    assert len(found) == len(expected)
    assert found.empty == expected.empty
    assert sorted(found["id"]) == sorted(expected["id"])
    assert_frame_equal(found.whole(), expected)


@pytest.mark.parametrize("chosen", [f for f in FILTERS if f.text], ids=lambda chosen: chosen.words())
def test_a_later_search_finds_what_the_first_one_would(dataset, chosen):
    """By then the words of all quotes are held, and the file is not asked again."""
    opened, _ = open_reports(dataset.folder)
    opened.select(Filter(text="anything"))
    opened._words.result()
    opened._said_in_file = None

    expected = select(dataset.events, chosen).reset_index(drop=True)
    assert_frame_equal(opened.select(chosen).whole(), expected)


def test_further_quotes_are_searched_too(dataset):
    """A word that stands in none but one of them; in the file and, later, among the words that are held."""
    quotes = [quote["quote"] for more in dataset.events["more_quotes"] for quote in more]
    assert quotes
    word = max(quotes[0].split(), key=len)
    expected = len(select(dataset.events, Filter(text=word)))
    opened, _ = open_reports(dataset.folder)

    assert len(opened.select(Filter(text=word))) == expected > 0
    opened._words.result()
    assert np.count_nonzero(opened._words.result().say(pattern_of(word))) >= expected
    for remembered in (opened._select, opened._timeless, opened._search):
        remembered.cache_clear()
    assert len(opened.select(Filter(text=word))) == expected


def test_quotes_are_not_held(reports):
    """What only the card shows is read when it is asked for."""
    assert not {"quote", "more_quotes", "why", "summary", "url"} & set(reports.table.columns)


def test_rows_and_ids_lead_to_each_other(dataset, reports):
    """A row of the table has an id; nobody else's id has a row."""
    for row in (0, 7, len(reports) - 1):
        report = reports.ids[row]
        assert reports.ids.row(report) == row
        assert reports.report(row)["quote"].tolist() == dataset.events.query("id == @report")["quote"].tolist()
    assert reports.ids.row("nobody") == -1
    assert "nobody" not in reports.ids


@pytest.mark.parametrize("chosen", FILTERS[:4], ids=lambda chosen: chosen.words())
def test_the_newest_are_those_of_the_last_days(dataset, reports, chosen):
    """By last day, first day, then id; with the outlets that relayed them."""
    days = ["date_end", "date", "id"]
    expected = select(dataset.events, chosen).sort_values(days, ascending=[False, False, True]).head(20)
    newest = reports.select(chosen).newest(20)

    assert newest["id"].tolist() == expected["id"].tolist()
    assert newest["via"].tolist() == expected["via"].tolist()


@pytest.mark.parametrize("chosen", FILTERS[:4], ids=lambda chosen: chosen.words())
def test_leaf_by_leaf_every_report_is_told_once(dataset, reports, chosen):
    """In one order, wherever the leaves end."""
    days = ["date_end", "date", "id"]
    expected = select(dataset.events, chosen).sort_values(days, ascending=[False, False, True])["id"].tolist()
    selection = reports.select(chosen)

    told = [i for after in range(0, len(selection) + 7, 7) for i in selection.newest(7, after)["id"]]
    assert told == expected


def test_a_table_in_memory_is_opened_likewise(dataset, reports):
    """As functions of the page take it."""
    held = Reports.of(dataset.events)

    assert list(held.ids) == list(reports.ids)
    assert_frame_equal(held.select(Filter(text="Pokrovsk")).whole(), reports.select(Filter(text="Pokrovsk")).whole())


def test_what_is_in_view_lies_within_the_edges(dataset, reports):
    """A spot by its point, an area by its outline; a whole country always."""
    bounds = (47.5, 36.5, 48.5, 37.5)
    found = reports.select(Filter(running_totals=True)).in_view(bounds)
    points = dataset.events[dataset.events["precision"].isin(["site", "settlement", "near"])]
    inside = points[points["lat"].between(47.5, 48.5) & points["lon"].between(36.5, 37.5)]

    assert set(inside["id"]) == set(found["id"]) & set(points["id"])
    assert set(dataset.events.query("precision == 'country'")["id"]) <= set(found["id"])
    assert found.countrywide == int((found["precision"] == "country").sum())
    assert found.places == found["place_id"].nunique()


def test_a_file_that_is_gone_is_said(dataset, tmp_path):
    """A dataset that was built anew, or a damaged one, is no traceback."""
    folder = shutil.copytree(dataset.folder, tmp_path / "copy")
    opened = open_reports(folder)[0]
    [file] = folder.glob("events-*.parquet")
    file.unlink()

    with pytest.raises(UnreadableInput, match="reload the page"):
        opened.report(0)
    with pytest.raises(UnreadableInput, match="reload the page"):
        opened.select(Filter(text="Pokrovsk"))
    with pytest.raises(UnreadableInput):
        open_reports(folder)


def test_text_is_held_as_codes(reports):
    """A million reports would not fit otherwise."""
    assert isinstance(reports.table["place"].dtype, pd.CategoricalDtype)
    assert reports.table["place"].cat.categories.is_monotonic_increasing
