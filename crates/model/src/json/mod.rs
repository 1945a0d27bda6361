//! JSON without serde: a library for it would be the heaviest part of the widget, and the browser's
//! `JSON.stringify` obeys whatever the host page did to `toJSON`.

mod tree;
mod writer;

pub use tree::Json;
pub use writer::Writer;
