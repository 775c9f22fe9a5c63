"""A mention means the place that fits everything the text says, or none; a unique name is no proof."""

import pytest
from marked import disagreements, read_marks, unmark

from geo.events import read
from geo.text.digests import Metadata, digest_of


def meanings(marked, language, read_text):
    """What is marked, and what those words are found to mean."""
    text, expected = unmark(marked)
    found = {
        (v.mention.start, v.mention.stop): v.resolution.place.id if v.resolution.place else None
        for v in read_text(text, language).verdicts
    }
    return expected, [(start, stop, found.get((start, stop), "no mention")) for start, stop, _ in expected]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        # one name, three villages: what is said to be near or around decides
        ("id", "Rusia merebut desa [Yasnaya Polyana|donetsk.yasna-poliana] di dekat [Vugledar|donetsk.vuhledar]."),
        ("en", "Russia captured [Yasna Poliana|donetsk.yasna-poliana] near [Vuhledar|donetsk.vuhledar]."),
        ("en", "Russia shelled [Yasna Poliana|donetsk.yasna-poliana-2] near [Kramatorsk|donetsk.kramatorsk]."),
        ("id", "Rusia menembaki [Yasnaya Polyana|donetsk.yasna-poliana-2] di dekat [Kramatorsk|donetsk.kramatorsk]."),
        ("en", "A drone fell on [Yasnaya Polyana|tula.yasnaya-polyana] in [Tula oblast|tula]."),
        ("en", "A drone fell on [Yasnaya Polyana|tula.yasnaya-polyana] near [Tula|tula.tula]."),
        ("id", "Sebuah drone jatuh di [Yasnaya Polyana|tula.yasnaya-polyana] di wilayah [Tula|tula]."),
        # a list lies together
        ("en", "Fighting went on in [Yasna Poliana|donetsk.yasna-poliana] and [Bohoiavlenka|donetsk.bohoiavlenka]."),
        ("en", "Shelling hit [Mykolaivka|donetsk.mykolaivka], [Sloviansk|donetsk.sloviansk] and Kramatorsk."),
        # an oblast and its capital may stand in one text
        ("en", "Shelling hit Kharkiv oblast.\nDrones hit the market in [Kharkiv|kharkiv.kharkiv]."),
        ("id", "Rusia merebut Kupiansk di Kharkiv.\nBom luncur menghantam pasar di [Kharkiv|kharkiv.kharkiv]."),
        ("id", "Wilayah Odessa ditembaki.\nKota itu gelap.\n[Odessa|odesa.odesa] diserang drone."),
        ("id", "34 drone ditembak jatuh di atas wilayah [Moskwa|moscowoblast]."),
        # but each item of an enumeration stands for itself
        ("en", "Two were killed in [Kurakhove|donetsk.kurakhove], three in [Kharkiv|kharkiv.kharkiv]."),
        ("id", "Dua orang tewas di [Kurakhove|donetsk.kurakhove], tiga di [Kharkiv|kharkiv.kharkiv]."),
        ("en", "Two were killed in [Kupiansk|kharkiv.kupiansk], three in [Izium|kharkiv.izium]."),
        ("en", "They shot down 12 over [Bryansk|bryansk], 8 over [Kursk|kursk] and 3 over [Belgorod oblast|belgorod]."),
        (
            "en",
            "Two were killed in [Lviv oblast|lviv], one in [Odesa oblast|odesa] and two in [Mykolaiv|mykolaiv.mykolaiv].",
        ),
        (
            "id",
            "Dua tewas di wilayah [Lviv|lviv], satu di wilayah [Odesa|odesa] dan dua di [Mykolaiv|mykolaiv.mykolaiv].",
        ),
        (
            "en",
            "They took [Kurakhivka|donetsk.kurakhivka] in Donetsk oblast and [Vovchansk|kharkiv.vovchansk] in Kharkiv oblast.",
        ),
        # a bearing is near, too
        (
            "en",
            "Troops entered [Yasna Poliana|donetsk.yasna-poliana], 20 km north-west of [Vuhledar|donetsk.vuhledar].",
        ),
        (
            "id",
            "Pasukan memasuki [Yasna Poliana|donetsk.yasna-poliana] di sebelah barat laut [Vugledar|donetsk.vuhledar].",
        ),
        # an axis lies along its towns
        ("en", "In the [Lyman sector|axis.lyman], fighting went on near [Terny|donetsk.terny]."),
        # behind a village, a name of both is the oblast; with a word for it, it is what the word says
        ("id", "Rusia merebut desa [Bohoiavlenka|donetsk.bohoiavlenka] di [Donetsk|donetsk]."),
        ("en", "Russia captured the village of [Bohoiavlenka|donetsk.bohoiavlenka] in [Donetsk|donetsk]."),
        ("id", "Ledakan terdengar di kota [Donetsk|donetsk.donetsk]."),
        ("en", "A missile hit the city of [Donetsk|donetsk.donetsk]."),
        ("en", "Shelling in [Kharkiv oblast|kharkiv] hurt two people in the city of [Kharkiv|kharkiv.kharkiv]."),
        ("id", "Penembakan di wilayah [Kharkiv|kharkiv] melukai dua orang di kota [Kharkiv|kharkiv.kharkiv]."),
        ("en", "Drones were shot down over [Sumy|sumy] and [Poltava|poltava] oblasts."),
        ("en", "Drones hit [Kyiv|kyiv] and [Sumy|sumy] oblasts."),
        ("en", "The town of [Lozova|kharkiv.lozova] was hit by missiles."),
        # former and foreign names mean today's place
        ("en", "Fighting went on in [Artemivsk|donetsk.bakhmut]."),
        ("en", "Fighting went on near [Krasnoarmeysk|donetsk.pokrovsk] and [Dzerzhynsk|donetsk.toretsk]."),
        ("id", "Pertempuran terjadi di [Artyomovsk|donetsk.bakhmut] dan [Ugledar|donetsk.vuhledar]."),
        # English and Indonesian ways to write a name
        ("en", "[Pokrovsk|donetsk.pokrovsk]'s railway station was shelled."),
        ("en", "Two were hurt in [KUPIANSK|kharkiv.kupiansk] and in [Chasiv-Yar|donetsk.chasiv-yar]."),
    ],
)
def test_the_text_around_a_name_decides_which_place_it_means(language, marked, read_text):
    """Each bracketed name is found where it stands and means the place after the bar."""
    expected, found = meanings(marked, language, read_text)

    assert found == expected


