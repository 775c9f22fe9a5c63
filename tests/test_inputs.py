"""Which files are digests, what an index says of them, and which names they get."""

from datetime import date
from pathlib import Path

import pytest

from geo.text.inputs import find_inputs

HEADER = "file,language,outlet,url,published\n"


def write(root: Path, *files: str, **contents: str) -> None:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("Fighting went on.", encoding="utf-8")
    for name, content in contents.items():
        (root / f"{name}.csv").write_text(content, encoding="utf-8")


def ids(*paths: Path) -> list[str]:
    return [s.id for s in find_inputs(paths).sources]


def test_a_folder_gives_its_text_files_down_to_the_last_folder(tmp_path):
    """Sorted by id, which is the path below the folder with "~" for "/"."""
    write(tmp_path, "b.txt", "a.md", "deep/er/c.TXT")

    assert ids(tmp_path) == ["a", "b", "deep~er~c"]


def test_some_files_are_never_digests(tmp_path):
    """Tables about digests, readmes, hidden files and folders, and every other ending."""
    write(
        tmp_path,
        "a.txt",
        "README.md",
        "README",
        "README-id.txt",
        ".hidden.txt",
        ".git/b.txt",
        "c.geojson",
        "d.png",
        "e",
    )
    write(tmp_path, index=HEADER, sources="file,fact\na.txt,x\n")

    assert ids(tmp_path) == ["a"]


def test_a_file_that_is_named_is_read_whatever_it_is_called(tmp_path):
    """Who names a file wants it."""
    write(tmp_path, "README.md", "article.text")

    assert ids(tmp_path / "README.md", tmp_path / "article.text") == ["README", "article"]


def test_the_same_file_named_twice_is_read_once(tmp_path):
    """By itself and by its folder."""
    write(tmp_path, "a.txt")
    found = find_inputs([tmp_path, tmp_path / "a.txt", tmp_path])

    assert ([s.id for s in found.sources], found.failures) == (["a"], ())


def test_two_files_with_one_id_are_a_failure_that_names_both(tmp_path):
    """The first is read, so nothing is lost silently."""
    write(tmp_path, "a.md", "a.txt", "b.txt")
    found = find_inputs([tmp_path])

    assert [s.id for s in found.sources] == ["a", "b"]
    assert [str(tmp_path / "a.txt") in f and str(tmp_path / "a.md") in f and "rename" in f for f in found.failures] == [
        True
    ]


def test_ids_of_two_folders_may_clash_too(tmp_path):
    """A build has one name space."""
    write(tmp_path, "one/a.txt", "two/a.txt")

    assert len(find_inputs([tmp_path / "one", tmp_path / "two"]).failures) == 1
    assert ids(tmp_path) == ["one~a", "two~a"]


def test_a_path_that_is_not_there_is_a_failure_and_the_others_are_listed(tmp_path):
    """With its name and what to check."""
    write(tmp_path, "a.txt")
    found = find_inputs([tmp_path / "nowhere", tmp_path])

    assert [s.id for s in found.sources] == ["a"]
    assert found.failures == (f"{tmp_path / 'nowhere'}: there is no such file or folder; check the path",)


def test_a_folder_without_digests_is_warned_of(tmp_path):
    """It is not an error: tomorrow there may be one."""
    found = find_inputs([tmp_path])

    assert (found.sources, found.failures) == ((), ())
    assert "no digest in this folder" in found.warnings[0]


# --- index.csv -------------------------------------------------------------------------------------------------------


def metadata(root: Path, *paths: Path):
    return {s.id: s.metadata for s in find_inputs(paths or (root,)).sources}


def test_an_index_says_what_the_digests_beside_it_are(tmp_path):
    """Also which are samples; a file without a row is read without metadata."""
    write(tmp_path, "a.txt", "b.txt")
    write(
        tmp_path,
        index="file,language,outlet,url,published,sample\n"
        'a.txt,id,"Harian, Uji",https://example.org/a,2024-11-01,true\n',
    )
    known = metadata(tmp_path)

    assert (known["a"].language, known["a"].outlet, known["a"].sample) == ("id", "Harian, Uji", True)
    assert (known["a"].url, known["a"].published) == ("https://example.org/a", date(2024, 11, 1))
    assert (known["b"].outlet, known["b"].published) == (None, None)


