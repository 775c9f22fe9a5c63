// What lies over or under the reports on demand: the user's own line, places that were not chosen, tiles from the net.
// All of it is SVG or images, never canvas, so that a saved picture holds only the reports and our own base map.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const { element, say } = frontline;

  const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

  frontline.Overlay = class {
    constructor(map, themeNow) {
      Object.assign(this, { map, themeNow });
      for (const [name, z] of [["frontline-tiles", 250], ["frontline-own", 310], ["frontline-losers", 440]]) {
        map.createPane(name).style.zIndex = z;
        map.getPane(name).style.pointerEvents = "none";
      }
      this.own = L.svg({ pane: "frontline-own", padding: 0.3 });
      this.other = L.svg({ pane: "frontline-losers", padding: 0.3 });
    }

    /** Draw the user's own line thin and grey, under everything that is reported; null takes it away. */
    showLine(geometries, words) {
      this.line?.remove();
      this.words = words;
      this.line = null;
      if (!geometries) return;
      const options = { renderer: this.own, pane: "frontline-own", interactive: false };
      this.line = L.geoJSON(geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })), options).addTo(this.map);
      this.paint();
    }

    /** Draw the places that a report's words could also have meant: hollow, with their names. */
    showLosers(places) {
      this.losers?.remove();
      this.losers = L.layerGroup(
        places.map(({ name, lat, lon }) =>
          L.circleMarker([lat, lon], { renderer: this.other, pane: "frontline-losers", interactive: false, radius: 7, fill: false, dashArray: "2 3", weight: 2 })
            .bindTooltip(element("span", {}, name), { permanent: true, direction: "right", className: "fl-loser", offset: [6, 0] }),
        ),
      ).addTo(this.map);
      this.paint();
    }

    paint() {
      const { muted } = this.themeNow();
      this.line?.setStyle({ color: muted, weight: 1.6, opacity: 0.9, fill: false });
      this.losers?.eachLayer((mark) => mark.setStyle({ color: muted }));
    }

    legend(line) {
      return this.line ? line(element("span", { class: "fl-mark fl-mark-own" }), this.words) : null;
    }

    /** A box that is not checked: until it is, no other host is asked for anything. */
    tilesChoice() {
      if (!this.offered) return null;
      const box = element("input", { type: "checkbox", checked: Boolean(this.tiles) });
      box.addEventListener("change", () => {
        this.tiles?.remove();
        this.tiles = box.checked
          ? L.tileLayer(this.offered.url, { maxZoom: 13, attribution: this.offered.credit, errorTileUrl: BLANK, opacity: 0.75, pane: "frontline-tiles" }).addTo(this.map)
          : null;
      });
      const about = element("span", { class: "fl-about" }, ` (${say("tiles.about")})`);
      return element("label", { class: "fl-tiles-choice" }, box, " ", say("tiles.label"), about);
    }
  };
})();
