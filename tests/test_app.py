"""The page as Streamlit runs it, without a browser: widgets, what they do to the table, and the address."""

import json
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.build import build
from geo.dataset.queries import open_reports
from geo.dataset.store import save_dataset
from geo.dataset.timeline import Filter, select
from geo.view import page
from tests.reports import make_dataset, make_gazetteer, make_readings

APP = str(Path(__file__).parents[1] / "app.py")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return make_dataset(tmp_path_factory.mktemp("data") / "reports", 300)


@pytest.fixture
def opened(dataset, monkeypatch):
    """Open the page of the dataset, with an address if one is given."""

    def opened(**query: str | list[str]) -> AppTest:
        monkeypatch.setattr(sys, "argv", ["app.py", str(dataset.folder)])
        app = AppTest.from_file(APP, default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return checked(app.run())

    return opened


def test_another_gazetteer_names_the_oblasts_of_the_filter(opened, monkeypatch, tmp_path):
    """As `serve --gazetteer DIR` starts the page; without it the bundled one names them."""
    assert "Kharkiv oblast" in opened().multiselect(key="places").options

    gazetteer = Path(shutil.copytree(Path(__file__).parent / "gazetteer", tmp_path / "gazetteer"))
    regions = gazetteer / "regions.csv"
    regions.write_text(regions.read_text(encoding="utf-8").replace("kharkiv,Kharkiv,", "kharkiv,Sloboda,"))
    monkeypatch.setattr(sys, "argv", [*sys.argv, str(gazetteer)])
    offered = checked(AppTest.from_file(APP, default_timeout=60).run()).multiselect(key="places").options

    assert any(words.startswith("Sloboda") for words in offered)
    assert "Kharkiv oblast" not in offered


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """Everything that is set as HTML on the page."""
    return "\n".join(element.proto.body for element in app.get("html"))


def sent(app: AppTest, name: str) -> dict:
    """What a component of ours is given."""
    protos = [element.proto for element in app.get("bidi_component")]
    proto = next(proto for proto in protos if proto.component_name == f"frontline_{name}")
    return json.loads(proto.json or proto.mixed.json)


def row_ids(dataset) -> list[str]:
    """The ids of reports by the row number that the map knows them by."""
    return list(open_reports(dataset.folder)[0].ids)


def counted(app: AppTest) -> int:
    """How many reports the header says are shown."""
    return int(html(app).split('role="status">')[1].split(" of ")[0].replace(",", ""))


def test_the_page_opens_on_everything(opened, dataset):
    """Whole span, cumulative, running totals left out, the newest capture selected with its quote."""
    app = opened()
    shown = select(dataset.events, Filter())

    assert counted(app) == len(shown) < len(dataset.events)
    assert f"of {len(dataset.events)} reports" in html(app)
    assert "days with a digest" in html(app)
    assert "Sample digests: no source" in html(app)
    assert "Reports as published. Not verified." in html(app)
    assert "<mark>" in html(app)
    assert sent(app, "map")["window"]["mode"] == "cumulative"
    assert row_ids(dataset)[sent(app, "map")["selected"]] == page.opening_selection(shown)


def test_without_our_server_the_files_come_inline(opened):
    """`streamlit run app.py`: scripts and data travel once, in a component that never changes."""
    app = opened()

    assert sent(app, "map")["columns"] is None
    assert set(sent(app, "inline")) == {"columns", "base", "messages"}


def test_the_map_is_told_what_passes_not_what_it_says(opened, dataset):
    """A filter sends a mask; no quote and no claimant goes to the map."""
    app = opened()
    checked(app.multiselect(key="kinds").set_value(["capture"]).run())

    assert sent(app, "map")["mask"]
    text = json.dumps(sent(app, "map"), ensure_ascii=False)
    assert not [quote for quote in dataset.events["quote"] if quote in text]


@pytest.mark.parametrize(
    ("key", "value", "chosen"),
    [
        ("kinds", ["capture", "shelling"], Filter(kinds=("capture", "shelling"))),
        ("claimant_sides", ["ukraine"], Filter(claimant_sides=("ukraine",))),
        ("actor_sides", ["unknown"], Filter(actor_sides=("unknown",))),
        ("places", ["donetsk.pokrovsk"], Filter(places=("donetsk.pokrovsk",))),
        ("precisions", ["region"], Filter(precisions=("region",))),
        ("statuses", ["disputed"], Filter(statuses=("disputed",))),
        ("languages", ["id"], Filter(languages=("id",))),
        ("axes", ["Pokrovsk axis"], Filter(axes=("Pokrovsk axis",))),
    ],
)
def test_a_filter_shows_what_it_says(opened, dataset, key, value, chosen):
    """Header, list, download and address agree with the selection of the table."""
    app = checked(opened().multiselect(key=key).set_value(value).run())
    shown = select(dataset.events, chosen)

    assert counted(app) == len(shown) > 0
    assert {row["id"] for row in sent(app, "list")["rows"]} <= set(shown["id"])
    assert app.query_params


def test_search_and_running_totals(opened, dataset):
    """Words are looked for in quotes and names; totals are shown when asked for."""
    app = checked(opened().text_input(key="text").set_value("Pokrovsk").run())
    assert counted(app) == len(select(dataset.events, Filter(text="Pokrovsk")))

    app.text_input(key="text").set_value("")
    checked(app.toggle(key="running_totals").set_value(True).run())
    assert counted(app) == len(dataset.events)


def test_date_fields_make_a_window(opened, dataset):
    """Both ends included; the timeline is told by a new turn."""
    app = opened()
    app.date_input(key="first").set_value(date(2024, 11, 5))
    checked(app.date_input(key="last").set_value(date(2024, 11, 11)).run())
    shown = select(dataset.events, Filter(since=date(2024, 11, 5), until=date(2024, 11, 11)))

    assert counted(app) == len(shown)
    assert sent(app, "map")["window"] == {"from": "2024-11-05", "until": "2024-11-11", "mode": "window"}
    assert sent(app, "map")["turn"] > 0
    assert app.query_params["w"] == "2024-11-05~2024-11-11"


def test_the_day_of_publication_can_count_instead(opened, dataset):
    """The switch changes which reports lie in the window."""
    app = opened(w="2024-11-05~2024-11-11", mode="window")
    checked(app.radio(key="by").set_value("published").run())
    chosen = Filter(since=date(2024, 11, 5), until=date(2024, 11, 11), by="published")

    assert counted(app) == len(select(dataset.events, chosen))
    assert sent(app, "map")["by"] == "published"


def test_an_address_opens_the_same_page(opened, dataset):
    """Filters, window, view and selection come back; the map is asked to go to the view."""
    chosen = dataset.events[dataset.events["kind"] == "shelling"]["id"].iloc[0]
    app = opened(
        kind=["shelling"], w="2024-11-02~2024-11-20", mode="window", e=chosen, v="9/48.28/37.18", colour="actor"
    )

    assert app.multiselect(key="kinds").value == ["shelling"]
    assert row_ids(dataset)[sent(app, "map")["selected"]] == chosen
    assert sent(app, "map")["view"] == {"zoom": 9, "lat": 48.28, "lon": 37.18}
    assert sent(app, "map")["colour"] == "actor"
    assert app.query_params["e"] == chosen


def test_an_address_that_makes_no_sense_opens_the_whole(opened):
    """Nothing of it is shown."""
    app = opened(kind=["<script>alert(1)</script>"], w="x~y", e="<img src=x onerror=alert(1)>", v="NaN/1/2")

    assert "<script>" not in html(app)
    assert "onerror" not in html(app)
    assert app.multiselect(key="kinds").value == []


def test_nothing_found_says_so_and_offers_a_way_back(opened):
    """The empty page has words and a reset; after it everything is there again."""
    app = checked(opened().text_input(key="text").set_value("no such words anywhere").run())

    assert counted(app) == 0
    assert "No report matches." in html(app)
    assert sent(app, "list")["rows"] == []
    checked(next(button for button in app.button if button.key == "reset_empty").click().run())
    assert counted(app) > 0
    assert [each.value for each in app.text_input if each.key.startswith("text")] == [""]


def test_downloads_say_what_they_hold(opened, dataset):
    """The number of reports and the days stand on the button."""
    app = opened(w="2024-11-01~2024-11-07", mode="window")
    shown = select(dataset.events, Filter(since=date(2024, 11, 1), until=date(2024, 11, 7)))
    labels = [element.proto.label for element in app.get("download_button")]

    assert len(labels) == 3
    assert all(f"{len(shown)} reports, 1–7 Nov" in label for label in labels)


def test_a_folder_without_a_dataset_says_so(tmp_path, monkeypatch):
    """In words, not as a traceback."""
    monkeypatch.setattr(sys, "argv", ["app.py", str(tmp_path / "<b>nothing</b>")])
    app = checked(AppTest.from_file(APP, default_timeout=60).run())

    assert "no dataset can be read here" in html(app)
    assert "<b>nothing" not in html(app)


def test_a_dataset_without_reports_is_a_decent_page(tmp_path, monkeypatch):
    """Digests were read, nothing is reported in them."""
    readings = [replace(reading, reports=(), verdicts=()) for reading in make_readings(20)]
    save_dataset(tmp_path / "empty", readings, gazetteer=make_gazetteer(tmp_path / "gazetteer"))
    monkeypatch.setattr(sys, "argv", ["app.py", str(tmp_path / "empty")])
    app = checked(AppTest.from_file(APP, default_timeout=60).run())

    assert "0 of 0 reports" in html(app)
    assert "No report matches." in html(app)


def test_without_a_folder_the_sample_is_shown(monkeypatch):
    """Built into the cache folder on first use."""
    monkeypatch.setattr(sys, "argv", ["app.py"])
    app = checked(AppTest.from_file(APP, default_timeout=120).run())

    assert counted(app) > 100
    assert "Sample digests: no source" in html(app)


def test_the_script_is_short_and_imports_only_our_package():
    """It lays out; whatever is decided is decided, and tested, elsewhere."""
    lines = Path(APP).read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}

    assert imported - set(sys.stdlib_module_names) == {"geo", "streamlit"}
    assert len(lines) < 130
    assert "geo.events" not in "\n".join(lines)


def test_the_digest_tells_under_which_other_names_its_text_came(monkeypatch, tmp_path):
    """The same text under two names is one digest, and both names can be found on the page."""
    told = "Day 982 of the war, 1 November 2024. Shelling hit Kharkiv, the governor said.\n"
    for name in ("morning <1>", "evening"):
        (tmp_path / f"{name}.txt").write_text(told)
    build([tmp_path], tmp_path / "out")
    monkeypatch.setattr(sys, "argv", ["app.py", str(tmp_path / "out")])
    app = checked(AppTest.from_file(APP, default_timeout=60).run())
    app.button_group(key="panel").set_value("digest")

    assert "The same text is also there as morning &lt;1&gt;; it counts once." in html(checked(app.run()))


def test_a_digest_of_one_name_tells_of_no_other(opened):
    """Most digests have one."""
    app = opened()
    app.button_group(key="panel").set_value("digest")

    assert "The same text" not in html(checked(app.run()))
