//! What the page asks for, as it is at each moment: script tags, elements and survey files.

use crate::authoring::{self, AttributeSource, PageContext};
use crate::context::Context;
use crate::rest::Attributes;
use crate::survey::{Origin, PageSurvey, Phase, find};
use crate::{
    Effect, ElementSnapshot, FileKey, PageSnapshot, Placement, Properties, ScriptKey,
    ScriptSnapshot, Session, ShowingKey, SurveyFile, SurveyKey, SurveySettings, Timer,
};
use sondeo_model::json::Json;
use sondeo_model::{
    Definition, Display, Layer, Problems, Targeting, Template, Trigger, format_int, is_name,
};
use std::rc::Rc;

/// A file that is on its way, or did not come.
pub(crate) struct PendingFile {
    key: FileKey,
    url: String,
    source: FileSource,
    /// How often it did not come before.
    failures: u8,
}

/// What names a file.
pub(crate) enum FileSource {
    /// A script tag's `data-config`.
    Config { config: String, script: ScriptKey },
    /// A site, by its position: it is its plan.
    Plan(usize),
    /// The plan of a site, by its position.
    Planned { site: usize, id: String },
}

/// A timer and the wall clock differ by some milliseconds; a timer must not be over before the moment.
const TIMER_SLACK_MS: i64 = 100;
/// So often a file is asked for again that did not come, each time after four times as long: a network that is gone for
/// some seconds takes no survey off the page view (issue 15).
const MOST_FAILURES: u8 = 3;
const TRY_AGAIN_MS: u64 = 2_000;

const NO_SURVEY: &str = " is no survey (try {\"template\": \"faq\"})";

impl Session {
    /// A script tag of the loader has run.
    pub(crate) fn add_script(&mut self, script: ScriptSnapshot, cx: &mut Context<'_>) {
        if !self.scripts.iter().any(|known| known.key == script.key) {
            self.scripts.push(script.clone());
            self.read_script(&script, cx);
            self.follow_sites(cx);
        }
    }

    /// The attributes of the first script tag that says anything, which elements inherit.
    pub(crate) fn defaults(&self) -> Vec<(String, String)> {
        let first = self.scripts.iter().find(|script| !script.attributes.is_empty());
        first.map_or_else(Vec::new, |script| script.attributes.clone())
    }

    /// Fetches the file that a script tag names, and reads what the tag asks for.
    fn read_script(&mut self, script: &ScriptSnapshot, cx: &mut Context<'_>) {
        let Some(config) = script.config().map(str::to_owned) else {
            return self.read_surveys(script, Wording::Same, cx);
        };
        self.rest_read_config(script, config, cx);
    }

    #[inline(never)]
    fn rest_read_config(&mut self, script: &ScriptSnapshot, config: String, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        if let Some(id) = config.strip_prefix('#') {
            let text = cx.environment.element_text(id);
            self.take_config(&config, text, cx);
            return self.read_surveys(script, Wording::Same, cx);
        }
        let url = cx.environment.resolve(&config).unwrap_or_default();
        self.fetch(url, FileSource::Config { config, script: script.key }, cx);
    }

    pub(crate) fn fetch(&mut self, url: String, source: FileSource, cx: &mut Context<'_>) {
        self.try_file(PendingFile { key: FileKey(0), url, source, failures: 0 }, cx);
    }

    fn try_file(&mut self, file: PendingFile, cx: &mut Context<'_>) {
        let key = FileKey(self.next_key());
        cx.push(Effect::FetchFile { file: key, url: file.url.clone() });
        self.pending_files.push(PendingFile { key, ..file });
    }

    /// Asks again for the files that did not come.
    #[inline(never)]
    pub(crate) fn rest_fetch_lost(&mut self, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        for file in std::mem::take(&mut self.lost_files) {
            self.try_file(file, cx);
        }
    }

    pub(crate) fn is_pending(&self, is_meant: impl Fn(&FileSource) -> bool) -> bool {
        self.pending_files.iter().any(|pending| is_meant(&pending.source))
    }

