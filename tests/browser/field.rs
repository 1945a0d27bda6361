//! What pages do in the field: complaints that users of comparable products have made, each with its smallest input
//! (issue 12). Frameworks themselves are in `frameworks`.

use crate::support::{Browser, Collector, Host, Page};
use axum::Router;
use axum::routing::get;
use serde_json::json;

crate::scenarios![
    a_layout_asks_about_each_page,
    a_patched_page_keeps_its_survey,
    a_modal_part_of_the_page_comes_first,
    elements_in_open_shadow_roots_are_elements,
    the_children_of_an_element_stay_the_pages_own,
    what_is_typed_stays_in_the_survey,
    a_page_that_answers_for_the_endpoint_is_no_receipt,
    a_frame_of_one_pixel_shows_nothing,
    an_element_that_comes_back_brings_what_was_typed;
    in one engine:
    events_of_the_browser_ask_nothing,
    an_element_is_asked_about_as_it_is,
    an_element_with_a_root_of_its_own_gets_a_child,
    crawlers_are_no_visitors,
    a_tags_words_are_for_its_own_survey,
    an_element_that_is_mounted_again_counts_once,
    a_tag_that_leaves_asks_nothing,
    copies_without_life_are_removed,
    a_body_from_right_to_left_decides_the_corner,
    a_call_adds_surveys,
    a_purchase_before_the_way_to_the_thanks_is_asked_about,
];

const OFTEN: &str =
    r#"data-endpoint="/responses" data-quiet="0" data-recontact="always" data-snooze="always""#;

async fn site(attributes: &str, body: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let page = || Page::new(collector.tag(&format!("{attributes} {OFTEN}"))).body(body);
    let host = Host::with([("/", page()), ("/b", page())]).await;
    (collector, host)
}

