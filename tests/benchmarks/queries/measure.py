"""Print how quick a dataset answers: `python tests/benchmarks/queries/measure.py [--reports N] [--data DIR]`.

Each question is put to the dataset as the page opens it, with nothing remembered, and to GeoPandas holding the whole
table, as a notebook would; each in a process of its own, the least of five times. Memory is what the process holds
after the questions, and the most that it held.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks" / "map")]

PLACE, KM, WORDS = "Pokrovsk", 30, ("incidents", "sekitar", "Покровськ")
TIMES = 5

Answers = Iterator[tuple[str, Callable[[], Any]]]  # what is asked, and how


def ours(data: Path) -> Answers:
    """Ask as the page does."""
    from geo.dataset.queries import Reports, open_reports, story_of
    from geo.dataset.timeline import Filter

    reports, _ = open_reports(data)

    def selected(**chosen: Any) -> Callable[[], Any]:
        def ask() -> int:
            for remembered in (reports._select, reports._timeless, reports._search):
                remembered.cache_clear()
            return len(reports.select(Filter(**chosen)))

        return ask

    yield "days", selected(since=date(2024, 3, 1), until=date(2024, 3, 31))
    yield "kind", selected(kinds=("shelling",))
    yield "who claims it", selected(claimant_sides=("russia",))
    yield "place", selected(places=(PLACE,))
    yield "within 30 km of it", selected(places=(PLACE,), within_km=KM)
    yield "oblast", selected(regions=("Donetsk",))
    yield "one report of each story", selected(stories=True)
    yield "a word, the first time", once(selected(text="drone"))
    wait_for(reports)
    for word in WORDS:
        yield f"“{word}”", selected(text=word)

    def fresh() -> Reports:
        reports.report.cache_clear()
        return reports

    several = int(reports.table["story"].notna().to_numpy().argmax())
    yield "a report whole", lambda: fresh().report(12_345 % len(reports))
    yield "the story of a report", lambda: story_of(fresh(), several)


def wait_for(reports: Any) -> None:
    """Wait until words are held: the first search began to gather them."""
    reports._words.result()


def stock(data: Path) -> Answers:
    """Ask GeoPandas."""
    import geopandas
    import pandas as pd
    import pyarrow.parquet as pq
    import shapely

    from geo.dataset.manifest import read_manifest

    table = pq.read_table(data / read_manifest(data).files["events"].name).to_pandas()
    events = geopandas.GeoDataFrame(table, geometry=shapely.from_wkb(table.pop("geometry")), crs="EPSG:4326")
    for name in ("date", "date_end"):
        events[name] = pd.to_datetime(events[name])
    points = geopandas.GeoSeries.from_xy(events["lon"], events["lat"], crs="EPSG:4326").to_crs("EPSG:32637")
    middle = points[events["place"] == PLACE].iloc[0]

    yield "days", lambda: events[(events["date_end"] >= "2024-03-01") & (events["date"] <= "2024-03-31")]
    yield "kind", lambda: events[events["kind"] == "shelling"]
    yield "who claims it", lambda: events[events["claimant_side"] == "russia"]
    yield "place", lambda: events[events["place"] == PLACE]
    yield "within 30 km of it", lambda: events[points.distance(middle) <= KM * 1000]
    yield "oblast", lambda: events[events["region"] == "Donetsk"]
    yield "one report of each story", lambda: events.drop_duplicates("story")
    for word in WORDS:
        yield f"“{word}”", lambda word=word: events[events["quote"].str.contains(word, case=False)]
    yield "a report whole", lambda: events.iloc[[12_345 % len(events)]]
    story = events["story"][events["story"].duplicated()].iloc[0]
    yield "the story of a report", lambda: events[events["story"] == story]


def once(ask: Callable[[], Any]) -> Callable[[], Any]:
    """Mark a question that is asked only once: the second time, something is known already."""
    ask.__dict__["once"] = True
    return ask


def measured(answers: Callable[[Path], Answers], data: Path) -> dict[str, str]:
    """Put the questions and return the milliseconds of each, and the memory in megabytes."""
    found = {}
    for name, ask in answers(data):
        times = []
        for _ in range(1 if getattr(ask, "once", False) else TIMES):
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        found[name] = f"{min(times) * 1000:,.1f}"
    found["memory held, MB"] = f"{held():,.0f}"
    found["most memory, MB"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"
    return found


def held() -> float:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, help="a built dataset instead of a made-up one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder) / "data"
        if asked.data is None:
            import synthetic

            synthetic.write(data, asked.reports, joined=True)
        columns = []
        for answers in (ours, stock):
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
                columns.append(fresh.submit(measured, answers, data).result())
    print("| milliseconds | Frontline map | GeoPandas |\n|---|---|---|")
    for name in columns[0]:
        print(f"| {name} | {columns[0][name]} | {columns[1].get(name, '')} |")


if __name__ == "__main__":
    main()
