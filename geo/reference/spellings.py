"""Every spelling of every place: the curated ones, and those that rules make of them.

A spelling that many places share is worked out once: the case forms of the 119 Ivanivkas are those of one word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from geo.languages.inflection import Inflection
from geo.model import Name, Place
from geo.reference import respelling, romanisation

_SHORTEST = 4  # letters: a form with fewer is too often another word, three if it is a town's (Сум)
_TYPE_WORDS = frozenset({"axis", "direction", "sector", "front", "district", "raion"})
_UNITS = frozenset({"region", "raion", "hromada", "axis", "city_district"})  # bear adjectives: "Донецька"
_SETTLEMENTS = frozenset({"city", "town", "settlement", "village"})
_PAST = frozenset({"former", "seen"})
_ATTRIBUTE = frozenset({"lower", "adjective"})


class Bearer(NamedTuple):
    """A place that bears a spelling, and how it came to it: the part of a ``Name`` that its forms share."""

    place_id: str
    standing: str
    how: str
    source: str
    flags: frozenset[str]


class Form(NamedTuple):
    """A spelling made by rule: ``way`` is a case or a romanisation, ``warning`` a flag or ""."""

    text: str
    way: str
    warning: str
    language: str


@dataclass
class Spelling:
    """One spelling in one language, and every place that bears it."""

    text: str
    language: str
    sort: str  # name: is declined · attribute: the adjective of a unit · plain: stays as it is
    bearers: dict[str, Bearer] = field(default_factory=dict)
    villages: bool = True  # nothing but villages bears it


class Rules:
    """What makes further forms of a spelling: the declensions by language, and the romanisations."""

    def __init__(self, declensions: Mapping[str, Inflection]) -> None:
        self.declensions = declensions
        self._common = frozenset().union(romanisation.common_words(), *(d.common for d in declensions.values()))

    def forms(self, spelling: Spelling) -> Iterator[Form]:
        """Yield case forms and romanisations."""
        if spelling.sort == "plain":
            return
        declension = self.declensions.get(spelling.language)
        if declension:
            attribute = spelling.sort == "attribute"
            declined = (declension.attribute_forms if attribute else declension.forms)(spelling.text)
            surnames = declension.surname_ends if spelling.villages and " " not in spelling.text else ()
            for text, cases in declined.items():
                short = len(text) < _SHORTEST - (not spelling.villages)
                warning = "common" if short else self.warning(text, surnames)
                yield Form(text, cases, warning, spelling.language)
        if spelling.language in ("uk", "ru"):
            written_down = any(bearer.standing != "generated" for bearer in spelling.bearers.values())
            for text, label, reader in romanisation.spellings(spelling.text, spelling.language, abroad=written_down):
                warning = "common" if len(text) < _SHORTEST else self.warning(text)
                yield Form(text, label, warning, reader or spelling.language)

    def warning(self, text: str, surnames: tuple[str, ...] = ()) -> str:
        """Return the flag of a spelling by rule that may well be another word, or ""."""
        if text.lower() in self._common:
            return "common"
        return "person" if surnames and text.endswith(surnames) else ""


def spellings(curated: Iterable[Name], places: Mapping[str, Place], rules: Rules) -> list[Spelling]:
    """Gather the names of all places by spelling: curated ones first, then those made by rule."""
    gathered: dict[tuple[str, str, str], Spelling] = {}

    def add(name: Name, sort: str) -> None:
        slot = (name.text, name.language, sort)
        if slot not in gathered:
            gathered[slot] = Spelling(*slot)
        spelling = gathered[slot]
        spelling.villages = spelling.villages and places[name.place_id].kind == "village"
        # The first way in which a spelling came about is enough, but a warning from any row counts.
        if first := spelling.bearers.get(name.place_id):
            spelling.bearers[name.place_id] = first._replace(flags=first.flags | name.flags)
        else:
            spelling.bearers[name.place_id] = Bearer(name.place_id, name.standing, name.how, name.source, name.flags)

    named = list(curated)
    for name in named:
        declension = rules.declensions.get(name.language)
        attribute = declension.attribute(name.text) if declension and places[name.place_id].kind in _UNITS else ""
        if attribute == name.text:
            add(_flagged(name), "attribute")
            continue
        add(name, "name")
        if attribute:
            how = f"adjective of {name.text}"
            add(_flagged(name, text=attribute, standing="generated", how=how), "attribute")
    for name in respelled(named, places):
        warning = "common" if len(name.text) < _SHORTEST else rules.warning(name.text)
        add(replace(name, flags=name.flags | {warning}) if warning else name, "name")
    for name in _short_names(places, named):
        add(name, "plain")
    for name in _names_of_the_centre(places, named):
        add(name, "plain")
    return list(gathered.values())


def respelled(named: Iterable[Name], places: Mapping[str, Place]) -> Iterator[Name]:
    """Yield the Russian name of a Ukrainian settlement, and the other way round, where no row has one.

    "Полтава" is both: no row repeats it, yet its case forms are others in Russian.
    """
    known = {(name.place_id, name.language) for name in named if name.standing not in _PAST}
    warned = {(name.place_id, name.text): name.flags for name in named if name.flags}
    for name in named:
        if name.how == "local name" and places[name.place_id].kind in _SETTLEMENTS:
            flags = warned.get((name.place_id, name.text), name.flags)
            for language, label, texts in respelling.respellings(name.text, name.language):
                for text in texts:
                    if text == name.text or (name.place_id, language) not in known:
                        how = f"{label} of {name.text}"
                        yield Name(name.place_id, text, language, "generated", how, name.source, flags)


def _flagged(name: Name, **changed: str) -> Name:
    """Mark the adjective of a unit: it counts without a capital too, but only beside its kind word."""
    text, standing, how = (changed.get(part, getattr(name, part)) for part in ("text", "standing", "how"))
    return Name(name.place_id, text, name.language, standing, how, name.source, name.flags | _ATTRIBUTE)


def _short_names(places: Mapping[str, Place], named: Iterable[Name]) -> Iterator[Name]:
    """Yield "Pokrovsk" for "Pokrovsk direction" and "Vasylivka" for "Vasylivka district": the word may stand apart."""
    for name in named:
        short, _, last_word = name.text.rpartition(" ")
        has_type = last_word in _TYPE_WORDS and places[name.place_id].kind in ("axis", "raion")
        if has_type and name.language in ("en", "und"):
            yield Name(
                name.place_id, short, name.language, "generated", f"short for {name.text}", name.source, name.flags
            )


def _names_of_the_centre(places: Mapping[str, Place], named: Iterable[Name]) -> Iterator[Name]:
    """Yield the spellings of a city for the oblast that bears its name: "Odessa region"."""
    for name in named:
        city = places[name.place_id]
        oblast = places.get(city.parent)
        bears_its_name = oblast is not None and oblast.kind == "region" and oblast.name == city.name
        if city.kind == "city" and bears_its_name and name.standing != "former":
            how = f"as its centre {city.name}"
            yield Name(city.parent, name.text, name.language, "generated", how, name.source, name.flags)
