"""The places of a whole digest: the least ambiguous mentions first, each with the clues that stand around it."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.model import Digest, Mention, Place, Resolution
from geo.reading.attachments import attached_to, attachments
from geo.reading.evidence import Clues, Link
from geo.reading.resolution import resolve
from geo.reference.gazetteer import SETTLEMENTS, UNITS, Gazetteer
from geo.text.mentions import Scene

_SENTENCE_REACH = 24  # mentions on each side that are looked at; longer lists are no news
_DOCUMENT_REACH = 12  # sentences on each side
_LINE_ABOVE = 6  # sentences back to the line above
_SUBHEADING_REACH = 16  # sentences
_COUNTS = re.compile(r":\s*\d")
_MOST_PAIRS = 500  # of places of two names; of so many, one in four times two lie within 10 km by chance
_FIGURE_REACH = 4  # words between a figure and the place that it counts for
_AS_GOOD = 2.0  # log-odds between candidates that are both left open
_NAMESAKES = 12  # mentions of one name that are compared

Settled = dict[int, Resolution]  # by the start of the mention


@dataclass(frozen=True)
class _Settling:
    """A digest while its mentions are being settled."""

    scenes: Sequence[Scene]
    namesakes: Mapping[Hashable, Sequence[tuple[Scene, Mention]]]  # the mentions by what they are called
    roles: Mapping[int, object]  # mentions whose words alone show that nothing happened there, by their start
    cities: tuple[Place, ...]  # and oblasts that the digest names anywhere
    settled: Settled
    gazetteer: Gazetteer
    digest: Digest


def resolve_all(scenes: Sequence[Scene], roles: Mapping[int, object], gazetteer: Gazetteer, digest: Digest) -> Settled:
    """Resolve the mentions of a digest, the least ambiguous first, then once more with what was settled.

    ``roles`` are the mentions (by their start) whose words alone show that nothing happened there: they say nothing
    of where other places lie.
    """
    namesakes: dict[Hashable, list[tuple[Scene, Mention]]] = {}
    for scene in scenes:
        for mention in scene.mentions:
            same = namesakes.setdefault(_spelling(mention), [])
            if len(same) < _NAMESAKES:
                same.append((scene, mention))
    ids = sorted({n.place_id for same in namesakes.values() for _, m in same[:1] for n in m.names})
    cities = tuple(p for p in map(gazetteer.place, ids) if p.kind in ("city", "region"))
    settling = _Settling(scenes, namesakes, roles, cities, {}, gazetteer, digest)
    known: dict[int, Clues] = {}  # by which a mention was settled; the same clues settle it the same
    for _ in range(2):
        for number, scene in enumerate(scenes):
            if not scene.mentions:
                continue
            before = _paragraph_before(number, scenes)
            lately = _region_of_line_before(number, settling)
            document = _document(number, scenes, settling)
            order = [(_ambiguity(m, gazetteer), i) for i, m in enumerate(scene.mentions)]
            for _, index in sorted(order):
                mention = scene.mentions[index]
                clues = replace(_clues(index, scene, before, document, settling), lately=lately)
                if known.get(mention.start) != clues:
                    known[mention.start] = clues
                    settling.settled[mention.start] = resolve(mention, clues, gazetteer)
    return settling.settled


def _spelling(mention: Mention) -> Hashable:
    """What a mention shares with others of one name in whatever case: the places that may be meant, else its text."""
    return frozenset(n.place_id for n in mention.names) or mention.text.casefold()


def places_named(mention: Mention, gazetteer: Gazetteer) -> list[Place]:
    """Return every place that bears the name of a mention."""
    return [gazetteer.place(n.place_id) for n in mention.names]


def place_of(mention: Mention, settled: Settled) -> Place | None:
    """Return the place that a mention was found to mean, if any."""
    resolution = settled.get(mention.start)
    return resolution.place if resolution else None


def readings(mention: Mention, settled: Settled, gazetteer: Gazetteer) -> list[Place]:
    """Return what a mention may stand for beside a finer place: "di Donetsk" behind a village is the oblast."""
    regions = _regions_named(mention, gazetteer)
    if mention.relation in ("in", "of", "none") and regions and not mention.kinds & SETTLEMENTS:
        return regions
    place = place_of(mention, settled)
    return [place] if place else []


def _regions_named(mention: Mention, gazetteer: Gazetteer) -> list[Place]:
    return [p for p in places_named(mention, gazetteer) if p.kind == "region"]


def _paragraph_before(number: int, scenes: Sequence[Scene]) -> list[Scene]:
    """Up to six sentences of the same paragraph before the scene ``number``, the closest first."""
    block = scenes[number].sentence.block
    own = [s for s in reversed(scenes[max(0, number - 6) : number]) if s.sentence.block == block]
    return [*own, *_subheading(number, scenes)]


def _subheading(number: int, scenes: Sequence[Scene]) -> list[Scene]:
    """The line above that is nothing but a heading ("Kharkiv oblast"), up to the next of its sort."""
    above = reversed(scenes[max(0, number - _SUBHEADING_REACH) : number])
    lines = (s for s in above if s.sentence.block != scenes[number].sentence.block)
    return next(([s] for s in lines if s.mentions and all(m.heading for m in s.mentions) and _is_line(s)), [])


def _region_of_line_before(number: int, settling: _Settling) -> Link | None:
    """The oblast that the line above names, in whatever role: "Kharkiv Oblast Governor Oleh Syniehubov reported"."""
    block = settling.scenes[number].sentence.block
    for above in reversed(settling.scenes[max(0, number - _LINE_ABOVE) : number]):
        if above.sentence.block == block:
            continue
        if block - above.sentence.block > 1:
            return None
        regions = [m for m in above.mentions[-_SENTENCE_REACH:] if "region" in m.kinds]
        links = [link for link in _links(regions, settling.settled) if link.place.kind == "region"]
        if links:
            return links[-1] if len({link.place.id for link in links}) == 1 else None
    return None


def _is_line(scene: Scene) -> bool:
    """Whether a sentence is its line as a whole: the next one stands on another."""
    behind = scene.text[scene.sentence.stop : scene.sentence.stop + 1]
    return scene.sentence.first and behind in ("", "\n", "\r")


def _ambiguity(mention: Mention, gazetteer: Gazetteer) -> tuple[int, int]:
    """Units and cities first: they say where the villages are."""
    kinds = {p.kind for p in places_named(mention, gazetteer)}
    widest = 0 if mention.kinds & {"region", "country", "axis"} else 1 if kinds & {"country", "region", "city"} else 2
    return widest, len(mention.names)


def _clues(
    index: int, scene: Scene, before: Sequence[Scene], document: tuple[Place, ...], settling: _Settling
) -> Clues:
    settled, roles = settling.settled, settling.roles
    mention = scene.mentions[index]
    if mention.names and all(p.kind == "country" for p in places_named(mention, settling.gazetteer)):
        return Clues(language=settling.digest.language, day=settling.digest.day)  # nothing tells countries apart
    around = scene.mentions[max(0, index - _SENTENCE_REACH) : index + 1 + _SENTENCE_REACH]
    namesakes = [(s, m) for s, m in settling.namesakes[_spelling(mention)] if s is not scene]
    helping = attachments(scene, mention) or [a for s, m in namesakes for a in attachments(s, m)]
    attached = [Link(m, p, attached=True) for m in helping for p in readings(m, settled, settling.gazetteer)]
    containers = [link for link in attached if _is_container(link) and not _is_next_clause(mention, link, scene)]
    containers = containers or _leading_containers(mention, scene, around, before, settling)
    others = [m for m in around if m.start != mention.start and m.start not in roles]
    beside = _lists_beside(mention, around)
    close = [m for m in others if m.group in beside]
    telling = [m for _, m in namesakes if _says_which(m, mention, roles)]
    return Clues(
        containers=tuple(containers),
        anchors=tuple(link for link in attached if _is_anchor(link)),
        axes=_axes(around, before, settled) or _axes_of_grouping(mention, (scene, *before), settling.gazetteer),
        neighbours=_places(close, settled),
        possible=_possible(close, mention, settling),
        companions=_places((m for m in others if m.group == mention.group), settled),
        document=document,
        cities=settling.cities,
        topics=tuple(
            link
            for link in _links(settling.scenes[0].mentions, settled)
            if link.place.kind == "region" and link.mention.kinds
        ),
        namesakes=frozenset(p.id for p in _places(telling, settled)),
        helps=next((m.text for m in others if _helps(mention, m, scene)), ""),
        skies=_among_regions(mention, scene, around),
        language=settling.digest.language,
        day=settling.digest.day,
    )


def _among_regions(mention: Mention, scene: Scene, around: Sequence[Mention]) -> bool:
    """Whether oblasts are counted: three or more "over" which something was met, or "in five regions: 45 in [A], …".

    Two are enough where each has its figure: "19 over [A] and 11 over [B]".
    """
    headed_at = _regions_counted_from(scene)
    if headed_at is not None and headed_at <= mention.first:
        return True
    over = [m for m in around if scene.is_over(m)]
    counted = sum(_has_figure(m, scene) for m in over)
    return scene.is_over(mention) and (len(over) >= 3 or counted >= 2)


def _has_figure(mention: Mention, scene: Scene) -> bool:
    """Whether a number stands right before the words of place: "19 over [A]", "eight of them over [A]"."""
    numbers = {i for c in scene.tagged("number") for i in range(c.first, c.last)}
    before = range(max(0, mention.first - _FIGURE_REACH), mention.first)
    return any(i in numbers or scene.words[i].folded.isdigit() for i in before)


@lru_cache(maxsize=64)
def _regions_counted_from(scene: Scene) -> int | None:
    """Index of the word behind "in five regions:", if a number follows, or behind "over five regions, among them"."""
    heads = [c for c in scene.cues if c.tag in ("type_before", "type_after") and c.value == "region"]
    if counted := next((c.last for c in heads if _COUNTS.match(scene.text, c.stop)), None):
        return counted
    numbers = {c.last for c in scene.tagged("number")} | {
        i + 1 for i, w in enumerate(scene.words) if w.folded.isdigit()
    }
    included = [c for c in scene.tagged("join") if c.value == "including"]
    return next((i.last for c in heads if c.first in numbers for i in included if 0 <= i.first - c.last <= 2), None)


def _lists_beside(mention: Mention, around: Sequence[Mention]) -> set[int]:
    """Numbers of a mention's own list and of those before and behind it, not counting units."""
    units = {m.group for m in around if m.kinds & UNITS} - {mention.group}
    lists = sorted({m.group for m in around} - units)
    at = lists.index(mention.group)
    return {*lists[max(0, at - 1) : at + 2], mention.group - 1, mention.group + 1}


