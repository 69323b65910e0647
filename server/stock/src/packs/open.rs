//! Opening, splitting and emptying packs, and printing their labels again.

use super::inside::Inside;
use super::{NewPack, PackKind, PackState, unpacked};
use crate::access::{Denied, Writer, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use domain::account::{Account, Real};
use domain::code::Code;
use domain::ids::{BatchId, PackId, RunId, StoreId};
use domain::pieces::{MOST_PIECES, Pieces};
use domain::records::packs::{
    EmptyPack, FoundSealed, OpenPack, Opened, ReprintLabels, SplitPack, SplitProblem,
};
use domain::role::{Actor, Permission};
use domain::time::Day;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why nothing is recorded about a pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Split(#[from] SplitProblem),
    #[error("a quantity is between 0 and 1,000,000,000")]
    Quantity,
    /// It is empty, or its label will never be used.
    #[error("the pack is {0:?}")]
    Gone(PackState),
    /// It is under way or at an event: what happens there is said on the waybill or event sheet.
    #[error("the pack is not in a store")]
    NotInStore,
    #[error("dated before the pack arrived")]
    BeforeArrival { arrived_on: Day },
    #[error("only a carton is split into bundles")]
    NotACarton,
    /// The bundles have labels: the carton is opened, not split.
    #[error("the carton holds labelled bundles")]
    HasBundles,
    #[error("no labels were chosen")]
    NoLabels,
    /// Nobody had asked for it to be looked at.
    #[error("the pack is {0:?}, and nobody has to check it")]
    NothingToCheck(PackState),
    /// Sealed packs never promise more than the balance holds (rule 9).
    #[error("the books have room for {unpacked} pieces there")]
    NoRoom { unpacked: i64 },
}

impl From<Denied> for PackError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

impl From<DbErr> for PackError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

/// What a record did to a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackChanged {
    pub pack: PackId,
    pub state: PackState,
    /// Pieces that were missing, booked to the run (or the count difference): below zero when
    /// there were more than marked.
    pub short: i64,
    /// The labels of new bundles.
    pub bundles: Vec<Code>,
}

#[derive(FromQueryResult)]
struct PackRow {
    batch_id: Uuid,
    run_id: Option<Uuid>,
    arrived_on: i64,
    kind: String,
    nominal: i64,
    state: String,
    carton_id: Option<Uuid>,
    bundles: i64,
    inside: i64,
    account_id: Option<i64>,
    account_kind: Option<String>,
    owner_id: Option<Uuid>,
    channel: Option<String>,
    shadow: Option<bool>,
    holder_id: Option<Uuid>,
}

/// A pack as the books know it.
struct Found {
    batch: BatchId,
    run: Option<RunId>,
    arrived_on: Day,
    kind: PackKind,
    nominal: Pieces,
    state: PackState,
    /// The sealed carton that it lies in.
    carton: Option<PackId>,
    /// Bundles that ever came out of it or lie in it.
    bundles: i64,
    /// Bundles that lie in it.
    inside: i64,
    at: Option<Account>,
    holder: Option<StoreId>,
}

impl PackRow {
    fn found(self) -> Result<Found, PackError> {
        let unknown = |word: &str| DbErr::Type(format!("the books hold the word {word:?}"));
        let holder_id = self.holder_id;
        let account = match (self.account_id, self.account_kind, self.owner_id) {
            (Some(id), Some(kind), Some(owner_id)) => {
                let (channel, shadow) =
                    (self.channel.unwrap_or_default(), self.shadow == Some(true));
                Some(AccountRow { id, kind, owner_id, channel, shadow, holder_id }.account()?)
            }
            (_, _, _) => None,
        };
        let nominal = Pieces::new(self.nominal);
        Ok(Found {
            batch: self.batch_id.into(),
            run: self.run_id.map(RunId::new),
            arrived_on: Day(self.arrived_on as i32),
            kind: PackKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            nominal: nominal.map_err(|error| DbErr::Type(error.to_string()))?,
            state: PackState::parse(&self.state).ok_or_else(|| unknown(&self.state))?,
            carton: self.carton_id.map(PackId::new),
            bundles: self.bundles,
            inside: self.inside,
            at: account,
            holder: holder_id.map(StoreId::new),
        })
    }
}

