//! As much HTTP as it takes to ask a local server whether it is there, and to tell it something.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::shell::Result;

/// An address of this machine.
pub(crate) fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// A port that nobody listens on right now.
pub(crate) fn free_port() -> Result<u16> {
    TcpListener::bind(local(0))
        .and_then(|listener| Ok(listener.local_addr()?.port()))
        .map_err(|error| format!("no free port on this machine: {error}"))
}

/// Asks until the server answers with success, for as long as it may take and the condition holds.
pub(crate) fn wait_for(
    address: SocketAddr,
    path: &str,
    patience: Duration,
    mut alive: impl FnMut() -> bool,
) -> bool {
    let start = Instant::now();
    while start.elapsed() < patience && alive() {
        if answers(address, path) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Sends one request with this token, and gives the status and the body of the answer.
pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &str,
) -> Result<(u16, String)> {
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            token.unwrap_or_default(),
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = ask().map_err(|error| format!("http://{address}{path}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split_whitespace().nth(1).and_then(|it| it.parse().ok());
    let status = status.ok_or_else(|| format!("http://{address}{path} answers no HTTP"))?;
    Ok((status, body.to_owned()))
}

fn answers(address: SocketAddr, path: &str) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok::<_, std::io::Error>(status)
    };
    ask().is_ok_and(|status| status.starts_with(b"HTTP/1.1 2"))
}
