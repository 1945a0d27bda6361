//! Where the collector is: at the root of its host, or below the path that a proxy gives it.

use std::cell::OnceCell;

thread_local! {
    static ROOT: OnceCell<String> = const { OnceCell::new() };
}

/// The path of the collector, without a slash at its end; empty at the root of a host. The page says it relative to the
/// address that it was loaded from, which is why it is read once, at the beginning.
pub(crate) fn root() -> String {
    ROOT.with(|root| root.get_or_init(|| read().unwrap_or_default()).clone())
}

/// The address of what the collector has at this path.
pub(crate) fn at(path: &str) -> String {
    root() + path
}

fn read() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let relative = document.document_element()?.get_attribute("data-root")?;
    let url = web_sys::Url::new_with_base(&relative, &document.url().ok()?).ok()?;
    Some(url.pathname().trim_end_matches('/').to_owned())
}
