"""The sentences of a digest, ready for the rules; what is to be skipped is blanked in place, so offsets stay."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from geo.languages import Pack
from geo.model import Digest, Mention
from geo.reference.gazetteer import LINES, UNITS, Gazetteer
from geo.reference.names import Plain
from geo.text.contexts import names_only_regions
from geo.text.mentions import Scene, scene
from geo.text.sentences import sentences
from geo.text.tongues import spoken


def scenes_of(text: Plain, digest: Digest, gazetteer: Gazetteer, language: Pack | None) -> Iterator[Scene]:
    """Yield the sentences of the text, ready for the rules; what is to be skipped is blanked in place."""
    pieces, end = [], 0
    for start, stop, _ in sorted(skipped_spans(text, digest)):
        if start >= end:
            pieces += [text.text[end:start], " " * (stop - start)]
            end = stop
    blanked = "".join((*pieces, text.text[end:]))
    yield from _with_names_told_behind(_alone_joined(blanked, gazetteer, language), gazetteer)


def _alone_joined(blanked: str, gazetteer: Gazetteer, language: Pack | None) -> Iterator[Scene]:
    """Yield the scenes; a place that stands alone opens the sentence behind it: "[Kruhliakivka]. Two bombs fell."."""
    opening: Scene | None = None
    for sentence in sentences(blanked, language.abbreviations if language else frozenset()):
        if opening and sentence.block == opening.sentence.block:
            sentence = replace(sentence, start=opening.sentence.start, first=True)
        elif opening:
            yield opening
        tongue = spoken(blanked[sentence.start : sentence.stop], language)
        current = scene(blanked, sentence, gazetteer, tongue)
        opening = current if _is_place_alone(current) else None
        if opening is None:
            yield current
    if opening:
        yield opening


def _with_names_told_behind(scenes: Iterable[Scene], gazetteer: Gazetteer) -> Iterator[Scene]:
    """Join "They are [A] and [B]." to the sentence before it, which says what happened in two villages.

    And "Most of them, 35, over [A]." to one that counts what was shot down.
    """
    before: Scene | None = None
    for current in scenes:
        if before and (_names_places_of(current, before) or _counts_on(current, before)):
            whole = replace(before.sentence, stop=current.sentence.stop)
            before = scene(current.text, whole, gazetteer, before.pack)
            continue
        if before:
            yield before
        before = current
    if before:
        yield before


def _names_places_of(current: Scene, before: Scene) -> bool:
    """Whether a sentence does no more than name the places that the one before counts."""
    opens = any(c.value == "naming" and c.first <= 1 for c in current.tagged("anaphora"))
    if not opens or not current.mentions or any(c.value["kind"] for c in current.tagged("event")):
        return False
    close = current.sentence.block - before.sentence.block <= 1
    wide = (m.kinds & UNITS or names_only_regions(m) or _stands_for_a_country(m, before) for m in before.mentions)
    return close and all(wide) and any(c.value["kind"] for c in before.tagged("event"))


def _counts_on(current: Scene, before: Scene) -> bool:
    """Whether a sentence without an event of its own only tells how many were shot down over which places."""
    if not current.mentions or current.sentence.block != before.sentence.block:
        return False
    if any(current.tagged(tag) for tag in ("event", "says", "according", "polarity", "venue")):
        return False
    shot_down = any(c.value["kind"] == "air_defence" for c in before.tagged("event"))
    counted = bool(current.tagged("number")) or any(w.folded.isdigit() for w in current.words)
    return shot_down and counted and current.is_over(current.mentions[0])


def _is_place_alone(current: Scene) -> bool:
    """Whether a line begins with a sentence that is only the name of a settlement, maybe behind the time of day."""
    names = [m for m in current.mentions if not m.kinds & (UNITS | LINES) and not names_only_regions(m)]
    if not names or len(names) < len(current.mentions) or not current.sentence.first:
        return False
    named = {i for m in names for i in range(m.first, m.last)}
    named |= {i for c in current.cues if c.tag == "type_before" for i in range(c.first, c.last)}
    others = (w.folded for i, w in enumerate(current.words) if i not in named)
    return all(len(word) <= 2 or word.isdigit() for word in others)


def _stands_for_a_country(mention: Mention, current: Scene) -> bool:
    """Whether a capital is named that a party may be called by: "the ministry in Moscow said"."""
    return any(c.first <= mention.first and mention.last <= c.last for c in current.tagged("country_word"))


def skipped_spans(text: Plain, digest: Digest) -> Iterator[tuple[int, int, str]]:
    """Yield (start, stop, why) of what is to be skipped, in the plain text."""
    for span in digest.skipped:
        if text.offsets is None:
            yield span.start, span.stop, span.why
        else:
            yield (
                bisect_left(text.offsets, span.start),
                min(bisect_left(text.offsets, span.stop), len(text.text)),
                span.why,
            )
