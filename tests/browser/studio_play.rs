//! The studio as somebody without a developer meets it, over the real collector: from an empty page to an answer in the
//! database, by pointer and by keyboard, in both languages, at a desk and on a phone.

use crate::support::{Browser, Collector, ENTER, Engine, Host, Look, Page, RIGHT, TAB};
use serde_json::{Value as Json, json};
use sondeo_model::Status;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

crate::scenarios![
    from_an_empty_page_to_an_answer_by_pointer,
    from_an_empty_page_to_an_answer_by_keyboard_in_spanish_on_a_phone;
    in one engine:
    what_is_edited_is_seen_undone_and_never_lost;
    in Chromium:
    the_same_by_pointer_in_spanish_on_a_phone,
    the_same_by_keyboard_in_english_at_a_desk,
    one_click_pauses_and_every_state_is_accessible,
    the_results_are_one_click_away,
    the_editor_is_read_as_it_is_seen,
    a_thousand_surveys_are_there_at_once,
    two_people_edit_one_survey,
    the_file_is_written_with_what_the_schema_knows,
    without_an_account_one_builds_and_takes_it_along,
];

/// So many actions somebody needs at most, from the empty studio to the answer.
const MOST_ACTIONS: u32 = 25;

/// The first frame of a page of ours.
const DRAWN: &str = "performance.getEntriesByName('first-contentful-paint').length";

/// Somebody who counts what they do.
struct Marketer<'a> {
    browser: &'a Browser,
    actions: AtomicU32,
    by_keyboard: bool,
}

impl<'a> Marketer<'a> {
    fn new(browser: &'a Browser, by_keyboard: bool) -> Self {
        Self { browser, actions: AtomicU32::new(0), by_keyboard }
    }

    fn count(&self) {
        self.actions.fetch_add(1, Ordering::Relaxed);
    }

    /// Gives the focus to an element by Tab alone, from wherever it is.
    async fn reach(&self, element: &str) {
        let there = format!("document.activeElement == ({element})");
        self.browser.until(&format!("!!({element})")).await;
        for _ in 0..150 {
            if self.browser.value::<bool>(&there).await {
                return;
            }
            self.browser.press(TAB.to_string()).await;
            // Behind the page's last element come Firefox' own buttons, through which a person goes back to the page. The driver's
            // keys reach the page alone, and in a page without the focus buttons and boxes hear neither Enter nor the space bar.
            self.browser.run("document.hasFocus() || window.focus()").await;
        }
        panic!("no Tab leads to `{element}`");
    }

    /// Presses a button or follows a link: one action.
    async fn press(&self, element: &str) {
        self.count();
        if self.by_keyboard {
            self.reach(element).await;
            self.browser.press(ENTER.to_string()).await;
        } else {
            self.browser.click(element).await;
        }
    }

    /// Writes into a field, in the place of what stands there: one action.
    async fn write(&self, element: &str, words: &str) {
        self.count();
        if self.by_keyboard {
            self.reach(element).await;
        } else {
            self.browser.click(element).await;
        }
        self.browser.run(&format!("({element}).select()")).await;
        self.browser.press(words).await;
        self.browser.until(&format!("({element}).value == {}", json!(words))).await;
    }

    /// Chooses in a list: one action.
    async fn choose(&self, element: &str, value: &str) {
        self.count();
        if self.by_keyboard {
            self.reach(element).await;
        }
        // Lists open in windows of the system, which no driver reaches: the choice is what it would be.
        self.browser
            .run(&format!(
                "const it = {element}; it.value = {}; it.dispatchEvent(new Event('change', {{bubbles: true}}))",
                json!(value)
            ))
            .await;
    }
}

/// The button with these words.
pub(crate) fn button(words: &str) -> String {
    format!(
        "all('button, a').find(it => it.offsetParent && it.textContent.trim().startsWith({}))",
        json!(words)
    )
}

/// The text of the question inside the preview.
pub(crate) const PREVIEWED: &str = "(() => { const page = $('.preview iframe')?.contentDocument; \
    const stage = page?.querySelector('#stage > div'); \
    const host = stage?.shadowRoot?.querySelector('sondeo-widget') ?? page?.querySelector('sondeo-widget'); \
    return host?.shadowRoot?.querySelector('legend, [part=question]')?.textContent ?? ''; })()";

