//! What strangers cost: what honest senders notice of a greedy one, how many rows one response makes at worst, and
//! memory with as many slow clients as there are places.

use crate::client::Load;
use crate::server::Server;
use serde_json::{Value, json};
use sondeo_model::ResponseId;
use sqlx::{Connection, Row};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// Slow clients: twice as many as there are places.
const CLIENTS: usize = 4_096;
/// How long each sends what it has to say.
const SENDING: Duration = Duration::from_secs(5);
/// Clients that send whole arrays, and how long they wait for the answer.
const WHOLE_ARRAYS: u64 = 64;
const ANSWERING: Duration = Duration::from_secs(30);
/// Connections of the greedy sender.
const GREEDY: usize = 8;
/// Honest responses in a second.
const HONEST: f64 = 50.0;

const POST: &str = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/// Memory with every kind of slow client, and with those that send what takes the most of it.
pub(crate) async fn memory() {
    let _ = rlimit::increase_nofile_limit(CLIENTS as u64 + 200);
    let filler = " ".repeat(1_000_000);
    let body = |length: usize| format!("{POST}content-length: {length}\r\n\r\n{{{filler}");
    let mut worst = 0.0_f64;
    for (kind, bytes) in [
        ("that send a head without an end", format!("GET / HTTP/1.1\r\nx: {filler}")),
        ("that send all of a body but its end", body(64_000)[..60_000].to_owned()),
        ("that send all of an array but its end", body(1_000_000).replacen('{', "[", 1)),
        ("that read no answer", "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200)),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::sqlite(folder.path());
        let clients = (0..CLIENTS).map(|_| slow_client(&server.address, bytes.as_bytes()));
        let clients = futures_util::future::join_all(clients).await;
        worst = worst.max(say_memory(&server, clients.len(), kind));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::sqlite(folder.path());
    let clients = (0..WHOLE_ARRAYS).map(|number| whole_array(&server.address, number));
    futures_util::future::join_all(clients).await;
    let kind = "that send the largest arrays, whole";
    worst = worst.max(say_memory(&server, WHOLE_ARRAYS as usize, kind));
    println!("memory at worst             {worst:>10.0} MB");
}

fn say_memory(server: &Server, clients: usize, kind: &str) -> f64 {
    let memory = server.peak_memory();
    println!("memory, {clients:>4} clients {kind:<40} {memory:>6.0} MB");
    memory
}

/// Sends an array of the costliest responses, and waits until it is answered.
async fn whole_array(address: &str, number: u64) {
    let body = costliest_array(number).to_string();
    let head = format!("{POST}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let Ok(mut stream) = TcpStream::connect(address.trim_start_matches("http://")).await else {
        return;
    };
    let _ = stream.write_all((head + &body).as_bytes()).await;
    let _ = timeout(ANSWERING, stream.read_to_end(&mut Vec::new())).await;
}

/// How many rows of counts one response makes, which holds as much as it may.
pub(crate) async fn rows() {
    let options: Vec<_> = (0..40).map(|option| format!("o{option}")).collect();
    let many_options = json!({"kind": "choices", "value": options});
    let one_value = json!({"kind": "yes-no", "value": true});
    let (mut answers, mut states) = (0, 0);
    for answer in [many_options, one_value] {
        let found = rows_of(&costliest_response(&answer)).await;
        (answers, states) = (found.0.max(answers), found.1.max(states));
    }
    println!("rows of one response        {answers:>10} of answers, {states} of states, at worst");
}

/// Rows of answers and of states.
async fn rows_of(response: &Value) -> (i64, i64) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::sqlite(folder.path());
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/v1/responses", server.address);
    let sent = client.post(url).json(response).send().await.expect("an answer");
    assert_eq!(sent.status(), 201);
    sqlx::any::install_default_drivers();
    let file = format!("sqlite:{}", folder.path().join("sondeo.db").display());
    let mut db = sqlx::AnyConnection::connect(&file).await.expect("the file");
    let mut count = async |sql: &'static str| -> i64 {
        let row = sqlx::query(sql).fetch_one(&mut db).await.expect("a row");
        row.try_get(0).expect("a number")
    };
    let answers = count("SELECT COUNT(*) FROM day_answer").await;
    (answers, count("SELECT COUNT(*) FROM day_status").await)
}

