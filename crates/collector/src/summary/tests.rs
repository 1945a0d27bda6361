use super::defined_survey::DefinedSurvey;
use super::request::SummaryQuery;
use super::{SummaryCounts, before, summary};
use crate::store::{self, AnswerCount, AskedScale, Counts, Period, Segment, StatusCount, Wording};
use serde_json::{Value as Json, json};
use sondeo_model::{KindName, Metric, Timestamp};

fn segment((dimension, value): (&str, &str)) -> Segment {
    Segment { dimension: dimension.to_owned(), value: value.to_owned() }
}

const ALL: (&str, &str) = ("", "");

fn statuses(of: (&str, &str), day: Option<i64>, counts: [i64; 5]) -> StatusCount {
    let [only_shown, partial, completed, dismissed, responses] = counts;
    let segment = segment(of);
    StatusCount { segment, day, only_shown, partial, completed, dismissed, responses }
}

/// The answers to a scale: how many gave each value, and how many there were.
fn answers(
    of: (&str, &str),
    day: Option<i64>,
    scale: i64,
    counts: &[(&str, i64)],
) -> Vec<AnswerCount> {
    let sum = counts.iter().filter(|(value, _)| *value != "|").map(|(_, n)| n).sum();
    let anybody = ("", sum);
    let all = counts.iter().chain([&anybody]);
    all.map(|(value, n)| {
        let value = match *value {
            "" => store::Counted::Anyone,
            "|" => store::Counted::DroppedOff,
            value => store::Counted::Value(value.to_owned()),
        };
        AnswerCount { segment: segment(of), day, scale, value, n: *n }
    })
    .collect()
}

fn scale(
    id: i64,
    question: &str,
    kind: KindName,
    points: Option<u8>,
    metric: Metric,
) -> AskedScale {
    let wordings = vec![wording("en", &format!("{question}?"), [20_000, 21_000])];
    let metric = Some(metric);
    AskedScale { id, question: question.to_owned(), kind, points, metric, position: id, wordings }
}

fn wording(language: &str, text: &str, [first_day, last_day]: [i64; 2]) -> Wording {
    Wording { language: language.to_owned(), text: text.to_owned(), first_day, last_day, n: 1 }
}

fn satisfaction() -> AskedScale {
    scale(1, "satisfaction", KindName::Likert, Some(5), Metric::Csat)
}

const FIVE: [(&str, i64); 5] = [("1", 4), ("2", 6), ("3", 10), ("4", 50), ("5", 30)];

fn made(request: &str, counted: &SummaryCounts) -> Json {
    let request = SummaryQuery::read(request).expect("a request");
    let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
    let period =
        Period { from: moment("2026-11-01T00:00:00Z"), to: moment("2026-12-01T00:00:00Z") };
    let made =
        summary("checkout".to_owned(), Some(&period), &request, counted, &DefinedSurvey::default());
    serde_json::to_value(made).expect("JSON")
}

fn only(whole: Counts) -> SummaryCounts {
    SummaryCounts { whole, days: None, earlier: None }
}

#[test]
fn the_contracts_example() {
    let mut counted = Counts {
        scales: vec![satisfaction()],
        statuses: vec![
            statuses(ALL, None, [490, 60, 250, 400, 310]),
            statuses(("device", "mobile"), None, [300, 50, 150, 300, 200]),
        ],
        answers: answers(ALL, None, 1, &FIVE),
    };
    counted.answers.extend(answers(("device", "mobile"), None, 1, &[("4", 20), ("1", 4)]));
    let found = made("by=device", &only(counted));
    for (pointer, expected) in [
        ("/survey", json!("checkout")),
        ("/from", json!("2026-11-01T00:00:00.000Z")),
        ("/shown", json!(1_200)),
        ("/responses", json!(310)),
        ("/completed", json!(250)),
        ("/dismissed", json!(400)),
        ("/response_rate", json!({"value": 25.8, "low": 23.4, "high": 28.4, "n": 1_200})),
        ("/questions/0/question", json!("satisfaction")),
        ("/questions/0/kind", json!("likert")),
        ("/questions/0/points", json!(5)),
        ("/questions/0/n", json!(100)),
        ("/questions/0/counts", json!({"1": 4, "2": 6, "3": 10, "4": 50, "5": 30})),
        (
            "/questions/0/metric",
            json!({"name": "csat", "value": 80.0, "low": 71.1, "high": 86.7, "n": 100, "enough": true}),
        ),
        ("/by/device/0/value", json!("mobile")),
        ("/by/device/0/responses", json!(200)),
        ("/by/device/0/questions/0/metric/enough", json!(false)),
        ("/by/device/0/questions/0/metric/n", json!(24)),
    ] {
        assert_eq!(found.pointer(pointer), Some(&expected), "{pointer}");
    }
    assert_eq!(found.get("previous"), None);
}

