//! The texts of other languages than English: one small file each, fetched when a survey needs it.

use crate::context::Context;
use crate::survey::Phase;
use crate::{Effect, Session};
use sondeo_model::{Language, Messages};

/// What is known of the languages so far.
#[derive(Default)]
pub(crate) struct MessageFiles {
    /// What the address of every file begins with: `BASEes.txt`. The loader says it.
    pub(crate) base: Option<String>,
    known: Vec<Messages>,
    pending: Vec<Language>,
}

impl MessageFiles {
    /// The texts of a language, where they are known. Otherwise they are fetched, and `None` is returned.
    pub(crate) fn get(&mut self, language: Language, cx: &mut Context<'_>) -> Option<Messages> {
        let known = self.known.iter().find(|it| it.language() == language).copied();
        let Some(base) = &self.base else { return known.or(Some(Messages::ENGLISH)) };
        if language == Language::En || known.is_some() {
            return known.or(Some(Messages::ENGLISH));
        }
        if !self.pending.contains(&language) {
            self.pending.push(language);
            let url = [base, language.tag(), ".txt"].concat();
            cx.push(Effect::FetchMessages { language, url });
        }
        None
    }
}

impl Session {
    /// The texts of a language came. Where they did not, surveys are asked in English: late is better than never, and
    /// English better than late.
    pub(crate) fn messages_arrived(
        &mut self,
        language: Language,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) {
        let messages = text.and_then(|file| Messages::read(language, &file));
        self.messages.pending.retain(|pending| *pending != language);
        match messages {
            Some(messages) => self.messages.known.push(messages),
            None => cx.warn(&["the words of the language ", language.tag(), " did not come"]),
        }
        for key in self.keys() {
            let Some(survey) = self.find_mut(key) else { continue };
            if let Phase::Loading(chosen) = &mut survey.phase
                && survey.settings.definition.language(&survey.settings.wanted) == language
            {
                let chosen = chosen.take();
                self.loaded(key, messages.unwrap_or(Messages::ENGLISH), chosen, cx);
            }
        }
    }
}
