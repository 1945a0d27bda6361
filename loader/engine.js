// What the loader imports: wasm-bindgen's glue, started with the module that the loader has asked for.

import { finish, imports } from "engine-glue";
import { watchPageViews } from "./page-views.js";
import { isCrawler } from "./crawler.js";
import { sender } from "./link.js";
import { properties } from "./properties.js";
import { watch } from "./watch.js";
import { instantiated } from "./module.js";
import { failed, guarded } from "./panic-guard.js";
import { rest } from "./rest.js";

const at = (/** @type {string} */ name) => new URL(name, import.meta.url).href;
/** The addresses of further files: those of this program, and a letter. A host may be cdn.jsdelivr. */
const file = (/** @type {string} */ letter) => import.meta.url.replace(/\.js([?#].*)?$/, letter);

/** What the page asks that takes the engine's other half before a survey can stand there. The engine would ask for it, too;
 * only later. */
const takesRest = () => {
  const { asked, q } = window.sondeo;
  const attributes =
    /"(config|site|when|from|until|debug|header[A-Z]\w*)":|"trigger":"[^"]*(cl|sub|vis?ib|scr|exit|idle|dwell|chat)/;
  return (
    attributes.test(asked()) ||
    new RegExp(`"(survey|sondeo)":"[^"]*\\b(${WHOLE})\\b`).test(asked()) ||
    q.some((/** @type {any} */ it) => /^(add|site|plan|explain|page)$/.test(it?.[0]))
  );
};

/**
 * Instantiates the engine, which takes over `window.sondeo`. The loader does not wait for it: what fails is said here.
 * @param {any} module The answer to the request for the module, which may still be arriving.
 */
export const start = async (module) => {
  try {
    if (/=preview:/.test(location.hash)) import(at(WORDS + "preview.js")).catch(String);
    await watchPageViews();
    const glue = imports();
    /** @type {any} */
    let source;
    const other = rest(file("e.wasm"), glue, () => source.instance.exports);
    if (takesRest()) other.ask();
    source = await instantiated(module, glue);
    if (!source) return (await import(at(TRANSLATED))).start(file("d"));
    // Where the other languages are, what takes its messages and what finds elements; the engine reads all of it before
    // the page's own calls.
    window.sondeo.q.unshift(
      ["words", at(WORDS)],
      ["sender", sender(file("d"))],
      ["rest", other.tie],
      ["watch", watch],
      ["crawler", isCrawler],
      ["properties", properties],
    );
    finish({ exports: guarded(source.instance.exports) }, source.module);
  } catch (error) {
    failed("needs all files of its folder", error);
  }
};
