"""Rulings: the file to which lines are only added, what they do to a reading, and the builds that they go into."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.build import build
from geo.dataset.store import load_dataset
from geo.errors import BrokenCuratedData, UnreadableInput, WrongUse
from geo.paths import bundled
from geo.review.queue import history, lost
from geo.review.ruled import ruled
from geo.review.rulings import COLUMNS, Ruling, append, in_effect, read_rulings, ruling, undoing

TEXT = """---
language: en
published: 2024-11-01
---
Russian forces captured the village of Yasna Poliana near Vuhledar on Friday, the Russian defence ministry said.

Two people were killed in an air strike on Kherson on Thursday. A drone hit a house in Kharkiv on Thursday.
"""
HEADER = ",".join(COLUMNS)
HASH = "a" * 64


@pytest.fixture(scope="module")
def reading(read_text):
    reading = read_text(TEXT)
    assert [r.kind for r in reading.reports] == ["capture", "air_strike", "air_strike"]
    return reading


def on(report, decision, value="", who="Ana", why="checked by hand"):
    return ruling(report.text_sha256, (report.mention_start, report.mention_end), decision, value, who=who, why=why)


def applied(reading, gazetteer, *rulings):
    return ruled(reading, in_effect(rulings), gazetteer)


def span_of(report):
    return f"{report.mention_start}-{report.mention_end}"


# --- what a ruling does ----------------------------------------------------------------------------------------------


def test_a_rejected_report_is_gone_and_its_mention_says_who_rejected_it(reading, gazetteer):
    """Nothing is dropped silently: the verdict of the mention is a reason with a name."""
    first, *others = reading.reports

    after = applied(reading, gazetteer, on(first, "reject", why="an old story"))

    assert list(after.reports) == others
    verdict = next(v for v in after.verdicts if v.mention.start == first.mention_start)
    assert (verdict.role, verdict.report_id) == ("rejected", None)
    assert "Ana" in verdict.why
    assert "an old story" in verdict.why


def test_an_accepted_report_stays_as_it_is(reading, gazetteer):
    """Its reason begins with the ruling; its measured confidence is that of the program, not of a person."""
    first, *others = reading.reports

    after = applied(reading, gazetteer, on(first, "accept"))

    assert after.reports[0] == replace(first, confidence=None, why=after.reports[0].why)
    assert after.reports[0].why.startswith("ruled: accept, Ana, ")
    assert after.reports[0].why.endswith(first.why)
    assert list(after.reports[1:]) == others


def test_a_moved_report_keeps_its_quote_and_takes_everything_of_the_place(reading, gazetteer):
    """Position, units, id and summary are those of the new place; the trace says that a person chose it."""
    first = reading.reports[0]
    place = gazetteer.place("donetsk.pokrovsk")

    moved = applied(reading, gazetteer, on(first, "place", place.id)).reports[0]

    assert (moved.place_id, moved.lat, moved.lon) == (place.id, place.lat, place.lon)
    assert (moved.quote, moved.quote_start, moved.date) == (first.quote, first.quote_start, first.date)
    assert moved.id == f"{first.digest}.donetsk.pokrovsk.capture.2024-11-01"
    assert "Pokrovsk" in moved.summary
    assert moved.confidence is None
    verdicts = applied(reading, gazetteer, on(first, "place", place.id)).verdicts
    assert {v.resolution.decision for v in verdicts if v.report_id == moved.id} == {"ruled"}


def test_a_report_moved_to_an_oblast_is_an_area(reading, gazetteer):
    """No ruling makes a pin out of a region."""
    moved = applied(reading, gazetteer, on(reading.reports[0], "place", "donetsk")).reports[0]

    assert (moved.precision, moved.nominal) == ("region", True)


def test_another_date_and_another_kind(reading, gazetteer):
    """Both count together: they are different aspects of one report."""
    first = reading.reports[0]
    rulings = on(first, "date", "2024-10-30/2024-10-31"), on(first, "kind", "ground_fighting")

    changed = applied(reading, gazetteer, *rulings).reports[0]

    assert (changed.date, changed.date_end, changed.date_precision) == ("2024-10-30", "2024-10-31", "range")
    assert (changed.date_basis, changed.event_ts) == ("ruled", "2024-10-30T12:00:00Z")
    assert (changed.kind, changed.action) == ("ground_fighting", None)
    assert changed.id.endswith(".ground_fighting.2024-10-30")


def test_two_reports_become_one_and_keep_both_quotes(reading, gazetteer):
    """The other one's mentions then belong to the report that is left."""
    _, kherson, kharkiv = reading.reports

    after = applied(reading, gazetteer, on(kherson, "merge", span_of(kharkiv)))

    assert [r.place_id for r in after.reports] == [reading.reports[0].place_id, kherson.place_id]
    assert [q.quote for q in after.reports[1].more_quotes] == [kharkiv.quote]
    verdict = next(v for v in after.verdicts if v.mention.start == kharkiv.mention_start)
    assert verdict.report_id == after.reports[1].id


