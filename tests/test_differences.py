"""What became of the reports of a dataset in another build of it, and why."""

import csv
import json
import re
import shutil
from base64 import b64decode
from dataclasses import replace
from datetime import date
from gzip import decompress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from playwright.sync_api import sync_playwright

from geo.dataset.differences import SORTS, Version, compare, json_pieces
from geo.dataset.matching import pairs
from geo.dataset.store import save_dataset
from geo.events import read
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import Metadata, digest_of
from geo.view import change_map
from geo.view.changes import lines
from tests.browsing import CHROMIUM, FLAGS
from tests.reports import HOSTILE, make_readings

SMALL = Path(__file__).resolve().parent / "gazetteer"
FRIDAY = date(2024, 11, 1)
CAPTURE = "Russian forces captured the village of Yasna Poliana near Vuhledar, the Russian defence ministry said."
STRIKE = "A Russian drone struck the city of Kherson on Thursday, its mayor said."
SHELLING = "Shelling killed two people in the town of Kurakhove on Wednesday."
INPUTS = {"languages": "a", "languages.en": "a", "rulings": "a", "code": "a"}


@pytest.fixture(scope="module")
def small():
    return Gazetteer.load(SMALL)


@pytest.fixture
def saved(tmp_path, small):
    """Save digests (texts by id) as a dataset and return its folder."""

    def saved(name, texts, *, gazetteer=None, inputs=None, edit=lambda report: report, **known):
        metadata = Metadata(**{"language": "en", "published": FRIDAY, **known})
        digests = [digest_of(text, metadata=metadata, digest_id=i, content=text.encode()) for i, text in texts.items()]
        readings = [read(digest, gazetteer or small) for digest in digests]
        readings = [replace(r, reports=tuple(map(edit, r.reports))) for r in readings]
        inputs = INPUTS | (inputs or {})
        save_dataset(tmp_path / name, readings, gazetteer=gazetteer or small, inputs=inputs)
        return tmp_path / name

    return saved


@pytest.fixture
def edited_gazetteer(tmp_path):
    """Open a copy of the small gazetteer in which the row of a place is changed, or taken out with its names."""

    def edited(place_id, **values):
        folder = tmp_path / f"gazetteer-{place_id}"
        shutil.copytree(SMALL, folder)
        for path in [*folder.glob("places/*.csv"), *folder.glob("names/*.csv")]:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            key = next(iter(rows[0]))
            changed = {**values} if path.parent.name == "places" else {}
            if values:
                kept = [row | changed if row[key] == place_id else row for row in rows]
            else:
                kept = [row for row in rows if row[key] != place_id]
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(kept)
        return Gazetteer.load(folder)

    return edited


def told(found):
    """(place, sorts, words of the causes) of each report that differs."""
    return [(d.told["place_id"], d.sorts, [cause.words for cause in d.causes]) for d in found.reports]


# --- which report is which -------------------------------------------------------------------------------------------


def test_a_dataset_does_not_differ_from_itself(saved):
    """Nor from another build of the same digests."""
    found = compare(saved("a", {"one": CAPTURE, "two": STRIKE}), saved("b", {"two": STRIKE, "one": CAPTURE}))

    assert found.reports == ()
    assert not any(found.counts.values())
    assert list(lines(found))[2:] == ["inputs that differ: none", "digests: the same", "reports: the same"]


def test_reports_of_new_and_lost_digests_are_added_and_removed(saved):
    """Their digest is the cause; the other way round they change places."""
    a, b = saved("a", {"one": CAPTURE, "old": STRIKE}), saved("b", {"one": CAPTURE, "new": SHELLING})

    assert told(compare(a, b)) == [
        ("donetsk.kurakhove", ("added",), ["digest added"]),
        ("kherson.kherson", ("removed",), ["digest removed"]),
    ]
    assert told(compare(b, a)) == [
        ("donetsk.kurakhove", ("removed",), ["digest removed"]),
        ("kherson.kherson", ("added",), ["digest added"]),
    ]


def test_a_digest_under_another_name_is_the_same_digest(saved):
    """Its bytes say so; no report differs."""
    found = compare(saved("a", {"one": CAPTURE}), saved("b", {"renamed": CAPTURE}))

    assert found.digests["renamed"] == ("renamed",)
    assert found.digests["added"] == found.digests["removed"] == ()
    assert found.reports == ()


