"""`confidence` is how often places on the same ground were right, as measured; never a guess of its own."""

import tomllib
from pathlib import Path

import pytest

import geo
from geo.reading.confidence import GROUNDS, WIDER_AREA, ground_of, smoothed

MEASURED = tomllib.loads((Path(geo.__file__).parent / "reading" / "confidence.toml").read_text(encoding="utf-8"))

# (ground, language, text): the last report of each stands on that ground.
EXAMPLES = (
    ("wide_unit", "en", "Drones struck Sumy oblast."),
    ("wide_unit", "uk", "Дрони атакували Сумську область."),
    ("others_refused", "id", "Rusia merebut desa Yasna Poliana di dekat Vuhledar di Donetsk."),
    ("alone_and_told", "en", "Shells fell on Synkivka near Kupiansk."),
    ("alone_city", "ru", "Дрон попал в дом в Таганроге."),
    ("alone_village", "en", "Shells fell on Synkivka."),
    ("clear_margin", "ru", "Ракета попала в дом в Киеве."),
    ("wider_area", "ru", "Российские войска заняли село Зябрюхино в Донецкой области."),
)


def test_every_ground_was_measured():
    """And nothing else stands in the table."""
    assert set(MEASURED) == {WIDER_AREA, *(g.__name__ for g in GROUNDS)}
    assert all(0 <= row["right"] <= row["judged"] for row in MEASURED.values())


def test_the_narrower_the_choice_the_less_sure_it_is():
    """The measure agrees with the order in which the grounds are tried."""
    sure = {name: smoothed(row["right"], row["judged"]) for name, row in MEASURED.items()}

    assert sure["clear_margin"] > sure["fair_margin"] > sure["narrow_margin"]
    assert sure["alone_and_told"] > sure["alone_village"]


def test_a_small_sample_gives_no_certainty():
    assert smoothed(3, 3) == 0.8
    assert smoothed(0, 0) == 0.5
    assert smoothed(99, 99) < 1


@pytest.mark.parametrize(("ground", "language", "text"), EXAMPLES)
def test_a_report_says_how_sure_its_place_is(ground, language, text, read_text, gazetteer):
    reading = read_text(text, language)
    report = reading.reports[-1]
    resolution = next(v.resolution for v in reading.verdicts if v.mention.start == report.mention_start)
    fallback = None if resolution.place else "wider"

    assert ground_of(gazetteer.place(report.place_id), resolution, fallback) == ground
    assert report.confidence == smoothed(MEASURED[ground]["right"], MEASURED[ground]["judged"])
