//! How visitors look at pages: in the dark, in colours of their own, without motion, on small
//! screens, in large letters.

use super::browser::{PAUSE, PHONE, WAIT_TIMEOUT};
use super::{Browser, Engine, Survey};
use serde_json::{Value as Json, json};
use std::time::Instant;

/// Words for what a browser itself cannot be told.
const WORDS: &str = include_str!("look.js");

/// The window of everybody else.
const WINDOW: [u32; 2] = [1200, 900];
/// No desktop browser makes its window narrower.
const NARROWEST: u32 = 500;

/// What a visitor has told their system, and what they hold in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) is_dark: bool,
    pub(crate) reduces_motion: bool,
    /// A few colours of the visitor's own stand in for all of the page's.
    pub(crate) forces_colors: bool,
    /// Width and height in CSS pixels, where it is not a window on a desk.
    pub(crate) screen: Option<[u32; 2]>,
}

impl Look {
    /// What most see.
    pub(crate) const PLAIN: Self =
        Self { is_dark: false, reduces_motion: false, forces_colors: false, screen: None };
    /// With a dark system.
    pub(crate) const DARK: Self = Self { is_dark: true, ..Self::PLAIN };
    /// With a system that keeps still.
    pub(crate) const STILL: Self = Self { reduces_motion: true, ..Self::PLAIN };
    /// With high contrast, as Windows calls it.
    pub(crate) const FORCED: Self = Self { forces_colors: true, ..Self::PLAIN };
    /// On the narrowest phone.
    pub(crate) const PHONE: Self = Self { screen: Some(PHONE), ..Self::PLAIN };
    /// On a tablet held upright.
    pub(crate) const TABLET: Self = Self { screen: Some([768, 1024]), ..Self::PLAIN };
}

impl Engine {
    /// Whether it has this look at all. WebKit forces no colours.
    pub(crate) fn has(self, look: Look) -> bool {
        self != Self::WebKit || !look.forces_colors
    }
}

impl Browser {
    /// Opens the address as a visitor of this look sees it.
    ///
    /// Chromium and Firefox are dark or still by themselves. WebKit cannot be told to be: there the sheets
    /// of surveys that are shown from now on are answered for it.
    pub(crate) async fn open_as(&self, look: Look, address: &str) {
        assert!(self.engine.has(look), "{} has no such look: {look:?}", self.engine);
        self.set_up(look).await.expect("the browser can be told");
        // Chromium has the screen already, and lays out as phones do.
        match look.screen.filter(|_| self.engine != Engine::Chromium) {
            Some(screen @ [..NARROWEST, _]) => self.open_in_frame(screen, address).await,
            Some(screen) => {
                self.open(address).await;
                self.fit_window(screen).await.expect("the window fits");
            }
            None => self.open(address).await,
        }
        if self.engine == Engine::WebKit {
            let Look { is_dark, reduces_motion, .. } = look;
            self.run(&format!("{WORDS}\npretend({is_dark}, {reduces_motion})")).await;
        } else {
            let Look { is_dark, reduces_motion, forces_colors, .. } = look;
            // Colours that are forced are light or dark by themselves.
            self.until(&format!(
                "({forces_colors} || matchMedia('(prefers-color-scheme: dark)').matches == {is_dark})
                    && matchMedia('(prefers-reduced-motion: reduce)').matches == {reduces_motion}
                    && matchMedia('(forced-colors: active)').matches == {forces_colors}"
            ))
            .await;
        }
    }

    /// Tells the browser of system and screen, as far as it listens.
    pub(crate) async fn set_up(&self, look: Look) -> Result<(), String> {
        match self.engine {
            Engine::Chromium => self.set_up_chromium(look).await,
            Engine::Firefox => {
                self.set_up_firefox(look).await?;
                self.set_up_window(look).await
            }
            Engine::WebKit => self.set_up_window(look).await,
        }
    }

