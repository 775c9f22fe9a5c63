"""Digests in tables: each row is one, with an id that lasts; a row that cannot be read is named and the others are."""

import io
import json
import os
import sys
import zlib
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from geo.build import build
from geo.dataset.store import load_dataset
from geo.reference.gazetteer import Gazetteer
from geo.text.encodings import LARGEST_BYTES
from geo.text.inputs import find_inputs, read_source

SMALL = Path(__file__).parent / "gazetteer"
FIRST = "Russian forces captured the town of Kurakhove on Friday, the Russian defence ministry said.\n\nNobody was hurt in it."
SECOND = 'Shelling of the town of Toretsk, "the worst so far", went on for a second day, and two people were killed.'


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    return Gazetteer.load(SMALL)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def table(path: Path, *rows: str, header: str = "id,title,text,date,outlet,url,lang", encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return path


def texts(*paths: Path, **options) -> dict[str, str]:
    found = find_inputs(paths, **options)
    assert found.failures == ()
    return {source.id: read_source(source).text for source in found.sources}


def test_each_row_of_a_csv_is_a_digest_with_what_the_table_says_of_it(tmp_path):
    """Quoted line ends and quotation marks belong to the text; the title stands before it."""
    path = table(
        tmp_path / "t.csv", f"a,Head,{quoted(FIRST)},2024-11-02,Wire,https://x.org,EN", f",,{quoted(SECOND)},,,,"
    )
    first, second = sorted(map(read_source, find_inputs([path]).sources), key=lambda d: d.id, reverse=True)

    assert (first.id, first.text) == ("t~a", "Head\n\n" + FIRST)
    assert (first.published, first.outlet, first.url, first.language) == (
        date(2024, 11, 2),
        "Wire",
        "https://x.org",
        "en",
    )
    assert (second.id, second.text) == ("t~2", SECOND)
    assert first.extracted
    assert first.digest_sha256 != second.digest_sha256


def test_each_line_of_a_jsonl_is_a_digest_and_a_broken_one_is_named(tmp_path):
    """With file and line; the others are read."""
    path = tmp_path / "t.jsonl"
    lines = [
        json.dumps({"text": FIRST, "id": 7}),
        '{"text": ',
        "",
        json.dumps({"text": 5}),
        json.dumps([1]),
        "[" * 10**5,
    ]
    path.write_text("\n".join([*lines, json.dumps({"body": SECOND, "published": "2024-11-03T01:00Z"})]))
    found = find_inputs([path])

    assert [(s.id, s.name) for s in found.sources] == [("t~6", "t.jsonl:7"), ("t~7", "t.jsonl:1")]
    assert [f.split(": ")[0] for f in found.failures] == [f"{path}:{line}" for line in (2, 4, 5, 6)]
    assert read_source(found.sources[0]).published == date(2024, 11, 3)


def test_halves_of_characters_in_json_are_replaced(tmp_path):
    """No UTF-8 can hold them, so the archived text could not either."""
    (tmp_path / "t.jsonl").write_text('{"text": "Toretsk \\ud83d and \\ud83d\\ude80"}')

    assert texts(tmp_path) == {"t~1": "Toretsk \ufffd and 🚀"}


@pytest.mark.parametrize(("header", "mark"), [("TEXT;Date", ";"), ("Text\tDate", "\t"), ("\ufeffbody,published", ",")])
def test_columns_are_known_by_many_names_and_marks_between_them(tmp_path, header, mark):
    """As spreadsheets write them."""
    path = table(tmp_path / "t.csv", f"{quoted(SECOND)}{mark}2024-11-02\r", header=header + "\r")
    [source] = find_inputs([path]).sources

    assert (read_source(source).text, read_source(source).published) == (SECOND, date(2024, 11, 2))


def test_other_names_of_columns_can_be_given(tmp_path):
    """Then only that column is looked for."""
    path = table(tmp_path / "t.csv", f"{quoted(FIRST)},{quoted(SECOND)}", header="text,isi")

    assert texts(path, columns={"text": "isi"}) == {"t~1": SECOND}
    assert "--column text=NAME" in find_inputs([path], columns={"text": "none"}).failures[0]


def test_a_table_without_texts_is_a_warning_in_a_folder_and_a_failure_by_name(tmp_path):
    """Who names a file wants it; a folder may hold other tables."""
    path = table(tmp_path / "t.csv", "1,2", header="lat,lon")

    assert ("lat, lon" in find_inputs([tmp_path]).warnings[0], find_inputs([tmp_path]).failures) == (True, ())
    assert "no column of texts" in find_inputs([path]).failures[0]


def test_a_table_in_windows_1251_is_read(tmp_path):
    """Told from its first megabyte; a row in another encoding is named by its byte."""
    text = "Российские войска обстреляли посёлок Угледар, сообщил губернатор области в пятницу."
    path = table(tmp_path / "t.csv", f"1,,{quoted(text)},,,,", encoding="cp1251")

    assert texts(path) == {"t~1": text}
    utf8 = table(tmp_path / "u.csv", *(f"{n},,{quoted(FIRST + str(n))},,,," for n in range(9_000)))
    whole = utf8.read_bytes()
    utf8.write_bytes(whole + f"x,,{quoted(text)},,,,\n".encode("cp1251") + f"y,,{quoted(text)},,,,\n".encode())
    found = find_inputs([utf8])
    assert len(found.sources) == 9_001
    assert [f"byte {len(whole) + 4} is not utf-8" in said for said in found.failures] == [True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,text\n1,Shelling of Toretsk, and more\n2,Shelling of Toretsk\n", ":2: the row has 3 cells, the header 2"),
        (b'id,text\n1,"open\n2,Shelling of Toretsk\n', ":2 to 3: the row cannot be read"),
        (b"id,text\n1,\n2,Shelling of Toretsk\n", ":2: the text is empty"),
        (b"id,text\n2,Shelling\n2,Shelling of Toretsk\n", ":3: its id '2' is that of line 2"),
        (b"id,text\n1," + b"x" * (LARGEST_BYTES + 9) + b"\n", ":2: the row is longer than 5 MB"),
        (b"c," * 1_000_000 + b"\n", ":1: 1,000,001 columns"),
        (b"", ": no column of texts"),
        ("id,text\n1,Shelling".encode("utf-16"), "save it as UTF-8"),
    ],
    ids=["commas", "open quote", "empty", "same id", "huge field", "a million columns", "empty file", "UTF-16"],
)
def test_what_is_wrong_with_a_table_is_said_with_its_line(tmp_path, content, said):
    """One message each, and nothing else is lost."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    found = find_inputs([path])

    assert [said in failure and failure.startswith(str(path)) for failure in found.failures] == [True]
    assert len(found.sources) == (b"\n2," in content and b'"' not in content)


def test_many_broken_rows_are_counted_and_not_all_named(tmp_path):
    """The first twenty show what is wrong."""
    (tmp_path / "t.jsonl").write_text('{"text": "Shelling"}\n' + "{\n" * 1_000)

    assert len(find_inputs([tmp_path]).failures) == 21
    assert find_inputs([tmp_path]).failures[-1].endswith("980 more rows cannot be read")


def test_a_table_of_two_gigabytes_ends_with_words(tmp_path):
    """A sparse file: one line without an end is refused at five megabytes."""
    path = table(tmp_path / "t.csv", "1,Shelling of Toretsk", header="id,text")
    with path.open("r+b") as file:
        file.truncate(2_000_000_000)
    found = find_inputs([path])

    assert [source.id for source in found.sources] == ["t~1"]
    assert [":3: the row is longer than 5 MB" in failure for failure in found.failures] == [True]


def test_standard_input_is_a_text_or_a_page(monkeypatch, tmp_path, small):
    """Its text is archived: there is no file to look it up in."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(FIRST.encode())))
    summary = build([Path("-")], tmp_path / "out", gazetteer=small)

    assert (summary.digests, summary.failures) == (1, ())
    assert load_dataset(tmp_path / "out").table("texts").to_pylist() == [{"digest": "stdin", "text": FIRST}]