impl Found {
    /// Where the pack stands, if something can be done to it there on that day.
    fn place(&self, day: Day) -> Result<Account, PackError> {
        match self.state {
            PackState::Sealed | PackState::Opened | PackState::Check => {}
            PackState::Empty | PackState::Voided | PackState::Expected => {
                return Err(PackError::Gone(self.state));
            }
        }
        if day < self.arrived_on {
            return Err(PackError::BeforeArrival { arrived_on: self.arrived_on });
        }
        match self.at {
            Some(at @ Account::Real(Real::Store(_) | Real::Damaged(_))) => Ok(at),
            Some(_) | None => Err(PackError::NotInStore),
        }
    }

    /// What was packed short: only a sealed pack promised a number.
    fn opened(&self, at: Account, found: i64) -> Option<Opened> {
        let Self { batch, run, nominal, .. } = *self;
        (self.state == PackState::Sealed).then_some(Opened { batch, run, at, nominal, found })
    }
}

async fn find(db: &impl ConnectionTrait, pack: PackId) -> Result<Found, PackError> {
    let row: Option<PackRow> = Query::new(
        "SELECT p.batch_id, b.run_id, b.arrived_on, p.kind, p.nominal, s.state,
            CASE WHEN s.account_id IS NULL THEN p.parent_id END AS carton_id,
            (SELECT COUNT(*) FROM pack c WHERE c.parent_id = p.id) AS bundles,
            (SELECT COUNT(*) FROM pack c JOIN pack_state cs ON cs.pack_id = c.id
                WHERE c.parent_id = p.id AND cs.account_id IS NULL) AS inside,
            a.id AS account_id, a.kind AS account_kind, a.owner_id, a.channel, a.shadow, a.holder_id
         FROM pack p JOIN pack_state s ON s.pack_id = p.id JOIN batch b ON b.id = p.batch_id
         LEFT JOIN pack_state o ON o.pack_id = p.parent_id
         LEFT JOIN account a ON a.id = COALESCE(s.account_id, o.account_id) WHERE p.id = ",
    )
    .bind(pack.uuid())
    .one(db)
    .await?;
    row.ok_or(PackError::from(Denied::NotFound))?.found()
}

impl Writer<'_> {
    /// Records that a pack was opened and, perhaps, what was counted in it. A sealed one that
    /// holds less than it says is short as packed: booked to the run, not to the holder.
    pub async fn open_pack(
        &self,
        submission: Submission,
        body: OpenPack,
    ) -> Result<PackChanged, PackError> {
        let subject = self.keeps_pack(&submission, body.pack).await?;
        self.record(submission, subject, body, |tx, body| Box::pin(open(tx, body))).await
    }

    /// Records that a carton was taken apart into bundles, and makes their labels.
    pub async fn split_pack(
        &self,
        submission: Submission,
        body: SplitPack,
    ) -> Result<PackChanged, PackError> {
        let subject = self.keeps_pack(&submission, body.pack).await?;
        self.record(submission, subject, body, |tx, body| Box::pin(split(tx, body))).await
    }

    /// Records that nothing is left in a pack. What was in it is said elsewhere: nothing moves.
    pub async fn empty_pack(
        &self,
        submission: Submission,
        pack: PackId,
    ) -> Result<PackChanged, PackError> {
        let subject = self.keeps_pack(&submission, pack).await?;
        let body = EmptyPack { pack };
        self.record(submission, subject, body, |tx, body| Box::pin(empty(tx, body))).await
    }

    /// Records that a pack which had to be looked for is here, sealed as marked.
    pub async fn found_sealed(
        &self,
        submission: Submission,
        body: FoundSealed,
    ) -> Result<PackChanged, PackError> {
        let subject = self.keeps_pack(&submission, body.pack).await?;
        self.record(submission, subject, body, |tx, body| Box::pin(found_sealed(tx, body))).await
    }

    /// Counts labels that are printed again; their codes stay.
    pub async fn reprint_labels(
        &self,
        submission: Submission,
        packs: Vec<PackId>,
    ) -> Result<i64, PackError> {
        let first = *packs.first().ok_or(PackError::NoLabels)?;
        let subject = self.keeps_pack(&submission, first).await?;
        let body = ReprintLabels { packs };
        self.record(submission, subject, body, |tx, body| Box::pin(reprint(tx, body))).await
    }

    async fn keeps_pack(
        &self,
        submission: &Submission,
        pack: PackId,
    ) -> Result<Subject, PackError> {
        self.require(Permission::KeepStore)?;
        let db = self.stock.db.read();
        let (kind, id) = ("pack", pack.uuid());
        // A repeat is answered with the first result, wherever the pack has gone since.
        if self.reader().outcome(submission.envelope.id).await?.is_some() {
            return Ok(Subject { kind, id, store: None });
        }
        let store = find(db, pack).await?.holder;
        let holder = in_sight(db, &self.actor, pack, store).await?;
        Ok(Subject { kind, id, store: Some(holder) })
    }
}

