//! What each kind of destination has to be told, in words of people.

use super::super::texts::texts;
use serde_json::{Map, Value};

type Wording = fn() -> &'static str;

/// A kind of destination.
#[derive(Debug)]
pub(super) struct Kind {
    /// The word of the collector.
    pub(super) word: &'static str,
    /// What the service calls itself.
    pub(super) title: Wording,
    /// What arrives there.
    pub(super) about: Wording,
    /// What to click there.
    pub(super) how: Wording,
    pub(super) fields: &'static [Field],
    /// What it can be told of in place of responses.
    pub(super) tells: &'static [&'static str],
}

/// One setting.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: Wording,
    pub(super) hint: Wording,
    pub(super) holds: SettingKind,
    pub(super) is_secret: bool,
    pub(super) is_required: bool,
}

/// What kind of value a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingKind {
    Line,
    Address,
    /// A secret that nobody needs to see while it is written.
    Password,
    /// A secret that is given to somebody else, too, and can be drawn here.
    Drawn,
    /// Several lines: addresses of people.
    Addresses,
    /// Lines of `name = value`.
    Pairs,
    /// Lines of `name: value`.
    Headers,
    /// A file.
    File,
}

impl SettingKind {
    /// Whether it is several lines.
    pub(super) fn is_long(self) -> bool {
        matches!(self, Self::Addresses | Self::Pairs | Self::Headers | Self::File)
    }
}

const fn field(
    name: &'static str,
    (label, hint): (Wording, Wording),
    holds: SettingKind,
    is_required: bool,
) -> Field {
    Field { name, label, hint, holds, is_secret: false, is_required }
}

const fn secret(
    name: &'static str,
    (label, hint): (Wording, Wording),
    holds: SettingKind,
    is_required: bool,
) -> Field {
    Field { name, label, hint, holds, is_secret: true, is_required }
}

const URL: Field =
    secret("url", (|| texts().set_url, || texts().set_url_hint), SettingKind::Address, true);
const TOKEN: Field =
    secret("token", (|| texts().set_token, || texts().set_token_hint), SettingKind::Password, true);
const BASE: Field =
    field("base", (|| texts().set_base, || texts().set_base_hint), SettingKind::Address, false);
const FIELDS: Field =
    field("fields", (|| texts().set_fields, || texts().set_fields_hint), SettingKind::Pairs, true);

/// Words of the settings `digest` and `changes`.
const CHAT: &[&str] = &["changes:day", "changes:week", "changes:month"];
const MAIL: &[&str] =
    &["digest:daily", "digest:weekly", "changes:day", "changes:week", "changes:month"];

