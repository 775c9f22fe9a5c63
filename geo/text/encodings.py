"""From bytes to text: which encoding a file is in, said by its mark, proved by UTF-8, else told from its letters."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from geo.errors import UnreadableInput

AUTO = "auto"
LARGEST_BYTES = 5_000_000  # a long article has 50 kB; what is larger is a dump of many
LEGACY = ("cp1251", "koi8_u", "cp1252")  # what digests are in that are not in Unicode; cp1250 is told from cp1252

# The mark stays code point 0 of the text, so each is read by the encoding that does not take it away.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (  # how files begin that are no text, whatever they are called
    (b"PK\x03\x04", "a zip archive or an office document", "unpack it, or save its text as .txt"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\xfd7zXZ", "an xz archive", "unpack it"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"Rar!", "a rar archive", "unpack it"),
    (b"%PDF", "a PDF", "save its text as .txt"),
    (b"\xd0\xcf\x11\xe0", "an office document", "save its text as .txt"),
    (b"\x89PNG", "a picture", "give its text"),
    (b"\xff\xd8\xff", "a picture", "give its text"),
)
# A run of bytes that is whole UTF-8 of three bytes and more, in the scripts and punctuation of digests: no word of
# another encoding looks so.  Two bytes alone may be one ("Ці" in windows-1251).
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_IN_DIGESTS = re.compile(r"[\u00a0-\u024f\u0400-\u045f\u0490\u0491\u2000-\u206f\u20ac\u2116\ufeff]+")
_POLISH = re.compile(r"[a-zà-ÿ][¹³¿][a-zà-ÿ]")  # ą, ł and ż of windows-1250, read as windows-1252
_ASCII = re.compile(r"[\t\n\r\x20-\x7e]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Decoded(NamedTuple):
    """A text, what it was decoded with, and what to say of that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decoded(content: bytes, where: object, encoding: str = AUTO, declared: str | None = None) -> Decoded:
    """Decode a digest with nothing translated: ``text == content.decode(encoding)`` with the encoding returned.

    ``auto`` goes by the byte order mark, then UTF-8, then UTF-16 without a mark, then ``declared`` (what a page says of
    itself), then the letters. Raises ``UnreadableInput``, which begins with ``where``, for what is too large, empty,
    binary, in two encodings at once or not in ``encoding``.
    """
    if len(content) > LARGEST_BYTES:
        raise too_large(where, len(content))
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise UnreadableInput(f"{where}: the file is empty; remove it or put the digest's text into it")
    for mark, what, remedy in _BINARY:
        if content.startswith(mark):
            raise UnreadableInput(f"{where}: this is no text but {what}; {remedy}")
    found = encoding_of(content, where, declared) if encoding.lower() == AUTO else encoding
    if b"\0" in content and not found.lower().replace("-", "").startswith(("utf16", "utf32")):
        at = content.index(0)
        raise UnreadableInput(f"{where}: byte {at} is zero, so this is no text; give a plain text file")
    try:
        text = content.decode(found)
    except UnicodeDecodeError as error:
        raise UnreadableInput(_wrong_byte(where, content, error.start, found)) from None
    except LookupError:
        raise UnreadableInput(f"{where}: there is no encoding {found!r}; try utf-8, cp1251 or utf-16") from None
    if found == encoding or found == "utf-8":
        return Decoded(text, found)
    told = f"not UTF-8; read as {found}, which its bytes suggest; if words look wrong name the encoding with --encoding"
    return Decoded(text, found, (told,))


def encoding_of(content: bytes, where: object, declared: str | None = None) -> str:
    """Find the encoding of a text; raises ``UnreadableInput`` if it is in two at once or in none that is known."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
        return _wide(content) or "utf-8"
    except UnicodeDecodeError as error:
        wrong = error.start
    if wide := _wide(content):
        return wide
    if b"\0" in content:
        return "utf-8"  # binary: the caller says so
    if (run := next(_utf8_runs(content), None)) is not None:
        raise UnreadableInput(
            f"{where}: two encodings in one file: bytes {run.start()} to {run.end() - 1} are UTF-8, byte {wrong} "
            f"(0x{content[wrong]:02x}) is not; save it whole as UTF-8, or name the encoding of the most with --encoding"
        )
    if declared and _decodes(content, declared):
        return codecs.lookup(declared).name
    return _by_letters(content) or "utf-8"


def too_large(where: object, size: int) -> UnreadableInput:
    """Return the error for a digest of ``size`` bytes."""
    much = f"{size / 1e6:.0f} MB are too much for one digest (one article, up to {LARGEST_BYTES / 1e6:.0f} MB)"
    return UnreadableInput(f"{where}: {much}; split it into a file for each")


def _wide(content: bytes) -> str | None:
    """Tell UTF-16 without a mark: spaces and Latin letters have a zero byte, always on the same side."""
    if len(content) % 2 or b"\0" not in content:
        return None
    zeros = [content[side::2].count(0) for side in (0, 1)]
    encoding = "utf-16-be" if zeros[0] else "utf-16-le"
    if min(zeros) or max(zeros) < len(content) // 40:  # prose has a space in 20 characters or less
        return None
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    known = sum(map(len, _IN_DIGESTS.findall(text))) + len(_ASCII.findall(text))
    return encoding if known > 0.9 * len(text) and not _CONTROLS.search(text) else None


def _utf8_runs(content: bytes) -> Iterator[re.Match[bytes]]:
    for run in _RUN.finditer(content):
        try:
            if _IN_DIGESTS.fullmatch(run.group().decode("utf-8")):
                yield run
        except UnicodeDecodeError:
            continue


def _by_letters(content: bytes) -> str | None:
    from charset_normalizer import from_bytes  # only where it is needed: most digests are UTF-8

    best = from_bytes(content, cp_isolation=list(LEGACY)).best()
    if best is None or not _decodes(content, best.encoding):
        return None
    if best.encoding == "cp1252" and _POLISH.search(content.decode("cp1252")) and _decodes(content, "cp1250"):
        return "cp1250"
    return best.encoding


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        return bool(content.decode(encoding))
    except (LookupError, ValueError):
        return False


def _wrong_byte(where: object, content: bytes, at: int, encoding: str) -> str:
    wrong = f"byte {at} (0x{content[at]:02x}) is not {encoding}"
    return f"{where}: {wrong}; save it as UTF-8 or name its encoding with --encoding"
