//! Ids that are made of words, and options that come as lines of a text.

use crate::texts::{main_language, said_in};
use crate::{Document, EditError, Edited, Value, pointer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// An id for a text, that none of the others has: `¿El precio?` gives `el-precio`. `usual` stands where the text has no
/// letter that an id may have.
#[must_use]
pub fn id_for(text: &str, usual: &str, others: &[&str]) -> String {
    /// Long enough to be recognised, and room for a number.
    const LONGEST: usize = 40;
    let mut id = String::new();
    for character in text.nfkd().filter(|it| !is_combining_mark(*it)) {
        match character.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => id.push(letter),
            'ß' => id.push_str("ss"),
            'æ' | 'Æ' => id.push_str("ae"),
            'ø' | 'Ø' => id.push('o'),
            // Apostrophes do not part words.
            '\'' | '’' => {}
            _ if id.is_empty() || id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    if id.len() > LONGEST {
        // At the end of a word, where there is one.
        let end = id[..=LONGEST].rfind('-').filter(|end| *end > LONGEST / 2).unwrap_or(LONGEST);
        id.truncate(end);
    }
    let id = id.trim_matches('-');
    let id = if id.is_empty() { usual } else { id };
    let is_free = |id: &str| !others.contains(&id);
    if is_free(id) {
        return id.to_owned();
    }
    // There are fewer others than numbers.
    (2..=others.len() + 2).map(|n| format!("{id}-{n}")).find(|it| is_free(it)).unwrap_or_default()
}

/// The lines of a text that say something, without bullets and numbers of lists.
#[must_use]
pub fn lines(text: &str) -> Vec<&str> {
    let bare = |line: &'_ str| -> usize {
        let trimmed = line.trim_start();
        let after = trimmed.strip_prefix(['-', '*', '•', '–', '·']).or_else(|| {
            let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
            Some(digits).filter(|digits| (1..=2).contains(digits))?;
            trimmed[digits..].strip_prefix(['.', ')'])
        });
        // A number or a dash that no space follows belongs to the text: `-5 °C`, `1.5 hours`.
        let after = after.filter(|after| after.starts_with([' ', '\t']));
        line.len() - after.map_or(trimmed, str::trim_start).len()
    };
    let lines = text.lines().map(|line| line[bare(line)..].trim());
    lines.filter(|line| !line.is_empty()).collect()
}

/// Makes the lines of a text the options of a question. An option whose text is among the lines stays as it is, with its
/// id; one whose line was changed keeps its id, too, so that its answers still belong to it. What is not among the lines
/// goes, and the ways that it had are mended.
///
/// # Errors
/// Where there is no such question.
pub fn paste(document: &mut Document, question: usize, text: &str, language: &str) -> Edited {
    let at = format!("/questions/{question}");
    let found = document.get(&at).ok_or_else(|| EditError { pointer: at.clone() })?;
    let main = main_language(document.value());
    let old: Vec<Value> = found.get("options").map_or(&[][..], Value::entries).to_vec();
    let lines = lines(text);
    let says = |option: &Value, line: &str| {
        option.get("text").and_then(|text| said_in(text, language, &main)) == Some(line)
    };
    // First those that are the same, then those that stand where a line was changed.
    let mut taken: Vec<Option<usize>> = vec![None; lines.len()];
    for (at, line) in lines.iter().enumerate() {
        taken[at] = (0..old.len()).find(|it| says(&old[*it], line) && !taken.contains(&Some(*it)));
    }
    for at in 0..lines.len() {
        let is_free = at < old.len() && !taken.contains(&Some(at));
        if taken[at].is_none() && is_free {
            taken[at] = Some(at);
        }
    }
    // Into the ids of those that stay no new one may fall.
    let mut ids: Vec<String> =
        taken.iter().flatten().filter_map(|at| old[*at].text_of("id").map(str::to_owned)).collect();
    let is_in_one = crate::texts::languages(document.value()).len() < 2;
    let mut options = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let mut option = match taken[place] {
            Some(at) => old[at].clone(),
            None => {
                let others: Vec<&str> = ids.iter().map(String::as_str).collect();
                let id = id_for(line, &format!("option-{}", place + 1), &others);
                ids.push(id.clone());
                Value::object([("id", id)])
            }
        };
        if !says(&option, line) {
            let text = option.get("text");
            let text = crate::texts::with_text(text, &main, is_in_one, language, line);
            crate::document::put(&mut option, "/text", text)?;
        }
        options.push(option);
    }
    let gone: Vec<usize> = (0..old.len()).filter(|at| !taken.contains(&Some(*at))).collect();
    let list = pointer::join(&at, "options");
    document.change(|root| {
        let mut mended = Vec::new();
        for at in gone.into_iter().rev() {
            mended.extend(crate::document::take_and_mend(root, &pointer::join(&list, at))?);
        }
        crate::document::put(root, &list, options.into())?;
        Ok(mended)
    })
}