@pytest.mark.parametrize(
    ("language", "text", "spelled"),
    [
        ("en", "Fighting went on in the village of Ivanivka.", "Ivanivka"),
        ("id", "Pertempuran terjadi di desa Ivanivka.", "Ivanivka"),
    ],
)
def test_where_nothing_decides_no_place_is_chosen(language, text, spelled, read_text):
    """Several villages of one name, and not a word about which: not known, and said so."""
    [verdict] = [v for v in read_text(text, language).verdicts if v.mention.text == spelled]

    assert (verdict.role, verdict.resolution.place, verdict.resolution.decision) == ("unresolved", None, "low_margin")
    assert len(verdict.resolution.candidates) > 3


@pytest.mark.parametrize(
    ("language", "text", "region"),
    [
        ("en", "Over Rostov oblast, drones were brought down at Taganrog and Kamensk.", "Rostov"),
        ("en", "In Sumy oblast, shells fell on Bilopillia and on the village of Bohoiavlenka.", "Sumy"),
        ("id", "Di wilayah Sumy, peluru jatuh di Bilopillia dan di desa Bohoiavlenka.", "Sumy"),
    ],
)
def test_a_lone_candidate_far_from_the_oblast_of_its_sentence_is_refused(language, text, region, read_text):
    """Nothing is reported in another part of the country because a name is found there alone."""
    assert {r.region for r in read_text(text, language).reports} == {region}


def test_a_veto_names_the_words_that_refuse_a_candidate(read_text):
    """109 km are not near, whatever the fame of the other village."""
    reading = read_text("Russia captured Yasna Poliana near Vuhledar.", "en")
    [candidates] = [v.resolution.candidates for v in reading.verdicts if v.mention.text == "Yasna Poliana"]
    refused = {c.place.id: c for c in candidates if c.vetoed}
    vetoes = [e for e in refused["donetsk.yasna-poliana-2"].evidence if e.weight is None]

    assert [e.rule for e in vetoes] == ["near_stated_place"]
    assert "near Vuhledar (109 km)" in vetoes[0].words
    assert reading.digest.text[vetoes[0].start : vetoes[0].stop] == "Vuhledar"


def test_every_candidate_says_what_speaks_for_and_against_it(read_text):
    """Its score is the sum of its evidence."""
    reading = read_text("Russia shelled Novodmytrivka, Kurakhove and Toretsk in Donetsk oblast.", "en")
    candidates = [c for v in reading.verdicts for c in v.resolution.candidates]

    assert candidates
    assert all(c.evidence for c in candidates)
    assert all(abs(c.score - sum(e.weight or 0 for e in c.evidence)) < 0.02 for c in candidates)


