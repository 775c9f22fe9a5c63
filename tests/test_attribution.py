"""Who says so is found where the text names it, and nowhere else."""

import pytest


def source_of(reading):
    [report] = reading.reports
    return report.claimant, report.claimant_id, report.claimant_side, report.status


@pytest.mark.parametrize(
    ("language", "text", "claimant", "claimant_id"),
    [
        # first
        (
            "en",
            "The Russian defence ministry said its troops had captured Kurakhove.",
            "Russian defence ministry",
            "russia.defence_ministry",
        ),
        (
            "en",
            "According to the General Staff, fighting went on near Toretsk.",
            "General Staff",
            "ukraine.general_staff",
        ),
        ("en", "Ukraine's air force said drones had attacked Odesa.", "Ukraine's air force", "ukraine.air_force"),
        ("en", "Moscow said its troops had taken control of Kurakhove.", "Moscow", "russia.government"),
        ("en", "Kyiv said its drones had attacked a depot in Feodosia.", "Kyiv", "ukraine.government"),
        (
            "id",
            "Kementerian Pertahanan Rusia mengatakan pasukannya telah merebut Kurakhove.",
            "Kementerian Pertahanan Rusia",
            "russia.defence_ministry",
        ),
        (
            "id",
            "Menurut Staf Umum Ukraina, pertempuran terjadi di dekat Toretsk.",
            "Staf Umum Ukraina",
            "ukraine.general_staff",
        ),
        ("id", "Moskwa menyatakan pasukannya telah merebut Kurakhove.", "Moskwa", "russia.government"),
        # last
        (
            "en",
            "Russian troops captured Kurakhove, the Russian defence ministry said.",
            "Russian defence ministry",
            "russia.defence_ministry",
        ),
        (
            "en",
            "Fighting went on in Toretsk, according to the Ukrainian military.",
            "Ukrainian military",
            "ukraine.armed_forces",
        ),
        ("en", "Fighting went on in Toretsk, said the regional governor.", "regional governor", "ukraine.governor"),
        (
            "en",
            "Russian troops captured Kurakhove, said the regional governor.",
            "regional governor",
            "ukraine.governor",
        ),
        (
            "id",
            "Pasukan Rusia merebut Kurakhove, kata Kementerian Pertahanan Rusia.",
            "Kementerian Pertahanan Rusia",
            "russia.defence_ministry",
        ),
        (
            "id",
            "Sumy diserang drone semalam, kata Angkatan Udara Ukraina.",
            "Angkatan Udara Ukraina",
            "ukraine.air_force",
        ),
        # neither party
        ("en", "Fighting went on in Toretsk, Reuters reported.", "Reuters", "third.media"),
        ("en", "The ISW said Russian forces advanced near Pokrovsk.", "ISW", "third.institute"),
        (
            "en",
            "Russian milbloggers claimed that troops entered Selydove.",
            "Russian milbloggers",
            "russia.milbloggers",
        ),
        (
            "id",
            "Bloger militer Rusia mengklaim pasukan memasuki Selydove.",
            "Bloger militer Rusia",
            "russia.milbloggers",
        ),
    ],
)
def test_the_source_stands_before_or_behind_what_it_says(language, text, claimant, claimant_id, read_text):
    """In its own words, with the key by which summaries and filters know it."""
    side = claimant_id.partition(".")[0]
    assert source_of(read_text(text, language)) == (claimant, claimant_id, side, "claimed")


@pytest.mark.parametrize(
    ("language", "text", "words", "claimant_id"),
    [
        ("en", "A drone hit a bus in Shebekino, said the governor of Belgorod oblast.", "Belgorod", "russia.governor"),
        ("en", "A drone hit a bus in Kupiansk, the governor of Kharkiv oblast said.", "Kharkiv", "ukraine.governor"),
        ("en", "A drone hit a bus in Shebekino, the regional governor said.", "governor", "russia.governor"),
        ("en", "A drone hit a bus in Kupiansk, the regional governor said.", "governor", "ukraine.governor"),
        ("en", "Explosions were heard in Kharkiv, its mayor wrote on Telegram.", "mayor", "ukraine.mayor"),
        ("id", "Drone menghantam bus di Shebekino, kata Gubernur Belgorod.", "Belgorod", "russia.governor"),
        ("id", "Drone menghantam bus di Kupiansk, kata Gubernur Kharkiv.", "Kharkiv", "ukraine.governor"),
        ("id", "Drone menghantam bus di Kupiansk, kata gubernur setempat.", "gubernur", "ukraine.governor"),
    ],
)
def test_a_governor_speaks_for_the_country_of_his_region(language, text, words, claimant_id, read_text):
    """By where the region lies, not by a list of persons; its name belongs to the source's words."""
    claimant, found_id, side, _ = source_of(read_text(text, language))

    assert (found_id, side) == (claimant_id, claimant_id.partition(".")[0])
    assert words in claimant


