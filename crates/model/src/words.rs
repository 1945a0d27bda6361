//! Types whose values are the words of the contract's tables.

/// An enum of which each value is one word, with the list of the words for messages and schemas.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$meaning])* $value,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value),+];
            /// The words of [`Self::ALL`].
            pub const WORDS: &[&str] = &[$($word),+];

            /// The value that a word names.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Some(Self::ALL[$crate::words::place(word, Self::WORDS)?])
            }

            /// The word of the contract.
            #[must_use]
            pub fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }
    };
}
pub(crate) use words;

pub(crate) fn place(word: &str, words: &[&str]) -> Option<usize> {
    words.iter().position(|known| *known == word)
}
