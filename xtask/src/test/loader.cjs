// Runs the built loader on pages that come as JSON, and says of each whether it fetches the engine, or what it says; and
// of a site's script, of which paths it tells the collector.
const fs = require("fs");
const vm = require("vm");

// What the loader imports is only counted.
const read = (file) => fs.readFileSync(file, "utf8").replace("import(", "imported(");
const script = new vm.Script(read(process.argv[1]));
// A site's own script, into which the collector writes the plan.
const site = read(process.argv[2]);
const own = (plan) => new vm.Script(site.replace("SONDEO_PLAN", () => JSON.stringify(plan)));

class Element {
  constructor(localName, dataset, src) {
    Object.assign(this, { localName, dataset, src });
  }
  matches(css) {
    const { localName, dataset, src } = this;
    const attributes = {
      ...Object.fromEntries(Object.entries(dataset).map(([name, it]) => [`data-${name}`, it])),
      src,
    };
    return css.split(",").some((one) => {
      const [, name, attribute, how, value] = /^(\w*)\[([\w-]+)(?:([$*])="(.*)")?\]$/.exec(one);
      const own = attributes[attribute];
      if (own === undefined || (name && name != localName)) return false;
      return !how || (how == "$" ? own.endsWith(value) : own.includes(value));
    });
  }
  querySelector() {
    return null;
  }
}

/** An element with an open shadow root that holds these. */
const host = (...inside) => ({
  matches: () => false,
  shadowRoot: {
    querySelector: (css) => inside.find((it) => it.matches(css)) ?? null,
    querySelectorAll: () => inside,
  },
});

