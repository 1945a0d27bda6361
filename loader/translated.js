// What the loader imports where WebAssembly is refused: the same engine, translated to JavaScript.

import { finish, imports } from "engine-glue";
import { instantiate } from "engine-module";
import { isCrawler } from "./crawler.js";
import { sender } from "./link.js";
import { properties } from "./properties.js";
import { watch } from "./watch.js";
import { guarded } from "./panic-guard.js";

/**
 * Starts the engine, which takes over `window.sondeo`.
 * @param {string} files What the addresses of the sender's files begin with.
 */
export const start = (files) => {
  // Where the other languages are, and what takes its messages; the engine reads both before the page's own calls.
  window.sondeo.q.unshift(
    ["words", new URL(WORDS, import.meta.url).href],
    ["sender", sender(files)],
    ["rest", (/** @type {any} */ done) => done(true)],
    ["watch", watch],
    ["crawler", isCrawler],
    ["properties", properties],
  );
  finish({ exports: guarded(instantiate(imports())) });
};
