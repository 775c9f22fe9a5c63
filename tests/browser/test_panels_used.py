"""What stands beside the map: charts, the digest, dropped files, downloads."""

import json
import re
from pathlib import Path

import pytest

from geo.dataset.timeline import Filter, select
from tests.browsing import browsed, panel, view, watched

pytestmark = browsed


@pytest.mark.parametrize("language", ["en", "id", "uk"])
def test_what_stands_beside_the_map_is_chosen_in_one_row(opened, language):
    """At the width of a laptop, in each language."""
    panels = opened(f"?lang={language}").locator(".st-key-panel button")

    assert len({panel.bounding_box()["y"] for panel in panels.all()}) == 1


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
