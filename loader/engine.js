// What the loader imports: wasm-bindgen's glue, started with the module that the loader has asked for.

import { finish, imports } from "engine-glue";
import { guarded } from "./rim.js";

/**
 * Instantiates the engine, which takes over `window.sondeo`.
 * @param {Response} module The answer to the request for the module; it may still be arriving.
 */
export const start = async (module) => {
  // Where the other languages are; the engine reads it before the page's own calls.
  window.sondeo.q.unshift(["words", new URL(WORDS, import.meta.url).href]);
  if (!module.ok) throw new Error(`${module.url} answered ${module.status}`);
  // Servers that do not know the type of modules are common, and streaming insists on it.
  const streams = module.headers.get("content-type") == "application/wasm";
  const source = await (streams
    ? WebAssembly.instantiateStreaming(module, imports())
    : WebAssembly.instantiate(await module.arrayBuffer(), imports()));
  finish({ exports: guarded(source.instance.exports) }, source.module);
};
