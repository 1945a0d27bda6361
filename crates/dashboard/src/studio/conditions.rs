//! Conditions as rows of name, comparison and value; as text they are those of `data-when`.

use super::field::Pick;
use super::signs::{CLOSE, sign};
use super::texts::texts;
use crate::words::fill;
use leptos::prelude::*;

/// A condition in its three parts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    name: String,
    operator: &'static str,
    value: String,
}

const OPERATORS: [&str; 9] = ["!=", "<=", ">=", "*=", "=", "<", ">", "", "!"];

fn read_condition(text: &str) -> Condition {
    let made = |name: &str, operator, value: &str| {
        let value = value.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(value);
        Condition { name: name.to_owned(), operator, value: value.to_owned() }
    };
    if let Some(name) = text.strip_prefix('!') {
        return made(name, "!", "");
    }
    let first = text.find(['!', '<', '>', '*', '=']);
    let Some(at) = first else { return made(text, "", "") };
    let (name, rest) = text.split_at(at);
    let operator = OPERATORS.into_iter().find(|it| !it.is_empty() && rest.starts_with(it));
    match operator {
        Some(operator) => made(name, operator, &rest[operator.len()..]),
        None => made(text, "", ""),
    }
}

fn write_condition(condition: &Condition) -> String {
    let Condition { name, operator, value } = condition;
    match *operator {
        "" => name.clone(),
        "!" => format!("!{name}"),
        _ if value.contains(' ') => format!("{name}{operator}'{value}'"),
        _ => format!("{name}{operator}{value}"),
    }
}

/// The conditions of `when`, apart: a value with a space stands in quotes.
pub(crate) fn conditions_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut now = String::new();
    let mut is_quoted = false;
    for character in text.chars() {
        match character {
            '\'' => {
                is_quoted = !is_quoted;
                now.push(character);
            }
            ' ' if !is_quoted => found.extend((!now.is_empty()).then(|| std::mem::take(&mut now))),
            _ => now.push(character),
        }
    }
    found.extend((!now.is_empty()).then_some(now));
    found
}

/// The rows, and a button for one more. `write` is given all of them as text, and whether that is being typed.
#[component]
pub(crate) fn Conditions(
    stored: Memo<Vec<String>>,
    write: Callback<(String, bool)>,
    names: &'static [&'static str],
) -> impl IntoView {
    let write_all = write;
    // One that has no name yet is in no file.
    let has_new = RwSignal::new(false);
    let count = Memo::new(move |_| stored.read().len() + usize::from(has_new.get()));
    let at = move |index: usize| {
        stored.read().get(index).map_or_else(|| read_condition(""), |it| read_condition(it))
    };
    let write = move |index: usize, condition: Condition, is_typed: bool| {
        let mut all: Vec<String> = stored.get_untracked();
        let text = write_condition(&condition);
        if index < all.len() {
            all[index] = text;
        } else if !condition.name.is_empty() {
            all.push(text);
            has_new.set(false);
        }
        write_all.run((all.join(" "), is_typed));
    };
    let remove = move |index: usize| {
        let mut all: Vec<String> = stored.get_untracked();
        if index < all.len() {
            all.remove(index);
            write_all.run((all.join(" "), false));
        } else {
            has_new.set(false);
        }
    };
    let operators = || {
        [
            ("=", texts().op_equal),
            ("!=", texts().op_not_equal),
            ("", texts().op_there),
            ("!", texts().op_not_there),
            ("<", texts().op_less),
            ("<=", texts().op_at_most),
            (">", texts().op_more),
            (">=", texts().op_at_least),
            ("*=", texts().op_contains),
        ]
        .map(|(word, text)| (word.to_owned(), text.to_owned()))
        .into()
    };
    let row = move |index: usize| {
        let name = Memo::new(move |_| at(index).name);
        let value = Memo::new(move |_| at(index).value);
        let has_value = Memo::new(move |_| !matches!(at(index).operator, "" | "!"));
        let number = (index + 1).to_string();
        let removes = {
            let number = number.clone();
            move || fill(texts().remove_condition, &[&number])
        };
        let choose = move |word: String| {
            let operator = OPERATORS.into_iter().find(|it| *it == word).unwrap_or("=");
            write(index, Condition { operator, ..untrack(|| at(index)) }, false);
        };
        view! {
            <li class="condition">
                <fieldset>
                    <legend class="unseen">{move || fill(texts().condition, &[&number])}</legend>
                    <div class="field">
                        <label for=format!("when-name-{index}")>{move || texts().condition_name}</label>
                        <input
                            id=format!("when-name-{index}")
                            type="text"
                            list="when-names"
                            spellcheck="false"
                            prop:value=name
                            on:change=move |event| {
                                let name = event_target_value(&event).trim().to_owned();
                                let known = untrack(|| at(index));
                                let operator = match (known.name.is_empty(), known.operator) {
                                    (true, "") => "=",
                                    (_, operator) => operator,
                                };
                                write(index, Condition { name, operator, ..known }, false);
                            }
                        />
                    </div>
                    <Pick
                        id=Signal::stored(format!("when-operator-{index}"))
                        label=Signal::derive(|| texts().condition_is.to_owned())
                        options=operators
                        value=move || at(index).operator.to_owned()
                        choose
                    />
                    <div class="field" hidden=move || !has_value.get()>
                        <label for=format!("when-value-{index}")>
                            {move || texts().condition_value}
                        </label>
                        <input
                            id=format!("when-value-{index}")
                            type="text"
                            spellcheck="false"
                            prop:value=value
                            on:input=move |event| {
                                let value = event_target_value(&event);
                                write(index, Condition { value, ..untrack(|| at(index)) }, true);
                            }
                        />
                    </div>
                    <button
                        type="button"
                        class="icon"
                        aria-label=removes
                        on:click=move |_| remove(index)
                    >
                        {sign(CLOSE)}
                    </button>
                </fieldset>
            </li>
        }
    };
    let names =
        names.iter().map(|name| view! { <option value=*name></option> }).collect::<Vec<_>>();
    view! {
        <datalist id="when-names">{names}</datalist>
        <ol class="conditions">
            <For each=move || 0..count.get() key=|index| *index let(index)>
                {row(index)}
            </For>
        </ol>
        <button type="button" class="quiet" on:click=move |_| has_new.set(true)>
            {move || texts().add_condition}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{conditions_of, read_condition, write_condition};

    #[test]
    fn conditions_come_back_as_they_went() {
        let text =
            "plan=pro|team amount>=100 !trial query.utm_source!=news city='New York' user name*=a";
        let all = conditions_of(text);
        assert_eq!(all.len(), 7);
        let written: Vec<String> =
            all.iter().map(|it| write_condition(&read_condition(it))).collect();
        assert_eq!(written.join(" "), text);
        assert_eq!(read_condition("amount>=100").operator, ">=");
    }
}
