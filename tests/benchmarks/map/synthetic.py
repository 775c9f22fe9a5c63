"""Write a dataset of made-up reports: `python tests/benchmarks/map/synthetic.py DIR [--reports N] [--seed N]`.

Places are real rows of the gazetteer; what is said to have happened there is drawn from a seeded random, so every
report is labelled as a sample. The same numbers give the same bytes. `frontline serve DIR` opens the folder.
"""

import argparse
import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.dataset.provenance import provenance_of
from geo.dataset.store import save_tables
from geo.dataset.stories import STORIES, stories_table, with_stories
from geo.dataset.tables import DIGESTS, EVENTS, MENTIONS, arrow
from geo.kinds import kinds
from geo.paths import bundled
from geo.reference.gazetteer import Gazetteer
from geo.reference.outlines import outline

FIRST_DAY, DAYS = date(2023, 1, 1), 1096  # three years
SEED = 20_241_101
DIGESTS_A_DAY = 12  # at most

# How often a region is named, and how many of its settlements ever are. Most are never in the news.
REGIONS = {
    "donetsk": (38, 900),
    "kharkiv": (13, 700),
    "zaporizhzhia": (9, 450),
    "kherson": (9, 400),
    "sumy": (8, 500),
    "luhansk": (7, 450),
    "dnipropetrovsk": (5, 300),
    "kursk": (3, 60),
    "belgorod": (3, 60),
    "mykolaiv": (2, 200),
    "chernihiv": (2, 300),
    "odesa": (1, 120),
    "poltava": (0.5, 60),
    "kyiv": (0.5, 120),
}
KINDS = {
    "ground_fighting": 26,
    "shelling": 22,
    "air_strike": 22,
    "casualties": 8,
    "air_defence": 6,
    "capture": 6,
    "explosion": 3,
    "evacuation": 3,
    "deployment": 2,
    "withdrawal": 1,
    "other": 1,
}
PRECISIONS = {"settlement": 84, "near": 9, "region": 4, "line": 3}
CLAIMANTS = {  # side: words as a digest might have them
    "ukraine": ("Генеральний штаб", "General Staff of Ukraine", "обласна військова адміністрація", "Staf Umum Ukraina"),
    "russia": ("Минобороны РФ", "Russian defence ministry", "Kementerian Pertahanan Rusia", "глава администрации"),
    "third": ("an analysts' institute", "sebuah media lain", "іноземне видання"),
    "none": (None,),
}
OUTLETS = tuple(f"Made-up daily {number}" for number in range(1, DIGESTS_A_DAY + 1))
LANGUAGES = ("en", "id", "uk", "ru")

# Words of our own, in front of the place and behind it; {n} is a number.
QUOTES = {
    "en": (
        ("A made-up sentence for measuring: the report tells of {n} incidents around ", " during the day, and names neither a street nor an hour, since nobody there has seen either."),
        ("Nothing of this happened: the text only says that {n} blasts were heard in ", " before noon and that the bulletin of the evening would tell what had been damaged and where."),
        ("For the benchmark, {n} attacks are said to have been turned back near ", "; the sentence goes on for as long as sentences in such bulletins usually go on, and then ends."),
    ),
    "id": (
        ("Kalimat buatan untuk pengukuran: laporan ini menyebut {n} kejadian di sekitar ", " sepanjang hari itu tanpa menyebut jalan maupun jamnya, karena tidak ada yang melihatnya."),
        ("Semua ini tidak pernah terjadi: hanya ditulis bahwa {n} ledakan terdengar di ", " sebelum tengah hari dan buletin malam akan menjelaskan apa saja yang rusak."),
    ),
    "uk": (
        ("Вигадане речення для вимірювання: зведення згадує {n} випадків поблизу населеного пункту ", " протягом доби, але не називає ні вулиці, ні години, бо їх ніхто не бачив."),
        ("Нічого з цього не було: у тексті лише сказано, що {n} вибухів чули в місті ", " до полудня, а вечірнє повідомлення мало розповісти, що саме пошкоджено."),
    ),
    "ru": (
        ("Выдуманное предложение для измерения: сводка упоминает {n} случаев у населённого пункта ", " за сутки, но не называет ни улицы, ни часа, потому что их никто не видел."),
        ("Ничего этого не было: в тексте лишь сказано, что {n} взрывов слышали в городе ", " до полудня, а вечернее сообщение должно было рассказать, что повреждено."),
    ),
}  # fmt: skip


