//! The widget as it ships, with the real collector, in three browser engines.
//!
//! `cargo xtask test --browser` builds everything, starts the drivers and runs this. A scenario that
//! fails leaves a picture of its page in `target/browser-failures/`.

mod accessibility;
mod api;
mod bad_input;
mod branching;
mod chats;
mod config;
mod cost;
mod dashboard;
mod delivery;
mod destinations;
mod displays;
mod documents;
mod endings;
mod endpoint;
mod faq;
mod faults;
mod field;
mod focus_clear;
mod frameworks;
mod halves;
mod hostile;
mod images;
mod keyboard;
mod kinds;
mod languages;
mod letters;
mod links;
mod loader;
mod loader_pages;
mod loading;
mod looks;
mod memory;
mod one_at_a_time;
mod options;
mod phone;
mod policy;
mod presets;
mod privacy;
mod random;
mod screenshots;
mod sender;
mod shop;
mod sites;
mod spa;
mod studio_play;
mod support;
mod targeting;
mod texts;
mod themes;
mod triggers;
mod try_out;
mod unusual;
mod whole_ways;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use support::{Engine, RUNTIME, Scenario};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most wait for their turn with a browser: see `support::sessions`.
    arguments.test_threads.get_or_insert(8);
    support::keep_last_words();
    let scenarios = [
        shop::scenarios(),
        accessibility::scenarios(),
        faq::scenarios(),
        faults::scenarios(),
        api::scenarios(),
        bad_input::scenarios(),
        branching::scenarios(),
        chats::scenarios(),
        config::scenarios(),
        cost::scenarios(),
        dashboard::scenarios(),
        delivery::scenarios(),
        destinations::scenarios(),
        displays::scenarios(),
        documents::scenarios(),
        endings::scenarios(),
        endpoint::scenarios(),
        field::scenarios(),
        focus_clear::scenarios(),
        frameworks::scenarios(),
        halves::scenarios(),
        hostile::scenarios(),
        images::scenarios(),
        keyboard::scenarios(),
        kinds::scenarios(),
        languages::scenarios(),
        letters::scenarios(),
        links::scenarios(),
        loader::scenarios(),
        loader_pages::scenarios(),
        loading::scenarios(),
        looks::scenarios(),
        memory::scenarios(),
        one_at_a_time::scenarios(),
        options::scenarios(),
        phone::scenarios(),
        policy::scenarios(),
        presets::scenarios(),
        privacy::scenarios(),
        random::scenarios(),
        sender::scenarios(),
        sites::scenarios(),
        targeting::scenarios(),
        spa::scenarios(),
        studio_play::scenarios(),
        texts::scenarios(),
        themes::scenarios(),
        triggers::scenarios(),
        try_out::scenarios(),
        unusual::scenarios(),
        whole_ways::scenarios(),
    ]
    .concat();
    // They prove nothing, so they are taken only for somebody who asks for them.
    let wants_pictures = arguments.filter.as_deref().is_some_and(|it| it.contains("screenshots"));
    let everywhere = |scenario: Scenario| Engine::ALL.map(|engine| scenario.trial(engine));
    let pictures = screenshots::scenarios().into_iter().flat_map(everywhere);
    let pictures = pictures.map(|trial| trial.with_ignored_flag(!wants_pictures));
    let trials =
        in_turns(Engine::ALL.map(|engine| {
            scenarios.iter().map(|scenario| scenario.trial(engine)).collect::<Vec<_>>()
        }));
    let conclusion = libtest_mimic::run(&arguments, trials.into_iter().chain(pictures).collect());
    RUNTIME.block_on(support::close_all());
    support::tell_times();
    let is_steady = support::are_steady();
    if faults::is_true() && is_steady { conclusion.exit_code() } else { ExitCode::FAILURE }
}

/// The trials of all engines, each engine's spread evenly over the run: few browsers of each engine are there, and none of
/// them waits while Chromium does what it alone has to.
fn in_turns(engines: [Vec<Trial>; 3]) -> Vec<Trial> {
    let mut placed = Vec::new();
    for trials in engines {
        let own = trials.iter().filter(|trial| !trial.has_ignored_flag()).count().max(1);
        let mut before = 0;
        for trial in trials {
            // In thousandths of the run.
            placed.push((before * 1_000 / own, trial));
            before +=
                usize::from(!placed.last().is_some_and(|(_, trial)| trial.has_ignored_flag()));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, trial)| trial).collect()
}
