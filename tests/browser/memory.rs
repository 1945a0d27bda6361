//! What a visitor's browser remembers, whatever becomes of its storage.

use crate::support::{Browser, Collector, Host, Page};
use crate::targeting::remembering;
use serde_json::Value as Json;
use sondeo_model::Response;

crate::scenarios![
    a_storage_that_is_forbidden_or_full_asks_as_a_new_visitor,
    two_tabs_share_what_they_know,
    what_is_answered_in_one_tab_is_asked_in_no_other,
    what_stands_in_the_page_is_seen_when_it_comes_into_view;
    in one engine:
    who_answers_is_not_asked_again,
    who_closes_it_is_left_alone,
    who_never_answers_is_asked_three_times,
    an_author_chooses_the_storage,
    a_visit_ends_after_half_an_hour,
    what_is_remembered_is_forgotten_on_demand,
];

/// A page that asks at once, with this before the tag.
async fn asking(head: &str, attributes: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = format!(r#"data-survey="csat" data-endpoint="/responses" {attributes}"#);
    let host = Host::of(Page::new(format!("{head}{}", collector.tag(&tag)))).await;
    (collector, host)
}

/// What is stored of ours, in the storage of this name.
const STORED: &str = "Object.keys(localStorage).concat(Object.keys(sessionStorage))\
                      .filter(it => it.startsWith('sondeo.')).join()";

async fn answer(browser: &Browser, host: &Host, posts: usize) -> Response {
    let survey = browser.survey("csat");
    survey.choose("satisfaction", "4").await;
    let posts = host.endpoint.until_posted(posts).await;
    browser.heard("delivered").await;
    posts.last().expect("a response").response()
}

async fn is_skipped(browser: &Browser, reason: &str) {
    browser.loaded().await;
    let reasons: Vec<String> = browser.promised("reasons('csat')").await;
    assert_eq!(reasons, [reason]);
    browser.until_idle().await;
    assert!(browser.value::<bool>("!survey('csat')").await, "asked in spite of {reason}");
}

async fn who_answers_is_not_asked_again(browser: Browser) {
    let (_collector, host) = asking("", "").await;
    browser.open(&host.url("/")).await;
    assert_eq!(answer(&browser, &host, 1).await.visit, 1);
    browser.open(&host.url("/")).await;
    is_skipped(&browser, "recontact").await;
    // The memory is what kept it back.
    browser.run("localStorage.clear()").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.page_log().await.is_undisturbed();
}

async fn who_closes_it_is_left_alone(browser: Browser) {
    let (_collector, host) = asking("", "").await;
    browser.open(&host.url("/")).await;
    browser.click(&browser.survey("csat").part("[part=close]")).await;
    browser.survey("csat").is_gone().await;
    browser.open(&host.url("/")).await;
    is_skipped(&browser, "snooze").await;
    // What the page asks for counts for the memory, and not the memory for it.
    browser.run("sondeo.show('csat')").await;
    answer(&browser, &host, 1).await;
    browser.open(&host.url("/")).await;
    is_skipped(&browser, "recontact").await;
}

async fn who_never_answers_is_asked_three_times(browser: Browser) {
    let (_collector, host) = asking("", "").await;
    for _ in 0..3 {
        browser.open(&host.url("/")).await;
        browser.until("legend('csat')").await;
    }
    browser.open(&host.url("/")).await;
    is_skipped(&browser, "max-shows").await;
}

async fn a_storage_that_is_forbidden_or_full_asks_as_a_new_visitor(browser: Browser) {
    let refuse = |what: &str| {
        format!(
            "<script>{what}(() => {{ throw new DOMException('no', 'SecurityError') }})</script>"
        )
    };
    let forbidden = "const f = no => { for (const it of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, it, { get: no }) }; f";
    let full = "const f = no => { Storage.prototype.setItem = no }; f";
    let unreadable =
        "const f = no => { Storage.prototype.getItem = no; Storage.prototype.key = no }; f";
    for trouble in [forbidden, full, unreadable] {
        let (_collector, host) = asking(&refuse(trouble), "").await;
        browser.open(&host.url("/")).await;
        answer(&browser, &host, 1).await;
        browser.survey("csat").is_gone().await;
        // Once on a page view, whatever happens on it.
        let explained: Vec<String> =
            browser.promised("sondeo.explain('csat').then(it => it.reasons)").await;
        assert!(explained.contains(&"over".to_owned()), "{explained:?}");
        browser.page_log().await.is_undisturbed();
        browser.open(&host.url("/")).await;
        browser.until("legend('csat')").await;
    }
}

async fn an_author_chooses_the_storage(browser: Browser) {
    let (_collector, host) = asking("", "data-storage=none").await;
    browser.open(&host.url("/")).await;
    answer(&browser, &host, 1).await;
    assert_eq!(browser.value::<String>(STORED).await, "");
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;

    let (_collector, host) = asking("", "data-storage=session").await;
    browser.open(&host.url("/")).await;
    answer(&browser, &host, 1).await;
    assert!(
        browser.value::<bool>("!localStorage.length && !!sessionStorage['sondeo.visitor']").await
    );
    browser.open(&host.url("/")).await;
    is_skipped(&browser, "recontact").await;

    let (_collector, host) = asking("", "data-preview").await;
    browser.open(&host.url("/")).await;
    browser.survey("csat").choose("satisfaction", "4").await;
    browser.heard("completed").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<String>(STORED).await, "");
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    assert!(host.endpoint.posts().is_empty());
}

