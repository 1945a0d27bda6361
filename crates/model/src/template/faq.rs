use super::{Template, say};
use crate::{
    Condition, Display, Duration, Goto, Kind, Language, Look, Metric, Question, Rule, Survey,
    Trigger, Value, Wording,
};

pub(super) fn survey(language: Language) -> Survey {
    Survey {
        id: Template::Faq.name().into(),
        template: Some(Template::Faq),
        language,
        questions: vec![
            Question {
                id: "useful".into(),
                text: say(
                    language,
                    "How useful did you find this page?",
                    "¿Qué tan útil te resultó esta página?",
                ),
                kind: Kind::YesNo {
                    look: Look::Thumbs,
                    yes: say(language, "Useful", "Útil"),
                    no: say(language, "Not useful", "Poco útil"),
                },
                metric: Some(Metric::Helpful),
                required: true,
                next: vec![
                    Rule {
                        condition: Condition::Equals(Value::Boolean(false)),
                        goto: Goto::Question("missing".into()),
                    },
                    Rule { condition: Condition::Always, goto: Goto::End },
                ],
            },
            Question {
                id: "missing".into(),
                text: say(language, "What was missing?", "¿Qué faltó?"),
                kind: Kind::Text { lines: 3, max_length: 1_000 },
                metric: None,
                required: false,
                next: Vec::new(),
            },
        ],
        triggers: vec![Trigger::Load],
        delay: Duration::from_millis(0),
        display: Display::Popover,
        thanks: Wording::of(language).thanks.into(),
    }
}
