"""Files go in, a dataset comes out: the same every time, and the last good one stays when something fails."""

import json
import tempfile
from pathlib import Path

import pytest

from geo.build import build, sample_dataset
from geo.dataset.store import load_dataset
from geo.errors import UnwritableOutput
from geo.events import read
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import read_digest

SMALL = Path(__file__).resolve().parent / "gazetteer"
TEXTS = {
    "one.txt": "Day 982 of the war.\n• Russian troops captured Kurakhove, the Russian defence ministry said.\n"
    "• Kyiv (Wire) — Fighting went on near Toretsk, Selydove and Pokrovsk.\n",
    "two.md": '+++\noutlet = "Morning Wire"\nlanguage = "en"\npublished = 2024-11-03\n+++\n'
    "Drones attacked Odesa overnight, injuring two people. Talks in Brussels ended without a result.\n",
    "deep/three.txt": "Rangkuman hari ke-985 perang.\r\nDua orang tewas akibat serangan rudal di Kharkiv, kata Gubernur Kharkiv.\r\n",
    "four.txt": "Nothing happened here that names a place, said the people who were there on 5 November 2024.\n",
}


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    """The small gazetteer of the tests."""
    return Gazetteer.load(SMALL)


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    """Four digests in a folder of folders."""
    root = tmp_path / "digests"
    for name, text in TEXTS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_numbers_of_the_summary_add_up(digests, tmp_path, small):
    """Mentions are reports and rejections; a report may join several mentions."""
    summary = build([digests], tmp_path / "out", gazetteer=small)
    data = load_dataset(tmp_path / "out")
    told = int((data.mentions["verdict"] == "report").sum())

    assert (summary.digests, len(data.digests)) == (4, 4)
    assert summary.reports == len(data.events) > 0
    assert summary.mentions == len(data.mentions) == told + sum(summary.rejected.values())
    assert summary.sentences == data.digests["sentences"].sum()
    assert summary.rejected == dict(sorted(summary.rejected.items()))
    assert summary.rejected["venue"] == 1
    assert summary.failures == ()
    assert [w for w in summary.warnings if w == "four: no place is named in it"]


def test_two_builds_give_the_same_bytes(digests, tmp_path, small):
    """Every file, to the last byte, whenever and wherever it is built."""
    build([digests], tmp_path / "one", gazetteer=small)
    build([digests], tmp_path / "other", gazetteer=Gazetteer.load(SMALL))

    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_the_order_of_the_inputs_does_not_show(digests, tmp_path, small):
    """The same files named in another order are the same dataset."""
    paths = sorted(p for p in digests.rglob("*") if p.is_file())
    build(paths, tmp_path / "one", gazetteer=small)
    build(paths[::-1], tmp_path / "other", gazetteer=small)

    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_the_number_of_jobs_does_not_show(tmp_path, small):
    """Workers read in their own order; the dataset is sorted."""
    digests = tmp_path / "digests"
    digests.mkdir()
    for number in range(80):
        text = f"Day {900 + number} of the war. Fighting went on near Toretsk and in Pokrovsk; two people were killed."
        (digests / f"{number}.txt").write_text(text)

    build([digests], tmp_path / "one", gazetteer=small, jobs=1)
    summary = build([digests], tmp_path / "other", gazetteer=small, jobs=3)

    assert summary.digests == 80
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_a_digest_gives_the_same_reports_alone_and_in_a_batch(digests, tmp_path, small):
    """Nothing of one digest leaks into another."""
    build([digests], tmp_path / "all", gazetteer=small)
    together = load_dataset(tmp_path / "all").events
    for path, digest_id in (("one.txt", "one"), ("two.md", "two"), ("deep/three.txt", "deep~three")):
        alone = read(read_digest(digests / path, digest_id=digest_id), small).reports
        assert sorted(together[together["digest"] == digest_id]["id"]) == sorted(r.id for r in alone)
        assert sorted(together[together["digest"] == digest_id]["summary"]) == sorted(r.summary for r in alone)


