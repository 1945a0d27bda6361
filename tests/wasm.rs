//! The component in a real document: what Leptos applications get, through the crate's public face.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, reason = "a test program is nobody's library")]

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use sondeo::model::json::Json;
use sondeo::model::{
    Answer, Choice, Definition, Display, Kind, Language, Layer, LocalizedText, Look, Messages,
    Options, Problems, Template, Theme, Value,
};
use sondeo::{Survey, SurveyProps};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

/// What an application hears of one survey.
#[derive(Debug, Clone, PartialEq)]
enum Heard {
    Answer(Vec<Value>),
    Complete(Vec<Value>),
    Close,
}

/// An application that shows one survey and writes down what it hears.
struct Application<State: Mountable> {
    place: HtmlElement,
    id: String,
    heard: Rc<RefCell<Vec<Heard>>>,
    _mounted: UnmountHandle<State>,
}

fn application(survey: sondeo::model::Survey) -> Application<impl Mountable> {
    showing(survey, Display::Inline)
}

/// Several floating ones at a time are told apart by their ids.
fn showing(survey: sondeo::model::Survey, display: Display) -> Application<impl Mountable> {
    let place: HtmlElement =
        document().create_element("main").expect("an element").unchecked_into();
    let body = document().body().expect("a body");
    body.append_child(&place).expect("a place");
    let heard: Rc<RefCell<Vec<Heard>>> = Rc::default();
    let hears = |make: fn(Vec<Value>) -> Heard| {
        let heard = Rc::clone(&heard);
        let hear = move |answers: Vec<Answer>| {
            let values = answers.into_iter().map(|answer| answer.value);
            heard.borrow_mut().push(make(values.collect()));
        };
        Some(UnsyncCallback::new(hear))
    };
    let (on_answer, on_complete) = (hears(Heard::Answer), hears(Heard::Complete));
    let closed = Rc::clone(&heard);
    let on_close = UnsyncCallback::new(move |()| closed.borrow_mut().push(Heard::Close));
    let id = survey.id.to_string();
    let mounted = mount_to(place.clone(), move || {
        Survey(SurveyProps {
            survey: Rc::new(survey),
            display,
            on_answer,
            on_complete,
            on_close: Some(on_close),
        })
    });
    Application { place, id, heard, _mounted: mounted }
}

fn faq() -> sondeo::model::Survey {
    Template::Faq.survey(Messages::ENGLISH)
}

fn purchase() -> sondeo::model::Survey {
    Template::PostPurchase.survey(Messages::ENGLISH)
}

impl<State: Mountable> Application<State> {
    /// Inside its place, or above the page.
    fn host(&self) -> Option<HtmlElement> {
        let css = format!("sondeo-widget[data-survey='{}']", self.id);
        let elements = self.place.query_selector_all("*").ok()?;
        let inside = (0..elements.length()).find_map(|at| {
            let element: web_sys::Element = elements.get(at)?.dyn_into().ok()?;
            element.shadow_root()?.query_selector(&css).ok()?
        });
        let host = inside.or_else(|| {
            let above = format!("html > {css}");
            document().query_selector(&above).ok()?
        });
        host.map(JsCast::unchecked_into)
    }

