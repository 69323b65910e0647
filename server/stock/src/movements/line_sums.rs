//! The lines of each month, summed: what reports about a month are made of, so that they do not add
//! up all its lines.
//!
//! Sums are kept of sealed lines, by the sealer. Lines that wait for their seal are added where the
//! sums are read, so that what was posted is told at once.

use crate::query::Query;
use crate::seals;
use domain::ids::EventId;
use domain::time::Month;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

/// By what lines are told apart, as columns of `line_sum`.
pub(crate) const KEYS: &str = "booked_month, material_id, kind, undone, from_kind, from_shadow,
    from_store, from_channel, to_kind, to_shadow, to_store, to_channel, at_org, at_place";

const GROUPED: &str = " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14";

/// Whether the lines are added to the sums, or taken out of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Added,
    TakenOut,
}

/// The sums of a month, a row for everything that makes a difference; several rows may be alike.
pub(crate) fn of_month(month: Month) -> Query {
    let month = i64::from(month.0);
    // The pluses keep from the index what would find all lines of the month: few wait.
    lines("unsealed u CROSS JOIN movement m", Change::Added, |query| {
        query.push("m.record_id = u.record_id AND +m.booked_month = ").bind(month)
    })
    .push(&format!(" UNION ALL SELECT {KEYS}, pieces FROM line_sum WHERE booked_month = "))
    .bind(month)
}

/// The sums of a month as `sums`, for what `query` makes of them.
pub(crate) fn with_month(month: Month, query: &str) -> Query {
    of_month(month).wrap("WITH sums AS MATERIALIZED (", &format!(") {query}"))
}

/// What is kept, less what the sealed lines come to: rows where that is not zero are wrong.
pub(crate) fn wrong_sums() -> Query {
    lines("seal s JOIN movement m ON m.record_id = s.record_id", Change::TakenOut, |query| {
        query.push("1 = 1")
    })
    .wrap(
        &format!(
            "SELECT {KEYS}, CAST(SUM(pieces) AS BIGINT) AS pieces
             FROM (SELECT {KEYS}, pieces FROM line_sum UNION ALL "
        ),
        &format!(") b GROUP BY {KEYS} HAVING SUM(pieces) <> 0 ORDER BY {KEYS} LIMIT 1"),
    )
}

/// Adds the lines of records that are being sealed.
pub(crate) async fn add_records(
    tx: &impl ConnectionTrait,
    records: Vec<Uuid>,
) -> Result<(), DbErr> {
    let lines =
        lines("movement m", Change::Added, |query| query.push("m.record_id IN ").list(records));
    keep(tx, lines).await
}

/// Adds the sealed lines of an event, or takes them out: around a change of its place.
pub(crate) async fn change_event(
    tx: &impl ConnectionTrait,
    event: EventId,
    change: Change,
) -> Result<(), DbErr> {
    // The sealer would add lines with the place of before.
    seals::one_at_a_time(tx).await?;
    let accounts = "(SELECT a.id FROM account a WHERE a.owner_id = ";
    let lines = lines("movement m", change, |query| {
        query
            .push("(l.from_id IN ")
            .push(accounts)
            .bind(event.uuid())
            .push(") OR l.to_id IN ")
            .push(accounts)
            .bind(event.uuid())
            .push(")) AND EXISTS (SELECT 1 FROM seal s WHERE s.record_id = m.record_id)")
    });
    keep(tx, lines).await
}

async fn keep(tx: &impl ConnectionTrait, lines: Query) -> Result<(), DbErr> {
    let into = format!("INSERT INTO line_sum ({KEYS}, pieces) SELECT {KEYS}, pieces FROM (");
    let after = format!(
        ") n WHERE 1 = 1 ON CONFLICT ({KEYS}) DO UPDATE SET pieces = line_sum.pieces + excluded.pieces"
    );
    lines.wrap(&into, &after).run(tx).await.map(|_| ())
}

/// Lines out of `from`, which knows the movement as `m`, summed like the rows of `line_sum`. A
/// reversal counts as what it undid; where no store answers for an account or nothing happened at an
/// event, the id is nil, and the place empty if not at a drop either.
fn lines(from: &str, change: Change, which: impl FnOnce(Query) -> Query) -> Query {
    let sign = match change {
        Change::Added => "",
        Change::TakenOut => "-",
    };
    let nobody = Uuid::nil();
    let query = Query::new(
        "SELECT m.booked_month, t.material_id, COALESCE(o.kind, m.kind) AS kind,
            o.kind IS NOT NULL AS undone, f.kind AS from_kind, f.shadow AS from_shadow,
            COALESCE(f.holder_id, ",
    )
    .bind(nobody)
    .push(
        ") AS from_store, f.channel AS from_channel, g.kind AS to_kind, g.shadow AS to_shadow,
            COALESCE(g.holder_id, ",
    )
    .bind(nobody)
    .push(") AS to_store, g.channel AS to_channel, COALESCE(e.org_id, ")
    .bind(nobody)
    .push(&format!(
        ") AS at_org, COALESCE(e.place_code, d.place_code, '') AS at_place,
            CAST({sign}SUM(l.pieces) AS BIGINT) AS pieces
         FROM {from} JOIN line l ON l.movement_id = m.id
         JOIN batch t ON t.id = l.batch_id
         JOIN account f ON f.id = l.from_id JOIN account g ON g.id = l.to_id
         LEFT JOIN movement o ON o.id = m.reverses_id
         LEFT JOIN event e ON e.id = CASE WHEN g.kind IN ('at_event', 'given_event')
            THEN g.owner_id ELSE f.owner_id END
         LEFT JOIN drop_off d ON d.id = CASE WHEN g.kind = 'given_drop'
            THEN g.owner_id ELSE f.owner_id END WHERE "
    ));
    which(query).push(GROUPED)
}
