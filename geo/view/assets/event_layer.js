// Reports on the map.  Points are symbols, one shape a kind; what is only known to be near is a ring; what is only known
// by its region is a hatched area; a direction is a soft band.  Nothing is moved from where the gazetteer has it.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});

  const TOGETHER_PX = 29; // symbols closer than this become one disc with a number
  const RING_PX = 24; // rings smaller than this join the discs
  const GRAB_PX = 12; // a tap may miss a symbol by this much
  const TURN = 2 * Math.PI;
  const EARTH_CIRCUMFERENCE_M = 40075016.686; // of the sphere of Web Mercator

  const metresPerPixel = (lat, zoom) => (EARTH_CIRCUMFERENCE_M * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
  // Where the words of an area may stand: at its middle, else around it, in widths of the words and in lines.
  const SHIFTS = [0, 1.4, -1.4, 2.8, -2.8, 4.5, -4.5].flatMap((lines) => [0, -1, 1, -1.7, 1.7].map((widths) => [widths, lines]));
  const short = (n) => (n < 1000 ? String(n) : n < 9950 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`);

  const symbolRadius = (count) => (count < 2 ? 6.5 : Math.min(9 + 1.7 * Math.log2(count), 18));

  /** What the two layers of reports have in common. */
  const EventCanvas = frontline.CanvasLayer.extend({
    initialize(reports, options) {
      frontline.CanvasLayer.prototype.initialize.call(this, options); // options: pane, theme, colourOf
      this.reports = reports;
      this.selected = -1; // a row
      this.drawn = [];
    },

    pixels(lat, radiusKm) {
      return (radiusKm * 1000) / metresPerPixel(lat, this._map.getZoom());
    },

    groupCounts(spots) {
      const groups = this.reports.groups.length;
      const counts = new Array(groups).fill(0);
      for (const spot of spots) for (let g = 0; g < groups; g++) counts[g] += this.reports.spotGroups[spot * groups + g];
      return counts;
    },

    colour(counts) {
      return this.options.colourOf(this.reports.groups[counts.indexOf(Math.max(...counts))]);
    },

    selectedSpot() {
      return this.selected < 0 ? -1 : this.reports.table.column.spot[this.selected];
    },
  });

  // --- areas and bands -------------------------------------------------------------------------------------------------

  frontline.AreaLayer = EventCanvas.extend({
    onAdd(map) {
      const { spots, areas } = this.reports.table;
      this.members = areas.map((_, area) => spots.area.flatMap((of, spot) => (of === area ? [spot] : [])));
      EventCanvas.prototype.onAdd.call(this, map);
    },

    /** Outline in layer pixels; kept until the zoom changes. */
    path(area) {
      const key = `${this._map.getZoom()} ${this._map.getPixelOrigin()}`;
      if (this.pathKey !== key) [this.pathKey, this.paths] = [key, []];
      return (this.paths[area] = this.paths[area] || this.trace(this.reports.table.areas[area]));
    },

    trace({ geometry, lat, lon, radius_km: radiusKm }) {
      const path = new Path2D();
      const line = (points) =>
        points.forEach(([x, y], i) => {
          const at = this._map.latLngToLayerPoint([y, x]);
          if (i) path.lineTo(at.x, at.y);
          else path.moveTo(at.x, at.y);
        });
      const rings = { Polygon: (c) => c, MultiPolygon: (c) => c.flat(), LineString: (c) => [c], MultiLineString: (c) => c };
      if (geometry) rings[geometry.type](geometry.coordinates).forEach(line);
      else {
        const at = this._map.latLngToLayerPoint([lat, lon]); // no outline is known: a round area of its radius
        path.arc(at.x, at.y, this.pixels(lat, radiusKm), 0, TURN);
      }
      return path;
    },

    /** Where the words of each area stand: inside it, free of symbols and of each other. The same at every step. */
    layout() {
      const key = `${this._map.getZoom()} ${this._map.getPixelOrigin()} ${this.reports.version}`;
      if (this.layoutKey === key) return this.tags;
      this.layoutKey = key;
      const taken = this.options.obstacles();
      const totals = this.reports.totals();
      this.ctx.font = `600 11px ${this.options.theme.font}`;
      this.tags = this.reports.table.areas.map((area, index) => {
        const total = this.members[index].reduce((sum, spot) => sum + totals[spot], 0);
        if (!total) return null;
        const centre = this._map.latLngToLayerPoint([area.lat, area.lon]);
        const width = this.ctx.measureText(this.words(area, total)).width + 16;
        const box = (dx, dy) => ({ x: centre.x + dx - width / 2, y: centre.y + dy - 9, width, height: 18 });
        const spot = SHIFTS.map(([dx, dy]) => box(dx * width * 0.55, dy * 20)).find(
          (tag) => this.holds(index, tag.x + width / 2, tag.y + 9) && !taken.some((other) => frontline.overlap(tag, other)),
        );
        if (spot) taken.push(spot);
        return spot || null;
      });
      return this.tags;
    },

    words: (area, count) => `${area.name}${area.soft ? " (approximate)" : ""} · ${short(count)}`,

    /** Whether a pixel lies in an area; a line has no inside. */
    holds(index, x, y) {
      const { geometry } = this.reports.table.areas[index];
      if (geometry && geometry.type.endsWith("LineString")) return true;
      this.ctx.save();
      this.ctx.setTransform(1, 0, 0, 1, 0, 0);
      const inside = this.ctx.isPointInPath(this.path(index), x, y, "evenodd");
      this.ctx.restore();
      return inside;
    },

    paint(ctx) {
      this.drawn = [];
      const tags = this.layout();
      const { areas } = this.reports.table;
      areas.forEach((area, index) => {
        const spots = this.members[index];
        const counts = this.groupCounts(spots);
        const count = counts.reduce((a, b) => a + b, 0);
        const isSelected = spots.includes(this.selectedSpot());
        if (!count && !isSelected) return;
        const path = this.path(index);
        const colour = count ? this.colour(counts) : this.options.theme.muted;
        if (area.soft) this.band(ctx, path, area, colour, isSelected);
        else this.hatched(ctx, path, colour, isSelected);
        if (count) this.drawn.push({ area, index, spots, count, tag: tags[index] });
      });
      for (const drawn of this.drawn) this.tag(ctx, drawn);
    },

    hatched(ctx, path, colour, isSelected) {
      ctx.save();
      ctx.fillStyle = this.hatch(ctx, colour);
      ctx.fill(path, "evenodd");
      ctx.lineWidth = isSelected ? 2.5 : 1.2;
      ctx.strokeStyle = isSelected ? this.options.theme.text : frontline.withAlpha(colour, 0.6);
      if (!isSelected) ctx.setLineDash([6, 4]);
      ctx.stroke(path);
      ctx.restore();
    },

    hatch(ctx, colour) {
      const zoom = this._map.getZoom();
      const alpha = zoom < 7 ? 0.34 : zoom < 9 ? 0.24 : 0.15; // from near, the whole map may lie inside one region
      if (this.hatchAlpha !== alpha) [this.hatchAlpha, this.hatches] = [alpha, {}];
      if (!this.hatches[colour]) {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 18;
        const pen = tile.getContext("2d");
        pen.strokeStyle = frontline.withAlpha(colour, alpha);
        pen.lineWidth = 1.6;
        for (const shift of [-18, 0, 18]) {
          pen.moveTo(shift, 18);
          pen.lineTo(shift + 18, 0);
        }
        pen.stroke();
        this.hatches[colour] = ctx.createPattern(tile, "repeat");
        this.hatches[colour].setTransform(new DOMMatrix().scale(0.5));
      }
      return this.hatches[colour];
    },

    // A direction has no edge, so that nothing can be read as a front line: only the blurred shadow of the shape is drawn.
    band(ctx, path, area, colour, isSelected) {
      const ratio = this._container.width / this._bounds.getSize().x;
      const reach = this.pixels(area.lat, area.radius_km);
      const away = 20000; // the shape itself is drawn far outside the canvas
      ctx.save();
      const faint = Math.max(0.07, Math.min(0.2, 8 / area.radius_km)); // a sea is no blot on the map
      ctx.shadowColor = frontline.withAlpha(colour, isSelected ? faint * 1.6 : faint);
      ctx.shadowBlur = Math.max(12, Math.min(46, reach * 0.5)) * ratio;
      ctx.shadowOffsetX = away * ratio;
      ctx.translate(-away, 0);
      ctx.lineJoin = ctx.lineCap = "round";
      ctx.lineWidth = Math.max(10, Math.min(40, reach * 0.5));
      if (area.geometry && area.geometry.type.endsWith("LineString")) ctx.stroke(path);
      else ctx.fill(path, "evenodd");
      ctx.restore();
    },

    /** Words and a number inside the area: never a symbol that could be read as a spot. */
    tag(ctx, { area, count, tag }) {
      if (!tag) return;
      const { theme } = this.options;
      ctx.font = `600 11px ${theme.font}`;
      ctx.fillStyle = theme.panel;
      ctx.strokeStyle = theme.edge;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.roundRect(tag.x, tag.y, tag.width, tag.height, 9);
      ctx.fill();
      ctx.stroke();
      ctx.fillStyle = theme.text;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(this.words(area, count), tag.x + tag.width / 2, tag.y + tag.height / 2 + 0.5);
      ctx.textAlign = "left";
    },

    at(point) {
      const here = { x: point.x, y: point.y, width: 0, height: 0 };
      const onTag = ({ tag }) => tag && frontline.overlap(here, tag);
      // Its words stand for the area; only where they found no room, the area itself answers.
      const inside = ({ area, index, tag }) =>
        !tag && !area.geometry?.type.endsWith("LineString") && this.holds(index, point.x, point.y);
      return this.drawn.find(onTag) || this.drawn.find(inside);
    },
  });

  // --- points and rings --------------------------------------------------------------------------------------------------

  frontline.PointLayer = EventCanvas.extend({
    isRing(spot) {
      const { precision, position } = this.reports.table.spots;
      return precision[spot] === "near" || position[spot] === "estimated";
    },

    /** Group the spots that lie close together on the screen; the same at every step, so that nothing trembles. */
    cluster() {
      const key = `${this._map.getZoom()} ${this._map.getPixelOrigin()} ${this.reports.version}`;
      if (this.clusterKey === key) return;
      this.clusterKey = key;
      const { lat, lon, area, radius_km: radiusKm } = this.reports.table.spots;
      const totals = this.reports.totals();
      this.clusters = [];
      this.rings = [];
      this.spotAt = [];
      const cells = new Map();
      const busiestFirst = Array.from(totals.keys())
        .filter((spot) => totals[spot] && area[spot] < 0 && lat[spot] !== null)
        .sort((a, b) => totals[b] - totals[a] || a - b);
      for (const spot of busiestFirst) {
        const at = (this.spotAt[spot] = this._map.latLngToLayerPoint([lat[spot], lon[spot]]));
        const pixels = this.pixels(lat[spot], radiusKm[spot] || 0);
        if (this.isRing(spot) && pixels >= RING_PX) {
          this.rings.push({ spots: [spot], radius: pixels });
          continue;
        }
        const [column, row] = [Math.floor(at.x / TOGETHER_PX), Math.floor(at.y / TOGETHER_PX)];
        let home = null;
        for (let dx = -1; dx <= 1; dx++)
          for (let dy = -1; dy <= 1; dy++)
            for (const cluster of cells.get(`${column + dx} ${row + dy}`) || [])
              if (!home && this.spotAt[cluster.spots[0]].distanceTo(at) < TOGETHER_PX) home = cluster;
        if (home) {
          home.spots.push(spot);
          home.total += totals[spot];
        } else {
          home = { spots: [spot], total: totals[spot] };
          this.clusters.push(home);
          const cell = `${column} ${row}`;
          cells.set(cell, [...(cells.get(cell) || []), home]);
        }
      }
    },

    /** Boxes that symbols may take at any step: names and the words of areas keep out of them. */
    obstacles() {
      this.cluster();
      return this.clusters.map(({ spots, total }) => {
        const { x, y } = this.spotAt[spots[0]];
        const radius = symbolRadius(total) + 2;
        return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
      });
    },

    paint(ctx, bounds) {
      this.cluster();
      this.drawn = [];
      const near = bounds.pad(0.1);
      for (const { spots, radius } of this.rings) this.collect(spots, near, radius);
      for (const { spots } of this.clusters) this.collect(spots, near, 0);
      this.drawn.sort((a, b) => b.radius - a.radius || b.count - a.count);
      for (const mark of this.drawn) if (mark.ring) this.paintRing(ctx, mark);
      this.paintSelectedReach(ctx);
      for (const mark of this.drawn) this.paintMark(ctx, mark);
      this.paintSelected(ctx);
    },

    /** Add one mark for these spots, at the one that holds most reports of the window: always a real place. */
    collect(spots, bounds, ring) {
      const counts = this.groupCounts(spots);
      const count = counts.reduce((a, b) => a + b, 0);
      if (!count) return;
      const here = spots.filter((spot) => this.reports.kindsAt([spot]).length);
      const sum = (spot) => this.groupCounts([spot]).reduce((a, b) => a + b, 0);
      const main = here.reduce((best, spot) => (sum(spot) > sum(best) ? spot : best));
      const { x, y } = this.spotAt[main];
      if (!bounds.contains(L.point(x, y)) && !ring) return;
      const kinds = this.reports.kindsAt(here);
      const radius = symbolRadius(count);
      // A ring carries its symbol on the rim, so that nothing stands in the middle.
      const mark = { x, y: ring ? y - ring : y, radius, ring, centre: { x, y }, spots: here, counts, count, kinds };
      mark.hollow = here.every((spot) => this.reports.table.spots.position[spot] === "unchecked");
      mark.dotless = !ring && here.every((spot) => this.isRing(spot));
      this.drawn.push(mark);
    },

    paintRing(ctx, { centre, ring, counts, spots }) {
      const colour = this.colour(counts);
      const estimated = this.reports.table.spots.position[spots[0]] === "estimated";
      ctx.save();
      ctx.beginPath();
      ctx.arc(centre.x, centre.y, ring, 0, TURN);
      ctx.fillStyle = frontline.withAlpha(colour, 0.04);
      ctx.fill();
      ctx.lineWidth = 1.6;
      ctx.strokeStyle = frontline.withAlpha(colour, 0.6);
      if (!estimated) ctx.setLineDash([7, 4]);
      ctx.stroke();
      ctx.restore();
    },

    paintMark(ctx, mark) {
      const { theme } = this.options;
      const { x, y, radius, kinds, count, counts } = mark;
      if (mark.dotless) this.paintEmptyRing(ctx, mark);
      else if (count === 1) frontline.glyph(ctx, kinds[0][0].shape, x, y, radius, this.colour(counts), theme.halo, mark.hollow);
      else this.paintDisc(ctx, mark);
      if (count > 1) {
        ctx.font = `600 ${count < 100 ? 11.5 : 10.5}px ${theme.font}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillStyle = theme.text;
        ctx.fillText(short(count), x, y + 0.5);
        ctx.textAlign = "left";
      }
    },

    paintEmptyRing(ctx, { x, y, radius, counts }) {
      const { theme } = this.options;
      ctx.save();
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, TURN);
      ctx.lineWidth = 4;
      ctx.strokeStyle = theme.halo;
      ctx.stroke();
      ctx.lineWidth = 2;
      ctx.setLineDash([4, 2.5]);
      ctx.strokeStyle = this.colour(counts);
      ctx.stroke();
      ctx.restore();
    },

    /** Several reports: a disc with their number, its rim divided by colour group. */
    paintDisc(ctx, { x, y, radius, counts, count, hollow }) {
      const { theme, colourOf } = this.options;
      ctx.save();
      ctx.beginPath();
      ctx.arc(x, y, radius + 1.5, 0, TURN);
      ctx.fillStyle = theme.halo;
      ctx.fill();
      ctx.beginPath();
      ctx.arc(x, y, radius - 2, 0, TURN);
      ctx.fillStyle = theme.panel;
      ctx.fill();
      ctx.lineWidth = 4;
      if (hollow) ctx.setLineDash([3, 2]);
      let turn = -TURN / 4;
      counts.forEach((share, group) => {
        if (!share) return;
        ctx.beginPath();
        ctx.arc(x, y, radius - 1.5, turn, (turn += (TURN * share) / count));
        ctx.strokeStyle = colourOf(this.reports.groups[group]);
        ctx.stroke();
      });
      ctx.restore();
    },

    /** How far the selected report's words reach: the radius that its place stands for. */
    paintSelectedReach(ctx) {
      const spot = this.selectedSpot();
      const { lat, lon, radius_km: radiusKm, area } = this.reports.table.spots;
      if (spot < 0 || area[spot] >= 0 || lat[spot] === null) return;
      const { x, y } = this._map.latLngToLayerPoint([lat[spot], lon[spot]]);
      ctx.save();
      ctx.beginPath();
      ctx.arc(x, y, this.pixels(lat[spot], radiusKm[spot] || 0), 0, TURN);
      ctx.fillStyle = frontline.withAlpha(this.options.theme.text, 0.07);
      ctx.fill();
      ctx.lineWidth = 1.2;
      ctx.strokeStyle = frontline.withAlpha(this.options.theme.text, 0.55);
      ctx.stroke();
      ctx.restore();
    },

    paintSelected(ctx) {
      const spot = this.selectedSpot();
      const { lat, lon, area } = this.reports.table.spots;
      if (spot < 0 || area[spot] >= 0 || lat[spot] === null) return;
      const mark = this.drawn.find((m) => m.spots.includes(spot));
      const { theme } = this.options;
      const { x, y } = mark || this._map.latLngToLayerPoint([lat[spot], lon[spot]]);
      ctx.save();
      ctx.beginPath();
      ctx.arc(x, y, (mark ? mark.radius : 6) + 4.5, 0, TURN);
      ctx.lineWidth = 5.5;
      ctx.strokeStyle = theme.halo;
      ctx.stroke();
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = theme.text;
      if (!mark) ctx.setLineDash([3, 3]); // selected, but outside the window or the filter
      ctx.stroke();
      ctx.restore();
    },

    at(point) {
      const reach = (mark) => Math.max(mark.radius + 3, GRAB_PX);
      const distance = (mark) => Math.hypot(mark.x - point.x, mark.y - point.y);
      const hit = this.drawn.filter((mark) => distance(mark) <= reach(mark)).sort((a, b) => distance(a) - distance(b))[0];
      if (hit) return hit;
      const inRing = (mark) => mark.ring && Math.hypot(mark.centre.x - point.x, mark.centre.y - point.y) <= mark.ring;
      return this.drawn.filter(inRing).sort((a, b) => a.ring - b.ring)[0];
    },
  });
})();
