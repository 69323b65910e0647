//! Records, movements and lines against the rules and hashes that they were written with.

use super::{Check, Finding};
use crate::db::{all, one, sql};
use crate::movements::AccountRow;
use domain::account::Account;
use domain::ids::{MovementId, RecordId};
use domain::ledger::{Line, MovementKind, Planned, Reason};
use domain::pieces::Pieces;
use domain::records::{DeviceStamp, EntryMethod, Envelope, Occurred, canonical};
use domain::time::{Day, Millis, Month};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, StreamTrait, Value};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct LineRow {
    id: i64,
    kind: String,
    from_id: i64,
    to_id: i64,
    /// Whether line and movement say the same moment and day.
    same_day: bool,
    occurred_at: i64,
    local_day: i64,
    booked_month: i64,
}

impl LineRow {
    fn wrong(&self, accounts: &HashMap<i64, Account>, closed: &BTreeSet<Month>) -> Option<String> {
        let (from, to) = (accounts.get(&self.from_id), accounts.get(&self.to_id));
        let joins = MovementKind::parse(&self.kind)
            .zip(from.zip(to))
            .is_some_and(|(kind, (from, to))| kind.joins(*from, *to));
        let day = Millis(self.occurred_at).day();
        let is_of_day = self.same_day && i64::from(day.0) == self.local_day;
        // What came too late for its own month is counted in a later one (rule 5).
        let (own, booked) = (day.month(), Month(self.booked_month as i32));
        let is_of_month = booked == own || booked > own && closed.contains(&own);
        if !joins {
            Some(format!("from account {} to account {}", self.from_id, self.to_id))
        } else if !is_of_day {
            Some(format!("the day {}", Day(self.local_day as i32)))
        } else if !is_of_month {
            Some(format!("the month {booked}"))
        } else {
            None
        }
    }
}

#[derive(FromQueryResult)]
struct Period {
    month: i64,
}

