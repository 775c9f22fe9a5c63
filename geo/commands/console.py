"""What the commands share: options, printing, a progress bar."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

GazetteerOption = Annotated[Path | None, typer.Option("--gazetteer", metavar="DIR", help="Another gazetteer folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON (schema: data/README.md).")]
StrictOption = Annotated[bool, typer.Option("--strict", help="End with 1 if there are warnings.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="A built dataset (default: the sample data).")
]


def dataset_or_sample(folder: Path | None) -> Path:
    """Return the folder of a dataset; without one, that of the sample dataset, built if need be."""
    if folder is not None:
        return folder
    from geo.build import sample_dataset

    return sample_dataset()


def print_lines(lines: Iterable[str]) -> None:
    """Print lines; what would move the cursor or turn the text around is shown, not sent."""
    from geo.explain import visible

    for line in lines:
        print(visible(line))


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def complain(message: str) -> None:
    """Say an error, on standard error."""
    from geo.explain import visible

    print(f"error: {visible(message)}", file=sys.stderr)


def progress(items: Iterable[Any], total: int, *, doing: str = "reading", of: str = "digests") -> Iterator[Any]:
    """Show a bar with rate and remaining time on a terminal; elsewhere a line at every tenth of a long run.

    Each item counts as many as its ``size``, or as one; ``total`` is the sum of them.
    """
    if sys.stderr.isatty():
        yield from _with_bar(items, total, doing, of)
        return
    done, tenth = 0, max(1, total // 10)
    for item in items:
        yield item
        before, done = done, done + getattr(item, "size", 1)
        if total >= 100 and before // tenth != done // tenth:
            print(f"{done:,} of {total:,} {of}", file=sys.stderr, flush=True)


def _with_bar(items: Iterable[Any], total: int, doing: str, of: str) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total, rate="")
        for item in items:
            yield item
            bar.update(task, advance=getattr(item, "size", 1))
            bar.update(task, rate=f"{bar.tasks[task].speed or 0:,.0f} {of}/s")
