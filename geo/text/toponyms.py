"""Which words of a sentence name places: the longest name at each capital, unknown names where a cue calls for one."""

import re
from collections.abc import Iterator, Sequence

from geo.languages import Pack
from geo.languages.cues import Cue
from geo.model import Mention, Name
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import Word

_GENITIVES = ("'s", "s'")
_SPACE_OR_HYPHEN = re.compile(r"[\s\-–‑]*[\"“”«»„'‘’(]?[\s]*$")
_NAME_GAP = re.compile(r"\s+|\s?[-–‑]\s?|['’ʼ]")
# Web addresses, handles and names of accounts hold names of places that nobody reports from.
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+|www\.[^\s\"'<>]+|[\w.+-]*@[\w.]+|\w+(?:_\w+)+|\bt\.me/\S+")
_SIGNS_OF_ADDRESS = ("://", "www.", "@", "_", "t.me")
_LONGEST_NAME = 6  # words
_LONGEST_LIST = 24  # words of adjectives before their kind word
_LONGEST_UNKNOWN = 3
_VILLAGES = {"village", "settlement"}
_SMALL = {*_VILLAGES, "town"}
_ANYWHERE = ("uk", "ru", "en", "und")  # languages whose generated spellings stand in texts of any other
# What cue words of these sorts cover is no unknown name, though it may have a capital (in German every noun has).
_NO_NAMES = (
    *("party", "named", "office", "title", "means", "venue", "event", "hurt", "troops"),
    *("month", "weekday", "day", "number", "polarity", "anaphora"),
)


def names_in(
    text: str, found: Sequence[Word], cues: Sequence[Cue], small: set[int], gazetteer: Gazetteer, pack: Pack | None
) -> list[Mention]:
    """Return the names among the words of a sentence, in reading order, with nothing yet said about them.

    ``small`` are the indexes of the words that may stand between the members of a list.
    """
    known = [
        m
        for m in _names(text, found, cues, small, gazetteer, pack)
        if not _goes_on_unknown(m, text, found, cues, pack, gazetteer)
    ]
    unknown = _unknown_names(text, found, cues, known, pack)
    return sorted((*known, *unknown), key=lambda m: m.start)


def _names(
    text: str, found: Sequence[Word], cues: Sequence[Cue], small: set[int], gazetteer: Gazetteer, pack: Pack | None
) -> Iterator[Mention]:
    """Yield the longest name at each word that has a capital."""
    stop_places = pack.stop_places if pack else frozenset()
    adjectives = _before_kind_words(text, found, cues, small)
    taken = {i for c in cues if c.tag in ("month", "weekday") for i in range(c.first, c.last)}
    addresses = _addresses(text, found)
    behind = 0
    for index, word in enumerate(found):
        capital = word.capital and index not in addresses
        if index < behind or not (capital or index in adjectives):
            continue
        last, names = _longest_name(text, found, index, gazetteer)
        names = names if capital else tuple(n for n in names if "lower" in n.flags)
        if last and (names := _usable(names, text[word.start : found[last - 1].stop], pack)):
            start, stop = word.start, found[last - 1].stop
            single = last == index + 1 and (word.folded in stop_places or index in taken)
            # "The village of May" is a village.
            single = single and not any(c.tag == "type_before" and c.last == index for c in cues)
            if (whole := _longer_unknown(text, found, index, last, gazetteer)) and not single:
                yield Mention(start, found[whole - 1].stop, text[start : found[whole - 1].stop], (), index, whole)
                behind = whole
            elif not single and not _ends_a_compound(text, found, index):
                stop -= _genitive(found[last - 1].folded, gazetteer, found[index:last])
                yield Mention(start, stop, text[start:stop], names, index, last)
                behind = last


def _addresses(text: str, found: Sequence[Word]) -> set[int]:
    """Indexes of the words that stand in a web address, a handle or the name of an account."""
    said = text[found[0].start : found[-1].stop] if found else ""
    if not any(sign in said for sign in _SIGNS_OF_ADDRESS):
        return set()
    spans = [m.span() for m in _ADDRESS.finditer(text, found[0].start, found[-1].stop)]
    return {i for first, stop in spans for i, word in enumerate(found) if first <= word.start < stop}


