// Applications that are built from the packed file, with the bundlers that people have, and answered in Chromium.
import fs from "node:fs";
import path from "node:path";
import { svelte as svelteForVite } from "@sveltejs/vite-plugin-svelte";
import * as esbuild from "esbuild";
import Minimizer from "minimizer-webpack-plugin";
import { build as vite, createServer } from "vite";
import webpack from "webpack";
import { answer, browsing, demand, equal, ok, run, serve, timed, until, visit } from "./lib.mjs";

const out = (name) => path.resolve("built", name);
const source = (name) => path.resolve("samples", name);
fs.rmSync("built", { recursive: true, force: true });
const page = (script, more = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body><h1>A page</h1>` +
  `<script ${more} src="${script}"></script></body></html>`;
const put = (name, text) => {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.writeFileSync(name, text);
};
const embed = (folder) =>
  fs.cpSync("node_modules/sondeo/embed", path.join(folder, "embed"), { recursive: true });

const withVite = (name, plugins = []) =>
  vite({
    root: source(name),
    configFile: false,
    logLevel: "error",
    plugins,
    base: "./",
    oxc: { jsx: { runtime: "automatic" } },
    build: { outDir: out(name), emptyOutDir: true },
  });

// The widget's files are as small as they get: as docs/packages.md says, webpack need not shrink them for a minute.
const minimizer = [new Minimizer({ exclude: /\?no-inline/ })];
const withWebpack = () =>
  new Promise((done, fail) =>
    webpack(
      {
        mode: "production",
        entry: source("plain.js"),
        output: { path: out("webpack"), filename: "main.js" },
        optimization: { minimizer },
        performance: { hints: false },
      },
      (error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings())
          fail(error ?? Error(stats.toString("errors-warnings")));
        put(out("webpack/index.html"), page("main.js"));
        done();
      },
    ),
  );

const withEsbuild = async () => {
  const common = { bundle: true, minify: true, logLevel: "warning" };
  // It leaves addresses as they are: the folder lies beside what it puts out.
  await esbuild.build({
    ...common,
    entryPoints: [source("plain.js")],
    outfile: out("esbuild/main.js"),
    format: "esm",
  });
  put(out("esbuild/index.html"), page("main.js", "type=module"));
  embed(out("esbuild"));
  // A script without modules has no address at all, and says where the folder is.
  await esbuild.build({
    ...common,
    entryPoints: [source("folder.js")],
    outfile: out("folder/main.js"),
    format: "iife",
    logOverride: { "empty-import-meta": "silent" },
  });
  put(out("folder/index.html"), page("main.js"));
  embed(out("folder"));
};

const withNext = () => {
  const quiet = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "1", NODE_ENV: "production" };
  run("node", ["../../node_modules/next/dist/bin/next", "build"], { cwd: source("next"), env: quiet });
  fs.cpSync(source("next/out"), out("next"), { recursive: true });
};

// As a page without a bundler takes it from a CDN: as a module, and as a tag.
const asIs = () => {
  fs.cpSync("node_modules/sondeo", out("module/sondeo"), { recursive: true });
  const map = JSON.stringify({ imports: { sondeo: "./sondeo/index.js" } });
  fs.copyFileSync(source("plain.js"), out("module/main.js"));
  const html = page("main.js", "type=module").replace(
    "<title>",
    `<script type="importmap">${map}</script><title>`,
  );
  put(out("module/index.html"), html);
  const tag = `async data-survey="nps" data-trigger="load" data-lang="es" data-custom-article="7" data-endpoint="/responses"`;
  const hear = `<script>document.addEventListener("sondeo:answered", (it) => (document.title = "answered " + it.detail.value))</script>`;
  put(out("tag/index.html"), page("embed/sondeo.js", tag).replace("<title>", hear + "<title>"));
  embed(out("tag"));
};

/** Answers the survey of the page, which may say nothing in the console. */
const answers = (browser, url, posts, allowed) =>
  visit(
    browser,
    url,
    async (tab) => {
      const requests = [];
      tab.on("request", (it) => requests.push(it.url()));
      const host = await answer(tab, "nps", 9);
      // The words of another language are a file of their own.
      await host.getByText("¿", { exact: false }).first().waitFor();
      await tab.waitForFunction(() => document.title == "answered 9");
      const post = await until("an answer at the endpoint", () =>
        posts.find((it) => it.answers?.[0]?.value === 9),
      );
      equal(
        [post.survey, post.language, post.custom.article],
        ["nps", "es", "7"],
        "what the endpoint has received",
      );
      demand(
        !requests.some((it) => /^data:./.test(it) && it != "data:,"),
        "a file of the widget is in the program",
      );
    },
    allowed,
  );

const only = process.env.SONDEO_SAMPLES?.split(",");
const is = (name) => !only || only.includes(name);
for (const [name, build] of Object.entries({
  vite: () => withVite("vite"),
  "vite-vue": () => withVite("vite-vue"),
  "vite-svelte": () => withVite("vite-svelte", [svelteForVite({ configFile: false })]),
  webpack: withWebpack,
  esbuild: withEsbuild,
  next: withNext,
  "no bundler": asIs,
}))
  if (is(name)) await timed(`built with ${name}`, build);

const built = (name) => fs.existsSync(out(name));
await browsing(async (browser) => {
  for (const name of [
    "vite",
    "vite-vue",
    "vite-svelte",
    "webpack",
    "esbuild",
    "folder",
    "next",
    "module",
    "tag",
  ].filter(built)) {
    const site = await serve(out(name));
    await answers(browser, site.url + "/", site.posts);
    site.close();
    ok(`${name}: a survey appears, is answered, and the answer arrives`);
  }

  // A strict policy refuses WebAssembly: the same programs, in JavaScript, have other names, too.
  for (const name of ["vite", "webpack", "folder"].filter(built)) {
    const site = await serve(out(name), {
      policy: "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:",
    });
    // The module that was asked for meanwhile is not wanted any more.
    await answers(browser, site.url + "/", site.posts, /\.wasm\S* net::ERR_ABORTED$/);
    site.close();
    ok(`${name}, with a policy that refuses WebAssembly: the same`);
  }

  // While one works on it, nothing is built.
  const receiver = await serve(".");
  const server = await createServer({
    root: source("vite"),
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic" } },
    server: { host: "127.0.0.1", port: 0, proxy: { "/responses": receiver.url } },
  });
  await server.listen();
  await answers(browser, server.resolvedUrls.local[0], receiver.posts);
  await server.close();
  receiver.close();
  ok("vite, its development server: the same");
});