const SAVED: &str = "['Saved', 'Guardado'].includes($('.saved')?.textContent)";

struct Words {
    studio: &'static str,
    moment: &'static str,
    when: &'static str,
    look: &'static str,
    publish: &'static str,
    publish_now: &'static str,
    published: &'static str,
}

const ENGLISH: Words = Words {
    studio: "Studio",
    moment: "Purchase",
    when: "When and where",
    look: "Look",
    publish: "Publish",
    publish_now: "Publish now",
    published: "Version 1 is published",
};

const SPANISH: Words = Words {
    studio: "Estudio",
    moment: "Compra",
    when: "Cuándo y dónde",
    look: "Aspecto",
    publish: "Publicar",
    publish_now: "Publicar ahora",
    published: "La versión 1 está publicada",
};

/// The whole way: choose, word, colour, moment, page, publish, the tag, the page, the answer, the results.
async fn play(browser: &Browser, words: &Words, by_keyboard: bool, screen: [u32; 2]) {
    let collector = Collector::start().await;
    let began = Instant::now();
    browser.open_as(Look { screen: Some(screen), ..Look::PLAIN }, collector.link()).await;
    browser.until("$('.main-sides')").await;
    if words.studio == "Estudio" {
        let spanish = "const it = $('select.language'); it.value = 'es'; it.dispatchEvent(new Event('change', {bubbles: true}))";
        browser.run(spanish).await;
    }
    let marketer = Marketer::new(browser, by_keyboard);
    marketer.press(&button(words.studio)).await;
    browser.until("all('.moment').length == 14").await;
    let moment = format!(
        "all('.moment').find(it => it.firstElementChild.textContent == {})",
        json!(words.moment)
    );
    marketer.press(&moment).await;

    // The question, in two languages; each is in the preview at once.
    let text = "$('#field-questions-0-text')";
    marketer.write(text, "How was it?").await;
    browser.until(&format!("{PREVIEWED}.includes('How was it?')")).await;
    let other = if words.studio == "Estudio" { "en" } else { "es" };
    marketer.choose("$('#preview-language')", other).await;
    marketer.write(text, "Todo bien?").await;
    browser.until(&format!("{PREVIEWED}.includes('Todo bien?')")).await;
    browser.until(SAVED).await;
    browser.axe_page().await.is_accessible();

    marketer.press(&button(words.look)).await;
    marketer.write("$('#field-accent')", "#7a1fa2").await;
    // Dark, on a phone, which it is at first.
    marketer.press_box("$('.preview [type=checkbox]')").await;
    browser.until("$('.preview iframe').contentDocument.documentElement.className == 'dark'").await;

    marketer.press(&button(words.when)).await;
    marketer.choose("$('#field-trigger')", "event:").await;
    marketer.write("$('#trigger-detail')", "bought").await;
    marketer.write("$('#field-delay')", "0").await;
    marketer.write("$('#field-url')", "/checkout/**").await;
    browser.until(SAVED).await;
    browser.axe_page().await.is_accessible();

    marketer.press(&button(words.publish)).await;
    browser.until("$('dialog[open] .in-words li')").await;
    browser.axe_page().await.is_accessible();
    let now = format!(
        "all('dialog button').find(it => it.textContent == {} && it.ariaDisabled != 'true')",
        json!(words.publish_now)
    );
    marketer.press(&now).await;
    browser.until(&format!("$('dialog h2')?.textContent == {}", json!(words.published))).await;
    let tag: String = browser.value("$('dialog .snippet pre').textContent").await;
    assert_eq!(
        tag,
        format!(r#"<script async src="{}/sites/default/sondeo.js"></script>"#, collector.origin())
    );
    marketer.press("$('dialog .copying button')").await;
    browser.axe_page().await.is_accessible();
    let studio: String = browser.value("location.href").await;

    // Pasted once into the shop's page; a customer buys and answers.
    marketer.count();
    let shop = Host::with(["/checkout/done"].map(|path| (path, Page::new(&tag)))).await;
    browser.open(&shop.url("/checkout/done")).await;
    browser.loaded().await;
    browser.run("sondeo.track('bought')").await;
    let survey = browser.survey("post-purchase");
    // The page is in English.
    survey.asks(if other == "en" { "Todo bien?" } else { "How was it?" }).await;
    survey.choose("satisfaction", "4").await;
    marketer.count();
    let response = collector.only_response(Status::Completed).await;
    assert_eq!((response.survey_version, response.survey.as_ref()), (Some(1), "post-purchase"));

    // The studio has seen the tag, and knows of the answer.
    browser.open(&studio.replace("/when", "/share")).await;
    browser.until("$('.seen li')?.textContent.includes('/checkout/done') || $('.seen li')?.textContent.includes('127.0.0.1')").await;
    browser.open(&collector.url("/dashboard/post-purchase")).await;
    browser.until("$('[data-n]')").await;

    let actions = marketer.actions.load(Ordering::Relaxed);
    let seconds = began.elapsed().as_secs_f32();
    eprintln!("{}: {actions} actions, {seconds:.1} s", browser.engine);
    assert!(actions <= MOST_ACTIONS, "{actions} actions");
}

impl Marketer<'_> {
    /// Ticks a box: one action.
    async fn press_box(&self, element: &str) {
        self.count();
        if self.by_keyboard {
            self.reach(element).await;
            self.browser.press(" ").await;
        } else {
            self.browser.click(element).await;
        }
    }
}

