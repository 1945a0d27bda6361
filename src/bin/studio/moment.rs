//! When a template asks, in plain words.

use crate::choice::Choice;
use leptos::prelude::*;
use sondeo::model::{Cooldown, Definition, Display, Duration, Template, Trigger};

/// What makes the chosen survey due.
#[component]
pub(crate) fn Moment(choice: RwSignal<Choice>) -> impl IntoView {
    let phrases = move || {
        let choice = choice.read();
        phrases(choice.template, choice.look.display)
    };
    view! {
        <section class="fact" aria-labelledby="moment-heading">
            <h2 id="moment-heading">"When it asks"</h2>
            <ul>
                {move || phrases().into_iter().map(|it| view! { <li>{it}</li> }).collect_view()}
            </ul>
            <p class="hint">{move || note(choice.read().template)}"Unless your page says otherwise: data-trigger, data-delay."</p>
        </section>
    }
}

/// One sentence for each trigger, then what is true of all.
fn phrases(template: Template, display: Display) -> Vec<String> {
    let definition = template.definition();
    let mut phrases = Vec::new();
    if template == Template::Faq && display == Display::Inline {
        // Its element stands where the template's own trigger waits for.
        phrases.push(trigger(&Trigger::Load));
    } else {
        phrases.extend(definition.triggers().iter().map(trigger));
    }
    if definition.delay() > Duration::default() {
        phrases.push(format!("Then after {}.", time(definition.delay())));
    }
    phrases.extend(limits(&definition));
    phrases
}

/// What this version does not keep of it yet.
fn note(template: Template) -> Option<&'static str> {
    let definition = template.definition();
    let is_heard = |it: &Trigger| matches!(it, Trigger::Load | Trigger::Event(_) | Trigger::Manual);
    let is_whole = definition.triggers().iter().all(is_heard) && limits(&definition).is_empty();
    (!is_whole)
        .then_some("This version hears page loads, events and calls; the rest is on its way. ")
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Load => "As soon as the page has loaded.".to_owned(),
        Trigger::Visit(1) => "On somebody's first visit.".to_owned(),
        Trigger::Visit(number) => format!("On somebody's visit number {number}."),
        Trigger::Event(name) => format!("When the page reports “{name}”."),
        Trigger::Click(selector) => format!("When {selector} is clicked."),
        Trigger::Submit(selector) => format!("When the form {selector} is sent."),
        Trigger::Visible(selector) => format!("When {selector} comes into view."),
        Trigger::Scroll(share) => format!("When {share} % of the page is read."),
        Trigger::Exit => "When somebody is about to leave.".to_owned(),
        Trigger::Idle(length) => format!("After {} without a move.", time(*length)),
        Trigger::Dwell(length) => format!("After {} on the page.", time(*length)),
        Trigger::ChatEnd => "When a chat on the page ends.".to_owned(),
        Trigger::Manual => "When a link or your code asks for it.".to_owned(),
    }
}

fn limits(definition: &Definition) -> Vec<String> {
    let targeting = definition.targeting();
    let mut limits = Vec::new();
    if !targeting.url.is_empty() {
        limits.push(format!("Only on {}.", targeting.url.join(", ")));
    }
    if targeting.recontact == Cooldown::Never {
        limits.push("Once for each visitor.".to_owned());
    }
    limits
}

/// A length of time in words.
fn time(length: Duration) -> String {
    let seconds = length.as_millis() / 1_000;
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

#[cfg(test)]
mod tests {
    use super::phrases;
    use sondeo::model::{Display, Template};

    #[test]
    fn moments_in_plain_words() {
        assert_eq!(
            phrases(Template::PostPurchase, Display::Popover),
            [
                "When the page reports “purchase”.",
                "When the page reports “order-completed”.",
                "Then after 2 seconds."
            ]
        );
        assert_eq!(
            phrases(Template::CartAbandonment, Display::Popover),
            [
                "When somebody is about to leave.",
                "After 60 seconds without a move.",
                "Only on /cart**, /basket**, /checkout**."
            ]
        );
    }

    #[test]
    fn an_article_asks_at_once_where_its_element_stands() {
        assert_eq!(phrases(Template::Faq, Display::Inline), ["As soon as the page has loaded."]);
        assert_eq!(
            phrases(Template::Faq, Display::Popover),
            ["When [data-sondeo-end] comes into view."]
        );
    }
}
