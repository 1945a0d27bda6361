//! A draft is tried out before it is published: on its author's own page, and by test answers (issue 16).

use crate::studio_play::{PREVIEWED, button, draft, two_questions};
use crate::support::{Browser, Collector, Host, Page};
use serde_json::{Value as Json, json};

crate::scenarios![
    a_draft_is_shown_on_its_authors_own_page;
    in one engine:
    a_test_answer_comes_back_and_counts_nowhere,
    a_page_tells_why_there_is_no_preview,
];

/// What the ribbon above the page says.
const RIBBON: &str = "([...document.body.children].map(it => it.shadowRoot?.querySelector('section [role=status]')) \
                      .find(it => it)?.textContent ?? '')";

/// The ribbon's button with these words.
fn ribbon_button(words: &str) -> String {
    format!(
        "[...document.body.children].flatMap(it => [...it.shadowRoot?.querySelectorAll('section button') ?? []]) \
         .find(it => it.textContent == {})",
        json!(words)
    )
}

async fn studio(browser: &Browser) -> Collector {
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(browser, "two", &two_questions()).await;
    collector
}

async fn shop(collector: &Collector) -> Host {
    let tag =
        format!(r#"<script async src="{}/sites/default/sondeo.js"></script>"#, collector.origin());
    Host::with(["/checkout"].map(|path| (path, Page::new(&tag)))).await
}

async fn a_draft_is_shown_on_its_authors_own_page(browser: Browser) {
    let collector = studio(&browser).await;
    let shop = shop(&collector).await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until(&format!("{PREVIEWED}.includes('First?')")).await;
    let open = button("Open my page");
    browser.click("$('#own-page')").await;
    browser.press("shop").await;
    browser.click(&open).await;
    browser.until("$('#own-page-said').textContent.includes('write it with https://')").await;
    assert_eq!(browser.value::<String>("$('#own-page').ariaInvalid").await, "true");
    browser.axe_page().await.is_accessible();
    browser.run("$('#own-page').select()").await;
    browser.press(shop.url("/checkout")).await;

    let studio = browser.present_tab().await;
    browser.click(&open).await;
    browser.go_to_another_tab(&studio).await;
    browser.until("location.hash.startsWith('#sondeo=preview:')").await;
    let asked = browser.survey("preview-1");
    asked.asks("First?").await;
    // As visitors would meet it: beside the page, and not in it.
    browser.until("survey('preview-1').getRootNode() == document").await;
    browser.until(&format!("{RIBBON}.includes('only you see this')")).await;
    browser.axe_page().await.is_accessible();
    asked.choose("first", "4").await;
    asked.asks("Second?").await;
    asked.write("second", "Well").await;
    asked.thanks("Thank you!").await;
    let page = browser.present_tab().await;

    // Somebody goes on writing, and looks again.
    browser.go_to_tab(&studio).await;
    let edit = "fetch('/v1/sites/default/surveys/two/draft').then(async it => (await fetch(it.url, \
        {method: 'PUT', headers: {'if-match': it.headers.get('etag')}, \
         body: (await it.text()).replace('First?', 'Changed?')})).status)";
    assert_eq!(browser.promised::<u16>(edit).await, 200);
    browser.go_to_tab(&page).await;
    browser.click(&ribbon_button("Again")).await;
    browser.survey("preview-2").asks("Changed?").await;
    browser.click(&ribbon_button("Close the preview")).await;
    browser.survey("preview-2").is_gone().await;
    assert_eq!(browser.value::<String>(RIBBON).await, "");

    let kept = "JSON.stringify([{...localStorage}, {...sessionStorage}])";
    let kept: String = browser.value(kept).await;
    assert!(!kept.contains("preview"), "{kept}");
    let stored = collector.read("/v1/responses").await;
    assert_eq!(stored["responses"], json!([]));
    browser.close_tab().await;
    browser.go_to_tab(&studio).await;
}

async fn a_page_tells_why_there_is_no_preview(browser: Browser) {
    let collector = studio(&browser).await;
    let shop = shop(&collector).await;
    browser.open(&shop.url("/checkout#sondeo=preview:nobody")).await;
    browser.until(&format!("{RIBBON}.includes('This preview is over')")).await;
    // Whoever writes a link does not choose whose survey it is.
    let tag = format!(
        r#"<script async src="{}/sondeo.js" data-endpoint="https://elsewhere.example/x"></script>"#,
        collector.origin()
    );
    let other = Host::with(["/"].map(|path| (path, Page::new(&tag)))).await;
    browser.open(&other.url("/#sondeo=preview:nobody")).await;
    browser.until(&format!("{RIBBON}.includes('does not say where its collector is')")).await;

    browser.open(&collector.url("/studio/default/two")).await;
    browser.until(&format!("{PREVIEWED}.includes('First?')")).await;
    let mut wrong = two_questions();
    wrong["questions"][0]["kind"] = json!("guess");
    let key = format!(
        "fetch('/v1/sites/default/surveys/wrong/draft', {{method: 'PUT', body: {}, \
         headers: {{'content-type': 'application/json'}}}}) \
         .then(() => fetch('/v1/sites/default/surveys/wrong/preview', {{method: 'POST'}})) \
         .then(it => it.json()).then(it => it.key)",
        json!(wrong.to_string())
    );
    let key: String = browser.promised(&key).await;
    browser.open(&shop.url(&format!("/checkout?again#sondeo=preview:{key}"))).await;
    browser.until(&format!("{RIBBON}.includes('cannot be asked as it is')")).await;
    browser.page_log().await.is_undisturbed();
}

async fn a_test_answer_comes_back_and_counts_nowhere(browser: Browser) {
    let collector = studio(&browser).await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until(&format!("{PREVIEWED}.includes('First?')")).await;
    browser
        .until(
            "$('section[aria-labelledby=test-title]')?.textContent.includes('No test answer yet')",
        )
        .await;
    browser.click(&button("Give a test answer")).await;
    browser.until("$('.try-out .notice')").await;
    for (turn, (point, words)) in [("4", "Well"), ("2", "Badly")].into_iter().enumerate() {
        if turn > 0 {
            browser.click(&button("Restart")).await;
        }
        browser.until(&format!("{PREVIEWED}.includes('First?')")).await;
        browser.step(true).await;
        let asked = browser.survey("two");
        asked.asks("First?").await;
        // Drivers point beside what is in a frame that does not begin where the page does.
        browser.run(&format!("{}.click()", asked.option("first", point))).await;
        asked.asks("Second?").await;
        let field = asked.part("textarea");
        let write = format!(
            "const it = {field}; it.value = {}; it.dispatchEvent(new Event('input', {{bubbles: true}}))",
            json!(words)
        );
        browser.run(&write).await;
        browser.run(&format!("{}.click()", asked.part("button[type=submit]"))).await;
        asked.thanks("Thank you!").await;
        browser.step(false).await;
        let came = format!("$('.tests li')?.textContent.includes({})", json!(words));
        browser.until(&came).await;
    }
    let told: Vec<Vec<String>> =
        browser.value("all('.tests li').map(it => [...it.querySelectorAll('dd, .tag')].map(it => it.textContent))").await;
    assert_eq!(told, [["Test", "2 / 5", "Badly"], ["Test", "4 / 5", "Well"]]);
    browser.axe_page().await.is_accessible();

    let stored = collector.read("/v1/responses").await;
    assert_eq!(stored["responses"], json!([]));
    let summary: Json = collector.read("/v1/surveys/two/summary").await;
    assert_eq!(summary["responses"], json!(0), "{summary}");

    browser.click(&button("Delete the test answers")).await;
    browser
        .until(
            "$('section[aria-labelledby=test-title]')?.textContent.includes('No test answer yet')",
        )
        .await;
    browser.click(&button("Stop testing")).await;
    browser.until("!$('.try-out .notice')").await;
    // The next key is in the preview at once, as before.
    browser.click("$('#field-questions-0-text')").await;
    browser.press(" Really?").await;
    browser.until(&format!("{PREVIEWED}.includes('Really?')")).await;
}
