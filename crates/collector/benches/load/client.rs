//! The load: plain HTTP/1.1 on many connections, as cheap as can be, for it shares the machine.

use crate::SECONDS;
use sondeo_model::ResponseId;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

const BODY: &str = include_str!("../../../model/golden/response-completed.json");
const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";

/// How much to send.
pub(crate) struct Load {
    /// Where it is sent to: responses without one, else a `GET` as browsers send it.
    pub(crate) path: Option<&'static str>,
    pub(crate) connections: usize,
    /// Requests that are due in a second.
    pub(crate) rate: f64,
    pub(crate) seconds: u64,
}

impl Default for Load {
    fn default() -> Self {
        Self { path: None, connections: 256, rate: 1_000.0, seconds: SECONDS }
    }
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Outcome {
    seconds: f64,
    /// Answered 200 or 201.
    pub(crate) good: u64,
    /// Answered 429 or 503.
    pub(crate) refused: u64,
    /// Anything else.
    pub(crate) broken: u64,
    /// Of what was answered well, in milliseconds from the time at which it was due.
    latencies: Vec<f32>,
}

impl Outcome {
    pub(crate) fn good_rate(&self) -> f64 {
        self.good as f64 / self.seconds
    }

    pub(crate) fn percentile(&self, share: f64) -> f32 {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies
            .get(place.min(self.latencies.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    }

    pub(crate) fn p99(&self) -> f32 {
        self.percentile(0.99)
    }
}

impl Load {
    pub(crate) async fn run(&self, address: &str) -> Outcome {
        let shared = Rc::new(Shared {
            due: Cell::new(0),
            begun: Instant::now() + Duration::from_millis(300),
            rate: self.rate,
            end: Duration::from_secs(self.seconds),
            requests: self.path.map_or_else(responses, |path| vec![Request::get(path)]),
            outcome: RefCell::default(),
        });
        let local = LocalSet::new();
        for _ in 0..self.connections {
            let (shared, address) = (Rc::clone(&shared), address.to_owned());
            local.spawn_local(async move {
                while shared.connection(&address).await.is_err() {
                    shared.outcome.borrow_mut().broken += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
        }
        local.await;
        let mut outcome = shared.outcome.take();
        assert!(
            outcome.good > 0,
            "nothing was answered well: {} answers were something else",
            outcome.broken
        );
        outcome.seconds = self.seconds as f64;
        outcome.latencies.sort_by(f32::total_cmp);
        outcome
    }
}

struct Shared {
    /// The number of the next request.
    due: Cell<u64>,
    begun: Instant,
    rate: f64,
    end: Duration,
    requests: Vec<Request>,
    outcome: RefCell<Outcome>,
}

impl Shared {
    /// Sends what is due until the time is over.
    async fn connection(&self, address: &str) -> std::io::Result<()> {
        if self.begun.elapsed() >= self.end {
            return Ok(());
        }
        let mut stream = TcpStream::connect(address.trim_start_matches("http://")).await?;
        stream.set_nodelay(true)?;
        let mut request = Vec::with_capacity(4_096);
        let mut answer = vec![0; 16_384];
        loop {
            let number = self.due.get();
            self.due.set(number + 1);
            let due = self.begun + Duration::from_secs_f64(number as f64 / self.rate);
            if due > self.begun + self.end || self.begun.elapsed() >= self.end {
                return Ok(());
            }
            if due > Instant::now() {
                tokio::time::sleep_until(due.into()).await;
            }
            request.clear();
            self.requests[number as usize % self.requests.len()].write(number, &mut request);
            stream.write_all(&request).await?;
            let status = read(&mut stream, &mut answer).await?;
            let mut outcome = self.outcome.borrow_mut();
            match status {
                // What comes late was not carried in the time.
                200 | 201 if self.begun.elapsed() < self.end => {
                    outcome.good += 1;
                    outcome.latencies.push(due.elapsed().as_secs_f32() * 1_000.0);
                }
                200 | 201 => {}
                429 | 503 => outcome.refused += 1,
                _ => outcome.broken += 1,
            }
        }
    }
}

/// A request as text; of a response, what stands before and after its id.
struct Request {
    before: String,
    after: Option<String>,
}

impl Request {
    /// A script as a browser asks for it, on a page of somebody's site.
    fn get(path: &str) -> Self {
        let before = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\naccept: */*\r\naccept-encoding: gzip, deflate, br, zstd\r\n\
             accept-language: en-US,en;q=0.9\r\nreferer: https://shop.example/\r\nsec-fetch-dest: script\r\n\
             sec-fetch-mode: no-cors\r\nsec-fetch-site: cross-site\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) \
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\r\n"
        );
        Self { before, after: None }
    }

    fn write(&self, number: u64, request: &mut Vec<u8>) {
        request.extend_from_slice(self.before.as_bytes());
        if let Some(after) = &self.after {
            request.extend_from_slice(id(number).as_bytes());
            request.extend_from_slice(after.as_bytes());
        }
    }
}

/// Responses that differ as visitors do, in their score, device and page.
fn responses() -> Vec<Request> {
    let mut requests = Vec::new();
    for score in 1..=5 {
        for device in ["mobile", "tablet", "desktop"] {
            for page in ["done", "paid", "sent"] {
                let body = BODY
                    .replace("\"value\": 4", &format!("\"value\": {score}"))
                    .replace("\"device\": \"mobile\"", &format!("\"device\": \"{device}\""))
                    .replace("/checkout/done", &format!("/checkout/{page}"));
                let (before, after) = body.split_once(ID).expect("the id");
                let head = format!(
                    "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                     content-length: {}\r\n\r\n{before}",
                    body.len()
                );
                requests.push(Request { before: head, after: Some(after.to_owned()) });
            }
        }
    }
    requests
}

/// A new id, of this moment.
fn id(number: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut random = [0; 10];
    random[..8].copy_from_slice(&number.to_be_bytes());
    random[8..].copy_from_slice(&now.subsec_nanos().to_be_bytes()[2..]);
    ResponseId::new(u64::try_from(now.as_millis()).unwrap_or_default(), random).to_text()
}

/// Reads one answer to its end, and gives its status.
async fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> std::io::Result<u16> {
    let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let mut length = 0;
    loop {
        let read = stream.read(buffer.get_mut(length..).ok_or_else(broken)?).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
        // What is compressed is no text.
        let end = buffer[..length].windows(4).position(|it| it == b"\r\n\r\n");
        let Some((head, body)) = end.map(|end| (&buffer[..end], &buffer[end + 4..length])) else {
            continue;
        };
        let head = str::from_utf8(head).map_err(|_| broken())?;
        let wanted = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let wanted: usize = wanted.and_then(|it| it.parse().ok()).ok_or_else(broken)?;
        if body.len() >= wanted {
            return head.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(broken);
        }
    }
}
