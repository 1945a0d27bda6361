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

Written by `cargo xtask test --browser faults` from rows that have just held, in the browsers that they name. A run of the tests
fails where this page says something else: before a release in every browser, on each change for some sections in one of them. In each row, a visitor answers while something is wrong, leaves, and comes
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

/// Writes `docs/faults.md` where every row was run in every browser. Whether it said so before; of a part, whether the page
/// has the same rows of it.
pub(crate) fn is_true() -> bool {
    let table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/faults.md");
    let before = std::fs::read_to_string(path).unwrap_or_default();
    if table.done.len() < SECTIONS.len() * Engine::ALL.len() {
        let wrong = table
            .done
            .iter()
            .flat_map(|&(section, engine)| table.differs(&before, section, engine));
        return wrong.inspect(|it| eprintln!("docs/faults.md: {it}")).count() == 0;
    }
    let mut text = BEFORE.to_owned();
    for section in SECTIONS {
        text.push_str(&format!(
            "\n## {section}\n\n| fault | formats | the endpoint has | the visitor read | Chromium | Firefox | WebKit |\n\
             | --- | --- | --- | --- | --- | --- | --- |\n"
        ));
        for row in table.of(section) {
            let Row { fault, formats, received, seen, cells, .. } = row;
            let cells = cells.join(" | ");
            text.push_str(&format!("| {fault} | {formats} | {received} | {seen} | {cells} |\n"));
        }
    }
    text.push_str(AFTER);
    if before == text {
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

impl Table {
    fn of(&self, section: &'static str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.section == section)
    }

    /// What this page says otherwise of a section, all of whose rows have held in this browser.
    fn differs(&self, page: &str, section: &'static str, engine: Engine) -> Vec<String> {
        let rest = page.split_once(&format!("\n## {section}\n")).map_or("", |(_, rest)| rest);
        let told: Vec<Vec<&str>> = rest
            .lines()
            .take_while(|line| !line.starts_with("## "))
            .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
            .map(|line| line.split(" | ").collect())
            .skip(2)
            .collect();
        let mut wrong = Vec::new();
        let mut count = 0;
        for row in self.of(section) {
            count += 1;
            let cell = &*row.cells[engine as usize];
            let is_same = |told: &Vec<&str>| {
                let [fault, formats, received, seen, cells @ ..] = &**told else { return false };
                (*fault, *formats) == (&row.fault, row.formats)
                    && (row.received.is_empty() || (*received, *seen) == (&row.received, &row.seen))
                    && cells.get(engine as usize) == Some(&cell)
            };
            if !told.iter().any(is_same) {
                wrong.push(format!("\"{}\" was \"{cell}\" in {engine}", row.fault));
            }
        }
        if count != told.len() {
            wrong.push(format!("{} rows below {section:?}, and {count} held", told.len()));
        }
        wrong
    }
}
