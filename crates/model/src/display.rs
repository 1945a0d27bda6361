/// How a survey stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// A card in a corner, above the page, that leaves the page usable.
    Popover,
    /// In the flow of the page, where its element stands.
    Inline,
}

impl Display {
    /// The words that authors may write, in the order in which they are suggested.
    pub const WORDS: &[&str] = &["popover", "inline"];

    /// The display that `word` names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "popover" => Some(Self::Popover),
            "inline" => Some(Self::Inline),
            _ => None,
        }
    }
}
