"""The sample digests show what the program can do, say that they are samples, and every fact in them has a source."""

import csv
import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from marked import promises_broken

from geo.build import build
from geo.dataset.store import load_dataset
from geo.events import read
from geo.paths import bundled
from geo.text.digests import read_digest
from geo.text.inputs import find_inputs

FOLDER = bundled("data/digests")
FILES = sorted(FOLDER.glob("*.md"))
DIGESTS = [path for path in FILES if not path.name.startswith("README")]
COARSE = ("district", "region", "line", "country")
COMMON = ("capture", "ground_fighting", "air_strike", "shelling", "air_defence", "casualties")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, gazetteer):
    folder = tmp_path_factory.mktemp("samples")
    build([FOLDER], folder, gazetteer=gazetteer)
    return load_dataset(folder)


@pytest.fixture(scope="module")
def events(dataset):
    return dataset.events


def test_there_are_enough_digests_in_four_languages_with_gaps():
    """Between 1 November and 3 December 2024; some days have none, so that the page can say so."""
    days = [date.fromisoformat(path.stem[7:17]) for path in DIGESTS]

    assert len(DIGESTS) >= 40
    assert {path.stem[18:] for path in DIGESTS} == {"en", "id", "ru", "uk"}
    assert (min(days), max(days)) == (date(2024, 11, 1), date(2024, 12, 3))
    assert len(set(days)) < (max(days) - min(days)).days + 1


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_a_sample_says_what_it_is_and_its_dates_agree(path, gazetteer):
    """Outlet, language and day of the file's name; no warning about its dates; nothing read wrongly from its text."""
    digest = read_digest(path)

    assert (digest.outlet, digest.sample) == ("Frontline map sample", True)
    assert (digest.published.isoformat(), digest.language) == (path.stem[7:17], path.stem[18:])
    assert digest.warnings == ()
    assert promises_broken(read(digest, gazetteer)) == []


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_a_sample_is_our_own_words(path):
    """No direct speech: quotation marks stand around names and single words alone."""
    text = path.read_text(encoding="utf-8")
    quoted = re.findall(r"[“\"]([^”\"]+)[”\"]", text.split("+++", 2)[2])

    assert [q for q in quoted if len(q.split()) > 4] == []


def test_only_digests_are_read_from_the_folder():
    """Neither its README nor its table of sources."""
    assert [s.path.name for s in find_inputs([FOLDER]).sources] == [path.name for path in DIGESTS]


def test_every_sample_has_sources_for_its_facts():
    """A row for each fact; a file that is named exists."""
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == ["file", "fact", "source"]
    assert {row["file"] for row in rows} == {path.name for path in DIGESTS}
    assert all(row["fact"].strip() and row["source"].strip() for row in rows)
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)


def test_the_samples_come_in_the_forms_that_real_digests_have():
    """Datelines, bullets, links to other articles, day numbers, attribution first and last, relative dates."""
    texts = [path.read_text(encoding="utf-8") for path in DIGESTS]
    forms = {
        "dateline": r"(?m)^[A-Z]{4,}[A-Z ]*(?:\([^)]*\)|,[^\n]{0,30})? (?:-|–|—) ",
        "bullets": r"(?m)^(?:[-•*]|\d+\.) ",
        "link": r"(?m)^(?:Baca juga|Read (?:more|also)|See also):?",
        "day number": r"(?:hari ke-|[Dd]ay |Hari Ke-)\d{3}|1[.,]0\d\d",
        "figures": r"\(\d{1,2}/\d{1,2}/2024\)",
        "weekday": r"\b(?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|pada (?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu))",
        "overnight": r"\b(?:overnight|semalam|malam)",
        "source first": r"(?:According to|Menurut) ",
        "source last": r", (?:kata|ujar|said|according to|demikian|tulis) ",
    }

    assert {name for name, form in forms.items() if sum(bool(re.search(form, text)) for text in texts) < 3} == set()


def test_the_samples_give_enough_to_look_at(events):
    """Reports, places, days, oblasts on both sides of the border, areas, kinds, sides, disputes and ranges."""
    kinds = Counter(events["kind"])
    days = {
        day + timedelta(days=n)
        for day, last in zip(events["date"].dt.date, events["date_end"].dt.date, strict=True)
        for n in range((last - day).days + 1)
    }

    assert len(events) >= 150
    assert events["place_id"].nunique() >= 60
    assert len(days) >= 25
    assert events["region"].nunique() >= 8
    assert {"Donetsk", "Kharkiv", "Kursk", "Belgorod"} <= set(events["region"])
    assert events["precision"].isin(COARSE).sum() >= 15
    assert {kind for kind in COMMON if kinds[kind] < 5} == set()
    assert {"russia", "ukraine"} <= set(events["claimant_side"])
    assert {"russia", "ukraine"} <= set(events["actor_side"].dropna())
    assert (events["status"] == "disputed").sum() >= 4
    assert (events["date_precision"] == "range").sum() >= 3


def test_some_happenings_are_told_by_several_digests(events):
    """So that what one event looks like in two digests can be seen."""
    tellers = events.groupby(["place_id", "kind", "date"], observed=True)["digest"].nunique()

    assert (tellers >= 2).sum() >= 10


def test_every_feature_says_that_it_is_a_sample(dataset, events):
    """And so does the dataset."""
    assert events["sample"].all()
    assert dataset.manifest.sample


def test_the_file_in_the_repository_is_what_the_digests_give(dataset):
    """``data/events.geojson`` is built, never edited: `make build` renews it."""
    stored = FOLDER.parent / "events.geojson"
    if not stored.is_file():
        pytest.skip("this copy of the package comes without data/events.geojson")

    built = json.loads((dataset.folder / "events.geojson").read_text(encoding="utf-8"))
    held = json.loads(stored.read_text(encoding="utf-8"))

    assert [f["properties"]["id"] for f in held["features"]] == [f["properties"]["id"] for f in built["features"]]
    assert stored.read_bytes() == (dataset.folder / "events.geojson").read_bytes()


def test_the_samples_name_places_that_the_gazetteer_knows(dataset):
    """A mention that stays unresolved is one that the text leaves open on purpose."""
    unresolved = dataset.mentions[dataset.mentions["verdict"] == "unresolved"]

    assert len(unresolved) <= 0.02 * len(dataset.mentions)
