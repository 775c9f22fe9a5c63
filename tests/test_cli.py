"""The command `frontline`: what it prints where, and how it ends."""

import csv
import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.build import Summary

SMALL = str(Path(__file__).resolve().parent / "gazetteer")
COMMANDS = ("build", "explain", "where", "suggest", "import", "export", "check", "serve")
DIGEST = (
    "Day 982 of the war.\n"
    "• Russian troops captured Kurakhove, the Russian defence ministry said. Ukraine denied the claim.\n"
    "• Drones attacked Odesa overnight, injuring two people.\n"
    "• Ukrainian forces shelled Shebekino on Tuesday.\n"
    "• Two people were killed by shelling in Kherson oblast.\n"
    "• Talks in Brussels ended without a result.\n"
)


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    path = tmp_path / "today.txt"
    path.write_text(DIGEST, encoding="utf-8")
    return path


@pytest.fixture
def built(digest, tmp_path, frontline) -> Path:
    """A dataset of that digest."""
    frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL)
    return tmp_path / "built"


# --- help and wrong use ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, frontline):
    """The example is a line that can be copied."""
    code, out, err = frontline(command, "--help")

    assert (code, err) == (0, "")
    assert f"frontline {command}" in out
    assert "Example" in out


def test_help_lists_the_commands(frontline):
    """In one line each."""
    code, out, _ = frontline("--help")

    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert "Nothing here verifies claims" in " ".join(out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("build", "today.txt"),
        ("build", "--out", "x"),
        ("explain",),
        ("explain", "today.txt", "--event", "x"),
        ("explain", "."),
        ("where",),
        ("export", "--to", "shapefile", "--out", "x"),
        ("export", "--to", "csv", "--out", "x", "--from", "yesterday"),
        ("export", "--to", "csv", "--out", "x", "--kind", "battle"),
        ("export", "--to", "csv", "--out", "x", "--coarse", "dot"),
        ("serve", "--port", "0"),
        ("build", "today.txt", "--out", "x", "--jobs", "0"),
        ("build", "today.txt", "--out", "x", "--frobnicate"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_what_is_right(arguments, frontline, digest, monkeypatch, tmp_path):
    """On standard error; nothing is written."""
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    code, out, err = frontline(*arguments)

    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


# --- build -----------------------------------------------------------------------------------------------------------


def test_build_ends_with_a_summary(digest, tmp_path, frontline):
    """Digests, sentences, mentions, reports, rejected mentions by reason, and where it was written."""
    code, out, err = frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL)

    assert (code, err) == (0, "")
    assert out.startswith("1 digests, 7 sentences, ")
    assert "5 reports" in out.splitlines()[0] or "4 reports" in out.splitlines()[0]
    assert "rejected mentions: " in out
    assert "venue 1" in out
    assert out.splitlines()[-1] == f"written to {tmp_path / 'built'}"


def test_build_as_json_says_the_same(digest, tmp_path, frontline):
    """One object and nothing else on standard output."""
    code, out, err = frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL, "--json")
    summary = json.loads(out)

    assert (code, err) == (0, "")
    assert set(summary) == {field.name for field in dataclasses.fields(Summary)}
    assert summary["mentions"] >= summary["reports"] + sum(summary["rejected"].values())


def test_warnings_end_with_0_and_with_strict_with_1(tmp_path, frontline):
    """A digest without a place is worth a word, not a failure."""
    (tmp_path / "d.txt").write_text("The weather on 5 November 2024 was mild, said those who were there for the day.")
    arguments = ("build", tmp_path / "d.txt", "--out", tmp_path / "built", "--gazetteer", SMALL)

    code, out, _ = frontline(*arguments)
    assert code == 0
    assert "warning: d: no place is named in it" in out
    assert frontline(*arguments, "--strict")[0] == 1


def test_an_input_that_cannot_be_read_ends_with_1_and_the_others_are_built(digest, tmp_path, frontline):
    """The error goes to standard error, the summary to standard output."""
    (tmp_path / "bad.txt").write_bytes(b"Fighting \0")
    out_folder = tmp_path / "built"
    code, out, err = frontline("build", digest, tmp_path / "bad.txt", "--out", out_folder, "--gazetteer", SMALL)

    assert code == 1
    assert out.startswith("1 digests")
    assert err == f"error: {tmp_path / 'bad.txt'}: byte 9 is zero, so this is no text; give a plain text file\n"
    assert (out_folder / "manifest.json").is_file()


