"""A digest keeps its text to the last code point, and says what is known about it and what of it is skipped."""

from datetime import date

import pytest

from geo.errors import UnreadableInput
from geo.events import read
from geo.text.digests import Metadata, digest_of, language_of, metadata_of, read_digest

FRONT_MATTER = (
    '+++\noutlet = "Morning Wire"\nurl = "https://example.org/1"\nlanguage = "en"\npublished = 2024-11-05\n+++\n'
)
ENGLISH = "The governor said that the shelling of the town went on for two days and that nobody was hurt."
INDONESIAN = "Gubernur mengatakan bahwa penembakan di kota itu berlangsung dua hari dan tidak ada yang terluka."


def skipped(text: str, language: str) -> list[tuple[str, str]]:
    digest = digest_of(text, metadata=Metadata(language=language, published=date(2024, 11, 1)))
    return [(text[s.start : s.stop], s.why) for s in digest.skipped]


# --- what is known about it ------------------------------------------------------------------------------------------


def test_front_matter_says_what_the_digest_is():
    """Outlet, link, language and publication; its own characters count in every offset."""
    digest = digest_of(FRONT_MATTER + ENGLISH)

    assert (digest.outlet, digest.url, digest.language) == ("Morning Wire", "https://example.org/1", "en")
    assert (digest.published, digest.day, digest.sample) == (date(2024, 11, 5), date(2024, 11, 5), False)
    assert digest.text == FRONT_MATTER + ENGLISH
    assert [(s.start, s.stop, s.why) for s in digest.skipped] == [(0, len(FRONT_MATTER), "front_matter")]


def test_front_matter_beats_what_an_index_says():
    """And the index fills in what front matter leaves out."""
    index = Metadata(outlet="Index Times", url="https://example.org/index", language="id", published=date(2024, 1, 1))
    digest = digest_of('+++\noutlet = "Morning Wire"\nsample = true\n+++\n' + ENGLISH, metadata=index)

    assert (digest.outlet, digest.sample) == ("Morning Wire", True)
    assert (digest.url, digest.language, digest.published) == ("https://example.org/index", "id", date(2024, 1, 1))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_front_matter_is_found_behind_a_byte_order_mark_and_with_any_line_end(mark, line_end):
    """Windows editors write both."""
    digest = digest_of(mark + (FRONT_MATTER + ENGLISH).replace("\n", line_end))

    assert digest.outlet == "Morning Wire"
    assert digest.text.startswith(mark + "+++")


@pytest.mark.parametrize(
    "front",
    ['+++\noutlet = "Morning\n+++\n', '+++\npublished = "yesterday"\n+++\n', "+++\npublished = 2024-13-40\n+++\n"],
)
def test_front_matter_that_cannot_be_read_is_warned_of(front):
    """The digest is still read; the warning says what is wrong."""
    digest = digest_of(front + ENGLISH, digest_id="today")

    assert digest.published is None
    assert [w for w in digest.warnings if w.startswith("today: front matter: ")]


def test_a_row_of_an_index_may_leave_cells_empty():
    """An empty cell says nothing; a date that is none is warned of."""
    base = Metadata(outlet="Base", language="en")
    row = {"file": "a.txt", "outlet": "", "language": "ID", "url": "", "published": "1 Nov", "sample": ""}

    known = metadata_of(row, base, "index.csv:2")

    assert (known.outlet, known.language, known.published, known.sample) == ("Base", "id", None, False)
    assert known.warnings == ("index.csv:2: published is '1 Nov', which is no date; write it as 2024-11-01",)


# --- bytes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["\ufeffOne\r\ntwo\rthree\n", "a\u0301 \u00ad \u200f", "one\u2028two\x0b\x0cthree\x85", "x" * 5]
)
def test_the_text_is_the_decoded_bytes_with_nothing_translated(tmp_path, text):
    """A byte order mark is code point 0, and every CR counts."""
    path = tmp_path / "d.txt"
    path.write_bytes(text.encode())

    assert read_digest(path).text == text


def test_the_hash_of_the_bytes_is_not_that_of_the_text(tmp_path):
    """They agree for UTF-8 and differ for every other encoding."""
    (tmp_path / "utf8.txt").write_bytes("Вугледар".encode())
    (tmp_path / "cp1251.txt").write_bytes("Вугледар".encode("cp1251"))

    one, other = read_digest(tmp_path / "utf8.txt"), read_digest(tmp_path / "cp1251.txt", encoding="cp1251")

    assert one.digest_sha256 == one.text_sha256 == other.text_sha256 != other.digest_sha256


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"Shells fell on \xcc\xee\xf1\xea\xe2\xe0", "utf-8", ["byte 15 (0xcc)", "utf-8", "--encoding"]),
        (b"", "utf-8", ["empty"]),
        (b" \r\n\t ", "utf-8", ["empty"]),
        (b"PK\x03\x04\0\0\x08", "utf-8", ["zip archive", "no text", "unpack"]),
        (b"FF\x03\x04\0\0\x08", "auto", ["byte 4", "no text"]),
        (b"text", "utf-9", ["no encoding 'utf-9'", "cp1251"]),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_a_remedy(tmp_path, content, encoding, said):
    """The message names the file, the first wrong byte, and what to do."""
    path = tmp_path / "digest.txt"
    path.write_bytes(content)

    with pytest.raises(UnreadableInput) as refused:
        read_digest(path, encoding=encoding)

    assert all(part in str(refused.value) for part in [f"{path}: ", *said])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1251"])
