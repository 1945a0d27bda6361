//! What the page may hear: `sondeo:*` events, whose `detail` always names the survey.

use crate::browser;
use sondeo_model::json::Writer;
use sondeo_model::{Answer, ResponseId};
use web_sys::EventTarget;

/// One thing that a survey tells the page.
pub(crate) enum Event<'a> {
    Shown,
    Answered(&'a Answer),
    Completed,
    Dismissed,
    Delivered,
    /// Why, and the HTTP status where there was an answer.
    Failed(&'a str, Option<u16>),
}

impl Event<'_> {
    /// Dispatches it from `target`, for a response of `survey`, once whoever is on the stack is done:
    /// the page may do anything when it hears it, our own buttons included.
    pub(crate) fn dispatch(&self, target: &EventTarget, survey: &str, id: ResponseId) {
        let mut detail = Writer::default();
        detail.open('{');
        detail.member("survey", survey);
        detail.member("id", &id.to_text());
        let name = match self {
            Self::Shown => "sondeo:shown",
            Self::Completed => "sondeo:completed",
            Self::Dismissed => "sondeo:dismissed",
            Self::Delivered => "sondeo:delivered",
            Self::Answered(answer) => {
                detail.member("question", &answer.question);
                detail.key("value");
                answer.value.write(&mut detail);
                "sondeo:answered"
            }
            Self::Failed(reason, status) => {
                detail.member("reason", reason);
                if let Some(status) = status {
                    detail.number("status", (*status).into());
                }
                "sondeo:failed"
            }
        };
        detail.close('}');
        let (target, detail) = (target.clone(), detail.finish());
        browser::soon(Box::new(move || browser::dispatch(&target, name, &detail)));
    }
}
