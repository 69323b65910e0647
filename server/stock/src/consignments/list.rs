//! Lists: all consignments, and what is on the road for how long.

use super::find::{Known, KnownRow, StoreRef, select};
use crate::access::{Reader, scope};
use crate::query::Query;
use domain::code::Code;
use domain::consignment::State;
use domain::ids::{ConsignmentId, StoreId};
use domain::time::Millis;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

/// Rows a page.
const PAGE: usize = 50;

/// What a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    /// Sender or receiver.
    pub store: Option<StoreId>,
    /// Those made before this one: the next page.
    pub before: Option<ConsignmentId>,
}

/// A consignment as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Summary {
    pub id: ConsignmentId,
    pub code: Code,
    pub number: String,
    pub from: StoreRef,
    pub to: StoreRef,
    pub state: State,
    pub made_at: Millis,
    pub dispatched_at: Option<Millis>,
    /// Pieces on the road; `None` for a receiver who has not counted yet.
    pub in_transit: Option<i64>,
    pub extra: Option<i64>,
    /// Deliveries that somebody has to confirm.
    pub to_confirm: i64,
    /// Whether the actor stands on the receiver's side and may count something in.
    pub receives: bool,
}

/// A consignment on the road.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InTransit {
    pub consignment: Summary,
    /// Whole days since it left.
    pub days: i32,
}

impl Summary {
    pub(super) fn of(known: &Known) -> Self {
        let shown = |pieces: i64| known.sees_sent().then_some(pieces);
        Self {
            id: known.id,
            code: known.code,
            number: known.number.clone(),
            from: known.from.clone(),
            to: known.to.clone(),
            state: known.state(),
            made_at: known.made_at,
            dispatched_at: known.dispatched.map(|(at, _)| at),
            in_transit: shown(known.facts.in_transit),
            extra: shown(known.facts.extra),
            to_confirm: known.facts.to_confirm,
            receives: known.sees_to && known.state().receives(),
        }
    }

    /// Pieces that did not come although the receiver waits for nothing more.
    pub fn missing(&self) -> i64 {
        match self.state {
            State::Delivered => self.in_transit.unwrap_or(0),
            State::Draft
            | State::Cancelled
            | State::Dispatched
            | State::PartlyDelivered
            | State::Closed => 0,
        }
    }
}

impl Reader<'_> {
    /// The newest consignments that the actor may know of, and whether there are more.
    pub async fn consignments(&self, filter: Filter) -> Result<(Vec<Summary>, bool), DbErr> {
        let mut query = self.visible_consignments();
        if let Some(state) = filter.state {
            query = query.push(" AND q.kept_state = ").bind(state.as_str());
        }
        if let Some(store) = filter.store {
            query = query
                .push(" AND (q.from_store_id = ")
                .bind(store.uuid())
                .push(" OR q.to_store_id = ")
                .bind(store.uuid())
                .push(")");
        }
        if let Some(before) = filter.before {
            query = self.one_of_them(query.push(" AND (q.made_at, q.id) < "), "made_at", before);
        }
        let limit = format!(" ORDER BY q.made_at DESC, q.id DESC LIMIT {}", PAGE + 1);
        let mut summaries = self.summaries(query.push(&limit)).await?;
        let more = summaries.len() > PAGE;
        summaries.truncate(PAGE);
        Ok((summaries, more))
    }

    /// One consignment as lists show it, if the actor may know of it.
    pub async fn consignment_summary(&self, id: ConsignmentId) -> Result<Option<Summary>, DbErr> {
        let query = self.visible_consignments().push(" AND q.id = ").bind(id.uuid());
        Ok(self.summaries(query).await?.pop())
    }

    /// Everything that is on the road, the oldest first.
    pub async fn in_transit(&self) -> Result<Vec<InTransit>, DbErr> {
        let query = self
            .visible_consignments()
            .push(" AND q.kept_state IN ('dispatched', 'partly_delivered', 'delivered')")
            .push(" AND q.in_transit > 0 ORDER BY q.left_at, q.id LIMIT 500");
        let today = self.stock.world.now().day();
        let summaries = self.summaries(query).await?;
        Ok(summaries
            .into_iter()
            .map(|consignment| {
                let left = consignment.dispatched_at.map_or(today, Millis::day);
                InTransit { days: today.0 - left.0, consignment }
            })
            .collect())
    }

    /// `SELECT … FROM … q WHERE` the actor may know of it: the receiver learns of it when it
    /// leaves.
    pub(super) fn visible_consignments(&self) -> Query {
        let query = Query::new("SELECT * FROM (").push(&select()).push(") q WHERE ");
        scope::consignments(query, &self.actor, "q")
    }

    /// Where a page of a list ended, by `column` and id: nowhere when the actor may not know of it,
    /// exactly as when there is no such consignment.
    pub(super) fn one_of_them(&self, query: Query, column: &str, id: ConsignmentId) -> Query {
        let query =
            query.push(&format!("(SELECT o.{column}, o.id FROM consignment o WHERE o.id = "));
        scope::consignments(query.bind(id.uuid()).push(" AND "), &self.actor, "o").push(")")
    }

    pub(super) async fn known(&self, query: Query) -> Result<Vec<Known>, DbErr> {
        let rows: Vec<KnownRow> = query.all(self.stock.db.read()).await?;
        let seen = self.visible_stores().await?;
        rows.into_iter().map(|row| row.known(&seen)).collect()
    }

    async fn summaries(&self, query: Query) -> Result<Vec<Summary>, DbErr> {
        Ok(self.known(query).await?.iter().map(Summary::of).collect())
    }
}
