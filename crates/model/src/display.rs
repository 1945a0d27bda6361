use crate::keyword::keyword_enum;

keyword_enum! {
    /// How a survey stands on the page.
    Display {
        /// A card above the page, that leaves the page usable.
        Popover = "popover",
        /// In front of the page, which waits for it.
        Dialog = "dialog",
        /// A strip along an edge of the page, that leaves the page usable.
        Bar = "bar",
        /// A small button at an edge of the page, which opens the card.
        Tab = "tab",
        /// In the flow of the page, where its element stands.
        Inline = "inline",
        /// All of the page, or of the element that it stands in.
        Page = "page",
    }
}

keyword_enum! {
    /// Where a survey above the page stands; left and right change places where the page is written from
    /// right to left.
    Position {
        /// The usual corner.
        BottomRight = "bottom-right",
        /// The other corner below.
        BottomLeft = "bottom-left",
        /// The usual corner above.
        TopRight = "top-right",
        /// The other corner above.
        TopLeft = "top-left",
        /// In the middle of the lower edge.
        Bottom = "bottom",
        /// In the middle of the upper edge.
        Top = "top",
        /// In the middle of the window.
        Center = "center",
    }
}

keyword_enum! {
    /// The colours of a survey.
    Theme {
        /// What the visitor's system prefers.
        Auto = "auto",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// How a survey looks, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// How it stands on the page.
    pub display: Display,
    /// Where, if it floats.
    pub position: Position,
    /// Its colours.
    pub theme: Theme,
    /// A CSS colour for what is chosen and what can be pressed.
    pub accent: Option<String>,
    /// A CSS length for the card's corners.
    pub radius: Option<String>,
    /// A CSS `font-family`.
    pub font: Option<String>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            display: Display::Popover,
            position: Position::BottomRight,
            theme: Theme::Auto,
            accent: None,
            radius: None,
            font: None,
        }
    }
}
