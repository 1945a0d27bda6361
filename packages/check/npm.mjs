// The package of npm: its entries, its types, its files, and what it weighs.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { ROOT, demand, equal, ok, read, run } from "./lib.mjs";

const PACKAGE = "node_modules/sondeo";
const bin = (name) => path.join("node_modules/.bin", name);

const { messages } = await publint({ pkgDir: PACKAGE, pack: false, strict: true });
equal(
  messages.map((it) => formatMessage(it, JSON.parse(read(`${PACKAGE}/package.json`)))),
  [],
  "what publint says",
);
ok("publint says nothing");

// Of the entries only those are modules that a program imports.
const entries = [".", "react", "vue", "svelte"];
const attw = [
  process.env.SONDEO_TARBALL,
  "--profile",
  "esm-only",
  "--entrypoints",
  ...entries,
  "--no-emoji",
  "--no-color",
];
run(bin("attw"), attw);
ok("are-the-types-wrong finds nothing");

// What the documentation shows, compiles too. A snippet's first line names its file.
const document = read(`${ROOT}/docs/packages.md`);
const snippets = [...document.matchAll(/^```tsx\n(\/\/ (\S+)\n.*?)^```$/gms)];
demand(snippets.length > 1, "docs/packages.md shows nothing");
for (const [, text, name] of snippets) fs.writeFileSync(`types/${name}`, text);
// Payloads that both sides must read and write unchanged are of the type that endpoints are given.
const golden = path.join(ROOT, "crates/model/golden");
const payloads = fs.readdirSync(golden).map((name) => `  ${read(path.join(golden, name)).trim()},\n`);
demand(payloads.length > 1, "there are no payloads");
const typed = `import type { SurveyResponse } from "sondeo";\nexport const all: SurveyResponse[] = [\n${payloads.join("")}];\n`;
fs.writeFileSync("types/payload.ts", typed);
for (const resolution of ["node16", "bundler"]) {
  const module = resolution == "node16" ? "node16" : "esnext";
  run(bin("tsc"), ["-p", "types", "--module", module, "--moduleResolution", resolution]);
  ok(`everything in types/ compiles with ${resolution}, and what is wrong does not`);
}

// The hash in the names of the widget's files is another one in every build.
const plain = (name) =>
  name.replace(/sondeo-[0-9a-f]{16}/, "sondeo-HASH").replace(/sondeo-[0-9a-f]{6}([de]?)\./, "sondeo-HASH$1.");
const [{ files }] = JSON.parse(
  run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: PACKAGE }),
);
const list = files.map(({ path: name }) => plain(name)).sort();
const stored = path.join(ROOT, "packages/npm/files.txt");
if (process.env.SONDEO_WRITE) fs.writeFileSync(stored, list.join("\n") + "\n");
equal(list, read(stored).trim().split("\n"), "the list of files (SONDEO_WRITE=1 stores it)");
ok(`${list.length} files, as packages/npm/files.txt says`);

// Outside of a browser: nothing happens, and what is called does nothing.
const outside = `
  const all = await import("sondeo");
  if (await all.load({ survey: "nps" }) !== undefined) throw "loads";
  all.track("a"); all.show("a"); all.consent(true); all.on("shown", () => {})();
  if (globalThis.sondeo || globalThis.document || globalThis.window) throw "leaves something";`;
run("node", ["--input-type=module", "-e", outside]);
ok("import outside of a browser");
run("node", ["--no-warnings", "-e", `if (typeof require("sondeo").load != "function") throw "no load"`]);
ok("require outside of a browser");
const rendered = `
  import { createElement } from "react";
  import { renderToString } from "react-dom/server";
  import { Sondeo } from "sondeo/react";
  console.log(renderToString(createElement(Sondeo, { survey: ["faq", "nps"], maxShows: 2, trigger: ["load", "click:.a b"],
    custom: { orderId: 7 }, headers: { "X-Team": "web" }, fields: { why: "entry.1" }, debug: true, preview: false,
    className: "c", onShown() {} })));`;
equal(
  run("node", ["--input-type=module", "-e", rendered]).trim(),
  `<div data-max-shows="2" data-trigger="load &#x27;click:.a b&#x27;" data-custom-order-id="7" data-header-x-team="web" ` +
    `data-field-why="entry.1" data-debug="true" data-sondeo="faq nps" class="c"></div>`,
  "what React renders on a server",
);
const vue = `
  import { createSSRApp, h } from "vue";
  import { renderToString } from "vue/server-renderer";
  import { Sondeo } from "sondeo/vue";
  console.log(await renderToString(createSSRApp({ render: () => h(Sondeo, { survey: "faq", "max-shows": 2, class: "c" }) })));`;
equal(
  run("node", ["--input-type=module", "-e", vue]).trim(),
  `<div data-max-shows="2" data-sondeo="faq" class="c"></div>`,
  "what Vue renders on a server",
);
ok("React and Vue render the element on a server");

// The other two are read by their frameworks' compilers.
const [, vueFile] = /^```vue\n(.*?)^```$/ms.exec(document);
const { descriptor, errors } = (await import("vue/compiler-sfc")).parse(vueFile);
equal(errors.map(String), [], "what Vue's compiler says of docs/packages.md");
(await import("vue/compiler-sfc")).compileScript(descriptor, { id: "a", inlineTemplate: true });
const [, svelteFile] = /^```svelte\n(.*?)^```$/ms.exec(document);
equal(
  (await import("svelte/compiler")).compile(svelteFile, {}).warnings.map(String),
  [],
  "what Svelte's compiler says of it",
);
ok("the components of docs/packages.md compile");

const LIMITS = { index: 1000, react: 1000, vue: 1000, svelte: 1000 };
for (const [name, limit] of Object.entries(LIMITS)) {
  const { outputFiles } = await build({
    entryPoints: [`${PACKAGE}/${name}.js`],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "warning",
    external: ["react", "vue", "svelte", "svelte/*", "./files.js"],
    plugins: [(await import("./svelte.mjs")).svelte],
  });
  const weight = zlib.brotliCompressSync(outputFiles[0].contents).length;
  demand(weight < limit, `sondeo/${name} weighs ${weight} bytes, and may weigh ${limit}`);
  ok(`${name}.js with all that it imports: ${weight} bytes (brotli), below ${limit}`);
}
