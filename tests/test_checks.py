"""Each promise about curated data, broken once in a copy of the small gazetteer."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.curation.checks import CHECKS, KINDS, Problem, check
from geo.curation.curated import Curated, tidied
from geo.reference.gazetteer import AXIS_COLUMNS, NAME_COLUMNS, PLACE_COLUMNS

ROOT = Path(__file__).resolve().parent.parent
SMALL = Path(__file__).resolve().parent / "gazetteer"
DONETSK = "places/donetsk.csv"
TIDY = " (`frontline check --tidy` does it)"
EN = "names/en.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))


def replace(folder: Path, file: str, old: str, new: str) -> int:
    """Replace one piece of a file and return its line."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    return text[: text.index(old)].count("\n") + 1


def cell(folder: Path, file: str, key: str, column: str, value: str) -> int:
    """Set one cell of the first row that begins with ``key`` and return its line."""
    rows = list(csv.reader(io.StringIO((folder / file).read_text(encoding="utf-8"))))
    number = next(n for n, row in enumerate(rows) if row[0] == key)
    rows[number][rows[0].index(column)] = value
    save(folder / file, rows)
    return number + 1


def save(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", delimiter=delimiter).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def add(folder: Path, file: str, row: str) -> int:
    """Add a row where the sort order wants it and return its line."""
    header, *rows = (folder / file).read_text(encoding="utf-8").splitlines()
    keys = 2 if file.startswith("names/") or header.startswith("place,") else 1
    rows = sorted([*rows, row], key=lambda line: next(csv.reader([line]))[:keys])
    (folder / file).write_text("\n".join([header, *rows, ""]), encoding="utf-8", newline="")
    return rows.index(row) + 2


def told(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder.resolve().as_posix()}/") for problem in check(folder)]


def only(folder: Path) -> str:
    """Return the one problem; a fault must not be reported twice in other words."""
    problems = told(folder)
    assert len(problems) == 1, "\n".join(problems) or "no problem was told"
    return problems[0]


def test_the_small_and_the_real_gazetteer_have_no_problems():
    """What the repository holds keeps every promise."""
    assert told(SMALL) == []
    assert [str(problem) for problem in check(ROOT / "gazetteer")] == []


def test_every_problem_says_where_what_and_what_to_do():
    """A problem prints as ``file:line: what; what to do``."""
    assert str(Problem("names/en.csv", 3, "x is y", "write z")) == "names/en.csv:3: x is y; write z"


def test_every_check_says_what_it_holds():
    """The list of checks can be read as the list of promises."""
    assert all(one.__doc__ for one in CHECKS)


def test_all_problems_are_told_in_one_run(folder: Path):
    """A second fault does not wait until the first is corrected."""
    one = cell(folder, DONETSK, "donetsk.vuhledar", "kind", "twon")
    two = cell(folder, DONETSK, "donetsk.terny", "parent", "donezk")
    three = cell(folder, "sites.csv", "donetsk.donetsk-airport", "source", "osm")

    problems = told(folder)

    assert f"{DONETSK}:{one}: kind is 'twon', which is not known; did you mean 'town'?" in problems
    assert f"{DONETSK}:{two}: parent is 'donezk', which is no place id; did you mean 'donetsk'?" in problems
    assert any(
        p.startswith(f"sites.csv:{three}: source 'osm' is not allowed in sites; move the row to") for p in problems
    )


# --- files -----------------------------------------------------------------------------------------------------------


def recode(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, ":1: a byte order mark stands before the header"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), ":1: lines end with a carriage return (CRLF)"),
        (lambda raw: raw.decode().encode("utf-16"), ":1: the file is UTF-16"),
        (lambda raw: raw.replace("Вугледар".encode(), "Вугледар".encode("cp1251")), " is not UTF-8"),
    ],
)
def test_a_spreadsheets_encoding_is_told_once(folder: Path, change: Callable[[bytes], bytes], what: str):
    """A byte order mark, CRLF, UTF-16 or a local code page: one clear message, and the rows are still read."""
    recode(folder / DONETSK, change)

    problem = only(folder)

    assert problem.startswith(f"{DONETSK}:")
    assert what in problem
    assert "save the file as plain CSV in UTF-8 with Unix line ends" in problem


def test_the_byte_that_is_not_utf8_is_named_with_its_line(folder: Path):
    """The line is that of the byte."""
    line = replace(folder, DONETSK, "Вугледар", "Вуглед@р")
    recode(folder / DONETSK, lambda raw: raw.replace(b"@", b"\xe0"))

    assert only(folder).startswith(f"{DONETSK}:{line}: byte ")


