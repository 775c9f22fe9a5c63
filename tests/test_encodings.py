"""In which encoding a file is: told from its bytes, said where it is no UTF-8, refused where there are two."""

import codecs

import pytest

from geo.errors import UnreadableInput
from geo.text.digests import read_digest
from geo.text.encodings import LARGEST_BYTES, decoded, encoding_of

RUSSIAN = "Российские войска обстреляли посёлок, сообщил губернатор. Двое жителей ранены, объявлена «эвакуация».\n"
UKRAINIAN = "Унаслідок обстрілу міста загинули двоє людей, її будинок зруйновано. Ці дії — злочин, каже голова ОВА.\n"
GERMAN = "Die Behörden teilten mit, dass an der Front wieder gekämpft wurde – die Brücke sei zerstört.\n"
POLISH = "Władze podały, że w ostrzale wsi zginęły dwie osoby, a pięć zostało rannych; wieś jest odcięta.\n"
SPANISH = "Las autoridades dijeron que la ciudad fue alcanzada “de nuevo”; ningún niño resultó herido.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (UKRAINIAN, "cp1251"),
        (RUSSIAN.replace("«", '"').replace("»", '"'), "koi8_u"),
        (UKRAINIAN.replace("—", "-"), "koi8_u"),
        (GERMAN, "cp1252"),
        (SPANISH, "cp1252"),
        (POLISH, "cp1250"),
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_the_letters_tell_the_encoding(text, encoding, times):
    """Of one sentence or many; the words come out as they were, and the reader is told."""
    found = decoded((text * times).encode(encoding), "d.txt")

    assert found.text == text * times
    assert ["not UTF-8" in said and found.encoding in said for said in found.warnings] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides_and_stays_in_the_text(encoding):
    """``bytes.decode(encoding)`` gives the same text again: nothing is translated."""
    content = ("\ufeff" + UKRAINIAN).encode(encoding)
    found = decoded(content, "d.txt")

    assert found.encoding == encoding
    assert found.text == content.decode(encoding) == "\ufeff" + UKRAINIAN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [RUSSIAN, GERMAN])
def test_utf_16_is_known_without_its_mark(text, encoding):
    """By the zero bytes of its spaces."""
    assert decoded(text.encode(encoding), "d.txt")[:2] == (text, encoding)


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN, GERMAN, POLISH, "plain words", "№ 5 — “ґ” 🚀 中文"])
def test_what_is_utf_8_is_never_taken_for_anything_else(text):
    """It proves itself, and nobody is warned."""
    assert decoded(text.encode(), "d.txt") == (text, "utf-8", ())


@pytest.mark.parametrize("other", ["cp1251", "koi8_u"])
@pytest.mark.parametrize("order", [1, -1])
def test_two_encodings_in_one_file_are_refused_with_both_places(order, other):
    """Whichever comes first: neither of the two would be read right."""
    parts = [RUSSIAN.encode(), UKRAINIAN.replace("—", "-").encode(other)][::order]
    content = b"".join(parts)
    wrong = content.index(parts[order == 1 or 0]) if order == 1 else 0

    with pytest.raises(UnreadableInput) as refused:
        encoding_of(content, "d.txt")

    said = str(refused.value)
    assert said.startswith("d.txt: two encodings in one file: bytes ")
    assert f"byte {_first_wrong(content)} (0x" in said
    assert _first_wrong(content) >= wrong


def _first_wrong(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    raise AssertionError("all of it is UTF-8")


def test_a_curly_quotation_mark_in_utf_8_inside_an_old_encoding_is_two_encodings():
    """What comes of pasting from a web page."""
    with pytest.raises(UnreadableInput, match="two encodings"):
        encoding_of(RUSSIAN.encode("cp1251") + "it’s".encode(), "d.txt")


def test_a_page_may_say_its_encoding_itself():
    """It counts only where the bytes are no UTF-8 and fit it."""
    short = "Ёж".encode("koi8_r")

    assert decoded(short, "p.html", declared="koi8-r").text == "Ёж"
    assert decoded("Ёж".encode(), "p.html", declared="koi8-r").text == "Ёж"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"%PDF-1.7 text", "PDF"),
        (b"\x00\x01\x02\x03 binary \x00", "byte 0 is zero"),
        (codecs.BOM_UTF8, "empty"),
        (b"x" * (LARGEST_BYTES + 1), "up to 5 MB"),
    ],
)
def test_what_is_no_text_is_named(content, said):
    """With a remedy behind the semicolon."""
    with pytest.raises(UnreadableInput) as refused:
        decoded(content, "d.txt")

    assert said in str(refused.value)
    assert ";" in str(refused.value)


def test_a_file_of_two_gigabytes_is_refused_without_being_read(tmp_path):
    """Its size is asked before its bytes are."""
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)

    with pytest.raises(UnreadableInput, match="2000 MB are too much for one digest"):
        read_digest(path)


def test_a_device_without_end_is_refused():
    """It has no size to ask."""
    with pytest.raises(UnreadableInput, match="too much for one digest"):
        read_digest("/dev/zero")


def test_the_digest_keeps_its_encoding(tmp_path):
    """So its offsets can be found in the bytes again."""
    (tmp_path / "d.txt").write_bytes(RUSSIAN.encode("cp1251"))
    digest = read_digest(tmp_path / "d.txt")

    assert digest.encoding == "cp1251"
    assert (tmp_path / "d.txt").read_bytes().decode(digest.encoding) == digest.text == RUSSIAN
