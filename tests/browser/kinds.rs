//! Each kind of question, answered by pointer, and what the endpoint then holds.

use crate::support::{Browser, Collector, Host, Page};
use sondeo_model::{Answer, Metric, Response, Status, Value};

crate::scenarios![
    in one engine:
    seven_points_are_seven_boxes,
    a_survey_that_is_asked_for_takes_the_place_of_another;
    in Chromium:
    a_score_of_nine_is_asked_what_pleased,
    a_score_of_zero_is_asked_for_the_reason,
    an_option_is_chosen_by_its_words,
];

/// A page that holds every survey of a bare metric, each waiting to be asked for.
async fn show(browser: &Browser, collector: &Collector, id: &str, question: &str) -> Host {
    let attributes =
        r#"data-survey="nps ces ttr" data-trigger="manual" data-endpoint="/responses""#;
    let host = Host::of(Page::new(collector.tag(attributes))).await;
    browser.open(&host.url("/")).await;
    browser.run(&format!("sondeo.show('{id}')")).await;
    browser.survey(id).asks(question).await;
    host
}

/// The last of so many states of the one response.
async fn response(host: &Host, revisions: usize) -> Response {
    let posts = host.endpoint.until_posted(revisions).await;
    let response = posts[revisions - 1].response();
    assert_eq!(response.status, Status::Completed);
    assert!(posts.iter().all(|post| post.response().id == response.id));
    response
}

fn values(response: &Response) -> Vec<&Value> {
    response.answers.iter().map(|Answer { value, .. }| value).collect()
}

const RECOMMEND: &str = "How likely are you to recommend us to a friend or colleague?";

async fn a_score_of_nine_is_asked_what_pleased(browser: Browser) {
    let collector = Collector::start().await;
    let host = show(&browser, &collector, "nps", RECOMMEND).await;
    let survey = browser.survey("nps");
    survey.choose("recommend", "9").await;
    survey.asks("What do you like most about us?").await;
    survey.write("reason", "The tins").await;
    survey.thanks("Thank you!").await;

    let response = response(&host, 2).await;
    assert_eq!(values(&response), [&Value::Integer(9), &Value::Text("The tins".into())]);
    assert_eq!(response.answers[0].metric, Some(Metric::Nps));
    assert_eq!(response.answers[1].text, "What do you like most about us?");
}

async fn a_score_of_zero_is_asked_for_the_reason(browser: Browser) {
    let collector = Collector::start().await;
    let host = show(&browser, &collector, "nps", RECOMMEND).await;
    let survey = browser.survey("nps");
    survey.choose("recommend", "0").await;
    survey.asks("What is the main reason for your score?").await;
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Thank you!").await;

    let response = response(&host, 2).await;
    assert_eq!(values(&response), [&Value::Integer(0)]);
}

async fn seven_points_are_seven_boxes(browser: Browser) {
    let collector = Collector::start().await;
    let host = show(&browser, &collector, "ces", "It was easy to handle my issue.").await;
    let survey = browser.survey("ces");
    survey.choose("ease", "7").await;
    survey.thanks("Thank you!").await;

    let response = response(&host, 1).await;
    let [answer] = response.answers.as_slice() else { panic!("{:?}", response.answers) };
    assert_eq!((answer.points, answer.metric), (Some(7), Some(Metric::Ces)));
    assert_eq!(answer.value, Value::Integer(7));
}

async fn an_option_is_chosen_by_its_words(browser: Browser) {
    let collector = Collector::start().await;
    let host =
        show(&browser, &collector, "ttr", "How long did it take to solve your problem?").await;
    let survey = browser.survey("ttr");
    let label = format!("{}.closest('label').textContent", survey.option("time", "hour"));
    assert_eq!(browser.value::<String>(&label).await, "Up to an hour");
    survey.choose("time", "hour").await;
    survey.thanks("Thank you!").await;

    let response = response(&host, 1).await;
    assert_eq!(values(&response), [&Value::Text("hour".into())]);
}

async fn a_survey_that_is_asked_for_takes_the_place_of_another(browser: Browser) {
    let collector = Collector::start().await;
    let _host = show(&browser, &collector, "nps", RECOMMEND).await;
    browser.run("sondeo.show('ttr')").await;
    browser.survey("ttr").asks("How long did it take to solve your problem?").await;
    browser.survey("nps").is_gone().await;
}
