//! The kinds of events that the programme holds, in its own words.

use super::search::{self, SearchKind};
use super::set_standing;
use crate::access::{Denied, Reader, Writer};
use crate::db::is_taken;
use crate::query::Query;
use domain::ids::EventTypeId;
use domain::reference::{Name, Standing};
use domain::role::Permission;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventType {
    pub id: EventTypeId,
    pub name: String,
    pub standing: Standing,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveEventTypeError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("another event type has this name")]
    DuplicateName,
    /// The same form came before with another name.
    #[error("this form was already saved with other content")]
    SavedBefore(EventTypeId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum EventTypeStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct EventTypeRow {
    id: Uuid,
    name: String,
    retired_at: Option<i64>,
}

const COLUMNS: &str = "SELECT id, name, retired_at FROM event_type";

impl From<EventTypeRow> for EventType {
    fn from(row: EventTypeRow) -> Self {
        Self {
            id: EventTypeId::new(row.id),
            name: row.name,
            standing: Standing::of(row.retired_at),
        }
    }
}

impl Reader<'_> {
    /// By name, retired ones last.
    pub async fn event_types(&self) -> Result<Vec<EventType>, DbErr> {
        let rows: Vec<EventTypeRow> = Query::new(COLUMNS)
            .push(" ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, name")
            .all(self.stock.db.read())
            .await?;
        Ok(rows.into_iter().map(EventType::from).collect())
    }

    pub async fn event_type(&self, id: EventTypeId) -> Result<Option<EventType>, DbErr> {
        Ok(find(self.stock.db.read(), id).await?.map(EventType::from))
    }
}

async fn find(db: &impl ConnectionTrait, id: EventTypeId) -> Result<Option<EventTypeRow>, DbErr> {
    Query::new(COLUMNS).push(" WHERE id = ").bind(id.uuid()).one(db).await
}

impl Writer<'_> {
    pub async fn create_event_type(
        &self,
        id: EventTypeId,
        name: Name,
    ) -> Result<(), SaveEventTypeError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("event_type", id.to_string(), move |tx| {
            let name = name.clone();
            Box::pin(async move { insert(tx, id, &name).await })
        })
        .await
    }

    pub async fn edit_event_type(
        &self,
        id: EventTypeId,
        name: Name,
    ) -> Result<(), SaveEventTypeError> {
        self.require_everywhere(Permission::EditReference)?;
        self.change("event_type", id.to_string(), move |tx| {
            let name = name.clone();
            Box::pin(async move {
                let changed = Query::new("UPDATE event_type SET name = ")
                    .bind(name.as_str())
                    .push(", name_key = ")
                    .bind(name.key())
                    .push(" WHERE id = ")
                    .bind(id.uuid())
                    .run(tx)
                    .await
                    .map_err(taken)?;
                if changed == 0 {
                    return Err(Denied::NotFound.into());
                }
                let texts = [name.as_str()];
                Ok(search::index(tx, SearchKind::EventType, id.uuid(), &texts).await?)
            })
        })
        .await
    }

    pub async fn set_event_type_standing(
        &self,
        id: EventTypeId,
        standing: Standing,
    ) -> Result<(), EventTypeStandingError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("event_type", id.to_string(), move |tx| {
            Box::pin(async move {
                if set_standing(tx, "event_type", "id", id.uuid(), standing, now).await? {
                    Ok(())
                } else {
                    Err(Denied::NotFound.into())
                }
            })
        })
        .await
    }
}

async fn insert(
    tx: &impl ConnectionTrait,
    id: EventTypeId,
    name: &Name,
) -> Result<(), SaveEventTypeError> {
    if let Some(saved) = find(tx, id).await? {
        let same = saved.name == name.as_str();
        return if same { Ok(()) } else { Err(SaveEventTypeError::SavedBefore(id)) };
    }
    Query::new("INSERT INTO event_type (id, name, name_key) VALUES ")
        .list::<Value>([id.uuid().into(), name.as_str().into(), name.key().into()])
        .run(tx)
        .await
        .map_err(taken)?;
    Ok(search::index(tx, SearchKind::EventType, id.uuid(), &[name.as_str()]).await?)
}

fn taken(error: DbErr) -> SaveEventTypeError {
    if is_taken(&error, "event_type", "name_key") {
        SaveEventTypeError::DuplicateName
    } else {
        SaveEventTypeError::Database(error)
    }
}
