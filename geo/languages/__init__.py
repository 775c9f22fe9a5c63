"""Language packs: what a language says, as data.  ``geo.languages.pack("id")`` reads ``id.toml``."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import BrokenCuratedData
from geo.languages.cues import Lexicon, phrase_words, spread
from geo.reference.names import Word, fold

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Pack:
    """What the program knows of one language."""

    code: str
    name: str
    lexicon: Lexicon
    stopwords: frozenset[str]  # for finding out the language of a text
    strangers: frozenset[str]  # frequent words of related languages that this one does not have
    abbreviations: frozenset[str]  # a full stop behind them ends no sentence
    links: tuple[str, ...]  # openings of lines that link to other articles
    footers: tuple[str, ...]  # openings of lines from which nothing of the digest follows
    dateline_cities: frozenset[str]
    fillers: frozenset[str]  # words that may stand between a cue and a name
    stop_places: frozenset[str]  # words of the language that are place names somewhere
    plural_types: frozenset[str]
    over: frozenset[str]
    party_follows: bool  # "serangan Rusia" against "Russian attack"
    verb_beginnings: tuple[str, ...]  # how verbs among the event words begin or end
    verb_endings: tuple[str, ...]
    passive_before: frozenset[str]  # words before a passive verb ("was", "were")
    passive_beginnings: tuple[str, ...]  # how passive verbs begin
    passive_endings: tuple[str, ...]  # how they end
    active_endings: tuple[str, ...]  # how verbs end that are not passive, whatever stands before them
    verb_first: bool  # the subject may stand behind its verb
    verb_last: bool  # "was by Russian drones hit": agent and auxiliary stand before the participle
    nouns_have_capitals: bool  # a capital says nothing about a name
    commas_part_clauses: bool  # "…, in Sumy wurden zwei Menschen verletzt": such a comma needs no "and"
    examples: tuple[Mapping[str, Any], ...]

    def is_verb(self, word: str) -> bool:
        """Whether an event word (folded) is a verb by its form."""
        return word.startswith(self.verb_beginnings) or word.endswith(self.verb_endings)

    def is_passive(self, text_words: Sequence[Word], index: int) -> bool:
        """Whether the verb at ``index`` is passive: what stands before it suffered it."""
        reach = 8 if self.verb_last else 2
        before = {w.folded for w in text_words[max(0, index - reach) : index + 1]}
        verb = text_words[index].folded
        if verb.endswith(self.active_endings):
            return False  # "is deploying"
        return bool(before & self.passive_before) or (
            verb.startswith(self.passive_beginnings) or verb.endswith(self.passive_endings)
        )

    def share_known(self, found: Sequence[Word]) -> float:
        """Return the share of words that are frequent in the language or belong to a phrase of this pack.

        In such a phrase "in" and "a" count for nothing: too many languages have them.
        """
        frequent = {i for i, w in enumerate(found) if w.folded in self.stopwords}
        phrased = {i for c in self.lexicon.cues(found) for i in range(c.first, c.last) if len(found[i].folded) > 2}
        return len(frequent | phrased) / max(1, len(found))


@cache
def codes() -> tuple[str, ...]:
    """Return the languages that there is a pack for, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def pack(code: str, folder: Path = FOLDER) -> Pack:
    """Return the pack of a language; raises ``BrokenCuratedData`` with file and remedy.

    That it was asked for is noted (see ``asked``); what only tells languages apart goes by ``recognition``.
    """
    if (noted := _asked.get()) is not None:
        noted.add(code)
    return _read(code, folder)


class Marks(NamedTuple):
    """By what a language is told from others."""

    code: str
    stopwords: frozenset[str]
    strangers: frozenset[str]


@cache
def recognition() -> tuple[Marks, ...]:
    """Return what every pack says for telling languages apart: each text is held against all of them."""
    packs = (_read(code, FOLDER) for code in codes())
    return tuple(Marks(p.code, p.stopwords, p.strangers) for p in packs)


_asked: ContextVar[set[str] | None] = ContextVar("asked", default=None)


@contextmanager
def asked() -> Iterator[set[str]]:
    """Collect the languages whose packs are asked for inside: a reading depends on these packs and no others."""
    noted: set[str] = set()
    token = _asked.set(noted)
    try:
        yield noted
    finally:
        _asked.reset(token)


