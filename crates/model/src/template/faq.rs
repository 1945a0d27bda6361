use super::{KindSketch, QuestionSketch, Sketch};
use crate::{Condition, Duration, Goto, Metric, Rule, Trigger, Value};
use std::borrow::Cow::Borrowed;

pub(super) static SKETCH: Sketch = Sketch {
    questions: &[
        QuestionSketch {
            id: "useful",
            text: ["How useful did you find this page?", "¿Qué tan útil te resultó esta página?"],
            variants: &[],
            kind: KindSketch::Thumbs { yes: ["Useful", "Útil"], no: ["Not useful", "Poco útil"] },
            metric: Some(Metric::Helpful),
            next: &[
                Rule {
                    condition: Condition::Equals(Value::Boolean(false)),
                    goto: Goto::Question(Borrowed("missing")),
                },
                Rule { condition: Condition::Always, goto: Goto::End },
            ],
        },
        QuestionSketch {
            id: "missing",
            text: ["What was missing?", "¿Qué faltó?"],
            variants: &[],
            kind: KindSketch::Text,
            metric: None,
            next: &[],
        },
    ],
    triggers: &[Trigger::Load],
    delay: Duration::from_millis(0),
};
