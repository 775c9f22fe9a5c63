"""Start the server as a user does, on a machine that has no network beyond itself."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

# Loaded by the interpreter at its start: whoever is asked for beyond this machine is noted, and refused.
_NO_NETWORK = """
import ipaddress, os, socket

def refuse(host):
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("", "localhost", "None"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified:
            return
    except ValueError:
        pass
    with open(os.environ["REFUSED"], "a") as noted:
        noted.write(name + "\\n")
    raise OSError(f"this test has no network: {name}")

class Guarded(socket.socket):
    def connect(self, address):
        if isinstance(address, tuple):
            refuse(address[0])
        return super().connect(address)

    def connect_ex(self, address):
        if isinstance(address, tuple):
            refuse(address[0])
        return super().connect_ex(address)

looked_up = socket.getaddrinfo

def getaddrinfo(host, *others, **named):
    refuse(host)
    return looked_up(host, *others, **named)

socket.socket, socket.getaddrinfo = Guarded, getaddrinfo
"""


@dataclass
class Server:
    """A running server, its address, and where it notes what it was not allowed to ask."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    refused: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str) -> bytes:
        with urlopen(f"{self.url}/{path}") as answer:
            return answer.read()

    def asked(self) -> list[str]:
        """Hosts that the server tried to reach or to look up."""
        return self.refused.read_text().split() if self.refused.exists() else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*arguments: str | Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return a call of our command line and an environment without network and with an empty home."""
    (folder / "home").mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_NO_NETWORK)
    root = Path(__file__).parents[1]
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "REFUSED": str(folder / "refused.txt"),
        "PYTHONPATH": os.pathsep.join([str(folder), str(root)]),
    }
    return [sys.executable, "-m", "geo", *map(str, arguments)], environment


@contextmanager
def serving(dataset: Path, folder: Path) -> Iterator[Server]:
    """Serve a dataset from another folder until the block ends."""
    port = free_port()
    call, environment = command("serve", dataset, "--port", str(port), "--headless", folder=folder)
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(call, cwd=folder, env=environment, stdout=log, stderr=log, text=True)
        server = Server(process, port, folder / "home", folder / "refused.txt")
        try:
            _wait(server, folder / "log.txt")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _wait(server: Server, log: Path) -> None:
    for _ in range(300):
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended:\n{log.read_text()}")
        try:
            if server.get("_stcore/health") == b"ok":
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer:\n{log.read_text()}")
