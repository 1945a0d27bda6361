//! `seed`: a year of made-up responses, so that the dashboard can be seen full.
//!
//! They are plausible, and nothing else: more on working days, slow improvement, one page that is worse
//! than the others, phones that are less patient, words that fit the score.

use super::data::{open_or_make, progress};
use super::{ACTOR, say};
use crate::clock::{self, DAY_MS};
use crate::config::Seed;
use crate::store::Filter;
use anyhow::ensure;
use fastrand::Rng;
use sondeo_model::{
    Answer, Client, Device, Kind, Language, Messages, Page, Question, Response, ResponseId, Status,
    Survey, Template, Timestamp, Value, Version,
};

/// Responses that are stored in one transaction.
const BATCH: u64 = 500;

pub(super) async fn run(config: &Seed) -> anyhow::Result<()> {
    let store = open_or_make(&config.only).await?;
    let any = Filter { limit: 1, ..Filter::default() };
    let is_empty = store.responses(&any).await?.rows.is_empty();
    if !is_empty && !config.add {
        store.close().await;
        ensure!(
            config.if_empty,
            "there are responses already, and made-up ones could not be told from them; \
             take a new file (--database demo.db), or add them all the same (--add)"
        );
        return Ok(());
    }
    let now = clock::now();
    // Another seed for each moment, so that a second run adds other responses.
    let mut random = Rng::with_seed(now.as_millis().unsigned_abs());
    let entry = store.begin_audit(ACTOR, "seed", "made-up responses").await?;
    let bar = progress(config.responses, "{wide_bar} {pos}/{len} {eta}");
    let mut left = config.responses;
    while left > 0 {
        let size = left.min(BATCH);
        let batch: Vec<Response> =
            (0..size).map(|_| response(&mut random, now, config.days.max(1))).collect();
        store.import(batch).await?;
        left -= size;
        bar.inc(size);
    }
    bar.finish_and_clear();
    store.finish_audit(entry, config.responses).await?;
    store.close().await;
    say(&format!("{} made-up responses over {} days", config.responses, config.days))
}

/// One made-up response of the last `days` before `now`; the same for the same `number`.
#[must_use]
pub fn made_up(number: u64, now: Timestamp, days: u32) -> Response {
    response(&mut Rng::with_seed(number), now, days.max(1))
}

/// One of these values, the heavier ones more often.
fn pick<'a, T>(random: &mut Rng, weighted: &'a [(T, u32)]) -> &'a T {
    let mut left = random.u32(0..weighted.iter().map(|(_, weight)| weight).sum());
    for (value, weight) in weighted {
        if left < *weight {
            return value;
        }
        left -= weight;
    }
    &weighted[0].0
}

/// A survey, where it is asked, and how good what it is about is: from 0 to 1.
const SURVEYS: [(&Touchpoint, u32); 5] = [
    (
        &Touchpoint {
            template: Template::PostPurchase,
            trigger: "event:purchase",
            good: 0.74,
            pages: CHECKOUT,
        },
        40,
    ),
    (
        &Touchpoint {
            template: Template::Faq,
            trigger: "visible:[data-sondeo]",
            good: 0.68,
            pages: HELP,
        },
        25,
    ),
    (
        &Touchpoint { template: Template::FollowUp, trigger: "manual", good: 0.70, pages: ACCOUNT },
        15,
    ),
    (
        &Touchpoint {
            template: Template::Support,
            trigger: "event:ticket-solved",
            good: 0.78,
            pages: ACCOUNT,
        },
        10,
    ),
    (
        &Touchpoint {
            template: Template::Signup,
            trigger: "event:sign_up",
            good: 0.80,
            pages: ACCOUNT,
        },
        10,
    ),
];

struct Touchpoint {
    template: Template,
    trigger: &'static str,
    good: f64,
    /// Path, how much better or worse it is, and how often it is seen.
    pages: &'static [((&'static str, f64), u32)],
}

