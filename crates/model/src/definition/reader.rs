use super::field::{FieldSpec, FieldType, FieldValue};
use super::key::Key;
use super::problem::{Problem, Problems, not_a};
use super::reason::{Reason, What};
use crate::json::Json;
use crate::limits::{LONGEST_NAME, LONGEST_TEXT, MOST_ENTRIES, clip};
use crate::{Language, LocalizedText, format_int, nearest};
use std::cell::Cell;

/// Settings from one source.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// The path of a JSON object; `None` for attributes.
    path: Option<String>,
    members: Members<'a>,
}

#[derive(Debug, Clone)]
enum Members<'a> {
    Borrowed(&'a [(String, Json)]),
    Owned(Vec<(String, Json)>),
}

impl<'a> Layer<'a> {
    /// The `data-*` attributes of an element. `data-custom-NAME` and its like become objects.
    #[must_use]
    pub fn attributes(attributes: &[(String, String)]) -> Self {
        let mut members: Vec<(String, Json)> = Vec::new();
        for (name, value) in attributes {
            let Some(name) = name.strip_prefix("data-") else { continue };
            let value = Json::Text(value.clone());
            let nested = Key::all().find_map(|(key, spec)| {
                let name = name.strip_prefix(spec.prefix()?).filter(|name| !name.is_empty())?;
                Some((name.to_owned(), key))
            });
            let Some((name, key)) = nested else {
                let key = name.replace('-', "_");
                if !Key::all().any(|(known, spec)| known == key && !spec.is_attribute()) {
                    members.push((key, value));
                }
                continue;
            };
            match members.iter_mut().find(|(known, _)| known == key) {
                Some((_, Json::Object(inner))) => inner.push((name, value)),
                _ => members.push((key.to_owned(), Json::Object(vec![(name, value)]))),
            }
        }
        Self { path: None, members: Members::Owned(members) }
    }

    /// A JSON object that stands at `path`; anything else is a layer without members.
    #[must_use]
    pub fn object(path: impl Into<String>, json: &'a Json) -> Self {
        let members = match json {
            Json::Object(members) => members.as_slice(),
            _ => &[],
        };
        Self { path: Some(path.into()), members: Members::Borrowed(members) }
    }

    /// Without these keys.
    #[must_use]
    pub fn without(self, keys: &[&str]) -> Self {
        let others = self.members().iter().filter(|(key, _)| !keys.contains(&key.as_str()));
        let members = Members::Owned(others.cloned().collect());
        Self { path: self.path, members }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members().iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The path of its object; empty for attributes.
    pub(super) fn path(&self) -> &str {
        self.path.as_deref().unwrap_or_default()
    }

    /// The names of all of its values.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.members().iter().map(|(key, _)| key.as_str())
    }

    /// Whether these are attributes, and no JSON object.
    #[must_use]
    pub fn is_attributes(&self) -> bool {
        self.path.is_none()
    }

    fn members(&self) -> &[(String, Json)] {
        match &self.members {
            Members::Borrowed(members) => members,
            Members::Owned(members) => members,
        }
    }

    /// Where a key stands, or would stand: `data-delay`, or `surveys.json[0].delay`.
    #[must_use]
    pub fn place(&self, key: &str) -> String {
        match &self.path {
            Some(path) => [path, ".", key].concat(),
            None => ["data-", key].concat().replace('_', "-"),
        }
    }

    /// Where a name within an object stands: `data-custom-plan`, or `surveys.json[0].custom.plan`.
    fn place_within(&self, key: &str, name: &str) -> String {
        let spec = Key::all().find(|(known, _)| *known == key).map(|(_, spec)| spec);
        match (&self.path, spec.and_then(FieldSpec::prefix)) {
            (None, Some(prefix)) => ["data-", prefix, name].concat(),
            _ => [&self.place(key), ".", name].concat(),
        }
    }
}

/// Reads values from layers, of which the first that has a usable one decides, and notes what it cannot use.
pub(super) struct Reader<'a, 'p> {
    pub(super) layers: &'a [Layer<'a>],
    pub(super) problems: &'p mut Problems,
    /// Set where something is missing without which nothing can be asked.
    pub(super) broken: &'p Cell<bool>,
}

