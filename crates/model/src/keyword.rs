//! Types whose values are the words of the contract's tables.

/// An enum of which each value is one word, with the list of the words for messages and schemas.
macro_rules! keyword_enum {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$meaning])* $value,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value),+];
            /// The words of [`Self::ALL`].
            pub const KEYWORDS: &[&str] = &[$($word),+];

            /// The value that a word names.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Some(Self::ALL[$crate::keyword::position(word, Self::KEYWORDS)?])
            }

            /// The word of the contract.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                Self::KEYWORDS[self as usize]
            }
        }
    };
}
pub(crate) use keyword_enum;

pub(crate) fn position(word: &str, words: &[&str]) -> Option<usize> {
    words.iter().position(|known| *known == word)
}
