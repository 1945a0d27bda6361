//! What people and programs read of the collector, as whole texts: a change of a word is seen by whoever reviews it (issue 18).
//! `UPDATE_EXPECT=1 cargo test --workspace --test collector snapshots` writes them anew.

use crate::process::program;
use crate::support::{COMPLETED, Server, with};
use expect_test::expect_file;
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::process::Stdio;

/// The help of a command, and of all that are below it.
async fn helps(command: &[String], text: &mut String) {
    let mut asked = program();
    // Help shows what variables hold.
    asked.env_clear().args(command).arg("--help").stdout(Stdio::piped());
    let output = asked.output().await.expect("it runs");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    let _ = writeln!(
        text,
        "$ sondeo-collector {}\n{help}",
        [command, &["--help".to_owned()]].concat().join(" ")
    );
    let below = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = below.lines().take_while(|line| !line.is_empty());
    for name in names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()) {
        if !name.is_empty() && name != "help" {
            Box::pin(helps(&[command, &[name.to_owned()]].concat(), text)).await;
        }
    }
}

#[tokio::test]
async fn help_texts() {
    let mut text = String::new();
    helps(&[], &mut text).await;
    expect_file!["golden/help.txt"].assert_eq(&text);
}

/// Every call with its parameters and its answers.
#[tokio::test]
async fn the_interface() {
    let server = Server::start().await;
    let document = server.get("/openapi.json", &[]).await.json::<Json>().await.expect("JSON");
    let mut text = String::new();
    for (path, calls) in document["paths"].as_object().expect("paths") {
        for (method, call) in calls.as_object().expect("calls") {
            let _ = writeln!(text, "{} {path}", method.to_uppercase());
            for parameter in call["parameters"].as_array().into_iter().flatten() {
                let needed = if parameter["required"] == true { "" } else { "?" };
                let (name, place) = (&parameter["name"], &parameter["in"]);
                let _ = writeln!(
                    text,
                    "  {}{needed} ({})",
                    name.as_str().unwrap_or_default(),
                    place.as_str().unwrap_or_default()
                );
            }
            for (status, answer) in call["responses"].as_object().into_iter().flatten() {
                let _ = writeln!(
                    text,
                    "  {status}: {}",
                    answer["description"].as_str().unwrap_or_default()
                );
            }
        }
    }
    expect_file!["golden/interface.txt"].assert_eq(&text);
}

#[tokio::test]
async fn hosted_pages() {
    let server = Server::start().await;
    let mut text = String::new();
    for (path, language) in [("/s/nps", "en"), ("/s/nps", "ar"), ("/s/nobody", "en")] {
        let headers = [("accept", "text/html"), ("accept-language", language)];
        let page = server.get(path, &headers).await;
        let (status, page) = (page.status(), page.text().await.expect("a page"));
        let _ = writeln!(text, "$ GET {path} ({language})\n{status}\n{page}");
    }
    expect_file!["golden/hosted.txt"].assert_eq(&text);
}

/// What is refused, and in which words.
#[tokio::test]
async fn messages() {
    let server = Server::start().await;
    let mut text = String::new();
    let responses = [
        String::new(),
        "{".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        with(COMPLETED, json!({"sondeo": 2})).to_string(),
        with(COMPLETED, json!({"id": "1"})).to_string(),
        with(COMPLETED, json!({"revision": 0})).to_string(),
        with(COMPLETED, json!({"status": "done"})).to_string(),
        with(COMPLETED, json!({"survey": "Two words"})).to_string(),
        with(COMPLETED, json!({"shown_at": "yesterday"})).to_string(),
        with(COMPLETED, json!({"answers": [{"question": "q"}]})).to_string(),
    ];
    for body in responses {
        let answer = server.post(body.clone()).await;
        let status = answer.status();
        let answer: Json = answer.json().await.expect("JSON");
        let shown: String = body.chars().take(40).collect();
        let _ = writeln!(text, "POST /v1/responses {shown}\n  {status} {}", answer["error"]);
    }
    for (method, path) in [
        (Method::GET, "/v1/responses?limit=x"),
        (Method::GET, "/v1/responses?limit=1&limit=2"),
        (Method::GET, "/v1/responses?nothing=1"),
        (Method::GET, "/v1/responses?site=nowhere"),
        (Method::GET, "/v1/surveys/nps/summary?from=yesterday"),
        (Method::GET, "/v1/nothing"),
        (Method::DELETE, "/v1/responses"),
        (Method::GET, "/sites/nowhere/plan.json"),
        (Method::GET, "/sites/default/previews/nobody.json"),
    ] {
        let answer = match method {
            Method::GET => server.read_path(path).await,
            _ => crate::support::send(server.request(method.clone(), path)).await,
        };
        let status = answer.status();
        let answer: Json = answer.json().await.expect("JSON");
        let _ = writeln!(text, "{method} {path}\n  {status} {}", answer["error"]);
    }
    expect_file!["golden/messages.txt"].assert_eq(&text);
}
