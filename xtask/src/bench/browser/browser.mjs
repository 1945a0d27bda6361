// The browser that everything is measured in.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const found = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, "chromium"))
  .find(existsSync);
/** Chromium: the one named by the variable, or the PATH's. */
export const browserPath = process.env.CHROMIUM ?? found;
if (!browserPath)
  throw new Error("`chromium` is not on the PATH: run `cargo xtask setup`, or set CHROMIUM to its path");
export const switches = [
  "--headless=new",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
export const launch = () =>
  chromium.launch({ executablePath: browserPath, headless: true, args: ["--no-sandbox", ...switches] });
