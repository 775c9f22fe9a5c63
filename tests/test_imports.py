"""`frontline import`: newer dumps become rows to review; what is there already is never touched."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from geo import kinds
from geo.curation.checks import check
from geo.curation.curated import Curated
from geo.curation.dumps import compare_geonames, compare_katottg, review
from geo.errors import UnreadableInput

SMALL = Path(__file__).resolve().parent / "gazetteer"
TITLES = "Перший рівень,Другий рівень,Третій рівень,Четвертий рівень,Додатковий рівень,Категорія об’єкта,Назва об’єкта"
OBLAST, RAION, HROMADA = "UA14000000000091971", "UA14040000000098211", "UA14040050000064688"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))


@pytest.fixture
def curated(folder: Path) -> Curated:
    return Curated(folder, kinds.FILE)


def places(folder: Path, *parts: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted(folder.glob("places*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if not parts or row["parent"] in parts]
    return rows


def conflicts(found) -> list[str]:
    """The conflicts without the file that they are about."""
    return [conflict.split(": ", 1)[1] for conflict in found.conflicts]


def applied(folder: Path, diff: str) -> None:
    """Apply a diff as a curator does, in the folder above the gazetteer."""
    command = [shutil.which("patch") or "patch", "-p1", "--batch", "--no-backup-if-mismatch"]
    subprocess.run(command, input=diff, text=True, cwd=folder.parent, check=True, capture_output=True)


needs_patch = pytest.mark.skipif(shutil.which("patch") is None, reason="the program patch is not installed")


# --- GeoNames --------------------------------------------------------------------------------------------------------


def line(number, name, other="", lat=48.1, lon=37.5, code="PPL", people=0, feature="P") -> str:
    cells = [number, name, name, other, lat, lon, feature, code, "UA", "", "05", "", "", "", people, "", "", "", ""]
    return "\t".join(map(str, cells)) + "\n"


def geonames(tmp_path: Path, *lines: str, ours: bool = True) -> Path:
    """Write a dump that agrees with our rows, and the given lines."""
    path = tmp_path / "UA.txt"
    same = [
        line(r["same_as"][3:], r["name"], r["name_local"], r["lat"], r["lon"])
        for r in places(SMALL)
        if r["same_as"].startswith("gn:")
    ]
    changed = {text.split("\t")[0] for text in lines}
    kept = [text for text in same if text.split("\t")[0] not in changed] if ours else []
    path.write_text("".join([*kept, *lines]), encoding="utf-8")
    return path


def test_a_dump_that_agrees_adds_nothing(curated, tmp_path):
    """No rows, no conflicts, no diff."""
    found = compare_geonames(geonames(tmp_path), curated)

    assert (dict(found.rows), found.conflicts) == ({}, [])
    assert list(review(found, curated.folder)) == []


@needs_patch
def test_a_new_place_becomes_a_row_that_passes_the_checks(curated, folder, tmp_path):
    """With an id by our rules, the Ukrainian spelling, and the note that nobody has looked at it."""
    before = {row["id"]: row for row in places(folder)}
    path = geonames(
        tmp_path, line(99, "Nova Zoria", "New Dawn,Новая Заря,Нова Зоря"), line(100, "Terny", "Терни", 48.2)
    )
    found = compare_geonames(path, curated)
    applied(folder, "".join(review(found, folder)))
    added = [row for row in places(folder) if row["id"] not in before]

    assert [(r["id"], r["name"], r["name_local"]) for r in added] == [
        ("donetsk.nova-zoria", "Nova Zoria", "Нова Зоря"),
        ("donetsk.terny-2", "Terny", "Терни"),  # the other Terny lies 100 km away
    ]
    assert {(r["position"], r["source"], r["checked"], r["note"]) for r in added} == {
        ("unchecked", "geonames", "", "not in the register")
    }
    assert all(row in places(folder) for row in before.values())
    assert check(folder) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (line(690823, "Vuhledar", "Вугледар", 47.9, 37.4), "donetsk.vuhledar: gn:690823 lies 17.5 km away there, at 47.9000 37.4000"),
        (line(690823, "Nove", "Нове", 47.7797, 37.25), "donetsk.vuhledar: gn:690823 is called Nove there, and never Vuhledar"),
        (line(690823, "Vuhledar", "", 47.7797, 37.25, "PPLW"), "donetsk.vuhledar: gn:690823 is called destroyed there"),
        (line(77, "Davydovske", "Давидовське", 47.67, 37.17), "donetsk.davydovske: gn:77 may be the same, 1.1 km away"),
        (
            line(77, "Zachativka", "Зачатівка", 47.5, 37.45),
            "donetsk.zachativka-3: gn:77 could give its position: 47.5000 37.4500",
        ),
        (line(77, "Pavlivka", "Павлівка", 47.8496, 37.2147), "donetsk.pavlivka: gn:77 may be the same, 11.1 km away"),
        (line(77, "A street", code="PPLX"), None),
        (line(77, "A hill", feature="T"), None),
        (line(77, "Far away", lat=10, lon=10), None),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_listed_and_not_written(changed, said, curated, tmp_path):
    """A place that moved, is called otherwise, or could give a position to one of ours; parts of towns are left out."""
    found = compare_geonames(geonames(tmp_path, changed), curated)

    assert dict(found.rows) == {}
    assert conflicts(found) == ([said] if said else [])


def test_an_id_that_is_gone_is_listed_unless_the_dump_is_of_elsewhere(curated, tmp_path):
    """A dump of another country does not make all of ours disappear."""
    path = geonames(tmp_path)
    lines = [
        text for text in path.read_text(encoding="utf-8").splitlines(keepends=True) if not text.startswith("690823\t")
    ]
    path.write_text("".join(lines), encoding="utf-8")
    assert conflicts(compare_geonames(path, curated)) == ["donetsk.vuhledar: gn:690823 is no longer in the dump"]

    assert compare_geonames(geonames(tmp_path, line(7, "X", lat=10), ours=False), curated).conflicts == []


def test_one_region_can_be_asked_for(curated, tmp_path):
    """Others are neither added to nor compared."""
    path = geonames(tmp_path, line(99, "Nova Zoria", "Нова Зоря"), line(690823, "Vuhledar", "Вугледар", 40, 30))
    found = compare_geonames(path, curated, "sumy")

    assert (dict(found.rows), found.conflicts) == ({}, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\n1,x\n", "UA.txt:1: 1 cells where a GeoNames dump has 19, with tabs between"),
        (line(1, "X", lat="north"), "UA.txt:1: latitude, longitude or population is no number"),
        (line(1, "X")[:30], "UA.txt:1: "),
    ],
)
def test_a_file_that_is_no_dump_is_told(text, said, curated, tmp_path):
    """With its line, and what to take in its place."""
    (tmp_path / "UA.txt").write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableInput, match=said):
        compare_geonames(tmp_path / "UA.txt", curated)


# --- the register ----------------------------------------------------------------------------------------------------


def register(tmp_path: Path, *lines: str, without: str = "", mark: str = ",", bom: str = "") -> Path:
    """Write a register that agrees with our rows of Donetsk oblast, and the given lines in place of theirs."""
    letters = {"city": "М", "town": "М", "settlement": "Х", "village": "С", "raion": "Р", "hromada": "Н"}
    own = {r["id"]: r for r in places(SMALL, "donetsk") if r["katottg"]}
    texts = [f"{OBLAST},,,,,О,Донецька"]
    for row in own.values():
        levels = [OBLAST, *(own[row[c]]["katottg"] for c in ("raion", "hromada") if row[c] in own), row["katottg"]]
        levels += [""] * (5 - len(levels))
        texts.append(",".join([*levels, letters[row["kind"]], row["name_local"]]))
    codes = {code_of(text) for text in lines}
    kept = [text for text in texts if code_of(text) not in codes and (not without or without not in text)]
    path = tmp_path / "katottg.csv"
    path.write_text(bom + "\n".join([TITLES, *kept, *lines, ""]).replace(",", mark), encoding="utf-8")
    return path


def code_of(text: str) -> str:
    return list(filter(None, text.split(",")[:5]))[-1]


def entry(code: str, name: str, letter: str = "С", hromada: str = HROMADA) -> str:
    return f"{OBLAST},{RAION},{hromada},{code},,{letter},{name}"


@pytest.mark.parametrize(("mark", "bom"), [(",", ""), (";", "\ufeff")])
def test_a_register_that_agrees_adds_nothing(mark, bom, curated, tmp_path):
    """As our own CSV, or as a spreadsheet saves it."""
    found = compare_katottg(register(tmp_path, mark=mark, bom=bom), curated)

    assert (dict(found.rows), found.conflicts) == ({}, [])


@needs_patch
def test_a_new_settlement_becomes_an_estimated_row(curated, folder, tmp_path):
    """In the middle of its hromada, as a ring: the register knows no positions."""
    code = "UA14040050990099999"
    found = compare_katottg(register(tmp_path, entry(code, "Нова Зоря")), curated)
    applied(folder, "".join(review(found, folder)))
    [row] = [row for row in places(folder) if row["katottg"] == code]

    assert found.conflicts == []
    assert row["id"] == "donetsk.nova-zoria"
    assert (row["raion"], row["hromada"]) == ("donetsk.volnovakha-raion", "donetsk.vuhledar-hromada")
    assert (row["lat"], row["position"], row["accuracy_km"], row["kind"]) == ("47.7914", "estimated", "21", "village")
    assert check(folder) == []


@pytest.mark.parametrize(
    ("lines", "without", "said"),
    [
        ([entry("UA14040050010075856", "Шахтний", "М")], "", "donetsk.vuhledar: Вугледар is called Шахтний now"),
        ([entry("UA14040050010075856", "Вугледар", "С")], "", "donetsk.vuhledar: the register's letter is С now: village"),
        (
            [entry("UA14040050010075856", "Вугледар", "М", "UA14040010000017239")],
            "",
            "donetsk.vuhledar: hromada is donetsk.velyka-novosilka-hromada now",
        ),
        ([entry("UA14040050990000001", "Вугледар", "М")], "UA14040050010075856", "donetsk.vuhledar: the code UA14040050010075856 is now UA14040050990000001"),
        (
            [],
            "UA14040050110090801",
            "donetsk.prechystivka: UA14040050110090801 is no longer in the register; retired.csv: donetsk.prechystivka,,no longer in the register,",
        ),
    ],
)  # fmt: skip
def test_what_the_register_changed_is_listed_and_not_written(lines, without, said, curated, tmp_path):
    """Renamed, another category, another unit, another code, gone."""
    found = compare_katottg(register(tmp_path, *lines, without=without), curated)

    assert (dict(found.rows), conflicts(found)) == ({}, [said])


def test_a_new_unit_is_left_to_a_person(curated, tmp_path):
    """Its id is the stem of an adjective, which no rule gives."""
    found = compare_katottg(register(tmp_path, f"{OBLAST},{RAION},UA14040990000000001,,,Н,Нова"), curated)

    assert found.conflicts == ["donetsk: the hromada Нова is new (UA14040990000000001): add it by hand"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no row begins with a code UA"),
        ("a,b,c\n1,2,3\n", "no row begins with a code UA"),
        (f"{OBLAST},,,,,О,Донецька\nhalf a row\n", "katottg.csv:2: this is no row of the register"),
    ],
)
def test_a_file_that_is_no_register_is_told(text, said, curated, tmp_path):
    """With its line, and what to do."""
    (tmp_path / "katottg.csv").write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableInput, match=said):
        compare_katottg(tmp_path / "katottg.csv", curated)


@pytest.mark.parametrize("compare", [compare_geonames, compare_katottg])
def test_a_file_that_cannot_be_read_is_told(compare, curated, tmp_path):
    """Missing, or not UTF-8."""
    with pytest.raises(UnreadableInput, match="check the path"):
        compare(tmp_path / "gone", curated)
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(UnreadableInput, match="byte 3 is not UTF-8"):
        compare(tmp_path / "latin", curated)


# --- the command -----------------------------------------------------------------------------------------------------


@needs_patch
@pytest.mark.parametrize("to_file", [True, False], ids=["file", "stdout"])
def test_the_output_is_one_paper_to_review_and_to_apply(frontline, folder, tmp_path, to_file):
    """Conflicts as comments, then the diff: `patch -p1` passes over the first and applies the second."""
    path = register(tmp_path, entry("UA14040050990099999", "Нова Зоря"), entry("UA14040050010075856", "Шахтний", "М"))
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    options = ("--out", tmp_path / "new.diff") if to_file else ()
    code, out, err = frontline("import", "katottg", path, "--gazetteer", folder, *options)
    paper = (tmp_path / "new.diff").read_text(encoding="utf-8") if to_file else out
    summary = "1 rows to add in 1 files, 1 conflicts"

    assert code == 0
    assert (out if to_file else err) == (f"{summary}: {tmp_path / 'new.diff'}\n" if to_file else f"{summary}\n")
    assert {file: file.read_bytes() for file in before} == before
    assert paper.splitlines()[0].startswith("# ")
    assert "+++ b/gazetteer/places/donetsk.csv" in paper

    applied(folder, paper)
    changed = [file.name for file in before if file.read_bytes() != before[file]]
    assert changed == ["donetsk.csv"]
    assert check(folder) == []


def test_git_applies_it_too(frontline, folder, tmp_path):
    """As a curator with a checkout does."""
    path = register(tmp_path, entry("UA14040050990099999", "Нова Зоря"), entry("UA14040050010075856", "Шахтний", "М"))
    frontline("import", "katottg", path, "--gazetteer", folder, "--out", tmp_path / "new.diff")
    done = subprocess.run(["git", "apply", "new.diff"], cwd=folder.parent, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert any(row["name_local"] == "Нова Зоря" for row in places(folder))


def test_a_region_with_no_file_yet_gets_one(curated, folder, tmp_path):
    """The diff then makes the file, with its header."""
    (folder / "places" / "donetsk.csv").unlink()
    found = compare_geonames(
        geonames(tmp_path, line(99, "Nova Zoria", "Нова Зоря"), ours=False), Curated(folder, kinds.FILE)
    )
    paper = "".join(review(found, folder))

    assert "--- /dev/null\n+++ b/gazetteer/places/donetsk.csv" in paper
    assert "+id,name,name_local,kind,parent," in paper


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("import", "osm", "x.csv"), 2, "geonames"),
        (("import", "geonames"), 2, "FILE"),
        (("import", "geonames", "gone.txt", "--gazetteer", SMALL), 1, "check the path"),
        (("import", "geonames", "gone.txt", "--region", "donezk", "--gazetteer", SMALL), 2, "did you mean 'donetsk'?"),
    ],
)
def test_wrong_use_and_unreadable_files_end_as_elsewhere(frontline, arguments, code, said):
    """2 and 1, with one clear message."""
    ended, _, err = frontline(*arguments)

    assert ended == code
    assert said in err
