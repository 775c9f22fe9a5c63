"""The timeline, used with keys and mouse: the step itself is done in the browser."""

import re
from datetime import date, timedelta

from geo.dataset.timeline import Filter, select
from tests.browsing import browsed, changed, counted, in_sight, settled, title, view

pytestmark = browsed

# Streamlit keeps a widget that was replaced, unseen and marked as stale, until the run ends.
DATES_ARE = """(digits) => [...document.querySelectorAll("[data-stale=false] .stDateInput")]
    .map((field) => field.innerText.replace(/\\D/g, "")).join("") === digits"""


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
    page.wait_for_function(DATES_ARE, arg=f"{since:%d%m%Y}{until:%d%m%Y}")


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
