use crate::format;
use crate::words::{language, words};
use leptos::prelude::*;

/// How many came to one value.
pub(super) struct Share {
    /// What the reader calls the value.
    pub(super) called: String,
    /// Its id, where it is called something else: who works with exports looks for it.
    pub(super) id: Option<String>,
    /// The class of its bar.
    pub(super) tone: &'static str,
    pub(super) count: u64,
}

/// How many of so many came to each value, with a bar for each.
#[component]
pub(super) fn Shares(
    caption: &'static str,
    heading: &'static str,
    rows: Vec<Share>,
    of: u64,
) -> impl IntoView {
    let (language, words) = (language(), words());
    let most = rows.iter().map(|row| row.count).max().unwrap_or(0).max(1) as f64;
    let rows = rows.into_iter().map(|Share { called, id, tone, count }| {
        let width = format!("{:.2}%", count as f64 * 100.0 / most);
        let share = (of > 0).then(|| format::percent(language, count as f64 * 100.0 / of as f64));
        view! {
            <tr>
                <th scope="row" dir="auto" title=id>{called}</th>
                <td class="bars" aria-hidden="true">
                    <i class=format!("bar {tone}") style:width=width></i>
                </td>
                <td>{share}</td>
                <td>{format::count(language, count)}</td>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <table class="distributed">
            <caption class="unseen">{caption}</caption>
            <thead class="unseen">
                <tr>
                    <th scope="col">{heading}</th>
                    <td aria-hidden="true"></td>
                    <th scope="col">{words.share}</th>
                    <th scope="col">{words.answers}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
