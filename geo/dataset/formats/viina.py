"""Reports in columns like those of VIINA 2.0 (its event_info and event_labels in one table).  Not VIINA data.

``date`` is the day of the report there, and so here; the day of the event stands in ``report_date``. A label is 1 where
the crosswalk gives it, else 0: what is read here are words, not probabilities.
"""

from typing import Any

from geo.dataset.formats.crosswalk import Around, Row, Scheme
from geo.kinds import crosswalk

LABELS = (
    *("t_mil", "t_loc", "t_san", "a_rus", "a_ukr", "a_rus_init", "a_ukr_init", "a_civ", "a_other", "t_aad"),
    *("t_airstrike", "t_uav", "t_airalert", "t_armor", "t_arrest", "t_artillery", "t_control", "t_firefight", "t_ied"),
    *("t_raid", "t_occupy", "t_property", "t_cyber", "t_hospital", "t_milcas", "t_civcas"),
)
COLUMNS = (
    *("viina_version", "event_id", "event_id_1pd", "date", "time", "geonameid", "feature_code", "asciiname"),
    *("ADM1_NAME", "ADM1_CODE", "ADM2_NAME", "ADM2_CODE", "longitude", "latitude", "GEO_PRECISION", "GEO_API"),
    *("location", "address", "report_id", "source", "url", "text", "lang"),
    *(f"{label}_b" for label in LABELS),
)


_SAME = {
    "event_id": "id",
    "asciiname": "place",
    "ADM1_NAME": "region",
    "ADM2_NAME": "district",
    "longitude": "lon",
    "latitude": "lat",
    "location": "mention",
    "report_id": "digest",
    "source": "outlet",
    "url": "url",
    "text": "quote",
    "lang": "language",
}


def _cells(report: Row, around: Around) -> dict[str, Any]:
    day = f"{report['published']:%Y%m%d}" if report["published"] else None
    given = {"t_loc", *around.like["labels"], *crosswalk()["sides"].get(report["actor_side"], ())}
    return {
        "event_id_1pd": f"{report['place_id']}.{day}" if day else None,
        "date": day,
        "GEO_PRECISION": around.code,
        "GEO_API": "gazetteer of Frontline map",
        **{f"{label}_b": str(int(label in given)) for label in LABELS},
    }


SCHEME = Scheme("viina", "VIINA", COLUMNS, _SAME, ("published",), _cells)
