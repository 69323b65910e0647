//! What went wrong in the database, told apart.

use super::OpenError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};
use std::error::Error;

/// How often a write is tried again after PostgreSQL found two writers in each other's way.
const TRIES: u32 = 5;

const OUT_OF_TURN: &str = "asked for out of turn";

/// What a record says that would have to wait for something that comes before what it holds.
pub(crate) fn out_of_turn() -> DbErr {
    DbErr::Query(RuntimeErr::Internal(OUT_OF_TURN.to_owned()))
}

pub(super) fn is_out_of_turn(error: &(dyn Error + 'static)) -> bool {
    matches!(runtime_error(error), Some(RuntimeErr::Internal(text)) if text == OUT_OF_TURN)
}

/// Whether PostgreSQL found two writers in each other's way (40001, 40P01): trying again helps. A
/// key that somebody else has just used (23505) is seen when everything is read once more: then
/// the answer is the first result, or the reason in the words of the operation.
pub(super) fn may_try_again(tried: u32, error: &(dyn Error + 'static)) -> bool {
    match sql_state(error).as_deref() {
        Some("40001" | "40P01") => tried < TRIES,
        Some("23505") => tried == 1,
        _ => false,
    }
}

/// PostgreSQL's code for what went wrong: its words are those of the server's language.
fn sql_state(error: &(dyn Error + 'static)) -> Option<String> {
    driver_error(error)?.as_database_error()?.code().map(Into::into)
}

/// What the driver said, inside the errors of a feature.
fn driver_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e sqlx::Error> {
    match runtime_error(error) {
        Some(RuntimeErr::SqlxError(cause)) => Some(cause),
        Some(RuntimeErr::Internal(_)) | None => None,
    }
}

fn runtime_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e RuntimeErr> {
    // An error that passes another one on shows that one's cause, not that one itself.
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(cause) = error.downcast_ref() {
            return Some(cause);
        }
        next = error.source();
    }
    None
}

/// Whether a write failed because `table` already holds this `what`: a unique column, several
/// joined by `_`, or the name of a unique index. The two databases word it differently.
pub(crate) fn is_taken(error: &DbErr, table: &str, what: &str) -> bool {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(text)) => {
            text.contains(&format!("{table}_{what}")) || text.contains(&format!("{table}.{what}"))
        }
        _ => false,
    }
}

/// Whether the database could not be asked: it is gone, it starts or stops, it has just become a
/// copy of another one, or it is too busy. What was sent may be sent again: a record counts once.
pub fn is_out_of_reach(error: &DbErr) -> bool {
    // SQLite's file is held by another program.
    is_gone(error) || is_out_of_turn(error) || error.to_string().contains("(code: 5)")
}

/// The same for PostgreSQL, inside the errors of a feature.
pub(super) fn is_gone(error: &(dyn Error + 'static)) -> bool {
    match driver_error(error) {
        // A door that is shut before it has said a word is called a breach of the protocol.
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed,
        ) => true,
        Some(sqlx::Error::Database(database)) => {
            let code = database.code().unwrap_or_default();
            // Stopped by an operator, after a crash, starting; a standby; too many connections.
            let signs = ["57P01", "57P02", "57P03", "25006", "53300"];
            signs.contains(&&*code) || code.starts_with("08")
        }
        _ => error.is::<ConnAcquireErr>() || error.source().is_some_and(is_gone),
    }
}

/// What a write says that was not answered in time.
pub(super) fn no_answer() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

/// Whether a write failed because there is no room left: a full disk, or a limit of file sizes,
/// which SQLite calls an input/output error.
pub fn is_storage_full(error: &DbErr) -> bool {
    let text = error.to_string();
    sql_state(error).as_deref() == Some("53100")
        || ["(code: 13)", "(code: 778)", "disk is full", "disk I/O error"]
            .iter()
            .any(|sign| text.contains(sign))
}

pub(super) fn damaged(error: DbErr) -> OpenError {
    let text = error.to_string();
    if text.contains("(code: 26)") || text.contains("(code: 11)") || text.contains("malformed") {
        OpenError::Damaged(text)
    } else {
        OpenError::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;
    use std::fmt;
    use std::sync::Arc;

    /// What a server says that speaks German.
    #[derive(Debug)]
    struct German(&'static str);

    impl fmt::Display for German {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Objekt konnte nicht geschrieben werden")
        }
    }

    impl Error for German {}

    impl sqlx::error::DatabaseError for German {
        fn message(&self) -> &str {
            "Objekt konnte nicht geschrieben werden"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }

    fn failed(state: &'static str) -> DbErr {
        let error = sqlx::Error::Database(Box::new(German(state)));
        DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
    }

    #[test]
    fn what_is_tried_again_does_not_hang_on_the_language_of_the_server() {
        for state in ["40001", "40P01"] {
            assert!(may_try_again(1, &failed(state)) && may_try_again(TRIES - 1, &failed(state)));
            assert!(!may_try_again(TRIES, &failed(state)));
        }
        assert!(may_try_again(1, &failed("23505")) && !may_try_again(2, &failed("23505")));
        assert!(!may_try_again(1, &failed("23514")));
        // Inside the errors of a feature, as writes give them.
        let said = crate::keeping::KeepingError::Record(failed("40001").into());
        assert!(may_try_again(1, &said));
        let said = DbErr::Custom("deadlock detected".to_owned());
        assert!(!may_try_again(1, &said));
        let said = crate::keeping::KeepingError::Record(out_of_turn().into());
        assert!(is_out_of_turn(&said) && !is_out_of_turn(&failed("40001")));
    }

    #[test]
    fn a_database_that_cannot_be_asked_is_told_from_one_that_refuses() {
        let broken = sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into());
        assert!(is_out_of_reach(&DbErr::Conn(RuntimeErr::SqlxError(Arc::new(broken)))));
        assert!(is_out_of_reach(&no_answer()));
        let held = DbErr::Custom("error: (code: 5) database is locked".to_owned());
        assert!(is_out_of_reach(&held));
        for state in ["57P01", "57P03", "25006", "08006"] {
            assert!(is_out_of_reach(&failed(state)), "{state}");
        }
        for state in ["53100", "23505", "40001"] {
            assert!(!is_out_of_reach(&failed(state)), "{state}");
        }
        assert!(!is_out_of_reach(&DbErr::Custom("a mistake of ours".to_owned())));
        // Inside the errors of a feature, as writes give them.
        let said = crate::keeping::KeepingError::Record(no_answer().into());
        assert!(is_gone(&said) && !is_gone(&crate::keeping::KeepingError::Empty));
    }

    #[test]
    fn a_full_disk_is_known_in_every_language() {
        assert!(is_storage_full(&failed("53100")) && !is_storage_full(&failed("53200")));
    }
}
