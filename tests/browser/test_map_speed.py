"""The page stays quick with many reports: what is guarded is how costs grow, with generous room for slow machines."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browsing import browsed
from tests.serving import serving

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "map"))

import measure
import synthetic

REPORTS = 60_000

pytestmark = browsed


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    named = tmp_path_factory.mktemp("many") / "reports"
    synthetic.write(named, REPORTS)
    return named


@pytest.fixture(scope="module")
def page(folder, tmp_path_factory) -> Iterator[Page]:
    with serving(folder, tmp_path_factory.mktemp("serve")) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=measure.CHROMIUM, args=measure.FLAGS)
        with measure.opened(browser, server.url) as (page, _):
            measure.rested(page)
            yield page
        browser.close()
        assert server.asked() == []


def test_the_same_seed_writes_the_same_dataset(folder, tmp_path):
    """Names of data files are hashes of their content."""
    for name in ("one", "two"):
        synthetic.write(tmp_path / name, 500)

    names = [sorted(file.name for file in (tmp_path / name).iterdir()) for name in ("one", "two")]
    assert names[0] == names[1]


def test_a_step_costs_what_enters_and_leaves(page):
    """Counting one day further is far cheaper than counting all reports anew."""
    step, anew = page.evaluate(
        """() => {
            const { reports } = tools.view();
            const timed = (work) => { const begun = performance.now(); work(); return performance.now() - begun; };
            const best = (times) => Math.min(...times);
            const runs = Array.from({ length: 7 });
            reports.count(300, 600);
            const step = best(runs.map(() => timed(() => { for (let i = 1; i <= 50; i++) reports.count(300 + i, 600 + i); })) ) / 50;
            const anew = best(runs.map(() => timed(() => { reports.counted = false; reports.count(300, 900); })));
            tools.view().count();
            return [step, anew];
        }"""
    )

    assert step * 5 < anew


def test_counting_step_by_step_is_counting_anew(page):
    """Whatever way a window was come by, its numbers are those of the reports in it."""
    same = page.evaluate(
        """() => {
            const { reports } = tools.view();
            const told = () => String([reports.shown, ...reports.spotLooks, ...reports.spotGroups, ...reports.histogram()]);
            const kinds = (hidden) => Uint8Array.from(reports.hidden, (_, kind) => hidden.includes(kind));
            for (const [from, until] of [[0, 0], [5, 40], [3, 41], [500, 700], [690, 1090], [0, 1097], [7, 7]]) {
                reports.count(from, until);
                reports.hide(kinds([until % 11, 3]));
                reports.hide(kinds([from % 11]));
                const stepped = told();
                reports.counted = false;
                reports.count(from, until);
                if (told() !== stepped) return [from, until];
                let shown = 0;
                for (let row = 0; row < reports.rows; row++) shown += reports.isShown(row);
                if (shown !== reports.shown) return [from, until, shown];
            }
            reports.hide(kinds([]));
            tools.view().count();
            return "yes";
        }"""
    )

    assert same == "yes"


def test_playing_stays_smooth(page):
    """A year's window of many reports; the script's part of a frame, since frames wait for whatever else runs."""
    runs = [page.evaluate("() => tools.steps(365, 60)") for _ in range(3)]

    assert min(run["script"]["p50"] for run in runs) < 25
    assert min(run["frame"]["p50"] for run in runs) < 200


def test_a_kind_is_switched_in_the_legend_and_python_follows(page):
    """The map shows it at once; the filter, the list and the header a moment later."""
    page.evaluate("() => { const t = tools.view().timeline; t.mode = 'cumulative'; t.set(0, t.last); }")
    shown = page.evaluate("() => tools.view().reports.shown")
    page.locator('.fl-kind-switch[data-kind="shelling"]').click()
    left = page.evaluate("() => tools.view().reports.shown")
    assert 0 < left < shown
    page.wait_for_function("(n) => document.querySelector('.fl-counts').textContent.startsWith(n)", arg=f"{left:,} of")
    assert page.locator('.fl-kind-switch[data-kind="shelling"]').get_attribute("aria-pressed") == "false"

    page.locator('.fl-kind-switch[data-kind="shelling"]').click()
    page.wait_for_function("(n) => document.querySelector('.fl-counts').textContent.startsWith(n)", arg=f"{shown:,} of")


def test_what_is_sent_is_small(page):
    """Three bytes a report at most, and next to nothing when a run of the page changes nothing."""
    asked = "performance.getEntriesByType('resource').find((r) => /columns/.test(r.name)).encodedBodySize"
    size = page.evaluate(f"() => {asked}")
    assert size < 3 * REPORTS + 200_000

    sent = measure.idle(page, repeats=2)["rerun with nothing changed: sent"]
    assert float(sent.split()[0]) < 15
