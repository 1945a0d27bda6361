//! What puts the chosen survey on a page.

use crate::choice::Choice;
use leptos::prelude::*;
use sondeo::model::{Display, Language, Theme};

/// The snippet with the button that copies it.
#[component]
pub(crate) fn Snippet(choice: RwSignal<Choice>) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let snippet = Memo::new(move |_| snippet(&choice.read(), &origin));
    view! {
        <section class="fact wide-fact" aria-labelledby="snippet-heading">
            <h2 id="snippet-heading">"Put it on your page"</h2>
            <Copyable text=snippet label="The snippet"/>
        </section>
    }
}

/// A text with the button that copies it.
#[component]
pub(crate) fn Copyable(
    #[prop(into)] text: Signal<String>,
    /// What the text is.
    label: &'static str,
) -> impl IntoView {
    let said = RwSignal::new("");
    // What was said of one text does not hold for the next.
    Effect::new(move || {
        text.track();
        said.set("");
    });
    let copy = move |_| {
        let promise = window().navigator().clipboard().write_text(&text.get());
        leptos::task::spawn_local(async move {
            let is_done = wasm_bindgen_futures::JsFuture::from(promise).await.is_ok();
            said.set(if is_done { "Copied" } else { "Select the text and copy it" });
        });
    };
    view! {
        <div class="copyable">
            <pre tabindex="0" role="region" aria-label=label>
                <code>{text}</code>
            </pre>
            <p>
                <button type="button" class="quiet" on:click=copy>
                    "Copy"
                </button>
                <span role="status">{said}</span>
            </p>
        </div>
    }
}

/// What puts it on a page, wherever this studio's collector runs.
fn snippet(choice: &Choice, origin: &str) -> String {
    let Choice { template, look } = choice;
    let is_inline = look.display == Display::Inline;
    let mut attributes = vec![];
    let usual_display = is_inline || look.display == Display::Popover;
    for (name, value, is_usual) in [
        ("display", look.display.as_str(), usual_display),
        ("position", look.place().as_str(), look.is_usual_place()),
        ("theme", look.theme.as_str(), look.theme == Theme::Auto),
        // English needs no word: it is what any page without a language gets.
        ("lang", look.language.tag(), look.language == Language::En),
        ("accent", look.accent.as_deref().unwrap_or_default(), look.accent.is_none()),
        ("endpoint", &[origin, "/v1/responses"].concat(), false),
    ] {
        if !is_usual {
            attributes.push(format!("data-{name}=\"{value}\""));
        }
    }
    let name = template.as_str();
    let attributes = attributes.join("\n  ");
    if is_inline {
        format!(
            "<div data-sondeo=\"{name}\"\n  {attributes}></div>\n<script async src=\"{origin}/sondeo.js\"></script>"
        )
    } else {
        format!(
            "<script async src=\"{origin}/sondeo.js\"\n  data-survey=\"{name}\"\n  {attributes}></script>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::snippet;
    use crate::choice::Choice;

    #[track_caller]
    fn check(address: &[(&str, &str)], expected: &str) {
        let value = |key: &str| {
            let pair = address.iter().find(|(name, _)| *name == key);
            pair.map(|(_, value)| (*value).to_owned())
        };
        let snippet = snippet(&Choice::read(&value), "https://s.example");
        assert_eq!(snippet.replace("\n  ", " "), expected);
    }

    #[test]
    fn only_what_is_not_usual_is_said() {
        check(
            &[("display", "popover")],
            r#"<script async src="https://s.example/sondeo.js" data-survey="post-purchase" data-endpoint="https://s.example/v1/responses"></script>"#,
        );
        check(
            &[("template", "nps"), ("display", "bar"), ("position", "top-left"), ("lang", "ar")],
            r#"<script async src="https://s.example/sondeo.js" data-survey="nps" data-display="bar" data-position="top" data-lang="ar" data-endpoint="https://s.example/v1/responses"></script>"#,
        );
    }

    #[test]
    fn an_inline_survey_has_an_element_of_its_own() {
        check(
            &[("template", "faq"), ("theme", "dark"), ("position", "top")],
            "<div data-sondeo=\"faq\" data-theme=\"dark\" data-endpoint=\"https://s.example/v1/responses\"></div>\n<script async src=\"https://s.example/sondeo.js\"></script>",
        );
    }
}
