//! Where a survey stands, how it is opened and closed, and that it can be answered wherever it stands.

use crate::support::{Browser, Collector, ENTER, ESCAPE, Host, Look, Page, RIGHT, Survey, TAB};
use serde_json::json;
use sondeo_model::{Display, Position, Value};

crate::scenarios![
    what_floats_moves_nothing_on_the_page,
    a_dialog_holds_the_focus_until_it_is_closed,
    a_page_holds_the_focus_until_it_is_closed,
    every_display_is_answered_by_keyboard_alone;
    in one engine:
    every_display_is_answered_with_a_finger,
    a_popover_stands_where_it_is_told,
    a_tab_stands_where_it_is_told,
    a_bar_goes_from_edge_to_edge,
    a_page_covers_the_window,
    an_element_holds_what_stands_in_it,
    a_tab_is_opened_and_closed_by_keyboard,
    a_tab_is_opened_and_closed_by_pointer,
];

const ID: &str = "post-purchase";
const QUESTION: &str = "How would you rate your shopping experience?";

/// A page with a field and many words, where the survey waits to be asked for.
async fn open(browser: &Browser, look: Look, display: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let attributes = format!(r#"data-trigger="manual" data-display="{display}""#);
    let page = Page::with_survey(&collector, "/responses", &attributes);
    let host = Host::of(page.body(BODY)).await;
    browser.open_as(look, &host.url("/")).await;
    browser.loaded().await;
    (collector, host)
}

const BODY: &str = "<main><h1>A page</h1><label>Name <input id=field></label>\
                    <p style='height: 2000px'>Many words</p></main>";

async fn show(browser: &Browser) -> Survey<'_> {
    browser.run(&format!("sondeo.show('{ID}')")).await;
    let survey = browser.survey(ID);
    survey.asks(QUESTION).await;
    survey
}

/// In one display, the survey at each of the positions; gives where this part of it stands.
async fn spots(browser: &Browser, display: &str, css: &str, turned: bool) -> Vec<String> {
    let collector = Collector::start().await;
    let page = Page::new(collector.tag("data-preview")).body("<div id=place></div>");
    let host = Host::of(if turned { page.right_to_left() } else { page }).await;
    browser.open(&host.url("/")).await;
    let mut spots = Vec::new();
    for position in Position::KEYWORDS {
        let attributes = json!({
            "data-sondeo": "csat", "data-display": display, "data-position": position,
        });
        browser
            .run(&format!(
                "const element = document.createElement('div');
                for (const it of Object.entries({attributes})) element.setAttribute(...it);
                $('#place').replaceChildren(element)"
            ))
            .await;
        let part = browser.survey("csat").part(css);
        browser.until(&format!("survey('csat')?.dataset.position == '{position}'")).await;
        browser.promised::<[i32; 2]>(&format!("aim({part})")).await;
        let found: String = browser.value(&format!("spot(box({part}))")).await;
        spots.push(format!("{position}: {found}"));
        browser.run("$('#place').replaceChildren()").await;
        browser.survey("csat").is_gone().await;
    }
    spots
}

async fn a_popover_stands_where_it_is_told(browser: Browser) {
    let expected = [
        "bottom-right: bottom right",
        "bottom-left: bottom left",
        "top-right: top right",
        "top-left: top left",
        "bottom: bottom middle",
        "top: top middle",
        "center: middle middle",
    ];
    assert_eq!(spots(&browser, "popover", ".card", false).await, expected);
    let turned = [
        "bottom-right: bottom left",
        "bottom-left: bottom right",
        "top-right: top left",
        "top-left: top right",
        "bottom: bottom middle",
        "top: top middle",
        "center: middle middle",
    ];
    assert_eq!(spots(&browser, "popover", ".card", true).await, turned);
}

async fn a_tab_stands_where_it_is_told(browser: Browser) {
    let expected = [
        "bottom-right: bottom right",
        "bottom-left: bottom left",
        "top-right: top right",
        "top-left: top left",
        "bottom: bottom middle",
        "top: top middle",
        "center: middle right",
    ];
    assert_eq!(spots(&browser, "tab", ".tab", false).await, expected);
    let turned = spots(&browser, "tab", ".tab", true).await;
    let [right, left] = [&turned[0], &turned[1]];
    assert_eq!([right, left], ["bottom-right: bottom left", "bottom-left: bottom right"]);
    assert_eq!(turned[6], "center: middle left");
}

async fn a_bar_goes_from_edge_to_edge(browser: Browser) {
    let spots = spots(&browser, "bar", ".card", false).await;
    for spot in spots {
        let edge = if spot.starts_with("top") { ": top middle" } else { ": bottom middle" };
        assert!(spot.ends_with(edge), "{spot}");
    }
    let _site = open(&browser, Look::PLAIN, "bar").await;
    let survey = show(&browser).await;
    browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
    let [x, y, width, height]: [f64; 4] =
        browser.value(&format!("box({})", survey.part(".card"))).await;
    let [all, down]: [f64; 2] =
        browser.value("[document.scrollingElement.clientWidth, innerHeight]").await;
    assert_eq!((x, width), (0.0, all));
    assert!((y + height - down).abs() < 0.1, "{y} and {height} of {down}");
    assert!(height < 200.0, "a bar of {height}");
}

