//! Pictures: a survey's logo, a question's image, and options to choose by what they look like.

use crate::support::{Browser, Collector, ENTER, Engine, Host, Look, Page, RIGHT};
use axum::Router;
use axum::routing::get;
use serde_json::{Value as Json, json};
use sondeo_model::Value;

crate::scenarios![
    an_option_is_chosen_by_its_picture;
    in one engine:
    the_room_of_a_picture_is_there_before_it,
    one_that_does_not_come_is_gone,
    pictures_fit_everywhere;
    in Chromium:
    what_cannot_be_a_picture_is_refused,
    nothing_is_found_in_pictures,
    a_picture_is_beside_its_file,
];

const ID: &str = "look";

/// A survey with pictures from there, in all three places.
fn survey(src: &str) -> Json {
    json!({
        "id": ID, "trigger": "load", "recontact": "always", "quiet": "0",
        "logo": {"src": src, "alt": "Example Ltd"},
        "questions": [{
            "id": "q", "kind": "choice", "text": "Which one?", "other": "text",
            "image": {"src": src, "alt": "Two jackets"},
            "options": [
                {"id": "blue", "text": "Blue", "image": {"src": src, "alt": ""}},
                {"id": "green", "text": "Green, of a shade that has a long name", "image": {"src": src, "alt": "From the front"}},
                {"id": "none", "text": "None of them"},
            ],
        }],
    })
}

/// An expression for everything that is drawn of the survey.
const PICTURES: &str = "[...survey('look').shadowRoot.querySelectorAll('img')]";

async fn the_room_of_a_picture_is_there_before_it(browser: Browser) {
    let collector = Collector::start().await;
    for (display, body) in [
        ("popover", ""),
        ("inline", "<main><div data-sondeo=look></div><p id=below>Below</p></main>"),
    ] {
        let mut survey = survey("/slow.svg");
        survey["display"] = json!(display);
        let page = Page::with_file(&collector, &survey, "").body(body);
        let host = Host::of(page).await;
        browser.open(&host.url("/")).await;
        browser.survey(ID).asks("Which one?").await;
        browser.run("settle(survey('look').shadowRoot)").await;
        let boxes = "JSON.stringify([...survey('look').shadowRoot.querySelectorAll('.card, fieldset, label'), \
                     ...document.querySelectorAll('#below')].map(box))";
        let before: String = browser.value(boxes).await;
        // What stands in the flow of the page has moved it when it came.
        let is_counted = browser.engine == Engine::Chromium;
        let shifts: Vec<String> =
            if is_counted { browser.promised("shifts()").await } else { Vec::new() };
        browser.run("fetch('/let-the-image-arrive')").await;
        browser
            .until(&format!(
                "{PICTURES}.length == 4 && {PICTURES}.every(it => it.naturalWidth > 0)"
            ))
            .await;
        browser.until_idle().await;
        assert_eq!(browser.value::<String>(boxes).await, before, "{display}");
        if is_counted {
            assert_eq!(browser.promised::<Vec<String>>("shifts()").await, shifts, "{display}");
        }
        browser.page_log().await.is_undisturbed();
    }
}

