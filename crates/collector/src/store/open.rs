//! Opening a database, and refusing one that could lose what was acknowledged.

use super::catalog::Catalog;
use super::checkpoint::Checkpoints;
use super::connection::{DatabaseRoute, Pool};
use super::file_identity::FileIdentity;
use super::health::StoreHealth;
use super::postgres;
use super::writer::{Queue, Settings};
use super::{Dialect, Inner, ReservedNames, Store, StoreError, WriterMetrics};
use crate::config::{Database, PostgresAddress};
use crate::publishing::compile;
use anyhow::{Context, ensure};
use serde_json::Map;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe, Executor, Row};
use std::path::Path;
use std::sync::{Arc, Once, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, Notify, broadcast};

/// How long a request waits for its turn at the database before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Events that a listener may lag behind before it misses some.
const EVENTS: usize = 1_024;

/// Before this version, two connections to one file could corrupt it when the write-ahead log was
/// reset (<https://sqlite.org/wal.html#walresetbug>); the pool holds several, `token` adds another.
const FIRST_SAFE_VERSION: [u32; 3] = [3, 51, 3];

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

/// What the database promises about a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// SQLite's `PRAGMA journal_mode`; for PostgreSQL `fsync`.
    pub journal_mode: String,
    /// Whether a commit returns after its sync: `PRAGMA synchronous` is FULL or more;
    /// `synchronous_commit` is not `off`.
    pub synced: bool,
}

impl Store {
    /// Opens the database, makes the file if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be opened, or could not be trusted with an answer.
    pub async fn open(database: &Database) -> anyhow::Result<Self> {
        Self::open_with(database, Settings::default(), ReservedNames::default()).await
    }

    /// The same, with other limits. These names always have a place among those that are counted, and those of the surveys
    /// that are published in this database.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(
        database: &Database,
        settings: Settings,
        reserved: ReservedNames,
    ) -> anyhow::Result<Self> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let opening = || format!("cannot open the database {database}");
        let store = match database {
            Database::Sqlite(file) => on_sqlite(file, settings).await,
            Database::Postgres(address) => on_postgres(address, settings).await,
        };
        let store = store.with_context(opening)?;
        store.check().await.with_context(opening)?;
        // Before anything is counted: names that come first take the places of those that come later.
        store.reserve_published(reserved).await.with_context(opening)?;
        store.backfill().await.with_context(opening)?;
        store.fold_comments().await.with_context(opening)?;
        store.finish_erasures().await.with_context(opening)?;
        store.tell_of_the_future().await.with_context(opening)?;
        store.start_writer(settings).await;
        Ok(store)
    }

    fn new(
        dialect: Dialect,
        [writer, readers]: [Pool; 2],
        catalog: Catalog,
        settings: Settings,
        health: StoreHealth,
        (file, checkpoints): (Option<FileIdentity>, Option<Checkpoints>),
    ) -> Self {
        Self(Arc::new(Inner {
            dialect,
            writer,
            readers,
            catalog: Mutex::new(catalog),
            queue: Queue::new(settings),
            events: broadcast::channel(EVENTS).0,
            health,
            metrics: WriterMetrics::new(),
            checkpoints,
            file,
            routes: RwLock::default(),
            deliveries: Notify::new(),
        }))
    }

    /// Has these names reserved, and those of the surveys that are published here.
    async fn reserve_published(&self, mut names: ReservedNames) -> Result<(), StoreError> {
        for (site, id, version) in self.latest_versions().await? {
            // What an older program cannot read is counted without its names.
            if let Ok(compiled) = compile(&id, &version.body, &Map::new()) {
                names.add_published((&site, &id), version.version, compiled.definition);
            }
        }
        self.reserve_names(names).await;
        Ok(())
    }

    /// Refuses to run on what could lose an acknowledged response.
    async fn check(&self) -> anyhow::Result<()> {
        let Durability { journal_mode, synced } = self.durability().await?;
        if self.0.dialect == Dialect::Postgres {
            ensure!(
                journal_mode == "on" && synced,
                "its fsync or synchronous_commit is off, and a power cut could undo what was \
                 acknowledged; switch both on"
            );
            return Ok(());
        }
        let version: String =
            self.0.writer.acquire().await?.row("SELECT sqlite_version()").await?.try_get(0)?;
        let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
        ensure!(
            parts.as_slice() >= FIRST_SAFE_VERSION.as_slice(),
            "SQLite {version} can corrupt a file that two connections write; 3.51.3 or later is needed"
        );
        // A file system without shared memory refuses WAL silently. With a rollback journal, FULL
        // does not sync the directory, and a power cut could undo the last commit.
        ensure!(
            journal_mode == "wal" && synced,
            "it is in journal mode {journal_mode}, and a power cut could undo what was acknowledged; \
             put it on a local disk"
        );
        Ok(())
    }

    /// What the connection that writes promises about a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn durability(&self) -> Result<Durability, StoreError> {
        let mut db = self.0.writer.acquire().await?;
        Ok(match self.0.dialect {
            Dialect::Sqlite => {
                let level = db.row("PRAGMA synchronous").await?.try_get::<i64, _>(0)?;
                let journal_mode = db.row("PRAGMA journal_mode").await?.try_get(0)?;
                Durability { journal_mode, synced: level >= 2 }
            }
            Dialect::Postgres => {
                let commit: String = db.row("SHOW synchronous_commit").await?.try_get(0)?;
                let journal_mode = db.row("SHOW fsync").await?.try_get(0)?;
                Durability { journal_mode, synced: commit != "off" }
            }
        })
    }
}

