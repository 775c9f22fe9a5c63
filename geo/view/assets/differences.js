// Shows what differs between two datasets: symbols, outlines and ways on the map, and a list of all beside it.
// Whatever a digest says is set as text, never as markup.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const { element } = frontline;

  const MOST_HERE = 20; // reports in one popup
  const unpacked = async (base64) =>
    JSON.parse(new TextDecoder().decode(await frontline.gunzip(frontline.bytes(base64))));

  class Shown {
    constructor(map, told) {
      this.map = map;
      this.told = told;
      this.hidden = new Set();
      this.layer = L.layerGroup().addTo(map);
      this.sort = Object.fromEntries(told.sorts.map((sort) => [sort.id, sort]));
      this.draw();
      this.fit();
    }

    /** The sorts of a report that are not hidden, the weightiest first. */
    seen(report) {
      return report.sorts.filter((sort) => !this.hidden.has(sort));
    }

    draw() {
      this.layer.clearLayers();
      const { reports, spots, areas } = this.told;
      const [bySpot, byArea] = [spots.map(() => []), areas.map(() => [])];
      const ways = new Map();
      reports.forEach((report, number) => {
        if (!this.seen(report).length) return;
        const [was, is] = report.at;
        for (const at of [was, is]) {
          const list = at && ("spot" in at ? bySpot[at.spot] : byArea[at.area]);
          if (list && list.at(-1) !== number) list.push(number);
        }
        // A way is drawn between two spots only: an area has none to start from.
        if (was && is && "spot" in was && "spot" in is && was.spot !== is.spot) ways.set(`${was.spot}-${is.spot}`, [was.spot, is.spot]);
      });
      areas.forEach(({ name, geometry }, area) => {
        if (!geometry || !byArea[area].length) return;
        const { colour } = this.sort[this.weightiest(byArea[area])];
        const shape = L.geoJSON(geometry, { style: { color: colour, weight: 1.5, dashArray: "5 4", fillOpacity: 0.1 } });
        shape.bindTooltip(element("span", {}, `${name}: ${byArea[area].length}`));
        shape.on("click", (event) => this.open(event.latlng, byArea[area])).addTo(this.layer);
      });
      for (const [from, to] of ways.values()) {
        const style = { color: this.sort.moved.colour, weight: 2, interactive: false };
        L.polyline([spots[from], spots[to]], style).addTo(this.layer);
      }
      spots.forEach((spot, number) => {
        if (!bySpot[number].length) return;
        const { letter, colour, words } = this.sort[this.weightiest(bySpot[number])];
        const left = bySpot[number].every((each) => reports[each].at[1]?.spot !== number);
        const sign = element("span", { class: left ? "fl-diff fl-diff-left" : "fl-diff" }, letter);
        sign.style.setProperty("--fl-diff", colour);
        const icon = L.divIcon({ html: sign, className: "", iconSize: [20, 20] });
        const marker = L.marker(spot, { icon, alt: words, title: reports[bySpot[number][0]].title });
        marker.on("click", () => this.open(spot, bySpot[number])).addTo(this.layer);
      });
    }

    weightiest(numbers) {
      const seen = new Set(numbers.flatMap((number) => this.seen(this.told.reports[number])));
      return this.told.sorts.find((sort) => seen.has(sort.id)).id;
    }

    open(at, numbers) {
      const shown = numbers.slice(0, MOST_HERE).map((number) => this.article(this.told.reports[number]));
      const left = numbers.length - shown.length;
      if (left) shown.push(element("p", {}, `… and ${left} more`));
      L.popup({ className: "fl-popup", maxWidth: 360, maxHeight: 340 })
        .setLatLng(at).setContent(element("div", {}, ...shown)).openOn(this.map);
    }

    article(report) {
      return element(
        "article", {},
        element("strong", { dir: "auto" }, report.title),
        element("div", {}, report.sorts.map((sort) => this.sort[sort].words).join(", ")),
        ...report.lines.map((line) => element("div", { dir: "auto" }, line)),
        element("blockquote", { dir: "auto" }, report.quote),
        element("cite", { dir: "auto" }, report.source),
      );
    }

    /** Bring a report of the list into view and open its words. */
    go(number) {
      const at = this.told.reports[number].at[1] || this.told.reports[number].at[0];
      if (!at) return this.open(this.map.getCenter(), [number]); // of a whole country
      if ("spot" in at) {
        this.map.setView(this.told.spots[at.spot], Math.max(this.map.getZoom(), 8));
        return this.open(this.told.spots[at.spot], [number]);
      }
      const { geometry } = this.told.areas[at.area];
      if (geometry) this.map.fitBounds(L.geoJSON(geometry).getBounds());
      return this.open(this.map.getCenter(), [number]);
    }

    fit() {
      const shapes = this.told.areas.filter(({ geometry }) => geometry).map(({ geometry }) => L.geoJSON(geometry).getBounds());
      const bounds = L.latLngBounds(this.told.spots);
      shapes.forEach((each) => bounds.extend(each));
      if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [30, 30], maxZoom: 9 });
    }

    panel() {
      const { told } = this;
      const legend = told.sorts.filter(({ n }) => n).map(({ id, words, letter, colour, n }) => {
        const box = element("input", { type: "checkbox", checked: "" });
        box.addEventListener("change", () => {
          if (box.checked) this.hidden.delete(id);
          else this.hidden.add(id);
          this.draw();
          list.replaceChildren(...this.rows());
        });
        const sign = element("span", { class: "fl-diff" }, letter);
        sign.style.setProperty("--fl-diff", colour);
        return element("label", {}, box, sign, `${words} (${n})`);
      });
      const list = element("ol", {}, ...this.rows());
      const left = told.left_out ? [element("p", {}, `${told.left_out} more are not in this file; frontline diff --json has all.`)] : [];
      const stories = told.stories.map((words) => element("li", { dir: "auto" }, words));
      if (told.stories_left_out) stories.push(element("li", {}, `… and ${told.stories_left_out} more`));
      const superseded = stories.length ? [element("h2", {}, "Stories superseded"), element("ul", {}, ...stories)] : [];
      return element(
        "aside", { class: "fl-diff-panel" },
        element("h1", {}, "Differences between two datasets"),
        ...told.notice.map((line) => element("p", {}, element("strong", {}, line))),
        ...told.summary.map((line) => element("p", {}, line)),
        element("div", { class: "fl-diff-legend" }, ...legend),
        ...left, list, ...superseded,
        element("p", { class: "fl-credits" }, told.credits.join(" · ")),
      );
    }

    rows() {
      return this.told.reports.flatMap((report, number) => {
        const [sort] = this.seen(report);
        if (!sort) return [];
        const button = element("button", { type: "button", dir: "auto" }, report.title);
        button.addEventListener("click", () => this.go(number));
        const sign = element("span", { class: "fl-diff" }, this.sort[sort].letter);
        sign.style.setProperty("--fl-diff", this.sort[sort].colour);
        return [element("li", {}, sign, button)];
      });
    }
  }

  /** Called by the script that Folium writes. */
  frontline.showDifferences = async (map, { base, told, words }) => {
    frontline.speak(words);
    const root = map.getContainer().parentElement;
    root.classList.add("fl", "fl-diff-page");
    map.attributionControl.setPrefix(false);
    frontline.baseMap(map, await unpacked(base), { theme: frontline.themeOf(root), obstacles: () => [] });
    const shown = new Shown(map, await unpacked(told));
    root.prepend(shown.panel());
    map.invalidateSize({ animate: false });
    shown.fit();
  };
})();
