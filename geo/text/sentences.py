"""Cut a text into sentences; a line break or a bullet always ends one."""

import re
from collections.abc import Iterable, Iterator

from geo.model import Sentence
from geo.reference.names import fold

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_INDENT = re.compile(r"[\s>#*_•▪️🔻🔹🔸◾▫●○·‣⁃—–\-]*")
# A full stop, closing quotes and brackets, note marks like [12], a blank; then a capital, a figure or an opening quote.
_END = re.compile(r"(?:[.!?…]+[\"'”»’)\]]*|:(?=\s))((?:\[\d+\])*)\s+(?=[\"'“«„(\[#]*[A-ZÀ-ÞА-ЯЁІЇЄҐ\d])")
_LAST_WORD = re.compile(r"([^\W_](?:[\w.]*[^\W_])?)\.+[\"'”»’)\]]*$")
_LONGEST = 1500  # characters; no newsroom writes longer sentences, and time must grow with the text alone
_INITIAL = re.compile(r"[A-ZА-ЯІЇЄҐ]")


def sentences(text: str, abbreviations: frozenset[str] = frozenset()) -> Iterator[Sentence]:
    """Yield the sentences of ``text`` in order; together they hold every character that is not white space.

    ``abbreviations`` (folded, without the full stop) end no sentence. Errors towards too few cuts do no harm: the
    rules work clause by clause.
    """
    for block, line in enumerate(_LINE.finditer(text)):
        start = line.start()
        first = True
        for stop in _not_too_long(text, start, (*_ends(text, line.start(), line.end(), abbreviations), line.end())):
            trimmed = text[start:stop].rstrip()
            begin = start + len(text[start:stop]) - len(text[start:stop].lstrip())
            if trimmed and begin < start + len(trimmed):
                yield Sentence(begin, start + len(trimmed), block, first)
                first = False
            start = stop


def _not_too_long(text: str, start: int, stops: Iterable[int]) -> Iterator[int]:
    """Yield the ends of sentences, and ends inside what is far too long for one, at a blank where there is one."""
    for stop in stops:
        while stop - start > _LONGEST:
            blank = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
            start = blank + 1 if blank > 0 else start + _LONGEST
            yield start
        yield stop
        start = stop


def body_start(text: str, sentence: Sentence) -> int:
    """Return where the words of a sentence begin, behind its bullet."""
    match = _INDENT.match(text, sentence.start, sentence.stop)
    return match.end() if match else sentence.start


def _ends(text: str, start: int, stop: int, abbreviations: frozenset[str]) -> Iterator[int]:
    for match in _END.finditer(text, start, stop):
        mark = text[match.start()]
        if mark == ":":
            continue  # what stands behind a colon belongs to what stands before it
        if not _abbreviated(text[max(start, match.start() - 30) : match.end()].rstrip(), abbreviations):
            yield match.end()


def _abbreviated(text: str, abbreviations: frozenset[str]) -> bool:
    last = _LAST_WORD.search(text)
    if last is None:
        return False
    word = last.group(1)
    return fold(word) in abbreviations or (len(word) == 1 and _INITIAL.match(word) is not None)
