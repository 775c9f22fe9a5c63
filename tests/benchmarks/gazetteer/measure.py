"""What the gazetteer's index costs and what it finds, as a table: ``python tests/benchmarks/gazetteer/measure.py``.

Every figure comes from this machine and this moment; nothing here is a test. ``--curve`` adds what other designs of the
index would cost: the reason why first words are a filter of bits and names stay on disk.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from geo.paths import bundled
from geo.reference import index
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer
from geo.reference.names import key, plain
from geo.reference.respelling import respellings
from geo.reference.tables import all_places, curated_names

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
_MEGABYTE = 1_000_000
T = TypeVar("T")
_LOAD = "g = Gazetteer.load()"
_SET = """g = Gazetteer.load()
first = frozenset(k.split(" ")[0] for (k,) in g._index.execute("SELECT key FROM names"))
g.begins = first.__contains__"""
_DICT = """g = Gazetteer.load()
all_names = {k: (longer, forms) for k, longer, forms in g._index.execute("SELECT key, longer, forms FROM names")}
class Index:
    def execute(self, query, key):
        self.row = all_names.get(*key)
        return self
    def fetchone(self):
        return self.row
g._index = Index()"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true", help="measure other designs, too")
    curve = parser.parse_args().curve
    with tempfile.TemporaryDirectory() as cache:
        os.environ["FRONTLINE_CACHE"] = cache
        seconds, gazetteer = _timed(Gazetteer.load)
        [file] = Path(cache).iterdir()
        _table("Content", _content(gazetteer))
        _table("Index", _costs(seconds, file))
        _table("Names in the sample digests", _speed(gazetteer))
        _table("Case forms of the list that the rules were mended by", _case_forms(gazetteer, "case_forms.csv"))
        _table("Case forms written without sight of rules or results", _case_forms(gazetteer, "case_forms_unseen.csv"))
        _table("Russian names by rule, against the rows of Ukrainian settlements", _by_rule("uk", "ru"))
        _table("Ukrainian names by rule, against the rows of Russian settlements", _by_rule("ru", "uk"))
        if curve:
            _table("Other designs", _designs())


def _content(gazetteer: Gazetteer) -> Iterator[tuple[str, object]]:
    folder = bundled("gazetteer")
    places = all_places(folder)
    rows = [n for n in curated_names(folder, places) if n.text]
    yield "places", len(places)
    yield "names that somebody wrote down", len(rows)
    for language, label in (("ru", "Russian"), ("en", "English"), ("id", "Indonesian")):
        named = {n.place_id for n in rows if n.language == language} & places.keys()
        by_row = f"{len(named) / len(places):.0%} of places by a row"
        usable = "" if language == "ru" else "; all by their Latin name"
        yield f"{label} names", by_row + (usable or "; all of Ukraine's and Russia's settlements by row or rule")
    spelled = shared = generated = 0
    for (forms_of_key,) in gazetteer._index.execute("SELECT forms FROM names WHERE forms != ''"):
        names = list(index.names_of(forms_of_key, gazetteer._ways, gazetteer._spellings))
        spelled += 1
        shared += len({n.place_id for n in names}) > 1
        generated += all(n.standing == "generated" for n in names)
    yield "spellings, all forms folded", spelled
    yield "of these made by rule alone", generated
    yield "of these shared by several places", shared


def _costs(seconds: float, file: Path) -> Iterator[tuple[str, object]]:
    yield "build (CPU seconds of this process)", f"{seconds:.1f}"
    yield "size", f"{file.stat().st_size / _MEGABYTE:.0f} MB"
    yield from _process("load, import apart; speed on all samples", _LOAD)
    command = [str(Path(sys.executable).with_name("frontline")), "where", "Vugledar"]
    whole = min(_wall(command) for _ in range(3))
    yield "`frontline where Vugledar`, whole process", f"{whole:.2f} s"


