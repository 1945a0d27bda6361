//! The services of `docs/presets.md`: each is played by a stand-in that refuses what the service refuses, its
//! preflight included. Whether the services still are as they were documented, no test of ours can say.

use crate::support::{Browser, Collector, Host, Page, StandIn};
use serde_json::{Value as Json, json};

crate::scenarios![in Chromium:
    services_take_what_their_preset_sends,
    a_service_refuses_what_is_not_its_own,
    secrets_stay_out_of_the_page,
];

/// A service: its format, where it takes answers, what the author has to write, and what it insists on.
pub(crate) struct Service {
    pub(crate) format: &'static str,
    /// With the query that its preset reads.
    pub(crate) path: &'static str,
    attributes: &'static str,
    /// The headers that its preflight allows; `None` where it refuses every preflight.
    pub(crate) allows: Option<&'static str>,
    /// Whether a page may read its answer.
    pub(crate) is_readable: bool,
    /// Where it takes the POST, and sends on to.
    pub(crate) posts_to: &'static str,
    pub(crate) redirects: bool,
    pub(crate) content_type: &'static str,
    /// Headers that it needs.
    pub(crate) needs: &'static [(&'static str, &'static str)],
    /// Whether it takes this body: of a form, its fields.
    pub(crate) takes: fn(&Json) -> bool,
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

const PLAIN: Service = Service {
    format: "",
    path: "/",
    attributes: "",
    allows: None,
    is_readable: true,
    posts_to: "/",
    redirects: false,
    content_type: JSON,
    needs: &[],
    takes: is_response,
};

fn is_response(body: &Json) -> bool {
    body["sondeo"] == 1 && body["answers"][0]["value"] == 4
}

fn is_flat(body: &Json) -> bool {
    body["survey"] == "post-purchase" && body["score"] == 4 && body["id"].is_string()
}

pub(crate) const SERVICES: &[Service] = &[
    Service {
        format: "google-forms",
        path: "/forms/d/e/F/viewform?usp=sharing",
        attributes: r#"data-field-satisfaction="entry.11" data-field-id="entry.22""#,
        is_readable: false,
        posts_to: "/forms/d/e/F/formResponse",
        content_type: FORM,
        takes: |body| body["entry.11"] == "4" && body["entry.22"].is_string() && body["fvv"] == "1",
        ..PLAIN
    },
    Service {
        format: "apps-script",
        path: "/macros/s/ID/exec",
        posts_to: "/macros/s/ID/exec",
        redirects: true,
        content_type: TEXT,
        ..PLAIN
    },
    Service {
        format: "hubspot",
        path: "/submissions/v3/integration/submit/1/F",
        attributes: r#"data-field-satisfaction="csat""#,
        allows: Some("content-type"),
        posts_to: "/submissions/v3/integration/submit/1/F",
        takes: |body| {
            let fields = body["fields"].as_array().map_or(&[][..], Vec::as_slice);
            // An empty cookie is refused, and so is a value that is no string.
            body["context"].get("hutk").is_none()
                && fields == [json!({"objectTypeId": "0-1", "name": "csat", "value": "4"})]
        },
        ..PLAIN
    },
    Service {
        format: "zendesk",
        path: "/api/v2/requests.json",
        attributes: r#"data-custom-email="ana@example.com""#,
        allows: Some("content-type"),
        posts_to: "/api/v2/requests.json",
        takes: |body| {
            let request = &body["request"];
            let has = |text: &Json| text.as_str().is_some_and(|text| !text.is_empty());
            let requester = &request["requester"];
            has(&request["subject"])
                && has(&request["comment"]["body"])
                && has(&requester["name"])
                && requester["email"] == "ana@example.com"
        },
        ..PLAIN
    },
    Service {
        format: "salesforce",
        path: "/servlet/servlet.WebToCase?orgid=00D1",
        attributes: r#"data-field-satisfaction="00N1""#,
        is_readable: false,
        posts_to: "/servlet/servlet.WebToCase?encoding=UTF-8",
        content_type: FORM,
        takes: |body| {
            body["orgid"] == "00D1" && body["00N1"] == "4" && body["description"].is_string()
        },
        ..PLAIN
    },
    Service {
        format: "zapier",
        path: "/hooks/catch/1/x/",
        posts_to: "/hooks/catch/1/x/",
        content_type: TEXT,
        ..PLAIN
    },
    Service { format: "make", path: "/x1", posts_to: "/x1", content_type: TEXT, ..PLAIN },
    Service {
        format: "n8n",
        path: "/webhook/x",
        posts_to: "/webhook/x",
        allows: Some("content-type"),
        ..PLAIN
    },
    Service {
        format: "formspree",
        path: "/f/x",
        attributes: r#"data-field-satisfaction="score""#,
        posts_to: "/f/x",
        allows: Some("content-type"),
        // Without it, the service redirects to a page of thanks.
        needs: &[("accept", "application/json")],
        takes: is_flat,
        ..PLAIN
    },
    Service {
        format: "basin",
        path: "/f/y",
        attributes: r#"data-field-satisfaction="score""#,
        posts_to: "/f/y",
        allows: Some("content-type"),
        needs: &[("accept", "application/json")],
        takes: is_flat,
        ..PLAIN
    },
    Service {
        format: "web3forms",
        path: "/submit?access_key=k",
        attributes: r#"data-field-satisfaction="score""#,
        posts_to: "/submit",
        allows: Some("content-type"),
        takes: |body| is_flat(body) && body["access_key"] == "k",
        ..PLAIN
    },
    Service {
        format: "netlify",
        path: "/contact?form-name=feedback",
        attributes: r#"data-field-satisfaction="score""#,
        posts_to: "/contact",
        content_type: FORM,
        takes: |body| body["form-name"] == "feedback" && body["score"] == "4",
        ..PLAIN
    },
    Service {
        format: "supabase",
        path: "/rest/v1/responses",
        attributes: r#"data-header-apikey="sb_publishable_x""#,
        posts_to: "/rest/v1/responses",
        allows: Some("content-type, apikey, prefer"),
        needs: &[("apikey", "sb_publishable_x"), ("prefer", "return=minimal")],
        // A table refuses columns that it does not have.
        takes: |body| {
            let columns = "answers custom device id language revision sent_at shown_at status survey trigger url user_id";
            let known: Vec<&str> = columns.split(' ').collect();
            let members =
                body.as_object().map(|it| it.keys().all(|key| known.contains(&key.as_str())));
            members == Some(true) && body["answers"][0]["value"] == 4
        },
        ..PLAIN
    },
    Service {
        format: "baserow",
        path: "/api/database/rows/table/7/",
        attributes: r#"data-header-authorization="Token t" data-field-satisfaction="Score""#,
        posts_to: "/api/database/rows/table/7/?user_field_names=true",
        allows: Some("content-type, authorization"),
        needs: &[("authorization", "Token t")],
        takes: |body| body["Score"] == 4 && body["survey"] == "post-purchase",
        ..PLAIN
    },
    Service {
        format: "posthog",
        path: "/i/v0/e/?api_key=phc_x",
        posts_to: "/i/v0/e/",
        allows: Some("content-type"),
        takes: |body| {
            let properties = &body["properties"];
            body["api_key"] == "phc_x"
                && body["event"] == "survey sent"
                && body["distinct_id"].is_string()
                && properties["$survey_id"] == "post-purchase"
                && properties["$survey_response"] == 4
                && properties["$survey_completed"] == true
        },
        ..PLAIN
    },
    Service {
        format: "segment",
        path: "/v1/t?writeKey=w",
        posts_to: "/v1/t",
        content_type: TEXT,
        takes: |body| {
            body["writeKey"] == "w"
                && body["anonymousId"].is_string()
                && body["messageId"].is_string()
                && body["properties"]["satisfaction"] == 4
        },
        ..PLAIN
    },
];

async fn services_take_what_their_preset_sends(browser: Browser) {
    let collector = Collector::start().await;
    let stand_in = StandIn::start(SERVICES).await;
    let page = |service: &Service| {
        let Service { format, path, attributes, .. } = service;
        let attributes = format!(r#"data-trigger="load" data-format="{format}" {attributes}"#);
        Page::with_survey(&collector, &stand_in.url(path), &attributes)
    };
    let paths: Vec<_> = SERVICES.iter().map(|it| format!("/{}", it.format)).collect();
    let pages = paths.iter().zip(SERVICES).map(|(path, service)| (path.as_str(), page(service)));
    let host = Host::with(pages).await;
    for (path, service) in paths.iter().zip(SERVICES) {
        browser.open(&host.url(path)).await;
        browser.run("localStorage.clear()").await;
        browser.open(&host.url(path)).await;
        browser.survey("post-purchase").choose("satisfaction", "4").await;
        browser.heard("delivered").await;
        assert_eq!(stand_in.taken(service.format), 1, "{}", stand_in.refused());
        assert_eq!(stand_in.refused(), "", "{}", service.format);
        assert_eq!(browser.page_log().await.errors, [""; 0], "{}", service.format);
    }
}

/// Or the stand-ins would prove nothing.
async fn a_service_refuses_what_is_not_its_own(browser: Browser) {
    let collector = Collector::start().await;
    let stand_in = StandIn::start(SERVICES).await;
    let page = |path: &str, format: &str| {
        let attributes = format!(r#"data-trigger="load" data-format="{format}""#);
        Page::with_survey(&collector, &stand_in.url(path), &attributes)
    };
    let (zapier, hubspot) = ("/hooks/catch/1/x/", "/submissions/v3/integration/submit/1/F");
    let host =
        Host::with([("/zapier", page(zapier, "json")), ("/hubspot", page(hubspot, "text"))]).await;
    for (service, reason) in [("zapier", "cors"), ("hubspot", "refused")] {
        browser.open(&host.url("/zapier")).await;
        browser.run("localStorage.clear()").await;
        browser.open(&host.url(&format!("/{service}"))).await;
        browser.survey("post-purchase").choose("satisfaction", "4").await;
        let failed = format!("it.name == 'failed' && it.reason == '{reason}'");
        browser.until(&format!("pageLog.events.some(it => {failed})")).await;
        assert_eq!(stand_in.taken(service), 0);
        assert!(!stand_in.refused().is_empty());
        browser.run("localStorage.clear()").await;
    }
}

async fn secrets_stay_out_of_the_page(browser: Browser) {
    let collector = Collector::start().await;
    let page = |endpoint: &str, attributes: &str| {
        let attributes = format!(r#"data-trigger="load" {attributes}"#);
        Page::with_survey(&collector, endpoint, &attributes)
    };
    let host = Host::with([
        ("/slack", page("https://hooks.slack.com/services/T/B/x", "")),
        ("/teams", page("/responses", r#"data-format="teams""#)),
        ("/token", page("/responses", r#"data-header-authorization="Bearer x""#)),
    ])
    .await;
    for path in ["/slack", "/teams", "/token"] {
        browser.open(&host.url(path)).await;
        browser.until("pageLog.lines.length").await;
        browser.until_idle().await;
        let page_log = browser.page_log().await;
        assert_eq!(page_log.lines.len(), 1, "{:?}", page_log.lines);
        assert!(page_log.lines[0].contains("relay through the collector"), "{:?}", page_log.lines);
        browser.until("!survey('post-purchase')").await;
        assert_eq!(page_log.errors, [""; 0]);
    }
}
