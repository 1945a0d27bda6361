//! Sites, the surveys that people edit there, and their published versions.
//!
//! Every change of what pages read counts up `publication.revision` in its own transaction: so a collector that dies in
//! the middle has published nothing, and the others hear of what is done. Rows are locked in one order, the survey's,
//! the site's, the revision's, so that collectors wait for each other and never crosswise.

use super::batch::{self, Access};
use super::connection::{Connection, Transaction};
use super::sql::Sql;
use super::{Dialect, Store, StoreError, site_and_survey, survey_key};
use crate::clock;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sondeo_model::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A web site, whose surveys people manage here.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSite {
    /// Its key: `[a-z0-9-]+`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The origins whose pages may send its responses; empty for those that `--origin` allows.
    pub origins: Vec<String>,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// Keys of survey files, for surveys that do not say otherwise. They count from the next version on.
    pub defaults: Map<String, Value>,
    /// Counts every change of what its pages read.
    pub version: i64,
}

/// Where a survey is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SurveyState {
    /// Never published.
    Draft,
    /// On its pages.
    Running,
    /// Taken off its pages for a while.
    Paused,
    /// Taken off its pages for good.
    Ended,
    /// Put aside.
    Archived,
}

impl SurveyState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Running, Self::Paused, Self::Ended, Self::Archived];

    /// The word of the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended => "ended",
            Self::Archived => "archived",
        }
    }

    fn parse(word: &str) -> sqlx::Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| sqlx::Error::Decode(format!("{word:?} is no state of a survey").into()))
    }
}

/// A step in the life of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Off its pages for a while.
    Pause,
    /// On them again.
    Resume,
    /// Off them for good.
    End,
    /// Aside.
    Archive,
    /// Back from there.
    Restore,
}

impl Step {
    /// The word of the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::End => "end",
            Self::Archive => "archive",
            Self::Restore => "restore",
        }
    }

    /// Where it leads from a state; nowhere where it makes no sense there.
    fn from(self, state: SurveyState, is_published: bool) -> Option<SurveyState> {
        use SurveyState::{Archived, Draft, Ended, Paused, Running};
        match (self, state) {
            (Self::Pause, Running) => Some(Paused),
            (Self::Resume, Paused | Ended) => Some(Running),
            (Self::End, Running | Paused) => Some(Ended),
            (Self::Archive, Draft | Running | Paused | Ended) => Some(Archived),
            // Nothing runs that nobody has looked at.
            (Self::Restore, Archived) => Some(if is_published { Paused } else { Draft }),
            _ => None,
        }
    }
}

/// When a survey has enough answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnswerLimit {
    /// So many in all end it.
    pub answers: Option<i64>,
    /// So many on a day of its site's time zone pause it until the next one.
    pub per_day: Option<i64>,
}

/// A survey that people edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedSurvey {
    /// Its site.
    pub site: String,
    /// Its id there.
    pub id: String,
    /// What the draft calls it; empty where the draft does not say.
    pub name: String,
    /// Where it is in its life.
    pub state: SurveyState,
    /// The latest published version; 0 before the first.
    pub version: i64,
    /// The draft's.
    pub draft_etag: String,
    /// Of the draft that the latest version was made from.
    pub published_etag: String,
    /// When it has enough answers.
    pub limit: AnswerLimit,
    /// Responses with an answer since it is managed here.
    pub answers: i64,
    /// The latest day (since 1970-01-01, in the site's time zone) on which there was one.
    pub day: i64,
    /// How many there were on that day.
    pub answers_of_day: i64,
}

impl ManagedSurvey {
    /// What people call the survey of a file, where the file says so.
    #[must_use]
    pub fn name_of(file: &str) -> Option<String> {
        Some(name_in(file)).filter(|name| !name.is_empty())
    }

    /// Whether the draft says something else than the latest version.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.draft_etag != self.published_etag
    }

    /// Whether pages ask it on this day of its site's time zone.
    #[must_use]
    pub fn runs_on(&self, day: i64) -> bool {
        let is_full = |limit: i64| self.day == day && self.answers_of_day >= limit;
        self.state == SurveyState::Running && !self.limit.per_day.is_some_and(is_full)
    }
}

/// What is being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The file, as it was given.
    pub text: String,
    /// Names this text.
    pub etag: String,
    /// When it was saved.
    pub at: Timestamp,
    /// Who saved it.
    pub by: String,
}

