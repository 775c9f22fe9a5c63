"""Names of places in a sentence, with what the words around them say: near it, west of it, a village, one of a list.

A ``Scene`` is a sentence made ready for the rules: its words, cue words, clauses and mentions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.languages import Pack
from geo.languages.cues import Cue
from geo.model import Mention, Name, Sentence
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer
from geo.reference.names import Word, key, words

# Sorts of place by the words that packs list under [types].
KINDS_OF_TYPE = {
    "country": frozenset({"country"}),
    "region": frozenset({"region"}),
    "raion": frozenset({"raion", "city_district"}),
    "hromada": frozenset({"hromada"}),
    "settlement": frozenset({"village", "settlement", "town"}),
    "town": frozenset({"city", "town", "settlement"}),
    "axis": frozenset({"axis"}),
    "airport": frozenset({"airport", "airbase"}),
    "river": frozenset({"river", "sea", "strait", "canal", "reservoir", "landform"}),
    "site": frozenset(
        {"nuclear_plant", "power_plant", "dam", "bridge", "port", "industrial", "arsenal", "island", "platform"}
    ),
}
_GENITIVES = ("'s", "s'")
_SPACE_OR_HYPHEN = re.compile(r"[\s\-–‑]*[\"“”«»„'‘’(]?[\s]*$")
_NAME_GAP = re.compile(r"\s+|\s?[-–‑]\s?|['’ʼ]")
_LIST_GAP = re.compile(r"[\s,;/–—\-&\"“”«»„'‘’]*$")
_SOFT_GAP = re.compile(r"[\s\"“”«»„'‘’(\-–]*$")
_LONGEST_NAME = 6  # words
_LONGEST_LIST = 24  # words of adjectives before their kind word
_LONGEST_UNKNOWN = 3
_ANYWHERE = ("uk", "ru", "en", "und")  # languages whose generated spellings stand in texts of any other


# What cue words of these sorts cover is no unknown name, though it may have a capital (in German every noun has).
_NO_NAMES = (
    *("party", "named", "office", "title", "means", "venue", "event", "hurt", "troops"),
    *("month", "weekday", "day", "number", "polarity", "anaphora"),
)


@dataclass(frozen=True, eq=False)
class Scene:
    """One sentence as the rules see it."""

    text: str  # of the whole digest
    sentence: Sentence
    words: Sequence[Word]
    cues: Sequence[Cue]
    clauses: Sequence[int]  # number of the clause of each word
    mentions: Sequence[Mention]
    pack: Pack | None

    def events(self, clause: int) -> list[Cue]:
        """Return the event words of one clause, without those of a state that only goes on ("still holds")."""
        return [c for c in self.clause_cues(clause, "event") if c.value["kind"]]

    def clause_cues(self, clause: int, tag: str) -> list[Cue]:
        """Return the cues of one sort in one clause."""
        return [c for c in self.cues if c.tag == tag and self.clauses[c.first] == clause]

    def tagged(self, tag: str) -> list[Cue]:
        """Return all cues of one sort."""
        return [c for c in self.cues if c.tag == tag]


def scene(text: str, sentence: Sentence, gazetteer: Gazetteer, pack: Pack | None) -> Scene:
    """Make a sentence ready for the rules.  Without a pack there are names, but no cues."""
    found_words = words(text, sentence.start, sentence.stop)
    cues = pack.lexicon.cues(found_words) if pack else []
    clauses = _clauses(text, found_words, cues)
    bare = [
        m
        for m in _names(text, found_words, cues, gazetteer, pack)
        if not _goes_on_unknown(m, text, found_words, cues, pack, gazetteer)
    ]
    bare += _unknown_names(text, found_words, cues, bare, pack)
    bare.sort(key=lambda m: m.start)
    placed = [_with_context(m, text, found_words, cues, clauses, pack) for m in bare]
    lists = _grouped(placed, text, found_words, cues, pack, gazetteer)
    grouped = _named_by_kind(lists, _small_words(found_words, cues), gazetteer)
    return Scene(text, sentence, found_words, cues, clauses, grouped, pack)


def _clauses(text: str, found: Sequence[Word], cues: Sequence[Cue]) -> list[int]:
    splits = {c.first for c in cues if c.tag == "clause"}
    clauses = []
    clause = 0
    for index, word in enumerate(found):
        if index and (index in splits or ";" in text[found[index - 1].stop : word.start]):
            clause += 1
        clauses.append(clause)
    return clauses


def _names(
    text: str, found: Sequence[Word], cues: Sequence[Cue], gazetteer: Gazetteer, pack: Pack | None
) -> Iterator[Mention]:
    """Yield the longest name at each word that has a capital."""
    stop_places = pack.stop_places if pack else frozenset()
    adjectives = _before_kind_words(text, found, cues)
    taken = {i for c in cues if c.tag in ("month", "weekday") for i in range(c.first, c.last)}
    index = 0
    while index < len(found):
        capital = found[index].capital
        last, names = _longest_name(text, found, index, gazetteer) if capital or index in adjectives else (0, ())
        names = names if capital else tuple(n for n in names if "lower" in n.flags)
        if last and (names := _usable(names, text[found[index].start : found[last - 1].stop], pack)):
            start, stop = found[index].start, found[last - 1].stop
            single = last == index + 1 and (found[index].folded in stop_places or index in taken)
            # "The village of May" is a village.
            single = single and not any(c.tag == "type_before" and c.last == index for c in cues)
            if (whole := _longer_unknown(text, found, index, last, gazetteer)) and not single:
                yield Mention(start, found[whole - 1].stop, text[start : found[whole - 1].stop], (), index, whole)
                index = whole
                continue
            if not single and not _ends_a_compound(text, found, index):
                stop -= _genitive(found[last - 1].folded, gazetteer, found[index:last])
                yield Mention(start, stop, text[start:stop], names, index, last)
                index = last
                continue
        index += 1


def _ends_a_compound(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether a word only ends a longer one that is no known name: "Jebel-ez-Zaviya"."""
    if index == 0 or text[found[index - 1].stop : found[index].start] != "-":
        return False
    return not found[index - 1].capital


