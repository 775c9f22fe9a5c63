"""Tags left in a text are no words of it, and quotes stay exact."""

from datetime import date

from geo.events import read
from geo.reference.names import plain
from geo.text.digests import Metadata, digest_of
from geo.text.markup import without_tags

HTML = (
    '<p>Russian forces shelled <a href="https://example.org/odesa-news">Kherson</a>.</p>'
    '<img alt="A drone hit Sumy on 3 March" src="x.jpg"><ul><li>A drone hit a bus in Nikopol.</li>'
    "<li>Two people were wounded in Beryslav.</li></ul>"
)


def test_tags_are_blanked_and_offsets_stay():
    """What is no tag stays: "fewer than <3"."""
    bare = without_tags(plain(HTML)).text

    assert len(bare) == len(HTML)
    assert "href" not in bare
    assert bare[HTML.index("Kherson") :].startswith("Kherson")
    assert without_tags(plain("a < b, <3 and 1 > 0")).text == "a < b, <3 and 1 > 0"


def test_reports_stand_where_the_words_stand_in_the_text_as_published(gazetteer):
    """Addresses and captions in attributes are no places; each item of a list is a sentence."""
    reading = read(digest_of(HTML, metadata=Metadata(language="en", published=date(2025, 2, 28))), gazetteer)

    assert [r.place for r in reading.reports] == ["Kherson", "Nikopol", "Beryslav"]
    assert all(HTML[r.quote_start : r.quote_end] == r.quote for r in reading.reports)
    assert {v.mention.text for v in reading.verdicts} == {"Kherson", "Nikopol", "Beryslav"}


def test_another_days_digest_is_background(gazetteer):
    """Its number or its name tells; the rest of the digest is read as ever."""
    text = (
        "Day 1,100 of the war: what we know.\n"
        "A missile struck Odesa.\n"
        "Day 1,099: Russian forces captured Toretsk.\n"
        "In yesterday's briefing we wrote that Vuhledar had been captured.\n"
    )
    reading = read(digest_of(text, metadata=Metadata(language="en", published=date(2025, 2, 27))), gazetteer)

    assert [r.place for r in reading.reports] == ["Odesa"]
    assert {v.mention.text: v.role for v in reading.verdicts} == {
        "Odesa": "report",
        "Toretsk": "background",
        "Vuhledar": "background",
    }
