"""What a sentence says to have happened at a mention: its event word, who did it, with what, and to whom."""

from dataclasses import dataclass

from geo.languages.cues import Cue
from geo.model import Mention
from geo.reading.actors import actor_of
from geo.reading.people import People, people_at
from geo.reading.roles import unreal, unreal_between
from geo.text.mentions import Scene

# How readily an event word yields to another in the same clause: people killed *by* a strike are part of the strike.
_YIELDS = {"casualties": 18, "other": 22, "explosion": 3, "air_strike": 2, "ground_fighting": 3, "deployment": 3}
_WEAK = 4  # "attack" says less than "drone attack"
_BEHIND = 3  # an event word behind the name ("X was shelled") is a little less sure than one before it
_COMMA = 2  # "shelling of Kyiv, an advance in the east"
_BY_MEANS = {
    "drone": "air_strike",
    "missile": "air_strike",
    "glide_bomb": "air_strike",
    "aircraft": "air_strike",
    "artillery": "shelling",
    "mortar": "shelling",
}


@dataclass(frozen=True)
class Happening:
    """What happened, in the terms of the report."""

    kind: str
    cue: Cue
    action: str | None
    means: str | None
    outcome: str | None
    actor: str | None
    actor_side: str | None
    people: People
    running_total: bool


def happening_at(scene: Scene, mention: Mention) -> Happening | str | None:
    """Return what is said to have happened at a mention; the words that deny it; or None if there is no event word."""
    cues = _events_around(scene, mention)
    if not cues:
        return None
    denials = [unreal(scene, c) or unreal_between(scene, c, mention) for c in cues]
    real = [c for c, denial in zip(cues, denials, strict=True) if denial is None]
    if not real:
        return next(d for d in denials if d)
    cue = (
        real[0]
        if _named_behind(scene, real[0], mention)
        else min(real, key=lambda c: (_cost(c, mention, scene.text), c.first))
    )
    means = cue.value.get("means") or _means(scene, cue, mention)
    kind = cue.value["kind"]
    if cue.value.get("weak") or kind in ("explosion", "capture", "other"):
        kind = _told_by_means(scene, cue, mention, kind, means)
    if kind == "casualties":
        kind = _told_beside(scene, mention) or kind
    actor, side = actor_of(scene, cue)
    return Happening(
        kind=kind,
        cue=cue,
        action=cue.value.get("action"),
        means=means if kind in ("air_strike", "shelling", "explosion", "air_defence", "casualties") else None,
        outcome=cue.value.get("outcome") or _outcome(scene, cue, mention),
        actor=actor,
        actor_side=side,
        people=people_at(scene, mention),
        running_total=bool(scene.clause_cues(mention.clause, "running")),
    )


def _told_by_means(scene: Scene, cue: Cue, mention: Mention, kind: str, means: str | None) -> str:
    """People hurt by a drone are part of an air strike; "39 attacks near X" or on an axis are attacks on the ground."""
    if kind == "capture":  # a drone that "reached the outskirts" captures nothing
        return _BY_MEANS.get(means or "", kind) if cue.value.get("action") == "entered" else kind
    if kind == "other" and scene.is_over(mention) and (means in ("drone", "missile") or _counts_places(scene, cue)):
        return "air_defence"  # "destroyed 11 drones over Rostov oblast", "Eleven of them were destroyed over …"
    if kind == "other" and not cue.value.get("weak"):
        return kind
    if means is None and kind == "air_strike":
        counted_near = _counted(scene, cue) and mention.relation in ("near", "toward")
        fought_off = any(c.value in ("repelled", "failed") for c in scene.clause_cues(mention.clause, "outcome"))
        on_the_line = any("axis" in m.kinds for m in scene.mentions) or any(scene.tagged("grouping"))
        return "ground_fighting" if counted_near or fought_off or on_the_line else kind
    return _BY_MEANS.get(means or "", kind)


def _told_beside(scene: Scene, mention: Mention) -> str | None:
    """The kind of a strike that another clause tells of, with no place of its own: "ten died in X, where … was hit"."""
    elsewhere = {m.clause for m in scene.mentions if m.start != mention.start}
    strikes = [c for c in scene.tagged("event") if c.value["kind"] in ("air_strike", "shelling")]
    beside = (c for c in strikes if scene.clauses[c.first] not in elsewhere | {mention.clause})
    return next((c.value["kind"] for c in beside if unreal(scene, c) is None), None)


