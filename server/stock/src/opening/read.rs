//! First counts as pages show them.

use crate::access::{Reader, scope};
use crate::query::Query;
use domain::code::Code;
use domain::ids::{BatchId, MaterialId, RecordId, StoreId, UserId};
use domain::material::PrintLanguage;
use domain::time::{Day, Millis};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// A sheet in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirstCountRow {
    pub record: RecordId,
    pub number: String,
    pub store: StoreId,
    pub store_name: String,
    pub day: Day,
    pub recorded_at: Millis,
    pub counted_by: UserId,
    pub batches: i64,
    pub pieces: i64,
    pub is_confirmed: bool,
    /// It was taken back as a mistake.
    pub is_reversed: bool,
}

/// A sheet with its rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirstCountDetail {
    pub row: FirstCountRow,
    pub lines: Vec<FirstCountLine>,
    pub note: Option<String>,
}

/// One batch "before Tawzi", as it was counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirstCountLine {
    pub batch: BatchId,
    pub code: Code,
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    pub language: PrintLanguage,
    pub edition: String,
    pub cartons: i64,
    pub in_cartons: i64,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct Row {
    record_id: Uuid,
    number: String,
    store_id: Uuid,
    store_name: String,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    batches: i64,
    pieces: i64,
    is_confirmed: bool,
    is_reversed: bool,
    note: Option<String>,
}

#[derive(FromQueryResult)]
struct LineRow {
    id: Uuid,
    code: String,
    material_id: Uuid,
    short_number: String,
    title: String,
    language: String,
    edition: String,
    cartons: i64,
    in_cartons: i64,
    pieces: i64,
}

const SHEETS: &str = "SELECT f.record_id, f.number, f.store_id, s.name AS store_name, r.local_day,
        r.recorded_at, r.actor_id,
        (SELECT COUNT(*) FROM batch b WHERE b.record_id = f.record_id) AS batches,
        CAST(COALESCE((SELECT SUM(l.pieces) FROM line l JOIN movement m ON m.id = l.movement_id
            WHERE m.record_id = f.record_id AND m.kind = 'open'), 0) AS BIGINT) AS pieces,
        EXISTS (SELECT 1 FROM confirmation c WHERE c.confirms_id = f.record_id) AS is_confirmed,
        NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = f.record_id AND m.kind = 'open'
            AND NOT EXISTS (SELECT 1 FROM movement v WHERE v.reverses_id = m.id)) AS is_reversed,
        n.text AS note
     FROM first_count f JOIN record r ON r.id = f.record_id JOIN store s ON s.id = f.store_id
     LEFT JOIN note n ON n.record_id = f.record_id AND n.erased_at IS NULL WHERE ";

impl Row {
    fn row(self) -> FirstCountRow {
        FirstCountRow {
            record: self.record_id.into(),
            number: self.number,
            store: self.store_id.into(),
            store_name: self.store_name,
            day: Day(self.local_day as i32),
            recorded_at: Millis(self.recorded_at),
            counted_by: self.actor_id.into(),
            batches: self.batches,
            pieces: self.pieces,
            is_confirmed: self.is_confirmed,
            is_reversed: self.is_reversed,
        }
    }
}

impl LineRow {
    fn line(self) -> Result<FirstCountLine, DbErr> {
        let unknown = |word: &str| DbErr::Type(format!("the books hold the word {word:?}"));
        Ok(FirstCountLine {
            batch: self.id.into(),
            code: Code::parse(&self.code).map_err(|_| unknown(&self.code))?,
            material: self.material_id.into(),
            short_number: self.short_number,
            title: self.title,
            language: PrintLanguage::parse(&self.language)
                .ok_or_else(|| unknown(&self.language))?,
            edition: self.edition,
            cartons: self.cartons,
            in_cartons: self.in_cartons,
            pieces: self.pieces,
        })
    }
}

impl Reader<'_> {
    /// The sheets of the stores that the actor sees, the newest first.
    pub async fn first_counts(&self) -> Result<Vec<FirstCountRow>, DbErr> {
        let rows: Vec<Row> = Query::new(SHEETS)
            .condition(|next| scope::stores(&self.actor, "f.store_id", next))
            .push(" ORDER BY r.recorded_at DESC")
            .all(self.stock.db.read())
            .await?;
        Ok(rows.into_iter().map(Row::row).collect())
    }

    /// One sheet with its rows, if the actor sees its store.
    pub async fn first_count(&self, record: RecordId) -> Result<Option<FirstCountDetail>, DbErr> {
        let db = self.stock.db.read();
        let row: Option<Row> = Query::new(SHEETS)
            .push("f.record_id = ")
            .bind(record.uuid())
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "f.store_id", next))
            .one(db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let lines: Vec<LineRow> = crate::db::all(
            db,
            "SELECT b.id, b.code, b.material_id, t.short_number, t.title, t.language, t.edition,
                (SELECT COUNT(*) FROM pack p WHERE p.batch_id = b.id AND p.kind = 'carton')
                    AS cartons,
                CAST(COALESCE((SELECT SUM(p.nominal) FROM pack p
                    WHERE p.batch_id = b.id AND p.kind = 'carton'), 0) AS BIGINT) AS in_cartons,
                CAST(SUM(l.pieces) AS BIGINT) AS pieces
             FROM batch b JOIN material t ON t.id = b.material_id
             JOIN movement m ON m.record_id = b.record_id AND m.kind = 'open'
             JOIN line l ON l.movement_id = m.id AND l.batch_id = b.id
             WHERE b.record_id = $1
             GROUP BY b.id, b.code, b.material_id, t.short_number, t.title, t.language, t.edition
             ORDER BY t.short_number, b.code",
            [record.uuid().into()],
        )
        .await?;
        let note = if self.reads_notes().await? { row.note.clone() } else { None };
        let lines = lines.into_iter().map(LineRow::line).collect::<Result<_, DbErr>>()?;
        Ok(Some(FirstCountDetail { row: row.row(), lines, note }))
    }
}
