"""What French and Spanish share and English does not: elision, repeated prepositions, months in lower case, moods."""

from datetime import date

import pytest
from marked import disagreements, read_marks

from geo.languages import pack
from geo.reference.names import words
from geo.text.dates import dates_in
from geo.text.digests import language_of

FRIDAY = date(2024, 11, 1)


def days(code: str, text: str) -> list[tuple[str, str]]:
    """Return first and last day of each date that ``text``, published on a Friday, names."""
    found = words(text)
    return [(str(d.first), str(d.last)) for d in dates_in(text, found, pack(code).lexicon.cues(found), FRIDAY)]


@pytest.mark.parametrize(
    ("code", "text", "first", "last"),
    [
        ("fr", "dans la nuit du 30 au 31 octobre", "2024-10-30", "2024-10-31"),
        ("fr", "dans la nuit du 31 octobre au 1er novembre", "2024-10-31", "2024-11-01"),
        ("fr", "dans la nuit de mercredi à jeudi", "2024-10-30", "2024-10-31"),
        ("fr", "mardi à l’aube", "2024-10-29", "2024-10-29"),
        ("fr", "vendredi 1er novembre 2024", "2024-11-01", "2024-11-01"),
        ("fr", "cette nuit", "2024-10-31", "2024-11-01"),
        ("fr", "hier", "2024-10-31", "2024-10-31"),
        ("es", "la noche del 30 al 31 de octubre", "2024-10-30", "2024-10-31"),
        ("es", "la noche del 31 de octubre al 1 de noviembre", "2024-10-31", "2024-11-01"),
        ("es", "en la noche del miércoles al jueves", "2024-10-30", "2024-10-31"),
        ("es", "la noche del jueves", "2024-10-31", "2024-11-01"),
        ("es", "el 29 de octubre de 2024", "2024-10-29", "2024-10-29"),
        ("es", "este martes", "2024-10-29", "2024-10-29"),
        ("es", "ayer", "2024-10-31", "2024-10-31"),
    ],
)
def test_days_are_read_as_these_languages_write_them(code, text, first, last):
    """Nights with two dates or two weekdays, ordinals, the year behind "de"."""
    assert days(code, text) == [(first, last)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Les autorités ont indiqué que la ville avait été touchée par des tirs dans la nuit."),
        ("fr", "L’armée a annoncé qu’une attaque s’est produite à l’est de la ville."),
        ("es", "Las autoridades indicaron que la ciudad fue alcanzada por los disparos durante la noche."),
        ("es", "El ejército anunció que se produjo un ataque al este de la ciudad."),
    ],
)
def test_the_two_languages_are_told_apart(code, text):
    """They share few of their most frequent words."""
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("code", "marked"),
    [
        # an elided article or preposition is no part of the name
        ("fr", "Une frappe a touché le port d’[Odessa|odesa.odesa-sea-port|air_strike]."),
        ("fr", "Une explosion a eu lieu à l'ouest d'[Avdiïvka|donetsk.avdiivka|explosion]."),
        ("fr", "Un drone s’est écrasé dans l’oblast d’[Orel|oryol|air_strike]."),
        # the preposition is said again before each of a list
        (
            "fr",
            "On a bombardé les régions de [Koursk|kursk|shelling], de [Soumy|sumy|shelling] et d’[Orel|oryol|shelling].",
        ),
        (
            "es",
            "Bombardearon las regiones de [Kursk|kursk|shelling], de [Sumi|sumy|shelling] y de [Oriol|oryol|shelling].",
        ),
        # adjectives between the kind word and the name
        ("fr", "Un bombardement a visé la région frontalière russe de [Koursk|kursk|shelling]."),
        ("es", "Un bombardeo golpeó la región fronteriza rusa de [Kursk|kursk|shelling]."),
        # "à" and "a" fold to one word: the auxiliary is no preposition, the preposition no auxiliary
        ("fr", "Une explosion a eu lieu à [Kherson|kherson.kherson|explosion]."),
        ("es", "Un misil ha alcanzado [Jersón|kherson.kherson|air_strike]."),
        # the mood of hearsay is a report, a possibility is not
        ("fr", "L’aéroport de [Simferopol|crimea.simferopol] aurait été visé par des drones."),
        ("fr", "Des drones pourraient viser [Simferopol|-not_reported_as_happened]."),
        ("es", "Varios drones podrían atacar [Simferópol|-not_reported_as_happened]."),
    ],
)
def test_places_and_events_are_found_as_these_languages_put_them(code, marked, read_text):
    """Each mark names the place and the kind, or the reason for no report."""
    text, marks = read_marks(marked)
    assert disagreements(marks, read_text(text, language=code)) == []
