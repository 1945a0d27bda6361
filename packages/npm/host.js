// What the components of all frameworks share: the element that a survey stands in, and its events.

import { attributes, words } from "./attributes.js";

export const EVENTS = ["skipped", "shown", "answered", "completed", "dismissed", "delivered", "failed"];

/** The names of the events' own properties: `onShown`, or `onshown`. */
const OURS = RegExp(`^on(${EVENTS.join("|")})$`, "i");
/** What is the element's own. Everything else is a setting of the survey. */
const PLAIN = /^(class|className|style|id|role|hidden|title|slot|ref|data-.*|aria-.*)$/;

/**
 * The attributes of the element, from the properties of the component.
 * @param {Record<string, any>} properties
 */
export const host = ({ survey, children, ...rest }) => {
  /** @type {Record<string, any>} */
  const own = { "data-sondeo": words(survey) };
  /** @type {Record<string, any>} */
  const settings = {};
  for (const [name, value] of Object.entries(rest))
    if (!OURS.test(name)) (PLAIN.test(name) || typeof value == "function" ? own : settings)[name] = value;
  return { ...attributes(settings), ...own };
};

/**
 * Hears the events of a survey, wherever it stands: one that floats stands outside of its element.
 * @param {() => unknown} survey The names that it has now.
 * @param {(name: string, detail: any) => void} tell
 * @returns {() => void} Ends it.
 */
export const listen = (survey, tell) => {
  const hear = (/** @type {any} */ { type, detail }) => {
    // What fails before there is any survey, fails for all.
    if (!detail.survey || words(survey()).split(" ").includes(detail.survey)) tell(type.slice(7), detail);
  };
  for (const name of EVENTS) document.addEventListener("sondeo:" + name, hear);
  return () => {
    for (const name of EVENTS) document.removeEventListener("sondeo:" + name, hear);
  };
};
