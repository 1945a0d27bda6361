//! Destinations as an owner of a site meets them in the studio, over the real collector and a receiver that is not ours; and
//! the way of a low rating from the shop to a channel and a mailbox.

use crate::support::{Browser, Collector, ENTER, Engine, Look, PAUSE, Server, WAIT_TIMEOUT};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::process::Command;

crate::scenarios![
    in one engine:
    a_destination_is_made_tried_and_looked_after;
    in Chromium:
    every_kind_has_its_form_in_both_languages_and_looks,
    what_is_written_outlives_a_session_and_a_colleague,
    only_owners_see_destinations,
    a_low_rating_in_the_shop_is_read_within_two_seconds,
];

/// A channel that answers as it is told, and keeps what came.
struct Channel {
    server: Server,
    notes: Arc<Mutex<Notes>>,
}

struct Notes {
    status: u16,
    word: &'static str,
    came: Vec<Json>,
}

impl Channel {
    async fn start() -> Self {
        let notes = Notes { status: 200, word: "ok", came: Vec::new() };
        let notes = Arc::new(Mutex::new(notes));
        let routes = Router::new().fallback(take).with_state(Arc::clone(&notes));
        Self { server: Server::start(routes).await, notes }
    }

    fn url(&self) -> String {
        format!("http://{}/services/T0/B0/s3cr3t-path", self.server.address)
    }

    fn answers(&self, status: u16, word: &'static str) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        (notes.status, notes.word) = (status, word);
    }

    fn came(&self) -> Vec<Json> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).came.clone()
    }

    async fn wait_for(&self, count: usize) -> Vec<Json> {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        while self.came().len() < count {
            assert!(Instant::now() < deadline, "{count} should have come: {:?}", self.came());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.came()
    }
}

async fn take(
    State(notes): State<Arc<Mutex<Notes>>>,
    uri: Uri,
    body: String,
) -> (StatusCode, &'static str) {
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let body: Json = serde_json::from_str(&body).unwrap_or(Json::Null);
    if uri.path() != "/services/T0/B0/s3cr3t-path" || !body["blocks"].is_array() {
        return (StatusCode::BAD_REQUEST, "invalid_payload");
    }
    notes.came.push(body);
    (StatusCode::from_u16(notes.status).expect("a status"), notes.word)
}

const KEYS: &str = "1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const ALLOWED: [&str; 4] = ["--destination-keys", KEYS, "--allow-destination", "127.0.0.1"];

/// The button or link with these words.
fn button(words: &str) -> String {
    format!(
        "all('button, a').find(it => it.offsetParent && it.textContent.trim().startsWith({}))",
        json!(words)
    )
}

fn response(number: u32, value: u8) -> Json {
    json!({"sondeo": 1, "id": format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}"), "revision": 1, "status": "completed",
        "survey": "checkout", "template": null, "trigger": "load", "language": "en",
        "answers": [{"question": "satisfaction", "text": "How was it?", "kind": "likert", "points": 5, "metric": "csat", "value": value},
                    {"question": "why", "text": "Why?", "kind": "text", "value": "I am leaving <!channel>"}],
        "shown_at": "2026-11-21T18:40:13.123Z", "sent_at": "2026-11-21T18:40:20.001Z", "elapsed_ms": 6878,
        "page": {"url": "https://shop.example/checkout", "title": "Thanks", "referrer": ""},
        "client": {"language": "en", "time_zone": null, "device": "mobile", "viewport": [390, 844]},
        "visit": 1, "visitor": null, "user": null, "custom": {}, "widget": "0.1.0"})
}

async fn write(browser: &Browser, element: &str, words: &str) {
    browser.click(element).await;
    browser.run(&format!("({element}).select()")).await;
    browser.press(words).await;
    browser.until(&format!("({element}).value == {}", json!(words))).await;
}

const STATE: &str = "$('.head .state')?.textContent";

/// No word of the secret is anywhere on the page.
async fn hides_the_secret(browser: &Browser) {
    let written =
        "document.documentElement.outerHTML + all('input, textarea').map(it => it.value).join()";
    let page: String = browser.value(written).await;
    assert!(!page.contains("s3cr3t"), "{page}");
}

