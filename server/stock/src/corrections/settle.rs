//! What is unexplained, and the command that explains it.

use super::CorrectionError;
use crate::access::{Denied, Reader, Writer, scope};
use crate::movements::{AccountRow, holder};
use crate::query::Query;
use crate::records::{RecordTx, Subject, Submission};
use domain::account::{Account, Real};
use domain::ids::{BatchId, MovementId, StoreId};
use domain::records::keeping::Settle;
use domain::role::Permission;
use domain::time::Day;
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A real account whose shadow is not zero.
#[derive(Clone, Debug)]
pub struct Unexplained {
    pub of: Real,
    pub batch: BatchId,
    pub batch_code: String,
    pub material_title: String,
    pub holder: StoreId,
    pub holder_name: String,
    /// Below zero: so many pieces left an account that did not have them. Above zero: explained
    /// twice.
    pub pieces: i64,
    /// The day of the oldest line of the shadow.
    pub since: Day,
}

#[derive(FromQueryResult)]
struct ShadowRow {
    id: i64,
    kind: String,
    owner_id: Uuid,
    channel: String,
    shadow: bool,
    holder_id: Option<Uuid>,
    batch_id: Uuid,
    batch_code: String,
    material_title: String,
    holder_name: String,
    pieces: i64,
    since: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Settled {
    movement: Option<MovementId>,
}

impl Reader<'_> {
    /// Every account that lacked pieces which nobody has explained, the oldest first.
    pub async fn unexplained(&self) -> Result<Vec<Unexplained>, CorrectionError> {
        let rows: Vec<ShadowRow> = Query::new(
            "SELECT a.id, a.kind, a.owner_id, a.channel, a.shadow, a.holder_id, b.batch_id,
                t.code AS batch_code, m.title AS material_title, s.name AS holder_name, b.pieces,
                (SELECT MIN(l.local_day) FROM line l
                    WHERE l.batch_id = b.batch_id AND (l.from_id = a.id OR l.to_id = a.id)) AS since
             FROM balance b JOIN account a ON a.id = b.account_id
             JOIN batch t ON t.id = b.batch_id JOIN material m ON m.id = t.material_id
             JOIN store s ON s.id = a.holder_id
             WHERE a.shadow AND b.pieces <> 0 AND ",
        )
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" ORDER BY since, b.batch_id LIMIT 500")
        .all(self.stock.db.read())
        .await?;
        Ok(rows.into_iter().map(ShadowRow::unexplained).collect::<Result<_, DbErr>>()?)
    }
}

impl ShadowRow {
    fn unexplained(self) -> Result<Unexplained, DbErr> {
        let Self { id, kind, owner_id, channel, shadow, holder_id, .. } = self;
        let account = AccountRow { id, kind, owner_id, channel, shadow, holder_id }.account()?;
        let Account::Unexplained(of) = account else {
            return Err(DbErr::Type(format!("account {id} is not a shadow")));
        };
        Ok(Unexplained {
            of,
            batch: self.batch_id.into(),
            batch_code: self.batch_code,
            material_title: self.material_title,
            holder: StoreId::new(holder_id.unwrap_or_default()),
            holder_name: self.holder_name,
            pieces: self.pieces,
            since: Day(self.since as i32),
        })
    }
}

impl Writer<'_> {
    /// Explains a shortfall: where the pieces had come from. A manager's command.
    pub async fn settle(
        &self,
        submission: Submission,
        body: Settle,
    ) -> Result<Option<MovementId>, CorrectionError> {
        self.require(Permission::Reconcile)?;
        let subject = Subject { kind: "batch", id: body.batch.uuid(), store: None };
        let settled: Settled =
            self.record(submission, subject, body, |tx, body| Box::pin(settle(tx, body))).await?;
        Ok(settled.movement)
    }
}

async fn settle(tx: &RecordTx<'_>, body: &Settle) -> Result<Settled, CorrectionError> {
    for account in [Account::Unexplained(body.of), body.by] {
        require_account(tx, account).await?;
    }
    let draft = body.draft(0, tx.occurred_at);
    let books = tx.load_books(std::slice::from_ref(&draft), &[]).await?;
    let shadow = books.slots.get(&(body.of, body.batch)).map_or(0, |slot| slot.unexplained);
    let posted = tx.post_command(vec![body.draft(shadow, tx.occurred_at)]).await?;
    Ok(Settled { movement: posted.first().map(|posted| posted.id) })
}

/// An account outside the actor's scope does not exist. Printers belong to no store and are open
/// to whoever may settle.
async fn require_account(tx: &RecordTx<'_>, account: Account) -> Result<(), CorrectionError> {
    match holder(tx, account).await? {
        Some(store) => scope::require_store(tx.conn, &tx.actor, store).await,
        None if matches!(account, Account::Printer(_)) => Ok(()),
        None => Err(Denied::NotFound.into()),
    }
}
