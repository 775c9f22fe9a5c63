"""The gazetteer opens at once, knows every spelling of its places, and says how each came about."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BrokenCuratedData, UnreadableInput
from geo.languages import inflection
from geo.reference.gazetteer import Gazetteer, distance_km
from geo.reference.names import key, plain

SMALL = Path(__file__).resolve().parent / "gazetteer"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small gazetteer to change."""
    return Path(shutil.copytree(SMALL, tmp_path / "gazetteer"))


def edit(path: Path, old: str, new: str) -> int:
    """Replace a piece of a file; return its line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    ["Vuhledar", "VUHLEDAR", "Vugledar", "Ugledar", "Вугледар", "Вугледа\u0301р", "Угледар", "vu\u00adhledar"],
)
def test_a_place_has_many_spellings(spelling, gazetteer):
    """In several languages, with and without marks, whatever the case."""
    assert "donetsk.vuhledar" in {n.place_id for n in gazetteer.named(spelling)}


def test_a_spelling_says_how_it_came_about(gazetteer):
    """Its language, its standing, and the rule or table that gave it."""
    names = {(n.text, n.how, n.standing) for n in gazetteer.named("Зарічне") if n.place_id == "donetsk.zarichne"}
    by_rule = {n.how for n in gazetteer.named("Gulyaypole") if n.place_id == "zaporizhzhia.huliaipole"}

    assert ("Зарічне", "local name", "standard") in names
    assert by_rule
    assert all(" of " in how or "name" in how for how in by_rule)


def test_a_name_that_nobody_bears_is_known_of_nothing(gazetteer):
    """An answer, not an error."""
    assert gazetteer.named("Quxavivka") == ()
    assert gazetteer.named("") == ()


def test_a_match_says_whether_a_longer_name_begins_so(gazetteer):
    """That is how the longest name is found word by word."""
    assert gazetteer.match("chasiv").longer
    assert not gazetteer.match("chasiv").names
    assert "donetsk.chasiv-yar" in {n.place_id for n in gazetteer.match("chasiv yar").names}
    assert not gazetteer.match("chasiv yaroslavl").names


# --- names in a text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marked",
    [
        "Kämpfe um [Chasiv Yar|donetsk.chasiv-yar] und bei [Pokrovsk|donetsk.pokrovsk].",
        "[Kyiv|kyivcity.kyiv]’s allies met",
        "Le port d’[Odessa|odesa.odesa] a été touché",
        "L’[Ukraine|ukraine] et la Russie",
        "Бої точаться під [Покровськом|donetsk.pokrovsk], у [Часовому Яру|donetsk.chasiv-yar] і в [Куп’янську-Вузловому|kharkiv.kupiansk-vuzlovyi].",
        "Обстріляли [Куп'янськ|kharkiv.kupiansk]",
        "В [Часовом\nЯре|donetsk.chasiv-yar] бои",
        "покровськом і Xxyy",
    ],
)
def test_every_name_of_a_text_is_found_where_it_stands(marked, gazetteer):
    """The longest name at each capital, in any case form, without a possessive 's, across the end of a line."""
    text, expected = unmark(marked)
    found = {(f.start, f.stop): {n.place_id for n in f.names} for f in gazetteer.names_in(text)}

    assert all(place in found.get(span, ()) for span, place in expected)
    assert bool(found) == bool(expected)


def unmark(marked: str) -> tuple[str, list[tuple[tuple[int, int], str]]]:
    """Take "[name|place]" out of a text; return it with each (start, stop) and place."""
    text, expected = "", []
    for piece in re.split(r"(\[[^\]]+\])", marked):
        if piece.startswith("["):
            name, place = piece[1:-1].split("|")
            expected.append(((len(text), len(text) + len(name)), place))
            text += name
        else:
            text += piece
    return text, expected


@given(st.text(alphabet="Покрвськ м-'’АЯ\nKyiv Odesa", max_size=60))
def test_names_never_overlap_and_are_spelled_as_they_stand(gazetteer, text):
    """Whatever the text: in reading order, each a name of the gazetteer by its key."""
    text = plain(text).text
    behind = 0
    for found in gazetteer.names_in(text):
        assert behind <= found.start < found.stop
        assert found.names == gazetteer.named(text[found.start : found.stop])
        behind = found.stop


