"""Ukrainian digests are read as a careful reader of Ukrainian would read them."""

import re
from datetime import date

import pytest
from days import day_covered, days_named

MONDAY = date(2024, 11, 4)


def told(reading):
    """(place id, kind) of each report, in reading order."""
    return [(r.place_id, r.kind) for r in reading.reports]


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last", "basis"),
    [
        ("3 листопада", "2024-11-03", "2024-11-03", "stated"),
        ("3 листопада 2024 року", "2024-11-03", "2024-11-03", "stated"),
        ("03.11.2024", "2024-11-03", "2024-11-03", "stated"),
        ("1-го листопада", "2024-11-01", "2024-11-01", "stated"),
        ("у ніч на 3 листопада", "2024-11-02", "2024-11-03", "stated"),
        ("в ніч проти 3 листопада", "2024-11-02", "2024-11-03", "stated"),
        ("у ніч з 2 на 3 листопада", "2024-11-02", "2024-11-03", "stated"),
        ("вночі 3 листопада", "2024-11-02", "2024-11-03", "stated"),
        ("з 28 по 30 жовтня", "2024-10-28", "2024-10-30", "stated"),
        ("1-3 листопада", "2024-11-01", "2024-11-03", "stated"),
        ("2 та 3 листопада", "2024-11-02", "2024-11-03", "stated"),
        ("у п'ятницю", "2024-11-01", "2024-11-01", "weekday"),
        ("у неділю, 3 листопада", "2024-11-03", "2024-11-03", "stated"),
        ("в середу ввечері", "2024-10-30", "2024-10-30", "weekday"),
        ("вчора", "2024-11-03", "2024-11-03", "relative"),
        ("учорашня атака", "2024-11-03", "2024-11-03", "relative"),
        ("сьогодні вранці", "2024-11-04", "2024-11-04", "relative"),
        ("від початку доби", "2024-11-04", "2024-11-04", "relative"),
        ("за ніч", "2024-11-03", "2024-11-04", "relative"),
        ("уночі", "2024-11-03", "2024-11-04", "relative"),
        ("минулої доби", "2024-11-03", "2024-11-04", "relative"),
        ("протягом доби", "2024-11-03", "2024-11-04", "relative"),
        ("минулого тижня", "2024-10-28", "2024-11-04", "relative"),
    ],
)
def test_words_for_days_are_understood(text, first, last, basis):
    """Months stand in the genitive, weekdays in the accusative; a night belongs to the evening and the morning."""
    assert days_named("uk", text, MONDAY) == [(first, last, basis)]


@pytest.mark.parametrize(
    ("opening", "day", "basis"),
    [
        ("Оперативна інформація станом на 08:00 04.11.2024 щодо російського вторгнення", "2024-11-03", "briefing"),
        ("Генштаб: ситуація на фронті станом на 22:00 4 листопада", "2024-11-04", "digest"),
        ("День 985. Хроніка", "2024-11-04", "day_number"),
        ("Розпочалася 985-та доба повномасштабної війни.", "2024-11-04", "day_number"),
        ("985-й день війни: головне", "2024-11-04", "day_number"),
        ("Головне за вечір", "2024-11-04", "digest"),
        ("Сумщина за минулу добу\n\nБілопілля: обстріл.", "2024-11-03", "briefing"),
        ("Начальник ОВА:\n\nЗа минулу добу ворог бив по 12 селах.\n▪️Херсон: дрон.", "2024-11-03", "briefing"),
        ("Хроніка вечора\n▪️За минулу добу загинули троє.\n▪️Херсон: дрон.", "2024-11-04", "digest"),
    ],
)
def test_a_digest_says_which_day_it_is_about(opening, day, basis):
    """A briefing of the morning speaks of the day before, one of the evening of its own day."""
    found_day = day_covered("uk", opening, MONDAY)

    assert found_day.day is not None
    assert found_day.day.isoformat() == day
    assert found_day.basis in (basis, "stated")
    assert found_day.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Минулого місяця росіяни захопили Вугледар.",
        "Торік росіяни захопили Вугледар.",
        "Нагадаємо, росіяни захопили Вугледар.",
        "Три тижні тому росіяни захопили Вугледар.",
        "На початку вторгнення росіяни захопили Вугледар.",
    ],
)
def test_what_is_recalled_is_no_event_of_the_day(text, read_text):
    """Another time is named, or a word of recall."""
    reading = read_text(text, "uk")

    assert reading.reports == ()
    assert [v.role for v in reading.verdicts if v.mention.text == "Вугледар"] == ["background"]


