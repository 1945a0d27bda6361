//! Sites of collectors: a plan says which surveys run, and each of them is fetched where it may be asked.

use crate::authoring::{self, AttributeSource, SurveyFile};
use crate::context::Context;
use crate::page::{FileSource, Wording};
use crate::survey::Origin;
use crate::{ScriptSnapshot, Session};
use sondeo_model::json::Json;
use sondeo_model::targeting::{IneligibleReason, matches};
use sondeo_model::{format_int, without_query};

/// A site of a collector.
pub(crate) struct Site {
    /// Its address: `https://surveys.example/sites/shop`.
    pub(crate) url: String,
    /// The site's key, as the plan has it.
    pub(crate) name: String,
    /// When its plan was read, in milliseconds since 1970.
    pub(crate) read: Option<i64>,
    /// When it was last looked for.
    looked_for: i64,
    /// The surveys of the plan.
    pub(crate) planned: Vec<Planned>,
    /// Whether a call names it. Otherwise it is asked as long as a script tag names it.
    is_called: bool,
    /// What the page says of all of its surveys; `None` while nothing names it.
    attributes: Option<Vec<(String, String)>>,
}

/// A survey of a plan.
pub(crate) struct Planned {
    pub(crate) id: String,
    pub(crate) version: u32,
    /// The address of its file.
    pub(crate) file: String,
    /// The pages that it is asked on; empty is every page.
    url: Vec<String>,
    /// The devices that it is asked on; empty is every device.
    device: String,
    is_fetched: bool,
}

/// On a page view so long after it was looked for, a plan is read again: collectors promise pages a change within this time
/// (contract, section 8).
const PLAN_AGE_MS: i64 = 60_000;

const NO_SITE: &str =
    "\" is not the address of a site (try \"https://surveys.example/sites/shop\")";
const A_PLAN: &str =
    " (try {\"site\": \"shop\", \"surveys\": [{\"id\": \"checkout\", \"version\": 4}]})";
const NAMED: &str = " (the site's plan names it: publish the survey again)";

impl Session {
    /// A call names a site, or the site's own script brings its plan along.
    pub(crate) fn add_site(&mut self, address: &str, plan: Option<String>, cx: &mut Context<'_>) {
        let Some(at) = self.know_site("site() \"", address, cx) else { return };
        match plan {
            Some(_) => self.take_plan(at, plan, cx),
            None => self.sites[at].is_called = true,
        }
        self.follow_sites(cx);
    }

    /// The position of the site at this address.
    fn know_site(&mut self, place: &str, address: &str, cx: &mut Context<'_>) -> Option<usize> {
        let Some(url) = site_url(address, cx) else {
            self.warn_once([place, address, NO_SITE].concat(), cx);
            return None;
        };
        let known = self.sites.iter().position(|site| site.url == url);
        known.or_else(|| {
            self.sites.push(Site {
                url,
                name: String::new(),
                read: None,
                looked_for: 0,
                planned: Vec::new(),
                is_called: false,
                attributes: None,
            });
            Some(self.sites.len() - 1)
        })
    }

