// The engine's other half: what nobody needs until a survey stands there. It comes then, or as soon as somebody does, and
// works in the engine's memory.

import { compiled } from "./module.js";

/**
 * What has the other half come.
 * @param {string} address Where its module is.
 * @param {WebAssembly.Imports} glue What the engine imports.
 * @param {() => WebAssembly.Exports} engine The exports of the engine, once there are any.
 */
export const rest = (address, glue, engine) => {
  /** @type {Promise<any> | undefined} */
  let answer;
  /** @type {Promise<any> | undefined} */
  let coming;
  const ask = () => (answer ||= fetch(address).catch((it) => it));
  /** @param {(isThere: boolean) => void} done Told once it is there, or does not come: then it may be asked for again. */
  const tie = async (done) => {
    try {
      await (coming ||= compiled(ask(), { ...glue, b: /** @type {any} */ (engine()) }));
      // In a task of its own. Between the promises of a router that exchanges the page, Turbo for one, an element may be
      // off the page that is put back at once.
      setTimeout(done, 0, true);
    } catch (error) {
      console.warn("sondeo: needs all files of its folder: " + error);
      answer = coming = undefined;
      done(false);
    }
  };
  return { ask, tie };
};
