"""The commands for curators: ``suggest``, ``import``, ``activity``, ``check``."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.commands.console import GazetteerOption, JsonOption, dataset_or_sample, print_json, print_lines
from geo.errors import WrongUse


class Dump(StrEnum):
    """Public registers that ``import`` compares with."""

    geonames = "geonames"
    katottg = "katottg"


def suggest(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Names as a text spells them.")],
    near: Annotated[
        str | None,
        typer.Option("--near", metavar="PLACE", help="A place (id or name) close by: its oblast comes first."),
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="REGION", help="The oblast that comes first.")
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Then ask OpenStreetMap's geocoder, for rows of places_osm/.")
    ] = False,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="EMAIL", help="Who asks, for the geocoder (its usage policy).")
    ] = None,
    server: Annotated[
        str, typer.Option("--server", metavar="URL", help="Another Nominatim, such as your own.")
    ] = "https://nominatim.openstreetmap.org",
    gazetteer: GazetteerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Did you mean …: names of our own that are spelled alike. For curators; no mention is ever resolved by it.

    Without `--online` no network is used. With it, each answer is a CSV row, ready for `gazetteer/places_osm/`.

    Examples: `frontline suggest Kurahivka` · `frontline suggest "Yasna Polyana" --near Vuhledar --online`
    """
    from geo.curation.suggesting import place_called, region_called
    from geo.curation.suggesting import suggest as suggestions
    from geo.reference.gazetteer import Gazetteer

    opened = Gazetteer.load(gazetteer)
    beside = place_called(near, opened, "--near") if near else None
    within = region_called(region, opened, "--region") if region else None
    found = {name: suggestions(name, opened, near=beside, region=within) for name in names}
    answers: dict[str, list[tuple[str, str]]] = {name: [] for name in names}
    if online:
        answers = _asked(names, opened, beside or within, contact, server)
    if as_json:
        print_json([_suggested(name, found[name], answers[name], opened) for name in names])
    else:
        print_lines(line for name in names for line in _suggestion_lines(name, found[name], answers[name], opened))


def import_(
    source: Annotated[Dump, typer.Argument(metavar="geonames|katottg", help="What the file is.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A dump of GeoNames, or the register as CSV.")],
    region: Annotated[str | None, typer.Option("--region", metavar="ID", help="Only this region.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIFF", help="File for the diff.")] = None,
    gazetteer: GazetteerOption = None,
) -> None:
    """Compare a newer public dump with our rows: a diff of rows to add, to be reviewed; nothing existing is changed.

    Conflicts (moved, renamed, another category, gone) stand above the diff as lines that begin with `#`; `patch -p1`
    and `git apply` pass over them.

    Examples: `frontline import geonames UA.txt --region sumy --out new.diff` · `frontline import katottg katottg.csv`
    """
    from geo import kinds as event_kinds
    from geo.curation.curated import Curated
    from geo.curation.dumps import compare_geonames, compare_katottg, review
    from geo.dataset.commit import write_file
    from geo.paths import bundled

    curated = Curated(gazetteer or bundled("gazetteer"), event_kinds.FILE)
    if region and curated.places.get(region, {"kind": ""})["kind"] != "region":
        raise WrongUse(f"--region {region}: {curated.nearest(region)}; ids stand in gazetteer/regions.csv")
    compare = compare_geonames if source is Dump.geonames else compare_katottg
    found = compare(file, curated, region)
    lines = review(found, curated.folder)
    if out:
        write_file(out, (line.encode() for line in lines))
        print_lines([f"{found.counts()}: {out}"])
    else:
        print_lines(line.rstrip("\n") for line in lines)
        print(found.counts(), file=sys.stderr)


