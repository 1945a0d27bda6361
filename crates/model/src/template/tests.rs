use super::Template;
use crate::{Definition, Destination, Language, LocalizedText, MessageId, Messages, is_name};

#[test]
fn every_template_can_be_asked_as_it_stands() {
    for &template in Template::ALL {
        let mut problems = crate::Problems::default();
        let definition = Definition::read(Vec::new(), Some(template), &mut problems);
        assert_eq!(*problems, [], "{template:?}");
        let definition = definition.expect("a definition");
        assert_eq!((&*definition.id, definition.template), (template.as_str(), Some(template)));
        assert!(!definition.questions.is_empty() && !definition.triggers().is_empty());
        let survey = definition.survey("en", Messages::ENGLISH);
        assert_eq!(survey, template.survey(Messages::ENGLISH));
        for (at, question) in survey.questions.iter().enumerate() {
            assert!(is_name(&question.id) && !survey.text(&question.text).is_empty());
            for rule in question.next.iter() {
                if let Destination::Named(id) = &rule.goto {
                    assert!(survey.questions[at + 1..].iter().any(|later| later.id == *id), "{id}");
                }
            }
        }
    }
}

#[test]
fn templates_are_found_by_their_names() {
    assert!(Template::KEYWORDS.iter().all(|name| is_name(name)));
    assert_eq!(Template::parse("faq"), Some(Template::Faq));
    assert_eq!(Template::parse("fax"), None);
    assert_eq!(Template::ALL.len(), 14);
}

#[test]
fn question_ids_are_those_that_endpoints_map() {
    let ids = |template: Template| {
        let ids: Vec<_> = template.questions().iter().map(|question| &*question.id).collect();
        ids.join(" ")
    };
    for (template, expected) in [
        ("first-visit", "found looking-for"),
        ("signup", "ease expectation"),
        ("welcome", "goal start"),
        ("faq", "useful missing"),
        ("post-purchase", "satisfaction why"),
        ("follow-up", "recommend reason"),
        ("cancellation", "reason better"),
        ("cart-abandonment", "obstacle"),
        ("trial-end", "loss missing"),
        ("support", "solved time open"),
        ("csat", "satisfaction"),
        ("ces", "ease"),
        ("nps", "recommend reason"),
        ("ttr", "time"),
    ] {
        assert_eq!(ids(Template::parse(template).expect("a template")), expected);
    }
}

#[test]
fn the_longest_way_counts_what_may_be_asked() {
    let longest = |template: Template| template.survey(Messages::ENGLISH).longest_way(0);
    assert_eq!(longest(Template::Csat), 1);
    assert_eq!(longest(Template::PostPurchase), 2);
    assert_eq!(longest(Template::Support), 2);
}

#[test]
fn a_template_speaks_one_language() {
    let definition = Template::Faq.definition();
    assert_eq!(definition.language("es-MX"), Language::Es);
    assert_eq!(definition.language("no"), Language::Nb);
    assert_eq!(definition.language("hu"), Language::En);
    assert_eq!(definition.questions[0].text, LocalizedText::Shipped(MessageId::USEFUL));
}
