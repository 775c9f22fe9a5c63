"""Russian digests are read as a careful reader of Russian would read them."""

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
        ("3 ноября", "2024-11-03", "2024-11-03", "stated"),
        ("3 ноября 2024 года", "2024-11-03", "2024-11-03", "stated"),
        ("03.11.2024", "2024-11-03", "2024-11-03", "stated"),
        ("в ночь на 3 ноября", "2024-11-02", "2024-11-03", "stated"),
        ("в ночь со 2 на 3 ноября", "2024-11-02", "2024-11-03", "stated"),
        ("ночью 3 ноября", "2024-11-02", "2024-11-03", "stated"),
        ("с 28 по 30 октября", "2024-10-28", "2024-10-30", "stated"),
        ("1–3 ноября", "2024-11-01", "2024-11-03", "stated"),
        ("2 и 3 ноября", "2024-11-02", "2024-11-03", "stated"),
        ("в пятницу", "2024-11-01", "2024-11-01", "weekday"),
        ("во вторник утром", "2024-10-29", "2024-10-29", "weekday"),
        ("в ночь на субботу", "2024-11-01", "2024-11-02", "weekday"),
        ("в ночь на вторник", "2024-11-04", "2024-11-05", "weekday"),
        ("в воскресенье, 3 ноября", "2024-11-03", "2024-11-03", "stated"),
        ("вчера вечером", "2024-11-03", "2024-11-03", "relative"),
        ("накануне", "2024-11-03", "2024-11-03", "relative"),
        ("сегодня утром", "2024-11-04", "2024-11-04", "relative"),
        ("с начала суток", "2024-11-04", "2024-11-04", "relative"),
        ("за ночь", "2024-11-03", "2024-11-04", "relative"),
        ("минувшей ночью", "2024-11-03", "2024-11-04", "relative"),
        ("за минувшие сутки", "2024-11-03", "2024-11-04", "relative"),
        ("за прошедшие сутки", "2024-11-03", "2024-11-04", "relative"),
        ("за последние три дня", "2024-11-01", "2024-11-03", "relative"),
        ("за неделю", "2024-10-28", "2024-11-04", "relative"),
        ("за прошедшую неделю", "2024-10-28", "2024-11-04", "relative"),
    ],
)
def test_words_for_days_are_understood(text, first, last, basis):
    """Months stand in the genitive, weekdays in the accusative; a night belongs to the evening and the morning."""
    assert days_named("ru", text, MONDAY) == [(first, last, basis)]


@pytest.mark.parametrize(
    ("opening", "day", "basis"),
    [
        ("985-й день войны. Главное к этому часу", "2024-11-04", "day_number"),
        ("День 985. Хроника", "2024-11-04", "day_number"),
        ("Обстановка и главные события на 4 ноября", "2024-11-04", "digest"),
        ("Оперативная сводка по состоянию на 08:00", "2024-11-03", "briefing"),
        ("Главное к вечеру", "2024-11-04", "digest"),
        ("Доброе утро! За прошедшие сутки:\n— Шебекино: дрон.", "2024-11-03", "briefing"),
        ("Обстрелы области за минувшие сутки\n\nКаховка: дрон.", "2024-11-03", "briefing"),
        ("Главное о спецоперации за сутки\n\nМинобороны подвело итоги.", "2024-11-04", "digest"),
    ],
)
def test_a_digest_says_which_day_it_is_about(opening, day, basis):
    """A briefing of the morning speaks of the day before, a count of days of the day that it counts."""
    found_day = day_covered("ru", opening, MONDAY)

    assert found_day.day is not None
    assert found_day.day.isoformat() == day
    assert found_day.basis in (basis, "stated")
    assert found_day.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "В прошлом месяце российские войска захватили Угледар.",
        "Год назад российские войска захватили Угледар.",
        "Напомним, российские войска захватили Угледар.",
        "Три недели назад российские войска захватили Угледар.",
        "В начале вторжения российские войска захватили Угледар.",
    ],
)
def test_what_is_recalled_is_no_event_of_the_day(text, read_text):
    """Another time is named, or a word of recall."""
    reading = read_text(text, "ru")

    assert reading.reports == ()
    assert [v.role for v in reading.verdicts if v.mention.text == "Угледар"] == ["background"]


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "near",
    [
        "у Гродовки, Новогродовки и Селидово",
        "возле Гродовки, Новогродовки, Селидово",
        "в районах Гродовки, Новогродовки и Селидово",
        "в районах населенных пунктов Гродовка, Новогродовка и Селидово",
        "в направлении Гродовки, Новогродовки и Селидово",
        "в сторону населённых пунктов Гродовка, Новогродовка, Селидово",
        "вблизи Гродовки, Новогродовки, а также Селидово",
        "под Гродовкой, Новогродовкой и Селидово",
        "неподалёку от сёл Гродовка и Новогродовка, а также города Селидово",
    ],
)
def test_a_list_of_villages_gives_a_report_for_each(near, read_text):
    """In the nominative, the genitive or the instrumental, as the preposition wants it."""
    reading = read_text(f"Российские войска пытались прорваться {near}.", "ru")

    places = ["donetsk.hrodivka", "donetsk.novohrodivka", "donetsk.selydove"]
    assert told(reading) == [(place, "ground_fighting") for place in places]