def activity(
    data: Annotated[
        Path | None, typer.Argument(metavar="DATASET", help="A built dataset; default the sample data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write instead of printing.")
    ] = None,
    gazetteer: GazetteerOption = None,
) -> None:
    """Count where the reports of a dataset lie, week by week: rows for gazetteer/activity.csv.

    A person reviews them; they help later builds to choose among places of one name. Never read a dataset's own
    digests again with rows that were counted from them.

    Example: `frontline activity build/digests --out activity.csv`
    """
    from geo.curation.activity import activity_rows
    from geo.dataset.commit import write_file
    from geo.dataset.store import load_dataset
    from geo.reference.gazetteer import Gazetteer

    rows = activity_rows(load_dataset(dataset_or_sample(data)).events, Gazetteer.load(gazetteer))
    if out:
        write_file(out, [rows.encode()])
        print_lines([f"written to {out}"])
    else:
        print_lines(rows.splitlines())


def check(
    gazetteer: GazetteerOption = None,
    tidy: Annotated[
        bool,
        typer.Option("--tidy", help="First save tables anew: sorted, plain commas and line ends. No cell changes."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check every promise about the curated data and list all problems at once.

    Examples: `frontline check --gazetteer gazetteer/` · `frontline check --tidy` after a spreadsheet has saved a table
    """
    from geo.curation.checks import check as problems_of
    from geo.paths import bundled

    folder = gazetteer or bundled("gazetteer")
    if tidy:
        _tidy(folder)
    problems = problems_of(folder)
    if as_json:
        print_json([{"file": str(p.file), "line": p.line, "what": p.what, "todo": p.todo} for p in problems])
    else:
        print_lines([*map(str, problems), f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}"])
    if problems:
        raise typer.Exit(1)


def _tidy(folder: Path) -> None:
    """Save each table anew that a spreadsheet or a hurried hand left in another form; say which."""
    from geo import kinds as event_kinds
    from geo.curation.curated import Curated, tidied
    from geo.dataset.commit import write_file

    for table in Curated(folder, event_kinds.FILE).tables:
        if table.whole and (text := tidied(table).encode()) != table.path.read_bytes():
            write_file(table.path, [text])
            print(f"saved anew: {table.path}", file=sys.stderr)


def _asked(names: list[str], gazetteer: Any, around: Any, contact: str | None, server: str) -> Any:
    """Return for each name what the geocoder knows, as (file, row) or ("", why there is no row)."""
    from geo import kinds as event_kinds
    from geo.curation.candidates import Candidates
    from geo.curation.curated import Curated
    from geo.curation.geocoding import ask, rows, user_agent

    agent = user_agent(contact)
    candidates = Candidates(Curated(gazetteer.folder, event_kinds.FILE))
    spot = (around.lat, around.lon) if around and around.lat is not None else None
    answers = ask(names, agent=agent, countries=candidates.country_codes(), around=spot, server=server)
    return {name: list(rows(answers[name], candidates)) for name in names}


def _suggested(name: str, found: Any, answers: Any, gazetteer: Any) -> dict[str, Any]:
    from geo.explain import place_row

    return {
        "name": name,
        "suggestions": [
            {**place_row(s.name, s.place, [], gazetteer), "alike": s.alike, "near_km": s.near_km} for s in found
        ],
        "online": [{"file": file or None, "row" if file else "why": text.rstrip("\n")} for file, text in answers],
    }


def _suggestion_lines(name: str, found: Any, answers: Any, gazetteer: Any) -> Iterator[str]:
    from geo.curation.geocoding import CREDIT

    yield f"{name}: did you mean" if found else f"{name}: nothing of ours is spelled like it"
    for suggestion in found:
        place = suggestion.place
        region, raion = gazetteer.region_of(place), gazetteer.get(place.raion) if place.raion else None
        units = (region.name if region and region is not place else None, raion and f"{raion.name} raion")
        at = ", ".join(unit for unit in units if unit)
        away = f"; {suggestion.near_km:g} km away" if suggestion.near_km is not None else ""
        alike = f"{suggestion.name.text}, {suggestion.alike:.0%} alike"
        yield f"    {place.id}: {place.name}, {place.kind}{f' in {at}' if at else ''}{away} ({alike})"
    if answers:
        yield f"  {CREDIT}; review, then add to the file:"
    for file, text in answers:
        yield f"    {file or 'no row'}: {text.rstrip()}"
