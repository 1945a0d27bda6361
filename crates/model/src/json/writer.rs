/// Writes one JSON document, token by token, into a string.
///
/// The caller sees to balance and order (a key before each member); the commas are the writer's.
#[derive(Default)]
pub struct Writer {
    text: String,
    comma: bool,
}

impl Writer {
    /// Opens an object (`'{'`) or an array (`'['`).
    pub fn open(&mut self, bracket: char) {
        self.separate();
        self.text.push(bracket);
        self.comma = false;
    }

    /// Closes the innermost object (`'}'`) or array (`']'`).
    pub fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.comma = true;
    }

    /// The name of the next member.
    pub fn key(&mut self, key: &str) {
        self.string(key);
        self.text.push(':');
        self.comma = false;
    }

    /// A string.
    pub fn string(&mut self, value: &str) {
        self.separate();
        self.text.push('"');
        for character in value.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\0'..='\x1f' => {
                    let code = character as u8;
                    self.text.push_str("\\u00");
                    self.text.push(char::from(b'0' + (code >> 4)));
                    self.text.push(char::from(b"0123456789abcdef"[usize::from(code & 0x0f)]));
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }

    /// A whole number.
    pub fn integer(&mut self, value: i64) {
        self.raw(&crate::format_int(value));
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// `null`
    pub fn null(&mut self) {
        self.raw("null");
    }

    /// A member that holds a string.
    pub fn member(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    /// A member that holds a string, or `null`.
    pub fn optional(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        match value {
            Some(value) => self.string(value),
            None => self.null(),
        }
    }

    /// A member that holds a whole number.
    pub fn number(&mut self, key: &str, value: i64) {
        self.key(key);
        self.integer(value);
    }

    /// The document.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn raw(&mut self, token: &str) {
        self.separate();
        self.text.push_str(token);
    }

    fn separate(&mut self) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;
    use proptest::prelude::*;

    #[test]
    fn commas_stand_between_and_nowhere_else() {
        let mut writer = Writer::default();
        writer.open('{');
        writer.key("list");
        writer.open('[');
        writer.integer(-1);
        writer.boolean(true);
        writer.open('{');
        writer.close('}');
        writer.close(']');
        writer.optional("none", None);
        writer.member("text", "a");
        writer.number("n", 2);
        writer.close('}');
        assert_eq!(writer.finish(), r#"{"list":[-1,true,{}],"none":null,"text":"a","n":2}"#);
    }

    proptest! {
        #[test]
        fn any_string_is_read_back_as_it_was(text: String) {
            let mut writer = Writer::default();
            writer.string(&text);
            let read: String = serde_json::from_str(&writer.finish()).expect("JSON");
            prop_assert_eq!(read, text);
        }

        #[test]
        fn control_characters_too(code in 0_u8..0x80) {
            let text = char::from(code).to_string();
            let mut writer = Writer::default();
            writer.string(&text);
            let read: String = serde_json::from_str(&writer.finish()).expect("JSON");
            prop_assert_eq!(read, text);
        }
    }
}
