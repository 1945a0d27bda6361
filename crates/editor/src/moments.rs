//! The moments of the customer journey and the metrics that a survey can start from.

use crate::document::{put, take};
use crate::{Document, EditError, Locale, Value, sentences, words};
use sondeo_model::{
    Choice, Condition, Destination, Kind, KindName, Language, LocalizedText, Look, Messages,
    Metric, NextRule, Options, Question, Template,
};

/// A template, as it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The template.
    pub template: Template,
    /// What it is about: a moment of the journey, or a metric that can be asked at any moment.
    pub group: Group,
    /// A short name.
    pub name: &'static str,
    /// What it is good for, in one line.
    pub explanation: &'static str,
    /// When it asks, as it stands.
    pub when: Vec<String>,
    /// What is asked, by kind.
    pub kinds: Vec<KindName>,
}

/// What a template is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A moment of the customer journey.
    Journey,
    /// One number, at any moment.
    Metric,
}

impl Group {
    /// The heading over its templates.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Journey => locale.pick("A moment of the journey", "Un momento del recorrido"),
            Self::Metric => {
                locale.pick("A metric, at any moment", "Una métrica, en cualquier momento")
            }
        }
    }
}

/// Every template, in the order of the journey; then the metrics.
#[must_use]
pub fn moments(locale: Locale) -> Vec<Moment> {
    let moment = |template: Template| {
        let (group, name, explanation) = about(template, locale);
        let definition = template.definition();
        let when = sentences::when(&definition, locale);
        let kinds = definition.questions.iter().map(|question| question.kind.name()).collect();
        Moment { template, group, name, explanation, when, kinds }
    };
    let (journey, metrics): (Vec<_>, Vec<_>) = Template::ALL
        .iter()
        .map(|&template| moment(template))
        .partition(|moment| moment.group == Group::Journey);
    [journey, metrics].concat()
}

/// What a template is called.
#[must_use]
pub fn name(template: Template, locale: Locale) -> &'static str {
    about(template, locale).1
}

fn about(template: Template, locale: Locale) -> (Group, &'static str, &'static str) {
    let (group, english, spanish) = match template {
        Template::FirstVisit => (
            Group::Journey,
            ["First visit", "Whether newcomers find what they came for, and what they came for."],
            [
                "Primera visita",
                "Si quien llega por primera vez encuentra lo que busca, y qué buscaba.",
            ],
        ),
        Template::Signup => (
            Group::Journey,
            ["Sign-up", "Where creating an account is harder than it should be."],
            ["Registro", "Dónde cuesta más de lo debido crear una cuenta."],
        ),
        Template::Welcome => (
            Group::Journey,
            ["Welcome", "What new customers want to achieve, and how the start was."],
            ["Bienvenida", "Qué quieren lograr los clientes nuevos y cómo fue el comienzo."],
        ),
        Template::Faq => (
            Group::Journey,
            ["Help article", "Which articles answer the question, and what the others lack."],
            ["Artículo de ayuda", "Qué artículos resuelven la duda y qué les falta a los demás."],
        ),
        Template::PostPurchase => (
            Group::Journey,
            ["Purchase", "How shopping was, right after it; and what went wrong where it was bad."],
            ["Compra", "Cómo fue la compra, nada más hacerla, y qué falló si fue mal."],
        ),
        Template::FollowUp => (
            Group::Journey,
            ["Follow-up", "Whether customers recommend you once the parcel has arrived."],
            ["Seguimiento", "Si los clientes te recomiendan una vez recibido el paquete."],
        ),
        Template::Cancellation => (
            Group::Journey,
            ["Cancellation", "Why customers leave, without standing in their way."],
            ["Cancelación", "Por qué se van los clientes, sin ponerles obstáculos."],
        ),
        Template::CartAbandonment => (
            Group::Journey,
            ["Full cart", "What keeps people with a full cart from buying."],
            ["Carrito lleno", "Qué impide comprar a quien ya tiene el carrito lleno."],
        ),
        Template::TrialEnd => (
            Group::Journey,
            ["Trial end", "Whether your product would be missed: the measure of market fit."],
            [
                "Fin de la prueba",
                "Si echarían de menos tu producto: la medida del encaje en el mercado.",
            ],
        ),
        Template::Support => (
            Group::Journey,
            ["Support", "Whether support solved the problem, and how long it took."],
            ["Soporte", "Si soporte resolvió el problema y cuánto tardó."],
        ),
        Template::Csat => (
            Group::Metric,
            ["CSAT", "Customer satisfaction: the share of the two happiest faces."],
            ["CSAT", "Satisfacción del cliente: la proporción de las dos caras más contentas."],
        ),
        Template::Ces => (
            Group::Metric,
            ["CES", "Customer effort: how easy it was, as a mean of seven points."],
            ["CES", "Esfuerzo del cliente: lo fácil que fue, como media de siete puntos."],
        ),
        Template::Nps => (
            Group::Metric,
            ["NPS", "Net promoter score: those who recommend you, minus those who warn."],
            ["NPS", "Índice de promotores netos: quienes te recomiendan menos quienes advierten."],
        ),
        Template::Ttr => (
            Group::Metric,
            ["TTR", "Time to resolution: the median time until a problem is solved."],
            ["TTR", "Tiempo de resolución: la mediana del tiempo hasta resolver un problema."],
        ),
    };
    let [name, explanation] = locale.pick(english, spanish);
    (group, name, explanation)
}

