"""Print how an analyst gets to an answer: `python tests/benchmarks/map/walk.py [--data DIR]`.

The question: find all reports around Kurakhove in November, see who claimed each, open two quotes, and take the GeoJSON
into a GIS. A real chromium does it, by mouse and keyboard alone; counted are clicks, keys and seconds of each step.
Without DIR it is asked of the sample digests.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT)]

from geo.build import sample_dataset  # noqa: E402
from tests.serving import serving  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PLACE, FIRST, LAST = "Kurakhove", "2024-11-01", "2024-11-30"
WALK_SECONDS = 180

# Counts what a hand does; scripts that set values would not be counted.
COUNTER = """
window.hand = { clicks: 0, keys: 0 };
addEventListener("pointerdown", () => window.hand.clicks++, true);
addEventListener("keydown", () => window.hand.keys++, true);
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, help="a dataset folder (default: the sample digests)")
    data = arguments.parse_args().data or sample_dataset()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(data, Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.add_init_script(COUNTER)
        walk(context.new_page(), server.url, Path(folder) / "reports.geojson")
        browser.close()


def walk(page: Page, url: str, file: Path) -> None:
    """Take the walk and print it; raises ``AssertionError`` where the page does not answer."""
    print("| step | clicks | keys | seconds |\n|---|---|---|---|")
    found: dict[str, int] = {}
    begun = time.monotonic()
    for name, step in (
        ("open the page", lambda: opened(page, url)),
        (f"search “{PLACE}”", lambda: searched(page)),
        ("the days of November", lambda: dated(page)),
        ("who claimed each: read the list", lambda: found.update(read(page))),
        ("open two quotes", lambda: quoted(page)),
        ("download the GeoJSON", lambda: downloaded(page, file)),
    ):
        report(page, name, step)
    seconds = time.monotonic() - begun
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    table = geopandas.read_file(file)  # GDAL reads it, as QGIS does
    assert len(features) == len(table) == found["reports"]
    assert all(FIRST <= str(day)[:10] <= LAST for day in table["date"])
    assert seconds < WALK_SECONDS
    print(
        f"\n{found['reports']} reports, {found['claimed']} of them claimed by a named source; {seconds:.0f} s in all."
    )


def report(page: Page, name: str, step: Callable[[], object]) -> None:
    def hand() -> dict[str, int]:
        return page.evaluate("window.hand || { clicks: 0, keys: 0 }")

    before, begun = hand(), time.monotonic()
    step()
    now = hand()
    took = time.monotonic() - begun
    print(f"| {name} | {now['clicks'] - before['clicks']} | {now['keys'] - before['keys']} | {took:.1f} |", flush=True)


def opened(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("[data-ready=yes]", timeout=60_000)
    page.wait_for_selector(".fl-row")


def searched(page: Page) -> None:
    before = page.locator(".fl-counts").inner_text()
    page.get_by_label("Search").click()
    page.keyboard.type(PLACE)
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => document.querySelector('.fl-counts').innerText !== before", arg=before)


def dated(page: Page) -> None:
    """Draw the window on the timeline: from the first of the month to its last day."""
    page.get_by_role("button", name="Window", exact=True).click()
    handle = page.get_by_role("slider", name="Last day")
    handle.focus()
    page.keyboard.press("End")
    while handle.get_attribute("aria-valuetext") > LAST:
        page.keyboard.press("ArrowLeft")
    page.get_by_role("slider", name="First day").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(f"w=~?{FIRST if FIRST in page.url else ''}.*{LAST}"))
    page.locator(".fl-fit").click()
    page.wait_for_timeout(600)


def read(page: Page) -> dict[str, int]:
    who = page.locator(".fl-row-what bdi").all_inner_texts()
    assert who, "nothing is listed"
    shown = int(page.locator(".fl-counts").inner_text().split(" of ")[0].replace(",", ""))
    return {"reports": shown, "claimed": sum(1 for words in who if words != "No source named")}


def quoted(page: Page) -> None:
    for row in (0, 1):
        wanted = page.locator(".fl-row").nth(row)
        report_id = wanted.get_attribute("data-id")
        wanted.click()
        page.wait_for_selector(f'.fl-row[aria-current="true"][data-id="{report_id}"]')
        assert page.locator(".fl-card blockquote").first.inner_text()


def downloaded(page: Page, file: Path) -> None:
    page.get_by_text(re.compile("^Download [0-9]+ report")).click()
    with page.expect_download() as loading:
        page.get_by_role("button", name=re.compile("^GeoJSON: ")).click()
    loading.value.save_as(file)


if __name__ == "__main__":
    main()
