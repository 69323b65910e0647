//! What was on hand at the end of a month, and in whose hands.

use super::behind::What;
use super::bulletin::MonthError;
use super::statement::Whose;
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::ids::StoreId;
use domain::role::Permission;
use domain::statement::Hand;
use domain::time::Month;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Pieces on hand at the end of a month, by where they were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct InHands {
    pub in_store: i64,
    pub in_transit: i64,
    pub at_events: i64,
    pub damaged: i64,
}

/// What a holder had of a material in one hand before a month and at its end.
#[derive(FromQueryResult)]
pub(super) struct ClosingRow {
    #[sea_orm(nested)]
    pub whose: Whose,
    pub hand: String,
    pub opening: i64,
    pub closing: i64,
}

impl InHands {
    pub const fn total(&self) -> i64 {
        self.in_store + self.in_transit + self.at_events + self.damaged
    }

    pub(super) const fn add(&mut self, hand: Hand, pieces: i64) {
        let place = match hand {
            Hand::InStore => &mut self.in_store,
            Hand::InTransit => &mut self.in_transit,
            Hand::AtEvent => &mut self.at_events,
            Hand::Damaged => &mut self.damaged,
        };
        *place += pieces;
    }
}

impl ClosingRow {
    pub fn hand(&self) -> Result<Hand, DbErr> {
        let hand = Hand::parse(&self.hand);
        hand.ok_or_else(|| DbErr::Type(format!("{:?} is in nobody's hands", self.hand)))
    }
}

/// What the key `k` had at the end of a month; the month follows, then [`CLOSED`].
const CLOSING: &str = "(SELECT c.pieces FROM month_closing c WHERE c.holder_id = k.holder_id
    AND c.material_id = k.material_id AND c.hand = k.hand AND c.booked_month <= ";
const CLOSED: &str = " ORDER BY c.booked_month DESC LIMIT 1)";

/// The latest closing of the key `k`.
pub(super) const LATEST: &str = "(SELECT c.pieces FROM month_closing c
    WHERE c.holder_id = k.holder_id AND c.material_id = k.material_id AND c.hand = k.hand
    ORDER BY c.booked_month DESC LIMIT 1)";

impl Reader<'_> {
    /// Where the pieces of visible holders were at the end of a month.
    pub async fn in_hands(&self, month: Month) -> Result<InHands, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let mut hands = InHands::default();
        for row in self.closings(self.stock.db.read(), month, None, What::Everything).await? {
            hands.add(row.hand()?, row.closing);
        }
        Ok(hands)
    }

    /// The closings of the month before and of the month, for visible holders.
    pub(super) async fn closings(
        &self,
        db: &impl ConnectionTrait,
        month: Month,
        store: Option<StoreId>,
        what: What,
    ) -> Result<Vec<ClosingRow>, DbErr> {
        let query = Query::new(
            "SELECT s.id AS store_id, s.name AS store_name, s.place_code, n.id AS material_id,
                n.short_number, n.title, k.hand, ",
        )
        .push(CLOSING)
        .bind(i64::from(month.previous().0))
        .push(CLOSED)
        .push(" AS opening, ")
        .push(CLOSING)
        .bind(i64::from(month.0))
        .push(CLOSED)
        .push(
            " AS closing FROM month_closing k JOIN store s ON s.id = k.holder_id
             JOIN material n ON n.id = k.material_id WHERE k.booked_month = 0",
        );
        let query = match store {
            Some(store) => query.push(" AND k.holder_id = ").bind(store.uuid()),
            None => query,
        };
        what.narrow(query)
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "k.holder_id", next))
            .all(db)
            .await
    }
}
