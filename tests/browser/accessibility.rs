//! WCAG 2.2 AA: what axe-core has against a survey, what assistive technology is given of it, and how
//! it stands with those who set up their system for themselves.

use crate::support::{
    Browser, Collector, ENTER, Findings, Host, Look, PAGE_LOG_NONCE, Page, Survey,
};
use serde_json::json;
use sondeo_model::Template;

crate::scenarios![
    faces_are_radios_in_a_group_that_is_the_question,
    on_a_desk,
    after_an_empty_submit,
    what_has_the_focus_is_not_covered;
    in one engine:
    nothing_is_found_in_a_popover,
    numbers_are_radios_and_the_ends_have_words,
    thumbs_are_two_radios,
    options_are_radios_by_their_words,
    a_field_has_the_question_for_its_name,
    the_status_stands_there_before_it_speaks,
    on_a_phone_and_at_four_times_the_size,
    in_forced_colors,
    without_motion,
    in_the_dark,
    an_empty_submit_is_wrong_at_the_question,
    from_right_to_left,
    numbers_stay_whole_in_text_of_twice_the_size,
    a_field_does_not_make_a_phone_zoom;
    in Chromium:
    nothing_is_found_behind_a_tab,
    what_is_wrong_is_found,
    what_is_said_of_an_element_is_read,
    on_a_tablet,
    in_text_of_twice_the_size,
    in_text_with_more_space;
    before a release:
    nothing_is_found_in_a_dialog,
    nothing_is_found_in_a_bar,
    nothing_is_found_in_the_flow,
    nothing_is_found_on_a_page,
];

/// Of the page, with a language that is written so.
const DIRECTIONS: [[&str; 2]; 2] = [["ltr", "en"], ["rtl", "ar"]];

async fn nothing_is_found_in_a_popover(browser: Browser) {
    is_accessible_in(&browser, "popover").await;
}

async fn nothing_is_found_in_a_dialog(browser: Browser) {
    is_accessible_in(&browser, "dialog").await;
}

async fn nothing_is_found_in_a_bar(browser: Browser) {
    is_accessible_in(&browser, "bar").await;
}

async fn nothing_is_found_behind_a_tab(browser: Browser) {
    is_accessible_in(&browser, "tab").await;
}

async fn nothing_is_found_in_the_flow(browser: Browser) {
    is_accessible_in(&browser, "inline").await;
}

async fn nothing_is_found_on_a_page(browser: Browser) {
    is_accessible_in(&browser, "page").await;
}

/// One page, on which one element after the other brings its survey.
async fn is_accessible_in(browser: &Browser, display: &str) {
    let collector = Collector::start().await;
    let host = Host::of(page(&collector, "")).await;
    let mut findings = Findings::default();
    browser.open(&host.url("/")).await;
    for (theme, ground, directions) in [
        ("light", "#fff", &DIRECTIONS[..]),
        // What is named and how it is told does not depend on colours: dark is looked at in one direction, and in
        // both where most surveys stand.
        ("dark", "#111", if display == "popover" { &DIRECTIONS[..] } else { &DIRECTIONS[1..] }),
    ] {
        let style = format!("background: {ground}");
        for [direction, language] in directions {
            for &template in Template::KEYWORDS {
                browser.run("$('#place').replaceChildren()").await;
                browser.until("!widgets().length").await;
                let page = json!({"dir": direction, "lang": language, "style": style});
                let attributes = json!({
                    "data-sondeo": template, "data-display": display, "data-theme": theme,
                    "data-trigger": "load", "data-delay": "0s",
                });
                browser.run(&format!("{SET}{PLACE}place({page}, {attributes})")).await;
                let found = browser.walk(template).await;
                findings.add(&format!("{template} {theme} {direction}:"), found);
            }
        }
    }
    findings.is_accessible();
}

const SET: &str = "
    const set = (element, attributes) => {
        for (const attribute of Object.entries(attributes)) element.setAttribute(...attribute);
    };
";
const PLACE: &str = "
    const place = (page, attributes) => {
        set(document.documentElement, page);
        const element = document.createElement('div');
        set(element, attributes);
        $('#place').append(element);
    };
