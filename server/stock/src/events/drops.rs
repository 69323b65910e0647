//! Drops: pieces left in a public place, without an event or participants.

use super::EventError;
use super::find::on_behalf;
use super::goods::{self, Chosen, Unbooked};
use super::held_drop;
use super::holdings::Holder;
use super::sheet::HeldReason;
use crate::access::{Denied, Reader, Writer, scope};
use crate::corrections::ask_to_explain;
use crate::held_moves;
use crate::packs::PackState;
use crate::query::Query;
use crate::records::{RecordTx, Subject, Submission};
use domain::account::{Account, Channel, Occasion};
use domain::event_sheet::batches::draft;
use domain::events::PublicPlace;
use domain::ids::{DropId, MaterialId, MovementId, OrgId, RecordId, StoreId, UserId};
use domain::ledger::{MovementKind, Reason};
use domain::pieces::MOST_PIECES;
use domain::records::events::{Goods, LeaveInPublic};
use domain::reference::PlaceName;
use domain::role::{Permission, PlaceCode};
use domain::time::{Day, Millis, Month};
use sea_orm::{DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A drop that was recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DropResult {
    pub drop: DropId,
    /// `D-KBL-0003`.
    pub number: String,
    pub movements: Vec<MovementId>,
    pub assumed: bool,
    pub held: Option<HeldReason>,
}

impl Writer<'_> {
    /// Records pieces left in a public place: a fact. The drop's id is the record's.
    pub async fn leave_in_public(
        &self,
        submission: Submission,
        body: LeaveInPublic,
    ) -> Result<DropResult, EventError> {
        self.require(Permission::RunEvents)?;
        if body.goods.is_empty() {
            return Err(EventError::Empty);
        }
        if body.places.is_some_and(|places| !(0..=MOST_PIECES).contains(&places)) {
            return Err(domain::attendance::ImpossibleHeadcount.into());
        }
        let db = self.stock.db.read();
        let org = scope::org_of_store(db, &self.actor, body.store).await?;
        let org = org.ok_or(Denied::NotFound)?;
        scope::require_place::<EventError>(db, &self.actor, body.place.as_str()).await?;
        let submission = on_behalf(submission, &self.actor, org);
        let id = submission.envelope.id.uuid();
        let subject = Subject { kind: "drop", id, store: Some(body.store) };
        self.record(submission, subject, body, |tx, body| Box::pin(leave(tx, body))).await
    }
}

async fn leave(tx: &RecordTx<'_>, body: &LeaveInPublic) -> Result<DropResult, EventError> {
    let number = insert(tx, body).await?;
    let drop = DropId::new(tx.id.uuid());
    let mut result = DropResult { drop, number, movements: Vec::new(), assumed: false, held: None };
    match book(tx, (drop, &result.number), body, tx.occurred_at).await? {
        Ok((movements, assumed)) => (result.movements, result.assumed) = (movements, assumed),
        Err(why) => {
            let why = HeldReason::from(why);
            held_drop::hold(tx, (drop, &result.number), body.store, why).await?;
            result.held = Some(why);
        }
    }
    Ok(result)
}

/// Puts a drop into the books, or says why it cannot be: its movements, and whether the batches
/// were assumed.
pub(super) async fn book(
    tx: &RecordTx<'_>,
    (drop, number): (DropId, &str),
    body: &LeaveInPublic,
    at: Millis,
) -> Result<Result<(Vec<MovementId>, bool), Unbooked>, EventError> {
    let holder = Holder { store: body.store, event: None, at };
    let Chosen { batches, packs, assumed } = match goods::choose(tx, holder, &body.goods).await? {
        Ok(chosen) => chosen,
        Err(why) => return Ok(Err(why)),
    };
    let to = Account::given(Occasion::Drop(drop), Channel::PublicPlaces);
    let from = Account::store(body.store);
    let given = draft(MovementKind::Give, Reason::Planned, at, from, to, &batches);
    let posted = tx.post_fact(vec![given]).await?;
    ask_to_explain(tx, body.store, number.to_owned(), &posted).await?;
    let moved = batches.iter().map(|stocked| stocked.batch);
    held_moves::warn(tx, body.store, format!("/drops/{drop}"), number.to_owned(), moved).await?;
    if !packs.is_empty() {
        tx.leave_cartons(&packs).await?;
        tx.set_packs(&packs, PackState::Empty, None).await?;
    }
    goods::note_assumed(tx, assumed);
    Ok(Ok((posted.into_iter().map(|posted| posted.id).collect(), assumed)))
}

#[derive(FromQueryResult)]
struct Ends {
    short_name: String,
    is_place: bool,
    materials: i64,
}

