//! What remains of a failure: a picture, and what the page knew.

use super::Browser;
use std::fs;
use std::path::{Path, PathBuf};

/// Saves both and says where.
pub(crate) async fn keep(browser: &Browser, title: &str) -> String {
    let path = folder("browser-failures").join(title.replace("::", "-"));
    let picture = browser.screenshot().await;
    let knows = "({address: location.href, ...window.pageLog, html: document.documentElement.outerHTML, \
                 widgets: widgets().map(it => it.shadowRoot?.innerHTML)})";
    let known = match browser.evaluate(knows).await {
        Ok(known) => format!("{known:#}").replace("\\n", "\n"),
        Err(error) => error,
    };
    let text = path.with_extension("txt");
    let saved = fs::write(&text, known)
        .and_then(|()| fs::write(path.with_extension("png"), picture.unwrap_or_default()));
    match saved {
        Ok(()) => format!("the page at that moment: {} and .png", text.display()),
        Err(error) => format!("the page could not be saved: {error}"),
    }
}

/// A folder for pictures, beside what cargo builds.
pub(crate) fn folder(name: &str) -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = scratch.parent().unwrap_or(scratch).join(name);
    // Saving into it says what is wrong, should this fail.
    let _ = fs::create_dir_all(&folder);
    folder
}
