//! The dashboard as its reader meets it, over the real collector: the worked values of the metrics, answers
//! as they arrive, the login, the keyboard, and what assistive technology is given.

use crate::support::{Browser, Collector, ENTER, Engine, Look};
use serde_json::{Value as Json, json};

crate::scenarios![
    everything_is_within_reach_of_the_keyboard;
    in one engine:
    worked_values_stand_there_and_new_ones_arrive,
    large_text_and_paper_have_the_columns_of_a_small_window;
    in Chromium:
    few_answers_other_words_and_options,
    what_other_means_is_listed_with_its_question,
    what_people_named_is_called_by_its_name,
    comments_are_worked_off,
    an_overview_asks_for_what_is_in_view,
    a_list_says_what_the_answers_come_to,
    nobody_reads_without_signing_in,
    everything_works_below_a_path,
    it_is_accessible_in_every_state,
];

const COMPLETED: &str = include_str!("../../crates/model/golden/response-completed.json");

/// A response of today with this answer.
fn answered(survey: &str, number: u32, answer: &Json) -> Json {
    let mut response: Json = serde_json::from_str(COMPLETED).expect("JSON");
    let now = std::time::UNIX_EPOCH.elapsed().expect("now").as_millis() as i64;
    let shown_at = sondeo_model::Timestamp::from_millis(now - 60_000).to_rfc3339();
    response["id"] = json!(format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}"));
    response["survey"] = json!(survey);
    response["shown_at"] = json!(shown_at);
    response["answers"] = json!([answer]);
    response
}

fn csat(value: u32) -> Json {
    json!({"question": "satisfaction", "text": "How satisfied are you?", "kind": "likert",
           "points": 5, "metric": "csat", "value": value})
}

fn nps(value: u32) -> Json {
    json!({"question": "recommend", "text": "How likely are you to recommend us?", "kind": "nps",
           "metric": "nps", "value": value})
}

/// 80 satisfied of 100; 50 promoters and 20 detractors of 100; and three who wrote something.
async fn worked(collector: &Collector) {
    let points = [(1, 4), (2, 6), (3, 10), (4, 50), (5, 30)];
    let points = points.iter().flat_map(|&(point, n)| std::iter::repeat_n(csat(point), n));
    for (answer, number) in points.zip(0..) {
        collector.keep(&answered("checkout", number, &answer)).await;
    }
    let scores = [(10, 50), (8, 30), (3, 20)];
    let scores = scores.iter().flat_map(|&(score, n)| std::iter::repeat_n(nps(score), n));
    for (answer, number) in scores.zip(1_000..) {
        collector.keep(&answered("loyalty", number, &answer)).await;
    }
    let mut both = answered("both", 3_000, &csat(5));
    both["answers"].as_array_mut().expect("answers").push(nps(8));
    collector.keep(&both).await;
    for (text, number) in ["Slow delivery", "¡Todo bien!", "<b>slow</b> too"].iter().zip(2_000..) {
        let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": text});
        let mut response = answered("checkout-words", number, &csat(2));
        response["answers"].as_array_mut().expect("answers").push(why);
        collector.keep(&response).await;
    }
}

const SCORE: &str = "$('[data-score]')?.textContent";
const INTERVAL: &str = "$('[data-interval]')?.textContent";
const COUNT: &str = "$('[data-n]')?.textContent";

/// Whether the text of the expression holds these words.
fn says(expression: &str, words: &str) -> String {
    format!("({expression} ?? '').includes({})", json!(words))
}

async fn a_list_says_what_the_answers_come_to(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;
    // One who did not answer, so that it is known that the others did.
    let mut asked = answered("loyalty", 4_000, &nps(0));
    asked["status"] = json!("shown");
    asked["answers"] = json!([]);
    collector.keep(&asked).await;
    browser.open(collector.link()).await;
    browser.until("$('.survey')").await;
    let publish = |id: &str, text: &str| {
        let draft =
            json!({"name": text, "questions": [{"id": "recommend", "kind": "nps", "text": text}]});
        format!(
            "fetch('/v1/sites/default/surveys/{id}/draft', {{method: 'PUT', body: {}}}).then(() => \
             fetch('/v1/sites/default/surveys/{id}/publish', {{method: 'POST'}})).then(it => it.status)",
            json!(draft.to_string())
        )
    };
    for (id, text) in [("loyalty", "Would you recommend us?"), ("both", "Few"), ("new", "None")] {
        assert_eq!(browser.promised::<u16>(&publish(id, text)).await, 200, "{id}");
    }
    browser.open(&collector.url("/studio/default")).await;
    let of = |id: &str| format!("$('[data-survey={id}] .facts')?.textContent");
    browser.until(&says(&of("loyalty"), "90 days: NPS 30 (14.7–45.3), 99% answer")).await;
    browser.until(&says(&of("both"), "Too few to tell")).await;
    browser.until(&says(&of("new"), "0 answers")).await;
    assert!(!browser.value::<String>(&of("new")).await.contains("90 days"));
    browser.axe_page().await.is_accessible();
}

