//! The component in a real document: what Leptos applications get, through the crate's public face.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, reason = "a test program is nobody's library")]

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use sondeo::model::{Choice, Kind, Language, Look, Options, Template, Value};
use sondeo::{Happening, Survey, SurveyProps};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

/// An application that shows one survey and writes down what happens.
struct Application<State: Mountable> {
    place: HtmlElement,
    happenings: Rc<RefCell<Vec<Happening>>>,
    _mounted: UnmountHandle<State>,
}

fn application(survey: sondeo::model::Survey) -> Application<impl Mountable> {
    let place: HtmlElement =
        document().create_element("main").expect("an element").unchecked_into();
    let body = document().body().expect("a body");
    body.append_child(&place).expect("a place");
    let happenings = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&happenings);
    let on_happening = move |happening| heard.borrow_mut().push(happening);
    let mounted = mount_to(place.clone(), move || {
        Survey(SurveyProps { survey: Rc::new(survey), on_happening })
    });
    Application { place, happenings, _mounted: mounted }
}

impl<State: Mountable> Application<State> {
    fn root(&self) -> Option<ShadowRoot> {
        self.place.query_selector("sondeo-widget").ok()??.shadow_root()
    }

    fn find(&self, css: &str) -> Option<HtmlElement> {
        Some(self.root()?.query_selector(css).ok()??.unchecked_into())
    }

    /// Waits until there is such an element.
    async fn until(&self, css: &str) -> HtmlElement {
        for _ in 0..600 {
            if let Some(found) = self.find(css) {
                return found;
            }
            frame().await;
        }
        panic!("waited in vain for {css} in {}", self.place.inner_html());
    }

    async fn click(&self, css: &str) {
        self.until(css).await.click();
    }

    /// The values answered so far, and whether the survey is at its end, as last heard.
    fn last(&self) -> (Vec<Value>, bool) {
        match self.happenings.borrow().last() {
            Some(Happening::Revised { answers, completed }) => {
                (answers.iter().map(|answer| answer.value.clone()).collect(), *completed)
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn frame() {
    let mut wait = |resolve: js_sys::Function, _| {
        window().request_animation_frame(&resolve).expect("frames");
    };
    JsFuture::from(js_sys::Promise::new(&mut wait)).await.expect("a frame");
}

#[wasm_bindgen_test]
async fn a_click_answers_and_the_application_hears_of_it() {
    let application = application(Template::PostPurchase.survey(Language::English));
    application.click("input[value='5']").await;
    let thanks = application.until("[part=thanks]").await;
    assert_eq!(thanks.text_content().as_deref(), Some("Thank you!"));
    assert_eq!(application.last(), (vec![Value::Integer(5)], true));
    assert_eq!(application.happenings.borrow().len(), 1);
}

#[wasm_bindgen_test]
async fn a_low_score_asks_why_and_keeps_both_answers() {
    let application = application(Template::PostPurchase.survey(Language::English));
    application.click("input[value='2']").await;
    assert_eq!(application.last(), (vec![Value::Integer(2)], false));

    let field = application.until("textarea[name=why]").await;
    js_sys::Reflect::set(&field, &"value".into(), &"Too late".into()).expect("a field");
    let typed = CustomEventInit::new();
    typed.set_bubbles(true);
    let typed = CustomEvent::new_with_event_init_dict("input", &typed).expect("an event");
    field.dispatch_event(&typed).expect("heard");
    application.click("button[type=submit]").await;
    application.until("[part=thanks]").await;
    let values = vec![Value::Integer(2), Value::Text("Too late".into())];
    assert_eq!(application.last(), (values, true));
}

#[wasm_bindgen_test]
async fn the_close_button_tells_the_application_which_decides() {
    let application = application(Template::Faq.survey(Language::Spanish));
    application.click("[part=close]").await;
    assert_eq!(*application.happenings.borrow(), [Happening::Closed]);
    assert!(application.find("legend").is_some(), "taking it away is the application's");
}

#[wasm_bindgen_test]
async fn two_surveys_side_by_side_are_answered_apart() {
    let one = application(Template::Faq.survey(Language::English));
    let other = application(Template::Faq.survey(Language::English));
    one.click("input[value=no]").await;
    other.click("input[value=yes]").await;
    assert_eq!(one.last(), (vec![Value::Boolean(false)], false));
    assert_eq!(other.last(), (vec![Value::Boolean(true)], true));
}

#[wasm_bindgen_test]
async fn a_survey_leaves_with_its_component() {
    let application = application(Template::Faq.survey(Language::English));
    application.until("legend").await;
    let Application { place, _mounted, .. } = application;
    drop(_mounted);
    frame().await;
    assert_eq!(place.inner_html(), "");
}

#[wasm_bindgen_test]
async fn wording_is_never_read_as_markup() {
    let mut survey = Template::Faq.survey(Language::English);
    survey.questions[0].text = "<img src=x onerror=alert(1)> & more".into();
    let application = application(survey);
    let legend = application.until("legend").await;
    assert_eq!(legend.text_content().as_deref(), Some("<img src=x onerror=alert(1)> & more"));
    assert!(application.find("img").is_none());
}

#[wasm_bindgen_test]
async fn any_number_of_options_is_confirmed_by_the_button() {
    let mut survey = Template::Csat.survey(Language::English);
    let option = |id: &'static str| Choice { id: id.into(), text: id.into(), minutes: None };
    let list = ["taste", "price", "service"].map(option).to_vec();
    survey.questions[0].kind =
        Kind::Choices { options: Options { list, shuffle: true }, min: 1, max: 2 };
    let application = application(survey);

    application.click("button[type=submit]").await;
    let missing = application.until("[role=alert]").await;
    application.until("[role=alert] span").await;
    assert_eq!(missing.text_content().as_deref(), Some("Please choose an answer."));
    application.click("input[type=checkbox][value=price]").await;
    application.click("input[type=checkbox][value=taste]").await;
    assert!(application.happenings.borrow().is_empty(), "a click alone does not decide");
    application.click("button[type=submit]").await;
    application.until("[part=thanks]").await;
    let (values, completed) = application.last();
    let [Value::Options(mut chosen)] = <[Value; 1]>::try_from(values).expect("one answer") else {
        panic!("not a list of options")
    };
    chosen.sort();
    assert_eq!((chosen, completed), (vec!["price".to_owned(), "taste".to_owned()], true));
}

#[wasm_bindgen_test]
async fn stars_and_words_are_scales_too() {
    for (look, points) in [(Look::Stars, 5), (Look::Labels, 2), (Look::Numbers, 11)] {
        let mut survey = Template::Csat.survey(Language::English);
        let (low, high) = ("Low".into(), "High".into());
        survey.questions[0].kind = Kind::Likert { points, look, low, high };
        let application = application(survey);
        let last = application.until(&format!("input[value='{points}']")).await;
        let name = format!("{points}: High");
        assert_eq!(last.get_attribute("aria-label"), Some(name));
        last.click();
        application.until("[part=thanks]").await;
        assert_eq!(application.last(), (vec![Value::Integer(points.into())], true));
    }
}
