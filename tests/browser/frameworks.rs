//! The snippets of `docs/frameworks.md`, as they stand there, with the frameworks that they are for. `cargo xtask test`
//! builds the pages: see `tests/browser/frameworks/build.mjs`.

mod site;

use crate::support::{Browser, Collector, Engine, Host, Page, widget_file};
use site::{Site, built_file};
use sondeo_model::Response;

crate::scenarios![in Chromium:
    types_lie_beside_the_loader,
    react_reuses_an_element_for_another_article,
    react_asks_of_each_article_once,
    react_goes_on_while_a_purchase_waits,
    react_hydrates_late,
    react_takes_a_tag_of_an_effect_away,
    vue_reuses_an_element_for_another_article,
    vue_keeps_an_element_alive,
    svelte_reuses_an_element_for_another_article,
    svelte_hides_and_shows_an_element,
    next_changes_pages,
    next_goes_on_while_a_purchase_waits,
    astro_swaps_pages,
    astro_hydrates_an_island_late,
    turbo_swaps_pages_and_shows_kept_ones,
    turbo_keeps_a_permanent_element,
    turbo_refreshes_by_morphing,
    htmx_swaps_bodies,
    htmx_polls,
    livewire_patches,
    wordpress_prints_tag_and_element,
    a_tag_manager_makes_scripts_anew,
];

async fn types_lie_beside_the_loader(_browser: Browser) {
    let shipped = String::from_utf8(widget_file("sondeo.d.ts")).expect("text");
    assert!(shipped == include_str!("../../loader/sondeo.d.ts"), "dist/embed has other types");
}

/// The article that a response is about.
fn article_of(response: &Response) -> String {
    let article = response.custom.iter().find(|(name, _)| name == "article");
    article.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The second article's link is clicked before the first one was answered: it is the second that is answered.
async fn asks_of_the_article_that_is_there(browser: &Browser, site: &Site) {
    browser.open(&site.url("/articles/1")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    browser.click(SECOND).await;
    browser.until("location.pathname == '/articles/2'").await;
    survey.asks("How useful did you find this page?").await;
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    let posts = site.host.endpoint.until_posted(1).await;
    let response = posts[0].response();
    assert_eq!(response.page.url, site.url("/articles/2"));
    assert_eq!(article_of(&response), "2");
    browser.page_log().await.is_undisturbed();
}

/// Says that something was missing, and writes half of what.
async fn write_half(browser: &Browser) {
    let survey = browser.survey("faq");
    survey.choose("useful", "no").await;
    survey.asks("What was missing?").await;
    browser.click(&survey.part("textarea")).await;
    browser.press("Prices for").await;
    has_half(browser).await;
}

async fn has_half(browser: &Browser) {
    browser
        .until(&format!("{}?.value == 'Prices for'", browser.survey("faq").part("textarea")))
        .await;
}

/// Nothing on the page is a survey without life.
async fn has_no_dead_copies(browser: &Browser) {
    let dead = "all('sondeo-widget').filter(it => !it.shadowRoot?.childElementCount).length";
    assert_eq!(browser.value::<usize>(dead).await, 0);
}

/// The link to the second article.
const SECOND: &str = "$('a[href$=\"/articles/2\"]')";

async fn react_reuses_an_element_for_another_article(browser: Browser) {
    let site = Site::of("react").await;
    asks_of_the_article_that_is_there(&browser, &site).await;
}

/// The question is about the article, not about the site.
async fn react_asks_of_each_article_once(browser: Browser) {
    let site = Site::of("react").await;
    browser.open(&site.url("/articles/1")).await;
    let survey = browser.survey("faq");
    for article in ["1", "2"] {
        browser.until(&format!("location.pathname == '/articles/{article}'")).await;
        survey.choose("useful", "yes").await;
        survey.thanks("Thank you!").await;
        if article == "1" {
            browser.click(SECOND).await;
        }
    }
    let posts = site.host.endpoint.until_posted(2).await;
    let articles: Vec<_> = posts.iter().map(|post| article_of(&post.response())).collect();
    assert_eq!(articles, ["1", "2"]);
    browser.open(&site.url("/articles/1")).await;
    let explained: serde_json::Value = browser.promised("sondeo.explain('faq')").await;
    assert_eq!(explained["reasons"], serde_json::json!(["recontact"]));
    browser.page_log().await.is_undisturbed();
}

async fn react_goes_on_while_a_purchase_waits(browser: Browser) {
    let site = Site::of("react").await;
    browser.open(&site.url("/cart")).await;
    a_purchase_asks_on_the_next_page(&browser, &site).await;
}

async fn a_purchase_asks_on_the_next_page(browser: &Browser, site: &Site) {
    browser.click("$('button')").await;
    browser.until("location.pathname == '/done'").await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    let posts = site.host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().page.url, site.url("/done"));
    browser.page_log().await.is_undisturbed();
}

async fn react_hydrates_late(browser: Browser) {
    let site = Site::of("react").await;
    browser.open(&site.url("/late/articles/1")).await;
    browser.click("$('[name=comment]')").await;
    browser.press("mine").await;
    write_half(&browser).await;
    // On the page's own side of things: a browser's test runs in a world of its own.
    browser.inject("window.hydrate()").await;
    browser.until("Object.keys($('main')).some(it => it.startsWith('__reactFiber'))").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<Vec<String>>("window.recovered").await, [""; 0]);
    assert_eq!(browser.value::<String>("$('[name=comment]').value").await, "mine");
    has_half(&browser).await;
    let survey = browser.survey("faq");
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Thank you!").await;
    // And it is React's page from here on.
    browser.click(SECOND).await;
    browser.until("$('h1').textContent == 'Article 2' && $('[data-sondeo=faq]').dataset.customArticle == '2'").await;
    browser.page_log().await.is_undisturbed();
}

