// Tables in Markdown: medians; everything but times is a difference to the same page without a survey.
import { pages } from "./clock.mjs";
import { contenders } from "./contenders.mjs";

const networks = ["none", "fast4g", "slow4g"];

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export function report({ meta, samples, failures, changes, code }) {
  const names = [...new Set(samples.map((it) => it.name))].filter((name) => name !== "empty");
  const values = (name, mode, profile, get) =>
    samples.filter((it) => it.name === name && it.mode === mode && it.profile === profile).map(get);
  const value = (name, mode, profile, get, less = true) =>
    median(values(name, mode, profile, get)) - (less ? median(values("empty", mode, profile, get)) : 0);
  const times = (name, mode) =>
    networks.map((profile) => value(name, mode, profile, (it) => it.visible, false).toFixed(0)).join(" / ");
  const trigger = (name, get, less = true) => value(name, "trigger", "none", get, less);
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const kilobytes = (bytes, digits = 0) => (bytes / 1000).toFixed(digits);
  const table = names.map((name) =>
    row([
      contenders[name].title,
      `${kilobytes(
        trigger(name, (it) => it.bytes),
        1,
      )} (${trigger(name, (it) => it.requests).toFixed(0)})`,
      times(name, "auto"),
      times(name, "trigger"),
      trigger(name, (it) => it.task).toFixed(0),
      value(name, "trigger", "fast4g", (it) => it.blocking).toFixed(0),
      kilobytes(trigger(name, (it) => it.heap)),
      trigger(name, (it) => it.cls).toFixed(3),
      trigger(name, (it) => it.answer, false).toFixed(0),
    ]),
  );
  const busy = median(samples.map((it) => it.load)) * 100;
  const lines = [
    `Chromium ${meta.browser}, ${meta.processor}, medians of ${meta.runs}; other work kept the machine busy to ${busy.toFixed(0)} %.`,
    "",
    row([
      "",
      "kB (requests)",
      "opened with the page: none / Fast / Slow 4G, ms",
      "on a trigger: none / Fast / Slow 4G, ms",
      "main thread, ms",
      "blocking of the trigger at 4×, ms",
      "memory, kB",
      "layout shift",
      "answer, ms",
    ]),
    row(["---", ...Array(8).fill("---:")]),
    ...table,
  ];
  if (names.includes("sondeo") && names.includes("floor")) {
    const times = (mode, profile) =>
      (
        value("sondeo", mode, profile, (it) => it.visible, false) /
        value("floor", mode, profile, (it) => it.visible, false)
      ).toFixed(1);
    const all = (mode) => networks.map((profile) => times(mode, profile)).join(" / ");
    const ratio = (get) => (trigger("sondeo", get) / trigger("floor", get)).toFixed(1);
    lines.push(
      row([
        "Sondeo, times the floor",
        ratio((it) => it.bytes),
        all("auto"),
        all("trigger"),
        ratio((it) => it.task),
        "",
        ratio((it) => it.heap),
        "",
        "",
      ]),
    );
  }
  if (code.length) {
    const of = (key) => median(code.map((it) => it[key]));
    lines.push(
      "",
      `Code of the engine that runs until the survey stands there: ${of("functions").toFixed(0)} functions, ` +
        `${of("kilobytes").toFixed(0)} kB; compiling it took ${of("compiling").toFixed(0)} ms.`,
    );
  }
  if (changes.length) {
    const cost = (name) => median(changes.filter((it) => it.name === name).map((it) => it.cost));
    lines.push(
      "",
      row(["a page of 40 000 elements that changes 50 times a second", "ms per change", "of that, ours"]),
      row(["---", "---:", "---:"]),
    );
    for (const name in pages) {
      const ours = name === "none" ? "" : (cost(name) - cost("none")).toFixed(2);
      lines.push(row([pages[name], cost(name).toFixed(2), ours]));
    }
  }
  if (failures.length) lines.push("", ...failures.map((it) => `Failed: ${it}.`));
  return lines.join("\n");
}
