// Symbols that are met often are painted once and then copied: what makes a step cheap when hundreds change at a time.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const MOST = 2000; // kept
  const OFTEN = 4; // to make an image costs as much as to paint a symbol some times

  frontline.pixelRatio = () => Math.min(window.devicePixelRatio || 1, 2);

  /** Keep a value, and if there are too many, let the oldest go. */
  const keep = (map, key, value, most) => {
    map.set(key, value);
    if (map.size > most) map.delete(map.keys().next().value);
    return value;
  };

  frontline.Sprites = class {
    constructor() {
      this.clear();
    }

    clear() {
      this.images = new Map();
      this.met = new Map(); // how often each symbol without an image was painted
    }

    /** Put the symbol `key` to x, y; `paint(pen)` paints it around 0, 0, as far as `reach` pixels. */
    draw(ctx, key, reach, x, y, paint) {
      const image = this.images.get(key) || this.image(key, reach, paint);
      if (image) return ctx.drawImage(image, x - reach, y - reach, 2 * reach, 2 * reach);
      ctx.save();
      ctx.translate(x, y);
      paint(ctx);
      return ctx.restore();
    }

    /** An image of a symbol that is met often, or null. */
    image(key, reach, paint) {
      const times = (this.met.get(key) || 0) + 1;
      if (times < OFTEN) return keep(this.met, key, times, 10 * MOST) && null;
      this.met.delete(key);
      const ratio = frontline.pixelRatio();
      const canvas = new OffscreenCanvas(2 * reach * ratio, 2 * reach * ratio);
      const pen = canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, reach * ratio, reach * ratio);
      paint(pen);
      return keep(this.images, key, canvas.transferToImageBitmap(), MOST);
    }
  };

  /** Boxes (x, y, width, height) that are taken, found by where they are. */
  frontline.Taken = class {
    static CELL = 64;

    constructor(boxes = []) {
      this.cells = new Map();
      boxes.forEach((box) => this.add(box));
    }

    add(box) {
      for (const cell of this.cellsOf(box)) {
        if (!this.cells.has(cell)) this.cells.set(cell, []);
        this.cells.get(cell).push(box);
      }
    }

    overlaps(box) {
      return this.cellsOf(box).some((cell) => this.cells.get(cell)?.some((other) => frontline.overlap(box, other)));
    }

    cellsOf({ x, y, width, height }) {
      const size = frontline.Taken.CELL;
      const cells = [];
      for (let column = Math.floor(x / size); column <= Math.floor((x + width) / size); column++)
        for (let row = Math.floor(y / size); row <= Math.floor((y + height) / size); row++) cells.push(column * 1e6 + row);
      return cells;
    }
  };
})();
