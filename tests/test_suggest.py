"""`frontline suggest`: our own names first, a geocoder only if it is asked for."""

import csv
import json
import re
import shutil
import subprocess
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.curation import geocoding
from geo.curation.candidates import slug
from geo.curation.checks import check
from geo.curation.suggesting import place_called, region_called, suggest
from geo.errors import WrongUse
from geo.reference.gazetteer import Gazetteer
from tests.serving import command

SMALL = Path(__file__).resolve().parent / "gazetteer"


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    return Gazetteer.load(SMALL)


def ids(found) -> list[str]:
    return [suggestion.place.id for suggestion in found]


# --- our own names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kurahovo", "donetsk.kurakhove"),
        ("Vuhlodar", "donetsk.vuhledar"),
        ("Вуглидар", "donetsk.vuhledar"),
        ("Селидово", "donetsk.selydove"),
        ("Velika Novosilka", "donetsk.velyka-novosilka"),
    ],
)
def test_a_misspelt_name_finds_its_place(typed, meant, small):
    """In Latin and in Cyrillic letters, by any spelling that we know."""
    assert ids(suggest(typed, small))[0] == meant


def test_the_right_oblast_comes_first(small):
    """A namesake elsewhere stands behind those of the oblast of the place close by."""
    near = place_called("Vuhledar", small, "--near")
    found = suggest("Yasna Polyana", small, near=near)

    assert ids(found)[0] == "donetsk.yasna-poliana"
    assert found[0].near_km == pytest.approx(19.9, abs=0.5)
    regions = [small.region_of(s.place).id == "donetsk" for s in found]
    assert regions == sorted(regions, reverse=True)

    tula = region_called("Tula oblast", small, "--region")
    assert ids(suggest("Yasna Polyana", small, region=tula))[0] == "tula.yasnaya-polyana"


def test_each_place_is_suggested_once_and_the_likest_spelling_named(small):
    """However many of its spellings are alike."""
    found = suggest("Vugledarr", small)

    assert len(ids(found)) == len(set(ids(found)))
    assert found[0].name.text == "Vugledar"
    assert 0.8 < found[0].alike < 1


def test_nothing_alike_is_no_suggestion(small):
    """Better none than a far-fetched one."""
    assert suggest("Qqxzqxzq", small) == []


def test_an_unknown_place_close_by_is_wrong_use(frontline):
    """With what to do."""
    code, out, err = frontline("suggest", "Kurahovo", "--near", "Quxavivka", "--gazetteer", SMALL)
    assert (code, out) == (2, "")
    assert "--near Quxavivka: no place has this id or name" in err

    code, out, err = frontline("suggest", "Kurahovo", "--region", "Vuhledar", "--gazetteer", SMALL)
    assert (code, out) == (2, "")
    assert "--region Vuhledar: no region has this id or name" in err


def test_suggestions_are_printed_and_told_as_json(frontline):
    """One line for each place; the same as data."""
    code, out, err = frontline("suggest", "Kurahovo", "--near", "Vuhledar", "--gazetteer", SMALL)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Kurahovo: did you mean"
    assert re.match(
        r"    donetsk.kurakhove: Kurakhove, town in Donetsk, Pokrovskyi raion; [\d.]+ km away \(", out.splitlines()[1]
    )

    told = json.loads(frontline("suggest", "Kurahovo", "--gazetteer", SMALL, "--json")[1])
    assert told[0]["suggestions"][0]["place_id"] == "donetsk.kurakhove"
    assert told[0]["online"] == []


def test_without_online_no_host_is_asked(tmp_path):
    """Not even looked up: the process runs where every other host is refused and noted."""
    call, environment = command("suggest", "Kurahovo", "Quxavivka", "--gazetteer", SMALL, folder=tmp_path)
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Quxavivka: nothing of ours is spelled like it" in done.stdout
    assert not (tmp_path / "refused.txt").exists()


# --- the geocoder ----------------------------------------------------------------------------------------------------

