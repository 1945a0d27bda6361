//! Networks on which the response, or its acknowledgement, does not arrive.

use super::{KEPT, SENT, Site, THREE};
use crate::support::{Browser, Engine, Fault, Page};
use serde_json::json;

crate::scenarios![in one engine: networks_that_fail];

async fn networks_that_fail(browser: Browser) {
    let section = "The network";
    let site = Site::of_formats(section, browser, "").await;
    for (name, path, fault, reason) in [
        ("connection refused", "/", Fault::Refused, "unreachable"),
        ("connection closed without an answer", "/", Fault::HangsUp, ""),
        ("stored, and the answer breaks off in its body", "/", Fault::CutMidBody, ""),
        ("stored, and no answer ever", "/hasty", Fault::Never, ""),
        ("stored, and 201 after the widget gave up", "/hasty", Fault::Late, ""),
        ("stored, and the answer comes byte by byte, too slowly", "/hasty", Fault::SlowBody, ""),
    ] {
        site.check(name, path, fault, reason).await;
    }

    let name = "no such host (DNS)";
    site.endpoint.fail(Fault::None).await;
    site.answer_on("/nowhere").await;
    site.reads(KEPT).await;
    site.explains("unreachable", "nothing answers there").await;
    site.come_back().await;
    site.keeps(THREE.len()).await;
    site.note(name, "nothing; the answers are kept", "saved, will be sent");
    site.clear().await;
    let browser = site.browser.clone();
    drop(site);

    let site = Site::new(section, browser.clone(), "").await;
    let name = "offline at the answer, online again on the same page";
    // Only one driver has a switch for it; elsewhere it is what a page sees of it.
    let has_switch = browser.engine == Engine::Chromium;
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/")).await;
    site.browser.survey("post-purchase").asks("How would you rate your shopping experience?").await;
    if has_switch {
        site.browser.offline(true).await;
    } else {
        site.endpoint.fail(Fault::Refused).await;
    }
    site.choose().await;
    site.reads(KEPT).await;
    site.endpoint.heal().await;
    if has_switch {
        site.browser.offline(false).await;
    } else {
        site.browser.run("dispatchEvent(new Event('online'))").await;
    }
    site.is_delivered().await;
    site.note(name, "one response", "saved, will be sent; then: sent");
    site.clear().await;

    let name = "offline at the answer, then the page is loaded again";
    site.endpoint.fail(Fault::Refused).await;
    site.answer_on("/").await;
    site.reads(KEPT).await;
    site.is_unharmed().await;
    site.browser.run("location.reload()").await;
    site.browser.until("window.pageLog && !pageLog.events.some(it => it.name == 'answered')").await;
    site.endpoint.heal().await;
    site.browser.run("dispatchEvent(new Event('online'))").await;
    site.is_delivered().await;
    site.note(name, "one response", "saved, will be sent");
    site.clear().await;
    drop(site);

    // Sent once: nobody will ever say that it has arrived.
    let site = Site::with(section, browser, "", |_, collector, endpoint| {
        let url = endpoint.url().replace("/responses", "/forms/d/e/F/viewform");
        let attributes = r#"data-trigger="load" data-recontact="always" data-quiet="0"
            data-format="google-forms" data-field-satisfaction="entry.2" data-field-id="entry.1""#;
        Page::with_survey(collector, &url, attributes)
    })
    .await;
    for (name, fault, seen) in [
        ("an opaque answer (`google-forms`)", Fault::NoCors, SENT),
        ("an opaque answer (`google-forms`), connection refused at first", Fault::Refused, KEPT),
    ] {
        site.endpoint.fail(fault).await;
        site.answer_on("/").await;
        site.reads(seen).await;
        site.come_back().await;
        site.is_delivered().await;
        assert_eq!(site.endpoint.posts(), 1, "{}", json!(site.endpoint.stored()));
        let seen = if seen == SENT { "sent" } else { "saved, will be sent" };
        site.note(name, "one response in one request", seen);
        site.clear().await;
    }
    site.done();
}
