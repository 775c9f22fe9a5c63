// A picture of the map as it is seen, with its window, legend and sources, composed in the browser.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const { say } = frontline;
  const MARGIN = 16;
  const LINE = 18;

  /** Break words into lines that fit. */
  const wrapped = (ctx, text, width) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines[lines.length - 1]} ${word}`.trim();
      if (ctx.measureText(longer).width <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  /** Compose the picture: a canvas that holds the layers of the map, then words. */
  frontline.picture = (view) => {
    const container = view.map.getContainer();
    const frame = container.getBoundingClientRect();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const { theme } = view;
    const size = { small: `12px ${theme.font}`, title: `600 16px ${theme.font}` };
    const pen = document.createElement("canvas").getContext("2d");
    const width = frame.width - 2 * MARGIN;
    const marks = legendOf(view);

    pen.font = size.small;
    const rows = [[]];
    let used = 0;
    for (const mark of marks) {
      const wide = pen.measureText(mark.words).width + 40;
      if (used + wide > width && used) [used] = [0, rows.push([])];
      rows[rows.length - 1].push({ ...mark, x: used });
      used += wide;
    }
    const notes = [...wrapped(pen, view.notices, width), ...wrapped(pen, view.options.credits.join(" · "), width)];
    const foot = MARGIN + 24 + (rows.length + notes.length) * LINE + MARGIN;

    const canvas = document.createElement("canvas");
    canvas.width = Math.round(frame.width * ratio);
    canvas.height = Math.round((frame.height + foot) * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.fillStyle = theme.water;
    ctx.fillRect(0, 0, frame.width, frame.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, frame.width, frame.height);
    ctx.clip();
    const layers = [...container.querySelectorAll(".leaflet-pane canvas")];
    const depth = (layer) => Number(getComputedStyle(layer.closest(".leaflet-map-pane > .leaflet-pane")).zIndex) || 0;
    for (const layer of layers.sort((a, b) => depth(a) - depth(b))) {
      const box = layer.getBoundingClientRect();
      ctx.drawImage(layer, box.x - frame.x, box.y - frame.y, box.width, box.height);
    }
    ctx.restore();

    let y = frame.height;
    ctx.fillStyle = theme.panel;
    ctx.fillRect(0, y, frame.width, foot);
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.text;
    ctx.font = size.title;
    const { from, until } = view.timeline;
    const said = say("time.said", { days: view.days.span(from, until), reports: frontline.counted(view.reports.shown) });
    ctx.fillText(`${say("page.title")} · ${said}`, MARGIN, (y += MARGIN + 8));
    ctx.font = size.small;
    y += 24;
    for (const row of rows) {
      for (const { mark, colour, words, x } of row) {
        if (mark) ctx.drawImage(mark, MARGIN + x, y - 8, 16, 16);
        else {
          ctx.fillStyle = colour;
          ctx.fillRect(MARGIN + x + 2, y - 6, 12, 12);
        }
        ctx.fillStyle = theme.text;
        ctx.fillText(words, MARGIN + x + 22, y);
      }
      y += LINE;
    }
    ctx.fillStyle = theme.muted;
    for (const note of notes) {
      ctx.fillText(note, MARGIN, y);
      y += LINE;
    }
    return canvas;
  };

  /** What the symbols and colours that are used now stand for. */
  const legendOf = (view) => {
    const { table } = view.reports;
    const families = new Map(table.families.map((family) => [family.id, family]));
    const byFamily = view.colour === "family";
    const kinds = table.kinds
      .filter((kind) => kind.present)
      .map((kind) => {
        const colour = byFamily ? view.colourOf(families.get(kind.family)) : view.theme.muted;
        return { mark: frontline.glyphIcon(kind.shape, colour, { theme: view.flat() }), words: say(`kind.${kind.id}`) };
      });
    const sides = table.sides
      .filter((side) => !byFamily && side.present[view.colour])
      .map((side) => ({ colour: view.colourOf(side), words: say(`side.${side.id}`) }));
    return [...sides, ...kinds];
  };

  frontline.savePicture = (view) =>
    frontline.picture(view).toBlob((blob) => {
      const { from, until } = view.window();
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `reports_${from}_${until}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }, "image/png");
})();
