//! Links of e-mails: they show a survey and choose an answer, and a person gives it.

use crate::support::{Browser, Collector, ENTER, Host, Page};
use sondeo_model::Value;

crate::scenarios![
    a_link_shows_a_survey_and_one_click_answers_it;
    in one engine:
    every_question_finds_what_the_link_chose,
    a_scanner_that_opens_links_answers_nothing,
    what_a_link_cannot_choose_is_one_line,
];

async fn page(survey: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = format!(
        r#"data-survey="{survey}" data-trigger="manual" data-report="all" data-endpoint="/responses""#
    );
    let host = Host::of(Page::new(collector.tag(&tag))).await;
    (collector, host)
}

async fn a_link_shows_a_survey_and_one_click_answers_it(browser: Browser) {
    let (_collector, host) = page("post-purchase").await;
    // The visitor has answered before, and comes from another e-mail now: the link decides.
    for (times, hand) in [(1, "mouse"), (2, "keyboard")] {
        let sent = host.endpoint.posts().len();
        browser
            .open(&host.url("/?utm_source=mail&sondeo=post-purchase&sondeo-satisfaction=4"))
            .await;
        let survey = browser.survey("post-purchase");
        browser.until(&format!("{}?.checked", survey.option("satisfaction", "4"))).await;
        browser.until_idle().await;
        assert_eq!(host.endpoint.posts().len(), sent);
        let button = survey.part("button[type=submit]");
        if hand == "mouse" {
            browser.click(&button).await;
        } else {
            browser.run(&format!("{}.focus()", survey.option("satisfaction", "4"))).await;
            browser.press(ENTER.to_string()).await;
        }
        survey.thanks("Thank you!").await;
        browser.heard("delivered").await;
        let posts = host.endpoint.until_posted(sent + 1).await;
        let response = posts.last().expect("a response").response();
        assert_eq!(response.trigger, "link", "{times}");
        assert_eq!(response.answers[0].value, Value::Integer(4));
        assert!(!response.page.url.contains('?'));
    }
    browser.page_log().await.is_undisturbed();
}

async fn every_question_finds_what_the_link_chose(browser: Browser) {
    let (_collector, host) = page("post-purchase").await;
    browser
        .open(&host.url("/?sondeo=post-purchase&sondeo-satisfaction=1&sondeo-why=It%20was%20late"))
        .await;
    let survey = browser.survey("post-purchase");
    browser.click(&survey.part("button[type=submit]")).await;
    survey.asks("What went wrong?").await;
    browser.until(&format!("{}?.value == 'It was late'", survey.part("textarea"))).await;
    // A second click in the same place, as fast as a machine's, would be taken for half of a double click.
    browser.run(&format!("{}.focus()", survey.part("button[type=submit]"))).await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Thank you!").await;
    browser.heard("delivered").await;
}

async fn a_scanner_that_opens_links_answers_nothing(browser: Browser) {
    let (_collector, host) = page("post-purchase").await;
    browser.open(&host.url("/?sondeo=post-purchase&sondeo-satisfaction=1")).await;
    browser.until("legend('post-purchase')").await;
    browser.until_idle().await;
    let stored: String = browser.value("localStorage['sondeo.visitor']").await;
    assert!(!stored.contains(" a") && !stored.contains(" d"), "{stored}");
    browser.open("about:blank").await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.until_idle().await;
    assert!(host.endpoint.requests().is_empty(), "{:?}", host.endpoint.requests());
}

async fn what_a_link_cannot_choose_is_one_line(browser: Browser) {
    let (_collector, host) = page("post-purchase").await;
    let link = "/?sondeo=post-purchase&sondeo-satisfaction=9&sondeo-price=%3Cb%3E";
    browser.open(&host.url(link)).await;
    browser.until("legend('post-purchase')").await;
    let lines = "pageLog.lines.filter(it => it.includes('the link')).length";
    browser.until(&format!("{lines} == 2")).await;
    assert!(
        browser
            .value::<bool>("!survey('post-purchase').shadowRoot.querySelector(':checked')")
            .await
    );

    // Another page's survey is no affair of this one.
    browser.open(&host.url("/?sondeo=faq")).await;
    browser.loaded().await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!widgets().length").await);
    browser.page_log().await.is_undisturbed();
}
