//! What the labels of batches say.

use crate::query::Query;
use domain::code::Code;
use domain::ids::{BatchId, MaterialId};
use domain::material::Packing;
use domain::pieces::Pieces;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A batch and its material, as lists and papers name them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BatchTitle {
    pub batch: BatchId,
    pub code: Code,
    pub material: MaterialId,
    pub title: String,
    pub edition: String,
    pub outside_name: String,
    pub short_number: String,
    pub packing: Packing,
    pub carton_weight_g: Option<i64>,
    pub carton_volume_cm3: Option<i64>,
}

#[derive(FromQueryResult)]
struct TitleRow {
    id: Uuid,
    code: String,
    material_id: Uuid,
    title: String,
    edition: String,
    outside_name: String,
    short_number: String,
    pieces_per_bundle: i64,
    bundles_per_carton: i64,
    carton_weight_g: Option<i64>,
    carton_volume_cm3: Option<i64>,
}

pub(super) async fn titles(
    db: &impl ConnectionTrait,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<BTreeMap<BatchId, BatchTitle>, DbErr> {
    let rows: Vec<TitleRow> = Query::new(
        "SELECT b.id, b.code, b.material_id, m.title, m.edition, m.outside_name, m.short_number,
            m.pieces_per_bundle, m.bundles_per_carton, m.carton_weight_g, m.carton_volume_cm3
         FROM batch b JOIN material m ON m.id = b.material_id WHERE b.id IN ",
    )
    .list(batches.into_iter().map(|batch| batch.uuid()))
    .all(db)
    .await?;
    rows.into_iter().map(|row| Ok((BatchId::new(row.id), row.title()?))).collect()
}

impl TitleRow {
    fn title(self) -> Result<BatchTitle, DbErr> {
        let wrong = |what: &str| DbErr::Type(format!("the batch {} has a wrong {what}", self.id));
        let code = Code::parse(&self.code).map_err(|_| wrong("code"))?;
        let packing = Pieces::new(self.pieces_per_bundle)
            .and_then(|bundle| Packing::new(bundle, Pieces::new(self.bundles_per_carton)?))
            .map_err(|_| wrong("packing"))?;
        Ok(BatchTitle {
            batch: self.id.into(),
            code,
            material: self.material_id.into(),
            title: self.title,
            edition: self.edition,
            outside_name: self.outside_name,
            short_number: self.short_number,
            packing,
            carton_weight_g: self.carton_weight_g,
            carton_volume_cm3: self.carton_volume_cm3,
        })
    }
}
