//! What a visitor's browser remembers of our surveys, and its textual form.

use super::sampling::MOST_SEED;
use crate::{format_int, parse_int};

/// How long a visit lasts without another page view, in milliseconds.
const VISIT_ENDS: i64 = 30 * 60_000;
/// How many showings of a survey are kept, each with its moment. Nobody is asked more often without an answer.
pub(super) const MOST_SHOWINGS: usize = 100;
/// Of how many pages the record holds what was asked there ([`crate::Targeting::record_name`]), for each survey: the last
/// ones.
const MOST_PAGES: usize = 100;

/// The visitor's record.
///
/// Its text is a line of fields for the visitor, after the version, and one for each survey, after its id:
///
/// ```text
/// 1 s281474976710655 v3 p1764000000000
/// checkout n1764000000000,1764000300000 d1764000300500
/// ```
///
/// A field is a letter and its value. The visitor's are `s`eed, number of `v`isits, last `p`age view and
/// `i`d; a survey's are showings (`n`), those within a page (`w`), last answer (`a`) and last dismissal (`d`).
/// Moments are milliseconds since 1970.
///
/// What a reader does not know, it keeps: a newer version adds fields, and an older one does not lose
/// them. A text that is none of ours is the record of a new visitor. A moment that cannot be read or lies
/// in the future counts as now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record(Vec<Line>);

/// A name, and the fields after it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    fields: Vec<(char, String)>,
}

/// The version that this code writes.
const VERSION: &str = "1";

impl Record {
    /// Reads a record at this moment, in milliseconds since 1970.
    #[must_use]
    pub fn read(text: &str, now: i64) -> Self {
        let is_ours =
            text.split([' ', '\n']).next().is_some_and(|it| parse_int(it).is_some_and(|it| it > 0));
        let mut record = Self::default();
        for line in text.split('\n').filter(|_| is_ours) {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default().to_owned();
            let is_known = record.0.iter().skip(1).any(|line| line.name == name);
            if name.is_empty() || is_known {
                continue;
            }
            let is_survey = !record.0.is_empty();
            let mut fields: Vec<(char, String)> = Vec::new();
            for word in words {
                let Some(letter) = word.chars().next() else { continue };
                let value = &word[letter.len_utf8()..];
                if fields.iter().any(|(known, _)| *known == letter) {
                    continue;
                }
                fields.push((letter, normal(is_survey, letter, value, now)));
            }
            record.0.push(Line { name, fields });
        }
        record
    }

