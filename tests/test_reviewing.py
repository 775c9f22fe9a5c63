"""The review view as Streamlit runs it: what it offers, and that it only adds to the file of rulings."""

import shutil
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.review.rulings import DEFAULT, read_rulings
from tests.reports import make_dataset

APP = str(Path(__file__).parents[1] / "app.py")


@pytest.fixture
def review(tmp_path, monkeypatch):
    """Open the page of a dataset at the review view, in a folder of its own."""
    dataset = make_dataset(tmp_path / "reports", 60)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["app.py", str(dataset.folder)])
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.session_state["panel"] = "review"
    app.run()
    assert not app.exception
    return app, dataset


def test_the_least_certain_report_comes_first_and_a_ruling_is_one_line_more(review):
    """Written to the file of rulings; the dataset stays as it is, and the next report is offered."""
    app, dataset = review
    app.selectbox(key="review_next").select_index(0).run()
    first = app.selectbox(key="review_next").value
    lowest = dataset.events["confidence"].min()
    assert dataset.events.set_index("id").loc[first, "confidence"] == lowest
    before = {path.name: path.read_bytes() for path in dataset.folder.iterdir() if path.is_file()}

    app.radio(key="review_decision").set_value("reject").run()
    app.text_input(key="review_who").set_value("Ana")
    app.text_input(key=f"review_why_{first}").set_value("an <b>old</b> story")
    app.button[[b.label for b in app.button].index("Write the ruling")].click().run()

    assert not app.exception
    (made,) = read_rulings(None).history
    report = dataset.events.set_index("id").loc[first]
    assert (made.digest, made.start, made.decision) == (report["text_sha256"], report["mention_start"], "reject")
    assert app.selectbox(key="review_next").value != first
    assert {path.name: path.read_bytes() for path in dataset.folder.iterdir() if path.is_file()} == before


def test_a_ruling_without_a_reason_is_refused_in_words(review):
    """And nothing is written."""
    app, _ = review

    app.button[[b.label for b in app.button].index("Write the ruling")].click().run()

    assert not app.exception
    assert any("who decided and why" in element.proto.body for element in app.get("html"))
    assert not DEFAULT.exists()
    shutil.rmtree("data", ignore_errors=True)
