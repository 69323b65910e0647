//! Who holds a recalled edition, and what has been done about it.

use super::RecallError;
use crate::access::{Denied, Reader, scope};
use crate::query::Query;
use domain::ids::{MaterialId, RecordId};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// One recall, for the list of recalls.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Recall {
    pub record_id: Uuid,
    pub material_id: Uuid,
    pub short_number: String,
    pub title: String,
    pub edition: String,
    pub mode: String,
    pub called_at: i64,
    pub over: bool,
}

/// A store that holds, or held, pieces of the edition since the recall.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RecallHolder {
    pub store_id: Uuid,
    pub store_name: String,
    pub org_name: String,
    /// In store, at events and under way from this store, in pieces.
    pub pieces: i64,
    pub told_how: Option<String>,
    pub told_at: Option<i64>,
    pub stopped_at: Option<i64>,
    /// Disposed of by this store since the recall, in pieces.
    pub destroyed: i64,
    /// Sent away from this store since the recall, in pieces.
    pub returned: i64,
}

const RECALLS: &str = "SELECT c.record_id, c.material_id, m.short_number, m.title, m.edition,
        c.mode, c.called_at, c.ended_by IS NOT NULL AS over
     FROM recall c JOIN material m ON m.id = c.material_id";

impl Reader<'_> {
    pub async fn recalls(&self) -> Result<Vec<Recall>, DbErr> {
        Query::new(RECALLS)
            .push(" ORDER BY over, c.called_at DESC LIMIT 100")
            .all(self.stock.db.read())
            .await
    }

    /// The recall of an edition, while it lasts.
    pub async fn recall_of(&self, material: MaterialId) -> Result<Option<Recall>, DbErr> {
        Query::new(RECALLS)
            .push(" WHERE c.ended_by IS NULL AND c.material_id = ")
            .bind(material.uuid())
            .one(self.stock.db.read())
            .await
    }

    /// A recall with every visible holder, the largest first.
    pub async fn recall_holders(
        &self,
        recall: RecordId,
    ) -> Result<(Recall, Vec<RecallHolder>), RecallError> {
        let db = self.stock.db.read();
        let found: Option<Recall> =
            Query::new(RECALLS).push(" WHERE c.record_id = ").bind(recall.uuid()).one(db).await?;
        let found = found.ok_or(Denied::NotFound)?;
        let holders = Query::new(
            "SELECT s.id AS store_id, s.name AS store_name, o.name AS org_name,
                CAST(SUM(CASE WHEN b.on_hand AND a.kind <> 'damaged' THEN b.pieces ELSE 0 END)
                    AS BIGINT) AS pieces,
                (SELECT p.how FROM recall_step p WHERE p.recall_id = ",
        )
        .bind(recall.uuid())
        .push(
            " AND p.store_id = s.id AND p.step = 'told' ORDER BY p.done_at DESC LIMIT 1)
                AS told_how,
                (SELECT MAX(p.done_at) FROM recall_step p WHERE p.recall_id = ",
        )
        .bind(recall.uuid())
        .push(
            " AND p.store_id = s.id AND p.step = 'told') AS told_at,
                (SELECT MAX(p.done_at) FROM recall_step p WHERE p.recall_id = ",
        )
        .bind(recall.uuid())
        .push(
            " AND p.store_id = s.id AND p.step = 'stopped') AS stopped_at,
                CAST(COALESCE(SUM((SELECT SUM(l.pieces) FROM line l
                    WHERE l.to_id = a.id AND a.kind = 'disposed' AND l.batch_id = b.batch_id
                        AND l.occurred_at >= ",
        )
        .bind(found.called_at)
        .push(
            ")), 0) AS BIGINT) AS destroyed,
                CAST(COALESCE(SUM((SELECT SUM(l.pieces) FROM line l
                    WHERE l.to_id = a.id AND a.kind = 'in_transit' AND l.batch_id = b.batch_id
                        AND l.occurred_at >= ",
        )
        .bind(found.called_at)
        .push(
            ")), 0) AS BIGINT) AS returned
             FROM batch t JOIN balance b ON b.batch_id = t.id
             JOIN account a ON a.id = b.account_id AND NOT a.shadow
             JOIN store s ON s.id = a.holder_id JOIN org o ON o.id = s.org_id
             WHERE t.material_id = ",
        )
        .bind(found.material_id)
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(" GROUP BY s.id, s.name, o.name ORDER BY pieces DESC, s.name")
        .all(db)
        .await?;
        Ok((found, holders))
    }
}
