//! What is kept with batches, events and consignments, against what was recorded about them.

use super::{Check, Finding};
use crate::consignments;
use crate::db::one;
use crate::events::picture::{self, held_on};
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
    if let Some((event, expected, found)) = picture::first_wrong(db).await? {
        let row = format!("event {event}");
        return Ok(Some(Finding { check: Check::Documents, row, expected, found }));
    }
    if let Some(batch) = printed_something_else(db).await? {
        return Ok(Some(batch));
    }
    Ok(consignments::first_wrong(db).await?.map(|known| Finding {
        check: Check::Documents,
        row: format!("consignment {}", known.id),
        expected: format!("{}, as its records say", known.state().as_str()),
        found: "another state, departure or paper".to_owned(),
    }))
}

#[derive(FromQueryResult)]
struct OtherMaterial {
    id: Uuid,
    ordered: Uuid,
    found: Uuid,
}

async fn printed_something_else(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let wrong: Option<OtherMaterial> = one(
        db,
        "SELECT b.id, r.material_id AS ordered, b.material_id AS found FROM batch b
         JOIN print_run r ON r.id = b.run_id
         WHERE b.material_id <> r.material_id ORDER BY b.id LIMIT 1",
        [],
    )
    .await?;
    Ok(wrong.map(|wrong| Finding {
        check: Check::Documents,
        row: format!("batch {}", wrong.id),
        expected: format!("material {}, as its print run", wrong.ordered),
        found: format!("material {}", wrong.found),
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
