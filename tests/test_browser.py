"""The page in a real browser, by keyboard and mouse as an analyst uses it, with every other host out of reach."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from geo.dataset.queries import open_reports
from geo.dataset.store import load_dataset, save_dataset
from geo.dataset.timeline import Filter, select
from geo.view import maps
from tests.reports import HOSTILE, make_gazetteer, make_readings
from tests.serving import serving

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [f"--{flag}" for flag in ("no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync")]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]  # no other host can be reached; asking is a fault
OWN = re.compile(r"(https?|ws)://localhost[:/]|data:|blob:|file:")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: install Debian's, or name one in CHROMIUM"),
]

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
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


@pytest.fixture(scope="module")
def server(dataset, tmp_path_factory):
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


def test_a_step_by_key_takes_under_a_second_and_keeps_the_map(opened):
    """Arrows, with Shift a week, Home and End; zoom, centre and selection stay as they are."""
    page = opened("?v=7.5/48.5/37&mode=window&w=2024-11-10~2024-11-16")
    settled(page)
    place, selected = in_sight(page), title(page)
    handle = page.get_by_role("slider", name="Last day")
    page.locator(".fl-time").focus()
    handle.focus()
    assert handle.get_attribute("aria-valuetext") == "2024-11-16"

    took = changed(page, lambda: page.keyboard.press("ArrowRight"), ".fl-counts")
    assert handle.get_attribute("aria-valuetext") == "2024-11-17"
    page.get_by_role("button", name="Day", exact=True).click()
    for key, day in (("Shift+ArrowLeft", "2024-11-10"), ("ArrowLeft", "2024-11-09"), ("Home", "2024-11-01")):
        page.keyboard.press(key)
        assert page.get_by_role("slider", name="Day").get_attribute("aria-valuetext") == day
    page.keyboard.press("End")
    settled(page)

    assert took < 1
    assert in_sight(page) == place
    assert title(page) == selected
    page.wait_for_url(re.compile("mode=day"))


def test_the_step_itself_is_done_in_the_browser(opened):
    """Counting and painting a thousand reports takes a fraction of a frame's budget on any machine."""
    page = opened()
    took = view(
        page,
        """(() => {
            const times = [];
            for (let day = 0; day <= view.timeline.last; day++) {
                const begun = performance.now();
                view.timeline.set(0, day, false);
                times.push(performance.now() - begun);
            }
            return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
        })()""",
    )

    assert took < 50


def test_the_window_is_dragged_with_the_mouse(opened, dataset):
    """Draw one, move it, move an edge; date fields, header, list and address follow when the drag ends."""
    page = opened()
    page.get_by_role("button", name="Window", exact=True).click()
    settled(page)
    plot = page.locator(".fl-plot").bounding_box()
    days = view(page, "view.timeline.last + 1")
    first = view(page, "view.days.iso(0)")

    def drag(start: float, end: float) -> None:
        y = plot["y"] + 30
        page.mouse.move(plot["x"] + plot["width"] * (start + 0.5) / days, y)
        page.mouse.down()
        page.mouse.move(plot["x"] + plot["width"] * (end + 0.5) / days, y, steps=5)
        page.mouse.up()

    def window() -> list[str]:
        settled(page)
        return view(page, "Object.values(view.window())")[:2]

    day = date.fromisoformat(first)
    drag(5, 10)
    assert window() == [str(day + timedelta(5)), str(day + timedelta(10))]
    drag(7, 9)
    assert window() == [str(day + timedelta(7)), str(day + timedelta(12))]
    edge = page.locator(".fl-handle[data-end=until]").bounding_box()
    page.mouse.move(edge["x"] + edge["width"] / 2, plot["y"] + 30)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 20.5 / days, plot["y"] + 30, steps=5)
    page.mouse.up()
    assert window()[1] == str(day + timedelta(20))

    since, until = day + timedelta(7), day + timedelta(20)
    assert counted(page) == len(select(dataset.events, Filter(since=since, until=until)))
    page.wait_for_url(re.compile(rf"w={since}~{until}"))
    fields = "".join(field.inner_text() for field in page.locator(".stDateInput").all())
    assert re.sub(r"[^0-9]", "", fields) == f"{since:%d%m%Y}{until:%d%m%Y}"


