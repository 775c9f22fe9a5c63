"""Days that a text names are read as a reader of that day would read them, never more precisely."""

from datetime import date

import pytest

from geo.languages import pack
from geo.reference.names import words
from geo.text.dates import dates_in, digest_day
from geo.text.digests import Metadata, digest_of

FRIDAY = date(2024, 11, 1)


def named(text: str, language: str, published: date | None = FRIDAY) -> list[tuple[str, str, str]]:
    """(first day, last day, basis) of what the text names."""
    found = words(text)
    dated = dates_in(text, found, pack(language).lexicon.cues(found), published)
    return [(d.first.isoformat(), d.last.isoformat(), d.basis) for d in dated]


def covered(text: str, language: str, published: date | None = None) -> tuple[str | None, str | None, tuple[str, ...]]:
    """(day, basis, warnings) of the digest that begins so."""
    found = words(text)
    day = digest_day(text, found, pack(language).lexicon.cues(found), published)
    return day.day.isoformat() if day.day else None, day.basis, day.warnings


PHRASES = [
    # stated in figures: day before month, always
    ("id", "pada Jumat (1/11/2024)", "2024-11-01", "2024-11-01", "stated"),
    ("id", "pada Jumat (01/11/2024) waktu setempat", "2024-11-01", "2024-11-01", "stated"),
    ("id", "pada 3.10.2024", "2024-10-03", "2024-10-03", "stated"),
    ("id", "pada Rabu (30/10)", "2024-10-30", "2024-10-30", "stated"),
    ("id", "pada Sabtu (2/11), kata dia", "2024-11-02", "2024-11-02", "stated"),
    ("en", "in a raid a day earlier, officials said", "2024-10-31", "2024-10-31", "relative"),
    ("en", "on 2024-10-28 at noon", "2024-10-28", "2024-10-28", "stated"),
    ("en", "on 4/10/2024", "2024-10-04", "2024-10-04", "stated"),
    # stated in words
    ("en", "on 28 October", "2024-10-28", "2024-10-28", "stated"),
    ("en", "on October 28", "2024-10-28", "2024-10-28", "stated"),
    ("en", "on October 28th, 2023", "2023-10-28", "2023-10-28", "stated"),
    ("en", "on the 3rd of October", "2024-10-03", "2024-10-03", "stated"),
    ("en", "on Oct. 28", "2024-10-28", "2024-10-28", "stated"),
    ("en", "on 3rd October 2024", "2024-10-03", "2024-10-03", "stated"),
    ("id", "pada 28 Oktober", "2024-10-28", "2024-10-28", "stated"),
    ("id", "tanggal 28 Oktober 2023", "2023-10-28", "2023-10-28", "stated"),
    ("id", "pada 17 Agustus 2024", "2024-08-17", "2024-08-17", "stated"),
    # ranges stay ranges
    ("en", "between 25 and 26 October", "2024-10-25", "2024-10-26", "stated"),
    ("en", "on 25-26 October", "2024-10-25", "2024-10-26", "stated"),
    ("en", "from October 25 to 27", "2024-10-25", "2024-10-27", "stated"),
    ("id", "pada 25-26 Oktober", "2024-10-25", "2024-10-26", "stated"),
    ("id", "antara 25 dan 27 Oktober", "2024-10-25", "2024-10-27", "stated"),
    ("en", "from 30 October to 1 November", "2024-10-30", "2024-11-01", "stated"),
    ("en", "Oct 30 – Nov 1", "2024-10-30", "2024-11-01", "stated"),
    ("id", "30 Oktober hingga 1 November", "2024-10-30", "2024-11-01", "stated"),
    ("en", "on the night of 25 to 26 October", "2024-10-25", "2024-10-26", "stated"),
    # weekdays count backwards; the day itself counts
    ("en", "on Thursday", "2024-10-31", "2024-10-31", "weekday"),
    ("en", "on Friday", "2024-11-01", "2024-11-01", "weekday"),
    ("en", "on Saturday", "2024-10-26", "2024-10-26", "weekday"),
    ("id", "pada Kamis", "2024-10-31", "2024-10-31", "weekday"),
    ("id", "pada Jum'at", "2024-11-01", "2024-11-01", "weekday"),
    ("id", "pada Minggu", "2024-10-27", "2024-10-27", "weekday"),
    # nights
    ("en", "on Thursday night", "2024-10-31", "2024-11-01", "weekday"),
    ("en", "overnight", "2024-10-31", "2024-11-01", "relative"),
    ("en", "last night", "2024-10-31", "2024-11-01", "relative"),
    ("en", "in the night to Friday", "2024-10-31", "2024-11-01", "weekday"),
    ("en", "in the night of Thursday to Friday", "2024-10-31", "2024-11-01", "weekday"),
    ("en", "overnight into Friday", "2024-10-31", "2024-11-01", "weekday"),
    ("en", "on the night of 30 October", "2024-10-30", "2024-10-31", "stated"),
    ("id", "pada Kamis malam", "2024-10-31", "2024-11-01", "weekday"),
    ("id", "pada Kamis (31/10/2024) malam", "2024-10-31", "2024-11-01", "stated"),
    ("id", "pada malam hari 30 Oktober", "2024-10-30", "2024-10-31", "stated"),
    ("id", "malam menuju Jumat", "2024-10-31", "2024-11-01", "weekday"),
    ("id", "semalam", "2024-10-31", "2024-11-01", "relative"),
    ("id", "tadi malam", "2024-10-31", "2024-11-01", "relative"),
    # small hours belong to the day that they open
    ("id", "pada Kamis dini hari", "2024-10-31", "2024-10-31", "weekday"),
    ("en", "in the early hours of Thursday", "2024-10-31", "2024-10-31", "weekday"),
    # day words
    ("en", "yesterday", "2024-10-31", "2024-10-31", "relative"),
    ("en", "this morning", "2024-11-01", "2024-11-01", "relative"),
    ("en", "over the past day", "2024-10-31", "2024-11-01", "relative"),
    ("en", "in the past 24 hours", "2024-10-31", "2024-11-01", "relative"),
    ("id", "kemarin", "2024-10-31", "2024-10-31", "relative"),
    ("id", "hari ini", "2024-11-01", "2024-11-01", "relative"),
    ("id", "dalam 24 jam terakhir", "2024-10-31", "2024-11-01", "relative"),
]


