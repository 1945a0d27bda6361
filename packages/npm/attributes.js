// From properties, as JavaScript writes them, to attributes, as the widget reads them.

/** `maxShows` and `max_shows` are `max-shows`. */
const hyphens = (/** @type {string} */ name) => name.replace(/([a-z\d])([A-Z])/g, "$1-$2").toLowerCase();

/** What the attributes of an object's members begin with, where it is not the object's own name. */
const MEMBERS = /** @type {Record<string, string>} */ ({ headers: "header", fields: "field" });

/**
 * Words as an attribute holds them: separated by spaces, and in quotes where one holds a space.
 * @param {unknown} value
 */
export const words = (value) =>
  Array.isArray(value)
    ? value.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(" ")
    : String(value);

/**
 * The attributes that say the same. What is `undefined`, `null` or `false` says nothing.
 * @param {Record<string, any>} settings
 * @returns {Record<string, string>}
 */
export const attributes = (settings) => {
  /** @type {Record<string, string>} */
  const all = {};
  const say = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (value != null && value !== false) all["data-" + name] = words(value);
  };
  for (const [key, value] of Object.entries(settings)) {
    if (value && typeof value == "object" && !Array.isArray(value))
      for (const [name, member] of Object.entries(value))
        say((MEMBERS[key] ?? key) + "-" + hyphens(name), member);
    else say(hyphens(key).replace(/_/g, "-"), value);
  }
  return all;
};