# --- one report for each place of a list -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "near",
    [
        "поблизу Гродівки, Новогродівки та Селидового",
        "біля Гродівки, Новогродівки, Селидового",
        "у районах Гродівки, Новогродівки і Селидового",
        "в районах населених пунктів Гродівка, Новогродівка та Селидове",
        "у напрямку Гродівки, Новогродівки й Селидового",
        "в бік населених пунктів Гродівка, Новогродівка, Селидове",
        "неподалік Гродівки, Новогродівки, а також Селидового",
        "під Гродівкою, Новогродівкою та Селидовим",
    ],
)
def test_a_list_of_villages_gives_a_report_for_each(near, read_text):
    """In the nominative, the genitive or the instrumental, as the preposition wants it."""
    reading = read_text(f"На Покровському напрямку противник атакував {near}.", "uk")

    places = ["donetsk.hrodivka", "donetsk.novohrodivka", "donetsk.selydove"]
    assert told(reading) == [(place, "ground_fighting") for place in places]
    assert {r.precision for r in reading.reports} == {"near"}
    assert {r.axis for r in reading.reports} == {"Pokrovsk axis"}


@pytest.mark.parametrize(
    ("case_form", "place_id"),
    [
        ("По Вугледару", "donetsk.vuhledar"),
        ("У Вугледарі", "donetsk.vuhledar"),
        ("Під Вугледаром", "donetsk.vuhledar"),
        ("Біля Покровська", "donetsk.pokrovsk"),
        ("У Покровську", "donetsk.pokrovsk"),
        ("Поблизу Великої Новосілки", "donetsk.velyka-novosilka"),
        ("У Великій Новосілці", "donetsk.velyka-novosilka"),
        ("Під Часовим Яром", "donetsk.chasiv-yar"),
        ("По Часовому Яру", "donetsk.chasiv-yar"),
        ("У Сумах", "sumy.sumy"),
        ("По Запоріжжю", "zaporizhzhia.zaporizhzhia"),
        ("На Харківщині", "kharkiv"),
        ("У Сумській області", "sumy"),
    ],
)
def test_the_same_event_is_read_from_every_case_form(case_form, place_id, read_text):
    """A drone attack, wherever the preposition puts the name."""
    reading = read_text(f"{case_form} вдарив дрон.", "uk")

    assert told(reading) == [(place_id, "air_strike")]


# --- what did not happen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "На Покровському напрямку противник наступальних дій не проводив.",
        "На Покровському напрямку ворог не проводив активних дій.",
        "На Покровському напрямку боєзіткнень не зафіксовано.",
        "На Покровському напрямку атак не було.",
        "Росія планує захопити Покровськ.",
        "Метою ворога є захоплення Покровська.",
        "Росіяни можуть атакувати Покровськ.",
        "Росіяни готуються до наступу на Покровськ.",
        "Є загроза удару по Покровську.",
        "У Генштабі спростували захоплення Покровська.",
        "Сили оборони продовжують контролювати Покровськ.",
        "Сили оборони утримують позиції в Покровську.",
        "Президент відвідав Покровськ.",
        "У Покровську відбулася зустріч із волонтерами.",
        "Житель Покровська розповів про життя у прифронтовому місті.",
        "Мер Покровська розповів про евакуацію.",
        "У Покровську запустили новий автобусний маршрут.",
    ],
)
def test_what_did_not_happen_is_not_reported(text, read_text):
    """Negation before and behind, plans, aims, threats, denials, states, visits, people."""
    reading = read_text(text, "uk")

    assert reading.reports == ()
    assert len(reading.verdicts) >= 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("Україна спростувала цю заяву.", "disputed"),
        ("Українські військові заперечили захоплення міста.", "disputed"),
        ("Україна визнала втрату міста.", "acknowledged"),
        ("Українська сторона це не коментувала.", "claimed"),
    ],
)
def test_the_answer_of_the_other_side_is_kept(answer, status, read_text):
    """A denial disputes the claim, an admission acknowledges it; both stay quotes of the one report."""
    [report] = read_text(f"Росія заявила, що захопила Курахове. {answer}", "uk").reports

    assert (report.place_id, report.kind, report.claimant_side) == ("donetsk.kurakhove", "capture", "russia")
    assert report.status == status
    assert [q.quote for q in report.more_quotes] == ([answer] if status != "claimed" else [])


