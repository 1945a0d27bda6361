//! The widget as it ships, with the real collector, in three browser engines.
//!
//! `cargo xtask test --browser` builds everything, starts the drivers and runs this. A scenario that
//! fails leaves a picture of its page in `target/browser-failures/`.

mod api;
mod bad_input;
mod endpoint;
mod faq;
mod hostile;
mod keyboard;
mod loading;
mod shop;
mod support;

use libtest_mimic::Arguments;
use std::process::ExitCode;
use support::{Engine, RUNTIME};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most wait for their turn with a browser: see `support::sessions`.
    arguments.test_threads.get_or_insert(6);
    support::keep_last_words();
    let scenarios = [
        shop::scenarios(),
        api::scenarios(),
        bad_input::scenarios(),
        endpoint::scenarios(),
        faq::scenarios(),
        hostile::scenarios(),
        keyboard::scenarios(),
        loading::scenarios(),
    ]
    .concat();
    let trials = scenarios
        .into_iter()
        .flat_map(|scenario| Engine::ALL.map(|engine| scenario.trial(engine)))
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    RUNTIME.block_on(support::close_all());
    conclusion.exit_code()
}
