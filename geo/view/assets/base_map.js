// The base map: land, water and borders from local vectors, and as many place names as fit.  No tile, no server.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});

  // Cities show from far away, villages from near. Rank 0 is the largest; gazetteer/ knows no population, so a rank is
  // made of the kind and the extent of a place (geo/view/base_map.py).
  const APART_PX = 5; // between two names of one line
  const SIZES = [13.5, 12.5, 12, 11.5, 11, 11];
  const deepest = (zoom) => (zoom < 6 ? 0 : zoom < 7 ? 1 : zoom < 8 ? 2 : zoom < 9 ? 3 : zoom < 9.75 ? 4 : 5);

  frontline.Labels = frontline.CanvasLayer.extend({
    initialize(labels, names, options) {
      frontline.CanvasLayer.prototype.initialize.call(this, options);
      this.labels = labels; // [name, lat, lon, rank], by rank
      this.names = names; // in other languages, by position
      this.placed = [];
    },

    paint(ctx, bounds) {
      const { theme, obstacles } = this.options;
      const rank = deepest(this._map.getZoom());
      const symbols = obstacles();
      const [taken, blocked] = [new frontline.Taken(symbols), new frontline.Taken(symbols)];
      this.placed = [];
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      const names = this.names[frontline.language()] ?? {};
      for (const [index, [plain, lat, lon, level]] of this.labels.entries()) {
        if (level > rank) break;
        const name = names[index] ?? plain;
        const at = this._map.latLngToLayerPoint([lat, lon]);
        if (!bounds.contains(at)) continue;
        const size = SIZES[level];
        ctx.font = `${level < 2 ? 600 : 400} ${size}px ${theme.font}`;
        const box = this.free(at, ctx.measureText(name).width, size, taken);
        if (!box) continue;
        taken.add(box);
        this.placed.push({ name, lat, lon, ...box });
        if (!blocked.overlaps({ x: at.x, y: at.y, width: 0, height: 0 })) {
          ctx.fillStyle = theme.labelDot;
          ctx.beginPath();
          ctx.arc(at.x, at.y, level < 2 ? 2.2 : 1.6, 0, 2 * Math.PI);
          ctx.fill();
        }
        ctx.lineWidth = 3;
        ctx.strokeStyle = theme.land;
        ctx.strokeText(name, box.x, at.y + box.down);
        ctx.fillStyle = level < 3 ? theme.label : theme.labelSmall;
        ctx.fillText(name, box.x, at.y + box.down);
      }
    },

    /** A box for a name beside its dot where nothing else is: right, left, below, above, then further off. */
    free(at, width, size, taken) {
      const height = size * 1.3;
      const middle = -width / 2;
      const near = [[7, 0], [-7 - width, 0], [middle, 12], [middle, -12]];
      const far = [[20, 0], [-20 - width, 0], [middle, 26], [middle, -26]];
      for (const [x, down] of [...near, ...far]) {
        const box = { x: at.x + x, y: at.y + down - height / 2, width, height, down };
        const apart = { ...box, x: box.x - APART_PX, width: width + 2 * APART_PX };
        if (!taken.overlaps(apart) && !frontline.isCut(this._map, box)) return box;
      }
      return null;
    },
  });

  /** Add the base map; returns a function that paints it anew in another theme. */
  frontline.baseMap = (map, data, { theme, obstacles }) => {
    const pane = map.createPane("frontline-base");
    pane.style.zIndex = 210;
    pane.style.pointerEvents = "none";
    map.createPane("frontline-labels").style.zIndex = 430;
    map.getPane("frontline-labels").style.pointerEvents = "none";
    const renderer = L.canvas({ pane: "frontline-base", padding: 0.3 });
    const shapes = (coordinates, type, style) =>
      L.geoJSON({ type, coordinates }, { renderer, pane: "frontline-base", interactive: false, smoothFactor: 0.6, style });
    const styles = {
      far: (t) => ({ stroke: false, fillColor: t.land, fillOpacity: 1 }),
      land: (t) => ({ stroke: false, fillColor: t.land, fillOpacity: 1 }),
      coast: (t) => ({ weight: 0.8, color: t.coast, fill: false }),
      lakes: (t) => ({ stroke: false, fillColor: t.water, fillOpacity: 1 }),
      rivers: (t) => ({ weight: 1.4, color: t.river, fill: false }),
      courses: (t) => ({ weight: 1.3, color: t.river, fill: false, dashArray: "7 3" }),
      raions: (t) => ({ weight: 0.7, color: t.region, fill: false, dashArray: "1 3" }),
      regions: (t) => ({ weight: 0.9, color: t.region, fill: false, dashArray: "4 3" }),
      borders: (t) => ({ weight: 1.6, color: t.border, fill: false }),
    };
    const types = { far: "MultiPolygon", land: "MultiPolygon", lakes: "MultiPolygon" };
    const layers = Object.entries(styles)
      .filter(([name]) => data[name])
      .map(([name, style]) => [shapes(data[name], types[name] || "MultiLineString", style(theme)).addTo(map), style, name]);
    // Far out the lines of raions would be the loudest thing on the map.
    const NEAR = { raions: 7.5, courses: 6 };
    const byZoom = () => {
      for (const [layer, , name] of layers) if (name in NEAR) layer.setStyle({ stroke: map.getZoom() >= NEAR[name] });
    };
    byZoom();
    map.on("zoomend", byZoom);
    const labels = new frontline.Labels(data.labels || [], data.names || {}, { pane: "frontline-labels", theme, obstacles }).addTo(map);
    return {
      labels,
      paint(next) {
        for (const [layer, style] of layers) layer.setStyle(style(next));
        byZoom();
        labels.options.theme = next;
        labels.redraw();
      },
    };
  };
})();