def test_an_encoding_can_be_named(tmp_path, frontline):
    """For all files of one run; without it, it is found, and what was found is said."""
    (tmp_path / "d.txt").write_bytes("Day 982: Fighting went on in “Kurakhove”.".encode("cp1252"))
    arguments = ("build", tmp_path / "d.txt", "--out", tmp_path / "built", "--gazetteer", SMALL)

    assert frontline(*arguments, "--encoding", "utf-8")[0] == 1
    assert frontline(*arguments, "--encoding", "cp1252")[:1] == (0,)
    assert "warning: d: not UTF-8; read as cp125" in frontline(*arguments)[1]


def test_a_folder_that_cannot_be_written_ends_with_1(digest, tmp_path, frontline):
    """What stands in the way is named and stays."""
    (tmp_path / "built").write_text("in the way")
    code, _, err = frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL)

    assert code == 1
    assert err.startswith("error: ")
    assert str(tmp_path / "built") in err
    assert (tmp_path / "built").read_text() == "in the way"


def test_a_cache_that_cannot_be_written_is_a_warning(digest, tmp_path, frontline, monkeypatch):
    """Everything works, a little slower."""
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))
    code, out, err = frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL)

    assert (code, err) == (0, "")
    assert f"warning: {tmp_path / 'cache'}: the cache folder cannot be written" in out


def test_a_broken_gazetteer_ends_with_1(digest, tmp_path, frontline):
    """With file, line and remedy."""
    (tmp_path / "gazetteer").mkdir()
    code, _, err = frontline("build", digest, "--out", tmp_path / "built", "--gazetteer", tmp_path / "gazetteer")

    assert code == 1
    assert "this is no gazetteer" in err


# --- explain ---------------------------------------------------------------------------------------------------------


def test_explain_shows_each_sentence_with_its_mentions_and_their_verdicts(digest, frontline):
    """Candidates and evidence for those that were placed."""
    code, out, err = frontline("explain", digest, "--gazetteer", SMALL)

    assert (code, err) == (0, "")
    assert "today: en, covers 2024-11-01 (by its day number)" in out
    assert "• Kurakhove [" in out
    assert "] REPORT" in out
    assert "✓ donetsk.kurakhove +" in out
    assert "• Brussels [" in out
    assert "no report: venue (Talks)" in out


def test_explain_as_json_has_the_whole_trace(digest, frontline):
    """Each mention with its verdict, its candidates and their evidence; offsets cut the words out of the text."""
    code, out, _ = frontline("explain", digest, "--gazetteer", SMALL, "--json")
    told = json.loads(out)

    assert code == 0
    assert set(told) == {
        *("digest", "language", "published", "day", "day_basis", "text_sha256", "warnings", "skipped"),
        *("sentences", "mentions", "reports"),
    }
    assert all(DIGEST[s["start"] : s["end"]] == s["text"] for s in told["sentences"])
    assert all(DIGEST[m["start"] : m["end"]] == m["mention"] for m in told["mentions"])
    reported = {m["report"] for m in told["mentions"] if m["verdict"] == "report"}
    assert reported == {r["id"] for r in told["reports"]}
    candidates = [c for m in told["mentions"] for c in m["candidates"]]
    assert {frozenset(c) for c in candidates} == {
        frozenset(("place_id", "name", "spelling", "how", "score", "refused", "evidence"))
    }


def test_explain_shows_a_stored_report_with_what_decided(built, frontline):
    """By its id, from the dataset alone."""
    report_id = "today.donetsk.kurakhove.capture.2024-11-01"
    code, out, _ = frontline("explain", "--event", report_id, "--data", built)

    assert code == 0
    assert out.startswith(f"{report_id}: Capture of Kurakhove")
    assert "Ukraine denied the claim." in out
    assert "✓ donetsk.kurakhove" in out

    code, out, _ = frontline("explain", "--event", report_id, "--data", built, "--json")
    assert json.loads(out)["report"]["status"] == "disputed"


def test_an_unknown_report_is_wrong_use(built, frontline):
    """The message says where ids stand."""
    code, _, err = frontline("explain", "--event", "no.such", "--data", built)

    assert code == 2
    assert "no report has this id" in err


