"""What every test shares: the gazetteers, a cache folder of the session's own, and how long properties are tried."""

import csv
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from geo.cli import main
from geo.events import read
from geo.model import Reading
from geo.paths import bundled
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import Metadata, digest_of

FRIDAY = date(2024, 11, 1)  # the 982nd day of the war

# Properties are tried on the same examples on every machine; tests that are marked slow ask for more of them.
settings.register_profile("seeded", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("seeded")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder for this run alone, shared by its workers: the user's own is neither read nor written."""
    root = tmp_path_factory.getbasetemp()
    folder = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "frontline-cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTLINE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def disk() -> Iterator[None]:
    """Nothing waits for the disk here: no test cuts the power, and a busy machine makes each wait a second long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Streamlit makes the page the main module, and processes that a later test starts would begin by running it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with the package, whole."""
    return Gazetteer.load()


@pytest.fixture(scope="session")
def read_text(gazetteer: Gazetteer) -> Callable[..., Reading]:
    """Read a text as a digest that was published on Friday, 1 November 2024, unless it is told otherwise."""

    def read_text(text: str, language: str | None = None, published: date | None = FRIDAY, **known: str) -> Reading:
        metadata = Metadata(language=language, published=published, **known)
        return read(digest_of(text, metadata=metadata), gazetteer)

    return read_text


@pytest.fixture(scope="session")
def gazetteer_without(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Gazetteer]:
    """Open a copy of some regions of the gazetteer from which the rows with the given ids are taken out."""

    def gazetteer_without(*ids: str, regions: tuple[str, ...] = ("donetsk", "tula", "world")) -> Gazetteer:
        source, folder = bundled("gazetteer"), tmp_path_factory.mktemp("gazetteer")
        (folder / "places").mkdir()
        (folder / "names").mkdir()
        for name in ("sources.toml", "theatre.toml"):
            shutil.copy(source / name, folder / name)
        kept: set[str] = set()
        for name in ("regions.csv", "axes.csv", *(f"places/{r}.csv" for r in regions)):
            kept |= _copied(source / name, folder / name, lambda row: row[0] not in ids)
        for path in sorted((source / "names").glob("*.csv")):
            _copied(path, folder / "names" / path.name, lambda row: row[0] in kept)
        return Gazetteer.load(folder)

    return gazetteer_without


def _copied(source: Path, target: Path, wanted: Callable[[list[str]], bool]) -> set[str]:
    """Copy the header and the wanted rows of a table; return the first cells of these rows."""
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = [row for row in rows if wanted(row)]
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return {row[0] for row in rows}


@pytest.fixture
def frontline(monkeypatch, capsys):
    """Run the command in this process; return (exit code, standard output, standard error)."""

    def frontline(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["frontline", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capsys.readouterr())

    return frontline
