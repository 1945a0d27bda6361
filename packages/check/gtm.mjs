// The template of Tag Manager: its form, its own tests in a sandbox, and the real widget fed by it.
import vm from "node:vm";
import { ROOT, PACKAGES, answer, browsing, demand, equal, ok, read, serve, until, visit } from "./lib.mjs";

const text = read(`${ROOT}/packages/gtm/template.tpl`);
const sections = Object.fromEntries(
  text
    .split(/^___([A-Z_]+)___\n/m)
    .slice(1)
    .reduce((all, it, at, list) => (at % 2 ? all : [...all, [it, list[at + 1]]]), []),
);
equal(
  Object.keys(sections),
  [
    "TERMS_OF_SERVICE",
    "INFO",
    "TEMPLATE_PARAMETERS",
    "SANDBOXED_JS_FOR_WEB_TEMPLATE",
    "WEB_PERMISSIONS",
    "TESTS",
    "NOTES",
  ],
  "the sections of the template",
);
const info = JSON.parse(sections.INFO);
equal([info.type, info.containerContexts], ["TAG", ["WEB"]], "what the template is");
const parameters = JSON.parse(sections.TEMPLATE_PARAMETERS).flatMap((it) => [it, ...(it.subParams ?? [])]);
const permissions = JSON.parse(sections.WEB_PERMISSIONS);
const code = sections.SANDBOXED_JS_FOR_WEB_TEMPLATE;
ok("all sections are there, and what is JSON can be read");

// Every field is used, and what is used is a field.
const fields = parameters.filter((it) => it.type != "GROUP").map((it) => it.name);
const used = [...new Set([...code.matchAll(/\bdata\.(\w+)/g)].map(([, name]) => name))];
equal(used.filter((it) => !/^gtmOn/.test(it)).sort(), [...fields].sort(), "the fields that the code reads");
const options = (name) => parameters.find((it) => it.name == name).selectItems.map((it) => it.value);
equal(
  options("action").sort(),
  [...code.matchAll(/case '(\w+)'/g)].map(([, name]) => name).sort(),
  "the actions",
);
// The templates are those of the manifest that the model writes.
const manifest = JSON.parse(read(`${ROOT}/packages/npm/vscode.html-custom-data.json`));
const templates = manifest.globalAttributes
  .find((it) => it.name == "data-survey")
  .values.map((it) => it.name);
equal(options("survey").sort(), [...templates, "own"].sort(), "the surveys");
for (const { enablingConditions, name } of parameters)
  for (const { paramName, paramValue } of enablingConditions ?? [])
    demand(
      options(paramName).includes(paramValue),
      `${name} waits for ${paramName}=${paramValue}, which there is not`,
    );
ok(`${fields.length} fields, each of them read`);

// Permissions and what asks for them.
const plain = (it) =>
  it.type == 1
    ? it.string
    : it.type == 8
      ? it.boolean
      : it.type == 2
        ? it.listItem.map(plain)
        : Object.fromEntries(it.mapKey.map((key, at) => [plain(key), plain(it.mapValue[at])]));
