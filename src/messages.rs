//! The words of other languages than English: one small file each, fetched when a survey needs it.

use crate::browser;
use sondeo_model::{Language, Messages};
use std::cell::RefCell;
use std::rc::Rc;

/// Who waits for the words of a language.
type Waiting = Vec<Box<dyn FnOnce(Messages)>>;

/// What is known of the languages so far.
#[derive(Default)]
pub(crate) struct MessageCatalog {
    /// What the address of every file begins with; the loader's half says it.
    base: RefCell<Option<String>>,
    known: RefCell<Vec<Messages>>,
    waiting: RefCell<Vec<(Language, Waiting)>>,
}

impl MessageCatalog {
    /// From where the files are fetched: `BASEes.txt`.
    pub(crate) fn set_base_url(&self, base: String) {
        self.base.replace(Some(base));
    }

    /// Hands on the words of a language, at once where they are known. Where they do not come, the survey
    /// is asked in English: late is better than never, and English better than late.
    pub(crate) fn get(self: &Rc<Self>, language: Language, then: Box<dyn FnOnce(Messages)>) {
        let known = self.known.borrow().iter().find(|it| it.language() == language).copied();
        if language == Language::En || known.is_some() {
            return then(known.unwrap_or(Messages::ENGLISH));
        }
        let Some(base) = self.base.borrow().clone() else { return then(Messages::ENGLISH) };
        let mut waiting = self.waiting.borrow_mut();
        if let Some((_, waiting)) = waiting.iter_mut().find(|(known, _)| *known == language) {
            return waiting.push(then);
        }
        waiting.push((language, vec![then]));
        drop(waiting);
        let words = Rc::clone(self);
        let url = [&base, language.tag(), ".txt"].concat();
        browser::fetch(&url, Box::new(move |file| words.came(language, file)));
    }

    fn came(&self, language: Language, file: Option<String>) {
        let messages = file.and_then(|file| Messages::read(language, &file));
        if let Some(messages) = messages {
            self.known.borrow_mut().push(messages);
        } else {
            let problem = ["the words of the language ", language.tag(), " did not come"];
            browser::console_warn(&problem.concat());
        }
        let at = self.waiting.borrow().iter().position(|(known, _)| *known == language);
        let waiting = at.map(|at| self.waiting.borrow_mut().swap_remove(at).1);
        for then in waiting.into_iter().flatten() {
            then(messages.unwrap_or(Messages::ENGLISH));
        }
    }
}
