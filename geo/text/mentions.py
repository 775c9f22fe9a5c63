"""Names of places in a sentence, with what the words around them say: near it, west of it, a village, one of a list.

A ``Scene`` is a sentence made ready for the rules: its words, cue words, clauses and mentions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo.languages import Pack
from geo.languages.cues import Cue
from geo.model import Mention, Sentence
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import Word, key, words
from geo.text.contexts import with_context
from geo.text.lists import grouped, named_by_kind, small_words
from geo.text.toponyms import names_in

_PLACE_OPENS = 3  # words between the preposition that opens a clause and its place


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

    def is_over(self, mention: Mention) -> bool:
        """Whether something was met in the air over a place."""
        return self.pack is not None and key(mention.relation_words) in self.pack.over

    def before_fillers(self, index: int) -> int:
        """Return the index of the first of the small words ("the") that stand right before a word, or its own."""
        fillers = self.pack.fillers if self.pack else frozenset()
        while index and self.words[index - 1].folded in fillers:
            index -= 1
        return index

    def tagged(self, tag: str) -> list[Cue]:
        """Return all cues of one sort."""
        return [c for c in self.cues if c.tag == tag]


def scene(text: str, sentence: Sentence, gazetteer: Gazetteer, pack: Pack | None) -> Scene:
    """Make a sentence ready for the rules.  Without a pack there are names, but no cues."""
    found_words = words(text, sentence.start, sentence.stop)
    cues = pack.lexicon.cues(found_words) if pack else []
    small = small_words(found_words, cues)
    bare = names_in(text, found_words, cues, small, gazetteer, pack)
    commas = _parting_commas(text, found_words, cues, bare) if pack and pack.commas_part_clauses else ()
    clauses = _clauses(text, found_words, cues, commas)
    leading = _less_types_behind(bare, cues)
    placed = [with_context(m, text, found_words, leading, clauses, pack, gazetteer) for m in bare]
    lists = grouped(placed, text, found_words, cues, pack, gazetteer)
    mentions = named_by_kind(lists, small, gazetteer)
    return Scene(text, sentence, found_words, cues, clauses, mentions, pack)


def _less_types_behind(mentions: Sequence[Mention], cues: Sequence[Cue]) -> list[Cue]:
    """Leave out words that say what the name before them is: "in [Belgorod] raion [Murom]" is not "in the area of".

    And those of "es handelt sich um [Murom]", which is not "around".
    """
    names = {i for m in mentions for i in range(m.first + 1, m.last + 1)}
    typed = {i for c in cues if c.tag == "type_after" and c.first in names for i in range(c.first, c.last)}
    typed |= {i for c in cues if c.tag == "anaphora" and c.value == "naming" for i in range(c.first, c.last)}
    return [c for c in cues if c.tag != "relation" or c.first not in typed]


def _clauses(text: str, found: Sequence[Word], cues: Sequence[Cue], commas: Collection[int]) -> list[int]:
    splits = {c.first for c in cues if c.tag == "clause"}.union(commas)
    clauses = []
    clause = 0
    for index, word in enumerate(found):
        if index and (index in splits or ";" in text[found[index - 1].stop : word.start]):
            clause += 1
        clauses.append(clause)
    return clauses


def _parting_commas(text: str, found: Sequence[Word], cues: Sequence[Cue], names: Sequence[Mention]) -> list[int]:
    """Return the words behind commas that part two clauses: each has an event, and the second opens with its place."""
    behind_comma = [i for i in range(1, len(found)) if "," in text[found[i - 1].stop : found[i].start]]
    events = [c for c in cues if c.tag == "event" and c.value["kind"]] if behind_comma and names else []
    openings = {c.first: c.last for c in cues if c.tag == "relation" and c.value in ("in", "near", "over")}
    parting = [0]
    for index, end in pairwise((*behind_comma, len(found))):
        place = openings.get(index)
        opens = place is not None and any(0 <= n.first - place <= _PLACE_OPENS for n in names)
        own = any(index <= e.first and e.last <= end for e in events)
        told_before = any(parting[-1] <= e.first and e.last <= index for e in events)
        placed_before = any(parting[-1] <= n.first < index for n in names)
        whole = not any(e.first < index < e.last for e in events)
        if opens and own and told_before and placed_before and whole:
            parting.append(index)
    return parting[1:]
