"""A language is one file; what is broken in it is named, and its own examples are read as they say."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from marked import disagreements, promises_broken, read_marks

from geo.errors import BrokenCuratedData
from geo.events import read
from geo.kinds import kinds
from geo.languages import FOLDER, codes, pack
from geo.text.digests import Metadata, digest_of

EXAMPLES = [
    pytest.param(code, example, id=f"{code}: {example['text'][:60]}")
    for code in codes()
    for example in pack(code).examples
]


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_examples_of_a_pack_are_read_as_they_are_marked(code, example, gazetteer):
    """Each marked mention has that place, kind or reason, and nothing else is reported."""
    text, marks = read_marks(example["text"])
    published = date.fromisoformat(str(example.get("published", "2024-11-01")))
    digest = digest_of(text, metadata=Metadata(language=code, outlet=example.get("outlet"), published=published))
    reading = read(digest, gazetteer)

    assert marks, "an example has at least one mark"
    assert disagreements(marks, reading) == []
    assert promises_broken(reading) == []
    fields = {name: value for name, value in example.items() if name not in ("text", "published", "outlet", "note")}
    told = [{name: str(getattr(r, name)) for name in fields} for r in reading.reports]
    assert told == [{name: str(value) for name, value in fields.items()}] * len(reading.reports)


@pytest.mark.parametrize("code", codes())
def test_every_pack_brings_examples(code):
    """Reports and rejections both."""
    marks = [mark for example in pack(code).examples for mark in read_marks(example["text"])[1]]

    assert [m for m in marks if m.reason is None]
    assert [m for m in marks if m.reason]


@pytest.mark.parametrize("code", codes())
def test_every_pack_has_words_for_every_kind_of_event(code):
    """A kind that a language has no word for would never be reported from it."""
    found = {phrase.value["kind"] for phrase in every_phrase(code) if phrase.tag == "event"}

    assert found - {None} == set(kinds())  # without a kind: words that only look like an event ("still holds")


@pytest.mark.parametrize("code", codes())
def test_every_pack_has_words_of_every_sort(code):
    """Dates, relations, attribution, polarity, people: the rules ask for all of them."""
    tags = {cue.tag for cue in every_phrase(code)}

    assert tags >= {
        *("month", "weekday", "number", "day", "date_bound", "background", "join", "kilometres", "relation", "bearing"),
        *("event", "means", "outcome", "polarity", "stance", "running", "anaphora", "hurt", "venue", "part_before"),
        *("title", "says", "according", "via", "office", "named", "party", "troops", "agent", "clause", "type_before"),
    }


def every_phrase(code):
    lexicon = pack(code).lexicon
    return [p for by_first in (lexicon._exact, lexicon._stems) for phrases in by_first.values() for p in phrases]


@pytest.mark.parametrize("code", codes())
def test_a_pack_names_both_parties_in_the_same_number_of_ways(code):
    """What one side may be called, the other may be called too."""
    sides = [cue.value for cue in every_phrase(code) if cue.tag == "party"]

    assert sides.count("russia") > 0
    assert sides.count("ukraine") > 0


@pytest.mark.parametrize("code", codes())
def test_a_pack_is_named_after_its_file(code):
    """By its ISO 639-1 code."""
    assert pack(code).code == code
    assert pack(code).name


@pytest.mark.parametrize("code", codes())
def test_months_and_weekdays_are_complete(code):
    """Twelve and seven, whatever they are called."""
    values = {tag: {p.value for p in every_phrase(code) if p.tag == tag} for tag in ("month", "weekday")}

    assert values == {"month": set(range(1, 13)), "weekday": set(range(7))}


# --- broken packs ----------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(tmp_path: Path):
    """Write a pack that is English but for one change; return the words of the error that reading it gives."""

    def broken(old: str, new: str) -> str:
        text = (FOLDER / "en.toml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "en.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(BrokenCuratedData) as error:
            pack("en", tmp_path)
        assert str(error.value).startswith(f"{tmp_path / 'en.toml'}: ")
        return str(error.value)

    return broken


def test_a_pack_that_is_no_toml_is_named_with_its_line(broken):
    """As the parser tells it, and what to do."""
    message = broken("[months]", "[months")

    assert "line " in message
    assert "correct the file" in message


@pytest.mark.parametrize("section", ["[months]", "[polarity]", "[venue]", "[stop_places]", "[attribution.offices]"])
def test_a_missing_part_is_named(broken, section):
    """And where to copy its shape from."""
    message = broken(section, "[x]")

    assert section.strip("[]").split(".")[-1] in message
    assert "missing" in message
    assert "en.toml" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "en"', "code = 7\nmonths = 3\n[unused]\n#"),
        ("party_follows = false", "party_follows = false\nagent_words = 1\n[means]\n#"),
        ('repelled = ["repelled"', "repelled = 5\nrest = [\"repelled\""),
        ("abbreviations = [", "abbreviations = 7\nrest = ["),
        ("january = 1", "january = 1\nnever = [1]\n\"\" = 13"),
    ],
)  # fmt: skip
def test_a_part_of_the_wrong_shape_is_refused(broken, old, new):
    """Before a digest is read with it."""
    assert "; " in broken(old, new)


@pytest.mark.parametrize("code", codes())
def test_the_guide_names_every_key_of_a_pack(code):
    """Who writes a pack finds each table and each key in ``geo/languages/README.md``."""
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", guide))
    data = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    own_words = {"months", "weekdays", "numbers", "offices", "named"}  # their keys are words of the language
    tables = {name: table for name, table in data.items() if isinstance(table, dict) and name not in own_words}
    keys = {key for table in tables.values() for key in table} | {key for block in data["events"] for key in block}

    assert (set(data) | keys) - told == set()


def test_a_pack_that_is_not_there_says_which_there_are(tmp_path):
    """With the codes to choose from."""
    with pytest.raises(
        BrokenCuratedData, match=r"there is no pack for 'xx'; packs: de, en, es, fr, id, it, pl, ru, uk"
    ):
        pack("xx")


def test_a_pack_that_is_not_utf8_is_named(tmp_path):
    """It is curated, so it is UTF-8."""
    (tmp_path / "en.toml").write_bytes(b'code = "\xff"')

    with pytest.raises(BrokenCuratedData, match="correct the file"):
        pack("en", tmp_path)
