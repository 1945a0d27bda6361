//! Everything that an author may put on one way (a logo, a description with a link, pictures, the option `other` with its
//! field, a scale, an end with a button, an end that leads on), gone by pointer, by keyboard, and with a finger on the
//! narrowest phone, in both directions of writing; and what axe has against any of it.

use crate::support::{Browser, Collector, DOWN, ENTER, Host, Look, Page, Survey, TAB};
use serde_json::{Value as Json, json};
use sondeo_model::{Status, Value};

crate::scenarios![
    it_is_gone_by_keyboard,
    nothing_is_found_on_the_way;
    in one engine:
    it_is_gone_by_pointer,
    it_is_gone_with_a_finger,
    the_logo_stands_in_every_display,
];

const ID: &str = "whole";
/// The language of the page, and so the direction of the card.
const LANGUAGES: [&str; 2] = ["en", "ar"];

fn survey() -> Json {
    let words = |en: &str, ar: &str| json!({"en": en, "ar": ar});
    let picture = |alt: &str| json!({"src": "/picture.svg", "alt": alt});
    json!({
        "id": ID, "trigger": "load", "recontact": "always", "quiet": "0",
        "logo": {"src": "/logo.svg", "alt": "Example Ltd"},
        "questions": [
            {"id": "source", "kind": "choice", "text": words("Where did you hear of us?", "كيف سمعت عنا؟"),
             "description": words("We ask [once](https://shop.example/once).", "نسأل [مرة](https://shop.example/once)."),
             "image": picture("A shop"), "other": "text",
             "options": [
                {"id": "ad", "text": words("An advertisement", "إعلان"), "image": picture("")},
                {"id": "press", "text": words("The newspaper", "الصحيفة"), "image": picture("")}]},
            {"id": "score", "kind": "nps", "text": words("Would you recommend us?", "هل توصي بنا؟"),
             "next": [{"if": ">=9", "go": "review"}, {"if": "<=6", "go": "help"}]},
        ],
        "endings": [
            {"id": "done", "text": words("Thank you! [More](https://shop.example/more)", "شكرًا! [المزيد](https://shop.example/more)")},
            {"id": "review", "text": words("Great to hear.", "يسعدنا ذلك."),
             "button": {"text": words("Write a review", "اكتب رأيك"), "url": "/review"}},
            {"id": "help", "text": words("We are sorry.", "نأسف لذلك."), "redirect": "/help?score={answer:score}", "after": "200ms"},
        ],
    })
}

/// With what somebody goes along.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hand {
    Mouse,
    Finger,
    Keys,
}

async fn site(collector: &Collector, survey: &Json, attributes: &str) -> Host {
    let page = |language: &'static str| {
        let page = Page::with_file(collector, survey, attributes).language(language);
        if language == "ar" { page.right_to_left() } else { page }
    };
    Host::with([("/en", page("en")), ("/ar", page("ar")), ("/help", Page::default())]).await
}

/// The logo, where it stands in its card, and whether it is the one that was there before.
async fn logo(browser: &Browser) -> (String, [f64; 2], bool) {
    browser
        .value(
            "(() => { const logo = inside('whole', '.logo'), card = inside('whole', '.card');
                const same = (window.logo ??= logo) == logo;
                const [x, y] = box(logo), [left, top] = box(card);
                return [logo.alt, [x - left, y - top], same]; })()",
        )
        .await
}

