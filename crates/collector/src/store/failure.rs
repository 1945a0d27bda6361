//! What a failure of the database is about.

use super::StoreError;

/// Whether trying this again one by one could save the others of a batch: not where the disk or the
/// connection is at fault.
pub(super) fn is_about_a_row(error: &StoreError) -> bool {
    let StoreError::Database(sqlx::Error::Database(error)) = error else {
        return matches!(error, StoreError::Corrupt(_));
    };
    // SQLITE_FULL, SQLITE_IOERR and its kin, SQLITE_BUSY, SQLITE_READONLY; PostgreSQL's classes of
    // connections, transactions that may not write, logins, databases, rights, resources and interventions.
    let code = error.code().unwrap_or_default();
    let sqlite = code.parse::<u32>().ok().filter(|_| code.len() != 5).map(|code| code & 0xff);
    !matches!(sqlite, Some(5 | 6 | 8 | 10 | 13 | 14))
        && !["08", "25", "28", "3D", "42", "53", "57", "58"]
            .iter()
            .any(|class| code.len() == 5 && code.starts_with(class))
}

/// The database says that it is damaged, or made a mistake: SQLITE_CORRUPT and SQLITE_NOTADB, PostgreSQL's class XX. Other
/// rows than that at which it was seen may still be written.
pub(super) fn is_damage(error: &StoreError) -> bool {
    let StoreError::Database(sqlx::Error::Database(error)) = error else { return false };
    let code = error.code().unwrap_or_default();
    if code.len() == 5 {
        return code.starts_with("XX");
    }
    matches!(code.parse::<u32>().map(|code| code & 0xff), Ok(11 | 26))
}

/// A name of the catalog is no longer there: somebody erased the last response that it was about.
pub(super) fn is_stale_catalog(error: &StoreError) -> bool {
    matches!(error, StoreError::StaleCatalog)
        || matches!(error, StoreError::Database(sqlx::Error::Database(error)) if error.is_foreign_key_violation())
}
