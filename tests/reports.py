"""Made-up readings for tests: synthetic, but every promise about a report holds for them.

Everything is drawn from one seeded random, so the same call gives the same values on any machine. Places, positions
and spellings are real; what is said to have happened there is not, and says so: every outlet is invented.

    reports = make_reports(500)                 # list[Report]
    readings = make_readings(500)               # list[Reading]: the digests, verdicts and traces they come from
    dataset = make_dataset(tmp_path / "d", 500) # a saved and loaded dataset folder
    gazetteer = make_gazetteer(tmp_path / "g")  # the small gazetteer that these places are rows of
"""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from geo.model import (
    Candidate,
    Digest,
    Evidence,
    Mention,
    Name,
    Place,
    Quote,
    Reading,
    Report,
    Resolution,
    Sentence,
    Verdict,
)
from geo.reference.gazetteer import AXIS_COLUMNS, PLACE_COLUMNS, Gazetteer

if TYPE_CHECKING:
    from geo.dataset.store import Dataset

FIRST_DAY = date(2024, 11, 1)

_REGIONS = {  # id: name, local name, country, nominal position, outline (a box that stands in for the real one)
    "donetsk": ("Donetsk oblast", "Донецька область", "ukraine", 48.0867, 37.7465, (36.6, 46.9, 39.0, 49.2)),
    "luhansk": ("Luhansk oblast", "Луганська область", "ukraine", 48.9219, 38.9961, (37.9, 47.8, 40.2, 50.1)),
    "kharkiv": ("Kharkiv oblast", "Харківська область", "ukraine", 49.5915, 36.4417, (34.9, 48.5, 38.1, 50.4)),
    "zaporizhzhia": (
        "Zaporizhzhia oblast",
        "Запорізька область",
        "ukraine",
        47.2653,
        35.7562,
        (34.2, 46.3, 37.3, 48.1),
    ),
    "kherson": ("Kherson oblast", "Херсонська область", "ukraine", 46.6284, 33.6421, (31.6, 46.0, 35.2, 47.6)),
    "sumy": ("Sumy oblast", "Сумська область", "ukraine", 51.0189, 34.0256, (32.9, 50.1, 35.7, 52.4)),
    "odesa": ("Odesa oblast", "Одеська область", "ukraine", 46.9177, 30.2026, (28.3, 45.2, 31.4, 48.2)),
    "kursk": ("Kursk oblast", "Курская область", "russia", 51.7637, 35.2690, (34.1, 50.9, 38.5, 52.4)),
    "belgorod": ("Belgorod oblast", "Белгородская область", "russia", 50.7107, 37.7534, (35.3, 49.8, 39.3, 51.4)),
}
_PLACES = """
donetsk.vuhledar|Vuhledar|Вугледар|town|47.7797|37.2500|checked|geonames
donetsk.yasna-poliana|Yasna Poliana|Ясна Поляна|village|47.8800|37.0303|checked|wof
donetsk.yasna-poliana-2|Yasna Poliana|Ясна Поляна|village|48.7444|37.5277|checked|geonames
donetsk.pokrovsk|Pokrovsk|Покровськ|city|48.2801|37.1771|checked|geonames
donetsk.myrnohrad|Myrnohrad|Мирноград|town|48.3099|37.2651|checked|geonames
donetsk.selydove|Selydove|Селидове|town|48.1465|37.3022|checked|geonames
donetsk.kurakhove|Kurakhove|Курахове|town|47.9847|37.2807|checked|geonames
donetsk.toretsk|Toretsk|Торецьк|town|48.3948|37.8478|checked|geonames
donetsk.chasiv-yar|Chasiv Yar|Часів Яр|town|48.5877|37.8341|checked|geonames
donetsk.bakhmut|Bakhmut|Бахмут|city|48.5942|37.9989|checked|geonames
donetsk.kramatorsk|Kramatorsk|Краматорськ|city|48.7311|37.5678|checked|geonames
donetsk.lyman|Lyman|Лиман|town|48.9901|37.8084|checked|geonames
donetsk.donetsk|Donetsk|Донецьк|city|48.0230|37.8022|checked|geonames
donetsk.velyka-novosilka|Velyka Novosilka|Велика Новосілка|settlement|47.8428|36.8363|checked|geonames
donetsk.bazhane|Bazhane|Бажане|village|48.1515|37.4088|estimated|register
luhansk.kreminna|Kreminna|Кремінна|town|49.0481|38.2155|checked|geonames
luhansk.svatove|Svatove|Сватове|town|49.4093|38.1553|checked|geonames
kharkiv.kharkiv|Kharkiv|Харків|city|49.9818|36.2548|checked|geonames
kharkiv.kupiansk|Kupiansk|Куп’янськ|city|49.7100|37.6158|checked|geonames
kharkiv.vovchansk|Vovchansk|Вовчанськ|town|50.2908|36.9411|checked|geonames
zaporizhzhia.zaporizhzhia|Zaporizhzhia|Запоріжжя|city|47.8517|35.1171|checked|geonames
zaporizhzhia.orikhiv|Orikhiv|Оріхів|town|47.5761|35.7833|checked|geonames
zaporizhzhia.robotyne|Robotyne|Роботине|village|47.4456|35.8343|checked|wof
zaporizhzhia.huliaipole|Huliaipole|Гуляйполе|town|47.6668|36.2558|checked|geonames
kherson.kherson|Kherson|Херсон|city|46.6369|32.6146|checked|geonames
kherson.krynky|Krynky|Кринки|village|46.7331|33.0807|unchecked|geonames
sumy.sumy|Sumy|Суми|city|50.9174|34.7991|checked|geonames
sumy.bilopillia|Bilopillia|Білопілля|town|51.1475|34.3108|checked|geonames
odesa.odesa|Odesa|Одеса|city|46.4857|30.7438|checked|geonames
kursk.sudzha|Sudzha|Суджа|town|51.1910|35.2710|checked|geonames
kursk.malaya-loknya|Malaya Loknya|Малая Локня|village|51.3298|35.2327|unchecked|osm
belgorod.shebekino|Shebekino|Шебекино|town|50.4134|36.9254|unchecked|geonames
""".strip().splitlines()
_EXTENT_KM = {"city": 8.0, "town": 3.0, "settlement": 2.0, "village": 1.0}

