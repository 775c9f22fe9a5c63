"""Read a digest: its text to the last code point, what is known about it, and what of it is to be skipped in place."""

import hashlib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from geo.errors import UnreadableInput
from geo.languages import Pack, codes, pack, recognition
from geo.model import Digest, Span
from geo.reference.names import fold, words
from geo.text.dates import digest_day
from geo.text.encodings import AUTO, LARGEST_BYTES, decoded, too_large

_FRONT_MATTER = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"[^\r\n]+")
_ORNAMENT = re.compile(r"^[\W_]+")  # bullets, emoji and quotation marks before the first word of a line
# Capitals or an outlet before a dash that opens a line: "KYIV, KOMPAS.com -", "KYIV (AP) —", "TEMPO.CO, Jakarta -",
# "КИЇВ, 3 листопада. /Укрінформ/.", "Kiev, 3 nov (EFE).-".
_UPPER = "A-ZÀ-ÞА-ЯІЇЄҐ"
_CITY = rf"(?:[{_UPPER}][{_UPPER} .'’\-]{{2,30}}|[{_UPPER}][\w .'’\-]{{1,30}}|[A-Z]+\.(?:CO|COM|ID))"
_OUTLET = rf" ?[{_UPPER}][\w.&\- ]{{1,30}}?(?:\.\w{{2,3}})?,?"
_DATE = r" ?\d{1,2}\.? (?:de )?[^\W\d]{3,10}\.?,?"
_IN_BRACKETS = rf"(?: ?\([{_UPPER}][\w &,/.\-]{{1,30}}\)\.?| ?/[{_UPPER}][\w. \-]{{1,30}}/\.?)"
_DATELINE = re.compile(
    rf"[\s*_#>]*(?P<head>{_CITY},?(?:{_DATE}|{_OUTLET}){{0,2}}{_IN_BRACKETS}?)"
    r"(?:\s(?:-{1,2}|–|—)\s|(?<=[)/.])\s?(?:-{1,2}|–|—)\s|(?<=/)\s|(?<=/\.)\s)"
)
SURE = 0.2  # share of frequent words in one sentence that tells its language
LEAST_KNOWN = 0.35  # share of its words that the pack of a text's language knows; others know up to a fifth
_SHORTEST_LINE = 40  # characters from which a line of its own tells a language
_HEAD_FOR_LANGUAGE = 6000  # characters from which the language is found
_HEAD_FOR_DATES = 2500


@dataclass(frozen=True)
class Metadata:
    """What is known about a digest besides its text; None is unknown."""

    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    published: date | None = None
    sample: bool = False
    warnings: tuple[str, ...] = ()