const CHECKOUT: &[((&str, f64), u32)] = &[
    (("/checkout/done", 0.05), 50),
    (("/checkout/express", 0.08), 20),
    (("/checkout/pick-up", 0.0), 20),
    (("/checkout/invoice", -0.28), 10),
];
const HELP: &[((&str, f64), u32)] = &[
    (("/help/delivery", 0.05), 30),
    (("/help/returns", -0.22), 25),
    (("/help/payment", 0.0), 20),
    (("/help/sizes", 0.1), 15),
    (("/help/gift-cards", 0.02), 10),
];
const ACCOUNT: &[((&str, f64), u32)] =
    &[(("/account", 0.02), 50), (("/account/orders", 0.0), 30), (("/account/settings", -0.08), 20)];
const DEVICES: [(Device, u32); 3] =
    [(Device::Mobile, 56), (Device::Desktop, 37), (Device::Tablet, 7)];
const LANGUAGES: [(Language, u32); 5] = [
    (Language::En, 50),
    (Language::Es, 28),
    (Language::De, 10),
    (Language::Fr, 8),
    (Language::Pt, 4),
];
const PRAISE: [(&str, u32); 6] = [
    ("Fast and simple, thank you.", 3),
    ("Everything arrived on time.", 2),
    ("Found it at once.", 2),
    ("Muy fácil, gracias.", 2),
    ("The pictures helped a lot.", 1),
    ("Alles bestens.", 1),
];
const BLAME: [(&str, u32); 8] = [
    ("Delivery took too long.", 4),
    ("I could not find the invoice.", 3),
    ("The page was slow on my phone.", 3),
    ("El código de descuento no funcionó.", 2),
    ("Too many steps to pay.", 2),
    ("The answer was not about my question.", 2),
    ("My card was refused twice and nothing told me why.", 1),
    ("Rückgabe ist umständlich.", 1),
];