@pytest.mark.parametrize("path", [".", "en", "en/a.txt"])
def test_an_index_is_found_from_the_path_down(tmp_path, path):
    """Names in it are relative to the index, not to where the command runs."""
    write(tmp_path, "en/a.txt")
    write(tmp_path / "en", index=HEADER + "a.txt,en,Morning Wire,,2024-11-02\n")

    assert [m.outlet for m in metadata(tmp_path, tmp_path / path).values()] == ["Morning Wire"]


def test_the_index_closest_to_a_file_wins(tmp_path):
    """An outer one may say something of the same file."""
    write(tmp_path, "en/a.txt")
    write(tmp_path, index=HEADER + "en/a.txt,en,Outer,,2024-11-01\n")
    write(tmp_path / "en", index=HEADER + "a.txt,en,Inner,,2024-11-02\n")

    assert metadata(tmp_path)["en~a"].outlet == "Inner"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_index_may_come_out_of_a_spreadsheet(tmp_path, mark, line_end):
    """With a byte order mark and Windows line ends."""
    write(tmp_path, "a.txt")
    table = mark + (HEADER + "a.txt,en,Morning Wire,,2024-11-02\n").replace("\n", line_end)
    (tmp_path / "index.csv").write_bytes(table.encode())

    assert metadata(tmp_path)["a"].outlet == "Morning Wire"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"file,outlet\na.txt,Wire\n", "index.csv:1: the columns language, published, url are missing"),
        (b"file,language,outlet,url,published\na.txt,en,\xff,,\n", "index.csv: byte"),
        (b"", "are missing"),
    ],
)
def test_an_index_that_cannot_be_read_is_a_failure_and_its_digests_are_read(tmp_path, content, said):
    """The message says what it must look like."""
    write(tmp_path, "a.txt")
    (tmp_path / "index.csv").write_bytes(content)
    found = find_inputs([tmp_path])

    assert [s.id for s in found.sources] == ["a"]
    assert len(found.failures) == 1
    assert said in found.failures[0]


def test_a_row_of_an_index_without_its_file_is_warned_of(tmp_path):
    """With the line of the row."""
    write(tmp_path, "a.txt", index=HEADER + "a.txt,en,,,\ngone.txt,en,,,2024-11-01\n")

    assert find_inputs([tmp_path]).warnings == (
        f"{tmp_path / 'index.csv'}:3: there is no file 'gone.txt'; correct the row or remove it",
    )


def test_a_date_in_an_index_that_is_none_travels_with_its_digest(tmp_path):
    """As a warning of the digest, with file and line."""
    write(tmp_path, "a.txt", index=HEADER + "a.txt,en,,,1 November\n")

    assert metadata(tmp_path)["a"].warnings == (
        f"{tmp_path / 'index.csv'}:2: published is '1 November', which is no date; write it as 2024-11-01",
    )


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "a.txt,en," + "x" * 200_000 + ",,\n",
        HEADER + "a\0b.txt,en,,,\n",
        HEADER + "a" * 5_000 + ".txt,en,,,\n",
        HEADER + "b/" * 3_000 + "a.txt,en,,,\n",
        HEADER + ".,en,,,\n",
        HEADER + ",en,,,\n",
        HEADER + '"a.txt,en,,,\n',
        "language,outlet,url,published,file\nen\n",
    ],
    ids=["long cell", "zero byte", "long name", "long path", "a folder", "no name", "open quote", "short row"],
)
def test_a_row_of_an_index_that_makes_no_sense_is_named_and_the_digests_are_read(tmp_path, content):
    """With the file and what is wrong; whether as a warning or a failure, it stops nothing else."""
    write(tmp_path, "a.txt", index=content)
    found = find_inputs([tmp_path])

    assert [s.id for s in found.sources] == ["a"]
    assert [str(tmp_path / "index.csv") in said for said in (*found.failures, *found.warnings)] == [True]


@pytest.mark.parametrize("name", ["x" * 5_000, "a\0b"])
def test_a_path_that_cannot_be_one_is_a_failure(name):
    """As if it were not there."""
    assert len(find_inputs([Path(name)]).failures) == 1


def test_links_that_lead_nowhere_or_in_a_circle_do_no_harm(tmp_path):
    """A folder that holds itself is not walked for ever."""
    write(tmp_path, "a.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert ids(tmp_path) == ["a"]
