//! Packs and labels as pages show them.

use super::{PackKind, PackState};
use crate::access::{Denied, Reader, scope};
use crate::db;
use crate::movements::AccountRow;
use crate::query::Query;
use crate::runs::sees_runs;
use domain::account::Account;
use domain::code::{Code, CodeKind};
use domain::ids::{BatchId, PackId, RecordId, RunId, StoreId};
use domain::material::PrintLanguage;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// A pack in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackRow {
    pub id: PackId,
    pub code: Code,
    pub parent: Option<PackId>,
    pub kind: PackKind,
    pub number: i64,
    pub total: i64,
    pub nominal: i64,
    pub state: PackState,
    /// It lies in a sealed carton and is where that is.
    pub is_inside: bool,
    pub at: Option<Account>,
    pub holder: Option<StoreId>,
    pub holder_name: String,
    pub reprints: i64,
}

/// A pack with what it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackDetail {
    pub row: PackRow,
    pub batch: BatchId,
    pub parent_code: Option<Code>,
    /// The bundles that lie in it or came out of it, by number.
    pub bundles: Vec<PackRow>,
    /// What records said about it where the actor sees the store, the latest first.
    pub history: Vec<PackSaid>,
}

/// One statement about a pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackSaid {
    pub record: RecordId,
    /// The kind of the record: `receipt`, `open_pack`, …
    pub kind: String,
    pub state: PackState,
    pub at: Millis,
}

/// What is printed on one label, before the words of a language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub code: Code,
    pub kind: CodeKind,
    pub outside_name: String,
    pub language: PrintLanguage,
    /// Pieces in the pack; of a batch: pieces when it arrived.
    pub pieces: i64,
    /// None on the label of a batch.
    pub position: Option<LabelPosition>,
    /// None on the label of a batch, and on those for the printer: nothing has come yet.
    pub batch: Option<Code>,
}

/// "Carton 7 of 60", "bundle 2 of 10".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LabelPosition {
    pub pack: PackKind,
    pub number: i64,
    pub total: i64,
}

/// Which labels to print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelsOf {
    /// The batch's own label and its packs.
    Batch(BatchId),
    /// One pack.
    Pack(PackId),
    /// The bundles of a carton.
    BundlesOf(PackId),
    /// All batches of a receipt or first count, with their packs.
    Record(RecordId),
    /// Labels for the printer that nobody has used.
    Run(RunId),
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    code: String,
    batch_id: Uuid,
    parent_id: Option<Uuid>,
    parent_code: Option<String>,
    kind: String,
    number: i64,
    total: i64,
    nominal: i64,
    reprints: i64,
    state: String,
    is_inside: bool,
    account_id: Option<i64>,
    account_kind: Option<String>,
    owner_id: Option<Uuid>,
    channel: Option<String>,
    shadow: Option<bool>,
    holder_id: Option<Uuid>,
    holder_name: Option<String>,
}

const PACKS: &str = "SELECT p.id, p.code, p.batch_id, p.parent_id, up.code AS parent_code, p.kind,
        p.number, p.total, p.nominal, p.reprints, s.state,
        (s.account_id IS NULL AND p.parent_id IS NOT NULL) AS is_inside, a.id AS account_id,
        a.kind AS account_kind, a.owner_id, a.channel, a.shadow, a.holder_id,
        h.name AS holder_name
     FROM pack p JOIN pack_state s ON s.pack_id = p.id LEFT JOIN pack up ON up.id = p.parent_id
     LEFT JOIN pack_state o ON o.pack_id = p.parent_id
     LEFT JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
     LEFT JOIN store h ON h.id = a.holder_id WHERE ";

fn unknown(word: &str) -> DbErr {
    DbErr::Type(format!("the books hold the unknown word {word:?}"))
}

fn code(text: &str) -> Result<Code, DbErr> {
    Code::parse(text).map_err(|error| DbErr::Type(format!("{text}: {error}")))
}

impl Row {
    fn pack(self) -> Result<PackRow, DbErr> {
        let holder_id = self.holder_id;
        let at = match (self.account_id, self.account_kind, self.owner_id) {
            (Some(id), Some(kind), Some(owner_id)) => {
                let channel = self.channel.unwrap_or_default();
                let shadow = self.shadow == Some(true);
                Some(AccountRow { id, kind, owner_id, channel, shadow, holder_id }.account()?)
            }
            (_, _, _) => None,
        };
        Ok(PackRow {
            id: self.id.into(),
            code: code(&self.code)?,
            parent: self.parent_id.map(PackId::new),
            kind: PackKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            number: self.number,
            total: self.total,
            nominal: self.nominal,
            state: PackState::parse(&self.state).ok_or_else(|| unknown(&self.state))?,
            is_inside: self.is_inside,
            at,
            holder: holder_id.map(StoreId::new),
            holder_name: self.holder_name.unwrap_or_default(),
            reprints: self.reprints,
        })
    }
}

