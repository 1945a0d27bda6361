use super::{Fire, FireFn, ListenerGuard};
use crate::browser::{self, Timer};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// How often it is looked whether a chat has come.
const POLL_INTERVAL_MS: u64 = 1_000;

/// Where a chat tells what, as its makers document it.
struct Chat {
    /// The function that takes the words and a listener; see [`browser::subscribe`].
    path: &'static str,
    /// The words before the name of an event.
    words: &'static [&'static str],
    /// What says that a conversation is over; without words before it, `path` is the listener's place.
    ended: &'static str,
    /// What says that somebody talks. Where there is none, closing the window is enough.
    talks: &'static [&'static str],
}

const fn chat(
    path: &'static str,
    words: &'static [&'static str],
    ended: &'static str,
    talks: &'static [&'static str],
) -> Chat {
    Chat { path, words, ended, talks }
}

/// Four of them tell only that their window was closed, which is an end where something was said before.
const CHATS: [Chat; 9] = [
    chat("tidioChatApi.on", &[], "close", &["messageFromVisitor", "messageFromOperator"]),
    chat("Tawk_API.onChatEnded", &[], "", &[]),
    chat("drift.on", &[], "chatClose", &["startConversation", "message:sent", "message"]),
    chat("zE", &["messenger:on"], "close", &[]),
    chat("zE", &["webWidget:on"], "chat:end", &[]),
    chat("HubSpotConversations.on", &[], "conversationClosed", &[]),
    chat("Intercom", &[], "onHide", &[]),
    chat("$crisp.push", &["on"], "chat:closed", &["message:sent", "message:received"]),
    chat("LiveChatWidget.on", &[], "visibility_changed", &["new_event"]),
];

thread_local! {
    /// The chats that tell us already. Most have no way to stop that, so each is asked once a page.
    static KNOWN: Cell<u16> = const { Cell::new(0) };
    /// Who wants to hear of it.
    static EARS: RefCell<Vec<Weak<FireFn>>> = const { RefCell::new(Vec::new()) };
}

/// `chat-end`: a conversation ends in a chat on the page, which may come later than we do.
pub(super) fn listen(fire: Fire) -> ListenerGuard {
    EARS.with_borrow_mut(|ears| ears.push(Rc::downgrade(&fire)));
    let timer = Rc::default();
    look(&timer);
    Box::new((fire, timer))
}

fn look(timer: &Rc<RefCell<Option<Timer>>>) {
    for (at, chat) in CHATS.iter().enumerate() {
        if KNOWN.get() & (1 << at) == 0 && subscribe(chat) {
            KNOWN.set(KNOWN.get() | (1 << at));
        }
    }
    let weak = Rc::downgrade(timer);
    let again = move || {
        if let Some(timer) = weak.upgrade() {
            look(&timer);
        }
    };
    timer.replace(Some(browser::after(POLL_INTERVAL_MS, Box::new(again))));
}

fn subscribe(chat: &Chat) -> bool {
    let talked = Rc::new(Cell::new(chat.talks.is_empty()));
    let on = |event: &'static str, hear: Box<dyn Fn(browser::Told)>| {
        let words = [chat.words, &[event]].concat();
        let words = if event.is_empty() { &[] } else { words.as_slice() };
        browser::subscribe(chat.path, words, hear)
    };
    let heard = Rc::clone(&talked);
    let is_there = on(
        chat.ended,
        Box::new(move |told| {
            let is_open = browser::visibility(&told).as_deref() == Some("maximized");
            if heard.get() && !is_open {
                tell();
            }
        }),
    );
    if is_there {
        for event in chat.talks {
            let talked = Rc::clone(&talked);
            on(event, Box::new(move |_| talked.set(true)));
        }
    }
    is_there
}

fn tell() {
    let ears = EARS.take();
    for ear in &ears {
        if let Some(fire) = ear.upgrade() {
            fire(None);
        }
    }
    // Who is gone is forgotten.
    let alive = ears.into_iter().filter(|ear| ear.strong_count() > 0);
    EARS.with_borrow_mut(|kept| kept.extend(alive));
}
