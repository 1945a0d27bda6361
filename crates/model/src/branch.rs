use crate::{Text, Value, is_name};
use std::borrow::Cow;

/// Where to go after a question, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextRule {
    /// When the rule holds.
    pub condition: Condition,
    /// Where it leads.
    pub goto: Destination,
}

/// A comparison with the answer just given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Whatever was answered, or nothing.
    Always,
    /// Nothing was answered.
    Skipped,
    /// A number from the first to the second, both included.
    Between(i64, i64),
    /// One of these: numbers, `yes` or `no`, or ids of options, of which one is enough.
    In(Cow<'static, [Text]>),
    /// An answer, but none of these.
    NotIn(Cow<'static, [Text]>),
}

/// Where a rule leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// The question or the ending with this id.
    Named(Text),
    /// The first ending, or the thank-you.
    End,
}

impl Condition {
    /// Reads a comparison: `<=2`, `<2`, `>=9`, `>9`, `=yes`, `!=yes`, `in:a,b`, `skipped`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "skipped" {
            return Some(Self::Skipped);
        }
        let list = |values: &str| -> Option<Vec<Text>> {
            let values = values.split(',').map(str::trim);
            values.map(|value| is_name(value).then(|| value.to_owned().into())).collect()
        };
        if let Some(values) = text.strip_prefix("in:") {
            return Some(Self::In(list(values)?.into()));
        }
        if let Some(bound) = text.strip_prefix(['<', '>']) {
            let (number, beyond) = match bound.strip_prefix('=') {
                Some(number) => (number, 0),
                None => (bound, 1),
            };
            let number = crate::parse_int(number.trim())?;
            return Some(match text.starts_with('<') {
                true => Self::Between(i64::MIN, number - beyond),
                false => Self::Between(number + beyond, i64::MAX),
            });
        }
        let (is, value) = match text.strip_prefix('!') {
            Some(rest) => (false, rest.strip_prefix('=')?),
            None => (true, text.strip_prefix('=')?),
        };
        let values = list(value).filter(|values| values.len() == 1)?.into();
        Some(if is { Self::In(values) } else { Self::NotIn(values) })
    }

    /// Whether it holds for an answer, or for none.
    #[must_use]
    pub fn holds(&self, answer: Option<&Value>) -> bool {
        match (self, answer) {
            (Self::Always, _) | (Self::Skipped, None) => true,
            (Self::Between(low, high), Some(Value::Integer(value))) => {
                (low..=high).contains(&value)
            }
            (Self::In(values), Some(answer)) => contains(values, answer),
            (Self::NotIn(values), Some(answer)) => !contains(values, answer),
            _ => false,
        }
    }
}

/// Whether the answer, or one of several, is among the values as authors write them.
pub(crate) fn contains(values: &[Text], answer: &Value) -> bool {
    let has = |word: &str| values.iter().any(|value| value == word);
    match answer {
        Value::Boolean(value) => has(if *value { "yes" } else { "no" }),
        Value::Integer(value) => has(&crate::format_int(*value)),
        Value::Text(value) => has(value),
        Value::Options(chosen) => chosen.iter().any(|option| has(option)),
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use crate::Value;

    #[track_caller]
    fn check(condition: &str, answer: Option<Value>, expected: bool) {
        let parsed = Condition::parse(condition).unwrap_or_else(|| panic!("{condition}"));
        assert_eq!(parsed.holds(answer.as_ref()), expected, "{condition} {answer:?}");
    }

    #[test]
    fn comparisons_with_numbers() {
        for (condition, least, most) in
            [("<=2", 0, 2), ("<2", 0, 1), (">=9", 9, 10), ("> 9", 10, 10), ("=5", 5, 5)]
        {
            for score in 0..=10 {
                let holds = (least..=most).contains(&score);
                check(condition, Some(Value::Integer(score)), holds);
            }
            check(condition, None, false);
        }
        check("!=5", Some(Value::Integer(5)), false);
        check("!=5", Some(Value::Integer(4)), true);
        check("!=5", None, false);
        check("in:1, 3", Some(Value::Integer(3)), true);
        check("in:1,3", Some(Value::Integer(2)), false);
    }

    #[test]
    fn comparisons_with_words() {
        check("=yes", Some(Value::Boolean(true)), true);
        check("=yes", Some(Value::Boolean(false)), false);
        check("in:a,b", Some(Value::Text("b".into())), true);
        check("in:a,b", Some(Value::Text("c".into())), false);
        check("=b", Some(Value::Options(vec!["a".into(), "b".into()])), true);
        check("!=b", Some(Value::Options(vec!["a".into(), "b".into()])), false);
        check("skipped", None, true);
        check("skipped", Some(Value::Boolean(false)), false);
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "2", "<=", "<=two", "=", "==2", "in:", "in:a,,b", "yes", "=a,b", "!yes"] {
            assert_eq!(Condition::parse(bad), None, "{bad}");
        }
    }
}
