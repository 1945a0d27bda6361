// Guards the page: nothing that goes wrong in a program reaches the page.

/** Says why there is no survey. @param {string} what @param {unknown} error */
export const failed = (what, error) => {
  // A site's script tells its collector, too.
  (window.sondeo?.warn || console.warn)(`sondeo: ${what}: ${error}`);
  document.dispatchEvent(new CustomEvent("sondeo:failed", { detail: { reason: "engine" } }));
};

/**
 * The module's exports, behind which it may trap. A trap leaves it in no state to go on: neither the engine nor the
 * sender is ever called again, the surveys leave the page, and the page hears of it. What was answered is in the
 * outbox, and goes from there.
 * @param {Record<string, any>} exports
 * @returns {any}
 */
export const guarded = (exports) => {
  let isDead = false;
  const api = window.sondeo;
  const guard =
    (/** @type {Function} */ call) =>
    (/** @type {unknown[]} */ ...values) => {
      if (isDead || api.isDead) return;
      try {
        return call(...values);
      } catch (error) {
        isDead = true;
        try {
          api.isDead = true;
        } catch {}
        // Their own `remove` is the engine's.
        for (const it of document.querySelectorAll("sondeo-widget")) it.parentNode?.removeChild(it);
        failed("the engine has stopped", error);
      }
    };
  return Object.fromEntries(
    Object.entries(exports).map(([name, it]) => [name, typeof it == "function" ? guard(it) : it]),
  );
};
