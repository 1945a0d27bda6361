//! Consent, signals of the browser, and who the visitor is said to be.

use crate::support::{Browser, Collector, Endpoint, Host, Page, Reply};
use sondeo_model::Response;

crate::scenarios![
    consent_that_is_withdrawn_in_one_tab_is_so_in_the_others;
    in one engine:
    without_consent_nothing_is_stored_shown_or_sent,
    consent_that_is_withdrawn_takes_everything_along,
    consent_that_is_withdrawn_ends_what_is_under_way,
    an_id_is_sent_only_where_everybody_agrees,
    a_page_says_who_the_visitor_is,
];

const STORED: &str = "Object.keys(localStorage).concat(Object.keys(sessionStorage))\
                      .filter(it => it.startsWith('sondeo.')).join()";

async fn page(head: &str, attributes: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = format!(r#"{attributes} data-survey="csat" data-endpoint="/responses""#);
    let host = Host::of(Page::new(format!("{head}{}", collector.tag(&tag)))).await;
    (collector, host)
}

async fn answer(browser: &Browser, host: &Host, posts: usize) -> Response {
    browser.survey("csat").choose("satisfaction", "4").await;
    host.endpoint.until_posted(posts).await.last().expect("a response").response()
}

async fn without_consent_nothing_is_stored_shown_or_sent(browser: Browser) {
    let attributes = "data-consent=required data-report=all data-trigger='event:now first-visit'";
    let head = "<script>dataLayer = [{event: 'now'}]; const kept = window.localStorage; let reads = 0; \
                Object.defineProperty(window, 'localStorage', {get() { reads++; return kept }})</script>";
    let (_collector, host) = page(head, attributes).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.inject("sondeo.show('csat')").await;
    let reasons: Vec<String> = browser.promised("reasons('csat')").await;
    assert_eq!(reasons, ["consent"]);
    browser.until_idle().await;
    // Not even what earlier visits have left behind is looked for.
    browser.inject("window.looked = reads").await;
    assert_eq!(browser.value::<u32>("window.looked").await, 0);
    for call in ["sondeo.consent(false)", "sondeo.show('csat')"] {
        browser.run(call).await;
        let reasons: Vec<String> = browser.promised("reasons('csat')").await;
        assert_eq!(reasons, ["consent"]);
    }
    browser.until_idle().await;
    assert_eq!(browser.value::<String>(STORED).await, "");
    assert!(browser.value::<bool>("!survey('csat')").await);
    assert!(host.endpoint.requests().is_empty());

    // What happened before counts.
    browser.run("sondeo.consent(true)").await;
    browser.until("legend('csat')").await;
    assert_ne!(browser.value::<String>(STORED).await, "");
    browser.survey("csat").choose("satisfaction", "4").await;
    browser.heard("delivered").await;
    browser.page_log().await.is_undisturbed();
}

async fn consent_that_is_withdrawn_takes_everything_along(browser: Browser) {
    let attributes =
        "data-consent=required data-trigger=event:now data-recontact=always data-visitor=on";
    let (_collector, host) = page("", attributes).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.consent(true); sondeo.identify('u-1'); sondeo.track('now')").await;
    browser.until("legend('csat')").await;
    browser.run("sondeo.consent(false)").await;
    browser.survey("csat").is_gone().await;
    browser.until(&format!("{STORED} == ''")).await;
    browser.run("sondeo.track('now')").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<String>(STORED).await, "");
    assert!(host.endpoint.requests().is_empty());
    assert!(browser.value::<bool>("!pageLog.events.some(it => it.name == 'dismissed')").await);

    // A slip is one line.
    browser.run("sondeo.consent('yes')").await;
    browser.until("pageLog.lines.some(it => it.includes('consent() needs true or false'))").await;
}

async fn consent_that_is_withdrawn_ends_what_is_under_way(browser: Browser) {
    let (collector, endpoint) =
        (Collector::start().await, Endpoint::start_answering([Reply::Never]).await);
    let attributes = r#"data-consent="required" data-trigger="load""#;
    let tag = Page::with_survey(&collector, &endpoint.url(), attributes);
    let spy = "<script>const send = fetch; window.requests = []; \
               window.fetch = it => { requests.push(it); return send(it) }</script>";
    let host = Host::of(tag.before(spy)).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.consent(true)").await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    endpoint.until_posted(1).await;
    let under_way = "requests.filter(it => it.method == 'POST' && !it.signal.aborted).length";
    assert_eq!(browser.value::<u32>(under_way).await, 1);
    browser.run("sondeo.consent(false)").await;
    browser.until(&format!("{under_way} == 0")).await;
    browser.until_idle().await;
    assert_eq!(endpoint.posts().len(), 1);
    assert_eq!(browser.value::<String>(STORED).await, "");
    browser.page_log().await.is_undisturbed();
}

