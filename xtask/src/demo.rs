//! `cargo xtask demo`: everything on one address, to be looked at.

mod inbox;

use inbox::{Inbox, quoted};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::project::Project;
use crate::server::Server;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};
use crate::{dist, http};

const PORT: u16 = 7878;

/// `cargo xtask demo`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let port = port(arguments)?;
    let address = http::local(port);
    // Before minutes of building, not after them.
    TcpListener::bind(address).map_err(|_| {
        format!(
            "Port {port} is taken: stop what listens there, or run `cargo xtask demo --port {}`",
            port.wrapping_add(1)
        )
    })?;
    let project = Project::find()?;
    println!(
        "Builds the widget, the studio and the collector, and serves them on http://{address}/.\n\
         On a machine that has built none of it this takes about a quarter of an hour on two processors, after that seconds;\n\
         the shop and the gallery are there before the studio is."
    );
    // It needs none of the tools, so it is compiled while they are: on an empty machine both take minutes, and each has a
    // long end that keeps one processor busy (issue 18).
    let demo = thread::scope(|scope| {
        let mut collector = Some(scope.spawn(|| build_collector(&project)));
        let mut prepared = || {
            let built = collector.take().ok_or("The collector was built twice")?;
            let built = built.join().map_err(|_| "The collector's build broke off".to_owned())?;
            Demo::prepare(&project, address, built?)
        };
        let tools = setup::ensure(&project, Purpose::Build)?;
        // What needs no dashboard is looked at while that is built.
        let mut early = None;
        dist::build_and_meanwhile(&project, &tools, || {
            let demo = prepared()?;
            let server = demo.serves(&demo.serve())?;
            println!(
                "\n{}\nThe dashboard and the studio follow in two to five minutes.\n",
                pages(address)
            );
            early = Some((demo, server));
            Ok(())
        })?;
        match early {
            Some((demo, server)) => {
                // It answers what it has begun; whatever comes between it and the next one is asked again.
                drop(server);
                Ok(demo)
            }
            None => prepared(),
        }
    })?;
    let inbox = Inbox::start(port.wrapping_add(1))?;
    let mut serve = demo.serve();
    serve.args(["--dashboard", "dist/dashboard", "--link"]);
    pass_on(&mut serve, &demo.collector, &demo.folder, &inbox)?;
    let mut server = demo.serves(&serve)?;
    make_destinations(
        address,
        demo.new_token("demo-destinations", &["--scope", "admin"])?.trim(),
        &inbox,
    )?;
    println!(
        "
{}
  studio     http://{address}/studio/ (the dashboard's link signs in to it)
  inbox      {} (Slack and mail: a rating of 1 or 2 in the shop is there at once)
  dashboard  the link above, which opens it once
  responses  curl -H \"Authorization: Bearer {}\" http://{address}/v1/responses

Ctrl-C ends it. What was answered stays in {}",
        pages(address),
        inbox.page(),
        demo.token.trim(),
        demo.database.display()
    );
    let status = server.wait()?;
    if status.success() { Ok(()) } else { Err(format!("The collector ended ({status}).")) }
}

/// What needs no dashboard.
fn pages(address: SocketAddr) -> String {
    format!(
        "  gallery    http://{address}/
  shop       http://{address}/shop/ (its surveys are the studio's)
  help page  http://{address}/shop/faq.html
  hosted     http://{address}/s/nps"
    )
}

/// The collector with something to show.
struct Demo<'a> {
    project: &'a Project,
    address: SocketAddr,
    collector: PathBuf,
    folder: PathBuf,
    database: PathBuf,
    /// Reads its responses.
    token: String,
}

impl<'a> Demo<'a> {
    fn prepare(project: &'a Project, address: SocketAddr, collector: PathBuf) -> Result<Self> {
        let folder = project.target.join("demo");
        fs::create_dir_all(&folder).naming(&folder)?;
        let database = folder.join("sondeo.db");
        // A year of made-up answers, so that the dashboard has something to say.
        shell::run(
            Command::new(&collector)
                .args(["seed", "--if-empty", "--responses", "20000", "--database"])
                .arg(&database)
                .env("RUST_LOG", "warn"),
        )?;
        publish_shop(project, &collector, &database)?;
        let mut demo = Self { project, address, collector, folder, database, token: String::new() };
        // Before it starts: a collector that nobody has a token of makes one, and prints it.
        demo.token = demo.new_token("demo", &[])?;
        Ok(demo)
    }

    fn serve(&self) -> Command {
        serve(self.project, &self.collector, self.address, &self.database)
    }

    /// Starts it, and waits until it answers.
    fn serves(&self, command: &Command) -> Result<Server> {
        let mut server = Server::start(command)?;
        let patience = Duration::from_secs(20);
        if http::wait_for(self.address, "/healthz", patience, || server.runs()) {
            Ok(server)
        } else {
            Err("The collector did not start; it says why above.".to_owned())
        }
    }

    /// A new token, as `sondeo-collector token` prints it.
    fn new_token(&self, label: &str, options: &[&str]) -> Result<String> {
        shell::quietly(
            Command::new(&self.collector)
                .args(["token", "--label", label])
                .args(options)
                .arg("--database")
                .arg(&self.database),
        )
    }
}

