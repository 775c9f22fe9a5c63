"""`frontline serve`: it answers, asks nobody, writes nothing, and ends when it is told to."""

import asyncio
import gzip
import re
import signal
import socket
import subprocess
import time
import tomllib
from pathlib import Path
from urllib.error import HTTPError

import pytest
from starlette.requests import Request
from starlette.responses import Response

from geo.errors import UnreadableInput, WrongUse
from geo.view import offers, serve
from tests.reports import make_dataset
from tests.serving import command, free_port, serving


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return make_dataset(tmp_path_factory.mktemp("data") / "reports", 60).folder


@pytest.fixture(scope="module")
def server(dataset, tmp_path_factory):
    with serving(dataset, tmp_path_factory.mktemp("serve")) as running:
        yield running


def test_it_answers_and_says_where_it_is(server):
    """Health check, the page itself, and one line on the terminal."""
    assert server.get("_stcore/health") == b"ok"
    assert b"<html" in server.get("")
    log = (server.home.parent / "log.txt").read_text()
    assert log.splitlines() == [f"Frontline map: http://localhost:{server.port}  (Ctrl-C ends it)"]


def test_it_asks_no_other_host_and_writes_nothing(server):
    """No name is looked up, no connection tried; the home folder stays empty."""
    server.get("")

    assert server.asked() == []
    assert list(server.home.rglob("*")) == []


def test_a_file_that_nobody_offered_is_not_there(server):
    """Only what the page offered by its hash can be had: names are looked up, never paths."""
    with pytest.raises(HTTPError) as refused:
        server.get("frontline/nothing.js")

    with refused.value as answer:
        assert answer.code == 404


def connected(page: socket.socket, host: str) -> bool:
    """Whether a page that thinks it is on ``host`` gets its connection."""
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    page.sendall(f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\n{upgrade}{key}\r\n".encode())
    return b" 101 " in page.recv(100)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(dataset, tmp_path, number):
    """Ctrl-C and SIGTERM: exit code 0 within a few seconds, also while a page is connected."""
    with serving(dataset, tmp_path) as running, socket.create_connection(("127.0.0.1", running.port)) as page:
        assert connected(page, "localhost")
        begun = time.monotonic()
        running.process.send_signal(number)

        assert running.process.wait(10) == 0
        assert time.monotonic() - begun < 6
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


def test_a_port_in_use_is_named(dataset):
    """The message says which port, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(WrongUse, match=f"port {port} is in use; choose another with --port"):
            serve.serve(dataset, port=port)


def test_a_folder_without_a_dataset_is_refused_at_once(tmp_path):
    """Not only when the first visitor comes."""
    with pytest.raises(UnreadableInput, match="no dataset can be read here"):
        serve.serve(tmp_path, port=free_port())


def test_a_folder_that_is_no_gazetteer_is_refused_at_once(dataset, tmp_path):
    """With what is missing there."""
    with pytest.raises(UnreadableInput, match=r"this is no gazetteer \(it has no regions.csv\)"):
        serve.serve(dataset, port=free_port(), gazetteer=tmp_path)


def test_the_command_says_so_in_one_line(tmp_path):
    """Exit code 1 and the message, no traceback."""
    call, environment = command("serve", tmp_path / "nothing", "--headless", folder=tmp_path)
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "no dataset can be read here" in re.sub(r"\s+", " ", done.stderr + done.stdout)
    assert "Traceback" not in done.stderr


@pytest.fixture
def offering():
    with offers.taken():
        yield


@pytest.mark.usefixtures("offering")
def test_what_is_offered_is_named_by_its_content():
    """The same bytes have the same address, others another: a browser may keep them for good."""
    packed = gzip.compress(b"columns", mtime=0)
    address = offers.offer("columns.bin", packed, "application/octet-stream")

    assert re.fullmatch(r"frontline/columns-[0-9a-f]{16}\.bin", address)
    assert offers.offer("columns.bin", packed, "application/octet-stream") == address
    assert offers.offer("columns.bin", packed + b"x", "application/octet-stream") != address


def test_without_our_server_nothing_is_offered():
    """`streamlit run app.py` has no routes of ours: the page then carries its files inline."""
    assert offers.offer("columns.bin", b"", "application/octet-stream") is None
    assert offers.offer_text("map.js", "", "text/javascript") is None


@pytest.mark.usefixtures("offering")
def test_files_come_packed_and_may_be_kept():
    """Gzipped once, immutable, with an ETag; who has it already is told so."""
    address = offers.offer_text("map.js", "let x = 1;", "text/javascript")
    answer = asked(address)

    assert gzip.decompress(answer.body) == b"let x = 1;"
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert asked(address, answer.headers["etag"]).status_code == 304
    assert asked("frontline/other.js").status_code == 404


def asked(address: str, etag: str = "") -> Response:
    """Return what the route answers to a browser that has the file of this tag, if any."""
    headers = [(b"if-none-match", etag.encode())] if etag else []
    name = address.removeprefix("frontline/")
    return asyncio.run(serve._answer(Request({"type": "http", "headers": headers, "path_params": {"name": name}})))


def test_the_checkout_has_the_same_theme():
    """`streamlit run app.py` takes it from .streamlit/config.toml, `frontline serve` sets it itself."""
    path = Path(__file__).parents[1] / ".streamlit" / "config.toml"
    config = tomllib.loads(path.read_text(encoding="utf-8"))
    theme = {f"theme.{name}": value for name, value in config["theme"].items() if not isinstance(value, dict)}
    theme |= {f"theme.{mode}.{name}": v for mode in ("light", "dark") for name, v in config["theme"][mode].items()}

    assert theme == {name: value for name, value in serve.OPTIONS.items() if name.startswith("theme.")}
    rest = {f"{part}.{name}": value for part in config if part != "theme" for name, value in config[part].items()}
    assert rest.items() <= serve.OPTIONS.items()


def test_another_host_is_not_answered(server):
    """A page of another name that points here (DNS rebinding) gets no connection."""
    for host, answered in (("localhost", True), ("127.0.0.1", True), ("evil.example", False)):
        with socket.create_connection(("127.0.0.1", server.port)) as page:
            assert connected(page, host) is answered
