//! Surveys that measure one thing, at any moment.

use super::{
    AGREEMENT, Behaviour, SATISFACTION, Sketch, choice, lasting, option, rating, remark, scale,
};
use crate::definition::Key;
use crate::{Choice, Condition, Kind, LocalizedText, Look, MessageId, Metric, Question};

const LOAD: &[(Key, &str)] = &[(Key::Trigger, "load")];

pub(super) static CSAT: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: LOAD,
    questions: &[rating(
        "satisfaction",
        MessageId::EXPERIENCE,
        scale(5, Look::Faces, SATISFACTION),
        Metric::Csat,
        &[],
    )],
};

/// CES 2.0 (Dixon, Freeman, Toman): agreement with a statement, on seven points.
pub(super) static CES: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: LOAD,
    questions: &[rating(
        "ease",
        MessageId::EFFORT,
        scale(7, Look::Numbers, AGREEMENT),
        Metric::Ces,
        &[],
    )],
};

pub(super) static NPS: Sketch =
    Sketch { behaviour: Behaviour::NONE, settings: LOAD, questions: RECOMMENDATION };

/// The Net Promoter question (Reichheld 2003), and the reason, asked by score.
pub(super) static RECOMMENDATION: &[Question] = &[
    rating(
        "recommend",
        MessageId::RECOMMEND,
        Kind::Nps {
            ends: Some([
                LocalizedText::Shipped(MessageId::UNLIKELY),
                LocalizedText::Shipped(MessageId::LIKELY),
            ]),
        },
        Metric::Nps,
        &[],
    ),
    remark(
        "reason",
        MessageId::REASON,
        const {
            &[
                (Condition::Between(9, 10), LocalizedText::Shipped(MessageId::REASON_PROMOTER)),
                (Condition::Between(7, 8), LocalizedText::Shipped(MessageId::REASON_PASSIVE)),
            ]
        },
    ),
];

pub(super) static TTR: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: LOAD,
    questions: &[rating("time", MessageId::TIME, choice(TIMES, false), Metric::Ttr, &[])],
};

/// The upper ends of their spans, but for the last two.
pub(super) const TIMES: &[Choice] = &[
    lasting("minutes", MessageId::TIME_MINUTES, 10),
    lasting("hour", MessageId::TIME_HOUR, 60),
    lasting("day", MessageId::TIME_DAY, 1_440),
    lasting("three-days", MessageId::TIME_THREE_DAYS, 4_320),
    lasting("longer", MessageId::TIME_LONGER, 10_080),
    option("unsolved", MessageId::TIME_UNSOLVED),
];
