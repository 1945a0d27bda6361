//! An endpoint that fails in a named way, on bare TCP: what it does there no web server would.

use super::{PAUSE, WAIT_TIMEOUT};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the endpoint does instead of taking a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: it takes everything.
    None,
    /// Nobody listens.
    Refused,
    /// It answers so, with these headers.
    Status(u16, &'static str),
    /// It reads the request, and hangs up.
    HangsUp,
    /// It stores the response, and breaks off in the middle of saying so.
    CutMidBody,
    /// It stores the response, and says so one byte at a time, for longer than anybody waits.
    SlowBody,
    /// It stores the response, and never says so.
    Never,
    /// It stores the response, and says so when nobody waits for that any more.
    Late,
    /// It stores the response, and lets no other origin read that.
    NoCors,
    /// It refuses the preflight, and takes what comes without one.
    PreflightRefused,
    /// Something in between answers in its place that all is well.
    Portal,
}

struct Notes {
    fault: Fault,
    posts: usize,
    /// By id, the highest revision that was stored.
    stored: BTreeMap<String, u64>,
}

/// Takes responses, or not.
pub(crate) struct Faulty {
    notes: Arc<Mutex<Notes>>,
    address: SocketAddr,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Faulty {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let notes = Notes { fault: Fault::None, posts: 0, stored: BTreeMap::new() };
        let notes = Arc::new(Mutex::new(notes));
        let task = tokio::spawn(listen(listener, Arc::clone(&notes)));
        Self { notes, address, task: Mutex::new(Some(task)) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/responses", self.address)
    }

    /// From now on it fails so, and has heard of nothing before.
    pub(crate) async fn fail(&self, fault: Fault) {
        let is_refused = fault == Fault::Refused;
        {
            let mut notes = lock(&self.notes);
            notes.fault = fault;
            notes.posts = 0;
            notes.stored.clear();
        }
        if is_refused {
            self.close();
        } else {
            self.open().await;
        }
    }

    /// From now on it takes everything; what it has stored already stays.
    pub(crate) async fn heal(&self) {
        lock(&self.notes).fault = Fault::None;
        self.open().await;
    }

    fn close(&self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }

    async fn open(&self) {
        if lock(&self.task).as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        // The port is free again in a moment.
        let deadline = Instant::now() + WAIT_TIMEOUT;
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            tokio::time::sleep(PAUSE).await;
        };
        *lock(&self.task) = Some(tokio::spawn(listen(listener, Arc::clone(&self.notes))));
    }

    /// What is stored: by id, the highest revision.
    pub(crate) fn stored(&self) -> BTreeMap<String, u64> {
        lock(&self.notes).stored.clone()
    }

    /// How many POSTs came.
    pub(crate) fn posts(&self) -> usize {
        lock(&self.notes).posts
    }

    /// Waits until something was posted.
    pub(crate) async fn until_posted(&self) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        while self.posts() == 0 {
            assert!(Instant::now() < deadline, "waited in vain for a POST");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until this many responses are stored, on behalf of somebody at `caller`.
    pub(crate) async fn until_stored(&self, count: usize, caller: &Location<'_>) {
        let deadline = Instant::now() + WAIT_TIMEOUT * 2;
        while self.stored().len() < count {
            let stored = self.stored();
            assert!(
                Instant::now() < deadline,
                "at {caller}: waited in vain for {count}: {stored:?}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(notes: &Mutex<T>) -> MutexGuard<'_, T> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: TcpListener, notes: Arc<Mutex<Notes>>) {
    // They end with the listener.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let notes = Arc::clone(&notes);
        connections.spawn(async move {
            // Whoever hangs up has told us all there is.
            let _ = serve(stream, notes).await;
        });
    }
}

async fn serve(mut stream: TcpStream, notes: Arc<Mutex<Notes>>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length").and_then(|it| it.parse().ok());
            if body.len() >= length.unwrap_or(0_usize) {
                break (head.to_owned(), body.to_owned());
            }
        }
        if count == 0 {
            return Ok(());
        }
    };
    let origin = header(&head, "origin").unwrap_or("*").to_owned();
    let cors = format!("access-control-allow-origin: {origin}\r\nvary: origin\r\n");
    let fault = lock(&notes).fault.clone();
    if !head.starts_with("POST ") {
        // A preflight, or somebody who wants to know what is wrong.
        let allow =
            "access-control-allow-methods: POST\r\naccess-control-allow-headers: content-type\r\n";
        let answer = match &fault {
            Fault::PreflightRefused if head.starts_with("OPTIONS ") => answer(403, "", ""),
            Fault::NoCors if !head.starts_with("OPTIONS ") => answer(204, "", ""),
            Fault::Status(status @ 300..=399, headers) => {
                let is_preflight = head.starts_with("OPTIONS ");
                let (status, headers) = if is_preflight { (204, "") } else { (*status, *headers) };
                answer(status, &format!("{cors}{allow}{headers}"), "")
            }
            _ => answer(204, &format!("{cors}{allow}"), ""),
        };
        return stream.write_all(answer.as_bytes()).await;
    }
    {
        let response: Json = serde_json::from_str(&body).unwrap_or_default();
        let id = id_of(&response, &body);
        let mut notes = lock(&notes);
        notes.posts += 1;
        if matches!(
            fault,
            Fault::None
                | Fault::CutMidBody
                | Fault::SlowBody
                | Fault::Never
                | Fault::Late
                | Fault::NoCors
                | Fault::PreflightRefused
        ) {
            let revision = response["revision"].as_u64().unwrap_or_default();
            let known = notes.stored.entry(id).or_default();
            *known = revision.max(*known);
        }
    }
    let id = id_of(&serde_json::from_str(&body).unwrap_or_default(), &body);
    let receipt = answer(201, &cors, &format!("{{\"id\":\"{id}\"}}"));
    let text = match fault {
        Fault::None | Fault::PreflightRefused => receipt,
        Fault::Late => {
            tokio::time::sleep(PAUSE * 40).await;
            receipt
        }
        Fault::Status(status, headers) => answer(status, &format!("{cors}{headers}"), "no"),
        Fault::NoCors => answer(201, "", ""),
        Fault::Portal => answer(200, &cors, "<!doctype html><title>Sign in to our network</title>"),
        Fault::CutMidBody => {
            format!("HTTP/1.1 201 Created\r\n{cors}content-length: 999\r\n\r\n{{\"id\":")
        }
        Fault::SlowBody => {
            let head = format!("HTTP/1.1 201 Created\r\n{cors}content-length: 999\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(PAUSE * 20).await;
            }
        }
        Fault::Never => std::future::pending().await,
        Fault::HangsUp | Fault::Refused => return Ok(()),
    };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// The response's id: in JSON, or in a form under its own name or that of the tests' service.
fn id_of(response: &Json, body: &str) -> String {
    let of_form =
        || body.split('&').find_map(|it| it.strip_prefix("id=").or(it.strip_prefix("entry.1=")));
    response["id"].as_str().or_else(of_form).unwrap_or_default().to_owned()
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} -\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