def test_another_encoding_can_be_named(tmp_path, encoding):
    """Also those in which zero bytes are usual."""
    path = tmp_path / "digest.txt"
    path.write_bytes("Бої за Вугледар".encode(encoding))

    assert read_digest(path, encoding=encoding).text.endswith("Вугледар")


def test_a_missing_file_is_refused_with_its_path(tmp_path):
    """The system's words are kept."""
    with pytest.raises(UnreadableInput, match=r"none\.txt: No such file or directory"):
        read_digest(tmp_path / "none.txt")


def test_the_id_is_the_name_of_the_file_unless_another_is_given(tmp_path):
    """A build gives ids below its input root."""
    path = tmp_path / "day-982.txt"
    path.write_text(ENGLISH)

    assert read_digest(path).id == "day-982"
    assert read_digest(path, digest_id="kompas~day-982").id == "kompas~day-982"


# --- its language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"),
        (INDONESIAN, "id"),
        ("Унаслідок обстрілу міста загинули двоє людей, її будинок зруйновано.", "uk"),
        ("В результате обстрела города погибли два человека, это были мирные жители.", "ru"),
        ("Die Behörden teilten mit, dass an der Front wieder gekämpft wurde. Was zerstört wurde, ist offen.", "de"),
        ("Las autoridades dijeron que la ciudad fue alcanzada y que cinco personas resultaron heridas.", "es"),
        ("Władze podały, że miasto zostało trafione, a to był najcięższy atak na centrum, a zginęło pięć osób.", "pl"),
        ("Les autorités ont déclaré que la ville avait été touchée et que cinq personnes étaient blessées.", "fr"),
        ("12 345 — 67", None),
        ("", None),
    ],
)
def test_the_language_is_found_from_the_text(text, expected):
    """By its letters or its most frequent words; a language without a pack is not taken for one with."""
    assert language_of(text) == expected


SHORT_NEWS = {
    "en": "Drones struck an oil depot near Volgograd overnight. Explosions were heard near Voronezh, Kursk, Belgorod.",
    "id": "Sedikitnya empat orang tewas ketika drone Rusia menghantam gedung apartemen di Kharkiv, kata Wali Kota.",
}


@pytest.mark.parametrize("language", SHORT_NEWS)
def test_short_news_without_frequent_words_are_known_by_the_others(language):
    """Neither "the" nor "of" stands in them, but most of their words are told of in a pack."""
    assert language_of(SHORT_NEWS[language]) is None
    assert digest_of(SHORT_NEWS[language]).language == language


OTHER_LANGUAGES = {
    "Dutch": "De autoriteiten zeiden dat de stad was getroffen en dat vijf mensen gewond raakten in het centrum.",
    "Swedish": "Myndigheterna sade att staden träffades av en robot och att fem personer skadades i centrum.",
    "Portuguese": "As autoridades disseram que a cidade foi atingida e que as equipas de resgate trabalham a norte.",
    "Romanian": "Autoritățile au spus că orașul a fost lovit și că a fost o noapte grea; un tren a fost oprit.",
    "Hungarian": "A hatóságok szerint a város központját találat érte, és a lakosok közül öten megsérültek.",
    "Turkish": "Yetkililer şehrin vurulduğunu ve merkezde beş kişinin yaralandığını söyledi.",
}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_language_without_a_pack_is_not_taken_for_one_that_has_one(language):
    """They share short words with English ("a", "was", "to"), and their digests must not be read with its rules."""
    assert digest_of(OTHER_LANGUAGES[language]).language is None


@pytest.mark.parametrize(
    "text",
    [
        "Yetkililere göre Vuhledar yakınlarında çatışmalar sürüyor, dedi yetkililer; siviller güvende.",
        "Volgens de autoriteiten is Vuhledar vrijdag beschoten en het centrum getroffen.",
    ],
)
def test_in_an_unknown_language_places_are_listed_and_nothing_is_reported(text, gazetteer):
    """The digest says so, and every place has a verdict that says so."""
    reading = read(digest_of(text, metadata=Metadata(published=date(2024, 11, 1))), gazetteer)

    assert reading.reports == ()
    assert {v.mention.text for v in reading.verdicts} >= {"Vuhledar"}
    assert {v.role for v in reading.verdicts} == {"no_language_pack"}
    assert [w for w in reading.digest.warnings if "places are listed but no reports are made" in w]


