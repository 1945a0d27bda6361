//! Which answer leads where, in plain words.

use sondeo::model::{Condition, Destination, Question};

/// What follows a question, where that depends on the answer.
pub(crate) fn after(question: &Question) -> Option<String> {
    let steps = question.next.iter().enumerate().map(|(at, rule)| {
        let to = match &rule.goto {
            Destination::Named(id) => id,
            Destination::End => "end",
        };
        match condition(&rule.condition) {
            Some(condition) => format!("{condition} → {to}"),
            None if at == 0 => format!("→ {to}"),
            None => format!("otherwise → {to}"),
        }
    });
    let steps: Vec<_> = steps.collect();
    (!steps.is_empty()).then(|| steps.join(", "))
}

/// A comparison as a person would say it; `None` always holds.
pub(crate) fn condition(condition: &Condition) -> Option<String> {
    Some(match condition {
        Condition::Always => return None,
        Condition::Skipped => "no answer".to_owned(),
        Condition::Between(i64::MIN, high) => format!("{high} or less"),
        Condition::Between(low, i64::MAX) => format!("{low} or more"),
        Condition::Between(low, high) => format!("{low} to {high}"),
        Condition::In(values) => values.join(" or "),
        Condition::NotIn(values) => format!("not {}", values.join(" or ")),
    })
}

#[cfg(test)]
mod tests {
    use super::after;
    use sondeo::model::Template;

    #[test]
    fn branches_in_plain_words() {
        let after = |template: Template| after(&template.definition().questions[0]);
        assert_eq!(after(Template::PostPurchase).as_deref(), Some("1 to 2 → why, otherwise → end"));
        assert_eq!(after(Template::Support).as_deref(), Some("yes → time, no → open"));
        assert_eq!(after(Template::Csat), None);
    }
}
