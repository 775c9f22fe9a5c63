"""What may be given out: old enough, and of some kinds no finer place than a district or oblast."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from reports import make_dataset

from geo.dataset.formats.catalogue import FORMATS
from geo.dataset.outgoing import in_arrow
from geo.dataset.publication import BLANK, KEPT, Effect, publisher, telling
from geo.dataset.store import Dataset, load_dataset
from geo.dataset.streaming import Publishing, export_from, publish
from geo.dataset.tables import COLUMNS, EVENTS
from geo.dataset.timeline import Filter
from geo.errors import BrokenCuratedData
from geo.kinds import kinds
from geo.model import PRECISIONS
from geo.paths import bundled
from geo.reference.gazetteer import Gazetteer
from geo.reference.publication import Rules, problems, rules_of

RULES = Rules(3, {"deployment": "district", "air_defence": "region"})
LATE = date(2025, 3, 1)  # long after every report
FINER = {"district": PRECISIONS[:3], "region": PRECISIONS[:4]}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_dataset(tmp_path_factory.mktemp("publication") / "d", 600, seed=7)


def given(
    table: pa.Table, gazetteer: Gazetteer, rules: Rules = RULES, on: date = LATE
) -> tuple[list[dict[str, Any]], Effect]:
    """What is given out of a table, in memory."""
    made, effect = publisher(rules, gazetteer, on, telling([table], rules))(table)
    assert made.schema.equals(EVENTS) or made.column_names == EVENTS.names
    return made.to_pylist(), effect


def is_limited(row: dict[str, Any], rules: Rules = RULES) -> bool:
    return row["precision"] in FINER.get(rules.finest.get(row["kind"], ""), ())


def test_no_place_is_finer_than_its_kind_may_have(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """The others stay as they are; every report that was too fine is at its raion or oblast, or withheld."""
    before = in_arrow(dataset.events).to_pylist()
    after, effect = given(in_arrow(dataset.events), gazetteer)

    assert not any(map(is_limited, after))
    limited = [row for row in before if is_limited(row)]
    assert len(limited) == effect.wider + effect.unplaced > 20
    assert len(after) == len(before) - effect.unplaced
    assert effect.too_young == 0
    wider = [row for row in after if row["id"].split(".")[-1].rpartition("-public")[1]]
    assert len(wider) == effect.wider
    assert all(row["nominal"] and row["precision"] in ("district", "region") for row in wider)
    untouched = [row for row in after if row["why"] != "withheld for publication"]
    by_id = {row["id"]: row for row in before}
    assert all(
        row == by_id[row["id"]] or len(row["more_quotes"]) < len(by_id[row["id"]]["more_quotes"]) for row in untouched
    )
    assert len({row["id"] for row in after}) == len(after)


def test_nothing_of_a_finer_place_is_left(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Neither its names nor its id, position, quotes, offsets, axis or link; what is kept says nothing of it."""
    before = {row["id"]: row for row in in_arrow(dataset.events).to_pylist() if is_limited(row)}
    rows = pa.Table.from_pylist(list(before.values()), schema=EVENTS)
    after, effect = given(rows, gazetteer)
    text = json.dumps(after, ensure_ascii=False, default=str)

    assert effect.wider == len(after) > 0
    for row in before.values():
        place = gazetteer.get(row["place_id"])
        for told in (row["place_id"], row["quote"], row["url"], row["axis"], row["id"], f"{row['lat']!r}", row["why"]):
            assert not told or not re.search(re.escape(told) + r"(?![-\w])", text), told
        if place and place.kind not in ("city", "region"):  # a raion may bear the name of its city
            assert f'"{row["place"]}"' not in text
        assert f'"quote_start": {row["quote_start"]},' not in text or row["quote_start"] == 0
    assert {row[name] for row in after for name in ("axis", "bearing", "distance_km", "actor", "claimant", "url")} == {
        None
    }
    assert set(KEPT) | set(BLANK) < set(COLUMNS)


