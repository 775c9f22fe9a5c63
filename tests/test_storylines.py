"""Stories on the page: one report of each, who else tells of it, and what is said of a place over time."""

import json
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from geo.dataset.manifest import read_manifest
from geo.dataset.queries import Reports, open_reports, stories_at, story_of
from geo.dataset.store import load_dataset, save_dataset, save_tables
from geo.dataset.timeline import Filter, select
from geo.events import read
from geo.text.digests import Metadata, digest_of
from geo.view import phrases, storylines
from geo.view.card import records
from geo.view.messages import LANGUAGES
from geo.view.phrases import in_language

APP = str(Path(__file__).parents[1] / "app.py")
CAPTURE = "Russian forces captured the village of Yasna Poliana near Vuhledar, the Russian defence ministry said."
DIGESTS = {  # id: day of publication, text
    "late": (date(2024, 11, 2), CAPTURE.replace("captured", "on 1 November captured")),
    "early": (date(2024, 11, 1), CAPTURE),
    "rebuttal": (
        date(2024, 11, 2),
        f"{CAPTURE.replace('captured', 'on 1 November captured')} Ukraine's General Staff denied that Yasna Poliana had been captured.",
    ),
    "other": (date(2024, 11, 1), "A Russian drone struck the city of Kherson on Friday, its mayor said."),
}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, gazetteer):
    folder = tmp_path_factory.mktemp("data") / "reports"
    readings = []
    for name, (published, text) in DIGESTS.items():
        digest = digest_of(
            text, metadata=Metadata(language="en", published=published, outlet=f"{name} {HOSTILE}"), digest_id=name
        )
        readings.append(read(digest, gazetteer))
    save_dataset(folder, readings, gazetteer=gazetteer)
    return folder


@pytest.fixture(scope="module")
def reports(folder):
    return open_reports(folder)[0]


def row_of(reports, digest):
    return int(np.flatnonzero((reports.table["digest"] == digest).to_numpy())[0])


def told(reports, digest, permalink="?by=published"):
    row = row_of(reports, digest)
    return storylines.told(reports, row, records(reports.report(row))[0], permalink)


# --- one report of each ----------------------------------------------------------------------------------------------


def test_of_each_story_the_first_report_is_shown(folder):
    """Three digests tell of the capture: the earliest of them stands for all."""
    events = load_dataset(folder).events

    assert events["story"].nunique() == 2
    assert set(select(events, Filter(stories=True))["digest"]) == {"early", "other"}
    assert len(select(events, Filter())) == 4


def test_a_story_is_found_by_any_of_its_reports(folder):
    """Where a filter hides the first, the next stands for the story; no story is lost."""
    events = load_dataset(folder).events

    assert select(events, Filter(stories=True, text="denied"))["digest"].tolist() == ["rebuttal"]


def test_a_story_keeps_its_report_while_the_window_moves(folder):
    """Outside the days of its first report it is not shown by another one."""
    events = load_dataset(folder).events
    events["date_end"] = events["date"] = np.where(
        events["digest"] == "late", np.datetime64("2024-11-05"), events["date"]
    )

    assert select(events, Filter(stories=True, since=date(2024, 11, 5))).empty
    assert select(events, Filter(since=date(2024, 11, 5)))["digest"].tolist() == ["late"]


@pytest.mark.parametrize(
    "chosen", [Filter(stories=True), Filter(stories=True, text="denied"), Filter(stories=True, kinds=("capture",))]
)
def test_the_held_table_shows_the_same_as_the_whole_one(folder, reports, chosen):
    """Its rows have another order, and it knows stories as codes."""
    events = load_dataset(folder).events
    wanted = set(select(events, chosen)["id"])

    assert set(reports.select(chosen)["id"]) == wanted
    assert set(Reports.of(events).select(chosen)["id"]) == wanted


