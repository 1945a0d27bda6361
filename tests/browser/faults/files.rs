//! What a page's policy forbids, and files of ours that do not come, or come by halves.

use super::{KEPT, Site, WAITING};
use crate::support::{
    Browser, Encrypted, Engine, Fault, Host, PAGE_LOG_NONCE, Page, widget_file, widget_files,
};
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

crate::scenarios![in one engine: policies_and_missing_files];

async fn policies_and_missing_files(browser: Browser) {
    let section = "Policies and missing files";
    let site = Site::with(section, browser.clone(), "", |page, collector, _| {
        let origin = collector.origin();
        page.policy(format!(
            "default-src 'none'; connect-src {origin}; \
             script-src {origin} 'wasm-unsafe-eval' 'nonce-{PAGE_LOG_NONCE}'"
        ))
    })
    .await;
    let name = "a policy that forbids the endpoint";
    site.check(name, "/", Fault::None, "policy").await;
    drop(site);

    for (name, change) in [
        (
            "a strict policy with `'wasm-unsafe-eval'`",
            (|page, loader, endpoint| strict(page, loader, endpoint, "'wasm-unsafe-eval'"))
                as fn(Page, &str, &str) -> Page,
        ),
        ("a strict policy without it", |page, loader, endpoint| strict(page, loader, endpoint, "")),
        ("Trusted Types required", |page, loader, endpoint| {
            let words =
                "'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types sondeo";
            strict(page, loader, endpoint, words)
        }),
    ] {
        let mut site = Site::new(section, browser.clone(), "").await;
        let attributes =
            r#"data-trigger="load" data-recontact="always" data-quiet="0" data-max-shows="100""#;
        let page = Page::with_survey(&site.collector, &site.endpoint.url(), attributes);
        let page = change(page, site.collector.origin(), &site.endpoint.url());
        let next =
            Page::with_survey(&site.collector, &site.endpoint.url(), r#"data-trigger="manual""#);
        site.host = Host::with([("/", page), ("/next", next)]).await;
        site.check(name, "/", Fault::Status(500, ""), "").await;
    }

    let name = "a browser without a compiler (`--js-flags=--jitless`)";
    let site = Site::new(section, browser, "").await;
    if site.browser.engine == Engine::Chromium {
        let own = site.browser.of_its_own("--js-flags=--jitless").await;
        let (endpoint, host) = (&site.endpoint, &site.host);
        endpoint.fail(Fault::Status(500, "")).await;
        own.open(&host.url("/")).await;
        own.survey("post-purchase").choose("satisfaction", "4").await;
        own.until(&format!("{WAITING} == 1 && pageLog.events.some(it => it.name == 'completed')"))
            .await;
        endpoint.heal().await;
        own.open(&host.url("/next")).await;
        endpoint.until_stored(1, std::panic::Location::caller()).await;
        own.until(&format!("{WAITING} == 0")).await;
        assert_eq!((endpoint.stored().len(), own.page_log().await.errors.len()), (1, 0));
        own.session().clone().close().await;
        site.note(name, "one response", "saved, will be sent");
    } else {
        site.cannot(name, "it has no such switch");
    }

    mixed(&site).await;
    for (name, files, works) in [
        ("half of the engine's module arrives", Files { spoiled: ".wasm", is_half: true }, true),
        ("the engine's module is missing", Files { spoiled: ".wasm", is_half: false }, true),
        ("the engine's script is missing", Files { spoiled: "0.js", is_half: false }, false),
        ("half of the engine's script arrives", Files { spoiled: "0.js", is_half: true }, false),
        (
            "half of the engine's other half arrives",
            Files { spoiled: "0e.wasm", is_half: true },
            true,
        ),
        ("the engine's other half is missing", Files { spoiled: "0e.wasm", is_half: false }, true),
    ] {
        missing(&site, name, files, works).await;
    }
    site.done();
}

/// A page that came encrypted, and an endpoint that is not: no browser lets that pass.
async fn mixed(site: &Site) {
    let name = "an `http` endpoint on an `https` page";
    let tag = r#"<script async src="/embed/sondeo.js" data-survey="post-purchase" data-trigger="load"
        data-delay="0s" data-endpoint="http://sondeo.invalid/responses"></script>"#;
    let files = Files { spoiled: "none", is_half: false };
    let host =
        Host::serving([("/", Page::new(tag)), ("/next", Page::default())], files.routes()).await;
    let encrypted = Encrypted::start(host.address()).await;
    site.browser.open(&encrypted.url("/")).await;
    site.choose().await;
    site.reads(KEPT).await;
    site.explains("mixed-content", "may not post to http").await;
    site.is_unharmed().await;
    site.browser.open(&encrypted.url("/next")).await;
    assert_eq!(site.browser.value::<u32>(WAITING).await, 1);
    site.note(name, "nothing; the answer is kept", "saved, will be sent");
    site.clear().await;
}

/// Nothing but our two origins, and these words.
fn strict(page: Page, loader: &str, endpoint: &str, words: &str) -> Page {
    page.policy(format!(
        "default-src 'none'; connect-src {loader} {endpoint}; img-src data:; \
         script-src {loader} 'nonce-{PAGE_LOG_NONCE}' {words}"
    ))
}

/// The built files, one of which is not as it was built.
#[derive(Clone, Copy)]
struct Files {
    /// How its name ends; a `0` is any digit of the name's hash.
    spoiled: &'static str,
    is_half: bool,
}

impl Files {
    fn routes(self) -> Router {
        Router::new()
            .route("/embed/{name}", get(async move |Path(name): Path<String>| self.serve(&name)))
    }

    fn serve(self, name: &str) -> Response {
        if !widget_files().iter().any(|known| known == name) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let is_script = name.starts_with("sondeo-") && name.matches('.').count() == 1;
        let is_spoiled = match self.spoiled {
            "0.js" => is_script && name.ends_with(".js"),
            // The hash of the engine's own module may end so, too.
            "0e.wasm" => name.len() == "sondeo-0a1b2ce.wasm".len() && name.ends_with("e.wasm"),
            end => name.ends_with(end),
        };
        let kind = if name.ends_with(".js") { "text/javascript" } else { "application/wasm" };
        let mut bytes = widget_file(name);
        match (is_spoiled, self.is_half) {
            (true, true) => bytes.truncate(bytes.len() / 2),
            (true, false) => return StatusCode::NOT_FOUND.into_response(),
            (false, _) => {}
        }
        ([(header::CONTENT_TYPE, kind)], bytes).into_response()
    }
}

/// A site that serves the widget itself, with an answer that still waits from an earlier visit.
async fn missing(site: &Site, name: &str, files: Files, works: bool) {
    let page = |path: &str, trigger: &str| {
        let endpoint = site.endpoint.url();
        Page::new(format!(
            r#"<script async src="{path}/sondeo.js" data-survey="post-purchase" data-endpoint="{endpoint}"
            data-trigger="{trigger}" data-delay="0s" data-recontact="always" data-quiet="0"></script>"#
        ))
    };
    let origin = site.collector.origin();
    let pages = [
        ("/", page("/embed", "load")),
        ("/whole", page(origin, "load")),
        ("/next", page(origin, "event:never")),
    ];
    let host = Host::serving(pages, files.routes()).await;
    let browser = &site.browser;
    site.endpoint.fail(Fault::Status(500, "")).await;
    browser.open(&host.url(if works { "/" } else { "/whole" })).await;
    site.choose().await;
    site.reads(KEPT).await;
    if files.spoiled == "0e.wasm" {
        // Another page view needs it.
        browser.run("history.pushState(null, '', '/other')").await;
        browser.until("pageLog.lines.some(it => it.includes('needs all files'))").await;
    }
    if !works {
        browser.open(&host.url("/")).await;
        browser
            .until("pageLog.events.some(it => it.name == 'failed' && it.reason == 'engine')")
            .await;
        browser.until_idle().await;
        assert!(browser.value::<bool>("!survey('post-purchase')").await);
        assert_eq!(browser.value::<u32>(WAITING).await, 1);
    }
    site.is_unharmed().await;
    site.endpoint.heal().await;
    browser.open(&host.url("/next")).await;
    site.is_delivered().await;
    let seen = if works { "saved, will be sent" } else { "nothing; `sondeo:failed`" };
    site.note(name, "one response", seen);
    site.clear().await;
}