async fn from_an_empty_page_to_an_answer_by_pointer(browser: Browser) {
    play(&browser, &ENGLISH, false, [1440, 900]).await;
}

async fn from_an_empty_page_to_an_answer_by_keyboard_in_spanish_on_a_phone(browser: Browser) {
    // Nobody may frame the studio, and only one engine makes its window as narrow as a phone's.
    let width = if browser.engine == Engine::Chromium { 390 } else { 500 };
    play(&browser, &SPANISH, true, [width, 844]).await;
}

async fn the_same_by_pointer_in_spanish_on_a_phone(browser: Browser) {
    let width = if browser.engine == Engine::Chromium { 390 } else { 500 };
    play(&browser, &SPANISH, false, [width, 844]).await;
}

async fn the_same_by_keyboard_in_english_at_a_desk(browser: Browser) {
    play(&browser, &ENGLISH, true, [1440, 900]).await;
}

/// Whoever left the studio for the results was sent back to it: somebody who tried it found that they "are broken".
async fn the_results_are_one_click_away(browser: Browser) {
    let collector = Collector::start_shop().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    let mut draft = two_questions();
    draft["questions"][0]["text"] = json!({"en": "First?", "es": "¿Primera?"});
    self::draft(&browser, "two", &draft).await;
    for from in ["/studio/default", "/studio/default/two", "/studio/default/~destinations"] {
        browser.open(&collector.url(from)).await;
        browser.until("$('main h1')").await;
        browser.click("all('.main-sides a').find(it => it.textContent.includes('Results'))").await;
        browser.until("location.pathname.startsWith('/dashboard') && $('main h1')").await;
        browser.until_idle().await;
        browser.until("location.pathname.startsWith('/dashboard') && $('main h1')").await;
    }

    // What is saved and not published says so where its author looks; and what was changed in one language alone.
    browser.open(&collector.url("/studio/default/two")).await;
    browser.click(&button("Publish")).await;
    let now = "all('dialog button').find(it => it.textContent == 'Publish now' && it.ariaDisabled != 'true')";
    browser.click(now).await;
    browser.until("$('dialog h2')?.textContent == 'Version 1 is published'").await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until("$('.facts .state')").await;
    assert!(browser.value::<bool>("!$('.facts .tag')").await);
    browser.click("$('#field-questions-0-text')").await;
    browser.press(" Really?").await;
    let has_changes = "$('.facts .tag')?.textContent == 'Changes not published'";
    browser.until(has_changes).await;
    browser.until(SAVED).await;
    // Who takes them back has none, and no loud button; who was elsewhere meanwhile can do so, too.
    let publish = button("Publish");
    assert!(browser.value::<bool>(&format!("{publish}.className == 'show'")).await);
    browser.click(&button("Undo")).await;
    browser.until("!$('.facts .tag')").await;
    browser.until(&format!("{publish}.className == 'quiet'")).await;
    browser.click("all('.main-sides a').find(it => it.textContent.includes('Results'))").await;
    browser.until("location.pathname.startsWith('/dashboard') && $('main h1')").await;
    browser.run("history.back()").await;
    browser.until("$('#field-questions-0-text') && $('.facts .state')").await;
    browser.click(&button("Redo")).await;
    browser.until(has_changes).await;
    browser.until(SAVED).await;
    browser.click(&publish).await;
    browser.until("$('dialog[open]').textContent.includes('New words in English, the old ones in Spanish')").await;
}