def test_browser_and_table_agree_on_every_window(opened, dataset):
    """A report is in if its days touch the window, by day of the event or of publication."""
    page = opened("?totals=1")
    for by in ("event", "published"):
        view(page, f"view.use('{by}', 'family')")
        for first in range(0, 30, 4):
            for last in range(first, 34, 7):
                since, until = date(2024, 11, 1) + timedelta(first), date(2024, 11, 1) + timedelta(last)
                found = view(page, f"view.reports.count(view.days.number('{since}'), view.days.number('{until}'))")

                assert found == len(
                    select(dataset.events, Filter(since=since, until=until, by=by, running_totals=True))
                )


def test_a_click_on_the_map_opens_the_report(opened, dataset):
    """One report: its card. Several at a spot: all of them in the list, the newest as card."""
    page = opened("?v=9/48.4/37.6")

    mark = view(page, f"({BUSIEST})(view)")
    page.mouse.move(mark["x"], mark["y"])
    page.wait_for_selector(".fl-tip")
    page.mouse.click(mark["x"], mark["y"])
    page.wait_for_function("() => document.querySelector('.fl-panel-head h4').textContent.includes(' here')")
    report = open_reports(dataset.folder)[0].ids[mark["rows"][0]]
    newest = dataset.events.set_index("id").loc[report]
    shows = "(quote) => document.querySelector('.fl-card blockquote')?.textContent === quote"
    page.wait_for_function(shows, arg=newest["quote"])

    assert page.locator(".fl-panel-head h4").inner_text().startswith(f"{len(mark['rows'])} reports here")
    assert title(page) == newest["place"]
    assert page.locator(".fl-row").count() == min(50, len(mark["rows"]))


def test_stories_are_counted_as_stories_everywhere(opened):
    """In the header, under the time line, over a crowd on the map, and above the list."""
    page = opened("?stories=1&v=5/48.4/37.6")
    crowd = view(page, "view.describe({ spots: view.reports.table.spots.name.map((_, spot) => spot) }).textContent")

    assert re.search(r"and [\d,]+ other stories", crowd)
    assert " stories of " in page.locator(".fl-counts").inner_text()
    assert page.locator(".fl-number").inner_text().endswith(" stories")
    assert page.locator(".fl-panel-head h4").first.inner_text().endswith(" stories in view")


def test_how_a_report_is_told_is_seen_by_the_line_around_it(opened, dataset):
    """Every symbol has the line of its reports if all are told alike, and none if not; the legend shows each line."""
    page = opened("?v=8/48.4/37.6")
    marks = view(
        page,
        "view.points.drawn.map((m) => [view.reports.rowsAt(m.spots, 1e6), view.reports.statusAt(m.spots) ?? null])",
    )
    reports = open_reports(dataset.folder)[0].table
    for rows, status in marks:
        told = set(reports["status"].iloc[rows])
        assert status == (told.pop() if len(told) == 1 else None)

    assert {status for _, status in marks} >= {"claimed", "reported", None}
    words = page.locator(".fl-legend-status li").all_inner_texts()
    assert words == ["Claimed", "Reported", "Acknowledged", "Disputed"]
    pictures = page.evaluate(
        "Array.from(document.querySelectorAll('.fl-legend-status canvas'), (canvas) => canvas.toDataURL())"
    )
    assert len(set(pictures)) == 4


# The symbol with most reports that stands well inside the map: where it is on the screen, and its rows.
BUSIEST = """(view) => {
    const middle = view.map.getSize().divideBy(2);
    const place = (mark) => view.map.layerPointToContainerPoint([mark.x, mark.y]);
    const inside = (mark) => !mark.ring && place(mark).distanceTo(middle) < 200;
    const mark = view.points.drawn.filter(inside).sort((a, b) => b.count - a.count)[0];
    const box = view.map.getContainer().getBoundingClientRect();
    return { x: box.x + place(mark).x, y: box.y + place(mark).y, rows: view.reports.rowsAt(mark.spots) };
}"""


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