def test_a_report_whose_text_has_shifted_is_the_same_report(saved):
    """A sentence put before it moves every offset, and tells nothing else of it."""
    found = compare(saved("a", {"one": f"{CAPTURE}\n"}), saved("b", {"one": f"{SHELLING}\n{CAPTURE}\n"}))

    assert told(found) == [("donetsk.kurakhove", ("added",), ["digest changed"])]


def test_a_day_that_the_digest_corrects_makes_a_report_dated_otherwise(saved):
    """The sentence was edited: it is the one report of its place and kind in that digest."""
    found = compare(saved("a", {"one": STRIKE}), saved("b", {"one": STRIKE.replace("Thursday", "Wednesday")}))

    assert told(found) == [("kherson.kherson", ("redated", "changed"), ["digest changed"])]
    assert found.reports[0].changes["date"] == (date(2024, 10, 31), date(2024, 10, 30))


def table(*rows):
    """A table of reports from (digest, mention_start, mention, quote, place_id, kind, date)."""
    names = ("digest", "mention_start", "mention", "quote", "place_id", "kind", "date")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["mention_end"] = [
        start + len(words) for start, words in zip(columns["mention_start"], columns["mention"], strict=True)
    ]
    return pa.table(columns)


def paired(before, after, renamed=None):
    return [*zip(*(side.tolist() for side in pairs(before.__getitem__, after.__getitem__, renamed or {})), strict=True)]


def test_alike_reports_are_paired_in_their_order():
    """Of three that are the same in all that is compared, the first is the first, and the last has no partner."""
    alike = ("d", 5, "Kherson", "in Kherson", "kherson.kherson", "shelling", FRIDAY)

    assert paired(table(alike, alike, alike), table(alike, alike)) == [(0, 0), (1, 1)]


def test_another_name_in_the_same_sentence_is_the_report_moved_if_there_is_but_one():
    """Of two that went and one that came, nobody can tell which of them moved."""
    one = ("d", 5, "Kherson", "Kherson, Nikopol, Sumy", "kherson.kherson", "shelling", FRIDAY)
    two = ("d", 14, "Nikopol", "Kherson, Nikopol, Sumy", "dnipropetrovsk.nikopol", "shelling", FRIDAY)
    new = ("d", 23, "Sumy", "Kherson, Nikopol, Sumy", "sumy.sumy", "shelling", FRIDAY)

    assert paired(table(one), table(new)) == [(0, 0)]
    assert paired(table(one, two), table(new)) == []


def test_the_narrowest_likeness_comes_first():
    """A report that is there unchanged is never paired with another of the same words."""
    was = ("d", 5, "Kherson", "in Kherson", "kherson.kherson", "shelling", FRIDAY)
    other_kind = (*was[:5], "casualties", FRIDAY)

    assert paired(table(was), table(other_kind, was)) == [(0, 1)]
    assert paired(table(was), table(("new", *was[1:])), {"new": "d"}) == [(0, 0)]
    assert paired(table(was), table(("new", *was[1:]))) == []


def test_every_report_is_in_one_pair_or_in_none(tmp_path, small):
    """Counts add up, whatever is in the tables, and a difference is a difference from the other side too."""
    readings = make_readings(120)
    fewer = [replace(r, reports=r.reports[1:]) for r in readings[5:]]
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder, given in zip(folders, (readings, fewer), strict=True):
        save_dataset(folder, given, gazetteer=small)
    found, back = compare(*folders), compare(*reversed(folders))

    assert len(found.before) - found.counts["removed"] == len(found.after) - found.counts["added"]
    assert found.counts["removed"] == len(found.before) - sum(len(r.reports) for r in fewer)
    assert back.counts == found.counts | {"added": found.counts["removed"], "removed": found.counts["added"]}


# --- why -------------------------------------------------------------------------------------------------------------


