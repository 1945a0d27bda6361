//! `export`, `import`, `erase`, `audit`, `check`, `backup`: what is stored.

use super::{ACTOR, say};
use crate::config::{self, Audit, Backup, Database, Erase, FileFormat, Import, Only};
use crate::export::{ByteOrderMark, Format, Table, chunks};
use crate::import::Items;
use crate::responses::other_survey;
use crate::store::{Filter, Store, WriteOutcome};
use crate::{Error, clock};
use anyhow::{Context, bail, ensure};
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
        ensure!(file.exists(), "there is no database {}", file.display());
    }
    Store::open(&only.database).await
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
        survey: config.survey.clone(),
        visitor: config.visitor.clone(),
        ..Filter::default()
    };
    let mut chunks = Box::pin(chunks(store.clone(), format, filter));
    while let Some(chunk) = chunks.next().await {
        output.write_all(&chunk?).context("cannot write")?;
    }
    output.flush().context("cannot write")?;
    let subject = if config.visitor.is_some() { "a visitor" } else { "all" };
    store.audit(ACTOR, "export", subject, 0).await?;
    store.close().await;
    Ok(())
}

pub(super) async fn import(config: &Import) -> anyhow::Result<()> {
    let store = Store::open(&config.only.database).await?;
    let file = File::open(&config.file)
        .with_context(|| format!("cannot read {}", config.file.display()))?;
    let bar = progress(file.metadata()?.len(), "{wide_bar} {bytes}/{total_bytes} {eta}");
    let mut items = Items::new(BufReader::new(bar.wrap_read(file)))
        .with_context(|| config.file.display().to_string())?;
    let (mut stored, mut known, mut refused) = (0_u64, 0_u64, 0_u64);
    let (mut batch, mut lines) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
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
                }
            }
        }
        if is_last {
            break;
        }
    }
    bar.finish_and_clear();
    store.audit(ACTOR, "import", &config.file.display().to_string(), stored).await?;
    store.close().await;
    say(&format!("{stored} stored, {known} known or erased before, {refused} refused"))?;
    ensure!(refused == 0, "{refused} lines are no responses; the others are stored");
    Ok(())
}

/// A bar, where somebody sees it.
pub(super) fn progress(length: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub(super) async fn erase(config: &Erase) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    let (subject, erased) = if let Some(id) = &config.response {
        let id = ResponseId::parse(id).map_err(|error| anyhow::anyhow!("{id:?} {error}"))?;
        ("a response".to_owned(), u64::from(store.erase_response(id).await?))
    } else if let Some(visitor) = &config.visitor {
        ("a visitor".to_owned(), store.erase_visitor(visitor).await?)
    } else if let Some(days) = config.older_than {
        let border = clock::now().as_millis() - i64::from(days) * 86_400_000;
        let erased = store.erase_before(Timestamp::from_millis(border)).await?;
        (format!("older than {days} days"), erased)
    } else {
        bail!("nothing is named that could be erased")
    };
    store.audit(ACTOR, "erase", &subject, erased).await?;
    store.close().await;
    say(&format!("{erased} erased"))
}

pub(super) async fn audit(config: &Audit) -> anyhow::Result<()> {
    let store = open(&config.only).await?;
    for entry in store.audit_entries(config.limit).await? {
        let at = entry.at.to_rfc3339();
        say(&format!("{at}\t{}\t{}\t{}\t{}", entry.actor, entry.action, entry.subject, entry.n))?;
    }
    store.close().await;
    Ok(())
}

pub(super) async fn check(config: &Only) -> anyhow::Result<()> {
    let store = open(config).await?;
    let report = store.verify().await?;
    store.close().await;
    for fault in &report.faults {
        say(fault)?;
    }
    ensure!(report.faults.is_empty(), "{} faults", report.faults.len());
    say(&format!("{} responses, and every count is theirs", report.responses))
}

pub(super) async fn backup(config: &Backup) -> anyhow::Result<()> {
    ensure!(!config.file.exists(), "{} is there already", config.file.display());
    let store = open(&config.only).await?;
    store.backup(&config.file).await?;
    store.audit(ACTOR, "backup", &config.file.display().to_string(), 0).await?;
    store.close().await;
    Ok(())
}
