"""Which place a mention means: the best that the evidence leaves, if it is clearly the best and the text puts it there.

"Not known" is a good answer: a wrong village is worse than none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from geo.model import Candidate, Mention, Name, Resolution
from geo.reading.evidence import EVIDENCE, Clues
from geo.reference.activity import ever_active
from geo.reference.gazetteer import LINES, SETTLEMENTS, UNITS, Gazetteer, distance_km

MARGIN = 0.4  # log-odds; below it the program does not guess
TWINS_KM = 10  # as wide as "near X"
_OBLASTS = ("in_stated_container", "in_oblast_just_named")
_AREAS = SETTLEMENTS | UNITS | LINES

# What puts a village where it lies, and how much of it (log-odds, in brackets the distance that this stands for).
CLOSE = {
    "near_stated_place": 3.0,  # (50 km)
    "on_stated_axis": 1.5,
    "beside_neighbours": 0.5,  # (64 km)
    "in_document": 0.5,  # (42 km)
    "same_name_elsewhere": 1.5,
}
SAME_PART = 0.08  # of the weights of closeness: 150 km
SAME_FRONT = 0.05  # the same: 180 km
ACTIVE = 0.5  # reports around a village in those weeks, which make it likely not too far from what the text names
RARE = 7  # places of one name: a stated oblast decides among so few, not among the 119 Ivanivkas


def resolve(mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Resolution:
    """Choose the place that fits everything the text says about the mention, or none.

    Decisions: ``resolved``, ``low_margin`` (two fit about as well), ``all_vetoed`` (the text contradicts every place
    of this name), ``unsupported`` (nothing in the text puts the best where it lies) and ``unknown_name``.  Neighbours
    of one name are one place as far as a map can tell: the best stands for them, and ``twins_km`` says how far the
    others are.
    """
    if not mention.names:
        return Resolution(None, "unknown_name")
    if mention.kinds and not mention.kinds & _AREAS:
        known = {gazetteer.place(n.place_id).kind for n in mention.names}
        if not known & mention.kinds:  # "Odesa's port", and no port of that name is known: it lies in the city
            mention = replace(mention, kinds=frozenset())
    candidates = sorted((_judged(n, mention, clues, gazetteer) for n in mention.names), key=_rank)
    left = [c for c in candidates if not c.vetoed]
    if not left:
        return Resolution(None, "all_vetoed", tuple(candidates))
    margin = round(left[0].score - left[1].score, 2) if len(left) > 1 else None
    best = left[0].place
    as_good = [c.place for c in left[1:] if left[0].score - c.score < MARGIN]
    # Two whose positions are the middle of their hromada may lie far apart, though they seem to be one.
    apart_km = max((distance_km(best, p) + best.accuracy_km + p.accuracy_km for p in as_good), default=0.0)
    if as_good and (best.kind not in SETTLEMENTS or apart_km > TWINS_KM):
        return Resolution(None, "low_margin", tuple(candidates), margin)
    told = _told_of(left[0], candidates, gazetteer)
    if not any(rule(told) for rule in SUPPORT):
        return Resolution(None, "unsupported", tuple(candidates), margin)
    return Resolution(best, "resolved", tuple(candidates), margin, twins_km=round(apart_km, 1))


def _judged(name: Name, mention: Mention, clues: Clues, gazetteer: Gazetteer) -> Candidate:
    place = gazetteer.place(name.place_id)
    evidence = tuple(e for rule in EVIDENCE if (e := rule(place, name, mention, clues, gazetteer)))
    return Candidate(place, name, round(sum(e.weight or 0.0 for e in evidence), 2), evidence)


def _rank(candidate: Candidate) -> tuple[bool, float, str]:
    return candidate.vetoed, -candidate.score, candidate.place.id


# --- whether the text puts the best where it lies --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What the text says of where the best candidate lies."""

    kind: str
    around: dict[str, float]  # weights of what speaks of other places around it
    contained: float  # weight of the oblast or raion that the text states; below 0: it names another
    namesakes: int  # settlements of the name, with those that the text refuses
    central: bool  # a hromada is named after it, and no other of the name lies in the oblast that the text names
    active: bool  # much was reported around there in those weeks
    fought_over: bool  # its raion saw reports in some week, or a named direction runs through it

    @property
    def closest(self) -> float:
        """The weight of the closest place that the sentence or the digest names."""
        return max(self.around.get("beside_neighbours", 0.0), self.around.get("in_document", 0.0))