def _before_kind_words(text: str, found: Sequence[Word], cues: Sequence[Cue]) -> set[int]:
    """Indexes of the words of a list before a kind word; they may be adjectives: "kurskaya, bryanskaya oblasts"."""
    joins = _small_words(found, cues)
    before: set[int] = set()
    for cue in cues:
        if cue.tag == "type_after":
            first = cue.first - 1
            while first > 0 and cue.first - first < _LONGEST_LIST and _goes_back(text, found, first, joins):
                first -= 1
            before.update(range(max(0, first), cue.first))
        if cue.tag == "type_before":  # "w obwodach sumskim, charkowskim i donieckim"
            last = cue.last
            while (
                last + 1 < len(found) and last - cue.last < _LONGEST_LIST and _goes_back(text, found, last + 1, joins)
            ):
                last += 1
            before.update(range(cue.last, min(last + 1, len(found))))
    return before


def _goes_back(text: str, found: Sequence[Word], index: int, joins: set[int]) -> bool:
    """Whether a list goes on before the word at ``index``: it is an "and", or follows one, or a comma."""
    comma = "," in text[found[index - 1].stop : found[index].start]
    return index in joins or index - 1 in joins or comma


def _small_words(found: Sequence[Word], cues: Sequence[Cue]) -> set[int]:
    """Indexes of the words that may stand between the members of a list: "and", "over", figures, kind words."""
    small = {i for c in cues if c.tag in ("join", "number", "relation", "type_after") for i in range(c.first, c.last)}
    return small | {i for i, word in enumerate(found) if word.folded.isdigit()}


