"""Text that is not as it should be: languages mixed, names misspelt, markup left in, letters at random."""

import sys
import time
import unicodedata
from datetime import date
from random import Random

import pytest
from marked import promises_broken

from geo.events import read
from geo.explain import as_dict, lines
from geo.paths import bundled
from geo.reference.gazetteer import Gazetteer
from geo.text.digests import Metadata, digest_of, read_digest

FRIDAY = date(2024, 11, 1)


def told(reading):
    """(place, kind) of each report."""
    return [(r.place_id.partition(".")[2] or r.place_id, r.kind) for r in reading.reports]


# --- languages mixed -------------------------------------------------------------------------------------------------

SPOKEN = {
    "en": "Russian troops captured the town of Kurakhove, the Russian defence ministry said on Thursday.",
    "ru": "Российские войска взяли под контроль Торецк, сообщило Минобороны России.",
    "uk": "Російські дрони атакували Нікополь, поранено двох людей, повідомив начальник ОВА.",
    "id": "Serangan drone Rusia di kota Odesa melukai dua orang, kata gubernur setempat pada hari Kamis.",
    "fr": "Les forces russes ont pris Selydove dans la région de Donetsk, selon le ministère russe de la Défense.",
    "de": "Bei einem russischen Drohnenangriff auf die Stadt Sumy sind in der Nacht zwei Menschen verletzt worden.",
    "pl": "Rosyjskie wojska ostrzelały w nocy miasto Chersoń, poinformował gubernator obwodu, są ranni.",
    "es": "Las fuerzas rusas atacaron con drones la ciudad de Járkov y hubo tres heridos, según el alcalde.",
}
REPORTED = {
    "en": ("kurakhove", "capture"),
    "ru": ("toretsk", "capture"),
    "uk": ("nikopol", "air_strike"),
    "id": ("odesa", "air_strike"),
    "fr": ("selydove", "capture"),
    "de": ("sumy", "air_strike"),
    "pl": ("kherson", "shelling"),
    "es": ("kharkiv", "air_strike"),
}


@pytest.mark.parametrize("own", SPOKEN)
@pytest.mark.parametrize("guest", SPOKEN)
def test_a_sentence_in_another_language_is_read_as_what_it_is(own, guest, read_text):
    """Between two sentences of the digest's own language; all three are reported."""
    reading = read_text(f"{SPOKEN[own]}\n{SPOKEN[guest]}\n{SPOKEN[own]}", own)

    assert set(told(reading)) == {REPORTED[own], REPORTED[guest]}


def test_a_text_of_many_languages_and_of_no_stated_one_is_read(read_text):
    """Each sentence with its own pack, in whatever order they stand."""
    codes = sorted(SPOKEN)
    for _ in range(4):
        Random(4).shuffle(codes)
        reading = read_text("\n".join(SPOKEN[code] for code in codes))
        assert sorted(told(reading)) == sorted(REPORTED.values())


def test_a_foreign_word_or_name_does_not_change_the_language(read_text):
    """A quotation of two words, the name of a newspaper, a slogan."""
    text = "Russian troops captured Kurakhove, Le Monde wrote. “Слава Україні”, the mayor of Nikopol said."

    assert told(read_text(text, "en")) == [("kurakhove", "capture")]


# --- names that are none ---------------------------------------------------------------------------------------------

MISSPELT = [
    ("en", "Russian troops captured the village of Ivano-Pillya in Donetsk oblast.", "donetsk.ivanopillia"),
    ("en", "Shelling killed two people in the town of Kurakove.", "donetsk.kurakhove"),
    ("en", "Fighting went on near the town of Pokrovvsk.", "donetsk.pokrovsk"),
    ("id", "Pasukan Rusia merebut kota Selidovve.", "donetsk.selydove"),
    ("uk", "Російські війська захопили місто Куррахове.", "donetsk.kurakhove"),
    ("ru", "Российские войска взяли город Куррахово.", "donetsk.kurakhove"),
    ("en", "Shelling damaged a school in the city of Khersson.", "kherson.kherson"),
    ("en", "Drones struck the city of Zaporizhhzhia.", "zaporizhzhia.zaporizhzhia"),
]


@pytest.mark.parametrize(("language", "text", "meant"), MISSPELT)
def test_a_misspelt_name_has_a_suggestion_and_is_not_guessed(language, text, meant, read_text, gazetteer):
    """In the trace that ``frontline explain`` prints; no report stands at any settlement."""
    reading = read_text(text, language)
    suggested = [s["place_id"] for m in as_dict(reading, gazetteer)["mentions"] for s in m["suggestions"]]

    assert meant in suggested
    assert {r.precision for r in reading.reports} <= {"region"}
    assert any("did you mean" in line for line in lines(reading, gazetteer))