def _process(label: str, code: str) -> Iterator[tuple[str, object]]:
    """Open the gazetteer in a process of its own: seconds without the import, what stays resident, speed."""
    lines = [
        "import sys, time; from geo.reference.gazetteer import Gazetteer",
        "t = time.perf_counter()",
        code,
        "print(time.perf_counter() - t)",
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmRSS')).split()[1])",
        "text = sys.stdin.read()",
        "for _ in range(2):",
        "    t = time.process_time(); found = sum(1 for _ in g.names_in(text))",
        "    print(len(text.encode()) / 1e6 / (time.process_time() - t))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    text = "\n\n".join(_samples("*"))
    runs = [_figures(command, text) for _ in range(3)]
    load, resident = (min(run[n] for run in runs) for n in (0, 1))
    first, again = (max(run[n] for run in runs) for n in (2, 3))
    figures = f"{load:.3f} s, {resident / 1000:.0f} MB resident, {first:.1f} MB/s the first time, {again:.1f} again"
    yield label, figures


def _figures(command: list[str], text: str) -> list[float]:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [float(figure) for figure in done.stdout.split()]


def _samples(language: str) -> list[str]:
    paths = sorted((ROOT / "data" / "digests").glob(f"*-{language}.md"))
    return [plain(path.read_text(encoding="utf-8")).text for path in paths]


def _speed(gazetteer: Gazetteer) -> Iterator[tuple[str, object]]:
    for language in sorted({p.stem.rsplit("-", 1)[-1] for p in (ROOT / "data" / "digests").glob("*.md")} - {"README"}):
        text = "\n\n".join(_samples(language))
        megabytes = len(text.encode()) / _MEGABYTE
        again = max(1, round(0.5 / megabytes))
        fresh = Gazetteer.load()
        first, found = _timed(lambda text=text, fresh=fresh: sum(1 for _ in fresh.names_in(text)))
        warm, _ = _timed(lambda text=text, n=again, g=gazetteer: [sum(1 for _ in g.names_in(text)) for _ in range(n)])
        yield (
            f"{language}: {found} names in {megabytes * 1000:.0f} kB",
            f"{megabytes / first:.1f} MB/s the first time, {megabytes * again / warm:.1f} MB/s again",
        )
    words = ["покровськ", "kyiv", "вугледар", "quxavivka", "часового яру"]
    warm, _ = _timed(lambda: [gazetteer.match(w) for _ in range(20_000) for w in words])
    yield "match, asked before", f"{warm * 1e6 / 100_000:.2f} µs"
    unknown = [f"слово{n}" for n in range(20_000)]
    cold, _ = _timed(lambda: [gazetteer.match(w) for w in unknown])
    yield "match, never asked, no name", f"{cold * 1e6 / len(unknown):.2f} µs"
    keys = [k for (k,) in gazetteer._index.execute("SELECT key FROM names ORDER BY random() LIMIT 5000")]
    fresh = Gazetteer.load()
    cold, _ = _timed(lambda: [fresh.match(k) for k in keys])
    yield "match, never asked, a name", f"{cold * 1e6 / len(keys):.1f} µs"


def _case_forms(gazetteer: Gazetteer, file_name: str) -> Iterator[tuple[str, object]]:
    total: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    missed = []
    with (HERE / file_name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            group = row["language"], row["origin"]
            total[group] += 1
            meant = {row["place"]} if "place" in row else {n.place_id for n in gazetteer.named(row["name"])}
            if meant & {n.place_id for n in gazetteer.named(row["form"])}:
                right[group] += 1
            else:
                missed.append(f"{row['form']} ({row['case']} of {row['name']})")
    for group in sorted(total):
        yield ", ".join(group), f"{right[group]} of {total[group]}"
    yield "all", f"{right.total()} of {total.total()} ({right.total() / total.total():.1%})"
    yield "missed", "; ".join(missed) or "none"


def _by_rule(source: str, target: str) -> Iterator[tuple[str, object]]:
    """Compare with rows that are not former names; without those of Crimea, which are often Tatar."""
    places = all_places(bundled("gazetteer"))
    local: dict[str, str] = {}
    rows: dict[str, set[str]] = {}
    for name in curated_names(bundled("gazetteer"), places):
        if places[name.place_id].kind in SETTLEMENTS and not name.place_id.startswith("crimea"):
            if name.language == source and name.how == "local name":
                local[name.place_id] = name.text
            if name.language == target and name.standing not in ("former", "seen"):
                rows.setdefault(name.place_id, set()).add(key(name.text))
    made = {place: [key(t) for _, _, texts in respellings(local[place], source) for t in texts] for place in local}
    compared = [place for place in rows if place in local]
    yield "settlements with a row", len(compared)
    yield "first spelling exactly right", f"{sum(made[p][0] in rows[p] for p in compared) / len(compared):.1%}"
    yield (
        "one of the spellings exactly right",
        f"{sum(bool({*made[p]} & rows[p]) for p in compared) / len(compared):.1%}",
    )


def _designs() -> Iterator[tuple[str, object]]:
    yield from _process("names on disk, a filter of bits before them (this one)", _LOAD)
    yield from _process("names on disk, a set of first words before them", _SET)
    yield from _process("all names in a dict", _DICT)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _wall(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def _table(title: str, rows: Iterator[tuple[str, object]]) -> None:
    print(f"\n{title}")
    for label, value in rows:
        print(f"  {label:<58} {value}")


if __name__ == "__main__":
    main()