/// Every kind.
pub(super) static KINDS: [Kind; 10] = [
    Kind {
        word: "slack",
        title: || "Slack",
        about: || texts().kind_slack,
        how: || texts().how_slack,
        fields: &[URL],
        tells: CHAT,
    },
    Kind {
        word: "teams",
        title: || "Microsoft Teams",
        about: || texts().kind_teams,
        how: || texts().how_teams,
        fields: &[URL],
        tells: CHAT,
    },
    Kind {
        word: "discord",
        title: || "Discord",
        about: || texts().kind_discord,
        how: || texts().how_discord,
        fields: &[URL],
        tells: CHAT,
    },
    Kind {
        word: "email",
        title: || texts().title_email,
        about: || texts().kind_email,
        how: || texts().how_email,
        fields: &[field(
            "to",
            (|| texts().set_to, || texts().set_to_hint),
            SettingKind::Addresses,
            true,
        )],
        tells: MAIL,
    },
    Kind {
        word: "google-sheets",
        title: || "Google Sheets",
        about: || texts().kind_sheets,
        how: || texts().how_sheets,
        fields: &[
            field(
                "spreadsheet",
                (|| texts().set_spreadsheet, || texts().set_spreadsheet_hint),
                SettingKind::Line,
                true,
            ),
            field(
                "sheet",
                (|| texts().set_sheet, || texts().set_sheet_hint),
                SettingKind::Line,
                false,
            ),
            secret(
                "account",
                (|| texts().set_account, || texts().set_account_hint),
                SettingKind::File,
                true,
            ),
            BASE,
        ],
        tells: &[],
    },
    Kind {
        word: "hubspot",
        title: || "HubSpot",
        about: || texts().kind_hubspot,
        how: || texts().how_hubspot,
        fields: &[
            field(
                "portal",
                (|| texts().set_portal, || texts().set_portal_hint),
                SettingKind::Line,
                true,
            ),
            field("form", (|| texts().set_form, || texts().set_form_hint), SettingKind::Line, true),
            TOKEN,
            FIELDS,
            BASE,
        ],
        tells: &[],
    },
    Kind {
        word: "zendesk",
        title: || "Zendesk",
        about: || texts().kind_zendesk,
        how: || texts().how_zendesk,
        fields: &[
            field(
                "subdomain",
                (|| texts().set_subdomain, || texts().set_subdomain_hint),
                SettingKind::Line,
                true,
            ),
            field(
                "email",
                (|| texts().set_agent, || texts().set_agent_hint),
                SettingKind::Line,
                true,
            ),
            TOKEN,
            BASE,
        ],
        tells: &[],
    },
    Kind {
        word: "salesforce",
        title: || "Salesforce",
        about: || texts().kind_salesforce,
        how: || texts().how_salesforce,
        fields: &[
            field(
                "base",
                (|| texts().set_base, || texts().set_base_salesforce),
                SettingKind::Address,
                true,
            ),
            secret(
                "client_id",
                (|| texts().set_client_id, || texts().set_token_hint),
                SettingKind::Password,
                true,
            ),
            secret(
                "client_secret",
                (|| texts().set_client_secret, || texts().set_token_hint),
                SettingKind::Password,
                true,
            ),
            field(
                "object",
                (|| texts().set_object, || texts().set_object_hint),
                SettingKind::Line,
                true,
            ),
            field(
                "external_id",
                (|| texts().set_external, || texts().set_external_hint),
                SettingKind::Line,
                true,
            ),
            FIELDS,
        ],
        tells: &[],
    },
    Kind {
        word: "pipedrive",
        title: || "Pipedrive",
        about: || texts().kind_pipedrive,
        how: || texts().how_pipedrive,
        fields: &[TOKEN, BASE],
        tells: &[],
    },
    Kind {
        word: "webhook",
        title: || "Webhook",
        about: || texts().kind_webhook,
        how: || texts().how_webhook,
        fields: &[
            URL,
            secret(
                "secret",
                (|| texts().set_secret, || texts().set_secret_hint),
                SettingKind::Drawn,
                true,
            ),
            secret(
                "headers",
                (|| texts().set_headers, || texts().set_headers_hint),
                SettingKind::Headers,
                false,
            ),
        ],
        tells: &[],
    },
];

/// The kind of this word.
pub(super) fn kind_of(word: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.word == word)
}

/// What a destination is told of, in words.
pub(super) fn tells_word(tells: &str) -> &'static str {
    match tells {
        "digest:daily" => texts().tells_daily,
        "digest:weekly" => texts().tells_weekly,
        "changes:day" => texts().tells_day,
        "changes:week" => texts().tells_week,
        "changes:month" => texts().tells_month,
        _ => texts().tells_each,
    }
}

/// What settings say of it; empty for each response.
pub(super) fn tells_of(settings: &Map<String, Value>) -> String {
    let said = |name: &str| Some(format!("{name}:{}", settings.get(name)?.as_str()?));
    said("digest").or_else(|| said("changes")).unwrap_or_default()
}

