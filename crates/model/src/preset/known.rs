//! Endpoints that are known by their address, and what does not belong in a page.

use crate::{Encoding, find};

/// What a service's addresses hold.
const PLACES: &[(&str, Encoding)] = &[
    ("//docs.google.com/forms/", Encoding::GoogleForms),
    ("//script.google.com/macros/", Encoding::AppsScript),
    ("hsforms.com/submissions/", Encoding::Hubspot),
    (".zendesk.com/api/v2/requests", Encoding::Zendesk),
    ("/servlet.WebToCase", Encoding::Salesforce),
    ("//hooks.zapier.com/", Encoding::Zapier),
    (".make.com/", Encoding::Make),
    (".n8n.cloud/webhook", Encoding::N8n),
    ("//formspree.io/f/", Encoding::Formspree),
    ("//usebasin.com/f/", Encoding::Basin),
    ("//api.web3forms.com/", Encoding::Web3forms),
    (".supabase.co/rest/v1/", Encoding::Supabase),
    ("//api.baserow.io/", Encoding::Baserow),
    (".posthog.com/i/v0/e", Encoding::Posthog),
    ("//api.segment.io/v1/", Encoding::Segment),
    (".segmentapis.com/v1/", Encoding::Segment),
    ("//hooks.slack.com/", Encoding::Slack),
    ("//discord.com/api/webhooks/", Encoding::Discord),
    ("//discordapp.com/api/webhooks/", Encoding::Discord),
    (".webhook.office.com/", Encoding::Teams),
    (".logic.azure.com", Encoding::Teams),
    (".powerplatform.com", Encoding::Teams),
];

/// The service that takes responses at this address, where it is a known one.
#[must_use]
pub fn recognise(endpoint: &str) -> Option<Encoding> {
    let base = crate::without_query(endpoint);
    PLACES.iter().find(|(place, _)| find(base, place).is_some()).map(|(_, format)| *format)
}

/// Why a request like this does not belong in a page, where everybody can read and repeat it.
///
/// What can only write, and can be revoked, is acceptable: at worst it brings spam.
#[must_use]
pub fn secret(format: Encoding, headers: &[(String, String)]) -> Option<&'static str> {
    if matches!(format, Encoding::Slack | Encoding::Discord | Encoding::Teams) {
        return Some(
            "is a secret: whoever reads it in the page can post as you (relay through the collector)",
        );
    }
    let is_secret = |(name, value): &(String, String)| {
        let is_allowed = matches!(format, Encoding::Baserow | Encoding::Supabase);
        let signs_in = ["authorization", "cookie", "proxy-authorization"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        // Supabase's key for servers: by its name, or its role in a token (base64, at any of three offsets).
        let roles = ["sb_secret_", "c2VydmljZV9yb2xl", "NlcnZpY2Vfcm9sZ", "zZXJ2aWNlX3JvbG"];
        (signs_in && !is_allowed) || roles.iter().any(|role| find(value, role).is_some())
    };
    headers.iter().any(is_secret).then_some(
        "holds a secret that everybody could read in the page (relay through the collector)",
    )
}