    async fn set_up_chromium(&self, look: Look) -> Result<(), String> {
        let feature = |name, value| json!({"name": name, "value": value});
        let features = json!({"features": [
            feature("prefers-color-scheme", if look.is_dark { "dark" } else { "light" }),
            feature("prefers-reduced-motion", if look.reduces_motion { "reduce" } else { "" }),
            feature("forced-colors", if look.forces_colors { "active" } else { "" }),
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        let screen = look.screen.map(|[width, height]| {
            json!({"width": width, "height": height, "deviceScaleFactor": 2, "mobile": true})
        });
        match screen {
            Some(screen) => self.devtools("Emulation.setDeviceMetricsOverride", screen).await?,
            None => {
                self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
                self.resize(WINDOW).await?
            }
        };
        Ok(())
    }

    /// In Firefox these are preferences, which only its own scripts may set.
    async fn set_up_firefox(&self, look: Look) -> Result<(), String> {
        let forced = |value: Json| if look.forces_colors { value } else { Json::Null };
        let settings = json!([
            ["layout.css.prefers-color-scheme.content-override", u8::from(!look.is_dark)],
            ["ui.prefersReducedMotion", u8::from(look.reduces_motion)],
            ["browser.display.document_color_use", forced(json!(2))],
            // What it has of its own for a choice is hard to read.
            ["ui.highlight", forced(json!("#0b3d91"))],
            ["ui.highlighttext", forced(json!("#ffffff"))],
            ["ui.selecteditem", forced(json!("#0b3d91"))],
            ["ui.selecteditemtext", forced(json!("#ffffff"))],
        ]);
        let script = "const { prefs } = Services;
            for (const [name, value] of arguments[0]) {
                if (value === null) prefs.clearUserPref(name);
                else if (typeof value == 'number') prefs.setIntPref(name, value);
                else prefs.setStringPref(name, value);
            }";
        let context = |name| self.session().post("/moz/context", json!({"context": name}));
        context("chrome").await?;
        let script = json!({"script": script, "args": [settings]});
        let done = self.session().post("/execute/sync", script).await;
        context("content").await?;
        done.map(|_| ())
    }

    async fn set_up_window(&self, look: Look) -> Result<(), String> {
        let Some(screen) = look.screen.filter(|[width, _]| *width >= NARROWEST) else {
            return self.resize(WINDOW).await.map(|_| ());
        };
        self.session().post("/frame", json!({"id": null})).await?;
        self.resize(screen).await?;
        self.fit_window(screen).await
    }

    /// Makes the window as large as its page has to be, and what the window itself takes.
    ///
    /// Without a window manager a window may take a size late, or not at all: it is told again until it has it.
    async fn fit_window(&self, screen: [u32; 2]) -> Result<(), String> {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let inner = self.settled_size(deadline).await?;
            if inner == screen {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("the window stays at {inner:?} where {screen:?} is wanted"));
            }
            let outer = self.session().get("/window/rect").await?;
            let side = |name: &str| outer[name].as_f64().unwrap_or_default() as u32;
            let outer = [side("width"), side("height")];
            let wanted = [0, 1].map(|at| (outer[at] + screen[at]).saturating_sub(inner[at]));
            self.resize(wanted).await?;
        }
    }

    /// The size of the page, once it has stayed the same for some looks.
    async fn settled_size(&self, deadline: Instant) -> Result<[u32; 2], String> {
        const LOOKS: u32 = 5;
        let (mut last, mut same) = ([0; 2], 0);
        while same < LOOKS && Instant::now() < deadline {
            let size = self.evaluate("[innerWidth, innerHeight]").await?;
            let size = serde_json::from_value(size).map_err(|error| error.to_string())?;
            same = if size == last { same + 1 } else { 0 };
            last = size;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(last)
    }

    async fn resize(&self, [width, height]: [u32; 2]) -> Result<Json, String> {
        self.session().post("/window/rect", json!({"width": width, "height": height})).await
    }

    /// Asks something of Chromium that WebDriver has no word for.
    pub(crate) async fn devtools(&self, command: &str, parameters: Json) -> Result<Json, String> {
        let command = json!({"cmd": command, "params": parameters});
        self.session().post("/goog/cdp/execute", command).await
    }
}

impl Survey<'_> {
    /// Doubles the size of its text and of nothing else, as a browser's text zoom of 200 % does.
    pub(crate) async fn enlarge_text(&self) {
        self.browser.run(&format!("{WORDS}\nenlarge({}, 2)", json!(self.id))).await;
    }
}