    /// A file came, or did not.
    #[inline(never)]
    pub(crate) fn rest_file_arrived(
        &mut self,
        file: FileKey,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) {
        sondeo_model::rest::gate();
        let position = self.pending_files.iter().position(|pending| pending.key == file);
        let Some(position) = position else { return };
        let mut file = self.pending_files.remove(position);
        let is_lost = text.is_none();
        match &file.source {
            FileSource::Config { config, script } => {
                self.take_config(config, text, cx);
                let script = self.scripts.iter().find(|known| known.key == *script).cloned();
                if let Some(script) = script {
                    self.read_surveys(&script, Wording::Same, cx);
                }
            }
            FileSource::Plan(site) => {
                self.take_plan(*site, text, cx);
                self.follow_sites(cx);
            }
            FileSource::Planned { site, id } => {
                self.take_planned(*site, id, &file.url, text, cx);
            }
        }
        if is_lost && file.failures < MOST_FAILURES {
            let after_ms = TRY_AGAIN_MS << (2 * file.failures);
            cx.push(Effect::StartTimer { timer: Timer::LostFiles, after_ms });
            file.failures += 1;
            self.lost_files.push(file);
        }
        self.read_elements_again(cx);
    }

    /// Elements whose survey nobody knew may name one that is known by now.
    pub(crate) fn read_elements_again(&mut self, cx: &mut Context<'_>) {
        let surveys = &self.surveys;
        self.elements.retain(|element| {
            surveys.iter().any(|survey| survey.origin == Origin::Element(element.key))
        });
        cx.push(Effect::Observe);
    }

    fn take_config(&mut self, config: &str, text: Option<String>, cx: &mut Context<'_>) {
        let place = ["data-config=\"", config, "\""].concat();
        self.take_file(&place, config, text, cx);
    }

    /// A file's JSON. What is wrong with it is said, with what may be right.
    pub(crate) fn parse(
        &mut self,
        place: &str,
        text: Option<String>,
        hint: &str,
        cx: &mut Context<'_>,
    ) -> Option<Json> {
        let Some(text) = text else {
            self.warn_once([place, " could not be read", hint].concat(), cx);
            return None;
        };
        let read = cx.environment.parse_json(&text);
        read.map_err(|error| {
            self.warn_once([place, " is not JSON: ", &error, hint].concat(), cx);
        })
        .ok()
    }

    /// A file holds one survey, or an array of them. Returns the position of the first of them among the files.
    fn take_file(
        &mut self,
        place: &str,
        path: &str,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) -> usize {
        let first = self.files.len();
        let file = |path: String, json| SurveyFile { path, json, site: None };
        match self.parse(place, text, "", cx) {
            Some(Json::List(surveys)) => {
                for (at, survey) in surveys.into_iter().enumerate() {
                    let path = [path, "[", &format_int(at as i64), "]"].concat();
                    match survey {
                        Json::Object(_) => self.files.push(file(path, survey)),
                        _ => self.warn_once([&path, NO_SURVEY].concat(), cx),
                    }
                }
            }
            Some(survey @ Json::Object(_)) => self.files.push(file(path.to_owned(), survey)),
            Some(_) => self.warn_once([place, NO_SURVEY].concat(), cx),
            None => {}
        }
        first
    }

    /// Reads what a script tag asks for.
    fn read_surveys(&mut self, script: &ScriptSnapshot, wording: Wording, cx: &mut Context<'_>) {
        let source = AttributeSource::Script;
        let read = self.read(source, &script.attributes, &script.languages, cx);
        self.follow(Origin::Script(script.key), read, wording, cx);
    }

