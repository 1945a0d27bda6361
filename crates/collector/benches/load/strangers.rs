//! What strangers cost: memory with as many slow clients as there are places, and what honest senders notice of a
//! greedy one.

use crate::client::Load;
use crate::server::Server;
use serde_json::{Value, json};
use sondeo_model::ResponseId;
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
/// Connections of the greedy sender.
const GREEDY: usize = 8;
/// Honest responses in a second.
const HONEST: f64 = 50.0;

const POST: &str = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/// Memory with every kind of slow client.
pub(crate) async fn memory() {
    let _ = rlimit::increase_nofile_limit(CLIENTS as u64 + 200);
    let filler = " ".repeat(1_000_000);
    let body = |length: usize| format!("{POST}content-length: {length}\r\n\r\n{{{filler}");
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
        let memory = server.peak_memory();
        println!("memory, {} clients {kind:<40} {memory:>6.0} MB", clients.len());
    }
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

fn array(number: u64) -> String {
    let response = include_str!("../../../model/golden/response-completed.json");
    let response: Value = serde_json::from_str(response).expect("JSON");
    let responses = (0..100_u64).map(|index| {
        let mut random = [1; 10];
        random[..8].copy_from_slice(&(number * 100 + index).to_be_bytes());
        let mut response = response.clone();
        response["id"] = json!(ResponseId::new(1_800_000_000_000, random).to_text());
        response
    });
    Value::from(responses.collect::<Vec<_>>()).to_string()
}
