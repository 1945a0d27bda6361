//! The script on pages as they are: however it came, wherever the page is, whatever the page does to its address and
//! its attributes. It asks, or one line says what would be right.

use crate::support::{Browser, Collector, Host, Page};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use serde_json::Value as Json;

crate::scenarios![
    loader_asks_in_frames_without_an_address,
    loader_of_a_version_is_checked_by_its_hash,
    loader_says_what_a_host_must_send,
    loader_notices_another_path_by_itself,
    loader_hears_no_events_of_the_browser,
    loader_fetches_at_once_what_an_act_makes_due;
    in one engine:
    loader_finds_its_tag_or_says_so,
    loader_says_what_a_bare_tag_lacks,
    loader_follows_attributes,
    loader_leaves_to_a_tag_what_is_its_own,
    loader_costs_what_has_changed,
];

const OFTEN: &str = r#"data-endpoint="/responses" data-quiet="0" data-recontact="always""#;

/// Whether a survey stands in the frame of the page.
const IN_FRAME: &str = "!!$('iframe').contentDocument?.querySelector('sondeo-widget')";

async fn page(browser: &Browser, head: String, body: &str) -> Host {
    let host = Host::of(Page::new(head).body(body)).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    host
}

async fn loads_no_engine(browser: &Browser) {
    browser.until_idle().await;
    assert_eq!(browser.value::<usize>("engineRequests().length").await, 0);
}

/// As docs/releases.md writes it; another hash, and the page goes on without a survey.
async fn loader_of_a_version_is_checked_by_its_hash(browser: Browser) {
    let collector = Collector::start().await;
    let version = env!("CARGO_PKG_VERSION");
    let hashes = reqwest::get(collector.url(&format!("/v/{version}/sri.json"))).await;
    let hashes: Json = hashes.expect("an answer").json().await.expect("names and hashes");
    let right = hashes["sondeo.js"].as_str().expect("a hash");
    let tag = |hash: &str| {
        let address = collector.url(&format!("/v/{version}/sondeo.js"));
        format!(
            r#"<script async src="{address}" crossorigin="anonymous" integrity="{hash}"
                data-survey="csat" data-trigger="load" {OFTEN}></script>"#
        )
    };
    let host = Host::of(Page::new(tag(right))).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    let other = format!("sha384-{}", "A".repeat(64));
    let host = Host::of(Page::new(tag(&other))).await;
    browser.open(&host.url("/")).await;
    browser.until("document.readyState == 'complete'").await;
    assert!(browser.value::<bool>("!window.sondeo?.version && !engineRequests().length").await);
    assert_eq!(browser.page_log().await.errors, [""; 0]);
}

async fn loader_asks_in_frames_without_an_address(browser: Browser) {
    let collector = Collector::start().await;
    // Nothing is relative to a blob.
    let attributes = format!(
        r#"data-survey="csat" data-trigger="load" data-endpoint="{}" data-quiet="0""#,
        collector.endpoint()
    );
    let html = serde_json::json!(format!("<!doctype html>{}", collector.tag(&attributes)));
    let html = html.to_string().replace("</", "<\\/");
    for fill in [
        "it.srcdoc = html",
        "it.src = URL.createObjectURL(new Blob([html], {type: 'text/html'}))",
        "it.onload = null; queueMicrotask(() => { const page = it.contentDocument; page.open(); page.write(html); page.close() })",
    ] {
        let script = format!(
            "<script>addEventListener('DOMContentLoaded', () => {{
               const html = {html};
               const it = Object.assign(document.createElement('iframe'), {{width: 600, height: 600}});
               {fill}; document.body.append(it);
             }})</script>"
        );
        let host = Host::of(Page::new(script)).await;
        browser.open(&host.url("/")).await;
        browser.until(IN_FRAME).await;
    }
}