async fn worked_values_stand_there_and_new_ones_arrive(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;

    let found = collector.read("/v1/surveys/checkout/summary").await;
    let metric = &found["questions"][0]["metric"];
    let ends = [&metric["value"], &metric["low"], &metric["high"]];
    assert_eq!(ends, [&json!(80.0), &json!(71.1), &json!(86.7)]);
    let found = collector.read("/v1/surveys/loyalty/summary").await;
    let metric = &found["questions"][0]["metric"];
    let ends = [&metric["value"], &metric["low"], &metric["high"]];
    assert_eq!(ends, [&json!(30.0), &json!(14.7), &json!(45.3)], "30 ± 15.3");

    browser.open(collector.link()).await;
    // From the overview, as a reader would go.
    browser.click("all('.survey a').find(it => it.textContent == 'checkout')").await;
    browser.until(&says(SCORE, "80%")).await;
    browser.until(&says(INTERVAL, "71.1% to 86.7%")).await;
    browser.until(&says(COUNT, "100 answers")).await;
    browser.until("location.pathname == '/dashboard/checkout'").await;
    // It is drawn, and the same stands in a table.
    browser.until("$('.distribution tbody').rows.length == 5").await;
    browser.until(&says("$('.distribution tbody').rows[3].textContent", "50%")).await;

    // One more answer, and nobody reloads.
    browser.until("!$('.live').classList.contains('off')").await;
    collector.keep(&answered("checkout", 500, &csat(5))).await;
    browser.until(&says(COUNT, "101 answers")).await;
    browser.until(&says(SCORE, "80.2%")).await;

    browser.open(&collector.url("/dashboard/loyalty?days=7")).await;
    browser.until(&says(SCORE, "30")).await;
    browser.until(&says(INTERVAL, "14.7 to 45.3")).await;
    // The same in another language; the browser's own numbers.
    browser.run("const it = $('select.language'); it.value = 'es'; it.dispatchEvent(new Event('change', {bubbles: true}))").await;
    browser.until(&says(INTERVAL, "de 14,7 a 45,3")).await;
    browser.until("document.documentElement.lang == 'es'").await;

    // A survey that asks for two scores: the other one, without a reload.
    browser.open(&collector.url("/dashboard/both")).await;
    browser.until(&says(SCORE, "100")).await;
    browser.run("const it = $('.choose select'); it.value = it.options[1].value; it.dispatchEvent(new Event('change', {bubbles: true}))").await;
    browser.until(&format!("{SCORE} == '0'")).await;
    browser.until("location.search == '?question=recommend'").await;

    browser.open(&collector.url("/dashboard/checkout-words?search=SLOW")).await;
    browser.until("all('.comments li').length == 2").await;
    // What a visitor wrote is text.
    browser.until(&says("$('.comments').textContent", "<b>slow</b> too")).await;
}

/// 8 of 10 are too few to tell; a question in other words says so; an option is called what visitors read.
async fn few_answers_other_words_and_options(browser: Browser) {
    let collector = Collector::start().await;
    for number in 0..10 {
        let mut answer = csat(if number < 8 { 5 } else { 1 });
        if number == 9 {
            answer["text"] = json!("Are you happy?");
        }
        collector.keep(&answered("few", number, &answer)).await;
    }
    for (number, option) in (20..).zip(["hour", "hour", "day"]) {
        let answer = json!({"question": "time", "text": "How long did it take?", "kind": "choice",
                            "metric": "ttr", "value": option});
        collector.keep(&answered("ttr", number, &answer)).await;
    }
    browser.open(collector.link()).await;
    browser.until("all('.survey .score').length == 2").await;
    browser.open(&collector.url("/dashboard/few")).await;
    browser.until(&says(SCORE, "80%")).await;
    browser.until(&says(INTERVAL, "49% to 94.3%")).await;
    browser.until("$('.main-score .score').classList.contains('few')").await;
    browser.until("all('.wordings li').length == 2").await;
    browser.until(&says("$('.wordings').textContent", "Are you happy?")).await;
    browser.open(&collector.url("/dashboard/ttr")).await;
    browser.until(&says(SCORE, "60 min")).await;
    browser.until("$('.distribution tbody').rows.length == 2").await;
    browser.until(&says("$('.distribution tbody').textContent", "Up to an hour")).await;
    // Where a page makes up more names than are told apart, whoever reads is told.
    assert!(browser.value::<bool>("!$('[data-crowded]')").await);
    for number in 100..155 {
        let mut response = answered("crowded", number, &csat(4));
        response["trigger"] = json!(format!("event:order-{number}"));
        collector.keep(&response).await;
    }
    browser.open(&collector.url("/dashboard/crowded")).await;
    let told = "Too many different values to tell all of them apart";
    browser.until(&format!("$('[data-crowded]')?.textContent.startsWith('{told}')")).await;
}