def test_semicolons_and_decimal_commas_of_a_spreadsheet_are_told(folder: Path):
    """The rows are read all the same, so that each decimal comma is named with its point form."""
    rows = list(csv.reader(io.StringIO((folder / DONETSK).read_text(encoding="utf-8"))))
    number = next(n for n, row in enumerate(rows) if row[0] == "donetsk.vuhledar")
    rows[number][7] = rows[number][7].replace(".", ",")
    save(folder / DONETSK, rows, ";")

    assert told(folder) == [
        f"{DONETSK}:1: cells are separated by semicolons; save the file with commas between cells (`frontline check --tidy` does it)",
        f"{DONETSK}:{number + 1}: lat is '47,7797'; write the decimal comma as a point: 47.7797",
    ]


def test_a_trailing_column_is_told_by_the_header(folder: Path):
    """A spreadsheet adds an empty column to every row: one message, not one for each row."""
    recode(folder / DONETSK, lambda raw: raw.replace(b"\n", b",\n"))

    assert only(folder).startswith(f"{DONETSK}:1: the header has also (an empty one); it must be exactly id,name,")


def as_a_spreadsheet_saves(text: str) -> bytes:
    rows = [[*row, ""] for row in csv.reader(io.StringIO(text))]
    saved = io.StringIO()
    csv.writer(saved, lineterminator="\r\n", delimiter=";").writerows([rows[0], *reversed(rows[1:])])
    return b"\xef\xbb\xbf" + saved.getvalue().encode()


def test_a_table_that_a_spreadsheet_saved_can_be_saved_anew(folder: Path):
    """Byte order mark, CRLF, semicolons, a trailing column, another order: the same bytes as before come back."""
    for file in (DONETSK, EN, "axes.csv", "regions.csv"):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(as_a_spreadsheet_saves(text))
        [table] = [t for t in Curated(folder, ROOT / "geo/kinds.toml").tables if t.path == folder / file]

        assert table.problems
        assert table.whole
        assert tidied(table) == text


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b",variant,", b",variant,,", 1),
        lambda raw: raw.replace(b"place,name,standing", b"place,name,stand", 1),
        lambda raw: raw.replace(b"place,name,standing", b"place,name,standing,standing", 1),
        lambda raw: raw.replace(b"variant", b"vari\xe0nt", 1),
        lambda raw: raw[:0],
    ],
)
def test_a_table_of_which_something_would_be_lost_is_not_saved_anew(folder: Path, change: Callable[[bytes], bytes]):
    """A cell without a column, a column without a name, bytes that are no UTF-8: a person must look."""
    recode(folder / EN, change)
    [table] = [t for t in Curated(folder, ROOT / "geo/kinds.toml").tables if t.path == folder / EN]

    assert not table.whole


def test_a_header_without_a_column_is_told(folder: Path):
    """The missing column is named."""
    replace(folder, EN, "place,name,standing,flags", "place,name,standing,flag")

    assert f"{EN}:1: the header has no flags and also flag; it must be exactly {','.join(NAME_COLUMNS)}" in told(folder)


def test_a_stray_comma_is_told(folder: Path):
    """A row with more cells than the header is named by its line."""
    line = replace(folder, EN, "donetsk.vuhledar,Ugledar,", "donetsk.vuhledar,,Ugledar,")

    assert (
        f"{EN}:{line}: 9 cells stand where 8 belong; look for a stray or missing comma; quote text that holds one"
        in told(folder)
    )


def test_an_empty_file_is_told(folder: Path):
    """The header that belongs there is part of the remedy."""
    (folder / "activity.csv").write_text("")

    assert only(folder) == "activity.csv:1: the file is empty; write the header place,week,weight,source"


def test_a_missing_file_is_told(folder: Path):
    """Required files are named when they are not there."""
    (folder / "retired.csv").unlink()

    assert only(folder) == "retired.csv:1: the file is missing; restore it, or write one with its header"


@pytest.mark.parametrize("name", ["sources.toml", "theatre.toml"])
def test_a_missing_file_is_the_only_thing_that_is_told_of_it(folder: Path, name: str):
    """Not each row that leans on it."""
    (folder / name).unlink()

    assert only(folder) == f"{name}:1: the file is missing; restore it, or write one with its header"


def test_names_in_a_local_code_page_are_told_once(folder: Path):
    """The byte and its line, not what the broken letters look like."""
    recode(folder / "names/ru.csv", lambda raw: raw.decode().replace("ё", "е").encode("cp1251", "ignore"))

    assert only(folder).startswith("names/ru.csv:2: byte ")


def test_a_missing_last_line_end_is_told(folder: Path):
    """Half-written files often end so."""
    recode(folder / "axes.csv", lambda raw: raw.rstrip(b"\n"))

    assert "the last line has no line end; end the file with a line feed" in only(folder)


def test_rows_out_of_order_are_told(folder: Path):
    """Sorted rows keep diffs small: the first row that stands too late is named."""
    lines = (folder / DONETSK).read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    (folder / DONETSK).write_text("".join(lines), encoding="utf-8")

    assert (
        only(folder)
        == f"{DONETSK}:3: 'donetsk.bakhmut' stands after 'donetsk.bakhmut-hromada'; sort the rows by id{TIDY}"
    )