def test_a_sentence_is_not_told_by_another_report(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """A strike in the sentence that tells where troops were moved keeps its place and loses its words."""
    (moved,) = (
        dataset.events[dataset.events["kind"] == "deployment"]
        .query("precision == 'settlement'")
        .head(1)
        .to_dict("records")
    )
    base = {**moved, "date": moved["date"], "published": moved["published"]}
    table = in_arrow(dataset.events[dataset.events["id"] == moved["id"]])
    (row,) = table.to_pylist()
    strike = {**row, "id": "strike", "kind": "air_strike"}
    other = {**row, "id": "other", "kind": "air_strike", "quote_start": row["quote_start"] + 1000, "more_quotes": [
        {"quote": row["quote"], "start": row["quote_start"], "end": row["quote_end"], "claimant": None, "claimant_side": "none", "stance": "same"},
        {"quote": "Harmless.", "start": 5000, "end": 5009, "claimant": None, "claimant_side": "none", "stance": "same"},
    ]}  # fmt: skip
    after, effect = given(pa.Table.from_pylist([row, strike, other], schema=EVENTS), gazetteer)
    by_id = {found["id"]: found for found in after}

    assert base["kind"] == "deployment"
    assert (effect.wider, effect.silenced) == (1, 2)
    assert (by_id["strike"]["quote"], by_id["strike"]["mention"], by_id["strike"]["quote_end"]) == ("", "", 0)
    assert by_id["strike"]["place_id"] == row["place_id"]
    assert by_id["other"]["quote"] == row["quote"]  # another sentence, which happens to read the same
    assert [quote["quote"] for quote in by_id["other"]["more_quotes"]] == ["Harmless."]


def test_both_parties_are_treated_alike(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Swapping them in the reports swaps them in what is given out, and nothing else."""
    swap = {"russia": "ukraine", "ukraine": "russia"}
    events = dataset.events
    swapped = events.assign(**{side: events[side].replace(swap) for side in ("actor_side", "claimant_side")})
    plain, first = given(in_arrow(events), gazetteer)
    mirrored, second = given(in_arrow(swapped), gazetteer)

    assert first == second
    for one, other in zip(plain, mirrored, strict=True):
        sides = {side: swap.get(one[side], one[side]) for side in ("actor_side", "claimant_side")}
        assert {**one, **sides} == other


@pytest.mark.parametrize("age", [0, 1, 10])
def test_an_event_counts_by_its_last_day(age: int, dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Of exactly the minimum age it is given out, of a day less it is withheld and counted."""
    on = date(2024, 11, 20)
    after, effect = given(in_arrow(dataset.events), gazetteer, Rules(age, {}), on)
    days = [row["date_end"] for row in after]

    assert max(days).toordinal() == on.toordinal() - age
    assert effect == Effect(too_young=int((dataset.events["date_end"].dt.date > max(days)).sum()))
    assert len(after) + effect.too_young == len(dataset.events)


def test_a_place_that_nobody_knows_is_withheld(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """And counted: nothing says what it lies in."""
    events = dataset.events[dataset.events["kind"] == "deployment"].query("precision == 'settlement'").head(3)
    after, effect = given(in_arrow(events.assign(place_id="nowhere.at-all")), gazetteer)

    assert (after, effect.unplaced) == ([], 3)


@pytest.mark.parametrize("group", [1, 7, 100])
def test_batches_give_what_the_whole_gives(group: int, dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Also the ids, which count within a digest."""
    table = in_arrow(dataset.events)
    whole, effect = given(table, gazetteer)
    one = publisher(RULES, gazetteer, LATE, telling([table], RULES))
    parts = [one(table.slice(start, group)) for start in range(0, len(table), group)]

    assert [row for part, _ in parts for row in part.to_pylist()] == whole
    assert sum((part for _, part in parts), Effect()) == effect


# --- what carries it -------------------------------------------------------------------------------------------------


def test_an_export_says_by_which_rules_it_went(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Inside, in words and numbers, with the day; the sources of the wider outlines are credited."""
    public = Publishing(RULES, date(2024, 11, 20), gazetteer)
    export = export_from(dataset.folder, Filter(running_totals=True), FORMATS["geojson"], publishing=public)
    collection = json.loads(b"".join(FORMATS["geojson"].pieces(export)))

    told = collection["publication"]
    assert (told["on"], told["minimum_age_days"], told["finest"]) == ("2024-11-20", 3, dict(RULES.finest))
    assert f"up to 2024-11-17 ({told['too_young']} later ones withheld)" in told["words"]
    assert told["made_wider"] > 0
    assert (
        collection["reports"]
        == len(collection["features"])
        == len(dataset.events) - told["too_young"] - told["without_wider_place"]
    )
    assert not any(is_limited(feature["properties"]) for feature in collection["features"])
    assert any("Raion and oblast outlines" in line for line in collection["attribution"])


def test_a_filter_sees_only_what_is_given_out(dataset: Dataset, gazetteer: Gazetteer) -> None:
    """Asking for the finer place, or for a word of the quote, does not tell whether troops were moved there."""
    rows = in_arrow(dataset.events).to_pylist()
    (moved,) = [row for row in rows if row["kind"] == "deployment" and row["precision"] == "settlement"][:1]
    public = Publishing(Rules(0, dict.fromkeys(kinds(), "region")), LATE, gazetteer)
    for asked in (
        Filter(places=(moved["place_id"],)),
        Filter(places=(moved["place"],)),
        Filter(places=(moved["place_id"],), within_km=1),
        Filter(text=moved["quote"].split()[0]),
    ):
        export = export_from(dataset.folder, replace(asked, running_totals=True), FORMATS["geojson"], publishing=public)
        ids = {f["properties"]["place_id"] for f in json.loads(b"".join(FORMATS["geojson"].pieces(export)))["features"]}
        assert moved["place_id"] not in ids


def test_a_published_dataset_can_be_opened(dataset: Dataset, gazetteer: Gazetteer, tmp_path: Path) -> None:
    """It holds what the export holds, the rules, and no mentions; downloads of its page say the rules, too."""
    public = Publishing(RULES, date(2024, 11, 20), gazetteer)
    publish(dataset.folder, tmp_path / "p", public)
    opened = load_dataset(tmp_path / "p")
    export = export_from(dataset.folder, Filter(running_totals=True), FORMATS["geojson"], publishing=public)

    assert opened.events["id"].tolist() == [
        f["properties"]["id"] for f in json.loads(b"".join(FORMATS["geojson"].pieces(export)))["features"]
    ]
    assert opened.manifest.provenance.publication == export.says["publication"]
    assert len(opened.mentions) == 0
    assert opened.manifest.attribution


# --- the rules -------------------------------------------------------------------------------------------------------


def test_the_rules_of_the_gazetteer_are_sound() -> None:
    """Deployment no finer than district, days of delay, no word about a party."""
    rules = rules_of(Gazetteer.load(bundled("gazetteer")))

    assert rules.minimum_age_days > 0
    assert rules.finest["deployment"] in ("district", "region")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"minimum_age_days": -1}, "minimum_age_days is -1"),
        ({"minimum_age_days": "3"}, "minimum_age_days is '3'"),
        ({"minimum_age_days": True}, "minimum_age_days is True"),
        ({}, "minimum_age_days is None"),
        ({"minimum_age_days": 3, "finest": {"parade": "district"}}, "the kind 'parade'"),
        ({"minimum_age_days": 3, "finest": {"deployment": "street"}}, "'deployment' is 'street'"),
        ({"minimum_age_days": 3, "russia": {}}, "knows no 'russia'"),
        ({"minimum_age_days": 3, "finest": 5}, "is no table"),
        (7, "is no table"),
    ],
)
def test_rules_that_make_no_sense_are_said_in_words(told: Any, said: str) -> None:
    """Each with what to write instead; there is no room for a rule of one party."""
    found = problems(told)

    assert any(said in what for what, _ in found)
    assert all(todo for _, todo in found)


