// The component from its packaged crate, in an application outside the tree: rendered by a server of Leptos and taken
// over by the browser, and rendered by the browser alone. `cargo xtask ci crates` has built all of it.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { browsing, demand, equal, ok, serve, until, visit } from "./lib.mjs";

const built = process.env.SONDEO_BUILT;

const asks = async (tab) => {
  const survey = tab.locator("sondeo-widget");
  await survey.locator("legend", { hasText: "How useful did you find this page?" }).waitFor();
  equal(await survey.count(), 1, "how often it stands there");
  equal(await tab.locator("#answers").textContent(), "0", "answers before");
  await survey.locator("[part~=option]").first().click();
  await until(
    "the application hears of the answer",
    async () => (await tab.locator("#answers").textContent()) == "1",
  );
};

const server = spawn(path.join(built, "outside"), [path.join(built, "hydrate")], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const lines = readline.createInterface({ input: server.stdout });
  const address = await new Promise((done) => lines.once("line", done));
  const html = await (await fetch(address)).text();
  demand(html.includes("<h1>Returns</h1>"), `the server's page is ${html}`);
  demand(!html.includes("sondeo-widget"), "a server shows no survey");
  await browsing(async (browser) => {
    await visit(browser, address, asks);
    ok("rendered by a server, and taken over");
    const page = `<!doctype html><html lang="en"><title>A page</title><body><script type="module">
      import init, { start } from "./outside.js"; await init(); start()</script></body></html>`;
    fs.writeFileSync(path.join(built, "csr/index.html"), page);
    const site = await serve(path.join(built, "csr"));
    await visit(browser, `${site.url}/`, asks);
    site.close();
    ok("rendered by the browser alone");
  });
} finally {
  server.kill();
}
