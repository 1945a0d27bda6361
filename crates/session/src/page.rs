//! What the page asks for: script tags, elements, survey files, and one page view after another.

use crate::authoring::{self, AttributeSource, PageContext};
use crate::context::Context;
use crate::survey::{PageSurvey, Phase, find};
use crate::{
    Effect, ElementKey, ElementSnapshot, FileKey, Placement, ScriptSnapshot, Session, ShowingKey,
    SurveyKey, SurveySettings, Timer,
};
use sondeo_model::json::Json;
use sondeo_model::{Display, Template, Trigger, format_int};
use std::rc::Rc;

/// A survey file that is on its way, and the script tag that names it.
pub(crate) struct PendingFile {
    key: FileKey,
    config: String,
    script: ScriptSnapshot,
}

/// A timer and the wall clock differ by some milliseconds; a timer must not be over before the moment.
const TIMER_SLACK_MS: i64 = 100;

const NO_SURVEY: &str = " is no survey (try {\"template\": \"faq\"})";

impl Session {
    /// A script tag asks for surveys.
    pub(crate) fn add_script(&mut self, script: ScriptSnapshot, cx: &mut Context<'_>) {
        if self.defaults.is_empty() {
            self.defaults.clone_from(&script.attributes);
        }
        let config = script.attributes.iter().find(|(name, _)| name == "data-config");
        let Some((_, config)) = config.cloned() else { return self.add_surveys(&script, cx) };
        if let Some(id) = config.strip_prefix('#') {
            let text = cx.environment.element_text(id);
            self.take_file(&config, text, cx);
            return self.add_surveys(&script, cx);
        }
        let key = FileKey(self.next_key());
        let url = cx.environment.resolve(&config).unwrap_or_default();
        self.pending_files.push(PendingFile { key, config, script });
        cx.push(Effect::FetchFile { file: key, url });
    }

    /// A survey file came, or did not.
    pub(crate) fn file_arrived(
        &mut self,
        file: FileKey,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) {
        let position = self.pending_files.iter().position(|pending| pending.key == file);
        let Some(position) = position else { return };
        let pending = self.pending_files.remove(position);
        self.take_file(&pending.config, text, cx);
        self.add_surveys(&pending.script, cx);
        cx.push(Effect::Observe);
    }

    /// A file holds one survey, or an array of them.
    fn take_file(&mut self, config: &str, text: Option<String>, cx: &mut Context<'_>) {
        let place = ["data-config=\"", config, "\""].concat();
        let Some(text) = text else {
            return self.warn_once([&place, " could not be read"].concat(), cx);
        };
        match cx.environment.parse_json(&text) {
            Ok(Json::List(surveys)) => {
                for (at, survey) in surveys.into_iter().enumerate() {
                    let path = [config, "[", &format_int(at as i64), "]"].concat();
                    match survey {
                        Json::Object(_) => self.files.push((path, survey)),
                        _ => self.warn_once([&path, NO_SURVEY].concat(), cx),
                    }
                }
            }
            Ok(survey @ Json::Object(_)) => self.files.push((config.to_owned(), survey)),
            Ok(_) => self.warn_once([&place, NO_SURVEY].concat(), cx),
            Err(error) => self.warn_once([&place, " is not JSON: ", &error].concat(), cx),
        }
    }

    fn add_surveys(&mut self, script: &ScriptSnapshot, cx: &mut Context<'_>) {
        let source = AttributeSource::Script;
        for settings in self.read(source, &script.attributes, &script.languages, cx) {
            let is_known = self
                .surveys
                .iter()
                .any(|survey| survey.origin.is_none() && survey.id() == settings.definition.id);
            if !is_known {
                self.add(settings, None, Placement::Floating, cx);
            }
        }
    }

    /// Takes in the elements that ask for a survey now, and lets go of surveys whose element has left.
    pub(crate) fn follow_elements(
        &mut self,
        present: &[ElementSnapshot],
        removed: &[ShowingKey],
        cx: &mut Context<'_>,
    ) {
        if self.drop_removed(present, removed, cx) {
            cx.display_ready(0);
        }
        for element in present {
            self.add_element(element, cx);
        }
        if !self.is_settled {
            self.is_settled = true;
            self.address = cx.environment.href();
            let detail = "{}".to_owned();
            cx.push(Effect::Dispatch { showing: None, name: "sondeo:ready", detail, push: vec![] });
        }
        if self.is_all_read() {
            for id in std::mem::take(&mut self.pending_shows) {
                self.show(&id, cx);
            }
            if !self.pending_explains.is_empty() {
                // After what has happened by now.
                cx.push(Effect::StartTimer { timer: Timer::Explain, after_ms: 0 });
            }
            self.follow_link(cx);
            self.permit_delivery(cx);
        }
    }

    /// Returns whether a survey has gone that was shown.
    fn drop_removed(
        &mut self,
        present: &[ElementSnapshot],
        removed: &[ShowingKey],
        cx: &mut Context<'_>,
    ) -> bool {
        let mut has_gone = false;
        self.surveys.retain_mut(|survey| {
            let is_asked = survey.origin.as_ref().is_none_or(|(key, asked)| {
                present.iter().any(|it| it.key == *key && it.asks_for() == asked.as_deref())
            });
            let is_removed = survey.showing().is_some_and(|it| removed.contains(&it));
            if !is_asked || is_removed {
                has_gone |= survey.is_shown();
            }
            if !is_asked {
                survey.leave(cx);
            } else if is_removed {
                survey.set_phase(Phase::Over, cx);
            }
            is_asked
        });
        has_gone
    }