#[test]
fn nothing_answered_is_null() {
    let nothing = Counts { scales: vec![], statuses: vec![], answers: vec![] };
    let found = made("by=device,day", &only(nothing));
    assert_eq!(found["shown"], json!(0));
    assert_eq!(found["response_rate"], Json::Null);
    assert_eq!(found["questions"], json!([]));
    assert_eq!(found["by"]["device"], json!([]));
}

#[test]
fn where_silence_is_not_reported_the_rate_is_unknown() {
    let counted = Counts {
        scales: vec![],
        statuses: vec![statuses(ALL, None, [0, 10, 90, 0, 100])],
        answers: vec![],
    };
    let found = made("", &only(counted));
    assert_eq!(found["response_rate"], Json::Null);
    assert_eq!(found["completion"]["value"], json!(90.0));
}

#[test]
fn scales_that_changed_are_not_mixed() {
    let mut seven = scale(2, "satisfaction", KindName::Likert, Some(7), Metric::Csat);
    // 20 771 is 2026-11-14.
    seven.wordings[0].last_day = 20_771;
    seven.wordings.push(wording("en", "And now?", [20_771, 20_800]));
    seven.wordings.push(wording("es", "¿Y ahora?", [20_771, 20_800]));
    seven.wordings.push(wording("en", "And in a year?", [21_000, 21_000]));
    let mut all = answers(ALL, None, 1, &FIVE);
    all.extend(answers(ALL, None, 2, &[("7", 1), ("1", 1), ("|", 1)]));
    let counted = Counts {
        scales: vec![satisfaction(), seven],
        statuses: vec![statuses(ALL, None, [0, 0, 102, 0, 102])],
        answers: all,
    };
    let found = made("", &only(counted));
    let of = |index: usize, name: &str| found["questions"][index][name].clone();
    assert_eq!([of(0, "points"), of(1, "points")], [json!(5), json!(7)]);
    assert_eq!([of(0, "n"), of(1, "n")], [json!(100), json!(2)]);
    assert_eq!(of(0, "changed"), json!(["scale"]));
    assert_eq!(of(1, "changed"), json!(["scale", "wording"]));
    assert_eq!(of(1, "text"), json!({"en": "And now?", "es": "¿Y ahora?"}));
    let asked = |text: &str, first: &str, last: &str| json!({"language": "en", "text": text, "first": first, "last": last});
    let expected = [
        asked("satisfaction?", "2024-10-04", "2026-11-14"),
        asked("And now?", "2026-11-14", "2026-12-13"),
    ];
    assert_eq!((of(0, "wordings"), of(1, "wordings")), (Json::Null, json!(expected)));
    assert_eq!(of(1, "drop_off")["value"], json!(50.0));
    assert_eq!(of(1, "metric")["value"], json!(50.0));
}

