//! The block for e-mails, shown by the engines that mail programs are made of: without scripts, with pictures off, in the
//! dark, and from right to left (issue 16).

use crate::screenshots::save;
use crate::support::{Browser, Collector, Engine, Host, Look, Page};
use serde_json::json;
use sondeo_editor::Document;
use sondeo_editor::email_block::{Letter, email_block};
use sondeo_model::Status;

crate::scenarios![in one engine: a_letter_is_read_and_one_click_chooses];

/// The moments that reach people by mail, and a survey of one's own with a logo.
fn surveys() -> [(&'static str, serde_json::Value); 3] {
    let logo = json!({"src": "https://pictures.invalid/logo.png", "alt": "Example Ltd"});
    [
        ("welcome", json!({"id": "welcome", "template": "welcome"})),
        ("follow-up", json!({"id": "follow-up", "template": "follow-up", "logo": logo})),
        (
            "delivery",
            json!({"id": "delivery", "logo": logo, "accent": "#7a1fa2", "questions": [
                {"id": "how", "kind": "choice", "text": {"en": "How did it reach you?", "ar": "كيف وصلك؟"}, "options": [
                    {"id": "door", "text": {"en": "At the door", "ar": "عند الباب"}},
                    {"id": "neighbour", "text": {"en": "At a neighbour's, whose name I had to find out by ringing at every door", "ar": "عند أحد الجيران"}},
                ]},
            ]}),
        ),
    ]
}

/// As mail programs show it.
fn letter_page(html: String) -> Page {
    Page::new(r#"<meta name="color-scheme" content="light dark">"#)
        .body(format!("<main>{html}</main>"))
}

async fn a_letter_is_read_and_one_click_chooses(browser: Browser) {
    let collector = Collector::start().await;
    let wide = if browser.engine == Engine::Chromium { [320, 720] } else { [500, 720] };
    for (id, survey) in surveys() {
        let document = Document::open(&survey.to_string()).expect("JSON");
        for (language, look, name) in [
            ("en", Look::PLAIN, "light"),
            ("en", Look { screen: Some(wide), ..Look::DARK }, "dark-phone"),
            ("ar", Look::PLAIN, "rtl"),
        ] {
            let letter = Letter { collector: collector.origin(), survey: id, language };
            let block = email_block(document.value(), letter).expect("a block");
            assert!(!block.html.contains("<script"), "{id}");
            // Its pictures come from nowhere: that is how they look where they are off.
            let mail = Host::with([("/", letter_page(block.html))]).await;
            browser.open_as(look, &mail.url("/")).await;
            browser.until("document.links.length > 1").await;
            browser.axe_page().await.is_accessible();
            assert!(
                browser.value::<bool>("document.documentElement.scrollWidth <= innerWidth").await,
                "{id} {name}"
            );
            let unnamed = "[...document.links].filter(it => !(it.textContent.trim() || it.title)).length \
                 + [...document.images].filter(it => !it.hasAttribute('alt')).length";
            assert_eq!(browser.value::<usize>(unnamed).await, 0, "{id} {name}");
            if std::env::var_os("SONDEO_PICTURES").is_some() {
                save(&browser, &format!("letter-{id}-{name}")).await;
            }
        }
    }

    // Whoever opens all links for somebody else answers nothing.
    let links: Vec<String> = browser.value("[...document.links].map(it => it.href)").await;
    for link in &links {
        assert_eq!(reqwest::get(link).await.expect("an answer").status(), 404, "not published");
    }
    let document = Document::open(&surveys()[1].1.to_string()).expect("JSON");
    let letter = Letter { collector: collector.origin(), survey: "follow-up", language: "en" };
    let block = email_block(document.value(), letter).expect("a block");
    let mail = Host::with([("/", letter_page(block.html))]).await;
    browser.open_as(Look::PLAIN, &mail.url("/")).await;
    let links: Vec<String> = browser.value("[...document.links].map(it => it.href)").await;
    for link in &links {
        assert_eq!(reqwest::get(link).await.expect("an answer").status(), 200, "{link}");
        browser.open(link).await;
        browser.until("survey('follow-up')?.shadowRoot.querySelector('input:checked')").await;
        browser.until_idle().await;
    }
    assert_eq!(collector.read("/v1/responses").await["responses"], json!([]));
    // A person confirms what the link has chosen.
    let survey = browser.survey("follow-up");
    browser.click(&survey.part("button[type=submit]")).await;
    let response = collector.only_response(Status::Partial).await;
    assert_eq!((&*response.trigger, response.answers.len()), ("link", 1));
}