/// A new survey file that is the template, with nothing changed.
#[must_use]
pub fn file(template: Template, id: &str) -> Value {
    Value::object([("id", id), ("template", template.as_str())])
}

/// What a template says that a file cannot: left out where its questions are made the survey's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// The question of this place is asked in other words after some answers.
    OtherWords(usize),
    /// The question of this place has words of its own for yes and no.
    YesAndNo(usize),
}

impl Lost {
    /// What is lost, for whoever edits.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::OtherWords(at) => {
                let n = at + 1;
                locale.pick(
                    format!("Question {n} of the template is asked in other words after some answers. Your own question has one wording."),
                    format!("La pregunta {n} de la plantilla cambia de palabras según la respuesta anterior. La tuya tiene una sola redacción."),
                )
            }
            Self::YesAndNo(at) => {
                let n = at + 1;
                locale.pick(
                    format!("Question {n} of the template has its own words for yes and no. Your own question says “Yes” and “No”."),
                    format!("La pregunta {n} de la plantilla tiene sus propias palabras para sí y no. La tuya dice «Sí» y «No»."),
                )
            }
        }
    }
}

/// The questions of a template as a survey file writes them, in these languages: what is edited when a template's own
/// questions are to be changed. Also what is lost on the way.
#[must_use]
pub fn questions(template: Template, languages: &[Language]) -> (Value, Vec<Lost>) {
    let definition = template.definition();
    let mut lost = Vec::new();
    let mut questions = Vec::new();
    for (at, question) in definition.questions.iter().enumerate() {
        if !question.variants.is_empty() {
            lost.push(Lost::OtherWords(at));
        }
        if let Kind::YesNo { words, .. } = &question.kind
            && *words != [yes(), no()]
        {
            lost.push(Lost::YesAndNo(at));
        }
        questions.push(written(question, languages));
    }
    (questions.into(), lost)
}

/// Writes a template's questions into the survey, so that everything about them can be edited: one step of undo. Other
/// words that the survey already has for the first one go into it. Returns what a file cannot say, and nothing where the
/// survey has questions of its own or no template.
pub fn make_own(document: &mut Document, languages: &[Language]) -> Vec<Lost> {
    let template = document.value().text_of("template").and_then(Template::parse);
    let Some(template) = template.filter(|_| document.get("/questions").is_none()) else {
        return Vec::new();
    };
    let (questions, lost) = questions(template, languages);
    let written = document.change(|root| {
        put(root, "/questions", questions)?;
        for (key, place) in [("/question", "text"), ("/low", "low"), ("/high", "high")] {
            let Some(words) = root.at(key).cloned() else { continue };
            take(root, key)?;
            put(root, &format!("/questions/0/{place}"), words)?;
        }
        Ok::<_, EditError>(Vec::new())
    });
    // An object takes every key.
    written.map(|_| lost).unwrap_or_default()
}

fn yes() -> LocalizedText {
    LocalizedText::Shipped(sondeo_model::MessageId::YES)
}

fn no() -> LocalizedText {
    LocalizedText::Shipped(sondeo_model::MessageId::NO)
}

/// A text of a template in these languages; in one alone, without its tag.
fn text(text: &LocalizedText, languages: &[Language]) -> Value {
    let said = |language: Language| text.text(language.tag(), Messages::of(language)).to_owned();
    match languages {
        [] => said(Language::En).into(),
        [only] => said(*only).into(),
        several => Value::object(several.iter().map(|it| (it.tag(), said(*it)))),
    }
}

