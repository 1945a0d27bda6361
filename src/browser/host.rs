use super::focus_avoidance::FocusAvoidance;
use super::theming::Theming;
use super::{Listener, document, listen};
use sondeo_model::{Display, Survey};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    CssStyleSheet, Element, Event, FocusEvent, HtmlDialogElement, HtmlElement, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.css"));

/// How often an element is put back that the page sweeps away.
const MOST_RETURNS: u32 = 3;

/// Where a survey's element goes.
pub(crate) enum Placement {
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
    /// The element of the page that it stands in, if it stands in one.
    parent: Option<Element>,
    /// Whether the page has called the element's `remove`, which is ours then.
    is_removed: Rc<Cell<bool>>,
    remove: Option<Closure<dyn Fn()>>,
    /// How often it was put back.
    returns: Cell<u32>,
    theming: Option<Theming>,
    focus_avoidance: Option<FocusAvoidance>,
}

impl Placement {
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
    pub(crate) fn new(survey: &Survey, placement: &Placement) -> Option<Self> {
        let element: HtmlElement =
            document().create_element("sondeo-widget").ok()?.dyn_into().ok()?;
        let appearance = &survey.appearance;
        let display = match (placement, appearance.display) {
            (Placement::Inside(_), Display::Page) => Display::Page,
            (Placement::Inside(_), _) => Display::Inline,
            (Placement::Floating, display) => display,
        };
        for (name, value) in [
            ("data-survey", survey.id.as_ref()),
            ("lang", survey.language.as_ref()),
            ("data-display", display.as_str()),
            ("data-position", appearance.position.as_str()),
        ] {
            element.set_attribute(name, value).ok()?;
        }
        let root = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        adopt_style(&root);
        match placement {
            Placement::Inside(parent) => {
                parent.append_child(&element).ok()?;
            }
            Placement::Floating => {
                let has_top_layer = js_sys::Reflect::has(&element, &"showPopover".into());
                // A modal dialog comes to the top layer by itself.
                if !placement.is_modal(display) && has_top_layer.unwrap_or_default() {
                    let _ = element.set_attribute("popover", "manual");
                }
                float(&element)?;
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
        Some(Self {
            element,
            root,
            before,
            _listener: listener,
            parent: match placement {
                Placement::Inside(parent) => Some(parent.clone()),
                Placement::Floating => None,
            },
            is_removed: Rc::default(),
            remove: None,
            returns: Cell::new(0),
            theming: None,
            focus_avoidance: None,
        })
    }

    /// Called once the view is mounted: gives it its colours, opens a modal one, and keeps any other that
    /// floats out of the focus' way.
    pub(crate) fn finish(&mut self, survey: &Survey, placement: &Placement) {
        self.watch_removal();
        let appearance = &survey.appearance;
        let root = self.mount_point();
        if let Some(card) = inside(&root, ".card") {
            self.theming = Some(Theming::new(&self.element, card, appearance));
        }
        if let Some(dialog) = self.dialog() {
            let before = document().active_element().and_then(|it| it.dyn_into().ok());
            self.before.replace(before);
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        } else if matches!(placement, Placement::Floating) {
            self.focus_avoidance = Some(FocusAvoidance::new(&self.element, appearance.position));
        }
    }

    /// Puts the element back where the page has swept it away along with everything that it does not know, as
    /// frameworks do when they take over a page: with all that was typed, and a few times. What the page has
    /// removed by the element's own `remove` stays away. Returns whether it stands there again.
    pub(crate) fn put_back(&self) -> bool {
        let is_wanted = !self.is_removed.get() && self.returns.get() < MOST_RETURNS;
        let stand = || match &self.parent {
            Some(parent) => {
                parent.append_child(&self.element).ok().filter(|_| parent.is_connected()).map(drop)
            }
            None => float(&self.element),
        };
        if !is_wanted || stand().is_none() {
            return false;
        }
        self.returns.set(self.returns.get() + 1);
        if let Some(dialog) = self.dialog() {
            dialog.set_open(false);
            let _ = dialog.show_modal();
        }
        true
    }

    /// Hears when the page removes the element on purpose.
    fn watch_removal(&mut self) {
        let (element, is_removed) = (self.element.clone(), Rc::clone(&self.is_removed));
        let remove = Closure::<dyn Fn()>::new(move || {
            is_removed.set(true);
            if let Some(parent) = element.parent_node() {
                let _ = parent.remove_child(&element);
            }
        });
        let _ = js_sys::Reflect::set(&self.element, &"remove".into(), remove.as_ref());
        self.remove = Some(remove);
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
        // What the page may still hold calls nothing of ours any more.
        let _ = js_sys::Reflect::delete_property(&self.element, &"remove".into());
    }
}

/// Puts the element above the page.
fn float(element: &HtmlElement) -> Option<()> {
    document().document_element()?.append_child(element).ok()?;
    if element.has_attribute("popover") {
        let _ = element.show_popover();
    }
    Some(())
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
