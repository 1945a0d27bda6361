//! From the bytes of a request to a response that the contract allows.

use crate::server::shares::{AddressShare, HeldUnits, Member, Shares};
use crate::{Error, LARGEST_BODY_BYTES, byte_order_mark};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use mime::Mime;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sondeo_model::{Response, Violation};
use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

/// How much of a body that is too large is read and thrown away. A connection that is closed while
/// the client still writes is reset, and the client never reads the 413 that would stop it trying.
/// It is also the most bytes that an array of responses may have.
const MOST_DISCARDED_BYTES: usize = 1024 * 1024;
/// Responses, at most, of one array.
const MOST_RESPONSES: usize = 100;
/// What a body has for nothing: a response of a widget is seldom larger.
const FREE_BYTES: usize = 4 * 1024;
/// Bytes that larger bodies may have together, from their first bytes until their responses are stored: a
/// thousand that wait for a database cost no more memory than that, and what is read from them.
const ROOM_BYTES: usize = 10 * 1024 * 1024;
/// The part of [`ROOM_BYTES`] that one address may take.
const ROOM_OF_ADDRESS_BYTES: usize = 4 * 1024 * 1024;
/// What room is counted in.
const UNIT_BYTES: usize = 1024;
/// How long a body waits for room, and how many of them wait: each holds what was read ahead of it.
const ROOM_TIMEOUT: Duration = Duration::from_secs(5);
const MOST_WAITING: usize = 256;
/// By how much the memory of a large body grows. Doubling it would take twice what there is room for.
const STEP_BYTES: usize = 16 * 1024;
/// How long a body that takes room may need for [`LEAST_BYTES`] bytes. Whoever is slower gives the room back.
const WINDOW: Duration = Duration::from_secs(10);
const LEAST_BYTES: usize = 16 * 1024;
/// The same, while others wait for room that nobody but these bodies holds: who is slow then makes room.
const SHORT_WINDOW: Duration = Duration::from_secs(1);

/// What a value takes in memory once it is read, about: a response of short values takes many times its bytes.
const VALUE_BYTES: usize = 128;
/// Memory that a response has for nothing once it is read; that of a widget seldom takes more.
const FREE_MEMORY_BYTES: usize = 16 * 1024;
/// Memory that responses may take together, from when they are read until they are stored. It is not a part of
/// [`ROOM_BYTES`]: whoever waits for it holds a body, and those who hold it wait for nothing.
const MEMORY_BYTES: usize = 6 * 1024 * 1024;
/// The part of [`MEMORY_BYTES`] that one address may take.
const MEMORY_OF_ADDRESS_BYTES: usize = MEMORY_BYTES / 4;
/// Memory that the responses of an array take at once: as many of them are read and stored together. Of those that
/// widgets send, that is more than half a hundred.
const CHUNK_BYTES: usize = 512 * 1024;
/// Memory that one response is reckoned to take, at most.
const MOST_MEMORY_BYTES: usize = 1024 * 1024;

/// What a body holds, as far as it has to be looked at to know.
pub(crate) enum Payload {
    /// A response, or nothing that is one.
    One(Vec<u8>),
    /// Responses, each of which may be wrong for itself.
    Many(Array),
}

/// Responses of one body, which are read some at a time.
pub(crate) struct Array {
    bytes: Vec<u8>,
    items: Vec<Range<usize>>,
}

