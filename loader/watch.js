// Finds elements of the page wherever they stand, also in open shadow roots, and follows them. The work is in proportion
// to what changes, and never to the size of the page: a page of 40 000 elements may change 50 times a second.

/** How soon after a change it is told, and how often at most. */
const DEBOUNCE_MS = 50;
/** How often at most the whole page is looked through again: for shadow roots that were attached without a change of
    the document, and for elements that an attribute has made into what is looked for. */
const AGAIN_MS = 2000;

/**
 * @typedef {object} Search
 * @property {string} css
 * @property {boolean} follows
 * @property {(came: Element[]) => void} hear
 * @property {Set<Element>} known
 * @property {Element[]} came
 * @property {number} timer
 */

/** @type {Set<Search>} */
const searches = new Set();
/** @type {MutationObserver | undefined} */
let observer;
let again = 0;

/** Tells soon, once for however many changes. */
const tell = (/** @type {Search} */ search) => {
  search.timer ||= setTimeout(() => {
    search.timer = 0;
    for (const it of search.known) if (!it.isConnected) search.known.delete(it);
    search.hear(search.came.splice(0));
  }, DEBOUNCE_MS);
};

const take = (/** @type {Search} */ search, /** @type {Element} */ element) => {
  if (search.known.has(element)) return;
  search.known.add(element);
  search.came.push(element);
  // Whatever the element says of itself may change; of any other element, no attribute is of interest.
  if (search.follows) observer?.observe(element, { attributes: true });
  tell(search);
};

/** Looks through what has come, and through the open shadow roots in it. */
const enter = (/** @type {Document | ShadowRoot | Element} */ root, /** @type {Iterable<Search>} */ all) => {
  for (const search of all) {
    if ("matches" in root && root.matches(search.css)) take(search, root);
    for (const it of root.querySelectorAll(search.css)) take(search, it);
  }
  enterRootOf(/** @type {Element} */ (root), all);
  for (const it of root.querySelectorAll("*")) enterRootOf(it, all);
};

const enterRootOf = (
  /** @type {Element} */ { shadowRoot, localName },
  /** @type {Iterable<Search>} */ all,
) => {
  // What stands in a survey is the survey's own.
  if (!shadowRoot || localName == "sondeo-widget") return;
  observe(shadowRoot);
  enter(shadowRoot, all);
};

const observe = (/** @type {Node} */ root) =>
  observer?.observe(root, { childList: true, subtree: true, attributeFilter: ["data-sondeo"] });

const hear = (/** @type {MutationRecord[]} */ changes) => {
  let hasLeft = false;
  for (const { type, target, addedNodes, removedNodes } of changes) {
    if (type == "attributes") {
      for (const search of searches) {
        const element = /** @type {Element} */ (target);
        if (search.known.has(element)) tell(search);
        else if (element.matches(search.css)) take(search, element);
      }
    }
    for (const it of addedNodes) if (it instanceof Element && it.isConnected) enter(it, searches);
    hasLeft ||= removedNodes.length > 0;
  }
  if (hasLeft)
    for (const search of searches)
      for (const it of search.known)
        if (!it.isConnected) {
          tell(search);
          break;
        }
  again ||= setTimeout(() => {
    again = 0;
    enter(document, searches);
  }, AGAIN_MS);
};

/**
 * Finds all elements that a selector means, now and as they come.
 * @param {string} css
 * @param {boolean} follows Whether it is told, too, when one of them changes its attributes or leaves.
 * @param {(came: Element[]) => void} found Called with those that have come, at once with those that are there.
 * @returns {() => void} Ends it.
 */
export const watch = (css, follows, found) => {
  /** @type {Search} */
  const search = { css, follows, hear: found, known: new Set(), came: [], timer: 0 };
  if (!observer) {
    observer = new MutationObserver(hear);
    observe(document);
  }
  searches.add(search);
  enter(document, [search]);
  clearTimeout(search.timer);
  search.timer = 0;
  found(search.came.splice(0));
  return () => {
    searches.delete(search);
    clearTimeout(search.timer);
  };
};
