//! The page's words, read once: `data-*` attributes and survey files in, surveys and clear problems out.
//!
//! The caller brings the attributes, the languages and a way to ask the browser.

use crate::Environment;
use sondeo_model::json::Json;
use sondeo_model::{
    Appearance, Definition, Delivery, Display, Layer, Problem, Problems, Targeting, Template,
    Trigger, secret,
};

/// One survey as the page wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveySettings {
    /// What is asked, and everything that its author says about it.
    pub definition: Definition,
    /// As the place where it stands has it.
    pub appearance: Appearance,
    /// What makes it due; any of them.
    pub triggers: Vec<Trigger>,
    /// Who may be asked.
    pub targeting: Targeting,
    /// Where a response goes, and what it may hold.
    pub delivery: Delivery,
    /// An absolute `http(s)` address; empty for a preview, which sends nothing.
    pub endpoint: String,
    /// The tag of the language that the visitor wants.
    pub wanted: String,
}

impl SurveySettings {
    /// How long a visitor has to be here before leaving counts, in milliseconds.
    #[must_use]
    pub fn stay_ms(&self) -> f64 {
        self.definition.shortest_stay().as_millis() as f64
    }

    /// Whether its delay is over as soon as half the page is scrolled.
    #[must_use]
    pub fn ends_halfway(&self) -> bool {
        self.definition.delay_ends_at_scroll().is_some()
    }
}

/// Where attributes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeSource {
    /// On the loader's script tag.
    Script,
    /// On an element of the page, which the survey will stand in.
    Element,
}

/// What the page brings along.
pub struct PageContext<'a> {
    /// The page's language, then the browser's; the first that is not empty decides.
    pub languages: &'a [String],
    /// What the browser knows: addresses, CSS, selectors.
    pub environment: &'a dyn Environment,
    /// The surveys of the page's files.
    pub files: &'a [SurveyFile],
}

/// One survey of a file.
#[derive(Debug, Clone)]
pub struct SurveyFile {
    /// Where it stands: the file's address, and its place there.
    pub path: String,
    /// What stands there.
    pub json: Json,
    /// The address of the site of a collector whose survey it is.
    pub site: Option<String>,
}

/// Attributes that are no keys of a survey, without `data-`.
const NAMES: &[&str] = &["survey", "sondeo", "config", "site", "seen"];

/// Reads the attributes of one script tag or element.
///
/// `own` are its own `data-*` attributes; `inherited` are the script tag's, for an element. Names
/// come with `data-`. Everything that cannot be used gives one problem and leaves the default; a
/// survey that cannot be asked at all is left out.
#[must_use]
pub fn read(
    source: AttributeSource,
    own: &[(String, String)],
    inherited: &[(String, String)],
    context: &PageContext<'_>,
) -> (Vec<SurveySettings>, Problems) {
    read_into(Problems::default(), source, own, inherited, context)
}

/// The same, with what keeps the problems.
#[inline(never)]
pub(crate) fn read_into(
    problems: Problems,
    source: AttributeSource,
    own: &[(String, String)],
    inherited: &[(String, String)],
    context: &PageContext<'_>,
) -> (Vec<SurveySettings>, Problems) {
    let names = names(source, own);
    let own = Layer::attributes(own);
    // An element is where its survey stands, whatever the script tag says of the page's other surveys.
    let inherited = Layer::attributes(&self::inherited(inherited));
    let mut reader = Reader { source, names, own, inherited, context, problems };
    reader.report_names();
    let mut settings: Vec<SurveySettings> = Vec::new();
    for asked in reader.asked() {
        if let Some(read) = reader.survey(asked)
            && !settings.iter().any(|known| known.definition.id == read.definition.id)
        {
            settings.push(read);
        }
    }
    (settings, reader.problems)
}

/// What a script tag says of its own survey, where it asks for one (contract, section 2). Its other attributes are for
/// every survey of the page.
const OF_ONE_SURVEY: &[&str] = &[
    "data-question",
    "data-low",
    "data-high",
    "data-thanks",
    "data-trigger",
    "data-delay",
    "data-url",
    "data-when",
    "data-from",
    "data-until",
    "data-priority",
];

/// What elements inherit of a script tag's attributes: not what stands there for a survey of the tag's own. Where an
/// element stands, its survey stands, whatever the script tag says of the page's other surveys.
pub(crate) fn inherited(attributes: &[(String, String)]) -> Vec<(String, String)> {
    let asks = !names(AttributeSource::Script, attributes).is_empty();
    let is_own = |name: &str| {
        matches!(name, "data-survey" | "data-config" | "data-display")
            || asks && OF_ONE_SURVEY.contains(&name)
    };
    attributes.iter().filter(|(name, _)| !is_own(name)).cloned().collect()
}