impl Array {
    /// The places of the items that are read and stored together.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = &[Range<usize>]> {
        let mut rest = &self.items[..];
        std::iter::from_fn(move || {
            let mut memory = 0;
            let fits = |item: &&Range<usize>| {
                memory += self.memory_of(item);
                memory <= CHUNK_BYTES
            };
            let length = rest.iter().take_while(fits).count().max(1).min(rest.len());
            let (chunk, after) = rest.split_at(length);
            rest = after;
            (!chunk.is_empty()).then_some(chunk)
        })
    }

    /// The most memory that a chunk takes.
    pub(crate) fn memory(&self) -> usize {
        let of_chunk = |chunk: &[Range<usize>]| chunk.iter().map(|item| self.memory_of(item)).sum();
        self.chunks().map(of_chunk).max().unwrap_or_default()
    }

    fn memory_of(&self, item: &Range<usize>) -> usize {
        self.bytes.get(item.clone()).map_or(0, memory_of)
    }

    /// The response at this place.
    pub(crate) fn read(&self, item: &Range<usize>) -> Result<Response, Error> {
        let text = str::from_utf8(self.bytes.get(item.clone()).unwrap_or_default())
            .map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
        if text.len() > LARGEST_BODY_BYTES {
            return Err(Error::TooLarge(LARGEST_BODY_BYTES));
        }
        if text.starts_with('{') { parse_one(text) } else { Err(not_an_object()) }
    }
}

/// How much memory a response takes once it is read, about: its text, and its values, between which there are commas.
pub(crate) fn memory_of(json: &[u8]) -> usize {
    let values = 1 + json.iter().filter(|&&byte| byte == b',').count();
    (2 * json.len() + VALUE_BYTES * values).min(MOST_MEMORY_BYTES)
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Json,
    Form,
}

/// Memory for large bodies, of which one address can only take its share.
#[derive(Debug)]
pub(crate) struct Bodies {
    shares: Arc<Shares>,
    memory: Arc<Shares>,
    waiting: Arc<Semaphore>,
    starved: Starved,
}

/// How many bodies wait for room of everybody, and not for that of their own address.
#[derive(Debug, Clone)]
struct Starved(watch::Sender<usize>);

impl Starved {
    fn one_more(&self) -> OneStarved {
        self.0.send_modify(|count| *count += 1);
        OneStarved(self.0.clone())
    }
}

struct OneStarved(watch::Sender<usize>);

impl Drop for OneStarved {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Bodies {
    /// Without shares, one address may take all of it.
    pub(crate) fn new(has_shares: bool) -> Self {
        let shares = |all: usize, of_address: usize| {
            let share = AddressShare { units: of_address / UNIT_BYTES, members: usize::MAX };
            Shares::new(all / UNIT_BYTES, has_shares.then_some(share))
        };
        Self {
            shares: shares(ROOM_BYTES, ROOM_OF_ADDRESS_BYTES),
            memory: shares(MEMORY_BYTES, MEMORY_OF_ADDRESS_BYTES),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            starved: Starved(watch::Sender::new(0)),
        }
    }

    /// Room for a body from this address; none is taken yet.
    pub(crate) fn room(&self, address: IpAddr) -> Result<Room, Error> {
        let taken = |of: &Arc<Shares>, free: usize| {
            let member = of.join(Some(address)).ok_or(Error::Busy)?;
            Ok::<_, Error>(Taken { held: HeldUnits::default(), paid: free, member })
        };
        Ok(Room {
            body: taken(&self.shares, FREE_BYTES)?,
            memory: taken(&self.memory, FREE_MEMORY_BYTES)?,
            waiting: Arc::clone(&self.waiting),
            starved: self.starved.clone(),
        })
    }
}

/// What a large body and its responses take of the memory for all of them, until this is dropped.
#[derive(Debug)]
pub(crate) struct Room {
    body: Taken,
    memory: Taken,
    waiting: Arc<Semaphore>,
    starved: Starved,
}

/// What is taken of one kind of room.
#[derive(Debug)]
struct Taken {
    held: HeldUnits,
    /// Bytes that there is room for.
    paid: usize,
    member: Member,
}

impl Room {
    /// Whether the body and its responses were so small that nothing is held.
    pub(crate) fn is_free(&self) -> bool {
        self.body.held.is_empty() && self.memory.held.is_empty()
    }

    /// Waits for room for responses that take so much memory.
    pub(crate) async fn hold(&mut self, memory: usize) -> Result<(), Error> {
        self.memory.grow(memory, &self.waiting, None).await
    }

