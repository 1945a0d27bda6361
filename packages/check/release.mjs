// Each file of a release, used as those would who take it: without cargo, without a build.
import { spawn, spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

const { SONDEO_RELEASE: FILES, SONDEO_RELEASE_BEFORE: BEFORE, SONDEO_CRATES: CRATES } = process.env;
const { SONDEO_WORK: WORK, SONDEO_VERSION: VERSION } = process.env;

const fail = (words) => {
  throw new Error(words);
};
const equal = (found, wanted, what) => {
  const [one, other] = [found, wanted].map((it) => JSON.stringify(it));
  if (one !== other) fail(`${what}: ${one}, and not ${other}`);
};
const ok = (words) => console.log(`  ok: ${words}`);
const run = (program, words, options = {}) => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: "utf8", ...options });
  if (error || status !== 0)
    fail(`\`${program} ${words.join(" ")}\`: ${error ?? `${status}: ${stderr}${stdout}`}`);
  return stdout;
};
const has = (program) =>
  process.env.PATH.split(":").some((folder) => fs.existsSync(path.join(folder, program)));
const file = (ending) => {
  const names = fs.readdirSync(FILES).filter((name) => name.endsWith(ending));
  return names.length === 1 ? path.join(FILES, names[0]) : fail(`${names.length} files end with ${ending}`);
};
const anew = (name) => {
  const folder = path.join(WORK, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
};
const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const GOLDEN = new URL("../../crates/model/golden/response-completed.json", import.meta.url);
const RESPONSE = (number) => ({
  ...JSON.parse(fs.readFileSync(GOLDEN, "utf8")),
  id: `0199a3c2-5f1e-7a3b-8c4d-${String(number).padStart(12, "0")}`,
});

// Starts the program, has it take an answer and give what it serves, and ends it as a system would.
const lives = async (what, program, words, number, { options = {}, database, health } = {}) => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const begun = Date.now();
  const args = [
    ...words,
    "serve",
    "--accept",
    "any",
    "--listen",
    `127.0.0.1:${port}`,
    "--database",
    database,
  ];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], ...options });
  let said = "";
  child.stderr.on("data", (it) => (said += it));
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
  let code;
  ended.then((it) => (code = it));
  try {
    for (;;) {
      if (code !== undefined) fail(`${what} ended with ${code}: ${said}`);
      if (Date.now() - begun > 20_000) fail(`${what} does not answer: ${said}`);
      if (
        await fetch(`${address}/healthz`).then(
          (it) => it.ok,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const post = () =>
      fetch(`${address}/v1/responses`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(RESPONSE(number)),
      });
    const stored = await post();
    equal(stored.status, 201, `${what} answers ${await stored.text()}`);
    equal((await post()).status, 200, `${what}, the same once more`);
    for (const name of ["/sondeo.js", "/dashboard/"]) {
      const { status, headers } = await fetch(address + name);
      equal(status, 200, `${what}: ${name}`);
      if (!/html|javascript/.test(headers.get("content-type")))
        fail(`${what}: ${name} is ${headers.get("content-type")}`);
    }
    if (health) health(port);
    const seconds = (Date.now() - begun) / 1000;
    if (seconds > 10) fail(`${what} took ${seconds} s to its first answer`);
    child.kill("SIGTERM");
    equal(await ended, 0, `${what} ends`);
    if (health) {
      let isWell = true;
      try {
        health(port);
      } catch {
        isWell = false;
      }
      equal(isWell, false, `${what} is healthy though it ended`);
    }
    return seconds;
  } finally {
    child.kill("SIGKILL");
  }
};

run("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: FILES });
const summed = fs
  .readFileSync(path.join(FILES, "SHA256SUMS"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("  ")[1]);
equal(
  summed,
  fs
    .readdirSync(FILES)
    .filter((it) => it !== "SHA256SUMS")
    .sort(),
  "the files that are summed",
);
ok(`${summed.length} files are what SHA256SUMS says`);

{
  const folder = anew("archive");
  run("tar", ["-xzf", file("x86_64-linux.tar.gz"), "--strip-components=1", "-C", folder]);
  const program = path.join(folder, "sondeo-collector");
  equal(run(program, ["--version"]).trim(), `sondeo-collector ${VERSION}`, "its version");
  const linked = spawnSync("ldd", [program], { encoding: "utf8" });
  if (!/not a dynamic|statically linked/.test(linked.stdout + linked.stderr))
    fail(`it is linked: ${linked.stdout}`);
  const bytes = fs.readFileSync(program);
  for (const place of [process.cwd(), process.env.HOME].filter((it) => it?.length > 4))
    if (bytes.includes(place)) fail(`the program says where it was built: ${place}`);
  const options = { env: {}, cwd: folder };
  const seconds = await lives("the program", program, [], 1, {
    options,
    database: path.join(folder, "sondeo.db"),
  });
  ok(
    `the archive: static, unpacked and answered in ${seconds.toFixed(1)} s, with nothing in its environment`,
  );
}

{
  const sri = JSON.parse(fs.readFileSync(path.join(FILES, "sri.json"), "utf8"));
  const folder = anew("embed");
  run("tar", ["-xzf", file(`sondeo-embed-${VERSION}.tar.gz`), "--strip-components=1", "-C", folder]);
  const names = fs.readdirSync(folder).filter((it) => !it.endsWith(".br") && it !== "sri.json");
  equal(Object.keys(sri), names.sort(), "the files with a hash");
  for (const [name, hash] of Object.entries(sri)) {
    const own = crypto
      .createHash("sha384")
      .update(fs.readFileSync(path.join(folder, name)))
      .digest("base64");
    equal(hash, `sha384-${own}`, name);
  }
  ok(`the widget: ${names.length} files have the hashes of sri.json`);
}

{
  const list = JSON.parse(fs.readFileSync(file(".cdx.json"), "utf8"));
  equal([list.bomFormat, list.specVersion], ["CycloneDX", "1.5"], "the list of materials");
  const known = new Set(list.components.map((it) => `${it.name} ${it.version}`));
  const lines = fs
    .readFileSync(CRATES, "utf8")
    .split("\n")
    .filter((it) => /^\S+ v/.test(it));
  const wanted = new Set(
    lines.map((line) =>
      line
        .match(/^(\S+) v(\S+)/)
        .slice(1)
        .join(" "),
    ),
  );
  wanted.delete(`sondeo-collector ${VERSION}`);
  const missing = [...wanted].filter((it) => !known.has(it));
  equal(missing, [], "crates that it lacks");
  if (/\/(root|home|work|tmp)\//.test(JSON.stringify(list))) fail("it names a folder of this machine");
  ok(`the list of materials has all ${wanted.size} crates of the program`);
}

{
  const archive = file("-oci.tar");
  const folder = anew("image");
  run("tar", ["-xf", archive, "-C", folder]);
  const image = `${folder}:${VERSION}`;
  const json = (digest) =>
    JSON.parse(fs.readFileSync(path.join(folder, "blobs", ...digest.split(":")), "utf8"));
  const index = JSON.parse(fs.readFileSync(path.join(folder, "index.json"), "utf8"));
  const manifest = json(index.manifests[0].digest);
  const { config, architecture, os } = json(manifest.config.digest);
  equal([os, architecture, config.User], ["linux", "amd64", "10001:10001"], "the image");
  equal(
    [config.Entrypoint, config.Cmd, config.StopSignal],
    [["/usr/bin/sondeo-collector"], ["serve"], "SIGTERM"],
    "what it runs",
  );
  equal(Object.keys(config.Volumes), ["/data"], "its volume");
  equal(config.Labels["org.opencontainers.image.version"], VERSION, "its label");
  const size = fs.statSync(archive).size / 1e6;
  if (size > 60) fail(`it weighs ${size} MB`);
  if (process.getuid() === 0) {
    const bundle = path.join(WORK, "bundle");
    fs.rmSync(bundle, { recursive: true, force: true });
    run("umoci", ["unpack", "--image", image, bundle]);
    const root = path.join(bundle, "rootfs");
    equal(fs.readdirSync(root).sort(), ["data", "etc", "usr"], "what is in it");
    equal(fs.readdirSync(path.join(root, "usr/bin")), ["sondeo-collector"], "its programs");
    equal(fs.statSync(path.join(root, "data")).uid, 10001, "whose its data is");
    const inside = ["--userspec=10001:10001", root, "/usr/bin/sondeo-collector"];
    const options = { env: { PATH: process.env.PATH } };
    const health = (port) =>
      run("chroot", [...inside, "healthcheck", "--listen", `0.0.0.0:${port}`], options);
    await lives("the image", "chroot", inside, 2, { options, database: "/data/sondeo.db", health });
    ok(`the image of ${size.toFixed(0)} MB: as user 10001 in its own files it answers, is healthy, and ends`);
  } else ok("the image has the layout that it should; to run it, this has to be root");
}

{
  const packed = file("_amd64.deb");
  const field = (name) => run("dpkg-deb", ["--field", packed, name]).trim();
  equal([field("Package"), field("Version")], ["sondeo-collector", `${VERSION}-1`], "the package");
  const root = path.join(WORK, "debian");
  if (process.getuid() !== 0 || !has("mmdebstrap"))
    ok("the package was not installed: that takes root and mmdebstrap");
  else {
    fs.rmSync(root, { recursive: true, force: true });
    // It reads none of the machine's own settings: how this one reaches its mirror, and whether that may be an old one.
    const keys = ["Check-Valid-Until", "Check-Date", "http::Proxy", "https::Proxy"].map(
      (key) => `Acquire::${key}`,
    );
    const settingsOfApt = run("apt-config", ["dump", "--no-empty", '--format=%f "%v";%n', ...keys])
      .split("\n")
      .filter((line) => line !== "");
    const asHere = settingsOfApt.map((line) => `--aptopt=${line}`);
    run("mmdebstrap", ["--variant=essential", "--quiet", ...asHere, "stable", root]);
    const inside = (...words) =>
      run("chroot", [root, ...words], { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });
    const install = (from) => {
      fs.copyFileSync(from, path.join(root, "tmp/collector.deb"));
      inside("dpkg", "--install", "/tmp/collector.deb");
    };
    const options = { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } };
    const database = "/var/lib/sondeo/sondeo.db";
    const settings = path.join(root, "etc/sondeo/collector.toml");
    install(BEFORE);
    fs.mkdirSync(path.join(root, "var/lib/sondeo"), { recursive: true });
    const program = [root, "/usr/bin/sondeo-collector"];
    await lives("the package before", "chroot", program, 3, { options, database });
    fs.appendFileSync(settings, "\n# The administrator's own line.\n");
    install(packed);
    if (!fs.readFileSync(settings, "utf8").includes("own line"))
      fail("an upgrade took the administrator's settings away");
    await lives("the package", "chroot", program, 4, { options, database });
    const exported = inside("/usr/bin/sondeo-collector", "export", "--database", database).trim().split("\n");
    equal(exported.length, 2, "answers after the upgrade");
    inside("dpkg", "--purge", "sondeo-collector");
    equal(
      ["usr/bin/sondeo-collector", "etc/sondeo", "var/lib/sondeo"].filter((it) =>
        fs.existsSync(path.join(root, it)),
      ),
      [],
      "what a purge leaves",
    );
    fs.rmSync(root, { recursive: true, force: true });
    ok("the package: installed in an empty Debian, upgraded with its answers and settings, purged");
  }
  const unpacked = anew("unpacked");
  run("dpkg-deb", ["--extract", packed, unpacked]);
  if (has("systemd-analyze")) {
    const unit = path.join(WORK, "sondeo-collector.service");
    const text = fs.readFileSync(path.join(unpacked, "lib/systemd/system/sondeo-collector.service"), "utf8");
    // The program stands where it was unpacked.
    fs.writeFileSync(unit, text.replace("ExecStart=/usr", `ExecStart=${unpacked}/usr`));
    const said = spawnSync("systemd-analyze", ["verify", "--man=no", unit], { encoding: "utf8" });
    const own = (said.stderr + said.stdout)
      .split("\n")
      .filter((line) => line.includes("sondeo-collector.service"));
    equal(own, [], "what systemd says of the unit");
    ok("systemd finds nothing wrong with the unit");
  }
}
