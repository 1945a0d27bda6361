//! Pages that patch, pollute, freeze and sweep away; and an engine that breaks in the middle of it.

use super::{KEPT, SENT, Site};
use crate::support::{Browser, Fault};

crate::scenarios![in one engine: pages_that_do_harm, patched_pages];

const QUESTION: &str = "How would you rate your shopping experience?";

/// Opens the page, waits for its survey, and harms it.
async fn harmed(site: &Site, fault: Fault, harm: &str) {
    site.endpoint.fail(fault).await;
    site.browser.open(&site.host.url("/")).await;
    site.browser.survey("post-purchase").asks(QUESTION).await;
    site.browser.inject(harm).await;
}

async fn patched_pages(browser: Browser) {
    let site = Site::new("The page is patched", browser, "").await;
    for (name, harm) in [
        ("`fetch` throws", "window.fetch = () => { throw new Error('patched') }"),
        ("`fetch` gives nothing", "window.fetch = () => undefined"),
        (
            "`fetch` is a promise that fails",
            "window.fetch = () => Promise.reject(new Error('patched'))",
        ),
    ] {
        harmed(&site, Fault::None, harm).await;
        site.choose().await;
        site.reads(KEPT).await;
        site.come_back().await;
        site.is_delivered().await;
        site.note(name, "one response", "saved, will be sent");
        site.clear().await;
    }
    for (name, harm) in [
        (
            "polluted prototypes, `toJSON` among them",
            // Only while the widget is at it: drivers read values by it, too.
            "Object.prototype.polluted = 1; Array.prototype.extra = () => 1; \
             const polluted = [Object, Array, String, Number].map(it => it.prototype); \
             document.addEventListener('click', () => \
             polluted.forEach(it => { it.toJSON = () => 'x' }), true); \
             document.addEventListener('sondeo:delivered', () => \
             polluted.forEach(it => delete it.toJSON))",
        ),
        (
            "frozen prototypes",
            "for (const it of [Object, Array, Function, Promise, String, Element, Node, EventTarget]) \
             { Object.freeze(it); Object.freeze(it.prototype) }",
        ),
    ] {
        harmed(&site, Fault::None, harm).await;
        site.choose().await;
        site.endpoint.until_stored(1, std::panic::Location::caller()).await;
        site.reads(SENT).await;
        site.browser.open(&site.host.url("/next")).await;
        site.is_delivered().await;
        site.note(name, "one response", "sent");
        site.clear().await;
    }

    let name = "the page's clock throws: the engine stops while it sends";
    harmed(&site, Fault::Status(500, ""), "").await;
    site.choose().await;
    site.reads(KEPT).await;
    site.browser
        .inject(
            "Date.now = () => { throw new WebAssembly.RuntimeError('unreachable') }; \
             dispatchEvent(new Event('online'))",
        )
        .await;
    site.browser.until("!survey('post-purchase')").await;
    site.browser
        .until("pageLog.events.some(it => it.name == 'failed' && it.reason == 'engine')")
        .await;
    site.browser.until("pageLog.lines.some(it => it.includes('the engine has stopped'))").await;
    let lines = site.browser.page_log().await.lines;
    let stopped = lines.iter().filter(|line| line.contains("the engine has stopped")).count();
    assert_eq!(stopped, 1, "{lines:?}");
    site.come_back().await;
    site.is_delivered().await;
    site.note(name, "one response", "saved, will be sent; then nothing");
    site.clear().await;
    site.done();
}

async fn pages_that_do_harm(browser: Browser) {
    let site = Site::new("The page does harm", browser, "").await;
    for (name, harm) in [
        (
            "the page removes the survey at the answer",
            "document.addEventListener('sondeo:answered', () => \
             document.querySelector('sondeo-widget')?.remove())",
        ),
        (
            "the page replaces its body at the answer",
            "document.addEventListener('sondeo:answered', () => \
             document.body = document.createElement('body'))",
        ),
    ] {
        harmed(&site, Fault::None, harm).await;
        site.choose().await;
        site.is_delivered().await;
        site.note(name, "one response", "thanks, as far as the page lets it");
        site.browser.open(&site.host.url("/blank")).await;
        site.clear().await;
    }

    let name = "the page sweeps away elements that it does not know";
    harmed(&site, Fault::None, "").await;
    let survey = site.browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    site.browser.until(&survey.part("textarea")).await;
    site.browser
        .run(
            "window.swept = survey('post-purchase'); inside('post-purchase', 'textarea').value = 'Slow'; \
             document.documentElement.removeChild(swept)",
        )
        .await;
    site.browser.until("survey('post-purchase') === swept").await;
    site.browser
        .until("inside('post-purchase', 'textarea').value == 'Slow' && box(swept)[3] > 99")
        .await;
    site.browser.run("swept.remove()").await;
    site.browser.until_idle().await;
    site.is_delivered().await;
    site.browser.until("!survey('post-purchase')").await;
    site.note(name, "one response", "the same survey, with what was typed");
    site.clear().await;

    let name = "a sandboxed frame without storage";
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/blank")).await;
    let frame = "document.body.innerHTML = '<iframe width=600 height=500 sandbox=\"allow-scripts\" src=\"/\">'";
    site.browser.run(frame).await;
    site.browser.step(true).await;
    site.choose().await;
    site.reads(SENT).await;
    assert_eq!(site.endpoint.stored().len(), 1);
    site.is_unharmed().await;
    site.browser.step(false).await;
    site.note(name, "one response, while the page is open", "sent");
    site.clear().await;
    let (section, browser) = (site.section, site.browser.clone());
    drop(site);

    let name = "the script stands twice on the page";
    let site = Site::with(section, browser, "", |page, collector, _| {
        page.body(collector.tag("data-survey=\"post-purchase\""))
    })
    .await;
    site.endpoint.fail(Fault::None).await;
    site.answer_on("/").await;
    site.is_delivered().await;
    assert_eq!(site.endpoint.posts(), 1);
    site.note(name, "one response in one request", "sent");
    site.done();
}
