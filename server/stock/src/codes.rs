//! What a code is stuck on, for people who are signed in and for strangers with a phone.

use crate::access::Reader;
pub use crate::runs::LabelUse;
use crate::runs::{WhyVoided, label_use, sees_runs, why_voided};
use crate::{Stock, db};
use domain::code::{Code, CodeKind};
use domain::ids::{PackId, RunId};
use domain::pack::PackKind;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// A code that Tawzi made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownCode {
    pub kind: CodeKind,
    pub state: CodeState,
    /// The batch, pack, consignment or event.
    pub subject: Uuid,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CodeState {
    /// Its label was printed for the printer to stick; nothing has arrived yet.
    Issued,
    Active,
    /// It was never used and never will be.
    Voided,
    /// What it was stuck on is gone.
    Retired,
}

/// All that a stranger sees of a batch or pack: what is written on the outside, and where to bring
/// it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StrangerView {
    pub outside_name: String,
    pub return_to: String,
    /// The province or district of that store.
    pub place: String,
}

/// A label that was issued before a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuedLabel {
    pub run: RunId,
    pub run_number: String,
    pub kind: PackKind,
    pub number: i64,
    pub total: i64,
    pub nominal: i64,
    pub used: LabelUse,
    /// Of a void label, as far as a record says so.
    pub voided: Option<WhyVoided>,
}

#[derive(FromQueryResult)]
struct CodeRow {
    kind: String,
    state: String,
    subject_id: Uuid,
}

#[derive(FromQueryResult)]
struct StrangerRow {
    outside_name: String,
    return_to: String,
    place: String,
}

#[derive(FromQueryResult)]
struct IssuedRow {
    run_id: Uuid,
    run_number: String,
    kind: String,
    number: i64,
    total: i64,
    nominal: i64,
    state: String,
    parent_id: Option<Uuid>,
    issued_at: i64,
}

fn unknown(word: &str) -> DbErr {
    DbErr::Type(format!("the books hold the unknown word {word:?}"))
}

#[derive(FromQueryResult)]
struct PackRow {
    batch_id: Option<Uuid>,
}

impl Reader<'_> {
    /// The event, consignment or batch that has this code; a batch also by the label of one of its
    /// packs. Whether the actor may know of it is decided where it is read.
    pub async fn named_by(&self, code: Code, kind: CodeKind) -> Result<Option<Uuid>, DbErr> {
        let Some(known) = self.stock.find_code(code).await? else { return Ok(None) };
        let is_stuck_on = known.state == CodeState::Active;
        match (known.kind, kind) {
            (CodeKind::Event, CodeKind::Event)
            | (CodeKind::Consignment, CodeKind::Consignment)
            | (CodeKind::Pack, CodeKind::Pack) => Ok(Some(known.subject)),
            (CodeKind::Batch, CodeKind::Batch) => Ok(is_stuck_on.then_some(known.subject)),
            (CodeKind::Pack, CodeKind::Batch) if is_stuck_on => {
                let sql = "SELECT batch_id FROM pack WHERE id = $1";
                let row: Option<PackRow> =
                    db::one(self.stock.db.read(), sql, [known.subject.into()]).await?;
                Ok(row.and_then(|row| row.batch_id))
            }
            (
                CodeKind::Batch | CodeKind::Pack | CodeKind::Consignment | CodeKind::Event,
                CodeKind::Batch | CodeKind::Pack | CodeKind::Consignment | CodeKind::Event,
            ) => Ok(None),
        }
    }
}

impl Stock {
    /// What a code is stuck on; `None` when Tawzi never made it. Whether somebody may see the
    /// thing itself is decided where the thing is read.
    pub async fn find_code(&self, code: Code) -> Result<Option<KnownCode>, DbErr> {
        let row: Option<CodeRow> = db::one(
            self.db.read(),
            "SELECT kind, state, subject_id FROM code WHERE code = $1",
            [code.as_str().into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let kind = match row.kind.as_str() {
            "batch" => CodeKind::Batch,
            "pack" => CodeKind::Pack,
            "consignment" => CodeKind::Consignment,
            "event" => CodeKind::Event,
            other => return Err(unknown(other)),
        };
        let state = match row.state.as_str() {
            "issued" => CodeState::Issued,
            "active" => CodeState::Active,
            "voided" => CodeState::Voided,
            "retired" => CodeState::Retired,
            other => return Err(unknown(other)),
        };
        Ok(Some(KnownCode { kind, state, subject: row.subject_id }))
    }

    /// What a stranger sees of a batch or pack. It goes back to the store where it first arrived:
    /// where it is now would tell how stock moves.
    pub async fn stranger_view(&self, code: Code) -> Result<Option<StrangerView>, DbErr> {
        let row: Option<StrangerRow> = db::one(
            self.db.read(),
            "SELECT m.outside_name, s.name AS return_to, p.name_en AS place
             FROM batch b JOIN material m ON m.id = b.material_id
             JOIN store s ON s.id = b.first_store_id JOIN place p ON p.code = s.place_code
             WHERE b.code = $1 OR b.id = (SELECT k.batch_id FROM pack k WHERE k.code = $1)",
            [code.as_str().into()],
        )
        .await?;
        Ok(row.map(|row| StrangerView {
            outside_name: row.outside_name,
            return_to: row.return_to,
            place: row.place,
        }))
    }
}

impl Reader<'_> {
    /// A label that was issued before a delivery, whether or not its pack has come.
    pub async fn issued_label(&self, pack: PackId) -> Result<Option<IssuedLabel>, DbErr> {
        if !sees_runs(&self.actor) {
            return Ok(None);
        }
        let row: Option<IssuedRow> = db::one(
            self.stock.db.read(),
            "SELECT p.run_id, r.number AS run_number, p.kind, p.number, p.total, p.nominal,
                c.state, p.parent_id, c.issued_at
             FROM issued_pack p JOIN print_run r ON r.id = p.run_id
             JOIN code c ON c.code = p.code WHERE p.id = $1",
            [pack.uuid().into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let used = label_use(&row.state);
        let voided = match used {
            LabelUse::Voided => {
                let (run, parent) = (row.run_id.into(), row.parent_id.map(PackId::new));
                let since = Millis(row.issued_at);
                why_voided(self.stock.db.read(), run, pack, parent, since).await?
            }
            LabelUse::Unused | LabelUse::Came => None,
        };
        Ok(Some(IssuedLabel {
            voided,
            run: row.run_id.into(),
            run_number: row.run_number,
            kind: PackKind::parse(&row.kind).ok_or_else(|| unknown(&row.kind))?,
            number: row.number,
            total: row.total,
            nominal: row.nominal,
            used,
        }))
    }
}