_RAIONS = {"kharkiv.kupiansk-raion": ("Kupianskyi", "Куп’янський", 49.8478, 37.5126)}
_SITES = {"zaporizhzhia.zaporizhzhia-npp": ("Zaporizhzhia NPP", "Запорізька АЕС", 47.5120, 34.5860)}
_AXES = {
    "axis.pokrovsk": (
        "Pokrovsk axis",
        "Покровський напрямок",
        48.2455,
        37.2481,
        18.0,
        "donetsk.pokrovsk donetsk.myrnohrad donetsk.selydove",
    )
}
_LINES = {"theatre.black-sea": ("Black Sea", "Чорне море", 43.4000, 34.3000)}

_SOURCES = """\
[geonames]
name = "GeoNames"
licence = "CC BY 4.0"
attribution = "GeoNames (CC BY 4.0)"
url = "https://www.geonames.org/"

[wof]
name = "Who's On First"
licence = "CC BY 4.0"
attribution = "Who's On First; includes data from GeoNames, GeoPlanet, Quattroshapes (CC BY 4.0)"
url = "https://whosonfirst.org/"

[osm]
name = "OpenStreetMap"
licence = "ODbL 1.0"
attribution = "© OpenStreetMap contributors (ODbL 1.0)"
url = "https://www.openstreetmap.org/copyright"

[naturalearth]
name = "Natural Earth"
licence = "public domain"
attribution = "Made with Natural Earth"
url = "https://www.naturalearthdata.com/"

[register]
name = "Register of settlements"
licence = "official act"
attribution = "Ministry for Development of Communities and Territories of Ukraine"

[curated]
name = "Written for this project"
licence = "as the project"
attribution = ""
"""

