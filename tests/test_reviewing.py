"""The review view as Streamlit runs it: what it offers, and that it only adds to the file of rulings."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from geopy.distance import great_circle
from streamlit.testing.v1 import AppTest

from geo.model import COARSE
from geo.review.places import places_called
from geo.review.rulings import DEFAULT, append, in_effect, read_rulings, ruling, undoing
from tests.reports import make_dataset

APP = str(Path(__file__).parents[1] / "app.py")


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    """A dataset in a folder in which nobody has ruled yet."""
    monkeypatch.chdir(tmp_path)
    return make_dataset(tmp_path / "reports", 200)


@pytest.fixture
def review(dataset, monkeypatch):
    """Open the page at the review view."""

    def review(*arguments):
        monkeypatch.setattr(sys, "argv", ["app.py", str(dataset.folder), *map(str, arguments)])
        app = AppTest.from_file(APP, default_timeout=60).run()
        app.session_state["panel"] = "review"
        return calm(app.run())

    return review


def calm(app):
    assert not app.exception
    return app


def waiting(app):
    """The list of reports that wait: another one is put when it has to show another report."""
    return next(each for each in app.selectbox if each.key.startswith("review_next"))


def decide(app, decision, who="Ana"):
    """Choose a decision about the report that is looked at, and say who decides; return its id."""
    report = waiting(app).value
    calm(app.button_group(key=f"review_decision_{report}").set_value(decision).run())
    app.text_input(key="review_who").set_value(who)
    return report


def decide_about(app, report, decision):
    """Select a report, as on the map, and choose a decision about it."""
    app.session_state["visit"].choose(selected=report)
    calm(app.run())
    calm(app.button_group(key=f"review_decision_{report}").set_value(decision).run())
    app.text_input(key="review_who").set_value("Ana")


def html(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_least_certain_report_comes_first_and_a_ruling_is_one_line_more(review, dataset):
    """Written to the file of rulings; the dataset stays as it is, and the next report is offered."""
    app = review()
    events = dataset.events.set_index("id")
    before = {path.name: path.read_bytes() for path in dataset.folder.iterdir() if path.is_file()}

    first = decide(app, "reject")
    assert events.loc[first, "confidence"] == events["confidence"].min()
    app.text_input(key=f"review_why_{first}").set_value("an <b>old</b> story")
    calm(app.button(key="review_write").click().run())

    (made,) = read_rulings(None).history
    report = events.loc[first]
    assert (made.digest, made.start, made.decision) == (report["text_sha256"], report["mention_start"], "reject")
    assert made.why == "an <b>old</b> story"
    assert waiting(app).value != first
    assert app.text_input(key="review_who").value == "Ana"
    assert {path.name: path.read_bytes() for path in dataset.folder.iterdir() if path.is_file()} == before


def test_what_is_right_is_accepted_with_one_press(review):
    """Its usual reason is chosen already; only who decides has to be said, once."""
    app = review()
    first = waiting(app).value
    app.text_input(key="review_who").set_value("Ana")
    calm(app.button(key="review_write").click().run())
    second = waiting(app).value
    calm(app.button(key="review_write").click().run())

    assert second != first
    assert [(r.decision, r.who) for r in read_rulings(None).history] == [("accept", "Ana")] * 2


def test_a_report_that_is_chosen_stays_chosen(review):
    """From the queue or on the map; only a decision leads on to the next one of the queue."""
    app = review()
    first, *_, last = (option.split(" · ")[1] for option in waiting(app).options)
    calm(waiting(app).set_value(last).run())
    assert app.session_state["visit"].chosen.selected == waiting(app).value == last
    calm(app.run())
    assert app.session_state["visit"].chosen.selected == last

    app.text_input(key="review_who").set_value("Ana")
    calm(app.button(key="review_write").click().run())
    assert app.session_state["visit"].chosen.selected == first
    assert [r.decision for r in read_rulings(None).history] == ["accept"]


def test_a_ruling_without_a_reason_is_refused_in_words(review):
    """And nothing is written."""
    app = review()
    decide(app, "reject", who="")

    calm(app.button(key="review_write").click().run())

    assert "who decided and why" in html(app)
    assert not DEFAULT.exists()


def test_a_place_is_found_by_its_name(review):
    """The beginning of it in any language; each offer says where it lies and how far that is from the place as read."""
    app = review()
    report = decide(app, "place")
    assert app.button(key="review_write").disabled

    calm(app.text_input(key=f"review_place_{report}").set_value("Nowhere at all").run())
    assert "No place in the gazetteer is called" in html(app)
    calm(app.text_input(key=f"review_place_{report}").set_value("Вугле").run())
    offered = app.radio(key="review_found")
    at = next(i for i, words in enumerate(offered.options) if words.startswith("Vuhledar · "))
    assert "Donetsk" in offered.options[at]
    assert offered.options[at].endswith(" km")
    calm(offered.set_value("donetsk.vuhledar").run())
    calm(app.button_group(key=f"review_usual_place_{report}").set_value("context").run())
    calm(app.button(key="review_write").click().run())

    (made,) = read_rulings(None).history
    assert (made.decision, made.value, made.why) == ("place", "donetsk.vuhledar", "the text around it names the place")


def test_kind_and_merge_are_chosen_from_what_there_is(review, dataset):
    """Another kind than its own; another report of the same digest."""
    app = review()
    report = decide(app, "kind")
    kinds = app.selectbox(key="review_kind")
    assert len(kinds.options) == 10
    kinds.select_index(0).run()
    calm(app.button(key="review_write").click().run())

    other = decide(app, "merge")
    text = dataset.events.set_index("id").loc[other, "text_sha256"]
    there = dataset.events[dataset.events["text_sha256"] == text]["id"]
    assert set(app.selectbox(key="review_merge").options) == set(there) - {other}
    assert [(r.decision, r.why) for r in read_rulings(None).history] == [("kind", "the words tell of another kind")]
    assert report != other


def near_others(events, km=30, days=3):
    """Pairs of reports of two digests that happened close by, by the ids of both."""
    exact = events[~events["precision"].isin(COARSE)].to_dict("records")
    return [
        (one["id"], other["id"])
        for one in exact
        for other in exact
        if one["digest"] != other["digest"]
        and great_circle((one["lat"], one["lon"]), (other["lat"], other["lon"])).km <= km
        and max(one["date"], other["date"]) - min(one["date_end"], other["date_end"]) <= timedelta(days)
    ]


def test_a_report_of_another_digest_close_by_is_ruled_the_same_event(review, dataset):
    """All of those that are close by in place and time are offered; where there is none, that is said."""
    app = review()
    near = near_others(dataset.events)
    report, other = near[0]
    decide_about(app, report, "same")
    assert {b for a, b in near if a == report} <= set(app.selectbox(key="review_same").options)
    calm(app.selectbox(key="review_same").set_value(other).run())
    calm(app.button(key="review_write").click().run())

    (made,) = read_rulings(None).history
    there = dataset.events.set_index("id").loc[other]
    spot = f"{there['text_sha256']}:{there['mention_start']}-{there['mention_end']}"
    assert (made.decision, made.value) == ("same", spot)


def test_only_reports_of_one_story_are_ruled_apart(review, dataset):
    """The others of its story are offered; a report that is the only one of its story has nothing to be kept apart of."""
    app = review()
    events = dataset.events
    several = events[events["story"].duplicated(keep=False)]
    report, other = several[several["story"] == several["story"].iloc[0]]["id"].iloc[:2]
    decide_about(app, report, "apart")
    calm(app.selectbox(key="review_apart").set_value(other).run())
    calm(app.button(key="review_write").click().run())
    assert [r.decision for r in read_rulings(None).history] == ["apart"]

    decide_about(app, events[~events["id"].isin(several["id"])]["id"].iloc[0], "apart")
    assert "the only report of its story" in html(app)
    assert app.button(key="review_write").disabled


def test_the_last_ruling_is_taken_back(review):
    """What counted before counts again; nothing is removed from the file."""
    app = review()
    report = decide(app, "reject")
    app.text_input(key=f"review_why_{report}").set_value("not here")
    calm(app.button(key="review_write").click().run())
    assert "1 report is rejected" in {e.label for e in app.expander}

    calm(app.button(key="review_undo").click().run())

    told = read_rulings(None)
    assert [r.decision for r in told.history] == ["reject", "withdraw"]
    assert told.texts() == []
    assert "review_undo" not in {b.key for b in app.button}
    assert waiting(app).value == report


def test_what_is_rejected_is_found_again(review, dataset):
    """Also after the next build, in which it is no report: with its words, and a way back."""
    report = dataset.events.iloc[5]
    span = (int(report["mention_start"]), int(report["mention_end"]))
    append(DEFAULT, ruling(report["text_sha256"], span, "kind", "shelling", who="Ben", why="as read"))
    append(DEFAULT, ruling(report["text_sha256"], span, "reject", who="Ben", why="a <i>rumour</i>"))
    other = dataset.events.iloc[9]
    append(
        DEFAULT,
        ruling(
            other["text_sha256"],
            (int(other["mention_start"]), int(other["mention_end"])),
            "accept",
            who="Ben",
            why="read",
        ),
    )
    app = review()

    assert f"{report['mention']} ({report['digest']}, {span[0]}-{span[1]})" in html(app)
    assert "a &lt;i&gt;rumour&lt;/i&gt;" in html(app)
    calm(next(b for b in app.button if b.label == "Take back").click().run())

    counting = read_rulings(None).on(report["text_sha256"])
    assert [r.decision for r in counting if r.span == span] == ["kind"]


def test_rulings_are_told_on_the_card(review, dataset):
    """Who, when and why; what no longer counts is struck."""
    app = review()
    app.session_state["panel"] = "reports"
    calm(app.run())
    report = dataset.events.set_index("id").loc[app.session_state["visit"].chosen.selected]
    assert "What was ruled before" not in html(app)

    span = (int(report["mention_start"]), int(report["mention_end"]))
    append(DEFAULT, ruling(report["text_sha256"], span, "accept", who="A<na", why="read again"))
    append(DEFAULT, ruling(report["text_sha256"], span, "reject", who="Ben", why="a rumour"))
    calm(app.run())

    assert "What was ruled before" in html(app)
    assert "<s>Accept</s> · <bdi>A&lt;na</bdi>" in html(app)
    assert "<span>Reject</span> · <bdi>Ben</bdi>" in html(app)


def test_another_file_of_rulings_is_named_on_the_command_line(review, tmp_path):
    """`frontline serve --rulings FILE`: read, written and told there."""
    named = tmp_path / "ours" / "rulings.csv"
    app = review("", named)
    app.text_input(key="review_who").set_value("Ana")
    calm(app.button(key="review_write").click().run())

    assert [r.decision for r in read_rulings(named).history] == ["accept"]
    assert not DEFAULT.exists()
    assert any(str(named) in code.value for code in app.code)


def test_a_broken_file_of_rulings_is_said(review):
    """Where, what and what to do; the card of a report does without it."""
    DEFAULT.parent.mkdir()
    DEFAULT.write_text("something else\n")
    app = review()

    assert "rulings.csv:1: this is no file of rulings" in html(app)
    app.session_state["panel"] = "reports"
    calm(app.run())


def test_taking_back_leaves_the_others_of_a_span():
    """The file only grows, and what was said of another aspect or another span counts as before."""
    text = "a" * 64
    made = [
        ruling(text, (3, 9), "kind", "shelling", who="Ana", why="x"),
        ruling(text, (3, 9), "accept", who="Ana", why="x"),
        ruling(text, (20, 29), "accept", who="Ana", why="x"),
        ruling(text, (3, 9), "reject", who="Ben", why="x"),
    ]

    after = [*made, *undoing(made, made[-1], who="Ben", why="by mistake")]

    assert [r.decision for r in after[4:]] == ["withdraw", "kind", "accept"]
    assert {(r.span, r.decision) for r in in_effect(after)} == {
        ((3, 9), "kind"),
        ((3, 9), "accept"),
        ((20, 29), "accept"),
    }


def test_places_are_offered_nearest_first(gazetteer):
    """Whole names before beginnings; namesakes by their distance; too short a beginning finds only whole names."""
    near = gazetteer.place("donetsk.vuhledar")
    named = places_called("Novoselivka", gazetteer, near)
    begun = places_called("vuhled", gazetteer, near)

    assert len(named) > 3
    whole = [f.km for f in named if f.place.name == "Novoselivka" and f.km is not None]
    assert whole == sorted(whole)
    assert begun[0].place.id == "donetsk.vuhledar"
    assert begun[0].km == 0
    assert places_called("Vu", gazetteer, near) == []
    assert places_called("  ", gazetteer, None) == []
    assert all(f.km is None for f in places_called("Pokrovsk", gazetteer, None))
