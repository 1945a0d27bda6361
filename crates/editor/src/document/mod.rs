//! A survey file that is being edited: every step can be undone, and what was not touched stays as it was.

mod mend;
mod order;
#[cfg(test)]
mod tests;

pub use mend::Mended;

use crate::{Locale, Value, pointer, texts};
use std::fmt;
use std::sync::Arc;

/// What else an edit has changed, so that nothing leads nowhere.
pub type Edited = Result<Vec<Mended>, EditError>;

/// A survey file with its past and its future.
#[derive(Debug, Clone)]
pub struct Document {
    opened: State,
    saved: State,
    past: Vec<State>,
    now: State,
    future: Vec<State>,
    typing: Option<Typing>,
}

/// One state of the file.
#[derive(Debug, Clone)]
struct State {
    value: Value,
    /// The bytes, where somebody wrote them; else they are made of the value.
    text: Option<Arc<str>>,
}

/// A field that is typed in: one step of undo, however many keys are pressed.
#[derive(Debug, Clone)]
struct Typing {
    field: String,
    /// What the file was before. Each key starts from there, so that nothing half typed is mended.
    base: State,
    /// Whether the step is there already.
    has_step: bool,
}

/// Why a text is no survey file that can be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// It is no JSON.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// What the reader of JSON says, in English.
        reason: String,
    },
    /// It is a list of surveys, of which each is a file of its own here.
    SeveralSurveys(usize),
    /// It is JSON, and no object.
    NotAnObject,
}

impl OpenError {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::NotJson { line, column, reason } => locale.pick(
                format!("This is no JSON: line {line}, character {column}: {reason}."),
                format!("Esto no es JSON: línea {line}, carácter {column} (en inglés: {reason})."),
            ),
            Self::SeveralSurveys(count) => locale.pick(
                format!("This is a list of {count} surveys: open each of them by itself."),
                format!("Esto es una lista de {count} encuestas: abre cada una por separado."),
            ),
            Self::NotAnObject => locale.pick(
                "This is JSON, but no survey: a survey is an object in braces (try {\"template\": \"nps\"}).",
                "Esto es JSON, pero no una encuesta: una encuesta es un objeto entre llaves (prueba {\"template\": \"nps\"}).",
            ).to_owned(),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence(Locale::English))
    }
}

impl std::error::Error for OpenError {}

/// There is no such place in the file: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    /// Where the edit should have been.
    pub pointer: String,
}

impl EditError {
    /// What was not done, and what to do.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        let place = crate::publishing::place(&self.pointer, locale);
        locale.pick(
            format!("{place}: there is no such place in the survey any more. Nothing was changed."),
            format!("{place}: ese lugar ya no existe en la encuesta. No se ha cambiado nada."),
        )
    }

    fn at(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into() }
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the survey has no place {:?} to change", self.pointer)
    }
}

impl std::error::Error for EditError {}

impl Document {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it is no JSON object.
    pub fn open(text: &str) -> Result<Self, OpenError> {
        let value = read(text)?;
        Ok(Self::of(State { value, text: Some(text.into()) }))
    }

    /// A file that is new.
    #[must_use]
    pub fn new(value: Value) -> Self {
        let text = value.pretty() + "\n";
        Self::of(State { value, text: Some(text.into()) })
    }

    fn of(state: State) -> Self {
        Self {
            opened: state.clone(),
            saved: state.clone(),
            past: Vec::new(),
            now: state,
            future: Vec::new(),
            typing: None,
        }
    }

    /// The file: byte for byte what was opened or written while nothing is changed, also after all was undone.
    #[must_use]
    pub fn text(&self) -> String {
        self.text_of(&self.now)
    }

    fn text_of(&self, state: &State) -> String {
        match &state.text {
            Some(text) => text.as_ref().to_owned(),
            None => {
                let had_newline = self.opened.text.as_deref().is_some_and(|it| it.ends_with('\n'));
                state.value.pretty() + if had_newline { "\n" } else { "" }
            }
        }
    }

