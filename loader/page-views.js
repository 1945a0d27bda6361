// What comes before the engine: waits until the page is somebody's, and tells of each page that it becomes.

export const watchPageViews = async () => {
  // A page that is loaded ahead of its visit neither shows nor counts anything.
  const page = /** @type {any} */ (document);
  if (page.prerendering) {
    await new Promise((resolve) => page.addEventListener("prerenderingchange", resolve, { once: true }));
  }

  // The engine compares addresses; only a page that the browser has kept is another view of the same.
  const view = (/** @type {any} */ event) => window.sondeo.q.push(["page", event.persisted]);
  for (const name of ["popstate", "hashchange"]) addEventListener(name, view);
  addEventListener("pageshow", (event) => event.persisted && view(event));
  /** @type {any} */ (window).navigation?.addEventListener("currententrychange", view);
  try {
    for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
      const change = history[name];
      // Whoever wraps it later calls us, and whoever has before is called: nobody is ever taken out again.
      history[name] = function (...values) {
        change.apply(this, values);
        view(values);
      };
    }
  } catch {}
};