def test_the_dataset_says_where_each_digest_was(digests, tmp_path, small):
    """By the name of its file, never by a path of the machine."""
    build([digests], tmp_path / "out", gazetteer=small)

    assert str(tmp_path).encode() not in b"".join(contents(tmp_path / "out").values())


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_built(digests, tmp_path, small):
    """Its words say which byte."""
    (digests / "bad.txt").write_bytes(b"Fighting \xff")
    summary = build([digests], tmp_path / "out", gazetteer=small, encoding="utf-8")

    assert summary.digests == 4
    assert len(summary.failures) == 1
    assert summary.failures[0].startswith(f"{digests / 'bad.txt'}: byte 9 (0xff)")
    assert len(load_dataset(tmp_path / "out").digests) == 4


def test_two_digests_with_one_id_are_named_and_one_is_built(digests, tmp_path, small):
    """Ids are names of files without their endings."""
    (digests / "one.md").write_text("Day 983 of the war.")
    summary = build([digests], tmp_path / "out", gazetteer=small)

    assert summary.digests == 4
    assert ["one.txt" in f and "one.md" in f and "rename" in f for f in summary.failures] == [True]


def test_if_nothing_can_be_read_the_last_dataset_stays(digests, tmp_path, small):
    """To the last byte."""
    build([digests], tmp_path / "out", gazetteer=small)
    before = contents(tmp_path / "out")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")

    summary = build([tmp_path / "bad.txt", tmp_path / "gone.txt"], tmp_path / "out", gazetteer=small, encoding="utf-8")

    assert (summary.digests, len(summary.failures)) == (0, 2)
    assert contents(tmp_path / "out") == before


def test_a_digest_that_is_gone_is_gone_from_the_next_dataset(digests, tmp_path, small):
    """A build replaces the dataset, it does not add to it."""
    build([digests], tmp_path / "out", gazetteer=small)
    (digests / "one.txt").unlink()
    build([digests], tmp_path / "out", gazetteer=small)

    assert "one" not in set(load_dataset(tmp_path / "out").digests["digest"])


def test_an_empty_folder_gives_an_empty_dataset_with_a_warning(tmp_path, small):
    """All columns are there, so that whatever reads it goes on working."""
    (tmp_path / "digests").mkdir()
    summary = build([tmp_path / "digests"], tmp_path / "out", gazetteer=small)

    assert (summary.digests, summary.reports, summary.failures) == (0, 0, ())
    assert "no digest in this folder" in summary.warnings[0]
    assert "quote" in load_dataset(tmp_path / "out").events.columns
    assert json.loads((tmp_path / "out" / "events.geojson").read_text())["features"] == []


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(digests, tmp_path, small):
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("in the way")

    with pytest.raises(UnwritableOutput) as refused:
        build([digests], tmp_path / "out", gazetteer=small)

    assert str(tmp_path / "out") in str(refused.value)
    assert (tmp_path / "out").read_text() == "in the way"


def test_warnings_of_a_digest_carry_its_id(digests, tmp_path, small):
    """So that one can go and look."""
    (digests / "off.txt").write_text("Day 982 of the war, 4 November 2024: fighting went on in Toretsk and the town.")
    summary = build([digests], tmp_path / "out", gazetteer=small)

    assert [w for w in summary.warnings if w.startswith("off: dates do not agree: day 982")]


def test_progress_sees_every_reading(digests, tmp_path, small):
    """And is told how many will come."""
    seen = []

    def progress(parts, total):
        for part in parts:
            seen.append((part.size, total))
            yield part

    build([digests], tmp_path / "out", gazetteer=small, progress=progress)

    assert seen == [(4, 4)]


def test_the_sample_dataset_is_built_once_into_the_cache(tmp_path, monkeypatch, gazetteer):
    """The second call only finds it."""
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))

    first = sample_dataset(gazetteer)
    written = (first / "manifest.json").stat().st_mtime_ns
    second = sample_dataset(gazetteer)

    assert first == second
    assert first.parent == tmp_path / "cache"
    assert (first / "manifest.json").stat().st_mtime_ns == written
    assert load_dataset(first).manifest.sample


def test_without_a_cache_folder_the_sample_dataset_goes_to_a_temporary_one(tmp_path, monkeypatch, gazetteer):
    """The map is still served."""
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    folder = sample_dataset(gazetteer)

    assert folder.parent == tmp_path
    assert len(load_dataset(folder).digests) > 0
