//! The blocks of `docs/deploy.md`, as they stand there but for addresses, ports and certificates, with the real programs.

use crate::process::{Process, program};
use crate::support::programs::{Running, block, find, free_port};
use crate::support::{COMPLETED, On, client, header, send, with};
use futures_util::StreamExt;
use reqwest::{Method, Response, Url};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const PAGE: &str = include_str!("../../../../docs/deploy.md");
/// How long an event may take from the answer to its response; without a proxy it is there at once.
const EVENT_TIMEOUT: Duration = Duration::from_secs(10);

/// A collector with a widget and a dashboard whose files say where they are.
struct Behind {
    process: Process,
    port: u16,
    folder: TempDir,
}

impl Behind {
    async fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        file("embed/sondeo.js", "// the loader");
        // What the build replaces by links of its own.
        let lines = include_str!("../../../dashboard/index.html").lines();
        let page: String = lines
            .filter(|line| !line.contains("data-trunk"))
            .flat_map(|line| [line, "\n"])
            .collect();
        file("dashboard/index.html", &page);
        file("dashboard/boot.js", "// the beginning");
        file("dashboard/sondeo-dashboard_bg.wasm", "\0asm");
        let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
        let port = free_port();
        let database = path("sondeo.db");
        let mut command = program();
        command.args([
            "serve",
            "--accept",
            "any",
            "--link",
            "--listen",
            &format!("127.0.0.1:{port}"),
        ]);
        command.args(["--database", &database, "--embed", &path("embed")]);
        command.args(["--dashboard", &path("dashboard"), "--trusted-proxy", "127.0.0.1"]);
        command.args(arguments);
        let process = Process::spawn(command).await;
        Self { process, port, folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// What a browser adds that shows a page of this address.
fn as_page(method: Method, url: &Url, page: &Url) -> reqwest::RequestBuilder {
    client()
        .request(method, url.clone())
        .header("origin", page.origin().ascii_serialization())
        .header("sec-fetch-site", "same-origin")
}

async fn get(url: &Url) -> Response {
    send(client().get(url.clone())).await
}

/// Follows a redirect as a browser does.
fn target(response: &Response, url: &Url) -> Url {
    url.join(header(response, "location")).expect("an address")
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    page.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Everything that visitors and readers do, at the collector that is reached below this address.
async fn check_through(root: &str, behind: &Behind, cookie_path: &str) {
    let root: Url = root.parse().expect("an address");
    let at = |path: &str| root.join(path).expect("an address");
    // A hosted page finds the loader and the place for its answers, also after its redirect.
    let link = at("s/nps?sondeo-recommend=9");
    let moved = get(&link).await;
    assert_eq!(moved.status(), 303, "{link}");
    let hosted = target(&moved, &link);
    assert!(hosted.as_str().starts_with(at("s/nps?sondeo=nps").as_str()), "{hosted}");
    let page = get(&hosted).await.text().await.expect("a page");
    let loader = hosted.join(attributes(&page, "src")[0]).expect("an address");
    let loaded = get(&loader).await;
    assert_eq!(
        (loaded.status().as_u16(), loaded.text().await.expect("it")),
        (200, "// the loader".into())
    );
    let endpoint = hosted.join(attributes(&page, "data-endpoint")[0]).expect("an address");
    assert_eq!(endpoint, at("v1/responses"));
    let large = with(
        COMPLETED,
        json!({"page": {"url": hosted.as_str().split('?').next(),
        "title": "漢".repeat(9_000), "referrer": ""}}),
    );
    let sent = send(as_page(Method::POST, &endpoint, &hosted).json(&large)).await;
    assert_eq!(sent.status(), 201, "{endpoint}");

    // The dashboard finds its files from each of its addresses.
    let moved = get(&at("dashboard")).await;
    assert_eq!(
        (moved.status().as_u16(), target(&moved, &at("dashboard"))),
        (308, at("dashboard/"))
    );
    for address in ["dashboard/", "dashboard/nps", "dashboard/nps/comments?search=x"] {
        let address = at(address);
        let page = get(&address).await.text().await.expect("a page");
        assert_eq!(address.join(attributes(&page, "data-root")[0]).expect("an address"), root);
        let files = [attributes(&page, "src"), attributes(&page, "href")].concat();
        let ours: Vec<_> =
            files.iter().filter(|it| it.ends_with(".js") || it.ends_with(".wasm")).collect();
        assert_eq!(ours.len(), 2, "{page}");
        for file in ours {
            let file = address.join(file).expect("an address");
            assert_eq!(get(&file).await.status(), 200, "{file}");
        }
    }

    // Somebody opens it by the link, and by name and password.
    let link = behind.process.link.clone().expect("a link");
    let code = link.rsplit('/').next().expect("a code");
    let opened = get(&at(&format!("v1/session/{code}"))).await;
    let target = target(&opened, &at(&format!("v1/session/{code}")));
    assert_eq!((opened.status().as_u16(), target), (303, at("dashboard/")));
    let cookie = header(&opened, "set-cookie").to_owned();
    assert!(cookie.contains(&format!("; Path={cookie_path};")), "{cookie}");
    let session = cookie.split(';').next().expect("a cookie").to_owned();
    let read = send(client().get(at("v1/surveys")).header("cookie", &session)).await;
    assert_eq!(read.status(), 200);
    let credentials = json!({"user": "ana", "password": "wrong horse"});
    let login = as_page(Method::POST, &at("v1/session"), &at("dashboard/")).json(&credentials);
    assert_eq!(send(login).await.status(), 401, "the password is wrong, and nothing else");

    // Events arrive while the connection stays open.
    let events = send(client().get(at("v1/events")).header("cookie", &session));
    let events = tokio::time::timeout(EVENT_TIMEOUT, events).await.expect("the head of the stream");
    assert_eq!(header(&events, "content-type"), "text/event-stream");
    let mut events = events.bytes_stream();
    let next = with(COMPLETED, json!({"id": "0199a3c2-5f1e-7a3b-8c4d-00000000e4e4"}));
    let sent = send(as_page(Method::POST, &endpoint, &hosted).json(&next)).await;
    assert_eq!(sent.status(), 201);
    let event = tokio::time::timeout(EVENT_TIMEOUT, events.next()).await.expect("an event in time");
    let event = event.expect("an event").expect("bytes");
    assert!(String::from_utf8_lossy(&event).contains("00000000e4e4"), "{event:?}");

    let out = as_page(Method::DELETE, &at("v1/session"), &at("dashboard/"));
    let out = send(out.header("cookie", &session)).await;
    assert_eq!(out.status(), 204);
    assert!(header(&out, "set-cookie").contains("Max-Age=0"));
}

/// nginx with this inside of `http`.
fn nginx(behind: &Behind, block: &str, port: u16) -> Option<Running> {
    let program = find("nginx")?;
    let folder = behind.folder.path().to_str().expect("UTF-8");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/nginx-{kind};"))
        .concat();
    let user = if is_root() { "user root;" } else { "" };
    let text = format!(
        "daemon off; {user} pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\n\
         http {{ access_log off; {temporary}\n{block}\n}}\n"
    );
    let file = behind.path("nginx.conf");
    fs::write(&file, text).expect("a file");
    let mut command = Command::new(program);
    command.arg("-e").arg("stderr").arg("-p").arg(folder).arg("-c").arg(&file);
    Some(Running::start(command, &behind.path("nginx.log"), port))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

/// The block with the collector's port, and with a free port and no certificate in the place of TLS.
fn plain(block: &str, behind: &Behind, port: u16) -> String {
    let lines = block.lines().filter(|line| !line.trim_start().starts_with("ssl_certificate"));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    text.replace("127.0.0.1:7878", &format!("127.0.0.1:{}", behind.port))
        .replace("listen 443 ssl;", &format!("listen 127.0.0.1:{port};"))
}

#[tokio::test]
async fn nginx_as_the_page_has_it() {
    let behind = Behind::start(&[]).await;
    let port = free_port();
    let text = plain(&block(PAGE, "nginx", "nginx"), &behind, port);
    let Some(_nginx) = nginx(&behind, &text, port) else { return };
    check_through(&format!("http://127.0.0.1:{port}/"), &behind, "/").await;
}

#[tokio::test]
async fn nginx_with_its_defaults() {
    let behind = Behind::start(&["--origin", "https://shop.example"]).await;
    let port = free_port();
    let text = format!(
        "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{}; }} }}",
        behind.port
    );
    let Some(_nginx) = nginx(&behind, &text, port) else { return };
    check_through(&format!("http://127.0.0.1:{port}/"), &behind, "/").await;
}

#[tokio::test]
async fn nginx_below_a_path() {
    for (arguments, cookie_path) in [(&[][..], "/"), (&["--base-path", "/surveys"], "/surveys")] {
        let behind = Behind::start(arguments).await;
        let port = free_port();
        let location = plain(&block(PAGE, "Below a path of a site", "nginx"), &behind, port);
        let text = format!("server {{ listen 127.0.0.1:{port};\n{location} }}");
        let Some(_nginx) = nginx(&behind, &text, port) else { return };
        check_through(&format!("http://127.0.0.1:{port}/surveys/"), &behind, cookie_path).await;
    }
}

#[tokio::test]
async fn nginx_that_leaves_the_path_in_what_it_passes_on() {
    let behind = Behind::start(&["--base-path", "/surveys"]).await;
    let port = free_port();
    let text = format!(
        "server {{ listen 127.0.0.1:{port}; location /surveys {{ proxy_pass http://127.0.0.1:{}; }} }}",
        behind.port
    );
    let Some(_nginx) = nginx(&behind, &text, port) else { return };
    check_through(&format!("http://127.0.0.1:{port}/surveys/"), &behind, "/surveys").await;
}

fn caddy(behind: &Behind, block: &str, port: u16) -> Option<Running> {
    let program = find("caddy")?;
    let file = behind.path("Caddyfile");
    fs::write(&file, format!("{{\n\tadmin off\n}}\n{block}")).expect("a file");
    let mut command = Command::new(program);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
    command.env("XDG_DATA_HOME", behind.path("caddy-data"));
    command.env("XDG_CONFIG_HOME", behind.path("caddy-config"));
    Some(Running::start(command, &behind.path("caddy.log"), port))
}

#[tokio::test]
async fn caddy_as_the_page_has_it() {
    let behind = Behind::start(&[]).await;
    let port = free_port();
    let text = plain(&block(PAGE, "Caddy", "caddyfile"), &behind, port);
    let text = text.replace("surveys.example {", &format!("http://127.0.0.1:{port} {{"));
    let Some(_caddy) = caddy(&behind, &text, port) else { return };
    check_through(&format!("http://127.0.0.1:{port}/"), &behind, "/").await;
}

#[tokio::test]
async fn caddy_below_a_path() {
    let behind = Behind::start(&["--base-path", "/surveys"]).await;
    let port = free_port();
    let text = plain(&block(PAGE, "Below a path of a site", "caddyfile"), &behind, port);
    let text = text.replace("shop.example {", &format!("http://127.0.0.1:{port} {{"));
    let Some(_caddy) = caddy(&behind, &text, port) else { return };
    check_through(&format!("http://127.0.0.1:{port}/surveys/"), &behind, "/surveys").await;
}

/// An operator who forgot it reads which setting is missing, once.
#[tokio::test]
async fn a_proxy_that_is_not_trusted_is_named_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program();
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--database"]);
    command.arg(folder.path().join("sondeo.db")).stderr(std::process::Stdio::piped());
    let mut process = Process::spawn(command).await;
    for _ in 0..2 {
        let request = client().get(format!("{}/healthz", process.address));
        let answer = send(request.header("x-forwarded-for", "198.51.100.1")).await;
        assert_eq!(answer.status(), 200);
    }
    process.child.start_kill().expect("it ends");
    let mut stderr = process.child.stderr.take().expect("its log");
    let mut log = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stderr, &mut log).await.expect("a text");
    assert_eq!(log.matches("give --trusted-proxy 127.0.0.1").count(), 1, "{log}");
}

/// What Traefik sends with the block of the page. The path itself it has taken away.
#[tokio::test]
async fn a_trusted_proxy_names_the_path_that_it_took_away() {
    let behind = Behind::start(&[]).await;
    let link = behind.process.link.clone().expect("a link");
    let ask = async |prefix: &str| {
        let request = client().get(&link).header("x-forwarded-prefix", prefix);
        let request =
            request.header("x-forwarded-host", "shop.example").header("x-real-ip", "198.51.100.1");
        send(request.header("x-forwarded-for", "198.51.100.1")).await
    };
    let opened = ask("/surveys").await;
    assert_eq!(opened.status(), 303);
    let cookie = header(&opened, "set-cookie");
    assert!(cookie.contains("; Path=/surveys;"), "{cookie}");
    let session = cookie.split(';').next().expect("a cookie");
    for (prefix, status) in [("/surveys", 200), ("//evil.example", 200)] {
        let request = client().get(format!("{}/v1/session", behind.process.address));
        let request = request.header("x-forwarded-prefix", prefix).header("cookie", session);
        assert_eq!(send(request).await.status(), status, "{prefix}");
    }
    // A page behind a proxy that renames the host, in a browser that says less.
    let login = client().post(format!("{}/v1/session", behind.process.address));
    let login =
        login.header("x-forwarded-host", "shop.example").header("origin", "http://shop.example");
    let login = login.json(&json!({"user": "ana", "password": "x"}));
    assert_eq!(send(login).await.status(), 401);
}

/// PgBouncer in front of the shared server, with the page's block after this change.
fn pgbouncer(folder: &Path, database: &str, port: u16, change: (&str, &str)) -> Option<Running> {
    let program = find("pgbouncer")?;
    let url: Url = database.parse().expect("an address");
    let host = url.query_pairs().find(|(key, _)| key == "host").expect("a socket").1.into_owned();
    let name = url.path().trim_start_matches('/');
    let text = block(PAGE, "PgBouncer", "ini")
        .replace(
            "host=127.0.0.1 port=5432 dbname=sondeo",
            &format!("host={host} dbname={name} user=sondeo"),
        )
        .replace("6432", &port.to_string())
        .replace("auth_type = scram-sha-256", "auth_type = any\nunix_socket_dir =")
        .replace("auth_file = /etc/pgbouncer/userlist.txt\n", "");
    assert!(text.contains(change.0), "{text}");
    let file = folder.join("pgbouncer.ini");
    fs::write(&file, text.replace(change.0, change.1)).expect("a file");
    let mut command = Command::new(&program);
    if is_root() {
        // It refuses to run as root.
        for path in [folder, &file] {
            let given = Command::new("chown").arg("postgres").arg(path).status();
            assert!(given.expect("chown runs").success());
        }
        command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--clear-groups", "--"]).arg(&program);
    }
    command.arg(&file);
    Some(Running::start(command, &folder.join("pgbouncer.log"), port))
}

#[tokio::test]
async fn pgbouncer_serves_each_transaction_by_another_connection() {
    for mode in ["transaction", "session"] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = On::Postgres.database(folder.path());
        let port = free_port();
        let change = ("pool_mode = transaction", &*format!("pool_mode = {mode}"));
        let Some(pgbouncer) = pgbouncer(folder.path(), &database, port, change) else { return };
        let through = format!("postgres://sondeo@127.0.0.1:{port}/sondeo");
        // Two collectors, so that their statements would meet; and one that comes back.
        let first = Process::start_with(&through, &[]).await;
        let second = Process::start_with(&through, &[]).await;
        let token = first.token.clone().expect("a token");
        let posting = (0..120).map(async |number: usize| {
            let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
            let collector = if number.is_multiple_of(2) { &first } else { &second };
            let response =
                with(COMPLETED, json!({"id": id, "visitor": format!("v-{}", number % 7)}));
            let status = collector.post(response.clone()).await.status();
            let read = collector.read(&token).await.status();
            (status.as_u16(), read.as_u16())
        });
        for statuses in futures_util::future::join_all(posting).await {
            assert_eq!(statuses, (201, 200), "{mode}: {}", pgbouncer.said());
        }
        let url = format!("{}/v1/surveys/checkout/summary?by=device", second.address);
        let summary = send(client().get(url).bearer_auth(&token)).await;
        let summary: Json = summary.json().await.expect("a summary");
        assert_eq!(summary["responses"], 120, "{mode}");
        drop((first, second));
        let again = Process::start_with(&through, &[]).await;
        assert_eq!(again.token, None, "{mode}: it is the same database");
        let said = command_output(&["check", "--database", &through]).await;
        assert_eq!(said.0, "120 responses, and every count is theirs\n", "{mode}: {}", said.1);
        let made = command_output(&["token", "--label", "bi", "--database", &through]).await;
        assert!(made.0.starts_with("sondeo_"), "{mode}: {}", made.1);
        let erased = ["erase", "--visitor", "v-1", "--database", &through];
        assert_eq!(command_output(&erased).await.0, "17 erased\n", "{mode}");
        // Directly, it is the same.
        assert!(
            command_output(&["token", "--list", "--database", &database]).await.0.contains("bi\t")
        );
    }
}

#[tokio::test]
async fn pgbouncer_without_its_setting_is_told_which() {
    for (change, expected) in [
        (("pool_mode = transaction", "pool_mode = statement"), "pool_mode = transaction"),
        (
            ("ignore_startup_parameters = extra_float_digits", ""),
            "ignore_startup_parameters = extra_float_digits",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = On::Postgres.database(folder.path());
        let port = free_port();
        let Some(_pgbouncer) = pgbouncer(folder.path(), &database, port, change) else { return };
        let through = format!("postgres://sondeo@127.0.0.1:{port}/sondeo");
        let (_, error) = command_output(&["check", "--database", &through]).await;
        assert!(error.contains(expected), "{error}");
    }
}

/// What a command says, and what it complains of.
async fn command_output(arguments: &[&str]) -> (String, String) {
    let mut command = program();
    command.args(arguments).stderr(std::process::Stdio::piped());
    let output = command.output().await.expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_unit_starts_what_the_settings_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let unit = block(PAGE, "systemd", "ini");
    let settings = folder.path().join("sondeo.toml");
    let port = free_port();
    let text = block(PAGE, "systemd", "toml")
        .replace("/var/lib/sondeo", folder.path().to_str().expect("UTF-8"))
        .replace("7878", &port.to_string());
    fs::write(&settings, text).expect("a file");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    let words: Vec<String> = start
        .split(' ')
        .map(|word| word.replace("/etc/sondeo.toml", settings.to_str().expect("UTF-8")))
        .collect();
    assert_eq!(words[0], "/usr/local/bin/sondeo-collector");
    let mut command = program();
    command.args(&words[1..]);
    let process = Process::spawn(command).await;
    assert_eq!(process.address, format!("http://127.0.0.1:{port}"));
    assert_eq!(process.post(with(COMPLETED, json!({"survey": "nps"}))).await.status(), 201);
    assert!(folder.path().join("sondeo.db").is_file());
    let Some(analyze) = find("systemd-analyze") else { return };
    // The program is where this test has it, and not where it will be installed.
    let file = folder.path().join("sondeo.service");
    fs::write(&file, unit.replace(&words[0], env!("CARGO_BIN_EXE_sondeo-collector")))
        .expect("a file");
    let output = Command::new(analyze).arg("verify").arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("sondeo.service"), "{said}");
}
