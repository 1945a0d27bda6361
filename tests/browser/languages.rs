//! A survey in the language of its reader: its words, its direction, its digits, and what it costs.

use crate::support::{Browser, Collector, Embed, Host, Look, Page, Words};
use serde_json::json;
use sondeo_model::{Direction, Language};

crate::scenarios![
    in one engine:
    every_language_asks_in_its_own_words,
    a_file_of_words_that_does_not_come_leaves_english;
    in Chromium:
    every_language_fits_the_narrowest_phone,
    old_and_regional_tags_lead_to_the_nearest_language,
    english_asks_for_no_file,
    an_authors_texts_are_read_in_the_readers_language,
    what_the_page_says_later_changes_nothing,
];

/// A shipped text, as its translator wrote it.
fn line(language: Language, key: &str) -> String {
    let path = format!("crates/model/messages/{}.txt", language.tag());
    let file = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let key = format!("{key}: ");
    let text = file.lines().find_map(|line| line.strip_prefix(&key));
    text.unwrap_or_else(|| panic!("{path} has no {key}")).to_owned()
}

/// The requests for words of other languages.
const FILES: &str = "performance.getEntriesByType('resource').map(it => it.name)
    .filter(it => it.endsWith('.txt'))";

async fn every_language_asks_in_its_own_words(browser: Browser) {
    let collector = Collector::start().await;
    let tag = collector.tag(
        r#"data-survey="nps faq" data-trigger="load" data-endpoint="/responses" data-delay="0s""#,
    );
    for &language in Language::ALL {
        let tag_of = language.tag();
        let direction = Direction::of(tag_of).attribute();
        let host = Host::of(Page::new(tag.clone()).language(tag_of)).await;
        browser.open(&host.url("/")).await;
        let survey = browser.survey("nps");
        survey.asks(&line(language, "recommend")).await;
        let card = survey.part(".card");
        let is = format!(
            "[{card}.lang, {card}.dir, {card}.ariaLabel, getComputedStyle({card}).direction]"
        );
        let name = line(language, "survey");
        assert_eq!(
            browser.value::<[String; 4]>(&is).await,
            [tag_of, direction, name.as_str(), direction]
        );
        let first = format!("{}.textContent", survey.part("label"));
        let digit = format!("(0).toLocaleString('{tag_of}')");
        assert!(browser.value::<bool>(&format!("{first} == {digit}")).await, "{tag_of}");
        survey.choose("recommend", "9").await;
        survey.asks(&line(language, "reason-promoter")).await;
        let back = survey.part("[part=back]");
        assert_eq!(
            browser.value::<String>(&format!("{back}.textContent")).await,
            line(language, "back")
        );
        browser.click(&survey.part("button[type=submit]")).await;
        survey.thanks(&line(language, "thanks")).await;
        assert_eq!(host.endpoint.until_posted(2).await[1].response().language, tag_of);
        let files: Vec<String> = browser.value(FILES).await;
        assert_eq!(files.len(), usize::from(language != Language::En), "{files:?}");
        browser.page_log().await.is_undisturbed();
    }
}

/// Words of other lengths than those for which the widget was drawn.
async fn every_language_fits_the_narrowest_phone(browser: Browser) {
    const ASKED: [&str; 5] = ["nps", "ces", "cancellation", "trial-end", "support"];
    let collector = Collector::start().await;
    let attributes = format!(
        r#"data-survey="{}" data-trigger="manual" data-preview data-endpoint="/responses""#,
        ASKED.join(" ")
    );
    for &language in Language::ALL {
        let page = Page::new(collector.tag(&attributes)).language(language.tag());
        let page = match Direction::of(language.tag()) {
            Direction::RightToLeft => page.right_to_left(),
            Direction::LeftToRight => page,
        };
        let host = Host::of(page).await;
        browser.open_as(Look::PHONE, &host.url("/")).await;
        browser.loaded().await;
        for id in ASKED {
            browser.run(&format!("sondeo.show('{id}')")).await;
            let survey = browser.survey(id);
            browser.until(&survey.part("legend")).await;
            survey.fits().await;
            browser.click(&survey.part("label")).await;
            browser.until(&survey.part("textarea, [part=thanks], .list")).await;
            survey.fits().await;
        }
    }
}

