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

#[cfg(test)]
mod tests {
    use super::Identity;
    use sondeo_model::limits::LONGEST_NAME;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_the_page_says_comes_before_its_attributes() {
        let attributes = pairs(&[("plan", "free"), ("order", "7")]);
        let nobody = Identity::default();
        assert_eq!(nobody.user(Some("u-1")).as_deref(), Some("u-1"));
        assert_eq!(nobody.custom(&attributes), attributes);
        let somebody = Identity::new(Some("u-2".to_owned()), pairs(&[("plan", "team")]));
        assert_eq!(somebody.user(Some("u-1")).as_deref(), Some("u-2"));
        assert_eq!(somebody.custom(&attributes), pairs(&[("plan", "team"), ("order", "7")]));
    }

    #[test]
    fn a_response_can_hold_it() {
        let long = "x".repeat(300);
        let many: Vec<_> = (0..200).map(|at| (at.to_string(), "\0x".to_owned())).collect();
        let somebody = Identity::new(Some(long), many);
        assert_eq!(somebody.user(None).map(|user| user.len()), Some(LONGEST_NAME));
        let custom = somebody.custom(&pairs(&[("one", "more")]));
        assert_eq!((custom.len(), custom[0].1.as_str()), (100, "x"));
        assert_eq!(Identity::new(Some(String::new()), Vec::new()).user(None), None);
    }
}
