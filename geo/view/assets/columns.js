// The table of reports as the browser gets it: a header in JSON, then one typed array a column (written by geo/view/columns.py).
// No text of a digest is in it: quotes are read from the store when a report is selected.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };
  const DAY_MS = 86400000;

  /** Bytes of base64 text, as embedded in a standalone page. */
  frontline.bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

  /** Unpack gzip.  Over HTTP the browser does this by itself. */
  frontline.gunzip = (bytes) =>
    new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

  /** Read a column file: the header's fields, and `column.<name>` as typed arrays. */
  frontline.readColumns = (buffer) => {
    const headerBytes = new DataView(buffer).getUint32(0, true);
    const table = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerBytes)));
    const bytes = new Uint8Array(buffer, 4 + headerBytes);
    const { rows } = table;
    let at = 0;
    table.column = {};
    for (const [name, type, base] of table.columns) {
      const numbers = (table.column[name] = new TYPES[type](rows));
      const size = numbers.BYTES_PER_ELEMENT;
      for (let byte = 0; byte < size; byte++, at += rows) {
        for (let row = 0, shift = 8 * byte; row < rows; row++) numbers[row] |= bytes[at + row] << shift;
      }
      // What a number is told from is added modulo its type: typed arrays wrap around.
      const told = table.column[base];
      if (base === "before") for (let row = 1; row < rows; row++) numbers[row] += numbers[row - 1];
      else if (base) for (let row = 0; row < rows; row++) numbers[row] += told[row];
    }
    for (const [name, digits] of Object.entries(table.digits)) {
      const number = table.column[name];
      delete table.column[name];
      for (const [digit, size] of digits.slice().reverse()) {
        const column = (table.column[digit] = new Uint8Array(rows));
        for (let row = 0; row < rows; row++) {
          column[row] = number[row] % size;
          number[row] /= size; // an array of whole numbers drops the rest
        }
      }
    }
    return table;
  };

  // Days are whole numbers counted from the table's first day; the words are always UTC, so no time zone shifts a date.
  frontline.days = (first) => {
    const origin = Date.parse(`${first}T00:00:00Z`);
    const words = (key, number) => frontline.say(key).split(" ")[number];
    const month = (at) => `${words("date.months", at.getUTCMonth())} ${at.getUTCFullYear()}`;
    const plain = (at) => `${at.getUTCDate()} ${month(at)}`;
    const short = (at) => `${at.getUTCDate()} ${words("date.months", at.getUTCMonth())}`;
    const date = (day) => new Date(origin + day * DAY_MS);
    return {
      date,
      iso: (day) => date(day).toISOString().slice(0, 10),
      number: (iso) => Math.round((Date.parse(`${iso}T00:00:00Z`) - origin) / DAY_MS),
      long: (day) => `${words("date.weekdays", date(day).getUTCDay())}, ${plain(date(day))}`,
      short: (day) => short(date(day)),
      month: (day) => month(date(day)),
      /** "5 Nov 2024", "1–7 Nov 2024", "30 Oct – 2 Nov 2024" */
      span: (from, until) => {
        const [a, b] = [date(from), date(until)];
        if (from === until) return plain(b);
        if (a.getUTCFullYear() !== b.getUTCFullYear()) return `${plain(a)} – ${plain(b)}`;
        if (a.getUTCMonth() !== b.getUTCMonth()) return `${short(a)} – ${plain(b)}`;
        return `${a.getUTCDate()}–${plain(b)}`;
      },
    };
  };

  /** Make an element.  Text always becomes a text node, never markup. */
  frontline.element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  };
})();
