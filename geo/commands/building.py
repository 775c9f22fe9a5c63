"""The command ``build``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.commands.console import GazetteerOption, JsonOption, StrictOption, complain, print_json, print_lines, progress


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
        progress=None if as_json else progress,
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
    yield ", ".join(f"{summary[n]:,} {n}" for n in numbers)
    if summary["rejected"]:
        rejected = sorted(summary["rejected"].items(), key=lambda item: (-item[1], item[0]))
        yield "rejected mentions: " + ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in rejected)
    yield from (f"warning: {w}" for w in summary["warnings"])
    if summary["digests"] or not summary["failures"]:
        yield f"written to {out}"
