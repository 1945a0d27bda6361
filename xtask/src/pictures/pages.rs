//! The demo shop with other surveys than its own, and phones to see it on.

use std::fs;
use std::path::Path;

use crate::shell::{Naming, Result};

/// The shop's tag, and the widget's own, which takes its place.
const SITE_TAG: &str = r#"<script async src="/sites/default/sondeo.js"></script>"#;

/// A page of the shop, the attributes that its tag gets, and the name of what comes of it.
const SHOP: [(&str, &str, &str); 3] = [
    ("thank-you.html", r#"data-survey="post-purchase""#, "popover.html"),
    ("checkout.html", r#"data-survey="cart-abandonment" data-display="dialog""#, "dialog.html"),
    ("index.html", r#"data-survey="nps" data-display="bar""#, "bar.html"),
];

const PHONES: [(&str, &str); 2] =
    [("phones.html", include_str!("phones.html")), ("phone.html", include_str!("phone.html"))];

/// Writes them into this folder.
pub(super) fn write(root: &Path, folder: &Path) -> Result {
    for (page, attributes, name) in SHOP {
        let page = root.join("examples/shop").join(page);
        let text = fs::read_to_string(&page).naming(&page)?;
        let text = tagged(&text, attributes);
        put(&folder.join(name), &text)?;
    }
    PHONES.iter().try_for_each(|(name, text)| put(&folder.join(name), text))
}

/// The page with our tag, from wherever it is served.
fn tagged(page: &str, attributes: &str) -> String {
    let tag = format!(
        "<head>\n  <base href=\"/shop/\">\n  <script async src=\"/sondeo.js\" {attributes} data-trigger=\"load\" \
         data-delay=\"0\" data-preview></script>"
    );
    page.replace(SITE_TAG, "").replacen("<head>", &tag, 1)
}

fn put(file: &Path, text: &str) -> Result {
    fs::write(file, text).naming(file)
}

#[cfg(test)]
mod tests {
    use super::tagged;

    #[test]
    fn a_page_gets_one_tag() {
        for page in [
            "<head>\n<title>A</title><script async src=\"/sites/default/sondeo.js\"></script></head>",
            "<head>\n<title>A</title></head>",
        ] {
            let page = tagged(page, "data-survey=\"nps\"");
            assert_eq!(page.matches("sondeo.js").count(), 1, "{page}");
            assert!(
                page.contains("data-survey=\"nps\"") && page.ends_with("<title>A</title></head>")
            );
        }
    }
}
