//! `healthcheck`: asks a collector on this machine what a load balancer would ask it.

use crate::config::Healthcheck;
use anyhow::{Context, ensure};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Fails unless the collector says that it can store and read responses.
pub(super) async fn run(config: &Healthcheck) -> anyhow::Result<()> {
    let address = reachable(config.listen);
    let timeout = Duration::from_secs(config.timeout);
    let answer = tokio::time::timeout(timeout, ask(address))
        .await
        .with_context(|| format!("{address} did not answer within {} s", config.timeout))?
        .with_context(|| format!("{address} does not answer"))?;
    let status = answer.lines().next().unwrap_or_default();
    let is_well = status.split(' ').nth(1) == Some("200");
    ensure!(
        is_well,
        "{address} is not ready: it answers \"{status}\" (see its log for the reason)"
    );
    Ok(())
}

/// Where a server that listens there is reached: nobody can connect to "any address".
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The first bytes of its answer, which hold the status.
async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(1_024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_address_is_asked_at_this_machine() {
        for (listen, asked) in [
            ("0.0.0.0:7878", "127.0.0.1:7878"),
            ("[::]:80", "[::1]:80"),
            ("192.0.2.1:7878", "192.0.2.1:7878"),
        ] {
            assert_eq!(reachable(listen.parse().expect("an address")).to_string(), asked);
        }
    }
}