    fn root(&self) -> Option<ShadowRoot> {
        self.host()?.shadow_root()
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

    async fn until_gone(&self) {
        for _ in 0..600 {
            if self.host().is_none() && self.heard().last() == Some(&Heard::Close) {
                return;
            }
            frame().await;
        }
        panic!("it is still there: {}", self.place.inner_html());
    }

    async fn click(&self, css: &str) {
        self.until(css).await.click();
    }

    async fn write(&self, css: &str, words: &str) {
        let field = self.until(css).await;
        js_sys::Reflect::set(&field, &"value".into(), &words.into()).expect("a field");
        let typed = CustomEventInit::new();
        typed.set_bubbles(true);
        let typed = CustomEvent::new_with_event_init_dict("input", &typed).expect("an event");
        field.dispatch_event(&typed).expect("heard");
    }

    async fn asks(&self, question: &str) {
        for _ in 0..600 {
            let legend = self.find("legend").and_then(|legend| legend.text_content());
            if legend.as_deref() == Some(question) {
                return;
            }
            frame().await;
        }
        panic!(
            "it never asked {question}, but {:?}",
            self.find("legend").map(|it| it.inner_text())
        );
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.borrow().clone()
    }
}

async fn frame() {
    let mut wait = |resolve: js_sys::Function, _| {
        window().request_animation_frame(&resolve).expect("frames");
    };
    JsFuture::from(js_sys::Promise::new(&mut wait)).await.expect("a frame");
}

/// The element with the focus, inside shadow roots too.
fn focused() -> Option<web_sys::Element> {
    let mut element = document().active_element()?;
    while let Some(inner) = element.shadow_root().and_then(|root| root.active_element()) {
        element = inner;
    }
    Some(element)
}

#[wasm_bindgen_test]
async fn a_click_answers_and_the_application_hears_of_it() {
    let application = application(purchase());
    application.click("input[value='5']").await;
    let thanks = application.until("[part=thanks]").await;
    assert_eq!(thanks.text_content().as_deref(), Some("Thank you!"));
    let values = vec![Value::Integer(5)];
    assert_eq!(application.heard(), [Heard::Answer(values.clone()), Heard::Complete(values)]);
}

#[wasm_bindgen_test]
async fn a_low_score_asks_why_and_keeps_both_answers() {
    let application = application(purchase());
    application.click("input[value='2']").await;
    assert_eq!(application.heard(), [Heard::Answer(vec![Value::Integer(2)])]);

    application.write("textarea[name=why]", "Too late").await;
    application.click("button[type=submit]").await;
    application.until("[part=thanks]").await;
    let values = vec![Value::Integer(2), Value::Text("Too late".into())];
    let last = [Heard::Answer(values.clone()), Heard::Complete(values)];
    assert_eq!(application.heard()[1..], last);
}

#[wasm_bindgen_test]
async fn going_back_finds_the_answer_and_may_change_the_way() {
    let application = application(purchase());
    application.click("input[value='2']").await;
    application.asks("What went wrong?").await;
    application.write("textarea[name=why]", "Half of it").await;
    application.click("[part=back]").await;
    application.until("form.answered input[value='2']:checked").await;

    // The same way again keeps what was written on it.
    application.click("button[type=submit]").await;
    let field = application.until("textarea[name=why]").await;
    let kept = js_sys::Reflect::get(&field, &"value".into()).expect("a value");
    assert_eq!(kept.as_string().as_deref(), Some("Half of it"));

    application.click("[part=back]").await;
    application.click("input[value='5']").await;
    application.until("[part=thanks]").await;
    let last = application.heard().pop();
    assert_eq!(last, Some(Heard::Complete(vec![Value::Integer(5)])));
}

#[wasm_bindgen_test]
async fn the_close_button_takes_it_away_and_tells_the_application() {
    let application = application(Template::Faq.survey(Messages::ENGLISH));
    application.click("[part=close]").await;
    application.until_gone().await;
    assert_eq!(application.heard(), [Heard::Close]);
}

#[wasm_bindgen_test]
async fn an_application_need_not_listen() {
    let place: HtmlElement =
        document().create_element("main").expect("an element").unchecked_into();
    document().body().expect("a body").append_child(&place).expect("a place");
    let mounted = mount_to(place.clone(), || view! { <Survey survey=faq() /> });
    let (heard, id) = (Rc::default(), "faq".to_owned());
    let application = Application { place, id, heard, _mounted: mounted };
    application.click("input[value=yes]").await;
    application.until("[part=thanks]").await;
}

#[wasm_bindgen_test]
async fn two_surveys_side_by_side_are_answered_apart() {
    let one = application(faq());
    let other = application(faq());
    one.click("input[value=no]").await;
    other.click("input[value=yes]").await;
    assert_eq!(one.heard(), [Heard::Answer(vec![Value::Boolean(false)])]);
    assert_eq!(other.heard().pop(), Some(Heard::Complete(vec![Value::Boolean(true)])));
}

#[wasm_bindgen_test]
async fn a_survey_leaves_with_its_component() {
    for display in Display::ALL {
        let application = showing(faq(), *display);
        application.until("legend").await;
        let Application { place, id, _mounted, .. } = application;
        drop(_mounted);
        frame().await;
        assert_eq!(place.inner_html(), "", "{display:?}");
        let host = document().query_selector(&format!("sondeo-widget[data-survey='{id}']"));
        // Others of this id may stand in places of other tests.
        let floats = host.expect("a selector").is_some_and(|it| {
            it.parent_element().is_some_and(|parent| parent.local_name() == "html")
        });
        assert!(!floats, "{display:?}");
    }
}

#[wasm_bindgen_test]
async fn a_component_has_every_display_and_is_answered_in_it() {
    for (display, card, stands_inside) in [
        (Display::Inline, "section.card", true),
        (Display::Page, "section.card", true),
        (Display::Popover, "section.card", false),
        (Display::Bar, "section.card", false),
        (Display::Dialog, "dialog.card[open]", false),
        (Display::Tab, "section.card[role=dialog]", false),
    ] {
        let mut survey = faq();
        survey.id = format!("as-{}", display.as_str()).into();
        // What the survey says is for pages with a tag.
        survey.appearance.display = Display::Popover;
        let application = showing(survey, display);
        application.until(card).await;
        let host = application.host().expect("a host");
        assert_eq!(host.get_attribute("data-display").as_deref(), Some(display.as_str()));
        // Inside, it stands in a shadow root of the component's element.
        let root: Option<ShadowRoot> = host.get_root_node().dyn_into().ok();
        let is_inside = root.is_some_and(|root| application.place.contains(Some(&root.host())));
        assert_eq!(is_inside, stands_inside, "{display:?}");
        if display == Display::Tab {
            application.until("section[hidden]").await;
            application.click(".tab[aria-expanded=false]").await;
            application.until("section:not([hidden])").await;
        }
        application.click("input[value=yes]").await;
        application.until("[part=thanks]").await;
        let values = vec![Value::Boolean(true)];
        assert_eq!(application.heard().pop(), Some(Heard::Complete(values)), "{display:?}");
        application.click("[part=close]").await;
        application.until_gone().await;
    }
}

#[wasm_bindgen_test]
async fn a_dialog_takes_the_focus_and_gives_it_back() {
    let field: HtmlElement =
        document().create_element("input").expect("an element").unchecked_into();
    document().body().expect("a body").append_child(&field).expect("a place");
    field.focus().expect("the focus");
    let mut survey = faq();
    survey.id = "modal".into();
    let application = showing(survey, Display::Dialog);
    application.until("dialog[open]").await;
    let inside = focused().expect("a focus");
    assert!(application.root().expect("a root").contains(Some(&inside)));
    application.click("[part=close]").await;
    application.until_gone().await;
    assert_eq!(focused().as_ref(), Some(field.as_ref()));
    field.remove();
}

#[wasm_bindgen_test]
async fn a_survey_is_built_from_a_definition() {
    let text = |text: &str| Json::Text(text.to_owned());
    let object = |members: &[(&str, Json)]| {
        let members = members.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        Json::Object(members.collect())
    };
    let option = |id: &str| object(&[("id", text(id)), ("text", text(&id.to_uppercase()))]);
    let question = object(&[
        ("id", text("fruit")),
        ("kind", text("choice")),
        ("text", object(&[("en", text("Which?")), ("de", text("Welche?"))])),
        ("options", Json::List(vec![option("apple"), option("pear")])),
        ("other", Json::Boolean(true)),
    ]);
    let json = object(&[
        ("id", text("market")),
        ("questions", Json::List(vec![question])),
        ("theme", text("dark")),
        ("accent", text("#ffff00")),
        ("thanks", text("Cheers")),
    ]);
    let mut problems = Problems::default();
    let layers = vec![Layer::object("market", &json)];
    let definition = Definition::read(layers, None, &mut problems).expect("a survey");
    assert_eq!(*problems, []);

    let application = application(definition.survey("de-AT", Messages::ENGLISH));
    application.asks("Welche?").await;
    let host = application.host().expect("a host");
    assert_eq!(definition.language("de-AT"), Language::De);
    assert_eq!(host.get_attribute("lang").as_deref(), Some("de"));
    assert_eq!(host.get_attribute("data-theme").as_deref(), Some(Theme::Dark.as_str()));
    let accent = host.style().get_property_value("--sondeo-accent");
    assert_eq!(accent.expect("a property"), "#ffff00");
    application.click("input[value=other]").await;
    let thanks = application.until("[part=thanks]").await;
    assert_eq!(thanks.text_content().as_deref(), Some("Cheers"));
    let values = vec![Value::Text("other".into())];
    assert_eq!(application.heard().pop(), Some(Heard::Complete(values)));
}

#[wasm_bindgen_test]
async fn wording_is_never_read_as_markup() {
    let words = "<img src=x onerror=alert(1)> & more";
    let mut survey = faq();
    survey.questions.to_mut()[0].text = LocalizedText::always(words);
    let application = application(survey);
    let legend = application.until("legend").await;
    assert_eq!(legend.text_content().as_deref(), Some(words));
    assert!(application.find("img").is_none());
}

#[wasm_bindgen_test]
async fn any_number_of_options_is_confirmed_by_the_button() {
    let mut survey = Template::Csat.survey(Messages::ENGLISH);
    let option = |id: &'static str| Choice {
        id: id.into(),
        text: LocalizedText::always(id),
        minutes: None,
        image: None,
    };
    let list = ["taste", "price", "service"].map(option).to_vec().into();
    survey.questions.to_mut()[0].kind = Kind::Choices {
        options: Options { list, shuffle: true, has_other_text: false },
        min: 1,
        max: 2,
    };
    let application = application(survey);