/// Creates a survey through the interface of people, in the session of the browser.
pub(crate) async fn draft(browser: &Browser, id: &str, file: &Json) {
    let words = format!(
        "fetch('/v1/sites/default/surveys/{id}/draft', {{method: 'PUT', body: {}, \
         headers: {{'content-type': 'application/json'}}}}).then(it => it.status)",
        json!(file.to_string())
    );
    assert_eq!(browser.promised::<u16>(&words).await, 201);
}

pub(crate) fn two_questions() -> Json {
    json!({"name": "Two", "trigger": "load", "questions": [
        {"id": "first", "kind": "likert", "points": 5, "text": {"en": "First?"}},
        {"id": "second", "kind": "text", "text": {"en": "Second?"}}]})
}

const FILE: &str = "fetch('/v1/sites/default/surveys/two/draft').then(it => it.text())";

async fn what_is_edited_is_seen_undone_and_never_lost(browser: Browser) {
    let collector = Collector::start().await;
    collector.welcome("ana", "correct horse battery staple").await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(&browser, "two", &two_questions()).await;
    let before: String = browser.promised(FILE).await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until(&format!("{PREVIEWED}.includes('First?')")).await;

    // By the keyboard, the order; who moved it goes on with the same button.
    browser.run("$('#down-first').focus()").await;
    browser.press(ENTER.to_string()).await;
    browser.until("all('.asked-words')[0].textContent == 'Second?'").await;
    browser.until("document.activeElement.id == 'down-first'").await;
    browser.until(SAVED).await;
    let moved: String = browser.promised(FILE).await;
    assert!(moved.find("Second?") < moved.find("First?"), "{moved}");
    // By the pointer, back.
    browser.run("all('.opens').forEach(it => it.ariaExpanded == 'true' && it.click())").await;
    browser.until("!$('.question.open')").await;
    drag(&browser, "$('#drag-first')", "$('#drag-second')").await;
    browser.until("all('.asked-words')[0].textContent == 'First?'").await;

    // Options pasted line by line.
    browser.click("all('.opens')[1]").await;
    let kind = "const it = $('#field-questions-1-kind'); it.value = 'choice'; it.dispatchEvent(new Event('change', {bubbles: true}))";
    browser.until("$('#field-questions-1-kind')").await;
    browser.run(kind).await;
    browser.click(&button("Paste a list")).await;
    let list = "const it = $('#field-questions-1-options-paste'); it.value = 'Red\\nGreen\\nBlue'";
    browser.run(list).await;
    browser.click(&button("Use these")).await;
    browser.until("all('.option').length == 3").await;
    browser.until(SAVED).await;

    // A wrong value is told beside its field, and leads there from above.
    browser.click(&button("When and where")).await;
    browser.click("$('#field-delay')").await;
    browser.press("soon").await;
    browser.until("$('#field-delay-wrong').textContent").await;
    browser.until("$('.to-mend')").await;
    browser.until(SAVED).await;

    // Everything undone is the file that it was, to the byte.
    browser.run("for (let at = 0; at < 40; at++) document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'z', ctrlKey: true, bubbles: true}))").await;
    browser.until("$('[aria-keyshortcuts=\"Control+Z\"]').ariaDisabled == 'true'").await;
    let is_back = format!("{FILE}.then(it => it == {})", json!(before));
    let deadline = Instant::now() + crate::support::WAIT_TIMEOUT;
    while !browser.promised::<bool>(&is_back).await {
        assert!(Instant::now() < deadline, "{}", browser.promised::<String>(FILE).await);
    }

    // The session ends while somebody types: it is kept, and saved once they are back.
    let end = "fetch('/v1/session', {method: 'DELETE'}).then(it => it.status)";
    assert_eq!(browser.promised::<u16>(end).await, 204);
    browser.click(&button("Questions")).await;
    browser.click("all('.opens')[0]").await;
    browser.click("$('#field-questions-0-text')").await;
    browser.press(" Really?").await;
    browser.until("$('#again-user')").await;
    assert!(browser.value::<bool>("!!localStorage['sondeo.studio.draft.default/two']").await);
    browser.click("$('#again-user')").await;
    browser.press("ana").await;
    browser.click("$('#again-password')").await;
    browser.press(format!("correct horse battery staple{ENTER}")).await;
    browser.until(SAVED).await;
    let after: String = browser.promised(FILE).await;
    assert!(after.contains("Really?"), "{after}");
    assert!(browser.value::<bool>("!localStorage['sondeo.studio.draft.default/two']").await);
}

