//! Preparing a consignment: an ordinary document until a `dispatch` record sends it on its way.

use super::read::{WholeConsignment, whole};
use crate::api::extract::{Asker, Id, Parameters, Sent};
use crate::api::problem::{Code, Problem};
use crate::api::responses::Refusals;
use axum::Json;
use axum::http::StatusCode;
use domain::ids::{ConsignmentId, KitId, MaterialId, StoreId};
use domain::pieces::Pieces;
use domain::time::Day;
use serde::Deserialize;
use stock::consignments::{Carrier, DraftError, LineWish, NewConsignment, TripDetails};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "from": "019a0d6e-0000-7000-8000-000000000001",
    "to": "019a0d6e-0000-7000-8000-000000000061",
    "vehicle": "KBL 12345",
    "leaves_on": "2017-06-02"
}))]
pub struct PutConsignment {
    #[schema(value_type = Uuid)]
    pub from: StoreId,
    #[schema(value_type = Uuid)]
    pub to: StoreId,
    /// As it stands on the waybill and nowhere else.
    #[serde(default)]
    pub driver: String,
    #[serde(default)]
    pub vehicle: String,
    pub leaves_on: Option<String>,
    /// Another draft of the same store that goes on the same vehicle; only for a new one, instead
    /// of driver, vehicle and day.
    #[schema(value_type = Option<Uuid>)]
    pub with: Option<ConsignmentId>,
}

impl PutConsignment {
    fn trip(&self) -> Result<TripDetails, Problem> {
        let wrong = || Problem::new(Code::WrongTime).with("field", "leaves_on");
        let day = self.leaves_on.as_deref().map(|text| Day::parse(text).ok_or_else(wrong));
        let named = TripDetails::new(&self.driver, &self.vehicle, day.transpose()?);
        named.map_err(|_| Problem::new(Code::WrongShape).with("field", "driver"))
    }
}

/// Put a consignment
///
/// Begins a draft under an id of yours, or changes its receiver and journey. Put again with the
/// same content it stays as it is. Lines are added by `POST /consignments/{id}/lines`; a `dispatch`
/// record sends it, a `consignment_cancel` record gives it up.
#[utoipa::path(
    put, path = "/consignments/{id}", tag = "consignments", operation_id = "put_consignment",
    params(("id" = Uuid, Path)), request_body = PutConsignment,
    responses(
        (status = 201, description = "It is new", body = WholeConsignment),
        (status = 200, description = "It was there", body = WholeConsignment),
        Refusals
    )
)]
pub async fn put(
    asker: Asker,
    Id(id): Id,
    Sent(sent): Sent<PutConsignment>,
) -> Result<(StatusCode, Json<WholeConsignment>), Problem> {
    let (id, writer, trip) = (ConsignmentId::new(id), asker.writer()?, sent.trip()?);
    let is_new = match asker.reader().consignment(id).await {
        Ok(_) => false,
        Err(DraftError::Denied(_)) => true,
        Err(error) => return Err(error.into()),
    };
    let carrier = sent.with.map_or(Carrier::Own(trip.clone()), Carrier::With);
    let new = NewConsignment { id, from: sent.from, to: sent.to, carrier };
    match writer.draft_consignment(new).await {
        Ok(_) | Err(DraftError::SavedBefore) => {}
        Err(error) => return Err(error.into()),
    }
    // What others have under this id is not found; what a change cannot be stays a conflict.
    let saved = asker.reader().consignment(id).await?;
    if saved.consignment.from.id != sent.from {
        return Err(Code::SavedBefore.into());
    }
    let same_trip = sent.with.is_some() || saved.trip == trip;
    if saved.consignment.to.id != sent.to || !same_trip {
        writer.edit_consignment(id, sent.to, trip).await?;
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(whole(&asker, id).await?)))
}