pub(super) async fn lines_join(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    use futures_util::TryStreamExt;
    let accounts = accounts(db).await?;
    let closed: Vec<Period> = all(db, "SELECT month FROM period", []).await?;
    let closed: BTreeSet<Month> = closed.iter().map(|row| Month(row.month as i32)).collect();
    let statement = sql(
        db,
        "SELECT l.id, m.kind, l.from_id, l.to_id, m.occurred_at, m.local_day, m.booked_month,
            (l.local_day = m.local_day AND l.occurred_at = m.occurred_at) AS same_day
         FROM line l JOIN movement m ON m.id = l.movement_id ORDER BY l.id",
        [],
    );
    let mut rows = db.stream_raw(statement).await?;
    while let Some(row) = rows.try_next().await? {
        let row = LineRow::from_query_result(&row, "")?;
        if let Some(found) = row.wrong(&accounts, &closed) {
            return Ok(Some(Finding {
                check: Check::Lines,
                row: format!("line {}", row.id),
                expected: format!("accounts, day and month of its movement, a {}", row.kind),
                found,
            }));
        }
    }
    Ok(None)
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

pub(super) async fn reversals_mirror(db: &DatabaseTransaction) -> Result<Option<Finding>, DbErr> {
    let wrong: Option<Id> = one(
        db,
        "SELECT m.id FROM movement m JOIN movement o ON o.id = m.reverses_id
         WHERE m.occurred_at <> o.occurred_at OR o.kind = 'reverse' OR o.derived
            OR (SELECT COUNT(*) FROM line l WHERE l.movement_id = m.id)
                <> (SELECT COUNT(*) FROM line l WHERE l.movement_id = o.id)
            OR EXISTS (
                SELECT 1 FROM line l WHERE l.movement_id = m.id AND NOT EXISTS (
                    SELECT 1 FROM line k WHERE k.movement_id = o.id AND k.batch_id = l.batch_id
                        AND k.from_id = l.to_id AND k.to_id = l.from_id AND k.pieces = l.pieces))
         ORDER BY m.occurred_at LIMIT 1",
        [],
    )
    .await?;
    Ok(wrong.map(|wrong| Finding {
        check: Check::Reversals,
        row: format!("movement {}", wrong.id),
        expected: "the mirror of the movement that it reverses".to_owned(),
        found: "other lines or another date".to_owned(),
    }))
}

#[derive(FromQueryResult)]
struct RecordRow {
    id: Uuid,
    kind: String,
    version: i64,
    body: String,
    content_hash: Vec<u8>,
    on_behalf_org_id: Option<Uuid>,
    device_id: Option<Uuid>,
    device_sequence: Option<i64>,
    device_time: i64,
    device_offset_minutes: i64,
    occurred_on: Option<i64>,
    occurred_at: i64,
    local_day: i64,
    clock_difference_ms: i64,
    recorded_at: i64,
    entry: String,
    note_hash: Option<Vec<u8>>,
    posting_hash: Option<Vec<u8>>,
    note: Option<String>,
    salt: Option<Vec<u8>>,
    erased_at: Option<i64>,
}

impl RecordRow {
    /// The envelope as it came, as far as the hash covers it.
    fn envelope(&self) -> Envelope {
        let occurred = match self.occurred_on {
            Some(day) => Occurred::On(Day(day as i32)),
            None => Occurred::AtDeviceTime,
        };
        let device = self.device_id.zip(self.device_sequence);
        Envelope {
            id: RecordId::new(self.id),
            occurred,
            device_time: Millis(self.device_time),
            device_offset_minutes: self.device_offset_minutes as i32,
            device: device
                .map(|(device, sequence)| DeviceStamp { device: device.into(), sequence }),
            entry: match self.entry.as_str() {
                "scanned" => EntryMethod::Scanned,
                "imported" => EntryMethod::Imported,
                _ => EntryMethod::Typed,
            },
            on_behalf: self.on_behalf_org_id.map(Into::into),
            note: None,
        }
    }

    fn wrong(&self, movements: &[Planned]) -> Option<&'static str> {
        let envelope = self.envelope();
        let version = u32::try_from(self.version).unwrap_or(0);
        let content = canonical::content_bytes(&envelope, &self.kind, version, &self.body).hash();
        if content.as_slice() != self.content_hash {
            return Some("its content is not what was hashed");
        }
        let booked = envelope.occurred_at(self.clock_difference_ms, Millis(self.recorded_at));
        if booked != Millis(self.occurred_at) || i64::from(booked.day().0) != self.local_day {
            return Some("its moment does not follow from its device time");
        }
        match &self.posting_hash {
            None => return Some("it has no outcome"),
            Some(hash) if hash.as_slice() != canonical::posting_hash(movements) => {
                return Some("its movements are not what was hashed");
            }
            Some(_) => {}
        }
        match (&self.note_hash, &self.note, &self.salt) {
            (None, None, None) => None,
            (Some(hash), Some(note), Some(salt)) if self.erased_at.is_none() => {
                let salt: [u8; 16] = salt.as_slice().try_into().unwrap_or_default();
                (canonical::note_hash(&salt, note).as_slice() != hash.as_slice())
                    .then_some("its note is not what was hashed")
            }
            // An erased note leaves its hash and a tombstone.
            (Some(_), Some(note), Some(_)) if note.is_empty() => None,
            _ => Some("its note was removed without a tombstone"),
        }
    }
}

#[derive(FromQueryResult)]
struct MovementLine {
    record_id: Uuid,
    movement_id: Uuid,
    kind: String,
    reason: String,
    derived: bool,
    occurred_at: i64,
    reverses_id: Option<Uuid>,
    cites_id: Option<Uuid>,
    batch_id: Uuid,
    from_id: i64,
    to_id: i64,
    pieces: i64,
}

/// Records that are looked at together.
const RECORDS_A_STEP: usize = 500;

/// Which records are looked at; `r` is the record's id, `s` its seal.
enum Which {
    Sealed(i64, i64),
    Unsealed(Uuid, Uuid),
}

impl Which {
    fn condition(&self, r: &str) -> (String, [Value; 2]) {
        match *self {
            Self::Sealed(first, last) => {
                ("s.sequence BETWEEN $1 AND $2".to_owned(), [first.into(), last.into()])
            }
            Self::Unsealed(first, last) => (
                format!("s.record_id IS NULL AND {r} BETWEEN $1 AND $2"),
                [first.into(), last.into()],
            ),
        }
    }
}

/// Looks at records against the bytes that were hashed when they were recorded.
pub(super) struct Hashes<'d> {
    db: &'d DatabaseTransaction,
    accounts: HashMap<i64, Account>,
}

impl<'d> Hashes<'d> {
    pub async fn new(db: &'d DatabaseTransaction) -> Result<Self, DbErr> {
        Ok(Self { db, accounts: accounts(db).await? })
    }

    /// The records of the seals from `first` to `last`.
    pub async fn of_seals(&self, first: i64, last: i64) -> Result<Option<Finding>, DbErr> {
        self.first_wrong(&Which::Sealed(first, last)).await
    }

