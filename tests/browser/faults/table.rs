//! What the rows came to, and the page of the documentation that says so.

use crate::support::{Browser, Engine};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// By fault: what the endpoint received, what the visitor saw, and where.
type Rows = BTreeMap<String, (String, String, Vec<String>)>;

static ROWS: Mutex<Rows> = Mutex::new(BTreeMap::new());

/// A row has held in this browser.
pub(super) fn note(fault: &str, browser: &Browser, received: &str, seen: &str) {
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    let row = rows.entry(fault.to_owned()).or_default();
    (row.0, row.1) = (received.to_owned(), seen.to_owned());
    row.2.push(browser.engine.to_string());
}

/// Rows, when all have held.
const COMPLETE: usize = 45;

const BEFORE: &str = "\
# What becomes of an answer when something fails

Written by `cargo xtask test` from rows that have just held, in the browsers that they name. In each, a visitor answers
while something is wrong, leaves, and comes to another page of the site, where no survey is due, when nothing is wrong
any more. The endpoint then has one response, whatever it was sent how often, the outbox is empty, and nothing was
thrown into the page.

| fault | the endpoint has | the visitor read | held in |
| --- | --- | --- | --- |
";

const AFTER: &str = "
## What a driven browser cannot produce

| fault | why not, and what stands for it |
| --- | --- |
| the browser's own offline mode | only Chromium's driver has one, and it takes the page's server away as well: a refused connection and the `online` event stand for it |
| no DNS | the drivers know no resolver of their own; the browser reports it as it does a refused connection |
| the whole browser killed | the driver goes with it: a closed tab, and the crashes of the simulation in `crates/model/tests/delivery.rs` |
| a frozen tab, a prerendered page | no driver can ask for either in all three browsers; the claim of an entry that ends by itself is simulated |
| storage that is forgotten after seven days without a visit (Safari) | time; nothing can be kept there |
";

/// Writes `docs/faults.md`, where every row was run in every browser.
pub(crate) fn write() {
    let rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_whole = |it: &(String, String, Vec<String>)| it.2.len() == Engine::ALL.len();
    if rows.len() != COMPLETE || !rows.values().all(is_whole) {
        return;
    }
    let mut text = BEFORE.to_owned();
    for (fault, (received, seen, engines)) in &*rows {
        let mut engines = engines.clone();
        engines.sort();
        let engines = engines.join(", ");
        text.push_str(&format!("| {fault} | {received} | {seen} | {engines} |\n"));
    }
    text.push_str(AFTER);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/faults.md");
    if let Err(error) = std::fs::write(path, text) {
        eprintln!("docs/faults.md could not be written: {error}");
    }
}