@pytest.mark.parametrize("word", ["Xqzwvania", "Ωμέγα", "Q", "۔۔۔", "Кщжфх"])
def test_a_word_like_no_name_has_no_suggestion(word, read_text, gazetteer):
    """Nothing is offered for the sake of it."""
    mentions = as_dict(read_text(f"Russian troops captured the village of {word}.", "en"), gazetteer)["mentions"]

    assert [m["suggestions"] for m in mentions] in ([], [[]])


# --- what copying leaves in a text -----------------------------------------------------------------------------------

LEFTOVERS = [
    ("html", "<p>Russian troops captured <b>Kurakhove</b>,&nbsp;the ministry said.</p>", {("kurakhove", "capture")}),
    (
        "html list",
        '<ul><li class="x">Drones attacked <a href="/odesa">Odesa</a>.</li><li>Sumy was shelled.</li></ul>',
        {("odesa", "air_strike"), ("sumy", "shelling")},
    ),
    ("html link", '<a href="https://example.org/kharkiv/Kupiansk">Read on</a>', set()),
    (
        "table",
        "Day | Place | What\n--- | --- | ---\n31 October | Nikopol | was shelled\n30 October | Odesa | drone attack\n",
        {("nikopol", "shelling"), ("odesa", "air_strike")},
    ),
    ("tabs", "Kurakhove\tcaptured by Russian troops\nToretsk\tshelled by artillery\n", None),
    (
        "emoji bullets",
        "🔴 Drones attacked Odesa.\n⚡️Sumy was shelled.\n✅ Russian troops captured Kurakhove.\n🇺🇦 Fighting went on in Toretsk.",
        {("odesa", "air_strike"), ("sumy", "shelling"), ("kurakhove", "capture"), ("toretsk", "ground_fighting")},
    ),
    ("markdown", "- **Odesa**: drones attacked *Odesa*.\n> Sumy was shelled.", {("odesa", "air_strike"), ("sumy", "shelling")}),
    ("hashtags", "Drones attacked #Odesa. #Sumy #Kharkiv", {("odesa", "air_strike")}),
    ("odd blanks", "Drones\u00a0attacked\u2009Odesa.\u200b Sumy\u202fwas shelled.", {("odesa", "air_strike"), ("sumy", "shelling")}),
    ("hyphenation", "Drones attacked the city of Ode\u00adsa.", {("odesa", "air_strike")}),
    ("capitals", "DRONES ATTACKED ODESA", {("odesa", "air_strike")}),
    ("page break", "Russian troops captured\fKurakhove.\n\n3 / 12\n\nDrones attacked Odesa.", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=name) for name, t, e in LEFTOVERS])
def test_markup_tables_and_bullets_do_not_hide_what_is_told(text, expected, read_text):
    """And make nothing up; None: whether it can be read is left open, but no other place may be reported."""
    reading = read_text(text, "en")

    assert promises_broken(reading) == []
    if expected is None:
        assert {place for place, _ in told(reading)} <= {"kurakhove", "toretsk", "odesa"}
    else:
        assert set(told(reading)) == expected


OCR = {"o": "0", "l": "1", "rn": "m", "e": "c", "i": "l", "S": "5", " ": "  ", "t": "f"}


@pytest.mark.parametrize("seed", range(12))
def test_letters_that_a_scanner_took_for_others_make_no_new_places(seed, read_text):
    """Reports get lost as words become unreadable; none appears at a settlement that the clean text does not name."""
    clean = " ".join(SPOKEN[code] for code in ("en",)) + (
        " Shelling killed two people in Nikopol. Fighting went on near Toretsk and Chasiv Yar in Donetsk oblast."
    )
    noise = Random(seed)
    noisy = clean
    for read_as, instead in noise.sample(sorted(OCR.items()), 2):
        parts = noisy.split(read_as)
        noisy = parts[0] + "".join((instead if noise.random() < 0.15 else read_as) + part for part in parts[1:])
    named = {place for place, _ in told(read_text(clean, "en"))} | {"donetsk"}

    assert {place for place, _ in told(read_text(noisy, "en"))} <= named


def test_what_another_day_s_digest_said_is_not_reported_as_of_today(read_text):
    """A link to it and a passage on a day long before it are skipped or told of their own time."""
    text = (
        "Day 982 of the war, 1 November 2024.\n"
        "Drones attacked Odesa overnight.\n"
        "Read more: Day 600: Russian troops storm Avdiivka\n"
        "On 17 February 2024 our digest said: Ukrainian forces withdrew from Avdiivka.\n"
        "On 29 October our digest said that Selydove had been captured.\n"
    )
    reports = {r.place_id: (r.kind, r.date) for r in read_text(text, "en").reports}

    assert reports["odesa.odesa"] == ("air_strike", "2024-10-31")
    assert "donetsk.avdiivka" not in reports
    assert reports.get("donetsk.selydove") in (None, ("capture", "2024-10-29"))


