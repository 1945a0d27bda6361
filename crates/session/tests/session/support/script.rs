use super::World;
use super::browser::{FakeBrowser, NOW};
use sondeo_model::{Duration, Messages, StorageKind, Value};
use sondeo_session::{Command, Input, Link};

/// Opens a page with these tags and elements, and lets this happen on it, step by step.
///
/// A tag is a line of attributes without `data-`; an element begins with its number: `@1 sondeo=faq`. Every survey has
/// an endpoint. Steps are separated by semicolons; the `match` below is their list.
#[track_caller]
pub(crate) fn play(asked: &[&str], steps: &str) -> World {
    let mut steps: Vec<&str> =
        steps.split(';').map(str::trim).filter(|it| !it.is_empty()).collect();
    let mut browser = FakeBrowser::default();
    let mut link = None;
    // What is so before the page is opened.
    while let Some(step) = steps.first() {
        match step.split_once(' ') {
            Some(("stored", record)) => {
                browser.set(StorageKind::Local, "sondeo.visitor", Some(&record_of(record)));
            }
            Some(("link", survey)) => {
                let mut words = survey.split(' ');
                let survey = words.next().unwrap_or_default().to_owned();
                let answers = words.filter_map(|it| it.split_once('='));
                let answers = answers.map(|(name, value)| (name.to_owned(), value.to_owned()));
                link = Some(Link { survey, answers: answers.collect() });
            }
            Some(("file", text)) => browser.inline_file = Some(text.to_owned()),
            Some(("at", path)) => browser.path = path.to_owned(),
            Some(("by", "crawler")) => browser.is_crawler = true,
            Some(("in", "pixel")) => browser.has_room = false,
            _ => break,
        }
        steps.remove(0);
    }
    let mut world = World::new(browser, link);
    for asked in asked {
        let endpoint = if asked.contains("endpoint=") { "" } else { "endpoint=/responses " };
        let asked = format!("{endpoint}{asked}");
        match asked.split_once('@') {
            Some((before, element)) => {
                let (number, attributes) = element.split_once(' ').expect("@1 sondeo=faq");
                let number = number.parse().expect("an element's number");
                world.element(number, Some(&format!("{before}{attributes}")));
            }
            None => world.script(&asked),
        }
    }
    world.observe();
    for step in steps {
        take(&mut world, step);
    }
    world
}

