"""A dataset folder: what goes in comes out, the same bytes each time, and nothing is lost when a build dies."""

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from reports import HOSTILE, make_dataset, make_gazetteer, make_readings, make_reports

from geo.dataset import store
from geo.dataset.commit import write_file
from geo.dataset.manifest import read_manifest
from geo.dataset.store import events_table, load_dataset, load_events, save_dataset
from geo.dataset.tables import COLUMNS, FLOAT_DECIMALS, SCHEMA_VERSION, SCHEMAS
from geo.errors import UnreadableInput, UnwritableOutput, WrongUse
from geo.model import Digest, Quote, Reading, Report
from geo.reference.gazetteer import Gazetteer

TESTS = Path(__file__).parent


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The gazetteer that the made-up reports are of."""
    return make_gazetteer(tmp_path_factory.mktemp("small") / "gazetteer")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def as_report(row: Any) -> Report:
    """Return a row of the table as the report that it came from."""
    values = {name: None if value is None or value is pd.NA or value != value else value for name, value in row.items()}
    for name in ("published", "date", "date_end"):
        values[name] = values[name] and values[name].date().isoformat()
    values["event_ts"] = row["event_ts"].strftime("%Y-%m-%dT%H:%M:%SZ")
    values["via"] = tuple(row["via"])
    values["more_quotes"] = tuple(Quote(**quote) for quote in row["more_quotes"])
    values.pop("story")  # of the table as a whole: tests/test_stories.py
    return Report(**values)


def as_reports(events: geopandas.GeoDataFrame) -> list[Report]:
    """Return the rows of a table as reports."""
    return [as_report(row) for row in events.drop(columns="geometry").to_dict("records")]


# --- what goes in comes out ------------------------------------------------------------------------------------------


def test_reports_come_back_as_they_were_sorted(tmp_path: Path, small: Gazetteer) -> None:
    """Saving and loading changes nothing; rows are in the order of date, digest, quote and id."""
    readings = make_readings(300)
    save_dataset(tmp_path / "d", readings, gazetteer=small)

    loaded = load_events(tmp_path / "d")

    reports = [report for reading in readings for report in reading.reports]
    assert as_reports(loaded) == sorted(reports, key=lambda r: (r.date, r.digest, r.quote_start, r.id))
    assert_frame_equal(loaded, events_table(reports, small))


def test_the_copies_hold_the_same_table(tmp_path: Path) -> None:
    """events.parquet and events.geojson are read as the dataset is."""
    dataset = make_dataset(tmp_path / "d", 300)

    for name in ("events.parquet", "events.geojson"):
        copy = load_events(tmp_path / "d" / name)
        assert_frame_equal(copy.drop(columns="geometry"), dataset.events.drop(columns="geometry"))
        assert shapely.equals_exact(copy.geometry.to_numpy(), dataset.events.geometry.to_numpy()).sum() == (
            dataset.events.geometry.notna().sum()
        )
        assert copy.crs == "EPSG:4326"


TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
MAYBE = st.one_of(st.none(), TEXTS)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
PEOPLE = st.one_of(st.none(), st.integers(0, 2**40))
KM = st.one_of(st.none(), st.floats(0, 20_000, allow_nan=False))
QUOTES = st.builds(Quote, TEXTS, st.integers(0, 2**40), st.integers(0, 2**40), MAYBE, TEXTS, TEXTS)
TEMPLATE = next(report for report in make_reports(50) if report.precision == "settlement")
CHANGES = st.fixed_dictionaries(
    {
        **dict.fromkeys(("quote", "mention", "summary", "place", "why", "place_source", "claimant_side"), TEXTS),
        **dict.fromkeys(("outlet", "url", "place_local", "actor", "claimant", "claimant_id", "region", "axis"), MAYBE),
        **dict.fromkeys(("killed_min", "killed_max", "injured_min", "injured_max"), PEOPLE),
        **dict.fromkeys(("date", "date_end"), DAYS),
        **dict.fromkeys(("sample", "nominal", "running_total"), st.booleans()),
        "published": st.one_of(st.none(), DAYS),
        "radius_km": KM,
        "distance_km": KM,
        "confidence": st.one_of(st.none(), st.floats(0, 1)),
        "lat": st.floats(-90, 90),
        "lon": st.floats(-180, 180),
        "via": st.lists(TEXTS, max_size=3).map(tuple),
        "more_quotes": st.lists(QUOTES, max_size=2).map(tuple),
    }
)


@given(st.lists(CHANGES, max_size=4))
def test_any_text_and_number_survives(
    tmp_path_factory: pytest.TempPathFactory, small: Gazetteer, changes: list[dict[str, Any]]
) -> None:
    """Whatever a report holds comes back from Parquet and from GeoJSON, floats as rounded by the contract."""
    folder = tmp_path_factory.mktemp("any")
    reports = [replace(TEMPLATE, id=f"r-{n}", quote_start=n, date="2024-11-01") for n in range(len(changes))]
    reports = [replace(r, **c, event_ts=f"{c['date']}T12:00:00Z") for r, c in zip(reports, changes, strict=True)]
    reading = Reading(Digest(TEMPLATE.digest, ""), (), (), tuple(reports))
    save_dataset(folder / "d", [reading], gazetteer=small)

    expected = sorted(map(rounded, reports), key=lambda r: (r.date, r.quote_start))

    assert as_reports(load_events(folder / "d")) == expected
    assert as_reports(load_events(folder / "d" / "events.geojson")) == expected


def rounded(report: Report) -> Report:
    """Return a report with its floats as the table keeps them."""
    kept = as_report(events_table([report]).drop(columns="geometry").to_dict("records")[0])
    for name, decimals in FLOAT_DECIMALS.items():
        value, exact = getattr(kept, name), getattr(report, name)
        assert value == exact or abs(value - exact) <= 0.5000001 * 10**-decimals
    return replace(report, **{name: getattr(kept, name) for name in FLOAT_DECIMALS})


def test_types_are_those_of_the_documentation(tmp_path: Path) -> None:
    """Columns have one type each, whatever is missing; they stand in the order of the contract."""
    events = make_dataset(tmp_path / "d", 200).events

    assert list(events.columns) == [*COLUMNS, "geometry"]
    kinds = {name: str(kind) for name, kind in events.dtypes.items()}
    assert {kinds[name] for name in ("published", "date", "date_end")} == {"datetime64[s]"}
    assert kinds["event_ts"] == "datetime64[s, UTC]"
    assert {kinds[name] for name in ("killed_min", "killed_max", "injured_min", "injured_max")} == {"Int64"}
    assert {kinds[name] for name in ("sample", "nominal", "running_total")} == {"bool"}
    assert {kinds[name] for name in FLOAT_DECIMALS} == {"float64"}
    assert {kinds[name] for name in ("id", "quote", "actor", "place_local")} == {"str"}
    assert all(type(value) is list for name in ("via", "more_quotes") for value in events[name])


def test_a_dataset_without_a_report_is_a_dataset(tmp_path: Path, small: Gazetteer) -> None:
    """Digests that report nothing, or none at all, give tables without rows and with the same columns and types."""
    full = make_dataset(tmp_path / "full", 50)
    save_dataset(tmp_path / "none", [], gazetteer=small)

    empty = load_dataset(tmp_path / "none")

    for name in ("events", "mentions", "digests"):
        assert len(getattr(empty, name)) == 0
        assert (getattr(empty, name).dtypes == getattr(full, name).dtypes).all()
    assert len(load_events(tmp_path / "none" / "events.geojson")) == 0
    assert empty.manifest.published is None


def test_mentions_keep_the_whole_trace(tmp_path: Path, small: Gazetteer) -> None:
    """Every mention has its verdict, and every candidate with the evidence for and against it."""
    readings = make_readings(60)
    save_dataset(tmp_path / "d", readings, gazetteer=small)

    rows = load_dataset(tmp_path / "d").mentions.to_dict("records")

    wanted = [(r.digest.id, v) for r in sorted(readings, key=lambda r: r.digest.id) for v in r.verdicts]
    assert len(rows) == len(wanted)
    for row, (digest, verdict) in zip(rows, wanted, strict=True):
        assert (row["digest"], row["start"], row["end"]) == (digest, verdict.mention.start, verdict.mention.stop)
        assert (row["mention"], row["verdict"], row["why"]) == (verdict.mention.text, verdict.role, verdict.why)
        assert (row["sentence_start"], row["sentence_end"]) == (verdict.sentence.start, verdict.sentence.stop)
        assert row["report_id"] == verdict.report_id or pd.isna(row["report_id"])
        found = verdict.resolution.candidates
        assert [c["place_id"] for c in row["candidates"]] == [c.place.id for c in found]
        assert [c["spelling"] for c in row["candidates"]] == [c.name.text for c in found]
        assert [c["vetoed"] for c in row["candidates"]] == [c.vetoed for c in found]
        evidence = [
            (e["rule"], e["weight"], e["words"], e["start"], e["end"]) for c in row["candidates"] for e in c["evidence"]
        ]
        assert evidence == [(e.rule, e.weight, e.words, e.start, e.stop) for c in found for e in c.evidence]


def test_digests_are_listed_with_their_counts(tmp_path: Path, small: Gazetteer) -> None:
    """Each digest that was read is a row, also without a report; paths are those that the build gave."""
    readings = make_readings(60)
    paths = {reading.digest.id: f"{reading.digest.id}.txt" for reading in readings[1:]}
    manifest = save_dataset(tmp_path / "d", readings, gazetteer=small, paths=paths, inputs={"languages": "abc"})

    digests = load_dataset(tmp_path / "d").digests.set_index("digest")

    for reading in readings:
        row = digests.loc[reading.digest.id]
        assert (row["characters"], row["reports"]) == (len(reading.digest.text), len(reading.reports))
        assert row["warnings"] == list(reading.digest.warnings)
    assert digests["path"].isna().sum() == 1
    assert manifest.counts["reports"] == 60
    assert manifest.counts["digests"] == len(readings)
    assert manifest.verdicts == {"dateline": len(readings), "report": 60}
    assert manifest.digests == {
        r.digest.id: r.digest.digest_sha256 for r in sorted(readings, key=lambda r: r.digest.id)
    }
    assert manifest.provenance.inputs["languages"] == "abc"
    assert manifest == read_manifest(tmp_path / "d")


def test_the_manifest_credits_exactly_the_sources_used(tmp_path: Path, small: Gazetteer) -> None:
    """A source that no position and no outline of the reports comes from is not named."""
    readings = make_readings(200)
    one = next(r for r in readings if r.reports)
    kept = tuple(r for r in one.reports if r.place_source == "geonames")[:1] or (replace(TEMPLATE, place_source="wof"),)

    manifest = save_dataset(tmp_path / "d", [replace(one, reports=kept)], gazetteer=small)

    assert list(manifest.provenance.sources) == [kept[0].place_source]
    assert len(manifest.attribution) == 1


def test_two_digests_with_one_id_are_refused(tmp_path: Path, small: Gazetteer) -> None:
    """A clash of ids is an error that names the id, and nothing is written."""
    reading = make_readings(5)[0]

    with pytest.raises(WrongUse, match=reading.digest.id):
        save_dataset(tmp_path / "d", [reading, reading], gazetteer=small)
    assert not (tmp_path / "d").exists()


# --- for other programs ----------------------------------------------------------------------------------------------


def test_geopandas_reads_the_parquet_file(tmp_path: Path) -> None:
    """events.parquet is GeoParquet 1.1: WKB, longitude first, bounds, and the geometry types that it holds."""
    dataset = make_dataset(tmp_path / "d", 300)
    path = tmp_path / "d" / "events.parquet"

    opened = geopandas.read_parquet(path)
    says = json.loads(pq.read_schema(path).metadata[b"geo"])

    assert opened.crs == "OGC:CRS84"
    assert (opened.geometry.isna() == dataset.events.geometry.isna()).all()
    assert says["version"] == "1.1.0"
    column = says["columns"][says["primary_column"]]
    assert column["encoding"] == "WKB"
    assert set(column["geometry_types"]) == set(opened.geometry.dropna().geom_type)
    assert column["bbox"] == list(opened.total_bounds)


def test_the_parquet_file_has_fixed_row_groups(
    tmp_path: Path, small: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come in groups of one size, sorted by date, so that a reader can skip most of them."""
    monkeypatch.setattr("geo.dataset.commit.ROW_GROUP", 100)
    save_dataset(tmp_path / "d", make_readings(250), gazetteer=small)

    layout = pq.ParquetFile(tmp_path / "d" / "events.parquet").metadata

    assert [layout.row_group(n).num_rows for n in range(layout.num_row_groups)] == [100, 100, 50]