/// JSON is completed from the schema, and is the same survey as the form's (issue 16).
async fn the_file_is_written_with_what_the_schema_knows(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(&browser, "two", &two_questions()).await;
    let before: String = browser.promised(FILE).await;
    browser.open(&collector.url("/studio/default/two/file")).await;
    browser.until("$('.code-editor')?.shadowRoot.querySelector('.cm-content')").await;
    let field = "$('#file-text').value";
    assert_eq!(browser.value::<String>(field).await, before);
    browser.axe_page().await.is_accessible();
    // Before the last brace.
    browser.run("$('#file-text').focus()").await;
    browser.press(RIGHT.to_string().repeat(before.chars().count() - 1)).await;
    browser.press(", \"acc").await;
    let offers = "$('.code-editor').shadowRoot.querySelector('.cm-tooltip-autocomplete li')?.textContent ?? ''";
    browser.until(&format!("({offers}).startsWith('accent')")).await;
    // No survey yet, which is said; the form keeps the last one that was.
    browser.until("$('#file-problem').textContent").await;
    // Nobody chooses within 75 ms what has just come, and the list takes it for a slip.
    browser.until("(window.offered ??= performance.now()) + 100 < performance.now()").await;
    browser.press(ENTER.to_string()).await;
    browser.until(&format!("{field}.endsWith(', \"accent\": \"\"}}')")).await;
    browser.press("#0b7a75").await;
    browser.until("!$('#file-problem').textContent").await;
    browser.until(&format!("{SAVED} && !{field}.includes('\"\"')")).await;
    let after: String = browser.promised(FILE).await;
    assert!(after.ends_with(", \"accent\": \"#0b7a75\"}"), "{after}");
    // What is done elsewhere stands in the file.
    browser.click(&button("Undo")).await;
    browser.until(&format!("!{field}.includes('#0b7a75')")).await;
}

/// Drags one element onto another.
async fn drag(browser: &Browser, from: &str, to: &str) {
    let [x, y] = browser.promised::<[i32; 2]>(&format!("aim({from})")).await;
    let rect = format!(
        "(() => {{ const it = ({to}).getBoundingClientRect(); return [it.x + it.width / 2 | 0, it.y + 4 | 0] }})()"
    );
    let [to_x, to_y]: [i32; 2] = browser.value(&rect).await;
    let to_y = if to_y > y { to_y + 30 } else { to_y - 6 };
    let to =
        |x, y| json!({"type": "pointerMove", "origin": "viewport", "x": x, "y": y, "duration": 0});
    let button = |action: &str| json!({"type": action, "button": 0});
    let actions = [
        to(x, y),
        button("pointerDown"),
        to(x, (y + to_y) / 2),
        to(to_x, to_y),
        button("pointerUp"),
    ];
    let mouse = json!({"type": "pointer", "id": "mouse",
                       "parameters": {"pointerType": "mouse"}, "actions": actions});
    let outcome = browser.session().post("/actions", json!({"actions": [mouse]})).await;
    outcome.expect("it is dragged");
}