#[track_caller]
pub(crate) fn take(world: &mut World, step: &str) {
    let (verb, about) = step.split_once(' ').unwrap_or((step, ""));
    let text = about.to_owned();
    match verb {
        "track" => {
            let (event, properties) = about.split_once(' ').unwrap_or((about, ""));
            world.command(Command::Track(event.to_owned(), properties_of(properties)));
        }
        "heard-by-loader" => {
            let (word, properties) = about.split_once(' ').unwrap_or((about, ""));
            world.command(Command::Happened(word.to_owned(), properties_of(properties)));
        }
        "fire" => world.fire(about),
        "halfway" => world.scroll_halfway(),
        "wait" => {
            let time = Duration::parse(about).expect("a time");
            world.wait_ms(time.as_millis() as i64);
        }
        "show" => world.command(Command::Show(text)),
        "hide" => world.command(Command::Hide(Some(text).filter(|it| !it.is_empty()))),
        "grant" => world.command(Command::Consent(true)),
        "withdraw" => world.command(Command::Consent(false)),
        "reset" => world.command(Command::Reset),
        "identify" => {
            let (user, custom) = about.split_once(' ').unwrap_or((about, ""));
            let custom = properties_of(custom);
            world.command(Command::Identify { user: Some(user.to_owned()), custom });
        }
        "go" => {
            world.browser.path = text;
            world.command(Command::PageView { is_restored: false });
        }
        "restored" => world.command(Command::PageView { is_restored: true }),
        "answer" | "complete" => {
            let value = Value::Integer(5);
            world.answer(about, value, verb == "complete");
        }
        "close" => world.close(about),
        "see" => world.see(about),
        "sweep" => world.sweep_away(about),
        "modal" => world.browser.is_modal_open = about == "opens",
        "script" => world.script(&format!("endpoint=/responses {about}")),
        "element" => {
            let (number, attributes) = about.split_once(' ').expect("element 1 sondeo=faq");
            let attributes = format!("endpoint=/responses {attributes}");
            world.element(number.parse().expect("a number"), Some(&attributes));
            world.observe();
        }
        "remove" => {
            world.element(about.parse().expect("a number"), None);
            world.observe();
        }
        "tag" => {
            let (number, attributes) = about.split_once(' ').expect("tag 0 survey=csat");
            let number: usize = number.parse().expect("a number");
            world.change_script(number, Some(&format!("endpoint=/responses {attributes}")));
            world.observe();
        }
        "remove-tag" => {
            world.change_script(about.parse().expect("a number"), None);
            world.observe();
        }
        "add" => world.command(Command::Add(text)),
        "site" => world.command(Command::Site { url: text, plan: None }),
        // As the site's own script brings it.
        "plan" => {
            let url = "https://surveys.example/sites/shop/sondeo.js?x".to_owned();
            world.command(Command::Site { url, plan: Some(text) });
        }
        // The file whose address ends so.
        "come" => {
            let (end, text) = about.split_once(' ').unwrap_or((about, ""));
            let position = world.pending_files.iter().position(|(_, url)| url.ends_with(end));
            let position = position
                .unwrap_or_else(|| panic!("{end} is not asked for: {:?}", world.pending_files));
            let (file, _) = world.pending_files.remove(position);
            let text = Some(text.to_owned()).filter(|it| !it.is_empty());
            world.input(Input::FileArrived { file, text });
        }
        "touch" => world.touch(about),
        "frame" => world.browser.has_room = about != "shrinks",
        "base" => world.command(Command::SetAssetBase("/engine.".to_owned())),
        "messages" => {
            for language in std::mem::take(&mut world.pending_messages) {
                let text = (about == "come").then(|| Messages::of(language).file());
                world.input(Input::MessagesArrived { language, text });
            }
        }
        "file" => {
            for (file, _) in std::mem::take(&mut world.pending_files) {
                let text = Some(text.clone()).filter(|it| !it.is_empty());
                world.input(Input::FileArrived { file, text });
            }
        }
        "other-tab" => {
            let record = record_of(about);
            world
                .other_tab_writes(Some(&record).filter(|_| about != "forgets").map(String::as_str));
        }
        "hidden" => world.input(Input::Hidden),
        "refuses" => world.refuses = true,
        _ => panic!("no such step: {step}"),
    }
}

/// `plan=pro amount=5`
fn properties_of(text: &str) -> Vec<(String, String)> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A record in which moments are written as so long ago: `nps a-90d` is an answer 90 days ago.
fn record_of(text: &str) -> String {
    let lines = text.split('/').map(|line| {
        let words = line.split_whitespace().map(|word| match word.split_once('-') {
            Some((letter, time)) if letter.len() == 1 => {
                let time = Duration::parse(time).expect("a time");
                format!("{letter}{}", NOW - time.as_millis() as i64)
            }
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    });
    format!("1 s1 v1\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// What is shown after these steps: the ids in the order in which they came.
#[track_caller]
pub(crate) fn shown(asked: &[&str], steps: &str, expected: &str) {
    let world = play(asked, steps);
    assert_eq!(world.shown(), expected, "{steps}; heard: {:#?}", world.heard);
}

/// Every reason against showing the first survey after these steps.
#[track_caller]
pub(crate) fn reasons(asked: &[&str], steps: &str, id: &str, expected: &str) {
    let mut world = play(asked, steps);
    let answer = world.explain(id);
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("an answer");
    let words: Vec<_> = answer["reasons"].as_array().expect("reasons").iter().collect();
    let words: Vec<_> = words.iter().filter_map(|word| word.as_str()).collect();
    assert_eq!(words.join(" "), expected, "{steps}; heard: {:#?}", world.heard);
    assert_eq!(answer["due"], expected.is_empty());
}
