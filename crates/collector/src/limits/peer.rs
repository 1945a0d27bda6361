//! From which address a request comes. It is compared and counted, and never stored.

use crate::Collector;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connection(pub(crate) IpAddr);

/// Who sent the request: the other end of the connection, or whom a trusted proxy names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    /// What limits are counted by: an IPv4 address, or the /64 that one IPv6 customer has.
    pub(crate) fn address(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => {
                let prefix = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(prefix))
            }
            address => address,
        }
    }
}

impl FromRequestParts<Arc<Collector>> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Infallible> {
        let Connection(address) = parts
            .extensions
            .get()
            .copied()
            .unwrap_or(Connection(IpAddr::V6(Ipv6Addr::UNSPECIFIED)));
        Ok(Self(collector.proxies.sender(address, &parts.headers)))
    }
}

/// The proxies whose word about the sender is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// These networks.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }

    /// The last address of `X-Forwarded-For` that is no proxy of ours: what stands before it may be
    /// invented by the sender.
    fn sender(&self, connection: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trust(connection) {
            return connection;
        }
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let mut sender = connection;
        for address in forwarded.iter().rev() {
            let Ok(address) = address.trim().parse() else { break };
            sender = address;
            if !self.trust(address) {
                break;
            }
        }
        sender
    }
}

#[cfg(test)]
mod tests {
    use super::{Peer, Proxies};
    use axum::http::{HeaderMap, HeaderValue};

    #[track_caller]
    fn check(connection: &str, forwarded: &str, expected: &str) {
        let networks = ["10.0.0.0/8", "127.0.0.1/32"].map(|it| it.parse().expect("a network"));
        let proxies = Proxies::new(networks.into());
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_str(forwarded).expect("a value"));
        let sender = proxies.sender(connection.parse().expect("an address"), &headers);
        assert_eq!(Peer(sender).address().to_string(), expected);
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("203.0.113.9", "198.51.100.1", "203.0.113.9");
        check("10.1.2.3", "198.51.100.1", "198.51.100.1");
        check("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1");
        check("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1");
        check("127.0.0.1", "nonsense", "127.0.0.1");
        check("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1");
        check("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
    }
}
