//! What is said about a key.

/// A key: what it holds, what it is for, and what stands where it is not given.
pub(super) struct About {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    pub(super) text: &'static str,
    pub(super) usual: Usual,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// What stands under this name in the schema's `$defs`.
    Of(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words: in a string, separated by spaces, or in an array.
    Words(&'static [&'static str]),
    /// A whole number from the first to the second.
    Integer(i32, i32),
    /// `true` or `false`.
    Truth,
}

/// What stands where a key is not given.
#[derive(Clone, Copy)]
pub(super) enum Usual {
    /// Nothing does: the key has to be there.
    Required,
    /// This string.
    Text(&'static str),
    /// This number.
    Number(i32),
    /// This truth.
    Truth(bool),
    /// What these words say.
    Words(&'static str),
}

pub(super) const fn about(
    key: &'static str,
    shape: Shape,
    usual: Usual,
    text: &'static str,
) -> About {
    About { key, shape, text, usual }
}