impl<'a> Reader<'a, '_> {
    /// Whether the key is there at all.
    pub(super) fn has(&self, key: &str) -> bool {
        self.first(key).is_some()
    }

    /// The first layer that has the key, and its value there.
    pub(super) fn first(&self, key: &str) -> Option<(&'a Layer<'a>, &'a Json)> {
        self.layers.iter().find_map(|layer| Some((layer, layer.get(key)?)))
    }

    /// The value of a key in its form.
    pub(super) fn setting(&mut self, key: &str, form: &FieldSpec) -> FieldValue {
        match form.shape {
            FieldType::List(_) | FieldType::Words => self.list(key, form),
            FieldType::Pairs(_, is_usable) => self.pairs(key, form, is_usable),
            _ => self.single(key, form),
        }
    }

    fn single(&mut self, key: &str, form: &FieldSpec) -> FieldValue {
        for layer in self.layers {
            let Some(value) = layer.get(key) else { continue };
            let is_attribute = layer.is_attributes();
            let text = value.scalar().filter(|_| is_attribute || form.fits(value));
            let text = text.map(|text| if is_attribute { text.trim().to_owned() } else { text });
            // An attribute whose placeholder was not filled says nothing.
            let is_blank = is_attribute && text.as_deref() == Some("");
            if is_blank && !matches!(form.shape, FieldType::Flag) {
                continue;
            }
            match text.and_then(|text| form.read(text)) {
                Some(read) => return read,
                None => {
                    self.close_targeting(key);
                    self.problems.note(|| {
                        let place = layer.place(key);
                        Problem::unusable(place, value, is_attribute, &form.what(), form.examples)
                            .because(|| form.reason(value))
                    });
                }
            }
        }
        FieldValue::Absent
    }

    /// Words separated by spaces, or a list of them: those of the first layer that has one to use.
    fn list(&mut self, key: &str, form: &FieldSpec) -> FieldValue {
        for layer in self.layers {
            let Some(value) = layer.get(key) else { continue };
            // What ends the name in a word, before a value in quotes.
            let name_ends: &[char] =
                if key == Key::When.name() { &['=', '<', '>'] } else { &[':'] };
            let words = match value {
                Json::Text(words) => {
                    crate::trigger::split(words, name_ends).into_iter().map(Json::Text).collect()
                }
                Json::List(words) => words.clone(),
                _ => vec![value.clone()],
            };
            if words.is_empty() && !layer.is_attributes() {
                self.close_targeting(key);
                self.problems
                    .note(|| Problem::of(layer.place(key), "is empty").because(|| Reason::Empty));
            }
            let mut list = Vec::new();
            for word in words {
                match word {
                    Json::Text(word) if form.takes(&word) => list.push(word),
                    _ => {
                        self.close_targeting(key);
                        self.unusable(layer, key, &word, form.what, form.examples);
                    }
                }
            }
            if !list.is_empty() {
                return FieldValue::List(list);
            }
        }
        FieldValue::Absent
    }

    /// Of whom and where to ask, an unusable value has no default to fall to: the wrong visitors would be asked
    /// (contract, section 2).
    fn close_targeting(&self, key: &str) {
        const TARGETING: &[&str] = &["url", "device", "when", "sample", "from", "until"];
        if TARGETING.contains(&key) {
            self.broken.set(true);
        }
    }

    /// A text, in one language or in several.
    pub(super) fn say(&mut self, key: &str) -> Option<LocalizedText> {
        for layer in self.layers {
            let Some(value) = layer.get(key) else { continue };
            // An attribute whose placeholder was not filled says nothing.
            if layer.is_attributes() && value.scalar().is_some_and(|text| text.trim().is_empty()) {
                continue;
            }
            let said = read_say(value, &path(|| layer.place(key)), self.problems);
            if said.is_some() {
                return said;
            }
        }
        None
    }

    /// A text that may hold links. One that nobody may follow is no text for visitors.
    pub(super) fn rich(&mut self, key: &str) -> Option<LocalizedText> {
        let said = self.say(key);
        if let Some(LocalizedText::Given(texts)) = &said
            && texts.iter().any(|(_, text)| crate::rich_text::may_have_links(text))
        {
            self.rest_check_links(key, texts);
        }
        said
    }

    #[inline(never)]
    fn rest_check_links(&mut self, key: &str, texts: &[(String, String)]) {
        crate::rest::gate();
        for address in texts.iter().filter_map(|(_, text)| crate::rich_text::unusable_link(text)) {
            self.broken.set(true);
            let reason =
                || ["has a link to \"", address, "\" (try \"https://example.com/\")"].concat();
            self.note(key, reason, || Reason::Link(address.to_owned()));
        }
    }

    /// The object under a key, with its path. What is there and none is nothing to ask with.
    pub(super) fn object(&mut self, key: &str) -> Option<Layer<'a>> {
        let (layer, value) = self.first(key)?;
        if let Json::Object(_) = value {
            return Some(Layer::object(path(|| layer.place(key)), value));
        }
        self.broken.set(true);
        self.unusable(layer, key, value, What::OBJECT, &[]);
        None
    }

    /// Names and their texts, of all layers; of one name the first layer's counts. An empty text is none.
    fn pairs(
        &mut self,
        key: &str,
        form: &FieldSpec,
        is_usable: fn(&str, &str) -> bool,
    ) -> FieldValue {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for layer in self.layers {
            let Some(value) = layer.get(key) else { continue };
            let Json::Object(members) = value else {
                self.unusable(layer, key, value, What::NAMES, &[]);
                continue;
            };
            for (name, value) in members {
                let is_known = |(known, _): &(String, _)| known.eq_ignore_ascii_case(name);
                match value.scalar() {
                    Some(text) if text.trim().is_empty() || pairs.iter().any(is_known) => {}
                    Some(text)
                        if !name.is_empty()
                            && is_text(name, LONGEST_NAME)
                            && is_text(&text, LONGEST_TEXT)
                            && is_usable(name, &text) =>
                    {
                        pairs.push((name.clone(), text));
                    }
                    _ => {
                        let what = form.what.english();
                        self.problems.note(|| {
                            let place = layer.place_within(key, name);
                            Problem::unusable(place, value, layer.is_attributes(), what, &[])
                                .because(|| not_a(what, value, &[]))
                        });
                    }
                }
            }
        }
        if pairs.len() > MOST_ENTRIES {
            self.note(key, || "holds more than 100 names".to_owned(), || Reason::TooManyNames);
            pairs.truncate(MOST_ENTRIES);
        }
        FieldValue::Pairs(pairs)
    }

    /// The objects of a list, each with its path, and the number of entries in the list.
    pub(super) fn objects(&mut self, key: &str) -> Option<(Vec<Layer<'a>>, usize)> {
        let (layer, list) = self.entries(key)?;
        let place = path(|| layer.place(key));
        let mut objects = Vec::new();
        for (at, entry) in list.iter().enumerate() {
            let path = entry_path(&place, at);
            if matches!(entry, Json::Object(_)) {
                objects.push(Layer::object(path, entry));
            } else {
                self.problems.note(|| {
                    Problem::unusable(path, entry, false, What::OBJECT.english(), &[])
                        .because(|| not_a(What::OBJECT.english(), entry, &[]))
                });
            }
        }
        Some((objects, list.len()))
    }

    /// The texts of a list, and the number of entries in the list.
    pub(super) fn says(&mut self, key: &str) -> Option<(Vec<LocalizedText>, usize)> {
        let (layer, list) = self.entries(key)?;
        let place = path(|| layer.place(key));
        let says = list.iter().enumerate();
        let says = says.filter_map(|(at, it)| read_say(it, &entry_path(&place, at), self.problems));
        Some((says.collect(), list.len()))
    }

    fn entries(&mut self, key: &str) -> Option<(&'a Layer<'a>, &'a [Json])> {
        let (layer, value) = self.first(key)?;
        if let Json::List(list) = value {
            return Some((layer, list));
        }
        self.unusable(layer, key, value, What::LIST, &[]);
        None
    }

    /// What reads one object of a list.
    pub(super) fn inside<'b>(&'b mut self, layer: &'b Layer<'b>) -> Reader<'b, 'b> {
        let layers = std::slice::from_ref(layer);
        Reader { layers, problems: self.problems, broken: self.broken }
    }

    /// A value without which nothing can be asked; what stands for it otherwise does not matter.
    pub(super) fn needed<T: Default>(&self, value: Option<T>) -> T {
        if value.is_none() {
            self.broken.set(true);
        }
        value.unwrap_or_default()
    }

    /// Notes a key that is not there.
    pub(super) fn require(&mut self, key: &str, example: &str) {
        if !self.has(key) {
            let layers = self.layers;
            self.problems.note(|| Problem::missing(place(layers, key), example));
        }
    }

    /// Notes something about a key.
    #[inline(always)]
    pub(super) fn note(
        &mut self,
        key: &str,
        reason: impl FnOnce() -> String,
        kind: impl FnOnce() -> Reason,
    ) {
        let layers = self.layers;
        self.problems.note(|| Problem::of(place(layers, key), &reason()).because(kind));
    }

    /// Notes the members of JSON objects that mean nothing here.
    pub(super) fn strangers(&mut self, known: &[&str]) {
        if !self.layers.iter().all(Layer::is_attributes) {
            self.rest_strangers(known);
        }
    }

    #[inline(never)]
    fn rest_strangers(&mut self, known: &[&str]) {
        crate::rest::gate();
        for layer in self.layers.iter().filter(|layer| !layer.is_attributes()) {
            for name in layer.keys() {
                if known.contains(&name) {
                    continue;
                }
                self.problems.note(|| {
                    let hint = match nearest(name, known) {
                        Some(meant) => [" (try \"", meant, "\")"].concat(),
                        None => String::new(),
                    };
                    let reason = ["is not a key that is known here", &hint].concat();
                    Problem::of(layer.place(name), &reason).because(|| {
                        let meant = nearest(name, known).map(str::to_owned);
                        Reason::UnknownKey { meant }
                    })
                });
            }
        }
    }

    #[inline(always)]
    fn unusable(&mut self, at: &Layer<'_>, key: &str, value: &Json, what: What, examples: &[&str]) {
        let what = what.english();
        self.problems.note(|| {
            Problem::unusable(at.place(key), value, at.is_attributes(), what, examples)
                .because(|| not_a(what, value, examples))
        });
    }
}

