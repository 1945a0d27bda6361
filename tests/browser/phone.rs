//! On the narrowest phone, with a finger.

use crate::support::{Browser, Collector, Host, Look, Page};
use sondeo_model::Value;

crate::scenarios![
    a_floating_survey_is_a_sheet_at_the_bottom,
    a_long_inline_survey_keeps_to_its_column,
    eleven_points_stand_in_one_row,
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

/// Two rows split a scale, and move answers; where eleven targets do not fit, they are even rows.
async fn eleven_points_stand_in_one_row(browser: Browser) {
    let collector = Collector::start().await;
    let floating =
        collector.tag(r#"data-survey="nps" data-trigger="load" data-endpoint="/responses""#);
    let inline = collector.tag(r#"data-endpoint="/responses""#);
    let narrow =
        r#"<div style="width: 250px"><div data-sondeo="nps" data-trigger="load"></div></div>"#;
    let floating = Page::new(floating);
    let arabic = floating.clone().language("ar").right_to_left();
    let narrow = Page::new(inline).body(narrow);
    let host = Host::with([("/", floating), ("/rtl", arabic), ("/narrow", narrow)]).await;
    for (path, rows) in [("/", 1), ("/rtl", 1), ("/narrow", 2)] {
        browser.open_as(Look::PHONE, &host.url(path)).await;
        browser.until("legend('nps')").await;
        browser.run("settle(survey('nps').shadowRoot)").await;
        let labels: Vec<[f64; 4]> = browser
            .value("[...inside('nps', '.options').querySelectorAll('label')].map(box)")
            .await;
        assert_eq!(labels.len(), 11);
        let mut tops: Vec<i64> = labels.iter().map(|it| it[1].round() as i64).collect();
        tops.dedup();
        assert_eq!(tops.len(), rows, "{path}: {labels:?}");
        assert!(labels.iter().all(|it| it[2] >= 24.0 && it[3] >= 24.0), "{path}: {labels:?}");
        let survey = browser.survey("nps");
        survey.fits().await;
        browser.tap(&survey.option("recommend", "10")).await;
        browser.until(&survey.part("textarea")).await;
        browser.run("localStorage.clear()").await;
    }
}
