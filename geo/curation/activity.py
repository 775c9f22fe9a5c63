"""Count where the reports of a dataset lie, week by week: rows for ``gazetteer/activity.csv``, to be reviewed.

They help later builds to choose among places of one name ("Petrivka").  A dataset must not be read with rows that were
counted from itself.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from geo.reference.activity import COLUMNS, week_name, week_number
from geo.reference.gazetteer import Gazetteer

SPOTS = frozenset({"settlement", "near", "site"})
SOURCE = "curated"


def activity_rows(events: pd.DataFrame, gazetteer: Gazetteer) -> str:
    """Return the rows as CSV, sorted: one for each raion (or region, where no raion is known) and week.

    ``events`` is a dataset's table of reports.  A digest counts once for each place and week; running totals and
    whole regions do not count.
    """
    spots = events[events["precision"].isin(SPOTS) & ~events["running_total"]]
    told = {
        (row.digest, row.place_id, week_number(pd.Timestamp(row.date).date()))
        for row in spots[["digest", "place_id", "date"]].itertuples()
    }
    weights = Counter((area, week) for _, place, week in told if (area := _area(place, gazetteer)))
    return _as_csv(weights)


def _area(place_id: str, gazetteer: Gazetteer) -> str:
    place = gazetteer.get(place_id)
    return (place.raion or place.parent) if place else ""


def _as_csv(weights: Mapping[tuple[str, int], int]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([area, week_name(week), weights[area, week], SOURCE] for area, week in sorted(weights))
    return text.getvalue()
