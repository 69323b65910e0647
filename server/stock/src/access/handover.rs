//! When someone leaves, what they had open goes to a successor.

use super::audit::{self, Action};
use super::people::PersonError;
use super::{Denied, Reader, Writer};
use crate::db::{all, one, run};
use crate::query::Query;
use crate::tasks::{self, Task};
use domain::ids::UserId;
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a person leaves behind.
#[derive(Clone, Debug)]
pub struct LeftBehind {
    pub tasks: Vec<Task>,
    pub drafts: Vec<DraftEntry>,
}

#[derive(Clone, Debug)]
pub struct DraftEntry {
    pub id: Uuid,
    /// The path of the form.
    pub page: String,
    /// The number of the paper that the path names, if it names one.
    pub number: Option<String>,
    pub created_at: Millis,
}

impl Reader<'_> {
    /// A person's open tasks and unfinished forms: one's own, or anyone's for an administrator.
    pub async fn left_behind(&self, person: UserId) -> Result<LeftBehind, PersonError> {
        if person != self.actor.user {
            self.require_role(Permission::ManageAccounts)?;
        }
        let tasks = tasks::of_person(self.stock.db.read(), person).await?;
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            page: String,
            created_at: i64,
        }
        let text = "SELECT id, page, created_at FROM draft \
            WHERE person_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id";
        let values = [person.uuid().into(), self.stock.world.now().0.into()];
        let rows: Vec<Row> = all(self.stock.db.read(), text, values).await?;
        let numbers = self.numbers(rows.iter().filter_map(|row| named(&row.page))).await?;
        let entry = |row: Row| DraftEntry {
            id: row.id,
            number: named(&row.page).and_then(|id| numbers.get(&id).cloned()),
            page: row.page,
            created_at: Millis(row.created_at),
        };
        Ok(LeftBehind { tasks, drafts: rows.into_iter().map(entry).collect() })
    }

    /// The numbers of papers, by id.
    async fn numbers(
        &self,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<BTreeMap<Uuid, String>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            number: String,
        }
        let ids: BTreeSet<Uuid> = ids.collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut query = Query::new("");
        for (n, (table, id)) in PAPERS.into_iter().enumerate() {
            let union = if n == 0 { "" } else { " UNION ALL " };
            query = query
                .push(&format!("{union}SELECT {id} AS id, number FROM {table} WHERE {id} IN "))
                .list(ids.iter().copied());
        }
        let rows: Vec<Row> = query.all(self.stock.db.read()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
    }
}

/// What has a number and a page with forms on it, and the column of its id.
const PAPERS: [(&str, &str); 5] = [
    ("consignment", "id"),
    ("event", "id"),
    ("print_run", "id"),
    ("receipt", "record_id"),
    ("first_count", "record_id"),
];

/// The id in the path of a form.
fn named(page: &str) -> Option<Uuid> {
    page.split(['/', '?']).find_map(|part| part.parse().ok())
}

impl Writer<'_> {
    /// Gives a person's open tasks and unfinished forms to somebody of the same organisation.
    pub async fn hand_over(&self, from: UserId, to: UserId) -> Result<(), PersonError> {
        self.require(Permission::ManageAccounts)?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    #[derive(FromQueryResult)]
                    struct Row {
                        fits: i64,
                    }
                    let text = "SELECT CAST(COUNT(*) AS BIGINT) AS fits FROM person a \
                        JOIN person b ON b.org_id = a.org_id \
                        WHERE a.id = $1 AND b.id = $2 AND a.id <> b.id AND b.retired_at IS NULL";
                    let values = [from.uuid().into(), to.uuid().into()];
                    let row: Option<Row> = one(tx, text, values).await?;
                    if row.is_none_or(|row| row.fits == 0) {
                        return Err(Denied::NotFound.into());
                    }
                    tasks::hand_over(tx, from, to).await?;
                    let text = "UPDATE draft SET person_id = $2 WHERE person_id = $1";
                    run(tx, text, [from.uuid().into(), to.uuid().into()]).await?;
                    let (subject, detail) = (from.to_string(), to.to_string());
                    audit::log(tx, now, Some(by), Action::Handed, &subject, &detail).await?;
                    Ok::<_, PersonError>(())
                })
            })
            .await
    }
}
