use crate::DeliveryStatus;
use sondeo_model::Answer;
use sondeo_model::json::Writer;

/// One thing that a survey tells the page: the `sondeo:*` events that are about a response.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The survey stands on the page.
    Shown,
    /// A question was answered.
    Answered(&'a Answer),
    /// The survey is at its end.
    Completed,
    /// The visitor closed it before its end.
    Dismissed,
    /// The endpoint has the response.
    Delivered,
    /// The response cannot be delivered as things are.
    Failed {
        /// Why, in a word.
        reason: &'static str,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
    },
}

impl Event<'_> {
    /// What the page hears of a delivery.
    #[must_use]
    pub fn of_delivery(status: DeliveryStatus) -> Option<Self> {
        match status {
            DeliveryStatus::Delivered => Some(Self::Delivered),
            DeliveryStatus::Waiting { .. } => None,
            DeliveryStatus::Failed { reason, status, .. } => Some(Self::Failed { reason, status }),
        }
    }

    /// The event's name, and its `detail` as JSON, for the response `id` of `survey`.
    #[must_use]
    pub fn write(&self, survey: &str, id: &str) -> (&'static str, String) {
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
            Self::Failed { reason, status } => {
                detail.member("reason", reason);
                if let Some(status) = status {
                    detail.number("status", (*status).into());
                }
                "sondeo:failed"
            }
        };
        detail.close('}');
        (name, detail.finish())
    }
}
