"""Reports in columns like those of ACLED (codebook of 2023, 31 columns).  Not ACLED data.

An actor is no aggressor there, and none here: ``actor1`` is who is said to have acted. Deaths that no text tells of are
empty, not 0. Areas keep their nominal middle: ACLED would take the provincial capital.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from geo.dataset.formats.crosswalk import Around, Row, Scheme, country_code, date_code, joined_names
from geo.kinds import crosswalk

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)


_SAME = {
    "event_id_cnty": "id",
    "assoc_actor_1": "actor",
    "admin1": "region",
    "admin2": "district",
    "location": "place",
    "latitude": "lat",
    "longitude": "lon",
    "notes": "summary",
    "fatalities": "killed_min",
}
_ASKED = (
    *("date", "date_end", "date_precision", "published", "outlet", "via", "actor", "claimant", "claimant_side"),
    "actor_side",
)


def _cells(report: Row, around: Around) -> dict[str, Any]:
    middle = report["date"] + timedelta(days=(report["date_end"] - report["date"]).days // 2)
    claimed = around.labels.get(report["claimant_side"], report["claimant"])
    return {
        "event_date": middle,
        "year": middle.year,
        "time_precision": date_code("acled", report),
        "disorder_type": crosswalk()["disorder"].get(around.like["event_type"]),
        "event_type": around.like["event_type"],
        "sub_event_type": around.like["sub_event_type"],
        "actor1": around.labels.get(report["actor_side"], report["actor"]),
        "inter1": crosswalk()["forces"].get(around.actor_is or ""),
        "iso": country_code(around.country, "iso"),
        "country": around.country_name,
        "geo_precision": around.code,
        "source": joined_names([report["outlet"], *report["via"]]),
        "tags": f"claim: {claimed}" if claimed else None,
        "timestamp": _moment(report["published"]),
    }


def _moment(published: Any) -> int | None:
    """Return a day as seconds since 1970, at midnight UTC."""
    return int(datetime.combine(published, time(), UTC).timestamp()) if published else None


SCHEME = Scheme("acled", "ACLED", COLUMNS, _SAME, _ASKED, _cells)
