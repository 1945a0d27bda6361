//! Surveys at random: each is refused with a path, or asked to its end as a browser shows it.

#[path = "../../crates/model/tests/definition/dice.rs"]
mod dice;
#[allow(dead_code, reason = "the tests of the model ask more of it")]
#[path = "../../crates/model/tests/definition/mutation.rs"]
mod mutation;
#[path = "../../crates/model/tests/definition/plausible.rs"]
mod plausible;

use crate::support::{Browser, Collector, Engine, Host, Page};
use dice::Dice;
use serde_json::{Value as Document, json};
use sondeo_model::json::Json;
use sondeo_model::rich_text::{Piece, pieces};
use sondeo_model::{Definition, Interview, Layer, Messages, Problems};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::rc::Rc;

crate::scenarios![in Chromium:
    a_thousand_surveys_are_refused_with_a_path_or_asked_to_the_end,
];

const SURVEYS: usize = 1_000;
/// So many stand on one page.
const ON_A_PAGE: usize = 100;
const WORDS: &str = include_str!("random.js");

async fn a_thousand_surveys_are_refused_with_a_path_or_asked_to_the_end(browser: Browser) {
    // What every engine does with a definition is the same code; what it shows is tested elsewhere, engine by engine.
    if browser.engine != Engine::Chromium {
        return;
    }
    let seed = RandomState::new().build_hasher().finish() | 1;
    eprintln!("the seed is {seed}");
    let mut random = Random(seed);
    let collector = Collector::start().await;
    let tag = collector
        .tag(r#"data-survey="csat" data-trigger="manual" data-endpoint="/responses" data-preview"#);
    let host = Host::of(Page::new(tag)).await;
    let (mut asked, mut refused) = (0, 0);
    for _ in 0..SURVEYS / ON_A_PAGE {
        let surveys: Vec<Document> = (0..ON_A_PAGE).map(|at| random.survey(at)).collect();
        let read: Vec<_> = surveys.iter().enumerate().map(|(at, it)| definition(at, it)).collect();
        let usable: Vec<usize> = (0..ON_A_PAGE).filter(|at| read[*at].is_some()).collect();
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        browser.run("sondeo.show('csat')").await;
        browser.until("survey('csat')").await;
        browser.run("sondeo.hide('csat')").await;
        browser.until("!survey('csat')").await;
        let play =
            format!("(() => {{ {WORDS}\n return play({}, {}) }})()", json!(surveys), json!(usable));
        let ways: Vec<Vec<(String, Vec<String>)>> = browser.promised(&play).await;
        for (at, way) in usable.iter().zip(ways) {
            let definition = read[*at].clone().expect("it is usable");
            follow(&definition, &way).unwrap_or_else(|problem| {
                panic!("seed {seed}: {problem}, on the way {way:?} of {}", surveys[*at])
            });
            asked += 1;
        }
        let log = browser.page_log().await;
        assert_eq!(log.errors, [""; 0], "seed {seed}");
        for at in (0..ON_A_PAGE).filter(|at| !usable.contains(at)) {
            let path = format!("sondeo: add()[{at}].");
            let is_told = log.lines.iter().any(|line| line.starts_with(&path));
            assert!(
                is_told,
                "seed {seed}: {} is refused without a word: {:#?}",
                surveys[at], log.lines
            );
            refused += 1;
        }
    }
    eprintln!("{asked} were asked to their ends, {refused} were refused");
    assert!(asked > SURVEYS / 2 && refused > SURVEYS / 50, "{asked} and {refused}");
    assert!(host.endpoint.requests().is_empty(), "they are tried out");
}

/// What the model makes of a survey that stands there among those which a script adds.
fn definition(at: usize, survey: &Document) -> Option<Definition> {
    let json: Json = serde_json::from_value(survey.clone()).expect("JSON is JSON");
    let layer = Layer::object(format!("add()[{at}]"), &json);
    Definition::read(vec![layer], None, &mut Problems::default())
}

/// Goes the same way without a browser: it asks the same questions, takes the same answers, and ends there.
fn follow(definition: &Definition, way: &[(String, Vec<String>)]) -> Result<(), String> {
    let messages = Messages::of(definition.language("en"));
    let mut interview = Interview::new(Rc::new(definition.survey("en", messages)));
    let Some(((_, read), way)) = way.split_last() else { return Err("it has no end".to_owned()) };
    for (id, controls) in way {
        let question = interview.question().ok_or("it should have ended")?;
        if question.id != *id {
            return Err(format!("{} should have been asked, not {id}", question.id));
        }
        let value = question.kind.read(controls);
        if value.is_none() != controls.is_empty() || !interview.answer(value) {
            return Err(format!("{controls:?} is no answer to {id}"));
        }
    }
    if let Some(question) = interview.question() {
        return Err(format!("{} should have been asked", question.id));
    }
    let survey = interview.survey();
    let text = interview.ending().map_or(&survey.thanks, |ending| &ending.text);
    let words: String = pieces(survey.text(text)).into_iter().map(Piece::words).collect();
    if read[..] != [words.as_str()] {
        return Err(format!("{words:?} should stand at the end, not {read:?}"));
    }
    Ok(())
}

/// Numbers that one seed gives.
struct Random(u64);

impl Random {
    /// A survey that a script may add and show, with a slip once in three times.
    fn survey(&mut self, at: usize) -> Document {
        let mut dice = Dice::new((0..Dice::NUMBERS).map(|_| self.number()).collect());
        let mut survey = plausible::survey(&mut dice);
        let has_slip = dice.once_in(3);
        let own = json!({"id": format!("r{at}"), "trigger": "manual"});
        let members = survey.as_object_mut().expect("an object");
        // Where they stand is the page's affair, and that they are tried out.
        members.retain(|key, value| key != "preview" && *value != "inline");
        members.extend(own.as_object().cloned().unwrap_or_default());
        let sound = survey.clone();
        if has_slip {
            mutation::make(&mut dice, &mut survey);
        }
        // Of two surveys with one id, one is asked.
        if survey["id"] == sound["id"] || definition(at, &survey).is_none() {
            survey
        } else {
            sound
        }
    }

    /// By Marsaglia's xorshift, with its high bits.
    fn number(&mut self) -> u16 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 48) as u16
    }
}
