"""What people would write instead: streamlit-folium's map with Folium's own layers, on the same 10,000 reports.

Leaflet's plug-ins are taken from `--scripts DIR`, a `node_modules` with leaflet, leaflet.markercluster,
leaflet-timedimension, iso8601-js-period, jquery and moment, as Folium's own addresses may not be in reach.
Each way is a script of a few lines with a slider for the day; one step of it is a key press on the slider to the map
that shows the new window (for the time slider of Leaflet.TimeDimension, which steps in the browser, the frames are
what counts).
"""

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Error, Page, Route

STEPS = 5
_HEAD = """
import folium, pandas as pd, pyarrow.parquet as pq, streamlit as st
from folium.plugins import FastMarkerCluster, TimestampedGeoJson
from streamlit_folium import st_folium

@st.cache_data
def reports():
    table = pq.read_table({file!r}, columns=["date", "lat", "lon", "place", "kind", "quote"]).to_pandas()
    return table.dropna(subset=["lat", "lon"])

table = reports()
days = pd.to_datetime(table["date"])
last = st.slider("Day", 30, 1095, 365)
first_day = days.min()
shown = table[days <= first_day + pd.Timedelta(days=last)]
leaflet = folium.Map((48.5, 36.5), zoom_start=6)
"""
_TAIL = """
st_folium(leaflet, key="map", returned_objects=[], height=600, width=900)
st.html(f'<p class="done">{last}</p>')
"""
WAYS = {
    "CircleMarker": "for row in shown.itertuples():\n"
    "    folium.CircleMarker((row.lat, row.lon), radius=4, popup=row.quote).add_to(leaflet)\n",
    "FastMarkerCluster": "FastMarkerCluster(shown[['lat', 'lon']].values.tolist()).add_to(leaflet)\n",
    "TimestampedGeoJson": "features = [{'type': 'Feature', 'geometry': {'type': 'Point', 'coordinates': [r.lon, r.lat]},"
    " 'properties': {'times': [str(r.date)], 'popup': r.quote, 'icon': 'circle'}} for r in table.itertuples()]\n"
    "TimestampedGeoJson({'type': 'FeatureCollection', 'features': features}, period='P1D', duration='P30D',"
    " auto_play=False).add_to(leaflet)\n",
}
_MARKS = ".leaflet-interactive, .leaflet-marker-icon, .marker-cluster"


def measure(browser: Browser, folder: Path, scripts: Path | None) -> dict[str, dict[str, str]]:
    """Return the figures of each way."""
    [file] = folder.glob("events-*.parquet")
    return {way: _measured(browser, _HEAD.format(file=str(file)) + code + _TAIL, scripts) for way, code in WAYS.items()}


def _answered_from(scripts: Path | None) -> Any:
    """Return what answers for the addresses that Folium names: a file of the same name, or nothing."""
    known = {file.name: file for file in scripts.rglob("*.*s")} if scripts else {}

    def answer(route: Route) -> None:
        name = route.request.url.split("?")[0].rpartition("/")[2].replace("jquery-3.7.1", "jquery")
        file = known.get(name) or known.get(name.replace(".min.", "."))
        kind = {"css": "text/css", "js": "text/javascript"}.get(name.rpartition(".")[2], "image/png")
        route.fulfill(body=file.read_bytes() if file else b"", content_type=kind)

    return answer


def _measured(browser: Browser, script: str, scripts: Path | None) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "stock.py"
        path.write_text(script)
        port = _free_port()
        options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(path), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _answering(port)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.route(lambda url: "://localhost" not in url, _answered_from(scripts))
            received: list[int] = []
            page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
            return _figures(page, f"http://localhost:{port}", received)
        except Error as error:
            return {"not measured": str(error).splitlines()[0]}
        finally:
            process.terminate()
            process.wait(20)


def _figures(page: Page, url: str, received: list[int]) -> dict[str, str]:
    page.set_default_timeout(180_000)
    begun = time.perf_counter()
    page.goto(url)
    map_frame = page.frame_locator("iframe[title*='st_folium']")
    map_frame.locator(_MARKS).first.wait_for(state="attached")
    seconds = time.perf_counter() - begun
    page.wait_for_timeout(2000)
    steps, sent = [], []
    for _ in range(STEPS):
        received.clear()
        old = page.locator("p.done").inner_text()
        begun = time.perf_counter()
        page.locator("input[type=range]").first.press("ArrowRight")
        page.wait_for_function("(old) => document.querySelector('p.done')?.textContent !== old", arg=old)
        map_frame.locator(_MARKS).first.wait_for(state="attached")
        steps.append(1000 * (time.perf_counter() - begun))
        page.wait_for_timeout(2000)
        sent.append(sum(received))
    return {
        "time to interactive, with a warm cache of the server": f"{seconds:.1f} s",
        "a step by the server to the new map, median / least": f"{median(steps):.0f} / {min(steps):.0f}",
        "sent for a step": f"{median(sent) / 1e6:.2f} MB",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answering(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("streamlit did not start")
