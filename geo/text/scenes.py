"""The sentences of a digest, ready for the rules; what is to be skipped is blanked in place, so offsets stay."""

from bisect import bisect_left
from collections.abc import Iterator

from geo.languages import Pack
from geo.model import Digest
from geo.reference.gazetteer import Gazetteer
from geo.reference.names import Plain
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
    for sentence in sentences(blanked, language.abbreviations if language else frozenset()):
        tongue = spoken(blanked[sentence.start : sentence.stop], language)
        yield scene(blanked, sentence, gazetteer, tongue)


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
