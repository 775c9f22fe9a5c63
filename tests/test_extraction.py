"""The article in a page: its words without what stands around them; nothing in a page is run, fetched or expanded."""

import socket
import time
from contextlib import suppress
from datetime import date

import pytest

from geo.errors import UnreadableInput
from geo.text import extraction
from geo.text.digests import Metadata
from geo.text.extraction import article_of, declared_charset, is_page
from geo.text.inputs import Source, read_source
from geo.view import uploads

HEAD = """<html lang="en"><head><title>Fighting goes on | Morning Wire</title>
<meta property="og:site_name" content="Morning Wire"><meta property="og:url" content="https://example.org/a">
<meta property="article:published_time" content="2024-11-02T10:00:00Z"></head>"""
BODY = """<body><nav><a href="/">Home</a> <a href="/w">World</a></nav><article><h1>Fighting goes on</h1>
<p>Russian forces captured the town of Vuhledar, the ministry said on Friday, and fighting went on around it.</p>
<script>document.write("Kyiv was captured by the script")</script>
<ul><li>Two people were killed in Kherson by shelling &amp; drones on Thursday night.</li></ul></article>
<footer>Copyright Morning Wire, all rights reserved</footer></body></html>"""
PAGE = "<!DOCTYPE html>" + HEAD + BODY


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whatever reaches for another machine fails."""

    def refuse(*args, **kwargs):
        raise AssertionError("a page made the program reach for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_article_is_read_without_what_stands_around_it():
    """Title, paragraphs and list items; no menus, scripts or footers."""
    article = article_of(PAGE, "p.html")

    assert article.text.startswith("Fighting goes on")
    assert "Vuhledar, the ministry said" in article.text
    assert "shelling & drones" in article.text
    assert not [w for w in ("Home", "Copyright", "script", "<", "Kyiv") if w in article.text]
    assert article.text.count("Fighting goes on") == 1


def test_what_the_page_says_of_itself_is_metadata_and_what_an_index_says_wins(tmp_path):
    """Outlet, link and day of publication."""
    path = tmp_path / "p.html"
    path.write_text(PAGE, encoding="utf-8")
    digest = read_source(Source(path, "p", Metadata()))

    assert (digest.outlet, digest.url) == ("Morning Wire", "https://example.org/a")
    assert (digest.published, digest.language, digest.extracted) == (date(2024, 11, 2), "en", True)
    assert read_source(Source(path, "p", Metadata(outlet="Index"))).outlet == "Index"


def test_a_day_to_come_is_no_matter_of_the_clock():
    """The same page gives the same day whenever it is read."""
    assert article_of(PAGE.replace("2024-11-02", "2061-11-02"), "p.html").published == date(2061, 11, 2)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)),
        '<!ENTITY a10 SYSTEM "file:///etc/passwd">',
        '<!ENTITY a10 SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
    ],
    ids=["billion laughs", "a file", "an address", "a parameter"],
)
def test_entities_are_not_expanded(entities):
    """Neither those that grow without end nor those that name files and addresses."""
    page = f"<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html [{entities}]>" + HEAD + BODY.replace("&amp;", "&a10;")
    began = time.perf_counter()
    article = article_of(page, "p.html")

    assert time.perf_counter() - began < 5
    assert len(article.text) < 1000
    assert "root:" not in article.text
    assert article.published == date(2024, 11, 2)


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>1</script></body></html>", ""])
def test_a_page_without_an_article_is_refused(page):
    """Never an empty digest."""
    with pytest.raises(UnreadableInput, match=r"p\.html: no article was found"):
        article_of(page, "p.html")


@pytest.mark.parametrize(
    ("opening", "filler"),
    [("<!DOCTYPE html [", "<!DOCTYPE a ["), ("", "<div>"), ("<!--", "<!-- "), ("", "<p><b><i>"), ("<?xml ", "<?xml ")],
)
def test_broken_pages_take_no_longer_than_their_length(opening, filler):
    """A quarter of a megabyte of tags that are never closed."""
    began = time.perf_counter()
    with suppress(UnreadableInput):
        article_of(opening + filler * (250_000 // len(filler)) + BODY, "p.html")
    assert time.perf_counter() - began < 20


def test_a_page_is_known_by_how_it_begins():
    """For standard input, which has no name."""
    assert is_page(PAGE.encode())
    assert is_page(b"\xef\xbb\xbf\n <?xml version='1.0'?> <HTML lang=en>")
    assert not is_page(b"<p> is what he wrote on the wall of the house")
    assert not is_page(b"Fighting went on. <html>")


@pytest.mark.parametrize(
    "declared", ['<meta charset="windows-1251">', "<meta http-equiv=x content='a; charset=koi8-r'>"]
)
def test_the_encoding_that_a_page_names_is_found(declared):
    """In both forms that are in use."""
    assert declared_charset(b"<html><head>" + declared.encode()) in ("windows-1251", "koi8-r")


def test_without_the_library_the_message_says_how_to_get_it(monkeypatch):
    """Reading text needs nothing more than before."""
    monkeypatch.setattr(extraction, "_installed", lambda: None)

    with pytest.raises(UnreadableInput, match=r"p\.html: .*pip install 'frontline-map\[web\]'.*\.txt"):
        article_of(PAGE, "p.html")


def test_a_page_that_is_dropped_on_the_map_is_read_as_its_article():
    """The reports of its article, its words marked; its scripts are neither read nor shown."""
    reading = uploads.read("p.html", PAGE.encode(), None, None)
    told = uploads.told(reading)

    assert {report.place for report in reading.reports} == {"Vuhledar", "Kherson"}
    assert reading.digest.published == date(2024, 11, 2)
    assert "shelling &amp; drones" in told
    assert "<script" not in told
    with pytest.raises(uploads.BadFile, match=r"p\.html.*no article"):
        uploads.read("p.html", b"<html><body></body></html>", None, None)
