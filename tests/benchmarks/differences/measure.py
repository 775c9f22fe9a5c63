"""Compare two datasets of made-up reports: `python tests/benchmarks/differences/measure.py [--reports N]`.

The second has lost one report in a hundred; of the others one in a hundred each has moved, is dated or told otherwise.
What is found must be just that.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from geo.dataset.differences import compare, json_pieces  # noqa: E402
from geo.dataset.manifest import read_manifest  # noqa: E402
from geo.dataset.store import save_tables  # noqa: E402
from tests.benchmarks.map.synthetic import write  # noqa: E402


def altered(events: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """Return another build of a table of reports, and how many reports differ in each way."""
    part = np.arange(events.num_rows) % 100
    spots = pc.is_in(events["precision"], pa.array(["settlement", "near"])).to_numpy()
    moved, redated, told = (part == 1) & spots, part == 2, part == 3
    changed = {
        "lat": pc.if_else(pa.array(moved), pc.add(events["lat"], 0.1), events["lat"]),
        "date_end": pc.if_else(pa.array(redated), pc.add(events["date_end"], pa.scalar(86_400, pa.duration("s"))).cast(pa.date32()), events["date_end"]),
        "claimant": pc.if_else(pa.array(told), "somebody else", events["claimant"]),
    }  # fmt: skip
    for name, column in changed.items():
        at = events.schema.get_field_index(name)
        events = events.set_column(at, events.schema.field(at), column.cast(events.schema.field(at).type))
    counts = {"removed": part == 0, "moved": moved, "redated": redated, "changed": told}
    kept = events.filter(pa.array(part != 0))
    return kept, {name: int(np.count_nonzero(rows)) for name, rows in counts.items()}


def main() -> None:
    """Print the seconds that a comparison takes, and the most memory that the process held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    reports = parser.parse_args().reports
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before", Path(folder) / "after"
        write(before, reports)
        manifest = read_manifest(before)
        tables = {name: pq.read_table(before / file.name) for name, file in manifest.files.items()}
        tables["events"], expected = altered(tables["events"])
        save_tables(after, tables, manifest.provenance, copies=False)
        del tables
        start = time.perf_counter()
        found = compare(before, after)
        seconds = time.perf_counter() - start
        told = sum(map(len, json_pieces(found)))
        print(f"{reports:,} reports against {len(found.after):,}: {seconds:.1f} s, {len(found.reports):,} differences")
        print(f"as JSON: {told / 1e6:.0f} MB in {time.perf_counter() - start - seconds:.1f} s")
        print(
            f"most memory, with making the datasets: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB"
        )
        counts = {name: number for name, number in found.counts.items() if number}
        print(f"found {counts}", "as it should be" if counts == expected else f"EXPECTED {expected}")


if __name__ == "__main__":
    main()