def test_a_report_of_two_sentences_is_split(read_text, gazetteer):
    """The further sentence has a report of its own, which knows only what that sentence says."""
    told = "Two people were killed in an air strike on Kherson on Thursday. "
    whole = read_text(told + "The air strike on Kherson on Thursday destroyed a school.", "en")
    (report,) = whole.reports
    assert len(report.more_quotes) == 1

    first, second = applied(whole, gazetteer, on(report, "split")).reports

    assert (first.quote, first.more_quotes) == (report.quote, ())
    assert (second.quote, second.killed_min) == (report.more_quotes[0].quote, None)
    assert second.id == f"{first.id}-2"
    assert whole.digest.text[second.quote_start : second.quote_end] == second.quote
    assert whole.digest.text[second.mention_start : second.mention_end] == second.mention


def test_a_later_ruling_supersedes_and_withdrawing_gives_what_was_there(reading, gazetteer):
    """Rejected, then accepted: it stands. Withdrawn: it is as if nobody had ruled."""
    first = reading.reports[0]
    history = [on(first, "reject"), on(first, "place", "donetsk.pokrovsk"), on(first, "accept")]

    assert len(applied(reading, gazetteer, *history).reports) == len(reading.reports)
    assert applied(reading, gazetteer, *history, on(first, "withdraw")) == reading


@given(data=some.data())
def test_rulings_on_one_report_leave_the_others_alone(data, read_text, gazetteer):
    """Whatever is ruled about a report, in whatever order: the others keep every field, and promises hold."""
    whole = read_text(TEXT)
    report = data.draw(some.sampled_from(whole.reports))
    decisions = [("accept", ""), ("place", "donetsk.pokrovsk"), ("date", "2024-10-01"), ("kind", "shelling")]
    decisions += [("reject", ""), ("split", ""), ("withdraw", "")]
    made = [on(report, *d) for d in data.draw(some.lists(some.sampled_from(decisions), max_size=6))]

    after = applied(whole, gazetteer, *made)

    untouched = [r for r in whole.reports if r != report]
    assert [r for r in after.reports if r.mention_start != report.mention_start] == untouched
    assert len({r.id for r in after.reports}) == len(after.reports)
    assert all(whole.digest.text[r.quote_start : r.quote_end] == r.quote for r in after.reports)
    told = {v.report_id for v in after.verdicts} - {None}
    assert told == {r.id for r in after.reports}
    assert all(len(r.why.encode()) <= 400 for r in after.reports)


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"start": 0, "end": 3}, "no place is named there any more"),
        ({"decision": "place", "value": "donetsk.nowhere"}, "donetsk.nowhere is not in the gazetteer"),
        ({"decision": "merge", "value": "0-3"}, "no report is told at 0-3"),
        ({"decision": "split", "value": ""}, "its report stands on one sentence"),
    ],
)
def test_a_ruling_that_finds_nothing_is_said_and_changes_nothing(reading, gazetteer, changed, because):
    """It is a warning of the digest, so that every build says it."""
    lost = replace(on(reading.reports[1], "accept"), **changed)

    after = applied(reading, gazetteer, lost)

    assert after.reports == reading.reports
    assert len(after.digest.warnings) == len(reading.digest.warnings) + 1
    assert because in after.digest.warnings[-1]