def test_every_spelling_is_found_under_its_key(gazetteer):
    """Compiling has a fast way to fold plain names; it gives what ``key`` gives."""
    spellings = [
        json.loads(row) for (row,) in gazetteer._index.execute("SELECT row FROM spellings WHERE number % 9 = 0")
    ]

    assert len(spellings) > 1000
    for text, _, bearers in spellings:
        assert not key(text) or {b[0] for b in bearers} <= {n.place_id for n in gazetteer.match(key(text)).names}


def test_the_filter_of_first_words_lets_every_name_pass(gazetteer):
    """It may be wrong about a word that begins no name, never about one that does."""
    keys = [row[0] for row in gazetteer._index.execute("SELECT key FROM names ORDER BY key LIMIT 20000")]

    assert all(gazetteer.begins(k.split(" ")[0]) for k in keys)
    passed = sum(gazetteer.begins(f"qu{n}xavivka") for n in range(2000))
    assert passed < 200


# --- names by rule ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "place", "how"),
    [
        ("Покровськом", "donetsk.pokrovsk", "instrumental of Покровськ"),
        ("Охтирці", "sumy.okhtyrka", "dative, locative of Охтирка"),
        ("Часовом Яре", "donetsk.chasiv-yar", "prepositional of Часов Яр"),
        ("Кривого Рогу", "dnipropetrovsk.kryvyi-rih", "genitive of Кривий Ріг"),
        ("Донецькою областю", "donetsk", "instrumental of Донецька область"),
        ("Сумщині", "sumy", "dative, locative of Сумщина"),
        ("Покровському напрямку", "axis.pokrovsk", "dative, locative of Покровський напрямок"),
        ("Минском", "belarus.minsk", "instrumental of Минск"),
    ],
)
def test_a_case_form_leads_to_its_place_and_says_which_case_it_is(form, place, how, gazetteer):
    """Made when the index is built, and marked so."""
    names = {n.place_id: n for n in gazetteer.named(form)}

    assert (names[place].how, names[place].standing) == (how, "generated")


@pytest.mark.parametrize(
    ("adjective", "place"),
    [
        ("Донецькій", "donetsk"),
        ("курских", "kursk"),
        ("Белгородская", "belgorod"),
        ("Покровському", "axis.pokrovsk"),
        ("Покровський", "donetsk.pokrovsk-raion"),
    ],
)
def test_the_adjective_of_a_unit_counts_only_beside_its_kind_word(adjective, place, gazetteer):
    """ "Донецький порт" is no oblast: its names are flagged, in every case, in the plural, and as the row has them."""
    [name] = [n for n in gazetteer.named(adjective) if n.place_id == place]

    assert {"lower", "adjective"} <= name.flags


def test_a_village_whose_name_is_an_adjective_is_no_such_adjective(gazetteer):
    """Its case forms need no kind word."""
    names = [n for n in gazetteer.named("Сватового") if n.place_id == "luhansk.svatove"]

    assert [sorted(n.flags) for n in names] == [[]]


def test_a_warning_of_a_name_is_one_of_its_forms(gazetteer):
    """ "Мирне" is a common word, so "Мирного" is one."""
    warned = {n.place_id for n in gazetteer.named("Мирне") if "common" in n.flags}

    assert warned
    assert warned <= {n.place_id for n in gazetteer.named("Мирного") if "common" in n.flags}


def test_a_real_name_stands_before_a_form_that_happens_to_equal_it(gazetteer):
    """ "Сватова" is no village, "Козача Лопань" is: of one place the curated spelling is kept, and it comes first."""
    for word in ("Терен", "Лиман", "Рени", "Сватове"):
        standings = [n.standing == "generated" for n in gazetteer.named(word)]
        assert standings == sorted(standings)


@pytest.mark.parametrize(
    ("spelling", "place"),
    [("Работине", "zaporizhzhia.robotyne"), ("Малої Локні", "kursk.malaya-loknya"), ("Полтавы", "poltava.poltava")],
)
def test_a_place_has_a_name_in_the_neighbours_language(spelling, place, gazetteer):
    """By row or by rule, with its case forms, also where both languages spell it alike."""
    assert place in {n.place_id for n in gazetteer.named(spelling)}


# --- places ----------------------------------------------------------------------------------------------------------


def test_the_village_of_the_seed_lies_where_it_should(gazetteer):
    """About 20 km from Vuhledar; its namesake lies 109 km away."""
    vuhledar = gazetteer.place("donetsk.vuhledar")
    right, wrong = gazetteer.place("donetsk.yasna-poliana"), gazetteer.place("donetsk.yasna-poliana-2")

    assert (round(right.lat, 2), round(right.lon, 2)) == (47.88, 37.03)
    assert round(distance_km(vuhledar, right)) == 20
    assert round(distance_km(vuhledar, wrong)) == 109