/// Where the key stands, or would stand: in JSON, where there is some.
fn place(layers: &[Layer<'_>], key: &str) -> String {
    let layer = layers.iter().find(|layer| layer.get(key).is_some());
    let layer = layer.or_else(|| layers.iter().find(|layer| !layer.is_attributes()));
    layer.map_or_else(|| key.to_owned(), |layer| layer.place(key))
}

/// Whether a response may hold this text, of at most so many characters.
pub(super) fn is_text(text: &str, most: usize) -> bool {
    clip(text, most) == text && !text.contains('\0')
}

fn entry_path(place: &str, at: usize) -> String {
    path(|| [place, "[", &format_int(at as i64), "]"].concat())
}

/// A path, where anybody will read it.
#[inline(always)]
pub(super) fn path(write: impl FnOnce() -> String) -> String {
    if cfg!(feature = "explain") { write() } else { String::new() }
}

/// A text is a string or an object by language.
fn read_say(value: &Json, place: &str, problems: &mut Problems) -> Option<LocalizedText> {
    if let Json::Object(members) = value {
        return rest_read_languages(members, place, problems);
    }
    let text = read_text(value);
    if text.is_none() {
        problems.note(|| {
            Problem::unusable(place.to_owned(), value, false, What::TEXT.english(), &[])
                .because(|| not_a(What::TEXT.english(), value, &[]))
        });
    }
    Some(LocalizedText::Given(vec![(String::new(), text?)]))
}

/// A text by language, which JSON alone has.
#[inline(never)]
fn rest_read_languages(
    members: &[(String, Json)],
    place: &str,
    problems: &mut Problems,
) -> Option<LocalizedText> {
    crate::rest::gate();
    let mut texts = Vec::new();
    if members.is_empty() {
        problems.note(|| Problem::of(place.to_owned(), "is empty").because(|| Reason::Empty));
    }
    for (tag, value) in members {
        let place = || [place, ".", tag].concat();
        match read_text(value) {
            _ if !Language::is_tag(tag) => {
                problems.note(|| {
                    Problem::of(place(), "is not a language tag (try \"en\")")
                        .because(|| Reason::NoTag)
                });
            }
            Some(text) => texts.push((tag.clone(), text)),
            None => problems.note(|| {
                Problem::unusable(place(), value, false, What::TEXT.english(), &[])
                    .because(|| not_a(What::TEXT.english(), value, &[]))
            }),
        }
    }
    (!texts.is_empty()).then_some(LocalizedText::Given(texts))
}

fn read_text(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) if !text.trim().is_empty() && !text.contains('\0') => {
            Some(clip(text, LONGEST_TEXT).to_owned())
        }
        _ => None,
    }
}
