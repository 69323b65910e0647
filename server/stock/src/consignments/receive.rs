//! What the receiver gets to see before and after the count.

use super::deliver::{EarlierDelivery, earlier};
use super::find::find;
use super::sheet::tallies;
use super::titles::{BatchTitle, titles};
use super::{DeliverError, Summary};
use crate::access::{Denied, Reader};
use crate::query::Query;
use domain::consignment::{CountedLine, Rest, Tally, is_far_too_many};
use domain::ids::{BatchId, ConsignmentId};
use domain::pack::PackKind;
use domain::role::Permission;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a delivery and the waybill disagree about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    pub batch: BatchId,
    /// Pieces that are still on the road although nothing more is said to come.
    pub missing: i64,
    /// Pieces that came and were not sent.
    pub extra: i64,
}

impl Difference {
    /// Nothing before all has come: then it would tell whoever still has to count.
    pub(super) fn all(tallies: &BTreeMap<BatchId, Tally>, rest: Rest) -> Vec<Self> {
        if rest == Rest::StillComing {
            return Vec::new();
        }
        let all = tallies.iter().map(|(batch, tally)| Self {
            batch: *batch,
            missing: tally.in_transit(),
            extra: tally.extra.max(0),
        });
        all.filter(|difference| difference.missing > 0 || difference.extra > 0).collect()
    }
}

/// The form on which the receiver counts: what to look for, and never how much.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CountSheet {
    pub consignment: Summary,
    pub lines: Vec<CountSheetLine>,
    /// What others have received of it already.
    pub earlier: Vec<EarlierDelivery>,
    /// Whoever dispatched it can only pass on what the receiver told by phone.
    pub on_behalf_only: bool,
    /// Whether somebody else will have to confirm the count in any case.
    pub to_confirm: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CountSheetLine {
    pub title: BatchTitle,
    /// Pieces that a full carton of this batch is marked with.
    pub per_carton: i64,
    /// Pieces that a full bundle of this batch is marked with.
    pub per_bundle: i64,
    /// What other cartons and bundles of it are marked with.
    pub other_sizes: Vec<i64>,
}

impl CountSheetLine {
    fn new(title: BatchTitle, sizes: &[SizeRow]) -> Self {
        let batch = title.batch.uuid();
        let of = |kind: PackKind| -> Vec<i64> {
            let alike = |row: &&SizeRow| row.batch_id == batch && row.kind == kind.as_str();
            sizes.iter().filter(alike).map(|row| row.nominal).collect()
        };
        let (cartons, bundles) = (of(PackKind::Carton), of(PackKind::Bundle));
        let per_carton = cartons.iter().copied().max().unwrap_or(title.packing.per_carton());
        let per_bundle = bundles.iter().copied().max().unwrap_or(title.packing.per_bundle());
        let other_cartons = cartons.into_iter().filter(|size| *size != per_carton);
        let other_bundles = bundles.into_iter().filter(|size| *size != per_bundle);
        let mut other_sizes: Vec<i64> = other_cartons.chain(other_bundles).collect();
        other_sizes.sort_unstable();
        other_sizes.dedup();
        Self { title, per_carton, per_bundle, other_sizes }
    }
}

#[derive(FromQueryResult)]
struct SizeRow {
    batch_id: Uuid,
    kind: String,
    nominal: i64,
}

impl Reader<'_> {
    /// The batches of which somebody counted so many pieces that it looks like a slip. A question
    /// about it tells no more of what was sent than that.
    pub async fn far_more_than_sent(
        &self,
        id: ConsignmentId,
        counted: &[CountedLine],
    ) -> Result<Vec<BatchId>, DeliverError> {
        let db = self.stock.db.read();
        if !find::<DeliverError>(db, &self.actor, id).await?.sees_to {
            return Err(Denied::NotFound.into());
        }
        let tallies = tallies(db, id).await?;
        let far = |line: &&CountedLine| {
            is_far_too_many(tallies.get(&line.batch).map_or(0, |tally| tally.sent), line)
        };
        Ok(counted.iter().filter(far).map(|line| line.batch).collect())
    }

    /// The form for counting. For a receiver it holds no figure of what was sent.
    pub async fn count_sheet_of(&self, id: ConsignmentId) -> Result<CountSheet, DeliverError> {
        if !self.may(Permission::Deliver) {
            return Err(Denied::NotAllowed(Permission::Deliver).into());
        }
        let db = self.stock.db.read();
        let known = find::<DeliverError>(db, &self.actor, id).await?;
        if !known.sees_to {
            return Err(Denied::NotFound.into());
        }
        if !known.state().receives() {
            return Err(DeliverError::NotUnderWay(known.state()));
        }
        let tallies = tallies(db, id).await?;
        let titles = titles(db, tallies.keys().copied()).await?;
        let sizes: Vec<SizeRow> =
            Query::new("SELECT DISTINCT batch_id, kind, nominal FROM pack WHERE batch_id IN ")
                .list(titles.keys().map(|batch| batch.uuid()))
                .all(db)
                .await?;
        let mut lines: Vec<CountSheetLine> =
            titles.into_values().map(|title| CountSheetLine::new(title, &sizes)).collect();
        lines.sort_by(|a, b| (&a.title.title, a.title.code).cmp(&(&b.title.title, b.title.code)));
        Ok(CountSheet {
            lines,
            earlier: earlier(db, id).await?,
            on_behalf_only: known.dispatched_by() == Some(self.actor.user),
            to_confirm: self.actor.org != known.to.org || known.sees_from,
            consignment: Summary::of(&known),
        })
    }
}