/// What a field shows of a setting. What is secret is not known here.
pub(super) fn written(holds: SettingKind, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        Value::Object(map) if holds == SettingKind::Pairs => {
            let line = |(name, value): (&String, &Value)| {
                format!("{name} = {}", value.as_str().unwrap_or_default())
            };
            map.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// What a field says, as the collector takes it; an error where it cannot be read.
pub(super) fn read(holds: SettingKind, text: &str) -> Result<Value, &'static str> {
    let pairs = |separator: char, problem: &'static str| {
        let mut map = Map::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(separator).ok_or(problem)?;
            let (name, value) = (name.trim(), value.trim());
            if name.is_empty() || value.is_empty() {
                return Err(problem);
            }
            map.insert(name.to_owned(), value.into());
        }
        Ok(Value::Object(map))
    };
    match holds {
        SettingKind::Addresses => {
            let words = text.split([',', ';', ' ', '\n', '\t']).map(str::trim);
            Ok(words.filter(|it| !it.is_empty()).map(Value::from).collect())
        }
        SettingKind::Pairs => pairs('=', texts().field_pairs),
        SettingKind::Headers => pairs(':', texts().field_headers),
        _ => Ok(text.trim().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, SettingKind, kind_of, read, tells_of, written};
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for (holds, value) in [
            (SettingKind::Line, json!("shop")),
            (SettingKind::Addresses, json!(["ana@shop.example", "team@shop.example"])),
            (SettingKind::Pairs, json!({"email": "email", "nps_score": "score"})),
        ] {
            assert_eq!(read(holds, &written(holds, &value)), Ok(value));
        }
        let spread = read(SettingKind::Addresses, " a@b.c, d@e.f;\n\ng@h.i ");
        assert_eq!(spread, Ok(json!(["a@b.c", "d@e.f", "g@h.i"])));
        let header = read(SettingKind::Headers, "authorization: Bearer a:b");
        assert_eq!(header, Ok(json!({"authorization": "Bearer a:b"})));
        for (holds, text) in [
            (SettingKind::Pairs, "score"),
            (SettingKind::Headers, ": x"),
            (SettingKind::Pairs, "a="),
        ] {
            assert!(read(holds, text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_it_is_told_of_is_one_word() {
        let told = |settings: serde_json::Value| tells_of(settings.as_object().expect("an object"));
        assert_eq!(told(json!({"to": []})), "");
        assert_eq!(told(json!({"digest": "weekly"})), "digest:weekly");
        assert_eq!(told(json!({"changes": "day"})), "changes:day");
        assert_eq!(kind_of("slack").map(|it| (it.title)()), Some("Slack"));
        assert!(KINDS.iter().all(|it| !it.fields.is_empty()));
    }

    /// The settings that the collector's own files name, in the order of the code.
    fn settings_of(source: &str) -> Vec<&str> {
        let (_, after) = source.split_once("settings: &[").expect("its settings");
        let (list, _) = after.split_once(" pace:").expect("their end");
        let named = list.split("name: \"").skip(1).filter_map(|it| it.split('"').next());
        let constants = [("URL", "url"), ("BASE", "base"), ("CHANGES", "changes")];
        let constants = constants.into_iter().filter(|(word, _)| {
            list.split(|it: char| !it.is_alphanumeric()).any(|found| found == *word)
        });
        let mut all: Vec<&str> = named.chain(constants.map(|(_, name)| name)).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn every_setting_of_the_collector_has_a_field() {
        macro_rules! source {
            ($file:literal) => {
                include_str!(concat!("../../../../collector/src/destinations/", $file))
            };
        }
        let sources = [
            ("slack", source!("slack.rs")),
            ("teams", source!("teams.rs")),
            ("discord", source!("discord.rs")),
            ("email", source!("email.rs")),
            ("google-sheets", source!("google_sheets.rs")),
            ("hubspot", source!("hubspot.rs")),
            ("zendesk", source!("zendesk.rs")),
            ("salesforce", source!("salesforce.rs")),
            ("pipedrive", source!("pipedrive.rs")),
            ("webhook", source!("webhook.rs")),
        ];
        assert_eq!(sources.len(), KINDS.len());
        for (word, source) in sources {
            let kind = kind_of(word).expect(word);
            let mut ours: Vec<&str> = kind.fields.iter().map(|it| it.name).collect();
            ours.extend(kind.tells.iter().filter_map(|it| it.split(':').next()));
            ours.sort_unstable();
            ours.dedup();
            assert_eq!(ours, settings_of(source), "{word}");
        }
    }
}