/// Connections that write.
fn writer_pool(health: &StoreHealth) -> AnyPoolOptions {
    let health = health.clone();
    pool().before_acquire(move |_, meta| {
        let is_trusted = health.trusts(meta.age);
        Box::pin(async move { Ok(is_trusted) })
    })
}

fn pool() -> AnyPoolOptions {
    AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).idle_timeout(None).max_lifetime(None)
}

async fn on_sqlite(file: &Path, settings: Settings) -> anyhow::Result<Store> {
    let path = file.to_str().context("its path is not UTF-8")?;
    let path: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    let path = path.replace('+', "%20").replace("%2F", "/");
    // Only now: a connection that is made anew while the file is away would make an empty one beside the log of the old
    // one, and with it take away what was acknowledged.
    std::fs::File::options()
        .create(true)
        .append(true)
        .open(file)
        .with_context(|| format!("cannot open {}", file.display()))?;
    let options: AnyConnectOptions = format!("sqlite:{path}?mode=rw").parse()?;
    let pages = match settings.max_pages {
        0 => String::new(),
        pages => format!("PRAGMA max_page_count = {pages};"),
    };
    let health = StoreHealth::default();
    let writer = writer_pool(&health).max_connections(1).after_connect(move |db, _| {
        let pages = pages.clone();
        Box::pin(async move {
            // fullfsync: without it, macOS acknowledges a sync that only reached the drive's cache.
            // secure_delete: what was erased, or replaced by a later revision, is not left in the file.
            // wal_autocheckpoint: the pages that all batches change, of indexes and counts, are copied
            // once for 16 MB of the log and not once for 4; what is acknowledged is synced in the log.
            db.execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192;
                     PRAGMA wal_autocheckpoint = 4000; PRAGMA secure_delete = ON;",
            )
            .await?;
            db.execute(AssertSqlSafe(pages)).await?;
            Ok(())
        })
    });
    let writer = Pool::connect(writer, options, DatabaseRoute::Direct).await?;
    SQLITE.run(writer.acquire().await?.raw()).await?;
    let catalog = Catalog::load(&mut writer.acquire().await?, Arc::default()).await?;
    let readers = pool().max_connections(settings.readers);
    let options = format!("sqlite:{path}?mode=ro").parse()?;
    let readers = Pool::connect(readers, options, DatabaseRoute::Direct).await?;
    let impatient = pool().max_connections(1).after_connect(|db, _| {
        Box::pin(async move {
            db.execute(
                "PRAGMA busy_timeout = 5; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;
                     PRAGMA wal_autocheckpoint = 0;",
            )
            .await?;
            Ok(())
        })
    });
    let options: AnyConnectOptions = format!("sqlite:{path}?mode=rw").parse()?;
    let impatient = Pool::lazy(impatient, options, DatabaseRoute::Direct);
    let checkpoints = Some(Checkpoints::new(impatient));
    let pools = [writer, readers];
    let file = FileIdentity::of(file).context("its file cannot be looked at")?;
    Ok(Store::new(Dialect::Sqlite, pools, catalog, settings, health, (Some(file), checkpoints)))
}

async fn on_postgres(address: &PostgresAddress, settings: Settings) -> anyhow::Result<Store> {
    let (options, route) = postgres::reach(address).await?;
    postgres::migrate(&options, route).await?;
    let health = StoreHealth::default();
    let mut writer = writer_pool(&health).max_connections(2);
    if route == DatabaseRoute::Direct {
        writer = writer.after_connect(|db, _| Box::pin(patient(db)));
    }
    let writer = Pool::connect(writer, options.clone(), route).await?;
    let catalog = Catalog::load(&mut writer.acquire().await?, Arc::default()).await?;
    let readers = pool().max_connections(settings.readers.max(4));
    let readers = Pool::connect(readers, options, route).await?;
    Ok(Store::new(Dialect::Postgres, [writer, readers], catalog, settings, health, (None, None)))
}

/// Another collector that hangs while it holds a lock must not hang this one.
async fn patient(db: &mut AnyConnection) -> sqlx::Result<()> {
    db.execute("SET lock_timeout = '10s'").await?;
    Ok(())
}
