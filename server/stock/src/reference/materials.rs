//! Materials: what the programme prints. Language and edition are part of a material's identity.

use super::attachments::{self, AttachmentId};
use super::search::{self, SearchKind};
use super::{known, lines, set_standing};
use crate::access::{Denied, Reader, Writer};
use crate::db::is_taken;
use crate::query::Query;
use domain::ids::MaterialId;
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::picture::Picture;
use domain::pieces::Pieces;
use domain::reference::{Name, ShortNumber, Standing};
use domain::role::Permission;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Material {
    pub id: MaterialId,
    pub kind: MaterialKind,
    /// The programme's own title: never on cartons and papers that pass checkpoints.
    pub title: String,
    pub language: PrintLanguage,
    pub edition: String,
    /// The neutral name that strangers see.
    pub outside_name: String,
    pub short_number: ShortNumber,
    pub packing: Packing,
    pub carton_weight_g: Option<i64>,
    pub carton_volume_cm3: Option<i64>,
    /// The telephone numbers printed on it.
    pub contact_numbers: Vec<String>,
    pub cover: Option<AttachmentId>,
    pub superseded_by: Option<MaterialId>,
    pub standing: Standing,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MaterialInput {
    pub kind: MaterialKind,
    pub title: Name,
    pub language: PrintLanguage,
    pub edition: Name,
    pub outside_name: Name,
    pub short_number: ShortNumber,
    pub packing: Packing,
    pub carton_weight_g: Option<Pieces>,
    pub carton_volume_cm3: Option<Pieces>,
    pub contact_numbers: Vec<Name>,
    pub superseded_by: Option<MaterialId>,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveMaterialError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("this edition of the title exists in this language")]
    DuplicateEdition,
    #[error("another material has this short number")]
    DuplicateShortNumber,
    #[error("there is no such material to supersede it")]
    UnknownSuccessor,
    #[error("a material cannot supersede itself, in one step or several")]
    Circle,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore(MaterialId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum SetCoverError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum MaterialStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct MaterialRow {
    id: Uuid,
    kind: String,
    title: String,
    language: String,
    edition: String,
    outside_name: String,
    short_number: String,
    pieces_per_bundle: i64,
    bundles_per_carton: i64,
    carton_weight_g: Option<i64>,
    carton_volume_cm3: Option<i64>,
    contact_numbers: String,
    cover_sha256: Option<Vec<u8>>,
    superseded_by: Option<Uuid>,
    retired_at: Option<i64>,
}

const COLUMNS: &str = "SELECT id, kind, title, language, edition, outside_name, short_number, \
                       pieces_per_bundle, bundles_per_carton, carton_weight_g, \
                       carton_volume_cm3, contact_numbers, cover_sha256, superseded_by, \
                       retired_at FROM material";

impl MaterialRow {
    fn material(self) -> Result<Material, DbErr> {
        let pieces = |count| Pieces::new(count).map_err(|error| DbErr::Type(error.to_string()));
        let packing =
            Packing::new(pieces(self.pieces_per_bundle)?, pieces(self.bundles_per_carton)?);
        Ok(Material {
            id: MaterialId::new(self.id),
            kind: known(MaterialKind::parse(&self.kind), &self.kind)?,
            title: self.title,
            language: known(PrintLanguage::parse(&self.language), &self.language)?,
            edition: self.edition,
            outside_name: self.outside_name,
            short_number: known(ShortNumber::parse(&self.short_number).ok(), &self.short_number)?,
            packing: packing.map_err(|error| DbErr::Type(error.to_string()))?,
            carton_weight_g: self.carton_weight_g,
            carton_volume_cm3: self.carton_volume_cm3,
            contact_numbers: lines(&self.contact_numbers),
            cover: self.cover_sha256.map(AttachmentId::from_column).transpose()?,
            superseded_by: self.superseded_by.map(MaterialId::new),
            standing: Standing::of(self.retired_at),
        })
    }
}

#[derive(FromQueryResult)]
struct NumberRow {
    short_number: String,
}

impl Reader<'_> {
    /// All materials by title, language and edition, retired ones last. Everybody who is signed
    /// in sees them all.
    pub async fn materials(&self) -> Result<Vec<Material>, DbErr> {
        let rows: Vec<MaterialRow> = Query::new(COLUMNS)
            .push(" ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, ")
            .push("title, kind, language, edition")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(MaterialRow::material).collect()
    }

    pub async fn material(&self, id: MaterialId) -> Result<Option<Material>, DbErr> {
        find(self.stock.db.read(), id).await
    }

    /// A short number that no material has: what the form suggests.
    pub async fn next_short_number(&self) -> Result<ShortNumber, DbErr> {
        let taken: Vec<NumberRow> =
            Query::new("SELECT short_number FROM material").all(self.stock.db.read()).await?;
        Ok(ShortNumber::next(taken.iter().map(|row| row.short_number.as_str())))
    }
}

async fn find(db: &impl ConnectionTrait, id: MaterialId) -> Result<Option<Material>, DbErr> {
    let row: Option<MaterialRow> =
        Query::new(COLUMNS).push(" WHERE id = ").bind(id.uuid()).one(db).await?;
    row.map(MaterialRow::material).transpose()
}

impl Writer<'_> {
    pub async fn create_material(
        &self,
        id: MaterialId,
        input: MaterialInput,
    ) -> Result<(), SaveMaterialError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("material", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { insert(tx, id, &input).await })
        })
        .await
    }

    pub async fn edit_material(
        &self,
        id: MaterialId,
        input: MaterialInput,
    ) -> Result<(), SaveMaterialError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("material", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { update(tx, id, &input).await })
        })
        .await
    }

    /// Sets the cover picture; the one before stays kept for old papers.
    pub async fn set_cover(
        &self,
        id: MaterialId,
        cover: Picture,
    ) -> Result<AttachmentId, SetCoverError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("material", id.to_string(), move |tx| {
            let cover = cover.clone();
            Box::pin(async move {
                let kept = attachments::keep(tx, &cover, now).await?;
                let changed = Query::new("UPDATE material SET cover_sha256 = ")
                    .bind(kept.value())
                    .push(" WHERE id = ")
                    .bind(id.uuid())
                    .run(tx)
                    .await?;
                if changed == 0 { Err(Denied::NotFound.into()) } else { Ok(kept) }
            })
        })
        .await
    }

    pub async fn set_material_standing(
        &self,
        id: MaterialId,
        standing: Standing,
    ) -> Result<(), MaterialStandingError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("material", id.to_string(), move |tx| {
            Box::pin(async move {
                if set_standing(tx, "material", "id", id.uuid(), standing, now).await? {
                    Ok(())
                } else {
                    Err(Denied::NotFound.into())
                }
            })
        })
        .await
    }
}

