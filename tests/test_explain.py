"""Every decision can be read: in words for a person, in full for a program."""

import json
from datetime import date

import pytest

from geo.events import read
from geo.explain import as_dict, geodesic_km, lines, visible, where
from geo.text.digests import Metadata, digest_of

TEXT = (
    "Day 982 of the war.\n"
    "• Russia captured Yasna Poliana near Vuhledar, the Russian defence ministry said. Ukraine denied the claim.\n"
    "• Fighting went on in Ivanivka, while talks in Brussels ended.\n"
    "Read more: Drones over Odesa\n"
)


@pytest.fixture(scope="module")
def reading(gazetteer):
    return read(digest_of(TEXT, metadata=Metadata(language="en")), gazetteer)


def test_the_dictionary_of_a_reading_survives_json(reading):
    """Nothing in it needs more than JSON has."""
    told = as_dict(reading)

    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told, default=str))


def test_every_mention_has_a_verdict_with_its_reason(reading):
    """None is left out, and a rejection says which words decided."""
    mentions = {m["mention"]: m for m in as_dict(reading)["mentions"]}

    assert {name: m["verdict"] for name, m in mentions.items() if name not in ("Russia", "Ukraine")} == {
        "Yasna Poliana": "report",
        "Vuhledar": "anchor",
        "Ivanivka": "unresolved",
        "Brussels": "venue",
        "Odesa": "boilerplate",
    }
    assert all(m["why"] for m in mentions.values() if m["verdict"] != "report")
    assert [m["report"] for m in mentions.values() if m["report"]] == [r.id for r in reading.reports]


def test_evidence_points_at_the_words_that_gave_it(reading):
    """By offset, where the words stand in the text."""
    [mention] = [m for m in as_dict(reading)["mentions"] if m["mention"] == "Yasna Poliana"]
    evidence = [e for c in mention["candidates"] for e in c["evidence"] if e["rule"] == "near_stated_place"]

    assert evidence
    assert {TEXT[e["start"] : e["stop"]] for e in evidence} == {"Vuhledar"}
    assert {e["weight"] is None for e in evidence} == {True, False}


def test_evidence_points_into_the_text_as_published(gazetteer):
    """Also behind marks that reading drops."""
    text = "\ufeff\u200fDay 982: Russia captured Yasna Poliana near Vuhle\u00addar."
    told = as_dict(read(digest_of(text, metadata=Metadata(language="en")), gazetteer))
    pointed = {
        text[e["start"] : e["stop"]]
        for m in told["mentions"]
        for c in m["candidates"]
        for e in c["evidence"]
        if e["rule"] == "near_stated_place"
    }

    assert pointed == {"Vuhle\u00addar"}


def test_lines_follow_the_text(reading):
    """Each sentence with its offsets, then its mentions; the chosen candidate is ticked, refused ones are crossed."""
    told = list(lines(reading))

    assert told[0] == "text: en, covers 2024-11-01 (by its day number)"
    starts = [int(line[1:].split("-")[0]) for line in told if line.startswith("[")]
    assert starts == sorted(starts)
    assert any(line.strip().startswith("✓ donetsk.yasna-poliana +") for line in told)
    assert any(line.strip().startswith("✗ donetsk.yasna-poliana-2 refused") for line in told)
    assert any("decision: low margin" in line for line in told)
    assert all("_" not in line.split("no report: ")[1].split(" (")[0] for line in told if "no report: " in line)


def test_lines_say_when_a_day_or_language_is_not_known(gazetteer):
    """And carry the warnings of the digest."""
    told = list(lines(read(digest_of("Vuhledar???"), gazetteer)))

    assert told[0] == "text: unknown language, day unknown"
    assert any(line.startswith("  warning: its language was not recognised") for line in told)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Вугледар “x” – 🔻", "plain Вугледар “x” – 🔻"),
        ("\x1b[31mred\x07", "\\u001b[31mred\\u0007"),
        ("\u202eabc\u2066\u200f", "\\u202eabc\\u2066\\u200f"),
        ("a\r\n\tb\u2028c", "a   b c"),
        ("\x9b2J\x7f", "\\u009b2J\\u007f"),
        ("\ufeffBOM", "\\ufeffBOM"),
    ],
)
def test_what_acts_on_a_terminal_is_made_visible(text, shown):
    """Letters, marks and blanks stay as they are."""
    assert visible(text) == shown


def test_where_tells_namesakes_apart_by_the_nearest_town(gazetteer):
    """Two villages of one name in one oblast."""
    rows = {r["place_id"]: r for r in where("Yasna Poliana", gazetteer)}

    assert rows["donetsk.yasna-poliana"]["nearest_town_km"] > 0
    assert rows["donetsk.yasna-poliana"]["nearest_town"] != rows["donetsk.yasna-poliana-2"]["nearest_town"]
    assert rows["donetsk.yasna-poliana"]["region"] == "Donetsk"


def test_distances_for_people_are_those_of_the_ellipsoid(gazetteer):
    """Within half a percent of the great circle that the rules use."""
    vuhledar, village = gazetteer.place("donetsk.vuhledar"), gazetteer.place("donetsk.yasna-poliana")

    assert geodesic_km(vuhledar, village) == pytest.approx(19.9, abs=0.3)


def test_an_explanation_does_not_change_with_the_clock(gazetteer):
    """The same digest gives the same words."""
    digest = digest_of(TEXT, metadata=Metadata(language="en", published=date(2024, 11, 1)))

    assert list(lines(read(digest, gazetteer))) == list(lines(read(digest, gazetteer)))
