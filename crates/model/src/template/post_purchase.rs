use super::{Template, say};
use crate::{
    Condition, Display, Duration, Goto, Kind, Language, Look, Metric, Question, Rule, Survey,
    Trigger, Wording,
};

pub(super) fn survey(language: Language) -> Survey {
    Survey {
        id: Template::PostPurchase.name().into(),
        template: Some(Template::PostPurchase),
        language,
        questions: vec![
            Question {
                id: "satisfaction".into(),
                text: say(
                    language,
                    "How would you rate your shopping experience?",
                    "¿Cómo calificarías tu experiencia de compra?",
                ),
                kind: Kind::Likert {
                    points: 5,
                    look: Look::Faces,
                    low: say(language, "Very dissatisfied", "Muy insatisfecho"),
                    high: say(language, "Very satisfied", "Muy satisfecho"),
                },
                metric: Some(Metric::Csat),
                required: true,
                next: vec![
                    Rule { condition: Condition::AtMost(2), goto: Goto::Question("why".into()) },
                    Rule { condition: Condition::Always, goto: Goto::End },
                ],
            },
            Question {
                id: "why".into(),
                text: say(language, "What went wrong?", "¿Qué salió mal?"),
                kind: Kind::Text { lines: 3, max_length: 1_000 },
                metric: None,
                required: false,
                next: Vec::new(),
            },
        ],
        triggers: vec![Trigger::Event("purchase".into()), Trigger::Event("order-completed".into())],
        delay: Duration::from_millis(2_000),
        display: Display::Popover,
        thanks: Wording::of(language).thanks.into(),
    }
}
