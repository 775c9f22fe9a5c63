// The reports in the browser: which are in the window, how many at each spot, how many on each day.
// A spot is one place at one precision.  Reports wait in the order of their first day and in that of their last day, so
// a step of the window looks only at those that enter and those that leave, however many there are.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  frontline.Reports = class {
    constructor(table) {
      this.table = table;
      this.rows = table.rows;
      this.lastDay = Math.max(table.days - 1, 0);
      this.kinds = table.kinds.length;
      this.statuses = table.statuses.length;
      this.looks = this.kinds * this.statuses; // a look is one kind as told with one status
      this.look = table.column.kind.map((kind, row) => kind * this.statuses + table.column.status[row]);
      this.spots = table.spots.name.length;
      this.mask = null; // what the filters let through: one byte a row, or null for all
      this.hidden = new Uint8Array(this.kinds); // kinds that are switched off in the legend
      this.from = 0;
      this.until = this.lastDay;
      this.version = 0; // grows when something else than the window changes
      this.spotLooks = new Uint32Array(this.spots * this.looks);
      this.spotTotals = new Uint32Array(this.spots); // on any day: what the clusters are made of
      this.use("event", "family");
    }

    /** Call the places what they are called in a language, as far as that differs from the names in the header. */
    rename(language) {
      const { spots, areas } = this.table;
      this.plainNames ??= spots.name;
      const other = spots.names[language] || {};
      spots.name = this.plainNames.map((name, spot) => other[spot] || name);
      spots.area.forEach((area, spot) => area >= 0 && (areas[area].name = spots.name[spot]));
      this.version += 1;
    }

    /** Choose the date that counts (event, published) and what colours stand for (family, actor, claimant). */
    use(by, colour) {
      const { day, day_end: dayEnd, published, kind, actor, claimant } = this.table.column;
      [this.start, this.end] = by === "published" ? [published, published] : [day, dayEnd];
      this.groups = colour === "family" ? this.table.families : this.table.sides;
      this.group = colour === "actor" ? actor : colour === "claimant" ? claimant : this.families(kind);
      this.spotGroups = new Uint32Array(this.spots * this.groups.length);
      this.begin = this.lined(this.start);
      this.over = this.start === this.end ? this.begin : this.lined(this.end);
      this.pass();
    }

    families(kind) {
      const families = this.table.kinds.map((k) => this.table.families.findIndex((f) => f.id === k.family));
      return (this.familyOf = this.familyOf || kind.map((k) => families[k]));
    }

    /** Let only some rows through: packed bits, most significant first (numpy.packbits), or null for all. */
    filter(bits) {
      this.mask = bits && new Uint8Array(this.rows);
      if (bits) for (let row = 0; row < this.rows; row++) this.mask[row] = (bits[row >> 3] >> (7 - (row & 7))) & 1;
      this.pass();
    }

    /** Switch kinds off or on: one flag a kind, 1 for hidden. */
    hide(kinds) {
      const turned = Int8Array.from(kinds, (flag, kind) => this.hidden[kind] - flag); // 1: shown again, -1: hidden now
      this.hidden = kinds;
      if (this.counted) this.addWindow(turned);
      this.sumUp();
    }

    /** Note what passes, and how many of each kind do at each spot. */
    pass() {
      const { rows, mask, start, lastDay, kinds } = this;
      const { spot, kind } = this.table.column;
      const passing = (this.passing = new Uint8Array(rows));
      const passingKinds = (this.passingKinds = new Uint32Array(this.spots * kinds)); // at each spot, on any day
      for (let row = 0; row < rows; row++) {
        if (mask && !mask[row]) continue;
        passingKinds[spot[row] * kinds + kind[row]] += 1;
        if (start[row] <= lastDay) passing[row] = 1; // a digest without a date of publication has no such day
      }
      this.counted = false; // the window has to be counted anew
      this.daily = null;
      this.sumUp();
    }

    /** Sum up the kinds that are not hidden. */
    sumUp() {
      const { kinds, hidden, passingKinds, spotTotals } = this;
      spotTotals.fill(0);
      for (let i = 0; i < passingKinds.length; i++) if (!hidden[i % kinds]) spotTotals[Math.floor(i / kinds)] += passingKinds[i];
      this.version += 1;
    }

    /** Rows in the order of a day of theirs, and where each day begins among them. */
    lined(days) {
      const { rows, lastDay } = this;
      const first = new Uint32Array(lastDay + 3); // of each day; counted two further, so that filling shifts it right
      for (let row = 0; row < rows; row++) first[Math.min(days[row], lastDay) + 2] += 1;
      for (let day = 2; day < first.length; day++) first[day] += first[day - 1];
      const order = new Uint32Array(rows);
      for (let row = 0; row < rows; row++) order[first[Math.min(days[row], lastDay) + 1]++] = row;
      return { first, order };
    }

    isShown(row) {
      const kind = this.table.column.kind[row];
      return this.passing[row] === 1 && !this.hidden[kind] && this.start[row] <= this.until && this.end[row] >= this.from;
    }

    /** Count what the window from..until shows, both ends included, at each spot. */
    count(from, until) {
      const { begin, over } = this;
      const step = (days, a, b) => Math.abs(days.first[b] - days.first[a]);
      const anew = begin.first[until + 1] + over.first[from];
      if (!this.counted || step(begin, this.until + 1, until + 1) + step(over, this.from, from) > anew) {
        this.spotLooks.fill(0);
        this.spotGroups.fill(0);
        [this.from, this.until, this.shown, this.counted] = [0, -1, 0, true];
      }
      // Shown is what has begun by the last day of the window, but for what was over before its first.
      this.add(begin, this.until + 1, until + 1, 1);
      this.add(over, this.from, from, -1);
      [this.from, this.until] = [from, until];
      return this.shown;
    }

    /** Add the reports of the whole window, each as often as its kind weighs. */
    addWindow(weights) {
      this.add(this.begin, 0, this.until + 1, 1, weights);
      this.add(this.over, 0, this.from, -1, weights);
    }

    /** Add the reports of the days a..b-1, `sign` times what their kinds weigh; the other way round if b lies before a. */
    add({ first, order }, a, b, sign, weights = this.hidden.map((flag) => 1 - flag)) {
      if (b < a) return this.add({ first, order }, b, a, -sign, weights);
      const { passing, spotLooks, spotGroups, looks, look, group } = this;
      const { spot, kind } = this.table.column;
      const groups = this.groups.length;
      const last = first[b];
      let number = 0;
      for (let i = first[a]; i < last; i++) {
        const row = order[i];
        const weight = passing[row] && weights[kind[row]];
        if (!weight) continue;
        const times = sign * weight;
        number += times;
        const at = spot[row];
        spotLooks[at * looks + look[row]] += times;
        spotGroups[at * groups + group[row]] += times;
      }
      this.shown += number;
      return undefined;
    }

    /** Number of reports that pass the filter at each spot, on any day. */
    totals() {
      return this.spotTotals;
    }

    /** Reports a day and colour group, as `counts[day * groups + group]`; a report of several days counts on each. */
    histogram() {
      const groups = this.groups.length;
      const { kinds, lastDay, hidden } = this;
      const daily = (this.daily ??= this.turns());
      const counts = new Int32Array((lastDay + 2) * groups);
      for (let i = 0, at = 0; i < counts.length; i += groups)
        for (let kind = 0; kind < kinds; kind++, at += groups)
          if (!hidden[kind]) for (let group = 0; group < groups; group++) counts[i + group] += daily[at + group];
      for (let i = groups; i < counts.length; i++) counts[i] += counts[i - groups];
      return counts;
    }

    /** How many more reports each day has than the day before, by day, kind and colour group. */
    turns() {
      const groups = this.groups.length;
      const { rows, kinds, passing, start, end, group, lastDay } = this;
      const { kind } = this.table.column;
      const turns = new Int32Array((lastDay + 2) * kinds * groups);
      for (let row = 0; row < rows; row++) {
        if (!passing[row]) continue;
        turns[(start[row] * kinds + kind[row]) * groups + group[row]] += 1;
        turns[((Math.min(end[row], lastDay) + 1) * kinds + kind[row]) * groups + group[row]] -= 1;
      }
      return turns;
    }

    /** Rows of the shown reports at these spots, newest first, so many at most. */
    rowsAt(spots, most = 500) {
      const wanted = new Uint8Array(this.spots);
      for (const at of spots) wanted[at] = 1;
      const { spot, kind } = this.table.column;
      const { first, order } = this.begin;
      const rows = [];
      for (let day = this.until; day >= 0 && rows.length < most; day--) {
        for (let i = first[day]; i < first[day + 1]; i++) {
          const row = order[i];
          if (wanted[spot[row]] && this.passing[row] && this.end[row] >= this.from && !this.hidden[kind[row]]) rows.push(row);
        }
      }
      return rows.slice(0, most);
    }

    /** How many reports of each look are shown at these spots. */
    looksAt(spots) {
      const { looks, spotLooks } = this;
      const counts = new Uint32Array(looks);
      for (const spot of spots) for (let look = 0, at = spot * looks; look < looks; look++) counts[look] += spotLooks[at + look];
      return counts;
    }

    /** The status of all reports shown at these spots; undefined if they differ. */
    statusAt(spots) {
      const { looks, statuses, spotLooks } = this;
      let found = -1;
      for (const spot of spots)
        for (let look = 0, at = spot * looks; look < looks; look++) {
          if (!spotLooks[at + look] || look % statuses === found) continue;
          if (found >= 0) return undefined;
          found = look % statuses;
        }
      return this.table.statuses[found]?.id;
    }

    /** [kind, count] of what is shown at these spots, most first. */
    kindsAt(spots) {
      const counts = this.looksAt(spots);
      return this.table.kinds
        .map((kind, k) => [kind, sum(counts.slice(k * this.statuses, (k + 1) * this.statuses))])
        .filter(([, count]) => count)
        .sort((a, b) => b[1] - a[1]);
    }
  };
})();
