"""Serve the page: Streamlit's server, with a route for what `geo.view.offers` holds.  Nothing is written."""

import errno
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import GeoError, WrongUse
from geo.paths import bundled
from geo.view import maps, offers, opening, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

ADDRESS = "127.0.0.1"
SHUTDOWN_SECONDS = 2  # open pages are cut off after this

# Every option is set here, so that no file on the machine decides how the page is served.
OPTIONS: dict[str, Any] = {
    "server.address": ADDRESS,  # without it, Streamlit asks an outside host for its own address
    "server.allowedHosts": ["localhost", ADDRESS],
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.showEmailPrompt": False,
    "server.enableStaticServing": False,
    "global.minCachedMessageSize": 1000,  # what has not changed is not sent again
    "browser.gatherUsageStats": False,
    "runner.magicEnabled": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "logger.level": "warning",
    "logger.hideWelcomeMessage": True,
    "global.developmentMode": False,
    "theme.light.primaryColor": "#2e5a61",
    "theme.light.linkColor": "#2e5a61",
    "theme.light.backgroundColor": "#fdfcfa",
    "theme.light.secondaryBackgroundColor": "#f1eee8",
    "theme.light.textColor": "#23272b",
    "theme.dark.primaryColor": "#6fa3aa",
    "theme.dark.linkColor": "#8fbcc2",
    "theme.dark.backgroundColor": "#14181c",
    "theme.dark.secondaryBackgroundColor": "#20262b",
    "theme.dark.textColor": "#e8e6e1",
    "theme.baseRadius": "6px",
    "theme.baseFontSize": 15,
    "theme.paddingTop": "1rem",
    "theme.paddingBottom": "1rem",
}


def serve(
    dataset: Path,
    port: int = 8501,
    headless: bool = False,
    gazetteer: Path | None = None,
    rulings: Path | None = None,
) -> int:
    """Show the page of a dataset until Ctrl-C or SIGTERM, then return 0.

    Base map, place names and words for regions come from ``gazetteer``, or else from the one that comes with the
    package. What the review view decides is added to ``rulings``, or else to ``data/rulings.csv``.

    Raises ``UnreadableInput`` if there is no dataset or no gazetteer and ``WrongUse`` if the port cannot be had.
    """
    from geo.dataset.manifest import read_manifest

    read_manifest(dataset)
    page.gazetteer_folder(gazetteer)
    with _bound(port) as listener:
        _run(dataset.resolve(), _resolved(gazetteer), _resolved(rulings), listener, headless)
    return 0


def _resolved(path: Path | None) -> Path | None:
    return path.resolve() if path else None


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
            listener.listen(128)
        except OverflowError as error:
            raise WrongUse(f"port {port}: a port is a number from 0 to 65535") from error
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
            raise WrongUse(f"port {port} {reason}; choose another with --port") from error
        listener.setblocking(False)
        yield listener


def _run(dataset: Path, gazetteer: Path | None, rulings: Path | None, listener: socket.socket, headless: bool) -> None:
    import uvicorn
    from starlette.routing import Route
    from streamlit.starlette import App
    from streamlit.web import bootstrap

    script = bundled("app.py")
    if not script.is_file():
        raise GeoError(f"{script}: missing; install frontline-map again")
    # As `streamlit run app.py -- DIR GAZETTEER RULINGS` does.
    sys.argv = [str(script), *(str(path or "") for path in (dataset, gazetteer, rulings))]
    port = listener.getsockname()[1]
    app = App(
        script, routes=[Route(f"/{offers.ROUTE}/{{name}}", _answer)], lifespan=lambda _: _announced(port, headless)
    )
    bootstrap.load_config_options({**OPTIONS, "server.port": port, "server.headless": headless})
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=SHUTDOWN_SECONDS
    )
    with offers.taken(), _signals_taken():
        maps.components()  # the first visitor need not wait for these,
        opening.opened(dataset, page.version(dataset), gazetteer)  # nor for the reports
        uvicorn.Server(config).run(sockets=[listener])


def _announced(port: int, headless: bool) -> Any:
    """Return a context in which the server runs: it says where the page is, and opens it unless headless."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def running() -> Any:
        address = f"http://localhost:{port}"
        print(f"Frontline map: {address}  (Ctrl-C ends it)", flush=True)
        if not headless:
            from streamlit import cli_util

            cli_util.open_browser(address)
        yield {}

    return running()


@contextmanager
def _signals_taken() -> Iterator[None]:
    """Let uvicorn stop in order: it raises the signal once more when it is done, which must not kill us then."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _answer(request: "Request") -> "Response":
    from starlette.responses import Response

    name = request.path_params["name"]
    offered = offers.offered(name)
    if offered is None:
        return Response("There is no such file; reload the page.", status_code=404, media_type="text/plain")
    etag = f'"{name}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(offered.packed, media_type=offered.media_type, headers={**headers, "Content-Encoding": "gzip"})
