// What `load` and the components do in a page, beyond showing a survey.
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { browsing, demand, equal, ok, serve, until, visit } from "./lib.mjs";
import { svelte } from "./svelte.mjs";

const out = path.resolve("built-behaviour");
fs.rmSync(out, { recursive: true, force: true });
for (const name of ["react.jsx", "vue.js", "svelte.js"])
  await build({
    entryPoints: [path.join("behaviour", name)],
    outfile: path.join(out, `${name.split(".")[0]}.js`),
    bundle: true,
    format: "esm",
    jsx: "automatic",
    conditions: ["browser", "development"],
    plugins: [svelte],
    logLevel: "warning",
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
fs.cpSync("node_modules/sondeo", path.join(out, "sondeo"), { recursive: true });
const page = (script) =>
  `<!doctype html><html lang="en"><title>A page</title><div id="root"></div>${script}</html>`;
for (const name of ["react", "vue", "svelte"])
  fs.writeFileSync(path.join(out, `${name}.html`), page(`<script type="module" src="${name}.js"></script>`));
fs.writeFileSync(path.join(out, "index.html"), page(""));

const site = await serve(out);
await browsing(async (browser) => {
  for (const name of ["react", "vue", "svelte"])
    await visit(browser, `${site.url}/${name}.html`, async (tab) => {
      const element = tab.locator(`#${name}`);
      const said = () => tab.evaluate((it) => window[it].log.splice(0), name);
      const tell = (event, detail) =>
        tab.evaluate(
          ([event, detail]) => document.dispatchEvent(new CustomEvent(event, { detail })),
          [`sondeo:${event}`, detail],
        );
      equal(await element.getAttribute("data-sondeo"), "nps", "the survey of the element");
      await tell("answered", { survey: "nps", value: 3 });
      equal(await said(), ["1: 3"], "what was told once");
      await tell("answered", { survey: "csat", value: 3 });
      equal(await said(), [], "what another survey tells");
      await tell("failed", { reason: "engine" });
      equal(await said(), ["engine"], "what fails for all");

      await element.evaluate((it) => (it.mine = true));
      await tab.evaluate((it) => window[it].change({ survey: "csat", article: 2 }), name);
      await until("another article", async () => (await element.getAttribute("data-custom-article")) == "2");
      demand(await element.evaluate((it) => it.mine), "the element is another one");
      await tell("answered", { survey: "nps", value: 4 });
      await tell("answered", { survey: "csat", value: 5 });
      equal(await said(), ["2: 5"], "what is told after a change, to the handler of now");

      await tab.evaluate((it) => window[it].end(), name);
      await tell("answered", { survey: "csat", value: 6 });
      equal([await said(), await element.count()], [[], 0], "what is told after the end, and what is left");
      ok(`${name}: events of its own survey, to the handler of now, once, and none after the end`);
    });

  await visit(browser, site.url, async (tab) => {
    const [tags, same, version, queued] = await tab.evaluate(async () => {
      const { load, on, track } = await import("/sondeo/index.js");
      const heard = [];
      const end = on("shown", (it) => heard.push(it.survey));
      track("before");
      const first = load({
        endpoint: "/responses",
        nonce: "abc",
        survey: ["csat"],
        trigger: "event:before",
        debug: false,
      });
      const second = load({ survey: "nps" });
      const api = await first;
      await new Promise((done) => document.addEventListener("sondeo:shown", done, { once: true }));
      end();
      document.dispatchEvent(new CustomEvent("sondeo:shown", { detail: { survey: "other" } }));
      return [
        [...document.scripts].filter((it) => it.dataset.endpoint).map((it) => [it.nonce, { ...it.dataset }]),
        first == second,
        api.version,
        heard,
      ];
    });
    equal(
      tags,
      [["abc", { endpoint: "/responses", survey: "csat", trigger: "event:before" }]],
      "the tags of two calls",
    );
    equal([same, queued], [true, ["csat"]], "whether both calls are one, and what was heard");
    demand(/^\d/.test(version), "load resolves to no widget");
  });
  ok("load: once for a page, with its nonce; what was said before counts");

  await visit(
    browser,
    site.url,
    async (tab, said) => {
      let isBlocked = true;
      await tab.route(/load\.js/, (route) => (isBlocked ? route.abort() : route.continue()));
      const load = () =>
        tab.evaluate(async () => {
          const { load } = await import("/sondeo/index.js");
          const api = await load({ endpoint: "/responses", survey: "csat", trigger: "load" });
          return [typeof api, [...document.scripts].filter((it) => it.dataset.endpoint).length];
        });
      equal(
        await load(),
        ["undefined", 0],
        "what comes where the script is blocked, and the tags that are left",
      );
      demand(
        said.some((it) => /^sondeo: .* does not load$/.test(it)),
        "nothing is said",
      );
      isBlocked = false;
      equal(await load(), ["object", 1], "what comes once it is not");
    },
    /does not load|ERR_FAILED/,
  );
  ok("load: a blocked script breaks nothing, and may be tried again");

  // A site of a collector is said by an attribute; what is older than that says so, and goes on.
  await visit(
    browser,
    site.url,
    async (tab) => {
      const has = await tab.evaluate(async () => {
        const { load } = await import("/sondeo/index.js");
        await load({ site: "/sites/shop" });
        return document.querySelector("script[data-site]").dataset.site;
      });
      equal(has, "/sites/shop", "the site of the tag");
    },
    /sondeo: |404/,
  );
  ok("load: a site is an attribute of the tag");
});
site.close();
