"""In which language a sentence stands: most digests keep to one, some quote or append another.

A sentence is its digest's unless it plainly is not, so a name or a word of another language changes nothing.
"""

import re

from geo.languages import Pack, codes, pack
from geo.reference.names import Word, words
from geo.text.digests import LEAST_KNOWN, language_of

_LATIN, _CYRILLIC = re.compile("[A-Za-zÀ-ÿ]{2,}"), re.compile("[А-Яа-яЁёІіЇїЄєҐґ]{2,}")
# Letters that one of the two languages has and the other has not.
_OWN_LETTERS = {"uk": re.compile("[іїєґІЇЄҐ]"), "ru": re.compile("[ыэъёЫЭЪЁ]")}
_FEWEST_WORDS = 6  # fewer are a heading, a name, a slogan
_LEAST_OWN = 0.06  # share of frequent words below which a sentence is looked at; prose has a quarter and more
_LEAD = 0.15  # by which another language must know more of them


def spoken(sentence: str, own: Pack | None) -> Pack | None:
    """Return the pack to read a sentence with: ``own``, or that of the language that it plainly is in."""
    if own is None:
        return None
    if own.code in _OWN_LETTERS and _CYRILLIC.search(sentence):
        other = next(code for code in _OWN_LETTERS if code != own.code)
        strange = _OWN_LETTERS[other].search(sentence) and not _OWN_LETTERS[own.code].search(sentence)
        return pack(other) if strange else own
    plain_words = sentence.lower().split()
    own_words = sum((w in own.stopwords) - (w in own.strangers) for w in plain_words)
    if len(plain_words) < _FEWEST_WORDS or own_words >= _LEAST_OWN * len(plain_words):
        return own
    if len(_CYRILLIC.findall(sentence)) > len(_LATIN.findall(sentence)):
        code = language_of(sentence)
        return pack(code) if code else own
    found = words(sentence)
    return _best_known(found, own) if found else own


def _best_known(found: list[Word], own: Pack) -> Pack:
    """Return the pack in Latin script that knows most of the words, ``own`` unless another knows many more."""
    in_latin = (pack(code) for code in codes() if code not in _OWN_LETTERS)
    known = {p.code: p.share_known(found) for p in in_latin}
    best = max(known, key=lambda code: (known[code], code))
    sure = known[best] >= max(LEAST_KNOWN, known.get(own.code, 0.0) + _LEAD)
    return pack(best) if sure else own
