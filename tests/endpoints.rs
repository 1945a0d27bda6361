//! The endpoints of `docs/endpoints.md`, as they stand there, take what the widget sends, and go on taking it after they
//! were sent rubbish. A program that this machine lacks is named.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const RESPONSE: &str = include_str!("../crates/model/golden/response-completed.json");
const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// The code under a heading.
fn example(heading: &str) -> String {
    let text = include_str!("../docs/endpoints.md");
    let (_, after) = text.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let (_, code) = after.split_once("```").expect("its code");
    let (code, _) = code.split_once("\n```").expect("its end");
    code.split_once('\n').expect("a language").1.to_owned()
}

struct Running {
    program: Child,
    port: u16,
    url: String,
    folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The example may have ended by itself. A shell has children: the whole group ends.
        let _ = Command::new("kill").args(["--", &format!("-{}", self.program.id())]).status();
        let _ = self.program.wait();
    }
}

/// Where a program of this name is.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|it| it.is_file());
    if found.is_none() {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "not run: this machine has no {name}");
    }
    found
}

/// Starts an example, with these programs under these names; none where one of them is not here.
fn start(
    heading: &str,
    file: &str,
    command: &[&str],
    programs: &[(&str, &str)],
) -> Option<Running> {
    find(command[0])?;
    let folder = tempfile::tempdir().expect("a folder");
    let programs_folder = folder.path().join("programs");
    fs::create_dir(&programs_folder).expect("a folder");
    for (name, program) in programs {
        #[cfg(unix)]
        std::os::unix::fs::symlink(find(program)?, programs_folder.join(name)).expect("a link");
    }
    fs::write(folder.path().join(file), example(heading)).expect("the example");
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let words: Vec<String> =
        command.iter().map(|word| word.replace("PORT", &port.to_string())).collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(programs_folder).chain(std::env::split_paths(&path));
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .env("PORT", port.to_string())
        .env("PATH", std::env::join_paths(path).expect("a PATH"))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let program = command.spawn().expect("it starts");
    Some(Running { program, port, url: format!("http://127.0.0.1:{port}/"), folder })
}

async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + WAIT_TIMEOUT;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What the example has written, in whatever files.
fn written(folder: &Path, source: &str) -> String {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    // A fifo has no end to read to; `body` is what the shell has taken and not yet kept.
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let files = files.filter(|entry| entry.file_name() != source && entry.file_name() != "body");
    files.map(|entry| fs::read_to_string(entry.path()).unwrap_or_default()).collect()
}

/// A response with a number for its id.
fn numbered(number: usize, revision: usize) -> serde_json::Value {
    let mut response: serde_json::Value = serde_json::from_str(RESPONSE).expect("JSON");
    response["id"] = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}").into();
    response["revision"] = revision.into();
    response
}

/// What no widget sends.
fn rubbish() -> Vec<Vec<u8>> {
    let long = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let texts = [
        "",
        "{",
        "null",
        "7",
        "[]",
        "{}",
        "\"x\"",
        "[[1]]",
        &long,
        "{\"id\": \"0199a3c2-5f1e-7a3b-8c4d-0123456789ab\"}",
        "{\"id\": [], \"revision\": {}}",
        "{\"id\": \"0199a3c2-5f1e-7a3b-8c4d-0123456789ab\", \"revision\": \"x\"}",
        "{\"id\": {\"a\": 1}, \"revision\": 1e999}",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).chain([b"\xff\xfe{\0".to_vec()]).collect()
}

/// Writes these bytes and nothing more, and gives what comes back until the other side closes.
fn say(port: u16, bytes: &[u8]) -> String {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)) else { return String::new() };
    connection.set_read_timeout(Some(WAIT_TIMEOUT)).expect("a limit");
    let _ = connection.write_all(bytes);
    let _ = connection.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A preflight, a response, the same again, a later revision, and rubbish in between.