#[cfg(test)]
mod tests {
    use super::{id_for, lines, paste};
    use crate::{Document, Value};
    use proptest::prelude::*;

    #[test]
    fn ids_are_made_of_words() {
        for (text, expected) in [
            ("¿El precio?", "el-precio"),
            ("It’s too slow", "its-too-slow"),
            ("Größe XL", "grosse-xl"),
            ("  A / B  ", "a-b"),
            ("价格", "option-1"),
            ("", "option-1"),
        ] {
            assert_eq!(id_for(text, "option-1", &[]), expected, "{text}");
        }
        assert_eq!(id_for("Price", "x", &["price", "price-2"]), "price-3");
        let long = id_for("one two three four five six seven eight nine ten", "x", &[]);
        assert_eq!(long, "one-two-three-four-five-six-seven-eight");
    }

    proptest! {
        #[test]
        fn every_id_is_a_name_that_is_free(text in "\\PC{0,80}", others in proptest::collection::vec("[a-z]{1,2}", 0..6)) {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            let id = id_for(&text, "option", &others);
            prop_assert!(sondeo_model::is_name(&id), "{id}");
            prop_assert!(!others.contains(&id.as_str()));
        }
    }

    #[test]
    fn bullets_and_numbers_of_lists_are_no_words() {
        let text = "- Price\r\n\n  * Quality\n1. Service\n12) Speed\n-5 °C\n1.5 hours\n2024\n";
        let expected = ["Price", "Quality", "Service", "Speed", "-5 °C", "1.5 hours", "2024"];
        assert_eq!(lines(text), expected);
    }

    const FILE: &str = r#"{"questions": [{"id": "why", "kind": "choice", "text": "Why?", "options": [
        {"id": "price", "text": {"en": "Price", "es": "Precio"}}, {"id": "slow", "text": "Slow", "minutes": 5},
        {"id": "old", "text": "Old"}],
        "next": [{"if": "in:price,old", "go": "end"}, {"if": "=old", "go": "more"}]},
        {"id": "more", "kind": "text", "text": "More?"}]}"#;

    #[test]
    fn lines_become_options_and_known_ones_stay() {
        let mut document = Document::open(FILE).expect("JSON");
        let before = document.text();
        let mended =
            paste(&mut document, 0, "Very slow\nPrice\nPrice\n", "en").expect("a question");
        let options = document.get("/questions/0/options").expect("options");
        assert_eq!(
            serde_json::to_string(options).expect("JSON"),
            concat!(
                r#"[{"id":"very-slow","text":{"en":"Very slow"}},"#,
                r#"{"id":"price","text":{"en":"Price","es":"Precio"}},"#,
                r#"{"id":"old","text":"Price"}]"#
            )
        );
        assert_eq!(mended.len(), 0);
        assert!(document.undo());
        assert_eq!(document.text(), before);
    }

    #[test]
    fn a_changed_line_keeps_its_id() {
        let mut document = Document::open(FILE).expect("JSON");
        paste(&mut document, 0, "Price\nToo slow\nOld", "en").expect("a question");
        let option = document.get("/questions/0/options/1").expect("an option");
        assert_eq!(option.text_of("id"), Some("slow"));
        assert_eq!(option.get("minutes"), Some(&Value::from(5)));
        assert_eq!(option.text_of("text"), Some("Too slow"));
    }

    #[test]
    fn what_is_gone_leaves_no_way_behind() {
        let mut document = Document::open(FILE).expect("JSON");
        let mended = paste(&mut document, 0, "Price\nSlow", "en").expect("a question");
        assert_eq!(mended.len(), 2, "{mended:?}");
        let next = document.get("/questions/0/next").expect("rules");
        assert_eq!(serde_json::to_string(next).expect("JSON"), r#"[{"if":"in:price","go":"end"}]"#);
        assert!(paste(&mut document, 7, "a", "en").is_err());
    }
}