def test_check_finds_them_with_file_and_line(frontline, tmp_path: Path) -> None:
    """And without rules, nothing is given out."""
    folder = Path(shutil.copytree(Path(__file__).parent / "gazetteer", tmp_path / "gazetteer"))
    path = folder / "theatre.toml"
    path.write_text(path.read_text("utf-8").replace('deployment = "district"', 'deployment = "street"'), "utf-8")
    code, out, _ = frontline("check", "--gazetteer", folder)
    assert code == 1
    assert f"{path}:" in out
    assert "the finest precision of 'deployment' is 'street'" in out
    text = path.read_text("utf-8")
    start, stop = text.index("[publication]"), text.index("# The two parties")
    path.write_text(text[:start] + text[stop:], "utf-8")
    with pytest.raises(BrokenCuratedData, match=r"there is no \[publication\]"):
        rules_of(Gazetteer.load(folder))


def test_the_command_gives_out_by_the_rules(frontline, tmp_path: Path) -> None:
    """It prints them; the day goes with --public alone."""
    data = make_dataset(tmp_path / "d", 60).folder
    out = tmp_path / "x.geojson"
    code, said, _ = frontline(
        "export", "--to", "geojson", "--data", data, "--out", out, "--public", "--on", "2025-01-01"
    )
    assert code == 0
    assert "By the rules of publication: events of 3 days ago or earlier, up to 2024-12-29" in said
    assert json.loads(out.read_text("utf-8"))["publication"]["on"] == "2025-01-01"

    code, _, err = frontline("export", "--to", "geojson", "--data", data, "--out", out, "--on", "2025-01-01")
    assert (code, "it goes with --public" in err) == (2, True)
