// The plugin: its code, the rules of WordPress' directory that can be checked here, and a life in WordPress.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  ROOT,
  PACKAGES,
  answer,
  browsing,
  demand,
  equal,
  fail,
  ok,
  read,
  run,
  serve,
  until,
  visit,
} from "./lib.mjs";

const PLUGIN = `${PACKAGES}/wordpress/sondeo`;
const has = (program) =>
  (process.env.PATH ?? "").split(":").some((folder) => fs.existsSync(path.join(folder, program)));
const every = (folder) =>
  fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((it) => it.isFile())
    .map((it) => path.join(it.parentPath, it.name));
const relative = (file) => path.relative(PLUGIN, file);

// What it needs that is not there. Only the database server's programs: no server is started for the whole system.
const NEEDS = {
  php: "php-cli",
  phpcs: "php-codesniffer",
  mariadbd: "mariadb-server-core",
  my_print_defaults: "mariadb-client-core",
};
const missing = Object.entries(NEEDS)
  .filter(([program]) => !has(program))
  .map(([, name]) => name);
const modules = has("php") ? run("php", ["-m"]) : "";
for (const [module, name] of [
  ["mysqli", "php-mysql"],
  ["mbstring", "php-mbstring"],
  ["xml", "php-xml"],
])
  if (!modules.split("\n").includes(module)) missing.push(name);
if (missing.length) {
  if (!has("apt-get") || process.getuid() != 0) {
    console.log(`  not tested here, because it cannot be had: ${missing.join(" ")}`);
    process.exit(0);
  }
  console.log(`  Installing ${missing.join(" ")} with apt-get`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = () => run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing], quiet);
  try {
    install();
  } catch {
    run("apt-get", ["update", "-q"]);
    install();
  }
}

const php = every(PLUGIN).filter((it) => it.endsWith(".php"));
for (const file of php) run("php", ["-l", file]);
run("phpcs", ["-n", `--standard=${ROOT}/packages/wordpress/phpcs.xml`, "--extensions=php", PLUGIN]);
ok(`${php.length} files compile, and keep the rules of phpcs.xml`);

