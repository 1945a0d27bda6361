// What the loader imports: wasm-bindgen's glue, started with the module that the loader has asked for.

import { finish, imports } from "engine-glue";
import { watchPageViews } from "./page-views.js";
import { isCrawler } from "./crawler.js";
import { sender } from "./link.js";
import { properties } from "./properties.js";
import { watch } from "./watch.js";
import { instantiated } from "./module.js";
import { failed, guarded } from "./panic-guard.js";

const at = (/** @type {string} */ name) => new URL(name, import.meta.url).href;
/** What the addresses of the sender's files begin with: those of this program, and a letter. A host may be cdn.jsdelivr. */
const files = import.meta.url.replace(/\.js([?#].*)?$/, "d");

/**
 * Instantiates the engine, which takes over `window.sondeo`. The loader does not wait for it: what fails is said here.
 * @param {any} module The answer to the request for the module, which may still be arriving.
 */
export const start = async (module) => {
  try {
    await watchPageViews();
    const source = await instantiated(module, imports());
    if (!source) return (await import(at(TRANSLATED))).start(files);
    // Where the other languages are, what takes its messages and what finds elements; the engine reads all of it before
    // the page's own calls.
    window.sondeo.q.unshift(["words", at(WORDS)], ["sender", sender(files)], ["watch", watch], ["crawler", isCrawler], ["properties", properties]);
    finish({ exports: guarded(source.instance.exports) }, source.module);
  } catch (error) {
    failed("needs all files of its folder", error);
  }
};