def test_letters_and_accents_apart_are_told(folder: Path):
    """й as и with an accent would be another name to a computer."""
    line = replace(folder, "names/uk.csv", "Донеччина", "Донеччина\u0301")
    replace(folder, "names/uk.csv", "Донеччина\u0301", "Донеччии\u0306на")

    assert f"names/uk.csv:{line}: letters and accents stand apart (not NFC); normalise the line to NFC" in told(folder)


def test_another_apostrophe_is_told(folder: Path):
    """One apostrophe, as in the register."""
    line = replace(folder, DONETSK, "Слов’янськ,", "Слов'янськ,")

    assert only(folder) == f"{DONETSK}:{line}: an apostrophe is not U+2019; write ’ as the register does"


def test_needless_quotes_are_told(folder: Path):
    """Loading and saving changes no byte."""
    line = replace(folder, DONETSK, "donetsk.terny,Terny,", 'donetsk.terny,"Terny",')

    assert only(folder) == (
        f"{DONETSK}:{line}: saving the row again would change it; quote a cell only if it holds a comma or a quote{TIDY}"
    )


def test_a_names_file_of_an_unknown_language_is_told(folder: Path):
    """The known languages are listed."""
    (folder / "names/xx.csv").write_text(",".join(NAME_COLUMNS) + "\n")

    assert only(folder).startswith("names/xx.csv:1: the language 'xx' is not known; name the file after one of de, en,")


def test_a_places_file_of_no_region_is_told(folder: Path):
    """A misspelt file name would hide its places."""
    (folder / DONETSK).rename(folder / "places/donezk.csv")

    assert "places/donezk.csv:1: no region has the id 'donezk'; did you mean 'donetsk'?" in told(folder)


# --- ids and units ---------------------------------------------------------------------------------------------------


def test_an_id_of_another_form_is_told(folder: Path):
    """Ids are plain ASCII words."""
    line = cell(folder, "sites.csv", "donetsk.donetsk-airport", "id", "donetsk.Donetsk_airport")

    said = f"sites.csv:{line}: the id 'donetsk.Donetsk_airport' is not of the form region.name; write it as donetsk."
    assert any(p.startswith(said) for p in told(folder))


def test_an_id_in_the_file_of_another_region_is_told(folder: Path):
    """Who owns a region's file must find all of its places there."""
    line = add(folder, DONETSK, "kharkiv.test,Test,,village,kharkiv,,,50.0000,36.2000,1,unchecked,2,,,curated,,")

    assert only(folder).startswith(
        f"{DONETSK}:{line}: the id 'kharkiv.test' does not begin with donetsk.; move the row"
    )


def test_a_raion_says_so_in_its_id(folder: Path):
    """Raions and hromadas end in their kind, nothing else does."""
    line = cell(folder, DONETSK, "donetsk.donetsk-raion", "kind", "hromada")

    todo = "the id of a hromada, and no other, ends in -hromada"
    assert f"{DONETSK}:{line}: a hromada has the id 'donetsk.donetsk-raion'; {todo}" in told(folder)


def test_an_id_that_stands_twice_is_told(folder: Path):
    """The first row is named, so that a person can compare the two."""
    line = add(
        folder, DONETSK, "donetsk.vuhledar,Vuhledar,Вугледар,town,donetsk,,,47.9000,37.3000,3,unchecked,2,,,curated,,"
    )

    assert f"{DONETSK}:{line}: the id 'donetsk.vuhledar' stands already in " in only(folder)
    assert "give the second place an id of its own, with -2" in only(folder)


def test_openstreetmap_may_repeat_only_an_estimated_place(folder: Path):
    """A checked position stays; a row of OpenStreetMap beside it is refused."""
    row = next(line for line in (folder / DONETSK).read_text(encoding="utf-8").splitlines() if ".terny," in line)
    line = add(folder, "places_osm/donetsk.csv", row.replace(",geonames,", ",osm,"))

    problems = told(folder)

    assert any(
        p.startswith(f"places_osm/donetsk.csv:{line}: the id 'donetsk.terny' has a position of its own in ")
        for p in problems
    )
    assert any(
        p.endswith("remove this row; only an estimated position may be repeated from OpenStreetMap") for p in problems
    )


def test_openstreetmap_may_repeat_only_the_same_settlement(folder: Path):
    """The register's code must agree."""
    (place_id,) = [r[0] for r in rows_of(folder / "places_osm/donetsk.csv")]
    line = cell(folder, "places_osm/donetsk.csv", place_id, "katottg", "UA14040010290048286")

    assert only(folder).startswith(f"places_osm/donetsk.csv:{line}: katottg is 'UA14040010290048286' here and 'UA14")
    assert "repeat an id only for the same settlement of the register" in only(folder)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))[1:]


def test_a_retired_id_is_not_used_again(folder: Path):
    """The place that uses it is named."""
    add(folder, "retired.csv", "donetsk.terny,donetsk.lyman,entered twice,2026-11-22")

    problem = only(folder)

    assert problem.startswith(f"{DONETSK}:")
    assert "the id 'donetsk.terny' is retired (" in problem
    assert "give the place a new id" in problem


