//! Whether a survey is due, or every reason why it is not.

#[cfg(feature = "schema")]
mod meaning;

use super::record::MOST_SHOWINGS;
use super::{Record, WhenClause, matches, sample_bucket};
use crate::keyword::keyword_enum;
use crate::limits::{LONGEST_NAME, clip};
use crate::{Cooldown, Device, Targeting};

keyword_enum! {
    /// Why a survey is not shown, in the order of checking. Most are named after the attribute that asks for it.
    IneligibleReason {
        /// The visitor has not consented, or does no more.
        Consent = "consent",
        /// The browser is a program that reads pages by itself.
        Crawler = "crawler",
        /// None of its triggers has happened on this page view.
        Trigger = "trigger",
        /// Another page is meant.
        Url = "url",
        /// Another device is meant.
        Device = "device",
        /// What the page knows is not as a condition of `data-when` wants it.
        When = "when",
        /// It does not run yet.
        From = "from",
        /// It does not run any more.
        Until = "until",
        /// The visitor was not drawn.
        Sample = "sample",
        /// The visitor has answered it.
        Recontact = "recontact",
        /// The visitor has dismissed it.
        Snooze = "snooze",
        /// The visitor saw it often enough and never answered.
        MaxShows = "max-shows",
        /// The visitor has just seen another survey.
        Quiet = "quiet",
        /// Another tab has shown it since this page was opened.
        OtherTab = "other-tab",
        /// It was shown on this page view, and is over.
        Over = "over",
        /// The time between its trigger and showing runs.
        Delay = "delay",
        /// Another survey stands where it would.
        Occupied = "occupied",
        /// Another one that is due at the same time matters more.
        Priority = "priority",
        /// The page has no survey of this id.
        Unknown = "unknown",
    }
}

/// One reason against showing a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ineligibility {
    /// Which.
    pub reason: IneligibleReason,
    /// The moment from which it no longer holds, in milliseconds since 1970; `None` where time alone does
    /// not change it.
    pub until: Option<i64>,
    /// Of a condition, which one does not hold and why: `plan=pro: plan is "free"`. Else empty.
    pub detail: String,
}

impl Ineligibility {
    /// A reason that time alone does not change.
    #[must_use]
    pub fn of(reason: IneligibleReason) -> Self {
        Self { reason, until: None, detail: String::new() }
    }

    /// The reason as pages and authors read it: `quiet`, `when plan=pro: plan is "free"`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let separator = if self.detail.is_empty() { "" } else { " " };
        [self.reason.as_str(), separator, &self.detail].concat()
    }
}

/// What is the case when it is decided.
#[derive(Clone, Copy)]
pub struct EligibilityContext<'a> {
    /// Milliseconds since 1970.
    pub now: i64,
    /// Since when only another tab can have shown it: when this page view began, or last showed it itself.
    pub began: i64,
    /// The page's address, without query and fragment.
    pub url: &'a str,
    /// The visitor's device.
    pub device: Device,
    /// From when on it runs, and until when, where its author says so.
    pub runs: [Option<i64>; 2],
    /// Whether it opens by itself above the page, rather than standing in it or waiting behind a tab: quiet
    /// time is for those.
    pub opens: bool,
    /// What the page knows under a name of a condition, but for `visit`, which the record has.
    pub facts: &'a dyn Fn(&str) -> Option<String>,
    /// What else is against it, for reasons that only this page view knows, in their order.
    pub others: &'a [IneligibleReason],
}

/// The end of time, for what never comes to an end.
pub const FAR: i64 = 253_402_300_799_999;