def test_an_export_holds_stories_or_reports(folder, frontline, tmp_path, monkeypatch):
    """The same as the filter, also where a file is gone through part by part."""
    monkeypatch.setattr("geo.dataset.commit.ROW_GROUP", 1)
    again = tmp_path / "again"
    tables = {name: pq.read_table(folder / file.name) for name, file in read_manifest(folder).files.items()}
    save_tables(again, tables, read_manifest(folder).provenance)
    for option, wanted in (("--stories", {"early", "other"}), ("--reports", set(DIGESTS))):
        code, _, err = frontline("export", "--to", "geojson", "--out", tmp_path / "x.geojson", "--data", again, option)
        exported = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))

        assert (code, err) == (0, "")
        assert {feature["properties"]["digest"] for feature in exported["features"]} == wanted
    assert pq.ParquetFile(again / read_manifest(again).files["events"].name).num_row_groups == 4


# --- who else tells of it --------------------------------------------------------------------------------------------


def test_a_card_names_the_other_reports_and_who_was_first(reports):
    """Sources are counted, not outlets; the denial makes it contested."""
    html = told(reports, "early")

    assert "The same event in 3 reports" in html
    assert "1 independent source: <bdi>Russian defence ministry</bdi>" in html
    assert (
        "<dt>First claimed</dt><dd><bdi>Russian defence ministry</bdi> · <bdi>Russian side</bdi>, 1 Nov 2024</dd>"
        in html
    )
    assert "<dt>First denied</dt>" in html
    assert "Contested" in html
    assert "2 other reports of it" in html
    assert html.count("<blockquote") == 2


def test_a_report_that_nobody_else_tells_has_no_story(reports):
    """Nor has its place, of which no capture is told."""
    assert story_of(reports, row_of(reports, "other")) is None
    assert told(reports, "other") == ""


def test_the_story_is_the_same_from_each_of_its_reports(reports):
    """Whichever is selected, it has the same members."""
    stories = [story_of(reports, row_of(reports, digest)) for digest in ("early", "late", "rebuttal")]

    assert [story.says["story"] for story in stories] == [stories[0].says["story"]] * 3
    assert [sorted(story.reports["digest"]) for story in stories] == [["early", "late", "rebuttal"]] * 3


def test_links_keep_what_was_chosen_and_select_another_report(reports):
    """The address of the page with another report in it."""
    links = re.findall(r'href="([^"]+)"', told(reports, "early", "?kind=capture&amp;e=x".replace("&amp;", "&")))

    assert links
    assert all(link.startswith("?kind=capture&amp;e=") and "e=x" not in link for link in links)


def test_the_sides_stand_beside_each_other(reports):
    """What is said of a place over time: a column each, claim and denial in one row."""
    html = told(reports, "late")
    [row] = re.findall(r"<tr><th scope.*?</tr>", html)

    assert html.count("<th>") == 3  # the day's, and one for each side
    assert "claimed 1 Nov: <bdi>Russian defence ministry</bdi>" in row
    assert "denied 2 Nov" in row
    assert stories_at(reports, "donetsk.yasna-poliana", ["shelling"]) == []


def test_words_of_digests_are_escaped(reports):
    """Outlets, sources and quotes alike."""
    html = told(reports, "early")

    assert HOSTILE not in html
    assert "&lt;img src=x" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_it(reports, language):
    """No key is missing, and no internal code is seen."""
    html = in_language(language, lambda: told(reports, "early"))

    assert html.count("fl-story") == 2
    assert "russia." not in html


# --- on the page -----------------------------------------------------------------------------------------------------


def test_the_page_offers_stories(folder, monkeypatch):
    """The header counts them, the address keeps the choice, and the card tells the story."""
    monkeypatch.setattr(sys, "argv", ["app.py", str(folder)])
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert "4 of 4 reports" in html(app)
    assert "The same event in 3 reports" in html(app)

    app.button_group(key="stories").set_value(True).run()

    assert not app.exception
    assert "2 stories of 4 reports" in html(app)
    assert app.query_params["stories"] == "1"


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def test_the_choice_is_read_from_the_address(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["app.py", str(folder)])
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["stories"] = "1"

    assert "2 stories of 4 reports" in html(app.run())


def test_what_is_counted_is_called_what_it_is():
    """In stories mode no number on the page is said to be of reports."""
    assert [phrases.counted(2, where, stories=True) for where in ("", "here", "in_view")] == [
        "2 stories",
        "2 stories here",
        "2 stories in view",
    ]
    assert phrases.counted(1, "in_view") == "1 report in view"