def test_a_retired_id_needs_a_reason_and_a_real_successor(folder: Path):
    """Old links must lead somewhere."""
    line = add(folder, "retired.csv", "donetsk.old,donetsk.vuhledr,,22.11.2026")

    assert told(folder) == [
        f"retired.csv:{line}: a retired id needs a reason; say why, and name a successor if there is one",
        f"retired.csv:{line}: date is '22.11.2026'; write the day as in 2024-11-22",
        f"retired.csv:{line}: the successor 'donetsk.vuhledr' is no place id; did you mean 'donetsk.vuhledar'?",
    ]


def test_successors_in_a_circle_are_told(folder: Path):
    """Whoever follows an old link must arrive."""
    add(folder, "retired.csv", "donetsk.one,donetsk.two,entered twice,2026-11-22")
    add(folder, "retired.csv", "donetsk.two,donetsk.three,entered twice,2026-11-22")
    add(folder, "retired.csv", "donetsk.three,donetsk.vuhledar,entered twice,2026-11-22")
    assert told(folder) == []

    line = cell(folder, "retired.csv", "donetsk.three", "successor", "donetsk.one")
    circle = "donetsk.three → donetsk.one → donetsk.two → donetsk.three"
    todo = "name the place that is in use"
    assert f"retired.csv:{line}: the successors go round in a circle: {circle}; {todo}" in told(folder)


def test_a_name_of_a_retired_place_is_sent_to_the_successor(folder: Path):
    """The remedy is the id to write."""
    add(folder, "retired.csv", "donetsk.old,donetsk.vuhledar,entered twice,2026-11-22")
    line = add(folder, EN, "donetsk.old,Old Town,variant,,,,curated,")

    assert only(folder) == (
        f"{EN}:{line}: place is 'donetsk.old', which is no place id; the id is retired: write 'donetsk.vuhledar'"
    )


def test_a_raion_must_be_one_and_of_the_same_region(folder: Path):
    """A settlement cannot lie in a hromada as its raion, nor in another region's raion."""
    one = cell(folder, DONETSK, "donetsk.terny", "raion", "donetsk.lyman-hromada")
    two = cell(folder, DONETSK, "donetsk.vuhledar", "raion", "kharkiv.kupiansk-raion")

    assert f"{DONETSK}:{one}: raion is 'donetsk.lyman-hromada', which is a hromada; name a raion" in told(folder)
    assert (
        f"{DONETSK}:{two}: raion 'kharkiv.kupiansk-raion' lies in 'kharkiv', the place in 'donetsk'; "
        "choose the raion of the same region" in told(folder)
    )


def test_a_settlement_needs_a_parent(folder: Path):
    """Only countries, seas and the like have none."""
    line = cell(folder, DONETSK, "donetsk.terny", "parent", "")

    assert (
        f"{DONETSK}:{line}: parent is empty; name the region (or, for a region, the country) that it belongs to"
        in told(folder)
    )


def test_parents_in_a_circle_are_told(folder: Path):
    """A region that lies in itself would never end."""
    line = cell(folder, "regions.csv", "kursk", "parent", "kursk")

    assert f"regions.csv:{line}: the parents go round in a circle: kursk → kursk; correct one parent" in told(folder)


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "key", "column", "value", "said"),
    [
        (
            DONETSK,
            "donetsk.terny",
            "position",
            "cheked",
            "position is 'cheked', which is not known; did you mean 'checked'?",
        ),
        (DONETSK, "donetsk.terny", "lat", "49.09", "lat is '49.09'; write degrees with four decimals as in 47.7797"),
        (
            DONETSK,
            "donetsk.terny",
            "lon",
            "137,9608",
            "lon is '137,9608'; write the decimal comma as a point: 137.9608",
        ),
        (DONETSK, "donetsk.terny", "extent_km", "1 km", "extent_km is '1 km'; write kilometres as in 1.5"),
        (DONETSK, "donetsk.terny", "extent_km", "", "extent_km is empty; say how many kilometres the place reaches"),
        (DONETSK, "donetsk.terny", "accuracy_km", "-2", "accuracy_km is '-2'; write kilometres as in 1.5"),
        (DONETSK, "donetsk.terny", "katottg", "UA14", "katottg is 'UA14'; write UA and 17 digits, or leave it empty"),
        (DONETSK, "donetsk.terny", "same_as", "691", "same_as holds '691'; write gn:123, wof:123, wd:Q123, iso:UA-14"),
        (
            DONETSK,
            "donetsk.terny",
            "checked",
            "22/11/26",
            "checked is '22/11/26'; write the day as in 2024-11-22 on which",
        ),
        (DONETSK, "donetsk.terny", "source", "", "source is empty; name a source of sources.toml"),
        (
            DONETSK,
            "donetsk.terny",
            "source",
            "geoname",
            "source is 'geoname', which sources.toml does not know; did you mean",
        ),
        (
            DONETSK,
            "donetsk.terny",
            "source",
            "osm",
            "source 'osm' is not allowed in places; move the row to places_osm",
        ),
        (DONETSK, "donetsk.terny", "name", "", "name is empty; write the name in Latin letters"),
        (
            DONETSK,
            "donetsk.terny",
            "name",
            "Тerny",
            "name 'Тerny' holds 'т' (U+0442), which is not one of the Latin letters;",
        ),
        (
            DONETSK,
            "donetsk.terny",
            "name_local",
            "Тeрни",
            "name_local mixes Latin and Cyrillic letters in 'Тeрни'; type the",
        ),
        ("axes.csv", "axis.kursk", "radius_km", "wide", "radius_km is 'wide'; write kilometres as in 1.5"),
    ],
)
def test_a_wrong_cell_is_told_with_its_remedy(folder: Path, file: str, key: str, column: str, value: str, said: str):
    """File, line, the cell as it stands, and what to write in its place."""
    line = cell(folder, file, key, column, value)

    assert any(p.startswith(f"{file}:{line}: {said}") for p in told(folder)), "\n".join(told(folder))


