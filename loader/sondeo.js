// The script on the page. It may only say "no" or "not yet": it keeps the page's calls until the engine
// comes, and fetches the engine when the page has nothing better to do, and not before a survey could be
// due. Every decision is the engine's; what this script does not understand, the engine explains.
// The build puts the constants in; globals.d.ts has them, sondeo.d.ts what the page may call.

loaded: {
  const page = document;
  const tag = /** @type {HTMLScriptElement} */ (
    page.currentScript || page.querySelector('script[src$="sondeo.js"]')
  );
  const known = window.sondeo;
  // An element with the id "sondeo" is a property of the window, too: what has neither is not ours.
  const api = known?.q?.push ? known : { q: [] };

  api.q.push(["tag", tag]);
  // It was loaded before, and that one serves this tag, too.
  if (api.version) break loaded;

  /** @type {any[]} */
  const queue = api.q;
  /** The words of triggers that have happened on this page view. */
  let happened = "";
  /** What a survey waits for: the parts of a trigger, and its word. @type {string[][]} */
  let awaited = [];
  /** What the page says of consent. @type {boolean | undefined} */
  let consent;
  /** Whether the engine is called for, and whether it comes. */
  let isCalled;
  let isComing;
  /** Whether an answer that is left over was seen: without anything else to do, the sender alone comes. */
  let isLeft;
  let href = location.href;
  let last = "";

  /** Fetches a program and starts it: the engine, or the sender, whose files' names have a letter more. */
  const start = async (/** @type {string} */ program) => {
    const at = (/** @type {string} */ end) => new URL(ENGINE + program + end, tag.src);
    try {
      // Both at once, so that neither waits for the other.
      const [glue, module] = await Promise.all([import(at(".js")), fetch(at(".wasm"))]);
      await glue.start(module);
    } catch (error) {
      console.warn("sondeo:", error);
      page.dispatchEvent(new CustomEvent("sondeo:failed", { detail: { reason: "engine" } }));
    }
  };
  const whenIdle = (/** @type {string} */ program) => () =>
    (window.requestIdleCallback || setTimeout)(() => start(program), /** @type {any} */ ({ timeout: 500 }));

  /** Whatever may ask for surveys. @type {() => HTMLElement[]} */
  const places = () => [
    tag,
    .../** @type {any} */ (page.querySelectorAll("script[data-survey],script[data-config],[data-sondeo]")),
  ];
  /** Equal where the same is asked; the engine remembers it with how long all of that sleeps. */
  const asked = () => JSON.stringify(places().map((it) => it?.dataset));

  /** Has the engine come if a survey could be due, if it has something else to do, or if only it can tell. */
  const look = () => {
    if (isComing) return;
    last = asked();
    awaited = [];
    isComing = true;
    let sends;
    try {
      let isDue;
      // Slips in the name of the attribute that asks among them: the engine explains.
      if (/[{,]"(conf|debug|prev|su(?!r))|sondeo=/.test(last + href)) throw 0;
      for (const place of places()) {
        const own = place.dataset;
        const isScript = place.localName == "script";
        if (isScript && !own.survey) continue;
        const shared = isScript ? own : tag.dataset;
        const get = (/** @type {string} */ name) => own[name] || shared[name];
        const names = /** @type {string} */ (isScript ? own.survey : own.sondeo);
        const usual = names.replace(/\S+/g, (name) => TEMPLATES.split(name + "|")[1]);
        const triggers = (get("trigger") || usual).match(/\S+/g);
        const url = get("url") || "/*";
        // Where the first tag says nothing, another one may say it. Exclusions and whole addresses are too long
        // a story.
        if (!shared.endpoint || !triggers || /[^\w\-.*/\s]|(^|\s)([^/\s]|$)/.test(url)) throw 0;
        // An escaped letter has two spellings.
        const isHere = RegExp(`^(.*%.*|${url.replace(/\s+/g, "|").replace(/\*+/g, ".*")})$`).test(location.pathname);
        for (const word of triggers) {
          const [, kind, what] = /^(event|click|submit):([^']+)$/.exec(word) || [];
          if (kind) {
            // A selector that is none throws.
            kind == "event" ? page.addEventListener(what, hear) : page.querySelector(what);
            awaited.push([kind, what, word]);
          }
          if (
            !(kind ? !happened.includes(` ${word} `) : /^manual$|\|/.test(word)) &&
            // A visit is counted wherever it goes.
            (isHere || /visit/.test(word)) &&
            (consent || get("consent") != "required")
          )
            isDue = true;
        }
      }
      try {
        // Nothing is read before consent.
        if (!(consent ?? !/"required"/.test(last))) throw 0;
        // What was answered is delivered, whatever is asked here.
        sends = !isLeft && (isLeft = /sondeo\.out/.test(/** @type {any} */ ([localStorage, sessionStorage].map(Object.keys))));
        const [written, until, key] = JSON.parse(localStorage["sondeo.asleep"]);
        if (written <= Date.now() && Date.now() < until && key == last) isDue = false;
      } catch {}
      isComing = isDue || isCalled;
    } catch {}
    if (isComing || sends) {
      const begin = whenIdle(isComing ? "" : "d");
      // "complete" is the first of its three words.
      page.readyState < "d" ? begin() : addEventListener("load", begin);
    }
  };

  /** A call of the page, or what we tell the engine: it may be what a survey waits for. */
  const note = (/** @type {any[]} */ ...entries) => {
    view();
    for (const { 0: name, 1: what } of entries.map(Object)) {
      happened += ` ${what} event:${what} `;
      if (name == "consent") consent = what;
      // Who objects is forgotten at once.
      if (/^(sh|ex|re|co.*,f)/.test(/** @type {any} */ ([name, what]))) isCalled = true;
    }
    look();
    queue.splice(1e9, 0, ...entries);
  };

  const tell = (/** @type {any[]} */ ...call) => api.q.push(call);

  /** Looks whether it is another page by now. */
  const view = () => {
    if (href != location.href) {
      href = location.href;
      happened = "";
      tell("page");
    } else if (last != asked()) look();
  };

  /** Hears what surveys wait for, until the engine does. */
  const hear = (/** @type {Event} */ event) => {
    if (api.q != queue) return;
    const path = /** @type {any[]} */ (event.composedPath());
    for (const [kind, what, word] of awaited)
      if (kind == "event" ? what == event.type : kind == event.type && path.some((it) => it.matches?.(what)))
        tell("happened", word);
    // A submission stays in its shadow root; the click or the key before it does not.
    for (const it of path) if (it.mode) it.addEventListener("submit", hear);
  };

  // From here on, whatever the page has frozen stays as it is, and costs us no more than itself.
  try {
    api.version = VERSION;
    window.sondeo = api;
    for (const name of ["show", "hide", "track", "identify", "consent", "reset"]) {
      api[name] = (/** @type {unknown[]} */ ...values) => tell(name, ...values);
    }
    api.explain = (/** @type {string} */ id) => new Promise((done) => tell("explain", id, done));
    api.on = (/** @type {string} */ event, /** @type {(detail: any) => void} */ callback) => {
      const listener = (/** @type {any} */ it) => callback(it.detail);
      page.addEventListener("sondeo:" + event, listener);
      return () => page.removeEventListener("sondeo:" + event, listener);
    };
    api.asked = asked;
    queue.push = note;
    for (const entry of queue.splice(0)) entry?.[0] == "on" ? api.on(entry[1], entry[2]) : queue.push(entry);

    // The queue of tag managers, past and future: {event: "purchase"}, or gtag's ["event", "purchase"].
    const layer = (window.dataLayer ||= []);
    const listen = (/** @type {any} */ entry) => {
      const name = entry?.event || (entry?.[0] == "event" && entry[1]);
      if (name?.trim) tell("track", name);
    };
    layer.forEach(listen);
    const push = layer.push;
    layer.push = (/** @type {any[]} */ ...entries) => {
      entries.forEach(listen);
      return push.apply(layer, entries);
    };
  } catch {}

  look();
  for (const name of ["click", "submit", "keydown"]) addEventListener(name, hear, true);
  new MutationObserver(view).observe(page, { childList: true, subtree: true });
}