const granted = Object.fromEntries(
  permissions.map(({ instance: { key, param } }) => [
    key.publicId,
    Object.fromEntries(param.map((it) => [it.key, plain(it.value)])),
  ]),
);
const NEEDS = {
  addConsentListener: "access_consent",
  callInWindow: "access_globals",
  copyFromWindow: "access_globals",
  getType: "",
  injectScript: "inject_script",
  isConsentGranted: "access_consent",
  JSON: "",
  makeTableMap: "",
  setInWindow: "access_globals",
};
const required = [...code.matchAll(/^const (\w+) = require\('(\w+)'\);$/gm)];
equal(required.length, [...code.matchAll(/require\(/g)].length, "the number of requires in the usual form");
for (const [, name, module] of required) {
  equal(name, module, "the name of a module");
  demand(module in NEEDS, `require('${module}') is none whose permission is known here`);
  demand([...code.matchAll(RegExp(`\\b${name}\\b`, "g"))].length > 2, `${name} is required and not used`);
}
equal(
  Object.keys(granted).sort(),
  [...new Set(required.map(([, , module]) => NEEDS[module]).filter(Boolean))].sort(),
  "the permissions, and those that the requires need",
);
/** What was made use of, so that no permission is idle. */
const exercised = new Set();
const allow = (permission, what, may) => {
  demand(may, `the template may not ${what}`);
  exercised.add(`${permission} ${what}`);
};
const global = (key, right) =>
  allow(
    "access_globals",
    `${right} ${key}`,
    granted.access_globals.keys.some((it) => it.key == key && it[right]),
  );
const consent = (kind) =>
  allow(
    "access_consent",
    `read ${kind}`,
    granted.access_consent.consentTypes.some((it) => it.consentType == kind && it.read),
  );

/** The modules as the sandbox has them, each with its permission, over what really happens. */
const guarded = (real) => ({
  addConsentListener: (kind, hear) => (consent(kind), real.addConsentListener(kind, hear)),
  callInWindow: (path, ...values) => (global(path, "execute"), real.callInWindow(path, ...values)),
  copyFromWindow: (key) => (global(key, "read"), real.copyFromWindow(key)),
  getType: (it) => (it === null ? "null" : Array.isArray(it) ? "array" : typeof it),
  injectScript: (url, done, failed, token) => {
    allow("inject_script", `inject ${url}`, granted.inject_script.urls.includes(url));
    return real.injectScript(url, done, failed, token);
  },
  isConsentGranted: (kind) => (consent(kind), real.isConsentGranted(kind)),
  JSON: {
    stringify: JSON.stringify,
    parse: (it) => {
      try {
        return JSON.parse(it);
      } catch {}
    },
  },
  makeTableMap: (rows, key, value) => Object.fromEntries(rows.map((row) => [row[key], row[value]])),
  setInWindow: (key, value, replaces) => (global(key, "write"), real.setInWindow(key, value, replaces)),
});
/** Runs the template's code without any global of its own; exactly one of the two ends may come, and once. */
const runCode = (data, real) => {
  const ends = [];
  const end = (name) => () => (ends.push(name), real[name]?.());
  const modules = guarded(real);
  const require = (name) => modules[name];
  const run = vm.compileFunction(code, ["require", "data"], {
    parsingContext: vm.createContext(Object.create(null)),
  });
  run(require, { ...data, gtmOnSuccess: end("gtmOnSuccess"), gtmOnFailure: end("gtmOnFailure") });
  equal(ends.length, 1, `the number of ends of ${JSON.stringify(data)}`);
};

// The template's own tests, as Tag Manager would run them.
const [, list, setup] = /^scenarios:\n(.*)^setup: \|-\n(.*)/ms.exec(sections.TESTS);
const scenarios = list
  .split(/^- name: /m)
  .slice(1)
  .map((it) => /^(.*)\n {2}code: \|-\n(.*)/s.exec(it));
for (const [, name, body] of scenarios) {
  const mocks = {
    gtmOnSuccess() {},
    gtmOnFailure() {},
    isConsentGranted: () => true,
    addConsentListener() {},
  };
  const calls = {};
  const real = new Proxy(
    {},
    {
      get:
        (_, key) =>
        (...values) => ((calls[key] ??= []).push(values), mocks[key](...values)),
    },
  );
  const mock = (key, value) => (mocks[key] = value);
  const assertApi = (key) => ({
    wasCalled: () => demand(calls[key], `${name}: ${key} was not called`),
    wasNotCalled: () => demand(!calls[key], `${name}: ${key} was called`),
    wasCalledWith: (...values) =>
      demand(
        calls[key]?.some((it) => JSON.stringify(it) == JSON.stringify(values)),
        `${name}: ${key} was called with ${JSON.stringify(calls[key])}`,
      ),
  });
  const assertThat = (it) => ({ isEqualTo: (wanted) => equal(it, wanted, name) });
  new Function("runCode", "mock", "assertApi", "assertThat", setup + body)(
    (data) => runCode(data, real),
    mock,
    assertApi,
    assertThat,
  );
}
for (const { key, ...rights } of granted.access_globals.keys)
  for (const [right, is] of Object.entries(rights))
    if (is)
      demand(exercised.has(`access_globals ${right} ${key}`), `${right} ${key} is allowed and never done`);
for (const url of granted.inject_script.urls)
  demand(exercised.has(`inject_script inject ${url}`), `${url} is allowed and never asked`);
ok(`${scenarios.length} scenarios of its own pass, none does what it may not, and no permission is idle`);

const metadata = read(`${ROOT}/packages/gtm/metadata.yaml`);
for (const key of ["homepage:", "documentation:", "versions:", "- sha: ", "changeNotes: "])
  demand(metadata.includes(key), `metadata.yaml lacks ${key}`);
demand(/- sha: [0-9a-f]{40}\n/.test(metadata), "metadata.yaml names no commit");
demand(
  read(`${ROOT}/packages/gtm/LICENSE`).includes("Apache License"),
  "the gallery wants the Apache licence",
);
ok("metadata and licence are as the gallery wants them");

// The modules as a page has them.
const IN_PAGE = `
  const own = (path) => path.split(".").reduce(([, it], key) => [it, it?.[key]], [undefined, window]);
  const modules = {
    addConsentListener: (kind, hear) => (window.grant = (it) => hear(kind, it)),
    callInWindow: (path, ...values) => { const [it, call] = own(path); return call.apply(it, structuredClone(values)); },
    copyFromWindow: (path) => own(path)[1],
    getType: (it) => (it === null ? "null" : Array.isArray(it) ? "array" : typeof it),
    injectScript: (src, done, failed) => document.head.append(Object.assign(document.createElement("script"), { async: true, src, onload: done, onerror: failed })),
    isConsentGranted: () => false,
    JSON,
    makeTableMap: (rows, key, value) => Object.fromEntries(rows.map((row) => [row[key], row[value]])),
    setInWindow: (key, value, replaces) => { if (replaces || !window[key]) window[key] = value; },
  };
  window.ends = [];
  window.fire = (data) => new Function("require", "data", CODE)((name) => modules[name],
    { ...data, gtmOnSuccess: () => ends.push("success"), gtmOnFailure: () => ends.push("failure") });`;
const [url] = granted.inject_script.urls;
const embed = `${PACKAGES}/npm/embed`;
const site = await serve(embed, {
  page:
    `<!doctype html><html lang="en"><title>A shop</title><h1>A shop</h1>` +
    `<script>${IN_PAGE.replace("CODE", () => JSON.stringify(code))}</script></html>`,
});
await browsing(async (browser) => {
  const opened = (use, allowed) =>
    visit(
      browser,
      site.url + "/thanks",
      async (page, said) => {
        // What the fixed address would serve.
        await page.route(url.replace(/sondeo\.js$/, "*"), async (route) => {
          const answer = await fetch(`${site.url}/${route.request().url().split("/").pop()}`);
          await route.fulfill({
            body: Buffer.from(await answer.arrayBuffer()),
            status: answer.status,
            headers: Object.fromEntries(
              [...answer.headers].filter(([name]) => !/^(transfer|content-length)/.test(name)),
            ),
          });
        });
        site.posts.length = 0;
        await use(page, said);
      },
      allowed,
    );
  const fire = (page, data) => page.evaluate((it) => window.fire(it), data);
  const ended = (page, name) => page.waitForFunction((it) => window.ends.at(-1) == it, name);

  await opened(async (page) => {
    await fire(page, {
      action: "survey",
      survey: "nps",
      endpoint: "/responses",
      trigger: "event:purchase",
      display: "bar",
      lang: "es",
      script: "cdn",
      surveyCustom: [{ key: "plan", value: "pro" }],
    });
    await ended(page, "success");
    await fire(page, { action: "identify", user: "u-1" });
    await fire(page, { action: "track", event: "purchase", properties: [{ key: "total", value: "12" }] });
    await answer(page, "nps", 8);
    const post = await until("an answer", () => site.posts.find((it) => it.answers?.[0]?.value === 8));
    equal(
      [post.language, post.user, post.custom, post.trigger],
      ["es", "u-1", { plan: "pro" }, "event:purchase"],
      "what has arrived",
    );
  });
  ok("a survey of the template is asked when its event comes, and answered");

  await opened(async (page) => {
    const definition = JSON.stringify({
      id: "mine",
      questions: [{ id: "q", kind: "yes-no", text: "Well?" }],
    });
    await fire(page, {
      action: "survey",
      survey: "own",
      definition,
      endpoint: "/responses",
      trigger: "load",
      display: "popover",
      needsConsent: true,
      script: "cdn",
    });
    await ended(page, "success");
    // The widget has come, and says why it waits.
    const { reasons } = await page.evaluate(() => window.sondeo.explain("mine"));
    demand(reasons.includes("consent"), `before consent the reasons are ${reasons}`);
    equal(await page.locator("sondeo-widget").count(), 0, "the number of surveys before consent");
    await page.evaluate(() => window.grant(true));
    await answer(page, "mine", 0);
    await until("an answer", () => site.posts.find((it) => it.survey == "mine"));
  });
  ok("a survey of one's own waits for consent mode");

  await opened(async (page) => {
    await page.route(url, (route) => route.abort());
    await fire(page, { action: "survey", survey: "nps", endpoint: "/responses", script: "cdn" });
    await ended(page, "failure");
  }, /ERR_FAILED/);
  ok("a script that is blocked fails the tag, and the page goes on");
});
site.close();
