//! No answer before its sync. Killing a process cannot show that, for what the system holds in memory
//! survives it: the calls of the process themselves are looked at, with strace.

use crate::process::Process;
use crate::support::{COMPLETED, On, with};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::fs;
use tokio::process::Command;
use tokio::task::JoinSet;

/// What happened to a file that is written ahead.
#[derive(Default)]
struct Log {
    /// Writes that no sync has covered yet.
    unsynced: HashSet<String>,
    /// Threads that are in a sync, and what it will have covered.
    syncing: HashMap<String, HashSet<String>>,
    synced: HashSet<String>,
    syncs: usize,
}

/// Reads what strace saw, in its order; gives the number of answers and of syncs.
fn check(trace: &str, ids: &[String]) -> (usize, usize) {
    let (mut log, mut answers) = (Log::default(), 0);
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').expect("a thread and a call");
        let call = call.trim_start();
        let of_call = || ids.iter().filter(|id| call.contains(id.as_str()));
        if call.starts_with("pwrite64(") && call.contains("-wal>") {
            log.unsynced.extend(of_call().cloned());
        } else if call.starts_with("fdatasync(") || call.starts_with("fsync(") {
            if !call.contains("-wal>") {
                continue;
            }
            let covered = std::mem::take(&mut log.unsynced);
            if call.contains("unfinished") {
                log.syncing.insert(thread.to_owned(), covered);
            } else if call.contains("= 0") {
                log.synced.extend(covered);
                log.syncs += 1;
            }
        } else if call.starts_with("<... fdatasync resumed>")
            || call.starts_with("<... fsync resumed>")
        {
            if let Some(covered) = log.syncing.remove(thread).filter(|_| call.contains("= 0")) {
                log.synced.extend(covered);
                log.syncs += 1;
            }
        } else if call.contains("HTTP/1.1 201") {
            for id in of_call() {
                assert!(log.synced.contains(id), "{id} was acknowledged before its sync");
                answers += 1;
            }
        }
    }
    (answers, log.syncs)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_answer_precedes_its_sync() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let trace = folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "65536", "-o"]).arg(&trace);
    command.args(["-e", "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg"]);
    command.arg(env!("CARGO_BIN_EXE_sondeo-collector"));
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0"]);
    command.args(["--database", &database]);
    command.kill_on_drop(true).stderr(std::process::Stdio::null());
    let mut process = Process::spawn(command).await;
    let ids: Vec<String> = (0..200).map(|n| format!("0199a3c2-5f1e-7a3b-8c4d-{n:012x}")).collect();
    let mut requests = JoinSet::new();
    for ids in ids.chunks(10) {
        let (ids, url) = (ids.to_owned(), format!("{}/v1/responses", process.address));
        requests.spawn(async move {
            let client = crate::support::client();
            for id in ids {
                let request = client.post(&url).json(&with(COMPLETED, json!({"id": id})));
                assert_eq!(request.send().await.expect("an answer").status(), 201);
            }
        });
    }
    requests.join_all().await;
    end(&mut process).await;
    let trace = fs::read(&trace).expect("the trace");
    let (answers, syncs) = check(&String::from_utf8_lossy(&trace), &ids);
    assert_eq!(answers, ids.len(), "every answer was seen");
    assert!(syncs > 1 && syncs < answers, "{syncs} syncs for {answers} answers: they are shared");
}

/// Ends what strace runs, and strace with it; the other way round it would run on.
pub(crate) async fn end(process: &mut Process) {
    let strace = process.child.id().expect("it runs");
    let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children"));
    for child in children.expect("Linux tells").split_whitespace() {
        let killed = Command::new("kill").arg(child).status().await.expect("kill runs");
        assert!(killed.success());
    }
    process.child.wait().await.expect("it ends");
}

/// The check itself would notice.
#[test]
#[should_panic(expected = "was acknowledged before its sync")]
fn an_answer_before_its_sync_is_noticed() {
    let trace = "7 pwrite64(9</x.db-wal>, \"…abc…\", 4096, 0) = 4096\n\
                 8 fdatasync(9</x.db-wal> <unfinished ...>\n\
                 7 sendto(5<socket:[1]>, \"HTTP/1.1 201 Created…abc\", 99, 0, NULL, 0) = 99\n\
                 8 <... fdatasync resumed>) = 0\n";
    check(trace, &["abc".to_owned()]);
}

/// A hundred surveys that nobody knows, each with pages, questions and options of its own, in one request.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_flood_of_new_names_costs_few_syncs() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let trace = folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "4096", "-o"]).arg(&trace);
    command.args(["-e", "trace=fdatasync,fsync,write,writev,sendto,sendmsg"]);
    command.arg(env!("CARGO_BIN_EXE_sondeo-collector"));
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0"]);
    command.args(["--database", &database]);
    command.kill_on_drop(true).stderr(std::process::Stdio::null());
    let mut process = Process::spawn(command).await;
    let url = format!("{}/v1/responses", process.address);
    let client = crate::support::client();
    let response = |n: usize| {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{n:012x}");
        with(COMPLETED, json!({"id": id, "survey": format!("s{n}")}))
    };
    for numbers in [0..1, 1..101] {
        let body: Vec<_> = numbers.map(response).collect();
        let answer = client.post(&url).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 201);
    }
    end(&mut process).await;
    let trace = String::from_utf8_lossy(&fs::read(&trace).expect("the trace")).into_owned();
    let between = trace.split("HTTP/1.1 201").nth(1).expect("what follows the first answer");
    let is_sync = |line: &&str| line.contains("sync") && line.contains("-wal>");
    let syncs = between.lines().filter(is_sync).count();
    assert!((1..=24).contains(&syncs), "{syncs} syncs");
}

/// The same on PostgreSQL, where each row says which transaction wrote it.
#[tokio::test]
async fn a_flood_of_new_names_costs_few_commits() {
    use sqlx::Row;
    let server = crate::support::Server::start_on(On::Postgres, &[]).await;
    let response = |n: usize| {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{n:012x}");
        with(COMPLETED, json!({"id": id, "survey": format!("s{n}")}))
    };
    let body: serde_json::Value = (0..100).map(response).collect();
    assert_eq!(server.post(body.to_string()).await.status(), 201);
    let mut db = crate::hardening::connect(On::Postgres, &server.database).await;
    let names = "SELECT CAST(xmin AS TEXT) AS it FROM segment UNION SELECT CAST(xmin AS TEXT) FROM scale
        UNION SELECT CAST(xmin AS TEXT) FROM scale_option UNION SELECT CAST(xmin AS TEXT) FROM wording";
    let stored = "SELECT DISTINCT CAST(xmin AS TEXT) AS it FROM response";
    for (sql, rows) in [(names, "names"), (stored, "responses")] {
        let found = sqlx::query(sql).fetch_all(&mut db).await.expect("rows");
        let commits: HashSet<String> =
            found.iter().map(|row| row.try_get(0).expect("it")).collect();
        // Those of an array are handed in at once, and written in the batches that they come to.
        assert!((1..=12).contains(&commits.len()), "{} commits of {rows}", commits.len());
    }
}
