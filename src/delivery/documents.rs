//! What requests look like: the formats that travel along, and those that are fetched when a page names them.

use crate::browser;
use sondeo_model::RequestFormat;
use sondeo_model::json::Json;
use sondeo_model::outbox::QueuedResponse;
use sondeo_model::preset::{self, HttpRequest};
use std::cell::RefCell;
use std::rc::Rc;

/// What is to be done with the request for an entry; there is none where the format's document does not come.
type Then = Box<dyn FnOnce(QueuedResponse, Option<HttpRequest>)>;

struct State {
    /// What the address of every file begins with.
    base: String,
    known: Vec<(RequestFormat, Rc<Json>)>,
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { base: String::new(), known: Vec::new() }) };
}

/// From where the files are fetched: `BASEsegment.json`.
pub(crate) fn set_base_url(base: String) {
    STATE.with_borrow_mut(|state| state.base = base);
}

/// Fetches what this format needs before it is needed.
pub(crate) fn prepare(format: RequestFormat) {
    get(format, Box::new(|_| ()));
}

/// Makes the request for an entry.
pub(super) fn call(entry: QueuedResponse, then: Then) {
    get(
        entry.format,
        Box::new(move |document| {
            let call = document.map(|document| {
                // The response as it is need not be read.
                let response = match document.get("body") {
                    Some(_) => browser::parse(&entry.body).unwrap_or(Json::Null),
                    None => Json::Null,
                };
                preset::call(&document, &entry, &response)
            });
            then(entry, call);
        }),
    );
}

fn get(format: RequestFormat, then: Box<dyn FnOnce(Option<Rc<Json>>)>) {
    let known = STATE.with_borrow(|state| {
        let found = state.known.iter().find(|(known, _)| *known == format);
        found.map(|(_, document)| Rc::clone(document))
    });
    if known.is_some() {
        return then(known);
    }
    let keep = move |text: Option<String>| {
        let document = text.and_then(|text| browser::parse(&text).ok()).map(Rc::new);
        if let Some(document) = &document {
            let known = (format, Rc::clone(document));
            STATE.with_borrow_mut(|state| state.known.push(known));
        }
        then(document);
    };
    match format.document() {
        Some(text) => keep(Some(text.to_owned())),
        None => {
            let base = STATE.with_borrow(|state| state.base.clone());
            let url = [&base, format.as_str(), ".json"].concat();
            browser::fetch(&url, Box::new(keep));
        }
    }
}
