//! Page views, and what comes and goes with them: an inline survey whose page view is over begins anew, and one whose
//! element comes back within it is as it was.

use crate::context::Context;
use crate::survey::{Origin, PageSurvey, Phase};
use crate::{Effect, ElementSnapshot, Placement, Session, ShowingKey, SurveyKey, Timer};
use sondeo_model::{Status, Trigger};

/// How long an element in which a visitor has begun to answer may take to leave with its page view. Routers change the
/// address before they change the document.
const LEAVING_MS: u64 = 300;

/// How many elements that have left may come back with what stands in them.
const MOST_PARKED: usize = 8;

impl Session {
    /// Another page view begins, if the page is another one or the browser has brought it back. A fragment or a query
    /// makes no other page (contract, section 6: addresses are told without them).
    pub(crate) fn page_view(&mut self, is_restored: bool, cx: &mut Context<'_>) {
        let address = cx.environment.address();
        if !is_restored && self.address == address {
            return;
        }
        self.address = address;
        if self.is_settled {
            self.fired_triggers.clear();
        } else {
            // Of what the page has said before its surveys were known, an event goes on (contract, `data-delay`).
            self.fired_triggers.retain(|it| matches!(it, Trigger::Event(_)));
        }
        self.vacated.clear();
        self.visitor.begin_page_view(cx.now);
        for key in self.keys() {
            let Some(survey) = self.find_mut(key) else { continue };
            if survey.is_parked {
                continue;
            }
            survey.begin_page_view(cx);
            let is_asked = survey.is_touched && survey.is_shown();
            if is_asked && !self.is_completed(key) {
                cx.push(Effect::StartTimer { timer: Timer::PageView(key), after_ms: LEAVING_MS });
                continue;
            }
            self.rest_begin_anew(key, cx);
            self.listen(key, false, cx);
        }
        // Others of a site's surveys may be asked here.
        self.follow_sites(cx);
        cx.push(Effect::Observe);
    }

    fn is_completed(&self, key: SurveyKey) -> bool {
        let showing = self.find(key).and_then(PageSurvey::showing);
        self.responses
            .iter()
            .any(|active| Some(active.showing()) == showing && active.status() == Status::Completed)
    }

    /// What stands in the page is about the page: on another one, it is asked for anew.
    #[inline(never)]
    pub(crate) fn rest_begin_anew(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let address = self.address.clone();
        let Some(survey) = self.find_mut(key) else { return };
        let Some(showing) = survey.showing() else { return };
        if survey.floats() || survey.is_parked || survey.address == address {
            return;
        }
        let was_touched = survey.is_touched;
        survey.restart(cx);
        self.release(showing, cx);
        if was_touched {
            // Its listeners ended when the page view did.
            self.listen(key, false, cx);
        }
    }

    /// Asks what is shown once more, in the words that the page has now. The visitor sees one survey, and it counts
    /// once.
    #[inline(never)]
    pub(crate) fn ask_again(&mut self, key: SurveyKey, showing: ShowingKey, cx: &mut Context<'_>) {
        if self.is_completed(key) {
            return;
        }
        self.release(showing, cx);
        let Some(survey) = self.find_mut(key) else { return };
        if survey.is_seen {
            let id = survey.id().to_owned();
            self.vacated.push(id);
        }
        if let Some(survey) = self.find_mut(key) {
            survey.set_phase(Phase::Waiting, cx);
        }
        self.load(key, Some(Vec::new()), cx);
    }

    /// Takes the surveys from the page that are not to be kept.
    pub(crate) fn let_go(&mut self, is_kept: &dyn Fn(&PageSurvey) -> bool, cx: &mut Context<'_>) {
        if !self.surveys.iter().all(is_kept) {
            self.rest_let_go(is_kept, cx);
        }
    }

    #[inline(never)]
    fn rest_let_go(&mut self, is_kept: &dyn Fn(&PageSurvey) -> bool, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let Self { surveys, vacated, responses, address, .. } = self;
        surveys.retain_mut(|survey| {
            let stays = is_kept(survey);
            if !stays {
                if let Some(showing) = survey.showing() {
                    if let Some(active) = responses.iter().find(|it| it.showing() == showing) {
                        active.release(cx);
                    }
                    if survey.is_seen && survey.address == *address {
                        vacated.push(survey.id().to_owned());
                    }
                }
                survey.leave(cx);
            }
            stays
        });
    }

    /// An element has left. What stands in the element stays there, in case the element comes back: frameworks keep
    /// elements of a page that the visitor may return to, and move others.
    #[inline(never)]
    pub(crate) fn rest_park(&mut self, element: ElementSnapshot, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let origin = Origin::Element(element.key);
        let was_shown = |survey: &PageSurvey| {
            !survey.floats() && matches!(survey.phase, Phase::Shown(_) | Phase::Over)
        };
        self.let_go(&|survey| survey.origin != origin || was_shown(survey), cx);
        let mut is_kept = false;
        let mut showings = Vec::new();
        for survey in self.surveys.iter_mut().filter(|survey| survey.origin == origin) {
            is_kept = true;
            survey.is_parked = true;
            survey.stop_listening(cx);
            showings.extend(survey.showing());
        }
        for showing in showings {
            // The visitor may not return.
            self.release(showing, cx);
        }
        if is_kept {
            self.parked.push(element);
        }
        if self.parked.len() > MOST_PARKED {
            let origin = Origin::Element(self.parked.remove(0).key);
            self.let_go(&|survey| survey.origin != origin, cx);
        }
    }

    /// An element has come. If it is one that had left, or stands in the place of one, its surveys are as they were;
    /// but not those of another page. Returns the element as it was.
    pub(crate) fn revive(
        &mut self,
        element: &ElementSnapshot,
        cx: &mut Context<'_>,
    ) -> Option<ElementSnapshot> {
        if self.parked.is_empty() { None } else { self.rest_revive(element, cx) }
    }

    #[inline(never)]
    fn rest_revive(
        &mut self,
        element: &ElementSnapshot,
        cx: &mut Context<'_>,
    ) -> Option<ElementSnapshot> {
        sondeo_model::rest::gate();
        let is_same = |it: &ElementSnapshot| it.key == element.key;
        let address = self.address.clone();
        let is_of_this_page = |it: &ElementSnapshot| {
            let origin = Origin::Element(it.key);
            it.attributes == element.attributes
                && self
                    .surveys
                    .iter()
                    .any(|survey| survey.origin == origin && survey.address == address)
        };
        let parked = self.parked.iter().position(is_same);
        let parked = parked.or_else(|| self.parked.iter().position(is_of_this_page));
        let parked = parked.map(|at| self.parked.remove(at))?;
        let origin = Origin::Element(parked.key);
        self.let_go(&|survey| survey.origin != origin || survey.address == address, cx);
        for survey in self.surveys.iter_mut().filter(|survey| survey.origin == origin) {
            survey.is_parked = false;
            if parked.key != element.key {
                survey.origin = Origin::Element(element.key);
                survey.placement = Placement::Inside(element.key);
                if let Some(showing) = survey.showing() {
                    cx.push(Effect::Move(showing, element.key));
                }
            }
        }
        Some(parked)
    }
}