/// Among the options, and fetched when somebody asks for it.
async fn what_other_means_is_listed_with_its_question(browser: Browser) {
    let collector = Collector::start().await;
    for (number, other) in (30..).zip(["A friend", "<b>The radio</b>", ""]) {
        let mut answer = json!({"question": "source", "text": "Where did you hear of us?", "kind": "choice",
                                "value": if other.is_empty() { "ad" } else { "other" }});
        if !other.is_empty() {
            answer["other"] = json!(other);
        }
        let mut response = answered("source", number, &answer);
        let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": "Because"});
        response["answers"].as_array_mut().expect("answers").push(why);
        collector.keep(&response).await;
    }
    browser.open(collector.link()).await;
    browser.until("all('.survey').length == 1").await;
    browser.open(&collector.url("/dashboard/source")).await;
    browser.until("$('.own-words')").await;
    assert_eq!(browser.value::<usize>("all('.own-words li').length").await, 0);
    browser.click("$('.own-words summary')").await;
    browser.until("all('.own-words li').length == 2").await;
    let texts: Vec<String> =
        browser.value("all('.own-words li').map(it => it.textContent).sort()").await;
    assert_eq!(texts, ["<b>The radio</b>", "A friend"]);
    browser.axe().await.is_accessible();
}

const NAMED: &str = r#"[
    {"id": "arrival", "name": "After the delivery", "questions": [
        {"id": "mood", "kind": "likert", "points": 3, "look": "labels", "metric": "csat",
         "text": {"en": "How was it?", "es": "¿Qué tal?"},
         "labels": [{"en": "Bad", "es": "Mal"}, {"en": "So so", "es": "Regular"}, {"en": "Good", "es": "Bien"}]},
        {"id": "who-came", "kind": "choice", "other": "text", "text": {"en": "Who came?", "es": "¿Quién vino?"},
         "options": [{"id": "post-office", "text": {"en": "The post", "es": "Correos"}},
                     {"id": "other", "text": {"en": "Somebody else", "es": "Otra persona"}}]}]}]"#;