    /// Gives the room of a body back, which is needed no more.
    pub(crate) fn drop_body(&mut self) {
        self.body.held = HeldUnits::default();
    }
}

impl Taken {
    /// Waits for room for so many bytes in all. Those who hold some and are slow learn of it.
    async fn grow(
        &mut self,
        length: usize,
        waiting: &Semaphore,
        starved: Option<&Starved>,
    ) -> Result<(), Error> {
        let units = length.saturating_sub(self.paid).div_ceil(UNIT_BYTES);
        if units > 0 {
            let units_wanted = u32::try_from(units).map_err(|_| Error::Busy)?;
            let more = match self.member.take(units_wanted).now_or_never() {
                Some(more) => more,
                None => {
                    let _waiting = waiting.try_acquire().map_err(|_| Error::Busy)?;
                    let taking = async {
                        let mut more = self.member.take_own(units_wanted).await;
                        let _starved = starved.map(Starved::one_more);
                        self.member.take_common(&mut more, units_wanted).await;
                        more
                    };
                    timeout(ROOM_TIMEOUT, taking).await.map_err(|_| Error::Busy)?
                }
            };
            self.held.add(more);
            self.paid += units * UNIT_BYTES;
        }
        Ok(())
    }
}

/// Reads the body: at most [`LARGEST_BODY_BYTES`], and [`MOST_DISCARDED_BYTES`] of an array.
pub(crate) async fn read(mut body: Body, room: &mut Room) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let (mut length, mut limit) = (0, LARGEST_BODY_BYTES);
    let mut window: Option<(Instant, usize)> = None;
    let mut pace = BodyPace::new(&room.starved);
    loop {
        let frame = match window {
            None => body.frame().await,
            Some((end, at_begin)) => tokio::select! {
                biased;
                frame = timeout_at(end, body.frame()) => match frame {
                    Ok(frame) => frame,
                    Err(_) if length < at_begin + LEAST_BYTES => return Err(Error::Timeout),
                    Err(_) => {
                        window = Some((Instant::now() + WINDOW, length));
                        continue;
                    }
                },
                () = pace.is_too_slow(length) => return Err(Error::Busy),
            },
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Error::BrokenBody)?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > LARGEST_BODY_BYTES && limit == LARGEST_BODY_BYTES && is_array(&bytes, &data) {
            limit = MOST_DISCARDED_BYTES;
        }
        if length <= limit {
            let begun = Instant::now();
            room.body.grow(length, &room.waiting, Some(&room.starved)).await?;
            // What it waited for us is not the client's time.
            window = window.map(|(end, at_begin)| (end + begun.elapsed(), at_begin));
            pace.begun += begun.elapsed();
            if length > FREE_BYTES && bytes.capacity() < length {
                bytes.reserve_exact(data.len().max(STEP_BYTES));
            }
            bytes.extend_from_slice(&data);
        } else if length > MOST_DISCARDED_BYTES {
            break;
        }
        if window.is_none() && length > FREE_BYTES {
            window = Some((Instant::now() + WINDOW, length));
        }
    }
    if length > limit { Err(Error::TooLarge(limit)) } else { Ok(bytes) }
}

/// How fast a body comes while others wait for the room that it holds.
struct BodyPace {
    starved: watch::Receiver<usize>,
    /// Of the short window, and the length of the body then.
    begun: Instant,
    length: usize,
}

impl BodyPace {
    fn new(starved: &Starved) -> Self {
        Self { starved: starved.0.subscribe(), begun: Instant::now(), length: 0 }
    }

    /// Completes when others wait, and this body of such a length has grown by too little for a while.
    async fn is_too_slow(&mut self, length: usize) {
        if length >= self.length + LEAST_BYTES {
            (self.begun, self.length) = (Instant::now(), length);
        }
        sleep_until(self.begun + SHORT_WINDOW).await;
        // The sender is there as long as the room is.
        let _ = self.starved.wait_for(|count| *count > 0).await;
    }
}