class Spots(NamedTuple):
    """Places at a precision, as columns of a report, with how often each is drawn and its shape as WKB."""

    table: pd.DataFrame
    share: np.ndarray[Any, Any]
    shapes: list[bytes | None]


def write(folder: Path, reports: int, seed: int = SEED, joined: bool = False) -> None:
    """Write a dataset of so many reports into a folder; each is a story of its own, if they are not to be joined."""
    gazetteer = Gazetteer.load()
    spots = spots_of(gazetteer, np.random.default_rng(seed))
    rng = np.random.default_rng([seed, reports])
    drawn = draw(reports, spots, rng)
    told = with_stories(events(drawn, spots)) if joined else events(drawn, spots)
    tables = {
        "events": told,
        "mentions": MENTIONS.empty_table(),
        "stories": stories_table(told) if joined else STORIES.empty_table(),
        "digests": digests(drawn),
    }
    save_tables(folder, tables, provenance_of(spots.table, gazetteer), copies=False)


# --- places ----------------------------------------------------------------------------------------------------------


def spots_of(gazetteer: Gazetteer, rng: np.random.Generator) -> Spots:
    """Choose places from the gazetteer: settlements by region, each oblast, each axis."""
    rows, share = [], []
    for region, (often, many) in REGIONS.items():
        places = _settlements(region)
        chosen = places.iloc[np.sort(rng.permutation(len(places))[:many])]
        named = 1.0 / (1 + rng.permutation(len(chosen))) ** 0.8  # few places are in the news every day
        for place, part in zip(chosen.to_dict("records"), named / named.sum() * often, strict=True):
            rows += [_spot(place, region, "settlement"), _spot(place, region, "near")]
            share += [part * PRECISIONS["settlement"], part * PRECISIONS["near"]]
        oblast = gazetteer.place(region)
        rows.append(_spot(_row(oblast), region, "region"))
        share.append(often * PRECISIONS["region"])
    for axis in pd.read_csv(bundled("gazetteer") / "axes.csv").to_dict("records"):
        rows.append(_spot(axis, None, "line"))
        share.append(sum(often for often, _ in REGIONS.values()) * PRECISIONS["line"] / 70)
    table = pd.DataFrame(rows)
    places = table[["place_id", "precision", "lat", "lon"]].itertuples(index=False)
    shapes = [shape.geometry.wkb if (shape := outline(*row, gazetteer)) else None for row in places]
    weights = np.array(share)
    return Spots(table, weights / weights.sum(), shapes)


def _settlements(region: str) -> pd.DataFrame:
    table = pd.read_csv(bundled("gazetteer") / "places" / f"{region}.csv", dtype={"extent_km": float})
    kept = table["kind"].isin(["city", "town", "settlement", "village"]) & (table["position"] != "estimated")
    return table[kept & table["lat"].notna()]


def _row(place: Any) -> dict[str, Any]:
    return {name: getattr(place, name) for name in ("id", "name", "name_local", "lat", "lon", "extent_km", "source")}


def _spot(place: dict[str, Any], region: str | None, precision: str) -> dict[str, Any]:
    radius = place.get("extent_km") or place.get("radius_km") or 1.0
    return {
        "place": place["name"],
        "place_local": place["name_local"] if isinstance(place["name_local"], str) else place["name"],
        "place_id": place["id"],
        "place_source": place["source"],
        "precision": precision,
        "radius_km": float(radius) + (5.0 if precision == "near" else 0.0),
        "nominal": precision in ("region", "line"),
        "position": place.get("position", "checked"),
        "region": region.capitalize() if region else None,
        "axis": place["name"] if precision == "line" else None,
        "lat": place["lat"],
        "lon": place["lon"],
    }