/// What became of a draft that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftOutcome {
    /// It is the first one of a new survey.
    Created(String),
    /// It is in the place of the one that was expected.
    Saved(String),
    /// Another one stands there.
    Changed(Box<Draft>),
    /// There is no such survey, and one was expected.
    Gone,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// Its number, from 1.
    pub version: i64,
    /// As its author wrote it.
    pub source: String,
    /// As pages read it.
    pub body: String,
    /// Its entry of the plan, a JSON object.
    pub plan: String,
    /// When it was published.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The version that was published again; 0 for a draft.
    pub restored: i64,
}

/// What pages read of a version that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedSurvey {
    /// The survey file.
    pub body: String,
    /// The entry of the plan, a JSON object.
    pub plan: String,
}

/// What is to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition<'a> {
    /// The draft; of this name, where one is given.
    Draft(Option<&'a str>),
    /// An earlier version, in the place of the draft; of this name, where one is given.
    Version(i64, Option<&'a str>),
}

/// Why nothing was published, or no step taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle<P = std::convert::Infallible> {
    /// There is no such survey, or no such version.
    NotFound,
    /// The draft is another one by now.
    Changed(Box<Draft>),
    /// It is in this state, where this cannot be done.
    State(SurveyState),
    /// It has as many answers as its limit allows.
    Full(i64),
    /// It cannot be asked.
    Refused(P),
}

/// What becomes of a request to remove a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone, and its surveys.
    Removed,
    /// There is none of this name.
    NotFound,
    /// Pages still ask something.
    Running,
    /// There are responses.
    HasResponses,
}

