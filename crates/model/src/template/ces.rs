use super::{AGREEMENT, KindSketch, QuestionSketch, Sketch};
use crate::{Duration, Look, Metric, Trigger};

/// CES 2.0 (Dixon, Freeman, Toman): agreement with a statement, on seven points.
pub(super) static SKETCH: Sketch = Sketch {
    questions: &[QuestionSketch {
        id: "ease",
        text: ["It was easy to handle my issue.", "Me resultó fácil resolver mi problema."],
        variants: &[],
        kind: KindSketch::Scale { points: 7, look: Look::Numbers, ends: &AGREEMENT },
        metric: Some(Metric::Ces),
        next: &[],
    }],
    triggers: &[Trigger::Load],
    delay: Duration::from_millis(0),
};
