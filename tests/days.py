"""The days that a pack's words name, as tests compare them."""

from datetime import date

from geo.languages import pack
from geo.reference.names import words
from geo.text.dates import DigestDay, dates_in, digest_day


def days_named(language: str, text: str, published: date) -> list[tuple[str, str, str]]:
    """Return (first day, last day, basis) of each day that a text names, as ISO dates."""
    found = words(text)
    dated = dates_in(text, found, pack(language).lexicon.cues(found), published)
    return [(d.first.isoformat(), d.last.isoformat(), d.basis) for d in dated]


def day_covered(language: str, opening: str, published: date) -> DigestDay:
    """Return the day that a digest with this opening speaks of."""
    found = words(opening)
    return digest_day(opening, found, pack(language).lexicon.cues(found), published)