def test_a_place_without_a_position_is_told(folder: Path):
    """Only countries have none."""
    cell(folder, DONETSK, "donetsk.terny", "lat", "")
    line = cell(folder, DONETSK, "donetsk.terny", "lon", "")

    assert (
        only(folder)
        == f"{DONETSK}:{line}: lat and lon are empty; give a position, or an estimated one with its accuracy_km"
    )


def test_a_register_code_stands_once(folder: Path):
    """Two places cannot be the same settlement of the register."""
    line = cell(folder, DONETSK, "donetsk.yasna-poliana-2", "katottg", "UA14040010290048286")

    assert f"{DONETSK}:{line}: katottg UA14040010290048286 stands already in " in only(folder)
    assert only(folder).endswith("look up the code of this place")


# --- positions -------------------------------------------------------------------------------------------------------


def test_swapped_degrees_are_told_with_the_right_ones(folder: Path):
    """The swapped point lies in the region, the row's does not."""
    cell(folder, DONETSK, "donetsk.vuhledar", "lat", "37.2500")
    line = cell(folder, DONETSK, "donetsk.vuhledar", "lon", "47.7797")

    todo = "they are swapped: write lat 47.7797 and lon 37.2500"
    assert only(folder) == f"{DONETSK}:{line}: lat 37.2500, lon 47.7797 lies outside donetsk; {todo}"


def test_a_namesakes_position_is_told(folder: Path):
    """Tolstoy's Yasnaya Polyana is not in Donetsk oblast."""
    cell(folder, DONETSK, "donetsk.yasna-poliana", "lat", "54.0755")
    line = cell(folder, DONETSK, "donetsk.yasna-poliana", "lon", "37.5259")

    assert only(folder).startswith(f"{DONETSK}:{line}: the point lies ")
    assert " outside donetsk (up to 8 is no fault); look for a namesake's position or a typing error" in only(folder)


RAION = '{"type":"FeatureCollection","source":"naturalearth","features":[%s]}'
BOX = '{"type":"Feature","properties":{"id":"%s"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}'


def test_a_namesakes_position_in_the_same_oblast_is_told(folder: Path):
    """The raion tells what the oblast cannot; an estimated position is no point and is not compared."""
    ring = "[36,47],[38,47],[38,48.1],[36,48.1],[36,47]"
    (folder / "outlines/raions.geojson").write_text(RAION % (BOX % ("donetsk.volnovakha-raion", ring)))
    assert told(folder) == []

    cell(folder, DONETSK, "donetsk.davydovske", "lat", "48.7444")
    cell(folder, DONETSK, "donetsk.yasna-poliana", "lat", "48.7400")
    line = cell(folder, DONETSK, "donetsk.yasna-poliana", "lon", "37.5200")

    assert only(folder) == (
        f"{DONETSK}:{line}: the point lies 71 km outside donetsk.volnovakha-raion (up to 8 is no fault); "
        "look for a namesake's position, or correct the raion"
    )


def far_town(folder: Path, lat: str, lon: str) -> None:
    """Add a region without an outline, and a town in it."""
    region = "murmansk,Murmansk,Мурманская,region,russia,,,67.9000,33.6000,215,estimated,50,,iso:RU-MUR,geonames,,"
    add(folder, "regions.csv", region)
    row = f"murmansk.murmansk,Murmansk,Мурманск,city,murmansk,,,{lat},{lon},9,unchecked,2,,gn:524305,geonames,,"
    (folder / "places/murmansk.csv").write_text(f"{','.join(PLACE_COLUMNS)}\n{row}\n", encoding="utf-8")