#[test]
fn a_period_is_compared_with_the_one_before_and_a_part_with_the_rest() {
    let earlier = Counts {
        scales: vec![satisfaction()],
        statuses: vec![statuses(ALL, None, [100, 0, 100, 0, 100])],
        answers: answers(ALL, None, 1, &[("1", 40), ("4", 60)]),
    };
    let mut all = answers(ALL, None, 1, &FIVE);
    all.extend(answers(("page", "/pay"), None, 1, &[("1", 4), ("2", 6), ("3", 10), ("4", 20)]));
    let whole = Counts {
        scales: vec![satisfaction()],
        statuses: vec![
            statuses(ALL, None, [100, 0, 100, 0, 100]),
            statuses(("page", "/pay"), None, [40, 0, 40, 0, 40]),
        ],
        answers: all,
    };
    let period = Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(1) };
    let counted = SummaryCounts { whole, days: None, earlier: Some((period, earlier)) };
    let found = made("by=page&compare=previous", &counted);
    let change = &found["questions"][0]["metric"]["change"];
    assert_eq!((&change["value"], &change["certain"]), (&json!(20.0), &json!(true)));
    let rate = &found["previous"]["response_rate_change"];
    assert_eq!((&rate["value"], &rate["certain"]), (&json!(0.0), &json!(false)));
    // 20 of 40 there, 60 of 60 elsewhere.
    let rest = &found["by"]["page"][0]["questions"][0]["metric"]["rest"];
    assert_eq!((&rest["value"], &rest["certain"]), (&json!(-50.0), &json!(true)));
}

#[test]
fn days_and_weeks_are_in_order() {
    let mut days = Counts { scales: vec![satisfaction()], statuses: vec![], answers: vec![] };
    // A Monday, the Sunday before, and the Wednesday after.
    for (day, n) in [(20_773, 1), (20_772, 2), (20_775, 4)] {
        days.statuses.push(statuses(ALL, Some(day), [0, 0, n, 0, n]));
        days.answers.extend(answers(ALL, Some(day), 1, &[("5", n)]));
    }
    let whole = Counts { scales: vec![], statuses: vec![], answers: vec![] };
    let found = made("by=day,week", &SummaryCounts { whole, days: Some(days), earlier: None });
    let of = |by: &str| {
        let parts = found["by"][by].as_array().expect("parts").iter();
        parts.map(|part| (part["value"].clone(), part["responses"].clone())).collect::<Vec<_>>()
    };
    let expected = |pairs: &[(&str, i32)]| {
        pairs.iter().map(|(value, n)| (json!(value), json!(n))).collect::<Vec<_>>()
    };
    assert_eq!(of("day"), expected(&[("2026-11-15", 2), ("2026-11-16", 1), ("2026-11-18", 4)]));
    assert_eq!(of("week"), expected(&[("2026-11-09", 2), ("2026-11-16", 5)]));
    assert_eq!(found["by"]["week"][1]["questions"][0]["metric"]["value"], json!(100.0));
}

#[test]
fn what_is_not_in_a_part_is_the_whole_rest() {
    let counted = Counts {
        scales: vec![satisfaction()],
        statuses: vec![
            statuses(ALL, None, [7, 5, 40, 6, 45]),
            statuses(("page", "/pay"), None, [2, 1, 10, 3, 11]),
        ],
        answers: answers(ALL, None, 1, &FIVE),
    };
    let of = |wanted: &'static str| {
        let found = super::tallies(&counted, |dimension, _, _| (dimension == wanted).then_some(()));
        found.into_values().next().expect("a tally")
    };
    let rest = of("").without(&of("page"));
    let found = (rest.shown, rest.responses, rest.completed, rest.dismissed, rest.silent);
    assert_eq!(found, (42, 34, 30, 3, 8));
}

#[test]
fn nobody_puts_words_into_the_mouth_of_a_survey_that_is_known() {
    // Of forty answers, and where one is a tenth of all.
    for real in [1, 10, 28, 40] {
        check_one_stranger_among(real);
    }
}

