//! `export`, `import`, `erase`, `audit`, `check`, `backup`: what is stored.

use super::{ACTOR, say};
use crate::config::{self, Audit, Backup, Check, Database, Erase, FileFormat, Import, Only};
use crate::definitions::Definitions;
use crate::export::{ByteOrderMark, Format, Table, chunks};
use crate::import::Items;
use crate::responses::other_survey;
use crate::store::{
    Erasure, Filter, ReservedNames, SentTo, Settings, Store, WriteOutcome, site_and_survey,
    survey_key,
};
use crate::{Error, clock};
use anyhow::{Context, anyhow, bail, ensure};
use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use sondeo_model::{ResponseId, Timestamp};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};

/// Responses that are stored in one transaction.
const BATCH: usize = 500;

/// A database that is there: a slip in its name must not look like one in which nothing is stored.
pub(super) async fn open(only: &Only) -> anyhow::Result<Store> {
    if let Database::Sqlite(file) = &only.database {
        ensure!(file.exists(), "there is no database {}", only.database);
    }
    open_or_make(only).await
}

/// A database, made if there is none.
pub(super) async fn open_or_make(only: &Only) -> anyhow::Result<Store> {
    let names = match &only.surveys {
        Some(folder) => Definitions::read(folder)?.names(),
        None => ReservedNames::default(),
    };
    Store::open_with(&only.database, Settings::default(), names).await
}

pub(super) async fn export(config: &config::Export) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let mut output: Box<dyn Write> = match &config.output {
        Some(file) => {
            let opened = File::create_new(file);
            Box::new(opened.with_context(|| format!("cannot make {}", file.display()))?)
        }
        None => Box::new(BufWriter::new(io::stdout())),
    };
    let format = match config.format {
        FileFormat::Csv => Format::Csv(Table {
            separator: config.separator,
            mark: if config.bom { ByteOrderMark::Written } else { ByteOrderMark::Absent },
        }),
        FileFormat::Ndjson => Format::Ndjson,
    };
    let filter = Filter {
        surveys: config.survey.as_deref().map(|survey| vec![key(survey)]),
        visitor: config.visitor.clone(),
        ..Filter::default()
    };
    let subject = if config.visitor.is_some() { "a visitor" } else { "all" };
    let entry = store.begin_audit(ACTOR, "export", subject).await?;
    let mut chunks = Box::pin(chunks(store.clone(), format, filter));
    while let Some(chunk) = chunks.next().await {
        output.write_all(&chunk?).context("cannot write")?;
    }
    output.flush().context("cannot write")?;
    store.finish_audit(entry, 0).await?;
    store.close().await;
    Ok(())
}

pub(super) async fn import(config: &Import) -> anyhow::Result<()> {
    let store = open_or_make(&config.only).await?;
    let file = File::open(&config.file)
        .with_context(|| format!("cannot read {}", config.file.display()))?;
    let bar = progress(file.metadata()?.len(), "{wide_bar} {bytes}/{total_bytes} {eta}");
    let mut items = Items::new(BufReader::new(bar.wrap_read(file)))
        .with_context(|| config.file.display().to_string())?;
    let (mut stored, mut known, mut refused) = (0_u64, 0_u64, 0_u64);
    let (mut batch, mut lines) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    let subject = config.file.display().to_string();
    let entry = store.begin_audit(ACTOR, "import", &subject).await?;
    loop {
        let item = items.next()?;
        let is_last = item.is_none();
        let mut refuse = |line: u64, error: &Error| {
            refused += 1;
            bar.suspend(|| tracing::warn!("line {line}: {error}"));
        };
        match item.map(|item| (item.line, item.submission)) {
            Some((line, Ok(submission))) => {
                lines.push(line);
                batch.push(submission);
            }
            Some((line, Err(error))) => refuse(line, &error),
            None => {}
        }
        if batch.len() == BATCH || (is_last && !batch.is_empty()) {
            let outcomes = store.import(std::mem::take(&mut batch)).await?;
            for (line, outcome) in lines.drain(..).zip(outcomes) {
                match outcome {
                    WriteOutcome::Inserted => stored += 1,
                    WriteOutcome::Duplicate | WriteOutcome::Erased => known += 1,
                    WriteOutcome::OtherSurvey => refuse(line, &other_survey()),
                    WriteOutcome::TooManySurveys => refuse(line, &Error::TooManySurveys),
                }
            }
        }
        if is_last {
            break;
        }
    }
    bar.finish_and_clear();
    store.finish_audit(entry, stored).await?;
    store.close().await;
    say(&format!("{stored} stored, {known} known or erased before, {refused} refused"))?;
    ensure!(
        refused == 0,
        "{refused} lines are no responses, or were refused; the others are stored"
    );
    Ok(())
}

