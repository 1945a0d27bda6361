//! Pages that change without being loaded, that come back, and that take away or change what is theirs.

use crate::support::{Browser, Collector, Host, Page};

crate::scenarios![
    every_way_to_another_page_is_a_page_view,
    what_the_old_page_waited_for_is_over,
    a_survey_follows_its_element,
    what_a_page_wipes_by_accident_comes_back,
    the_way_back_is_a_page_view,
];

const OFTEN: &str = r#"data-endpoint="/responses" data-quiet="0" data-recontact="always" data-snooze="always"
                       data-max-shows="1000""#;

async fn site(attributes: &str, body: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let page = || Page::new(collector.tag(&format!("{attributes} {OFTEN}"))).body(body);
    let host = Host::with([("/", page()), ("/b", page())]).await;
    (collector, host)
}

async fn every_way_to_another_page_is_a_page_view(browser: Browser) {
    let (_collector, host) = site(r#"data-survey="csat" data-url="/b**""#, "<h1>Words</h1>").await;
    browser.open(&host.url("/")).await;
    // Somebody else wraps what we do, before us and after.
    let wrap = "for (const name of ['pushState', 'replaceState']) { const old = history[name]; \
                history[name] = function (...it) { window.wrapped = (window.wrapped || 0) + 1; return old.apply(this, it) } }";
    browser.run(wrap).await;
    browser.run("history.pushState({}, '', '/b'); document.title = 'B'").await;
    let survey = browser.survey("csat");
    browser.until("legend('csat')").await;
    browser.run(wrap).await;
    for (go, is_view) in [
        ("history.replaceState({}, '', location.href)", false),
        ("history.pushState({}, '', '/b1')", true),
        ("history.replaceState({}, '', '/b2')", true),
        // Another fragment or query is the same page (issue 12, point 3).
        ("location.hash = 'c'", false),
        ("history.replaceState({}, '', '/b2?page=2')", false),
        ("history.pushState({}, '', '/b3')", true),
        ("history.back()", true),
    ] {
        browser.run("sondeo.hide('csat')").await;
        survey.is_gone().await;
        let shown = "pageLog.events.filter(it => it.name == 'shown').length";
        let before: usize = browser.value(shown).await;
        browser.run(go).await;
        if is_view {
            browser.until(&format!("{shown} > {before}")).await;
        } else {
            browser.until_idle().await;
            assert_eq!(browser.value::<usize>(shown).await, before, "{go}");
        }
        if go.contains("/b1") {
            // The response tells the page that it was shown on.
            browser.run("document.title = 'One'").await;
            survey.choose("satisfaction", "5").await;
            let posts = host.endpoint.until_posted(1).await;
            assert_eq!(posts[0].response().page.url, host.url("/b1"));
            survey.is_gone().await;
        }
    }
    assert!(browser.value::<u32>("window.wrapped").await >= 5);
    browser.page_log().await.is_undisturbed();
}

async fn what_the_old_page_waited_for_is_over(browser: Browser) {
    let collector = Collector::start().await;
    let tags = [
        collector
            .tag(&format!(r#"data-survey="csat" data-trigger="click:p" data-delay="1s" {OFTEN}"#)),
        collector
            .tag(&format!(r#"data-survey="ces" data-trigger="event:b" data-delay="2s" {OFTEN}"#)),
    ];
    let host = Host::of(Page::new(tags.concat()).body("<p>Words</p>")).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("$('p').click()").await;
    browser.heard("ready").await;
    // Due in a second; the visitor goes on, and what happens there is due later than that.
    browser.run("$('p').click(); history.pushState({}, '', '/b'); sondeo.track('b')").await;
    browser.until("legend('ces')").await;
    assert!(browser.value::<bool>("!pageLog.events.some(it => it.survey == 'csat')").await);
    // Nothing of it is lost for another time.
    browser.run("sondeo.hide('ces'); history.pushState({}, '', '/c')").await;
    browser.until_idle().await;
    browser.click("$('p')").await;
    browser.until("legend('csat')").await;
}

async fn a_survey_follows_its_element(browser: Browser) {
    let element = |name: &str| format!("<div data-sondeo={name} data-trigger=load></div>");
    let (_collector, host) = site("", &format!("<main>{}</main>", element("csat"))).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.run("$('[data-sondeo]').dataset.sondeo = 'nps'").await;
    browser.until("legend('nps')").await;
    assert!(browser.value::<bool>("!survey('csat')").await, "it asks for another survey now");
    browser.run("$('main').innerHTML = ''").await;
    browser.survey("nps").is_gone().await;
    browser.run(&format!("$('main').innerHTML = `{}`", element("ces"))).await;
    browser.until("legend('ces')").await;
    browser.page_log().await.is_undisturbed();
}

async fn what_a_page_wipes_by_accident_comes_back(browser: Browser) {
    let body = "<div data-sondeo=csat data-trigger=load><p>Before</p></div>";
    let (_collector, host) = site("", body).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    let wipe = "$('[data-sondeo]').innerHTML = '<p>Anew</p>'";
    browser.run(&format!("window.before = survey('csat'); {wipe}")).await;
    browser.until("survey('csat') == before && legend('csat')").await;
    // Whoever removes the survey itself means it.
    browser.run("survey('csat').remove()").await;
    browser.until_idle().await;
    browser.run("document.body.append(document.createElement('hr'))").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!survey('csat')").await);
    browser.page_log().await.is_undisturbed();
}

async fn the_way_back_is_a_page_view(browser: Browser) {
    let (_collector, host) = site(r#"data-survey="csat""#, "<h1>Words</h1>").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.run("sondeo.hide('csat')").await;
    browser.survey("csat").is_gone().await;
    browser.run("window.isKept = true").await;
    browser.open(&host.url("/b")).await;
    browser.until("legend('csat')").await;
    browser.back().await;
    // Whether the browser has kept the page or loads it again.
    browser.until("location.pathname == '/' && legend('csat')").await;
    browser.page_log().await.is_undisturbed();
}
