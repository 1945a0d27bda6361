use super::element::{Element, element};
use sondeo_model::{Format, Kind, Question, Survey, format_int};

/// A field for free text, named by the question's own wording.
pub(super) fn controls(
    fieldset: Element,
    question: &Question,
    label: &str,
    survey: &Survey,
    chosen: &[String],
) -> Element {
    let Kind::Text { lines, max_length, placeholder, format } = &question.kind else {
        return fieldset;
    };
    let draft = chosen.first().map_or("", String::as_str);
    let mut field = match format {
        Format::Plain => element("textarea").with("rows", &format_int((*lines).into())).text(draft),
        Format::Email => element("input type=email autocomplete=email").with("value", draft),
    };
    if let Some(placeholder) = placeholder {
        field = field.with("placeholder", survey.text(placeholder));
    }
    if question.required {
        // Not `required`: browsers would call it invalid before anything is written.
        field = field.with("aria-required", "true");
    }
    let field = field
        .with("name", &question.id)
        .with("aria-label", label)
        .with("aria-describedby", "left error")
        .with("maxlength", &format_int((*max_length).into()));
    fieldset.child(field)
}
