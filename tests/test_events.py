"""From a text to its reports: what is promised for any text, and what becomes of each mention of a place."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import disagreements, promises_broken, read_marks

from geo.events import events_in, read
from geo.explain import as_dict, lines
from geo.text.digests import Metadata, digest_of

# --- promises that hold for any text ---------------------------------------------------------------------------------

PIECES = (
    "Russian troops captured the village of Yasna Poliana near Vuhledar in Donetsk oblast",
    "Ukraine denied the claim; the General Staff said fighting went on in Pokrovsk, Toretsk and towards Kurakhove",
    "pasukan Rusia merebut desa Yasnaya Polyana di dekat Vugledar di Donetsk",
    "Gubernur Kharkiv mengatakan dua orang tewas akibat serangan drone di Kupiansk pada Kamis malam",
    "20 km west of Pokro\u00advsk",
    "Вугледа\u0301р і Куп’янськ, Троїцьке",
    "desa Antah Berantah di Sumy",
    "Baca juga: Rusia Serang Odesa",
    "Read more: Odesa",
    "KYIV, KOMPAS.com - ",
    "Tags: Kyiv",
    "hari ke-982, Jumat (1/11/2024)",
    "on 31 October overnight",
    "in the night to 1 January 0001, on 9999-12-31 at night, (31/12), Day 9.999, 1/1/2025",
    "killing ٣ people and injuring ², 12.345.678 and 1/2 more, 20 km from 30 to 31 June",
    "<script>alert(1)</script> \u202eodesA\u202c",
)
GLUE = (
    " ",
    ". ",
    "\n",
    "\r\n",
    "\r",
    "\n\n• ",
    "; ",
    ", ",
    " and ",
    " dan ",
    "\u00a0",
    "\t",
    "\u2028",
    "”",
    "(",
    "[12] ",
)
LOOSE = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
BODIES = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(GLUE), LOOSE), max_size=16).map("".join)
HEADS = st.sampled_from(
    ["", "\ufeff", "+++\r\npublished = 2024-11-02\r\n+++\r\n", '\ufeff+++\noutlet = "W\u0301"\n+++\n', "+++\nx"]
)
LANGUAGES = st.sampled_from([None, "en", "id", "uk"])
DAYS = st.sampled_from([date(2024, 11, 1), date(2024, 2, 29), date(2025, 1, 1), date.min, date.max, None])


def check_any(text, language, published, gazetteer):
    """Reading does not fail, and what it gives keeps the promises about offsets, verdicts and ids."""
    digest = digest_of(text, metadata=Metadata(language=language, published=published), digest_id="any")
    reading = read(digest, gazetteer)

    assert promises_broken(reading) == []
    assert list(lines(reading))
    assert len(as_dict(reading)["mentions"]) == len(reading.verdicts)


@given(HEADS, BODIES, LANGUAGES, DAYS)
@settings(max_examples=300)
def test_any_text_is_read_with_exact_quotes_and_a_verdict_for_each_mention(gazetteer, head, body, language, published):
    """A quote is the text from its start to its end and holds its mention; each mention has one verdict; ids differ."""
    check_any(head + body, language, published, gazetteer)


@pytest.mark.slow
@given(HEADS, BODIES, LANGUAGES, DAYS)
@settings(max_examples=4_000)
def test_any_text_is_read_with_exact_quotes_and_a_verdict_for_each_mention_at_length(
    gazetteer, head, body, language, published
):
    """The same, for many more texts."""
    check_any(head + body, language, published, gazetteer)


def test_a_reading_holds_the_events_that_events_in_yields(gazetteer):
    """``events_in`` is ``read`` for those who want reports alone."""
    digest = digest_of("Fighting went on in Toretsk.", metadata=Metadata(language="en", published=date(2024, 11, 1)))

    assert tuple(events_in(digest, gazetteer)) == read(digest, gazetteer).reports != ()


# --- what becomes of a mention ---------------------------------------------------------------------------------------

REPORTED = [
    ("en", "Russian troops captured [Kurakhove|donetsk.kurakhove|capture], the defence ministry said."),
    ("en", "Ukrainian forces retook [Toretsk|donetsk.toretsk|capture]."),
    ("en", "Russian forces advanced near [Pokrovsk|donetsk.pokrovsk|capture]."),
    ("en", "Ukrainian units withdrew from [Vuhledar|donetsk.vuhledar|withdrawal]."),
    ("en", "Fighting continued in [Chasiv Yar|donetsk.chasiv-yar|ground_fighting]."),
    ("en", "Ukrainian troops repelled assaults near [Kupiansk|kharkiv.kupiansk|ground_fighting]."),
    ("en", "A drone attack on [Odesa|odesa.odesa|air_strike] injured two people."),
    ("en", "Russian missiles hit a school in [Zaporizhzhia|zaporizhzhia.zaporizhzhia|air_strike]."),
    ("en", "Glide bombs fell on [Kostiantynivka|donetsk.kostiantynivka|air_strike] in the morning."),
    ("en", "Russian artillery shelled [Nikopol|dnipropetrovsk.nikopol|shelling] twice."),
    ("en", "[Nikopol|dnipropetrovsk.nikopol|shelling] was shelled twice."),
    ("en", "Explosions were heard in [Dnipro|dnipropetrovsk.dnipro|explosion]."),
    ("en", "Air defences shot down four drones over [Sumy|sumy.sumy|air_defence]."),
    ("en", "Two residents were killed in [Kherson|kherson.kherson|casualties]."),
    ("en", "Some 300 people were evacuated from [Pokrovsk|donetsk.pokrovsk|evacuation]."),
    ("en", "Russia moved troops to [Kursk oblast|kursk|deployment]."),
    ("en", "[Kyiv|kyivcity.kyiv|air_strike] was attacked by drones overnight."),
    ("en", "Drones attacked [Kyiv|kyivcity.kyiv|air_strike] overnight."),
    ("en", "In [Kharkiv|kharkiv.kharkiv|air_strike] the mayor reported drone strikes on two districts."),
    ("en", "Nobody was hurt when a drone hit a warehouse in [Odesa|odesa.odesa|air_strike]."),
    ("en", "Nobody was hurt in the drone attack on [Odesa|odesa.odesa|air_strike]."),
    ("en", "Five missiles hit an air defence battery in [Dzhankoi|crimea.dzhankoi|air_strike]."),
    (
        "en",
        (
            "[Kurakhivka|donetsk.kurakhivka|capture] in [Donetsk oblast|-container] and [Vovchansk|kharkiv.vovchansk|capture]"
            " in [Kharkiv oblast|-container] have been captured."
        ),
    ),
    ("en", "The governor said a drone had hit a farm near [Okhtyrka|sumy.okhtyrka|air_strike]."),
    ("en", "Russian forces tried to capture [Kurakhove|donetsk.kurakhove|ground_fighting] but were repelled."),
    (
        "en",
        "Forces attacked near [Toretsk|donetsk.toretsk|ground_fighting] and [Nelipivka|donetsk.nelipivka|ground_fighting].",
    ),
    ("en", "Two people were killed in a missile strike on [Odesa|odesa.odesa|air_strike]."),
    (
        "en",
        "Drones hit [Sumy|sumy.sumy|air_strike], while fighting went on in [Toretsk|donetsk.toretsk|ground_fighting].",
    ),
    ("id", "Pasukan Rusia merebut kota [Kurakhove|donetsk.kurakhove|capture], kata Kementerian Pertahanan."),
    ("id", "Pasukan Ukraina merebut kembali [Toretsk|donetsk.toretsk|capture]."),
    ("id", "Pasukan Rusia maju di dekat [Pokrovsk|donetsk.pokrovsk|capture]."),
    ("id", "Pasukan Ukraina mundur dari [Vugledar|donetsk.vuhledar|withdrawal]."),
    ("id", "Pertempuran berlanjut di [Chasiv Yar|donetsk.chasiv-yar|ground_fighting]."),
    ("id", "Pasukan Ukraina memukul mundur serangan di dekat [Kupiansk|kharkiv.kupiansk|ground_fighting]."),
    ("id", "Serangan drone di [Odesa|odesa.odesa|air_strike] melukai dua orang."),
    ("id", "Rudal Rusia menghantam sebuah sekolah di [Zaporizhzhia|zaporizhzhia.zaporizhzhia|air_strike]."),
    ("id", "Bom luncur jatuh di kota [Kostiantynivka|donetsk.kostiantynivka|air_strike] pada pagi hari."),
    ("id", "Artileri Rusia menembaki [Nikopol|dnipropetrovsk.nikopol|shelling] dua kali."),
    ("id", "Ledakan terdengar di [Dnipro|dnipropetrovsk.dnipro|explosion]."),
    ("id", "Pertahanan udara menembak jatuh empat drone di atas [Sumy|sumy.sumy|air_defence]."),
    ("id", "Dua warga tewas di [Kherson|kherson.kherson|casualties]."),
    ("id", "Sekitar 300 orang dievakuasi dari [Pokrovsk|donetsk.pokrovsk|evacuation]."),
    ("id", "Rusia memindahkan pasukan ke wilayah [Kursk|kursk|deployment]."),
    ("en", "The ministry said its forces had taken [Kurakhove|donetsk.kurakhove|capture]."),
    ("en", "Russian forces have fully occupied [Selydove|donetsk.selydove|capture], analysts said."),
    ("en", "Moscow claimed control over [Kurakhivka|donetsk.kurakhivka|capture]."),
    ("en", "Heavy fighting is under way for control of [Selydove|donetsk.selydove|ground_fighting]."),
    ("en", "Drones hit [Rostov|rostov.rostov-on-don|air_strike]'s port and set a ship on fire."),
    ("id", "Pasukan Rusia mencapai pusat kota [Selydove|donetsk.selydove|capture]."),
    ("id", "Pertempuran sengit berlangsung untuk menguasai [Selydove|donetsk.selydove|ground_fighting]."),
    ("en", "Drones hit [Odesa|odesa.odesa-sea-port|air_strike]'s port and set a ship on fire."),
    ("id", "Rudal menghantam pelabuhan [Odesa|odesa.odesa-sea-port|air_strike]."),
    ("id", "Rusia menyerang [Kyiv|kyivcity.kyiv|air_strike] dengan drone semalam."),
    ("id", "Tidak ada korban jiwa dalam serangan drone di [Odesa|odesa.odesa|air_strike]."),
    ("id", "Pasukan Rusia mencoba merebut [Kurakhove|donetsk.kurakhove|ground_fighting] tetapi dipukul mundur."),
    (
        "id",
        "Pasukan menyerang di dekat [Toretsk|donetsk.toretsk|ground_fighting] dan [Nelipivka|donetsk.nelipivka|ground_fighting].",
    ),
    ("id", "Dua orang tewas akibat serangan rudal di [Odesa|odesa.odesa|air_strike]."),
    (
        "id",
        "Drone jatuh di [Sumy|sumy.sumy|air_strike], sementara pertempuran terjadi di [Toretsk|donetsk.toretsk|ground_fighting].",
    ),
]

REJECTED = [
    # where the reporter sat
    ("en", "[KYIV|-dateline] (Wire) — Russian troops captured [Kurakhove|donetsk.kurakhove|capture]."),
    ("en", "[KHARKIV|-dateline], Ukraine -- A drone attack on [Odesa|odesa.odesa|air_strike] injured two people."),
    ("id", "[KYIV|-dateline], Harian Uji - Pasukan Rusia merebut kota [Kurakhove|donetsk.kurakhove|capture]."),
    # who speaks
    ("en", "[Kyiv|-government] said that Russian artillery shelled [Nikopol|dnipropetrovsk.nikopol|shelling]."),
    ("en", "[Moscow|-government] claims to have captured [Kurakhove|donetsk.kurakhove|capture]."),
    ("en", "[Moscow|-government]'s troops captured [Kurakhove|donetsk.kurakhove|capture]."),
    ("en", "[Ukraine|-government] shelled [Shebekino|belgorod.shebekino|shelling]."),
    ("id", "[Kyiv|-government] mengatakan artileri Rusia menembaki [Nikopol|dnipropetrovsk.nikopol|shelling]."),
    ("id", "[Moskwa|-government] mengklaim telah merebut [Kurakhove|donetsk.kurakhove|capture]."),
    ("id", "[Ukraina|-government] menembaki [Shebekino|belgorod.shebekino|shelling]."),
    # where people met and spoke
    ("en", "The ministers met in [Brussels|-venue] on Thursday."),
    ("en", "Talks in [Istanbul|-venue] ended without a result."),
    ("en", "In a speech in [Montreal|-venue] the minister asked for air defence systems."),
    ("id", "Para menteri bertemu di [Brussel|-venue] pada Kamis."),
    ("id", "Perundingan di [Istanbul|-venue] berakhir tanpa hasil."),
    ("id", "Dalam pidato di [Montreal|-venue], menteri itu meminta bantuan."),
    # where it came from
    ("en", "Missiles launched from [Belgorod|-origin] hit a school in [Kharkiv|kharkiv.kharkiv|air_strike]."),
    ("en", "The drones were launched from [Kursk|-origin] and [Oryol|-origin]."),
    ("id", "Rudal yang diluncurkan dari [Belgorod|-origin] menghantam sekolah di [Kharkiv|kharkiv.kharkiv|air_strike]."),
    ("id", "Drone itu diluncurkan dari [Kursk|-origin]."),
    # what only helps to find the place
    ("en", "Russian troops captured [Bohoiavlenka|donetsk.bohoiavlenka|capture] near [Vuhledar|donetsk.vuhledar|-anchor]."),
    ("en", "Shelling hit [Bilopillia|sumy.bilopillia|shelling], 40 km north-west of [Sumy|sumy.sumy|-anchor]."),
    ("id", "Rusia merebut desa [Bohoiavlenka|donetsk.bohoiavlenka|capture] di dekat [Vugledar|donetsk.vuhledar|-anchor]."),
    ("en", "Troops captured the village of [Bohoiavlenka|donetsk.bohoiavlenka|capture] in [Donetsk oblast|-container]."),
    ("en", "In [Kherson oblast|-container], two people were killed in [Beryslav|kherson.beryslav|casualties]."),
    ("id", "Rusia merebut desa [Bohoiavlenka|donetsk.bohoiavlenka|capture] di [Donetsk|-container]."),
    ("id", "Di wilayah [Kherson|-container], dua orang tewas di [Beryslav|kherson.beryslav|casualties]."),
    # what only belongs to a name
    ("en", "The governor of [Belgorod|-part_of_name] said that [Shebekino|belgorod.shebekino|shelling] was shelled."),
    ("en", "The [Odesa|-part_of_name] Military District has a new commander, and fighting goes on."),
    ("en", "Shelling violates the [Geneva|-part_of_name] Conventions."),
    ("id", "Gubernur [Belgorod|-part_of_name] mengatakan [Shebekino|belgorod.shebekino|shelling] ditembaki."),
    ("id", "Penembakan itu melanggar Konvensi [Jenewa|-part_of_name]."),
    ("id", "Distrik Militer [Odesa|-part_of_name] punya komandan baru, dan pertempuran berlanjut."),
    # what did not happen, or not yet
    ("en", "The United States closed its embassy in Kyiv because of the danger of an air attack."),
    ("en", "Russia plans to attack [Zaporizhzhia|-not_reported_as_happened] in winter."),
    ("en", "Russian troops may soon storm [Kupiansk|-not_reported_as_happened]."),
    ("en", "Russian troops did not attack near [Orikhiv|-not_reported_as_happened]."),
    ("en", "The army denied that Russian troops had captured [Toretsk|-not_reported_as_happened]."),
    ("en", "Their aim is to capture [Chasiv Yar|-not_reported_as_happened] by May."),
    ("en", "No offensive actions were conducted near [Huliaipole|-not_reported_as_happened]."),
    ("id", "Rusia berencana menyerang [Zaporizhzhia|-not_reported_as_happened] pada musim dingin."),
    ("id", "Pasukan Rusia mungkin akan menyerbu [Kupiansk|-not_reported_as_happened]."),
    ("id", "Pasukan Rusia tidak menyerang di dekat [Orikhiv|-not_reported_as_happened]."),
    ("id", "Militer membantah bahwa Rusia merebut [Toretsk|-not_reported_as_happened]."),
    ("id", "Tujuan mereka adalah merebut [Chasiv Yar|-not_reported_as_happened]."),
    ("id", "Jika [Pokrovsk|-not_reported_as_happened] direbut, Rusia bisa maju lebih jauh."),
    # what is told of another time
    ("en", "Russian troops captured [Avdiivka|-background] earlier this year."),
    ("en", "The town of [Vuhledar|-background] was captured last month."),
    ("id", "Rusia merebut [Avdiivka|-background] awal tahun ini."),
    ("id", "Kota [Vugledar|-background] direbut bulan lalu."),
    ("en", "Russian troops, who captured [Avdiivka|-background] in February, entered [Selydove|donetsk.selydove|capture]."),
    ("en", "In March, a missile struck [Odesa|-background]."),
    ("en", "Ukraine captured [Sudzha|-background] in August."),
    ("id", "Rusia merebut [Avdiivka|-background] pada Februari."),
    # what is said of nothing that happened
    ("en", "The weather in [Odesa|-no_event] stays mild."),
    ("en", "[Kharkiv|-no_event] has more than a million inhabitants."),
    ("id", "Cuaca di [Odesa|-no_event] tetap cerah."),
    ("id", "[Kharkiv|-no_event] berpenduduk lebih dari satu juta jiwa."),
    ("en", "A moment captured on video in [Kharkiv|-no_event] shows the square."),
    ("en", "He died of a heart attack in [Dnipro|-no_event]."),
    ("en", "Sanctions have hit [Moscow|-no_event] hard."),
    ("id", "Sanksi menghantam [Moskwa|-no_event]."),
    ("en", "Ukrainian forces still hold [Kurakhove|-no_event]."),
    ("id", "Pasukan Ukraina masih menguasai [Kurakhove|-no_event]."),
    ("id", "Seorang pria asal [Kherson|-origin] terluka."),
    # what no name of the gazetteer explains
    ("en", "Russian troops captured the village of [Quxavivka|-unresolved]."),
    ("id", "Pasukan Rusia merebut desa [Quxavivka|-unresolved]."),
    # what is too wide, or too far away
    ("en", "Fighting continued all over [Ukraine|-country_only]."),
    ("id", "Pertempuran berlanjut di [Ukraina|-country_only]."),
    ("en", "An explosion was heard in [Warsaw|-outside_theatre]."),
    ("id", "Sebuah ledakan terdengar di [Warsawa|-outside_theatre]."),
    # what belongs to another article
    ("en", "Day 982.\nOne.\nTwo.\nRead more: Drone attack on [Odesa|-boilerplate]"),
    ("en", "Day 982.\nOne.\nTwo.\nThree.\nTags: [Odesa|-boilerplate], shelling"),
    ("id", "Hari ke-982.\nSatu.\nBaca juga: Serangan Drone di [Odesa|-boilerplate]"),
    ("id", "Hari ke-982.\nSatu.\nDua.\nTiga.\nSimak breaking news serangan di [Odesa|-boilerplate]"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "marked"), [*REPORTED, *REJECTED])
def test_each_mention_is_a_report_or_has_the_reason_why_not(language, marked, read_text):
    """The marks say which; nothing else is reported."""
    text, marks = read_marks(marked)

    assert disagreements(marks, read_text(text, language)) == []


def test_two_names_side_by_side_are_one_that_is_not_known(read_text):
    """ "Nova Illinka" is neither the village of Nova nor any of the villages of Illinka."""
    reports = read_text("Moscow announced the capture of Nova Illinka in Donetsk oblast.", "en").reports

    assert {r.region for r in reports} <= {"Donetsk"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian forces failed to capture Kurakhove."),
        ("en", "Attempts to capture Kurakhove were unsuccessful."),
        ("en", "Russia tried in vain to take control of Kurakhove."),
        ("en", "Ukrainian forces captured 12 Russian soldiers in Kurakhove."),
        ("en", "Two captured tanks were shown in Kurakhove."),
        ("id", "Pasukan Rusia gagal merebut Kurakhove."),
        ("id", "Upaya merebut Kurakhove gagal."),
        ("id", "Pasukan Rusia tidak berhasil merebut Kurakhove."),
    ],
)
def test_what_was_not_taken_is_not_reported_as_a_capture(language, text, read_text):
    """What failed may have been fighting, and who takes soldiers or tanks takes no ground."""
    assert [r.kind for r in read_text(text, language).reports if r.kind == "capture"] == []


@pytest.mark.parametrize("name", ["Nova Quxavivka", "Stara Quxavivka"])
def test_a_known_name_inside_an_unknown_one_is_not_reported(name, read_text):
    """ "Nova Quxavivka" is not the village of Nova in another oblast."""
    assert read_text(f"Russian troops captured the village of {name}.", "en").reports == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian troops captured Bohoiavlenka, a village on the shore of the Kurakhove reservoir."),
        (
            "en",
            "Russian troops captured Bohoiavlenka, a village on the Vovcha river, south of the Kurakhove power plant.",
        ),
        ("id", "Pasukan Rusia merebut Bohoiavlenka, sebuah desa di tepi waduk Kurakhove."),
    ],
)
def test_a_river_or_a_reservoir_is_not_the_town_of_its_name(language, text, read_text):
    """It tells where the village lies."""
    assert [r.place_id for r in read_text(text, language).reports] == ["donetsk.bohoiavlenka"]


# --- one record per place, kind and time -----------------------------------------------------------------------------


def told(text, language, read_text):
    """(place, kind, first day, last day) of each report."""
    return [(r.place_id, r.kind, r.date, r.date_end) for r in read_text(text, language).reports]


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        (
            "en",
            "Forces attacked near Toretsk, Kurakhove and towards Chasiv Yar.",
            ["toretsk", "kurakhove", "chasiv-yar"],
        ),
        ("en", "Strike on Toretsk\n\n• Drones struck Toretsk, officials said.", ["toretsk"]),
        ("en", "Two people were killed in a drone strike on Toretsk.", ["toretsk"]),
        ("id", "Pertempuran terjadi di Toretsk, Kurakhove, dan Chasiv Yar.", ["toretsk", "kurakhove", "chasiv-yar"]),
        ("id", "Drone menghantam Toretsk\n\n• Serangan drone di Toretsk melukai dua orang.", ["toretsk"]),
        ("id", "Dua orang tewas akibat serangan drone di Toretsk.", ["toretsk"]),
    ],
)
def test_a_list_gives_one_report_for_each_place_and_a_repetition_none(language, text, places, read_text):
    """A headline and its bullet are one record; the victims of a strike belong to the strike."""
    assert [r.place_id for r in read_text(text, language).reports] == [f"donetsk.{p}" for p in places]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "Drones struck Odesa on Wednesday. Drones struck Odesa on Thursday.", 2),
        ("en", "Shelling killed one in Nikopol. In the evening, shelling killed three in Nikopol.", 2),
        ("en", "Fighting went on in Toretsk. Artillery shelled Toretsk.", 2),
        ("id", "Drone menghantam Odesa pada Rabu. Drone menghantam Odesa pada Kamis.", 2),
    ],
)
def test_other_days_victims_or_kinds_make_another_report(language, text, number, read_text):
    """And every report has an id of its own."""
    reports = read_text(text, language).reports

    assert len(reports) == len({r.id for r in reports}) == number


def test_an_id_is_made_of_digest_place_kind_and_day(read_text):
    """A second record of the same four is counted."""
    text = "Shelling killed one in Nikopol. In the evening, shelling killed three in Nikopol."
    first = "text.dnipropetrovsk.nikopol.shelling.2024-11-01"

    assert [r.id for r in read_text(text, "en").reports] == [first, f"{first}-2"]


@pytest.mark.parametrize(
    ("language", "text", "first", "last", "precision", "basis"),
    [
        ("en", "On 28 October, Russian troops captured Kurakhove.", "2024-10-28", "2024-10-28", "day", "stated"),
        ("en", "Russian troops captured Kurakhove on Tuesday.", "2024-10-29", "2024-10-29", "day", "weekday"),
        ("en", "Drones attacked Odesa overnight.", "2024-10-31", "2024-11-01", "range", "relative"),
        ("en", "Fighting went on near Toretsk on 28-30 October.", "2024-10-28", "2024-10-30", "range", "stated"),
        ("en", "Russian troops captured Kurakhove.", "2024-11-01", "2024-11-01", "by", "digest"),
        (
            "en",
            "Day 982 of the war.\nRussian troops captured Kurakhove.",
            "2024-11-01",
            "2024-11-01",
            "by",
            "day_number",
        ),
        ("en", "• It began on Tuesday. Drones struck Odesa.", "2024-10-29", "2024-10-29", "day", "weekday"),
        ("en", "• It began on Tuesday.\n• Drones struck Odesa.", "2024-11-01", "2024-11-01", "by", "digest"),
        ("en", "Drones struck Odesa, where a school burned in 2022.", "2024-11-01", "2024-11-01", "by", "digest"),
        ("en", "Drones struck Odesa ahead of talks on 8 November.", "2024-11-01", "2024-11-01", "by", "digest"),
        ("id", "Pada Selasa (29/10/2024), Nikopol ditembaki.", "2024-10-29", "2024-10-29", "day", "stated"),
        ("id", "Serangan rudal pada Kamis malam menghantam Odesa.", "2024-10-31", "2024-11-01", "range", "weekday"),
        ("id", "Drone menghantam Odesa semalam.", "2024-10-31", "2024-11-01", "range", "relative"),
        ("id", "Rangkuman hari ke-982.\nNikopol ditembaki.", "2024-11-01", "2024-11-01", "by", "day_number"),
    ],
)
def test_a_report_has_the_day_that_its_words_give(language, text, first, last, precision, basis, read_text):
    """In the sentence, else in its bullet, else the digest's own day, and then only "by" it."""
    [report] = read_text(text, language).reports

    assert (report.date, report.date_end, report.date_precision, report.date_basis) == (first, last, precision, basis)
    assert report.event_ts == f"{first}T12:00:00Z"


