//! Visitors who go at the worst moment, tabs that die, and several that want to send the same.

use super::{KEPT, LATER, Site, WAITING};
use crate::support::{Browser, Engine, Fault};
use serde_json::json;

crate::scenarios![visitors_who_go, tabs_beside_each_other];

const QUESTION: &str = "How would you rate your shopping experience?";

async fn visitors_who_go(browser: Browser) {
    let site = Site::new("The visitor goes", browser, "").await;
    let name = "the page navigates at the moment of the answer";
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/")).await;
    site.browser
        .run("document.addEventListener('sondeo:completed', () => location.href = '/next')")
        .await;
    site.choose().await;
    site.browser.until("location.pathname == '/next' && document.readyState == 'complete'").await;
    settled(&site).await;
    site.note(name, "one response", "another page");
    site.clear().await;

    let name = "the tab is closed at the moment of the answer";
    site.endpoint.fail(Fault::None).await;
    let other = site.browser.another_tab().await;
    site.answer_on("/").await;
    site.browser.close_tab().await;
    site.browser.go_to_tab(&other).await;
    site.browser.open(&site.host.url("/next")).await;
    settled(&site).await;
    site.note(name, "one response", "nothing");
    site.clear().await;

    back_and_forth(&site).await;
    crash(&site).await;
    site.done();
}

/// Nobody is sending any more, and all is delivered.
async fn settled(site: &Site) {
    if site.browser.value::<u32>(WAITING).await > 0 {
        site.browser.until("engineRequests().length > 1").await;
        site.browser.until_idle().await;
        site.browser.inject(LATER).await;
    }
    site.is_delivered().await;
}

/// Pages that browsers keep when the visitor leaves them.
async fn back_and_forth(site: &Site) {
    let name = "back through the back-forward cache, in the middle of sending";
    site.endpoint.fail(Fault::Never).await;
    site.answer_on("/").await;
    site.endpoint.until_posted().await;
    let is_kept = there_and_back(site).await;
    settled(site).await;
    tell(site, is_kept, name, "one response", "thanks");
    site.clear().await;

    let name = "back through the back-forward cache, in the middle of the survey";
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/")).await;
    let survey = site.browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    site.browser.click(&survey.part("textarea")).await;
    site.browser.press("Slow").await;
    let is_kept = there_and_back(site).await;
    if is_kept {
        site.browser.until(&format!("{}.value == 'Slow'", survey.part("textarea"))).await;
        site.browser.click(&survey.part("button[type=submit]")).await;
        survey.thanks("Thank you!").await;
        site.reads(super::SENT).await;
    }
    settled(site).await;
    tell(site, is_kept, name, "one response, with both answers", "the survey, with what was typed");
    site.clear().await;
}

/// Whether the browser has kept the page.
async fn there_and_back(site: &Site) -> bool {
    site.browser
        .inject("window.addEventListener('pageshow', it => window.wasKept = it.persisted)")
        .await;
    site.browser.open(&site.host.url("/blank")).await;
    site.endpoint.heal().await;
    site.browser.back().await;
    site.browser.until("document.readyState == 'complete' && window.sondeo?.version").await;
    site.browser.value("!!window.wasKept").await
}

/// What can be loaded anew holds all the same.
fn tell(site: &Site, is_kept: bool, name: &str, received: &str, seen: &str) {
    if is_kept {
        site.note(name, received, seen);
    } else {
        site.cannot(name, "it does not keep such a page; loaded anew, it held");
    }
}

/// Between the answer and its acknowledgement, the page's process dies.
async fn crash(site: &Site) {
    let name = "the page's process crashes while it sends";
    if site.browser.engine != Engine::Chromium {
        return site.cannot(name, "its driver cannot crash one");
    }
    let own = site.browser.of_its_own("--disable-breakpad").await;
    site.endpoint.fail(Fault::Never).await;
    let other = own.another_tab().await;
    own.open(&site.host.url("/")).await;
    own.survey("post-purchase").choose("satisfaction", "4").await;
    site.endpoint.until_posted().await;
    let died = own.tell_chromium("Page.crash", json!({})).await;
    assert!(died.is_err(), "{died:?}");
    own.go_to_tab(&other).await;
    site.endpoint.heal().await;
    own.open(&site.host.url("/next")).await;
    own.until("engineRequests().length > 1").await;
    assert_eq!(own.value::<u32>(WAITING).await, 1);
    own.until_idle().await;
    own.inject(LATER).await;
    own.until(&format!("{WAITING} == 0")).await;
    assert_eq!(site.endpoint.stored().len(), 1);
    own.session().clone().close().await;
    site.note(name, "one response", "nothing");
}

