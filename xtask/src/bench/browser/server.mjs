// Static files (brotli 11, made on first request and kept) and the peers' mock back ends, on 127.0.0.1.
// Tells its parent process of every POST, with the time at which its headers arrived.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import zlib from "node:zlib";
import { mock } from "./mocks.mjs";

const here = import.meta.dirname;
const mounts = {
  pages: join(here, "pages"),
  npm: join(here, "node_modules"),
  vendor: join(here, "vendor"),
  static: join(here, "node_modules/posthog-js/dist"), // PostHog's asset host
  ...(process.env.SONDEO_EMBED && { sondeo: process.env.SONDEO_EMBED }),
};
const mime = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".cjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const brotli = (buf) =>
  zlib.brotliCompressSync(buf, {
    params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: buf.length,
    },
  });
const inflate = (buf) => (buf[0] === 0x1f && buf[1] === 0x8b ? zlib.gunzipSync(buf) : buf);
const cache = new Map();

async function file(path) {
  const [, mount, ...rest] = normalize(path).split("/");
  if (!mounts[mount]) return;
  const name = join(mounts[mount], ...rest);
  let body = await readFile(name).catch(() => {});
  if (!body) return;
  if (extname(name) === ".html") {
    // <!--include path-->
    let html = String(body);
    for (const [tag, inc] of html.matchAll(/<!--include (\S+)-->/g))
      html = html.replace(tag, await readFile(join(here, inc), "utf8"));
    body = Buffer.from(html);
  }
  return { type: mime[extname(name)] ?? "application/octet-stream", body: brotli(body) };
}

const server = createServer(async (req, res) => {
  const at = performance.timeOrigin + performance.now();
  const { pathname } = new URL(req.url, "http://localhost");
  const chunks = [];
  for await (const c of req) chunks.push(c);
  const body = inflate(Buffer.concat(chunks)).toString();
  if (req.method === "POST") process.send?.({ at, url: req.url, body });

  const cors = {
    "access-control-allow-origin": req.headers.origin ?? "*",
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": req.headers["access-control-request-headers"] ?? "*",
    "access-control-expose-headers": "*",
    "access-control-allow-methods": "GET,POST,PUT,OPTIONS",
    "timing-allow-origin": "*",
  };
  if (req.method === "OPTIONS") return res.writeHead(204, cors).end();
  const answer = mock(req, body);
  if (answer) {
    const out = brotli(
      Buffer.from(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body)),
    );
    return res
      .writeHead(200, {
        ...cors,
        "content-type": answer.type ?? mime[".json"],
        "content-encoding": "br",
        "content-length": out.length,
        "cache-control": "no-store",
        ...answer.headers,
      })
      .end(out);
  }
  const path = pathname
    .replace(/^\/(\d+\.\d+\.\d+\/)/, "/vendor/$1") // Sentry's CDN: /<version>/<bundle>
    .replace(/^\/static\/\d+\.\d+\.\d+\//, "/static/"); // PostHog's: /static/<version>/<bundle>
  if (!cache.has(path)) cache.set(path, file(path));
  const hit = await cache.get(path);
  if (!hit) {
    cache.delete(path);
    console.error("404", req.method, req.url);
    return res.writeHead(404, cors).end();
  }
  res
    .writeHead(200, {
      ...cors,
      "content-type": hit.type,
      "content-encoding": "br",
      "content-length": hit.body.length,
      "cache-control": "public, max-age=31536000, immutable",
    })
    .end(hit.body);
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const { port } = server.address();
  if (process.send) process.send({ port });
  else console.log(`http://127.0.0.1:${port}/pages/floor.html?auto`);
});
process.on("disconnect", () => process.exit());
