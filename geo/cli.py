"""The command ``frontline``: its list of commands, each a function of ``geo.commands``.

Exit codes: 0 done, also with warnings (``--strict`` makes them 1); 1 an input could not be read or curated data is
broken; 2 wrong use.
"""

import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Any

import typer

from geo.commands.building import build
from geo.commands.console import complain
from geo.commands.curating import activity, check, import_, suggest
from geo.commands.differing import diff
from geo.commands.explaining import explain, where
from geo.commands.exporting import export
from geo.commands.ruling import rule
from geo.commands.serving import serve
from geo.commands.verifying import verify
from geo.errors import GeoError, WrongUse

COMMANDS = (build, explain, where, suggest, import_, activity, export, diff, rule, check, serve, verify)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="From a news digest to an honest map: dated, attributed, quoted reports of a war. "
    "Nothing here verifies claims.",
)
for command in COMMANDS:
    app.command(name=command.__name__.rstrip("_"))(command)


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
        complain(str(error))
        sys.exit(2)
    except GeoError as error:
        complain(str(error))
        sys.exit(1)
