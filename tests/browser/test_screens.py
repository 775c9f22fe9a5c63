"""The page on a phone, in the dark, with less motion."""

import pytest

from tests.browsing import browsed, view

pytestmark = browsed


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
