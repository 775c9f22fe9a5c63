"""Names that are spelled much like a word that is none: for people to look at; nothing is ever resolved by it."""

from geo.model import Name
from geo.reference.gazetteer import SETTLEMENTS, Gazetteer
from geo.reference.names import key

LEAST_ALIKE = 0.74  # one letter of four may differ
_MOST = 3
_MOST_KEYS = 40
_LARGEST_FIRST = ("city", "town", "settlement", "village")


def alike(text: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Return up to three names of settlements that ``text`` may be a wrong spelling of, the most alike first.

    They begin with the same letter; blanks and hyphens count for nothing ("Ivano-Pillya", Ivanopillia).
    """
    from rapidfuzz import process  # only when a name is not known: most commands need none of it
    from rapidfuzz.distance import OSA

    wanted = _joined(key(text))
    if not wanted:
        return ()
    keys = {k: _joined(k) for k in gazetteer.keys_from(wanted[0]) if abs(len(k) - len(wanted)) <= len(wanted) // 3}
    close = process.extract(wanted, keys, scorer=OSA.normalized_similarity, score_cutoff=LEAST_ALIKE, limit=_MOST_KEYS)
    found: dict[str, tuple[float, int, Name]] = {}
    for _, likeness, spelled in close:
        for name in gazetteer.match(spelled).names:
            kind = gazetteer.place(name.place_id).kind
            if kind in SETTLEMENTS and name.place_id not in found:
                found[name.place_id] = (-likeness, _LARGEST_FIRST.index(kind), name)
    best = sorted(found.values(), key=lambda f: (f[0], f[1], f[2].place_id))
    return tuple(name for _, _, name in best[:_MOST])


def _joined(folded: str) -> str:
    return folded.replace(" ", "")
