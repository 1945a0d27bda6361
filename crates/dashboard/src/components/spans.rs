use crate::days;
use crate::route::{Route, SPANS, Span, current_route, go};
use crate::words::words;
use leptos::prelude::*;

/// Over which days.
#[component]
pub(crate) fn Spans() -> impl IntoView {
    let (route, go) = (current_route(), go());
    let span = Memo::new(move |_| route.get().span);
    let open = RwSignal::new(matches!(span.get_untracked(), Span::Own(..)));
    let text = |span| match span {
        Span::Last(7) => words().days_7,
        Span::Last(30) => words().days_30,
        Span::Last(90) => words().days_90,
        Span::Last(_) => words().year,
        Span::All => words().all_time,
        Span::Own(..) => words().own_period,
    };
    let chip = {
        let go = go.clone();
        move |one: Span| {
            let go = go.clone();
            let choose = move |_| {
                open.set(false);
                go(&Route { span: one, ..route.get_untracked() }, false);
            };
            view! {
                <label class="chip">
                    <input
                        type="radio"
                        name="span"
                        prop:checked=move || !open.get() && span.get() == one
                        on:change=choose
                    />
                    {move || text(one)}
                </label>
            }
        }
    };
    let edges = move || {
        let today = days::today();
        span.get().days(today).unwrap_or((today - 29, today))
    };
    let own = move |first: Option<i64>, last: Option<i64>| {
        let (from, to) = edges();
        let (from, to) = (first.unwrap_or(from), last.unwrap_or(to));
        if from <= to {
            go(&Route { span: Span::Own(from, to), ..route.get_untracked() }, true);
        }
    };
    let (first, last) = (own.clone(), own);
    view! {
        <fieldset class="spans">
            <legend class="unseen">{move || words().period}</legend>
            <div class="chips">
                {SPANS.map(chip)}
                <label class="chip">
                    <input
                        type="radio"
                        name="span"
                        prop:checked=move || open.get()
                        on:change=move |_| open.set(true)
                    />
                    {move || words().own_period}
                </label>
            </div>
            <div class="own" hidden=move || !open.get()>
                <label>
                    <span>{move || words().from}</span>
                    <input
                        type="date"
                        prop:value=move || days::date(edges().0)
                        on:change=move |event| first(days::parse(&event_target_value(&event)), None)
                    />
                </label>
                <label>
                    <span>{move || words().to}</span>
                    <input
                        type="date"
                        prop:value=move || days::date(edges().1)
                        on:change=move |event| last(None, days::parse(&event_target_value(&event)))
                    />
                </label>
                <p class="soft">{move || words().utc}</p>
            </div>
        </fieldset>
    }
}