def test_the_sample_keeps_every_id_when_one_report_is_accepted(gazetteer):
    """Numbers of reports with one place, kind and day are given as the reading gives them."""
    from geo.events import read
    from geo.text.digests import read_digest

    for path in sorted(bundled("data/digests").glob("*.md")):
        whole = read(read_digest(path), gazetteer)
        for report in whole.reports[:1]:
            after = applied(whole, gazetteer, on(report, "accept"))

            assert [r.id for r in after.reports] == [r.id for r in whole.reports]
            assert [v.report_id for v in after.verdicts] == [v.report_id for v in whole.verdicts]


# --- the file --------------------------------------------------------------------------------------------------------


def some_ruling(why="a reason", decision="accept", value=""):
    return ruling(HASH, (3, 9), decision, value, who="Ana", why=why)


def test_what_is_written_is_read_back(tmp_path):
    """Commas, quotes and line breaks in a reason keep to their line."""
    made = [some_ruling('she said "no", twice'), some_ruling("first\nsecond\u2028third"), some_ruling("Часів Яр")]
    for each in made:
        append(tmp_path / "new" / "rulings.csv", each)

    told = read_rulings(tmp_path / "new" / "rulings.csv")

    assert list(told.history) == made
    assert made[1].why == "first second third"
    assert len((tmp_path / "new" / "rulings.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"{HASH},3,9,accept,,Ana,why", "7 cells instead of 8"),
        (f"{HASH},3,9,approve,,Ana,why,2024-11-01T12:00:00Z", "decision is 'approve'"),
        (f"{HASH},9,3,accept,,Ana,why,2024-11-01T12:00:00Z", "9-3 is no span"),
        (f"{HASH},x,9,accept,,Ana,why,2024-11-01T12:00:00Z", "'x' to '9' is no span"),
        (f"{HASH},3,9,kind,war,Ana,why,2024-11-01T12:00:00Z", "'war' is no kind"),
        (f"{HASH},3,9,date,yesterday,Ana,why,2024-11-01T12:00:00Z", "'yesterday' is no date"),
        (f"{HASH},3,9,date,2024-11-02/2024-11-01,Ana,why,2024-11-01T12:00:00Z", "is no date"),
        (f"{HASH},3,9,accept,,,why,2024-11-01T12:00:00Z", "who decided"),
        (f"{HASH},3,9,accept,,Ana,why,yesterday", "when is 'yesterday'"),
        ("abc,3,9,accept,,Ana,why,2024-11-01T12:00:00Z", "no SHA-256"),
    ],
)
def test_a_broken_line_is_named_with_what_to_do(tmp_path, line, what):
    """File and line first."""
    path = tmp_path / "rulings.csv"
    path.write_text(f"{HEADER}\n{line}\n{HASH},3,9,accept,,Ana,why,2024-11-01T12:00:00Z\n", encoding="utf-8")

    with pytest.raises(BrokenCuratedData, match=r"rulings\.csv:2: ") as raised:
        read_rulings(path)

    assert what in str(raised.value)
    assert "; " in str(raised.value)


def test_a_file_of_something_else_is_never_added_to(tmp_path):
    """A slip of --rulings must not spoil another table."""
    path = tmp_path / "places.csv"
    path.write_text("id,name\n1,Kherson\n", encoding="utf-8")

    with pytest.raises(BrokenCuratedData, match="no file of rulings"):
        append(path, some_ruling())

    assert path.read_text(encoding="utf-8") == "id,name\n1,Kherson\n"


