//! What the studio does with a survey file, without a browser and without a server.
//!
//! [`document`] edits the JSON of a survey with undo and leaves what was not touched as it is. Everything else reads
//! such a file and says something about it, in the language of whoever edits: what is wrong ([`problems`]), what it
//! means ([`sentences`]), what differs ([`changes`]), what to know before publishing ([`publishing`]).
//! `sondeo-model` alone knows what a survey may be; nothing of that is repeated here.
//!
//! ```
//! use sondeo_editor::{Document, Locale, problems};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut document = Document::open(r#"{"template": "post-purchase"}"#)?;
//! document.set_text_typing("/question", "es", "¿Qué tal la compra?")?;
//! document.set("/delay", "2 secs")?;
//! let wrong = problems(&document, Locale::Spanish);
//! assert_eq!(wrong[0].path, "/delay");
//! assert_eq!(wrong[0].message, "«2 secs» no es un tiempo (prueba «5s»)");
//! document.undo();
//! document.undo();
//! assert_eq!(document.text(), r#"{"template": "post-purchase"}"#);
//! # Ok(())
//! # }
//! ```

pub mod changes;
pub mod document;
pub mod email_block;
pub mod install;
mod locale;
pub mod moments;
pub mod options;
pub mod pointer;
pub mod problems;
pub mod publishing;
pub mod sentences;
pub mod texts;
pub mod translations;
mod value;
pub mod ways;
mod words;

pub use document::{Document, EditError, Edited, Mended, OpenError};
pub use locale::Locale;
pub use problems::{Problem, missing, problems};
pub use value::Value;
pub use words::{key_name, kind_name, language_name, list_of, time};

use sondeo_model::json::Json;
use sondeo_model::{Definition, Layer, Problems};

/// What the model makes of a survey file; `None` where it cannot be asked as it stands.
#[must_use]
pub fn definition(value: &Value) -> Option<Definition> {
    let json: Json = value.into();
    let layers = vec![Layer::object(String::new(), &json)];
    Definition::read(layers, None, &mut Problems::default())
}
