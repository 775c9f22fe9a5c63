"""The page for everybody: contrast as WCAG 2 counts it, a keyboard and nothing else, fingers on a phone."""

import re
from collections.abc import Sequence
from functools import reduce
from typing import Any

import pytest
from playwright.sync_api import Page

from geo.kinds import kinds
from geo.view import maps
from geo.view.phrases import SIDE_COLOURS
from tests.browsing import browsed, rested, settled, watched

PANELS = ("Reports", "Charts", "Digest", "Review", "Read text", "Own line", "Guide")

SMALL, LARGE = 4.5, 3.0  # least contrast of small and of large text, AA; of symbols it is that of large text
LARGE_PX, LARGE_BOLD_PX = 24, 18.66

# Every text that can be seen: [text, what it stands in, colour, opacity, pixels, weight, colours below it from the top].
TEXTS = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return Array.from(pen.getImageData(0, 0, 1, 1).data);
  };
  const up = function* (element) { for (let e = element; e; e = e.parentElement) yield getComputedStyle(e); };
  const cannotBeUsed = (e) =>
    e.closest("[disabled], [aria-disabled=true]") ||
    e.closest("[data-testid=stNumberInput], [data-testid=stCheckbox]")?.querySelector("input:disabled");
  const isSeen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1 && !cannotBeUsed(e);
  const told = (e, text, style) => [
    text.trim(), `${e.tagName} ${e.getAttribute("class")}`, channels(style.color),
    [...up(e)].reduce((opacity, each) => opacity * each.opacity, 1), parseFloat(style.fontSize), Number(style.fontWeight),
    [...up(e)].map((each) => channels(each.backgroundColor)).filter((colour) => colour[3]),
  ];
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const e = node.parentElement;
    if (node.data.trim() && isSeen(e) && !e.closest("script, style, [data-testid=stIconMaterial]"))
      texts.push(told(e, node.data, getComputedStyle(e)));
  }
  for (const e of document.querySelectorAll("input[placeholder], textarea[placeholder]"))
    if (!e.value && isSeen(e)) texts.push(told(e, e.placeholder, getComputedStyle(e, "::placeholder")));
  return texts;
}"""

Colour = Sequence[float]  # red, green, blue, alpha, each of 255


def laid_over(above: Colour, below: Colour) -> Colour:
    share = above[3] / 255
    return [*(a * share + b * (1 - share) for a, b in zip(above[:3], below[:3], strict=True)), 255]


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG 2 defines it."""
    red, green, blue = (
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_faint(texts: Sequence[Any]) -> set[str]:
    """Return the texts whose contrast is less than it has to be, with their contrast."""
    faint = set()
    for text, element, colour, opacity, pixels, weight, below in texts:
        ground = reduce(lambda under, over: laid_over(over, under), reversed(below), (255, 255, 255, 255))
        ratio = contrast(laid_over([*colour[:3], colour[3] * opacity], ground), ground)
        is_large = pixels >= LARGE_PX or (pixels >= LARGE_BOLD_PX and weight >= 700)
        if ratio < (LARGE if is_large else SMALL):
            faint.add(f"{ratio:.2f} {text[:40]!r} in {element}")
    return faint


def test_contrast_is_that_of_the_standard():
    """Black on white, and the grey that just passes on white and the one that just fails."""
    white = (255, 255, 255, 255)
    on_white = [["text", "P", [grey] * 3 + [255], 1, 16, 400, [white]] for grey in (118, 119)]

    assert contrast((0, 0, 0, 255), white) == pytest.approx(21)
    assert too_faint(on_white) == {"4.48 'text' in P"}
    assert too_faint([[*on_white[0][:3], 0.5, 16, 400, [white]]]) != set()


def colours_of(theme: str) -> dict[str, Colour]:
    """The colours of the style sheet for the map, by name."""
    [block] = re.findall(rf"^{re.escape(theme)} \{{(.*?)^\}}", maps.asset("map.css"), re.DOTALL | re.MULTILINE)
    found = re.findall(r"--fl-([a-z-]+): #([0-9a-f]{6});", block)
    return {name: [*bytes.fromhex(value), 255] for name, value in found}


@pytest.mark.parametrize(("theme", "lighter"), [(".fl", 0), (".fl.fl-dark", 0.36)])
def test_symbols_and_names_on_the_map_can_be_told_from_the_ground(theme, lighter):
    """On land and water; in the dark, colours are lightened as ``glyphs.js`` does."""
    told = re.search(r"lighter = \(colour, share = ([0-9.]+)\)", maps.asset("glyphs.js"))
    assert (told and float(told[1]) == lighter) or not lighter
    colours = colours_of(theme)
    marks = {kind.family: kind.colour for kind in kinds().values()} | {c: c for c in SIDE_COLOURS}
    for name, value in marks.items():
        mark = [c + (255 - c) * lighter for c in bytes.fromhex(value[1:])]
        assert contrast(mark, colours["land"]) >= LARGE, name
        assert contrast(mark, colours["water"]) >= LARGE, name
    for name in ("label", "label-small"):
        assert contrast(colours[name], colours["land"]) >= SMALL, name


class TestPage:
    """In the browser."""

    pytestmark = browsed

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_can_be_read(self, browser, server, scheme):
        """In each panel, with all filters and the downloads open; what cannot be used may be faint."""
        with watched(browser.new_context(viewport={"width": 1440, "height": 1400}, color_scheme=scheme)) as page:
            page.goto(server.url)
            rested(page)
            page.get_by_text("More filters").click()
            seen = set()
            for panel in PANELS:
                page.get_by_role("radio", name=panel, exact=True).click()
                page.wait_for_timeout(1200)
                texts = page.evaluate(TEXTS)
                seen |= {text for text, *_ in texts}
                assert too_faint(texts) == set(), panel
            page.get_by_role("button", name=re.compile("^Download")).click()
            page.wait_for_selector("[data-testid=stPopoverBody]")
            assert too_faint(page.evaluate(TEXTS)) == set()
            assert {"Claimed by", "Legend", "Any", "Status of the claim"} <= seen

    def test_the_walk_with_a_keyboard_alone(self, browser, server):
        """Search, a report, the days, a kind, the download: each reached by Tab, and always seen where one is."""
        with watched(browser.new_context(viewport={"width": 1440, "height": 900})) as page:
            page.goto(server.url)
            rested(page)
            total = page.locator(".fl-counts").inner_text()

            tabbed(page, 'input[aria-label="Search"]')
            page.keyboard.type("Pokrovsk")
            page.keyboard.press("Enter")
            page.wait_for_function("(was) => document.querySelector('.fl-counts').innerText !== was", arg=total)
            settled(page)
            found = page.locator(".fl-counts").inner_text()

            tabbed(page, ".fl-row")
            assert page.locator('.fl-row[tabindex="0"]').count() == 1  # the list is one stop
            page.keyboard.press("ArrowDown")
            wanted = page.evaluate("document.activeElement.dataset.id")
            page.keyboard.press("Enter")
            page.wait_for_selector(f'.fl-row[aria-current="true"][data-id="{wanted}"]')
            assert page.locator(".fl-card blockquote mark").is_visible()

            tabbed(page, ".fl-handle[data-end=until]", back=True)
            page.keyboard.press("Shift+ArrowLeft")
            page.wait_for_function("(was) => document.querySelector('.fl-counts').innerText !== was", arg=found)
            settled(page)
            fewer = page.locator(".fl-counts").inner_text()

            tabbed(page, ".fl-kind-switch")
            page.keyboard.press("Space")
            page.wait_for_selector('.fl-kind-switch[aria-pressed="false"]')
            page.keyboard.press("Space")
            page.wait_for_function("(was) => document.querySelector('.fl-counts').innerText === was", arg=fewer)

            tabbed(page, "[data-testid=stPopover] button", back=True)
            page.keyboard.press("Enter")
            page.wait_for_selector("[data-testid=stPopoverBody]")
            tabbed(page, "[data-testid=stDownloadButton] button")
            with page.expect_download() as download:
                page.keyboard.press("Enter")
            assert download.value.suggested_filename == "reports.geojson"


# Whether the focus can be seen: something around the focused element looks otherwise as soon as it is away.
FOCUS = """async (selector) => {
  const e = document.activeElement;
  const around = [e, e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement];
  const styles = () => [...around.filter(Boolean).map((each) => getComputedStyle(each)), getComputedStyle(e, "::before")];
  const look = () => styles().map((style) =>
    [style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecoration, style.color].join());
  if (e === document.body) return [false, ""];
  const focused = String(look());
  e.blur();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const is_seen = String(look()) !== focused;
  e.focus({ preventScroll: true });
  return [e.matches(selector), is_seen ? "" : `${e.tagName} ${e.className} ${e.getAttribute("aria-label")}`];
}"""


def tabbed(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until an element has the focus; wherever the focus is meanwhile must be seen."""
    page.add_style_tag(content="* { transition: none !important }")
    for _ in range(150):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        is_there, unseen = page.evaluate(FOCUS, selector)
        assert unseen == ""
        if is_there:
            return
    raise AssertionError(f"Tab does not reach {selector}")
