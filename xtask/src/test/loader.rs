//! The loader may say "no" and "not yet", but never where the engine would say yes: the built `sondeo.js` runs in
//! Node.js on thousands of random pages and visitors, and the model decides on the same ones. What a site's script tells
//! its collector is compared, too.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::project::Project;
use crate::shell::Result;
use sondeo_model::json::Writer;
use sondeo_model::targeting::{
    EligibilityContext, Ineligibility, IneligibleReason, Record, asleep_until, check_eligibility,
};
use sondeo_model::{DAY_MS, Definition, Device, Layer, Problems, Template, Trigger};

/// So many pages are tried.
const CASES: u32 = 4_000;
/// A moment of 2026, in milliseconds since 1970.
const NOW: i64 = 1_790_000_000_000;

/// Runs the loader on all of them.
pub(super) fn check(project: &Project) -> Result {
    let mut dice = Dice(1);
    let cases: Vec<Case> = (0..CASES).map(|_| Case::random(&mut dice)).collect();
    let mut json = Writer::default();
    json.open('[');
    for case in &cases {
        case.write(&mut json);
    }
    json.close(']');
    let mut node = Command::new("node")
        .args(["-e", include_str!("loader.cjs")])
        .arg(project.root.join("dist/embed/sondeo.js"))
        .arg(project.root.join("dist/embed/site.js"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(json.finish().as_bytes()).map_err(|error| format!("node: {error}"))?;
    }
    let output = node.wait_with_output().map_err(|error| format!("node: {error}"))?;
    let answers = String::from_utf8_lossy(&output.stdout);
    let answers: Vec<&str> = answers.split_whitespace().collect();
    if answers.len() != cases.len() {
        return Err(format!(
            "the loader was asked {} times and answered {}",
            cases.len(),
            answers.len()
        ));
    }
    let mut refused = [0; 2];
    for (case, answer) in cases.iter().zip(answers) {
        let mut told: Vec<&str> = answer.split(';').collect();
        let answer = told.remove(0);
        let wrong = if told != case.told() {
            Some("tells the collector something else")
        } else if case.script == "nowhere" {
            (answer != "line").then_some("says nothing of a tag that it cannot find")
        } else {
            (answer != "yes" && case.is_due).then_some("says no where a survey is due")
        };
        if let Some(wrong) = wrong {
            let mut page = Writer::default();
            case.write(&mut page);
            return Err(format!("the loader {wrong}: {}", page.finish()));
        }
        refused[usize::from(case.plan.is_some())] += usize::from(answer == "no");
    }
    let planned = cases.iter().filter(|case| case.plan.is_some()).count();
    for (refused, of, what) in [
        (refused[0], cases.len() - planned, "the loader"),
        (refused[1], planned, "a site's script"),
    ] {
        println!("{what} says no on {refused} of {of} pages, and never where a survey is due");
        // One that always fetches the engine would pass, too.
        if refused * 8 < of {
            return Err(format!("{what} says no on {refused} of {of} pages only"));
        }
    }
    Ok(())
}

/// A page and its visitor, at one moment.
struct Case {
    tag: Vec<(String, String)>,
    elements: Vec<Vec<(String, String)>>,
    /// In how many open shadow roots, one in the other, the last of them stands.
    depth: u32,
    /// The surveys of the site whose own script it is.
    plan: Option<Vec<Published>>,
    /// How the script came: as ever, without being the current one, or from where nobody finds its tag.
    script: &'static str,
    /// What the last place said before it changed.
    before: Vec<(String, String)>,
    /// Whether the last place is `late`, `changed`, or there from the beginning.
    comes: &'static str,
    url: String,
    /// The path of the page view before, in the same document.
    from: Option<&'static str>,
    /// Whether the browser tells of other addresses.
    navigates: bool,
    /// Whether storage is out of reach.
    sandboxed: bool,
    happened: Vec<&'static str>,
    consent: Option<bool>,
    asleep: Option<i64>,
    is_due: bool,
}

/// A survey of a site: its id, its template and its file, as attributes.
struct Published {
    id: &'static str,
    template: Template,
    file: Vec<(String, String)>,
}

/// Some that look like names of attributes, which the loader reads as well.
const IDS: &[&str] = &["checkout", "support", "pre-sale", "site", "config", "nps", "survey"];
const NAMES: &[&str] = &[
    "post-purchase",
    "csat",
    "nps",
    "signup",
    "cancellation",
    "follow-up",
    "welcome",
    "cart-abandonment",
    "first-visit",
    "faq",
    "support",
    "nonsense",
    "post-purchase nps",
    "cancellation follow-up",
    "up",
    "",
];
const TRIGGERS: &[&str] = &[
    "load",
    "manual",
    "event:a",
    "event:purchase",
    "click:.buy",
    "submit:.f",
    "event:a click:.buy",
    "exit",
    "visit:2",
    "lod",
    "click:'.cart .buy'",
    "click:.cart .buy'",
    " ",
    "",
    "event:a manual",
    "event:b  \n event:a",
    "manual lo",
    "scroll:50%",
    "event:",
    "click:",
    "event:a:b",
];
const URLS: &[&str] = &[
    "/cart/**",
    "/cart",
    "/*",
    "/**",
    "/a.html",
    "!/cart",
    "/cart !/cart/x",
    "https://shop.example/**",
    "https://shop.example/cart",
    "cart",
    "/cart /a.html",
    " ",
    "/caf%C3%A9/*",
    "/caf\u{e9}/*",
    "/a*l",
    "/c*/x",
    "/a.+",
    "/(cart)",
    " /cart",
    "/cart ",
];
const PATHS: &[&str] =
    &["/", "/cart", "/cart/x", "/cart/x/y", "/a.html", "/axhtml", "/caf%C3%A9/x", "/%61.html"];
/// Documents whose address has no path of a site.
const ELSEWHERE: &[&str] = &[
    "about:srcdoc",
    "about:blank",
    "blob:https://shop.example/0b4d4a4e-7b7e-4c39-9d5e-cart",
    "file:///home/cart",
    "data:text/html,x",
];
/// What a tag says of a survey of its own, and of no other (contract, section 2), and what no element inherits.
const OF_ONE_SURVEY: &[&str] = &[
    "survey", "config", "display", "question", "low", "high", "thanks", "trigger", "delay", "url",
    "when", "from", "until", "priority",
];
const HAPPENED: &[&str] = &[
    "event:a",
    "event:b",
    "event:purchase",
    "event:cancel",
    "click:.buy",
    "submit:.f",
    "event:a:b",
];

impl Case {
    fn random(dice: &mut Dice) -> Self {
        let mut tag = attributes(dice, "survey");
        if dice.one_in(6) {
            tag.clear();
        }
        if dice.one_in(8) {
            let word = dice.of(&["off", "on", "no", ""]);
            tag.push(("data-seen".to_owned(), word.to_owned()));
        }
        let mut elements: Vec<_> = (0..dice.below(3)).map(|_| attributes(dice, "sondeo")).collect();
        if dice.one_in(2) {
            elements.clear();
        }
        let plan: Option<Vec<_>> =
            dice.one_in(3).then(|| (0..dice.below(4)).map(|_| Published::random(dice)).collect());
        // On most pages, a site's script says little, and is all that asks.
        if plan.is_some() && !dice.one_in(4) {
            elements.clear();
            tag.retain(|(name, _)| {
                let stays = ["data-url", "data-consent", "data-seen", "data-storage"];
                stays.contains(&name.as_str()) && dice.one_in(3)
            });
        }
        let mut happened = Vec::new();
        for _ in 0..dice.below(3) {
            happened.push(dice.of(HAPPENED));
        }
        let consent = [None, None, None, Some(true), Some(false)][dice.below(5) as usize];
        let script = ["classic", "classic", "module"];
        let url = if dice.one_in(10) {
            dice.of(ELSEWHERE).to_owned()
        } else {
            ["https://shop.example", dice.of(PATHS)].concat()
        };
        let from = (url.starts_with("https") && dice.one_in(6)).then(|| dice.of(PATHS));
        let asks = if elements.is_empty() { "survey" } else { "sondeo" };
        let comes = match dice.below(6) {
            0 if !elements.is_empty() => "late",
            // Of a tag that asks nothing itself, only the engine follows the attributes.
            1 if asks == "sondeo" || tag.iter().any(|(name, _)| name == "data-survey") => "changed",
            _ => "",
        };
        let is_deep = !elements.is_empty() && comes.is_empty() && dice.one_in(3);
        let mut case = Self {
            before: attributes(dice, asks),
            tag,
            elements,
            depth: if is_deep { 1 + dice.below(2) } else { 0 },
            plan,
            script: if dice.one_in(12) { "nowhere" } else { dice.of(&script) },
            comes,
            url,
            from,
            navigates: dice.one_in(2),
            sandboxed: dice.one_in(8),
            happened,
            consent,
            asleep: None,
            is_due: false,
        };
        case.check_eligibility(dice);
        case
    }

    /// The paths that a site's script tells of, with a star for what is no plain word.
    fn told(&self) -> Vec<String> {
        let Some(plan) = self.plan.as_ref().filter(|_| self.script != "nowhere") else {
            return Vec::new();
        };
        let of = |attributes: &[(String, String)], name: &str| {
            attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        // Of its plan, its tag and the elements of the document, whoever says it.
        let in_sight = self.elements.len() - usize::from(self.depth > 0);
        let places = || [&self.tag].into_iter().chain(&self.elements[..in_sight]);
        let files = plan.iter().map(|it| &it.file);
        let waits = places()
            .chain(files)
            .any(|it| of(it, "data-consent").is_some_and(|consent| consent.contains("required")));
        let storage = of(&self.tag, "data-storage").filter(|it| !it.is_empty());
        let is_kept = match storage.as_deref() {
            None | Some("local") => !self.sandboxed,
            Some(kind) => kind == "session",
        };
        let is_off = of(&self.tag, "data-seen").is_some_and(|word| word != "on")
            || places().any(|it| of(it, "data-preview").is_some());
        let consents = self.consent.unwrap_or(!waits);
        if !is_kept || is_off || !consents || !self.url.starts_with("https") {
            return Vec::new();
        }
        let plain =
            |part: &str| part.bytes().all(|it| it.is_ascii_lowercase() || b"_.-".contains(&it));
        let words = |path: &str| {
            let parts = path.split('/').map(|it| if plain(it) { it } else { "*" });
            parts.collect::<Vec<_>>().join("/")
        };
        let last = words(self.url.trim_start_matches("https://shop.example"));
        let first = self.from.map(words).filter(|first| *first != last);
        first.into_iter().chain([last]).collect()
    }

    /// What the engine would make of it.
    fn check_eligibility(&mut self, dice: &mut Dice) {
        let mut record = Record::default();
        record.view(NOW);
        record.set_seed(u64::from(dice.next()));
        for name in NAMES.iter().chain(IDS) {
            let when = NOW - i64::from(dice.below(200)) * DAY_MS;
            match dice.below(6) {
                0 => record.answered(name, when),
                1 => record.dismissed(name, when),
                2 => record.seen(name, when),
                _ => {}
            }
        }
        let mut decisions: Vec<Vec<Ineligibility>> = Vec::new();
        let places =
            [(false, &self.tag)].into_iter().chain(self.elements.iter().map(|it| (true, it)));
        let mut asked: Vec<(&str, bool, Definition)> = Vec::new();
        let asks =
            |(name, value): &(String, String)| name == "data-survey" && !value.trim().is_empty();
        let own = if self.tag.iter().any(asks) { OF_ONE_SURVEY } else { &OF_ONE_SURVEY[..3] };
        for (is_element, attributes) in places {
            let names = attributes
                .iter()
                .find(|(name, _)| name == if is_element { "data-sondeo" } else { "data-survey" });
            for name in names.map_or("", |(_, names)| names).split_ascii_whitespace() {
                let Some(template) = Template::parse(name) else { continue };
                let mut layers = vec![Layer::attributes(attributes)];
                if is_element {
                    layers.push(Layer::attributes(&self.tag).without(own));
                }
                let read = Definition::read(layers, Some(template), &mut Problems::default());
                let read = read.filter(|it| it.endpoint().is_some() || it.preview());
                asked.extend(read.map(|read| (name, is_element, read)));
            }
        }
        for published in self.plan.iter().flatten() {
            let page = Layer::attributes(&self.tag).without(own);
            let layers = vec![Layer::attributes(&published.file), page];
            let template = Some(published.template);
            let read = Definition::read(layers, template, &mut Problems::default());
            asked.extend(read.map(|read| (published.id, false, read)));
        }
        for (name, is_element, definition) in asked {
            let may_happen = |trigger: &Trigger| match trigger {
                Trigger::Event(_) | Trigger::Click(_) | Trigger::Submit(_) => {
                    self.happened.contains(&trigger.to_text().as_ref())
                }
                Trigger::Manual => false,
                _ => true,
            };
            let mut targeting = definition.targeting();
            for pattern in &mut targeting.url {
                *pattern = readable(pattern);
            }
            let has_happened = definition.triggers().iter().any(may_happen);
            let consents = self.consent.unwrap_or(!definition.needs_consent());
            let others: Vec<IneligibleReason> = [
                (IneligibleReason::Consent, !consents),
                (IneligibleReason::Trigger, !has_happened),
            ]
            .into_iter()
            .filter_map(|(reason, holds)| holds.then_some(reason))
            .collect();
            let url = readable(&self.url);
            let moment = EligibilityContext {
                now: NOW,
                began: NOW,
                url: &url,
                device: Device::Desktop,
                runs: [None, None],
                opens: !is_element,
                facts: &|_| None,
                others: &others,
            };
            let ineligibilities = check_eligibility(name, &targeting, &record, &moment);
            self.is_due |= if definition.preview() {
                consents && has_happened
            } else {
                ineligibilities.is_empty()
            };
            decisions.push(ineligibilities);
        }
        // As the engine has noted it after earlier decisions, or has not.
        self.asleep = asleep_until(decisions.iter().map(Vec::as_slice))
            .filter(|_| !self.sandboxed && dice.one_in(2));
    }

    fn write(&self, json: &mut Writer) {
        json.open('{');
        json.key("tag");
        write(json, &self.tag);
        json.key("elements");
        json.open('[');
        for element in &self.elements {
            write(json, element);
        }
        json.close(']');
        if let Some(plan) = &self.plan {
            json.key("plan");
            json.open('{');
            json.member("site", "shop");
            json.key("surveys");
            json.open('[');
            for published in plan {
                published.write(json);
            }
            json.close(']');
            json.close('}');
        }
        json.member("script", self.script);
        json.number("depth", i64::from(self.depth));
        json.key("before");
        write(json, &self.before);
        json.member("comes", self.comes);
        json.member("url", &self.url);
        if let Some(from) = self.from {
            json.member("from", from);
        }
        json.key("navigates");
        json.boolean(self.navigates);
        json.key("sandboxed");
        json.boolean(self.sandboxed);
        json.key("happened");
        json.open('[');
        for word in &self.happened {
            json.string(word);
        }
        json.close(']');
        json.number("now", NOW);
        if let Some(consent) = self.consent {
            json.key("consent");
            json.boolean(consent);
        }
        if let Some(asleep) = self.asleep {
            json.number("asleep", asleep);
        }
        json.close('}');
    }
}

impl Published {
    fn random(dice: &mut Dice) -> Self {
        let template = Template::ALL[dice.below(Template::ALL.len() as u32) as usize];
        let mut file = attributes(dice, "sondeo");
        // What is published has no problems, and says nothing in vain.
        file.retain(|(name, value)| {
            let own = [(name.clone(), value.clone())];
            let mut problems = Problems::default();
            let _ = Definition::read(vec![Layer::attributes(&own)], Some(template), &mut problems);
            !matches!(name.as_str(), "data-sondeo" | "data-endpoint" | "data-preview")
                && problems.is_empty()
                && !value.trim().is_empty()
        });
        Self { id: dice.of(IDS), template, file }
    }

    /// As the plan has it.
    fn write(&self, json: &mut Writer) {
        json.open('{');
        json.member("id", self.id);
        json.number("version", 1);
        let said = |key: &str| self.file.iter().find(|(name, _)| name[5..] == *key);
        let triggers = self.template.definition().triggers();
        let triggers: Vec<_> = triggers.iter().map(Trigger::to_text).collect();
        let trigger = said("trigger").map_or_else(|| triggers.join(" "), |(_, it)| it.clone());
        json.member("trigger", &trigger);
        for key in ["url", "consent", "when"] {
            if let Some((_, value)) = said(key) {
                json.member(key, value);
            }
        }
        json.close('}');
    }
}

/// Some attributes of a script tag or an element.
fn attributes(dice: &mut Dice, asks: &str) -> Vec<(String, String)> {
    let mut attributes = vec![(format!("data-{asks}"), dice.of(NAMES).to_owned())];
    let mut add =
        |name: &str, value: &str| attributes.push((format!("data-{name}"), value.to_owned()));
    if !dice.one_in(4) {
        add("endpoint", "/responses");
    }
    if dice.one_in(2) {
        add("trigger", dice.of(TRIGGERS));
    }
    if dice.one_in(3) {
        add("url", dice.of(URLS));
    }
    if dice.one_in(5) {
        add("consent", dice.of(&["required", "granted", "", "requird", " required "]));
    }
    if dice.one_in(6) {
        add("sample", dice.of(&["50%", "0%", "100%"]));
    }
    if dice.one_in(6) {
        add("recontact", dice.of(&["always", "never", "30d"]));
    }
    if dice.one_in(3) {
        add("quiet", "0");
    }
    if dice.one_in(8) {
        add("storage", dice.of(&["none", "session", "local"]));
    }
    if dice.one_in(8) {
        add("per", dice.of(&["page", "visitor"]));
    }
    if dice.one_in(8) {
        add("when", dice.of(&["plan=pro", "!trial query.utm_source=news"]));
    }
    if dice.one_in(40) {
        add("preview", "");
    }
    attributes
}

fn write(json: &mut Writer, attributes: &[(String, String)]) {
    json.open('{');
    for (name, value) in attributes {
        json.member(name.trim_start_matches("data-"), value);
    }
    json.close('}');
}

/// The only escapes among the paths above.
fn readable(address: &str) -> String {
    address.replace("%C3%A9", "\u{e9}").replace("%61", "a")
}

/// The generator of Numerical Recipes: good enough for pages.
struct Dice(u32);

impl Dice {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    fn below(&mut self, most: u32) -> u32 {
        self.next() % most
    }

    fn one_in(&mut self, most: u32) -> bool {
        self.below(most) == 0
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u32) as usize]
    }
}
