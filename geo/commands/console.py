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
EncodingOption = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="Encoding of the files; auto finds it for each.")
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="WHAT=NAME",
        help="A column of tables, if it has another name: text, title, published, outlet, url, language or id.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON (schema: data/README.md).")]
StrictOption = Annotated[bool, typer.Option("--strict", help="End with 1 if there are warnings.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="A built dataset (default: the sample data).")
]
RulingsOption = Annotated[
    Path | None,
    typer.Option("--rulings", metavar="FILE", help="Decisions of people (default: data/rulings.csv, if it is there)."),
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


def columns_named(given: list[str] | None) -> dict[str, str]:
    """Return the columns of tables that were named, by what they hold; raises ``WrongUse``."""
    from geo.text.rows import COLUMNS

    named = dict(each.partition("=")[::2] for each in given or ())
    for what, name in named.items():
        if what not in COLUMNS or not name:
            raise WrongUse(f"--column {what}={name}: write WHAT=NAME, where WHAT is one of {', '.join(COLUMNS)}")
    return named


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


def _own_size(item: Any) -> int:
    return getattr(item, "size", 1)


def progress(
    items: Iterable[Any],
    total: int,
    *,
    doing: str = "reading",
    of: str = "digests",
    size: Callable[[Any], int] = _own_size,
    long: int = 100,
) -> Iterator[Any]:
    """Show a bar with rate and remaining time on a terminal; elsewhere a line at every tenth of a ``long`` run.

    Each item counts as many as its ``size``, or as one; ``total`` is the sum of them.
    """
    if sys.stderr.isatty():
        yield from _with_bar(items, total, doing, of, size)
        return
    done, tenth = 0, max(1, total // 10)
    for item in items:
        yield item
        before, done = done, done + size(item)
        if total >= long and before // tenth != done // tenth:
            print(f"{done:,} of {total:,} {of}", file=sys.stderr, flush=True)


def _with_bar(items: Iterable[Any], total: int, doing: str, of: str, size: Callable[[Any], int]) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total, rate="")
        for item in items:
            yield item
            bar.update(task, advance=size(item))
            bar.update(task, rate=f"{bar.tasks[task].speed or 0:,.0f} {of}/s")


def writing_progress(batches: Iterable[Any], total: int) -> Iterator[Any]:
    """Show the same for reports that are written, a table of them at a time."""
    return progress(batches, total, doing="writing", of="reports", size=len, long=100_000)