def _counts_places(scene: Scene, cue: Cue) -> bool:
    """Whether a number opens a sentence whose only event is that what it counts was destroyed."""
    opens = any(c.first <= 1 for c in scene.tagged("number")) or any(w.folded.isdigit() for w in scene.words[:2])
    return opens and all(c.value == cue.value for c in scene.tagged("event"))


def _counted(scene: Scene, cue: Cue) -> bool:
    """Whether a number stands right before the words: "39 attacks", "13 serangan"."""
    in_figures = cue.first > 0 and scene.words[cue.first - 1].folded.isdigit()
    return in_figures or any(c.last == cue.first for c in scene.tagged("number"))


def _events_around(scene: Scene, mention: Mention) -> list[Cue]:
    """Event words of the mention's clause, else of the clause before it (a list goes on behind semicolons)."""
    clause = mention.clause
    while not (events := scene.events(clause)) and clause > 0 and _opens_with_a_name(scene, clause):
        clause -= 1
    return events or _events_of_relative_clause(scene, mention)


def _events_of_relative_clause(scene: Scene, mention: Mention) -> list[Cue]:
    """ "In [Kryvyi Rih], which was struck the day before": what is said of the place right behind it."""
    opens = any(c.first == mention.last for c in scene.tagged("relative"))
    return scene.events(scene.clauses[mention.last]) if opens else []


def _opens_with_a_name(scene: Scene, clause: int) -> bool:
    first = next(i for i, c in enumerate(scene.clauses) if c == clause)
    return any(m.clause == clause and m.first - first <= 4 for m in scene.mentions)


def _named_behind(scene: Scene, event: Cue, mention: Mention) -> bool:
    """Whether a mention only names a place that the sentence before counts: "took two villages. They are [A] and …"."""
    naming = (c for c in scene.tagged("anaphora") if c.value == "naming")
    return any(event.last <= c.first and c.last <= mention.first for c in naming)


def _distance(cue: Cue, mention: Mention) -> int:
    return mention.first - cue.last if cue.last <= mention.first else cue.first - mention.last + _BEHIND


def _cost(cue: Cue, mention: Mention, text: str) -> int:
    weak = _WEAK if cue.value.get("weak") else 0
    apart = _COMMA if "," in text[min(cue.stop, mention.stop) : max(cue.start, mention.start)] else 0
    return _distance(cue, mention) + _YIELDS.get(cue.value["kind"], 0) + weak + apart


def _means(scene: Scene, event: Cue, mention: Mention) -> str | None:
    effects = ("casualties", "other")  # "under fire: a missile damaged a hotel"
    others = [c for c in scene.events(mention.clause) if c.first != event.first and c.value["kind"] not in effects]
    if event.value["kind"] == "air_defence":
        others = [c for c in others if c.value["kind"] != "air_strike"]  # "repelled a massive attack of drones"
    cues = [
        c
        for c in scene.clause_cues(mention.clause, "means")
        if all(_between(c, event) <= _between(c, other) for other in others)
        and not _of_another(scene, c, event, mention)
    ]
    return min(cues, key=lambda c: _between(c, event)).value if cues else None


def _of_another(scene: Scene, means: Cue, event: Cue, mention: Mention) -> bool:
    """Whether means stand with another place, behind a comma: "drones in [A], shelling of [B]"."""
    low, high = sorted((means, event), key=lambda c: c.first)
    other = next((m for m in scene.mentions if low.last <= m.first < high.first and m.group != mention.group), None)
    return other is not None and "," in scene.text[other.stop : high.start] and means is low


def _between(one: Cue, other: Cue) -> int:
    """Words between two cues; none if they overlap."""
    return max(0, other.first - one.last, one.first - other.last)


def _outcome(scene: Scene, event: Cue, mention: Mention) -> str | None:
    cues = scene.clause_cues(mention.clause, "outcome")
    return cues[0].value if cues and event.value["kind"] == "ground_fighting" else None
