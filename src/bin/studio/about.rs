//! What a marketer wants to know of a template before trying it.

use sondeo::model::{Display, Position, Template};

/// The moments of the customer journey, then what can be asked at any moment.
pub(crate) const GROUPS: [(&str, &[Template]); 2] = [
    (
        "A moment of the journey",
        &[
            Template::FirstVisit,
            Template::Signup,
            Template::Welcome,
            Template::Faq,
            Template::PostPurchase,
            Template::FollowUp,
            Template::CartAbandonment,
            Template::TrialEnd,
            Template::Cancellation,
            Template::Support,
        ],
    ),
    ("A metric, at any moment", &[Template::Csat, Template::Ces, Template::Nps, Template::Ttr]),
];

/// A short name, and what the survey is good for.
pub(crate) fn about(template: Template) -> [&'static str; 2] {
    match template {
        Template::FirstVisit => {
            ["First visit", "Whether newcomers find what they came for, and what they came for."]
        }
        Template::Signup => ["Sign-up", "Where creating an account is harder than it should be."],
        Template::Welcome => {
            ["Welcome", "What new customers want to achieve, and how the start was."]
        }
        Template::Faq => {
            ["Help article", "Which articles answer the question, and what the others lack."]
        }
        Template::PostPurchase => {
            ["Purchase", "How shopping was, right after it; and what went wrong where it was bad."]
        }
        Template::FollowUp => {
            ["Follow-up", "Whether customers recommend you once the parcel has arrived."]
        }
        Template::CartAbandonment => {
            ["Full cart", "What keeps people with a full cart from buying."]
        }
        Template::TrialEnd => {
            ["Trial end", "Whether your product would be missed: the measure of market fit."]
        }
        Template::Cancellation => {
            ["Cancellation", "Why customers leave, without standing in their way."]
        }
        Template::Support => {
            ["Support", "Whether support solved the problem, and how long it took."]
        }
        Template::Csat => ["CSAT", "Customer satisfaction: the share of the two happiest faces."],
        Template::Ces => ["CES", "Customer effort: how easy it was, as a mean of seven points."],
        Template::Nps => {
            ["NPS", "Net promoter score: those who recommend you, minus those who warn."]
        }
        Template::Ttr => ["TTR", "Time to resolution: the median time until a problem is solved."],
    }
}

/// The name of a display, and how it behaves.
pub(crate) fn display(display: Display) -> [&'static str; 2] {
    match display {
        Display::Popover => ["Popover", "A card in a corner. The page stays usable."],
        Display::Dialog => ["Dialog", "In front of the page, which waits for the answer."],
        Display::Bar => ["Bar", "A strip along an edge. The page stays usable."],
        Display::Tab => ["Tab", "A small button at an edge, which opens the card."],
        Display::Inline => ["Inline", "In the flow of the page, where its element stands."],
        Display::Page => ["Page", "All of the window: for links in letters."],
    }
}

/// The name of a position, where left is where reading begins.
pub(crate) fn position(position: Position) -> &'static str {
    match position {
        Position::BottomRight => "Bottom right",
        Position::BottomLeft => "Bottom left",
        Position::TopRight => "Top right",
        Position::TopLeft => "Top left",
        Position::Bottom => "Bottom",
        Position::Top => "Top",
        Position::Center => "Center",
    }
}

#[cfg(test)]
mod tests {
    use super::GROUPS;
    use sondeo::model::Template;

    #[test]
    fn every_template_is_offered_once() {
        let offered = GROUPS.iter().flat_map(|(_, templates)| templates.iter());
        assert_eq!(offered.clone().count(), Template::ALL.len());
        assert!(Template::ALL.iter().all(|it| offered.clone().any(|other| other == it)));
    }
}