def test_swapped_degrees_are_told_where_there_is_no_outline(folder: Path):
    """Far regions of Russia have no outline; the middle of the region tells."""
    far_town(folder, "33.0750", "68.9792")

    assert only(folder).startswith("places/murmansk.csv:2: lat 33.0750, lon 68.9792 lies ")
    assert only(folder).endswith(" km from the middle of murmansk; they are swapped: write lat 68.9792 and lon 33.0750")


def test_a_point_far_from_a_region_without_an_outline_is_told(folder: Path):
    """Kitovo in Kurgan oblast once stood near Ivanovo."""
    far_town(folder, "56.8659", "41.2825")

    assert only(folder).endswith(" km from the middle of murmansk; correct lat and lon")


def test_degrees_beyond_the_globe_are_told(folder: Path):
    """A latitude above 90 is mostly a longitude."""
    line = cell(folder, "places/world.csv", "world.beijing", "lat", "116.3972")

    assert (
        only(folder)
        == f"places/world.csv:{line}: lat is 116.3972, beyond 90 degrees; look whether lat and lon are swapped"
    )


def test_a_needless_exception_is_told(folder: Path):
    """The list of places outside their region stays short."""
    line = replace(folder, "theatre.toml", '"kyiv.slavutych" =', '"donetsk.terny" = "test"\n"kyiv.slavutych" =')

    todo = "remove it from [tolerance.exceptions]"
    assert only(folder) == f"theatre.toml:{line}: the exception 'donetsk.terny' is not needed; {todo}"


def test_an_exclave_is_no_fault_with_its_reason(folder: Path):
    """Without the exception Slavutych is told."""
    replace(folder, "theatre.toml", '"kyiv.slavutych" =', '"kyiv.nowhere" =')

    assert any(" outside kyiv " in p for p in told(folder))
    assert any("the exception 'kyiv.nowhere' is no place id" in p for p in told(folder))


def test_two_settlements_at_one_point_are_told(folder: Path):
    """One of the two positions is not its own."""
    cell(folder, DONETSK, "donetsk.terny", "lat", "48.9901")
    line = cell(folder, DONETSK, "donetsk.terny", "lon", "37.8084")

    assert f"{DONETSK}:{line}: 'donetsk.terny' has the point of 'donetsk.lyman' (" in only(folder)
    assert only(folder).endswith("find its own position, or mark it estimated")


def test_one_place_entered_twice_is_told(folder: Path):
    """A namesake 100 m away is the same place."""
    line = add(
        folder, DONETSK, "donetsk.terny-2,Terny,Терни,village,donetsk,,,49.0930,37.9608,1,unchecked,2,,,curated,,"
    )

    assert f"{DONETSK}:{line}: Terny stands already 0.1 km away in " in only(folder)
    assert only(folder).endswith("remove one of the two rows")


# --- sources and names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["licence", "attribution", "title", "url"])
def test_a_source_without_a_field_is_told(folder: Path, field: str):
    """Every source has a licence and an attribution line."""
    line = replace(folder, "sources.toml", "[osm]", "[osm]")
    block = (folder / "sources.toml").read_text(encoding="utf-8").split("[osm]")[1]
    old = next(row for row in block.splitlines() if row.startswith(f"{field} ="))
    replace(folder, "sources.toml", old, f"# {old}")

    assert only(folder) == f"sources.toml:{line}: source 'osm' has no {field}; add {field} = \"…\""


def test_a_source_is_allowed_in_files_that_exist(folder: Path):
    """A misspelt use would forbid the source everywhere."""
    replace(folder, "sources.toml", 'allowed_in = ["places_osm"]', 'allowed_in = ["places_osm", "place"]')

    assert "source 'osm' is allowed in 'place', which is no file; list some of activity, axes, names," in only(folder)


def test_broken_toml_is_told_with_its_line(folder: Path):
    """A missing quote stops the program, so its line must be known."""
    line = replace(folder, "theatre.toml", 'label = "Russia"', 'label = "Russia')

    assert any(
        p.startswith(f"theatre.toml:{line}: it is no TOML: ") and p.endswith("; correct the line") for p in told(folder)
    )


