// What `sender.js` imports where WebAssembly is refused: the same sender, translated to JavaScript.

import { finish, imports } from "engine-glue";
import { instantiate } from "engine-module";
import { guarded } from "./panic-guard.js";
import { taken } from "./taken.js";

/** Starts the sender; gives what takes its messages. */
export const start = () => {
  finish({ exports: guarded(instantiate(imports())) });
  return taken(new URL(WORDS, import.meta.url).href);
};
