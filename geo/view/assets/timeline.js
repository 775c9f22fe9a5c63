// The timeline: a histogram with a window that can be dragged, stepped and played, and under it which days have a digest.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const { element, say } = frontline;

  const MODES = ["window", "cumulative", "day"];
  const SPEEDS = { "½×": 1000, "1×": 500, "2×": 250, "4×": 125 }; // ms a day
  const STRIP_PX = 9; // coverage
  const AXIS_PX = 17;
  const OUTSIDE = 0.28; // how strong the bars outside the window are
  const BAR_PX = 40; // widest bar of one day

  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  };
  const ICONS = {
    back: "M10.5 3 5 8l5.5 5z M4 3h1.4v10H4z",
    play: "M4.5 2.5v11l9-5.5z",
    pause: "M4 3h3v10H4z M9 3h3v10H9z",
    forward: "M5.5 3 11 8l-5.5 5z M10.6 3H12v10h-1.4z",
  };

  frontline.Timeline = class {
    /** `changed(settled)` is called at each step; `settled` is false while a drag or play goes on. */
    constructor(reports, { theme, colourOf, coverage, changed }) {
      Object.assign(this, { reports, theme, colourOf, coverage, changed });
      this.days = frontline.days(reports.table.first_day);
      this.last = reports.lastDay;
      this.mode = "cumulative";
      this.from = 0;
      this.until = this.last;
      this.reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
      this.build();
      this.resized = new ResizeObserver(() => {
        this.box = null;
        this.paint();
      });
      this.resized.observe(this.plot);
    }

    build() {
      const button = (name, label, onclick) => {
        const attributes = { type: "button", class: `fl-button fl-${name}`, title: label, "aria-label": label, onclick };
        return element("button", attributes, icon(ICONS[name]));
      };
      this.playButton = button("play", say("time.play"), () => this.toggle());
      this.modeButtons = MODES.map((mode) =>
        element("button", { type: "button", class: "fl-mode", "data-mode": mode, onclick: () => this.setMode(mode) }, say(`mode.${mode}`)),
      );
      this.words = element("span", { class: "fl-span" });
      this.number = element("span", { class: "fl-number" });
      this.live = element("span", { class: "fl-unseen", "aria-live": "polite" });
      const speeds = Object.keys(SPEEDS).map((s) => element("option", { value: s, selected: s === "1×" }, s));
      this.speed = element("select", { class: "fl-speed", "aria-label": say("time.speed") }, ...speeds);
      const presets = [7, 30, this.last + 1].map((n) => {
        const title = n > this.last ? say("time.whole") : say("time.preset_long", { n });
        const label = n > this.last ? say("time.all") : say("time.preset", { n });
        return element("button", { type: "button", class: "fl-preset", title, onclick: () => this.preset(n) }, label);
      });
      const [back, forward] = [button("back", say("time.back"), () => this.step(-1)), button("forward", say("time.forward"), () => this.step(1))];
      const bar = element(
        "div", { class: "fl-bar" },
        element("div", { class: "fl-group" }, back, this.playButton, forward, this.speed),
        element("div", { class: "fl-group fl-modes", role: "group", "aria-label": say("time.shows") }, ...this.modeButtons),
        element("div", { class: "fl-said" }, this.words, this.number),
        element("div", { class: "fl-group fl-presets" }, ...presets),
      );
      this.canvas = element("canvas", { "aria-hidden": "true" });
      this.brush = element("div", { class: "fl-brush" });
      this.handles = { from: this.handle("from", say("time.first")), until: this.handle("until", say("time.last")) };
      this.hint = element("div", { class: "fl-hint", hidden: true });
      this.plot = element(
        "div",
        {
          class: "fl-plot",
          onpointerdown: (event) => this.grab(event),
          onpointermove: (event) => this.hover(event),
          onpointerleave: () => (this.hint.hidden = true),
        },
        this.canvas, this.brush, this.handles.from, this.handles.until, this.hint,
      );
      const attributes = { class: "fl-time", role: "group", "aria-label": say("time.name"), onkeydown: (event) => this.key(event) };
      this.node = element("div", attributes, bar, this.plot, this.live);
    }

    handle(end, label) {
      const slider = { role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": 0, "aria-valuemax": this.last };
      return element("div", { class: "fl-handle", "data-end": end, ...slider });
    }

    // --- the window ----------------------------------------------------------------------------------------------------

    /** Show a window without telling anyone: the caller knows it. */
    show(from, until, mode) {
      clearTimeout(this.timer);
      this.timer = null;
      this.mode = mode;
      [this.from, this.until] = this.inside(from, until);
      this.say();
    }

    inside(from, until) {
      const clamp = (day) => Math.max(0, Math.min(this.last, day));
      if (this.mode === "cumulative") return [0, clamp(until)];
      if (this.mode === "day") return [clamp(until), clamp(until)];
      return [clamp(Math.min(from, until)), clamp(Math.max(from, until))];
    }

    set(from, until, settled = true) {
      const before = `${this.from} ${this.until} ${this.mode}`;
      [this.from, this.until] = this.inside(from, until);
      if (before !== `${this.from} ${this.until} ${this.mode}` || settled) this.changed(settled);
      this.say(settled);
    }

    setMode(mode) {
      const width = this.mode === "window" ? this.until - this.from : Math.min(6, this.last);
      this.mode = mode;
      if (mode === "window") {
        const until = Math.max(this.until, width);
        this.set(until - width, until);
      } else this.set(this.from, this.until);
    }

    preset(n) {
      this.pause();
      if (n > this.last) {
        this.mode = "cumulative";
        this.set(0, this.last);
      } else {
        this.mode = "window";
        const until = Math.max(this.until, n - 1);
        this.set(until - n + 1, until);
      }
    }

    /** Move by whole days; a window keeps its width and stops at the ends. */
    step(days, settled = true) {
      const width = this.until - this.from;
      const until = Math.max(this.mode === "window" ? width : 0, Math.min(this.last, this.until + days));
      this.set(until - width, until, settled);
    }

    get playing() {
      return Boolean(this.timer);
    }

    toggle() {
      if (this.playing) this.pause();
      else this.play();
    }

    play() {
      if (this.reducedMotion.matches) return;
      if (this.until >= this.last) this.set(0, this.mode === "window" ? this.until - this.from : 0, false);
      const tick = () => {
        this.step(1, false);
        if (this.until >= this.last) this.pause();
        else this.timer = setTimeout(tick, SPEEDS[this.speed.value]);
      };
      this.timer = setTimeout(tick, SPEEDS[this.speed.value]);
      this.say();
    }

    pause() {
      if (!this.playing) return;
      clearTimeout(this.timer);
      this.timer = null;
      this.set(this.from, this.until);
    }

    key(event) {
      if (event.target.tagName === "SELECT" || event.ctrlKey || event.metaKey || event.altKey) return;
      const days = event.shiftKey ? 7 : 1;
      const end = this.mode === "window" ? event.target.dataset.end : undefined; // a focused handle moves alone
      const moves = { ArrowLeft: -days, ArrowDown: -days, ArrowRight: days, ArrowUp: days, Home: -this.last, End: this.last };
      if (event.key === " " && event.target.tagName !== "BUTTON") this.toggle();
      else if (event.key in moves) {
        this.pause();
        if (end === "from") this.set(Math.min(this.from + moves[event.key], this.until), this.until);
        else if (end === "until") this.set(this.from, Math.max(this.until + moves[event.key], this.from));
        else this.step(moves[event.key]);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    // --- the pointer ---------------------------------------------------------------------------------------------------

    dayAt(event) {
      const box = this.plot.getBoundingClientRect();
      return Math.max(0, Math.min(this.last, Math.floor(((event.clientX - box.left) / box.width) * (this.last + 1))));
    }

    grab(event) {
      if (event.button) return;
      this.pause();
      const start = this.dayAt(event);
      const { from, until } = this;
      const end = event.target.dataset.end;
      const onBrush = event.target === this.brush && this.mode === "window" && until - from < this.last;
      const move = (day) => {
        if (this.mode !== "window") return this.set(from, day, false);
        if (end === "from") return this.set(Math.min(day, until), until, false);
        if (end === "until") return this.set(from, Math.max(day, from), false);
        if (!onBrush) return this.set(start, day, false); // draw a new window
        const by = Math.max(-from, Math.min(this.last - until, day - start));
        return this.set(from + by, until + by, false);
      };
      const moved = (e) => move(this.dayAt(e));
      const done = () => {
        this.plot.removeEventListener("pointermove", moved);
        this.plot.removeEventListener("pointerup", done);
        this.plot.removeEventListener("pointercancel", done);
        this.set(this.from, this.until);
      };
      this.plot.setPointerCapture(event.pointerId);
      this.plot.addEventListener("pointermove", moved);
      this.plot.addEventListener("pointerup", done);
      this.plot.addEventListener("pointercancel", done);
      if (!onBrush && !end) move(start);
      const focus = this.handles[end || "until"];
      focus.focus({ preventScroll: true });
      event.preventDefault();
    }

    hover(event) {
      const day = this.dayAt(event);
      const count = this.counts ? this.total(day) : 0;
      const digests = this.coverage[day];
      const read = digests ? say("count.digests", { n: digests }) : say("time.gap");
      this.hint.textContent = say("time.hint", { day: this.days.long(day), reports: frontline.counted(count), read });
      this.hint.hidden = false;
      const box = this.plot.getBoundingClientRect();
      const half = this.hint.offsetWidth / 2;
      this.hint.style.left = `${Math.max(half, Math.min(box.width - half, event.clientX - box.left))}px`;
    }

    total(day) {
      const groups = this.reports.groups.length;
      return this.counts.slice(day * groups, (day + 1) * groups).reduce((a, b) => a + b, 0);
    }

    // --- painting ------------------------------------------------------------------------------------------------------

    /** Count anew (after a filter or another choice of date or colour) and paint. */
    refresh() {
      this.counts = this.reports.histogram();
      this.say();
    }

    say(settled = true) {
      const { shown } = this.reports;
      this.words.textContent = this.days.span(this.from, this.until);
      this.number.textContent = frontline.counted(shown);
      if (settled && !this.playing) this.live.textContent = say("time.said", { days: this.words.textContent, reports: this.number.textContent });
      this.node.dataset.mode = this.mode;
      this.node.dataset.playing = this.playing;
      for (const button of this.modeButtons) {
        const chosen = button.dataset.mode === this.mode;
        button.setAttribute("aria-pressed", chosen);
      }
      this.sayPlay();
      for (const [end, node] of Object.entries(this.handles)) {
        node.setAttribute("aria-valuenow", this[end]);
        node.setAttribute("aria-valuetext", this.days.iso(this[end]));
      }
      this.handles.from.hidden = this.mode !== "window";
      this.handles.until.setAttribute("aria-label", say(this.mode === "day" ? "time.one" : "time.last"));
      this.paint();
    }

    sayPlay() {
      const still = this.reducedMotion.matches;
      if (this.saidPlay === `${still} ${this.playing}`) return;
      this.saidPlay = `${still} ${this.playing}`;
      const label = say(still ? "time.still" : this.playing ? "time.pause" : "time.play");
      this.playButton.replaceChildren(icon(this.playing ? ICONS.pause : ICONS.play));
      this.playButton.title = label;
      this.playButton.setAttribute("aria-label", label);
      this.playButton.disabled = still;
    }

    /** Paint bars, coverage and axis only when they change; a step moves the window over pictures of them. */
    paint() {
      this.box = this.box || this.plot.getBoundingClientRect();
      const { width, height } = this.box;
      if (!width || !this.counts) {
        this.box = null;
        return;
      }
      this.picture();
      const ratio = frontline.pixelRatio();
      const perDay = width / (this.last + 1);
      const [left, right] = [this.from * perDay, (this.until + 1) * perDay];
      const [begin, end] = [Math.round(left * ratio), Math.min(Math.round(right * ratio), this.canvas.width)];
      const ctx = this.canvas.getContext("2d");
      const tall = this.bars.height;
      ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
      ctx.drawImage(this.ground, 0, 0);
      ctx.globalAlpha = OUTSIDE;
      ctx.drawImage(this.bars, 0, 0);
      ctx.globalAlpha = 1;
      ctx.clearRect(begin, 0, end - begin, tall);
      if (end > begin) ctx.drawImage(this.bars, begin, 0, end - begin, tall, begin, 0, end - begin, tall);
      this.brush.style.left = `${left}px`;
      this.brush.style.width = `${Math.max(right - left, 2)}px`;
      this.brush.style.bottom = `${AXIS_PX}px`;
      this.handles.from.style.left = `${left}px`;
      this.handles.until.style.left = `${right}px`;
      for (const node of Object.values(this.handles)) node.style.bottom = `${AXIS_PX}px`;
    }

    /** Keep a picture of the bars and one of what is under them: coverage and axis. */
    picture() {
      const { width, height } = this.box;
      const key = JSON.stringify([width, height, frontline.pixelRatio(), this.theme]);
      const perDay = width / (this.last + 1);
      const top = height - AXIS_PX - STRIP_PX;
      if (this.groundKey !== key || this.groundCoverage !== this.coverage) {
        this.ground = this.pictured(width, height, (ctx) => {
          this.paintCoverage(ctx, perDay, top);
          this.paintAxis(ctx, perDay, width, height);
        });
        [this.canvas.width, this.canvas.height] = [this.ground.width, this.ground.height];
      }
      if (this.groundKey !== key || this.paintedCounts !== this.counts)
        this.bars = this.pictured(width, top - 3, (ctx) => this.paintBars(ctx, perDay, top - 3));
      [this.groundKey, this.groundCoverage, this.paintedCounts] = [key, this.coverage, this.counts];
    }

    pictured(width, height, paint) {
      const ratio = frontline.pixelRatio();
      const picture = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
      const ctx = picture.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(ctx);
      return picture;
    }

    paintBars(ctx, perDay, height) {
      const { groups } = this.reports;
      const totals = [];
      for (let day = 0; day <= this.last; day++) totals.push(this.total(day));
      const scale = height / Math.max(1, ...totals);
      const gap = Math.max(perDay > 5 ? Math.min(2, perDay * 0.18) : 0, perDay - BAR_PX);
      const y = totals.fill(height); // where the next group of each day stands
      groups.forEach((group, number) => {
        ctx.fillStyle = this.colourOf(group);
        for (let day = 0; day <= this.last; day++) {
          const tall = this.counts[day * groups.length + number] * scale;
          if (tall) ctx.fillRect(day * perDay + gap / 2, (y[day] -= tall), perDay - gap, tall);
        }
      });
    }

    /** A solid piece for a day with digests, a hatched one for a day without. */
    paintCoverage(ctx, perDay, top) {
      const gap = perDay > 5 ? 1 : 0;
      for (let day = 0; day <= this.last; day++) {
        const x = day * perDay + gap / 2;
        const wide = perDay - gap;
        if (this.coverage[day]) {
          ctx.fillStyle = this.theme.coverage;
          ctx.fillRect(x, top + 2, wide, STRIP_PX - 4);
          continue;
        }
        ctx.save();
        ctx.beginPath();
        ctx.rect(x, top, wide, STRIP_PX);
        ctx.clip();
        ctx.strokeStyle = this.theme.muted;
        ctx.lineWidth = 1;
        ctx.beginPath();
        for (let at = x - STRIP_PX; at < x + wide; at += 4) {
          ctx.moveTo(at, top + STRIP_PX);
          ctx.lineTo(at + STRIP_PX, top);
        }
        ctx.stroke();
        ctx.restore();
      }
    }

    paintAxis(ctx, perDay, width, height) {
      ctx.font = `11px ${this.theme.font}`;
      ctx.fillStyle = this.theme.muted;
      ctx.textBaseline = "alphabetic";
      const months = perDay < 1.6;
      const every = [1, 2, 7, 14].find((n) => n * perDay > 52) || 14;
      let free = -10;
      for (let day = 0; day <= this.last; day++) {
        const first = this.days.date(day).getUTCDate() === 1;
        if (months ? !first : day % every) continue;
        const words = months || (day && first) ? this.days.month(day) : this.days.short(day);
        const wide = ctx.measureText(words).width;
        const x = Math.min(day * perDay + 1, width - wide);
        if (x < free) continue;
        ctx.fillText(words, x, height - 4);
        free = x + wide + 10;
      }
    }

    remove() {
      clearTimeout(this.timer);
      this.resized.disconnect();
      this.node.remove();
    }
  };
})();
