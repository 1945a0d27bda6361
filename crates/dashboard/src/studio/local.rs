//! Drafts in this browser: those of people without an account, and what a collector has not got yet.

use js_sys::Date;

const PREFIX: &str = "sondeo.studio.draft.";

/// A draft that is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptDraft {
    /// The state of the collector's draft that it goes on from; none of a survey that is only here.
    pub(crate) etag: Option<String>,
    pub(crate) text: String,
    /// When, in milliseconds.
    pub(crate) at: i64,
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn name(site: &str, survey: &str) -> String {
    [PREFIX, site, "/", survey].concat()
}

/// Keeps the draft, where the browser lets us; says whether it did.
pub(crate) fn keep(site: &str, survey: &str, etag: Option<&str>, text: &str) -> bool {
    let value = format!("{} {}\n{text}", Date::now() as i64, etag.unwrap_or("-"));
    storage().is_some_and(|storage| storage.set_item(&name(site, survey), &value).is_ok())
}

/// What is kept of it.
pub(crate) fn kept(site: &str, survey: &str) -> Option<KeptDraft> {
    read(&storage()?.get_item(&name(site, survey)).ok()??)
}

/// The collector has it now, or nobody wants it.
pub(crate) fn forget(site: &str, survey: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(site, survey));
    }
}

/// The ids of the surveys of a site that are kept here.
pub(crate) fn surveys(site: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let prefix = [PREFIX, site, "/"].concat();
    let names = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
    let mut found: Vec<String> =
        names.filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned)).collect();
    found.sort();
    found
}

fn read(value: &str) -> Option<KeptDraft> {
    let (head, text) = value.split_once('\n')?;
    let (at, etag) = head.split_once(' ')?;
    let etag = Some(etag).filter(|etag| *etag != "-").map(str::to_owned);
    Some(KeptDraft { etag, text: text.to_owned(), at: at.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_kept_comes_back_to_the_byte() {
        let kept = read("12 abc\n{\n  \"template\": \"nps\"\n}\n").expect("a draft");
        assert_eq!((kept.at, kept.etag.as_deref()), (12, Some("abc")));
        assert_eq!(kept.text, "{\n  \"template\": \"nps\"\n}\n");
        assert_eq!(read("12 -\n").and_then(|kept| kept.etag), None);
        assert_eq!(read("something else"), None);
    }
}
