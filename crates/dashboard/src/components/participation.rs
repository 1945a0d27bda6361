use crate::format;
use crate::words::{language, words};
use leptos::prelude::*;
use sondeo_api::summary::Summary;
use sondeo_model::metric::Estimate;

/// From shown to the end.
#[component]
pub(crate) fn Participation(summary: Summary) -> impl IntoView {
    let (language, words) = (language(), words());
    let whole = &summary.whole;
    let rate = |name: &'static str, rate: Option<Estimate>, missing: Option<&'static str>| {
        let text = match rate {
            Some(rate) => format::rate(language, &rate),
            None => missing.unwrap_or("–").to_owned(),
        };
        let class = if rate.is_some() { "" } else { "soft" };
        view! { <div><dt>{name}</dt><dd class=class>{text}</dd></div> }
    };
    let widest = whole.shown.max(1) as f64;
    let steps = [
        (words.shown, whole.shown),
        (words.answered, whole.responses),
        (words.completed, whole.completed),
        (words.dismissed, whole.dismissed),
    ]
    .map(|(name, count)| {
        let width = format!("{:.2}%", count as f64 * 100.0 / widest);
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="bars" aria-hidden="true"><i class="bar even" style:width=width></i></td>
                <td>{format::count(language, count)}</td>
            </tr>
        }
    });
    view! {
        <section class="card participation" aria-labelledby="participation-title">
            <h2 id="participation-title">{words.participation}</h2>
            <dl>
                {rate(words.response_rate, whole.response_rate, Some(words.rate_unknown))}
                {rate(words.completion, whole.completion, None)}
                {(summary.crawlers > 0)
                    .then(|| {
                        let count = format::count(language, summary.crawlers);
                        view! { <div><dt>{words.crawlers}</dt><dd data-crawlers="">{count}</dd></div> }
                    })}
            </dl>
            <table class="distributed">
                <caption class="unseen">{words.participation}</caption>
                <tbody>{steps}</tbody>
            </table>
        </section>
    }
}