def test_a_place_knows_its_region_its_country_and_what_it_lies_in(gazetteer):
    """By recognised units."""
    village = gazetteer.place("donetsk.yasna-poliana")

    assert gazetteer.region_of(village).id == "donetsk"
    assert gazetteer.country(village) == "ukraine"
    assert all(
        gazetteer.lies_in(village, gazetteer.place(unit))
        for unit in ("donetsk", "ukraine", "donetsk.volnovakha-raion", "donetsk.velyka-novosilka-hromada")
    )
    assert not gazetteer.lies_in(village, gazetteer.place("luhansk"))
    assert not gazetteer.lies_in(village, gazetteer.place("russia"))


@pytest.mark.parametrize(
    ("place_id", "country"),
    [
        ("crimea.sevastopol", "ukraine"),
        ("donetsk.donetsk", "ukraine"),
        ("kursk.sudzha", "russia"),
        ("tula.tula", "russia"),
    ],
)
def test_internationally_recognised_units_are_the_parents(place_id, country, gazetteer):
    """No row says who holds a place."""
    place = gazetteer.get(place_id) or gazetteer.get(place_id.split(".")[-1])

    assert gazetteer.country(place) == country


def test_an_unknown_id_is_none_or_an_error_with_a_remedy(gazetteer):
    """``get`` asks, ``place`` demands."""
    assert gazetteer.get("donezk.vuhledar") is None
    with pytest.raises(BrokenCuratedData, match=r"no place has the id 'donezk\.vuhledar'"):
        gazetteer.place("donezk.vuhledar")


def test_an_osm_row_gives_its_position_to_an_estimated_place_only(folder):
    """Name, units and code stay those of the CC BY row, and the position's source is named."""
    known = Gazetteer.load(folder).place("donetsk.davydovske")

    assert (known.lat, known.lon, known.position, known.source) == (47.66, 37.1678, "checked", "osm")
    assert known.raion == "donetsk.volnovakha-raion"

    edit(folder / "places" / "donetsk.csv", "donetsk.davydovske,", "donetsk.davydovske-2,")
    assert Gazetteer.load(folder).place("donetsk.davydovske-2").position == "estimated"


def test_the_parties_come_from_the_theatre(gazetteer):
    """Not from code."""
    assert set(gazetteer.parties) == {"russia", "ukraine"}
    assert gazetteer.home == {"russia", "ukraine"}


# --- the index -------------------------------------------------------------------------------------------------------


def test_the_index_is_compiled_once_and_lies_in_the_cache(folder, tmp_path, monkeypatch):
    """Never in the gazetteer itself, and the second time it is only opened."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("FRONTLINE_CACHE", str(cache))
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}

    first = Gazetteer.load(folder)
    [index] = cache.iterdir()
    written = index.stat().st_mtime_ns
    second = Gazetteer.load(folder)

    assert first.hash == second.hash
    assert index.stat().st_mtime_ns == written
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before


def test_a_changed_row_is_seen_at_once(folder):
    """The index is named by a hash of the files, so it is never stale."""
    before = Gazetteer.load(folder)
    edit(folder / "places" / "donetsk.csv", "47.7797,37.2500", "47.7000,37.2500")
    after = Gazetteer.load(folder)

    assert (before.place("donetsk.vuhledar").lat, after.place("donetsk.vuhledar").lat) == (47.7797, 47.7)
    assert before.hash != after.hash


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and then nothing", b"something else"])
def test_an_index_that_was_not_written_whole_is_made_anew(folder, tmp_path, monkeypatch, content):
    """A build that died, or a foreign file, does no harm."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("FRONTLINE_CACHE", str(cache))
    Gazetteer.load(folder)
    [index] = cache.iterdir()
    index.unlink()
    index.write_bytes(content)

    assert Gazetteer.load(folder).named("Vuhledar")
    assert Gazetteer.load(folder).warnings == ()
    assert [p.name for p in cache.iterdir()] == [index.name]


