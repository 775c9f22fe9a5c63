"""The values that travel: frozen records with properties and no behaviour.

Offsets are code points of ``Digest.text``. ``lat, lon`` are WGS 84 degrees, in this order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

# From exact to vague. A report's precision is one of these; from `district` on it is drawn as an area, never as a pin.
PRECISIONS = ("site", "settlement", "near", "district", "region", "line", "country")
COARSE = frozenset({"district", "region", "line", "country"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with the reason why it is marked."""

    start: int
    stop: int
    why: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One article or briefing, as published."""

    id: str
    text: str
    outlet: str | None = None
    url: str | None = None
    language: str | None = None  # ISO 639-1; None: not one that we have a pack for
    published: date | None = None
    sample: bool = False
    day: date | None = None  # the day that the digest covers
    day_basis: str | None = None  # stated, day_number, digest (= its publication); None: unknown
    digest_sha256: str = ""  # of the bytes
    text_sha256: str = ""  # of the text as UTF-8
    skipped: tuple[Span, ...] = ()  # datelines, link lines, footers: skipped in place
    warnings: tuple[str, ...] = ()
    encoding: str | None = None  # of the bytes; None: never were any
    extracted: bool = False  # the text was read out of something else (HTML), so the dataset keeps it


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the gazetteer."""

    id: str
    name: str
    name_local: str
    kind: str  # country region raion hromada city town village city_district … (gazetteer/README.md)
    parent: str
    raion: str = ""
    hromada: str = ""
    lat: float | None = None
    lon: float | None = None
    extent_km: float = 0.0  # radius of what the point stands for
    position: str = "checked"  # checked, unchecked, estimated
    accuracy_km: float = 0.0  # error of the position, not size of the place
    source: str = ""
    through: tuple[str, ...] = ()  # of an axis: ids of the settlements that it runs through

    @property
    def is_hromada_centre(self) -> bool:
        """Whether a hromada is named after the settlement."""
        return bool(self.hromada) and self.hromada.removesuffix("-hromada") == self.id


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a place, and how it came about."""

    place_id: str
    text: str
    language: str  # ISO 639-1, or "und"
    standing: str  # standard, variant, former, seen, generated
    how: str  # "register", "possessive of Pokrovsk", "romanisation (BGN) of Вугледар"
    source: str
    flags: frozenset[str] = frozenset()  # lower, common, person, weapon


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its place in the digest."""

    start: int
    stop: int
    block: int  # number of the paragraph or bullet that it belongs to
    first: bool  # opens its block


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a place, with every place that they may mean and what the words around them say of it."""

    start: int
    stop: int
    text: str
    names: tuple[Name, ...]  # empty: place-like words that no name of the gazetteer explains
    first: int = 0  # index of its first word in the sentence
    last: int = 0  # index behind its last word
    relation: str = "none"  # in, near, toward, bearing, origin, from, to, of, none: what the words before it say
    relation_words: str = ""
    bearing: str | None = None  # "west": the event is west of this place
    distance_km: float | None = None
    kinds: frozenset[str] = frozenset()  # sorts of place that the text itself names ("village", "oblast")
    kind_words: str = ""
    kinds_before: bool = False  # "villages A and B": they stand before the name, so for the whole list
    heading: bool = False  # "Belgorod:" at the head of a line
    group: int = 0  # mentions of one list share it
    clause: int = 0


class Evidence(NamedTuple):
    """One thing the text says for or against a candidate; a tuple, as a digest makes thousands."""

    rule: str
    weight: float | None  # None: a veto
    words: str  # the words of the text that gave it
    start: int | None = None
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a mention may mean, with all that speaks for and against it."""

    place: Place
    name: Name
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def vetoed(self) -> bool:
        """Whether the text contradicts this candidate."""
        return any(e.weight is None for e in self.evidence)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which place a mention means, if any, and why."""

    place: Place | None
    decision: str  # resolved, low_margin, all_vetoed, unsupported, unknown_name
    candidates: tuple[Candidate, ...] = ()
    margin: float | None = None
    twins_km: float = 0.0  # namesakes that fit as well lie within this distance of the place


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mention."""

    mention: Mention
    role: str  # "report", or the reason why there is none: dateline, anchor, container, …
    why: str  # the words or the rule that decided, for a person to read
    sentence: Sentence
    resolution: Resolution
    report_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A further sentence about the same event."""

    quote: str
    start: int
    end: int
    claimant: str | None = None
    claimant_side: str = "none"
    stance: str = "same"  # same, acknowledges, denies


@dataclass(frozen=True, slots=True)
class Report:
    """What one digest says to have happened at a place on a day: the properties of one GeoJSON feature.

    Field order is column order. None is unknown, never "none" and never 0.
    """

    id: str
    digest: str
    outlet: str | None
    url: str | None
    language: str | None
    published: str | None
    sample: bool
    digest_sha256: str
    text_sha256: str
    summary: str
    place: str
    place_local: str | None
    place_id: str
    place_source: str
    precision: str
    radius_km: float | None
    nominal: bool
    position: str
    region: str | None
    district: str | None
    axis: str | None
    bearing: str | None
    distance_km: float | None
    lat: float | None
    lon: float | None
    date: str
    date_end: str
    date_precision: str  # day, range, by
    date_basis: str  # stated, weekday, relative, briefing, day_number, digest
    event_ts: str  # `date` at 12:00 UTC
    kind: str
    action: str | None
    means: str | None
    actor: str | None
    actor_side: str | None
    claimant: str | None
    claimant_id: str | None
    claimant_side: str  # russia, ukraine, third, none
    via: tuple[str, ...]
    status: str  # claimed, reported, acknowledged, disputed
    outcome: str | None  # repelled, failed, ongoing, succeeded
    killed_min: int | None
    killed_max: int | None
    injured_min: int | None
    injured_max: int | None
    running_total: bool
    quote: str
    quote_start: int
    quote_end: int
    mention: str
    mention_start: int
    mention_end: int
    more_quotes: tuple[Quote, ...]
    confidence: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read out of one digest."""

    digest: Digest
    sentences: tuple[Sentence, ...]
    verdicts: tuple[Verdict, ...]  # one for each mention, in reading order
    reports: tuple[Report, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)
