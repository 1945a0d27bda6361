use super::focus_avoidance::FocusAvoidance;
use super::listener::Containment;
use super::theming::Theming;
use super::{Listener, document, listen};
use sondeo_model::{Display, Survey};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    CssStyleSheet, Element, Event, FocusEvent, HtmlDialogElement, HtmlElement, Node, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.css"));

/// How often at once an element is put back that the page sweeps away; once more in each second after that. A page that
/// patches itself again and again keeps its survey, and one that takes away what it does not know wins.
const MOST_RETURNS: f64 = 10.0;

/// What the visitor does inside, and what a page may act on as if it were done to the page: keys, text, the clipboard.
const CONTAINED: &str = "keydown keyup keypress beforeinput input change compositionstart compositionupdate \
    compositionend cut copy paste dragstart drag dragenter dragover dragleave drop dragend select selectstart \
    selectionchange";

/// The parts that a page may style, also through the shadow root that an inline survey stands in.
const PARTS: &str =
    "back,card,close,ends,error,note,option,options,progress,question,submit,tab,thanks";

/// How a shadow root is marked that a page's element was given for its survey.
const OURS: &str = "sondeo";

/// Where a survey's element goes.
pub(crate) enum Placement {
    /// Above the page.
    Floating,
    /// In the flow of the page, at the end of this element.
    Inside(Element),
}

/// The element `<sondeo-widget>` with its open shadow root; leaves the page when dropped.
pub(crate) struct Host {
    element: HtmlElement,
    root: ShadowRoot,
    /// What had the focus before the visitor came in.
    before: Rc<RefCell<Option<HtmlElement>>>,
    _listener: Listener,
    /// What it stands in, if it stands inside the page: the shadow root of an element, or the element itself.
    parent: RefCell<Option<Node>>,
    _containment: Containment,
    /// Whether the page has called the element's `remove`, which is ours then.
    is_removed: Rc<Cell<bool>>,
    remove: Option<Closure<dyn Fn()>>,
    /// How often it was put back lately, and when that was, in milliseconds.
    returns: Cell<(f64, f64)>,
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
        let parent = match placement {
            Placement::Inside(place) => {
                let _ = element.set_attribute("exportparts", PARTS);
                let parent = inline_parent(place);
                parent.append_child(&element).ok()?;
                Some(parent)
            }
            Placement::Floating => {
                if is_right_to_left() {
                    let _ = element.set_attribute("dir", "rtl");
                }
                let has_top_layer = js_sys::Reflect::has(&element, &"showPopover".into());
                // A modal dialog comes to the top layer by itself.
                if !placement.is_modal(display) && has_top_layer.unwrap_or_default() {
                    let _ = element.set_attribute("popover", "manual");
                }
                float(&element)?;
                None
            }
        };
        let before: Rc<RefCell<Option<HtmlElement>>> = Rc::default();
        let left = Rc::clone(&before);
        let remember = move |event: &Event| {
            let from = event.unchecked_ref::<FocusEvent>().related_target();
            if let Some(from) = from.and_then(|from| from.dyn_into().ok()) {
                left.replace(Some(from));
            }
        };
        let listener = listen(&element, "focusin", Box::new(remember));
        let containment = Containment::new(&root, CONTAINED);
        Some(Self {
            element,
            root,
            before,
            _listener: listener,
            parent: RefCell::new(parent),
            _containment: containment,
            is_removed: Rc::default(),
            remove: None,
            returns: Cell::default(),
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
    /// frameworks do when they take over a page: with all that was typed, and not without end. What the page has
    /// removed by the element's own `remove` stays away. Returns whether it stands there again.
    pub(crate) fn put_back(&self) -> bool {
        let ((lately, last), now) = (self.returns.get(), super::monotonic());
        let lately = (lately - (now - last) / 1_000.0).max(0.0);
        let is_wanted = !self.is_removed.get() && lately < MOST_RETURNS;
        let stand = || match &*self.parent.borrow() {
            Some(parent) => {
                parent.append_child(&self.element).ok().filter(|_| parent.is_connected()).map(drop)
            }
            None => float(&self.element),
        };
        if !is_wanted || stand().is_none() {
            return false;
        }
        self.returns.set((lately + 1.0, now));
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
        let is_inside = self.root.active_element().is_some();
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

    /// Whether the page has taken it from where it stood. What has left together with its place has not been.
    pub(crate) fn is_swept(&self) -> bool {
        match &*self.parent.borrow() {
            Some(parent) => self.element.parent_node().as_ref() != Some(parent),
            None => !self.element.is_connected(),
        }
    }

    /// Lets it stand inside another element, with all that was typed.
    pub(crate) fn move_to(&self, place: &Element) {
        let parent = inline_parent(place);
        let _ = parent.append_child(&self.element);
        self.parent.replace(Some(parent));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.element.remove();
        // What the page may still hold calls nothing of ours any more.
        let _ = js_sys::Reflect::delete_property(&self.element, &"remove".into());
    }
}

/// What a survey stands in that stands inside this element: an open shadow root of the element, so that frameworks which
/// hydrate, patch, clone or cache the element's children never meet it (contract, section 5). An element that has a root
/// of its own, that can have none, or whose script is yet to come and may want one, gets it as a child.
fn inline_parent(place: &Element) -> Node {
    if let Some(root) = place.shadow_root() {
        let is_ours = js_sys::Reflect::has(&root, &OURS.into()).unwrap_or_default();
        return if is_ours { root.into() } else { place.clone().into() };
    }
    let is_defined = place.matches(":defined").unwrap_or_default();
    let root = is_defined.then(|| {
        let root = place.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        // The element's own children stay where they were.
        root.append_child(&*document().create_element("slot").ok()?).ok()?;
        let _ = js_sys::Reflect::set(&root, &OURS.into(), &true.into());
        Some(root)
    });
    root.flatten().map_or_else(|| place.clone().into(), Into::into)
}

/// Whether the page's content runs from right to left, whatever its outermost element says. Its style is not asked for:
/// that costs the style of the whole page, and WebKit then forgets the sheet of a root that is not on the page yet.
fn is_right_to_left() -> bool {
    document().body().is_some_and(|body| body.dir() == "rtl")
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
