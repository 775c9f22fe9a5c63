// Symbols painted once and then copied: what makes a step cheap when hundreds of them change at the same time.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const MOST = 2000; // kept; with as many as this, it is time to begin anew

  frontline.pixelRatio = () => Math.min(window.devicePixelRatio || 1, 2);

  frontline.Sprites = class {
    constructor() {
      this.images = new Map();
    }

    /** Copy the symbol `key` to x, y; `paint(pen)` paints it around 0, 0, as far as `reach` pixels, when it is new. */
    draw(ctx, key, reach, x, y, paint) {
      const image = this.images.get(key) || this.painted(key, reach, paint);
      ctx.drawImage(image, x - reach, y - reach, 2 * reach, 2 * reach);
    }

    painted(key, reach, paint) {
      if (this.images.size >= MOST) this.images.clear();
      const ratio = frontline.pixelRatio();
      const canvas = new OffscreenCanvas(2 * reach * ratio, 2 * reach * ratio);
      const pen = canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, reach * ratio, reach * ratio);
      paint(pen);
      const image = canvas.transferToImageBitmap();
      this.images.set(key, image);
      return image;
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
