"""Saved files open without a server, and show what digests hold as text."""

from geo.view import maps
from tests.browsing import BUSIEST, browsed, view, watched
from tests.reports import HOSTILE

pytestmark = browsed


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