def test_playing_runs_in_the_browser_and_stops_at_the_end(opened):
    """Space starts and stops; Python hears of the window when it rests."""
    page = opened()
    page.locator(".fl-speed").select_option("4×")
    page.locator(".fl-handle[data-end=until]").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('.fl-time').dataset.playing === 'true'")
    page.wait_for_timeout(700)
    page.keyboard.press("Space")
    settled(page)

    assert 0 < view(page, "view.timeline.until") < view(page, "view.timeline.last")
    assert page.get_by_role("button", name="Play").is_visible()


def test_areas_painted_step_by_step_look_as_if_painted_at_once(opened):
    """A step paints only what changed: no line, hatch or word of an earlier window stays or is painted twice."""
    page = opened("?v=7/48.5/37&mode=window&w=2024-11-01~2024-11-03")
    settled(page)

    apart, in_parts = view(
        page,
        """(() => {
            const { areas, timeline } = view;
            const read = new OffscreenCanvas(areas.ctx.canvas.width, areas.ctx.canvas.height).getContext("2d", { willReadFrequently: true });
            const painted = () => { // as it looks on white
                read.fillStyle = "white";
                read.fillRect(0, 0, read.canvas.width, read.canvas.height);
                read.drawImage(areas.ctx.canvas, 0, 0);
                return read.getImageData(0, 0, read.canvas.width, read.canvas.height).data;
            };
            const boxes = [];
            const repaint = areas.repaint;
            areas.repaint = function (looks, of) { boxes.push(of); return repaint.call(this, looks, of); };
            const apart = [];
            for (let day = 0; day < 12; day++) {
                timeline.step(1, false);
                const steps = painted();
                areas.painted = null;
                areas.redraw();
                apart.push(painted().reduce((most, value, at) => Math.max(most, Math.abs(value - steps[at])), 0));
            }
            return [Math.max(...apart), boxes.some((of) => of.length && of[0].width < areas.whole().width / 2)];
        })()""",
    )
    assert apart < 12  # of 255: rounding at the edge of a box
    assert in_parts


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FINGER_PX = 43.5  # 44, and what rounding takes
# Links in running text need no such size (WCAG 2.5.8); a control inside a button of that size is reached with it.
SMALL = """(least) => [...document.querySelectorAll("button, a[role], select, summary, input, [role=slider]")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((node) => [node, (node.closest("label") ?? node).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1 && box.x < innerWidth && box.right > 0)
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([node, box]) => `${node.ariaLabel ?? node.className} ${node.textContent} ${box.width} x ${box.height}`)"""


def test_on_a_phone_everything_stacks(opened):
    """No sideways scrolling; the map has 55 % of the height, below it its timeline, the card, the list."""
    page = opened(**PHONE)

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    box = {name: page.locator(name).first.bounding_box() for name in (".fl-map", ".fl-time", ".fl-card", ".fl-rows")}
    assert box[".fl-map"]["height"] / 844 == pytest.approx(0.55, abs=0.01)
    assert box[".fl-map"]["y"] < box[".fl-time"]["y"] < box[".fl-card"]["y"] < box[".fl-rows"]["y"]


def test_on_a_phone_every_panel_is_reached_and_every_control_can_be_touched(opened):
    """Targets of 44 pixels: on the map, in each panel, among the filters."""
    page = opened(**PHONE)
    panels = page.locator(".st-key-panel button")
    landmarks = (".fl-rows", ".fl-charts", ".fl-note", "form, input", ".stFileUploader", ".stFileUploader", ".fl-guide")
    page.evaluate("document.querySelector('.fl-legend').open = true")

    assert panels.count() == len(landmarks)
    for number, landmark in enumerate(landmarks):
        panels.nth(number).click()
        page.locator(f".stMain :is({landmark})").first.wait_for(state="attached")
        page.wait_for_timeout(300)  # what the panel before held is gone
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
        assert page.evaluate(SMALL, FINGER_PX) == [], number
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_text("More filters").click()
    page.wait_for_timeout(1000)  # it slides in
    assert page.evaluate(SMALL, FINGER_PX) == []