/// Surveys, questions, points, options and parts have words, in the reader's language; what exports call them stands
/// beside. Where nobody knows words, the id stands there.
async fn what_people_named_is_called_by_its_name(browser: Browser) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("named.json"), NAMED).expect("a file");
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let collector = Collector::start_with(&["--surveys", &path]).await;
    let options = ["post-office", "other", "post-office", "post-office"];
    for (number, (language, option)) in (0..).zip(["en", "es", "es", "en"].into_iter().zip(options))
    {
        let [mood, who] = match language {
            "es" => ["¿Qué tal?", "¿Quién vino?"],
            _ => ["How was it?", "Who came?"],
        };
        let mood = json!({"question": "mood", "text": mood, "kind": "likert", "points": 3,
                          "metric": "csat", "value": 3 - number % 3});
        let mut response = answered("arrival", number, &mood);
        let mut who =
            json!({"question": "who-came", "text": who, "kind": "choice", "value": option});
        if option == "other" {
            who["other"] = json!("My neighbour");
        }
        response["answers"].as_array_mut().expect("answers").push(who);
        response["language"] = json!(language);
        response["client"]["device"] = json!(if number == 1 { "desktop" } else { "mobile" });
        response["trigger"] = json!(if number == 2 { "link" } else { "event:order-completed" });
        collector.keep(&response).await;
    }
    collector.keep(&answered("post-purchase", 10, &csat(4))).await;
    collector.keep(&answered("own-name", 11, &csat(4))).await;

    browser.open(collector.link()).await;
    browser.until("all('.survey .score').length == 3").await;
    let called = |survey: &str| format!("$('[data-survey=\"{survey}\"] h2').textContent");
    for (survey, name) in
        [("arrival", "After the delivery"), ("post-purchase", "Purchase"), ("own-name", "own-name")]
    {
        browser.until(&format!("{} == {}", called(survey), json!(name))).await;
    }
    let ids =
        "all('.survey .id').filter(it => it.checkVisibility()).map(it => it.textContent).sort()";
    let ids: Vec<String> = browser.value(ids).await;
    assert_eq!(ids, ["arrival", "post-purchase"], "beside the names");

    browser.click("$('[data-survey=arrival] a')").await;
    browser.until("$('h1').textContent == 'After the delivery'").await;
    browser.until("document.title == 'After the delivery · Sondeo dashboard'").await;
    browser.until("$('.crumbs .id').textContent == 'arrival'").await;
    let rows = "all('.distribution tbody th').map(it => it.textContent).join()";
    browser.until(&format!("{rows} == '1 – Bad,2 – So so,3 – Good'")).await;
    let options = "all('.questions tbody th').map(it => `${it.title}: ${it.textContent}`).join()";
    browser.until(&format!("{options} == 'post-office: The post,other: Somebody else'")).await;
    browser.until("all('.questions h3')[1].title == 'who-came'").await;

    // The same for a reader of Spanish.
    browser.run("const it = $('select.language'); it.value = 'es'; it.dispatchEvent(new Event('change', {bubbles: true}))").await;
    browser.until(&format!("{rows} == '1 – Mal,2 – Regular,3 – Bien'")).await;
    browser.until(&format!("{options} == 'post-office: Correos,other: Otra persona'")).await;
    browser.until("all('.questions h3')[1].textContent == '¿Quién vino?'").await;
    // Beneath the name stands a verdict, for narrow windows.
    let parts = "all('.parts tbody th').map(it => it.firstChild.textContent).sort().join()";
    for (property, expected) in [
        ("device", "Ordenadores,Teléfonos"),
        ("language", "español,inglés"),
        ("trigger", "Desde un enlace,Después de un pedido («order-completed»)"),
    ] {
        browser.open(&collector.url(&format!("/dashboard/arrival?by={property}"))).await;
        browser.until(&format!("{parts} == {}", json!(expected))).await;
    }
    browser.until("$('.parts tbody th').title == 'event:order-completed'").await;
    browser.open(&collector.url("/dashboard/own-name")).await;
    browser.until("$('h1').textContent == 'own-name' && !$('.crumbs .id').checkVisibility()").await;

    for look in [Look::PLAIN, Look::DARK, Look::PHONE] {
        // Nobody may frame the dashboard, and only one engine makes its window as narrow as a phone's.
        if look == Look::PHONE && browser.engine != Engine::Chromium {
            continue;
        }
        browser.open_as(look, &collector.url("/dashboard/arrival?by=trigger")).await;
        browser.until("$('.parts tbody tr') && $('h1').textContent == 'After the delivery'").await;
        let overflow = "document.documentElement.scrollWidth - innerWidth";
        assert!(browser.value::<i32>(overflow).await <= 0);
        browser.axe_page().await.is_accessible();
        browser.open_as(look, &collector.url("/dashboard/")).await;
        browser.until("all('.survey .score').length == 3").await;
        assert!(browser.value::<i32>(overflow).await <= 0);
        browser.axe_page().await.is_accessible();
    }
}

/// A tag and a tick by keyboard; they are there for whoever comes later, and choose what is listed (issue 16).
async fn comments_are_worked_off(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;
    browser.open(collector.link()).await;
    browser.until("all('.survey').length").await;
    browser.open(&collector.url("/dashboard/checkout-words")).await;
    browser.until("all('.comments li').length == 3").await;
    let first: String = browser.value("$('.comments .text').textContent").await;
    browser.run("$('.comments input[type=checkbox]').focus()").await;
    browser.press(" ").await;
    browser.until("$('.comments li').classList.contains('done')").await;
    browser.run("all('.comments li form input')[1].focus()").await;
    browser.press("Price").await;
    browser.press(ENTER.to_string()).await;
    browser.until("all('.comments li')[1].querySelector('bdi')?.textContent == 'price'").await;
    browser.axe().await.is_accessible();
    browser.open(&collector.url("/dashboard/checkout-words?done=true")).await;
    browser.until("all('.comments li').length == 1").await;
    browser.until(&says("$('.comments .text').textContent", &first)).await;
    browser.open(&collector.url("/dashboard/checkout-words?tag=price")).await;
    browser.until("all('.comments li').length == 1").await;
    browser.until("all('.comment-filter select')[2].value == 'price'").await;
    browser.click("$('.comments .remove')").await;
    browser.until("!$('.comments bdi')").await;
    browser.open(&collector.url("/dashboard/checkout-words?tag=price")).await;
    browser
        .until(
            "$('#comments-title') && $('[role=status].soft')?.textContent.includes('No comment')",
        )
        .await;
}

