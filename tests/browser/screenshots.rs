//! Pictures of the main screens in `target/screenshots/`, for people to look at:
//! `cargo xtask test --browser screenshots` takes them, and nothing else does.

use crate::studio_play::draft;
use crate::support::{Browser, Collector, ENTER, Engine, Host, Look, Page, RIGHT, evidence};
use crate::texts;
use serde_json::{Value as Json, json};
use sondeo_model::Display;

crate::scenarios![
    the_studio,
    a_purchase_from_the_question_to_the_thanks,
    an_article_in_two_languages,
    a_purchase_by_keyboard,
    every_display,
    every_look_of_every_kind,
    long_texts,
    pictures,
    a_draft_that_is_tried_out,
];

const LOOKS: [(&str, Look); 4] = [
    ("light", Look::PLAIN),
    ("dark", Look::DARK),
    ("phone", Look { screen: Some([390, 844]), ..Look::PLAIN }),
    ("small-phone-dark", Look { is_dark: true, ..Look::PHONE }),
];

/// Who has answered would not be asked again.
const FORGET: &str = "localStorage.clear()";

async fn the_studio(browser: Browser) {
    let collector = Collector::start_shop().await;
    for (name, look) in looks(&browser) {
        browser.open_as(*look, &collector.url("/")).await;
        browser.until("widgets()[0]").await;
        save(&browser, &format!("studio-{name}")).await;
        browser.open_as(*look, &collector.url("/?display=popover&show=1")).await;
        browser.until("legend('post-purchase')").await;
        save(&browser, &format!("studio-with-survey-{name}")).await;
    }
}

async fn a_purchase_from_the_question_to_the_thanks(browser: Browser) {
    let collector = Collector::start_shop().await;
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
        browser.run(FORGET).await;
    }
}

async fn an_article_in_two_languages(browser: Browser) {
    let collector = Collector::start_shop().await;
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
            browser.run(FORGET).await;
        }
    }
}

async fn a_purchase_by_keyboard(browser: Browser) {
    let collector = Collector::start_shop().await;
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

/// A page of somebody else, with this file of surveys, in a look that the page takes on, too.
async fn open(
    browser: &Browser,
    collector: &Collector,
    surveys: &Json,
    look: Look,
    language: &'static str,
) -> Host {
    let ground = if look.is_dark { "#15191c; color: #ddd" } else { "#f4f2ee; color: #333" };
    let words = "<p>Tea from the hills, in small tins. We send it within two days.</p>".repeat(6);
    let elements = surveys.as_array().into_iter().flatten().filter(|it| it["display"] == "inline");
    let elements: String = elements
        .filter_map(|it| it["id"].as_str())
        .map(|id| format!("<div data-sondeo={id} style='margin: 24px 0'></div>"))
        .collect();
    let style = format!(
        "<style>body {{ margin: 24px auto; max-width: 640px; padding: 0 16px; font: 16px sans-serif;
         background: {ground} }}</style>"
    );
    let page = Page::with_file(collector, surveys, "data-preview").language(language);
    let page = page.body(format!("{style}<main><h1>Tea</h1>{words}{elements}</main>"));
    let host = Host::of(if language == "ar" { page.right_to_left() } else { page }).await;
    browser.open_as(look, &host.url("/")).await;
    browser.until("widgets()[0]").await;
    browser.until_idle().await;
    host
}

const TALL: Look = Look { screen: Some([800, 3400]), ..Look::PLAIN };

