//! What a store answers for, account by account: what something can happen to.

use super::KeepingError;
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::account::Real;
use domain::ids::{BatchId, RunId, StoreId};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Lines that a form offers: the newest, since what was given out over the years is much more.
const MOST: i64 = 500;

/// Where a store has what it answers for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeldAt {
    Store,
    Damaged,
    Lost,
    /// Given out of it, at events and at drops.
    Given,
}

impl HeldAt {
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Store => &["store"],
            Self::Damaged => &["damaged"],
            Self::Lost => &["lost"],
            Self::Given => &["given_event", "given_drop"],
        }
    }
}

/// Pieces of one batch in one account of a store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub account: Real,
    pub batch: BatchId,
    pub batch_code: String,
    pub title: String,
    pub outside_name: String,
    pub short_number: String,
    pub pieces_per_bundle: i64,
    pub bundles_per_carton: i64,
    /// Where it can be handed back to; nothing stood before Tawzi without a printer.
    pub run: Option<(RunId, String)>,
    /// The event or drop where the pieces were given.
    pub occasion: Option<String>,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    owner_id: Uuid,
    channel: String,
    batch_id: Uuid,
    batch_code: String,
    title: String,
    outside_name: String,
    short_number: String,
    pieces_per_bundle: i64,
    bundles_per_carton: i64,
    run_id: Option<Uuid>,
    run_number: Option<String>,
    occasion: Option<String>,
    pieces: i64,
}

impl Reader<'_> {
    /// What stands in a store, is damaged or lost there, or was given out of it: of one batch, or
    /// of all.
    pub async fn held_by(
        &self,
        store: StoreId,
        at: &[HeldAt],
        batch: Option<BatchId>,
    ) -> Result<Vec<Held>, KeepingError> {
        let db = self.stock.db.read();
        scope::require_store::<KeepingError>(db, &self.actor, store).await?;
        let kinds = at.iter().flat_map(|at| at.kinds()).copied();
        let mut query = Query::new(
            "SELECT * FROM (SELECT a.id, a.kind, a.owner_id, a.channel, t.id AS batch_id,
                t.code AS batch_code, m.title, m.outside_name, m.short_number, m.pieces_per_bundle,
                m.bundles_per_carton, p.id AS run_id, p.number AS run_number,
                COALESCE(e.number, d.number) AS occasion, b.pieces, t.arrived_on
             FROM account a JOIN balance b ON b.account_id = a.id AND b.pieces > 0
             JOIN batch t ON t.id = b.batch_id JOIN material m ON m.id = t.material_id
             LEFT JOIN print_run p ON p.id = t.run_id
             LEFT JOIN event e ON a.kind = 'given_event' AND e.id = a.owner_id
             LEFT JOIN drop_off d ON a.kind = 'given_drop' AND d.id = a.owner_id
             WHERE NOT a.shadow AND a.holder_id = ",
        )
        .bind(store.uuid())
        .push(" AND a.kind IN ")
        .list(kinds);
        if let Some(batch) = batch {
            query = query.push(" AND t.id = ").bind(batch.uuid());
        }
        let order = format!(
            " ORDER BY a.id DESC, t.arrived_on DESC, t.code DESC LIMIT {MOST}) AS newest
             ORDER BY short_number, arrived_on, batch_code, id"
        );
        let rows: Vec<Row> = query.push(&order).all(db).await?;
        Ok(rows.into_iter().map(Row::held).collect::<Result<_, DbErr>>()?)
    }
}

impl Row {
    fn held(self) -> Result<Held, DbErr> {
        let account = Real::from_parts(&self.kind, self.owner_id, &self.channel);
        let unknown = || DbErr::Type(format!("no account is of kind {:?}", self.kind));
        Ok(Held {
            account: account.ok_or_else(unknown)?,
            batch: self.batch_id.into(),
            batch_code: self.batch_code,
            title: self.title,
            outside_name: self.outside_name,
            short_number: self.short_number,
            pieces_per_bundle: self.pieces_per_bundle,
            bundles_per_carton: self.bundles_per_carton,
            run: self.run_id.map(RunId::new).zip(self.run_number),
            occasion: self.occasion,
            pieces: self.pieces,
        })
    }
}
