// The reports in the browser: which are in the window, how many at each spot, how many on each day.
// A spot is one place at one precision. Counting by spot, not by pixel, is what keeps a step cheap with many reports.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const NEVER = 65535; // the day of a report whose digest has no date of publication

  frontline.Reports = class {
    constructor(table) {
      this.table = table;
      this.rows = table.rows;
      this.lastDay = Math.max(table.days - 1, 0);
      this.kinds = table.kinds.length;
      this.spots = table.spots.name.length;
      this.mask = null; // what the filters let through: one byte a row, or null for all
      this.from = 0;
      this.until = this.lastDay;
      this.shown = 0;
      this.version = 0; // grows when something else than the window changes
      this.spotKinds = new Uint32Array(this.spots * this.kinds);
      this.use("event", "family");
    }

    /** Choose the date that counts (event, published) and what colours stand for (family, actor, claimant). */
    use(by, colour) {
      const { day, day_end: dayEnd, published, kind, actor, claimant } = this.table.column;
      [this.start, this.end] = by === "published" ? [published, published] : [day, dayEnd];
      const families = this.table.kinds.map((k) => this.table.families.findIndex((f) => f.id === k.family));
      this.groups = colour === "family" ? this.table.families : this.table.sides;
      this.groupOf = colour === "family" ? (row) => families[kind[row]] : colour === "actor" ? (row) => actor[row] : (row) => claimant[row];
      this.spotGroups = new Uint32Array(this.spots * this.groups.length);
      this.version += 1;
    }

    /** Let only some rows through: packed bits, most significant first (numpy.packbits), or null for all. */
    filter(bits) {
      this.mask = bits && Uint8Array.from({ length: this.rows }, (_, row) => (bits[row >> 3] >> (7 - (row & 7))) & 1);
      this.version += 1;
    }

    isShown(row) {
      return (!this.mask || this.mask[row] === 1) && this.start[row] <= this.until && this.end[row] >= this.from;
    }

    /** Count what the window from..until shows, both ends included, at each spot. */
    count(from, until) {
      this.from = from;
      this.until = until;
      const { spot, kind } = this.table.column;
      const groups = this.groups.length;
      this.spotKinds.fill(0);
      this.spotGroups.fill(0);
      this.shown = 0;
      for (let row = 0; row < this.rows; row++) {
        if (!this.isShown(row)) continue;
        this.shown += 1;
        this.spotKinds[spot[row] * this.kinds + kind[row]] += 1;
        this.spotGroups[spot[row] * groups + this.groupOf(row)] += 1;
      }
      return this.shown;
    }

    /** Number of reports that pass the filter at each spot, on any day: what the clusters are made of. */
    totals() {
      const totals = new Uint32Array(this.spots);
      const { spot } = this.table.column;
      for (let row = 0; row < this.rows; row++) if (!this.mask || this.mask[row]) totals[spot[row]] += 1;
      return totals;
    }

    /** Reports a day and colour group, as `counts[day * groups + group]`; a report of several days counts on each. */
    histogram() {
      const groups = this.groups.length;
      const counts = new Int32Array((this.lastDay + 2) * groups);
      for (let row = 0; row < this.rows; row++) {
        if ((this.mask && !this.mask[row]) || this.start[row] === NEVER) continue;
        const group = this.groupOf(row);
        counts[this.start[row] * groups + group] += 1; // +1 where it begins, -1 after its end, then summed up
        counts[(Math.min(this.end[row], this.lastDay) + 1) * groups + group] -= 1;
      }
      for (let i = groups; i < counts.length; i++) counts[i] += counts[i - groups];
      return counts;
    }

    /** Rows of the shown reports at these spots, newest first. */
    rowsAt(spots) {
      const wanted = new Set(spots);
      const { spot } = this.table.column;
      const rows = [];
      for (let row = 0; row < this.rows; row++) if (wanted.has(spot[row]) && this.isShown(row)) rows.push(row);
      return rows.sort((a, b) => this.start[b] - this.start[a] || a - b);
    }

    /** [kind, count] of what is shown at these spots, most first. */
    kindsAt(spots) {
      return this.table.kinds
        .map((kind, k) => [kind, spots.reduce((sum, spot) => sum + this.spotKinds[spot * this.kinds + k], 0)])
        .filter(([, count]) => count)
        .sort((a, b) => b[1] - a[1]);
    }
  };
})();
