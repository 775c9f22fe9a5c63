"""How good the outlines of ``gazetteer/outlines`` are: containment, vertices, overlap with a reference, sizes.

    python tests/benchmarks/outlines/measure.py [--reference raions.geojson] [--outside]

A reference is a GeoJSON collection of raions with the property ``katottg``, as published under a licence of its own; it is
read here and never copied.  ``--outside`` lists the settlements for which the country's border was widened.
"""

import argparse
import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

from geo import kinds
from geo.curation import outlining
from geo.curation.curated import Curated, features
from geo.paths import bundled
from geo.view import base_map


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, help="a collection of raions with the property katottg")
    parser.add_argument("--outside", action="store_true", help="list the settlements outside Natural Earth's country")
    arguments = parser.parse_args()
    folder = bundled("gazetteer")
    curated = Curated(folder, kinds.FILE)
    rows = outlining.settlements(curated)
    home = {row["parent"] for row in rows} | {"kyivcity", "sevastopol"}
    natural = {i: area for i, area in outlining._natural(folder, "regions").items() if i in home}
    found = outlining.computed(rows, natural)
    checked = [row for row in rows if row["position"] == "checked"]
    print(
        f"{len(rows):,} settlements ({len(checked):,} checked), {len(found.widened_for)} outside Natural Earth's country"
    )
    print()
    print("| outlines | areas | vertices | most | settlements inside | checked ones inside | valid coverage |")
    print("|---|---|---|---|---|---|---|")
    coarse = {f["properties"]["id"]: shape(f["geometry"]) for f in features(folder / "outlines" / "regions.geojson")}
    levels = {
        "raions before simplification": (found.fine, "raion"),
        "raions (reports, base map, checks)": (found.raions, "raion"),
        "oblasts (base map, checks)": (found.oblasts, "parent"),
        "oblasts (reports)": ({i: area for i, area in coarse.items() if i in home}, "parent"),
    }
    for name, (areas, unit) in levels.items():
        shapes = list(areas.values())
        vertices = shapely.get_num_coordinates(shapes)
        insides = (f"{100 * inside(areas, which, unit):.2f} %" for which in (rows, checked))
        cells = [name, len(shapes), f"{vertices.sum():,}", vertices.max(), *insides, shapely.coverage_is_valid(shapes)]
        print("|", " | ".join(map(str, cells)), "|")
    print()
    held_out(rows, natural)
    if arguments.reference:
        print()
        overlap(curated, found.raions, arguments.reference)
    print()
    sizes(folder)
    if arguments.outside:
        print()
        for place_id, km in sorted(found.widened_for, key=lambda one: (-one[1], one[0])):
            print(f"{km:5.1f} km  {place_id}")


def inside(areas: Mapping[str, shapely.Geometry], rows: list, unit: str) -> float:
    """Share of settlements inside their own unit."""
    spots = shapely.points([(float(row["lon"]), float(row["lat"])) for row in rows])
    return float(shapely.intersects([areas[row[unit]] for row in rows], spots).mean())


def held_out(rows: list, natural: Mapping[str, shapely.Geometry], folds: int = 5) -> None:
    """Print how many settlements lie in their own raion when its outline is computed without them."""
    at_home = of_oblast = 0.0
    for fold in range(folds):
        left_out, kept = rows[fold::folds], [row for number, row in enumerate(rows) if number % folds != fold]
        found = outlining.computed(kept, natural)
        at_home += inside(found.raions, left_out, "raion") / folds
        of_oblast += inside(found.oblasts, left_out, "parent") / folds
    shares = f"{100 * at_home:.1f} % inside their raion, {100 * of_oblast:.1f} % inside their oblast"
    print(f"settlements that the outlines were computed without (a fifth at a time): {shares}")


def overlap(curated: Curated, raions: Mapping[str, shapely.Geometry], path: Path) -> None:
    """Print the intersection over union with the reference."""
    unit_of = {row["katottg"]: row["id"] for row in curated.rows("places") if row["kind"] == "raion"}
    theirs = {unit_of[f["properties"]["katottg"]]: shape(f["geometry"]).buffer(0) for f in features(path)}
    shares = sorted((raions[i].intersection(a).area / raions[i].union(a).area, i) for i, a in theirs.items())
    values = np.array([share for share, _ in shares])
    print(f"overlap with {path.name} (intersection over union), {len(values)} raions:", end=" ")
    print(f"median {np.median(values):.3f}, tenth {np.quantile(values, 0.1):.3f}, least {values.min():.3f}")
    print("least:", ", ".join(f"{i} {share:.2f}" for share, i in shares[:6]))


def sizes(folder: Path) -> None:
    """Print how much of the base map travels to a browser."""
    layers = json.loads(gzip.decompress(base_map.pack([], folder)))
    print("| layer of the base map | coordinates | kB gzipped |")
    print("|---|---|---|")
    total = 0
    for name, layer in layers.items():
        packed = len(gzip.compress(json.dumps(layer, separators=(",", ":")).encode(), mtime=0))
        total += packed
        print(f"| {name} | {json.dumps(layer).count('.') // 2:,} | {packed / 1000:.1f} |")
    print(f"| all | | {total / 1000:.1f} |")


if __name__ == "__main__":
    main()
