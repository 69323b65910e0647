//! What is kept with events and consignments, against what was recorded about them.

use super::{Check, Finding};
use crate::consignments;
use crate::db::one;
use crate::events::held_on;
use domain::time::Day;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Wrong {
    id: Uuid,
    expected: Option<i64>,
    found: Option<i64>,
}

pub(super) async fn stand_where_their_records_say(
    db: &DatabaseTransaction,
) -> Result<Option<Finding>, DbErr> {
    if let Some(event) = held_on_another_day(db).await? {
        return Ok(Some(event));
    }
    Ok(consignments::first_wrong(db).await?.map(|known| Finding {
        check: Check::Documents,
        row: format!("consignment {}", known.id),
        expected: format!("{}, as its records say", known.state().as_str()),
        found: "another state, departure or paper".to_owned(),
    }))
}

async fn held_on_another_day(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let text = format!(
        "SELECT x.id, x.expected, x.found FROM (
            SELECT e.id, {} AS expected, e.held_on AS found FROM event e
         ) x WHERE x.expected IS DISTINCT FROM x.found ORDER BY x.id LIMIT 1",
        held_on()
    );
    let wrong: Option<Wrong> = one(db, &text, []).await?;
    let day = |day: Option<i64>| match day.and_then(|day| i32::try_from(day).ok()) {
        Some(day) => format!("held on {}", Day(day)),
        None => "not held".to_owned(),
    };
    Ok(wrong.map(|wrong| Finding {
        check: Check::Documents,
        row: format!("event {}", wrong.id),
        expected: day(wrong.expected),
        found: day(wrong.found),
    }))
}
