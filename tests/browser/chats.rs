//! `chat-end`, against stand-ins that copy the interface which each chat documents.

use crate::support::{Browser, Collector, Host, Page};
use serde_json::json;

crate::scenarios![in Chromium:
    a_conversation_that_ends_asks_whether_it_helped,
    a_window_that_is_closed_without_a_word_asks_nothing,
];

/// What a chat puts on the page, what tells of talk, and what tells of the end.
struct Chat {
    name: &'static str,
    comes: &'static str,
    talks: Option<&'static str>,
    ends: &'static str,
}

/// Listeners by name, as many interfaces have them.
const HUB: &str = "window.hub = {}; window.emit = (name, ...values) => (hub[name] || []).forEach(it => it(...values)); \
                   window.listen = (name, hear) => (hub[name] = hub[name] || []).push(hear);";

const CHATS: &[Chat] = &[
    Chat {
        name: "Tidio",
        comes: "window.tidioChatApi = {on: listen}",
        talks: Some("emit('messageFromVisitor')"),
        ends: "emit('close')",
    },
    Chat {
        name: "tawk.to",
        comes: "window.Tawk_API = {onChatEnded() { window.heard = true }}",
        talks: None,
        ends: "Tawk_API.onChatEnded()",
    },
    Chat {
        name: "Drift",
        comes: "window.drift = {on: listen}",
        talks: Some("emit('startConversation', {conversationId: 1})"),
        ends: "emit('chatClose')",
    },
    Chat {
        name: "Zendesk messenger",
        comes: "window.zE = (kind, name, hear) => kind == 'messenger:on' && listen(name, hear)",
        talks: None,
        ends: "emit('close')",
    },
    Chat {
        name: "Zendesk classic",
        comes: "window.zE = (kind, name, hear) => { if (kind != 'webWidget:on') throw Error(kind); listen(name, hear) }",
        talks: None,
        ends: "emit('chat:end')",
    },
    Chat {
        name: "HubSpot",
        comes: "window.HubSpotConversations = {on: listen}",
        talks: None,
        ends: "emit('conversationClosed', {conversation: {conversationId: 1}})",
    },
    Chat {
        name: "Intercom",
        comes: "window.Intercom = (name, hear) => listen(name, hear)",
        talks: None,
        ends: "emit('onHide')",
    },
    Chat {
        name: "Crisp",
        comes: "window.$crisp = {push([kind, name, hear]) { if (kind == 'on') listen(name, hear) }}",
        talks: Some("emit('message:sent', {})"),
        ends: "emit('chat:closed')",
    },
    Chat {
        name: "LiveChat",
        comes: "window.LiveChatWidget = {on: listen}",
        talks: Some("emit('new_event', {})"),
        ends: "emit('visibility_changed', {visibility: 'minimized'})",
    },
];

async fn page(chat: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let often = r#"data-endpoint="/responses" data-quiet="0""#;
    let tags = [
        collector.tag(&format!(r#"data-survey="support" {often}"#)),
        collector.tag(&format!(r#"data-survey="ces" data-trigger="event:later" {often}"#)),
    ];
    let head = format!("<script>{HUB}{chat}</script>{}", tags.concat());
    let host = Host::of(Page::new(head).body("<p>Words</p>")).await;
    (collector, host)
}

async fn a_conversation_that_ends_asks_whether_it_helped(browser: Browser) {
    for (at, chat) in CHATS.iter().enumerate() {
        // Every other one comes after the engine.
        let is_late = at % 2 == 1;
        let (_collector, host) = page(if is_late { "" } else { chat.comes }).await;
        browser.open(&host.url("/")).await;
        browser.heard("ready").await;
        if is_late {
            browser.run(chat.comes).await;
        }
        let heard =
            "Object.keys(hub).length || window.Tawk_API && !/heard/.test(Tawk_API.onChatEnded)";
        browser.until(heard).await;
        if let Some(talks) = chat.talks {
            browser.run(talks).await;
        }
        browser.run(chat.ends).await;
        // The name tells which one it was, should it wait in vain.
        browser.until(&format!("{} && legend('support')", json!(chat.name))).await;
        if chat.name == "tawk.to" {
            assert!(
                browser.value::<bool>("window.heard").await,
                "the page's own listener is called as before"
            );
        }
        browser.page_log().await.is_undisturbed();
    }
}

async fn a_window_that_is_closed_without_a_word_asks_nothing(browser: Browser) {
    for chat in CHATS.iter().filter(|it| it.talks.is_some()) {
        let (_collector, host) = page(chat.comes).await;
        browser.open(&host.url("/")).await;
        browser.heard("ready").await;
        browser.until("Object.keys(hub).length > 1").await;
        browser.run(chat.ends).await;
        // LiveChat tells of opening in the same words.
        browser.run("emit('visibility_changed', {visibility: 'maximized'})").await;
        browser.run("sondeo.track('later')").await;
        browser.until("legend('ces')").await;
        browser.until_idle().await;
        assert!(browser.value::<bool>("!survey('support')").await, "{}", chat.name);
    }
}
