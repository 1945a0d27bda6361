//! Descriptions with links, and the ends of a survey's ways: words, a button, another page.

use crate::support::{Browser, Collector, ENTER, Fault, Faulty, Host, Look, Page};
use serde_json::{Value as Json, json};

crate::scenarios![
    a_response_is_safe_before_the_visitor_is_led_on,
    ends_fit_everywhere;
    in one engine:
    a_description_is_read_with_its_question,
    who_closes_the_survey_is_led_nowhere,
    what_became_of_the_answer_stands_below_the_thanks;
    in Chromium:
    each_way_has_its_end,
    what_may_not_be_followed_is_refused,
    nothing_is_found_in_descriptions_fields_and_ends,
    the_dashboard_says_where_visitors_ended,
];

const ID: &str = "visit";

fn survey(endpoint: &str) -> Json {
    json!({
        "id": ID, "endpoint": endpoint, "recontact": "always", "custom": {"plan": "a&b"},
        "questions": [{
            "id": "q", "kind": "nps", "text": "Would you recommend us?",
            "description": "Your answer is private: [how we use it](https://shop.example/privacy), or [ask](mailto:a@shop.example). <b>No markup</b>",
            "next": [{"if": ">=9", "go": "review"}, {"if": "<=6", "go": "help"}],
        }],
        "endings": [
            {"id": "done", "text": "Thank you! [More](https://shop.example/more)"},
            {"id": "review", "text": "Great to hear.", "button": {"text": "Write a review", "url": "/review"}},
            {"id": "help", "text": "We are sorry.", "redirect": "/help?score={answer:q}&plan={custom:plan}&of={id}", "after": "200ms"},
        ],
    })
}

async fn site(browser: &Browser, endpoint: &str, attributes: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let page = Page::with_file(&collector, &survey(endpoint), attributes);
    let host = Host::with([("/", page), ("/help", Page::default())]).await;
    browser.open(&host.url("/")).await;
    browser.survey(ID).asks("Would you recommend us?").await;
    (collector, host)
}

async fn a_description_is_read_with_its_question(browser: Browser) {
    let (_collector, _host) = site(&browser, "/responses", "").await;
    let description = browser.survey(ID).part("[part=description]");
    let text: String = browser.value(&format!("{description}.textContent")).await;
    assert_eq!(text, "Your answer is private: how we use it, or ask. <b>No markup</b>");
    let links =
        format!("[...{description}.querySelectorAll('a')].map(it => [it.href, it.target, it.rel])");
    let links: Vec<[String; 3]> = browser.value(&links).await;
    let expected = ["https://shop.example/privacy", "mailto:a@shop.example"];
    assert_eq!(links, expected.map(|href| [href, "_blank", "noopener"].map(str::to_owned)));
    let fieldset = browser.survey(ID).part("fieldset");
    let described = format!(
        "{fieldset}.getAttribute('aria-describedby').split(' ').includes({description}.id)"
    );
    assert!(browser.value::<bool>(&described).await);
    // By keyboard, from the question to its link and on to the scale.
    browser.tab_until(&format!("focused() == {description}.querySelector('a')")).await;
    browser.tab_until(&format!("focused() == {}", browser.survey(ID).option("q", "0"))).await;
    browser.page_log().await.is_undisturbed();
}

async fn each_way_has_its_end(browser: Browser) {
    for (score, words) in [("8", "Thank you! More"), ("9", "Great to hear.")] {
        let (_collector, host) = site(&browser, "/responses", "").await;
        let survey = browser.survey(ID);
        survey.choose("q", score).await;
        survey.thanks(words).await;
        let button = survey.part("[part=button]");
        if score == "9" {
            let found: [String; 3] = browser
                .value(&format!("[{button}.textContent, {button}.href, {button}.target]"))
                .await;
            assert_eq!(
                found,
                ["Write a review".to_owned(), host.url("/review"), "_blank".to_owned()]
            );
            let status = format!("{button}.closest('[role=status]') != null");
            assert!(browser.value::<bool>(&status).await, "a screen reader hears of it");
        } else {
            assert!(browser.value::<bool>(&format!("{button} == null")).await);
            let link = survey.part("[part=thanks] a");
            assert_eq!(
                browser.value::<String>(&format!("{link}.href")).await,
                "https://shop.example/more"
            );
        }
        host.endpoint.until_posted(1).await;
        assert_eq!(browser.value::<String>("location.pathname").await, "/");
        browser.page_log().await.is_undisturbed();
    }
}

