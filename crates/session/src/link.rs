use sondeo_model::{Kind, Question, Text, Value, format_int};

/// Controls that are chosen before the visitor comes to them, by question.
pub type Chosen = Vec<(Text, Vec<String>)>;

/// What the page's address asks for: `?sondeo=<survey>&sondeo-<question>=<value>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The id of the survey.
    pub survey: String,
    /// By question, the value that is to be chosen.
    pub answers: Vec<(String, String)>,
}

/// The controls that a link chooses, by question; and what is wrong with the rest of it.
///
/// `asked` are the parameters `sondeo-<question>=<value>` of the link. Several options are separated by
/// commas.
pub(crate) fn preselect(
    questions: &[Question],
    asked: &[(String, String)],
) -> (Chosen, Vec<String>) {
    let (mut chosen, mut problems) = (Vec::new(), Vec::new());
    for (id, value) in asked {
        let question = questions.iter().find(|question| question.id == *id);
        match question.and_then(|question| Some((question, controls(&question.kind, value)?))) {
            Some((question, controls)) => chosen.push((question.id.clone(), controls)),
            None => problems.push(
                ["the link's sondeo-", id, "=\"", value, "\" is no answer of this survey"].concat(),
            ),
        }
    }
    (chosen, problems)
}

/// The values of the controls that give this answer.
fn controls(kind: &Kind, value: &str) -> Option<Vec<String>> {
    let mut controls = match kind {
        Kind::Choices { .. } => value.split(',').map(str::to_owned).collect(),
        Kind::YesNo { .. } => vec![
            match value {
                "true" => "yes",
                "false" => "no",
                word => word,
            }
            .to_owned(),
        ],
        _ => vec![value.to_owned()],
    };
    let read = kind.read(&controls)?;
    if let Value::Integer(number) = read {
        // As the control has it: `05` is 5.
        controls = vec![format_int(number)];
    }
    if let Kind::Text { max_length, .. } = kind
        && value.chars().count() > *max_length as usize
    {
        return None;
    }
    Some(controls)
}

#[cfg(test)]
mod tests {
    use super::preselect;
    use sondeo_model::{Messages, Template};

    /// The controls that a link chooses of a template's survey.
    #[track_caller]
    fn check(template: Template, question: &str, value: &str, expected: Option<&[&str]>) {
        let survey = template.survey(Messages::ENGLISH);
        let asked = [(question.to_owned(), value.to_owned())];
        let (chosen, problems) = preselect(&survey.questions, &asked);
        let chosen: Vec<_> = chosen.into_iter().map(|(_, controls)| controls).collect();
        assert_eq!(
            chosen.first().cloned(),
            expected.map(|it| it.iter().map(|it| (*it).to_owned()).collect())
        );
        assert_eq!(problems.len(), usize::from(expected.is_none()), "{problems:?}");
    }

    #[test]
    fn an_answer_is_chosen_and_anything_else_is_not() {
        check(Template::PostPurchase, "satisfaction", "4", Some(&["4"]));
        check(Template::PostPurchase, "satisfaction", "04", Some(&["4"]));
        check(Template::PostPurchase, "satisfaction", "6", None);
        check(Template::PostPurchase, "satisfaction", "<b>", None);
        check(Template::PostPurchase, "price", "4", None);
        check(Template::PostPurchase, "why", "late", Some(&["late"]));
        check(Template::PostPurchase, "why", &"x".repeat(20_000), None);
        check(Template::Faq, "useful", "true", Some(&["yes"]));
        check(Template::Faq, "useful", "no", Some(&["no"]));
        check(Template::Faq, "useful", "maybe", None);
    }
}
