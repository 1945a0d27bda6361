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

#[cfg(test)]
mod tests {
    use super::{recognise, secret};
    use crate::RequestFormat;

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn addresses_are_known() {
        for (url, expected) in [
            ("https://docs.google.com/forms/d/e/F/viewform", Some(RequestFormat::GoogleForms)),
            ("https://script.google.com/macros/s/ID/exec", Some(RequestFormat::AppsScript)),
            (
                "https://api-eu1.hsforms.com/submissions/v3/integration/submit/1/f",
                Some(RequestFormat::Hubspot),
            ),
            ("https://acme.zendesk.com/api/v2/requests.json", Some(RequestFormat::Zendesk)),
            (
                "https://webto.salesforce.com/servlet/servlet.WebToCase?orgid=1",
                Some(RequestFormat::Salesforce),
            ),
            ("https://hooks.zapier.com/hooks/catch/1/x/", Some(RequestFormat::Zapier)),
            ("https://hook.eu2.make.com/x", Some(RequestFormat::Make)),
            ("https://acme.app.n8n.cloud/webhook/x", Some(RequestFormat::N8n)),
            ("https://formspree.io/f/x", Some(RequestFormat::Formspree)),
            ("https://usebasin.com/f/x", Some(RequestFormat::Basin)),
            ("https://api.web3forms.com/submit?access_key=k", Some(RequestFormat::Web3forms)),
            ("https://x.supabase.co/rest/v1/t", Some(RequestFormat::Supabase)),
            ("https://api.baserow.io/api/database/rows/table/7/", Some(RequestFormat::Baserow)),
            ("https://us.i.posthog.com/i/v0/e/", Some(RequestFormat::Posthog)),
            ("https://api.segment.io/v1/t", Some(RequestFormat::Segment)),
            ("https://hooks.slack.com/services/T/B/x", Some(RequestFormat::Slack)),
            ("https://discord.com/api/webhooks/1/x", Some(RequestFormat::Discord)),
            ("https://acme.webhook.office.com/webhookb2/x", Some(RequestFormat::Teams)),
            ("https://example.com/v1/responses", None),
            ("https://example.com/?next=https://hooks.slack.com/", None),
        ] {
            assert_eq!(recognise(url), expected, "{url}");
        }
    }

    #[test]
    fn secrets_are_refused() {
        let refuses = |format, name, value| secret(format, &owned(&[(name, value)])).is_some();
        assert!(refuses(RequestFormat::Json, "Authorization", "Bearer x"));
        assert!(refuses(RequestFormat::Zendesk, "authorization", "Basic x"));
        assert!(refuses(RequestFormat::Supabase, "apikey", "sb_secret_x"));
        assert!(refuses(
            RequestFormat::Supabase,
            "apikey",
            "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.x"
        ));
        assert!(!refuses(RequestFormat::Supabase, "authorization", "Bearer sb_publishable_x"));
        assert!(!refuses(RequestFormat::Baserow, "authorization", "Token x"));
        assert!(!refuses(RequestFormat::Json, "x-site", "main"));
    }
}
