//! `window.sondeo.q`, where the loader and the page's early calls wait for the engine.

use super::window;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// One call of the page, or of the loader on its behalf.
pub(crate) enum Command {
    /// A script tag whose attributes are to be read.
    Tag(Element),
    /// `sondeo.track(event)`.
    Track(String),
    /// A trigger, by its word, that the loader has heard.
    Happened(String),
    /// Another page view may begin; `true` where it does, since the browser has brought the page back.
    Page(bool),
    /// `sondeo.show(id)`.
    Show(String),
    /// `sondeo.hide(id?)`.
    Hide(Option<String>),
    /// Where the words of other languages are; the loader's half says it.
    SetAssetBase(String),
    /// What takes messages to the sender; the loader's half says it.
    Sender(Function),
    /// `sondeo.identify(user, custom?)`, as texts.
    Identify(Option<String>, Vec<(String, String)>),
    /// `sondeo.consent(granted)`.
    Consent(bool),
    /// `sondeo.reset()`.
    Reset,
    /// `sondeo.explain(id)`, and what takes the answer.
    Explain(String, Function),
    /// A call that should have said yes or no.
    Unclear(String),
    /// A call that lacks the name of what it is about.
    Nameless(String),
    /// A call that this version does not know.
    Unknown(String),
}

/// Hands over every command that waits, in order, and every later one at once.
pub(crate) fn take_over(obey: Box<dyn Fn(Command)>) {
    let Ok(api) = Reflect::get(&window(), &"sondeo".into()) else { return };
    let waiting = Reflect::get(&api, &"q".into()).unwrap_or_default();
    if let Some(waiting) = waiting.dyn_ref::<Array>() {
        for entry in waiting.iter() {
            if let Some(command) = read(&entry) {
                obey(command);
            }
        }
    }
    // Lives as long as the page: the page holds it.
    let push = Closure::<dyn Fn(JsValue)>::new(move |entry: JsValue| {
        if let Some(command) = read(&entry) {
            obey(command);
        }
    });
    let queue = Object::new();
    let _ = Reflect::set(&queue, &"push".into(), &push.into_js_value());
    let _ = Reflect::set(&api, &"q".into(), &queue);
}

/// What is asked for on the page, as the loader compares it.
pub(crate) fn asked() -> Option<String> {
    let api = Reflect::get(&window(), &"sondeo".into()).ok()?;
    let asked: Function = Reflect::get(&api, &"asked".into()).ok()?.dyn_into().ok()?;
    asked.call0(&api).ok()?.as_string()
}

/// What the loader reads: nothing of this is due from now on until then.
pub(crate) fn asleep(now: i64, until: i64, asked: &str) -> String {
    let note = Array::of3(&(now as f64).into(), &(until as f64).into(), &asked.into());
    js_sys::JSON::stringify(&note).map_or_else(|_| String::new(), String::from)
}

fn read(entry: &JsValue) -> Option<Command> {
    let entry = entry.dyn_ref::<Array>()?;
    let name = entry.get(0).as_string()?;
    let argument = entry.get(1);
    Some(match (name.as_str(), argument.as_string()) {
        ("words", Some(base)) => Command::SetAssetBase(base),
        ("sender", _) if argument.is_function() => Command::Sender(argument.unchecked_into()),
        ("tag", _) => Command::Tag(argument.dyn_into().ok()?),
        ("track", Some(event)) => Command::Track(event),
        ("happened", Some(word)) => Command::Happened(word),
        ("page", _) => Command::Page(argument.is_truthy()),
        ("show", Some(id)) => Command::Show(id),
        ("hide", id) => Command::Hide(id),
        ("identify", user) => {
            if user.is_none() && argument.is_object() {
                report_strange("user");
            }
            Command::Identify(user.or_else(|| written(&argument)), texts(&entry.get(2)))
        }
        ("consent", _) if argument.as_bool().is_some() => Command::Consent(argument.is_truthy()),
        ("reset", _) => Command::Reset,
        ("explain", id) => Command::Explain(id.unwrap_or_default(), entry.get(2).dyn_into().ok()?),
        ("consent", _) => Command::Unclear(name),
        ("track" | "show", None) => Command::Nameless(name),
        _ => Command::Unknown(name),
    })
}

/// Something stays here, since a response cannot hold it.
fn report_strange(name: &str) {
    super::console_warn(&["identify() ", name, " is not a text, a number or a boolean"].concat());
}

/// A number as its digits; nothing else that is no text can be one.
fn written(value: &JsValue) -> Option<String> {
    let number = value.dyn_ref::<js_sys::Number>()?;
    number.to_string_with_radix(10).ok().map(String::from)
}

/// The texts and numbers of an object, and what is true or false. Of what else is there it is said that it stays
/// here; `null` and `undefined` are nothing.
fn texts(object: &JsValue) -> Vec<(String, String)> {
    if !object.is_object() {
        return Vec::new();
    }
    // Not by its constructor: the object of a frame, or of a browser's script, has another one.
    let object = object.unchecked_ref::<Object>();
    let text = |entry: JsValue| {
        let (name, value) =
            (entry.unchecked_ref::<Array>().get(0), entry.unchecked_ref::<Array>().get(1));
        let truth = || value.as_bool().map(|it| if it { "true" } else { "false" }.to_owned());
        let name = name.as_string()?;
        let text = value.as_string().or_else(|| written(&value)).or_else(truth);
        if text.is_none() && value.is_truthy() {
            report_strange(&name);
        }
        Some((name, text?))
    };
    Object::entries(object).iter().filter_map(text).collect()
}
