//! Editions that are recalled or have a successor, where somebody orders, plans or gives them out.

use crate::access::Reader;
use crate::query::Query;
use crate::reference::materials::Material;
use domain::ids::MaterialId;
use domain::records::recall::{Purpose, RecallMode, is_to_stop};
use sea_orm::DbErr;
use std::collections::BTreeSet;

/// An edition about which somebody should ask first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stopping {
    pub material: Material,
    /// Recalled; else it has only been replaced.
    pub is_recalled: bool,
    /// The edition at the end of the chain: those between are not to be used either.
    pub successor: Option<Material>,
}

impl Reader<'_> {
    /// Those of the wanted editions that are to stop.
    pub async fn stopping(
        &self,
        wanted: impl IntoIterator<Item = MaterialId>,
        purpose: Purpose,
    ) -> Result<Vec<Stopping>, DbErr> {
        let wanted: BTreeSet<MaterialId> = wanted.into_iter().collect();
        if wanted.is_empty() || !self.may_stop(&wanted).await? {
            return Ok(Vec::new());
        }
        let (materials, recalls) = (self.materials().await?, self.recalls().await?);
        let stopping = |material: &Material| {
            let recall = recalls.iter().find(|r| !r.over && r.material_id == material.id.uuid());
            let recall = recall.and_then(|recall| RecallMode::parse(&recall.mode));
            let successor = last_successor(&materials, material).cloned();
            is_to_stop(recall, successor.is_some(), purpose).then(|| Stopping {
                material: material.clone(),
                is_recalled: recall.is_some(),
                successor,
            })
        };
        let asked = materials.iter().filter(|material| wanted.contains(&material.id));
        Ok(asked.filter_map(stopping).collect())
    }

    /// Whether any of them is recalled or replaced: hardly ever, and every record asks.
    async fn may_stop(&self, wanted: &BTreeSet<MaterialId>) -> Result<bool, DbErr> {
        let stopping = Query::new("SELECT 1 AS one FROM material m WHERE m.id IN ");
        let stopping = stopping.list(wanted.iter().map(|material| material.uuid())).push(
            " AND (m.superseded_by IS NOT NULL OR EXISTS (SELECT 1 FROM recall c
                WHERE c.material_id = m.id AND c.ended_by IS NULL)) LIMIT 1",
        );
        stopping.finds(self.stock.db.read()).await
    }
}

fn last_successor<'m>(materials: &'m [Material], material: &Material) -> Option<&'m Material> {
    let find = |id| materials.iter().find(|known| known.id == id);
    let first = material.superseded_by.and_then(find);
    // Two people who save at once may close a circle.
    std::iter::successors(first, |next| next.superseded_by.and_then(find))
        .take(materials.len())
        .last()
}