def test_a_language_without_a_pack_is_named(gazetteer):
    """What is known of it stands in the warning."""
    digest = digest_of("Тривали бої, її околиці", metadata=Metadata(language="xx", published=date(2024, 11, 1)))

    assert "there is no language pack for 'xx'" in digest.warnings[0]
    assert read(digest, gazetteer).reports == ()


def test_without_any_date_nothing_is_reported(read_text):
    """An event without a day has no place on a timeline; the digest says so."""
    reading = read_text("Russian troops captured the town of Vuhledar, the Ukrainian military said.", "en", None)

    assert reading.reports == ()
    assert {v.role for v in reading.verdicts if v.mention.text == "Vuhledar"} == {"no_date"}
    assert [w for w in reading.digest.warnings if w.startswith("no date")]


# --- what is skipped in place ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "language", "head"),
    [
        ("KYIV, KOMPAS.com - Presiden Ukraina berpidato.", "id", "KYIV, KOMPAS.com"),
        ("JAKARTA, Harian Uji – Perang berlanjut.", "id", "JAKARTA, Harian Uji"),
        ("TEMPO.CO, Jakarta - Perang berlanjut.", "id", "TEMPO.CO, Jakarta"),
        ("KYIV (Wire) — Ukraine said it had lost ground.", "en", "KYIV (Wire)"),
        ("MOSCOW, Nov 1 (Wire) - Russia said it had gained ground.", "en", "MOSCOW, Nov 1 (Wire)"),
        ("KHARKIV, Ukraine -- A blast was heard.", "en", "KHARKIV, Ukraine"),
    ],
)
def test_a_dateline_is_skipped(line, language, head):
    """It tells where the reporter sat."""
    assert (head, "dateline") in skipped(line, language)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Vuhledar - the town that fell in October - is empty.", "en"),
        ("Ukraine - Russia talks failed.", "en"),
        ("POKROVSK: fighting went on in the town.", "en"),
        ("Serangan di Pokrovsk - dua tewas.", "id"),
    ],
)
def test_a_line_with_a_dash_is_no_dateline(line, language):
    """A dash behind some words does not make them one."""
    assert [why for _, why in skipped(line, language) if why == "dateline"] == []


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Baca juga: Rusia Rebut Desa Yasnaya Polyana", "id"),
        ("BACA JUGA: Rusia Rebut Desa Yasnaya Polyana", "id"),
        ("Simak juga: Video Serangan di Odesa", "id"),
        ("Read more: Russia captures Vuhledar", "en"),
        ("• Read also: Russia captures Vuhledar", "en"),
        ("Related: Russia captures Vuhledar", "en"),
    ],
)
def test_a_line_that_links_to_another_article_is_skipped(line, language):
    """The line alone: what stands before and behind it is read."""
    text = f"One.\nTwo.\nThree.\n{line}\nFour."
    spans = skipped(text, language)

    assert [why for _, why in spans] == ["boilerplate"]
    assert spans[0][0].lstrip("• ") == line.lstrip("• ")


def test_a_link_in_the_middle_of_a_paragraph_is_skipped_up_to_its_end():
    """Its title is written in capitals; the sentence behind it is read."""
    text = "Dua orang tewas. Baca juga: Rusia Serang Odesa dan Kyiv Serangan itu terjadi pada pagi hari kemarin."
    [(span, why)] = skipped(text, "id")

    assert why == "boilerplate"
    assert span.startswith("Baca juga: Rusia Serang Odesa")
    assert "pagi hari" not in span


@pytest.mark.parametrize(
    ("footer", "language"),
    [
        ("Simak breaking news dan berita pilihan", "id"),
        ("Tags: Odesa, Vuhledar", "en"),
        ("Sign up to our newsletter", "en"),
    ],
)
def test_from_the_footer_on_everything_is_skipped(footer, language):
    """Nothing behind it belongs to the digest."""
    text = f"One.\nTwo.\nThree.\nFour.\n{footer}\nOdesa was hit."

    assert skipped(text, language) == [(f"{footer}\nOdesa was hit.", "boilerplate")]


def test_words_like_those_of_a_link_are_read():
    """ "Bacaan" and "Related strikes" open no link line."""
    assert skipped("One.\nTwo.\nThree.\nBacaan hari ini: perang.", "id") == []


def test_what_is_skipped_shifts_no_offset(read_text):
    """The same sentence has its quote where it stands, whatever was skipped before it."""
    told = "Russian troops captured the town of Vuhledar, the Ukrainian military said."
    before = "\ufeff" + FRONT_MATTER.replace("\n", "\r\n") + "KYIV (Wire) — Day 986.\r\nRead more: Odesa was struck\r\n"

    [report] = read_text(before + told).reports

    assert (report.quote, report.quote_start) == (told, len(before))
    assert (report.mention, report.mention_start) == ("Vuhledar", len(before) + told.index("Vuhledar"))
