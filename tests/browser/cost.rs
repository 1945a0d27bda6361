//! What the widget costs its page: held by what happens, since times are this machine's. Times are the bench's.

use crate::support::{Browser, Collector, Host, Look, Page};

crate::scenarios![
    the_words_can_be_read_with_the_first_frame,
    a_page_that_changes_is_not_searched_again_and_again,
    the_engine_keeps_little_memory,
];

const ENDPOINT: &str = r#"data-endpoint="/responses" data-quiet="0""#;

/// A page with this in its head, above the tag.
async fn page(head: &str, attributes: &str, body: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = collector.tag(&format!("{attributes} {ENDPOINT}"));
    let host = Host::of(Page::new(format!("<script>{head}</script>{tag}")).body(body)).await;
    (collector, host)
}

async fn the_words_can_be_read_with_the_first_frame(browser: Browser) {
    // How opaque the question and its controls are when the browser is about to paint them for the first time.
    let look = r#"
        window.opacities = null;
        const watch = () => new MutationObserver((_, it) => {
            const host = document.querySelector("sondeo-widget");
            if (!host) return;
            it.disconnect();
            requestAnimationFrame(() => {
                window.opacities = ["legend", "label"].map((css) => {
                    let opacity = 1;
                    for (let at = host.shadowRoot.querySelector(css); at; at = at.parentNode?.host ?? at.parentElement ?? at.getRootNode().host)
                        opacity *= getComputedStyle(at).opacity;
                    return opacity;
                });
            });
        }).observe(document, { childList: true, subtree: true });
        watch();"#;
    for display in ["popover", "bar", "dialog", "page"] {
        let attributes = format!(r#"data-survey="csat" data-display="{display}""#);
        let (_collector, host) = page(look, &attributes, "<p>Words</p>").await;
        // With motion.
        browser.open_as(Look::PLAIN, &host.url("/")).await;
        browser.until("opacities").await;
        let opacities: Vec<f64> = browser.value("opacities").await;
        assert_eq!(opacities, [1.0, 1.0], "{display}");
    }
}

async fn a_page_that_changes_is_not_searched_again_and_again(browser: Browser) {
    // How often the whole document is searched for elements, by whomever.
    let count = "window.searches = 0;
        for (const name of ['querySelectorAll', 'querySelector']) {
            const search = Document.prototype[name];
            Document.prototype[name] = function (css) { searches++; return search.call(this, css) };
        }";
    let change = "(async () => {
        const before = searches;
        for (let n = 0; n < 60; n++) {
            document.getElementById('clock').replaceChildren(document.createElement('i'));
            await frame();
        }
        return searches - before;
    })()";
    let body = "<p id=clock></p>";
    // The script alone.
    let (_collector, host) =
        page(count, r#"data-survey="csat" data-trigger="event:go""#, body).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.until_idle().await;
    assert_eq!(browser.promised::<usize>(change).await, 0);
    // The engine, which has taken it up to look for elements in view, with all that may come later.
    let attributes = r#"data-survey="csat" data-trigger="visible:.late""#;
    let (_collector, host) = page(count, attributes, body).await;
    browser.open(&host.url("/")).await;
    browser.heard("ready").await;
    browser.until_idle().await;
    let searches: usize = browser.promised(change).await;
    // A look at everything is two searches, and there is one in a second at most.
    assert!(searches <= 8, "{searches} searches for 60 changes");
    // What comes is found by what has changed, and what becomes it by the look at everything.
    browser.run("$('#clock').innerHTML = '<b class=late>Late</b>'").await;
    browser.until("legend('csat')").await;

    let (_collector, host) = page("", attributes, "<p id=clock>Words</p>").await;
    browser.open(&host.url("/")).await;
    browser.heard("ready").await;
    browser.run("$('#clock').className = 'late'; document.body.append('more')").await;
    browser.until("legend('csat')").await;
}

/// What the linker gives the engine: `xtask/src/dist/linker.rs`.
const STACK: usize = 65_536;

async fn the_engine_keeps_little_memory(browser: Browser) {
    // The stack is at the start of the memory, and grows downwards: what is still as it was painted was never used.
    let paint = format!(
        "for (const name of ['instantiate', 'instantiateStreaming']) {{
            const real = WebAssembly[name];
            WebAssembly[name] = (...values) => real.apply(WebAssembly, values).then((it) => {{
                // The engine's; the sender comes later.
                if (window.memory) return it;
                window.memory = Object.values(it.instance.exports).find((it) => it instanceof WebAssembly.Memory);
                new Uint8Array(memory.buffer, 0, {STACK}).fill(165);
                return it;
            }});
        }}"
    );
    let attributes = r#"data-survey="support cancellation" data-trigger="load""#;
    let (_collector, host) = page(&paint, attributes, "<p>Words</p>").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('support') || legend('cancellation')").await;
    let used =
        format!("{STACK} - new Uint8Array(memory.buffer, 0, {STACK}).findIndex((it) => it != 165)");
    let shown: usize = browser.value("memory.buffer.byteLength").await;
    assert!(shown <= 600_000, "{shown} bytes with a shown survey");
    let id: String = browser.value("$('sondeo-widget').dataset.survey").await;
    browser.run(&format!("inside('{id}', 'label input').click()")).await;
    browser.heard("answered").await;
    browser.promised::<serde_json::Value>(&format!("sondeo.explain('{id}')")).await;
    let depth: usize = browser.value(&used).await;
    eprintln!("{shown} bytes of memory, {depth} bytes of stack in {}", browser.engine);
    // Half of it is for what no test does.
    assert!((1..=STACK / 2).contains(&depth), "{depth} bytes of stack");
}
