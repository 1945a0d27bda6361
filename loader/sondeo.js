// The script on the page. It may only say "no" or "not yet": it keeps the page's calls until the engine
// comes, and fetches the engine when the page has loaded and was idle, and not before a survey could be
// due. Every decision is the engine's; what this script does not understand, the engine explains.
// The build puts the constants in; globals.d.ts has them, sondeo.d.ts what the page may call.
//
// It is built twice. With IS_SITE it is a site's own script, into which the collector writes the site's plan: the surveys
// that run, as far as it takes to know that none of them can be due. Whatever else the page asks for, the engine knows.
// Without IS_SITE, none of that is left in it.
//
// Every page pays for each byte of it. So it has its own ways: the words of lists are in the order that
// compresses best, and its lines on the console name selectors, which it has anyway.

{
  const page = document;
  const mine = 'script[src*="sondeo.js"]';
  // Modules, scripts in shadow roots and those that other scripts start have no `currentScript`.
  const tag = /** @type {HTMLScriptElement} */ (page.currentScript || page.querySelector(mine));
  let api = window.sondeo;

  // An element with the id "sondeo" is a property of the window, too: what has neither is not ours.
  if (!api?.q?.push) api = { q: [] };
  api.q.push(["tag", tag]);
  // A loader that came before does not know this plan, and has the engine come for a "site". The same script once more
  // says nothing new.
  if (IS_SITE && api.site != tag?.src)
    api.q.push([api.version ? "site" : "plan", (api.site = tag.src), (api.plan = SONDEO_PLAN)]);
  // Otherwise it was loaded before, and that one serves this tag, too.
  if (!api.version) {
    /** @type {any} */
    let isComing;
    /** The words of triggers that have happened on this page view, and `true` for consent. @type {unknown[]} */
    let happened = [];
    /** What surveys wait for: the word of a trigger, and its parts. @type {any[][]} */
    let awaited = [];
    /** Whatever may ask for surveys. */
    const asking = "script[data-survey],script[data-config],[data-sondeo]";
    let path = location.pathname;
    /** Whether the page has loaded and was idle. Nothing is fetched before, and all else at once after. @type {any} */
    let isReady;
    const queue = api.q;
    /** Whether an answer that is left over was seen: without anything else to do, the sender alone comes. @type {any} */
    let isLeft;
    /** Whether the engine is called for, and whether it comes. @type {any} */
    let isCalled;

    /** Equal where the same is asked; the engine remembers it with how long all of that sleeps. */
    const asked = () =>
      JSON.stringify(
        [
          tag,
          .../** @type {any} */ (page.querySelectorAll(asking)),
          ...(IS_SITE ? [{ dataset: api.plan?.surveys }] : []),
        ].map((it) => it?.dataset),
      );

    /**
     * Fetches a program and starts it: the engine, or the sender, whose files' names have a letter more.
     * @type {(program: string, file?: any, module?: any) => void}
     */
    const start = async (program, file, module) => {
      try {
        file = new URL(ENGINE + program, tag.src);
        // Both at once, so that neither waits for the other. What is wrong with the module, the glue says.
        module = fetch(file + ".wasm").catch((it) => it);
        (await import(file + ".js")).start(module);
      } catch {
        console.warn("sondeo: needs " + (file ? file + ".js with access-control-allow-origin" : mine));
        if (IS_SITE) api.wrong?.push("needs " + file + ".js");
        page.dispatchEvent(new CustomEvent("sondeo:failed", { detail: { reason: "engine" } }));
      }
    };

    /**
     * Whether an element that asks stands in an open shadow root below, however deep.
     * @type {(root: any) => any}
     */
    const holds = (root) =>
      [...root.querySelectorAll("*")].some(
        (it) => (it = it.shadowRoot) && (it.querySelector(asking) || holds(it)),
      );

    // Of a site, who objects is heard here also when the engine takes the calls.
    const tell = (/** @type {any[]} */ ...call) => (IS_SITE && happened.push(call[1]), api.q.push(call));

    /**
     * Learns what to wait for. Once the page is ready, has the engine come if a survey could be due, if it has
     * something else to do, or if only it can tell.
     * @type {(isIdle?: any, isDue?: any, sends?: any, last?: any) => void}
     */
    const look = (isIdle, isDue, sends, last) => {
      if (isComing) return;
      isComing = isReady ||= isIdle;
      awaited = [];
      try {
        // Only an address with http(s) has a path that says anything. Slips in the name of the attribute that asks
        // are among the rest.
        isCalled ||= (
          IS_SITE ? /^[^h]|[{,]"(pre|su|sit|conf|deb)|sondeo=/ : /^[^h]|"(pre|su[^rb]|sit|conf|deb)|sondeo=/
        ).test(location.href + (last = asked()));
        // The plan does not say whose a trigger is: the tag's comes before a template's own.
        if (IS_SITE) isCalled ||= tag.dataset.trigger || page.querySelector(asking);
        // The whole document is looked through, and that once. What stands there, the engine follows.
        isCalled ||= isIdle && holds(page);
        for (const own of IS_SITE ? [].concat(api.plan.surveys) : JSON.parse(last))
          if (IS_SITE || own.sondeo != null || own.survey) {
            const shared = !IS_SITE && own.sondeo == null ? own : tag.dataset;
            // What a tag says of its own survey is nobody else's.
            const rest = !IS_SITE && shared.survey ? own : shared;
            const url = own.url || rest.url || "/*";
            // Exclusions and whole addresses are too long a story. An escaped letter has two spellings.
            const isHere =
              /%|(^|\s)[^/]/.test(url + path) ||
              RegExp("^(" + url.replace(/[^\w./\s-]+/g, ".*").replace(/\s/g, "|") + ")$").test(path);
            // No word at all is one that only the engine knows.
            for (const [word, kind, what] of (IS_SITE
              ? own.trigger
              : own.trigger ||
                rest.trigger ||
                (own.sondeo ?? own.survey).replace(
                  /\S+/g,
                  (/** @type {string} */ name) => TEMPLATES.split(name + "|")[1],
                )
            ).matchAll(/(click|event|submit):([^'\s]+)|^\s*$|\S+/g)) {
              if (kind) {
                page.addEventListener(what, hear);
                // A selector that is none throws.
                page.querySelector(what);
                awaited.push([word, kind, what]);
              }
              isDue ||=
                // Where the first tag says nothing, another one may say it.
                (!IS_SITE && !shared.endpoint) ||
                ((kind ? happened.includes(word) : !/^manual$|\|/.test(word)) &&
                  // A visit is counted wherever it goes.
                  (isHere || /visit/.test(word)) &&
                  (happened.includes(true) || (own.consent || shared.consent) != "required"));
            }
          }
        isComing &&= isDue || isCalled;
        // Nothing is read before consent.
        if (happened.includes(true) || !/"required"/.test(last)) {
          // What was answered is delivered, whatever is asked here.
          isLeft ||= sends =
            isReady &&
            /sondeo.out/.test(/** @type {any} */ ([sessionStorage, localStorage].map(Object.keys)));
          const [written, until, key] = JSON.parse(localStorage["sondeo.asleep"]);
          if (key == last && new Date() >= written && new Date() < until) isComing &&= isCalled;
        }
      } catch {}
      if (isComing) start("");
      else if (sends) start("d");
      // A tag without a word, and nothing else: tag managers take attributes away.
      else if (!IS_SITE && isIdle && !last[4]) console.warn("sondeo: needs " + asking);
    };

    /** Hears what surveys wait for, until the engine does. */
    const hear = (/** @type {any} */ event, /** @type {any[]} */ way = event.composedPath()) => {
      view();
      if (api.q == queue)
        awaited.map(
          ([word, kind, what]) =>
            ((kind == event.type && way.some((it) => it.matches?.(what))) ||
              // Browsers have events of such names, too; a "[object CustomEvent]" is the page's, in every realm.
              (word == "event:" + event.type && /Cu/.test(event))) &&
            tell("happened", word, event),
        );
      // A submission stays in its shadow root; the click or the key before it does not.
      way.map((it) => it.mode && it.addEventListener("submit", hear));
    };

    /** Looks whether it is another page by now: another query or fragment is none. @type {(isMore?: any) => void} */
    const view = (isMore) => {
      // A site's report is about the page that was left.
      if (path != (IS_SITE ? location.pathname : (path = location.pathname))) {
        if (IS_SITE) api.report?.();
        if (IS_SITE) path = location.pathname;
        // What was said of consent is said of all of the site.
        happened = IS_SITE ? happened.filter((it) => it === !!it) : [happened.includes(true)];
        tell("page");
      } else if (isMore) look();
    };
    const begin = () =>
      /** @type {any} */ (window.requestIdleCallback || setTimeout)(look, { timeout: 500 }, 1);
    // From here on, whatever the page has frozen stays as it is, and costs us no more than itself.
    try {
      api.version = VERSION;
      window.sondeo = api;
      "hide add identify consent reset show track"
        .split(" ")
        .map((name) => (api[name] = (/** @type {unknown[]} */ ...values) => tell(name, ...values)));
      api.explain = (/** @type {string} */ id) => new Promise((done) => tell("explain", id, done));
      api.on = (
        /** @type {string} */ event,
        /** @type {(detail: any) => void} */ callback,
        /** @type {any} */ listener = (/** @type {any} */ it) => callback(it.detail),
      ) => (
        page.addEventListener((event = "sondeo:" + event), listener),
        () => page.removeEventListener(event, listener)
      );
      api.asked = asked;
      if (IS_SITE) {
        /** What is wrong on this page, a line each. @type {string[]} */
        const wrong = (api.wrong = []);
        // The engine says its lines by this, too.
        api.warn = (/** @type {string} */ line) => {
          console.warn(line);
          wrong.push(line.slice(8));
        };
        // Of what the page's policy keeps from us, and not of what it would.
        page.addEventListener("securitypolicyviolation", (it) => {
          if (it.disposition < "f" && (it.blockedURI + it.sourceFile).includes(new URL(tag.src).origin))
            wrong.push(it.effectiveDirective + " refuses " + it.blockedURI);
        });
        // Tells the collector where this script runs and what is wrong there, as the page view ends: at most once a day for
        // a path, as long as the browser remembers that. Nothing of a visitor is in it: no part of a path that is no plain
        // word, and nothing that stands in quotes or in a query.
        api.report = () => {
          try {
            const last = location.href + asked() + JSON.stringify(api.plan);
            if (
              isReady &&
              // Nothing is read or told before consent, nor after somebody has objected.
              (happened.includes(true) || !/required/.test(last)) &&
              !happened.includes(false) &&
              // A path on a disk may be somebody's name.
              !/^[^h]|"(preview":|seen":"(?!on"))/.test(last)
            ) {
              const here = path.replace(/[^/]*[^a-z_./-][^/]*/g, "*");
              const { storage = api.plan.storage || "local" } = tag.dataset;
              const kept = /** @type {any} */ (window)[storage + "Storage"];
              const today = ((Date.now() / 864e5) | 0) + " ";
              let told = kept["sondeo.seen"] || "";
              if (!told.startsWith(today)) told = today;
              if (told.length < 2e3 && !told.includes(" " + here + " ")) {
                kept["sondeo.seen"] = told + here + " ";
                navigator.sendBeacon(
                  new URL("seen", tag.src),
                  JSON.stringify({
                    path: here,
                    problems: wrong
                      .slice(0, 10)
                      .map((it) => it.replace(/[= ]"[^]*"(?= )|\?\S*|(: | \((?!try "))[^]*/g, "")),
                  }),
                );
              }
            }
          } catch {}
        };
        // Also where the page is left.
        addEventListener("visibilitychange", api.report);
      }

      /** A call of the page, or what we tell the engine: it may be what a survey waits for. */
      queue.push = (/** @type {any[]} */ ...entries) => {
        view();
        for (const entry of entries) {
          const { 0: name, 1: what, 2: more } = Object(entry);
          if (name == "on") api.on(what, more);
          else queue[queue.length] = entry;
          happened.push(what, "event:" + what);
          // Who objects is forgotten at once.
          isCalled ||= /^(c.*,f|[sear])/.test(/** @type {any} */ ([name, what]));
        }
        look();
      };
      queue.push(...queue.splice(0));

      // The queue of tag managers, past and future: {event: "purchase"}, or gtag's ["event", "purchase"].
      const layer = (window.dataLayer ||= []);
      const push = layer.push;
      const listen = (/** @type {any} */ it) => {
        const { 0: name, 1: what, event = name == "event" && what } = Object(it);
        event?.replace && tell("track", event, it);
      };
      layer.map(listen);
      layer.push = (/** @type {any[]} */ ...entries) => {
        entries.map(listen);
        return push.apply(layer, entries);
      };
    } catch {}

    look();
    // "complete" is the first of its three words.
    page.readyState < "d" ? begin() : addEventListener("load", begin);
    // Where there is no such thing, the next input or change of the document tells.
    window.navigation?.addEventListener("currententrychange", view);
    "submit keydown click".split(" ").map((name) => addEventListener(name, hear, true));
    // It looks at what has come or changed, and not at the document, which may be large.
    new MutationObserver((changes) =>
      view(
        changes.some(
          (/** @type {any} */ it) =>
            [...it.addedNodes].some((node) => node.matches?.(asking) || node.querySelector?.(asking)) ||
            it.target.matches?.(asking),
        ),
      ),
    ).observe(page, /** @type {any} */ ({ childList: 1, attributes: 1, subtree: 1 }));
  }
}
