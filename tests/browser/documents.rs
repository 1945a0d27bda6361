//! The HTML of README.md and docs/, as it stands there, in a page: it names surveys that are known, and nothing is said
//! against it. `docs/frameworks.md` has tests of its own.

use crate::support::{Browser, Collector, Host, Page};
use axum::Router;
use axum::http::header;
use axum::routing::get;

crate::scenarios![in one engine: the_html_of_the_documents_asks];

const DOCUMENTS: [(&str, &str); 5] = [
    ("README.md", include_str!("../../README.md")),
    ("docs/page.md", include_str!("../../docs/page.md")),
    ("docs/surveys.md", include_str!("../../docs/surveys.md")),
    ("docs/triggers.md", include_str!("../../docs/triggers.md")),
    ("docs/presets.md", include_str!("../../docs/presets.md")),
];

/// The blocks of HTML, also those within lists, and the rows of tables that hold an element.
fn pieces(text: &str) -> Vec<&str> {
    let blocks = text.split("```html\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0));
    let rows = text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`'));
    let elements = rows.filter(|code| code.starts_with('<') && code.contains(" data-"));
    blocks.chain(elements).collect()
}

/// The survey file that a document shows above this piece.
fn file_above<'a>(text: &'a str, piece: &str) -> &'a str {
    let above = text.split(piece).next().unwrap_or_default();
    let block = above.rsplit("```json\n").next().unwrap_or_default();
    block.split("```").next().unwrap_or_default()
}

/// The surveys that the page names, in attributes and in a file that stands in it.
const NAMED: &str = "[...all('script[data-survey],[data-sondeo]')] \
    .flatMap(it => (it.dataset.survey ?? it.dataset.sondeo).split(/\\s+/)) \
    .concat(all('script[type=\"application/json\"]').flatMap(it => JSON.parse(it.text)).map(it => it.id ?? it.template))";

async fn the_html_of_the_documents_asks(browser: Browser) {
    let collector = Collector::start().await;
    let script = format!("src=\"{}\"", collector.url("/sondeo.js"));
    let mut count = 0;
    for (document, text) in DOCUMENTS {
        for piece in pieces(text) {
            count += 1;
            let mut html = piece.to_owned();
            for address in ["https://cdn.example.com/sondeo.js", "…/sondeo.js", "sondeo.js"] {
                html = html.replace(&format!("src=\"{address}\""), &script);
            }
            for address in ["https://example.com/responses", "…"] {
                html = html.replace(
                    &format!("data-endpoint=\"{address}\""),
                    "data-endpoint=\"/responses\"",
                );
            }
            if !html.contains(&script) {
                html +=
                    &collector.tag("data-survey=\"post-purchase\" data-endpoint=\"/responses\"");
            }
            let file = file_above(text, piece).to_owned();
            let headers = [(header::CONTENT_TYPE, "application/json")];
            let more = Router::new().route("/surveys.json", get(async move || (headers, file)));
            let host = Host::serving([("/", Page::new("").body(html))], more).await;
            browser.open(&host.url("/")).await;
            browser.loaded().await;
            let mut named: Vec<String> = browser.value(NAMED).await;
            if piece.contains("data-config=\"surveys.json\"") {
                named.push("checkout".to_owned());
            }
            assert!(!named.is_empty(), "{document}: {piece}");
            for id in named {
                let reasons =
                    format!("sondeo.explain({}).then(it => it.reasons)", serde_json::json!(id));
                let reasons: Vec<String> = browser.promised(&reasons).await;
                let is_known = !reasons.iter().any(|reason| reason == "unknown");
                assert!(is_known, "{document}: \"{id}\" is unknown in {piece}");
            }
            browser.until_idle().await;
            let page_log = browser.page_log().await;
            assert_eq!(page_log.lines, [""; 0], "{document}: {piece}");
            assert_eq!(page_log.errors, [""; 0], "{document}: {piece}");
        }
    }
    assert!(count > 8, "only {count} pieces of HTML were found");
}
