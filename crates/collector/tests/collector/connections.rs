//! Clients that are slow on purpose: at sending a head, at sending a body, at reading an answer. Those beside them are
//! served, and the collector's memory stays what the documentation says.

use crate::process::Process;
use crate::support::{COMPLETED, On, PARTIAL, client, on_both, with};
use serde_json::json;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

on_both!(
    who_does_not_read_answers_keeps_no_place,
    slow_arrays_keep_no_array_waiting,
    one_address_takes_no_more_than_its_places,
    who_is_silent_makes_room,
    honest_senders_do_not_notice_a_greedy_one,
    who_was_answered_makes_room,
    whose_body_does_not_come_makes_room,
    who_does_not_read_makes_room_before_its_time,
    slow_arrays_of_several_addresses_make_room,
);

/// What a client that waits for more than this would call an outage.
const SOON: Duration = Duration::from_secs(5);

async fn start(on: On, arguments: &[&str]) -> (Process, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    (Process::start_with(&database, arguments).await, folder)
}

/// A connection from this address of the machine's own.
async fn connect_from(process: &Process, last: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    let from = (Ipv4Addr::new(127, 0, 0, last), 0).into();
    socket.bind(from).expect("an address of this machine");
    let to = process.address.trim_start_matches("http://").parse().expect("an address");
    socket.connect(to).await.expect("a connection")
}

async fn health(process: &Process) -> u16 {
    let url = format!("{}/healthz", process.address);
    client().get(url).send().await.expect("an answer").status().as_u16()
}

async fn who_does_not_read_answers_keeps_no_place(on: On) {
    let limits = ["--connections", "16", "--connections-per-address", "0"];
    let (process, _folder) = start(on, &limits).await;
    let asked = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    let mut unread = Vec::new();
    for _ in 0..32 {
        let mut stream = connect_from(&process, 1).await;
        stream.write_all(asked.as_bytes()).await.expect("it is sent");
        unread.push(stream);
    }
    // They hold every place, and those of the first are free again after fifteen seconds.
    let status = timeout(Duration::from_secs(75), health(&process)).await;
    assert_eq!(status.expect("they keep their places"), 200);
    assert_eq!(unread.len(), 32, "they are there all the time");
}

async fn slow_arrays_keep_no_array_waiting(on: On) {
    let (process, _folder) = start(on, &[]).await;
    let head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 900000\r\n\r\n[";
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut stream = connect_from(&process, 1).await;
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        stream.write_all(&[b' '; 70_000]).await.expect("it is sent");
        slow.push(stream);
    }
    let filler = "x".repeat(9_000);
    let responses = (0..20).map(|number| {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
        with(COMPLETED, json!({"id": id, "custom": {"filler": filler}}))
    });
    let honest = process.post(responses.collect());
    let honest = timeout(SOON, honest).await.expect("it does not wait for the slow ones");
    assert_eq!(honest.status(), 201);
    assert_eq!(slow.len(), 40, "they are there all the time");
}

async fn one_address_takes_no_more_than_its_places(on: On) {
    let (process, _folder) = start(on, &["--connections", "16"]).await;
    let mut greedy = Vec::new();
    for _ in 0..60 {
        let mut stream = connect_from(&process, 2).await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nx: ").await.expect("it is sent");
        greedy.push(stream);
    }
    for _ in 0..3 {
        let status = timeout(SOON, health(&process)).await;
        assert_eq!(status.expect("another address has places of its own"), 200);
        let stored = timeout(SOON, process.post(with(PARTIAL, json!({})))).await;
        assert!(stored.expect("likewise").status().is_success());
    }
    assert_eq!(greedy.len(), 60, "they are there all the time");
}

/// A few addresses that say nothing, or half of a head, take all that there is from nobody.
async fn who_is_silent_makes_room(on: On) {
    for (addresses, each, said) in [(3, 132, ""), (5, 30, "GET /healthz HTTP/1.1\r\nx: ")] {
        let (process, _folder) = start(on, &["--connections", "16"]).await;
        let mut silent = Vec::new();
        for _ in 0..each {
            for last in 2..2 + addresses {
                let mut stream = connect_from(&process, last).await;
                stream.write_all(said.as_bytes()).await.expect("it is sent");
                silent.push(stream);
            }
        }
        for _ in 0..3 {
            let status = timeout(SOON, health(&process)).await;
            assert_eq!(status.expect("the silent ones keep all places"), 200, "{said:?}");
            let stored = timeout(SOON, process.post(with(PARTIAL, json!({})))).await;
            assert!(stored.expect("likewise").status().is_success());
        }
        assert!(silent.len() > 100, "they are there all the time");
    }
}