async fn consent_that_is_withdrawn_in_one_tab_is_so_in_the_others(browser: Browser) {
    let (_collector, host) = page("", "data-consent=required data-trigger=load").await;
    browser.open(&host.url("/")).await;
    browser.run("sondeo.consent(true)").await;
    browser.until("legend('csat')").await;
    let (first, _) = browser.open_beside(&host.url("/")).await;
    browser.run("sondeo.consent(true)").await;
    browser.promised::<serde_json::Value>("sondeo.explain('csat')").await;
    browser.run("sondeo.consent(false)").await;
    browser.until(&format!("{STORED} == ''")).await;
    browser.close_tab().await;
    browser.go_to_tab(&first).await;
    browser.survey("csat").is_gone().await;
    browser.run("sondeo.show('csat')").await;
    let reasons: Vec<String> = browser.promised("reasons('csat')").await;
    assert!(reasons.contains(&"consent".to_owned()), "{reasons:?}");
    browser.until_idle().await;
    assert_eq!(browser.value::<String>(STORED).await, "");
    assert!(browser.value::<bool>("!survey('csat')").await);
    assert!(host.endpoint.requests().is_empty());
    browser.page_log().await.is_undisturbed();
}

async fn an_id_is_sent_only_where_everybody_agrees(browser: Browser) {
    let signal = |what: &str, value: &str| {
        format!(
            "<script>Object.defineProperty(Navigator.prototype, '{what}', {{get: () => {value}}})</script>"
        )
    };
    let (control, track) = (signal("globalPrivacyControl", "true"), signal("doNotTrack", "'1'"));
    for (head, attributes, is_sent) in [
        (String::new(), "data-visitor=on", true),
        (String::new(), "", false),
        (control.clone(), "data-visitor=on", false),
        (track.clone(), "data-visitor=on", false),
        (control, "data-visitor=on data-privacy-signal=ignore", true),
    ] {
        let attributes = format!("{attributes} data-recontact=always");
        let (_collector, host) = page(&head, &attributes).await;
        browser.open(&host.url("/")).await;
        let first = answer(&browser, &host, 1).await.visitor;
        browser.heard("delivered").await;
        browser.open(&host.url("/")).await;
        let second = answer(&browser, &host, 2).await.visitor;
        assert_eq!(first.is_some(), is_sent, "{head} {attributes}");
        assert_eq!(first, second);
        let stored: String = browser.value("localStorage['sondeo.visitor']").await;
        assert_eq!(stored.contains(" i"), is_sent, "{stored}");
        browser.heard("delivered").await;
    }
}

async fn a_page_says_who_the_visitor_is(browser: Browser) {
    let attributes = "data-user=u-1 data-custom-plan=free data-custom-order=7 data-trigger=manual";
    let (_collector, host) = page("", attributes).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.show('csat')").await;
    let first = answer(&browser, &host, 1).await;
    assert_eq!(first.user.as_deref(), Some("u-1"));
    browser.survey("csat").is_gone().await;

    browser.run("sondeo.identify(42, {plan: 'team', seats: 5, trial: false, no: null}); sondeo.show('csat')").await;
    browser.survey("csat").choose("satisfaction", "4").await;
    // An endpoint may hear of the first one twice.
    let mut told = None;
    for posts in 2..9 {
        let last = host.endpoint.until_posted(posts).await.pop().expect("a response").response();
        if last.id != first.id {
            told = Some(last);
            break;
        }
    }
    let told = told.expect("the second response");
    assert_eq!(told.user.as_deref(), Some("42"));
    let mut custom = told.custom.clone();
    custom.sort();
    let expected = [("order", "7"), ("plan", "team"), ("seats", "5"), ("trial", "false")];
    assert_eq!(custom, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    browser.page_log().await.is_undisturbed();
}
