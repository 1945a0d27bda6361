//! Where the collector may connect to: nowhere inside, unless its operator has named it.
//!
//! A name is resolved once, every address of it is looked at, and the connection goes to those that were looked at. So
//! a name that leads inside on the second look has been connected to on the first.

use hyper_util::client::legacy::connect::dns::Name;
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::Service;

/// A name or a network that may be connected to although it is inside, and without encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// A host, as addresses have it.
    Host(String),
    /// Addresses.
    Network(IpNet),
}

impl FromStr for Inside {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address.into()));
        }
        let is_host = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if is_host {
            return Ok(Self::Host(text.trim_end_matches('.').to_ascii_lowercase()));
        }
        Err(format!(
            "{text:?} is neither a host nor a network (try \"crm.internal\" or \"10.0.0.0/8\")"
        ))
    }
}

/// Everything that may be connected to although it is inside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowed(Vec<Inside>);

impl Allowed {
    pub(crate) fn new(inside: &[Inside]) -> Self {
        Self(inside.to_vec())
    }

    fn has_host(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.0.iter().any(|it| matches!(it, Inside::Host(own) if *own == host))
    }

    fn has_address(&self, address: IpAddr) -> bool {
        let plain = address.to_canonical();
        self.0.iter().any(|it| match it {
            Inside::Network(own) => own.contains(&address) || own.contains(&plain),
            Inside::Host(_) => false,
        })
    }

    /// Whether this address of this host may be connected to.
    pub(crate) fn may_reach(&self, host: &str, address: IpAddr) -> bool {
        is_public(address) || self.has_host(host) || self.has_address(address)
    }

    /// Whether this host may be spoken to without encryption.
    pub(crate) fn may_be_plain(&self, host: &str) -> bool {
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        self.has_host(host) || address.is_ok_and(|address| self.has_address(address))
    }
}

/// Whether an address is one of the Internet, and of nobody's inside: by IANA's registries of special addresses.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by carriers, protocols, relays of 6to4, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        // Translated and tunnelled addresses lead to the one that they hold.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(v4(high, low))
        }
        [0x64, 0xff9b, ..] => false,
        // Teredo, documentation, benchmarks, ORCHID.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // Everything else that is given out.
        [first, ..] => (0x2000..0x4000).contains(&first) && parts[..2] != [0x3fff, 0],
    }
}

/// What a name resolves to.
pub(crate) trait Lookup: Send + Sync + 'static {
    fn lookup(
        &self,
        host: String,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
}

/// As the system does it.
#[derive(Debug)]
pub(crate) struct System;

impl Lookup for System {
    fn lookup(
        &self,
        host: String,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host, 0)).await?.map(|it| it.ip()).collect())
        })
    }
}

/// Resolves names to addresses that may be connected to.
#[derive(Clone)]
pub(crate) struct Checked {
    allowed: Allowed,
    lookup: Arc<dyn Lookup>,
}

impl fmt::Debug for Checked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Checked").field(&self.allowed).finish()
    }
}

/// A name that leads inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} leads to an address that is not public; the collector's operator can allow it with --allow-destination {0}"
)]
pub(crate) struct LeadsInside(pub(crate) String);

impl Checked {
    pub(crate) fn new(allowed: Allowed, lookup: Arc<dyn Lookup>) -> Self {
        Self { allowed, lookup }
    }

    /// The addresses of a host, if all of them may be connected to.
    #[cfg(test)]
    pub(crate) async fn addresses(
        &self,
        host: &str,
    ) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        addresses(&self.allowed, &*self.lookup, host).await
    }
}

async fn addresses(
    allowed: &Allowed,
    lookup: &dyn Lookup,
    host: &str,
) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let found = lookup.lookup(host.to_owned()).await?;
    // One that leads inside among others that do not is no accident.
    if found.iter().all(|address| allowed.may_reach(host, *address)) {
        Ok(found)
    } else {
        Err(Box::new(LeadsInside(host.to_owned())))
    }
}

/// How the connector asks.
impl Service<Name> for Checked {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (allowed, lookup) = (self.allowed.clone(), Arc::clone(&self.lookup));
        Box::pin(async move {
            let found = addresses(&allowed, &*lookup, name.as_str()).await?;
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(found.collect::<Vec<_>>().into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_given_out_is_public() {
        for address in [
            "8.8.8.8",
            "93.184.216.34",
            "2606:2800:220:1::1",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(is_public(address.parse().expect(address)), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001::1",
            "2001:db8::1",
            "fec0::1",
        ] {
            assert!(!is_public(address.parse().expect(address)), "{address}");
        }
    }

    #[test]
    fn what_is_inside_is_allowed_by_name() {
        let inside: Vec<Inside> = ["crm.internal", "10.0.0.0/8", "127.0.0.1"]
            .iter()
            .map(|it| it.parse().expect("it"))
            .collect();
        let allowed = Allowed::new(&inside);
        let reach = |host, address: &str| allowed.may_reach(host, address.parse().expect("it"));
        assert!(reach("CRM.internal.", "192.168.0.9") && !reach("crm", "192.168.0.9"));
        assert!(reach("x.example", "10.9.9.9") && reach("x.example", "::ffff:10.9.9.9"));
        assert!(allowed.may_be_plain("127.0.0.1") && allowed.may_be_plain("crm.internal"));
        assert!(!allowed.may_be_plain("localhost") && !allowed.may_be_plain("[::1]"));
        assert!("a host".parse::<Inside>().is_err());
    }

    /// Says another address each time.
    struct Rebinding(std::sync::Mutex<Vec<&'static str>>);

    impl Lookup for Rebinding {
        fn lookup(
            &self,
            _: String,
        ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
            let next = self.0.lock().expect("no panic").remove(0);
            let found = next.split(' ').map(|it| it.parse().expect("an address")).collect();
            Box::pin(async move { Ok(found) })
        }
    }

    #[tokio::test]
    async fn every_look_is_checked_and_every_address_of_it() {
        let answers = vec!["93.184.216.34", "93.184.216.34 10.0.0.1", "169.254.169.254"];
        let lookup = Arc::new(Rebinding(std::sync::Mutex::new(answers)));
        let checked = Checked::new(Allowed::default(), lookup);
        assert_eq!(checked.addresses("x.example").await.expect("public").len(), 1);
        for _ in 0..2 {
            let error = checked.addresses("x.example").await.expect_err("inside");
            assert_eq!(error.downcast_ref(), Some(&LeadsInside("x.example".to_owned())));
        }
    }
}
