use super::{KindSketch, LIKELIHOOD, QuestionSketch, Sketch};
use crate::{Condition, Duration, Metric, Trigger};

/// The Net Promoter question (Reichheld 2003), and the reason, asked by score.
pub(super) static SKETCH: Sketch = Sketch {
    questions: &[
        QuestionSketch {
            id: "recommend",
            text: [
                "How likely are you to recommend us to a friend or colleague?",
                "¿Qué tan probable es que nos recomiendes a un amigo o colega?",
            ],
            variants: &[],
            kind: KindSketch::Nps { ends: &LIKELIHOOD },
            metric: Some(Metric::Nps),
            next: &[],
        },
        QuestionSketch {
            id: "reason",
            text: [
                "What is the main reason for your score?",
                "¿Cuál es el motivo principal de tu puntuación?",
            ],
            variants: &[
                (
                    Condition::AtLeast(9),
                    ["What do you like most about us?", "¿Qué es lo que más te gusta?"],
                ),
                (
                    Condition::AtLeast(7),
                    [
                        "What would it take to make it a 9 or a 10?",
                        "¿Qué haría falta para llegar a un 9 o un 10?",
                    ],
                ),
            ],
            kind: KindSketch::Text,
            metric: None,
            next: &[],
        },
    ],
    triggers: &[Trigger::Load],
    delay: Duration::from_millis(0),
};