def _ends_a_compound(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether a word only ends a longer one that is no known name: "Jebel-ez-Zaviya"."""
    if index == 0 or text[found[index - 1].stop : found[index].start] != "-":
        return False
    return not found[index - 1].capital


def _before_kind_words(text: str, found: Sequence[Word], cues: Sequence[Cue], small: set[int]) -> set[int]:
    """Indexes of the words of a list before a kind word; they may be adjectives: "kurskaya, bryanskaya oblasts"."""
    before: set[int] = set()
    for cue in cues:
        if cue.tag == "type_after":
            first = cue.first - 1
            while first > 0 and cue.first - first < _LONGEST_LIST and _goes_back(text, found, first, small):
                first -= 1
            before.update(range(max(0, first), cue.first))
        if cue.tag == "type_before":  # "w obwodach sumskim, charkowskim i donieckim"
            last = cue.last
            while (
                last + 1 < len(found) and last - cue.last < _LONGEST_LIST and _goes_back(text, found, last + 1, small)
            ):
                last += 1
            first = cue.first if cue.value == "raion" else cue.last  # "distrik Obolonskyi" is a name as a whole
            before.update(range(first, min(last + 1, len(found))))
    return before


def _goes_back(text: str, found: Sequence[Word], index: int, small: set[int]) -> bool:
    """Whether a list goes on before the word at ``index``: it is an "and", or follows one, or a comma."""
    comma = "," in text[found[index - 1].stop : found[index].start]
    return index in small or index - 1 in small or comma


def _longer_unknown(text: str, found: Sequence[Word], index: int, last: int, gazetteer: Gazetteer) -> int:
    """Index behind "Nova Illinka", where each word is a village and both together are none that is known; else 0."""
    if last >= len(found) or not found[last].capital or text[found[last - 1].stop : found[last].start] != " ":
        return 0
    first = gazetteer.match(" ".join(w.folded for w in found[index:last]))
    behind, names = _longest_name(text, found, last, gazetteer)
    beginning = first.longer and _kinds(first.names, gazetteer) <= _VILLAGES
    kinds = _kinds(names, gazetteer)
    return behind if beginning and kinds & _SMALL and not kinds & {"city", "region", "country"} else 0


def _kinds(names: Sequence[Name], gazetteer: Gazetteer) -> set[str]:
    return {gazetteer.place(n.place_id).kind for n in names}


def _longest_name(text: str, found: Sequence[Word], index: int, gazetteer: Gazetteer) -> tuple[int, tuple[Name, ...]]:
    best: tuple[int, tuple[Name, ...]] = (0, ())
    spelled = ""
    for last in range(index + 1, min(len(found), index + _LONGEST_NAME) + 1):
        word = found[last - 1].folded
        if spelled and not _NAME_GAP.fullmatch(text[found[last - 2].stop : found[last - 1].start]):
            break
        ending = next((e for e in _GENITIVES if word.endswith(e)), "")
        if ending and (names := gazetteer.match(spelled + word.removesuffix("'s").removesuffix("'")).names):
            best = (last, names)
        match = gazetteer.match(spelled + word)
        if match.names:
            best = (last, match.names)
        if not match.longer:
            break
        spelled += word + " "
    return best


def _genitive(word: str, gazetteer: Gazetteer, name: Sequence[Word]) -> int:
    """Length of an English possessive ending that is no part of the name."""
    if word.endswith("'s") and not gazetteer.match(" ".join(w.folded for w in name)).names:
        return 2
    return 0


def _usable(names: tuple[Name, ...], spelled: str, pack: Pack | None) -> tuple[Name, ...]:
    """Drop what rules made of one letter or for readers of another language ("Just" is Khust in Spanish alone).

    Abbreviations must be written in capitals: "us" is no country.
    """
    language = pack.code if pack else None
    names = tuple(
        n for n in names if n.standing != "generated" or (len(spelled) > 1 and n.language in (*_ANYWHERE, language))
    )
    if spelled.isupper():
        short = len(spelled) <= 4  # "SAR" is no case form of the village of Sary
        return tuple(n for n in names if n.text.isupper() or not short or n.standing != "generated")
    return tuple(n for n in names if not (n.text.isupper() and len(n.text) <= 4))


def _unknown_names(
    text: str, found: Sequence[Word], cues: Sequence[Cue], known: Sequence[Mention], pack: Pack | None
) -> Iterator[Mention]:
    """Yield capitalised words that no name explains, where "village" or "near" before them calls them a place."""
    covered = {i for m in known for i in range(m.first, m.last)}
    # Of a phrase with a gap ("nahmen … ein") its ends alone: the name stands between them.
    for cue in (c for c in cues if c.tag in _NO_NAMES):
        covered.update((cue.first, cue.last - 1) if cue.tag == "event" else range(cue.first, cue.last))
    for cue in cues:
        named = cue.tag == "type_before" and cue.value in ("settlement", "town", "locality")
        if named or cue.tag == "bearing" or (cue.tag == "relation" and cue.value == "near"):
            first = last = cue.last
            while last < len(found) and last - first < _LONGEST_UNKNOWN and _goes_on(text, found, last, covered, pack):
                last += 1
        elif cue.tag == "type_after" and cue.value in ("settlement", "locality"):
            first = last = cue.first
            while (
                first > 0
                and last - first < _LONGEST_UNKNOWN
                and _goes_on(text, found, first - 1, covered, pack, behind=True)
            ):
                first -= 1
        else:
            continue
        if first < last:
            covered.update(range(first, last))
            start, stop = found[first].start, found[last - 1].stop
            yield Mention(start, stop, text[start:stop], (), first, last)


def _goes_on_unknown(
    mention: Mention,
    text: str,
    found: Sequence[Word],
    cues: Sequence[Cue],
    pack: Pack | None,
    gazetteer: Gazetteer,
) -> bool:
    """Whether a known name is only the beginning of an unknown one: "the village of Nova Quxavivka"."""
    follower = mention.last
    if follower >= len(found) or not found[follower].capital or (pack is not None and pack.nouns_have_capitals):
        return False
    if any(n.flags & {"adjective", "lower"} for n in _longest_name(text, found, follower, gazetteer)[1]):
        return False  # "the settlement of Mala Loknia, Kurskaya oblast" without the comma
    called_a_place = any(c.tag == "type_before" and c.last == mention.first for c in cues)
    a_cue = any(c.first <= follower < c.last for c in cues)
    return (
        called_a_place
        and not a_cue
        and re.fullmatch(r"[ \u00a0-]", text[mention.stop : found[follower].start]) is not None
    )


def _goes_on(
    text: str, found: Sequence[Word], index: int, covered: set[int], pack: Pack | None, *, behind: bool = False
) -> bool:
    """Whether an unknown name goes on with the word at ``index``; ``behind`` it, if it is read from its end."""
    word = found[index]
    ordinary = pack is not None and (word.folded in pack.fillers or word.folded in pack.stopwords)
    if ordinary or not word.capital or index in covered:
        return False
    left, right = (word.stop, found[index + 1].start) if behind else (found[index - 1].stop, word.start)
    return _SPACE_OR_HYPHEN.match(text[left:right]) is not None