@pytest.mark.parametrize(
    ("language", "text", "claimant_id"),
    [
        ("en", "The Ukrainian air force reported a night attack. Drones hit Odesa.", "ukraine.air_force"),
        (
            "en",
            "Russia's defence ministry reported gains. It said Kurakhove had been captured.",
            "russia.defence_ministry",
        ),
        (
            "en",
            "The governor of Kharkiv oblast wrote on Friday. He said a drone had struck Kupiansk.",
            "ukraine.governor",
        ),
        ("id", "Angkatan Udara Ukraina melaporkan serangan malam. Drone menghantam Odesa.", "ukraine.air_force"),
        ("id", "Gubernur Kharkiv menulis pada Jumat. Ia mengatakan rudal menghantam Kupiansk.", "ukraine.governor"),
    ],
)
def test_a_source_carries_on_in_its_paragraph(language, text, claimant_id, read_text):
    """ "He said", "it added", or no source at all: that of the sentence before."""
    assert source_of(read_text(text, language))[1] == claimant_id


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        (
            "• The Russian defence ministry said its troops had captured Kurakhove.\n• Fighting went on in Toretsk.",
            ["russia", None],
        ),
        (
            (
                "• Ukraine's security service said a blast had been heard in Aleksin.\n"
                "• The Telegram channel Mash wrote that troops had captured Kurakhove."
            ),
            ["ukraine", None],
        ),
        (
            "• Shells hit Toretsk, the Russian defence ministry said.\n• Drones hit Odesa, according to its harbour master.",
            ["russia", None],
        ),
        (
            (
                "Seven drones were shot down over Belgorod region, its governor said. Russian military bloggers think of "
                "a depot near Shebekino and write that two missiles hit Shebekino."
            ),
            ["russia", None],
        ),
        (
            "• Russia's defence ministry reported 51 drones destroyed.\n• Russian drones attacked Odesa on Thursday.",
            [None],
        ),
        (
            "Russia's defence ministry reported 51 drones destroyed.\n\nRussian drones attacked Odesa on Thursday.",
            [None],
        ),
    ],
)
def test_a_source_does_not_carry_where_another_begins(text, sides, read_text):
    """Nobody is made to say what another bullet tells, whether that names a source that we know or not."""
    found = [r.claimant_side for r in read_text(text, "en").reports]

    assert [side if side in ("russia", "ukraine") else None for side in found] == sides


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("en", "Russia claimed gains. Ukraine's General Staff named Toretsk as a place of heavy fighting.", "russia"),
        ("en", "Drones attacked several regions of Russia overnight and hit Engels, the channel Mash wrote.", "russia"),
        ("id", "Drone menyerang Engels dan beberapa wilayah Rusia semalam, tulis kanal Telegram Mash.", "russia"),
    ],
)
def test_a_party_that_is_only_spoken_of_is_not_the_source(language, text, side, read_text):
    """Nor one that spoke before, once the sentence has another subject; an unknown source is none of the two."""
    [report] = read_text(text, language).reports

    assert report.claimant_side != side


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("en", "According to the General Staff of Ukraine, on 1 November:"),
        ("en", "The General Staff reports:"),
        ("id", "Menurut Staf Umum Ukraina, pada 1 November:"),
    ],
)
def test_a_header_names_the_source_of_the_whole_digest(language, header, read_text):
    """As in a briefing; a line with a source of its own keeps it."""
    lines = {
        "en": "\n• Fighting went on in Kupiansk.\n• The ISW said Russian forces advanced near Pokrovsk.",
        "id": "\n• Pertempuran terjadi di Kupiansk.\n• ISW mengatakan pasukan Rusia maju di dekat Pokrovsk.",
    }
    reading = read_text(header + lines[language], language)

    assert [r.claimant_id for r in reading.reports] == ["ukraine.general_staff", "third.institute"]


