//! Questions as an author writes them in JSON.

use super::field::FieldSpec;
use super::reader::{Layer, Reader};
use super::reason::{Reason, Thing, What};
use crate::json::Json;
use crate::limits::{LONGEST_TEXT, MOST_ENTRIES};
use crate::{
    Choice, Condition, Destination, Format, Kind, KindName, LocalizedText, Look, MessageId, Metric,
    NextRule, OTHER, Options, Question, Text, is_name,
};

/// The keys that every question has.
pub(super) const COMMON: &[&str] =
    &["id", "kind", "text", "description", "image", "metric", "required", "next"];
/// The keys of an option.
pub(super) const OPTION: &[&str] = &["id", "text", "minutes", "image"];
/// The keys of a rule.
pub(super) const RULE: &[&str] = &["if", "go"];
/// The looks of a question of the kind `yes-no`.
pub(super) const YES_NO_LOOKS: &[&str] = &["labels", "thumbs"];

const KIND: FieldSpec = FieldSpec::word(What::KIND, KindName::KEYWORDS);
const METRIC: FieldSpec = FieldSpec::word(What::METRIC, Metric::KEYWORDS);
const FORMAT: FieldSpec = FieldSpec::word(What::TEXT_FORMAT, Format::KEYWORDS);
const GO: FieldSpec = FieldSpec::text(What::GO, &["end"], is_name);
const CONDITION: FieldSpec =
    FieldSpec::text(What::COMPARISON, &["<=2", "=yes", "in:a,b"], |text| {
        Condition::parse(text).is_some()
    });

/// The keys that a kind of question has beside [`COMMON`].
pub(super) fn keys(kind: KindName) -> &'static [&'static str] {
    match kind {
        KindName::Likert => &["points", "look", "labels", "low", "high"],
        KindName::YesNo => &["look"],
        KindName::Nps => &["low", "high"],
        KindName::Choice => &["options", "other", "shuffle"],
        KindName::Choices => &["options", "other", "shuffle", "min", "max"],
        KindName::Text => &["lines", "max_length", "placeholder", "format"],
    }
}

/// Reads all questions, and notes every problem of all of them.
///
/// `count` is how many there should be: some entries of the author's list may be no objects at all.
pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    list: &[Layer<'_>],
    count: usize,
    endings: &[&str],
) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let mut paths = Vec::new();
    for layer in list {
        let mut reader = reader.inside(layer);
        let Some(question) = read_one(&mut reader) else { continue };
        reader.unique(&question.id, questions.iter().map(|known| &known.id), "question");
        paths.push(layer.path().to_owned());
        questions.push(question);
    }
    let is_whole = questions.len() == count && !reader.broken.get();
    // A rule may name the question that could not be read: no second complaint about it.
    if !is_whole || !super::branching::check(&questions, &paths, endings, reader.problems) {
        reader.broken.set(true);
    }
    questions
}

fn read_one(reader: &mut Reader<'_, '_>) -> Option<Question> {
    reader.require("id", "satisfaction");
    reader.require("text", "How satisfied are you?");
    reader.require("kind", "likert");
    let id = reader.name(&["satisfaction"]);
    let text = reader.say("text");
    let text = reader.needed(text);
    let next = rules(reader);
    let kind = reader.setting("kind", &KIND).or(-1);
    let &name = KindName::ALL.get(kind as usize)?;
    reader.strangers(&[COMMON, keys(name)].concat());
    let kind = read_kind(reader, name);
    Some(Question {
        id,
        text,
        description: reader.rich("description"),
        image: super::image::rest_read(reader, "image", false),
        variants: (&[][..]).into(),
        metric: read_metric(reader, &kind),
        kind,
        required: reader.flag("required", name != KindName::Text),
        next: next.into(),
    })
}

