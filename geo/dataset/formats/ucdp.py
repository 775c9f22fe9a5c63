"""Reports in columns like those of UCDP GED (version 23.1, 49 columns).  Not UCDP data.

UCDP counts events with at least one death; most reports tell of none, and their deaths are empty, not 0. Who acted is
not said by its sides: both parties of the war stand there, in the order of the gazetteer's theatre.
"""

from typing import Any

from geo.dataset.formats.crosswalk import Around, Row, Scheme, country_code, date_code, joined_names

COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
_DEATHS = "UCDP counts events with at least one death; most of these reports tell of none, and their deaths are empty"


_SAME = {
    "relid": "id",
    "source_office": "outlet",
    "source_date": "published",
    "source_headline": "quote",
    "source_original": "claimant",
    "where_coordinates": "place",
    "where_description": "summary",
    "adm_1": "region",
    "adm_2": "district",
    "latitude": "lat",
    "longitude": "lon",
    "date_start": "date",
    "date_end": "date_end",
    "high": "killed_max",
    "low": "killed_min",
}
_ASKED = (
    *("date", "date_end", "date_precision", "outlet", "url", "lat", "lon", "killed_min", "killed_max"),
    "running_total",
)


def _cells(report: Row, around: Around) -> dict[str, Any]:
    lat, lon = report["lat"], report["lon"]
    low, high = report["killed_min"], report["killed_max"]
    side_a, side_b = [label for side, label in around.labels.items() if side not in ("third", "none")][:2] or ("", "")
    return {
        "year": report["date"].year,
        "type_of_violence": around.like["type_of_violence"],
        "dyad_name": f"{side_a} - {side_b}" if side_a else None,
        "side_a": side_a,
        "side_b": side_b,
        "number_of_sources": 1,
        "source_article": joined_names([report["outlet"], report["url"]]),
        "where_prec": around.code,
        "geom_wkt": None if lat is None else f"POINT ({lon} {lat})",
        "priogrid_gid": _cell_of_grid(lat, lon),
        "country": around.country_name,
        "country_id": country_code(around.country, "gw"),
        "event_clarity": 2 if report["running_total"] else 1,
        "date_prec": date_code("ucdp", report),
        "best": low if low == high else None,
    }


def _cell_of_grid(lat: float | None, lon: float | None) -> int | None:
    """Return the cell of PRIO-GRID (half a degree; counted eastwards from 180° W, row by row from the South Pole)."""
    if lat is None or lon is None:
        return None
    return int((lat + 90) // 0.5) * 720 + int((lon + 180) // 0.5) + 1


SCHEME = Scheme("ucdp", "UCDP", COLUMNS, _SAME, _ASKED, _cells, (_DEATHS,))