NOVE = {
    "place_id": 1, "osm_type": "node", "osm_id": 42, "lat": "48.1000512", "lon": "37.4999",
    "class": "place", "type": "village", "addresstype": "village", "name": "Нова Зоря",
    "display_name": "Нова Зоря, Донецька область, Україна", "address": {"country_code": "ua"},
    "namedetails": {"name": "Нова Зоря", "name:uk": "Нова Зоря", "name:ru": "Новая Заря"},
}  # fmt: skip
DAVYDOVSKE = NOVE | {
    "osm_id": 43, "lat": "47.7000", "lon": "37.2000", "name": "Зачатівка", "namedetails": {"name": "Зачатівка"},
}  # fmt: skip
STREET = NOVE | {"osm_id": 44, "type": "residential", "addresstype": "road", "class": "highway"}
ANSWERS = {
    "Nova Zoria": [NOVE, STREET],
    "Vuhledar": [NOVE | {"lat": "47.7801", "lon": "37.2507", "name": "Вугледар", "namedetails": {"name": "Вугледар"}}],
    "Zachativka": [DAVYDOVSKE | {"lat": "47.5000", "lon": "37.4500"}],
    "Far": [NOVE | {"lat": "10.0", "lon": "10.0"}],
    "Nowhere": [],
}