async fn every_display(browser: Browser) {
    if browser.engine != Engine::Chromium {
        return;
    }
    let collector = Collector::start_shop().await;
    let survey = browser.survey("nps");
    for display in Display::KEYWORDS {
        for (name, look, language) in [
            ("light", Look::PLAIN, "en"),
            ("dark", Look::DARK, "en"),
            ("phone", Look { screen: Some([390, 844]), ..Look::PLAIN }, "en"),
            ("small-phone-dark", Look { is_dark: true, ..Look::PHONE }, "en"),
            ("rtl", Look::PLAIN, "ar"),
            ("large-text", Look::PLAIN, "en"),
        ] {
            let surveys =
                json!([{"id": "nps", "template": "nps", "trigger": "load", "display": display}]);
            let _host = open(&browser, &collector, &surveys, look, language).await;
            browser.until(&survey.part("legend")).await;
            if name == "large-text" {
                survey.enlarge_text().await;
            }
            if *display == "inline" {
                browser.run("survey('nps').scrollIntoView({block: 'center'})").await;
            }
            if *display == "tab" {
                save(&browser, &format!("display-{display}-{name}-0-closed")).await;
                browser.click(&survey.part(".tab")).await;
            }
            save(&browser, &format!("display-{display}-{name}-1-question")).await;
            if !["light", "dark", "phone"].contains(&name) {
                continue;
            }
            survey.choose("recommend", "9").await;
            browser.until(&survey.part("textarea")).await;
            save(&browser, &format!("display-{display}-{name}-2-why")).await;
            survey.write("reason", "The tins").await;
            browser.until(&survey.part("[part=thanks]")).await;
            save(&browser, &format!("display-{display}-{name}-3-thanks")).await;
        }
    }
}

/// Each in the flow of one page, as it is asked, and with an answer.
async fn every_look_of_every_kind(browser: Browser) {
    if browser.engine != Engine::Chromium {
        return;
    }
    let collector = Collector::start_shop().await;
    let option = |at: usize| json!({"id": format!("o{at}"), "text": format!("Option number {at}")});
    let ends = |mut question: Json| {
        question["low"] = json!("Very bad");
        question["high"] = json!("Very good");
        question
    };
    let questions = [
        ends(json!({"kind": "likert", "look": "numbers"})),
        ends(json!({"kind": "likert", "look": "numbers", "points": 11})),
        json!({"kind": "likert", "labels": ["Bad", "So-so", "Good"]}),
        json!({"kind": "likert", "labels": ["Very bad", "Bad", "So-so", "Good", "Very good"]}),
        ends(json!({"kind": "likert", "look": "faces"})),
        ends(json!({"kind": "likert", "look": "stars"})),
        ends(json!({"kind": "likert", "look": "stars", "points": 10})),
        ends(json!({"kind": "likert", "look": "thumbs", "points": 3})),
        json!({"kind": "yes-no"}),
        json!({"kind": "yes-no", "look": "thumbs"}),
        json!({"kind": "nps"}),
        json!({"kind": "choice", "options": [option(1), option(2)], "other": true}),
        json!({"kind": "choices", "options": [option(1), option(2), option(3)]}),
        json!({"kind": "text", "lines": 3, "placeholder": "In your own words", "required": false}),
        json!({"kind": "text", "format": "email", "placeholder": "name@example.com"}),
    ];
    for (name, is_dark, screen, language, accent) in [
        ("light", false, TALL.screen, "en", Json::Null),
        ("dark", true, TALL.screen, "en", Json::Null),
        ("phone", false, Some([320, 4600]), "en", Json::Null),
        ("rtl", false, TALL.screen, "ar", Json::Null),
        ("yellow-light", false, TALL.screen, "en", json!("#ffff00")),
        ("yellow-dark", true, TALL.screen, "en", json!("#ffff00")),
    ] {
        let survey = |(at, question): (usize, &Json)| {
            let mut question = question.clone();
            question["id"] = json!("q");
            question["text"] =
                json!(format!("{}: how was it?", question["kind"].as_str().unwrap_or_default()));
            let mut survey =
                json!({"id": format!("s{at}"), "display": "inline", "questions": [question]});
            if accent.is_string() {
                survey["accent"] = accent.clone();
            }
            survey
        };
        let surveys: Json = questions.iter().enumerate().map(survey).collect::<Vec<_>>().into();
        let look = Look { is_dark, screen, ..Look::PLAIN };
        let _host = open(&browser, &collector, &surveys, look, language).await;
        let count = "widgets().length";
        browser.until(&format!("{count} == {}", questions.len())).await;
        save(&browser, &format!("looks-{name}-1-asked")).await;
        browser
            .run(
                "for (const { shadowRoot } of widgets()) {
                    const controls = shadowRoot.querySelectorAll('label input');
                    for (const it of [controls[0], controls[3] ?? controls[1]])
                        if (it) it.checked = true;
                    shadowRoot.querySelector('form').classList.add('answered');
                }",
            )
            .await;
        save(&browser, &format!("looks-{name}-2-chosen")).await;
    }
}

