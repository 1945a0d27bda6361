use super::{KindSketch, QuestionSketch, Sketch};
use crate::{Duration, Metric, Trigger};

pub(super) static SKETCH: Sketch = Sketch {
    questions: &[QuestionSketch {
        id: "time",
        text: [
            "How long did it take to solve your problem?",
            "¿Cuánto tiempo tardó en resolverse tu problema?",
        ],
        variants: &[],
        kind: KindSketch::Choice {
            options: &[
                ("minutes", ["A few minutes", "Unos minutos"], Some(10)),
                ("hour", ["Up to an hour", "Hasta una hora"], Some(60)),
                ("day", ["Up to a day", "Hasta un día"], Some(1_440)),
                ("three-days", ["Up to three days", "Hasta tres días"], Some(4_320)),
                ("longer", ["Longer", "Más tiempo"], Some(10_080)),
                ("unsolved", ["It is not solved yet", "Aún no se ha resuelto"], None),
            ],
        },
        metric: Some(Metric::Ttr),
        next: &[],
    }],
    triggers: &[Trigger::Load],
    delay: Duration::from_millis(0),
};
