// What the loader imports: wasm-bindgen's glue, started with the module that the loader has asked for.

import { finish, imports } from "engine-glue";
import { watchPageViews } from "./page-views.js";
import { guarded } from "./panic-guard.js";

const at = (/** @type {string} */ name) => new URL(name, import.meta.url).href;

// Only compiling tells whether a policy or a browser refuses to: a whole module, if an empty one.
const compiles = () => {
  try {
    return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return null;
  }
};

/** @param {Response} module */
const instantiate = async (module) => {
  if (!module.ok) throw new Error(`${module.url} answered ${module.status}`);
  // Servers that do not know the type of modules are common, and streaming insists on it.
  const streams = module.headers.get("content-type") == "application/wasm";
  return streams
    ? WebAssembly.instantiateStreaming(module, imports())
    : WebAssembly.instantiate(await module.arrayBuffer(), imports());
};

/**
 * Instantiates the engine, which takes over `window.sondeo`.
 * @param {Response} module The answer to the request for the module, which may still be arriving.
 */
export const start = async (module) => {
  await watchPageViews();
  let source;
  try {
    if (compiles()) source = await instantiate(module);
    // What has not arrived by now is not wanted.
    else module.body?.cancel();
  } catch (error) {
    // WebKit lets an empty module pass where the page's policy refuses a whole one; and half a file is none.
    console.info("sondeo: goes on without WebAssembly: " + error);
  }
  if (!source) return (await import(at(TRANSLATED))).start();
  // Where the other languages are; the engine reads it before the page's own calls.
  window.sondeo.q.unshift(["words", at(WORDS)]);
  finish({ exports: guarded(source.instance.exports) }, source.module);
};
