"""The commands ``explain`` and ``where``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.commands.console import (
    DataOption,
    GazetteerOption,
    JsonOption,
    StrictOption,
    dataset_or_sample,
    print_json,
    print_lines,
)
from geo.errors import WrongUse


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