def test_a_row_that_was_moved_moves_its_reports_by_so_many_kilometres(saved, edited_gazetteer):
    """The row is named, and the distance is that between both positions."""
    other = edited_gazetteer("kherson.kherson", lat="46.7369")
    found = compare(saved("a", {"one": STRIKE + CAPTURE}), saved("b", {"one": STRIKE + CAPTURE}, gazetteer=other))

    assert told(found) == [("kherson.kherson", ("moved",), ["gazetteer row kherson.kherson"])]
    assert found.reports[0].causes[0].sorts == ("gazetteer",)
    was, now = found.reports[0].changes["lat"]
    assert found.reports[0].km == pytest.approx(abs(now - was) * 111.195, abs=0.02)


def test_a_row_that_is_gone_is_named_with_what_became_of_its_words(saved, edited_gazetteer):
    """Nothing of that name is known any more."""
    text = "Shelling killed two people in Kurakhove on Wednesday."
    found = compare(
        saved("a", {"one": text}), saved("b", {"one": text}, gazetteer=edited_gazetteer("donetsk.kurakhove"))
    )

    assert told(found) == [("donetsk.kurakhove", ("removed",), ["gazetteer row donetsk.kurakhove"])]
    assert found.reports[0].causes[0].place_id == "donetsk.kurakhove"


def test_a_namesake_that_is_gone_sends_the_report_to_the_other(saved, edited_gazetteer):
    """The report moved, by as much as lies between both, because of the row that went."""
    text = "Russian forces captured Yasna Poliana near Vuhledar, the Russian defence ministry said."
    without = edited_gazetteer("donetsk.yasna-poliana")
    found = compare(saved("a", {"one": text}), saved("b", {"one": text}, gazetteer=without))

    assert [cause.place_id for d in found.reports for cause in d.causes] == ["donetsk.yasna-poliana"] * len(
        found.reports
    )
    assert {sort for d in found.reports for sort in d.sorts} <= {"moved", "removed", "added"}


@pytest.mark.parametrize(
    ("inputs", "words", "sorts"),
    [
        ({"languages": "b", "languages.en": "b"}, "pack en", ("pack",)),
        ({"rulings": "b"}, "ruling", ("ruling",)),
        ({"code": "b"}, "code", ("code",)),
        ({"code": "b", "rulings": "b"}, "ruling or code", ("ruling", "code")),
        ({"languages": "b", "languages.uk": "b", "code": "b"}, "code", ("code",)),  # that pack was not asked
        ({}, "not told by the manifests", ()),
    ],
)
def test_what_else_differs_between_the_manifests_is_the_cause(inputs, words, sorts, saved):
    """If several inputs differ, it was one of them; if none does, nobody can tell."""
    a = saved("a", {"one": STRIKE})
    b = saved("b", {"one": STRIKE}, inputs=inputs, edit=lambda r: replace(r, kind="shelling", status="disputed"))
    found = compare(a, b)

    assert told(found) == [("kherson.kherson", ("rekinded", "status_changed"), [words])]
    assert found.reports[0].causes[0].sorts == sorts
    assert found.causes == {words: 1}


def test_what_is_said_of_a_digest_is_a_cause_of_its_own(saved):
    """Another outlet in the index, and the same bytes."""
    found = compare(saved("a", {"one": STRIKE}, outlet="One"), saved("b", {"one": STRIKE}, outlet="Other"))

    assert told(found) == [("kherson.kherson", ("changed",), ["digest described otherwise (outlet)"])]
    assert found.digests["described_otherwise"] == ("one",)


def test_both_causes_of_a_report_that_differs_twice_are_told(saved, edited_gazetteer):
    """Its place comes from the gazetteer, its day from the digest."""
    other = edited_gazetteer("kherson.kherson", lat="46.7369")
    edited = STRIKE.replace("Thursday", "Wednesday")
    found = compare(saved("a", {"one": STRIKE}), saved("b", {"one": edited}, gazetteer=other))

    assert told(found) == [
        ("kherson.kherson", ("moved", "redated", "changed"), ["gazetteer row kherson.kherson", "digest changed"])
    ]


def test_an_area_is_not_measured_from(saved):
    """A report that is now of a whole oblast moved, but nobody can say how far."""
    area = {"place_id": "donetsk", "precision": "region", "lat": 48.0, "lon": 37.5}
    b = saved("b", {"one": STRIKE}, edit=lambda r: replace(r, **area), inputs={"code": "b"})
    found = compare(saved("a", {"one": STRIKE}), b)

    assert found.reports[0].sorts == ("moved",)
    assert found.reports[0].km is None