@pytest.mark.parametrize(
    ("language", "text", "killed", "injured"),
    [
        ("en", "Three people were killed and five injured in a missile strike on Odesa.", (3, 3), (5, 5)),
        ("en", "A man was killed and two women were injured in shelling of Odesa.", (1, 1), (2, 2)),
        ("en", "A man and a woman were killed by shelling in Odesa.", (2, 2), (None, None)),
        ("id", "Seorang pria dan seorang perempuan tewas akibat serangan di Odesa.", (2, 2), (None, None)),
        ("en", "A man aged 75 was killed in a strike on Odesa.", (1, 1), (None, None)),
        ("id", "Seorang pria berusia 75 tahun tewas akibat serangan di Odesa.", (1, 1), (None, None)),
        ("en", "A strike on Odesa killed at least three people.", (3, None), (None, None)),
        ("en", "A strike on Odesa wounded up to 12 people.", (None, None), (None, 12)),
        ("en", "A strike with 25 drones on Odesa injured two people 3 km from the port.", (None, None), (2, 2)),
        ("en", "A strike on Odesa injured a 60-year-old woman.", (None, None), (1, 1)),
        ("en", "Nobody was killed in a strike on Odesa.", (None, None), (None, None)),
        ("en", "A drone struck Odesa on 31 October 2024.", (None, None), (None, None)),
        ("id", "Tiga orang tewas dan lima terluka akibat serangan rudal di Odesa.", (3, 3), (5, 5)),
        ("id", "Serangan di Odesa menewaskan sedikitnya tiga orang.", (3, None), (None, None)),
        ("id", "Serangan drone di Odesa melukai seorang perempuan.", (None, None), (1, 1)),
        ("id", "Sebanyak 25 drone menyerang Odesa.", (None, None), (None, None)),
    ],
)
def test_figures_of_people_are_those_of_the_text(language, text, killed, injured, read_text):
    """A number belongs to its own verb; what is not said stays unknown, and is never 0."""
    [report] = read_text(text, language).reports

    assert (report.killed_min, report.killed_max) == killed
    assert (report.injured_min, report.injured_max) == injured


