//! Kits: materials that are issued together. What was issued must stay readable, so that a
//! version that was used never changes; the next change makes the next version.

use super::search::{self, SearchKind};
use super::set_standing;
use crate::access::{Denied, Reader, Writer};
use crate::db::is_taken;
use crate::query::{Query, insert_rows};
use domain::ids::{KitId, KitVersionId, MaterialId};
use domain::pieces::Pieces;
use domain::reference::{Name, Standing};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A kit with its latest version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kit {
    pub id: KitId,
    pub name: String,
    pub version_id: KitVersionId,
    pub version: i64,
    /// Whether something was issued by this version, so that a change makes a new one.
    pub used: bool,
    pub lines: Vec<KitLine>,
    pub standing: Standing,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KitLine {
    pub material: MaterialId,
    pub title: String,
    pub short_number: String,
    pub pieces: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KitInput {
    pub name: Name,
    pub lines: BTreeMap<MaterialId, Pieces>,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveKitError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("another kit has this name")]
    DuplicateName,
    #[error("a kit has at least one material")]
    Empty,
    #[error("there is no such material in use")]
    UnknownMaterial,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore(KitId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum KitStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct KitRow {
    id: Uuid,
    name: String,
    version_id: Uuid,
    version: i64,
    used_at: Option<i64>,
    retired_at: Option<i64>,
    material_id: Uuid,
    title: String,
    short_number: String,
    pieces: i64,
}

/// A row a line of the latest version.
const LATEST: &str = "SELECT k.id, k.name, v.id AS version_id, v.version, v.used_at, \
                      k.retired_at, l.material_id, m.title, m.short_number, l.pieces \
                      FROM kit k JOIN kit_version v ON v.kit_id = k.id \
                      AND v.version = (SELECT MAX(w.version) FROM kit_version w \
                                       WHERE w.kit_id = k.id) \
                      JOIN kit_line l ON l.kit_version_id = v.id \
                      JOIN material m ON m.id = l.material_id";
const IN_ORDER: &str = " ORDER BY CASE WHEN k.retired_at IS NULL THEN 0 ELSE 1 END, k.name, \
                        k.id, m.title, m.short_number";

fn kits(rows: Vec<KitRow>) -> Vec<Kit> {
    let mut kits: Vec<Kit> = Vec::new();
    for row in rows {
        let line = KitLine {
            material: MaterialId::new(row.material_id),
            title: row.title,
            short_number: row.short_number,
            pieces: row.pieces,
        };
        match kits.last_mut().filter(|kit| kit.id.uuid() == row.id) {
            Some(kit) => kit.lines.push(line),
            None => kits.push(Kit {
                id: KitId::new(row.id),
                name: row.name,
                version_id: KitVersionId::new(row.version_id),
                version: row.version,
                used: row.used_at.is_some(),
                lines: vec![line],
                standing: Standing::of(row.retired_at),
            }),
        }
    }
    kits
}

impl Reader<'_> {
    /// All kits by name, retired ones last.
    pub async fn kits(&self) -> Result<Vec<Kit>, DbErr> {
        Ok(kits(Query::new(LATEST).push(IN_ORDER).all(self.stock.db.read()).await?))
    }

    pub async fn kit(&self, id: KitId) -> Result<Option<Kit>, DbErr> {
        find(self.stock.db.read(), id).await
    }
}

async fn find(db: &impl ConnectionTrait, id: KitId) -> Result<Option<Kit>, DbErr> {
    let query = Query::new(LATEST).push(" WHERE k.id = ").bind(id.uuid()).push(IN_ORDER);
    Ok(kits(query.all(db).await?).pop())
}

impl Writer<'_> {
    pub async fn create_kit(&self, id: KitId, input: KitInput) -> Result<(), SaveKitError> {
        self.require_everywhere(Permission::EditReference)?;
        let version = KitVersionId::new(self.stock.world.new_id());
        self.change("kit", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { insert(tx, id, version, &input).await })
        })
        .await
    }

    /// Changes a kit: in place as long as its version was not used, else by a new version.
    pub async fn edit_kit(&self, id: KitId, input: KitInput) -> Result<(), SaveKitError> {
        self.require_everywhere(Permission::EditReference)?;
        let version = KitVersionId::new(self.stock.world.new_id());
        self.change("kit", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { update(tx, id, version, &input).await })
        })
        .await
    }

    pub async fn set_kit_standing(
        &self,
        id: KitId,
        standing: Standing,
    ) -> Result<(), KitStandingError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("kit", id.to_string(), move |tx| {
            Box::pin(async move {
                if set_standing(tx, "kit", "id", id.uuid(), standing, now).await? {
                    Ok(())
                } else {
                    Err(Denied::NotFound.into())
                }
            })
        })
        .await
    }
}