async fn two_people_edit_one_survey(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(&browser, "two", &two_questions()).await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until("$('#field-questions-0-text')").await;
    // A colleague saves another one meanwhile.
    let colleague = "fetch('/v1/sites/default/surveys/two/draft').then(async it => (await fetch(it.url, \
        {method: 'PUT', headers: {'if-match': it.headers.get('etag')}, \
         body: (await it.text()).replace('First?', 'Theirs?')})).status)";
    assert_eq!(browser.promised::<u16>(colleague).await, 200);
    browser.click("$('#field-questions-0-text')").await;
    browser.press(" Mine?").await;
    browser.until("$('.conflict')").await;
    browser.until("$('.conflict .changes li')").await;
    browser.until("all('.conflict pre')[0].textContent.includes('Mine?')").await;
    browser.until("all('.conflict pre')[1].textContent.includes('Theirs?')").await;
    browser.axe_page().await.is_accessible();
    browser.click(&button("Take theirs")).await;
    browser.until("$('#field-questions-0-text').value == 'Theirs?' && !$('.conflict')").await;
    // One's own comes back by undo.
    browser.click(&button("Undo")).await;
    browser.until("$('#field-questions-0-text').value.includes('Mine?')").await;
    browser.until(SAVED).await;
    let file: String = browser.promised(FILE).await;
    assert!(file.contains("Mine?"), "{file}");
}

async fn one_click_pauses_and_every_state_is_accessible(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(&browser, "two", &two_questions()).await;
    let publish =
        "fetch('/v1/sites/default/surveys/two/publish', {method: 'POST'}).then(it => it.status)";
    assert_eq!(browser.promised::<u16>(publish).await, 200);
    browser.open(&collector.url("/studio/default")).await;
    let state =
        |words: &str| format!("$('[data-survey=two] .state')?.textContent == {}", json!(words));
    browser.until(&state("Running")).await;
    browser.axe_page().await.is_accessible();
    browser.click(&button("Pause")).await;
    browser.until(&state("Paused")).await;
    collector.until_planned("default", json!([])).await;
    browser.click(&button("Resume")).await;
    browser.until(&state("Running")).await;
    browser.click(&button("Duplicate")).await;
    browser.until("all('.row').length == 2").await;
    browser.click(&button("End")).await;
    browser.until(&state("Ended")).await;

    // Again, with another word; the way back is a version, too.
    assert_eq!(browser.promised::<u16>(publish).await, 200);
    browser.open(&collector.url("/studio/default/two/versions")).await;
    browser.until("all('.version-row').length == 2").await;
    browser.click("$('.version-row summary')").await;
    browser.until("$('.version-row details p, .version-row details li')").await;
    browser.click(&button("Roll back to version 1")).await;
    browser.until("all('.version-row').length == 3").await;
    browser.axe_page().await.is_accessible();

    for side in ["", "/when", "/look", "/languages", "/file", "/share"] {
        for look in ["light", "dark"] {
            browser.run(&format!("localStorage.setItem('sondeo.dashboard.look', '{look}')")).await;
            browser.open(&collector.url(&format!("/studio/default/two{side}"))).await;
            browser.until(&format!("$('html').className == '{look}' && $('.panel h2')")).await;
            browser.run("for (const it of all('details')) it.open = true").await;
            browser.axe_page().await.is_accessible();
        }
    }
    // What is there for who hears the page.
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until("$('#field-questions-0-text')").await;
    let named = "all('.desk input, .desk select, .desk textarea, .desk button').filter(it => it.offsetParent) \
        .filter(it => !(it.labels?.[0]?.textContent || it.ariaLabel || it.textContent).trim()).map(it => it.outerHTML)";
    assert_eq!(browser.value::<Vec<String>>(named).await, [""; 0]);
}

async fn without_an_account_one_builds_and_takes_it_along(browser: Browser) {
    let collector = Collector::start().await;
    collector.welcome("ana", "correct horse battery staple").await;
    browser.open(&collector.url("/studio/")).await;
    browser.click(&button("Try it without an account")).await;
    browser.until("all('.moment').length == 14").await;
    browser.axe_page().await.is_accessible();
    browser.click("$('.moment')").await;
    browser.until(&format!("{PREVIEWED} != ''")).await;
    browser.click("$('#field-questions-0-text')").await;
    browser.press(" Hello?").await;
    browser.until("localStorage['sondeo.studio.draft.~/first-visit'].includes('Hello?')").await;
    let address: String = browser.value("location.href").await;
    browser.open(&address).await;
    browser.click(&button("Try it without an account")).await;
    browser.click("$('.row h2 a')").await;
    browser.until("$('#field-questions-0-text').value.includes('Hello?')").await;
    browser.click(&button("Sign in to publish")).await;
    browser.click("$('[name=user]')").await;
    browser.press("ana").await;
    browser.click("$('[name=password]')").await;
    browser.press(format!("correct horse battery staple{ENTER}")).await;
    browser.click(&button("Take it to my site")).await;
    browser.until("location.pathname == '/studio/default/first-visit'").await;
    browser.until("$('#field-questions-0-text')?.value.includes('Hello?')").await;
}