    /// Takes in what asks for surveys now: what has come, what has changed, and what has left.
    pub(crate) fn follow_page(&mut self, page: &PageSnapshot, cx: &mut Context<'_>) {
        let inherited = self.defaults();
        self.follow_scripts(&page.scripts, cx);
        let now_inherited = self.defaults();
        let inherits_other = inherited != now_inherited;
        let wording = Wording::between(&inherited, &now_inherited);
        let stays = |known: &ElementSnapshot| page.elements.iter().any(|it| it.key == known.key);
        let (known, left) =
            std::mem::take(&mut self.elements).into_iter().partition::<Vec<_>, _>(stays);
        self.elements = known;
        for element in left {
            self.rest_park(element, cx);
        }
        if !page.removed.is_empty() {
            self.rest_end_removed(&page.removed, cx);
        }
        for element in &page.elements {
            if inherits_other || !self.elements.contains(element) {
                self.read_element(element, wording, cx);
            }
        }
        if !self.is_settled {
            self.is_settled = true;
            self.address = cx.environment.address();
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

    #[inline(never)]
    fn rest_end_removed(&mut self, removed: &[ShowingKey], cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        for survey in &mut self.surveys {
            if survey.showing().is_some_and(|it| removed.contains(&it)) {
                survey.set_phase(Phase::Over, cx);
                cx.display_ready(0);
            }
        }
    }

    fn follow_scripts(&mut self, present: &[ScriptSnapshot], cx: &mut Context<'_>) {
        if present != self.scripts {
            self.rest_follow_scripts(present, cx);
        }
    }

    #[inline(never)]
    fn rest_follow_scripts(&mut self, present: &[ScriptSnapshot], cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let before = std::mem::replace(&mut self.scripts, present.to_vec());
        let mut has_left = false;
        for script in &before {
            if !present.iter().any(|it| it.key == script.key) {
                has_left = true;
                self.follow(Origin::Script(script.key), Vec::new(), Wording::Same, cx);
            }
        }
        for script in present {
            // One that had left may be back.
            let known = before.iter().find(|it| it.key == script.key);
            if known.is_none_or(|known| known.config() != script.config()) {
                self.read_script(script, cx);
            } else if has_left || known != Some(script) {
                // Another tag that has left may have asked for the same survey first.
                let wording = known.map_or(Wording::Same, |known| {
                    Wording::between(&known.attributes, &script.attributes)
                });
                self.read_surveys(script, wording, cx);
            }
        }
        if before != self.scripts {
            self.follow_sites(cx);
        }
    }

    fn read_element(
        &mut self,
        element: &ElementSnapshot,
        inherited: Wording,
        cx: &mut Context<'_>,
    ) {
        let names = authoring::names(AttributeSource::Element, &element.attributes);
        self.fetch_planned(&names, cx);
        let may_know = |source: &FileSource| match source {
            FileSource::Config { .. } => names.iter().any(|name| Template::parse(name).is_none()),
            FileSource::Plan(site) => self.sites[*site].read.is_none(),
            FileSource::Planned { id, .. } => names.contains(id),
        };
        if self.is_pending(may_know) {
            // The file that is on its way may know it.
            return;
        }
        let known = self.elements.iter().position(|known| known.key == element.key);
        let known = known.map(|at| self.elements.remove(at));
        self.elements.push(element.clone());
        let wording = match known.or_else(|| self.revive(element, cx)) {
            Some(known) if inherited == Wording::Same => {
                Wording::between(&known.attributes, &element.attributes)
            }
            _ => inherited,
        };
        let source = AttributeSource::Element;
        let read = self.read(source, &element.attributes, &element.languages, cx);
        self.follow(Origin::Element(element.key), read, wording, cx);
    }

    pub(crate) fn read(
        &mut self,
        source: AttributeSource,
        own: &[(String, String)],
        languages: &[String],
        cx: &mut Context<'_>,
    ) -> Vec<SurveySettings> {
        let asked = (source, own, self.defaults());
        let asked = (asked.0, asked.1, asked.2.as_slice());
        if cx.environment.has_rest() {
            return self.rest_read_aloud(asked, languages, cx);
        }
        let (settings, problems) = self.read_attributes(asked, languages, Problems::silent(), cx);
        if !problems.is_empty() {
            self.explain_later(source, own, languages, cx);
        }
        settings
    }

    #[inline(never)]
    fn rest_read_aloud(
        &mut self,
        asked: (AttributeSource, &Attributes, &Attributes),
        languages: &[String],
        cx: &mut Context<'_>,
    ) -> Vec<SurveySettings> {
        sondeo_model::rest::gate();
        let (settings, problems) = self.read_attributes(asked, languages, Problems::default(), cx);
        for problem in problems.iter() {
            self.warn_once(problem.line(), cx);
        }
        settings
    }

    pub(crate) fn read_attributes(
        &self,
        (source, own, inherited): (AttributeSource, &Attributes, &Attributes),
        languages: &[String],
        problems: Problems,
        cx: &Context<'_>,
    ) -> (Vec<SurveySettings>, Problems) {
        let page = PageContext { languages, environment: cx.environment, files: &self.files };
        authoring::read_into(problems, source, own, inherited, &page)
    }

    /// `sondeo.add`: surveys that no tag names. One of an id that is known takes the place of what is not shown yet.
    pub(crate) fn add_called(&mut self, text: &str, cx: &mut Context<'_>) {
        let first = self.take_file("add()", "add()", Some(text.to_owned()), cx);
        let mut added = self.files.split_off(first);
        // Nothing can ask for one that has no name: it is read for its problems alone.
        let mut problems = Problems::default();
        added.retain(|file| {
            let is_named = authoring::id(&file.json).is_some_and(is_name);
            if !is_named {
                let layer = Layer::object(file.path.as_str(), &file.json);
                let _ = Definition::read(vec![layer], None, &mut problems);
            }
            is_named
        });
        for problem in problems.iter() {
            self.warn_once(problem.line(), cx);
        }
        let has_id = |id: &str| added.iter().any(|file| authoring::id(&file.json) == Some(id));
        self.files.retain(|file| !authoring::id(&file.json).is_some_and(has_id));
        let floats = added.iter().filter(|file| authoring::floats(&file.json));
        let names = floats.filter_map(|file| authoring::id(&file.json).map(str::to_owned));
        let names: Vec<String> = names.collect();
        self.files.extend(added);
        let mut own = authoring::inherited(&self.defaults());
        own.push(("data-survey".to_owned(), names.join(" ")));
        if !names.is_empty() {
            self.let_go(
                &|survey| {
                    matches!(survey.origin, Origin::Element(_))
                        || survey.is_shown()
                        || !names.iter().any(|name| name == survey.id())
                },
                cx,
            );
            let languages = cx.environment.languages();
            for settings in self.read(AttributeSource::Script, &own, &languages, cx) {
                if !self.is_asked_by_tag(&settings) {
                    self.add(settings, Origin::Call, cx);
                }
            }
        }
        self.read_elements_again(cx);
    }

    fn is_asked_by_tag(&self, settings: &SurveySettings) -> bool {
        self.surveys.iter().any(|survey| {
            !matches!(survey.origin, Origin::Element(_)) && survey.id() == settings.definition.id
        })
    }

    /// What this tag or element asks for now: some of it may have been asked for before, in these words or others.
    fn follow(
        &mut self,
        origin: Origin,
        read: Vec<SurveySettings>,
        wording: Wording,
        cx: &mut Context<'_>,
    ) {
        let is_read = |id: &str| read.iter().any(|settings| settings.definition.id == id);
        self.let_go(&|survey| survey.origin != origin || is_read(survey.id()), cx);
        self.ask(origin, read, wording, cx);
    }

    /// Asks these surveys, beside others that the tag, element or site asks for.
    pub(crate) fn ask(
        &mut self,
        origin: Origin,
        read: Vec<SurveySettings>,
        wording: Wording,
        cx: &mut Context<'_>,
    ) {
        for settings in read {
            let id = &settings.definition.id;
            let known = self.surveys.iter().find(|it| it.origin == origin && it.id() == id);
            if let Some(key) = known.map(|survey| survey.key) {
                self.rest_update(key, settings, wording, cx);
            } else if matches!(origin, Origin::Element(_)) || !self.is_asked_by_tag(&settings) {
                self.add(settings, origin, cx);
            } else {
                self.report_second_endpoint(&settings, cx);
            }
        }
    }

    /// Which of two tags comes first is chance.
    #[inline(never)]
    fn report_second_endpoint(&mut self, settings: &SurveySettings, cx: &mut Context<'_>) {
        let id = &settings.definition.id;
        let first = self.surveys.iter().find(|survey| {
            !matches!(survey.origin, Origin::Element(_))
                && survey.id() == id
                && survey.settings.endpoint != settings.endpoint
        });
        let Some(first) = first.map(|survey| survey.settings.endpoint.clone()) else { return };
        let parts =
            ["two tags ask for \"", id, "\" with different endpoints (", &first, " is used)"];
        self.warn_once(parts.concat(), cx);
    }

    fn add(&mut self, mut settings: SurveySettings, origin: Origin, cx: &mut Context<'_>) {
        let Some(runs) = self.prepare(&mut settings.targeting, cx) else { return };
        let key = SurveyKey(self.next_key());
        self.surveys.push(PageSurvey {
            key,
            placement: placement(&settings, origin),
            settings: Rc::new(settings),
            origin,
            runs,
            phase: Phase::Waiting,
            fired: None,
            awaiting_consent: None,
            is_seen: false,
            is_touched: false,
            language: "".into(),
            address: String::new(),
            is_parked: false,
        });
        self.listen(key, false, cx);
    }

    /// The moments between which a survey runs; `None` where one of them is none, so that it is not asked.
    pub(crate) fn prepare(
        &mut self,
        targeting: &mut Targeting,
        cx: &mut Context<'_>,
    ) -> Option<[Option<i64>; 2]> {
        for pattern in &mut targeting.url {
            *pattern = cx.environment.readable(pattern);
        }
        if targeting.from.is_none() && targeting.until.is_none() {
            return Some([None, None]);
        }
        self.rest_runs(targeting, cx)
    }

    #[inline(never)]
    fn rest_runs(
        &mut self,
        targeting: &Targeting,
        cx: &mut Context<'_>,
    ) -> Option<[Option<i64>; 2]> {
        sondeo_model::rest::gate();
        let mut runs = [None, None];
        for (at, date) in [&targeting.from, &targeting.until].iter().enumerate() {
            let Some(date) = date else { continue };
            let moment = cx.environment.parse_date(date);
            if moment.is_none() {
                let problem = ["\"", date, "\" is no day of the calendar (try \"2026-12-01\")"];
                self.warn_once(problem.concat(), cx);
                return None;
            }
            runs[at] = moment;
        }
        Some(runs)
    }

    /// The page asks for a known survey in other words.
    #[inline(never)]
    fn rest_update(
        &mut self,
        key: SurveyKey,
        mut settings: SurveySettings,
        wording: Wording,
        cx: &mut Context<'_>,
    ) {
        sondeo_model::rest::gate();
        let Some(runs) = self.prepare(&mut settings.targeting, cx) else {
            return self.let_go(&|survey| survey.key != key, cx);
        };
        let Some(survey) = self.find_mut(key) else { return };
        let placement = placement(&settings, survey.origin);
        let waits_for_other = survey.settings.triggers != settings.triggers || survey.runs != runs;
        let is_elsewhere = std::mem::replace(&mut survey.placement, placement) != placement;
        survey.settings = Rc::new(settings);
        survey.runs = runs;
        if let Some(showing) = survey.showing() {
            if is_elsewhere || wording == Wording::Changed {
                self.ask_again(key, showing, cx);
            } else {
                self.refile(key, showing, cx);
            }
        } else if waits_for_other && !matches!(survey.phase, Phase::Over) {
            survey.restart(cx);
            survey.stop_listening(cx);
            self.listen(key, false, cx);
        } else {
            self.decide_again(key, cx);
        }
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
        let is_in_element = matches!(survey.origin, Origin::Element(_));
        let was_there = !is_in_element || !self.is_settled;
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
    pub(crate) fn page_trigger_fired(
        &mut self,
        trigger: &Trigger,
        properties: Properties,
        cx: &mut Context<'_>,
    ) {
        let word = trigger.to_text().into_owned();
        self.note_event(&word, properties);
        if !self.fired_triggers.contains(trigger) {
            self.fired_triggers.push(trigger.clone());
        }
        for key in self.keys() {
            let waits = |survey: &PageSurvey| survey.settings.triggers.contains(trigger);
            if self.find(key).is_some_and(waits) {
                self.fire(key, word.clone(), cx);
            }
        }
    }

    /// Whether every survey that the page began with is known.
    pub(crate) fn is_all_read(&self) -> bool {
        self.is_settled && self.pending_files.is_empty()
    }
}

/// Whether attributes that have changed may make the visitor read something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    /// What is shown stays. What has changed is told with the response: an order, an article, a user.
    Same,
    /// What is shown is asked again.
    Changed,
}

impl Wording {
    pub(crate) fn between(before: &[(String, String)], now: &[(String, String)]) -> Self {
        let is_read =
            |it: &&(String, String)| !it.0.starts_with("data-custom-") && it.0 != "data-user";
        if before.iter().filter(is_read).eq(now.iter().filter(is_read)) {
            Self::Same
        } else {
            Self::Changed
        }
    }
}

/// Where a survey stands that this asks for.
fn placement(settings: &SurveySettings, origin: Origin) -> Placement {
    match (origin, settings.appearance.display) {
        (Origin::Element(key), Display::Inline | Display::Page) => Placement::Inside(key),
        _ => Placement::Floating,
    }
}

impl ScriptSnapshot {
    /// The survey file that the tag names.
    fn config(&self) -> Option<&str> {
        self.attribute("data-config")
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}