async fn old_and_regional_tags_lead_to_the_nearest_language(browser: Browser) {
    let collector = Collector::start().await;
    for (page_language, language) in [
        ("no", Language::Nb),
        ("nn-NO", Language::Nb),
        ("iw", Language::He),
        ("zh-TW", Language::Zh),
        ("pt-PT", Language::Pt),
    ] {
        let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
        let host = Host::of(page.language(page_language)).await;
        browser.open(&host.url("/")).await;
        let survey = browser.survey("post-purchase");
        survey.asks(&line(language, "shopping")).await;
        let card = survey.part(".card");
        let is = format!("[{card}.lang, {card}.dir]");
        let direction = Direction::of(language.tag()).attribute();
        assert_eq!(browser.value::<[String; 2]>(&is).await, [language.tag(), direction]);
        survey.choose("satisfaction", "5").await;
        survey.thanks(&line(language, "thanks")).await;
        let response = host.endpoint.until_posted(1).await[0].response();
        assert_eq!(response.language, language.tag(), "{page_language}");
    }
}

async fn english_asks_for_no_file(browser: Browser) {
    let collector = Collector::start().await;
    // Hungarian is not shipped; what the author says comes before the page.
    for (page_language, attribute) in [("en-GB", ""), ("hu", ""), ("es", r#"data-lang="en""#)] {
        let attributes = format!(r#"data-trigger="load" {attribute}"#);
        let page = Page::with_survey(&collector, "/responses", &attributes);
        let host = Host::of(page.language(page_language)).await;
        browser.open(&host.url("/")).await;
        browser.survey("post-purchase").asks(&line(Language::En, "shopping")).await;
        assert_eq!(browser.value::<Vec<String>>(FILES).await, [""; 0], "{page_language}");
    }
}

async fn a_file_of_words_that_does_not_come_leaves_english(browser: Browser) {
    for words in [Words::Missing, Words::Broken, Words::Never] {
        let embed = Embed { words };
        let tag = embed.tag(r#"data-survey="faq" data-trigger="load" data-endpoint="/responses""#);
        let page = Page::new(tag).language("es");
        let host = Host::serving([("/", page)], embed.routes()).await;
        browser.open(&host.url("/")).await;
        let survey = browser.survey("faq");
        survey.asks(&line(Language::En, "useful")).await;
        survey.choose("useful", "yes").await;
        survey.thanks("Thank you!").await;
        assert_eq!(host.endpoint.until_posted(1).await[0].response().language, "en");
        let page_log = browser.page_log().await;
        let expected = "sondeo: the words of the language es did not come";
        assert_eq!(page_log.lines, [expected], "{words:?}");
        assert_eq!(page_log.errors, [""; 0], "{words:?}");
    }
}

async fn an_authors_texts_are_read_in_the_readers_language(browser: Browser) {
    let collector = Collector::start().await;
    let texts = |words: [&str; 3]| json!({"en": words[0], "es": words[1], "hu": words[2]});
    let survey = json!({"id": "own", "thanks": texts(["Thanks", "Gracias", "Köszönjük"]), "questions": [
        {"id": "q", "kind": "text", "text": texts(["How?", "¿Cómo?", "Hogyan?"])},
    ]});
    for (page_language, language, question, thanks, send) in [
        ("es-MX", "es", "¿Cómo?", "Gracias", line(Language::Es, "skip")),
        // Around what only its author speaks, English.
        ("hu-HU", "hu", "Hogyan?", "Köszönjük", line(Language::En, "skip")),
        ("fr", "en", "How?", "Thanks", line(Language::En, "skip")),
    ] {
        let page = Page::with_file(&collector, &survey, "").language(page_language);
        let host = Host::of(page).await;
        browser.open(&host.url("/")).await;
        let survey = browser.survey("own");
        survey.asks(question).await;
        assert_eq!(browser.value::<String>("survey('own').lang").await, language);
        let button = survey.part("button[type=submit]");
        assert_eq!(browser.value::<String>(&format!("{button}.textContent")).await, send);
        browser.click(&button).await;
        survey.thanks(thanks).await;
        assert_eq!(host.endpoint.until_posted(1).await[0].response().language, language);
    }
}

async fn what_the_page_says_later_changes_nothing(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let host = Host::of(page.language("de")).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks(&line(Language::De, "shopping")).await;
    browser.run("document.documentElement.lang = 'ar'; document.documentElement.dir = 'rtl'").await;
    survey.choose("satisfaction", "1").await;
    survey.asks(&line(Language::De, "wrong")).await;
    let direction = format!("getComputedStyle({}).direction", survey.part(".card"));
    assert_eq!(browser.value::<String>(&direction).await, "ltr");
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks(&line(Language::De, "thanks")).await;
    assert_eq!(browser.value::<Vec<String>>(FILES).await.len(), 1);
}