@pytest.mark.parametrize(
    ("language", "text", "running"),
    [
        ("en", "Since the end of January, more than 300 people have been killed in Kherson.", True),
        ("en", "So far, 10,000 soldiers have been moved to Kursk oblast.", True),
        ("en", "Two people were killed in Kherson.", False),
        ("id", "Total 10.000 tentara telah dikirim ke wilayah Kursk.", True),
        ("id", "Dua orang tewas di Kherson.", False),
    ],
)
def test_totals_and_standing_states_are_marked(language, text, running, read_text):
    """They are off the timeline by default."""
    assert [r.running_total for r in read_text(text, language).reports] == [running]


@pytest.mark.parametrize(
    ("language", "text", "outcome"),
    [
        ("en", "Ukrainian troops repelled four assaults near Toretsk.", "repelled"),
        ("en", "The assaults near Toretsk were unsuccessful.", "failed"),
        ("en", "Fighting is still going on in Toretsk; the assaults continue.", "ongoing"),
        ("en", "Fighting went on in Toretsk.", None),
        ("id", "Pasukan Ukraina memukul mundur serangan di dekat Toretsk.", "repelled"),
        ("id", "Pertempuran di Toretsk masih berlangsung.", "ongoing"),
    ],
)
def test_how_an_attack_ended_belongs_to_the_claim(language, text, outcome, read_text):
    """Only where the text says it."""
    assert {r.outcome for r in read_text(text, language).reports} == {outcome}