const asks = (page) => {
  let isFetched = false;
  let line = "";
  const told = [];
  const listeners = [];
  const observers = [];
  const listen = (type, hear) => {
    if (!listeners.some(([name, it]) => name == type && it == hear)) listeners.push([type, hear]);
  };
  const tell = (type, event) => {
    for (const [name, hear] of listeners) if (name == type) hear(event);
  };

  const folder = page.plan ? "sites/shop/" : "";
  const tag = new Element("script", page.tag, `https://shop.example/${folder}sondeo.js?ver=6.5`);
  const isFound = page.script != "nowhere";
  const all = [...(isFound ? [tag] : []), ...page.elements.map((it) => new Element("div", it))];
  // One may stand in a shadow root, or in a root in a root.
  const hosts = page.depth ? [all.pop()] : [];
  for (let depth = 0; depth < page.depth; depth++) hosts.push(host(hosts.pop()));
  // One may come late, or say something else at first.
  const late = page.comes == "late" ? all.pop() : undefined;
  const last = all[all.length - 1];
  const said = last?.dataset;
  const changes = last && page.comes == "changed";
  if (changes) last.dataset = page.before;

  const url = new URL(page.url);
  const location = { href: page.url, pathname: url.pathname };
  if (page.from) location.pathname = page.from;
  const document = {
    currentScript: page.script == "classic" ? tag : null,
    readyState: "complete",
    querySelectorAll: (css) => (css == "*" ? [...all, ...hosts] : all.filter((it) => it.matches(css))),
    querySelector: (css) => {
      if (/\[$/.test(css)) throw new SyntaxError(css);
      return /sondeo\.js|data-sondeo/.test(css) ? (all.find((it) => it.matches(css)) ?? null) : null;
    },
    addEventListener: listen,
    dispatchEvent: () => {},
  };
  const waits = () =>
    page.consent !== true && /required/.test(JSON.stringify([all.map((it) => it.dataset), page.plan]));
  let isReadTooSoon = false;
  const localStorage = {};
  if (page.asleep) {
    const asked = [...all, ...(late ? [late] : [])].filter((it) =>
      it.matches("script[data-survey],script[data-config],[data-sondeo]"),
    );
    const datasets = [tag, ...asked].map((it) => (it == last ? said : it.dataset));
    const key = JSON.stringify([...datasets, ...(page.plan ? [page.plan.surveys] : [])]);
    localStorage["sondeo.asleep"] = JSON.stringify([page.now - 5000, page.asleep, key]);
  }
  const window = {
    document,
    location,
    sessionStorage: {},
    URL,
    AbortController,
    CustomEvent: class {},
    get localStorage() {
      if (page.sandboxed) throw new Error("SecurityError");
      return new Proxy(localStorage, {
        get: (kept, key) => {
          isReadTooSoon ||= key == "sondeo.seen" && waits();
          return kept[key];
        },
      });
    },
    console: { warn: (...words) => (line ||= words.join(" ")) },
    navigation: page.navigates ? { addEventListener: listen } : undefined,
    addEventListener: listen,
    requestIdleCallback: (act) => act({}),
    setTimeout: (act) => act(),
    navigator: {
      sendBeacon: (url, body) => told.push([String(url), JSON.parse(body)]),
    },
    imported: async () => ((isFetched = true), { start() {} }),
    fetch: async () => ({}),
    MutationObserver: class {
      constructor(hear) {
        this.hear = hear;
      }
      observe(_, options) {
        observers.push([this.hear, options]);
      }
    },
    Date: class {
      static now = () => page.now;
      valueOf = () => page.now;
    },
  };
  window.window = window;
  (page.plan ? own(page.plan) : script).runInContext(vm.createContext(window));
  const change = (kind, record) => {
    for (const [hear, options] of observers)
      if (options[kind]) hear([{ target: document, addedNodes: [], attributeName: null, ...record }]);
  };

  if ("consent" in page) window.sondeo.consent(page.consent);
  if (late) {
    all.push(late);
    const around = {
      matches: () => false,
      querySelector: (css) => (late.matches(css) ? late : null),
    };
    change("childList", { addedNodes: [{ data: "text" }, around] });
  }
  if (changes) {
    last.dataset = said;
    change("attributes", { target: last, attributeName: "data-any" });
  }
  if (page.from) {
    location.pathname = url.pathname;
    if (page.navigates) tell("currententrychange", {});
    else tell("keydown", { type: "keydown", composedPath: () => [] });
  }
  for (const word of page.happened) {
    const [, type, what] = /^(\w+):(.*)$/.exec(word);
    if (type == "event" && page.sandboxed) {
      tell(what, {
        type: what,
        composedPath: () => [],
        [Symbol.toStringTag]: "CustomEvent",
      });
    } else if (type == "event") {
      window.dataLayer.push({ event: what });
    } else {
      const path = [{ matches: (css) => css == what }];
      tell(type, { type, composedPath: () => path });
    }
  }
  const answer = isFetched ? "yes" : /^sondeo: needs /.test(line) ? "line" : "no";
  if (!page.plan || !isFound) return answer;
  // What the engine says on the console is told without what a visitor may stand in.
  for (const said of SAID) window.sondeo.warn("sondeo: " + said[0]);
  for (const type of ["visibilitychange", "visibilitychange", "pagehide"]) tell(type, { type });
  if (isReadTooSoon) throw new Error("what was told is read before consent: " + JSON.stringify(page));
  for (const [url, { path, problems }] of told) {
    if (url != "https://shop.example/sites/shop/seen") throw new Error(`told ${url}`);
    // A path that was left before had no lines yet.
    const expected = problems.length ? SAID.map(([, told]) => told) : [];
    if (`${problems}` != `${expected}`) throw new Error(`told ${problems}`);
    answers.told.add(path);
  }
  return [answer, ...told.map(([, { path }]) => path)].join(";");
};

/** Lines of the console, and what of them is told. */
const SAID = [
  ['data-delay="5 secs" is not a time (try "5s")', 'data-delay is not a time (try "5s")'],
  ['data-user="ann "the" one" is longer than 256 letters', "data-user is longer than 256 letters"],
  ['surveys.json[0].user "ann" is unknown (try "x")', 'surveys.json[0].user is unknown (try "x")'],
  ["https://shop.example/a.json?for=ann could not be read", "https://shop.example/a.json could not be read"],
  ['data-config="#ann" is not JSON: Unexpected token, "ann', "data-config is not JSON"],
  [
    'https://shop.example/plan.json is no plan (try {"site": "shop"})',
    "https://shop.example/plan.json is no plan",
  ],
];
const answers = { told: new Set() };

const pages = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(pages.map(asks).join("\n"));
// A script that tells nothing would pass as well.
if (answers.told.size < 5) throw new Error(`told ${[...answers.told]}`);