async fn check(heading: &str, file: &str, command: &[&str]) {
    let Some(running) = start(heading, file, command, &[]) else { return };
    let http =
        reqwest::Client::builder().no_proxy().timeout(WAIT_TIMEOUT).build().expect("a client");
    let preflight = until(async || {
        let ask = http.request(reqwest::Method::OPTIONS, &running.url);
        ask.header("origin", "https://shop.example").send().await.ok()
    })
    .await;
    assert!(preflight.status().is_success(), "{heading}: {}", preflight.status());
    assert_eq!(preflight.headers()["access-control-allow-headers"], "content-type");
    let post = async |body: Vec<u8>| http.post(&running.url).body(body).send().await;
    for body in rubbish() {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = post(body).await.unwrap_or_else(|error| panic!("{heading}: {shown}: {error}"));
        assert_eq!(answer.status(), 400, "{heading}: {shown}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }
    for broken in [&b"POST / HTTP/1.1\r\ncontent-length: 900\r\n\r\n{"[..], b"", b"what?\r\n\r\n"] {
        let answer = say(running.port, broken);
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.0 2"), "{answer}");
    }
    assert_eq!(written(running.folder.path(), file), "", "{heading}");
    let compact: serde_json::Value = serde_json::from_str(RESPONSE).expect("JSON");
    let later = compact.to_string().replace("\"revision\":2", "\"revision\":3");
    let marked = format!("\u{feff}{compact}");
    for body in [compact.to_string(), marked, RESPONSE.to_owned(), later] {
        let answer = post(body.into()).await.expect("an answer");
        assert_eq!(answer.status(), 201, "{heading}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(answer.text().await.expect("a body").contains(ID), "{heading}");
    }
    // More than one chunk of the network, whose borders lie within characters.
    let mut long = numbered(1, 1);
    long["answers"][1]["value"] = "漢é😀".repeat(30_000).into();
    assert_eq!(post(long.to_string().into()).await.expect("an answer").status(), 201, "{heading}");
    let responses: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(&written(running.folder.path(), file))
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("{heading}: {error}"));
    let of = |id: &str, revision: u64| {
        let is_it = |it: &&serde_json::Value| it["id"] == id && it["revision"] == revision;
        responses.iter().filter(is_it).count()
    };
    assert!(of(ID, 2) <= 1 && of(ID, 3) == 1, "{heading}: {responses:?}");
    assert!(responses.contains(&long), "{heading}: the long one is not kept as it was");
}

#[tokio::test]
async fn node() {
    check("Node", "endpoint.mjs", &["node", "endpoint.mjs"]).await;
}

#[tokio::test]
async fn python() {
    check("Python", "endpoint.py", &["python3", "endpoint.py"]).await;
}

#[tokio::test]
async fn php() {
    check("PHP", "endpoint.php", &["php", "-S", "127.0.0.1:PORT", "endpoint.php"]).await;
}

/// Whatever is answered with 200 is in the file, and nothing else is; those that come while it is busy come again, as a
/// widget's would.
async fn check_shell(shell: &str, netcat: &str) {
    let programs = [("nc", netcat)];
    let Some(running) = start("A shell", "endpoint.sh", &[shell, "endpoint.sh"], &programs) else {
        return;
    };
    let http =
        reqwest::Client::builder().no_proxy().timeout(WAIT_TIMEOUT).build().expect("a client");
    let post = async |body: &str| {
        let answer = http.post(&running.url).header("content-type", "text/plain");
        answer.body(body.to_owned()).send().await.ok().map(|answer| answer.status().as_u16())
    };
    let kept = || written(running.folder.path(), "endpoint.sh");
    let response = |number| format!("{}\n", numbered(number, 1));
    let mut sent = String::new();
    for number in 0..4 {
        let body = response(number);
        let status = until(async || post(body.trim_end()).await).await;
        assert_eq!(status, 200, "{shell}, {netcat}");
        sent.push_str(&body);
        assert_eq!(kept(), sent, "{shell}, {netcat}: 200 comes after it is kept");
    }
    for broken in [
        &b"POST / HTTP/1.1\r\ncontent-length: 900\r\n\r\n{"[..],
        b"POST / HTTP/1.1\r\ncontent-length: 9x\r\n\r\n123456789",
        b"POST / HTTP/1.1\r\n\r\n{}",
        b"what?\r\n\r\n",
        b"\0\xff\n\n",
        b"",
    ] {
        let answer = say(running.port, broken);
        assert!(!answer.contains(" 200 "), "{shell}, {netcat}: {answer}");
    }
    // Two at once: one may be sent away, and none is told that it is kept without being so.
    let (one, other) = (response(5), response(6));
    let both = tokio::join!(post(one.trim_end()), post(other.trim_end()));
    for (status, body) in [(both.0, &one), (both.1, &other)] {
        assert!(status != Some(200) || kept().contains(body.as_str()), "{shell}, {netcat}");
    }
    let large = response(7).replace("Slow delivery", &"漢é😀".repeat(30_000));
    assert_eq!(until(async || post(large.trim_end()).await).await, 200, "{shell}, {netcat}");
    assert!(kept().ends_with(&large), "{shell}, {netcat}");
}

#[tokio::test]
async fn a_shell_with_openbsds_netcat() {
    check_shell("sh", "nc.openbsd").await;
}

#[tokio::test]
async fn a_shell_with_the_traditional_netcat() {
    check_shell("sh", "nc.traditional").await;
}

#[tokio::test]
async fn another_shell() {
    check_shell("bash", "nc.openbsd").await;
}

/// What the documents say that arrives is what arrives.
#[test]
fn the_documents_show_responses() {
    for text in [include_str!("../docs/endpoints.md"), include_str!("../docs/page.md")] {
        let (_, after) = text.split_once("```json\n{ \"sondeo\": 1").expect("a response");
        let (rest, _) = after.split_once("\n```").expect("its end");
        let response = format!("{{ \"sondeo\": 1{rest}");
        let response: sondeo_model::Response =
            serde_json::from_str(&response).unwrap_or_else(|error| panic!("{error}: {response}"));
        response.validate().unwrap_or_else(|violation| panic!("{violation}"));
    }
}

/// The script of docs/presets.md for a spreadsheet writes a row and repeats the id.
#[test]
fn a_script_of_a_spreadsheet() {
    if find("node").is_none() {
        return;
    }
    let text = include_str!("../docs/presets.md");
    let (_, after) = text.split_once("```js\n").expect("the script");
    let (script, _) = after.split_once("```").expect("its end");
    // What Google gives it.
    let world = "const SpreadsheetApp = { getActiveSheet: () => ({ appendRow: (row) => console.log(JSON.stringify(row)) }) }; \
         const ContentService = { createTextOutput: (text) => text };";
    let body = serde_json::json!(RESPONSE);
    let program =
        format!("{world}\n{script}\nconsole.log(doPost({{ postData: {{ contents: {body} }} }}));");
    let output = Command::new("node").args(["-e", &program]).output().expect("Node.js");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said: Vec<&str> = said.lines().collect();
    let [row, answer] = said.as_slice() else { panic!("{said:?} {output:?}") };
    assert!(row.starts_with(&format!("[\"{ID}\",")) && row.contains(",\"4\","), "{row}");
    assert_eq!(*answer, format!("{{\"id\":\"{ID}\"}}"));
}
