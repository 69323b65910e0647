//! Lists of events, and one by its code.

use super::find::{EventRow, GOODS_HELD, Row, WAITS, find, select, visible};
use super::picture::NOBODY_COUNTED;
use crate::access::{Denied, Reader};
use crate::query::Query;
use domain::events::EventState;
use domain::ids::{EventId, OrgId};
use domain::role::PlaceCode;
use domain::time::{Day, Month};
use sea_orm::{ConnectionTrait, DbErr};

/// Which events to list; empty is all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EventFilter {
    /// By the day it was held on, else by the planned one.
    pub month: Option<Month>,
    pub province: Option<PlaceCode>,
    pub state: Option<EventState>,
    pub org: Option<OrgId>,
    /// Only events of which a sheet, or goods that could not be booked, wait for a decision.
    pub waiting: bool,
    /// Only those that were held and of which nobody said who came.
    pub uncounted: bool,
    /// Only those where two statements about the same people stand.
    pub counted_twice: bool,
    /// Only those that come after this one in the list: the next page.
    pub after: Option<EventId>,
}

/// The most events that somebody should still tell of, in one list.
const MOST_UNTOLD: i64 = 500;

pub(super) fn in_province(query: Query, province: &PlaceCode) -> Query {
    query
        .push(" AND (p.code = ")
        .bind(province.as_str())
        .push(" OR p.parent_code = ")
        .bind(province.as_str())
        .push(")")
}

fn in_month(query: Query, month: Month) -> Query {
    query
        .push(" AND COALESCE(e.held_on, e.planned_on) BETWEEN ")
        .bind(i64::from(month.first_day().0))
        .push(" AND ")
        .bind(i64::from(month.last_day().0))
}

fn in_state(query: Query, state: EventState, today: Day) -> Query {
    let today = i64::from(today.0);
    match state {
        EventState::Held => query.push(" AND e.held_on IS NOT NULL"),
        EventState::Cancelled => {
            query.push(" AND e.cancelled_at IS NOT NULL AND e.held_on IS NULL")
        }
        EventState::Planned => query.push(UNTOLD).push(" AND e.planned_on >= ").bind(today),
        EventState::SheetMissing => query.push(UNTOLD).push(" AND e.planned_on < ").bind(today),
    }
}

/// Nobody has said that it was held, and it was not cancelled: few events, with an index of their
/// own.
pub(super) const UNTOLD: &str = " AND e.held_on IS NULL AND e.cancelled_at IS NULL";

impl Reader<'_> {
    /// The events that the actor may know of, the latest first, and at most so many.
    pub async fn events(&self, filter: &EventFilter, most: usize) -> Result<Vec<EventRow>, DbErr> {
        let today = self.stock.world.now().day();
        let mut query = select(&self.actor, today);
        if let Some(month) = filter.month {
            query = in_month(query, month);
        }
        if let Some(province) = &filter.province {
            query = in_province(query, province);
        }
        if let Some(org) = filter.org {
            query = query.push(" AND e.org_id = ").bind(org.uuid());
        }
        if let Some(state) = filter.state {
            query = in_state(query, state, today);
        }
        if let Some(after) = filter.after {
            // An event of which the actor does not know is no place to go on from, exactly like
            // one that does not exist.
            query = query
                .push(" AND (e.planned_on, e.number) < (SELECT e.planned_on, e.number")
                .push(" FROM event e WHERE e.id = ")
                .bind(after.uuid())
                .push(" AND ");
            query = visible(query, &self.actor, today).push(")");
        }
        if filter.waiting {
            query = query.push(&format!(
                " AND (EXISTS (SELECT 1 FROM event_sheet s WHERE s.event_id = e.id AND {WAITS})
                    OR EXISTS (SELECT 1 FROM {GOODS_HELD}))"
            ));
        }
        if filter.uncounted {
            query = query.push(&format!(" AND e.held_on IS NOT NULL AND {NOBODY_COUNTED}"));
        }
        if filter.counted_twice {
            query = query.push(" AND e.counted_twice");
        }
        let rows: Vec<Row> = query
            .push(&format!(" ORDER BY e.planned_on DESC, e.number DESC LIMIT {most}"))
            .all(self.stock.db.read())
            .await?;
        Ok(rows.into_iter().map(|row| row.event(today)).collect())
    }

    /// Events up to this day of which nobody has said yet that they were held, the next first.
    pub(crate) async fn untold_events(&self, until: Day) -> Result<Vec<EventRow>, DbErr> {
        let today = self.stock.world.now().day();
        let rows: Vec<Row> = select(&self.actor, today)
            .push(UNTOLD)
            .push(" AND e.planned_on <= ")
            .bind(i64::from(until.0))
            .push(&format!(" ORDER BY e.planned_on, e.number LIMIT {MOST_UNTOLD}"))
            .all(self.stock.db.read())
            .await?;
        Ok(rows.into_iter().map(|row| row.event(today)).collect())
    }

    /// One event, if the actor may know of it.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, DbErr> {
        let today = self.stock.world.now().day();
        found(self.stock.db.read(), &self.actor, today, id).await
    }
}

#[derive(Debug, thiserror::Error)]
enum FindError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

async fn found(
    db: &impl ConnectionTrait,
    actor: &domain::role::Actor,
    today: Day,
    id: EventId,
) -> Result<Option<EventRow>, DbErr> {
    match find::<FindError>(db, actor, today, id).await {
        Ok(event) => Ok(Some(event)),
        Err(FindError::Denied(_)) => Ok(None),
        Err(FindError::Database(error)) => Err(error),
    }
}