#[derive(FromQueryResult)]
struct Holder {
    holder_id: Option<Uuid>,
}

/// The store that answers for a pack, if the actor sees it. Of a pack that is nowhere any more only
/// those learn so who had it last.
async fn in_sight(
    db: &impl ConnectionTrait,
    actor: &Actor,
    pack: PackId,
    holder: Option<StoreId>,
) -> Result<StoreId, PackError> {
    if let Some(store) = holder {
        scope::require_store::<PackError>(db, actor, store).await?;
        return Ok(store);
    }
    let last: Option<Holder> = Query::new(
        "SELECT a.holder_id FROM pack_event e JOIN record r ON r.id = e.record_id
         JOIN account a ON a.id = e.account_id WHERE e.pack_id = ",
    )
    .bind(pack.uuid())
    .push(" ORDER BY r.recorded_at DESC, e.ordinal DESC LIMIT 1")
    .one(db)
    .await?;
    let last = last.and_then(|row| row.holder_id).ok_or(Denied::NotFound)?;
    scope::require_store::<PackError>(db, actor, StoreId::new(last)).await?;
    Err(PackError::NotInStore)
}

async fn open(tx: &RecordTx<'_>, body: &OpenPack) -> Result<PackChanged, PackError> {
    if body.found.is_some_and(|found| !(0..=MOST_PIECES).contains(&found)) {
        return Err(PackError::Quantity);
    }
    let pack = find(tx.conn, body.pack).await?;
    let at = pack.place(tx.occurred_at.day())?;
    let opened = body.found.and_then(|found| pack.opened(at, found));
    let short = book(tx, opened).await?;
    let state = if body.found == Some(0) { PackState::Empty } else { PackState::Opened };
    let inside = Inside::of(tx.conn, body.pack).await?;
    unpack(tx, body.pack, &pack).await?;
    let bundles = body.found.map_or(PackState::Sealed, |found| inside.state(found));
    if bundles != PackState::Sealed {
        tx.set_packs(&inside.bundles, bundles, Some(at)).await?;
    }
    tx.set_packs(&[body.pack], state, Some(at)).await?;
    Ok(PackChanged { pack: body.pack, state, short, bundles: Vec::new() })
}

async fn split(tx: &RecordTx<'_>, body: &SplitPack) -> Result<PackChanged, PackError> {
    let found = body.found()?;
    let pack = find(tx.conn, body.pack).await?;
    let at = pack.place(tx.occurred_at.day())?;
    if pack.kind != PackKind::Carton {
        return Err(PackError::NotACarton);
    }
    if pack.inside > 0 {
        return Err(PackError::HasBundles);
    }
    let short = book(tx, pack.opened(at, found)).await?;
    // Bundles that came out of it before keep their numbers.
    let total = pack.bundles + body.bundles.len() as i64;
    let bundles: Vec<NewPack> = (pack.bundles + 1..)
        .zip(&body.bundles)
        .map(|(number, nominal)| NewPack {
            id: tx.new_id(),
            code: tx.world.new_code(),
            batch: pack.batch,
            parent: Some(body.pack),
            kind: PackKind::Bundle,
            number,
            total,
            nominal: nominal.get(),
        })
        .collect();
    let state = if body.loose == 0 { PackState::Empty } else { PackState::Opened };
    tx.set_packs(&[body.pack], state, Some(at)).await?;
    tx.make_packs(&bundles, PackState::Sealed, Some(at)).await?;
    let bundles = bundles.iter().map(|bundle| bundle.code).collect();
    Ok(PackChanged { pack: body.pack, state, short, bundles })
}

