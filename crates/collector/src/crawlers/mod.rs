//! Who is no visitor: crawlers, link previews and monitors run a page's scripts, and are shown what it shows. They are
//! known by what they call themselves.

use crate::store::Sender;
use axum::http::{HeaderMap, header};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// A list that is kept up elsewhere; `patterns.txt` says where.
const KNOWN: &str = include_str!("patterns.txt");
/// What most of those do that are on no list: a word with a version, or the address of a page about them.
const USUAL: &str = r"(?i:bot|crawler|spider)/[0-9]|\+https?://";

/// Who sent the request, as far as it says so. Programs (`curl`, a server's HTTP library) send on purpose, and are no
/// crawlers.
pub(crate) fn sender(headers: &HeaderMap) -> Sender {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    if agent.is_some_and(is_crawler) { Sender::Crawler } else { Sender::Visitor }
}

fn is_crawler(agent: &str) -> bool {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        let known = KNOWN.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let all: Vec<&str> = known.chain([USUAL]).collect();
        let built = RegexBuilder::new(&all.join("|")).unicode(false).size_limit(1 << 26).build();
        built.inspect_err(|error| tracing::error!(%error, "crawlers are not known")).ok()
    });
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(agent.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::is_crawler;

    #[test]
    fn crawlers_previews_and_monitors_are_known() {
        for agent in [
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; \
             +http://www.google.com/bot.html) Chrome/126.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
            "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 DatadogSynthetics",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Mozilla/5.0 (compatible; NobodyKnowsThisOneBot/0.1)",
        ] {
            assert!(is_crawler(agent), "{agent}");
        }
    }

    #[test]
    fn people_and_their_programs_are_none() {
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 \
             Safari/537.36 Edg/126.0.0.0",
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/17.4 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBLC/en_US]",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Mobile/15E148 [Pinterest/iOS]",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Mobile/15E148 [LinkedInApp]/9.29",
            "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 \
             Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 \
             Safari/537.36",
            "curl/8.5.0",
            "python-requests/2.31.0",
            "",
        ] {
            assert!(!is_crawler(agent), "{agent}");
        }
    }
}
