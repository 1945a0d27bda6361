use super::{KindSketch, QuestionSketch, SATISFACTION, Sketch};
use crate::{Duration, Look, Metric, Trigger};

pub(super) static SKETCH: Sketch = Sketch {
    questions: &[QuestionSketch {
        id: "satisfaction",
        text: [
            "How satisfied are you with your experience?",
            "¿Cuál es tu grado de satisfacción con tu experiencia?",
        ],
        variants: &[],
        kind: KindSketch::Scale { points: 5, look: Look::Faces, ends: &SATISFACTION },
        metric: Some(Metric::Csat),
        next: &[],
    }],
    triggers: &[Trigger::Load],
    delay: Duration::from_millis(0),
};