FOUR = ["kursk", "belgorod", "lipetsk", "oryol"]


@pytest.mark.parametrize(
    "over",
    [
        "над Курской, Белгородской, Липецкой и Орловской областями",
        "над территорией Курской, Белгородской, Липецкой и Орловской областей",
        "над Курской, Белгородской, Липецкой, а также Орловской областями",
        "в Курской, Белгородской, Липецкой и Орловской областях",
        "над Курской областью, Белгородской областью, Липецкой областью и Орловской областью",
    ],
)
def test_one_head_noun_stands_for_a_list_of_regions(over, read_text):
    """Each adjective is an oblast of its own."""
    reading = read_text(f"Средства ПВО сбили 14 беспилотников {over}, сообщило Минобороны РФ.", "ru")

    assert told(reading) == [(region, "air_defence") for region in FOUR]
    assert {r.precision for r in reading.reports} == {"region"}
    assert {r.claimant_side for r in reading.reports} == {"russia"}


def test_the_head_noun_reaches_over_the_figures_of_a_list(read_text):
    """As the ministry counts drones every morning: how many over which oblast."""
    text = "Уничтожены 14 беспилотников: шесть – над территорией Курской, пять – Белгородской, два – Липецкой областей."

    assert told(read_text(text, "ru")) == [(region, "air_defence") for region in FOUR[:3]]


# --- what the cases and prepositions say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "precision"),
    [
        ("в Торецке", "settlement"),
        ("под Торецком", "near"),
        ("у Торецка", "near"),
        ("около Торецка", "near"),
        ("возле города Торецк", "near"),
        ("близ Торецка", "near"),
        ("недалеко от Торецка", "near"),
        ("рядом с Торецком", "near"),
        ("в районе Торецка", "near"),
        ("в районе населенного пункта Торецк", "near"),
        ("в районе н.п. Торецк", "near"),
        ("в окрестностях Торецка", "near"),
        ("на окраине Торецка", "settlement"),
        ("в центре Торецка", "settlement"),
        ("на подступах к Торецку", "near"),
        ("южнее Торецка", "near"),
        ("к югу от Торецка", "near"),
    ],
)
def test_near_a_town_is_not_in_it(phrase, precision, read_text):
    """Prepositions and bearings are kept as the precision of the report."""
    reading = read_text(f"Бои идут {phrase}.", "ru")

    assert told(reading) == [("donetsk.toretsk", "ground_fighting")]
    assert reading.reports[0].precision == precision


@pytest.mark.parametrize("name", ["Угледар", "города Угледар", "Угледара"])
def test_a_village_near_a_town_is_the_place(name, read_text):
    """The town only helps to find it."""
    reading = read_text(f"Российские войска заняли село Ясная Поляна недалеко от {name}.", "ru")

    assert told(reading) == [("donetsk.yasna-poliana", "capture")]


# --- what did not happen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Российские войска не смогли бы взять Торецк.",
        "Украина опровергла захват Торецка.",
        "Генштаб отрицает, что Торецк взят.",
        "Россия планирует захватить Торецк.",
        "Армия РФ готовится штурмовать Торецк.",
        "Цель российских войск – взять Торецк.",
        "Российские войска сосредоточились, чтобы захватить Торецк.",
        "По Торецку могут нанести удар.",
        "Командование приказало взять Торецк к Новому году.",
        "Если Торецк будет захвачен, фронт сдвинется.",
        "Боёв в Торецке не зафиксировано.",
    ],
)
def test_the_planned_the_possible_and_the_denied_are_no_events(text, read_text):
    """Toretsk is named, and nothing is reported there."""
    reading = read_text(text, "ru")

    assert reading.reports == ()
    assert any(v.mention.text.startswith("Торецк") for v in reading.verdicts)


def test_nobody_hurt_is_no_figure(read_text):
    """The strike is reported, and its figures stay unknown."""
    reading = read_text("Дрон попал в склад в Одессе, погибших и пострадавших нет.", "ru")

    assert told(reading) == [("odesa.odesa", "air_strike")]
    assert reading.reports[0].killed_min is None
    assert reading.reports[0].injured_min is None


def test_a_denial_joins_the_claim(read_text):
    """One report, disputed, with the sentence of the other party as a further quote."""
    reading = read_text("Минобороны РФ заявило о взятии Торецка. Генштаб ВСУ опроверг это заявление.", "ru")

    assert told(reading) == [("donetsk.toretsk", "capture")]
    assert reading.reports[0].status == "disputed"
    assert [q.claimant_side for q in reading.reports[0].more_quotes] == ["ukraine"]


