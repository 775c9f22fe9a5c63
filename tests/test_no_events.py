"""Many names of cities are no event: texts about travel, money, sports, weather, history and twin towns report nothing."""

import re
import tomllib
from pathlib import Path
from random import Random

import pytest

TEXTS = tomllib.loads(Path(__file__).with_name("no_events.toml").read_text(encoding="utf-8"))
SORTS = ("travel", "economy", "sports", "weather", "history", "twins")
_GAP = re.compile(r"\{(\d+)\}")


def filled(language, sort, seed):
    """The text of one sort with all forty cities of its language, in an order drawn by lot."""
    cities = TEXTS[language]["cities"].split(", ")
    Random(seed).shuffle(cities)

    def some(gap):
        return ", ".join(cities.pop() for _ in range(int(gap.group(1))))

    text = _GAP.sub(some, TEXTS[language][sort])
    assert cities == []
    return text


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(s, marks=pytest.mark.slow) for s in range(3, 30))])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("language", TEXTS)
def test_forty_cities_and_no_event_give_no_report(language, sort, seed, read_text):
    """Every city is seen, none is reported."""
    reading = read_text(filled(language, sort, seed), language)

    assert [(r.place_id, r.kind, r.quote) for r in reading.reports] == []
    assert len(reading.verdicts) >= 34, "cities that are not seen cannot be reported wrongly"


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_cities_are_reported_where_something_happened(language, read_text):
    """So that the texts above cannot pass for want of names: one sentence on an attack changes the answer."""
    attack = {
        "en": "Drones attacked {}.",
        "id": "Drone menyerang {}.",
        "uk": "Дрони атакували {}.",
        "ru": "Дроны атаковали {}.",
        "fr": "Des drones ont attaqué {}.",
        "de": "Drohnen griffen {} an.",
        "es": "Los drones atacaron {}.",
        "pl": "Drony zaatakowały {}.",
    }[language]
    city = TEXTS[language]["cities"].split(", ")[1]
    reading = read_text(f"{filled(language, 'weather', 1)}\n{attack.format(city)}", language)

    assert [(r.place_id, r.kind) for r in reading.reports] == [("kharkiv.kharkiv", "air_strike")]