/// The names that an element or a script tag asks for.
#[must_use]
pub fn names(source: AttributeSource, own: &[(String, String)]) -> Vec<String> {
    let attribute = names_attribute(source);
    let value = own.iter().find(|(name, _)| name.strip_prefix("data-") == Some(attribute));
    let words = value.map_or("", |(_, value)| value).split_ascii_whitespace();
    words.map(str::to_owned).collect()
}

fn names_attribute(source: AttributeSource) -> &'static str {
    if source == AttributeSource::Script { "survey" } else { "sondeo" }
}

/// What one name asks for.
enum Asked<'a> {
    Template(Template),
    File(&'a SurveyFile),
}

struct Reader<'a> {
    source: AttributeSource,
    names: Vec<String>,
    own: Layer<'a>,
    inherited: Layer<'a>,
    context: &'a PageContext<'a>,
    problems: Problems,
}

impl<'a> Reader<'a> {
    fn asked(&mut self) -> Vec<Asked<'a>> {
        let attribute = names_attribute(self.source);
        let files = self.context.files;
        let ids: Vec<&str> = files.iter().map(|file| id(&file.json).unwrap_or_default()).collect();
        let mut asked = Vec::new();
        for name in &self.names {
            if let Some(file) = files.iter().find(|file| id(&file.json) == Some(name)) {
                asked.push(Asked::File(file));
            } else if let Some(template) = Template::parse(name) {
                asked.push(Asked::Template(template));
            } else {
                self.problems.note(|| {
                    let mut known = [&ids, Template::KEYWORDS].concat();
                    known.retain(|known| !known.is_empty());
                    let value = Json::Text(name.clone());
                    let path = self.own.place(attribute);
                    Problem::unusable(path, &value, true, "a survey", &known)
                });
            }
        }
        if !self.names.is_empty() {
            return asked;
        }
        if self.source == AttributeSource::Element || self.own.get("survey").is_some() {
            self.missing(attribute, "faq");
        } else if self.own.get("config").is_some() {
            self.rest_asked_by_file(&ids, &mut asked);
        }
        asked
    }

    /// All surveys of a file, but for those that stand in the page.
    #[inline(never)]
    fn rest_asked_by_file(&mut self, ids: &[&str], asked: &mut Vec<Asked<'a>>) {
        sondeo_model::rest::gate();
        for (at, file) in self.context.files.iter().enumerate() {
            // A site's are asked by its plan.
            if file.site.is_some() {
                continue;
            }
            if ids[..at].iter().any(|known| Some(*known) == id(&file.json)) {
                self.problems.note(|| {
                    let path = [&file.path, ".id"].concat();
                    Problem::of(path, "is the id of an earlier survey (ids are unique)")
                });
            } else if floats(&file.json) {
                asked.push(Asked::File(file));
            }
        }
    }

    fn survey(&mut self, asked: Asked<'a>) -> Option<SurveySettings> {
        let mut layers = Vec::new();
        let (template, site) = match asked {
            Asked::Template(template) => (Some(template), None),
            Asked::File(file) => {
                layers.push(Layer::object(&file.path, &file.json));
                (None, file.site.as_ref())
            }
        };
        // What stands on the element itself is the last word; what stands on a script tag is for the page.
        match self.source {
            AttributeSource::Element => {
                layers.insert(0, self.own.clone());
                layers.push(self.inherited.clone());
            }
            AttributeSource::Script => layers.push(self.own.clone()),
        }
        if let Some(site) = site {
            // What nobody says otherwise (contract, section 8).
            layers.push(Layer::attributes(&[
                ("data-endpoint".to_owned(), [site, "/../../v1/responses"].concat()),
                ("data-report".to_owned(), "all".to_owned()),
            ]));
        }
        let settled = Settled { context: self.context, layers: layers.clone() };
        let definition = Definition::read(layers, template, &mut self.problems)?;
        let mut appearance = definition.appearance();
        let mut triggers = definition.triggers();
        match self.source {
            AttributeSource::Element if definition.display().is_none() => {
                appearance.display = Display::Inline;
                triggers = definition.triggers_in_element();
            }
            AttributeSource::Script if appearance.display == Display::Inline => {
                appearance.display = Display::Popover;
                let what = "a display of a script tag";
                self.problems.note(|| settled.unusable("display", "inline", what, "popover"));
            }
            _ => {}
        }
        settled.check_appearance(&mut appearance, &mut self.problems);
        settled.check_triggers(&mut triggers, &mut self.problems);
        let endpoint = match definition.endpoint() {
            Some(endpoint) => {
                let resolved = self.context.environment.resolve(endpoint);
                if resolved.is_none() {
                    let what = "an http(s) address";
                    self.problems.note(|| settled.unusable("endpoint", endpoint, what, ENDPOINT));
                }
                resolved?
            }
            None if definition.preview() => String::new(),
            None => {
                self.missing("endpoint", ENDPOINT);
                return None;
            }
        };
        let delivery = definition.delivery();
        if let Some(reason) = secret(delivery.format(&endpoint), &delivery.headers) {
            let key = if reason.starts_with("holds") { "headers" } else { "endpoint" };
            self.problems.note(|| {
                let mut problem = settled.note(key, "", reason);
                if problem.path == "data-headers" {
                    // What a survey file holds in one object is an attribute each.
                    problem.path = "data-header-…".to_owned();
                }
                problem
            });
            return None;
        }
        let wanted = self.context.languages.iter().find(|tag| !tag.is_empty());
        let wanted = wanted.cloned().unwrap_or_default();
        let targeting = definition.targeting();
        Some(SurveySettings {
            definition,
            appearance,
            triggers,
            targeting,
            delivery,
            endpoint,
            wanted,
        })
    }

    /// Attributes that mean nothing now. A stranger's attribute is none of our business, unless it is
    /// one slip away from ours.
    fn report_names(&mut self) {
        if self.source == AttributeSource::Script && self.own.get("sondeo").is_some() {
            self.unknown("sondeo", "survey");
        }
        let names: Vec<String> = self.own.keys().map(str::to_owned).collect();
        for name in names {
            if let Some(meant) = Definition::meant_attribute(&name, NAMES) {
                self.unknown(&name, meant);
            }
        }
    }

    fn unknown(&mut self, name: &str, meant: &str) {
        self.problems.note(|| {
            let meant = self.own.place(meant);
            let reason = ["is not an attribute of this tag (try \"", &meant, "\")"].concat();
            Problem::of(self.own.place(name), &reason)
        });
    }

    fn missing(&mut self, key: &str, example: &str) {
        self.problems.note(|| Problem::missing(self.own.place(key), example));
    }
}