/// A bar, where somebody sees it.
pub(super) fn progress(length: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub(super) async fn erase(config: &Erase) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let erased = if let Some(days) = config.older_than {
        let most = if config.most { Most::Erased } else { Most::Refused };
        let count = erase_older(&store, ACTOR, days, clock::now(), most).await?;
        Erasure { count, ..Erasure::default() }
    } else {
        let (subject, which) = match (&config.response, &config.visitor, &config.survey) {
            (Some(id), ..) => {
                let id = ResponseId::parse(id).map_err(|error| anyhow!("{id:?} {error}"))?;
                ("a response".to_owned(), Target::Response(id))
            }
            (_, Some(visitor), _) => ("a visitor".to_owned(), Target::Visitor(visitor)),
            (.., Some(survey)) => (format!("the survey {survey}"), Target::Survey(key(survey))),
            _ => bail!("nothing is named that could be erased"),
        };
        let entry = store.begin_audit(ACTOR, "erase", &subject).await?;
        let erased = match which {
            Target::Response(id) => store.erase_response_everywhere(id).await?,
            Target::Visitor(visitor) => store.erase_visitor_everywhere(visitor).await?,
            Target::Survey(survey) => {
                let count = store.erase_survey(&survey).await?;
                Erasure { count, ..Erasure::default() }
            }
        };
        store.finish_audit(entry, erased.count).await?;
        erased
    };
    store.close().await;
    say(&format!("{} erased", erased.count))?;
    // There nothing of ours can erase it.
    for sent in erased.sent_to {
        let SentTo { destination, name, kind, responses } = sent;
        say(&format!("{responses} had gone to {name} ({kind}, {destination})"))?;
    }
    Ok(())
}

enum Target<'a> {
    Response(ResponseId),
    Visitor(&'a str),
    Survey(String),
}

/// The key of a survey that somebody names by its id or by `SITE/ID`, also on the site `default`.
fn key(survey: &str) -> String {
    let (site, id) = site_and_survey(survey);
    survey_key(site, id).into_owned()
}

/// Responses that may be all there are, and be erased without being told twice: the last ones of a survey that ended.
const FEW: u64 = 20;

/// Whether much may be erased for its age.
#[derive(Debug, Clone, Copy)]
pub(super) enum Most {
    /// However much it is.
    Erased,
    /// Not where most of what is stored is older than the days.
    Refused,
    /// The same, but what was not older than the days at this moment may go, however much it is: time has passed since,
    /// and the clock has not been changed.
    RefusedAsOf(Timestamp),
}

/// Erases what is older than so many days, at this moment. Where that is most of what is stored, the clock may be wrong,
/// or the number of days: it is done only when it is said.
pub(super) async fn erase_older(
    store: &Store,
    actor: &str,
    days: u32,
    now: Timestamp,
    most: Most,
) -> anyhow::Result<u64> {
    let before =
        |now: Timestamp| Timestamp::from_millis(now.as_millis() - i64::from(days) * clock::DAY_MS);
    let border = before(now);
    let (older, all) = match most {
        Most::Erased => (0, 0),
        Most::Refused => store.share_before(border).await?,
        Most::RefusedAsOf(earlier) => store.share_before(before(earlier).min(border)).await?,
    };
    ensure!(
        older <= FEW || older * 2 <= all,
        "{older} of {all} responses are older than {days} days, if it is {} now: that is most of what is stored. \
         `sondeo-collector erase --older-than {days} --most` erases them",
        now.to_rfc3339()
    );
    if !store.has_before(border).await? {
        return Ok(0);
    }
    let entry = store.begin_audit(actor, "erase", &format!("older than {days} days")).await?;
    let erased = store.erase_before(border).await?;
    store.finish_audit(entry, erased).await?;
    Ok(erased)
}

pub(super) async fn audit(config: &Audit) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    for entry in store.audit_entries(config.limit).await? {
        let at = entry.at.to_rfc3339();
        let n = match entry.finished_at {
            Some(_) => entry.n.to_string(),
            None => "not finished".to_owned(),
        };
        say(&format!("{at}\t{}\t{}\t{}\t{n}", entry.actor, entry.action, entry.subject))?;
    }
    store.close().await;
    Ok(())
}

pub(super) async fn check(config: &Check) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    if config.repair {
        let (later, all) = store.share_of_the_future().await?;
        ensure!(
            config.most || later <= FEW || later * 2 <= all,
            "{later} of {all} responses count for a later day than this, if it is {} now: that is most of what is \
             stored. If the clock is right, `sondeo-collector check --repair --most` gives them another day",
            clock::now().to_rfc3339()
        );
        let entry = store.begin_audit(ACTOR, "repair", "all counts").await?;
        let counted = store.recount().await?;
        store.finish_audit(entry, counted).await?;
    }
    let mut report = store.verify().await?;
    let (later, _) = store.share_of_the_future().await?;
    if later > 0 {
        report.faults.push(format!(
            "{later} responses count for a later day than this: the clock was ahead when they came"
        ));
    }
    store.close().await;
    for line in report.notes.iter().chain(&report.faults) {
        say(line)?;
    }
    ensure!(
        report.faults.is_empty(),
        "{} faults; `check --repair` counts all responses anew",
        report.faults.len()
    );
    say(&format!("{} responses, and every count is theirs", report.responses))
}

pub(super) async fn backup(config: &Backup) -> anyhow::Result<()> {
    ensure!(!config.file.exists(), "{} is there already", config.file.display());
    let store = open(&config.only).await?;
    let entry = store.begin_audit(ACTOR, "backup", &config.file.display().to_string()).await?;
    store.backup(&config.file).await?;
    store.finish_audit(entry, 0).await?;
    store.close().await;
    Ok(())
}
