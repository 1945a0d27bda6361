//! With the keyboard alone, and without ever getting in its way.

use crate::support::{Browser, Collector, ENTER, ESCAPE, Host, Page, RIGHT};
use sondeo_model::Value;

crate::scenarios![
    opening_takes_neither_the_focus_nor_the_keys,
    arrows_choose_and_enter_confirms,
    the_button_shows_itself_to_the_keyboard_and_confirms,
    enter_without_a_choice_asks_for_one,
    escape_inside_closes_and_gives_the_focus_back,
    escape_outside_belongs_to_the_page,
];

/// A page where somebody is typing into a field when the survey opens.
async fn typing(browser: &Browser) -> (Collector, Host) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", "").body(
        "<label>Name <input id=field></label><script>\
         keys = []; addEventListener('keydown', event => keys.push(event.key))</script>",
    );
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.click("$('#field')").await;
    browser.press("abc").await;
    browser.run("sondeo.track('purchase')").await;
    browser.survey("post-purchase").asks("How would you rate your shopping experience?").await;
    (collector, host)
}

const FIRST: &str = "focused() == input('post-purchase', 'satisfaction', '1')";

async fn opening_takes_neither_the_focus_nor_the_keys(browser: Browser) {
    let _site = typing(&browser).await;
    browser.press("def").await;
    assert_eq!(browser.value::<String>("$('#field').value").await, "abcdef");
    assert_eq!(browser.value::<String>("keys.join('')").await, "abcdef");
    assert!(browser.value::<bool>("focused() == $('#field')").await);
}

async fn arrows_choose_and_enter_confirms(browser: Browser) {
    let (_collector, host) = typing(&browser).await;
    browser.tab_until(FIRST).await;
    // From the first to the fourth: passing by is no answer.
    for value in ["2", "3", "4"] {
        browser.press(RIGHT.to_string()).await;
        browser.until(&format!("input('post-purchase', 'satisfaction', {value}).checked")).await;
    }
    browser.until_idle().await;
    assert!(!browser.page_log().await.event_names().contains(&"answered"));
    assert!(host.endpoint.requests().is_empty());

    browser.press(ENTER.to_string()).await;
    browser.survey("post-purchase").thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().answers[0].value, Value::Integer(4));
    // What is typed into the survey is not for the page's shortcuts.
    let heard: String = browser.value("keys.filter(key => key != 'Tab').join('')").await;
    assert_eq!(heard, "abc");
    browser.page_log().await.is_undisturbed();
}

async fn enter_without_a_choice_asks_for_one(browser: Browser) {
    let (_collector, host) = typing(&browser).await;
    let address: String = browser.value("location.href").await;
    browser.tab_until(FIRST).await;
    browser.press(ENTER.to_string()).await;
    let missing = browser.survey("post-purchase").part("[role=alert]");
    browser.until(&format!("{missing}.textContent == 'Please choose an answer.'")).await;
    browser.until_idle().await;
    // A form that is not stopped would take the visitor, and what they typed, to another page.
    assert_eq!(browser.value::<String>("location.href").await, address);
    assert_eq!(browser.value::<String>("$('#field').value").await, "abc");
    assert!(host.endpoint.requests().is_empty());
    browser.page_log().await.is_undisturbed();
}

async fn the_button_shows_itself_to_the_keyboard_and_confirms(browser: Browser) {
    let (_collector, host) = typing(&browser).await;
    let survey = browser.survey("post-purchase");
    browser.tab_until(FIRST).await;
    browser.press(" ").await;
    browser.until("input('post-purchase', 'satisfaction', 1).checked").await;
    let button = survey.part("button[type=submit]");
    browser.tab_until(&format!("focused() == {button}")).await;
    // `aim` insists that it can be seen and hit.
    browser.promised::<[i32; 2]>(&format!("aim({button})")).await;
    let [_, _, width, height]: [f64; 4] = browser.value(&format!("box({button})")).await;
    assert!(width >= 44.0 && height >= 24.0, "{width} by {height}");

    browser.press(ENTER.to_string()).await;
    survey.asks("What went wrong?").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().answers[0].value, Value::Integer(1));
    // The focus goes on to what is asked next.
    browser.until("focused()?.localName == 'textarea'").await;
}

async fn escape_inside_closes_and_gives_the_focus_back(browser: Browser) {
    let (_collector, host) = typing(&browser).await;
    browser.tab_until(FIRST).await;
    browser.press(ESCAPE.to_string()).await;

    browser.survey("post-purchase").is_gone().await;
    browser.heard("dismissed").await;
    assert!(host.endpoint.requests().is_empty(), "nothing was answered");
    let focus: String = browser.value("focused().id || focused().localName").await;
    assert_eq!(focus, "field", "the focus is not where it was");
}

async fn escape_outside_belongs_to_the_page(browser: Browser) {
    let _site = typing(&browser).await;
    browser.press(ESCAPE.to_string()).await;
    browser.until("keys.includes('Escape')").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("!!survey('post-purchase')").await);
}
