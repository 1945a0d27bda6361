//! WCAG 2.2, 2.4.11: what has the focus on the page is never hidden by a survey that came by itself.

use crate::support::{Browser, Collector, Host, Look, Page, TAB};

crate::scenarios![
    a_popover_makes_way_for_every_link,
    a_sheet_makes_way_on_a_phone;
    in one engine:
    a_bar_makes_way_for_every_link,
    a_sheet_makes_way_at_four_times_the_size,
    a_card_comes_back_to_its_place,
    an_open_tab_makes_way,
];

const ID: &str = "nps";
const IS_THERE: &str = "isInSight(focused())";

/// Forty links that fill the page from edge to edge, and a survey above them.
async fn open(browser: &Browser, look: Look, attributes: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = collector
        .tag(&format!(r#"data-survey="{ID}" data-trigger="manual" data-preview {attributes}"#));
    let links: String =
        (0..40).map(|at| format!("<a href='#{at}' id=l{at}>Link {at}</a>")).collect();
    let style =
        "<style>body { margin: 0 } a { display: block; padding: 12px; text-align: end }</style>";
    let host = Host::of(Page::new(tag).body(format!("{style}{links}"))).await;
    browser.open_as(look, &host.url("/")).await;
    browser.loaded().await;
    browser.run(&format!("sondeo.show('{ID}')")).await;
    let survey = browser.survey(ID);
    browser.until(&survey.part("legend")).await;
    let is_tab = format!("!!{}", survey.part(".tab"));
    let seen = if browser.value(&is_tab).await { ".tab" } else { "legend" };
    browser.promised::<[i32; 2]>(&format!("aim({})", survey.part(seen))).await;
    (collector, host)
}

/// Somebody goes through all links with Tab, and back through the last ones.
async fn makes_way(browser: &Browser, look: Look, attributes: &str) {
    let _site = open(browser, look, attributes).await;
    for at in 0..40 {
        browser.press(TAB.to_string()).await;
        browser.until(&format!("focused() == $('#l{at}') && {IS_THERE}")).await;
    }
    for at in (30..39).rev() {
        browser.shift_tab().await;
        browser.until(&format!("focused() == $('#l{at}') && {IS_THERE}")).await;
    }
    browser.page_log().await.is_undisturbed();
}

async fn a_popover_makes_way_for_every_link(browser: Browser) {
    makes_way(&browser, Look::PLAIN, "").await;
    makes_way(&browser, Look::PLAIN, r#"data-position="top-right""#).await;
}

async fn a_bar_makes_way_for_every_link(browser: Browser) {
    makes_way(&browser, Look::PLAIN, r#"data-display="bar""#).await;
    makes_way(&browser, Look::PLAIN, r#"data-display="bar" data-position="top""#).await;
}

async fn a_sheet_makes_way_on_a_phone(browser: Browser) {
    makes_way(&browser, Look::PHONE, "").await;
}

async fn a_sheet_makes_way_at_four_times_the_size(browser: Browser) {
    makes_way(&browser, Look { screen: Some([320, 256]), ..Look::PLAIN }, "").await;
}

async fn a_card_comes_back_to_its_place(browser: Browser) {
    let _site = open(&browser, Look::PLAIN, "").await;
    let spot = format!("spot(box({}))", browser.survey(ID).part(".card"));
    browser.until(&format!("{spot} == 'bottom right'")).await;
    browser.run("$('#l39').scrollIntoView({block: 'end'}); $('#l39').focus()").await;
    browser.until(&format!("{spot} == 'top right' && {IS_THERE}")).await;
    browser.run("scrollTo(0, 0); $('#l5').focus()").await;
    browser.until(&format!("{spot} == 'bottom right' && {IS_THERE}")).await;
}

async fn an_open_tab_makes_way(browser: Browser) {
    let _site = open(&browser, Look::PLAIN, r#"data-display="tab""#).await;
    let survey = browser.survey(ID);
    browser.click(&survey.part(".tab")).await;
    browser.until("hasFocus('nps')").await;
    for link in ["#l39", "#l38", "#l30"] {
        browser
            .run(&format!("$('{link}').scrollIntoView({{block: 'end'}}); $('{link}').focus()"))
            .await;
        browser.until(&format!("focused() == $('{link}') && {IS_THERE}")).await;
    }
    assert!(browser.value::<bool>(&format!("!{}.hidden", survey.part(".card"))).await);
}
