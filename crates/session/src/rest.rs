//! What of the engine comes later (ARCHITECTURE.md, "Two halves").
//!
//! The engine is cut in two. The half that comes first reads attributes, shows a template's survey and keeps its answers;
//! the rest comes once a survey stands there, or as soon as it is needed. Functions whose names begin with `rest_` are the
//! gates between the two, here and in the model: they, and what is reached through them alone, are the rest. So
//! [`Session::needs_rest`] has to say of each input beforehand whether such a function may be reached.

use crate::authoring::AttributeSource;
use crate::context::Context;
use crate::{Command, Effect, Input, PageSnapshot, ScriptSnapshot, Session, Timer};
use sondeo_model::Problems;
use sondeo_model::rich_text::may_have_links;

/// What the attributes of a tag or an element say.
pub(crate) type Attributes = [(String, String)];

/// Attributes that were read before there were words for what is wrong with them.
pub(crate) struct Unexplained {
    source: AttributeSource,
    own: Vec<(String, String)>,
    inherited: Vec<(String, String)>,
    languages: Vec<String>,
}

/// Attributes that only the rest can read, or carry out.
const REST: &[&str] =
    &["data-config", "data-site", "data-when", "data-from", "data-until", "data-debug"];

fn is_of_rest((name, value): &(String, String)) -> bool {
    REST.contains(&name.as_str())
        || name.starts_with("data-header-")
        || name == "data-thanks" && may_have_links(value)
}

impl Session {
    /// Whether this input is to wait until the rest of the engine is there.
    #[must_use]
    pub fn needs_rest(&self, input: &Input) -> bool {
        let say = |attributes: &Attributes| attributes.iter().any(is_of_rest);
        match input {
            Input::Script(script) => say(&script.attributes),
            Input::Page(page) => {
                self.link.is_some()
                    || !self.sites.is_empty()
                    || self.is_changed_by(page)
                    || page.scripts.iter().any(|it| say(&it.attributes))
                    || page.elements.iter().any(|it| say(&it.attributes))
            }
            Input::Command(command) => match command {
                Command::Show(id) => self.is_all_read() && self.asked_as(id).is_none(),
                Command::PageView { .. }
                | Command::Add(_)
                | Command::Site { .. }
                | Command::Explain { .. }
                | Command::Invalid { .. } => true,
                // What the visitor wants of what is stored is done at once.
                _ => false,
            },
            Input::TimerFired(timer) => {
                matches!(
                    timer,
                    Timer::Redirect(_) | Timer::Explain | Timer::PageView(_) | Timer::LostFiles
                )
            }
            Input::FileArrived { .. } | Input::Problems => true,
            _ => false,
        }
    }

    /// Whether something has left the page, or says something else than it did.
    fn is_changed_by(&self, page: &PageSnapshot) -> bool {
        let stands = |known: &crate::ElementSnapshot| page.elements.contains(known);
        let is_known = |script: &ScriptSnapshot| self.scripts.contains(script);
        !page.removed.is_empty()
            || !self.parked.is_empty()
            || !self.elements.iter().all(stands)
            || page.scripts.len() != self.scripts.len()
            || !page.scripts.iter().all(is_known)
    }

    /// Reads what is wrong with these attributes again, once there are words for it.
    pub(crate) fn explain_later(
        &mut self,
        source: AttributeSource,
        own: &Attributes,
        languages: &[String],
        cx: &mut Context<'_>,
    ) {
        if self.unexplained.is_empty() {
            cx.push(Effect::Post(Input::Problems));
        }
        let (own, languages) = (own.to_vec(), languages.to_vec());
        let inherited = self.defaults();
        self.unexplained.push(Unexplained { source, own, inherited, languages });
    }

    /// Says what is wrong with attributes that were read before.
    #[inline(never)]
    pub(crate) fn rest_say_problems(&mut self, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        for it in std::mem::take(&mut self.unexplained) {
            let (_, problems) = self.read_attributes(
                (it.source, &it.own, &it.inherited),
                &it.languages,
                Problems::default(),
                cx,
            );
            for problem in problems.iter() {
                self.warn_once(problem.line(), cx);
            }
        }
    }
}