async fn a_thousand_surveys_are_there_at_once(browser: Browser) {
    if browser.engine != Engine::Chromium {
        // What it costs is asked of one; that it works, of all.
        return;
    }
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    let make = "(async () => { for (let at = 0; at < 1000; at += 50) await Promise.all(Array.from({length: 50}, (_, it) => \
        fetch(`/v1/sites/default/surveys/s${at + it}/draft`, {method: 'PUT', body: '{\"template\": \"nps\"}'}))); \
        return (await (await fetch('/v1/sites/default/surveys')).json()).surveys.length; })()";
    assert_eq!(browser.promised::<usize>(make).await, 1000);
    browser.open(&collector.url("/studio/default")).await;
    browser.until("all('.row').length >= 60").await;
    let drawn: f64 = browser.value("window.performance.now()").await;
    eprintln!("a thousand surveys: looked at after {drawn:.0} ms");
    browser.until(DRAWN).await;
    browser.click("$('.list-tools input')").await;
    browser.press("s999").await;
    browser.until("all('.row').length == 1").await;
}

/// What assistive technology is given of the editor (issue 16).
async fn the_editor_is_read_as_it_is_seen(browser: Browser) {
    // The others keep their trees to themselves.
    if browser.engine != Engine::Chromium {
        return;
    }
    let collector = Collector::start().await;
    browser.open(collector.link()).await;
    browser.until("$('.main-sides')").await;
    draft(&browser, "two", &two_questions()).await;
    browser.open(&collector.url("/studio/default/two")).await;
    browser.until(&format!("{PREVIEWED}.includes('First?')")).await;
    browser.until("$('.tests-box p')").await;
    let outline = browser.outline_of("$('main')").await;
    // Lists have no names, nor have boxes that open, whose button says what they are.
    let is_named = |line: &&str| {
        !["list", "option ", "group \"\""].iter().any(|it| line.trim_start().starts_with(it))
    };
    let outline: Vec<&str> = outline.lines().filter(is_named).map(str::trim_start).collect();
    assert_eq!(outline.join("\n"), EDITOR.trim());
}

const EDITOR: &str = r#"
link "← Surveys"
heading "Two"
status "Saved"
status ""
button "Undo" disabled
button "Redo" disabled
button "Publish"
navigation "Two"
link "Questions"
link "When and where"
link "Look"
link "Languages"
link "File"
link "Versions"
link "Share"
region "Questions"
heading "Questions"
status ""
button "Drag question 1"
heading "1. First? Scale"
button "1. First? Scale" expanded
button "Move question 1 up" disabled
button "Move question 1 down"
button "Duplicate question 1"
button "Remove question 1"
textbox "What visitors read"
combobox "Kind" collapsed
combobox "Points" collapsed
combobox "Looks like" collapsed
textbox "Low end"
textbox "High end"
combobox "Counts as" collapsed
textbox "Description"
checkbox "Must be answered" checked
group "Then"
combobox "go to" collapsed
button "Add “if … then go to”"
button "Drag question 2"
heading "2. Second? Own words"
button "2. Second? Own words" collapsed
button "Move question 2 up"
button "Move question 2 down" disabled
button "Duplicate question 2"
button "Remove question 2"
status ""
group "Add a question"
button "+ Scale"
button "+ Recommendation, 0 to 10 (NPS)"
button "+ Yes or no"
button "+ One of several"
button "+ Several of them"
button "+ Own words"
region "After the last question"
heading "After the last question"
textbox "Thank-you"
button "Add an ending"
region "Preview"
heading "Preview"
radio "Phone" checked
radio "Desktop" unchecked
checkbox "Dark" unchecked
checkbox "Right to left" unchecked
button "Restart"
combobox "Language of the preview" collapsed
region "On your own page"
heading "On your own page"
combobox "Address of a page with your tag"
button "Open my page"
region "Test answers"
heading "Test answers"
button "Give a test answer"
log "Test answers"
"#;