async fn insert(tx: &RecordTx<'_>, body: &LeaveInPublic) -> Result<String, EventError> {
    let materials: BTreeSet<Uuid> = body.goods.materials.iter().map(|(id, _)| id.uuid()).collect();
    let wanted = materials.len() as i64;
    let ends: Option<Ends> = Query::new(
        "SELECT s.short_name, EXISTS (SELECT 1 FROM place p
            WHERE p.retired_at IS NULL AND p.code = ",
    )
    .bind(body.place.as_str())
    .push(") AS is_place, (SELECT COUNT(*) FROM material m WHERE m.id IN ")
    .list(materials)
    .push(") AS materials FROM store s WHERE s.id = ")
    .bind(body.store.uuid())
    .one(tx.conn.ahead())
    .await?;
    let ends = ends.ok_or(Denied::NotFound)?;
    if ends.materials != wanted {
        return Err(EventError::UnknownMaterial);
    }
    if !ends.is_place {
        return Err(EventError::UnknownPlace);
    }
    let series = format!("D-{}", ends.short_name);
    let number = format!("{series}-{:04}", tx.next_number(&series).await?);
    let into = "INSERT INTO drop_off (id, number, store_id, place_code, kind, places) VALUES ";
    tx.conn.write_soon(Query::new(into).list::<Value>([
        tx.id.uuid().into(),
        number.as_str().into(),
        body.store.uuid().into(),
        body.place.as_str().into(),
        body.kind.as_str().into(),
        body.places.into(),
    ]));
    tx.seen(|seen| seen.made(tx.id.uuid(), body.store));
    Ok(number)
}

/// Which drops to list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DropFilter {
    pub month: Option<Month>,
    pub province: Option<PlaceCode>,
    /// Only those that come after this one in the list: the next page.
    pub after: Option<DropId>,
}

/// A drop in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DropRow {
    pub id: DropId,
    pub number: String,
    pub day: Day,
    pub recorded_at: Millis,
    pub by: UserId,
    pub store: StoreId,
    pub store_name: String,
    pub place: PlaceCode,
    pub place_name: PlaceName,
    pub kind: PublicPlace,
    pub places: Option<i64>,
    /// What stands in the books.
    pub pieces: i64,
    pub assumed: bool,
    /// Why it waits.
    pub held: Option<HeldReason>,
    /// It could not be booked, and somebody said that it is not to be.
    pub is_dropped: bool,
    /// It was in the books and was taken back.
    pub is_reversed: bool,
    pub on_behalf: bool,
}

/// A drop with its pieces, a line a material.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DropDetail {
    pub row: DropRow,
    pub lines: Vec<DropLine>,
    /// Of them so many the books of the store did not have, while nobody has explained all that
    /// it lacked.
    pub lacked: i64,
    /// What was said to be left there, whether it is in the books or not.
    pub said: Goods,
    /// Whose word it is: the organisation that recorded it, and the one in whose place.
    pub by_org: OrgId,
    pub on_behalf: Option<OrgId>,
    /// The record that put it into the books, else the one that it is.
    pub posted_by: RecordId,
    pub note: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DropLine {
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    pub pieces: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: String,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    store_id: Uuid,
    store_name: String,
    place_code: String,
    name_en: String,
    name_fa: Option<String>,
    name_ps: Option<String>,
    kind: String,
    places: Option<i64>,
    pieces: Option<i64>,
    assumed: bool,
    held_reason: Option<String>,
    moved: bool,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    decided_by: Option<Uuid>,
    body: String,
}

const ROWS: &str = "SELECT d.id, d.number, r.local_day, r.recorded_at, r.actor_id, d.store_id,
        s.name AS store_name, d.place_code, p.name_en, p.name_fa, p.name_ps, d.kind, d.places,
        (SELECT CAST(SUM(b.pieces) AS BIGINT) FROM balance b JOIN account a ON a.id = b.account_id
            WHERE a.kind = 'given_drop' AND NOT a.shadow AND a.owner_id = d.id) AS pieces,
        EXISTS (SELECT 1 FROM batch_assumed x WHERE x.record_id IN (d.id, c.id)) AS assumed,
        d.held_reason, EXISTS (SELECT 1 FROM movement m WHERE m.record_id IN (d.id, c.id)) AS moved,
        r.org_id, r.on_behalf_org_id, c.id AS decided_by, r.body
     FROM drop_off d JOIN record r ON r.id = d.id JOIN store s ON s.id = d.store_id
     LEFT JOIN record c ON c.subject_id = d.id AND c.kind = 'drop_decision'
     JOIN place p ON p.code = d.place_code WHERE ";