/// Lets the collector pass responses on to the stand-ins of this machine.
fn pass_on(serve: &mut Command, collector: &Path, folder: &Path, inbox: &Inbox) -> Result {
    let keys = folder.join("destination-keys.txt");
    if !keys.exists() {
        let made = shell::quietly(Command::new(collector).args(["destination-key", "demo"]))?;
        fs::write(&keys, made).naming(&keys)?;
    }
    serve.arg("--destination-keys-file").arg(&keys);
    serve.args(["--allow-destination", "127.0.0.1"]);
    serve.args(["--smtp", &inbox.smtp(), "--mail-from", "Marejada <surveys@shop.example>"]);
    Ok(())
}

/// Low ratings go to the channel and the mailbox as they come, and what was written to the channel when the visitor is
/// done. Those that are there keep what was changed of them in the studio, and are told where the stand-in is today.
fn make_destinations(address: SocketAddr, token: &str, inbox: &Inbox) -> Result {
    const ALL: &str = "/v1/sites/default/destinations";
    let send = |method: &str, path: &str, body: &str| {
        let (status, answer) = http::send(address, method, path, Some(token), body)?;
        match status {
            200 | 201 => Ok(answer),
            _ => Err(format!("The demo's destinations cannot be made: {answer}")),
        }
    };
    let hook = format!(r#"{{"url": {}}}"#, quoted(&inbox.hook()));
    let team = r#"{"to": ["team@shop.example"]}"#;
    let known = send("GET", ALL, "")?;
    for (name, kind, when, on, settings) in [
        ("Low ratings in #feedback", "slack", "satisfaction<=2", "each", &*hook),
        ("Low ratings by mail", "email", "satisfaction<=2", "each", team),
        ("What they wrote, in #feedback", "slack", "satisfaction<=2 why", "completed", &*hook),
    ] {
        match id_of(&known, name) {
            Some(id) if kind == "slack" => {
                let change = format!(r#"{{"settings": {settings}}}"#);
                send("PATCH", &format!("{ALL}/{id}"), &change)?;
            }
            Some(_) => {}
            None => {
                let new = format!(
                    r#"{{"kind": "{kind}", "name": {}, "surveys": ["post-purchase"], "when": "{when}", "on": "{on}",
                        "settings": {settings}}}"#,
                    quoted(name)
                );
                send("POST", ALL, &new)?;
            }
        }
    }
    Ok(())
}

/// The id of the destination of this name, in a list as the collector writes it.
fn id_of<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let name = format!(r#""name":{}"#, quoted(name));
    let found = list.split(r#"{"id":""#).skip(1).find(|it| it.contains(&name))?;
    found.split('"').next()
}

/// Publishes the shop's surveys, unless somebody has: what was changed in the demo stays.
pub(crate) fn publish_shop(project: &Project, collector: &Path, database: &Path) -> Result {
    for survey in ["post-purchase", "cart-abandonment"] {
        let mut versions = Command::new(collector);
        versions.args(["versions", survey, "--database"]).arg(database);
        if shell::quietly(&mut versions).is_ok_and(|list| !list.trim().is_empty()) {
            continue;
        }
        let file = project.root.join("examples/shop/surveys").join(format!("{survey}.json"));
        let mut publish = Command::new(collector);
        publish.arg("publish").arg(&file).arg("--database").arg(database);
        shell::quietly(&mut publish)?;
    }
    Ok(())
}

/// The collector with widget, studio and shop.
pub(crate) fn serve(
    project: &Project,
    collector: &Path,
    address: SocketAddr,
    database: &Path,
) -> Command {
    let mut serve = Command::new(collector);
    serve
        .args(["serve", "--accept", "any", "--listen", &address.to_string(), "--database"])
        .arg(database)
        .args(["--embed", "dist/embed", "--site", "dist/studio"])
        .args(["--site", "/shop=examples/shop"])
        .current_dir(&project.root);
    serve
}

/// Builds the collector and says where it is.
pub(crate) fn build_collector(project: &Project) -> Result<PathBuf> {
    shell::run(
        shell::cargo().args(["build", "--package", "sondeo-collector"]).current_dir(&project.root),
    )?;
    Ok(project.target.join("debug/sondeo-collector"))
}

fn port(arguments: &[&str]) -> Result<u16> {
    match arguments {
        [] => Ok(PORT),
        ["--port", number] => {
            number.parse().map_err(|_| format!("`{number}` is not a port (try `--port {PORT}`)"))
        }
        _ => Err(format!("`cargo xtask demo` takes `--port N` and no `{}`", arguments.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::id_of;

    #[test]
    fn a_destination_is_found_by_its_name() {
        let list = r##"{"destinations":[{"id":"01","etag":"x","name":"A"},{"id":"02","etag":"y","name":"B \"b\""}]}"##;
        assert_eq!(id_of(list, "B \"b\""), Some("02"));
        assert_eq!(id_of(list, "A"), Some("01"));
        assert_eq!(id_of(list, "C"), None);
    }
}