async fn a_response_is_safe_before_the_visitor_is_led_on(browser: Browser) {
    // The endpoint has it.
    let (_collector, host) = site(&browser, "/responses", "").await;
    browser.survey(ID).choose("q", "3").await;
    let said = "inside('visit', '[role=status]').textContent.includes('You are being taken to another page.')";
    browser.until(&format!("location.pathname == '/help' || {said}")).await;
    browser.until("location.pathname == '/help'").await;
    let response = host.endpoint.until_posted(1).await[0].response();
    let search: String = browser.value("location.search").await;
    assert_eq!(search, format!("?score=3&plan=a%26b&of={}", response.id.to_text()));

    // Nobody has it, and the browser keeps it: it goes from the page that the visitor is led to, or from a later one.
    let endpoint = Faulty::start().await;
    endpoint.fail(Fault::Status(503, "")).await;
    let (_collector, _host) = site(&browser, &endpoint.url(), "").await;
    browser.survey(ID).choose("q", "3").await;
    browser.until("location.pathname == '/help'").await;
    let kept = "Object.keys(localStorage).some(it => it.startsWith('sondeo.out.'))";
    assert!(browser.value::<bool>(kept).await);

    // Nobody has it, and it cannot be kept: the visitor stays with it.
    let (_collector, _host) = site(&browser, &endpoint.url(), r#"data-storage="none""#).await;
    browser
        .inject("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
        .await;
    browser.survey(ID).choose("q", "3").await;
    browser
        .until("inside('visit', '[part=note]')?.textContent.includes('could not be saved')")
        .await;
    browser.until_idle().await;
    assert_eq!(browser.value::<String>("location.pathname").await, "/");
}

async fn who_closes_the_survey_is_led_nowhere(browser: Browser) {
    let (_collector, host) = site(&browser, "/responses", "").await;
    // The time of the redirect goes by faster than anybody closes; here, it does not.
    browser
        .inject("const wait = setTimeout; window.setTimeout = (act, time, ...rest) => wait(act, time == 200 ? 3e3 : time, ...rest)")
        .await;
    let survey = browser.survey(ID);
    survey.choose("q", "3").await;
    survey.thanks("We are sorry.").await;
    host.endpoint.until_posted(1).await;
    browser.click(&survey.part(".close")).await;
    survey.is_gone().await;
    browser.run("window.later = false; setTimeout(() => window.later = true, 3500)").await;
    browser.until("window.later").await;
    assert_eq!(browser.value::<String>("location.pathname").await, "/");
    // And who never answers is not, either.
    let (_collector, _host) = site(&browser, "/responses", "").await;
    browser.click(&browser.survey(ID).part(".close")).await;
    browser.survey(ID).is_gone().await;
    browser.until_idle().await;
    assert_eq!(browser.value::<String>("location.pathname").await, "/");
}

async fn what_may_not_be_followed_is_refused(browser: Browser) {
    let collector = Collector::start().await;
    let question = |id: &str, description: &str| {
        json!({"id": id, "trigger": "load", "questions":
            [{"id": "q", "kind": "nps", "text": "?", "description": description}]})
    };
    let surveys = json!([
        question("bad", "[a](javascript:document.title='x')"),
        question("good", "[a](https://shop.example/)"),
    ]);
    let page = Page::with_file(&collector, &surveys, "");
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('good')").await;
    let lines = browser.page_log().await.lines;
    let expected = r##"sondeo: #surveys[0].questions[0].description has a link to "javascript:document.title='x'" (try "https://example.com/")"##;
    assert_eq!(lines, [expected]);
}

async fn what_became_of_the_answer_stands_below_the_thanks(browser: Browser) {
    let endpoint = Faulty::start().await;
    endpoint.fail(Fault::Status(503, "")).await;
    for display in ["popover", "dialog", "bar", "tab", "page"] {
        let collector = Collector::start().await;
        let attributes = format!(
            r#"data-survey="csat" data-trigger="load" data-recontact="always" data-quiet="0" data-display="{display}" data-endpoint="{}""#,
            endpoint.url()
        );
        let host = Host::of(Page::new(collector.tag(&attributes))).await;
        browser.open(&host.url("/")).await;
        let survey = browser.survey("csat");
        browser.until("survey('csat')").await;
        if display == "tab" {
            browser.click(&survey.part(".tab")).await;
        }
        survey.choose("satisfaction", "5").await;
        browser.until("inside('csat', '[part=note]')").await;
        browser.run("settle(survey('csat').shadowRoot)").await;
        let [_, top, _, height]: [f64; 4] =
            browser.value(&format!("box({})", survey.part("[part=thanks]"))).await;
        let [_, note, ..]: [f64; 4] =
            browser.value(&format!("box({})", survey.part("[part=note]"))).await;
        assert!(note >= top + height - 1.0, "{display}: {note} is not below {top} and {height}");
    }
}

/// On a phone, from right to left, by keyboard.
async fn ends_fit_everywhere(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_file(&collector, &survey("/responses"), "").right_to_left();
    let host = Host::of(page).await;
    browser.set_up(Look::PHONE).await.expect("the browser can be told");
    browser.open(&host.url("/")).await;
    let survey = browser.survey(ID);
    survey.asks("Would you recommend us?").await;
    survey.fits().await;
    let nine = survey.option("q", "9");
    browser.run(&format!("{nine}.focus(); {nine}.click()")).await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Great to hear.").await;
    survey.fits().await;
    let [.., width, height]: [f64; 4] =
        browser.value(&format!("box({})", survey.part("[part=button]"))).await;
    assert!(width >= 44.0 && height >= 44.0, "{width} by {height}");
    browser.tab_until(&format!("focused() == {}", survey.part("[part=button]"))).await;
}

/// axe on a description, the field of the option `other`, and each kind of end; light and dark, in forced colours where
/// the browser has them.
async fn nothing_is_found_in_descriptions_fields_and_ends(browser: Browser) {
    let collector = Collector::start().await;
    let mut asked = survey("/responses");
    asked["trigger"] = json!("manual");
    asked["endings"][2]["after"] = json!("10m");
    let source = json!({
        "id": "source", "trigger": "manual", "questions": [{
            "id": "q", "kind": "choice", "text": "How did you hear of us?", "other": "text",
            "description": "We ask [once](https://shop.example/).",
            "options": [{"id": "ad", "text": "An advertisement"}, {"id": "press", "text": "The newspaper"}],
        }],
    });
    let surveys = json!([asked, source]);
    for (theme, ground) in [("light", "#fff"), ("dark", "#111")] {
        let attributes = format!(r#"data-preview data-theme="{theme}""#);
        let page = Page::with_file(&collector, &surveys, &attributes)
            .body(format!("<style>body {{ background: {ground} }}</style><h1>A page</h1>"));
        let host = Host::of(page).await;
        for (id, value) in [("source", "other"), ("visit", "8"), ("visit", "9"), ("visit", "3")] {
            browser.open(&host.url("/")).await;
            browser.loaded().await;
            browser.run(&format!("sondeo.show('{id}')")).await;
            let survey = browser.survey(id);
            browser.until(&survey.part("legend")).await;
            browser.run(&format!("settle(survey('{id}').shadowRoot)")).await;
            browser.axe().await.is_accessible();
            survey.choose("q", value).await;
            let next = if id == "source" { ".other:not([hidden])" } else { "[part=thanks]" };
            browser.until(&survey.part(next)).await;
            browser.run(&format!("settle(survey('{id}').shadowRoot)")).await;
            browser.axe().await.is_accessible();
        }
    }
}

/// In the words that they read there, and by a table that everybody can read.
async fn the_dashboard_says_where_visitors_ended(browser: Browser) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = survey("/responses").to_string();
    std::fs::write(folder.path().join("visit.json"), file).expect("a file");
    let surveys = folder.path().to_str().expect("UTF-8");
    let collector = Collector::start_with(&["--surveys", surveys]).await;
    let golden = include_str!("../../crates/model/golden/response-completed.json");
    for (number, score) in (0..).zip([10, 9, 9, 7, 2]) {
        let mut response: Json = serde_json::from_str(golden).expect("JSON");
        response["id"] = json!(format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}"));
        response["survey"] = json!(ID);
        response["answers"] = json!([{"question": "q", "text": "Would you recommend us?", "kind": "nps", "value": score}]);
        collector.keep(&response).await;
    }
    browser.open(collector.link()).await;
    browser.until("all('.survey').length == 1").await;
    browser.open(&collector.url("/dashboard/visit?days=all")).await;
    browser.until("$('.reached tbody')?.rows.length == 3").await;
    let rows: Vec<[String; 3]> = browser
        .value(
            "[...$('.reached tbody').rows].map(({ cells }) => [0, 2, 3].map(it => cells[it].textContent))",
        )
        .await;
    let row = |words: &str, share: &str, count: &str| [words, share, count].map(str::to_owned);
    let expected = [
        row("Thank you! More", "20%", "1"),
        row("Great to hear.", "60%", "3"),
        row("We are sorry.", "20%", "1"),
    ];
    assert_eq!(rows, expected);
    browser.axe().await.is_accessible();
}
