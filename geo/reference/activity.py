"""How much was reported lately, and where: ``gazetteer/activity.csv``, an input that people review.

It only helps to choose among places of one name.  It is never anyone's front line, and never what the same build read.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.model import Place

COLUMNS = ["place", "week", "weight", "source"]
HALF_LIFE_WEEKS = 13  # a front moves a few villages in a season
_WEEK_1 = date(2022, 1, 3)  # a Monday; weeks are counted from here


def activity(folder: Path, place: Place, day: date) -> float:
    """Return the weight of reports around ``day`` at a place, its raion or, where no raion is known, its region."""
    return _activity(folder, place.id, place.raion or place.parent, week_number(day))


def ever_active(folder: Path, place: Place) -> bool:
    """Whether more than one report of any week lies in the raion of a place: weeks that nobody counted are unknown."""
    rows = (row for key in (place.id, place.raion) if key for row in _rows(folder).get(key, ()))
    return sum((weight for _, weight in rows), 0.0) > 1


@lru_cache(maxsize=1 << 16)
def _activity(folder: Path, place: str, area: str, week: int) -> float:
    told = (row for key in (place, area) for row in _rows(folder).get(key, ()))
    return sum((weight * 2.0 ** (-abs(week - then) / HALF_LIFE_WEEKS) for then, weight in told), 0.0)


def week_number(day: date) -> int:
    """Return the number of the ISO week that a day lies in, counted from the first of 2022."""
    return (day - _WEEK_1).days // 7


def week_name(number: int) -> str:
    """Return the name of a week: 2024-W44."""
    year, week, _ = date.fromordinal(_WEEK_1.toordinal() + 7 * number).isocalendar()
    return f"{year}-W{week:02}"


@lru_cache(maxsize=4)
def _rows(folder: Path) -> Mapping[str, tuple[tuple[int, float], ...]]:
    """Weeks and weights by place; `frontline check` tells of what is wrong with a row."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    path = folder / "activity.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                year, week = row["week"].split("-W")
                monday = date.fromisocalendar(int(year), int(week), 1)
                found[row["place"]].append((week_number(monday), float(row["weight"])))
    return {place: tuple(rows) for place, rows in found.items()}
