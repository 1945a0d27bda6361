// What the checks share: where things are, a server with an endpoint, and a browser.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";

const set = (name) => process.env[name] ?? fail(`${name} is not set: run \`cargo xtask package check\``);
export const fail = (what) => {
  throw new Error(what);
};
export const ROOT = set("SONDEO_ROOT");
/** Where packages are put together. */
export const PACKAGES = set("SONDEO_PACKAGES");
export const read = (name) => fs.readFileSync(name, "utf8");
export const ok = (what) => console.log("  ok: " + what);
export const demand = (truth, what) => truth || fail(what);
export const equal = (found, wanted, what) => {
  const [one, other] = [found, wanted].map((it) => JSON.stringify(it, null, 1));
  if (one != other) fail(`${what} is\n${one}\nand should be\n${other}`);
};
/** Does it, and says how long it took. */
export const timed = async (what, work) => {
  const begin = Date.now();
  await work();
  console.log(`  ${what}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
};
export const run = (program, words, more = {}) => {
  try {
    return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...more });
  } catch (error) {
    return fail(`${program} ${words.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error}`);
  }
};
/** The first line of what somebody says who is waited for, or what went wrong meanwhile. */
export const until = async (what, is, patience = 20_000) => {
  for (const end = Date.now() + patience; ; await new Promise((done) => setTimeout(done, 50))) {
    const value = await is();
    if (value) return value;
    if (Date.now() > end) fail(`waited in vain: ${what}`);
  }
};

const TYPES = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  css: "text/css",
  json: "application/json",
  wasm: "application/wasm",
  txt: "text/plain",
  svg: "image/svg+xml",
};

/** Serves a folder, and takes responses at any address. */
export const serve = async (folder, { port = 0, types = TYPES, page, policy, refuse } = {}) => {
  const posts = [];
  const asked = [];
  const server = http.createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const head = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (policy) head["content-security-policy"] = policy;
    // Browsers ask for it by themselves.
    if (pathname == "/favicon.ico") return answer.writeHead(204).end();
    if (request.method == "OPTIONS") return answer.writeHead(204, head).end();
    if (request.method == "POST") {
      let body = "";
      request.on("data", (it) => (body += it));
      return request.on("end", () => {
        const response = JSON.parse(body);
        posts.push(response);
        const code = refuse?.(response);
        if (code) return answer.writeHead(422, head).end(JSON.stringify({ error: { code, message: "no" } }));
        answer.writeHead(201, { ...head, "content-type": "application/json" });
        answer.end(JSON.stringify({ id: response.id, stored: true }));
      });
    }
    asked.push(pathname);
    if (page && !path.extname(pathname))
      return answer.writeHead(200, { ...head, "content-type": "text/html" }).end(page);
    const file = path.join(folder, pathname.endsWith("/") ? pathname + "index.html" : pathname);
    if (!fs.existsSync(file)) return answer.writeHead(404, head).end();
    answer.writeHead(200, {
      ...head,
      "content-type": types[path.extname(file).slice(1)] ?? "application/octet-stream",
    });
    answer.end(fs.readFileSync(file));
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, posts, asked, close: () => server.close() };
};

/** Opens a browser for as long as `use` takes. */
export const browsing = async (use) => {
  const executablePath = set("SONDEO_CHROMIUM");
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
};

/** A new visitor's page, which must not say that anything is wrong. */
export const visit = async (browser, url, use, allowed = /^$/) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const said = [];
  page.on("console", (it) => /error|warning/.test(it.type()) && said.push(it.text()));
  page.on("pageerror", (it) => said.push(String(it)));
  page.on("requestfailed", (it) => said.push(`${it.url()} ${it.failure()?.errorText}`));
  page.setDefaultTimeout(20_000);
  try {
    await page.goto(url);
    const value = await use(page, said);
    equal(
      said.filter((it) => !allowed.test(it)),
      [],
      `what ${url} says`,
    );
    return value;
  } catch (error) {
    throw new Error(`${url}: ${error.message}\nThe page said: ${said.join("\n")}`, { cause: error });
  } finally {
    await context.close();
  }
};

/** Chooses the option at a place of the survey, and reads the end. */
export const answer = async (page, survey, at) => {
  const host = page.locator(`sondeo-widget[data-survey="${survey}"]`);
  await host.locator("[part~=option]").nth(at).click();
  return host;
};