def test_dark_mode_and_less_motion_are_obeyed(opened):
    """The map follows the page's theme; nothing plays by itself where that is not wanted."""
    page = opened(color_scheme="dark", reduced_motion="reduce")

    assert page.locator(".fl-root.fl-dark").count() == 1
    assert page.locator(".fl-panel.fl-dark").count() == 1
    water = page.evaluate("getComputedStyle(document.querySelector('.leaflet-container')).backgroundColor")
    assert water == "rgb(18, 23, 27)"
    assert page.locator(".fl-play").is_disabled()
    page.locator(".fl-handle[data-end=until]").focus()
    page.keyboard.press("Space")
    assert view(page, "view.timeline.playing") is False


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


def test_places_around_a_report_are_named(opened):
    """At zoom 10 around any report at least eight neighbouring places can be read."""
    page = opened()
    spots = view(page, "view.reports.table.spots")
    exact = [at for *at, area in zip(spots["lat"], spots["lon"], spots["area"], strict=True) if area < 0 and at[0]]
    inside = "view.base.labels.placed.filter((p) => view.map.getBounds().contains([p.lat, p.lon])).length"

    for at in exact[::5]:
        view(page, f"void view.map.setView({at}, 10, {{ animate: false }})")
        assert view(page, inside) >= 8, at


def test_a_saved_map_opens_without_a_server(desk, dataset, tmp_path):
    """`draw(events).save("map.html")`: one file with Leaflet, timeline and words, from the disk."""
    maps.draw(dataset.events.iloc[:200], dataset.digests).save(tmp_path / "map.html")
    with watched(desk) as page:
        page.goto((tmp_path / "map.html").as_uri())
        page.wait_for_selector(".fl-number")
        page.wait_for_function("() => document.getElementById('map_frontline').frontline.listeners.picked")
        assert page.locator(".fl-number").inner_text() == "200 reports"
        assert "Not verified" in page.locator(".fl-strip").inner_text()
        mark = view(page, f"({BUSIEST})(view)")
        page.mouse.click(mark["x"], mark["y"])
        page.wait_for_selector(".fl-popup blockquote")
        quote = page.locator(".fl-popup blockquote").first.evaluate("(element) => element.textContent")
        assert quote == dataset.events["quote"].iloc[mark["rows"][0]]
        page.locator(".fl-handle[data-end=until]").focus()
        page.keyboard.press("Home")
        assert page.locator(".fl-number").inner_text() != "200 reports"


def test_files_are_loaded_once_and_kept(opened, server):
    """Data and scripts come packed, by names made of their content, and are not asked for again."""
    page = opened()
    names = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    ours = sorted(re.sub(r"-[0-9a-f]{16}\.", ".", name.split("/")[-1]) for name in names if "/frontline/" in name)

    assert ours == ["base.bin", "columns.bin", "map.css", "map.js", "messages-en.json"]
    assert not list(server.home.rglob("*"))


# --- languages -------------------------------------------------------------------------------------------------------


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


# --- looks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "id", "uk"])
def test_what_stands_beside_the_map_is_chosen_in_one_row(opened, language):
    """At the width of a laptop, in each language."""
    panels = opened(f"?lang={language}").locator(".st-key-panel button")

    assert len({panel.bounding_box()["y"] for panel in panels.all()}) == 1


def test_no_edge_cuts_a_name(opened):
    """Wherever the map stands: the words of areas are whole or beyond the edge, and so are the names of places."""
    page = opened("?v=8.5/48.3/37.6")
    for _ in range(3):
        boxes = "[...view.areas.tags.filter(Boolean), ...view.base.labels.placed]"
        assert view(page, f"{boxes}.length") > 0
        assert view(page, f"{boxes}.filter((box) => window.frontline.isCut(view.map, box)).length") == 0
        view(page, "void view.map.panBy([90, 40], { animate: false })")
        page.wait_for_timeout(300)


def test_in_a_crowd_discs_do_not_lie_on_each_other(opened):
    """Where those of the usual grouping would, further spots join."""
    page = opened("?v=8.5/48.3/37.6")
    apart = """(() => {
        const { points, reports } = view;
        const spots = Array.from({ length: 400 }, (_, spot) => spot);
        points.spotAt = spots.map((spot) => L.point(31 * (spot % 20), 31 * Math.floor(spot / 20)));
        reports.totals = () => spots.map(() => 1000);
        const nearest = (discs) => Math.min(...discs.flatMap((one, i) => discs.slice(0, i).map((other) => one.at.distanceTo(other.at))));
        return [nearest(points.together(spots, 29)), nearest(points.discsOf(spots).discs)];
    })()"""

    assert view(page, apart) == pytest.approx([31, 43.8], abs=0.1)  # a disc of a thousand reports is 40 wide


