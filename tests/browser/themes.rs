//! Colours, corners and letters: the author's, the visitor's, and always to be read.

use crate::support::{Browser, Collector, Engine, Findings, Host, Look, Page};
use serde_json::json;
use sondeo_model::Display;

crate::scenarios![
    a_page_styles_the_parts,
    a_system_that_keeps_still_is_obeyed;
    in one engine:
    the_theme_follows_the_system_as_long_as_nobody_chooses,
    an_accent_comes_from_the_author_or_the_page,
    corners_and_letters_are_the_authors,
    paper_shows_no_survey;
    in Chromium:
    any_accent_can_be_read,
];

const ID: &str = "post-purchase";

async fn open(browser: &Browser, look: Look, attributes: &str, head: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let attributes = format!(r#"data-trigger="manual" data-preview {attributes}"#);
    let page = Page::with_survey(&collector, "/responses", &attributes);
    let host = Host::of(page.body(format!("<style>{head}</style>"))).await;
    browser.open_as(look, &host.url("/")).await;
    browser.loaded().await;
    browser.run(&format!("sondeo.show('{ID}')")).await;
    browser.until(&browser.survey(ID).part("legend")).await;
    (collector, host)
}

/// A property of a part, as the browser computes it.
fn style(part: &str, property: &str) -> String {
    format!("getComputedStyle(inside('{ID}', '{part}')).{property}")
}

async fn the_theme_follows_the_system_as_long_as_nobody_chooses(browser: Browser) {
    // WebKit cannot be told to change while a page stands there.
    let turns = browser.engine != Engine::WebKit;
    for (attributes, in_the_light, in_the_dark) in [
        ("", "light", "dark"),
        (r#"data-theme="auto""#, "light", "dark"),
        (r#"data-theme="light""#, "light", "light"),
        (r#"data-theme="dark""#, "dark", "dark"),
    ] {
        let is = |theme: &str| format!("survey('{ID}').dataset.theme == '{theme}'");
        let _site = open(&browser, Look::PLAIN, attributes, "").await;
        browser.until(&is(in_the_light)).await;
        if !turns {
            let _site = open(&browser, Look::DARK, attributes, "").await;
            browser.until(&is(in_the_dark)).await;
            continue;
        }
        let ground = style(".card", "backgroundColor");
        let before: String = browser.value(&ground).await;
        browser.set_up(Look::DARK).await.expect("the browser can be told");
        browser.until("matchMedia('(prefers-color-scheme: dark)').matches").await;
        browser.until(&is(in_the_dark)).await;
        let after: String = browser.value(&ground).await;
        assert_eq!(before == after, in_the_light == in_the_dark, "{before} and {after}");
        browser.set_up(Look::PLAIN).await.expect("the browser can be told");
        browser.until(&is(in_the_light)).await;
    }
}

async fn an_accent_comes_from_the_author_or_the_page(browser: Browser) {
    let fill = style(".submit", "backgroundColor");
    for (attributes, head) in [
        (r##"data-accent="#7a0b4e""##, ""),
        ("", ":root { --sondeo-accent: #7a0b4e }"),
        (r##"data-accent="rgb(122 11 78)""##, ":root { --sondeo-accent: #00f }"),
        (r##"data-accent="#7a0b4e" data-theme="dark""##, ""),
        (r#"data-theme="dark""#, ":root { --sondeo-accent-dark: #7a0b4e; --sondeo-accent: #00f }"),
    ] {
        let _site = open(&browser, Look::STILL, attributes, head).await;
        let found: String = browser.value(&fill).await;
        assert_eq!(found, "rgb(122, 11, 78)", "{attributes} {head}");
    }
}

/// Contrasts are measured by axe-core and by ourselves: text, edges, drawings, in every state.
async fn any_accent_can_be_read(browser: Browser) {
    let collector = Collector::start().await;
    let host =
        Host::of(Page::new(collector.tag("data-preview")).body("<div id=place></div>")).await;
    browser.open(&host.url("/")).await;
    let mut findings = Findings::default();
    for (theme, ground) in [("light", "#fff"), ("dark", "#111")] {
        for accent in ["#ffff00", "#000", "#fff", "#777"] {
            for template in ["nps", "post-purchase", "support", "cancellation"] {
                let attributes = json!({
                    "data-sondeo": template, "data-theme": theme, "data-accent": accent,
                    "data-trigger": "load", "data-delay": "0s",
                });
                browser
                    .run(&format!(
                        "document.documentElement.style.background = '{ground}';
                        const element = document.createElement('div');
                        for (const it of Object.entries({attributes})) element.setAttribute(...it);
                        $('#place').replaceChildren(element)"
                    ))
                    .await;
                browser.until(&format!("legend('{template}')")).await;
                findings
                    .add(&format!("{template} {accent} {theme}:"), browser.walk(template).await);
                browser.run("$('#place').replaceChildren()").await;
                browser.until("!widgets().length").await;
            }
        }
    }
    findings.is_accessible();
}

async fn corners_and_letters_are_the_authors(browser: Browser) {
    for (attributes, head) in [
        (r#"data-radius="3px" data-font="Georgia, serif""#, ""),
        ("", ":root { --sondeo-radius: 3px; --sondeo-font: Georgia, serif }"),
    ] {
        let _site = open(&browser, Look::PLAIN, attributes, head).await;
        for (part, property, expected) in [
            (".card", "borderTopLeftRadius", "3px"),
            (".submit", "borderTopLeftRadius", "3px"),
            ("legend", "fontFamily", "Georgia, serif"),
            (".close", "fontFamily", "Georgia, serif"),
        ] {
            let found: String = browser.value(&style(part, property)).await;
            assert_eq!(found, expected, "{part} {attributes}");
        }
    }
    let _site =
        open(&browser, Look::PLAIN, r#"data-radius="round" data-accent="teal-ish""#, "").await;
    let lines = browser.page_log_with(2).await.lines;
    let expected = [
        r##"sondeo: data-accent="teal-ish" is not a CSS colour (try "#0b7a75")"##,
        r#"sondeo: data-radius="round" is not a CSS length (try "12px")"#,
    ];
    assert_eq!(lines, expected);
}

async fn a_page_styles_the_parts(browser: Browser) {
    let head = "sondeo-widget::part(question) { text-transform: uppercase }
        sondeo-widget::part(option) { border-style: dashed }
        sondeo-widget::part(submit) { letter-spacing: 3px }
        sondeo-widget::part(close) { rotate: 45deg }";
    let _site = open(&browser, Look::PLAIN, "", head).await;
    for (part, property, expected) in [
        ("legend", "textTransform", "uppercase"),
        ("label", "borderTopStyle", "dashed"),
        (".submit", "letterSpacing", "3px"),
        (".close", "rotate", "45deg"),
    ] {
        browser.until(&format!("{} == '{expected}'", style(part, property))).await;
    }
}

async fn a_system_that_keeps_still_is_obeyed(browser: Browser) {
    let moving = format!(
        "[survey('{ID}'), ...survey('{ID}').shadowRoot.querySelectorAll('*')]
            .flatMap(it => ['', '::before', '::after', '::backdrop'].map(one => getComputedStyle(it, one)))
            .filter(it => it.animationName != 'none'
                || it.transitionDuration.split(', ').some(one => parseFloat(one) > 0))
            .length"
    );
    for display in Display::KEYWORDS.iter().filter(|word| **word != "inline") {
        let _site = open(&browser, Look::STILL, &format!(r#"data-display="{display}""#), "").await;
        assert_eq!(browser.value::<usize>(&moving).await, 0, "{display}");
    }
}

async fn paper_shows_no_survey(browser: Browser) {
    if browser.engine != Engine::Chromium {
        // Only Chromium can be told to lay out for paper.
        return;
    }
    for display in ["popover", "dialog", "bar", "tab", "page"] {
        let _site = open(&browser, Look::PLAIN, &format!(r#"data-display="{display}""#), "").await;
        browser
            .devtools("Emulation.setEmulatedMedia", json!({"media": "print"}))
            .await
            .expect("paper");
        browser.until(&format!("survey('{ID}').checkVisibility() == false")).await;
        browser
            .devtools("Emulation.setEmulatedMedia", json!({"media": ""}))
            .await
            .expect("a screen");
    }
}