async fn events_of_the_browser_ask_nothing(browser: Browser) {
    let collector = Collector::start().await;
    let tags = [
        collector.tag(&format!(r#"data-survey="nps" data-trigger="event:now load" {OFTEN}"#)),
        collector.tag(&format!(
            r#"data-survey="csat" data-trigger="event:reset event:select event:cancel event:click" {OFTEN}"#
        )),
    ];
    let body = "<form><input value=words id=field><button type=reset>Undo</button></form>";
    let host = Host::of(Page::new(tags.concat()).body(body)).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('nps')").await;
    browser.run("sondeo.hide()").await;
    browser.survey("nps").is_gone().await;
    browser.run("history.pushState({}, '', '/b')").await;
    browser.until("legend('nps')").await;
    browser.run("sondeo.hide()").await;
    browser.survey("nps").is_gone().await;
    browser.run("$('form').reset(); $('#field').select()").await;
    browser.click("$('button')").await;
    browser.until_idle().await;
    assert!(!browser.value::<bool>("!!survey('csat')").await, "the browser's own events");
    browser.run("document.dispatchEvent(new CustomEvent('reset'))").await;
    browser.until("legend('csat')").await;
}

const FAQ: &str = "<main><div data-sondeo=faq data-custom-article=a></div></main>";

async fn a_layout_asks_about_each_page(browser: Browser) {
    let (_collector, host) = site("", FAQ).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    // Nobody answered on the first page.
    browser.run("history.pushState({}, '', '/b')").await;
    browser.until("pageLog.events.filter(it => it.name == 'shown').length == 2").await;
    let survey = browser.survey("faq");
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().page.url, host.url("/b"));
    // The next page asks anew, and another fragment of it does not.
    browser.run("history.pushState({}, '', '/c')").await;
    browser.until("legend('faq')").await;
    browser.run("survey('faq').isTheSame = true; location.hash = 'part'").await;
    browser.until_idle().await;
    assert!(browser.value::<bool>("survey('faq').isTheSame").await, "the same page");
}

async fn an_element_is_asked_about_as_it_is(browser: Browser) {
    let (_collector, host) = site("", FAQ).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    browser
        .run("$('[data-sondeo]').dataset.customArticle = 'b'; window.before = survey('faq')")
        .await;
    browser.run("$('[data-sondeo]').dataset.question = 'Is b clear?'").await;
    let survey = browser.survey("faq");
    survey.asks("Is b clear?").await;
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(1).await;
    let response = posts[0].response();
    assert_eq!(response.custom, [("article".to_owned(), "b".to_owned())]);
    assert_eq!(response.answers[0].text, "Is b clear?");
    browser.page_log().await.is_undisturbed();
}

async fn a_patched_page_keeps_its_survey(browser: Browser) {
    let (_collector, host) = site(r#"data-survey="csat" data-trigger="load""#, FAQ).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq') && legend('csat')").await;
    browser.run("window.before = [survey('faq'), survey('csat')]").await;
    for _ in 0..8 {
        // What does not come from the server is swept away.
        browser.run("$('[data-sondeo]').innerHTML = ''; $('html > sondeo-widget')?.parentNode.removeChild($('html > sondeo-widget'))").await;
        browser.until("$('html > sondeo-widget') && legend('faq') && legend('csat')").await;
    }
    assert!(
        browser.value::<bool>("before[0] == survey('faq') && before[1] == survey('csat')").await
    );
    browser.page_log().await.is_undisturbed();
}

async fn a_modal_part_of_the_page_comes_first(browser: Browser) {
    for (open, close) in [
        ("<div role=dialog aria-modal=true id=it>Cookies?</div>", "$('#it').remove()"),
        (
            "<div role=dialog aria-modal=true id=it>Cookies?</div>",
            "$('#it').style.display = 'none'",
        ),
        (
            "<div popover id=it>Menu</div><script>it.showPopover()</script>",
            "$('#it').hidePopover()",
        ),
        (
            "<p id=it>Words</p><script>document.body.inert = true</script>",
            "document.body.inert = false",
        ),
    ] {
        let (_collector, host) = site(r#"data-survey="csat" data-trigger="load""#, open).await;
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        browser.heard("ready").await;
        browser.until_idle().await;
        assert!(!browser.value::<bool>("!!survey('csat')").await, "{open}");
        browser.run(close).await;
        browser.until("legend('csat')").await;
    }
}

async fn elements_in_open_shadow_roots_are_elements(browser: Browser) {
    // Nothing but this element asks, and it stands in a root in a root.
    let body = "<section id=one></section><section id=two></section><script>\
        one.attachShadow({mode: 'open'}).innerHTML = '<p><span id=in></span></p>';\
        one.shadowRoot.querySelector('#in').attachShadow({mode: 'open'}).innerHTML = '<div data-sondeo=faq></div>'\
        </script>";
    let (_collector, host) = site("", body).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    // Another one comes when the engine is there, in a root in a root.
    browser
        .run(
            "const inner = document.createElement('section'); \
             inner.attachShadow({mode: 'open'}).innerHTML = '<div data-sondeo=ces data-trigger=load></div>'; \
             two.attachShadow({mode: 'open'}).append(inner); document.body.append('more')",
        )
        .await;
    browser.until("legend('ces')").await;
    let survey = browser.survey("faq");
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    host.endpoint.until_posted(1).await;
    // It follows its element there, too.
    browser.run("two.shadowRoot.firstElementChild.shadowRoot.innerHTML = ''").await;
    browser.survey("ces").is_gone().await;
    browser.page_log().await.is_undisturbed();
}

async fn the_children_of_an_element_stay_the_pages_own(browser: Browser) {
    let body = "<div data-sondeo=faq><p id=own>Own words</p></div>";
    let (_collector, host) = site("", body).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    let children = "$('[data-sondeo]').innerHTML";
    assert_eq!(browser.value::<String>(children).await, "<p id=\"own\">Own words</p>");
    assert!(
        browser.value::<bool>("$('#own').getBoundingClientRect().height > 0").await,
        "in sight"
    );
    // The page hears of the survey, styles it, and meets its element.
    browser
        .run("document.addEventListener('sondeo:answered', it => window.target = it.target)")
        .await;
    browser
        .run(
            "const sheet = document.createElement('style'); \
             sheet.textContent = '[data-sondeo]::part(question) { letter-spacing: 3px }'; \
             document.head.append(sheet)",
        )
        .await;
    browser.until("getComputedStyle(inside('faq', 'legend')).letterSpacing == '3px'").await;
    browser.survey("faq").choose("useful", "yes").await;
    browser.until("window.target == $('[data-sondeo]')").await;
    browser.run("sondeo.hide()").await;
    browser.survey("faq").is_gone().await;
    assert!(
        browser.value::<bool>("$('#own').getBoundingClientRect().height > 0").await,
        "in sight"
    );
}

async fn an_element_with_a_root_of_its_own_gets_a_child(browser: Browser) {
    let body = "<div data-sondeo=faq id=own></div><script>\
        own.attachShadow({mode: 'open'}).innerHTML = '<slot></slot>'</script>\
        <details data-sondeo=ces data-trigger=load open><summary>More</summary></details>\
        <my-place data-sondeo=csat data-trigger=load></my-place>";
    let (_collector, host) = site("", body).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq') && legend('ces') && legend('csat')").await;
    for id in ["faq", "ces", "csat"] {
        assert!(browser.value::<bool>(&format!("!!survey('{id}').closest('[data-sondeo]')")).await);
    }
    // A script that comes later may want the root.
    browser
        .run(
            "customElements.define('my-place', class extends HTMLElement { constructor() { super(); \
             this.attachShadow({mode: 'open'}).innerHTML = '<slot></slot>' } })",
        )
        .await;
    let survey = browser.survey("csat");
    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    browser.page_log().await.is_undisturbed();
}

async fn what_is_typed_stays_in_the_survey(browser: Browser) {
    let (_collector, host) = site("", FAQ).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    browser
        .run(
            "window.heard = []; for (const name of ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', \
             'change', 'compositionstart', 'compositionend', 'paste', 'copy', 'cut', 'drop', 'dragover', 'select', \
             'selectstart']) document.addEventListener(name, () => heard.push(name))",
        )
        .await;
    let survey = browser.survey("faq");
    survey.choose("useful", "no").await;
    survey.asks("What was missing?").await;
    let field = survey.part("textarea");
    browser.click(&field).await;
    browser.press("Prices").await;
    browser
        .run(&format!(
            "for (const name of ['paste', 'drop', 'compositionstart']) {field}.dispatchEvent(\
             new Event(name, {{bubbles: true, composed: true}}))"
        ))
        .await;
    browser.until(&format!("{field}.value == 'Prices'")).await;
    assert_eq!(browser.value::<Vec<String>>("heard").await, [""; 0]);
}

async fn a_page_that_answers_for_the_endpoint_is_no_receipt(browser: Browser) {
    let collector = Collector::start().await;
    // The offline page of a progressive web app.
    let worker = "self.onactivate = event => event.waitUntil(clients.claim()); \
        self.onfetch = event => { if (event.request.method == 'POST' && !self.isOnline) event.respondWith(\
        new Response('<h1>You are offline', {headers: {'content-type': 'text/html'}})) }; \
        self.onmessage = () => self.isOnline = true";
    let more = Router::new().route(
        "/worker.js",
        get(move || async move { ([("content-type", "text/javascript")], worker) }),
    );
    let tag = collector.tag(&format!(r#"data-survey="csat" data-trigger="load" {OFTEN}"#));
    let host = Host::serving([("/", Page::new(tag))], more).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    let claimed: bool = browser
        .promised(
            "(async () => { if (!navigator.serviceWorker) return false; \
             navigator.serviceWorker.register('/worker.js'); \
             if (!navigator.serviceWorker.controller) await new Promise(done => \
             navigator.serviceWorker.addEventListener('controllerchange', done)); return true })()",
        )
        .await;
    assert!(claimed, "a browser with service workers");
    browser.survey("csat").choose("satisfaction", "5").await;
    browser.until("pageLog.events.some(it => it.name == 'failed')").await;
    let failed = "pageLog.events.find(it => it.name == 'failed').reason";
    assert_eq!(browser.value::<String>(failed).await, "unconfirmed");
    assert_eq!(host.endpoint.posts().len(), 0);
    // The network is back.
    browser
        .run(
            "navigator.serviceWorker.controller.postMessage(1); dispatchEvent(new Event('online'))",
        )
        .await;
    host.endpoint.until_posted(1).await;
    browser.until("pageLog.events.some(it => it.name == 'delivered')").await;
}

async fn crawlers_are_no_visitors(browser: Browser) {
    let agent = |name: &str| {
        format!(
            "<script>Object.defineProperty(navigator, 'userAgent', {{value: {}}})</script>",
            json!(name)
        )
    };
    for (name, is_asked) in [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", false),
        (
            "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/149 Safari/537.36 Chrome-Lighthouse",
            false,
        ),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT X30) AppleWebKit/537.36 Chrome/149 Mobile", true),
    ] {
        let collector = Collector::start().await;
        let tag = collector
            .tag(&format!(r#"data-survey="csat" data-trigger="load" data-report="all" {OFTEN}"#));
        let host = Host::of(Page::new(format!("{}{tag}", agent(name)))).await;
        browser.open(&host.url("/")).await;
        if is_asked {
            browser.until("legend('csat')").await;
            continue;
        }
        browser.until("pageLog.skipped.length").await;
        let reasons: Vec<String> = browser.promised("reasons('csat')").await;
        assert_eq!(reasons, ["crawler"]);
        browser.until_idle().await;
        assert!(!browser.value::<bool>("!!survey('csat')").await, "{name}");
        assert_eq!(host.endpoint.posts().len(), 0);
    }
}

async fn a_tags_words_are_for_its_own_survey(browser: Browser) {
    let tag = r#"data-survey="nps" data-question="Our shop?" data-trigger="exit" data-url="/checkout/**""#;
    let (_collector, host) = site(tag, FAQ).await;
    browser.open(&host.url("/")).await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    browser.page_log().await.is_undisturbed();
}

async fn a_frame_of_one_pixel_shows_nothing(browser: Browser) {
    let collector = Collector::start().await;
    let tag = || collector.tag(&format!(r#"data-survey="csat" data-trigger="load" {OFTEN}"#));
    let frame = "<iframe src=/in width=1 height=1 style='border: 0'></iframe>";
    let pages = [("/", Page::new("").body(frame)), ("/in", Page::new(tag()))];
    let host = Host::with(pages).await;
    browser.open(&host.url("/")).await;
    browser
        .until("$('iframe').contentWindow.sondeo?.q && !$('iframe').contentWindow.sondeo.q.length")
        .await;
    browser.until_idle().await;
    let shown = "!!$('iframe').contentDocument.querySelector('sondeo-widget')";
    assert!(!browser.value::<bool>(shown).await, "nobody can see it");
    assert!(
        !browser.value::<bool>("(localStorage['sondeo.visitor'] ?? '').includes('csat')").await
    );
    browser.run("$('iframe').width = 600; $('iframe').height = 500").await;
    browser.until(shown).await;
    browser.until("localStorage['sondeo.visitor'].includes('csat n')").await;
}

async fn an_element_that_is_mounted_again_counts_once(browser: Browser) {
    let (_collector, host) = site(r#"data-max-shows="1""#, FAQ).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('faq')").await;
    browser.until("/\\nfaq.* w/.test(localStorage['sondeo.visitor'])").await;
    for round in 0..4 {
        browser
            .run("$('main').innerHTML = $('main').innerHTML; window.place = $('[data-sondeo]')")
            .await;
        browser.until("placeOf('faq') == window.place && legend('faq')").await;
        // Out, and in again later: an accordion.
        browser.run("$('main').replaceChildren()").await;
        browser.until("!survey('faq')").await;
        browser.run(&format!("$('main').innerHTML = `{FAQ}`; window.round = {round}")).await;
        browser.until("legend('faq')").await;
    }
    let record: String = browser.value("localStorage['sondeo.visitor']").await;
    assert!(!record.contains(','), "one showing: {record}");
}

async fn an_element_that_comes_back_brings_what_was_typed(browser: Browser) {
    let (_collector, host) = site("", FAQ).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("faq");
    survey.choose("useful", "no").await;
    survey.asks("What was missing?").await;
    browser.click(&survey.part("textarea")).await;
    browser.press("Prices").await;
    // The router goes elsewhere, keeps the element, and comes back.
    browser
        .run("history.pushState({}, '', '/b'); window.kept = $('[data-sondeo]'); kept.remove()")
        .await;
    browser.until_idle().await;
    browser.run("history.back()").await;
    browser.until("location.pathname == '/'").await;
    browser.run("$('main').append(kept)").await;
    browser.until_idle().await;
    let typed = format!("{}?.value", survey.part("textarea"));
    assert_eq!(browser.value::<Option<String>>(&typed).await.as_deref(), Some("Prices"));
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Thank you!").await;
    // Moved within the page, it stays.
    browser.run("document.body.prepend(kept)").await;
    browser.until_idle().await;
    survey.thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(2).await;
    let ids: Vec<_> = posts.iter().map(|it| it.response().id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "one response");
    browser.page_log().await.is_undisturbed();
}

async fn a_tag_that_leaves_asks_nothing(browser: Browser) {
    let tag = r#"data-survey="csat" data-trigger="load event:more""#;
    let (_collector, host) = site(tag, "<p>Words</p>").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.run("$('script[data-survey]').remove(); history.pushState({}, '', '/b')").await;
    browser.survey("csat").is_gone().await;
    browser.run("sondeo.track('more')").await;
    browser.until_idle().await;
    assert!(!browser.value::<bool>("!!survey('csat')").await);
    browser.page_log().await.is_undisturbed();
}

async fn copies_without_life_are_removed(browser: Browser) {
    let (_collector, host) =
        site(r#"data-survey="csat" data-trigger="load""#, "<main></main>").await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.run("$('main').append($('sondeo-widget').cloneNode(true))").await;
    browser.until("all('sondeo-widget').length == 1 && legend('csat')").await;
    browser.page_log().await.is_undisturbed();
}

async fn a_body_from_right_to_left_decides_the_corner(browser: Browser) {
    let body = "<script>document.body.dir = 'rtl'</script><p>מילים</p>";
    let (_collector, host) = site(r#"data-survey="csat" data-trigger="load""#, body).await;
    browser.open(&host.url("/")).await;
    browser.until("legend('csat')").await;
    browser.run("settle(survey('csat').shadowRoot)").await;
    let left: f64 = browser.value("box(survey('csat'))[0]").await;
    assert!(left < 60.0, "{left} px from the left");
}

async fn a_call_adds_surveys(browser: Browser) {
    let (_collector, host) = site("", "<main><div data-sondeo=lunch></div></main>").await;
    browser.open(&host.url("/")).await;
    browser.until("sondeo.add").await;
    browser
        .run(
            "sondeo.add([{id: 'lunch', display: 'inline', questions: [{id: 'q', kind: 'yes-no', text: 'Good?'}]}, \
             {template: 'csat', trigger: 'load'}])",
        )
        .await;
    browser.survey("lunch").asks("Good?").await;
    browser.until("legend('csat')").await;
    browser.survey("lunch").choose("q", "yes").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().survey, "lunch");
}

async fn a_purchase_before_the_way_to_the_thanks_is_asked_about(browser: Browser) {
    let tag = r#"data-survey="post-purchase" data-delay="500ms""#;
    let (_collector, host) = site(tag, "<p>Words</p>").await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.run("sondeo.track('purchase'); history.pushState({}, '', '/b')").await;
    browser.until("legend('post-purchase')").await;
    browser.survey("post-purchase").choose("satisfaction", "5").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().page.url, host.url("/b"));
}
