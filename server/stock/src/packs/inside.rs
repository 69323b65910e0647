//! The sealed bundles that lie in a carton, when somebody counts what is in it.

use super::PackState;
use crate::query::Query;
use domain::ids::PackId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    nominal: i64,
}

pub(super) struct Inside {
    pub bundles: Vec<PackId>,
    promised: i64,
}

impl Inside {
    pub async fn of(db: &impl ConnectionTrait, carton: PackId) -> Result<Self, DbErr> {
        let rows: Vec<Row> = Query::new(
            "SELECT p.id, p.nominal FROM pack p JOIN pack_state s ON s.pack_id = p.id
             WHERE s.account_id IS NULL AND s.state = 'sealed' AND p.parent_id = ",
        )
        .bind(carton.uuid())
        .push(" ORDER BY p.number, p.id")
        .all(db)
        .await?;
        let bundles = rows.iter().map(|row| row.id.into()).collect();
        Ok(Self { bundles, promised: rows.iter().map(|row| row.nominal).sum() })
    }

    /// What becomes of the bundles where so many pieces were found: of too few, nobody knows which
    /// ones are whole.
    pub fn state(&self, found: i64) -> PackState {
        match found {
            0 => PackState::Empty,
            found if found < self.promised => PackState::Check,
            _ => PackState::Sealed,
        }
    }
}