/// Goes to the end that the score leads to, and gives the card as it stands there.
async fn go<'a>(browser: &'a Browser, hand: Hand, score: &str) -> Survey<'a> {
    let survey = browser.survey(ID);
    browser.until(&survey.part(".other")).await;
    browser
        .until("[...survey('whole').shadowRoot.querySelectorAll('img')].every(it => it.naturalWidth > 0)")
        .await;
    survey.fits().await;
    let (label, place, _) = logo(browser).await;
    assert_eq!(label, "Example Ltd");
    let (other, field) = (survey.option("source", "other"), survey.part(".other"));
    let submit = survey.part("button[type=submit]");
    match hand {
        Hand::Mouse => browser.click(&other).await,
        Hand::Finger => browser.tap(&other).await,
        Hand::Keys => {
            let first = survey.option("source", "ad");
            browser.tab_until(&format!("focused() == {first}")).await;
            for value in ["press", "other"] {
                browser.press(DOWN.to_string()).await;
                browser.until(&format!("{}.checked", survey.option("source", value))).await;
            }
            browser.press(TAB.to_string()).await;
        }
    }
    browser.until(&format!("focused() == {field}")).await;
    browser.press("a friend").await;
    survey.fits().await;
    match hand {
        Hand::Mouse => browser.click(&submit).await,
        Hand::Finger => browser.tap(&submit).await,
        Hand::Keys => browser.press(ENTER.to_string()).await,
    }
    let wanted = survey.option("score", score);
    browser.until(&wanted).await;
    survey.fits().await;
    assert_eq!(logo(browser).await, ("Example Ltd".to_owned(), place, true), "the second question");
    match hand {
        Hand::Mouse => browser.click(&wanted).await,
        Hand::Finger => browser.tap(&wanted).await,
        Hand::Keys => {
            browser.until(&format!("focused() == {}", survey.option("score", "0"))).await;
            for value in 1..=score.parse::<u8>().expect("a score") {
                browser.press(DOWN.to_string()).await;
                browser
                    .until(&format!("{}.checked", survey.option("score", &value.to_string())))
                    .await;
            }
            browser.press(ENTER.to_string()).await;
        }
    }
    browser
        .until(&format!("{} || location.pathname == '/help'", survey.part("[part=thanks]")))
        .await;
    if score == "9" {
        assert_eq!(logo(browser).await, ("Example Ltd".to_owned(), place, true), "the end");
        survey.fits().await;
    }
    survey
}

/// Both ends that lead somewhere, in both directions.
async fn goes(browser: &Browser, hand: Hand) {
    let collector = Collector::start().await;
    let look = if hand == Hand::Finger { Look::PHONE } else { Look::PLAIN };
    for language in LANGUAGES {
        let host = site(&collector, &survey(), "").await;
        browser.open_as(look, &host.url(&format!("/{language}"))).await;
        let survey = go(browser, hand, "9").await;
        let direction = format!("getComputedStyle({}).direction", survey.part(".card"));
        let expected = if language == "ar" { "rtl" } else { "ltr" };
        assert_eq!(browser.value::<String>(&direction).await, expected);
        let button = survey.part("[part=button]");
        let [.., width, height]: [f64; 4] = browser.value(&format!("box({button})")).await;
        assert!(width >= 44.0 && height >= 44.0, "{width} by {height}");
        if hand == Hand::Keys {
            browser.tab_until(&format!("focused() == {button}")).await;
        }
        // `aim` insists that it can be seen and hit. It opens another tab, which is nothing of this page.
        browser.promised::<[i32; 2]>(&format!("aim({button})")).await;
        let response = host.endpoint.until_posted(2).await[1].response();
        assert_eq!(response.status, Status::Completed);
        assert_eq!(response.answers[0].other.as_deref(), Some("a friend"));
        assert_eq!(response.answers[1].value, Value::Integer(9));
        browser.page_log().await.is_undisturbed();

        browser.run("localStorage.clear()").await;
        browser.open_as(look, &host.url(&format!("/{language}"))).await;
        go(browser, hand, "3").await;
        browser.until("location.pathname == '/help'").await;
        assert_eq!(browser.value::<String>("location.search").await, "?score=3");
        let posts = host.endpoint.until_posted(4).await;
        assert_eq!(posts[3].response().status, Status::Completed, "it was safe before");
    }
}

async fn it_is_gone_by_pointer(browser: Browser) {
    goes(&browser, Hand::Mouse).await;
}