impl MaterialInput {
    /// Every column that a form fills, with its value, in one place for both statements.
    fn columns(&self) -> [(&'static str, Value); 13] {
        let contacts: Vec<&str> = self.contact_numbers.iter().map(Name::as_str).collect();
        [
            ("kind", self.kind.as_str().into()),
            ("title", self.title.as_str().into()),
            ("title_key", self.title.key().into()),
            ("language", self.language.as_str().into()),
            ("edition", self.edition.as_str().into()),
            ("outside_name", self.outside_name.as_str().into()),
            ("short_number", self.short_number.as_str().into()),
            ("pieces_per_bundle", self.packing.per_bundle().into()),
            ("bundles_per_carton", self.packing.bundles_per_carton().into()),
            ("carton_weight_g", self.carton_weight_g.map(Pieces::get).into()),
            ("carton_volume_cm3", self.carton_volume_cm3.map(Pieces::get).into()),
            ("contact_numbers", contacts.join("\n").into()),
            ("superseded_by", self.superseded_by.map(MaterialId::uuid).into()),
        ]
    }

    fn is(&self, saved: &Material) -> bool {
        saved.kind == self.kind
            && saved.title == self.title.as_str()
            && saved.language == self.language
            && saved.edition == self.edition.as_str()
            && saved.outside_name == self.outside_name.as_str()
            && saved.short_number == self.short_number
            && saved.packing == self.packing
            && saved.carton_weight_g == self.carton_weight_g.map(Pieces::get)
            && saved.carton_volume_cm3 == self.carton_volume_cm3.map(Pieces::get)
            && saved.contact_numbers.iter().eq(self.contact_numbers.iter().map(Name::as_str))
            && saved.superseded_by == self.superseded_by
    }
}

async fn insert(
    tx: &impl ConnectionTrait,
    id: MaterialId,
    input: &MaterialInput,
) -> Result<(), SaveMaterialError> {
    if let Some(saved) = find(tx, id).await? {
        let same = input.is(&saved);
        return if same { Ok(()) } else { Err(SaveMaterialError::SavedBefore(id)) };
    }
    check_successor(tx, id, input.superseded_by).await?;
    let (names, values): (Vec<_>, Vec<_>) = input.columns().into_iter().unzip();
    Query::new(&format!("INSERT INTO material (id, {}) VALUES ", names.join(", ")))
        .list(std::iter::once(id.uuid().into()).chain(values))
        .run(tx)
        .await
        .map_err(taken)?;
    Ok(index(tx, id, input).await?)
}

async fn update(
    tx: &impl ConnectionTrait,
    id: MaterialId,
    input: &MaterialInput,
) -> Result<(), SaveMaterialError> {
    check_successor(tx, id, input.superseded_by).await?;
    let mut query = Query::new("UPDATE material SET ");
    for (number, (name, value)) in input.columns().into_iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        query = query.push(comma).push(name).push(" = ").bind(value);
    }
    let query = query.push(" WHERE id = ").bind(id.uuid());
    if query.run(tx).await.map_err(taken)? == 0 {
        return Err(Denied::NotFound.into());
    }
    Ok(index(tx, id, input).await?)
}

/// The chain of successors ends somewhere, and not here.
async fn check_successor(
    tx: &impl ConnectionTrait,
    id: MaterialId,
    successor: Option<MaterialId>,
) -> Result<(), SaveMaterialError> {
    let mut passed = BTreeSet::from([id]);
    let mut next = successor;
    while let Some(step) = next {
        if !passed.insert(step) {
            return Err(SaveMaterialError::Circle);
        }
        let found = find(tx, step).await?.ok_or(SaveMaterialError::UnknownSuccessor)?;
        next = found.superseded_by;
    }
    Ok(())
}

async fn index(
    tx: &impl ConnectionTrait,
    id: MaterialId,
    input: &MaterialInput,
) -> Result<(), DbErr> {
    let texts = [
        input.title.as_str(),
        input.outside_name.as_str(),
        input.short_number.as_str(),
        input.edition.as_str(),
    ];
    search::index(tx, SearchKind::Material, id.uuid(), &texts).await
}

fn taken(error: DbErr) -> SaveMaterialError {
    if is_taken(&error, "material", "short_number") {
        SaveMaterialError::DuplicateShortNumber
    } else if is_taken(&error, "material", "title_key") {
        SaveMaterialError::DuplicateEdition
    } else {
        SaveMaterialError::Database(error)
    }
}