def test_a_running_total_says_so(read_text):
    """What adds up since the beginning is no event of the day."""
    reading = read_text("Всего с начала войны в Херсоне при обстрелах погибли 300 жителей.", "ru")

    assert [r.running_total for r in reading.reports] == [True]


# --- who did it, and who says so --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "actor_side"),
    [
        ("Российские войска заняли Торецк.", "russia"),
        ("Торецк заняли российские войска.", "russia"),
        ("Село Ясная Поляна под Угледаром захвачено силами российской армии.", "russia"),
        ("ВСУ ударили дронами по складу в Токмаке.", "ukraine"),
        ("По складу в Токмаке ударили украинские дроны.", "ukraine"),
        ("При атаке ВСУ на Токмак повреждён склад.", "ukraine"),
        ("В результате удара российской авиации по Сумам повреждена школа.", "russia"),
        ("Над Сумами сбиты российские дроны.", None),
        ("В Токмаке взорван склад.", None),
        ("Потери ВСУ в Торецке растут: убиты 40 человек.", None),
    ],
)
def test_who_did_it_is_told_by_the_words_alone(text, actor_side, read_text):
    """The party that acts, before or behind its verb; never the one that suffers, never by the place."""
    assert [r.actor_side for r in read_text(text, "ru").reports] == [actor_side]


@pytest.mark.parametrize(
    ("source", "claimant_side"),
    [
        (", сообщило Минобороны РФ", "russia"),
        (", сообщили в Минобороны", "russia"),
        (", заявил Генштаб ВСУ", "ukraine"),
        (", говорится в сводке Генштаба", "ukraine"),
        (", рассказал президент Украины Владимир Зеленский", "ukraine"),
        (", сообщил глава областной военной администрации", "ukraine"),
        (", утверждают аналитики DeepState", "ukraine"),
        (", пишут российские военкоры", "russia"),
        (", отмечает Институт изучения войны", "third"),
        ("", "none"),
    ],
)
def test_the_source_stands_last(source, claimant_side, read_text):
    """Russian names who says so at the end of the sentence."""
    reading = read_text(f"В Торецке идут бои{source}.", "ru")

    assert [r.claimant_side for r in reading.reports] == [claimant_side]
    assert [r.status for r in reading.reports] == ["claimed" if source else "reported"]


def test_what_the_source_said_before_carries_over_to_by_his_words(read_text):
    """ "By his words" has the speaker of the sentence before."""
    reading = read_text(
        "Губернатор Белгородской области сообщил об обстреле Шебекино. По его словам, в Грайвороне ранен мужчина.", "ru"
    )

    assert told(reading) == [("belgorod.shebekino", "shelling"), ("belgorod.grayvoron", "casualties")]
    assert [r.claimant_side for r in reading.reports] == ["russia", "russia"]


# --- both parties alike -----------------------------------------------------------------------------------------------

PAIRS = {
    "Российские": "Украинские",
    "Российская": "Украинская",
    "российские": "украинские",
    "российских": "украинских",
    "российской": "украинской",
    "российская": "украинская",
    "России": "Украины",
    "Россия": "Украина",
    "Москва": "Киев",
    "ВС РФ": "ВСУ",
}
OTHER = {"russia": "ukraine", "ukraine": "russia"}


def swapped(text):
    pairs = {**PAIRS, **{b: a for a, b in PAIRS.items()}}
    return re.sub("|".join(sorted(pairs, key=len, reverse=True)), lambda m: pairs[m.group()], text)


def without_words(report, side=lambda s: s):
    """What a report says apart from its words; ``side`` is applied to every party."""
    return (
        (report.place_id, report.kind, report.action, report.means, report.outcome, report.status, report.precision),
        (report.date, report.date_end, report.killed_min, report.injured_min),
        (side(report.actor_side), side(report.claimant_side)),
        [(q.stance, side(q.claimant_side)) for q in report.more_quotes],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Российские войска взяли под контроль Торецк, заявило министерство обороны России.",
        "ВСУ атаковали дронами Токмак, ранены двое мужчин.",
        "Украинские военные отбили четыре атаки российских войск под Часовым Яром.",
        "Москва заявила, что ВС РФ вошли в Покровск. Генштаб Украины это опроверг.",
        "При ракетном ударе российской авиации по Сумам погибли три человека, сообщили власти Украины.",
        "Российская артиллерия обстреляла Никополь; украинские подразделения отошли из Селидово.",
        "Над Сумами сбиты российские дроны, утверждает Украина.",
    ],
)
def test_swapping_the_parties_changes_only_who_is_named(text, read_text):
    """Same places, kinds, days, status and figures; the sides change places."""
    here, there = read_text(text, "ru"), read_text(swapped(text), "ru")

    assert here.reports
    assert [without_words(r, lambda s: OTHER.get(s, s)) for r in here.reports] == [
        without_words(r) for r in there.reports
    ]
