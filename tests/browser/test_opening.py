"""The page as it opens: for each reader, at each address, for each dataset."""

import re

from geo.dataset.store import load_dataset, save_dataset
from geo.dataset.timeline import Filter, select
from tests.browsing import browsed, changed, counted, in_sight, rested, settled, title, view, watched
from tests.reports import HOSTILE, make_gazetteer, make_readings
from tests.serving import serving

pytestmark = browsed


def test_the_page_opens_with_map_list_and_card(opened, dataset):
    """Fitted to the reports, everything in the window, a quote to read without a click; sources always in sight."""
    page = opened()
    settled(page)

    assert counted(page) == len(select(dataset.events, Filter()))
    assert page.locator(".fl-card mark").is_visible()
    assert page.evaluate("document.querySelector('.fl-card blockquote').getBoundingClientRect().bottom") < 700
    assert "Not verified" in page.locator(".leaflet-control-attribution").inner_text()
    assert "Made with Natural Earth" in page.locator(".fl-credits").inner_text()
    assert view(page, "view.points.drawn.length") > 10
    assert page.locator(".fl-row").count() == 50


def test_an_address_brings_the_page_back(opened):
    """Filters, window, view, colours and the selected report, on another visit."""
    page = opened("?kind=air_strike&kind=capture&mode=window&w=2024-11-05~2024-11-20&v=8/48.2/37.3&colour=claimant")
    settled(page)
    wanted = page.locator(".fl-row").nth(3).get_attribute("data-id")
    page.locator(".fl-row").nth(3).click()
    page.wait_for_selector(f'.fl-row[aria-current="true"][data-id="{wanted}"]')
    page.wait_for_function("(id) => new URL(location).searchParams.get('e') === id", arg=wanted)
    before = (page.locator(".fl-counts").inner_text(), title(page), in_sight(page))
    page.reload()
    rested(page)
    settled(page)

    assert (page.locator(".fl-counts").inner_text(), title(page), in_sight(page)) == before
    assert view(page, "view.colour") == "claimant"
    assert page.locator(".fl-colour").input_value() == "claimant"


def test_whatever_digests_hold_is_shown_as_text(opened, dataset):
    """Markup in quotes, outlets, sources and links is read, not run; the list and the card show it as it stands."""
    events = dataset.events[~dataset.events["running_total"]]
    scripted = events[events["quote"].str.contains("<script>", regex=False)].iloc[0]
    page = opened(f"?e={scripted['id']}")
    assert page.locator(".fl-card blockquote").first.inner_text() == scripted["quote"]
    assert page.locator(".fl-card script, .fl-panel script, .fl-card img").count() == 0

    outlet = events[events["outlet"].isin([h.replace("alert(", "window.hacked = (") for h in HOSTILE])].iloc[0]
    page.goto(f"{page.url.split('?')[0]}?e={outlet['id']}")
    rested(page)
    assert page.locator('.fl-card a[href^="javascript"]').count() == 0
    page.get_by_text("More filters").click()
    page.wait_for_timeout(1000)  # it unfolds slowly, and scrolling closes a list that is open
    page.get_by_label("Outlet").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.get_by_label("Outlet").click()
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option] script, [role=option] a, [role=option] img").count() == 0


def test_files_are_loaded_once_and_kept(opened, server):
    """Data and scripts come packed, by names made of their content, and are not asked for again."""
    page = opened()
    names = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    ours = sorted(re.sub(r"-[0-9a-f]{16}\.", ".", name.split("/")[-1]) for name in names if "/frontline/" in name)

    assert ours == ["base.bin", "columns.bin", "map.css", "map.js", "messages-en.json"]
    assert not list(server.home.rglob("*"))


def test_the_page_speaks_the_language_of_its_reader(opened):
    """Ukrainian for a Ukrainian browser, another by the selector; map, timeline, card and list follow at once."""
    page = opened("?kind=shelling&v=7/48.5/37", locale="uk-UA", viewport={"width": 1440, "height": 900})
    told = {
        ".fl-head h1": "Мапа фронту",
        ".fl-mode[data-mode=window]": "Проміжок",
        ".fl-legend summary": "Легенда",
        ".fl-kind": "Обстріл",
    }
    assert {selector: page.locator(selector).first.inner_text() for selector in told} == told
    assert "Дніпро" in view(page, "view.base.labels.placed.map(({ name }) => name)")
    assert "lang" not in page.url
    place = in_sight(page)

    page.locator(".stSelectbox").first.click()
    page.get_by_role("option", name="Bahasa Indonesia").click()
    page.wait_for_function(
        "() => document.querySelector('.fl-legend summary').textContent === 'Legenda' && "
        "document.querySelector('.fl-mode[data-mode=window]').textContent === 'Rentang'"
    )
    page.wait_for_url(re.compile("lang=id"))
    assert page.locator(".fl-kind").first.inner_text().startswith("Penembakan")
    assert "Dnipro" in view(page, "view.base.labels.placed.map(({ name }) => name)")
    assert "kind=shelling" in page.url
    assert in_sight(page) == place


def test_two_readers_do_not_see_each_others_choices(opened, dataset):
    """Each has a session of its own, over the same reports."""
    first = opened("?kind=capture", viewport={"width": 1200, "height": 800})
    second = opened("?kind=shelling&lang=uk", viewport={"width": 1200, "height": 800})
    changed(first, lambda: first.get_by_role("button", name="Day", exact=True).click(), ".fl-counts")

    assert (
        second.locator(".fl-counts")
        .inner_text()
        .startswith(str(len(select(dataset.events, Filter(kinds=("shelling",))))))
    )
    assert first.locator(".fl-head h1").inner_text() == "Frontline map"


def test_reports_of_regions_and_countries_only_are_a_decent_page(opened, dataset):
    """No spot to fit to: the areas are; what no map can show is listed, with a word on it."""
    page = opened("?precision=region&precision=country")
    settled(page)

    assert counted(page) == len(select(dataset.events, Filter(precisions=("region", "country"))))
    assert view(page, "view.points.drawn.length") == 0
    assert view(page, "view.areas.drawn.length") > 0
    assert "whole country" in page.locator(".fl-panel").inner_text()


def test_a_page_left_open_says_that_new_data_are_there(browser, tmp_path):
    """Nothing moves under the reader's hands: the page tells, and shows the new reports when asked to."""
    gazetteer = make_gazetteer(tmp_path / "gazetteer")
    save_dataset(tmp_path / "reports", make_readings(100), gazetteer=gazetteer)
    with serving(tmp_path / "reports", tmp_path / "serve") as server:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        with watched(context) as page:
            page.goto(server.url)
            rested(page)
            before = page.locator(".fl-counts").inner_text()
            save_dataset(tmp_path / "reports", make_readings(160), gazetteer=gazetteer)
            page.wait_for_selector(".fl-newer", timeout=40_000)
            assert page.locator(".fl-counts").inner_text() == before
            changed(page, lambda: page.locator(".stButton button").last.click(), ".fl-counts")
            settled(page)
            new = load_dataset(tmp_path / "reports").events
            assert counted(page) == len(select(new, Filter()))
        context.close()
