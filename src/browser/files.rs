//! What is read from elsewhere: survey files, and the words of a language.

use super::request::{send, when};
use super::{after, document};
use js_sys::{Array, JSON, Object};
use sondeo_model::json::Json;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Longer than this, nobody waits for a small file.
const FETCH_TIMEOUT_MS: u64 = 5_000;

/// Fetches a text and hands it on, or `None` where it does not come in time. Calls `done` once.
pub(crate) fn fetch(url: &str, done: Box<dyn FnOnce(Option<String>)>) {
    let done = RefCell::new(Some(done));
    let finish = Rc::new(move |text| {
        let done = done.borrow_mut().take();
        if let Some(done) = done {
            done(text);
        }
    });
    let Ok(request) = web_sys::Request::new_with_str(url) else { return finish(None) };
    let late = Rc::clone(&finish);
    let clock = after(FETCH_TIMEOUT_MS, Box::new(move || late(None)));
    send(
        &request,
        Box::new(move |response| {
            let response = response.filter(web_sys::Response::ok);
            let Some(text) = response.and_then(|it| it.text().ok()) else { return finish(None) };
            when(
                &text,
                Box::new(move |text| {
                    drop(clock);
                    finish(text.and_then(|text| text.as_string()));
                }),
            );
        }),
    );
}

/// The text of the element with this id.
pub(crate) fn text_of(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}

/// Reads JSON with the browser's own parser; `Err` holds what it says is wrong.
pub(crate) fn parse(text: &str) -> Result<Json, String> {
    JSON::parse(text).map(|value| convert(&value, DEEPEST)).map_err(|error| {
        let message = js_sys::Reflect::get(&error, &"message".into()).unwrap_or_default();
        message.as_string().unwrap_or_default()
    })
}

/// So many lists and objects may stand in each other: a survey file has seven. What is deeper is nothing, since the
/// engine's stack is small.
const DEEPEST: u8 = 32;

fn convert(value: &JsValue, left: u8) -> Json {
    if let Some(text) = value.as_string() {
        return Json::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Json::Number(number);
    }
    if let Some(value) = value.as_bool() {
        return Json::Boolean(value);
    }
    let Some(left) = left.checked_sub(1) else { return Json::Null };
    if let Some(list) = value.dyn_ref::<Array>() {
        return Json::List(list.iter().map(|entry| convert(&entry, left)).collect());
    }
    let Some(object) = value.dyn_ref::<Object>() else { return Json::Null };
    let members = Object::entries(object);
    Json::Object(
        members
            .iter()
            .map(|member| {
                let member: Array = member.unchecked_into();
                (member.get(0).as_string().unwrap_or_default(), convert(&member.get(1), left))
            })
            .collect(),
    )
}