    /// The survey.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.now.value
    }

    /// What a pointer names.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.now.value.at(pointer)
    }

    /// The text that a pointer names; empty where there is none, as a field shows it.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> &str {
        self.get(pointer).and_then(Value::as_text).unwrap_or_default()
    }

    /// Sets a value. An empty text, list or object takes the key away, where empty means not set. A new id is written
    /// wherever the old one stands.
    ///
    /// # Errors
    /// Where the pointer leads through what is no object or list. Objects that are missing on the way are made.
    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) -> Edited {
        let value = value.into();
        self.change(|root| put_and_mend(root, pointer, value))
    }

    /// Sets a value that is being typed: joined with the step before it, if that was in the same field, until another
    /// one is edited or [`Self::end_typing`] is called.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_typing(&mut self, pointer: &str, value: impl Into<Value>) -> Edited {
        let value = value.into();
        self.type_in(pointer, |root| put_and_mend(root, pointer, value))
    }

    /// Sets a text in one language. A text that had no language keeps its words, in the survey's main one.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_text(&mut self, pointer: &str, language: &str, text: &str) -> Edited {
        self.change(|root| put_text(root, pointer, language, text))
    }

    /// [`Self::set_text`] while it is typed.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_text_typing(&mut self, pointer: &str, language: &str, text: &str) -> Edited {
        let field = pointer::join(pointer, language);
        self.type_in(&field, |root| put_text(root, pointer, language, text))
    }

    /// The next key that is typed begins a step of its own.
    pub fn end_typing(&mut self) {
        self.typing = None;
    }

    /// Takes something away, and mends what led to it.
    ///
    /// # Errors
    /// Where there is nothing.
    pub fn remove(&mut self, pointer: &str) -> Edited {
        self.change(|root| take_and_mend(root, pointer))
    }

    /// Puts an entry into a list, which is made where there is none.
    ///
    /// # Errors
    /// Where there is something else than a list, or the list is shorter.
    pub fn insert(&mut self, list: &str, index: usize, value: impl Into<Value>) -> Edited {
        let value = value.into();
        self.change(|root| {
            if root.at(list).is_none() {
                put(root, list, Vec::<Value>::new().into())?;
            }
            let entries = root.at_mut(list).and_then(Value::entries_mut);
            let entries = entries.filter(|entries| index <= entries.len());
            entries.ok_or_else(|| EditError::at(list))?.insert(index, value);
            Ok(Vec::new())
        })
    }

    /// Moves an entry of a list to another place of it.
    ///
    /// # Errors
    /// Where the list does not have both places.
    pub fn move_item(&mut self, list: &str, from: usize, to: usize) -> Edited {
        self.change(|root| {
            let entries = root.at_mut(list).and_then(Value::entries_mut);
            let entries = entries.filter(|entries| from.max(to) < entries.len());
            let entries = entries.ok_or_else(|| EditError::at(list))?;
            let entry = entries.remove(from);
            entries.insert(to, entry);
            Ok(Vec::new())
        })
    }

    /// Takes a text as the whole file: what was written in the view of the JSON.
    ///
    /// # Errors
    /// Where it cannot be opened; nothing is changed then.
    pub fn replace(&mut self, text: &str) -> Result<(), OpenError> {
        let value = read(text)?;
        self.typing = None;
        if text != self.text() {
            self.step(State { value, text: Some(text.into()) });
        }
        Ok(())
    }

    /// [`Self::replace`] while it is typed.
    ///
    /// # Errors
    /// As [`Self::replace`].
    pub fn replace_typing(&mut self, text: &str) -> Result<(), OpenError> {
        /// No pointer.
        const FIELD: &str = "the file";
        let value = read(text)?;
        self.begin_typing(FIELD);
        self.type_state(State { value, text: Some(text.into()) });
        Ok(())
    }

    /// Changes several things in one step.
    ///
    /// # Errors
    /// What `change` returns; nothing is changed then.
    pub fn change<E>(
        &mut self,
        change: impl FnOnce(&mut Value) -> Result<Vec<Mended>, E>,
    ) -> Result<Vec<Mended>, E> {
        let mut value = self.now.value.clone();
        let mended = change(&mut value)?;
        self.typing = None;
        if value != self.now.value {
            let state = self.state(value);
            self.step(state);
        }
        Ok(mended)
    }

    /// Goes one step back. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        self.typing = None;
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.now, before));
        true
    }

    /// Goes forward again. Returns whether there was a step.
    pub fn redo(&mut self) -> bool {
        self.typing = None;
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.now, after));
        true
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Whether the file is another one than what was last opened or saved.
    #[must_use]
    pub fn is_changed_since_saved(&self) -> bool {
        let is_same = self.now.value == self.saved.value
            && (self.now.text == self.saved.text || self.text() == self.text_of(&self.saved));
        !is_same
    }

    /// Notes that the file as it is now is safe somewhere. Undo goes on across it.
    pub fn mark_saved(&mut self) {
        self.saved = self.now.clone();
    }

    fn state(&self, value: Value) -> State {
        let text = if value == self.opened.value { self.opened.text.clone() } else { None };
        State { value, text }
    }

    fn step(&mut self, state: State) {
        self.past.push(std::mem::replace(&mut self.now, state));
        self.future.clear();
    }

    fn begin_typing(&mut self, field: &str) {
        if self.typing.as_ref().is_none_or(|typing| typing.field != field) {
            let base = self.now.clone();
            self.typing = Some(Typing { field: field.to_owned(), base, has_step: false });
        }
    }

    fn type_in(&mut self, field: &str, change: impl FnOnce(&mut Value) -> Edited) -> Edited {
        let is_same = self.typing.as_ref().filter(|typing| typing.field == field);
        let mut value = is_same.map_or(&self.now, |typing| &typing.base).value.clone();
        let mended = change(&mut value)?;
        self.begin_typing(field);
        let state = self.state(value);
        self.type_state(state);
        Ok(mended)
    }

    fn type_state(&mut self, state: State) {
        let Some(mut typing) = self.typing.take() else { return };
        let is_back = state.value == typing.base.value && state.text.is_none()
            || state.text.is_some() && state.text == typing.base.text;
        match (is_back, typing.has_step) {
            // What was typed is deleted again: no step.
            (true, true) => {
                self.now = self.past.pop().unwrap_or_else(|| typing.base.clone());
                typing.has_step = false;
            }
            (true, false) => {}
            (false, true) => self.now = state,
            (false, false) => {
                self.step(state);
                typing.has_step = true;
            }
        }
        self.typing = Some(typing);
    }
}

