"""Who did it, with what and to whom, as sentences tell it; and the table of judgements that measures it."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from geo import Gazetteer, digest_of, events_in
from geo.text.digests import Metadata

ACCURACY = Path(__file__).parent / "benchmarks" / "accuracy"


@pytest.fixture(scope="module")
def report_of(gazetteer):
    """The only report of a short text."""

    def read(text: str, language: str):
        metadata = Metadata(language=language, published=date(2024, 11, 28))
        (report,) = events_in(digest_of(text, metadata=metadata), gazetteer)
        return report

    return read


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("language", "text", "actor", "side"),
    [
        ("en", "Russia is reportedly deploying two regiments to the Lyman direction.", "Russia", "russia"),
        ("ru", "ВСУ за последние четыре дня нанесли три удара по объектам в Курской области.", "ВСУ", "ukraine"),
        ("ru", "Ударов по Купянску за сутки было два.", None, None),
        (
            "en",
            "The Ukrainian Navy Commander described the drone attack on Odesa as the longest of the year.",
            None,
            None,
        ),
        ("en", "The Russian defence minister called the drone attack on Kursk a provocation.", None, None),
    ],
)
def test_the_actor_is_the_one_that_the_sentence_names(report_of, language, text, actor, side):
    """Numbers and times do not part a subject from its verb; an official who speaks of it did not do it."""
    report = report_of(text, language)

    assert (report.actor, report.actor_side) == (actor, side)


@pytest.mark.parametrize(
    ("opening", "side"),
    [
        ("According to the General Staff of Ukraine, the enemy pressed hardest in the east – ", "russia"),
        ("According to the General Staff of Ukraine, the enemy was repelled in the east – ", None),
        ("According to the General Staff of Ukraine, it was a long day in the east – ", None),
    ],
)
def test_a_count_behind_a_dash_tells_what_the_enemy_did(report_of, opening, side):
    """The count belongs to the enemy that opens the sentence, unless the sentence tells what was done to it."""
    report = report_of(f"{opening}18 attacks in the area of Kupiansk.", "en")

    assert report.actor_side == side


@pytest.mark.parametrize(
    ("language", "text", "killed", "injured"),
    [
        ("en", "A missile hit a warehouse in Odesa. At least four people were killed and nine injured.", (4, None), (9, 9)),
        ("ru", "Беспилотник попал в дом в Белгороде. Ранены двое мужчин.", (None, None), (2, 2)),
        ("uk", "Російські війська завдали ракетного удару по Харкову. Загинуло щонайменше 7 осіб.", (7, None), (None, None)),
        ("id", "Sebuah rudal menghantam gudang di Odesa. Dua orang tewas.", (2, 2), (None, None)),
        # Another paragraph, another place, another attack, a total: not the people of this report.
        ("en", "A missile hit a warehouse in Odesa.\n\nFour people were killed.", (None, None), (None, None)),
        ("en", "A missile hit a warehouse in Odesa. Four people died in Berlin.", (None, None), (None, None)),
        ("en", "A missile hit a warehouse in Odesa. Nobody was killed.", (None, None), (None, None)),
    ],
)  # fmt: skip
def test_victims_are_told_of_in_the_sentence_behind(report_of, language, text, killed, injured):
    """A sentence of people hurt, at no place of its own and in the same paragraph, belongs to the report before it."""
    report = report_of(text, language)

    assert (report.killed_min, report.killed_max) == killed
    assert (report.injured_min, report.injured_max) == injured
    assert bool(report.more_quotes) == (killed != (None, None) or injured != (None, None))
    assert all(text[q.start : q.end] == q.quote for q in report.more_quotes)


def test_victims_behind_a_sentence_with_two_reports_belong_to_neither(gazetteer):
    """Nobody can say in which of two places they were."""
    metadata = Metadata(language="en", published=date(2024, 11, 28))
    text = "Missiles hit warehouses in Odesa and Kharkiv. Four people were killed."

    reports = list(events_in(digest_of(text, metadata=metadata), gazetteer))

    assert len(reports) == 2
    assert [r.killed_min for r in reports] == [None, None]


@pytest.mark.parametrize(
    ("text", "injured"),
    [
        ("At least six people were hurt when one of the three drones fell on a house in Kherson.", (6, None)),
        ("One resident in the city of Kherson was injured.", (1, 1)),
    ],
)
def test_figures_count_people_alone(report_of, text, injured):
    """ "One of the drones" counts nobody, and words that say where do not part a figure from its verb."""
    report = report_of(text, "en")

    assert (report.injured_min, report.injured_max) == injured


@pytest.mark.parametrize(("table", "least"), [("who_did_what.csv", 100), ("who_did_what_posts.csv", 50)])
def test_judgements_hold_keys_once_and_words_of_the_contract(table, least):
    """Each judged report stands once; sides, means and actions are those that a report can have."""
    with (ACCURACY / table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(r["digest"], r["place_id"], r["kind"], r["date"]) for r in rows]

    assert len(rows) >= least
    assert len(set(keys)) == len(keys)
    assert {s for r in rows for s in r["actor_side"].split("|")} <= {"", "russia", "ukraine", "third"}
    means = {"", "drone", "missile", "glide_bomb", "aircraft", "artillery", "mortar", "mine"}
    assert {m for r in rows for m in r["means"].split("|")} <= means
    assert {a for r in rows for a in r["action"].split("|")} <= {"", "seized", "retaken", "entered", "advanced"}
    assert max(len(words.split()) for r in rows for words in r["actor"].split("|") if words) <= 5  # words, no sentences


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("drone", "right"), ("missile", "wrong"), (None, "missed")],
)
def test_the_measure_tells_right_wrong_and_missed_apart(monkeypatch, said, verdict):
    """A null where the text tells is missed; another value is wrong."""
    monkeypatch.syspath_prepend(str(ACCURACY))
    import who_did_what

    assert who_did_what.verdict({"means": said}, {"means": "drone"}, ["means"]) == verdict
    sys.modules.pop("who_did_what")