/// Every reason against showing this survey now, in the order of checking. None: it is due.
///
/// A boundary counts as passed: exactly 90 days after the answer, `90d` is over.
#[must_use]
pub fn check_eligibility(
    survey: &str,
    targeting: &Targeting,
    record: &Record,
    context: &EligibilityContext<'_>,
) -> Vec<Ineligibility> {
    let now = context.now;
    let name = &targeting.record_name(survey, context.url);
    let [from, until] = context.runs;
    let mut ineligibilities = Vec::new();
    let mut object = |reason, holds: bool, until: Option<i64>| {
        if holds {
            ineligibilities.push(Ineligibility { until, ..Ineligibility::of(reason) });
        }
    };
    // Time-bound: it holds until then.
    let bound = |since: Option<i64>, again: Cooldown| match (since, again) {
        (None, _) | (_, Cooldown::Always) => (false, None),
        (_, Cooldown::Never) => (true, None),
        (Some(since), Cooldown::After(time)) => {
            let until = since.saturating_add_unsigned(time.as_millis()).min(FAR);
            (now < until, Some(until))
        }
    };
    let is_other = |reason| context.others.contains(&reason);
    for reason in [IneligibleReason::Consent, IneligibleReason::Crawler, IneligibleReason::Trigger]
    {
        object(reason, is_other(reason), None);
    }
    object(IneligibleReason::Url, !matches(&targeting.url, context.url), None);
    let devices = &targeting.devices;
    object(
        IneligibleReason::Device,
        !devices.is_empty() && !devices.contains(&context.device),
        None,
    );
    let unfulfilled = match targeting.when.is_empty() {
        true => None,
        false => rest_unfulfilled(targeting, record, context.facts),
    };
    object(IneligibleReason::When, unfulfilled.is_some(), None);
    object(IneligibleReason::From, from.is_some_and(|from| now < from), from);
    object(IneligibleReason::Until, until.is_some_and(|until| now >= until), None);
    let is_drawn = record.seed().is_none_or(|seed| sample_bucket(seed, survey) < targeting.sample);
    object(IneligibleReason::Sample, !is_drawn || targeting.sample == 0, None);
    let (holds, until) = bound(record.last_answer(name), targeting.recontact);
    object(IneligibleReason::Recontact, holds, until);
    let (holds, until) = bound(record.last_dismissal(name), targeting.snooze);
    object(IneligibleReason::Snooze, holds, until);
    object(
        IneligibleReason::MaxShows,
        record.shows(name) >= targeting.max_shows.min(MOST_SHOWINGS as u32),
        None,
    );
    let (holds, until) = bound(record.last_other(name), Cooldown::After(targeting.quiet));
    object(IneligibleReason::Quiet, context.opens && holds, until);
    let is_over = is_other(IneligibleReason::Over);
    let is_elsewhere = record.last_seen(name).is_some_and(|seen| seen > context.began);
    object(IneligibleReason::OtherTab, context.opens && is_elsewhere && !is_over, None);
    for reason in [
        IneligibleReason::Over,
        IneligibleReason::Delay,
        IneligibleReason::Occupied,
        IneligibleReason::Priority,
    ] {
        object(reason, is_other(reason), None);
    }
    if let Some(detail) = unfulfilled {
        let when = ineligibilities.iter_mut().find(|it| it.reason == IneligibleReason::When);
        if let Some(when) = when {
            when.detail = detail;
        }
    }
    ineligibilities
}

/// The first condition that does not hold, and what is so instead.
#[inline(never)]
fn rest_unfulfilled(
    targeting: &Targeting,
    record: &Record,
    facts: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    crate::rest::gate();
    targeting.when.iter().find_map(|text| {
        let clause = WhenClause::parse(text)?;
        let found = match clause.name {
            "visit" => Some(crate::format_int(record.visits().into())),
            name => facts(name),
        };
        let found = found.as_deref();
        if clause.holds(found) {
            return None;
        }
        let [before, found, after] = match found {
            Some(found) => [" is \"", clip(found, LONGEST_NAME), "\""],
            None => [" is not there", "", ""],
        };
        Some([text, ": ", clause.name, before, found, after].concat())
    })
}

/// The moment before which nothing that happens on any page makes this survey due, where there is one.
#[must_use]
pub fn held_until(ineligibilities: &[Ineligibility]) -> Option<i64> {
    // Those which neither another page nor another trigger changes, and no consent.
    const LASTING: &[IneligibleReason] = &[
        IneligibleReason::From,
        IneligibleReason::Until,
        IneligibleReason::Sample,
        IneligibleReason::Recontact,
        IneligibleReason::Snooze,
        IneligibleReason::MaxShows,
        IneligibleReason::Quiet,
    ];
    let lasting = ineligibilities.iter().filter(|it| LASTING.contains(&it.reason));
    lasting.map(|it| it.until.unwrap_or(FAR)).max()
}

/// The moment before which none of several surveys can be due, whatever happens on any page: `None` where
/// one of them could be, and where there is none at all.
pub fn asleep_until<'a>(decisions: impl IntoIterator<Item = &'a [Ineligibility]>) -> Option<i64> {
    let mut earliest: Option<i64> = None;
    for ineligibilities in decisions {
        let held = held_until(ineligibilities)?;
        earliest = Some(earliest.map_or(held, |known| known.min(held)));
    }
    earliest
}

#[cfg(test)]
mod tests;