/// One address sends arrays of new names as fast as it can; another sends two hundred responses.
async fn honest_senders_do_not_notice_a_greedy_one(on: On) {
    let (process, _folder) = start(on, &[]).await;
    let array = |batch: u32| {
        let response = |number: u32| {
            let name = |it: u32| format!("n{batch}-{number}-{it}");
            let answer =
                |it| json!({"question": name(it), "text": "?", "kind": "yes-no", "value": true});
            let answers: Vec<_> = (0..20).map(answer).collect();
            let custom: serde_json::Map<_, _> = (0..20).map(|it| (name(it), "x".into())).collect();
            let id = format!("0199a3c2-5f1e-7a3b-8c4d-{:012}", 1_000_000 + 100 * batch + number);
            with(COMPLETED, json!({"id": id, "answers": answers, "custom": custom}))
        };
        let body = (0..100).map(response).collect::<serde_json::Value>().to_string();
        let length = body.len();
        format!(
            "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    };
    let arrays: Vec<String> = (0..8).map(array).collect();
    let greedy = async |first: usize| -> ! {
        for array in arrays.iter().cycle().skip(first) {
            let mut stream = connect_from(&process, 2).await;
            let _ = stream.write_all(array.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        unreachable!("there are arrays")
    };
    let honest = async {
        let mut waited = Vec::new();
        for number in 0..200 {
            let begun = std::time::Instant::now();
            let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
            let stored = process.post(with(COMPLETED, json!({"id": id}))).await;
            assert_eq!(stored.status(), 201);
            waited.push(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        waited.sort_unstable();
        waited
    };
    let waited = tokio::select! {
        waited = honest => waited,
        never = greedy(0) => never,
        never = greedy(4) => never,
    };
    // The 99th percentile. Two arrays of new names are read before that address has brought too many for a minute.
    assert!(waited[197] < Duration::from_secs(1), "{waited:?}");
}

/// A few addresses that ask, are answered and stay take all that there is from nobody, not even from their own.
async fn who_was_answered_makes_room(on: On) {
    let (process, _folder) = start(on, &["--connections", "16"]).await;
    let mut resting = Vec::new();
    for (last, each) in [(1, 4), (2, 10), (3, 10), (4, 10), (5, 10)] {
        for _ in 0..each {
            let mut stream = connect_from(&process, last).await;
            stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it is sent");
            let mut status = [0; 12];
            let answer = timeout(SOON, stream.read_exact(&mut status)).await;
            answer.expect("those who were answered keep all places").expect("an answer");
            assert_eq!(&status, b"HTTP/1.1 200");
            resting.push(stream);
        }
    }
    for _ in 0..3 {
        let status = timeout(SOON, health(&process)).await;
        assert_eq!(status.expect("those who were answered keep all places"), 200);
        let stored = timeout(SOON, process.post(with(PARTIAL, json!({})))).await;
        assert!(stored.expect("likewise").status().is_success());
    }
    assert_eq!(resting.len(), 44, "they are there all the time");
}

/// A few addresses that send whole heads and a byte of a body, too small to need room of its own.
async fn whose_body_does_not_come_makes_room(on: On) {
    let (process, _folder) = start(on, &["--connections", "16"]).await;
    let begin = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                 content-length: 3000\r\n\r\n{";
    hold_all(&process, begin, SOON).await;
}

/// A few addresses that ask for more than the system's buffers hold, and do not read it.
async fn who_does_not_read_makes_room_before_its_time(on: On) {
    let (process, _folder) = start(on, &["--connections", "16"]).await;
    let asked = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    hold_all(&process, &asked, Duration::from_secs(12)).await;
}

/// Five addresses say this and stay; others are served all the same, within this time.
async fn hold_all(process: &Process, said: &str, soon: Duration) {
    let mut holding = Vec::new();
    for _ in 0..6 {
        for last in 2..7 {
            let mut stream = connect_from(process, last).await;
            let _ = timeout(Duration::from_millis(50), stream.write_all(said.as_bytes())).await;
            holding.push(stream);
        }
    }
    for _ in 0..3 {
        let status = timeout(soon, health(process)).await;
        assert_eq!(status.expect("they keep all places"), 200);
    }
    let stored = timeout(soon, process.post(with(PARTIAL, json!({})))).await;
    assert!(stored.expect("likewise").status().is_success());
    assert_eq!(holding.len(), 30, "they are there all the time");
}

/// Three addresses send most of their arrays and stop: they hold all room for bodies but some kilobytes, and make room
/// when another needs more before it is told that there is none.
async fn slow_arrays_of_several_addresses_make_room(on: On) {
    let (process, _folder) = start(on, &[]).await;
    let head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 1048000\r\n\r\n[";
    let begin = head.to_owned() + &" ".repeat(1_044_000);
    let mut slow = Vec::new();
    for number in 0..10 {
        let mut stream = connect_from(&process, 2 + number / 4).await;
        let sent = timeout(SOON, stream.write_all(begin.as_bytes())).await;
        sent.expect("there is room").expect("it is sent");
        slow.push(stream);
    }
    // What was written is read.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let filler = "x".repeat(9_000);
    let responses = (0..20).map(|number| {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
        with(COMPLETED, json!({"id": id, "custom": {"filler": filler}}))
    });
    assert_eq!(process.post(responses.collect()).await.status(), 201);
    assert_eq!(slow.len(), 10, "they are there all the time");
}

/// Six hundred clients that send as much of a head, or of a body, as is read of it, or do not read what they asked for.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn slow_clients_cost_little_memory() {
    let granted = rlimit::increase_nofile_limit(2_000).expect("a limit");
    assert!(granted >= 1_000, "{granted} files are too few for this test");
    let limits = ["--connections", "700", "--connections-per-address", "0"];
    let (process, _folder) = start(On::Sqlite, &limits).await;
    let post = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 1000000\r\n\r\n[";
    let asked = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    let mut clients = Vec::new();
    for number in 0..600 {
        let mut stream = connect_from(&process, 1).await;
        let sending = async {
            match number % 3 {
                0 => stream.write_all(b"GET / HTTP/1.1\r\nx: ").await?,
                1 => stream.write_all(post.as_bytes()).await?,
                _ => return stream.write_all(asked.as_bytes()).await,
            }
            stream.write_all(&vec![b' '; 320_000]).await
        };
        // What is not read does not fit into the system's buffers, or is answered with 431.
        let _ = timeout(Duration::from_millis(200), sending).await;
        clients.push(stream);
    }
    let kilobytes = most_memory(&process);
    assert!(kilobytes < 150 * 1_024, "{kilobytes} kB for {} clients", clients.len());
}

/// Arrays of responses that become far larger in memory than they are as text, from many addresses at once.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn costly_arrays_cost_little_memory() {
    let (process, _folder) = start(On::Sqlite, &[]).await;
    let options: Vec<_> = (0..40).map(|option| format!("o{option}")).collect();
    let answers = (0..100).map(|question| {
        json!({"question": format!("q{question}"), "text": "?", "kind": "choices", "value": options})
    });
    let answers: serde_json::Value = answers.collect();
    let array = |sender: u8| {
        let responses = (0..35).map(|number| {
            let id = format!("0199a3c2-5f1e-7a3b-8c4d-{sender:06}{number:06}");
            with(COMPLETED, json!({"id": id, "answers": answers}))
        });
        responses.collect::<serde_json::Value>().to_string()
    };
    let sending = (1..=32_u8).map(async |sender| {
        let mut stream = connect_from(&process, sender).await;
        let body = array(sender);
        let head = format!(
            "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        // Where there is no room in time, it is told so.
        let _ = stream.write_all((head + &body).as_bytes()).await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer.starts_with("HTTP/1.1 201")
    });
    let answered = futures_util::future::join_all(sending).await;
    assert!(answered.iter().any(|is_stored| *is_stored), "some had room");
    let kilobytes = most_memory(&process);
    assert!(kilobytes < 150 * 1_024, "{kilobytes} kB");
}

/// The most memory that it had, in kB.
#[cfg(target_os = "linux")]
fn most_memory(process: &Process) -> u64 {
    let pid = process.child.id().expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// A head of 16 kB is refused in words, however much of it comes.
#[tokio::test]
async fn a_large_head_is_refused() {
    let (process, _folder) = start(On::Sqlite, &[]).await;
    for (length, status) in [(8_000, 200), (15_000, 200), (20_000, 431), (60_000, 431)] {
        let url = format!("{}/healthz", process.address);
        let answer = client().get(url).header("x-filler", "y".repeat(length)).send().await;
        assert_eq!(answer.expect("an answer").status(), status, "{length}");
    }
}
