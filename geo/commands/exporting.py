"""The command ``export``."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.commands.console import (
    DataOption,
    GazetteerOption,
    OnOption,
    PublicOption,
    dataset_or_sample,
    day,
    print_lines,
    publishing,
    writing_progress,
)
from geo.errors import WrongUse

if TYPE_CHECKING:
    from geo.dataset.formats.catalogue import Format
    from geo.dataset.outgoing import Export
    from geo.dataset.timeline import Filter


class To(StrEnum):
    """Formats of ``export``."""

    geojson = "geojson"
    geojsonseq = "geojsonseq"
    csv = "csv"
    kml = "kml"
    gpkg = "gpkg"
    parquet = "parquet"
    html = "html"
    acled = "acled"
    ucdp = "ucdp"
    viina = "viina"


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
    to: Annotated[To, typer.Option("--to", help="Format; acled, ucdp and viina are columns like theirs, as CSV.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")],
    data: DataOption = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, as 2024-11-01.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day, included.")] = None,
    by: Annotated[By, typer.Option("--by", help="Which date counts.")] = By.event,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated.")] = None,
    place: Annotated[
        list[str] | None, typer.Option("--place", help="Only this place or oblast; may be repeated.")
    ] = None,
    within: Annotated[
        float, typer.Option("--within", metavar="KM", min=0, help="What lies so near to a --place too.")
    ] = 0,
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
    stories: Annotated[
        bool, typer.Option("--stories/--reports", help="Of each story only its first report, or every report.")
    ] = False,
    public: PublicOption = False,
    on: OnOption = None,
    gazetteer: GazetteerOption = None,
) -> None:
    """Write reports as a file for other programs; where a format has no room for it, its notice is FILE.notice.txt.

    Example: `frontline export --to geojson --data build/digests --from 2024-11-01 --until 2024-11-07 --kind capture
    --out week.geojson`
    """
    from geo.dataset.commit import write_file
    from geo.dataset.streaming import export_from
    from geo.dataset.timeline import Filter
    from geo.kinds import SCHEMES
    from geo.reference.gazetteer import Gazetteer

    chosen = Filter(
        since=day(since, "--from"),
        until=day(until, "--until"),
        by=by.value,
        kinds=_kinds(kind or []),
        places=tuple(place or ()),
        within_km=within,
        actor_sides=tuple(actor_side or ()),
        claimant_sides=tuple(claimant_side or ()),
        running_totals=running_totals,
        stories=stories,
    )
    if within and not place:
        raise WrongUse(f"--within {within:g}: of what? name it by --place, as --place Pokrovsk --within {within:g}")
    if out.is_dir():
        raise WrongUse(f"--out {out}: this is a folder; name a file in it, as {out / f'reports.{to.value}'}")
    folder = dataset_or_sample(data)
    rules = publishing(public, on, gazetteer)
    written = _format(to, folder, gazetteer)
    made = export_from(
        folder,
        chosen,
        written,
        coarse=coarse.value,
        publishing=rules,
        gazetteer=Gazetteer.load(gazetteer) if to.value in SCHEMES else None,  # a report does not say its country
        progress=writing_progress,
    )
    write_file(out, written.pieces(made))
    if written.remarks is not None:
        from geo.dataset.formats.csv_rows import notice

        write_file(out.with_name(out.name + ".notice.txt"), [notice(made.says, *written.remarks)])
    _tell(made, to, out, chosen)


def _tell(made: "Export", to: To, out: Path, chosen: "Filter") -> None:
    """Say what was written, and what was not."""
    from geo.dataset.provenance import listed

    print_lines([f"{made.tally.reports} reports: {out}"])
    if made.left_out:
        print_lines([f"left out, as {to.value} has no counterpart: {listed(made.left_out)}"])
    if publication := made.says.get("publication"):
        print_lines([publication["words"]])
    if not made.tally.reports:
        print_lines([f"no report to write ({chosen.words()}): the file says so and holds none"])


def _format(to: To, folder: Path, gazetteer: Path | None) -> "Format":
    from geo.dataset.formats.catalogue import FORMATS, Format

    if to is not To.html:
        return FORMATS[to.value]

    def pieces(export: "Export") -> Any:
        from geo.dataset.store import load_digests  # only the page draws what days have a digest
        from geo.view import webpage

        return webpage.pieces(export, load_digests(folder), gazetteer)

    return Format(pieces)


def _kinds(wanted: list[str]) -> tuple[str, ...]:
    from geo.kinds import kinds

    unknown = sorted(set(wanted) - set(kinds()))
    if unknown:
        raise WrongUse(f"--kind {unknown[0]}: there is no such kind; kinds: {', '.join(kinds())}")
    return tuple(wanted)
