"""Case forms of names are made by the rules of a pack, and a list that did not serve to write them holds them to it."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BrokenCuratedData
from geo.languages.inflection import inflection, section
from geo.reference.names import key

FORMS = Path(__file__).resolve().parent / "benchmarks" / "gazetteer" / "case_forms.csv"
CASES = ("genitive", "dative", "accusative", "instrumental", "locative", "prepositional")


def forms(name: str, language: str) -> dict[str, set[str]]:
    """The forms of each case that differ from the name."""
    by_case: dict[str, set[str]] = {}
    for form, cases in inflection(language).forms(name).items():
        for case in cases.split(", "):
            by_case.setdefault(case, set()).add(form)
    return by_case


@pytest.mark.parametrize(
    ("name", "language", "case", "form"),
    [
        ("Ямпіль", "uk", "genitive", "Ямполя"),  # і becomes о
        ("Тернопіль", "uk", "instrumental", "Тернополем"),
        ("Ірпінь", "uk", "locative", "Ірпені"),
        ("Тростянець", "uk", "genitive", "Тростянця"),  # the vowel goes
        ("Олешки", "uk", "genitive", "Олешок"),  # and comes
        ("Охтирка", "uk", "locative", "Охтирці"),  # к, г, х before і
        ("Волга", "uk", "locative", "Волзі"),
        ("Вільха", "uk", "dative", "Вільсі"),
        ("Чугуїв", "uk", "locative", "Чугуєві"),
        ("Бердичів", "uk", "genitive", "Бердичева"),
        ("Сватове", "uk", "genitive", "Сватового"),  # an adjective by its form
        ("Кремінна", "uk", "locative", "Кремінній"),
        ("Суми", "uk", "genitive", "Сум"),  # a plural
        ("Дергачі", "uk", "locative", "Дергачах"),
        ("Запоріжжя", "uk", "instrumental", "Запоріжжям"),
        ("Кривий Ріг", "uk", "locative", "Кривому Розі"),  # word by word
        ("Велика Новосілка", "uk", "dative", "Великій Новосілці"),
        ("Жовті Води", "uk", "genitive", "Жовтих Вод"),
        ("Часів Яр", "uk", "genitive", "Часового Яру"),
        ("Куп’янськ-Вузловий", "uk", "genitive", "Куп’янська-Вузлового"),
        ("Кам’янка-Дніпровська", "uk", "locative", "Кам’янці-Дніпровській"),
        ("Івано-Франківськ", "uk", "locative", "Івано-Франківську"),
        ("Ростов-на-Дону", "uk", "genitive", "Ростова-на-Дону"),
        ("острів Зміїний", "uk", "genitive", "острова Зміїного"),
        ("Республіка Крим", "uk", "locative", "Республіці Крим"),
        ("Донецька область", "uk", "instrumental", "Донецькою областю"),
        ("Часов Яр", "ru", "prepositional", "Часовом Яре"),
        ("Часов Яр", "ru", "genitive", "Часова Яра"),
        ("Кривой Рог", "ru", "genitive", "Кривого Рога"),
        ("Очаков", "ru", "instrumental", "Очаковом"),
        ("Очаков", "ru", "instrumental", "Очаковым"),
        ("Селидово", "ru", "prepositional", "Селидове"),
        ("Елец", "ru", "prepositional", "Ельце"),
        ("Сумы", "ru", "genitive", "Сум"),
        ("Валуйки", "ru", "genitive", "Валуек"),
        ("Снагость", "ru", "instrumental", "Снагостью"),
        ("Нижний Новгород", "ru", "prepositional", "Нижнем Новгороде"),
        ("Ростов-на-Дону", "ru", "prepositional", "Ростове-на-Дону"),
        ("Курское направление", "ru", "prepositional", "Курском направлении"),
    ],
)
def test_a_name_is_declined(name, language, case, form):
    """Fleeting vowels, changed consonants, adjectives, plurals, and each word of a name by its own rule."""
    assert form in forms(name, language)[case]


@pytest.mark.parametrize(
    ("name", "language"), [("Осло", "uk"), ("Осло", "ru"), ("Баку", "uk"), ("Сочи", "ru"), ("ДНР", "uk"), ("США", "ru")]
)
def test_some_names_never_change(name, language):
    """Foreign names with a vowel at the end, and acronyms."""
    assert forms(name, language) == {}


@pytest.mark.parametrize(
    ("name", "language", "attribute"),
    [
        ("Донецька область", "uk", "Донецька"),
        ("Донецька", "uk", "Донецька"),
        ("Північно-Слобожанський напрямок", "uk", "Північно-Слобожанський"),
        ("Курское направление", "ru", "Курское"),
        ("Хабаровский край", "ru", "Хабаровский"),
        ("Харківщина", "uk", ""),
        ("Республіка Крим", "uk", ""),
        ("Киев", "ru", ""),
    ],
)
def test_the_adjective_of_a_unit_is_taken_out_of_its_name(name, language, attribute):
    """It stands alone where the kind word is said once for several: "Донецька та Харківська області"."""
    assert inflection(language).attribute(name) == attribute


@pytest.mark.parametrize(
    ("adjective", "language", "form", "cases"),
    [
        ("Донецька", "uk", "Донецькій", "dative, locative"),
        ("Донецька", "uk", "Донецькі", "plural, plural accusative"),
        ("Курская", "ru", "Курской", "genitive, dative, instrumental, prepositional"),
        ("Курское", "ru", "Курских", "plural genitive, plural prepositional"),
        ("Північно-Слобожанський", "uk", "Північно-Слобожанському", "dative, locative"),
    ],
)
def test_the_adjective_has_every_case_of_both_numbers(adjective, language, form, cases):
    """In its own gender, and in the plural."""
    assert inflection(language).attribute_forms(adjective)[form] == cases


@given(
    st.sampled_from(["uk", "ru"]),
    st.lists(st.text(alphabet="абвгдеиіїйкнорсьяАКЛ’", min_size=1, max_size=9), min_size=1, max_size=4),
    st.sampled_from([" ", "-"]),
)
def test_any_name_can_be_declined(language, words, joint):
    """Each form differs from the name, has its words and its joints, and tells its cases."""
    name = joint.join(words)
    for form, cases in inflection(language).forms(name).items():
        assert form != name
        assert form.count(joint) == name.count(joint)
        assert set(cases.split(", ")) <= set(CASES)


def test_nearly_all_forms_of_the_list_lead_to_their_places(gazetteer):
    """98 of 100 at least; the list says of each form whether it was met in a text or written down."""
    with FORMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missed = [row["form"] for row in rows if not _leads_home(row, gazetteer)]

    assert len(rows) >= 300
    assert len(missed) <= 0.02 * len(rows), missed


def _leads_home(row: dict[str, str], gazetteer) -> bool:
    meant = {n.place_id for n in gazetteer.named(row["name"])}
    return bool(meant & {n.place_id for n in gazetteer.named(row["form"])})


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_form_of_a_curated_name_leads_back_to_its_place(language, gazetteer):
    """Of every fortieth name of that language, all forms are in the index and tell where they come from."""
    query = "SELECT row FROM spellings WHERE number % 40 = 0"
    for (row,) in gazetteer._index.execute(query):
        text, spoken, bearers = json.loads(row)
        if spoken == language and not any("adjective" in bearer[4] for bearer in bearers):
            for form in inflection(language).forms(text):
                found = {n.place_id for n in gazetteer.match(key(form)).names}
                assert {bearer[0] for bearer in bearers if not bearer[2].startswith("as its centre")} <= found, form


# --- the rules -------------------------------------------------------------------------------------------------------

PACK = """
code = "xx"
[other]
words = ["a"]
[inflection]
cases = ["genitive"]
types = []
frozen = []
frozen_from_here = []
frozen_behind = []
adjective_ends = []
common = []
surname_ends = []
nouns = ["а | а | и"]
adjectives = []
[more]
words = ["b"]
"""


def test_the_rules_are_one_section_of_a_pack(tmp_path):
    """Its lines are cut out as they stand; another part of the pack may be broken without harm."""
    (tmp_path / "xx.toml").write_text(PACK.replace('["a"]', '["a'), encoding="utf-8")

    assert section("xx", tmp_path).startswith("[inflection]\ncases")
    assert "words" not in section("xx", tmp_path)
    assert inflection("xx", tmp_path).forms("Каха") == {"Кахи": "genitive"}


def test_a_language_without_rules_declines_nothing(tmp_path):
    """No pack, or a pack without the section."""
    (tmp_path / "yy.toml").write_text('code = "yy"\n', encoding="utf-8")

    assert inflection("yy", tmp_path) is None
    assert inflection("zz", tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('nouns = ["а | а | и"]', 'nouns = ["а | а"]', "the rule 'а | а' has no forms"),
        ('nouns = ["а | а | и"]', 'nouns = ["а | а | и і"]', "has 2 forms for 1 case"),
        ('nouns = ["а | а | и"]', "", "the part 'nouns' is missing"),
        ('cases = ["genitive"]', "cases = [", "correct the section"),
    ],
)
def test_a_broken_rule_is_named_with_its_file(old, new, said, tmp_path):
    """File, what is wrong, and what to do."""
    path = tmp_path / "xx.toml"
    path.write_text(PACK.replace(old, new), encoding="utf-8")

    with pytest.raises(BrokenCuratedData) as broken:
        inflection("xx", tmp_path)

    assert str(broken.value).startswith(f"{path}: [inflection]: ")
    assert said in str(broken.value)
