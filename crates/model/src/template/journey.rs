//! Surveys for touchpoints, in the order of the journey.

use super::{
    EASE, END, NO, SATISFACTION, Sketch, YES, choice, go, metrics, option, question, rating,
    remark, scale, yes_no,
};
use crate::{Condition, Line, Look, Metric};

/// Half a minute, or half the page, before a first visitor has an opinion; once ever.
pub(super) static FIRST_VISIT: Sketch = Sketch {
    settings: &[
        ("trigger", "first-visit"),
        ("delay", "30s"),
        ("recontact", "never"),
        ("snooze", "never"),
        ("max_shows", "1"),
    ],
    questions: &[
        rating(
            "found",
            Line::FOUND,
            yes_no(Look::Labels, [Line::YES, Line::NO]),
            Metric::Helpful,
            const { &[go(NO, "looking-for"), END] },
        ),
        remark("looking-for", Line::LOOKING_FOR, &[]),
    ],
};

pub(super) static SIGNUP: Sketch = Sketch {
    settings: &[("trigger", "event:sign_up event:signup submit:[data-sondeo-signup]")],
    questions: &[
        rating("ease", Line::SIGNUP_EASE, scale(7, Look::Numbers, EASE), Metric::Ces, &[]),
        remark("expectation", Line::EXPECTATION, &[]),
    ],
};

pub(super) static WELCOME: Sketch = Sketch {
    settings: &[("trigger", "manual")],
    questions: &[
        question(
            "goal",
            Line::GOAL,
            choice(
                const {
                    &[
                        option("explore", Line::GOAL_EXPLORE),
                        option("problem", Line::GOAL_PROBLEM),
                        option("time", Line::GOAL_TIME),
                        option("team", Line::GOAL_TEAM),
                        option("learn", Line::GOAL_LEARN),
                        option("other", Line::OTHER),
                    ]
                },
                true,
            ),
        ),
        rating("start", Line::START, scale(5, Look::Faces, SATISFACTION), Metric::Csat, &[]),
    ],
};

pub(super) static FAQ: Sketch = Sketch {
    settings: &[("trigger", "visible:[data-sondeo-end]")],
    questions: &[
        rating(
            "useful",
            Line::USEFUL,
            yes_no(Look::Thumbs, [Line::USEFUL_YES, Line::USEFUL_NO]),
            Metric::Helpful,
            const { &[go(NO, "missing"), END] },
        ),
        remark("missing", Line::MISSING, &[]),
    ],
};

pub(super) static POST_PURCHASE: Sketch = Sketch {
    // What GA4's e-commerce calls it, and what a page is likely to call it by itself.
    settings: &[("trigger", "event:purchase event:order-completed"), ("delay", "2s")],
    questions: &[
        rating(
            "satisfaction",
            Line::SHOPPING,
            scale(5, Look::Faces, SATISFACTION),
            Metric::Csat,
            const { &[go(Condition::Between(1, 2), "why"), END] },
        ),
        remark("why", Line::WRONG, &[]),
    ],
};

pub(super) static FOLLOW_UP: Sketch =
    Sketch { settings: &[("trigger", "manual")], questions: metrics::RECOMMENDATION };

/// It never stands in the way of who wants to leave.
pub(super) static CANCELLATION: Sketch = Sketch {
    settings: &[("trigger", "event:cancel event:cancellation click:[data-sondeo-cancel]")],
    questions: &[
        question(
            "reason",
            Line::CANCEL,
            choice(
                const {
                    &[
                        option("expensive", Line::CANCEL_EXPENSIVE),
                        option("features", Line::CANCEL_FEATURES),
                        option("unused", Line::CANCEL_UNUSED),
                        option("switched", Line::CANCEL_SWITCHED),
                        option("technical", Line::CANCEL_TECHNICAL),
                        option("support", Line::CANCEL_SUPPORT),
                        option("temporary", Line::CANCEL_TEMPORARY),
                        option("other", Line::OTHER),
                    ]
                },
                true,
            ),
        ),
        remark("better", Line::BETTER, &[]),
    ],
};

pub(super) static CART_ABANDONMENT: Sketch = Sketch {
    settings: &[("trigger", "exit idle:60s"), ("url", "/cart** /basket** /checkout**")],
    questions: &[question(
        "obstacle",
        Line::OBSTACLE,
        choice(
            const {
                &[
                    option("shipping", Line::OBSTACLE_SHIPPING),
                    option("comparing", Line::OBSTACLE_COMPARING),
                    option("payment", Line::OBSTACLE_PAYMENT),
                    option("information", Line::OBSTACLE_INFORMATION),
                    option("delivery", Line::OBSTACLE_DELIVERY),
                    option("technical", Line::OBSTACLE_TECHNICAL),
                    option("other", Line::OTHER),
                ]
            },
            true,
        ),
    )],
};

/// The question of product-market fit (Ellis 2009).
pub(super) static TRIAL_END: Sketch = Sketch {
    settings: &[("trigger", "event:trial-ended")],
    questions: &[
        question(
            "loss",
            Line::LOSS,
            choice(
                const {
                    &[
                        option("very", Line::LOSS_VERY),
                        option("somewhat", Line::LOSS_SOMEWHAT),
                        option("not", Line::LOSS_NOT),
                    ]
                },
                false,
            ),
        ),
        remark("missing", Line::SUBSCRIBE, &[]),
    ],
};

pub(super) static SUPPORT: Sketch = Sketch {
    settings: &[("trigger", "chat-end event:ticket-solved")],
    questions: &[
        rating(
            "solved",
            Line::SOLVED,
            yes_no(Look::Thumbs, [Line::YES, Line::NO]),
            Metric::Helpful,
            const { &[go(YES, "time"), go(NO, "open")] },
        ),
        rating(
            "time",
            Line::SOLVED_TIME,
            choice(metrics::TIMES, false),
            Metric::Ttr,
            const { &[END] },
        ),
        remark("open", Line::OPEN, &[]),
    ],
};