# --- beside the map --------------------------------------------------------------------------------------------------


def panel(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).first.click()


def test_charts_count_what_is_shown_and_hatch_days_without_a_digest(opened, dataset):
    """The strips together hold every report of the window; a day that no digest covers is hatched in each."""
    page = opened("?kind=shelling&kind=capture")
    panel(page, "Charts")
    page.wait_for_selector(".fl-strip-row")
    totals = [int(words.split()[0]) for words in page.locator(".fl-strip-head span:last-child").all_inner_texts()]

    assert sum(totals) == len(select(dataset.events, Filter(kinds=("shelling", "capture"))))
    uncovered = sum(1 for number in view(page, "Array.from(view.timeline.coverage)") if not number)
    assert page.locator(".fl-strip-row").first.locator(".fl-bars .fl-bar-gap").count() == uncovered
    page.get_by_text("Who claims it", exact=True).last.click()
    page.wait_for_selector(".fl-strip-head >> text=Ukrainian side")


def test_a_digest_tells_what_became_of_every_place_it_names(opened, dataset):
    """Rejected mentions with their reasons in words; places that were not chosen stand hollow on the map."""
    mentions = dataset.mentions[dataset.mentions["verdict"] == "report"]
    several = mentions[[len(candidates) > 1 for candidates in mentions["candidates"]]]
    totals = set(dataset.events["id"][dataset.events["running_total"]])
    report = next(report for report in several["report_id"] if report not in totals)
    page = opened(f"?e={report}")
    panel(page, "Digest")
    page.wait_for_selector(".fl-rejected")

    assert "Where the text was written" in page.locator(".fl-rejected").inner_text()
    page.wait_for_selector(".fl-loser")
    panel(page, "Reports")
    page.wait_for_selector(".fl-loser", state="detached")


HOSTILE_DIGEST = (
    "KYIV, 3 November 2024 - Russian forces captured Pokrovsk <img src=x onerror='window.hacked=1'>, the ministry said.\n"
    "The governor said on Sunday that the attack was repelled and that there were no casualties in the village.\n"
    "A drone hit Kharkiv </script><script>window.hacked=1</script> `${window.hacked=1}` {{7*7}} \u202egnp.exe overnight."
)


def test_a_dropped_digest_is_read_and_not_stored(opened, server):
    """Its reports and its rejected mentions are marked in the text; whatever it holds stays text."""
    page = opened()
    before = sorted(server.home.parent.rglob("*"))
    panel(page, "Read text")
    page.wait_for_selector("input[type=file]", state="attached")
    file = {"name": "a;rm -rf.txt", "mimeType": "text/plain", "buffer": HOSTILE_DIGEST.encode()}
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector(".fl-text", timeout=120_000)  # the gazetteer may have to be compiled

    assert page.locator(".fl-text").evaluate("(node) => node.textContent") == HOSTILE_DIGEST
    assert page.locator(".fl-text .fl-is-report").all_inner_texts() == ["Pokrovsk", "Kharkiv"]
    assert page.locator(".fl-text .fl-is-none").first.inner_text() == "KYIV"
    assert page.locator(".fl-read img, .fl-read script").count() == 0
    assert page.locator("code").first.inner_text().startswith("cp -- 'a;rm -rf.txt' digests/\nfrontline build digests/")
    assert [
        path for path in sorted(server.home.parent.rglob("*")) if path not in before and path.suffix == ".txt"
    ] == []


LINE = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[37, 47], [38, 49]]}}


