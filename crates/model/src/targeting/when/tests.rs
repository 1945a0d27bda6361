use super::{Decimal, WhenClause};
use proptest::prelude::*;
use std::cmp::Ordering;

#[track_caller]
fn check(clause: &str, found: Option<&str>, expected: bool) {
    let parsed = WhenClause::parse(clause).unwrap_or_else(|| panic!("{clause}"));
    assert_eq!(parsed.holds(found), expected, "{clause} of {found:?}");
}

#[test]
fn a_name_alone_is_there_and_says_something() {
    for (found, is_set) in [
        (None, false),
        (Some(""), false),
        (Some("false"), false),
        (Some("0"), false),
        (Some("no"), true),
    ] {
        check("trial", found, is_set);
        check("!trial", found, !is_set);
    }
}

#[test]
fn texts_are_equal_or_one_of_several() {
    check("plan=pro", Some("pro"), true);
    check("plan=pro", Some("Pro"), false);
    check("plan=pro", None, false);
    check("plan=pro|team", Some("team"), true);
    check("plan=pro|team", Some("pro|team"), false);
    check("plan!=pro|team", Some("free"), true);
    check("plan!=pro|team", Some("team"), false);
    check("plan!=pro", None, true);
    check("why=a=b", Some("a=b"), true);
    check("why=big team", Some("big team"), true);
    check("path*=/checkout", Some("/en/checkout/done"), true);
    check("path*=/checkout", Some("/cart"), false);
    check("path*=/checkout", None, false);
}

#[test]
fn numbers_are_compared_by_their_value() {
    for (clause, below, same, above) in [
        ("n<100", true, false, false),
        ("n<=100", true, true, false),
        ("n>100", false, false, true),
        ("n>=100", false, true, true),
    ] {
        check(clause, Some("99.99"), below);
        check(clause, Some("100.0"), same);
        check(clause, Some("1e2"), same);
        check(clause, Some("100.000000000000000000001"), above);
        check(clause, Some("1e+21"), above);
        check(clause, Some("-1000"), below);
        for none in
            [None, Some(""), Some("many"), Some("1,000"), Some("0x64"), Some("Infinity"), Some("-")]
        {
            check(clause, none, false);
        }
    }
    check("n>-0.5", Some("-.25"), true);
    check("n<0", Some("-0"), false);
    check("n<=0", Some("-0.0"), true);
}

#[test]
fn anything_else_is_refused() {
    for bad in [
        "",
        "!",
        "=pro",
        "plan=",
        "plan!=",
        "plan==pro",
        "amount=>5",
        "amount>=",
        "amount>=much",
        "amount<1,5",
        "!plan=pro",
        "plan*",
        "plan!pro",
        "query.",
        ".a",
        "event..a",
        "a<=>1",
        "n>1e+-5",
    ] {
        assert_eq!(WhenClause::parse(bad), None, "{bad}");
    }
}

/// As a person would write it down: with a regular expression's worth of care and floating-point numbers.
fn reference(name: &str, operator: &str, value: &str, found: Option<&str>) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|it| it.is_finite());
    let order = found.and_then(number).zip(number(value)).and_then(|(a, b)| a.partial_cmp(&b));
    let equal = found.is_some_and(|found| value.split('|').any(|it| it == found));
    let set = !["", "false", "0"].contains(&found.unwrap_or_default());
    match operator {
        "" => name.starts_with('!') != set,
        "=" => equal,
        "!=" => !equal,
        "*=" => found.is_some_and(|found| found.contains(value)),
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Issue 14: 10 000 random conditions agree with a plain reference evaluator.
    #[test]
    fn random_conditions_agree_with_the_reference(
        name in "!?[a-z]{1,4}(\\.[a-z0-9]{1,3})?",
        operator in prop::sample::select(vec!["", "=", "!=", "*=", "<", "<=", ">", ">="]),
        value in "[a-c]{1,2}(\\|[a-c]{1,2})?|-?[0-9]{1,3}(\\.[0-9]{1,2})?(e-?[0-9])?",
        found in prop::option::of("|false|[a-c]{1,2}|-?[0-9]{1,3}(\\.[0-9]{1,2})?(e-?[0-9])?"),
    ) {
        let value = if operator.is_empty() { String::new() } else { value };
        let text = [name.as_str(), operator, &value].concat();
        let is_order = operator.starts_with(['<', '>']);
        let is_readable = (operator.is_empty() || !name.starts_with('!'))
            && (!is_order || value.parse::<f64>().is_ok());
        let clause = WhenClause::parse(&text);
        prop_assert_eq!(clause.is_some(), is_readable, "{}", text);
        if let Some(clause) = clause {
            let expected = reference(&name, operator, &value, found.as_deref());
            prop_assert_eq!(clause.holds(found.as_deref()), expected, "{} of {:?}", text, found);
        }
    }

    #[test]
    fn decimals_are_ordered_as_numbers_are(a in -99_999i32..99_999, b in -99_999i32..99_999, shift in 0usize..4) {
        let write = |number: i32| {
            let scale = 10_i32.pow(shift as u32);
            let sign = if number < 0 { "-" } else { "" };
            format!("{sign}{}.{:0shift$}", number.abs() / scale, number.abs() % scale, shift = shift.max(1))
        };
        let [one, other] = [a, b].map(|number| Decimal::parse(&write(number)));
        if shift > 0 {
            let order = one.zip(other).map(|(one, other)| one.compare(&other));
            prop_assert_eq!(order, Some(a.cmp(&b)), "{} {}", write(a), write(b));
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,40}", found in prop::option::of("\\PC{0,40}")) {
        if let Some(clause) = WhenClause::parse(&text) {
            let _ = clause.holds(found.as_deref());
        }
    }
}
