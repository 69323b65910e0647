//! What the label on a pack says to those to whom it is under way.

use super::find::find;
use super::{DraftError, Summary};
use crate::access::Reader;
use crate::query::Query;
use domain::ids::PackId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct OnTheWay {
    consignment_id: Uuid,
}

impl Reader<'_> {
    /// With which consignment a pack is under way to a store that the actor sees. Whoever holds
    /// the pack in his hands may know that much; he still counts before he reads what was sent
    /// (rule 11).
    pub async fn coming(&self, pack: PackId) -> Result<Option<Summary>, DraftError> {
        let db = self.stock.db.read();
        let found: Option<OnTheWay> = Query::new(
            "SELECT a.owner_id AS consignment_id FROM pack p
             JOIN pack_state s ON s.pack_id = p.id
             LEFT JOIN pack_state o ON o.pack_id = p.parent_id
             JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
             WHERE a.kind = 'in_transit' AND NOT a.shadow AND p.id = ",
        )
        .bind(pack.uuid())
        .one(db)
        .await?;
        let Some(OnTheWay { consignment_id }) = found else { return Ok(None) };
        match find::<DraftError>(db, &self.actor, consignment_id.into()).await {
            Ok(known) => Ok(known.sees_to.then(|| Summary::of(&known))),
            Err(DraftError::Denied(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
