"""How fast datasets are built, built again, and verified: `python tests/benchmarks/store/measure.py [--digests N]`.

The digests are the sample digests over and over, each copy some weeks later, so that no two texts are the same. Printed
is what `tests/benchmarks/README.md` has under "Building". The last column is the work of the building process itself:
what it does alone bounds what more workers can gain.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "digests"
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--digests", type=int, default=2_000)
    wanted = options.parse_args().digests
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        copied(wanted, folder / "digests")
        print("| what | seconds | digests a second | processor seconds, without workers |\n|---|---|---|---|")
        one = told("all, one process", wanted, build(folder, "one", "--jobs", "1"))
        two = told("all, two processes", wanted, build(folder, "two", "--jobs", "2"))
        some = next((folder / "digests").glob("*.md"))
        told("nothing changed", wanted, build(folder, "two"))
        some.write_text(some.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        told("one changed", wanted, build(folder, "two"))
        told("`--all` with that one changed, two processes", wanted, build(folder, "one", "--all", "--jobs", "2"))
        same = contents(folder / "one") == contents(folder / "two")
        told("`verify`, every word", wanted, frontline("verify", folder / "two", "--digests", folder / "digests"))
        size = sum(path.stat().st_size for path in (folder / "two").iterdir()) / 1e6
        print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
        print(f"Two processes are {one / two:.2f} times as fast as one. The dataset has {size:.0f} MB.")
        print(f"Built again and built anew, to the last byte: {'the same' if same else 'DIFFERENT'}.")


def copied(wanted: int, folder: Path) -> None:
    """Write the sample digests as often as needed, each copy with its days moved by a week more."""
    folder.mkdir()
    originals = sorted(path for path in SAMPLE.glob("*.md") if not path.name.startswith("README"))
    for number in range(wanted):
        original, week = originals[number % len(originals)], number // len(originals)
        text = moved(original.read_text(encoding="utf-8"), week)
        (folder / f"{number:05}-{original.name}").write_text(text, encoding="utf-8")


def moved(text: str, weeks: int) -> str:
    """Return a text with each of its ISO days so many weeks later."""
    return _DAY.sub(lambda day: later(day.group(), weeks), text)


def later(day: str, weeks: int) -> str:
    """Return a day so many weeks later."""
    try:
        return (date.fromisoformat(day) + timedelta(weeks=weeks)).isoformat()
    except ValueError:
        return day


def build(folder: Path, out: str, *options: str) -> tuple[float, float]:
    """Build, and return seconds by the clock and of the processors."""
    return frontline("build", folder / "digests", "--out", folder / out, *options)


def frontline(*arguments: object) -> tuple[float, float]:
    """Run the command, and return seconds by the clock and of the processors."""
    before, began = _used(), time.perf_counter()
    command = [sys.executable, "-m", "geo", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - began, _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(what: str, digests: int, seconds: tuple[float, float]) -> float:
    """Print a row."""
    clock, processors = seconds
    print(f"| {what} | {clock:.1f} | {digests / clock:,.0f} | {processors:.1f} |", flush=True)
    return clock


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


if __name__ == "__main__":
    main()
