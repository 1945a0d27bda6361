//! A browser that keeps nothing, or forgets, or has another time.

use super::{KEPT, SENT, Site, UNSAVED};
use crate::support::{Browser, Fault};

crate::scenarios![storage_that_fails];

async fn storage_that_fails(browser: Browser) {
    let site = Site::new("The browser's storage", browser, "").await;
    for (name, path, harm) in [
        (
            "storage is full",
            "/",
            "let text = 'x'.repeat(1 << 20); while (text) \
             try { localStorage['full' + localStorage.length + text.length] = text } \
             catch { text = text.slice(0, text.length >> 1) }",
        ),
        ("storage is denied", "/denied", ""),
    ] {
        site.endpoint.fail(Fault::Refused).await;
        site.browser.open(&site.host.url(path)).await;
        let survey = site.browser.survey("post-purchase");
        survey.asks("How would you rate your shopping experience?").await;
        site.browser.inject(harm).await;
        let fails =
            "(() => { try { localStorage.more = 'x'.repeat(99) } catch { return true } })()";
        assert!(site.browser.value::<bool>(&format!("!!{fails}")).await, "{name}");
        survey.choose("satisfaction", "1").await;
        survey.write("why", "Slow").await;
        site.reads(UNSAVED).await;
        // What was typed stands there, to be copied.
        let typed = survey.part(".typed");
        let style = format!("getComputedStyle({typed})");
        site.browser
            .until(&format!(
                "{typed}.textContent == 'Slow' && \
                 ({style}.userSelect ?? {style}.webkitUserSelect) != 'none'"
            ))
            .await;
        site.is_unharmed().await;
        // The page itself remembers.
        site.endpoint.heal().await;
        site.browser.run("dispatchEvent(new Event('online'))").await;
        site.endpoint.until_stored(1, std::panic::Location::caller()).await;
        site.reads(SENT).await;
        assert_eq!(site.endpoint.stored().len(), 1);
        site.note(
            name,
            "one response, while the page is open",
            "could not be saved, with the text to be copied; then: sent",
        );
        site.browser.open(&site.host.url("/next")).await;
        site.clear().await;
    }

    let name = "storage is cleared meanwhile";
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer_on("/").await;
    site.reads(KEPT).await;
    site.browser.run("localStorage.clear()").await;
    site.endpoint.heal().await;
    site.browser.run("dispatchEvent(new Event('online'))").await;
    site.is_delivered().await;
    site.note(name, "one response", "saved, will be sent; then: sent");
    site.clear().await;

    let name = "damaged entries beside a good one";
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer_on("/").await;
    site.reads(KEPT).await;
    site.is_not_sending().await;
    site.browser
        .run(
            "const key = Object.keys(localStorage).find(it => it.startsWith('sondeo.out.')); \
             localStorage['sondeo.out.a'] = ''; localStorage['sondeo.out.b'] = 'null'; \
             localStorage['sondeo.out.c'] = localStorage[key].slice(0, -9)",
        )
        .await;
    site.come_back().await;
    site.is_delivered().await;
    site.note(name, "one response", "saved, will be sent");
    site.clear().await;

    for (name, days) in
        [("the clock jumps ahead by 400 days", 400), ("the clock is set back by 400 days", -400)]
    {
        site.endpoint.fail(Fault::Status(503, "retry-after: 3600\r\n")).await;
        site.answer_on("/").await;
        site.reads(KEPT).await;
        site.come_back().await;
        site.browser.until("window.isFollowed").await;
        site.browser.until_idle().await;
        site.browser
            .inject(&format!(
                "const now = Date.now; Date.now = () => now() + {days} * 864e5; \
                 dispatchEvent(new Event('pageshow'))"
            ))
            .await;
        site.is_delivered().await;
        site.note(name, "one response", "saved, will be sent");
        site.clear().await;
    }
    site.done();
}
