//! What makes a survey due, caused as a person or a page would; and what does not, for which another survey
//! comes instead.

use crate::support::{Browser, Collector, Engine, Host, Page};

crate::scenarios![
    a_click_on_such_an_element,
    a_form_of_that_kind_is_submitted,
    an_element_comes_into_view,
    half_the_page_is_scrolled,
    the_pointer_leaves_through_the_top,
    a_finger_leaves_otherwise,
    time_in_another_tab_is_not_spent_here;
    in one engine:
    a_visitor_does_nothing_for_a_while,
    leaving_the_cart_at_once_is_no_abandonment,
    a_first_visitor_who_has_seen_half_of_the_page_is_asked,
    a_selector_that_is_none_is_one_line,
];

/// A page on which `csat` waits for the trigger, and others for an event each.
async fn waiting(trigger: &str, body: &str) -> (Collector, Host) {
    waiting_for("csat", &format!(r#"data-trigger="{trigger}""#), "/", body).await
}

async fn waiting_for(survey: &str, attributes: &str, path: &str, body: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let often =
        r#"data-endpoint="/responses" data-quiet="0" data-recontact="always" data-snooze="always""#;
    let mut tags = collector.tag(&format!(r#"data-survey="{survey}" {attributes} {often}"#));
    for other in OTHERS {
        let trigger = format!(r#"data-survey="{other}" data-trigger="event:{other}" {often}"#);
        tags.push_str(&collector.tag(&trigger));
    }
    let host = Host::with([(path, Page::new(tags).body(body))]).await;
    (collector, host)
}

/// Surveys that come when asked for by the event of their name, once on a page view.
const OTHERS: [&str; 3] = ["ces", "nps", "ttr"];

/// Another survey comes, and this one has not: what happened before was nothing to it.
async fn is_not_asked(browser: &Browser, survey: &str) {
    let other: usize = browser.value("window.others = (window.others ?? -1) + 1").await;
    let other = OTHERS[other];
    browser.run(&format!("sondeo.track('{other}')")).await;
    browser.until(&format!("legend('{other}')")).await;
    browser.until_idle().await;
    assert!(browser.value::<bool>(&format!("!survey('{survey}')")).await, "it was asked");
    browser.run(&format!("sondeo.hide('{other}')")).await;
    browser.survey(other).is_gone().await;
}

async fn is_asked(browser: &Browser) {
    browser.until("legend('csat')").await;
    browser.run("sondeo.hide('csat')").await;
    browser.survey("csat").is_gone().await;
}

/// An element with an open shadow root, which holds this.
fn shadow(html: &str) -> String {
    format!(
        "<p id=host></p><script>host.attachShadow({{mode: 'open'}}).innerHTML = `{html}`</script>"
    )
}

async fn a_click_on_such_an_element(browser: Browser) {
    let pages = [
        // The page stops the click on its way; a child is meant as well.
        (
            "click:'.cart .buy'",
            "<p class=cart><button class=buy onclick='event.stopPropagation()'><b>Buy</b></button>\
             <button id=other>Other</button>"
                .to_owned(),
            "$('b')",
        ),
        (
            "click:.buy",
            shadow("<button class=buy>Buy</button><button id=other>"),
            "host.shadowRoot.querySelector('.buy')",
        ),
    ];
    for (trigger, body, target) in pages {
        let (_collector, host) = waiting(trigger, &format!("{body}<h1>Words</h1>")).await;
        browser.open(&host.url("/")).await;
        browser.click("$('h1')").await;
        is_not_asked(&browser, "csat").await;
        browser.click(target).await;
        is_asked(&browser).await;
        browser.page_log().await.is_undisturbed();
    }
    // Before the engine came, on something that comes later than the tag.
    let (_collector, host) = waiting("click:.late", "<main></main>").await;
    browser.open(&host.url("/")).await;
    browser.run("$('main').innerHTML = '<button class=late>Late</button>'").await;
    browser.click("$('.late')").await;
    is_asked(&browser).await;
}

async fn a_form_of_that_kind_is_submitted(browser: Browser) {
    let form = |class: &str| {
        format!(
            "<form class={class} onsubmit='event.preventDefault()'><input><button>Send</button></form>"
        )
    };
    let (_collector, host) =
        waiting("submit:.contact", &[form("search"), form("contact")].concat()).await;
    browser.open(&host.url("/")).await;
    browser.click("$('.search button')").await;
    is_not_asked(&browser, "csat").await;
    browser.click("$('.contact button')").await;
    is_asked(&browser).await;

    // A submission does not leave the shadow root that it happens in.
    let inside = shadow(&form("contact"));
    for is_early in [true, false] {
        let (_collector, host) = waiting("submit:.contact", &inside).await;
        browser.open(&host.url("/")).await;
        if !is_early {
            is_not_asked(&browser, "csat").await;
        }
        browser.click("host.shadowRoot.querySelector('input')").await;
        browser.press("words\u{E007}").await;
        is_asked(&browser).await;
    }
}

async fn an_element_comes_into_view(browser: Browser) {
    let far = |html: &str| {
        format!("<div style='height: 3000px'></div>{html}<div style='height: 3000px'>")
    };
    let target = "<div class=end style='height: 200px'>The end</div>";
    // Smaller than a pixel, and larger than two windows.
    let empty = "<div class=end></div>";
    let large = "<div class=end style='height: 9000px'>Long</div>";
    let inside = shadow(target);
    for html in [target, empty, large, &inside] {
        let (_collector, host) = waiting("visible:.end", &far(html)).await;
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        browser.wheel(300).await;
        browser.until("scrollY > 0").await;
        is_not_asked(&browser, "csat").await;
        // No faster than the browser draws, or it would be past before it was seen.
        while browser.value("scrollY < 2950 && !survey('csat')").await {
            browser.wheel(250).await;
            browser.promised::<()>("frame().then(frame).then(() => null)").await;
        }
        is_asked(&browser).await;
    }
    // What comes later, there and in a shadow root.
    for late in [
        "$('main').innerHTML = '<p class=end>Late</p>'",
        "$('#host').shadowRoot.innerHTML = '<p class=end>Late</p>'",
        "const it = document.createElement('p'); \
         it.attachShadow({mode: 'open'}).innerHTML = '<p class=end>Late</p>'; $('main').append(it)",
    ] {
        let body = ["<main></main>", &shadow("<b>Words</b>")].concat();
        let (_collector, host) = waiting("visible:.end", &body).await;
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        is_not_asked(&browser, "csat").await;
        browser.run(late).await;
        is_asked(&browser).await;
    }
}

async fn half_the_page_is_scrolled(browser: Browser) {
    let body = "<div style='height: 6000px'>Long</div>";
    let (_collector, host) = waiting("scroll:50%", body).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.wheel(400).await;
    browser.until("scrollY > 0").await;
    is_not_asked(&browser, "csat").await;
    while browser.value("scrollY < (document.documentElement.scrollHeight - innerHeight) / 2").await
    {
        browser.wheel(800).await;
    }
    is_asked(&browser).await;

    // Many an application scrolls something else than the window.
    let inner = "<style>body {margin: 0} main {height: 100vh; overflow: auto} p {height: 6000px}</style>\
                 <main><p>Long</p></main>";
    let (_collector, host) = waiting("scroll:50%", inner).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.wheel(400).await;
    browser.until("$('main').scrollTop > 0").await;
    is_not_asked(&browser, "csat").await;
    while browser.value("$('main').scrollTop < 3000").await {
        browser.wheel(800).await;
    }
    is_asked(&browser).await;

    let (_collector, host) = waiting("scroll:50%", "<p>Short</p>").await;
    browser.open(&host.url("/")).await;
    is_asked(&browser).await;
}

/// Opens the page in a frame that the pointer can leave at every side, and steps into it.
async fn open_within(browser: &Browser, address: &str) {
    browser.open_on_a_phone(address).await;
    browser.step(false).await;
    browser.run("$('iframe').style.margin = '60px'").await;
    browser.step(true).await;
    browser.loaded().await;
}

async fn moves(browser: &Browser, path: &[[i32; 2]]) {
    browser.step(false).await;
    for point in path {
        browser.move_to(*point).await;
    }
    browser.step(true).await;
}

async fn the_pointer_leaves_through_the_top(browser: Browser) {
    let (_collector, host) = waiting("exit", "<p>Words</p>").await;
    open_within(&browser, &host.url("/")).await;
    moves(&browser, &[[200, 300], [20, 300], [200, 300]]).await;
    is_not_asked(&browser, "csat").await;
    moves(&browser, &[[200, 100], [200, 70], [200, 20]]).await;
    is_asked(&browser).await;
}

async fn a_finger_leaves_otherwise(browser: Browser) {
    // WebKit's driver has no fingers.
    if browser.engine == Engine::WebKit {
        return;
    }
    let body = "<h1>Words</h1><div style='height: 6000px'>Long</div>";
    let (_collector, host) = waiting("exit", body).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    // With a mouse, neither means anything.
    browser.click("$('h1')").await;
    let flick = "scrollTo(0, 3000); frame().then(frame).then(() => scrollTo(0, 1500))";
    browser.run(flick).await;
    browser.until("scrollY == 1500").await;
    is_not_asked(&browser, "csat").await;
    browser.run("scrollTo(0, 0)").await;

    browser.tap("$('h1')").await;
    is_not_asked(&browser, "csat").await;
    browser.run(flick).await;
    is_asked(&browser).await;

    browser.open(&host.url("/")).await;
    // Fingers are known from then on.
    browser.heard("ready").await;
    browser.tap("$('h1')").await;
    is_not_asked(&browser, "csat").await;
    browser.look_elsewhere().await;
    is_asked(&browser).await;
}

async fn a_visitor_does_nothing_for_a_while(browser: Browser) {
    let (_collector, host) = waiting("idle:2s", "<h1>Words</h1><input>").await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    // For more than that time, there is always something.
    browser.run("window.began = performance.now()").await;
    let mut x = 10;
    while browser.value("performance.now() - began < 2500").await {
        x += 1;
        browser.move_to([x, 20]).await;
    }
    let was_busy: bool = browser.value("!survey('csat')").await;
    assert!(was_busy, "asked while something was done");
    is_asked(&browser).await;

    let (_collector, host) = waiting("dwell:200ms", "<h1>Words</h1>").await;
    browser.open(&host.url("/")).await;
    is_asked(&browser).await;
}

async fn time_in_another_tab_is_not_spent_here(browser: Browser) {
    if browser.engine == Engine::WebKit {
        // Its automated window hides no tab.
        return;
    }
    for trigger in ["dwell:3s", "idle:3s"] {
        let (_collector, host) = waiting(trigger, "<h1>Words</h1>").await;
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        browser
            .run(
                "window.seen = 0; let since = performance.now();
                 document.addEventListener('visibilitychange', () => {
                   if (document.hidden) { window.seen += performance.now() - since; window.wasHidden = true }
                   since = performance.now();
                 });
                 document.addEventListener('sondeo:shown', () => window.seen += performance.now() - since)",
            )
            .await;
        browser.look_elsewhere().await;
        is_asked(&browser).await;
        let seen: f64 = browser.value("window.seen").await;
        assert!(seen > 2_000.0, "{trigger}: asked after {seen} ms in sight");
    }
}

async fn leaving_the_cart_at_once_is_no_abandonment(browser: Browser) {
    let (_collector, host) =
        waiting_for("cart-abandonment", r#"data-trigger="exit""#, "/cart", "<p>Words</p>").await;
    open_within(&browser, &host.url("/cart")).await;
    moves(&browser, &[[200, 100], [200, 70], [200, 20]]).await;
    is_not_asked(&browser, "cart-abandonment").await;
    // Ten seconds later.
    browser
        .run("const now = performance.now.bind(performance); performance.now = () => now() + 10000")
        .await;
    moves(&browser, &[[200, 100], [200, 70], [200, 20]]).await;
    browser.until("legend('cart-abandonment')").await;
}

async fn a_first_visitor_who_has_seen_half_of_the_page_is_asked(browser: Browser) {
    let body = "<div style='height: 6000px'>Long</div>";
    let (_collector, host) = waiting_for("first-visit", "", "/", body).await;
    browser.open(&host.url("/")).await;
    browser.heard("ready").await;
    is_not_asked(&browser, "first-visit").await;
    while browser.value("scrollY < 3000").await {
        browser.wheel(800).await;
    }
    browser.until("legend('first-visit')").await;
    // Without that, it would have been later.
    assert!(browser.value::<bool>("performance.now() < 30000").await);
}

async fn a_selector_that_is_none_is_one_line(browser: Browser) {
    let (_collector, host) = waiting("click:[ click:b", "<b>Words</b>").await;
    browser.open(&host.url("/")).await;
    // What the loader cannot read, the engine has to.
    browser.heard("ready").await;
    browser.click("$('b')").await;
    is_asked(&browser).await;
    let page_log = browser.page_log().await;
    let line = r#"sondeo: data-trigger="click:[" is not a trigger with a CSS selector (try "click:.cancel")"#;
    assert_eq!(page_log.lines, [line]);
    assert_eq!(page_log.errors, [""; 0]);
}
