//! Organisations: the programme, partners, printers, donors.

use super::search::{self, SearchKind};
use super::{known, set_standing};
use crate::access::{Denied, Reader, Writer, scope};
use crate::db::is_taken;
use crate::query::Query;
use domain::ids::OrgId;
use domain::reference::{Name, OrgKind, Standing};
use domain::role::Permission;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Org {
    pub id: OrgId,
    pub kind: OrgKind,
    pub name: String,
    /// For labels, tables and phones, where the whole name is too long.
    pub short_name: String,
    pub standing: Standing,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrgInput {
    pub kind: OrgKind,
    pub name: Name,
    pub short_name: Name,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveOrgError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("another organisation has this name")]
    DuplicateName,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore(OrgId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum OrgStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("stores of this organisation are in use")]
    HasStores,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct OrgRow {
    id: Uuid,
    kind: String,
    name: String,
    short_name: String,
    retired_at: Option<i64>,
}

const COLUMNS: &str = "SELECT id, kind, name, short_name, retired_at FROM org";

impl OrgRow {
    fn org(self) -> Result<Org, DbErr> {
        Ok(Org {
            id: OrgId::new(self.id),
            kind: known(OrgKind::parse(&self.kind), &self.kind)?,
            name: self.name,
            short_name: self.short_name,
            standing: Standing::of(self.retired_at),
        })
    }
}

impl Reader<'_> {
    /// The organisations that the actor sees, by kind and name, retired ones last.
    pub async fn orgs(&self) -> Result<Vec<Org>, DbErr> {
        let rows: Vec<OrgRow> = Query::new(COLUMNS)
            .push(" WHERE ")
            .condition(|next| scope::orgs(&self.actor, "id", next))
            .push(" ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, kind, name")
            .all(self.stock.db.read())
            .await?;
        rows.into_iter().map(OrgRow::org).collect()
    }

    pub async fn org(&self, id: OrgId) -> Result<Option<Org>, DbErr> {
        let row: Option<OrgRow> = Query::new(COLUMNS)
            .push(" WHERE id = ")
            .bind(id.uuid())
            .push(" AND ")
            .condition(|next| scope::orgs(&self.actor, "id", next))
            .one(self.stock.db.read())
            .await?;
        row.map(OrgRow::org).transpose()
    }
}

impl Writer<'_> {
    pub async fn create_org(&self, id: OrgId, input: OrgInput) -> Result<(), SaveOrgError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("org", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { insert(tx, id, &input).await })
        })
        .await
    }

    pub async fn edit_org(&self, id: OrgId, input: OrgInput) -> Result<(), SaveOrgError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("org", id.to_string(), move |tx| {
            let input = input.clone();
            Box::pin(async move { update(tx, id, &input).await })
        })
        .await
    }

    /// Retires an organisation whose stores are all retired, or brings it back.
    pub async fn set_org_standing(
        &self,
        id: OrgId,
        standing: Standing,
    ) -> Result<(), OrgStandingError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("org", id.to_string(), move |tx| {
            Box::pin(async move {
                let used = Query::new("SELECT id FROM store WHERE retired_at IS NULL ")
                    .push("AND org_id = ")
                    .bind(id.uuid());
                if standing == Standing::Retired && used.finds(tx).await? {
                    return Err(OrgStandingError::HasStores);
                }
                if set_standing(tx, "org", "id", id.uuid(), standing, now).await? {
                    Ok(())
                } else {
                    Err(Denied::NotFound.into())
                }
            })
        })
        .await
    }
}

/// Also for the first organisation of new books, before anybody can sign in.
pub(crate) async fn insert(
    tx: &impl ConnectionTrait,
    id: OrgId,
    input: &OrgInput,
) -> Result<(), SaveOrgError> {
    let row: Option<OrgRow> =
        Query::new(COLUMNS).push(" WHERE id = ").bind(id.uuid()).one(tx).await?;
    if let Some(org) = row.map(OrgRow::org).transpose()? {
        let same = org.kind == input.kind
            && org.name == input.name.as_str()
            && org.short_name == input.short_name.as_str();
        return if same { Ok(()) } else { Err(SaveOrgError::SavedBefore(id)) };
    }
    Query::new("INSERT INTO org (id, kind, name, name_key, short_name) VALUES ")
        .list::<Value>([
            id.uuid().into(),
            input.kind.as_str().into(),
            input.name.as_str().into(),
            input.name.key().into(),
            input.short_name.as_str().into(),
        ])
        .run(tx)
        .await
        .map_err(taken)?;
    Ok(index(tx, id, input).await?)
}

async fn update(
    tx: &impl ConnectionTrait,
    id: OrgId,
    input: &OrgInput,
) -> Result<(), SaveOrgError> {
    let changed = Query::new("UPDATE org SET kind = ")
        .bind(input.kind.as_str())
        .push(", name = ")
        .bind(input.name.as_str())
        .push(", name_key = ")
        .bind(input.name.key())
        .push(", short_name = ")
        .bind(input.short_name.as_str())
        .push(" WHERE id = ")
        .bind(id.uuid())
        .run(tx)
        .await
        .map_err(taken)?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    Ok(index(tx, id, input).await?)
}

async fn index(tx: &impl ConnectionTrait, id: OrgId, input: &OrgInput) -> Result<(), DbErr> {
    let texts = [input.name.as_str(), input.short_name.as_str()];
    search::index(tx, SearchKind::Org, id.uuid(), &texts).await
}

fn taken(error: DbErr) -> SaveOrgError {
    if is_taken(&error, "org", "name_key") {
        SaveOrgError::DuplicateName
    } else {
        SaveOrgError::Database(error)
    }
}