# --- the same bytes --------------------------------------------------------------------------------------------------


def test_two_builds_give_the_same_bytes(tmp_path: Path, small: Gazetteer) -> None:
    """Neither the folder, nor the order of the digests, nor what was built there before shows in any file."""
    readings = make_readings(200)
    shuffled = readings[1::2] + readings[::2][::-1]
    save_dataset(tmp_path / "a", readings, gazetteer=small)
    save_dataset(tmp_path / "b" / "deeper", make_readings(50, seed=9), gazetteer=small)
    save_dataset(tmp_path / "b" / "deeper", shuffled, gazetteer=small)

    assert contents(tmp_path / "a") == contents(tmp_path / "b" / "deeper")
    assert not any(str(tmp_path).encode() in data for data in contents(tmp_path / "a").values())


def test_another_process_gives_the_same_bytes(tmp_path: Path, small: Gazetteer) -> None:
    """No order of sets or dictionaries shows: other hash seeds and another time zone change nothing."""
    save_dataset(tmp_path / "a", make_readings(100), gazetteer=small)
    build = SCRIPT.format(folder=str(tmp_path / "b"), gazetteer=str(small.folder), seed=1, reports=100)
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "LC_ALL": "C"}

    subprocess.run([sys.executable, "-c", build], check=True, env=environment, cwd=TESTS, stdout=subprocess.DEVNULL)

    assert contents(tmp_path / "a") == contents(tmp_path / "b")


