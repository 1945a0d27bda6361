//! Pictures as an author writes them in JSON.

use super::field::FieldSpec;
use super::reader::Reader;
use super::reason::What;
use crate::json::Json;
use crate::{Image, LocalizedText};
use std::sync::Arc;

/// The keys of an image.
pub(super) const IMAGE: &[&str] = &["src", "alt"];

const SRC: FieldSpec =
    FieldSpec::text(What::PICTURE, &["https://example.com/picture.png"], crate::image::is_source);

/// Reads the picture under a key. Beside words, `alt` may be empty: they are what it shows.
#[inline(never)]
pub(super) fn rest_read(
    reader: &mut Reader<'_, '_>,
    key: &str,
    is_beside_words: bool,
) -> Option<Arc<Image>> {
    crate::rest::gate();
    let layer = reader.object(key)?;
    let mut reader = reader.inside(&layer);
    reader.strangers(IMAGE);
    reader.require("src", "https://example.com/picture.png");
    reader.require("alt", "A blue jacket");
    let src = reader.setting("src", &SRC).into_text();
    let alt = match layer.get("alt") {
        Some(Json::Text(alt)) if alt.is_empty() && is_beside_words => {
            Some(LocalizedText::default())
        }
        _ => reader.say("alt"),
    };
    Some(Arc::new(Image { src: reader.needed(src), alt: reader.needed(alt) }))
}