/// Lines to load, and what stood on the draft when you read it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "pieces_before": 0,
    "add": {"codes": [{"code": "4K7M2QXD9V1"}, {"code": "421A500000F", "pieces": 120}]}
}))]
pub struct NewLines {
    /// The pieces of all `draft_lines` together. When there are others now, nothing is added: so
    /// lines that are sent twice are added once.
    pub pieces_before: i64,
    pub add: Wish,
}

/// One of three ways to say what to load.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Wish {
    /// Labels: a pack as it is, a batch with so many pieces of it.
    Codes(Vec<LabelToLoad>),
    /// So many pieces, the oldest batch first.
    Material(MaterialToLoad),
    /// So many times a kit, each material from its oldest batches.
    Kit(KitToLoad),
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelToLoad {
    pub code: String,
    /// Only for a batch.
    #[schema(value_type = Option<i64>)]
    pub pieces: Option<Pieces>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialToLoad {
    #[schema(value_type = Uuid)]
    pub material: MaterialId,
    #[schema(value_type = i64)]
    pub pieces: Pieces,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KitToLoad {
    #[schema(value_type = Uuid)]
    pub kit: KitId,
    #[schema(value_type = i64)]
    pub kits: Pieces,
}

impl Wish {
    fn lines(self) -> Result<LineWish, Problem> {
        Ok(match self {
            Self::Codes(labels) if labels.is_empty() => return Err(Code::Empty.into()),
            Self::Codes(labels) => {
                let read = |label: LabelToLoad| {
                    let code = domain::code::Code::parse(&label.code);
                    let problem = |error| Problem::from(error).with("code", &label.code);
                    Ok::<_, Problem>((code.map_err(problem)?, label.pieces))
                };
                LineWish::Codes(labels.into_iter().map(read).collect::<Result<_, _>>()?)
            }
            Self::Material(MaterialToLoad { material, pieces }) => {
                LineWish::Material(material, pieces)
            }
            Self::Kit(KitToLoad { kit, kits }) => LineWish::Kit(kit, kits),
        })
    }
}

/// Add lines to a draft
///
/// All that is wanted at once is added, or nothing is.
#[utoipa::path(
    post, path = "/consignments/{id}/lines", tag = "consignments", operation_id = "post_lines",
    params(("id" = Uuid, Path)), request_body = NewLines,
    responses((status = 200, description = "They stand there", body = WholeConsignment), Refusals)
)]
pub async fn add_lines(
    asker: Asker,
    Id(id): Id,
    Sent(NewLines { pieces_before, add }): Sent<NewLines>,
) -> Result<Json<WholeConsignment>, Problem> {
    let id = ConsignmentId::new(id);
    asker.writer()?.add_lines_to(id, pieces_before, add.lines()?).await?;
    whole(&asker, id).await.map(Json)
}

/// Take a line off a draft
///
/// One that is not there any more was taken off before.
#[utoipa::path(
    delete, path = "/consignments/{id}/lines/{line}", tag = "consignments",
    operation_id = "delete_line", params(("id" = Uuid, Path), ("line" = i64, Path)),
    responses((status = 200, description = "It is off", body = WholeConsignment), Refusals)
)]
pub async fn remove_line(
    asker: Asker,
    Parameters((id, line)): Parameters<(Uuid, i64)>,
) -> Result<Json<WholeConsignment>, Problem> {
    let id = ConsignmentId::new(id);
    asker.writer()?.remove_line(id, line).await?;
    whole(&asker, id).await.map(Json)
}

/// Forget driver and vehicle
///
/// Nothing in the books needs them once the paper is back.
#[utoipa::path(
    delete, path = "/consignments/{id}/driver", tag = "consignments",
    operation_id = "delete_driver", params(("id" = Uuid, Path)),
    responses((status = 200, description = "They are gone", body = WholeConsignment), Refusals)
)]
pub async fn erase_driver(asker: Asker, Id(id): Id) -> Result<Json<WholeConsignment>, Problem> {
    let id = ConsignmentId::new(id);
    asker.writer()?.erase_driver(id).await?;
    whole(&asker, id).await.map(Json)
}