# --- stories ---------------------------------------------------------------------------------------------------------


def test_a_story_that_an_earlier_report_joins_is_superseded(saved):
    """Its id was that of the report that is now the second; the digest that came is the cause."""
    found = compare(
        saved("a", {"late": CAPTURE}), saved("b", {"late": CAPTURE, "early": CAPTURE.replace("near", "by")})
    )
    [story] = found.stories

    assert (story.story, story.by) == (
        "late.donetsk.yasna-poliana.capture.2024-11-01",
        ("early.donetsk.yasna-poliana.capture.2024-11-01",),
    )
    assert [cause.words for cause in story.causes] == ["digest added"]
    assert found.counts["superseded_stories"] == 1
    assert any(line.strip().startswith(f"{story.story} is part of ") for line in lines(found))


def test_a_story_that_falls_apart_is_superseded_by_its_parts(saved):
    """Once one digest tells of another day, they are no more one event."""
    texts = {"early": CAPTURE, "late": CAPTURE.replace("near", "by")}
    b = saved("b", texts | {"early": CAPTURE.replace("captured", "on 20 October captured")})
    found = compare(saved("a", texts), b)

    assert [(len(story.by), story.reports) for story in found.stories] == [(2, 2)]
    assert {cause.words for cause in found.stories[0].causes} == {"digest changed"}


def test_a_story_that_only_grows_is_not_superseded(saved):
    """Nor is one whose first report has another id, but is the same report."""
    texts = {"early": CAPTURE, "late": CAPTURE.replace("near", "by")}
    a, b = saved("a", {"early": CAPTURE}), saved("b", texts)

    assert compare(a, b).stories == ()
    assert compare(a, saved("c", {"early": CAPTURE.replace("captured", "on Thursday captured")})).stories == ()


# --- told ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(saved):
    """Two datasets that differ in reports full of what markup, scripts and terminals stumble over."""
    texts = {f"d{number}": STRIKE for number in range(len(HOSTILE))}
    words = iter(HOSTILE)

    def edit(report):
        word = next(words)
        return replace(report, claimant=word, quote=word + report.quote, place=word, outlet=word, status="disputed")

    return compare(saved("a", texts), saved("b", texts, edit=edit, inputs={"code": "b"}))


def test_json_holds_every_difference(hostile):
    """One object; days are ISO text, and both sides of each report are there."""
    says = json.loads("".join(json_pieces(hostile)))

    assert len(says["reports"]) == len(HOSTILE) == says["counts"]["status_changed"]
    assert [row["after"]["claimant"] for row in says["reports"]] == [d.after["claimant"] for d in hostile.reports]
    assert says["reports"][0]["before"]["date"] == "2024-10-31"
    assert says["inputs"] == {"code": {"before": "a", "after": "b"}}
    assert set(says["counts"]) == {*SORTS, "superseded_stories"}


def test_the_page_holds_hostile_words_as_data_only(hostile):
    """Whatever a digest says is packed, and set as text by the script; no markup of its is in the file."""
    page = change_map.page_of(hostile).decode()
    packed = re.search(r'"told": "([^"]+)"', page).group(1)
    inside = json.loads(decompress(b64decode(packed)))

    assert not [word for word in HOSTILE if word in page]
    assert any("<script>alert('x')</script>" in row["quote"] for row in inside["reports"])
    assert "innerHTML" not in change_map.maps.asset("differences.js")


