//! What a visitor does: pointing, touching, typing. Never a synthetic event.

use super::{Browser, Engine};
use serde_json::{Value as Json, json};
use std::future::Future;
use std::panic::Location;

/// Keys that print nothing, as the specification numbers them.
pub(crate) const TAB: char = '\u{E004}';
pub(crate) const ENTER: char = '\u{E007}';
pub(crate) const ESCAPE: char = '\u{E00C}';
pub(crate) const RIGHT: char = '\u{E014}';
pub(crate) const LEFT: char = '\u{E012}';
pub(crate) const DOWN: char = '\u{E015}';
const SHIFT: char = '\u{E008}';

impl Browser {
    /// Clicks in the middle of the element that the expression gives, once it is there and at rest.
    #[track_caller]
    pub(crate) fn click(&self, element: &str) -> impl Future<Output = ()> {
        self.point("mouse", element, Location::caller())
    }

    /// Clicks twice there, as fast as a hand that does so everywhere.
    pub(crate) async fn double_click(&self, element: &str) {
        self.until(element).await;
        let [x, y] = self.promised::<[i32; 2]>(&format!("aim({element})")).await;
        let button = |action: &str| json!({"type": action, "button": 0});
        let press = || [button("pointerDown"), button("pointerUp")];
        let to =
            json!({"type": "pointerMove", "origin": "viewport", "x": x, "y": y, "duration": 0});
        let actions: Vec<_> = [to].into_iter().chain(press()).chain(press()).collect();
        let parameters = json!({"pointerType": "mouse"});
        let mouse =
            json!({"type": "pointer", "id": "mouse", "parameters": parameters, "actions": actions});
        self.act(mouse).await.unwrap_or_else(|error| panic!("twice on `{element}`: {error}"));
    }

    /// Taps there with a finger.
    #[track_caller]
    pub(crate) fn tap(&self, element: &str) -> impl Future<Output = ()> {
        self.point("touch", element, Location::caller())
    }

    /// Points on behalf of somebody at `caller`.
    pub(crate) async fn point(&self, pointer: &str, element: &str, caller: &Location<'_>) {
        self.until(element).await;
        let [x, y] = self.promised::<[i32; 2]>(&format!("aim({element})")).await;
        let button = |action: &str| json!({"type": action, "button": 0});
        self.act(json!({
            "type": "pointer",
            "id": pointer,
            "parameters": {"pointerType": pointer},
            "actions": [
                {"type": "pointerMove", "origin": "viewport", "x": x, "y": y, "duration": 0},
                button("pointerDown"),
                button("pointerUp"),
            ],
        }))
        .await
        .unwrap_or_else(|error| panic!("at {caller}: {pointer} on `{element}`: {error}"));
    }

    /// Presses and releases one key after the other.
    #[track_caller]
    pub(crate) fn press(&self, keys: impl AsRef<str>) -> impl Future<Output = ()> {
        let caller = Location::caller();
        let stroke = |key| ["keyDown", "keyUp"].map(|action| json!({"type": action, "value": key}));
        let actions: Vec<_> = keys.as_ref().chars().flat_map(stroke).collect();
        async move {
            self.act(json!({"type": "key", "id": "keyboard", "actions": actions}))
                .await
                .unwrap_or_else(|error| panic!("at {caller}: keys: {error}"));
        }
    }

    /// Presses Tab while Shift is held.
    pub(crate) async fn shift_tab(&self) {
        let key = |(action, key)| json!({"type": action, "value": key});
        let keys = [("keyDown", SHIFT), ("keyDown", TAB), ("keyUp", TAB), ("keyUp", SHIFT)];
        self.act(json!({"type": "key", "id": "keyboard", "actions": keys.map(key)}))
            .await
            .expect("Shift and Tab");
    }

    /// Presses Tab until the expression holds.
    #[track_caller]
    pub(crate) fn tab_until(&self, expression: &str) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            for _ in 0..20 {
                self.press(TAB.to_string()).await;
                if self.value(expression).await {
                    return;
                }
            }
            panic!("at {caller}: twenty Tabs, and still not `{expression}`");
        }
    }

    /// Moves the mouse to a point of the window or frame.
    #[track_caller]
    pub(crate) fn move_to(&self, [x, y]: [i32; 2]) -> impl Future<Output = ()> {
        let caller = Location::caller();
        let to =
            json!({"type": "pointerMove", "origin": "viewport", "x": x, "y": y, "duration": 0});
        let parameters = json!({"pointerType": "mouse"});
        let mouse =
            json!({"type": "pointer", "id": "mouse", "parameters": parameters, "actions": [to]});
        async move {
            self.act(mouse).await.unwrap_or_else(|error| panic!("at {caller}: {error}"));
        }
    }

    /// Turns the wheel in the middle of the window by so many pixels downwards.
    #[track_caller]
    pub(crate) fn wheel(&self, down: i32) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            // WebKit's driver has no wheel: the page is moved as one would.
            if self.engine == Engine::WebKit {
                let turn = "let it = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
                    while (it && it.scrollHeight <= it.clientHeight) it = it.parentElement;
                    (it ?? document.scrollingElement)";
                return self.run(&format!("{turn}.scrollBy(0, {down})")).await;
            }
            let [x, y]: [i32; 2] = self.value("[innerWidth / 2 | 0, innerHeight / 2 | 0]").await;
            let turn = json!({"type": "scroll", "origin": "viewport", "x": x, "y": y,
                "deltaX": 0, "deltaY": down, "duration": 0});
            self.act(json!({"type": "wheel", "id": "wheel", "actions": [turn]}))
                .await
                .unwrap_or_else(|error| panic!("at {caller}: {error}"));
        }
    }

    async fn act(&self, source: Json) -> Result<Json, String> {
        self.session().post("/actions", json!({"actions": [source]})).await
    }
}
