//! Where the demo's answers go: stand-ins of Slack and of a mail server, and a page that shows the channel and the mailbox.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::http;
use crate::shell::Result;

const PAGE: &str = include_str!("inbox.html");
/// Where the stand-in of Slack takes messages, as Slack's own addresses look like.
const HOOK: &str = "/services/T0DEMO/B0DEMO/demo";
/// Messages and mails that are shown, of each the latest.
const MOST: usize = 100;
const LONGEST: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// What came.
#[derive(Default)]
struct Kept {
    channel: VecDeque<String>,
    mails: VecDeque<String>,
}

impl Kept {
    fn json(&self) -> String {
        let list = |texts: &VecDeque<String>| {
            let texts: Vec<String> = texts.iter().map(|it| quoted(it)).collect();
            texts.join(",")
        };
        format!(r#"{{"channel":[{}],"mails":[{}]}}"#, list(&self.channel), list(&self.mails))
    }
}

fn push(texts: &mut VecDeque<String>, text: String) {
    texts.push_back(text);
    if texts.len() > MOST {
        texts.pop_front();
    }
}

/// Both stand-ins. They live as long as the program.
pub(super) struct Inbox {
    web: SocketAddr,
    smtp: SocketAddr,
}

impl Inbox {
    /// Starts them, the page at this port if nobody else listens there.
    pub(super) fn start(port: u16) -> Result<Self> {
        let listen = |port| TcpListener::bind(http::local(port));
        let none = |error| format!("no free port on this machine: {error}");
        let web = listen(port).or_else(|_| listen(0)).map_err(none)?;
        let smtp = listen(0).map_err(none)?;
        let inbox =
            Self { web: web.local_addr().map_err(none)?, smtp: smtp.local_addr().map_err(none)? };
        let kept: Arc<Mutex<Kept>> = Arc::default();
        serve(web, Arc::clone(&kept), answer);
        serve(smtp, kept, converse);
        Ok(inbox)
    }

    /// The page that shows both.
    pub(super) fn page(&self) -> String {
        format!("http://{}/", self.web)
    }

    /// The address of the channel's webhook.
    pub(super) fn hook(&self) -> String {
        format!("http://{}{HOOK}", self.web)
    }

    /// The mail server.
    pub(super) fn smtp(&self) -> String {
        format!("smtp://{}", self.smtp)
    }
}

/// Has each connection answered by a thread of its own. What becomes of one is of no interest to the others.
fn serve(
    listener: TcpListener,
    kept: Arc<Mutex<Kept>>,
    take: fn(TcpStream, &Mutex<Kept>) -> std::io::Result<()>,
) {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            thread::spawn(move || {
                let _ = stream.set_read_timeout(Some(PATIENCE));
                take(stream, &kept)
            });
        }
    });
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request of HTTP: the page, what it shows, or a message for the channel.
fn answer(mut stream: TcpStream, kept: &Mutex<Kept>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?.take(LONGEST));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    let (status, kind, text) = match (&*method, &*path) {
        ("GET", "/") => ("200 OK", "text/html; charset=utf-8", PAGE.to_owned()),
        ("GET", "/messages.json") => ("200 OK", "application/json", lock(kept).json()),
        ("POST", HOOK) if body.starts_with('{') && body.contains("\"blocks\"") => {
            push(&mut lock(kept).channel, body);
            ("200 OK", "text/plain", "ok".to_owned())
        }
        ("POST", HOOK) => ("400 Bad Request", "text/plain", "invalid_payload".to_owned()),
        ("POST", _) => ("404 Not Found", "text/plain", "no_service".to_owned()),
        _ => ("404 Not Found", "text/plain", "There is nothing here.".to_owned()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         connection: close\r\n\r\n{text}",
        text.len()
    )
}

/// As much SMTP as it takes to receive mail.
fn converse(mut stream: TcpStream, kept: &Mutex<Kept>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 demo ESMTP\r\n")?;
    let mut line = String::new();
    while {
        line.clear();
        (&mut reader).take(LONGEST).read_line(&mut line)? > 0
    } {
        let word = line.trim_end().split([' ', ':']).next().unwrap_or_default();
        let said = match word.to_ascii_uppercase().as_str() {
            "EHLO" => "250-demo\r\n250 8BITMIME\r\n",
            "DATA" => {
                stream.write_all(b"354 go on, and end with a full stop\r\n")?;
                let mail = mail(&mut reader)?;
                push(&mut lock(kept).mails, mail);
                "250 it is there\r\n"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                break;
            }
            "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => "250 fine\r\n",
            _ => "502 not here\r\n",
        };
        stream.write_all(said.as_bytes())?;
    }
    Ok(())
}

/// A mail, up to the line that is a full stop (RFC 5321, section 4.5.2).
fn mail(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = Vec::new();
        if reader.take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&line);
        if line.trim_end() == "." {
            return Ok(mail);
        }
        if mail.len() < LONGEST as usize {
            mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
    }
}

/// A text as JSON has it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            control if control < ' ' => drop(write!(quoted, "\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{HOOK, Inbox, quoted};
    use crate::http;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpStream;

    #[test]
    fn what_is_sent_is_shown() {
        let inbox = Inbox::start(0).expect("a port");
        let send = |method: &str, path: &str, body: &str| {
            http::send(inbox.web, method, path, None, body).expect("an answer")
        };
        let message = r#"{"text": "2 of 5", "blocks": [{"type": "header"}]}"#;
        assert_eq!(send("POST", HOOK, message), (200, "ok".to_owned()));
        assert_eq!(send("POST", HOOK, "text=2"), (400, "invalid_payload".to_owned()));
        assert_eq!(send("POST", "/services/T0/B0/other", message).0, 404);

        let mut stream = TcpStream::connect(inbox.smtp).expect("a connection");
        let mut lines = BufReader::new(stream.try_clone().expect("a reader")).lines();
        let mut said = |words: &str| {
            stream.write_all(words.as_bytes()).expect("it is sent");
            lines.next().expect("a line").expect("text")
        };
        assert!(said("").starts_with("220"));
        assert!(said("MAIL FROM:<a@shop.example>\r\n").starts_with("250"));
        assert!(said("RCPT TO:<b@shop.example>\r\n").starts_with("250"));
        assert!(said("DATA\r\n").starts_with("354"));
        assert!(said("Subject: \"1 of 5\"\r\n\r\n..hidden\r\n.\r\n").starts_with("250"));
        assert!(said("QUIT\r\n").starts_with("221"));

        let (status, page) = send("GET", "/", "");
        assert!(status == 200 && page.contains("messages.json"));
        let (_, shown) = send("GET", "/messages.json", "");
        let mail = quoted("Subject: \"1 of 5\"\r\n\r\n.hidden\r\n");
        assert_eq!(shown, format!(r#"{{"channel":[{}],"mails":[{mail}]}}"#, quoted(message)));
    }

    #[test]
    fn texts_are_quoted_as_json_has_them() {
        assert_eq!(quoted("a\"\\\n\u{1}ñ"), "\"a\\\"\\\\\\n\\u0001ñ\"");
    }
}