def test_explain_knows_what_an_index_says_of_its_file(digest, frontline):
    """As `build` does."""
    header = "file,language,outlet,url,published\n"
    (digest.parent / "index.csv").write_text(header + "today.txt,en,Morning Wire,,2024-11-02\n")
    told = json.loads(frontline("explain", digest, "--gazetteer", SMALL, "--json")[1])

    assert told["published"] == "2024-11-02"


# --- where -----------------------------------------------------------------------------------------------------------


def test_where_lists_every_place_of_a_name(frontline):
    """Its position, what it lies in, how the spelling came about, from which source."""
    code, out, err = frontline("where", "Yasnaya Polyana", "--gazetteer", SMALL)

    assert (code, err) == (0, "")
    listed = [line.split(":")[0] for line in out.splitlines() if not line.startswith(" ")]
    assert listed == sorted(listed)
    assert {"donetsk.yasna-poliana", "donetsk.yasna-poliana-2", "tula.yasnaya-polyana"} <= set(listed)
    assert "47.8800 37.0303 (checked" in out
    assert "km from " in out
    assert "[en]: variant name; source curated" in out


def test_where_as_json_has_one_row_for_each_place(frontline):
    """All of it, also in Cyrillic."""
    rows = json.loads(frontline("where", "Ясна Поляна", "--gazetteer", SMALL, "--json")[1])

    assert {"donetsk.yasna-poliana", "donetsk.yasna-poliana-2"} <= {r["place_id"] for r in rows}
    assert {
        *("name", "name_local", "kind", "region", "raion", "country", "lat", "lon", "position", "accuracy_km"),
        *("place_source", "spelling", "language", "how", "standing", "name_source"),
    } <= set(rows[0])


def test_where_says_that_a_name_is_unknown(frontline):
    """That is an answer, so it ends with 0."""
    code, out, _ = frontline("where", "Quxavivka", "--gazetteer", SMALL)

    assert code == 0
    assert "no place is called 'Quxavivka'" in out
    assert json.loads(frontline("where", "Quxavivka", "--gazetteer", SMALL, "--json")[1]) == []


# --- export ----------------------------------------------------------------------------------------------------------


def exported(frontline, built, *options) -> list[dict]:
    out = built.parent / "out.geojson"
    code, said, err = frontline("export", "--to", "geojson", "--data", built, "--out", out, *options)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert (code, err) == (0, "")
    assert said.splitlines()[0] == f"{len(features)} reports: {out}"
    return features


def chosen(frontline, built, *options) -> set[str]:
    return {f["properties"]["place"] for f in exported(frontline, built, *options)}