async fn one_that_does_not_come_is_gone(browser: Browser) {
    let collector = Collector::start().await;
    let policy = format!(
        "default-src 'self' {0} 'unsafe-inline' 'nonce-pageLog'; connect-src 'self' {0}; script-src {0} 'nonce-pageLog' 'wasm-unsafe-eval'; img-src data:",
        collector.origin()
    );
    let pages = [
        ("/missing", "popover", "/nothing.png", None),
        ("/forbidden", "popover", "/picture.svg", Some(&policy)),
        ("/in-the-page", "inline", "/nothing.png", None),
    ];
    for (path, display, src, policy) in pages {
        let mut survey = survey(src);
        survey["display"] = json!(display);
        // What a policy forbids in the page is fetched by nobody: so is a file in the page, where it is a script.
        let file = survey.to_string();
        let page = Page::new(collector.tag(r#"data-config="/s.json" data-endpoint="/responses""#));
        let page = match policy {
            Some(policy) => page.policy(policy.clone()),
            None => page,
        };
        let page = page.body("<main><div data-sondeo=look></div><p id=below>Below</p></main>");
        let routes = Router::new().route("/s.json", get(async move || file));
        let host = Host::serving([(path, page)], routes).await;
        browser.open(&host.url(path)).await;
        let asked = browser.survey(ID);
        asked.asks("Which one?").await;
        let below = "JSON.stringify(box($('#below')))";
        let before: String = browser.value(below).await;
        let is_gone = "it => getComputedStyle(it).display == 'none' || getComputedStyle(it).visibility == 'hidden'";
        browser.until(&format!("{PICTURES}.length == 4 && {PICTURES}.every({is_gone})")).await;
        if display == "inline" {
            assert_eq!(browser.value::<String>(below).await, before, "the page stands still");
        }
        browser.run("settle(survey('look').shadowRoot)").await;
        asked.fits().await;
        asked.choose("q", "blue").await;
        asked.thanks("Thank you!").await;
        host.endpoint.until_posted(1).await;
        let log = browser.page_log().await;
        assert_eq!(log.lines, [""; 0], "{path}");
        assert!(log.violations.iter().all(|it| it.contains("img-src")), "{path}: {log:?}");
    }
}

async fn a_picture_is_beside_its_file(browser: Browser) {
    let collector = Collector::start().await;
    let file = survey("pictures/a.svg").to_string();
    let routes = Router::new().route("/files/s.json", get(async move || file));
    let tag = collector.tag(r#"data-config="/files/s.json" data-endpoint="/responses""#);
    let host = Host::serving([("/shop/", Page::new(tag))], routes).await;
    browser.open(&host.url("/shop/")).await;
    browser.survey(ID).asks("Which one?").await;
    let sources: Vec<String> = browser.value(&format!("{PICTURES}.map(it => it.src)")).await;
    assert_eq!(sources, vec![host.url("/files/pictures/a.svg"); 4]);
    // What a script adds is the page's own.
    let added = json!({"id": "added", "questions": [
        {"id": "q", "kind": "nps", "text": "?", "image": {"src": "a.svg", "alt": "A"}}]});
    browser.run(&format!("sondeo.add({added}); sondeo.hide('look'); sondeo.show('added')")).await;
    let image = browser.survey("added").part("img");
    browser.until(&image).await;
    assert_eq!(browser.value::<String>(&format!("{image}.src")).await, host.url("/shop/a.svg"));
}

async fn an_option_is_chosen_by_its_picture(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_file(&collector, &survey("/picture.svg"), "");
    let host = Host::of(page).await;
    let asked = browser.survey(ID);
    // By pointer, in the middle of what is to be chosen.
    browser.open(&host.url("/")).await;
    asked.asks("Which one?").await;
    let alts: Vec<String> = browser.value(&format!("{PICTURES}.map(it => it.alt)")).await;
    assert_eq!(alts, ["Example Ltd", "Two jackets", "", "From the front"]);
    let fieldset = asked.part("fieldset");
    let described = format!(
        "{fieldset}.getAttribute('aria-describedby').split(' ').includes({}.id)",
        asked.part(".image")
    );
    assert!(browser.value::<bool>(&described).await);
    asked.choose("q", "green").await;
    asked.thanks("Thank you!").await;
    let answers = host.endpoint.until_posted(1).await[0].response().answers;
    assert_eq!(answers[0].value, Value::Text("green".to_owned()));
    // By keyboard.
    browser.run("localStorage.clear()").await;
    browser.open(&host.url("/")).await;
    asked.asks("Which one?").await;
    let first = asked.option("q", "blue");
    browser.tab_until(&format!("focused() == {first}")).await;
    browser.press(RIGHT.to_string()).await;
    browser.until(&format!("{}.checked", asked.option("q", "green"))).await;
    browser.press(ENTER.to_string()).await;
    asked.thanks("Thank you!").await;
    let posted = host.endpoint.until_posted(2).await;
    assert_eq!(posted[1].response().answers[0].value, Value::Text("green".to_owned()));
    browser.page_log().await.is_undisturbed();
}

async fn what_cannot_be_a_picture_is_refused(browser: Browser) {
    let collector = Collector::start().await;
    let bad = |id: &str, image: Json| json!({"id": id, "questions": [{"id": "q", "kind": "nps", "text": "?", "image": image}]});
    let surveys = json!([
        bad("script", json!({"src": "javascript:alert(1)", "alt": "A"})),
        bad("mute", json!({"src": "/picture.svg"})),
        survey("/picture.svg"),
    ]);
    let host = Host::of(Page::with_file(&collector, &surveys, "")).await;
    browser.open(&host.url("/")).await;
    browser.survey(ID).asks("Which one?").await;
    let lines = browser.page_log().await.lines;
    assert_eq!(
        lines,
        [
            r##"sondeo: #surveys[0].questions[0].image.src "javascript:alert(1)" is not a relative address, or one that begins with https: (try "https://example.com/picture.png")"##,
            r##"sondeo: #surveys[1].questions[0].image.alt is missing (try "A blue jacket")"##,
        ]
    );
}

/// On a phone, by touch, from right to left, and in a narrow column.
async fn pictures_fit_everywhere(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_file(&collector, &survey("/picture.svg"), "");
    let mut in_column = survey("/picture.svg");
    in_column["display"] = json!("inline");
    let column = Page::with_file(&collector, &in_column, "")
        .body("<main style='width: 150px'><div data-sondeo=look></div></main>");
    let host =
        Host::with([("/", page.clone()), ("/rtl", page.right_to_left()), ("/column", column)])
            .await;
    for (path, look) in [("/", Look::PHONE), ("/rtl", Look::PHONE), ("/column", Look::PLAIN)] {
        browser.open_as(look, &host.url(path)).await;
        let asked = browser.survey(ID);
        asked.asks("Which one?").await;
        browser.until(&format!("{PICTURES}.every(it => it.naturalWidth > 0)")).await;
        asked.fits().await;
        browser.tap(&asked.option("q", "none")).await;
        asked.thanks("Thank you!").await;
        browser.run("localStorage.clear()").await;
    }
}

async fn nothing_is_found_in_pictures(browser: Browser) {
    let collector = Collector::start().await;
    let mut several = survey("/picture.svg");
    several["questions"][0]["kind"] = json!("choices");
    several["trigger"] = json!("manual");
    for (theme, ground) in [("light", "#fff"), ("dark", "#111")] {
        for look in [Look::PLAIN, Look::FORCED] {
            if !browser.engine.has(look) {
                continue;
            }
            let attributes = format!(r#"data-preview data-theme="{theme}""#);
            let page = Page::with_file(&collector, &several, &attributes)
                .body(format!("<style>body {{ background: {ground} }}</style><h1>A page</h1>"));
            let host = Host::of(page).await;
            browser.open_as(look, &host.url("/")).await;
            browser.loaded().await;
            browser.run("sondeo.show('look')").await;
            let asked = browser.survey(ID);
            browser.until(&asked.part("legend")).await;
            browser.run("settle(survey('look').shadowRoot)").await;
            browser.axe().await.is_accessible();
            asked.choose("q", "green").await;
            browser.run("settle(survey('look').shadowRoot)").await;
            browser.axe().await.is_accessible();
        }
    }
}