async fn a_page_covers_the_window(browser: Browser) {
    for look in [Look::PLAIN, Look::PHONE] {
        let _site = open(&browser, look, "page").await;
        let survey = show(&browser).await;
        browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
        let card: [f64; 4] = browser.value(&format!("box({})", survey.part(".card"))).await;
        let window: [f64; 2] = browser.value("[innerWidth, innerHeight]").await;
        // A scroll bar of the page may stay beside it.
        assert!((card[2] - window[0]).abs() <= 20.0, "{card:?} in {window:?}");
        assert_eq!([card[0], card[1], card[3]], [0.0, 0.0, window[1]]);
    }
}

async fn an_element_holds_what_stands_in_it(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::new(collector.tag("data-preview")).body(
        "<main style='width: 600px; padding: 42px'><h1>A page</h1>\
         <div id=flow data-sondeo=csat></div>\
         <div id=whole data-sondeo=ces data-display=page></div><p>Words</p></main>",
    );
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    for (id, place) in [("csat", "#flow"), ("ces", "#whole")] {
        let survey = browser.survey(id);
        browser.until(&survey.part("legend")).await;
        assert!(browser.value::<bool>(&format!("placeOf('{id}') == $('{place}')")).await);
        let [x, _, width, _]: [f64; 4] =
            browser.value(&format!("box({})", survey.part(".card"))).await;
        assert_eq!((x, width), (50.0, 600.0), "{id}");
        assert!(browser.value::<bool>("document.activeElement == document.body").await);
    }
    // In the order of the page.
    let order = "box($('#flow'))[1] < box($('#whole'))[1] && box($('#whole'))[1] < box($('p'))[1]";
    assert!(browser.value::<bool>(order).await);
}

async fn what_floats_moves_nothing_on_the_page(browser: Browser) {
    for display in Display::KEYWORDS.iter().filter(|word| **word != "inline") {
        let _site = open(&browser, Look::PLAIN, display).await;
        browser.run("scrollTo(0, 300)").await;
        browser.until("scrollY == 300").await;
        let before: Vec<String> = browser.value("[...scene(), String(scrollY)]").await;
        let survey = show(&browser).await;
        browser.until_idle().await;
        let with: Vec<String> = browser.value("[...scene(), String(scrollY)]").await;
        assert_eq!(with, before, "{display}");
        browser.run("sondeo.hide()").await;
        survey.is_gone().await;
        let after: Vec<String> = browser.value("[...scene(), String(scrollY)]").await;
        assert_eq!(after, before, "{display}");
    }
}

/// Two rounds with Tab and two with Shift+Tab: the focus comes by everything inside, and never gets out.
async fn holds_the_focus(browser: &Browser, display: &str) {
    let _site = open(browser, Look::PLAIN, display).await;
    browser.click("$('#field')").await;
    let survey = show(browser).await;
    let first = format!("focused() == {}", survey.option("satisfaction", "1"));
    browser.until(&first).await;
    // The page waits.
    assert!(browser.value::<bool>("at(...box($('#field')).slice(0, 2)) != $('#field')").await);
    browser.press("x").await;
    assert_eq!(browser.value::<String>("$('#field').value").await, "");

    for is_back in [false, true] {
        let mut seen = Vec::new();
        // An engine may stop at the dialog itself.
        for _ in 0..8 {
            if is_back {
                browser.shift_tab().await;
            } else {
                browser.press(TAB.to_string()).await;
            }
            let stop = "focused().className || focused().type";
            let stop = format!("hasFocus('{ID}') ? {stop} : 'outside'");
            seen.push(browser.value::<String>(&stop).await);
        }
        let count = |stop| seen.iter().filter(|it| *it == stop).count();
        assert_eq!(count("outside"), 0, "{seen:?}");
        assert!(["radio", "submit", "close"].into_iter().all(|it| count(it) >= 2), "{seen:?}");
    }
    browser.press(ESCAPE.to_string()).await;
    survey.is_gone().await;
    browser.until("focused() == $('#field')").await;
    browser.heard("dismissed").await;
}

async fn a_dialog_holds_the_focus_until_it_is_closed(browser: Browser) {
    holds_the_focus(&browser, "dialog").await;
}

async fn a_page_holds_the_focus_until_it_is_closed(browser: Browser) {
    holds_the_focus(&browser, "page").await;
}

