// What delivers: the engine imports it once a survey stands there, and the loader where only an answer is left over.
// However often it is imported, one sender runs on the page.

import { finish, imports } from "engine-glue";
import { instantiated } from "./module.js";
import { guarded } from "./panic-guard.js";
import { taken } from "./taken.js";

const at = (/** @type {string} */ name) => new URL(name, import.meta.url).href;

/** @type {Promise<(message: any[]) => void> | undefined} */
let running;

const begin = async (/** @type {any} */ module) => {
  const source = await instantiated(module, imports());
  if (!source) return (await import(at(TRANSLATED))).start();
  finish({ exports: guarded(source.instance.exports) }, source.module);
  return taken(at(WORDS));
};

/**
 * Starts the sender, unless it runs; resolves to what takes its messages.
 * @param {any} module The answer to the request for the module, which may still be arriving.
 * @param {boolean} [isLed] Whether the engine says what may be sent. Without it, the loader has asked for consent.
 */
export const start = async (module, isLed) => {
  if (running) module.body?.cancel();
  const call = await (running ||= begin(module));
  if (!isLed) call(["permit", true]);
  return call;
};