def test_a_line_of_the_readers_own_lies_under_the_reports(opened):
    """Thin and grey, named in the legend; a file that is of no use says why, and changes nothing."""
    page = opened()
    panel(page, "Own line")
    page.wait_for_selector("input[type=file]", state="attached")

    def drop(name: str, content: object) -> None:
        buffer = json.dumps(content).encode()
        page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/json", "buffer": buffer})

    assert page.locator(".leaflet-frontline-own-pane path").count() == 0
    drop("metres.geojson", {**LINE, "geometry": {"type": "LineString", "coordinates": [[4e6, 6e6], [4.1e6, 6e6]]}})
    page.wait_for_selector(".fl-empty >> text=WGS 84")
    drop("<b>front.geojson", LINE)
    page.wait_for_selector(".leaflet-frontline-own-pane path", state="attached")
    page.wait_for_function("() => document.querySelector('.fl-legend').textContent.includes('<b>front.geojson')")
    assert page.locator(".fl-legend b").count() == 0
    panel(page, "Reports")
    assert page.locator(".leaflet-frontline-own-pane path").count() == 1


def test_the_page_and_the_picture_that_are_downloaded(opened, desk, dataset, tmp_path):
    """One HTML file with exactly what is shown, quotes and all; a PNG with its window, legend and sources."""
    page = opened("?kind=capture")
    wanted = select(dataset.events, Filter(kinds=("capture",)))
    page.get_by_text(re.compile("^Download [0-9]+ report")).click()
    with page.expect_download() as loading:
        page.get_by_role("button", name=re.compile("^Web page")).click()
    loading.value.save_as(tmp_path / "page.html")
    page.keyboard.press("Escape")
    with page.expect_download() as drawn:
        page.locator(".fl-picture").click()
    picture = Path(drawn.value.path()).read_bytes()

    assert drawn.value.suggested_filename.endswith(".png")
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(picture) > 20_000
    with watched(desk) as saved:
        saved.goto((tmp_path / "page.html").as_uri())
        saved.wait_for_selector(".fl-number")
        assert saved.locator(".fl-number").inner_text() == f"{len(wanted)} reports"
        assert saved.locator(".fl-tiles-choice").count() == 0
        assert saved.locator(".fl-about summary").inner_text() == f"About this file: {len(wanted)} reports"
        assert "capture" in json.loads(saved.locator("#frontline_about").inner_text())["filter"]["kinds"]


def test_tiles_are_asked_for_only_when_their_box_is_checked(opened):
    """The choice is there, unchecked, and says whom it asks; every other test would fail on a request."""
    page = opened()

    assert page.locator(".fl-tiles-choice input").is_checked() is False
    assert "tile.openstreetmap.org" in page.locator(".fl-tiles-choice").inner_text()


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


def test_a_saved_page_shows_hostile_words_as_text(desk, dataset, tmp_path):
    """Scripts, markup, templates and text from right to left stand in the popup letter by letter; nothing runs."""
    events = dataset.events[~dataset.events["precision"].isin(["region", "district", "line", "country"])]
    words = [*HOSTILE, "`${window.hacked = 1}`", "{{ 7*7 }}", "\u202egnp.exe", "<!--<script>"]
    words = [each.replace("alert(", "window.hacked = (") for each in words]
    few = events.iloc[: len(words)].assign(quote=words, place=words, outlet=words, claimant=words)
    few["place_id"] = few["place_id"].iloc[0]  # all at one spot, so that one click shows them
    for column in ("lat", "lon", "precision", "position", "radius_km", "bearing", "distance_km", "geometry"):
        few[column] = [few[column].iloc[0]] * len(few)
    maps.draw(few, dataset.digests).save(tmp_path / "hostile.html")
    with watched(desk) as page:
        page.goto((tmp_path / "hostile.html").as_uri())
        page.wait_for_function("() => document.getElementById('map_frontline')?.frontline?.listeners.picked")
        mark = view(page, f"({BUSIEST})(view)")
        page.mouse.move(mark["x"], mark["y"])
        page.wait_for_selector(".fl-tip")
        page.mouse.click(mark["x"], mark["y"])
        page.wait_for_selector(".fl-popup blockquote")

        shown = page.locator(".fl-popup blockquote").evaluate_all("(all) => all.map((each) => each.textContent)")
        assert sorted(shown) == sorted(words)
        assert (
            page.locator(".fl-popup article :is(img, script, a, iframe, b), .fl-tip :is(img, script, a)").count() == 0
        )


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
