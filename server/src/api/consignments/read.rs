//! One consignment with its lines and what was said about it.

use super::{BatchName, Consignment};
use crate::api::extract::{Asker, Id};
use crate::api::problem::Problem;
use crate::api::responses::Refusals;
use crate::api::words::{date, time};
use axum::Json;
use domain::consignment::{Blocked, Rest, Tally};
use domain::ids::{ConsignmentId, RecordId};
use domain::records::consignment::{Became, Explain};
use domain::role::Role;
use serde::Serialize;
use serde_json::{Value, json};
use stock::consignments::{Detail, DetailLine, DraftLine, DraftPack, Said, TimelineEntry};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything about a consignment that you may see.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "consignment": {
        "id": "019a0d6e-0000-7000-8000-000000000060",
        "code": "7QF3M0X8HT2",
        "number": "KBL-0042",
        "from": {
            "id": "019a0d6e-0000-7000-8000-000000000001",
            "name": "Central store",
            "short_name": "KBL",
            "organisation": "019a0d6e-0000-7000-8000-000000000002"
        },
        "to": {
            "id": "019a0d6e-0000-7000-8000-000000000061",
            "name": "Balkh store",
            "short_name": "MZR",
            "organisation": "019a0d6e-0000-7000-8000-000000000002"
        },
        "state": "delivered",
        "made_at": "2017-06-01T12:00:00.000+04:30",
        "dispatched_at": "2017-06-02T12:00:00.000+04:30",
        "in_transit": 40,
        "extra": 0,
        "to_confirm": 0,
        "receives": true
    },
    "leaves_on": "2017-06-02",
    "same_trip": [],
    "draft_lines": [],
    "listed_twice": [],
    "lines": [{
        "batch": {
            "batch": "019a0d6e-0000-7000-8000-000000000013",
            "code": "421A500000F",
            "material": "019a0d6e-0000-7000-8000-000000000003",
            "short_number": "M3",
            "title": "Know the risks",
            "outside_name": "Printed paper M3"
        },
        "pieces": {
            "sent": 500, "received": 448, "damaged": 12, "elsewhere": 0, "lost": 0, "extra": 0,
            "extra_explained": 0, "in_transit": 40
        },
        "missing_reason": "checkpoint",
        "extra_reason": null
    }],
    "rest": "nothing_more",
    "unsent": [{
        "id": "019a0d6e-0000-7000-8000-000000000041",
        "code": "4K7M2QXD9V1",
        "kind": "carton",
        "number": 7,
        "total": 60,
        "pieces": 500,
        "batch": {
            "batch": "019a0d6e-0000-7000-8000-000000000013",
            "code": "421A500000F",
            "material": "019a0d6e-0000-7000-8000-000000000003",
            "short_number": "M3",
            "title": "Know the risks",
            "outside_name": "Printed paper M3"
        }
    }],
    "look_for": [],
    "said": [{
        "record": "019a0d6e-0000-7000-8000-000000000062",
        "what": "delivered",
        "details": {"good": 448, "damaged": 12, "rest": "nothing_more"},
        "occurred_at": "2017-06-04T12:00:00.000+04:30",
        "recorded_at": "2017-06-04T12:05:00.000+04:30",
        "by": "019a0d6e-0000-7000-8000-000000000014",
        "by_role": "logistics",
        "organisation": "019a0d6e-0000-7000-8000-000000000002",
        "on_behalf": false,
        "note": null,
        "reversed": false
    }],
    "paper": "back_signed",
    "paper_since": "2017-06-05T12:00:00.000+04:30",
    "to_confirm": [],
    "sees_sent": true
}))]
pub struct WholeConsignment {
    pub consignment: Consignment,
    /// The planned day; the driver's name is on the waybill and nowhere else.
    pub leaves_on: Option<String>,
    /// Other consignments on the same vehicle.
    pub same_trip: Vec<Uuid>,
    /// What is listed for loading; empty for the receiver's side.
    pub draft_lines: Vec<LoadingLine>,
    /// Packs of this draft that stand on another draft of the store, too.
    pub listed_twice: Vec<ListedTwice>,
    /// What left, by batch; empty while it is a draft.
    pub lines: Vec<SentLine>,
    /// What the latest delivery says about the rest: `still_coming` or `nothing_more`.
    pub rest: Option<&'static str>,
    /// Packs whose labels were read at a delivery and that nobody had sent.
    pub unsent: Vec<FoundPack>,
    /// Packs of which nobody knows whether they came; `found_sealed` says that one is here.
    pub look_for: Vec<FoundPack>,
    pub said: Vec<SaidOfConsignment>,
    /// `out`, `back_signed`, `back_unsigned` or `lost`.
    pub paper: &'static str,
    pub paper_since: Option<String>,
    /// Deliveries that wait for another person's word: `confirm` them.
    pub to_confirm: Vec<Uuid>,
    /// Whether figures of what was sent are shown to you.
    pub sees_sent: bool,
}

