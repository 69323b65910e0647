//! One consignment with its lines and its history.

use super::confirm::reasons;
use super::find::{Known, find};
use super::paper::papers;
use super::sheet::tallies;
use super::shelf::{Way, blocked, may_not_leave};
use super::titles::{BatchTitle, titles};
use super::unsent::{CartonsCame, Found, FoundPack, found};
use super::waybill::trip;
use super::{DraftError, Summary, TripDetails};
use crate::access::Reader;
use crate::query::Query;
use crate::records::{BY, WHO_SAID};
use domain::code::Code;
use domain::consignment::{Blocked, PaperState, Rest, State, Tally};
use domain::ids::{BatchId, ConsignmentId, OrgId, PackId, RecordId, UserId};
use domain::ledger::Reason;
use domain::pack::PackKind;
use domain::records::Body;
use domain::records::confirm::Confirm;
use domain::records::consignment as said;
use domain::records::consignment::DifferenceSide;
use domain::role::Role;
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Everything about a consignment that the actor may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Detail {
    pub consignment: Summary,
    pub trip: TripDetails,
    /// Other consignments on the same vehicle.
    pub same_trip: Vec<(ConsignmentId, String)>,
    /// What is listed for loading; empty for the receiver's side.
    pub draft_lines: Vec<DraftLine>,
    /// Packs of this draft that stand on another draft of the same store, too.
    pub listed_twice: Vec<ListedTwice>,
    /// What left, by batch; empty while it is a draft.
    pub lines: Vec<DetailLine>,
    pub latest_rest: Option<Rest>,
    /// Packs that came and were not sent.
    pub unsent: Vec<FoundPack>,
    /// Packs of which nobody knows whether they came: somebody has to look for them.
    pub look_for: Vec<FoundPack>,
    /// How many cartons of these came.
    pub cartons_came: Vec<CartonsCame>,
    pub timeline: Vec<TimelineEntry>,
    pub paper: PaperState,
    pub paper_since: Option<Millis>,
    pub paper_scan: Option<RecordId>,
    /// Deliveries that wait for another person's word.
    pub to_confirm: Vec<RecordId>,
    /// Those among them that the actor may confirm.
    pub may_confirm: Vec<RecordId>,
    pub sees_from: bool,
    pub sees_to: bool,
    /// Whether figures of what was sent are shown.
    pub sees_sent: bool,
    pub made_by_actor: bool,
    pub dispatched_by_actor: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftLine {
    /// The number by which it is taken off again.
    pub line: i64,
    pub title: BatchTitle,
    pub pack: Option<DraftPack>,
    pub pieces: i64,
    pub blocked: Option<Blocked>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DraftPack {
    pub id: PackId,
    pub code: Code,
    pub kind: PackKind,
    pub number: i64,
    pub total: i64,
}

/// A pack that two drafts want: only one of them can take it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedTwice {
    pub code: Code,
    pub other: ConsignmentId,
    pub other_number: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DetailLine {
    pub title: BatchTitle,
    /// `None` for a receiver who has not counted yet.
    pub tally: Option<Tally>,
    pub missing_reason: Option<Reason>,
    pub extra_reason: Option<Reason>,
    /// Whether whoever has it now keeps it.
    pub blocked: Option<Blocked>,
}

/// Something that was said about a consignment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimelineEntry {
    pub record: RecordId,
    pub what: Said,
    pub occurred_at: Millis,
    pub recorded_at: Millis,
    pub by: UserId,
    /// Only for colleagues: others learn the role.
    pub by_name: Option<String>,
    pub by_role: Option<Role>,
    pub org: OrgId,
    pub on_behalf: bool,
    pub note: Option<String>,
    /// Undone later.
    pub reversed: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    Dispatched,
    Cancelled(Reason),
    Delivered {
        good: i64,
        damaged: i64,
        rest: Rest,
    },
    ReasonsGiven(usize),
    Confirmed,
    Explained(said::Explain),
    Paper(PaperState),
    /// A record of another feature about this consignment, by its kind.
    Other(String),
}

#[derive(FromQueryResult)]
struct DraftRow {
    line: i64,
    batch_id: Uuid,
    pieces: i64,
    pack_id: Option<Uuid>,
    code: Option<String>,
    kind: Option<String>,
    number: Option<i64>,
    total: Option<i64>,
}

#[derive(FromQueryResult)]
struct TwiceRow {
    code: String,
    id: Uuid,
    number: String,
}

#[derive(FromQueryResult)]
struct RecordRow {
    id: Uuid,
    kind: String,
    body: String,
    occurred_at: i64,
    recorded_at: i64,
    actor_id: Uuid,
    org_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
    by_name: Option<String>,
    by_role: Option<String>,
    by_org_id: Uuid,
    note: Option<String>,
    reversed: bool,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Numbered {
    id: Uuid,
    number: String,
}

#[derive(FromQueryResult)]
struct Subject {
    subject_id: Uuid,
}

impl Reader<'_> {
    /// The consignment behind a label, if the actor may know of it.
    pub async fn consignment_by_code(
        &self,
        code: Code,
    ) -> Result<Option<ConsignmentId>, DraftError> {
        let db = self.stock.db.read();
        let subject: Option<Subject> =
            Query::new("SELECT subject_id FROM code WHERE kind = 'consignment' AND code = ")
                .bind(code.as_str())
                .one(db)
                .await?;
        let Some(Subject { subject_id }) = subject else { return Ok(None) };
        match find::<DraftError>(db, &self.actor, subject_id.into()).await {
            Ok(known) => Ok(Some(known.id)),
            Err(DraftError::Denied(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One consignment; for a receiver who has not counted yet without any figure of what was
    /// sent.
    pub async fn consignment(&self, id: ConsignmentId) -> Result<Detail, DraftError> {
        let db = self.stock.db.read();
        let known = find::<DraftError>(db, &self.actor, id).await?;
        let paper = papers(db, [id]).await?.remove(&id);
        let trip_details = match known.sees_from {
            true => trip(db, &self.actor, known.trip).await?,
            false => TripDetails::default(),
        };
        let Found { unsent, look_for, cartons_came } = found(db, &self.actor, &known).await?;
        let to_confirm = self.to_confirm(&known).await?;
        let mut may_confirm = Vec::new();
        for delivery in &to_confirm {
            if super::confirm::may_confirm(db, &self.actor, *delivery).await? {
                may_confirm.push(*delivery);
            }
        }
        Ok(Detail {
            unsent,
            look_for,
            cartons_came,
            consignment: Summary::of(&known),
            trip: trip_details,
            same_trip: self.same_trip(&known).await?,
            draft_lines: self.draft_lines(&known).await?,
            listed_twice: self.listed_twice(&known).await?,
            lines: self.detail_lines(&known).await?,
            latest_rest: known.facts.latest_rest,
            timeline: self.timeline(&known).await?,
            paper: paper.map_or(PaperState::Out, |paper| paper.state),
            paper_since: paper.map(|paper| paper.since).or(known.dispatched.map(|(at, _)| at)),
            paper_scan: paper.and_then(|paper| paper.scan),
            to_confirm,
            may_confirm,
            sees_from: known.sees_from,
            sees_to: known.sees_to,
            sees_sent: known.sees_sent(),
            made_by_actor: known.made_by == self.actor.user,
            dispatched_by_actor: known.dispatched_by() == Some(self.actor.user),
        })
    }

    async fn same_trip(&self, known: &Known) -> Result<Vec<(ConsignmentId, String)>, DbErr> {
        if !known.sees_from {
            return Ok(Vec::new());
        }
        let rows: Vec<Numbered> = Query::new("SELECT id, number FROM consignment WHERE trip_id = ")
            .bind(known.trip)
            .push(" AND id <> ")
            .bind(known.id.uuid())
            .push(" ORDER BY number")
            .all(self.stock.db.read())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id.into(), row.number)).collect())
    }

    async fn draft_lines(&self, known: &Known) -> Result<Vec<DraftLine>, DbErr> {
        if !known.sees_from {
            return Ok(Vec::new());
        }
        let db = self.stock.db.read();
        let rows: Vec<DraftRow> = Query::new(
            "SELECT l.id AS line, l.batch_id, l.pieces, l.pack_id, p.code, p.kind, p.number,
                p.total
             FROM consignment_line l LEFT JOIN pack p ON p.id = l.pack_id
             WHERE l.consignment_id = ",
        )
        .bind(known.id.uuid())
        .push(" ORDER BY l.id")
        .all(db)
        .await?;
        let batches = || rows.iter().map(|row| BatchId::new(row.batch_id));
        let titles = titles(db, batches()).await?;
        let blocked = may_not_leave(db, Way::of(known), batches()).await?;
        let line = |row: &DraftRow| {
            let title = titles.get(&BatchId::new(row.batch_id))?.clone();
            let pack = draft_pack(row);
            let blocked = blocked.get(&title.batch).copied();
            Some(DraftLine { line: row.line, title, pack, pieces: row.pieces, blocked })
        };
        Ok(rows.iter().filter_map(line).collect())
    }

    async fn listed_twice(&self, known: &Known) -> Result<Vec<ListedTwice>, DbErr> {
        if !known.sees_from || known.state() != State::Draft {
            return Ok(Vec::new());
        }
        let rows: Vec<TwiceRow> = Query::new(
            "SELECT p.code, c.id, c.number FROM consignment_line l
             JOIN consignment_line o ON o.pack_id = l.pack_id
                AND o.consignment_id <> l.consignment_id
             JOIN consignment c ON c.id = o.consignment_id JOIN pack p ON p.id = l.pack_id
             WHERE c.state = 'draft' AND c.from_store_id = ",
        )
        .bind(known.from.id.uuid())
        .push(" AND l.consignment_id = ")
        .bind(known.id.uuid())
        .push(" ORDER BY p.number, p.code, c.number")
        .all(self.stock.db.read())
        .await?;
        let twice = |row: TwiceRow| {
            let code = Code::parse(&row.code).ok()?;
            Some(ListedTwice { code, other: row.id.into(), other_number: row.number })
        };
        Ok(rows.into_iter().filter_map(twice).collect())
    }

    async fn detail_lines(&self, known: &Known) -> Result<Vec<DetailLine>, DbErr> {
        let db = self.stock.db.read();
        let tallies = tallies(db, known.id).await?;
        let reasons = reasons(db, known.id).await?;
        let reason = |batch: BatchId, side: DifferenceSide| {
            let given = reasons.iter().rev().find(|(of, on, _)| *of == batch && *on == side);
            given.map(|(_, _, reason)| *reason)
        };
        let blocked = blocked(db, tallies.keys().copied()).await?;
        let mut lines: Vec<DetailLine> = titles(db, tallies.keys().copied())
            .await?
            .into_values()
            .map(|title| DetailLine {
                tally: tallies.get(&title.batch).copied().filter(|_| known.sees_sent()),
                missing_reason: reason(title.batch, DifferenceSide::Missing),
                extra_reason: reason(title.batch, DifferenceSide::Extra),
                blocked: blocked.get(&title.batch).copied(),
                title,
            })
            .collect();
        lines.sort_by(|a, b| (&a.title.title, a.title.code).cmp(&(&b.title.title, b.title.code)));
        Ok(lines)
    }

    async fn to_confirm(&self, known: &Known) -> Result<Vec<RecordId>, DbErr> {
        let rows: Vec<IdRow> = Query::new(
            "SELECT d.record_id AS id FROM delivery d WHERE d.to_confirm AND NOT EXISTS
                (SELECT 1 FROM confirmation y WHERE y.confirms_id = d.record_id) AND ",
        )
        .push(super::find::STANDS)
        .push(" AND d.consignment_id = ")
        .bind(known.id.uuid())
        .push(" ORDER BY d.record_id")
        .all(self.stock.db.read())
        .await?;
        Ok(rows.into_iter().map(|row| row.id.into()).collect())
    }

    async fn timeline(&self, known: &Known) -> Result<Vec<TimelineEntry>, DbErr> {
        let rows: Vec<RecordRow> = Query::new(&format!(
            "SELECT r.id, r.kind, r.body, r.occurred_at, r.recorded_at, r.actor_id, r.org_id,
                r.on_behalf_org_id, {BY}, n.text AS note,
                EXISTS (SELECT 1 FROM movement m JOIN movement x ON x.reverses_id = m.id
                    WHERE m.record_id = r.id) AS reversed
             FROM record r {WHO_SAID}
             LEFT JOIN note n ON n.record_id = r.id AND n.erased_at IS NULL
             WHERE r.subject_id = ",
        ))
        .bind(known.id.uuid())
        .push(" ORDER BY r.recorded_at, r.id")
        .all(self.stock.db.read())
        .await?;
        let mut entries: Vec<_> = rows.into_iter().map(|row| row.entry(self.actor.org)).collect();
        if !known.sees_sent() {
            // What the sender says about missing pieces would tell a receiver what was sent, and
            // so would a note.
            entries.retain(|entry| {
                matches!(entry.what, Said::Dispatched | Said::Paper(_) | Said::Delivered { .. })
            });
            let counted = |entry: &TimelineEntry| matches!(entry.what, Said::Delivered { .. });
            for entry in entries.iter_mut().filter(|entry| !counted(entry)) {
                entry.note = None;
            }
        }
        if !self.reads_notes().await? {
            entries.iter_mut().for_each(|entry| entry.note = None);
        }
        Ok(entries)
    }
}

fn draft_pack(row: &DraftRow) -> Option<DraftPack> {
    Some(DraftPack {
        id: row.pack_id?.into(),
        code: Code::parse(row.code.as_deref()?).ok()?,
        kind: super::shelf::kind(row.kind.as_deref()?),
        number: row.number?,
        total: row.total?,
    })
}

impl RecordRow {
    fn entry(self, org: OrgId) -> TimelineEntry {
        let colleague = self.by_org_id == org.uuid();
        TimelineEntry {
            record: self.id.into(),
            what: what(&self.kind, &self.body).unwrap_or(Said::Other(self.kind)),
            occurred_at: Millis(self.occurred_at),
            recorded_at: Millis(self.recorded_at),
            by: self.actor_id.into(),
            by_name: self.by_name.filter(|_| colleague),
            by_role: self.by_role.as_deref().and_then(Role::of_author),
            org: self.org_id.into(),
            on_behalf: self.on_behalf_org_id.is_some(),
            note: self.note,
            reversed: self.reversed,
        }
    }
}

fn what(kind: &str, body: &str) -> Option<Said> {
    fn read<B: Body + serde::de::DeserializeOwned>(body: &str) -> Option<B> {
        serde_json::from_str(body).ok()
    }
    Some(if kind == said::Dispatch::KIND {
        Said::Dispatched
    } else if kind == said::Cancel::KIND {
        Said::Cancelled(read::<said::Cancel>(body)?.reason)
    } else if kind == said::Delivery::KIND {
        let delivery: said::Delivery = read(body)?;
        Said::Delivered {
            good: delivery.lines.iter().map(|line| line.good).sum(),
            damaged: delivery.lines.iter().map(|line| line.damaged).sum(),
            rest: delivery.rest,
        }
    } else if kind == said::DifferenceReasons::KIND {
        Said::ReasonsGiven(read::<said::DifferenceReasons>(body)?.reasons.len())
    } else if kind == Confirm::KIND {
        Said::Confirmed
    } else if kind == said::Explain::KIND {
        Said::Explained(read(body)?)
    } else if kind == said::Paper::KIND {
        Said::Paper(read::<said::Paper>(body)?.state)
    } else {
        return None;
    })
}
