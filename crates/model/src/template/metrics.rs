//! Surveys that measure one thing, at any moment.

use super::{AGREEMENT, SATISFACTION, Sketch, choice, lasting, option, rating, remark, scale};
use crate::{Choice, Condition, Kind, Line, Look, Metric, Question, Say};

const LOAD: &[(&str, &str)] = &[("trigger", "load")];

pub(super) static CSAT: Sketch = Sketch {
    settings: LOAD,
    questions: &[rating(
        "satisfaction",
        Line::EXPERIENCE,
        scale(5, Look::Faces, SATISFACTION),
        Metric::Csat,
        &[],
    )],
};

/// CES 2.0 (Dixon, Freeman, Toman): agreement with a statement, on seven points.
pub(super) static CES: Sketch = Sketch {
    settings: LOAD,
    questions: &[rating(
        "ease",
        Line::EFFORT,
        scale(7, Look::Numbers, AGREEMENT),
        Metric::Ces,
        &[],
    )],
};

pub(super) static NPS: Sketch = Sketch { settings: LOAD, questions: RECOMMENDATION };

/// The Net Promoter question (Reichheld 2003), and the reason, asked by score.
pub(super) static RECOMMENDATION: &[Question] = &[
    rating(
        "recommend",
        Line::RECOMMEND,
        Kind::Nps { ends: Some([Say::Line(Line::UNLIKELY), Say::Line(Line::LIKELY)]) },
        Metric::Nps,
        &[],
    ),
    remark(
        "reason",
        Line::REASON,
        const {
            &[
                (Condition::Between(9, 10), Say::Line(Line::REASON_PROMOTER)),
                (Condition::Between(7, 8), Say::Line(Line::REASON_PASSIVE)),
            ]
        },
    ),
];

pub(super) static TTR: Sketch = Sketch {
    settings: LOAD,
    questions: &[rating("time", Line::TIME, choice(TIMES, false), Metric::Ttr, &[])],
};

/// The upper ends of their spans, but for the last two.
pub(super) const TIMES: &[Choice] = &[
    lasting("minutes", Line::TIME_MINUTES, 10),
    lasting("hour", Line::TIME_HOUR, 60),
    lasting("day", Line::TIME_DAY, 1_440),
    lasting("three-days", Line::TIME_THREE_DAYS, 4_320),
    lasting("longer", Line::TIME_LONGER, 10_080),
    option("unsolved", Line::TIME_UNSOLVED),
];
