// Svelte's components for esbuild.
import fs from "node:fs";
import path from "node:path";
import { compile } from "svelte/compiler";

/** @type {import("esbuild").Plugin} */
export const svelte = {
  name: "svelte",
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, ({ path: file }) => ({
      contents: compile(fs.readFileSync(file, "utf8"), { filename: path.basename(file), generate: "client" }).js.code,
    }));
  },
};
