"""The command ``export``."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.commands.console import DataOption, dataset_or_sample, print_lines
from geo.errors import WrongUse


class Format(StrEnum):
    """Formats of ``export``."""

    geojson = "geojson"
    csv = "csv"


class By(StrEnum):
    """Which date a filter looks at."""

    event = "event"
    published = "published"


class Coarse(StrEnum):
    """What becomes of reports whose place is an area."""

    outline = "outline"
    point = "point"
    drop = "drop"


def export(
    to: Annotated[Format, typer.Option("--to", help="Format.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")],
    data: DataOption = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, as 2024-11-01.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day, included.")] = None,
    by: Annotated[By, typer.Option("--by", help="Which date counts.")] = By.event,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated.")] = None,
    place: Annotated[
        list[str] | None, typer.Option("--place", help="Only this place or oblast; may be repeated.")
    ] = None,
    actor_side: Annotated[list[str] | None, typer.Option("--actor-side", help="Only this side as actor.")] = None,
    claimant_side: Annotated[
        list[str] | None, typer.Option("--claimant-side", help="Only this side as claimant.")
    ] = None,
    coarse: Annotated[
        Coarse, typer.Option("--coarse", help="Areas as outline, as nominal point, or not at all.")
    ] = Coarse.outline,
    running_totals: Annotated[
        bool, typer.Option("--running-totals/--no-running-totals", help="With totals and standing states.")
    ] = True,
) -> None:
    """Write reports as GeoJSON, or as CSV with its notice beside it (FILE.notice.txt).

    Example: `frontline export --to geojson --data build/digests --from 2024-11-01 --until 2024-11-07 --kind capture
    --out week.geojson`
    """
    from geo.dataset.exports import csv_pieces, drawn_as, geojson_pieces, notice_text
    from geo.dataset.store import load_dataset, write_file
    from geo.dataset.timeline import Filter, select
    from geo.kinds import kinds

    unknown = sorted(set(kind or ()) - set(kinds()))
    if unknown:
        raise WrongUse(f"--kind {unknown[0]}: there is no such kind; kinds: {', '.join(kinds())}")
    chosen = Filter(
        since=_day(since, "--from"),
        until=_day(until, "--until"),
        by=by.value,
        kinds=tuple(kind or ()),
        places=tuple(place or ()),
        actor_sides=tuple(actor_side or ()),
        claimant_sides=tuple(claimant_side or ()),
        running_totals=running_totals,
    )
    dataset = load_dataset(dataset_or_sample(data))
    events = select(dataset.events, chosen)
    provenance, selection = dataset.manifest.provenance, chosen.as_dict()
    if to is Format.geojson:
        write_file(out, geojson_pieces(events, provenance, selection=selection, coarse=coarse.value))
    else:
        write_file(out, csv_pieces(events, coarse=coarse.value))
        notice = notice_text(events, provenance, selection=selection, coarse=coarse.value)
        write_file(out.with_name(out.name + ".notice.txt"), [notice.encode()])
    print_lines([f"{len(drawn_as(events, coarse.value))} reports: {out}"])


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(f"{option} {text}: this is no date; write it as 2024-11-01") from None
