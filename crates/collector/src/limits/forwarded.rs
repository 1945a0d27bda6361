//! What proxies write about who sent a request, in every form that they write it in.
//!
//! `X-Forwarded-For` has no standard. Addresses come bare, with a port (Azure, IIS), in brackets, in quotes; the
//! standard `Forwarded` (RFC 7239) has them as `for=` of each hop.

use std::net::{IpAddr, SocketAddr};

/// The hops of `X-Forwarded-For` and its like, the latest last; `None` for one that is no address.
pub(super) fn listed(values: &[String]) -> Vec<Option<IpAddr>> {
    // An element that is empty is none (RFC 9110, section 5.6.1).
    let hops =
        values.iter().flat_map(|value| value.split(',')).filter(|hop| !hop.trim().is_empty());
    hops.map(address).collect()
}

/// The hops of `Forwarded`, likewise. A hop that says nothing about its client is `None`.
pub(super) fn standard(values: &[String]) -> Vec<Option<IpAddr>> {
    let hops = values.iter().flat_map(|value| outside_quotes(value, ','));
    let hops = hops.filter(|hop| !hop.trim().is_empty());
    hops.map(|hop| {
        let parameters = outside_quotes(hop, ';');
        let client = parameters.into_iter().find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then_some(value)
        });
        client.and_then(address)
    })
    .collect()
}

/// One address, with or without quotes, brackets, port and zone.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(text).trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    // A port that is none (RFC 7239 allows `_name`), or a zone of the proxy's own network (`fe80::1%eth0`).
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if text.matches(':').count() == 1 => text.split(':').next()?,
        None => text,
    };
    host.split('%').next()?.parse().ok()
}

/// Splits at this character, but not within a quoted string.
fn outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => return c == separator && !is_quoted,
        }
        false
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{listed, standard};
    use std::net::IpAddr;

    fn show(hops: Vec<Option<IpAddr>>) -> String {
        let hops = hops.into_iter().map(|hop| hop.map_or("-".to_owned(), |it| it.to_string()));
        hops.collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check_listed(value: &str, expected: &str) {
        assert_eq!(show(listed(&[value.to_owned()])), expected, "{value}");
    }

    #[track_caller]
    fn check_standard(value: &str, expected: &str) {
        assert_eq!(show(standard(&[value.to_owned()])), expected, "{value}");
    }

    #[test]
    fn every_form_of_an_address_is_read() {
        check_listed("1.1.1.1", "1.1.1.1");
        check_listed("1.1.1.1:80 ,2.2.2.2", "1.1.1.1 2.2.2.2");
        check_listed(
            "2001:db8::1, [2001:db8::2], [2001:db8::3]:99",
            "2001:db8::1 2001:db8::2 2001:db8::3",
        );
        check_listed("\"1.1.1.1:80\",\"[2001:db8::1]:99\"", "1.1.1.1 2001:db8::1");
        check_listed("fe80::1%eth0, [fe80::2%3]:80", "fe80::1 fe80::2");
        check_listed("::ffff:1.1.1.1", "::ffff:1.1.1.1");
        check_listed("1.1.1.1:_http", "1.1.1.1");
    }

    #[test]
    fn what_is_no_address_is_a_hop_without_one() {
        check_listed("unknown, _hidden, 1.1.1.1", "- - 1.1.1.1");
        // Elements that are empty are none.
        check_listed("unknown,, 1.1.1.1 ,", "- 1.1.1.1");
        check_listed("1.1.1.1.1, 1.1.1:80, [2001:db8::1, :80", "- - 2001:db8::1 -");
        check_listed("shop.example, 1.1.1.256", "- -");
    }

    #[test]
    fn the_standard_header_names_its_hops() {
        check_standard("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60");
        check_standard("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17");
        check_standard("for=192.0.2.43, for=198.51.100.17:47011", "192.0.2.43 198.51.100.17");
        check_standard("proto=https;FOR=192.0.2.1 ; by=_gazonk", "192.0.2.1");
        check_standard("for=_hidden, for=unknown, by=1.1.1.1", "- - -");
        check_standard("for=\"a,for=9.9.9.9;\\\",\", for=1.1.1.1", "- 1.1.1.1");
    }
}