async fn it_is_gone_by_keyboard(browser: Browser) {
    goes(&browser, Hand::Keys).await;
}

async fn it_is_gone_with_a_finger(browser: Browser) {
    goes(&browser, Hand::Finger).await;
}

/// In light and dark, in forced colours, and on a phone; in both directions.
async fn nothing_is_found_on_the_way(browser: Browser) {
    let collector = Collector::start().await;
    let mut survey = survey();
    survey["endings"][2]["after"] = json!("10m");
    let dark_phone = Look { is_dark: true, ..Look::PHONE };
    for (look, language, score) in [
        (Look::PLAIN, "en", "8"),
        (Look::DARK, "ar", "9"),
        (Look::FORCED, "en", "3"),
        (Look::FORCED, "ar", "9"),
        (Look::PHONE, "ar", "3"),
        (dark_phone, "en", "9"),
    ] {
        if !browser.engine.has(look) {
            continue;
        }
        let host = site(&collector, &survey, "data-preview").await;
        browser.open_as(look, &host.url(&format!("/{language}"))).await;
        if look.is_dark {
            browser.run("document.body.style.background = '#111'").await;
        }
        let asked = browser.survey(ID);
        let settled = "settle(survey('whole').shadowRoot)";
        browser.until(&asked.part(".other")).await;
        browser.run(settled).await;
        browser.axe().await.is_accessible();
        asked.choose("source", "other").await;
        browser.until(&asked.part(".other:not([hidden])")).await;
        browser.press("a friend").await;
        browser.run(settled).await;
        browser.axe().await.is_accessible();
        browser.click(&asked.part("button[type=submit]")).await;
        browser.until(&asked.option("score", score)).await;
        browser.run(settled).await;
        browser.axe().await.is_accessible();
        asked.choose("score", score).await;
        browser.until(&asked.part("[part=thanks]")).await;
        browser.run(settled).await;
        browser.axe().await.is_accessible();
    }
}

/// From the first question to the end it is one and the same, in its place in the card.
async fn the_logo_stands_in_every_display(browser: Browser) {
    let collector = Collector::start().await;
    for display in ["popover", "dialog", "bar", "tab", "inline", "page"] {
        for look in [Look::PLAIN, Look::PHONE] {
            let mut survey = survey();
            survey["display"] = json!(display);
            survey["questions"] = json!([survey["questions"][1]]);
            survey["endings"][2].as_object_mut().expect("an ending").remove("redirect");
            let is_inline = display == "inline";
            let element = if is_inline { "<main><div data-sondeo=whole></div></main>" } else { "" };
            let page = Page::with_file(&collector, &survey, "data-preview").body(element);
            let host = Host::of(page).await;
            browser.open_as(look, &host.url("/")).await;
            let asked = browser.survey(ID);
            browser.until(&asked.part("legend")).await;
            if display == "tab" {
                browser.click(&asked.part(".tab")).await;
            }
            browser.until(&format!("{}.naturalWidth > 0", asked.part(".logo"))).await;
            asked.fits().await;
            let [x, y] = logo(&browser).await.1;
            asked.choose("score", "3").await;
            browser.until(&asked.part("[part=thanks]")).await;
            asked.fits().await;
            let (_, [after, down], is_same) = logo(&browser).await;
            assert!(is_same && after == x, "{display}: {after} and not {x}");
            // In the middle of a bar, which is as high as what stands in it.
            let is_lower = display == "bar" && look.screen.is_none();
            assert!(is_lower || down == y, "{display}: {down} and not {y}");
            // Beside the words and not over them, as the question had it.
            let covers = "(([x, y, w, h], [a, b, c, d]) => x < a + c && a < x + w && y < b + d && b < y + h)";
            let boxes =
                format!("box({}), box({})", asked.part(".logo"), asked.part(".thanks span"));
            assert!(!browser.value::<bool>(&format!("{covers}({boxes})")).await, "{display}");
        }
    }
}