#[derive(Serialize, ToSchema)]
pub struct LoadingLine {
    /// The number by which it is taken off again.
    pub line: i64,
    pub batch: BatchName,
    pub pack: Option<LoadedPack>,
    pub pieces: i64,
    /// `held` or `recalled`: why it may not be sent.
    pub blocked: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub struct ListedTwice {
    /// Of the pack.
    pub code: String,
    /// The other draft; the one that leaves first takes the pack.
    pub consignment: Uuid,
    pub number: String,
}

impl From<stock::consignments::ListedTwice> for ListedTwice {
    fn from(twice: stock::consignments::ListedTwice) -> Self {
        let stock::consignments::ListedTwice { code, other, other_number } = twice;
        Self { code: code.to_string(), consignment: other.uuid(), number: other_number }
    }
}

#[derive(Serialize, ToSchema)]
pub struct LoadedPack {
    pub id: Uuid,
    pub code: String,
    /// `carton` or `bundle`.
    pub kind: &'static str,
    pub number: i64,
    pub total: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FoundPack)]
pub struct FoundPack {
    pub id: Uuid,
    pub code: String,
    /// `carton` or `bundle`.
    pub kind: &'static str,
    pub number: i64,
    pub total: i64,
    pub pieces: i64,
    pub batch: BatchName,
}

