"""A page in a real browser, used by keyboard and mouse, on a machine that has no network beyond itself."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [f"--{flag}" for flag in ("no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync")]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]  # no other host can be reached; asking is a fault
OWN = re.compile(r"(https?|ws)://localhost[:/]|data:|blob:|file:")

Opened = Callable[..., Page]  # opens the page at an address, in a context of its own if told how that is

browsed = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: install Debian's, or name one in CHROMIUM"),
]

# The symbol with most reports that stands well inside the map: where it is on the screen, and its rows.
BUSIEST = """(view) => {
    const middle = view.map.getSize().divideBy(2);
    const place = (mark) => view.map.layerPointToContainerPoint([mark.x, mark.y]);
    const inside = (mark) => !mark.ring && place(mark).distanceTo(middle) < 200;
    const mark = view.points.drawn.filter(inside).sort((a, b) => b.count - a.count)[0];
    const box = view.map.getContainer().getBoundingClientRect();
    return { x: box.x + place(mark).x, y: box.y + place(mark).y, rows: view.reports.rowsAt(mark.spots) };
}"""


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A page that fails on every foreign request, dialog, warning and error."""
    faults: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: None if OWN.match(request.url) else faults.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    yield page
    assert page.evaluate("window.hacked") is None
    page.close()
    assert faults == []


def view(page: Page, script: str):
    """Evaluate with ``view``, the map's own object."""
    return page.evaluate(
        f"() => {{ const view = document.getElementById('map_frontline').frontline; return {script}; }}"
    )


def rested(page: Page) -> None:
    """Wait until the map has told Python where it is, and the list has followed: that run would close an open list."""
    page.wait_for_selector("[data-ready=yes]", timeout=30_000)
    page.wait_for_selector('.fl-panel-head h4:text-matches("in view|видимій|tampilan")')


def settled(page: Page) -> None:
    """Wait until header and timeline say the same number: Python has heard of the window."""
    page.wait_for_function(
        """() => {
            const [header] = document.querySelector(".fl-counts").textContent.split(" of ");
            const [timeline] = document.querySelector(".fl-number").textContent.split(" ");
            return header === timeline;
        }""",
        timeout=10_000,
    )


def counted(page: Page) -> int:
    return int(page.locator(".fl-counts").inner_text().split(" of ")[0].replace(",", ""))


def in_sight(page: Page) -> tuple:
    """Zoom and edges of the map.  Its middle is not among them: Leaflet rounds it to a pixel once the page is resized."""
    place = view(page, "view.place()")
    return tuple(place[name] for name in ("zoom", "south", "west", "north", "east"))


def title(page: Page) -> str:
    return page.locator(".fl-card h3 bdi").first.inner_text()


def changed(page: Page, action: Callable[[], object], selector: str) -> float:
    """Do something and return how many seconds pass until the text of an element is another."""
    before = page.locator(selector).first.inner_text()
    begun = time.monotonic()
    action()
    page.wait_for_function(
        "([selector, before]) => document.querySelector(selector)?.innerText !== before", arg=[selector, before]
    )
    return time.monotonic() - begun


def panel(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).first.click()