    application.click("button[type=submit]").await;
    application.until("[role=alert] span").await;
    let missing = application.until("[role=alert]").await;
    assert_eq!(missing.text_content().as_deref(), Some("Please choose an answer."));
    application.click("input[type=checkbox][value=price]").await;
    application.click("input[type=checkbox][value=taste]").await;
    assert!(application.heard().is_empty(), "a click alone does not decide");
    application.click("button[type=submit]").await;
    application.until("[part=thanks]").await;
    let Some(Heard::Complete(values)) = application.heard().pop() else { panic!("not complete") };
    let [Value::Options(mut chosen)] = <[Value; 1]>::try_from(values).expect("one answer") else {
        panic!("not a list of options")
    };
    chosen.sort();
    assert_eq!(chosen, ["price", "taste"]);
}

#[wasm_bindgen_test]
async fn every_look_is_a_scale() {
    let ends = || Some([LocalizedText::always("Low"), LocalizedText::always("High")]);
    for (look, points) in [
        (Look::Stars, 5),
        (Look::Thumbs, 2),
        (Look::Faces, 3),
        (Look::Labels, 2),
        (Look::Numbers, 11),
    ] {
        let mut survey = Template::Csat.survey(Messages::ENGLISH);
        let labels: Vec<_> = match look {
            Look::Labels => {
                (1..=points).map(|point| LocalizedText::always(format!("Nr. {point}"))).collect()
            }
            _ => Vec::new(),
        };
        let kind = Kind::Likert { points, look, labels: labels.into(), ends: ends() };
        survey.questions.to_mut()[0].kind = kind;
        let application = application(survey);
        let last = application.until(&format!("input[value='{points}']")).await;
        let name = match look {
            // The words beside it are its name.
            Look::Labels => None,
            _ => Some(format!("{points}: High")),
        };
        assert_eq!(last.get_attribute("aria-label"), name, "{look:?}");
        last.click();
        application.until("[part=thanks]").await;
        let values = vec![Value::Integer(points.into())];
        assert_eq!(application.heard().pop(), Some(Heard::Complete(values)), "{look:?}");
    }
}
