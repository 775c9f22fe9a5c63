"""What the analyst chose stays chosen, however slow or broken off an answer of the server is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geo.dataset.store import save_dataset
from tests.reports import make_gazetteer, make_readings
from tests.serving import Server, serving
from tests.test_browser import CHROMIUM, FLAGS, counted, rested, settled, watched

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: install Debian's, or name one in CHROMIUM"),
]


class Line:
    """The connection of a page to its server: answers can be held back, and widgets lost on the way."""

    def __init__(self) -> None:
        self.held: list[bytes | str] | None = None
        self.is_losing = False

    def join(self, page: WebSocketRoute) -> None:
        self.page, server = page, page.connect_to_server()
        server.on_message(self.answered)

    def answered(self, message: bytes | str) -> None:
        if self.held is not None:
            self.held.append(message)
        else:
            self.page.send(without_widgets(message) if self.is_losing else message)

    def hold(self) -> None:
        self.held = []

    def release(self) -> None:
        held, self.held = self.held, None
        for message in held or ():
            self.answered(message)


def without_widgets(message: bytes | str) -> bytes | str:
    """Return an answer in which a widget is missing, as Streamlit drops what it has not sent when the next run begins."""
    told = ForwardMsg.FromString(message)
    if told.delta.new_element.WhichOneof("type") in ("multiselect", "date_input"):
        told.delta.new_element.empty.SetInParent()
    return told.SerializeToString()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    save_dataset(folder / "reports", make_readings(300), gazetteer=make_gazetteer(folder / "gazetteer"))
    with serving(folder / "reports", folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


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


def zoom(page: Page) -> None:
    page.locator("#map_frontline").hover()
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(900)


def test_filters_stay_gone_if_the_map_is_moved_before_the_answer(server, page, line):
    page.goto(f"{server.url}/?kind=shelling")
    rested(page)
    shown = counted(page)
    line.hold()
    page.get_by_role("button", name="Reset filters").click()
    zoom(page)
    line.release()
    page.wait_for_timeout(2000)
    assert counted(page) > shown
    assert "kind=" not in page.url


def test_the_window_stays_if_the_map_is_moved_before_the_answer(server, page, line):
    page.goto(f"{server.url}/?mode=window&w=2024-11-10~2024-11-16")
    rested(page)
    settled(page)
    line.hold()
    page.locator(".fl-handle[data-end=until]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(900)
    zoom(page)
    line.release()
    page.wait_for_timeout(2000)
    settled(page)
    assert "w=2024-11-10~2024-11-17" in page.url.replace("%7E", "~")


def test_filters_of_the_address_stay_if_their_widgets_were_lost(server, page, line):
    line.is_losing = True
    page.goto(f"{server.url}/?kind=shelling&w=2024-11-10~2024-11-16")
    rested(page)
    shown = counted(page)
    line.is_losing = False
    zoom(page)
    page.wait_for_timeout(1000)
    zoom(page)
    page.wait_for_timeout(1000)
    assert counted(page) == shown
    assert "kind=shelling" in page.url
