//! Goods received notes as they are printed.

use crate::access::{Reader, scope};
use crate::db;
use crate::query::Query;
use crate::runs::sees_runs;
use domain::code::Code;
use domain::ids::{BatchId, RecordId, RunId, StoreId, UserId};
use domain::ledger::Reason;
use domain::material::PrintLanguage;
use domain::pack::PackKind;
use domain::records::receipt::HowCounted;
use domain::time::{Day, Millis};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// The paper of one delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grn {
    pub record: RecordId,
    pub number: String,
    pub run: RunId,
    pub run_number: String,
    pub purchase_order: String,
    pub printer_name: String,
    pub store: StoreId,
    pub store_name: String,
    pub batch: BatchId,
    pub code: Code,
    pub title: String,
    pub outside_name: String,
    pub short_number: String,
    pub language: PrintLanguage,
    pub edition: String,
    pub day: Day,
    pub recorded_at: Millis,
    pub received_by: UserId,
    pub good: i64,
    pub damaged: Vec<GrnDamage>,
    pub claimed: Option<i64>,
    pub how: HowCounted,
    /// What was ordered of the run, and what had come with and before this delivery.
    pub ordered: i64,
    pub received_so_far: i64,
    /// As it arrived: sealed and open cartons, labelled bundles.
    pub packs: Vec<GrnPacks>,
    pub on_hold: bool,
    pub is_reversed: bool,
    pub note: Option<String>,
}

impl Grn {
    pub fn damaged_total(&self) -> i64 {
        self.damaged.iter().map(|line| line.pieces).sum()
    }

    /// Counted and damaged, less than what the printer's paper says: below zero when more came.
    pub fn missing_of_claimed(&self) -> Option<i64> {
        self.claimed.map(|claimed| claimed - self.good - self.damaged_total())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrnDamage {
    pub reason: Reason,
    pub pieces: i64,
}

/// So many packs alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrnPacks {
    pub kind: PackKind,
    pub is_sealed: bool,
    pub packs: i64,
    pub each: i64,
}

#[derive(FromQueryResult)]
struct Row {
    record_id: Uuid,
    number: String,
    run_id: Uuid,
    run_number: String,
    purchase_order: String,
    printer_name: String,
    store_id: Uuid,
    store_name: String,
    batch_id: Uuid,
    code: String,
    title: String,
    outside_name: String,
    short_number: String,
    language: String,
    edition: String,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    good: i64,
    claimed: Option<i64>,
    how: String,
    ordered: i64,
    received_so_far: i64,
    on_hold: bool,
    is_reversed: bool,
    note: Option<String>,
}

#[derive(FromQueryResult)]
struct DamageRow {
    reason: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct PacksRow {
    kind: String,
    is_sealed: bool,
    packs: i64,
    each: i64,
}

fn unknown(word: &str) -> DbErr {
    DbErr::Type(format!("the books hold the unknown word {word:?}"))
}

impl Reader<'_> {
    /// A goods received note, if the actor sees the store that received.
    pub async fn grn(&self, record: RecordId) -> Result<Option<Grn>, DbErr> {
        if !sees_runs(&self.actor) {
            return Ok(None);
        }
        let db = self.stock.db.read();
        let reads_notes = self.reads_notes().await?;
        let row: Option<Row> = Query::new(
            "SELECT g.record_id, g.number, g.run_id, r.number AS run_number, r.purchase_order,
                p.name AS printer_name, g.store_id, s.name AS store_name, g.batch_id, b.code,
                m.title, m.outside_name, m.short_number, m.language, m.edition, c.local_day,
                c.recorded_at, c.actor_id, g.good, g.claimed, g.how, r.ordered,
                CAST((SELECT SUM(e.good + e.damaged) FROM receipt e
                    JOIN record ec ON ec.id = e.record_id
                    WHERE e.run_id = g.run_id AND (ec.recorded_at < c.recorded_at
                        OR e.record_id = g.record_id)) AS BIGINT) AS received_so_far,
                EXISTS (SELECT 1 FROM batch_hold h WHERE h.batch_id = g.batch_id
                    AND h.released_by IS NULL) AS on_hold,
                NOT EXISTS (SELECT 1 FROM movement v WHERE v.record_id = g.record_id
                    AND v.kind = 'receive' AND NOT EXISTS (
                        SELECT 1 FROM movement w WHERE w.reverses_id = v.id)) AS is_reversed,
                n.text AS note
             FROM receipt g JOIN record c ON c.id = g.record_id
             JOIN print_run r ON r.id = g.run_id JOIN org p ON p.id = r.printer_id
             JOIN store s ON s.id = g.store_id JOIN batch b ON b.id = g.batch_id
             JOIN material m ON m.id = b.material_id
             LEFT JOIN note n ON n.record_id = g.record_id AND n.erased_at IS NULL
             WHERE g.record_id = ",
        )
        .bind(record.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "g.store_id", next))
        .one(db)
        .await?;
        let Some(mut row) = row else { return Ok(None) };
        row.note = row.note.filter(|_| reads_notes);
        let damaged: Vec<DamageRow> = db::all(
            db,
            "SELECT m.reason, CAST(SUM(l.pieces) AS BIGINT) AS pieces
             FROM movement m JOIN line l ON l.movement_id = m.id
             JOIN account a ON a.id = l.to_id
             WHERE m.record_id = $1 AND m.kind = 'receive' AND a.kind = 'damaged'
             GROUP BY m.reason ORDER BY m.reason",
            [record.uuid().into()],
        )
        .await?;
        let packs: Vec<PacksRow> = db::all(
            db,
            "SELECT p.kind, e.state = 'sealed' AS is_sealed, CAST(COUNT(*) AS BIGINT) AS packs,
                p.nominal AS each
             FROM pack_event e JOIN pack p ON p.id = e.pack_id
             WHERE e.record_id = $1 AND e.state IN ('sealed', 'opened')
             GROUP BY p.kind, e.state, p.nominal
             ORDER BY p.kind DESC, e.state DESC, p.nominal DESC",
            [record.uuid().into()],
        )
        .await?;
        Ok(Some(row.grn(damaged, packs)?))
    }
}

