// What each change of a page costs that has 40 000 elements and changes 50 times a second: processor time of the page's
// main thread per change, with the script and without it.
import { setTimeout as sleep } from "node:timers/promises";

/** Each page, and what is on it. */
export const pages = {
  none: "without the script",
  event: "with the script, which waits for an event",
  visible: "with the engine, which waits for `visible:`",
};

const measured = 5_000;

/** Milliseconds per change. */
export async function costOfChange(browser, origin, name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const now = async () => {
      const { metrics } = await cdp.send("Performance.getMetrics");
      const { result } = await cdp.send("Runtime.evaluate", { expression: "changes" });
      return { busy: metrics.find((it) => it.name === "TaskDuration").value * 1000, changes: result.value };
    };
    await page.goto(`${origin}/pages/clock-${name}.html`, { waitUntil: "load" });
    // Whatever comes with the page has come by then.
    await sleep(3_000);
    const before = await now();
    await sleep(measured);
    const after = await now();
    return (after.busy - before.busy) / (after.changes - before.changes);
  } finally {
    await context.close();
  }
}
