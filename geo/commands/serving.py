"""The command ``serve``."""

from pathlib import Path
from typing import Annotated

import typer

from geo.commands.console import GazetteerOption, dataset_or_sample


def serve(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A built dataset (default: the sample data).")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,
    gazetteer: GazetteerOption = None,
) -> None:
    """Serve the map of a dataset on http://localhost:PORT; Ctrl-C ends it.

    Examples: `frontline serve` · `frontline serve build/digests --port 9000 --headless`
    """
    from geo.view.serve import serve as serve_app

    raise typer.Exit(serve_app(dataset_or_sample(folder), port=port, headless=headless, gazetteer=gazetteer))
