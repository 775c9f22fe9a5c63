"""What is drawn on the map, and what a click on it does."""

import pytest

from geo.dataset.queries import open_reports
from tests.browsing import BUSIEST, browsed, settled, title, view

pytestmark = browsed


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


def test_places_around_a_report_are_named(opened):
    """At zoom 10 around any report at least eight neighbouring places can be read."""
    page = opened()
    spots = view(page, "view.reports.table.spots")
    exact = [at for *at, area in zip(spots["lat"], spots["lon"], spots["area"], strict=True) if area < 0 and at[0]]
    inside = "view.base.labels.placed.filter((p) => view.map.getBounds().contains([p.lat, p.lon])).length"

    for at in exact[::5]:
        view(page, f"void view.map.setView({at}, 10, {{ animate: false }})")
        assert view(page, inside) >= 8, at


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


def test_tiles_are_asked_for_only_when_their_box_is_checked(opened):
    """The choice is there, unchecked, and says whom it asks; every other test would fail on a request."""
    page = opened()

    assert page.locator(".fl-tiles-choice input").is_checked() is False
    assert "tile.openstreetmap.org" in page.locator(".fl-tiles-choice").inner_text()
