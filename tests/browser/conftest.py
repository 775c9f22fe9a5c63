"""What the tests in a browser share: a thousand reports, a server of them, a browser, and pages that are opened in it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from geo.dataset.store import Dataset, load_dataset, save_dataset
from tests.browsing import CHROMIUM, FLAGS, Opened, rested, watched
from tests.reports import HOSTILE, make_gazetteer, make_readings
from tests.serving import Server, serving


@pytest.fixture(scope="session")
def dataset(tmp_path_factory) -> Dataset:
    """A thousand reports; what digests may hold is in quotes, outlets, sources and links."""
    folder = tmp_path_factory.mktemp("data")
    readings = []
    for number, reading in enumerate(make_readings(1000)):
        hostile = HOSTILE[number % len(HOSTILE)].replace("alert(", "window.hacked = (")
        changes = {"outlet": hostile, "url": "javascript:window.hacked=1"} if number % 7 == 0 else {}
        reports = [replace(r, **changes, claimant=hostile if number % 5 == 0 else r.claimant) for r in reading.reports]
        readings.append(replace(reading, reports=tuple(reports)))
    save_dataset(folder / "reports", readings, gazetteer=make_gazetteer(folder / "gazetteer"))
    return load_dataset(folder / "reports")


@pytest.fixture(scope="session")
def server(dataset, tmp_path_factory) -> Iterator[Server]:
    with serving(dataset.folder, tmp_path_factory.mktemp("serve")) as running:
        yield running
        assert running.asked() == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def desk(browser) -> Iterator[BrowserContext]:
    """A screen of the usual size, shared by its pages, so that scripts are loaded once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def opened(server, browser, desk) -> Iterator[Opened]:
    """Open the page at an address and wait for its map."""
    with ExitStack() as stack:

        def opened(query: str = "", **options) -> Page:
            context = stack.enter_context(browser.new_context(**options)) if options else desk
            page = stack.enter_context(watched(context))
            page.goto(f"{server.url}/{query}")
            rested(page)
            return page

        yield opened
