//! Endpoints that answer, but do not take the response; and the same rig without an outbox.

use super::{FORMATS, KEPT, LATER, Site, UNSAVED, WAITING};
use crate::support::{Browser, Fault};

crate::scenarios![
    in one engine:
    answers_that_are_none,
    endpoints_that_refuse,
    without_the_outbox_the_same_loses,
];

/// What is kept aside was refused from an older version.
const OLDER: &str = "for (const key of Object.keys(localStorage)) if (key.startsWith('sondeo.out.')) { \
     const fields = localStorage[key].split('\\x1f'); fields[12] = '0.0.1'; \
     localStorage[key] = fields.join('\\x1f') }";

async fn answers_that_are_none(browser: Browser) {
    let site = Site::of_formats("The endpoint answers in vain", browser, "").await;
    // First: browsers remember for a while that a preflight was in order.
    let name = "the preflight is refused";
    site.endpoint.fail(Fault::PreflightRefused).await;
    site.answer_on("/").await;
    // The others need none.
    site.read(vec![KEPT, super::SENT, super::SENT]).await;
    site.browser
        .until("pageLog.events.some(it => it.name == 'failed' && it.reason == 'preflight')")
        .await;
    site.browser
        .until("pageLog.lines.some(it => it.includes(\"refuses the browser's preflight\"))")
        .await;
    let lines = site.browser.page_log().await.lines;
    let explained = lines.iter().filter(|line| line.contains("refuses the browser's preflight"));
    assert_eq!(explained.count(), 1, "{lines:?}");
    site.come_back().await;
    site.is_delivered().await;
    site.note(name, "one response", "json: saved, will be sent; text, form: sent");
    site.clear().await;

    for (name, status, headers, reason) in [
        ("500", 500, "", ""),
        ("503 with `Retry-After` in seconds", 503, "retry-after: 1\r\n", ""),
        ("429 with `Retry-After` in seconds", 429, "retry-after: 1\r\n", ""),
        (
            "429 with `Retry-After` as a date",
            429,
            "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            "",
        ),
        ("429 with nonsense in `Retry-After`", 429, "retry-after: soon\r\n", ""),
        ("408", 408, "", ""),
        (
            "a redirect to another origin (301)",
            301,
            "location: http://localhost:9/\r\n",
            "redirect",
        ),
        (
            "a redirect to another origin (307)",
            307,
            "location: http://localhost:9/\r\n",
            "redirect",
        ),
    ] {
        site.check(name, "/", Fault::Status(status, headers), reason).await;
    }
    let name = "an answer without a CORS header";
    site.check(name, "/", Fault::NoCors, "cors").await;

    let (section, browser) = (site.section, site.browser.clone());
    drop(site);
    let site = Site::of_formats(section, browser, r#"data-confirm="id""#).await;
    let name = "a captive portal answers 200 with HTML (`data-confirm=\"id\"`)";
    site.check(name, "/", Fault::Portal, "unconfirmed").await;
    site.done();
}

async fn endpoints_that_refuse(browser: Browser) {
    let site = Site::of_formats("The endpoint refuses", browser, "").await;
    for status in [400, 401, 403, 404, 413, 422] {
        site.endpoint.fail(Fault::Status(status, "")).await;
        site.answer_on("/").await;
        site.reads(UNSAVED).await;
        let failed =
            format!("it.name == 'failed' && it.reason == 'refused' && it.status == {status}");
        let failed = format!("pageLog.events.filter(it => {failed}).length == {}", FORMATS.len());
        site.browser.until(&failed).await;
        let text = format!("pageLog.lines.some(it => it.includes('it answers {status} no'))");
        site.browser.until(&text).await;
        // Kept aside: the same version does not repeat it, a newer one does so once.
        site.come_back().await;
        site.keeps(FORMATS.len()).await;
        assert_eq!(site.endpoint.posts(), FORMATS.len());
        site.browser.run(OLDER).await;
        site.browser.open(&site.host.url("/next")).await;
        site.browser.until("engineRequests().length > 1").await;
        site.browser.inject(LATER).await;
        site.is_delivered().await;
        let received = "nothing; one response from the widget's next version";
        site.note(&status.to_string(), received, "could not be saved");
        site.clear().await;
    }
    site.done();
}

/// The proof of the rig: what forgets as soon as the page goes loses here what the outbox delivers.
async fn without_the_outbox_the_same_loses(browser: Browser) {
    let site = Site::of_formats("Without the outbox", browser, r#"data-storage="none""#).await;
    for (name, fault) in [
        ("500 (`data-storage=\"none\"`)", Fault::Status(500, "")),
        ("connection refused (`data-storage=\"none\"`)", Fault::Refused),
        ("connection closed without an answer (`data-storage=\"none\"`)", Fault::HangsUp),
    ] {
        site.endpoint.fail(fault).await;
        site.answer_on("/").await;
        site.reads(UNSAVED).await;
        assert_eq!(site.browser.value::<u32>(WAITING).await, 0);
        site.is_unharmed().await;
        // Gone before the endpoint works again: until then, the page itself tries and tries, and its last attempt
        // may outlive it for as long as another page takes to load.
        site.browser.open("about:blank").await;
        site.browser.open(&site.host.url("/next")).await;
        site.browser.until_idle().await;
        site.endpoint.heal().await;
        site.browser.open(&site.host.url("/next")).await;
        site.browser.until_idle().await;
        assert_eq!(site.endpoint.stored().len(), 0, "the rig proves nothing");
        site.note(name, "**lost**, as it must be", "could not be saved");
        site.clear().await;
    }
    site.done();
}
