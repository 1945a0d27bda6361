use super::ElementSearch;
use super::visibility::Visibility;

/// Watches whether elements come into view, until it is dropped.
#[must_use]
pub(crate) struct SelectorVisibility {
    _search: ElementSearch,
    _view: Visibility,
}

impl SelectorVisibility {
    /// Calls `seen` each time that an element that the selector means is half in view. Elements that come later
    /// count as well, those in open shadow roots, too.
    pub(crate) fn new(css: &str, seen: Box<dyn Fn()>) -> Self {
        let view = Visibility::of(seen);
        let observer = view.observer();
        let search = ElementSearch::find(
            css,
            Box::new(move |elements| {
                for element in elements {
                    if let Some(observer) = &observer {
                        observer.observe(&element);
                    }
                }
            }),
        );
        Self { _search: search, _view: view }
    }
}