@pytest.mark.parametrize(
    ("options", "places"),
    [
        ((), {"Kurakhove", "Odesa", "Shebekino", "Kherson"}),
        (("--kind", "capture"), {"Kurakhove"}),
        (("--kind", "capture", "--kind", "air_strike"), {"Kurakhove", "Odesa"}),
        (("--from", "2024-11-01"), {"Kurakhove", "Odesa", "Kherson"}),
        (("--until", "2024-10-30"), {"Shebekino"}),
        (("--from", "2024-10-31", "--until", "2024-10-31"), {"Odesa"}),
        (("--place", "donetsk.kurakhove"), {"Kurakhove"}),
        (("--place", "donetsk"), {"Kurakhove"}),
        (("--place", "Donetsk"), {"Kurakhove"}),
        (("--place", "Odesa", "--within", "1"), {"Odesa"}),
        (("--place", "Odesa", "--within", "600"), {"Kurakhove", "Odesa"}),
        (("--actor-side", "ukraine"), {"Shebekino"}),
        (("--claimant-side", "russia"), {"Kurakhove"}),
        (("--coarse", "drop"), {"Kurakhove", "Odesa", "Shebekino"}),
        (("--kind", "evacuation"), set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_export_filters_by_what_is_asked(options, places, frontline, built):
    """Both ends of a date range are included; a night counts for both of its days."""
    assert chosen(frontline, built, *options) == places


@pytest.mark.parametrize(("coarse", "geometry"), [("outline", {"Polygon", "MultiPolygon"}), ("point", {"Point"})])
def test_export_draws_areas_as_outlines_or_nominal_points(coarse, geometry, frontline, built):
    """A region is marked as nominal either way."""
    [kherson] = exported(frontline, built, "--place", "kherson", "--coarse", coarse)

    assert kherson["geometry"]["type"] in geometry
    assert (kherson["properties"]["precision"], kherson["properties"]["nominal"]) == ("region", True)


def test_a_csv_has_its_notice_beside_it(frontline, built, tmp_path):
    """Attribution, filter and the words that nothing is verified."""
    out = tmp_path / "out.csv"
    code, said, _ = frontline("export", "--to", "csv", "--data", built, "--out", out, "--kind", "capture")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    notice = (tmp_path / "out.csv.notice.txt").read_text(encoding="utf-8")

    assert (code, said) == (0, f"1 reports: {out}\n")
    assert [r["place"] for r in rows] == ["Kurakhove"]
    assert "Not verified" in notice
    assert "capture" in notice
    assert "GeoNames" in notice


@pytest.mark.parametrize("to", ["geojsonseq", "kml", "gpkg", "parquet", "html", "acled", "ucdp", "viina"])
def test_every_format_is_written_by_the_command(to, frontline, built, tmp_path):
    """It says how many reports there are; where the file has no room for what must be said, that stands beside it."""
    out = tmp_path / f"out.{to}"
    code, said, err = frontline("export", "--to", to, "--data", built, "--out", out)
    notice = out.with_name(out.name + ".notice.txt")

    assert (code, err) == (0, "")
    assert said.startswith(f"4 reports: {out}\n")
    assert out.stat().st_size > 1000
    assert notice.exists() == (to in ("geojsonseq", "acled", "ucdp", "viina"))


def test_what_export_cannot_do_is_said_in_words(frontline, built, tmp_path):
    """A format that there is not, a folder in the place of a file, a selection that holds nothing."""
    code, _, err = frontline("export", "--to", "shapefile", "--data", built, "--out", tmp_path / "x")
    assert code == 2
    assert "geojsonseq" in err

    code, _, err = frontline("export", "--to", "csv", "--data", built, "--out", tmp_path)
    assert code == 2
    assert f"{tmp_path}: this is a folder; name a file in it" in err

    for wrong, words in (
        (("--within", "5"), "--within 5: of what? name it by --place"),
        (("--within", "-1"), "--within"),
    ):
        code, _, err = frontline("export", "--to", "csv", "--data", built, "--out", tmp_path / "x", *wrong)
        assert code == 2
        assert words in err

    code, said, _ = frontline("export", "--to", "csv", "--data", built, "--out", tmp_path / "x", "--kind", "evacuation")
    assert code == 0
    assert "no report to write (kind: evacuation)" in said


def test_two_exports_are_the_same_bytes(frontline, built):
    """No clock and no order of a dictionary shows."""
    first = built.parent / "one.geojson", built.parent / "two.geojson"
    for out in first:
        frontline("export", "--to", "geojson", "--data", built, "--out", out)

    assert first[0].read_bytes() == first[1].read_bytes()


def test_a_dataset_that_is_none_ends_with_1(frontline, tmp_path):
    """With the folder and a remedy."""
    code, _, err = frontline("export", "--to", "csv", "--data", tmp_path, "--out", tmp_path / "out.csv")

    assert code == 1
    assert str(tmp_path) in err
    assert not (tmp_path / "out.csv").exists()


def test_an_export_that_cannot_be_written_ends_with_1(frontline, built, tmp_path):
    """The folder is missing; it is not made up."""
    code, _, err = frontline("export", "--to", "csv", "--data", built, "--out", tmp_path / "gone" / "out.csv")

    assert code == 1
    assert str(tmp_path / "gone" / "out.csv") in err


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_lists_problems_with_file_line_and_remedy(frontline, tmp_path):
    """All at once, also as JSON, and ends with 1."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))
    table = folder / "places" / "donetsk.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("47.7797", "north"), encoding="utf-8")

    code, out, _ = frontline("check", "--gazetteer", folder)
    assert code == 1
    assert any(line.startswith(f"{table}:") and "; " in line for line in out.splitlines())
    assert out.splitlines()[-1].endswith("problem") or out.splitlines()[-1].endswith("problems")

    code, out, _ = frontline("check", "--gazetteer", folder, "--json")
    assert code == 1
    assert {frozenset(problem) for problem in json.loads(out)} == {frozenset(("file", "line", "what", "todo"))}


def test_check_can_save_tables_anew_first(frontline, tmp_path):
    """What it saved is said on standard error; the gazetteer is then as it was, and without a problem."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))
    table = folder / "places" / "donetsk.csv"
    before = table.read_bytes()
    table.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))

    assert frontline("check", "--gazetteer", folder)[0] == 1
    assert frontline("check", "--gazetteer", folder, "--tidy") == (0, "no problems\n", f"saved anew: {table}\n")
    assert table.read_bytes() == before
    assert frontline("check", "--gazetteer", folder, "--tidy") == (0, "no problems\n", "")


# --- hostile text and plain output -----------------------------------------------------------------------------------

HOSTILE = "\x1b[31mred\x1b[0m \u202eesrever\u202c \x07\x08 <script>alert(1)</script> `x` \u2066y\u2069 \x9b2J"


def test_what_a_terminal_would_act_on_is_written_out(tmp_path, frontline):
    """Escape sequences and direction marks of a digest are shown, not obeyed."""
    path = tmp_path / "today.txt"
    path.write_text(
        f"Day 982.\n{HOSTILE} Drones attacked Odesa overnight, it said of the {HOSTILE}.\n", encoding="utf-8"
    )
    code, out, _ = frontline("explain", path, "--gazetteer", SMALL)

    assert code == 0
    assert "\\u001b[31mred" in out
    assert "\\u202eesrever" in out
    assert all(character.isprintable() or character == "\n" for character in out)


def test_names_of_files_are_written_out_too(tmp_path, frontline):
    """An error message shows the name as data."""
    code, out, err = frontline("explain", tmp_path / "\x1b[2J.txt", "--gazetteer", SMALL)

    assert code == 1
    assert "\x1b" not in out + err
    assert "\\u001b[2J.txt" in err


def run(*arguments, cwd=None, **environment):
    command = [sys.executable, "-m", "geo", *map(str, arguments)]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, check=False, timeout=120
    )