SCRIPT = """
import sys
sys.path.insert(0, ".")
from reports import make_readings
from geo.reference.gazetteer import Gazetteer
from geo.dataset.store import save_dataset
from pathlib import Path
readings, gazetteer = make_readings({reports}, seed={seed}), Gazetteer.load(Path({gazetteer!r}))
print("ready", flush=True)
save_dataset({folder!r}, readings, gazetteer=gazetteer)
"""


# --- a build that dies -----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the build may do anything afterwards."""


MOVES = ("replace", "unlink", "mkdir", "rmdir", "fsync")


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that lets the process die at the n-th change to the disk, in the middle of a write."""

    def die_at(step: int) -> None:
        taken = 0

        def dies(name: str, change: Callable[..., Any]) -> Callable[..., Any]:
            def either(*args: Any, **kwargs: Any) -> Any:
                nonlocal taken
                taken += 1
                if taken == step and name == "fsync" and os.fstat(args[0]).st_mode & 0o100000:
                    os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
                if taken >= step:
                    raise Killed
                return change(*args, **kwargs)

            return either

        for name in MOVES:
            monkeypatch.setattr(os, name, dies(name, getattr(os, name)))

    return die_at


def test_a_build_killed_at_any_step_leaves_a_whole_dataset(
    tmp_path: Path, small: Gazetteer, dying: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old or the new dataset can be read, and the next build leaves no trace of the one that died."""
    old, new = make_readings(30, seed=1), make_readings(40, seed=2)
    save_dataset(tmp_path / "old", old, gazetteer=small)
    save_dataset(tmp_path / "new", new, gazetteer=small)
    whole = [load_events(tmp_path / name) for name in ("old", "new")]
    outcomes = []
    for step in range(1, 100):
        folder = tmp_path / f"step-{step}"
        shutil.copytree(tmp_path / "old", folder)
        (folder / "notes.txt").write_text("mine")
        dying(step)
        try:
            save_dataset(folder, new, gazetteer=small)
            outcomes.append("done")
        except Killed:
            outcomes.append("killed")
        monkeypatch.undo()
        left = load_events(folder)
        assert any(len(left) == len(table) and left.equals(table) for table in whole)
        save_dataset(folder, new, gazetteer=small)
        assert contents(folder) == {**contents(tmp_path / "new"), "notes.txt": b"mine"}
        if outcomes[-1] == "done":
            break
    assert len(outcomes) > 20
    assert set(outcomes[:-1]) == {"killed"}