/// The keys that a question can have.
#[cfg(test)]
pub(crate) fn question_keys() -> &'static [&'static str] {
    order::QUESTION
}

fn read(text: &str) -> Result<Value, OpenError> {
    // Some editors write a mark before the first byte.
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(json) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(Value::List(list)) => Err(OpenError::SeveralSurveys(list.len())),
        Ok(_) => Err(OpenError::NotAnObject),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let reason = error.to_string();
            let place = format!(" at line {line} column {column}");
            let reason = reason.strip_suffix(&place).unwrap_or(&reason).to_owned();
            Err(OpenError::NotJson { line, column, reason })
        }
    }
}

pub(crate) fn take_and_mend(root: &mut Value, pointer: &str) -> Edited {
    let before = root.clone();
    take(root, pointer)?;
    Ok(mend::removed(&before, root, pointer))
}

fn put_and_mend(root: &mut Value, pointer: &str, value: Value) -> Edited {
    let mended = mend::renamed(root, pointer, value.as_text().unwrap_or_default());
    put(root, pointer, value)?;
    Ok(mended)
}

fn put_text(root: &mut Value, pointer: &str, language: &str, text: &str) -> Edited {
    let main = texts::main_language(root);
    let is_in_one = texts::languages(root).len() < 2;
    let said = texts::with_text(root.at(pointer), &main, is_in_one, language, text);
    put(root, pointer, said)?;
    Ok(Vec::new())
}

/// Sets a value, or takes it away where it says nothing.
pub(crate) fn put(root: &mut Value, pointer: &str, value: Value) -> Result<(), EditError> {
    let Some((parent, key)) = pointer::split(pointer) else {
        return match value {
            Value::Object(_) => {
                *root = value;
                Ok(())
            }
            _ => Err(EditError::at(pointer)),
        };
    };
    if value.is_blank() && !means_something(root, pointer) {
        // There may be nothing to take.
        return match root.at(parent) {
            Some(Value::Object(_)) | None => {
                let _ = take(root, pointer);
                Ok(())
            }
            Some(_) => Err(EditError::at(pointer)),
        };
    }
    if root.at(parent).is_none() {
        put(root, parent, Value::object([(key, value)]))?;
        return Ok(());
    }
    let holder = root.at_mut(parent);
    match holder {
        Some(Value::Object(members)) => {
            let members = Arc::make_mut(members);
            match members.iter_mut().find(|(name, _)| *name == key) {
                Some((_, known)) => *known = value,
                None => {
                    let names = members.iter().map(|(name, _)| name.as_str());
                    let at = order::place_of(parent, &key, names);
                    members.insert(at, (key, value));
                }
            }
            Ok(())
        }
        Some(Value::List(list)) => {
            let list = Arc::make_mut(list);
            let at = key.parse::<usize>().ok().filter(|at| *at <= list.len());
            match at.ok_or_else(|| EditError::at(pointer))? {
                at if at == list.len() => list.push(value),
                at => list[at] = value,
            }
            Ok(())
        }
        _ => Err(EditError::at(pointer)),
    }
}

/// Whether an empty value says something else there than none: a list keeps its places, a survey without questions is
/// not one with those of its template, and a picture beside words may have no text of its own.
fn means_something(root: &Value, pointer: &str) -> bool {
    let parts = pointer::parts(pointer);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let is_entry = pointer::split(pointer)
        .is_some_and(|(parent, _)| matches!(root.at(parent), Some(Value::List(_))));
    is_entry
        || matches!(
            parts[..],
            ["questions"] | ["questions", _, "options"] | [.., "options", _, "image", "alt"]
        )
}

/// Takes a value away, and what is empty without it.
pub(crate) fn take(root: &mut Value, pointer: &str) -> Result<Value, EditError> {
    let nowhere = || EditError::at(pointer);
    let (parent, key) = pointer::split(pointer).ok_or_else(nowhere)?;
    let taken = match root.at_mut(parent).ok_or_else(nowhere)? {
        Value::Object(members) => {
            let members = Arc::make_mut(members);
            let at = members.iter().position(|(name, _)| *name == key).ok_or_else(nowhere)?;
            members.remove(at).1
        }
        Value::List(list) => {
            let list = Arc::make_mut(list);
            let at = key.parse::<usize>().ok().filter(|at| *at < list.len());
            list.remove(at.ok_or_else(nowhere)?)
        }
        _ => return Err(nowhere()),
    };
    let is_empty = root.at(parent).is_some_and(Value::is_blank);
    if is_empty && !parent.is_empty() && !means_something(root, parent) {
        take(root, parent)?;
    }
    Ok(taken)
}