_OUTLETS = {"id": "Koran Uji", "en": "Test Daily", "uk": "Тестовий вісник", "ru": "Пробная газета"}
_SENTENCES = {
    "id": (
        "Kementerian Pertahanan {side} mengklaim {place} pada hari itu.",
        "Serangan dilaporkan di {place}, kata para pejabat.",
    ),
    "en": ("The {side} defence ministry said that {place} was hit overnight.", "Fighting was reported in {place}."),
    "uk": ("Генштаб повідомив про бої: {place}.", "За даними влади, вибухи лунали поблизу: {place}."),
    "ru": ("Минобороны сообщило: {place}.", "По словам губернатора, под обстрелом оказался {place}."),
}
_SIDE_WORDS = {"russia": "Russian", "ukraine": "Ukrainian", "third": "foreign", "none": "local"}
# What digests may hold besides words: markup, formulas, quotes of every sort, direction marks, emoji, controls.
HOSTILE = (
    "<script>alert('x')</script>",
    "</textarea></script><!--",
    "`${alert(1)}` \\' \\\" \\u003c",
    '=HYPERLINK("http://example.invalid","x")',
    '+1;=1+1;"=2+2"',
    "@SUM(A1)\t-3",
    "\u202eabc\u202c \u200f\u2066x\u2069",
    "🚀 💥 e\u0301 \U0001f1fa\U0001f1e6",
    "a\x01b\x0bc\x1fd\x7fe\u0085f\u2028g\u2029h\ufeffi",
    "two\nlines\r\nand\rthree",
    '"quoted", «quoted», ‘quoted’',
    "{{ jinja }} {% raw %} %s %(x)s {0}",
)
_KIND_WEIGHTS = {
    "capture": 10,
    "withdrawal": 2,
    "ground_fighting": 22,
    "air_strike": 25,
    "shelling": 14,
    "explosion": 4,
    "air_defence": 9,
    "casualties": 4,
    "evacuation": 3,
    "deployment": 4,
    "other": 3,
}
_PRECISION_WEIGHTS = {"settlement": 62, "near": 14, "site": 4, "region": 11, "district": 3, "line": 4, "country": 2}


class Found(NamedTuple):
    """What a text says of one spot."""

    sentence: Sentence
    mention: Mention
    quote: str
    claimant_side: str


class Spot(NamedTuple):
    """A place with the precision that a report there has."""

    place: Place
    precision: str
    region: str | None
    district: str | None = None


def make_reports(n: int, seed: int = 1, days: int = 33) -> list[Report]:
    """Return ``n`` reports of ``days`` days from 1 November 2024 on, in reading order of their digests."""
    return [report for reading in make_readings(n, seed, days) for report in reading.reports]


def make_readings(n: int, seed: int = 1, days: int = 33) -> list[Reading]:
    """Return readings whose reports are ``n`` in all; a few digests report nothing."""
    random = Random(seed)
    readings: list[Reading] = []
    left = n
    while left > 0:
        reading = _reading(random, len(readings), left, days)
        readings.append(reading)
        left -= len(reading.reports)
    return readings


