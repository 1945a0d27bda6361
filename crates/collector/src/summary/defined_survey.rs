//! What options stand for. A response holds their ids alone; the survey's definition knows the rest.

use crate::store::AskedScale;
use sondeo_model::rich_text::{Piece, pieces};
use sondeo_model::{Choice, Definition, Ending, Kind, LocalizedText, Messages, Question, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The shipped surveys, whose questions also appear in surveys of other names.
static TEMPLATES: LazyLock<Vec<Definition>> =
    LazyLock::new(|| Template::ALL.iter().map(|template| template.definition()).collect());

/// What is known of the options of one survey.
#[derive(Debug, Default)]
pub(super) struct DefinedSurvey(Option<Definition>);

impl DefinedSurvey {
    /// As it was published, or as the folder of surveys or a template defines it.
    pub(super) fn of(definition: Option<Definition>) -> Self {
        Self(definition)
    }

    /// The minutes that an option stands for; none where it stands for no time.
    pub(super) fn minutes(&self, question: &str, option: &str) -> Option<u32> {
        if self.own(question).is_some() {
            return self.choice(question, option)?.1.minutes;
        }
        // A survey that only the page defines: where it has taken over a template's options, they stand for
        // what they stand for there.
        let choices = TEMPLATES.iter().flat_map(|it| it.questions.iter()).flat_map(choices);
        choices.filter(|choice| choice.id == option).find_map(|choice| choice.minutes)
    }

    /// What visitors read for an option, a point of a scale that has words, or an own word for yes and no; by language,
    /// of these.
    pub(super) fn texts<'a>(
        &self,
        scale: &AskedScale,
        value: &str,
        languages: impl Iterator<Item = &'a String>,
    ) -> BTreeMap<String, String> {
        let of_choice = || {
            let (definition, choice) = self.choice(&scale.question, value)?;
            Some((definition, &choice.text))
        };
        let Some((definition, words)) = of_choice().or_else(|| self.words(scale, value)) else {
            return BTreeMap::new();
        };
        let text = |language: &String| {
            let messages = Messages::of(definition.language(language));
            (language.clone(), words.text(language, messages).to_owned())
        };
        languages.map(text).collect()
    }

    /// The words of a value that is no option, where the question is asked on this scale.
    fn words(&self, scale: &AskedScale, value: &str) -> Option<(&Definition, &LocalizedText)> {
        let question = self.question(&scale.question).filter(|it| it.is_asked_on(scale))?;
        let words = match &question.question.kind {
            Kind::Likert { labels, .. } => labels.get(value.parse::<usize>().ok()?.checked_sub(1)?),
            Kind::YesNo { words, .. } => words.get(usize::from(value != "true")),
            _ => None,
        };
        // Whoever reads has the usual words in a language of their own.
        let words = words.filter(|words| !matches!(words, LocalizedText::Shipped(_)));
        Some((question.definition, words?))
    }

    /// The question of this id, where the definition has one.
    pub(super) fn question(&self, id: &str) -> Option<DefinedQuestion<'_>> {
        let (definition, question) = self.own(id)?;
        Some(DefinedQuestion { definition, question })
    }

    /// The ends of its ways, in their order.
    pub(super) fn endings(&self) -> impl Iterator<Item = DefinedEnding<'_>> {
        let of = |definition| DefinedEnding::all(definition);
        self.0.as_ref().into_iter().flat_map(of)
    }

    fn own(&self, question: &str) -> Option<(&Definition, &Question)> {
        let definition = self.0.as_ref()?;
        Some((definition, definition.questions.iter().find(|one| one.id == question)?))
    }

    fn choice(&self, question: &str, option: &str) -> Option<(&Definition, &Choice)> {
        let find = |one: &'static Definition| {
            Some((one, one.questions.iter().find(|it| it.id == question)?))
        };
        let found = |(definition, question)| {
            Some((definition, choices(question).iter().find(|choice| choice.id == option)?))
        };
        match self.own(question) {
            Some(own) => found(own),
            None => TEMPLATES.iter().filter_map(find).find_map(found),
        }
    }
}

/// A question of a definition.
pub(super) struct DefinedQuestion<'a> {
    definition: &'a Definition,
    question: &'a Question,
}

impl DefinedQuestion<'_> {
    /// Whether it is asked on this scale, and not on another one.
    pub(super) fn is_asked_on(&self, scale: &AskedScale) -> bool {
        self.question.kind.name() == scale.kind
            && self.question.kind.points() == scale.points
            && self.question.metric == scale.metric
    }

    /// The language in which it is asked whoever wants this one: the same, where the definition has it.
    pub(super) fn language(&self, wanted: &str) -> &str {
        self.definition.tag(wanted)
    }

    /// Its text in a language, as a visitor reads it.
    pub(super) fn text(&self, language: &str) -> String {
        let messages = Messages::of(self.definition.language(language));
        self.question.text.text(language, messages).to_owned()
    }
}