async fn a_visit_ends_after_half_an_hour(browser: Browser) {
    // In days, as the record's helper counts: half an hour is 1/48.
    for (days, visit) in [("29/1440", 7), ("31/1440", 8)] {
        let record = remembering(&format!("1 s5 v7 p${{day({days})}}"));
        let (_collector, host) = asking(&record, "").await;
        browser.open(&host.url("/")).await;
        assert_eq!(answer(&browser, &host, 1).await.visit, visit);
    }
    // A trigger that waits for a visit hears which one it is.
    let record = remembering("1 s5 v2 p${day(1)}");
    let (_collector, host) = asking(&record, "data-trigger='visit:3'").await;
    browser.open(&host.url("/")).await;
    assert_eq!(answer(&browser, &host, 1).await.trigger, "visit:3");
    let (_collector, host) = asking(&record, "data-trigger='visit:2 first-visit'").await;
    browser.open(&host.url("/")).await;
    browser.heard("ready").await;
    browser.until_idle().await;
    assert!(
        browser
            .value::<bool>("!survey('csat') && localStorage['sondeo.visitor'].includes(' v3 ')")
            .await
    );
}

async fn two_tabs_share_what_they_know(browser: Browser) {
    let (_collector, host) = asking("", "data-trigger=event:now data-quiet=0").await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    // Awake, though nothing has happened here yet.
    browser.promised::<Json>("sondeo.explain('csat')").await;
    let (first, second) = browser.open_beside(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.track('now')").await;
    browser.until("legend('csat')").await;
    // Where a driver leaves a tab in the back, nobody has seen what is shown there.
    let is_seen: bool = browser.value("document.visibilityState == 'visible'").await;
    if is_seen {
        browser.until("localStorage['sondeo.visitor'].includes('csat n')").await;
    }
    browser.go_to_tab(&first).await;
    if is_seen {
        // The other one has just shown it.
        browser.run("sondeo.track('now')").await;
        is_skipped(&browser, "other-tab").await;
    }

    // Somebody writes who had not read what this page wrote.
    browser.run("sondeo.show('csat')").await;
    browser.survey("csat").choose("satisfaction", "4").await;
    browser.heard("completed").await;
    browser.go_to_tab(&second).await;
    browser.run("localStorage.setItem('sondeo.visitor', '1 s5\\nnps a1764000000000')").await;
    browser.close_tab().await;
    browser.go_to_tab(&first).await;
    browser
        .until("/csat.* a1/.test(localStorage['sondeo.visitor']) && localStorage['sondeo.visitor'].includes('nps a1764000000000')")
        .await;
    browser.page_log().await.is_undisturbed();
}

async fn what_is_answered_in_one_tab_is_asked_in_no_other(browser: Browser) {
    let (_collector, host) = asking("", "").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    let (first, second) = browser.open_beside(&host.url("/")).await;
    browser.loaded().await;
    // Where a driver leaves a tab in the back, nothing opens by itself.
    browser.run("sondeo.show('csat')").await;
    browser.until("legend('csat')").await;
    browser.go_to_tab(&first).await;
    browser.survey("csat").choose("satisfaction", "4").await;
    browser.heard("delivered").await;
    browser.go_to_tab(&second).await;
    browser.survey("csat").is_gone().await;
    let reasons: Vec<String> = browser.promised("reasons('csat')").await;
    assert!(reasons.contains(&"recontact".to_owned()), "{reasons:?}");
    assert_eq!(host.endpoint.posts().len(), 1);
    browser.page_log().await.is_undisturbed();
    browser.close_tab().await;
    browser.go_to_tab(&first).await;
}

async fn what_is_remembered_is_forgotten_on_demand(browser: Browser) {
    let (_collector, host) = asking("", "").await;
    browser.open(&host.url("/")).await;
    answer(&browser, &host, 1).await;
    browser.run("localStorage.other = 'stays'; sondeo.reset()").await;
    browser.until(&format!("{STORED} == ''")).await;
    assert_eq!(browser.value::<String>("localStorage.other").await, "stays");
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
}

async fn what_stands_in_the_page_is_seen_when_it_comes_into_view(browser: Browser) {
    let collector = Collector::start().await;
    let tag = collector.tag(r#"data-endpoint="/responses""#);
    let body = r#"<div style="height: 300vh"></div><div data-sondeo="csat" id="place"></div>"#;
    let record = remembering("1 s5\nnps n${day(0)}");
    let host = Host::of(Page::new(format!("{record}{tag}")).body(body)).await;
    browser.open(&host.url("/")).await;
    // It is a part of its page, whatever else was seen.
    browser.until("legend('csat')").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!localStorage['sondeo.visitor'].includes('csat')").await);
    browser.run("$('#place').scrollIntoView()").await;
    browser.until("/csat w1/.test(localStorage['sondeo.visitor'])").await;
    browser.page_log().await.is_undisturbed();
}