def test_without_a_terminal_the_output_is_plain(digest, tmp_path):
    """No colours, no bars, whatever the environment asks of rich."""
    done = run("build", digest, "--out", tmp_path / "built", "--gazetteer", SMALL, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 digests")
    assert "\x1b" not in done.stdout


def test_a_long_build_without_a_terminal_says_how_far_it_is(tmp_path):
    """On standard error, a line about every tenth."""
    (tmp_path / "digests").mkdir()
    for number in range(100):
        (tmp_path / "digests" / f"{number}.txt").write_text(f"Day {900 + number}: the fighting in Kurakhove went on.")
    done = run("build", tmp_path / "digests", "--out", tmp_path / "built", "--gazetteer", SMALL)

    assert done.returncode == 0
    told = [int(line.removesuffix(" of 100 digests")) for line in done.stderr.splitlines()]
    assert told == sorted(told)
    assert (told[-1], len(told)) == (100, 10)


def test_errors_end_the_process_with_1_and_wrong_use_with_2(tmp_path):
    """As seen from outside, with the message on standard error."""
    missing = run("build", tmp_path / "gone.txt", "--out", tmp_path / "built", "--gazetteer", SMALL)
    wrong = run("explain")

    assert (missing.returncode, wrong.returncode) == (1, 2)
    assert missing.stderr == f"error: {tmp_path / 'gone.txt'}: there is no such file or folder; check the path\n"
    assert wrong.stderr.startswith("error: name either a FILE or --event ID")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("where", "Yasnaya Polyana", "--gazetteer", SMALL), 0),
        (("where", "Yasnaya Polyana", "--gazetteer", SMALL, "--json"), 0),
        (("--help",), 0),
        (("check", "--gazetteer", "broken"), 1),
    ],
    ids=lambda value: " ".join(value[:1]) if isinstance(value, tuple) else "",
)
def test_a_reader_that_goes_away_ends_the_output_quietly(arguments, code, tmp_path):
    """`frontline where X | head -1`: nothing on standard error, and the exit code that the command has anyway."""
    shutil.copytree(SMALL, tmp_path / "broken")
    (tmp_path / "broken" / "retired.csv").unlink()
    command = [sys.executable, "-m", "geo", *arguments]
    reader, writer = os.pipe()
    os.close(reader)  # gone before the first line is written
    try:
        done = subprocess.run(
            command, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False, timeout=120
        )
    finally:
        os.close(writer)

    assert (done.returncode, done.stderr) == (code, "")


def test_a_pipe_into_head_is_quiet(digest):
    """As typed in a shell that tells of a failure anywhere in the pipe."""
    command = f"set -o pipefail; '{sys.executable}' -m geo explain '{digest}' --gazetteer '{SMALL}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "today: en, covers 2024-11-01 (by its day number)\n"
