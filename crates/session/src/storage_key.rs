/// Everything that Sondeo stores has a key that begins so.
pub const STORAGE_PREFIX: &str = "sondeo.";
/// The key of the visitor's record.
pub(crate) const VISITOR: &str = "sondeo.visitor";
/// The key of the note that tells the loader how long nothing can be due.
pub(crate) const ASLEEP: &str = "sondeo.asleep";
