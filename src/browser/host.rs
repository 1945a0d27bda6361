use super::clearance::Clearance;
use super::paint::Paint;
use super::{Listener, document, listen};
use sondeo_model::{Display, Survey};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    CssStyleSheet, Element, Event, FocusEvent, HtmlDialogElement, HtmlElement, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.css"));

/// Where a survey's element goes.
pub(crate) enum Place {
    /// Above the page.
    Floating,
    /// In the flow of the page, as the last child of this element.
    Inside(Element),
}

/// The element `<sondeo-widget>` with its open shadow root; leaves the page when dropped.
pub(crate) struct Host {
    element: HtmlElement,
    root: ShadowRoot,
    /// What had the focus before the visitor came in.
    before: Rc<RefCell<Option<HtmlElement>>>,
    _listener: Listener,
    paint: Option<Paint>,
    clearance: Option<Clearance>,
}

impl Place {
    /// Whether a survey that stands so is in front of a page that waits for it.
    pub(crate) fn is_modal(&self, display: Display) -> bool {
        matches!(self, Self::Floating) && matches!(display, Display::Dialog | Display::Page)
    }
}

impl Host {
    /// Puts the element of this survey on the page.
    ///
    /// It has the page's direction, which decides its corner; the survey's own is the card's.
    ///
    /// A floating one is a child of `<html>`, in the top layer where there is one: a transformed, replaced
    /// or re-rendered `<body>` does not move it.
    pub(crate) fn new(survey: &Survey, place: &Place) -> Option<Self> {
        let element: HtmlElement =
            document().create_element("sondeo-widget").ok()?.dyn_into().ok()?;
        let appearance = &survey.appearance;
        let display = match (place, appearance.display) {
            (Place::Inside(_), Display::Page) => Display::Page,
            (Place::Inside(_), _) => Display::Inline,
            (Place::Floating, display) => display,
        };
        for (name, value) in [
            ("data-survey", survey.id.as_ref()),
            ("lang", survey.language.as_ref()),
            ("data-display", display.word()),
            ("data-position", appearance.position.word()),
        ] {
            element.set_attribute(name, value).ok()?;
        }
        let root = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        adopt_style(&root);
        match place {
            Place::Inside(parent) => {
                parent.append_child(&element).ok()?;
            }
            Place::Floating => {
                document().document_element()?.append_child(&element).ok()?;
                // A modal dialog comes to the top layer by itself.
                if !place.is_modal(display) {
                    let _ = element.set_attribute("popover", "manual");
                    let has_top_layer = js_sys::Reflect::has(&element, &"showPopover".into());
                    if has_top_layer.unwrap_or_default() {
                        let _ = element.show_popover();
                    } else {
                        let _ = element.remove_attribute("popover");
                    }
                }
            }
        }
        let before: Rc<RefCell<Option<HtmlElement>>> = Rc::default();
        let left = Rc::clone(&before);
        let remember = move |event: &Event| {
            let from = event.unchecked_ref::<FocusEvent>().related_target();
            if let Some(from) = from.and_then(|from| from.dyn_into().ok()) {
                left.replace(Some(from));
            }
        };
        let listener = listen(&element, "focusin", Box::new(remember));
        Some(Self { element, root, before, _listener: listener, paint: None, clearance: None })
    }

    /// Called once the view is mounted: gives it its colours, opens a modal one, and keeps any other that
    /// floats out of the focus' way.
    pub(crate) fn finish(&mut self, survey: &Survey, place: &Place) {
        let appearance = &survey.appearance;
        let root = self.mount_point();
        if let Some(card) = inside(&root, ".card") {
            self.paint = Some(Paint::new(&self.element, card, appearance));
        }
        if let Some(dialog) = self.dialog() {
            let before = document().active_element().and_then(|it| it.dyn_into().ok());
            self.before.replace(before);
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        } else if matches!(place, Place::Floating) {
            self.clearance = Some(Clearance::new(&self.element, appearance.position));
        }
    }

    fn dialog(&self) -> Option<HtmlDialogElement> {
        inside(&self.mount_point(), "dialog").map(JsCast::unchecked_into)
    }

    /// Gives the focus back to the page, where it is inside now. To be called before the view goes.
    pub(crate) fn give_back_focus(&self) {
        let focused = document().active_element();
        let is_inside = focused.as_ref() == Some(self.element.as_ref());
        let dialog = self.dialog();
        if let Some(dialog) = &dialog {
            // While it is open, nothing else can have the focus.
            dialog.close();
        }
        if (is_inside || dialog.is_some())
            && let Some(before) = self.before.take()
        {
            let _ = before.focus();
        }
    }

    /// The element itself, which the widget's events come from.
    pub(crate) fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// The shadow root, in the type that Leptos mounts to. It only calls methods of `Node`.
    pub(crate) fn mount_point(&self) -> HtmlElement {
        self.root.clone().unchecked_into()
    }

    /// Whether it still stands on the page.
    pub(crate) fn is_connected(&self) -> bool {
        self.element.is_connected()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.element.remove();
    }
}

/// The first element inside that the selector means.
fn inside(root: &HtmlElement, selector: &str) -> Option<HtmlElement> {
    let found: Option<Element> = root.query_selector(selector).ok().flatten();
    found.map(JsCast::unchecked_into)
}

/// A constructed sheet passes any host policy; a `<style>` stands in where there are none.
fn adopt_style(root: &ShadowRoot) {
    match CssStyleSheet::new().and_then(|sheet| sheet.replace_sync(STYLE).map(|()| sheet)) {
        Ok(sheet) => root.set_adopted_style_sheets(&js_sys::Array::of1(&sheet)),
        Err(_) => {
            if let Ok(style) = document().create_element("style") {
                style.set_text_content(Some(STYLE));
                let _ = root.append_child(&style);
            }
        }
    }
}
