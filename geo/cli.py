"""The command ``frontline``: build, explain, where, export, serve; for curators suggest, import, check.

Exit codes: 0 done, also with warnings (``--strict`` makes them 1); 1 an input could not be read or curated data is
broken; 2 wrong use.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from geo.errors import GeoError, WrongUse

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="From a news digest to an honest map: dated, attributed, quoted reports of a war. "
    "Nothing here verifies claims.",
)

GazetteerOption = Annotated[Path | None, typer.Option("--gazetteer", metavar="DIR", help="Another gazetteer folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON (schema: data/README.md).")]
StrictOption = Annotated[bool, typer.Option("--strict", help="End with 1 if there are warnings.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="A built dataset (default: the sample data).")
]


class Format(StrEnum):
    """Formats of ``export``."""

    geojson = "geojson"
    csv = "csv"


class Dump(StrEnum):
    """Public registers that ``import`` compares with."""

    geonames = "geonames"
    katottg = "katottg"


class By(StrEnum):
    """Which date a filter looks at."""

    event = "event"
    published = "published"


class Coarse(StrEnum):
    """What becomes of reports whose place is an area."""

    outline = "outline"
    point = "point"
    drop = "drop"


class _Quiet(FileIO):
    """Standard output that falls silent once nobody reads it (``frontline where X | head -1``): no error of ours."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def main() -> None:
    """Run the command line."""
    if (out := sys.stdout) is sys.__stdout__ and out is not None:
        quiet = BufferedWriter(_Quiet(out.fileno(), "w", closefd=False))
        sys.stdout = TextIOWrapper(quiet, out.encoding, out.errors, line_buffering=out.isatty())
    try:
        app(prog_name="frontline")
    except WrongUse as error:
        _fail(error, 2)
    except GeoError as error:
        _fail(error, 1)