@cache
def _read(code: str, folder: Path) -> Pack:
    path = folder / f"{code}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _pack(data)
    except FileNotFoundError:
        raise BrokenCuratedData(f"{path}: there is no pack for {code!r}; packs: {', '.join(codes())}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCuratedData(f"{path}: {error}; correct the file") from error
    except KeyError as error:
        raise BrokenCuratedData(f"{path}: the part {error} is missing; copy its shape from en.toml") from error
    except (TypeError, AttributeError, IndexError, ValueError) as error:
        raise BrokenCuratedData(f"{path}: a part has the wrong shape ({error}); compare it with en.toml") from error


def _pack(data: Mapping[str, Any]) -> Pack:
    return Pack(
        code=data["code"],
        name=data["name"],
        lexicon=Lexicon(_phrases(data)),
        stopwords=frozenset(fold(word) for word in data["stopwords"]),
        strangers=frozenset(fold(word) for word in data.get("strangers", ())),
        abbreviations=frozenset(data["sentence"]["abbreviations"]),
        links=tuple(fold(line) for line in data["skip"]["links"]),
        footers=tuple(fold(line) for line in data["skip"]["footers"]),
        dateline_cities=frozenset(fold(city) for city in data["skip"]["dateline_cities"]),
        fillers=frozenset(fold(word) for word in data["fillers"]["words"]),
        stop_places=frozenset(fold(word) for word in data["stop_places"]["words"]),
        over=frozenset(" ".join(phrase_words(p)) for p in data["relations"]["over"]),
        plural_types=frozenset(" ".join(phrase_words(p)) for p in data["types"]["plural"]),
        party_follows=data["voice"]["party_follows"],
        verb_beginnings=tuple(data["voice"]["verb_beginnings"]),
        verb_endings=tuple(data["voice"]["verb_endings"]),
        passive_before=frozenset(data["voice"]["passive_before"]),
        passive_beginnings=tuple(data["voice"]["passive_beginnings"]),
        passive_endings=tuple(data["voice"].get("passive_endings", ())),
        active_endings=tuple(data["voice"].get("active_endings", ())),
        verb_first=data["voice"].get("verb_first", False),
        verb_last=data["voice"].get("verb_last", False),
        nouns_have_capitals=data["sentence"].get("nouns_have_capitals", False),
        commas_part_clauses=data["clause"].get("commas", False),
        examples=tuple(data.get("examples", ())),
    )


def _phrases(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (tag, phrase, value) for every phrase of a pack; the tags are those that the rules ask for."""
    for table, tag in (("months", "month"), ("weekdays", "weekday"), ("numbers", "number")):
        for word, value in data[table].items():
            yield tag, word, value
    days = dict(data["days"])
    yield from spread("date_bound", days.pop("date_bound"))
    yield from spread("background", days.pop("background"))
    yield from spread("day", days)
    yield from spread("join", data["join"])
    yield from spread("type_before", data["types"]["before"])
    yield from spread("type_after", data["types"]["after"])
    relations = dict(data["relations"])
    yield from spread("kilometres", relations.pop("kilometres"))
    relations.pop("over")  # in the pack itself: they are said of several places at once
    yield from spread("relation", relations)
    yield from spread("bearing", data["bearings"])
    for block in data["events"]:
        value = {k: v for k, v in block.items() if k != "words"}
        yield from (("event", phrase, value) for phrase in block["words"])
    yield from (("event", phrase, {"kind": None}) for phrase in data["no_event"]["words"])
    for table in ("means", "outcome", "polarity", "stance", "running", "anaphora", "hurt"):
        yield from spread(table, data[table])
    yield from spread("age_before", data["ages"]["before"])
    yield from spread("age_behind", data["ages"]["behind"])
    yield from spread("venue", data["venue"]["words"])
    yield from spread("care", data["venue"].get("care", ()))
    yield from spread("part_after", data["part_of_name"]["after"])
    yield from spread("part_before", data["part_of_name"]["before"])
    yield from spread("title", data["people"]["titles"])
    attribution = data["attribution"]
    for tag in ("says", "according", "via"):
        yield from spread(tag, attribution[tag])
    for block in data.get("groupings", ()):
        yield from (("grouping", phrase, tuple(block["axes"])) for phrase in block["words"])
    yield from spread("closing", attribution.get("closing", ()))
    yield from spread("own_account", attribution["own_account"])
    yield from spread("office", attribution["offices"])
    yield from spread("named", attribution["named"])
    for side, forms in data["parties"].items():
        yield from (("party", phrase, side) for form in forms.values() for phrase in form)
        yield from (("country_word", phrase, side) for phrase in forms["country"])
    yield from spread("troops", data["troops"]["words"])
    yield from spread("enemy", data["troops"]["enemy"])
    yield from spread("agent", data["voice"]["agent"])
    yield from spread("object", data["voice"].get("objects", ()))
    yield from spread("agent_case", data["voice"].get("agent_cases", ()))
    yield from spread("subject_form", data["voice"].get("subject_forms", ()))
    yield from spread("clause", data["clause"]["split"])
    yield from spread("relative", data["clause"].get("relative", ()))
