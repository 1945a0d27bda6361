// Builds the pages of docs/frameworks.md: node build.mjs DOCUMENT [WORDPRESS]
//
// It runs in a copy of this folder that has the packages. Each snippet is written as it stands in the document, into the
// folder of its section; what a snippet needs around it is there already. The pages come to site/.
import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as svelte from "svelte/compiler";
import * as vue from "vue/compiler-sfc";

const run = promisify(execFile);
const [, , document, wordpress] = process.argv;
const read = (name) => fs.readFileSync(name, "utf8");
const write = (name, text) => {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.writeFileSync(name, text);
};

// The snippets. The first line that is a comment names the file.
for (const section of read(document).split(/^## /m).slice(1)) {
  const name = /^.*/
    .exec(section)[0]
    .toLowerCase()
    .replace(/\W/g, (it) => (it == " " ? "-" : ""));
  for (const [, text] of section.matchAll(/^```\w+\n(.*?)^```$/gms)) {
    const [, file] = /^(?:---\n|<\?php )?(?:\/\/|<!--) (\S+)/.exec(text) ?? [];
    if (!file) throw new Error(`a snippet of "${name}" does not name its file:\n${text}`);
    write(path.join(name == "nextjs" ? "next" : name, file), text);
  }
}
fs.rmSync("site", { recursive: true, force: true });

/** @type {import("esbuild").Plugin} */
const components = {
  name: "components",
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, ({ path: file }) => ({
      contents: svelte.compile(read(file), { filename: path.basename(file), generate: "client" }).js.code,
    }));
    build.onLoad({ filter: /\.vue$/ }, ({ path: file }) => {
      const { descriptor } = vue.parse(read(file), { filename: file });
      const options = { id: path.basename(file), inlineTemplate: true };
      if (descriptor.scriptSetup) return { contents: vue.compileScript(descriptor, options).content };
      const { code } = vue.compileTemplate({
        ...options,
        source: descriptor.template.content,
        filename: file,
      });
      return { contents: `${code}\nexport default { render }` };
    });
  },
};
const bundle = (entry, out, more = {}) =>
  build({
    entryPoints: [entry],
    outfile: path.join("site", out),
    bundle: true,
    format: "esm",
    jsx: "automatic",
    conditions: ["browser"],
    mainFields: ["browser", "module", "main"],
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    logLevel: "warning",
    plugins: [components],
    ...more,
  });

const react = async () => {
  await bundle("react/main.jsx", "react/main.jsx");
  await bundle("react/late.jsx", "react/late.jsx");
  const forServer = { platform: "node", conditions: [], mainFields: ["module", "main"] };
  // react-dom's server part requires modules of Node.js.
  const banner = {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  };
  await bundle("react/server.jsx", "../react/server.mjs", { ...forServer, banner });
  const { render } = await import("./react/server.mjs");
  const page = read("react/index.html");
  write("site/react/index.html", page);
  const root = `<div id="root">${render("/late/articles/1")}</div>`;
  const late = page.replace('<div id="root"></div>', () => root).replace("/main.jsx", "/late.jsx");
  write("site/react/late/articles/1.html", late);
};

// What "as above" means: the page of React's section, with another script.
const withScript = (name) => read("react/index.html").replace("/main.jsx", name);

const vueAndSvelte = async () => {
  for (const name of ["vue", "svelte"]) {
    await bundle(`${name}/main.js`, `${name}/main.js`);
    write(`site/${name}/index.html`, withScript("/main.js"));
  }
};

// The same page, of the second article.
const ofSecond = (html) => html.replace(/(Article |article="|get="\/articles\/|help-)1/g, "$12");

const pages = async () => {
  for (const [name, script] of [
    ["turbo", "turbo.js"],
    ["htmx", "htmx.js"],
  ]) {
    const article = read(`${name}/article.html`);
    write(`site/${name}/articles/1.html`, article);
    write(`site/${name}/articles/2.html`, ofSecond(article));
    const file = { turbo: "@hotwired/turbo/dist/turbo.es2017-esm.js", htmx: "htmx.org/dist/htmx.js" }[name];
    write(`site/${name}/${script}`, read(`node_modules/${file}`));
  }
  write("site/htmx/articles/1/news.html", read("htmx/news.html"));
  write("site/htmx/articles/2/news.html", ofSecond(read("htmx/news.html")));
  await bundle("livewire/main.js", "livewire/morph.js", { format: "iife" });
  const component = read("livewire/article.blade.php");
  const rendered = component.replace(/\{\{ now\(\) \}\}/, "now");
  write("site/livewire/component.html", rendered);
  write(
    "site/livewire/index.html",
    read("livewire/page.html").replace("<!-- component -->", () => rendered),
  );
  write("site/tag-managers/custom-html.html", read("tag-managers/custom-html.html"));
};

const quiet = {
  env: {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: "1",
    ASTRO_TELEMETRY_DISABLED: "1",
    CI: "1",
    NODE_ENV: "production",
  },
};
const astro = async () => {
  await run("node", ["../node_modules/astro/astro.js", "build"], { ...quiet, cwd: "astro" });
  fs.cpSync("astro/dist", "site/astro", { recursive: true });
};
// It is served by itself, out of its own folder.
const next = () => run("node", ["../node_modules/next/dist/bin/next", "build"], { ...quiet, cwd: "next" });

if (wordpress)
  write(
    "site/wordpress/index.html",
    execFileSync("php", ["wordpress/page.php", wordpress], { encoding: "utf8" }),
  );
await Promise.all([react(), vueAndSvelte(), pages()]);
await astro();
await next();
