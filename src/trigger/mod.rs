//! What happens on the page that makes a survey due: one file per source, each an owned listener.
//!
//! `sondeo.track` and `window.dataLayer` are not here: the loader queues them before the engine comes,
//! and the page hands them on (see [`crate::page`]).

use crate::browser::Listener;
use sondeo_model::Trigger;
use std::rc::Rc;

mod event;
mod load;

/// Calls `fire` when the trigger happens, at once where it already has. The listener ends with the
/// value returned; `None` is a trigger that needs none.
#[must_use]
pub(crate) fn listen(trigger: &Trigger, fire: Rc<dyn Fn()>) -> Option<Listener> {
    match trigger {
        Trigger::Load => load::listen(fire),
        Trigger::Event(name) => Some(event::listen(name, fire)),
        // Manual, and those that this version does not hear yet.
        _ => None,
    }
}
