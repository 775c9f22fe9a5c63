"""What the analyst chose stays chosen, however slow or broken off an answer of the server is."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browsing import browsed, counted, rested, watched

QUIET = 1.0  # seconds without an answer, after which none is awaited any more

pytestmark = browsed


class Line:
    """The connection of a page to its server: answers are held back, or widgets are lost from them."""

    def __init__(self) -> None:
        self.asked, self.answered = 0, time.monotonic()
        self.held: list[bytes | str] | None = None
        self.is_losing = False

    def join(self, browser: WebSocketRoute) -> None:
        self.browser, self.server = browser, browser.connect_to_server()
        browser.on_message(self.ask)
        self.server.on_message(self.answer)

    def ask(self, message: bytes | str) -> None:
        self.asked += 1
        self.server.send(message)

    def answer(self, message: bytes | str) -> None:
        self.answered = time.monotonic()
        if self.held is not None:
            self.held.append(message)
        else:
            self.browser.send(without_widgets(message) if self.is_losing else message)

    def release(self, page: Page) -> None:
        """Let through what was held, and wait until everything has been answered."""
        held, self.held = self.held, None
        for message in held or ():
            self.answer(message)
        while time.monotonic() < self.answered + QUIET:
            page.wait_for_timeout(100)


def without_widgets(message: bytes | str) -> bytes | str:
    """Return an answer without its filters: Streamlit drops what has not been sent when the next run begins."""
    told = ForwardMsg.FromString(message)
    if told.delta.new_element.WhichOneof("type") in ("multiselect", "date_input"):
        told.delta.new_element.empty.SetInParent()
    return told.SerializeToString()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def page(browser, line) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with watched(context) as page:
        page.route_web_socket("**/_stcore/stream", line.join)
        yield page
    context.close()


def told(page: Page, line: Line, action: Callable[[], object]) -> None:
    """Do something, and wait until the server has been told of it."""
    before = line.asked
    action()
    while line.asked == before:
        page.wait_for_timeout(50)


def zoom(page: Page) -> None:
    page.locator("#map_frontline").hover()
    page.mouse.wheel(0, -240)


def test_filters_stay_gone_if_the_map_is_moved_before_the_answer(server, page, line):
    """The browser still has the old filters when it tells of the map."""
    page.goto(f"{server.url}/?kind=shelling")
    rested(page)
    shown = counted(page)
    line.held = []
    told(page, line, page.get_by_role("button", name="Reset filters").click)
    told(page, line, lambda: zoom(page))
    line.release(page)

    assert "kind=" not in page.url
    assert counted(page) > shown


def test_the_window_stays_if_the_map_is_moved_before_the_answer(server, page, line):
    """The browser still has the old days in the date fields when it tells of the map."""
    page.goto(f"{server.url}/?mode=window&w=2024-11-10~2024-11-16")
    rested(page)
    page.locator(".fl-handle[data-end=until]").focus()
    line.held = []
    told(page, line, lambda: page.keyboard.press("ArrowRight"))
    told(page, line, lambda: zoom(page))
    line.release(page)

    assert "w=2024-11-10~2024-11-17" in page.url
    assert page.get_by_role("spinbutton", name="day, Until, included").inner_text() == "17"


def test_filters_of_the_address_stay_if_their_widgets_were_lost(server, page, line):
    """They come again with the next answer, and hold what the address holds."""
    line.is_losing = True
    page.goto(f"{server.url}/?kind=shelling&w=2024-11-10~2024-11-16")
    rested(page)
    shown = counted(page)
    line.is_losing = False
    for _ in range(2):  # the first run brings the widgets, the second hears what they hold
        told(page, line, lambda: zoom(page))
        line.release(page)

    assert "kind=shelling" in page.url
    assert counted(page) == shown
