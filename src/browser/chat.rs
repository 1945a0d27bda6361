use super::dom_events::member;
use super::window;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// Has an object of the page call `hear` with what it tells. `false` where the page has no such object
/// (yet).
///
/// `path` is the function that takes `words` and then a function; one that ends in `push` takes all of them in
/// one array. Without words, `path` is a property that holds the function itself; what was there is still
/// called. There is no way back that all of these interfaces share: `hear` lives as long as the page.
pub(crate) fn subscribe(path: &str, words: &[&str], hear: Box<dyn Fn(JsValue)>) -> bool {
    let (owner, name) = path.rsplit_once('.').unwrap_or(("", path));
    let window = window();
    let owner = if owner.is_empty() { window.into() } else { member(&window, owner) };
    let there: Option<Function> = member(&owner, name).dyn_into().ok();
    if words.is_empty() {
        let before = there;
        let object = owner.clone();
        let both = Closure::<dyn Fn(JsValue)>::new(move |it: JsValue| {
            if let Some(before) = &before {
                let _ = before.call1(&object, &it);
            }
            hear(it);
        });
        return owner.is_object()
            && Reflect::set(&owner, &name.into(), &both.into_js_value()).is_ok();
    }
    let Some(function) = there else { return false };
    let arguments: Array = words.iter().map(|word| JsValue::from(*word)).collect();
    arguments.push(&Closure::<dyn Fn(JsValue)>::new(hear).into_js_value());
    let arguments = if name == "push" { Array::of1(&arguments) } else { arguments };
    // Asked once, whatever comes of it: asking again would only repeat what a chat has to complain of.
    let _ = function.apply(&owner, &arguments);
    true
}

/// What a chat says of its window: a word for how it is to be seen, where it says one.
pub(crate) fn visibility(told: &JsValue) -> Option<String> {
    member(told, "visibility").as_string()
}