#[derive(FromQueryResult)]
struct SaidRow {
    record_id: Uuid,
    kind: String,
    state: String,
    occurred_at: i64,
}

#[derive(FromQueryResult)]
struct LabelRow {
    code: String,
    outside_name: String,
    language: String,
    pieces: i64,
    pack: Option<String>,
    number: Option<i64>,
    total: Option<i64>,
    batch_code: Option<String>,
}

impl Reader<'_> {
    /// The packs of a batch, as far as the actor sees who holds them: cartons by number, each
    /// followed by its bundles.
    pub async fn packs_of(&self, batch: BatchId) -> Result<Vec<PackRow>, DbErr> {
        let rows: Vec<Row> = Query::new(PACKS)
            .push("p.batch_id = ")
            .bind(batch.uuid())
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
            .push(" ORDER BY COALESCE(up.number, p.number), up.number IS NOT NULL, p.number")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(Row::pack).collect()
    }

    /// A pack, if the actor sees who holds it.
    pub async fn pack(&self, id: PackId) -> Result<Option<PackDetail>, DbErr> {
        let db = self.stock.db.read();
        let row: Option<Row> = Query::new(PACKS)
            .push("p.id = ")
            .bind(id.uuid())
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
            .one(db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let bundles: Vec<Row> = Query::new(PACKS)
            .push("p.parent_id = ")
            .bind(id.uuid())
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
            .push(" ORDER BY p.number")
            .all(db)
            .await?;
        // What lies in a sealed carton is where that is.
        let said: Vec<SaidRow> = Query::new(
            "SELECT e.record_id, r.kind, e.state, r.occurred_at FROM pack_event e
             JOIN record r ON r.id = e.record_id JOIN pack p ON p.id = e.pack_id
             LEFT JOIN account a ON a.id = COALESCE(e.account_id, (SELECT MAX(c.account_id)
                FROM pack_event c WHERE c.pack_id = p.parent_id AND c.record_id = e.record_id))
             WHERE e.pack_id = ",
        )
        .bind(id.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
        .push(" ORDER BY e.number DESC")
        .all(db)
        .await?;
        let history = said.into_iter().map(|said| {
            Ok(PackSaid {
                record: said.record_id.into(),
                state: PackState::parse(&said.state).ok_or_else(|| unknown(&said.state))?,
                kind: said.kind,
                at: Millis(said.occurred_at),
            })
        });
        Ok(Some(PackDetail {
            batch: row.batch_id.into(),
            parent_code: row.parent_code.as_deref().map(code).transpose()?,
            bundles: bundles.into_iter().map(Row::pack).collect::<Result<_, DbErr>>()?,
            history: history.collect::<Result<_, DbErr>>()?,
            row: row.pack()?,
        }))
    }

    /// The labels to print, in the order in which they are stuck. Empty packs need none.
    ///
    /// # Errors
    /// [`Denied::NotFound`] where there is nothing for this actor.
    pub async fn labels(&self, of: LabelsOf) -> Result<Vec<Label>, LabelsError> {
        let labels = match of {
            LabelsOf::Run(run) => self.labels_of_run(run).await?,
            LabelsOf::Batch(_) | LabelsOf::Record(_) => {
                let mut labels = self.labels_of_batches(of).await?;
                labels.extend(self.labels_of_packs(of).await?);
                labels
            }
            LabelsOf::Pack(_) | LabelsOf::BundlesOf(_) => self.labels_of_packs(of).await?,
        };
        if labels.is_empty() { Err(Denied::NotFound.into()) } else { Ok(labels) }
    }

    async fn labels_of_run(&self, run: RunId) -> Result<Vec<Label>, DbErr> {
        if !sees_runs(&self.actor) {
            return Ok(Vec::new());
        }
        let rows: Vec<LabelRow> = db::all(
            self.stock.db.read(),
            "SELECT p.code, m.outside_name, m.language, p.nominal AS pieces, p.kind AS pack,
                p.number, p.total, NULL AS batch_code
             FROM issued_pack p JOIN code c ON c.code = p.code
             JOIN print_run r ON r.id = p.run_id JOIN material m ON m.id = r.material_id
             LEFT JOIN issued_pack up ON up.id = p.parent_id
             WHERE p.run_id = $1 AND c.state = 'issued'
             ORDER BY COALESCE(up.number, p.number), up.number IS NOT NULL, p.number",
            [run.uuid().into()],
        )
        .await?;
        rows.into_iter().map(|row| row.label(CodeKind::Pack)).collect()
    }

    /// Pieces of a batch are those that arrived, good ones only: damaged pieces get no label.
    async fn labels_of_batches(&self, of: LabelsOf) -> Result<Vec<Label>, DbErr> {
        let query = Query::new(
            "SELECT b.code, m.outside_name, m.language, NULL AS pack, NULL AS batch_code,
                CAST(NULL AS BIGINT) AS number, CAST(NULL AS BIGINT) AS total,
                CAST(COALESCE((SELECT SUM(l.pieces) FROM line l
                    JOIN movement v ON v.id = l.movement_id JOIN account a ON a.id = l.to_id
                    WHERE l.batch_id = b.id AND v.record_id = b.record_id
                        AND a.kind = 'store'), 0) AS BIGINT) AS pieces
             FROM batch b JOIN material m ON m.id = b.material_id WHERE ",
        );
        let query = match of {
            LabelsOf::Batch(batch) => query.push("b.id = ").bind(batch.uuid()),
            LabelsOf::Record(record) => query.push("b.record_id = ").bind(record.uuid()),
            LabelsOf::Pack(_) | LabelsOf::BundlesOf(_) | LabelsOf::Run(_) => query.push("1 = 0"),
        };
        let rows: Vec<LabelRow> = query
            .push(" AND (")
            .condition(|next| scope::stores(&self.actor, "b.first_store_id", next))
            .push(" OR EXISTS (SELECT 1 FROM balance k JOIN account a ON a.id = k.account_id")
            .push(" WHERE k.batch_id = b.id AND k.pieces <> 0 AND ")
            .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
            .push(")) ORDER BY b.id")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(|row| row.label(CodeKind::Batch)).collect()
    }

    async fn labels_of_packs(&self, of: LabelsOf) -> Result<Vec<Label>, DbErr> {
        let query = Query::new(
            "SELECT p.code, m.outside_name, m.language, p.nominal AS pieces, p.kind AS pack,
                p.number, p.total, b.code AS batch_code
             FROM pack p JOIN pack_state s ON s.pack_id = p.id JOIN batch b ON b.id = p.batch_id
             JOIN material m ON m.id = b.material_id
             LEFT JOIN pack up ON up.id = p.parent_id
             LEFT JOIN pack_state o ON o.pack_id = p.parent_id
             LEFT JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
             WHERE s.state <> 'empty' AND ",
        );
        let query = match of {
            LabelsOf::Batch(batch) => query.push("b.id = ").bind(batch.uuid()),
            // What the printer has stuck on is not printed once more.
            LabelsOf::Record(record) => query
                .push("NOT EXISTS (SELECT 1 FROM issued_pack i WHERE i.id = p.id)")
                .push(" AND b.record_id = ")
                .bind(record.uuid()),
            LabelsOf::Pack(pack) => query.push("p.id = ").bind(pack.uuid()),
            LabelsOf::BundlesOf(pack) => query.push("p.parent_id = ").bind(pack.uuid()),
            LabelsOf::Run(_) => query.push("1 = 0"),
        };
        let rows: Vec<LabelRow> = query
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "a.holder_id", next))
            .push(" ORDER BY b.id, COALESCE(up.number, p.number), up.number IS NOT NULL, p.number")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(|row| row.label(CodeKind::Pack)).collect()
    }
}

/// Why no labels are given.
#[derive(Debug, thiserror::Error)]
pub enum LabelsError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl LabelRow {
    fn label(self, kind: CodeKind) -> Result<Label, DbErr> {
        let position = match (self.pack, self.number, self.total) {
            (Some(pack), Some(number), Some(total)) => {
                let pack = PackKind::parse(&pack).ok_or_else(|| unknown(&pack))?;
                Some(LabelPosition { pack, number, total })
            }
            (_, _, _) => None,
        };
        let language = PrintLanguage::parse(&self.language);
        Ok(Label {
            code: code(&self.code)?,
            kind,
            outside_name: self.outside_name,
            language: language.ok_or_else(|| unknown(&self.language))?,
            pieces: self.pieces,
            position,
            batch: self.batch_code.as_deref().map(code).transpose()?,
        })
    }
}