/// A hundred answers like this one, as many custom fields as are counted, and one that counts as `…`.
fn costliest_response(answer: &Value) -> Value {
    let answers = (0..100).map(|question| {
        let mut answer = answer.clone();
        answer["question"] = json!(format!("q{question}"));
        answer["text"] = json!("?");
        answer
    });
    let custom: serde_json::Map<String, Value> =
        (0..21).map(|field| (format!("c{field}"), json!("v"))).collect();
    let mut response = golden(1);
    response["answers"] = answers.collect();
    response["custom"] = custom.into();
    response
}

/// A hundred responses of a hundred answers, each as short as can be: what becomes the largest in memory.
fn costliest_array(number: u64) -> Value {
    let answers: Value = (0..100)
        .map(|question| json!({"question": format!("{question}"), "text": "?", "kind": "text", "value": "a"}))
        .collect();
    let responses = (0..100).map(|index| {
        let mut response = golden(number * 100 + index);
        response["answers"] = answers.clone();
        response
    });
    responses.collect()
}

/// A response with this number in its id.
fn golden(number: u64) -> Value {
    let response = include_str!("../../../model/golden/response-completed.json");
    let mut response: Value = serde_json::from_str(response).expect("JSON");
    let mut random = [1; 10];
    random[..8].copy_from_slice(&number.to_be_bytes());
    response["id"] = json!(ResponseId::new(1_800_000_000_000, random).to_text());
    response
}

async fn slow_client(address: &str, bytes: &[u8]) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).await.ok()?;
    // What is not read does not fit into the system's buffers.
    let _ = timeout(SENDING, stream.write_all(bytes)).await;
    Some(stream)
}

/// What honest senders wait while another address sends arrays as fast as it can.
pub(crate) async fn latency() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::sqlite_with_limits(folder.path());
    let stop = Arc::new(AtomicBool::new(false));
    let sent = Arc::new(AtomicU64::new(0));
    let greedy = {
        let (address, stop, sent) = (server.address.clone(), Arc::clone(&stop), Arc::clone(&sent));
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let senders = (0..GREEDY).map(|_| greedy_sender(&address, &stop, &sent));
                futures_util::future::join_all(senders).await;
            });
        })
    };
    let honest = Load { connections: 16, rate: HONEST, ..Load::default() };
    let honest = honest.run(&server.address).await;
    stop.store(true, Ordering::Relaxed);
    greedy.join().expect("it ends");
    println!(
        "beside a greedy sender      {:>10.0} /s   p50 {:.1} ms   p99 {:.1} ms   {} refused   (it sent {} arrays of 100)",
        honest.good_rate(),
        honest.percentile(0.5),
        honest.p99(),
        honest.refused,
        sent.load(Ordering::Relaxed),
    );
}

/// Another address of this machine's own.
async fn connect(to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::new(127, 0, 0, 2), 0).into())?;
    socket.connect(to).await
}

async fn greedy_sender(address: &str, stop: &AtomicBool, sent: &AtomicU64) {
    let address = address.trim_start_matches("http://").parse().expect("an address");
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = connect(address).await else { return };
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let body = array(number);
        let request =
            format!("{POST}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

/// Each response answers a question that nobody has asked before: a new name costs more than a count.
fn array(number: u64) -> String {
    let response = |index| {
        let mut response = golden(number * 100 + index);
        response["answers"][0]["question"] = format!("q-{number}-{index}").into();
        response
    };
    (0..100).map(response).collect::<Value>().to_string()
}
