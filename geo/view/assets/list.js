// The list beside the map: the same reports as words.  It is one stop of the Tab key; arrow keys, Home and End move through
// it, Page Up and Page Down turn its leaves, Enter or a click selects.
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
  const pick = (id) => host.setStateValue("picked", { what: id, when: Date.now() });
  const rows = data.rows.map((report) => row(frontline, report, { selected: data.selected, theme }, pick));
  const list = element("ol", { class: "fl-rows", "aria-label": data.title }, ...rows);
  const turn = (leaf) => {
    if (leaf < 0 || leaf >= data.leaves) return;
    host.turned = true;
    host.setStateValue("leaf", { what: leaf, when: Date.now() });
  };
  list.addEventListener("keydown", (event) => {
    const leaves = { PageDown: 1, PageUp: -1 }[event.key];
    const buttons = [...list.querySelectorAll(".fl-row")];
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (leaves) turn(data.leaf + leaves);
    if (next !== undefined) buttons[next]?.focus();
    if (leaves || next !== undefined) event.preventDefault();
  });
  const stop = (button) => list.querySelectorAll(".fl-row").forEach((each) => (each.tabIndex = each === button ? 0 : -1));
  list.addEventListener("focusin", (event) => stop(event.target));
  stop(list.querySelector('[aria-current="true"]') || list.querySelector(".fl-row"));
  const scroll = root.querySelector(".fl-rows")?.scrollTop || 0;
  const back = data.back
    ? element("button", { type: "button", class: "fl-show-all", onclick: () => pick("") }, data.back)
    : null;
  const head = element("div", { class: "fl-panel-head" }, element("h4", {}, data.title), back);
  const note = data.note ? [element("p", { class: "fl-note" }, data.note)] : [];
  const turner = (leaf, words) =>
    element("button", { type: "button", class: "fl-turn", disabled: leaf < 0 || leaf >= data.leaves, onclick: () => turn(leaf) }, words);
  const turners =
    data.leaves > 1
      ? [element("div", { class: "fl-turns" }, turner(data.leaf - 1, data.turns.newer), element("span", {}, data.range), turner(data.leaf + 1, data.turns.older))]
      : [];
  root.replaceChildren(head, ...note, list, ...turners);
  const said = host.node.querySelector(".fl-unseen");
  const heard = [data.title, ...(turners.length ? [data.range] : [])].join(": ");
  if (said.textContent !== heard) said.textContent = heard; // a screen reader says what differs
  list.scrollTop = host.turned ? 0 : scroll;
  if (host.turned) list.querySelector(".fl-row")?.focus({ preventScroll: true });
  else if (focused) [...list.querySelectorAll(".fl-row")].find((r) => r.dataset.id === focused)?.focus({ preventScroll: true });
  host.turned = false;
};

export default ({ data, parentElement, setStateValue }) => {
  const host = hosts.get(parentElement) || { node: parentElement };
  hosts.set(parentElement, host);
  host.setStateValue = setStateValue; // always the newest: older ones belong to an older run
  shown(host, data);
};