/// An ending of a definition.
pub(super) struct DefinedEnding<'a> {
    definition: &'a Definition,
    ending: &'a Ending,
}

impl<'a> DefinedEnding<'a> {
    fn all(definition: &'a Definition) -> impl Iterator<Item = Self> {
        definition.endings.iter().map(move |ending| Self { definition, ending })
    }

    pub(super) fn id(&self) -> &'a str {
        &self.ending.id
    }

    /// What visitors read, in those of these languages that the definition has; where it has none of them, in the one
    /// that stands for others.
    pub(super) fn texts(&self, languages: &BTreeSet<&str>) -> BTreeMap<String, String> {
        let text = |language: &str| {
            let messages = Messages::of(self.definition.language(language));
            let text = self.ending.text.text(language, messages);
            pieces(text).into_iter().map(Piece::words).collect()
        };
        let own = languages.iter().filter(|language| self.definition.tag(language) == **language);
        let mut texts: BTreeMap<_, _> =
            own.map(|language| ((*language).to_owned(), text(language))).collect();
        if texts.is_empty() {
            let language = self.definition.tag("en");
            texts.insert(language.to_owned(), text(language));
        }
        texts
    }
}

fn choices(question: &Question) -> &[Choice] {
    match &question.kind {
        Kind::Choice(options) | Kind::Choices { options, .. } => &options.list,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::DefinedSurvey;
    use crate::definitions::Definitions;
    use crate::store::AskedScale;
    use sondeo_model::{KindName, Metric};
    use std::path::Path;

    const MINE: &str = r#"{"id": "mine", "questions": [{"id": "time", "kind": "choice", "metric": "ttr",
        "text": {"en": "How long?", "es": "¿Cuánto?"}, "options": [
            {"id": "blink", "text": {"en": "A blink", "es": "Un instante"}, "minutes": 1},
            {"id": "hour", "text": "An hour", "minutes": 61},
            {"id": "day", "text": "Never"}]},
        {"id": "feeling", "kind": "likert", "points": 3, "look": "labels", "text": "And now?",
            "labels": [{"en": "Bad", "es": "Mal"}, "So so", "Good"]},
        {"id": "again", "kind": "yes-no", "text": "Again?"}]}"#;

    fn scale(question: &str, kind: KindName, points: Option<u8>) -> AskedScale {
        let metric = (question == "time").then_some(Metric::Ttr);
        let question = question.to_owned();
        AskedScale { id: 1, question, kind, points, metric, position: 0, wordings: Vec::new() }
    }

    #[test]
    fn a_definition_of_the_folder_says_what_its_options_are() {
        let mut definitions = Definitions::default();
        definitions.add(Path::new("mine.json"), MINE).expect("it can be asked");
        let known = DefinedSurvey::of(definitions.get("mine"));
        let minutes = ["blink", "hour", "day", "minutes"].map(|id| known.minutes("time", id));
        assert_eq!(minutes, [Some(1), Some(61), None, None], "its own, not a template's");
        let languages = ["en".to_owned(), "es".to_owned()];
        let texts = |id| known.texts(&scale("time", KindName::Choice, None), id, languages.iter());
        assert_eq!(texts("blink")["es"], "Un instante");
        assert_eq!(texts("hour")["es"], "An hour");
        assert!(texts("nobody-knows").is_empty());
    }

    #[test]
    fn points_have_the_words_that_stood_in_their_place() {
        let mut definitions = Definitions::default();
        definitions.add(Path::new("mine.json"), MINE).expect("it can be asked");
        let known = DefinedSurvey::of(definitions.get("mine"));
        let languages = ["en".to_owned(), "es".to_owned()];
        let of = |scale: &AskedScale, value| known.texts(scale, value, languages.iter());
        let feeling = scale("feeling", KindName::Likert, Some(3));
        assert_eq!(of(&feeling, "1")["es"], "Mal");
        assert_eq!(of(&feeling, "3")["en"], "Good");
        assert!(["0", "4", "…"].into_iter().all(|value| of(&feeling, value).is_empty()));
        // The same points of another scale meant something else.
        assert!(of(&scale("feeling", KindName::Likert, Some(7)), "1").is_empty());
        // The usual words for yes and no are the reader's own.
        assert!(of(&scale("again", KindName::YesNo, None), "true").is_empty());
    }

    #[test]
    fn a_survey_that_only_the_page_knows_has_the_templates_options() {
        let known = DefinedSurvey::of(Definitions::default().get("nowhere"));
        assert_eq!(known.minutes("time", "hour"), Some(60));
        assert_eq!(known.minutes("time", "blink"), None);
    }
}