@pytest.mark.parametrize(
    ("language", "text", "via", "claimant_id"),
    [
        ("id", "Dilansir Guardian, pertempuran berlangsung di Toretsk.", ("Guardian",), None),
        (
            "en",
            "Fighting went on in Toretsk, the Guardian reported, citing the Ukrainian military.",
            ("Guardian",),
            "ukraine.armed_forces",
        ),
    ],
)
def test_an_outlet_that_relays_is_not_the_source(language, text, via, claimant_id, read_text):
    """It is kept apart, and the source stays who it is."""
    [report] = read_text(text, language).reports

    assert (report.via, report.claimant_id) == (via, claimant_id)


def test_a_source_keeps_its_party_across_a_semicolon(read_text):
    """ "It reported" in the second half still speaks for the ministry of the first, not for where the event lies."""
    text = "Russia's defence ministry did not comment on that; it reported improved positions near Kupiansk."

    assert source_of(read_text(text, "en"))[1:3] == ("russia.defence_ministry", "russia")


@pytest.mark.parametrize(
    ("language", "text"), [("en", "A missile hit Odesa."), ("id", "Sebuah rudal menghantam Odesa.")]
)
def test_without_a_source_the_outlet_speaks_in_its_own_voice(language, text, read_text):
    """Then the report has no claimant, and its status is not "claimed"."""
    assert source_of(read_text(text, language)) == (None, None, "none", "reported")


def test_an_institute_that_publishes_itself_is_its_own_source(read_text):
    """Its assessments are claims of a third side, not the voice of a newsroom."""
    reading = read_text("Russian forces advanced near Pokrovsk.", "en", outlet="Institute for the Study of War")

    assert source_of(reading) == ("Institute for the Study of War", "third.institute", "third", "claimed")


@pytest.mark.parametrize(
    ("language", "text", "actor", "side"),
    [
        ("en", "Russian troops captured Kurakhove.", "Russian troops", "russia"),
        ("en", "Ukrainian forces struck a refinery in Saratov.", "Ukrainian forces", "ukraine"),
        ("en", "Kurakhove was shelled by Russian artillery.", "Russian artillery", "russia"),
        ("en", "A Russian drone attack on Odesa injured two.", "Russian", "russia"),
        (
            "en",
            "Nova Kakhovka was shelled by Ukrainian forces, the Russian-installed administration said.",
            "Ukrainian forces",
            "ukraine",
        ),
        ("en", "Kurakhove was shelled.", None, None),
        ("en", "Ukrainian intelligence said clashes had taken place in Kursk oblast.", None, None),
        ("id", "Intelijen militer Ukraina menyatakan bentrokan terjadi di wilayah Kursk.", None, None),
        ("en", "The Ukrainian military said Kurakhove had been shelled.", None, None),
        ("id", "Pasukan Rusia merebut Kurakhove.", "Pasukan Rusia", "russia"),
        ("id", "Kurakhove ditembaki oleh pasukan Rusia.", "pasukan Rusia", "russia"),
        ("id", "Serangan drone Rusia di Odesa melukai dua orang.", "Rusia", "russia"),
        ("id", "Militer Ukraina mengatakan Kurakhove ditembaki.", None, None),
        ("en", "Kyiv was attacked with missiles and drones.", None, None),
        ("en", "In Kyiv debris of a drone fell on a school.", None, None),
        ("en", "In Russia, Aleksin near Tula came under drone attack.", None, None),
        ("en", "Izhevsk (Russia): A drone exploded over a factory.", None, None),
        ("en", "In Russia's Belgorod oblast, a drone strike on Shebekino killed one.", None, None),
        ("en", "On the Russian side of the border a drone fell on a farm in Shebekino.", None, None),
        ("en", "Ukrainian soldiers were killed in a strike on Sumy.", None, None),
        ("id", "Serangan drone ke Kyiv melukai dua orang.", None, None),
        ("id", "Masih di Rusia, dua drone jatuh di Shebekino.", None, None),
        ("id", "Di Ukraina, serangan drone di Odesa melukai dua orang.", None, None),
    ],
)
def test_the_actor_is_who_the_words_say_and_never_the_claimant(language, text, actor, side, read_text):
    """Who did it is not guessed from who says so, from whom it struck, or from where it happened."""
    [report] = read_text(text, language).reports

    assert (report.actor, report.actor_side) == (actor, side)


