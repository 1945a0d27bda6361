// What the loader imports where WebAssembly is refused: the same engine, translated to JavaScript.

import { finish, imports } from "engine-glue";
import { instantiate } from "engine-module";
import { guarded } from "./panic-guard.js";

/** Starts the engine, which takes over `window.sondeo`. */
export const start = () => {
  // Where the other languages are; the engine reads it before the page's own calls.
  window.sondeo.q.unshift(["words", new URL(WORDS, import.meta.url).href]);
  finish({ exports: guarded(instantiate(imports())) });
};
