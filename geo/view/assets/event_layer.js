// Reports on the map.  Points are symbols, one shape a kind; what is only known to be near is a ring; what is only known
// by its region is a hatched area; a direction is a soft band.  Nothing is moved from where the gazetteer has it.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});

  const TOGETHER_PX = 29; // symbols closer than this become one disc with a number
  const CROWDED_PX = 38; // the same where discs would lie on each other: two of the largest do not touch
  const CROWD = 1 / 8; // share of the discs that lie on another, from which the map is crowded
  const RING_PX = 24; // rings smaller than this join the discs
  const MOST_RINGS = 120; // with more of them than this, only those that do not overlap stand alone
  const GRAB_PX = 12; // a tap may miss a symbol by this much
  const EDGE_PX = 3; // pixels: how far the line around an area reaches beyond it
  const BAND_PX = 256; // largest side of the picture of a band
  const SHARES = 24; // steps of a disc's rim
  const TURN = 2 * Math.PI;
  const EARTH_CIRCUMFERENCE_M = 40075016.686; // of the sphere of Web Mercator

  const metresPerPixel = (lat, zoom) => (EARTH_CIRCUMFERENCE_M * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
  // Where the words of an area may stand: at its middle, else around it, in widths of the words and in lines.
  const SHIFTS = [0, 1.4, -1.4, 2.8, -2.8, 4.5, -4.5].flatMap((lines) => [0, -1, 1, -1.7, 1.7].map((widths) => [widths, lines]));
  const short = (n) => (n < 1000 ? String(n) : n < 9950 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`);

  /** Counts as whole steps of a rim: the largest remainders get what is left over. */
  const inSteps = (counts, total) => {
    const exact = counts.map((count) => (count * SHARES) / total);
    const steps = exact.map(Math.floor);
    let left = SHARES - steps.reduce((a, b) => a + b, 0);
    const byRest = exact.map((share, group) => [share - steps[group], group]).sort((a, b) => b[0] - a[0]);
    for (const [, group] of byRest) if (left-- > 0) steps[group] += 1;
    return steps;
  };

  const symbolRadius = (count) => (count < 2 ? 6.5 : Math.min(9 + 1.7 * Math.log2(count), 18));

  /** The whole pixels that a box takes, with an edge around it. */
  const around = (box, edge = 1) => {
    const [x, y] = [Math.floor(box.x - edge), Math.floor(box.y - edge)];
    return { x, y, width: Math.ceil(box.x + box.width + edge) - x, height: Math.ceil(box.y + box.height + edge) - y };
  };

  /** The box that the symbol of a cluster may take at any step. */
  const boxOf = ({ at: { x, y }, total }) => {
    const radius = symbolRadius(total) + 2;
    return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
  };

  const isCrowded = (discs) => {
    const taken = new frontline.Taken();
    const isOnAnother = (box) => {
      const hit = taken.overlaps(box);
      taken.add(box);
      return hit;
    };
    return discs.map(boxOf).filter(isOnAnother).length > Math.max(CROWD * discs.length, 3);
  };

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
      const { spotGroups } = this.reports;
      const counts = new Array(groups).fill(0);
      for (let i = 0; i < spots.length; i++)
        for (let g = 0, at = spots[i] * groups; g < groups; g++) counts[g] += spotGroups[at + g];
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

    /** Outlines, bands and boxes of the areas in layer pixels; kept until the zoom changes. */
    kept() {
      const key = `${this._map.getZoom()} ${this._map.getPixelOrigin()}`;
      if (this.keptKey !== key) [this.keptKey, this.keptShapes] = [key, { paths: [], boxes: [], bands: {} }];
      return this.keptShapes;
    },

    path(index) {
      return (this.kept().paths[index] ??= this.trace(this.reports.table.areas[index]));
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
      const at = this._map.containerPointToLayerPoint([0, 0]); // what stands on the map does not move with it
      this.placeKey = `${this._map.getZoom()} ${this._map.getPixelOrigin()} ${at}`;
      const key = `${this.placeKey} ${this.reports.version}`;
      if (this.layoutKey === key) return this.tags;
      this.layoutKey = key;
      const taken = new frontline.Taken(this.options.obstacles());
      const totals = this.reports.totals();
      this.ctx.font = `600 11px ${this.options.theme.font}`;
      this.tags = this.reports.table.areas.map((area, index) => {
        const total = this.members[index].reduce((sum, spot) => sum + totals[spot], 0);
        if (!total) return null;
        const centre = this._map.latLngToLayerPoint([area.lat, area.lon]);
        const width = this.ctx.measureText(this.words(area, total)).width + 16;
        const box = (dx, dy) => ({ x: centre.x + dx - width / 2, y: centre.y + dy - 9, width, height: 18 });
        const spot = SHIFTS.map(([dx, dy]) => box(dx * width * 0.55, dy * 20)).find(
          (tag) => this.holds(index, tag.x + width / 2, tag.y + 9) && !taken.overlaps(tag) && !frontline.isCut(this._map, tag),
        );
        if (spot) taken.add(spot);
        return spot || null;
      });
      return this.tags;
    },

    words: (area, count) => `${area.soft ? frontline.say("map.approximate", { name: area.name }) : area.name} · ${short(count)}`,

    /** Whether a pixel lies in an area; a line has no inside. */
    holds(index, x, y) {
      const { geometry } = this.reports.table.areas[index];
      if (geometry && geometry.type.endsWith("LineString")) return true;
      this.probe ??= new OffscreenCanvas(1, 1).getContext("2d"); // nothing is painted on it, nor is it scaled
      return this.probe.isPointInPath(this.path(index), x, y, "evenodd");
    },

    _update() {
      this.painted = null; // the canvas is blank
      EventCanvas.prototype._update.call(this);
    },

    /** Paint only where an area comes, goes, or changes its colour or its words; all of it if words stand elsewhere. */
    redraw() {
      if (!this._map || !this._bounds || this._map._animatingZoom) return;
      const tags = this.layout();
      const chosen = this.selectedSpot();
      this.drawn = [];
      const looks = this.reports.table.areas.map((area, index) => {
        const spots = this.members[index];
        const counts = this.groupCounts(spots);
        const count = counts.reduce((a, b) => a + b, 0);
        const isSelected = chosen >= 0 && spots.includes(chosen);
        const words = count ? this.words(area, count) : "";
        const colour = count ? this.colour(counts) : isSelected ? this.options.theme.muted : null;
        if (count) this.drawn.push({ area, index, spots, count, words, tag: tags[index] });
        return { colour, isSelected, words };
      });
      const frame = JSON.stringify([this.placeKey, this.options.theme.panel, tags]);
      const boxes = this.painted?.frame === frame ? this.changed(this.painted.looks, looks) : [this.whole()];
      this.painted = { frame, looks };
      if (boxes.length) this.repaint(looks, boxes);
    },

    /** Boxes around what looks different now. */
    changed(before, now) {
      return now.flatMap(({ colour, isSelected, words }, index) => {
        const old = before[index];
        const tag = this.tags[index];
        const area = colour !== old.colour || isSelected !== old.isSelected;
        return [...(area ? [this.box(index)] : []), ...(tag && words !== old.words ? [around(tag)] : [])];
      });
    },

    whole() {
      const { min } = this._bounds;
      const { x: width, y: height } = this._bounds.getSize();
      return { x: min.x, y: min.y, width, height };
    },

    /** Where an area is painted, in layer pixels. */
    box(index) {
      return (this.kept().boxes[index] ??= this.reach(this.reports.table.areas[index]));
    },

    reach(area) {
      const { min, max } = this.boundsOf(area);
      const box = { x: min.x, y: min.y, width: max.x - min.x, height: max.y - min.y };
      return around(box, area.soft ? this.softness(area).edge : EDGE_PX);
    },

    /** Paint anew what lies in these boxes. */
    repaint(looks, boxes) {
      const { ctx } = this;
      const isIn = (box) => boxes.some((other) => frontline.overlap(box, other));
      const clip = new Path2D();
      for (const { x, y, width, height } of boxes) clip.rect(x, y, width, height);
      ctx.save();
      ctx.clip(clip);
      for (const { x, y, width, height } of boxes) ctx.clearRect(x, y, width, height);
      this.reports.table.areas.forEach((area, index) => {
        const { colour, isSelected } = looks[index];
        if (!colour || !isIn(this.box(index))) return;
        if (area.soft) this.band(ctx, index, area, colour, isSelected);
        else this.hatched(ctx, this.path(index), colour, isSelected);
      });
      for (const { tag, words } of this.drawn) if (tag && isIn(around(tag))) this.tag(ctx, tag, words);
      ctx.restore();
    },

    hatched(ctx, path, colour, isSelected) {
      ctx.save();
      ctx.fillStyle = this.hatch(ctx, colour);
      ctx.fill(path, "evenodd");
      ctx.lineJoin = "round"; // a sharp corner would reach far
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
    // It is so soft that a small picture of it, enlarged, looks the same: painted once for each zoom and colour.
    band(ctx, index, area, colour, isSelected) {
      const { bands } = this.kept();
      const band = (bands[`${index} ${colour} ${isSelected}`] ??= this.blurred(this.path(index), area, colour, isSelected));
      const { x, y, width, height } = this.box(index);
      ctx.drawImage(band, x, y, width, height);
    },

    /** How wide a band's edge is and how much of it is blurred, in pixels. */
    softness(area) {
      const reach = this.pixels(area.lat, area.radius_km);
      const [blur, lineWidth] = [Math.max(12, Math.min(46, reach * 0.5)), Math.max(10, Math.min(40, reach * 0.5))];
      return { blur, lineWidth, edge: lineWidth + 2 * blur };
    },

    blurred(path, area, colour, isSelected) {
      const faint = Math.max(0.07, Math.min(0.2, 8 / area.radius_km)); // a sea is no blot on the map
      const { blur, lineWidth } = this.softness(area);
      const { x, y, width, height } = this.reach(area);
      const scale = Math.min(1, BAND_PX / Math.max(width, height));
      const image = new OffscreenCanvas(Math.max(1, Math.ceil(width * scale)), Math.max(1, Math.ceil(height * scale)));
      const pen = image.getContext("2d");
      const away = 2 * width; // the shape itself is painted outside the picture
      pen.scale(scale, scale);
      pen.translate(-x - away, -y);
      pen.shadowColor = frontline.withAlpha(colour, isSelected ? faint * 1.6 : faint);
      pen.shadowBlur = blur * scale;
      pen.shadowOffsetX = away * scale;
      pen.lineJoin = pen.lineCap = "round";
      pen.lineWidth = lineWidth;
      if (area.geometry && area.geometry.type.endsWith("LineString")) pen.stroke(path);
      else pen.fill(path, "evenodd");
      return image;
    },

    /** Bounds of an area in layer pixels. */
    boundsOf({ geometry, lat, lon, radius_km: radiusKm }) {
      if (!geometry) {
        const reach = this.pixels(lat, radiusKm);
        const at = this._map.latLngToLayerPoint([lat, lon]);
        return L.bounds(at.subtract([reach, reach]), at.add([reach, reach]));
      }
      const points = geometry.coordinates.flat(geometry.type.startsWith("Multi") ? (geometry.type.endsWith("Polygon") ? 2 : 1) : geometry.type === "Polygon" ? 1 : 0);
      return L.bounds(points.map(([x, y]) => this._map.latLngToLayerPoint([y, x])));
    },

    /** Words and a number inside the area: never a symbol that could be read as a spot. */
    tag(ctx, tag, words) {
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
      ctx.fillText(words, tag.x + tag.width / 2, tag.y + tag.height / 2 + 0.5);
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

    onAdd(map) {
      this.sprites = new frontline.Sprites();
      const { lat, lon } = this.reports.table.spots;
      this.world = lat.map((each, spot) => (each === null ? null : map.project([each, lon[spot]], 0)));
      EventCanvas.prototype.onAdd.call(this, map);
    },

    /** Group the spots that lie close together on the screen; the same at every step, so that nothing trembles. */
    cluster() {
      const key = `${this._map.getZoom()} ${this._map.getPixelOrigin()} ${this.reports.version}`;
      if (this.clusterKey === key) return;
      this.clusterKey = key;
      const { lat, area } = this.reports.table.spots;
      const totals = this.reports.totals();
      const busiestFirst = Array.from(totals.keys())
        .filter((spot) => totals[spot] && area[spot] < 0 && lat[spot] !== null)
        .sort((a, b) => totals[b] - totals[a] || a - b);
      this.place(busiestFirst);
      this.clusters = this.ringsAndDiscs(busiestFirst);
      this.clusterOf = new Map();
      for (const cluster of this.clusters) for (const spot of cluster.spots) this.clusterOf.set(spot, cluster);
    },

    /** Where each spot stands, in layer pixels. */
    place(spots) {
      const scale = this._map.getZoomScale(this._map.getZoom(), 0);
      const origin = this._map.getPixelOrigin();
      this.spotAt = [];
      for (const spot of spots) {
        const { x, y } = this.world[spot];
        this.spotAt[spot] = L.point(Math.round(x * scale) - origin.x, Math.round(y * scale) - origin.y);
      }
    },

    /** Spots that stand alone, as a ring, and the others in discs. In a crowd not every ring stands alone. */
    ringsAndDiscs(spots) {
      const { lat, radius_km: radiusKm } = this.reports.table.spots;
      const totals = this.reports.totals();
      const reach = (spot) => (this.isRing(spot) ? this.pixels(lat[spot], radiusKm[spot] || 0) : 0);
      const ring = (spot) => ({ spots: [spot], total: totals[spot], at: this.spotAt[spot], ring: reach(spot) });
      const rings = spots.filter((spot) => reach(spot) >= RING_PX).map(ring);
      const without = (ringed) => {
        const alone = new Set(ringed.map(({ spots: [spot] }) => spot));
        return this.discsOf(spots.filter((spot) => !alone.has(spot)));
      };
      const { discs, crowded } = without(rings);
      if (!rings.length || (rings.length <= MOST_RINGS && !crowded)) return [...rings, ...discs];
      const free = this.freeOf(rings, discs);
      return [...free, ...without(free).discs];
    },

    /** The rings that lie neither on each other nor, with the symbol on their rim, on a disc. */
    freeOf(rings, discs) {
      const taken = new frontline.Taken(discs.map(boxOf));
      const ringed = new frontline.Taken();
      return rings.filter((each) => {
        const { at, ring: far } = each;
        const whole = { x: at.x - far, y: at.y - far, width: 2 * far, height: 2 * far };
        if (ringed.overlaps(whole) || taken.overlaps(boxOf({ ...each, at: at.subtract([0, far]) }))) return false;
        ringed.add(whole);
        return true;
      });
    },

    /** Spots in discs: near ones together, further ones too if it is crowded, as the discs would lie on each other. */
    discsOf(spots) {
      const discs = this.together(spots, TOGETHER_PX);
      const crowded = isCrowded(discs);
      return { discs: crowded ? this.together(spots, CROWDED_PX) : discs, crowded };
    },

    /** Group spots, busiest first, with the first disc that lies within so many pixels. */
    together(spots, px) {
      const totals = this.reports.totals();
      const discs = [];
      const cells = new Map();
      for (const spot of spots) {
        const at = this.spotAt[spot];
        const [column, row] = [Math.floor(at.x / px), Math.floor(at.y / px)];
        let home = null;
        for (let dx = -1; dx <= 1 && !home; dx++)
          for (let dy = -1; dy <= 1 && !home; dy++) {
            const close = cells.get((column + dx) * 1e6 + row + dy);
            home = close && close.find((disc) => Math.hypot(disc.at.x - at.x, disc.at.y - at.y) < px);
          }
        if (home) {
          home.spots.push(spot);
          home.total += totals[spot];
        } else {
          home = { spots: [spot], total: totals[spot], at, ring: 0 };
          discs.push(home);
          const cell = column * 1e6 + row;
          if (cells.has(cell)) cells.get(cell).push(home);
          else cells.set(cell, [home]);
        }
      }
      return discs;
    },

    /** Boxes that symbols may take at any step: names and the words of areas keep out of them. */
    obstacles() {
      this.cluster();
      return this.clusters.filter(({ ring }) => !ring).map(boxOf);
    },

    paint(ctx, bounds) {
      const [theme, groups] = this.paintedIn || [];
      if (theme !== this.options.theme || groups !== this.reports.groups) this.sprites.clear();
      this.paintedIn = [this.options.theme, this.reports.groups];
      this.cluster();
      this.drawn = [];
      for (const cluster of this.clusters) {
        const far = cluster.ring + 2 * CROWDED_PX;
        const { x, y } = cluster.at;
        if (x + far < bounds.min.x || x - far > bounds.max.x || y + far < bounds.min.y || y - far > bounds.max.y) continue;
        this.collect(cluster);
      }
      this.drawn.sort((a, b) => b.radius - a.radius || b.count - a.count);
      for (const mark of this.drawn) if (mark.ring) this.paintRing(ctx, mark);
      this.paintSelectedReach(ctx);
      for (const mark of this.drawn) this.paintMark(ctx, mark);
      this.paintSelected(ctx);
    },

    /** Add one mark for these spots, at the one that holds most reports of the window: always a real place. */
    collect(cluster) {
      const { spots, ring } = cluster;
      const { spotGroups } = this.reports;
      const { position } = this.reports.table.spots;
      const groups = this.reports.groups.length;
      const counts = new Array(groups).fill(0);
      let [main, most, count, hollow, dotless] = [-1, 0, 0, true, !ring];
      for (let i = 0; i < spots.length; i++) {
        const spot = spots[i];
        let here = 0;
        for (let g = 0, at = spot * groups; g < groups; g++) {
          here += spotGroups[at + g];
          counts[g] += spotGroups[at + g];
        }
        if (!here) continue;
        count += here;
        if (here > most) [main, most] = [spot, here];
        hollow = hollow && position[spot] === "unchecked";
        dotless = dotless && this.isRing(spot);
      }
      if (!count) return;
      const { x, y } = this.spotAt[main];
      // A ring carries its symbol on the rim, so that nothing stands in the middle.
      const mark = { x, y: ring ? y - ring : y, radius: symbolRadius(count), ring, centre: { x, y }, cluster, main, spots };
      this.drawn.push(Object.assign(mark, { counts, count, hollow, dotless }));
    },

    paintRing(ctx, { centre, ring, counts, main }) {
      const colour = this.colour(counts);
      const estimated = this.reports.table.spots.position[main] === "estimated";
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
      const { x, y, radius, count, counts, hollow } = mark;
      const [size, reach] = [Math.round(2 * radius) / 2, Math.ceil(1.25 * radius) + frontline.LINES_PX];
      const status = this.reports.statusAt(mark.spots); // several are told alike, or have no line
      if (mark.dotless) {
        const colour = this.colour(counts);
        this.sprites.draw(ctx, `o ${size} ${colour} ${status}`, reach, x, y, (pen) => this.paintEmptyRing(pen, size, colour, status));
      } else if (count === 1) {
        const [colour, shape] = [this.colour(counts), this.reports.kindsAt([mark.main])[0][0].shape];
        const { theme } = this.options;
        const paint = (pen) => frontline.glyph(pen, shape, 0, 0, radius, colour, { theme, hollow, status });
        this.sprites.draw(ctx, `1 ${shape} ${colour} ${hollow} ${status}`, reach, x, y, paint);
      } else {
        const shares = inSteps(counts, count);
        const paint = (pen) => this.paintDisc(pen, size, shares, hollow, status);
        this.sprites.draw(ctx, `d ${size} ${shares} ${hollow} ${status}`, reach, x, y, paint);
      }
      if (count > 1) this.sprites.draw(ctx, short(count), 18, x, y, (pen) => this.paintNumber(pen, count));
    },

    paintNumber(pen, count) {
      const { theme } = this.options;
      pen.font = `600 ${count < 100 ? 11.5 : 10.5}px ${theme.font}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillStyle = theme.text;
      pen.fillText(short(count), 0, 0.5);
    },

    paintLines(pen, radius, status) {
      const rim = new Path2D();
      rim.arc(0, 0, radius, 0, TURN);
      frontline.statusLines(pen, rim, status, 1, this.options.theme);
    },

    paintEmptyRing(pen, radius, colour, status) {
      this.paintLines(pen, radius + 1, status);
      pen.beginPath();
      pen.arc(0, 0, radius, 0, TURN);
      pen.lineWidth = 4;
      pen.strokeStyle = this.options.theme.halo;
      pen.stroke();
      pen.lineWidth = 2;
      pen.setLineDash([4, 2.5]);
      pen.strokeStyle = colour;
      pen.stroke();
    },

    /** Several reports: a disc for their number, its rim divided by colour group. */
    paintDisc(pen, radius, shares, hollow, status) {
      const { theme, colourOf } = this.options;
      this.paintLines(pen, radius, status);
      pen.beginPath();
      pen.arc(0, 0, radius + 1.5, 0, TURN);
      pen.fillStyle = theme.halo;
      pen.fill();
      pen.beginPath();
      pen.arc(0, 0, radius - 2, 0, TURN);
      pen.fillStyle = theme.panel;
      pen.fill();
      pen.lineWidth = 4;
      if (hollow) pen.setLineDash([3, 2]);
      let turn = -TURN / 4;
      shares.forEach((share, group) => {
        if (!share) return;
        pen.beginPath();
        pen.arc(0, 0, radius - 1.5, turn, (turn += (TURN * share) / SHARES));
        pen.strokeStyle = colourOf(this.reports.groups[group]);
        pen.stroke();
      });
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
      const mark = this.drawn.find((m) => m.cluster === this.clusterOf.get(spot));
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
      if (hit) return this.shownOf(hit);
      const inRing = (mark) => mark.ring && Math.hypot(mark.centre.x - point.x, mark.centre.y - point.y) <= mark.ring;
      return this.shownOf(this.drawn.filter(inRing).sort((a, b) => a.ring - b.ring)[0]);
    },

    /** A mark with only those of its spots that have a report in the window. */
    shownOf(mark) {
      return mark && { ...mark, spots: mark.spots.filter((spot) => this.groupCounts([spot]).some((count) => count)) };
    },
  });
})();
