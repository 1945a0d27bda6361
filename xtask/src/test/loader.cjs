// Runs the built loader on pages that come as JSON, and says of each whether it fetches the engine.
const fs = require("fs");
const vm = require("vm");

// What the loader imports is only counted.
const source = fs.readFileSync(process.argv[1], "utf8").replace("import(", "imported(");
const script = new vm.Script(source);

const element = (localName, dataset) => ({ localName, dataset, src: "https://shop.example/sondeo.js" });

const asks = (page) => {
  let isFetched = false;
  const listeners = [];
  const tag = element("script", page.tag);
  const all = [tag, ...page.elements.map((dataset) => element("div", dataset))];
  const isPlace = (it) => (it.localName == "script" ? "survey" in it.dataset || "config" in it.dataset : true);
  const places = all.filter(isPlace);
  const listen = (type, hear) => listeners.push([type, hear]);
  const location = { href: `https://shop.example${page.path}?q=1`, pathname: page.path };
  const document = {
    currentScript: tag,
    readyState: "complete",
    querySelectorAll: () => places,
    querySelector: (css) => {
      if (/\[$/.test(css)) throw new SyntaxError(css);
      return null;
    },
    addEventListener: listen,
    dispatchEvent: () => {},
  };
  const localStorage = {};
  if (page.asleep) {
    const key = JSON.stringify([tag, ...places].map((it) => it.dataset));
    localStorage["sondeo.asleep"] = JSON.stringify([page.now - 5000, page.asleep, key]);
  }
  const window = {
    document, location, localStorage, sessionStorage: {}, console, URL, AbortController, CustomEvent: class {},
    addEventListener: listen,
    requestIdleCallback: (act) => act(),
    setTimeout: (act) => act(),
    imported: async () => ((isFetched = true), { start() {} }),
    fetch: async () => ({}),
    MutationObserver: class {
      observe() {}
    },
    Date: { now: () => page.now },
  };
  window.window = window;
  script.runInContext(vm.createContext(window));
  if ("consent" in page) window.sondeo.consent(page.consent);
  for (const word of page.happened) {
    const [, type, what] = /^(\w+):(.*)$/.exec(word);
    if (type == "event") {
      window.dataLayer.push({ event: what });
    } else {
      const path = [{ matches: (css) => css == what }];
      for (const [name, hear] of listeners) if (name == type) hear({ type, composedPath: () => path });
    }
  }
  return isFetched;
};

const pages = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(pages.map((page) => (asks(page) ? "yes" : "no")).join("\n"));
