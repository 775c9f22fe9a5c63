"""Latin spellings of Cyrillic names are made by rule, and say by which."""

import pytest

from geo.reference.romanisation import romanised, schemes, spellings


@pytest.mark.parametrize(
    ("name", "scheme", "expected"),
    [
        ("Вугледар", "national", "Vuhledar"),
        ("Згурівка", "national", "Zghurivka"),
        ("Ясна Поляна", "national", "Yasna Poliana"),
        ("Куп’янськ", "national", "Kupiansk"),
        ("Щастя", "national", "Shchastia"),
        ("Єнакієве", "national", "Yenakiieve"),
        ("Юр'ївка", "national", "Yurivka"),
        ("Їжакове", "national", "Yizhakove"),
        ("Угледар", "russian_bgn", "Ugledar"),
        ("Ясная Поляна", "russian_bgn", "Yasnaya Polyana"),
        ("Красноармейск", "russian_bgn", "Krasnoarmeysk"),
        ("Орёл", "russian_simple", "Orel"),
        ("Елец", "russian_bgn", "Yelets"),
        ("Лисичанськ", "ukrainian_french", "Lyssytchansk"),
        ("Новосілка", "ukrainian_french", "Novossilka"),
        ("Шебекино", "russian_french", "Chebekino"),
        ("Глушково", "russian_french", "Glouchkovo"),
        ("Бахмут", "ukrainian_spanish", "Bajmut"),
        ("Костянтинівка", "ukrainian_spanish", "Kostiantinivka"),
        ("Харків", "ukrainian_spanish_national", "Jarkiv"),
        ("Чернігів", "ukrainian_german", "Tschernihiw"),
        ("Запоріжжя", "ukrainian_german", "Saporischschja"),
        ("Суджа", "russian_german", "Sudscha"),
        ("Алексеевка", "russian_german_plain", "Alexejewka"),
        ("Борисовка", "russian_german_plain", "Borisowka"),
        ("Новий Комар", "ukrainian_german_plain", "Nowy Komar"),
        ("Николаевка", "russian_french_plain", "Nikolaievka"),
        ("Михайловка", "russian_spanish_plain", "Mijaylovka"),
        ("Мар’ївка", "ukrainian_polish_plain", "Marjiwka"),
        ("Вовчанськ", "ukrainian_polish", "Wowczansk"),
        ("Куп’янськ", "ukrainian_polish", "Kupiansk"),
        ("Белгород", "russian_polish", "Bielgorod"),
    ],
)
def test_a_name_is_written_in_latin_letters(name, scheme, expected):
    """By the national table of 2010, by BGN, and as newspapers of several languages do."""
    assert romanised(name, scheme) == expected


@pytest.mark.parametrize(("name", "expected"), [("МОСКВА", "MOSKVA"), ("Москва", "Moskva"), ("москва", "moskva")])
def test_capitals_stay_capitals(name, expected):
    """A headline in capitals has its name in capitals."""
    assert romanised(name, "russian_bgn") == expected


def test_usage_abroad_is_left_out_where_it_is_not_asked_for():
    """Names made by rule are not respelled once more for four languages."""
    at_home = set(spellings("Вовчанськ", "uk", abroad=False))

    assert "Wowczansk" not in {s.text for s in at_home}
    assert at_home < set(spellings("Вовчанськ", "uk"))


def test_a_spelling_that_two_languages_share_is_one_of_each():
    """German and Polish both write "Borowa"; each is told, as each is for its own readers alone."""
    assert {s.reader for s in spellings("Борова", "uk") if s.text == "Borowa"} == {"de", "pl"}


def test_usage_abroad_says_which_language_it_is_of(gazetteer):
    """So that it is read in texts of that language, and nowhere else."""
    usage = {n.language for n in gazetteer.named("Schtscherbaky") if n.how == "German romanisation of Щербаки"}

    assert usage == {"de"}


@pytest.mark.parametrize("word", ["Saja", "Hari", "Play", "Grade"])
def test_a_spelling_by_rule_that_is_a_word_somewhere_needs_a_cue(word, gazetteer):
    """ "Saja" (Indonesian: only) is no village at the head of a sentence."""
    assert all("common" in n.flags for n in gazetteer.named(word) if "romanisation" in n.how)


def test_what_is_not_cyrillic_stays():
    """Figures, blanks and Latin letters are not touched."""
    assert romanised("Шахта 5/6 (Pit)", "russian_bgn") == "Shakhta 5/6 (Pit)"


def test_each_further_spelling_comes_once_with_its_rule():
    """The national spelling is the place's own name, so only the others are further ones."""
    made = {s.text: s.label for s in spellings("Ясная Поляна", "ru", abroad=False)}

    assert made["Yasnaya Polyana"] == "BGN romanisation"
    assert len(made) == len(list(spellings("Ясная Поляна", "ru", abroad=False)))
    assert all(spelling.isascii() for spelling in made)


def test_a_language_has_its_own_schemes_only():
    """Ukrainian names are not romanised by Russian rules."""
    assert {scheme["language"] for scheme in schemes().values()} == {"uk", "ru"}
    assert "Gulyaypole" not in {s.text for s in spellings("Гуляйполе", "uk")}


def test_a_spelling_by_rule_is_found_and_says_so(gazetteer):
    """ "Yasnaya Polyana" is no row of the Ukrainian village, yet it leads there, and the trace says how."""
    names = {n.place_id: n for n in gazetteer.named("Gulyaypole")}

    assert "zaporizhzhia.huliaipole" in names
