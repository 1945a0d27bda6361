// What the schema of survey files allows at a place of the file.

import schema from "../../../docs/survey.schema.json";

/** @typedef {Record<string, any>} Node A part of the schema. */
/** @typedef {string | number} Step A key, or the place in a list. */

/**
 * The parts that say what may stand in the place of this one.
 * @param {Node | undefined} part
 * @returns {Node[]}
 */
const alternatives = (part) => {
  if (!part || typeof part != "object") return [];
  const { $ref: reference, anyOf = [], oneOf = [], allOf = [], then, else: otherwise } = part;
  const named = reference?.startsWith("#/$defs/") ? schema.$defs[reference.slice(8)] : undefined;
  const others = [named, ...anyOf, ...oneOf, ...allOf, then, otherwise];
  return [part, ...others.flatMap(alternatives)];
};

/**
 * @param {Node} part
 * @param {Step} step
 * @returns {Node[]}
 */
const below = (part, step) => {
  if (typeof step == "number") return alternatives(part.items);
  const own = part.properties?.[step];
  return alternatives(own ?? (part.additionalProperties || undefined));
};

/**
 * @param {Step[]} path
 * @returns {Node[]}
 */
const at = (path) =>
  path.reduce(
    (parts, step) => parts.flatMap((part) => below(part, step)),
    alternatives(/** @type {Node} */ (schema)),
  );

/**
 * The keys of the object at this place, with what each of them means.
 * @param {Step[]} path
 * @returns {{ key: string, about: string, value: string }[]}
 */
export const keys = (path) => {
  const found = new Map();
  for (const part of at(path))
    for (const [key, own] of Object.entries(part.properties ?? {}))
      if (!found.has(key)) found.set(key, { key, about: own.description ?? "", value: empty(own) });
  return [...found.values()];
};

/**
 * The values of which one must stand at this place.
 * @param {Step[]} path
 * @returns {(string | number | boolean | null)[]}
 */
export const values = (path) => {
  const all = at(path).flatMap(({ enum: words = [], type, const: only }) => [
    ...words,
    ...(only === undefined ? [] : [only]),
    ...(type == "boolean" ? [true, false] : []),
  ]);
  return [...new Set(all)];
};

/** What is written for a value that is still to come. */
const empty = (/** @type {Node} */ part) => {
  const types = alternatives(part).map((it) => it.type);
  if (types.includes("string") || alternatives(part).some((it) => it.enum)) return '""';
  if (types.includes("array")) return "[]";
  if (types.includes("object")) return "{}";
  return "";
};