fn written(question: &Question, languages: &[Language]) -> Value {
    let mut members: Vec<(&str, Value)> =
        vec![("id", question.id.as_ref().into()), ("kind", question.kind.name().as_str().into())];
    let said = |it: &LocalizedText| text(it, languages);
    let body = ("text", said(&question.text));
    let ends = |ends: &Option<[LocalizedText; 2]>| -> Vec<(&'static str, Value)> {
        let ends = ends.iter().flatten().map(&said);
        ["low", "high"].into_iter().zip(ends).collect()
    };
    match &question.kind {
        Kind::Likert { points, look, ends: own, labels } => {
            members.push(("points", i64::from(*points).into()));
            members.push(body);
            if *look != Look::Numbers {
                members.push(("look", look.as_str().into()));
            }
            if !labels.is_empty() {
                members.push(("labels", labels.iter().map(said).collect::<Vec<_>>().into()));
            }
            members.extend(ends(own));
        }
        Kind::YesNo { look, .. } => {
            members.push(body);
            if *look != Look::Labels {
                members.push(("look", look.as_str().into()));
            }
        }
        Kind::Nps { ends: own } => {
            members.push(body);
            members.extend(ends(own));
        }
        Kind::Choice(options) | Kind::Choices { options, .. } => {
            members.push(body);
            members.extend(written_options(options, languages));
        }
        Kind::Text { .. } => members.push(body),
    }
    if let Some(metric) = question.metric.filter(|metric| *metric != Metric::Nps) {
        members.push(("metric", metric.as_str().into()));
    }
    if question.required != (question.kind.name() != KindName::Text) {
        members.push(("required", question.required.into()));
    }
    if !question.next.is_empty() {
        members.push(("next", question.next.iter().map(rule).collect::<Vec<_>>().into()));
    }
    Value::object(members)
}

fn written_options(options: &Options, languages: &[Language]) -> Vec<(&'static str, Value)> {
    let is_shipped_other = |option: &&Choice| {
        option.id == sondeo_model::OTHER
            && option.text == LocalizedText::Shipped(sondeo_model::MessageId::OTHER)
    };
    let option = |option: &Choice| {
        let mut members: Vec<(&str, Value)> =
            vec![("id", option.id.as_ref().into()), ("text", text(&option.text, languages))];
        if let Some(minutes) = option.minutes {
            members.push(("minutes", i64::from(minutes).into()));
        }
        Value::object(members)
    };
    let list: Vec<Value> =
        options.list.iter().filter(|it| !is_shipped_other(it)).map(option).collect();
    let mut members = vec![("options", list.into())];
    if options.list.iter().any(|it| is_shipped_other(&it)) {
        members.push(("other", if options.has_other_text { "text".into() } else { true.into() }));
    }
    if options.shuffle {
        members.push(("shuffle", true.into()));
    }
    members
}

fn rule(rule: &NextRule) -> Value {
    let go = match &rule.goto {
        Destination::Named(id) => id.as_ref(),
        Destination::End => "end",
    };
    match condition(&rule.condition) {
        Some(condition) => Value::object([("if", condition), ("go", go.to_owned())]),
        None => Value::object([("go", go)]),
    }
}

/// A condition as files write it; `None` where it always holds.
fn condition(condition: &Condition) -> Option<String> {
    Some(match condition {
        Condition::Always => return None,
        Condition::Skipped => "skipped".to_owned(),
        // Every scale begins at 0 or 1.
        Condition::Between(low, high) if *low <= 1 => format!("<={high}"),
        Condition::Between(low, high) if *high >= 10 => format!(">={low}"),
        Condition::Between(low, high) => {
            let values: Vec<String> = (*low..=*high).map(|it| it.to_string()).collect();
            format!("in:{}", values.join(","))
        }
        Condition::In(values) => match &values[..] {
            [only] => format!("={only}"),
            _ => format!("in:{}", values.join(",")),
        },
        Condition::NotIn(values) => format!("!={}", values.join(",")),
    })
}

/// What a metric is, in one line.
#[must_use]
pub fn metric(metric: Metric, locale: Locale) -> &'static str {
    let template = match metric {
        Metric::Csat => Template::Csat,
        Metric::Ces => Template::Ces,
        Metric::Nps => Template::Nps,
        Metric::Ttr => Template::Ttr,
        Metric::Helpful => {
            return locale.pick("Helpful: the share of yes.", "Útil: la proporción de síes.");
        }
    };
    about(template, locale).2
}

/// What a kind of question is, in a few words.
#[must_use]
pub fn kind(kind: KindName, locale: Locale) -> &'static str {
    words::kind_name(kind, locale)
}

#[cfg(test)]
mod tests {
    use super::{Group, Lost, file, moments, questions};
    use crate::{Locale, Value, definition};
    use sondeo_model::{Language, Template};

