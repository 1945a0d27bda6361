//! What holds for every survey that an author may write.

mod dice;
mod mutation;
mod plausible;

use boon::{Compiler, SchemaIndex, Schemas};
use dice::Dice;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value as Document, json};
use sondeo_model::json::Json;
use sondeo_model::{
    Client, Definition, Device, Format, Interview, Kind, Layer, Messages, Page, Problems, Response,
    ResponseId, Status, Timestamp, Value, schema,
};
use std::rc::Rc;

fn read(document: &Document) -> (Option<Definition>, Problems) {
    let json: Json = serde_json::from_value(document.clone()).expect("JSON is JSON");
    let mut problems = Problems::default();
    let definition =
        Definition::read(vec![Layer::object("surveys.json[0]", &json)], None, &mut problems);
    for problem in problems.iter() {
        assert!(problem.path.starts_with("surveys.json[0]"), "{problem:?}");
        assert!(!problem.reason.is_empty(), "{problem:?}");
    }
    assert!(definition.is_some() || !problems.is_empty(), "refused without a word: {document}");
    (definition, problems)
}

fn dice() -> impl Strategy<Value = Dice> {
    vec(any::<u16>(), Dice::NUMBERS).prop_map(Dice::new)
}

thread_local! {
    static SCHEMA: (Schemas, SchemaIndex) = {
        let schema: Document = serde_json::from_str(&schema()).expect("the schema is JSON");
        let mut compiler = Compiler::new();
        let mut schemas = Schemas::new();
        compiler.add_resource("survey.schema.json", schema).expect("a schema");
        // Which checks it against the schema of schemas.
        let index = compiler.compile("survey.schema.json", &mut schemas).expect("a sound schema");
        (schemas, index)
    };
}

#[test]
fn the_documentations_examples_are_surveys() {
    let text = include_str!("../../../../docs/surveys.md");
    let examples: Vec<&str> =
        text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 4);
    for example in examples {
        let document: Document = serde_json::from_str(example).expect("JSON");
        assert_eq!(objection(&document), None, "{example}");
        let surveys = document.as_array().cloned().unwrap_or_else(|| vec![document]);
        for survey in surveys {
            assert_eq!(*read(&survey).1, [], "{survey}");
        }
    }
}

/// What the schema says against a document.
fn objection(document: &Document) -> Option<String> {
    SCHEMA.with(|(schemas, index)| {
        schemas.validate(document, *index).err().map(|error| format!("{error:#}"))
    })
}

/// One question on a visitor's way.
struct Step {
    id: String,
    value: Option<Value>,
    /// How many questions the way was said to have at most.
    total: usize,
}

/// Answers at random until the end, with a step back now and then.
fn ask(definition: &Definition, dice: &mut Dice) {
    let wanted = dice.pick(&["en", "es-MX", "ar", "no", "zh-TW", "hu", ""]);
    let survey = Rc::new(definition.survey(wanted, Messages::of(definition.language(wanted))));
    let count = survey.questions.len();
    let mut interview = Interview::new(survey.clone());
    let mut way: Vec<Step> = Vec::new();
    let mut next = Some(0);
    let mut steps_back = 4;
    while let Some(question) = interview.question() {
        let (id, kind, is_required) =
            (question.id.to_string(), question.kind.clone(), question.required);
        assert!(way.iter().all(|step| step.id != id), "{id} is asked twice");
        assert!(!interview.text().trim().is_empty());
        let (at, total) = interview.progress();
        assert!(at == way.len() + 1 && at <= total && total <= count, "{at} of {total}");
        validate(definition, &interview, Status::Partial);
        if steps_back > 0 && dice.once_in(5) {
            steps_back -= 1;
            assert_eq!(interview.back(), way.pop().is_some());
            continue;
        }
        let value = (is_required || !dice.once_in(3)).then(|| answer(&kind, dice));
        if is_required {
            assert!(!interview.answer(None));
        }
        assert!(interview.answer(value.clone()));
        let position = survey.questions.iter().position(|question| question.id == id);
        next = survey.next(position.expect("a question of the survey"), value.as_ref());
        let asked = interview.question().map(|question| &question.id);
        assert_eq!(asked, next.map(|next| &survey.questions[next].id));
        way.push(Step { id, value, total });
    }
    assert_eq!(next, None);
    assert!(way.iter().all(|step| way.len() <= step.total), "longer than was said");
    let given = way.into_iter().filter_map(|step| Some((step.id, step.value?)));
    let answers = interview.answers().into_iter().map(|answer| (answer.question, answer.value));
    assert!(answers.eq(given), "other answers than were given");
    // Whoever has the answers alone finds the same end.
    assert_eq!(survey.ending_of(&interview.answers()), interview.ending());
    validate(definition, &interview, Status::Completed);
}

