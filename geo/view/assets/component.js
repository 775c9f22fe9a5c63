// The map inside Streamlit: mounted once, kept through every rerun.  Streamlit calls this again whenever `data` or the
// theme changes; what differs is applied, nothing is rebuilt.
const WAIT_MS = 250; // Python hears of a window or a view when it has rested this long

const absolute = (address) => new URL(address, document.baseURI).href; // this module's own address is a blob

const loaded = (src) =>
  new Promise((done, failed) => {
    const onerror = () => failed(new Error(`could not load ${src}`));
    document.head.append(Object.assign(document.createElement("script"), { src: absolute(src), onload: done, onerror }));
  });

/** Leaflet and our scripts, once a page: from `serve`'s addresses, or out of the component that carries them inline. */
const scripts = async ({ scripts: addresses, styles }) => {
  if (!addresses) {
    while (!window.frontline?.inlined) await new Promise((again) => setTimeout(again, 20));
    return;
  }
  for (const href of styles) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: absolute(href) }));
  }
  for (const src of addresses) await loaded(src);
};

const started = async (host, data) => {
  performance.mark("frontline: mounted");
  window.frontlineScripts ??= scripts(data.assets);
  await window.frontlineScripts;
  await spoken(data);
  host.node.querySelector(".fl-map").id = data.map.id;
  new Function(data.map.script)(); // what Folium wrote of our own template: no text of a digest is in it
  const view = document.getElementById(data.map.id).frontline;
  view.options.tiles = data.tiles;
  await window.frontline.fill(view, sources(data));
  let wait = {};
  const later = (name, value) => {
    clearTimeout(wait[name]);
    wait[name] = setTimeout(() => host.setStateValue(name, value), WAIT_MS);
  };
  view.on("stepped", () => clearTimeout(wait.window)); // a new drag began: what was about to be told is old
  view.on("settled", (window) => later("window", window));
  view.on("picked", (rows) => host.setStateValue("picked", { what: rows.slice(0, 500), when: Date.now() }));
  view.on("switched", (kinds) => later("kinds", kinds));
  view.on("coloured", (colour) => later("colour", colour));
  window.frontline.countIn(data.unit);
  view.use(data.by, data.colour);
  view.filter(await bits(data.mask));
  view.showKinds(data.kinds);
  view.showWindow(data.window);
  if (data.view) view.map.setView([data.view.lat, data.view.lon], data.view.zoom, { animate: false });
  else view.fit(window.frontline.CENTRAL);
  view.select(data.selected);
  await overlaid(view, data, {});
  host.seen = data;
  view.on("moved", (place) => later("view", place));
  later("view", view.place());
  host.node.querySelector(".fl-root").dataset.ready = "yes";
  performance.mark("frontline: ready");
  return view;
};

/** Speak the language of the page; its messages are fetched once. */
const spoken = async ({ language, messages }) => {
  const { frontline } = window;
  frontline.heard ??= {};
  frontline.heard[language] ??= messages
    ? JSON.parse(new TextDecoder().decode(await frontline.fetched({ url: messages[language] })))
    : frontline.inlined.messages[language];
  frontline.speak(frontline.heard[language]);
};

/** The user's own line, and the places that were not chosen for the selected report. */
const overlaid = async (view, { line, losers }, seen) => {
  const differs = (a, b) => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
  if (differs(losers, seen.losers)) view.overlay.showLosers(losers || []);
  if (!differs(line, seen.line)) return;
  const text = line && new TextDecoder().decode(await window.frontline.fetched(line.source));
  view.overlay.showLine(line && JSON.parse(text), line?.words);
  view.legend();
};

const sources = ({ columns, base }) =>
  columns ? { columns, base } : { columns: window.frontline.inlined.columns, base: window.frontline.inlined.base };

/** The rows that pass, as packed bits: a short mask is sent itself, a long one is fetched. */
const bits = async (mask) => {
  if (!mask || typeof mask === "string") return mask && window.frontline.bytes(mask);
  return new Uint8Array(await window.frontline.fetched(mask));
};

/** Apply what Python changed.  `turn` counts the windows that Python set: its echo of our own window is not one. */
const applied = async (host, view, data) => {
  let { seen } = host;
  host.seen = data;
  if (data.columns && data.columns.url !== seen.columns.url) {
    await window.frontline.fill(view, sources(data)); // the dataset was built anew: all but the view is told again
    seen = { look: data.look, language: seen.language, line: seen.line };
  }
  if (data.language !== seen.language) {
    await spoken(data);
    view.speak();
  }
  view.repaint();
  window.frontline.countIn(data.unit);
  view.use(data.by, data.colour);
  if (JSON.stringify(data.mask) !== JSON.stringify(seen.mask)) view.filter(await bits(data.mask));
  if (String(data.kinds) !== String(seen.kinds)) view.showKinds(data.kinds);
  if (data.turn !== seen.turn) view.showWindow(data.window);
  if (data.look !== seen.look) {
    if (data.view) view.map.setView([data.view.lat, data.view.lon], data.view.zoom);
    else view.fit(window.frontline.CENTRAL);
  }
  if (data.selected !== seen.selected) view.select(data.selected);
  await overlaid(view, data, seen);
};

const hosts = new WeakMap();

export default ({ data, parentElement, setStateValue }) => {
  const host = hosts.get(parentElement) || { node: parentElement };
  hosts.set(parentElement, host);
  host.setStateValue = setStateValue; // always the newest: older ones belong to an older run
  host.ready = host.ready ? host.ready.then(async (view) => (await applied(host, view, data), view)) : started(host, data);
  host.ready.catch((error) => {
    parentElement.querySelector(".fl-map").textContent = data.failed.replace("{reason}", error.message);
  });
  return () => {
    if (parentElement.isConnected) return; // Streamlit also calls this when one run overtakes another
    hosts.delete(parentElement);
    host.ready.then((view) => view.remove());
  };
};