async fn a_destination_is_made_tried_and_looked_after(browser: Browser) {
    let channel = Channel::start().await;
    let collector = Collector::start_with(&ALLOWED).await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    browser.open(&collector.url("/studio/default")).await;
    browser.click(&button("Destinations")).await;
    browser.until("$('.empty h2')?.textContent == 'Answers go nowhere else yet'").await;
    browser.axe_page().await.is_accessible();
    browser.click(&button("New destination")).await;
    browser.until("all('.moment').length == 10").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('[data-kind=slack]')").await;

    // What is missing is told beside its field, and the first one has the focus.
    browser.click(&button("Save")).await;
    browser.until("$('#set-url-wrong').textContent && $('#set-name-wrong').textContent").await;
    browser.until("document.activeElement.id == 'set-name'").await;
    browser.axe_page().await.is_accessible();
    write(&browser, "$('#set-name')", "Unhappy customers").await;
    // What the collector has against it, too.
    write(&browser, "$('#set-url')", "https://169.254.169.254/latest").await;
    browser.click(&button("Save")).await;
    browser.until("$('#set-url-wrong').textContent.includes('not public')").await;
    write(&browser, "$('#set-url')", &channel.url()).await;
    browser.click(&button("Add a condition")).await;
    write_condition(&browser, "satisfaction", "<=", "2").await;
    browser.click(&button("Save")).await;
    browser.until(&format!("{STATE} == 'Paused'")).await;
    hides_the_secret(&browser).await;
    let there: String = browser.value("location.href").await;

    // A sample: what is said, without the secret; the answer and the time.
    browser.click(&button("Send a sample")).await;
    browser.until("$('[data-outcome]')?.dataset.outcome == 'delivered'").await;
    let request: String = browser.value("$('.exchanges pre').textContent").await;
    assert!(request.starts_with("POST …\n") && request.contains("This is a sample"));
    let heading: String = browser.value("all('.exchanges h3')[1].textContent").await;
    assert!(heading.starts_with("Answer 200 after") && heading.ends_with("ms"), "{heading}");
    hides_the_secret(&browser).await;
    browser.axe_page().await.is_accessible();
    channel.wait_for(1).await;
    // There is no answer yet that it would take; then there is.
    browser.click(&button("Send the latest answer")).await;
    browser.until("$('.trial .problem')?.textContent.includes('nothing yet')").await;

    // It waits while it is paused, and goes when it is switched on.
    collector.keep(&response(1, 2)).await;
    collector.keep(&response(2, 5)).await;
    browser.until("all('.head .facts span').some(it => it.textContent == '1 waiting')").await;
    browser.until("all('.delivery').length == 1").await;
    browser.click(&button("Send the latest answer")).await;
    browser.until("$('.exchanges pre')?.textContent.includes('I am leaving')").await;
    browser.click(&button("Switch on")).await;
    browser.until(&format!("{STATE} == 'On'")).await;
    let came = channel.wait_for(3).await;
    assert_eq!(came[2]["text"], "checkout: 2 of 5");
    browser.click("$('[name=kept][value=delivered]').parentElement").await;
    browser
        .until(
            "all('.delivery').length == 1 && $('.delivery').textContent.includes('answered 200')",
        )
        .await;
    browser.axe_page().await.is_accessible();

    // What is refused stays as failed, and is sent once more: this one, all, everything since.
    channel.answers(400, "invalid_blocks");
    collector.keep(&response(3, 1)).await;
    browser.click("$('[name=kept][value=failed]').parentElement").await;
    browser
        .until(
            "all('.delivery').length == 1 && $('.delivery').textContent.includes('invalid_blocks')",
        )
        .await;
    browser.axe_page().await.is_accessible();
    channel.answers(200, "ok");
    browser.click("$('.delivery button')").await;
    browser.until("all('.said').some(it => it.textContent == '1 is sent once more.')").await;
    channel.wait_for(5).await;
    browser.until("$('.card.inner').textContent.includes('Nothing has failed.')").await;
    browser.run("$('[type=date]').value = '2020-01-01'").await;
    browser.click("$('.since button')").await;
    browser.until("all('.said').some(it => it.textContent == '2 are sent once more.')").await;
    channel.wait_for(7).await;

    // One that says that it is gone is switched off; a banner says so where surveys are looked after.
    channel.answers(404, "no_service");
    collector.keep(&response(4, 1)).await;
    browser.until(&format!("{STATE} == 'Switched off'")).await;
    browser.until("$('.notice.worry').textContent.includes('404 no_service')").await;
    browser.open(&collector.url("/studio/default")).await;
    browser.until("$('.notice.worry')?.textContent.includes('was switched off')").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('.notice.worry a')").await;
    browser.until(&format!("location.href == {}", json!(there))).await;
    channel.answers(200, "ok");
    browser.click(&button("Switch on")).await;
    browser.until(&format!("{STATE} == 'On'")).await;
    channel.wait_for(9).await;
    browser.until("!$('.notice.worry')").await;

    // Changed: another name, and no condition; the secret stays.
    browser.until("$('#set-name')?.value == 'Unhappy customers'").await;
    browser.until("$('#when-name-0')?.value == 'satisfaction'").await;
    write(&browser, "$('#set-name')", "Everybody").await;
    browser.click("$('.condition .icon')").await;
    browser.click(&button("Save")).await;
    browser.until("$('h1').textContent == 'Everybody'").await;
    collector.keep(&response(5, 5)).await;
    channel.wait_for(10).await;
    hides_the_secret(&browser).await;

    // One that waits for minutes goes at once.
    channel.answers(500, "busy");
    collector.keep(&response(6, 1)).await;
    channel.wait_for(12).await;
    let list = "fetch(`/v1/sites/default/destinations/${location.pathname.split('/').pop()}/deliveries?state=waiting`)";
    let is_waiting =
        format!("{list}.then(it => it.json()).then(it => it.deliveries[0]?.tries == 2)");
    while !browser.promised::<bool>(&is_waiting).await {}
    channel.answers(200, "ok");
    browser.click("$('[name=kept][value=delivered]').parentElement").await;
    browser.click("$('[name=kept][value=waiting]').parentElement").await;
    browser.until("$('.delivery button')?.textContent == 'Send now'").await;
    browser.click("$('.delivery button')").await;
    browser.until("all('.said').some(it => it.textContent == 'It is sent now.')").await;
    channel.wait_for(13).await;

    browser.open(&collector.url("/studio/default/~destinations")).await;
    browser.until("$('.row h2')?.textContent == 'Everybody'").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('.row h2 a')").await;
    browser.click(&button("Remove")).await;
    browser.until("$('[role=alert]')?.textContent.includes('Everybody')").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('[role=alert] button')").await;
    browser.until("$('.empty h2')?.textContent == 'Answers go nowhere else yet'").await;
    // What was there is told by its address.
    browser.open(&there).await;
    browser.until("$('[role=alert]')?.textContent.includes('no such destination')").await;
}