@pytest.mark.parametrize(
    ("file", "row", "said"),
    [
        (
            EN,
            "donetsk.vuhledr,Ugledar,variant,,,,curated,",
            "'donetsk.vuhledr', which is no place id; did you mean 'donetsk.vuh",
        ),
        (EN, "donetsk.terny,,variant,,,,curated,", "the name is ''; write the spelling, without spaces around it"),
        (EN, "donetsk.terny,Ter  ny,variant,,,,curated,", "the name is 'Ter  ny'; write the spelling, without spaces"),
        (EN, "donetsk.terny,Terny,variant,,,,curated,", "'Terny' is what "),
        (
            EN,
            "donetsk.terny,Ternie,usual,,,,curated,",
            "standing is 'usual', which is not known; use one of exonym, former,",
        ),
        (
            EN,
            "donetsk.terny,Ternie,variant,comon,,,curated,",
            "the flag is 'comon', which is not known; did you mean 'common'?",
        ),
        (EN, "donetsk.terny,Ternie,former,,24,,curated,", "since is '24'; write a year as in 1924, or leave it empty"),
        (
            EN,
            "donetsk.terny,Ternie,former,,2016,1924,curated,",
            "since 2016 is later than until 1924; swap or correct the years",
        ),
        (
            EN,
            "donetsk.terny,Ternie,variant,,,,osm,",
            "source 'osm' is not allowed in names; move the row to places_osm",
        ),
        (
            EN,
            "donetsk.terny,Терны,exonym,,,,curated,",
            "the name 'Терны' holds 'т' (U+0442), which is not one of the letters of",
        ),
        (
            "names/uk.csv",
            "donetsk.terny,Терны,variant,,,,curated,",
            "the name 'Терны' holds 'ы' (U+044B), which is not one of",
        ),
        (
            "names/ru.csv",
            "donetsk.terny,Тернi,variant,,,,curated,",
            "the name 'Тернi' holds 'i' (U+0069), which is not one of",
        ),
        (
            EN,
            "donetsk.terny,Is,variant,,,,curated,",
            "'Is' is also a common word; write common into flags, so that it needs a cue",
        ),
    ],
)
def test_a_wrong_name_is_told_with_its_remedy(folder: Path, file: str, row: str, said: str):
    """File, line, the name as it stands, and what to do."""
    line = add(folder, file, row)

    assert any(p.startswith(f"{file}:{line}: ") and said in p for p in told(folder)), "\n".join(told(folder))


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Die"), ("es", "Las"), ("fr", "Les"), ("pl", "Pod"), ("und", "Many")]
)
def test_a_common_word_of_each_language_needs_a_flag(folder: Path, language: str, word: str):
    """A names file is measured by its own language; `und` by those in Latin letters that are not told."""
    row = f"donetsk.terny,{word},variant,,,,curated,"
    (folder / f"names/{language}.csv").write_text(f"{','.join(NAME_COLUMNS)}\n{row}\n", encoding="utf-8")

    assert only(folder).startswith(f"names/{language}.csv:2: '{word}' is also a common word; write common into flags")


def test_a_name_that_stands_twice_is_told(folder: Path):
    """One row for each spelling of a place in a language."""
    line = add(folder, EN, "donetsk.vuhledar,Ugledar,former,,,,curated,")

    assert f"{EN}:{line}: 'Ugledar' stands already in line " in only(folder)


def test_a_place_named_like_a_stop_word_needs_a_flag(folder: Path):
    """The name may be repeated in names/ to give it the flag."""
    line = add(folder, DONETSK, "donetsk.many,Many,Мани,village,donetsk,,,48.2000,38.0000,1,unchecked,2,,,curated,,")

    assert only(folder) == f"{DONETSK}:{line}: 'Many' is also a common word; add it to names/ with the flag common"

    add(folder, EN, "donetsk.many,Many,standard,common,,,curated,")

    assert told(folder) == []


# --- axes, outlines, the theatre, kinds ------------------------------------------------------------------------------


def test_an_axis_runs_through_known_settlements(folder: Path):
    """A misspelt settlement is named, with the nearest id."""
    line = replace(folder, "axes.csv", "kursk.korenevo", "kursk.korenvo")

    assert (
        only(folder)
        == f"axes.csv:{line}: through names 'kursk.korenvo', which is no place id; did you mean 'kursk.korenevo'?"
    )


def test_an_axis_runs_through_two_settlements_or_more(folder: Path):
    """One settlement is a place, not a direction."""
    line = cell(folder, "axes.csv", "axis.kursk", "through", "kursk.sudzha")

    assert (
        only(folder)
        == f"axes.csv:{line}: the axis runs through 1 settlement(s); list at least two place ids, a space between them"
    )


def test_activity_names_places_weeks_and_weights(folder: Path):
    """Three faults of one row are three problems."""
    line = add(folder, "activity.csv", 'donetsk.vuhledr,44/2024,"1,5",curated')

    assert told(folder) == [
        f"activity.csv:{line}: place is 'donetsk.vuhledr', which is no place id; did you mean 'donetsk.vuhledar'?",
        f"activity.csv:{line}: week is '44/2024'; write the ISO week as in 2024-W44",
        f"activity.csv:{line}: weight is '1,5'; write the decimal comma as a point: 1.5",
    ]


OUTLINE = '{"type":"Feature","properties":{"id":"%s"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}'


def outlined(folder: Path, place_id: str, ring: str) -> None:
    collection = '{"type":"FeatureCollection","source":"naturalearth","features":[\n%s\n]}\n'
    (folder / "outlines/extra.geojson").write_text(collection % (OUTLINE % (place_id, ring)), encoding="utf-8")


def test_an_outline_of_no_place_is_told(folder: Path):
    """With the line of the feature and the nearest id."""
    outlined(folder, "donezk", "[1,1],[2,1],[2,2],[1,1]")

    assert only(folder) == "outlines/extra.geojson:2: outline 1 (donezk) belongs to no place; did you mean 'donetsk'?"


