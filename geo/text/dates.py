"""Days that a text names, and the day that a digest covers.  Never more precise than the words.

Weekdays and "yesterday" count backwards from publication; days without a year lie nearest to it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from geo.languages.cues import Cue
from geo.reference.names import Word

WAR_DAY_1 = date(2022, 2, 24)  # "day 982" is 1 November 2024
_DAY = timedelta(days=1)
# Day before month, always: no outlet that we read writes it the other way round in figures.
_NUMERIC = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?(?![\d/])")
_DASH = re.compile(r"\s*[-–—]\s*")
_OF = frozenset({"of", "de"})  # "the 3rd of October"
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|ro|º|°|-?[а-яіїє]{1,2})?$")
_NUMBER_BEHIND = re.compile(r"[\s-]{0,2}(\d{1,2}[.,]\d{3}|\d{1,4})(?![\d.,:]*\d|\s?%)")
_NUMBER_BEFORE = re.compile(
    r"(?<![\d.,])(\d{1,2}[.,]\d{3}|\d{1,4})(?:st|nd|rd|th|er|e|ème|eme|º|ª|\.|-[^\W\d]{1,2})? ?$"
)
_PAST_DAY_WORDS = 3  # "over the past day", not "in a day", which an evening's digest says too
_BULLET = re.compile(r"\s*[▪•🔹🔻●◾–—\-]")
_HEADS_A_LIST = re.compile(r"[^\n]{0,160}\n\s*[▪•🔹🔻●◾–—\-]|[^\n.:;]{0,60}:[*_ ]*\n")
_HEADER_LENGTH = 700  # characters in which a digest says which day it is about: title, date line, lead
_LEAD_LENGTH = 350  # characters of headline and first sentence
_LONGEST_WIRE = 2 * _DAY  # a wire story that names an earlier day alone is about something else
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # what lies outside is a typing error or a joke
_DAYS_AHEAD = 10  # "by 5 November" in a digest of 1 November is this year's
_LATEST_HEADER_DAYS = 4  # a header date further from publication is about something else


class Dated(NamedTuple):
    """Words that name a day or a range: where they stand, what they mean, and how."""

    start: int
    stop: int
    first: date
    last: date
    basis: str  # stated, weekday, relative
    year_stated: bool = True
    past_day: bool = False  # "the past day": in a morning briefing it is the day before


class DigestDay(NamedTuple):
    """The day that a digest covers, how that is known, and what does not agree."""

    day: date | None
    basis: str | None
    warnings: tuple[str, ...]


def dates_in(text: str, words: Sequence[Word], cues: Sequence[Cue], published: date | None) -> list[Dated]:
    """Return the days that the words name, in reading order; ``published`` anchors weekdays and missing years."""
    named = sorted([*_numeric(text, words, published), *_with_month(text, words, cues, published)])
    explicit = [_from_weekday(text, d, cues) for d in _ranges(text, named, cues)]
    found = [_with_night(d, cues) for d in explicit]
    if published is not None:
        found += [_with_night(d, cues) for d in _ranges(text, list(_weekdays(cues, found, published)), cues)]
        found += _relative(cues, found, published)
        found += _past_days(words, cues, published)
    return sorted(found)


def digest_day(
    text: str, words: Sequence[Word], cues: Sequence[Cue], published: date | None, *, wire: bool = False
) -> DigestDay:
    """Find the day that a digest covers: its day number, its stated date, else its publication.

    ``words`` and ``cues`` are those of the beginning of the text. A story of a news agency (``wire``), which tells of
    one day, covers the day that its lead names. All that names the day must agree; what does not
    is reported in the warnings.
    """
    head = [d for d in dates_in(text, words, cues, published) if d.basis == "stated" and d.start < _HEADER_LENGTH]
    stated = next(
        (d.last if _is_night(d, cues) else d.first for d in head if d.year_stated and _near(d.first, published)), None
    )
    number = _day_number(text, cues)
    counted = WAR_DAY_1 + (number - 1) * _DAY if number else None
    warnings = [*_wrong_weekdays(text, words, cues, published), *_disagreement(number, counted, stated, published)]
    if counted and stated and counted != stated:
        counted = None  # two statements of the date itself (words, weekday) outweigh one count
    lead = _day_of_lead(text, words, cues, published) if wire and published else None
    night = next((d for d in head if d.year_stated and d.first < d.last and _is_night(d, cues)), None)
    morning = (
        night is None
        and published is not None
        and any(_is_of_morning(text, c) for c in cues if c.start < _HEADER_LENGTH)
    )
    for day, basis in ((counted, "day_number"), (stated, "stated"), (lead, "digest"), (published, "digest")):
        if day is not None and _near(day, published):
            if morning:  # a morning briefing speaks of the day before
                return DigestDay(day - _DAY, "briefing", tuple(warnings))
            return DigestDay(day, basis, tuple(warnings))
    return DigestDay(None, None, tuple(warnings))


def _day_of_lead(text: str, words: Sequence[Word], cues: Sequence[Cue], published: date) -> date | None:
    """The day of a wire story: the only one that its headline and first sentences name ("on Tuesday", "Rabu (3/5)")."""
    named = [d for d in dates_in(text, words, cues, published) if d.start < _LEAD_LENGTH and d.basis != "relative"]
    days = {d.last for d in named}
    day = next(iter(days)) if len(days) == 1 else None
    return day if day is not None and published - day <= _LONGEST_WIRE else None


def _is_of_morning(text: str, cue: Cue) -> bool:
    """Whether words head a briefing about the day before: "as of 08:00", or "over the past day" as a heading."""
    if cue.tag != "day" or cue.value != "past_day":
        return cue.tag == "day" and cue.value == "morning_report"
    line = text[text.rfind("\n", 0, cue.start) + 1 : cue.start]
    names_the_day = cue.last - cue.first >= _PAST_DAY_WORDS
    heading = not text[: cue.start - len(line)].strip() or _HEADS_A_LIST.match(text, cue.stop) is not None
    return names_the_day and heading and not _BULLET.match(line)


def _is_night(d: Dated, cues: Sequence[Cue]) -> bool:
    """Whether the days are the two sides of one night: "in the night to 16 November" speaks of the 16th."""
    nights = (c for c in cues if c.tag == "day" and c.value in ("night_to", "overnight", "night"))
    return (d.last - d.first).days == 1 and any(_touching(c, d) for c in nights)


def _near(day: date, published: date | None) -> bool:
    return published is None or abs((day - published).days) <= _LATEST_HEADER_DAYS


def _disagreement(
    number: int | None, counted: date | None, stated: date | None, published: date | None
) -> Iterable[str]:
    if counted and stated and counted != stated:
        yield f"day {number} of the war is {counted}, but the text states {stated}; the stated date is used"
    elif counted and not _near(counted, published):
        yield f"day {number} of the war is {counted}, far from the publication on {published}; the count is not used"


def _wrong_weekdays(text: str, words: Sequence[Word], cues: Sequence[Cue], published: date | None) -> Iterable[str]:
    """Yield a warning for each weekday that stands beside a full date and does not fall on it."""
    for d in (*_numeric(text, words, published), *_with_month(text, words, cues, published)):
        for cue in cues:
            between = text[min(cue.stop, d.stop) : max(cue.start, d.start)]
            beside = cue.tag == "weekday" and re.fullmatch(r"[\s,(]{1,3}", between) and cue.start < d.start
            if beside and d.year_stated and d.first == d.last and d.first.weekday() != cue.value:
                yield f"{text[cue.start : d.stop]!r}: {d.first} is no such weekday; the date is used"


def _day_number(text: str, cues: Sequence[Cue]) -> int | None:
    """Return the first day number of a header."""
    return next(day_numbers(text, [c for c in cues if c.start < _HEADER_LENGTH]), None)


def day_numbers(text: str, cues: Sequence[Cue]) -> Iterator[int]:
    """Yield "day 982", "hari ke-1.000", "the 1,000th day of": numbers right behind or before the words."""
    for cue in cues:
        if cue.tag == "day" and cue.value == "day_number":
            behind = _NUMBER_BEHIND.match(text, cue.stop)
            if found := behind or _NUMBER_BEFORE.search(text, max(0, cue.start - 12), cue.start):
                yield int(re.sub(r"\D", "", found.group(1)))


def _numeric(text: str, words: Sequence[Word], published: date | None) -> Iterable[Dated]:
    if not words:
        return
    start, stop = words[0].start, words[-1].stop + 1
    for match in _NUMERIC.finditer(text, start, stop):
        day, month, year = match.groups()
        # "3.5 km" and "1/3 of" are no dates: without a year only "(14/6)" is one.
        before, behind = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        in_brackets = before == "(" and behind in (")", ",", " ")
        if (year or (in_brackets and "/" in match.group())) and (found := _made(year, month, day, published)):
            yield Dated(match.start(), match.end(), found, found, "stated", bool(year))
    for match in _ISO.finditer(text, start, stop):
        year, month, day = match.groups()
        if found := _made(year, month, day, published):
            yield Dated(match.start(), match.end(), found, found, "stated")


def _made(year: str | None, month: str | int, day: str | int, published: date | None) -> date | None:
    """Make a date; without a year it is the last such day, or one a few days ahead of publication."""
    if year and not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    years = [int(year)] if year else [published.year + n for n in (-1, 0, 1)] if published else []
    days = []
    for candidate in years:
        try:
            days.append(date(candidate, int(month), int(day)))
        except ValueError:
            continue
    if published is None:
        return days[0] if days else None
    return max((d for d in days if (d - published).days <= _DAYS_AHEAD), default=min(days, default=None))


def _weekdays(cues: Sequence[Cue], found: Sequence[Dated], published: date) -> Iterable[Dated]:
    for cue in cues:
        if cue.tag == "weekday" and not _beside(cue, found):
            day = published - timedelta(days=(published.weekday() - cue.value) % 7)
            to_morning = any(c.tag == "day" and c.value == "night_to" and 0 <= cue.start - c.stop <= 4 for c in cues)
            if to_morning and day + 7 * _DAY == published + _DAY:
                day += 7 * _DAY  # "in the night to Friday", written on Thursday
            yield Dated(cue.start, cue.stop, day, day, "weekday")


def _ranges(text: str, dates: Sequence[Dated], cues: Sequence[Cue]) -> list[Dated]:
    """Join "30 October – 1 November" and "from Monday to Tuesday" into one range."""
    joins = {(c.start, c.stop) for c in cues if c.tag == "join" and c.value == "range"}
    joined: list[Dated] = []
    for d in dates:
        before = joined[-1] if joined else None
        if before and before.last < d.first and _is_range_gap(text, before.stop, d.start, joins):
            joined[-1] = before._replace(stop=d.stop, last=d.last, year_stated=before.year_stated or d.year_stated)
        else:
            joined.append(d)
    return joined


def _from_weekday(text: str, d: Dated, cues: Sequence[Cue]) -> Dated:
    """Let a date begin with the weekday before it: "in the night to Tuesday, 26 November"."""
    weekdays = (c for c in cues if c.tag == "weekday" and c.stop <= d.start)
    start = next((c.start for c in weekdays if re.fullmatch(r"[\s,(]{1,3}", text[c.stop : d.start])), d.start)
    return d._replace(start=start)


def _is_range_gap(text: str, start: int, stop: int, joins: set[tuple[int, int]]) -> bool:
    gap = text[start:stop]
    left = start + len(gap) - len(gap.lstrip())
    return bool(_DASH.fullmatch(gap)) or (left, left + len(gap.strip())) in joins


def _with_month(text: str, words: Sequence[Word], cues: Sequence[Cue], published: date | None) -> Iterable[Dated]:
    """Yield "25 November", "November 25 to 26, 2024", "25-26 November" and the like."""
    joins = {c.first for c in cues if c.tag == "join" and c.value in ("range", "list")}
    taken: set[int] = set()  # "Oct 30 – Nov 1": the 30 is October's
    for cue in cues:
        if cue.tag != "month":
            continue
        numbers, first, last = _numbers_before(text, words, cue.first, joins)
        if taken.intersection(range(first, cue.first)):
            numbers = []
        if not numbers:
            numbers, first, last = _numbers_after(text, words, cue.last, joins)
            first = cue.first
            taken.update(range(cue.last, last))
        if not numbers:
            continue
        last = max(last, cue.last)
        if last + 1 < len(words) and words[last].folded in _OF and _YEAR.fullmatch(words[last + 1].folded):
            last += 1  # "3 de noviembre de 2024"
        year = words[last].folded if last < len(words) and _YEAR.fullmatch(words[last].folded) else None
        last += year is not None
        days = [made for n in (numbers[0], numbers[-1]) if (made := _made(year, cue.value, n, published))]
        if days and days[0] <= days[-1]:
            yield Dated(words[first].start, words[last - 1].stop, days[0], days[-1], "stated", year is not None)


def _numbers_before(text: str, words: Sequence[Word], index: int, joins: set[int]) -> tuple[list[int], int, int]:
    numbers: list[int] = []
    first = index - 1 if index and words[index - 1].folded in _OF else index
    while first > 0 and _joined(text, words, first - 1, first):
        word = words[first - 1]
        if number := _NUMBER.match(word.folded):
            numbers.insert(0, int(number.group(1)))
        elif not (numbers and first - 1 in joins):
            break
        first -= 1
    while first < index and not _NUMBER.match(words[first].folded):
        first += 1
    return numbers[-2:], first, index


def _numbers_after(text: str, words: Sequence[Word], index: int, joins: set[int]) -> tuple[list[int], int, int]:
    numbers: list[int] = []
    last = stop = index
    while last < len(words) and _joined(text, words, last - 1, last):
        if (number := _NUMBER.match(words[last].folded)) and len(numbers) < 2:
            numbers.append(int(number.group(1)))
            stop = last + 1
        elif not (numbers and last in joins):
            break
        last += 1
    return numbers, index, stop


def _joined(text: str, words: Sequence[Word], left: int, right: int) -> bool:
    return re.fullmatch(r"\s*[-–—,/.]?\s*", text[words[left].stop : words[right].start]) is not None


def _with_night(d: Dated, cues: Sequence[Cue]) -> Dated:
    """ "Tuesday night" is that evening and the next morning; in "the night to Friday" Friday is the morning."""
    for cue in cues:
        if cue.tag != "day" or d.first != d.last or not _touching(cue, d):
            continue
        if cue.value == "night_to" or (cue.value == "overnight" and cue.stop <= d.start):
            return d._replace(first=d.first - _DAY)
        if cue.value == "night":
            return d._replace(last=d.last + _DAY)
    return d


def _past_days(words: Sequence[Word], cues: Sequence[Cue], published: date) -> Iterable[Dated]:
    """Yield "in the past three days": the days before publication, as many as the number says."""
    numbers = {c.first: int(c.value) for c in cues if c.tag == "number"}
    for cue in cues:
        if cue.tag != "day" or cue.value != "past_days":
            continue
        for index in range(cue.last, min(cue.last + 2, len(words))):
            figure = words[index].folded
            count = numbers.get(index) or (int(figure) if re.fullmatch(r"\d{1,2}", figure) else 0)
            if count:
                yield Dated(cue.start, words[index].stop, published - count * _DAY, published - _DAY, "relative")
                break


def _touching(cue: Cue, d: Dated) -> bool:
    return -1 <= d.start - cue.stop <= 4 or -1 <= cue.start - d.stop <= 3


def _beside(cue: Cue, found: Sequence[Dated]) -> bool:
    return any(d.start - 4 <= cue.stop and cue.start <= d.stop + 4 for d in found)


def _relative(cues: Sequence[Cue], found: Sequence[Dated], published: date) -> list[Dated]:
    yesterday = published - _DAY
    spans = {
        "today": (published, published),
        "early": (published, published),
        "yesterday": (yesterday, yesterday),
        "overnight": (yesterday, published),
        "past_day": (yesterday, published),
        "past_week": (published - 7 * _DAY, published),
    }
    return [
        Dated(cue.start, cue.stop, *spans[cue.value], "relative", past_day=cue.value == "past_day")
        for cue in cues
        if cue.tag == "day" and cue.value in spans and not _beside(cue, found)
    ]
