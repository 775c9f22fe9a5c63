"""The command ``verify``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.commands.console import EncodingOption, JsonOption, StrictOption, complain, print_json, print_lines

if TYPE_CHECKING:
    from geo.dataset.verifying import Verification

_SHOWN = 20  # faults and unchecked digests that are printed; --json has them all


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A built dataset.")],
    digests: Annotated[
        list[Path] | None,
        typer.Option("--digests", metavar="PATH", help="Where the digests are that were read; may be repeated."),
    ] = None,
    encoding: EncodingOption = "auto",
    repair: Annotated[
        bool, typer.Option("--repair", help="Write stale copies (events.geojson, .parquet) anew.")
    ] = False,
    as_json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Hold every file of a dataset against its manifest, and every quote and mention against its text.

    Texts of plain files are not in the dataset: name them with `--digests`, as they were named for `build`.

    Example: `frontline verify build/digests --digests digests/`
    """
    from geo.dataset.verifying import verify as verified

    found = verified(folder, digests or [], encoding=encoding, repair=repair)
    if as_json:
        print_json(found.as_dict())
    else:
        print_lines(_lines(found))
        for fault in found.faults[:_SHOWN]:
            complain(f"{fault.where}: {fault.what}; {fault.todo}")
        if len(found.faults) > _SHOWN:
            complain(f"{len(found.faults) - _SHOWN:,} more; --json lists them all")
    if found.faults or (strict and (found.unchecked or found.warnings)):
        raise typer.Exit(1)


def _lines(found: "Verification") -> Iterator[str]:
    yield (
        f"checked: {found.files:,} files; {found.quotes:,} quotes and {found.mentions:,} mentions "
        f"in the texts of {found.digests:,} digests"
    )
    yield from (f"warning: {words}" for words in found.warnings)
    if found.unchecked:
        some = ", ".join(found.unchecked[:_SHOWN]) + (" …" if len(found.unchecked) > _SHOWN else "")
        yield f"warning: the texts of {len(found.unchecked):,} digests were not found, name them with --digests: {some}"
    yield from (f"written anew: {name}" for name in found.repaired)
    yield f"faults: {len(found.faults):,}" if found.faults else "no fault found"
