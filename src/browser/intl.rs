//! Numbers and plurals as a language has them.

use js_sys::{Array, Intl, Object};
use sondeo_model::{find_substring, format_int};

/// The languages, of those that the widget speaks, that write small numbers as programs do.
const PLAIN: &str = "ca cs da de en es fi fr he it ja ko nb nl no pl pt sv tr uk zh";

/// A whole number in the digits of the language.
pub(crate) fn number(value: usize, language: &str) -> String {
    // The browser's first number reads the tables of a whole locale, while the visitor waits for a scale. A tag with
    // an extension may ask for other digits (`en-u-nu-deva`).
    let (name, rest) = language.split_once('-').unwrap_or((language, ""));
    if value < 1_000
        && find_substring(rest, "u-").is_none()
        && PLAIN.split(' ').any(|it| it == name)
    {
        return format_int(value as i64);
    }
    let number = js_sys::Number::from(value as u32);
    String::from(number.to_locale_string(language))
}

/// The plural category of a number, as Unicode's CLDR names them.
pub(crate) fn plural(value: usize, language: &str) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&language.into()), &Object::new());
    rules.select(value as f64).as_string().unwrap_or_default()
}
