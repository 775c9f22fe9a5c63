"""Print how quick exports are: `python tests/benchmarks/exports/measure.py [--reports N] [--data DIR] [--only FORMAT ...]`.

Every format writes a dataset of made-up reports (quotes of some 150 characters) in a process of its own, as `frontline
export` does; then GeoPandas writes the same table, read with `geopandas.read_parquet`, by `to_file` and `to_json`.
Seconds are from the start of reading to the file on the disk, without starting Python; memory is the most that the
process held. Validators are those of `tests/test_formats.py`.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks" / "map")]


def ours(to: str, data: Path, out: Path) -> None:
    """Write a format as the command does."""
    from geo.dataset.commit import write_file
    from geo.dataset.formats.catalogue import FORMATS
    from geo.dataset.streaming import export_from
    from geo.dataset.timeline import Filter
    from geo.reference.gazetteer import Gazetteer

    export = export_from(data, Filter(running_totals=True), FORMATS[to], gazetteer=Gazetteer.load())
    write_file(out, FORMATS[to].pieces(export))


def stock(how: str, data: Path, out: Path) -> None:
    """Write what GeoPandas writes of the same table."""
    import geopandas
    import pyarrow.parquet as pq
    import shapely

    from geo.dataset.manifest import read_manifest

    table = pq.read_table(data / read_manifest(data).files["events"].name).to_pandas()
    events = geopandas.GeoDataFrame(table, geometry=shapely.from_wkb(table["geometry"]), crs="EPSG:4326")
    events = events.drop(columns=["via", "more_quotes"])  # `to_file` knows no lists
    if how == "to_json":
        for name in ("published", "date", "date_end", "event_ts"):  # it cannot write these
            events[name] = events[name].astype(str)
        out.write_text(events.to_json(), encoding="utf-8")
    else:
        events.to_file(out, driver=how)


RUNS: dict[str, tuple[Callable[[str, Path, Path], None], str]] = {
    **{to: (ours, to) for to in ("geojson", "geojsonseq", "csv", "kml", "gpkg", "parquet", "acled", "ucdp", "viina")},
    "GeoDataFrame.to_file, GeoJSON": (stock, "GeoJSON"),
    "GeoDataFrame.to_file, GPKG": (stock, "GPKG"),
    "GeoDataFrame.to_json": (stock, "to_json"),
}


def measured(run: Callable[[str, Path, Path], None], how: str, data: Path, out: Path, told: Any) -> None:
    """Run one export and tell its seconds, its processor's seconds and the most memory it held, in megabytes."""
    began, worked = time.perf_counter(), time.process_time()
    run(how, data, out)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    told.put((time.perf_counter() - began, time.process_time() - worked, most))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, help="a built dataset instead of a made-up one")
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder) / "data"
        if asked.data is None:
            import synthetic

            synthetic.write(data, asked.reports)
        print(
            "| format | seconds | processor's seconds | peak memory, MB | size, MB |\n|---|---|---|---|---|", flush=True
        )
        for name in asked.only:
            run, how = RUNS[name]
            out = Path(folder) / f"reports.{how.lower()}"
            fresh = multiprocessing.get_context("spawn")
            told = fresh.Queue()
            process = fresh.Process(target=measured, args=(run, how, data, out, told))
            process.start()
            process.join()
            if process.exitcode:
                print(f"| {name} | ended with {process.exitcode} | | | |", flush=True)
                continue
            seconds, worked, memory = told.get()
            print(
                f"| {name} | {seconds:.1f} | {worked:.1f} | {memory:,.0f} | {out.stat().st_size / 1e6:,.0f} |",
                flush=True,
            )
            out.unlink()


if __name__ == "__main__":
    main()
