"""German and Polish, by short digests of our own in the styles of their newsrooms: every report, and nothing else."""

from datetime import date

import pytest

from geo.events import read
from geo.languages.inflection import inflection
from geo.text.digests import Metadata, digest_of, language_of

GERMAN_MORNING = """Krieg gegen die Ukraine: Was in der Nacht geschah

Bei einem Gleitbombenangriff auf Charkiw sind nach Angaben von Bürgermeister Ihor Terechow 13 Menschen verletzt worden.
Im Gebiet Cherson kamen laut Gouverneur Olexander Prokudin zwei Menschen durch Artilleriebeschuss ums Leben.
Das Verteidigungsministerium in Moskau meldete die Einnahme der Ortschaft Bohojawlenka in der Region Donezk.
Über den Regionen Kursk, Brjansk und Orjol schoss die russische Flugabwehr nach Angaben des Verteidigungsministeriums 19 Drohnen ab.
Bundeskanzler Olaf Scholz reist am Dienstag zu Gesprächen nach Kiew.
"""

GERMAN_FRONT = """Am Frontabschnitt Pokrowsk gab es nach Angaben des Generalstabs in Kiew 28 Sturmangriffe.
Nahe Kurachowe wehrte die ukrainische Armee neun Angriffe ab.
In Wowtschansk dauern die Häuserkämpfe an.
Aus Kupjansk wurden 40 Kinder evakuiert.
In der Stadt Enerhodar explodierte eine Autobombe.
Russland plant nach Erkenntnissen westlicher Geheimdienste eine Offensive auf Saporischschja.
Das Militär bat darum, den Wald, den Berg und das Tor nicht zu betreten.
"""

POLISH_MORNING = """Wojna w Ukrainie. Najważniejsze wydarzenia nocy

W Charkowie kierowana bomba lotnicza uderzyła w supermarket, rannych zostało 13 osób, poinformował mer Ihor Terechow.
W obwodzie chersońskim w ostrzale artyleryjskim zginęły dwie osoby, podał gubernator Ołeksandr Prokudin.
Ministerstwo obrony w Moskwie ogłosiło zajęcie miejscowości Bohojawlenka w obwodzie donieckim.
Nad obwodami kurskim, briańskim i orłowskim rosyjska obrona przeciwlotnicza zestrzeliła 19 dronów.
Prezydent przybędzie we wtorek na rozmowy do Kijowa.
"""

POLISH_FRONT = """Na kierunku pokrowskim doszło do 28 szturmów, podał ukraiński sztab generalny.
Pod Kurachowem ukraińskie wojska odparły dziewięć ataków.
W Wołczańsku trwają walki uliczne.
Z Kupiańska ewakuowano czterdzieścioro dzieci.
W Enerhodarze eksplodowała bomba w samochodzie.
Rosja planuje ofensywę na Zaporoże, ostrzegają analitycy.
"""

MORNING = {
    ("kharkiv.kharkiv", "air_strike", "ukraine"),
    ("kherson", "shelling", "ukraine"),
    ("donetsk.bohoiavlenka", "capture", "russia"),
    ("kursk", "air_defence", "russia"),
    ("bryansk", "air_defence", "russia"),
    ("oryol", "air_defence", "russia"),
}
FRONT = {
    ("axis.pokrovsk", "ground_fighting"),
    ("donetsk.kurakhove", "ground_fighting"),
    ("kharkiv.vovchansk", "ground_fighting"),
    ("kharkiv.kupiansk", "evacuation"),
    ("zaporizhzhia.enerhodar", "explosion"),
}


def _reports(text, language, gazetteer):
    digest = digest_of(text, metadata=Metadata(language=language, published=date(2024, 11, 4)))
    return read(digest, gazetteer).reports


@pytest.mark.parametrize(("language", "text"), [("de", GERMAN_MORNING), ("pl", POLISH_MORNING)])
def test_a_morning_summary_is_read_with_its_sources(language, text, gazetteer):
    """Places, kinds and sides; the visit to Kyiv is no event."""
    reports = _reports(text, language, gazetteer)

    assert {(r.place_id, r.kind) for r in reports} == {(place, kind) for place, kind, _ in MORNING}
    named = {(r.place_id, r.kind, r.claimant_side) for r in reports if r.claimant}
    assert named <= MORNING
    assert len(named) >= len(MORNING) - 3  # where a sentence names no source, none may be made up


@pytest.mark.parametrize(("language", "text"), [("de", GERMAN_FRONT), ("pl", POLISH_FRONT)])
def test_a_report_from_the_front_is_read(language, text, gazetteer):
    """The plan, and German nouns that are villages somewhere, are no reports."""
    assert {(r.place_id, r.kind) for r in _reports(text, language, gazetteer)} == FRONT


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", GERMAN_MORNING), ("de", GERMAN_FRONT), ("pl", POLISH_MORNING), ("pl", POLISH_FRONT)],
)
def test_the_language_is_found(language, text):
    """By its most frequent words."""
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Charków", {"Charkowa", "Charkowem", "Charkowie"}),
        ("Pokrowsk", {"Pokrowska", "Pokrowskiem", "Pokrowsku"}),
        ("Awdijiwka", {"Awdijiwki", "Awdijiwce", "Awdijiwkę", "Awdijiwką"}),
        ("Zaporoże", {"Zaporoża", "Zaporożu", "Zaporożem"}),
        ("Sumy", {"Sum", "Sumom", "Sumami", "Sumach"}),
        ("Kurachowe", {"Kurachowego", "Kurachowem"}),
        ("Krzywy Róg", {"Krzywego Rogu", "Krzywym Rogu", "Krzywym Rogiem"}),
        ("Nowa Kachowka", {"Nowej Kachowki", "Nową Kachowką"}),
        ("Rostów nad Donem", {"Rostowa nad Donem", "Rostowie nad Donem"}),
    ],
)
def test_polish_names_are_declined(name, forms):
    """As news writes them."""
    rules = inflection("pl")

    assert rules is not None
    assert forms <= set(rules.forms(name))


def test_polish_adjectives_of_oblasts_are_declined():
    """ "w obwodzie donieckim", "z obwodu donieckiego"."""
    rules = inflection("pl")

    assert rules is not None
    assert rules.attribute("doniecki") == "doniecki"
    assert {"donieckiego", "donieckim"} <= set(rules.attribute_forms("doniecki"))


GERMAN_HEADINGS = """Drohnen treffen Odessa und Lwiw

Verletzte in Odessa
In der Region Odessa schlug eine Drohne in ein Wohnhaus in Usatowe ein, teilte die Staatsanwaltschaft mit.
"""


def test_a_heading_is_told_by_the_line_under_it(read_text):
    """The heading's city is the oblast whose village is named below; what nothing below tells of stays."""
    reports = {(r.place_id, r.kind) for r in read_text(GERMAN_HEADINGS, language="de").reports}

    assert reports == {("odesa.usatove", "air_strike"), ("lviv.lviv", "air_strike")}