async fn react_takes_a_tag_of_an_effect_away(browser: Browser) {
    let site = Site::of("react").await;
    let ask = "window.sondeo.q.push(['track', 'asked'])";
    browser.open(&site.url("/effect")).await;
    browser.loaded().await;
    browser.until("$('script[data-survey=csat]')").await;
    browser.click(SECOND).await;
    browser.until("!$('script[data-survey=csat]')").await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    browser.inject(ask).await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!survey('csat')").await, "its tag has left");
    browser.open(&site.url("/effect")).await;
    browser.loaded().await;
    browser.until("$('script[data-survey=csat]')").await;
    browser.inject(ask).await;
    browser.survey("csat").asks("How satisfied are you with your experience?").await;
    browser.page_log().await.is_undisturbed();
}

async fn vue_reuses_an_element_for_another_article(browser: Browser) {
    let site = Site::of("vue").await;
    asks_of_the_article_that_is_there(&browser, &site).await;
}

async fn vue_keeps_an_element_alive(browser: Browser) {
    let site = Site::of("vue").await;
    browser.open(&site.url("/articles/1")).await;
    browser.click("$('[name=comment]')").await;
    browser.press("mine").await;
    write_half(&browser).await;
    browser.click("$('a[href=\"/about\"]')").await;
    browser.survey("faq").is_gone().await;
    browser.until_idle().await;
    browser.click("$('a[href=\"/articles/1\"]')").await;
    // As the page's own field is.
    browser.until("$('[name=comment]')?.value == 'mine'").await;
    has_half(&browser).await;
    browser.click(&browser.survey("faq").part("button[type=submit]")).await;
    browser.survey("faq").thanks("Thank you!").await;
    browser.page_log().await.is_undisturbed();
}

async fn svelte_reuses_an_element_for_another_article(browser: Browser) {
    let site = Site::of("svelte").await;
    asks_of_the_article_that_is_there(&browser, &site).await;
}

/// More often than a survey may be shown.
async fn svelte_hides_and_shows_an_element(browser: Browser) {
    let site = Site::of("svelte").await;
    browser.open(&site.url("/articles/1")).await;
    let survey = browser.survey("faq");
    let asked = "How useful did you find this page?";
    survey.asks(asked).await;
    for _ in 0..4 {
        browser.click("$('button')").await;
        survey.is_gone().await;
        browser.click("$('button')").await;
        survey.asks(asked).await;
    }
    // Nothing of it is spent: that was one showing, and this is the second.
    browser.open(&site.url("/articles/1")).await;
    survey.asks(asked).await;
    browser.page_log().await.is_undisturbed();
}