    #[test]
    fn every_template_is_offered_once_in_both_languages() {
        let [english, spanish] = Locale::ALL.map(moments);
        assert_eq!(english.len(), Template::ALL.len());
        assert_eq!(english.iter().filter(|it| it.group == Group::Metric).count(), 4);
        for (english, spanish) in english.iter().zip(&spanish) {
            assert_eq!(english.template, spanish.template);
            assert_ne!(english.explanation, spanish.explanation);
            assert_ne!(english.when, spanish.when);
            assert!(!english.kinds.is_empty() && !english.when.is_empty());
        }
    }

    #[test]
    fn a_templates_questions_become_ones_own_in_one_step() {
        let text = r#"{"template": "nps", "low": "Never", "question": {"en": "Q?", "es": "¿Q?"}}"#;
        let mut document = crate::Document::open(text).expect("JSON");
        let lost = super::make_own(&mut document, &[Language::En, Language::Es]);
        assert_eq!(lost, [Lost::OtherWords(1)]);
        assert_eq!((document.get("/question"), document.get("/low")), (None, None));
        assert_eq!(document.text_at("/questions/0/text/es"), "¿Q?");
        assert_eq!(document.text_at("/questions/0/low"), "Never");
        assert_eq!(crate::problems(&document, Locale::English), []);
        assert_eq!(super::make_own(&mut document, &[Language::En]), []);
        assert!(document.undo() && !document.can_undo());
        assert_eq!(document.text(), text);
    }

    #[test]
    fn a_new_file_is_the_template() {
        for &template in Template::ALL {
            let made = definition(&file(template, "mine")).expect("a survey");
            assert_eq!((made.id.as_ref(), made.template), ("mine", Some(template)));
        }
    }

    #[test]
    fn own_questions_ask_what_the_template_asks() {
        for &template in Template::ALL {
            let languages = [Language::En, Language::Es];
            let (own, lost) = questions(template, &languages);
            let mut members = file(template, template.as_str()).members().to_vec();
            members.push(("questions".to_owned(), own));
            let value = Value::object(members);
            let problems = crate::problems::of_value(&value, Locale::English);
            assert_eq!(problems, [], "{template:?}");
            let made = definition(&value).expect("a survey");
            for language in languages {
                let messages = sondeo_model::Messages::of(language);
                let [own, shipped] = [made.clone(), template.definition()]
                    .map(|it| it.survey(language.tag(), messages));
                for (at, (mine, theirs)) in
                    own.questions.iter().zip(shipped.questions.iter()).enumerate()
                {
                    assert_eq!(own.text(&mine.text), shipped.text(&theirs.text), "{template:?}");
                    // Another way of writing the same: whatever is answered, it leads to the same place.
                    let scale = (0..=10).map(sondeo_model::Value::Integer);
                    let words = ["yes", "no"].map(|it| sondeo_model::Value::Boolean(it == "yes"));
                    let ids = ["satisfied", "unsolved"]
                        .map(|it| sondeo_model::Value::Text(it.to_owned()));
                    for answer in scale.chain(words).chain(ids) {
                        let answer = mine
                            .kind
                            .points()
                            .is_none_or(|_| answer != sondeo_model::Value::Integer(0))
                            .then_some(answer);
                        assert_eq!(
                            own.next(at, answer.as_ref()),
                            shipped.next(at, answer.as_ref())
                        );
                    }
                    assert_eq!((mine.required, mine.metric), (theirs.required, theirs.metric));
                    let is_lost = lost.contains(&Lost::YesAndNo(at));
                    assert!(is_lost || mine.kind.name() == theirs.kind.name());
                    let is_said =
                        |it: &sondeo_model::Question, survey: &sondeo_model::Survey| match &it.kind
                        {
                            sondeo_model::Kind::Likert {
                                ends: Some(ends), look, points, ..
                            } => {
                                format!(
                                    "{look:?} {points} {} {}",
                                    survey.text(&ends[0]),
                                    survey.text(&ends[1])
                                )
                            }
                            sondeo_model::Kind::Choice(options) => {
                                let list = options.list.iter();
                                let list: Vec<_> = list
                                    .map(|it| (it.id.clone(), survey.text(&it.text), it.minutes))
                                    .collect();
                                format!("{list:?} {}", options.shuffle)
                            }
                            _ => String::new(),
                        };
                    assert_eq!(is_said(mine, &own), is_said(theirs, &shipped), "{template:?}");
                }
            }
        }
        let (_, lost) = questions(Template::Nps, &[Language::En]);
        assert_eq!(lost, [Lost::OtherWords(1)]);
    }
}