def test_a_report_says_in_a_few_words_why_it_stands_there(read_text):
    """The deciding words, 400 bytes at most; the whole trace stays with the mentions."""
    [report] = read_text("Rusia merebut desa Yasnaya Polyana di dekat Vugledar di Donetsk.", "id").reports

    assert "di dekat Vugledar (20 km)" in report.why
    assert "merebut" in report.why
    assert len(report.why.encode()) <= 400


# --- what the gazetteer does not know --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def without_the_village(gazetteer_without):
    """A gazetteer that knows the two namesakes only."""
    return gazetteer_without("donetsk.yasna-poliana")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Hari ke-982: Rusia merebut desa Yasnaya Polyana di dekat Vugledar di Donetsk."),
        ("en", "Day 982: Russia captured the village of Yasna Poliana near Vuhledar in Donetsk oblast."),
    ],
)
def test_without_the_village_the_report_stands_near_its_anchor_and_says_why(language, text, without_the_village):
    """Nothing at a namesake, whether near Kramatorsk or in Tula; the name is said to be unknown."""
    [report] = read(digest_of(text, metadata=Metadata(language=language)), without_the_village).reports

    assert (report.place_id, report.precision, report.nominal) == ("donetsk.vuhledar", "near", True)
    assert report.radius_km >= 20
    assert report.mention in ("Yasnaya Polyana", "Yasna Poliana")
    assert "known" in report.why
    assert report.mention in report.why


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Hari ke-982: Rusia merebut desa Yasnaya Polyana di Luhansk."),
        ("en", "Day 982: Russia captured the village of Yasna Poliana in Luhansk oblast."),
    ],
)
def test_a_lone_candidate_outside_the_stated_container_is_refused(language, text, gazetteer_without):
    """The only village of the name lies in another oblast: the report covers the stated one as a whole, and says so."""
    only = gazetteer_without("donetsk.yasna-poliana-2", regions=("donetsk", "luhansk"))
    assert {n.place_id for n in only.named("Yasna Poliana")} == {"donetsk.yasna-poliana"}

    [report] = read(digest_of(text, metadata=Metadata(language=language)), only).reports

    assert (report.place_id, report.precision, report.nominal) == ("luhansk", "region", True)
    assert report.mention in report.why
    assert "Luhansk" in report.why


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Hari ke-982: Rusia merebut desa Antahberantah di wilayah Donetsk."),
        ("en", "Day 982: Russia captured the village of Quxavivka in Donetsk oblast."),
    ],
)
def test_an_unknown_village_in_a_known_oblast_is_a_report_of_the_oblast(language, text, without_the_village):
    """Its name is said to be missing from the gazetteer; no village is made up."""
    [report] = read(digest_of(text, metadata=Metadata(language=language)), without_the_village).reports

    assert (report.place_id, report.precision) == ("donetsk", "region")
    assert "not in the gazetteer" in report.why


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Hari ke-982: Rusia merebut desa Yasnaya Polyana di dekat Vugleddarr di Donetsk."),
        ("en", "Day 982: Russia captured the village of Yasna Poliana near Vuhleddarr in Donetsk oblast."),
    ],
)
def test_an_anchor_that_nobody_knows_does_not_hide_the_oblast_behind_it(language, text, read_text):
    """The namesake in Tula stays refused, and no capture of the oblast's capital is read out of it."""
    reports = read_text(text, language).reports

    assert {r.region for r in reports} <= {"Donetsk"}
    assert "donetsk.donetsk" not in {r.place_id for r in reports}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Drone menghantam desa Bilousivka di wilayah Poltava."),
        ("en", "A drone hit the village of Bilousivka in Poltava oblast."),
    ],
)
def test_two_villages_of_one_name_in_the_stated_oblast_give_a_report_of_the_oblast(language, text, read_text):
    """The text does not decide between them, and the report says so."""
    [report] = read_text(text, language).reports

    assert (report.place_id, report.precision) == ("poltava", "region")
    assert "several places" in report.why