def _possible(close: Iterable[Mention], mention: Mention, settling: _Settling) -> tuple[Place, ...]:
    """Every settlement that the names beside a mention may mean, as far as what is said of them leaves it open."""
    known = (settling.settled.get(m.start) for m in close if _spelling(m) != _spelling(mention))
    open_ = [c for r in known if r and r.decision == "low_margin" for c in r.candidates if not c.vetoed]
    best = max((c.score for c in open_), default=0.0)
    places = tuple(c.place for c in open_ if best - c.score < _AS_GOOD and c.place.kind in SETTLEMENTS)
    # Of a hundred places and fifty, some lie side by side by chance.
    return places if len(places) * len(mention.names) <= _MOST_PAIRS else ()


def _says_which(namesake: Mention, mention: Mention, roles: Mapping[int, object]) -> bool:
    """Whether what a name means elsewhere counts here: "Odesa oblast" says nothing of a bare "Odesa"."""
    wider = namesake.kinds & UNITS and not mention.kinds
    return namesake.start not in roles and not wider


def _helps(mention: Mention, other: Mention, scene: Scene) -> bool:
    inside = mention.relation in ("in", "of") and not mention.kinds & SETTLEMENTS
    return inside and any(a.start == mention.start for a in attachments(scene, other))


def _is_container(link: Link) -> bool:
    beside = link.mention.relation in ("near", "bearing")  # "near Sumy oblast" is not in it
    return link.place.kind in UNITS and not (beside and link.place.kind == "region")


