"""What is to be reviewed: the reports of a dataset, the least certain places first, and what was ruled about each."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.dataset.store import Dataset
from geo.errors import WrongUse
from geo.review.rulings import REJECTED, Ruling, Rulings, Spot, in_effect

TARGET = "the id of a report, or DIGEST:START-END for a mention"


def queue(events: pd.DataFrame, rulings: Rulings, *, also_ruled: bool = False) -> pd.DataFrame:
    """Return the reports that nobody ruled about, the lowest confidence first, then by id."""
    if not also_ruled:
        settled = {(r.digest, r.start, r.end) for text in rulings.texts() for r in rulings.on(text)}
        spots = zip(events["text_sha256"], events["mention_start"], events["mention_end"], strict=True)
        events = events[[spot not in settled for spot in spots]]
    return events.sort_values(["confidence", "id"], na_position="last")


def spots_of(report: Mapping[str, Any], mentions: pd.DataFrame) -> list[Spot]:
    """Return where a report may be ruled about: its mentions, that of its quote first."""
    own = (int(report["mention_start"]), int(report["mention_end"]))
    rows = mentions[mentions["report_id"] == report["id"]]
    spans = [own, *zip(rows["start"].astype(int), rows["end"].astype(int), strict=True)]
    return [(str(report["text_sha256"]), *span) for span in dict.fromkeys(spans)]


def history(spots: Iterable[Spot], rulings: Rulings) -> list[tuple[Ruling, bool]]:
    """Return every ruling at these spots, oldest first, and whether it counts; of a pair, one end is enough."""
    wanted = set(spots)
    here = [r for r in rulings.history if wanted & r.pair]
    counting = {id(r) for text in {r.digest for r in here} for r in in_effect(x for x in here if x.digest == text)}
    counting |= set(map(id, rulings.pairs()))
    return [(ruling, id(ruling) in counting) for ruling in here]


def spot_of(target: str, dataset: Dataset) -> Spot:
    """Return where a target stands: the id of a report, or ``DIGEST:START-END``; raises ``WrongUse`` if it is none."""
    found = dataset.events[dataset.events["id"] == target]
    if len(found):
        row = found.iloc[0]
        return str(row["text_sha256"]), int(row["mention_start"]), int(row["mention_end"])
    digest, _, span = target.rpartition(":")
    start, _, end = span.partition("-")
    texts = dict(zip(dataset.digests["digest"], dataset.digests["text_sha256"], strict=True))
    if digest in texts and start.isdecimal() and end.isdecimal():
        return texts[digest], int(start), int(end)
    raise WrongUse(f"{target}: no report has this id in {dataset.folder}; name {TARGET}")


def lost(rulings: Rulings, dataset: Dataset) -> list[tuple[Ruling, str]]:
    """Return the rulings that count but find nothing to rule about in a dataset, and what is missing."""
    digests = dataset.digests[["digest", "text_sha256"]]
    named = {text: set(group["digest"]) for text, group in digests.groupby("text_sha256")}
    table = dataset.table("mentions").select(["digest", "start", "end", "verdict", "report_id"])
    told = {text for ruling in rulings.history for text, _, _ in ruling.pair}
    wanted = [digest for text in told for digest in named.get(text, ())]
    spans = {
        (row["digest"], row["start"], row["end"]): row["report_id"] or row["verdict"] == REJECTED
        for row in table.filter(pc.is_in(table["digest"], pa.array(wanted, pa.string()))).to_pylist()
    }
    counting = [*(r for text in rulings.texts() for r in rulings.on(text)), *rulings.pairs()]
    missing = ((r, _missing(spot, named, spans)) for r in counting for spot in sorted(r.pair))
    return list({id(r): (r, why) for r, why in missing if why}.values())


def _missing(spot: Spot, named: Mapping[str, set[str]], spans: Mapping[Spot, Any]) -> str:
    text, *span = spot
    if text not in named:
        return "no digest has this text any more"
    here = [spans.get((digest, span[0], span[1])) for digest in named[text]]
    if all(found is None for found in here):
        return "no place is named there any more"
    return "" if any(here) else "no report is told there"