@pytest.mark.parametrize(("language", "text", "first", "last", "basis"), PHRASES)
def test_a_phrase_names_its_days(language, text, first, last, basis):
    """Both ends of a night or range, and how they are known."""
    expected = [(first, last, basis)] if first else []
    assert named(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "about 3.5 km and 1/3 of the village"),
        ("en", "score 3-1, room 12, 500 drones"),
        ("id", "sekitar 2,5 km, 1/3 desa"),
        ("en", "the battle may go on"),
        ("en", "they march on"),
        ("en", "on 13/13/2024 and 2024-02-31"),
        ("id", "pada pukul 08.00"),
        ("en", "at 10.30 local time"),
        ("en", "for the third time this week"),
        ("id", "untuk ketiga kalinya pekan ini"),
        ("uk", "вже вдруге за тиждень"),
        ("ru", "в третий раз за неделю"),
        ("de", "zum dritten Mal in dieser Woche"),
        ("fr", "pour la troisième fois cette semaine"),
        ("es", "por tercera vez esta semana"),
        ("it", "per la terza volta questa settimana"),
        ("pl", "po raz trzeci w tym tygodniu"),
    ],
)
def test_figures_that_are_no_dates_name_no_day(language, text):
    """Distances, shares, hours, scores, how often and impossible days stay what they are."""
    assert named(text, language) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(7/11/2024)", "2024-11-07"), ("(11/7/2024)", "2024-07-11"), ("(14/6)", "2024-06-14"), ("(12/10)", "2024-10-12")],
)
def test_figures_are_never_read_month_first(text, expected):
    """Whatever lies nearer to publication."""
    assert [first for first, _, _ in named(f"pada Rabu {text}", "id")] == [expected]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("on 30 December", date(2025, 1, 3), "2024-12-30"),
        ("on 2 January", date(2024, 12, 30), "2025-01-02"),
        ("on 5 January", date(2025, 1, 6), "2025-01-05"),
        ("on 12 March", date(2024, 11, 1), "2024-03-12"),
        ("on 29 February", date(2024, 3, 1), "2024-02-29"),
        ("on 29 February", date(2023, 3, 1), "2024-02-29"),
    ],
)
def test_a_day_without_a_year_lies_nearest_to_publication(text, published, expected):
    """A digest of January speaks of December of the year before; nobody reports on a spring to come."""
    assert [first for first, _, _ in named(text, "en", published)] == [expected]


def test_a_day_without_a_year_and_without_publication_names_nothing():
    """There is no year to put it in, and none is made up."""
    assert named("on 30 October and on Thursday, yesterday", "en", None) == []
    assert named("on 30 October 2024", "en", None) == [("2024-10-30", "2024-10-30", "stated")]