@pytest.mark.parametrize(
    ("language", "text", "summary"),
    [
        (
            "id",
            "Hari ke-982: Kementerian Pertahanan Rusia mengatakan pasukannya merebut desa Yasnaya Polyana di dekat Vugledar.",
            "Capture of Yasna Poliana (Donetsk oblast), claimed by the Russian defence ministry; by 1 Nov 2024",
        ),
        ("en", "Drones struck Odesa overnight.", "Air strike at Odesa (Odesa oblast); 31 Oct – 1 Nov 2024"),
        ("en", "Two were killed by shelling in Kherson oblast on Tuesday.", "Shelling in Kherson oblast; 29 Oct 2024"),
    ],
)
def test_a_summary_is_one_neutral_sentence(language, text, summary, read_text):
    """In English, with nothing of the text's own wording."""
    assert [r.summary for r in read_text(text, language).reports] == [summary]


@pytest.mark.parametrize(
    ("language", "text", "killed", "injured"),
    [
        (
            "en",
            "Shelling: 2 killed in Kurakhove, 3 injured in Pokrovsk",
            {"kurakhove": 2, "pokrovsk": None},
            {"kurakhove": None, "pokrovsk": 3},
        ),
        (
            "en",
            "Shelling killed one person in Kurakhove and wounded three in Pokrovsk.",
            {"kurakhove": 1, "pokrovsk": None},
            {"kurakhove": None, "pokrovsk": 3},
        ),
        (
            "id",
            "Penembakan menewaskan satu orang di Kurakhove dan melukai tiga orang di Pokrovsk.",
            {"kurakhove": 1, "pokrovsk": None},
            {"kurakhove": None, "pokrovsk": 3},
        ),
    ],
)
def test_the_figures_of_one_place_are_not_given_to_another(language, text, killed, injured, read_text):
    """In one sentence each place has its own."""
    reports = {r.place_id.removeprefix("donetsk."): r for r in read_text(text, language).reports}

    assert {place: r.killed_min for place, r in reports.items()} == killed
    assert {place: r.injured_min for place, r in reports.items()} == injured


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two people were killed in Kurakhove on Thursday and five in Pokrovsk on Wednesday."),
        ("id", "Dua orang tewas di Kurakhove pada Kamis dan lima di Pokrovsk pada Rabu."),
    ],
)
def test_each_place_of_a_sentence_has_its_own_day(language, text, read_text):
    """The one that stands beside it."""
    days = {r.place_id: r.date for r in read_text(text, language).reports}

    assert days == {"donetsk.kurakhove": "2024-10-31", "donetsk.pokrovsk": "2024-10-30"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia said on Friday that it had captured Kurakhivka on Thursday."),
        ("id", "Rusia mengatakan pada Jumat bahwa pasukannya merebut Kurakhivka pada Kamis."),
    ],
)
def test_the_day_of_the_event_wins_over_the_day_of_its_telling(language, text, read_text):
    """Both stand in the sentence."""
    assert [r.date for r in read_text(text, language).reports] == ["2024-10-31"]


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        # what suffers stands before the words
        (
            "uk",
            "Київ та Одеса під масованим обстрілом.",
            [("kyivcity.kyiv", "air_strike"), ("odesa.odesa", "air_strike")],
        ),
        ("ru", "Киев подвергся массированному удару.", [("kyivcity.kyiv", "air_strike")]),
        (
            "ru",
            "Под обстрелом оказался Кривой Рог: ракета повредила школу.",
            [("dnipropetrovsk.kryvyi-rih", "air_strike")],
        ),
        # a place that stands alone opens a line
        ("uk", "о 11:15 м. Ізюм. Удар двома КАБами.", [("kharkiv.izium", "air_strike")]),
        ("uk", "07:10 Запоріжжя. Вибухи.", [("zaporizhzhia.zaporizhzhia", "explosion")]),
        # each of two places has its own event
        (
            "ru",
            "Войска продвинулись восточнее Покровска и вошли в Новогродовку.",
            [("donetsk.pokrovsk", "capture"), ("donetsk.novohrodivka", "capture")],
        ),
        # people hurt at a place are the victims of the strike that the line before tells of
        ("uk", "Дрон влучив у будинок у Херсоні.\nУ Херсоні загинули двоє людей.", [("kherson.kherson", "air_strike")]),
        ("ru", "В Кривом Роге, который накануне обстреляли, ищут людей.", [("dnipropetrovsk.kryvyi-rih", "shelling")]),
        ("ru", "Вошли ли войска в Купянск? Взяли Купянск?", []),
        ("ru", "Дрон, пытавшийся атаковать станцию, сбит над Десногорском.", [("smolensk.desnogorsk", "air_defence")]),
        ("ru", "Трубопровод «Тольятти — Одесса» взорван.", []),
        (
            "ru",
            "В Белгородском районе сёла Бочковка и Мурома атакованы дронами.",
            [("belgorod.bochkovka", "air_strike"), ("belgorod.murom", "air_strike")],
        ),
        ("ru", "В Краснояружском районе по Демидовке выпустили пять снарядов.", [("belgorod.demidovka", "shelling")]),
    ],
)
def test_word_order_and_short_lines_are_read_as_a_reader_would(language, text, told, read_text):
    """The object may stand first, a line may open with its place, a question tells nothing."""
    assert [(r.place_id, r.kind) for r in read_text(text, language).reports] == told


