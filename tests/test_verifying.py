"""`frontline verify`: whatever is changed in a dataset or in its texts is found, and stale copies are repaired."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.build import build
from geo.dataset.commit import file_sha256
from geo.dataset.manifest import read_manifest
from geo.dataset.store import load_dataset
from geo.dataset.tables import SCHEMAS
from geo.dataset.verifying import Verification, verify
from geo.errors import UnreadableInput
from geo.reference.gazetteer import Gazetteer

SMALL = Path(__file__).resolve().parent / "gazetteer"
TEXTS = {
    "one.txt": "\ufeffDay 982 of the war. 🛑\r\n• Russian troops captured Kurakhove, the Russian defence ministry said.\r\n",
    "deep/two.txt": "Day 983 of the war. Fighting went on near Toretsk and Pokrovsk; two people were killed.\n",
    "none.txt": "Nothing happened here that names a place, said the people who were there on 5 November 2024.\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three digests and their dataset."""
    folder = tmp_path_factory.mktemp("verify")
    for name, text in TEXTS.items():
        (folder / "digests" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "digests" / name).write_bytes(text.encode())
    build([folder / "digests"], folder / "data", gazetteer=Gazetteer.load(SMALL))
    return folder


@pytest.fixture
def built(made: Path, tmp_path: Path) -> Path:
    """A copy of them that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "built"))


def check(folder: Path, **how: bool) -> Verification:
    return verify(folder / "data", [folder / "digests"], **how)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_was_built_is_without_fault(built):
    """Every quote and mention was looked up, and nothing was written."""
    before = contents(built)
    found = check(built)
    data = load_dataset(built / "data")

    assert (found.faults, found.unchecked, found.warnings, found.repaired) == ([], [], [], [])
    assert (found.digests, found.mentions) == (3, len(data.mentions))
    assert found.quotes == 2 * len(data.events) + sum(map(len, data.events["more_quotes"])) > 0
    assert contents(built) == before


def test_without_the_texts_it_says_what_was_not_checked(built):
    """The files are checked all the same."""
    found = verify(built / "data")

    assert (found.faults, found.digests, found.quotes) == ([], 0, 0)
    assert found.unchecked == ["deep~two", "none", "one"]


def test_a_file_with_another_name_is_known_by_its_content(built):
    """Digests move; their bytes stay."""
    (built / "digests" / "one.txt").rename(built / "digests" / "renamed.txt")

    assert (check(built).faults, check(built).unchecked) == ([], [])


def test_a_text_that_was_edited_is_a_fault(built):
    """Its quotes are not compared with another text; the words say what to do."""
    (built / "digests" / "one.txt").write_bytes(TEXTS["one.txt"].replace("captured", "took").encode())
    found = check(built)

    assert [(f.where, "bring back the file" in f.todo) for f in found.faults] == [("digest one", True)]
    assert found.unchecked == ["one"]


@pytest.mark.parametrize("name", [*SCHEMAS, "events.geojson", "events.parquet"])
@pytest.mark.parametrize("change", ["one byte", "cut", "gone"])
def test_a_changed_file_is_a_fault(built, name, change):
    """Tables are to be built again, copies can be repaired."""
    files = read_manifest(built / "data").files
    path = built / "data" / (files[name].name if name in files else name)
    whole = path.read_bytes()
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:-20] if change == "cut" else whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    found = check(built)

    assert [f.where for f in found.faults] == [path.name]
    if name in files:
        assert "--all" in found.faults[0].todo
        assert [f.where for f in check(built, repair=True).faults] == [path.name]
    else:
        assert "--repair" in found.faults[0].todo
        mended = check(built, repair=True)
        assert (mended.faults, mended.repaired) == ([], [name])
        assert path.read_bytes() == whole


def rewritten(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a table and its hash in the manifest, as somebody would who knows how."""
    dataset = load_dataset(folder)
    table = change(dataset.table(name))
    draft = folder / "draft.parquet"
    pq.write_table(table, draft)
    sha256 = file_sha256(draft)
    file = f"{name}-{sha256[:16]}.parquet"
    size = draft.stat().st_size
    draft.rename(folder / file)
    says = json.loads((folder / "manifest.json").read_text())
    says["files"][name] = {"name": file, "sha256": sha256, "size": size, "rows": table.num_rows}
    (folder / "manifest.json").write_text(json.dumps(says))