def _named_by_kind(mentions: Sequence[Mention], small: set[int], gazetteer: Gazetteer) -> list[Mention]:
    """Drop the adjectives ("Kurskaya") that no kind word makes the name of an oblast, raion or axis.

    One kind word serves a list with figures: "eight over [Kurskaya], six over [Bryanskaya] oblasts".
    """
    backwards = _with_kind_of_the_one_before(mentions[::-1], small, gazetteer)[::-1]
    kept = []
    for mention in _with_kind_of_the_one_before(backwards, small, gazetteer):
        names = tuple(
            n for n in mention.names if "adjective" not in n.flags or gazetteer.place(n.place_id).kind in mention.kinds
        )
        if names or not mention.names:
            kept.append(replace(mention, names=names))
    return kept


def _with_kind_of_the_one_before(mentions: Sequence[Mention], small: set[int], gazetteer: Gazetteer) -> list[Mention]:
    given: list[Mention] = []
    for mention in mentions:
        giver = given[-1] if given else None
        adjectives = {gazetteer.place(n.place_id).kind for n in mention.names if "adjective" in n.flags}
        if giver and not mention.kinds and adjectives & giver.kinds and not giver.kinds_before:
            low, high = sorted((giver, mention), key=lambda m: m.first)
            alike = mention.relation_words and mention.relation_words == giver.relation_words
            if alike or small.issuperset(range(low.last, high.first)):
                mention = replace(mention, kinds=giver.kinds, kind_words=giver.kind_words)
        given.append(mention)
    return given


def _longer_unknown(text: str, found: Sequence[Word], index: int, last: int, gazetteer: Gazetteer) -> int:
    """Index behind "Nova Illinka", where each word is a village and both together are none that is known; else 0."""
    if last >= len(found) or not found[last].capital or text[found[last - 1].stop : found[last].start] != " ":
        return 0
    first = gazetteer.match(" ".join(w.folded for w in found[index:last]))
    behind, names = _longest_name(text, found, last, gazetteer)
    return behind if first.longer and _villages(first.names, gazetteer) and _villages(names, gazetteer) else 0


def _villages(names: Sequence[Name], gazetteer: Gazetteer) -> bool:
    return bool(names) and all(gazetteer.place(n.place_id).kind in ("village", "settlement") for n in names)


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
    covered |= {i for c in cues if c.tag in _NO_NAMES for i in range(c.first, c.last)}
    for cue in cues:
        named = cue.tag == "type_before" and cue.value in ("settlement", "town")
        if named or cue.tag == "bearing" or (cue.tag == "relation" and cue.value == "near"):
            first = last = cue.last
            while last < len(found) and last - first < _LONGEST_UNKNOWN and _goes_on(text, found, last, covered, pack):
                last += 1
        elif cue.tag == "type_after" and cue.value == "settlement":
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


def _with_context(
    mention: Mention, text: str, found: Sequence[Word], cues: Sequence[Cue], clauses: Sequence[int], pack: Pack | None
) -> Mention:
    """Add relation, bearing, distance, kind words and clause: what the words right before and behind it say."""
    types = [c for c in cues if c.tag in ("type_before", "type_after")]
    own = _longest(
        [c for c in types if mention.first <= c.first and c.last <= mention.last]
    )  # "Kupiansk axis" is a name that says itself what it is
    kinds = set(KINDS_OF_TYPE[own.value]) if own else set()
    kind_words = text[own.start : own.stop] if own else ""
    kinds_before = False
    relation, relation_words, bearing, distance = "none", "", None, None
    index = mention.first
    while index > 0 and _is_soft(text, found, index, cues):
        before = [c for c in cues if c.last == index]
        typed = _longest([c for c in before if c.tag == "type_before"])
        leading = _longest([c for c in before if c.tag in ("bearing", "relation")])
        if typed and (leading is None or typed.first <= leading.first):
            if own is None:
                kinds |= KINDS_OF_TYPE[typed.value]
                kind_words = text[typed.start : typed.stop]
                kinds_before = True
            index = typed.first
            continue
        if leading:
            relation = "bearing" if leading.tag == "bearing" else leading.value
            bearing = leading.value if leading.tag == "bearing" else None
            relation_words = text[leading.start : leading.stop]
            distance = _kilometres_before(text, found, cues, leading.first)
            villages = any(c.tag == "type_before" and c.value == "settlement" and c.last == leading.first for c in cues)
            if villages and not kinds and relation == "in" and _names_a_region(mention):
                kinds = {"region"}  # "two villages in Donetsk": the oblast
                kind_words = text[found[leading.first - 1].start : leading.stop]
            break
        if pack is None or found[index - 1].folded not in pack.fillers:
            break
        index -= 1
    for cue in cues:
        right_behind = cue.tag == "type_after" and cue.first == mention.last
        if right_behind and _SOFT_GAP.match(text[mention.stop : cue.start].removeprefix("'s")):
            kinds = set(KINDS_OF_TYPE[cue.value])
            kind_words = text[cue.start : cue.stop]
            kinds_before = False
    if relation == "distance_from":
        relation = "bearing" if distance is not None else "from"
    clause = clauses[mention.first] if clauses else 0
    return replace(
        mention,
        relation=relation,
        relation_words=relation_words,
        bearing=bearing,
        distance_km=distance,
        kinds=frozenset(kinds),
        kind_words=kind_words,
        kinds_before=kinds_before,
        clause=clause,
    )