fn answer(kind: &Kind, dice: &mut Dice) -> Value {
    let one = |dice: &mut Dice, most: usize| vec![(1 + dice.roll(most)).to_string()];
    let controls = match kind {
        Kind::Likert { points, .. } => one(dice, usize::from(*points)),
        Kind::Nps { .. } => vec![dice.roll(11).to_string()],
        Kind::YesNo { .. } => vec![dice.pick(&["yes", "no"]).to_owned()],
        Kind::Choice(options) => vec![options.list[dice.roll(options.list.len())].id.to_string()],
        Kind::Choices { options, min, max } => {
            let mut ids: Vec<_> = options.list.iter().map(|option| option.id.to_string()).collect();
            let count = usize::from(*min) + dice.roll(usize::from(max - min) + 1);
            (0..count).map(|_| dice.take(&mut ids)).collect()
        }
        Kind::Text { format: Format::Email, .. } => vec!["ana@mail.example".to_owned()],
        Kind::Text { .. } => vec![dice.pick(&["yes", " Slow delivery ", "🙂"]).to_owned()],
    };
    kind.read(&controls).unwrap_or_else(|| panic!("{controls:?} is no answer to {kind:?}"))
}

/// What the collector would say to the answers so far.
fn validate(definition: &Definition, interview: &Interview, status: Status) {
    let answers = interview.answers();
    let response = Response {
        version: Default::default(),
        id: ResponseId::new(0, [0; 10]),
        revision: 1,
        status: if answers.is_empty() { Status::Dismissed } else { status },
        site: None,
        survey: definition.id.to_string(),
        survey_version: None,
        template: definition.template.map(|template| template.as_str().to_owned()),
        trigger: definition.triggers()[0].to_text().to_string(),
        language: interview.survey().language.to_string(),
        answers,
        shown_at: Timestamp::from_millis(0),
        sent_at: Timestamp::from_millis(0),
        elapsed_ms: 0,
        page: Page {
            url: "https://shop.example/".to_owned(),
            title: String::new(),
            referrer: String::new(),
        },
        client: Client {
            language: String::new(),
            time_zone: None,
            device: Device::Desktop,
            viewport: [1, 1],
        },
        visit: 1,
        visitor: None,
        user: definition.user().map(str::to_owned),
        custom: definition.custom().to_vec(),
        widget: "0".to_owned(),
    };
    assert_eq!(response.validate(), Ok(()));
}

/// Whether a visitor could go on for ever, or be sent to a question that is not there.
fn is_refused(graph: &[Vec<NextRule>]) -> bool {
    let is_lost = graph.iter().flatten().any(|rule| rule.to.is_some_and(|to| to >= graph.len()));
    is_lost || (0..graph.len()).any(|start| longest_walk(graph, start, 0) > graph.len())
}

#[derive(Debug, Clone)]
struct NextRule {
    is_always: bool,
    /// `None` is the end.
    to: Option<usize>,
}

/// Counts the questions of the longest walk, and one too many where that has no end.
fn longest_walk(graph: &[Vec<NextRule>], at: usize, before: usize) -> usize {
    if before > graph.len() {
        return before;
    }
    let further = ways(graph, at).into_iter().map(|next| longest_walk(graph, next, before + 1));
    further.max().unwrap_or(before + 1)
}

/// Whether some walk leads there, in a graph without circles.
fn reaches(graph: &[Vec<NextRule>], from: usize, to: usize) -> bool {
    from == to || ways(graph, from).into_iter().any(|next| reaches(graph, next, to))
}

fn ways(graph: &[Vec<NextRule>], at: usize) -> Vec<usize> {
    let ends = graph[at].iter().position(|rule| rule.is_always);
    let live = &graph[at][..ends.map_or(graph[at].len(), |end| end + 1)];
    let following = (ends.is_none()).then_some(at + 1);
    let next = live.iter().filter_map(|rule| rule.to).chain(following);
    next.filter(|next| *next < graph.len()).collect()
}

fn rule(count: usize) -> impl Strategy<Value = NextRule> {
    let to = prop_oneof![
        1 => Just(None),
        6 => (0..count).prop_map(Some),
        1 => prop::option::weighted(0.2, Just(count)),
    ];
    (prop::bool::weighted(0.4), to).prop_map(|(is_always, to)| NextRule { is_always, to })
}

fn graph() -> impl Strategy<Value = Vec<Vec<NextRule>>> {
    (1_usize..7).prop_flat_map(|count| vec(vec(rule(count), 0..3), count))
}

/// Words that mean something in some place.
const WORDS: &str = "kind text options next if go points look labels other min max lines en es-MX likert \
    choices choice nps yes-no csat ttr faq end a b <=2 in:a,b =yes skipped 5s 0 25% always load visit:3 ' \
    event:x email none 2026-12-01 2026-12-01T09:00Z";

