//! Several surveys on one page: one at a time, the one that matters most first, and none too soon.

use crate::support::{Browser, Collector, Host, Page};
use serde_json::Value as Json;

crate::scenarios![
    in one engine:
    of_several_that_are_due_the_highest_is_shown,
    after_one_was_seen_the_others_keep_quiet,
    a_survey_that_has_become_undue_is_not_shown,
    a_closed_tab_is_in_nobody_s_way,
];

/// A page with several tags, each with these attributes.
async fn page(tags: &[&str]) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tags: String = tags
        .iter()
        .map(|attributes| collector.tag(&format!(r#"{attributes} data-endpoint="/responses""#)))
        .collect();
    let host = Host::of(Page::new(tags)).await;
    (collector, host)
}

async fn of_several_that_are_due_the_highest_is_shown(browser: Browser) {
    let (_collector, host) = page(&[
        "data-survey=csat data-quiet=0",
        "data-survey=nps data-quiet=0 data-priority=7",
        "data-survey=ces data-quiet=0 data-priority=-1",
    ])
    .await;
    browser.open(&host.url("/")).await;
    browser.until("legend('nps')").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!survey('csat') && !survey('ces')").await);
    let explained: Json = browser.promised("sondeo.explain('csat')").await;
    assert_eq!(explained["reasons"], serde_json::json!(["occupied"]));
    // None of them is lost: each has its turn when the one before is over.
    browser.click(&browser.survey("nps").part("[part=close]")).await;
    browser.until("legend('csat')").await;
    assert!(browser.value::<bool>("!survey('nps') && !survey('ces')").await);
    browser.run("sondeo.hide('csat')").await;
    browser.until("legend('ces')").await;
    let shown: Vec<String> =
        browser.value("pageLog.events.filter(it => it.name == 'shown').map(it => it.survey)").await;
    assert_eq!(shown, ["nps", "csat", "ces"]);
    browser.page_log().await.is_undisturbed();
}

async fn after_one_was_seen_the_others_keep_quiet(browser: Browser) {
    let (_collector, host) = page(&["data-survey='csat nps'"]).await;
    browser.open(&host.url("/")).await;
    browser.survey("csat").choose("satisfaction", "4").await;
    browser.until("pageLog.skipped.some(it => it.survey == 'nps')").await;
    let skipped: Json = browser.value("pageLog.skipped[0]").await;
    assert_eq!(skipped["reasons"], serde_json::json!(["quiet"]));
    browser.heard("delivered").await;
    // A day has to pass, on every page.
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    let reasons: Vec<String> = browser.promised("reasons('nps')").await;
    assert_eq!(reasons, ["quiet"]);
    browser.until_idle().await;
    assert!(browser.value::<bool>("!widgets().length").await);
    let yesterday = "delete localStorage['sondeo.asleep']; localStorage['sondeo.visitor'] = localStorage['sondeo.visitor']
        .replace(/csat.*/, `csat n${Date.now() - 864e5} a${Date.now() - 864e5}`)";
    browser.run(yesterday).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('nps')").await;
}

async fn a_survey_that_has_become_undue_is_not_shown(browser: Browser) {
    let (_collector, host) = page(&["data-survey=csat data-trigger=event:now data-delay=3s"]).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.track('now')").await;
    let reasons: Vec<String> = browser.promised("reasons('csat')").await;
    assert_eq!(reasons, ["delay"]);
    // While it waits, another tab is told the answer.
    browser.run("localStorage.setItem('sondeo.visitor', `1 s5\\ncsat a${Date.now()}`)").await;
    browser.until("pageLog.skipped.some(it => it.reasons == 'recontact')").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!survey('csat')").await);
    browser.page_log().await.is_undisturbed();
}

async fn a_closed_tab_is_in_nobody_s_way(browser: Browser) {
    let (_collector, host) =
        page(&["data-survey=csat data-display=tab", "data-survey=nps data-trigger=event:now"])
            .await;
    browser.open(&host.url("/")).await;
    browser.until("survey('csat')").await;
    browser.run("sondeo.track('now')").await;
    browser.until("legend('nps')").await;
    browser.click(&browser.survey("nps").part("[part=close]")).await;
    browser.survey("nps").is_gone().await;
    // Seen is what the visitor has opened.
    assert!(browser.value::<bool>("!localStorage['sondeo.visitor'].includes('csat')").await);
    // It has made room for what had the focus, and comes back.
    browser.until("survey('csat').dataset.position == 'bottom-right'").await;
    browser.click(&browser.survey("csat").part("[part=tab]")).await;
    browser.until("localStorage['sondeo.visitor'].includes('csat n1')").await;
    browser.page_log().await.is_undisturbed();
}