// Rules of plugin-check that need no WordPress.
for (const file of php) {
  const text = read(file);
  const name = relative(file);
  const isGuarded = /defined\('(ABSPATH|WP_UNINSTALL_PLUGIN)'\)/.test(text) || name.endsWith("index.php");
  demand(isGuarded, `${name} can be called from outside`);
  demand(text.startsWith("<?php"), `${name} prints something before it begins`);
  // Whatever is printed is a word of ours, or is escaped where it is printed.
  for (const [whole, ignored, statement] of text.matchAll(
    /(phpcs:ignore [^\n]*EscapeOutput[^\n]*\n)?\s*\b((?:echo|printf\()[\s\S]*?;\n)/g,
  )) {
    if (ignored) continue;
    const left = statement
      .replace(/'(?:[^'\\]|\\.)*'/g, "''")
      .replace(/(esc_\w+|selected|checked)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g, "");
    demand(!/\$|__\(/.test(left), `${name} prints without escaping: ${whole.trim()}`);
  }
  for (const [call] of text.matchAll(
    /\b(?:esc_html|esc_attr)?_{1,2}[ex]?\((?:'[^']*'), '(?!sondeo')[^']*'\)/g,
  ))
    fail(`${name} has a text of another domain: ${call}`);
}
const readme = read(`${PLUGIN}/readme.txt`);
const header = read(`${PLUGIN}/sondeo.php`);
const field = (text, name) =>
  RegExp(`^(?: \\* )?${name}: (.*)$`, "m").exec(text)?.[1] ?? fail(`there is no "${name}"`);
for (const name of ["Requires at least", "Requires PHP", "License"])
  equal(field(readme, name), field(header, name), name);
demand(field(readme, "Tags").split(",").length <= 5, "more than five tags");
for (const section of [
  "Description",
  "External services",
  "Installation",
  "Frequently Asked Questions",
  "Source code",
  "Changelog",
])
  demand(readme.includes(`\n== ${section} ==\n`), `readme.txt has no section "${section}"`);
for (const file of every(PLUGIN)) demand(!/(^|\/)\./.test(relative(file)), `${relative(file)} is hidden`);
const scripts = fs.statSync(`${PLUGIN}/assets/sondeo.js`).size;
demand(scripts < 293_000, `the scripts of a page weigh ${scripts}`);
for (const file of every(`${PACKAGES}/npm/embed`).map((it) => path.basename(it)))
  demand(file == "load.js" || fs.existsSync(`${PLUGIN}/assets/${file}`), `the plugin lacks ${file}`);
ok("guards, escaping, text domain, readme and bundled files are as the directory wants them");

// The list of what can be translated is written by gettext.
if (has("xgettext")) {
  const words = ["__", "esc_html__", "esc_html_e"].map((it) => `--keyword=${it}`);
  const sources = [
    ...php.filter((it) => /includes/.test(it)),
    `${PLUGIN}/sondeo.php`,
    `${PLUGIN}/blocks/sondeo/editor.js`,
  ].sort();
  const made = path.resolve("sondeo.pot");
  fs.rmSync(made, { force: true });
  for (const [language, kind] of [
    ["PHP", ".php"],
    ["JavaScript", ".js"],
  ])
    run("xgettext", [
      "--from-code=UTF-8",
      `--language=${language}`,
      ...words,
      "--add-comments=translators",
      "--no-location",
      "--omit-header",
      "--sort-output",
      ...(fs.existsSync(made) ? ["--join-existing"] : []),
      "-o",
      made,
      ...sources.filter((it) => it.endsWith(kind)),
    ]);
  const head = `msgid ""\nmsgstr ""\n"Project-Id-Version: Sondeo surveys\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n`;
  const pot = head + read(made);
  const stored = `${ROOT}/packages/wordpress/languages/sondeo.pot`;
  if (process.env.SONDEO_WRITE) fs.writeFileSync(stored, pot);
  equal(read(stored).split("\n"), pot.split("\n"), "languages/sondeo.pot (SONDEO_WRITE=1 stores it)");
  run("msgfmt", ["--check", "-o", "/dev/null", stored]);
  ok("languages/sondeo.pot has every text");
}

// The files of WordPress, and what Debian keeps elsewhere.
const PACKAGED = [
  "wordpress",
  "wordpress-theme-twentytwentythree",
  "php-getid3",
  "libjs-underscore",
  "libjs-cropper",
];
const files = path.resolve("wordpress-files");
if (!fs.existsSync(path.join(files, "complete"))) {
  if (!has("apt-get")) {
    console.log("  not tested here, because it cannot be had: WordPress");
    process.exit(0);
  }
  fs.rmSync(files, { recursive: true, force: true });
  fs.mkdirSync(files, { recursive: true });
  const download = () => run("apt-get", ["download", "-q", ...PACKAGED], { cwd: files });
  try {
    download();
  } catch {
    run("apt-get", ["update", "-q"]);
    download();
  }
  for (const it of fs.readdirSync(files).filter((it) => it.endsWith(".deb")))
    run("dpkg-deb", ["-x", it, "."], { cwd: files });
  fs.writeFileSync(path.join(files, "complete"), "");
}
const site = path.resolve("wordpress-site");
fs.rmSync(site, { recursive: true, force: true });
const share = path.join(files, "usr/share/wordpress");
fs.cpSync(share, site, {
  recursive: true,
  dereference: true,
  filter: (it) => !/\/(wp-config\.php|\.htaccess)$/.test(it) && fs.existsSync(it),
});

// A database of our own, in a folder of our own; its socket's name must be short.
const place = fs.mkdtempSync(path.join(os.tmpdir(), "sondeo-"));
const socket = path.join(place, "db.sock");
const children = [];
const start = (program, words, more = {}) => {
  const log = fs.openSync(path.join(place, `${path.basename(program)}.log`), "w");
  const child = spawn(program, words, { stdio: ["ignore", log, log], ...more });
  children.push(child);
  return child;
};
const stop = async () => {
  for (const child of children.reverse()) {
    if (child.exitCode != null) continue;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
  }
  fs.rmSync(place, { recursive: true, force: true });
};
process.on("exit", () => children.forEach((it) => it.kill()));

const data = path.join(place, "data");
run("mariadb-install-db", [
  "--no-defaults",
  `--datadir=${data}`,
  "--auth-root-authentication-method=normal",
  "--skip-test-db",
  `--user=${os.userInfo().username}`,
]);
start("mariadbd", [
  "--no-defaults",
  `--datadir=${data}`,
  `--socket=${socket}`,
  "--skip-networking",
  `--user=${os.userInfo().username}`,
  `--pid-file=${place}/db.pid`,
]);
const query = (text, base = "") =>
  `$db = new mysqli("localhost", "root", "", "${base}", 0, "${socket}"); ${text}`;
await until("the database", () => {
  try {
    return run("php", ["-r", query(`$db->query("CREATE DATABASE wp"); echo "made";`)]) == "made";
  } catch {
    return false;
  }
});

const log = path.join(place, "debug.log");
fs.writeFileSync(
  path.join(site, "wp-config.php"),
  `<?php
define('DB_NAME', 'wp');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:${socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
${["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].map((it) => `define('${it}_KEY', 'a'); define('${it}_SALT', 'b');`).join("\n")}
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '${log}');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('AUTOMATIC_UPDATER_DISABLED', true);
define('FS_METHOD', 'direct');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`,
);
// What WooCommerce does on the page after a purchase.
fs.mkdirSync(path.join(site, "wp-content/mu-plugins"), { recursive: true });
fs.writeFileSync(
  path.join(site, "wp-content/mu-plugins/shop.php"),
  `<?php
add_filter('the_content', function ($text) {
  if (!isset($_GET['thanks'])) return $text;
  ob_start();
  do_action('woocommerce_thankyou', 42);
  return $text . ob_get_clean();
});
`,
);
fs.mkdirSync(path.join(site, "wp-content/uploads"), { recursive: true });

const endpoint = await serve(".");
const [port] = await new Promise((done) => {
  const server = import("node:net").then(({ createServer }) => {
    const it = createServer().listen(0, "127.0.0.1", () => {
      const { port } = it.address();
      it.close(() => done([port]));
    });
  });
  return server;
});
const url = `http://127.0.0.1:${port}`;
const PASSWORD = "correct horse battery staple";
/** Runs PHP within this WordPress. */
const wp = (code, installing = false) => {
  const before = `$_SERVER += ["HTTP_HOST" => "127.0.0.1:${port}", "REQUEST_URI" => "/"]; ${installing ? "define('WP_INSTALLING', true);" : ""}`;
  return run("php", ["-d", "display_errors=0", "-r", `${before} require "${site}/wp-load.php"; ${code}`]);
};
wp(
  `require_once ABSPATH . "wp-admin/includes/upgrade.php";
    wp_install("A site", "admin", "admin@example.com", true, "", "${PASSWORD}");`,
  true,
);
wp(`update_option("siteurl", "${url}"); update_option("home", "${url}");`);
start(
  "php",
  ["-d", "upload_max_filesize=32M", "-d", "post_max_size=32M", "-S", `127.0.0.1:${port}`, "-t", site],
  { cwd: site, env: { ...process.env, PHP_CLI_SERVER_WORKERS: "4" } },
);
const version = wp("echo $GLOBALS['wp_version'];");
const post = (content) =>
  wp(
    `echo wp_insert_post(["post_title" => "A post", "post_status" => "publish", "post_content" => base64_decode("${Buffer.from(content).toString("base64")}")]);`,
  );
const plain = post("<p>Words.</p>");
const withBoth = post(
  `<!-- wp:sondeo/survey {"survey":"faq"} /-->\n\n[sondeo survey="csat" question='Was it "good" <b>?' onclick="alert(1)"]`,
);
const at = (id) => `${url}/?p=${id}`;
const tag = (page) => page.locator('script[src*="sondeo.js"]');

try {
  await until("WordPress", async () => (await fetch(`${url}/wp-login.php`).catch(() => ({}))).ok);
  await browsing(async (browser) => {
    // What WordPress' own pages say is not ours; what they show of ours is.
    const admin = await (await browser.newContext()).newPage();
    admin.setDefaultTimeout(30_000);
    admin.on("dialog", (it) => it.accept());
    await admin.goto(`${url}/wp-login.php`);
    await admin.fill("#user_login", "admin");
    await admin.fill("#user_pass", PASSWORD);
    await Promise.all([admin.waitForURL(/wp-admin/), admin.click("#wp-submit")]);

    await admin.goto(`${url}/wp-admin/plugin-install.php?tab=upload`);
    const [zip] = fs.readdirSync(PACKAGES).filter((it) => it.startsWith("sondeo-wordpress-"));
    // The field is there, and hidden behind a button.
    await admin.locator("#pluginzip").setInputFiles(path.join(PACKAGES, zip));
    await admin.evaluate(() => document.querySelector(".wp-upload-form").submit());
    await admin.locator("a.button-primary", { hasText: "Activate Plugin" }).click();
    await admin
      .locator('tr[data-slug="sondeo"].active, tr[data-plugin="sondeo/sondeo.php"].active')
      .waitFor();
    ok(`WordPress ${version}: uploaded and activated`);

    await visit(browser, at(plain), async (page) =>
      equal(await tag(page).count(), 0, "script tags before anything is set"),
    );
    const settings = `${url}/wp-admin/options-general.php?page=sondeo`;
    const save = async (values) => {
      await admin.goto(settings);
      for (const [name, value] of Object.entries(values)) {
        const field = admin.locator(`#sondeo-${name}`);
        const kind = await field.evaluate((it) => it.type);
        if (kind == "checkbox") await field.setChecked(value);
        else if (kind == "select-one") await field.selectOption(value);
        else {
          // What the browser would refuse, somebody else may send.
          await field.evaluate((it) => (it.type = "text"));
          await field.fill(value);
        }
      }
      await Promise.all([
        admin.waitForURL(/settings-updated/),
        admin.locator("form[action='options.php'] #submit").click(),
      ]);
    };
    await save({
      endpoint: `${endpoint.url}/responses`,
      survey: "nps",
      where: "posts",
      lang: "es",
      consent: "granted",
    });
    equal(await admin.inputValue("#sondeo-survey"), "nps", "the survey that is stored");
    await admin
      .getByText("Test the address")
      .or(admin.locator("input[value='Test the address']"))
      .first()
      .click();
    await admin.locator("#sondeo-result.notice-success").waitFor();
    const ping =
      endpoint.posts.find((it) => it.survey == "wordpress-test") ?? fail("the test has posted nothing");
    demand(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(ping.id),
      `the id ${ping.id} is none`,
    );
    ok("settings are stored, and the test posts from the server");

    await visit(browser, at(plain), async (page) => {
      await answer(page, "nps", 7);
      const response = await until("an answer", () =>
        endpoint.posts.find((it) => it.answers?.[0]?.value === 7),
      );
      equal(
        [response.survey, response.language, response.page.title.slice(0, 6)],
        ["nps", "es", "A post"],
        "what has arrived",
      );
    });
    await visit(browser, url, async (page) =>
      equal(await tag(page).count(), 0, "script tags of the front page"),
    );
    ok("a survey is asked on posts, answered, and the answer arrives; elsewhere there is no tag");

    await save({ where: "nowhere", purchase: true });
    await visit(browser, at(withBoth), async (page) => {
      equal(await tag(page).count(), 1, "script tags of a post with two elements");
      const elements = await page
        .locator("[data-sondeo]")
        .evaluateAll((all) => all.map((it) => it.outerHTML));
      equal(elements[0], '<div data-sondeo="faq"></div>', "the element of the block");
      demand(!/onclick/.test(elements[1]), "the shortcode passes on what is no attribute of ours");
      equal(
        await page.locator("[data-sondeo=csat]").getAttribute("data-question"),
        'Was it "good" <b>?',
        "the question of the shortcode",
      );
      await answer(page, "faq", 0);
      await until("an answer", () => endpoint.posts.find((it) => it.survey == "faq" && it.answers?.length));
    });
    await visit(browser, `${at(plain)}&thanks`, async (page) => {
      equal(await page.locator("[data-sondeo]").getAttribute("data-custom-order"), "42", "the order");
      await answer(page, "post-purchase", 4);
      const response = await until("an answer", () =>
        endpoint.posts.find((it) => it.survey == "post-purchase" && it.answers?.length),
      );
      equal(response.custom, { order: "42" }, "what the answer carries");
    });
    ok("the block, the shortcode and WooCommerce's page ask where they stand");

    await admin.goto(`${url}/wp-admin/post-new.php`);
    await admin.waitForFunction(() => window.wp?.blocks?.getBlockType("sondeo/survey"));
    const shown = await admin.evaluate(() => {
      const block = window.wp.blocks.createBlock("sondeo/survey", { survey: "csat" });
      window.wp.data.dispatch("core/block-editor").insertBlocks([block]);
      return window.wp.blocks.serialize([block]);
    });
    equal(shown, '<!-- wp:sondeo/survey {"survey":"csat"} /-->', "what the editor stores");
    const frame = admin.frameLocator("iframe[name=editor-canvas]");
    const label = (it) => it.getByText("What is asked");
    await Promise.any([
      label(admin).first().waitFor({ state: "attached" }),
      label(frame).first().waitFor({ state: "attached" }),
    ]);
    ok("the editor has the block");

    // Somebody who may write options, but not into pages.
    const evil = `"><script>window.pwned = 1</script>`;
    await save({
      endpoint: `https://x.example/${evil}`,
      survey: `nps ${evil}`,
      lang: evil,
      where: "everywhere",
    });
    equal(await admin.inputValue("#sondeo-survey"), "nps", "the survey that is left");
    const dirty = JSON.stringify({
      endpoint: evil,
      site: evil,
      survey: evil,
      lang: evil,
      where: "everywhere",
      consent: evil,
    });
    wp(`update_option("sondeo_settings", json_decode(base64_decode("${Buffer.from(dirty).toString("base64")}"), true));
        global $wpdb; $wpdb->update($wpdb->options, ["option_value" => serialize(json_decode(base64_decode("${Buffer.from(dirty).toString("base64")}"), true))], ["option_name" => "sondeo_settings"]);`);
    await admin.goto(settings);
    equal(await admin.inputValue("#sondeo-endpoint"), evil, "what the page of settings shows");
    await visit(
      browser,
      at(plain),
      async (page) => {
        equal(await tag(page).getAttribute("data-endpoint"), evil, "the attribute of the tag");
        equal(await page.evaluate(() => window.pwned), undefined, "what was let in");
      },
      /sondeo|Failed to load|x\.example/,
    );
    equal(await admin.evaluate(() => window.pwned), undefined, "what was let into the page of settings");
    ok(`${evil} stays words, in the settings and in the page`);

    await save({
      endpoint: "http://127.0.0.1:9/responses",
      site: "",
      survey: "nps",
      lang: "",
      where: "posts",
      consent: "granted",
    });
    await admin.locator("input[value='Test the address']").click();
    await admin.locator("#sondeo-result.notice-error").waitFor();
    // A collector takes no survey that it does not know. That it says so, and stores nothing, is as good.
    const collector = await serve(".", { refuse: (it) => it.survey == "wordpress-test" && "unknown_survey" });
    await save({ endpoint: `${collector.url}/v1/responses` });
    await admin.locator("input[value='Test the address']").click();
    await admin.locator("#sondeo-result.notice-success", { hasText: "collector" }).waitFor();
    collector.close();
    await save({ endpoint: "", site: `${endpoint.url}/nothing` });
    await admin.locator("input[value='Test the address']").click();
    await admin.locator("#sondeo-result.notice-error", { hasText: "404" }).waitFor();
    ok("the test says what is wrong");

    await save({ endpoint: `${endpoint.url}/responses`, site: "" });
    await admin.goto(`${url}/wp-admin/plugins.php`);
    await admin.click('tr[data-plugin="sondeo/sondeo.php"] .deactivate a');
    await admin.locator('tr[data-plugin="sondeo/sondeo.php"].inactive').waitFor();
    await visit(browser, at(plain), async (page) =>
      equal(await tag(page).count(), 0, "script tags after deactivating"),
    );
    await visit(browser, at(withBoth), async (page) =>
      equal(await page.locator("[data-sondeo]").count(), 0, "elements after deactivating"),
    );
    const option = () => wp(`echo get_option("sondeo_settings", "none") === "none" ? "none" : "there";`);
    equal(option(), "there", "the option after deactivating");
    await admin.click('tr[data-plugin="sondeo/sondeo.php"] .delete a');
    await admin.locator('tr[data-plugin="sondeo/sondeo.php"].deleted').waitFor({ state: "attached" });
    equal(option(), "none", "the option after uninstalling");
    const left = wp(
      `global $wpdb; echo $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE '%sondeo%' AND option_name NOT LIKE '%transient%'");`,
    );
    equal(left, "0", "options that are left");
    demand(!fs.existsSync(path.join(site, "wp-content/plugins/sondeo")), "files are left");
    ok("deactivated it does nothing, uninstalled it leaves nothing");
  });
  // WordPress of Debian 12 is older than its PHP, and says so; we may say nothing. First, that anybody listens.
  wp(`trigger_error("somebody listens");`);
  demand(read(log).includes("somebody listens"), "nothing is logged");
  const said = read(log)
    .split("\n")
    .filter((it) => it.includes("sondeo"));
  equal(said, [], "notices with WP_DEBUG");
  ok("no notice with WP_DEBUG");
} finally {
  endpoint.close();
  await stop();
  fs.rmSync(site, { recursive: true, force: true });
}
