"""The command ``build``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.commands.console import (
    ColumnOption,
    EncodingOption,
    GazetteerOption,
    JsonOption,
    RulingsOption,
    StrictOption,
    columns_named,
    complain,
    print_json,
    print_lines,
    progress,
)


def build(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            help=".txt, .md, .html, .csv or .jsonl files, folders, - (stdin).",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the dataset.")],
    gazetteer: GazetteerOption = None,
    encoding: EncodingOption = "auto",
    column: ColumnOption = None,
    rulings: RulingsOption = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that read at once (default: one a processor, if many files).")
    ] = None,
    read_all: Annotated[
        bool, typer.Option("--all", help="Read every digest again, also those that nothing has changed for.")
    ] = False,
    as_json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Read digests and write a dataset: reports, every mention with its verdict, digests.

    Built again into the same folder, only what is new or changed is read; the result is the same as with `--all`.

    Examples: `frontline build digests/ --out build/digests` · `frontline build today.txt --out build/today --json` ·
    `frontline build posts.csv --column text=body --out build/posts` · `curl … | frontline build - --out build/page`
    """
    from geo.build import build as build_dataset
    from geo.reference.gazetteer import Gazetteer
    from geo.review.rulings import in_use
    from geo.workers import cores

    summary = build_dataset(
        paths,
        out,
        gazetteer=Gazetteer.load(gazetteer),
        encoding=encoding,
        columns=columns_named(column),
        rulings=in_use(rulings),
        jobs=jobs or cores(),
        read_all=read_all,
        progress=None if as_json else progress,
        waiting=lambda: print(f"another build is at work in {out}; waiting for it", file=sys.stderr, flush=True),
    )
    if as_json:
        print_json(summary.as_dict())
    else:
        print_lines(_summary_lines(summary.as_dict(), out))
    for failure in summary.failures:
        complain(failure)
    if summary.failures or (strict and summary.warnings):
        raise typer.Exit(1)


def _summary_lines(summary: dict[str, Any], out: Path) -> Iterator[str]:
    numbers = ("digests", "sentences", "mentions", "reports")
    kept = f" ({summary['read']:,} read, {summary['kept']:,} unchanged)" if summary["kept"] else ""
    yield ", ".join(f"{summary[n]:,} {n}{kept if n == 'digests' else ''}" for n in numbers)
    if summary["rejected"]:
        rejected = sorted(summary["rejected"].items(), key=lambda item: (-item[1], item[0]))
        yield "rejected mentions: " + ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in rejected)
    yield from (f"warning: {w}" for w in summary["warnings"])
    if summary["digests"] or not summary["failures"]:
        yield f"written to {out}"
