//! From which address a request comes. It is compared and counted, and never stored.

use super::forwarded;
use crate::Collector;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionAddress(pub(crate) IpAddr);

/// Who sent the request: the other end of the connection, or whom a trusted proxy names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    #[cfg(test)]
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(address)
    }

    /// The address itself, for a line of the log.
    pub(crate) fn ip(self) -> IpAddr {
        self.0.to_canonical()
    }

    /// What limits are counted by; see [`network`].
    pub(crate) fn network(self) -> IpAddr {
        network(self.0)
    }

    /// The /48 of IPv6 that one site has, whose 65 536 networks would each have a share of their own.
    pub(crate) fn site(self) -> Option<IpAddr> {
        site(self.0)
    }
}

/// The /48 of IPv6 that an address belongs to.
pub(crate) fn site(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        IpAddr::V6(address) => Some(prefix(address, 48)),
        IpAddr::V4(_) => None,
    }
}

/// An IPv4 address, or the /64 that one customer of IPv6 has at least.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => prefix(address, 64),
        address => address,
    }
}

fn prefix(address: Ipv6Addr, bits: u32) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(u128::from(address) & (u128::MAX << (128 - bits))))
}

impl FromRequestParts<Arc<Collector>> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Infallible> {
        let ConnectionAddress(address) = parts
            .extensions
            .get()
            .copied()
            .unwrap_or(ConnectionAddress(IpAddr::V6(Ipv6Addr::UNSPECIFIED)));
        Ok(Self(collector.proxies.sender(address, &parts.headers)))
    }
}

/// The proxies whose word about the sender is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    networks: Vec<IpNet>,
    header: Option<HeaderName>,
}

impl Proxies {
    /// These networks, which name the sender in this header. Without one it is `X-Forwarded-For`, and `Forwarded`
    /// where that is not there.
    #[must_use]
    pub fn new(networks: Vec<IpNet>, header: Option<HeaderName>) -> Self {
        Self { networks, header }
    }

    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address.to_canonical()))
    }

    /// The last address of the header that is no proxy of ours: what stands before it may be invented by the
    /// sender.
    fn sender(&self, connection: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut sender = connection;
        if !self.trust(connection) {
            return sender;
        }
        for hop in self.hops(headers).into_iter().rev() {
            // Whoever hides its client is itself the last that is known.
            let Some(address) = hop else { break };
            sender = address;
            if !self.trust(address) {
                break;
            }
        }
        sender
    }

    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        // A sender may write bytes before the address that a proxy adds, which hide nothing.
        let values = |name: &HeaderName| -> Vec<String> {
            let values = headers.get_all(name).iter();
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
        };
        let name = match &self.header {
            Some(name) => name.clone(),
            None if headers.contains_key(X_FORWARDED_FOR) => X_FORWARDED_FOR,
            None => header::FORWARDED,
        };
        if name == header::FORWARDED {
            forwarded::standard(&values(&name))
        } else {
            forwarded::listed(&values(&name))
        }
    }
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[cfg(test)]
mod tests {
    use super::{Peer, Proxies};
    use axum::http::{HeaderMap, HeaderValue};

    fn sender(connection: &str, header: Option<&str>, lines: &[(&str, &[u8])]) -> Peer {
        let networks = ["10.0.0.0/8", "127.0.0.1/32"].map(|it| it.parse().expect("a network"));
        let header = header.map(|name| name.parse().expect("a name"));
        let proxies = Proxies::new(networks.into(), header);
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: axum::http::HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_bytes(value).expect("a value"));
        }
        Peer(proxies.sender(connection.parse().expect("an address"), &headers))
    }

    #[track_caller]
    fn check(connection: &str, forwarded: &str, expected: &str) {
        let peer = sender(connection, None, &[("x-forwarded-for", forwarded.as_bytes())]);
        assert_eq!(peer.network().to_string(), expected);
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

    #[test]
    fn ports_brackets_and_strange_bytes_hide_nobody() {
        check("127.0.0.1", "1.1.1.1:80, 198.51.100.1:4711, 10.9.9.9:80", "198.51.100.1");
        check("127.0.0.1", "[2001:db8:1:2::1]:99", "2001:db8:1:2::");
        let lines: &[(&str, &[u8])] = &[("x-forwarded-for", b"\xff\xfe, 198.51.100.1")];
        assert_eq!(sender("127.0.0.1", None, lines).ip().to_string(), "198.51.100.1");
    }

    #[test]
    fn one_header_is_believed_and_no_other_beside_it() {
        let both: &[(&str, &[u8])] = &[
            ("forwarded", b"for=198.51.100.1"),
            ("x-forwarded-for", b"198.51.100.2"),
            ("x-forwarded-for", b"198.51.100.3"),
            ("cf-connecting-ip", b"198.51.100.4"),
        ];
        for (header, expected) in [
            (None, "198.51.100.3"),
            (Some("forwarded"), "198.51.100.1"),
            (Some("X-Forwarded-For"), "198.51.100.3"),
            (Some("CF-Connecting-IP"), "198.51.100.4"),
            (Some("x-real-ip"), "127.0.0.1"),
        ] {
            assert_eq!(sender("127.0.0.1", header, both).ip().to_string(), expected, "{header:?}");
        }
        let standard: &[(&str, &[u8])] =
            &[("forwarded", b"for=\"[2001:db8:1:2::1]:80\";proto=https")];
        assert_eq!(sender("10.0.0.1", None, standard).ip().to_string(), "2001:db8:1:2::1");
    }

    #[test]
    fn a_customer_of_ipv6_is_a_network_and_a_site_is_many() {
        let peer = |text: &str| Peer(text.parse().expect("an address"));
        let site = |text: &str| peer(text).site().map(|it| it.to_string());
        assert_eq!(site("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1::"));
        assert_eq!(site("203.0.113.9"), None);
        assert_eq!(site("::ffff:203.0.113.9"), None);
        assert_eq!(peer("::ffff:203.0.113.9").network().to_string(), "203.0.113.9");
    }
}
