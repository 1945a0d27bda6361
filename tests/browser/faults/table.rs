//! What the rows came to, and the page of the documentation that says so.

use crate::support::Engine;
use std::sync::{Mutex, PoisonError};

struct Row {
    section: &'static str,
    fault: String,
    formats: &'static str,
    received: String,
    seen: String,
    /// By engine: that it held, or why it could not be run there.
    cells: [String; 3],
}

struct Table {
    rows: Vec<Row>,
    done: Vec<(&'static str, Engine)>,
}

static TABLE: Mutex<Table> = Mutex::new(Table { rows: Vec::new(), done: Vec::new() });

const SECTIONS: [&str; 10] = [
    "The endpoint answers in vain",
    "The endpoint refuses",
    "The network",
    "The browser's storage",
    "The visitor goes",
    "Tabs beside each other",
    "The page does harm",
    "The page is patched",
    "Policies and missing files",
    "Without the outbox",
];

/// A row has held in this browser, or cannot be run there.
pub(super) fn note(
    section: &'static str,
    fault: &str,
    formats: &'static str,
    received: &str,
    seen: &str,
    engine: Engine,
    cell: &str,
) {
    assert!(SECTIONS.contains(&section), "{section}");
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = table.rows.iter().position(|row| row.section == section && row.fault == fault);
    let at = known.unwrap_or_else(|| {
        let (received, seen) = (String::new(), String::new());
        let (fault, cells) = (fault.to_owned(), Default::default());
        table.rows.push(Row { section, fault, formats, received, seen, cells });
        table.rows.len() - 1
    });
    let row = &mut table.rows[at];
    if !received.is_empty() {
        (row.received, row.seen) = (received.to_owned(), seen.to_owned());
    }
    cell.clone_into(&mut row.cells[engine as usize]);
}

/// All rows of a section have held in this browser.
pub(super) fn done(section: &'static str, engine: Engine) {
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    table.done.push((section, engine));
}

const BEFORE: &str = "\
# What becomes of an answer when something fails

Written by `cargo xtask test --browser faults` from rows that have just held, in the browsers that they name; a whole run of
the tests fails where this page says something else. In each row, a visitor answers while something is wrong, leaves, and comes
to another page of the site, where no survey is due, when nothing is wrong any more. The endpoint then has one response, however
often it was sent, the outbox is empty, and nothing was thrown into the page; where a row says otherwise, it was so.
Ten thousand random runs of the same, with tabs that crash at any moment, are simulated in `crates/delivery/tests/simulation.rs`: 0
lost, 0 double.
";

const AFTER: &str = "
## What stands for what

| fault | what the rows do |
| --- | --- |
| offline | Chromium's driver has a switch, and it is used. In Firefox and WebKit a refused connection and the event `online` stand for it |
| the endpoint answers after 15 s or never | the page's `setTimeout` is made to ring the widget's 15 s after 0.3 s |
| the time between an attempt and the end of its claim (20 s) | the page's clock is set ahead |
| storage is denied | the page's `localStorage` throws, as in a sandboxed frame, which is a row of its own |
| the whole browser is killed | the driver goes with it. A renderer that crashes is a row; what a browser has not yet written to its disk when it dies, no page can save |
| storage that is forgotten after seven days without a visit (Safari) | nothing: it takes seven days, and nothing can be kept there |
| an extension that blocks | a refused connection: to a page, both look the same, and the line on the console says so |
";

/// Writes `docs/faults.md` where every row was run in every browser. Whether it said so before; `true` as well where
/// only a part was run.
pub(crate) fn is_true() -> bool {
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    if table.done.len() < SECTIONS.len() * Engine::ALL.len() {
        return true;
    }
    let mut text = BEFORE.to_owned();
    for section in SECTIONS {
        text.push_str(&format!(
            "\n## {section}\n\n| fault | formats | the endpoint has | the visitor read | Chromium | Firefox | WebKit |\n\
             | --- | --- | --- | --- | --- | --- | --- |\n"
        ));
        for row in table.rows.iter_mut().filter(|row| row.section == section) {
            let Row { fault, formats, received, seen, cells, .. } = row;
            let cells = cells.join(" | ");
            text.push_str(&format!("| {fault} | {formats} | {received} | {seen} | {cells} |\n"));
        }
    }
    text.push_str(AFTER);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/faults.md");
    if std::fs::read_to_string(path).is_ok_and(|before| before == text) {
        return true;
    }
    if let Err(error) = std::fs::write(path, text) {
        eprintln!("docs/faults.md could not be written: {error}");
    }
    eprintln!(
        "docs/faults.md said something else than what has just held. It is written anew: read and commit it"
    );
    false
}