    /// The text that [`Self::read`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for line in &self.0 {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line.name);
            for (letter, value) in &line.fields {
                text.push(' ');
                text.push(*letter);
                text.push_str(value);
            }
        }
        text
    }

    /// Takes in what another tab has written meanwhile: of each field what came last, of showings all.
    /// The order of merging does not matter, and merging again changes nothing.
    pub fn merge(&mut self, other: &Self) {
        for (at, theirs) in other.0.iter().enumerate() {
            let is_survey = at > 0;
            let found = if is_survey {
                self.place(&theirs.name)
            } else {
                (!self.0.is_empty()).then_some(0)
            };
            let Some(found) = found else {
                self.0.push(theirs.clone());
                continue;
            };
            for (letter, value) in &theirs.fields {
                let ours = self.0[found].get(*letter);
                let merged = match (ours, is_survey, *letter) {
                    (None, ..) => value.clone(),
                    (Some(ours), true, 'n' | 'w') => {
                        list(moments(ours).chain(moments(value)).collect())
                    }
                    // So that two tabs that met the visitor at once agree on one seed, too.
                    (Some(ours), ..) => match (parse_int(ours), parse_int(value)) {
                        (Some(one), Some(other)) => format_int(one.max(other)),
                        _ => ours.max(value).to_owned(),
                    },
                };
                self.0[found].set(*letter, merged);
            }
            if !is_survey && parse_int(&theirs.name) > parse_int(&self.0[0].name) {
                self.0[0].name.clone_from(&theirs.name);
            }
        }
    }

    /// What the visitor's draws begin with; `None` for a visitor who is new.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.0.first()?.number('s').map(i64::unsigned_abs)
    }

    /// Gives the visitor a seed, below [`MOST_SEED`].
    pub fn set_seed(&mut self, seed: u64) {
        self.visitor().set('s', format_int((seed % MOST_SEED) as i64));
    }

    /// The visitor's id, where one was given.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.first()?.get('i')
    }

    /// Gives the visitor an id, a word without spaces, or takes it away.
    pub fn set_id(&mut self, id: Option<&str>) {
        let visitor = self.visitor();
        visitor.fields.retain(|(letter, _)| *letter != 'i');
        if let Some(id) = id {
            visitor.set('i', id.to_owned());
        }
    }

    /// Notes a page view, which begins another visit where the last one was too long ago.
    pub fn view(&mut self, now: i64) {
        let visitor = self.visitor();
        let visits = visitor.number('v').unwrap_or(0);
        let is_over = visitor.number('p').is_none_or(|last| now - last >= VISIT_ENDS);
        if is_over || visits == 0 {
            visitor.set('v', format_int(visits + 1));
        }
        visitor.set('p', format_int(now));
    }

    /// The number of this visit, from 1.
    #[must_use]
    pub fn visits(&self) -> u32 {
        let visits = self.0.first().and_then(|visitor| visitor.number('v'));
        visits.unwrap_or(1).clamp(1, 1_000_000) as u32
    }

    /// Notes that the visitor saw a survey.
    pub fn seen(&mut self, survey: &str, now: i64) {
        self.show(survey, 'n', now);
    }

    /// Notes that the visitor saw a survey that stands within its page, and disturbs nobody.
    pub fn came_by(&mut self, survey: &str, now: i64) {
        self.show(survey, 'w', now);
    }

    fn show(&mut self, survey: &str, letter: char, now: i64) {
        let line = self.survey(survey);
        // Those before the last answer count no more.
        let answer = line.number('a');
        let mut shown: Vec<i64> = moments(line.get(letter).unwrap_or_default()).collect();
        shown.retain(|moment| Some(*moment) > answer);
        shown.push(now);
        let excess = shown.len().saturating_sub(MOST_SHOWINGS);
        line.set(letter, list(shown.split_off(excess)));
    }

    /// Notes an answer.
    pub fn answered(&mut self, survey: &str, now: i64) {
        self.survey(survey).set('a', format_int(now));
    }

    /// Notes that the visitor closed it without an answer.
    pub fn dismissed(&mut self, survey: &str, now: i64) {
        self.survey(survey).set('d', format_int(now));
    }

    /// When the visitor last answered the survey.
    #[must_use]
    pub fn last_answer(&self, survey: &str) -> Option<i64> {
        self.0[self.place(survey)?].number('a')
    }

    /// When the visitor last dismissed the survey, and has not answered it since.
    #[must_use]
    pub fn last_dismissal(&self, survey: &str) -> Option<i64> {
        let dismissed = self.0[self.place(survey)?].number('d')?;
        (Some(dismissed) > self.last_answer(survey)).then_some(dismissed)
    }

    /// How often the visitor saw the survey since the last answer.
    #[must_use]
    pub fn shows(&self, survey: &str) -> u32 {
        let Some(at) = self.place(survey) else { return 0 };
        let answer = self.last_answer(survey);
        let line = &self.0[at];
        let shown = ['n', 'w'].map(|letter| moments(line.get(letter).unwrap_or_default()));
        shown.into_iter().flatten().filter(|moment| Some(*moment) > answer).count() as u32
    }

    /// When the visitor last saw the survey.
    #[must_use]
    pub fn last_seen(&self, survey: &str) -> Option<i64> {
        moments(self.0[self.place(survey)?].get('n')?).max()
    }

    /// When the visitor last saw any other survey, or dealt with one.
    #[must_use]
    pub fn last_other(&self, survey: &str) -> Option<i64> {
        let others = self.0.iter().skip(1).filter(|line| line.name != survey);
        let moments =
            others.flat_map(|line| ['n', 'a', 'd'].map(|it| moments(line.get(it).unwrap_or(""))));
        moments.flatten().max()
    }

    fn place(&self, survey: &str) -> Option<usize> {
        self.0.iter().skip(1).position(|line| line.name == survey).map(|at| at + 1)
    }

    fn visitor(&mut self) -> &mut Line {
        if self.0.is_empty() {
            self.0.push(Line::new(VERSION));
        }
        &mut self.0[0]
    }

    fn survey(&mut self, survey: &str) -> &mut Line {
        self.visitor();
        let at = self.place(survey).unwrap_or(self.0.len());
        if at < self.0.len() {
            return &mut self.0[at];
        }
        if let Some((id, _)) = survey.split_once('/') {
            let is_page = |line: &Line| line.name.split_once('/').is_some_and(|it| it.0 == id);
            let mut excess =
                (self.0.iter().filter(|line| is_page(line)).count() + 1).saturating_sub(MOST_PAGES);
            self.0.retain(|line| {
                let is_kept = excess == 0 || !is_page(line);
                excess -= usize::from(!is_kept);
                is_kept
            });
        }
        self.0.push(Line::new(survey));
        let at = self.0.len() - 1;
        &mut self.0[at]
    }
}

impl Line {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), fields: Vec::new() }
    }

    fn get(&self, letter: char) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == letter).map(|(_, value)| value.as_str())
    }

    fn number(&self, letter: char) -> Option<i64> {
        parse_int(self.get(letter)?)
    }

    fn set(&mut self, letter: char, value: String) {
        match self.fields.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, old)) => *old = value,
            None => self.fields.push((letter, value)),
        }
    }
}

/// A field's value as it counts now.
fn normal(is_survey: bool, letter: char, value: &str, now: i64) -> String {
    let moment = |text: &str| format_int(parse_int(text).unwrap_or(now).min(now));
    match (is_survey, letter) {
        (true, 'n' | 'w') => {
            list(value.split(',').map(|text| parse_int(text).unwrap_or(now).min(now)).collect())
        }
        (true, 'a' | 'd') | (false, 'p') => moment(value),
        // What cannot be a count counts nothing.
        (false, 'v') => format_int(parse_int(value).unwrap_or(0).clamp(0, 1_000_000)),
        _ => value.to_owned(),
    }
}

fn moments(list: &str) -> impl Iterator<Item = i64> {
    list.split(',').filter_map(parse_int)
}

/// The text of these moments in their order, each once.
fn list(mut moments: Vec<i64>) -> String {
    moments.sort_unstable();
    moments.dedup();
    let texts: Vec<String> = moments.into_iter().map(format_int).collect();
    texts.join(",")
}

#[cfg(test)]
mod tests;