def test_the_source_of_a_lead_tells_its_details_too(read_text):
    """ "15 drones were downed, the ministry says": the next paragraph says where."""
    text = "За ночь сбиты 15 беспилотников, сообщает Минобороны РФ.\n\nВосемь сбиты над Курской областью, семь — над Брянской."

    assert [r.claimant_side for r in read_text(text, "ru").reports] == ["russia", "russia"]


@pytest.mark.parametrize(
    ("language", "text", "claimant_id"),
    [
        (
            "en",
            "A clinic burned down in Odesa after a drone attack. Two nurses were wounded, governor Oleh Kiper said.",
            "ukraine.governor",
        ),
        (
            "de",
            "Drohnen haben in der Nacht Odessa angegriffen. Zwei Frauen wurden verletzt, teilte Gouverneur Kiper mit.",
            "ukraine.governor",
        ),
        (
            "pl",
            "Rosjanie zaatakowali dronami Hłuchów. Zginęły dwie osoby, podał szef obwodowej administracji wojskowej.",
            "ukraine.military_administration",
        ),
        (
            "ru",
            "Ночью беспилотники атаковали Калугу. По словам губернатора Владислава Шапши, сбиты три дрона.",
            "russia.governor",
        ),
    ],
)
def test_who_tells_the_details_tells_the_lead_that_they_detail(language, text, claimant_id, read_text):
    claims = {report.claimant_id for report in read_text(text, language).reports}
    assert claims == {claimant_id}


def test_who_tells_of_another_place_does_not_tell_the_lead(read_text):
    text = "Drones attacked Sumy. A clinic was damaged in Odesa by a drone, governor Oleh Kiper said."
    sides = {report.mention: report.claimant_id for report in read_text(text, "en").reports}
    assert sides == {"Sumy": None, "Odesa": "ukraine.governor"}


def test_who_comments_on_a_strike_does_not_tell_of_it(read_text):
    text = "Missiles hit a plant in Sumy. The Russian president called it a reply to the attack of last week."
    assert {report.claimant_id for report in read_text(text, "en").reports} == {None}


@pytest.mark.parametrize(
    ("language", "text", "claimant_id"),
    [
        (
            "de",
            "Die russische Luftabwehr hat eigenen Angaben zufolge 50 Drohnen über dem Gebiet Brjansk zerstört.",
            "russia.government",
        ),
        (
            "en",
            "Russian air defence, by its own account, downed 50 drones over Bryansk oblast.",
            "russia.government",
        ),
        (
            "de",
            "Nach russischer Darstellung wurden 19 Drohnen über dem Gebiet Belgorod abgefangen.",
            "russia.government",
        ),
        (
            "en",
            "Fighting raged in Vovchansk, said Ivan Petrenko, head of the town's military administration.",
            "ukraine.military_administration",
        ),
        ("en", "A drone attack on Konotop cut the power, the city's mayor, Artem Petrenko, said.", "ukraine.mayor"),
        ("pl", "Bomba lotnicza zniszczyła pięć domów w Guliajpolu (gubernator Iwan Fedorow).", "ukraine.governor"),
        ("es", "Moscú se atribuye la conquista de Kurájove.", "russia.government"),
        ("ru", "Z-каналы утверждают, что ВСУ нанесли удар по аэродрому в Курске.", "russia.milbloggers"),
    ],
)
def test_a_source_is_told_in_many_manners(language, text, claimant_id, read_text):
    claims = {report.claimant_id for report in read_text(text, language).reports}
    assert claims == {claimant_id}


@pytest.mark.parametrize(
    ("outlet", "side"),
    [
        ("General Staff of the Armed Forces of Ukraine (Facebook)", "ukraine"),
        ("Генеральний штаб ЗСУ", "ukraine"),
        ("Ukrainian military bloggers", "ukraine"),
        ("Russian military bloggers", "russia"),
        ("Oleksandr Prokudin, Kherson (Telegram)", "ukraine"),
        ("Radio Liberty (Ukrainian service)", "none"),
        ("Kyiv Post", "none"),
    ],
)
def test_an_office_that_publishes_says_so_itself(outlet, side, read_text):
    """Its name may be in English, as lists of sources have it; a newsroom speaks for nobody."""
    reading = read_text("Російські війська вночі обстріляли Нікополь, поранено двох людей.", "uk", outlet=outlet)

    assert [report.claimant_side for report in reading.reports] == [side]
