// How a report looks: one shape a kind, one colour a family.  Used by the map, its legend and the list.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});

  const polygon = (path, points) => {
    points.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  };
  const around = (n, radius, turn = -Math.PI / 2) =>
    Array.from({ length: n }, (_, i) => {
      const angle = turn + (i * 2 * Math.PI) / n;
      const r = typeof radius === "function" ? radius(i) : radius;
      return [r * Math.cos(angle), r * Math.sin(angle)];
    });
  // Outlines in a box of -1..1, sized so that all look equally heavy.
  const OUTLINES = {
    square: (p) => p.rect(-0.84, -0.84, 1.68, 1.68),
    triangle: (p) => polygon(p, around(3, 1.16).map(([x, y]) => [x, y + 0.16])),
    circle: (p) => p.arc(0, 0, 0.95, 0, 2 * Math.PI),
    dot: (p) => p.arc(0, 0, 0.62, 0, 2 * Math.PI),
    diamond: (p) => polygon(p, around(4, 1.15)),
    star: (p) => polygon(p, around(10, (i) => (i % 2 ? 0.52 : 1.25))),
    arrow: (p) => polygon(p, [[-1, -0.42], [0.05, -0.42], [0.05, -0.98], [1.1, 0], [0.05, 0.98], [0.05, 0.42], [-1, 0.42]]),
    cross: (p) => {
      const [a, b] = [0.34, 1.1];
      const plus = [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]];
      polygon(p, plus.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]));
    },
  };
  const PATHS = Object.fromEntries(
    Object.entries(OUTLINES).map(([name, draw]) => {
      const path = new Path2D();
      draw(path);
      return [name, path];
    }),
  );

  // How a report is told, as lines around its symbol, in pixels from its edge: none, one, two, or a dotted one.
  const LINES = { claimed: [], reported: [[2]], acknowledged: [[2], [4.4]], disputed: [[2.4, [1.6, 2.2]]] };
  frontline.LINES_PX = 6; // as far as they reach

  /** Draw the lines of a status around a path that is `scale` times as large as it is told; what is inside is painted after. */
  frontline.statusLines = (ctx, path, status, scale, { text, halo }) => {
    const lines = LINES[status] || [];
    ctx.save();
    for (const [away, dash] of [...lines].reverse()) {
      for (const [colour, width, dashes] of [[halo, away + 2.4, []], [text, away + 1.2, dash || []], [halo, away, []]]) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = (2 * width) / scale;
        ctx.setLineDash(dashes.map((px) => px / scale));
        ctx.stroke(path);
      }
    }
    ctx.restore();
  };

  /** Draw one kind's symbol.  `hollow`: its position is not checked; `status`: how it is told. */
  frontline.glyph = (ctx, shape, x, y, radius, colour, { theme, hollow = false, status }) => {
    const { halo } = theme;
    const open = shape.endsWith("-open");
    const path = PATHS[open ? shape.slice(0, -5) : shape] || PATHS.dot;
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(radius, radius);
    ctx.lineJoin = "round";
    frontline.statusLines(ctx, path, status, radius, theme);
    ctx.lineWidth = 3.4 / radius;
    ctx.strokeStyle = halo;
    ctx.stroke(path);
    ctx.fillStyle = open || hollow ? halo : colour;
    ctx.fill(path);
    if (open || hollow) {
      ctx.lineWidth = (hollow ? 1.4 : 2.4) / radius;
      if (hollow) ctx.setLineDash([2.6 / radius, 1.8 / radius]);
      ctx.strokeStyle = colour;
      ctx.stroke(path);
    }
    ctx.restore();
  };

  /** A small canvas with one symbol, for legends and lists. */
  frontline.glyphIcon = (shape, colour, look, size = 16, radius = size * 0.36) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size * 2; // sharp on dense screens
    canvas.style.width = canvas.style.height = `${size}px`;
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    frontline.glyph(ctx, shape, size / 2, size / 2, radius, colour, look);
    return canvas;
  };

  /** The lines of a status around a symbol that stands for any kind. */
  frontline.statusIcon = (status, theme) => frontline.glyphIcon("dot", theme.muted, { theme, status }, 20, 6);

  // --- colours -------------------------------------------------------------------------------------------------------
  const channels = (colour) => {
    const probe = frontline.probe || (frontline.probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  };
  /** Whether a background is dark (relative luminance, WCAG 2). */
  frontline.isDark = (colour) => {
    const [r, g, b] = Array.from(channels(colour)).map((v) => ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.2;
  };
  /** The same colour for a dark ground: a third of the way to white. */
  frontline.lighter = (colour, share = 0.36) => {
    const [r, g, b] = Array.from(channels(colour)).map((v) => Math.round(v + (255 - v) * share));
    return `rgb(${r}, ${g}, ${b})`;
  };
  frontline.withAlpha = (colour, alpha) => {
    const [r, g, b] = channels(colour);
    return `rgba(${r}, ${g}, ${b}, ${alpha})`;
  };
})();