fn response(random: &mut Rng, now: Timestamp, days: u32) -> Response {
    let touchpoint = *pick(random, &SURVEYS);
    let (path, better) = *pick(random, touchpoint.pages);
    let device = *pick(random, &DEVICES);
    let language = *pick(random, &LANGUAGES);
    let (shown_at, age) = moment(random, now, days);
    // A little better with the year, a little worse on phones.
    let patience = if device == Device::Mobile { -0.05 } else { 0.03 };
    let good = (touchpoint.good + better + patience + 0.08 * (1.0 - age)).clamp(0.05, 0.97);
    let messages = Messages::of(language);
    let survey = touchpoint.template.survey(messages);
    let answers =
        if random.f64() < 0.27 + 0.08 * good { answers(random, &survey, good) } else { Vec::new() };
    let is_whole = !answers.is_empty() && random.f64() < 0.86;
    let status = match (answers.is_empty(), is_whole) {
        (false, true) => Status::Completed,
        (false, false) => Status::Partial,
        (true, _) if random.f64() < 0.45 => Status::Dismissed,
        (true, _) => Status::Shown,
    };
    let answers =
        if status == Status::Partial { answers.into_iter().take(1).collect() } else { answers };
    let elapsed_ms = 2_000 + (random.f64() * 28_000.0) as u64;
    let mut random_part = [0; 10];
    random.fill(&mut random_part);
    let millis = shown_at.as_millis().unsigned_abs();
    let (width, height) = match device {
        Device::Mobile => (390, 844),
        Device::Tablet => (820, 1_180),
        Device::Desktop => (1_440, 900),
    };
    let zone = if language == Language::Es { "America/Mexico_City" } else { "Europe/Berlin" };
    Response {
        version: Version,
        id: ResponseId::new(millis, random_part),
        revision: if status == Status::Shown { 1 } else { 2 },
        status,
        site: None,
        survey: survey.id.clone().into_owned(),
        survey_version: None,
        template: Some(touchpoint.template.as_str().to_owned()),
        trigger: touchpoint.trigger.to_owned(),
        language: language.tag().to_owned(),
        answers,
        shown_at,
        sent_at: Timestamp::from_millis(shown_at.as_millis() + elapsed_ms as i64),
        elapsed_ms,
        page: Page {
            url: format!("https://shop.example{path}"),
            title: "Demo shop".to_owned(),
            referrer: String::new(),
        },
        client: Client {
            language: language.tag().to_owned(),
            time_zone: Some(zone.to_owned()),
            device,
            viewport: [width, height],
        },
        visit: 1 + (random.f64() * random.f64() * 12.0) as u32,
        visitor: None,
        user: None,
        custom: vec![(
            "plan".to_owned(),
            (*pick(random, &[("free", 60), ("pro", 30), ("team", 10)])).to_owned(),
        )],
        widget: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// A moment of the last days, rather on a working day and by day, and rather lately; and its age as a
/// share of the days.
fn moment(random: &mut Rng, now: Timestamp, days: u32) -> (Timestamp, f64) {
    let length = i64::from(days) * DAY_MS;
    loop {
        let age = random.f64() * random.f64().mul_add(0.3, 0.7);
        let at = now.as_millis() - (age * length as f64) as i64;
        // 1970-01-01 was a Thursday.
        let weekday = (at.div_euclid(DAY_MS) + 3).rem_euclid(7);
        let hour = at.rem_euclid(DAY_MS) / 3_600_000;
        let weight = if weekday >= 5 { 0.55 } else { 1.0 }
            * if (8..22).contains(&hour) { 1.0 } else { 0.15 };
        if random.f64() < weight {
            return (Timestamp::from_millis(at), age);
        }
    }
}

/// The way through the survey of somebody who is this content.
fn answers(random: &mut Rng, survey: &Survey, good: f64) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut place = Some(0);
    // One mood for all questions of a visitor.
    let mood = good + 0.9 * (random.f64() - 0.5);
    while let Some(question) = place.and_then(|place| survey.questions.get(place)) {
        let value = value(random, question, mood);
        let answer = value.clone().map(|value| Answer {
            question: question.id.clone().into_owned(),
            text: survey.text(&question.text).to_owned(),
            kind: question.kind.name(),
            points: question.kind.points(),
            metric: question.metric,
            value,
            other: None,
        });
        answers.extend(answer);
        let next = place.and_then(|place| survey.next(place, value.as_ref()));
        if next.is_some_and(|next| place.is_some_and(|place| next <= place)) {
            break;
        }
        place = next;
    }
    answers
}

fn value(random: &mut Rng, question: &Question, mood: f64) -> Option<Value> {
    let on = |low: i64, high: i64| {
        let steps = (high - low) as f64;
        Value::Integer(
            (low as f64 + (mood * steps + 0.5).floor()).clamp(low as f64, high as f64) as i64
        )
    };
    Some(match &question.kind {
        Kind::Likert { points, .. } => on(1, i64::from(*points)),
        Kind::Nps { .. } => on(0, 10),
        Kind::YesNo { .. } => Value::Boolean(mood > 0.45),
        Kind::Choice(options) => {
            let skewed = random.f64() * (1.3 - mood.clamp(0.0, 1.0));
            let last = options.list.len().saturating_sub(1);
            let place = ((skewed * options.list.len() as f64) as usize).min(last);
            Value::Text(options.list.get(place)?.id.clone().into_owned())
        }
        Kind::Choices { options, .. } => {
            let chosen = options.list.iter().filter(|_| random.f64() < 0.4);
            let chosen: Vec<_> = chosen.map(|option| option.id.clone().into_owned()).collect();
            if chosen.is_empty() {
                return None;
            }
            Value::Options(chosen)
        }
        Kind::Text { .. } if random.f64() < 0.5 => return None,
        Kind::Text { .. } => {
            let words = if mood > 0.6 { pick(random, &PRAISE) } else { pick(random, &BLAME) };
            Value::Text((*words).to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::made_up;
    use sondeo_model::{Status, Timestamp};

    #[test]
    fn every_one_is_valid_and_within_the_days() {
        let now = Timestamp::from_millis(1_764_000_000_000);
        let mut completed = 0;
        for number in 0..5_000 {
            let response = made_up(number, now, 365);
            response.validate().unwrap_or_else(|violation| panic!("{violation}: {response:?}"));
            let age = now.as_millis() - response.shown_at.as_millis();
            assert!((0..=365 * super::DAY_MS).contains(&age));
            completed += u32::from(response.status == Status::Completed);
        }
        assert!((800..2_000).contains(&completed), "{completed}");
    }
}