# --- what is drawn ---------------------------------------------------------------------------------------------------


def draw(reports: int, spots: Spots, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the numbers behind each report, in the order of the rows of a dataset."""
    outlets = max(2, min(DIGESTS_A_DAY, reports // 20_000))
    intensity = 1 + 0.5 * np.sin(np.arange(DAYS) / 60) + 0.3 * rng.random(DAYS)
    intensity[rng.permutation(DAYS)[: DAYS // 90]] = 0  # days of which no digest was read
    claimed = rng.choice(4, reports, p=[0.5, 0.3, 0.05, 0.15])
    drawn = pd.DataFrame(
        {
            "day": rng.choice(DAYS, reports, p=intensity / intensity.sum()),
            "outlet": rng.integers(0, outlets, reports),
            "spot": rng.choice(len(spots.share), reports, p=spots.share),
            "kind": rng.choice(len(KINDS), reports, p=np.array([*KINDS.values()]) / sum(KINDS.values())),
            "length": rng.choice([0, 0, 0, 0, 0, 1, 1, 2], reports),
            "claimed": claimed,
            "words": rng.integers(0, 1 << 16, reports),
            "acted": rng.choice(4, reports, p=[0.2, 0.45, 0.05, 0.3]),
            "number": rng.integers(2, 99, reports),
            "total": rng.random(reports) < 0.02,
            "denied": rng.random(reports),
        }
    )
    drawn["words"] %= np.array([len(words) for words in CLAIMANTS.values()])[claimed]
    drawn["late"] = rng.random(reports) < 0.3
    drawn["template"] = rng.integers(0, 1 << 16, reports)
    drawn = drawn.sort_values(["day", "outlet"], kind="stable", ignore_index=True)
    drawn["again"] = drawn.groupby(["day", "outlet", "spot", "kind"]).cumcount()
    drawn["at"] = drawn.groupby(["day", "outlet"]).cumcount() * 400  # where its quote stands in the digest
    return drawn


def events(drawn: pd.DataFrame, spots: Spots) -> pa.Table:
    """Return the table of reports."""
    days = np.array([np.datetime64(FIRST_DAY + timedelta(days=day)) for day in range(DAYS + 3)])
    day, last = days[drawn["day"]], days[drawn["day"] + drawn["length"]]
    kind, side = np.array([*KINDS], object)[drawn["kind"]], np.array([*CLAIMANTS], object)[drawn["claimed"]]
    words = {s: np.array(w, object) for s, w in CLAIMANTS.items()}
    claimant = [words[s][w] for s, w in zip(side, drawn["words"], strict=True)]
    digest = _digest_ids(drawn["day"], drawn["outlet"])
    table = spots.table.iloc[drawn["spot"]].reset_index(drop=True)
    language = [LANGUAGES[outlet % len(LANGUAGES)] for outlet in drawn["outlet"]]
    status = np.select([drawn["denied"] < 0.05, drawn["denied"] < 0.08], ["disputed", "acknowledged"], "claimed")
    status = np.where(drawn["claimed"] == 3, "reported", status)
    quotes = _quotes(drawn, language, table["place_local"])
    iso = np.datetime_as_string(day)
    ends = ["" if again == 0 else f"-{again + 1}" for again in drawn["again"]]
    label = {key: kind.label for key, kind in kinds().items()}
    sha = {name: hashlib.sha256(name.encode()).hexdigest() for name in set(digest)}
    shas = [sha[name] for name in digest]
    precision = np.where(drawn["length"] > 0, "range", np.where(drawn["number"] < 8, "by", "day"))
    columns: dict[str, Any] = {
        "id": [f"{d}.{p}.{k}.{i}{e}" for d, p, k, i, e in zip(digest, table["place_id"], kind, iso, ends, strict=True)],
        "digest": digest,
        "outlet": np.array(OUTLETS, object)[drawn["outlet"]],
        "language": language,
        "published": days[drawn["day"] + drawn["late"]],
        "sample": np.ones(len(drawn), bool),
        "digest_sha256": shas,
        "text_sha256": shas,
        "summary": [f"{label[k]}: {p} (made up), {i}" for k, p, i in zip(kind, table["place"], iso, strict=True)],
        **{name: table[name] for name in table},
        "date": day,
        "date_end": last,
        "date_precision": precision,
        "date_basis": np.where(precision == "by", "digest", "stated"),
        "event_ts": day.astype("datetime64[s]") + np.timedelta64(12, "h"),
        "kind": kind,
        "actor_side": np.array(["ukraine", "russia", "third", None], object)[drawn["acted"]],
        "claimant": claimant,
        "claimant_side": side,
        "via": [()] * len(drawn),
        "status": status,
        "running_total": drawn["total"].to_numpy(),
        "quote": [quote for quote, _ in quotes],
        "quote_start": drawn["at"],
        "quote_end": [at + len(quote) for at, (quote, _) in zip(drawn["at"], quotes, strict=True)],
        "mention": table["place_local"],
        "mention_start": [at + before for at, (_, before) in zip(drawn["at"], quotes, strict=True)],
        "mention_end": [
            at + before + len(name)
            for at, (_, before), name in zip(drawn["at"], quotes, table["place_local"], strict=True)
        ],
        "more_quotes": [()] * len(drawn),
        "confidence": np.round(0.5 + drawn["number"] / 200, 3),
        "why": [f"by_spelling: {name}; in_theatre" for name in table["place_local"]],
        "geometry": [spots.shapes[spot] for spot in drawn["spot"]],
    }
    columns["story"] = columns["id"]
    return pa.Table.from_arrays([_column(columns.get(f.name), f, len(drawn)) for f in EVENTS], schema=EVENTS)


def _column(values: Any, field: pa.Field, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, field.type)
    array = pa.array(values, from_pandas=True)
    return array if array.type == field.type else array.cast(field.type)


def _digest_ids(days: pd.Series, outlets: pd.Series) -> list[str]:
    texts = [f"{FIRST_DAY + timedelta(days=day)}" for day in range(DAYS)]
    return [f"made-up-{texts[day]}-{outlet + 1:02}" for day, outlet in zip(days, outlets, strict=True)]


def _quotes(drawn: pd.DataFrame, languages: list[str], names: pd.Series) -> list[tuple[str, int]]:
    """Return each quote, and how many characters stand before the place in it."""
    written = []
    for language, template, number, name in zip(languages, drawn["template"], drawn["number"], names, strict=True):
        sentences = QUOTES[language]
        before, after = sentences[template % len(sentences)]
        before = before.replace("{n}", str(number))
        written.append((f"{before}{name}{after}", len(before)))
    return written


def digests(drawn: pd.DataFrame) -> pa.Table:
    """Return the digests that the reports stand in."""
    read = drawn.groupby(["day", "outlet"]).size().reset_index(name="reports")
    ids = _digest_ids(read["day"], read["outlet"])
    rows = []
    for name, day, outlet, reports in zip(ids, read["day"], read["outlet"], read["reports"], strict=True):
        sha, iso = hashlib.sha256(name.encode()).hexdigest(), (FIRST_DAY + timedelta(days=int(day))).isoformat()
        told = (name, OUTLETS[outlet], None, LANGUAGES[outlet % len(LANGUAGES)], iso, True, iso, "stated", sha, sha)
        rows.append((*told, int(reports) * 400, int(reports), int(reports), int(reports), [], None, None, []))
    rows.sort(key=lambda row: str(row[0]))
    told, blank = list(zip(*rows, strict=True)), [None] * len(rows)  # what a build notes for itself is not known
    return arrow([*told, *[blank] * (len(DIGESTS) - len(told))], DIGESTS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    write(asked.folder, asked.reports, asked.seed)
