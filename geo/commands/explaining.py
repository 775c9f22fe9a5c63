"""The commands ``explain`` and ``where``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.commands.console import (
    ColumnOption,
    DataOption,
    EncodingOption,
    GazetteerOption,
    JsonOption,
    StrictOption,
    columns_named,
    dataset_or_sample,
    print_json,
    print_lines,
)
from geo.errors import WrongUse

if TYPE_CHECKING:
    from geo.text.inputs import Source


def explain(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A digest; - is stdin.")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="Id of a report in --data.")] = None,
    data: DataOption = None,
    gazetteer: GazetteerOption = None,
    encoding: EncodingOption = "auto",
    column: ColumnOption = None,
    digest: Annotated[str | None, typer.Option("--digest", metavar="ID", help="Which row, if FILE is a table.")] = None,
    rulings: Annotated[
        Path | None, typer.Option("--rulings", metavar="FILE", help="Show FILE after what people ruled.")
    ] = None,
    as_json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Show every sentence, mention, verdict and candidate, and the evidence that decided.

    Examples: `frontline explain today.txt` · `frontline explain --event ID --data build/digests`
    """
    if file is not None and event is None:
        source = _source(file, digest, encoding, columns_named(column))
        warnings = _explain_source(source, gazetteer, encoding, rulings, as_json)
        if strict and warnings:
            raise typer.Exit(1)
    elif event is not None and file is None:
        _explain_event(event, data, as_json)
    else:
        raise WrongUse("name either a FILE or --event ID; see `frontline explain --help`")


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
        print_json(rows)
    elif rows:
        print_lines(line for row in rows for line in _where_lines(row))
    else:
        print_lines([f"no place is called {name!r}; try another spelling, or add it: gazetteer/README.md"])


def _source(file: Path, digest: str | None, encoding: str, columns: Mapping[str, str]) -> "Source":
    from geo.errors import UnreadableInput
    from geo.text.inputs import find_inputs

    if file.is_dir():
        raise WrongUse(f"{file}: explain takes one file; build takes folders")
    inputs = find_inputs([file], encoding=encoding, columns=columns)
    found = [source for source in inputs.sources if digest in (None, source.id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongUse(f"{file}: {len(found):,} digests; name one with --digest, for example {found[0].id!r}")
    if digest is not None and inputs.sources:
        raise WrongUse(f"--digest {digest}: not in {file}; there is {inputs.sources[0].id!r}")
    raise UnreadableInput("; ".join(inputs.failures) or f"{file}: no digest there")


def _explain_source(
    source: "Source", gazetteer: Path | None, encoding: str, rulings: Path | None, as_json: bool
) -> tuple[str, ...]:
    """Print the reading of a digest and return what it warns of."""
    from geo.events import read
    from geo.explain import as_dict, lines
    from geo.reference.gazetteer import Gazetteer
    from geo.review.ruled import ruled
    from geo.review.rulings import NO_RULINGS, read_rulings
    from geo.text.inputs import read_source

    opened = Gazetteer.load(gazetteer)
    told = read_rulings(rulings) if rulings else NO_RULINGS
    reading = read(read_source(source, encoding), opened)
    reading = ruled(reading, told.on(reading.digest.text_sha256), opened)
    if as_json:
        print_json(as_dict(reading, opened))
    else:
        print_lines(lines(reading, opened))
    return (*opened.warnings, *reading.digest.warnings)


def _explain_event(event: str, data: Path | None, as_json: bool) -> None:
    from geo.dataset.store import load_dataset
    from geo.explain import stored_lines

    dataset = load_dataset(dataset_or_sample(data))
    report = dataset.events[dataset.events["id"] == event]
    if report.empty:
        raise WrongUse(f"--event {event}: no report has this id; ids stand in events.geojson")
    trace = dataset.mentions[dataset.mentions["report_id"] == event]
    record = {
        "report": _jsonable(report.drop(columns="geometry").to_dict("records")[0]),
        "mentions": _jsonable(trace.to_dict("records")),
    }
    if as_json:
        print_json(record)
    else:
        print_lines(stored_lines(record))


def _jsonable(value: Any) -> Any:
    """Turn table values into what JSON has: dates as ISO days, missing values as null."""
    if isinstance(value, dict):
        return {k: _jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return [_jsonable(v) for v in value] if isinstance(value, (list, tuple)) or value.ndim else value.tolist()
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


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
