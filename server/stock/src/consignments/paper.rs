//! Where the signed waybills are.

use super::Summary;
use super::find::find;
use super::kept::keep;
use crate::access::{Denied, Reader, Writer};
use crate::query::Query;
use crate::records::{RecordError, RecordTx, Subject, Submission};
use crate::reference::attachments;
use domain::consignment::{PaperState, State};
use domain::hex::hex;
use domain::ids::{ConsignmentId, RecordId};
use domain::picture::{MediaType, Picture};
use domain::records::consignment::Paper;
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Why the state of a paper is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("there is no signed paper of it: it is {0:?}")]
    NoPaper(State),
}

impl From<DbErr> for PaperError {
    fn from(error: DbErr) -> Self {
        Self::Record(error.into())
    }
}

impl From<Denied> for PaperError {
    fn from(denied: Denied) -> Self {
        Self::Record(denied.into())
    }
}

/// One paper of the register.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RegisterEntry {
    pub consignment: Summary,
    pub state: PaperState,
    pub since: Millis,
    /// Whole days in this state.
    pub days: i32,
    /// The record whose scan can be looked at.
    pub scan: Option<RecordId>,
}

/// What was last said about a paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PaperNow {
    pub state: PaperState,
    pub since: Millis,
    pub scan: Option<RecordId>,
}

#[derive(FromQueryResult)]
struct PaperRow {
    record_id: Uuid,
    consignment_id: Uuid,
    state: String,
    has_scan: bool,
    occurred_at: i64,
}

#[derive(FromQueryResult)]
struct ScanRow {
    consignment_id: Uuid,
    media_type: String,
    bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Noted {}

impl Writer<'_> {
    /// Says where the signed paper is, with a picture of it if there is one.
    pub async fn set_paper(
        &self,
        submission: Submission,
        id: ConsignmentId,
        state: PaperState,
        scan: Option<Picture>,
    ) -> Result<(), PaperError> {
        if self.require(Permission::Dispatch).is_err() {
            self.require(Permission::Deliver)?;
        }
        let known = find::<PaperError>(self.stock.db.read(), &self.actor, id).await?;
        let digest = scan.as_ref().map(|scan| Sha256::digest(scan.bytes()));
        let digits = digest.map(|bytes| hex(&bytes));
        let body = Paper { consignment: id, state, scan: digits };
        let subject = Subject { kind: "consignment", id: id.uuid(), store: Some(known.from.id) };
        let scan = Arc::new(scan);
        let Noted {} = self
            .record(submission, subject, body, move |tx, body| {
                Box::pin(note(tx, body, scan.clone()))
            })
            .await?;
        Ok(())
    }
}

async fn note(
    tx: &RecordTx<'_>,
    body: &Paper,
    scan: Arc<Option<Picture>>,
) -> Result<Noted, PaperError> {
    tx.lock_consignment(body.consignment).await?;
    let known = find::<PaperError>(tx.conn, &tx.actor, body.consignment).await?;
    if !known.facts.dispatched {
        return Err(PaperError::NoPaper(known.state()));
    }
    if let Some(scan) = scan.as_ref() {
        attachments::keep(tx.conn, scan, tx.recorded_at).await?;
    }
    let digest = scan.as_ref().as_ref().map(|scan| Sha256::digest(scan.bytes()).to_vec());
    tx.run(
        "INSERT INTO waybill_paper (record_id, consignment_id, state, scan_sha256)
         VALUES ($1, $2, $3, $4)",
        [
            tx.id.uuid().into(),
            body.consignment.uuid().into(),
            body.state.as_str().into(),
            digest.into(),
        ],
    )
    .await?;
    keep(tx.conn, &known).await?;
    Ok(Noted {})
}

/// The latest word on each paper; a consignment that is missing here is out since it left.
pub(super) async fn papers(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ConsignmentId>,
) -> Result<BTreeMap<ConsignmentId, PaperNow>, DbErr> {
    let rows: Vec<PaperRow> = Query::new(
        "SELECT p.record_id, p.consignment_id, p.state, (p.scan_sha256 IS NOT NULL) AS has_scan,
            r.occurred_at
         FROM waybill_paper p JOIN record r ON r.id = p.record_id WHERE p.consignment_id IN ",
    )
    .list(ids.into_iter().map(|id| id.uuid()))
    .push(" ORDER BY r.recorded_at, r.id")
    .all(db)
    .await?;
    let mut papers: BTreeMap<ConsignmentId, PaperNow> = BTreeMap::new();
    for row in rows {
        let Some(state) = PaperState::parse(&row.state) else { continue };
        let id = ConsignmentId::new(row.consignment_id);
        let earlier = papers.get(&id).and_then(|paper| paper.scan);
        let scan = row.has_scan.then(|| row.record_id.into()).or(earlier);
        papers.insert(id, PaperNow { state, since: Millis(row.occurred_at), scan });
    }
    Ok(papers)
}

impl Reader<'_> {
    /// The register of papers: those of consignments that left, the longest out first, at most
    /// `most` after the paper of `after`, and whether there are more.
    pub async fn paper_register(
        &self,
        only: Option<PaperState>,
        after: Option<ConsignmentId>,
        most: usize,
    ) -> Result<(Vec<RegisterEntry>, bool), DbErr> {
        let mut query = self.visible_consignments().push(" AND q.left_at IS NOT NULL");
        if let Some(state) = only {
            query = query.push(" AND q.paper = ").bind(state.as_str());
        }
        if let Some(after) = after {
            query = self.one_of_them(query.push(" AND (q.left_at, q.id) > "), "left_at", after);
        }
        let limit = format!(" ORDER BY q.left_at, q.id LIMIT {}", most + 1);
        let mut known = self.known(query.push(&limit)).await?;
        let more = known.len() > most;
        known.truncate(most);
        let papers = papers(self.stock.db.read(), known.iter().map(|known| known.id)).await?;
        let today = self.stock.world.now().day();
        let entries = known.iter().filter_map(|known| {
            let (left, _) = known.dispatched?;
            let out = PaperNow { state: PaperState::Out, since: left, scan: None };
            let paper = papers.get(&known.id).copied().unwrap_or(out);
            Some(RegisterEntry {
                consignment: Summary::of(known),
                state: paper.state,
                since: paper.since,
                days: today.0 - paper.since.day().0,
                scan: paper.scan,
            })
        });
        Ok((entries.collect(), more))
    }

    /// The picture that a record about a paper came with.
    pub async fn paper_scan(
        &self,
        record: RecordId,
    ) -> Result<Option<(MediaType, Vec<u8>)>, PaperError> {
        let db = self.stock.db.read();
        let row: Option<ScanRow> = Query::new(
            "SELECT p.consignment_id, a.media_type, a.bytes FROM waybill_paper p
             JOIN attachment a ON a.sha256 = p.scan_sha256 WHERE p.record_id = ",
        )
        .bind(record.uuid())
        .one(db)
        .await?;
        let Some(row) = row else { return Ok(None) };
        // A waybill says what was sent: whoever still has to count does not get to see it.
        let known = find::<PaperError>(db, &self.actor, row.consignment_id.into()).await?;
        let media_type = MediaType::parse(&row.media_type);
        Ok(media_type.filter(|_| known.sees_sent()).map(|media_type| (media_type, row.bytes)))
    }
}
