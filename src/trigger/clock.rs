use super::{Fire, ListenerGuard};
use crate::browser::{self, Event, Timer};
use sondeo_model::Duration;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// `dwell:30s`: so long the page was in sight.
pub(super) fn dwell(time: Duration, fire: Fire) -> ListenerGuard {
    Clock::start(time, "visibilitychange", fire)
}

/// `idle:30s`: so long nothing was done on the page, which was in sight. Who comes back to it does something.
pub(super) fn idle(time: Duration, fire: Fire) -> ListenerGuard {
    let input = "visibilitychange pointermove pointerdown touchmove wheel keydown input";
    Clock::start(time, input, fire)
}

/// Runs while the page is in sight.
struct Clock {
    whole: f64,
    is_idle: bool,
    /// What was left when it last began to run.
    left: Cell<f64>,
    /// When that was.
    since: Cell<f64>,
    timer: RefCell<Option<Timer>>,
    fire: Fire,
}

/// How soon it is looked again at a visitor who may be typing where we hear nothing.
const FRAME_MS: f64 = 1_000.0;

impl Clock {
    fn start(time: Duration, names: &'static str, fire: Fire) -> ListenerGuard {
        let whole = time.as_millis() as f64;
        let clock = Rc::new(Self {
            whole,
            is_idle: names.contains(' '),
            left: Cell::new(whole),
            since: Cell::new(browser::monotonic()),
            timer: RefCell::default(),
            fire,
        });
        if browser::is_visible() {
            clock.run(whole);
        }
        let heard = Rc::clone(&clock);
        Box::new((
            clock,
            browser::listen_capturing(names, Box::new(move |event| heard.hear(event))),
        ))
    }

    fn hear(self: &Rc<Self>, event: &Event) {
        let now = browser::monotonic();
        let turned = event.type_() == "visibilitychange";
        let is_visible = browser::is_visible();
        if turned && !is_visible {
            self.left.set(self.left.get() - (now - self.since.get()));
            self.timer.take();
            return;
        }
        if self.is_idle {
            // The timer is left alone, since pointers move often: it looks by itself how long it was.
            self.left.set(self.whole);
            self.since.set(now);
        }
        if turned {
            self.since.set(now);
            self.run(self.left.get());
        }
    }

    fn run(self: &Rc<Self>, milliseconds: f64) {
        let clock = Rc::downgrade(self);
        let ring = move || {
            if let Some(clock) = clock.upgrade() {
                clock.ring();
            }
        };
        let timer = browser::after(milliseconds.max(0.0).ceil() as u64, Box::new(ring));
        self.timer.replace(Some(timer));
    }

    fn ring(self: &Rc<Self>) {
        let left = self.left.get() - (browser::monotonic() - self.since.get());
        if left > 0.0 {
            self.run(left);
        } else if self.is_idle && browser::is_in_frame() {
            self.run(FRAME_MS);
        } else {
            (self.fire)(None);
        }
    }
}
