//! Surveys for touchpoints, in the order of the journey.

use super::{
    Behaviour, EASE, END, NO, SATISFACTION, Sketch, YES, choice, go, metrics, option, question,
    rating, remark, scale, yes_no,
};
use crate::definition::Key;
use crate::{Condition, Duration, Look, MessageId, Metric, Trigger};

/// Half a minute, or half the page, before a first visitor has an opinion; once ever.
pub(super) static FIRST_VISIT: Sketch = Sketch {
    // Who has seen half of the page has an opinion of the first visit.
    behaviour: Behaviour { delay_ends_at_scroll: Some(50), ..Behaviour::NONE },
    settings: &[
        (Key::Trigger, "first-visit"),
        (Key::Delay, "30s"),
        (Key::Recontact, "never"),
        (Key::Snooze, "never"),
        (Key::MaxShows, "1"),
    ],
    questions: &[
        rating(
            "found",
            MessageId::FOUND,
            yes_no(Look::Labels, [MessageId::YES, MessageId::NO]),
            Metric::Helpful,
            const { &[go(NO, "looking-for"), END] },
        ),
        remark("looking-for", MessageId::LOOKING_FOR, &[]),
    ],
};

pub(super) static SIGNUP: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "event:sign_up event:signup submit:[data-sondeo-signup]")],
    questions: &[
        rating("ease", MessageId::SIGNUP_EASE, scale(7, Look::Numbers, EASE), Metric::Ces, &[]),
        remark("expectation", MessageId::EXPECTATION, &[]),
    ],
};

pub(super) static WELCOME: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "manual")],
    questions: &[
        question(
            "goal",
            MessageId::GOAL,
            choice(
                const {
                    &[
                        option("explore", MessageId::GOAL_EXPLORE),
                        option("problem", MessageId::GOAL_PROBLEM),
                        option("time", MessageId::GOAL_TIME),
                        option("team", MessageId::GOAL_TEAM),
                        option("learn", MessageId::GOAL_LEARN),
                        option("other", MessageId::OTHER),
                    ]
                },
                true,
            ),
        ),
        rating("start", MessageId::START, scale(5, Look::Faces, SATISFACTION), Metric::Csat, &[]),
    ],
};

pub(super) static FAQ: Sketch = Sketch {
    // In an element it stands at the end of the page already, where its own trigger waits for.
    behaviour: Behaviour { trigger_in_element: Some(Trigger::Load), ..Behaviour::NONE },
    // It asks about the page, of which another one is another question.
    settings: &[(Key::Trigger, "visible:[data-sondeo-end]"), (Key::Per, "page")],
    questions: &[
        rating(
            "useful",
            MessageId::USEFUL,
            yes_no(Look::Thumbs, [MessageId::USEFUL_YES, MessageId::USEFUL_NO]),
            Metric::Helpful,
            const { &[go(NO, "missing"), END] },
        ),
        remark("missing", MessageId::MISSING, &[]),
    ],
};

pub(super) static POST_PURCHASE: Sketch = Sketch {
    // What GA4's e-commerce calls it, and what a page is likely to call it by itself.
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "event:purchase event:order-completed"), (Key::Delay, "2s")],
    questions: &[
        rating(
            "satisfaction",
            MessageId::SHOPPING,
            scale(5, Look::Faces, SATISFACTION),
            Metric::Csat,
            const { &[go(Condition::Between(1, 2), "why"), END] },
        ),
        remark("why", MessageId::WRONG, &[]),
    ],
};

pub(super) static FOLLOW_UP: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "manual")],
    questions: metrics::RECOMMENDATION,
};

/// It never stands in the way of who wants to leave.
pub(super) static CANCELLATION: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "event:cancel event:cancellation click:[data-sondeo-cancel]")],
    questions: &[
        question(
            "reason",
            MessageId::CANCEL,
            choice(
                const {
                    &[
                        option("expensive", MessageId::CANCEL_EXPENSIVE),
                        option("features", MessageId::CANCEL_FEATURES),
                        option("unused", MessageId::CANCEL_UNUSED),
                        option("switched", MessageId::CANCEL_SWITCHED),
                        option("technical", MessageId::CANCEL_TECHNICAL),
                        option("support", MessageId::CANCEL_SUPPORT),
                        option("temporary", MessageId::CANCEL_TEMPORARY),
                        option("other", MessageId::OTHER),
                    ]
                },
                true,
            ),
        ),
        remark("better", MessageId::BETTER, &[]),
    ],
};

pub(super) static CART_ABANDONMENT: Sketch = Sketch {
    // Who looks at the cart and goes on shopping has abandoned nothing.
    behaviour: Behaviour { shortest_stay: Duration::from_millis(10_000), ..Behaviour::NONE },
    settings: &[(Key::Trigger, "exit idle:60s"), (Key::Url, "/cart** /basket** /checkout**")],
    questions: &[question(
        "obstacle",
        MessageId::OBSTACLE,
        choice(
            const {
                &[
                    option("shipping", MessageId::OBSTACLE_SHIPPING),
                    option("comparing", MessageId::OBSTACLE_COMPARING),
                    option("payment", MessageId::OBSTACLE_PAYMENT),
                    option("information", MessageId::OBSTACLE_INFORMATION),
                    option("delivery", MessageId::OBSTACLE_DELIVERY),
                    option("technical", MessageId::OBSTACLE_TECHNICAL),
                    option("other", MessageId::OTHER),
                ]
            },
            true,
        ),
    )],
};

/// The question of product-market fit (Ellis 2009).
pub(super) static TRIAL_END: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "event:trial-ended")],
    questions: &[
        question(
            "loss",
            MessageId::LOSS,
            choice(
                const {
                    &[
                        option("very", MessageId::LOSS_VERY),
                        option("somewhat", MessageId::LOSS_SOMEWHAT),
                        option("not", MessageId::LOSS_NOT),
                    ]
                },
                false,
            ),
        ),
        remark("missing", MessageId::SUBSCRIBE, &[]),
    ],
};

pub(super) static SUPPORT: Sketch = Sketch {
    behaviour: Behaviour::NONE,
    settings: &[(Key::Trigger, "chat-end event:ticket-solved")],
    questions: &[
        rating(
            "solved",
            MessageId::SOLVED,
            yes_no(Look::Thumbs, [MessageId::YES, MessageId::NO]),
            Metric::Helpful,
            const { &[go(YES, "time"), go(NO, "open")] },
        ),
        rating(
            "time",
            MessageId::SOLVED_TIME,
            choice(metrics::TIMES, false),
            Metric::Ttr,
            const { &[END] },
        ),
        remark("open", MessageId::OPEN, &[]),
    ],
};
