"""What the commands share: options, printing, a progress bar."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import WrongUse

if TYPE_CHECKING:
    from geo.dataset.streaming import Publishing

GazetteerOption = Annotated[Path | None, typer.Option("--gazetteer", metavar="DIR", help="Another gazetteer folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON (schema: data/README.md).")]
StrictOption = Annotated[bool, typer.Option("--strict", help="End with 1 if there are warnings.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="A built dataset (default: the sample data).")
]
PublicOption = Annotated[
    bool, typer.Option("--public", help="Only what the rules of publication in theatre.toml allow.")
]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Day of publication, for --public (default: today).")
]


def dataset_or_sample(folder: Path | None) -> Path:
    """Return the folder of a dataset; without one, that of the sample dataset, built if need be."""
    if folder is not None:
        return folder
    from geo.build import sample_dataset

    return sample_dataset()


def day(text: str | None, option: str) -> date | None:
    """Return the day that an option names; raises ``WrongUse`` if it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(f"{option} {text}: this is no date; write it as 2024-11-01") from None


def publishing(public: bool, on: str | None, gazetteer: Path | None) -> "Publishing | None":
    """Return the rules of publication with the day that they count from, or None if nobody asked for them.

    Here alone a clock counts: what is too young depends on the day. What is given out says which day it was.
    """
    if not public:
        if on:
            raise WrongUse("--on is the day of publication; it goes with --public")
        return None
    from geo.dataset.streaming import Publishing
    from geo.reference.gazetteer import Gazetteer
    from geo.reference.publication import rules_of

    opened = Gazetteer.load(gazetteer)
    return Publishing(rules_of(opened), day(on, "--on") or date.today(), opened)


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


def progress(items: Iterable[Any], total: int) -> Iterator[Any]:
    """Show a bar on a terminal; elsewhere a line at every tenth of a long run."""
    return _progress(items, total, "reading", "read", "digests", lambda _: 1, 100)


def writing_progress(batches: Iterable[Any], total: int) -> Iterator[Any]:
    """Show the same for reports that are written, a table of them at a time."""
    return _progress(batches, total, "writing", "written", "reports", len, 100_000)


def _progress(
    items: Iterable[Any], total: int, doing: str, done: str, what: str, size: Callable[[Any], int], long: int
) -> Iterator[Any]:
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(doing, total=total)
            for item in items:
                yield item
                bar.advance(task, size(item))
        return
    number, step = 0, max(1, total // 10)
    for item in items:
        yield item
        before, number = number, number + size(item)
        if total >= long and number // step > before // step:
            print(f"{done} {number:,} of {total:,} {what}", file=sys.stderr, flush=True)