@pytest.mark.parametrize("published", [date(2024, 11, 1 + n) for n in range(7)], ids=lambda d: f"{d:%A}")
def test_a_weekday_is_the_last_such_day(published):
    """Never in the future, never a week ago."""
    weekday = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for number, name in enumerate(weekday):
        [(first, last, basis)] = named(f"on {name}", "en", published)
        day = date.fromisoformat(first)
        assert (day.weekday(), first, basis) == (number, last, "weekday")
        assert 0 <= (published - day).days < 7


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Rangkuman hari ke-982 serangan Rusia ke Ukraina pada Jumat (1/11/2024)."),
        ("id", "Hari ke-982 perang Rusia-Ukraina: apa yang terjadi?"),
        ("id", "Perang memasuki hari ke 982."),
        ("en", "Day 982 of the war: what we know"),
        ("en", "What happened on the 982nd day of the war"),
        ("en", "Day 982: what happened on 1 November 2024"),
    ],
)
def test_the_day_number_counts_from_24_february_2022(language, text):
    """The first day is day 1, so day 982 is Friday, 1 November 2024."""
    day, basis, warnings = covered(text, language)

    assert (day, basis, warnings) == ("2024-11-01", "day_number", ())
    assert date.fromisoformat(day).weekday() == 4


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Rangkuman hari ke-1.000 perang"),
        ("en", "Day 1,000 of the war"),
        ("en", "Day 1000: what we know"),
        ("en", "On the 1,000th day of the war"),
    ],
)
def test_a_day_number_may_have_a_mark_for_thousands(language, text):
    """Day 1,000 is 19 November 2024."""
    assert covered(text, language)[:2] == ("2024-11-19", "day_number")


def test_the_stated_day_of_the_header_is_the_day_of_the_digest():
    """Else it is the day of publication, and without either there is none."""
    assert covered("Ringkasan perang, Rabu (30/10/2024)", "id") == ("2024-10-30", "stated", ())
    assert covered("What we know so far", "en", FRIDAY) == ("2024-11-01", "digest", ())
    assert covered("What we know so far", "en") == (None, None, ())


def test_a_morning_briefing_speaks_of_the_day_before():
    """ "As of 08:00" looks back on the past day."""
    assert covered("General Staff update as of 08:00, 1 November 2024", "en", FRIDAY)[:2] == ("2024-10-31", "briefing")


@pytest.mark.parametrize(
    ("language", "text", "published", "day", "said"),
    [
        ("id", "Hari ke-982 perang, Sabtu (2/11/2024)", None, "2024-11-02", ("982", "2024-11-01", "2024-11-02")),
        ("id", "Rangkuman pada Kamis (1/11/2024)", None, "2024-11-01", ("Kamis (1/11/2024", "weekday")),
        ("en", "Day 900 of the war", FRIDAY, "2024-11-01", ("900", "2024-11-01")),
    ],
)
def test_what_does_not_agree_is_said(language, text, published, day, said):
    """The day number, the weekday and the date are compared with each other and with the publication."""
    found, _, warnings = covered(text, language, published)

    assert found == day
    assert len(warnings) == 1
    assert all(part in warnings[0] for part in said)


def test_a_digest_with_contradictory_dates_still_has_a_day():
    """The stated date is used, and the digest carries the warning."""
    digest = digest_of("Rangkuman hari ke-982 perang pada Sabtu (2/11/2024).", metadata=Metadata(language="id"))

    assert (digest.day, digest.day_basis) == (date(2024, 11, 2), "stated")
    assert [w for w in digest.warnings if "dates do not agree" in w and "982" in w]


def test_a_story_of_a_news_agency_covers_the_day_of_its_lead():
    """The dateline tells such a story; of a list of news without one, the lead's day is not everybody's."""
    lead = "Russian missiles hit Izium on Tuesday. Later a drone struck Kupiansk, officials said."
    known = Metadata(language="en", published=date(2024, 11, 14))

    assert digest_of(f"KYIV (AP) - {lead}", metadata=known).day == date(2024, 11, 12)
    assert digest_of(lead, metadata=known).day == date(2024, 11, 14)


SAME_DAY = [
    ("en", "Shells hit Kherson on Tuesday.\n\nThat same night a drone struck Nikopol."),
    ("id", "Kherson dihujani peluru pada Selasa.\n\nPada malam yang sama, drone menyerang kota Nikopol."),
    ("uk", "У вівторок обстріляли Херсон.\n\nТого ж дня дрон влучив у Нікополь."),
    ("ru", "Во вторник обстреляли Херсон.\n\nВ тот же день дрон ударил по Никополю."),
    ("de", "Am Dienstag wurde Cherson beschossen.\n\nNoch am selben Tag traf eine Drohne Nikopol."),
    ("fr", "Mardi, Kherson a été bombardée.\n\nLe même jour, un drone a frappé Nikopol."),
    ("es", "El martes fue bombardeada Jersón.\n\nEse mismo día un dron atacó Nikopol."),
    ("it", "Martedì è stata bombardata Kherson.\n\nLo stesso giorno un drone ha colpito Nikopol."),
    ("pl", "We wtorek ostrzelano Chersoń.\n\nTego samego dnia dron uderzył w Nikopol."),
]


@pytest.mark.parametrize(("language", "text"), SAME_DAY)
def test_the_same_day_is_that_of_the_sentence_before(language, text, read_text):
    """Also across a paragraph; without these words a paragraph that names no day has that of the digest."""
    days = {r.place: r.date for r in read_text(text, language, published=FRIDAY).reports}

    assert days["Nikopol"] == "2024-10-29"
