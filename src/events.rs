//! What the page may hear: `sondeo:*` events, whose `detail` always names the survey.

use crate::browser;
use sondeo_delivery::DeliveryStatus;
use sondeo_model::json::Writer;
use sondeo_model::{Answer, Push};
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
    /// Dispatches it from `target`, for the response `id` of `survey`, once whoever is on the stack is done:
    /// the page may do anything when it hears it, our own buttons included. Then tells the tools on the page.
    pub(crate) fn dispatch(&self, target: &EventTarget, survey: &str, id: &str, tools: &[Push]) {
        let mut detail = Writer::default();
        detail.open('{');
        detail.member("survey", survey);
        detail.member("id", id);
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
        let (target, detail, tools) = (target.clone(), detail.finish(), tools.to_vec());
        browser::defer(Box::new(move || {
            browser::dispatch(&target, name, &detail);
            for tool in tools {
                // Colons mean something to some of them.
                browser::push(tool, &name.replace(':', "_"), &detail);
            }
        }));
    }
}

/// What the page hears of a delivery.
pub(crate) fn of_status(status: &DeliveryStatus) -> Option<Event<'static>> {
    match status {
        DeliveryStatus::Delivered => Some(Event::Delivered),
        DeliveryStatus::Waiting { .. } => None,
        DeliveryStatus::Failed { reason, status, .. } => {
            Some(Event::Failed(reason.as_str(), *status))
        }
    }
}

/// Tells the page something that has no response.
pub(crate) fn tell(name: &'static str, detail: String) {
    browser::defer(Box::new(move || browser::dispatch(&browser::document(), name, &detail)));
}