def test_what_was_reported_lately_decides_between_villages_of_one_name(read_text):
    """Only if nothing in the text does, and the trace says by which raion it was."""
    reading = read_text("Russian troops captured the village of Yasna Poliana in Donetsk oblast.", "en")
    [chosen] = [v.resolution.candidates[0] for v in reading.verdicts if v.mention.text == "Yasna Poliana"]
    by_activity = {e.rule: e for e in chosen.evidence}["in_active_area"]

    assert by_activity.words == chosen.place.raion
    assert 0 < by_activity.weight <= 1.2
    [near] = read_text("Russia shelled Yasna Poliana near Kramatorsk.", "en").reports
    assert near.place_id == "donetsk.yasna-poliana-2"


def test_an_unknown_village_and_nothing_else_gives_no_report(without_the_village):
    """Not known is a good answer."""
    text = "Day 982: Russia captured the village of Quxavivka."
    reading = read(digest_of(text, metadata=Metadata(language="en")), without_the_village)

    assert reading.reports == ()
    assert [(v.mention.text, v.role) for v in reading.verdicts if v.mention.text == "Quxavivka"] == [
        ("Quxavivka", "unresolved")
    ]


def test_with_the_village_in_the_gazetteer_the_same_text_is_placed(read_text):
    """The counterpart of the above: nothing but the row makes the difference."""
    text, marks = read_marks(
        "Rusia merebut desa [Yasnaya Polyana|donetsk.yasna-poliana|capture] di dekat [Vugledar|donetsk.vuhledar|-anchor] di"
        " [Donetsk|-container]."
    )

    assert disagreements(marks, read_text(text, "id")) == []


# --- how exact a report is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "place_id", "precision"),
    [
        ("en", "Russia captured Kurakhove.", "donetsk.kurakhove", "settlement"),
        ("en", "Fighting went on near Kurakhove.", "donetsk.kurakhove", "near"),
        ("en", "Russian forces attacked towards Kurakhove.", "donetsk.kurakhove", "near"),
        ("en", "Fighting went on west of Kurakhove.", "donetsk.kurakhove", "near"),
        ("en", "Two were killed by shelling in Kupiansk district.", "kharkiv.kupiansk-raion", "district"),
        ("en", "Two were killed by shelling in Kharkiv oblast.", "kharkiv", "region"),
        ("en", "Twelve assaults were repelled on the Pokrovsk axis.", "axis.pokrovsk", "line"),
        ("en", "A drone hit the Zaporizhzhia nuclear power plant.", "zaporizhzhia.zaporizhzhia-npp", "site"),
        ("id", "Rusia merebut Kurakhove.", "donetsk.kurakhove", "settlement"),
        ("id", "Pertempuran terjadi di dekat Kurakhove.", "donetsk.kurakhove", "near"),
        ("id", "Pertempuran terjadi di sebelah barat Kurakhove.", "donetsk.kurakhove", "near"),
        ("id", "Dua orang tewas akibat penembakan di distrik Kupiansk.", "kharkiv.kupiansk-raion", "district"),
        ("id", "Dua orang tewas akibat penembakan di wilayah Kharkiv.", "kharkiv", "region"),
        ("id", "Sebuah drone menghantam PLTN Zaporizhzhia.", "zaporizhzhia.zaporizhzhia-npp", "site"),
    ],
)
def test_a_report_is_as_exact_as_its_words(language, text, place_id, precision, read_text):
    """Only a settlement or a site is a spot; the rest is nominal and has a radius."""
    [report] = read_text(text, language).reports

    assert (report.place_id, report.precision) == (place_id, precision)
    assert report.nominal == (precision not in ("site", "settlement"))
    assert report.radius_km > 0


