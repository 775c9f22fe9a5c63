// Puts base map, reports, legend and timeline together on a Leaflet map.  Folium's script calls `frontline.show`, in the
// page and in a saved HTML file alike.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const { element, say } = frontline;

  const COLOURS = ["family", "actor", "claimant"];
  const HOVER_KINDS = 5;
  frontline.CENTRAL = 0.9; // share of the reports that the map opens on

  /** Colours and font of an element, from the style sheet: its theme follows the page's. */
  const themeOf = (frontline.themeOf = (node) => {
    const style = getComputedStyle(node);
    const page = style.getPropertyValue("--st-background-color").trim() || getComputedStyle(document.body).backgroundColor;
    const dark = frontline.isDark(page === "rgba(0, 0, 0, 0)" ? "#fff" : page);
    node.classList.toggle("fl-dark", dark);
    const now = getComputedStyle(node);
    const names = "text muted panel edge halo land water coast river region border label label-small label-dot coverage";
    const theme = { dark, font: now.fontFamily };
    for (const name of names.split(" ")) {
      theme[name.replace(/-(.)/g, (_, c) => c.toUpperCase())] = now.getPropertyValue(`--fl-${name}`).trim();
    }
    return theme;
  });

  class View {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.root = map.getContainer().parentElement;
      this.root.classList.add("fl");
      this.theme = themeOf(this.root);
      this.colour = "family";
      this.by = "event";
      this.selected = -1;
      this.listeners = {};
      this.tooltip = L.tooltip({ className: "fl-tip", direction: "top", opacity: 1 });
      map.attributionControl.setPrefix(false);
      this.foot = element("div", { class: "fl-foot" });
      map.on("click", (event) => this.clicked(event));
      map.on("mousemove", L.Util.throttle((event) => this.hovered(event), 40));
      map.on("mouseout movestart zoomstart", () => this.map.closeTooltip(this.tooltip));
      map.on("moveend", () => this.tell("moved", this.place()));
      this.strip = element("div", { class: "fl-strip" });
      if (options.alone) this.root.prepend(this.strip);
      this.fitButton();
      this.pictureButton();
      this.resized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
      this.resized.observe(map.getContainer());
    }

    fitButton() {
      const button = (this.fitLink = element("a", { href: "#", role: "button", class: "fl-fit" }));
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", (event) => {
        event.preventDefault();
        this.fit();
      });
      const FitControl = L.Control.extend({ onAdd: () => element("div", { class: "leaflet-bar" }, button) });
      new FitControl({ position: "topleft" }).addTo(this.map);
    }

    pictureButton() {
      const button = (this.pictureLink = element("a", { href: "#", role: "button", class: "fl-picture" }));
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", (event) => {
        event.preventDefault();
        frontline.savePicture(this);
      });
      const PictureControl = L.Control.extend({ onAdd: () => element("div", { class: "leaflet-bar" }, button) });
      new PictureControl({ position: "topleft" }).addTo(this.map);
    }

    on(name, listener) {
      this.listeners[name] = listener;
    }

    tell(name, value) {
      this.listeners[name]?.(value);
    }

    /** The theme for symbols that stand on a panel, not on the map. */
    flat = () => ({ ...this.theme, halo: this.theme.panel });

    colourOf = (group) => (this.theme.dark ? frontline.lighter(group.colour) : group.colour);

    /** Show a table of reports over a base map; both as packed by geo/view/maps.py. */
    load(table, base) {
      this.reports = new frontline.Reports(table);
      this.reports.use(this.by, this.colour);
      this.days = frontline.days(table.first_day);
      if (!this.base) {
        this.base = frontline.baseMap(this.map, base, { theme: this.theme, obstacles: () => this.obstacles() });
        this.overlay = new frontline.Overlay(this.map, () => this.theme);
        this.overlay.offered = this.options.tiles;
        for (const [name, z] of [["frontline-areas", 320], ["frontline-points", 450]]) {
          this.map.createPane(name).style.zIndex = z;
          this.map.getPane(name).style.pointerEvents = "none";
        }
      }
      for (const old of [this.areas, this.points]) old?.remove();
      this.timeline?.remove();
      const options = { theme: this.theme, colourOf: this.colourOf };
      this.reports.rename(frontline.language());
      this.points = new frontline.PointLayer(this.reports, { ...options, pane: "frontline-points" }).addTo(this.map);
      const obstacles = () => [...this.points.obstacles(), ...this.controls()];
      this.areas = new frontline.AreaLayer(this.reports, { ...options, obstacles, pane: "frontline-areas" }).addTo(this.map);
      this.mountTimeline();
      this.say();
      this.base.labels.redraw();
    }

    mountTimeline() {
      this.timeline = new frontline.Timeline(this.reports, {
        theme: this.theme,
        colourOf: this.colourOf,
        coverage: this.reports.table.coverage[this.by],
        changed: (settled) => {
          this.count();
          this.tell(settled ? "settled" : "stepped", this.window());
        },
      });
      this.root.append(this.timeline.node, this.foot);
    }

    /** Say everything in the language that is spoken now; what is chosen and shown stays. */
    speak() {
      const { from, until, mode } = this.timeline;
      this.map.closeTooltip(this.tooltip);
      this.timeline.remove();
      this.mountTimeline();
      this.timeline.show(from, until, mode);
      this.reports.rename(frontline.language());
      this.say();
      this.base.labels.redraw();
    }

    say() {
      const { attributionControl: attribution, zoomControl: zoom } = this.map;
      for (const [link, key] of [[this.fitLink, "fit"], [this.pictureLink, "picture"], [zoom?._zoomInButton, "zoom_in"], [zoom?._zoomOutButton, "zoom_out"]]) {
        if (link) link.title = say(`map.${key}`);
        link?.setAttribute("aria-label", say(`map.${key}`));
      }
      const notices = [say("page.notice"), ...(this.options.sample ? [say("page.sample")] : [])].join(" · ");
      if (this.notices) attribution.removeAttribution(this.notices);
      attribution.addAttribution((this.notices = notices));
      this.strip.textContent = notices;
      this.legend();
      this.count();
      this.timeline.refresh();
    }

    /** What names on the map keep clear of. */
    obstacles() {
      return this.areas?._map ? [...this.points.obstacles(), ...this.areas.layout().filter(Boolean), ...this.controls()] : [];
    }

    /** Boxes of what stands on the map: buttons, scale, attribution. No name may lie under them. */
    controls() {
      const frame = this.map.getContainer().getBoundingClientRect();
      return [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
        const { x, y, width, height } = control.getBoundingClientRect();
        const at = this.map.containerPointToLayerPoint([x - frame.x - 3, y - frame.y - 3]);
        return { x: at.x, y: at.y, width: width + 6, height: height + 6 };
      });
    }

    window() {
      const { from, until, mode } = this.timeline;
      return { from: this.days.iso(from), until: this.days.iso(until), mode };
    }

    place() {
      const { lat, lng } = this.map.getCenter();
      const b = this.map.getBounds();
      const edges = { south: b.getSouth(), west: b.getWest(), north: b.getNorth(), east: b.getEast() };
      const place = { zoom: this.map.getZoom(), lat, lon: lng, ...edges };
      return Object.fromEntries(Object.entries(place).map(([name, x]) => [name, Math.round(x * 1e4) / 1e4]));
    }

    /** Show where the reports are: all of them, or all but the few farthest, which would make the rest tiny. */
    fit(share = 1) {
      const { lat, lon, area } = this.reports.table.spots;
      const totals = this.reports.totals();
      const drawn = Array.from(totals.keys()).filter((s) => totals[s] && lat[s] !== null);
      const exact = drawn.filter((s) => area[s] < 0); // areas matter only where there is nothing else
      const spots = exact.length ? exact : drawn;
      if (!spots.length) return;
      const cut = (spots.reduce((sum, s) => sum + totals[s], 0) * (1 - share)) / 2;
      const edge = (values, sorted) => {
        let left = cut;
        return values[sorted.find((s) => (left -= totals[s]) < 0) ?? sorted[0]];
      };
      const inner = (values) => {
        const sorted = [...spots].sort((a, b) => values[a] - values[b]);
        return [edge(values, sorted), edge(values, sorted.reverse())];
      };
      const [[south, north], [west, east]] = [inner(lat), inner(lon)];
      this.map.fitBounds(L.latLngBounds([south, west], [north, east]).pad(0.08), { maxZoom: 10, animate: false });
    }

    count() {
      this.reports.count(this.timeline.from, this.timeline.until);
      this.areas.redraw();
      this.points.redraw();
    }

    filter(bits) {
      this.reports.filter(bits);
      this.filtered();
    }

    filtered() {
      this.count();
      this.base.labels.redraw();
      this.timeline.refresh();
    }

    /** Show only these kinds (ids); none stands for all of them. */
    showKinds(ids) {
      const hidden = Uint8Array.from(this.reports.table.kinds, ({ id }) => (ids.length && !ids.includes(id) ? 1 : 0));
      if (hidden.every((flag, kind) => flag === this.reports.hidden[kind])) return;
      this.reports.hide(hidden);
      this.filtered();
      this.legendKinds();
    }

    /** A kind was switched in the legend: off, or on again; when none would be left, all are back. */
    switchKind(id) {
      const { kinds } = this.reports.table;
      const present = kinds.filter((kind) => kind.present).map((kind) => kind.id);
      const shown = kinds.filter((kind, k) => kind.present && !this.reports.hidden[k]).map((kind) => kind.id);
      const next = present.filter((kind) => shown.includes(kind) !== (kind === id));
      const ids = next.length === present.length ? [] : next;
      this.showKinds(ids);
      this.tell("switched", ids);
    }

    legendKinds() {
      for (const button of this.legendNode.querySelectorAll(".fl-kind-switch")) {
        const kind = this.reports.table.kinds.findIndex(({ id }) => id === button.dataset.kind);
        button.setAttribute("aria-pressed", !this.reports.hidden[kind]);
      }
    }

    use(by, colour) {
      if (by === this.by && colour === this.colour) return;
      [this.by, this.colour] = [by, colour];
      this.reports.use(by, colour);
      this.timeline.coverage = this.reports.table.coverage[by];
      this.count();
      this.timeline.refresh();
      this.legend();
    }

    showWindow({ from, until, mode }) {
      this.timeline.show(this.days.number(from), this.days.number(until), mode);
      this.count();
      this.timeline.say();
    }

    select(row) {
      this.selected = row;
      this.areas.selected = this.points.selected = row;
      this.areas.redraw();
      this.points.redraw();
    }

    repaint() {
      const theme = themeOf(this.root);
      if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
      this.theme = theme;
      for (const layer of [this.areas, this.points]) layer.options.theme = theme;
      this.areas.hatches = {};
      this.timeline.theme = theme;
      this.base.paint(theme);
      this.overlay.paint();
      this.count();
      this.timeline.paint();
      this.legend();
    }

    // --- what is under the pointer -------------------------------------------------------------------------------------

    at(event) {
      return this.points.at(event.layerPoint) || this.areas.at(event.layerPoint);
    }

    clicked(event) {
      const hit = this.points && this.at(event);
      if (hit) this.tell("picked", this.reports.rowsAt(hit.spots));
    }

    hovered(event) {
      const hit = this.points && this.at(event);
      this.map.getContainer().classList.toggle("fl-over", Boolean(hit));
      if (!hit) return this.map.closeTooltip(this.tooltip);
      const at = hit.area ? event.latlng : this.map.layerPointToLatLng([hit.x, hit.y - hit.radius]);
      return this.tooltip.setLatLng(at).setContent(this.describe(hit)).openOn(this.map);
    }

    /** Nodes, not markup: names and numbers only. */
    describe(hit) {
      const { spots } = this.reports.table;
      const names = [...new Set(hit.spots.map((spot) => spots.name[spot]))];
      const title = names.length > 2 ? say("count.more_places", { first: names[0], n: names.length - 1 }) : names.join(", ");
      const kinds = this.reports.kindsAt(hit.spots);
      const lines = kinds.slice(0, HOVER_KINDS).map(([kind, count]) => {
        const family = this.reports.table.families.find((f) => f.id === kind.family);
        const glyph = frontline.glyphIcon(kind.shape, this.colourOf(family), { theme: this.flat() }, 14);
        return element("div", { class: "fl-tip-line" }, glyph, `${count > 1 ? `${count} × ` : ""}${say(`kind.${kind.id}`)}`);
      });
      const rest = kinds.slice(HOVER_KINDS).reduce((sum, [, count]) => sum + count, 0);
      const where = [...new Set(hit.spots.slice(0, 2).map((spot) => frontline.whereWords(spots, spot)))];
      return element(
        "div", {},
        element("strong", {}, title),
        ...lines,
        rest ? element("div", { class: "fl-tip-line" }, frontline.counted(rest, "other_")) : null,
        where.length === 1 ? element("div", { class: "fl-tip-note" }, where[0]) : null,
      );
    }

    // --- the legend ----------------------------------------------------------------------------------------------------

    legend() {
      const { table } = this.reports;
      const open = this.legendNode ? this.legendNode.open : this.root.clientWidth > 620;
      const meanings = COLOURS.map((id) =>
        element("option", { value: id, selected: id === this.colour }, say(`colour.${id}`)),
      );
      const choice = element("select", { class: "fl-colour", "aria-label": say("colour.choice") }, ...meanings);
      choice.addEventListener("change", () => {
        this.use(this.by, choice.value);
        this.tell("coloured", choice.value);
      });
      const line = (mark, words) => element("li", {}, mark, words);
      const families = new Map(table.families.map((f) => [f.id, f]));
      const byFamily = this.colour === "family";
      const kinds = table.kinds
        .filter((kind) => kind.present)
        .map((kind) => {
          const colour = byFamily ? this.colourOf(families.get(kind.family)) : this.theme.muted;
          const attributes = { type: "button", class: "fl-kind-switch", "data-kind": kind.id, title: say("map.switch") };
          const glyph = frontline.glyphIcon(kind.shape, colour, { theme: this.flat() });
          return line(element("button", { ...attributes, onclick: () => this.switchKind(kind.id) }, glyph, say(`kind.${kind.id}`)), null);
        });
      const sides = table.sides
        .filter((side) => !byFamily && side.present[this.colour])
        .map((side) => line(element("span", { class: "fl-swatch", style: `background:${this.colourOf(side)}` }), say(`side.${side.id}`)));
      const where = table.marks.map((mark) =>
        line(element("span", { class: `fl-mark fl-mark-${mark}` }), say(`mark.${mark}`)),
      );
      const statuses = table.statuses
        .filter((status) => status.present)
        .map(({ id }) => line(frontline.statusIcon(id, this.flat()), say(`status.${id}`)));
      const uncovered = table.coverage[this.by].includes(0);
      const gap = uncovered ? line(element("span", { class: "fl-mark fl-mark-gap" }), say("time.gap")) : null;
      this.legendNode = element(
        "details", { class: "fl-legend", open },
        element("summary", {}, say("map.legend")),
        element("ul", {}, element("li", {}, choice), ...sides, ...kinds),
        element("ul", { class: "fl-legend-status", "aria-label": say("map.statuses") }, ...statuses),
        element("ul", { class: "fl-legend-where" }, ...where, gap, this.overlay.legend(line)),
        this.overlay.tilesChoice(),
      );
      const credits = element("p", { class: "fl-credits" }, this.options.credits.join(" · "));
      this.foot.replaceChildren(this.legendNode, credits);
      this.legendKinds();
    }

    remove() {
      this.resized.disconnect();
      this.timeline?.remove();
      this.foot.remove();
      this.map.remove();
    }
  }

  const fetched = (frontline.fetched = async (source) => {
    if (source.url) {
      const answer = await fetch(new URL(source.url, document.baseURI));
      if (!answer.ok) throw new Error(`${source.url}: ${answer.status}`);
      return answer.arrayBuffer();
    }
    return frontline.gunzip(frontline.bytes(source.base64));
  });

  /** Read the two files, from an address or embedded as base64, and show them. */
  const filled = async (view, { columns, base }) => {
    const [table, vectors] = await Promise.all([fetched(columns), view.base ? null : fetched(base)]);
    view.load(frontline.readColumns(table), vectors && JSON.parse(new TextDecoder().decode(vectors)));
    return view;
  };

  /** Called by the script that Folium writes.  Without data, the caller of `frontline.fill` brings it. */
  frontline.show = (map, options) => {
    if (options.words) frontline.speak(options.words);
    const view = new View(map, options);
    map.getContainer().frontline = view;
    if (options.columns) filled(view, options).then(() => frontline.popups(view, options));
    return view;
  };
  frontline.fill = filled;

  /** A saved HTML file has no page around it: a click opens the report's words, which the file holds. */
  frontline.popups = async (view, { texts }) => {
    const words = JSON.parse(new TextDecoder().decode(await frontline.gunzip(frontline.bytes(texts))));
    view.fit(frontline.CENTRAL);
    view.on("picked", (rows) => {
      view.select(rows[0]);
      const shown = rows.slice(0, 20).map((row) => {
        const { title, lines, quote, source } = words[row];
        return element(
          "article", {},
          element("strong", {}, title),
          ...lines.map((each) => element("div", {}, each)),
          element("blockquote", { dir: "auto" }, quote),
          element("cite", { dir: "auto" }, source),
        );
      });
      const left = rows.length - shown.length;
      const more = left ? element("p", {}, say("count.more_here", { n: left })) : null;
      const spot = view.reports.table.column.spot[rows[0]];
      const { lat, lon } = view.reports.table.spots;
      L.popup({ className: "fl-popup", maxWidth: 360, maxHeight: 340 })
        .setLatLng([lat[spot], lon[spot]])
        .setContent(element("div", {}, ...shown, more))
        .openOn(view.map);
    });
  };
})();
