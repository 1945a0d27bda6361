//! A survey on the page: its element and its view, wherever it stands and whoever asked for it.

use crate::browser::{Host, Placement};
use crate::view::{self, DeliveryNotice, Frame, SurveyEvent};
use sondeo_model::{Survey, Text};
use std::any::Any;
use std::rc::Rc;
use web_sys::{Element, HtmlElement};

/// Leaves the page when dropped: first the focus, then the view, then the host.
pub(crate) struct Mounted {
    /// Leptos' handle; dropping it unmounts the view, which must happen before its host goes.
    _view: Box<dyn Any>,
    host: Host,
}

impl Mounted {
    /// Puts the survey on the page; `None` where the page lets nothing be put there. `hear` is called with what
    /// the visitor does; what the visitor is told comes by `notice`, and `chosen` are controls, by question, that are
    /// chosen before the visitor comes to them.
    pub(crate) fn new(
        survey: &Rc<Survey>,
        placement: &Placement,
        (notice, chosen): (Rc<DeliveryNotice>, Vec<(Text, Vec<String>)>),
        hear: Box<dyn Fn(SurveyEvent)>,
    ) -> Option<Self> {
        let mut host = Host::new(survey, placement)?;
        let (asked, frame) = (Rc::clone(survey), Frame::of(survey, placement));
        let view = leptos::mount::mount_to(host.mount_point(), move || {
            view::card(asked, frame, (notice, chosen), hear)
        });
        host.finish(survey, placement);
        Some(Self { _view: Box::new(view), host })
    }

    /// Its element.
    pub(crate) fn element(&self) -> &HtmlElement {
        self.host.element()
    }

    /// Puts it back where the page has swept it away.
    pub(crate) fn put_back(&self) -> bool {
        self.host.put_back()
    }

    /// Whether the page has taken it from where it stood.
    pub(crate) fn is_swept(&self) -> bool {
        self.host.is_swept()
    }

    /// Lets it stand inside another element.
    pub(crate) fn move_to(&self, place: &Element) {
        self.host.move_to(place);
    }

    /// What it is mounted in, where all of its events pass.
    pub(crate) fn root(&self) -> HtmlElement {
        self.host.mount_point()
    }

    /// Whether it still stands on the page.
    pub(crate) fn is_connected(&self) -> bool {
        self.host.is_connected()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.host.give_back_focus();
    }
}