def _is_next_clause(mention: Mention, link: Link, scene: Scene) -> bool:
    """ "Mykolaiv Russia could not take": a country that holds a place stands behind a comma or with "in"."""
    bare = link.place.kind == "country" and link.mention.relation == "none"
    return bare and not scene.text[mention.stop : link.mention.start].strip()


def _is_anchor(link: Link) -> bool:
    inside = link.mention.relation == "in" and link.place.kind in ("city", "town")  # "the village of X in Ramenskoye"
    return link.place.kind not in UNITS and (inside or link.mention.relation in ("near", "bearing", "from"))


def _links(mentions: Iterable[Mention], settled: Settled) -> list[Link]:
    return [Link(m, place, attached=False) for m in mentions if (place := place_of(m, settled))]


def _axes(around: Sequence[Mention], before: Sequence[Scene], settled: Settled) -> tuple[Link, ...]:
    """The directions that the sentence names, else the last that its paragraph named before."""
    for mentions in (around, *(scene.mentions[:_SENTENCE_REACH] for scene in before)):
        if axes := tuple(link for link in _links(mentions, settled) if link.place.kind == "axis"):
            return axes
    return ()


def _axes_of_grouping(mention: Mention, scenes: Sequence[Scene], gazetteer: Gazetteer) -> tuple[Link, ...]:
    """The directions on which the group of forces fights that the paragraph names: "the group of forces «West»"."""
    cue = next((c for s in scenes for c in s.tagged("grouping")), None)
    if cue is None:
        return ()
    text = next(s.text for s in scenes if cue in s.cues)[cue.start : cue.stop]
    named = replace(mention, start=cue.start, stop=cue.stop, text=text)
    return tuple(Link(named, axis, attached=False) for id_ in cue.value if (axis := gazetteer.get(id_)))


