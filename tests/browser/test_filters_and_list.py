"""Filters, search, stories and the list: what they show agrees with the table."""

import json
import re
from pathlib import Path

from geo.dataset.timeline import Filter, select
from tests.browsing import browsed, changed, counted, in_sight, settled, view

pytestmark = browsed


def test_stories_are_counted_as_stories_everywhere(opened):
    """In the header, under the time line, over a crowd on the map, and above the list."""
    page = opened("?stories=1&v=5/48.4/37.6")
    crowd = view(page, "view.describe({ spots: view.reports.table.spots.name.map((_, spot) => spot) }).textContent")

    assert re.search(r"and [\d,]+ other stories", crowd)
    assert " stories of " in page.locator(".fl-counts").inner_text()
    assert page.locator(".fl-number").inner_text().endswith(" stories")
    assert page.locator(".fl-panel-head h4").first.inner_text().endswith(" stories in view")


def test_the_list_is_used_with_the_keyboard(opened):
    """Arrows go through it, Enter opens a report, the map marks it."""
    page = opened()
    page.locator(".fl-row").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.fl-row[aria-current="true"][data-id="{wanted}"]')

    assert page.evaluate("document.activeElement.dataset.id") == wanted
    assert view(page, "view.selected") >= 0
    page.wait_for_function("(id) => new URL(location).searchParams.get('e') === id", arg=wanted)


def test_the_list_is_turned_leaf_by_leaf_with_the_keyboard(opened, dataset):
    """Page Down and Page Up; the first report of the leaf has the focus, and a screen reader is told which leaf it is."""
    page = opened("?v=4/48.5/37")
    settled(page)
    shown = counted(page)
    seen = page.evaluate("Array.from(document.querySelectorAll('.fl-row'), (row) => row.dataset.id)")
    page.locator(".fl-row").first.focus()
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.fl-turns').textContent.includes('51–100')")
    assert page.evaluate("document.activeElement === document.querySelector('.fl-row')")
    assert (
        page.locator(".fl-panel + .fl-unseen").text_content()
        == f"{shown} reports in view: 51–100 of {shown}, newest first"
    )
    later = page.evaluate("Array.from(document.querySelectorAll('.fl-row'), (row) => row.dataset.id)")
    assert set(seen).isdisjoint(later)

    page.keyboard.press("PageUp")
    page.wait_for_function("() => document.querySelector('.fl-turns').textContent.includes('1–50')")
    assert page.get_by_role("button", name="Newer").is_disabled()


def test_around_a_place_is_in_the_address(opened, dataset):
    """A place and so many kilometres: header, map and list hold the same; without a place the distance waits."""
    place = "donetsk.pokrovsk"
    page = opened(f"?place={place}&within=40")
    settled(page)

    wanted = select(dataset.events, Filter(places=(place,), within_km=40))
    assert counted(page) == len(wanted) > len(select(dataset.events, Filter(places=(place,))))
    assert "within=40" in page.url
    assert opened().get_by_label(re.compile("^and within")).is_disabled()


def test_filters_search_download_and_the_way_back(opened, dataset):
    """A filter keeps the view; the download holds what is shown; nothing found says so; reset brings all back."""
    page = opened("?v=7/48.5/37")
    place = in_sight(page)
    page.get_by_label("Search").fill("Pokrovsk")
    changed(page, lambda: page.keyboard.press("Enter"), ".fl-counts")
    settled(page)
    assert counted(page) == len(select(dataset.events, Filter(text="Pokrovsk")))
    assert in_sight(page) == place

    page.get_by_text(re.compile("^Download [0-9]+ reports")).click()
    with page.expect_download() as loading:
        page.get_by_role("button", name=re.compile("^GeoJSON: ")).click()
    features = json.loads(Path(loading.value.path()).read_text(encoding="utf-8"))["features"]
    assert {f["id"] for f in features} == set(select(dataset.events, Filter(text="Pokrovsk"))["id"])
    page.keyboard.press("Escape")

    page.get_by_label("Search").fill("no such words")
    changed(page, lambda: page.keyboard.press("Enter"), ".fl-counts")
    page.wait_for_selector(".fl-empty")
    assert view(page, "view.points.drawn.length") == 0
    changed(page, lambda: page.get_by_role("button", name="Reset filters").click(), ".fl-counts")
    settled(page)
    assert counted(page) == len(select(dataset.events, Filter()))