/// Names a text.
#[must_use]
pub fn etag(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

const SITE: &str = "SELECT id, name, origins, time_zone, defaults, version FROM site";
const SURVEY: &str = "SELECT site, id, state, version, draft_etag, published_etag, limit_answers, limit_per_day, \
                      answers, day, answers_of_day, name FROM managed_survey";

impl Store {
    /// The number of the latest change of what pages read.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn publication_revision(&self) -> Result<i64, StoreError> {
        let sql = Sql::new("SELECT revision FROM publication WHERE id = 1");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?)
    }

    /// All sites, by id.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn sites(&self) -> Result<Vec<StoredSite>, StoreError> {
        let rows = Sql::new(SITE).all(&mut self.0.readers.acquire().await?).await?;
        let mut sites = rows.iter().map(site).collect::<Result<Vec<_>, _>>()?;
        sites.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(sites)
    }

    /// Adds a site; tells whether there was none of this id.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn add_site(&self, site: &StoredSite, actor: &str) -> Result<bool, StoreError> {
        let mut db = self.begin_change().await?;
        let mut sql = Sql::new(
            "INSERT INTO site (id, name, origins, time_zone, defaults, version, created_at) VALUES (",
        );
        sql.bind(&*site.id).push(", ").bind(&*site.name).push(", ").bind(origins(site)?);
        sql.push(", ").bind(&*site.time_zone).push(", ").bind(defaults(site)?).push(", 1, ");
        sql.bind(clock::now().as_millis()).push(") ON CONFLICT (id) DO NOTHING");
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(false);
        }
        note(&mut db, actor, "add a site", &site.id).await?;
        publish_change(&mut db, None).await?;
        db.commit().await?;
        Ok(true)
    }

    /// Changes a site, of which nobody else changes anything meanwhile. Says what it is now; none where there is none of
    /// this id.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn change_site<E>(
        &self,
        id: &str,
        actor: &str,
        change: impl FnOnce(StoredSite) -> Result<StoredSite, E>,
    ) -> Result<Option<Result<StoredSite, E>>, StoreError> {
        let mut db = self.begin_change().await?;
        let mut sql = Sql::new(SITE);
        sql.push(" WHERE id = ").bind(id);
        if self.0.dialect == Dialect::Postgres {
            sql.push(" FOR UPDATE");
        }
        let rows = sql.all(&mut db).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let site = match change(site(row)?) {
            Ok(site) => site,
            Err(error) => return Ok(Some(Err(error))),
        };
        let mut sql = Sql::new("UPDATE site SET name = ");
        sql.bind(&*site.name).push(", origins = ").bind(origins(&site)?);
        sql.push(", time_zone = ").bind(&*site.time_zone).push(", defaults = ");
        sql.bind(defaults(&site)?).push(" WHERE id = ").bind(id);
        sql.execute(&mut db).await?;
        note(&mut db, actor, "change a site", id).await?;
        publish_change(&mut db, Some(id)).await?;
        db.commit().await?;
        Ok(Some(Ok(site)))
    }

    /// Removes a site and its surveys, where nothing runs there and no response belongs to it. The numbers of its versions
    /// stay taken: pages and proxies keep a version for ever, and it must not become another one.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn remove_site(&self, id: &str, actor: &str) -> Result<Removal, StoreError> {
        // Nobody stores or publishes meanwhile.
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
        let mut sql = Sql::new("SELECT id FROM managed_survey WHERE state = 'running' AND site = ");
        sql.bind(id).push(" LIMIT 1");
        if !sql.all(&mut db).await?.is_empty() {
            return Ok(Removal::Running);
        }
        let mut sql = Sql::new("SELECT id FROM response WHERE site = ");
        sql.bind(id).push(" LIMIT 1");
        if !sql.all(&mut db).await?.is_empty() {
            return Ok(Removal::HasResponses);
        }
        for text in [
            "DELETE FROM managed_survey WHERE site = ",
            "UPDATE survey_version SET source = '', body = '', plan = '', published_by = '' WHERE site = ",
            "DELETE FROM seen_page WHERE site = ",
            "DELETE FROM person_role WHERE site = ",
            "DELETE FROM invitation WHERE site = ",
            "DELETE FROM preview_key WHERE site = ",
            "DELETE FROM test_response WHERE site = ",
            "DELETE FROM delivery WHERE destination IN (SELECT id FROM destination WHERE site = ",
            "DELETE FROM destination WHERE site = ",
        ] {
            let mut sql = Sql::new(text);
            sql.bind(id).push(if text.contains('(') { ")" } else { "" });
            sql.execute(&mut db).await?;
        }
        // A token for nothing is none; it must not become one for everything.
        let mut sql = Sql::new("UPDATE token SET revoked_at = ");
        sql.bind(clock::now().as_millis()).push(" WHERE revoked_at IS NULL AND site = ").bind(id);
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM write_key WHERE survey LIKE ");
        sql.bind(format!("{id}/%"));
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM site WHERE id = ");
        sql.bind(id);
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(Removal::NotFound);
        }
        note(&mut db, actor, "remove a site", id).await?;
        publish_change(&mut db, None).await?;
        db.commit().await?;
        Ok(Removal::Removed)
    }

    /// The surveys of a site, or of all, by site and id.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn managed_surveys(
        &self,
        site: Option<&str>,
    ) -> Result<Vec<ManagedSurvey>, StoreError> {
        let mut sql = Sql::new(SURVEY);
        if let Some(site) = site {
            sql.push(" WHERE site = ").bind(site);
        }
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let mut surveys = rows.iter().map(survey).collect::<sqlx::Result<Vec<_>>>()?;
        surveys.sort_unstable_by(|one, other| (&one.site, &one.id).cmp(&(&other.site, &other.id)));
        Ok(surveys)
    }

    /// What people call surveys with these keys, as far as they have named them.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn survey_names(
        &self,
        keys: &[String],
    ) -> Result<HashMap<String, String>, StoreError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql =
            Sql::new("SELECT site, id, name FROM managed_survey WHERE name <> '' AND id IN ");
        sql.list(keys.iter().map(|key| site_and_survey(key).1.to_owned()));
        let mut names = HashMap::new();
        for row in sql.all(&mut self.0.readers.acquire().await?).await? {
            let (site, id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            names.insert(survey_key(&site, &id).into_owned(), row.try_get(2)?);
        }
        names.retain(|key, _| keys.contains(key));
        Ok(names)
    }

    /// One survey.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn managed_survey(
        &self,
        site: &str,
        id: &str,
    ) -> Result<Option<ManagedSurvey>, StoreError> {
        let mut db = self.0.readers.acquire().await?;
        Ok(locked(&mut db, site, id, Dialect::Sqlite).await?)
    }

    /// What is being edited.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn draft(&self, site: &str, id: &str) -> Result<Option<Draft>, StoreError> {
        Ok(draft(&mut self.0.readers.acquire().await?, site, id).await?)
    }

    /// Saves a draft in the place of the one that is expected there; none for a new survey.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn save_draft(
        &self,
        (site, id): (&str, &str),
        text: &str,
        expected: Option<&str>,
        actor: &str,
    ) -> Result<DraftOutcome, StoreError> {
        let etag = etag(text);
        let now = clock::now().as_millis();
        let mut db = self.begin_change().await?;
        if let Some(expected) = expected {
            let mut sql = Sql::new("UPDATE managed_survey SET draft = ");
            sql.bind(text).push(", name = ").bind(name_in(text));
            sql.push(", draft_etag = ").bind(&*etag).push(", draft_at = ").bind(now);
            sql.push(", draft_by = ").bind(actor).push(" WHERE site = ").bind(site);
            sql.push(" AND id = ").bind(id).push(" AND draft_etag = ").bind(expected);
            if sql.execute(&mut db).await?.rows_affected() == 1 {
                note(&mut db, actor, "save a draft", &subject(site, id)).await?;
                db.commit().await?;
                return Ok(DraftOutcome::Saved(etag));
            }
        } else {
            let mut sql = Sql::new(
                "INSERT INTO managed_survey (site, id, state, version, name, draft, draft_etag, draft_at,
                 draft_by, published_etag) VALUES (",
            );
            sql.bind(site).push(", ").bind(id).push(", 'draft', 0, ").bind(name_in(text));
            sql.push(", ").bind(text).push(", ");
            sql.bind(&*etag).push(", ").bind(now).push(", ").bind(actor);
            sql.push(", '') ON CONFLICT (site, id) DO NOTHING");
            if sql.execute(&mut db).await?.rows_affected() == 1 {
                note(&mut db, actor, "make a survey", &subject(site, id)).await?;
                // Its answers are counted from now on, by every collector.
                publish_change(&mut db, None).await?;
                db.commit().await?;
                return Ok(DraftOutcome::Created(etag));
            }
        }
        Ok(match draft(&mut db, site, id).await? {
            // Whoever sends the same once more, since the answer was lost, has lost nothing.
            Some(found) if found.text == text => DraftOutcome::Saved(etag),
            Some(found) => DraftOutcome::Changed(Box::new(found)),
            None => DraftOutcome::Gone,
        })
    }

    /// Publishes a version: `compile` makes what pages read from a source and the new number, or says why it cannot.
    /// A limit is set where one is given. Says the number.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn publish<P>(
        &self,
        (site, id): (&str, &str),
        edition: Edition<'_>,
        limit: Option<AnswerLimit>,
        actor: &str,
        compile: impl FnOnce(&str, i64) -> Result<PublishedSurvey, P>,
    ) -> Result<Result<i64, Obstacle<P>>, StoreError> {
        let mut db = self.begin_change().await?;
        let Some(known) = locked(&mut db, site, id, self.0.dialect).await? else {
            return Ok(Err(Obstacle::NotFound));
        };
        if known.state == SurveyState::Archived {
            return Ok(Err(Obstacle::State(known.state)));
        }
        let current = draft(&mut db, site, id).await?.ok_or(sqlx::Error::RowNotFound)?;
        let (source, restored) = match edition {
            Edition::Draft(Some(expected)) | Edition::Version(_, Some(expected))
                if expected != current.etag =>
            {
                return Ok(Err(Obstacle::Changed(Box::new(current))));
            }
            Edition::Draft(_) => (current.text.clone(), 0),
            Edition::Version(number, _) => match version(&mut db, site, id, number).await? {
                Some(found) => (found.source, number),
                None => return Ok(Err(Obstacle::NotFound)),
            },
        };
        let limit = limit.unwrap_or(known.limit);
        if limit.answers.is_some_and(|most| known.answers >= most) {
            return Ok(Err(Obstacle::Full(known.answers)));
        }
        let mut sql = Sql::new(
            "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM survey_version WHERE site = ",
        );
        sql.bind(site).push(" AND survey = ").bind(id);
        let rows = sql.all(&mut db).await?;
        let number = rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get::<i64, _>(0)? + 1;
        let published = match compile(&source, number) {
            Ok(published) => published,
            Err(problems) => return Ok(Err(Obstacle::Refused(problems))),
        };
        let mut sql = Sql::new(
            "INSERT INTO survey_version (site, survey, version, source, body, plan, published_at,
             published_by, restored) VALUES (",
        );
        sql.bind(site).push(", ").bind(id).push(", ").bind(number).push(", ").bind(&*source);
        sql.push(", ").bind(published.body).push(", ").bind(published.plan).push(", ");
        sql.bind(clock::now().as_millis()).push(", ").bind(actor).push(", ").bind(restored);
        sql.push(")");
        sql.execute(&mut db).await?;
        let source_etag = etag(&source);
        let mut sql = Sql::new("UPDATE managed_survey SET state = 'running', version = ");
        sql.bind(number).push(", published_etag = ").bind(&*source_etag);
        sql.push(", limit_answers = ").bind(limit.answers).push(", limit_per_day = ");
        sql.bind(limit.per_day);
        // Where nothing was edited since, the draft is what runs; what was edited is nobody's to throw away.
        if restored > 0 && !known.has_changes() {
            sql.push(", name = ").bind(name_in(&source)).push(", draft = ").bind(&*source);
            sql.push(", draft_etag = ").bind(&*source_etag);
        }
        sql.push(" WHERE site = ").bind(site).push(" AND id = ").bind(id);
        sql.execute(&mut db).await?;
        let deed = if restored > 0 { "roll back a survey" } else { "publish a survey" };
        note(&mut db, actor, deed, &format!("{} version {number}", subject(site, id))).await?;
        publish_change(&mut db, Some(site)).await?;
        db.commit().await?;
        Ok(Ok(number))
    }

    /// Takes a step in the life of a survey; says where it led. One that was taken already leads nowhere else.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn step(
        &self,
        (site, id): (&str, &str),
        step: Step,
        actor: &str,
    ) -> Result<Result<SurveyState, Obstacle>, StoreError> {
        let mut db = self.begin_change().await?;
        let Some(known) = locked(&mut db, site, id, self.0.dialect).await? else {
            return Ok(Err(Obstacle::NotFound));
        };
        let is_done = match step {
            Step::Pause => known.state == SurveyState::Paused,
            Step::Resume => known.state == SurveyState::Running,
            Step::End => known.state == SurveyState::Ended,
            Step::Archive => known.state == SurveyState::Archived,
            Step::Restore => matches!(known.state, SurveyState::Draft | SurveyState::Paused),
        };
        if is_done {
            return Ok(Ok(known.state));
        }
        let Some(state) = step.from(known.state, known.version > 0) else {
            return Ok(Err(Obstacle::State(known.state)));
        };
        let is_full = known.limit.answers.is_some_and(|most| known.answers >= most);
        if state == SurveyState::Running && is_full {
            return Ok(Err(Obstacle::Full(known.answers)));
        }
        let mut sql = Sql::new("UPDATE managed_survey SET state = ");
        sql.bind(state.as_str()).push(" WHERE site = ").bind(site).push(" AND id = ").bind(id);
        sql.execute(&mut db).await?;
        if state == SurveyState::Archived {
            // Whoever restores it does not open it to those who had a key before.
            let mut sql = Sql::new("DELETE FROM preview_key WHERE site = ");
            sql.bind(site).push(" AND survey = ").bind(id);
            sql.execute(&mut db).await?;
        }
        note(&mut db, actor, step.as_str(), &subject(site, id)).await?;
        publish_change(&mut db, Some(site)).await?;
        db.commit().await?;
        Ok(Ok(state))
    }

    /// The versions of a survey, the latest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn versions(
        &self,
        site: &str,
        id: &str,
    ) -> Result<Vec<PublishedVersion>, StoreError> {
        let mut sql = Sql::new(VERSION);
        sql.bind(site).push(" AND survey = ").bind(id).push(" ORDER BY version DESC");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.iter().map(version_of).collect::<sqlx::Result<_>>()?)
    }

    /// One version.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn version(
        &self,
        site: &str,
        id: &str,
        number: i64,
    ) -> Result<Option<PublishedVersion>, StoreError> {
        Ok(version(&mut self.0.readers.acquire().await?, site, id, number).await?)
    }

    /// The latest version of every survey that has one.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn latest_versions(
        &self,
    ) -> Result<Vec<(String, String, PublishedVersion)>, StoreError> {
        let sql = Sql::new(
            "SELECT v.version, v.source, v.body, v.plan, v.published_at, v.published_by, v.restored,
             v.site, v.survey FROM survey_version v JOIN managed_survey m
             ON m.site = v.site AND m.id = v.survey AND m.version = v.version",
        );
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let all = rows.iter().map(|row| Ok((row.try_get(7)?, row.try_get(8)?, version_of(row)?)));
        Ok(all.collect::<sqlx::Result<_>>()?)
    }

    pub(super) async fn begin_change(&self) -> sqlx::Result<Transaction> {
        batch::begin(&self.0.writer, self.0.dialect, Access::Write).await
    }
}

