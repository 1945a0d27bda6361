//! `site`, `publish`, `pause`, `resume`, `versions`: so that surveys in a repository are published by a pipeline.

use super::data::open;
use super::{ACTOR, say};
use crate::byte_order_mark;
use crate::clock;
use crate::config::{OfSite, Only, Publish, SiteCommand};
use crate::definitions::Definitions;
use crate::publishing::{IS_A_FILE, check_id, checked_site, compile_to_publish};
use crate::store::{
    self, AnswerLimit, DraftOutcome, Edition, Obstacle, Removal, Step, Store, SurveyState,
};
use anyhow::{Context, bail, ensure};
use sondeo_api::DraftProblem;
use std::path::Path;

pub(super) async fn site(config: &SiteCommand) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let sites = store.sites().await?;
    let Some(id) = &config.id else {
        for site in sites {
            let origins = site.origins.join(" ");
            say(format!("{}\t{}\t{}\t{origins}", site.id, site.name, site.time_zone).trim_end())?;
        }
        store.close().await;
        return Ok(());
    };
    let known = sites.into_iter().find(|site| site.id == *id);
    if config.remove {
        ensure!(
            id != store::DEFAULT_SITE,
            "the site default is that of everything that names none; it stays"
        );
        match store.remove_site(id, ACTOR).await? {
            Removal::Removed => {}
            Removal::NotFound => bail!("there is no site {id:?} (see `site`)"),
            Removal::Running => bail!("pages of {id:?} still ask a survey: pause it first"),
            Removal::HasResponses => {
                bail!(
                    "there are responses of {id:?}: erase them first (erase --survey {id}/SURVEY)"
                )
            }
        }
    } else {
        check_id("the id of a site", id).map_err(told)?;
        let change = |mut site: store::StoredSite| {
            if let Some(name) = &config.name {
                site.name.clone_from(name);
            }
            if let Some(origins) = &config.origin {
                site.origins.clone_from(origins);
            }
            if let Some(zone) = &config.time_zone {
                site.time_zone.clone_from(zone);
            }
            checked_site(site)
        };
        let is_done = if known.is_some() {
            store.change_site(id, ACTOR, change).await?.transpose()?.is_some()
        } else {
            let new = store::StoredSite {
                id: id.clone(),
                name: id.clone(),
                origins: Vec::new(),
                time_zone: "UTC".to_owned(),
                defaults: serde_json::Map::new(),
                version: 1,
            };
            store.add_site(&change(new)?, ACTOR).await?
        };
        ensure!(is_done, "somebody else has changed the site {id:?} meanwhile: try again");
    }
    store.close().await;
    Ok(())
}

/// That there is a site of this id.
pub(super) async fn check_site(store: &Store, id: &str) -> anyhow::Result<()> {
    let sites = store.sites().await?;
    if sites.iter().any(|site| site.id == id) {
        return Ok(());
    }
    let known: Vec<_> = sites.iter().map(|site| site.id.as_str()).collect();
    bail!("there is no site {id:?} (there are {}; `site {id}` makes one)", known.join(", "))
}

pub(super) async fn publish(config: &Publish) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    check_site(&store, &config.site).await?;
    let site = config.site.as_str();
    let path = Path::new(&config.survey);
    let is_file = path.extension().is_some_and(|extension| extension == "json");
    let known = store.sites().await?.into_iter().find(|known| known.id == site);
    let defaults = known.map(|site| site.defaults).unwrap_or_default();
    let id = if is_file {
        ensure!(
            config.edition.is_none(),
            "--version publishes an earlier version of a survey, not a file"
        );
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let text = byte_order_mark::without(&text);
        let id = id_in(text).or_else(|| path.file_stem()?.to_str().map(str::to_owned));
        let id = id.context("the file has no \"id\", and no name that could be one")?;
        check_id("id", &id).map_err(told)?;
        check_folder(&config.only, (site, &id))?;
        // What cannot be published takes nobody's draft away.
        if let Err(problems) = compile_to_publish(&id, text, &defaults, clock::now()) {
            return Err(refused(&id, problems));
        }
        save(&store, (site, &id), text, config.over_draft).await?;
        id
    } else {
        check_folder(&config.only, (site, &config.survey))?;
        config.survey.clone()
    };
    let edition = config.edition.map_or(Edition::Draft(None), |it| Edition::Version(it, None));
    let limit = AnswerLimit { answers: config.answers, per_day: config.per_day };
    let limit = Some(limit).filter(|limit| *limit != AnswerLimit::default());
    let make = |source: &str, number: i64| -> Result<store::PublishedSurvey, Vec<DraftProblem>> {
        Ok(compile_to_publish(&id, source, &defaults, clock::now())?.publish(site, number))
    };
    match store.publish((site, &id), edition, limit, ACTOR, make).await? {
        Ok(version) => say(&format!("{site}/{id}: version {version} runs"))?,
        Err(Obstacle::NotFound) => bail!("there is no such survey or version on {site}: {id}"),
        Err(Obstacle::Refused(problems)) => return Err(refused(&id, problems)),
        Err(Obstacle::Changed(draft)) => bail!("the draft was changed by {}: try again", draft.by),
        Err(Obstacle::State(state)) => bail!(
            "{id} is {}: restore it first (in the interface, or POST …/restore)",
            state.as_str()
        ),
        Err(Obstacle::Full(answers)) => {
            bail!(
                "{id} has {answers} answers, as many as its limit allows: give a higher --answers"
            )
        }
    }
    store.close().await;
    Ok(())
}

