//! What is said about a key.

/// A key: what it holds, what it is for, and what stands where it is not given.
pub(in crate::definition) struct About {
    pub(in crate::definition) key: &'static str,
    pub(in crate::definition) shape: Shape,
    pub(in crate::definition) text: &'static str,
    pub(in crate::definition) usual: Usual,
}

/// A key of a survey.
pub(in crate::definition) struct SurveyKey {
    /// Its place in the documentation.
    pub(in crate::definition) group: Group,
    pub(in crate::definition) about: About,
    /// Values that can be used, as an array in JSON.
    pub(in crate::definition) examples: &'static str,
}

/// The sections of the documentation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::definition) enum Group {
    /// What is asked.
    Asked,
    /// When.
    When,
    /// Who.
    Who,
    /// How it looks.
    Looks,
    /// Where the answers go.
    Sent,
    /// Privacy, and trying it out.
    Privacy,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub(in crate::definition) enum Shape {
    /// What its specification says.
    Derived,
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
pub(in crate::definition) enum Usual {
    /// Nothing does: the key has to be there.
    Required,
    /// What its specification says.
    Default,
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
