//! What a label says to those to whom what it is stuck on is under way.

use super::find::find;
use super::{DraftError, Summary};
use crate::access::Reader;
use crate::query::Query;
use domain::ids::{BatchId, ConsignmentId, PackId};
use domain::role::Permission;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a label stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Labelled {
    Pack(PackId),
    Batch(BatchId),
}

#[derive(FromQueryResult)]
struct OnTheWay {
    consignment_id: Uuid,
}

impl Labelled {
    fn on_the_way(self) -> Query {
        match self {
            Self::Pack(pack) => Query::new(
                "SELECT a.owner_id AS consignment_id FROM pack p
                 JOIN pack_state s ON s.pack_id = p.id
                 LEFT JOIN pack_state o ON o.pack_id = p.parent_id
                 JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
                 WHERE a.kind = 'in_transit' AND NOT a.shadow AND p.id = ",
            )
            .bind(pack.uuid()),
            Self::Batch(batch) => Query::new(
                "SELECT a.owner_id AS consignment_id FROM balance b
                 JOIN account a ON a.id = b.account_id
                 WHERE a.kind = 'in_transit' AND NOT a.shadow AND b.pieces > 0 AND b.batch_id = ",
            )
            .bind(batch.uuid())
            .push(" ORDER BY a.id"),
        }
    }
}

impl Reader<'_> {
    /// With which consignment it is under way to a store that the actor sees. Whoever holds it in
    /// his hands may know that much; he still counts before he reads what was sent (rule 11).
    pub async fn coming(&self, what: Labelled) -> Result<Option<Summary>, DraftError> {
        let db = self.stock.db.read();
        let found: Vec<OnTheWay> = what.on_the_way().all(db).await?;
        for OnTheWay { consignment_id } in found {
            match find::<DraftError>(db, &self.actor, consignment_id.into()).await {
                Ok(known) if known.sees_to => return Ok(Some(Summary::of(&known))),
                Ok(_) | Err(DraftError::Denied(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The consignments with pieces of a batch that the actor still has to count, whatever else he
    /// sees of them (rule 11).
    pub async fn to_count(&self, batch: BatchId) -> Result<BTreeSet<ConsignmentId>, DbErr> {
        if !self.may(Permission::Deliver) {
            return Ok(BTreeSet::new());
        }
        let query = self
            .visible_consignments()
            .push(
                " AND q.kept_state IN ('dispatched', 'partly_delivered') AND q.id IN
                (SELECT a.owner_id FROM balance b JOIN account a ON a.id = b.account_id
                 WHERE a.kind = 'in_transit' AND NOT a.shadow AND b.pieces > 0 AND b.batch_id = ",
            )
            .bind(batch.uuid())
            .push(")");
        let known = self.known(query).await?;
        Ok(known.into_iter().filter(|known| known.sees_to).map(|known| known.id).collect())
    }
}
