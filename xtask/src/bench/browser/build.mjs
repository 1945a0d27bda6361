// Makes vendor/: the ESM-only peers as an application would ship them, minified.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const here = import.meta.dirname;
const version = (p) => JSON.parse(readFileSync(`${here}/node_modules/${p}/package.json`)).version;
const common = {
  minify: true,
  target: "es2020",
  legalComments: "none",
  absWorkingDir: here,
  conditions: ["production"],
};
const sprig = "node_modules/@sprig-technologies/sprig-browser/dist";

rmSync(`${here}/vendor`, { recursive: true, force: true });
await Promise.all([
  build({ ...common, bundle: true, entryPoints: ["src/sentry-lazy.js"], outdir: "vendor", format: "iife" }),
  // what Sentry's CDN serves to its lazy loader: one global script per integration, under /<version>/
  build({
    ...common,
    bundle: true,
    entryPoints: ["src/sentry-modal.js"],
    outfile: `vendor/${version("@sentry/browser")}/feedback-modal.min.js`,
    format: "iife",
  }),
  // Sprig ships its own code splitting: keep its files as they are, minified
  build({
    ...common,
    entryPoints: [
      "src/sprig.js",
      ...readdirSync(`${here}/${sprig}`)
        .filter((f) => /^(?!electron|replay|index\.).*\.js$/.test(f))
        .map((f) => `${sprig}/${f}`),
    ],
    entryNames: "[name]",
    outdir: "vendor/sprig",
    format: "esm",
  }),
]);
// bundlers emit preload hints for what an entry needs at once; pages/sprig.html includes this file
const needs = readFileSync(`${here}/${sprig}/core.js`, "utf8").match(/(?<=from "\.\/)[^"]+/g);
writeFileSync(
  `${here}/vendor/sprig/preload.html`,
  ["core.js", ...needs].map((f) => `<link rel="modulepreload" href="/vendor/sprig/${f}">`).join(""),
);
