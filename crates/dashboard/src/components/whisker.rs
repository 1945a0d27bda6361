use leptos::prelude::*;
use sondeo_model::metric::Estimate;

/// A score and its interval as a dot on a line, on its whole scale. What it shows is said in words
/// beside it.
#[component]
pub(crate) fn Whisker(estimate: Estimate, range: [f64; 2], few: bool) -> impl IntoView {
    let [low, high] = range;
    let place = move |value: f64| {
        let share = if high.is_finite() && high > low { (value - low) / (high - low) } else { 0.0 };
        (share * 100.0).clamp(0.0, 100.0)
    };
    let ends = estimate.low.zip(estimate.high).filter(|_| high.is_finite());
    view! {
        <span class="whisker" class:few=few class:hidden=!high.is_finite() aria-hidden="true">
            {ends
                .map(|(low, high)| {
                    view! {
                        <i
                            class="range"
                            style:left=format!("{:.2}%", place(low))
                            style:width=format!("{:.2}%", place(high) - place(low))
                        ></i>
                    }
                })}
            <i class="at" style:left=format!("{:.2}%", place(estimate.value))></i>
        </span>
    }
}
