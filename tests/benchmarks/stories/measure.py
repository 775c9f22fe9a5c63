"""How well stories join the reports of one event: ``python tests/benchmarks/stories/measure.py [DATASET…]``.

``pairs.csv`` holds every two reports of the sample digests that might tell one event (another digest, the same place or
a site in it, kinds by which one event may be told, at most two days between them), each judged by a person who read
both sentences. A dataset folder that is named is joined as well, and timed.
"""

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from geo.build import build
from geo.dataset.manifest import read_manifest
from geo.dataset.stories import stories_table, with_stories
from geo.paths import bundled

PAIRS = Path(__file__).with_name("pairs.csv")


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        build([bundled("data/digests")], Path(folder))
        events = _events(Path(folder))
    story = dict(zip(events["id"].to_pylist(), events["story"].to_pylist(), strict=True))
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = [*csv.DictReader(file)]
    known = [row for row in pairs if row["earlier"] in story and row["later"] in story]
    judged = [(row["same"] == "yes", story[row["earlier"]] == story[row["later"]], row) for row in known]
    same, joined = sum(gold for gold, _, _ in judged), sum(found for _, found, _ in judged)
    right = sum(gold and found for gold, found, _ in judged)
    print(
        f"{len(story)} reports, {len(set(story.values()))} stories; {len(known)} of {len(pairs)} judged pairs are there"
    )
    print(f"of one event {same}, joined {joined}, rightly {right}")
    print(f"pairwise precision {right / joined:.3f}, recall {right / same:.3f}")
    for gold, found, row in judged:
        if gold != found:
            print(f"  {'missed' if gold else 'wrong '} {row['earlier']} ~ {row['later']}: {row['why']}")
    for name in sys.argv[1:]:
        _timed(Path(name))


def _events(folder: Path) -> pa.Table:
    return pq.read_table(folder / read_manifest(folder).files["events"].name)


def _timed(folder: Path) -> None:
    events = _events(folder)
    start = time.perf_counter()
    events = with_stories(events)
    linked = time.perf_counter()
    stories = stories_table(events)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{folder}: {events.num_rows:,} reports, {stories.num_rows:,} stories;"
        f" joined in {linked - start:.1f} s, told in {done - linked:.1f} s, peak {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main()