    /// The records that wait for a seal, or have slipped past it.
    pub async fn of_unsealed(&self) -> Result<Option<Finding>, DbErr> {
        let text = format!(
            "SELECT r.id FROM record r LEFT JOIN seal s ON s.record_id = r.id
             WHERE s.record_id IS NULL AND r.id > $1 ORDER BY r.id LIMIT {RECORDS_A_STEP}"
        );
        let mut after = Uuid::nil();
        loop {
            let ids: Vec<Id> = all(self.db, &text, [after.into()]).await?;
            let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(None) };
            let wrong = self.first_wrong(&Which::Unsealed(first.id, last.id)).await?;
            if wrong.is_some() {
                return Ok(wrong);
            }
            after = last.id;
        }
    }

    async fn first_wrong(&self, which: &Which) -> Result<Option<Finding>, DbErr> {
        let (condition, values) = which.condition("r.id");
        let text = format!(
            "SELECT r.id, r.kind, r.version, r.body, r.content_hash, r.on_behalf_org_id,
                r.device_id, r.device_sequence, r.device_time, r.device_offset_minutes,
                r.occurred_on, r.occurred_at, r.local_day, r.clock_difference_ms,
                r.recorded_at, r.entry, r.note_hash, o.posting_hash, n.text AS note, n.salt, n.erased_at
             FROM record r LEFT JOIN seal s ON s.record_id = r.id
             LEFT JOIN record_outcome o ON o.record_id = r.id
             LEFT JOIN note n ON n.record_id = r.id WHERE {condition} ORDER BY r.id"
        );
        let records: Vec<RecordRow> = all(self.db, &text, values).await?;
        let mut movements = self.movements(which).await?;
        let wrong = records.iter().find_map(|record| {
            let made = movements.remove(&record.id).unwrap_or_default();
            record.wrong(&made).map(|why| (record.id, why))
        });
        Ok(wrong.map(|(id, why)| Finding {
            check: Check::Records,
            row: format!("record {id}"),
            expected: "the bytes that were hashed when it was recorded".to_owned(),
            found: why.to_owned(),
        }))
    }

    /// The movements of these records, by record, in their order.
    async fn movements(&self, which: &Which) -> Result<HashMap<Uuid, Vec<Planned>>, DbErr> {
        let (condition, values) = which.condition("m.record_id");
        let text = format!(
            "SELECT m.record_id, m.id AS movement_id, m.kind, m.reason, m.derived, m.occurred_at,
                m.reverses_id, m.cites_id, l.batch_id, l.from_id, l.to_id, l.pieces
             FROM movement m JOIN line l ON l.movement_id = m.id
             LEFT JOIN seal s ON s.record_id = m.record_id
             WHERE {condition} ORDER BY m.record_id, m.ordinal, l.id"
        );
        let rows: Vec<MovementLine> = all(self.db, &text, values).await?;
        Ok(self.by_record(rows))
    }

    fn by_record(&self, rows: Vec<MovementLine>) -> HashMap<Uuid, Vec<Planned>> {
        let mut movements: HashMap<Uuid, Vec<Planned>> = HashMap::new();
        let mut current = None;
        for row in rows {
            let of_record = movements.entry(row.record_id).or_default();
            if current != Some(row.movement_id) {
                current = Some(row.movement_id);
                of_record.push(Planned {
                    kind: MovementKind::parse(&row.kind).unwrap_or(MovementKind::Reverse),
                    reason: Reason::parse(&row.reason).unwrap_or(Reason::Other),
                    occurred_at: Millis(row.occurred_at),
                    lines: Vec::new(),
                    reverses: row.reverses_id.map(MovementId::new),
                    cites: row.cites_id.map(RecordId::new),
                    derived: row.derived,
                });
            }
            let ends = self.accounts.get(&row.from_id).zip(self.accounts.get(&row.to_id));
            let line = ends.zip(Pieces::new(row.pieces).ok()).map(|((from, to), pieces)| Line {
                batch: row.batch_id.into(),
                from: *from,
                to: *to,
                pieces,
            });
            if let (Some(movement), Some(line)) = (of_record.last_mut(), line) {
                movement.lines.push(line);
            }
        }
        movements
    }
}

async fn accounts(db: &DatabaseTransaction) -> Result<HashMap<i64, Account>, DbErr> {
    let rows: Vec<AccountRow> =
        all(db, "SELECT id, kind, owner_id, channel, shadow, holder_id FROM account", []).await?;
    rows.into_iter().map(|row| Ok((row.id, row.account()?))).collect()
}
