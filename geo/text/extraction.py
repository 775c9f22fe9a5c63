"""The article in a web page: its text, and what the page says of itself; nothing is fetched, run or expanded."""

import re
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from geo.errors import UnreadableInput

SUFFIXES = (".html", ".htm", ".xhtml")
_HEAD = 4096  # bytes in which a page says that it is one, and in which encoding
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE
)
# A document type may declare entities that grow without end or name files; a page needs neither.
_PROLOG = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)?", re.IGNORECASE | re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
# No guess from the text of a page, and no clock: the same page gives the same day next year.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}


class Article(NamedTuple):
    """What was read out of a page; None is unknown."""

    text: str
    outlet: str | None
    url: str | None
    published: date | None


def is_page(content: bytes) -> bool:
    """Tell whether bytes without a name are a web page."""
    return _BEGINS.match(content[:_HEAD]) is not None


def declared_charset(content: bytes) -> str | None:
    """Return the encoding that a page names for itself."""
    match = _CHARSET.search(content[:_HEAD])
    return match.group(1).decode("ascii") if match else None


def article_of(page: str, where: object) -> Article:
    """Read the article out of a page: title first, then its paragraphs, list items and tables.

    Raises ``UnreadableInput`` if there is no article in it, or if trafilatura is not installed.
    """
    _library(where)
    import trafilatura

    prolog = _PROLOG.match(page)
    found: Any = trafilatura.bare_extraction(
        page[prolog.end() :] if prolog else page,
        with_metadata=True,
        include_comments=False,
        date_extraction_params=dict(_DATES),
    )
    body = (found.text or "").strip() if found is not None else ""
    if found is None or not body:
        raise UnreadableInput(f"{where}: no article was found in this page; save its text as .txt")
    return Article(titled(found.title, clean(body)), found.sitename, found.url, _day(found.date))


def titled(title: str | None, body: str) -> str:
    """Put a title before a text that does not begin with it."""
    title = " ".join((title or "").split())
    return f"{clean(title)}\n\n{body}" if title and not body.lstrip().startswith(title) else body


def clean(text: str) -> str:
    """Replace what no UTF-8 can hold: halves of characters, which JSON and pages can write as escapes."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def version() -> str | None:
    """Return the version of the library that reads pages: another one may read another text out of the same page."""
    return _installed()


def _library(where: object) -> None:
    if _installed() is None:
        raise UnreadableInput(
            f"{where}: reading web pages needs trafilatura; install it with `pip install 'frontline-map[web]'`, "
            "or save the text of the page as .txt"
        )


@cache
def _installed() -> str | None:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("trafilatura")
    except PackageNotFoundError:
        return None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
