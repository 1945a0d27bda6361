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
  const isOurs = known && (known.version || Array.isArray(known.q));
  const api = isOurs ? known : { q: [] };

  api.q.push(["tag", tag]);
  // It was loaded before, and that one serves this tag, too.
  if (api.version) return;

  // Only compiling tells whether a policy or a browser refuses to: a whole module, if an empty one.
  const compiles = () => {
    try {
      return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    } catch {}
  };
  const start = async () => {
    try {
      const at = (/** @type {string} */ name) => new URL(name, tag ? tag.src : page.baseURI).href;
      // Both at once, so that neither waits for the other.
      const [engine, module] = await Promise.all([
        import(at(ENGINE_JS)),
        compiles() && fetch(at(ENGINE_WASM)),
      ]);
      await engine.start(module);
    } catch (error) {
      console.warn("sondeo: the engine could not start: " + error);
      page.dispatchEvent(new CustomEvent("sondeo:failed", { detail: { reason: "engine" } }));
    }
  };
  const whenIdle = () =>
    window.requestIdleCallback ? requestIdleCallback(start, { timeout: 2e3 }) : setTimeout(start, 1);
  const whenLoaded = () =>
    page.readyState == "complete" ? whenIdle() : window.addEventListener("load", whenIdle);

  // Another tag's survey counts as well, and a slip in the attribute's name is the engine's to explain.
  const isAsked = () =>
    (tag && Object.keys(tag.dataset).some((name) => /^(su|conf)/.test(name))) ||
    page.querySelector("[data-sondeo],script[data-survey]");
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

  // From here on, whatever the page has frozen stays as it is, and costs us no more than itself.
  try {
    api.version = VERSION;
    window.sondeo = api;
    for (const name of ["show", "hide", "track", "identify", "consent", "reset"]) {
      api[name] = (/** @type {unknown[]} */ ...values) => {
        api.q.push([name, ...values]);
      };
    }
    api.explain = (/** @type {string} */ id) =>
      new Promise((done) => api.q.push(["explain", id, done]));
    api.on = (/** @type {string} */ event, /** @type {(detail: any) => void} */ callback) => {
      const hear = (/** @type {any} */ it) => callback(it.detail);
      page.addEventListener("sondeo:" + event, hear);
      return () => page.removeEventListener("sondeo:" + event, hear);
    };
    api.q = api.q.filter(
      (/** @type {any[]} */ [name, event, callback]) => name != "on" || !api.on(event, callback),
    );

    // The queue of tag managers, past and future: {event: "purchase"}, or gtag's ["event", "purchase"].
    const layer = (window.dataLayer = window.dataLayer || []);
    const hear = (/** @type {any} */ entry) => {
      const name = entry && (entry.event || (entry[0] == "event" && entry[1]));
      if (typeof name == "string") api.q.push(["track", name]);
    };
    layer.forEach(hear);
    const push = layer.push;
    layer.push = (/** @type {any[]} */ ...entries) => {
      entries.forEach(hear);
      return push.apply(layer, entries);
    };
  } catch {}
})();