def make_gazetteer(folder: Path) -> Gazetteer:
    """Write the small gazetteer of these places (region outlines are boxes) and open it."""
    for name in ("places", "names", "outlines"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(_SOURCES, encoding="utf-8")
    (folder / "theatre.toml").write_text('first_day = 2022-02-24\nparties = ["russia", "ukraine"]\n', encoding="utf-8")
    countries = [Place("ukraine", "Ukraine", "Україна", "country", "", source="curated")]
    countries += [Place("russia", "Russia", "Россия", "country", "", source="curated")]
    _write_places(folder / "regions.csv", [*countries, *(_region(i) for i in _REGIONS)])
    spots = sorted((_settlement(line) for line in _PLACES), key=lambda p: p.id)
    spots += [_raion(i) for i in _RAIONS]
    for region, places in groupby(sorted(spots, key=lambda p: p.id), key=lambda p: p.parent):
        _write_places(folder / "places" / f"{region}.csv", list(places))
    sites = sorted([*map(_site, _SITES), *map(_sea, _LINES)], key=lambda p: p.id)
    _write_places(folder / "sites.csv", sites)
    _write_table(folder / "axes.csv", AXIS_COLUMNS, [[i, *v, "curated", ""] for i, v in _AXES.items()])
    boxes = [_box(i, *v[5]) for i, v in _REGIONS.items()]
    collection = {"type": "FeatureCollection", "source": "naturalearth", "features": boxes}
    (folder / "outlines" / "regions.geojson").write_text(json.dumps(collection), encoding="utf-8")
    return Gazetteer.load(folder)


def make_dataset(folder: Path, n: int, seed: int = 1, gazetteer: Path | None = None) -> "Dataset":
    """Save a dataset of ``n`` reports in ``folder`` and load it; its gazetteer is beside it unless one is named."""
    from geo.dataset.store import load_dataset, save_dataset  # tables are loaded only by tests that ask for one

    small = Gazetteer.load(gazetteer) if gazetteer else make_gazetteer(folder.with_name(f"{folder.name}-gazetteer"))
    save_dataset(folder, make_readings(n, seed), gazetteer=small)
    return load_dataset(folder)


# --- one digest ------------------------------------------------------------------------------------------------------


def _reading(random: Random, number: int, most: int, days: int) -> Reading:
    language = random.choice(("id", "id", "en", "uk", "ru"))
    day = FIRST_DAY + timedelta(days=random.randrange(days))
    sample = random.random() < 0.3
    digest_id = f"{language}~{'sample-' if sample else ''}{number:06d}"
    spots = [_spot(random) for _ in range(min(most, random.choice((0, 3, 6, 9, 12))))]
    text, sentences, found = _text(random, language, spots)
    digest = Digest(
        id=digest_id,
        text=text,
        outlet="Frontline map sample" if sample else _OUTLETS[language],
        url=None if sample else f"https://news.example/{language}/{number}?a=1&b=<2>",
        language=language,
        published=None if random.random() < 0.02 else day + timedelta(days=random.choice((0, 0, 1))),
        sample=sample,
        day=day,
        day_basis=random.choice(("stated", "day_number", "digest")),
        digest_sha256=hashlib.sha256(f"bytes of {digest_id}".encode()).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        warnings=("day number and weekday disagree",) if random.random() < 0.03 else (),
    )
    seen: dict[str, int] = {}
    reports = [_report(random, digest, *each, seen) for each in zip(spots, found, strict=True)]
    verdicts = [_verdict(random, *each) for each in zip(spots, reports, found, strict=True)]
    return Reading(digest, tuple(sentences), (_dateline(sentences[0]), *verdicts), tuple(reports))


def _text(random: Random, language: str, spots: list[Spot]) -> tuple[str, list[Sentence], list[Found]]:
    """Return a text that opens with a dateline, its sentences, and what it says of each spot."""
    text = "KYIV - "
    sentences = [Sentence(0, len(text) - 1, 0, True)]
    found = []
    for block, spot in enumerate(spots, start=1):
        side = random.choice(tuple(_SIDE_WORDS))
        words = spot.place.name_local if language in ("uk", "ru") else spot.place.name
        before, _, after = random.choice(_SENTENCES[language]).replace("{side}", _SIDE_WORDS[side]).partition("{place}")
        if random.random() < 0.1:
            hostile = random.choice(HOSTILE)
            before, after = random.choice(((f"{hostile} {before}", after), (before, f"{after} {hostile}")))
        quote = before + words + after
        start = len(text)
        sentence = Sentence(start, start + len(quote), block, True)
        named = start + len(before)
        mention = Mention(named, named + len(words), words, (_name(spot.place, words, language),))
        text += quote + random.choice(("\n", "\r\n", " "))
        sentences.append(sentence)
        found.append(Found(sentence, mention, quote, side))
    return text, sentences, found


def _report(random: Random, digest: Digest, spot: Spot, found: Found, seen: dict[str, int]) -> Report:
    sentence, mention, quote, side = found
    place, day = spot.place, digest.day or FIRST_DAY
    kind = _weighted(random, _KIND_WEIGHTS)
    basis = random.choice(("digest", "digest", "stated", "relative", "weekday", "briefing", "day_number"))
    ends = 1 if basis == "relative" else 0  # "overnight": from the evening to the morning
    precision = "range" if ends else "by" if basis in ("digest", "day_number") else "day"
    stem = f"{digest.id}.{place.id}.{kind}.{day.isoformat()}"
    seen[stem] = seen.get(stem, 0) + 1
    nowhere = spot.precision == "country"
    killed = random.randrange(1, 9) if random.random() < 0.08 else None
    claimed = side != "none"
    actor_side = random.choice(("russia", "ukraine", None))
    distance = random.choice((5.0, 12.0, 20.0)) if spot.precision == "near" and random.random() < 0.4 else None
    return Report(
        id=stem if seen[stem] == 1 else f"{stem}-{seen[stem]}",
        digest=digest.id,
        outlet=digest.outlet,
        url=digest.url,
        language=digest.language,
        published=digest.published.isoformat() if digest.published else None,
        sample=digest.sample,
        digest_sha256=digest.digest_sha256,
        text_sha256=digest.text_sha256,
        summary=f"{kind.replace('_', ' ').capitalize()} at {place.name}; {day.day} {day:%b %Y}",
        place=place.name,
        place_local=place.name_local or None,
        place_id=place.id,
        place_source=place.source,
        precision=spot.precision,
        radius_km=None if nowhere else max(place.extent_km, distance or 0.0, 10.0 if spot.precision == "near" else 0.0),
        nominal=spot.precision in ("district", "region", "line", "country"),
        position=place.position,
        region=spot.region,
        district=spot.district,
        axis="Pokrovsk axis" if place.id == "donetsk.selydove" else None,
        bearing="west" if distance else None,
        distance_km=distance,
        lat=None if nowhere else place.lat,
        lon=None if nowhere else place.lon,
        date=day.isoformat(),
        date_end=(day + timedelta(days=ends)).isoformat(),
        date_precision=precision,
        date_basis=basis,
        event_ts=f"{day.isoformat()}T12:00:00Z",
        kind=kind,
        action=random.choice(("seized", "retaken", "entered", "advanced")) if kind == "capture" else None,
        means=random.choice(("drone", "missile", "glide_bomb", None)) if kind == "air_strike" else None,
        actor=None if actor_side is None else _SIDE_WORDS[actor_side] + " forces",
        actor_side=actor_side,
        claimant=f"{_SIDE_WORDS[side]} officials" if claimed else None,
        claimant_id=f"{side}.mod" if side in ("russia", "ukraine") else None,
        claimant_side=side,
        via=("Test Agency",) if claimed and random.random() < 0.2 else (),
        status=random.choice(("claimed", "claimed", "acknowledged", "disputed")) if claimed else "reported",
        outcome=random.choice(("repelled", "failed", "ongoing", None)) if kind == "ground_fighting" else None,
        killed_min=killed,
        killed_max=killed,
        injured_min=None,
        injured_max=None,
        running_total=kind == "deployment" and random.random() < 0.5,
        quote=quote,
        quote_start=sentence.start,
        quote_end=sentence.stop,
        mention=mention.text,
        mention_start=mention.start,
        mention_end=mention.stop,
        more_quotes=(Quote("KYIV -", 0, 6, None, "none", "denies"),) if random.random() < 0.1 else (),
        confidence=None if random.random() < 0.2 else round(random.uniform(0.5, 1.0), 3),
        why=f"in stated region: {spot.region}" if spot.region else "named alone",
    )


def _verdict(random: Random, spot: Spot, report: Report, found: Found) -> Verdict:
    sentence, mention, _, _ = found
    name = mention.names[0]
    parent = Evidence("in_stated_region", 2.5, "Donetsk", sentence.start, sentence.start + 7)
    chosen = Candidate(spot.place, name, 3.5, (parent, Evidence("near_neighbours", 1.0, "")))
    veto = Evidence("far_from_neighbours", None, "109 km from Vuhledar", sentence.start, sentence.stop)
    losers = random.sample(_PLACES, random.choice((0, 1, 2)))
    others = tuple(Candidate(_settlement(line), name, -1.0, (veto,)) for line in losers)
    resolution = Resolution(spot.place, "resolved", (chosen, *others), 4.5 if others else None)
    return Verdict(mention, "report", "a strike is reported here", sentence, resolution, report.id)


def _dateline(sentence: Sentence) -> Verdict:
    mention = Mention(0, 4, "KYIV", ())
    return Verdict(mention, "dateline", "opens the text", sentence, Resolution(None, "unknown_name"))


# --- places ----------------------------------------------------------------------------------------------------------


def _spot(random: Random) -> Spot:
    precision = _weighted(random, _PRECISION_WEIGHTS)
    if precision in ("settlement", "near"):
        place = _settlement(random.choice(_PLACES))
        return Spot(place, precision, _REGIONS[place.parent][0])
    if precision == "region":
        region = random.choice(sorted(_REGIONS))
        return Spot(_region(region), precision, _REGIONS[region][0])
    if precision == "site":
        return Spot(_site("zaporizhzhia.zaporizhzhia-npp"), precision, "Zaporizhzhia oblast")
    if precision == "district":
        raion = _raion("kharkiv.kupiansk-raion")
        return Spot(raion, precision, "Kharkiv oblast", raion.name)
    if precision == "line":
        return Spot(random.choice((_axis("axis.pokrovsk"), _sea("theatre.black-sea"))), precision, None)
    return Spot(Place("ukraine", "Ukraine", "Україна", "country", "", source="curated"), precision, None)


@cache
def _settlement(line: str) -> Place:
    place_id, name, local, kind, lat, lon, position, source = line.split("|")
    place = Place(
        place_id, name, local, kind, place_id.partition(".")[0], lat=float(lat), lon=float(lon), source=source
    )
    accuracy_km = 12.0 if position == "estimated" else 1.5
    return replace(place, extent_km=_EXTENT_KM[kind], position=position, accuracy_km=accuracy_km)


@cache
def _region(region: str) -> Place:
    name, local, country, lat, lon, _ = _REGIONS[region]
    return Place(region, name, local, "region", country, lat=lat, lon=lon, extent_km=120.0, source="naturalearth")


def _raion(raion: str) -> Place:
    name, local, lat, lon = _RAIONS[raion]
    return Place(
        raion, name, local, "raion", raion.partition(".")[0], lat=lat, lon=lon, extent_km=40.0, source="curated"
    )


def _site(site: str) -> Place:
    name, local, lat, lon = _SITES[site]
    return Place(site, name, local, "nuclear_plant", site.partition(".")[0], lat=lat, lon=lon, source="curated")


def _axis(axis: str) -> Place:
    name, local, lat, lon, radius_km, through = _AXES[axis]
    place = Place(axis, name, local, "axis", "", lat=lat, lon=lon, extent_km=radius_km, source="curated")
    return replace(place, position="estimated", through=tuple(through.split()))


def _sea(sea: str) -> Place:
    name, local, lat, lon = _LINES[sea]
    return Place(sea, name, local, "sea", "", lat=lat, lon=lon, extent_km=300.0, source="curated")


def _name(place: Place, words: str, language: str) -> Name:
    return Name(place.id, words, language, "standard", "name of the place row", place.source)


def _box(region: str, west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"id": region}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _write_places(path: Path, places: list[Place]) -> None:
    _write_table(path, PLACE_COLUMNS, [[getattr(place, column, None) for column in PLACE_COLUMNS] for place in places])


def _write_table(path: Path, columns: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def _weighted(random: Random, weights: dict[str, int]) -> str:
    return random.choices(tuple(weights), tuple(weights.values()))[0]
