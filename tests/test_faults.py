"""Builds that die, disks that fill, folders that cannot be written: the last good dataset can always be read.

The steps of one commit are tried one by one in ``test_store.py``; here whole builds die, with their workers.
"""

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo import workers
from geo.build import build
from geo.dataset.commit import alone_in
from geo.dataset.store import load_dataset
from geo.dataset.verifying import verify
from geo.errors import LostWorker, UnwritableOutput
from geo.reference.gazetteer import Gazetteer

SMALL = Path(__file__).resolve().parent / "gazetteer"
MANY = 72  # enough for a pool


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    """The small gazetteer of the tests."""
    return Gazetteer.load(SMALL)


def text(number: int, round_: int = 0) -> str:
    return (
        f"Day {900 + number} of the war. Fighting went on near Toretsk and in Pokrovsk; {round_ + 2} people were killed.\n"
        "Russian troops captured Kurakhove, the Russian defence ministry said. Drones attacked Odesa overnight.\n"
    )


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    """Digests for a pool."""
    root = tmp_path / "digests"
    root.mkdir()
    for number in range(MANY):
        (root / f"{number}.txt").write_text(text(number))
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def started(digests: Path, out: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "geo", "build", digests, "--out", out, "--gazetteer", SMALL, *options]
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_of(session: int) -> list[int]:
    """Return the processes that a build has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[3]) == session and told[0] != "Z":
            found.append(int(stat.parent.name))
    return found


# --- kills -----------------------------------------------------------------------------------------------------------


def kills(digests: Path, folder: Path, small: Gazetteer, times: int, options: tuple[str, ...]) -> None:
    """Kill builds at random moments; each time the last good dataset is there, and in the end nothing else."""
    moments = random.Random(11)
    build([digests], folder, gazetteer=small)
    began = time.monotonic()
    started(digests, folder, "--all", *options).communicate()
    long = time.monotonic() - began
    killed = 0
    for n in range(times):
        (digests / "0.txt").write_text(text(0, n + 1))
        process = started(digests, folder, "--all", *options)
        time.sleep(moments.uniform(0, 1) ** 0.5 * long)  # rather late than early: what comes before is only reading
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        data = load_dataset(folder)
        assert len(data.digests) == MANY
        assert len(data.mentions) == data.manifest.counts["mentions"]
    assert killed >= times / 4
    build([digests], folder, gazetteer=small)
    build([digests], folder.with_name("clean"), gazetteer=small)
    assert contents(folder) == contents(folder.with_name("clean"))


def test_whole_builds_killed_at_random_moments(digests, tmp_path, small):
    """A few of them, each with two workers."""
    kills(digests, tmp_path / "out", small, 4, ("--jobs", "2"))


@pytest.mark.slow
def test_whole_builds_killed_at_a_hundred_random_moments(digests, tmp_path, small):
    """A hundred of them, each with two workers."""
    kills(digests, tmp_path / "out", small, 100, ("--jobs", "2"))


def test_a_killed_build_leaves_no_worker_and_no_lock_behind(digests, tmp_path, small):
    """Workers look whether the build is still there, and hold nothing that the next one waits for."""
    process = started(digests, tmp_path / "out", "--jobs", "2")
    wait_until(lambda: len(processes_of(process.pid)) >= 4, 60)  # the build, two that start processes, a worker
    process.send_signal(signal.SIGKILL)
    process.communicate()
    begun = time.monotonic()

    build([digests], tmp_path / "out", gazetteer=small, waiting=lambda: pytest.fail("the dead build holds the lock"))

    assert time.monotonic() - begun < 60
    wait_until(lambda: not processes_of(process.pid), 20)


def wait_until(so, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_that_is_killed_is_said_and_nothing_hangs(digests, tmp_path, small):
    """As when the system is out of memory: exit code 1, words that say what to do, the last dataset as it was."""
    build([digests], tmp_path / "out", gazetteer=small)
    before = contents(tmp_path / "out")
    process = started(digests, tmp_path / "out", "--all", "--jobs", "2")
    worker = b"multiprocessing.forkserver"
    wait_until(lambda: len(processes_of(process.pid)) >= 4, 60)
    victim = max(processes_of(process.pid))
    assert worker in Path(f"/proc/{victim}/cmdline").read_bytes()
    os.kill(victim, signal.SIGKILL)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "error: a process that read digests has died" in said
    assert "--jobs" in said
    assert contents(tmp_path / "out") == before


def _dies(item: int) -> int:
    if item == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_results_come_in_order_until_a_worker_dies():
    """Whatever was done before is handed over."""
    got: list[int] = []
    with pytest.raises(LostWorker, match="smaller number for --jobs"):
        got.extend(workers.in_processes(_dies, range(40), 2, print, ()))
    assert got == list(range(len(got)))
    assert len(got) <= 5
    assert list(workers.in_processes(abs, range(40), 2, print, ())) == list(range(40))


# --- two at once -----------------------------------------------------------------------------------------------------


def test_a_second_build_of_a_folder_waits_and_says_so(digests, tmp_path, small):
    """Then it takes over what the first has read."""
    with alone_in(tmp_path / "out"):
        process = started(digests, tmp_path / "out")
        assert process.stderr is not None
        said = process.stderr.readline()
        assert process.poll() is None
    process.communicate()

    assert said == f"another build is at work in {tmp_path / 'out'}; waiting for it\n"
    assert process.returncode == 0
    assert len(load_dataset(tmp_path / "out").digests) == MANY


def test_two_builds_at_once_leave_one_whole_dataset(digests, tmp_path, small):
    """Of whichever came second, with what the first had read."""
    both = [started(digests, tmp_path / "out", "--jobs", "1") for _ in range(2)]
    for process in both:
        process.communicate()

    assert [process.returncode for process in both] == [0, 0]
    build([digests], tmp_path / "alone", gazetteer=small)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


# --- disks and folders -----------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_after_any_number_of_bytes(digests, tmp_path, small):
    """The error says so, the last dataset stays whole, and the next build does what this one could not."""
    build([digests], tmp_path / "out", gazetteer=small)
    before = contents(tmp_path / "out")
    (digests / "0.txt").write_text(text(0, 7))
    largest = max(map(len, before.values()))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (0, 100, 5_000, 20_000, largest // 2):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
        try:
            with pytest.raises(UnwritableOutput, match="free some space"):
                build([digests], tmp_path / "out", gazetteer=small)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert load_dataset(tmp_path / "out").manifest.counts["digests"] == MANY
        assert [f for f in verify(tmp_path / "out").faults if f.where not in ("events.geojson", "events.parquet")] == []

    assert build([digests], tmp_path / "out", gazetteer=small).digests == MANY
    assert verify(tmp_path / "out", [digests]).faults == []


def test_a_read_only_folder_is_said_before_anything_is_read(digests, tmp_path, small, monkeypatch):
    """Nobody waits for an hour of reading to hear that nothing can be written; reading the dataset needs no writing."""
    build([digests], tmp_path / "out", gazetteer=small)
    before = contents(tmp_path / "out")
    for name in ("mkdir", "replace", "rename", "unlink", "rmdir"):
        monkeypatch.setattr(os, name, _refuse)
    monkeypatch.setattr("geo.build.read_part", lambda *_: pytest.fail("it was read"))

    with pytest.raises(UnwritableOutput, match=r"Read-only file system.*choose a place that you may write to"):
        build([digests], tmp_path / "out", gazetteer=small, read_all=True)

    assert len(load_dataset(tmp_path / "out").digests) == MANY
    assert contents(tmp_path / "out") == before


def _refuse(*_: object, **__: object) -> None:
    """As a read-only file system does (the tests may run as root, who may do all)."""
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))
