//! The commands of `docs/collector.md`, as they stand there, with the real program.

use crate::process::{Process, program};
use crate::support::programs::find;
use crate::support::{COMPLETED, On, client, on_both, send, with};
use clap::Parser;
use serde_json::json;
use sondeo_collector::config::Config;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::process::Command;

const PAGE: &str = include_str!("../../../../docs/collector.md");

on_both!(every_command_of_the_page_does_what_it_says);

/// The blocks of this language, with the heading that each stands below.
fn blocks(language: &str) -> Vec<(&'static str, &'static str)> {
    let start = format!("```{language}\n");
    let mut blocks = Vec::new();
    for section in PAGE.split("\n## ") {
        let heading = section.lines().next().unwrap_or_default();
        let found = section.split(&start).skip(1);
        blocks.extend(found.map(|rest| (heading, rest.split("```").next().expect("its end"))));
    }
    blocks
}

/// What no test shows any more is said to be shown by none.
#[test]
fn every_test_that_shows_a_threat_stopped_is_there() {
    let mut sources = Vec::new();
    let mut folders = vec![Path::new("src").to_owned(), Path::new("tests").to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = path.file_stem().expect("a name").to_str().expect("UTF-8").to_owned();
                sources.push((name, fs::read_to_string(path).expect("UTF-8")));
            }
        }
    }
    let threats = include_str!("../../../../docs/threats.md");
    let rows = threats.lines().filter_map(|line| line.strip_suffix('|')?.rsplit_once('|'));
    let tests = rows.flat_map(|(_, shown_by)| shown_by.split('`').skip(1).step_by(2));
    let mut count = 0;
    for test in tests.filter(|test| !test.ends_with(".md")) {
        let function = format!("fn {test}(");
        let is_there = |(name, text): &(String, String)| name == test || text.contains(&function);
        assert!(sources.iter().any(is_there), "{test}");
        count += 1;
    }
    assert!(count > 80, "{count}");
}

fn block(heading: &str) -> &'static str {
    let found = blocks("sh").into_iter().find(|(it, _)| *it == heading);
    found.expect("a block below the heading").1
}

fn write_program(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::write(&file, text).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be run");
    }
}

/// Runs a block in this folder, line by line until one fails. `sondeo-collector` and `curl` are the real ones; the latter
/// goes to this address where the page says `https://surveys.example`, and listens to events for a moment only.
async fn run(folder: &Path, database: &str, address: &str, block: &str) -> (String, String) {
    let real = env!("CARGO_BIN_EXE_sondeo-collector");
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).expect("a folder");
    write_program(&programs, "sondeo-collector", &format!("#!/bin/sh\nexec '{real}' \"$@\"\n"));
    let curl = "#!/bin/sh\nset -- --silent --show-error --fail-with-body \"$@\"\nn=$#\n\
                for word; do shift; case $word in\n\
                https://surveys.example*) word=\"$ADDRESS${word#https://surveys.example}\" ;;\n\
                -N) set -- \"$@\" --max-time 1; ends=28 ;; esac\nset -- \"$@\" \"$word\"; done\n\
                PATH=$REAL_PATH curl \"$@\"; code=$?; [ \"$code\" = \"${ends:-0}\" ]\n";
    write_program(&programs, "curl", curl);
    let path = std::env::var("PATH").expect("a PATH");
    let mut command = Command::new("sh");
    command.args(["-e", "-c", block]).current_dir(folder).kill_on_drop(true);
    command.env("PATH", format!("{}:{path}", programs.display())).env("REAL_PATH", &path);
    command.env("SONDEO_DATABASE", database).env("ADDRESS", address).env("RUST_LOG", "error");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("sh runs");
    let mut stdin = child.stdin.take().expect("its input");
    // For the one command that asks for a password.
    let _ = tokio::io::AsyncWriteExt::write_all(&mut stdin, b"correct horse\n").await;
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().await.expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(stdout), text(stderr));
    assert!(status.success(), "{block}\n{stdout}\n{stderr}");
    (stdout, stderr)
}