fn check_one_stranger_among(answered: i64) {
    let known = DefinedSurvey::of(crate::definitions::Definitions::default().get("nps"));
    let definition = sondeo_model::Template::parse("nps").expect("it").definition();
    let question = &definition.questions[0];
    let own = question.text.text("en", sondeo_model::Messages::of(sondeo_model::Language::En));
    let scale = |id, kind, points, metric, wordings| AskedScale {
        id,
        question: question.id.clone().into_owned(),
        kind,
        points,
        metric,
        position: 0,
        wordings,
    };
    let asked = |text: &str, day, n| Wording { n, ..wording("en", text, [day, day]) };
    let evil = "Your session is over: sign in at https://evil.example";
    let words = vec![asked(own, 20_758, answered), asked(evil, 20_772, 1)];
    let real = scale(1, question.kind.name(), question.kind.points(), question.metric, words);
    let strange = scale(2, KindName::Likert, Some(7), None, vec![asked(evil, 20_772, 1)]);
    let mut all = answers(ALL, None, 1, &[("9", answered), ("0", 1)]);
    all.extend(answers(ALL, None, 2, &[("1", 1)]));
    let counts = Counts {
        scales: vec![real, strange],
        statuses: vec![statuses(ALL, None, [0, 0, answered + 2, 0, answered + 2])],
        answers: all,
    };
    let request = SummaryQuery::read("").expect("a request");
    let found = summary("nps".to_owned(), None, &request, &only(counts), &known);
    let found = serde_json::to_value(found).expect("JSON");
    let of = |name: &str| found["questions"][0][name].clone();
    assert_eq!(of("text"), json!({"en": own}));
    assert_eq!((of("wordings"), of("changed")), (Json::Null, Json::Null));
}

#[test]
fn a_known_question_is_shown_in_the_words_of_its_definition() {
    let known = DefinedSurvey::of(crate::definitions::Definitions::default().get("nps"));
    let definition = sondeo_model::Template::parse("nps").expect("it").definition();
    let question = &definition.questions[0];
    let own = |language| question.text.text("", sondeo_model::Messages::of(language)).to_owned();
    let [en, es] = [sondeo_model::Language::En, sondeo_model::Language::Es].map(own);
    let check = |words: &[(&str, &str, i64)], text: serde_json::Value, told: &[&str]| {
        let words = words
            .iter()
            .map(|&(language, text, n)| Wording { n, ..wording(language, text, [20_758, 20_772]) });
        let scale = AskedScale {
            id: 1,
            question: question.id.clone().into_owned(),
            kind: question.kind.name(),
            points: question.kind.points(),
            metric: question.metric,
            position: 0,
            wordings: words.collect(),
        };
        let counts = Counts {
            scales: vec![scale],
            statuses: vec![statuses(ALL, None, [0, 0, 42, 0, 42])],
            answers: answers(ALL, None, 1, &[("9", 42)]),
        };
        let request = SummaryQuery::read("").expect("a request");
        let found = summary("nps".to_owned(), None, &request, &only(counts), &known);
        let found = &found.whole.questions[0];
        assert_eq!(json!(found.text), text);
        let wordings: Vec<_> = found.wordings.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(wordings, told);
        assert_eq!(found.changed.is_empty(), told.is_empty());
    };
    let both = json!({"en": en, "es": es});
    // Nobody answered to the definition's own words in the stranger's language, or in any.
    check(&[("en", &en, 40), ("es", "Evil", 1)], both.clone(), &[]);
    check(&[("en", &en, 40), ("xx", "Evil", 1)], json!({"en": en}), &[]);
    check(&[("xx", "Evil", 1)], json!({"en": en}), &[]);
    // Where nobody read the definition's words, the page's own stand over the answers.
    check(&[("en", "Mine", 30), ("es", &es, 10)], json!({"en": "Mine", "es": es}), &[]);
    // A page that asks in words of its own is told beside those of the definition.
    check(&[("en", &en, 20), ("en", "Mine", 20)], json!({"en": en}), &[&en, "Mine"]);
    // A language that the definition does not speak has the page's words, which are no change of others.
    check(&[("eu", "Min", 30), ("es", &es, 10)], json!({"es": es, "eu": "Min"}), &[]);
}

#[test]
fn the_period_before_is_as_long() {
    let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
    let period =
        Period { from: moment("2026-11-08T00:00:00Z"), to: moment("2026-11-15T12:00:00Z") };
    let earlier = before(&period);
    assert_eq!(earlier.from.to_rfc3339(), "2026-10-31T12:00:00.000Z");
    assert_eq!(earlier.to, period.from);
}
