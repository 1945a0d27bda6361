//! What happens on the page that makes a survey due: one file per source, each an owned listener.
//!
//! `sondeo.track` and `window.dataLayer` are not here: the loader queues them before the engine comes,
//! and the session knows who waits for them.

use sondeo_model::Trigger;
use sondeo_session::Properties;
use std::any::Any;
use std::rc::Rc;

mod act;
mod chat_end;
mod clock;
mod event;
mod exit;
mod load;
mod scroll;
mod visible;

/// Called each time that it happens, with what the page says with an event. Nothing on the page is on the stack for
/// long after.
pub(crate) type Fire = Rc<FireFn>;
pub(crate) type FireFn = dyn Fn(Option<Properties>);

/// Listens until it is dropped.
pub(crate) type ListenerGuard = Box<dyn Any>;

/// Calls `fire` once half of the way is scrolled that there is to scroll.
#[must_use]
pub(crate) fn halfway(fire: Fire) -> ListenerGuard {
    scroll::on_the_way(50, fire)
}

/// Calls `fire` when the trigger happens, at once where it already has; more than once where it happens again.
/// `stay_ms` is how long the visitor has to be here before leaving counts. Of visits, the session has counted this one.
/// It ends with the value returned; `None` is a trigger that needs none.
#[must_use]
pub(crate) fn listen(trigger: &Trigger, stay_ms: f64, fire: Fire) -> Option<ListenerGuard> {
    match trigger {
        Trigger::Load | Trigger::Visit(_) => load::listen(fire),
        Trigger::Event(name) => Some(event::listen(name, fire)),
        _ => rest_listen(trigger, stay_ms, fire),
    }
}

/// Whether what listens to it comes with the rest of the engine.
pub(crate) fn needs_rest(trigger: &Trigger) -> bool {
    !matches!(trigger, Trigger::Load | Trigger::Visit(_) | Trigger::Event(_))
}

#[inline(never)]
fn rest_listen(trigger: &Trigger, stay_ms: f64, fire: Fire) -> Option<ListenerGuard> {
    Some(match trigger {
        Trigger::Click(css) => act::click(css, fire),
        Trigger::Submit(css) => act::submit(css, fire),
        Trigger::Visible(css) => visible::listen(css, fire),
        Trigger::Scroll(share) => scroll::listen(*share, fire),
        Trigger::Exit => exit::listen(stay_ms, fire),
        Trigger::Idle(time) => clock::idle(*time, fire),
        Trigger::Dwell(time) => clock::dwell(*time, fire),
        Trigger::ChatEnd => chat_end::listen(fire),
        Trigger::Load | Trigger::Visit(_) | Trigger::Event(_) | Trigger::Manual => return None,
    })
}
