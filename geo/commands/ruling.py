"""The command ``rule``: what is to be reviewed, what was ruled, and a ruling more."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.commands.console import (
    DataOption,
    GazetteerOption,
    JsonOption,
    RulingsOption,
    dataset_or_sample,
    print_json,
    print_lines,
)
from geo.errors import WrongUse

if TYPE_CHECKING:
    from geo.dataset.store import Dataset
    from geo.review.rulings import Ruling, Rulings

_NEXT = "it takes effect with the next `frontline build`"


def rule(
    target: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Id of a report, or DIGEST:START-END for a mention.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="The report is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is no report.")] = False,
    place: Annotated[str | None, typer.Option("--place", metavar="ID", help="It is at this place.")] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="DAY", help="2024-11-01, or FIRST/LAST.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="It is of this kind.")] = None,
    merge: Annotated[str | None, typer.Option("--merge", metavar="ID", help="This report is the same event.")] = None,
    same: Annotated[
        str | None, typer.Option("--same", metavar="ID", help="It tells the event of that report of another digest.")
    ] = None,
    apart: Annotated[
        str | None, typer.Option("--apart", metavar="ID", help="It tells another event than that report.")
    ] = None,
    split: Annotated[bool, typer.Option("--split", help="Its further sentences tell of other events.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take all rulings on it back.")] = False,
    why: Annotated[str, typer.Option("--why", help="The reason; it goes into the dataset.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who decides.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Only the rulings that find nothing any more.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Reports to list.")] = 20,
    data: DataOption = None,
    rulings: RulingsOption = None,
    gazetteer: GazetteerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the reports to review, least certain places first; show what was ruled about one; or rule.

    A ruling is one line more in the file of rulings; the next build applies it. To undo, rule again or withdraw.

    Examples: `frontline rule` · `frontline rule ID` · `frontline rule ID --reject --why "a weather report" --who Ana` ·
    `frontline rule ID --place donetsk.vuhledar --why "named two lines above" --who Ana`
    """
    from geo.dataset.store import load_dataset
    from geo.review.rulings import DEFAULT, read_rulings

    flags = {"accept": accept, "reject": reject, "split": split, "withdraw": withdraw}
    values = {"place": place, "date": date, "kind": kind, "merge": merge, "same": same, "apart": apart}
    decisions = [(d, "") for d, said in flags.items() if said] + [(d, v) for d, v in values.items() if v is not None]
    dataset = load_dataset(dataset_or_sample(data))
    if decisions:
        if target is None:
            raise WrongUse(f"--{decisions[0][0]} needs the report that it is about: frontline rule ID …")
        _append(rulings or DEFAULT, target, decisions, (who, why), dataset, gazetteer, as_json)
        return
    told = read_rulings(rulings)
    if target is not None:
        _show(target, told, dataset, as_json)
    else:
        _list(told, dataset, None if check else limit, as_json)
    if check and _lost(told, dataset):
        raise typer.Exit(1)


def _append(
    path: Path,
    target: str,
    decisions: list[tuple[str, str]],
    said_by: tuple[str, str],
    dataset: "Dataset",
    gazetteer: Path | None,
    as_json: bool,
) -> None:
    from geo.review.queue import spot_of
    from geo.review.rulings import PAIRED, append, ruling

    text, *span = spot_of(target, dataset)
    made = []
    for decision, value in decisions:
        if decision == "place":
            _known_place(value, gazetteer)
        if decision == "merge":
            value = _merged_span(value, text, dataset)
        if decision in PAIRED:
            value = _spot_of_other(decision, value, text, dataset)
        made.append(ruling(text, (span[0], span[1]), decision, value, who=said_by[0], why=said_by[1]))
    warnings = append(path, *made)
    if as_json:
        print_json({"file": str(path), "rulings": [asdict(r) for r in made], "warnings": warnings})
    else:
        print_lines([*(f"warning: {w}" for w in warnings), *(f"{path}: {r.words} ({_NEXT})" for r in made)])


def _known_place(place: str, gazetteer: Path | None) -> None:
    from geo.reference.gazetteer import Gazetteer

    if Gazetteer.load(gazetteer).get(place) is None:
        raise WrongUse(f"--place {place}: no place has this id; `frontline where NAME` gives the ids of a name")


def _merged_span(other: str, text: str, dataset: "Dataset") -> str:
    from geo.review.queue import spot_of

    theirs, start, end = spot_of(other, dataset)
    if theirs != text:
        remedy = f"say --same {other}: they are joined as a story, and each keeps its quote"
        raise WrongUse(f"--merge {other}: it is of another digest; {remedy}")
    return f"{start}-{end}"


def _spot_of_other(decision: str, other: str, text: str, dataset: "Dataset") -> str:
    from geo.review.queue import spot_of
    from geo.review.rulings import spot_words

    theirs = spot_of(other, dataset)
    if theirs[0] == text:
        remedy = {"same": "say --merge", "apart": "reports of one digest never are one story"}[decision]
        raise WrongUse(f"--{decision} {other}: it is of the same digest; {remedy}")
    return spot_words(theirs)


def _show(target: str, rulings: "Rulings", dataset: "Dataset", as_json: bool) -> None:
    from geo.review.queue import history, spot_of, spots_of

    found = dataset.events[dataset.events["id"] == target]
    spots = spots_of(found.iloc[0], dataset.mentions) if len(found) else [spot_of(target, dataset)]
    told = history(spots, rulings)
    if as_json:
        print_json([asdict(r) | {"counts": counts} for r, counts in told])
        return
    about = [f"{target}: {found.iloc[0]['summary']}", f"  {found.iloc[0]['quote']}"] if len(found) else [target]
    print_lines([*about, *(f"  {_line(r)}{'' if counts else ' (no longer counts)'}" for r, counts in told)])
    print_lines([] if told else ["  nothing was ruled about it"])


def _list(rulings: "Rulings", dataset: "Dataset", limit: int | None, as_json: bool) -> None:
    from geo.review.queue import queue

    waiting = queue(dataset.events, rulings)
    rows = waiting.head(limit or 0)[["id", "confidence", "summary", "quote"]]
    reports = [_row(row) for row in rows.to_dict("records")]
    lost = _lost(rulings, dataset)
    if as_json:
        gone = [asdict(r) | {"because": because} for r, because in lost]
        print_json({"queue": reports, "waiting": len(waiting), "lost": gone, "warnings": rulings.warnings})
        return
    print_lines(f"warning: {w}" for w in rulings.warnings)
    print_lines(line for row in reports for line in _lines(row))
    if limit is not None:
        print_lines([f"{len(reports)} of {len(waiting):,} reports that nobody ruled about"])
    print_lines(f"{_line(r)}: {because} ({r.digest[:12]}… {r.start}-{r.end})" for r, because in lost)
    print_lines([f"{len(rulings.history):,} rulings, {len(lost):,} that find nothing any more"])


def _lost(rulings: "Rulings", dataset: "Dataset") -> "list[tuple[Ruling, str]]":
    from geo.review.queue import lost

    return lost(rulings, dataset)


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    sure = row["confidence"]
    return {**row, "confidence": None if sure != sure else sure}


def _lines(row: dict[str, Any]) -> Iterator[str]:
    sure = "  ?  " if row["confidence"] is None else f"{row['confidence']:.3f}"
    yield f"{sure} {row['id']}: {row['summary']}"
    yield f"      {row['quote']}"


def _line(ruling: "Ruling") -> str:
    return f"{ruling.when} {ruling.words} by {ruling.who}: {ruling.why}"
