//! Numbers, times and dates as a language writes them: the browser knows how.

use crate::words::{Language, fill};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use sondeo_model::Metric;
use sondeo_model::metric::Estimate;
use wasm_bindgen::JsValue;

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &JsValue::from(*name), value);
    }
    options
}

fn formatted(language: Language, value: f64, pairs: &[(&str, JsValue)]) -> String {
    let locales = Array::of1(&JsValue::from(language.tag()));
    let format = Intl::NumberFormat::new(&locales, &options(pairs));
    let format: Function = format.format();
    // A minus sign, where some languages' data say hyphen.
    let text = format.call1(&JsValue::NULL, &JsValue::from(value));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default().replace('-', "−")
}

/// With at most so many decimals.
pub(crate) fn number(language: Language, value: f64, digits: u32) -> String {
    formatted(language, value, &[("maximumFractionDigits", digits.into())])
}

/// A count.
pub(crate) fn count(language: Language, value: u64) -> String {
    number(language, value as f64, 0)
}

/// A percentage 0 to 100.
pub(crate) fn percent(language: Language, value: f64) -> String {
    let pairs = [("style", "percent".into()), ("maximumFractionDigits", 1.into())];
    formatted(language, value / 100.0, &pairs)
}

/// How many minutes the unit has that suits so many minutes: 1, an hour or a day.
pub(crate) fn unit(minutes: f64) -> f64 {
    match minutes.abs() {
        ..90.0 => 1.0,
        90.0..2_880.0 => 60.0,
        _ => 1_440.0,
    }
}

/// Minutes, in the unit that suits them.
pub(crate) fn minutes(language: Language, value: f64) -> String {
    minutes_in(language, value, unit(value))
}

/// Minutes, in a unit of so many of them.
pub(crate) fn minutes_in(language: Language, value: f64, unit: f64) -> String {
    let words = language.words();
    let form = match unit {
        ..60.0 => words.minutes,
        60.0..1_440.0 => words.hours,
        _ => words.days,
    };
    fill(form, &[&number(language, value / unit, 1)])
}

/// A value of this metric, in its unit.
pub(crate) fn score(language: Language, metric: Metric, value: f64) -> String {
    match metric {
        Metric::Csat | Metric::Helpful => percent(language, value),
        Metric::Nps => number(language, value, 1),
        Metric::Ces => number(language, value, 2),
        Metric::Ttr => minutes(language, value),
    }
}

/// A difference of two values of this metric: with its sign, unless it is said in words.
pub(crate) fn difference(language: Language, metric: Metric, value: f64, signed: bool) -> String {
    let text = match metric {
        Metric::Ttr => minutes(language, value.abs()),
        Metric::Ces => fill(language.words().points, &[&number(language, value.abs(), 2)]),
        _ => fill(language.words().points, &[&number(language, value.abs(), 1)]),
    };
    match (signed, value) {
        (true, value) if value < 0.0 => format!("−{text}"),
        (true, value) if value > 0.0 => format!("+{text}"),
        _ => text,
    }
}

/// Both ends of an interval, as short as can be; none where there is no interval.
pub(crate) fn interval(language: Language, metric: Metric, estimate: &Estimate) -> Option<String> {
    let [low, high] = [estimate.low?, estimate.high?].map(|end| match metric {
        Metric::Csat | Metric::Helpful => number(language, end, 1),
        _ => score(language, metric, end),
    });
    // A dash between negative numbers reads as one more sign.
    let between = if low.starts_with('−') { language.words().between } else { "–" };
    Some(format!("{low}{between}{high}"))
}

/// A rate with its interval: `25.8% (23.4–28.4)`.
pub(crate) fn rate(language: Language, estimate: &Estimate) -> String {
    let value = percent(language, estimate.value);
    match interval(language, Metric::Csat, estimate) {
        Some(interval) => format!("{value} ({interval})"),
        None => value,
    }
}

/// The day of `2026-11-21`, short; with its year where that helps.
pub(crate) fn day(language: Language, date: &str, year: bool) -> String {
    let date = Date::new(&JsValue::from(format!("{date}T00:00:00Z")));
    let mut pairs = vec![
        ("timeZone", JsValue::from("UTC")),
        ("day", "numeric".into()),
        ("month", "short".into()),
    ];
    if year {
        pairs.push(("year", "numeric".into()));
    }
    date.to_locale_date_string(language.tag(), &options(&pairs)).into()
}

/// A moment, in the reader's time zone.
pub(crate) fn moment(language: Language, milliseconds: i64) -> String {
    let date = Date::new(&JsValue::from(milliseconds as f64));
    let pairs = [("dateStyle", JsValue::from("medium")), ("timeStyle", "short".into())];
    date.to_locale_string(language.tag(), &options(&pairs)).into()
}

/// The time of day now.
pub(crate) fn now(language: Language) -> String {
    let pairs = [("timeStyle", JsValue::from("medium"))];
    Date::new_0().to_locale_time_string_with_options(language.tag(), &options(&pairs)).into()
}
