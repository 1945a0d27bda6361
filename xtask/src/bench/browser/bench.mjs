// node bench.mjs [--runs 3] [--only floor,sondeo] [--patience 20000] [--out result.json]
// Measures the widget beside its floor and its peers in one run, interleaved, and prints tables in Markdown.
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import "./build.mjs";
import { launch } from "./browser.mjs";
import { costOfChange, pages } from "./clock.mjs";
import { contenders } from "./contenders.mjs";
import { codeUntilShown } from "./functions.mjs";
import { calm, profiles, sample } from "./page.mjs";
import { report } from "./report.mjs";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    // How long a quiet machine is waited for before each sample, in milliseconds.
    patience: { type: "string", default: "20000" },
    out: { type: "string" },
  },
});
const patience = Number(options.patience);
const only = options.only?.split(",");
const names = Object.keys(contenders).filter((name) => name === "empty" || !only || only.includes(name));

const server = fork(`${import.meta.dirname}/server.mjs`);
const posts = [];
const origin = await new Promise((resolve, reject) => {
  server.on("message", (it) => (it.port ? resolve(`http://127.0.0.1:${it.port}`) : posts.push(it)));
  server.once("exit", (code) => reject(new Error(`the server has gone: ${code}`)));
});

const samples = [];
const failures = [];
const changes = [];
const code = [];
let browser = await launch();
const runs = Number(options.runs);
const meta = { runs, browser: browser.version(), processor: `${cpus().length} × ${cpus()[0].model}` };
try {
  // Nobody is the first to meet a cold server.
  for (const name of names) await sample(browser, origin, posts, name, { mode: "auto" }).catch(() => {});
  for (let run = 0; run < runs; run++) {
    // A fresh browser, and each round in another order.
    await browser.close();
    browser = await launch();
    for (const profile in profiles) {
      for (const mode of ["auto", "trigger"]) {
        for (let at = 0; at < names.length; at++) {
          const name = names[(at + run) % names.length];
          const load = await calm(patience);
          await sample(browser, origin, posts, name, { profile, mode }).then(
            (it) => samples.push({ run, load, ...it }),
            (error) => failures.push(`${name} (${mode}, ${profile}): ${error.message}`),
          );
        }
      }
    }
    if (names.includes("sondeo")) {
      for (const name in pages) {
        await calm(patience);
        changes.push({ name, cost: await costOfChange(browser, origin, name) });
      }
      code.push(await codeUntilShown(`${origin}${contenders.sondeo.page}?auto`));
    }
    console.error(`run ${run + 1} of ${runs}, ${failures.length} samples failed`);
  }
} finally {
  await browser.close();
  server.removeAllListeners("exit");
  server.kill();
}
const result = { meta, samples, failures, changes, code };
if (options.out) writeFileSync(options.out, JSON.stringify(result, null, 1));
console.log(report(result));