def test_the_page_asks_for_nothing(hostile):
    """No script, style or picture comes from anywhere else."""
    page = change_map.page_of(hostile).decode()

    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert "Reports as published. Not verified." in json.dumps(
        json.loads(decompress(b64decode(re.search(r'"told": "([^"]+)"', page).group(1))))
    )


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: install Debian's, or name one in CHROMIUM")
def test_the_page_opens_in_a_browser_and_runs_no_word_of_a_digest(hostile, tmp_path):
    """The list names each report, a click opens its words on the map, a box hides its sort, and nothing is asked for."""
    (tmp_path / "map.html").write_bytes(change_map.page_of(hostile))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        faults, asked = [], []
        page.on("pageerror", lambda error: faults.append(error))
        page.on("dialog", lambda dialog: faults.append(dialog.message) or dialog.dismiss())
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "map.html").as_uri())
        page.wait_for_selector(".fl-diff-panel li button")

        assert page.locator(".fl-diff-panel ol li").count() == len(HOSTILE)
        page.locator(".fl-diff-panel ol button").first.click()
        assert page.locator(".leaflet-popup blockquote").inner_text().strip()
        for box in page.locator(".fl-diff-legend input").all():
            box.uncheck()
        assert page.locator(".fl-diff-panel ol li").count() == page.locator(".leaflet-marker-icon").count() == 0
        browser.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_same_datasets_give_the_same_bytes(saved):
    """Of the page and of JSON, wherever the folders are."""
    pairs = [(saved(f"a{n}", {"one": STRIKE}), saved(f"b{n}", {"one": SHELLING})) for n in (1, 2)]
    one, other = (compare(*pair) for pair in pairs)

    assert change_map.page_of(one) == change_map.page_of(other)
    assert "".join(json_pieces(one)) == "".join(json_pieces(other))


def test_a_page_holds_so_many_reports_and_says_what_it_leaves_out(saved, monkeypatch):
    """The weightiest sorts come first."""
    monkeypatch.setattr(change_map, "MOST", 1)
    found = compare(saved("a", {"one": STRIKE, "two": SHELLING}), saved("b", {"two": SHELLING.replace("two", "six")}))
    page = change_map.page_of(found).decode()
    inside = json.loads(decompress(b64decode(re.search(r'"told": "([^"]+)"', page).group(1))))

    assert len(found.reports) == 2
    assert [row["sorts"] for row in inside["reports"]] == [["removed"]]
    assert inside["left_out"] == 1


def test_an_area_is_an_outline_and_never_a_spot(saved):
    """So is a report of an oblast that is new."""
    text = "Russian forces shelled Kherson oblast on Thursday, the governor said."
    page = change_map.page_of(compare(saved("a", {"one": CAPTURE}), saved("b", {"one": CAPTURE, "two": text}))).decode()
    inside = json.loads(decompress(b64decode(re.search(r'"told": "([^"]+)"', page).group(1))))

    assert inside["spots"] == []
    assert [row["at"] for row in inside["reports"]] == [[None, {"area": 0}]]


def test_the_command_says_what_differs_and_writes_the_map(saved, frontline, tmp_path):
    """Text, or JSON and nothing else; the map beside either."""
    a, b = saved("a", {"one": STRIKE}), saved("b", {"one": STRIKE, "two": SHELLING})
    code, out, err = frontline("diff", a, b, "--html", tmp_path / "map.html")

    assert (code, err) == (0, "")
    assert "reports: 1 added" in out
    assert "Shelling: Kurakhove · 30 Oct 2024" in out
    assert "because: digest added" in out
    assert (tmp_path / "map.html").read_bytes().startswith(b"<!DOCTYPE html>")
    code, out, err = frontline("diff", a, b, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["counts"]["added"] == 1


def test_the_terminal_gets_no_control_characters(hostile, frontline):
    """What would move the cursor or turn the text around is shown, not sent."""
    code, out, _ = frontline("diff", hostile.before.folder, hostile.after.folder)

    assert code == 0
    assert len(out.splitlines()) > len(HOSTILE)
    assert not re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)


def test_what_is_no_dataset_is_said_so(saved, frontline, tmp_path):
    """In words, with exit code 1."""
    code, out, err = frontline("diff", saved("a", {"one": STRIKE}), tmp_path / "nowhere")

    assert (code, out) == (1, "")
    assert "nowhere" in err


def test_pairs_of_many_reports_are_found_at_once(tmp_path, small):
    """Thousands of rows, all of them the same report in both."""
    save_dataset(tmp_path / "a", make_readings(2_000), gazetteer=small)
    version = Version(tmp_path / "a")
    here, there = pairs(version.column, version.column, {})

    assert np.array_equal(here, np.arange(len(version)))
    assert np.array_equal(there, here)
