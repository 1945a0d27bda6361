// One page load of one contender, in a fresh context, and everything that is measured of it.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { contenders } from "./contenders.mjs";

const probe = readFileSync(`${import.meta.dirname}/probe.js`, "utf8");
/** DevTools' presets (front_end/core/sdk/NetworkManager.ts): bytes per second, and milliseconds. */
const net = (down, up, roundTrip, factor) => ({
  offline: false,
  downloadThroughput: (down / 8) * 0.9,
  uploadThroughput: (up / 8) * 0.9,
  latency: roundTrip * factor,
});
export const profiles = {
  none: {},
  fast4g: { cpu: 4, net: net(9e6, 1.5e6, 60, 2.75) },
  slow4g: { cpu: 4, net: net(1.6e6, 750e3, 150, 3.75) },
};

/** Waits until the rest of the machine is nearly idle, but not longer; gives the busy share that was left. */
export async function calm(patience) {
  const cpu = () => {
    const times = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/ +/).slice(1, 9).map(Number);
    return { idle: times[3] + times[4], all: times.reduce((sum, it) => sum + it) };
  };
  for (const end = performance.now() + patience; ;) {
    const before = cpu();
    await sleep(250);
    const after = cpu();
    const load = 1 - (after.idle - before.idle) / (after.all - before.all);
    if (load < 0.15 || performance.now() > end) return load;
  }
}

/** What goes over the wire in this page: same-process frames too, workers not. */
function wiretap(cdp) {
  const wire = { requests: 0, bytes: 0, open: new Set(), last: performance.now() };
  const done = ({ requestId, encodedDataLength = 0 }) => {
    if (!wire.open.delete(requestId)) return;
    wire.bytes += encodedDataLength;
    wire.last = performance.now();
  };
  cdp.on("Network.requestWillBeSent", ({ request, requestId }) => {
    if (request.url.startsWith("data:")) return;
    wire.requests++;
    wire.last = performance.now();
    wire.open.add(requestId);
  });
  cdp.on("Network.loadingFinished", done);
  cdp.on("Network.loadingFailed", done);
  wire.quiet = async (milliseconds, atLeast = 0) => {
    const start = performance.now();
    const is = () =>
      performance.now() - start >= atLeast &&
      !wire.open.size &&
      performance.now() - wire.last >= milliseconds;
    while (!is() && performance.now() - start < 30_000) await sleep(50);
  };
  wire.now = () => ({ requests: wire.requests, bytes: wire.bytes });
  return wire;
}

const blocking = (tasks) => tasks.reduce((sum, it) => sum + Math.max(0, it.ms - 50), 0);

/** `auto`: the survey opens with the page; `trigger`: it is opened on the page that has been idle for six seconds. */
export async function sample(browser, origin, posts, name, { profile = "none", mode }) {
  const contender = contenders[name];
  const { cpu, net } = profiles[profile];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    for (const domain of ["Page", "Network", "HeapProfiler"]) await cdp.send(`${domain}.enable`);
    // The main thread's own time: what others do on this machine does not count.
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    if (net) await cdp.send("Network.emulateNetworkConditions", net);
    if (cpu) await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
    const settings = JSON.stringify({ ready: contender.ready ?? "none", armed: mode === "auto" });
    await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${probe})(${settings})` });
    const wire = wiretap(cdp);
    // Plain CDP: Playwright's own evaluate leaves half a megabyte of helpers in the page.
    const run = async (expression) => {
      const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    const until = async (expression, milliseconds = 60_000) => {
      for (const end = performance.now() + milliseconds; performance.now() < end; await sleep(50)) {
        const value = await run(expression);
        if (value != null) return value;
      }
      throw new Error(`${expression} did not come`);
    };
    const busy = async () => {
      const { metrics } = await cdp.send("Performance.getMetrics");
      return metrics.find((it) => it.name === "TaskDuration").value * 1000;
    };
    const heap = async () => {
      await cdp.send("HeapProfiler.collectGarbage");
      const { usedSize } = await cdp.send("Runtime.getHeapUsage");
      return usedSize + (await run("__bench.wasmBytes()"));
    };

    const url = new URL(contender.page, origin);
    if (mode === "auto") url.search = "?auto";
    await page.goto(url.href, { waitUntil: "load" });
    const out = { name, profile, mode };

    if (mode === "auto") {
      if (contender.ready) {
        const tag = await run(`performance.getEntriesByName("tag")[0].startTime`);
        out.visible = (await until("__bench.visible")) - tag;
      }
      await wire.quiet(500, 1000);
      const { long, cls } = await run("({ long: __bench.long, cls: __bench.cls })");
      return { ...out, task: await busy(), blocking: blocking(long), cls };
    }

    // Late requests (PostHog: a batch after 3 s, flags after 5 s) belong to what is always there.
    await wire.quiet(1000, 6000);
    const before = { ...wire.now(), heap: await heap(), task: await busy() };
    const start = await run(
      `{ __bench.arm(); const start = performance.now(); ${contender.ready ? "void __show();" : ""} start }`,
    );
    if (contender.ready) out.visible = (await until("__bench.visible")) - start;
    await wire.quiet(500, 1000);
    const task = await busy();
    const { long, cls } = await run("({ long: __bench.long, cls: __bench.cls })");
    const heavy = blocking(long.filter((it) => it.start >= start));
    Object.assign(out, { before, ...wire.now(), task, blocking: heavy, cls, heap: await heap() });
    if (contender.steps) {
      const mark = posts.length;
      for (const step of contender.steps) {
        if (step.type) {
          await page.keyboard.type(step.type);
          continue;
        }
        // Motion ends.
        await sleep(300);
        const at = await until(`__bench.locate(${JSON.stringify(step.click)})`, 10_000);
        await page.mouse.click(at.x, at.y);
      }
      const end = performance.now() + 20_000;
      while (!posts.slice(mark).some(contender.sent)) {
        if (performance.now() > end) throw new Error("the answer did not arrive");
        await sleep(10);
      }
      out.answer = posts.slice(mark).find(contender.sent).at - (await run("__bench.pointer"));
    }
    return out;
  } finally {
    await context.close();
  }
}