async fn long_texts(browser: Browser) {
    if browser.engine != Engine::Chromium {
        return;
    }
    let collector = Collector::start_shop().await;
    let survey = browser.survey("long");
    for (name, look) in looks(&browser) {
        let surveys = json!([texts::survey("popover")]);
        let _host = open(&browser, &collector, &surveys, *look, "en").await;
        for (at, [question, value]) in
            [["scale", "11"], ["words", "2"], ["one", "b"], ["several", "a"]]
                .into_iter()
                .enumerate()
        {
            browser.until(&survey.option(question, value)).await;
            save(&browser, &format!("long-{name}-{at}-{question}")).await;
            survey.choose(question, value).await;
        }
        browser.click(&survey.part("button[type=submit]")).await;
        browser.until(&survey.part("textarea")).await;
        save(&browser, &format!("long-{name}-4-free")).await;
        survey.write("free", "Short").await;
        browser.until(&survey.part("[part=thanks]")).await;
        save(&browser, &format!("long-{name}-5-thanks")).await;
    }
}

async fn pictures(browser: Browser) {
    if browser.engine != Engine::Chromium {
        return;
    }
    let collector = Collector::start_shop().await;
    let picture = |alt: &str| json!({"src": "/picture.svg", "alt": alt});
    let option = |id: &str, text: &str| json!({"id": id, "text": text, "image": picture("")});
    let options = json!([
        option("a", "Blue"),
        option("b", "Green, of a shade that has a long name"),
        option("c", "Red")
    ]);
    let looks = [
        ("light", Look::PLAIN, "en"),
        ("dark", Look::DARK, "en"),
        ("phone", Look { screen: Some([390, 844]), ..Look::PLAIN }, "en"),
        ("small-phone-dark", Look { is_dark: true, ..Look::PHONE }, "en"),
        ("rtl", Look::PLAIN, "ar"),
        ("forced", Look::FORCED, "en"),
    ];
    for display in Display::KEYWORDS {
        for (name, look, language) in looks {
            let surveys = json!([{
                "id": "look", "trigger": "load", "display": display,
                "logo": {"src": "/logo.svg", "alt": "Example"},
                "questions": [
                    {"id": "one", "kind": "choice", "text": "Which one shall we make?", "image": picture("A jacket"),
                     "description": "We make [one](https://example.com/) of them.", "options": options},
                    {"id": "several", "kind": "choices", "text": "And which ones would you wear?", "options": options, "other": "text"},
                    {"id": "scale", "kind": "nps", "text": "How likely are you to buy it?", "image": picture("A jacket")},
                ],
            }]);
            let _host = open(&browser, &collector, &surveys, look, language).await;
            let survey = browser.survey("look");
            browser.until(&survey.part("legend")).await;
            if *display == "inline" {
                browser.run("survey('look').scrollIntoView({block: 'center'})").await;
            }
            if *display == "tab" {
                browser.click(&survey.part(".tab")).await;
            }
            save(&browser, &format!("pictures-{display}-{name}-1-one")).await;
            survey.choose("one", "b").await;
            survey.asks("And which ones would you wear?").await;
            survey.choose("several", "b").await;
            survey.choose("several", "other").await;
            save(&browser, &format!("pictures-{display}-{name}-2-several")).await;
            browser.click(&survey.part("button[type=submit]")).await;
            survey.asks("How likely are you to buy it?").await;
            save(&browser, &format!("pictures-{display}-{name}-3-scale")).await;
            survey.choose("scale", "9").await;
            browser.until(&survey.part("[part=thanks]")).await;
            save(&browser, &format!("pictures-{display}-{name}-4-end")).await;
        }
    }
}