    /// A plan came, or did not. A collector that is down takes no survey off a page that has one.
    pub(crate) fn take_plan(&mut self, at: usize, text: Option<String>, cx: &mut Context<'_>) {
        if text.is_none() && self.sites[at].read.is_some() {
            return;
        }
        let place = [&self.sites[at].url, "/plan.json"].concat();
        let Some(plan) = self.parse(&place, text, A_PLAN, cx) else { return };
        let (Some(Json::Text(name)), Some(Json::List(surveys))) =
            (plan.get("site"), plan.get("surveys"))
        else {
            return self.warn_once([&place, " is no plan", A_PLAN].concat(), cx);
        };
        let mut planned = Vec::new();
        let site = &mut self.sites[at];
        for entry in surveys {
            let (Some(Json::Text(id)), Some(Json::Number(version))) =
                (entry.get("id"), entry.get("version"))
            else {
                planned.push(None);
                continue;
            };
            let version = *version as u32;
            let number = format_int(version.into());
            let file = [&site.url, "/surveys/", id, ".json?v=", &number].concat();
            let is_fetched = site.planned.iter().any(|it| it.file == file && it.is_fetched);
            let said = |key| entry.get(key).and_then(Json::scalar).unwrap_or_default();
            let url = said("url");
            let url = url.split_ascii_whitespace().map(|it| cx.environment.readable(it)).collect();
            let (id, device) = (id.clone(), said("device"));
            planned.push(Some(Planned { id, version, file, url, device, is_fetched }));
        }
        let count = planned.len();
        site.name.clone_from(name);
        site.planned = planned.into_iter().flatten().collect();
        site.read = Some(cx.now);
        if site.planned.len() < count {
            self.warn_once([&place, " names what is no survey", A_PLAN].concat(), cx);
        }
    }

    /// Takes in which sites the page names now, and where the page is.
    pub(crate) fn follow_sites(&mut self, cx: &mut Context<'_>) {
        let names_one = |it: &ScriptSnapshot| it.attribute("data-site").is_some();
        if !self.sites.is_empty() || self.scripts.iter().any(names_one) {
            self.rest_follow_sites(cx);
        }
    }

    #[inline(never)]
    fn rest_follow_sites(&mut self, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        for script in self.scripts.clone() {
            if let Some(address) = script.attribute("data-site") {
                self.know_site("data-site=\"", address, cx);
            }
        }
        for at in 0..self.sites.len() {
            self.follow_site(at, cx);
        }
        self.fetch_planned(&[], cx);
    }

    fn follow_site(&mut self, at: usize, cx: &mut Context<'_>) {
        let origin = Origin::Site(at);
        let site = &self.sites[at];
        let script = self.scripts.iter().find(|it| it.site(cx).as_ref() == Some(&site.url));
        let attributes = match script {
            Some(script) => script.attributes.clone(),
            None if site.is_called => self.defaults(),
            None => {
                self.sites[at].attributes = None;
                return self.let_go(&|survey| survey.origin != origin, cx);
            }
        };
        let is_plan = |source: &FileSource| matches!(source, FileSource::Plan(it) if *it == at);
        // One that could not be had is not asked for over and over.
        let looked_for = site.looked_for.max(site.read.unwrap_or_default());
        if looked_for + PLAN_AGE_MS <= cx.now && !self.is_pending(is_plan) {
            let url = [&site.url, "/plan.json"].concat();
            self.sites[at].looked_for = cx.now;
            self.fetch(url, FileSource::Plan(at), cx);
        }
        // What a visitor is about to answer stays.
        let ids: Vec<String> = self.sites[at].planned.iter().map(|it| it.id.clone()).collect();
        self.let_go(
            &|it| it.origin != origin || it.is_shown() || ids.iter().any(|id| id == it.id()),
            cx,
        );
        let before = self.sites[at].attributes.replace(attributes.clone());
        if before.as_ref() != Some(&attributes) {
            let wording = Wording::between(&before.unwrap_or_default(), &attributes);
            self.ask_planned(at, &ids, wording, cx);
        }
    }

    /// Asks those of the site's surveys whose file has come, and that need no element.
    fn ask_planned(&mut self, at: usize, ids: &[String], wording: Wording, cx: &mut Context<'_>) {
        let site = &self.sites[at];
        let mut names = String::new();
        for file in self.files.iter().filter(|file| file.site.as_ref() == Some(&site.url)) {
            let id = authoring::id(&file.json).unwrap_or_default();
            if ids.iter().any(|it| it == id) && authoring::floats(&file.json) {
                names.push_str(id);
                names.push(' ');
            }
        }
        let Some(attributes) = site.attributes.as_ref().filter(|_| !names.is_empty()) else {
            return;
        };
        let mut own = authoring::inherited(attributes);
        own.extend(attributes.iter().find(|(name, _)| name == "data-display").cloned());
        own.push(("data-survey".to_owned(), names));
        let languages = cx.environment.languages();
        let read = self.read(AttributeSource::Script, &own, &languages, cx);
        self.ask(Origin::Site(at), read, wording, cx);
    }