# --- who says so, who did it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Генштаб повідомив про бої біля Торецька.", "ukraine"),
        ("Бої тривають біля Торецька, повідомили в Генштабі ЗСУ.", "ukraine"),
        ("Про бої біля Торецька заявило Міноборони РФ.", "russia"),
        ("Російські воєнкори стверджують, що біля Торецька тривають бої.", "russia"),
        ("За словами губернатора Курської області, у Суджі пролунав вибух.", "russia"),
        ("У Суджі пролунав вибух, заявив губернатор Курської області.", "russia"),
        ("У Харкові пролунав вибух, повідомив мер міста.", "ukraine"),
        ("За даними Інституту вивчення війни, росіяни просунулися біля Торецька.", "third"),
        ("ISW: росіяни просунулися біля Торецька.", "third"),
        ("Аналітики DeepState повідомили, що росіяни просунулися біля Торецька.", "ukraine"),
        ("Окупаційна влада заявила про вибух у Мелітополі.", "russia"),
        ("Речник ОСУВ «Хортиця» повідомив про бої біля Торецька.", "ukraine"),
        ("У Сумській ОВА повідомили про влучання дрона у Шостці.", "ukraine"),
        ("ДСНС: унаслідок удару по Харкову зруйновано школу.", "ukraine"),
        ("Вибух у Курську. Про це пишуть російські телеграм-канали.", "russia"),
        ("Призначений Росією голова Херсонської області заявив про удар по Генічеську.", "russia"),
        ("МАГАТЕ повідомило про вибухи біля Запорізької АЕС.", "third"),
        ("Безпілотники атакували НПЗ у Рязані, пише Reuters.", "third"),
        ("У Рязані горить НПЗ, повідомляє ТАСС.", "none"),
        ("У Харкові пролунав вибух.", "none"),
    ],
)
def test_the_source_stands_before_or_behind(text, side, read_text):
    """A named source has its side, an office that of the place that it is of."""
    [report] = read_text(text, "uk").reports

    assert report.claimant_side == side


def test_a_closing_sentence_tells_the_source_of_those_before_it(read_text):
    """The form of most Ukrainian news."""
    reading = read_text("У Нікополі загинув чоловік. Про це повідомив начальник ОВА.", "uk")

    assert [(r.place_id, r.claimant_side) for r in reading.reports] == [("dnipropetrovsk.nikopol", "ukraine")]


SWAPS = [
    ("російськ", "українськ"),
    ("Російськ", "Українськ"),
    ("росіяни", "українці"),
    ("Росіяни", "Українці"),
    ("Росія", "Україна"),
    ("Росії", "України"),
    ("Москва", "Київ"),
]


def swapped(text: str) -> str:
    """Exchange the two parties in a text."""
    for number, pair in enumerate(SWAPS):
        for word, letter in zip(pair, "AB", strict=True):
            text = re.sub(rf"\b{word}", f"<{number}{letter}>", text)
    for number, (one, other) in enumerate(SWAPS):
        text = text.replace(f"<{number}A>", other).replace(f"<{number}B>", one)
    return text


@pytest.mark.parametrize(
    "text",
    [
        "Російські війська захопили Курахове.",
        "Міністерство оборони Росії заявило, що російські війська захопили Курахове.",
        "Російські дрони атакували Покровськ, загинули двоє людей.",
        "Російські підрозділи відбили шість атак біля Торецька.",
        "Атака російських військ на Торецьк тривала всю ніч.",
        "Торецьк захопили російські війська.",
        "Росія обстріляла Торецьк з артилерії.",
        "Російські дрони завдали удару по позиціях біля Торецька.",
        "Росія планує захопити Торецьк.",
        "Росія заявила, що захопила Торецьк. Україна це заперечила.",
        "Росіяни просунулися поблизу Торецька, заявили в Міністерстві оборони України.",
    ],
)
def test_swapping_the_parties_changes_only_who_is_named(text, read_text):
    """The same places, kinds, days and figures; actor and claimant change sides."""
    other = {"russia": "ukraine", "ukraine": "russia"}
    readings = [read_text(t, "uk") for t in (text, swapped(text))]

    assert swapped(swapped(text)) == text
    plain = [
        [(r.place_id, r.kind, r.date, r.status, r.outcome, r.killed_min, len(r.more_quotes)) for r in reading.reports]
        for reading in readings
    ]
    assert plain[0] == plain[1]
    sides = [[(r.actor_side, r.claimant_side) for r in reading.reports] for reading in readings]
    assert [tuple(other.get(s, s) for s in pair) for pair in sides[0]] == sides[1]