# --- datasets --------------------------------------------------------------------------------------------------------


def test_a_folder_may_mix_them_and_each_quote_stands_in_the_archived_text(tmp_path, small):
    """Offsets are those of the text that was read out, which the dataset keeps with its hash."""
    page = f"<html><body><article><p>{FIRST} It was said again on the next day by others.</p></article></body></html>"
    (tmp_path / "p.html").write_text(page)
    table(tmp_path / "t.csv", f"a,Head,{quoted(FIRST)},2024-11-02,Wire,,en", f"b,,{quoted(SECOND)},2024-11-02,,,en")
    (tmp_path / "x.txt").write_text("Fighting went on in Kurakhove on 1 November 2024, the army said.")
    summary = build([tmp_path], tmp_path / "out", gazetteer=small)
    dataset = load_dataset(tmp_path / "out")
    archived = {row["digest"]: row["text"] for row in dataset.table("texts").to_pylist()}
    quotes = [r for r in dataset.events.to_dict("records") if r["digest"] in archived]

    assert (summary.digests, set(archived)) == (4, {"p", "t~a", "t~b"})
    assert {"t~a", "t~b"} <= {r["digest"] for r in quotes}
    assert [archived[r["digest"]][r["quote_start"] : r["quote_end"]] for r in quotes] == [r["quote"] for r in quotes]


