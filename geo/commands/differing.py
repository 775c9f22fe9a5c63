"""The command ``diff``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from geo.commands.console import JsonOption, print_lines


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A dataset folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another build of it.")],
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a map of the differences, one file.")
    ] = None,
) -> None:
    """Say what became of the reports of one dataset in another, and why: digest, gazetteer, pack, ruling or code.

    Examples: `frontline diff build/monday build/tuesday` · `frontline diff build/old build/new --html changes.html`
    """
    from geo.dataset.differences import compare, json_pieces
    from geo.view.changes import lines

    found = compare(before, after)
    if html is not None:
        from geo.dataset.commit import write_file
        from geo.view.change_map import page_of

        write_file(html, [page_of(found)])
    if as_json:
        sys.stdout.writelines(json_pieces(found))
    else:
        print_lines(lines(found))
        print_lines([] if html is None else [f"map: {html}"])
