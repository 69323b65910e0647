//! In whose place something may be said: of whoever keeps the store or holds the event.

use super::{RecordError, Subject};
use crate::access::scope;
use crate::query::Query;
use domain::ids::OrgId;
use domain::records::consignment::Delivery;
use domain::records::{Body, Envelope};
use domain::role::Actor;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct OrgRow {
    org_id: Uuid,
}

/// Refuses what is said in the place of an organisation that has nothing to do with it, which
/// would then count as one that may confirm it.
pub(super) async fn check<B: Body>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    subject: Subject,
    envelope: &Envelope,
) -> Result<(), RecordError> {
    let Some(org) = envelope.on_behalf else { return Ok(()) };
    // Who sent a consignment passes on what the receiver counted, a colleague's too.
    let is_foreign = org != actor.org || B::KIND == Delivery::KIND;
    if is_foreign && whose(db, subject).await? == Some(org) {
        return Ok(());
    }
    // Whoever does not see the store does not learn whose it is.
    if let Some(store) = subject.store {
        scope::require_store::<RecordError>(db, actor, store).await?;
    }
    Err(RecordError::NotOnTheirBehalf)
}

async fn whose(db: &impl ConnectionTrait, subject: Subject) -> Result<Option<OrgId>, DbErr> {
    let Subject { kind, id, store } = subject;
    let row: Option<OrgRow> = match (kind, store) {
        ("org", _) => return Ok(Some(OrgId::new(id))),
        ("event", _) => Query::new("SELECT org_id FROM event WHERE id = ").bind(id).one(db).await?,
        (_, Some(store)) => {
            Query::new("SELECT org_id FROM store WHERE id = ").bind(store.uuid()).one(db).await?
        }
        (_, None) => None,
    };
    Ok(row.map(|row| OrgId::new(row.org_id)))
}