/// Counts answers of surveys that people manage, by key, and takes those off their pages that have enough. All surveys
/// first, in the order of their keys, then their sites, then the number that others look at.
pub(super) async fn count_answers(
    db: &mut Connection,
    answers: &BTreeMap<&str, i64>,
    now: Timestamp,
) -> sqlx::Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let rows = Sql::new("SELECT id, time_zone FROM site").all(db).await?;
    let zones = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let zones: BTreeMap<String, String> = zones.collect::<sqlx::Result<_>>()?;
    let mut changed = BTreeSet::new();
    for (key, n) in answers {
        let (site, id) = super::site_and_survey(key);
        let Some(zone) = zones.get(site) else { continue };
        let today = clock::day_in(zone, now);
        let mut sql = Sql::new("UPDATE managed_survey SET answers = answers + ");
        sql.bind(*n).push(", answers_of_day = CASE WHEN day = ").bind(today);
        sql.push(" THEN answers_of_day + ").bind(*n).push(" ELSE ").bind(*n).push(" END, day = ");
        sql.bind(today).push(" WHERE site = ").bind(site).push(" AND id = ").bind(id);
        sql.push(" RETURNING state, answers, limit_answers, answers_of_day, limit_per_day");
        let rows = sql.all(db).await?;
        let Some(row) = rows.first() else { continue };
        let number = |index: usize| row.try_get::<Option<i64>, _>(index);
        let is_running = row.try_get::<String, _>(0)? == SurveyState::Running.as_str();
        let (all, of_day) = (number(1)?.unwrap_or_default(), number(3)?.unwrap_or_default());
        if is_running && number(2)?.is_some_and(|most| all >= most) {
            let mut sql = Sql::new("UPDATE managed_survey SET state = 'ended' WHERE site = ");
            sql.bind(site).push(" AND id = ").bind(id);
            sql.execute(db).await?;
            note(db, "limit", Step::End.as_str(), &subject(site, id)).await?;
            changed.insert(site);
        } else if is_running && number(4)?.is_some_and(|most| of_day >= most && of_day - n < most) {
            changed.insert(site);
        }
    }
    for site in &changed {
        count_up(db, site).await?;
    }
    if !changed.is_empty() {
        publish_change(db, None).await?;
    }
    Ok(())
}

