//! What the engine tells the sender, and the sender the engine: two programs, and arrays between them.
//!
//! The page's half (`loader/link.js`) keeps the engine's messages until the sender is there. It reads the names, and
//! of `deliver` whether the response is kept, and who listens.

use super::window;
use js_sys::{Array, Function, Reflect};
use sondeo_delivery::{DeliveryStatus, FailureReason};
use sondeo_model::{RequestFormat, StorageKind};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One message to the sender.
pub(crate) enum Message {
    /// From where the documents of formats are fetched: `BASEsegment.json`. The page's half says it.
    BaseUrl(String),
    /// A response, which is in storage already where `is_kept`.
    Deliver {
        id: String,
        /// As storage holds it.
        text: String,
        storage: StorageKind,
        is_kept: bool,
        listener: Option<StatusListener>,
    },
    /// No further answers are expected, of one response or of all.
    Release(Option<String>),
    /// Whether all that the page asks for has the visitor's consent, and then whether anything is left to be sent.
    Permit { is_permitted: bool, is_anything_left: bool },
    /// All that was to be delivered is forgotten.
    Forget,
    /// No more is delivered of what is known on this page.
    Stop,
    /// A survey stands there whose endpoint wants this format.
    Prepare(RequestFormat),
}

impl Message {
    /// Sends it, in the engine.
    pub(crate) fn send(self) {
        let sender = SENDER.with_borrow(Clone::clone);
        if let Some(sender) = sender {
            let _ = sender.call1(&JsValue::UNDEFINED, &self.write());
        }
    }

    fn write(self) -> Array {
        let text = |text: &str| JsValue::from(text);
        match self {
            Self::BaseUrl(url) => Array::of2(&text("base"), &text(&url)),
            Self::Deliver { id, text: body, storage, is_kept, listener } => {
                let message = Array::of5(
                    &text("deliver"),
                    &text(&id),
                    &text(&body),
                    &text(storage.as_str()),
                    &is_kept.into(),
                );
                message.push(&listener.map_or(JsValue::UNDEFINED, |it| it.0.into()));
                message
            }
            Self::Release(id) => Array::of2(&text("release"), &id.into()),
            Self::Permit { is_permitted, is_anything_left } => {
                Array::of3(&text("permit"), &is_permitted.into(), &is_anything_left.into())
            }
            Self::Forget => Array::of1(&text("forget")),
            Self::Stop => Array::of1(&text("stop")),
            Self::Prepare(format) => Array::of2(&text("prepare"), &text(format.as_str())),
        }
    }

    fn read(message: &Array) -> Option<Self> {
        let text = |at| message.get(at).as_string();
        Some(match text(0)?.as_str() {
            "base" => Self::BaseUrl(text(1)?),
            "deliver" => Self::Deliver {
                id: text(1)?,
                text: text(2)?,
                storage: StorageKind::parse(&text(3)?)?,
                is_kept: message.get(4).is_truthy(),
                listener: message.get(5).dyn_into().ok().map(StatusListener),
            },
            "release" => Self::Release(text(1)),
            "permit" => Self::Permit {
                is_permitted: message.get(1).is_truthy(),
                is_anything_left: message.get(2).is_truthy(),
            },
            "forget" => Self::Forget,
            "stop" => Self::Stop,
            "prepare" => Self::Prepare(RequestFormat::parse(&text(1)?)?),
            _ => return None,
        })
    }
}

thread_local! {
    /// What takes the engine's messages.
    static SENDER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Where the engine's messages go from now on.
pub(crate) fn set_sender(sender: Function) {
    SENDER.set(Some(sender));
}

/// Takes the engine's messages, in the sender: leaves the function that does so with the page's half.
pub(crate) fn take_messages(take: Box<dyn Fn(Message)>) {
    let hear = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        if let Some(message) = message.dyn_ref().and_then(Message::read) {
            take(message);
        }
    });
    if let Ok(api) = Reflect::get(&window(), &"sondeo".into()) {
        let _ = Reflect::set(&api, &"sender".into(), &hear.into_js_value());
    }
}

/// Who hears, in the engine, what became of a response.
#[derive(Clone)]
pub(crate) struct StatusListener(Function);

impl StatusListener {
    /// Calls back at every status.
    pub(crate) fn new(on_status: Rc<dyn Fn(DeliveryStatus)>) -> Self {
        let hear = Closure::<dyn Fn(JsValue)>::new(move |status: JsValue| {
            if let Some(status) = status.dyn_ref().and_then(read_status) {
                on_status(status);
            }
        });
        Self(hear.into_js_value().unchecked_into())
    }

    /// Tells it, in the sender.
    pub(crate) fn tell(&self, status: DeliveryStatus) {
        let _ = self.0.call1(&JsValue::UNDEFINED, &write_status(status));
    }
}

fn write_status(status: DeliveryStatus) -> Array {
    match status {
        DeliveryStatus::Delivered => Array::of1(&"delivered".into()),
        DeliveryStatus::Waiting { is_kept } => Array::of2(&"waiting".into(), &is_kept.into()),
        DeliveryStatus::Failed { reason, status, is_kept } => {
            Array::of4(&"failed".into(), &is_kept.into(), &reason.as_str().into(), &status.into())
        }
    }
}

fn read_status(status: &Array) -> Option<DeliveryStatus> {
    let is_kept = status.get(1).is_truthy();
    Some(match status.get(0).as_string()?.as_str() {
        "delivered" => DeliveryStatus::Delivered,
        "waiting" => DeliveryStatus::Waiting { is_kept },
        _ => {
            let reason = FailureReason::parse(&status.get(2).as_string()?)?;
            let status = status.get(3).as_f64().map(|status| status as u16);
            DeliveryStatus::Failed { reason, status, is_kept }
        }
    })
}