async fn empty(tx: &RecordTx<'_>, body: &EmptyPack) -> Result<PackChanged, PackError> {
    let pack = find(tx.conn, body.pack).await?;
    let at = pack.place(tx.occurred_at.day())?;
    let inside = Inside::of(tx.conn, body.pack).await?;
    unpack(tx, body.pack, &pack).await?;
    tx.set_packs(&inside.bundles, PackState::Empty, Some(at)).await?;
    tx.set_packs(&[body.pack], PackState::Empty, Some(at)).await?;
    Ok(PackChanged { pack: body.pack, state: PackState::Empty, short: 0, bundles: Vec::new() })
}

async fn found_sealed(tx: &RecordTx<'_>, body: &FoundSealed) -> Result<PackChanged, PackError> {
    let pack = find(tx.conn, body.pack).await?;
    let at = pack.place(tx.occurred_at.day())?;
    if pack.state != PackState::Check {
        return Err(PackError::NothingToCheck(pack.state));
    }
    let room = unpacked(tx.conn, at, [pack.batch]).await?;
    let unpacked = room.get(&pack.batch).copied().unwrap_or_default();
    if pack.nominal.get() > unpacked {
        return Err(PackError::NoRoom { unpacked });
    }
    tx.set_packs(&[body.pack], PackState::Sealed, Some(at)).await?;
    let (pack, state) = (body.pack, PackState::Sealed);
    Ok(PackChanged { pack, state, short: 0, bundles: Vec::new() })
}

/// Books what a sealed pack lacked; gives the pieces, below zero when there were more.
async fn book(tx: &RecordTx<'_>, opened: Option<Opened>) -> Result<i64, PackError> {
    let Some(opened) = opened else { return Ok(0) };
    if let Some(draft) = opened.draft(tx.occurred_at) {
        tx.post_fact(vec![draft]).await?;
    }
    Ok(opened.nominal.get() - opened.found)
}

/// A bundle comes out of its sealed carton, and the bundles of a carton stand by themselves.
async fn unpack(tx: &RecordTx<'_>, id: PackId, pack: &Found) -> Result<(), PackError> {
    let mut cartons: BTreeSet<PackId> = pack.carton.into_iter().collect();
    if pack.inside > 0 {
        cartons.insert(id);
    }
    Ok(tx.open_cartons(&cartons).await?)
}

#[derive(FromQueryResult)]
struct Printed {
    id: Uuid,
    holder_id: Option<Uuid>,
}

async fn reprint(tx: &RecordTx<'_>, body: &ReprintLabels) -> Result<i64, PackError> {
    let mut reprinted = 0;
    for chunk in body.packs.chunks(200) {
        let packs = || chunk.iter().map(|pack| pack.uuid());
        let printed: Vec<Printed> = Query::new(
            "SELECT p.id, a.holder_id FROM pack p JOIN pack_state s ON s.pack_id = p.id
             LEFT JOIN pack_state o ON o.pack_id = p.parent_id
             LEFT JOIN account a ON a.id = COALESCE(s.account_id, o.account_id)
             WHERE p.id IN ",
        )
        .list(packs())
        .all(tx.conn)
        .await?;
        for Printed { id, holder_id } in printed {
            in_sight(tx.conn, &tx.actor, id.into(), holder_id.map(StoreId::new)).await?;
        }
        reprinted += Query::new("UPDATE pack SET reprints = reprints + 1 WHERE id IN ")
            .list(packs())
            .run(tx.conn)
            .await?;
    }
    Ok(reprinted as i64)
}
