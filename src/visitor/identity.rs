use sondeo_model::limits::{LONGEST_NAME, LONGEST_TEXT, MOST_ENTRIES, clip};

/// Who the page says the visitor is.
#[derive(Default)]
pub(crate) struct Identity {
    user: Option<String>,
    custom: Vec<(String, String)>,
}

impl Identity {
    /// What `sondeo.identify` was told; of each text as much as a response may hold.
    pub(crate) fn new(user: Option<String>, custom: Vec<(String, String)>) -> Self {
        let text = |text: &str, most| clip(text, most).replace('\0', "");
        let custom = custom.iter().take(MOST_ENTRIES);
        Self {
            user: user.map(|user| text(&user, LONGEST_NAME)).filter(|user| !user.is_empty()),
            custom: custom
                .map(|(name, value)| (text(name, LONGEST_NAME), text(value, LONGEST_TEXT)))
                .filter(|(name, _)| !name.is_empty())
                .collect(),
        }
    }

    /// The user, where the page has told of one later than its attributes did.
    pub(crate) fn user(&self, attribute: Option<&str>) -> Option<String> {
        self.user.as_deref().or(attribute).map(str::to_owned)
    }

    /// The page's words, then its attributes' of other names.
    pub(crate) fn custom(&self, attributes: &[(String, String)]) -> Vec<(String, String)> {
        let mut custom = self.custom.clone();
        for (name, value) in attributes {
            if custom.len() < MOST_ENTRIES && !custom.iter().any(|(known, _)| known == name) {
                custom.push((name.clone(), value.clone()));
            }
        }
        custom
    }
}
