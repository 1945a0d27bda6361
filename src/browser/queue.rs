//! `window.sondeo.q`, where the loader and the page's early calls wait for the engine.

use super::{detail, properties, window};
use js_sys::{Array, Function, Object, Reflect};
use sondeo_session::{Command, InvalidCall};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// One call of the page, or of the loader on its behalf, with what the session has no type for.
pub(crate) enum Call {
    /// A script tag whose attributes are to be read.
    Tag(Element),
    /// What takes messages to the sender; the loader's half says it.
    Sender(Function),
    /// What looks through the page for elements; the loader's half says it.
    Watch(Function),
    /// What reads the properties of an event; the loader's half says it.
    Properties(Function),
    /// Whether the browser is a crawler; the loader's half says it.
    Crawler(bool),
    /// What has the engine's other half come; the loader's half says it.
    Rest(Function),
    /// `sondeo.explain(id)`, and what takes the answer.
    Explain(String, Function),
    /// Any other.
    Command(Command),
}

/// Hands over every call that waits, in order, and every later one at once.
pub(crate) fn take_over(obey: Box<dyn Fn(Call)>) {
    let Ok(api) = Reflect::get(&window(), &"sondeo".into()) else { return };
    let waiting = Reflect::get(&api, &"q".into()).unwrap_or_default();
    if let Some(waiting) = waiting.dyn_ref::<Array>() {
        for entry in waiting.iter() {
            if let Some(call) = read(&entry) {
                obey(call);
            }
        }
    }
    // Lives as long as the page: the page holds it.
    let push = Closure::<dyn Fn(JsValue)>::new(move |entry: JsValue| {
        if let Some(call) = read(&entry) {
            obey(call);
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

fn read(entry: &JsValue) -> Option<Call> {
    let entry = entry.dyn_ref::<Array>()?;
    let name = entry.get(0).as_string()?;
    let argument = entry.get(1);
    let invalid = |name, problem| Command::Invalid { name, problem };
    Some(Call::Command(match (name.as_str(), argument.as_string()) {
        ("words", Some(base)) => Command::SetAssetBase(base),
        ("sender", _) if argument.is_function() => {
            return Some(Call::Sender(argument.unchecked_into()));
        }
        ("watch", _) if argument.is_function() => {
            return Some(Call::Watch(argument.unchecked_into()));
        }
        ("rest", _) if argument.is_function() => {
            return Some(Call::Rest(argument.unchecked_into()));
        }
        ("crawler", _) => return Some(Call::Crawler(argument.is_truthy())),
        ("tag", _) => return Some(Call::Tag(argument.dyn_into().ok()?)),
        ("properties", _) if argument.is_function() => {
            return Some(Call::Properties(argument.unchecked_into()));
        }
        ("track", Some(event)) => Command::Track(event, properties(&entry.get(2))),
        ("happened", Some(word)) => Command::Happened(word, detail(&entry.get(2))),
        ("page", _) => Command::PageView { is_restored: argument.is_truthy() },
        ("show", Some(id)) => Command::Show(id),
        ("hide", id) => Command::Hide(id),
        ("identify", user) => {
            if user.is_none() && argument.is_object() {
                report_strange("user");
            }
            let user = user.or_else(|| written(&argument));
            Command::Identify { user, custom: texts(&entry.get(2)) }
        }
        ("consent", _) if argument.as_bool().is_some() => Command::Consent(argument.is_truthy()),
        ("reset", _) => Command::Reset,
        ("explain", id) => {
            let function = entry.get(2).dyn_into().ok()?;
            return Some(Call::Explain(id.unwrap_or_default(), function));
        }
        ("add", _) if argument.is_object() => Command::Add(json(&argument).unwrap_or_default()),
        // From the page, or with its plan from the site's own script.
        ("site" | "plan", url) => {
            Command::Site { url: url.unwrap_or_default(), plan: json(&entry.get(2)) }
        }
        ("add", _) => invalid(name, InvalidCall::NeedsSurvey),
        ("consent", _) => invalid(name, InvalidCall::NeedsBoolean),
        ("track" | "show", None) => invalid(name, InvalidCall::NeedsName),
        _ => invalid(name, InvalidCall::Unknown),
    }))
}

/// A value as JSON; `None` where there is none.
fn json(value: &JsValue) -> Option<String> {
    js_sys::JSON::stringify(value).ok()?.as_string()
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