def test_a_first_build_killed_at_any_step_does_not_stand_in_the_way(
    tmp_path: Path, small: Gazetteer, dying: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there was no dataset there is none or a whole one, and the next build works."""
    readings = make_readings(20)
    save_dataset(tmp_path / "whole", readings, gazetteer=small)
    for step in range(1, 100):
        folder = tmp_path / f"step-{step}"
        dying(step)
        try:
            save_dataset(folder, readings, gazetteer=small)
        except Killed:
            pass
        else:
            break
        finally:
            monkeypatch.undo()
        if (folder / "manifest.json").exists():
            assert len(load_dataset(folder).events) == 20
        else:
            with pytest.raises(UnreadableInput, match="no dataset"):
                load_dataset(folder)
        save_dataset(folder, readings, gazetteer=small)
        assert contents(folder) == contents(tmp_path / "whole")
    assert step > 15


@pytest.mark.slow
def test_a_killed_process_leaves_a_whole_dataset(tmp_path: Path, small: Gazetteer) -> None:
    """SIGKILL at 100 random moments of a real build: the last good dataset can always be read."""
    moments = random.Random(7)
    folder = tmp_path / "d"
    save_dataset(folder, make_readings(200), gazetteer=small)
    finished = 0
    for n in range(100):
        build = SCRIPT.format(folder=str(folder), gazetteer=str(small.folder), seed=n, reports=200 + n)
        with subprocess.Popen([sys.executable, "-c", build], cwd=TESTS, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
        finished += process.returncode == 0
        assert len(load_dataset(folder).events) >= 200
    assert finished < 80
    save_dataset(folder, make_readings(200), gazetteer=small)
    save_dataset(tmp_path / "clean", make_readings(200), gazetteer=small)
    assert contents(folder) == contents(tmp_path / "clean")


# --- what must not be touched ----------------------------------------------------------------------------------------


def test_only_what_an_earlier_manifest_named_is_removed(tmp_path: Path, small: Gazetteer) -> None:
    """Files of the user survive a build, also when they look like ours."""
    folder = tmp_path / "d"
    save_dataset(folder, make_readings(20), gazetteer=small)
    before = set(contents(folder))
    mine = {"events-0123456789abcdef.parquet": b"1", "notes.txt": b"2", "sub/manifest.json": b"3"}
    for name, data in mine.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    save_dataset(folder, make_readings(30, seed=5), gazetteer=small)

    after = contents(folder)
    assert {name: after[name] for name in mine} == mine
    assert len(after) == len(before) + len(mine)
    assert set(read_manifest(folder).files) == set(SCHEMAS)
    assert {file.name for file in read_manifest(folder).files.values()} <= set(after)


@pytest.mark.parametrize("name", ["manifest.json", "events.geojson", "events.parquet"])
def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path, small: Gazetteer, name: str) -> None:
    """A folder that holds another program's manifest, or an export that no manifest of ours explains, is refused."""
    (tmp_path / name).write_text('{"name": "my web app"}')

    with pytest.raises(UnwritableOutput, match=rf"{name}.*another folder"):
        save_dataset(tmp_path, make_readings(5), gazetteer=small)
    assert contents(tmp_path) == {name: b'{"name": "my web app"}'}


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, small: Gazetteer) -> None:
    """A manifest that was tampered with makes no build remove a file outside, nor a load read one."""
    save_dataset(tmp_path / "d", make_readings(5), gazetteer=small)
    manifest = tmp_path / "d" / "manifest.json"
    says = json.loads(manifest.read_text())
    says["files"]["events"]["name"] = "../precious.txt"
    manifest.write_text(json.dumps(says))
    (tmp_path / "precious.txt").write_text("mine")

    with pytest.raises(UnreadableInput, match="damaged"):
        load_dataset(tmp_path / "d")
    with pytest.raises(UnwritableOutput, match="damaged"):
        save_dataset(tmp_path / "d", make_readings(5), gazetteer=small)
    assert (tmp_path / "precious.txt").exists()


