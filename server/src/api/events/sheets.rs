//! Event sheets: what happened to the pieces, a row a material, and where each sheet stands.

use super::people::{Headcount, groups};
use crate::api::words::{date, time};
use domain::events::SheetDecision;
use domain::ids::{OrgId, SessionId};
use serde::Serialize;
use serde_json::{Value, json};
use stock::events::{HeldReason, SheetDetail, SheetRowView, SheetState};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
pub struct Sheet {
    pub record: Uuid,
    pub session: Option<Uuid>,
    /// `posted`, `kept` (a second sheet that waits for a decision), `held` (it could not be
    /// booked), `dropped`, `replaced` or `reversed`.
    pub state: &'static str,
    /// Why it is held.
    #[schema(value_type = Option<Object>)]
    pub held: Option<Value>,
    /// `same`, `correction`, `both_happened` or `post_now`, once somebody decided.
    pub decision: Option<&'static str>,
    pub day: String,
    pub recorded_at: String,
    pub by: Uuid,
    pub organisation: Uuid,
    pub on_behalf_of: Option<Uuid>,
    /// Entered on behalf and not yet confirmed by anybody else.
    pub to_confirm: bool,
    pub rows: Vec<SheetRow>,
    /// Who came, as this sheet said it, whether it counts or not.
    pub people: Option<Headcount>,
    pub groups: Vec<&'static str>,
    pub note: Option<String>,
}

/// One material on a sheet, in pieces: brought = left + spoiled + given, and given is the sum of
/// the three channels.
#[derive(Serialize, ToSchema)]
pub struct SheetRow {
    pub material: Uuid,
    pub short_number: String,
    pub title: String,
    pub brought: i64,
    pub left: i64,
    pub spoiled: i64,
    pub given: i64,
    pub to_participants: i64,
    /// To people who will pass them on.
    pub to_multipliers: i64,
    pub in_public_places: i64,
    /// Nobody said which batch it was.
    pub batch_assumed: bool,
}

pub fn held(reason: HeldReason) -> Value {
    match reason {
        HeldReason::NoBatch { material } => json!({"reason": "no_batch", "material": material}),
        HeldReason::UnknownCode { code } => {
            json!({"reason": "unknown_code", "code": code.to_string()})
        }
    }
}

const fn state(state: SheetState) -> &'static str {
    match state {
        SheetState::Posted => "posted",
        SheetState::Kept => "kept",
        SheetState::Held(_) => "held",
        SheetState::Dropped => "dropped",
        SheetState::Replaced => "replaced",
        SheetState::Reversed => "reversed",
    }
}

impl From<SheetRowView> for SheetRow {
    fn from(view: SheetRowView) -> Self {
        let row = view.row;
        Self {
            material: row.material.uuid(),
            short_number: view.short_number,
            title: view.title,
            brought: row.brought,
            left: row.left,
            spoiled: row.spoiled,
            given: row.given(),
            to_participants: row.participants,
            to_multipliers: row.multipliers.map_or(0, |to| to.pieces),
            in_public_places: row.public.map_or(0, |to| to.pieces),
            batch_assumed: view.assumed,
        }
    }
}

impl From<SheetDetail> for Sheet {
    fn from(sheet: SheetDetail) -> Self {
        let why = match sheet.state {
            SheetState::Held(reason) => Some(held(reason)),
            SheetState::Posted
            | SheetState::Kept
            | SheetState::Dropped
            | SheetState::Replaced
            | SheetState::Reversed => None,
        };
        Self {
            record: sheet.record.uuid(),
            session: sheet.session.map(SessionId::uuid),
            state: state(sheet.state),
            held: why,
            decision: sheet.decision.map(SheetDecision::as_str),
            day: date(sheet.day),
            recorded_at: time(sheet.recorded_at),
            by: sheet.by.uuid(),
            organisation: sheet.by_org.uuid(),
            on_behalf_of: sheet.on_behalf.map(OrgId::uuid),
            to_confirm: sheet.to_confirm,
            rows: sheet.rows.into_iter().map(SheetRow::from).collect(),
            groups: sheet.said.as_ref().map(groups).unwrap_or_default(),
            people: sheet.said.map(|said| said.count.into()),
            note: sheet.note,
        }
    }
}
