"""The rules of publication: ``[publication]`` of a gazetteer's ``theatre.toml``, the same for every party."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import BrokenCuratedData
from geo.kinds import kinds
from geo.reference.gazetteer import Gazetteer

FINEST = ("district", "region")  # what a kind may be limited to


@dataclass(frozen=True, slots=True)
class Rules:
    """What ``[publication]`` says."""

    minimum_age_days: int
    finest: Mapping[str, str]  # kind: the finest precision given out


def rules_of(gazetteer: Gazetteer) -> Rules:
    """Return the rules of a gazetteer; raises ``BrokenCuratedData`` if there are none, or none that make sense."""
    told = gazetteer.theatre.get("publication")
    path = gazetteer.folder / "theatre.toml"
    if told is None:
        problem = "there is no [publication], so nothing says what may be given out"
        raise BrokenCuratedData(f"{path}: {problem}; write minimum_age_days = 3 and [publication.finest] (README)")
    for what, todo in problems(told):
        raise BrokenCuratedData(f"{path}: {what}; {todo}")
    return Rules(told["minimum_age_days"], dict(told.get("finest", {})))


def problems(told: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a table ``[publication]`` and what to do, for ``rules_of`` and ``frontline check``."""
    if not isinstance(told, dict):
        return [("[publication] is no table", "write it as [publication]")]
    unknown = sorted(set(told) - {"minimum_age_days", "finest"})
    found = [
        (f"[publication] knows no {name!r}", "write minimum_age_days and [publication.finest]") for name in unknown
    ]
    age = told.get("minimum_age_days")
    if not isinstance(age, int) or isinstance(age, bool) or age < 0:
        found.append((f"minimum_age_days is {age!r}", "write a whole number of days, 0 or more"))
    finest = told.get("finest", {})
    if not isinstance(finest, dict):
        return [*found, ("publication.finest is no table", 'write it as [publication.finest], then kind = "district"')]
    for kind, precision in finest.items():
        if kind not in kinds():
            found.append((f"publication.finest names the kind {kind!r}", f"kinds: {', '.join(kinds())}"))
        if precision not in FINEST:
            found.append((f"the finest precision of {kind!r} is {precision!r}", f"choose one of {', '.join(FINEST)}"))
    return found
