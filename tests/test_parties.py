"""The parties are treated alike: swapping them in a text changes only who is named."""

import re
import tomllib
from pathlib import Path

import pytest

from geo.languages import codes

SENTENCES = tomllib.loads(Path(__file__).with_name("parties.toml").read_text(encoding="utf-8"))
CASES = [(language, sentence) for language, sentences in SENTENCES.items() for sentence in sentences]
OTHER_SIDE = {"russia": "ukraine", "ukraine": "russia"}


def one_way(sentence):
    return re.sub(r"\{([^|}]*)\|[^}]*\}", r"\1", sentence)


def other_way(sentence):
    return re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", sentence)


def swapped(side):
    return OTHER_SIDE.get(side, side)


def without_words(report, side=lambda s: s):
    """What a report says apart from words and offsets; ``side`` is applied to every party that it names."""
    party, dot, rest = (report.claimant_id or "").partition(".")
    people = (report.killed_min, report.killed_max, report.injured_min, report.injured_max)
    return {
        "where": (report.place_id, report.precision, report.radius_km, report.bearing, report.axis),
        "when": (report.date, report.date_end, report.date_precision, report.date_basis),
        "what": (report.kind, report.action, report.means, report.outcome, report.status, people, report.running_total),
        "who": (side(report.actor_side), side(report.claimant_side), f"{side(party)}{dot}{rest}"),
        "further": [(q.stance, side(q.claimant_side)) for q in report.more_quotes],
    }


def verdicts(reading):
    """What became of the mentions, less those that name a party: "VSU" holds no name of a place, "VS RF" does."""
    named = ("government", "part_of_name", "country_only")
    return [(v.role, v.mention.relation) for v in reading.verdicts if v.role not in named]


@pytest.mark.parametrize(("language", "sentence"), CASES)
def test_swapping_the_parties_changes_only_who_is_named(language, sentence, read_text):
    """Same places, kinds, days, status, figures and verdicts; actors, claimants and sides change places."""
    here, there = read_text(one_way(sentence), language), read_text(other_way(sentence), language)

    assert [without_words(r, swapped) for r in here.reports] == [without_words(r) for r in there.reports]
    assert verdicts(here) == verdicts(there)


@pytest.mark.parametrize("language", codes())
def test_the_sentences_name_both_parties_and_give_reports(language, read_text):
    """So that the swap cannot hold for want of anything to compare: every pack has such sentences."""
    sentences = SENTENCES[language]
    readings = [read_text(way(sentence), language) for sentence in sentences for way in (one_way, other_way)]
    reports = [r for reading in readings for r in reading.reports]

    assert {"russia", "ukraine"} <= {r.actor_side for r in reports}
    assert {"russia", "ukraine"} <= {r.claimant_side for r in reports}
    assert sum(bool(reading.reports) for reading in readings) >= 2 * (len(sentences) - 2)
    assert "claimed" in {r.status for r in reports}
    assert {"disputed", "acknowledged"} & {r.status for r in reports}