/// The studio beside its preview, and the bar above one's own page.
async fn a_draft_that_is_tried_out(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    let picture = |alt: &str| json!({"src": "https://sondeo.example/picture.png", "alt": alt});
    let survey = json!({"name": "Delivery", "logo": picture("Example Ltd"), "questions": [
        {"id": "how", "kind": "choice", "text": {"en": "How did it reach you?"}, "image": picture("A parcel"),
         "options": [{"id": "door", "text": {"en": "At the door"}, "image": picture("")}, {"id": "box", "text": {"en": "In a box"}}]}]});
    draft(&browser, "two", &survey).await;
    let tag =
        format!(r#"<script async src="{}/sites/default/sondeo.js"></script>"#, collector.origin());
    let shop = Host::of(Page::new(&tag).body("<h1>The shop</h1><p>Its page.</p>")).await;
    for (name, look) in looks(&browser) {
        browser.open_as(*look, &collector.url("/studio/default/two")).await;
        browser.until("$('.tests-box p')").await;
        save(&browser, &format!("try-out-{name}-1-editor")).await;
        for (number, place) in
            ["$('.picture')", "$('.try-out')", "$('.tests-box')"].into_iter().enumerate()
        {
            browser.run(&format!("({place}).scrollIntoView({{block: 'center'}})")).await;
            save(&browser, &format!("try-out-{name}-{}", number + 2)).await;
        }
        let key = "fetch('/v1/sites/default/surveys/two/preview', {method: 'POST'}).then(it => it.json()).then(it => it.key)";
        let key: String = browser.promised(key).await;
        browser.open_as(*look, &shop.url(&format!("/?{name}#sondeo=preview:{key}"))).await;
        browser.survey("preview-1").asks("How did it reach you?").await;
        save(&browser, &format!("try-out-{name}-5-page")).await;
        // Where the page is read from right to left, and its letters are twice as large.
        browser.run("document.documentElement.dir = 'rtl'").await;
        save(&browser, &format!("try-out-{name}-6-page-rtl")).await;
        browser.run("document.documentElement.style.fontSize = '200%'").await;
        save(&browser, &format!("try-out-{name}-7-page-large")).await;
        for side in ["", "/when", "/languages", "/share", "/versions", "/look"] {
            browser.open_as(*look, &collector.url(&format!("/studio/default/two{side}"))).await;
            browser.until("$('.panel')").await;
            browser.run("document.documentElement.style.fontSize = '200%'").await;
            save(&browser, &format!("try-out-{name}-8-large{}", side.replace('/', "-"))).await;
        }
        browser.open_as(*look, &collector.url("/studio/default")).await;
        browser.until("$('.rows li')").await;
        browser.run("document.documentElement.style.fontSize = '200%'").await;
        save(&browser, &format!("try-out-{name}-9-large-list")).await;
    }
}

/// Only Chromium takes on every look by itself, and as a picture without a frame around it.
fn looks(browser: &Browser) -> &'static [(&'static str, Look)] {
    if browser.engine == Engine::Chromium { &LOOKS } else { &LOOKS[..1] }
}

pub(crate) async fn save(browser: &Browser, name: &str) {
    browser
        .until(
            "widgets().every(it => \
             it.shadowRoot.getAnimations().every(one => one.playState == 'finished'))",
        )
        .await;
    browser.until_idle().await;
    let picture = browser.screenshot().await.expect("a picture");
    let path = evidence::folder("screenshots").join(format!("{name}-{}.png", browser.engine));
    std::fs::write(&path, picture).expect("the picture is saved");
}
