"""Rows that a person may add: ids by our rules, units by the outlines, everything unchecked until somebody looked."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.curation.curated import DEGREES, Curated, Row
from geo.curation.positions import spots_apart_km
from geo.reference.gazetteer import PLACE_COLUMNS, SETTLEMENTS
from geo.reference.names import fold, key
from geo.reference.romanisation import romanised

EXTENT_KM = {"village": "1", "settlement": "1.5", "town": "3", "city": "5"}  # gazetteer/README.md
ACCURACY_KM = "2"  # of a point that one source gives
SAME_PLACE_KM = 5  # closer than this, a namesake is the same place

# Letters of the country's own names, and the scheme that writes them in Latin letters.
_LANGUAGE = {"ukraine": "national", "russia": "russian_bgn"}


class Candidates:
    """What is known of the units and ids of a gazetteer, and the rows proposed so far."""

    def __init__(self, curated: Curated) -> None:
        self.curated = curated
        self._taken = set(curated.places) | {row["id"] for row in curated.rows("retired")}

    def propose(self, region: str, name: str, name_local: str, kind: str, **cells: str) -> dict[str, str]:
        """Return a row with an id that nobody has; ``cells`` fill further columns."""
        row = dict.fromkeys(PLACE_COLUMNS, "")
        row |= {"id": self._free_id(region, name), "name": name, "name_local": name_local, "kind": kind}
        row |= {"parent": region, "extent_km": EXTENT_KM[kind], "position": "unchecked", "accuracy_km": ACCURACY_KM}
        return row | cells

    def _free_id(self, region: str, name: str) -> str:
        plain = f"{region}.{slug(name)}"
        numbered = (f"{plain}-{number}" for number in range(2, 1000))
        free = next(i for i in (plain, *numbered) if i not in self._taken)
        self._taken.add(free)
        return free

    def latin(self, region: str, name_local: str) -> str:
        """Romanise a name by the usage of the region's country."""
        return romanised(name_local, _LANGUAGE.get(self.country(region), "russian_bgn"))

    def country(self, region: str) -> str:
        """Return the id of a region's country."""
        return self.curated.places[region]["parent"]

    def country_codes(self) -> list[str]:
        """Return the two-letter codes of the theatre's countries, as their regions' ISO codes begin."""
        theatre = self.curated.theatre.get("countries", [])
        codes = (s[4:6].lower() for r in self.curated.rows("regions") if r["parent"] in theatre for s in _iso(r))
        return sorted(set(codes))

    def region_at(self, lat: float, lon: float) -> str:
        """Return the id of the region around a point, or "" outside those that have an outline."""
        return _unit_at(self.curated.fine_outlines, lat, lon)

    def raion_at(self, lat: float, lon: float) -> str:
        """Return the id of the raion around a point, or "" where there is none."""
        return _unit_at(self.curated.raion_outlines, lat, lon)

    def namesakes(
        self, names: Collection[str], lat: float, lon: float, within_km: float = SAME_PLACE_KM
    ) -> Iterator[tuple[float, Row]]:
        """Yield the settlements of one of these names around a point, nearest first, with their distance in km.

        One whose position is only estimated may lie farther off by its own accuracy.
        """
        rows = {id(row): row for name in names for row in self._by_name.get(key(name), ())}
        apart = ((spots_apart_km((float(row["lat"]), float(row["lon"])), (lat, lon)), row) for row in rows.values())
        yield from sorted(
            (pair for pair in apart if pair[0] <= within_km + _error_km(pair[1])), key=lambda pair: pair[0]
        )

    @cached_property
    def _by_name(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        rows = {row["id"]: row for row in self.curated.rows("places", "places_osm")}  # that with a position comes last
        for row in rows.values():
            if row["kind"] in SETTLEMENTS and DEGREES.fullmatch(row["lat"]) and DEGREES.fullmatch(row["lon"]):
                for name in {key(row["name"]), key(row["name_local"])} - {""}:
                    found.setdefault(name, []).append(row)
        return found


def slug(name: str) -> str:
    """Return the part of an id that a Latin name gives.

    >>> slug("Kup’iansk-Vuzlovyi"), slug("Yasna Poliana"), slug("1-y Knyazhiy")
    ('kupiansk-vuzlovyi', 'yasna-poliana', '1-y-knyazhiy')
    """
    bare = unicodedata.normalize("NFD", fold(name)).replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in bare if not unicodedata.combining(c))).strip("-")


def degrees(value: float) -> str:
    """Write degrees as the tables have them."""
    return f"{value:.4f}"


def csv_line(row: Mapping[str, str]) -> str:
    """Return a row as it stands in a file, with its line end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([row[column] for column in PLACE_COLUMNS])
    return line.getvalue()


def _iso(row: Row) -> list[str]:
    return [same for same in row["same_as"].split() if same.startswith("iso:") and same[6:7] == "-"]


def _unit_at(outlines: Mapping[str, BaseGeometry], lat: float, lon: float) -> str:
    point: Any = shapely.Point(lon, lat)
    return next((unit for unit, outline in outlines.items() if shapely.intersects(outline, point)), "")


def _error_km(row: Row) -> float:
    return float(row["accuracy_km"] or 0) if row["position"] == "estimated" else 0.0