async fn write_condition(browser: &Browser, name: &str, operator: &str, value: &str) {
    write(browser, "$('#when-name-0')", name).await;
    // The name is taken over when the field is left.
    browser.run("$('#when-name-0').blur()").await;
    browser.until("$('#when-operator-0').value == '='").await;
    let choose = format!(
        "const it = $('#when-operator-0'); it.value = {}; it.dispatchEvent(new Event('change', {{bubbles: true}}))",
        json!(operator)
    );
    browser.run(&choose).await;
    write(browser, "$('#when-value-0')", value).await;
}

async fn every_kind_has_its_form_in_both_languages_and_looks(browser: Browser) {
    let collector = Collector::start_with(&ALLOWED).await;
    let narrow = if browser.engine == Engine::Chromium { 390 } else { 500 };
    browser.open_as(Look { screen: Some([narrow, 844]), ..Look::PLAIN }, collector.link()).await;
    browser.until("$('.main-sides')").await;
    for (look, language, save) in [("light", "en", "Save"), ("dark", "es", "Guardar")] {
        browser
            .run(&format!(
                "localStorage.setItem('sondeo.dashboard.look', '{look}'); \
                 localStorage.setItem('sondeo.dashboard.language', '{language}')"
            ))
            .await;
        browser.open(&collector.url("/studio/default/~destinations/new")).await;
        browser
            .until(&format!("$('html').className == '{look}' && all('.moment').length == 10"))
            .await;
        let kinds: Vec<String> = browser.value("all('.moment').map(it => it.dataset.kind)").await;
        for kind in kinds {
            browser.click(&format!("$('[data-kind={kind}]')")).await;
            browser.until("$('#set-name')").await;
            browser.click(&button(save)).await;
            browser.until("$('#set-name-wrong').textContent").await;
            // Nothing runs out of a phone's window, and everything has a name.
            let overflow = "document.scrollingElement.scrollWidth > innerWidth";
            assert!(!browser.value::<bool>(overflow).await, "{kind} in {language}");
            let unnamed = "all('main input, main select, main textarea, main button').filter(it => it.offsetParent) \
                .filter(it => !(it.labels?.[0]?.textContent || it.ariaLabel || it.textContent).trim()).map(it => it.outerHTML)";
            assert_eq!(browser.value::<Vec<String>>(unnamed).await, [""; 0], "{kind}");
            browser.axe_page().await.is_accessible();
            browser.click("$('main .wide p > .quiet')").await;
            browser.until("all('.moment').length == 10").await;
        }
    }
    // A secret for signatures is drawn here, and can be taken along.
    browser.click("$('[data-kind=webhook]')").await;
    browser.click(&button("Crear uno")).await;
    browser.until("/^whsec_[A-Za-z0-9+/]{43}=$/.test($('#set-secret').value)").await;
    browser.until("$('.copying')").await;
}