def read_digest(
    path: Path | str, *, metadata: Metadata | None = None, digest_id: str | None = None, encoding: str = AUTO
) -> Digest:
    """Read one text file as a digest.

    ``metadata`` is what an index says of it; front matter in the file wins. ``encoding`` is found if it is not given
    (``geo.text.encodings.decoded``). Raises ``UnreadableInput`` for a file that is missing, binary, too large or not in
    ``encoding``, with the first wrong byte.
    """
    path = Path(path)
    content = content_of(path)
    read = decoded(content, path, encoding)
    digest = digest_of(read.text, metadata=metadata, digest_id=digest_id or path.stem, content=content)
    return replace(digest, encoding=read.encoding, warnings=(*read.warnings, *digest.warnings))


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, of which no more are read than a digest may have; raises ``UnreadableInput``."""
    try:
        with path.open("rb") as file:
            if (size := os.fstat(file.fileno()).st_size) > LARGEST_BYTES:
                raise too_large(path, size)
            content = file.read(LARGEST_BYTES + 1)  # a device says that it has none
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}; check the path and its permissions") from error
    if len(content) > LARGEST_BYTES:
        raise too_large(path, len(content))
    return content


def digest_of(
    text: str, *, metadata: Metadata | None = None, digest_id: str = "text", content: bytes | None = None
) -> Digest:
    """Make a digest of a text: find its language and its day, and mark what is to be skipped."""
    front, front_span = _front_matter(text)
    known = metadata or Metadata()
    if front is not None:
        known = metadata_of(front, known, f"{digest_id}: front matter")
    if known.published is not None and not 1990 <= known.published.year <= 2100:
        known = replace(known, published=None)
    body = front_span.stop if front_span else 0
    head = text[body : body + _HEAD_FOR_LANGUAGE]
    language = known.language or language_of(head) or _of_most_lines(head) or _of_known_words(head)
    read = pack(language) if language in codes() else None
    encoded = text.encode("utf-8", "surrogatepass")
    digest = Digest(
        id=digest_id,
        text=text,
        outlet=known.outlet,
        url=known.url,
        language=language,
        published=known.published,
        sample=known.sample,
        day=known.published,
        day_basis="digest" if known.published else None,
        digest_sha256=hashlib.sha256(encoded if content is None else content).hexdigest(),
        text_sha256=hashlib.sha256(encoded).hexdigest(),
        skipped=(front_span,) if front_span else (),
        warnings=known.warnings,
    )
    if read is None:
        return replace(digest, warnings=(*digest.warnings, _no_pack(language)))
    return _dated(replace(digest, skipped=(*digest.skipped, *_skipped(text, body, read))), body, read)


def metadata_of(row: Mapping[str, Any], base: Metadata, where: str) -> Metadata:
    """Lay what ``row`` says (front matter, a row of an index) over ``base``; what cannot be read is warned of."""
    published, warning = _published(row.get("published"))
    sample = row.get("sample")
    return Metadata(
        outlet=str(row["outlet"]) if row.get("outlet") else base.outlet,
        url=str(row["url"]) if row.get("url") else base.url,
        language=str(row["language"]).lower()[:2] if row.get("language") else base.language,
        published=published or base.published,
        sample=base.sample if sample in (None, "") else str(sample).lower() in ("true", "1", "yes"),
        warnings=(*base.warnings, f"{where}: {warning}") if warning else base.warnings,
    )


def language_of(text: str, least: float = 0.1) -> str | None:
    """Find the language of a text: ISO 639-1, or None.

    Ukrainian and Russian by their letters, languages in Latin script by the most frequent words of their packs, of
    which there must be a share of ``least``: English and Indonesian prose have a quarter to two fifths of such words,
    other languages a few hits.
    """
    folded = text.lower()
    cyrillic = len(re.findall(r"[а-яёіїєґў]", folded))
    latin = len(re.findall(r"[a-zà-ÿ]", folded))
    if cyrillic > latin:
        ukrainian, russian = len(re.findall(r"[іїєґ]", folded)), len(re.findall(r"[ыэъё]", folded))
        return "uk" if ukrainian > russian else "ru" if russian > ukrainian else None
    found = [w.folded for w in words(text)]
    if not found:
        return None
    shares = {
        marks.code: sum((w in marks.stopwords) - (w in marks.strangers) for w in found) / len(found)
        for marks in recognition()
        if marks.stopwords
    }
    best = max(shares, key=lambda code: (shares[code], code), default=None)
    return best if best is not None and shares[best] >= least else None


def _of_most_lines(text: str) -> str | None:
    """Find the language in which most lines of a text of several languages stand."""
    found = (language_of(line.group(), SURE) for line in _LINE.finditer(text) if len(line.group()) >= _SHORTEST_LINE)
    counted = Counter(code for code in found if code)
    return max(counted, key=lambda code: (counted[code], code), default=None)


def _of_known_words(text: str) -> str | None:
    """Find the language whose pack knows most words: short news may do without the frequent ones."""
    found = words(text)
    known = {code: pack(code).share_known(found) for code in codes()}
    best = max(known, key=lambda code: (known[code], code))
    return best if known[best] >= LEAST_KNOWN else None


def _front_matter(text: str) -> tuple[Mapping[str, Any] | None, Span | None]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return None, None
    try:
        return tomllib.loads(match.group(1).replace("\r\n", "\n")), Span(0, match.end(), "front_matter")
    except tomllib.TOMLDecodeError as error:
        return {"published": f"front matter cannot be read ({error})"}, Span(0, match.end(), "front_matter")


def _published(value: object) -> tuple[date | None, str | None]:
    if value in (None, ""):
        return None, None
    if isinstance(value, date):
        published = date(value.year, value.month, value.day)
    else:
        try:
            published = date.fromisoformat(str(value)[:10])
        except ValueError:
            return None, f"published is {str(value)!r}, which is no date; write it as 2024-11-01"
    if not 1990 <= published.year <= 2100:
        return None, f"published is {published}, which is no day of our time; write it as 2024-11-01"
    return published, None


def _no_pack(language: str | None) -> str:
    what = f"there is no language pack for {language!r}" if language else "its language was not recognised"
    return f"{what}, so places are listed but no reports are made; packs: {', '.join(codes())}"


def _dated(digest: Digest, body: int, read: Pack) -> Digest:
    head = words(digest.text, body, body + _HEAD_FOR_DATES)
    found = digest_day(
        digest.text,
        head,
        read.lexicon.cues(head),
        digest.published,
        wire=any(span.why == "dateline" for span in digest.skipped),
    )
    warnings = [*digest.warnings, *(f"dates do not agree: {w}" for w in found.warnings)]
    if found.day is None:
        warnings.append("no date: neither metadata nor the text says which day it covers, so no reports are made")
    return replace(digest, day=found.day, day_basis=found.basis, warnings=tuple(warnings))


# --- what is skipped in place ----------------------------------------------------------------------------------------


def _skipped(text: str, body: int, read: Pack) -> Iterator[Span]:
    """Yield datelines, links to other articles and everything from the footer on."""
    for number, line in enumerate(_LINE.finditer(text, body)):
        opening = _ORNAMENT.sub("", fold(line.group()))
        if number > 2 and _opens_with(opening, read.footers):
            yield Span(line.start(), len(text), "boilerplate")
            return
        if _opens_with(opening, read.links):
            yield Span(line.start(), line.end(), "boilerplate")
            continue
        if number < 12 and (match := _DATELINE.match(text, line.start(), line.end())) and _is_dateline(match, read):
            yield Span(match.start("head"), match.end("head"), "dateline")
        yield from _links_inside(text, line.start(), line.end(), read)


def _opens_with(line: str, openings: tuple[str, ...]) -> bool:
    return any(line.startswith(o) and not line[len(o) : len(o) + 1].isalpha() for o in openings)


def _is_dateline(match: re.Match[str], read: Pack) -> bool:
    head = match.group("head")
    cities = read.dateline_cities
    first, last = fold(re.split(r"[,(/]", head)[0]).strip(), fold(re.split(r"[,(]", head)[-1]).strip(" )")
    if "(" in head or "/" in head or re.search(r"\.(?:com|co|id|net|org)\b", head, re.IGNORECASE):
        return True
    return first in cities or last in cities or (head.isupper() and "," in head)


def _links_inside(text: str, start: int, stop: int, read: Pack) -> Iterator[Span]:
    """Yield "Baca juga: A Title in Capitals" in the middle of a paragraph: the title ends where lower case goes on."""
    folded = fold(text[start:stop])
    for opening in read.links:
        if " " not in opening:
            continue
        for match in re.finditer(rf"(?<=[.!?”\"] ){re.escape(opening)}\s?:", folded):
            title = start + match.end()
            yield Span(start + match.start(), title + _title_length(text[title:stop]), "boilerplate")


def _title_length(text: str) -> int:
    lower_run = 0
    end = 0
    for word in words(text):
        if re.search(r"[“\"«]|[.!?]\s", text[end : word.start]):
            break
        lower_run = 0 if word.capital or word.folded.isdigit() else lower_run + 1
        if lower_run > 2:
            break
        end = word.stop
    return end
