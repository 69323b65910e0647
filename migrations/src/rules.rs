//! Triggers that refuse a change, worded once for SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// A change that the database refuses.
pub(crate) struct Rule {
    pub name: &'static str,
    pub table: &'static str,
    pub on: On,
    /// The condition, over `NEW` and `OLD`; it must mean the same on both databases.
    pub when: &'static str,
    pub says: &'static str,
}

#[derive(Clone, Copy)]
pub(crate) enum On {
    Insert,
    Update,
    InsertOrUpdate,
}

impl On {
    const fn changes(self) -> &'static [&'static str] {
        match self {
            Self::Insert => &["INSERT"],
            Self::Update => &["UPDATE"],
            Self::InsertOrUpdate => &["INSERT", "UPDATE"],
        }
    }
}

/// Refuses what a rule forbids.
pub(crate) async fn refuse(manager: &SchemaManager<'_>, rule: &Rule) -> Result<(), DbErr> {
    let Rule { name, table, on, when, says } = rule;
    let db = manager.get_connection();
    if db.get_database_backend() == DbBackend::Postgres {
        let function = format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN IF ({when}) THEN RAISE EXCEPTION '{says}'; END IF; RETURN NEW; END $$"
        );
        db.execute_unprepared(&function).await?;
        let changes = on.changes().join(" OR ");
        let trigger = format!(
            "CREATE TRIGGER {name} BEFORE {changes} ON {table}
             FOR EACH ROW EXECUTE FUNCTION {name}()"
        );
        db.execute_unprepared(&trigger).await?;
        return Ok(());
    }
    for change in on.changes() {
        let trigger = format!(
            "CREATE TRIGGER {name}_{change} BEFORE {change} ON {table} WHEN {when}
             BEGIN SELECT RAISE(ABORT, '{says}'); END"
        );
        db.execute_unprepared(&trigger).await?;
    }
    Ok(())
}

/// Refuses to change or remove a row.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    forbid(manager, table, &["UPDATE", "DELETE"]).await
}

/// Refuses to remove a row.
pub(crate) async fn keep(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    forbid(manager, table, &["DELETE"]).await
}

async fn forbid(manager: &SchemaManager<'_>, table: &str, changes: &[&str]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if db.get_database_backend() == DbBackend::Postgres {
        // The function came with the first tables of the ledger.
        let trigger = format!(
            "CREATE TRIGGER {table}_stays BEFORE {} ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            changes.join(" OR ")
        );
        db.execute_unprepared(&trigger).await?;
        return no_truncate(manager, table).await;
    }
    for change in changes {
        let trigger = format!(
            "CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
             BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
        );
        db.execute_unprepared(&trigger).await?;
    }
    Ok(())
}

/// Refuses to empty a table: PostgreSQL does that past the triggers of rows.
pub(crate) async fn no_truncate(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let trigger = format!(
        "CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    );
    manager.get_connection().execute_unprepared(&trigger).await?;
    Ok(())
}

/// Refuses `INSERT OR REPLACE`, with which SQLite removes a row past the triggers of deletions.
/// Each of `keys` is a unique column, or several.
pub(crate) async fn never_replaced(
    manager: &SchemaManager<'_>,
    table: &str,
    keys: &[&str],
) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if db.get_database_backend() == DbBackend::Postgres {
        return no_truncate(manager, table).await;
    }
    if keys.is_empty() {
        return Ok(());
    }
    let taken: Vec<String> = keys
        .iter()
        .map(|key| {
            let columns = key.split(", ").map(|column| format!("t.{column} = NEW.{column}"));
            let same = columns.collect::<Vec<_>>().join(" AND ");
            format!("EXISTS (SELECT 1 FROM {table} t WHERE {same})")
        })
        .collect();
    let trigger = format!(
        "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {}
         BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END",
        taken.join(" OR ")
    );
    db.execute_unprepared(&trigger).await?;
    Ok(())
}