async fn tabs_beside_each_other(browser: Browser) {
    let site = Site::new("Tabs beside each other", browser, "").await;
    for (name, path, most) in [
        ("five tabs find what another has left behind", "/next", 1),
        // The lease is for browsers of old: two may believe for a moment that they have it.
        ("the same without Web Locks", "/unlocked", 2),
    ] {
        site.endpoint.fail(Fault::Status(500, "")).await;
        site.answer_on("/").await;
        site.reads(KEPT).await;
        site.browser.open(&site.host.url("/blank")).await;
        site.endpoint.fail(Fault::None).await;
        let frames = format!("<body>{}", format!("<iframe src=\"{path}\"></iframe>").repeat(5));
        site.browser.run(&format!("document.documentElement.innerHTML = {}", json!(frames))).await;
        site.endpoint.until_stored(1, std::panic::Location::caller()).await;
        site.browser.until(&format!("{WAITING} == 0")).await;
        assert_eq!(site.endpoint.stored().len(), 1);
        assert!(site.endpoint.posts() <= most, "{} requests", site.endpoint.posts());
        site.note(name, "one response", "saved, will be sent");
        site.clear().await;
    }
    busy(&site).await;
    frozen(&site).await;
    ahead(&site).await;
    site.done();
}

/// Who cannot look because another one does, a page that is just being left for one, looks again.
async fn busy(site: &Site) {
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer_on("/").await;
    site.reads(KEPT).await;
    site.browser.open(&site.host.url("/blank")).await;
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/busy")).await;
    site.browser.until("window.letGo && window.asked > 0").await;
    assert_eq!((site.endpoint.posts(), site.browser.value::<u32>(WAITING).await), (0, 1));
    site.browser.run("letGo()").await;
    site.is_delivered().await;
    site.note("another tab is looking already", "one response", "nothing");
    site.clear().await;
}

/// A tab that the browser has stopped in the middle of sending holds up no other.
async fn frozen(site: &Site) {
    let name = "a tab is frozen while it sends";
    if site.browser.engine != Engine::Chromium {
        return site.cannot(name, "its driver cannot freeze one");
    }
    let own = site.browser.of_its_own("--disable-breakpad").await;
    site.endpoint.fail(Fault::Never).await;
    let other = own.another_tab().await;
    own.open(&site.host.url("/")).await;
    own.survey("post-purchase").choose("satisfaction", "4").await;
    site.endpoint.until_posted().await;
    let frozen = own.tell_chromium("Page.setWebLifecycleState", json!({"state": "frozen"})).await;
    frozen.expect("it freezes");
    own.go_to_tab(&other).await;
    site.endpoint.heal().await;
    own.open(&site.host.url("/next")).await;
    own.until("engineRequests().length > 1").await;
    own.until_idle().await;
    own.inject(LATER).await;
    own.until(&format!("{WAITING} == 0")).await;
    assert_eq!(site.endpoint.stored().len(), 1);
    own.session().clone().close().await;
    site.note(name, "one response", "nothing");
}

/// A page that is loaded ahead of its visit sends and shows nothing until it is visited.
async fn ahead(site: &Site) {
    let name = "a page is prerendered, with an answer still to be sent";
    if site.browser.engine != Engine::Chromium {
        return site.cannot(name, "it prerenders nothing");
    }
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer_on("/").await;
    site.reads(KEPT).await;
    site.browser.open(&site.host.url("/blank")).await;
    site.endpoint.fail(Fault::None).await;
    site.browser
        .run(
            "addEventListener('storage', it => { if (it.key == 'ahead') window.ahead = it.newValue }); \
             const rules = document.createElement('script'); rules.type = 'speculationrules'; \
             rules.textContent = JSON.stringify({prerender: [{urls: ['/ahead']}]}); \
             document.head.append(rules); document.body.innerHTML = '<a href=\"/ahead\">On</a>'",
        )
        .await;
    site.browser.until("localStorage.ahead == 'true'").await;
    site.browser.until_idle().await;
    assert_eq!((site.endpoint.posts(), site.browser.value::<u32>(WAITING).await), (0, 1));
    site.browser.click("$('a')").await;
    site.browser.survey("post-purchase").asks(QUESTION).await;
    site.is_delivered().await;
    site.note(
        name,
        "one response, once the page is visited",
        "the survey, once the page is visited",
    );
    site.clear().await;
}