# --- outputs that cannot be written ----------------------------------------------------------------------------------


def test_a_file_where_the_folder_should_be(tmp_path: Path, small: Gazetteer) -> None:
    """The message names the path and says what to do; the file stays."""
    (tmp_path / "d").write_text("mine")

    for folder in (tmp_path / "d", tmp_path / "d" / "below"):
        with pytest.raises(UnwritableOutput, match=r"d.*(exists|Not a directory).*choose"):
            save_dataset(folder, make_readings(5), gazetteer=small)
    assert (tmp_path / "d").read_text() == "mine"


def test_a_full_disk_leaves_the_old_dataset(tmp_path: Path, small: Gazetteer) -> None:
    """When a write fails half-way the old dataset stays, and nothing half-written is left behind."""
    save_dataset(tmp_path / "d", make_readings(20), gazetteer=small)
    before = contents(tmp_path / "d")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, limits[1]))
    try:
        with pytest.raises(UnwritableOutput, match=r"cannot be written .*free some space"):
            save_dataset(tmp_path / "d", make_readings(500, seed=2), gazetteer=small)
        with pytest.raises(UnwritableOutput, match=r"x\.csv.*free some space"):
            write_file(tmp_path / "x.csv", [b"0123456789"] * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert contents(tmp_path / "d") == before
    assert not list(tmp_path.glob("*x.csv*"))


def test_any_failing_step_is_said_in_words(tmp_path: Path, small: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever change to the disk fails, the error names the folder, and a whole dataset is there."""
    folder, said = tmp_path / "d", []
    for step in range(1, 17):
        save_dataset(folder, make_readings(20), gazetteer=small)
        steps = iter(range(1, 100))

        def fails(change: Callable[..., Any], steps: Iterator[int] = steps, step: int = step) -> Callable[..., Any]:
            def either(*args: Any, **kwargs: Any) -> Any:
                if next(steps) == step:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return change(*args, **kwargs)

            return either

        for name in ("replace", "fsync", "mkdir"):
            monkeypatch.setattr(os, name, fails(getattr(os, name)))
        try:
            save_dataset(folder, make_readings(30, seed=2), gazetteer=small)
        except UnwritableOutput as error:
            said.append(str(error))
        monkeypatch.undo()
        assert len(load_dataset(folder).events) in (20, 30)
    assert len(said) >= 13
    assert all(message.startswith(str(folder)) and "No space left" in message for message in said)


def test_builds_of_one_folder_wait_for_each_other(tmp_path: Path, small: Gazetteer) -> None:
    """Builds that run at the same time leave the dataset of one of them, whole, and nothing else."""
    builds = {seed: make_readings(40, seed=seed) for seed in range(4)}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda readings: save_dataset(tmp_path / "d", readings, gazetteer=small), builds.values()))

    left = contents(tmp_path / "d")
    for seed, readings in builds.items():
        save_dataset(tmp_path / f"alone-{seed}", readings, gazetteer=small)
    assert left in [contents(tmp_path / f"alone-{seed}") for seed in builds]


def test_write_file_writes_whole_or_not_at_all(tmp_path: Path) -> None:
    """A source of pieces that fails leaves the old file."""
    path = tmp_path / "x.csv"
    write_file(path, [b"a", b"b"])

    def broken() -> Iterator[bytes]:
        yield b"c"
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(UnwritableOutput, match=r"x\.csv"):
        write_file(path, broken())
    assert contents(tmp_path) == {"x.csv": b"ab"}


# --- inputs that cannot be read --------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a flipped bit": flip,
    "text": lambda path: path.write_text("not a table"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("table", ["events", "mentions", "digests"])
def test_a_damaged_table_is_said_in_words(tmp_path: Path, table: str, damage: str) -> None:
    """A table that is not what the manifest says is refused with its path and what to do."""
    folder = tmp_path / "d"
    path = folder / make_dataset(folder, 50).manifest.files[table].name
    DAMAGES[damage](path)

    with pytest.raises(UnreadableInput, match=rf"{path.name}.*build"):
        getattr(load_dataset(folder), table)


@pytest.mark.parametrize("name", ["events.parquet", "events.geojson", "manifest.json"])
@pytest.mark.parametrize("damage", [d for d in DAMAGES if d != "a flipped bit"])
def test_a_damaged_file_at_a_fixed_name_is_said_in_words(tmp_path: Path, name: str, damage: str) -> None:
    """Copies and manifest: half of one, none, or something else altogether."""
    folder = tmp_path / "d"
    make_dataset(folder, 50)
    DAMAGES[damage](folder / name)

    with pytest.raises(UnreadableInput, match=rf"{folder}.*(build|name a f)"):
        load_events(folder if name == "manifest.json" else folder / name)


@pytest.mark.parametrize(
    "content",
    ["[]", "null", '"x"', "{}", '{"format": "frontline map dataset"}', '{"format": "other", "schema": 1}', "\ud83d"],
)
def test_a_foreign_manifest_is_said_in_words(tmp_path: Path, content: str) -> None:
    """JSON of another shape is no dataset."""
    (tmp_path / "manifest.json").write_bytes(content.encode("utf-8", "surrogatepass"))

    with pytest.raises(UnreadableInput, match=r"manifest\.json"):
        load_dataset(tmp_path)


def as_version(folder: Path, version: int) -> None:
    manifest = folder / "manifest.json"
    told = manifest.read_text()
    manifest.write_text(told.replace(f'"schema": {SCHEMA_VERSION},', f'"schema": {version},'))
    assert manifest.read_text() != told


def test_a_dataset_of_an_older_version_is_refused_and_can_be_built_over(tmp_path: Path, small: Gazetteer) -> None:
    """The message says which version it is and what to do; doing it leaves no old file behind."""
    make_dataset(tmp_path / "d", 5)
    as_version(tmp_path / "d", 1)
    with pytest.raises(UnreadableInput, match=r"version 1, .*build the digests again into this folder"):
        load_dataset(tmp_path / "d")

    save_dataset(tmp_path / "d", make_readings(9, seed=2), gazetteer=small)

    save_dataset(tmp_path / "new", make_readings(9, seed=2), gazetteer=small)
    assert contents(tmp_path / "d") == contents(tmp_path / "new")


def test_a_dataset_of_a_newer_version_is_refused(tmp_path: Path, small: Gazetteer) -> None:
    """The message says which version it is and what to do; a build leaves it alone."""
    make_dataset(tmp_path / "d", 5)
    as_version(tmp_path / "d", 99)
    before = contents(tmp_path / "d")

    with pytest.raises(UnwritableOutput, match=r"version 99.*update the program"):
        save_dataset(tmp_path / "d", make_readings(5), gazetteer=small)
    assert contents(tmp_path / "d") == before
    with pytest.raises(UnreadableInput, match=r"version 99.*build the dataset again"):
        load_dataset(tmp_path / "d")


def test_geojson_of_somebody_else_is_said_in_words(tmp_path: Path) -> None:
    """A collection without our properties is not read as reports."""
    feature = {"type": "Feature", "geometry": None, "properties": {"id": "x"}}
    for content in ({"type": "FeatureCollection", "features": [feature]}, {"type": "Feature"}, [1], 7):
        (tmp_path / "x.geojson").write_text(json.dumps(content))
        with pytest.raises(UnreadableInput, match=r"x\.geojson.*export"):
            load_events(tmp_path / "x.geojson")
    with pytest.raises(UnreadableInput, match="none"):
        load_events(tmp_path / "none.parquet")


def test_a_load_survives_a_build_in_between(tmp_path: Path, small: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the files that the manifest named are gone because a build replaced them, the new dataset is loaded."""
    folder = tmp_path / "d"
    make_dataset(folder, 20)
    seen = []

    def read_then_rebuilt(where: Path) -> Any:
        manifest = read_manifest(where)
        if not seen:
            seen.append(manifest)
            monkeypatch.undo()
            save_dataset(folder, make_readings(30, seed=2), gazetteer=small)
        return manifest

    monkeypatch.setattr(store, "read_manifest", read_then_rebuilt)

    assert len(load_dataset(folder).events) == 30
