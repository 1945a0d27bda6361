//! How long ago, or in what time, as the browser says it.

use crate::words::Language;
use js_sys::{Array, Function, Intl, Object, Reflect};
use sondeo_model::Timestamp;
use wasm_bindgen::JsValue;

/// “3 minutes ago”, “in 2 hours”.
pub(crate) fn ago(language: Language, at: Timestamp) -> String {
    let seconds = (js_sys::Date::now() as i64 - at.as_millis()) / 1_000;
    let (count, unit) = match seconds.abs() {
        ..60 => (0, "minute"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 0 {
        let texts = super::texts::texts();
        return if seconds < 0 { texts.soon } else { texts.just_now }.to_owned();
    }
    let options = Object::new();
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    let locales = Array::of1(&JsValue::from(language.tag()));
    // js-sys knows the class, and not that it takes a number with its unit.
    let format = Intl::RelativeTimeFormat::new(&locales, &options);
    let written = Reflect::get(&format, &"format".into()).ok().and_then(|it| {
        let function: Function = wasm_bindgen::JsCast::dyn_into(it).ok()?;
        function.call2(&format, &JsValue::from(-(count as f64)), &unit.into()).ok()?.as_string()
    });
    written.unwrap_or_default()
}
