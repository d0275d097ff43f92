//! What a store looks like inside, and how an older one becomes a newer one.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::error::{FeedbackError, of_store};
use super::store::Opening;

/// Marks SQLite files that are stores of ours ("AMFB").
const APPLICATION: i64 = 0x414D_4642;

/// What leads from each version to the next, version 0 being an empty file. Those that were released never
/// change; a change of the schema is a line more.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// Opens the store at `path` and brings it to the newest version.
pub(super) fn connect(path: &Path, how: &Opening) -> Result<Connection, FeedbackError> {
    connect_as(path, how, MIGRATIONS)
}

pub(super) fn connect_as(
    path: &Path,
    how: &Opening,
    migrations: &[&str],
) -> Result<Connection, FeedbackError> {
    let file = || path.display().to_string();
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(FeedbackError::Open { file: file(), why: "it is a folder".to_owned() });
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound && !how.create => {
            return Err(FeedbackError::Missing { file: file() });
        }
        _ => {}
    }
    let flags = match (how.read_only, how.create) {
        (true, _) => OpenFlags::SQLITE_OPEN_READ_ONLY,
        (false, false) => OpenFlags::SQLITE_OPEN_READ_WRITE,
        (false, true) => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let fail = of_store(path, how.wait);
    let mut connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(&fail)?;
    connection.busy_timeout(how.wait).map_err(&fail)?;
    // Where two processes make the same store, SQLite gives one of them up at once rather than let it wait.
    let since = Instant::now();
    loop {
        match prepare(&mut connection, path, how, migrations) {
            Err(Failure::Sqlite(e)) if is_busy(&e) && since.elapsed() < how.wait => {
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(Failure::Sqlite(e)) => return Err(fail(e)),
            Err(Failure::Ours(e)) => return Err(e),
            Ok(()) => return Ok(connection),
        }
    }
}

enum Failure {
    Sqlite(rusqlite::Error),
    Ours(FeedbackError),
}

impl From<rusqlite::Error> for Failure {
    fn from(e: rusqlite::Error) -> Self {
        Self::Sqlite(e)
    }
}

fn is_busy(e: &rusqlite::Error) -> bool {
    matches!(e.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Nothing is written before it is known that the file is ours, or empty.
fn prepare(
    connection: &mut Connection,
    path: &Path,
    how: &Opening,
    migrations: &[&str],
) -> Result<(), Failure> {
    let file = || path.display().to_string();
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    // In one transaction: another process may be making the store.
    let found = version(&*connection.transaction()?)?;
    let found = found.ok_or_else(|| Failure::Ours(FeedbackError::NotAStore { file: file() }))?;
    if found > known {
        return Err(Failure::Ours(FeedbackError::Newer { file: file(), found, known }));
    }
    if found == 0 && !how.create {
        return Err(Failure::Ours(FeedbackError::Missing { file: file() }));
    }
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    // KiB: room for the index of ids while a million events are imported.
    connection.pragma_update(None, "cache_size", -131_072)?;
    // A log that a large import left long is cut back to this many bytes.
    connection.pragma_update(None, "journal_size_limit", 1 << 24)?;
    let read_only = connection.is_readonly("main")?;
    if read_only {
        return if found < known {
            Err(Failure::Ours(FeedbackError::Older { file: file(), found, known }))
        } else {
            Ok(())
        };
    }
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let why = format!("its file system takes no write-ahead log, but {mode}");
        return Err(Failure::Ours(FeedbackError::Open { file: file(), why }));
    }
    if found < known {
        migrate(connection, migrations)?;
    }
    Ok(())
}

/// The version of a store, 0 of an empty file, none of something else; to be asked within a transaction.
fn version(connection: &Connection) -> Result<Option<i64>, rusqlite::Error> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (application, version, tables) {
        (0, 0, 0) => Some(0),
        (APPLICATION, 1.., _) => Some(version),
        _ => None,
    })
}

/// All steps that are missing, in one transaction.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let found = version(&transaction)?.and_then(|v| usize::try_from(v).ok()).unwrap_or(usize::MAX);
    for step in migrations.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    if found < migrations.len() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(
            None,
            "user_version",
            i64::try_from(migrations.len()).unwrap_or(i64::MAX),
        )?;
    }
    transaction.commit()
}