/// Which of these surveys, by key, people manage.
pub(super) async fn managed<'k>(
    db: &mut Connection,
    keys: impl Iterator<Item = &'k str>,
) -> sqlx::Result<HashSet<String>> {
    let ids: Vec<&str> = keys.map(|key| super::site_and_survey(key).1).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sql = Sql::new("SELECT site, id FROM managed_survey WHERE id IN ");
    sql.list(ids);
    let rows = sql.all(db).await?;
    let key = |row: &AnyRow| {
        let (site, id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        Ok(super::survey_key(&site, &id).into_owned())
    };
    rows.iter().map(key).collect()
}

/// Counts up the version of a site's plan.
async fn count_up(db: &mut Connection, site: &str) -> sqlx::Result<()> {
    let mut sql = Sql::new("UPDATE site SET version = version + 1 WHERE id = ");
    sql.bind(site);
    sql.execute(db).await?;
    Ok(())
}

/// Counts up what others look at.
pub(super) async fn publish_change(db: &mut Connection, site: Option<&str>) -> sqlx::Result<()> {
    if let Some(site) = site {
        count_up(db, site).await?;
    }
    let sql = Sql::new("UPDATE publication SET revision = revision + 1 WHERE id = 1");
    sql.execute(db).await?;
    Ok(())
}

/// Writes a line of the audit in the transaction of the deed: one does not happen without the other.
pub(super) async fn note(
    db: &mut Connection,
    actor: &str,
    action: &str,
    subject: &str,
) -> sqlx::Result<()> {
    note_count(db, actor, action, (subject, 0)).await
}

/// The same, of a deed that was done to so many.
pub(super) async fn note_count(
    db: &mut Connection,
    actor: &str,
    action: &str,
    (subject, n): (&str, u64),
) -> sqlx::Result<()> {
    tracing::info!(actor, action, subject, "audit");
    let now = clock::now().as_millis();
    let mut sql =
        Sql::new("INSERT INTO audit (at, actor, action, subject, n, finished_at) VALUES (");
    sql.bind(now).push(", ").bind(actor).push(", ").bind(action).push(", ").bind(subject);
    sql.push(", ").bind(i64::try_from(n).unwrap_or(i64::MAX)).push(", ").bind(now).push(")");
    sql.execute(db).await?;
    Ok(())
}

/// What a draft calls its survey, as far as it can be read.
fn name_in(draft: &str) -> String {
    let value: Option<Value> = serde_json::from_str(draft.trim_start_matches('\u{feff}')).ok();
    let name = value.as_ref().and_then(|it| it.get("name")).and_then(Value::as_str);
    // PostgreSQL stores no U+0000.
    let name = name.unwrap_or_default().trim().chars().filter(|c| *c != '\0');
    name.take(200).collect()
}

fn subject(site: &str, id: &str) -> String {
    format!("{site}/{id}")
}

fn origins(site: &StoredSite) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&site.origins)?)
}

