//! Pictures of the main screens in `target/screenshots/`, for people to look at:
//! `cargo xtask test --browser screenshots` takes them, and nothing else does.

use crate::support::{Browser, Collector, ENTER, Engine, Look, RIGHT, evidence};

crate::scenarios![
    the_studio,
    a_purchase_from_the_question_to_the_thanks,
    an_article_in_two_languages,
    a_purchase_by_keyboard,
];

const LOOKS: [(&str, Look); 4] = [
    ("light", Look::PLAIN),
    ("dark", Look::DARK),
    ("phone", Look { screen: Some([390, 844]), ..Look::PLAIN }),
    ("small-phone-dark", Look { is_dark: true, ..Look::PHONE }),
];

async fn the_studio(browser: Browser) {
    let collector = Collector::start().await;
    for (name, look) in looks(&browser) {
        browser.open_as(*look, &collector.url("/")).await;
        browser.until("legend('faq')").await;
        save(&browser, &format!("studio-{name}")).await;
        browser.click("$('button.show')").await;
        browser.until("legend('post-purchase')").await;
        save(&browser, &format!("studio-with-survey-{name}")).await;
    }
}

async fn a_purchase_from_the_question_to_the_thanks(browser: Browser) {
    let collector = Collector::start().await;
    let survey = browser.survey("post-purchase");
    for (name, look) in looks(&browser) {
        browser.open_as(*look, &collector.url("/shop/thank-you.html")).await;
        browser.until(&survey.part("legend")).await;
        save(&browser, &format!("purchase-{name}-1-question")).await;
        survey.choose("satisfaction", "2").await;
        survey.asks("What went wrong?").await;
        save(&browser, &format!("purchase-{name}-2-why")).await;
        survey.write("why", "The box was dented.").await;
        survey.thanks("Thank you!").await;
        save(&browser, &format!("purchase-{name}-3-thanks")).await;
    }
}

async fn an_article_in_two_languages(browser: Browser) {
    let collector = Collector::start().await;
    let survey = browser.survey("faq");
    for (name, look) in looks(&browser) {
        for page in ["faq", "ayuda", "cancelled"] {
            browser.open_as(*look, &collector.url(&format!("/shop/{page}.html"))).await;
            browser.until(&survey.part("legend")).await;
            browser.run("$('#feedback').scrollIntoView({block: 'center'})").await;
            save(&browser, &format!("{page}-{name}-1-question")).await;
            survey.choose("useful", "no").await;
            browser.until(&survey.part("textarea")).await;
            save(&browser, &format!("{page}-{name}-2-what")).await;
            browser.click(&survey.part("button[type=submit]")).await;
            browser.until(&survey.part("[part=thanks]")).await;
            save(&browser, &format!("{page}-{name}-3-thanks")).await;
        }
    }
}

async fn a_purchase_by_keyboard(browser: Browser) {
    let collector = Collector::start().await;
    let survey = browser.survey("post-purchase");
    browser.open(&collector.url("/shop/thank-you.html")).await;
    browser.until(&survey.part("legend")).await;
    browser.run("[...document.querySelectorAll('a')].at(-1).focus()").await;
    browser.tab_until("focused() == input('post-purchase', 'satisfaction', 1)").await;
    browser.press(RIGHT.to_string()).await;
    save(&browser, "keyboard-1-choice").await;
    browser.tab_until(&format!("focused() == {}", survey.part("button[type=submit]"))).await;
    save(&browser, "keyboard-2-button").await;
    browser.press(ENTER.to_string()).await;
    survey.asks("What went wrong?").await;
    save(&browser, "keyboard-3-why").await;
}

/// Only Chromium takes on every look by itself, and as a picture without a frame around it.
fn looks(browser: &Browser) -> &'static [(&'static str, Look)] {
    if browser.engine == Engine::Chromium { &LOOKS } else { &LOOKS[..1] }
}

async fn save(browser: &Browser, name: &str) {
    browser
        .until(
            "[...document.querySelectorAll('sondeo-widget')].every(it => \
             it.shadowRoot.getAnimations().every(one => one.playState == 'finished'))",
        )
        .await;
    browser.until_idle().await;
    let picture = browser.screenshot().await.expect("a picture");
    let path = evidence::folder("screenshots").join(format!("{name}-{}.png", browser.engine));
    std::fs::write(&path, picture).expect("the picture is saved");
}