fn read_kind(reader: &mut Reader<'_, '_>, name: KindName) -> Kind {
    match name {
        KindName::Likert => {
            let given = reader.says("labels");
            let count = given.as_ref().map(|(_, count)| *count);
            let usual = match count {
                Some(count @ 2..=11) => count as i64,
                _ => 5,
            };
            let points = reader.setting("points", &FieldSpec::integer(2, 11)).or(usual);
            let usual = if count.is_some() { Look::Labels } else { Look::Numbers };
            let mut look = reader.look(Look::KEYWORDS, usual);
            let is_missing = look == Look::Labels && !reader.has("labels");
            if is_missing || count.is_some_and(|count| count as i64 != points) {
                let reason = || {
                    ["must be ", &crate::format_int(points), " texts, one for each point"].concat()
                };
                reader.note("labels", reason, || Reason::Labels(points));
            }
            let mut labels = given.map(|(labels, _)| labels).unwrap_or_default();
            if labels.len() != points as usize {
                labels.clear();
                look = if look == Look::Labels { Look::Numbers } else { look };
            }
            Kind::Likert { points: points as u8, look, labels: labels.into(), ends: ends(reader) }
        }
        KindName::YesNo => {
            let look = reader.look(YES_NO_LOOKS, Look::Labels);
            Kind::YesNo {
                look,
                words: [
                    LocalizedText::Shipped(MessageId::YES),
                    LocalizedText::Shipped(MessageId::NO),
                ],
            }
        }
        KindName::Nps => Kind::Nps {
            ends: ends(reader).or(Some([
                LocalizedText::Shipped(MessageId::UNLIKELY),
                LocalizedText::Shipped(MessageId::LIKELY),
            ])),
        },
        KindName::Choice => Kind::Choice(options(reader)),
        KindName::Choices => {
            let options = options(reader);
            let count = options.list.len() as i32;
            let max = reader.setting("max", &FieldSpec::integer(1, count)).or(count.into());
            let min = reader.setting("min", &FieldSpec::integer(1, max as i32)).or(1);
            Kind::Choices { options, min: min as u8, max: max as u8 }
        }
        KindName::Text => {
            let format = Format::ALL[reader.setting("format", &FORMAT).or(0) as usize];
            let longest = FieldSpec::integer(1, LONGEST_TEXT as i32);
            Kind::Text {
                lines: reader.setting("lines", &FieldSpec::integer(1, 20)).or(3) as u8,
                max_length: reader.setting("max_length", &longest).or(1_000) as u16,
                placeholder: reader.say("placeholder"),
                format,
            }
        }
    }
}

/// Both ends, or none: a scale that is named at one end is a riddle.
fn ends(reader: &mut Reader<'_, '_>) -> Option<[LocalizedText; 2]> {
    let [low, high] = ["low", "high"].map(|key| reader.say(key));
    both_ends(reader, low, high)
}

pub(super) fn both_ends(
    reader: &mut Reader<'_, '_>,
    low: Option<LocalizedText>,
    high: Option<LocalizedText>,
) -> Option<[LocalizedText; 2]> {
    match (low, high) {
        (Some(low), Some(high)) => Some([low, high]),
        (None, None) => None,
        (low, _) => {
            let [there, missing] = if low.is_some() { ["low", "high"] } else { ["high", "low"] };
            let reason = || ["needs \"", missing, "\" at the other end of the scale"].concat();
            reader.note(there, reason, || Reason::OtherEnd(missing));
            None
        }
    }
}

fn options(reader: &mut Reader<'_, '_>) -> Options {
    reader.require("options", "[{\"id\": \"price\", \"text\": \"The price\"}]");
    let objects = reader.objects("options");
    let is_list = objects.is_some();
    let (objects, count) = reader.needed(objects);
    let mut list: Vec<Choice> = Vec::new();
    for layer in &objects {
        let mut option = reader.inside(layer);
        option.strangers(OPTION);
        option.require("id", "price");
        option.require("text", "The price");
        let id = option.name(&["price"]);
        let text = option.say("text");
        let text = option.needed(text);
        let minutes = option.setting("minutes", &FieldSpec::integer(0, 5_256_000)).or(-1);
        let minutes = u32::try_from(minutes).ok();
        option.unique(&id, list.iter().map(|known| &known.id), "option");
        let image = super::image::rest_read(&mut option, "image", true);
        list.push(Choice { id, text, minutes, image });
    }
    let is_whole = is_list && list.len() == count;
    if !is_whole {
        reader.broken.set(true);
    }
    if let Some(other) = other(reader)
        && !list.iter().any(|option| option.id == OTHER)
    {
        list.push(Choice { id: OTHER.into(), text: other, minutes: None, image: None });
    }
    if is_whole && !(2..=MOST_ENTRIES).contains(&list.len()) {
        reader.note("options", || "must be 2 to 100 options".to_owned(), || Reason::OptionCount);
        reader.broken.set(true);
    }
    let has_other_text = is_text_wanted(reader);
    Options { list: list.into(), shuffle: reader.flag("shuffle", false), has_other_text }
}