fn defaults(site: &StoredSite) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&site.defaults)?)
}

fn site(row: &AnyRow) -> Result<StoredSite, StoreError> {
    let (origins, defaults): (String, String) = (row.try_get(2)?, row.try_get(4)?);
    Ok(StoredSite {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        origins: serde_json::from_str(&origins)?,
        time_zone: row.try_get(3)?,
        defaults: serde_json::from_str(&defaults)?,
        version: row.try_get(5)?,
    })
}

fn survey(row: &AnyRow) -> sqlx::Result<ManagedSurvey> {
    Ok(ManagedSurvey {
        site: row.try_get(0)?,
        id: row.try_get(1)?,
        state: SurveyState::parse(&row.try_get::<String, _>(2)?)?,
        version: row.try_get(3)?,
        draft_etag: row.try_get(4)?,
        published_etag: row.try_get(5)?,
        limit: AnswerLimit { answers: row.try_get(6)?, per_day: row.try_get(7)? },
        answers: row.try_get(8)?,
        day: row.try_get(9)?,
        answers_of_day: row.try_get(10)?,
        name: row.try_get(11)?,
    })
}

/// A survey, whose row nobody else changes until the transaction is over.
pub(super) async fn locked(
    db: &mut Connection,
    site: &str,
    id: &str,
    dialect: Dialect,
) -> sqlx::Result<Option<ManagedSurvey>> {
    let mut sql = Sql::new(SURVEY);
    sql.push(" WHERE site = ").bind(site).push(" AND id = ").bind(id);
    if dialect == Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    sql.all(db).await?.first().map(survey).transpose()
}

