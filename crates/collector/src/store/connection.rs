//! Connections, and the two ways in which statements go through them.
//!
//! A connection to the server itself keeps each statement under a name, so that it is prepared once. A pooler in front of
//! PostgreSQL (PgBouncer with `pool_mode = transaction`) gives each transaction whichever connection of the server is free:
//! a name would belong to another one the next time, and so would every setting of the session. Through a pooler, no
//! statement has a name, and each is a transaction where it is not a part of one.

use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, AnyQueryResult, AnyRow};
use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::{Acquire, Any, AnyConnection, AnyPool, AssertSqlSafe, Executor};
use std::ops::{Deref, DerefMut};

/// How statements reach the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatabaseRoute {
    /// A connection is one of the server's for as long as it lives.
    Direct,
    /// A connection is one of the server's for a transaction.
    Pooler,
}

/// Connections that are used one after the other.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pool: AnyPool,
    route: DatabaseRoute,
}

impl Pool {
    pub(super) async fn connect(
        options: AnyPoolOptions,
        connection: AnyConnectOptions,
        route: DatabaseRoute,
    ) -> sqlx::Result<Self> {
        Ok(Self { pool: options.connect_with(connection).await?, route })
    }

    /// The same, whose connections are made when they are needed.
    pub(super) fn lazy(
        options: AnyPoolOptions,
        connection: AnyConnectOptions,
        route: DatabaseRoute,
    ) -> Self {
        Self { pool: options.connect_lazy_with(connection), route }
    }

    /// A connection whose statements stand for themselves.
    pub(super) async fn acquire(&self) -> sqlx::Result<Connection> {
        Ok(Connection { held: HeldConnection::Free(self.pool.acquire().await?), route: self.route })
    }

    /// A transaction.
    pub(super) async fn begin(&self) -> sqlx::Result<Transaction> {
        self.begin_with(match self.route {
            DatabaseRoute::Direct => "BEGIN",
            DatabaseRoute::Pooler => "BEGIN; SET LOCAL lock_timeout = '10s'",
        })
        .await
    }

    /// A transaction that begins with these words.
    pub(super) async fn begin_with(&self, begin: &'static str) -> sqlx::Result<Transaction> {
        let held = HeldConnection::Transaction(self.pool.begin_with(begin).await?);
        Ok(Transaction(Connection { held, route: self.route }))
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection of a [`Pool`].
#[derive(Debug)]
pub(super) struct Connection {
    held: HeldConnection,
    route: DatabaseRoute,
}

#[derive(Debug)]
enum HeldConnection {
    Free(PoolConnection<Any>),
    Transaction(sqlx::Transaction<'static, Any>),
}

impl Connection {
    /// `SQLite` or `PostgreSQL`.
    pub(super) fn backend_name(&self) -> &str {
        match &self.held {
            HeldConnection::Free(connection) => connection.backend_name(),
            HeldConnection::Transaction(transaction) => transaction.backend_name(),
        }
    }

    pub(super) async fn execute(
        &mut self,
        text: String,
        arguments: AnyArguments,
    ) -> sqlx::Result<AnyQueryResult> {
        let query: Query<'_, Any, _> = sqlx::query_with(AssertSqlSafe(text), arguments);
        let query = query.persistent(self.route == DatabaseRoute::Direct);
        match (&mut self.held, self.route) {
            (HeldConnection::Free(connection), DatabaseRoute::Pooler) => {
                let mut transaction = connection.begin().await?;
                let result = query.execute(&mut *transaction).await?;
                transaction.commit().await?;
                Ok(result)
            }
            (HeldConnection::Free(connection), DatabaseRoute::Direct) => {
                query.execute(&mut **connection).await
            }
            (HeldConnection::Transaction(transaction), _) => {
                query.execute(&mut **transaction).await
            }
        }
    }

    pub(super) async fn all(
        &mut self,
        text: String,
        arguments: AnyArguments,
    ) -> sqlx::Result<Vec<AnyRow>> {
        let query: Query<'_, Any, _> = sqlx::query_with(AssertSqlSafe(text), arguments);
        let query = query.persistent(self.route == DatabaseRoute::Direct);
        match (&mut self.held, self.route) {
            (HeldConnection::Free(connection), DatabaseRoute::Pooler) => {
                let mut transaction = connection.begin().await?;
                let rows = query.fetch_all(&mut *transaction).await?;
                transaction.commit().await?;
                Ok(rows)
            }
            (HeldConnection::Free(connection), DatabaseRoute::Direct) => {
                query.fetch_all(&mut **connection).await
            }
            (HeldConnection::Transaction(transaction), _) => {
                query.fetch_all(&mut **transaction).await
            }
        }
    }

    /// The one row of a statement without parameters, which needs no preparation.
    pub(super) async fn row(&mut self, text: &'static str) -> sqlx::Result<AnyRow> {
        self.raw().fetch_one(text).await
    }

    /// For what sqlx does by itself.
    pub(super) fn raw(&mut self) -> &mut AnyConnection {
        match &mut self.held {
            HeldConnection::Free(connection) => connection,
            HeldConnection::Transaction(transaction) => transaction,
        }
    }
}

/// A connection whose statements belong together; dropped, it undoes them.
#[derive(Debug)]
pub(super) struct Transaction(Connection);

impl Transaction {
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self.0.held {
            HeldConnection::Free(_) => Ok(()),
            HeldConnection::Transaction(transaction) => transaction.commit().await,
        }
    }

    /// Undoes them.
    pub(super) async fn rollback(self) -> sqlx::Result<()> {
        match self.0.held {
            HeldConnection::Free(_) => Ok(()),
            HeldConnection::Transaction(transaction) => transaction.rollback().await,
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}