impl Row {
    fn row(self) -> Result<DropRow, DbErr> {
        let kind = PublicPlace::parse(&self.kind)
            .ok_or_else(|| DbErr::Type(format!("unknown public place {:?}", self.kind)))?;
        let pieces = self.pieces.unwrap_or(0);
        let held = self.held_reason.as_deref().and_then(HeldReason::parse);
        Ok(DropRow {
            id: self.id.into(),
            number: self.number,
            day: super::find::day(self.local_day),
            recorded_at: Millis(self.recorded_at),
            by: self.actor_id.into(),
            store: self.store_id.into(),
            store_name: self.store_name,
            place: PlaceCode::new(self.place_code),
            place_name: PlaceName { en: self.name_en, fa: self.name_fa, ps: self.name_ps },
            kind,
            places: self.places,
            pieces,
            assumed: self.assumed,
            held: held.filter(|_| self.decided_by.is_none()),
            is_dropped: self.decided_by.is_some() && !self.moved,
            is_reversed: self.moved && pieces == 0,
            on_behalf: self.on_behalf_org_id.is_some(),
        })
    }
}

impl Reader<'_> {
    /// Drops of the stores that the actor sees, the newest first, and at most so many.
    pub async fn drops(&self, filter: &DropFilter, most: usize) -> Result<Vec<DropRow>, DbErr> {
        let mut query =
            Query::new(ROWS).condition(|next| scope::stores(&self.actor, "d.store_id", next));
        if let Some(month) = filter.month {
            query = query
                .push(" AND r.local_day >= ")
                .bind(i64::from(month.first_day().0))
                .push(" AND r.local_day <= ")
                .bind(i64::from(month.last_day().0));
        }
        if let Some(province) = &filter.province {
            query = query
                .push(" AND (p.code = ")
                .bind(province.as_str())
                .push(" OR p.parent_code = ")
                .bind(province.as_str())
                .push(")");
        }
        if let Some(after) = filter.after {
            query = query
                .push(" AND (r.local_day, r.recorded_at, d.id) < (SELECT o.local_day,")
                .push(" o.recorded_at, o.id FROM record o WHERE o.id = ")
                .bind(after.uuid())
                .push(" AND ")
                .condition(|next| scope::stores(&self.actor, "o.store_id", next))
                .push(")");
        }
        let rows: Vec<Row> = query
            .push(" ORDER BY r.local_day DESC, r.recorded_at DESC, d.id DESC")
            .push(&format!(" LIMIT {most}"))
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(Row::row).collect()
    }

    /// One drop, if the actor sees its store.
    pub async fn drop_off(&self, id: DropId) -> Result<Option<DropDetail>, DbErr> {
        #[derive(FromQueryResult)]
        struct LineRow {
            id: Uuid,
            short_number: String,
            title: String,
            pieces: i64,
        }
        #[derive(FromQueryResult)]
        struct Lacked {
            pieces: Option<i64>,
        }
        let db = self.stock.db.read();
        let row: Option<Row> = Query::new(ROWS)
            .condition(|next| scope::stores(&self.actor, "d.store_id", next))
            .push(" AND d.id = ")
            .bind(id.uuid())
            .one(db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let lines: Vec<LineRow> = Query::new(
            "SELECT m.id, m.short_number, m.title, CAST(SUM(b.pieces) AS BIGINT) AS pieces
             FROM balance b JOIN account a ON a.id = b.account_id
             JOIN batch t ON t.id = b.batch_id JOIN material m ON m.id = t.material_id
             WHERE a.kind = 'given_drop' AND NOT a.shadow AND b.pieces > 0 AND a.owner_id = ",
        )
        .bind(id.uuid())
        .push(" GROUP BY m.id, m.short_number, m.title ORDER BY m.short_number")
        .all(db)
        .await?;
        let lines = lines.into_iter().map(|row| DropLine {
            material: row.id.into(),
            short_number: row.short_number,
            title: row.title,
            pieces: row.pieces,
        });
        let note = super::said::note(db, RecordId::new(id.uuid())).await?;
        let posted_by = RecordId::new(row.decided_by.unwrap_or(row.id));
        let lacked: Option<Lacked> = Query::new(
            "SELECT CAST(SUM(l.pieces) AS BIGINT) AS pieces
             FROM movement m JOIN line l ON l.movement_id = m.id
             JOIN balance b ON b.account_id = l.from_id AND b.batch_id = l.batch_id
             WHERE b.pieces < 0 AND m.kind = 'shortfall' AND m.record_id = ",
        )
        .bind(posted_by.uuid())
        .one(db)
        .await?;
        Ok(Some(DropDetail {
            lines: lines.collect(),
            said: held_drop::read(&row.body)?.goods,
            by_org: row.org_id.into(),
            on_behalf: row.on_behalf_org_id.map(OrgId::new),
            lacked: lacked.and_then(|row| row.pieces).unwrap_or(0),
            posted_by,
            row: row.row()?,
            note,
        }))
    }
}
