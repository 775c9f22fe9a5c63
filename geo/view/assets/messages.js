// What the map says, in the reader's language: the messages of geo/view/messages, found by key and filled with values.
(() => {
  "use strict";
  const frontline = (window.frontline = window.frontline || {});
  let spoken = { language: "en", messages: {} };
  let plurals = new Intl.PluralRules("en");

  /** Say everything in another language from now on: `{ language, messages }` as phrases.for_browser gives them. */
  frontline.speak = (words) => {
    spoken = words;
    plurals = new Intl.PluralRules(words.language);
  };
  frontline.language = () => spoken.language;

  let unit = "reports";
  /** Count stories from now on, or reports again. */
  frontline.countIn = (other) => {
    unit = other;
  };
  frontline.counted = (n, which = "") => frontline.say(`count.${which}${unit}`, { n });

  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, spoken.messages["number.thousands"]);

  /** A message with its values; `n` chooses the plural. */
  frontline.say = (key, values = {}) => {
    const found = spoken.messages[key];
    const template = typeof found === "object" ? found[plurals.select(values.n)] : found;
    return template.replace(/\{(\w+)\}/g, (_, name) => (Number.isInteger(values[name]) ? number(values[name]) : values[name]));
  };

  /** How precisely a spot is known, as `phrases.where_words` says it. */
  frontline.whereWords = (spots, spot) => {
    const { say } = frontline;
    const km = (x) => say("where.km", { n: String(x) });
    const { precision, bearing, distance_km: distance, radius_km: radius, position, name } = spots;
    let key = precision[spot];
    const told = { place: name[spot], distance: "", bearing: "" };
    if (key === "near" && (distance[spot] || bearing[spot])) {
      key = [distance[spot] && "offset", bearing[spot] && "bearing"].filter(Boolean).join("_");
      if (distance[spot]) told.distance = km(distance[spot]);
      if (bearing[spot]) told.bearing = say(`bearing.${bearing[spot]}`);
    }
    const words = say(`where.${key}`, told);
    const lines = [words.charAt(0).toUpperCase() + words.slice(1)];
    if (["site", "settlement", "near"].includes(precision[spot])) {
      if (radius[spot] !== null) lines.push(say("where.circle", { distance: km(radius[spot]) }));
      if (position[spot] !== "checked") lines.push(say(`position.${position[spot]}`));
    }
    return lines.join(" ");
  };
})();