impl From<stock::consignments::FoundPack> for FoundPack {
    fn from(pack: stock::consignments::FoundPack) -> Self {
        Self {
            id: pack.pack.uuid(),
            code: pack.code.to_string(),
            kind: pack.kind.as_str(),
            number: pack.number,
            total: pack.total,
            pieces: pack.pieces,
            batch: pack.title.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct SentLine {
    pub batch: BatchName,
    /// `null` for a receiver who has not counted yet.
    pub pieces: Option<SentPieces>,
    pub missing_reason: Option<&'static str>,
    pub extra_reason: Option<&'static str>,
}

/// The sums of one batch of a consignment, in pieces.
#[derive(Serialize, ToSchema)]
pub struct SentPieces {
    pub sent: i64,
    pub received: i64,
    pub damaged: i64,
    /// Arrived at another store, or came back.
    pub elsewhere: i64,
    pub lost: i64,
    /// Arrived beyond what was sent, and nobody has said from where.
    pub extra: i64,
    pub extra_explained: i64,
    /// Still in transit: missing, once the receiver says that nothing more comes.
    pub in_transit: i64,
}

#[derive(Serialize, ToSchema)]
pub struct SaidOfConsignment {
    pub record: Uuid,
    /// `dispatched`, `cancelled`, `delivered`, `reasons_given`, `confirmed`, `explained`, `paper`,
    /// or the kind of another record about it.
    pub what: String,
    /// What it says, in the words of its kind.
    #[schema(value_type = Object)]
    pub details: Value,
    pub occurred_at: String,
    pub recorded_at: String,
    pub by: Uuid,
    pub by_role: Option<&'static str>,
    pub organisation: Uuid,
    pub on_behalf: bool,
    pub note: Option<String>,
    /// Undone later.
    pub reversed: bool,
}

pub const fn rest_word(rest: Rest) -> &'static str {
    match rest {
        Rest::StillComing => "still_coming",
        Rest::NothingMore => "nothing_more",
    }
}

impl From<DraftPack> for LoadedPack {
    fn from(pack: DraftPack) -> Self {
        Self {
            id: pack.id.uuid(),
            code: pack.code.to_string(),
            kind: pack.kind.as_str(),
            number: pack.number,
            total: pack.total,
        }
    }
}

impl From<DraftLine> for LoadingLine {
    fn from(line: DraftLine) -> Self {
        let blocked = line.blocked.map(|blocked| match blocked {
            Blocked::Held => "held",
            Blocked::Recalled => "recalled",
        });
        Self {
            line: line.line,
            batch: line.title.into(),
            pack: line.pack.map(LoadedPack::from),
            pieces: line.pieces,
            blocked,
        }
    }
}

impl From<Tally> for SentPieces {
    fn from(tally: Tally) -> Self {
        Self {
            sent: tally.sent,
            received: tally.received,
            damaged: tally.damaged,
            elsewhere: tally.elsewhere,
            lost: tally.lost,
            extra: tally.extra,
            extra_explained: tally.extra_explained,
            in_transit: tally.in_transit(),
        }
    }
}

impl From<DetailLine> for SentLine {
    fn from(line: DetailLine) -> Self {
        Self {
            batch: line.title.into(),
            pieces: line.tally.map(SentPieces::from),
            missing_reason: line.missing_reason.map(|reason| reason.as_str()),
            extra_reason: line.extra_reason.map(|reason| reason.as_str()),
        }
    }
}

fn told(said: Said) -> (String, Value) {
    let (what, details) = match said {
        Said::Dispatched => ("dispatched", json!({})),
        Said::Cancelled(reason) => ("cancelled", json!({"reason": reason.as_str()})),
        Said::Delivered { good, damaged, rest } => {
            ("delivered", json!({"good": good, "damaged": damaged, "rest": rest_word(rest)}))
        }
        Said::ReasonsGiven(reasons) => ("reasons_given", json!({"reasons": reasons})),
        Said::Confirmed => ("confirmed", json!({})),
        // Without the other store: not everybody who sees the consignment sees that one.
        Said::Explained(Explain { batch, pieces, became, reason, .. }) => (
            "explained",
            json!({"batch": batch, "pieces": pieces, "became": became_word(became),
                "reason": reason}),
        ),
        Said::Paper(state) => ("paper", json!({"state": state.as_str()})),
        Said::Other(kind) => return (kind, json!({})),
    };
    (what.to_owned(), details)
}

const fn became_word(became: Became) -> &'static str {
    match became {
        Became::Lost => "lost",
        Became::CameBack => "came_back",
        Became::Elsewhere(_) => "elsewhere",
        Became::Arrived => "arrived",
        Became::LoadedUnwritten => "loaded_unwritten",
        Became::CountedTooMany => "counted_too_many",
    }
}

impl From<TimelineEntry> for SaidOfConsignment {
    fn from(entry: TimelineEntry) -> Self {
        let (what, details) = told(entry.what);
        Self {
            record: entry.record.uuid(),
            what,
            details,
            occurred_at: time(entry.occurred_at),
            recorded_at: time(entry.recorded_at),
            by: entry.by.uuid(),
            by_role: entry.by_role.map(Role::word),
            organisation: entry.org.uuid(),
            on_behalf: entry.on_behalf,
            note: entry.note,
            reversed: entry.reversed,
        }
    }
}

impl From<Detail> for WholeConsignment {
    fn from(detail: Detail) -> Self {
        Self {
            consignment: detail.consignment.into(),
            leaves_on: detail.trip.leaves_on.map(date),
            same_trip: detail.same_trip.iter().map(|(id, _)| id.uuid()).collect(),
            draft_lines: detail.draft_lines.into_iter().map(LoadingLine::from).collect(),
            listed_twice: detail.listed_twice.into_iter().map(ListedTwice::from).collect(),
            lines: detail.lines.into_iter().map(SentLine::from).collect(),
            rest: detail.latest_rest.map(rest_word),
            unsent: detail.unsent.into_iter().map(FoundPack::from).collect(),
            look_for: detail.look_for.into_iter().map(FoundPack::from).collect(),
            said: detail.timeline.into_iter().map(SaidOfConsignment::from).collect(),
            paper: detail.paper.as_str(),
            paper_since: detail.paper_since.map(time),
            to_confirm: detail.to_confirm.into_iter().map(RecordId::uuid).collect(),
            sees_sent: detail.sees_sent,
        }
    }
}

/// A consignment as this asker may see it.
pub async fn whole(asker: &Asker, id: ConsignmentId) -> Result<WholeConsignment, Problem> {
    Ok(asker.reader().consignment(id).await?.into())
}

/// Read a consignment
#[utoipa::path(
    get, path = "/consignments/{id}", tag = "consignments", operation_id = "read_consignment",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The consignment", body = WholeConsignment), Refusals)
)]
pub async fn read(asker: Asker, Id(id): Id) -> Result<Json<WholeConsignment>, Problem> {
    whole(&asker, id.into()).await.map(Json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{BatchId, StoreId};
    use domain::ledger::Reason;
    use domain::pieces::Pieces;

    #[test]
    fn where_pieces_came_up_is_not_told_to_everybody_who_sees_the_consignment() {
        let store = Uuid::from_u128(7);
        let explained = Explain {
            consignment: ConsignmentId::new(Uuid::from_u128(1)),
            batch: BatchId::new(Uuid::from_u128(2)),
            pieces: Pieces::new(3).unwrap(),
            became: Became::Elsewhere(StoreId::new(store)),
            reason: Reason::SentElsewhere,
        };
        let (what, details) = told(Said::Explained(explained));
        assert_eq!((what.as_str(), &details["became"]), ("explained", &json!("elsewhere")));
        assert!(!details.to_string().contains(&store.to_string()), "{details}");
    }
}
