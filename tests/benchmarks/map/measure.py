"""Print how quick the page is: `python tests/benchmarks/map/measure.py [--reports N ...] [--data DIR] [--stock]`.

A real chromium (Debian's, or the one that CHROMIUM names) opens `frontline serve DIR` on made-up reports. Times are
medians, in milliseconds unless they say otherwise. `--stock` also measures what people would write instead, on 10,000
reports (needs the dependency group `benchmark`).
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import synthetic  # noqa: E402

from tests.serving import serving  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    f"--{flag}"
    for flag in (
        *("no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync"),
        *("enable-precise-memory-info", "js-flags=--expose-gc"),
    )
]
SCREEN = {"width": 1440, "height": 900}
REPEATS = 5
Figures = dict[str, str]

# Everything that is timed in the page. Frames are intervals between animation frames while something goes on.
TOOLS = """
window.tools = (() => {
  const view = () => document.getElementById("map_frontline").frontline;
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
  const ordered = (numbers) => [...numbers].sort((a, b) => a - b);
  const part = (numbers, share) => ordered(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
  const told = (numbers) => ({ p50: part(numbers, 0.5), p95: part(numbers, 0.95), most: Math.max(...numbers), n: numbers.length });
  /** Intervals of animation frames until `stop` says so. */
  const frames = async (stop) => {
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    while (!stop()) {
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return told(times);
  };
  const width = (days) => {
    const { timeline } = view();
    timeline.pause();
    timeline.mode = days ? "window" : "cumulative";
    timeline.set(0, days ? days - 1 : Math.round(timeline.last / 2), false);
  };
  return {
    view, frame, frames, width,
    /** One step each animation frame: the script of each, and the frames. */
    async steps(days, number) {
      width(days);
      await frame();
      const { timeline } = view();
      const scripts = [];
      const intervals = await frames(() => {
        const begun = performance.now();
        if (timeline.until >= timeline.last) width(days);
        else timeline.step(1, false);
        scripts.push(performance.now() - begun);
        return scripts.length >= number;
      });
      return { script: told(scripts), frame: intervals };
    },
    /** The button for playing, at its greatest speed. */
    async playing(days, seconds) {
      width(days);
      const { timeline } = view();
      timeline.speed.value = [...timeline.speed.options].at(-1).value;
      timeline.toggle();
      const end = performance.now() + 1000 * seconds;
      const intervals = await frames(() => performance.now() > end);
      timeline.pause();
      return intervals;
    },
    /** From a click on a kind in the legend to the frame that shows it. */
    async toggle() {
      const button = document.querySelector(".fl-kind-switch");
      const begun = performance.now();
      button.click();
      return (await frame()) - begun;
    },
    /** Note when the analyst clicks or presses Enter, so that what follows is timed from there. */
    listen() {
      for (const kind of ["mousedown", "keydown"]) addEventListener(kind, () => (window.tools.begun = performance.now()), true);
    },
    async until(changed) {
      const given = performance.now() + 20_000;
      while (!changed()) {
        if (performance.now() > given) throw new Error("nothing changed within 20 seconds");
        await new Promise(requestAnimationFrame);
      }
      return (await frame()) - window.tools.begun;
    },
  };
})();
window.tools.listen();
"""


# --- running ---------------------------------------------------------------------------------------------------------


def dataset(folder: Path, reports: int) -> Path:
    """Return a folder with so many made-up reports, written if it is not there yet."""
    named = folder / f"reports-{reports}"
    if not (named / "manifest.json").exists():
        synthetic.write(named, reports)
    return named


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[tuple[Page, float]]:
    """Open the page with an empty cache; gives it and the seconds until its map could be used."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.set_default_timeout(120_000)
    begun = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("[data-ready=yes]")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - begun
    page.evaluate(TOOLS)
    yield page, seconds
    context.close()


def rested(page: Page) -> None:
    """Wait until nothing goes on any more."""
    page.wait_for_selector(".fl-panel-head h4:text(' in view')")
    page.wait_for_timeout(1500)


def measure(browser: Browser, folder: Path) -> Figures:
    """Return the figures of the page on one dataset."""
    with tempfile.TemporaryDirectory() as home, serving(folder, Path(home)) as server:
        with opened(browser, server.url):
            pass  # the very first visit also warms the server's own imports
        figures, first = started(browser, server.url), server.process.pid
        with opened(browser, server.url) as (page, _):
            rested(page)
            for figure in (played, dragged, switched, asked, clicked, lambda page: remembered(browser, page), idle):
                figures |= figure(page)
                print(*list(figures.items())[-1], sep=": ", file=sys.stderr, flush=True)
        figures["server memory, now / most"] = f"{_memory(first, 'VmRSS')} / {_memory(first, 'VmHWM')} MB"
    return figures


def _memory(process: int, field: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(field))


# --- figures ---------------------------------------------------------------------------------------------------------


def started(browser: Browser, url: str) -> Figures:
    """Time to interactive with an empty cache, and how much of it our component takes."""
    whole, ours = [], []
    for _ in range(REPEATS):
        with opened(browser, url) as (page, seconds):
            marks = page.evaluate(
                "Object.fromEntries(performance.getEntriesByType('mark').map((m) => [m.name, m.startTime]))"
            )
            whole.append(seconds)
            ours.append((marks["frontline: ready"] - marks["frontline: mounted"]) / 1000)
            sizes = page.evaluate(
                "performance.getEntriesByType('resource').filter((r) => /columns/.test(r.name)).map((r) => r.encodedBodySize)"
            )
    return {
        "time to interactive, cold, median / least": f"{median(whole):.1f} / {min(whole):.1f} s",
        "of which ours, median / least": f"{median(ours):.2f} / {min(ours):.2f} s",
        "payload": f"{sizes[0] / 1e6:.2f} MB",
    }


def played(page: Page) -> Figures:
    """Frames and script while the window moves."""
    figures = {}
    for label, days in (("30 days", 30), ("one year", 365), ("cumulative", 0)):
        runs = [page.evaluate("([days]) => tools.steps(days, 120)", [days]) for _ in range(3)]
        best = min(runs, key=lambda run: run["frame"]["p95"])
        script = min(runs, key=lambda run: run["script"]["p50"])["script"]
        figures[f"a step each frame, {label}: frame p50 / p95"] = _pair(best["frame"])
        figures[f"a step each frame, {label}: script p50 / p95"] = _pair(script)
    runs = [page.evaluate("() => tools.playing(365, 3)") for _ in range(3)]
    figures["playing at the greatest speed, one year: frame p50 / p95"] = _pair(min(runs, key=lambda run: run["p95"]))
    return figures


def dragged(page: Page) -> Figures:
    """Frames while the mouse drags the window, a year wide, over the whole span."""
    box = page.locator(".fl-plot").bounding_box() or {}
    runs = []
    for _ in range(3):
        page.evaluate("() => { tools.width(365); tools.done = false; tools.running = tools.frames(() => tools.done); }")
        middle = box["y"] + box["height"] / 3
        page.mouse.move(box["x"] + box["width"] / 6, middle)
        page.mouse.down()
        for step in range(150):
            page.mouse.move(box["x"] + box["width"] * (1 / 6 + step / 225), middle)
        page.mouse.up()
        runs.append(page.evaluate("async () => { tools.done = true; return tools.running; }"))
    page.wait_for_timeout(2000)
    return {"dragging a year over the span: frame p50 / p95": _pair(min(runs, key=lambda run: run["p95"]))}


def _pair(told: dict[str, float]) -> str:
    return f"{told['p50']:.1f} / {told['p95']:.1f}"


def switched(page: Page) -> Figures:
    """A kind switched off and on again in the legend."""
    times = []
    for _ in range(2 * REPEATS):
        times.append(page.evaluate("() => tools.toggle()"))
        page.wait_for_timeout(1500)
    return {"kind toggle to new frame, median / least": f"{median(times):.0f} / {min(times):.0f}"}


def asked(page: Page) -> Figures:
    """Filters that run in Python: from the click or Enter to the frame that shows what they let through."""
    changed = "async () => { const { reports } = tools.view(); const v = reports.version; tools.waiting = tools.until(() => reports.version !== v); }"
    sides, texts = [], []
    for _ in range(REPEATS):
        page.get_by_role("combobox", name="Who claims it").click()
        page.evaluate(changed)
        page.get_by_role("option", name="Russian side").click()
        sides.append(page.evaluate("() => tools.waiting"))
        page.locator("h1").click()  # the list of choices closes
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Reset filters").click()
        page.wait_for_timeout(2000)
    for word in ("bulletin", "sentence", "noon", "jamnya", "вибухів"):  # no two find the same
        page.get_by_label("Search").fill(word)
        page.evaluate(changed)
        page.keyboard.press("Enter")
        texts.append(page.evaluate("() => tools.waiting"))
        page.wait_for_timeout(1500)
    page.get_by_role("button", name="Reset filters").click()
    page.wait_for_timeout(2000)
    return {
        "filter by side to new frame, median / least": f"{median(sides):.0f} / {min(sides):.0f}",
        "text search to new frame, median / least": f"{median(texts):.0f} / {min(texts):.0f}",
    }


def clicked(page: Page) -> Figures:
    """From a click on the map to the card of the report."""
    times = []
    for turn in range(REPEATS):
        spot = page.evaluate(
            """(turn) => {
                const view = tools.view();
                const middle = view.map.getSize().divideBy(2);
                const place = (mark) => view.map.layerPointToContainerPoint([mark.x, mark.y]);
                const near = view.points.drawn.filter((mark) => !mark.ring && place(mark).distanceTo(middle) < 220);
                const box = view.map.getContainer().getBoundingClientRect();
                const { x, y } = place(near[(turn * 7) % near.length]);
                return [x + box.x, y + box.y];
            }""",
            turn,
        )
        page.evaluate(
            """() => {
                const link = () => document.querySelector(".fl-card .fl-links a")?.getAttribute("href");
                const before = link();
                tools.waiting = tools.until(() => link() !== before);
            }"""
        )
        page.mouse.click(*spot)
        times.append(page.evaluate("() => tools.waiting"))
        page.wait_for_timeout(1000)
    return {"click to card, median / least": f"{median(times):.0f} / {min(times):.0f}"}


def remembered(browser: Browser, page: Page) -> Figures:
    """Memory of the process that renders the page, before and after 200 steps."""
    session = browser.new_browser_cdp_session()
    renderers = [p["id"] for p in session.send("SystemInfo.getProcessInfo")["processInfo"] if p["type"] == "renderer"]

    def memory() -> int:
        page.evaluate("() => window.gc && window.gc()")
        page.wait_for_timeout(1000)
        return max(_memory(process, "VmRSS") for process in renderers)

    page.evaluate("() => tools.steps(365, 200)")
    before = memory()
    page.evaluate("() => tools.steps(365, 200)")
    heap = page.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
    return {"renderer memory, before / after 200 steps": f"{before} / {memory()} MB (heap {heap:.0f} MB)"}


def idle(page: Page, repeats: int = REPEATS) -> Figures:
    """What a run of the page sends in which nothing changes: `R` runs it again."""
    page.evaluate("() => tools.width(0)")
    page.wait_for_timeout(2000)
    received: list[int] = []
    page.reload()  # so that its socket is seen from its beginning
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.reload()
    page.wait_for_selector("[data-ready=yes]")
    rested(page)
    page.locator("h1").first.click()
    sent = []
    for _ in range(repeats):
        received.clear()
        page.keyboard.press("r")
        page.wait_for_timeout(1500)
        sent.append(sum(received))
    return {"rerun with nothing changed: sent": f"{median(sent) / 1000:.1f} kB"}


def rerun_script(folder: Path) -> Figures:
    """How long the script of the page runs when nothing changes, in this process."""
    from streamlit.testing.v1 import AppTest

    from geo.view import offers

    sys.argv = ["app.py", str(folder)]
    times = []
    with offers.taken():  # as our server does, else each run carries all reports
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
        for _ in range(4 * REPEATS):
            begun = time.perf_counter()
            app.run()
            times.append(1000 * (time.perf_counter() - begun))
    return {"rerun with nothing changed: script, median / least": f"{median(times):.0f} / {min(times):.0f}"}


# --- the table -------------------------------------------------------------------------------------------------------


def table(columns: dict[str, Figures]) -> str:
    """Return the figures as Markdown, one column a dataset."""
    rows = dict.fromkeys(name for figures in columns.values() for name in figures)
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    lines += [f"| {row} | {' | '.join(figures.get(row, '') for figures in columns.values())} |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "benchmark")
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--scripts", type=Path, help="node_modules with the plug-ins of the stock ways (stock.py)")
    chosen = parser.parse_args()
    folders = {f"{number:,}": dataset(chosen.data, number) for number in chosen.reports}
    with sync_playwright() as playwright:
        started_browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measured = {label: measure(started_browser, folder) for label, folder in folders.items()}
        print(table({label: figures | rerun_script(folders[label]) for label, figures in measured.items()}), flush=True)
        if chosen.stock:
            import stock

            print("\n" + table(stock.measure(started_browser, dataset(chosen.data, 10_000), chosen.scripts)))
        started_browser.close()
