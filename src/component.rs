//! The survey for Leptos applications.
#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

use crate::browser::Placement;
use crate::mount::Mounted;
use crate::view::SurveyEvent;
use leptos::html::Div;
use leptos::prelude::*;
use sondeo_model::{Answer, Display};
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// One survey: its questions one after the other, then the thank-you.
///
/// It renders an empty `<div>`, on a server too, and comes to life once that stands on a page: with the same
/// element, shadow root and style sheet as the widget's, so that neither side's styles reach the other.
/// It needs no loader, and nothing is sent: what becomes of the answers is the application's.
///
/// ```
/// use leptos::prelude::*;
/// use sondeo::{Survey, model::{Messages, Template}};
///
/// #[component]
/// fn Article() -> impl IntoView {
///     let kept = RwSignal::new(Vec::new());
///     view! {
///         <p>"Returns are free for thirty days."</p>
///         <Survey
///             survey=Template::Faq.survey(Messages::ENGLISH)
///             on_answer=move |answers| kept.set(answers)
///         />
///     }
/// }
/// ```
#[component]
pub fn Survey(
    /// What to ask, in the language to ask it in.
    #[prop(into)]
    survey: Rc<sondeo_model::Survey>,
    /// How it stands: by default where the component does, whatever the survey says for pages with the
    /// loader's tag. Everything but `Inline` and `Page` floats above the page.
    #[prop(default = Display::Inline)]
    display: Display,
    /// Called at each answer with all answers so far, the last time when the survey is completed.
    #[prop(optional, into)]
    on_answer: Option<UnsyncCallback<Vec<Answer>>>,
    /// Called with all answers when the survey is at its end.
    #[prop(optional, into)]
    on_complete: Option<UnsyncCallback<Vec<Answer>>>,
    /// Called when the survey has gone: closed by the visitor, or done with thanking.
    #[prop(optional, into)]
    on_close: Option<UnsyncCallback<()>>,
) -> impl IntoView {
    let anchor = NodeRef::<Div>::new();
    let survey = {
        let mut survey = Rc::unwrap_or_clone(survey);
        survey.appearance.display = display;
        Rc::new(survey)
    };
    // Taken by the effect, which runs in browsers only, and once.
    let given = StoredValue::new_local(Some(survey));
    let mounted = StoredValue::new_local(None);
    let hear = move |happening| match happening {
        SurveyEvent::Revised { answers, is_completed, .. } => {
            let completed = on_complete.filter(|_| is_completed).map(|it| (it, answers.clone()));
            if let Some(on_answer) = on_answer {
                on_answer.run(answers);
            }
            if let Some((on_complete, answers)) = completed {
                on_complete.run(answers);
            }
        }
        SurveyEvent::Closed => {
            // It is called from inside the view, which must not be dropped under its own feet.
            leptos::task::spawn_local(async move {
                mounted.set_value(None);
                if let Some(on_close) = on_close {
                    on_close.run(());
                }
            });
        }
    };
    Effect::new(move || {
        let Some(element) = anchor.get() else { return };
        let Some(survey) = given.try_update_value(Option::take).flatten() else { return };
        let placement = match display {
            Display::Inline | Display::Page => Placement::Inside(element.unchecked_into()),
            _ => Placement::Floating,
        };
        let parts = (Rc::default(), Vec::new());
        mounted.set_value(Mounted::new(&survey, &placement, parts, Box::new(hear)));
    });
    view! { <div node_ref=anchor></div> }
}