def test_an_outline_that_crosses_itself_is_told(folder: Path):
    """The spot of the crossing is part of the message."""
    outlined(folder, "donetsk", "[1,1],[2,2],[2,1],[1,2],[1,1]")

    assert "outline 1 (donetsk) is no simple shape: Self-intersection" in only(folder)


def test_an_outline_with_too_many_vertices_is_told(folder: Path):
    """Reports carry outlines of 60 vertices or fewer."""
    ring = [f"[{37 + n / 100},48]" for n in range(60)] + ["[37.3,49]", "[37,48]"]
    outlined(folder, "donetsk", ",".join(ring))

    assert only(folder) == "outlines/extra.geojson:2: outline 1 (donetsk) has 62 vertices; simplify it to 60 or fewer"


def test_an_outline_beyond_the_globe_is_told(folder: Path):
    """Latitude first puts the far east at the pole."""
    outlined(folder, "donetsk", "[47,137],[48,137],[48,138],[47,137]")

    assert "outline 1 (donetsk) leaves the globe; write longitude before latitude, in degrees" in only(folder)


def test_a_broken_outline_file_is_told(folder: Path):
    """A half-written file is named once."""
    path = folder / "outlines/regions.geojson"
    path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")

    assert any(p.startswith("outlines/regions.geojson:1: it is no GeoJSON collection (") for p in told(folder))


def test_an_outline_names_its_source(folder: Path):
    """Exports list the sources of the shapes that they carry."""
    replace(folder, "outlines/regions.geojson", '"source":"naturalearth",', "")

    assert (
        only(folder)
        == "outlines/regions.geojson:1: the source of the collection is None; name a source of sources.toml"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("day_one = 2022-02-24", 'day_one = "2022"', "day_one is no date; write day_one = 2022-02-24, without quotes"),
        (
            "south = 43.0",
            "south = 63.0",
            "the box is empty; look whether south and north, or west and east, are swapped",
        ),
        ("south = 43.0", "", "the box is not complete; write south, west, north and east in degrees below [box]"),
        ('country = "ukraine"', 'country = "ukrain"', "'ukrain' is no country of regions.csv; did you mean 'ukraine'?"),
        (
            'country = "ukraine"',
            "",
            "there must be two parties with a country; write one block [parties.NAME] for each",
        ),
        ('label = "Ukraine"', "", "party 'ukraine' has no label; add label"),
        ('time_zones = ["Europe/Kyiv", "Europe/Moscow"]', "", "there are no time_zones; list them as in"),
    ],
)
def test_the_theatre_is_complete(folder: Path, old: str, new: str, said: str):
    """The war and its parties come from this file alone."""
    replace(folder, "theatre.toml", old, new)

    assert said in only(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('noun = "Capture"', "", "kind 'capture' has no noun; add noun = \"…\""),
        (
            'family = "territory"',
            'family = "teritory"',
            "kind 'capture' is of the family 'teritory', which is not known; did you mean",
        ),
        ('colour = "#b35900"', 'colour = "brown"', "family 'territory' lacks a label or a colour; write label"),
        ("[kinds.capture]", "[kinds.capture", "it is no TOML: "),
    ],
)
def test_kinds_of_events_are_complete(tmp_path: Path, old: str, new: str, said: str):
    """Labels, meanings, families and shapes are data; a gap would show as an empty legend."""
    kinds = Path(shutil.copy(ROOT / "geo/kinds.toml", tmp_path))
    replace(tmp_path, "kinds.toml", old, new)

    assert any("kinds.toml:" in str(p) and said in str(p) for p in check(SMALL, kinds))


# --- the guide for curators ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("### `regions.csv`, `places/*.csv`", PLACE_COLUMNS),
        ("### `names/*.csv`", NAME_COLUMNS),
        ("### `axes.csv`", AXIS_COLUMNS),
        ("### `activity.csv`", ["place", "week", "weight", "source"]),
        ("### `retired.csv`", ["id", "successor", "reason", "date"]),
    ],
)
def test_the_guide_describes_every_column(heading: str, columns: list[str]):
    """The column tables of gazetteer/README.md are those of the files, in their order."""
    section = (ROOT / "gazetteer/README.md").read_text(encoding="utf-8").split(heading)[1].split("\n#")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert [name.strip(" `") for line in cells for name in line.split(",")] == list(columns)


def test_the_guide_lists_every_kind_and_source():
    """A kind or a source that nobody describes cannot be used rightly."""
    guide = (ROOT / "gazetteer/README.md").read_text(encoding="utf-8")

    assert [kind for kind in sorted(KINDS) if f"`{kind}`" not in guide] == []
    sources = (ROOT / "gazetteer/sources.toml").read_text(encoding="utf-8")
    assert [line for line in sources.splitlines() if line.startswith("[") and f"| `{line[1:-1]}` |" not in guide] == []