    /// Fetches what sites may ask on this page view, and what is asked for by name.
    pub(crate) fn fetch_planned(&mut self, names: &[String], cx: &mut Context<'_>) {
        if !self.sites.is_empty() {
            self.rest_fetch_planned(names, cx);
        }
    }

    #[inline(never)]
    fn rest_fetch_planned(&mut self, names: &[String], cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let mut wanted = Vec::new();
        for (at, site) in self.sites.iter_mut().enumerate() {
            for it in &mut site.planned {
                let is_named = names.contains(&it.id)
                    || self.pending_shows.contains(&it.id)
                    || self.link.as_ref().is_some_and(|link| link.survey == it.id);
                if !it.is_fetched
                    && site.attributes.is_some()
                    && (is_named || it.against(cx).is_none())
                {
                    it.is_fetched = true;
                    wanted.push((at, it.id.clone(), it.file.clone()));
                }
            }
        }
        for (site, id, url) in wanted {
            self.fetch(url, FileSource::Planned { site, id }, cx);
        }
    }

    /// The file of a site's survey came, or did not.
    pub(crate) fn take_planned(
        &mut self,
        at: usize,
        id: &str,
        path: &str,
        text: Option<String>,
        cx: &mut Context<'_>,
    ) {
        // A newer plan may have come meanwhile, and its file before this one.
        if !self.sites[at].planned.iter().any(|it| it.file == path) {
            return;
        }
        let Some(json) = self.parse(path, text, NAMED, cx) else { return };
        if authoring::id(&json) != Some(id) {
            return self.warn_once([path, " is not the survey \"", id, "\"", NAMED].concat(), cx);
        }
        let site = Some(self.sites[at].url.clone());
        self.files.retain(|file| file.site != site || authoring::id(&file.json) != Some(id));
        self.files.push(SurveyFile { path: path.to_owned(), json, site });
        self.ask_planned(at, &[id.to_owned()], Wording::Same, cx);
    }

    /// Whether a site may ask a survey elsewhere whose file has not come.
    pub(crate) fn asks_elsewhere(&self) -> bool {
        let has_come = |it: &Planned| self.files.iter().any(|file| file.path == it.file);
        let asks = |site: &Site| site.read.is_none() || !site.planned.iter().all(has_come);
        self.sites.iter().any(asks)
    }
}

impl Planned {
    /// What is against asking it on this page view, as far as the plan says. Of all else, the file has the last word.
    pub(crate) fn against(&self, cx: &Context<'_>) -> Option<IneligibleReason> {
        if !matches(&self.url, &cx.environment.address()) {
            return Some(IneligibleReason::Url);
        }
        let is_meant = self.device.is_empty()
            || sondeo_model::find_substring(&self.device, cx.environment.device().as_str())
                .is_some();
        (!is_meant).then_some(IneligibleReason::Device)
    }
}

impl ScriptSnapshot {
    /// The address of the site that the tag names, or whose own script it may be.
    fn site(&self, cx: &Context<'_>) -> Option<String> {
        site_url(self.attribute("data-site").unwrap_or(&self.src), cx)
    }
}

/// The address of a site, also where its script is named.
fn site_url(address: &str, cx: &Context<'_>) -> Option<String> {
    let address = address.trim();
    let url = cx.environment.resolve(address).filter(|_| !address.is_empty())?;
    let url = without_query(&url);
    let url = url.strip_suffix("/sondeo.js").unwrap_or(url);
    Some(url.strip_suffix('/').unwrap_or(url).to_owned())
}
