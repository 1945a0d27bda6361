// What a page says with an event, as names and texts: an object of the page may hold anything, also itself, an element,
// or what throws when it is read.

/** How deep inner objects are looked into, and how many members of all of them: some lead to the whole page. */
const DEEPEST = 5;
const MOST_MEMBERS = 1000;
const MOST_TEXTS = 100;
/** No condition needs more of a text. */
const LONGEST_TEXT = 10_000;

/**
 * The texts, numbers and booleans of an object, each after its name; those of inner objects have dots in their names.
 * @param {any} object
 */
export const properties = (object) => {
  /** @type {string[]} */
  const found = [];
  let left = MOST_MEMBERS;
  const take = (/** @type {any} */ of, /** @type {string} */ prefix, /** @type {number} */ depth) => {
    try {
      for (const name of Object.keys(of)) {
        if (left-- <= 0 || found.length >= 2 * MOST_TEXTS) return;
        const value = of[name];
        if (/^(st|nu|bo)/.test(typeof value)) found.push(prefix + name, ("" + value).slice(0, LONGEST_TEXT));
        else if (value && depth) take(value, prefix + name + ".", depth - 1);
      }
    } catch {}
  };
  // Of gtag's arguments, ["event", "purchase", {…}], the last one. A text as such has no names.
  if (typeof object == "object") take(object?.[0] == "event" ? object[2] : object, "", DEEPEST);
  return found;
};