@pytest.mark.parametrize(
    ("text", "actor", "side"),
    [
        ("Російські війська обстріляли Нікополь.", "Російські війська", "russia"),
        ("Нікополь обстріляли російські війська.", "російські війська", "russia"),
        ("Удар росіян по Нікополю пошкодив школу.", "росіян", "russia"),
        ("Українські безпілотники атакували склад у Суджі.", "Українські безпілотники", "ukraine"),
        ("Нікополь обстріляно з артилерії.", None, None),
        ("За даними Генштабу, ворог обстріляв Нікополь.", "ворог", "russia"),
        ("Противник обстріляв Суджу, заявили в Міноборони РФ.", "Противник", "ukraine"),
        ("Ворог обстріляв Нікополь.", "Ворог", None),
    ],
)
def test_the_actor_is_who_the_sentence_says(text, actor, side, read_text):
    """Before the verb or behind it; "the enemy" is the other party than the one that speaks, else nobody known."""
    [report] = read_text(text, "uk").reports

    assert (report.actor, report.actor_side) == (actor, side)


# --- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("У Херсоні внаслідок обстрілу двоє людей загинули, семеро поранені.", (2, 2), (7, 7)),
        ("Через удар по Херсону загинула жінка, ще троє людей дістали поранення.", (1, 1), (3, 3)),
        ("Щонайменше п'ятеро людей загинули внаслідок удару по Херсону.", (5, None), (None, None)),
        ("Унаслідок атаки на Херсон загинув 62-річний чоловік.", (1, 1), (None, None)),
        ("Унаслідок удару по Херсону кількість поранених зросла до 15.", (None, None), (15, 15)),
        ("Обстріл Херсона: постраждалих немає.", (None, None), (None, None)),
    ],
)
def test_people_are_counted_as_the_text_counts_them(text, killed, injured, read_text):
    """Collective numerals, a single woman or man, ages that count nobody."""
    [report] = read_text(text, "uk").reports

    assert (report.killed_min, report.killed_max) == killed
    assert (report.injured_min, report.injured_max) == injured


def test_a_total_since_the_beginning_is_marked(read_text):
    """It belongs to no day of the timeline."""
    [report] = read_text("Від початку року в Херсоні внаслідок обстрілів загинули 90 людей.", "uk").reports

    assert report.running_total


# --- means -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "means"),
    [
        ("Ворог ударив по Харкову КАБами.", "air_strike", "glide_bomb"),
        ("Ворог вдарив по Харкову трьома керованими авіабомбами.", "air_strike", "glide_bomb"),
        ("По Харкову вдарили балістикою.", "air_strike", "missile"),
        ("У Харкові впав шахед.", "air_strike", "drone"),
        ("По Харкову гатили з артилерії.", "shelling", "artillery"),
        ("Обстріл Харкова з РСЗВ тривав пів години.", "shelling", "artillery"),
        ("Харків обстріляли з мінометів.", "shelling", "mortar"),
        ("Харків обстріляли.", "shelling", None),
        ("Авіація завдала ударів по Харкову.", "air_strike", "aircraft"),
        ("Біля Харкова трактор підірвався на міні.", "explosion", "mine"),
        ("Над Харковом збили п'ять БпЛА.", "air_defence", "drone"),
    ],
)
def test_what_struck_decides_the_kind(text, kind, means, read_text):
    """Bombs, rockets and drones are strikes from the air, artillery and mortars are shelling."""
    [report] = read_text(text, "uk").reports

    assert (report.place_id, report.kind, report.means) == ("kharkiv.kharkiv", kind, means)


# --- words that only look like places --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Сили оборони відбили атаку.",
        "Українські війська відбили шість атак.",
        "Головне за ніч: атака дронів.",
        "Новини дня: вибухи та обстріли.",
        "Колони техніки було атаковано.",
        "Серед загиблих двоє дітей.",
        "Слава героям, які відбили штурм.",
        "Пожежі після обстрілу ліквідовано.",
    ],
)
def test_ordinary_words_are_no_villages(text, read_text):
    """Whatever villages are called so, and in whatever case."""
    assert read_text(text, "uk").reports == ()