# --- letters at random -----------------------------------------------------------------------------------------------

LETTERS = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")]
SCRIPTS = (
    "Kurakhove",
    "Торецк",
    "Куп’янськ",
    "敖德薩",
    "أوديسا",
    "אודסה",
    "Οδησσός",
    "ოდესა",
    "ओडेसा",
    "🇺🇦",
    "Z\u0301\u0335\u0321",
)


def at_random(seed, characters):
    drawn = Random(seed)
    return "".join(drawn.choice(" .\n") if drawn.random() < 0.2 else drawn.choice(LETTERS) for _ in range(characters))


def of_many_scripts(seed, characters):
    drawn = Random(seed)
    pieces = [*SCRIPTS, " captured ", " обстріляли ", ", ", ". ", "\n", "near ", "д"]
    text = ""
    while len(text) < characters:
        text += "".join(drawn.choices(pieces, k=500))
    return text[:characters]


def seconds(text, gazetteer):
    digest = digest_of(text, metadata=Metadata(published=FRIDAY))
    start = time.process_time()
    reading = read(digest, gazetteer)
    spent = time.process_time() - start
    assert promises_broken(reading) == []
    return spent


@pytest.mark.parametrize("make", [at_random, of_many_scripts])
def test_time_grows_with_random_text_and_not_faster(make, gazetteer):
    """Four times the characters take about four times as long; a quadratic step would take sixteen times."""
    seconds(make(0, 2_000), gazetteer)
    short, long = (min(seconds(make(seed, size), gazetteer) for seed in (1, 2)) for size in (5_000, 20_000))

    assert long < 9 * short + 0.2


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["one line", "lines"])
@pytest.mark.parametrize("make", [at_random, of_many_scripts])
def test_a_megabyte_at_random_is_read_in_time(make, shape, gazetteer):
    """As one line or as many: no crash, exact offsets, and no more than linear time."""

    def text(size):
        return make(3, size).replace("\n", " ") if shape == "one line" else make(3, size)

    seconds(text(2_000), gazetteer)
    short, long = seconds(text(100_000), gazetteer), seconds(text(1_000_000), gazetteer)

    assert long < 20 * short + 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_random_text_around_true_sentences_is_read(seed, gazetteer):
    """Whatever stands before and behind it, a plain sentence keeps its report or has a reason why not."""
    text = f"{at_random(seed, 300)}\n{SPOKEN['en']}\n{at_random(seed + 1000, 300)}"
    reading = read(digest_of(text, metadata=Metadata(language="en", published=FRIDAY)), gazetteer)

    assert promises_broken(reading) == []
    assert ("kurakhove", "capture") in told(reading)


# --- alone, in a batch, in any order ---------------------------------------------------------------------------------


def readings(paths, gazetteer):
    return {path.stem: read(read_digest(path), gazetteer) for path in paths}


def test_a_digest_gives_the_same_alone_in_a_batch_and_in_any_order(gazetteer):
    """Every sentence, verdict, trace and report; what was read before leaves nothing behind."""
    paths = [p for p in sorted(bundled("data/digests").glob("*.md")) if not p.name.startswith("README")]
    drawn = Random(982)
    batch = drawn.sample(paths, 16)
    first = readings(batch, gazetteer)
    for _ in range(2):
        drawn.shuffle(batch)
        assert readings(batch, gazetteer) == first
    for path in batch[:4]:
        assert readings([path], Gazetteer.load()) == {path.stem: first[path.stem]}


def test_every_known_name_in_a_text_has_a_verdict(gazetteer):
    """The gazetteer's own search finds no name with a capital that reading left without one, save what packs rule out.

    A pack's ``stop_places`` and spellings for readers of other languages are such.
    """
    missed = []
    for path in sorted(bundled("data/digests").glob("sample*.md")):
        reading = read(read_digest(path), gazetteer)
        spans = [(v.mention.start, v.mention.stop) for v in reading.verdicts]
        body = reading.digest.skipped[0].stop
        for found in gazetteer.names_in(reading.digest.text):
            curated = [n for n in found.names if n.standing == "standard" and not n.flags]
            big = [n for n in curated if gazetteer.place(n.place_id).kind in ("city", "region", "country")]
            if found.start >= body and big and not any(a < found.stop and found.start < b for a, b in spans):
                missed.append((path.stem, reading.digest.text[found.start : found.stop]))

    assert missed == []
