//! Texts with links.

use super::element::{Element, element};
use sondeo_model::rich_text::{Piece, may_have_links, pieces};

/// The text inside this element, with its links.
pub(super) fn rich_text(parent: Element, text: &str) -> Element {
    if may_have_links(text) { rest_rich_text(parent, text) } else { parent.text(text) }
}

#[inline(never)]
fn rest_rich_text(parent: Element, text: &str) -> Element {
    pieces(text).into_iter().fold(parent, |parent, piece| match piece {
        Piece::Words(words) => parent.text(words),
        Piece::Link { words, address } => parent.child(link("", address, words)),
    })
}

/// A link. It opens a new tab, where it does not take the visitor off the page, and tells nothing of that page.
pub(super) fn link(class: &str, address: &str, words: &str) -> Element {
    let link = element("a target=_blank rel=noopener").with("href", address).text(words);
    if class.is_empty() { link } else { link.with("class", class) }
}