/// Makes a destination through the interface, in the session of the browser.
async fn make(browser: &Browser, destination: &Json) -> String {
    let make = format!(
        "fetch('/v1/sites/default/destinations', {{method: 'POST', body: {}, \
         headers: {{'content-type': 'application/json'}}}}).then(it => it.json()).then(it => it.id)",
        json!(destination.to_string())
    );
    browser.promised(&make).await
}

async fn what_is_written_outlives_a_session_and_a_colleague(browser: Browser) {
    let collector = Collector::start_with(&ALLOWED).await;
    collector.welcome("ana", "correct horse battery staple").await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    let settings = json!({"to": ["team@shop.example"]});
    let mail = json!({"kind": "email", "name": "Mail", "state": "paused", "settings": settings});
    let id = make(&browser, &mail).await;
    browser.open(&collector.url(&format!("/studio/default/~destinations/{id}"))).await;
    browser.until("$('#set-to')?.value == 'team@shop.example'").await;
    write(&browser, "$('#set-name')", "Mine").await;

    // A colleague changes it meanwhile.
    let change = |name: &str| {
        format!(
            "fetch('/v1/sites/default/destinations/{id}', {{method: 'PATCH', body: JSON.stringify({{name: '{name}'}}), \
             headers: {{'content-type': 'application/json'}}}}).then(it => it.status)"
        )
    };
    assert_eq!(browser.promised::<u16>(&change("Theirs")).await, 200);
    browser.until("$('h1').textContent == 'Theirs'").await;
    assert_eq!(
        browser.value::<String>("$('#set-name').value").await,
        "Mine",
        "what is written stays"
    );
    browser.click(&button("Save")).await;
    browser.until("$('.conflict')?.textContent.includes('Name')").await;
    browser.axe_page().await.is_accessible();
    browser.click(&button("Go on with mine")).await;
    browser.until("$('h1').textContent == 'Mine' && !$('.conflict')").await;
    assert_eq!(browser.promised::<u16>(&change("Once more")).await, 200);
    write(&browser, "$('#set-name')", "Mine again").await;
    browser.click(&button("Save")).await;
    browser.click(&button("Take theirs")).await;
    browser.until("$('#set-name').value == 'Once more' && !$('.conflict')").await;

    // What it is told of: scores in place of answers, which have no conditions.
    let weekly = "const it = $('#set-tells'); it.value = 'changes:week'; it.dispatchEvent(new Event('change', {bubbles: true}))";
    browser.run(weekly).await;
    browser.until(&format!("!({})", button("Add a condition"))).await;

    // The session ends while somebody writes.
    let end = "fetch('/v1/session', {method: 'DELETE'}).then(it => it.status)";
    assert_eq!(browser.promised::<u16>(end).await, 204);
    write(&browser, "$('#set-name')", "After all").await;
    browser.click(&button("Save")).await;
    browser.until("$('#again-user')").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('#again-user')").await;
    browser.press("ana").await;
    browser.click("$('#again-password')").await;
    browser.press(format!("correct horse battery staple{ENTER}")).await;
    browser.until("$('h1').textContent == 'After all' && !$('#again-user')").await;
    let kept = format!("fetch('/v1/sites/default/destinations/{id}').then(it => it.json())");
    let kept: Json = browser.promised(&kept).await;
    assert_eq!(kept["settings"], json!({"to": ["team@shop.example"], "changes": "week"}), "{kept}");
}