";

/// A page that shows no survey by itself. What is answered there goes nowhere.
fn page(collector: &Collector, attributes: &str) -> Page {
    let tag = collector.tag(&format!(r#"data-preview data-endpoint="/responses" {attributes}"#));
    Page::new(tag).body("<h1>A page</h1><p>Words of the page</p><div id=place></div>")
}

/// A page where the surveys of all templates wait to be asked for.
async fn open(browser: &Browser, look: Look) -> (Collector, Host) {
    let collector = Collector::start().await;
    let attributes =
        format!(r#"data-survey="{}" data-trigger="manual""#, Template::KEYWORDS.join(" "));
    let host = Host::of(page(&collector, &attributes)).await;
    browser.open_as(look, &host.url("/")).await;
    (collector, host)
}

async fn show<'a>(browser: &'a Browser, id: &'a str) -> Survey<'a> {
    browser.run(&format!("sondeo.show('{id}')")).await;
    let survey = browser.survey(id);
    browser.until(&survey.part("legend")).await;
    survey
}

/// Guards the guard, on a page that lets nobody in.
async fn what_is_wrong_is_found(browser: Browser) {
    let collector = Collector::start().await;
    let loader = collector.origin();
    let policy = format!(
        "default-src 'none'; script-src {loader} 'wasm-unsafe-eval' 'nonce-{PAGE_LOG_NONCE}'; \
         connect-src {loader}; img-src data:; require-trusted-types-for 'script'; trusted-types sondeo"
    );
    let attributes = r#"data-survey="faq" data-trigger="manual""#;
    let host = Host::of(page(&collector, attributes).policy(policy)).await;
    browser.open(&host.url("/")).await;
    let survey = show(&browser, "faq").await;
    browser.axe().await.is_accessible();

    let change = |css: &str, change: &str| format!("{}{change};", survey.part(css));
    let changes = [
        change("legend", ".style.color = '#999'"),
        change("label", ".style.borderColor = '#ddd'"),
        change("fieldset", ".append(document.createElement('input'))"),
        change("[part=close]", ".removeAttribute('aria-label')"),
    ];
    browser.run(&changes.concat()).await;
    let rules = ["button-name", "color-contrast", "edge-contrast", "label"];
    assert_eq!(browser.axe().await.rules(), rules);
    browser.page_log().await.is_undisturbed();
}

/// The same of an element that says of itself all that a survey may want to say.
async fn what_is_said_of_an_element_is_read(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let survey = show(&browser, "faq").await;
    let question = "How useful did you find this page?";
    survey.asks(question).await;
    let set = |css: &str, attributes: serde_json::Value| {
        format!("{SET}set({}, {attributes});", survey.part(css))
    };
    browser.run(&set(".card", json!({"role": "dialog", "aria-modal": "true"}))).await;
    let more = "<p id=help>Low – <b>high</b></p><p id=wrong>Choose one</p>\
                <div aria-hidden=true><button>Not me</button></div>";
    browser
        .run(&format!("{}.insertAdjacentHTML('beforeend', '{more}')", survey.part("form")))
        .await;
    let group = json!({
        "role": "radiogroup", "aria-describedby": "help wrong",
        "aria-required": "true", "aria-invalid": "true",
    });
    browser.run(&set("fieldset", group)).await;
    browser.run(&set("[part=close]", json!({"disabled": "", "aria-expanded": "false"}))).await;
    survey
        .reads(&format!(
            r#"
dialog "Survey" modal
  progressbar "Question 1 of 2"
  radiogroup "{question}" (Low – high Choose one) required invalid
    radio "Useful" unchecked
    radio "Not useful" unchecked
  alert ""
  button "Next"
  button "Close" collapsed disabled
  status "{question}"
"#
        ))
        .await;
}

async fn faces_are_radios_in_a_group_that_is_the_question(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let outline = r#"
region "Survey"
  group "How satisfied are you with your experience?" (Very dissatisfied Very satisfied)
    radio "1: Very dissatisfied" unchecked
    radio "2" unchecked
    radio "3" unchecked
    radio "4" unchecked
    radio "5: Very satisfied" unchecked
  alert ""
  button "Send"
  button "Close"
  status "How satisfied are you with your experience?"
"#;
    let survey = show(&browser, "csat").await;
    survey.reads(outline).await;
    browser.tab_until("focused() == input('csat', 'satisfaction', 1)").await;
    browser.press(" ").await;
    let chosen = outline.replace(r#"dissatisfied" unchecked"#, r#"dissatisfied" checked"#);
    survey.reads(&chosen).await;
}

async fn numbers_are_radios_and_the_ends_have_words(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let outline = r#"
region "Survey"
  progressbar "Question 1 of 2"
  group "How likely are you to recommend us to a friend or colleague?" (Not at all likely Extremely likely)
    radio "0: Not at all likely" unchecked
    radio "1" unchecked
    radio "2" unchecked
    radio "3" unchecked
    radio "4" unchecked
    radio "5" unchecked
    radio "6" unchecked
    radio "7" unchecked
    radio "8" unchecked
    radio "9" unchecked
    radio "10: Extremely likely" unchecked
  alert ""
  button "Next"
  button "Close"
  status "How likely are you to recommend us to a friend or colleague?"
"#;
    show(&browser, "nps").await.reads(outline).await;
}

async fn thumbs_are_two_radios(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let outline = r#"
region "Survey"
  progressbar "Question 1 of 2"
  group "How useful did you find this page?"
    radio "Useful" unchecked
    radio "Not useful" unchecked
  alert ""
  button "Next"
  button "Close"
  status "How useful did you find this page?"
"#;
    show(&browser, "faq").await.reads(outline).await;
}

async fn options_are_radios_by_their_words(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let outline = r#"
region "Survey"
  group "How long did it take to solve your problem?"
    radio "A few minutes" unchecked
    radio "Up to an hour" unchecked
    radio "Up to a day" unchecked
    radio "Up to three days" unchecked
    radio "Longer" unchecked
    radio "It is not solved yet" unchecked
  alert ""
  button "Send"
  button "Close"
  status "How long did it take to solve your problem?"
"#;
    show(&browser, "ttr").await.reads(outline).await;
}

async fn a_field_has_the_question_for_its_name(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let survey = show(&browser, "post-purchase").await;
    survey.choose("satisfaction", "1").await;
    survey.asks("What went wrong?").await;
    // Firefox leaves no space before what a sheet adds.
    let outline = survey.outline().await.replace("wrong?Optional", "wrong? Optional");
    let expected = r#"
region "Survey"
  progressbar "Question 2 of 2"
  group "What went wrong? Optional"
    textbox "What went wrong?"
  alert ""
  button "Back"
  button "Skip"
  button "Close"
"#;
    assert!(outline.starts_with(expected.trim_start()), "{outline}");
}

/// Screen readers miss what a region says that comes with its words.
async fn the_status_stands_there_before_it_speaks(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    browser.listen().await;
    let survey = show(&browser, "post-purchase").await;
    let status = survey.part("[role=status]");
    let question = "How would you rate your shopping experience?";
    browser.until(&format!("{status}.textContent == '{question}'")).await;
    assert!(browser.value::<bool>("document.activeElement == document.body").await);
    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    let expected = [
        r#"alert """#,
        r#"status """#,
        // What becomes of the answer is told here, where there is something to tell.
        r#"div """#,
        &format!("status \"{question}\""),
        r#"status "Thank you!""#,
    ];
    assert_eq!(browser.speech().await, expected);
}

/// The widest scale, and faces before a text, in this look: nothing is found, nothing is out of sight.
async fn stands(browser: &Browser, look: Look) {
    let _site = open(browser, look).await;
    for id in ["nps", "post-purchase"] {
        let survey = show(browser, id).await;
        survey.fits().await;
        browser.walk(id).await.is_accessible();
        survey.fits().await;
    }
}

async fn on_a_desk(browser: Browser) {
    stands(&browser, Look::PLAIN).await;
}

/// Four times the size is how 1280 by 1024 pixels become so few.
async fn on_a_phone_and_at_four_times_the_size(browser: Browser) {
    stands(&browser, Look::PHONE).await;
    stands(&browser, Look { screen: Some([320, 256]), ..Look::PLAIN }).await;
}

async fn on_a_tablet(browser: Browser) {
    stands(&browser, Look::TABLET).await;
}

/// Every option has an edge, and what is chosen and what has the focus are told apart.
async fn in_forced_colors(browser: Browser) {
    if !browser.engine.has(Look::FORCED) {
        return;
    }
    stands(&browser, Look::FORCED).await;
    for (id, question, value) in [("nps", "recommend", "0"), ("post-purchase", "satisfaction", "1")]
    {
        let _site = open(&browser, Look::FORCED).await;
        let survey = show(&browser, id).await;
        let edges = format!(
            "[...survey('{id}').shadowRoot.querySelectorAll('label')]
                .map(it => getComputedStyle(it).borderTopStyle)"
        );
        let edges: Vec<String> = browser.value(&edges).await;
        assert!(edges.iter().all(|edge| edge != "none"), "{id}: {edges:?}");
        let option = survey.option(question, value);
        browser.tab_until(&format!("focused() == {option}")).await;
        browser.press(" ").await;
        browser.until(&format!("{option}.checked")).await;
        let styles = |of: &str| {
            format!(
                "[{option}, input('{id}', '{question}', 2)]
                    .map(it => it.closest('label')).map(it => getComputedStyle({of}))"
            )
        };
        // A box is filled, or what is drawn in it.
        let fills = "it.querySelector('svg') ?? it";
        let fills = format!("{}.map(it => it.fill + it.backgroundColor)", styles(fills));
        browser.until(&format!("new Set({fills}).size == 2")).await;
        let outlines = format!("{}.map(it => it.outlineStyle)", styles("it"));
        let outlines: [String; 2] = browser.value(&outlines).await;
        assert!(
            outlines[0] != "none" && outlines[1] == "none",
            "the focus is not to be seen: {outlines:?}"
        );
    }
}

async fn without_motion(browser: Browser) {
    let moving = "[survey('nps'), ...survey('nps').shadowRoot.querySelectorAll('*')]
        .map(it => getComputedStyle(it))
        .filter(it => it.animationName != 'none'
            || it.transitionDuration.split(', ').some(one => parseFloat(one) > 0))
        .length";
    for (look, moves) in [(Look::PLAIN, true), (Look::STILL, false)] {
        let _site = open(&browser, look).await;
        show(&browser, "nps").await;
        let count: usize = browser.value(moving).await;
        assert_eq!(count > 0, moves, "{count} elements move: {look:?}");
    }
    stands(&browser, Look::STILL).await;
}

async fn in_the_dark(browser: Browser) {
    let ground = "getComputedStyle(inside('nps', '[part=card]')).backgroundColor
        .match(/[0-9]+/g).slice(0, 3).map(Number)";
    for (look, is_light) in [(Look::PLAIN, true), (Look::DARK, false)] {
        let _site = open(&browser, look).await;
        show(&browser, "nps").await;
        let ground: [u32; 3] = browser.value(ground).await;
        assert_eq!(ground.iter().sum::<u32>() > 384, is_light, "{look:?}: {ground:?}");
    }
    stands(&browser, Look::DARK).await;
}

async fn after_an_empty_submit(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let survey = show(&browser, "ces").await;
    browser.listen().await;
    let first = format!("focused() == {}", survey.option("ease", "1"));
    browser.tab_until(&first).await;
    browser.press(ENTER.to_string()).await;
    let complaint = r#"alert "Please choose an answer.""#;
    browser.until(&format!("speech.includes('{complaint}')")).await;
    let outline = survey.outline().await;
    assert!(outline.contains(complaint), "{outline}");
    assert!(browser.value::<bool>(&first).await, "the focus has gone");
    browser.axe().await.is_accessible();
    // The words go when there is an answer.
    browser.press(" ").await;
    browser.until(&format!("{}.textContent == ''", survey.part("[role=alert]"))).await;
}

/// ARIA has no invalid groups; what is wrong belongs to the group's description.
async fn an_empty_submit_is_wrong_at_the_question(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let survey = show(&browser, "ces").await;
    browser.tab_until(&format!("focused() == {}", survey.option("ease", "1"))).await;
    browser.press(ENTER.to_string()).await;
    browser.until(&format!("{}.textContent", survey.part("[role=alert]"))).await;
    let outline = survey.outline().await;
    let group =
        outline.lines().find(|line| line.trim_start().contains("group \"")).expect("a group");
    assert!(group.contains("Please choose an answer."), "nothing is said of {group}");
}

async fn from_right_to_left(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    browser.run("document.documentElement.dir = 'rtl'").await;
    for id in ["nps", "post-purchase"] {
        let survey = show(&browser, id).await;
        survey.fits().await;
        let [x, ..]: [f64; 4] = browser.value(&format!("box(survey('{id}'))")).await;
        assert!(x < 40.0, "the card is not at the end of the line, but at {x}");
        let direction = format!("getComputedStyle({}).direction", survey.part("legend"));
        assert_eq!(browser.value::<String>(&direction).await, "ltr", "English is written so");
        browser.walk(id).await.is_accessible();
    }
}

async fn in_text_of_twice_the_size(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    for id in Template::KEYWORDS {
        let survey = show(&browser, id).await;
        let size = format!("parseFloat(getComputedStyle({}).fontSize)", survey.part("legend"));
        let before: f64 = browser.value(&size).await;
        survey.enlarge_text().await;
        assert_eq!(browser.value::<f64>(&size).await, 2.0 * before);
        survey.fits().await;
        browser.walk(id).await.is_accessible();
    }
}

async fn numbers_stay_whole_in_text_of_twice_the_size(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    let survey = show(&browser, "nps").await;
    survey.enlarge_text().await;
    let broken: Vec<String> = browser
        .value(
            "[...survey('nps').shadowRoot.querySelectorAll('label')].filter(label => {
                const range = document.createRange();
                range.selectNodeContents(label.lastChild);
                return range.getClientRects().length > 1;
            }).map(it => it.textContent)",
        )
        .await;
    assert_eq!(broken, [""; 0], "numbers in two lines");
}

/// As much as WCAG 1.4.12 names.
async fn in_text_with_more_space(browser: Browser) {
    let _site = open(&browser, Look::PLAIN).await;
    for id in Template::KEYWORDS {
        let survey = show(&browser, id).await;
        let space = format!(
            "const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* {{ line-height: 1.5 !important; letter-spacing: 0.12em !important;
                word-spacing: 0.16em !important }} p {{ margin-block-end: 2em !important }}`);
            const root = survey('{id}').shadowRoot;
            root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];"
        );
        browser.run(&space).await;
        survey.fits().await;
        browser.walk(id).await.is_accessible();
    }
}

/// WCAG 2.4.11: a card that comes by itself makes way for what somebody has come to with Tab.
async fn what_has_the_focus_is_not_covered(browser: Browser) {
    let collector = Collector::start().await;
    let attributes = r#"data-survey="csat" data-trigger="manual""#;
    let corner =
        "<button id=corner style='position: fixed; inset: auto 40px 40px auto'>Order</button>";
    let host = Host::of(page(&collector, attributes).body(corner)).await;
    browser.open(&host.url("/")).await;
    show(&browser, "csat").await;
    browser.tab_until("focused() == $('#corner')").await;
    browser
        .until(
            "(([x, y, width, height]) => [[1, 1], [width / 2, height / 2], [width - 1, height - 1]]
                .some(([right, down]) => at(x + right, y + down) == $('#corner')))(box($('#corner')))",
        )
        .await;
}

/// iOS does, where a field that takes the focus has smaller text than this.
async fn a_field_does_not_make_a_phone_zoom(browser: Browser) {
    let _site = open(&browser, Look::PHONE).await;
    let survey = show(&browser, "post-purchase").await;
    survey.choose("satisfaction", "1").await;
    survey.asks("What went wrong?").await;
    let size = format!("parseFloat(getComputedStyle({}).fontSize)", survey.part("textarea"));
    let size: f64 = browser.value(&size).await;
    assert!(size >= 16.0, "text of {size} px");
}