fn is_array(read: &[u8], next: &[u8]) -> bool {
    // The three bytes of a byte order mark may stand in front.
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf);
    read.iter().chain(next).find(|byte| !is_blank(byte)) == Some(&b'[')
}

/// Checks that the headers announce JSON or a form. `text/plain` is what a page may send without a
/// preflight.
pub(crate) fn check_type(headers: &HeaderMap) -> Result<Written, Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // Several codings may stand in one line or on lines of their own.
    let is_plain = |line: &HeaderValue| {
        let codings = line.to_str().unwrap_or("?").split(',');
        codings.into_iter().all(|coding| coding.trim().eq_ignore_ascii_case("identity"))
    };
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(is_plain) {
        return Err(Error::UnsupportedMediaType("the body must not be compressed"));
    }
    let mime: Option<Mime> = text(header::CONTENT_TYPE).and_then(|value| value.parse().ok());
    let mime = mime.ok_or(Error::UnsupportedMediaType(WANTED))?;
    let written = match mime.essence_str() {
        "application/json" | "text/plain" => Written::Json,
        "application/x-www-form-urlencoded" => Written::Form,
        _ => return Err(Error::UnsupportedMediaType(WANTED)),
    };
    match mime.get_param(mime::CHARSET) {
        Some(charset) if charset != mime::UTF_8 => {
            Err(Error::UnsupportedMediaType("the charset must be utf-8"))
        }
        _ => Ok(written),
    }
}

const WANTED: &str = "the content type must be application/json or text/plain, holding JSON, or \
                      application/x-www-form-urlencoded";

/// Tells one response from an array of them.
pub(crate) fn split(bytes: Vec<u8>) -> Result<Payload, Error> {
    let text = text(&bytes)?;
    if !text.trim_start().starts_with('[') {
        return Ok(Payload::One(bytes));
    }
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(Error::NotJson)?;
    if !(1..=MOST_RESPONSES).contains(&items.len()) {
        let message =
            format!("an array must hold 1 to {MOST_RESPONSES} responses, not {}", items.len());
        return Err(Error::InvalidResponse { field: None, message });
    }
    let place = |item: &RawValue| {
        let begin = item.get().as_ptr().addr() - bytes.as_ptr().addr();
        begin..begin + item.get().len()
    };
    let items = items.into_iter().map(place).collect();
    Ok(Payload::Many(Array { bytes, items }))
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(byte_order_mark::without_bytes(bytes))
        .map_err(|error| Error::NotUtf8(error.valid_up_to()))
}

/// Reads one response that came alone, and makes the room of its body that of its memory.
pub(crate) async fn parse_alone(bytes: Vec<u8>, room: &mut Room) -> Result<Response, Error> {
    room.hold(memory_of(&bytes)).await?;
    let response = parse(&bytes)?;
    drop(bytes);
    room.drop_body();
    Ok(response)
}

/// Reads one response.
pub(crate) fn parse(bytes: &[u8]) -> Result<Response, Error> {
    let text = text(bytes)?;
    // What widgets send is read in one go. Whatever is wrong is looked at again, to say what.
    if text.trim_start().starts_with('{')
        && let Ok(response) = serde_json::from_str::<Response>(text)
    {
        check(&response)?;
        return Ok(response);
    }
    // All of it is looked at first: a form that is wrong before a syntax that is broken is 400 too.
    serde_json::from_str::<IgnoredAny>(text).map_err(Error::NotJson)?;
    match text.trim_start().as_bytes().first() {
        Some(b'{') => parse_one(text),
        _ => Err(not_an_object()),
    }
}

/// What another collector's destination sends (Standard Webhooks): the response is its `data`.
#[derive(Deserialize)]
struct Envelope<'t> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    data: &'t RawValue,
}

