// The theme app extension: checked by Shopify's own checker, rendered, and answered in a page.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Liquid } from "liquidjs";
import { ROOT, PACKAGES, answer, browsing, demand, equal, ok, read, serve, until, visit } from "./lib.mjs";

// Its entry for modules of this kind cannot be imported.
const { themeCheckRun } = createRequire(import.meta.url)("@shopify/theme-check-node");
const EXTENSION = `${ROOT}/packages/shopify`;
// Without the network it reads the documents that come with it.
const offenses = async (folder) => {
  const { offenses } = await themeCheckRun(folder, path.resolve("theme-check.yml"));
  return offenses.map((it) => `${it.uri.split("/").pop()}: ${it.check}: ${it.message}`);
};
const complain = console.error;
console.error = () => {};
equal(await offenses(EXTENSION), [], "what theme-check finds");
// And it would find something.
fs.rmSync("broken", { recursive: true, force: true });
fs.cpSync(EXTENSION, "broken", { recursive: true });
fs.writeFileSync(
  "broken/blocks/survey.liquid",
  read("broken/blocks/survey.liquid").replace("| escape", "| escapes"),
);
demand((await offenses(path.resolve("broken"))).length > 0, "theme-check finds nothing in what is wrong");
console.error = complain;
ok("theme-check finds nothing, and finds a mistake");

const engine = new Liquid({ root: `${EXTENSION}/blocks`, extname: ".liquid" });
let schema;
engine.registerTag("schema", {
  parse(_, tokens) {
    this.tokens = [];
    for (let it = tokens.shift(); it?.name != "endschema"; it = tokens.shift())
      this.tokens.push(it.getText());
  },
  render() {
    schema = JSON.parse(this.tokens.join(""));
  },
});
const words = JSON.parse(read(`${EXTENSION}/locales/en.default.schema.json`));
const render = async (name, settings, more = {}) => {
  const block = { settings, shopify_attributes: "" };
  const html = await engine.renderFile(name, {
    block,
    request: { page_type: "product", locale: { iso_code: "es" } },
    ...more,
  });
  return html.replace(/\s+/g, " ").replace(/ >/g, ">").trim();
};
const defaults = () =>
  Object.fromEntries(schema.settings.filter((it) => it.id).map((it) => [it.id, it.default ?? ""]));
equal(await render("surveys", {}), "", "what is rendered before anything is set");
equal(schema.target, "body", "where the app embed block stands");
// Every word of the editor is there, and every setting is read.
for (const [, key] of JSON.stringify([schema, await render("survey", {}), schema]).matchAll(/"t:([\w.]+)"/g))
  demand(
    key.split(".").reduce((it, part) => it?.[part], words),
    `there are no words for ${key}`,
  );
await render("surveys", {});
for (const { id } of schema.settings)
  demand(
    read(`${EXTENSION}/blocks/surveys.liquid`).includes(`block.settings.${id}`),
    `nobody reads the setting ${id}`,
  );

const set = { ...defaults(), endpoint: "/responses", survey: "csat", where: "product" };
equal(
  await render("surveys", set),
  `<script async src="https://cdn.jsdelivr.net/npm/sondeo@0.1.0/embed/sondeo.js" data-lang="es" data-custom-page="product" ` +
    `data-endpoint="/responses" data-consent="required" data-accent="#0b6e67" data-survey="csat"></script>`,
  "the tag",
);
demand(
  !(await render("surveys", { ...set, where: "cart" })).includes("data-survey"),
  "it is asked on every page",
);
const site = await render("surveys", { ...set, endpoint: "", site: "https://surveys.example/sites/shop" });
demand(
  site.includes('data-site="https://surveys.example/sites/shop"') && !site.includes("data-survey"),
  "the site is not asked",
);
const evil = `"><script>alert(1)</script>`;
for (const name of ["endpoint", "site", "accent", "script"])
  demand(
    !(await render("surveys", { ...set, [name]: evil })).includes("<script>alert"),
    `${name} is not escaped`,
  );
equal(
  await render("survey", { survey: "faq" }, { product: { handle: "a-chair" } }),
  '<div data-sondeo="faq" data-custom-product="a-chair"></div>',
  "the block",
);
ok("both blocks render what they should, and escape what the merchant enters");

const weight = fs.statSync(`${EXTENSION}/assets/consent.js`).size;
demand(weight < 10_000, `consent.js weighs ${weight}`);

const tag = await render("surveys", { ...set, script: "/sondeo.js" });
const block = await render("survey", { survey: "faq" }, { product: { handle: "a-chair" } });
const shop = await serve(`${PACKAGES}/npm/embed`, {
  page:
    `<!doctype html><html lang="es"><title>A shop</title><h1>A chair</h1>${block}${tag}` +
    `<script>${read(`${EXTENSION}/assets/consent.js`)}</script></html>`,
});
await browsing((browser) =>
  visit(browser, shop.url + "/products/a-chair", async (page) => {
    await page.waitForFunction(() => window.sondeo?.version);
    const { reasons } = await page.evaluate(() => window.sondeo.explain("csat"));
    demand(reasons.includes("consent"), `before consent the reasons are ${reasons}`);
    await page.evaluate(() =>
      document.dispatchEvent(
        new CustomEvent("visitorConsentCollected", { detail: { analyticsAllowed: true } }),
      ),
    );
    await answer(page, "csat", 4);
    const response = await until("an answer", () =>
      shop.posts.find((it) => it.survey == "csat" && it.answers?.length),
    );
    equal([response.language, response.custom], ["es", { page: "product" }], "what has arrived");
  }),
);
shop.close();
ok("a survey waits for Shopify's consent, is asked and answered");
