use crate::json::Writer;
use crate::keyword::keyword_enum;
use crate::{Answer, CONTRACT_VERSION, ResponseId, Timestamp};

/// All that one visitor did with one showing of one survey: what an endpoint receives.
///
/// It is born when the survey is shown, and revised. Every revision holds all answers so far, and the
/// receiver keeps the highest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Response {
    /// The version of the payload; written as the number 1.
    #[cfg_attr(feature = "serde", serde(rename = "sondeo"))]
    pub version: Version,
    /// Stays the same through revisions and retries.
    pub id: ResponseId,
    /// Counts the states from 1; a higher one supersedes.
    pub revision: u32,
    /// How far the visitor came.
    pub status: Status,
    /// The site of a collector whose survey it is, where a collector manages the survey.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub site: Option<String>,
    /// The id of the survey, unique on its site.
    pub survey: String,
    /// The published version of the survey, counted from 1, where a collector manages the survey.
    #[cfg_attr(feature = "serde", serde(rename = "version"))]
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub survey_version: Option<u32>,
    /// The template that it was made from.
    pub template: Option<String>,
    /// What made it due, as authors write triggers.
    pub trigger: String,
    /// The language of the texts that the visitor read.
    pub language: String,
    /// The answers so far, in the order given.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "crate::object::many"))]
    pub answers: Vec<Answer>,
    /// When the visitor first saw the survey.
    pub shown_at: Timestamp,
    /// When this revision was first sent.
    pub sent_at: Timestamp,
    /// Milliseconds from showing to sending, by a clock that nobody sets.
    pub elapsed_ms: u64,
    /// Where it was asked.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "crate::object::one"))]
    pub page: Page,
    /// With what it was answered.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "crate::object::one"))]
    pub client: Client,
    /// Which visit of this visitor it was, from 1.
    pub visit: u32,
    /// A random id of this site's storage; only where the author asked for it and the visitor agrees.
    pub visitor: Option<String>,
    /// Who the page says the visitor is.
    pub user: Option<String>,
    /// What else the page passes through, by name.
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    pub custom: Vec<(String, String)>,
    /// The version of the widget.
    pub widget: String,
}

/// The version of the payload: the number 1, and nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Version;

/// How far a visitor came with a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Status {
    /// Seen, nothing answered.
    Shown,
    /// Something answered, not yet at the end.
    Partial,
    /// Answered to the end.
    Completed,
    /// Closed without an answer.
    Dismissed,
}

impl Status {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Shown, Self::Partial, Self::Completed, Self::Dismissed];

    /// The state that a word of the contract names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// The word of the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Partial => "partial",
            Self::Completed => "completed",
            Self::Dismissed => "dismissed",
        }
    }
}

/// The page that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Page {
    /// Its address, without query and fragment.
    pub url: String,
    /// Its title; may be empty.
    pub title: String,
    /// The address that led to it, without query and fragment; empty where the browser tells none.
    pub referrer: String,
}

/// The visitor's browser, in as few words as the numbers need.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Client {
    /// The browser's language tag.
    pub language: String,
    /// The IANA name of the time zone, where the browser tells it.
    pub time_zone: Option<String>,
    /// The class of device.
    pub device: Device,
    /// Width and height of the window in CSS pixels.
    pub viewport: [u32; 2],
}

keyword_enum! {
    /// A class of device, by how it is pointed at and how wide its window is.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
    Device {
        /// A phone.
        Mobile = "mobile",
        /// A tablet.
        Tablet = "tablet",
        /// Everything else.
        Desktop = "desktop",
    }
}

impl Device {
    /// The class of a window `width` CSS pixels wide that is pointed at with a finger (`coarse`) or not.
    ///
    /// A tablet is a touch device at least 600 px wide on its shorter side (the bound that Android's
    /// resource qualifiers use), whichever way it is held.
    #[must_use]
    pub fn classify(coarse: bool, [width, height]: [u32; 2]) -> Self {
        match coarse {
            false => Self::Desktop,
            true if width.min(height) < 600 => Self::Mobile,
            true => Self::Tablet,
        }
    }
}

/// `url` up to its query or fragment, which can hold what is nobody's business.
#[must_use]
pub fn without_query(url: &str) -> &str {
    &url[..url.find(['?', '#']).unwrap_or(url.len())]
}

impl Response {
    /// The payload of the contract's section 6.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Writer::default();
        json.open('{');
        json.number("sondeo", CONTRACT_VERSION.into());
        json.member("id", &self.id.to_text());
        json.number("revision", self.revision.into());
        json.member("status", self.status.as_str());
        if let Some(site) = &self.site {
            json.member("site", site);
        }
        json.member("survey", &self.survey);
        if let Some(version) = self.survey_version {
            json.number("version", version.into());
        }
        json.optional("template", self.template.as_deref());
        json.member("trigger", &self.trigger);
        json.member("language", &self.language);
        json.key("answers");
        json.open('[');
        for answer in &self.answers {
            answer.write(&mut json);
        }
        json.close(']');
        json.member("shown_at", &self.shown_at.to_rfc3339());
        json.member("sent_at", &self.sent_at.to_rfc3339());
        json.number("elapsed_ms", i64::try_from(self.elapsed_ms).unwrap_or(i64::MAX));
        json.key("page");
        json.open('{');
        json.member("url", &self.page.url);
        json.member("title", &self.page.title);
        json.member("referrer", &self.page.referrer);
        json.close('}');
        json.key("client");
        json.open('{');
        json.member("language", &self.client.language);
        json.optional("time_zone", self.client.time_zone.as_deref());
        json.member("device", self.client.device.as_str());
        json.key("viewport");
        json.open('[');
        for side in self.client.viewport {
            json.integer(side.into());
        }
        json.close(']');
        json.close('}');
        json.number("visit", self.visit.into());
        json.optional("visitor", self.visitor.as_deref());
        json.optional("user", self.user.as_deref());
        json.key("custom");
        json.open('{');
        for (name, value) in &self.custom {
            json.member(name, value);
        }
        json.close('}');
        json.member("widget", &self.widget);
        json.close('}');
        json.finish()
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::{CONTRACT_VERSION, Version};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl Serialize for Version {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(CONTRACT_VERSION)
        }
    }

    impl<'de> Deserialize<'de> for Version {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match u64::deserialize(deserializer)? {
                version if version == u64::from(CONTRACT_VERSION) => Ok(Self),
                version => Err(D::Error::custom(format_args!(
                    "{version} is not a version that is known here (try {CONTRACT_VERSION})"
                ))),
            }
        }
    }
}

/// An object as a list of pairs, which is smaller than any map in the widget.
#[cfg(feature = "serde")]
mod pairs {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(
        pairs: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        Ok(BTreeMap::deserialize(deserializer)?.into_iter().collect())
    }
}
