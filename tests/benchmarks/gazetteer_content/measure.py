"""What the gazetteer holds, as tables: rows by oblast, names by language, and how far positions are off.

python tests/benchmarks/gazetteer_content/measure.py [--gazetteer DIR] [--positions TABLE.csv]

``TABLE.csv`` holds positions from another source: columns ``katottg``, ``lat``, ``lon`` (more are passed over). Our rows
with the same code are compared with it. It is only read: no position comes from it. Nothing here is timed.
"""

import argparse
import csv
import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from geo.curation.positions import spots_apart_km
from geo.paths import bundled
from geo.reference import index
from geo.reference.gazetteer import SETTLEMENTS

POSITIONS = ("checked", "unchecked", "estimated")
FAR_KM = 5
Row = dict[str, str]


def rows(folder: Path, pattern: str) -> Iterator[Row]:
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def settlements(folder: Path, *patterns: str) -> dict[str, Row]:
    """Return settlements by id; a row of ``places_osm/`` gives its position to one of ``places/``."""
    found: dict[str, Row] = {}
    for pattern in patterns or ("places/*.csv", "places_osm/*.csv"):
        for row in rows(folder, pattern):
            if row["kind"] in SETTLEMENTS:
                found[row["id"]] = found.get(row["id"], {}) | row
    return found


def table(header: Iterable[str], lines: Iterable[Iterable[object]]) -> None:
    print("|", " | ".join(header), "|")
    print("|", " | ".join("---" for _ in header), "|")
    for line in lines:
        print("|", " | ".join(str(cell) for cell in line), "|")
    print()


def by_region(folder: Path) -> None:
    country = {row["id"]: row["parent"] for row in rows(folder, "regions.csv")}
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for row in settlements(folder).values():
        inside = country.get(row["parent"])
        home = inside in ("ukraine", "russia")
        for group in (row["parent"] if home else "elsewhere", f"**{inside if home else 'elsewhere'}**", "**all**"):
            groups[group].update(["rows", row["position"], *(["looked at"] if row["checked"] else [])])
            groups[group].update(["osm"] if row["source"] == "osm" else [])
    order = sorted(groups, key=lambda group: (group.startswith("**"), country.get(group, "") != "ukraine", group))
    table(
        ("region", "rows", *POSITIONS, "position by OpenStreetMap", "looked at"),
        ((g, *(f"{groups[g][c]:,}" for c in ("rows", *POSITIONS, "osm", "looked at"))) for g in order),
    )


def by_language(folder: Path) -> None:
    """Count the places that have a name in a language: written down, or made by rule when the index is built."""
    kinds = {row["id"]: row for row in settlements(folder).values()}
    country = {row["id"]: row["parent"] for row in rows(folder, "regions.csv")}
    own: dict[str, set[str]] = defaultdict(set)
    made: dict[str, set[str]] = defaultdict(set)
    compiled, _ = index.opened(folder)
    for (row,) in compiled.execute("SELECT row FROM spellings"):
        _, language, bearers = json.loads(row)
        for place_id, standing, *_ in bearers:
            (made if standing == "generated" else own)[language].add(place_id)
    compiled.close()
    groups = {c: {i for i, r in kinds.items() if country.get(r["parent"]) == c} for c in ("ukraine", "russia")}
    latin = own["und"] | made["und"]  # every place has a name in Latin letters
    lines = []
    for group, ids in groups.items():
        for language in ("ru", "uk", "en", "id", "de", "fr", "pl", "es"):
            usable = own[language] | made[language] | (latin if language not in ("ru", "uk") else set())
            lines.append(
                (
                    group,
                    language,
                    *(f"{len(s & ids):,} ({len(s & ids) / len(ids):.1%})" for s in (own[language], usable)),
                )
            )
    table(
        (
            "places of",
            "language",
            "a row of its own",
            "a name that can be used (with those by rule, or the Latin name)",
        ),
        lines,
    )


def position_errors(folder: Path, others: Path) -> None:
    ours = {row["katottg"]: row for row in settlements(folder, "places/*.csv").values() if row["katottg"]}
    with others.open(encoding="utf-8", newline="") as file:
        told = {row["katottg"]: row for row in csv.DictReader(file) if row["katottg"] in ours and row["lat"]}
    errors: dict[str, list[tuple[float, Row]]] = defaultdict(list)
    for code, other in told.items():
        row = ours[code]
        spots = ((float(r["lat"]), float(r["lon"])) for r in (row, other))
        errors[row["position"]].append((spots_apart_km(*spots), row))
    lines = []
    for position in POSITIONS:
        km = sorted(distance for distance, _ in errors[position])
        if len(km) > 1:
            p95 = statistics.quantiles(km, n=20, method="inclusive")[-1]
            far = sum(distance > FAR_KM for distance in km)
            within = sum(d <= float(r["accuracy_km"] or 0) for d, r in errors[position]) / len(km)
            lines.append(
                (
                    position,
                    f"{len(km):,}",
                    *(f"{v:.2f}" for v in (statistics.median(km), p95, km[-1])),
                    far,
                    f"{within:.1%}",
                )
            )
    table(
        ("position", "compared", "median km", "95 % within km", "most", f"over {FAR_KM} km", "within accuracy_km"),
        lines,
    )
    for position in ("checked", "unchecked"):
        far_rows = sorted(((d, r) for d, r in errors[position] if d > FAR_KM), key=lambda pair: -pair[0])
        print(f"{position}, over {FAR_KM} km: {len(far_rows)}")
        for distance, row in far_rows:
            accuracy = f"±{row['accuracy_km']} km"
            print(f"    {distance:5.1f} km  {row['id']} ({row['source']}, {accuracy}) {row['note']}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gazetteer", type=Path, default=bundled("gazetteer"))
    parser.add_argument("--positions", type=Path)
    asked = parser.parse_args()
    by_region(asked.gazetteer)
    by_language(asked.gazetteer)
    if asked.positions:
        position_errors(asked.gazetteer, asked.positions)


if __name__ == "__main__":
    main()