async fn every_command_of_the_page_does_what_it_says(on: On) {
    if find("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let database = on.database(path);
    let process = Process::start_with(&database, &[]).await;
    let token = process.token.clone().expect("a token");
    let response = with(COMPLETED, json!({"survey": "post-purchase", "visitor": "ID"}));
    fs::write(path.join("response.json"), response.to_string()).expect("a file");
    let here = async |block: &str| run(path, &database, &process.address, block).await.0;

    let rights = here(block("Who may do what")).await;
    assert!(
        rights.contains("sondeo_") && rights.contains("bi\t") && rights.contains("key_"),
        "{rights}"
    );
    // The page's token is nobody's; the one that the first start printed may not erase.
    let scopes = "read,export,erase";
    let all = here(&format!("sondeo-collector token --label all --scope {scopes}")).await;
    let calls = block("The interface").replace("sondeo_…", all.trim());
    let said = here(&calls).await;
    for expected in
        ["\"stored\":true", "\"survey\":\"post-purchase\"", "\"next\":", "{\"erased\":1}"]
    {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(fs::read(path.join("november.csv")).expect("it").starts_with(b"\xef\xbb\xbfid,"));
    let survey = json!({"template": "csat", "url": "/checkout/**"});
    fs::write(path.join("checkout.json"), survey.to_string()).expect("a file");
    let [commands, calls] = blocks("sh")
        .into_iter()
        .filter_map(|(heading, text)| (heading == "Sites and publishing").then_some(text))
        .collect::<Vec<_>>()
        .try_into()
        .expect("two blocks");
    let said = here(commands).await;
    assert!(said.contains("shop/checkout: version 3 runs"), "{said}");
    let scopes = "read,edit,publish";
    let editor = here(&format!("sondeo-collector token --label studio --scope {scopes}")).await;
    // The running collector hears of the site within a second or two.
    let plan = format!("{}/sites/shop/plan.json", process.address);
    while send(client().get(&plan)).await.status() != 200 {
        tokio::task::yield_now().await;
    }
    let said = here(&calls.replace("sondeo_…", editor.trim())).await;
    for expected in ["\"problems\":[]", "\"version\":1", "\"state\":\"paused\""] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let private = here(block("Privacy")).await;
    assert!(private.contains("erased\n") && private.contains("\terase\t"), "{private}");
    let mut after = block("Looking after it").to_owned();
    if on == On::Postgres {
        // For PostgreSQL there is pg_dump, as the line says.
        after =
            after.lines().filter(|line| !line.contains("backup")).collect::<Vec<_>>().join("\n");
    }
    let after = here(&after).await;
    assert!(after.contains("0 responses, and every count is theirs"), "{after}");
    let listed =
        send(client().get(format!("{}/v1/surveys", process.address)).bearer_auth(token)).await;
    assert!(listed.text().await.expect("a list").contains("post-purchase"), "what was seeded");
}

#[test]
fn settings_and_starts_of_the_page_are_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sondeo.toml");
    for (_, text) in blocks("toml") {
        fs::write(&file, text).expect("a file");
        let words = ["sondeo-collector", "serve", "--config", file.to_str().expect("UTF-8")];
        Config::read(words.map(Into::into).into()).expect("settings");
    }
    let starts: Vec<&str> =
        PAGE.lines().filter(|line| line.contains("sondeo-collector serve ")).collect();
    assert!(!starts.is_empty());
    for line in starts {
        let (_, arguments) = line.split_once("sondeo-collector serve ").expect("it");
        let arguments = arguments.trim_end_matches(['`', '.']).split(' ');
        let words = ["sondeo-collector", "serve"].into_iter().chain(arguments);
        Config::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    // Every setting has a row.
    let command = <Config as clap::CommandFactory>::command();
    let serve = command.find_subcommand("serve").expect("serve");
    for option in serve.get_arguments().filter_map(|it| it.get_long()).filter(|it| *it != "help") {
        assert!(PAGE.contains(&format!("--{option}")), "--{option} is not in docs/collector.md");
    }
}

/// A password never is in what the program says, whatever is wrong with the address.
#[tokio::test]
async fn a_wrong_address_is_one_message_without_the_password() {
    for (address, expected) in [
        ("postgres://ana:se#cret@127.0.0.1/x", "percent-encoded"),
        ("postgres://ana:@/secret@127.0.0.1/x", "percent-encoded"),
        ("postgres://ana:se%cret@127.0.0.1/x", "percent-encoded"),
        ("postgres://ana:12/secret@127.0.0.1/x", "percent-encoded"),
        ("mysql://ana:secret@127.0.0.1/x", "is neither the path of a SQLite file"),
        ("postgres://ana:secret@127.0.0.1:1/x", "127.0.0.1:1/x: Connection refused"),
        ("postgres://ana:secret@nowhere.invalid/x", "nowhere.invalid/x: "),
    ] {
        for command in ["serve", "check"] {
            let begun = std::time::Instant::now();
            let mut program = program();
            program.args([command, "--database", address]).stderr(Stdio::piped());
            let output = program.output().await.expect("it runs");
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert!(!output.status.success() && said.contains(expected), "{address}: {said}");
            assert!(!said.contains("cret"), "{address}: {said}");
            assert!(!said.contains("timed out"), "{address}: {said}");
            assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{address}");
            // The same from the environment, of which no help prints the value either.
            let mut program = crate::process::program();
            program.args([command, "--help"]).env("SONDEO_DATABASE", address);
            let output = program.output().await.expect("it runs");
            assert!(!String::from_utf8_lossy(&output.stdout).contains("cret"), "{command} --help");
        }
    }
}