/// Reads one response. Keys that are not of the contract are passed over: a widget that is newer
/// than this collector must not lose its answers.
pub(crate) fn parse_one(text: &str) -> Result<Response, Error> {
    if let Ok(response) = serde_json::from_str(text) {
        check(&response)?;
        return Ok(response);
    }
    // Not one in another: nobody sends that.
    let text = match serde_json::from_str(text) {
        Ok(Envelope { kind, data }) if kind.starts_with("response.") => data.get(),
        _ => text,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let response: Response = serde_path_to_error::deserialize(&mut reader).map_err(wrong_form)?;
    check(&response)?;
    Ok(response)
}

/// Checks what the contract allows.
pub(crate) fn check(response: &Response) -> Result<(), Error> {
    response.validate().map_err(|violation| Error::InvalidResponse {
        message: violation.to_string(),
        field: Some(violation.field),
    })
}

fn not_an_object() -> Error {
    let message = "a response must be a JSON object; something else was sent".to_owned();
    Error::InvalidResponse { field: None, message }
}

fn wrong_form(error: serde_path_to_error::Error<serde_json::Error>) -> Error {
    let parent = Some(error.path().to_string()).filter(|path| path != ".");
    let reason = error.inner().to_string();
    // The line and column of a body that a program wrote help nobody; the path does.
    let reason = reason.rfind(" at line ").map_or(reason.as_str(), |end| &reason[..end]);
    let child = |name: &str| match &parent {
        Some(parent) => format!("{parent}.{name}"),
        None => name.to_owned(),
    };
    let named = |prefix| Some(child(reason.strip_prefix(prefix)?.strip_suffix('`')?));
    let violation = if let Some(field) = named("missing field `") {
        Violation { field, reason: "is missing".to_owned() }
    } else if let Some(field) = named("duplicate field `") {
        Violation { field, reason: "is given twice".to_owned() }
    } else {
        let field = parent.unwrap_or_else(|| "the body".to_owned());
        // Our own messages complete a sentence that starts with the field, serde's stand alone.
        let own = reason.starts_with("is ") || reason.starts_with("must ");
        let reason = if own { reason.to_owned() } else { format!("is wrong: {reason}") };
        Violation { field, reason }
    };
    let message = violation.to_string();
    Error::InvalidResponse { field: Some(violation.field), message }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK_BYTES, FREE_MEMORY_BYTES, MOST_MEMORY_BYTES, Payload, memory_of, split};

    const COMPLETED: &str = include_str!("../../model/golden/response-completed.json");

    #[test]
    fn what_widgets_send_takes_no_room() {
        assert!(memory_of(COMPLETED.as_bytes()) < FREE_MEMORY_BYTES);
    }

    #[test]
    fn an_array_is_read_some_at_a_time() {
        let costly = format!("[{}]", vec!["\"a\""; 4_000].join(","));
        for (items, chunks) in [(vec![COMPLETED; 50], 1), (vec![&costly; 36], 36), (vec!["7"], 1)] {
            for mark in ["", "\u{feff}"] {
                let body = format!("{mark} [{}] ", items.join(" , "));
                let Ok(Payload::Many(array)) = split(body.into_bytes()) else {
                    panic!("it is an array")
                };
                assert_eq!(array.chunks().count(), chunks);
                let read: Vec<_> = array.chunks().flatten().cloned().collect();
                let texts = read.into_iter().map(|item| &array.bytes[item]);
                assert!(texts.eq(items.iter().map(|item| item.trim().as_bytes())));
                assert!(array.memory() <= CHUNK_BYTES.max(memory_of(costly.as_bytes())));
            }
        }
        let commas = format!("[\"{}\"]", ",".repeat(200_000));
        let Ok(Payload::Many(array)) = split(commas.into_bytes()) else { panic!("it is an array") };
        assert_eq!((array.chunks().count(), array.memory()), (1, MOST_MEMORY_BYTES));
    }
}