/// More often one that means something than chance would have it.
fn word() -> impl Strategy<Value = String> + Clone {
    let words: Vec<&str> = WORDS.split(' ').chain(Definition::KEYS.iter().copied()).collect();
    let known = prop::sample::select(words).prop_map(str::to_owned);
    prop_oneof![known, any::<String>(), "[0-9.:%TZ+smh-]{0,26}"]
}

/// JSON of any form, with names and words that mean something here more often than chance would have it.
fn anything() -> impl Strategy<Value = Document> {
    let word = word();
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<f64>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        (-2..13).prop_map(Document::from),
        word.clone().prop_map(Document::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Document::from),
            btree_map(word.clone(), inner, 0..6)
                .prop_map(|members| Document::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nothing_makes_the_reader_panic(document in anything(), questions in anything()) {
        read(&document);
        read(&json!({ "id": "a", "questions": questions }));
        let layered = json!({ "id": "a", "questions": [questions, document] });
        let (definition, _) = read(&layered);
        let deserialized = serde_json::from_value::<Definition>(layered);
        // One is of no file.
        let without_file = |mut it: Definition| {
            it.base.clear();
            it
        };
        prop_assert_eq!(deserialized.ok().map(without_file), definition.map(without_file));
    }

    #[test]
    fn no_attribute_makes_the_reader_panic(
        attributes in vec((word(), word()), 0..9),
        nested in vec(("data-(custom-|header-|field-).{0,3}", any::<String>()), 0..3),
    ) {
        const TARGETING: [&str; 6] = ["url", "device", "when", "sample", "from", "until"];
        let is_targeted = attributes.iter().any(|(name, _)| TARGETING.contains(&name.as_str()));
        let mut problems = Problems::default();
        let template = sondeo_model::Template::Csat;
        let named = attributes.into_iter().map(|(name, value)| (format!("data-{name}"), value));
        let layers = vec![Layer::attributes(&named.chain(nested).collect::<Vec<_>>())];
        let definition = Definition::read(layers, Some(template), &mut problems);
        prop_assert!(definition.is_some() || is_targeted, "a template can always be asked");
        prop_assert!(problems.iter().all(|problem| problem.path.starts_with("data-")));
    }

    #[test]
    fn what_is_not_refused_is_asked_to_the_end(dice in dice()) {
        let mut dice = dice;
        let mut document = plausible::survey(&mut dice);
        if dice.once_in(3) {
            mutation::make(&mut dice, &mut document);
        }
        if let (Some(definition), _) = read(&document) {
            ask(&definition, &mut dice);
        }
    }

    #[test]
    fn the_schema_has_no_objection_to_what_the_reader_takes(dice in dice()) {
        let mut dice = dice;
        let mut document = plausible::survey(&mut dice);
        if dice.once_in(2) {
            mutation::make(&mut dice, &mut document);
        }
        if let (Some(_), problems) = read(&document) && problems.is_empty() {
            prop_assert_eq!(objection(&document), None, "{}", document);
            prop_assert_eq!(objection(&json!([document.clone(), document])), None);
        }
    }

    #[test]
    fn the_schema_sees_wrong_forms_as_the_reader_does(dice in dice()) {
        let mut dice = dice;
        let mut document = plausible::survey(&mut dice);
        let is_sound = read(&document).1.is_empty();
        let slip = mutation::make(&mut dice, &mut document);
        let (_, problems) = read(&document);
        if is_sound && slip.is_some_and(mutation::Slip::is_of_form) && !problems.is_empty() {
            prop_assert!(objection(&document).is_some(), "{}\n{:?}", document, problems);
        }
    }

    #[test]
    fn exactly_those_ways_are_refused_that_have_no_end(graph in graph()) {
        let questions: Document = graph.iter().enumerate().map(|(at, rules)| {
            let rules: Document = rules.iter().map(|rule| {
                let go = rule.to.map_or("end".to_owned(), |to| format!("q{to}"));
                if rule.is_always { json!({ "go": go }) } else { json!({ "if": "=yes", "go": go }) }
            }).collect();
            json!({ "id": format!("q{at}"), "kind": "yes-no", "text": "?", "next": rules })
        }).collect();
        let (definition, problems) = read(&json!({ "id": "a", "questions": questions }));
        prop_assert_eq!(definition.is_none(), is_refused(&graph), "{:?}", problems);
        for at in (0..graph.len()).filter(|_| definition.is_some()) {
            let path = format!("surveys.json[0].questions[{at}]");
            let is_noted = problems.iter().any(|problem| problem.path == path);
            prop_assert_eq!(is_noted, !reaches(&graph, 0, at), "{} {:?}", path, problems);
        }
    }
}
