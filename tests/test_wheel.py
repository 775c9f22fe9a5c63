"""The wheel brings all that it needs: an installed `frontline` works from any folder."""

import email
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow  # building and installing takes half a minute


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout, built without asking the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True, cwd=folder, timeout=300)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory) -> Path:
    """A folder that holds the unpacked wheel, as an installation does."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def frontline(site: Path, folder: Path, *arguments: object) -> str:
    """Run the installed command in ``folder``: this checkout is neither on the path nor below it."""
    packages = next(p for p in sys.path if p.endswith("site-packages"))
    code = (
        "import sys, runpy; "
        f"sys.path = [p for p in sys.path if not p.startswith({str(ROOT)!r}) or 'site-packages' in p]; "
        f"sys.path.insert(0, {str(site)!r}); sys.path.append({packages!r}); "
        f"import geo; assert geo.__file__.startswith({str(site)!r}), geo.__file__; "
        f"sys.argv = {['frontline', *map(str, arguments)]!r}; "
        "runpy.run_module('geo', run_name='__main__')"
    )
    environment = {**os.environ, "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_wheel_holds_gazetteer_app_and_sample_digests(wheel):
    """And the packs, the assets of the page, and the licences."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    bundled = {name.removeprefix("geo/_bundled/") for name in names if name.startswith("geo/_bundled/")}

    assert {"app.py", "gazetteer/regions.csv", "gazetteer/sources.toml", "gazetteer/theatre.toml"} <= bundled
    for folder in ("gazetteer", "data/digests"):
        held = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert held <= bundled
    for pattern in ("languages/*.toml", "*.toml", "assets/*"):
        assert {p.relative_to(ROOT).as_posix() for p in (ROOT / "geo").glob(pattern)} <= names
    assert {Path(name).name for name in names} >= {"LICENSE", "NOTICE"}


def test_the_wheel_names_its_licences_and_its_command(wheel):
    """Those of the data too."""
    with zipfile.ZipFile(wheel) as archive:
        folder = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = email.message_from_string(archive.read(folder).decode())
        commands = archive.read(folder.replace("METADATA", "entry_points.txt")).decode()

    assert all(licence in metadata["License-Expression"] for licence in ("Apache-2.0", "CC-BY-4.0", "ODbL-1.0", "MIT"))
    assert "frontline = geo.cli:main" in commands


def test_no_tests_and_no_caches_travel_along(wheel):
    """Only what is used."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert [n for n in names if "__pycache__" in n or n.startswith("tests/") or n.endswith((".sqlite", ".pyc"))] == []


def test_an_installed_command_works_from_another_folder(site, tmp_path):
    """It finds its own gazetteer, packs and sample digests, and writes nothing beside itself."""
    before = set(site.rglob("*"))

    assert "donetsk.vuhledar" in frontline(site, tmp_path, "where", "Vuhledar")
    (tmp_path / "today.txt").write_text("Day 982 of the war: fighting went on in the town of Toretsk.")
    assert "1 reports" in frontline(site, tmp_path, "build", "today.txt", "--out", "built")
    assert "reports: samples.geojson" in frontline(
        site, tmp_path, "export", "--to", "geojson", "--out", "samples.geojson"
    )
    assert set(site.rglob("*")) == before