fn refused(id: &str, problems: Vec<DraftProblem>) -> anyhow::Error {
    let lines: Vec<_> = problems.into_iter().map(line).collect();
    anyhow::anyhow!("{id} cannot be published:\n{}", lines.join("\n"))
}

/// Refuses a survey that is a file of `--surveys`.
fn check_folder(only: &Only, (site, id): (&str, &str)) -> anyhow::Result<()> {
    let Some(folder) = only.surveys.as_ref().filter(|_| site == store::DEFAULT_SITE) else {
        return Ok(());
    };
    ensure!(Definitions::read(folder)?.text(id).is_none(), "{id} {IS_A_FILE}");
    Ok(())
}

/// Puts a file in the place of the draft: a repository is the last word of those who publish from one. What somebody else
/// has saved and nobody has published stays, unless `over_draft` says otherwise.
async fn save(
    store: &Store,
    (site, id): (&str, &str),
    text: &str,
    over_draft: bool,
) -> anyhow::Result<()> {
    let draft = store.draft(site, id).await?;
    if let Some(draft) =
        draft.as_ref().filter(|it| !over_draft && it.by != ACTOR && it.text != text)
    {
        let versions = store.versions(site, id).await?;
        ensure!(
            versions.iter().any(|version| version.source == draft.text),
            "{} saved a draft of {id} at {} that is not published: publish it first (`publish {id}`), or give --over-draft",
            draft.by,
            draft.at.to_rfc3339()
        );
    }
    let known = draft.map(|draft| draft.etag);
    match store.save_draft((site, id), text, known.as_deref(), ACTOR).await? {
        DraftOutcome::Created(_) | DraftOutcome::Saved(_) => Ok(()),
        DraftOutcome::Changed(draft) => bail!("the draft was changed by {}: try again", draft.by),
        DraftOutcome::Gone => bail!("{site}/{id} was removed meanwhile: try again"),
    }
}

fn id_in(text: &str) -> Option<String> {
    let file: serde_json::Value = serde_json::from_str(text).ok()?;
    file.get("id")?.as_str().map(str::to_owned)
}

fn told(problem: DraftProblem) -> anyhow::Error {
    anyhow::anyhow!("{}", line(problem))
}

fn line(DraftProblem { path, message }: DraftProblem) -> String {
    format!("{path} {message}").trim_start().to_owned()
}

pub(super) async fn step(config: &OfSite, step: Step) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let (site, id) = (config.site.as_str(), config.survey.as_str());
    check_folder(&config.only, (site, id))?;
    match store.step((site, id), step, ACTOR).await? {
        Ok(state) => say(&format!("{site}/{id}: {}", state.as_str()))?,
        Err(Obstacle::State(SurveyState::Draft)) => bail!("{id} is a draft: publish it first"),
        Err(Obstacle::State(state)) => bail!("{id} is {}", state.as_str()),
        Err(Obstacle::Full(answers)) => {
            bail!(
                "{id} has {answers} answers, as many as its limit allows: publish it with a higher --answers"
            )
        }
        Err(_) => bail!("there is no survey {id:?} on the site {site:?}"),
    }
    store.close().await;
    Ok(())
}

pub(super) async fn versions(config: &OfSite) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let (site, id) = (config.site.as_str(), config.survey.as_str());
    let known = store.managed_survey(site, id).await?;
    let known = known.with_context(|| format!("there is no survey {id:?} on the site {site:?}"))?;
    for version in store.versions(site, id).await? {
        let restored = match version.restored {
            0 => String::new(),
            restored => format!("\tversion {restored} again"),
        };
        let (at, by) = (version.at.to_rfc3339(), version.by);
        let runs = if version.version == known.version { known.state.as_str() } else { "" };
        let line = format!("{}\t{at}\t{by}\t{runs}{restored}", version.version);
        say(line.trim_end())?;
    }
    store.close().await;
    Ok(())
}