def _is_soft(text: str, found: Sequence[Word], index: int, cues: Sequence[Cue]) -> bool:
    """Whether a word goes with the one before it: only blanks, quotation marks, or the stop of "s. Yampil" between."""
    gap = text[found[index - 1].stop : found[index].start]
    abbreviated = gap.startswith(".") and any(c.tag == "type_before" and c.last == index for c in cues)
    return _SOFT_GAP.match(gap.removeprefix(".") if abbreviated else gap) is not None


def _names_a_region(mention: Mention) -> bool:
    return any("." not in n.place_id for n in mention.names)  # ids of regions and countries have one word


def _longest(cues: list[Cue]) -> Cue | None:
    return max(cues, key=lambda c: c.last - c.first, default=None)


def _kilometres_before(text: str, found: Sequence[Word], cues: Sequence[Cue], index: int) -> float | None:
    """Return the figure of "20 km" right before the word ``index``."""
    if any(c.tag == "kilometres" and index in (c.first, c.last) for c in cues) and index >= 1:
        index += any(c.tag == "kilometres" and c.first == index for c in cues)  # "à 20 km de Pokrovsk": one phrase
        figure = re.search(r"(\d+(?:[.,]\d+)?)\s*$", text[max(0, found[index - 1].start - 12) : found[index - 1].start])
        return float(figure.group(1).replace(",", ".")) if figure else None
    return None


def _grouped(
    mentions: Sequence[Mention],
    text: str,
    found: Sequence[Word],
    cues: Sequence[Cue],
    pack: Pack | None,
    gazetteer: Gazetteer,
) -> list[Mention]:
    """Number the lists; their members share the relation and the kind word of the first, or a plural one at the end."""
    joins = {i for c in cues if c.tag == "join" and c.value == "list" for i in range(c.first, c.last)}
    typed = {i for c in cues if c.tag in ("type_before", "type_after") for i in range(c.first, c.last)}
    # "les régions de Koursk, de Briansk et de Belgorod"
    repeated = {i for c in cues if c.tag == "join" and c.value == "repeat" for i in range(c.first, c.last)}
    groups: list[list[Mention]] = []
    for mention in mentions:
        if not groups or not _same_list(groups[-1][-1], mention, text, found, joins | typed, repeated):
            groups.append([mention])
        elif "region" in groups[-1][-1].kinds and not mention.kinds and not _names_a_region(mention):
            groups.append([_going_on(mention, groups)])  # "X in Donetsk region and Y …": Y goes with X
        elif _in_apposition(groups[-1][-1], mention, gazetteer, joins):
            groups.append([replace(mention, relation="of")])
        else:
            groups[-1].append(mention)
    return [
        replace(m, heading=_is_heading(group, text, found, cues))
        for number, group in enumerate(groups)
        for m in _shared(group, number, pack)
    ]


