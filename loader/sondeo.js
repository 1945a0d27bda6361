// The script on the page. It may only say "no" or "not yet": it keeps the page's calls until the engine
// comes, and fetches the engine when the page has nothing better to do. Every decision is the engine's.
// The build puts the constants in; globals.d.ts has them, sondeo.d.ts what the page may call.

(() => {
  const page = document;
  const tag = /** @type {HTMLScriptElement | null} */ (
    page.currentScript || page.querySelector('script[src$="sondeo.js"]')
  );
  const known = window.sondeo;
  // An element with the id "sondeo" is a property of the window, too: what has neither is not ours.
  const api = known && (known.version || known.q) ? known : (window.sondeo = { q: [] });

  if (tag) api.q.push(["tag", tag]);
  // It was loaded before, and that one serves this tag, too.
  if (api.version) return;
  api.version = VERSION;

  for (const name of ["show", "hide", "track", "identify", "consent", "reset"]) {
    api[name] = (/** @type {unknown[]} */ ...values) => {
      api.q.push([name, ...values]);
    };
  }
  api.explain = (/** @type {string} */ id) =>
    new Promise((resolve) => api.q.push(["explain", id, resolve]));
  api.on = (/** @type {string} */ event, /** @type {(detail: any) => void} */ callback) => {
    const hear = (/** @type {any} */ it) => callback(it.detail);
    page.addEventListener("sondeo:" + event, hear);
    return () => page.removeEventListener("sondeo:" + event, hear);
  };

  // The queue of tag managers, past and future: {event: "purchase"}, or gtag's ["event", "purchase"].
  const layer = (window.dataLayer = window.dataLayer || []);
  const hear = (/** @type {any} */ entry) => {
    const name = entry && (entry.event || (entry[0] == "event" && entry[1]));
    if (name) api.q.push(["track", name]);
  };
  layer.forEach(hear);
  const push = layer.push;
  layer.push = (...entries) => {
    entries.forEach(hear);
    return push.apply(layer, entries);
  };

  const start = () => {
    const at = (/** @type {string} */ name) => new URL(name, tag ? tag.src : page.baseURI).href;
    // Both at once, so that neither waits for the other.
    Promise.all([import(at(ENGINE_JS)), fetch(at(ENGINE_WASM))])
      .then(([engine, module]) => engine.start(module))
      .catch((error) => {
        console.warn("sondeo: the engine could not start: " + error);
        page.dispatchEvent(new CustomEvent("sondeo:failed", { detail: { reason: "engine" } }));
      });
  };
  const whenIdle = () =>
    window.requestIdleCallback ? requestIdleCallback(start, { timeout: 2e3 }) : setTimeout(start, 1);
  const whenLoaded = () =>
    page.readyState == "complete" ? whenIdle() : window.addEventListener("load", whenIdle);

  const isAsked = () =>
    (tag && (tag.dataset.survey || tag.dataset.config)) || page.querySelector("[data-sondeo]");
  if (isAsked()) {
    whenLoaded();
  } else {
    const observer = new MutationObserver(() => {
      if (isAsked()) {
        observer.disconnect();
        whenLoaded();
      }
    });
    observer.observe(page, { childList: true, subtree: true });
  }
})();
