//! In whose hands the pieces were at the end of a month.

use super::bulletin::MonthError;
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::role::Permission;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};

/// Pieces on hand at the end of a month, by where they were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct InHands {
    pub in_store: i64,
    pub in_transit: i64,
    pub at_events: i64,
    pub damaged: i64,
}

#[derive(FromQueryResult)]
struct KindRow {
    kind: String,
    pieces: i64,
}

impl InHands {
    pub const fn total(&self) -> i64 {
        self.in_store + self.in_transit + self.at_events + self.damaged
    }

    fn add(&mut self, kind: &str, pieces: i64) -> Result<(), DbErr> {
        let place = match kind {
            "store" => &mut self.in_store,
            "in_transit" => &mut self.in_transit,
            "at_event" => &mut self.at_events,
            "damaged" => &mut self.damaged,
            other => return Err(DbErr::Type(format!("{other:?} is in nobody's hands"))),
        };
        *place += pieces;
        Ok(())
    }
}

impl Reader<'_> {
    /// Where the pieces of visible holders were at the end of a month: the balances of today,
    /// counted back over the lines of later months, which are few for a month that is looked at.
    pub async fn in_hands(&self, month: Month) -> Result<InHands, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let db = self.stock.db.read();
        let today: Vec<KindRow> = Query::new(
            "SELECT a.kind, CAST(SUM(b.pieces) AS BIGINT) AS pieces
             FROM balance b JOIN account a ON a.id = b.account_id
             WHERE b.on_hand AND b.pieces <> 0 AND ",
        )
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" GROUP BY a.kind")
        .all(db)
        .await?;
        let side = |mine: &str, sign: &str| {
            format!(
                "SELECT a.kind, a.holder_id, {sign}l.pieces AS pieces
                 FROM movement m JOIN line l ON l.movement_id = m.id
                 JOIN account a ON a.id = l.{mine} WHERE NOT a.shadow
                    AND a.kind IN ('store', 'in_transit', 'at_event', 'damaged')
                    AND m.booked_month > "
            )
        };
        let later: Vec<KindRow> =
            Query::new("SELECT x.kind, CAST(SUM(x.pieces) AS BIGINT) AS pieces FROM (")
                .push(&side("to_id", ""))
                .bind(i64::from(month.0))
                .push(" UNION ALL ")
                .push(&side("from_id", "-"))
                .bind(i64::from(month.0))
                .push(") x WHERE ")
                .condition(|next| scope::stores(&self.actor, "x.holder_id", next))
                .push(" GROUP BY x.kind")
                .all(db)
                .await?;
        let mut hands = InHands::default();
        for row in &today {
            hands.add(&row.kind, row.pieces)?;
        }
        for row in &later {
            hands.add(&row.kind, -row.pieces)?;
        }
        Ok(hands)
    }
}
