"""Whatever is put in, each mistake gives one clear message, and the rest is read."""

import time
from datetime import date
from pathlib import Path

import pytest
from marked import promises_broken

from geo.build import build
from geo.dataset.store import load_dataset
from geo.events import read
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import Metadata, digest_of

SMALL = Path(__file__).resolve().parent / "gazetteer"
GOOD = "Day 982 of the war.\nRussian troops captured Kurakhove, the Russian defence ministry said.\n"
SENTENCE = (
    "Russian troops shelled Kurakhove and Toretsk near Pokrovsk, said the governor, while drones hit a port in Odesa. "
)


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    return Gazetteer.load(SMALL)


@pytest.mark.parametrize(
    ("name", "content", "failure", "warning"),
    [
        (
            "not-utf8.txt",
            "Fighting in Kurakhove “on” 1 November 2024, it was said.".encode("cp1252"),
            None,
            "not UTF-8; read as cp125",
        ),
        ("empty.txt", b"", "the file is empty", None),
        ("blank.txt", b"\xef\xbb\xbf \n \r\n", "the file is empty", None),
        ("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "this is no text", None),
        (
            "no-place.txt",
            b"Day 982 of the war: nothing was said of any place, and it was the day that it was.",
            None,
            "no place",
        ),
        ("unknown.txt", "Vuhledar közelében harcok dúltak, közölték.".encode(), None, "no reports are made"),
        (
            "no-date.txt",
            b"Fighting went on in the town of Toretsk and it was said that they have left.",
            None,
            "no date",
        ),
        (
            "two-dates.txt",
            b"Day 982 of the war, 5 November 2024: fighting went on in the town of Toretsk.",
            None,
            "dates do not agree",
        ),
        (
            "front.txt",
            b"+++\npublished = 'soon'\n+++\nDay 982: fighting went on in the town of Toretsk.",
            None,
            "is no date",
        ),
        (
            "broken.txt",
            b"+++\npublished = \n+++\nDay 982: fighting went on in the town of Toretsk.",
            None,
            "cannot be read",
        ),
    ],
)
def test_a_bad_file_gives_one_clear_message_and_the_others_are_built(tmp_path, small, name, content, failure, warning):
    """It is named in the message; the good digest beside it is in the dataset."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(GOOD)
    (tmp_path / "in" / name).write_bytes(content)

    summary = build([tmp_path / "in"], tmp_path / "out", gazetteer=small)

    about = Path(name).stem
    assert [failure in f and about in f for f in summary.failures] == ([True] if failure else [])
    assert [warning in w for w in summary.warnings if w.startswith(f"{about}: ")] == ([True] if warning else [])
    assert "good.donetsk.kurakhove.capture.2024-11-01" in set(load_dataset(tmp_path / "out").events["id"])


@pytest.mark.parametrize(
    "text",
    [
        "+++\npublished = 0001-01-01\n+++\nFighting went on in the town of Toretsk overnight, it was said yesterday.",
        "+++\npublished = 9999-12-31\n+++\nFighting went on in the town of Toretsk on Friday night, it was said.",
        "Fighting went on in the town of Toretsk on 0001-01-01 overnight, it was said, and on the night of 31/12/9999.",
        "Day 0 of the war: the fighting in the town of Toretsk went on, as it was said on 00/00/0000 and 31/02/2024.",
    ],
)
def test_days_at_the_ends_of_the_calendar_stop_no_build(tmp_path, small, text):
    """They are no days of this war; the digest beside them is built."""
    (tmp_path / "odd.txt").write_text(text)
    (tmp_path / "good.txt").write_text(GOOD)

    summary = build([tmp_path], tmp_path / "out", gazetteer=small)

    assert (summary.digests, summary.failures) == (2, ())
    assert {r[:4] for r in load_dataset(tmp_path / "out").events["date"].astype(str)} <= {"2024"}


def seconds_to_read(text: str, gazetteer: Gazetteer) -> float:
    digest = digest_of(text, metadata=Metadata(language="en", published=date(2024, 11, 1)))
    start = time.perf_counter()
    reading = read(digest, gazetteer)
    spent = time.perf_counter() - start
    assert reading.verdicts
    return spent


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda n: SENTENCE * n, id="one line of sentences"),
        pytest.param(lambda n: SENTENCE.replace(". ", ", ") * n, id="one sentence"),
        pytest.param(lambda n: (SENTENCE + "\n") * n, id="lines"),
        pytest.param(
            lambda n: "\ufeff" + (SENTENCE.replace("Pokrovsk", "Pok\u00adrovsk") + "\r\n") * n, id="marks in it"
        ),
        pytest.param(lambda n: "Kurakhove, " * 10 * n, id="one list"),
        pytest.param(lambda n: "Kurakhove " + "x" * 100 * n, id="one word"),
        pytest.param(lambda n: "Kurakhove. " + "- \u0301(" * 30 * n, id="no words"),
    ],
)
def test_time_grows_with_the_length_and_not_faster(shape, small):
    """Four times the text takes about four times as long; a quadratic step would take sixteen times.

    On a busy machine one measurement says little: the best of several pairs is taken.
    """
    seconds_to_read(shape(12), small)
    pairs = ((seconds_to_read(shape(12), small), seconds_to_read(shape(48), small)) for _ in range(6))

    assert any(long < 9 * short + 0.1 for short, long in pairs)


def test_a_very_long_line_is_read(small):
    """In seconds, with every quote exact."""
    prose = SENTENCE + "The talks went on for days, and nobody knew what would come of them in the end. " * 8
    text = "Day 982 of the war. " + prose * (1_000_000 // len(prose))
    start = time.perf_counter()
    reading = read(digest_of(text), small)

    assert time.perf_counter() - start < 60
    assert {r.place_id for r in reading.reports} >= {"donetsk.kurakhove", "odesa.odesa"}
    assert promises_broken(reading) == []


@pytest.mark.parametrize("end", ["", "\n"], ids=["one line", "many lines"])
def test_fifty_megabytes_are_refused_and_the_others_are_built(tmp_path, small, end):
    """No article is that long: the message names the file and what to do."""
    (tmp_path / "huge.txt").write_text("Day 982 of the war.\n" + (SENTENCE + end) * (50_000_000 // len(SENTENCE)))
    (tmp_path / "good.txt").write_text(GOOD)

    summary = build([tmp_path], tmp_path / "out", gazetteer=small)

    assert summary.digests == 1
    assert [f.startswith(f"{tmp_path / 'huge.txt'}: 50 MB") and "split it" in f for f in summary.failures] == [True]
    assert "good.donetsk.kurakhove.capture.2024-11-01" in set(load_dataset(tmp_path / "out").events["id"])


HOSTILE = [
    "<script>alert('x')</script>",
    "`${x}`",
    "</textarea>",
    "\u202eabc\u202c",
    "=1+1",
    "'\"",
    "\x1b[2J",
    "{{x}}",
    "%s",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_markup_in_a_text_stays_text(piece, small):
    """It is quoted as it stands, and nothing of it becomes a place or a reason not to read."""
    text = f"Day 982 of the war.\nRussian troops {piece} captured Kurakhove {piece}, it said."
    reading = read(digest_of(text, metadata=Metadata(language="en")), small)

    assert promises_broken(reading) == []
    assert [r.place_id for r in reading.reports] == ["donetsk.kurakhove"]
    assert piece in reading.reports[0].quote
    assert piece not in reading.reports[0].summary
    assert piece not in reading.reports[0].id


@pytest.mark.parametrize("outlet", ["<b>Wire</b>", "=cmd()", 'Wi"re', "W\u202eire"])
def test_hostile_metadata_is_kept_as_data(outlet, small, tmp_path):
    """It comes back out of the dataset as it went in."""
    digest = digest_of(GOOD, metadata=Metadata(language="en", outlet=outlet))

    assert [r.outlet for r in read(digest, small).reports] == [outlet]