def _going_on(mention: Mention, groups: Sequence[Sequence[Mention]]) -> Mention:
    """Give a name behind "[the villages of A and B] [in C oblast] and …" what the words before A say."""
    head = groups[-2][0] if len(groups) > 1 else None
    if head is None or not head.kinds_before or mention.relation != "none":
        return mention
    return replace(
        mention,
        relation=head.relation,
        relation_words=head.relation_words,
        kinds=head.kinds,
        kind_words=head.kind_words,
        kinds_before=True,
    )


def _same_list(
    left: Mention, right: Mention, text: str, found: Sequence[Word], small: set[int], repeated: set[int]
) -> bool:
    if right.relation not in ("none", left.relation) or (right.relation == "bearing" and right.relation_words):
        return False
    between = range(left.last, right.first)
    relation_words = set(key(right.relation_words).split())
    if any(i not in small | repeated and found[i].folded not in relation_words for i in between):
        return False
    gaps = [text[found[i].stop : found[i + 1].start] for i in range(left.last - 1, right.first)]
    joined = any(i in small for i in between) or any(mark in gap for gap in gaps for mark in ",/–-")
    return joined and all(_LIST_GAP.match(gap.removeprefix("'s")) for gap in gaps)


def _in_apposition(left: Mention, right: Mention, gazetteer: Gazetteer, joins: set[int]) -> bool:
    """ "Sukhi Yaly, Donetsk": the second only says in which oblast the first lies."""
    if any(i in joins for i in range(left.last, right.first)) or right.kinds - {"region"}:
        return False
    regions = {n.place_id for n in right.names if gazetteer.place(n.place_id).kind == "region"}
    inside = [p for n in left.names if (p := gazetteer.place(n.place_id)).kind in SETTLEMENTS and p.parent in regions]
    return bool(inside) and not any(gazetteer.place(n.place_id).kind == "region" for n in left.names)


def _shared(group: list[Mention], number: int, pack: Pack | None) -> Iterator[Mention]:
    head, tail = group[0], group[-1]
    plural = pack is not None and key(tail.kind_words) in pack.plural_types
    for mention in group:
        giver = tail if plural else head if head.kinds_before else mention
        if plural and mention is not tail and _is_adjective(tail) and not _is_adjective(mention):
            giver = mention  # "in [Kyiv] and in [Kyivska] and [Dniprovska] oblasts": the plural word is the adjectives'
        # "settlements of [Chernihiv] and [Sumy] oblasts": what stands behind the list outranks what stands before it
        before_all = plural and mention.kinds_before and _is_adjective(mention)
        own = mention.kinds and not before_all
        kinds, kind_words = (mention.kinds, mention.kind_words) if own else (giver.kinds, giver.kind_words)
        if mention.relation == "none" and head.relation not in ("none", "bearing"):
            mention = replace(mention, relation=head.relation, relation_words=head.relation_words)
        elif mention.relation == "none" and head.relation == "bearing":
            mention = replace(
                mention,
                relation="bearing",
                relation_words=head.relation_words,
                bearing=head.bearing,
                distance_km=head.distance_km,
            )
        yield replace(mention, kinds=kinds, kind_words=kind_words, group=number)


def _is_adjective(mention: Mention) -> bool:
    return any("adjective" in n.flags for n in mention.names)


def _is_heading(group: Sequence[Mention], text: str, found: Sequence[Word], cues: Sequence[Cue]) -> bool:
    """Whether a list at the head of a line is its heading: "Belgorod region: …", "**Sevastopol.** …"."""
    if group[0].first != 0:
        return False
    last = next((c.last for c in cues if c.tag == "type_after" and c.first == group[-1].last), group[-1].last)
    if last == len(found):
        return all(map(_names_a_region, group))  # "Kharkiv oblast" alone, as a line or before a full stop
    return re.match(r"[\s)*_]*(?:\([^)\n]*\)\s*)?(?::|\.\*\*|\*\*)", text[found[last - 1].stop :]) is not None