async fn next_changes_pages(browser: Browser) {
    let site = Site::of_next().await;
    asks_of_the_article_that_is_there(&browser, &site).await;
    browser.click("$('[name=comment]')").await;
    browser.press("mine").await;
    assert_eq!(browser.value::<String>("$('[name=comment]').value").await, "mine");
}

async fn next_goes_on_while_a_purchase_waits(browser: Browser) {
    let site = Site::of_next().await;
    browser.open(&site.url("/articles/1")).await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    browser.click("$('a[href=\"/cart\"]')").await;
    browser.until("location.pathname == '/cart'").await;
    browser.survey("faq").is_gone().await;
    a_purchase_asks_on_the_next_page(&browser, &site).await;
}

async fn astro_swaps_pages(browser: Browser) {
    let site = Site::of("astro").await;
    asks_of_the_article_that_is_there(&browser, &site).await;
}

async fn astro_hydrates_an_island_late(browser: Browser) {
    // Its page does not finish loading while the island's script is held, and no survey comes before that.
    // WebKit's driver does not answer meanwhile.
    if browser.engine != Engine::Chromium {
        return;
    }
    let site = Site::holding("astro", "/Feedback").await;
    browser.open(&site.url("/feedback")).await;
    browser.click("$('[name=comment]')").await;
    browser.press("mine").await;
    write_half(&browser).await;
    assert!(browser.value::<bool>("$('astro-island').hasAttribute('ssr')").await);
    site.let_come();
    browser.until("!$('astro-island').hasAttribute('ssr')").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<String>("$('[name=comment]').value").await, "mine");
    has_half(&browser).await;
    browser.page_log().await.is_undisturbed();
}

