// How much of the engine's code runs until a survey stands there. V8 compiles a function of WebAssembly when it is first
// called, and says so on demand; a browser of its own, since its output is the browser's.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { browserPath, switches } from "./browser.mjs";

const line = /^Compiled function \S+#(\d+) using Liftoff, took (\d+) .*bodysize (\d+)/gm;

/** The functions, their kilobytes, and the milliseconds that compiling them took, of this page. */
export async function codeUntilShown(address) {
  const profile = mkdtempSync(join(tmpdir(), "sondeo-bench-"));
  const browser = spawn(browserPath, [
    ...switches,
    "--no-sandbox",
    `--user-data-dir=${profile}`,
    "--js-flags=--trace-wasm-compilation-times",
    address,
  ]);
  let output = "";
  browser.stdout.on("data", (text) => (output += text));
  try {
    // Quiet is what comes after the last function.
    for (let seen = -1, quiet = 0; quiet < 20; await sleep(100)) {
      quiet = output.length === seen && seen > 0 ? quiet + 1 : 0;
      seen = output.length;
      if (browser.exitCode !== null) throw new Error("the browser has gone");
    }
  } finally {
    const gone = new Promise((resolve) => browser.once("exit", resolve));
    browser.kill();
    await gone;
    // The browser's other processes may write there for a while yet. What was measured is worth more than an empty folder.
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch (error) {
      console.error(`${profile} is left behind: ${error.message}`);
    }
  }
  const functions = new Map(
    [...output.matchAll(line)].map(([, id, time, size]) => [id, [Number(time), Number(size)]]),
  );
  const sum = (at) => [...functions.values()].reduce((sum, it) => sum + it[at], 0);
  return { functions: functions.size, kilobytes: sum(1) / 1000, compiling: sum(0) / 1000 };
}