async fn a_tab_is_opened_and_closed_by_keyboard(browser: Browser) {
    let (_collector, host) = open(&browser, Look::PLAIN, "tab").await;
    browser.click("$('#field')").await;
    let survey = show(&browser).await;
    let [tab, card] = [".tab", ".card"].map(|css| survey.part(css));
    assert_eq!(browser.value::<String>(&format!("{tab}.textContent")).await, "Feedback");
    assert!(browser.value::<bool>(&format!("{card}.hidden && focused() == $('#field')")).await);

    let first = format!("focused() == {}", survey.option("satisfaction", "1"));
    for _ in 0..2 {
        browser.tab_until(&format!("focused() == {tab}")).await;
        browser.press(ENTER.to_string()).await;
        browser.until(&format!("!{card}.hidden && {tab}.ariaExpanded == 'true'")).await;
        browser.until(&first).await;
        browser.press(ESCAPE.to_string()).await;
        browser.until(&format!("{card}.hidden && {tab}.ariaExpanded == 'false'")).await;
        assert!(browser.value::<bool>(&format!("focused() == {tab}")).await);
        browser.click("$('#field')").await;
    }
    assert!(host.endpoint.requests().is_empty());
    browser.page_log().await.is_undisturbed();
}

async fn a_tab_is_opened_and_closed_by_pointer(browser: Browser) {
    let (_collector, host) = open(&browser, Look::PLAIN, "tab").await;
    let survey = show(&browser).await;
    let [tab, card, close] = [".tab", ".card", ".close"].map(|css| survey.part(css));
    browser.click(&tab).await;
    browser.until(&format!("!{card}.hidden && hasFocus('{ID}')")).await;
    browser.click(&close).await;
    browser.until(&format!("{card}.hidden && focused() == {tab}")).await;
    browser.click(&tab).await;
    browser.until(&format!("!{card}.hidden")).await;
    // What it opens, it closes.
    browser.click(&tab).await;
    browser.until(&format!("{card}.hidden")).await;

    browser.click(&tab).await;
    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    assert_eq!(host.endpoint.until_posted(1).await.len(), 1);
    browser.click(&close).await;
    survey.is_gone().await;
}

async fn every_display_is_answered_by_keyboard_alone(browser: Browser) {
    for display in Display::KEYWORDS {
        let (_collector, host) = open_anywhere(&browser, Look::PLAIN, display).await;
        let survey = browser.survey(ID);
        if *display == "tab" {
            browser.tab_until(&format!("focused() == {}", survey.part(".tab"))).await;
            browser.press(ENTER.to_string()).await;
        }
        let first = format!("focused() == {}", survey.option("satisfaction", "1"));
        if ["dialog", "page", "tab"].contains(display) {
            browser.until(&first).await;
        } else {
            browser.tab_until(&first).await;
        }
        browser.press(RIGHT.to_string()).await;
        browser.until(&format!("{}.checked", survey.option("satisfaction", "2"))).await;
        browser.press(ENTER.to_string()).await;
        survey.asks("What went wrong?").await;
        browser.until("focused()?.localName == 'textarea'").await;
        browser.press("Late").await;
        let button = survey.part("button[type=submit]");
        browser.tab_until(&format!("focused() == {button}")).await;
        browser.press(ENTER.to_string()).await;
        survey.thanks("Thank you!").await;
        is_answered(&host, display).await;
    }
}

async fn every_display_is_answered_with_a_finger(browser: Browser) {
    for display in Display::KEYWORDS {
        let (_collector, host) = open_anywhere(&browser, Look::PHONE, display).await;
        let survey = browser.survey(ID);
        if *display == "tab" {
            browser.tap(&survey.part(".tab")).await;
        }
        browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
        survey.fits().await;
        browser.tap(&survey.option("satisfaction", "2")).await;
        survey.asks("What went wrong?").await;
        browser.tap(&survey.part("textarea")).await;
        browser.press("Late").await;
        survey.fits().await;
        browser.tap(&survey.part("button[type=submit]")).await;
        survey.thanks("Thank you!").await;
        survey.fits().await;
        is_answered(&host, display).await;
    }
}

/// In the flow of the page only where an element asks for it.
async fn open_anywhere(browser: &Browser, look: Look, display: &str) -> (Collector, Host) {
    if display != "inline" {
        let site = open(browser, look, display).await;
        show(browser).await;
        return site;
    }
    let collector = Collector::start().await;
    let element = format!(r#"<div data-sondeo="{ID}" data-trigger="load" data-delay="0s"></div>"#);
    let page = Page::new(collector.tag(r#"data-endpoint="/responses""#));
    let host = Host::of(page.body(format!("{element}{BODY}"))).await;
    browser.open_as(look, &host.url("/")).await;
    browser.survey(ID).asks(QUESTION).await;
    (collector, host)
}

async fn is_answered(host: &Host, display: &str) {
    let posts = host.endpoint.until_posted(2).await;
    let values: Vec<_> = posts[1].response().answers.into_iter().map(|it| it.value).collect();
    assert_eq!(values, [Value::Integer(2), Value::Text("Late".into())], "{display}");
}