async fn draft(db: &mut Connection, site: &str, id: &str) -> sqlx::Result<Option<Draft>> {
    let mut sql =
        Sql::new("SELECT draft, draft_etag, draft_at, draft_by FROM managed_survey WHERE site = ");
    sql.bind(site).push(" AND id = ").bind(id);
    let rows = sql.all(db).await?;
    let draft = |row: &AnyRow| {
        Ok(Draft {
            text: row.try_get(0)?,
            etag: row.try_get(1)?,
            at: Timestamp::from_millis(row.try_get(2)?),
            by: row.try_get(3)?,
        })
    };
    rows.first().map(draft).transpose()
}

const VERSION: &str = "SELECT version, source, body, plan, published_at, published_by, restored \
                       FROM survey_version WHERE source <> '' AND site = ";

async fn version(
    db: &mut Connection,
    site: &str,
    id: &str,
    number: i64,
) -> sqlx::Result<Option<PublishedVersion>> {
    let mut sql = Sql::new(VERSION);
    sql.bind(site).push(" AND survey = ").bind(id).push(" AND version = ").bind(number);
    sql.all(db).await?.first().map(version_of).transpose()
}

fn version_of(row: &AnyRow) -> sqlx::Result<PublishedVersion> {
    Ok(PublishedVersion {
        version: row.try_get(0)?,
        source: row.try_get(1)?,
        body: row.try_get(2)?,
        plan: row.try_get(3)?,
        at: Timestamp::from_millis(row.try_get(4)?),
        by: row.try_get(5)?,
        restored: row.try_get(6)?,
    })
}
