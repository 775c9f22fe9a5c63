// The list beside the map: the same reports as words.  Arrow keys move through it, Enter or a click selects.
const hosts = new WeakMap();

const scripts = async () => {
  while (!window.frontline?.glyphIcon) await new Promise((again) => setTimeout(again, 20));
  return window.frontline;
};

const row = ({ element, glyphIcon, lighter }, report, { selected, theme }, pick) => {
  const colour = theme.dark ? lighter(report.colour) : report.colour;
  const chosen = report.id === selected ? "true" : false;
  const badge = report.badge ? element("span", { class: "fl-badge" }, report.badge) : null;
  const button = element(
    "button",
    { type: "button", class: "fl-row", "aria-current": chosen, "data-id": report.id, onclick: () => pick(report.id) },
    glyphIcon(report.shape, colour, { theme: { ...theme, halo: theme.panel }, status: report.status }, 22, 6.5),
    element("span", { class: "fl-row-place" }, element("bdi", {}, report.place), badge),
    element("span", { class: "fl-row-when" }, report.when),
    element("span", { class: "fl-row-what" }, `${report.what} · `, element("bdi", {}, report.who)),
  );
  return element("li", {}, button);
};

const shown = async (host, data) => {
  const frontline = await scripts();
  const root = host.node.querySelector(".fl-panel");
  root.hidden = !data.rows.length;
  const theme = frontline.themeOf(root);
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const { element } = frontline;
  const pick = (id) => host.setTriggerValue("picked", id);
  const rows = data.rows.map((report) => row(frontline, report, { selected: data.selected, theme }, pick));
  const list = element("ol", { class: "fl-rows", "aria-label": data.title }, ...rows);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...list.querySelectorAll(".fl-row")];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
    event.preventDefault();
  });
  const scroll = root.querySelector(".fl-rows")?.scrollTop || 0;
  const back = data.back
    ? element("button", { type: "button", class: "fl-show-all", onclick: () => pick("") }, data.back)
    : null;
  const head = element("div", { class: "fl-panel-head" }, element("h4", {}, data.title), back);
  const note = data.note ? [element("p", { class: "fl-note" }, data.note)] : [];
  root.replaceChildren(head, ...note, list);
  list.scrollTop = scroll;
  if (focused) [...list.querySelectorAll(".fl-row")].find((r) => r.dataset.id === focused)?.focus({ preventScroll: true });
};

export default ({ data, parentElement, setTriggerValue }) => {
  const host = hosts.get(parentElement) || { node: parentElement };
  hosts.set(parentElement, host);
  host.setTriggerValue = setTriggerValue; // always the newest: older ones belong to an older run
  shown(host, data);
};
