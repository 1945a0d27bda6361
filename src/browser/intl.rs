//! Numbers and plurals as a language has them.

use js_sys::{Array, Intl, Object};

/// A whole number in the digits of the language.
pub(crate) fn number(value: usize, language: &str) -> String {
    let number = js_sys::Number::from(value as u32);
    String::from(number.to_locale_string(language))
}

/// The plural category of a number, as Unicode's CLDR names them.
pub(crate) fn plural(value: usize, language: &str) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&language.into()), &Object::new());
    rules.select(value as f64).as_string().unwrap_or_default()
}