def with_column(table: pa.Table, name: str, change: Callable[[list], list]) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(
        at, table.schema.field(name), pa.array(change(table[name].to_pylist()), table.schema.types[at])
    )


TAMPERED: dict[str, tuple[str, str, Callable[[list], list], str]] = {
    "a word of a quote": ("events", "quote", lambda v: [v[0].replace("captured", "liberated").replace("war", "peace"), *v[1:]], "does not say"),
    "an offset": ("events", "quote_start", lambda v: [v[0] + 1, *v[1:]], "does not say"),
    "the place's words": ("events", "mention", lambda v: ["Kyiv", *v[1:]], "does not hold its mention"),
    "the hash of a report's digest": ("events", "digest_sha256", lambda v: ["0" * 64, *v[1:]], "no digest of this name"),
    "the words of a mention": ("mentions", "mention", lambda v: ["Kyiv", *v[1:]], "does not say"),
    "the report of a mention": ("mentions", "report_id", lambda v: ["x", *v[1:]], "its report is not there"),
    "a verdict": ("mentions", "verdict", lambda v: ["dateline", *v[1:]], "the verdicts of the manifest"),
    "the number of reports": ("digests", "reports", lambda v: [v[0] + 1, *v[1:]], "reports, not"),
    "the hash of a text": ("digests", "text_sha256", lambda v: ["0" * 64, *v[1:]], "its text is not the one"),
    "the hash of a digest": ("digests", "digest_sha256", lambda v: ["0" * 64, *v[1:]], "the digests and their hashes"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_a_table_that_was_edited_with_its_hash_is_found_out(built, what):
    """By the texts, by the other tables, by the manifest."""
    name, column, change, words = TAMPERED[what]
    rewritten(built / "data", name, lambda table: with_column(table, column, change))

    assert any(words in fault.what for fault in check(built).faults)


def test_rows_that_were_taken_out_are_missed(built):
    """Of each table."""
    for name in ("events", "mentions", "digests"):
        folder = built.parent / name
        shutil.copytree(built, folder)
        rewritten(folder / "data", name, lambda table: table.slice(1))
        assert check(folder).faults


def test_a_manifest_that_cannot_be_read_is_an_error(built):
    """There is nothing to go by."""
    (built / "data" / "manifest.json").write_text("{")

    with pytest.raises(UnreadableInput, match="damaged"):
        check(built)


def test_the_command_says_what_it_checked_and_ends_with_1_at_a_fault(built, frontline):
    """As text and as JSON."""
    code, out, err = frontline("verify", built / "data", "--digests", built / "digests")
    assert (code, err) == (0, "")
    assert "3 digests" in out
    assert "no fault found" in out

    code, out, _ = frontline("verify", built / "data")
    assert (code, "not found, name them with --digests" in out) == (0, True)
    assert frontline("verify", built / "data", "--strict")[0] == 1

    (built / "data" / "events.geojson").write_text("{}")
    code, out, err = frontline("verify", built / "data", "--digests", built / "digests")
    assert (code, "faults: 1" in out) == (1, True)
    assert err.startswith("error: events.geojson: ")

    code, out, err = frontline("verify", built / "data", "--digests", built / "digests", "--json", "--repair")
    told = json.loads(out)
    assert (code, told["repaired"], told["faults"]) == (0, ["events.geojson"], [])
    assert set(told) == {"files", "digests", "quotes", "mentions", "faults", "unchecked", "warnings", "repaired"}

    code, _, err = frontline("verify", built / "nowhere")
    assert (code, "no dataset can be read here" in err) == (1, True)


def test_texts_that_the_dataset_archives_need_no_file(tmp_path):
    """Of a page and of a row of a table the dataset keeps what was read out of it."""
    (tmp_path / "digests").mkdir()
    words = TEXTS["deep/two.txt"].strip()
    (tmp_path / "digests" / "table.jsonl").write_text(json.dumps({"id": "a", "text": words}) + "\n")
    build([tmp_path / "digests"], tmp_path / "data", gazetteer=Gazetteer.load(SMALL))
    shutil.rmtree(tmp_path / "digests")
    found = verify(tmp_path / "data")

    assert (found.faults, found.unchecked, found.digests) == ([], [], 1)
    assert found.quotes > 0
    rewritten(
        tmp_path / "data",
        "texts",
        lambda table: with_column(table, "text", lambda v: [v[0].replace("Toretsk", "Torezk")]),
    )
    assert {"its text is not the one that was read"} < {fault.what for fault in verify(tmp_path / "data").faults}