@given(some.integers(1, 400))
def test_a_last_line_that_was_cut_off_loses_no_other(tmp_path_factory, cut):
    """As a kill in the middle of writing leaves it: reading says so, the next ruling sets the rest aside."""
    path = tmp_path_factory.mktemp("cut") / "rulings.csv"
    append(path, some_ruling("first"))
    whole = path.stat().st_size
    append(path, some_ruling("Ясна Поляна, second"))
    content = path.read_bytes()
    path.write_bytes(content[: max(whole, len(content) - cut)])
    ends_well = path.read_bytes().endswith(b"Z")  # only the end of the line is missing: it says everything
    left = path.stat().st_size > whole and path.stat().st_size < len(content)

    told = read_rulings(path)
    assert [r.why for r in told.history] == ["first", "Ясна Поляна, second"][: 2 if ends_well else 1]
    assert bool(told.warnings) == (left and not ends_well)

    warned = append(path, some_ruling("third"))
    assert bool(warned) == (left and not ends_well)
    assert [r.why for r in read_rulings(path).history][-1] == "third"
    assert read_rulings(path).warnings == ()
    assert path.with_name("rulings.csv.cut").exists() == bool(warned)


def _appending(path: Path, name: str, number: int) -> subprocess.Popen:
    """Start a process that adds rulings, one at a time."""
    code = (
        "import os, sys; from pathlib import Path; from geo.review.rulings import append, ruling\n"
        "os.fsync = lambda _handle: None  # as in the process of the tests\n"
        "for n in range(int(sys.argv[3])):\n"
        f"    made = ruling({HASH!r}, (n, n + 1), 'accept', who=sys.argv[2], why='x' * (n % 50 + 1))\n"
        "    append(Path(sys.argv[1]), made)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(path), name, str(number)])


@pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")
def test_processes_that_write_at_once_lose_nothing(tmp_path):
    """Two tabs and a command line: every ruling of each is there, in its order, and there is one header."""
    path, names = tmp_path / "rulings.csv", ("one", "two", "three")
    workers = [_appending(path, name, 25) for name in names]

    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    history = read_rulings(path).history
    assert {name: [r.start for r in history if r.who == name] for name in names} == {key: [*range(25)] for key in names}


@pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")
def test_a_writer_that_is_killed_leaves_a_file_that_can_be_added_to(tmp_path):
    """At whatever moment: what was confirmed before is there, and the next ruling goes in."""
    path = tmp_path / "rulings.csv"
    for round_ in range(3):
        before = len(read_rulings(path).history) if path.exists() else 0
        worker = _appending(path, "killed", 1_000_000)
        while not path.exists() or path.stat().st_size < (before + 5) * 100:
            assert worker.poll() is None
            time.sleep(0.01)
        worker.kill()
        worker.wait()
        append(path, some_ruling(f"after {round_}"))

        assert len(read_rulings(path).history) > before
        assert read_rulings(path).history[-1].why == f"after {round_}"


def test_a_file_that_is_not_there_is_said(tmp_path, monkeypatch):
    """If it was named; the usual one need not be there."""
    monkeypatch.chdir(tmp_path)

    assert read_rulings(None).history == ()
    with pytest.raises(UnreadableInput, match=r"nowhere\.csv"):
        read_rulings(Path("nowhere.csv"))


def test_a_ruling_without_a_reason_is_refused():
    """It goes into the dataset, and somebody has to be able to follow it."""
    with pytest.raises(WrongUse, match="who decided and why"):
        ruling(HASH, (1, 2), "accept", who=" ", why="because")


# --- builds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def digests(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    (folder / "one.md").write_text(TEXT, encoding="utf-8")
    (folder / "two.md").write_text(TEXT.replace("Kherson", "Sumy"), encoding="utf-8")
    return folder


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_build_applies_rulings_and_reads_only_what_they_are_about(tmp_path, digests, gazetteer):
    """And equals a full build, byte for byte; the manifest says which file of rulings it was."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    report = next(r for _, r in load_dataset(out).events.iterrows() if r["place_id"] == "sumy.sumy")
    append(file, on(report, "place", "sumy.konotop"))

    summary = build([digests], out, gazetteer=gazetteer, rulings=file)
    build([digests], tmp_path / "full", gazetteer=gazetteer, rulings=file, read_all=True)

    assert (summary.read, summary.kept) == (1, 1)
    assert content(out) == content(tmp_path / "full")
    events = load_dataset(out).events
    assert "sumy.konotop" in set(events["place_id"])
    assert "sumy.sumy" not in set(events["place_id"])
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["basis"]["rulings"] == {"path": file.as_posix(), "sha256": read_rulings(file).sha256}
    assert set(manifest["provenance"]["inputs"]) >= {"rulings"}


def test_a_ruling_and_its_withdrawal_leave_no_byte_of_the_data(tmp_path, digests, gazetteer):
    """All files but the manifest, which names the file of rulings, are those of a build without rulings."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], tmp_path / "plain", gazetteer=gazetteer)
    plain = content(tmp_path / "plain")
    file.write_text(HEADER + "\n", encoding="utf-8")
    build([digests], tmp_path / "none", gazetteer=gazetteer, rulings=file)
    report = load_dataset(tmp_path / "plain").events.iloc[0]
    append(file, on(report, "reject"))
    build([digests], out, gazetteer=gazetteer, rulings=file)
    assert content(out)["events.geojson"] != plain["events.geojson"]
    append(file, on(report, "withdraw"))
    build([digests], out, gazetteer=gazetteer, rulings=file)

    for folder in (out, tmp_path / "none"):
        after = content(folder)
        assert {n: b for n, b in after.items() if n != "manifest.json"} == {
            n: b for n, b in plain.items() if n != "manifest.json"
        }


def test_a_ruling_whose_text_is_gone_is_said_by_every_build(tmp_path, digests, gazetteer):
    """Also if nothing is read again; and it counts again when the text comes back."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    report = next(r for _, r in load_dataset(out).events.iterrows() if r["place_id"] == "sumy.sumy")
    append(file, on(report, "reject"), replace(on(report, "accept"), start=0, end=2))
    told = build([digests], out, gazetteer=gazetteer, rulings=file).warnings
    again = build([digests], out, gazetteer=gazetteer, rulings=file)
    text = (digests / "two.md").read_bytes()
    (digests / "two.md").unlink()
    gone = build([digests], out, gazetteer=gazetteer, rulings=file).warnings
    (digests / "two.md").write_bytes(text)
    build([digests], out, gazetteer=gazetteer, rulings=file)

    assert any("no place is named there any more" in words for words in told)
    assert again.read == 0
    assert set(told) == set(again.warnings)
    assert any("“reject” by Ana" in words and "no digest has the text" in words for words in gone)
    assert "sumy.sumy" not in set(load_dataset(out).events["place_id"])


# --- pairs of reports of different digests ---------------------------------------------------------------------------


def spot(report):
    return f"{report['text_sha256']}:{report['mention_start']}-{report['mention_end']}"


def at(folder, place, digest):
    events = load_dataset(folder).events
    return events[(events["place_id"] == place) & (events["digest"] == digest)].iloc[0]


def told_together(folder):
    """The ids of the reports of each story that several tell."""
    return {
        tuple(story["reports"])
        for story in load_dataset(folder).table("stories").to_pylist()
        if len(story["reports"]) > 1
    }


def test_stories_obey_what_is_ruled_about_pairs(tmp_path, digests, gazetteer):
    """One more story and one less; no digest is read again, and a full build gives the same bytes."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    capture, drone = at(out, "kharkiv.kharkiv", "one"), at(out, "kharkiv.kharkiv", "two")
    kherson, sumy = at(out, "kherson.kherson", "one"), at(out, "sumy.sumy", "two")
    before = told_together(out)
    assert (capture["id"], drone["id"]) in before
    append(file, on(kherson, "same", spot(sumy)), on(drone, "apart", spot(capture)))

    summary = build([digests], out, gazetteer=gazetteer, rulings=file)
    build([digests], tmp_path / "full", gazetteer=gazetteer, rulings=file, read_all=True)

    assert (summary.read, summary.warnings) == (0, ())
    assert content(out) == content(tmp_path / "full")
    assert told_together(out) == before - {(capture["id"], drone["id"])} | {(kherson["id"], sumy["id"])}
    assert set(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["provenance"]["inputs"]) >= {"rulings"}


def test_the_last_ruling_on_a_pair_counts_from_whichever_end(tmp_path, digests, gazetteer):
    """And a withdrawal at one end takes it back; then all is as before."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    one, two = at(out, "kherson.kherson", "one"), at(out, "sumy.sumy", "two")
    append(file, on(one, "same", spot(two)), on(two, "apart", spot(one)))
    assert [r.decision for r in read_rulings(file).pairs()] == ["apart"]
    append(file, on(two, "same", spot(one)))
    assert [r.decision for r in read_rulings(file).pairs()] == ["same"]
    told = read_rulings(file)
    assert [
        counts for _, counts in history([(one["text_sha256"], one["mention_start"], one["mention_end"])], told)
    ] == [
        False,
        False,
        True,
    ]
    append(file, *undoing(told.history, told.history[-1], who="Ana", why="wrong"))
    assert [r.decision for r in read_rulings(file).pairs()] == ["apart"]
    append(file, on(one, "withdraw"))
    assert read_rulings(file).pairs() == ()


def test_what_contradicts_a_ruling_apart_is_said_and_not_obeyed(tmp_path, digests, gazetteer):
    """A is B and B is C, but A is not C: what came last is not obeyed, and the words name both."""
    (digests / "three.md").write_text(TEXT.replace("Kherson", "Poltava"), encoding="utf-8")
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    a, b, c = at(out, "kherson.kherson", "one"), at(out, "sumy.sumy", "two"), at(out, "poltava.poltava", "three")
    append(file, on(a, "same", spot(b)), on(b, "same", spot(c)), on(c, "apart", spot(a), who="Ben"))

    told = build([digests], out, gazetteer=gazetteer, rulings=file).warnings

    [words] = [words for words in told if "does not hold" in words]
    assert "“apart" in words
    assert "by Ben" in words
    assert tuple(sorted((a["id"], b["id"]))) in {tuple(sorted(ids)) for ids in told_together(out)}


def test_a_pair_of_which_a_report_or_a_text_is_gone_is_said(tmp_path, digests, gazetteer):
    """As other rulings are: by the build, and by ``frontline rule --check``."""
    out, file = tmp_path / "out", tmp_path / "rulings.csv"
    build([digests], out, gazetteer=gazetteer)
    one, two = at(out, "kherson.kherson", "one"), at(out, "sumy.sumy", "two")
    append(file, on(one, "same", spot(two)), on(two, "reject"))
    told = build([digests], out, gazetteer=gazetteer, rulings=file).warnings
    assert any("no report is told at one of its two mentions" in words for words in told)

    (digests / "two.md").unlink()
    told = build([digests], out, gazetteer=gazetteer, rulings=file).warnings
    assert any("“same " in words and "does not hold" in words for words in told)
    assert [r.decision for r, because in lost(read_rulings(file), load_dataset(out)) if "text" in because] == [
        "reject",
        "same",
    ]


def test_the_command_rules_about_pairs(frontline, tmp_path, digests, gazetteer, monkeypatch):
    """And refuses two reports of one digest with the way out."""
    monkeypatch.chdir(tmp_path)
    build([digests], tmp_path / "out", gazetteer=gazetteer)
    one, two = at("out", "kherson.kherson", "one"), at("out", "sumy.sumy", "two")
    own = at("out", "kharkiv.kharkiv", "one")
    said = ("--why", "read both", "--who", "Ana", "--data", "out")

    code, out, _ = frontline("rule", one["id"], "--same", two["id"], *said)
    assert code == 0
    assert f"same {two['text_sha256'][:12]}…" in out
    for option, remedy in (("--same", "say --merge"), ("--apart", "never are one story")):
        code, _, err = frontline("rule", one["id"], option, own["id"], *said)
        assert (code, remedy in err) == (2, True)
    code, _, err = frontline("rule", one["id"], "--merge", two["id"], *said)
    assert (code, f"say --same {two['id']}" in err) == (2, True)
    assert "same" in frontline("rule", two["id"], "--data", "out")[1]


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(tmp_path, digests, gazetteer, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build([digests], tmp_path / "out", gazetteer=gazetteer)
    return load_dataset(tmp_path / "out")


def test_the_command_lists_rules_and_shows_the_history(frontline, ready):
    """The least certain first; a report that was ruled about leaves the queue; the default file is made."""
    report = ready.events.sort_values(["confidence", "id"]).iloc[0]["id"]
    code, out, _ = frontline("rule", "--data", "out", "--json")
    listed = json.loads(out)
    assert code == 0
    assert listed["queue"][0]["id"] == report
    assert listed["waiting"] == len(ready.events)

    code, out, _ = frontline("rule", report, "--accept", "--why", "seen", "--who", "Ana", "--data", "out")
    assert code == 0
    assert "next `frontline build`" in out
    assert read_rulings(None).path == Path("data/rulings.csv")

    _, out, _ = frontline("rule", "--data", "out", "--json")
    assert json.loads(out)["waiting"] == len(ready.events) - 1
    frontline("rule", report, "--reject", "--why", "no", "--who", "Ben", "--data", "out")
    _, out, _ = frontline("rule", report, "--data", "out", "--json")
    assert [(r["decision"], r["counts"]) for r in json.loads(out)] == [("accept", False), ("reject", True)]


def test_a_build_takes_the_usual_file_and_a_rejected_mention_can_be_ruled_about(frontline, ready):
    """By digest and span, as it has no report any more."""
    report = ready.events.iloc[0]
    frontline("rule", report["id"], "--reject", "--why", "no", "--who", "Ana", "--data", "out")
    assert frontline("build", "digests", "--out", "out")[0] == 0
    assert report["id"] not in set(load_dataset("out").events["id"])

    mention = f"{report['digest']}:{report['mention_start']}-{report['mention_end']}"
    assert frontline("rule", mention, "--withdraw", "--why", "wrong", "--who", "Ana", "--data", "out")[0] == 0
    assert frontline("build", "digests", "--out", "out")[0] == 0
    assert report["id"] in set(load_dataset("out").events["id"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--place", "donetsk.nowhere"], "no place has this id"),
        (["--kind", "war"], "is no kind"),
        (["--date", "soon"], "is no date"),
        (["--merge", "nothing"], "no report has this id"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(frontline, ready, arguments, words):
    """Nothing is written then."""
    report = ready.events.iloc[0]["id"]

    code, _, err = frontline("rule", report, *arguments, "--why", "w", "--who", "Ana", "--data", "out")

    assert (code, words in err) == (2, True)
    assert not Path("data/rulings.csv").exists()


def test_explain_shows_what_was_ruled(frontline, ready):
    """With the file of rulings; without it the reading as it is."""
    report = ready.events.iloc[0]
    append(Path("data/rulings.csv"), on(report, "reject", why="an old story"))
    digest = f"digests/{report['digest']}.md"

    assert "an old story" in frontline("explain", digest, "--rulings", "data/rulings.csv")[1]
    assert "an old story" not in frontline("explain", digest)[1]


def test_check_names_rulings_that_find_nothing(frontline, ready):
    """And ends with 1, so that a script notices."""
    append(Path("data/rulings.csv"), some_ruling("of a text that nobody has"))

    code, out, _ = frontline("rule", "--check", "--data", "out")

    assert code == 1
    assert "no digest has this text any more" in out
    assert isinstance(read_rulings(None).history[0], Ruling)
