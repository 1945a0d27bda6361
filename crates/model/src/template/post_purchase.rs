use super::{KindSketch, QuestionSketch, SATISFACTION, Sketch};
use crate::{Condition, Duration, Goto, Look, Metric, Rule, Trigger};
use std::borrow::Cow::Borrowed;

pub(super) static SKETCH: Sketch = Sketch {
    questions: &[
        QuestionSketch {
            id: "satisfaction",
            text: [
                "How would you rate your shopping experience?",
                "¿Cómo calificarías tu experiencia de compra?",
            ],
            variants: &[],
            kind: KindSketch::Scale { points: 5, look: Look::Faces, ends: &SATISFACTION },
            metric: Some(Metric::Csat),
            next: &[
                Rule { condition: Condition::AtMost(2), goto: Goto::Question(Borrowed("why")) },
                Rule { condition: Condition::Always, goto: Goto::End },
            ],
        },
        QuestionSketch {
            id: "why",
            text: ["What went wrong?", "¿Qué salió mal?"],
            variants: &[],
            kind: KindSketch::Text,
            metric: None,
            next: &[],
        },
    ],
    // What GA4's e-commerce calls it, and what a page is likely to call it by itself.
    triggers: &[Trigger::Event(Borrowed("purchase")), Trigger::Event(Borrowed("order-completed"))],
    delay: Duration::from_millis(2_000),
};