/// A survey whose words are known, and which the browser is now asked about.
struct Settled<'a> {
    context: &'a PageContext<'a>,
    layers: Vec<Layer<'a>>,
}

impl Settled<'_> {
    fn check_appearance(&self, appearance: &mut Appearance, problems: &mut Problems) {
        for (value, key, property, what, example) in [
            (&mut appearance.accent, "accent", "color", "a CSS colour", "#0b7a75"),
            (&mut appearance.radius, "radius", "border-radius", "a CSS length", "12px"),
            (&mut appearance.font, "font", "font-family", "a CSS font-family", "Georgia, serif"),
        ] {
            if let Some(found) =
                value.take_if(|value| !self.context.environment.is_css(property, value))
            {
                problems.note(|| self.unusable(key, &found, what, example));
            }
        }
    }

    /// A trigger whose selector the browser does not take never fires; the others still do.
    fn check_triggers(&self, triggers: &mut Vec<Trigger>, problems: &mut Problems) {
        triggers.retain(|trigger| {
            let is_usable =
                trigger.selector().is_none_or(|css| self.context.environment.is_selector(css));
            if !is_usable {
                let what = "a trigger with a CSS selector";
                problems
                    .note(|| self.unusable("trigger", &trigger.to_text(), what, "click:.cancel"));
            }
            is_usable
        });
    }

    fn unusable(&self, key: &str, value: &str, what: &str, example: &str) -> Problem {
        let value = Json::Text(value.to_owned());
        let is_attribute = self.layer(key).is_none_or(Layer::is_attributes);
        Problem::unusable(self.place(key), &value, is_attribute, what, &[example])
    }

    fn note(&self, key: &str, found: &str, reason: &str) -> Problem {
        let (found, reason) = (found.to_owned(), reason.to_owned());
        Problem::about(self.place(key), found, reason)
    }

    fn place(&self, key: &str) -> String {
        self.layer(key).map_or_else(String::new, |layer| layer.place(key))
    }

    fn layer(&self, key: &str) -> Option<&Layer<'_>> {
        self.layers.iter().find(|layer| layer.get(key).is_some()).or(self.layers.first())
    }
}

const ENDPOINT: &str = "https://example.com/responses";

/// Whether the survey of a file needs no element: one that stands in the page waits for an element that names it.
pub(crate) fn floats(json: &Json) -> bool {
    !matches!(json.get("display"), Some(Json::Text(word)) if word == "inline")
}

/// The id of a survey in a file.
pub(crate) fn id(json: &Json) -> Option<&str> {
    let found = json.get("id").or_else(|| json.get("template"))?;
    match found {
        Json::Text(id) => Some(id),
        _ => None,
    }
}