/// For the surveys of which each question after scores was, in order.
const ASKED: &str = "performance.getEntriesByType('resource').map(it => new URL(it.name)) \
    .filter(it => it.pathname.endsWith('/v1/summaries')) \
    .map(it => it.searchParams.get('surveys').split(','))";

/// Of thirty surveys, those in view are asked for, all of them in one question; and so is what is new.
async fn an_overview_asks_for_what_is_in_view(browser: Browser) {
    let collector = Collector::start().await;
    for number in 0..30 {
        collector.keep(&answered(&format!("s{number:02}"), number, &csat(5))).await;
    }
    browser.open(collector.link()).await;
    let scores = "all('.survey .score').length";
    browser.until(&format!("{scores} == 12")).await;
    assert_eq!(browser.value::<usize>("all('.survey').length").await, 12);
    let asked: Vec<Vec<String>> = browser.value(ASKED).await;
    assert_eq!(asked.iter().map(Vec::len).collect::<Vec<_>>(), [12]);
    for count in [24, 30] {
        browser.click("$('.more')").await;
        browser.until(&format!("{scores} == {count}")).await;
    }
    browser.until("$('.more').hidden").await;

    // The first ones are out of view now: of a new answer to the last, only its neighbours hear.
    browser.run("scrollTo(0, document.documentElement.scrollHeight)").await;
    browser.until_idle().await;
    let last: String = browser.value("all('.survey a').at(-1).textContent").await;
    let before: usize = browser.value(&format!("{ASKED}.length")).await;
    collector.keep(&answered(&last, 100, &csat(5))).await;
    browser.until(&says("all('.survey').at(-1).textContent", "2 answers")).await;
    let asked: Vec<Vec<String>> = browser.value(ASKED).await;
    let first: String = browser.value("$('.survey a').textContent").await;
    assert!(asked.iter().all(|surveys| surveys.len() <= 12), "{asked:?}");
    assert!(asked.iter().flatten().any(|survey| *survey == last), "{asked:?}");
    let again = &asked[before..];
    assert!(!again.iter().flatten().any(|survey| *survey == first), "{again:?}");
    let alone = "performance.getEntriesByType('resource').some(it => /surveys.[^?]+.summary/.test(it.name))";
    assert!(!browser.value::<bool>(alone).await, "a question for one survey alone");
}

async fn nobody_reads_without_signing_in(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;
    collector.welcome("ana", "correct horse battery staple").await;
    browser.open(&collector.url("/dashboard/checkout")).await;
    browser.until("$('form.login')").await;
    assert!(!browser.value::<bool>("document.body.textContent.includes('80%')").await);

    browser.click("$('[name=user]')").await;
    browser.press("ana").await;
    browser.click("$('[name=password]')").await;
    browser.press(format!("wrong{ENTER}")).await;
    browser.until("$('[role=alert]').textContent").await;
    // It is selected: what is typed takes its place.
    browser.press(format!("correct horse battery staple{ENTER}")).await;
    browser.until(&says(SCORE, "80%")).await;
    assert!(browser.value::<bool>("document.cookie == ''").await, "no script reads the session");

    browser.click("all('header button').at(-1)").await;
    browser.until("$('form.login')").await;
    browser.open(&collector.url("/dashboard/")).await;
    browser.until("$('form.login')").await;
}