@pytest.fixture
def nominatim(monkeypatch, tmp_path):
    """A geocoder on this machine; it notes what it was asked, and by whom."""
    asked: list[tuple[dict[str, list[str]], str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            query = parse_qs(urlsplit(self.path).query)
            asked.append((query, self.headers["User-Agent"]))
            body = json.dumps(ANSWERS[query["q"][0]]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(geocoding, "SECONDS_APART", 0.1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.asked = asked
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def online(frontline, nominatim, *names, folder=SMALL, **_):
    options = ("--online", "--server", nominatim.url, "--contact", "curator@example.org", "--gazetteer", folder)
    return frontline("suggest", *names, *options)


def test_an_answer_is_a_row_that_passes_the_checks(frontline, nominatim, tmp_path):
    """With an id by our rules, the Ukrainian name, the romanisation, and its source; no street is offered."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))
    code, out, err = online(frontline, nominatim, "Nova Zoria", folder=folder)
    [line] = [line for line in out.splitlines() if "places_osm/donetsk.csv: " in line]
    row = line.split("places_osm/donetsk.csv: ")[1]

    assert (code, err) == (0, "")
    assert row == (
        "donetsk.nova-zoria,Nova Zoria,Нова Зоря,village,donetsk,,,48.1001,37.4999,1,unchecked,2,,osm:node/42,osm,,"
    )
    assert "© OpenStreetMap contributors, ODbL 1.0" in out
    assert "no row: no settlement (residential)" in out

    table = folder / "places_osm" / "donetsk.csv"
    header, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([header, *sorted([*rows, row])]) + "\n", encoding="utf-8")
    assert check(folder) == []


def test_who_asks_is_said_and_where_is_asked(frontline, nominatim):
    """Program, version and contact; only the countries of the theatre, near the place that was given."""
    code, _, _ = frontline(
        *("suggest", "Nova Zoria", "--online", "--server", nominatim.url, "--contact", "curator@example.org"),
        *("--near", "Vuhledar", "--gazetteer", SMALL),
    )
    [(query, agent)] = nominatim.asked

    assert code == 0
    assert re.fullmatch(r"frontline-map/[\d.]+ \(curator@example\.org\)", agent)
    assert query["countrycodes"] == ["ru,ua"]
    assert query["viewbox"]


def test_an_answer_is_kept_and_not_asked_for_again(frontline, nominatim):
    """In the cache folder: the second command asks nobody."""
    first = online(frontline, nominatim, "Nova Zoria", "Nowhere")
    second = online(frontline, nominatim, "Nova Zoria", "Nowhere")

    assert first == second
    assert [query["q"] for query, _ in nominatim.asked] == [["Nova Zoria"], ["Nowhere"]]


def test_a_place_that_we_have_gives_no_row(frontline, nominatim):
    """The message says which it is."""
    _, out, _ = online(frontline, nominatim, "Vuhledar")

    assert "no row: donetsk.vuhledar stands there already, 0.1 km away" in out


def test_an_estimated_place_gets_its_position_under_its_own_id(frontline, nominatim, tmp_path):
    """The one repetition that `check` allows: the same id and code, the position of OpenStreetMap."""
    _, out, _ = online(frontline, nominatim, "Zachativka")
    [line] = [line for line in out.splitlines() if "places_osm/donetsk.csv: " in line]

    assert "donetsk.zachativka-3,Zachativka,Зачатівка,village,donetsk,donetsk.volnovakha-raion" in line
    assert ",47.5000,37.4500,1,unchecked,2,UA14040150080049034,osm:node/43,osm,," in line


def test_an_answer_outside_our_regions_gives_no_row(frontline, nominatim):
    """It is shown all the same."""
    _, out, _ = online(frontline, nominatim, "Far")

    assert "no row: in no region that has an outline: Нова Зоря" in out


def test_a_geocoder_that_does_not_answer_is_an_error(frontline, tmp_path, monkeypatch):
    """Exit code 1, and what to do."""
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))
    options = ("--online", "--server", "http://127.0.0.1:9", "--contact", "x@example.org", "--gazetteer", SMALL)
    code, _, err = frontline("suggest", "Nova Zoria", *options)

    assert code == 1
    assert "http://127.0.0.1:9: the geocoder does not answer (" in err
    assert err.endswith("try again later\n")


def test_nobody_asks_without_saying_who():
    """The package's own address, or that of the person; with neither nothing is sent."""
    about = Message()
    about["Version"] = "1.0"
    with pytest.raises(WrongUse, match="--contact you@example"):
        geocoding.user_agent(about=about)
    assert geocoding.user_agent("x@example.org", about) == "frontline-map/1.0 (x@example.org)"

    about["Project-URL"] = "Homepage, https://example.org/frontline"
    assert geocoding.user_agent(about=about) == "frontline-map/1.0 (https://example.org/frontline)"


def test_questions_are_a_second_apart(nominatim, tmp_path, monkeypatch):
    """Also those of one command after another; the moment of the last question is kept beside the answers."""
    slept: list[float] = []
    monkeypatch.setattr(geocoding, "SECONDS_APART", 5)  # long enough for a slow machine
    monkeypatch.setattr(geocoding.time, "sleep", slept.append)
    geocoding.ask(["Nowhere"], agent="test", server=nominatim.url)
    geocoding.ask(["Far"], agent="test", server=nominatim.url)

    assert len(nominatim.asked) == 2
    assert 0 < slept[-1] <= 5


@pytest.mark.parametrize(
    ("name", "part"),
    [("Kup’iansk-Vuzlovyi", "kupiansk-vuzlovyi"), ("Yasna Poliana", "yasna-poliana"), ("Chełm", "chelm")],
)
def test_ids_follow_from_the_latin_name(name, part):
    """Lower case, hyphens, no apostrophes and no accents."""
    assert slug(name) == part


def test_every_id_of_the_gazetteer_is_what_the_rule_would_give():
    """So a new row looks like its neighbours."""
    for path in sorted(SMALL.glob("places*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["kind"] not in ("raion", "hromada"):
                    assert re.sub(r"-\d+$", "", row["id"].split(".")[1]) == re.sub(r"-\d+$", "", slug(row["name"]))


def test_an_unreadable_answer_in_the_cache_is_asked_for_again(nominatim, tmp_path):
    """Half-written files count as none."""
    geocoding.ask(["Nowhere"], agent="test", server=nominatim.url)
    [kept] = (tmp_path / "cache" / "nominatim").glob("*.json")
    kept.write_text("[{")

    assert geocoding.ask(["Nowhere"], agent="test", server=nominatim.url) == {"Nowhere": []}
    assert len(nominatim.asked) == 2