async fn turbo_swaps_pages_and_shows_kept_ones(browser: Browser) {
    let site = Site::of("turbo").await;
    browser.open(&site.url("/articles/1")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    browser.click(SECOND).await;
    browser.until("$('h1').textContent == 'Article 2'").await;
    survey.asks("How useful did you find this page?").await;
    browser.run("history.back()").await;
    browser.until("$('h1').textContent == 'Article 1'").await;
    survey.asks("How useful did you find this page?").await;
    has_no_dead_copies(&browser).await;
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    let posts = site.host.endpoint.until_posted(1).await;
    assert_eq!(article_of(&posts[0].response()), "1");
    browser.page_log().await.is_undisturbed();
}

async fn turbo_keeps_a_permanent_element(browser: Browser) {
    let site = Site::of("turbo").await;
    browser.open(&site.url("/articles/1")).await;
    browser.loaded().await;
    browser.inject("window.sondeo.track('purchase')").await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    survey.asks("What went wrong?").await;
    browser.click(&survey.part("textarea")).await;
    browser.press("Late").await;
    browser.click(SECOND).await;
    browser.until("$('h1').textContent == 'Article 2'").await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    let field = survey.part("textarea");
    assert_eq!(browser.value::<String>(&format!("{field}.value")).await, "Late");
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Thank you!").await;
    browser.page_log().await.is_undisturbed();
}

async fn turbo_refreshes_by_morphing(browser: Browser) {
    let site = Site::of("turbo").await;
    browser.open(&site.url("/articles/1")).await;
    write_half(&browser).await;
    browser
        .inject(
            "window.refreshed = 0; \
             document.addEventListener('turbo:render', it => window.refreshed += it.detail.renderMethod == 'morph'); \
             window.Turbo.visit(location.href, { action: 'replace' })",
        )
        .await;
    browser.until("window.refreshed == 1").await;
    browser.until_idle().await;
    has_half(&browser).await;
    has_no_dead_copies(&browser).await;
    browser.page_log().await.is_undisturbed();
}

async fn htmx_swaps_bodies(browser: Browser) {
    let site = Site::of("htmx").await;
    browser.open(&site.url("/articles/1")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    browser.click(SECOND).await;
    browser.until("$('h1').textContent == 'Article 2'").await;
    survey.asks("How useful did you find this page?").await;
    browser.run("history.back()").await;
    browser.until("$('h1').textContent == 'Article 1'").await;
    survey.asks("How useful did you find this page?").await;
    has_no_dead_copies(&browser).await;
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    let posts = site.host.endpoint.until_posted(1).await;
    assert_eq!(article_of(&posts[0].response()), "1");
    browser.page_log().await.is_undisturbed();
}

async fn htmx_polls(browser: Browser) {
    let site = Site::of("htmx").await;
    browser.open(&site.url("/articles/1")).await;
    browser
        .inject(
            "window.polls = 0; document.addEventListener('htmx:afterSettle', () => window.polls++)",
        )
        .await;
    // Each poll takes `hx-preserve`'s element out and puts it in again, with which a browser without `moveBefore` takes
    // the focus away: what is done between two polls arrives.
    let polled = async || {
        browser.run("window.seen = window.polls").await;
        browser.until("window.polls > window.seen").await;
    };
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    polled().await;
    survey.choose("useful", "no").await;
    survey.asks("What was missing?").await;
    let text = survey.part("textarea");
    for _ in 0..10 {
        polled().await;
        browser.click(&text).await;
        browser.press("Prices for").await;
        if browser.value::<String>(&format!("{text}.value")).await == "Prices for" {
            break;
        }
        browser.run(&format!("{text}.value = ''")).await;
    }
    has_half(&browser).await;
    browser.until("window.polls >= 8").await;
    has_half(&browser).await;
    has_no_dead_copies(&browser).await;
    browser.page_log().await.is_undisturbed();
}

async fn livewire_patches(browser: Browser) {
    let site = Site::of("livewire").await;
    browser.open(&site.url("/")).await;
    browser.survey("csat").asks("How satisfied are you with your experience?").await;
    write_half(&browser).await;
    browser.inject("setInterval(window.patch, 700)").await;
    browser.until("window.patched >= 8 && $('main p').textContent >= 8").await;
    has_half(&browser).await;
    browser.survey("csat").choose("satisfaction", "5").await;
    browser.survey("csat").thanks("Thank you!").await;
    has_no_dead_copies(&browser).await;
    browser.page_log().await.is_undisturbed();
}

async fn wordpress_prints_tag_and_element(browser: Browser) {
    // `cargo xtask test` has said so where there is no WordPress.
    if built_file("wordpress/index.html").is_none() {
        return;
    }
    let site = Site::of("wordpress").await;
    browser.open(&site.url("/")).await;
    let survey = browser.survey("faq");
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    site.host.endpoint.until_posted(1).await;
    browser.page_log().await.is_undisturbed();
}

/// What Google Tag Manager does with a *Custom HTML* tag: it makes each script anew, with its text, `src` and `type` alone.
const CUSTOM_HTML: &str = "const it = document.createElement('div'); it.innerHTML = html; \
    for (const old of it.querySelectorAll('script')) { \
      const anew = document.createElement('script'); \
      for (const name of ['src', 'type', 'async']) if (old.hasAttribute(name)) anew.setAttribute(name, old.getAttribute(name)); \
      anew.text = old.text; old.remove(); document.body.append(anew); \
    }";

async fn a_tag_manager_makes_scripts_anew(browser: Browser) {
    let html = built_file("tag-managers/custom-html.html").expect("the snippet");
    // Both ways of the document.
    let own = html.replace(
        "document.head.appendChild(tag)",
        "tag.setAttribute('data-survey', 'csat'); tag.setAttribute('data-endpoint', '/responses'); \
         document.head.appendChild(tag)",
    );
    let own = own.replace("document.body.appendChild(place)", "");
    assert!(own.contains("data-survey") && !own.contains("appendChild(place)"));
    for html in [html, own] {
        let collector = Collector::start().await;
        let host = Host::of(Page::new("").body("<h1>Words</h1>")).await;
        let html = html
            .replace("https://cdn.example.com/sondeo.js", &collector.url("/sondeo.js"))
            .replace("https://example.com/responses", "/responses");
        browser.open(&host.url("/")).await;
        browser.inject(&format!("const html = {}; {CUSTOM_HTML}", serde_json::json!(html))).await;
        let survey = browser.survey("csat");
        survey.choose("satisfaction", "5").await;
        survey.thanks("Thank you!").await;
        host.endpoint.until_posted(1).await;
        browser.page_log().await.is_undisturbed();
    }
}