/// The option has a text field (contract, section 3).
const WITH_TEXT: &str = "text";

fn is_text_wanted(reader: &Reader<'_, '_>) -> bool {
    matches!(reader.first("other"), Some((_, Json::Text(word))) if word == WITH_TEXT)
}

/// `true` adds the option in the language's own word, a text in the author's.
fn other(reader: &mut Reader<'_, '_>) -> Option<LocalizedText> {
    match reader.first("other")?.1 {
        _ if is_text_wanted(reader) => Some(LocalizedText::Shipped(MessageId::OTHER)),
        Json::Boolean(wanted) => wanted.then_some(LocalizedText::Shipped(MessageId::OTHER)),
        _ => reader.say("other"),
    }
}

fn read_metric(reader: &mut Reader<'_, '_>, kind: &Kind) -> Option<Metric> {
    let usual = matches!(kind, Kind::Nps { .. }).then_some(Metric::Nps);
    let at = reader.setting("metric", &METRIC).or(-1);
    let Some(&metric) = Metric::ALL.get(at as usize) else { return usual };
    let has_minutes =
        |options: &Options| options.list.iter().any(|option| option.minutes.is_some());
    let needs = match (metric, kind) {
        (Metric::Ttr, Kind::Choice(options)) if !has_minutes(options) => crate::answer::TTR_NEEDS,
        _ => match metric.needs(kind.name(), kind.points()) {
            Some(needs) => needs,
            None => return Some(metric),
        },
    };
    reader.note("metric", || needs.to_owned(), || Reason::MetricNeeds(metric));
    usual
}

fn rules(reader: &mut Reader<'_, '_>) -> Vec<NextRule> {
    let mut rules: Vec<NextRule> = Vec::new();
    if !reader.has("next") {
        return rules;
    }
    let objects = reader.objects("next");
    let (objects, count) = reader.needed(objects);
    for layer in &objects {
        let mut rule = reader.inside(layer);
        rule.strangers(RULE);
        let condition = match rule.has("if") {
            true => {
                rule.setting("if", &CONDITION).into_text().and_then(|text| Condition::parse(&text))
            }
            false => Some(Condition::Always),
        };
        rule.require("go", "end");
        let goto = rule.setting("go", &GO).into_text().map(|id| match id.as_str() {
            "end" => Destination::End,
            _ => Destination::Named(id.into()),
        });
        let (Some(condition), Some(goto)) = (condition, goto) else { continue };
        if rules.iter().any(|rule| rule.condition == Condition::Always) {
            let reason = || "is never reached: a rule before it always holds".to_owned();
            rule.note("go", reason, || Reason::RuleAfterAlways);
        }
        rules.push(NextRule { condition, goto });
    }
    if rules.len() < count {
        reader.broken.set(true);
    }
    rules
}

impl Reader<'_, '_> {
    fn look(&mut self, words: &'static [&'static str], usual: Look) -> Look {
        let form = FieldSpec::word(What::LOOK, words);
        let at = self.setting("look", &form).or(-1);
        words.get(at as usize).and_then(|word| Look::parse(word)).unwrap_or(usual)
    }

    fn flag(&mut self, key: &str, usual: bool) -> bool {
        self.setting(key, &FieldSpec::FLAG).or(usual.into()) > 0
    }

    /// Notes an id that an earlier thing of the same list has. One that could not be read is told of already.
    pub(super) fn unique<'i>(
        &mut self,
        id: &Text,
        mut earlier: impl Iterator<Item = &'i Text>,
        what: &str,
    ) {
        if !id.is_empty() && earlier.any(|known| known == id) {
            let reason = || ["is the id of an earlier ", what, " (ids are unique)"].concat();
            self.note("id", reason, || Reason::Repeated(Thing::of(what)));
            self.broken.set(true);
        }
    }

    /// The id, which is a name.
    pub(super) fn name(&mut self, examples: &'static [&'static str]) -> Text {
        let name = self.setting("id", &FieldSpec::text(What::NAME, examples, is_name));
        self.needed(name.into_text()).into()
    }
}