async fn loader_finds_its_tag_or_says_so(browser: Browser) {
    let collector = Collector::start().await;
    let src = collector.url("/sondeo.js?ver=6.5");
    let ask = format!(r#"data-survey="csat" data-trigger="load" {OFTEN}"#);
    let module = format!(r#"<script type="module" src="{src}" {ask}></script>"#);
    let _host = page(&browser, module, "").await;
    browser.until("legend('csat')").await;

    let make = "const it = document.createElement('script');";
    let root = |mode: &str| {
        format!(
            "<script>{make} it.src = '{src}'; it.dataset.survey = 'csat';
             addEventListener('load', () => $host.attachShadow({{mode: '{mode}'}}).append(it))</script>"
        )
    };
    let inlined = format!(
        "<script>fetch('{src}').then(it => it.text()).then(text => {{ {make}
           it.dataset.survey = 'csat'; it.dataset.endpoint = '/responses'; it.dataset.trigger = 'load';
           it.textContent = text; document.head.append(it) }})</script>"
    );
    for script in [root("open"), root("closed"), inlined] {
        let script =
            script.replace("$host", "document.body.appendChild(document.createElement('p'))");
        let host = Host::of(Page::new(script)).await;
        browser.open(&host.url("/")).await;
        browser.until("pageLog.lines.length").await;
        browser.heard("failed").await;
        let page_log = browser.page_log().await;
        assert_eq!(page_log.lines, [r#"sondeo: needs script[src*="sondeo.js"]"#]);
        assert_eq!(page_log.errors, [""; 0]);
        assert_eq!(page_log.events[0]["reason"], "engine");
    }
}

async fn loader_says_what_a_bare_tag_lacks(browser: Browser) {
    let collector = Collector::start().await;
    let host = page(&browser, collector.tag(""), "").await;
    browser.until("pageLog.lines.length").await;
    loads_no_engine(&browser).await;
    let line = "sondeo: needs script[data-survey],script[data-config],[data-sondeo]";
    assert_eq!(browser.page_log().await.lines, [line]);
    drop(host);
    // Elements ask, calls ask, and a tag that says anything is meant to stand there.
    let element = format!(r#"<div data-sondeo="faq" {OFTEN}></div>"#);
    let call = "<script>window.sondeo = {q: [['explain', 'csat', () => {}]]}</script>".to_owned();
    let endpoint = r#"data-endpoint="/responses""#;
    for (head, body) in [
        (collector.tag(""), element),
        (call + &collector.tag(""), String::new()),
        (collector.tag(endpoint), String::new()),
    ] {
        let _host = page(&browser, head, &body).await;
        browser.until_idle().await;
        let lines = browser.page_log().await.lines;
        assert!(!lines.contains(&line.to_owned()), "{lines:?}");
    }
}

async fn loader_says_what_a_host_must_send(browser: Browser) {
    let loader = async || {
        let kind = [(header::CONTENT_TYPE, "text/javascript")];
        (kind, crate::support::widget_file("sondeo.js")).into_response()
    };
    let missing = Router::new().route("/a/sondeo.js", get(loader));
    // A site that answers everything with its page.
    let page = async || (StatusCode::OK, Html("<!doctype html><p>A page")).into_response();
    let html = Router::new().route("/a/sondeo.js", get(loader)).route("/a/{file}", get(page));
    let file = |name: &'static str| {
        get(async move || {
            ([(header::CONTENT_TYPE, "text/javascript")], crate::support::widget_file(name))
        })
    };
    let names = crate::support::widget_files();
    let programs = names.iter().filter(|it| it.ends_with(".js") || it.ends_with(".wasm"));
    let closed = programs.fold(Router::new(), |routes, name| {
        let name: &'static str = name.clone().leak();
        routes.route(&format!("/a/{name}"), file(name))
    });
    let ask = format!(r#"data-survey="csat" data-trigger="load" {OFTEN}"#);
    for routes in [missing, html, closed] {
        let files = Host::serving([], routes).await;
        let tag = format!(r#"<script async src="{}" {ask}></script>"#, files.url("/a/sondeo.js"));
        let host = Host::of(Page::new(tag)).await;
        browser.open(&host.url("/")).await;
        browser.heard("failed").await;
        let page_log = browser.page_log().await;
        let [line] = page_log.lines.as_slice() else { panic!("{page_log:?}") };
        assert!(line.starts_with(&format!("sondeo: needs {}", files.url("/a/sondeo-"))), "{line}");
        assert!(line.ends_with(".js with access-control-allow-origin"), "{line}");
        assert_eq!(page_log.errors, [""; 0]);
        assert_eq!(page_log.events[0]["reason"], "engine");
    }
}

async fn loader_notices_another_path_by_itself(browser: Browser) {
    let collector = Collector::start().await;
    let ask = format!(r#"data-survey="csat" data-trigger="load" data-url="/thanks" {OFTEN}"#);
    let look = "document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true}))";
    for change in [
        "history.pushState({}, '', '/thanks')",
        "document.body.append('Thanks'); setTimeout(() => history.pushState({}, '', '/thanks'), 50)",
    ] {
        let _host = page(&browser, collector.tag(&ask), "<p>Words</p>").await;
        loads_no_engine(&browser).await;
        // Another query or fragment is the same page.
        browser.run("history.pushState({}, '', '/?a=1#b')").await;
        loads_no_engine(&browser).await;
        browser.run(change).await;
        browser.until("location.pathname == '/thanks'").await;
        // Where the browser tells of no navigation, the next input does.
        browser.run(&format!("if (!window.navigation) {look}")).await;
        browser.until("legend('csat')").await;
    }

    // What has happened on the page before has ended with it; a fragment ends nothing.
    let ask = format!(r#"data-survey="csat" data-trigger="event:go" data-url="/thanks" {OFTEN}"#);
    let _host = page(&browser, collector.tag(&ask), "<p>Words</p>").await;
    browser.run("sondeo.track('go'); history.pushState({}, '', '/thanks')").await;
    browser.run(look).await;
    loads_no_engine(&browser).await;
    browser.run("sondeo.track('go')").await;
    browser.until("legend('csat')").await;
}

async fn loader_hears_no_events_of_the_browser(browser: Browser) {
    let collector = Collector::start().await;
    let names = "event:click event:keydown event:input event:search event:cancel event:select";
    let ask = format!(r#"data-survey="csat" data-trigger="{names}" {OFTEN}"#);
    let body = "<input type=search id=search><script>document.addEventListener('keydown', () => window.pressed = 1)</script>";
    let _host = page(&browser, collector.tag(&ask), body).await;
    browser.click("$('#search')").await;
    browser.press("words\u{E007}").await;
    browser.until("window.pressed && $('#search').value == 'words'").await;
    browser.run("$('#search').select(); $('#search').dispatchEvent(new Event('cancel', {bubbles: true}))").await;
    loads_no_engine(&browser).await;
    browser.run("$('#search').dispatchEvent(new CustomEvent('cancel', {bubbles: true}))").await;
    browser.until("legend('csat')").await;
}

async fn loader_follows_attributes(browser: Browser) {
    let collector = Collector::start().await;
    let waits = format!(r#"data-survey="csat" data-trigger="event:never" {OFTEN}"#);
    let element =
        format!(r#"<div id=it data-sondeo="nps" data-trigger="event:never" {OFTEN}></div>"#);
    for (change, survey) in [
        ("$('script[data-survey]').dataset.trigger = 'load'", "csat"),
        ("$('#it').dataset.trigger = 'load'", "nps"),
        ("$('p').dataset.endpoint = '/responses'; $('p').dataset.sondeo = 'faq'", "faq"),
    ] {
        let _host = page(&browser, collector.tag(&waits), &format!("<p></p>{element}")).await;
        loads_no_engine(&browser).await;
        browser.run(change).await;
        browser.until(&format!("!!survey('{survey}')")).await;
    }
}

async fn loader_leaves_to_a_tag_what_is_its_own(browser: Browser) {
    let collector = Collector::start().await;
    let element = r#"<div data-sondeo="faq" data-recontact="always"></div>"#;
    for own in [r#"data-trigger="event:never""#, r#"data-url="/elsewhere""#] {
        let ask = format!(r#"data-survey="csat" {own} {OFTEN}"#);
        let _host = page(&browser, collector.tag(&ask), element).await;
        browser.until("engineRequests().length > 1").await;
        // A tag without a survey says all of it for the page.
        let _host = page(&browser, collector.tag(&format!("{own} {OFTEN}")), element).await;
        loads_no_engine(&browser).await;
    }
}

async fn loader_fetches_at_once_what_an_act_makes_due(browser: Browser) {
    let collector = Collector::start().await;
    let ask = format!(r#"data-survey="csat" data-trigger="event:go" {OFTEN}"#);
    let _host = page(&browser, collector.tag(&ask), "").await;
    loads_no_engine(&browser).await;
    // From now on, the page is never idle.
    browser.run("window.requestIdleCallback = () => 0").await;
    let at_once = "(() => { const asked = []; const was = window.fetch;
        window.fetch = (...all) => { asked.push(String(all[0])); return was(...all) };
        sondeo.track('go'); return asked })()";
    let asked: Vec<String> = browser.value(at_once).await;
    assert!(asked.iter().any(|it| it.ends_with(".wasm")), "{asked:?}");
}

async fn loader_costs_what_has_changed(browser: Browser) {
    let collector = Collector::start().await;
    let ask = format!(r#"data-survey="csat" data-trigger="event:never" {OFTEN}"#);
    let body = "<main></main><output></output>";
    let _host = page(&browser, collector.tag(&ask), body).await;
    browser.run("$('main').innerHTML = '<i></i>'.repeat(40000)").await;
    loads_no_engine(&browser).await;
    // The observer's callback is what a change costs: it runs once per change, in the same task.
    let measure = "(async () => {
        const output = $('output');
        const time = async () => {
            const began = performance.now();
            for (let it = 0; it < 400; it++) {
                output.replaceChildren(document.createElement('i'));
                await null;
            }
            return (performance.now() - began) / 400;
        };
        let least = Infinity;
        for (let round = 0; round < 10 || (round < 100 && least > 0.1); round++) { least = Math.min(least, await time()); await frame(); }
        return least;
    })()";
    let milliseconds: f64 = browser.promised(measure).await;
    eprintln!("a change costs {milliseconds:.4} ms with the loader in {}", browser.engine);
    assert!(milliseconds <= 0.1, "{milliseconds} ms");
}