# --- what is told of the whole and of its part ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("fr", "Un missile a frappé un dépôt à Sébastopol, en Crimée.", ["sevastopol.sevastopol"]),
        ("en", "A missile struck a depot in Sevastopol, in Crimea.", ["sevastopol.sevastopol"]),
        (
            "de",
            "Kämpfe im Donbass\nBei Pokrowsk gab es schwere Kämpfe.",
            ["donetsk.pokrovsk"],
        ),
        ("en", "Fighting in the Donbas\nFighting went on in Toretsk and Pokrovsk.", ["donetsk.toretsk", "donetsk.pokrovsk"]),
        ("en", "A missile struck a depot in Dzhankoi, in Crimea.", ["crimea.dzhankoi"]),
        # two figures count oblasts, one does not
        ("it", "La contraerea ha abbattuto 30 droni, di cui 19 su Bryansk e 11 su Belgorod.", ["bryansk", "belgorod"]),
        ("en", "Air defences downed 30 drones, 19 over Bryansk and 11 over Kursk.", ["bryansk", "kursk"]),
        # those of a place who are brought out of it
        ("pl", "Mieszkańców Kupiańska ewakuowano.", ["kharkiv.kupiansk"]),
        ("en", "Residents of Kupiansk were evacuated.", ["kharkiv.kupiansk"]),
        ("id", "Warga Kupiansk diungsikan.", ["kharkiv.kupiansk"]),
        ("en", "Residents of Kupiansk said the evacuation had been well prepared.", []),
        ("en", "The governor of Belgorod ordered an evacuation.", []),
    ],
)  # fmt: skip
def test_the_finest_place_that_the_words_give_is_the_place(language, text, places, read_text):
    assert [r.place_id for r in read_text(text, language).reports] == places


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("es", "Kurájove ha caído en manos rusas.", "capture"),
        ("uk", "Одеса знову стала ціллю дронів.", "air_strike"),
        ("ru", "Одесса снова стала целью дронов.", "air_strike"),
    ],
)
def test_idioms_of_war_reports_are_events(language, text, kind, read_text):
    assert {r.kind for r in read_text(text, language).reports} == {kind}