@pytest.mark.parametrize(
    ("language", "text", "bearing", "distance_km"),
    [
        ("en", "Fighting went on 20 km west of Pokrovsk.", "west", 20.0),
        ("en", "Fighting went on about 7.5 kilometres south-east of Pokrovsk.", "southeast", 7.5),
        ("en", "Fighting went on north of Pokrovsk.", "north", None),
        ("id", "Pertempuran terjadi 20 km di sebelah barat Pokrovsk.", "west", 20.0),
        ("id", "Pertempuran terjadi 7,5 kilometer di tenggara Pokrovsk.", "southeast", 7.5),
    ],
)
def test_a_stated_distance_stays_a_distance(language, text, bearing, distance_km, read_text, gazetteer):
    """No point is computed: the report stands at the named place, with a radius that holds the distance."""
    [report] = read_text(text, language).reports
    pokrovsk = gazetteer.place("donetsk.pokrovsk")

    assert (report.bearing, report.distance_km, report.precision) == (bearing, distance_km, "near")
    assert (report.lat, report.lon) == (pokrovsk.lat, pokrovsk.lon)
    assert report.radius_km > (distance_km or 0)


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        # What a hyphen joins to another word names nothing by itself; a number behind it does no harm.
        ("en", "Shelling hit a [Moscow|-part_of_name]-backed militia in [Kupiansk|kharkiv.kupiansk|shelling]."),
        ("ru", "В [Павлово|-part_of_name]-Ямском округе сбит дрон."),
        ("ru", "Дрон упал на аэродром [Клин|moscowoblast.klin|air_strike]-5."),
        # A weapon that is called like a village.
        ("ru", "Снарядами «[Краснополь|-part_of_name]» обстреляны позиции у [Купянска|kharkiv.kupiansk|shelling]."),
        # An office that is called like a village, and a country that opens the next phrase.
        ("ru", "В [Белом|-part_of_name] доме сказали, что дрон упал в [Купянске|kharkiv.kupiansk|air_strike]."),
        ("ru", "Обстрелян [Николаев|mykolaiv.mykolaiv|shelling] [России|-government] на зависть."),
        # A village beside a city lies near it, or is not known.
        ("ru", "Дрон упал на дом в посёлке [Становое|moscowoblast.ramenskoye|air_strike] в [Раменском|-container]."),
        # Addresses and accounts.
        ("ru", "Обстрелян [Купянск|kharkiv.kupiansk|shelling] (https://example.org/Donetsk_news, @Kharkiv)."),
        # Every other city has a district of that name: one is meant where its city is named.
        ("ru", "Сбит дрон в [Дзержинском районе|-unresolved]."),
        (
            "ru",
            "В [Харькове|kharkiv.kharkiv] тихо.\nСбит дрон в [Киевском районе|kharkiv.kyivskyi-district|air_defence].",
        ),
        # The case form says "in", though a word unknown to us breaks the list.
        ("ru", "О взрывах сообщали в [Одессе|odesa.odesa|explosion], дессе и [Киеве|kyivcity.kyiv|explosion]."),
    ],
)
def test_a_name_inside_something_else_is_no_place(language, marked, read_text):
    """Compounds, weapons, addresses, and districts of a city that nobody speaks of."""
    text, marks = read_marks(marked)
    assert disagreements(marks, read_text(text, language)) == []


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        # two names of many places each mean those that lie together
        (
            "ru",
            "Освобождены сёла [Вишнёвое|kharkiv.vyshneve-2] и [Зелёный Гай|kharkiv.zelenyi-hai-2] Харьковской области.",
        ),
        # a direction holds for its paragraph
        (
            "uk",
            "Лиманський напрямок. Ворог тричі наступав. Атакував у районах [Макіївки|luhansk.makiivka] й Тернів.",
        ),
        # a group of forces fights on known directions
        (
            "ru",
            "Подразделения группировки войск «Запад» взяли под контроль село [Копанки|kharkiv.kopanky] в Харьковской области.",
        ),
        ("ru", "Бойцы «Востока» освободили [Новониколаевку|dnipropetrovsk.novomykolaivka-4] Днепропетровской области."),
        # the first line names the oblast
        (
            "uk",
            "Запорізька область: доба обстрілів.\nДрони били по Приморському, [Кам'янському|zaporizhzhia.kamianske], Роботиному.",
        ),
        # examples behind their oblast
        ("uk", "Обстріляно громади Сумської області, зокрема [Олексіївку|sumy.oleksiivka-3] й Кіндратівку."),
        # villages of an oblast are no village of its nickname
        ("uk", "Під ударами були 12 населених пунктів [Харківщини|kharkiv]."),
        # an adjective beside an oblast's is a name of its own
        ("ru", "Обстреляны окрестности Степногорска и [Приморского|zaporizhzhia.prymorske] Запорожской области."),
    ],
)
def test_namesakes_are_told_apart_by_what_stands_around(language, marked, read_text):
    """By each other, by the direction of the paragraph, by the group of forces, by the oblast of the title."""
    expected, found = meanings(marked, language, read_text)

    assert found == expected


def test_neighbours_of_one_name_are_one_place_with_a_radius_that_reaches_both(read_text):
    """Two settlements called Esman lie five kilometres apart: either is right as far as a map can tell."""
    (report,) = read_text("На Сумщині ворог обстріляв село Есмань.", "uk").reports

    assert report.place_id in ("sumy.esman", "sumy.esman-2")
    assert report.radius_km is not None
    assert report.radius_km >= 4
