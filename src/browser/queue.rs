//! `window.sondeo.q`, where the loader and the page's early calls wait for the engine.

use super::window;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// One call of the page, or of the loader on its behalf.
pub(crate) enum Command {
    /// A script tag whose attributes are to be read.
    Tag(Element),
    /// `sondeo.track(event)`.
    Track(String),
    /// `sondeo.show(id)`.
    Show(String),
    /// `sondeo.hide(id?)`.
    Hide(Option<String>),
    /// Where the words of other languages are; the loader's half says it.
    Words(String),
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

fn read(entry: &JsValue) -> Option<Command> {
    let entry = entry.dyn_ref::<Array>()?;
    let name = entry.get(0).as_string()?;
    let argument = entry.get(1);
    Some(match (name.as_str(), argument.as_string()) {
        ("words", Some(base)) => Command::Words(base),
        ("tag", _) => Command::Tag(argument.dyn_into().ok()?),
        ("track", Some(event)) => Command::Track(event),
        ("show", Some(id)) => Command::Show(id),
        ("hide", id) => Command::Hide(id),
        ("track" | "show", None) => Command::Nameless(name),
        _ => Command::Unknown(name),
    })
}