def _is_topic(mention: Mention, scene: Scene) -> bool:
    """Whether a unit stands before all that happened: "In Kherson oblast, three people were killed in X"."""
    return not any(c.first < mention.first for c in scene.tagged("event"))


def _comma_between(one: Mention, other: Mention, scene: Scene) -> bool:
    return "," in scene.text[min(one.stop, other.stop) : max(one.start, other.start)]


def _includes(unit: Mention, mention: Mention, scene: Scene) -> bool:
    """Whether a list of examples opens between: "villages of [Sumy] oblast, among them [A], [B]"."""
    inclusions = (c for c in scene.tagged("join") if c.value == "including")
    return any(unit.last <= c.first and c.last <= mention.first for c in inclusions)


def _leading_containers(
    mention: Mention, scene: Scene, around: Sequence[Mention], before: Sequence[Scene], settling: _Settling
) -> list[Link]:
    """Units named before, in the sentence or its paragraph: "In Kherson oblast, … in the village of X"."""
    helped = attached_to(scene)
    leading = [
        replace(link, leads=link.mention.start < mention.start)
        for link in _links(around, settling.settled)
        if link.place.kind in ("region", "raion")
        and link.mention.group != mention.group
        and not helped.get(link.mention.start, frozenset()) - {mention.group}
        and (
            _is_topic(link.mention, scene)
            or not _comma_between(link.mention, mention, scene)
            or _includes(link.mention, mention, scene)
        )
        and (link.mention.start < mention.start or link.mention.clause == mention.clause)
    ]
    for earlier in (scene, *before):
        for other in around if earlier is scene else earlier.mentions[:_SENTENCE_REACH]:
            if other.heading and (earlier is not scene or other.group != mention.group):
                leading += [Link(other, region, attached=False) for region in _regions_named(other, settling.gazetteer)]
            place = place_of(other, settling.settled)
            if earlier is not scene and other.kinds and place and place.kind in ("region", "raion"):
                leading.append(Link(other, place, attached=False))
    return leading


def _places(mentions: Iterable[Mention], settled: Settled) -> tuple[Place, ...]:
    return tuple({link.place.id: link.place for link in _links(mentions, settled)}.values())


def _document(number: int, scenes: Sequence[Scene], settling: _Settling) -> tuple[Place, ...]:
    """Places settled in the sentences around, not in this one."""
    around = (*scenes[max(0, number - _DOCUMENT_REACH) : number], *scenes[number + 1 : number + 1 + _DOCUMENT_REACH])
    mentions = (m for s in around for m in s.mentions if m.start not in settling.roles)
    return _places(mentions, settling.settled)
