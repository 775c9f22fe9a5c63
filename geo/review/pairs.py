"""Rulings on pairs of reports of different digests, as what the joining of stories obeys.

Who says that A and B are one event and B and C, says it of A and C. What is ruled apart stays apart: a ruling that
would bring it together after all, over whatever detour, is not obeyed, and said.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.stories import Ruled
from geo.review.ruled import Unmet
from geo.review.rulings import Ruling, Spot

Reports = Mapping[Spot, str]  # the id of the report that is told at a mention


def reports_at(spots: Iterable[Spot], parts: Iterable[Mapping[str, pa.Table]]) -> Reports:
    """Return the report that is told at each of these mentions, if one is; ``parts`` hold the tables of digests."""
    wanted = set(spots)
    texts = pa.array(sorted({text for text, _, _ in wanted}), pa.string())
    found = {}
    for part in parts if wanted else ():
        digests = part["digests"].filter(pc.is_in(part["digests"]["text_sha256"], texts))
        text_of = dict(zip(digests["digest"].to_pylist(), digests["text_sha256"].to_pylist(), strict=True))
        mentions = part["mentions"].select(["digest", "start", "end", "report_id"])
        rows = mentions.filter(pc.is_in(mentions["digest"], pa.array(text_of, pa.string()))).to_pylist()
        found.update({(text_of[row["digest"]], row["start"], row["end"]): row["report_id"] for row in rows})
    return {spot: found[spot] for spot in wanted if found.get(spot)}


def ruled_pairs(rulings: Sequence[Ruling], reports: Reports) -> tuple[Ruled, list[Unmet]]:
    """Return what rulings on pairs (``Rulings.pairs``) say of reports, and those that cannot be obeyed."""
    unmet: list[Unmet] = []
    told = {ruling: ids for ruling in rulings if (ids := _both(ruling, reports, unmet))}
    apart = {ids: ruling for ruling, ids in told.items() if ruling.decision == "apart"}
    unit: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for ruling, ids in told.items():
        if ruling.decision != "same":
            continue
        together = set[str]().union(*(members.get(unit.get(each, each), {each}) for each in ids))
        if kept := next((other for pair, other in apart.items() if pair <= together), None):
            unmet.append(Unmet(ruling, f"“{kept.words}” by {kept.who} ({kept.when[:10]}) contradicts it"))
            continue
        first = min(together)
        members[first] = together
        unit.update(dict.fromkeys(together, first))
    others: dict[str, set[str]] = defaultdict(set)
    for one, other in (sorted(unit.get(each, each) for each in pair) for pair in apart):
        others[one].add(other)
        others[other].add(one)
    return Ruled(unit, others), unmet


def _both(ruling: Ruling, reports: Reports, unmet: list[Unmet]) -> frozenset[str] | None:
    """Return the ids of the two reports of a ruling."""
    ids = frozenset(reports[spot] for spot in ruling.pair if spot in reports)
    if len(ids) == 2:
        return ids
    unmet.append(Unmet(ruling, "no report is told at one of its two mentions"))
    return None