async fn only_owners_see_destinations(browser: Browser) {
    let collector = Collector::start_with(&ALLOWED).await;
    collector.welcome("eva", "correct horse battery staple").await;
    collector.command(&["user", "eva", "--role", "editor"]).await;
    browser.open(&collector.url("/studio/")).await;
    browser.click("$('[name=user]')").await;
    browser.press("eva").await;
    browser.click("$('[name=password]')").await;
    browser.press(format!("correct horse battery staple{ENTER}")).await;
    browser.until("all('.moment').length == 14").await;
    browser.until_idle().await;
    assert!(!browser.value::<bool>(&format!("!!({})", button("Destinations"))).await);
    for page in ["", "/new"] {
        browser.open(&collector.url(&format!("/studio/default/~destinations{page}"))).await;
        browser.until("$('[role=alert]')?.textContent.includes('Only owners')").await;
        browser.axe_page().await.is_accessible();
    }
}

/// The mails that a server has put into this Maildir.
fn mails(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("new")).into_iter().flatten().flatten();
    entries.filter_map(|it| std::fs::read_to_string(it.path()).ok()).collect()
}

/// The shop, the widget, the collector, and what people read: a stand-in of Slack, and a mail server of Debian.
async fn a_low_rating_in_the_shop_is_read_within_two_seconds(browser: Browser) {
    let channel = Channel::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = folder.path().join("mailbox");
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
    let mut server = Command::new("aiosmtpd");
    server.args(["-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"]);
    server.arg(&mailbox).stderr(Stdio::null()).kill_on_drop(true);
    let Ok(_server) = server.spawn() else {
        eprintln!("not run: this machine has no aiosmtpd");
        return;
    };
    let deadline = Instant::now() + WAIT_TIMEOUT;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the mail server does not start");
        tokio::time::sleep(PAUSE).await;
    }
    let smtp = format!("smtp://127.0.0.1:{port}");
    let mail = ["--smtp", &*smtp, "--mail-from", "surveys@shop.example"];
    let collector = Collector::start_with(&[&ALLOWED[..], &mail].concat()).await;
    collector.command(&["publish", "examples/shop/surveys/post-purchase.json"]).await;
    collector.until_planned("default", json!([1])).await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    let low = |kind: &str, settings: Json| json!({"kind": kind, "name": kind, "when": "satisfaction<=2", "on": "each", "settings": settings});
    make(&browser, &low("slack", json!({"url": channel.url()}))).await;
    make(&browser, &low("email", json!({"to": ["team@shop.example"]}))).await;

    browser.open(&collector.url("/shop/product.html")).await;
    browser.click("$('#add-to-cart')").await;
    browser.click("$('#place-order')").await;
    let survey = browser.survey("post-purchase");
    survey.asks("How would you rate your shopping experience?").await;
    let begun = Instant::now();
    survey.choose("satisfaction", "1").await;
    let clicked = begun.elapsed();
    let message = channel.wait_for(1).await.remove(0);
    let in_channel = begun.elapsed();
    while mails(&mailbox).is_empty() {
        assert!(begun.elapsed() < WAIT_TIMEOUT, "no mail comes");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let in_mailbox = begun.elapsed();
    eprintln!(
        "{}: from the click (which took {clicked:?}) to the channel {in_channel:?}, to the mailbox {in_mailbox:?}",
        browser.engine
    );
    assert!(in_channel.max(in_mailbox) < Duration::from_secs(2), "{in_channel:?}, {in_mailbox:?}");
    assert_eq!(message["text"], "post-purchase: 1 of 5");
    assert!(mails(&mailbox)[0].contains("Subject: post-purchase: 1 of 5"));
}
