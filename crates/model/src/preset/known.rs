//! Endpoints that are known by their address, and what does not belong in a page.

use crate::{RequestFormat, find_substring};

/// What a service's addresses hold.
const PLACES: &[(&str, RequestFormat)] = &[
    ("//docs.google.com/forms/", RequestFormat::GoogleForms),
    ("//script.google.com/macros/", RequestFormat::AppsScript),
    ("hsforms.com/submissions/", RequestFormat::Hubspot),
    (".zendesk.com/api/v2/requests", RequestFormat::Zendesk),
    ("/servlet.WebToCase", RequestFormat::Salesforce),
    ("//hooks.zapier.com/", RequestFormat::Zapier),
    (".make.com/", RequestFormat::Make),
    (".n8n.cloud/webhook", RequestFormat::N8n),
    ("//formspree.io/f/", RequestFormat::Formspree),
    ("//usebasin.com/f/", RequestFormat::Basin),
    ("//api.web3forms.com/", RequestFormat::Web3forms),
    (".supabase.co/rest/v1/", RequestFormat::Supabase),
    ("//api.baserow.io/", RequestFormat::Baserow),
    (".posthog.com/i/v0/e", RequestFormat::Posthog),
    ("//api.segment.io/v1/", RequestFormat::Segment),
    (".segmentapis.com/v1/", RequestFormat::Segment),
    ("//hooks.slack.com/", RequestFormat::Slack),
    ("//discord.com/api/webhooks/", RequestFormat::Discord),
    ("//discordapp.com/api/webhooks/", RequestFormat::Discord),
    (".webhook.office.com/", RequestFormat::Teams),
    (".logic.azure.com", RequestFormat::Teams),
    (".powerplatform.com", RequestFormat::Teams),
];

/// The service that takes responses at this address, where it is a known one.
#[must_use]
pub fn recognise(endpoint: &str) -> Option<RequestFormat> {
    let base = crate::without_query(endpoint);
    PLACES
        .iter()
        .find(|(place, _)| find_substring(base, place).is_some())
        .map(|(_, format)| *format)
}

/// Why a request like this does not belong in a page, where everybody can read and repeat it.
///
/// What can only write, and can be revoked, is acceptable: at worst it brings spam.
#[must_use]
pub fn secret(format: RequestFormat, headers: &[(String, String)]) -> Option<&'static str> {
    if matches!(format, RequestFormat::Slack | RequestFormat::Discord | RequestFormat::Teams) {
        return Some(
            "is a secret: whoever reads it in the page can post as you (relay through the collector)",
        );
    }
    let is_secret = |(name, value): &(String, String)| {
        let is_allowed = matches!(format, RequestFormat::Baserow | RequestFormat::Supabase);
        let signs_in = ["authorization", "cookie", "proxy-authorization"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        // Supabase's key for servers: by its name, or its role in a token (base64, at any of three offsets).
        let roles = ["sb_secret_", "c2VydmljZV9yb2xl", "NlcnZpY2Vfcm9sZ", "zZXJ2aWNlX3JvbG"];
        (signs_in && !is_allowed) || roles.iter().any(|role| find_substring(value, role).is_some())
    };
    headers.iter().any(is_secret).then_some(
        "holds a secret that everybody could read in the page (relay through the collector)",
    )
}