impl Row {
    fn grn(self, damaged: Vec<DamageRow>, packs: Vec<PacksRow>) -> Result<Grn, DbErr> {
        let damaged = damaged.into_iter().map(|row| {
            let reason = Reason::parse(&row.reason).ok_or_else(|| unknown(&row.reason))?;
            Ok(GrnDamage { reason, pieces: row.pieces })
        });
        let packs = packs.into_iter().map(|row| {
            let kind = PackKind::parse(&row.kind).ok_or_else(|| unknown(&row.kind))?;
            Ok(GrnPacks { kind, is_sealed: row.is_sealed, packs: row.packs, each: row.each })
        });
        let language = PrintLanguage::parse(&self.language);
        Ok(Grn {
            record: self.record_id.into(),
            number: self.number,
            run: self.run_id.into(),
            run_number: self.run_number,
            purchase_order: self.purchase_order,
            printer_name: self.printer_name,
            store: self.store_id.into(),
            store_name: self.store_name,
            batch: self.batch_id.into(),
            code: Code::parse(&self.code).map_err(|_| unknown(&self.code))?,
            title: self.title,
            outside_name: self.outside_name,
            short_number: self.short_number,
            language: language.ok_or_else(|| unknown(&self.language))?,
            edition: self.edition,
            day: Day(self.local_day as i32),
            recorded_at: Millis(self.recorded_at),
            received_by: self.actor_id.into(),
            good: self.good,
            damaged: damaged.collect::<Result<_, DbErr>>()?,
            claimed: self.claimed,
            how: HowCounted::parse(&self.how).ok_or_else(|| unknown(&self.how))?,
            ordered: self.ordered,
            received_so_far: self.received_so_far,
            packs: packs.collect::<Result<_, DbErr>>()?,
            on_hold: self.on_hold,
            is_reversed: self.is_reversed,
            note: self.note,
        })
    }
}