@app.command()
def build(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Digests: .txt or .md files, and folders of them.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the dataset.")],
    gazetteer: GazetteerOption = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the files.")] = "utf-8",
    jobs: Annotated[int, typer.Option(min=1, help="Processes that read at once.")] = 1,
    as_json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Read digests and write a dataset: reports, every mention with its verdict, digests.

    Examples: `frontline build digests/ --out build/digests` · `frontline build today.txt --out build/today --json`
    """
    from geo.build import build as build_dataset
    from geo.reference.gazetteer import Gazetteer

    summary = build_dataset(
        paths,
        out,
        gazetteer=Gazetteer.load(gazetteer),
        encoding=encoding,
        jobs=jobs,
        progress=None if as_json else _progress,
    )
    if as_json:
        _print_json(summary.as_dict())
    else:
        _print_lines(_summary_lines(summary.as_dict(), out))
    for failure in summary.failures:
        _complain(failure)
    if summary.failures or (strict and summary.warnings):
        raise typer.Exit(1)


@app.command()
def explain(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A digest.")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="Id of a report in --data.")] = None,
    data: DataOption = None,
    gazetteer: GazetteerOption = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the file.")] = "utf-8",
    as_json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Show every sentence, mention, verdict and candidate, and the evidence that decided.

    Examples: `frontline explain today.txt` · `frontline explain --event ID --data build/digests`
    """
    if file is not None and event is None:
        warnings = _explain_file(file, gazetteer, encoding, as_json)
        if strict and warnings:
            raise typer.Exit(1)
    elif event is not None and file is None:
        _explain_event(event, data, as_json)
    else:
        raise WrongUse("name either a FILE or --event ID; see `frontline explain --help`")


@app.command()
def where(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any spelling.")],
    gazetteer: GazetteerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every place of a name: in which language, how the spelling came about, from which source.

    Examples: `frontline where Vugledar` · `frontline where "Ясна Поляна" --json`
    """
    from geo.explain import where as places_named
    from geo.reference.gazetteer import Gazetteer

    rows = places_named(name, Gazetteer.load(gazetteer))
    if as_json:
        _print_json(rows)
    elif rows:
        _print_lines(line for row in rows for line in _where_lines(row))
    else:
        _print_lines([f"no place is called {name!r}; try another spelling, or add it: gazetteer/README.md"])


@app.command()
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
        _print_json([_suggested(name, found[name], answers[name], opened) for name in names])
    else:
        _print_lines(line for name in names for line in _suggestion_lines(name, found[name], answers[name], opened))


@app.command(name="import")
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
    from geo.dataset.store import write_file
    from geo.paths import bundled

    curated = Curated(gazetteer or bundled("gazetteer"), event_kinds.FILE)
    if region and curated.places.get(region, {"kind": ""})["kind"] != "region":
        raise WrongUse(f"--region {region}: {curated.nearest(region)}; ids stand in gazetteer/regions.csv")
    compare = compare_geonames if source is Dump.geonames else compare_katottg
    found = compare(file, curated, region)
    lines = review(found, curated.folder)
    if out:
        write_file(out, (line.encode() for line in lines))
        _print_lines([f"{found.counts()}: {out}"])
    else:
        _print_lines(line.rstrip("\n") for line in lines)
        print(found.counts(), file=sys.stderr)


@app.command()
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
    from geo.dataset.store import load_dataset, write_file
    from geo.reference.gazetteer import Gazetteer

    rows = activity_rows(load_dataset(_dataset(data)).events, Gazetteer.load(gazetteer))
    if out:
        write_file(out, [rows.encode()])
        _print_lines([f"written to {out}"])
    else:
        _print_lines(rows.splitlines())


@app.command()
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
    dataset = load_dataset(_dataset(data))
    events = select(dataset.events, chosen)
    provenance, selection = dataset.manifest.provenance, chosen.as_dict()
    if to is Format.geojson:
        write_file(out, geojson_pieces(events, provenance, selection=selection, coarse=coarse.value))
    else:
        write_file(out, csv_pieces(events, coarse=coarse.value))
        notice = notice_text(events, provenance, selection=selection, coarse=coarse.value)
        write_file(out.with_name(out.name + ".notice.txt"), [notice.encode()])
    _print_lines([f"{len(drawn_as(events, coarse.value))} reports: {out}"])


@app.command()
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
        _print_json([{"file": str(p.file), "line": p.line, "what": p.what, "todo": p.todo} for p in problems])
    else:
        _print_lines([*map(str, problems), f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}"])
    if problems:
        raise typer.Exit(1)


@app.command()
def serve(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A built dataset (default: the sample data).")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,
    gazetteer: GazetteerOption = None,
) -> None:
    """Serve the map of a dataset on http://localhost:PORT; Ctrl-C ends it.

    Examples: `frontline serve` · `frontline serve build/digests --port 9000 --headless`
    """
    from geo.view.serve import serve as serve_app

    raise typer.Exit(serve_app(_dataset(folder), port=port, headless=headless, gazetteer=gazetteer))


# --- small helpers ---------------------------------------------------------------------------------------------------


def _dataset(folder: Path | None) -> Path:
    if folder is not None:
        return folder
    from geo.build import sample_dataset

    return sample_dataset()


def _reading(file: Path, gazetteer: Any, encoding: str) -> Any:
    from geo.errors import UnreadableInput
    from geo.events import read
    from geo.text.digests import read_digest
    from geo.text.inputs import find_inputs

    inputs = find_inputs([file])
    if inputs.failures or not inputs.sources:
        raise UnreadableInput("; ".join(inputs.failures) or f"{file}: no digest there")
    if len(inputs.sources) > 1 or file.is_dir():
        raise WrongUse(f"{file}: explain takes one file; build takes folders")
    source = inputs.sources[0]
    return read(read_digest(source.path, metadata=source.metadata, digest_id=source.id, encoding=encoding), gazetteer)


def _explain_file(file: Path, gazetteer: Path | None, encoding: str, as_json: bool) -> tuple[str, ...]:
    """Print the reading of a digest and return what it warns of."""
    from geo.explain import as_dict, lines
    from geo.reference.gazetteer import Gazetteer

    opened = Gazetteer.load(gazetteer)
    reading = _reading(file, opened, encoding)
    if as_json:
        _print_json(as_dict(reading, opened))
    else:
        _print_lines(lines(reading, opened))
    return (*opened.warnings, *reading.digest.warnings)


def _explain_event(event: str, data: Path | None, as_json: bool) -> None:
    from geo.dataset.store import load_dataset
    from geo.explain import stored_lines

    dataset = load_dataset(_dataset(data))
    report = dataset.events[dataset.events["id"] == event]
    if report.empty:
        raise WrongUse(f"--event {event}: no report has this id; ids stand in events.geojson")
    trace = dataset.mentions[dataset.mentions["report_id"] == event]
    record = {
        "report": _jsonable(report.drop(columns="geometry").to_dict("records")[0]),
        "mentions": _jsonable(trace.to_dict("records")),
    }
    if as_json:
        _print_json(record)
    else:
        _print_lines(stored_lines(record))


def _jsonable(value: Any) -> Any:
    """Turn table values into what JSON has: dates as ISO days, missing values as null."""
    if isinstance(value, dict):
        return {k: _jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return [_jsonable(v) for v in value] if isinstance(value, (list, tuple)) or value.ndim else value.tolist()
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(f"{option} {text}: this is no date; write it as 2024-11-01") from None


def _summary_lines(summary: dict[str, Any], out: Path) -> Iterator[str]:
    numbers = ("digests", "sentences", "mentions", "reports")
    yield ", ".join(f"{summary[n]:,} {n}" for n in numbers)
    if summary["rejected"]:
        rejected = sorted(summary["rejected"].items(), key=lambda item: (-item[1], item[0]))
        yield "rejected mentions: " + ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in rejected)
    yield from (f"warning: {w}" for w in summary["warnings"])
    if summary["digests"] or not summary["failures"]:
        yield f"written to {out}"


def _where_lines(row: dict[str, Any]) -> Iterator[str]:
    raion = f"{row['raion']} raion" if row["raion"] else None
    region = row["region"] if row["kind"] != "region" else None
    at = ", ".join(unit for unit in (region, raion, row["country"]) if unit)
    spot = "no position"
    if row["lat"] is not None:
        known_by = f"{row['position']}, ±{row['accuracy_km']:g} km, {row['place_source']}"
        spot = f"{row['lat']:.4f} {row['lon']:.4f} ({known_by})"
    near = f"; {row['nearest_town_km']:g} km from {row['nearest_town']}" if row["nearest_town"] else ""
    local = f" ({row['name_local']})" if row["name_local"] else ""
    yield f"{row['place_id']}: {row['name']}{local}, {row['kind']}{f' in {at}' if at else ''}; {spot}{near}"
    yield f"    {row['spelling']} [{row['language']}]: {row['how']}; source {row['name_source']}"


def _tidy(folder: Path) -> None:
    """Save each table anew that a spreadsheet or a hurried hand left in another form; say which."""
    from geo import kinds as event_kinds
    from geo.curation.curated import Curated, tidied
    from geo.dataset.store import write_file

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


def _progress(items: Iterable[Any], total: int) -> Iterator[Any]:
    """Show a bar on a terminal; elsewhere a line at every tenth of a long run."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from track(items, description="reading", total=total, console=Console(stderr=True), transient=True)
        return
    for number, item in enumerate(items, 1):
        yield item
        if total >= 100 and number % (total // 10) == 0:
            print(f"read {number:,} of {total:,} digests", file=sys.stderr, flush=True)


def _print_lines(lines: Iterable[str]) -> None:
    from geo.explain import visible

    for line in lines:
        print(visible(line))


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _complain(message: str) -> None:
    from geo.explain import visible

    print(f"error: {visible(message)}", file=sys.stderr)


def _fail(error: GeoError, code: int) -> NoReturn:
    _complain(str(error))
    sys.exit(code)