Support = Callable[[Told], bool]


def large_enough(told: Told) -> bool:
    """A unit, a site or a city is known by its name alone."""
    return told.kind not in SETTLEMENTS or told.kind == "city"


def town_undoubted(told: Told) -> bool:
    """So is a town that nothing speaks against."""
    return told.kind == "town" and told.contained >= 0 and all(weight >= 0 for weight in told.around.values())


def nothing_else_named(told: Told) -> bool:
    """The text names no other place that could contradict."""
    return not told.around and told.contained >= 0


def close_to_what_is_named(told: Told) -> bool:
    """Near, on an axis, in a list, in a digest of places around it, or told apart elsewhere."""
    return any(weight >= CLOSE[rule] for rule, weight in told.around.items())


def in_stated_oblast(told: Told) -> bool:
    """In the oblast that the text states, and not one of dozens of its name there."""
    return told.contained > 0 and (told.active or told.namesakes <= RARE)


def centre_in_named_oblast(told: Told) -> bool:
    """The centre of a hromada, alone of its name in the oblast that the text states, or that the line before names."""
    return told.central and told.contained >= 0


def where_much_happens(told: Told) -> bool:
    """Where much was reported in those weeks, in the part of the country that the text speaks of."""
    known = told.kind == "town" or told.namesakes == 1 or told.closest >= SAME_PART
    return told.active and known and (told.kind == "town" or told.contained == 0)


def only_one_of_its_name(told: Told) -> bool:
    """No other settlement is called so, and it lies on the front that the text speaks of."""
    reach = SAME_FRONT if told.contained >= 0 else SAME_PART
    return told.namesakes == 1 and told.closest >= reach


def fought_over_alone(told: Told) -> bool:
    """No other settlement is called so, and the war was there: most weeks of it are not counted in `activity.csv`."""
    doubted = any(weight < 0 for weight in told.around.values())
    return told.namesakes == 1 and told.fought_over and told.contained == 0 and not doubted


SUPPORT: tuple[Support, ...] = (
    large_enough,
    town_undoubted,
    nothing_else_named,
    close_to_what_is_named,
    in_stated_oblast,
    centre_in_named_oblast,
    where_much_happens,
    only_one_of_its_name,
    fought_over_alone,
)


def _told_of(best: Candidate, candidates: list[Candidate], gazetteer: Gazetteer) -> Told:
    weights = {e.rule: e.weight or 0.0 for e in best.evidence}
    namesakes = sum(c.place.kind in SETTLEMENTS for c in candidates)
    contained = weights.get("in_stated_container", 0.0)
    inside = [c for c in candidates if any(e.rule in _OBLASTS and (e.weight or 0) > 0 for e in c.evidence)]
    central = [c.place.id for c in inside] == [best.place.id] and best.place.is_hromada_centre
    around = {rule: weights[rule] for rule in CLOSE if rule in weights}
    if contained < 0 and namesakes > 1 and best.place.kind != "town":  # "Malynivka" under another oblast's heading
        around = {r: w for r, w in around.items() if r not in ("in_document", "same_name_elsewhere")}
    # Of Russia whole oblasts alone are known to be active: that says little of one of ten villages.
    active = bool(best.place.raion or namesakes == 1) and weights.get("in_active_area", 0.0) >= ACTIVE
    raion = best.place.raion
    fought_over = raion in gazetteer.raions_of_axes or ever_active(gazetteer.folder, best.place)
    return Told(best.place.kind, around, contained, namesakes, central, active, fought_over)