def test_an_index_that_was_cut_short_is_made_anew(folder, tmp_path, monkeypatch):
    """Its head is whole and says which gazetteer it is of, yet half of the names are gone."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("FRONTLINE_CACHE", str(cache))
    Gazetteer.load(folder)
    [index] = cache.iterdir()
    whole = index.read_bytes()
    index.write_bytes(whole[: len(whole) // 2])

    assert Gazetteer.load(folder).named("Vuhledar")
    assert len(index.read_bytes()) == len(whole)


def test_the_index_is_made_anew_when_the_rules_of_a_language_change(folder, monkeypatch):
    """Case forms hang on ``[inflection]`` of the packs, and on nothing else of them."""
    before = Gazetteer.load(folder).hash
    section = inflection.section
    assert Gazetteer.load(folder).hash == before

    monkeypatch.setattr(inflection, "section", lambda *at: section(*at) + "# one more line")

    assert Gazetteer.load(folder).hash != before


def test_two_processes_may_make_the_index_at_once(folder, tmp_path):
    """Each writes its own draft, and both get an index that works."""
    code = "import sys; from geo.reference.gazetteer import Gazetteer; print(len(Gazetteer.load(sys.argv[1]).named('Вугледара')))"
    environment = {**os.environ, "FRONTLINE_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", code, str(folder)]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    assert [process.communicate()[0] for process in both] == ["1\n", "1\n"]
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".sqlite"]


def test_old_indexes_do_not_pile_up(folder, tmp_path, monkeypatch):
    """Each edit makes a new one; the latest dozen stay."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("FRONTLINE_CACHE", str(cache))
    cache.mkdir()
    for number in range(20):
        old = cache / f"gazetteer-{number}.sqlite"
        old.touch()
        os.utime(old, (number, number))

    assert Gazetteer.load(folder).named("Vuhledar")
    assert len(list(cache.iterdir())) == 12
    assert not (cache / "gazetteer-0.sqlite").exists()


def test_without_a_cache_folder_everything_works_with_a_warning(folder, tmp_path, monkeypatch):
    """A file stands where the folder should be: the index is kept in memory."""
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))

    opened = Gazetteer.load(folder)

    assert opened.named("Vuhledar")
    assert len(opened.warnings) == 1
    assert str(tmp_path / "cache") in opened.warnings[0]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_cache_folder_that_may_not_be_written_gives_the_same_warning(folder, tmp_path, monkeypatch):
    """Permissions are the usual reason."""
    (tmp_path / "cache").mkdir(mode=0o500)
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))

    assert "cannot be written" in Gazetteer.load(folder).warnings[0]


# --- what is broken --------------------------------------------------------------------------------------------------


def test_a_folder_without_regions_is_no_gazetteer(tmp_path):
    """Most likely the wrong path was given."""
    with pytest.raises(UnreadableInput, match=r"this is no gazetteer .* name a folder that holds one"):
        Gazetteer.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("places/donetsk.csv", "47.7797", "47,7797", "cells where 17 belong; look for a stray comma"),
        ("places/donetsk.csv", "47.7797", "47°46", "lat is '47°46'; write a number with a decimal point"),
        ("places/donetsk.csv", "donetsk.vuhledar,", "donetsk.bakhmut,", "id 'donetsk.bakhmut' stands twice"),
        ("places/donetsk.csv", "id,name", "ID;name", "the header is"),
        ("names/en.csv", "donetsk.vuhledar,", "donezk.vuhledar,", "'donezk.vuhledar' is no place id"),
    ],
)
def test_a_broken_row_stops_with_file_line_and_remedy(folder, file, old, new, said):
    """At the first one; `frontline check` lists them all."""
    line = edit(folder / file, old, new)

    with pytest.raises(BrokenCuratedData) as broken:
        Gazetteer.load(folder)

    assert str(broken.value).startswith(f"{folder / file}:{line}: ")
    assert said in str(broken.value)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("places/donetsk.csv", "id,näme\n".encode("latin-1"), "byte 4 is not UTF-8"),
        ("theatre.toml", b"[parties\n", "correct the file"),
        ("theatre.toml", b"name = '\xff'\n", "correct the file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder, file, content, said):
    """With what is wrong in it."""
    (folder / file).write_bytes(content)

    with pytest.raises(BrokenCuratedData) as broken:
        _ = Gazetteer.load(folder).theatre

    assert str(broken.value).startswith(f"{folder / file}: ")
    assert said in str(broken.value)


def test_a_broken_gazetteer_leaves_no_index_behind(folder, tmp_path, monkeypatch):
    """Not even a part of one."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("FRONTLINE_CACHE", str(cache))
    edit(folder / "places" / "donetsk.csv", "47.7797", "north")

    with pytest.raises(BrokenCuratedData):
        Gazetteer.load(folder)

    assert list(cache.iterdir()) == []
