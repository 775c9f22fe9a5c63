"""The command ``serve``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from geo.commands.console import (
    GazetteerOption,
    OnOption,
    PublicOption,
    RulingsOption,
    dataset_or_sample,
    print_lines,
    publishing,
)


def serve(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A built dataset (default: the sample data).")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,
    public: PublicOption = False,
    on: OnOption = None,
    rulings: RulingsOption = None,
    gazetteer: GazetteerOption = None,
) -> None:
    """Serve the map of a dataset on http://localhost:PORT; Ctrl-C ends it.

    With --public it shows what may be given out on the day that it was started; a newer build needs a new start.

    Examples: `frontline serve` · `frontline serve build/digests --port 9000 --headless`
    """
    from geo.view.serve import serve as serve_app

    with _shown(dataset_or_sample(folder), public, on, gazetteer) as shown:
        ended = serve_app(shown, port=port, headless=headless, gazetteer=gazetteer, rulings=rulings)
    raise typer.Exit(ended)


@contextmanager
def _shown(folder: Path, public: bool, on: str | None, gazetteer: Path | None) -> Iterator[Path]:
    """Give the folder of the dataset to show: itself, or for the moment one that holds what may be given out of it."""
    rules = publishing(public, on, gazetteer)
    if rules is None:
        yield folder
        return
    from geo.dataset.streaming import publish

    with TemporaryDirectory(prefix="frontline-public-") as temporary:
        told = publish(folder, Path(temporary), rules).provenance.publication
        print_lines([told["words"]] if told else [])
        yield Path(temporary)