def test_a_table_built_again_is_not_read_again_and_a_changed_row_is(tmp_path, small):
    """Rows are digests of their own: the others keep their rows."""
    rows = [f"{n},,{quoted(FIRST + f' {n}')},2024-11-02,,,en" for n in range(5)]
    path = table(tmp_path / "t.csv", *rows)
    build([path], tmp_path / "out", gazetteer=small)

    assert build([path], tmp_path / "out", gazetteer=small).read == 0
    table(path, *rows[:4], rows[4].replace("captured", "shelled"))
    again = build([path], tmp_path / "out", gazetteer=small)
    build([path], tmp_path / "whole", gazetteer=small)
    assert (again.read, again.kept) == (1, 4)
    assert (tmp_path / "out/manifest.json").read_bytes() == (tmp_path / "whole/manifest.json").read_bytes()


def test_the_same_text_under_two_names_is_one_digest_that_keeps_both(tmp_path, small):
    """The one published first; if it goes, the other takes its place, also when built into the same folder."""
    day = "+++\n+++\n"
    (tmp_path / "b.txt").write_text(day + FIRST)
    (tmp_path / "a.txt").write_text(day + FIRST)
    (tmp_path / "a.md").mkdir()
    (tmp_path / "index.csv").write_text("file,language,outlet,url,published\nb.txt,en,Wire,,2024-11-02\n")
    summary = build([tmp_path], tmp_path / "out", gazetteer=small)
    [digest] = load_dataset(tmp_path / "out").table("digests").to_pylist()

    assert (digest["digest"], digest["also"], summary.digests) == ("b", ["a"], 1)
    assert any(w.startswith("b: the same text is in a;") for w in summary.warnings)
    assert set(load_dataset(tmp_path / "out").mentions["digest"]) == {"b"}
    manifest = (tmp_path / "out/manifest.json").read_bytes()
    build([tmp_path], tmp_path / "out", gazetteer=small)
    assert (tmp_path / "out/manifest.json").read_bytes() == manifest

    (tmp_path / "b.txt").unlink()
    build([tmp_path], tmp_path / "out", gazetteer=small)
    [digest] = load_dataset(tmp_path / "out").table("digests").to_pylist()
    assert (digest["digest"], digest["also"]) == ("a", [])


def test_a_day_to_come_is_warned_of_and_the_clock_does_not_show_in_the_dataset(tmp_path, small):
    """The warning is in the summary alone."""
    table(tmp_path / "t.csv", f"1,,{quoted(FIRST)},2099-11-02,,,en")
    summary = build([tmp_path], tmp_path / "out", gazetteer=small)
    [digest] = load_dataset(tmp_path / "out").table("digests").to_pylist()

    assert any("t~1: published on 2099-11-02, which is still to come" in w for w in summary.warnings)
    assert not [w for w in digest["warnings"] if "still to come" in w]


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX")
def test_names_that_are_no_utf_8_and_odd_ids_of_rows_are_written_out(tmp_path, small):
    """What no table can hold is escaped, and ids hold no spaces, controls or slashes."""
    with open(os.fsencode(tmp_path) + b"/\xff odd\n.txt", "w") as file:  # noqa: PTH123
        file.write(FIRST)
    table(tmp_path / "t.csv", f'"a/b\n c\x00",,{quoted(SECOND)},2024-11-02,,,en')
    build([tmp_path], tmp_path / "out", gazetteer=small)

    assert load_dataset(tmp_path / "out").table("digests")["digest"].to_pylist() == ["\\xff odd\n", "t~a~b-c"]


def test_archives_and_documents_in_a_folder_are_counted(tmp_path):
    """So that nobody believes they were read."""
    for name in ("a.zip", "b.pdf", "c.zip", "d.png"):
        (tmp_path / name).write_bytes(zlib.compress(b"x"))

    assert (
        f"{tmp_path}: not read: 1 .pdf, 2 .zip; unpack archives, and save documents as .txt"
        in find_inputs([tmp_path]).warnings
    )
