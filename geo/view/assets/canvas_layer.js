// A Leaflet layer that is one canvas: it pans and zooms with the map like Leaflet's own renderers and repaints when the
// map rests.  Sub-classes say what to paint.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});

  /** Whether two boxes (x, y, width, height) share a pixel. */
  frontline.overlap = (a, b) =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

  /** Whether the edge of the map would cut a box in layer pixels. */
  frontline.isCut = (map, { x, y, width, height }) => {
    const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]);
    const { x: wide, y: high } = map.getSize();
    const inside = x >= left && y >= top && x + width <= left + wide && y + height <= top + high;
    return !inside && frontline.overlap({ x, y, width, height }, { x: left, y: top, width: wide, height: high });
  };

  frontline.CanvasLayer = L.Renderer.extend({
    options: { padding: 0.2 }, // painted beyond the edges, so that a drag does not show blank borders at once

    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.style.pointerEvents = "none"; // the map gets the clicks and asks the layer what is there
      this.ctx = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
      this._container = null;
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = frontline.pixelRatio();
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = ratio * size.x;
      this._container.height = ratio * size.y;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this.ctx.setTransform(ratio, 0, 0, ratio, -ratio * this._bounds.min.x, -ratio * this._bounds.min.y);
      this.redraw();
    },

    _updatePaths() {}, // Leaflet's renderers hold paths; this one holds none

    redraw() {
      if (!this._map || !this._bounds || this._map._animatingZoom) return;
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      this.ctx.clearRect(min.x, min.y, size.x, size.y);
      this.paint(this.ctx, this._bounds);
    },

    paint() {},
  });
})();