    /// An element that is known is left as it is.
    fn add_element(&mut self, element: &ElementSnapshot, cx: &mut Context<'_>) {
        let is_of = |survey: &PageSurvey| {
            survey.origin.as_ref().is_some_and(|(key, _)| *key == element.key)
        };
        if self.surveys.iter().any(is_of) {
            return;
        }
        let names = authoring::names(AttributeSource::Element, &element.attributes);
        let is_strange = |name: &String| Template::parse(name).is_none();
        if !self.pending_files.is_empty() && names.iter().any(is_strange) {
            // The file that is on its way may know it.
            return;
        }
        let source = AttributeSource::Element;
        for settings in self.read(source, &element.attributes, &element.languages, cx) {
            let placement = match settings.appearance.display {
                Display::Inline | Display::Page => Placement::Inside(element.key),
                _ => Placement::Floating,
            };
            let origin = (element.key, element.asks_for().map(str::to_owned));
            self.add(settings, Some(origin), placement, cx);
        }
    }

    fn read(
        &mut self,
        source: AttributeSource,
        own: &[(String, String)],
        languages: &[String],
        cx: &mut Context<'_>,
    ) -> Vec<SurveySettings> {
        let page = PageContext { languages, environment: cx.environment, files: &self.files };
        let (settings, problems) = authoring::read(source, own, &self.defaults, &page);
        for problem in problems.iter() {
            self.warn_once(problem.line(), cx);
        }
        settings
    }

    fn add(
        &mut self,
        mut settings: SurveySettings,
        origin: Option<(ElementKey, Option<String>)>,
        placement: Placement,
        cx: &mut Context<'_>,
    ) {
        let dates = [settings.targeting.from.clone(), settings.targeting.until.clone()];
        let runs = dates.map(|date| {
            let date = date?;
            let moment = cx.environment.parse_date(&date);
            if moment.is_none() {
                let problem = ["\"", &date, "\" is no day of the calendar (try \"2026-12-01\")"];
                self.warn_once(problem.concat(), cx);
            }
            moment
        });
        for pattern in &mut settings.targeting.url {
            *pattern = cx.environment.readable(pattern);
        }
        let key = SurveyKey(self.next_key());
        self.surveys.push(PageSurvey {
            key,
            settings: Rc::new(settings),
            origin,
            runs,
            placement,
            phase: Phase::Waiting,
            fired: None,
            awaiting_consent: None,
            is_seen: false,
            language: "".into(),
        });
        self.listen(key, false, cx);
    }

    /// Listens to a survey's triggers, or to those alone that count visits.
    pub(crate) fn listen(&mut self, key: SurveyKey, visits_only: bool, cx: &mut Context<'_>) {
        let Some(survey) = find(&self.surveys, key) else { return };
        let settings = Rc::clone(&survey.settings);
        // What happened before a survey runs makes it due when it does. A page that is open for weeks has to be loaded
        // anew: browsers' timers go no further, and are over then.
        let left = survey.runs[0].map_or(0, |from| from - cx.now);
        if left > 0 {
            let after_ms = (left + TIMER_SLACK_MS) as u64;
            cx.push(Effect::StartTimer { timer: Timer::Start(key), after_ms });
        }
        let was_there = survey.origin.is_none() || !self.is_settled;
        // Notes the page view, too. Without consent nobody knows which visit this is.
        let is_known = self.visitor.consents(&settings);
        let visit = if is_known { self.visitor.visit(&settings, cx) } else { 0 };
        for (position, trigger) in settings.triggers.iter().enumerate() {
            let is_meant = match trigger {
                Trigger::Visit(number) => *number == visit,
                Trigger::Manual => false,
                _ => !visits_only,
            };
            let has_fired = was_there && self.fired_triggers.contains(trigger);
            if is_meant {
                let (trigger, stay_ms) = (trigger.clone(), settings.stay_ms());
                cx.push(Effect::Listen { survey: key, position, trigger, stay_ms, has_fired });
            }
        }
    }

    /// A trigger of the page's own fired; a survey that is asked for later may have waited for it.
    pub(crate) fn page_trigger_fired(&mut self, trigger: &Trigger, cx: &mut Context<'_>) {
        if !self.fired_triggers.contains(trigger) {
            self.fired_triggers.push(trigger.clone());
        }
        for key in self.keys() {
            let waits = |survey: &PageSurvey| survey.settings.triggers.contains(trigger);
            if self.find(key).is_some_and(waits) {
                self.fire(key, trigger.to_text().into_owned(), cx);
            }
        }
    }

    /// Another page view begins, if the address has changed or the browser has brought the page back: what the old one
    /// waited for is over, what it shows stays with the visitor.
    pub(crate) fn page_view(&mut self, is_restored: bool, cx: &mut Context<'_>) {
        let address = cx.environment.href();
        if !is_restored && self.address == address {
            return;
        }
        self.address = address;
        self.fired_triggers.clear();
        self.visitor.begin_page_view(cx.now);
        for key in self.keys() {
            if let Some(survey) = self.find_mut(key) {
                survey.begin_page_view(cx);
            }
            self.listen(key, false, cx);
        }
        cx.push(Effect::Observe);
    }

    /// Whether every survey that the page began with is known.
    pub(crate) fn is_all_read(&self) -> bool {
        self.is_settled && self.pending_files.is_empty()
    }
}