/// Says that something was planned or issued by this version: from now on it never changes.
pub(crate) async fn mark_used(
    tx: &impl ConnectionTrait,
    version: KitVersionId,
    now: Millis,
) -> Result<(), DbErr> {
    Query::new("UPDATE kit_version SET used_at = ")
        .bind(now.0)
        .push(" WHERE used_at IS NULL AND id = ")
        .bind(version.uuid())
        .run(tx)
        .await?;
    Ok(())
}

async fn insert(
    tx: &impl ConnectionTrait,
    id: KitId,
    version: KitVersionId,
    input: &KitInput,
) -> Result<(), SaveKitError> {
    if input.lines.is_empty() {
        return Err(SaveKitError::Empty);
    }
    check(tx, input.lines.keys()).await?;
    if let Some(saved) = find(tx, id).await? {
        let same = saved.name == input.name.as_str() && same_lines(&saved, input);
        return if same { Ok(()) } else { Err(SaveKitError::SavedBefore(id)) };
    }
    Query::new("INSERT INTO kit (id, name, name_key) VALUES ")
        .list::<Value>([id.uuid().into(), input.name.as_str().into(), input.name.key().into()])
        .run(tx)
        .await
        .map_err(taken)?;
    insert_version(tx, id, version, 1, input).await?;
    Ok(index(tx, id, input).await?)
}

async fn update(
    tx: &impl ConnectionTrait,
    id: KitId,
    version: KitVersionId,
    input: &KitInput,
) -> Result<(), SaveKitError> {
    let changed = Query::new("UPDATE kit SET name = ")
        .bind(input.name.as_str())
        .push(", name_key = ")
        .bind(input.name.key())
        .push(" WHERE id = ")
        .bind(id.uuid())
        .run(tx)
        .await
        .map_err(taken)?;
    // Read after the kit's row is locked: two changes at once make two versions in turn.
    let saved = find(tx, id).await?.filter(|_| changed > 0).ok_or(Denied::NotFound)?;
    // A material that was retired since may stay in the kit, but not come in.
    let new = |id: &&MaterialId| saved.lines.iter().all(|line| line.material != **id);
    check(tx, input.lines.keys().filter(new)).await?;
    if input.lines.is_empty() {
        return Err(SaveKitError::Empty);
    }
    index(tx, id, input).await?;
    if same_lines(&saved, input) {
        return Ok(());
    }
    if saved.used {
        insert_version(tx, id, version, saved.version + 1, input).await?;
        return Ok(());
    }
    Query::new("DELETE FROM kit_line WHERE kit_version_id = ")
        .bind(saved.version_id.uuid())
        .run(tx)
        .await?;
    Ok(insert_lines(tx, saved.version_id, input).await?)
}

fn same_lines(saved: &Kit, input: &KitInput) -> bool {
    let saved: BTreeMap<_, _> =
        saved.lines.iter().map(|line| (line.material, line.pieces)).collect();
    saved.into_iter().eq(input.lines.iter().map(|(material, pieces)| (*material, pieces.get())))
}

async fn check(
    tx: &impl ConnectionTrait,
    materials: impl Iterator<Item = &MaterialId>,
) -> Result<(), SaveKitError> {
    for material in materials {
        let known = Query::new("SELECT id FROM material WHERE retired_at IS NULL AND id = ")
            .bind(material.uuid());
        if !known.finds(tx).await? {
            return Err(SaveKitError::UnknownMaterial);
        }
    }
    Ok(())
}

async fn insert_version(
    tx: &impl ConnectionTrait,
    kit: KitId,
    id: KitVersionId,
    version: i64,
    input: &KitInput,
) -> Result<(), DbErr> {
    Query::new("INSERT INTO kit_version (id, kit_id, version) VALUES ")
        .list::<Value>([id.uuid().into(), kit.uuid().into(), version.into()])
        .run(tx)
        .await?;
    insert_lines(tx, id, input).await
}

async fn insert_lines(
    tx: &impl ConnectionTrait,
    version: KitVersionId,
    input: &KitInput,
) -> Result<(), DbErr> {
    let lines = input.lines.iter();
    let rows = lines
        .map(|(material, pieces)| {
            [version.uuid().into(), material.uuid().into(), pieces.get().into()]
        })
        .collect();
    insert_rows(tx, "kit_line (kit_version_id, material_id, pieces)", rows, "").await
}

async fn index(tx: &impl ConnectionTrait, id: KitId, input: &KitInput) -> Result<(), DbErr> {
    search::index(tx, SearchKind::Kit, id.uuid(), &[input.name.as_str()]).await
}

fn taken(error: DbErr) -> SaveKitError {
    if is_taken(&error, "kit", "name_key") {
        SaveKitError::DuplicateName
    } else {
        SaveKitError::Database(error)
    }
}
