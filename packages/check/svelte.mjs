// Svelte's components for esbuild.
import fs from "node:fs";
import path from "node:path";
import { compile, compileModule } from "svelte/compiler";

/** @type {import("esbuild").Plugin} */
export const svelte = {
  name: "svelte",
  setup(build) {
    const compiled =
      (by) =>
      ({ path: file }) => ({
        contents: by(fs.readFileSync(file, "utf8"), { filename: path.basename(file), generate: "client" }).js
          .code,
      });
    build.onLoad({ filter: /\.svelte$/ }, compiled(compile));
    build.onLoad({ filter: /\.svelte\.js$/ }, compiled(compileModule));
  },
};
