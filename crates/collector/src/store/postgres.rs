//! Connecting to PostgreSQL: what is in front of it, and what is in the way.

use super::connection::DatabaseRoute;
use crate::config::PostgresAddress;
use anyhow::{Context, anyhow};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::time::Duration;
use tokio::time::timeout;

/// How long the server may take to answer to a new connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that holds nothing may wait for one of the server's: a pooler that has no other one makes it
/// wait until the other's transaction is over.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);
/// How often it is looked whether there is a pooler. Once would do where nobody else uses it meanwhile.
const PROBES: u32 = 3;

/// Who migrates, of several collectors that start at once.
const MIGRATION_LOCK: &str =
    "DEALLOCATE ALL; SELECT CAST(pg_advisory_xact_lock(126943211974248) AS TEXT)";

/// How to connect, and what is in front of the server.
///
/// # Errors
/// When there is no connection; the message says why, without a word of the address.
pub(super) async fn reach(
    address: &PostgresAddress,
) -> anyhow::Result<(AnyConnectOptions, DatabaseRoute)> {
    let url = address.with_password();
    let options: AnyConnectOptions = url.as_str().parse().map_err(explained)?;
    // Not through a pool, which would try until its time is over and then say that it is.
    let first = connect(&options).await?;
    let route = recognise(first, &options).await?;
    if route == DatabaseRoute::Direct {
        return Ok((options, route));
    }
    let mut url = url.clone();
    url.query_pairs_mut().append_pair("statement-cache-capacity", "0");
    Ok((url.as_str().parse().map_err(explained)?, route))
}

/// Brings the tables up to date.
pub(super) async fn migrate(
    options: &AnyConnectOptions,
    route: DatabaseRoute,
) -> anyhow::Result<()> {
    let mut migrator = sqlx::migrate!("migrations/postgres");
    let mut connection = connect(options).await?;
    if route == DatabaseRoute::Direct {
        migrator.run(&mut connection).await?;
    } else {
        // The lock that sqlx takes is one of the session, and so are the statements that it names: they would stay
        // with whoever gets the server's connection next.
        migrator.set_locking(false);
        let mut transaction = connection.begin().await?;
        transaction.execute(MIGRATION_LOCK).await?;
        migrator.run(&mut *transaction).await?;
        transaction.execute("DEALLOCATE ALL").await?;
        transaction.commit().await?;
    }
    Ok(connection.close().await?)
}

async fn connect(options: &AnyConnectOptions) -> anyhow::Result<AnyConnection> {
    let connecting = timeout(CONNECT_TIMEOUT, AnyConnection::connect_with(options)).await;
    let seconds = CONNECT_TIMEOUT.as_secs();
    connecting.with_context(|| format!("no answer within {seconds} s"))?.map_err(explained)
}

/// Two connections of the server are never the same one, and one stays itself, unless a pooler lends them.
async fn recognise(
    mut one: AnyConnection,
    options: &AnyConnectOptions,
) -> anyhow::Result<DatabaseRoute> {
    let mut other = connect(options).await?;
    let mut route = DatabaseRoute::Direct;
    for _ in 0..PROBES {
        let before = backend(&mut one).await.map_err(explained)?;
        other.execute("BEGIN").await.map_err(explained)?;
        let others = backend(&mut other).await.map_err(explained)?;
        let after = timeout(PROBE_TIMEOUT, backend(&mut one)).await;
        other.execute("COMMIT").await.map_err(explained)?;
        let is_same = matches!(&after, Ok(Ok(after)) if *after == before);
        if others == before || !is_same {
            route = DatabaseRoute::Pooler;
            break;
        }
    }
    // Whether they end in peace changes nothing.
    let _ = (one.close_hard().await, other.close_hard().await);
    if route == DatabaseRoute::Pooler {
        tracing::info!("a pooler is in front of the database: statements have no names");
    }
    Ok(route)
}

/// The number of the server's process that answers.
async fn backend(db: &mut AnyConnection) -> sqlx::Result<String> {
    db.fetch_one("SELECT CAST(pg_backend_pid() AS TEXT)").await?.try_get(0)
}

/// What went wrong, once, and which setting would help.
pub(super) fn explained(error: sqlx::Error) -> anyhow::Error {
    let text = error.to_string();
    if text.contains("unsupported startup parameter") {
        return anyhow!(
            "PgBouncer refuses what every client of this kind sends: write `ignore_startup_parameters = \
             extra_float_digits` into pgbouncer.ini"
        );
    }
    if text.contains("statement pooling") {
        return anyhow!(
            "PgBouncer gives each statement another connection, and transactions are needed: write `pool_mode = \
             transaction` into pgbouncer.ini"
        );
    }
    match error {
        // Its own text repeats that of its cause.
        sqlx::Error::Io(error) => anyhow!(error),
        sqlx::Error::Database(error) => anyhow!("the server says: {}", error.message()),
        sqlx::Error::Configuration(error) => anyhow!("{error}"),
        error => anyhow!(error),
    }
}