/// A proxy gives it a part of a host: no address leaves it.
async fn everything_works_below_a_path(browser: Browser) {
    let collector = Collector::start_with(&["--base-path", "/surveys"]).await;
    worked(&collector).await;
    browser.open(collector.link()).await;
    browser.until("location.pathname == '/surveys/dashboard/'").await;
    browser.click("all('.survey a').find(it => it.textContent == 'checkout')").await;
    browser.until(&says(SCORE, "80%")).await;
    browser.until("location.pathname == '/surveys/dashboard/checkout'").await;
    browser.until("!$('.live').classList.contains('off')").await;
    collector.keep(&answered("checkout", 500, &csat(5))).await;
    browser.until(&says(COUNT, "101 answers")).await;
    let exports = "all('.actions a').every(it => it.pathname.startsWith('/surveys/v1/export.'))";
    browser.until(exports).await;
    browser.open(&collector.url("/surveys/dashboard/checkout-words?search=slow")).await;
    browser.until("all('.comments li').length == 2").await;
    // A question is called by its words.
    browser.until(&says("$('.comments').textContent", "Why?")).await;
    browser.until(&says("$('.comments').textContent", "How satisfied are you? 2")).await;
    browser.click("$('.crumbs a')").await;
    browser.until("location.pathname == '/surveys/dashboard/'").await;
    browser.until("all('.survey').length == 4").await;

    // A hosted page, and an answer that the link chose.
    browser.open(&collector.url("/surveys/s/nps?sondeo-recommend=9")).await;
    let survey = browser.survey("nps");
    // The page is the survey's, and has nothing else to have the focus.
    let chosen = survey.option("recommend", "9");
    browser
        .until(&format!("{chosen}?.checked && {chosen} == {chosen}.getRootNode().activeElement"))
        .await;
    browser.press(ENTER.to_string()).await;
    let stored = async || {
        let found = collector.read("/v1/surveys/nps/summary").await;
        found["responses"] == json!(1)
    };
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !stored().await {
        assert!(std::time::Instant::now() < deadline, "the answer did not arrive");
    }
}

async fn everything_is_within_reach_of_the_keyboard(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;
    browser.open(collector.link()).await;
    browser.until("all('.survey .score').length == 4").await;
    browser.tab_until("document.activeElement.textContent == 'checkout'").await;
    browser.press(ENTER.to_string()).await;
    browser.until(SCORE).await;
    browser.tab_until("document.activeElement.type == 'search'").await;
    browser.press("nothing").await;
    browser.until("location.search == '?search=nothing'").await;
    assert!(browser.value::<bool>("document.activeElement.type == 'search'").await);
    // The way back is the browser's.
    browser.run("history.back()").await;
    browser.until("all('.survey .score').length == 4").await;
}

async fn it_is_accessible_in_every_state(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(&collector.url("/dashboard/")).await;
    browser.until("$('form.login')").await;
    browser.axe_page().await.is_accessible();

    browser.open(collector.link()).await;
    browser.until("$('.empty')").await;
    browser.axe_page().await.is_accessible();

    worked(&collector).await;
    browser.until("all('.survey .score').length == 4").await;
    browser.axe_page().await.is_accessible();

    for look in ["light", "dark"] {
        for survey in ["checkout", "loyalty", "checkout-words"] {
            browser.open(&collector.url(&format!("/dashboard/{survey}?by=device"))).await;
            browser.run(&format!("localStorage.setItem('sondeo.dashboard.look', '{look}')")).await;
            browser.open(&collector.url(&format!("/dashboard/{survey}"))).await;
            browser
                .until(&format!("$('html').className == '{look}' && $('.parts tbody tr')"))
                .await;
            browser.run("for (const it of all('details')) it.open = true").await;
            browser.axe_page().await.is_accessible();
        }
    }
}

async fn large_text_and_paper_have_the_columns_of_a_small_window(browser: Browser) {
    let collector = Collector::start().await;
    worked(&collector).await;
    browser.open(collector.link()).await;
    browser.until("all('.survey .score').length == 4").await;
    let columns = "getComputedStyle($('.first')).gridTemplateColumns.split(' ').length";
    let overflow = "document.documentElement.scrollWidth - innerWidth";
    browser.open(&collector.url("/dashboard/checkout")).await;
    browser.until("$('.parts tbody tr')").await;
    assert_eq!(browser.value::<usize>(columns).await, 6);
    browser.run("document.documentElement.style.fontSize = '200%'").await;
    browser.until(&format!("{columns} == 1")).await;
    assert!(browser.value::<i32>(overflow).await <= 0);
    // As wide as a sheet of paper.
    browser.run("document.documentElement.style = 'width: 700px'").await;
    browser.until(&format!("{columns} == 1")).await;
    let too_wide = "all('.card').filter(it => it.scrollWidth > it.clientWidth + 1).map(it => it.className).join()";
    assert_eq!(browser.value::<String>(too_wide).await, "");
}
