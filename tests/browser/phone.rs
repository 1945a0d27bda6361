//! On the narrowest phone, with a finger.

use crate::support::{Browser, Collector, Host, Page};
use sondeo_model::Value;

crate::scenarios![
    a_floating_survey_is_a_sheet_at_the_bottom,
    a_long_inline_survey_keeps_to_its_column,
];

/// Nothing to scroll sideways to, and everything that takes a tap is large enough for a finger.
async fn fits(browser: &Browser, id: &str) {
    let widths: [f64; 3] = browser
        .value(&format!("[innerWidth, document.scrollingElement.scrollWidth, inside('{id}', 'form').closest('section, div').scrollWidth]"))
        .await;
    assert!(widths.iter().all(|width| *width <= 320.0), "{widths:?}");
    let targets =
        format!("[...survey('{id}').shadowRoot.querySelectorAll('label, [part=close]')].map(box)");
    let targets: Vec<[f64; 4]> = browser.value(&targets).await;
    assert!(targets.len() >= 3);
    for [x, y, width, height] in targets {
        assert!(width >= 44.0 && height >= 44.0, "{width} by {height} at {x}, {y}");
        assert!(x >= 0.0 && x + width <= 320.0, "{width} at {x}");
    }
}

async fn a_floating_survey_is_a_sheet_at_the_bottom(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let host = Host::of(page.body("<p>Words of the page</p>")).await;
    browser.open_on_a_phone(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks("How would you rate your shopping experience?").await;
    browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
    fits(&browser, "post-purchase").await;
    // A scale that breaks into two rows is no scale.
    let rows = "new Set([1, 2, 3, 4, 5].map(it => box(input('post-purchase', 'satisfaction', it))[1])).size";
    assert_eq!(browser.value::<usize>(rows).await, 1, "rows of faces");
    let [x, y, width, height]: [f64; 4] = browser.value("box(survey('post-purchase'))").await;
    assert_eq!((x, width), (0.0, 320.0));
    assert!(y >= 0.0 && (y + height - 568.0).abs() < 1.0, "from {y} for {height}");

    browser.tap(&survey.option("satisfaction", "2")).await;
    survey.asks("What went wrong?").await;
    survey.write("why", "Too small").await;
    survey.thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(2).await;
    let response = posts[1].response();
    assert_eq!(response.client.viewport, [320, 568]);
    assert_eq!(response.answers[0].value, Value::Integer(2));
    browser.page_log().await.is_undisturbed();
}

async fn a_long_inline_survey_keeps_to_its_column(browser: Browser) {
    let collector = Collector::start().await;
    let word = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze";
    let page = Page::new(collector.tag(r#"data-endpoint="/responses""#)).body(format!(
        r#"<div data-sondeo="faq" data-question="{word} {word} {word}?" style="padding: 0"></div>"#
    ));
    let host = Host::of(page).await;
    browser.open_on_a_phone(&host.url("/")).await;
    let survey = browser.survey("faq");
    browser.until(&survey.part("legend")).await;
    fits(&browser, "faq").await;
    browser.tap(&survey.option("useful", "yes")).await;
    survey.thanks("Thank you!").await;
    host.endpoint.until_posted(1).await;
}
